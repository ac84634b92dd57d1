//! RedriveExecution and UpdateMapRun.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use asldb::service::ServiceConfig;
use asldb::value::Value;

use crate::support::{Fixture, PREFIX, object, text, told, with_service};

/// Something that succeeds, a task for a worker with one retry, and something behind it.
const SEQUENCE: &str = "A: {Type: Pass, Result: 1, ResultPath: $.a, Next: W}
W: {Type: Task, Resource: \"arn:aws:states:us-east-1:123456789012:activity:work\", Parameters: {'run.$': $$.Execution, 'n.$': $$.State.RetryCount}, ResultPath: $.w, Retry: [{ErrorEquals: [Again], MaxAttempts: 1}], Next: Z}
Z: {Type: Pass, End: true}";

async fn work(f: &Fixture) -> (String, String) {
    let poll = object(&[("activityArn", format!("{PREFIX}:activity:work").into()), ("workerName", "w".into())]);
    let task = f.ok("GetActivityTask", &poll).await;
    (text(&task, "taskToken"), text(&task, "input"))
}

fn failure(token: &str) -> String {
    object(&[("taskToken", token.into()), ("error", "E".into()), ("cause", "why".into())])
}

fn success(token: &str) -> String {
    object(&[("taskToken", token.into()), ("output", "2".into())])
}

fn redrive(execution: &str, token: &str) -> String {
    object(&[("executionArn", execution.into()), ("clientToken", token.into())])
}

fn number(value: &Value, name: &str) -> i64 {
    value.get(name).and_then(Value::as_number).and_then(asldb::value::Number::as_i64).expect(name)
}

/// An execution of [`SEQUENCE`] whose task has failed.
async fn failed(f: &Fixture) -> String {
    f.ok("CreateActivity", r#"{"name":"work"}"#).await;
    let machine = f.machine("m", "STANDARD", SEQUENCE).await;
    let execution = f.start(&machine, "{}").await;
    let (token, input) = work(f).await;
    assert!(input.contains(r#""RedriveCount":0}"#), "{input}");
    f.ok("SendTaskFailure", &failure(&token)).await;
    assert_eq!(text(&f.ended(&execution).await, "status"), "FAILED");
    execution
}

#[test]
fn an_execution_goes_on_where_it_failed() {
    with_service(|f| async move {
        let execution = failed(&f).await;
        let before = f.history(&execution).await;
        let was = f.describe(&execution).await;
        assert_eq!((number(&was, "redriveCount"), was.get("redriveDate")), (0, None));
        let answer = f.ok("RedriveExecution", &redrive(&execution, "a")).await;
        let now = f.describe(&execution).await;
        for (name, value) in [
            ("status", "RUNNING"),
            ("redriveStatus", "NOT_REDRIVABLE"),
            ("redriveStatusReason", "Execution is RUNNING and cannot be redriven"),
        ] {
            assert_eq!(text(&now, name), value);
        }
        assert_eq!((number(&now, "redriveCount"), now.get("redriveDate")), (1, answer.get("redriveDate")));
        assert_eq!((now.get("stopDate"), now.get("error"), now.get("cause")), (None, None, None));
        assert_eq!(now.get("startDate"), was.get("startDate"));
        let (token, input) = work(&f).await;
        assert!(input.contains(r#""RedriveCount":1,"RedriveTime":""#) && input.contains(r#""n":0"#), "{input}");
        f.ok("SendTaskSuccess", &success(&token)).await;
        let done = f.ended(&execution).await;
        assert_eq!((text(&done, "status"), text(&done, "output")), ("SUCCEEDED".into(), r#"{"a":1,"w":2}"#.into()));
        assert_eq!(number(&done, "redriveCount"), 1);
        let history = f.history(&execution).await;
        assert_eq!(history[..before.len()], before);
        let rest: Vec<(String, i64)> = history[before.len()..]
            .iter()
            .map(|event| (text(event, "type"), number(event, "previousEventId")))
            .collect();
        let rest: Vec<(&str, i64)> = rest.iter().map(|(kind, previous)| (kind.as_str(), *previous)).collect();
        assert_eq!(
            rest,
            [
                ("ExecutionRedriven", 8),
                ("ActivityScheduled", 4),
                ("ActivityStarted", 10),
                ("ActivitySucceeded", 11),
                ("TaskStateExited", 12),
                ("PassStateEntered", 13),
                ("PassStateExited", 14),
                ("ExecutionSucceeded", 15),
            ]
        );
        let machine = execution.replace(":execution:", ":stateMachine:");
        let machine = machine.rsplit_once(':').expect("an ARN").0;
        let page = f.ok("ListExecutions", &object(&[("stateMachineArn", machine.into())])).await;
        let listed = &page.get("executions").and_then(Value::as_array).expect("a list")[0];
        assert_eq!((number(listed, "redriveCount"), listed.get("redriveDate")), (1, answer.get("redriveDate")));
    });
}

#[test]
fn a_token_redrives_once() {
    with_service(|f| async move {
        let execution = failed(&f).await;
        let refused = |reason: &str| format!("Execution {execution} invalid for redrive as: {reason}");
        let first = f.ok("RedriveExecution", &redrive(&execution, "a")).await;
        // It runs; the same token answers the same, another one is refused and stays unused.
        assert_eq!(f.ok("RedriveExecution", &redrive(&execution, "a")).await, first);
        let error = f.error("RedriveExecution", &redrive(&execution, "b")).await;
        let message = refused("Execution is RUNNING and cannot be redriven");
        assert_eq!(told(&error), ("ExecutionNotRedrivable", message.as_str()));
        let (token, _) = work(&f).await;
        f.ok("SendTaskFailure", &failure(&token)).await;
        f.ended(&execution).await;
        f.later(10);
        assert_eq!(f.ok("RedriveExecution", &redrive(&execution, "a")).await, first);
        assert_eq!(text(&f.describe(&execution).await, "status"), "FAILED");
        let second = f.ok("RedriveExecution", &redrive(&execution, "b")).await;
        assert_ne!(second, first);
        assert_eq!(f.ok("RedriveExecution", &redrive(&execution, "a")).await, first);
        let (token, input) = work(&f).await;
        assert!(input.contains(r#""RedriveCount":2"#), "{input}");
        f.ok("SendTaskSuccess", &success(&token)).await;
        assert_eq!(text(&f.ended(&execution).await, "status"), "SUCCEEDED");
        assert_eq!(f.ok("RedriveExecution", &redrive(&execution, "b")).await, second);
        let error = f.error("RedriveExecution", &redrive(&execution, "c")).await;
        let message = refused("Execution is SUCCEEDED and cannot be redriven");
        assert_eq!(told(&error), ("ExecutionNotRedrivable", message.as_str()));
        // Tokens are remembered for a quarter of an hour.
        f.later(15 * 60_000);
        assert_eq!(f.error("RedriveExecution", &redrive(&execution, "b")).await.name, "ExecutionNotRedrivable");
        // A task of before the redrive is over.
        assert_eq!(f.error("SendTaskSuccess", &success(&token)).await.name, "TaskTimedOut");
    });
}

#[test]
fn the_definition_is_that_of_the_start() {
    with_service(|f| async move {
        let execution = failed(&f).await;
        let machine = format!("{PREFIX}:stateMachine:m");
        let other = crate::support::definition(&SEQUENCE.replace("Z: {Type: Pass", "Z: {Type: Pass, Result: other"));
        f.ok("UpdateStateMachine", &object(&[("stateMachineArn", machine.into()), ("definition", other.into())])).await;
        f.ok("RedriveExecution", &redrive(&execution, "a")).await;
        let (token, _) = work(&f).await;
        f.ok("SendTaskSuccess", &success(&token)).await;
        assert_eq!(text(&f.ended(&execution).await, "output"), r#"{"a":1,"w":2}"#);
    });
}

#[test]
fn who_is_not_redriven() {
    with_service(|f| async move {
        let execution = failed(&f).await;
        for (arn, name, message) in [
            (
                execution.replace(":m:", ":m/Label:"),
                "ValidationException",
                "Labeled Execution ARNs are not supported for this API.".to_owned(),
            ),
            (
                execution.replace(":execution:", ":express:") + ":x",
                "InvalidArn",
                "Invalid Arn: 'Resource type not valid in this context: express'".to_owned(),
            ),
            (format!("{execution}x"), "ExecutionDoesNotExist", format!("Execution Does Not Exist: '{execution}x'")),
        ] {
            let error = f.error("RedriveExecution", &redrive(&arn, "a")).await;
            assert_eq!(told(&error), (name, message.as_str()), "{arn}");
        }
        f.ok("DeleteStateMachine", &object(&[("stateMachineArn", format!("{PREFIX}:stateMachine:m").into())])).await;
        let error = f.error("RedriveExecution", &redrive(&execution, "a")).await;
        assert_eq!(error.name, "ExecutionNotRedrivable");
    });
}

/// A distributed Map over the input with a task for workers.
const MAP: &str = "M: {Type: Map, Label: L, MaxConcurrency: 1, End: true, ItemProcessor: {ProcessorConfig: {Mode: DISTRIBUTED, ExecutionType: STANDARD}, StartAt: W, States: {W: {Type: Task, Resource: \"arn:aws:states:us-east-1:123456789012:activity:work\", End: true}}}}";

async fn map_run(f: &Fixture, execution: &str) -> String {
    loop {
        let runs = f.ok("ListMapRuns", &object(&[("executionArn", execution.into())])).await;
        if let Some(run) = runs.get("mapRuns").and_then(Value::as_array).and_then(|runs| runs.first()) {
            return text(run, "mapRunArn");
        }
        tokio::task::yield_now().await;
    }
}

async fn children(f: &Fixture, run: &str, filter: Option<&str>) -> Vec<(String, String, i64)> {
    let filter = filter.map_or(Value::Null, Value::from);
    let page = f.ok("ListExecutions", &object(&[("mapRunArn", run.into()), ("redriveFilter", filter)])).await;
    let children = page.get("executions").and_then(Value::as_array).expect("a list").iter();
    children.map(|child| (text(child, "executionArn"), text(child, "status"), number(child, "redriveCount"))).collect()
}

#[test]
fn a_map_run_goes_on_with_its_children() {
    with_service(|f| async move {
        f.ok("CreateActivity", r#"{"name":"work"}"#).await;
        let machine = f.machine("m", "STANDARD", MAP).await;
        let execution = f.start(&machine, "[0,1,2]").await;
        let (token, _) = work(&f).await;
        f.ok("SendTaskSuccess", &success(&token)).await;
        let (token, _) = work(&f).await;
        f.ok("SendTaskFailure", &failure(&token)).await;
        assert_eq!(text(&f.ended(&execution).await, "error"), "States.ExceedToleratedFailureThreshold");
        let run = map_run(&f, &execution).await;
        let before = children(&f, &run, None).await;
        let statuses: Vec<&str> = before.iter().map(|(_, status, _)| status.as_str()).collect();
        assert_eq!(statuses, ["FAILED", "SUCCEEDED"]);
        let child = f.describe(&before[0].0).await;
        assert_eq!(text(&child, "redriveStatus"), "REDRIVABLE_BY_MAP_RUN");
        f.ok("RedriveExecution", &redrive(&execution, "a")).await;
        let (token, _) = work(&f).await;
        let now = children(&f, &run, None).await;
        assert_eq!(now[0], (before[0].0.clone(), "RUNNING".to_owned(), 1));
        let described = f.ok("DescribeMapRun", &object(&[("mapRunArn", run.as_str().into())])).await;
        assert_eq!((text(&described, "status"), number(&described, "redriveCount")), ("RUNNING".to_owned(), 1));
        f.ok("SendTaskSuccess", &success(&token)).await;
        let (token, _) = work(&f).await;
        f.ok("SendTaskSuccess", &success(&token)).await;
        assert_eq!(text(&f.ended(&execution).await, "output"), "[2,2,2]");
        let after = children(&f, &run, None).await;
        assert_eq!(after.len(), 3);
        assert_eq!(after[1], (before[0].0.clone(), "SUCCEEDED".to_owned(), 1));
        assert_eq!(children(&f, &run, Some("REDRIVEN")).await, [after[1].clone()]);
        assert_eq!(children(&f, &run, Some("NOT_REDRIVEN")).await.len(), 2);
        let types = f.types(&before[0].0).await;
        assert_eq!(types.iter().filter(|kind| *kind == "ExecutionRedriven").count(), 1, "{types:?}");
        let described = f.ok("DescribeMapRun", &object(&[("mapRunArn", run.as_str().into())])).await;
        let counts = described.get("executionCounts").expect("counts");
        let counted = ["succeeded", "failed", "total", "pendingRedrive", "failuresNotRedrivable"]
            .map(|name| number(counts, name));
        assert_eq!(counted, [3, 0, 3, 0, 0]);
        let types = f.types(&execution).await;
        assert_eq!(types[7..9], ["ExecutionRedriven", "MapRunRedriven"], "{types:?}");
    });
}

#[test]
fn a_running_map_run_is_updated() {
    with_service(|f| async move {
        f.ok("CreateActivity", r#"{"name":"work"}"#).await;
        let machine = f.machine("m", "STANDARD", MAP).await;
        let execution = f.start(&machine, "[0,1,2]").await;
        let run = map_run(&f, &execution).await;
        let update = |members: &[(&str, Value)]| {
            let mut all = vec![("mapRunArn", Value::from(run.as_str()))];
            all.extend(members.iter().cloned());
            object(&all)
        };
        let (first, _) = work(&f).await;
        for (member, value) in [
            ("maxConcurrency", Value::from(-1)),
            ("toleratedFailurePercentage", Value::from(101)),
            ("toleratedFailureCount", Value::from(-1)),
        ] {
            let error = f.error("UpdateMapRun", &update(&[(member, value)])).await;
            assert_eq!(error.name, "ValidationException", "{member}");
        }
        let all = [
            ("maxConcurrency", Value::from(2)),
            ("toleratedFailureCount", Value::from(1)),
            ("toleratedFailurePercentage", Value::from(50)),
        ];
        assert_eq!(f.ok("UpdateMapRun", &update(&all)).await, Value::empty_object());
        let described = f.ok("DescribeMapRun", &update(&[])).await;
        for (member, value) in &all {
            let shown = described.get(member).and_then(Value::as_number).map(asldb::value::Number::as_f64);
            assert_eq!(shown, value.as_number().map(asldb::value::Number::as_f64), "{member}");
        }
        // A second one runs at once.
        let (second, _) = work(&f).await;
        f.ok("SendTaskFailure", &failure(&first)).await;
        f.ok("SendTaskSuccess", &success(&second)).await;
        let (third, _) = work(&f).await;
        f.ok("SendTaskSuccess", &success(&third)).await;
        assert_eq!(text(&f.ended(&execution).await, "output"), "[2,2]");
        let error = f.error("UpdateMapRun", &update(&all)).await;
        assert_eq!((error.name, error.reason), ("ValidationException", Some("CANNOT_UPDATE_COMPLETED_MAP_RUN")));
    });
}

// ---- what outlives the process

async fn open(store: &Path) -> Arc<Fixture> {
    let config = ServiceConfig { store: Some(store.to_owned()), ..ServiceConfig::default() };
    Arc::new(Fixture::open(config).await)
}

async fn close(fixture: Arc<Fixture>) {
    Arc::into_inner(fixture).expect("nobody else holds it").service.close().await;
}

fn run<F: Future<Output = ()>>(test: F) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    runtime.block_on(test);
}

/// The executions that have a journal in the store.
fn journals(store: &Path) -> i64 {
    let database = rusqlite::Connection::open(store).expect("the database");
    let sql = "SELECT count(DISTINCT execution) FROM journal";
    database.query_row(sql, [], |row| row.get(0)).expect("a number")
}

#[test]
fn redrives_outlive_the_service() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store");
    run(async {
        let f = open(&path).await;
        let execution = failed(&f).await;
        let before = f.history(&execution).await;
        close(f).await;
        assert_eq!(journals(&path), 1);

        let f = open(&path).await;
        assert_eq!((f.service.recovered().resumed, f.history(&execution).await), (0, before.clone()));
        let first = f.ok("RedriveExecution", &redrive(&execution, "a")).await;
        let (token, _) = work(&f).await;
        let shown = f.history(&execution).await;
        let described = f.describe(&execution).await;
        close(f).await;

        let f = open(&path).await;
        assert_eq!(f.service.recovered().resumed, 1);
        assert_eq!(f.history(&execution).await[..shown.len()], shown);
        assert_eq!(f.describe(&execution).await, described);
        assert_eq!(f.ok("RedriveExecution", &redrive(&execution, "a")).await, first);
        f.ok("SendTaskFailure", &failure(&token)).await;
        f.ended(&execution).await;
        close(f).await;

        // A redrive of a redrive.
        let f = open(&path).await;
        f.ok("RedriveExecution", &redrive(&execution, "b")).await;
        let (token, input) = work(&f).await;
        assert!(input.contains(r#""RedriveCount":2"#), "{input}");
        f.ok("SendTaskSuccess", &success(&token)).await;
        assert_eq!(text(&f.ended(&execution).await, "output"), r#"{"a":1,"w":2}"#);
        let whole = f.history(&execution).await;
        assert_eq!(whole[..shown.len()], shown);
        close(f).await;
        assert_eq!(journals(&path), 0, "what succeeded has no journal");

        let f = open(&path).await;
        assert_eq!(f.history(&execution).await, whole);
        assert_eq!(number(&f.describe(&execution).await, "redriveCount"), 2);
        close(f).await;
    });
}

#[test]
fn stores_of_before_are_taken() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store");
    run(async {
        let f = open(&path).await;
        let execution = failed(&f).await;
        close(f).await;
        // As the first format was, which kept no journals of what had ended.
        let database = rusqlite::Connection::open(&path).expect("the database");
        database.execute_batch("DROP TABLE redrives; DELETE FROM journal; ALTER TABLE machines DROP COLUMN publish; ALTER TABLE machines DROP COLUMN version_description; PRAGMA user_version = 1;").expect("SQL");
        drop(database);
        let f = open(&path).await;
        let reason = "Execution was started before the launch of RedriveExecution";
        assert_eq!(text(&f.describe(&execution).await, "redriveStatusReason"), reason);
        let error = f.error("RedriveExecution", &redrive(&execution, "a")).await;
        assert!(error.message.ends_with(reason), "{error}");
        close(f).await;
    });
}

const STORE: &str = "ASLDB_TEST_REDRIVEN_STORE";

/// The process that is killed: executions fail and are redriven, and it says so, a line each.
#[test]
fn child() {
    let Some(path) = std::env::var_os(STORE) else { return };
    run(async {
        let f = open(Path::new(&path)).await;
        let machine = f.service.register("m", &crate::support::definition(SEQUENCE), false).await.expect("a machine");
        f.ok("CreateActivity", r#"{"name":"work"}"#).await;
        for n in 0.. {
            let execution = f.start(&machine, "{}").await;
            let (token, _) = work(&f).await;
            f.ok("SendTaskFailure", &failure(&token)).await;
            f.ended(&execution).await;
            f.ok("RedriveExecution", &redrive(&execution, "a")).await;
            say(&format!("redriven {execution}"));
            let (token, _) = work(&f).await;
            if n % 3 == 1 {
                f.ok("SendTaskSuccess", &success(&token)).await;
                say(&format!("succeeded {execution}"));
            } else {
                say(&format!("taken {execution} {token}"));
            }
        }
    });
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).expect("the parent reads");
}

struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        // Sends SIGKILL; the process ends without a word.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Lets the process run until it has said `lines` lines, and kills it.
fn run_and_kill(path: &Path, lines: usize) -> Vec<String> {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args(["--exact", "redrive::child", "--nocapture"]).env(STORE, path);
    let mut child = Killed(command.stdout(Stdio::piped()).spawn().expect("a process"));
    let out = BufReader::new(child.0.stdout.take().expect("its output"));
    let lines_of = out.lines().map(|line| line.expect("text"));
    let told = lines_of.filter(|line| ["redriven ", "taken ", "succeeded "].iter().any(|word| line.starts_with(word)));
    told.take(lines).collect()
}

#[test]
fn a_killed_process_loses_no_redrive() {
    for lines in [1, 2, 4, 5, 13] {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("store");
        let said = run_and_kill(&path, lines);
        assert_eq!(said.len(), lines, "{said:?}");
        run(async {
            let f = open(&path).await;
            assert_eq!(f.service.recovered().lost, []);
            let mut held = std::collections::HashMap::new();
            for line in &said {
                let parts: Vec<&str> = line.split(' ').collect();
                held.insert(parts[1].to_owned(), (parts[0] == "succeeded", parts.get(2).map(ToString::to_string)));
            }
            for (execution, (succeeded, token)) in held {
                let described = f.describe(&execution).await;
                assert_eq!(number(&described, "redriveCount"), 1, "{execution}");
                if succeeded {
                    assert_eq!(text(&f.ended(&execution).await, "status"), "SUCCEEDED");
                    continue;
                }
                // Nobody says whether the worker had it by then.
                let token = match token {
                    Some(token) => token,
                    None if text(&described, "status") == "RUNNING" && !taken(&f, &execution).await => work(&f).await.0,
                    None => continue,
                };
                f.ok("SendTaskSuccess", &success(&token)).await;
                let ended = f.ended(&execution).await;
                assert_eq!(text(&ended, "output"), r#"{"a":1,"w":2}"#);
                let types = f.types(&execution).await;
                assert_eq!(types.iter().filter(|kind| *kind == "ExecutionRedriven").count(), 1, "{types:?}");
            }
            close(f).await;
        });
    }
}

/// Whether a worker has taken the task of the redrive.
async fn taken(f: &Fixture, execution: &str) -> bool {
    f.types(execution).await.iter().filter(|kind| *kind == "ActivityStarted").count() > 1
}
