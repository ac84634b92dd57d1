//! The problems pane: what is wrong with the definition, and below it the console, what asldb said.

mod console;
mod list;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Span;
use ratatui::widgets::Widget;

use super::{PaneView, note, parts};
use crate::asl::Definition;
use crate::config::Role;
use crate::text::Diagnostic;
use crate::tui::command::{Command, Focus};
use crate::tui::look::{Look, Request};
use crate::tui::widgets::rows::Rows;
use crate::tui::widgets::text::clip_spans;
use console::Console;
use list::List;

/// Pane 7, problems and console.
#[derive(Debug, Default)]
pub struct ProblemsPane {
    cursor: Cursor,
    /// The definition as it is in the file, if it is not the one that is shown.
    newest: Option<Arc<Definition>>,
    problems: Rows,
    console: Console,
    /// Columns that are scrolled away.
    skip: usize,
    area: Rect,
    parts: Parts,
    /// Whether it was drawn as the focused pane.
    focused: bool,
}

/// What is selected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cursor {
    Problem(usize),
    Console(usize),
}

impl Default for Cursor {
    fn default() -> Self {
        Self::Problem(0)
    }
}

/// Where what was drawn.
#[derive(Debug, Clone, Copy, Default)]
struct Parts {
    problems: Rect,
    rule: Rect,
    console: Rect,
}

/// Columns that Left and Right scroll.
const SCROLL: usize = 8;

impl ProblemsPane {
    /// A pane that has shown nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds `text` to the console; the oldest lines give way.
    pub fn say(&mut self, text: String) {
        let was_last = self.cursor == Cursor::Console(self.console.len().saturating_sub(1));
        let dropped = self.console.push(text);
        if let Cursor::Console(at) = &mut self.cursor {
            *at = if was_last { self.console.len() - 1 } else { at.saturating_sub(dropped) };
        }
    }

    /// Shows the problems of `definition`, the one in the file, whatever a run shows.
    pub fn set_newest(&mut self, definition: Option<Arc<Definition>>) {
        self.newest = definition;
    }

    /// Line and column, from 1, of the problem under the cursor, for an editor.
    #[must_use]
    pub fn place_under_cursor(&self, look: &Look<'_>) -> Option<(usize, usize)> {
        let definition = self.definition(look)?;
        let place = definition.position(self.problem(look)?.span.start as usize);
        Some((place.line, place.column))
    }

    /// The definition whose problems are shown.
    fn definition<'a>(&'a self, look: &Look<'a>) -> Option<&'a Arc<Definition>> {
        self.newest.as_ref().or(look.definition)
    }

    fn diagnostics<'a>(&'a self, look: &Look<'a>) -> &'a [Diagnostic] {
        self.definition(look).map_or(&[], |definition| &definition.diagnostics)
    }

    fn problem<'a>(&'a self, look: &Look<'a>) -> Option<&'a Diagnostic> {
        match self.cursor {
            Cursor::Problem(at) => self.diagnostics(look).get(at),
            Cursor::Console(_) => None,
        }
    }

    /// The rows before those of the console: one says so when there are no problems.
    fn head(&self, look: &Look<'_>) -> usize {
        self.diagnostics(look).len().max(1)
    }

    /// The cursor as a number: problems first, then the lines of the console.
    fn position(&self, look: &Look<'_>) -> usize {
        match self.cursor {
            Cursor::Problem(at) => at,
            Cursor::Console(at) => self.head(look) + at,
        }
    }

    fn move_to(&mut self, position: usize, look: &Look<'_>) {
        let head = self.head(look);
        let position = position.min(head + self.console.len() - 1);
        self.cursor = position.checked_sub(head).map_or(Cursor::Problem(position), Cursor::Console);
    }

    fn move_by(&mut self, by: isize, look: &Look<'_>) {
        self.move_to(self.position(look).saturating_add_signed(by), look);
    }

    fn open(&self, look: &Look<'_>) -> Vec<Request> {
        let Some(problem) = self.problem(look) else { return Vec::new() };
        let shown = self.definition(look).zip(look.definition).is_some_and(|(own, shown)| Arc::ptr_eq(own, shown));
        vec![if shown {
            Request::ShowSource(problem.span.start as usize)
        } else {
            let edit = note::key(Command::Edit, Focus::Problems);
            Request::Say(format!("the source shows the version that runs; {edit} opens the file"))
        }]
    }

