//! What a machine wants from the world, and what it is told.

use std::sync::Arc;

use crate::asl::StateId;
use crate::value::Value;

use super::change::{Change, Redefinition};
use super::ids::BranchId;
use super::map_run::{ItemRead, MapRunId, ResultWrite};

/// One attempt at a task, unique within its execution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TaskId(pub u64);

/// What the driver is to do.
#[derive(Debug, Clone)]
pub enum Effect {
    /// Run a task and answer with signals.
    Invoke(Invocation),
    /// The task's answer is no longer wanted.
    Cancel(TaskId),
    /// Read the items of a Map Run.
    ReadItems(ItemRead),
    /// Write the results of a Map Run.
    WriteResults(ResultWrite),
}

impl Effect {
    /// The task it is about; readers and writers of Map Runs count as such.
    #[must_use]
    pub fn task(&self) -> TaskId {
        match self {
            Self::Invoke(invocation) => invocation.task,
            Self::Cancel(task) => *task,
            Self::ReadItems(read) => read.task,
            Self::WriteResults(write) => write.task,
        }
    }

    /// Makes it one of another machine: `task` of `branch`.
    pub(super) fn rename(&mut self, task: TaskId, branch: BranchId) {
        let (own_task, own_branch) = match self {
            Self::Cancel(own) => {
                *own = task;
                return;
            }
            Self::Invoke(invocation) => (&mut invocation.task, &mut invocation.branch),
            Self::ReadItems(read) => (&mut read.task, &mut read.branch),
            Self::WriteResults(write) => (&mut write.task, &mut write.branch),
        };
        *own_task = task;
        *own_branch = branch;
    }
}

/// A task to be run.
#[derive(Debug, Clone)]
pub struct Invocation {
    /// Which attempt.
    pub task: TaskId,
    /// The thread that waits for it.
    pub branch: BranchId,
    /// The Task state; its resource is in the state machine.
    pub state: StateId,
    /// The parameters of the task.
    pub input: Value,
    /// How often the state has been retried in this visit.
    pub retry_count: u32,
    /// The token of a `.waitForTaskToken` task.
    pub token: Option<Arc<str>>,
    /// The branches and iterations around it, outermost first: the state that started each, and its number. Empty in the
    /// execution's own thread.
    pub place: Vec<(StateId, u32)>,
}

/// What the machine is told.
#[derive(Debug, Clone)]
pub enum Signal {
    /// An activity worker took the task.
    TaskStarted {
        /// Which.
        task: TaskId,
        /// `workerName`
        worker: Option<Arc<str>>,
    },
    /// The submission of a `.sync` or `.waitForTaskToken` task answered.
    TaskSubmitted {
        /// Which.
        task: TaskId,
        /// The answer of the call.
        output: Value,
    },
    /// The task ended well.
    TaskSucceeded {
        /// Which.
        task: TaskId,
        /// Its result.
        output: Value,
    },
    /// The task failed.
    TaskFailed {
        /// Which.
        task: TaskId,
        /// The error name.
        error: Option<Arc<str>>,
        /// The cause.
        cause: Option<Arc<str>>,
        /// What the person at the screen should know; no part of the execution.
        hint: Option<Arc<str>>,
    },
    /// The task is alive.
    TaskHeartbeat {
        /// Which.
        task: TaskId,
    },
    /// Stop the execution (StopExecution).
    Stop {
        /// The error the caller gave.
        error: Option<Arc<str>>,
        /// The cause the caller gave.
        cause: Option<Arc<str>>,
    },
    /// Stop a child execution of a Map Run (StopExecution).
    StopChild {
        /// Its ARN.
        execution: Arc<str>,
        /// The error the caller gave.
        error: Option<Arc<str>>,
        /// The cause the caller gave.
        cause: Option<Arc<str>>,
    },
    /// Go on with an execution that ended without success (RedriveExecution).
    Redrive,
    /// Change a Map Run that is under way (UpdateMapRun); what is none stays as it is.
    UpdateMapRun {
        /// Which.
        run: MapRunId,
        /// `maxConcurrency`
        max_concurrency: Option<u64>,
        /// `toleratedFailureCount`
        tolerated_failure_count: Option<u64>,
        /// `toleratedFailurePercentage`
        tolerated_failure_percentage: Option<f64>,
    },
    /// Change the run by hand.
    Change(Box<Change>),
    /// Go on with another definition.
    Redefine(Arc<Redefinition>),
    /// Whether failures are held: what becomes of one is decided in a step of its own, so that whoever stands between
    /// two steps can change the data that made it. The events are the same.
    HoldFailures(bool),
    /// Let only this branch make steps, with those that it starts; none: all take their turns again.
    Only(Option<BranchId>),
}

impl Signal {
    /// The task it is about.
    #[must_use]
    pub fn task(&self) -> Option<TaskId> {
        match self {
            Self::TaskStarted { task, .. }
            | Self::TaskSubmitted { task, .. }
            | Self::TaskSucceeded { task, .. }
            | Self::TaskFailed { task, .. }
            | Self::TaskHeartbeat { task } => Some(*task),
            Self::Stop { .. }
            | Self::StopChild { .. }
            | Self::Redrive
            | Self::UpdateMapRun { .. }
            | Self::Change(_)
            | Self::Redefine(_)
            | Self::HoldFailures(_)
            | Self::Only(_) => None,
        }
    }

    /// Whether nothing more is told of the task.
    pub(super) fn ends_task(&self) -> bool {
        matches!(self, Self::TaskSucceeded { .. } | Self::TaskFailed { .. })
    }

    /// Makes it one about another task.
    pub(super) fn rename(&mut self, other: TaskId) {
        match self {
            Self::TaskStarted { task, .. }
            | Self::TaskSubmitted { task, .. }
            | Self::TaskSucceeded { task, .. }
            | Self::TaskFailed { task, .. }
            | Self::TaskHeartbeat { task } => *task = other,
            Self::Stop { .. }
            | Self::StopChild { .. }
            | Self::Redrive
            | Self::UpdateMapRun { .. }
            | Self::Change(_)
            | Self::Redefine(_)
            | Self::HoldFailures(_)
            | Self::Only(_) => {}
        }
    }
}
