//! Checks again whenever a definition is saved.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

use super::search::{Group, search};
use super::text::Paper;
use super::{rules, source, tell};
use crate::cli::args::{CheckArgs, CheckFormat};
use crate::cli::{complain, open, print};
use crate::load::Settings;
use crate::watch::FileWatch;

/// How often folders are looked through for files that are new or gone.
const NEW_FILES: Duration = Duration::from_secs(1);
/// The screen and what was scrolled away cleared, the cursor at the top.
const CLEAR: &str = "\u{1b}[2J\u{1b}[3J\u{1b}[H";

/// Checks, and checks again after each save, until the program is ended.
///
/// # Errors
/// The answer cannot be written, or files cannot be watched.
pub(super) fn watch(args: &CheckArgs) -> anyhow::Result<ExitCode> {
    let settings = open::settings(&args.set)?;
    loop {
        let groups = search(&args.files);
        // Watched before they are read, so that nothing is missed.
        let (sender, saves) = mpsc::channel();
        let _watch = FileWatch::start(&files(&groups), move |_| sender.send(()).unwrap_or_default())?;
        loop {
            show(args, &settings, &groups)?;
            if wait(args, &groups, &saves) == Change::Files {
                break;
            }
        }
    }
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    /// A file was saved, or is gone.
    Content,
    /// Folders hold other files than before.
    Files,
}

fn wait(args: &CheckArgs, groups: &[Group], saves: &Receiver<()>) -> Change {
    let has_folders = groups.iter().any(|group| group.folder.is_some());
    loop {
        let happened = if has_folders {
            saves.recv_timeout(NEW_FILES)
        } else {
            saves.recv().map_err(|_| RecvTimeoutError::Disconnected)
        };
        match happened {
            Ok(()) => {
                // Several files that were saved together are one round.
                while saves.try_recv().is_ok() {}
                return Change::Content;
            }
            Err(RecvTimeoutError::Timeout) if search(&args.files) == groups => {}
            // Without a watch the next round starts one.
            Err(_) => return Change::Files,
        }
    }
}

fn show(args: &CheckArgs, settings: &Settings, groups: &[Group]) -> anyhow::Result<()> {
    let checked = source::all(groups, rules(args, settings));
    let is_screen = args.format == CheckFormat::Text && std::io::stdout().is_terminal();
    if is_screen {
        print(CLEAR)?;
    }
    tell(&checked, args.format, Paper::of_stdout())?;
    if is_screen {
        complain("waiting for the next save; Ctrl-C ends");
    }
    Ok(())
}

fn files(groups: &[Group]) -> Vec<PathBuf> {
    let candidates = groups.iter().flat_map(|group| &group.candidates);
    candidates.filter_map(|candidate| candidate.path().map(Path::to_owned)).collect()
}
