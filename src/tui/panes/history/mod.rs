//! Pane 4: the events. The row that is marked is the moment looked at; moving in the list is time travel.

mod index;
mod row;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::PaneView;
use super::list::List;
use super::note;
use super::parts::{keys, no_run, separator};
use crate::asl::StateId;
use crate::debug::StatePath;
use crate::engine::{Event, EventKind};
use crate::tui::command::{Command, Focus};
use crate::tui::look::{Look, Request, RunLook};
use crate::value::Value;
use index::{Index, Matcher};
use row::Columns;

pub(super) use row::branch_label;

/// What [`Request::LookAtEvent`] has for the newest moment, whatever comes after it.
pub const NEWEST: usize = usize::MAX;

/// Cells of a row when nobody says how many there are.
const WIDE: u16 = 240;

/// The pane of the events.
#[derive(Debug, Default)]
pub struct HistoryPane {
    list: List,
    index: Index,
    /// Times of the day instead of seconds since the start.
    absolute: bool,
    /// Whether the cursor stays on the newest event.
    follow: bool,
    live: bool,
    /// The run and the moment that the cursor was last put on.
    seen: Option<(u32, usize)>,
}

impl HistoryPane {
    /// An empty pane.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Shows only events with `text` in their type, state, error or cause; all for an empty text.
    pub fn set_filter(&mut self, text: &str) {
        self.index.set_filter(text);
        self.seen = None;
    }

    /// What the rows are filtered by.
    #[must_use]
    pub fn filter(&self) -> &str {
        self.index.filter()
    }

    /// Whether the filter has more events to read: the pane wants to be drawn again.
    #[must_use]
    pub fn is_reading(&self, look: &Look<'_>) -> bool {
        look.run.as_ref().is_some_and(|run| !self.index.is_whole(run.log()))
    }

    /// The state of the event under the cursor.
    #[must_use]
    pub fn state(&self, look: &Look<'_>) -> Option<StateId> {
        self.event(look.run.as_ref()?)?.kind.state()
    }

    /// Shows times of the day, or seconds since the start again.
    pub fn toggle_times(&mut self) {
        self.absolute = !self.absolute;
    }

    fn event<'l>(&self, run: &'l RunLook<'_>) -> Option<&'l Event> {
        run.log().event(self.index.id(self.list.cursor(), run.log())?)
    }

    /// Puts the cursor on the moment looked at when that changed, unless the user scrolled away from a run that goes on.
    fn sync(&mut self, run: &RunLook<'_>) {
        self.follow |= run.live && !self.live;
        self.live = run.live;
        let now = (run.run.number, run.moment.events);
        if self.seen != Some(now) && (self.follow || !run.live) {
            self.list.select(self.index.row_of(run.moment.events));
        }
        // As long as the filter reads, the row of the moment is not known.
        self.seen = self.index.is_whole(run.log()).then_some(now);
    }

    /// Goes to the moment of the event under the cursor.
    fn travel(&mut self, run: &RunLook<'_>) -> Vec<Request> {
        let Some(id) = self.event(run).map(|event| event.id.0 as usize) else { return Vec::new() };
        self.follow = id == run.log().events.len();
        vec![Request::LookAtEvent(if self.follow { NEWEST } else { id })]
    }

    fn open(&mut self, run: &RunLook<'_>) -> Vec<Request> {
        let state = self.event(run).and_then(|event| event.kind.state());
        let mut requests = self.travel(run);
        requests.extend(state.map(Request::LookAtState));
        requests
    }

    fn fold(&mut self, folded: bool) -> Vec<Request> {
        self.index.set_folded(folded);
        self.seen = None;
        Vec::new()
    }

    fn copy(&self, command: Command, look: &Look<'_>) -> Option<Request> {
        let run = look.run.as_ref()?;
        let event = self.event(run)?;
        Some(match command {
            Command::CopyValue => Request::Copy(
                "value",
                payload(event).map_or_else(
                    || crate::engine::history::event_to_json(event, run.run.handle().execution()).to_json(),
                    Value::to_json,
                ),
            ),
            Command::CopyPath => {
                let state = event.kind.state()?;
                Request::Copy("path", StatePath::of(look.machine?, state).to_string())
            }
            _ => Request::Copy("text", self.row_text(look)),
        })
    }
}

