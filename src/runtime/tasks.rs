//! Who answers tasks.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use crate::asl::{ResourceKind, State, StateKind};
use crate::engine::map_run::{ItemRead, ResultWrite};
use crate::engine::{Execution, Invocation, TaskId};
use crate::value::Value;

/// A task to be answered.
#[derive(Debug, Clone)]
pub struct TaskCall {
    /// The execution it belongs to.
    pub execution: Arc<Execution>,
    /// The task.
    pub invocation: Invocation,
    /// How often this state, by name, was invoked before in this execution: retries and iterations count.
    pub number: u32,
    /// How often this state was invoked before in this branch or iteration: retries, and the turns of loops.
    pub turn: u32,
}

impl TaskCall {
    /// The Task state.
    #[must_use]
    pub fn state(&self) -> &State {
        self.execution.machine.state(self.invocation.state)
    }

    /// Its resource, as written.
    #[must_use]
    pub fn resource(&self) -> &str {
        match &self.state().kind {
            StateKind::Task(task) => &task.resource.text,
            _ => "",
        }
    }

    /// What the submission of a `.sync` or `.waitForTaskToken` task answered, when nobody says: that it was taken.
    pub(super) fn submission(&self) -> Option<Value> {
        let submits = matches!(&self.state().kind, StateKind::Task(task) if task.resource.has_token());
        submits.then(Value::empty_object)
    }

    /// Whether it waits for a worker to take it, where other tasks start by themselves.
    pub(super) fn is_activity(&self) -> bool {
        matches!(&self.state().kind, StateKind::Task(task) if task.resource.kind == ResourceKind::Activity)
    }
}

/// How a task ended.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskResult {
    /// What the submission of a `.sync` or `.waitForTaskToken` task answered, where that is known.
    pub submitted: Option<Value>,
    /// The result, or the error and cause.
    pub outcome: Result<Value, TaskFailure>,
}

/// The error and cause of a task that failed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TaskFailure {
    /// The error name.
    pub error: Option<Arc<str>>,
    /// The cause.
    pub cause: Option<Arc<str>>,
    /// What the person at the screen should know; no part of the execution.
    pub hint: Option<Arc<str>>,
}

impl TaskResult {
    /// A task that ended well.
    #[must_use]
    pub fn ok(output: Value) -> Self {
        Self { submitted: None, outcome: Ok(output) }
    }

    /// A task that failed.
    #[must_use]
    pub fn failed(error: &str, cause: &str) -> Self {
        let failure = TaskFailure { error: Some(error.into()), cause: Some(cause.into()), hint: None };
        Self { submitted: None, outcome: Err(failure) }
    }

    /// The failure with what the person at the screen should know; what ended well stays as it is.
    #[must_use]
    pub fn with_hint(mut self, hint: Option<&str>) -> Self {
        if let Err(failure) = &mut self.outcome {
            failure.hint = hint.map(Into::into);
        }
        self
    }
}

/// An answer that is on its way.
pub type Coming = Pin<Box<dyn Future<Output = TaskResult> + Send>>;

/// An answer to a task.
pub enum Answer {
    /// It is known at once.
    Now(TaskResult),
    /// It comes later.
    Later(Coming),
    /// A person is asked for it: the clock of the execution stands until it comes.
    Asked(Coming),
    /// Somebody outside gives it, with signals: an activity's worker, who says that the task started, too, or whoever
    /// has the task token. Time is not skipped meanwhile.
    Outside {
        /// What the submission of a `.waitForTaskToken` task answered.
        submitted: Option<Value>,
    },
    /// It never comes: the task runs into its timeout.
    Hang {
        /// What the submission of a `.sync` or `.waitForTaskToken` task answered, where that is known.
        submitted: Option<Value>,
    },
}

/// Answers tasks. Called between two steps of a machine, so it must not block: what takes time goes into
/// [`Answer::Later`].
pub trait Tasks: Send + Sync {
    /// Answers `call`.
    fn invoke(&self, call: &TaskCall) -> Answer;

    /// The answer to `call` is no longer wanted.
    fn cancel(&self, _call: &TaskCall) {}

    /// Reads the items or writes the results of a Map Run.
    fn map_part(&self, call: MapCall) -> Coming {
        Box::pin(std::future::ready(no_buckets(&call)))
    }
}

/// Items of a Map Run to be read, or results to be written.
#[derive(Debug, Clone)]
pub struct MapCall {
    /// The execution it belongs to.
    pub execution: Arc<Execution>,
    /// What is to be done.
    pub part: MapPart,
}

/// What is to be done for a Map Run.
#[derive(Debug, Clone)]
pub enum MapPart {
    /// Read its items.
    Read(ItemRead),
    /// Write its results.
    Write(ResultWrite),
}

impl MapPart {
    /// What is answered.
    #[must_use]
    pub fn task(&self) -> TaskId {
        match self {
            Self::Read(read) => read.task,
            Self::Write(write) => write.task,
        }
    }
}

/// The failure of a Map Run whose bucket nobody knows.
#[must_use]
pub fn no_buckets(call: &MapCall) -> TaskResult {
    let (error, arguments) = match &call.part {
        MapPart::Read(read) => ("States.ItemReaderFailed", Some(&read.arguments)),
        MapPart::Write(write) => ("States.ResultWriterFailed", write.arguments.as_ref()),
    };
    let bucket = arguments.and_then(|arguments| arguments.get("Bucket")).and_then(Value::as_str).unwrap_or("BUCKET");
    let cause = format!("No folder stands for the bucket '{bucket}'. Name one: --s3 {bucket}=FOLDER");
    TaskResult::failed(error, &cause)
}

/// Answers no task: each fails and says how to mock it.
#[derive(Debug, Default)]
pub struct Unanswered;

impl Tasks for Unanswered {
    fn invoke(&self, call: &TaskCall) -> Answer {
        Answer::Now(no_mock(call))
    }
}

/// The failure of a task that nobody answers.
#[must_use]
pub fn no_mock(call: &TaskCall) -> TaskResult {
    let state = &call.state().name;
    let cause = format!(
        "Nothing answers the task of state '{state}' (resource {}). Give a mock file: --mocks FILE --case NAME, with a response for '{state}' in the case; or open the definition in the debugger and answer by hand.",
        call.resource()
    );
    TaskResult::failed("Asldb.NoMock", &cause)
}
