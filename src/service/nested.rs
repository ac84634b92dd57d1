//! Tasks that call the service itself: `states:startExecution` in all its patterns, and `aws-sdk:sfn`.

use std::sync::Arc;

use super::inner::Inner;
use super::parameters::Parameters;
use super::runs::Running;
use super::start::Started;
use super::tasks::request_id;
use crate::api::shape::{Shape, Structure};
use crate::api::{Exception, Operation};
use crate::asl::{ResourceKind, StateKind};
use crate::engine::{Signal, TaskId};
use crate::runtime::tasks::{Answer, TaskCall, TaskResult};
use crate::store::{Ending, ExecutionRow};
use crate::value::{self, Array, Object, Timestamp, Value};

/// What the task waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pattern {
    /// The start.
    Request,
    /// The end; input and output of the execution as texts.
    Sync,
    /// The end; input and output of the execution as JSON.
    Sync2,
    /// Its token.
    Token,
}

impl Pattern {
    /// The pattern of an action of the service `states`.
    pub(super) fn of(action: &str) -> Option<Self> {
        match action {
            "startExecution" => Some(Self::Request),
            "startExecution.sync" => Some(Self::Sync),
            "startExecution.sync:2" => Some(Self::Sync2),
            "startExecution.waitForTaskToken" => Some(Self::Token),
            _ => None,
        }
    }
}

/// Starts an execution for a task.
pub(super) fn start(inner: &Arc<Inner>, call: &TaskCall, pattern: Pattern) -> Answer {
    let owned = (Arc::clone(inner), call.clone());
    let begin = async move {
        let (inner, call) = owned;
        let started = begin(&inner, &call).await;
        started.map_err(|error| failed(&error, &call))
    };
    let id = request_id(call);
    if pattern == Pattern::Request {
        return Answer::Later(Box::pin(async move {
            match begin.await {
                Ok(started) => TaskResult::ok(submitted(&started, &id)),
                Err(failure) => failure,
            }
        }));
    }
    let submission = inner.open_submitted_token(call);
    let Some(parent) = inner.running_of(call) else { return Answer::Outside { submitted: None } };
    let task = call.invocation.task;
    let inner = Arc::downgrade(inner);
    tokio::spawn(async move {
        let started = match begin.await {
            Ok(started) => started,
            Err(failure) => return end(&parent, task, failure).await,
        };
        parent.tell(Signal::TaskSubmitted { task, output: submitted(&started, &id) }).await;
        drop(submission);
        if pattern == Pattern::Token {
            return;
        }
        // Weak, so that a service that is closed meanwhile does not wait for itself.
        let Some(running) = inner.upgrade().map(|inner| inner.runs.get(&started.arn)) else { return };
        let row = match running {
            Some(running) => match running.ending().await {
                Some(ending) => Some(ExecutionRow { ending: Some((*ending).clone()), ..running.row.clone() }),
                None => return,
            },
            None => match inner.upgrade() {
                Some(inner) => inner.store.execution(&started.arn).await.ok().flatten(),
                None => return,
            },
        };
        if let Some(row) = row {
            end(&parent, task, outcome(&row, pattern)).await;
        }
    });
    Answer::Outside { submitted: None }
}

/// Ends the execution that a `.sync` task waited for (developer guide: with the task ends its job, if that is possible).
pub(super) fn cancel(inner: &Inner, call: &TaskCall) {
    let StateKind::Task(task) = &call.state().kind else { return };
    let ResourceKind::Service { service, action, .. } = &task.resource.kind else { return };
    if &**service == "states" && matches!(Pattern::of(action), Some(Pattern::Sync | Pattern::Sync2)) {
        let starter = starter(call);
        if let Some(child) = inner.runs.started_by(&starter) {
            drop(child.control.tell(Signal::Stop { error: None, cause: None }));
        }
    }
}

async fn end(parent: &Running, task: TaskId, result: TaskResult) {
    let signal = match result.outcome {
        Ok(output) => Signal::TaskSucceeded { task, output },
        Err(failure) => Signal::TaskFailed { task, error: failure.error, cause: failure.cause, hint: failure.hint },
    };
    parent.tell(signal).await;
}

/// The task, in words unique to it: an execution that is started again for the same one is the same execution.
fn starter(call: &TaskCall) -> String {
    format!("{}#{}", call.execution.names.execution_arn, request_id(call))
}

/// Starts the execution that a task wants, or finds the one that was started for it before a restart.
async fn start_for(inner: &Arc<Inner>, mut members: Object, call: &TaskCall) -> Result<Started, Exception> {
    if !members.contains_key("name") {
        // Made of the task, so that it is the same if the task is invoked again.
        members.insert("name", request_id(call).into());
    }
    let parameters = Value::Object(members);
    crate::api::check(Operation::StartExecution, &parameters)?;
    let mut beginning = inner.beginning(Parameters(&parameters), None)?;
    beginning.starter = Some(starter(call).into());
    inner.start(beginning).await
}

