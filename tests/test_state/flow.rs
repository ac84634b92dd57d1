//! What becomes of the state: status, output, next state, error, variables.

use serde_json::json;

use super::vocabulary::{ask_with, inspected, refused, task, test, with};
use asldb::engine::Fault;
use asldb::value;

#[test]
fn states_without_work_outside_are_just_run() {
    for (state, input, answer) in [
        (
            json!({"Type": "Pass", "Next": "B"}),
            json!({"a": 1}),
            json!({"output": {"a": 1}, "nextState": "B", "status": "SUCCEEDED"}),
        ),
        (
            json!({"Type": "Pass", "Result": 5, "ResultPath": "$.n", "End": true}),
            json!({"a": 1}),
            json!({"output": {"a": 1, "n": 5}, "status": "SUCCEEDED"}),
        ),
        (
            json!({"Type": "Succeed", "OutputPath": "$.a"}),
            json!({"a": [1]}),
            json!({"output": [1], "status": "SUCCEEDED"}),
        ),
        (
            json!({"Type": "Wait", "Seconds": 299, "Next": "B"}),
            json!({}),
            json!({"output": {}, "nextState": "B", "status": "SUCCEEDED"}),
        ),
        (
            json!({"Type": "Fail", "Error": "E", "CausePath": "$.why"}),
            json!({"why": "so"}),
            json!({"error": "E", "cause": "so", "status": "FAILED"}),
        ),
        (json!({"Type": "Fail"}), json!({}), json!({"status": "FAILED"})),
        (
            json!({"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericGreaterThan": 3, "Next": "Large"}], "Default": "Small"}),
            json!({"n": 2}),
            json!({"output": {"n": 2}, "nextState": "Small", "status": "SUCCEEDED"}),
        ),
        (
            json!({"Type": "Choice", "QueryLanguage": "JSONata", "Choices": [{"Condition": "{% $states.input.n > 3 %}", "Output": "large", "Next": "Large"}]}),
            json!({"n": 4}),
            json!({"output": "large", "nextState": "Large", "status": "SUCCEEDED"}),
        ),
    ] {
        assert_eq!(test(&state, &json!({"input": input})), answer, "{state}");
    }
}

#[test]
fn the_input_is_empty_unless_given_and_must_be_json() {
    let pass = json!({"Type": "Pass", "End": true});
    assert_eq!(test(&pass, &json!({}))["output"], json!({}));
    assert_eq!(test(&pass, &json!({"input": "3"}))["output"], json!(3));
    let error = refused(&pass, &json!({"input": "{"}));
    assert!(error.starts_with("InvalidExecutionInput: Invalid State Machine Execution Input: '"), "{error}");
}

#[test]
fn a_test_takes_five_minutes_at_most() {
    let wait = json!({"Type": "Wait", "Seconds": 301, "End": true});
    assert_eq!(test(&wait, &json!({})), json!({"error": "States.Timeout", "status": "FAILED"}));
    let machine =
        json!({"StartAt": "W", "TimeoutSeconds": 5, "States": {"W": {"Type": "Wait", "Seconds": 10, "End": true}}});
    assert_eq!(test(&machine, &json!({"stateName": "W"}))["status"], "SUCCEEDED");
}

#[test]
fn causes_do_not_say_where_they_arose() {
    let state = json!({"Type": "Pass", "Parameters": {"b.$": "$.b"}, "End": true});
    let cause = "The JSONPath '$.b' specified for the field 'b.$' could not be found in the input '{\"a\":1}'";
    assert_eq!(
        test(&state, &json!({"input": {"a": 1}})),
        json!({"error": "States.Runtime", "cause": cause, "status": "FAILED"})
    );
    let state = json!({"Type": "Wait", "SecondsPath": "$.s", "End": true});
    assert_eq!(test(&state, &json!({}))["cause"], "The SecondsPath parameter does not reference an input value: $.s");
}

#[test]
fn a_mock_is_what_the_task_gives() {
    let state = task(json!({"ResultSelector": {"n.$": "$.Count"}, "ResultPath": "$.found", "End": null, "Next": "B"}));
    assert_eq!(
        test(&state, &json!({"input": {"a": 1}, "mock": {"result": {"Count": 2}}})),
        json!({"output": {"a": 1, "found": {"n": 2}}, "nextState": "B", "status": "SUCCEEDED"})
    );
    for resource in [
        "arn:aws:states:eu-central-1:123456789012:activity:a",
        "arn:aws:states:::aws-sdk:example:act.waitForTaskToken",
        "arn:aws:states:::ecs:runTask.sync",
        "arn:aws:lambda:eu-central-1:123456789012:function:f",
    ] {
        let answer = test(&task(json!({"Resource": resource})), &json!({"mock": {"result": [1]}}));
        assert_eq!(answer, json!({"output": [1], "status": "SUCCEEDED"}), "{resource}");
    }
}

