//! A run changed by hand: its data, its variables, ways past a state, and another definition to go on with.
//!
//! Changes are signals like others, so that a run with changes is replayed as any other. AWS has no such thing: what is
//! written to the history is what AWS would write if the state had done so by itself.

use std::sync::Arc;

use super::MAX_PAYLOAD;
use super::branch::{Blocked, Branch, Chosen};
use super::execution::Execution;
use super::ids::BranchId;
use super::log::{ChangeRecord, Log};
use super::machine::{Flow, Machine};
use super::map_run::MapRunStatus;
use super::stage::Stage;
use crate::asl::{Changes, StateId, StateKind, StateMachine, Transition};
use crate::text::json::MAX_DEPTH;
use crate::value::{Object, Value};

/// A change of one branch.
#[derive(Debug, Clone)]
pub struct Change {
    /// The branch. In a child execution of a Map Run it comes behind the branches that stand for the executions around
    /// it, outermost first.
    pub branches: Vec<BranchId>,
    /// What is changed.
    pub kind: ChangeKind,
}

/// What is changed.
#[derive(Debug, Clone, PartialEq)]
pub enum ChangeKind {
    /// The data that the next stage works on. Before the first stage of a state it is the state's input, right after the
    /// work its result as well.
    Data(Value),
    /// A variable, as this branch sees it.
    Variable {
        /// Its name, without `$`.
        name: Arc<str>,
        /// Its value from now on.
        value: Value,
    },
    /// The state is left as if it were done. A state that was not entered yet is entered first.
    Leave {
        /// Its output.
        output: Value,
        /// The state that follows, in the same scope; none: the one that the state names.
        to: Option<StateId>,
    },
    /// The state is done again from its input: now, where it waits for its next attempt.
    Again,
}

/// A definition to go on with.
#[derive(Debug, Clone)]
pub struct Redefinition {
    /// The machine, [`crate::asl::aligned`] with the one before.
    pub machine: Arc<StateMachine>,
    /// What differs from the one before.
    pub changes: Changes,
}

/// A change cannot be made here. The text says why, and what can be done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refused(pub String);

fn refuse<T>(why: impl Into<String>) -> Result<T, Refused> {
    Err(Refused(why.into()))
}

impl Machine {
    /// Whether `change` can be made now.
    ///
    /// # Errors
    /// It cannot, and why.
    pub fn check_change(&self, change: &Change) -> Result<(), Refused> {
        let Some((first, inner)) = change.branches.split_first() else { return refuse("no branch is named") };
        if self.status().is_done() {
            return refuse("the execution has ended: go back to a moment before its end");
        }
        let Some(branch) = self.branch(*first) else { return refuse("that branch has ended") };
        match (branch.child(), inner) {
            (Some(child), [_, ..]) => {
                child.machine.check_change(&Change { branches: inner.to_vec(), kind: change.kind.clone() })
            }
            (None, []) => self.check_own(branch, &change.kind),
            (Some(_), []) => refuse("this branch is a child execution: go into it first"),
            (None, [_, ..]) => refuse("that child execution has ended"),
        }
    }

    fn check_own(&self, branch: &Branch, kind: &ChangeKind) -> Result<(), Refused> {
        match kind {
            ChangeKind::Data(value) => {
                check_value(value)?;
                match branch.blocked {
                    Blocked::No | Blocked::Retry(_) | Blocked::Wait(_) => Ok(()),
                    Blocked::Task(_) => refuse("the task has its input already: answer it, or do the state again"),
                    Blocked::Children => refuse("the state waits for its branches: go into one of them"),
                }
            }
            ChangeKind::Variable { name, value } => {
                check_value(value)?;
                if name.is_empty() { refuse("a variable needs a name") } else { Ok(()) }
            }
            ChangeKind::Leave { output, to } => {
                check_value(output)?;
                self.check_way(branch, *to)
            }
            ChangeKind::Again if matches!(branch.stage, Stage::Enter | Stage::ItemSelector) => {
                refuse("the state has not begun yet")
            }
            ChangeKind::Again => Ok(()),
        }
    }

