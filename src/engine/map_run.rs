//! Map Runs: the child executions of a Map in distributed mode.
//!
//! A child execution is a machine of its own, with its own history, inside the machine that started it: it is stepped,
//! told the time and replayed with it.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::effect::TaskId;
use super::execution::{Execution, ExecutionType, Redriven, Status};
use super::ids::{BranchId, EventId};
use super::log::Log;
use super::machine::Machine;
use super::slots::Slots;
use super::stage::Step;
use crate::asl::StateId;
use crate::value::{Array, Timestamp, Value};

/// A Map Run, as an index into [`Machine::map_runs`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MapRunId(pub u32);

/// A Map Run as DescribeMapRun tells of it.
#[derive(Debug, Clone)]
pub struct MapRun {
    /// `mapRunArn`
    pub arn: Arc<str>,
    /// The `Label` of the Map, or one that was made for it.
    pub label: Arc<str>,
    /// The Map state.
    pub state: StateId,
    /// What became of it.
    pub status: MapRunStatus,
    /// `maxConcurrency`; 0: as many as the service allows.
    pub max_concurrency: u64,
    /// `toleratedFailureCount`
    pub tolerated_failure_count: u64,
    /// `toleratedFailurePercentage`
    pub tolerated_failure_percentage: f64,
    /// When it was started.
    pub started: Timestamp,
    /// When it ended.
    pub stopped: Option<Timestamp>,
    /// `redriveCount`, `redriveDate`
    pub redriven: Redriven,
    /// Items, in `itemCounts`.
    pub items: Counts,
    /// Child executions, in `executionCounts`.
    pub executions: Counts,
}

/// `status` of a Map Run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the API")]
pub enum MapRunStatus {
    Running,
    Succeeded,
    Failed,
    Aborted,
}

/// How many of something there are, by what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the API")]
pub struct Counts {
    pub pending: u64,
    pub running: u64,
    pub succeeded: u64,
    pub failed: u64,
    pub timed_out: u64,
    pub aborted: u64,
    pub results_written: u64,
    pub failures_not_redrivable: u64,
    pub pending_redrive: u64,
}

impl Counts {
    /// All of them.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.pending
            + self.running
            + self.succeeded
            + self.failed
            + self.timed_out
            + self.aborted
            + self.pending_redrive
    }

    /// What did not succeed.
    #[must_use]
    pub fn unsuccessful(&self) -> u64 {
        self.failed + self.timed_out + self.aborted
    }

    /// `count` that had ended with `status` wait to be redriven; `back`: the other way round.
    pub(super) fn wait_for_redrive(&mut self, status: &Status, count: u64, back: bool) {
        let ended = self.of(status);
        if back {
            *ended += count;
            self.pending_redrive = self.pending_redrive.saturating_sub(count);
        } else {
            *ended = ended.saturating_sub(count);
            self.pending_redrive += count;
        }
    }

    /// `count` that were running have ended like this.
    pub(super) fn ended(&mut self, status: &Status, count: u64) {
        self.running = self.running.saturating_sub(count);
        *self.of(status) += count;
    }

    fn of(&mut self, status: &Status) -> &mut u64 {
        match status {
            Status::Running => &mut self.running,
            Status::Succeeded(_) => &mut self.succeeded,
            Status::Failed(_) => &mut self.failed,
            Status::TimedOut(_) => &mut self.timed_out,
            Status::Aborted(_) => &mut self.aborted,
        }
    }
}

/// A child execution that has ended.
#[derive(Debug, Clone)]
pub struct ChildExecution {
    /// The Map Run it belongs to.
    pub run: MapRunId,
    /// Its number in the Map Run, from 0.
    pub index: u32,
    /// What it was started with.
    pub execution: Arc<Execution>,
    /// When it was started.
    pub started: Timestamp,
    /// When it ended.
    pub stopped: Timestamp,
    /// How often it was redriven, and when last.
    pub redriven: Redriven,
    /// What became of it.
    pub status: Status,
    /// Its history; child executions of its own among it.
    pub log: Log,
}

/// A child execution that runs.
#[derive(Debug, Clone)]
pub struct Child {
    /// Its Map Run.
    pub run: MapRunId,
    /// Its machine.
    pub machine: Machine,
    /// Its history so far.
    pub log: Log,
    /// The step of its own that it made when it last had its turn; none when it could only wait.
    pub last: Option<Step>,
    /// Its tasks by the names that the world knows them by.
    pub(super) tasks: HashMap<TaskId, TaskId>,
    /// How many items it was given.
    pub(super) items: u64,
}

/// A child execution that ended longer ago cannot be redriven (developer guide, redriving Map Runs).
const REDRIVABLE_MILLIS: i64 = 14 * 86_400_000;

impl Child {
    /// Whether it can be redriven at `now`; Express ones are started again, and that they always can.
    pub(super) fn is_redrivable(&self, now: Timestamp) -> bool {
        let stopped = self.log.events.last().map_or(now, |event| event.at);
        self.machine.execution().kind != ExecutionType::Standard
            || self.machine.is_redrivable(&self.log) && now.since(stopped) <= REDRIVABLE_MILLIS
    }
}

/// What a branch in a Map Run goes on with.
#[derive(Debug, Clone)]
pub(super) struct RunState {
    pub(super) id: MapRunId,
    /// The inputs of the child executions.
    pub(super) inputs: Array,
    /// The event that `MapRunStarted` links to.
    pub(super) started: EventId,
    /// Whether the inputs are known.
    pub(super) is_launched: bool,
    /// Those that ended without success, by number.
    pub(super) unfinished: BTreeMap<u32, Arc<Child>>,
    /// Those that are to be redriven, by number.
    pub(super) pending_redrive: BTreeMap<u32, Arc<Child>>,
    /// The outputs of those that succeeded, by number.
    pub(super) results: Slots<Value>,
    /// The number of the next to be started.
    pub(super) next: usize,
    pub(super) running: usize,
    /// What is done with the results when all have ended: asked for once.
    pub(super) is_written: bool,
}

/// The items that an `ItemReader` asks for.
#[derive(Debug, Clone)]
pub struct ItemRead {
    /// Answered by [`super::Signal::TaskSucceeded`] with the list of items, or [`super::Signal::TaskFailed`].
    pub task: TaskId,
    /// The branch that waits.
    pub branch: BranchId,
    /// The Map state, whose `ItemReader` has the rest.
    pub state: StateId,
    /// `Parameters` or `Arguments`, evaluated.
    pub arguments: Value,
    /// `MaxItems`, evaluated; none: all.
    pub max_items: Option<u64>,
}

/// The results that a `ResultWriter` wants written.
#[derive(Debug, Clone)]
pub struct ResultWrite {
    /// Answered by [`super::Signal::TaskSucceeded`] with what the Map gives, or [`super::Signal::TaskFailed`].
    pub task: TaskId,
    /// The branch that waits.
    pub branch: BranchId,
    /// The Map state, whose `ResultWriter` has the rest.
    pub state: StateId,
    /// `mapRunArn`
    pub map_run_arn: Arc<str>,
    /// `Parameters` or `Arguments`, evaluated; none: the results are only shaped.
    pub arguments: Option<Value>,
    /// Names the folder of the files.
    pub uuid: Arc<str>,
    /// The child executions of the Map Run, in the order in which they ended.
    pub executions: Vec<Arc<ChildExecution>>,
}
