//! The source pane: the definition as it is written, with what the run, the breakpoints and the reader say about it.

mod document;
mod inline;
mod line;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::{PaneView, note, parts};
use crate::asl::{Definition, StateId};
use crate::config::Role;
use crate::debug::StatePath;
use crate::tui::command::{Command, Focus};
use crate::tui::glyph::Glyphs;
use crate::tui::look::{Look, Request};
use crate::tui::widgets::rows::Rows;
use crate::tui::widgets::text::width;
use document::Document;
use inline::Inline;
use line::{Frame, Here, breakpoint_lines, gutter_width};

/// Pane 1, the source of the definition.
#[derive(Debug, Default)]
pub struct SourcePane {
    rows: Rows,
    /// Columns that are scrolled away.
    skip: usize,
    /// The byte of the cursor's line that was gone to; none: its first text that is visible.
    column: Option<usize>,
    document: Option<Document>,
    inline: Inline,
    /// The state in which the run was when it was last looked.
    seen: Option<StateId>,
    /// What is to be shown as soon as there is room for it.
    wanted: Option<Wanted>,
    /// What was searched for, in small letters, until the cursor goes on.
    found: Option<String>,
    area: Rect,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Byte(usize),
    State(StateId),
}

/// What stands for the definition of a history that has none.
const NO_DEFINITION: [&str; 3] = [
    "No definition is given: the states are those that the history names, in the order in which they were entered.",
    "asldb FILE --replay HISTORY shows the definition here, and in the data pane what its fields gave.",
    "4 has all events, 3 the data, N goes back.",
];

/// Columns that Left and Right scroll.
const SCROLL: usize = 8;
/// Lines kept visible above and below what is shown.
const MARGIN: usize = 2;

impl SourcePane {
    /// A pane that has shown nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts the cursor on byte `offset` of the definition and scrolls there.
    pub fn show(&mut self, offset: usize, look: &Look<'_>) {
        self.sync(look);
        self.wanted = Some(Wanted::Byte(offset));
        self.reveal(look);
    }

    /// Line and column of the cursor, from 1, for an editor.
    #[must_use]
    pub fn cursor(&self, look: &Look<'_>) -> (usize, usize) {
        let Some(document) = self.current(look) else { return (1, 1) };
        let before = document.line(self.rows.cursor).get(..self.point()).unwrap_or_default();
        (self.rows.cursor + 1, before.chars().count() + 1)
    }

    /// The byte of the cursor, and those of its line.
    #[must_use]
    pub fn offset(&self, look: &Look<'_>) -> Option<(usize, std::ops::Range<usize>)> {
        let document = self.current(look)?;
        let start = document.start(self.rows.cursor);
        Some((start + self.point(), start..start + document.line(self.rows.cursor).len()))
    }

    /// The innermost state whose text holds the cursor.
    #[must_use]
    pub fn state_under_cursor(&self, look: &Look<'_>) -> Option<StateId> {
        self.current(look)?.state_at(self.rows.cursor, self.point())
    }

    /// What is wrong with the line of the cursor: the problem that was gone to, else the worst.
    #[must_use]
    pub fn diagnostic_here(&self, look: &Look<'_>) -> Option<String> {
        let document = self.current(look)?;
        let at = self.rows.cursor;
        let offset = self.column.map(|column| document.start(at) + column);
        let exact = document.problems(at).find(|problem| Some(problem.span.start as usize) == offset);
        let problem = exact.or_else(|| document.problems(at).min_by_key(|problem| problem.severity))?;
        let count = document.problems(at).count();
        let more = if count > 1 { format!(" ({} more in this line)", count - 1) } else { String::new() };
        Some(format!("{} {}: {}{more}", problem.severity.name(), problem.code, problem.message))
    }

    fn current(&self, look: &Look<'_>) -> Option<&Document> {
        self.document.as_ref().filter(|document| look.definition.is_some_and(|shown| document.is(shown)))
    }

    /// Brings what is kept to what is looked at.
    fn sync(&mut self, look: &Look<'_>) {
        self.take_definition(look);
        let here = look.here();
        if here.is_some() && here != self.seen && self.wanted.is_none() {
            self.wanted = here.map(Wanted::State);
        }
        self.seen = here;
        if let Some(document) = &self.document {
            self.inline.update(look, document);
        }
    }

