//! The AWS CLI as a client of `asldb serve`.
//!
//! The CLI is installed from PyPI into a virtual environment below `target`, once. Without Python or a network the tests
//! are counted as ignored; that is why this is no ordinary test program: those must know before they run.

#![expect(clippy::panic, clippy::print_stderr, reason = "a test says what it found and where it stops")]

#[cfg(unix)]
#[path = "../../e2e/home.rs"]
#[expect(dead_code, reason = "other tests need more of it")]
mod home;
#[path = "../program.rs"]
#[expect(dead_code, reason = "other tests need more of it")]
mod program;
#[cfg(unix)]
#[path = "../../e2e/tty.rs"]
#[expect(dead_code, reason = "other tests need more of it")]
mod tty;
#[path = "../wire.rs"]
#[expect(dead_code, reason = "other tests need more of it")]
mod wire;

mod cli;
#[cfg(unix)]
mod debugged;
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
    let mut trials: Vec<Trial> = flows::ALL.iter().map(trial).collect();
    #[cfg(unix)]
    trials.extend(debugged::ALL.iter().map(trial));
    libtest_mimic::run(&arguments, trials).exit_code()
}
