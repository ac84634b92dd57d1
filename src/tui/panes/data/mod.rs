//! Pane 3: the stages of a visit, what came of each, and why it failed, chose or waits; beside it the data of the
//! selected stage.

mod children;
mod detail;
mod failure;
mod handlers;
mod notes;
mod pane;
mod rules;
mod stages;

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use super::list::List;
use super::parts::{fit, keys, styled};
use crate::asl::StateKind;
use crate::config::Role;
use crate::debug::{RowKind, RowOutcome, Visit};
use crate::engine::EventId;
use crate::tui::command::{Command, Focus};
use crate::tui::glyph::Glyphs;
use crate::tui::look::{Look, RunLook};
use crate::tui::style::Styles;
use crate::tui::widgets::json_tree::JsonTree;
use crate::value::diff::Step;
use children::Children;
use detail::{Detail, Subject};
use failure::Failure;
use notes::{Entry, Note, Target};
use stages::{Effects, Stage};

/// Cells of a row when nobody says how many there are.
const WIDE: usize = 240;
/// Rows of data that are worth a place under the stages.
const LEAST_DETAIL: u16 = 4;

/// What is shown of the selected stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Shown {
    /// What it worked on.
    Before,
    /// What it gave.
    #[default]
    After,
    /// What it changed.
    Difference,
}

/// The pane of the stages, and the data of the selected one.
#[derive(Debug, Default)]
pub struct DataPane {
    list: List,
    /// The rows above the iterations and branches.
    entries: Vec<Entry>,
    notes: Vec<Note>,
    failure: Option<Failure>,
    children: Children,
    effects: Effects,
    seen: Option<Seen>,
    /// Of what the notes were made, and how they look.
    noted: Option<Noted>,
    dress: Option<(Styles, Glyphs)>,
    /// Whether the user chose a row of this visit.
    moved: bool,
    shown: Shown,
    /// The detail that takes the movements, if not the rows do.
    active: Option<u8>,
    details: [Detail; 2],
    /// How many places for details there are on the screen.
    places: usize,
}

/// A visit and its newest row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Seen {
    run: u32,
    entered: EventId,
    newest: usize,
}

/// What the text under the stages depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Noted {
    run: u32,
    entered: EventId,
    moment: (usize, u64),
    steps: u64,
    live: bool,
    room: usize,
}

impl DataPane {
    /// An empty pane.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Follows the run, and takes note of how many places for details the screen has: with two, the data before stands
    /// in the first and the data after in the second; with none, the pane shows the data under its rows. To be called
    /// before titles and panes are drawn.
    pub fn prepare(&mut self, details: usize, look: &Look<'_>) {
        self.places = details.min(2);
        if self.active.is_some_and(|which| usize::from(which) >= self.places.max(1)) {
            self.active = Some(0);
        }
        if let Some((run, visit)) = visited(look) {
            self.read(run, visit, look, self.noted.map_or(WIDE, |noted| noted.room));
        }
    }

    /// What stands in the rule above detail `which`.
    #[must_use]
    pub fn detail_title(&self, which: u8, look: &Look<'_>) -> String {
        let Some(subject) = self.subject(look) else { return String::new() };
        if self.explains(which, look).is_some() {
            return format!("why {} failed", subject.label);
        }
        let what = match self.shown_in(which) {
            Shown::Before => "before",
            Shown::After => "after",
            Shown::Difference => "difference of",
        };
        format!("{what} {}", subject.label)
    }

    /// Draws detail `which`; where the terminal's cursor belongs when the pane is focused and this detail takes the
    /// movements.
    pub fn draw_detail(
        &mut self,
        which: u8,
        look: &Look<'_>,
        area: Rect,
        focused: bool,
        buffer: &mut Buffer,
    ) -> Option<Position> {
        if let Some((failure, run, visit)) = self.explains(which, look) {
            failure::draw(failure, run, visit, look, area, buffer);
            return None;
        }
        let shown = self.shown_in(which);
        let subject = self.subject(look);
        let active = focused && self.active == Some(which);
        let detail = self.details.get_mut(usize::from(which))?;
        match subject {
            Some(subject) => detail.draw(&subject, shown, look, area, active, buffer).filter(|_| active),
            None => {
                detail.clear();
                None
            }
        }
    }

