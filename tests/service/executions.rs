//! StopExecution, DescribeExecution, ListExecutions, RedriveExecution.

use asldb::value::Value;

use crate::support::{PREFIX, object, text, told, with_service};

const WAIT: &str = "A: {Type: Wait, Seconds: 1000, End: true}";

fn of(execution: &str) -> String {
    object(&[("executionArn", execution.into())])
}

#[test]
fn a_stopped_execution_is_aborted() {
    with_service(|f| async move {
        let machine = f.machine("m", "STANDARD", WAIT).await;
        let execution = f.start(&machine, "{}").await;
        let stop = object(&[("executionArn", execution.as_str().into()), ("error", "E".into()), ("cause", "C".into())]);
        let stopped = f.ok("StopExecution", &stop).await;
        let described = f.describe(&execution).await;
        for (name, value) in [("status", "ABORTED"), ("error", "E"), ("cause", "C"), ("redriveStatus", "REDRIVABLE")] {
            assert_eq!(text(&described, name), value);
        }
        assert_eq!(described.get("stopDate"), stopped.get("stopDate"));
        assert_eq!(described.get("output"), None);
        assert_eq!(f.ok("StopExecution", &of(&execution)).await, stopped, "it has ended already");
        let bare = f.start(&machine, "{}").await;
        f.ok("StopExecution", &of(&bare)).await;
        let last = f.history(&bare).await.pop().expect("events");
        assert_eq!(last.get("executionAbortedEventDetails").map(Value::to_json).as_deref(), Some("{}"));
        assert_eq!(last.get("previousEventId"), Some(&0.into()));
    });
}

#[test]
fn what_is_not_there_is_told() {
    with_service(|f| async move {
        f.machine("m", "STANDARD", WAIT).await;
        let operations = [
            "DescribeExecution",
            "GetExecutionHistory",
            "StopExecution",
            "DescribeStateMachineForExecution",
            "RedriveExecution",
            "ListMapRuns",
        ];
        let missing = format!("{PREFIX}:execution:m:n");
        for operation in operations {
            let error = f.error(operation, &of(&missing)).await;
            let message = format!("Execution Does Not Exist: '{missing}'");
            assert_eq!(told(&error), ("ExecutionDoesNotExist", &*message), "{operation}");
            let error = f.error(operation, &of("nonsense")).await;
            assert_eq!(told(&error), ("InvalidArn", "Invalid Arn: 'Invalid ARN prefix: nonsense'"), "{operation}");
            let error = f.error(operation, &of(&format!("{PREFIX}:stateMachine:m"))).await;
            assert_eq!(error.message, "Invalid Arn: 'Resource type not valid in this context: stateMachine'");
        }
    });
}

#[test]
fn executions_are_listed_newest_first() {
    with_service(|f| async move {
        let states = "A: {Type: Choice, Choices: [{Variable: $.fail, BooleanEquals: true, Next: F}], Default: S}\nF: {Type: Fail}\nS: {Type: Succeed}";
        let machine = f.machine("m", "STANDARD", states).await;
        let mut all = Vec::new();
        for n in 0..5 {
            let execution = f.start(&machine, &format!(r#"{{"fail": {}}}"#, n % 2 == 0)).await;
            f.ended(&execution).await;
            all.insert(0, execution);
        }
        let list = |more: &[(&str, Value)]| {
            let mut members = vec![("stateMachineArn", machine.as_str().into())];
            members.extend(more.iter().cloned());
            object(&members)
        };
        let arns = |page: &Value| -> Vec<String> {
            page.get("executions")
                .and_then(Value::as_array)
                .expect("a list")
                .iter()
                .map(|e| text(e, "executionArn"))
                .collect()
        };
        assert_eq!(arns(&f.ok("ListExecutions", &list(&[])).await), all);
        let failed = f.ok("ListExecutions", &list(&[("statusFilter", "FAILED".into())])).await;
        assert_eq!(arns(&failed), [all[0].clone(), all[2].clone(), all[4].clone()]);
        assert!(arns(&f.ok("ListExecutions", &list(&[("statusFilter", "RUNNING".into())])).await).is_empty());
        let error = f.error("ListExecutions", &list(&[("redriveFilter", "REDRIVEN".into())])).await;
        let message = "RedriveFilter cannot be applied to ListExecutions call with StateMachine ARN";
        assert_eq!(told(&error), ("ValidationException", message));
        let first = f.ok("ListExecutions", &list(&[("maxResults", 2.into())])).await;
        let next = f.ok("ListExecutions", &list(&[("nextToken", text(&first, "nextToken").into())])).await;
        assert_eq!([arns(&first), arns(&next)].concat(), all);
        let other = list(&[("nextToken", text(&first, "nextToken").into()), ("statusFilter", "FAILED".into())]);
        assert_eq!(f.error("ListExecutions", &other).await.name, "InvalidToken", "a token of another list");
        let express = f.machine("e", "EXPRESS", "A: {Type: Succeed}").await;
        let error = f.error("ListExecutions", &object(&[("stateMachineArn", express.into())])).await;
        assert_eq!(error.name, "StateMachineTypeNotSupported");
        assert_eq!(f.error("ListExecutions", "{}").await.name, "ValidationException");
    });
}

#[test]
fn whether_it_can_be_redriven() {
    with_service(|f| async move {
        let running = f.machine("running", "STANDARD", WAIT).await;
        let running = f.start(&running, "{}").await;
        let error = f.error("RedriveExecution", &of(&running)).await;
        let message =
            format!("Execution {running} invalid for redrive as: Execution is RUNNING and cannot be redriven");
        assert_eq!(told(&error), ("ExecutionNotRedrivable", message.as_str()));
        let failing = f.machine("failing", "STANDARD", "A: {Type: Fail}").await;
        let failed = f.start(&failing, "{}").await;
        assert_eq!(text(&f.ended(&failed).await, "redriveStatus"), "REDRIVABLE");
        f.later(14 * 86_400_000 + 60_000);
        let error = f.error("RedriveExecution", &of(&failed)).await;
        let message = format!("Execution {failed} invalid for redrive as: Execution redrivable period exceeded");
        assert_eq!(told(&error), ("ExecutionNotRedrivable", message.as_str()));
        let described = f.describe(&failed).await;
        assert_eq!(text(&described, "redriveStatusReason"), "Execution redrivable period exceeded");
    });
}

#[test]
fn a_machine_over_its_time_shows_no_error() {
    with_service(|f| async move {
        let definition =
            r#"{"StartAt":"A","TimeoutSeconds":1,"States":{"A":{"Type":"Wait","Seconds":100,"End":true}}}"#;
        let parameters = object(&[
            ("name", "m".into()),
            ("definition", definition.into()),
            ("roleArn", crate::support::ROLE.into()),
        ]);
        let machine = text(&f.ok("CreateStateMachine", &parameters).await, "stateMachineArn");
        let execution = f.start(&machine, "{}").await;
        let described = f.ended(&execution).await;
        assert_eq!(text(&described, "status"), "TIMED_OUT");
        assert_eq!((described.get("error"), described.get("cause")), (None, None));
    });
}
