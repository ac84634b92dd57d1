//! What was acknowledged outlives the process, however it ends.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use asldb::runtime::tasks::{Answer, TaskCall, TaskResult, Tasks};
use asldb::service::{Service, ServiceConfig, ServiceError};
use asldb::store::OpenError;
use asldb::value::{self, Object, Value};

use crate::machines::{PASS, new};
use crate::support::{Fixture, PREFIX, object, text};
use crate::tokens::token;

/// Answers each task with its input, a moment later.
struct Echo;

impl Tasks for Echo {
    fn invoke(&self, call: &TaskCall) -> Answer {
        let output = call.invocation.input.clone();
        Answer::Later(Box::pin(async move {
            tokio::time::sleep(Duration::from_millis(2)).await;
            TaskResult::ok(output)
        }))
    }
}

fn config(store: &Path) -> ServiceConfig {
    ServiceConfig { store: Some(store.to_owned()), tasks: Arc::new(Echo), ..ServiceConfig::default() }
}

async fn open(store: &Path) -> Arc<Fixture> {
    Arc::new(Fixture::open(config(store)).await)
}

async fn close(fixture: Arc<Fixture>) {
    Arc::into_inner(fixture).expect("nobody else holds it").service.close().await;
}

fn run<F: Future<Output = ()>>(test: F) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    runtime.block_on(test);
}

