//! What is refused about JSONata when a definition is read, and where it is marked.

use crate::asl::Definition;

/// `CODE message at location` and the marked text of each fault of a JSONata machine whose first state, `S`, has these
/// fields.
fn faults(fields: &str) -> Vec<String> {
    let text = format!(
        r#"{{"QueryLanguage": "JSONata", "StartAt": "S", "States": {{"S": {{{fields}}}, "T": {{"Type": "Succeed"}}}}}}"#
    );
    let definition = Definition::read("test.json", &text);
    let show = |d: &crate::text::Diagnostic| {
        format!("{} {} at {} [{}]", d.code, d.message, d.location.as_deref().unwrap_or("-"), d.span.text(&text))
    };
    definition.diagnostics.iter().map(show).collect()
}

const INVALID: &str = "INVALID_JSONATA_EXPRESSION";
const UNSUPPORTED: &str = "UNSUPPORTED_JSONATA_EXPRESSION";

#[test]
fn syntax_is_checked_wherever_expressions_stand() {
    for (fields, location) in [
        (r#""Type": "Pass", "Output": "{% 1 + %}", "Next": "T""#, "Output"),
        (r#""Type": "Pass", "Output": {"a": [1, "{% 1 + %}"]}, "Next": "T""#, "Output/a[1]"),
        (r#""Type": "Pass", "Assign": {"v": "{% 1 + %}"}, "Next": "T""#, "Assign/v"),
        (r#""Type": "Wait", "Seconds": "{% 1 + %}", "Next": "T""#, "Seconds"),
        (r#""Type": "Wait", "Timestamp": "{% 1 + %}", "Next": "T""#, "Timestamp"),
        (
            r#""Type": "Choice", "Default": "T", "Choices": [{"Condition": "{% 1 + %}", "Next": "T"}]"#,
            "Choices[0]/Condition",
        ),
        (
            r#""Type": "Choice", "Default": "T", "Choices": [{"Condition": true, "Output": "{% 1 + %}", "Next": "T"}]"#,
            "Choices[0]/Output",
        ),
        (r#""Type": "Task", "Resource": "${F}", "Arguments": {"a": "{% 1 + %}"}, "Next": "T""#, "Arguments/a"),
        (r#""Type": "Task", "Resource": "${F}", "TimeoutSeconds": "{% 1 + %}", "Next": "T""#, "TimeoutSeconds"),
        (
            r#""Type": "Task", "Resource": "${F}", "Credentials": {"RoleArn": "{% 1 + %}"}, "Next": "T""#,
            "Credentials/RoleArn",
        ),
        (
            r#""Type": "Task", "Resource": "${F}", "Next": "T", "Catch": [{"ErrorEquals": ["E"], "Assign": {"v": "{% 1 + %}"}, "Next": "T"}]"#,
            "Catch[0]/Assign/v",
        ),
        (
            r#""Type": "Map", "MaxConcurrency": "{% 1 + %}", "Next": "T", "ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Succeed"}}}"#,
            "MaxConcurrency",
        ),
        (
            r#""Type": "Map", "ToleratedFailureCount": "{% 1 + %}", "Next": "T", "ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Succeed"}}}"#,
            "ToleratedFailureCount",
        ),
        (
            r#""Type": "Map", "Next": "T", "ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Succeed", "Output": "{% 1 + %}"}}}"#,
            "ItemProcessor/States/I/Output",
        ),
    ] {
        let found = faults(fields);
        let expected = format!("{INVALID} Unexpected end of expression at /States/S/{location} ");
        assert!(found.len() == 1 && found[0].starts_with(&expected), "{fields}: {found:?}");
    }
}

#[test]
fn the_texts_of_a_fail_state_are_checked() {
    let text =
        r#"{"QueryLanguage": "JSONata", "StartAt": "S", "States": {"S": {"Type": "Fail", "Cause": "{% 1 + %}"}}}"#;
    let definition = Definition::read("test.json", text);
    let locations: Vec<_> = definition.diagnostics.iter().filter_map(|d| d.location.as_deref()).collect();
    assert_eq!(locations, ["/States/S/Cause"]);
}

#[test]
fn the_part_at_fault_is_marked_through_escapes() {
    for (expression, fault) in [
        (r"{% 1 + / %}", "[/]"),
        (r#"{% \"é\" + ) %}"#, "[)]"),
        (r"{%\n  $a[1,2) %}", "[,]"),
        ("{% phone %}", "[phone]"),
        (r#"{% {\"a\": b.c} %}"#, "[b]"),
        ("{% $$.x %}", "[$$]"),
    ] {
        let found = faults(&format!(r#""Type": "Pass", "Output": "{expression}", "Next": "T""#));
        assert!(found.len() == 1 && found[0].ends_with(fault), "{expression}: {found:?}");
    }
}

#[test]
fn references_to_what_is_not_there() {
    let result = "{% $states.result %}";
    let error = "{% $states.errorOutput %}";
    let task = |fields: &str| format!(r#""Type": "Task", "Resource": "${{F}}", {fields}, "Next": "T""#);
    let catcher = |fields: &str| task(&format!(r#""Catch": [{{"ErrorEquals": ["E"], "Next": "T", {fields}}}]"#));
    for (fields, missing) in [
        (task(&format!(r#""Output": "{result}""#)), None),
        (task(&format!(r#""Assign": {{"v": "{result}"}}"#)), None),
        (task(&format!(r#""Arguments": "{result}""#)), Some("result")),
        (task(&format!(r#""Output": "{error}""#)), Some("errorOutput")),
        (catcher(&format!(r#""Output": "{error}""#)), None),
        (catcher(&format!(r#""Assign": {{"v": "{error}"}}"#)), None),
        (catcher(&format!(r#""Output": "{result}""#)), Some("result")),
        (format!(r#""Type": "Pass", "Output": "{result}", "Next": "T""#), Some("result")),
        (r#""Type": "Pass", "Output": "{% $states.inptu %}", "Next": "T""#.to_owned(), Some("inptu")),
    ] {
        let found = faults(&fields);
        match missing {
            None => assert_eq!(found, [""; 0], "{fields}"),
            Some(name) => {
                let expected = format!("{UNSUPPORTED} Field '$states.{name}' does not exist. at /States/S/");
                assert!(found.len() == 1 && found[0].starts_with(&expected), "{fields}: {found:?}");
            }
        }
    }
}

#[test]
fn half_open_delimiters() {
    for text in ["{% 1", "1 %}", " {% 1 %}", "a {% 1 %}"] {
        let found = faults(&format!(r#""Type": "Pass", "Output": {{"a": "{text}"}}, "Next": "T""#));
        let expected =
            "SCHEMA_VALIDATION_FAILED JSONata string must start with {% and end with %} at /States/S/Output/a";
        assert!(found.len() == 1 && found[0].starts_with(expected), "{text}: {found:?}");
    }
    // What is never an expression.
    assert_eq!(faults(r#""Type": "Pass", "Comment": "{% is not closed", "Next": "T""#), [""; 0]);
}

#[test]
fn fields_that_are_literal() {
    let retry = r#""Type": "Task", "Resource": "${F}", "Next": "T", "Retry": [{"ErrorEquals": ["E"], "MaxAttempts": "{% 1 %}"}]"#;
    assert!(faults(retry)[0].contains("Expected value of type Integer"), "{:?}", faults(retry));
    let condition = r#""Type": "Choice", "Default": "T", "Choices": [{"Condition": "yes", "Next": "T"}]"#;
    assert!(faults(condition)[0].contains("Expected value of type [BOOLEAN]"), "{:?}", faults(condition));
    let nothing = r#""Type": "Choice", "Default": "T", "Choices": [{"Next": "T"}]"#;
    let one = "The object must have only one of the following fields, [And, Or, Not, Variable, Condition]";
    assert!(faults(nothing)[0].contains(one), "{:?}", faults(nothing));
}

#[test]
fn placeholders_in_expressions() {
    for (expression, warnings) in [("{% $x = '${V}' %}", 0), ("{% ${V} = 1 %}", 1)] {
        let found = faults(&format!(r#""Type": "Pass", "Output": "{expression}", "Next": "T""#));
        assert!(
            found.len() == warnings && found.iter().all(|f| f.starts_with("PLACEHOLDER")),
            "{expression}: {found:?}"
        );
    }
}
