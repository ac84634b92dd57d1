//! The parameters of a call, and what of them does not go together. The messages are recorded unless said otherwise.

use std::sync::Arc;

use super::context;
use super::definition::Tested;
use super::mock::Mock;
use crate::api::Exception;
use crate::asl::{ResourceKind, StateKind};
use crate::value::{self, Object, Value};

/// A call that can be performed.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) tested: Tested,
    pub(super) input: Value,
    /// The input as it was given.
    pub(super) input_text: Arc<str>,
    pub(super) role: Option<Arc<str>>,
    /// DEBUG or TRACE: they differ for the request and response of HTTP tasks only, which are not called here.
    pub(super) inspects: bool,
    pub(super) variables: Object,
    pub(super) context: Option<Value>,
    pub(super) mock: Option<Mock>,
    pub(super) configuration: Configuration,
}

/// `stateConfiguration`
#[derive(Debug, Default)]
pub(super) struct Configuration {
    pub(super) retries: Option<u32>,
    pub(super) failed_iterations: Option<u64>,
    pub(super) reader_data: Option<Arc<str>>,
}

impl Call {
    pub(super) fn read(parameters: &Value) -> Result<Self, Exception> {
        let tested = Tested::read(text(parameters, "definition").unwrap_or_default(), text(parameters, "stateName"))?;
        let mock = present(parameters, "mock");
        takes_mock(&tested.state().kind, mock.is_some())?;
        if mock.is_some() && parameters.get("revealSecrets").and_then(Value::as_bool) == Some(true) {
            return Err(unsupported("RevealSecrets", "is"));
        }
        let mock = mock.map(|mock| Mock::read(mock, &tested)).transpose()?;
        let role = text(parameters, "roleArn").map(Arc::from);
        if mock.is_none() {
            can_be_called(&tested.state().kind, role.is_some())?;
        }
        let configuration = Configuration::read(parameters, &tested, mock.is_some())?;
        let context = text(parameters, "context").map(|text| context::read(text, &tested.state().kind)).transpose()?;
        if context.is_some() && mock.is_none() {
            // The rule is the API reference's; worded after the others.
            return Err(unsupported("Context", "is not"));
        }
        let input_text: Arc<str> = text(parameters, "input").unwrap_or("{}").into();
        Ok(Self {
            input: read_input(&input_text)?,
            input_text,
            role,
            inspects: matches!(text(parameters, "inspectionLevel"), Some("DEBUG" | "TRACE")),
            variables: read_variables(text(parameters, "variables"))?,
            context,
            mock,
            configuration,
            tested,
        })
    }

    /// How often the retriers of the state have been at work: as configured, or as the given context object says
    /// (developer guide).
    pub(super) fn retries(&self) -> u32 {
        let told = || self.context.as_ref()?.get("State")?.get("RetryCount")?.as_number()?.as_i64();
        let told = || told().and_then(|count| u32::try_from(count).ok());
        self.configuration.retries.or_else(told).unwrap_or_default()
    }
}

impl Configuration {
    fn read(parameters: &Value, tested: &Tested, is_mocked: bool) -> Result<Self, Exception> {
        let Some(given) = present(parameters, "stateConfiguration") else { return Ok(Self::default()) };
        for (name, shown) in [
            ("retrierRetryCount", "RetrierRetryCount"),
            ("errorCausedByState", "ErrorCausedByState"),
            ("mapIterationFailureCount", "MapIterationFailureCount"),
            ("mapItemReaderData", "MapItemReaderData"),
        ] {
            // Recorded for the number of failed iterations.
            if present(given, name).is_some() && !is_mocked {
                return Err(unsupported(shown, "is not"));
            }
        }
        if let Some(name) = text(given, "errorCausedByState") {
            let found = tested.machine.find(name).filter(|id| *id != tested.id);
            if found.is_none_or(|id| !tested.machine.path(id).contains(&tested.id)) {
                let message = format!("errorCausedByState '{name}' is no state inside of the tested state");
                return Err(Exception::validation(message));
            }
        }
        let count = |name: &str| given.get(name).and_then(Value::as_number).and_then(|number| number.as_i64());
        Ok(Self {
            retries: count("retrierRetryCount").map(|count| u32::try_from(count).unwrap_or_default()),
            failed_iterations: count("mapIterationFailureCount").map(|count| u64::try_from(count).unwrap_or_default()),
            reader_data: text(given, "mapItemReaderData").map(Arc::from),
        })
    }
}

fn takes_mock(kind: &StateKind, is_mocked: bool) -> Result<(), Exception> {
    match kind {
        StateKind::Map(_) | StateKind::Parallel(_) if !is_mocked => Err(Exception::new(
            "InvalidDefinition",
            "TestState API does not support Map or Parallel states. Supported state types include: [Task, Wait, Pass, \
             Succeed, Fail, Choice]",
        )),
        StateKind::Map(_) | StateKind::Parallel(_) | StateKind::Task(_) => Ok(()),
        other if is_mocked => {
            let name = other.type_name();
            Err(Exception::validation(format!("State type '{name}' is not supported when a mock is specified")))
        }
        _ => Ok(()),
    }
}

/// A task without a mock has a role, and ends within the call.
fn can_be_called(kind: &StateKind, has_role: bool) -> Result<(), Exception> {
    let StateKind::Task(task) = kind else { return Ok(()) };
    if task.resource.kind == ResourceKind::Activity || task.resource.has_token() {
        // The rule is the developer guide's; the wording is not recorded.
        return Err(Exception::validation(
            "TestState supports activities and the '.sync' and '.waitForTaskToken' integration patterns only when a \
             mock is specified.",
        ));
    }
    if has_role { Ok(()) } else { Err(Exception::validation("RoleArn must be specified when testing a Task state")) }
}

fn unsupported(what: &str, is: &str) -> Exception {
    Exception::validation(format!("TestState does not support {what} when a mock {is} specified."))
}

fn read_input(text: &str) -> Result<Value, Exception> {
    value::read(text).map_err(|error| {
        let message = format!("Invalid State Machine Execution Input: '{}'", error.kind);
        Exception::new("InvalidExecutionInput", message)
    })
}

fn read_variables(text: Option<&str>) -> Result<Object, Exception> {
    match value::read(text.unwrap_or("{}")) {
        Ok(Value::Object(variables)) => Ok(variables),
        _ => Err(Exception::validation("Variables must be a valid JSON object")),
    }
}

/// Member `name`; `null` counts as absent.
pub(super) fn present<'v>(parameters: &'v Value, name: &str) -> Option<&'v Value> {
    parameters.get(name).filter(|value| !value.is_null())
}

pub(super) fn text<'v>(parameters: &'v Value, name: &str) -> Option<&'v str> {
    present(parameters, name)?.as_str()
}