    fn copy_path(&self, look: &Look<'_>) -> Request {
        let location = self.problem(look).and_then(|problem| problem.location.clone());
        let say = || Request::Say("there is no path here to copy".to_owned());
        location.map_or_else(say, |location| Request::Copy("the place in the definition", location))
    }

    /// Which part gets how many rows: the problems what they need, the console half of the pane or what is left.
    fn share(&self, area: Rect, problems: usize) -> Parts {
        if self.console.is_empty() {
            return Parts { problems: area, ..Parts::default() };
        }
        let height = usize::from(area.height);
        let rule = usize::from(height >= 4);
        let room = height - rule;
        let in_console = matches!(self.cursor, Cursor::Console(_));
        let least = if room == 1 { usize::from(in_console) } else { room / 2 };
        let console = self.console.len().min(room.saturating_sub(problems).max(least));
        let rows = |from: usize, count: usize| Rect {
            y: area.y + u16::try_from(from).unwrap_or(0),
            height: u16::try_from(count).unwrap_or(0),
            ..area
        };
        let above = room - console;
        Parts { problems: rows(0, above), rule: rows(above, rule), console: rows(above + rule, console) }
    }

    fn draw_rule(&self, look: &Look<'_>, buffer: &mut Buffer) {
        if self.parts.rule.is_empty() {
            return;
        }
        let rule = look.glyphs.horizontal;
        let text = format!("{rule} Console {}", rule.repeat(usize::from(self.parts.rule.width)));
        let spans = [Span::styled(text, look.styles.role(Role::Border))];
        let width = usize::from(self.parts.rule.width);
        let mut line = clip_spans(spans, 0, width + 1, look.glyphs);
        line.spans.truncate(1);
        buffer.set_line(self.parts.rule.x, self.parts.rule.y, &line, self.parts.rule.width);
    }

    /// The problems as lines, the selected one in full while the pane is focused.
    fn list<'a>(&'a self, look: &'a Look<'a>, focused: bool) -> Option<List<'a>> {
        let definition = self.definition(look).filter(|definition| !definition.diagnostics.is_empty())?;
        let open = match self.cursor {
            Cursor::Problem(at) if focused => Some(at),
            _ => None,
        };
        Some(List::new(look, definition, open, self.skip, usize::from(self.area.width)))
    }

    fn draw_problems(&mut self, look: &Look<'_>, focused: bool, buffer: &mut Buffer) -> Option<Position> {
        let area = self.parts.problems;
        let Some(definition) = self.definition(look) else {
            let palette = parts::keys(&[(Command::Palette, "lists what can be done")], Focus::Problems);
            let sentence = format!("No definition is loaded; its problems will be here. {palette}.");
            return note::draw(&[sentence], look, area, buffer);
        };
        if definition.diagnostics.is_empty() {
            let sign = Span::styled(look.glyphs.visited, look.styles.role(Role::Ok));
            let line = clip_spans([sign, Span::raw(" no problems")], 0, usize::from(area.width), look.glyphs);
            line.render(area, buffer);
            let row = area.rows().next().filter(|row| !row.is_empty() && matches!(self.cursor, Cursor::Problem(_)))?;
            if focused {
                buffer.set_style(row, look.styles.role(Role::Selection));
            }
            return Some(row.as_position());
        }
        let selected = match self.cursor {
            Cursor::Problem(at) => Some(at),
            Cursor::Console(_) => None,
        };
        let list = self.list(look, focused)?;
        let rows = list.reveal(self.problems, selected, usize::from(area.height));
        let mut cursor = None;
        for (place, at) in area.rows().zip(rows.top..list.len()) {
            list.line(at).render(place, buffer);
            if selected == Some(list.problem_at(at)) && focused {
                buffer.set_style(place, look.styles.role(Role::Selection));
                cursor = cursor.or(Some(place.as_position()).filter(|_| !place.is_empty()));
            }
        }
        self.problems = rows;
        cursor
    }

    fn draw_console(&mut self, look: &Look<'_>, focused: bool, buffer: &mut Buffer) -> Option<Position> {
        let area = self.parts.console;
        let selected = match self.cursor {
            Cursor::Console(at) if focused => Some(at),
            _ => None,
        };
        let top = self.console.top(selected, usize::from(area.height));
        let mut cursor = None;
        for (place, at) in area.rows().zip(top..self.console.len()) {
            let text = self.console.line(at);
            let line = clip_spans([Span::raw(text)], self.skip, usize::from(area.width), look.glyphs);
            line.render(place, buffer);
            if selected == Some(at) {
                buffer.set_style(place, look.styles.role(Role::Selection));
                cursor = Some(place.as_position()).filter(|_| !place.is_empty());
            }
        }
        cursor
    }
}

