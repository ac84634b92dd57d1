//! Definitions, context objects, and what is refused.

use serde_json::{Value as Json, json};

use super::vocabulary::{inspected, refused, task, test, with};

fn machine(states: &Json, start: &str) -> Json {
    json!({"StartAt": start, "States": states})
}

fn parallel() -> Json {
    let branch = |name: &str| machine(&json!({name: {"Type": "Pass", "End": true}}), name);
    json!({"Type": "Parallel", "Branches": [branch("B1"), branch("B2")], "End": true})
}

#[test]
fn a_state_of_a_machine_is_found_at_any_depth() {
    let deep =
        machine(&json!({"Deep": {"Type": "Pass", "Result": 1, "Next": "Last"}, "Last": {"Type": "Succeed"}}), "Deep");
    let map = json!({"Type": "Map", "ItemProcessor": deep, "End": true});
    let machine =
        machine(&json!({"P": {"Type": "Parallel", "Branches": [machine(&json!({"M": map}), "M")], "End": true}}), "P");
    assert_eq!(
        test(&machine, &json!({"stateName": "Deep"})),
        json!({"output": 1, "nextState": "Last", "status": "SUCCEEDED"})
    );
    assert_eq!(refused(&machine, &json!({"stateName": "deep"})), "ValidationException: State not found in definition");
}

#[test]
fn a_state_inherits_the_language_of_its_machine() {
    let pass = json!({"Type": "Pass", "Output": "{% 1 + 1 %}", "End": true});
    let machine = with(machine(&json!({"A": pass}), "A"), json!({"QueryLanguage": "JSONata"}));
    assert_eq!(test(&machine, &json!({"stateName": "A"}))["output"], 2);
    let error = refused(&pass, &json!({}));
    assert!(error.contains("field 'Output' is only supported for the 'JSONata' QueryLanguage at /States/StateName"));
}

#[test]
fn faults_of_the_definition_are_told_like_those_of_machines() {
    let invalid = |what: &str| format!("InvalidDefinition: Invalid State Machine Definition: '{what}'");
    for (definition, more, what) in [
        (
            json!({"Type": "Pas", "End": true}),
            json!({}),
            "SCHEMA_VALIDATION_FAILED: The field 'Type' should have one of these values: [Task, Wait, Pass, Succeed, Fail, \
             Choice, Parallel, Map] at /States/StateName/Type",
        ),
        (
            json!({"Type": "Pass"}),
            json!({}),
            "SCHEMA_VALIDATION_FAILED: This object should have only one of the following fields: [Next, End] at \
             /States/StateName",
        ),
        (
            json!({"Type": "Pass", "End": true, "Nxt": "B"}),
            json!({}),
            "SCHEMA_VALIDATION_FAILED: Field 'Nxt' is not supported at /States/StateName",
        ),
        (json!([]), json!({}), "SCHEMA_VALIDATION_FAILED: Expected value of type [OBJECT] at /States/StateName"),
        (
            machine(&json!({"A": {"Type": "Pass", "Next": "B"}, "C": {"Type": "Succeed"}}), "A"),
            json!({"stateName": "A"}),
            "MISSING_TRANSITION_TARGET: Missing 'Next' target: B at /States/A/Next, MISSING_TRANSITION_TARGET: State \"C\" is \
             not reachable. at /States/C",
        ),
    ] {
        assert_eq!(refused(&definition, &more), invalid(what), "{definition}");
    }
    let error = refused(&json!("{\"Type\":"), &json!({}));
    assert!(
        error.starts_with("InvalidDefinition: Invalid State Machine Definition: 'INVALID_JSON_DESCRIPTION: "),
        "{error}"
    );
}

#[test]
fn mocks_are_for_tasks_maps_and_parallels() {
    let mock = json!({"mock": {"result": {}}});
    for (kind, state) in [
        ("Pass", json!({"Type": "Pass", "End": true})),
        ("Wait", json!({"Type": "Wait", "Seconds": 1, "End": true})),
        ("Succeed", json!({"Type": "Succeed"})),
        ("Choice", json!({"Type": "Choice", "Choices": [{"Variable": "$.a", "IsNull": true, "Next": "B"}]})),
    ] {
        let message = format!("ValidationException: State type '{kind}' is not supported when a mock is specified");
        assert_eq!(refused(&state, &mock), message);
    }
    assert_eq!(
        refused(&parallel(), &json!({})),
        "InvalidDefinition: TestState API does not support Map or Parallel states. Supported state types include: [Task, \
         Wait, Pass, Succeed, Fail, Choice]"
    );
}

