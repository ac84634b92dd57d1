//! The works that are measured.

use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use asldb::api::{Api, Operation, Request};
use asldb::asl::Definition;
use asldb::engine::{Execution, ExecutionType, Log, Machine, Names, Status};
use asldb::runtime::tasks::Unanswered;
use asldb::runtime::{Clock, Driver, NoGate};
use asldb::service::{Service, ServiceConfig};
use asldb::value::{self, Value};

use crate::definitions::{self, Case};
use crate::meter::{children_millis, own_millis};

/// What is done; each has a size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Work {
    /// Iterations of a loop of Choice and Pass.
    Loop,
    /// The same with the value after each stage kept, as the debugger does.
    Stages,
    /// The same by the service, with its store on disk.
    Durable,
    /// The same in JSONata.
    Jsonata,
    /// Items of a Map, 40 at once.
    Map,
    /// The same with that written as MaxConcurrency.
    MapOf40,
    /// States in each of ten branches.
    Parallel,
    /// States that 200 KB go through, in one array.
    Data,
    /// The same with 4,000 keys.
    Keys,
    /// Runs of the program.
    Cold,
}

impl Work {
    pub(crate) const ALL: [Self; 10] = [
        Self::Loop,
        Self::Stages,
        Self::Durable,
        Self::Jsonata,
        Self::Map,
        Self::MapOf40,
        Self::Parallel,
        Self::Data,
        Self::Keys,
        Self::Cold,
    ];

    /// What it is called between the processes.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Loop => "loop",
            Self::Stages => "stages",
            Self::Durable => "durable",
            Self::Jsonata => "jsonata",
            Self::Map => "map",
            Self::MapOf40 => "map-of-40",
            Self::Parallel => "parallel",
            Self::Data => "data",
            Self::Keys => "keys",
            Self::Cold => "cold",
        }
    }

    fn case(self, size: usize) -> Case {
        match self {
            Self::Loop | Self::Stages | Self::Durable => definitions::counting(size),
            Self::Jsonata => definitions::counting_in_jsonata(size),
            Self::Map => definitions::map(size, 0),
            Self::MapOf40 => definitions::map(size, 40),
            Self::Parallel => definitions::parallel(10, size),
            Self::Data => definitions::array_of_200_kb(size),
            Self::Keys => definitions::keys_of_200_kb(size),
            Self::Cold => unreachable!("it is a program of its own"),
        }
    }

    /// A size at which everything is used once: what is read from disk on first use is not measured.
    fn warm_up(self, size: usize) -> usize {
        match self {
            Self::Parallel | Self::Data | Self::Keys => 2,
            _ => size.min(100),
        }
    }
}

/// The milliseconds that `work` takes in this process.
pub(crate) fn warm(work: Work, size: usize) -> f64 {
    if work == Work::Durable {
        return durable(work, size);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let warm_up = execution(&work.case(work.warm_up(size)), work == Work::Stages);
    drop(runtime.block_on(run(warm_up)));
    let execution = execution(&work.case(size), work == Work::Stages);
    let before = own_millis();
    let (machine, log) = runtime.block_on(run(execution));
    let taken = own_millis() - before;
    assert!(matches!(machine.status(), Status::Succeeded(_)), "{:?}", machine.status());
    assert!(log.events.len() > size, "{} events", log.events.len());
    taken
}

/// Runs as `asldb run` does.
async fn run(execution: Execution) -> (Machine, Log) {
    let (driver, handle) = Driver::start(execution, Clock::real(), NoGate, Arc::new(Unanswered));
    let end = driver.run(true).await;
    drop(handle);
    end
}

fn execution(case: &Case, record_stages: bool) -> Execution {
    let name: Arc<str> = "bench".into();
    Execution {
        machine: Definition::read("bench.json", &case.definition).machine.expect("it has no errors"),
        input: value::read(&case.input).expect("JSON"),
        kind: ExecutionType::Standard,
        names: Names {
            execution_arn: name.clone(),
            execution_name: name.clone(),
            machine_arn: name.clone(),
            machine_name: name.clone(),
            role_arn: name.clone(),
            region: name,
        },
        seed: 1,
        max_events: None,
        record_stages,
    }
}

/// The milliseconds from StartExecution until the end is in the store.
fn durable(work: Work, size: usize) -> f64 {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Some(folder.path().join("store"));
        let config = ServiceConfig { store, history_limit: false, ..ServiceConfig::default() };
        let service = Service::open(config).await.expect("a service");
        let (warm_up, case) = (work.case(work.warm_up(size)), work.case(size));
        let machine = service.register("bench", &case.definition, false).await.expect("a machine");
        to_end(&service, &machine, &warm_up.input).await;
        let before = own_millis();
        to_end(&service, &machine, &case.input).await;
        let taken = own_millis() - before;
        service.close().await;
        taken
    })
}

async fn to_end(service: &Service, machine: &str, input: &str) {
    let started = call(service, Operation::StartExecution, [("stateMachineArn", machine), ("input", input)]).await;
    let arn = started.get("executionArn").and_then(Value::as_str).expect("it has started").to_owned();
    loop {
        // Seldom enough that asking costs nothing beside the work.
        tokio::time::sleep(Duration::from_millis(5)).await;
        let now = call(service, Operation::DescribeExecution, [("executionArn", arn.as_str())]).await;
        match now.get("status").and_then(Value::as_str) {
            Some("RUNNING") => {}
            status => return assert_eq!(status, Some("SUCCEEDED")),
        }
    }
}

async fn call<const N: usize>(service: &Service, operation: Operation, members: [(&str, &str); N]) -> Value {
    let members = members.into_iter().map(|(name, text)| (name, Value::from(text)));
    let parameters = Value::Object(members.collect());
    service.call(Request { operation, parameters, trace_header: None }).await.expect("it is answered")
}

/// The milliseconds a run of the program takes, over `count` runs.
pub(crate) fn cold(count: usize) -> f64 {
    run_program();
    let before = children_millis();
    (0..count).for_each(|_| run_program());
    (children_millis() - before) / count as f64
}

fn run_program() {
    let samples = concat!(env!("CARGO_MANIFEST_DIR"), "/samples");
    let mut program = Command::new(env!("CARGO_BIN_EXE_asldb"));
    program.args(["run", "hello.asl.json", "--input", "@hello.input.json"]).current_dir(samples);
    let status = program.stdout(Stdio::null()).status().expect("the program starts");
    assert!(status.success(), "{status}");
}
