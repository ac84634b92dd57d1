//! The history as GetExecutionHistory answers it.

use std::sync::{Arc, LazyLock};

use super::event::{Event, EventKind, Scheduled};
use super::execution::Execution;
use super::fault::Fault;
use super::log::Log;
use crate::asl::{ResourceKind, StateId, StateKind};
use crate::value::{Object, Value};

/// The answer of GetExecutionHistory: `{"events": [...]}`, times in seconds since 1970 as the wire has them.
#[must_use]
pub fn to_json(log: &Log, execution: &Execution) -> Value {
    let events: Vec<Value> = log.events.iter().map(|event| event_to_json(event, execution)).collect();
    object([("events", events.into())])
}

/// One event of the answer.
#[must_use]
pub fn event_to_json(event: &Event, execution: &Execution) -> Value {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of our times fit 2^52")]
    let timestamp = Value::from(event.at.0 as f64 / 1000.0);
    let kind = type_name(&event.kind, execution).into();
    let mut members = Vec::with_capacity(5);
    members.extend([
        (KEYS.timestamp.clone(), timestamp),
        (KEYS.kind.clone(), kind),
        (KEYS.id.clone(), Value::from(event.id.0)),
        (KEYS.previous.clone(), Value::from(event.previous.0)),
    ]);
    match &event.kind {
        EventKind::Other(other) => members.extend(other.details.clone()),
        kind => members.extend(details(kind, execution).map(|(member, details)| (member.into(), details))),
    }
    Value::Object(Object::from_distinct(members))
}

/// Keys of nearly all events, which share them: a long history is written when an execution ends.
struct Keys {
    timestamp: Arc<str>,
    kind: Arc<str>,
    id: Arc<str>,
    previous: Arc<str>,
    name: Arc<str>,
    /// That of a payload, and that of its details.
    input: [Arc<str>; 2],
    output: [Arc<str>; 2],
    not_truncated: Value,
}

static KEYS: LazyLock<Keys> = LazyLock::new(|| Keys {
    timestamp: "timestamp".into(),
    kind: "type".into(),
    id: "id".into(),
    previous: "previousEventId".into(),
    name: "name".into(),
    input: ["input".into(), "inputDetails".into()],
    output: ["output".into(), "outputDetails".into()],
    not_truncated: object([("truncated", Value::from(false))]),
});

/// The family of task events, by the resource of the state.
#[derive(Clone, Copy, PartialEq)]
enum Family {
    Task,
    LambdaFunction,
    Activity,
}

fn family(state: StateId, execution: &Execution) -> Family {
    match &execution.machine.state(state).kind {
        StateKind::Task(task) => match task.resource.kind {
            ResourceKind::LambdaFunction => Family::LambdaFunction,
            ResourceKind::Activity => Family::Activity,
            ResourceKind::Service { .. } => Family::Task,
        },
        _ => Family::Task,
    }
}

/// The event's `type`.
#[must_use]
pub fn type_name(kind: &EventKind, execution: &Execution) -> String {
    let state_type = |state: &StateId| execution.machine.state(*state).kind.type_name();
    let task = |state: &StateId, what: &str| {
        let family = match family(*state, execution) {
            Family::Task => "Task",
            Family::LambdaFunction => "LambdaFunction",
            Family::Activity => "Activity",
        };
        format!("{family}{what}")
    };
    match kind {
        EventKind::StateEntered { state, .. } => format!("{}StateEntered", state_type(state)),
        EventKind::StateExited { state, .. } => format!("{}StateExited", state_type(state)),
        EventKind::StateAborted { state } => format!("{}StateAborted", state_type(state)),
        EventKind::TaskScheduled { state, .. } => task(state, "Scheduled"),
        EventKind::TaskStarted { state, .. } => task(state, "Started"),
        EventKind::TaskSubmitted { .. } => "TaskSubmitted".to_owned(),
        EventKind::TaskSucceeded { state, .. } => task(state, "Succeeded"),
        EventKind::TaskFailed { state, .. } => task(state, "Failed"),
        EventKind::TaskTimedOut { state, .. } => task(state, "TimedOut"),
        EventKind::Other(other) => other.name.to_string(),
        other => fixed_name(other).to_owned(),
    }
}

