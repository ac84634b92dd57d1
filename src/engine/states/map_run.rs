//! Map in distributed mode: a Map Run and its child executions.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::super::effect::{Effect, Signal, TaskId};
use super::super::execution::{Execution, ExecutionType, Names, Redriven};
use super::super::fault::ITEM_READER_FAILED;
use super::super::ids::BranchId;
use super::super::items::Items;
use super::super::machine::Purpose;
use super::super::map_run::{
    Child, ChildExecution, Counts, ItemRead, MapRun, MapRunId, MapRunStatus, ResultWrite, RunState,
};
use super::super::slots::Slots;
use super::map_plan::MapPlan;
use super::{Blocked, Branch, EventKind, Fault, Flow, Log, Machine, Stage, Staged, Status};
use crate::asl::{Map, State, StateKind};
use crate::engine::stage::Outcome;
use crate::value::{Array, Value};

/// As many child executions run at once when MaxConcurrency is 0 (developer guide, Map distributed).
const DISTRIBUTED_CONCURRENCY: usize = 10_000;

/// Express executions have no limit of events but five minutes; one without an exit must end here, too.
const MAX_EXPRESS_EVENTS: u32 = 10_000_000;

impl Machine {
    /// The Map Runs so far, nested ones excluded: those belong to their child executions.
    #[must_use]
    pub fn map_runs(&self) -> &[MapRun] {
        &self.map_runs
    }

    /// Starts a Map Run, or goes on with the one that the execution was redriven in.
    pub(super) fn start_map_run(&mut self, branch: &mut Branch, state: &State, map: &Map, log: &mut Log) -> Staged {
        if branch.run.is_some() {
            return self.redrive_map_run(branch, state, map, log);
        }
        let reader = map.distributed.reader.as_ref();
        // What a reader gives is counted later (recorded: the length is 0).
        let items = if reader.is_some() { None } else { Some(Self::items_of(branch, state, map)?) };
        let mut plan = MapPlan::default();
        self.plan_concurrency(branch, state, map, &mut plan)?;
        let length = items.as_ref().map_or(0, |items| u32::try_from(items.list.len()).unwrap_or(u32::MAX));
        self.append(branch, EventKind::MapStarted { state: branch.state, length }, log);
        self.plan_thresholds(branch, state, map, &mut plan)?;
        let arn = self.new_map_run(branch, state, map, &plan);
        self.append(branch, EventKind::MapRunStarted { state: branch.state, arn }, log);
        self.provide_items(branch, state, map, items, log)
    }

    /// Reads the items, or starts the child executions for those that are there.
    pub(super) fn provide_items(
        &mut self,
        branch: &mut Branch,
        state: &State,
        map: &Map,
        items: Option<Items>,
        log: &mut Log,
    ) -> Staged {
        let reader = match (&map.distributed.reader, items) {
            (Some(reader), None) => reader,
            (_, items) => {
                let items = items.unwrap_or_else(|| Items::of(Array::new(Vec::new())));
                return self.launch(branch, items, log);
            }
        };
        let arguments = match &reader.arguments {
            Some(filling) => self.fill(filling, &branch.effective, branch, state)?,
            None => Value::empty_object(),
        };
        let max_items = match self.plan_max_items(branch, state, reader) {
            Ok(max_items) => max_items,
            Err(fault) => return Ok(self.fail_run(branch, *fault, log)),
        };
        let task = self.new_task(branch.id);
        branch.block(Blocked::Task(task));
        let read = ItemRead { task, branch: branch.id, state: branch.state, arguments, max_items };
        self.effects.push(Effect::ReadItems(read));
        Ok(Flow::Blocked)
    }

