//! What an execution is started with, and what becomes of it.

use std::sync::Arc;

use super::fault::Fault;
use crate::asl::StateMachine;
use crate::value::{Timestamp, Value};

/// What an execution is started with.
#[derive(Debug, Clone)]
pub struct Execution {
    /// The definition.
    pub machine: Arc<StateMachine>,
    /// The input.
    pub input: Value,
    /// Standard or Express.
    pub kind: ExecutionType,
    /// The names it goes by in the context object and the events.
    pub names: Names,
    /// The seed of its random numbers.
    pub seed: u64,
    /// The number of events that ends it; none: no limit.
    pub max_events: Option<u32>,
    /// Whether the value after each stage is kept in the log.
    pub record_stages: bool,
}

/// Standard or Express.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExecutionType {
    /// Up to a year, with a history.
    Standard,
    /// Up to five minutes.
    Express,
    /// Express, and its caller waits for it (StartSyncExecution).
    ExpressSync,
}

/// How often an execution was redriven, and when last.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Redriven {
    /// `redriveCount`
    pub count: u32,
    /// `redriveDate`; Express child executions, which are started again instead, have none (reported).
    pub at: Option<Timestamp>,
}

/// The names of an execution.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the names are those of the API")]
pub struct Names {
    pub execution_arn: Arc<str>,
    pub execution_name: Arc<str>,
    pub machine_arn: Arc<str>,
    pub machine_name: Arc<str>,
    pub role_arn: Arc<str>,
    pub region: Arc<str>,
}

/// What became of an execution.
#[derive(Debug, Clone)]
pub enum Status {
    /// It goes on.
    Running,
    /// It ended well, with this output.
    Succeeded(Value),
    /// It failed.
    Failed(Arc<Fault>),
    /// It ran over its time.
    TimedOut(Arc<Fault>),
    /// It was stopped.
    Aborted(Arc<Fault>),
}

impl Status {
    /// Whether the execution has ended.
    #[must_use]
    pub fn is_done(&self) -> bool {
        !matches!(self, Self::Running)
    }

    /// `RUNNING`, `SUCCEEDED`, `FAILED`, `TIMED_OUT`, `ABORTED`
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Running => "RUNNING",
            Self::Succeeded(_) => "SUCCEEDED",
            Self::Failed(_) => "FAILED",
            Self::TimedOut(_) => "TIMED_OUT",
            Self::Aborted(_) => "ABORTED",
        }
    }

    /// Why it did not end well.
    #[must_use]
    pub fn fault(&self) -> Option<&Arc<Fault>> {
        match self {
            Self::Failed(fault) | Self::TimedOut(fault) | Self::Aborted(fault) => Some(fault),
            Self::Running | Self::Succeeded(_) => None,
        }
    }
}