    /// Whether `branch` can go from its state to `to`.
    fn check_way(&self, branch: &Branch, to: Option<StateId>) -> Result<(), Refused> {
        if branch.stage == Stage::ItemSelector {
            return refuse("the iteration has not begun yet: step into it first");
        }
        let machine = &self.execution.machine;
        let state = machine.state(branch.state);
        let Some(to) = to else {
            return match state.kind {
                StateKind::Choice(_) | StateKind::Fail(_) => {
                    refuse(format!("`{}` names no state that follows: say which", state.name))
                }
                _ => Ok(()),
            };
        };
        match machine.states.get(to.0 as usize) {
            Some(target) if target.scope == state.scope && !target.is_former => Ok(()),
            Some(target) => {
                refuse(format!("`{}` is not beside `{}`: a branch cannot leave its States", target.name, state.name))
            }
            None => refuse("there is no such state"),
        }
    }

    /// Makes `change`. Returns whether it was made.
    pub(super) fn change(&mut self, change: &Change, log: &mut Log) -> bool {
        let (Ok(()), Some((first, inner))) = (self.check_change(change), change.branches.split_first()) else {
            return false;
        };
        if !inner.is_empty() {
            return self.change_child(*first, &Change { branches: inner.to_vec(), kind: change.kind.clone() });
        }
        let Some(mut branch) = self.take(*first) else { return false };
        log.changes.push(ChangeRecord {
            step: self.steps,
            events: log.events.len(),
            branch: branch.id,
            state: branch.state,
            before: branch.data.clone(),
            kind: change.kind.clone(),
        });
        match &change.kind {
            ChangeKind::Data(value) => {
                set_data(&mut branch, value);
                self.put(branch);
            }
            ChangeKind::Variable { name, value } => {
                let mut assigned = Object::new();
                assigned.insert(Arc::clone(name), value.clone());
                branch.variables.assign(&assigned);
                self.put(branch);
            }
            ChangeKind::Leave { output, to } => self.leave(branch, output, *to, log),
            ChangeKind::Again => self.again(branch, log),
        }
        true
    }

    /// Tells the child execution that `id` stands for.
    fn change_child(&mut self, id: BranchId, change: &Change) -> bool {
        let Some(mut branch) = self.take(id) else { return false };
        let (made, is_due) = self.with_child(&mut branch, |child, log| child.told(|child| child.change(change, log)));
        self.put_child(branch, is_due);
        made
    }

    fn leave(&mut self, mut branch: Box<Branch>, output: &Value, to: Option<StateId>, log: &mut Log) {
        let execution = Arc::clone(&self.execution);
        let state = execution.machine.state(branch.state);
        if branch.stage == Stage::Enter {
            self.enter(&mut branch, state, log);
        }
        self.abandon(&mut branch, log);
        branch.data = output.clone();
        let transition = to.map_or(state.transition, Transition::Next);
        let flow = self.exit_to(&mut branch, transition, log);
        self.put_back(branch, flow);
    }

    fn again(&mut self, mut branch: Box<Branch>, log: &mut Log) {
        self.abandon(&mut branch, log);
        branch.data = branch.effective.clone();
        self.put_back(branch, Flow::Next(Stage::Parameters));
    }

    /// Gives up what the state of `branch` has under way: its task, its wait, its branches.
    fn abandon(&mut self, branch: &mut Branch, log: &mut Log) {
        self.cancel_task(branch);
        self.abort_descendants(branch.id, log);
        if let Some(run) = branch.run.take() {
            let now = self.now;
            if let Some(run) = self.map_runs.get_mut(run.id.0 as usize) {
                run.status = MapRunStatus::Aborted;
                run.stopped = Some(now);
            }
        }
        branch.children = None;
        branch.chosen = None;
        branch.assigned = None;
        branch.unblock();
    }

    /// Puts a branch back that was changed from outside; its turn comes after those of the others.
    fn put_back(&mut self, branch: Box<Branch>, flow: Flow) {
        self.unready(branch.id);
        self.settle_outside(branch, flow);
    }

