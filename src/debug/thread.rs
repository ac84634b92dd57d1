//! Who made a step: a branch, perhaps one of a child execution, and what expressions see there.

use super::expression::Facts;
use super::inspect::Moment;
use super::past::Past;
use super::plan::Happening;
use crate::engine::{Blocked, Branch, BranchId, Event, EventKind, Log, Machine, Stage, Step};
use crate::value::{Object, Value};

/// A branch, counted from the execution that is debugged: the branches that stand for child executions, outermost first,
/// and the branch in the innermost of them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Thread {
    /// The branches that stand for child executions.
    pub inside: Vec<BranchId>,
    /// The branch.
    pub branch: BranchId,
}

impl Thread {
    /// The execution's own thread.
    pub const MAIN: Self = Self { inside: Vec::new(), branch: BranchId::MAIN };

    /// A branch of the execution itself.
    #[must_use]
    pub fn of(branch: BranchId) -> Self {
        Self { inside: Vec::new(), branch }
    }

    /// The branch of the execution itself in which all of it happens.
    #[must_use]
    pub fn outermost(&self) -> BranchId {
        self.inside.first().copied().unwrap_or(self.branch)
    }

    /// The execution that it is in, if it is still under way.
    #[must_use]
    pub fn execution<'m>(&self, machine: &'m Machine, log: &'m Log) -> Option<(&'m Machine, &'m Log)> {
        self.inside.iter().try_fold((machine, log), |(machine, _), branch| {
            let child = machine.branch(*branch)?.child()?;
            Some((&child.machine, &child.log))
        })
    }

    /// The threads around it, innermost first.
    #[must_use]
    pub fn around(&self, machine: &Machine, log: &Log) -> Vec<Self> {
        let mut around = Vec::new();
        for depth in (0..=self.inside.len()).rev() {
            let branch = self.inside.get(depth).copied().unwrap_or(self.branch);
            let inside = self.inside[..depth].to_vec();
            let thread = Self { inside: inside.clone(), branch };
            let path = thread.execution(machine, log).map(|(_, log)| log.branch_path(branch)).unwrap_or_default();
            // The last of the path is the branch itself: the thread, or one that stands for a child execution.
            let skipped = if depth == self.inside.len() { 1 } else { 0 };
            let branches = path.into_iter().rev().skip(skipped);
            around.extend(branches.map(|branch| Self { inside: inside.clone(), branch }));
        }
        around
    }
}

/// A step as the execution saw it in which it was made.
pub(super) struct Seat<'m> {
    pub(super) inside: Vec<BranchId>,
    pub(super) machine: &'m Machine,
    pub(super) log: &'m Log,
    pub(super) step: Step,
}

impl<'m> Seat<'m> {
    /// Where `step` was made.
    pub(super) fn of(step: &Step, machine: &'m Machine, log: &'m Log) -> Self {
        let mut seat = Self { inside: Vec::new(), machine, log, step: *step };
        while let Some(child) = seat.machine.branch(seat.step.branch).and_then(Branch::child) {
            let Some(last) = child.last else { break };
            seat.inside.push(seat.step.branch);
            (seat.machine, seat.log, seat.step) = (&child.machine, &child.log, last);
        }
        seat
    }

    /// Whether the step left something to look at: an event or the value of a stage.
    pub(super) fn is_seen(&self) -> bool {
        let number = self.step.number;
        self.log.events.last().is_some_and(|event| event.step >= number)
            || self.log.stages.last().is_some_and(|record| record.step >= number)
    }

    /// Where `branch` was told something.
    pub(super) fn told(branch: BranchId, machine: &'m Machine, log: &'m Log) -> Option<Self> {
        let (mut inside, mut execution, mut branch) = (Vec::new(), (machine, log), branch);
        while let Some(child) = execution.0.branch(branch).and_then(Branch::child) {
            inside.push(branch);
            execution = (&child.machine, &child.log);
            branch = newest_branch(execution)?;
        }
        let (machine, log) = execution;
        let newest = log.events.last()?;
        let state = newest.kind.state().or_else(|| machine.branch(branch).map(|branch| branch.state))?;
        let step = Step { number: machine.steps(), branch, state, stage: Stage::Work };
        Some(Self { inside, machine, log, step })
    }

    pub(super) fn thread(&self) -> Thread {
        Thread { inside: self.inside.clone(), branch: self.step.branch }
    }

