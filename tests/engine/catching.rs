//! Catch: which catcher, the error output and where it goes, Assign, failures while a failure is handled.

use asldb::engine::MAX_PAYLOAD;

use crate::vocabulary::{Run, fail, given, hangs, has_history, returns, states, throws};

/// A failing task with these catchers; `C` shows what it is given.
fn catch(catchers: &str, input: &str) -> Run {
    let machine = states(&format!(
        "T: {{Type: Task, Resource: 'arn:aws:states:::lambda:invoke', InputPath: $.in, Parameters: {{p: 1}}, \
         ResultPath: $.result, OutputPath: $.result, Catch: [{catchers}], Next: N}}\n\
         C: {{Type: Pass, End: true}}\nN: {{Type: Pass, Next: C}}"
    ));
    given(&machine).input(input).task("T", &[throws("E", "why")]).run()
}

#[test]
fn the_error_output_replaces_or_joins_the_raw_input() {
    for (result_path, output) in [
        ("", r#"{"Error":"E","Cause":"why"}"#),
        (", ResultPath: $", r#"{"Error":"E","Cause":"why"}"#),
        (", ResultPath: $.err", r#"{"in":{"v":1},"err":{"Error":"E","Cause":"why"}}"#),
        (", ResultPath: $.in.err", r#"{"in":{"v":1,"err":{"Error":"E","Cause":"why"}}}"#),
        (", ResultPath: null", r#"{"in":{"v":1}}"#),
    ] {
        let run = catch(&format!("{{ErrorEquals: [States.ALL], Next: C{result_path}}}"), r#"{"in":{"v":1}}"#);
        assert_eq!(run.output(), output);
    }
}

#[test]
fn the_first_that_matches_catches() {
    for (catchers, caught) in [
        ("{ErrorEquals: [E], Next: C}", true),
        ("{ErrorEquals: [X, E], Next: C}", true),
        ("{ErrorEquals: [X], Next: C}, {ErrorEquals: [States.TaskFailed], Next: C}", true),
        ("{ErrorEquals: [X], Next: C}", false),
        ("{ErrorEquals: [States.Timeout], Next: C}", false),
    ] {
        let run = catch(catchers, r#"{"in":1}"#);
        assert_eq!(run.count("TaskStateExited") == 1, caught, "{catchers}");
    }
}

#[test]
fn a_caught_failure_leaves_the_state() {
    has_history(
        &catch("{ErrorEquals: [E], Next: C}", r#"{"in":1}"#),
        "1 ExecutionStarted < 0
         2 TaskStateEntered T < 0
         3 TaskScheduled < 2
         4 TaskStarted < 3
         5 TaskFailed < 4
         6 TaskStateExited T < 5
         7 PassStateEntered C < 6
         8 PassStateExited C < 7
         9 ExecutionSucceeded < 8",
    );
}

#[test]
fn what_is_absent_is_null_in_the_error_output() {
    let machine = states(
        "T: {Type: Task, Resource: 'arn:aws:states:::lambda:invoke', TimeoutSeconds: 1, \
         Catch: [{ErrorEquals: [States.Timeout], Next: C}], End: true}\nC: {Type: Pass, End: true}",
    );
    assert_eq!(given(&machine).task("T", &[hangs()]).run().output(), r#"{"Error":"States.Timeout","Cause":null}"#);
}

#[test]
fn retries_come_before_catchers() {
    let machine = states(
        "T: {Type: Task, Resource: 'arn:aws:states:::lambda:invoke', Retry: [{ErrorEquals: [E], MaxAttempts: 2}], \
         Catch: [{ErrorEquals: [E], Next: C}], End: true}\nC: {Type: Pass, End: true}",
    );
    let run = given(&machine).task("T", &[throws("E", "why")]).run();
    assert_eq!((run.invoked.len(), run.output().as_str()), (3, r#"{"Error":"E","Cause":"why"}"#));
}

#[test]
fn the_assign_of_the_catcher_replaces_that_of_the_state() {
    let machine = states(
        "T: {Type: Task, Resource: 'arn:aws:states:::lambda:invoke', Assign: {v.$: $.r}, \
         Catch: [{ErrorEquals: [E], Assign: {v.$: $.Cause}, Next: C}, {ErrorEquals: [F], Next: C}], Next: C}\n\
         C: {Type: Pass, Parameters: {v.$: $v}, End: true}",
    );
    let run = |reply| given(&machine).task("T", &[reply]).run();
    assert_eq!(run(returns(r#"{"r":1}"#)).output(), r#"{"v":1}"#);
    assert_eq!(run(throws("E", "why")).output(), r#"{"v":"why"}"#);
    assert!(run(throws("F", "why")).failure().starts_with("FAILED States.Runtime: "));
}

#[test]
fn limits_can_be_caught() {
    let machine = states(
        "T: {Type: Task, Resource: 'arn:aws:states:::lambda:invoke', \
         Catch: [{ErrorEquals: [States.ALL], Next: C}], End: true}\nC: {Type: Pass, OutputPath: $.Error, End: true}",
    );
    let long = format!("\"{}\"", "x".repeat(MAX_PAYLOAD));
    assert_eq!(given(&machine).task("T", &[returns(&long)]).run().output(), r#""States.DataLimitExceeded""#);
}

#[test]
fn run_time_faults_are_not_caught() {
    fail(&[(
        "P: {Type: Parallel, Catch: [{ErrorEquals: [States.ALL], Next: S}], End: true, \
         Branches: [{StartAt: A, States: {A: {Type: Pass, InputPath: $.x, End: true}}}]}\nS: {Type: Succeed}",
        "{}",
        "FAILED States.Runtime: Invalid path '$.x' : No results for path: $['x']",
    )]);
}

/// A catcher whose own work fails is no case for a catcher of the same state: that could go on for ever.
#[test]
fn a_catcher_that_fails_is_not_caught_by_its_state() {
    let catcher = "{ErrorEquals: [States.ALL], ResultPath: $.err, Next: C}";
    let task = format!(
        "T: {{Type: Task, Resource: 'arn:aws:states:::lambda:invoke', Retry: [{{ErrorEquals: [States.ResultPathMatchFailure]}}], \
         Catch: [{catcher}], End: true}}\nC: {{Type: Pass, End: true}}"
    );
    // An array has no place for `err`.
    let run = given(&states(&task)).input("[1]").task("T", &[throws("E", "why")]).run();
    assert!(run.failure().starts_with("FAILED States.ResultPathMatchFailure: "), "{}", run.failure());
    assert_eq!(run.invoked.len(), 1);
    // With the error output it is too long.
    let input = format!("{{\"a\":\"{}\"}}", "x".repeat(MAX_PAYLOAD - 20));
    let run = given(&states(&task)).input(&input).task("T", &[throws("E", "why")]).run();
    assert!(run.failure().starts_with("FAILED States.DataLimitExceeded: "), "{}", run.failure());
    // What is around may catch it.
    let around = format!(
        "P: {{Type: Parallel, Catch: [{{ErrorEquals: [States.ALL], Next: S}}], End: true, Branches: [\
         {{StartAt: T, States: {{{}}}}}]}}\nS: {{Type: Pass, OutputPath: $.Error, End: true}}",
        task.replace('\n', ", ")
    );
    let run = given(&states(&around)).input("[1]").task("T", &[throws("E", "why")]).run();
    assert_eq!(run.output(), r#""States.ResultPathMatchFailure""#);
}

#[test]
fn fail_states() {
    fail(&[
        ("A: {Type: Fail, Error: E, Cause: why}", "{}", "FAILED E: why"),
        ("A: {Type: Fail, Error: E}", "{}", "FAILED E"),
        ("A: {Type: Fail}", "{}", "FAILED failed without error and cause"),
        ("A: {Type: Fail, ErrorPath: $.e, CausePath: $.c}", r#"{"e":"E","c":"why"}"#, "FAILED E: why"),
        ("A: {Type: Fail, Cause: c, ErrorPath: $$.Execution.Name}", "{}", "FAILED e: c"),
        (
            "A: {Type: Fail, Error: E, CausePath: \"States.Format('{} of {}', $.n, $.m)\"}",
            r#"{"n":1,"m":2}"#,
            "FAILED E: 1 of 2",
        ),
        ("A: {Type: Pass, Assign: {v: text}, Next: B}\nB: {Type: Fail, ErrorPath: $v}", "{}", "FAILED text"),
        (
            "A: {Type: Fail, ErrorPath: $.none}",
            "{}",
            "FAILED States.Runtime: The JSONPath '$.none' specified for the field 'ErrorPath' could not be found in the input '{}'",
        ),
    ]);
    let run = given(&states("A: {Type: Fail}")).run();
    has_history(&run, "1 ExecutionStarted < 0\n2 FailStateEntered A < 0\n3 ExecutionFailed < 2");
    assert_eq!(run.details("ExecutionFailed"), "{}");
}
