//! JSONata states: where expressions stand, what they see, how they fail.

use std::sync::Arc;

use asldb::asl::StateMachine;

use crate::vocabulary::{Run, given, hangs, has_history, machine, returns, states, throws};

/// States of a JSONata machine, one a line; the first is where it starts.
fn jsonata(text: &str) -> Arc<StateMachine> {
    let start = text.trim_start().split(':').next().expect("a state").trim();
    let states: String = text.lines().map(|line| format!("  {line}\n")).collect();
    machine(&format!("QueryLanguage: JSONata\nStartAt: {start}\nStates:\n{states}"))
}

fn give(rows: &[(&str, &str, &str)]) {
    for (text, input, output) in rows {
        assert_eq!(given(&jsonata(text)).input(input).run().output(), *output, "{text}\ngiven {input}");
    }
}

/// The failure of a run without tasks, less the words that name the state.
fn failure(text: &str, input: &str) -> String {
    given(&jsonata(text)).input(input).run().failure()
}

const INVOKE: &str = "Type: Task, Resource: 'arn:aws:states:::lambda:invoke'";

#[test]
fn output_is_any_json_and_strings_between_delimiters_are_evaluated() {
    give(&[
        ("A: {Type: Pass, End: true}", r#"{"a":1}"#, r#"{"a":1}"#),
        ("A: {Type: Pass, Output: '{% $states.input.a + 1 %}', End: true}", r#"{"a":1}"#, "2"),
        (
            "A: {Type: Pass, Output: {a: ['{% $states.input %}', $x], b: null}, End: true}",
            "3",
            r#"{"a":[3,"$x"],"b":null}"#,
        ),
        ("A: {Type: Pass, Output: '', End: true}", "{}", r#""""#),
        ("A: {Type: Succeed, Output: '{% $states.context.State.Name %}'}", "{}", r#""A""#),
        ("A: {Type: Wait, Seconds: '{% 1 + 1 %}', Output: 5, End: true}", "{}", "5"),
        // Nothing inside an object constructor drops the key, a function of JSONata itself.
        ("A: {Type: Pass, Output: '{% {\"a\": $states.input.x, \"b\": 1} %}', End: true}", "{}", r#"{"b":1}"#),
    ]);
}

#[test]
fn what_a_task_is_given_and_gives() {
    let rows = [
        ("", r#"{"i":1}"#, r#"{"r":2}"#),
        ("Arguments: {p: '{% $states.input.i %}'}, ", r#"{"p":1}"#, r#"{"r":2}"#),
        ("Arguments: '{% $states.input %}', Output: '{% $states.result.r %}', ", r#"{"i":1}"#, "2"),
        ("Output: {in: '{% $states.input %}'}, ", r#"{"i":1}"#, r#"{"in":{"i":1}}"#),
    ];
    for (fields, arguments, output) in rows {
        let machine = jsonata(&format!("T: {{{INVOKE}, {fields}End: true}}"));
        let run = given(&machine).input(r#"{"i":1}"#).task("T", &[returns(r#"{"r":2}"#)]).run();
        assert_eq!((run.task_inputs(), run.output().as_str()), (vec![arguments], output), "{fields}");
    }
}

#[test]
fn output_and_assign_see_the_variables_the_state_was_entered_with() {
    give(&[(
        "A: {Type: Pass, Assign: {x: 1, y: '{% $states.input %}'}, Next: B}\n\
         B: {Type: Pass, Assign: {x: '{% $y %}', y: '{% $x %}'}, Output: '{% [$x, $y] %}', Next: C}\n\
         C: {Type: Pass, Output: {before: '{% $states.input %}', now: '{% [$x, $y] %}'}, End: true}",
        "2",
        r#"{"before":[1,2],"now":[2,1]}"#,
    )]);
}

#[test]
fn a_choice_takes_the_assign_and_output_of_its_rule_or_its_own() {
    let text = "A: {Type: Choice, Assign: {v: none}, Output: own, Default: V, Choices: [\
        {Condition: '{% $states.input = 1 %}', Assign: {v: one}, Output: '{% \"rule\" %}', Next: V},\
        {Condition: '{% $states.input = 2 %}', Assign: {v: two}, Next: V}]}\n\
        V: {Type: Pass, Output: {v: '{% $v %}', data: '{% $states.input %}'}, End: true}";
    give(&[
        (text, "1", r#"{"v":"one","data":"rule"}"#),
        (text, "2", r#"{"v":"two","data":2}"#),
        (text, "3", r#"{"v":"none","data":"own"}"#),
        ("A: {Type: Choice, Choices: [{Condition: true, Next: B}]}\nB: {Type: Succeed}", "4", "4"),
    ]);
}

#[test]
fn maps_and_parallels() {
    let each = "ItemProcessor: {StartAt: I, States: {I: {Type: Pass, Output: '{% $states.input %}', End: true}}}";
    give(&[
        (&format!("M: {{Type: Map, Items: '{{% $states.input.l %}}', {each}, End: true}}"), r#"{"l":[1,2]}"#, "[1,2]"),
        (&format!("M: {{Type: Map, Items: [7, '{{% $states.input %}}'], {each}, End: true}}"), "8", "[7,8]"),
        (&format!("M: {{Type: Map, {each}, Output: '{{% $sum($states.result) %}}', End: true}}"), "[1,2,3]", "6"),
        (
            &format!(
                "M: {{Type: Map, Items: '{{% $states.input.l %}}', MaxConcurrency: '{{% 1 %}}', {each}, End: true, \
                 ItemSelector: {{v: '{{% $states.context.Map.Item.Value %}}', n: '{{% $states.context.Map.Item.Index %}}', all: '{{% $count($states.input.l) %}}'}}}}"
            ),
            r#"{"l":["a","b"]}"#,
            r#"[{"v":"a","n":0,"all":2},{"v":"b","n":1,"all":2}]"#,
        ),
        (
            "P: {Type: Parallel, Arguments: '{% $states.input.a %}', Output: '{% $reverse($states.result) %}', End: true, Branches: [\
             {StartAt: B, States: {B: {Type: Pass, End: true}}}, {StartAt: C, States: {C: {Type: Pass, Output: c, End: true}}}]}",
            r#"{"a":1}"#,
            r#"["c",1]"#,
        ),
    ]);
}

#[test]
fn inner_states_read_outer_variables_and_keep_their_own() {
    give(&[(
        "A: {Type: Pass, Assign: {outer: 1}, Next: M}\n\
         M: {Type: Map, Items: [10, 20], Next: Z, ItemProcessor: {StartAt: I, States: {\
           I: {Type: Pass, Assign: {inner: '{% $states.input + $outer %}'}, Next: J}, J: {Type: Pass, Output: '{% $inner %}', End: true}}}}\n\
         Z: {Type: Pass, Output: {got: '{% $states.input %}', left: '{% $exists($inner) %}'}, End: true}",
        "{}",
        r#"{"got":[11,21],"left":false}"#,
    )]);
}

#[test]
fn both_languages_in_one_machine() {
    let machine = states(
        "A: {Type: Pass, Assign: {v.$: $.a}, Next: B}\n\
         B: {Type: Pass, QueryLanguage: JSONata, Assign: {w: '{% $v + 1 %}'}, Output: {b: '{% $v %}'}, Next: C}\n\
         C: {Type: Pass, Parameters: {b.$: $.b, w.$: $w}, End: true}",
    );
    assert_eq!(given(&machine).input(r#"{"a":1}"#).run().output(), r#"{"b":1,"w":2}"#);
    // The language of a Map is not that of the states inside.
    let machine = states(
        "M: {Type: Map, QueryLanguage: JSONata, Items: [{a: 1}], End: true, \
         ItemProcessor: {StartAt: I, States: {I: {Type: Pass, InputPath: $.a, End: true}}}}",
    );
    assert_eq!(given(&machine).run().output(), "[1]");
}

#[test]
fn catchers_shape_the_error_output() {
    for (catcher, output) in [
        ("", r#"{"Error":"E","Cause":"why"}"#),
        (", Output: '{% $states.errorOutput.Cause %}'", r#""why""#),
        (", Output: {in: '{% $states.input %}', e: '{% $states.errorOutput.Error %}'}", r#"{"in":{},"e":"E"}"#),
    ] {
        let text = format!(
            "T: {{{INVOKE}, Output: unused, Assign: {{v: unused}}, End: true, \
             Catch: [{{ErrorEquals: [States.ALL], Assign: {{v: '{{% $states.errorOutput.Error %}}'}}, Next: C{catcher}}}]}}\n\
             C: {{Type: Pass, Output: ['{{% $states.input %}}', '{{% $v %}}'], End: true}}"
        );
        let run = given(&jsonata(&text)).task("T", &[throws("E", "why")]).run();
        assert_eq!(run.output(), format!(r#"[{output},"E"]"#), "{catcher}");
    }
}

#[test]
fn failures_in_the_words_of_the_service() {
    let said = |expression: &str, field: &str, what: &str| {
        format!(
            "FAILED States.QueryEvaluationError: The JSONata expression '{expression}' specified for the field '{field}' {what}"
        )
    };
    let each = "ItemProcessor: {StartAt: I, States: {I: {Type: Pass, End: true}}}, End: true";
    for (text, input, failure_text) in [
        (
            "A: {Type: Pass, Output: {a: {b: [1, '{% $states.input.x %}']}}, End: true}".to_owned(),
            "{}",
            said("$states.input.x", "Output/a/b[1]", "returned nothing (undefined)."),
        ),
        (
            "A: {Type: Pass, Assign: {v: '{% $u %}'}, End: true}".to_owned(),
            "{}",
            said("$u", "Assign/v", "returned nothing (undefined)."),
        ),
        (
            "A: {Type: Pass, Output: '{% $sum %}', End: true}".to_owned(),
            "{}",
            said("$sum", "Output", "returned an unsupported result type."),
        ),
        (
            "A: {Type: Pass, Output: '{% 1 + \"a\" %}', End: true}".to_owned(),
            "{}",
            said(
                "1 + \"a\"",
                "Output",
                "threw an error during evaluation. T2002: The right side of the \"+\" operator must evaluate to a number",
            ),
        ),
        (
            "A: {Type: Choice, Choices: [{Condition: '{% 5 %}', Next: B}]}\nB: {Type: Succeed}".to_owned(),
            "{}",
            said("5", "Choices[0]/Condition", "returned an unexpected result type. Expected 'boolean', but was 'number' for value: 5"),
        ),
        (
            "A: {Type: Fail, Error: '{% [1] %}'}".to_owned(),
            "{}",
            said("[1]", "Error", "returned an unexpected result type. Expected 'string', but was 'array' for value: [1]"),
        ),
        (
            format!("A: {{Type: Map, Items: '{{% \"a\" %}}', {each}}}"),
            "{}",
            said("\"a\"", "Items", "returned an unexpected result type. Expected 'array', but was 'string' for value: \"a\""),
        ),
        (
            format!("A: {{Type: Map, {each}}}"),
            "1.5",
            "FAILED States.QueryEvaluationError: Map state input must be an array but was: 1.5".to_owned(),
        ),
        (
            "A: {Type: Wait, Seconds: '{% 1.6 %}', End: true}".to_owned(),
            "{}",
            "FAILED States.QueryEvaluationError: The Seconds field cannot be parsed as an integer: 1.6".to_owned(),
        ),
        (
            format!("A: {{{INVOKE}, TimeoutSeconds: '{{% -1 %}}', End: true}}"),
            "{}",
            "FAILED States.QueryEvaluationError: TimeoutSeconds must be between 0 and 99999999 but was: -1".to_owned(),
        ),
        (
            "A: {Type: Wait, Timestamp: '{% \"soon\" %}', End: true}".to_owned(),
            "{}",
            "FAILED States.QueryEvaluationError: The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: soon".to_owned(),
        ),
    ] {
        assert_eq!(failure(&text, input), failure_text, "{text}");
    }
}

#[test]
fn a_failure_on_entry_links_to_the_event_before() {
    let run = given(&jsonata("A: {Type: Pass, Next: B}\nB: {Type: Pass, Output: '{% $u %}', End: true}")).run();
    has_history(
        &run,
        "1 ExecutionStarted < 0
         2 PassStateEntered A < 0
         3 PassStateExited A < 2
         4 PassStateEntered B < 3
         5 EvaluationFailed < 3
         6 ExecutionFailed < 5",
    );
    let details = run.details("EvaluationFailed");
    assert!(details.contains(r#""location":"Output""#) && details.contains(r#""state":"B""#), "{details}");
    assert!(details.contains("An error occurred while executing the state 'B' (entered at the event id #4). "));
}

#[test]
fn a_wait_has_been_entered_when_its_time_is_evaluated() {
    has_history(
        &given(&jsonata("W: {Type: Wait, Seconds: '{% -1 %}', End: true}")).run(),
        "1 ExecutionStarted < 0
         2 WaitStateEntered W < 0
         3 EvaluationFailed < 2
         4 ExecutionFailed < 3",
    );
}

#[test]
fn a_map_that_cannot_start_fails_as_a_map() {
    let each = "ItemProcessor: {StartAt: I, States: {I: {Type: Pass, End: true}}}";
    let text = format!(
        "M: {{Type: Map, Items: '{{% 1 %}}', {each}, End: true, Catch: [{{ErrorEquals: [States.QueryEvaluationError], Next: C}}]}}\n\
         C: {{Type: Succeed, Output: caught}}"
    );
    has_history(
        &given(&jsonata(&text)).run(),
        "1 ExecutionStarted < 0
         2 MapStateEntered M < 0
         3 EvaluationFailed < 0
         4 MapStateFailed < 3
         5 MapStateExited M < 4
         6 SucceedStateEntered C < 5
         7 SucceedStateExited C < 6
         8 ExecutionSucceeded < 7",
    );
}

#[test]
fn failures_of_tasks_are_retried_and_caught_one_event_an_attempt() {
    let attempt = |fields: &str| -> Run {
        let text = format!(
            "T: {{{INVOKE}, {fields}, End: true, Retry: [{{ErrorEquals: [States.QueryEvaluationError], MaxAttempts: 2}}], \
             Catch: [{{ErrorEquals: [States.TaskFailed], Next: C}}]}}\nC: {{Type: Succeed, Output: caught}}"
        );
        given(&jsonata(&text)).task("T", &[returns("1")]).run()
    };
    let before = attempt("Arguments: '{% $u %}'");
    assert_eq!((before.count("EvaluationFailed"), before.count("TaskScheduled")), (3, 0));
    assert_eq!(before.output(), r#""caught""#);
    let after = attempt("Output: '{% $u %}'");
    assert_eq!((after.count("EvaluationFailed"), after.count("TaskSucceeded")), (3, 3));
    let count = attempt("Arguments: '{% $states.context.State.RetryCount = 2 ? {\"n\": 2} : $u %}'");
    assert_eq!(count.task_inputs(), [r#"{"n":2}"#]);
}

#[test]
fn a_failure_inside_is_caught_around() {
    let text = "P: {Type: Parallel, Branches: [{StartAt: B, States: {B: {Type: Pass, Output: '{% $u %}', End: true}}}], \
        Catch: [{ErrorEquals: [States.ALL], Output: '{% $states.errorOutput.Error %}', Next: C}], End: true}\n\
        C: {Type: Succeed}";
    let run = given(&jsonata(text)).run();
    assert_eq!((run.output().as_str(), run.count("EvaluationFailed")), (r#""States.QueryEvaluationError""#, 1));
}

#[test]
fn times_and_random_values_come_from_the_machine() {
    let text = "W: {Type: Wait, Seconds: 3, Next: A}\n\
        A: {Type: Pass, Output: ['{% $millis() %}', '{% $random() %}', '{% $uuid() %}', '{% $random(42) %}'], End: true}";
    let run = |seed| given(&jsonata(text)).seed(seed).run().output();
    assert!(run(1).starts_with("[1704067203000,0."), "{}", run(1));
    assert!(run(1).ends_with(",0.7275636800328681]"));
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
}

#[test]
fn a_wait_until_a_computed_moment() {
    let text = "W: {Type: Wait, Timestamp: '{% $states.input.at %}', End: true}";
    let run = given(&jsonata(text)).input(r#"{"at":"2024-01-01T00:00:07.5Z"}"#).run();
    assert_eq!(run.times("WaitStateExited"), [7.5]);
}

#[test]
fn evaluations_have_budgets() {
    for (expression, words) in [
        ("[1..900000] ~> $count()", "threw an error during evaluation: Expression evaluation memory limit exceeded"),
        ("($f := function($n){1 + $f($n)}; $f(1))", "threw an error during evaluation: Stack overflow error"),
    ] {
        let said = failure(&format!("A: {{Type: Pass, Output: '{{% {expression} %}}', End: true}}"), "{}");
        assert!(said.contains(words), "{said}");
    }
}

/// Every field that takes an expression: it gives what was written, and a value of another type fails in the words for
/// the field.
#[test]
fn fields_that_take_expressions() {
    let input = r#"{"n":2,"list":[1,2,3],"text":"t","role":"arn:aws:iam::1:role/r","at":"2024-01-01T00:00:04Z"}"#;
    let run = |text: &str| given(&jsonata(text)).input(input).task("T", &[hangs()]).run();
    for (fields, event, seconds) in [
        ("TimeoutSeconds: '{% $states.input.n %}'", "TaskTimedOut", 2.0),
        ("TimeoutSeconds: 90, HeartbeatSeconds: '{% $states.input.n + 1 %}'", "TaskTimedOut", 3.0),
    ] {
        assert_eq!(run(&format!("T: {{{INVOKE}, {fields}, End: true}}")).times(event), [seconds], "{fields}");
    }
    for (fields, seconds) in [("Seconds: '{% $states.input.n %}'", 2.0), ("Timestamp: '{% $states.input.at %}'", 4.0)] {
        assert_eq!(
            run(&format!("W: {{Type: Wait, {fields}, End: true}}")).times("WaitStateExited"),
            [seconds],
            "{fields}"
        );
    }
    let fail =
        run("F: {Type: Fail, Error: '{% $states.input.text & \"!\" %}', Cause: '{% $string($states.input.n) %}'}");
    assert_eq!(fail.failure(), "FAILED t!: 2");
    let role = run(&format!(
        "T: {{{INVOKE}, TimeoutSeconds: 1, Credentials: {{RoleArn: '{{% $states.input.role %}}'}}, End: true}}"
    ));
    assert!(role.details("TaskScheduled").contains(r#""taskCredentials":{"roleArn":"arn:aws:iam::1:role/r"}"#));
    let each = "ItemProcessor: {StartAt: W, States: {W: {Type: Wait, Seconds: 1, End: true}}}";
    let map = run(&format!(
        "M: {{Type: Map, Items: '{{% $states.input.list %}}', MaxConcurrency: '{{% $states.input.n %}}', \
         ItemSelector: {{v: '{{% $states.context.Map.Item.Value * 10 %}}', of: '{{% $states.input.text %}}'}}, {each}, End: true}}"
    ));
    assert_eq!(map.output(), r#"[{"v":10,"of":"t"},{"v":20,"of":"t"},{"v":30,"of":"t"}]"#);
    assert_eq!(map.times("MapStateExited"), [2.0]);
    let task = |fields: &str| format!("T: {{{INVOKE}, {fields}, End: true}}");
    let map = |fields: &str| format!("M: {{Type: Map, {fields}, {each}, End: true}}");
    for (text, cause) in [
        (task("TimeoutSeconds: '{% $states.input.text %}'"), "Expected 'number', but was 'string' for value: \"t\""),
        (task("HeartbeatSeconds: '{% 1.5 %}'"), "The HeartbeatSeconds field cannot be parsed as an integer: 1.5"),
        (task("HeartbeatSeconds: '{% -1 %}'"), "HeartbeatSeconds must be between 0 and 99999999 but was: -1"),
        (
            task("Credentials: {RoleArn: '{% 5 %}'}"),
            "The JSONata expression '5' specified for the field 'Credentials/RoleArn' returned an unexpected result type. Expected 'string', but was 'number' for value: 5",
        ),
        (
            map("Items: '{% $states.input.list %}', MaxConcurrency: '{% \"x\" %}'"),
            "specified for the field 'MaxConcurrency' returned an unexpected result type. Expected 'number'",
        ),
        (map("Items: [1], MaxConcurrency: '{% -1 %}'"), "MaxConcurrency must be between 0 and 2147483647 but was: -1"),
        ("W: {Type: Wait, Seconds: '{% \"x\" %}', End: true}".to_owned(), "Expected 'number', but was 'string'"),
        (
            "W: {Type: Wait, Timestamp: '{% 1 %}', End: true}".to_owned(),
            "Expected 'string', but was 'number' for value: 1",
        ),
        ("F: {Type: Fail, Cause: '{% {} %}'}".to_owned(), "Expected 'string', but was 'object' for value: {}"),
    ] {
        let failure = run(&text).failure();
        assert!(
            failure.starts_with("FAILED States.QueryEvaluationError: ") && failure.contains(cause),
            "{text}\n{failure}"
        );
    }
}

#[test]
fn fields_of_distributed_maps_that_take_expressions() {
    let text = |fields: &str| {
        format!(
            "M: {{Type: Map, {fields}, ItemProcessor: {{ProcessorConfig: {{Mode: DISTRIBUTED, ExecutionType: EXPRESS}}, \
             StartAt: I, States: {{I: {{Type: Choice, Default: S, Choices: [{{Condition: '{{% $states.input = 0 %}}', Next: X}}]}}, \
             X: {{Type: Fail}}, S: {{Type: Succeed}}}}}}, End: true}}"
        )
    };
    let map = |fields: &str| jsonata(&text(fields));
    let read = map(
        "ItemReader: {Resource: 'arn:aws:states:::s3:getObject', Arguments: {Bucket: '{% $states.input.b %}', Key: k}, \
          ReaderConfig: {InputType: JSON, MaxItems: '{% $states.input.n %}'}}, \
         ItemBatcher: {MaxItemsPerBatch: '{% $states.input.n - 1 %}', BatchInput: {of: '{% $states.input.b %}'}}, \
         ResultWriter: {Resource: 'arn:aws:states:::s3:putObject', Arguments: {Bucket: '{% $states.input.b %}', Prefix: p}}",
    );
    let run = given(&read).input(r#"{"b":"bucket","n":2}"#).parts(&[returns("[1,2]"), returns("[]")]).run();
    assert_eq!(run.asked, [r#"{"Bucket":"bucket","Key":"k"}"#, r#"{"Bucket":"bucket","Prefix":"p"} 2"#]);
    assert_eq!(
        run.log.executions.get(1).map(|it| it.execution.input.to_json()).as_deref(),
        Some(r#"{"BatchInput":{"of":"bucket"},"Items":[2]}"#)
    );
    for (fields, input, ok) in [
        ("ToleratedFailureCount: '{% $count($states.input[$ = 0]) %}'", "[0,1,0]", true),
        ("ToleratedFailureCount: '{% 1 %}'", "[0,1,0]", false),
        ("ToleratedFailurePercentage: '{% 50 %}'", "[0,1]", true),
        ("ToleratedFailurePercentage: '{% 49.5 %}'", "[0,1]", false),
    ] {
        let run = given(&map(fields)).input(input).run();
        assert_eq!(run.machine.status().name() == "SUCCEEDED", ok, "{fields}\n{}", run.history());
    }
    // What a field cannot be is a failed evaluation, which may be caught, unlike what a path leads to.
    for (fields, cause) in [
        ("ToleratedFailureCount: '{% -1 %}'", "ToleratedFailureCount cannot be negative."),
        ("ToleratedFailureCount: '{% 1.5 %}'", "The ToleratedFailureCount field cannot be parsed as an integer: 1.5"),
        ("ToleratedFailurePercentage: '{% 100.5 %}'", "ToleratedFailurePercentage must be between 0 and 100."),
        ("ItemBatcher: {MaxItemsPerBatch: '{% -1 %}'}", "MaxItemsPerBatch cannot be negative."),
        (
            "ItemBatcher: {MaxInputBytesPerBatch: '{% 0.5 %}'}",
            "The MaxInputBytesPerBatch field cannot be parsed as an integer: 0.5",
        ),
    ] {
        let caught = format!("{fields}, Catch: [{{ErrorEquals: [States.QueryEvaluationError], Next: C}}]");
        let caught = format!("{}\nC: {{Type: Succeed, Output: '{{% $states.input.Cause %}}'}}", text(&caught));
        let run = given(&jsonata(&caught)).input("[1]").run();
        assert!(run.output().ends_with(&format!("{cause}\"")), "{fields}\n{}", run.history());
    }
}
