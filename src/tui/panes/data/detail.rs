//! The data of the selected stage: before, after, or what changed.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::Shown;
use crate::config::Role;
use crate::tui::command::Command;
use crate::tui::look::{Look, Request};
use crate::tui::panes::list::List;
use crate::tui::panes::parts::{fit, has, preview, styled, text_of};
use crate::tui::panes::{found, note};
use crate::tui::widgets::json_tree::JsonTree;
use crate::value::Value;
use crate::value::diff::{Change, ChangeKind, Step, diff, json_path};

/// Changes that are shown.
const CHANGES: usize = 1000;

/// What the details are about.
#[derive(Debug, Clone)]
pub(super) struct Subject {
    /// `5 ResultSelector`
    pub(super) label: String,
    /// What it worked on.
    pub(super) before: Option<Value>,
    /// What it gave.
    pub(super) after: Option<Value>,
    /// Why there is nothing after.
    pub(super) missing: String,
    /// What it is compared with.
    pub(super) base: Option<Value>,
}

/// One place that shows data. What is unfolded in it stays so by path, whichever value it shows.
#[derive(Debug, Default)]
pub(super) struct Detail {
    list: List,
    body: Body,
    tree: Option<JsonTree>,
}

#[derive(Debug, Default)]
enum Body {
    /// Nothing, and why.
    #[default]
    None,
    /// The tree.
    Tree,
    /// The differences between two values.
    Difference { before: Value, after: Value, rows: Vec<DiffRow>, cut: bool },
}

/// A line of a difference.
#[derive(Debug)]
struct DiffRow {
    kind: ChangeKind,
    path: Vec<Step>,
    value: Value,
}

/// What became of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    /// It is done.
    Done,
    /// The rows take the movements again.
    Left,
    /// The place of a change is to be shown in the data after.
    ShowAfter,
}

impl Detail {
    /// Draws what `shown` says of `subject`.
    pub(super) fn draw(
        &mut self,
        subject: &Subject,
        shown: Shown,
        look: &Look<'_>,
        area: Rect,
        focused: bool,
        buffer: &mut Buffer,
    ) -> Option<Position> {
        if let Err(why) = self.read(subject, shown) {
            self.clear();
            self.body = Body::None;
            return note::draw(&[why], look, area, buffer);
        }
        let len = self.len();
        self.list.set_len(len);
        let room = usize::from(area.width);
        let mut list = std::mem::take(&mut self.list);
        let cursor = list.draw(look, area, focused, buffer, |row| fit(self.spans(row, look), room, look));
        self.list = list;
        cursor
    }

    /// Takes the values; makes anew only what is not the same as before.
    fn read(&mut self, subject: &Subject, shown: Shown) -> Result<(), String> {
        let value = match shown {
            Shown::Before => subject.before.as_ref().ok_or("Nothing was before this.")?,
            Shown::After => subject.after.as_ref().ok_or_else(|| subject.missing.clone())?,
            Shown::Difference => {
                let after = subject.after.as_ref().ok_or_else(|| subject.missing.clone())?;
                let base = subject.base.as_ref().ok_or("Nothing was before this.")?;
                return self.compare(base, after);
            }
        };
        self.body = Body::Tree;
        match &mut self.tree {
            Some(tree) => {
                let path = tree.path(self.list.cursor());
                if !tree.value(0).is_some_and(|old| old.is_same(value)) {
                    tree.set_value(value.clone());
                    let row = tree.reveal(&path);
                    self.list.set_len(tree.rows().len());
                    self.list.select(row);
                }
            }
            None => self.tree = Some(JsonTree::new(value.clone())),
        }
        Ok(())
    }

    fn compare(&mut self, before: &Value, after: &Value) -> Result<(), String> {
        let known = match &self.body {
            Body::Difference { before: old_before, after: old_after, .. } => {
                old_before.is_same(before) && old_after.is_same(after)
            }
            _ => false,
        };
        if !known {
            let found = diff(before, after, CHANGES);
            let rows = found.changes.into_iter().flat_map(rows_of).collect();
            self.body = Body::Difference { before: before.clone(), after: after.clone(), rows, cut: found.cut };
        }
        match &self.body {
            Body::Difference { rows, .. } if rows.is_empty() => {
                Err("No difference: the data went on as it was.".to_owned())
            }
            _ => Ok(()),
        }
    }

    /// Forgets where it was drawn.
    pub(super) fn clear(&mut self) {
        self.list.clear();
    }

    pub(super) fn scroll(&mut self, rows: i32) {
        self.list.scroll(rows);
    }

    pub(super) fn len(&self) -> usize {
        match &self.body {
            Body::None => 0,
            Body::Tree => self.tree.as_ref().map_or(0, |tree| tree.rows().len()),
            Body::Difference { rows, cut, .. } => rows.len() + usize::from(*cut),
        }
    }

