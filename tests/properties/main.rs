//! What holds for every definition, input and answer: runs repeat, copies go on alike, histories are whole, nothing
//! panics.

#![expect(clippy::panic, reason = "a test stops where it finds something else")]

mod bytes;
mod explained;
mod forks;
mod fuzz;
mod history;
mod jsonata;
mod machines;
mod mutated;
mod pauses;
mod provenance;
mod repeats;
mod runs;
mod sessions;

/// How many cases a property is tried on: `most`, or as many as `PROPTEST_CASES` says.
pub(crate) fn cases(most: u32) -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(most)
}
