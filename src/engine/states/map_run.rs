//! Map in distributed mode: how a Map Run begins, with the items that it is given or reads.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::effect::Effect;
use super::super::execution::{Names, Redriven};
use super::super::fault::ITEM_READER_FAILED;
use super::super::items::Items;
use super::super::map_run::{Counts, ItemRead, MapRun, MapRunId, MapRunStatus, RunState};
use super::super::slots::Slots;
use super::map_plan::MapPlan;
use super::{Blocked, Branch, EventKind, Fault, Flow, Log, Machine, Staged};
use crate::asl::{Map, State, StateKind};
use crate::value::{Array, Value};

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

    pub(super) fn with_run<T: Default>(&mut self, id: MapRunId, change: impl FnOnce(&mut MapRun) -> T) -> T {
        self.map_runs.get_mut(id.0 as usize).map(change).unwrap_or_default()
    }

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
pub(super) fn root(name: &str) -> &str {
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
