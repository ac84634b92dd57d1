//! An API that answers what tests need.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use asldb::api::{Api, Exception, Operation, Reply, Request};
use asldb::value::{self, Value};

/// Answers what tests need, by operation:
/// `DescribeStateMachine` what it was asked; `ListStateMachines` 2500 of them in pages; `GetActivityTask` never;
/// `StartSyncExecution` after as many milliseconds as its input says; `ValidateStateMachineDefinition` a refusal with a
/// reason; `TestState` a panic; everything else that something does not exist.
#[derive(Default)]
pub(crate) struct Fake {
    /// Calls that have begun.
    pub(crate) begun: AtomicUsize,
    /// Calls whose caller still waits.
    pub(crate) waiting: AtomicUsize,
    /// All calls.
    pub(crate) requests: Mutex<Vec<Request>>,
}

/// Counts a call as waiting as long as it lives.
struct Waiting<'f>(&'f Fake);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Api for Fake {
    fn call(&self, request: Request) -> Pin<Box<dyn Future<Output = Reply> + Send + '_>> {
        Box::pin(async move {
            self.begun.fetch_add(1, Ordering::SeqCst);
            self.waiting.fetch_add(1, Ordering::SeqCst);
            let waiting = Waiting(self);
            self.requests.lock().expect("not poisoned").push(request.clone());
            let reply = answer(&request).await;
            drop(waiting);
            reply
        })
    }
}

async fn answer(request: &Request) -> Reply {
    match request.operation {
        Operation::DescribeStateMachine => Ok(request.parameters.clone()),
        Operation::ListStateMachines => Ok(page(request)),
        Operation::GetActivityTask => std::future::pending().await,
        Operation::StartSyncExecution => {
            let time = request.parameters.get("input").and_then(Value::as_str).and_then(|text| text.parse().ok());
            tokio::time::sleep(Duration::from_millis(time.expect("milliseconds"))).await;
            Ok(value::read(r#"{"status":"SUCCEEDED"}"#).expect("JSON"))
        }
        Operation::ValidateStateMachineDefinition => {
            Err(Exception::validation("not \"now\"").because("MISSING_REQUIRED_PARAMETER"))
        }
        Operation::TestState => panic!("a fault of the server"),
        _ => Err(Exception::new("ExecutionDoesNotExist", "Execution Does Not Exist: 'x'")),
    }
}

fn page(request: &Request) -> Value {
    let first: usize =
        request.parameters.get("nextToken").and_then(Value::as_str).map_or(0, |at| at.parse().expect("a token"));
    let last = (first + 1000).min(2500);
    let token = if last < 2500 { format!(",\"nextToken\":\"{last}\"") } else { String::new() };
    let machines = vec!["{}"; last - first].join(",");
    value::read(&format!("{{\"stateMachines\":[{machines}]{token}}}")).expect("JSON")
}

/// Waits until `reached` is.
pub(crate) fn until(what: &str, reached: impl Fn() -> bool) {
    let deadline = std::time::Instant::now() + Duration::from_secs(30);
    while !reached() {
        assert!(std::time::Instant::now() < deadline, "not reached: {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

impl Fake {
    /// Waits until `count` callers wait.
    pub(crate) fn until_waiting(self: &Arc<Self>, count: usize) {
        until(&format!("{count} callers"), || self.waiting.load(Ordering::SeqCst) == count);
    }

    /// The last call.
    pub(crate) fn last(&self) -> Request {
        self.requests.lock().expect("not poisoned").last().expect("a call").clone()
    }
}