fn fixed_name(kind: &EventKind) -> &'static str {
    match kind {
        EventKind::ExecutionStarted { .. } => "ExecutionStarted",
        EventKind::ExecutionSucceeded { .. } => "ExecutionSucceeded",
        EventKind::ExecutionFailed(_) => "ExecutionFailed",
        EventKind::ExecutionAborted(_) => "ExecutionAborted",
        EventKind::ExecutionTimedOut(_) => "ExecutionTimedOut",
        EventKind::ExecutionRedriven { .. } => "ExecutionRedriven",
        EventKind::ParallelStarted { .. } => "ParallelStateStarted",
        EventKind::ParallelSucceeded { .. } => "ParallelStateSucceeded",
        EventKind::ParallelFailed { .. } => "ParallelStateFailed",
        EventKind::MapStarted { .. } => "MapStateStarted",
        EventKind::MapSucceeded { .. } => "MapStateSucceeded",
        EventKind::MapFailed { .. } => "MapStateFailed",
        EventKind::IterationStarted { .. } => "MapIterationStarted",
        EventKind::IterationSucceeded { .. } => "MapIterationSucceeded",
        EventKind::IterationFailed { .. } => "MapIterationFailed",
        EventKind::IterationAborted { .. } => "MapIterationAborted",
        EventKind::EvaluationFailed { .. } => "EvaluationFailed",
        EventKind::MapRunStarted { .. } => "MapRunStarted",
        EventKind::MapRunSucceeded { .. } => "MapRunSucceeded",
        EventKind::MapRunFailed { .. } => "MapRunFailed",
        EventKind::MapRunRedriven { .. } => "MapRunRedriven",
        _ => "",
    }
}

/// The details member of an event and what is in it.
fn details(kind: &EventKind, execution: &Execution) -> Option<(&'static str, Value)> {
    let name = |state: StateId| Value::from(execution.machine.state(state).name.clone());
    Some(match kind {
        EventKind::ExecutionStarted { input } => {
            let mut details = payload("input", input);
            details.insert("roleArn", execution.names.role_arn.clone().into());
            ("executionStartedEventDetails", details.into())
        }
        EventKind::ExecutionSucceeded { output } => {
            ("executionSucceededEventDetails", payload("output", output).into())
        }
        EventKind::ExecutionFailed(fault) => ("executionFailedEventDetails", failure(fault).into()),
        EventKind::ExecutionAborted(fault) => ("executionAbortedEventDetails", failure(fault).into()),
        EventKind::ExecutionTimedOut(fault) => ("executionTimedOutEventDetails", failure(fault).into()),
        EventKind::ExecutionRedriven { count } => {
            ("executionRedrivenEventDetails", object([("redriveCount", Value::from(*count))]))
        }
        EventKind::StateEntered { state, input } => {
            ("stateEnteredEventDetails", named(name(*state), &KEYS.input, input).into())
        }
        EventKind::StateExited { state, output, assigned } => {
            let mut details = named(name(*state), &KEYS.output, output);
            if let Some(assigned) = assigned {
                let texts: Object =
                    assigned.iter().map(|(name, value)| (name.clone(), value.to_json().into())).collect();
                details.insert("assignedVariables", texts.into());
                details.insert("assignedVariablesDetails", KEYS.not_truncated.clone());
            }
            ("stateExitedEventDetails", details.into())
        }
        EventKind::MapStarted { length, .. } => {
            ("mapStateStartedEventDetails", object([("length", Value::from(*length))]))
        }
        EventKind::MapRunStarted { arn, .. } => {
            ("mapRunStartedEventDetails", object([("mapRunArn", Value::from(arn.clone()))]))
        }
        EventKind::MapRunFailed { fault, .. } => ("mapRunFailedEventDetails", failure(fault).into()),
        EventKind::MapRunRedriven { arn, count, .. } => {
            let members = [("mapRunArn", Value::from(arn.clone())), ("redriveCount", Value::from(*count))];
            ("mapRunRedrivenEventDetails", object(members))
        }
        EventKind::IterationStarted { state, index } => {
            ("mapIterationStartedEventDetails", iteration(name(*state), *index))
        }
        EventKind::IterationSucceeded { state, index } => {
            ("mapIterationSucceededEventDetails", iteration(name(*state), *index))
        }
        EventKind::IterationFailed { state, index } => {
            ("mapIterationFailedEventDetails", iteration(name(*state), *index))
        }
        EventKind::IterationAborted { state, index } => {
            ("mapIterationAbortedEventDetails", iteration(name(*state), *index))
        }
        EventKind::EvaluationFailed { state, fault } => {
            let mut details = failure(fault);
            if let Some(query) = fault.query.as_ref().filter(|query| !query.field.is_empty()) {
                details.insert("location", query.field.as_str().into());
            }
            details.insert("state", name(*state));
            ("evaluationFailedEventDetails", details.into())
        }
        task => return task_details(task, execution),
    })
}

fn iteration(name: Value, index: u32) -> Value {
    object([("name", name), ("index", Value::from(index))])
}