    fn new_map_run(&mut self, branch: &mut Branch, state: &State, map: &Map, plan: &MapPlan) -> Arc<str> {
        let names = &self.execution.names;
        let label = map.distributed.label.clone().unwrap_or_else(|| made_label(names, state));
        let uuid = self.random.uuid();
        let names = &self.execution.names;
        let arn: Arc<str> =
            format!("{}/{label}:{uuid}", root(&names.machine_arn).replacen(":stateMachine:", ":mapRun:", 1)).into();
        let id = MapRunId(u32::try_from(self.map_runs.len()).unwrap_or(u32::MAX));
        self.map_runs.push(MapRun {
            arn: arn.clone(),
            label,
            state: branch.state,
            status: MapRunStatus::Running,
            max_concurrency: plan.max_concurrency.unwrap_or_default(),
            tolerated_failure_count: plan.tolerated_failure_count.unwrap_or_default(),
            tolerated_failure_percentage: plan.tolerated_failure_percentage.unwrap_or_default(),
            started: self.now,
            stopped: None,
            redriven: Redriven::default(),
            items: Counts::default(),
            executions: Counts::default(),
        });
        let inputs = Array::new(Vec::new());
        branch.run = Some(Box::new(RunState {
            id,
            inputs,
            started: branch.last,
            is_launched: false,
            unfinished: BTreeMap::new(),
            pending_redrive: BTreeMap::new(),
            results: Slots::new(0),
            next: 0,
            running: 0,
            is_written: false,
        }));
        arn
    }

    /// Starts the child executions for `items`.
    fn launch(&mut self, branch: &mut Branch, items: Items, log: &mut Log) -> Staged {
        let execution = Arc::clone(&self.execution);
        let state = execution.machine.state(branch.state);
        let StateKind::Map(map) = &state.kind else { return Ok(Flow::Blocked) };
        let count = items.list.len() as u64;
        let inputs = self.plan_inputs(branch, state, map, items)?;
        let Some(run) = &mut branch.run else { return Ok(Flow::Blocked) };
        run.results = Slots::new(inputs.len());
        run.inputs = inputs;
        run.is_launched = true;
        let (id, total) = (run.id, run.inputs.len());
        self.with_run(id, |run| {
            run.items.pending = count;
            run.executions.pending = total as u64;
        });
        if total == 0 {
            return Ok(self.finish_run(branch, log));
        }
        branch.block(Blocked::Children);
        self.fill_places(branch, log);
        Ok(Flow::Blocked)
    }

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

