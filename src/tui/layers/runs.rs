//! The list of runs.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::move_in;
use crate::config::Role;
use crate::debug::{Mode, Run};
use crate::engine::Status;
use crate::tui::command::Command;
use crate::tui::look::Look;
use crate::tui::widgets::popup;
use crate::tui::widgets::rows::{RowHit, Rows};
use crate::tui::widgets::text::{clip, width};

/// The list of runs.
pub struct RunsLayer {
    rows: Rows,
    hits: Vec<RowHit>,
}

impl RunsLayer {
    /// The list with the cursor on row `at`.
    #[must_use]
    pub fn new(at: usize) -> Self {
        Self { rows: Rows { cursor: at, top: 0 }, hits: Vec::new() }
    }

    /// The run under the cursor.
    #[must_use]
    pub fn selected(&self) -> usize {
        self.rows.cursor
    }

    /// Keeps the cursor on one of `count` runs.
    pub fn keep_within(&mut self, count: usize) {
        self.rows.move_by(0, count);
    }

    pub(super) fn command(&mut self, command: Command, count: usize) -> bool {
        move_in(&mut self.rows, command, count)
    }

    pub(super) fn click(&mut self, at: Position) {
        if let Some(hit) = self.hits.iter().find(|hit| hit.area.contains(at)) {
            self.rows.cursor = hit.row;
        }
    }

    pub(super) fn draw(
        &mut self,
        area: Rect,
        look: &Look<'_>,
        runs: &[Run],
        current: Option<usize>,
        buffer: &mut Buffer,
    ) -> Option<Position> {
        let height = u16::try_from(runs.len() + 3).unwrap_or(u16::MAX).max(6);
        let place = popup::centred(area, 96, height.min(area.height.saturating_sub(2)));
        let inside = popup::draw(place, "Runs", buffer, look.styles, look.glyphs);
        let head = format!("{:>1$}       run  status      mode    events  seconds   input", "", mark_width(look) - 1);
        if let Some(row) = inside.rows().next() {
            Line::styled(head, look.styles.role(Role::Muted)).render(row, buffer);
        }
        let list = Rect { y: inside.y + 1.min(inside.height), height: inside.height.saturating_sub(1), ..inside };
        let (selected, room) = (look.styles.role(Role::Selection), usize::from(list.width));
        self.hits = self.rows.draw(list, buffer, runs.len(), Some(selected), |at| {
            runs.get(at).map_or(Line::default(), |run| line_of(run, current == Some(at), room, look))
        });
        let hit = self.hits.iter().find(|hit| hit.row == self.rows.cursor)?;
        Some(hit.area.as_position())
    }
}

/// Columns of the sign at the run that is looked at.
fn mark_width(look: &Look<'_>) -> usize {
    width(look.glyphs.here, look.glyphs).max(1)
}

fn line_of(run: &Run, is_current: bool, room: usize, look: &Look<'_>) -> Line<'static> {
    let view = run.view();
    let (status, role) = match &view.status {
        Status::Running if run.is_detached() => ("DETACHED", Role::Running),
        Status::Running if run.is_history => ("OPEN END", Role::Waiting),
        Status::Running if view.paused => ("PAUSED", Role::Running),
        Status::Running if view.waiting => ("WAITING", Role::Waiting),
        Status::Running => ("RUNNING", Role::Running),
        status @ Status::Succeeded(_) => (status.name(), Role::Ok),
        status => (status.name(), Role::Failed),
    };
    let mode = match run.mode {
        _ if run.is_history => "record",
        Mode::Sync => "sync",
        Mode::Async => "async",
    };
    let mark = if is_current { look.glyphs.here } else { " " };
    let mark = format!("{mark:<0$}", mark_width(look));
    let millis = view.now.since(view.started).max(0);
    let (seconds, millis) = (millis / 1000, millis % 1000);
    let rest = format!("  {mode:<6}  {:>6}  {seconds:>3}.{millis:03}   ", view.log.events.len());
    let input = clip(&run.input.to_json(), room.saturating_sub(19 + mark_width(look) + rest.len()), look.glyphs);
    Line::from(vec![
        Span::styled(format!("{mark} {:>6}  ", run.number), Style::default()),
        Span::styled(format!("{status:<10}"), look.styles.role(role)),
        Span::raw(rest),
        Span::raw(input),
    ])
}
