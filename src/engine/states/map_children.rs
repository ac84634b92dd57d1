//! The child executions of a Map Run: started, stepped, told what happens to them.

use std::collections::HashMap;
use std::sync::Arc;

use super::super::effect::{Effect, Signal, TaskId};
use super::super::execution::{Execution, ExecutionType, Names};
use super::super::ids::BranchId;
use super::super::machine::Purpose;
use super::super::map_run::Child;
use super::map_run::root;
use super::{Blocked, Branch, Flow, Log, Machine, Stage};
use crate::asl::StateKind;
use crate::engine::stage::Outcome;
use crate::value::Value;

/// As many child executions run at once when MaxConcurrency is 0 (developer guide, Map distributed).
const DISTRIBUTED_CONCURRENCY: usize = 10_000;

/// Express executions have no limit of events but five minutes; one without an exit must end here, too.
const MAX_EXPRESS_EVENTS: u32 = 10_000_000;

impl Machine {
    /// Starts as many child executions as may run at once: those to be redriven first.
    pub(super) fn fill_places(&mut self, branch: &mut Branch, log: &mut Log) {
        let Some(id) = branch.run.as_ref().map(|run| run.id) else { return };
        let most = match self.with_run(id, |run| run.max_concurrency) {
            0 => DISTRIBUTED_CONCURRENCY,
            most => usize::try_from(most).unwrap_or(usize::MAX).min(DISTRIBUTED_CONCURRENCY),
        };
        while let Some(run) = branch.run.as_mut().filter(|run| run.running < most) {
            if let Some((index, child)) = run.pending_redrive.pop_first() {
                self.redrive_child(branch, index, child, log);
            } else if run.next < run.inputs.len() {
                self.start_child(branch, log);
            } else {
                return;
            }
        }
    }

    /// Starts the next child execution, if there is one left.
    fn start_child(&mut self, branch: &mut Branch, log: &mut Log) {
        let execution = Arc::clone(&self.execution);
        let StateKind::Map(map) = &execution.machine.state(branch.state).kind else { return };
        let Some(run) = &mut branch.run else { return };
        let (id, index) = (run.id, run.next);
        let Some(input) = run.inputs.get(index).cloned() else { return };
        run.next += 1;
        run.running += 1;
        let items = match (&map.distributed.batcher, input.get("Items")) {
            (Some(_), Some(Value::Array(items))) => items.len() as u64,
            _ => 1,
        };
        let label = self.with_run(id, |run| {
            run.items.pending = run.items.pending.saturating_sub(items);
            run.items.running += items;
            run.executions.pending = run.executions.pending.saturating_sub(1);
            run.executions.running += 1;
            Some(run.label.clone())
        });
        let kind = if map.distributed.is_express { ExecutionType::Express } else { ExecutionType::Standard };
        let started = Execution {
            machine: execution.machine.clone(),
            input: input.clone(),
            kind,
            names: self.child_names(&label.unwrap_or_default(), kind),
            seed: self.random.next(),
            max_events: execution.max_events.map(|most| match kind {
                ExecutionType::Standard => most,
                ExecutionType::Express | ExecutionType::ExpressSync => MAX_EXPRESS_EVENTS,
            }),
            record_stages: execution.record_stages,
        };
        let mut child_log = Log::default();
        let first = execution.machine.scope(map.processor).start;
        let machine = Self::start_with(started, first, None, self.now, &mut child_log);
        let child = Child { run: id, machine, log: child_log, last: None, tasks: HashMap::new(), items };
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        self.spawn_child(branch, index, input, child, log);
    }

    /// Adds the branch that stands for a child execution.
    pub(super) fn spawn_child(&mut self, branch: &Branch, index: u32, input: Value, child: Child, log: &mut Log) {
        let entered = (branch.entered, branch.entered_at, branch.last);
        let spawned = self.spawn(branch, index, branch.state, input, log);
        (spawned.entered, spawned.entered_at, spawned.last) = entered;
        spawned.stage = Stage::Work;
        spawned.child = Some(Arc::new(child));
    }

    /// The names of a child execution: those of a state machine with the label behind its name (recorded for Map Runs).
    fn child_names(&mut self, label: &str, kind: ExecutionType) -> Names {
        let uuid = self.random.uuid();
        let run = (kind == ExecutionType::Express).then(|| self.random.uuid());
        let names = &self.execution.names;
        let machine_arn = format!("{}/{label}", root(&names.machine_arn));
        let prefix = match kind {
            ExecutionType::Standard => ":execution:",
            ExecutionType::Express | ExecutionType::ExpressSync => ":express:",
        };
        let arn = format!("{}:{uuid}", machine_arn.replacen(":stateMachine:", prefix, 1));
        Names {
            execution_arn: run.map_or_else(|| arn.clone(), |run| format!("{arn}:{run}")).into(),
            execution_name: uuid.into(),
            machine_arn: machine_arn.into(),
            machine_name: format!("{}/{label}", root(&names.machine_name)).into(),
            role_arn: names.role_arn.clone(),
            region: names.region.clone(),
        }
    }