    /// Another definition keeps the cursor on the same text, or in the same state.
    fn take_definition(&mut self, look: &Look<'_>) {
        let Some(definition) = look.definition else {
            *self = Self { area: self.area, ..Self::default() };
            return;
        };
        if self.current(look).is_some() {
            return;
        }
        let new = Document::new(definition.clone());
        if let Some(old) = self.document.take() {
            let cursor = new.follow(&old, self.rows.cursor);
            self.rows.top = (self.rows.top + cursor).saturating_sub(self.rows.cursor);
            self.rows.cursor = cursor;
            self.seen = self.seen.and_then(|seen| {
                let path = StatePath::of(old.definition.machine.as_ref()?, seen);
                path.find(definition.machine.as_ref()?)
            });
            self.column = None;
        }
        self.inline.clear();
        self.document = Some(new);
    }

    /// Goes to what is to be shown, once the size of the pane is known.
    fn reveal(&mut self, look: &Look<'_>) {
        let (Some(wanted), Some(document)) = (self.wanted, &self.document) else { return };
        if self.area.is_empty() {
            return;
        }
        self.wanted = None;
        let offset = match wanted {
            Wanted::Byte(offset) => Some(offset.min(document.definition.text.len())),
            Wanted::State(state) => {
                let state = look.machine.and_then(|machine| machine.states.get(state.0 as usize));
                state.map(|state| state.name_span.start as usize)
            }
        };
        let Some(offset) = offset else { return };
        let line = document.line_of(offset);
        let last = match wanted {
            Wanted::State(state) => document.lines_of(state).map_or(line, |(_, last)| last),
            Wanted::Byte(_) => line,
        };
        let column = (offset - document.start(line).min(offset)).min(document.line(line).len());
        self.rows.cursor = line;
        self.column = Some(column);
        self.scroll_to(line, last);
        let (least, most) = match wanted {
            // Of a state more is wanted than its name, once something has to be scrolled away.
            Wanted::State(state) => {
                let name =
                    look.machine.and_then(|machine| machine.states.get(state.0 as usize)).map(|state| &*state.name);
                let name = name.map_or(0, |name| width(name, look.glyphs) + 4);
                (name.min(self.text_width(look.glyphs) * 3 / 4), self.text_width(look.glyphs) * 3 / 4)
            }
            Wanted::Byte(_) => (self.text_width(look.glyphs) / 4, self.text_width(look.glyphs) / 4),
        };
        self.scroll_sideways(look, line, column, (least, most));
    }

    /// Scrolls no further than needed to show the lines from `first` to `last`, or as many as there is room for.
    fn scroll_to(&mut self, first: usize, last: usize) {
        let height = usize::from(self.area.height);
        let margin = MARGIN.min(height.saturating_sub(1) / 2);
        let lowest = (last + margin + 1).saturating_sub(height);
        self.rows.top = self.rows.top.max(lowest).min(first.saturating_sub(margin));
    }

    /// Scrolls sideways so that byte `column` of `line` and `least` columns after it are visible; not at all if it can
    /// be, else so that `most` columns are.
    fn scroll_sideways(&mut self, look: &Look<'_>, line: usize, column: usize, (least, most): (usize, usize)) {
        let Some(document) = &self.document else { return };
        let before = document.line(line).get(..column).unwrap_or_default();
        let (at, room) = (width(before, look.glyphs), self.text_width(look.glyphs));
        let fits = |skip: usize| (skip..skip + room.saturating_sub(least)).contains(&at);
        if fits(0) {
            self.skip = 0;
        } else if at < self.skip {
            self.skip = at.saturating_sub(room / 4);
        } else if !fits(self.skip) {
            self.skip = (at + most).saturating_sub(room) + 1;
        }
    }

    fn text_width(&self, glyphs: &Glyphs) -> usize {
        let gutter = self.document.as_ref().map_or(0, |document| gutter_width(document, glyphs));
        usize::from(self.area.width).saturating_sub(gutter)
    }

    /// The byte of the cursor's line that commands are about.
    fn point(&self) -> usize {
        let Some(document) = &self.document else { return 0 };
        let line = document.line(self.rows.cursor);
        // Close enough where characters are not one column wide: nothing is marked there.
        let visible = (self.skip..line.len()).find(|at| line.is_char_boundary(*at)).filter(|_| self.skip > 0);
        self.column.or(visible).unwrap_or_default().max(document.indent(self.rows.cursor))
    }

