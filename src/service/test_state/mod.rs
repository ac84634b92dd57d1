//! TestState: one state is run, with its task, branches or iterations answered by a mock.
//!
//! Pure: no clock, no threads; a Wait does not wait, its time just passes. The data flow is the engine's own. What is
//! asked for beyond it (which fields are inspected, which requests are refused) follows the recordings, the API
//! reference and the developer guide, "Testing state machines with TestState API".

mod context;
mod definition;
mod inspection;
mod mock;
mod reader;
mod request;
mod results;
mod run;
mod schema;

use std::sync::Arc;

use crate::api::Reply;
use crate::asl::Resource;
use crate::engine::Fault;
use crate::value::{Object, Timestamp, Value};

use request::Call;
use run::{Ended, Visit};

/// Answers the call of a task: its resource, its parameters. None: nobody here can.
pub type Tasks<'a> = dyn Fn(&Resource, &Value) -> Option<Result<Value, Fault>> + 'a;

/// Where a test takes place.
#[derive(Clone, Copy)]
pub struct Environment<'a> {
    /// The account of made-up ARNs.
    pub account: &'a str,
    /// The region of made-up ARNs.
    pub region: &'a str,
    /// The time at which the state is entered.
    pub now: Timestamp,
    /// Where random numbers and made-up names come from.
    pub seed: u64,
    /// Who answers tasks that have no mock.
    pub tasks: Option<&'a Tasks<'a>>,
}

/// Performs TestState with `parameters`, which hold the constraints of the API's table.
///
/// # Errors
/// `InvalidDefinition`, `InvalidExecutionInput`, or `ValidationException` for what cannot be tested.
pub fn test_state(parameters: &Value, environment: &Environment<'_>) -> Reply {
    let call = Call::read(parameters)?;
    let visit = run::run(&call, environment)?;
    Ok(answer(&call, &visit))
}

fn answer(call: &Call, visit: &Visit) -> Value {
    let mut answer = Object::new();
    if let Some(output) = visit.ended.output() {
        answer.insert("output", Value::string(output.to_json()));
    }
    if let Some(fault) = &visit.fault {
        for (name, text) in [("error", fault.error.as_deref()), ("cause", fault.bare_cause())] {
            if let Some(text) = text {
                answer.insert(name, Value::string(text));
            }
        }
    }
    if call.inspects {
        answer.insert("inspectionData", inspection::of(call, visit));
    }
    if let Some(next) = visit.ended.next() {
        answer.insert("nextState", Value::String(Arc::clone(next)));
    }
    let status = match visit.ended {
        Ended::Succeeded { .. } => "SUCCEEDED",
        Ended::Caught { .. } => "CAUGHT_ERROR",
        Ended::Retriable { .. } => "RETRIABLE",
        Ended::Failed { .. } => "FAILED",
    };
    answer.insert("status", Value::string(status));
    Value::Object(answer)
}
