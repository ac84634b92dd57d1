//! The data pane as a pane: drawing, commands, mouse, search.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use super::detail::{Detail, Taken};
use super::notes::{Entry, Target};
use super::{DataPane, Shown, WIDE, failure, visited};
use crate::config::Role;
use crate::debug::StatePath;
use crate::tui::command::{Command, Focus};
use crate::tui::look::{Look, Request};
use crate::tui::panes::parts::{fit, has, keys, name, no_run, separator, styled};
use crate::tui::panes::{PaneView, note};
use crate::tui::widgets::json_tree::JsonTree;

impl DataPane {
    fn open(&mut self, look: &Look<'_>) -> Vec<Request> {
        let toggle = |tree: &mut JsonTree, at| {
            tree.toggle(at);
            at
        };
        match self.entry(self.list.cursor()) {
            Some(Entry::Stage(_)) => self.active = Some(u8::from(self.places == 2)),
            Some(Entry::Cause(_)) => drop(self.change_cause(look, toggle)),
            Some(Entry::Note(at)) => {
                let target = self.notes.get(at).map(|note| note.target);
                if let Some(Target::Source(offset)) = target {
                    return vec![Request::ShowSource(offset)];
                }
            }
            Some(Entry::Child(at)) => return self.children.branch(at).map(Request::LookAtBranch).into_iter().collect(),
            None => {}
        }
        Vec::new()
    }

    /// Shows the data before, after, or the difference; the same again: the data after.
    fn show(&mut self, shown: Shown) {
        if self.places == 2 && self.active.is_some() && shown != Shown::Difference {
            self.active = Some(u8::from(shown == Shown::After));
        }
        self.shown = if self.shown == shown { Shown::After } else { shown };
    }

    fn row_command(&mut self, command: Command, look: &Look<'_>) -> Option<Vec<Request>> {
        if self.list.motion(command).is_some() {
            self.moved = true;
            return Some(Vec::new());
        }
        match command {
            Command::Open => return Some(self.open(look)),
            Command::Unfold => {
                let unfold = |tree: &mut JsonTree, at| {
                    tree.unfold(at);
                    at
                };
                if !self.change_cause(look, unfold) && matches!(self.entry(self.list.cursor()), Some(Entry::Stage(_))) {
                    return Some(self.open(look));
                }
            }
            Command::Fold => drop(self.change_cause(look, JsonTree::fold)),
            _ => return None,
        }
        Some(Vec::new())
    }

    fn detail_command(&mut self, which: u8, command: Command) -> Option<Vec<Request>> {
        let detail = self.details.get_mut(usize::from(which))?;
        match detail.command(command)? {
            Taken::Done => {}
            Taken::Left => self.active = None,
            Taken::ShowAfter => {
                self.shown = Shown::After;
                self.active = Some(u8::from(self.places == 2));
            }
        }
        Some(Vec::new())
    }

    fn copy(&self, command: Command, look: &Look<'_>) -> Option<Request> {
        let run = look.run.as_ref()?;
        let visit = run.visit?;
        let detail = self.active.and_then(|which| self.details.get(usize::from(which)));
        if command == Command::CopyText {
            return Some(Request::Copy("text", self.row_text(look)));
        }
        if let Some(detail) = detail {
            return detail.copy(command);
        }
        if command == Command::CopyPath {
            let path = StatePath::of(&run.run.handle().execution().machine, visit.state);
            return Some(Request::Copy("path", path.to_string()));
        }
        let subject = self.subject(look)?;
        let value = if self.shown == Shown::Before { subject.before } else { subject.after };
        Some(Request::Copy("value", value?.to_json()))
    }

    fn empty(&self, look: &Look<'_>) -> Vec<String> {
        no_run(look, Focus::Data).unwrap_or_else(|| {
            let steps = keys(&[(Command::Step, "steps into the first")], Focus::Data);
            vec![format!("The run has not entered a state yet: {steps}.")]
        })
    }
}

