//! What the embedded service costs: calls of small Express executions, durable starts, and memory that stays.
//!
//! `cargo bench --bench service`; numbers of processor time and memory need `/proc`.

#![expect(clippy::print_stdout, reason = "the numbers are the result")]
#![expect(clippy::cast_precision_loss, reason = "numbers for people")]

use std::sync::Arc;
use std::time::Instant;

use asldb::api::{Api, Operation, Request};
use asldb::service::{Service, ServiceConfig};
use asldb::value::Value;

const SYNC_CALLS: usize = 2_000;
const DURABLE_STARTS: usize = 10_000;
const ENDED: usize = 100_000;
const WAITING: usize = 10_000;

const SMALL: &str = r#"{"StartAt":"A","States":{
    "A":{"Type":"Pass","Parameters":{"n.$":"$.n","text.$":"States.Format('number {}', $.n)"},"Next":"B"},
    "B":{"Type":"Choice","Choices":[{"Variable":"$.n","NumericGreaterThan":10,"Next":"C"}],"Default":"D"},
    "C":{"Type":"Pass","Result":{"large":true},"ResultPath":"$.kind","Next":"D"},
    "D":{"Type":"Succeed"}}}"#;

const WAITS: &str = r#"{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":100000,"End":true}}}"#;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        sync_calls().await;
        durable_starts().await;
        memory().await;
        waiting().await;
    });
}

async fn sync_calls() {
    let service = Service::open(ServiceConfig::default()).await.expect("a service");
    let machine = service.register("small", SMALL, true).await.expect("a machine");
    for warm in [true, false] {
        let count = if warm { 200 } else { SYNC_CALLS };
        let meter = Meter::start();
        for n in 0..count {
            call(&service, Operation::StartSyncExecution, &machine, n).await;
        }
        if !warm {
            meter.report("StartSyncExecution, one after the other", count);
        }
    }
    service.close().await;
}

async fn durable_starts() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = ServiceConfig { store: Some(folder.path().join("store")), ..ServiceConfig::default() };
    let service = Arc::new(Service::open(config).await.expect("a service"));
    let machine = service.register("small", SMALL, false).await.expect("a machine");
    let meter = Meter::start();
    for n in 0..DURABLE_STARTS / 10 {
        call(&service, Operation::StartExecution, &machine, n).await;
    }
    meter.report("StartExecution on disk, one after the other", DURABLE_STARTS / 10);
    let meter = Meter::start();
    start_many(&service, &machine, DURABLE_STARTS).await;
    meter.report("StartExecution on disk, 64 at a time", DURABLE_STARTS);
}

async fn memory() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = ServiceConfig { store: Some(folder.path().join("store")), ..ServiceConfig::default() };
    let service = Arc::new(Service::open(config).await.expect("a service"));
    let machine = service.register("small", SMALL, false).await.expect("a machine");
    start_many(&service, &machine, 1_000).await;
    let before = resident();
    let meter = Meter::start();
    start_many(&service, &machine, ENDED).await;
    meter.report("executions on disk, to their end", ENDED);
    println!("memory: {before} MB after 1,000 ended executions, {} MB after {ENDED} more", resident());
    let bytes = std::fs::metadata(folder.path().join("store")).map_or(0, |file| file.len());
    println!("store: {} bytes an ended execution", bytes / ENDED as u64);
}

async fn waiting() {
    let service = Arc::new(Service::open(ServiceConfig::default()).await.expect("a service"));
    let machine = service.register("waits", WAITS, false).await.expect("a machine");
    let before = resident();
    start_many(&service, &machine, WAITING).await;
    let each = (resident() - before) * 1024.0 / WAITING as f64;
    println!("memory: {each:.1} KB an execution that waits ({WAITING} of them)");
}

/// Starts executions from 64 tasks at once.
async fn start_many(service: &Arc<Service>, machine: &str, count: usize) {
    let lanes = (0..64).map(|lane| {
        let (service, machine) = (Arc::clone(service), machine.to_owned());
        tokio::spawn(async move {
            for n in (lane..count).step_by(64) {
                call(&service, Operation::StartExecution, &machine, n).await;
            }
        })
    });
    for lane in lanes.collect::<Vec<_>>() {
        lane.await.expect("no lane fails");
    }
}

async fn call(service: &Service, operation: Operation, machine: &str, n: usize) {
    let members = [("stateMachineArn", Value::from(machine)), ("input", format!("{{\"n\":{}}}", n % 20).into())];
    let parameters = Value::Object(members.into_iter().collect());
    service.call(Request { operation, parameters, trace_header: None }).await.expect("it starts");
}

/// Wall clock and processor time.
struct Meter {
    at: Instant,
    processor: f64,
}

impl Meter {
    fn start() -> Self {
        Self { at: Instant::now(), processor: processor_seconds() }
    }

    fn report(&self, what: &str, count: usize) {
        let micros = |seconds: f64| seconds * 1e6 / count as f64;
        let (wall, processor) = (self.at.elapsed().as_secs_f64(), processor_seconds() - self.processor);
        println!(
            "{what}: {count} in {wall:.2} s, {:.0} µs each, {:.0} µs of processor time",
            micros(wall),
            micros(processor)
        );
    }
}

/// Processor time of this process so far; the kernel counts in hundredths of a second.
fn processor_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / 100.0
}

/// Resident memory in megabytes.
fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}
