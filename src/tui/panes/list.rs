//! A list in a pane: cursor, scroll position, and where the rows were drawn.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::config::Role;
use crate::tui::command::Command;
use crate::tui::look::Look;
use crate::tui::widgets::rows::{RowHit, Rows};

/// A list as it was last drawn.
#[derive(Debug, Clone, Default)]
pub(super) struct List {
    rows: Rows,
    hits: Vec<RowHit>,
    height: usize,
    len: usize,
}

impl List {
    /// The row of the cursor.
    pub(super) fn cursor(&self) -> usize {
        self.rows.cursor
    }

    /// The number of rows.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Tells how many rows there are now.
    pub(super) fn set_len(&mut self, len: usize) {
        self.len = len;
        self.rows.move_to(self.rows.cursor, len);
    }

    /// Puts the cursor on `row`, or the last one.
    pub(super) fn select(&mut self, row: usize) {
        self.rows.move_to(row, self.len);
    }

    /// Takes a movement; none if `command` is none, else whether the cursor moved.
    pub(super) fn motion(&mut self, command: Command) -> Option<bool> {
        let half = isize::try_from(self.height / 2).unwrap_or(1).max(1);
        let before = self.rows.cursor;
        match command {
            Command::Up => self.rows.move_by(-1, self.len),
            Command::Down => self.rows.move_by(1, self.len),
            Command::PageUp => self.rows.move_by(-half, self.len),
            Command::PageDown => self.rows.move_by(half, self.len),
            Command::Home => self.rows.move_to(0, self.len),
            Command::End => self.rows.move_to(usize::MAX, self.len),
            _ => return None,
        }
        Some(self.rows.cursor != before)
    }

    /// Scrolls by rows.
    pub(super) fn scroll(&mut self, rows: i32) {
        self.rows.scroll(isize::try_from(rows).unwrap_or(0), self.len, self.height);
    }

    /// The row that was drawn at `at`.
    pub(super) fn row_at(&self, at: Position) -> Option<usize> {
        self.hits.iter().find(|hit| hit.area.contains(at)).map(|hit| hit.row)
    }

    /// Draws the visible ones of `len` rows; where the terminal's cursor belongs.
    pub(super) fn draw(
        &mut self,
        look: &Look<'_>,
        area: Rect,
        focused: bool,
        buffer: &mut Buffer,
        row: impl FnMut(usize) -> Line<'static>,
    ) -> Option<Position> {
        self.height = usize::from(area.height);
        // The cursor of a pane that is not focused is seen as well: other panes follow it.
        let style = look.styles.role(if focused { Role::Selection } else { Role::CurrentLine });
        self.hits = self.rows.draw(area, buffer, self.len, Some(style), row);
        let hit = self.hits.iter().find(|hit| hit.row == self.rows.cursor)?;
        Some(hit.area.as_position()).filter(|_| !hit.area.is_empty())
    }

    /// Forgets where rows were drawn, as something else is drawn there.
    pub(super) fn clear(&mut self) {
        self.hits.clear();
    }

    /// The first row after the cursor (or before it) for which `matches` holds, round the end; the cursor goes there.
    pub(super) fn find(&mut self, forward: bool, mut matches: impl FnMut(usize) -> bool) -> bool {
        let (cursor, len) = (self.rows.cursor, self.len);
        let found = if forward {
            (cursor + 1..len).chain(0..len.min(cursor + 1)).find(|row| matches(*row))
        } else {
            (0..cursor.min(len)).rev().chain((cursor.min(len)..len).rev()).find(|row| matches(*row))
        };
        if let Some(row) = found {
            self.select(row);
        }
        found.is_some()
    }
}
