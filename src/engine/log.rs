//! The record of a run: history events, the value after each stage, and where branches came from.

use std::collections::HashSet;
use std::sync::Arc;

use super::change::ChangeKind;
use super::chunks::Chunks;
use super::event::{Event, EventKind};
use super::fault::Fault;
use super::ids::{BranchId, EventId};
use super::map_run::{ChildExecution, MapRunId};
use super::stage::Stage;
use crate::asl::StateId;
use crate::value::Value;

/// The record of a run. Grows only; a clone is cheap and does not change when the run goes on.
#[derive(Debug, Clone, Default)]
pub struct Log {
    /// The history.
    pub events: Chunks<Event>,
    /// What each stage gave, when stages are recorded.
    pub stages: Chunks<StageRecord>,
    /// Where each branch came from, by [`BranchId`].
    pub branches: Chunks<Origin>,
    /// The child executions of Map Runs that have ended, in the order of their ends. Those that were redriven are there
    /// once for each time.
    pub executions: Chunks<Arc<ChildExecution>>,
    /// What was changed by hand.
    pub changes: Chunks<ChangeRecord>,
}

/// A change by hand.
#[derive(Debug, Clone)]
pub struct ChangeRecord {
    /// The step that it was.
    pub step: u64,
    /// The number of events that had been written by then.
    pub events: usize,
    /// The thread.
    pub branch: BranchId,
    /// The state it was in.
    pub state: StateId,
    /// The data before.
    pub before: Value,
    /// What was changed.
    pub kind: ChangeKind,
}

/// What one stage of a visit to a state gave.
#[derive(Debug, Clone)]
pub struct StageRecord {
    /// The step of the machine that performed it.
    pub step: u64,
    /// The thread.
    pub branch: BranchId,
    /// The state.
    pub state: StateId,
    /// The visit: its `StateEntered` event. For an `ItemSelector` that of the Map state.
    pub visit: EventId,
    /// The stage.
    pub stage: Stage,
    /// Its value, or why it failed.
    pub outcome: Result<Value, Arc<Fault>>,
}

/// Where a branch came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    /// The branch that started it; for the execution's own thread itself.
    pub parent: BranchId,
    /// The visit of the Parallel or Map state that started it.
    pub visit: EventId,
    /// The Parallel or Map state; none for the execution's own thread.
    pub state: Option<StateId>,
    /// Number of the branch or iteration, from 0.
    pub index: u32,
}

impl Log {
    /// The event `id`.
    #[must_use]
    pub fn event(&self, id: EventId) -> Option<&Event> {
        self.events.get((id.0 as usize).checked_sub(1)?)
    }

    /// The number of events written up to and including step `step`.
    #[must_use]
    pub fn events_at(&self, step: u64) -> usize {
        self.events.partition_point(|event| event.step <= step)
    }

    /// The stages of the visit that event `visit` began, in the order in which they were performed.
    ///
    /// Looks only between the visit's first and last step: what other branches did in between is skipped.
    #[must_use]
    pub fn stages_of(&self, visit: EventId) -> Vec<&StageRecord> {
        let Some(entered) = self.event(visit) else { return Vec::new() };
        let from = self.stages.partition_point(|record| record.step < entered.step);
        let to = self
            .exit_of(visit)
            .map_or(self.stages.len(), |exited| self.stages.partition_point(|record| record.step <= exited.step));
        self.stages.range(from, to).filter(|record| record.visit == visit && record.branch == entered.branch).collect()
    }

    /// The event that ended the visit that event `visit` began: left, aborted, or the end of the execution.
    #[must_use]
    pub fn exit_of(&self, visit: EventId) -> Option<&Event> {
        let entered = self.event(visit)?;
        let state = entered.kind.state();
        let ends = |event: &&Event| {
            let is_own = event.branch == entered.branch && event.kind.state() == state;
            match event.kind {
                EventKind::StateExited { .. } => is_own,
                EventKind::StateAborted { .. } => is_own && !self.is_redriven_after(event),
                _ => event.kind.is_end() && !self.is_redriven_after(event),
            }
        };
        self.events.range(visit.0 as usize, self.events.len()).find(ends)
    }

    /// Whether the execution was redriven after `event`: what was not left by then goes on.
    fn is_redriven_after(&self, event: &Event) -> bool {
        let later = self.events.range(event.id.0 as usize, self.events.len());
        let mut redrives = later.filter(|later| matches!(later.kind, EventKind::ExecutionRedriven { .. }));
        redrives.next().is_some()
    }

    /// The last visit to `state` within the first `events` events.
    #[must_use]
    pub fn last_visit(&self, state: StateId, events: usize) -> Option<EventId> {
        let mut entered = self.events.range(0, events).rev().filter(|event| is_entry(event, state));
        entered.next().map(|event| event.id)
    }

    /// The visits to `state` within the first `events` events.
    pub fn visits(&self, state: StateId, events: usize) -> impl Iterator<Item = EventId> {
        self.events.range(0, events).filter(move |event| is_entry(event, state)).map(|event| event.id)
    }

    /// The child executions of a Map Run that have ended, each as it ended last, in the order of those ends.
    #[must_use]
    pub fn children_of(&self, run: MapRunId) -> Vec<Arc<ChildExecution>> {
        let mut seen = HashSet::new();
        let of_run = self.executions.iter().rev().filter(|child| child.run == run && seen.insert(child.index));
        let mut children: Vec<_> = of_run.cloned().collect();
        children.reverse();
        children
    }

    /// The branches and iterations around `branch`, itself included, outermost first: the state that started each, and
    /// its number. Empty for the execution's own thread.
    #[must_use]
    pub fn place_of(&self, branch: BranchId) -> Vec<(StateId, u32)> {
        if branch == BranchId::MAIN {
            return Vec::new();
        }
        let origins = self.branch_path(branch).into_iter().filter_map(|id| self.branches.get(id.0 as usize));
        origins.filter_map(|origin| Some((origin.state?, origin.index))).collect()
    }

    /// The branches from the execution's own thread to `branch`.
    #[must_use]
    pub fn branch_path(&self, branch: BranchId) -> Vec<BranchId> {
        let mut path = vec![branch];
        while let Some(origin) = path.last().and_then(|last| self.branches.get(last.0 as usize)) {
            if origin.state.is_none() {
                break;
            }
            path.push(origin.parent);
        }
        path.reverse();
        path
    }
}

fn is_entry(event: &Event, state: StateId) -> bool {
    matches!(event.kind, EventKind::StateEntered { state: entered, .. } if entered == state)
}
