//! Redrives: an execution that ended without success goes on where it stood.
//!
//! What succeeded stays as it is. A state that was entered and not left is done again from its input, without entering it
//! again; its retriers and timeouts start afresh (developer guide, redriving executions; histories as reported).

use super::branch::Branch;
use super::event::EventKind;
use super::execution::{ExecutionType, Status};
use super::ids::{BranchId, EventId};
use super::log::Log;
use super::machine::Machine;
use super::stage::Stage;
use super::states::following;
use crate::asl::StateKind;

impl Machine {
    /// Whether it can be redriven, as far as the engine knows: it is Standard, has ended without success, and its history
    /// has room for two more events (API, RedriveExecution).
    #[must_use]
    pub fn is_redrivable(&self, log: &Log) -> bool {
        let has_room = self.execution.max_events.is_none_or(|most| log.events.len() + 1 < most as usize);
        let is_unsuccessful = self.status.is_done() && !matches!(self.status, Status::Succeeded(_));
        self.execution.kind == ExecutionType::Standard && is_unsuccessful && has_room
    }

    /// Goes on with it; returns whether it can.
    pub(super) fn redrive(&mut self, log: &mut Log) -> bool {
        if !self.is_redrivable(log) {
            return false;
        }
        self.steps += 1;
        self.status = Status::Running;
        self.redriven.count += 1;
        self.redriven.at = Some(self.now);
        let last = EventId(u32::try_from(log.events.len()).unwrap_or(u32::MAX));
        let kind = EventKind::ExecutionRedriven { count: self.redriven.count };
        self.redriven_by = self.write(BranchId::MAIN, last, kind, log);
        self.limit_lifetime();
        // Who was started comes after who started it.
        for at in 0..self.branches.len() {
            let id = BranchId(u32::try_from(at).unwrap_or(u32::MAX));
            if let Some(branch) = self.take(id).filter(|branch| self.counts_again(branch)) {
                self.resume_branch(branch);
            }
        }
        true
    }

    /// Whether what started `branch` still waits for it; then it is one more of those it waits for.
    fn counts_again(&mut self, branch: &Branch) -> bool {
        let Some(parent) = branch.parent else { return true };
        let parent = self.branches.get_mut(parent.0 as usize).and_then(Option::as_mut);
        let Some(children) = parent.and_then(|parent| parent.children.as_mut()) else { return false };
        children.running += 1;
        true
    }

    fn resume_branch(&mut self, mut branch: Box<Branch>) {
        self.mend(&mut branch);
        branch.retry_count = 0;
        branch.retries.clear();
        branch.chosen = None;
        branch.assigned = None;
        if let Some(kept) = branch.kept.take() {
            branch.children = Some(Box::new(kept.children.clone()));
            for started in &kept.branches {
                self.put(Box::new(started.clone()));
            }
        }
        let id = branch.id;
        if let Some(children) = &mut branch.children {
            // Counted again as they are found.
            children.running = 0;
            branch.block(super::Blocked::Children);
            self.put(branch);
            return;
        }
        branch.unblock();
        if branch.run.is_some() {
            branch.stage = Stage::Work;
        } else if !matches!(branch.stage, Stage::Enter | Stage::ItemSelector) {
            self.restart_state(&mut branch);
        }
        self.put(branch);
        self.ready.push_back(id);
    }

    /// Makes `branch` do its state again: what follows links to where the state was entered.
    fn restart_state(&mut self, branch: &mut Branch) {
        branch.data = branch.input.clone();
        branch.effective = branch.input.clone();
        branch.stage = following(Stage::Enter);
        branch.last = branch.entered;
        let has_token = match &self.execution.machine.state(branch.state).kind {
            StateKind::Task(task) => task.resource.has_token(),
            _ => false,
        };
        branch.token = has_token.then(|| self.new_token());
    }
}
