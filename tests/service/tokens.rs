//! Task tokens.

use std::sync::Arc;

use asldb::value::{self, Value};

use crate::support::{Fixture, object, text, told, with_service};

const TASK: &str = "A: {Type: Task, Resource: \"arn:aws:states:::sqs:sendMessage.waitForTaskToken\", Parameters: {'t.$': $$.Task.Token}, HeartbeatSeconds: 100, End: true}";

/// Waits for an event of this type, and returns the token that the first task was scheduled with.
pub(crate) async fn token(f: &Arc<Fixture>, execution: &str, event: &str) -> String {
    loop {
        let history = f.history(execution).await;
        let Some(scheduled) = history.iter().find_map(|event| event.get("taskScheduledEventDetails")) else {
            tokio::task::yield_now().await;
            continue;
        };
        if history.iter().any(|found| text(found, "type") == event) {
            let parameters = value::read(&text(scheduled, "parameters")).expect("JSON");
            return text(&parameters, "t");
        }
    }
}

#[test]
fn a_task_ends_with_its_token() {
    with_service(|f| async move {
        let machine = f.machine("m", "STANDARD", TASK).await;
        let execution = f.start(&machine, "{}").await;
        let token = token(&f, &execution, "TaskSubmitted").await;
        f.ok("SendTaskHeartbeat", &object(&[("taskToken", token.as_str().into())])).await;
        let send = object(&[("taskToken", token.as_str().into()), ("output", r#"{"done": true}"#.into())]);
        f.ok("SendTaskSuccess", &send).await;
        let described = f.ended(&execution).await;
        assert_eq!(
            (text(&described, "status"), text(&described, "output")),
            ("SUCCEEDED".to_owned(), r#"{"done":true}"#.to_owned())
        );
        let error = f.error("SendTaskSuccess", &send).await;
        assert_eq!(told(&error), ("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'"));
        let types = f.types(&execution).await;
        assert_eq!(types[2..6], ["TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded"]);
    });
}

#[test]
fn a_task_fails_with_its_token() {
    with_service(|f| async move {
        let machine = f.machine("m", "STANDARD", TASK).await;
        let execution = f.start(&machine, "{}").await;
        let token = token(&f, &execution, "TaskSubmitted").await;
        let send = object(&[("taskToken", token.into()), ("error", "E".into()), ("cause", "C".into())]);
        f.ok("SendTaskFailure", &send).await;
        let described = f.ended(&execution).await;
        assert_eq!(["status", "error", "cause"].map(|name| text(&described, name)), ["FAILED", "E", "C"]);
        assert_eq!(f.error("SendTaskFailure", &send).await.name, "TaskTimedOut");
    });
}

#[test]
fn other_tokens_are_refused() {
    with_service(|f| async move {
        let unknown = "A".repeat(64);
        for (token, name) in
            [("NoSuchTaskToken", "InvalidToken"), (&unknown, "TaskDoesNotExist"), (&"%".repeat(64), "InvalidToken")]
        {
            for operation in ["SendTaskSuccess", "SendTaskFailure", "SendTaskHeartbeat"] {
                let mut members = vec![("taskToken", Value::from(token))];
                if operation == "SendTaskSuccess" {
                    members.push(("output", "{}".into()));
                }
                assert_eq!(f.error(operation, &object(&members)).await.name, name, "{operation} {token}");
            }
        }
        let error = f.error("SendTaskHeartbeat", r#"{"taskToken":"x"}"#).await;
        assert_eq!(told(&error), ("InvalidToken", "Invalid Token: 'Invalid token'"));
        let bad = object(&[("taskToken", unknown.into()), ("output", "no JSON".into())]);
        assert_eq!(f.error("SendTaskSuccess", &bad).await.name, "InvalidOutput");
    });
}

#[test]
fn the_token_of_an_attempt_that_failed_ends_no_other() {
    with_service(|f| async move {
        let retry = "Retry: [{ErrorEquals: [States.ALL], IntervalSeconds: 1}]";
        let machine = f.machine("m", "STANDARD", &TASK.replace("End: true", &format!("{retry}, End: true"))).await;
        let execution = f.start(&machine, "{}").await;
        let first = token(&f, &execution, "TaskSubmitted").await;
        f.ok("SendTaskFailure", &object(&[("taskToken", first.as_str().into()), ("error", "E".into())])).await;
        let second = loop {
            let history = f.history(&execution).await;
            let scheduled: Vec<_> = history.iter().filter_map(|event| event.get("taskScheduledEventDetails")).collect();
            if let [_, second] = scheduled[..] {
                break text(&value::read(&text(second, "parameters")).expect("JSON"), "t");
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        };
        assert_ne!(first, second);
        let send = |token: &str| object(&[("taskToken", token.into()), ("output", "1".into())]);
        assert_eq!(f.error("SendTaskSuccess", &send(&first)).await.name, "TaskTimedOut");
        f.ok("SendTaskSuccess", &send(&second)).await;
        assert_eq!(text(&f.ended(&execution).await, "output"), "1");
    });
}