    /// The failure that the step wrote down, and what becomes of it.
    pub(super) fn failure(&self) -> Option<(BranchId, Happening)> {
        let count = self.log.stages.len();
        let records = self.log.stages.range(count.saturating_sub(8), count).rev();
        let record =
            records.take_while(|record| record.step == self.step.number).find(|record| record.outcome.is_err())?;
        let fault = record.outcome.as_ref().err()?;
        // A failure goes up until somebody takes it.
        let around = self.log.branch_path(record.branch);
        let mut takers = around.iter().rev().filter_map(|branch| self.machine.branch(*branch));
        let taker = takers.find(|branch| matches!(branch.blocked, Blocked::Retry(_)) || branch.stage == Stage::Catch);
        let retried = taker.is_some_and(|branch| matches!(branch.blocked, Blocked::Retry(_)));
        let timeout = fault.missed_heartbeat || matches!(fault.name(), "States.Timeout" | "States.HeartbeatTimeout");
        Some((record.branch, Happening::Failure { caught: taker.is_some() && !retried, retried, timeout }))
    }

    /// The numbers of the iterations and branches around it, outermost first.
    pub(super) fn numbers(&self, outer: (&Machine, &Log)) -> Vec<u32> {
        let mut numbers = Vec::new();
        let mut execution = Some(outer);
        for depth in 0..=self.inside.len() {
            let branch = self.inside.get(depth).copied().unwrap_or(self.step.branch);
            let Some((machine, log)) = execution else { break };
            let path = log.branch_path(branch);
            let origins = path.iter().filter_map(|branch| log.branches.get(branch.0 as usize));
            numbers.extend(origins.filter(|origin| origin.state.is_some()).map(|origin| origin.index));
            execution = machine.branch(branch).and_then(Branch::child).map(|child| (&child.machine, &child.log));
        }
        numbers
    }

    /// Shows `look` what expressions see after the step.
    pub(super) fn with_facts<T>(&self, look: impl FnOnce(&Facts<'_>) -> T) -> T {
        let (machine, log, step) = (self.machine, self.log, &self.step);
        let branch = machine.branch(step.branch);
        let own = |event: &&Event| event.branch == step.branch;
        let newest =
            || log.events.range(0, log.events.len()).rev().take_while(|event| event.step == step.number).filter(own);
        let of_event = newest().find_map(|event| match &event.kind {
            EventKind::StateExited { output, .. } => Some(output.clone()),
            EventKind::StateEntered { input, .. } => Some(input.clone()),
            _ => None,
        });
        let data = of_event.or_else(|| branch.map(|branch| branch.data.clone())).unwrap_or(Value::Null);
        let left = step.stage == Stage::Exit || branch.is_none();
        let input = || match branch.filter(|_| !left) {
            Some(branch) => branch.input.clone(),
            None => input_of_visit(log, step.branch).unwrap_or(Value::Null),
        };
        let variable = |name: &str| match branch {
            Some(branch) => branch.variables.get(name).cloned(),
            None => variable_at(log, step.branch, log.events.len(), name),
        };
        let context = || match branch.filter(|_| !left) {
            Some(branch) => machine.context(branch),
            // As it was in the state that was left.
            None => {
                let past = Past { log, execution: machine.execution(), started: machine.started() };
                past.context(step.branch, Moment::newest(log))
            }
        };
        look(&Facts { input: &input, data: &data, variable: &variable, context: &context, now: machine.now() })
    }
}

/// The branch of the newest event or stage.
fn newest_branch((machine, log): (&Machine, &Log)) -> Option<BranchId> {
    let record = log.stages.last().filter(|record| record.step == machine.steps());
    record.map(|record| record.branch).or_else(|| log.events.last().map(|event| event.branch))
}

fn input_of_visit(log: &Log, branch: BranchId) -> Option<Value> {
    log.events.range(0, log.events.len()).rev().find_map(|event| match &event.kind {
        EventKind::StateEntered { input, .. } if event.branch == branch => Some(input.clone()),
        _ => None,
    })
}

fn variable_at(log: &Log, branch: BranchId, events: usize, name: &str) -> Option<Value> {
    let scopes = super::facts::variables_at(log, branch, events);
    scopes.iter().find_map(|(_, own): &(BranchId, Object)| own.get(name).cloned())
}
