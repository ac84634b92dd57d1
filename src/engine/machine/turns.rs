//! Whose turn it is.

use super::{Flow, Machine};
use crate::engine::branch::Branch;
use crate::engine::ids::BranchId;

impl Machine {
    /// The branch that alone makes steps, with those that it starts; none: all take their turns.
    #[must_use]
    pub fn only(&self) -> Option<BranchId> {
        // When it is over, nothing is left that could be stepped alone.
        self.only.filter(|branch| self.branch(*branch).is_some())
    }

    /// Whether somebody could go on who may not.
    #[must_use]
    pub fn is_held_back(&self) -> bool {
        self.only().is_some_and(|only| !self.ready.is_empty() && !self.ready.iter().any(|id| self.is_within(*id, only)))
    }

    /// Brings the next branch to the front that may make a step; false if none of those that are ready may.
    pub(super) fn bring_forward(&mut self) -> bool {
        let Some(only) = self.only() else { return true };
        let Some(at) = self.ready.iter().position(|ready| self.is_within(*ready, only)) else {
            return self.ready.is_empty();
        };
        if let Some(id) = self.ready.remove(at) {
            self.ready.push_front(id);
        }
        true
    }

    fn is_within(&self, id: BranchId, branch: BranchId) -> bool {
        std::iter::successors(Some(id), |id| self.branch(*id)?.parent).any(|id| id == branch)
    }

    /// Puts `branch` where its last stage says.
    pub(in crate::engine) fn settle(&mut self, branch: Box<Branch>, flow: Flow) {
        let id = branch.id;
        if self.status.is_done() {
            // The end of the execution is the end of all its branches; the one in hand stays for whoever looks.
            self.ready.clear();
            self.put(branch);
            return;
        }
        match flow {
            Flow::Next(stage) => {
                self.put(branch).stage = stage;
            }
            // Branches take turns state by state, so that none starves.
            Flow::Left => {
                self.put(branch);
                self.ready.pop_front();
                self.ready.push_back(id);
            }
            Flow::Blocked => {
                self.put(branch);
                self.unready(id);
            }
            Flow::Ended => self.unready(id),
        }
    }

    /// Takes `id`, which stands first unless others were woken, out of the queue.
    pub(in crate::engine) fn unready(&mut self, id: BranchId) {
        if self.ready.front() == Some(&id) {
            self.ready.pop_front();
        } else {
            self.ready.retain(|ready| *ready != id);
        }
    }

    /// Goes on with a branch after something happened to it outside its own steps.
    pub(in crate::engine) fn settle_outside(&mut self, branch: Box<Branch>, flow: Flow) {
        let id = branch.id;
        let goes_on = matches!(flow, Flow::Next(_) | Flow::Left) && !self.status.is_done();
        if let Flow::Next(stage) = flow {
            self.put(branch).stage = stage;
        } else if flow != Flow::Ended || self.status.is_done() {
            self.put(branch);
        }
        if goes_on {
            // It waited, so it is not among the ready ones yet.
            self.ready.push_back(id);
        }
    }
}