    /// The failure that detail `which` explains instead of showing data: that of the selected stage, as long as the
    /// movements are not in the detail. There the error output is a tree that unfolds and can be copied.
    fn explains<'l>(&'l self, which: u8, look: &'l Look<'l>) -> Option<(&'l Failure, &'l RunLook<'l>, &'l Visit)> {
        let (run, visit) = visited(look)?;
        let failure = self.failure.as_ref()?;
        let selected = self.entry(self.list.cursor());
        let is_child = matches!(selected, Some(Entry::Child(_)));
        let is_failed = self.failed(visit).is_some_and(|(failed, _)| failed == self.stage(visit));
        let is_shown = self.shown_in(which) == Shown::After && self.active != Some(which);
        (is_failed && is_shown && !is_child).then_some((failure, run, visit))
    }

    /// Scrolls detail `which` by rows.
    pub fn scroll_detail(&mut self, which: u8, rows: i32) {
        if let Some(detail) = self.details.get_mut(usize::from(which)) {
            detail.scroll(rows);
        }
    }

    /// The stage under the cursor, whether the data before it is looked at, and the steps into that data.
    #[must_use]
    pub fn place_under_cursor(&self, look: &Look<'_>) -> Option<(usize, bool, Vec<Step>)> {
        let (_, visit) = visited(look)?;
        let at = self.stage(visit);
        let detail = self.active.and_then(|which| Some((which, self.details.get(usize::from(which))?)));
        let (shown, path) = match detail {
            Some((which, detail)) => (self.shown_in(which), detail.path()),
            None => (if self.shown == Shown::Before { Shown::Before } else { Shown::After }, Vec::new()),
        };
        let is_there = visit.rows.get(at)?.outcome.value().is_some();
        Some((at, shown == Shown::Before || !is_there, path))
    }

    fn shown_in(&self, which: u8) -> Shown {
        match (self.places, which, self.shown) {
            (2, 0, _) => Shown::Before,
            (2, _, Shown::Before) => Shown::After,
            (_, _, shown) => shown,
        }
    }

    fn entry(&self, row: usize) -> Option<Entry> {
        let child = || row.checked_sub(self.entries.len()).filter(|at| *at < self.children.len()).map(Entry::Child);
        self.entries.get(row).copied().or_else(child)
    }

    /// The stage that the row under the cursor is about.
    fn stage(&self, visit: &Visit) -> usize {
        match self.entry(self.list.cursor()) {
            Some(Entry::Stage(at)) => at,
            // What is below is about the failure or about the work of the state.
            Some(Entry::Note(_) | Entry::Cause(_)) if self.failure.is_some() => self.newest(visit),
            _ => visit.rows.iter().position(|row| row.kind == RowKind::Result).unwrap_or(0),
        }
    }

    /// What the details show.
    fn subject(&self, look: &Look<'_>) -> Option<Subject> {
        let run = look.run.as_ref()?;
        let visit = run.visit?;
        if let Some(Entry::Child(at)) = self.entry(self.list.cursor()) {
            return self.children.subject(at, run);
        }
        let at = self.stage(visit);
        let row = visit.rows.get(at)?;
        let before = stages::before(visit, at, run);
        let label = format!("{} {}", at + 1, row.label);
        let (after, missing) = match &row.outcome {
            RowOutcome::Value(_) if is_choice(run, visit) && row.kind == RowKind::Result => (before.clone(), ""),
            RowOutcome::Value(value) => (Some(value.clone()), ""),
            RowOutcome::Failed(_) => (None, ""),
            RowOutcome::Absent => (before.clone(), "Nothing came this far."),
            RowOutcome::NotYet => (None, "Not reached yet."),
        };
        let failure = self.failure.as_ref().filter(|_| self.failed(visit).is_some_and(|(failed, _)| failed == at));
        let after = failure.map(|failure| failure.value.clone()).or(after);
        let missing = match row.outcome {
            RowOutcome::NotYet if !run.view.status.is_done() => {
                format!("{missing} {}.", keys(&[(Command::Step, "goes a stage further")], Focus::Data))
            }
            _ => missing.to_owned(),
        };
        Some(Subject { label, before, after, missing, base: stages::base(visit, at, run) })
    }

    fn read(&mut self, run: &RunLook<'_>, visit: &Visit, look: &Look<'_>, room: usize) {
        self.children.read(run, visit);
        self.effects.read(visit, run);
        let noted = Noted {
            run: run.run.number,
            entered: visit.entered,
            moment: (run.moment.events, run.moment.step),
            steps: run.view.steps,
            live: run.live,
            room,
        };
        let dressed =
            self.dress.as_ref().is_some_and(|(styles, glyphs)| (styles, glyphs) == (look.styles, look.glyphs));
        if self.noted != Some(noted) || !dressed {
            self.noted = Some(noted);
            self.dress = Some((look.styles.clone(), *look.glyphs));
            self.note(run, visit, look, room);
        }
        self.follow(run, visit);
    }

    /// Brings up to date what stands under the stages.
    fn note(&mut self, run: &RunLook<'_>, visit: &Visit, look: &Look<'_>, room: usize) {
        match failure::current(run, visit) {
            // Its tree stays as it is unfolded.
            Some(fault) if self.failure.as_ref().is_some_and(|failure| Arc::ptr_eq(&failure.fault, &fault)) => {}
            fault => self.failure = fault.map(Failure::new),
        }
        self.notes = notes::notes(run, visit, self.failure.as_ref(), look, room);
        if let Some(heading) = self.children.heading(run) {
            self.notes.push(Note::blank());
            self.notes.push(Note::new(vec![styled(heading, Role::Title, look)]));
        }
        self.list_entries(visit);
    }

    /// Selects the newest row when there is another one, unless the user chose one of this visit.
    fn follow(&mut self, run: &RunLook<'_>, visit: &Visit) {
        let seen = Seen { run: run.run.number, entered: visit.entered, newest: self.newest(visit) };
        let another = self.seen.is_none_or(|old| (old.run, old.entered) != (seen.run, seen.entered));
        let newer = self.seen.is_some_and(|old| old.newest != seen.newest);
        self.moved &= !another;
        if another || newer && !self.moved {
            self.list.select(seen.newest);
        }
        self.seen = Some(seen);
    }

    fn list_entries(&mut self, visit: &Visit) {
        let cause = self.cause().map_or(0, |tree| tree.rows().len());
        self.entries = (0..visit.rows.len()).map(Entry::Stage).collect();
        for (at, note) in self.notes.iter().enumerate() {
            match note.target {
                Target::Cause => self.entries.extend((0..cause).map(Entry::Cause)),
                _ => self.entries.push(Entry::Note(at)),
            }
        }
        self.list.set_len(self.entries.len() + self.children.len());
    }

    fn line(&self, row: usize, selected: bool, look: &Look<'_>, room: usize) -> Line<'static> {
        let Some((run, visit)) = visited(look) else { return Line::default() };
        let spans = match self.entry(row) {
            Some(Entry::Stage(at)) => {
                let failed = self.failed(visit);
                let stage = Stage { visit, at, effect: self.effects.of(at), selected, failed };
                Some(stages::spans(&stage, run, look, room))
            }
            Some(Entry::Note(at)) => self.notes.get(at).map(|note| note.spans.clone()),
            Some(Entry::Cause(at)) => self.cause().map(|tree| tree.spans(at, look.styles, look.glyphs)),
            Some(Entry::Child(at)) => Some(self.children.spans(at, run, look, room)),
            None => None,
        };
        fit(spans.unwrap_or_default(), room, look)
    }

    /// The stage at which the visit failed, and the error.
    fn failed(&self, visit: &Visit) -> Option<(usize, &str)> {
        let failure = self.failure.as_ref()?;
        Some((failure::row(visit)?, failure.fault.name()))
    }

    /// The row that is worth a look: the one that failed, else the newest.
    fn newest(&self, visit: &Visit) -> usize {
        self.failed(visit).map_or_else(|| visit.newest_row(), |(at, _)| at)
    }

    fn cause(&self) -> Option<&JsonTree> {
        self.failure.as_ref()?.cause.as_ref()
    }

    /// Changes the tree of the cause at row `at` of it, if the cursor stands there.
    fn change_cause(&mut self, look: &Look<'_>, change: impl FnOnce(&mut JsonTree, usize) -> usize) -> bool {
        let Some(Entry::Cause(at)) = self.entry(self.list.cursor()) else { return false };
        let tree = self.failure.as_mut().and_then(|failure| failure.cause.as_mut());
        let (Some(tree), Some(visit)) = (tree, look.run.as_ref().and_then(|run| run.visit)) else { return false };
        let to = change(tree, at);
        self.list_entries(visit);
        self.list.select((self.list.cursor() + to).saturating_sub(at));
        true
    }

    fn draw_rows(&mut self, look: &Look<'_>, area: Rect, focused: bool, buffer: &mut Buffer) -> Option<Position> {
        let (run, visit) = visited(look)?;
        let waits = notes::waits(run, visit).filter(|_| area.height > 2);
        let rows = Rect { height: area.height.saturating_sub(u16::from(waits.is_some())), ..area };
        let room = usize::from(area.width);
        let mut list = std::mem::take(&mut self.list);
        let selected = list.cursor();
        let cursor = list.draw(look, rows, focused && self.active.is_none(), buffer, |row| {
            self.line(row, row == selected, look, room)
        });
        self.list = list;
        if let Some(text) = waits {
            let spans = [styled(format!("{} {text}", look.glyphs.waiting), Role::Waiting, look)];
            buffer.set_line(area.x, rows.bottom(), &fit(spans, room, look), area.width);
        }
        cursor
    }

    /// Where the rows and the data go when the pane has no other place for data.
    fn split(&self, area: Rect) -> (Rect, Option<(Rect, Rect)>) {
        let wanted = u16::try_from(self.list.len()).unwrap_or(u16::MAX).saturating_add(1);
        let most = area.height.saturating_sub(LEAST_DETAIL + 1);
        if self.places > 0 || most < LEAST_DETAIL {
            return (area, None);
        }
        let height = wanted.min(most.max(area.height / 2)).min(most);
        let rows = Rect { height, ..area };
        let title = Rect { y: rows.bottom(), height: 1, ..area };
        let body = Rect { y: title.bottom(), height: area.height - height - 1, ..area };
        (rows, Some((title, body)))
    }
}

/// The run and the visit that are looked at.
fn visited<'l>(look: &'l Look<'_>) -> Option<(&'l RunLook<'l>, &'l Visit)> {
    let run = look.run.as_ref()?;
    Some((run, run.visit?))
}

/// The rules of a Choice as lines, each with its place in the definition: whether it is true, and what it compared.
pub(in crate::tui) fn rules_of(run: &RunLook<'_>, visit: &Visit, look: &Look<'_>) -> Vec<(String, Option<usize>)> {
    let place = |target| match target {
        Target::Source(offset) => Some(offset),
        _ => None,
    };
    // Without the title.
    let notes = rules::notes(run, visit, look).into_iter().skip(1);
    notes.map(|note| (super::parts::text_of(&note.spans), place(note.target))).collect()
}

fn is_choice(run: &RunLook<'_>, visit: &Visit) -> bool {
    let states = &run.run.handle().execution().machine.states;
    states.get(visit.state.0 as usize).is_some_and(|state| matches!(state.kind, StateKind::Choice(_)))
}

#[cfg(test)]
mod tests;
