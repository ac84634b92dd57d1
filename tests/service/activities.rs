//! Activities and their workers.

use std::sync::Arc;
use std::time::Duration;

use asldb::value::Value;

use crate::support::{Fixture, PREFIX, object, text, told, with_service};

fn states(name: &str) -> String {
    format!("A: {{Type: Task, Resource: \"{PREFIX}:activity:{name}\", TimeoutSeconds: 100, End: true}}")
}

async fn poll(f: &Arc<Fixture>, name: &str, worker: &str) -> Value {
    let arn = format!("{PREFIX}:activity:{name}");
    f.ok("GetActivityTask", &object(&[("activityArn", arn.into()), ("workerName", worker.into())])).await
}

#[test]
fn activities_are_made_and_deleted() {
    with_service(|f| async move {
        let made = f.ok("CreateActivity", r#"{"name":"a"}"#).await;
        let arn = text(&made, "activityArn");
        assert_eq!(arn, format!("{PREFIX}:activity:a"));
        assert_eq!(f.ok("CreateActivity", r#"{"name":"a"}"#).await, made);
        assert_eq!(told(&f.error("CreateActivity", r#"{"name":"a b"}"#).await), ("InvalidName", "Invalid Name: 'a b'"));
        let keyless = r#"{"name":"b","encryptionConfiguration":{"type":"CUSTOMER_MANAGED_KMS_KEY"}}"#;
        assert_eq!(f.error("CreateActivity", keyless).await.name, "InvalidEncryptionConfiguration");
        let of = object(&[("activityArn", arn.as_str().into())]);
        let described = f.ok("DescribeActivity", &of).await;
        assert_eq!(
            described.get("encryptionConfiguration").map(Value::to_json).as_deref(),
            Some(r#"{"type":"AWS_OWNED_KEY"}"#)
        );
        assert_eq!(
            f.ok("ListActivities", "{}").await.get("activities").and_then(Value::as_array).map(|list| list.len()),
            Some(1)
        );
        f.ok("DeleteActivity", &of).await;
        f.ok("DeleteActivity", &of).await;
        let message = format!("Activity Does Not Exist: '{arn}'");
        for operation in ["DescribeActivity", "GetActivityTask"] {
            assert_eq!(told(&f.error(operation, &of).await), ("ActivityDoesNotExist", &*message));
        }
    });
}

#[test]
fn a_worker_takes_a_task_and_ends_it() {
    with_service(|f| async move {
        f.ok("CreateActivity", r#"{"name":"a"}"#).await;
        let machine = f.machine("m", "STANDARD", &states("a")).await;
        let execution = f.start(&machine, r#"{"n": 1}"#).await;
        let task = poll(&f, "a", "me").await;
        assert_eq!(text(&task, "input"), r#"{"n":1}"#);
        let history = f.history(&execution).await;
        assert_eq!(
            history[3].get("activityStartedEventDetails").map(Value::to_json).as_deref(),
            Some(r#"{"workerName":"me"}"#)
        );
        let token = text(&task, "taskToken");
        f.ok("SendTaskSuccess", &object(&[("taskToken", token.into()), ("output", "[2]".into())])).await;
        assert_eq!(text(&f.ended(&execution).await, "output"), "[2]");
        let types = f.types(&execution).await;
        assert_eq!(types[2..5], ["ActivityScheduled", "ActivityStarted", "ActivitySucceeded"]);
    });
}

#[test]
fn tasks_and_workers_are_served_in_turn() {
    with_service(|f| async move {
        f.ok("CreateActivity", r#"{"name":"a"}"#).await;
        let machine = f.machine("m", "STANDARD", &states("a")).await;
        let mut executions = Vec::new();
        for n in 0..3 {
            let execution = f.start(&machine, &n.to_string()).await;
            while f.types(&execution).await.len() < 3 {
                tokio::task::yield_now().await;
            }
            executions.push(execution);
        }
        for n in 0..2 {
            assert_eq!(text(&poll(&f, "a", "w").await, "input"), n.to_string());
        }
        // Of a task that nobody can take any more a worker learns nothing.
        f.ok("StopExecution", &object(&[("executionArn", executions[2].as_str().into())])).await;
        let workers: Vec<_> = (0..3)
            .map(|n| {
                let f = f.clone();
                tokio::spawn(async move { text(&poll(&f, "a", &n.to_string()).await, "input") })
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(50)).await;
        // A worker that went away does not get a task.
        workers[0].abort();
        tokio::time::sleep(Duration::from_millis(10)).await;
        for n in 7..9 {
            f.start(&machine, &n.to_string()).await;
        }
        let mut found = Vec::new();
        for worker in workers.into_iter().skip(1) {
            found.push(worker.await.expect("a worker"));
        }
        found.sort();
        assert_eq!(found, ["7", "8"]);
    });
}

#[test]
fn an_activity_that_is_gone_fails_the_task() {
    with_service(|f| async move {
        let machine = f.machine("m", "STANDARD", &states("gone")).await;
        let execution = f.start(&machine, "{}").await;
        let described = f.ended(&execution).await;
        let cause = format!("The activity {PREFIX}:activity:gone does not exist.");
        assert_eq!(
            ["status", "error", "cause"].map(|name| text(&described, name)),
            ["FAILED", "States.Runtime", &cause]
        );
    });
}

#[test]
fn long_polls_hold_nobody_up() {
    with_service(|f| async move {
        f.ok("CreateActivity", r#"{"name":"a"}"#).await;
        let polls: Vec<_> = (0..500)
            .map(|_| {
                let f = f.clone();
                tokio::spawn(async move { poll(&f, "a", "w").await })
            })
            .collect();
        let machine = f.machine("m", "EXPRESS", "A: {Type: Succeed}").await;
        let start = object(&[("stateMachineArn", machine.into())]);
        let began = std::time::Instant::now();
        f.ok("StartSyncExecution", &start).await;
        assert!(began.elapsed() < Duration::from_secs(5));
        polls.iter().for_each(tokio::task::JoinHandle::abort);
    });
}
