//! `asldb serve`: the endpoint with an API made up for the tests, and the built program as its users meet it.

#![expect(clippy::panic, reason = "a test stops where it finds something else")]

mod callers;
mod clients;
mod fake;
mod killed;
mod limits;
mod mutated;
mod program;
mod protocol;
mod random;
mod saving;
mod sdk;
mod served;
#[cfg(unix)]
mod signals;
mod starting;
mod stopping;
#[cfg(unix)]
mod storing;
mod wire;