/// The data that an event carries.
fn payload(event: &Event) -> Option<&Value> {
    match &event.kind {
        EventKind::ExecutionStarted { input } | EventKind::StateEntered { input, .. } => Some(input),
        EventKind::TaskScheduled { scheduled, .. } => Some(&scheduled.input),
        EventKind::ExecutionSucceeded { output }
        | EventKind::StateExited { output, .. }
        | EventKind::TaskSubmitted { output, .. }
        | EventKind::TaskSucceeded { output, .. } => Some(output),
        _ => None,
    }
}

impl PaneView for HistoryPane {
    fn title(&self, look: &Look<'_>) -> String {
        let Some(run) = &look.run else { return String::new() };
        let total = run.log().events.len();
        let mut parts = Vec::new();
        if self.index.is_folded() {
            parts.push("visits".to_owned());
        }
        if !self.filter().is_empty() {
            let more = if self.index.is_whole(run.log()) { "" } else { "+" };
            parts.push(format!("\"{}\" {}{more} of {total}", self.filter(), self.index.len(run.log())));
        }
        if !run.live {
            parts.push(format!("{} of {total}", run.moment.events));
        } else if self.follow && !run.view.paused && !run.view.status.is_done() {
            parts.push("follow".to_owned());
        }
        parts.join(separator(look.glyphs))
    }

    fn draw(&mut self, look: &Look<'_>, area: Rect, focused: bool, buffer: &mut Buffer) -> Option<Position> {
        let Some(run) = &look.run else {
            self.list.clear();
            return note::draw(&no_run(look, Focus::History).unwrap_or_default(), look, area, buffer);
        };
        self.index.read(run);
        self.list.set_len(self.index.len(run.log()));
        self.sync(run);
        if self.list.len() == 0 {
            self.list.clear();
            let keys = keys(&[(Command::Close, "shows all events"), (Command::Filter, "filters anew")], Focus::History);
            return note::draw(&[format!("No event has \"{}\" in it. {keys}.", self.filter())], look, area, buffer);
        }
        let columns = Columns::new(area.width, run, self.absolute);
        let index = &self.index;
        self.list.draw(look, area, focused, buffer, |row| {
            let event = index.id(row, run.log()).and_then(|id| run.log().event(id));
            event.map(|event| columns.line(event, run, look)).unwrap_or_default()
        })
    }

    fn command(&mut self, command: Command, look: &Look<'_>) -> Option<Vec<Request>> {
        let run = look.run.as_ref()?;
        if command == Command::End {
            self.follow = true;
            self.list.motion(command);
            return Some(vec![Request::LookAtEvent(NEWEST)]);
        }
        if let Some(moved) = self.list.motion(command) {
            return Some(if moved { self.travel(run) } else { Vec::new() });
        }
        Some(match command {
            Command::Open => self.open(run),
            Command::Fold => self.fold(true),
            Command::Unfold => self.fold(false),
            Command::Close if !self.filter().is_empty() => {
                self.set_filter("");
                Vec::new()
            }
            Command::ToggleBreakpoint => self.state(look).map(Request::ToggleBreakpoint).into_iter().collect(),
            Command::CopyValue | Command::CopyPath | Command::CopyText => {
                self.copy(command, look).into_iter().collect()
            }
            _ => return None,
        })
    }

    fn click(&mut self, at: Position, double: bool, look: &Look<'_>) -> Vec<Request> {
        let (Some(run), Some(row)) = (&look.run, self.list.row_at(at)) else { return Vec::new() };
        self.list.select(row);
        if double { self.open(run) } else { self.travel(run) }
    }

    fn scroll(&mut self, rows: i32, _: &Look<'_>) {
        self.list.scroll(rows);
        self.follow = self.list.cursor() + 1 >= self.list.len();
    }

    fn search(&mut self, text: &str, forward: bool, look: &Look<'_>) -> bool {
        let Some(run) = &look.run else { return false };
        let matcher = Matcher::new(text, run);
        let (index, log) = (&self.index, run.log());
        let found = self.list.find(forward, |row| {
            index.id(row, log).and_then(|id| log.event(id)).is_some_and(|event| matcher.matches(event))
        });
        self.follow &= !found;
        found
    }

    fn row_text(&self, look: &Look<'_>) -> String {
        let Some(run) = &look.run else { return String::new() };
        let columns = Columns::new(WIDE, run, self.absolute);
        self.event(run).map(|event| columns.line(event, run, look).to_string().trim().to_owned()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