    fn len(&self) -> usize {
        self.document.as_ref().map_or(0, Document::len)
    }

    fn move_to(&mut self, row: usize) {
        self.column = None;
        self.found = None;
        self.rows.move_to(row, self.len());
    }

    fn move_by(&mut self, by: isize) {
        self.move_to(self.rows.cursor.saturating_add_signed(by));
    }

    fn pan(&mut self, right: bool, look: &Look<'_>) {
        let Some(document) = &self.document else { return };
        let end = (self.rows.top + usize::from(self.area.height)).min(document.len());
        let longest = (self.rows.top..end).map(|at| document.line(at).len()).max().unwrap_or(0);
        let most = longest.saturating_sub(self.text_width(look.glyphs) / 2);
        self.skip =
            if right { (self.skip + SCROLL).min(most.max(self.skip)) } else { self.skip.saturating_sub(SCROLL) };
        self.column = None;
    }

    /// The byte of line `row` that is drawn in column `column`; none behind its end.
    fn byte_at(&self, look: &Look<'_>, row: usize, column: usize) -> Option<usize> {
        let line = self.document.as_ref()?.line(row);
        let starts: Vec<usize> = line.char_indices().map(|(at, _)| at).collect();
        let is_left = |at: &usize| width(line.get(..*at).unwrap_or_default(), look.glyphs) <= column;
        let at = starts.partition_point(is_left).checked_sub(1).and_then(|before| starts.get(before)).copied()?;
        (column < width(line, look.glyphs)).then_some(at)
    }

    fn toggle_breakpoint(&self, look: &Look<'_>) -> Request {
        match self.state_under_cursor(look) {
            Some(state) => Request::ToggleBreakpoint(state),
            None if look.machine.is_none() => {
                Request::Say("breakpoints can be set when the definition has no errors".to_owned())
            }
            None => Request::Say("no state here: breakpoints are set on the lines of a state".to_owned()),
        }
    }

    fn follow_transition(&mut self, look: &Look<'_>) -> Vec<Request> {
        let Some(document) = self.current(look) else { return Vec::new() };
        let column = self.column.unwrap_or_else(|| self.point());
        let Some(name) = document.transition(self.rows.cursor, column) else {
            return vec![Request::Say("this line names no state to go to".to_owned())];
        };
        match document.named(&name) {
            Some(offset) => vec![Request::ShowSource(offset)],
            None => vec![Request::Say(format!("there is no state {name}"))],
        }
    }

    fn go_to_problem(&mut self, look: &Look<'_>, forward: bool) -> Vec<Request> {
        let Some(document) = self.current(look) else { return Vec::new() };
        let offset = document.start(self.rows.cursor) + self.point();
        match document.next_problem(offset, forward) {
            Some(problem) => vec![Request::ShowSource(problem.span.start as usize)],
            None => vec![Request::Say("the definition has no problems".to_owned())],
        }
    }

    fn copy_path(&self, look: &Look<'_>) -> Request {
        let place = self.state_under_cursor(look).zip(look.machine);
        place.map_or_else(
            || Request::Say("no state here: there is no path to copy".to_owned()),
            |(state, machine)| Request::Copy("the path of the state", StatePath::of(machine, state).to_string()),
        )
    }

    fn copy_value(&self) -> Request {
        match self.inline.value(self.rows.cursor) {
            Some(value) => Request::Copy("the value beside the line", value.to_pretty_json()),
            None => Request::Say("there is no value beside this line".to_owned()),
        }
    }

    fn empty(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        let keys = [(Command::Palette, "lists what can be done"), (Command::Help, "explains it")];
        let keys = parts::keys(&keys, Focus::Source);
        let what = "No definition is loaded. asldb FILE opens one, in JSON or YAML.".to_owned();
        note::draw(&[what, format!("{keys}.")], look, area, buffer)
    }
}

impl PaneView for SourcePane {
    fn title(&self, look: &Look<'_>) -> String {
        let file = |definition: &Arc<Definition>| definition.name.rsplit(['/', '\\']).next().map(str::to_owned);
        look.definition.and_then(file).unwrap_or_default()
    }

