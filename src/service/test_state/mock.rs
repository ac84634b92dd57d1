//! Mocks: what the task, the branches or the iterations gave, held against what they could have given. The messages
//! are recorded.

use super::definition::Tested;
use super::request::{present, text};
use super::schema::{self, Mode};
use crate::api::Exception;
use crate::asl::StateKind;
use crate::engine::Fault;
use crate::value::{self, Value};

/// `mock`
#[derive(Debug)]
pub(super) enum Mock {
    Result(Value),
    Failure(Fault),
}

impl Mock {
    pub(super) fn read(mock: &Value, tested: &Tested) -> Result<Self, Exception> {
        match (text(mock, "result"), present(mock, "errorOutput")) {
            (Some(result), None) => {
                let result = value::read(result);
                let result = result.map_err(|_| Exception::validation("Mocked result must be valid JSON"))?;
                fits(&result, mode(mock), tested)?;
                Ok(Self::Result(result))
            }
            (None, Some(failure)) => {
                let error = text(failure, "error").map(Into::into);
                let cause = text(failure, "cause").map(Into::into);
                Ok(Self::Failure(Fault { error, cause, ..Fault::default() }))
            }
            _ => Err(Exception::validation(
                "A test mock should have only one of the following fields: [result, errorOutput].",
            )),
        }
    }

    pub(super) fn outcome(&self) -> Result<Value, Fault> {
        match self {
            Self::Result(result) => Ok(result.clone()),
            Self::Failure(fault) => Err(fault.clone()),
        }
    }
}

fn mode(mock: &Value) -> Mode {
    match text(mock, "fieldValidationMode") {
        Some("NONE") => Mode::None,
        Some("PRESENT") => Mode::Present,
        _ => Mode::Strict,
    }
}

/// Whether `result` can be the result of the state.
fn fits(result: &Value, mode: Mode, tested: &Tested) -> Result<(), Exception> {
    let fault = |message: &str| Err(Exception::validation(message));
    let items = result.as_array();
    match &tested.state().kind {
        StateKind::Map(map) if map.distributed.writer.is_some() => match result {
            Value::Object(_) => Ok(()),
            _ => fault("Mocked result must be a JSON object."),
        },
        StateKind::Map(_) | StateKind::Parallel(_) if items.is_none() => fault("Mocked result must be an array."),
        StateKind::Parallel(parallel) if items.is_some_and(|items| items.len() != parallel.branches.len()) => {
            fault("Mocked result must contain the same number of items as number of Parallel branches.")
        }
        StateKind::Task(task) => schema::check(&task.resource, result, mode)
            .map_err(|fault| Exception::validation(format!("Mock result schema validation error: {fault}"))),
        _ => Ok(()),
    }
}