    /// Goes on with another definition. Branches in a state with other fields do that state again from its input; all
    /// others go on as if nothing had happened.
    ///
    /// # Errors
    /// A branch stands in a state that is gone; nothing was changed.
    pub fn check_redefinition(&self, redefinition: &Redefinition) -> Result<(), Refused> {
        for branch in self.branches() {
            let state = redefinition.machine.states.get(branch.state.0 as usize);
            match state {
                Some(state) if state.is_former => {
                    return refuse(format!(
                        "the run stands in `{}`, which the definition does not have any more: go back to a state it has",
                        state.name
                    ));
                }
                Some(_) => {}
                None => return refuse("the definition is not one of this run"),
            }
            if let Some(child) = branch.child() {
                child.machine.check_redefinition(redefinition)?;
            }
        }
        Ok(())
    }

    /// The branches that do their state again when the definition changes, by the states they are in.
    #[must_use]
    pub fn touched(&self, changes: &Changes) -> Vec<(BranchId, StateId)> {
        let own = |branch: &&Branch| has_begun(branch) && branch.child().is_none() && changes.touches(branch.state);
        let mut touched: Vec<_> = self.branches().filter(own).map(|branch| (branch.id, branch.state)).collect();
        for child in self.branches().filter_map(Branch::child) {
            touched.extend(child.machine.touched(changes));
        }
        touched
    }

    pub(super) fn redefine(&mut self, redefinition: &Redefinition, log: &mut Log) -> bool {
        if self.status().is_done() || self.check_redefinition(redefinition).is_err() {
            return false;
        }
        let execution = Execution::clone(&self.execution);
        self.execution = Arc::new(Execution { machine: Arc::clone(&redefinition.machine), ..execution });
        // Who started others comes before them; those that it gives up are gone when their turn comes.
        let all: Vec<BranchId> = self.branches().map(|branch| branch.id).collect();
        for id in all {
            let Some(mut branch) = self.take(id) else { continue };
            if branch.child.is_some() {
                let (_, is_due) =
                    self.with_child(&mut branch, |child, log| child.told(|child| child.redefine(redefinition, log)));
                self.put_child(branch, is_due);
            } else if has_begun(&branch) && redefinition.changes.touches(branch.state) {
                self.begin_again(branch, log);
            } else {
                self.put(branch);
            }
        }
        true
    }

    /// Does the state of `branch` again as if it had just been entered.
    fn begin_again(&mut self, mut branch: Box<Branch>, log: &mut Log) {
        self.abandon(&mut branch, log);
        branch.data = branch.input.clone();
        branch.effective = branch.input.clone();
        branch.retries.clear();
        branch.retry_count = 0;
        let execution = Arc::clone(&self.execution);
        let state = execution.machine.state(branch.state);
        self.give_token(&mut branch, state);
        self.put_back(branch, Flow::Next(Stage::InputPath));
    }
}

/// Whether a branch is inside of its state: entered, and not an iteration that is about to begin.
fn has_begun(branch: &Branch) -> bool {
    !matches!(branch.stage, Stage::Enter | Stage::ItemSelector)
}

fn set_data(branch: &mut Branch, value: &Value) {
    branch.data = value.clone();
    if matches!(branch.stage, Stage::Enter | Stage::InputPath) {
        branch.input = value.clone();
    }
    // A retry begins with these, and so does one that is waited for.
    if branch.stage <= Stage::Parameters || matches!(branch.blocked, Blocked::Retry(_)) {
        branch.effective = value.clone();
    }
    let caught = matches!(branch.chosen, Some(Chosen::Catcher(_))) && branch.stage == Stage::Catch;
    if branch.stage == Stage::ResultSelector || caught {
        branch.result = value.clone();
    }
}

fn check_value(value: &Value) -> Result<(), Refused> {
    if value.size() > MAX_PAYLOAD {
        return refuse(format!("the value has {} bytes; at most {MAX_PAYLOAD} are allowed", value.size()));
    }
    if value.depth() > MAX_DEPTH { refuse("the value nests too deeply") } else { Ok(()) }
}
