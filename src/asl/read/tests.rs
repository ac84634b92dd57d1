//! What people get wrong, and what they are told.

use proptest::prelude::*;

use crate::asl::fields::{self, Language, Owner};
use crate::asl::{
    Definition, Jitter, MaxConcurrency, Operand, PathField, ResourceKind, ResultPath, ScopeId, Seconds, StateKind,
    StateMachine, Test, Transition, Wait,
};
use crate::value::{self, Value};

/// `CODE message at location` and the marked text of each fault, in the order of the file.
fn faults(text: &str) -> Vec<String> {
    let definition = Definition::read("test.json", text);
    let show = |d: &crate::text::Diagnostic| {
        let location = d.location.as_deref().unwrap_or("-");
        format!("{} {} at {location} [{}]", d.code, d.message, d.span.text(text))
    };
    definition.diagnostics.iter().map(show).collect()
}

/// The faults of a machine whose only state, `S`, has these fields.
fn faults_of(fields: &str) -> Vec<String> {
    faults(&format!(r#"{{"StartAt": "S", "States": {{"S": {{{fields}}}}}}}"#))
}

/// The faults of a Task with these further fields.
fn faults_of_task(fields: &str) -> Vec<String> {
    faults_of(&format!(r#""Type": "Task", "Resource": "${{F}}", "End": true, {fields}"#))
}

/// The faults of a Choice rule with these fields.
fn faults_of_rule(fields: &str) -> Vec<String> {
    faults(&format!(
        r#"{{"StartAt": "S", "States": {{"S": {{"Type": "Choice", "Choices": [{{{fields}}}]}}, "T": {{"Type": "Succeed"}}}}}}"#
    ))
}

fn helps(text: &str) -> Vec<String> {
    Definition::read("test.json", text).diagnostics.into_iter().filter_map(|d| d.help).collect()
}

fn machine(text: &str) -> std::sync::Arc<StateMachine> {
    let definition = Definition::read("test.yaml", text);
    definition.machine.clone().unwrap_or_else(|| panic!("{}", definition.render_diagnostics()))
}

fn one_state(fields: &str) -> std::sync::Arc<StateMachine> {
    machine(&format!("StartAt: S\nStates:\n  S: {{{fields}}}"))
}

const SCHEMA: &str = "SCHEMA_VALIDATION_FAILED";

#[test]
fn the_top_level() {
    for (text, expected) in [
        ("{}", format!("{SCHEMA} These fields are required: [States, StartAt] at / [{{]")),
        ("[]", format!("{SCHEMA} Definition must be a valid JSON object at - [[]]")),
        (" ", format!("{SCHEMA} Definition must be a valid JSON object at - []")),
        (
            r#"{"States": {"A": {"Type": "Succeed"}}}"#,
            format!("{SCHEMA} These fields are required: [StartAt] at / [{{]"),
        ),
        (
            r#"{"StartAt": "A", "Statse": 1, "States": {"A": {"Type": "Succeed"}}}"#,
            format!("{SCHEMA} Field 'Statse' is not supported at / [\"Statse\"]"),
        ),
        (
            r#"{"StartAt": 1, "States": {"A": {"Type": "Succeed"}}}"#,
            format!("{SCHEMA} Expected value of type [STRING] at /StartAt [1]"),
        ),
        (
            r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}"#,
            "INVALID_JSON_DESCRIPTION the text ends inside an object, which starts at 1:1; it seems to be cut off at - []"
                .to_owned(),
        ),
    ] {
        assert_eq!(faults(text), [expected], "{text}");
    }
}

#[test]
fn types_of_states() {
    let values = "[Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map]";
    let no_way_on = "This object should have only one of the following fields: [Next, End]";
    for (fields, expected) in [
        (
            r#""Type": "Tsk""#,
            format!("The field 'Type' should have one of these values: {values} at /States/S/Type [\"Tsk\"]"),
        ),
        (r#""type": "Task""#, "These fields are required: [Type] at /States/S [{]".to_owned()),
        (r#""Type": ["Task"]"#, "Expected value of type [STRING] at /States/S/Type [[\"Task\"]]".to_owned()),
        (r#""Type": "Task", "End": true"#, "These fields are required: [Resource] at /States/S [{]".to_owned()),
        (r#""Type": "Parallel", "End": true"#, "These fields are required: [Branches] at /States/S [{]".to_owned()),
        (
            r#""Type": "Map", "End": true"#,
            "This object should have only one of the following fields: [ItemProcessor, Iterator] at /States/S [{]"
                .to_owned(),
        ),
        (r#""Type": "Pass""#, format!("{no_way_on} at /States/S [{{]")),
        (r#""Type": "Pass", "End": false"#, format!("{no_way_on} at /States/S [{{]")),
        (
            r#""Type": "Pass", "Next": "S", "End": true"#,
            "There should only be one of the following fields: [Next, End] at /States/S [\"Next\"]".to_owned(),
        ),
        (
            r#""Type": "Parallel", "Branches": [], "End": true"#,
            "Value cannot be empty at /States/S/Branches [[]]".to_owned(),
        ),
    ] {
        assert_eq!(faults_of(fields), [format!("{SCHEMA} {expected}")], "{fields}");
    }
}

#[test]
fn fields_that_a_state_does_not_have() {
    let path = "The QueryLanguage is set to 'JSONPath', but field";
    for (fields, expected) in [
        (
            r#""Type": "Pass", "End": true, "Retry": []"#,
            "Field 'Retry' is not supported at /States/S [\"Retry\"]".to_owned(),
        ),
        (
            r#""Type": "Wait", "Seconds": 1, "End": true, "ResultPath": null"#,
            "Field 'ResultPath' is not supported at /States/S [\"ResultPath\"]".to_owned(),
        ),
        (
            r#""Type": "Pass", "End": true, "Output": {}"#,
            format!("{path} 'Output' is only supported for the 'JSONata' QueryLanguage at /States/S [\"Output\"]"),
        ),
    ] {
        assert_eq!(faults_of(fields), [format!("{SCHEMA} {expected}")], "{fields}");
    }
}

#[test]
fn transitions() {
    for (text, expected) in [
        (
            r#"{"StartAt": "B", "States": {"A": {"Type": "Succeed"}}}"#,
            vec![
                "MISSING_TRANSITION_TARGET Missing 'Next' target: B at /StartAt [\"B\"]",
                "MISSING_TRANSITION_TARGET State \"A\" is not reachable. at /States/A [\"A\"]",
            ],
        ),
        (
            r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}}}"#,
            vec![
                "MISSING_END_STATE Workflow has no terminal state at - [\"States\"]",
                "MISSING_TRANSITION_TARGET Missing 'Next' target: B at /States/A/Next [\"B\"]",
            ],
        ),
        (
            r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "A"}, "B": {"Type": "Pass", "Next": "A"}}}"#,
            vec!["MISSING_END_STATE Workflow has no terminal state at - [\"States\"]"],
        ),
        (
            r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}, "a/b": {"Type": "Fail"}}}"#,
            vec!["MISSING_TRANSITION_TARGET State \"a/b\" is not reachable. at /States/a/b [\"a/b\"]"],
        ),
        (
            r#"{"StartAt": "M", "States": {"M": {"Type": "Map", "End": true, "ItemProcessor":
               {"StartAt": "I", "States": {"I": {"Type": "Pass", "Next": "M"}}}}}}"#,
            vec!["MISSING_TRANSITION_TARGET Missing 'Next' target: M at /States/M/ItemProcessor/States/I/Next [\"M\"]"],
        ),
        (
            r#"{"StartAt": "P", "States": {"P": {"Type": "Parallel", "End": true, "Branches":
               [{"StartAt": "P", "States": {"P": {"Type": "Succeed"}}}]}}}"#,
            vec!["DUPLICATE_STATE_NAME Duplicate State name: P at /States/P/Branches[0]/States/P [\"P\"]"],
        ),
    ] {
        assert_eq!(faults(text), expected, "{text}");
    }
}

