//! The help: what can be done here, made from the command table.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};

use crate::config::Role;
use crate::tui::command::{Command, Focus, HelpLine, help};
use crate::tui::look::Look;
use crate::tui::panes::wrap;
use crate::tui::widgets::popup;
use crate::tui::widgets::rows::Rows;
use crate::tui::widgets::text::clip;

/// The help for one focus.
pub struct HelpLayer {
    lines: Vec<HelpLine>,
    /// The rows: which line, and which part of its words.
    shown: Vec<(usize, String)>,
    rows: Rows,
}

/// Columns of the keys.
const KEYS: usize = 19;
/// Rows of a line at most.
const MOST: usize = 4;

impl HelpLayer {
    /// The help for `focus`.
    #[must_use]
    pub fn new(focus: Focus) -> Self {
        Self { lines: help(focus), shown: Vec::new(), rows: Rows::default() }
    }

    /// Moves to the next line that holds `text`; whether there is one.
    pub fn search(&mut self, text: &str) -> bool {
        let wanted = text.to_lowercase();
        let holds = |line: &HelpLine| match line {
            HelpLine::Heading(words) => words.to_lowercase().contains(&wanted),
            HelpLine::Entry { doc, name, .. } => doc.to_lowercase().contains(&wanted) || name.contains(&wanted),
        };
        let count = self.lines.len().max(1);
        let here = self.shown.get(self.rows.cursor).map_or(0, |(line, _)| *line);
        let ahead = (1..=count).map(|by| (here + by) % count);
        let found = ahead.into_iter().find(|at| self.lines.get(*at).is_some_and(holds));
        if let Some(row) = found.and_then(|line| self.shown.iter().position(|(at, _)| *at == line)) {
            self.rows.move_to(row, self.shown.len());
        }
        found.is_some()
    }

    pub(super) fn scroll(&mut self, by: isize) {
        self.rows.move_by(by, self.shown.len());
    }

    pub(super) fn command(&mut self, command: Command) -> bool {
        let len = self.shown.len();
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

    /// Brings the words of all lines into rows of `room` columns.
    fn lay_out(&mut self, room: usize, look: &Look<'_>) {
        let rows = self.lines.iter().enumerate().flat_map(|(at, line)| {
            let words = match line {
                HelpLine::Heading(words) => vec![clip(words, room, look.glyphs)],
                HelpLine::Entry { doc, .. } => wrap(doc, room.saturating_sub(KEYS), MOST, look.glyphs),
            };
            words.into_iter().map(move |words| (at, words))
        });
        self.shown = rows.collect();
    }

    pub(super) fn draw(&mut self, area: Rect, look: &Look<'_>, buffer: &mut Buffer) -> Option<Position> {
        let place = popup::centred(area, 100, area.height.saturating_sub(1));
        let inside = popup::draw(place, "Help  (Shift-drag selects text)", buffer, look.styles, look.glyphs);
        self.lay_out(usize::from(inside.width), look);
        let (lines, shown) = (&self.lines, &self.shown);
        let selected = look.styles.role(Role::CurrentLine);
        let hits = self.rows.draw(inside, buffer, shown.len(), Some(selected), |at| {
            let Some((line, words)) = shown.get(at) else { return Line::default() };
            let is_first =
                at.checked_sub(1).and_then(|before| shown.get(before)).is_none_or(|(before, _)| before != line);
            let keys = match lines.get(*line) {
                Some(HelpLine::Entry { keys, .. }) if is_first => clip(keys, KEYS - 3, look.glyphs),
                Some(HelpLine::Entry { .. }) => String::new(),
                _ => {
                    let style = look.styles.role(Role::Title).add_modifier(Modifier::BOLD);
                    return Line::styled(words.clone(), style);
                }
            };
            Line::from(vec![
                Span::styled(format!("  {keys:<0$} ", KEYS - 3), look.styles.role(Role::FooterKey)),
                Span::raw(words.clone()),
            ])
        });
        hits.iter().find(|hit| hit.row == self.rows.cursor).map(|hit| hit.area.as_position())
    }
}