impl PaneView for ProblemsPane {
    fn title(&self, look: &Look<'_>) -> String {
        let all = self.diagnostics(look);
        let errors = all.iter().filter(|problem| problem.is_error()).count();
        let count = |number: usize, what: &str| (number > 0).then(|| parts::count(number, what));
        let counts = [count(errors, "error"), count(all.len() - errors, "warning")];
        counts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    fn draw(&mut self, look: &Look<'_>, area: Rect, focused: bool, buffer: &mut Buffer) -> Option<Position> {
        self.area = area.intersection(buffer.area);
        self.focused = focused;
        buffer.set_style(self.area, look.styles.role(Role::Text));
        if let Cursor::Problem(at) = &mut self.cursor {
            *at = (*at)
                .min(self.newest.as_ref().or(look.definition).map_or(0, |all| all.diagnostics.len().saturating_sub(1)));
        }
        let lines = self.list(look, focused).map_or(1, |list| list.len());
        self.parts = self.share(self.area, lines);
        self.draw_rule(look, buffer);
        let in_problems = self.draw_problems(look, focused, buffer);
        let in_console = self.draw_console(look, focused, buffer);
        in_console.or(in_problems)
    }

    fn command(&mut self, command: Command, look: &Look<'_>) -> Option<Vec<Request>> {
        let half = isize::from(i16::try_from(self.area.height / 2).unwrap_or(i16::MAX)).max(1);
        match command {
            Command::Up => self.move_by(-1, look),
            Command::Down => self.move_by(1, look),
            Command::PageUp => self.move_by(-half, look),
            Command::PageDown => self.move_by(half, look),
            Command::Home => self.move_to(0, look),
            Command::End => self.move_to(usize::MAX, look),
            Command::Left => self.skip = self.skip.saturating_sub(SCROLL),
            Command::Right => self.skip = (self.skip + SCROLL).min(self.row_text(look).len()),
            Command::Open => return Some(self.open(look)),
            Command::CopyText => return Some(vec![Request::Copy("the line", self.row_text(look))]),
            Command::CopyPath => return Some(vec![self.copy_path(look)]),
            _ => return None,
        }
        Some(Vec::new())
    }

    fn click(&mut self, at: Position, double: bool, look: &Look<'_>) -> Vec<Request> {
        let row = |part: Rect| part.contains(at).then(|| usize::from(at.y - part.y));
        if let Some(row) = row(self.parts.problems) {
            let line = self.problems.top + row;
            let problem =
                self.list(look, self.focused).filter(|list| line < list.len()).map(|list| list.problem_at(line));
            self.cursor = Cursor::Problem(problem.unwrap_or(0));
            return if double { self.open(look) } else { Vec::new() };
        }
        if let Some(row) = row(self.parts.console) {
            let line = self.console.drawn_from() + row;
            if line < self.console.len() {
                self.cursor = Cursor::Console(line);
            }
        }
        Vec::new()
    }

    fn scroll(&mut self, rows: i32, look: &Look<'_>) {
        self.move_by(isize::try_from(rows).unwrap_or(0), look);
    }

    fn search(&mut self, text: &str, forward: bool, look: &Look<'_>) -> bool {
        let wanted = text.to_lowercase();
        let (problems, head) = (self.diagnostics(look), self.head(look));
        let len = head + self.console.len();
        let holds = |at: &usize| {
            let problem = problems.get(*at).map(list::one_line);
            let line = problem.or_else(|| Some(self.console.line(at.checked_sub(head)?).to_owned()));
            line.is_some_and(|line| parts::has(&line, &wanted))
        };
        let at = self.position(look);
        let found = if forward {
            (at + 1..len).chain(0..len.min(at + 1)).find(holds)
        } else {
            (0..at.min(len)).rev().chain((at.min(len)..len).rev()).find(holds)
        };
        let Some(found) = found.filter(|_| !wanted.is_empty()) else { return false };
        self.move_to(found, look);
        true
    }

    fn row_text(&self, look: &Look<'_>) -> String {
        match (self.cursor, self.problem(look), self.definition(look)) {
            (_, Some(problem), Some(definition)) => {
                let place = definition.position(problem.span.start as usize);
                format!("{}:{place}: {}", definition.name, list::one_line(problem))
            }
            (Cursor::Console(at), ..) => self.console.line(at).to_owned(),
            _ => String::new(),
        }
    }
}
