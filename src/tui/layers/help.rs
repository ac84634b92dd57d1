//! The help: what can be done here, made from the command table.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};

use crate::config::Role;
use crate::tui::command::{Command, Focus, HelpLine, help};
use crate::tui::look::Look;
use crate::tui::widgets::popup;
use crate::tui::widgets::rows::Rows;
use crate::tui::widgets::text::clip;

/// The help for one focus.
pub struct HelpLayer {
    lines: Vec<HelpLine>,
    rows: Rows,
}

impl HelpLayer {
    /// The help for `focus`.
    #[must_use]
    pub fn new(focus: Focus) -> Self {
        Self { lines: help(focus), rows: Rows::default() }
    }

    /// Moves to the next line that holds `text`; whether there is one.
    pub fn search(&mut self, text: &str) -> bool {
        let wanted = text.to_lowercase();
        let holds = |line: &HelpLine| match line {
            HelpLine::Heading(words) => words.to_lowercase().contains(&wanted),
            HelpLine::Entry { doc, name, .. } => doc.to_lowercase().contains(&wanted) || name.contains(&wanted),
        };
        let count = self.lines.len().max(1);
        let ahead = (1..=count).map(|by| (self.rows.cursor + by) % count);
        let found = ahead.into_iter().find(|at| self.lines.get(*at).is_some_and(holds));
        if let Some(at) = found {
            self.rows.move_to(at, self.lines.len());
        }
        found.is_some()
    }

    pub(super) fn scroll(&mut self, by: isize) {
        self.rows.move_by(by, self.lines.len());
    }

    pub(super) fn command(&mut self, command: Command) -> bool {
        let len = self.lines.len();
        match command {
            Command::Up => self.rows.move_by(-1, len),
            Command::Down => self.rows.move_by(1, len),
            Command::PageUp => self.rows.move_by(-10, len),
            Command::PageDown => self.rows.move_by(10, len),
            Command::Home => self.rows.move_to(0, len),
            Command::End => self.rows.move_to(len.saturating_sub(1), len),
            _ => return false,
        }
        true
    }

    pub(super) fn draw(&mut self, area: Rect, look: &Look<'_>, buffer: &mut Buffer) -> Option<Position> {
        let place = popup::centred(area, 100, area.height.saturating_sub(1));
        let inside = popup::draw(place, "Help  (Shift-drag selects text)", buffer, look.styles, look.glyphs);
        let room = usize::from(inside.width);
        let lines = &self.lines;
        let selected = look.styles.role(Role::CurrentLine);
        let hits = self.rows.draw(inside, buffer, lines.len(), Some(selected), |at| match lines.get(at) {
            Some(HelpLine::Heading(words)) => {
                Line::styled(words.clone(), look.styles.role(Role::Title).add_modifier(Modifier::BOLD))
            }
            Some(HelpLine::Entry { keys, doc, .. }) => Line::from(vec![
                Span::styled(format!("  {:<16} ", clip(keys, 16, look.glyphs)), look.styles.role(Role::FooterKey)),
                Span::raw(clip(doc, room.saturating_sub(19), look.glyphs)),
            ]),
            None => Line::default(),
        });
        hits.iter().find(|hit| hit.row == self.rows.cursor).map(|hit| hit.area.as_position())
    }
}
