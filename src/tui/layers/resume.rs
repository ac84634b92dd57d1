//! What going on with another definition means, before it is done.

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use crate::asl::{Changes, Definition, StateId, StateMachine};
use crate::config::Role;
use crate::tui::command::Command;
use crate::tui::look::Look;
use crate::tui::panes::wrap;
use crate::tui::widgets::popup;
use crate::tui::widgets::rows::Rows;

/// What going on with another definition means.
pub struct ResumeLayer {
    definition: Arc<Definition>,
    lines: Vec<(Role, String)>,
    /// Whether the state in which the run stands is still there.
    is_possible: bool,
    rows: Rows,
}

/// Columns of the layer.
const WIDE: u16 = 90;
/// Lines of a sentence at most.
const LINES: usize = 4;

impl ResumeLayer {
    /// The question whether to go on with `definition`; `machine` is its machine in the terms of the run, which stands
    /// in `here`.
    #[must_use]
    pub fn new(definition: Arc<Definition>, machine: &StateMachine, changes: &Changes, here: Option<StateId>) -> Self {
        let name = |id: StateId| machine.states.get(id.0 as usize).map_or("", |state| &*state.name);
        let mut lines = Vec::new();
        for (state, fields) in &changes.changed {
            let fields: Vec<&str> = fields.iter().map(|field| &**field).collect();
            lines.push((Role::Changed, format!("~ {}: {}", name(*state), fields.join(", "))));
        }
        lines.extend(changes.added.iter().map(|state| (Role::Added, format!("+ {}", name(*state)))));
        lines.extend(changes.removed.iter().map(|state| (Role::Removed, format!("- {}", name(*state)))));
        if changes.is_start_changed {
            lines.push((Role::Muted, "~ StartAt or TimeoutSeconds of the machine: not for runs under way".to_owned()));
        }
        if lines.is_empty() {
            lines.push((Role::Muted, "Nothing that a run notices: comments or layout.".to_owned()));
        }
        lines.push((Role::Text, String::new()));
        lines.push((Role::Text, touched(here, changes, &name)));
        lines.push((Role::Text, "The run as it is stays in the list (g r), to be compared with (=).".to_owned()));
        let is_possible = here.is_none_or(|here| !changes.removed.contains(&here));
        Self { definition, lines, is_possible, rows: Rows::default() }
    }

    /// Whether the state in which the run stands is still there.
    #[must_use]
    pub fn is_possible(&self) -> bool {
        self.is_possible
    }

    /// The definition to go on with.
    #[must_use]
    pub fn definition(&self) -> &Arc<Definition> {
        &self.definition
    }

    pub(super) fn command(&mut self, command: Command) -> bool {
        let count = self.lines.len();
        match command {
            Command::Up => self.rows.move_by(-1, count),
            Command::Down => self.rows.move_by(1, count),
            Command::PageUp => self.rows.move_by(-10, count),
            Command::PageDown => self.rows.move_by(10, count),
            _ => return false,
        }
        true
    }

    pub(super) fn draw(&mut self, area: Rect, look: &Look<'_>, buffer: &mut Buffer) -> Option<Position> {
        let room = usize::from(area.width.min(WIDE).saturating_sub(4));
        let lines: Vec<(Role, String)> =
            self.lines.iter().flat_map(|(role, text)| wrapped(*role, text, room, look)).collect();
        let height = u16::try_from(lines.len() + 3).unwrap_or(u16::MAX).max(8);
        let place = popup::centred(area, WIDE, height.min(area.height.saturating_sub(2)));
        let inside = popup::draw(place, "Go on with the changed definition?", buffer, look.styles, look.glyphs);
        let list = Rect { height: inside.height.saturating_sub(1), ..inside };
        let hits = self.rows.draw(list, buffer, lines.len(), None, |at| {
            let (role, text) = lines.get(at).cloned().unwrap_or((Role::Text, String::new()));
            Line::styled(text, look.styles.role(role))
        });
        let row = Rect { y: inside.bottom().saturating_sub(1), height: 1.min(inside.height), ..inside };
        let key = look.styles.role(Role::FooterKey);
        let hint = [("Enter", " goes on with it   "), ("F", " keeps the old one   "), ("Esc", " does nothing")];
        let hint = hint.into_iter().skip(usize::from(!self.is_possible));
        Line::from_iter(hint.flat_map(|(keys, words)| [Span::styled(keys, key), Span::raw(words)])).render(row, buffer);
        hits.iter().find(|hit| hit.row == self.rows.cursor).map(|hit| hit.area.as_position())
    }
}

/// A line in as many rows as it needs.
fn wrapped(role: Role, text: &str, room: usize, look: &Look<'_>) -> Vec<(Role, String)> {
    if text.is_empty() {
        return vec![(role, String::new())];
    }
    wrap(text, room, LINES, look.glyphs).into_iter().map(|line| (role, line)).collect()
}

/// What becomes of the state in which the run stands.
fn touched<'m>(here: Option<StateId>, changes: &Changes, name: &dyn Fn(StateId) -> &'m str) -> String {
    let Some(here) = here else { return "The run has entered no state yet.".to_owned() };
    let state = name(here);
    if changes.removed.contains(&here) {
        format!("The run stands in {state}, which is gone: go back (N) to a state that is still there.")
    } else if changes.touches(here) {
        format!("The run stands in {state}, which changed: it is done again from its input.")
    } else {
        format!("The run stands in {state}, which did not change: it goes on as it is.")
    }
}
