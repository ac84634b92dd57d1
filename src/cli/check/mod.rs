//! `asldb check`: what is wrong with definitions, for people and for programs.

mod github;
mod json;
mod recognise;
mod rules;
mod sarif;
mod search;
mod source;
mod summary;
mod text;
mod watch;

use std::process::ExitCode;

use anyhow::anyhow;

use super::args::{CheckArgs, CheckFormat};
use super::{UNUSABLE, complain, open};
use crate::load::Settings;
use source::{Checked, Rules};
use text::Paper;

pub(super) use super::print;

/// Checks definitions.
///
/// # Errors
/// The answer cannot be written, or files cannot be watched.
pub fn check(args: &CheckArgs) -> anyhow::Result<ExitCode> {
    if args.watch {
        if args.files.iter().any(|path| path.as_os_str() == search::STDIN) {
            return Err(anyhow!("standard input cannot be watched; name files or folders"));
        }
        return watch::watch(args);
    }
    let settings = open::settings(&args.set)?;
    let checked = source::all(&search::search(&args.files), rules(args, &settings));
    tell(&checked, args.format, Paper::of_stdout())?;
    Ok(status(&checked))
}

fn rules<'r>(args: &'r CheckArgs, settings: &'r Settings) -> Rules<'r> {
    Rules { kind: args.kind, warnings: args.warnings, settings, allow: &args.allow }
}

fn status(checked: &[Checked]) -> ExitCode {
    if checked.iter().any(|checked| checked.is_unreadable) {
        return ExitCode::from(UNUSABLE);
    }
    if checked.iter().any(Checked::has_errors) { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Writes what was found; for programs, what people want to know stands on standard error.
fn tell(checked: &[Checked], format: CheckFormat, paper: Paper) -> anyhow::Result<()> {
    match format {
        CheckFormat::Text => return print(&text::render(checked, paper)),
        CheckFormat::Json => print(&json::render(checked)?)?,
        CheckFormat::Sarif => print(&sarif::render(checked)?)?,
        CheckFormat::Github => print(&github::render(checked))?,
    }
    for fault in checked.iter().filter(|checked| checked.is_unreadable).flat_map(|checked| &checked.diagnostics) {
        complain(&format!("asldb: {}", fault.message));
    }
    complain(&summary::summary(checked));
    Ok(())
}
