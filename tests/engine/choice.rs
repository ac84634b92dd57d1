//! Choice: operators on values of every type, And, Or, Not, what is missing, which rule wins.

use crate::vocabulary::{fail, give, given, states};

/// A Choice with one rule; `Y` when it holds, `N` otherwise.
fn choice(rule: &str) -> String {
    format!(
        "A: {{Type: Choice, Choices: [{{{rule}, Next: B}}], Default: C}}\n\
         B: {{Type: Pass, Result: Y, End: true}}\nC: {{Type: Pass, Result: N, End: true}}"
    )
}

fn holds(rule: &str, input: &str, expected: bool) {
    give(&[(&choice(rule), input, if expected { r#""Y""# } else { r#""N""# })]);
}

#[test]
fn comparisons_hold_for_their_own_type_only() {
    let values = ["null", "true", "0", "1.5", r#""""#, r#""a""#, r#""1""#, r#""2020-01-01T00:00:00Z""#, "[]", "{}"];
    let table = [
        ("StringEquals: a", "-----x----"),
        ("StringLessThan: a", "----x-xx--"),
        ("StringGreaterThanEquals: ''", "----xxxx--"),
        ("StringMatches: '*'", "----xxxx--"),
        ("NumericEquals: 0.0", "--x-------"),
        ("NumericGreaterThan: 1", "---x------"),
        ("NumericLessThanEquals: 1.5", "--xx------"),
        ("BooleanEquals: true", "-x--------"),
        ("TimestampEquals: '2020-01-01T01:00:00+01:00'", "-------x--"),
        ("TimestampLessThan: '2021-01-01T00:00:00Z'", "-------x--"),
        ("IsNull: true", "x---------"),
        ("IsNull: false", "-xxxxxxxxx"),
        ("IsBoolean: true", "-x--------"),
        ("IsNumeric: true", "--xx------"),
        ("IsNumeric: false", "xx--xxxxxx"),
        ("IsString: true", "----xxxx--"),
        ("IsTimestamp: true", "-------x--"),
        ("IsPresent: true", "xxxxxxxxxx"),
        ("IsPresent: false", "----------"),
    ];
    for (test, expected) in table {
        let rule = format!("Variable: $.v, {test}");
        for (value, expected) in values.iter().zip(expected.chars()) {
            holds(&rule, &format!("{{\"v\":{value}}}"), expected == 'x');
        }
    }
}

#[test]
fn path_twins_compare_two_places() {
    let operators = [
        ("StringEquals", "b", "a"),
        ("StringLessThan", "a", "b"),
        ("StringGreaterThan", "c", "b"),
        ("StringLessThanEquals", "b", "c"),
        ("StringGreaterThanEquals", "b", "a"),
    ];
    for (operator, holding, failing) in operators {
        let rule = format!("Variable: $.v, {operator}Path: $.w");
        holds(&rule, &format!(r#"{{"v":"{holding}","w":"b"}}"#), true);
        holds(&rule, &format!(r#"{{"v":"{failing}","w":"b"}}"#), false);
        holds(&rule, &format!(r#"{{"v":"{holding}","w":1}}"#), false);
    }
    for (rule, input, expected) in [
        ("Variable: $.v, NumericLessThanPath: $.w", r#"{"v":1,"w":2}"#, true),
        ("Variable: $.v, NumericLessThanPath: $.w", r#"{"v":2,"w":2}"#, false),
        ("Variable: $.v, BooleanEqualsPath: $.w", r#"{"v":false,"w":false}"#, true),
        (
            "Variable: $.v, TimestampGreaterThanPath: $.w",
            r#"{"v":"2020-01-02T00:00:00Z","w":"2020-01-01T00:00:00Z"}"#,
            true,
        ),
        ("Variable: $.v, StringEqualsPath: $$.State.Name", r#"{"v":"A"}"#, true),
        ("Variable: $$.Execution.Name, StringEquals: e", "{}", true),
    ] {
        holds(rule, input, expected);
    }
}

#[test]
fn strings_compare_by_code_units_without_folding() {
    holds("Variable: $.v, StringLessThan: a", r#"{"v":"B"}"#, true);
    holds("Variable: $.v, StringEquals: \"\\u00e9\"", r#"{"v":"e\u0301"}"#, false);
    // U+FFFD is greater than a surrogate pair, though U+1F600 is greater than U+FFFD.
    holds("Variable: $.v, StringLessThan: \"\\uFFFD\"", r#"{"v":"\ud83d\ude00"}"#, true);
}

#[test]
fn string_matches() {
    for (pattern, text, expected) in [
        ("log-*.txt", "log-1.txt", true),
        ("log-*.txt", "log-.txt", true),
        ("log-*.txt", "log-1.txt2", false),
        ("*a*b*", "xaxbx", true),
        (r"a\\*", "a*", true),
        (r"a\\*", "ab", false),
        ("?", "x", false),
    ] {
        holds(&format!("Variable: $.v, StringMatches: \"{pattern}\""), &format!(r#"{{"v":"{text}"}}"#), expected);
    }
}

#[test]
fn timestamps_have_a_zone() {
    for (text, expected) in [
        ("2012-10-09T19:00:55Z", true),
        ("2012-10-09T19:00:55+01:00", true),
        ("2012-10-09T19:00:55.123456Z", true),
        ("2012-10-09T19:00:55", false),
        ("2023-02-24", false),
        ("2012-10-09t19:00:55Z", false),
    ] {
        holds("Variable: $.v, IsTimestamp: true", &format!(r#"{{"v":"{text}"}}"#), expected);
    }
}

#[test]
fn and_or_not() {
    let (yes, no) = ("{Variable: $.v, IsPresent: true}", "{Variable: $.v, IsPresent: false}");
    // Fails when it is looked at.
    let bad = "{Variable: $.none, StringEquals: a}";
    for (rule, expected) in [
        (format!("And: [{yes}, {yes}]"), true),
        (format!("And: [{yes}, {no}]"), false),
        (format!("And: [{no}, {bad}]"), false),
        (format!("Or: [{no}, {no}]"), false),
        (format!("Or: [{no}, {yes}]"), true),
        (format!("Or: [{yes}, {bad}]"), true),
        (format!("Not: {no}"), true),
        (format!("Not: {{And: [{yes}, {{Or: [{no}, {{Not: {no}}}]}}]}}"), false),
    ] {
        holds(&rule, r#"{"v":1}"#, expected);
    }
    fail(&[(
        &choice(&format!("And: [{yes}, {bad}]")),
        r#"{"v":1}"#,
        "FAILED States.Runtime: Invalid path '$.none': The choice state's condition path references an invalid value.",
    )]);
}

#[test]
fn what_is_missing_fails_though_there_is_a_default() {
    let rules = [
        "StringEquals: a",
        "NumericGreaterThan: 1",
        "BooleanEquals: true",
        "IsNull: true",
        "IsString: false",
        "StringMatches: '*'",
        "TimestampEqualsPath: $.w",
    ];
    for test in rules {
        fail(&[(
            &choice(&format!("Variable: $.v, {test}")),
            r#"{"w":"2020-01-01T00:00:00Z"}"#,
            "FAILED States.Runtime: Invalid path '$.v': The choice state's condition path references an invalid value.",
        )]);
    }
    fail(&[(
        &choice("Variable: $.v, NumericEqualsPath: $.w"),
        r#"{"v":1}"#,
        "FAILED States.Runtime: Invalid path '$.w': The choice state's condition path references an invalid value.",
    )]);
    holds("Variable: $.v.deep, IsPresent: false", "{}", true);
    holds("Variable: $.v, IsPresent: true", r#"{"v":null}"#, true);
}

#[test]
fn the_first_rule_that_holds_wins() {
    let machine = states(
        "A: {Type: Choice, Choices: [{Variable: $.n, NumericGreaterThan: 10, Next: B}, \
         {Variable: $.n, NumericGreaterThan: 5, Next: C}, {Variable: $.n, NumericGreaterThan: 1, Next: B}], Default: D}\n\
         B: {Type: Pass, Result: B, End: true}\nC: {Type: Pass, Result: C, End: true}\nD: {Type: Pass, Result: D, End: true}",
    );
    for (n, output) in [(11, "B"), (7, "C"), (3, "B"), (0, "D")] {
        assert_eq!(given(&machine).input(&format!("{{\"n\":{n}}}")).run().output(), format!("\"{output}\""));
    }
}

#[test]
fn no_rule_and_no_default() {
    fail(&[(
        "A: {Type: Choice, Choices: [{Variable: $.n, IsPresent: true, Next: B}]}\nB: {Type: Succeed}",
        "{}",
        "FAILED States.Runtime: Failed to transition out of the state. The state does not point to a next state.",
    )]);
}

#[test]
fn the_assign_of_the_winning_rule_replaces_that_of_the_state() {
    let machine = states(
        "A: {Type: Choice, Assign: {v: state}, Choices: [{Variable: $.n, NumericEquals: 1, Next: B, Assign: {v: rule}}, \
         {Variable: $.n, NumericEquals: 2, Next: B}], Default: B}\n\
         B: {Type: Pass, Parameters: {v.$: $v}, End: true}",
    );
    assert_eq!(given(&machine).input(r#"{"n":1}"#).run().output(), r#"{"v":"rule"}"#);
    assert_eq!(given(&machine).input(r#"{"n":3}"#).run().output(), r#"{"v":"state"}"#);
    // A winning rule without one assigns nothing.
    let failure = given(&machine).input(r#"{"n":2}"#).run().failure();
    assert!(failure.starts_with("FAILED States.Runtime: "), "{failure}");
}
