//! The iterations of a Map and the branches of a Parallel as rows, followed event by event.

use std::collections::HashMap;
use std::sync::Arc;

use ratatui::text::Span;

use super::detail::Subject;
use crate::asl::{StateId, StateKind, StateMachine, Transition};
use crate::config::Role;
use crate::debug::Visit;
use crate::engine::{Blocked, BranchId, Event, EventId, EventKind, Log};
use crate::tui::look::{Look, RunLook};
use crate::tui::panes::parts::{name, preview, styled};
use crate::tui::panes::stack::waits_for;
use crate::value::Value;

/// The iterations or branches that a visit started.
#[derive(Debug, Default)]
pub(super) struct Children {
    visit: Option<(u32, EventId)>,
    is_map: bool,
    slots: Vec<Child>,
    /// The Map Run that a distributed Map started instead.
    map_run: Option<Arc<str>>,
    /// The place of each branch that the visit started.
    places: HashMap<BranchId, usize>,
    branches_read: usize,
    events_read: usize,
    /// Whether the visit is over, so that nothing more can happen to them.
    over: bool,
}

/// One iteration or branch.
#[derive(Debug, Clone, Copy, Default)]
struct Child {
    branch: Option<BranchId>,
    status: Status,
    /// The event that entered its first state.
    first: EventId,
    /// The event that left its last state.
    last: EventId,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Status {
    #[default]
    NotStarted,
    Started,
    In(StateId),
    Left(StateId),
    Done,
    Failed,
    Aborted,
}

impl Children {
    /// The number of rows.
    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    /// The branch of row `at`.
    pub(super) fn branch(&self, at: usize) -> Option<BranchId> {
        self.slots.get(at)?.branch
    }

    /// Brings them to the moment; going on reads only what is new.
    pub(super) fn read(&mut self, run: &RunLook<'_>, visit: &Visit) {
        let machine = &run.run.handle().execution().machine;
        let log = run.log();
        let key = Some((run.run.number, visit.entered));
        if self.visit != key || run.moment.events < self.events_read {
            *self = Self { visit: key, events_read: visit.entered.0 as usize, ..Self::default() };
        }
        match machine.states.get(visit.state.0 as usize).map(|state| &state.kind) {
            Some(StateKind::Map(_)) => self.is_map = true,
            Some(StateKind::Parallel(_)) => {}
            _ => return,
        }
        if self.over {
            return;
        }
        self.read_branches(log, visit);
        for event in log.events.range(self.events_read, run.moment.events) {
            self.take(event, visit, machine);
        }
        self.events_read = run.moment.events.max(visit.entered.0 as usize);
    }

    fn read_branches(&mut self, log: &Log, visit: &Visit) {
        for at in self.branches_read..log.branches.len() {
            let Some(origin) = log.branches.get(at) else { break };
            if origin.visit == visit.entered && origin.parent == visit.branch && origin.state.is_some() {
                let id = BranchId(u32::try_from(at).unwrap_or(u32::MAX));
                self.places.insert(id, origin.index as usize);
            }
        }
        self.branches_read = log.branches.len();
    }

    fn take(&mut self, event: &Event, visit: &Visit, machine: &StateMachine) {
        if event.branch == visit.branch && event.kind.state() == Some(visit.state) {
            match &event.kind {
                // A retry starts all of them anew.
                EventKind::MapStarted { length, .. } => self.slots = vec![Child::default(); *length as usize],
                // Its child executions are no branches here.
                EventKind::MapRunStarted { arn, .. } => {
                    self.slots.clear();
                    self.map_run = Some(arn.clone());
                }
                EventKind::ParallelStarted { .. } => {
                    let branches = match machine.states.get(visit.state.0 as usize).map(|state| &state.kind) {
                        Some(StateKind::Parallel(parallel)) => parallel.branches.len(),
                        _ => 0,
                    };
                    self.slots = vec![Child::default(); branches];
                }
                EventKind::StateExited { .. } | EventKind::StateAborted { .. } => self.over = true,
                _ => {}
            }
            return;
        }
        let place = self.places.get(&event.branch).and_then(|place| self.slots.get_mut(*place));
        if let Some(child) = place {
            child.take(event, machine);
        }
    }

    /// What stands above the rows.
    pub(super) fn heading(&self, run: &RunLook<'_>) -> Option<String> {
        if let Some(arn) = &self.map_run {
            return Some(self.map_run_heading(arn, run));
        }
        if self.slots.is_empty() {
            return None;
        }
        let number = |status: Status| self.slots.iter().filter(|child| child.status == status).count();
        let (done, failed) = (number(Status::Done), number(Status::Failed));
        let what = if self.is_map { "iterations" } else { "branches" };
        let failed = if failed > 0 { format!(", {failed} failed") } else { String::new() };
        Some(format!("  {what}: {done} of {} done{failed}", self.slots.len()))
    }