/// A task for each item, one after the other, and then a state that makes something of the results.
const ROW: &str = "
M: {Type: Map, MaxConcurrency: 1, Next: P, ItemProcessor: {StartAt: T, States: {T: {Type: Task, Resource: \"arn:aws:states:::sqs:sendMessage\", Next: W}, W: {Type: Wait, Seconds: 0, End: true}}}}
P: {Type: Pass, Parameters: {'all.$': $}, End: true}";

/// The same with all items at once, and names that are drawn by lot.
const CROWD: &str = "
M: {Type: Map, Next: P, ItemProcessor: {StartAt: T, States: {T: {Type: Task, Resource: \"arn:aws:states:::sqs:sendMessage\", Parameters: {'v.$': $, 'id.$': 'States.UUID()'}, End: true}}}}
P: {Type: Pass, Parameters: {'all.$': '$[*].v'}, End: true}";

const ITEMS: &str = "[1,2,3,4,5,6]";

fn without_times(history: &[Value]) -> Vec<Value> {
    let plain = |event: &Value| match event {
        Value::Object(members) => {
            let kept = members.iter().filter(|(key, _)| &***key != "timestamp");
            Value::Object(kept.map(|(key, value)| (key.clone(), value.clone())).collect::<Object>())
        }
        other => other.clone(),
    };
    history.iter().map(plain).collect()
}

#[test]
fn one_process_a_store() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store");
    run(async {
        let first = open(&path).await;
        let in_use = |url: Option<&str>| {
            let url = url.map(str::to_owned);
            move |error: &ServiceError| matches!(error, ServiceError::Open(OpenError::InUse { url: found }) if *found == url)
        };
        let error = Service::open(config(&path)).await.err().expect("it is in use");
        assert!(in_use(None)(&error), "{error}");
        first.service.announce("http://127.0.0.1:8083").expect("a file beside the store");
        let error = Service::open(config(&path)).await.err().expect("it is in use");
        assert!(in_use(Some("http://127.0.0.1:8083"))(&error), "{error}");
        assert_eq!(asldb::store::owner(&path).as_deref(), Some("http://127.0.0.1:8083"));
        close(first).await;
        assert_eq!(asldb::store::owner(&path), None);
        close(open(&path).await).await;
    });
    std::fs::write(folder.path().join("other"), "no database, but a text that is long enough to be taken for one")
        .expect("a file");
    run(async {
        let error = Service::open(config(&folder.path().join("other"))).await.err().expect("it is no store");
        assert!(error.to_string().starts_with("not a store of asldb"), "{error}");
    });
}

#[test]
fn everything_is_there_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store");
    run(async {
        let f = open(&path).await;
        let machine = f.machine("m", "STANDARD", ROW.trim_start()).await;
        let said = [("publish", true.into()), ("versionDescription", "one".into())];
        let first = f.ok("CreateStateMachine", &new("said", PASS, &said)).await;
        let of = object(&[("stateMachineArn", machine.as_str().into())]);
        f.ok("PublishStateMachineVersion", &of).await;
        let route = format!(
            r#"{{"name":"live","routingConfiguration":[{{"stateMachineVersionArn":"{machine}:1","weight":100}}]}}"#
        );
        f.ok("CreateStateMachineAlias", &route).await;
        f.ok("UpdateStateMachine", &of.replace('}', r#","roleArn":"arn:aws:iam::1:role/other"}"#)).await;
        f.ok(
            "TagResource",
            &format!(r#"{{"resourceArn":"{machine}","tags":[{{"key":"b","value":"1"}},{{"key":"a","value":"2"}}]}}"#),
        )
        .await;
        f.ok("CreateActivity", r#"{"name":"a"}"#).await;
        let gone = f.machine("gone", "EXPRESS", "A: {Type: Succeed}").await;
        f.ok("DeleteStateMachine", &object(&[("stateMachineArn", gone.into())])).await;
        let execution = f.start(&format!("{machine}:live"), ITEMS).await;
        f.ended(&execution).await;
        let alias = object(&[("stateMachineAliasArn", format!("{machine}:live").into())]);
        let run = object(&[("executionArn", execution.as_str().into())]);
        let questions = [
            ("ListStateMachines", "{}".to_owned()),
            ("DescribeStateMachine", of.clone()),
            ("DescribeStateMachine", of.replace(&machine, &format!("{machine}:1"))),
            ("DescribeStateMachineAlias", alias),
            ("ListStateMachineVersions", of.clone()),
            ("ListTagsForResource", object(&[("resourceArn", machine.as_str().into())])),
            ("ListActivities", "{}".to_owned()),
            ("ListExecutions", of.clone()),
            ("DescribeExecution", run.clone()),
            ("GetExecutionHistory", run.clone()),
            ("DescribeStateMachineForExecution", run),
        ];
        let mut before = Vec::new();
        for (operation, parameters) in &questions {
            before.push(f.ok(operation, parameters).await);
        }
        close(f).await;
        let f = open(&path).await;
        assert_eq!(f.service.recovered().resumed, 0);
        for ((operation, parameters), before) in questions.iter().zip(before) {
            assert_eq!(f.ok(operation, parameters).await, before, "{operation} {parameters}");
        }
        // What it was made with is compared as before.
        let twice = new("said", PASS, &said);
        assert_eq!(f.ok("CreateStateMachine", &twice).await, first);
        assert_eq!(f.error("CreateStateMachine", &new("said", PASS, &[])).await.name, "StateMachineAlreadyExists");
        // Numbers and ids go on where they were.
        let published = f.ok("PublishStateMachineVersion", &of).await;
        assert_eq!(text(&published, "stateMachineVersionArn"), format!("{machine}:2"));
        f.machine("new", "STANDARD", "A: {Type: Succeed}").await;
        close(f).await;
    });
}

#[test]
fn running_executions_go_on() {
    const WAITS: &str = "
A: {Type: Task, Resource: \"arn:aws:states:::sqs:sendMessage.waitForTaskToken\", Parameters: {'t.$': $$.Task.Token}, ResultPath: $.a, Next: B}
B: {Type: Wait, Seconds: 1, Next: C}
C: {Type: Task, Resource: \"arn:aws:states:us-east-1:123456789012:activity:a\", Parameters: {'u.$': 'States.UUID()'}, Next: D}
D: {Type: Pass, Parameters: {'u.$': 'States.UUID()'}, End: true}";
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store");
    run(async {
        let f = open(&path).await;
        f.ok("CreateActivity", r#"{"name":"a"}"#).await;
        let machine = f.machine("m", "STANDARD", WAITS.trim_start()).await;
        let execution = f.start(&machine, "{}").await;
        let secret = token(&f, &execution, "TaskSubmitted").await;
        let mut shown = f.history(&execution).await;
        close(f).await;

        let f = open(&path).await;
        assert_eq!(f.service.recovered().resumed, 1);
        assert_eq!(f.history(&execution).await, shown, "nothing happened meanwhile");
        f.ok("SendTaskSuccess", &object(&[("taskToken", secret.as_str().into()), ("output", "[1]".into())])).await;
        shown = f.history(&execution).await;
        close(f).await;

        let f = open(&path).await;
        assert_eq!(f.history(&execution).await[..shown.len()], shown);
        let poll = object(&[("activityArn", format!("{PREFIX}:activity:a").into()), ("workerName", "w".into())]);
        let task = f.ok("GetActivityTask", &poll).await;
        shown = f.history(&execution).await;
        close(f).await;

        // The worker has its task still.
        let f = open(&path).await;
        assert_eq!(f.history(&execution).await, shown);
        f.ok("SendTaskHeartbeat", &object(&[("taskToken", text(&task, "taskToken").into())])).await;
        let input = value::read(&text(&task, "input")).expect("JSON");
        let done = object(&[("taskToken", text(&task, "taskToken").into()), ("output", input.to_json().into())]);
        f.ok("SendTaskSuccess", &done).await;
        assert_eq!(text(&f.ended(&execution).await, "status"), "SUCCEEDED");
        let whole = f.history(&execution).await;
        assert_eq!(whole[..shown.len()], shown);
        close(f).await;

        let f = open(&path).await;
        assert_eq!((f.service.recovered().resumed, f.history(&execution).await), (0, whole));
        assert_eq!(f.error("SendTaskSuccess", &done).await.name, "TaskTimedOut");
        close(f).await;
    });
}

#[test]
fn waits_go_on_while_nobody_looks() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store");
    run(async {
        let f = open(&path).await;
        let states = "A: {Type: Task, Resource: \"arn:aws:states:::sqs:sendMessage.waitForTaskToken\", TimeoutSeconds: 1, End: true}";
        let machine = f.machine("m", "STANDARD", states).await;
        let execution = f.start(&machine, "{}").await;
        while !f.types(&execution).await.iter().any(|event| event == "TaskSubmitted") {
            tokio::task::yield_now().await;
        }
        close(f).await;
        tokio::time::sleep(Duration::from_millis(1100)).await;
        let f = open(&path).await;
        let described = f.ended(&execution).await;
        assert_eq!(
            (text(&described, "status"), text(&described, "error")),
            ("FAILED".to_owned(), "States.Timeout".to_owned())
        );
        close(f).await;
    });
}

/// The executions of `machine` or of a map run, oldest first.
async fn executions(f: &Fixture, of: (&str, &str)) -> Vec<String> {
    let page = f.ok("ListExecutions", &object(&[(of.0, of.1.into())])).await;
    let list = page.get("executions").and_then(Value::as_array).expect("a list");
    list.iter().rev().map(|execution| text(execution, "executionArn")).collect()
}

#[test]
fn a_task_starts_one_execution_however_often_it_is_asked() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store");
    run(async {
        let f = open(&path).await;
        let waits = f.machine("waits", "STANDARD", "C: {Type: Wait, Seconds: 1000, End: true}").await;
        let ends = f.machine("ends", "STANDARD", "C: {Type: Pass, End: true}").await;
        let rows = [
            ("states:startExecution.sync:2", &waits),
            ("states:startExecution.waitForTaskToken", &ends),
            ("aws-sdk:sfn:startExecution.waitForTaskToken", &ends),
            ("aws-sdk:sfn:startExecution.waitForTaskToken", &waits),
        ];
        for (number, (resource, child)) in rows.iter().enumerate() {
            let states = format!(
                "A: {{Type: Task, Resource: \"arn:aws:states:::{resource}\", Parameters: {{StateMachineArn: \"{child}\", \
                 Input: {{'token.$': $$.Execution.Id}}}}, TimeoutSeconds: 1000, End: true}}"
            );
            let execution = f.start(&f.machine(&format!("m{number}"), "STANDARD", &states).await, "{}").await;
            while !f.types(&execution).await.iter().any(|event| event == "TaskSubmitted") {
                tokio::task::yield_now().await;
            }
        }
        let started =
            [executions(&f, ("stateMachineArn", &waits)).await, executions(&f, ("stateMachineArn", &ends)).await];
        assert_eq!(started.each_ref().map(Vec::len), [2, 2]);
        close(f).await;
        // The tasks have no answer yet, so they are asked for again.
        let f = open(&path).await;
        tokio::time::sleep(Duration::from_millis(100)).await;
        let now = [executions(&f, ("stateMachineArn", &waits)).await, executions(&f, ("stateMachineArn", &ends)).await];
        assert_eq!(now, started);
        close(f).await;
    });
}

#[test]
fn a_stopped_child_of_a_map_run_stays_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store");
    run(async {
        let f = open(&path).await;
        let states = "M: {Type: Map, ToleratedFailureCount: 1, End: true, ItemProcessor: {ProcessorConfig: {Mode: DISTRIBUTED, ExecutionType: STANDARD}, StartAt: W, States: {W: {Type: Wait, Seconds: 1000, End: true}}}}";
        let execution = f.start(&f.machine("m", "STANDARD", states).await, "[1,2]").await;
        let children = loop {
            let runs = f.ok("ListMapRuns", &object(&[("executionArn", execution.as_str().into())])).await;
            let runs = runs.get("mapRuns").and_then(Value::as_array).expect("a list").to_vec();
            let Some(run) = runs.first().map(|run| text(run, "mapRunArn")) else { continue };
            let children = executions(&f, ("mapRunArn", &run)).await;
            if children.len() == 2 {
                break children;
            }
        };
        let stop = |child: &str| object(&[("executionArn", child.into()), ("cause", "enough".into())]);
        f.ok("StopExecution", &stop(&children[0])).await;
        let shown = f.describe(&children[0]).await;
        close(f).await;
        let f = open(&path).await;
        assert_eq!((f.describe(&children[0]).await, text(&shown, "cause")), (shown, "enough".to_owned()));
        assert_eq!(text(&f.describe(&children[1]).await, "status"), "RUNNING");
        f.ok("StopExecution", &stop(&children[1])).await;
        assert_eq!(text(&f.ended(&execution).await, "error"), "States.ExceedToleratedFailureThreshold");
        close(f).await;
    });
}

#[test]
fn what_cannot_go_on_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store");
    run(async {
        let f = open(&path).await;
        let standard =
            f.machine("s", "STANDARD", "A: {Type: Pass, Next: W}\nW: {Type: Wait, Seconds: 1000, End: true}").await;
        let express = f.machine("e", "EXPRESS", "W: {Type: Wait, Seconds: 200, End: true}").await;
        let lost = f.start(&standard, "{}").await;
        let gone = f.start(&express, "{}").await;
        while f.types(&lost).await.len() < 4 {
            tokio::task::yield_now().await;
        }
        close(f).await;
        // As if another release had written the journal.
        let database = rusqlite::Connection::open(&path).expect("the database");
        assert_eq!(database.execute("UPDATE journal SET steps = steps + 1000", []), Ok(1));
        drop(database);
        let f = open(&path).await;
        let recovered = f.service.recovered().clone();
        assert_eq!((recovered.resumed, recovered.gone), (0, vec![gone.as_str().into()]));
        assert_eq!(&*recovered.lost[0].0, lost);
        let described = f.describe(&lost).await;
        assert_eq!(
            (text(&described, "status"), text(&described, "error")),
            ("ABORTED".to_owned(), "Asldb.NotResumed".to_owned())
        );
        assert_eq!(f.types(&lost).await.last().map(String::as_str), Some("ExecutionAborted"));
        close(f).await;
        let f = open(&path).await;
        assert_eq!(*f.service.recovered(), Default::default());
        close(f).await;
    });
}

/// The path of the store, for the process that is killed.
const STORE: &str = "ASLDB_TEST_STORE";

/// What the process that is killed does: starts executions and says what it was told, line by line.
#[test]
fn child() {
    let Some(path) = std::env::var_os(STORE) else { return };
    run(async {
        let f = open(Path::new(&path)).await;
        let row =
            f.service.register("row", &crate::support::definition(ROW.trim_start()), false).await.expect("a machine");
        let crowd = f
            .service
            .register("crowd", &crate::support::definition(CROWD.trim_start()), false)
            .await
            .expect("a machine");
        let mut lanes = tokio::task::JoinSet::new();
        for lane in 0..8 {
            let (f, machine) = (f.clone(), if lane % 2 == 0 { row.clone() } else { crowd.clone() });
            lanes.spawn(async move {
                loop {
                    let execution = f.start(&machine, ITEMS).await;
                    say(&format!("started {execution}"));
                    for _ in 0..lane {
                        tokio::time::sleep(Duration::from_millis(2)).await;
                        let seen = f.history(&execution).await;
                        say(&format!("seen {execution} {}", Value::from(seen).to_json()));
                    }
                    if lane < 6 {
                        let described = f.ended(&execution).await;
                        say(&format!("ended {execution} {}", described.to_json()));
                    }
                }
            });
        }
        // It is killed before one of them ends.
        let ended: Option<Result<(), _>> = lanes.join_next().await;
        assert!(ended.is_none(), "{ended:?}");
    });
}

/// One line at a time, whole.
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
    command.args(["--exact", "recovery::child", "--nocapture"]).env(STORE, path);
    let mut child = Killed(command.stdout(Stdio::piped()).spawn().expect("a process"));
    let out = BufReader::new(child.0.stdout.take().expect("its output"));
    let mut said = Vec::new();
    for line in out.lines() {
        let line = line.expect("text");
        if ["started ", "seen ", "ended "].iter().any(|word| line.starts_with(word)) {
            said.push(line);
        }
        if said.len() >= lines {
            break;
        }
    }
    said
}

#[test]
fn a_killed_process_loses_nothing_that_it_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store");
    let mut alone = Vec::new();
    run(async {
        let f = Arc::new(Fixture::open(ServiceConfig { tasks: Arc::new(Echo), ..ServiceConfig::default() }).await);
        let machine = f.machine("row", "STANDARD", ROW.trim_start()).await;
        let execution = f.start(&machine, ITEMS).await;
        f.ended(&execution).await;
        alone = without_times(&f.history(&execution).await);
    });
    let mut resumed = 0;
    for (round, lines) in [1, 7, 23, 40, 90, 161, 250].into_iter().enumerate() {
        let said = run_and_kill(&path, lines);
        assert!(said.len() >= lines, "round {round}: the process said only {said:?}");
        run(async { resumed += check(&path, &said, &alone).await });
    }
    assert!(resumed > 20, "only {resumed} executions were running when the process was killed");
}

/// Holds the store against what the killed process said; returns how many executions went on.
async fn check(path: &Path, said: &[String], alone: &[Value]) -> usize {
    let f = open(path).await;
    let resumed = f.service.recovered().resumed;
    assert_eq!(f.service.recovered().lost, []);
    let mut seen: HashMap<&str, (Vec<Value>, Option<Value>)> = HashMap::new();
    for line in said {
        let mut parts = line.splitn(3, ' ');
        let (word, execution, rest) = (parts.next().expect("a word"), parts.next().expect("an ARN"), parts.next());
        let (history, described) = seen.entry(execution).or_default();
        let rest = rest.map(|rest| value::read(rest).expect("JSON"));
        match (word, rest) {
            ("seen", Some(events)) => *history = events.as_array().expect("events").to_vec(),
            ("ended", rest) => *described = rest,
            _ => {}
        }
    }
    for (execution, (history, described)) in seen {
        if let Some(described) = described {
            assert_eq!(f.describe(execution).await, described, "an ended execution stays as it is");
        }
        let now = f.ended(execution).await;
        assert_eq!(text(&now, "output"), r#"{"all":[1,2,3,4,5,6]}"#);
        let whole = f.history(execution).await;
        let texts = |events: &[Value]| events.iter().map(Value::to_json).collect::<Vec<_>>();
        assert_eq!(texts(&whole[..history.len()]), texts(&history), "{execution}: what was shown stays");
        let ids: Vec<usize> = whole.iter().filter_map(|event| event.get("id")?.to_json().parse().ok()).collect();
        assert_eq!(ids, (1..=whole.len()).collect::<Vec<_>>());
        if execution.contains(":row:") {
            let plain: Vec<String> = without_times(&whole).iter().map(|event| event.to_json()).collect();
            let alone: Vec<String> = alone.iter().map(Value::to_json).collect();
            assert_eq!(plain.len(), alone.len());
            let differs = plain.iter().zip(&alone).skip(1).find(|(one, other)| one != other);
            assert_eq!(differs, None, "as an execution that was not interrupted");
        }
    }
    close(f).await;
    resumed
}