#[test]
fn errors_go_to_retriers_and_catchers() {
    let state = task(json!({
        "Retry": [
            {"ErrorEquals": ["Other"]},
            {"ErrorEquals": ["Busy"], "IntervalSeconds": 2, "BackoffRate": 3.0, "MaxAttempts": 2, "MaxDelaySeconds": 5},
        ],
        "Catch": [
            {"ErrorEquals": ["Gone"], "ResultPath": "$.error", "Next": "Lost"},
            {"ErrorEquals": ["States.ALL"], "Next": "Any"},
        ],
    }));
    let fails = |error: &str, retries: u32| {
        let mock = json!({"errorOutput": {"error": error, "cause": "c"}});
        let more = json!({"input": {"a": 1}, "mock": mock, "stateConfiguration": {"retrierRetryCount": retries}});
        (test(&state, &more), inspected(&state, &more)["errorDetails"].clone())
    };
    let output = json!({"Error": "Busy", "Cause": "c"});
    for (error, retries, answer, details) in [
        (
            "Busy",
            0,
            json!({"error": "Busy", "cause": "c", "status": "RETRIABLE"}),
            json!({"retryIndex": 1, "retryBackoffIntervalSeconds": 2}),
        ),
        (
            "Busy",
            1,
            json!({"error": "Busy", "cause": "c", "status": "RETRIABLE"}),
            json!({"retryIndex": 1, "retryBackoffIntervalSeconds": 5}),
        ),
        (
            "Busy",
            2,
            json!({"error": "Busy", "cause": "c", "output": output, "nextState": "Any", "status": "CAUGHT_ERROR"}),
            json!({"catchIndex": 1}),
        ),
        (
            "Gone",
            0,
            json!({
                "error": "Gone", "cause": "c", "output": {"a": 1, "error": {"Error": "Gone", "Cause": "c"}},
                "nextState": "Lost", "status": "CAUGHT_ERROR",
            }),
            json!({"catchIndex": 0}),
        ),
    ] {
        assert_eq!(fails(error, retries), (answer, details), "{error} {retries}");
    }
}

#[test]
fn a_retrier_whose_attempts_are_spent_is_named() {
    let state = task(json!({"Retry": [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 1}]}));
    let mock = json!({"errorOutput": {"error": "E"}});
    let spent = json!({"mock": mock, "stateConfiguration": {"retrierRetryCount": 1}});
    assert_eq!(test(&state, &spent), json!({"error": "E", "status": "FAILED"}));
    assert_eq!(inspected(&state, &spent)["errorDetails"], json!({"retryIndex": 0}));
    // The context object can say so as well.
    let told = json!({"mock": mock, "context": {"State": {"RetryCount": 1}}});
    assert_eq!(test(&state, &told)["status"], "FAILED");
    let runtime = json!({"mock": {"errorOutput": {"error": "States.Runtime", "cause": "x"}}});
    assert_eq!(test(&state, &runtime)["status"], "FAILED");
    assert_eq!(inspected(&state, &runtime).get("errorDetails"), None);
}

#[test]
fn failures_after_the_work_are_caught_as_well() {
    let state = task(json!({
        "QueryLanguage": "JSONata", "Output": "{% $states.result.missing %}",
        "Catch": [{"ErrorEquals": ["States.QueryEvaluationError"], "Output": "{% $states.errorOutput.Error %}", "Next": "B"}],
    }));
    let answer = test(&state, &json!({"mock": {"result": {}}}));
    assert_eq!((&answer["status"], &answer["nextState"]), (&json!("CAUGHT_ERROR"), &json!("B")));
    assert_eq!(answer["output"], "States.QueryEvaluationError");
    let failing = with(state, json!({"Catch": [{"ErrorEquals": ["States.ALL"], "Output": "{% $x %}", "Next": "B"}]}));
    let answer = test(&failing, &json!({"mock": {"errorOutput": {"error": "E"}}}));
    assert_eq!((&answer["status"], &answer["error"]), (&json!("FAILED"), &json!("States.QueryEvaluationError")));
}

#[test]
fn variables_are_read_and_shown_as_they_are_afterwards() {
    let state = json!({"Type": "Pass", "Assign": {"a.$": "$.n", "c": 3}, "Parameters": {"n.$": "$b"}, "End": true});
    let more = json!({"variables": {"a": 1, "b": 2}});
    assert_eq!(test(&state, &more)["output"], json!({"n": 2}));
    assert_eq!(inspected(&state, &more)["variables"], json!({"a": 2, "b": 2, "c": 3}));
    let caught = task(json!({"Catch": [{"ErrorEquals": ["E"], "Assign": {"seen.$": "$.Error"}, "Next": "B"}]}));
    let more = json!({"mock": {"errorOutput": {"error": "E"}}});
    assert_eq!(inspected(&caught, &more)["variables"], json!({"seen": "E"}));
    assert_eq!(inspected(&task(json!({})), &json!({"mock": {"result": {}}})).get("variables"), None);
}

#[test]
fn tasks_without_a_mock_are_answered_by_whoever_can() {
    let request = json!({
        "definition": task(json!({"Parameters": {"b.$": "$.a"}})), "input": {"a": 1},
        "roleArn": "arn:aws:iam::123456789012:role/r",
    });
    let echo = |_: &asldb::asl::Resource, input: &value::Value| Some(Ok(input.clone()));
    let answer = ask_with(&request, Some(&echo)).expect("answered");
    assert_eq!(answer, json!({"output": {"b": 1}, "status": "SUCCEEDED"}));
    let fails = |_: &asldb::asl::Resource, _: &value::Value| Some(Err(Fault::new("E", "c")));
    let answer = ask_with(&request, Some(&fails)).expect("answered");
    assert_eq!(answer, json!({"error": "E", "cause": "c", "status": "FAILED"}));
    let nobody = |_: &asldb::asl::Resource, _: &value::Value| None;
    for tasks in [None, Some(&nobody as &asldb::service::test_state::Tasks<'_>)] {
        let error = ask_with(&request, tasks).expect_err("nobody answers");
        assert!(error.starts_with("ValidationException: There is nothing here that answers 'arn:aws:states:::aws-sdk"));
    }
}
