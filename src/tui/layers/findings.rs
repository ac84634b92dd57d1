//! What was found out about something, row by row: the parts of an expression, the way back of a value.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::move_in;
use crate::config::Role;
use crate::debug::Moment;
use crate::engine::EventId;
use crate::tui::command::Command;
use crate::tui::look::Look;
use crate::tui::panes::wrap;
use crate::tui::widgets::popup;
use crate::tui::widgets::rows::{RowHit, Rows};
use crate::tui::widgets::text::clip;

/// A row.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Finding {
    /// What it says.
    pub parts: Vec<(Role, String)>,
    /// All of it, shown while the cursor is on it.
    pub more: Vec<String>,
    /// When it was, and the visit.
    pub moment: Option<(Moment, Option<EventId>)>,
    /// The child execution that it was in; none: wherever one looks.
    pub inside: Option<Vec<crate::engine::BranchId>>,
    /// The byte of the definition that it is about.
    pub offset: Option<usize>,
}

impl Finding {
    /// A row of one piece.
    #[must_use]
    pub fn of(role: Role, text: impl Into<String>) -> Self {
        Self { parts: vec![(role, text.into())], ..Self::default() }
    }
}

/// What was found out.
pub struct FindingsLayer {
    title: String,
    about: String,
    findings: Vec<Finding>,
    rows: Rows,
    hits: Vec<RowHit>,
}

/// Lines under the list.
const BELOW: u16 = 6;

impl FindingsLayer {
    /// The rows under a title, with a line about them.
    #[must_use]
    pub fn new(title: String, about: String, findings: Vec<Finding>) -> Self {
        Self { title, about, findings, rows: Rows::default(), hits: Vec::new() }
    }

    /// The row under the cursor.
    #[must_use]
    pub fn selected(&self) -> Option<&Finding> {
        self.findings.get(self.rows.cursor)
    }

    /// All rows as text.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        let line = |finding: &Finding| finding.parts.iter().map(|(_, text)| text.as_str()).collect::<String>();
        std::iter::once(self.title.clone()).chain(self.findings.iter().map(line))
    }

    pub(super) fn command(&mut self, command: Command) -> bool {
        move_in(&mut self.rows, command, self.findings.len())
    }

    pub(super) fn click(&mut self, at: Position) {
        if let Some(hit) = self.hits.iter().find(|hit| hit.area.contains(at)) {
            self.rows.cursor = hit.row;
        }
    }

    pub(super) fn scroll(&mut self, by: isize) {
        self.rows.move_by(by, self.findings.len());
    }

    pub(super) fn draw(&mut self, area: Rect, look: &Look<'_>, buffer: &mut Buffer) -> Option<Position> {
        let wanted = u16::try_from(self.findings.len()).unwrap_or(u16::MAX).saturating_add(4 + BELOW);
        let height = wanted.min(area.height.saturating_sub(2));
        let place = popup::centred(area, area.width.saturating_sub(2).min(120), height);
        let inside = popup::draw(place, &self.title, buffer, look.styles, look.glyphs);
        let room = usize::from(inside.width);
        if let Some(row) = inside.rows().next() {
            Line::styled(clip(&self.about, room, look.glyphs), look.styles.role(Role::Muted)).render(row, buffer);
        }
        let rest = Rect { y: inside.y + 1.min(inside.height), height: inside.height.saturating_sub(1), ..inside };
        let below = BELOW.min(rest.height / 2);
        let list = Rect { height: rest.height.saturating_sub(below), ..rest };
        let (findings, selected) = (&self.findings, look.styles.role(Role::Selection));
        self.hits = self.rows.draw(list, buffer, findings.len(), Some(selected), |at| {
            findings.get(at).map_or(Line::default(), |finding| line_of(finding, room, look))
        });
        let rule = Rect { y: list.bottom(), height: 1.min(below), ..rest };
        let style = look.styles.role(Role::Border);
        Line::styled(look.glyphs.horizontal.repeat(usize::from(rule.width)), style).render(rule, buffer);
        let details = Rect { y: rule.bottom(), height: below.saturating_sub(1), ..rest };
        let more = self.selected().map(|finding| finding.more.as_slice()).unwrap_or_default();
        let lines = more.iter().flat_map(|text| wrap(text, room, usize::from(BELOW), look.glyphs));
        for (line, row) in lines.zip(details.rows()) {
            Line::raw(line).render(row, buffer);
        }
        let hit = self.hits.iter().find(|hit| hit.row == self.rows.cursor)?;
        Some(hit.area.as_position())
    }
}

fn line_of(finding: &Finding, room: usize, look: &Look<'_>) -> Line<'static> {
    let mut left = room;
    let mut spans = Vec::new();
    for (role, text) in &finding.parts {
        let text = clip(text, left, look.glyphs);
        left = left.saturating_sub(crate::tui::widgets::text::width(&text, look.glyphs));
        spans.push(Span::styled(text, look.styles.role(*role)));
    }
    Line::from(spans)
}
