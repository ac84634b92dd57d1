//! The branches and the tasks that they wait for.

use std::collections::HashSet;

use super::Machine;
use crate::asl::{State, StateId};
use crate::engine::branch::{Blocked, Branch};
use crate::engine::context::Surroundings;
use crate::engine::effect::{Effect, TaskId};
use crate::engine::ids::BranchId;
use crate::engine::log::{Log, Origin};
use crate::value::Value;

impl Machine {
    pub(in crate::engine) fn take(&mut self, id: BranchId) -> Option<Box<Branch>> {
        self.branches.get_mut(id.0 as usize)?.take()
    }

    pub(in crate::engine) fn put(&mut self, branch: Box<Branch>) -> &mut Branch {
        let slot = &mut self.branches[branch.id.0 as usize];
        slot.insert(branch)
    }

    /// Adds a branch that `parent` starts; it is ready at once.
    pub(in crate::engine) fn spawn(
        &mut self,
        parent: &Branch,
        index: u32,
        state: StateId,
        input: Value,
        log: &mut Log,
    ) -> &mut Branch {
        let id = BranchId(u32::try_from(self.branches.len()).unwrap_or(u32::MAX));
        log.branches.push(Origin { parent: parent.id, visit: parent.entered, state: Some(parent.state), index });
        let mut branch = Branch::new(id, Some(parent.id), index, state, input);
        branch.variables = parent.variables.inner();
        branch.item.clone_from(&parent.item);
        self.branches.push(Some(Box::new(branch)));
        self.ready.push_back(id);
        self.branches.last_mut().and_then(Option::as_deref_mut).expect("it was just pushed")
    }

    /// Takes out all branches that `id` started, and those they started, children before their parents.
    pub(in crate::engine) fn take_descendants(&mut self, id: BranchId) -> Vec<Branch> {
        let mut stopped = HashSet::from([id]);
        let mut found = Vec::new();
        // Who was started comes after who started it.
        for slot in self.branches.iter_mut().skip(id.0 as usize + 1) {
            let starter = slot.as_ref().and_then(|branch| branch.parent);
            if starter.is_some_and(|starter| stopped.contains(&starter)) {
                found.extend(slot.take().map(|branch| *branch));
                stopped.extend(found.last().map(|branch| branch.id));
            }
        }
        self.ready.retain(|ready| !stopped.contains(ready));
        found.reverse();
        found
    }

    /// What the expressions of `state` see.
    pub(in crate::engine) fn surroundings<'m>(&'m mut self, branch: &'m Branch, state: &'m State) -> Surroundings<'m> {
        let (started, redriven, now) = (self.started, self.redriven, self.now);
        Surroundings { execution: &self.execution, started, redriven, now, branch, state, random: &mut self.random }
    }

    pub(in crate::engine) fn new_task(&mut self, branch: BranchId) -> TaskId {
        self.task_count += 1;
        let task = TaskId(self.task_count);
        self.tasks.insert(task, branch);
        task
    }

    /// Forgets the task that `branch` waits for; its answer is no longer wanted.
    pub(in crate::engine) fn cancel_task(&mut self, branch: &Branch) {
        if let Blocked::Task(task) = branch.blocked
            && self.tasks.remove(&task).is_some()
        {
            self.effects.push(Effect::Cancel(task));
        }
    }

    /// The branch that waits for `task`, taken out.
    pub(in crate::engine) fn take_waiting(&mut self, task: TaskId) -> Option<Box<Branch>> {
        let branch = *self.tasks.get(&task)?;
        self.take(branch)
    }

    pub(in crate::engine) fn forget_task(&mut self, task: TaskId) {
        self.tasks.remove(&task);
    }
}