fn task_details(kind: &EventKind, execution: &Execution) -> Option<(&'static str, Value)> {
    let state = kind.state()?;
    let family = family(state, execution);
    let names = |task: &'static str, function: &'static str, activity: &'static str| match family {
        Family::Task => task,
        Family::LambdaFunction => function,
        Family::Activity => activity,
    };
    // `Task…` events name the integration; functions and activities do so only when they are scheduled.
    let mut details = if family == Family::Task { resource(state, execution) } else { Object::new() };
    let member = match kind {
        EventKind::TaskScheduled { scheduled, .. } => {
            extend(&mut details, &scheduled_details(scheduled, family, state, execution));
            names("taskScheduledEventDetails", "lambdaFunctionScheduledEventDetails", "activityScheduledEventDetails")
        }
        EventKind::TaskStarted { worker, .. } => {
            if family == Family::LambdaFunction {
                return None;
            }
            if let Some(worker) = worker {
                details.insert("workerName", worker.clone().into());
            }
            names("taskStartedEventDetails", "", "activityStartedEventDetails")
        }
        EventKind::TaskSubmitted { output, .. } => {
            extend(&mut details, &payload("output", output));
            "taskSubmittedEventDetails"
        }
        EventKind::TaskSucceeded { output, .. } => {
            extend(&mut details, &payload("output", output));
            names("taskSucceededEventDetails", "lambdaFunctionSucceededEventDetails", "activitySucceededEventDetails")
        }
        EventKind::TaskFailed { fault, .. } => {
            extend(&mut details, &failure(fault));
            names("taskFailedEventDetails", "lambdaFunctionFailedEventDetails", "activityFailedEventDetails")
        }
        EventKind::TaskTimedOut { fault, .. } => {
            extend(&mut details, &failure(fault));
            names("taskTimedOutEventDetails", "lambdaFunctionTimedOutEventDetails", "activityTimedOutEventDetails")
        }
        _ => return None,
    };
    Some((member, details.into()))
}

fn resource(state: StateId, execution: &Execution) -> Object {
    let mut details = Object::new();
    if let StateKind::Task(task) = &execution.machine.state(state).kind
        && let ResourceKind::Service { service, action, .. } = &task.resource.kind
    {
        details.insert("resourceType", service.clone().into());
        details.insert("resource", action.clone().into());
    }
    details
}

fn scheduled_details(scheduled: &Scheduled, family: Family, state: StateId, execution: &Execution) -> Object {
    let mut details = Object::new();
    if family == Family::Task {
        details.insert("region", execution.names.region.clone().into());
        details.insert("parameters", scheduled.input.to_json().into());
    } else {
        if let StateKind::Task(task) = &execution.machine.state(state).kind {
            details.insert("resource", task.resource.text.clone().into());
        }
        extend(&mut details, &payload("input", &scheduled.input));
    }
    let seconds = |seconds: u64| Value::from(i64::try_from(seconds).unwrap_or(i64::MAX));
    if let Some(timeout) = scheduled.timeout_seconds {
        details.insert("timeoutInSeconds", seconds(timeout));
    }
    // The events of functions tell of no heartbeat, those of activities of no role (API reference).
    if let Some(heartbeat) = scheduled.heartbeat_seconds.filter(|_| family != Family::LambdaFunction) {
        details.insert("heartbeatInSeconds", seconds(heartbeat));
    }
    let role = scheduled.credentials.as_ref().and_then(|credentials| credentials.get("RoleArn"));
    if let Some(role) = role.filter(|_| family != Family::Activity) {
        details.insert("taskCredentials", object([("roleArn", role.clone())]));
    }
    details
}

/// A payload as JSON text, and that it is whole.
fn payload(member: &'static str, value: &Value) -> Object {
    let [member, details] = if member == "input" { &KEYS.input } else { &KEYS.output };
    Object::from_distinct(vec![
        (member.clone(), Value::from(value.to_json())),
        (details.clone(), KEYS.not_truncated.clone()),
    ])
}

/// The same behind the name of the state.
fn named(name: Value, [member, details]: &[Arc<str>; 2], value: &Value) -> Object {
    Object::from_distinct(vec![
        (KEYS.name.clone(), name),
        (member.clone(), Value::from(value.to_json())),
        (details.clone(), KEYS.not_truncated.clone()),
    ])
}

fn failure(fault: &Fault) -> Object {
    let mut details = Object::new();
    if let Some(error) = &fault.error {
        details.insert("error", error.clone().into());
    }
    if let Some(cause) = &fault.cause {
        details.insert("cause", cause.clone().into());
    }
    details
}

fn extend(object: &mut Object, more: &Object) {
    for (key, value) in more.iter() {
        object.insert(key.clone(), value.clone());
    }
}

fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::Object(members.into_iter().collect())
}
