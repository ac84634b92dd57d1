//! Where a file becomes its definitions, each with what is wrong with it.

use std::collections::HashSet;
use std::num::NonZero;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::recognise;
use super::search::{Candidate, Group};
use crate::asl::{Definition, lint};
use crate::cli::args::{Kind, Warnings};
use crate::cli::open;
use crate::load::{Entry, Settings};
use crate::service;
use crate::text::{Diagnostic, Severity, Span};

/// The code of files that cannot be read at all.
pub(super) const UNREADABLE: &str = "UNREADABLE_FILE";
/// The code of folders in which nothing was found.
pub(super) const NO_DEFINITION: &str = "NO_DEFINITION";
/// What standard input is called.
const STDIN: &str = "<stdin>";
/// Room for the recursion over deeply nested texts, as the main thread has it.
const STACK: usize = 16 << 20;

/// A definition that was checked.
#[derive(Debug)]
pub(super) struct Checked {
    /// The file as it was named.
    pub(super) file: String,
    /// The logical id of a state machine in a template; empty where the file is the definition.
    pub(super) logical_id: String,
    /// Text and lines that the diagnostics are about, and the name of the file with that text: it may stand beside the one
    /// that was named.
    pub(super) definition: Definition,
    /// What was found, in the order of the text.
    pub(super) diagnostics: Vec<Diagnostic>,
    /// The file cannot be read, or holds no definition.
    pub(super) is_unreadable: bool,
}

impl Checked {
    /// Whether a diagnostic is an error.
    pub(super) fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }
}

/// How definitions are checked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules<'r> {
    /// The type of the machines; none: as the file says, else Standard.
    pub(super) kind: Option<Kind>,
    /// What becomes of warnings.
    pub(super) warnings: Warnings,
    /// Values of placeholders.
    pub(super) settings: &'r Settings,
    /// The codes of warnings that are left out.
    pub(super) allow: &'r [String],
}

/// All definitions of what was found, in its order.
pub(super) fn all(groups: &[Group], rules: Rules<'_>) -> Vec<Checked> {
    let candidates: Vec<&Candidate> = groups.iter().flat_map(|group| &group.candidates).collect();
    let mut checked = in_parallel(candidates.len(), |at| candidates.get(at).map_or(vec![], |one| check(one, rules)));
    let mut out = Vec::with_capacity(checked.len());
    let mut all = checked.drain(..);
    for group in groups {
        let mut own: Vec<Checked> = all.by_ref().take(group.candidates.len()).flatten().collect();
        if group.folder.is_some() {
            once(&mut own);
        }
        match &group.folder {
            Some(folder) if own.is_empty() => {
                let message = "no definition was found in this folder";
                out.push(failed(NO_DEFINITION, folder.display().to_string(), message.to_owned()));
            }
            _ => out.extend(own),
        }
    }
    out
}

/// Leaves out files of a folder that a template of it was read with: they were checked there, with their values and type.
fn once(checked: &mut Vec<Checked>) {
    let place = |name: &str| std::fs::canonicalize(name).ok();
    let of_templates = checked.iter().filter(|one| !one.logical_id.is_empty() && one.definition.name != one.file);
    let known: HashSet<PathBuf> = of_templates.filter_map(|one| place(&one.definition.name)).collect();
    checked.retain(|one| !one.logical_id.is_empty() || place(&one.file).is_none_or(|file| !known.contains(&file)));
}

/// The definitions of a file.
fn check(candidate: &Candidate, rules: Rules<'_>) -> Vec<Checked> {
    let (name, read) = match candidate {
        Candidate::Trouble(path, why) => {
            let name = path.display().to_string();
            let message = format!("cannot read {name}: {why}");
            return vec![failed(UNREADABLE, name, message)];
        }
        Candidate::Stdin => (STDIN.to_owned(), open::entries_of_stdin(STDIN, rules.settings).map(Some)),
        Candidate::Sure(path) => (path.display().to_string(), open::entries(path, rules.settings).map(Some)),
        Candidate::Possible(path) => {
            (path.display().to_string(), open::entries_if(path, rules.settings, recognise::by_text))
        }
    };
    match read {
        Ok(None) => Vec::new(),
        Ok(Some(loaded)) => loaded.entries.into_iter().map(|entry| checked(&name, entry, rules)).collect(),
        Err(error) => vec![failed(UNREADABLE, name, format!("{error:#}"))],
    }
}

fn checked(file: &str, entry: Entry, rules: Rules<'_>) -> Checked {
    let Entry { logical_id, definition, kind } = entry;
    let mut diagnostics = service::diagnostics(&definition, Kind::or(rules.kind, kind) == Kind::Express);
    lint::complete(&definition, rules.allow, &mut diagnostics);
    match rules.warnings {
        Warnings::Show => {}
        Warnings::Hide => diagnostics.retain(Diagnostic::is_error),
        Warnings::Error => diagnostics.iter_mut().for_each(|diagnostic| diagnostic.severity = Severity::Error),
    }
    crate::text::diagnostic::sort(&mut diagnostics);
    let logical_id = logical_id.unwrap_or_default();
    Checked { file: file.to_owned(), logical_id, definition, diagnostics, is_unreadable: false }
}

fn failed(code: &'static str, file: String, message: String) -> Checked {
    let fault = Diagnostic::error(code, message, Span::at(0));
    let definition = Definition::read(&file, "");
    Checked { file, logical_id: String::new(), definition, diagnostics: vec![fault], is_unreadable: true }
}

/// `work` for each number below `count`, on all processors; the results in order.
fn in_parallel<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(count);
    let next = AtomicUsize::new(0);
    let take = || {
        let numbers = std::iter::from_fn(|| Some(next.fetch_add(1, Ordering::Relaxed)).filter(|at| *at < count));
        numbers.map(|at| (at, work(at))).collect::<Vec<_>>()
    };
    let mut results = thread::scope(|scope| {
        let start = |_| thread::Builder::new().stack_size(STACK).spawn_scoped(scope, take).ok();
        let started: Vec<_> = (0..threads).map(start).collect();
        // Where no thread can be started, this one does all of it.
        let own = if started.iter().all(Option::is_none) { take() } else { Vec::new() };
        let join = |thread: thread::ScopedJoinHandle<'_, _>| match thread.join() {
            Ok(results) => results,
            Err(panic) => std::panic::resume_unwind(panic),
        };
        started.into_iter().flatten().flat_map(join).chain(own).collect::<Vec<_>>()
    });
    results.sort_by_key(|(at, _)| *at);
    results.into_iter().map(|(_, result)| result).collect()
}