#[test]
fn what_does_not_go_together_is_refused() {
    let mock = json!({"result": {}});
    let one = "A test mock should have only one of the following fields: [result, errorOutput].";
    for (more, message) in [
        (json!({}), "RoleArn must be specified when testing a Task state"),
        (json!({"mock": {}}), one),
        (json!({"mock": {"result": {}, "errorOutput": {"error": "E"}}}), one),
        (json!({"mock": {"result": "{"}}), "Mocked result must be valid JSON"),
        (
            json!({"mock": mock, "revealSecrets": true}),
            "TestState does not support RevealSecrets when a mock is specified.",
        ),
        (
            json!({"roleArn": "arn:aws:iam::1:role/r", "stateConfiguration": {"mapIterationFailureCount": 1}}),
            "TestState does not support MapIterationFailureCount when a mock is not specified.",
        ),
        (
            json!({"roleArn": "arn:aws:iam::1:role/r", "context": {}}),
            "TestState does not support Context when a mock is not specified.",
        ),
        (json!({"mock": mock, "variables": "[]"}), "Variables must be a valid JSON object"),
        (
            json!({"mock": mock, "stateConfiguration": {"errorCausedByState": "Elsewhere"}}),
            "errorCausedByState 'Elsewhere' is no state inside of the tested state",
        ),
    ] {
        assert_eq!(refused(&task(json!({})), &more), format!("ValidationException: {message}"), "{more}");
    }
    let sync = task(json!({"Resource": "arn:aws:states:::ecs:runTask.sync"}));
    let error = refused(&sync, &json!({"roleArn": "arn:aws:iam::1:role/r"}));
    assert!(error.contains("only when a mock is specified"), "{error}");
}

#[test]
fn context_objects_are_held_against_their_table() {
    for (context, what) in [
        (json!({"Map": {"Item": {"Index": 1}}}), "'Map' field is not supported when mocking a Context object"),
        (json!({"Other": {}}), "Field 'Other' is not allowed"),
        (json!({"State": {"Other": 1}}), "Field 'Other' is not allowed"),
        (json!({"State": {"Name": 1}}), "State.Name must be a string"),
        (json!({"StateMachine": {"Id": null}}), "StateMachine.Id must be a string"),
        (
            json!({"Task": {"Token": "t"}}),
            "Context object contains 'Task' when state is not a Task state with a '.sync' or '.waitForTaskToken' service \
             integration pattern",
        ),
    ] {
        let error = refused(&task(json!({})), &json!({"mock": {"result": {}}, "context": context}));
        assert_eq!(error, format!("ValidationException: Invalid Context object provided: {what}"));
    }
}

#[test]
fn a_given_context_object_is_all_there_is() {
    let resource = "arn:aws:states:::aws-sdk:example:act.waitForTaskToken";
    let state = task(json!({"Resource": resource, "Parameters": {"c.$": "$$"}}));
    let context = json!({"State": {"Name": "N"}, "Task": {"Token": "t"}});
    let data = inspected(&state, &json!({"mock": {"result": {}}, "context": context}));
    assert_eq!(data["afterParameters"]["c"], context);
}

#[test]
fn a_made_up_context_object_is_that_of_an_express_execution() {
    let state = task(json!({"Parameters": {"c.$": "$$"}}));
    let more = json!({"input": [1], "mock": {"result": {}}, "stateConfiguration": {"retrierRetryCount": 2}});
    let context = inspected(&state, &more)["afterParameters"]["c"].clone();
    let machine = context["StateMachine"]["Name"].as_str().expect("a name");
    let execution = context["Execution"]["Name"].as_str().expect("a name");
    let arn = |kind: &str, name: &str| format!("arn:aws:states:eu-central-1:123456789012:{kind}:{name}");
    assert_eq!(
        context,
        json!({
            "Execution": {
                "Id": arn("express", &format!("{machine}:{execution}")), "Input": [1], "Name": execution, "RoleArn": null,
                "StartTime": "2026-01-01T00:00:00Z",
            },
            "StateMachine": {"Id": arn("stateMachine", machine), "Name": machine},
            "State": {"Name": "StateName", "EnteredTime": "2026-01-01T00:00:00Z", "RetryCount": 2},
        })
    );
    let token = task(
        json!({"Resource": "arn:aws:states:::ecs:runTask.waitForTaskToken", "Parameters": {"t.$": "$$.Task.Token"}}),
    );
    assert!(inspected(&token, &json!({"mock": {"result": {}}}))["afterParameters"]["t"].is_string());
}

#[test]
fn a_state_inside_of_a_map_is_in_the_first_iteration() {
    let inner = machine(&json!({"I": {"Type": "Pass", "Parameters": {"item.$": "$$.Map.Item"}, "End": true}}), "I");
    let machine = machine(&json!({"M": {"Type": "Map", "ItemProcessor": inner, "End": true}}), "M");
    let answer = test(&machine, &json!({"stateName": "I", "input": {"a": 1}}));
    assert_eq!(answer["output"], json!({"item": {"Index": 0, "Value": {"a": 1}}}));
}
