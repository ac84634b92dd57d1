//! The AWS CLI as a client of `asldb serve`.
//!
//! The CLI is installed from PyPI into a virtual environment below `target`, once. Without Python or a network the tests
//! are counted as ignored; that is why this is no ordinary test program: those must know before they run.

#![expect(clippy::panic, clippy::print_stderr, reason = "a test says what it found and where it stops")]

#[path = "../program.rs"]
#[expect(dead_code, reason = "other tests need more of it")]
mod program;
#[path = "../wire.rs"]
#[expect(dead_code, reason = "other tests need more of it")]
mod wire;

mod cli;
mod flows;

use libtest_mimic::{Arguments, Trial};

fn main() -> std::process::ExitCode {
    let arguments = Arguments::from_args();
    let missing = if arguments.list { None } else { cli::install().err() };
    if let Some(why) = &missing {
        eprintln!("\nTHE AWS CLI TESTS DO NOT RUN: {why}\n");
    }
    let trial = |(name, flow): &(&str, fn())| {
        let flow = *flow;
        Trial::test(*name, move || {
            flow();
            Ok(())
        })
        .with_ignored_flag(missing.is_some())
    };
    libtest_mimic::run(&arguments, flows::ALL.iter().map(trial).collect()).exit_code()
}
