//! Map states: items, selectors, batches, readers, thresholds.

use serde_json::{Value as Json, json};

use super::vocabulary::{inspected, refused, test, with};

fn map(fields: Json) -> Json {
    let processor = json!({
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "I", "States": {"I": {"Type": "Pass", "End": true}},
    });
    with(json!({"Type": "Map", "ItemProcessor": processor, "End": true}), fields)
}

fn jsonata(fields: Json) -> Json {
    with(map(json!({"QueryLanguage": "JSONata"})), fields)
}

#[test]
fn a_map_shows_what_it_is_going_to_do() {
    let state = map(json!({
        "ItemsPath": "$.items", "MaxConcurrencyPath": "$.most", "ToleratedFailureCountPath": "$.failures",
        "ToleratedFailurePercentage": 12.5,
        "ItemSelector": {"v.$": "$$.Map.Item.Value", "i.$": "$$.Map.Item.Index", "x.$": "$.x"},
        "ItemBatcher": {"MaxItemsPerBatch": 2, "BatchInput": {"all.$": "$.x"}},
        "ResultSelector": {"r.$": "$"},
    }));
    let input = json!({"items": [5, 6, 7], "x": "y", "most": 4, "failures": 1});
    let selected = |i: i64, v: i64| json!({"v": v, "i": i, "x": "y"});
    assert_eq!(
        inspected(&state, &json!({"input": input, "mock": {"result": [1, 2]}})),
        json!({
            "input": input, "afterInputPath": input, "afterItemsPath": [5, 6, 7],
            "afterItemSelector": [selected(0, 5), selected(1, 6), selected(2, 7)],
            "afterItemBatcher": [
                {"BatchInput": {"all": "y"}, "Items": [selected(0, 5), selected(1, 6)]},
                {"BatchInput": {"all": "y"}, "Items": [selected(2, 7)]},
            ],
            "afterResultSelector": {"r": [1, 2]}, "afterResultPath": {"r": [1, 2]},
            "toleratedFailureCount": 1, "toleratedFailurePercentage": 12.5, "maxConcurrency": 4,
        })
    );
}

#[test]
fn expressions_give_numbers_and_items() {
    let state = jsonata(json!({
        "Items": "{% [1..3] %}", "MaxConcurrency": "{% 1 + 1 %}", "ToleratedFailureCount": "{% 3 %}",
        "ToleratedFailurePercentage": "{% 10 / 4 %}", "ItemSelector": "{% $states.context.Map.Item.Value * 10 %}",
        "ItemBatcher": {"MaxItemsPerBatch": "{% 3 %}"},
    }));
    assert_eq!(
        inspected(&state, &json!({"mock": {"result": [1]}})),
        json!({
            "input": {}, "afterItemSelector": [10, 20, 30], "afterItemBatcher": [{"Items": [10, 20, 30]}],
            "toleratedFailureCount": 3, "toleratedFailurePercentage": 2.5, "maxConcurrency": 2,
        })
    );
}

#[test]
fn batches_are_limited_by_their_bytes() {
    // {"Items":[]} has 12 bytes; each item has 4, with its comma 5.
    let state = jsonata(json!({"Items": [1111, 2222, 3333], "ItemBatcher": {"MaxInputBytesPerBatch": 22}}));
    let batches = inspected(&state, &json!({"mock": {"result": []}}))["afterItemBatcher"].clone();
    assert_eq!(batches, json!([{"Items": [1111, 2222]}, {"Items": [3333]}]));
}

#[test]
fn what_goes_wrong_before_the_iterations_fails_the_state() {
    let result = json!({"mock": {"result": []}});
    for (state, error, cause, shown) in [
        (
            map(json!({"ItemsPath": "$.items"})),
            "States.Runtime",
            "Reference path \"$.items\" must point to array.",
            "input afterInputPath",
        ),
        (
            jsonata(json!({"Items": "{% $states.input.items %}"})),
            "States.QueryEvaluationError",
            "The JSONata expression '$states.input.items' specified for the field 'Items' returned an unexpected result \
             type. Expected 'array', but was 'string' for value: \"x\"",
            "input",
        ),
        (
            jsonata(json!({"Items": [1], "ToleratedFailurePercentage": "{% 101 %}"})),
            "States.QueryEvaluationError",
            "ToleratedFailurePercentage must be between 0 and 100.",
            "input maxConcurrency",
        ),
        (
            jsonata(json!({"Items": [1], "ToleratedFailureCount": "{% -1 %}"})),
            "States.QueryEvaluationError",
            "ToleratedFailureCount cannot be negative.",
            "input maxConcurrency",
        ),
        (
            map(json!({"ItemsPath": "$.list", "ItemSelector": {"v.$": "$.missing"}})),
            "States.Runtime",
            "The JSONPath '$.missing' specified for the field 'v.$' could not be found in the input \
             '{\"items\":\"x\",\"list\":[1]}'",
            "input afterInputPath afterItemsPath maxConcurrency",
        ),
    ] {
        let more = with(json!({"input": {"items": "x", "list": [1]}}), result.clone());
        let answer = test(&state, &more);
        assert_eq!(answer, json!({"error": error, "cause": cause, "status": "FAILED"}), "{state}");
        let data = inspected(&state, &more);
        let names: Vec<&str> = data.as_object().expect("an object").keys().map(String::as_str).collect();
        assert_eq!(names.join(" "), shown, "{state}");
    }
}

