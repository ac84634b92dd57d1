//! The commands: wires the rooms together and turns errors into messages and exit statuses.

pub mod args;
pub mod debugger;
pub mod eval;

pub mod open;
pub mod run;
pub mod samples;

pub use args::main;
