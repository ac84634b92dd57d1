//! A line of text: what to search or filter for.

use ratatui::buffer::Buffer;
use ratatui::crossterm::event::KeyEvent;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use crate::config::Role;
use crate::tui::look::Look;
use crate::tui::widgets::line_edit::LineEdit;

/// What the line is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PromptPurpose {
    /// Find text in the focused pane.
    Search,
    /// Show only what matches.
    Filter,
}

/// A line of text over the last line of the panes.
pub struct PromptLayer {
    purpose: PromptPurpose,
    line: LineEdit,
}

impl PromptLayer {
    /// An empty line.
    #[must_use]
    pub fn new(purpose: PromptPurpose) -> Self {
        Self { purpose, line: LineEdit::default() }
    }

    /// What it is for.
    #[must_use]
    pub fn purpose(&self) -> PromptPurpose {
        self.purpose
    }

    /// What was typed.
    #[must_use]
    pub fn text(&self) -> &str {
        self.line.text()
    }

    pub(super) fn key(&mut self, event: KeyEvent) {
        self.line.key(event);
    }

    pub(super) fn paste(&mut self, text: &str) {
        self.line.insert(text);
    }

    pub(super) fn draw(&mut self, area: Rect, look: &Look<'_>, buffer: &mut Buffer) -> Option<Position> {
        let sign = match self.purpose {
            PromptPurpose::Search => "/",
            PromptPurpose::Filter => "&",
        };
        let row = Rect { y: area.bottom().saturating_sub(1), height: 1.min(area.height), ..area };
        let (shown, column) = self.line.shown(usize::from(row.width).saturating_sub(3), look.glyphs);
        let column = row.x + 2 + column;
        Line::styled(" ".repeat(usize::from(row.width)), look.styles.role(Role::Text)).render(row, buffer);
        let sign = Span::styled(format!(" {sign}"), look.styles.role(Role::Accent));
        Line::from(vec![sign, Span::raw(shown)]).render(row, buffer);
        Some(Position::new(column.min(row.right().saturating_sub(1)), row.y))
    }
}
