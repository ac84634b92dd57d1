//! Parallel and Map: branches and iterations, their starts, ends and failures.

use std::sync::Arc;

use super::super::branch::{Children, Kept};
use super::super::execution::ExecutionType;
use super::super::ids::{BranchId, EventId};
use super::super::items::{Items, STATE_DATA};
use super::super::map_run::MapRunStatus;
use super::super::slots::Slots;
use super::wait::{plain, whole_number};
use super::{Blocked, Branch, EventKind, Fault, Flow, Log, Machine, Stage, Staged, check_size, runtime_fault};
use crate::asl::{Language, Map, MaxConcurrency, Parallel, State, StateKind};
use crate::value::{Array, Value};

/// As many iterations of an inline Map run at once when its MaxConcurrency is 0 (developer guide, Map inline).
const INLINE_CONCURRENCY: usize = 40;

impl Machine {
    pub(super) fn start_branches(&mut self, branch: &mut Branch, parallel: &Parallel, log: &mut Log) -> Staged {
        self.append(branch, EventKind::ParallelStarted { state: branch.state }, log);
        let execution = Arc::clone(&self.execution);
        let count = parallel.branches.len();
        branch.children = Some(Box::new(Children {
            results: Slots::new(count),
            items: Items::of(Array::new(Vec::new())),
            next: count,
            running: count,
        }));
        branch.block(Blocked::Children);
        for (index, scope) in parallel.branches.iter().enumerate() {
            let start = execution.machine.scope(*scope).start;
            let last = branch.last;
            let child = self.spawn(branch, number(index), start, branch.data.clone(), log);
            child.last = last;
        }
        Ok(Flow::Blocked)
    }

    pub(super) fn start_map(&mut self, branch: &mut Branch, state: &State, map: &Map, log: &mut Log) -> Staged {
        let items = Self::items_of(branch, state, map)?;
        let most = match self.max_concurrency(branch, state, map)? {
            0 => INLINE_CONCURRENCY,
            most => most,
        };
        let length = number(items.list.len());
        self.append(branch, EventKind::MapStarted { state: branch.state, length }, log);
        if items.list.is_empty() {
            self.write(branch.id, branch.last, EventKind::MapSucceeded { state: branch.state }, log);
            return Ok(self.take_results(branch, Vec::new(), log));
        }
        branch.children = Some(Box::new(Children { results: Slots::new(length as usize), items, next: 0, running: 0 }));
        branch.block(Blocked::Children);
        let started = branch.last;
        for _ in 0..most.min(length as usize) {
            self.start_iteration(branch, started, log);
        }
        Ok(Flow::Blocked)
    }

    /// The items, in what `ItemsPath` or `Items` gave. In an inline Map a path must lead to an array (recorded), in a
    /// distributed one it may lead to an object (developer guide).
    pub(super) fn items_of(branch: &Branch, state: &State, map: &Map) -> Result<Items, Box<Fault>> {
        let is_distributed = map.distributed.is_mode;
        let mut items = match (&branch.data, state.language) {
            (Value::Array(items), _) => Ok(Items::of(items.clone())),
            (Value::Object(object), Language::Jsonata) => Ok(Items::entries(object)),
            (Value::Object(object), _) if is_distributed => Ok(Items::entries(object)),
            (_, Language::Jsonata) => Err(Self::no_items(branch, state, map)),
            (_, Language::JsonPath) => {
                let path = map.items_path.as_ref().map_or("$", |path| path.text());
                // A path into the context object is named without the sign for it (recorded).
                let path = if path.starts_with("$$") { &path[1..] } else { path };
                Err(runtime_fault(branch, state, &format!("Reference path \"{path}\" must point to array.")))
            }
        }?;
        if is_distributed {
            items.sources.push((0, STATE_DATA.into()));
        }
        Ok(items)
    }

