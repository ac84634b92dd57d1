//! History events, with shared values and ids instead of names.

use std::sync::Arc;

use super::fault::Fault;
use super::ids::{BranchId, EventId};
use crate::asl::StateId;
use crate::value::{Object, Timestamp, Value};

/// One event of the history.
#[derive(Debug, Clone)]
pub struct Event {
    /// Its number.
    pub id: EventId,
    /// The event it follows in its thread, by AWS's linking rules.
    pub previous: EventId,
    /// When.
    pub at: Timestamp,
    /// The thread it belongs to.
    pub branch: BranchId,
    /// The step of the machine that wrote it.
    pub step: u64,
    /// What happened.
    pub kind: EventKind,
}

/// What happened. The names follow GetExecutionHistory; the `Task…` kinds stand for the `LambdaFunction…` and
/// `Activity…` families too, by the resource of the state.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the names are those of GetExecutionHistory")]
pub enum EventKind {
    ExecutionStarted {
        input: Value,
    },
    ExecutionSucceeded {
        output: Value,
    },
    ExecutionFailed(Arc<Fault>),
    ExecutionAborted(Arc<Fault>),
    ExecutionTimedOut(Arc<Fault>),
    ExecutionRedriven {
        count: u32,
    },
    StateEntered {
        state: StateId,
        input: Value,
    },
    StateExited {
        state: StateId,
        output: Value,
        assigned: Option<Box<Object>>,
    },
    StateAborted {
        state: StateId,
    },
    ParallelStarted {
        state: StateId,
    },
    ParallelSucceeded {
        state: StateId,
    },
    ParallelFailed {
        state: StateId,
    },
    MapStarted {
        state: StateId,
        length: u32,
    },
    MapSucceeded {
        state: StateId,
    },
    MapFailed {
        state: StateId,
    },
    IterationStarted {
        state: StateId,
        index: u32,
    },
    IterationSucceeded {
        state: StateId,
        index: u32,
    },
    IterationFailed {
        state: StateId,
        index: u32,
    },
    IterationAborted {
        state: StateId,
        index: u32,
    },
    MapRunStarted {
        state: StateId,
        arn: Arc<str>,
    },
    MapRunSucceeded {
        state: StateId,
    },
    MapRunFailed {
        state: StateId,
        fault: Arc<Fault>,
    },
    MapRunRedriven {
        state: StateId,
        arn: Arc<str>,
        count: u32,
    },
    TaskScheduled {
        state: StateId,
        scheduled: Arc<Scheduled>,
    },
    TaskStarted {
        state: StateId,
        worker: Option<Arc<str>>,
    },
    TaskSubmitted {
        state: StateId,
        output: Value,
    },
    TaskSucceeded {
        state: StateId,
        output: Value,
    },
    TaskFailed {
        state: StateId,
        fault: Arc<Fault>,
    },
    TaskTimedOut {
        state: StateId,
        fault: Arc<Fault>,
    },
    EvaluationFailed {
        state: StateId,
        fault: Arc<Fault>,
    },
    /// An event of a recorded history that the engine never writes.
    Other(Arc<OtherEvent>),
}

/// An event of a recorded history that is shown as it was recorded.
#[derive(Debug, Clone)]
pub struct OtherEvent {
    /// `type`
    pub name: Arc<str>,
    /// The state that its thread was in, or that it names.
    pub state: Option<StateId>,
    /// The member with its details, and what is in it.
    pub details: Option<(Arc<str>, Value)>,
    /// The failure it tells of.
    pub fault: Option<Arc<Fault>>,
}

/// What a task was scheduled with.
#[derive(Debug, Clone)]
pub struct Scheduled {
    /// `parameters`, or `input` of functions and activities.
    pub input: Value,
    /// `timeoutInSeconds`
    pub timeout_seconds: Option<u64>,
    /// `heartbeatInSeconds`
    pub heartbeat_seconds: Option<u64>,
    /// `taskCredentials`
    pub credentials: Option<Value>,
}

impl EventKind {
    /// The state it belongs to.
    #[must_use]
    pub fn state(&self) -> Option<StateId> {
        match self {
            Self::ExecutionStarted { .. }
            | Self::ExecutionSucceeded { .. }
            | Self::ExecutionFailed(_)
            | Self::ExecutionAborted(_)
            | Self::ExecutionTimedOut(_)
            | Self::ExecutionRedriven { .. } => None,
            Self::StateEntered { state, .. }
            | Self::StateExited { state, .. }
            | Self::StateAborted { state }
            | Self::ParallelStarted { state }
            | Self::ParallelSucceeded { state }
            | Self::ParallelFailed { state }
            | Self::MapStarted { state, .. }
            | Self::MapSucceeded { state }
            | Self::MapFailed { state }
            | Self::IterationStarted { state, .. }
            | Self::IterationSucceeded { state, .. }
            | Self::IterationFailed { state, .. }
            | Self::IterationAborted { state, .. }
            | Self::MapRunStarted { state, .. }
            | Self::MapRunSucceeded { state }
            | Self::MapRunFailed { state, .. }
            | Self::MapRunRedriven { state, .. }
            | Self::TaskScheduled { state, .. }
            | Self::TaskStarted { state, .. }
            | Self::TaskSubmitted { state, .. }
            | Self::TaskSucceeded { state, .. }
            | Self::TaskFailed { state, .. }
            | Self::TaskTimedOut { state, .. }
            | Self::EvaluationFailed { state, .. } => Some(*state),
            Self::Other(other) => other.state,
        }
    }

    /// The failure it tells of.
    #[must_use]
    pub fn fault(&self) -> Option<&Arc<Fault>> {
        match self {
            Self::ExecutionFailed(fault)
            | Self::ExecutionAborted(fault)
            | Self::ExecutionTimedOut(fault)
            | Self::MapRunFailed { fault, .. }
            | Self::TaskFailed { fault, .. }
            | Self::TaskTimedOut { fault, .. }
            | Self::EvaluationFailed { fault, .. } => Some(fault),
            Self::Other(other) => other.fault.as_ref(),
            _ => None,
        }
    }

    /// Whether it ends the execution.
    #[must_use]
    pub fn is_end(&self) -> bool {
        matches!(
            self,
            Self::ExecutionSucceeded { .. }
                | Self::ExecutionFailed(_)
                | Self::ExecutionAborted(_)
                | Self::ExecutionTimedOut(_)
        )
    }
}
