//! Errors of inner states go to the Map and Parallel states around them.

use serde_json::{Value as Json, json};

use super::vocabulary::{ask, test, with};

fn machine(around: Json, inner: &Json) -> Json {
    let branch = json!({"StartAt": "Inner", "States": {"Inner": inner}});
    let around = with(json!({"Type": "Parallel", "Branches": [branch], "Next": "After"}), around);
    json!({"StartAt": "Around", "States": {"Around": around, "After": {"Type": "Succeed"}, "Handler": {"Type": "Succeed"}}})
}

const HANDLERS: &str = r#"{
    "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 3}],
    "Catch": [{"ErrorEquals": ["Other"], "Next": "After"}, {"ErrorEquals": ["Gone"], "ResultPath": "$.e", "Next": "Handler"}]
}"#;

fn reachable(machine: Json) -> Json {
    // Each state must be led to; a catcher that never applies does.
    let mut machine = machine;
    machine["States"]["Around"]["Catch"]
        .as_array_mut()
        .expect("catchers")
        .push(json!({"ErrorEquals": ["Never"], "Next": "Handler"}));
    machine
}

fn fails(error: &str) -> Json {
    let handlers: Json = serde_json::from_str(HANDLERS).expect("JSON");
    let machine = reachable(machine(handlers, &json!({"Type": "Fail", "Error": error, "Cause": "c"})));
    let request = json!({"definition": machine, "stateName": "Inner", "input": {"a": 1}, "inspectionLevel": "DEBUG"});
    ask(&request).expect("answered")
}

#[test]
fn an_error_that_nothing_inside_handles_is_for_what_is_around() {
    let data = |details: Json| {
        let data = json!({"input": {"a": 1}, "afterInputPath": {"a": 1}});
        if details.is_null() { data } else { with(data, json!({"errorDetails": details})) }
    };
    assert_eq!(
        fails("Gone"),
        json!({
            "status": "CAUGHT_ERROR", "error": "Gone", "cause": "c", "nextState": "Handler",
            "output": {"a": 1, "e": {"Error": "Gone", "Cause": "c"}}, "inspectionData": data(json!({"catchIndex": 1})),
        })
    );
    assert_eq!(
        fails("Busy"),
        json!({
            "status": "RETRIABLE", "error": "Busy", "cause": "c",
            "inspectionData": data(json!({"retryIndex": 0, "retryBackoffIntervalSeconds": 3})),
        })
    );
    assert_eq!(
        fails("Unknown"),
        json!({"status": "FAILED", "error": "Unknown", "cause": "c", "inspectionData": data(Json::Null)})
    );
}

#[test]
fn faults_of_the_definition_are_for_nobody() {
    let inner = json!({"Type": "Pass", "InputPath": "$.missing", "End": true});
    let all = json!({"Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Handler"}]});
    let answer = test(&machine(all, &inner), &json!({"stateName": "Inner"}));
    assert_eq!((&answer["status"], &answer["error"]), (&json!("FAILED"), &json!("States.Runtime")));
}

#[test]
fn an_inner_state_that_handles_its_error_keeps_it() {
    let inner = json!({
        "Type": "Task", "Resource": "arn:aws:states:::aws-sdk:example:act", "End": true,
        "Retry": [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 9, "MaxAttempts": 1}],
    });
    let all = json!({"Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Handler"}]});
    let machine = machine(all, &inner);
    let ask = |retries: u32| {
        let mock = json!({"errorOutput": {"error": "E"}});
        let configuration = json!({"retrierRetryCount": retries});
        test(&machine, &json!({"stateName": "Inner", "mock": mock, "stateConfiguration": configuration}))
    };
    assert_eq!((&ask(0)["status"], &ask(1)["status"]), (&json!("RETRIABLE"), &json!("CAUGHT_ERROR")));
}
