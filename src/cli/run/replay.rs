//! `asldb run --replay`: a definition on what a history recorded.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, anyhow};

use super::{warn, write_history};
use crate::asl::Definition;
use crate::cli::args::RunArgs;
use crate::cli::open;
use crate::debug::replay::part::{self, Parting};
use crate::debug::replay::{Again, Replay};
use crate::engine::EventId;

/// Runs `definition` on the history in `path` and says where they part.
///
/// # Errors
/// The history cannot be read, or is none.
pub(super) fn run(args: &RunArgs, path: &Path, definition: Definition) -> anyhow::Result<ExitCode> {
    let definition = Arc::new(definition);
    let replay = open::history(path, Some(&definition))?;
    for note in &replay.notes {
        warn(&format!("{}: {note}", path.display()));
    }
    let again = replay.again(&definition).ok_or_else(|| anyhow!("there is nothing to run"))?;
    let to_stdout = write_history(args, &again.machine, &again.log)?;
    let parting = part::part(replay.side(), again.side());
    let text = match &parting {
        None => {
            format!("The run is as recorded: {} events, {}.", again.log.events.len(), again.machine.status().name())
        }
        Some(parting) => parted(&replay, &again, parting),
    };
    if to_stdout {
        warn(&text);
    } else {
        let mut stdout = std::io::stdout().lock();
        match writeln!(stdout, "{text}") {
            // Whoever reads has enough.
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => {}
            other => other.context("cannot write the result")?,
        }
    }
    Ok(if parting.is_none() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Both events, and what differs between them.
fn parted(replay: &Replay, again: &Again, parting: &Parting) -> String {
    let thread = if parting.thread.is_empty() { String::new() } else { format!(" in {}", parting.thread) };
    let line = |event: Option<EventId>, side: part::Recorded<'_>| match event.and_then(|id| side.log.event(id)) {
        Some(event) => format!("{:>6} {}", event.id.0, part::described(event, side)),
        None => "     - nothing".to_owned(),
    };
    let mut text = format!("The run and the history part{thread}:\n");
    text.push_str(&format!("  history {}\n", line(parting.recorded, replay.side())));
    text.push_str(&format!("  run     {}", line(parting.local, again.side())));
    for difference in &parting.lines {
        text.push_str("\n    ");
        text.push_str(difference);
    }
    text
}