    /// `MaxConcurrency` as it is given; 0: as many as the service allows.
    pub(super) fn max_concurrency(&mut self, branch: &Branch, state: &State, map: &Map) -> Result<usize, Box<Fault>> {
        Ok(match &map.max_concurrency {
            MaxConcurrency::Fixed(most) => *most as usize,
            MaxConcurrency::Jsonata(expression) => {
                let most = self.whole(expression, i64::from(i32::MAX), branch, state)?;
                usize::try_from(most).unwrap_or(usize::MAX)
            }
            MaxConcurrency::Path(path) => {
                let value = self.select(path, &branch.effective, branch, state)?;
                let Some(most) = whole_number(&value) else {
                    let shown = plain(&value);
                    let cause = format!(
                        "The MaxConcurrencyPath field refers to value \"{shown}\" which is not a valid integer: {}",
                        path.text()
                    );
                    return Err(runtime_fault(branch, state, &cause));
                };
                usize::try_from(most).map_err(|_| runtime_fault(branch, state, "MaxConcurrency cannot be negative."))?
            }
        })
    }

    /// Starts the next iteration, if there is one left; it links to `previous`.
    fn start_iteration(&mut self, branch: &mut Branch, previous: EventId, log: &mut Log) {
        let execution = Arc::clone(&self.execution);
        let StateKind::Map(map) = &execution.machine.state(branch.state).kind else { return };
        let Some(children) = &mut branch.children else { return };
        let index = children.next;
        let Some(input) = children.items.list.get(index).cloned() else { return };
        let Some(item) = children.items.item(index) else { return };
        children.next += 1;
        children.running += 1;
        let entered = branch.entered;
        let child = self.spawn(branch, number(index), branch.state, branch.effective.clone(), log);
        child.item = Some(Arc::new(item));
        child.entered = entered;
        child.entered_at = branch.entered_at;
        child.last = previous;
        child.data = if map.item_selector.is_some() { branch.effective.clone() } else { input };
        child.stage = Stage::ItemSelector;
    }

    /// The first step of an iteration: its event, its input, and off to the first state.
    pub(super) fn begin_iteration(&mut self, branch: &mut Branch, state: &State, log: &mut Log) -> Staged {
        let StateKind::Map(map) = &state.kind else { return Ok(Flow::Next(Stage::Enter)) };
        let index = branch.index;
        // Not when it failed here before the execution was redriven.
        let is_told = log.event(branch.last).is_some_and(|event| event.branch == branch.id);
        if !is_told {
            self.append(branch, EventKind::IterationStarted { state: branch.state, index }, log);
        }
        if let Some(selector) = &map.item_selector {
            branch.data = self.fill(selector, &branch.data, branch, state)?;
            check_size(&branch.data, &state.name)?;
            self.record(branch, Stage::ItemSelector, &branch.data, log);
        }
        branch.input = branch.data.clone();
        let execution = Arc::clone(&self.execution);
        branch.state = execution.machine.scope(map.processor).start;
        Ok(Flow::Next(Stage::Enter))
    }

    /// `child` came to its end; the parent goes on when it was the last.
    pub(super) fn child_succeeded(&mut self, parent: BranchId, child: &Branch, output: Value, log: &mut Log) {
        let Some(mut parent) = self.take(parent) else { return };
        let is_map = self.is_map(&parent);
        let mut last = child.last;
        if is_map {
            let kind = EventKind::IterationSucceeded { state: parent.state, index: child.index };
            last = self.write(child.id, child.last, kind, log);
        }
        if let Some(children) = &mut parent.children {
            children.running = children.running.saturating_sub(1);
            children.results.set(child.index as usize, output);
        }
        // What waited for a free place links to the event that freed it (recorded with MaxConcurrency 1).
        self.start_iteration(&mut parent, child.last, log);
        let done = parent.children.as_ref().is_some_and(|children| children.running == 0);
        if !done {
            self.put(parent);
            return;
        }
        parent.last = last;
        let results = parent.children.take().map(|children| children.results.into_filled()).unwrap_or_default();
        let kind = if is_map {
            EventKind::MapSucceeded { state: parent.state }
        } else {
            EventKind::ParallelSucceeded { state: parent.state }
        };
        // The next event links past this one (recorded).
        self.write(parent.id, parent.last, kind, log);
        parent.unblock();
        let flow = self.take_results(&mut parent, results, log);
        self.settle_outside(parent, flow);
    }

