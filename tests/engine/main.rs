//! The language in its own terms: what definitions do, state type by state type, for what the recordings leave open.

#![expect(clippy::panic, reason = "a test stops where it finds something else")]

mod catching;
mod changing;
mod choice;
mod data_flow;
mod execution;
mod holding;
mod jsonata;
mod map;
mod map_run;
mod parallel;
mod redrive;
mod retrying;
mod signals;
mod task;
mod variables;
mod vocabulary;
mod wait;
