//! The commands: wires the rooms together and turns errors into messages and exit statuses.

pub mod args;
pub mod aws;
pub mod buckets;
pub mod check;
pub mod debugger;
pub mod eval;
pub mod explain;
pub mod graph;
pub mod learn;
pub mod open;
pub mod run;
pub mod samples;
pub mod serve;

use std::io::Write;
use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;

use args::{Args, CommandArgs};

/// Bad use, or a file that cannot be used.
pub const UNUSABLE: u8 = 2;

/// Runs the command that the arguments of the process name.
#[must_use]
pub fn main() -> ExitCode {
    let arguments: Option<Vec<String>> =
        std::env::args_os().skip(1).map(|argument| argument.into_string().ok()).collect();
    if let Some(status) = arguments.and_then(|arguments| aws::main(&arguments)) {
        return status;
    }
    let args = Args::parse();
    let result = match args.command {
        Some(CommandArgs::Run(run)) => run::run(&run),
        Some(CommandArgs::Check(check)) => check::check(&check),
        Some(CommandArgs::Graph(graph)) => graph::graph(&graph),
        Some(CommandArgs::Learn(learn)) => learn::learn(&learn),
        Some(CommandArgs::Explain(explain)) => explain::explain(&explain),
        Some(CommandArgs::Eval(eval)) => eval::eval(&eval),
        Some(CommandArgs::Serve(serve)) => serve::serve(&serve),
        None => debugger::debug(&args.debugger),
    };
    result.unwrap_or_else(|error| {
        report(&error);
        ExitCode::from(UNUSABLE)
    })
}

fn report(error: &anyhow::Error) {
    complain(&format!("asldb: {}", without_codes(&format!("{error:#}"))));
}

/// The message without the numbers that the system gives its errors: the words before them say it.
fn without_codes(message: &str) -> String {
    let mut parts = message.split(" (os error ");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once(')').map_or(part, |(_, rest)| rest))
}

/// Writes to standard error.
#[expect(clippy::print_stderr, reason = "the command line reports its errors there")]
fn complain(text: &str) {
    eprintln!("{text}");
}

/// Writes to standard output.
///
/// # Errors
/// It cannot be written.
fn print(text: &str) -> anyhow::Result<()> {
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        // Whoever reads has enough, as `head` does.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => other.context("cannot write the answer"),
    }
}
