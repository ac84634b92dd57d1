//! What stands under the stages: why the visit failed, which rule was true, what it waits for.

use ratatui::text::Span;

use super::{failure, rules};
use crate::config::Role;
use crate::debug::Visit;
use crate::engine::{Blocked, Branch};
use crate::tui::command::{Command, Focus};
use crate::tui::look::{Look, RunLook};
use crate::tui::panes::parts::{clock, keys, seconds, wrap};

use super::failure::Failure;

/// A row of the pane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entry {
    /// A stage, by its place in the visit.
    Stage(usize),
    /// A line of text.
    Note(usize),
    /// A row of the tree of the cause.
    Cause(usize),
    /// An iteration or branch.
    Child(usize),
}

/// A line of text and what it is about.
#[derive(Debug, Clone)]
pub(super) struct Note {
    pub(super) spans: Vec<Span<'static>>,
    pub(super) target: Target,
}

/// What opening a line leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    /// Nothing.
    None,
    /// A byte of the definition.
    Source(usize),
    /// The tree of the cause stands in the place of this line.
    Cause,
}

impl Note {
    pub(super) fn new(spans: Vec<Span<'static>>) -> Self {
        Self { spans, target: Target::None }
    }

    /// An empty line.
    pub(super) fn blank() -> Self {
        Self::new(Vec::new())
    }

    /// The same, leading to byte `offset` of the definition.
    pub(super) fn leading_to(self, offset: Option<usize>) -> Self {
        Self { target: offset.map_or(Target::None, Target::Source), ..self }
    }
}

/// `text` over at most `most` lines, indented by `indent` cells.
pub(super) fn paragraph(
    text: &str,
    indent: usize,
    most: usize,
    role: Role,
    look: &Look<'_>,
    room: usize,
) -> impl Iterator<Item = Note> {
    let lines = wrap(text, room.saturating_sub(indent), most, look.glyphs);
    let style = look.styles.role(role);
    lines.into_iter().map(move |line| Note::new(vec![Span::raw(" ".repeat(indent)), Span::styled(line, style)]))
}

/// All lines under the stages of `visit`.
pub(super) fn notes(
    run: &RunLook<'_>,
    visit: &Visit,
    failure: Option<&Failure>,
    look: &Look<'_>,
    room: usize,
) -> Vec<Note> {
    let mut notes = Vec::new();
    if let Some(failure) = failure {
        notes.push(Note::blank());
        notes.extend(failure::notes(failure, run, visit, look, room));
    }
    let rules = rules::notes(run, visit, look);
    if !rules.is_empty() {
        notes.push(Note::blank());
        notes.extend(rules);
    }
    notes
}

/// The branch as it is now, if it is still in this visit.
pub(super) fn branch_in<'r>(run: &'r RunLook<'_>, visit: &Visit) -> Option<&'r Branch> {
    let here = |branch: &&Branch| branch.id == visit.branch && branch.entered == visit.entered;
    run.view.branches.iter().filter(|_| run.live && !run.view.status.is_done()).find(here)
}

/// What the visit waits for, and the key that helps.
pub(super) fn waits(run: &RunLook<'_>, visit: &Visit) -> Option<String> {
    let branch = branch_in(run, visit)?;
    let left = |at: crate::value::Timestamp| seconds(at.since(run.view.now));
    let key = |command, what| keys(&[(command, what)], Focus::Data);
    match branch.blocked {
        Blocked::No | Blocked::Children => None,
        Blocked::Task(_) => Some(format!("waits for its task: {}", key(Command::AnswerTask, "answers"))),
        Blocked::Wait(at) => {
            Some(format!("waits until {}, {} s: {}", clock(at), left(at), key(Command::SkipWait, "skips")))
        }
        Blocked::Retry(at) => Some(format!(
            "retry {} in {} s: {}",
            branch.retry_count,
            left(at),
            key(Command::SkipWait, "skips the pause")
        )),
    }
}
