//! Odd requests: each is answered or refused, and nothing stops the program.

use asldb::service::test_state::{Environment, test_state};
use asldb::value;
use serde_json::{Value as Json, json};

use super::vocabulary::NOW;

/// What a member may be replaced by.
fn odd_values() -> Vec<Json> {
    let long = "x".repeat(300);
    vec![
        json!(null),
        json!(true),
        json!(-1),
        json!(0),
        json!(1.5),
        json!(1e300),
        json!(9_223_372_036_854_775_807_i64),
        json!(""),
        json!("$"),
        json!("$$"),
        json!("{% $states %}"),
        json!("{% $error('x') %}"),
        json!(long),
        json!([]),
        json!([[1]]),
        json!({}),
        json!({"a.$": "$.b"}),
    ]
}

fn requests() -> Vec<Json> {
    let processor = json!({
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "I", "States": {"I": {"Type": "Pass", "End": true}},
    });
    let map = json!({
        "Type": "Map", "QueryLanguage": "JSONata", "Items": "{% $states.input.items %}", "ItemProcessor": processor,
        "ItemSelector": {"v": "{% $states.context.Map.Item.Value %}"}, "MaxConcurrency": "{% 2 %}",
        "ItemReader": {
            "Resource": "arn:aws:states:::s3:getObject", "Arguments": {"Bucket": "b"},
            "ReaderConfig": {"InputType": "JSON", "ItemsPointer": "/a", "MaxItems": 5},
        },
        "ItemBatcher": {"MaxItemsPerBatch": 2, "MaxInputBytesPerBatch": 1000, "BatchInput": {"x": 1}},
        "ToleratedFailureCount": 1, "ToleratedFailurePercentage": 50, "End": true,
        "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "B"}],
    });
    let task = json!({
        "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken", "InputPath": "$.a",
        "Parameters": {"t.$": "$$.Task.Token"}, "ResultSelector": {"r.$": "$.Payload"}, "ResultPath": "$.out",
        "OutputPath": "$.out", "TimeoutSecondsPath": "$.n", "Next": "B", "Assign": {"v.$": "$"},
        "Retry": [{"ErrorEquals": ["E"], "IntervalSeconds": 2, "MaxAttempts": 2, "BackoffRate": 1.5, "JitterStrategy": "FULL"}],
    });
    let inner = json!({"StartAt": "I", "States": {"I": {"Type": "Fail", "Error": "E"}}});
    let machine = json!({
        "StartAt": "P", "States": {
            "P": {"Type": "Parallel", "Branches": [inner], "Next": "Q", "Catch": [{"ErrorEquals": ["E"], "Next": "Q"}]},
            "Q": {"Type": "Wait", "Seconds": 1, "End": true},
        },
    });
    let mock = json!({"result": "[1]", "fieldValidationMode": "PRESENT"});
    let configuration =
        json!({"mapIterationFailureCount": 1, "mapItemReaderData": "{\"a\":[1,2,3]}", "retrierRetryCount": 1});
    vec![
        json!({"definition": map, "input": {"items": [1]}, "mock": mock, "stateConfiguration": configuration}),
        json!({
            "definition": task, "input": {"a": {"n": 3}}, "mock": {"errorOutput": {"error": "E", "cause": "c"}},
            "context": {"Task": {"Token": "t"}, "State": {"RetryCount": 1}}, "variables": {"x": 1},
        }),
        json!({"definition": machine, "stateName": "I", "input": 3, "roleArn": "r"}),
    ]
}

/// All requests that differ from `request` in one member, at any depth, that is odd or missing.
fn variants(value: &Json) -> Vec<Json> {
    let mut all = odd_values();
    match value {
        Json::Object(members) => {
            for (key, member) in members {
                let mut without = members.clone();
                without.remove(key);
                all.push(Json::Object(without));
                for variant in variants(member) {
                    let mut changed = members.clone();
                    changed.insert(key.clone(), variant);
                    all.push(Json::Object(changed));
                }
            }
        }
        Json::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                for variant in variants(item) {
                    let mut changed = items.clone();
                    changed[at] = variant;
                    all.push(Json::Array(changed));
                }
            }
        }
        _ => {}
    }
    all
}

#[test]
fn odd_requests_are_answered_or_refused() {
    let environment = Environment { account: "1", region: "r", now: NOW, seed: 3, tasks: None };
    let (mut answered, mut refused) = (0, 0);
    for mut request in requests().iter().flat_map(variants).filter(Json::is_object) {
        for name in ["definition", "input", "context", "variables"] {
            if let Some(member) = request.get_mut(name).filter(|member| member.is_object() || member.is_array()) {
                *member = json!(member.to_string());
            }
        }
        request["inspectionLevel"] = json!("TRACE");
        let parameters = value::read(&request.to_string()).expect("serde writes JSON");
        match test_state(&parameters, &environment) {
            Ok(answer) => {
                answered += 1;
                assert!(answer.get("status").is_some(), "{request}");
            }
            Err(exception) => {
                refused += 1;
                let known = ["InvalidDefinition", "InvalidExecutionInput", "ValidationException"];
                assert!(known.contains(&exception.name) && !exception.message.is_empty(), "{request}: {exception}");
            }
        }
    }
    assert!(answered > 300 && refused > 1000, "{answered} answered, {refused} refused");
}
