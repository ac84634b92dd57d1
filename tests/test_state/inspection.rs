//! `inspectionData`: which members there are, by type and language.

use serde_json::{Value as Json, json};

use super::vocabulary::{ask, inspected, task, with};

const INPUT: &str = r#"{"a":{"n":1}}"#;

/// The names of the members.
fn members(state: &Json, more: Json) -> Vec<String> {
    let data = inspected(state, &with(json!({"input": INPUT}), more));
    data.as_object().expect("an object").keys().cloned().collect()
}

#[test]
fn the_members_depend_on_type_and_language() {
    let result = json!({"mock": {"result": {}}});
    let failure = json!({"mock": {"errorOutput": {"error": "E"}}});
    let none = json!({});
    let jsonata = |state: Json| with(state, json!({"QueryLanguage": "JSONata"}));
    let choice = json!({"Type": "Choice", "Choices": [{"Variable": "$.a", "IsPresent": true, "Next": "B"}]});
    for (state, more, expected) in [
        (
            json!({"Type": "Pass", "End": true}),
            &none,
            "input afterInputPath afterParameters afterResultSelector afterResultPath",
        ),
        (json!({"Type": "Pass", "Result": 1, "End": true}), &none, "input result afterResultSelector afterResultPath"),
        (choice, &none, "input afterInputPath"),
        (json!({"Type": "Succeed"}), &none, "input afterInputPath"),
        (json!({"Type": "Fail"}), &none, "input afterInputPath"),
        (json!({"Type": "Wait", "Seconds": 1, "End": true}), &none, "input afterInputPath"),
        (task(json!({})), &result, "input afterInputPath afterParameters result afterResultSelector afterResultPath"),
        (task(json!({})), &failure, "input afterInputPath afterParameters"),
        (task(json!({"InputPath": "$.b"})), &result, "input"),
        (task(json!({"Parameters": {"b.$": "$.b"}})), &result, "input afterInputPath"),
        (task(json!({"ResultSelector": {"b.$": "$.b"}})), &result, "input afterInputPath afterParameters result"),
        (jsonata(json!({"Type": "Pass", "Output": 1, "End": true})), &none, "input"),
        (jsonata(json!({"Type": "Succeed"})), &none, "input"),
        (jsonata(task(json!({"Arguments": {"b": 1}}))), &result, "input afterArguments result"),
        (jsonata(task(json!({"Arguments": {"b": "{% $x %}"}}))), &result, "input"),
        (jsonata(task(json!({}))), &failure, "input afterArguments"),
    ] {
        assert_eq!(members(&state, more.clone()).join(" "), expected, "{state}");
    }
}

#[test]
fn parallel_states_show_what_comes_after_the_branches() {
    let branch = json!({"StartAt": "B", "States": {"B": {"Type": "Pass", "End": true}}});
    let state = json!({"Type": "Parallel", "Branches": [branch], "InputPath": "$.a", "ResultPath": "$.r", "End": true});
    let more = json!({"input": INPUT, "mock": {"result": [2]}});
    assert_eq!(
        inspected(&state, &more),
        json!({"input": {"a": {"n": 1}}, "afterResultSelector": [2], "afterResultPath": {"a": {"n": 1}, "r": [2]}})
    );
    let state = with(state, json!({"InputPath": null, "ResultPath": null, "QueryLanguage": "JSONata", "Arguments": 1}));
    assert_eq!(inspected(&state, &more), json!({"input": {"a": {"n": 1}}}));
}

#[test]
fn each_member_is_the_data_after_its_field() {
    let state = task(json!({
        "InputPath": "$.a", "Parameters": {"p.$": "$.n"}, "ResultSelector": {"s.$": "$.r"}, "ResultPath": "$.out",
        "OutputPath": "$.out",
    }));
    assert_eq!(
        inspected(&state, &json!({"input": INPUT, "mock": {"result": {"r": 9}}})),
        json!({
            "input": {"a": {"n": 1}}, "afterInputPath": {"n": 1}, "afterParameters": {"p": 1}, "result": {"r": 9},
            "afterResultSelector": {"s": 9}, "afterResultPath": {"a": {"n": 1}, "out": {"s": 9}},
        })
    );
}

#[test]
fn info_shows_nothing_and_the_input_is_shown_as_given() {
    let definition = json!({"Type": "Pass", "End": true});
    for level in [json!(null), json!("INFO")] {
        let answer = ask(&json!({"definition": definition, "inspectionLevel": level})).expect("answered");
        assert_eq!(answer.get("inspectionData"), None);
    }
    let spaced = asldb::value::read(
        &json!({"definition": definition.to_string(), "input": "{ \"a\":  1 }", "inspectionLevel": "TRACE"})
            .to_string(),
    );
    let environment = asldb::service::test_state::Environment {
        account: "1",
        region: "r",
        now: super::vocabulary::NOW,
        seed: 1,
        tasks: None,
    };
    let answer = asldb::service::test_state::test_state(&spaced.expect("JSON"), &environment).expect("answered");
    let data = answer.get("inspectionData").expect("inspected");
    assert_eq!(data.get("input").and_then(asldb::value::Value::as_str), Some("{ \"a\":  1 }"));
    assert_eq!(data.get("afterInputPath").and_then(asldb::value::Value::as_str), Some("{\"a\":1}"));
}