    /// What became of the child executions, as far as it is known for the moment; the stack lists each.
    fn map_run_heading(&self, arn: &str, run: &RunLook<'_>) -> String {
        let then = || Some(run.stood?.now.as_ref()?.map_runs());
        let runs = if run.live || self.over { Some(run.view.map_runs.as_slice()) } else { then() };
        let counts = runs.and_then(|runs| runs.iter().find(|known| *known.arn == *arn)).map(|known| known.executions);
        let Some(counts) = counts else { return "  child executions: 6 lists them".to_owned() };
        let failed = counts.unsuccessful();
        let failed = if failed > 0 { format!(", {failed} failed") } else { String::new() };
        format!("  child executions: {} of {} done{failed}", counts.succeeded, counts.total())
    }

    /// Row `at`.
    pub(super) fn spans(&self, at: usize, run: &RunLook<'_>, look: &Look<'_>, room: usize) -> Vec<Span<'static>> {
        let Some(child) = self.slots.get(at) else { return Vec::new() };
        let machine = &run.run.handle().execution().machine;
        let state = |state: StateId| name(machine, state).to_owned();
        let waits = child.waits(run);
        let (mark, role, words) = match child.status {
            Status::NotStarted => (look.glyphs.pending, Role::Muted, "not started".to_owned()),
            Status::Started => (look.glyphs.later, Role::Running, "started".to_owned()),
            Status::In(at) if waits.is_some() => {
                (look.glyphs.waiting, Role::Waiting, format!("in {}, {}", state(at), waits.unwrap_or_default()))
            }
            Status::In(at) => (look.glyphs.later, Role::Running, format!("in {}", state(at))),
            Status::Left(at) => (look.glyphs.later, Role::Running, format!("after {}", state(at))),
            Status::Done => (look.glyphs.visited, Role::Ok, "done".to_owned()),
            Status::Failed => (look.glyphs.failed, Role::Failed, "failed".to_owned()),
            Status::Aborted => (look.glyphs.failed, Role::Muted, "stopped".to_owned()),
        };
        let output = (child.status == Status::Done).then(|| child.output(run.log())).flatten();
        let output = output.map(|value| format!("  {}", preview(&value, room))).unwrap_or_default();
        vec![
            styled(format!("{mark} "), role, look),
            Span::raw(format!("{:<5} ", format!("[{at}]"))),
            styled(words, role, look),
            styled(output, Role::Muted, look),
        ]
    }

    /// What the details show of row `at`.
    pub(super) fn subject(&self, at: usize, run: &RunLook<'_>) -> Option<Subject> {
        let child = self.slots.get(at)?;
        let what = if self.is_map { "iteration" } else { "branch" };
        let before = child.input(run.log());
        Some(Subject {
            label: format!("{what} [{at}]"),
            base: before.clone(),
            before,
            after: child.output(run.log()).filter(|_| child.status == Status::Done),
            missing: "It has not come to its end.".to_owned(),
        })
    }
}

impl Child {
    fn take(&mut self, event: &Event, machine: &StateMachine) {
        if self.branch != Some(event.branch) {
            *self = Self { branch: Some(event.branch), ..Self::default() };
        }
        self.status = match event.kind {
            EventKind::IterationStarted { .. } => Status::Started,
            EventKind::IterationSucceeded { .. } => Status::Done,
            EventKind::IterationFailed { .. } => Status::Failed,
            EventKind::IterationAborted { .. } => Status::Aborted,
            EventKind::StateEntered { state, .. } => {
                if self.first == EventId::NONE {
                    self.first = event.id;
                }
                Status::In(state)
            }
            EventKind::StateExited { state, .. } => {
                self.last = event.id;
                // Only iterations have an event for their end. Where a catcher leads on, the next entry says so.
                let left = machine.states.get(state.0 as usize);
                let ends = left.is_some_and(|state| {
                    state.transition == Transition::End && !matches!(state.kind, StateKind::Choice(_))
                });
                if ends { Status::Done } else { Status::Left(state) }
            }
            EventKind::StateAborted { .. } => Status::Aborted,
            _ => self.status,
        };
    }

    /// What it waits for now.
    fn waits(&self, run: &RunLook<'_>) -> Option<String> {
        let branch = run.view.branches.iter().find(|branch| run.live && Some(branch.id) == self.branch)?;
        (branch.blocked != Blocked::No).then(|| waits_for(branch, run))
    }

    fn input(&self, log: &Log) -> Option<Value> {
        match &log.event(self.first)?.kind {
            EventKind::StateEntered { input, .. } => Some(input.clone()),
            _ => None,
        }
    }

    fn output(&self, log: &Log) -> Option<Value> {
        match &log.event(self.last)?.kind {
            EventKind::StateExited { output, .. } => Some(output.clone()),
            _ => None,
        }
    }
}
