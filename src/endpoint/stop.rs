//! How far the endpoint is with stopping.

use tokio::sync::watch;

use crate::api::{Exception, Operation, Reply};
use crate::value::{Object, Value};

/// How far the endpoint is with stopping.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// It is not.
    Serving,
    /// No new requests; calls in flight go on, but nobody is kept waiting for work to come.
    Stopping,
    /// Calls in flight are called off.
    CallingOff,
}

/// Waits until the call of `operation` has to end, and is its answer.
pub(super) async fn called_off(mut stage: watch::Receiver<Stage>, operation: Operation) -> Reply {
    let last = if operation == Operation::GetActivityTask { Stage::Stopping } else { Stage::CallingOff };
    // An error means that the endpoint is gone, and that is the same.
    drop(stage.wait_for(|stage| *stage >= last).await);
    match operation {
        // What a poll answers that found no task.
        Operation::GetActivityTask => Ok(Value::Object(Object::from_iter([("taskToken", Value::Null)]))),
        _ => Err(Exception::new("ServiceUnavailable", "the server is stopping")),
    }
}
