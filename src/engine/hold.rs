//! Failures held: between a failure and what becomes of it stands a step, for a debugger that stops there.
//!
//! The branch stands before [`Stage::Failure`] then. Left alone it goes on as if nothing had been between, with the same
//! events. A change by hand takes the failure back: the stage that failed is done again.

use std::sync::Arc;

use super::branch::Branch;
use super::fault::{Fault, RUNTIME};
use super::ids::BranchId;
use super::log::Log;
use super::machine::{Flow, Machine};
use super::retry;
use super::stage::Stage;
use super::states::{due, is_for_its_state};

/// What becomes of a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outlook {
    /// The state of this branch is tried again.
    Retried(BranchId),
    /// A catcher of this branch's state takes it.
    Caught(BranchId),
    /// The execution fails.
    Fails,
}

impl Machine {
    /// What becomes of the failure that `branch` stands at; none if it stands at none.
    #[must_use]
    pub fn outlook(&self, branch: &Branch) -> Option<Outlook> {
        let fault = branch.failure()?;
        let mut next = Some(branch).filter(|_| fault.name() != RUNTIME);
        while let Some(branch) = next {
            let state = self.execution().machine.state(branch.state);
            let is_own = is_for_its_state(branch, branch.failed_stage().unwrap_or(branch.stage));
            let has_attempts = |at: usize| {
                let spent = branch.retries.get(at).copied().unwrap_or(0);
                state.retry.get(at).is_some_and(|retrier| u64::from(spent) < retrier.max_attempts)
            };
            if is_own && retry::retrier(&state.retry, fault).is_some_and(has_attempts) {
                return Some(Outlook::Retried(branch.id));
            }
            if is_own && retry::catcher(&state.catch, fault).is_some() {
                return Some(Outlook::Caught(branch.id));
            }
            next = branch.parent.and_then(|parent| self.branch(parent));
        }
        Some(Outlook::Fails)
    }

    /// Whether failures are held.
    #[must_use]
    pub fn holds_failures(&self) -> bool {
        self.holds_failures
    }

    /// Holds failures from now on, those of child executions as well, or no more.
    pub(super) fn hold_failures(&mut self, holds: bool) {
        self.holds_failures = holds;
        let children = self.branches().filter(|branch| branch.child().is_some());
        let children: Vec<BranchId> = children.map(|branch| branch.id).collect();
        for id in children {
            if let Some(mut branch) = self.take(id) {
                self.with_child(&mut branch, |child, _| child.hold_failures(holds));
                self.put(branch);
            }
        }
    }

    /// Lets `branch` stand at its failure.
    pub(super) fn hold(&self, branch: &mut Branch, fault: Fault) -> Flow {
        branch.failure = Some(Arc::new(fault));
        branch.stage = Stage::Failure;
        Flow::Held
    }

    /// Decides what becomes of the failure that `branch` stands at.
    pub(super) fn spread(&mut self, branch: &mut Branch, log: &mut Log) -> Flow {
        let Some(fault) = branch.failure.take() else { return Flow::Next(Stage::Exit) };
        branch.stage = fault.stage.unwrap_or(Stage::Work);
        self.decide(branch, Arc::unwrap_or_clone(fault), log)
    }

    /// The branch whose failure is decided next, if its turn can come.
    pub(super) fn next_failing(&self) -> Option<&Branch> {
        let only = self.only();
        let mut failing = self.failing.iter().filter_map(|id| self.branch(*id));
        failing.find(|branch| stands_at_failure(branch) && only.is_none_or(|only| self.is_within(branch.id, only)))
    }

    /// Takes the branch whose failure is decided next.
    pub(super) fn take_failing(&mut self) -> Option<BranchId> {
        if self.failing.is_empty() {
            return None;
        }
        let mut failing = std::mem::take(&mut self.failing);
        // Some were changed by hand, or stopped, since they failed.
        failing.retain(|id| self.branch(*id).is_some_and(stands_at_failure));
        self.failing = failing;
        let next = self.next_failing()?.id;
        self.failing.retain(|id| *id != next);
        Some(next)
    }

    /// Lets the child execution that `branch` stands for have its turn at once if it stands at a failure.
    pub(super) fn prefer_failing(&mut self, branch: BranchId, child: &Machine) {
        if child.next_failing().is_some() {
            self.failing.push_back(branch);
        }
    }

    /// Takes the failure back that `branch` stands at: it stands before the stage again that failed.
    pub(super) fn mend(&self, branch: &mut Branch) {
        let Some(fault) = branch.failure.take() else { return };
        let failed = fault.stage.unwrap_or(Stage::Work);
        let state = self.execution().machine.state(branch.state);
        // Stages that the state does not have may stand between a place of the data flow and the stage that failed.
        let places = [Stage::InputPath, Stage::Parameters, Stage::ResultSelector];
        branch.stage = places.into_iter().find(|place| due(state, *place) == failed).unwrap_or(failed);
    }

    /// The same where somebody changes what the stage works on: what a Map Run left is not gone on with.
    pub(super) fn take_back(&self, branch: &mut Branch) {
        if branch.failure.is_some() {
            self.mend(branch);
            branch.forget_children();
        }
    }

    /// Puts a branch back whose failure may have been taken back.
    pub(super) fn put_mended(&mut self, branch: Box<Branch>) {
        let id = branch.id;
        let was_failing = self.failing.contains(&id) && branch.stage != Stage::Failure;
        self.put(branch);
        if was_failing && !self.ready.contains(&id) {
            self.ready.push_front(id);
        }
    }
}

/// Whether `branch`, or the child execution that it stands for, stands at a failure.
fn stands_at_failure(branch: &Branch) -> bool {
    let inner = || branch.child().is_some_and(|child| child.machine.next_failing().is_some());
    branch.stage == Stage::Failure || inner()
}
