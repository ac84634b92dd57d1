//! Failures that are held: a step between them and what becomes of them, in which the run can be mended.

use asldb::engine::ChangeKind;

use crate::vocabulary::{Given, Run, given, has_history, json_value, machine, returns, states, throws};

const LAMBDA: &str = "arn:aws:states:::lambda:invoke";

fn data(json: &str) -> ChangeKind {
    ChangeKind::Data(json_value(json))
}

fn leave(json: &str) -> ChangeKind {
    ChangeKind::Leave { output: json_value(json), to: None }
}

/// A task that fails once, with more fields.
fn task(fields: &str) -> String {
    format!("T: {{Type: Task, Resource: '{LAMBDA}', {fields}}}")
}

fn mended(given: Given, name: &str, kind: ChangeKind) -> Run {
    let run = given.holding().mended(name, kind).run();
    assert_eq!(run.heard, [true], "{}", run.history());
    run
}

/// Where a state fails: its definition, the input, what its data is changed to there, the output.
const MENDED: [(&str, &str, &str, &str, &str); 10] = [
    (
        "C",
        "C: {Type: Choice, Choices: [{Variable: $.n, NumericEquals: 1, Next: P}]}\nP: {Type: Pass, End: true}",
        "{}",
        r#"{"n":1}"#,
        r#"{"n":1}"#,
    ),
    ("P", "P: {Type: Pass, InputPath: $.a, End: true}", "{}", r#"{"a":5}"#, "5"),
    (
        "P",
        "P: {Type: Pass, Parameters: {v.$: $.a}, ResultPath: $.r, End: true}",
        "{}",
        r#"{"a":5}"#,
        r#"{"a":5,"r":{"v":5}}"#,
    ),
    (
        "P",
        "P: {Type: Pass, InputPath: $.x, Parameters: {v.$: $.a}, ResultPath: $.r, End: true}",
        r#"{"x":{}}"#,
        r#"{"a":5}"#,
        r#"{"x":{},"r":{"v":5}}"#,
    ),
    ("P", "P: {Type: Pass, ResultPath: $.r, OutputPath: $.q, End: true}", r#"{"x":1}"#, r#"{"q":7}"#, "7"),
    ("W", "W: {Type: Wait, SecondsPath: $.s, End: true}", "{}", r#"{"s":1}"#, r#"{"s":1}"#),
    (
        "P",
        "P: {Type: Pass, QueryLanguage: JSONata, Output: '{% $states.input.a.b + 1 %}', End: true}",
        r#"{"a":{"b":"x"}}"#,
        r#"{"a":{"b":1}}"#,
        "2",
    ),
    (
        "C",
        "C: {Type: Choice, QueryLanguage: JSONata, Choices: [{Condition: '{% $states.input.n %}', Next: P}]}\nP: {Type: Pass, End: true}",
        r#"{"n":1}"#,
        r#"{"n":true}"#,
        r#"{"n":true}"#,
    ),
    (
        "M",
        "M: {Type: Map, ItemsPath: $.items, ItemProcessor: {StartAt: I, States: {I: {Type: Pass, End: true}}}, End: true}",
        "{}",
        r#"{"items":[1,2]}"#,
        "[1,2]",
    ),
    (
        "I",
        "M: {Type: Map, ItemProcessor: {StartAt: I, States: {I: {Type: Pass, InputPath: $.v, End: true}}}, End: true}",
        "[{\"v\":1},{}]",
        r#"{"v":2}"#,
        "[1,2]",
    ),
];

#[test]
fn with_other_data_the_stage_that_failed_is_done_again() {
    for (name, text, input, value, output) in MENDED {
        let machine = states(text);
        let failed = given(&machine).input(input).holding().run();
        assert_eq!(failed.machine.status().name(), "FAILED", "{text}");
        let run = mended(given(&machine).input(input), name, data(value));
        assert_eq!(run.output(), output, "{text}\n{}", run.history());
    }
}

#[test]
fn a_task_is_called_again_with_the_data_that_was_mended() {
    let machine = states(&task("Parameters: {n.$: $.n}, ResultPath: $.r, End: true"));
    let given = given(&machine).input(r#"{"n":0}"#).task("T", &[throws("Zero", "no"), returns("[1]")]);
    let run = mended(given, "T", data(r#"{"n":1}"#));
    assert_eq!(run.output(), r#"{"n":0,"r":[1]}"#);
    assert_eq!(run.task_inputs(), [r#"{"n":0}"#, r#"{"n":1}"#]);
    has_history(
        &run,
        "1 ExecutionStarted < 0
         2 TaskStateEntered T < 0
         3 TaskScheduled < 2
         4 TaskStarted < 3
         5 TaskFailed < 4
         6 TaskScheduled < 5
         7 TaskStarted < 6
         8 TaskSucceeded < 7
         9 TaskStateExited T < 8
         10 ExecutionSucceeded < 9",
    );
}

#[test]
fn a_result_that_does_not_fit_is_mended_without_calling_the_task_again() {
    let machine = states(&task("ResultSelector: {v.$: $.answer}, End: true"));
    let run = mended(given(&machine).task("T", &[returns("{}")]), "T", data(r#"{"answer":42}"#));
    assert_eq!(run.output(), r#"{"v":42}"#);
    assert_eq!(run.invoked.len(), 1);
}

#[test]
fn the_state_is_done_again_before_its_retrier_and_its_catcher_are_asked() {
    let fields = "Retry: [{ErrorEquals: [E]}], Catch: [{ErrorEquals: [E], Next: P}], End: true";
    let machine = states(&format!("{}\nP: {{Type: Pass, Result: caught, End: true}}", task(fields)));
    let replies = [throws("E", ""), returns("1")];
    let run = mended(given(&machine).task("T", &replies), "T", ChangeKind::Again);
    assert_eq!(run.output(), "1");
    // No time passes as with a retrier, and none of its attempts is spent.
    assert_eq!(run.times("TaskScheduled"), [0.0, 0.0]);
    assert_eq!(run.invoked[1].2, 0);
}

#[test]
fn the_state_is_done_again_from_its_input() {
    let text = "P: {Type: Pass, InputPath: $.a, Parameters: {v.$: $v}, End: true}";
    let machine = states(text);
    let set = ChangeKind::Variable { name: "v".into(), value: json_value("3") };
    // Where the variable is missing, that is mended, too.
    assert_eq!(mended(given(&machine).input(r#"{"a":{}}"#), "P", set).output(), r#"{"v":3}"#);
    let run = mended(given(&machine).input("{}"), "P", ChangeKind::Again);
    assert!(run.failure().contains("$.a"), "InputPath fails again: {}", run.failure());
}

#[test]
fn a_state_that_failed_is_left_with_a_result_by_hand() {
    let machine = states(&format!("{}\nP: {{Type: Pass, End: true}}", task("Next: P")));
    let run = mended(given(&machine).task("T", &[throws("E", "")]), "T", leave("9"));
    assert_eq!(run.output(), "9");
}

#[test]
fn a_child_execution_is_mended_as_well() {
    let machine = machine(&format!(
        "StartAt: M\nStates: {{M: {{Type: Map, ItemProcessor: {{ProcessorConfig: {{Mode: DISTRIBUTED, ExecutionType: STANDARD}}, \
         StartAt: I, States: {{I: {{Type: Task, Resource: '{LAMBDA}', End: true}}}}}}, End: true}}}}"
    ));
    let given = given(&machine).input("[1,2]").task("I", &[throws("E", ""), returns("5"), returns("6")]);
    let run = mended(given, "I", data("3"));
    assert_eq!(run.output(), "[5,6]", "{}", run.history());
}

#[test]
fn a_failure_of_a_branch_is_held_once_where_it_arose() {
    let text = format!(
        "A: {{Type: Parallel, Branches: [{{StartAt: T, States: {{{}}}}}], Retry: [{{ErrorEquals: [E]}}], End: true}}",
        task("End: true")
    );
    let machine = states(&text);
    let given = given(&machine).task("T", &[throws("E", ""), returns("1")]).mended("A", data("0"));
    let run = given.holding().run();
    assert_eq!((run.output().as_str(), run.heard.len()), ("[1]", 0));
}