async fn begin(inner: &Arc<Inner>, call: &TaskCall) -> Result<Started, Exception> {
    let given = &call.invocation.input;
    let mut members = Object::new();
    for (name, key) in [("stateMachineArn", "StateMachineArn"), ("name", "Name"), ("traceHeader", "TraceHeader")] {
        if let Some(value) = given.get(key) {
            members.insert(name, value.clone());
        }
    }
    // Without an input the execution gets `{}` (recorded for null).
    match given.get("Input") {
        None | Some(Value::Null) => {}
        Some(Value::String(text)) => members.insert("input", Arc::clone(text).into()),
        Some(json) => members.insert("input", json.to_json().into()),
    }
    start_for(inner, members, call).await
}

/// An exception as an optimized integration reports it (recorded for other services: the older style of the SDK).
fn failed(error: &Exception, call: &TaskCall) -> TaskResult {
    let cause = format!(
        "{} (Service: AWSStepFunctions; Status Code: {}; Error Code: {}; Request ID: {}; Proxy: null)",
        error.message,
        error.http_status(),
        error.name,
        request_id(call),
    );
    TaskResult::failed(&format!("StepFunctions.{}", exception_name(error.name, "AWSStepFunctionsException")), &cause)
}

/// Failures of which the service model knows nothing: an SDK raises its exception for all of them.
const NOT_MODELLED: [&str; 4] =
    ["InternalFailure", "MissingRequiredParameter", "SerializationException", "ServiceUnavailable"];

/// The name of the exception that the SDK of an integration raises; `base`: what it calls those without a class of their
/// own (recorded for other services).
fn exception_name(name: &str, base: &str) -> String {
    match name {
        _ if NOT_MODELLED.contains(&name) => base.to_owned(),
        _ if name.ends_with("Exception") => name.to_owned(),
        _ => format!("{name}Exception"),
    }
}

/// What the start answered, as integrations show it (recorded). Times are milliseconds there.
fn submitted(started: &Started, id: &str) -> Value {
    let mut members = Object::new();
    members.insert("ExecutionArn", Arc::clone(&started.arn).into());
    let size = format!("{{\"executionArn\":\"{}\",\"startDate\":1.234567890123E9}}", started.arn).len();
    for (name, value) in metadata(id, Some(size)) {
        members.insert(name, value);
    }
    members.insert("StartDate", started.at.0.into());
    Value::Object(members)
}

