//! Map Runs that go on: redrives, and changes of those under way.

use std::collections::HashMap;
use std::sync::Arc;

use super::super::effect::Signal;
use super::super::execution::{Execution, ExecutionType, Redriven};
use super::super::fault::EXCEED_TOLERATED_FAILURE_THRESHOLD;
use super::super::map_run::{Child, MapRunId, MapRunStatus};
use super::{Blocked, Branch, EventKind, Fault, Flow, Log, Machine, Staged, runtime_fault};
use crate::asl::{Map, State, StateKind};

/// A Map Run is redriven at most so often (developer guide, redriving Map Runs).
const MOST_REDRIVES: u32 = 1000;

impl Machine {
    /// Goes on with the Map Run that `branch` was in: child executions that ended without success are redriven, those
    /// that had not been started are started.
    pub(super) fn redrive_map_run(&mut self, branch: &mut Branch, state: &State, map: &Map, log: &mut Log) -> Staged {
        let Some(run) = &mut branch.run else { return Ok(Flow::Blocked) };
        run.is_written = false;
        run.running = 0;
        let (id, is_launched) = (run.id, run.is_launched);
        // Links to where the Map Run was started from (reported).
        branch.last = run.started;
        let Some((arn, count)) = self.reopen_run(id) else {
            branch.run = None;
            let cause = format!("The map run was redriven {MOST_REDRIVES} times already.");
            return Err(runtime_fault(branch, state, &cause));
        };
        self.append(branch, EventKind::MapRunRedriven { state: branch.state, arn, count }, log);
        if !is_launched {
            let reads = map.distributed.reader.is_some();
            let items = if reads { None } else { Some(Self::items_of(branch, state, map)?) };
            return self.provide_items(branch, state, map, items, log);
        }
        self.queue_unfinished(branch);
        branch.block(Blocked::Children);
        self.fill_places(branch, log);
        if branch.run.as_ref().is_some_and(|run| run.running > 0) {
            return Ok(Flow::Blocked);
        }
        branch.unblock();
        Ok(self.judge_run(branch, log))
    }

    /// Ends a Map Run in which nothing is left to be done: with success, unless too much failed.
    fn judge_run(&mut self, branch: &mut Branch, log: &mut Log) -> Flow {
        if branch.run.as_ref().is_some_and(|run| self.is_over_threshold(run.id)) {
            return self.fail_over_threshold(branch, log);
        }
        self.finish_run(branch, log)
    }

    pub(super) fn fail_over_threshold(&mut self, branch: &mut Branch, log: &mut Log) -> Flow {
        let cause = "The specified tolerated failure threshold was exceeded";
        self.fail_run(branch, Fault::new(EXCEED_TOLERATED_FAILURE_THRESHOLD, cause), log)
    }

    /// The Map Run runs again; its ARN and how often it was redriven, or none if that was too often.
    fn reopen_run(&mut self, id: MapRunId) -> Option<(Arc<str>, u32)> {
        let now = self.now;
        let run = self.map_runs.get_mut(id.0 as usize).filter(|run| run.redriven.count < MOST_REDRIVES)?;
        run.status = MapRunStatus::Running;
        run.stopped = None;
        run.redriven = Redriven { count: run.redriven.count + 1, at: Some(now) };
        for counts in [&mut run.items, &mut run.executions] {
            counts.results_written = 0;
            counts.failures_not_redrivable = 0;
        }
        Some((Arc::clone(&run.arn), run.redriven.count))
    }

    /// Child executions that ended without success wait to be redriven; those that cannot be stay failed.
    fn queue_unfinished(&mut self, branch: &mut Branch) {
        let now = self.now;
        let Some(run) = &mut branch.run else { return };
        let Some(map_run) = self.map_runs.get_mut(run.id.0 as usize) else { return };
        for (index, child) in std::mem::take(&mut run.unfinished) {
            if !child.is_redrivable(now) {
                map_run.items.failures_not_redrivable += child.items;
                map_run.executions.failures_not_redrivable += 1;
                run.unfinished.insert(index, child);
                continue;
            }
            map_run.items.wait_for_redrive(child.machine.status(), child.items, false);
            map_run.executions.wait_for_redrive(child.machine.status(), 1, false);
            run.pending_redrive.insert(index, child);
        }
    }

    /// Redrives a Standard child execution; starts an Express one again under its name.
    pub(super) fn redrive_child(&mut self, branch: &mut Branch, index: u32, mut shared: Arc<Child>, log: &mut Log) {
        let Some(run) = &mut branch.run else { return };
        run.running += 1;
        let (id, items) = (run.id, shared.items);
        self.with_run(id, |run| {
            for (counts, count) in [(&mut run.items, items), (&mut run.executions, 1)] {
                counts.pending_redrive = counts.pending_redrive.saturating_sub(count);
                counts.running += count;
            }
        });
        let input = shared.machine.execution().input.clone();
        let child = if shared.machine.execution().kind == ExecutionType::Standard {
            let child = Arc::make_mut(&mut shared);
            child.tasks.clear();
            child.machine.advance(self.now);
            child.machine.signal(Signal::Redrive, &mut child.log);
            child.clone()
        } else {
            self.start_again(branch, &shared)
        };
        self.spawn_child(branch, index, input, child, log);
    }

    /// An Express child execution from its beginning: it counts as redriven, but has no time of that (reported).
    fn start_again(&mut self, branch: &Branch, ended: &Child) -> Child {
        let seed = self.random.next();
        let execution = Execution { seed, ..(**ended.machine.execution()).clone() };
        let machine = Arc::clone(&execution.machine);
        let first = match &machine.state(branch.state).kind {
            StateKind::Map(map) => machine.scope(map.processor).start,
            _ => branch.state,
        };
        let mut log = Log::default();
        let mut machine = Self::start_with(execution, first, None, self.now, &mut log);
        machine.holds_failures = self.holds_failures;
        machine.redriven = Redriven { count: ended.machine.redriven.count + 1, at: None };
        Child { run: ended.run, machine, log, last: None, tasks: HashMap::new(), items: ended.items }
    }

    /// Changes a Map Run that is under way (API, UpdateMapRun); returns whether there is such a one.
    pub(in super::super) fn update_map_run(
        &mut self,
        id: MapRunId,
        max_concurrency: Option<u64>,
        (count, percentage): (Option<u64>, Option<f64>),
        log: &mut Log,
    ) -> bool {
        let is_running = |run: &&mut super::super::map_run::MapRun| run.status == MapRunStatus::Running;
        let Some(run) = self.map_runs.get_mut(id.0 as usize).filter(is_running) else { return false };
        run.max_concurrency = max_concurrency.unwrap_or(run.max_concurrency);
        run.tolerated_failure_count = count.unwrap_or(run.tolerated_failure_count);
        run.tolerated_failure_percentage = percentage.unwrap_or(run.tolerated_failure_percentage);
        let is_it = |branch: &&Branch| branch.run.as_ref().is_some_and(|run| run.id == id && run.running > 0);
        let waiting = self.branches().find(is_it).map(|branch| branch.id);
        let Some(mut branch) = waiting.and_then(|id| self.take(id)) else { return true };
        if self.is_over_threshold(id) {
            let flow = self.fail_over_threshold(&mut branch, log);
            self.settle_outside(branch, flow);
            return true;
        }
        self.fill_places(&mut branch, log);
        self.put(branch);
        true
    }
}