#[test]
fn one_fault_does_not_make_others() {
    // Where `A` goes is not known, so nothing is said about `B`.
    let text =
        r#"{"StartAt": "A", "States": {"A": {"Type": "Tusk", "Next": "B"}, "B": {"Type": "Pass", "End": true}}}"#;
    assert_eq!(faults(text).len(), 1);
}

#[test]
fn names_of_states_have_80_characters_at_most() {
    let text = |len| format!(r#"{{"StartAt": "{0}", "States": {{"{0}": {{"Type": "Succeed"}}}}}}"#, "ä".repeat(len));
    assert!(faults(&text(80)).is_empty());
    assert!(faults(&text(81))[0].starts_with("INVALID_STATE_NAME "));
}

#[test]
fn numbers() {
    for (fields, expected) in [
        (r#""TimeoutSeconds": 0"#, "Minimum value is 1 at /States/S/TimeoutSeconds [0]"),
        (r#""TimeoutSeconds": 1.5"#, "Expected value of type Integer at /States/S/TimeoutSeconds [1.5]"),
        (r#""TimeoutSeconds": "5""#, "Expected value of type Integer at /States/S/TimeoutSeconds [\"5\"]"),
        (r#""TimeoutSeconds": 1e30"#, "Maximum value is 99999999 at /States/S/TimeoutSeconds [1e30]"),
        (r#""Retry": {}"#, "Expected value of type [ARRAY] at /States/S/Retry [{}]"),
        (
            r#""HeartbeatSeconds": 5, "TimeoutSeconds": 5"#,
            "HeartbeatSeconds must be smaller than TimeoutSeconds at /States/S/HeartbeatSeconds [5]",
        ),
        (
            r#""Retry": [{"ErrorEquals": ["E"], "BackoffRate": 0.5}]"#,
            "Minimum value is 1.0 at /States/S/Retry[0]/BackoffRate [0.5]",
        ),
        (
            r#""Retry": [{"ErrorEquals": ["E"], "MaxAttempts": -1}]"#,
            "Minimum value is 0 at /States/S/Retry[0]/MaxAttempts [-1]",
        ),
    ] {
        assert_eq!(faults_of_task(fields), [format!("{SCHEMA} {expected}")], "{fields}");
    }
}

#[test]
fn errors_to_retry_and_catch() {
    let all = "States.ALL must appear alone and at end of list at";
    for (fields, expected) in [
        (r#""Retry": [{}]"#, "These fields are required: [ErrorEquals] at /States/S/Retry[0] [{]".to_owned()),
        (
            r#""Retry": [{"ErrorEquals": []}]"#,
            "Value cannot be empty at /States/S/Retry[0]/ErrorEquals [[]]".to_owned(),
        ),
        (
            r#""Retry": [{"ErrorEquals": [5]}]"#,
            "Expected value of type [STRING] at /States/S/Retry[0]/ErrorEquals[0] [5]".to_owned(),
        ),
        (
            r#""Retry": [{"ErrorEquals": ["States.ALL", "E"]}]"#,
            format!("{all} /States/S/Retry[0]/ErrorEquals[0] [\"States.ALL\"]"),
        ),
        (
            r#""Retry": [{"ErrorEquals": ["States.ALL"]}, {"ErrorEquals": ["E"]}]"#,
            format!("{all} /States/S/Retry[0]/ErrorEquals[0] [\"States.ALL\"]"),
        ),
        (
            r#""Retry": [{"ErrorEquals": ["E"], "JitterStrategy": "full"}]"#,
            "Value should be one of the following: [NONE, FULL] at /States/S/Retry[0]/JitterStrategy [\"full\"]"
                .to_owned(),
        ),
    ] {
        assert_eq!(faults_of_task(fields), [format!("{SCHEMA} {expected}")], "{fields}");
    }
    assert_eq!(
        faults_of_task(r#""Catch": [{"ErrorEquals": ["E"], "Next": "Nowhere"}]"#),
        ["MISSING_TRANSITION_TARGET Missing 'Next' target: Nowhere at /States/S/Catch[0]/Next [\"Nowhere\"]"]
    );
    let misspelled = faults_of_task(r#""Retry": [{"ErrorEquals": ["States.TimeOut"]}]"#);
    assert!(misspelled[0].starts_with("UNKNOWN_ERROR_NAME "), "{misspelled:?}");
    assert!(faults_of_task(r#""Retry": [{"ErrorEquals": ["States.Own"]}]"#).is_empty());
}

#[test]
fn rules_of_choices() {
    let at = "at /States/S/Choices[0]";
    let comparisons = fields::of(Owner::Condition, Language::JsonPath).map(|field| field.name);
    let operators: Vec<&str> =
        comparisons.filter(|name| !["Comment", "And", "Or", "Not", "Variable"].contains(name)).collect();
    let operators = operators.join(", ");
    for (fields, expected) in [
        (
            r#""Variable": "$.a", "Next": "T""#,
            format!("This object should have only one of the following fields: [{operators}] {at} [{{]"),
        ),
        (
            r#""Variable": "$.a", "IsNull": true, "IsPresent": true, "Next": "T""#,
            format!("There should only be one of the following fields: [{operators}] {at} [\"IsPresent\"]"),
        ),
        (
            r#""IsNull": true, "Next": "T""#,
            format!(
                "The object must have only one of the following fields, [And, Or, Not, Variable, Condition] {at} [{{]"
            ),
        ),
        (
            r#""Variable": "$.a", "StringEqual": "x", "Next": "T""#,
            format!("Field 'StringEqual' is not supported {at} [\"StringEqual\"]"),
        ),
        (
            r#""Variable": "$.a", "NumericEquals": "1", "Next": "T""#,
            format!("Expected value of type [NUMBER] {at}/NumericEquals [\"1\"]"),
        ),
        (
            r#""Variable": "$.a", "TimestampEquals": "2026-11-21", "Next": "T""#,
            format!("String does not match RFC3339 timestamp {at}/TimestampEquals [\"2026-11-21\"]"),
        ),
        (r#""Or": [], "Next": "T""#, format!("Value cannot be empty {at}/Or [[]]")),
        (
            r#""Not": {"Variable": "$.a", "IsNull": true, "Next": "T"}, "Next": "T""#,
            format!("Field 'Next' is not supported {at}/Not [\"Next\"]"),
        ),
    ] {
        assert_eq!(faults_of_rule(fields), [format!("{SCHEMA} {expected}")], "{fields}");
    }
    // Without its Next the rule may lead anywhere: nothing is said about `T`.
    assert_eq!(
        faults_of_rule(r#""Variable": "$.a", "IsNull": true"#),
        [format!("{SCHEMA} These fields are required: [Next] {at} [{{]")]
    );
}

#[test]
fn waits_and_fails() {
    for (fields, expected) in [
        (
            r#""Type": "Wait", "End": true"#,
            "This object should have only one of the following fields: [SecondsPath, Seconds, TimestampPath, Timestamp] at /States/S [{]",
        ),
        (
            r#""Type": "Wait", "Seconds": 1, "Timestamp": "2026-11-21T00:00:00Z", "End": true"#,
            "There should only be one of the following fields: [SecondsPath, Seconds, TimestampPath, Timestamp] at /States/S [\"Timestamp\"]",
        ),
        (
            r#""Type": "Wait", "Timestamp": "2026-11-21 00:00:00Z", "End": true"#,
            "String does not match RFC3339 timestamp at /States/S/Timestamp [\"2026-11-21 00:00:00Z\"]",
        ),
        (
            r#""Type": "Fail", "Error": "E", "ErrorPath": "$.e""#,
            "There should only be one of the following fields: [Error, ErrorPath] at /States/S [\"ErrorPath\"]",
        ),
        (
            r#""Type": "Fail", "CausePath": "States.MathAdd(1, 2)""#,
            "The value for the field 'CausePath' must be a valid JSONPath or a valid intrinsic function call at /States/S/CausePath [States.MathAdd]",
        ),
    ] {
        assert_eq!(faults_of(fields), [format!("{SCHEMA} {expected}")], "{fields}");
    }
}

#[test]
fn resources() {
    let task = |resource: &str| faults_of(&format!(r#""Type": "Task", "End": true, "Resource": "{resource}""#));
    for fine in ["${F}", "<F>", "arn:aws:lambda:us-east-1:123456789012:function:f"] {
        assert!(task(fine).is_empty(), "{fine}");
    }
    assert_eq!(task("f"), [format!("{SCHEMA} Value is not a valid resource ARN at /States/S/Resource [\"f\"]")]);
    assert!(task("swf:f")[0].starts_with("INVALID_RESOURCE Value is not a valid resource ARN"));
    let unknown = task("arn:aws:states:::sqs:receiveMessage");
    assert!(unknown[0].contains("arn:aws:states:::sqs:receiveMessage is not recognized."), "{unknown:?}");
    assert_eq!(
        faults_of_task(r#""Credentials": {}"#),
        [format!("{SCHEMA} The field 'RoleArn' is required but was missing at /States/S/Credentials [{{]")]
    );
}

#[test]
fn paths_and_expressions() {
    let expression = |key: &str| {
        format!("The value for the field '{key}' must be a valid JSONPath or a valid intrinsic function call")
    };
    let marked = |fields: &str| {
        let all = faults_of(fields);
        assert_eq!(all.len(), 1, "{fields}: {all:?}");
        all[0].clone()
    };
    let pass = |fields: &str| marked(&format!(r#""Type": "Pass", "End": true, {fields}"#));
    assert!(
        pass(r#""InputPath": "a""#)
            .starts_with(&format!("{SCHEMA} Value must be a valid JSONPath. at /States/S/InputPath ["))
    );
    assert!(pass(r#""ResultPath": "$.a[*]""#).starts_with(&format!("{SCHEMA} Value is not a Reference Path at ")));
    assert!(pass(r#""ResultPath": "$$.a""#).contains(" at /States/S/ResultPath ["));
    for (fields, key) in [
        (r#""Parameters": {"a": {"b.$": "x"}}"#, "b.$"),
        (r#""Parameters": {"a": [{"b.$": 5}]}"#, "b.$"),
        (r#""Parameters": {"a.$": "States.Nothing($.x)"}"#, "a.$"),
    ] {
        assert!(
            pass(fields).starts_with(&format!("{SCHEMA} {} at /States/S/Parameters [", expression(key))),
            "{fields}"
        );
    }
    assert!(pass(r#""Parameters": {"a": 1, "a.$": "$.x"}"#).contains(" at /States/S/Parameters ["));
    assert!(
        pass(r#""Assign": {"a b": 1}"#)
            .starts_with("INVALID_VARIABLE_NAME Invalid variable name 'a b': the variable name contains invalid characters. at /States/S/Assign [\"a b\"]")
    );
    assert!(marked(r#""Type": "Fail", "CausePath": "x""#).contains(&expression("CausePath")));
}

#[test]
fn the_part_of_a_string_that_is_wrong_is_marked() {
    // The `(` of the function that is not closed stands behind escapes, of which each is longer than what it stands for.
    let mark = |value: &str| {
        let text =
            format!(r#"{{"StartAt": "S", "States": {{"S": {{"Type": "Pass", "End": true, "InputPath": {value}}}}}}}"#);
        let definition = Definition::read("test.json", &text);
        let span = definition.diagnostics[0].span;
        assert!(span.start as usize > text.find(value).expect("the value"), "{value}: inside the quotes");
        span.text(&text).to_owned()
    };
    assert_eq!(mark(r#""$.a[?]""#), mark(r#""$.\u0061[?]""#));
    assert_eq!(mark(r#""$.ä[?]""#), mark(r#""$.\u00e4[?]""#));
}

#[test]
fn placeholders_stand_for_paths_and_expressions_with_a_warning() {
    let definition = Definition::read(
        "a.yaml",
        "StartAt: S\nStates: {S: {Type: Pass, InputPath: '${p}', ResultPath: '${p}', Parameters: {a.$: '${p}', b: '${p}'}, End: true}}",
    );
    let codes: Vec<&str> = definition.diagnostics.iter().map(|d| d.code).collect();
    assert_eq!(codes, ["PLACEHOLDER"; 3]);
    let machine = definition.machine.expect("warnings only");
    let parameters = machine.states[0].parameters.as_ref().expect("Parameters");
    let filled = parameters.evaluate(&Value::Null, &mut crate::query::NoScope).expect("no expressions");
    assert_eq!(filled.to_json(), r#"{"a":"${p}","b":"${p}"}"#);
}

#[test]
fn repeated_keys_and_placeholders_are_warnings() {
    let warned = |text: String| {
        let definition = Definition::read("test.json", &text);
        assert!(definition.machine.is_some(), "{}", definition.render_diagnostics());
        definition.diagnostics.iter().map(|d| format!("{} {}", d.code, d.span.text(&text))).collect::<Vec<_>>()
    };
    let state = |fields: &str| format!(r#"{{"StartAt": "S", "States": {{"S": {{{fields}}}}}}}"#);
    assert_eq!(warned(state(r#""Type": "Fail", "Type": "Succeed""#)), [r#"DUPLICATE_KEY "Type""#]);
    for fields in [
        r#""Type": "Wait", "End": true, "Seconds": "${N}""#,
        r#""Type": "Task", "Resource": "${N}", "End": true, "TimeoutSeconds": "${N}""#,
        r#""Type": "Pass", "End": "${N}""#,
    ] {
        assert_eq!(warned(state(fields)), [r#"PLACEHOLDER "${N}""#], "{fields}");
    }
}

#[test]
fn what_cannot_be_run_is_told_before_a_run() {
    let code = |text: &str| {
        faults(text).into_iter().filter(|fault| fault.starts_with("ASLDB_UNSUPPORTED")).collect::<Vec<_>>()
    };
    let processor = r#""StartAt": "I", "States": {"I": {"Type": "Succeed"}}"#;
    let map =
        |fields: &str| format!(r#"{{"StartAt": "S", "States": {{"S": {{"Type": "Map", "End": true, {fields}}}}}}}"#);
    let mode = map(&format!(
        r#""ItemBatcher": {{}}, "ItemProcessor": {{"ProcessorConfig": {{"Mode": "DISTRIBUTED"}}, {processor}}}"#
    ));
    assert!(code(&mode).is_empty());
    let field = map(&format!(r#""ItemBatcher": {{}}, "ItemProcessor": {{{processor}}}"#));
    assert!(code(&field)[0].ends_with("at /States/S/ItemBatcher [\"ItemBatcher\"]"));
    assert!(code(&map(&format!(r#""ToleratedFailureCount": 1, "ItemProcessor": {{{processor}}}"#))).is_empty());
    assert!(faults(&map(&format!(r#""ItemProcessor": {{{processor}}}"#))).is_empty());
}

#[test]
fn hints_say_what_was_meant() {
    for (text, hint) in [
        (r#"{"StartAt": "Frist", "States": {"First": {"Type": "Succeed"}}}"#, "did you mean `First`?"),
        (
            r#"{"StartAt": "S", "States": {"S": {"Type": "Pass", "Resultpath": "$.a", "End": true}}}"#,
            "did you mean `ResultPath`?",
        ),
        (r#"{"StartAt": "S", "States": {"S": {"type": "Pass", "End": true}}}"#, "`type` should be `Type`"),
        (r#"{"StartAt": "S", "States": {"S": {"Type": "pass", "End": true}}}"#, "did you mean `Pass`?"),
        (
            r#"{"StartAt": "S", "States": {"S": {"Type": "Pass", "End": true, "Catch": []}}}"#,
            "a Pass state has no such field, only Task, Parallel, Map; remove it",
        ),
    ] {
        assert!(helps(text).iter().any(|help| help == hint), "{text}: {:?}", helps(text));
    }
}

#[test]
fn common_fields_are_read() {
    let machine =
        one_state("Type: Pass, Comment: c, InputPath: null, OutputPath: $.o, ResultPath: $.r, Result: [1], End: true");
    let state = machine.state(machine.find("S").expect("S"));
    assert!(matches!(state.input_path, PathField::Null));
    assert!(matches!(&state.output_path, PathField::Path(path) if path.text() == "$.o"));
    assert!(matches!(&state.result_path, ResultPath::Path(path) if path.text() == "$.r"));
    assert!(matches!(&state.kind, StateKind::Pass { result: Some(result) } if result.to_json() == "[1]"));
    assert_eq!((state.comment.as_deref(), state.transition), (Some("c"), Transition::End));
    assert!(state.field("Result").is_some() && state.field("Next").is_none());
    let machine = one_state("Type: Pass, InputPath: $, ResultPath: null, End: true");
    let state = &machine.states[0];
    assert!(matches!((&state.input_path, &state.result_path), (PathField::Whole, ResultPath::Discard)));
}

#[test]
fn tasks_are_read_with_their_defaults() {
    let machine = one_state(
        "Type: Task, Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken', TimeoutSecondsPath: $.t,
         HeartbeatSeconds: 5, End: true, Retry: [{ErrorEquals: [E]}, {ErrorEquals: [States.ALL], JitterStrategy: FULL}]",
    );
    let state = &machine.states[0];
    let StateKind::Task(task) = &state.kind else { panic!("a Task") };
    assert!(matches!(&task.resource.kind, ResourceKind::Service { task_token: true, sync: false, .. }));
    assert!(matches!((&task.timeout, &task.heartbeat), (Seconds::Path(_), Seconds::Fixed(5))));
    let first = &state.retry[0];
    assert_eq!((first.interval_seconds, first.max_attempts, first.max_delay_seconds), (1, 3, None));
    assert!((first.backoff_rate - 2.0).abs() < f64::EPSILON);
    assert_eq!((first.jitter, state.retry[1].jitter), (Jitter::None, Jitter::Full));
}

#[test]
fn choices_are_read_as_trees() {
    let machine = machine(
        "
StartAt: C
States:
  C:
    Type: Choice
    Choices:
      - Next: T
        And:
          - {Variable: $.a, NumericGreaterThanPath: $.b}
          - Not: {Variable: $.c, IsPresent: true}
  T: {Type: Succeed}
",
    );
    let StateKind::Choice(choice) = &machine.states[0].kind else { panic!("a Choice") };
    let Test::And(tests) = &choice.rules[0].test else { panic!("And") };
    assert!(matches!(&tests[0], Test::Compare { operand: Operand::Path(path), .. } if path.text() == "$.b"));
    let Test::Not(inner) = &tests[1] else { panic!("Not") };
    assert!(matches!(&**inner, Test::Compare { operand: Operand::Value(Value::Bool(true)), .. }));
    assert!(choice.default.is_none());
}

#[test]
fn waits_are_read() {
    let wait = |fields: &str| match &one_state(&format!("Type: Wait, End: true, {fields}")).states[0].kind {
        StateKind::Wait(Wait::Seconds(n)) => format!("{n}"),
        StateKind::Wait(Wait::Timestamp(at)) => at.to_iso(),
        StateKind::Wait(Wait::SecondsPath(path) | Wait::TimestampPath(path)) => path.text().to_owned(),
        other => panic!("{other:?}"),
    };
    assert_eq!(wait("Seconds: 0"), "0");
    assert_eq!(wait("SecondsPath: $.s"), "$.s");
    assert_eq!(wait("TimestampPath: $.t"), "$.t");
    assert_eq!(wait("Timestamp: '2026-11-21T09:00:00+01:00'"), "2026-11-21T08:00:00Z");
}

#[test]
fn scopes_and_states_are_in_file_order() {
    let machine = machine(
        "
StartAt: P
States:
  P:
    Type: Parallel
    Next: Z
    Branches:
      - {StartAt: A, States: {A: {Type: Succeed}}}
      - StartAt: M
        States:
          M:
            Type: Map
            End: true
            MaxConcurrency: 2
            Iterator: {StartAt: I, States: {I: {Type: Succeed}}}
  Z: {Type: Succeed}
",
    );
    let names: Vec<&str> = machine.states.iter().map(|state| &*state.name).collect();
    assert_eq!(names, ["P", "A", "M", "I", "Z"]);
    let owners: Vec<_> = machine.scopes.iter().map(|scope| (scope.owner.map(|o| o.0), scope.branch)).collect();
    assert_eq!(owners, [(None, 0), (Some(0), 0), (Some(0), 1), (Some(2), 0)]);
    let StateKind::Map(map) = &machine.states[2].kind else { panic!("a Map") };
    assert_eq!((map.processor, matches!(map.max_concurrency, MaxConcurrency::Fixed(2))), (ScopeId(3), true));
    let path: Vec<&str> =
        machine.path(machine.find("I").expect("I")).iter().map(|id| &*machine.state(*id).name).collect();
    assert_eq!(path, ["P", "M", "I"]);
}

/// Runs on a stack of 8 MiB, that of a main thread; frames without optimization are several times as large as others.
fn on_a_main_stack(run: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(8 << 20).spawn(run);
    thread.expect("a thread").join().expect("no panic");
}

#[test]
fn deep_scopes_do_not_overflow() {
    on_a_main_stack(|| {
        let mut scopes = r#"{"StartAt": "Last", "States": {"Last": {"Type": "Succeed"}}}"#.to_owned();
        for level in 0..300 {
            let state = format!(r#"{{"Type": "Map", "End": true, "ItemProcessor": {scopes}}}"#);
            scopes = format!(r#"{{"StartAt": "S{level}", "States": {{"S{level}": {state}}}}}"#);
        }
        assert_eq!(Definition::read("deep.json", &scopes).machine.map(|machine| machine.scopes.len()), Some(301));
    });
}

#[test]
fn deep_conditions_do_not_overflow() {
    on_a_main_stack(|| {
        let condition = r#"{"Variable": "$.a", "IsNull": true}"#;
        let rule = format!("{}{condition}{}", r#"{"Not": "#.repeat(900), "}".repeat(900));
        assert!(faults_of_rule(&format!(r#""Not": {rule}, "Next": "T""#)).is_empty());
    });
}

/// A definition with one of everything.
const RICH: &str = r#"{"Comment": "c", "StartAt": "A", "TimeoutSeconds": 60, "States": {
  "A": {"Type": "Task", "Resource": "${F}", "Parameters": {"a.$": "$.a"}, "TimeoutSeconds": 5, "ResultPath": "$.r",
    "Retry": [{"ErrorEquals": ["E"], "BackoffRate": 1.5}], "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "F"}], "Next": "C"},
  "C": {"Type": "Choice", "Choices": [{"Variable": "$.a", "NumericEquals": 1, "Next": "W"},
    {"Not": {"Or": [{"Variable": "$.b", "IsNull": true}]}, "Next": "P"}], "Default": "M"},
  "W": {"Type": "Wait", "Seconds": 5, "Next": "C"},
  "P": {"Type": "Parallel", "Branches": [{"StartAt": "P1", "States": {"P1": {"Type": "Pass", "Result": 1, "End": true}}}], "End": true},
  "M": {"Type": "Map", "ItemsPath": "$.i", "MaxConcurrency": 2, "ItemProcessor": {"ProcessorConfig": {"Mode": "INLINE"},
    "StartAt": "I", "States": {"I": {"Type": "Pass", "Assign": {"v": 1}, "End": true}}}, "Next": "S"},
  "S": {"Type": "Succeed"}, "F": {"Type": "Fail", "ErrorPath": "$.Error", "Cause": "c"}}}"#;

/// Puts something else at one place of a value: the `at`th node, counted depth first.
fn changed(value: &Value, at: &mut usize, change: &Change) -> Option<Value> {
    let here = *at == 0;
    *at = at.wrapping_sub(1);
    if here {
        return match change {
            Change::Remove => None,
            Change::Put(other) => Some(other.clone()),
        };
    }
    Some(match value {
        Value::Array(items) => Value::Array(items.iter().filter_map(|item| changed(item, at, change)).collect()),
        Value::Object(object) => {
            let members = object.iter().filter_map(|(key, value)| Some((key.clone(), changed(value, at, change)?)));
            Value::Object(members.collect())
        }
        other => other.clone(),
    })
}

#[derive(Debug, Clone)]
enum Change {
    Remove,
    Put(Value),
}

fn change() -> impl Strategy<Value = Change> {
    let texts =
        ["", "A", "I", "${X}", "$.x", "{% 1 %}", "JSONata", "DISTRIBUTED", "Pass", "Map", "Choice", "States.ALL"];
    let values = ["null", "true", "false", "-1", "0", "1.5", "1e99", "[]", "{}", "[{}]", "[\"A\"]", r#"{"Ref": "X"}"#];
    prop_oneof![
        Just(Change::Remove),
        prop::sample::select(texts.to_vec()).prop_map(|text| Change::Put(Value::from(text))),
        prop::sample::select(values.to_vec()).prop_map(|text| Change::Put(value::read(text).expect("valid"))),
    ]
}

#[test]
fn the_rich_definition_is_sound() {
    assert!(faults(RICH).is_empty(), "{:?}", faults(RICH));
}

proptest! {
    #[test]
    fn there_is_a_machine_or_an_error_and_all_places_are_in_the_text(
        changes in prop::collection::vec((0usize..140, change()), 1..4)
    ) {
        let rich = value::read(RICH).expect("valid");
        let value = changes.iter().fold(rich, |value, (at, change)| {
            changed(&value, &mut at.clone(), change).unwrap_or(Value::Null)
        });
        for name in ["a.json", "a.yaml"] {
            let text = value.to_pretty_json();
            let definition = Definition::read(name, &text);
            prop_assert_eq!(definition.machine.is_none(), definition.has_errors(), "{}", definition.render_diagnostics());
            for diagnostic in &definition.diagnostics {
                prop_assert!(text.get(diagnostic.span.range()).is_some());
            }
            if let Some(machine) = &definition.machine {
                for scope in (0..machine.scopes.len()).filter_map(|at| u32::try_from(at).ok()).map(ScopeId) {
                    prop_assert_eq!(
                        crate::asl::graph::order(machine, scope).len(), machine.scope(scope).states.len()
                    );
                }
            }
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in "[ -~\n]{0,60}") {
        let _ = Definition::read("a.json", &text).render_diagnostics();
        let _ = Definition::read_bytes("a.yaml", text.as_bytes()).render_diagnostics();
    }
}
