//! StartExecution and StartSyncExecution.

use asldb::value::Value;

use crate::support::{PREFIX, object, text, told, with_service};

const PASS: &str = "A: {Type: Pass, End: true}";
const WAIT: &str = "A: {Type: Wait, Seconds: 1000, End: true}";

#[test]
fn an_execution_runs_and_is_described() {
    with_service(|f| async move {
        let machine = f.machine("m", "STANDARD", PASS).await;
        assert_eq!(machine, format!("{PREFIX}:stateMachine:m"));
        let execution = f.start(&machine, r#"{"a": 1}"#).await;
        assert!(execution.starts_with(&format!("{PREFIX}:execution:m:")));
        let described = f.ended(&execution).await;
        for (name, value) in [
            ("executionArn", &*execution),
            ("stateMachineArn", &machine),
            ("status", "SUCCEEDED"),
            ("input", r#"{"a": 1}"#),
            ("output", r#"{"a":1}"#),
            ("redriveStatus", "NOT_REDRIVABLE"),
            ("redriveStatusReason", "Execution is SUCCEEDED and cannot be redriven"),
        ] {
            assert_eq!(text(&described, name), value, "{name}");
        }
        assert!(execution.ends_with(&text(&described, "name")));
        let types = f.types(&execution).await;
        assert_eq!(types, ["ExecutionStarted", "PassStateEntered", "PassStateExited", "ExecutionSucceeded"]);
    });
}

#[test]
fn names_are_taken_as_long_as_the_execution_is_known() {
    with_service(|f| async move {
        let machine = f.machine("m", "STANDARD", WAIT).await;
        let parameters = |input: &str| {
            object(&[("stateMachineArn", machine.as_str().into()), ("name", "n".into()), ("input", input.into())])
        };
        let first = f.ok("StartExecution", &parameters("{}")).await;
        // While it runs, the same start is the same execution.
        assert_eq!(f.ok("StartExecution", &parameters("{}")).await, first);
        let taken = format!("Execution Already Exists: '{PREFIX}:execution:m:n'");
        let error = f.error("StartExecution", &parameters("{ }")).await;
        assert_eq!(told(&error), ("ExecutionAlreadyExists", &*taken));
        f.ok("StopExecution", &object(&[("executionArn", text(&first, "executionArn").into())])).await;
        let error = f.error("StartExecution", &parameters("{}")).await;
        assert_eq!(told(&error), ("ExecutionAlreadyExists", &*taken));
        f.later(90 * 86_400_000 + 1);
        let again = f.ok("StartExecution", &parameters("{}")).await;
        assert_eq!(again.get("executionArn"), first.get("executionArn"));
        assert_ne!(again.get("startDate"), first.get("startDate"));
        assert_eq!(text(&f.describe(&text(&first, "executionArn")).await, "status"), "RUNNING");
    });
}

#[test]
fn express_executions_are_run_and_answered() {
    with_service(|f| async move {
        let machine = f.machine("m", "EXPRESS", PASS).await;
        let parameters =
            object(&[("stateMachineArn", machine.as_str().into()), ("name", "n".into()), ("input", "[1]".into())]);
        let answer = f.ok("StartSyncExecution", &parameters).await;
        let arn = text(&answer, "executionArn");
        assert!(arn.starts_with(&format!("{PREFIX}:express:m:n:")), "{arn}");
        for (name, value) in [("status", "SUCCEEDED"), ("input", "[1]"), ("output", "[1]"), ("name", "n")] {
            assert_eq!(text(&answer, name), value, "{name}");
        }
        let billing = answer.get("billingDetails").expect("billing");
        assert_eq!(billing.get("billedMemoryUsedInMB"), Some(&Value::from(64)));
        assert_eq!(billing.get("billedDurationInMilliseconds"), Some(&Value::from(100)));
        let other = text(&f.ok("StartSyncExecution", &parameters).await, "executionArn");
        assert_ne!(arn, other, "each start is a run of its own");
        let standard = f.machine("s", "STANDARD", PASS).await;
        let error = f.error("StartSyncExecution", &object(&[("stateMachineArn", standard.into())])).await;
        let message = "This operation is not supported by this type of state machine";
        assert_eq!(told(&error), ("StateMachineTypeNotSupported", message));
        for operation in ["DescribeExecution", "GetExecutionHistory", "StopExecution"] {
            let error = f.error(operation, &object(&[("executionArn", arn.as_str().into())])).await;
            let message = "Invalid Arn: 'Resource type not valid in this context: express'";
            assert_eq!(told(&error), ("InvalidArn", message));
        }
    });
}