/// The metadata of an answer: `SdkHttpMetadata`, `SdkResponseMetadata`.
pub(super) fn metadata(id: &str, size: Option<usize>) -> [(&'static str, Value); 2] {
    let object = |members: Vec<(&str, Value)>| Value::Object(members.into_iter().collect());
    let mut headers = vec![
        ("x-amzn-RequestId", id.to_owned()),
        ("connection", "keep-alive".to_owned()),
        ("Content-Type", "application/x-amz-json-1.0".to_owned()),
    ];
    headers.extend(size.map(|size| ("Content-Length", size.to_string())));
    let all = headers.iter().map(|(name, text)| (*name, vec![Value::from(text.as_str())].into())).collect();
    let single = headers.iter().map(|(name, text)| (*name, text.as_str().into())).collect();
    let http =
        vec![("AllHttpHeaders", object(all)), ("HttpHeaders", object(single)), ("HttpStatusCode", Value::from(200))];
    [("SdkHttpMetadata", object(http)), ("SdkResponseMetadata", object(vec![("RequestId", id.into())]))]
}

/// What a `.sync` task becomes when its execution has ended (recorded).
fn outcome(row: &ExecutionRow, pattern: Pattern) -> TaskResult {
    let Some(Ending { status, stopped, output, error, cause, .. }) = row.ending.clone() else {
        return TaskResult::failed("States.TaskFailed", "the execution is gone");
    };
    let payload = |text: Arc<str>| match pattern {
        Pattern::Sync2 => value::read(&text).unwrap_or(Value::String(text)),
        _ => Value::String(text),
    };
    let included = || Value::Object([("Included", Value::from(true))].into_iter().collect());
    let mut members = Object::new();
    let succeeded = &*status == "SUCCEEDED";
    for (name, text) in [("Cause", cause), ("Error", error)] {
        if let Some(text) = text {
            members.insert(name, text.into());
        }
    }
    members.insert("ExecutionArn", Arc::clone(&row.arn).into());
    // The cause of a failure is JSON text in which the input is a text in turn (recorded).
    let input = if succeeded { payload(Arc::clone(&row.input)) } else { Value::String(Arc::clone(&row.input)) };
    members.insert("Input", input);
    members.insert("InputDetails", included());
    members.insert("Name", Arc::clone(&row.name).into());
    if let Some(output) = output {
        members.insert("Output", payload(output));
        members.insert("OutputDetails", included());
    }
    members.insert("StartDate", row.started.0.into());
    members.insert("StateMachineArn", super::executions::machine_arn_of(&row.arn).into());
    members.insert("Status", Arc::clone(&status).into());
    members.insert("StopDate", stopped.0.into());
    let result = Value::Object(members);
    if succeeded { TaskResult::ok(result) } else { TaskResult::failed("States.TaskFailed", &result.to_json()) }
}

/// Calls an operation of the service for an `aws-sdk:sfn` task. With `.waitForTaskToken` its answer is only what the
/// submission gave.
pub(super) fn call(inner: &Arc<Inner>, call: &TaskCall, action: &str) -> Answer {
    let (action, waits) = match action.strip_suffix(".waitForTaskToken") {
        Some(action) => (action, true),
        None => (action, false),
    };
    let name = capital(action);
    let Some(operation) = Operation::named(&name) else {
        let cause = format!("Step Functions has no operation {name}");
        return Answer::Now(TaskResult::failed("States.Runtime", &cause));
    };
    let answered = answered(Arc::clone(inner), call, operation);
    if !waits {
        return Answer::Later(Box::pin(answered));
    }
    let submission = inner.open_submitted_token(call);
    let Some(parent) = inner.running_of(call) else { return Answer::Outside { submitted: None } };
    let task = call.invocation.task;
    tokio::spawn(async move {
        match answered.await {
            TaskResult { outcome: Ok(output), .. } => drop(parent.tell(Signal::TaskSubmitted { task, output }).await),
            failure => end(&parent, task, failure).await,
        }
        drop(submission);
    });
    Answer::Outside { submitted: None }
}

/// What the operation answers, or fails with, as SDK tasks show it (recorded).
fn answered(inner: Arc<Inner>, call: &TaskCall, operation: Operation) -> impl Future<Output = TaskResult> + use<> {
    let parameters = to_api(&operation.description().input, &call.invocation.input);
    let (id, call) = (request_id(call), call.clone());
    async move {
        let answer = match (operation, parameters) {
            (Operation::StartExecution, Value::Object(members)) => {
                start_for(&inner, members, &call).await.map(|started| started.answer())
            }
            (operation, parameters) => super::perform_boxed(inner, operation, parameters).await,
        };
        match answer {
            Ok(answer) => TaskResult::ok(from_structure(&operation.description().output, &answer)),
            Err(error) => {
                let cause = format!(
                    "{} (Service: Sfn, Status Code: {}, Request ID: {id}) (SDK Attempt Count: 1)",
                    error.message,
                    error.http_status()
                );
                TaskResult::failed(&format!("Sfn.{}", exception_name(error.name, "SfnException")), &cause)
            }
        }
    }
}

/// Parameters of an SDK task as the API has them: names in camelCase, JSON for texts as text (recorded).
fn to_api(structure: &Structure, given: &Value) -> Value {
    let Value::Object(given) = given else { return Value::empty_object() };
    let member = |(key, value): (&Arc<str>, &Value)| {
        let known = structure.members.iter().find(|member| capital(member.name) == **key)?;
        Some((known.name, to_api_value(known.shape, value)))
    };
    Value::Object(given.iter().filter_map(member).collect())
}

fn to_api_value(shape: &Shape, value: &Value) -> Value {
    match (shape, value) {
        (Shape::Structure(structure), value) => to_api(structure, value),
        (Shape::List(list), Value::Array(items)) => {
            Value::Array(items.iter().map(|item| to_api_value(list.item, item)).collect::<Array>())
        }
        (Shape::String(_), Value::Array(_) | Value::Object(_)) => value.to_json().into(),
        _ => value.clone(),
    }
}

/// An answer as SDK tasks show it: names in PascalCase, times as texts (recorded).
fn from_structure(structure: &Structure, answer: &Value) -> Value {
    let Value::Object(answer) = answer else { return answer.clone() };
    let member = |(key, value): (&Arc<str>, &Value)| {
        let shape = structure.member(key).map(|member| member.shape);
        let value = shape.map_or_else(|| value.clone(), |shape| from_value(shape, value));
        (capital(key), value)
    };
    Value::Object(answer.iter().map(member).collect())
}

fn from_value(shape: &Shape, value: &Value) -> Value {
    match (shape, value) {
        (Shape::Structure(structure), value) => from_structure(structure, value),
        (Shape::List(list), Value::Array(items)) => {
            Value::Array(items.iter().map(|item| from_value(list.item, item)).collect::<Array>())
        }
        (Shape::Timestamp, Value::Number(seconds)) => {
            #[expect(clippy::cast_possible_truncation, reason = "the service's own times, in milliseconds")]
            let millis = (seconds.as_f64() * 1000.0).round() as i64;
            Timestamp(millis).to_iso().into()
        }
        _ => value.clone(),
    }
}

fn capital(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::exception_name;

    #[test]
    fn names_are_those_of_the_classes_of_an_sdk() {
        for (name, expected) in [
            ("ExecutionDoesNotExist", "ExecutionDoesNotExistException"),
            ("ValidationException", "ValidationException"),
            ("InternalFailure", "SfnException"),
        ] {
            assert_eq!(exception_name(name, "SfnException"), expected);
        }
    }
}
