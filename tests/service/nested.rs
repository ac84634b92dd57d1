//! Tasks that call the service itself.

use asldb::value::{self, Value};

use crate::support::{Fixture, PREFIX, object, text, with_service};

fn start(pattern: &str, parameters: &str) -> String {
    format!(
        "A: {{Type: Task, Resource: \"arn:aws:states:::states:startExecution{pattern}\", Parameters: {parameters}, End: true}}"
    )
}

#[test]
fn executions_are_started_by_tasks() {
    with_service(|f| async move {
        let child = f.machine("child", "STANDARD", "C: {Type: Pass, Result: [1], End: true}").await;
        f.machine("failing", "STANDARD", "C: {Type: Fail, Error: E, Cause: why}").await;
        let parameters = format!("{{StateMachineArn: \"{child}\", Name: one, Input: {{a: 1}}}}");
        let parent = f.machine("request", "STANDARD", &start("", &parameters)).await;
        let described = f.ended(&f.start(&parent, "{}").await).await;
        let output = value::read(&text(&described, "output")).expect("JSON");
        assert_eq!(text(&output, "ExecutionArn"), format!("{PREFIX}:execution:child:one"));
        assert!(
            output.get("StartDate").and_then(Value::as_number).is_some() && output.get("SdkHttpMetadata").is_some()
        );
        let started = f.ended(&format!("{PREFIX}:execution:child:one")).await;
        assert_eq!(text(&started, "input"), r#"{"a":1}"#);

        for (pattern, input, result) in [(".sync", r#""{}""#, r#""[1]""#), (".sync:2", "{}", "[1]")] {
            let parameters = format!("{{StateMachineArn: \"{child}\"}}");
            let parent = f.machine(&format!("sync{}", pattern.len()), "STANDARD", &start(pattern, &parameters)).await;
            let execution = f.start(&parent, "{}").await;
            let output = value::read(&text(&f.ended(&execution).await, "output")).expect("JSON");
            assert_eq!(output.get("Input").map(Value::to_json).as_deref(), Some(input), "{pattern}");
            assert_eq!(output.get("Output").map(Value::to_json).as_deref(), Some(result), "{pattern}");
            assert_eq!(text(&output, "Status"), "SUCCEEDED");
            let types = f.types(&execution).await;
            assert_eq!(types[2..6], ["TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded"]);
        }

        let parameters = format!("{{StateMachineArn: \"{PREFIX}:stateMachine:failing\"}}");
        let parent = f.machine("sync", "STANDARD", &start(".sync:2", &parameters)).await;
        let described = f.ended(&f.start(&parent, "{}").await).await;
        assert_eq!(text(&described, "error"), "States.TaskFailed");
        let cause = value::read(&text(&described, "cause")).expect("JSON");
        assert_eq!(["Error", "Cause", "Status", "Input"].map(|name| text(&cause, name)), ["E", "why", "FAILED", "{}"]);
    });
}

#[test]
fn starts_that_are_refused_can_be_caught() {
    with_service(|f| async move {
        let missing = format!("{PREFIX}:stateMachine:missing");
        for (pattern, number) in [("", 0), (".sync", 1), (".waitForTaskToken", 2)] {
            let parameters = format!("{{StateMachineArn: \"{missing}\"}}");
            let parent = f.machine(&format!("m{number}"), "STANDARD", &start(pattern, &parameters)).await;
            let described = f.ended(&f.start(&parent, "{}").await).await;
            assert_eq!(text(&described, "error"), "StepFunctions.StateMachineDoesNotExistException");
            let cause = format!(
                "State Machine Does Not Exist: '{missing}' (Service: AWSStepFunctions; Status Code: 400; Error Code: StateMachineDoesNotExist; Request ID: "
            );
            assert!(text(&described, "cause").starts_with(&cause), "{described}");
        }
    });
}

#[test]
fn a_child_ends_with_the_task_that_waits_for_it() {
    with_service(|f| async move {
        let child = f.machine("child", "STANDARD", "C: {Type: Wait, Seconds: 1000, End: true}").await;
        let parent =
            f.machine("m", "STANDARD", &start(".sync", &format!("{{StateMachineArn: \"{child}\", Name: c}}"))).await;
        let execution = f.start(&parent, "{}").await;
        let child = format!("{PREFIX}:execution:child:c");
        while f.call("DescribeExecution", &object(&[("executionArn", child.as_str().into())])).await.is_err() {
            tokio::task::yield_now().await;
        }
        f.ok("StopExecution", &object(&[("executionArn", execution.into())])).await;
        assert_eq!(text(&f.ended(&child).await, "status"), "ABORTED");
    });
}

#[test]
fn sdk_tasks_call_operations() {
    with_service(|f| async move {
        let sdk = |action: &str, parameters: &str| {
            format!(
                "A: {{Type: Task, Resource: \"arn:aws:states:::aws-sdk:sfn:{action}\", Parameters: {parameters}, End: true}}"
            )
        };
        let child = f.machine("child", "EXPRESS", "C: {Type: Pass, End: true}").await;
        // JSON where a text is wanted becomes text.
        let parameters = format!("{{StateMachineArn: \"{child}\", Input: {{key: value}}}}");
        let parent = f.machine("m", "STANDARD", &sdk("startSyncExecution", &parameters)).await;
        let described = f.ended(&f.start(&parent, "{}").await).await;
        let output = value::read(&text(&described, "output")).expect("JSON");
        assert_eq!(
            (text(&output, "Output"), text(&output, "Status")),
            (r#"{"key":"value"}"#.to_owned(), "SUCCEEDED".to_owned())
        );
        assert!(text(&output, "StartDate").ends_with('Z'), "{output}");
        assert!(output.get("BillingDetails").and_then(|details| details.get("BilledMemoryUsedInMB")).is_some());

        let parent = f.machine("n", "STANDARD", &sdk("sendTaskFailure", "{TaskToken: NoSuchTaskToken}")).await;
        let described = f.ended(&f.start(&parent, "{}").await).await;
        assert_eq!(text(&described, "error"), "Sfn.InvalidTokenException");
        let cause = text(&described, "cause");
        assert!(
            cause.starts_with("Invalid Token: 'Invalid token' (Service: Sfn, Status Code: 400, Request ID: "),
            "{cause}"
        );
        assert!(cause.ends_with(") (SDK Attempt Count: 1)"), "{cause}");
    });
}

#[test]
fn other_tasks_say_that_nobody_answers_them() {
    with_service(|f| async move {
        let machine = f
            .machine("m", "STANDARD", "A: {Type: Task, Resource: \"arn:aws:states:::sqs:sendMessage\", End: true}")
            .await;
        let described = f.ended(&f.start(&machine, "{}").await).await;
        assert_eq!(text(&described, "error"), "Asldb.NoMock");
        assert!(text(&described, "cause").contains("arn:aws:states:::sqs:sendMessage"));
    });
}

/// `member` of the details of the first event of type `kind`.
async fn told_of(f: &Fixture, execution: &str, kind: &str, member: &str) -> Option<Value> {
    let history = f.history(execution).await;
    let event = history.iter().find(|event| text(event, "type") == kind)?;
    let (_, details) = event.as_object()?.iter().find(|(key, _)| key.ends_with("EventDetails"))?;
    details.get(member).cloned()
}

#[test]
fn sdk_tasks_wait_for_their_token() {
    with_service(|f| async move {
        // The child ends its parent's task by a task of its own.
        let send = "C: {Type: Task, Resource: \"arn:aws:states:::aws-sdk:sfn:sendTaskSuccess\", Parameters: {'TaskToken.$': $.token, Output: {by: child}}, End: true}";
        let child = f.machine("child", "STANDARD", send).await;
        let parent = |arn: &str| {
            format!(
                "A: {{Type: Task, Resource: \"arn:aws:states:::aws-sdk:sfn:startExecution.waitForTaskToken\", \
                 Parameters: {{StateMachineArn: \"{arn}\", Name: one, Input: {{'token.$': $$.Task.Token}}}}, TimeoutSeconds: 60, End: true}}"
            )
        };
        let machine = f.machine("parent", "STANDARD", &parent(&child)).await;
        let execution = f.start(&machine, "{}").await;
        assert_eq!(text(&f.ended(&execution).await, "output"), r#"{"by":"child"}"#);
        assert_eq!(f.types(&execution).await[2..6], ["TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded"]);
        let submitted = told_of(&f, &execution, "TaskSubmitted", "output").await.expect("an output");
        let submitted = value::read(submitted.as_str().expect("a text")).expect("JSON");
        assert_eq!(text(&submitted, "ExecutionArn"), format!("{PREFIX}:execution:child:one"));

        let missing = format!("{PREFIX}:stateMachine:missing");
        let machine = f.machine("lost", "STANDARD", &parent(&missing)).await;
        let execution = f.start(&machine, "{}").await;
        assert_eq!(text(&f.ended(&execution).await, "error"), "Sfn.StateMachineDoesNotExistException");
        assert_eq!(f.types(&execution).await[3..5], ["TaskStarted", "TaskFailed"]);
    });
}

/// However an execution ends, the task that waited for it fails in the same way.
#[test]
fn executions_that_do_not_succeed_fail_their_task() {
    with_service(|f| async move {
        let slow =
            r#"{"TimeoutSeconds": 1, "StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 50, "End": true}}}"#;
        let made = object(&[
            ("name", "slow".into()),
            ("definition", slow.into()),
            ("roleArn", "arn:aws:iam::123456789012:role/r".into()),
        ]);
        let slow = text(&f.ok("CreateStateMachine", &made).await, "stateMachineArn");
        let failing = f.machine("failing", "STANDARD", "C: {Type: Fail}").await;
        for (child, status, members) in [
            (slow, "TIMED_OUT", "ExecutionArn,Input,InputDetails,Name,StartDate,StateMachineArn,Status,StopDate"),
            (failing, "FAILED", "ExecutionArn,Input,InputDetails,Name,StartDate,StateMachineArn,Status,StopDate"),
        ] {
            let catch = "Catch: [{ErrorEquals: [States.TaskFailed], Next: B}]";
            let parent = format!(
                "A: {{Type: Task, Resource: \"arn:aws:states:::states:startExecution.sync:2\", \
                 Parameters: {{StateMachineArn: \"{child}\"}}, {catch}, End: true}}\nB: {{Type: Pass, End: true}}"
            );
            let parent = f.machine(&format!("of-{status}"), "STANDARD", &parent).await;
            let output = value::read(&text(&f.ended(&f.start(&parent, "{}").await).await, "output")).expect("JSON");
            assert_eq!(text(&output, "Error"), "States.TaskFailed");
            let cause = value::read(&text(&output, "Cause")).expect("JSON");
            let found: Vec<&str> = cause.as_object().expect("an object").keys().map(|key| &**key).collect();
            assert_eq!((text(&cause, "Status").as_str(), found.join(",").as_str()), (status, members));
            // Times are milliseconds there.
            let [started, stopped] =
                ["StartDate", "StopDate"].map(|name| cause.get(name).and_then(Value::as_number).map(|it| it.as_f64()));
            assert!(started > Some(1.6e12) && stopped >= started, "{cause}");
        }
    });
}
