//! A call of an operation, and whoever answers it.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use super::{Exception, Operation};
use crate::value::Value;

/// A call of an operation.
#[derive(Debug, Clone)]
pub struct Request {
    /// Which operation.
    pub operation: Operation,
    /// Its parameters: an object with the members of the service model. Times are numbers: seconds since 1970.
    pub parameters: Value,
    /// The `X-Amzn-Trace-Id` header of the call; it wins over the parameter `traceHeader` (API reference,
    /// StartExecution).
    pub trace_header: Option<Arc<str>>,
}

/// The answer to a call: an object with the members of the service model, or the exception.
pub type Reply = Result<Value, Exception>;

/// Answers calls: the embedded service, or a client of another one.
pub trait Api: Send + Sync {
    /// Performs `request`. Some operations take long: `GetActivityTask` waits up to 60 seconds, `StartSyncExecution` up to
    /// five minutes. A caller that no longer wants the answer drops the future.
    fn call(&self, request: Request) -> Pin<Box<dyn Future<Output = Reply> + Send + '_>>;
}
