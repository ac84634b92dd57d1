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
            ("output", r#"{"a": 1}"#),
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

#[test]
fn what_cannot_be_started_is_told() {
    let token = "Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
    let quote = "Unexpected character (''' (code 39)): was expecting double-quote to start field name";
    let input = |reason: &str| format!("Invalid State Machine Execution Input: '{reason}'");
    with_service(|f| async move {
        let machine = f.machine("m", "STANDARD", PASS).await;
        let express = f.machine("e", "EXPRESS", PASS).await;
        for (arn, more, name, message) in [
            (&*machine, ("input", "not some json".into()), "InvalidExecutionInput", input(token)),
            (&machine, ("input", "{'not': 'json'".into()), "InvalidExecutionInput", input(quote)),
            (&machine, ("input", Value::from("")), "InvalidExecutionInput", input("Invalid execution input.")),
            (&machine, ("name", "a/b".into()), "InvalidName", "Invalid Name: 'a/b'".to_owned()),
            ("x", ("input", Value::Null), "InvalidArn", "Invalid Arn: 'Invalid ARN prefix: x'".to_owned()),
            (
                &format!("{machine}#Case"),
                ("input", Value::Null),
                "ValidationException",
                "The ARN names the test case 'Case', but the service runs without a mock file".to_owned(),
            ),
        ] {
            for operation in ["StartExecution", "StartSyncExecution"] {
                let error = f.error(operation, &object(&[("stateMachineArn", arn.into()), more.clone()])).await;
                assert_eq!(told(&error), (name, &*message), "{operation} {more:?}");
            }
        }
        for arn in ["stateMachine:other", "stateMachine:m:1", "stateMachine:m:LIVE"] {
            let arn = format!("{PREFIX}:{arn}");
            let error = f.error("StartExecution", &object(&[("stateMachineArn", arn.as_str().into())])).await;
            assert_eq!(told(&error), ("StateMachineDoesNotExist", &*format!("State Machine Does Not Exist: '{arn}'")));
        }
        let elsewhere = machine.replace("us-east-1", "eu-west-1");
        let error = f.error("StartExecution", &object(&[("stateMachineArn", elsewhere.into())])).await;
        assert_eq!(error.name, "StateMachineDoesNotExist");
        let label = object(&[("stateMachineArn", format!("{machine}/label").into())]);
        let error = f.error("StartExecution", &label).await;
        assert_eq!((error.name, error.reason), ("ValidationException", Some("API_DOES_NOT_SUPPORT_LABELED_ARNS")));
        // Bytes count, not characters: 131,073 of two bytes each, and the quotes.
        let wide = format!("\"{}\"", "ä".repeat(131_073));
        for (machine, operation) in [(&machine, "StartExecution"), (&express, "StartSyncExecution")] {
            let fits =
                object(&[("stateMachineArn", machine.as_str().into()), ("input", wide.replacen("ää", "", 1).into())]);
            f.ok(operation, &fits).await;
            let long = object(&[("stateMachineArn", machine.as_str().into()), ("input", wide.as_str().into())]);
            assert_eq!(f.error(operation, &long).await.name, "InvalidExecutionInput");
        }
    });
}

#[test]
fn the_header_of_the_call_wins_over_the_trace_parameter() {
    use asldb::api::{Api, Operation, Request};
    with_service(|f| async move {
        let machine = f.machine("m", "STANDARD", PASS).await;
        for (parameter, header, shown) in [
            (None, None, None),
            (Some("p"), None, Some("p")),
            (None, Some("h"), Some("h")),
            (Some("p"), Some("h"), Some("h")),
        ] {
            let text_or_null = |text: Option<&str>| text.map_or(Value::Null, Value::from);
            let parameters =
                object(&[("stateMachineArn", machine.as_str().into()), ("traceHeader", text_or_null(parameter))]);
            let parameters = asldb::value::read(&parameters).expect("JSON");
            let request =
                Request { operation: Operation::StartExecution, parameters, trace_header: header.map(Into::into) };
            let started = f.service.call(request).await.expect("a start");
            let described = f.describe(&text(&started, "executionArn")).await;
            assert_eq!(described.get("traceHeader").and_then(Value::as_str), shown);
        }
    });
}

#[test]
fn a_failing_express_execution_is_an_answer() {
    with_service(|f| async move {
        let failing = f.machine("m", "EXPRESS", "A: {Type: Fail, Error: E, Cause: C}").await;
        let answer = f.ok("StartSyncExecution", &object(&[("stateMachineArn", failing.into())])).await;
        assert_eq!(["status", "error", "cause"].map(|name| text(&answer, name)), ["FAILED", "E", "C"]);
        assert_eq!(
            (answer.get("output"), answer.get("outputDetails").map(Value::to_json).as_deref()),
            (None, Some(r#"{"included":true}"#))
        );
        let passing = f.machine("p", "EXPRESS", PASS).await;
        let bare = object(&[("stateMachineArn", passing.into()), ("includedData", "METADATA_ONLY".into())]);
        let answer = f.ok("StartSyncExecution", &bare).await;
        assert_eq!((answer.get("input"), answer.get("output")), (None, None));
        assert_eq!(answer.get("inputDetails").map(Value::to_json).as_deref(), Some(r#"{"included":false}"#));
    });
}

#[test]
fn express_executions_live_five_minutes() {
    let config = asldb::service::ServiceConfig { skip_waits: true, ..Default::default() };
    crate::support::with(config, |f| async move {
        let machine = f.machine("m", "EXPRESS", WAIT).await;
        let answer = f.ok("StartSyncExecution", &object(&[("stateMachineArn", machine.into())])).await;
        assert_eq!(["status", "error"].map(|name| text(&answer, name)), ["TIMED_OUT", "States.Timeout"]);
    });
}

#[test]
fn a_test_case_answers_the_tasks() {
    let mocks =
        r#"{"StateMachines":{"m":{"TestCases":{"Happy":{"A":"R"}}}},"MockedResponses":{"R":{"0":{"Return":[7]}}}}"#;
    let mocks = asldb::runtime::mock::Mocks::new(
        asldb::runtime::mock::MockFile::read("mocks.json", mocks).expect("a mock file"),
    );
    let config = asldb::service::ServiceConfig { mocks: Some(mocks), ..Default::default() };
    crate::support::with(config, |f| async move {
        let task = "A: {Type: Task, Resource: \"arn:aws:states:::sqs:sendMessage\", End: true}";
        let machine = f.machine("m", "STANDARD", task).await;
        let described = f.ended(&f.start(&format!("{machine}#Happy"), "{}").await).await;
        assert_eq!(text(&described, "output"), "[7]");
        assert_eq!(text(&described, "stateMachineArn"), machine);
        let error = f.error("StartExecution", &object(&[("stateMachineArn", format!("{machine}#Sad").into())])).await;
        assert!(error.name == "ValidationException" && error.message.contains("Happy"), "{error}");
    });
}
