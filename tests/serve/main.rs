//! `asldb serve`: the endpoint with an API made up for the tests, and the built program as its users meet it.

#![expect(clippy::panic, reason = "a test stops where it finds something else")]

mod callers;
mod clients;
mod fake;
mod limits;
mod protocol;
mod served;
mod stopping;
mod wire;
