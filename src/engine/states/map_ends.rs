//! The ends of child executions and of their Map Run: what is tolerated, what is stopped, what comes out.

use std::sync::Arc;

use super::super::effect::{Effect, Signal};
use super::super::ids::BranchId;
use super::super::map_run::{Child, ChildExecution, MapRunId, MapRunStatus, ResultWrite};
use super::super::slots::Slots;
use super::{Blocked, Branch, EventKind, Fault, Flow, Log, Machine, Status};
use crate::asl::StateKind;
use crate::value::{Array, Value};

impl Machine {
    /// Counts what became of a child execution; the Map Run fails, goes on or ends with it.
    pub(super) fn child_execution_ended(&mut self, branch: &Branch, child: Arc<Child>, log: &mut Log) {
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

    pub(super) fn run_succeeded(&mut self, branch: &mut Branch, result: Value, log: &mut Log) -> Flow {
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

    /// Stops the child execution with this ARN alone (API, StopExecution): its Map Run counts it as aborted. Returns
    /// whether it was under way.
    pub(in super::super) fn stop_child_named(
        &mut self,
        arn: &Arc<str>,
        reason: (Option<Arc<str>>, Option<Arc<str>>),
        log: &mut Log,
    ) -> bool {
        let holds = |branch: &&Branch| branch.child().is_some_and(|child| child.machine.holds_execution(arn));
        let Some(id) = self.branches().find(holds).map(|branch| branch.id) else { return false };
        let Some(mut branch) = self.take(id) else { return false };
        let is_itself = branch.child().is_some_and(|child| child.machine.execution.names.execution_arn == *arn);
        let (error, cause) = reason;
        let signal = if is_itself {
            Signal::Stop { error, cause }
        } else {
            Signal::StopChild { execution: Arc::clone(arn), error, cause }
        };
        let stopped = self.with_child(&mut branch, |child, log| child.signal(signal, log));
        if !(is_itself && stopped) {
            self.put_child(branch, stopped);
            return stopped;
        }
        self.unready(id);
        if let Some(child) = branch.child.take() {
            self.child_execution_ended(&branch, child, log);
        }
        true
    }

    /// Whether this is the execution with this ARN, or one of its child executions under way is.
    fn holds_execution(&self, arn: &str) -> bool {
        let mut children = self.branches().filter_map(Branch::child);
        *self.execution.names.execution_arn == *arn || children.any(|child| child.machine.holds_execution(arn))
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
}
