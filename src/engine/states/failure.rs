//! What follows a failure: a retry, a catcher, or the failure of what is around.

use std::sync::Arc;

use super::super::fault::{DATA_LIMIT_EXCEEDED, QUERY_EVALUATION_ERROR, RUNTIME};
use super::super::machine::Purpose;
use super::super::retry;
use super::{Blocked, Branch, Chosen, EventKind, Fault, Flow, Log, Machine, Stage, Status};
use crate::asl::StateKind;

impl Machine {
    /// Decides what becomes of `branch`, whose state failed with `fault`.
    pub(in super::super) fn fail(&mut self, branch: &mut Branch, fault: Fault, log: &mut Log) -> Flow {
        let mut fault = fault.within_limits();
        let execution = Arc::clone(&self.execution);
        let state = execution.machine.state(branch.state);
        // Faults that came up from a branch keep their origin.
        fault.state.get_or_insert(branch.state);
        fault.stage.get_or_insert(branch.stage);
        if fault.state == Some(branch.state) {
            self.record_fault(branch, &fault, log);
        }
        if fault.name() == RUNTIME {
            // Nothing catches it; the execution ends at once, without an event of the state (recorded).
            branch.forget_children();
            self.end(Status::Failed(Arc::new(fault)), branch.last, log);
            return Flow::Ended;
        }
        let is_own = is_for_its_state(branch);
        if is_own && let Some(flow) = self.retry(branch, &fault) {
            return flow;
        }
        let has_children = branch.children.take().is_some() || branch.run.is_some() || branch.kept.is_some();
        if has_children || is_entry_of_children(&fault, branch, &state.kind) {
            let kind = match state.kind {
                StateKind::Map(_) => EventKind::MapFailed { state: branch.state },
                _ => EventKind::ParallelFailed { state: branch.state },
            };
            self.append(branch, kind, log);
        }
        if is_own && let Some(at) = retry::catcher(&state.catch, &fault) {
            branch.forget_children();
            branch.chosen = Some(Chosen::Catcher(at));
            branch.result = fault.output();
            branch.data = branch.result.clone();
            return Flow::Next(Stage::Catch);
        }
        if fault.name() == DATA_LIMIT_EXCEEDED {
            // A redrive does the whole state again, with what succeeded (developer guide, redriving executions).
            branch.forget_children();
        }
        match branch.parent {
            None => self.end(Status::Failed(Arc::new(fault)), branch.last, log),
            Some(parent) => self.child_failed(parent, branch, fault, log),
        }
        Flow::Ended
    }

    /// Waits for the next attempt, if a retrier matches and has one left.
    fn retry(&mut self, branch: &mut Branch, fault: &Fault) -> Option<Flow> {
        let execution = Arc::clone(&self.execution);
        let retriers = &execution.machine.state(branch.state).retry;
        let at = retry::retrier(retriers, fault)?;
        let retrier = &retriers[at];
        branch.retries.resize(retriers.len(), 0);
        if u64::from(branch.retries[at]) >= retrier.max_attempts {
            return None;
        }
        branch.retries[at] += 1;
        branch.retry_count += 1;
        branch.forget_children();
        // What the next attempt begins with is what is seen, and edited, while it is waited for.
        branch.data = branch.effective.clone();
        let delay = retry::delay_millis(retrier, branch.retries[at], &mut self.random);
        let until = self.now.plus_millis(delay);
        branch.block(Blocked::Retry(until));
        self.set_timer(until, branch.id, branch.epoch, Purpose::Resume);
        if branch.token.is_some() {
            // Each attempt is a task of its own: who holds the token of the one that failed cannot end this one.
            branch.token = Some(self.new_token());
        }
        Some(Flow::Blocked)
    }
}

/// Whether `fault` is a failed evaluation that keeps a Map or Parallel from starting: it fails as if it had (recorded
/// for Map).
fn is_entry_of_children(fault: &Fault, branch: &Branch, kind: &StateKind) -> bool {
    let is_own = fault.state == Some(branch.state) && fault.stage.is_some_and(|stage| stage <= Stage::Work);
    is_own
        && branch.stage != Stage::ItemSelector
        && fault.name() == QUERY_EVALUATION_ERROR
        && matches!(kind, StateKind::Map(_) | StateKind::Parallel(_))
}

/// Whether a failure is for the retriers and catchers of the state that `branch` is in: not while an iteration is being
/// given its input, for then the state is the Map around it, and not while a catcher is at work, which would find
/// itself again for ever.
fn is_for_its_state(branch: &Branch) -> bool {
    branch.stage != Stage::ItemSelector && !matches!(branch.chosen, Some(Chosen::Catcher(_)))
}