    fn take_results(&mut self, branch: &mut Branch, results: Vec<Value>, log: &mut Log) -> Flow {
        self.take_result(branch, Value::Array(Array::new(results)), log)
    }

    /// `child` failed and nothing inside caught it: the siblings are stopped and the parent's state fails.
    pub(super) fn child_failed(&mut self, parent: BranchId, child: &Branch, fault: Fault, log: &mut Log) {
        let Some(mut parent) = self.take(parent) else { return };
        self.write_child_failure(&parent, child, log);
        let mut stopped = self.stop_descendants(parent.id, log);
        if let Some(children) = parent.children.take() {
            // An Express execution is never redriven.
            if self.execution.kind == ExecutionType::Standard {
                stopped.push(child.clone());
                parent.kept = Some(Arc::new(Kept { children: *children, branches: stopped }));
            } else {
                parent.children = Some(children);
            }
        }
        parent.last = child.last;
        parent.unblock();
        let flow = self.fail(&mut parent, fault, log);
        self.settle_outside(parent, flow);
    }

    /// Stops all that `parent` started, child executions and those with a Map Run among them.
    fn stop_descendants(&mut self, parent: BranchId, log: &mut Log) -> Vec<Branch> {
        let mut stopped = Vec::new();
        let mut children = Vec::new();
        // Children come before their parents.
        for mut branch in self.take_descendants(parent) {
            if let Some(child) = branch.child.take() {
                children.push((branch.parent, branch.index, self.stop_child(&branch, child, log)));
                continue;
            }
            self.abort(&branch, log);
            if let Some(run) = &mut branch.run {
                let (own, others): (Vec<_>, Vec<_>) =
                    children.into_iter().partition(|(parent, ..)| *parent == Some(branch.id));
                children = others;
                run.unfinished.extend(own.into_iter().map(|(_, index, child)| (index, child)));
                self.close_run(&mut branch, MapRunStatus::Aborted);
            }
            stopped.push(branch);
        }
        stopped
    }

    /// Stops all branches that `parent` started, and forgets them.
    pub(in super::super) fn abort_descendants(&mut self, parent: BranchId, log: &mut Log) {
        drop(self.stop_descendants(parent, log));
    }

    fn write_child_failure(&mut self, parent: &Branch, child: &Branch, log: &mut Log) {
        if self.is_map(parent) {
            let kind = EventKind::IterationFailed { state: parent.state, index: child.index };
            self.write(child.id, child.last, kind, log);
        } else {
            // In a Parallel state the failing state counts as aborted, too (recorded).
            self.write_abort(child, log);
        }
    }

    fn abort(&mut self, branch: &Branch, log: &mut Log) {
        self.cancel_task(branch);
        if branch.stage == Stage::ItemSelector {
            // An iteration whose turn had not come: no event told of it.
            return;
        }
        self.write_abort(branch, log);
        let parent_state = log.branches.get(branch.id.0 as usize).and_then(|origin| origin.state);
        let execution = Arc::clone(&self.execution);
        if let Some(state) = parent_state
            && matches!(execution.machine.state(state).kind, StateKind::Map(_))
        {
            self.write(branch.id, branch.last, EventKind::IterationAborted { state, index: branch.index }, log);
        }
    }

    /// `TaskStateAborted` and its like, for a branch inside a state of a type that has such an event.
    fn write_abort(&mut self, branch: &Branch, log: &mut Log) {
        let execution = Arc::clone(&self.execution);
        let kind = &execution.machine.state(branch.state).kind;
        let aborts =
            matches!(kind, StateKind::Task(_) | StateKind::Wait(_) | StateKind::Parallel(_) | StateKind::Map(_));
        if aborts && branch.stage != Stage::Enter {
            self.write(branch.id, branch.last, EventKind::StateAborted { state: branch.state }, log);
        }
    }

    fn is_map(&self, branch: &Branch) -> bool {
        matches!(self.execution.machine.state(branch.state).kind, StateKind::Map(_))
    }
}

fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
