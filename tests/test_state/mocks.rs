//! Mocked results against what services answer.

use serde_json::{Value as Json, json};

use super::vocabulary::{ask, refused, task, test, with};

fn check(resource: &str, mode: &str, result: &Json) -> Result<Json, String> {
    let state = task(json!({"Resource": format!("arn:aws:states:::{resource}")}));
    ask(&json!({"definition": state, "mock": {"result": result, "fieldValidationMode": mode}}))
}

#[test]
fn results_have_the_shapes_of_their_services() {
    let long = "x".repeat(257);
    for (resource, result, message) in [
        ("lambda:invoke", json!({"StatusCode": true}), "Field 'StatusCode' must be a number"),
        ("aws-sdk:lambda:invoke", json!({"Payload": {}}), "Field 'Payload' must be a string"),
        (
            "aws-sdk:lambda:getFunction",
            json!({"Configuration": {"State": "Gone"}}),
            "Field 'State' is not an expected value",
        ),
        (
            "aws-sdk:lambda:getFunction",
            json!({"Configuration": {"Timeout": 0}}),
            "Field 'Timeout' is less than the minimum value",
        ),
        (
            "aws-sdk:lambda:getFunction",
            json!({"Configuration": {"EphemeralStorage": {"Size": 20_000}}}),
            "Field 'Size' exceeds the maximum value",
        ),
        (
            "dynamodb:getItem",
            json!({"Item": {"a": {"L": [{"S": "x"}, {"BOOL": "yes"}]}}}),
            "Field 'BOOL' must be a boolean",
        ),
        ("dynamodb:getItem", json!({"Item": []}), "Field 'Item' must be an object"),
        ("aws-sdk:dynamodb:query", json!({"Items": {}}), "Field 'Items' must be an array"),
        ("aws-sdk:s3:putObject", json!({"ETag": 1}), "Field 'ETag' must be a string"),
        ("aws-sdk:secretsmanager:getSecretValue", json!({"Name": long}), "Field 'Name' exceeds the maximum length"),
        (
            "aws-sdk:secretsmanager:getSecretValue",
            json!({"Name": ""}),
            "Field 'Name' is smaller than the minimum length",
        ),
        ("states:startExecution", json!({"ExecutionArn": "a"}), "Required field 'StartDate' is missing"),
        ("states:startExecution.sync", json!({"ExecutionArn": "a"}), "Required field 'StateMachineArn' is missing"),
    ] {
        let error = check(resource, "STRICT", &result).expect_err(resource);
        assert_eq!(error, format!("ValidationException: Mock result schema validation error: {message}"));
        assert!(check(resource, "NONE", &result).is_ok(), "{resource}");
        assert_eq!(check(resource, "PRESENT", &result).is_ok(), message.starts_with("Required"), "{resource}");
    }
}

#[test]
fn results_that_fit_or_are_not_known_pass() {
    let described = json!({
        "ExecutionArn": "a", "StateMachineArn": "m", "Status": "SUCCEEDED", "StartDate": "2026-01-01T00:00:00Z",
        "Output": {"json": true},
    });
    for (resource, result) in [
        ("lambda:invoke", json!({"Payload": {"any": ["thing"]}, "StatusCode": 200, "NotOfTheModel": 1})),
        ("states:startExecution.sync:2", described),
        ("sqs:sendMessage.waitForTaskToken", json!("\"whatever the caller sent\"")),
        ("apigateway:invoke", json!({"ResponseBody": 1})),
        ("http:invoke", json!([1])),
        ("aws-sdk:example:act", json!({"StatusCode": "x"})),
    ] {
        assert!(check(resource, "STRICT", &result).is_ok(), "{resource} {:?}", check(resource, "STRICT", &result));
    }
}

#[test]
fn results_of_branches_and_iterations_are_arrays() {
    let branch = json!({"StartAt": "B", "States": {"B": {"Type": "Pass", "End": true}}});
    let parallel = json!({"Type": "Parallel", "Branches": [branch], "End": true});
    let map = json!({"Type": "Map", "ItemProcessor": branch, "End": true});
    let array = "ValidationException: Mocked result must be an array.";
    let object = json!({"mock": {"result": {"MapRunArn": "m"}}, "input": []});
    assert_eq!((refused(&parallel, &object), refused(&map, &object)), (array.to_owned(), array.to_owned()));
    assert_eq!(
        refused(&parallel, &json!({"mock": {"result": [1, 2]}})),
        "ValidationException: Mocked result must contain the same number of items as number of Parallel branches."
    );
    assert_eq!(test(&parallel, &json!({"mock": {"result": [1]}}))["output"], json!([1]));
    let writer = json!({"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "b"}});
    let writing = with(map, json!({"ResultWriter": writer}));
    assert_eq!(test(&writing, &object)["output"], json!({"MapRunArn": "m"}));
    let more = json!({"mock": {"result": []}, "input": []});
    assert_eq!(refused(&writing, &more), "ValidationException: Mocked result must be a JSON object.");
}