#[test]
fn more_failures_than_tolerated_fail_the_map() {
    let error = "States.ExceedToleratedFailureThreshold";
    let status = |fields: Json, failed: u32| {
        let state = jsonata(with(json!({"Items": [1, 2, 3, 4]}), fields));
        let configuration = json!({"mapIterationFailureCount": failed});
        let answer = test(&state, &json!({"mock": {"result": [0]}, "stateConfiguration": configuration}));
        assert!(answer.get("error").is_none_or(|name| name == error));
        answer["status"].as_str().expect("a status").to_owned()
    };
    for (fields, failed, expected) in [
        (json!({}), 4, "SUCCEEDED"),
        (json!({"ToleratedFailureCount": 2}), 2, "SUCCEEDED"),
        (json!({"ToleratedFailureCount": 2}), 3, "FAILED"),
        (json!({"ToleratedFailurePercentage": 50}), 2, "SUCCEEDED"),
        (json!({"ToleratedFailurePercentage": 50}), 3, "FAILED"),
        (json!({"ToleratedFailureCount": 0, "Catch": [{"ErrorEquals": [error], "Next": "B"}]}), 1, "CAUGHT_ERROR"),
        (json!({"ToleratedFailureCount": 0, "Retry": [{"ErrorEquals": ["States.ALL"]}]}), 1, "RETRIABLE"),
        // An inline Map does not count them.
        (
            json!({
                "ToleratedFailureCount": 0,
                "ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Pass", "End": true}}},
            }),
            1,
            "SUCCEEDED",
        ),
    ] {
        assert_eq!(status(fields.clone(), failed), expected, "{fields}");
    }
    let configuration = json!({"mapIterationFailureCount": 2});
    assert_eq!(
        refused(
            &jsonata(json!({"Items": [1]})),
            &json!({"mock": {"result": [1]}, "stateConfiguration": configuration})
        ),
        "ValidationException: Map iteration failure count must be less than or equal to the number of Map iterations"
    );
}

#[test]
fn what_a_reader_reads_is_given() {
    let pointed = json!({"InputType": "JSON", "ItemsPointer": "/a~1b/0"});
    for (config, data, items) in [
        (json!({"InputType": "JSON"}), "[1, {\"a\": 2}]", json!([1, {"a": 2}])),
        (json!({"InputType": "JSON", "MaxItems": 1}), "[1, 2]", json!([1])),
        (json!({"InputType": "JSON", "MaxItems": "{% 1 + 1 %}"}), "[1, 2, 3]", json!([1, 2])),
        (pointed, "{\"a/b\": [[3]]}", json!([3])),
        (json!({"InputType": "JSONL"}), "{\"a\":1}\n\n[2]\n", json!([{"a": 1}, [2]])),
        (
            json!({"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"}),
            "a,b\r\n1,\"x, \"\"y\"\"\n\"\r\n2\n",
            json!([{"a": "1", "b": "x, \"y\"\n"}, {"a": "2", "b": ""}]),
        ),
        (
            json!({"InputType": "CSV", "CSVHeaderLocation": "GIVEN", "CSVHeaders": ["k"], "CSVDelimiter": "PIPE"}),
            "1|2\n3",
            json!([{"k": "1"}, {"k": "3"}]),
        ),
    ] {
        let reader =
            json!({"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": config, "Arguments": {"Bucket": "b"}});
        let state = jsonata(json!({"ItemReader": reader, "ItemSelector": "{% $states.context.Map.Item.Value %}"}));
        let data =
            inspected(&state, &json!({"mock": {"result": []}, "stateConfiguration": {"mapItemReaderData": data}}));
        assert_eq!(data["afterItemSelector"], items, "{state}");
        assert_eq!(data.get("afterItemsPointer").is_some(), config.get("ItemsPointer").is_some());
    }
}

#[test]
fn what_a_reader_cannot_read_fails_the_map() {
    for (config, data, cause) in [
        (json!({"InputType": "JSON"}), "{}", "Attempting to map over non-iterable node."),
        (
            json!({"InputType": "JSON", "ItemsPointer": "/b"}),
            "{\"a\": []}",
            "Attempting to map over non-iterable node.",
        ),
        (
            json!({"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"}),
            "a,a\n1,2",
            "CSV headers cannot contain duplicates.",
        ),
        (json!({"InputType": "JSON", "MaxItems": "{% -1 %}"}), "[1]", "field MaxItems must be positive"),
    ] {
        let reader = json!({"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": config, "Arguments": {}});
        let more = json!({"mock": {"result": []}, "stateConfiguration": {"mapItemReaderData": data}});
        let answer = test(&jsonata(json!({"ItemReader": reader})), &more);
        assert_eq!(answer, json!({"error": "States.ItemReaderFailed", "cause": cause, "status": "FAILED"}), "{config}");
    }
}

#[test]
fn without_data_the_items_of_a_reader_stand_in_the_input() {
    let reader = json!({"Resource": "arn:aws:states:::s3:getObject", "Arguments": {"Bucket": "b", "Key": "k"}});
    let state = jsonata(json!({"ItemReader": reader, "ItemSelector": "{% $states.context.Map.Item.Value %}"}));
    let data = inspected(&state, &json!({"input": [4], "mock": {"result": []}}));
    assert_eq!(data["afterItemSelector"], json!([4]));
    let error = refused(&state, &json!({"input": {}, "mock": {"result": []}}));
    assert!(error.starts_with("ValidationException: MapItemReaderData must be specified"), "{error}");
}
