//! The mouse: focus, selection, gutter, wheel, and rules that are dragged.

use std::time::{Duration, Instant};

use ratatui::crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Position;

use super::{Action, App};
use crate::tui::layout::{Pane, Slot};

/// Two clicks within this time are a double click.
const DOUBLE: Duration = Duration::from_millis(400);

impl App {
    pub(super) fn mouse_event(&mut self, event: MouseEvent) -> Vec<Action> {
        let at = Position::new(event.column, event.row);
        match event.kind {
            MouseEventKind::Down(MouseButton::Left) => self.press(at),
            MouseEventKind::Drag(MouseButton::Left) => self.drag(at),
            MouseEventKind::Up(MouseButton::Left) => {
                self.dragged = None;
                Vec::new()
            }
            MouseEventKind::ScrollUp => self.wheel(at, -3),
            MouseEventKind::ScrollDown => self.wheel(at, 3),
            _ => Vec::new(),
        }
    }

    fn press(&mut self, at: Position) -> Vec<Action> {
        if let Some(layer) = self.layers.last_mut() {
            layer.click(at);
            return Vec::new();
        }
        if let Some((from, cells)) =
            self.slider.filter(|(from, cells)| at.y == 0 && (*from..from + cells).contains(&at.x))
        {
            return self.slide_to(usize::from(at.x - from), usize::from(cells - 1));
        }
        let Some(layout) = &self.layout else { return Vec::new() };
        let area = layout.at(at).copied();
        if let Some(divider) = layout.divider_at(at) {
            self.dragged = Some((divider, at));
        }
        let Some(area) = area else { return Vec::new() };
        let pane = pane_of(area.slot);
        self.focus = pane;
        if !area.body.contains(at) {
            return Vec::new();
        }
        let now = Instant::now();
        let double = self.last_click.is_some_and(|(place, when)| place == at && now.duration_since(when) < DOUBLE);
        self.last_click = Some((at, now));
        let Self { panes, scene, .. } = self;
        let requests = panes.get(pane).click(at, double, &scene.look());
        self.requests(requests)
    }

    fn drag(&mut self, at: Position) -> Vec<Action> {
        if let Some((from, cells)) =
            self.slider.filter(|_| at.y == 0 && self.dragged.is_none() && self.layers.is_empty())
        {
            return self.slide_to(usize::from(at.x.saturating_sub(from)), usize::from(cells - 1));
        }
        if let Some((divider, from)) = self.dragged {
            let by = |to: u16, from: u16| i16::try_from(i32::from(to) - i32::from(from)).unwrap_or(0);
            self.splits.drag(divider, by(at.x, from.x), by(at.y, from.y));
            self.dragged = Some((divider, at));
        }
        Vec::new()
    }

    fn wheel(&mut self, at: Position, rows: i32) -> Vec<Action> {
        if let Some(layer) = self.layers.last_mut() {
            layer.scroll(rows);
            return Vec::new();
        }
        let slot = self.layout.as_ref().and_then(|layout| layout.at(at)).map(|area| area.slot);
        if let Some(slot) = slot {
            let Self { panes, scene, .. } = self;
            match slot {
                Slot::Pane(pane) => panes.get(pane).scroll(Self::clamp_rows(rows), &scene.look()),
                Slot::Detail(which) => panes.data.scroll_detail(which, Self::clamp_rows(rows)),
            }
        }
        Vec::new()
    }
}

/// The pane that a slot belongs to.
fn pane_of(slot: Slot) -> Pane {
    match slot {
        Slot::Pane(pane) => pane,
        Slot::Detail(_) => Pane::Data,
    }
}