    fn spans(&self, at: usize, look: &Look<'_>) -> Vec<Span<'static>> {
        match &self.body {
            Body::None => Vec::new(),
            Body::Tree => self.tree.as_ref().map(|tree| tree.spans(at, look.styles, look.glyphs)).unwrap_or_default(),
            Body::Difference { rows, .. } => match rows.get(at) {
                Some(row) => row.spans(look),
                None => vec![styled(format!("{} more differences", look.glyphs.ellipsis), Role::Muted, look)],
            },
        }
    }

    /// Takes a command about its rows.
    pub(super) fn command(&mut self, command: Command) -> Option<Taken> {
        if self.list.motion(command).is_some() {
            return Some(Taken::Done);
        }
        let at = self.list.cursor();
        let Body::Tree = self.body else { return self.plain_command(command) };
        let tree = self.tree.as_mut()?;
        match command {
            Command::Open => tree.toggle(at),
            Command::Unfold => tree.unfold(at),
            // From the whole value there is nowhere to go but out.
            Command::Fold if at == 0 => return Some(Taken::Left),
            Command::Fold => {
                let to = tree.fold(at);
                self.list.set_len(tree.rows().len());
                self.list.select(to);
            }
            _ => return None,
        }
        let len = self.len();
        self.list.set_len(len);
        Some(Taken::Done)
    }

    fn plain_command(&mut self, command: Command) -> Option<Taken> {
        match command {
            Command::Fold => Some(Taken::Left),
            Command::Open | Command::Unfold => {
                let Body::Difference { rows, after, .. } = &self.body else { return Some(Taken::Done) };
                let Some(row) = rows.get(self.list.cursor()) else { return Some(Taken::Done) };
                let tree = self.tree.get_or_insert_with(|| JsonTree::new(after.clone()));
                tree.set_value(after.clone());
                let to = tree.reveal(&row.path);
                self.list.set_len(tree.rows().len());
                self.list.select(to);
                Some(Taken::ShowAfter)
            }
            _ => None,
        }
    }

    /// A click at `at`; whether it was in here.
    pub(super) fn click(&mut self, at: Position, double: bool) -> bool {
        let Some(row) = self.list.row_at(at) else { return false };
        self.list.select(row);
        if double {
            self.command(Command::Open);
        }
        true
    }

    pub(super) fn search(&mut self, text: &str, forward: bool) -> bool {
        match (&self.body, &mut self.tree) {
            (Body::Tree, Some(tree)) => {
                let Some((_, path)) = found::next(&[tree], text, forward, (0, self.list.cursor())) else {
                    return false;
                };
                let row = tree.reveal(&path);
                self.list.set_len(tree.rows().len());
                self.list.select(row);
                true
            }
            (Body::Difference { rows, .. }, _) => {
                let wanted = text.to_lowercase();
                self.list.find(forward, |at| {
                    rows.get(at).is_some_and(|row| has(&json_path(&row.path), &wanted) || has(&row.text(), &wanted))
                })
            }
            _ => false,
        }
    }

    pub(super) fn copy(&self, command: Command) -> Option<Request> {
        let at = self.list.cursor();
        let (value, path) = match &self.body {
            Body::None => return None,
            Body::Tree => {
                let tree = self.tree.as_ref()?;
                (tree.value(at)?, tree.json_path(at))
            }
            Body::Difference { rows, .. } => rows.get(at).map(|row| (&row.value, json_path(&row.path)))?,
        };
        Some(match command {
            Command::CopyPath => Request::Copy("path", path),
            _ => Request::Copy("value", value.to_json()),
        })
    }

    /// The steps to the value under the cursor.
    pub(super) fn path(&self) -> Vec<Step> {
        let at = self.list.cursor();
        match &self.body {
            Body::None => Vec::new(),
            Body::Tree => self.tree.as_ref().map(|tree| tree.path(at)).unwrap_or_default(),
            Body::Difference { rows, .. } => rows.get(at).map(|row| row.path.clone()).unwrap_or_default(),
        }
    }

    pub(super) fn row_text(&self, look: &Look<'_>) -> String {
        let line: Line<'_> = fit(self.spans(self.list.cursor(), look), super::WIDE, look);
        text_of(&line.spans).trim().to_owned()
    }
}

fn rows_of(change: Change) -> impl Iterator<Item = DiffRow> {
    let Change { path, before, after, .. } = change;
    let removed = before.map(|value| DiffRow { kind: ChangeKind::Removed, path: path.clone(), value });
    let added = after.map(|value| DiffRow { kind: ChangeKind::Added, path, value });
    removed.into_iter().chain(added)
}

impl DiffRow {
    fn text(&self) -> String {
        preview(&self.value, super::WIDE)
    }

    fn spans(&self, look: &Look<'_>) -> Vec<Span<'static>> {
        let (sign, role) = match self.kind {
            ChangeKind::Removed => ("-", Role::Removed),
            _ => ("+", Role::Added),
        };
        vec![
            styled(format!("{sign} "), role, look),
            Span::raw(format!("{}: ", json_path(&self.path))),
            styled(self.text(), role, look),
        ]
    }
}