    /// A step of the child execution that `branch` stands for.
    pub(in super::super) fn step_child(&mut self, branch: &mut Branch, log: &mut Log) -> Flow {
        let Some(mut shared) = branch.child.take() else { return Flow::Ended };
        let child = Arc::make_mut(&mut shared);
        child.machine.advance(self.now);
        let outcome = child.machine.step(&mut child.log);
        child.last = match outcome {
            Outcome::Stepped(step) => Some(step),
            Outcome::Waiting(_) | Outcome::Done => None,
        };
        let flow = match outcome {
            // As with other branches: turns are taken state by state.
            Outcome::Stepped(step) if step.stage == Stage::Exit => Flow::Left,
            Outcome::Stepped(_) => Flow::Next(Stage::Work),
            Outcome::Waiting(at) => {
                branch.block(Blocked::Children);
                if let Some(at) = at {
                    self.set_timer(at, branch.id, branch.epoch, Purpose::Child);
                }
                Flow::Blocked
            }
            Outcome::Done => {
                self.adopt_effects(branch.id, child);
                self.child_execution_ended(branch, shared, log);
                return Flow::Ended;
            }
        };
        self.adopt_effects(branch.id, child);
        branch.child = Some(shared);
        flow
    }

    /// What a child execution wants from the world, under names of this machine.
    pub(super) fn adopt_effects(&mut self, branch: BranchId, child: &mut Child) {
        for mut effect in child.machine.take_effects() {
            let inner = effect.task();
            if matches!(effect, Effect::Cancel(_)) {
                let outer = child.tasks.iter().find(|(_, known)| **known == inner).map(|(outer, _)| *outer);
                let Some(outer) = outer else { continue };
                child.tasks.remove(&outer);
                self.forget_task(outer);
                self.effects.push(Effect::Cancel(outer));
                continue;
            }
            let outer = self.new_task(branch);
            child.tasks.insert(outer, inner);
            effect.rename(outer, branch);
            self.effects.push(effect);
        }
    }

    /// Whether `task` belongs to a child execution.
    pub(in super::super) fn child_of(&self, task: TaskId) -> Option<BranchId> {
        self.branch_of(task).filter(|branch| branch.child.is_some()).map(|branch| branch.id)
    }

    /// Tells the child execution that `id` stands for what happened to its task.
    pub(in super::super) fn signal_child(&mut self, id: BranchId, mut signal: Signal) -> bool {
        let Some(mut branch) = self.take(id) else { return false };
        let Some(mut shared) = branch.child.take() else { return false };
        let child = Arc::make_mut(&mut shared);
        let outer = signal.task();
        let inner = outer.and_then(|outer| child.tasks.get(&outer).copied());
        if let (Some(outer), Some(inner)) = (outer, inner) {
            if signal.ends_task() {
                child.tasks.remove(&outer);
                self.forget_task(outer);
            }
            signal.rename(inner);
        }
        child.machine.advance(self.now);
        let taken = child.machine.signal(signal, &mut child.log);
        self.adopt_effects(id, child);
        branch.child = Some(shared);
        self.put_child(branch, taken);
        taken
    }

    /// Does something with the child execution that `branch` stands for, and takes over what it wants from the world.
    pub(in super::super) fn with_child<T: Default>(
        &mut self,
        branch: &mut Branch,
        action: impl FnOnce(&mut Machine, &mut Log) -> T,
    ) -> T {
        let Some(mut shared) = branch.child.take() else { return T::default() };
        let child = Arc::make_mut(&mut shared);
        child.machine.advance(self.now);
        let result = action(&mut child.machine, &mut child.log);
        self.adopt_effects(branch.id, child);
        branch.child = Some(shared);
        result
    }

    /// Does something with a child execution; whether there is something new to do for it besides.
    pub(in super::super) fn told<T>(&mut self, action: impl FnOnce(&mut Self) -> T) -> (T, bool) {
        let waits = |child: &mut Self| child.ready.is_empty().then(|| child.deadline());
        let before = waits(self);
        let result = action(self);
        (result, self.status.is_done() || waits(self) != before)
    }

    /// Puts the stand-in of a child execution back. Where nothing is new it goes on waiting: its timer must not come
    /// behind those of others that are due at the same moment.
    pub(in super::super) fn put_child(&mut self, branch: Box<Branch>, is_due: bool) {
        if is_due {
            self.wake_child(branch);
        } else {
            self.put(branch);
        }
    }

    fn wake_child(&mut self, mut branch: Box<Branch>) {
        if branch.blocked == Blocked::No {
            // It is among the ready ones.
            self.put(branch);
            return;
        }
        branch.unblock();
        self.settle_outside(branch, Flow::Next(Stage::Work));
    }

    /// The time of something in a child execution has come.
    pub(in super::super) fn child_is_due(&mut self, id: BranchId) {
        if let Some(branch) = self.take(id) {
            self.wake_child(branch);
        }
    }
}
