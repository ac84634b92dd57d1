//! `asldb check` as its users meet it: the built program, its arguments, its output, its exit status.

#![expect(clippy::panic, reason = "a test stops where it finds something else")]

mod command;
mod folders;
mod formats;
mod sarif;
mod schema;
mod watching;
