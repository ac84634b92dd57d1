//! What is written: events, the values of stages, the end.

use std::sync::Arc;

use super::Machine;
use crate::engine::branch::Branch;
use crate::engine::effect::{Effect, TaskId};
use crate::engine::event::{Event, EventKind};
use crate::engine::execution::Status;
use crate::engine::fault::{Fault, RUNTIME};
use crate::engine::ids::{BranchId, EventId};
use crate::engine::log::{Log, StageRecord};
use crate::engine::stage::Stage;
use crate::value::Value;

impl Machine {
    /// Writes an event; after the end of the execution nothing is written any more.
    pub(in crate::engine) fn write(
        &mut self,
        branch: BranchId,
        previous: EventId,
        kind: EventKind,
        log: &mut Log,
    ) -> EventId {
        if self.status.is_done() {
            return previous;
        }
        let id = EventId(u32::try_from(log.events.len()).unwrap_or(u32::MAX).saturating_add(1));
        if !kind.is_end() && self.execution.max_events.is_some_and(|most| id.0 >= most) {
            self.end(Status::Failed(Arc::new(too_many_events(id))), previous, log);
            return previous;
        }
        log.events.push(Event { id, previous, at: self.now, branch, step: self.steps, kind });
        id
    }

    /// Writes an event at the end of the branch's thread.
    pub(in crate::engine) fn append(&mut self, branch: &mut Branch, kind: EventKind, log: &mut Log) {
        branch.last = self.write(branch.id, branch.last, kind, log);
    }

    /// Records the value after a stage.
    pub(in crate::engine) fn record(&self, branch: &Branch, stage: Stage, value: &Value, log: &mut Log) {
        if self.execution.record_stages {
            self.record_outcome(branch, stage, Ok(value.clone()), log);
        }
    }

    pub(in crate::engine) fn record_fault(&self, branch: &Branch, fault: &Fault, log: &mut Log) {
        if self.execution.record_stages {
            let stage = fault.stage.unwrap_or(branch.stage);
            self.record_outcome(branch, stage, Err(Arc::new(fault.clone())), log);
        }
    }

    fn record_outcome(&self, branch: &Branch, stage: Stage, outcome: Result<Value, Arc<Fault>>, log: &mut Log) {
        let (branch, state, visit) = (branch.id, branch.state, branch.entered);
        log.stages.push(StageRecord { step: self.steps, branch, state, visit, stage, outcome });
    }

    /// Ends the execution.
    pub(in crate::engine) fn end(&mut self, status: Status, previous: EventId, log: &mut Log) {
        let kind = match &status {
            Status::Running => return,
            Status::Succeeded(output) => EventKind::ExecutionSucceeded { output: output.clone() },
            Status::Failed(fault) => EventKind::ExecutionFailed(fault.clone()),
            Status::TimedOut(fault) => EventKind::ExecutionTimedOut(fault.clone()),
            Status::Aborted(fault) => EventKind::ExecutionAborted(fault.clone()),
        };
        self.abort_map_runs(log);
        // What fails again without an event of its own links to the redrive (reported for Fail).
        let previous = if matches!(status, Status::Failed(_)) { previous.max(self.redriven_by) } else { previous };
        self.write(BranchId::MAIN, previous, kind, log);
        self.status = status;
        let mut waiting: Vec<TaskId> = self.tasks.drain().map(|(task, _)| task).collect();
        waiting.sort_unstable();
        self.effects.extend(waiting.into_iter().map(Effect::Cancel));
        self.ready.clear();
        self.timers.clear();
    }
}

fn too_many_events(id: EventId) -> Fault {
    let cause = format!("The execution reached the maximum number of history events ({}).", id.0);
    Fault::new(RUNTIME, cause)
}