    fn draw(&mut self, look: &Look<'_>, area: Rect, focused: bool, buffer: &mut Buffer) -> Option<Position> {
        self.area = area.intersection(buffer.area);
        let area = self.area;
        buffer.set_style(area, look.styles.role(Role::Text));
        self.sync(look);
        self.reveal(look);
        if look.run.as_ref().is_some_and(|run| run.run.is_history && run.run.definition.text.is_empty()) {
            return note::draw(&NO_DEFINITION.map(str::to_owned), look, area, buffer);
        }
        let Some(document) = &self.document else { return self.empty(look, area, buffer) };
        self.rows.reveal(document.len(), usize::from(area.height));
        let frame = Frame {
            look,
            document,
            inline: &self.inline,
            here: Here::of(look, document),
            breakpoints: breakpoint_lines(look, document),
            found: self.found.as_deref(),
            cursor: self.rows.cursor,
            focused,
            skip: self.skip,
            width: usize::from(area.width),
        };
        let hits = self.rows.draw(area, buffer, document.len(), None, |at| frame.row(at));
        let hit = hits.iter().find(|hit| hit.row == self.rows.cursor).filter(|hit| !hit.area.is_empty())?;
        if focused {
            // The sign in front keeps its own look.
            let beside = Rect { x: hit.area.x + 1, width: hit.area.width - 1, ..hit.area };
            buffer.set_style(beside, look.styles.role(Role::Selection));
        }
        let gutter = u16::try_from(gutter_width(document, look.glyphs)).unwrap_or(0);
        Some(Position::new(hit.area.x + gutter.min(hit.area.width - 1), hit.area.y))
    }

    fn command(&mut self, command: Command, look: &Look<'_>) -> Option<Vec<Request>> {
        self.sync(look);
        let half = isize::from(i16::try_from(self.area.height / 2).unwrap_or(i16::MAX)).max(1);
        match command {
            Command::Up => self.move_by(-1),
            Command::Down => self.move_by(1),
            Command::PageUp => self.move_by(-half),
            Command::PageDown => self.move_by(half),
            Command::Home => self.move_to(0),
            Command::End => self.move_to(usize::MAX),
            Command::Left => self.pan(false, look),
            Command::Right => self.pan(true, look),
            Command::ToggleBreakpoint => return Some(vec![self.toggle_breakpoint(look)]),
            Command::FollowTransition | Command::Open => return Some(self.follow_transition(look)),
            Command::NextDiagnostic => return Some(self.go_to_problem(look, true)),
            Command::PreviousDiagnostic => return Some(self.go_to_problem(look, false)),
            Command::CopyText => return Some(vec![Request::Copy("the line", self.row_text(look))]),
            Command::CopyPath => return Some(vec![self.copy_path(look)]),
            Command::CopyValue => return Some(vec![self.copy_value()]),
            _ => return None,
        }
        Some(Vec::new())
    }

    fn click(&mut self, at: Position, double: bool, look: &Look<'_>) -> Vec<Request> {
        self.sync(look);
        let Some(document) = &self.document else { return Vec::new() };
        let row = self.rows.top + usize::from(at.y.saturating_sub(self.area.y));
        if !self.area.contains(at) || row >= document.len() {
            return Vec::new();
        }
        let gutter = gutter_width(document, look.glyphs);
        let column = usize::from(at.x - self.area.x);
        self.move_to(row);
        if column < gutter {
            // The second click of two would undo the first.
            return if double { Vec::new() } else { vec![self.toggle_breakpoint(look)] };
        }
        self.column = self.byte_at(look, row, self.skip + column - gutter);
        if double { self.follow_transition(look) } else { Vec::new() }
    }

    fn scroll(&mut self, rows: i32, look: &Look<'_>) {
        self.sync(look);
        let before = self.rows.cursor;
        self.rows.scroll(isize::try_from(rows).unwrap_or(0), self.len(), usize::from(self.area.height));
        if self.rows.cursor != before {
            self.column = None;
        }
    }

    fn search(&mut self, text: &str, forward: bool, look: &Look<'_>) -> bool {
        self.sync(look);
        let lower = text.to_lowercase();
        let place =
            self.document.as_ref().and_then(|document| document.find(&lower, (self.rows.cursor, self.column), forward));
        self.found = (!lower.is_empty()).then_some(lower);
        if let Some(offset) = place {
            self.show(offset, look);
        }
        place.is_some()
    }

    fn row_text(&self, look: &Look<'_>) -> String {
        self.current(look).map(|document| document.line(self.rows.cursor).trim().to_owned()).unwrap_or_default()
    }
}