impl PaneView for DataPane {
    fn title(&self, look: &Look<'_>) -> String {
        let Some((run, visit)) = visited(look) else {
            return String::new();
        };
        let machine = &run.run.handle().execution().machine;
        let mut parts = vec![name(machine, visit.state).to_owned(), format!("visit {}", visit.number)];
        parts.extend(failure::tries(run, visit));
        parts.join(separator(look.glyphs))
    }

    fn draw(&mut self, look: &Look<'_>, area: Rect, focused: bool, buffer: &mut Buffer) -> Option<Position> {
        let Some((run, visit)) = visited(look) else {
            self.list.clear();
            self.details.iter_mut().for_each(Detail::clear);
            self.seen = None;
            return note::draw(&self.empty(look), look, area, buffer);
        };
        self.read(run, visit, look, usize::from(area.width));
        let (rows, detail) = self.split(area);
        // In a place that is too small for both, what takes the movements is seen.
        if detail.is_none() && self.places == 0 && self.active.is_some() {
            self.list.clear();
            return self.draw_detail(0, look, area, focused, buffer);
        }
        let cursor = self.draw_rows(look, rows, focused, buffer);
        let Some((title, body)) = detail else { return cursor.filter(|_| self.active.is_none()) };
        let lead = look.glyphs.horizontal.repeat(2);
        let spans = [styled(format!("{lead} {} ", self.detail_title(0, look)), Role::Border, look)];
        let rule = styled(look.glyphs.horizontal.repeat(usize::from(area.width)), Role::Border, look);
        buffer.set_line(title.x, title.y, &Line::from(rule), title.width);
        buffer.set_line(title.x, title.y, &fit(spans, usize::from(area.width), look), title.width);
        let inner = self.draw_detail(0, look, body, focused, buffer);
        if self.active.is_some() { inner } else { cursor }
    }

    fn command(&mut self, command: Command, look: &Look<'_>) -> Option<Vec<Request>> {
        look.run.as_ref()?.visit?;
        match command {
            Command::Before => self.show(Shown::Before),
            Command::After => self.show(Shown::After),
            Command::Difference => self.show(Shown::Difference),
            Command::CopyValue | Command::CopyPath | Command::CopyText => {
                return Some(self.copy(command, look).into_iter().collect());
            }
            _ => {
                return match self.active {
                    Some(which) => self.detail_command(which, command),
                    None => self.row_command(command, look),
                };
            }
        }
        Some(Vec::new())
    }

    fn click(&mut self, at: Position, double: bool, look: &Look<'_>) -> Vec<Request> {
        for which in 0..2u8 {
            let Some(detail) = self.details.get_mut(usize::from(which)) else { continue };
            if detail.click(at, double) {
                self.active = Some(which);
                return Vec::new();
            }
        }
        let Some(row) = self.list.row_at(at) else { return Vec::new() };
        (self.active, self.moved) = (None, true);
        self.list.select(row);
        if double { self.open(look) } else { Vec::new() }
    }

    fn scroll(&mut self, rows: i32, _: &Look<'_>) {
        match self.active {
            Some(which) => self.scroll_detail(which, rows),
            None => {
                self.moved = true;
                self.list.scroll(rows);
            }
        }
    }

    fn search(&mut self, text: &str, forward: bool, look: &Look<'_>) -> bool {
        if let Some(detail) = self.active.and_then(|which| self.details.get_mut(usize::from(which))) {
            return detail.search(text, forward);
        }
        let wanted = text.to_lowercase();
        let mut list = std::mem::take(&mut self.list);
        let found = list.find(forward, |row| has(&self.line(row, false, look, WIDE).to_string(), &wanted));
        self.list = list;
        self.moved |= found;
        found
    }

    fn row_text(&self, look: &Look<'_>) -> String {
        let detail = self.active.and_then(|which| self.details.get(usize::from(which)));
        if let Some(detail) = detail {
            return detail.row_text(look);
        }
        let row = self.list.cursor();
        let line = self.line(row, false, look, WIDE).to_string();
        match self.entry(row) {
            // The blanks between the columns say nothing.
            Some(Entry::Stage(_)) => line.split_whitespace().collect::<Vec<_>>().join(" "),
            _ => line.trim().to_owned(),
        }
    }
}
