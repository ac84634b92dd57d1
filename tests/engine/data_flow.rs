//! InputPath, Parameters, Result, ResultSelector, ResultPath, OutputPath, and the limit of payloads.

use asldb::engine::MAX_PAYLOAD;

use crate::vocabulary::{fail, give, given, returns, states};

#[test]
fn pass() {
    give(&[
        ("A: {Type: Pass, End: true}", r#"{"a":1}"#, r#"{"a":1}"#),
        ("A: {Type: Pass, End: true}", "null", "null"),
        ("A: {Type: Pass, Result: [1, {b: $.a}], End: true}", r#"{"a":1}"#, r#"[1,{"b":"$.a"}]"#),
        ("A: {Type: Pass, Result: null, End: true}", r#"{"a":1}"#, "null"),
        // A Result wins: the other two are not even evaluated.
        ("A: {Type: Pass, Result: 1, InputPath: $.none, Parameters: {x.$: $.none}, End: true}", r#"{"a":2}"#, "1"),
        ("A: {Type: Pass, Result: 1, InputPath: $.none, ResultPath: $.r, End: true}", r#"{"a":2}"#, r#"{"a":2,"r":1}"#),
        ("A: {Type: Pass, Next: B}\nB: {Type: Succeed}", "[0]", "[0]"),
    ]);
}

#[test]
fn input_path() {
    give(&[
        ("A: {Type: Pass, InputPath: $, End: true}", r#"{"a":1}"#, r#"{"a":1}"#),
        ("A: {Type: Pass, InputPath: null, End: true}", r#"{"a":1}"#, "{}"),
        ("A: {Type: Pass, InputPath: '$.a[1]', End: true}", r#"{"a":[1,{"b":2}]}"#, r#"{"b":2}"#),
        ("A: {Type: Pass, InputPath: '$.a[*].b', End: true}", r#"{"a":[{"b":1},{"b":2}]}"#, "[1,2]"),
        ("A: {Type: Pass, InputPath: $$.State.Name, End: true}", "{}", r#""A""#),
        ("A: {Type: Pass, Assign: {v: {w: 7}}, Next: B}\nB: {Type: Pass, InputPath: $v.w, End: true}", "{}", "7"),
        // The result is merged into the raw input.
        ("A: {Type: Pass, InputPath: $.a, ResultPath: $.r, End: true}", r#"{"a":1}"#, r#"{"a":1,"r":1}"#),
        ("A: {Type: Succeed, InputPath: $.a}", r#"{"a":{"b":1}}"#, r#"{"b":1}"#),
        ("A: {Type: Wait, Seconds: 1, InputPath: $.a, End: true}", r#"{"a":1}"#, "1"),
        (
            "A: {Type: Choice, InputPath: $.a, Choices: [{Variable: $.b, IsPresent: true, Next: B}]}\nB: {Type: Succeed}",
            r#"{"a":{"b":1}}"#,
            r#"{"b":1}"#,
        ),
    ]);
    fail(&[
        (
            "A: {Type: Pass, InputPath: $.x, End: true}",
            r#"{"y":1}"#,
            "FAILED States.Runtime: Invalid path '$.x' : No results for path: $['x']",
        ),
        (
            "A: {Type: Pass, InputPath: $.x.y.z, End: true}",
            "{}",
            "FAILED States.Runtime: Invalid path '$.x.y.z' : Missing property in path $['x']",
        ),
    ]);
}

#[test]
fn parameters() {
    let pass = |parameters: &str| format!("A: {{Type: Pass, Parameters: {parameters}, End: true}}");
    for (parameters, input, output) in [
        ("{a: 1, b: $.looks.like.a.path}", "{}", r#"{"a":1,"b":"$.looks.like.a.path"}"#),
        ("{a.$: $}", "[1]", r#"{"a":[1]}"#),
        ("{a: [{b.$: $.x}, {c: 2}], d: {e: {f.$: $.x}}}", r#"{"x":5}"#, r#"{"a":[{"b":5},{"c":2}],"d":{"e":{"f":5}}}"#),
        ("{a.$: '$.l[0]', b.$: '$.l[-1]', c.$: '$.l[7]'}", r#"{"l":[1,2,3]}"#, r#"{"a":1,"b":3,"c":null}"#),
        ("{a.$: '$.none[*]', b.$: '$.none[1:].v', c.$: '$[*]'}", "{}", r#"{"a":[],"b":[],"c":[]}"#),
        ("{a.$: '$.l[?(@.n > 1)].n'}", r#"{"l":[{"n":1},{"n":2},{"n":3}]}"#, r#"{"a":[2,3]}"#),
        ("{a.$: $$.Execution.Name, b.$: $$.Execution.Input.k}", r#"{"k":0}"#, r#"{"a":"e","b":0}"#),
        ("{a.$: \"States.Format('{}-{}', $.x, 2)\"}", r#"{"x":"v"}"#, r#"{"a":"v-2"}"#),
        ("{}", "[1]", "{}"),
    ] {
        give(&[(&pass(parameters), input, output)]);
    }
    for (parameters, input, cause) in [
        (
            "{a.$: $.x}",
            r#"{"y":1}"#,
            r#"The JSONPath '$.x' specified for the field 'a.$' could not be found in the input '{"y":1}'"#,
        ),
        (
            "{deep: [{value.$: $$.Execution.None}]}",
            "{}",
            "The JSONPath '$$.Execution.None' specified for the field 'value.$' could not be found in the input '",
        ),
        (
            "{a.$: 'States.MathAdd(1)'}",
            "{}",
            "There was an error while evaluating the intrinsic function: States.MathAdd(1). Invalid arguments in States.MathAdd",
        ),
    ] {
        let failure = given(&states(&pass(parameters))).input(input).run().failure();
        assert!(failure.starts_with(&format!("FAILED States.Runtime: {cause}")), "{failure}");
    }
}

#[test]
fn result_path() {
    let pass = |path: &str| format!("A: {{Type: Pass, Result: 9, ResultPath: {path}, End: true}}");
    for (path, input, output) in [
        ("$", r#"{"a":1}"#, "9"),
        ("null", r#"{"a":1}"#, r#"{"a":1}"#),
        ("$.a", r#"{"a":1,"b":2}"#, r#"{"a":9,"b":2}"#),
        ("$.x.y.z", r#"{"a":1}"#, r#"{"a":1,"x":{"y":{"z":9}}}"#),
        ("\"$['a b'].c\"", "{}", r#"{"a b":{"c":9}}"#),
        ("'$[1].payload'", r#"[{"n":0},{"n":1}]"#, r#"[{"n":0},{"n":1,"payload":9}]"#),
    ] {
        give(&[(&pass(path), input, output)]);
    }
    for (path, input) in [("$.a.b", r#"{"a":1}"#), ("$.a", "[1]"), ("$.a", "null"), ("'$.l[2]'", r#"{"l":[1]}"#)] {
        let failure = given(&states(&pass(path))).input(input).run().failure();
        assert!(failure.starts_with("FAILED States.ResultPathMatchFailure: "), "{path} {input}: {failure}");
    }
}

#[test]
fn output_path() {
    give(&[
        ("A: {Type: Pass, OutputPath: $.a, End: true}", r#"{"a":[1]}"#, "[1]"),
        ("A: {Type: Pass, OutputPath: null, End: true}", r#"{"a":[1]}"#, "{}"),
        ("A: {Type: Pass, Result: 1, ResultPath: $.r, OutputPath: $.r, End: true}", "{}", "1"),
        ("A: {Type: Wait, Seconds: 0, OutputPath: $.a, End: true}", r#"{"a":1}"#, "1"),
        ("A: {Type: Succeed, OutputPath: $.a}", r#"{"a":1}"#, "1"),
        ("A: {Type: Pass, OutputPath: $$.StateMachine.Name, End: true}", "{}", r#""m""#),
    ]);
    fail(&[(
        "A: {Type: Pass, OutputPath: $.no.such.path, End: true}",
        "{}",
        "FAILED States.Runtime: Invalid path '$.no.such.path' : Missing property in path $['no']",
    )]);
}

#[test]
fn all_five_in_one_task() {
    let machine = states(
        "A: {Type: Task, Resource: 'arn:aws:states:::lambda:invoke', InputPath: $.in, Parameters: {p.$: $.x}, \
         ResultSelector: {s.$: $.r, t.$: $$.State.Name}, ResultPath: $.out, OutputPath: $.out, End: true}",
    );
    let run = given(&machine).input(r#"{"in":{"x":1}}"#).task("A", &[returns(r#"{"r":2,"more":3}"#)]).run();
    assert_eq!(run.output(), r#"{"s":2,"t":"A"}"#);
    assert_eq!(run.task_inputs(), [r#"{"p":1}"#]);
}

#[test]
fn a_payload_may_have_256_kib() {
    // The text and its two quotes.
    let fits = format!("\"{}\"", "x".repeat(MAX_PAYLOAD - 2));
    let too_long = format!("\"{}\"", "x".repeat(MAX_PAYLOAD - 1));
    // Bytes of UTF-8 count, not characters.
    let wide = format!("\"{}\"", "é".repeat(MAX_PAYLOAD / 2));
    let task = states("A: {Type: Task, Resource: 'arn:aws:states:::lambda:invoke', End: true}");
    assert_eq!(given(&task).task("A", &[returns(&fits)]).run().output().len(), MAX_PAYLOAD);
    for result in [&too_long, &wide] {
        assert_eq!(
            given(&task).task("A", &[returns(result)]).run().failure(),
            "FAILED States.DataLimitExceeded: The state/task 'lambda' returned a result with a size exceeding the maximum number of bytes service limit."
        );
    }
    let doubled = "Type: Pass, Parameters: {a.$: $, b.$: $}";
    let half = format!("\"{}\"", "x".repeat(MAX_PAYLOAD / 2));
    fail(&[
        (
            &format!("A: {{{doubled}, End: true}}"),
            &half,
            "FAILED States.DataLimitExceeded: The state/task 'A' returned a result with a size exceeding the maximum number of bytes service limit.",
        ),
        (
            "A: {Type: Pass, ResultPath: $.again, End: true}",
            &format!("{{\"a\":{half}}}"),
            "FAILED States.DataLimitExceeded: The state/task 'A' returned a result with a size exceeding the maximum number of bytes service limit.",
        ),
    ]);
}
