//! TestState, by tables of the facts and by the recordings.

#![expect(clippy::panic, reason = "a test stops where it finds something else")]

mod around;
mod compare;
mod flow;
mod inspection;
mod maps;
mod mocks;
mod odd;
mod recorded;
mod requests;
mod start;
mod vocabulary;
