//! TestState, by tables of the facts and by the recordings.

#![expect(clippy::panic, clippy::print_stdout, reason = "a test says what it found and where it stops")]

mod around;
mod compare;
mod flow;
mod inspection;
mod maps;
mod mocks;
mod recorded;
mod requests;
mod start;
mod vocabulary;
