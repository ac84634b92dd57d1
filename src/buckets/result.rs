//! Results of child executions, as the service writes them down.

use std::sync::Arc;

use super::{OutputType, ResultTransformation};
use crate::value::{Object, Timestamp, Value};

/// What became of one child execution of a Map Run.
#[derive(Debug, Clone)]
pub struct ChildResult {
    /// The ARN of the execution; none for one that was not started.
    pub execution_arn: Option<Arc<str>>,
    /// The name of the execution; none for one that was not started.
    pub name: Option<Arc<str>>,
    /// The ARN of the state machine, with the Map's label.
    pub machine_arn: Arc<str>,
    /// Its input.
    pub input: Value,
    /// Its output, when it succeeded.
    pub output: Option<Value>,
    /// The name of its error.
    pub error: Option<Arc<str>>,
    /// The cause of its error.
    pub cause: Option<Arc<str>>,
    /// Its status.
    pub status: ChildStatus,
    /// When it started.
    pub start: Option<Timestamp>,
    /// When it stopped.
    pub stop: Option<Timestamp>,
    /// Whether it was redriven and can be.
    pub redrive: Redrive,
}

/// The status of a child execution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChildStatus {
    /// `SUCCEEDED`
    Succeeded,
    /// `FAILED`
    Failed,
    /// `TIMED_OUT`
    TimedOut,
    /// `ABORTED`
    Aborted,
    /// `PENDING`: the Map Run ended before it was started.
    Pending,
}

impl ChildStatus {
    /// The service's word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
            Self::TimedOut => "TIMED_OUT",
            Self::Aborted => "ABORTED",
            Self::Pending => "PENDING",
        }
    }
}

/// What is known of redrives of an execution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redrive {
    /// `RedriveCount`
    pub count: u32,
    /// `RedriveStatus`: `REDRIVABLE`, `NOT_REDRIVABLE`, `REDRIVABLE_BY_MAP_RUN`.
    pub status: &'static str,
    /// `RedriveStatusReason`, where it is not redrivable.
    pub reason: Option<Arc<str>>,
}

impl Redrive {
    /// What holds for a Standard child execution that was never redriven.
    #[must_use]
    pub fn never(status: ChildStatus) -> Self {
        match status {
            ChildStatus::Succeeded => {
                let reason = format!("Execution is {} and cannot be redriven", status.name());
                Self { count: 0, status: "NOT_REDRIVABLE", reason: Some(reason.into()) }
            }
            _ => Self { count: 0, status: "REDRIVABLE", reason: None },
        }
    }
}

impl ChildResult {
    /// The record of the execution; members by name, those without a value left out.
    #[must_use]
    pub fn record(&self) -> Value {
        let text = |text: &Option<Arc<str>>| text.clone().map(Value::String);
        let time = |time: Option<Timestamp>| time.map(|time| Value::from(time.to_iso()));
        let json = |value: &Value| Value::from(value.to_json());
        let included = || Value::Object([("Included", Value::from(true))].into_iter().collect());
        let members = [
            ("Cause", text(&self.cause)),
            ("Error", text(&self.error)),
            ("ExecutionArn", text(&self.execution_arn)),
            ("Input", Some(json(&self.input))),
            ("InputDetails", Some(included())),
            ("Name", text(&self.name)),
            ("Output", self.output.as_ref().map(json)),
            ("OutputDetails", self.output.as_ref().map(|_| included())),
            ("RedriveCount", Some(Value::from(self.redrive.count))),
            ("RedriveStatus", Some(Value::from(self.redrive.status))),
            ("RedriveStatusReason", text(&self.redrive.reason)),
            ("StartDate", time(self.start)),
            ("StateMachineArn", Some(Value::String(self.machine_arn.clone()))),
            ("Status", Some(Value::from(self.status.name()))),
            ("StopDate", time(self.stop)),
        ];
        Value::Object(members.into_iter().filter_map(|(name, value)| Some((name, value?))).collect::<Object>())
    }

    /// What stands for this result: one value, or the items of an array that is taken apart. An execution without an
    /// output keeps its record, whatever the transformation.
    pub(super) fn transformed(&self, transformation: ResultTransformation) -> Vec<Value> {
        match (transformation, &self.output) {
            (ResultTransformation::None, _) | (_, None) => vec![self.record()],
            (ResultTransformation::Flatten, Some(Value::Array(items))) => items.to_vec(),
            (_, Some(output)) => vec![output.clone()],
        }
    }
}

/// The Map's result where a `ResultWriter` has only a `WriterConfig`: an array, or for JSON Lines their text.
#[must_use]
pub fn shape(results: &[ChildResult], transformation: ResultTransformation, output_type: OutputType) -> Value {
    let shaped = results.iter().flat_map(|result| result.transformed(transformation));
    match output_type {
        OutputType::Json => Value::Array(shaped.collect()),
        OutputType::Jsonl => Value::from(shaped.map(|value| value.to_json()).collect::<Vec<_>>().join("\n")),
    }
}
