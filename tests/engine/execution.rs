//! The execution as a whole: its time, its end from outside, its limit of events, its context.

use asldb::engine::{EventId, Log, MAX_EVENTS, Machine, Outcome};

use crate::vocabulary::{Given, Run, START, give, given, hangs, has_history, machine, returns, states};

const TASK: &str = "Type: Task, Resource: 'arn:aws:states:::lambda:invoke'";

fn hanging(fields: &str) -> Given {
    let text = format!(
        "{fields}\nStartAt: T\nStates:\n  T: {{{TASK}, Catch: [{{ErrorEquals: [States.ALL], Next: S}}], End: true}}\n  S: {{Type: Succeed}}"
    );
    given(&machine(&text)).task("T", &[hangs()])
}

#[test]
fn the_time_of_the_machine_ends_it_whatever_it_catches() {
    let run = hanging("TimeoutSeconds: 30").run();
    assert_eq!((run.failure().as_str(), run.times("ExecutionTimedOut")), ("TIMED_OUT States.Timeout", vec![30.0]));
    has_history(
        &run,
        "1 ExecutionStarted < 0
         2 TaskStateEntered T < 0
         3 TaskScheduled < 2
         4 TaskStarted < 3
         5 ExecutionTimedOut < 0",
    );
    assert_eq!(run.details("ExecutionTimedOut"), r#"{"error":"States.Timeout"}"#);
    assert_eq!(run.cancelled.len(), 1);
}

#[test]
fn express_executions_live_five_minutes() {
    for (timeout, seconds) in [("Comment: none", 300.0), ("TimeoutSeconds: 7", 7.0), ("TimeoutSeconds: 900", 300.0)] {
        assert_eq!(hanging(timeout).express().run().times("ExecutionTimedOut"), [seconds]);
    }
}

#[test]
fn stopping() {
    let run = hanging("Comment: none").stopped(3, Some("Enough"), Some("said so")).run();
    assert_eq!((run.failure().as_str(), run.times("ExecutionAborted")), ("ABORTED Enough: said so", vec![3.0]));
    assert!(run.history().ends_with("ExecutionAborted < 0\n"));
    assert_eq!(run.details("ExecutionAborted"), r#"{"error":"Enough","cause":"said so"}"#);
    assert_eq!(run.cancelled.len(), 1);
    let run = hanging("Comment: none").stopped(3, None, None).run();
    assert_eq!(run.details("ExecutionAborted"), "{}");
}

#[test]
fn a_stopped_execution_does_nothing_more() {
    let machine = states(
        "M: {Type: Map, ItemProcessor: {StartAt: W, States: {W: {Type: Wait, Seconds: 9, End: true}}}, End: true}",
    );
    let run = given(&machine).input("[1,2,3]").stopped(5, None, None).run();
    assert_eq!((run.count("WaitStateExited"), run.count("WaitStateAborted")), (0, 0));
    assert!(run.history().ends_with("ExecutionAborted < 0\n"));
}

const LOOP: &str = "A: {Type: Choice, Choices: [{Variable: $.never, IsPresent: true, Next: C}], Default: B}\n\
                    B: {Type: Pass, Next: A}\nC: {Type: Succeed}";

fn last_events(run: &Run) -> Vec<String> {
    let history = run.history();
    history.lines().rev().take(2).map(str::to_owned).collect()
}

#[test]
fn event_25000_is_the_end() {
    let run = given(&states(LOOP)).run();
    assert_eq!(
        run.failure(),
        "FAILED States.Runtime: The execution reached the maximum number of history events (25000)."
    );
    assert_eq!(run.log.events.len(), MAX_EVENTS as usize);
    assert_eq!(last_events(&run), ["25000 ExecutionFailed < 24999", "24999 ChoiceStateExited A < 24998"]);
}

#[test]
fn events_of_iterations_count() {
    let machine = states(
        "M: {Type: Map, MaxConcurrency: 1, ItemProcessor: {StartAt: I, States: {I: {Type: Pass, End: true}}}, End: true}",
    );
    let items = |count: usize| format!("[{}]", vec!["0"; count].join(","));
    // 1 + Entered, Started, 4 an iteration, Succeeded, Exited, and the end.
    let most = (MAX_EVENTS as usize - 6) / 4;
    assert_eq!(given(&machine).input(&items(most)).run().log.events.len(), 4 * most + 6);
    let run = given(&machine).input(&items(most + 1)).run();
    assert!(run.failure().contains("maximum number of history events"), "{}", run.failure());
    assert_eq!(run.log.events.last().map(|event| event.id), Some(EventId(MAX_EVENTS)));
}

#[test]
fn no_task_is_run_after_the_last_event() {
    // Inside an iteration the numbers of events are such that the limit falls on each of the task's events in turn.
    let machine = states(&format!(
        "M: {{Type: Map, End: true, ItemProcessor: {{StartAt: A, States: {{\
         A: {{Type: Choice, Choices: [{{Variable: $.n, NumericLessThan: 6248, Next: B}}], Default: P}}, \
         B: {{Type: Pass, Parameters: {{n.$: 'States.MathAdd($.n, 1)', p.$: $.p}}, Next: A}}, \
         P: {{Type: Choice, Choices: [{{Variable: $.p, BooleanEquals: true, Next: Q}}], Default: T}}, \
         Q: {{Type: Pass, Next: T}}, T: {{{TASK}, End: true}}}}}}}}"
    ));
    let run = |n: usize, p: bool| {
        let run = given(&machine).input(&format!("[{{\"n\":{n},\"p\":{p}}}]")).task("T", &[returns("1")]).run();
        (run.count("TaskScheduled"), run.invoked.len(), last_events(&run)[1].clone())
    };
    assert_eq!(run(1, true), (0, 0, "24999 TaskStateEntered T < 24998".to_owned()));
    assert_eq!(run(1, false), (1, 1, "24999 TaskStarted < 24998".to_owned()));
}

#[test]
fn without_the_limit_it_goes_on() {
    let machine = states(
        "A: {Type: Choice, Choices: [{Variable: $.n, NumericLessThan: 9000, Next: B}], Default: C}\n\
         B: {Type: Pass, Parameters: {n.$: 'States.MathAdd($.n, 1)'}, Next: A}\nC: {Type: Succeed}",
    );
    let run = given(&machine).input(r#"{"n":0}"#).unlimited().run();
    assert_eq!((run.output().as_str(), run.log.events.len()), (r#"{"n":9000}"#, 36_006));
}

#[test]
fn the_context_object() {
    give(&[(
        "A: {Type: Wait, Timestamp: '2024-01-01T00:00:01.250Z', Next: B}\n\
         B: {Type: Pass, InputPath: $$, End: true}",
        r#"{"i":1}"#,
        r#"{"Execution":{"Id":"arn:aws:states:us-east-1:123456789012:execution:m:e","Input":{"i":1},"StartTime":"2024-01-01T00:00:00Z","Name":"e","RoleArn":"arn:aws:iam::123456789012:role/r","RedriveCount":0},"StateMachine":{"Id":"arn:aws:states:us-east-1:123456789012:stateMachine:m","Name":"m"},"State":{"Name":"B","EnteredTime":"2024-01-01T00:00:01.25Z"}}"#,
    )]);
    let express = given(&states("B: {Type: Pass, InputPath: $$.Execution, End: true}")).express().run();
    assert!(express.output().contains(r#""RedriveCount":0"#));
    let sync = given(&states("B: {Type: Pass, InputPath: $$.Execution, End: true}")).express_sync().run();
    assert!(!sync.output().contains("RedriveCount"));
}

#[test]
fn the_history_is_that_of_the_api() {
    let run = given(&states("A: {Type: Wait, Seconds: 1, End: true}")).input("[1]").run();
    assert_eq!(
        run.json().to_json(),
        concat!(
            r#"{"events":[{"timestamp":1.7040672E9,"type":"ExecutionStarted","id":1,"previousEventId":0,"executionStartedEventDetails":{"input":"[1]","inputDetails":{"truncated":false},"roleArn":"arn:aws:iam::123456789012:role/r"}},"#,
            r#"{"timestamp":1.7040672E9,"type":"WaitStateEntered","id":2,"previousEventId":0,"stateEnteredEventDetails":{"name":"A","input":"[1]","inputDetails":{"truncated":false}}},"#,
            r#"{"timestamp":1.704067201E9,"type":"WaitStateExited","id":3,"previousEventId":2,"stateExitedEventDetails":{"name":"A","output":"[1]","outputDetails":{"truncated":false}}},"#,
            r#"{"timestamp":1.704067201E9,"type":"ExecutionSucceeded","id":4,"previousEventId":3,"executionSucceededEventDetails":{"output":"[1]","outputDetails":{"truncated":false}}}]}"#
        )
    );
}

#[test]
fn seeds_make_runs_repeatable() {
    let machine =
        states("A: {Type: Pass, Parameters: {u.$: 'States.UUID()', r.$: 'States.MathRandom(1, 1000000)'}, End: true}");
    let run = |seed| given(&machine).seed(seed).run().output();
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
}

/// Who drives a machine may come late; the time was up when it was up.
#[test]
fn a_timeout_is_told_late_and_counts_from_the_start() {
    let machine = machine("TimeoutSeconds: 3\nStartAt: W\nStates:\n  W: {Type: Wait, Seconds: 9, End: true}");
    let mut run = given(&machine).run();
    run.log = Log::default();
    run.machine = Machine::start(run.machine.execution().as_ref().clone(), START, &mut run.log);
    while !matches!(run.machine.step(&mut run.log), Outcome::Waiting(_)) {}
    run.machine.advance(START.plus_millis(3_400));
    while !matches!(run.machine.step(&mut run.log), Outcome::Done) {}
    assert_eq!((run.times("ExecutionTimedOut"), run.machine.now()), (vec![3.0], START.plus_millis(3_400)));
}