    pub(super) fn with_run<T: Default>(&mut self, id: MapRunId, change: impl FnOnce(&mut MapRun) -> T) -> T {
        self.map_runs.get_mut(id.0 as usize).map(change).unwrap_or_default()
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

    // ---- child executions at work

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
    fn adopt_effects(&mut self, branch: BranchId, child: &mut Child) {
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
        self.wake_child(branch);
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

    pub(in super::super) fn wake_child(&mut self, mut branch: Box<Branch>) {
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

    // ---- ends

    fn child_execution_ended(&mut self, branch: &Branch, child: Arc<Child>, log: &mut Log) {
        let (id, items) = (child.run, child.items);
        let status = child.machine.status().clone();
        self.record_child(branch, &child, log);
        self.with_run(id, |run| {
            run.items.ended(&status, items);
            run.executions.ended(&status, 1);
        });
        let Some(mut parent) = branch.parent.and_then(|parent| self.take(parent)) else { return };
        let Some(run) = &mut parent.run else {
            self.put(parent);
            return;
        };
        run.running = run.running.saturating_sub(1);
        match status {
            Status::Succeeded(output) => run.results.set(branch.index as usize, output),
            _ => drop(run.unfinished.insert(branch.index, child)),
        }
        if self.is_over_threshold(id) {
            let flow = self.fail_over_threshold(&mut parent, log);
            self.settle_outside(parent, flow);
            return;
        }
        self.fill_places(&mut parent, log);
        if parent.run.as_ref().is_some_and(|run| run.running > 0) {
            self.put(parent);
            return;
        }
        parent.unblock();
        let flow = self.finish_run(&mut parent, log);
        self.settle_outside(parent, flow);
    }

    fn record_child(&self, branch: &Branch, child: &Child, log: &mut Log) {
        log.executions.push(Arc::new(ChildExecution {
            run: child.run,
            index: branch.index,
            execution: child.machine.execution().clone(),
            started: child.machine.started(),
            stopped: self.now,
            redriven: child.machine.redriven(),
            status: child.machine.status().clone(),
            log: child.log.clone(),
        }));
    }

    /// Whether more child executions failed than are tolerated: none, unless the Map says how many (States Language,
    /// Map; failed is what did not succeed).
    pub(super) fn is_over_threshold(&self, id: MapRunId) -> bool {
        let Some(run) = self.map_runs.get(id.0 as usize) else { return false };
        let failed = run.items.unsuccessful();
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
        let share = failed as f64 * 100.0 / run.items.total().max(1) as f64;
        let (count, percentage) = (run.tolerated_failure_count, run.tolerated_failure_percentage);
        match (count, percentage > 0.0) {
            (0, false) => failed > 0,
            (0, true) => share > percentage,
            (count, false) => failed > count,
            (count, true) => failed > count || share > percentage,
        }
    }

    /// All child executions have ended well enough.
    pub(super) fn finish_run(&mut self, branch: &mut Branch, log: &mut Log) -> Flow {
        let execution = Arc::clone(&self.execution);
        let state = execution.machine.state(branch.state);
        let StateKind::Map(map) = &state.kind else { return Flow::Blocked };
        let Some(run) = &mut branch.run else { return Flow::Blocked };
        let id = run.id;
        if let Some(writer) = map.distributed.writer.as_ref().filter(|_| !run.is_written) {
            run.is_written = true;
            let arguments = match writer.arguments.as_ref().map(|it| self.fill(it, &branch.effective, branch, state)) {
                Some(Err(fault)) => return self.fail_run(branch, *fault, log),
                filled => filled.and_then(Result::ok),
            };
            let task = self.new_task(branch.id);
            branch.block(Blocked::Task(task));
            let map_run_arn = self.with_run(id, |run| Some(run.arn.clone())).unwrap_or_default();
            let uuid = map_run_arn.rsplit(':').next().unwrap_or_default().into();
            let executions = log.children_of(id);
            let (branch, state) = (branch.id, branch.state);
            let write = ResultWrite { task, branch, state, map_run_arn, arguments, uuid, executions };
            self.effects.push(Effect::WriteResults(write));
            return Flow::Blocked;
        }
        // What failed and is tolerated has no result.
        let results = std::mem::replace(&mut run.results, Slots::new(0)).into_filled();
        self.run_succeeded(branch, Value::Array(Array::new(results)), log)
    }

    fn run_succeeded(&mut self, branch: &mut Branch, result: Value, log: &mut Log) -> Flow {
        let (now, state) = (self.now, branch.state);
        if let Some(run) = branch.run.take() {
            self.with_run(run.id, |run| {
                run.status = MapRunStatus::Succeeded;
                run.stopped = Some(now);
                // Counted with and without a writer (recorded).
                run.items.results_written = run.items.succeeded;
                run.executions.results_written = run.executions.succeeded;
            });
        }
        // The next event of the thread links past both (recorded since November 2024).
        let succeeded = self.write(branch.id, branch.last, EventKind::MapRunSucceeded { state }, log);
        self.write(branch.id, succeeded, EventKind::MapSucceeded { state }, log);
        self.take_result(branch, result, log)
    }

    /// The Map Run fails with `fault`: its child executions are stopped, and the state fails as well.
    pub(super) fn fail_run(&mut self, branch: &mut Branch, fault: Fault, log: &mut Log) -> Flow {
        let stopped = self.stop_children(branch.id, log);
        branch.unblock();
        if let Some(run) = &mut branch.run {
            run.unfinished.extend(stopped);
        }
        self.close_run(branch, MapRunStatus::Failed);
        let kind = EventKind::MapRunFailed { state: branch.state, fault: Arc::new(fault.clone()) };
        self.append(branch, kind, log);
        self.fail(branch, fault, log)
    }

    /// The Map Run of `branch` has ended without success; what was to be redriven is as it was.
    pub(super) fn close_run(&mut self, branch: &mut Branch, status: MapRunStatus) {
        let now = self.now;
        let Some(run) = &mut branch.run else { return };
        let pending = std::mem::take(&mut run.pending_redrive);
        let Some(map_run) = self.map_runs.get_mut(run.id.0 as usize) else { return };
        map_run.status = status;
        map_run.stopped = Some(now);
        for child in pending.values() {
            map_run.items.wait_for_redrive(child.machine.status(), child.items, true);
            map_run.executions.wait_for_redrive(child.machine.status(), 1, true);
        }
        run.unfinished.extend(pending);
    }

    fn stop_children(&mut self, parent: BranchId, log: &mut Log) -> Vec<(u32, Arc<Child>)> {
        let mut stopped = Vec::new();
        for mut branch in self.take_descendants(parent) {
            if let Some(child) = branch.child.take() {
                stopped.push((branch.index, self.stop_child(&branch, child, log)));
            }
        }
        stopped
    }

    /// Stops a child execution from outside; it is kept like any that has ended.
    pub(in super::super) fn stop_child(
        &mut self,
        branch: &Branch,
        mut shared: Arc<Child>,
        log: &mut Log,
    ) -> Arc<Child> {
        let child = Arc::make_mut(&mut shared);
        let (id, items) = (child.run, child.items);
        let arn = self.with_run(id, |run| Some(Arc::clone(&run.arn))).unwrap_or_default();
        // Reported.
        let cause = format!("The map run execution [{arn}] which was managing this resource was aborted");
        child.machine.advance(self.now);
        child.machine.signal(Signal::Stop { error: None, cause: Some(cause.into()) }, &mut child.log);
        self.adopt_effects(branch.id, child);
        let status = child.machine.status().clone();
        self.with_run(id, |run| {
            run.items.ended(&status, items);
            run.executions.ended(&status, 1);
        });
        self.record_child(branch, child, log);
        shared
    }

    /// The execution ends with child executions still running.
    pub(in super::super) fn abort_map_runs(&mut self, log: &mut Log) {
        let running: Vec<BranchId> =
            self.branches().filter(|branch| branch.child.is_some()).map(|branch| branch.id).collect();
        for id in running {
            let Some(mut branch) = self.take(id) else { continue };
            let Some(child) = branch.child.take() else { continue };
            let child = self.stop_child(&branch, child, log);
            let parent = branch.parent.and_then(|parent| self.branches.get_mut(parent.0 as usize)?.as_mut());
            if let Some(run) = parent.and_then(|parent| parent.run.as_mut()) {
                run.unfinished.insert(branch.index, child);
            }
        }
        let in_run: Vec<BranchId> =
            self.branches().filter(|branch| branch.run.is_some()).map(|branch| branch.id).collect();
        for id in in_run {
            if let Some(mut branch) = self.take(id) {
                self.close_run(&mut branch, MapRunStatus::Aborted);
                self.put(branch);
            }
        }
        let now = self.now;
        for run in self.map_runs.iter_mut().filter(|run| run.status == MapRunStatus::Running) {
            run.status = MapRunStatus::Aborted;
            run.stopped = Some(now);
        }
    }

    // ---- readers and writers

    /// The reader or writer of the Map Run that `branch` is in has ended.
    pub(super) fn part_ended(&mut self, branch: &mut Branch, outcome: Result<Value, Fault>, log: &mut Log) -> Flow {
        let is_written = branch.run.as_ref().is_some_and(|run| run.is_written);
        match outcome {
            Ok(result) if is_written => self.run_succeeded(branch, result, log),
            Ok(result) => match Items::from_value(&result) {
                Some(items) => self.items_read(branch, items, log),
                None => {
                    let fault = Fault::new(ITEM_READER_FAILED, "Attempting to map over non-iterable node.");
                    self.fail_run(branch, fault, log)
                }
            },
            Err(fault) => self.fail_run(branch, fault, log),
        }
    }

    fn items_read(&mut self, branch: &mut Branch, items: Items, log: &mut Log) -> Flow {
        match self.launch(branch, items, log) {
            Ok(flow) => flow,
            Err(fault) => {
                self.evaluation_failed(branch, &fault, log);
                self.fail_run(branch, *fault, log)
            }
        }
    }
}

/// A name or ARN of a state machine without the label of a child execution: nested Map Runs are named after the machine.
fn root(name: &str) -> &str {
    name.split('/').next().unwrap_or(name)
}

/// A label for a Map that has none: the same in each execution of a state machine.
fn made_label(names: &Names, state: &State) -> Arc<str> {
    let mut hash: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    for byte in names.machine_arn.bytes().chain(state.name.bytes()) {
        hash = (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
    }
    let digits = format!("{hash:032x}");
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    format!("{}-{}-4{}-a{}-{}", part(0, 8), part(8, 12), part(13, 16), part(17, 20), part(20, 32)).into()
}
