//! Pane 6: where the branch that is looked at stands, what is around it, and the branches beside it.

mod frames;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::PaneView;
use super::list::List;
use super::note;
use super::parts::{has, no_run, separator};
use crate::debug::StatePath;
use crate::engine::BranchId;
use crate::tui::command::{Command, Focus};
use crate::tui::look::{Look, Request, RunLook};
use frames::Frame;

pub(super) use frames::waits_for;

/// Cells of a row when nobody says how many there are.
const WIDE: u16 = 240;

/// The pane of branches and executions.
#[derive(Debug, Default)]
pub struct StackPane {
    list: List,
    frames: Vec<Frame>,
    /// The run and the branch that was looked at when this was last drawn.
    seen: Option<(u32, BranchId)>,
}

impl StackPane {
    /// An empty pane.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn frame(&self) -> Option<&Frame> {
        self.frames.get(self.list.cursor())
    }

    fn read(&mut self, run: &RunLook<'_>) {
        self.frames = frames::frames(run);
        self.list.set_len(self.frames.len());
        let now = Some((run.run.number, run.focus));
        if self.seen != now {
            self.list.select(0);
            self.seen = now;
        }
    }

    fn open(&self, look: &Look<'_>) -> Vec<Request> {
        let (Some(run), Some(frame)) = (&look.run, self.frame()) else { return Vec::new() };
        if let Some(inside) = frame.inside(run) {
            return vec![Request::LookInside(inside)];
        }
        let mut requests = Vec::new();
        requests.extend(frame.branch().filter(|branch| *branch != run.focus).map(Request::LookAtBranch));
        if let Frame::State { state, .. } = frame {
            let place = look.machine.and_then(|machine| machine.states.get(state.0 as usize));
            requests.extend(place.map(|state| Request::ShowSource(state.name_span.start as usize)));
        }
        requests
    }

    fn copy(&self, command: Command, look: &Look<'_>) -> Option<Request> {
        let (run, frame) = (look.run.as_ref()?, self.frame()?);
        Some(match command {
            Command::CopyText => Request::Copy("text", self.row_text(look)),
            Command::CopyPath => Request::Copy("path", StatePath::of(look.machine?, frame.state(run)?).to_string()),
            _ => {
                let branch = run.view.branches.iter().find(|branch| Some(branch.id) == frame.branch())?;
                Request::Copy("value", branch.data.to_json())
            }
        })
    }
}

impl PaneView for StackPane {
    fn title(&self, look: &Look<'_>) -> String {
        let Some(run) = look.run.as_ref().filter(|run| !run.view.status.is_done()) else { return String::new() };
        let branches = (run.view.branch_count > 1).then(|| format!("{} branches", run.view.branch_count));
        let label = super::history::branch_label(run.log(), run.focus);
        label.into_iter().chain(branches).collect::<Vec<_>>().join(separator(look.glyphs))
    }

    fn draw(&mut self, look: &Look<'_>, area: Rect, focused: bool, buffer: &mut Buffer) -> Option<Position> {
        let Some(run) = &look.run else {
            self.list.clear();
            return note::draw(&no_run(look, Focus::Stack).unwrap_or_default(), look, area, buffer);
        };
        self.read(run);
        let frames = &self.frames;
        self.list.draw(look, area, focused, buffer, |row| {
            frames.get(row).map(|frame| frame.line(run, look, area.width)).unwrap_or_default()
        })
    }

    fn command(&mut self, command: Command, look: &Look<'_>) -> Option<Vec<Request>> {
        look.run.as_ref()?;
        if self.list.motion(command).is_some() {
            return Some(Vec::new());
        }
        Some(match command {
            Command::Open => self.open(look),
            Command::CopyValue | Command::CopyPath | Command::CopyText => {
                self.copy(command, look).into_iter().collect()
            }
            _ => return None,
        })
    }

    fn click(&mut self, at: Position, double: bool, look: &Look<'_>) -> Vec<Request> {
        let Some(row) = self.list.row_at(at) else { return Vec::new() };
        self.list.select(row);
        if double { self.open(look) } else { Vec::new() }
    }

    fn scroll(&mut self, rows: i32, _: &Look<'_>) {
        self.list.scroll(rows);
    }

    fn search(&mut self, text: &str, forward: bool, look: &Look<'_>) -> bool {
        let Some(run) = &look.run else { return false };
        let (frames, wanted) = (&self.frames, text.to_lowercase());
        self.list.find(forward, |row| {
            frames.get(row).is_some_and(|frame| has(&frame.line(run, look, WIDE).to_string(), &wanted))
        })
    }

    fn row_text(&self, look: &Look<'_>) -> String {
        let line = look.run.as_ref().zip(self.frame()).map(|(run, frame)| frame.line(run, look, WIDE));
        line.map(|line| line.to_string().trim().to_owned()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
