//! A service for tests, and calls written as JSON.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use asldb::api::{Api, Exception, Operation, Reply, Request};
use asldb::service::{Service, ServiceConfig};
use asldb::value::{self, Value};

/// The account and region of the service.
pub(crate) const PREFIX: &str = "arn:aws:states:us-east-1:123456789012";
/// A role.
pub(crate) const ROLE: &str = "arn:aws:iam::123456789012:role/r";

/// A service and its clock.
pub(crate) struct Fixture {
    pub(crate) service: Service,
    pub(crate) clock: Arc<AtomicI64>,
}

/// Runs `test` with a service in memory.
pub(crate) fn with_service<F: Future<Output = ()>>(test: impl FnOnce(Arc<Fixture>) -> F) {
    with(ServiceConfig::default(), test);
}

/// Runs `test` with a service set up like this. Its clock is put forward by [`Fixture::later`].
pub(crate) fn with<F: Future<Output = ()>>(config: ServiceConfig, test: impl FnOnce(Arc<Fixture>) -> F) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let fixture = Arc::new(Fixture::open(config).await);
        test(fixture).await;
    });
}

impl Fixture {
    pub(crate) async fn open(config: ServiceConfig) -> Self {
        let clock = Arc::new(AtomicI64::new(0));
        let ahead = Arc::clone(&clock);
        let wall = Arc::clone(&config.now);
        let now = Arc::new(move || wall().plus_millis(ahead.load(Ordering::SeqCst)));
        let service = Service::open(ServiceConfig { now, ..config }).await.expect("a service");
        Self { service, clock }
    }

    /// Puts the clock of the service forward.
    pub(crate) fn later(&self, millis: i64) {
        self.clock.fetch_add(millis, Ordering::SeqCst);
    }

    /// Calls an operation with parameters in JSON.
    pub(crate) async fn call(&self, operation: &str, parameters: &str) -> Reply {
        let operation = Operation::named(operation).expect("an operation");
        let parameters = value::read(parameters).expect("JSON");
        self.service.call(Request { operation, parameters, trace_header: None }).await
    }

    /// The same where it must go well.
    pub(crate) async fn ok(&self, operation: &str, parameters: &str) -> Value {
        let reply = self.call(operation, parameters).await;
        reply.unwrap_or_else(|error| fail(&format!("{operation} {parameters}: {error}")))
    }

    /// The same where it must fail.
    pub(crate) async fn error(&self, operation: &str, parameters: &str) -> Exception {
        let reply = self.call(operation, parameters).await;
        reply.err().unwrap_or_else(|| fail(&format!("{operation} {parameters} was accepted")))
    }

    /// Makes a state machine of these states (YAML, the first one starts); returns its ARN.
    pub(crate) async fn machine(&self, name: &str, kind: &str, states: &str) -> String {
        let parameters = object(&[
            ("name", name.into()),
            ("definition", definition(states).into()),
            ("roleArn", ROLE.into()),
            ("type", kind.into()),
        ]);
        text(&self.ok("CreateStateMachine", &parameters).await, "stateMachineArn")
    }

    /// Starts an execution; returns its ARN.
    pub(crate) async fn start(&self, machine: &str, input: &str) -> String {
        let parameters = object(&[("stateMachineArn", machine.into()), ("input", input.into())]);
        text(&self.ok("StartExecution", &parameters).await, "executionArn")
    }

    /// Describes an execution.
    pub(crate) async fn describe(&self, execution: &str) -> Value {
        self.ok("DescribeExecution", &object(&[("executionArn", execution.into())])).await
    }

    /// Waits until an execution has ended, and describes it.
    pub(crate) async fn ended(&self, execution: &str) -> Value {
        for _ in 0..10_000 {
            let described = self.describe(execution).await;
            if text(&described, "status") != "RUNNING" {
                return described;
            }
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
        fail(&format!("{execution} does not end"))
    }

    /// Its whole history, page by page.
    pub(crate) async fn history(&self, execution: &str) -> Vec<Value> {
        let mut events = Vec::new();
        let mut next = Value::Null;
        loop {
            let parameters = object(&[("executionArn", execution.into()), ("nextToken", next)]);
            let page = self.ok("GetExecutionHistory", &parameters).await;
            events.extend(page.get("events").and_then(Value::as_array).expect("events").iter().cloned());
            next = page.get("nextToken").cloned().unwrap_or_default();
            if next.is_null() {
                return events;
            }
        }
    }

    /// The types of the events of its history.
    pub(crate) async fn types(&self, execution: &str) -> Vec<String> {
        self.history(execution).await.iter().map(|event| text(event, "type")).collect()
    }
}

/// Stops a test.
#[expect(clippy::panic, reason = "a test stops where it finds something else")]
pub(crate) fn fail(message: &str) -> ! {
    panic!("{message}")
}

/// A definition in JSON made of states in YAML.
pub(crate) fn definition(states: &str) -> String {
    let start = states.trim_start().split(':').next().expect("a state");
    let states: String = states.lines().map(|line| format!("  {line}\n")).collect();
    let node = asldb::text::yaml::parse(&format!("StartAt: {start}\nStates:\n{states}")).expect("YAML");
    value::from_node(&node).to_json()
}

/// The JSON text of an object.
pub(crate) fn object(members: &[(&str, Value)]) -> String {
    let members = members.iter().filter(|(_, value)| !value.is_null());
    Value::Object(members.map(|(name, value)| (*name, value.clone())).collect()).to_json()
}

/// A text member.
pub(crate) fn text(value: &Value, name: &str) -> String {
    value.get(name).and_then(Value::as_str).unwrap_or_else(|| fail(&format!("no {name} in {value}"))).to_owned()
}

/// What a call answered or raised: the name of the exception and its message.
pub(crate) fn told(error: &Exception) -> (&str, &str) {
    (error.name, &error.message)
}
