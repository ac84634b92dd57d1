//! `asldb check`: what is wrong with definitions, for people and for programs.

mod json;
mod source;
mod text;

use std::io::Write;
use std::process::ExitCode;

use anyhow::Context;

use super::UNUSABLE;
use super::args::{CheckArgs, CheckFormat};
use source::Checked;

/// Checks definitions.
///
/// # Errors
/// The answer cannot be written.
pub fn check(args: &CheckArgs) -> anyhow::Result<ExitCode> {
    let checked: Vec<Checked> = args.files.iter().flat_map(|path| source::read(path, args.kind, &args.allow)).collect();
    let answer = match args.format {
        CheckFormat::Text => text::render(&checked),
        CheckFormat::Json => json::render(&checked)?,
    };
    print(&answer)?;
    Ok(status(&checked))
}

fn status(checked: &[Checked]) -> ExitCode {
    if checked.iter().any(|checked| checked.is_unreadable) {
        return ExitCode::from(UNUSABLE);
    }
    if checked.iter().any(Checked::has_errors) { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Writes to standard output.
///
/// # Errors
/// It cannot be written to.
pub(super) fn print(text: &str) -> anyhow::Result<()> {
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        // Whoever reads has enough, as `head` does.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => other.context("cannot write the answer"),
    }
}
