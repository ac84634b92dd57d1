//! Retry: which retrier, how often, how long it waits, what is evaluated anew.

use crate::vocabulary::{Reply, given, hangs, has_history, returns, states, throws};

const INVOKE: &str = "Type: Task, Resource: 'arn:aws:states:::lambda:invoke'";

fn retry(retriers: &str, replies: &[Reply]) -> crate::vocabulary::Run {
    given(&states(&format!("T: {{{INVOKE}, Retry: [{retriers}], End: true}}"))).task("T", replies).run()
}

#[test]
fn delays() {
    for (retrier, seconds) in [
        // The defaults: 3 attempts, 1 s, twice as long each time.
        ("", vec![0.0, 1.0, 3.0, 7.0]),
        (", MaxAttempts: 1", vec![0.0, 1.0]),
        (", MaxAttempts: 0", vec![0.0]),
        (", IntervalSeconds: 5, MaxAttempts: 2", vec![0.0, 5.0, 15.0]),
        (", IntervalSeconds: 2, BackoffRate: 1.0", vec![0.0, 2.0, 4.0, 6.0]),
        (", IntervalSeconds: 2, BackoffRate: 1.5", vec![0.0, 2.0, 5.0, 9.5]),
        (", MaxDelaySeconds: 3, MaxAttempts: 5", vec![0.0, 1.0, 3.0, 6.0, 9.0, 12.0]),
    ] {
        let run = retry(&format!("{{ErrorEquals: [E]{retrier}}}"), &[throws("E", "c")]);
        assert_eq!(run.times("TaskScheduled"), seconds, "{retrier}");
        assert_eq!(run.failure(), "FAILED E: c");
    }
}

#[test]
fn full_jitter_stays_below_the_delay_and_follows_the_seed() {
    let machine = states(&format!(
        "T: {{{INVOKE}, Retry: [{{ErrorEquals: [E], JitterStrategy: FULL, IntervalSeconds: 10, MaxAttempts: 4}}], End: true}}"
    ));
    let times = |seed| given(&machine).seed(seed).task("T", &[throws("E", "c")]).run().times("TaskScheduled");
    let all: Vec<Vec<f64>> = (0..20).map(times).collect();
    for times in &all {
        let delays = times.windows(2).map(|pair| pair[1] - pair[0]);
        assert!(delays.zip([10.0, 20.0, 40.0, 80.0]).all(|(delay, most)| (0.0..=most).contains(&delay)), "{times:?}");
    }
    assert_eq!(times(3), all[3]);
    assert!(all.iter().any(|times| *times != all[0]));
}

#[test]
fn an_attempt_that_succeeds_goes_on() {
    let run = retry("{ErrorEquals: [States.ALL]}", &[throws("E", "c"), throws("F", "c"), returns("5")]);
    assert_eq!(run.output(), "5");
    has_history(
        &run,
        "1 ExecutionStarted < 0
         2 TaskStateEntered T < 0
         3 TaskScheduled < 2
         4 TaskStarted < 3
         5 TaskFailed < 4
         6 TaskScheduled < 5
         7 TaskStarted < 6
         8 TaskFailed < 7
         9 TaskScheduled < 8
         10 TaskStarted < 9
         11 TaskSucceeded < 10
         12 TaskStateExited T < 11
         13 ExecutionSucceeded < 12",
    );
}

#[test]
fn each_retrier_counts_for_itself() {
    let run = retry(
        "{ErrorEquals: [A], MaxAttempts: 2, BackoffRate: 1.0}, {ErrorEquals: [B], IntervalSeconds: 10, BackoffRate: 1.0}",
        &[throws("A", ""), throws("B", ""), throws("A", ""), throws("B", ""), throws("A", "")],
    );
    assert_eq!(run.times("TaskScheduled"), [0.0, 1.0, 11.0, 12.0, 22.0]);
    assert_eq!(run.failure(), "FAILED A: ");
    let counts: Vec<u32> = run.invoked.iter().map(|(.., count)| *count).collect();
    assert_eq!(counts, [0, 1, 2, 3, 4]);
}

#[test]
fn only_the_first_that_matches_counts_also_when_it_is_spent() {
    let run = retry(
        "{ErrorEquals: [A, B], MaxAttempts: 1}, {ErrorEquals: [B], MaxAttempts: 9}, {ErrorEquals: [States.ALL]}",
        &[throws("B", "c")],
    );
    assert_eq!((run.invoked.len(), run.failure().as_str()), (2, "FAILED B: c"));
}

#[test]
fn which_errors_which_names_match() {
    let timeout = || hangs();
    for (name, reply, retried) in [
        ("E", throws("E", ""), true),
        ("E", throws("e", ""), false),
        ("E", throws("EE", ""), false),
        ("States.ALL", throws("E", ""), true),
        ("States.TaskFailed", throws("E", ""), true),
        ("States.TaskFailed", throws("States.Permissions", ""), true),
        ("States.TaskFailed", timeout(), false),
        ("States.Timeout", timeout(), true),
        ("States.ALL", timeout(), true),
        ("States.HeartbeatTimeout", timeout(), false),
        // A task that says so itself changes nothing.
        ("States.ALL", throws("States.Runtime", ""), false),
        ("States.Runtime", throws("States.Runtime", ""), false),
        ("States.TaskFailed", throws("States.Timeout", ""), false),
    ] {
        let machine = states(&format!(
            "T: {{{INVOKE}, TimeoutSeconds: 2, Retry: [{{ErrorEquals: [{name}], MaxAttempts: 1}}], End: true}}"
        ));
        let run = given(&machine).task("T", &[reply]).run();
        assert_eq!(run.invoked.len() == 2, retried, "{name}\n{}", run.history());
    }
}

#[test]
fn a_missed_heartbeat_has_its_own_name() {
    for (name, retried) in [
        ("States.HeartbeatTimeout", true),
        ("States.Timeout", true),
        ("States.TaskFailed", false),
        ("States.ALL", true),
    ] {
        let machine = states(&format!(
            "T: {{{INVOKE}, TimeoutSeconds: 9, HeartbeatSeconds: 2, Retry: [{{ErrorEquals: [{name}], MaxAttempts: 1}}], End: true}}"
        ));
        let run = given(&machine).task("T", &[hangs()]).run();
        assert_eq!(run.invoked.len() == 2, retried, "{name}");
        assert_eq!(run.failure(), "FAILED States.Timeout");
    }
}

#[test]
fn the_parameters_are_evaluated_anew() {
    let machine = states(&format!(
        "T: {{{INVOKE}, InputPath: $.in, Parameters: {{n.$: $$.State.RetryCount, v.$: $.v}}, \
         Retry: [{{ErrorEquals: [States.ALL]}}], End: true}}"
    ));
    let run =
        given(&machine).input(r#"{"in":{"v":7}}"#).task("T", &[throws("E", ""), throws("E", ""), returns("1")]).run();
    assert_eq!(run.task_inputs(), [r#"{"n":0,"v":7}"#, r#"{"n":1,"v":7}"#, r#"{"n":2,"v":7}"#]);
}

#[test]
fn counters_begin_anew_with_each_visit() {
    let machine = states(&format!(
        "T: {{{INVOKE}, ResultPath: null, Retry: [{{ErrorEquals: [E], MaxAttempts: 1}}], Next: C}}\n\
         C: {{Type: Choice, Choices: [{{Variable: $.again, BooleanEquals: true, Next: P}}], Default: S}}\n\
         P: {{Type: Pass, Result: {{again: false}}, Next: T}}\n\
         S: {{Type: Succeed}}"
    ));
    let replies = [throws("E", ""), returns("1"), throws("E", ""), returns("1")];
    let run = given(&machine).input(r#"{"again":true}"#).task("T", &replies).run();
    assert_eq!(run.output(), r#"{"again":false}"#);
    let counts: Vec<u32> = run.invoked.iter().map(|(.., count)| *count).collect();
    assert_eq!(counts, [0, 1, 0, 1]);
}

#[test]
fn run_time_faults_are_not_retried() {
    let machine = states(&format!(
        "T: {{{INVOKE}, ResultSelector: {{a.$: $.none}}, Retry: [{{ErrorEquals: [States.ALL]}}], \
         Catch: [{{ErrorEquals: [States.ALL], Next: S}}], End: true}}\nS: {{Type: Succeed}}"
    ));
    let run = given(&machine).task("T", &[returns("{}")]).run();
    assert_eq!(run.invoked.len(), 1);
    assert!(run.failure().starts_with("FAILED States.Runtime: The JSONPath '$.none'"), "{}", run.failure());
    has_history(
        &run,
        "1 ExecutionStarted < 0
         2 TaskStateEntered T < 0
         3 TaskScheduled < 2
         4 TaskStarted < 3
         5 TaskSucceeded < 4
         6 ExecutionFailed < 5",
    );
}

#[test]
fn a_parallel_state_is_retried_as_a_whole() {
    let machine = states(
        "P: {Type: Parallel, Retry: [{ErrorEquals: [E], IntervalSeconds: 4}], End: true, Branches: [\
         {StartAt: T, States: {T: {Type: Task, Resource: 'arn:aws:states:::lambda:invoke', End: true}}}, \
         {StartAt: Q, States: {Q: {Type: Pass, Result: q, End: true}}}]}",
    );
    let run = given(&machine).task("T", &[throws("E", "c"), returns("1")]).run();
    assert_eq!(run.output(), r#"[1,"q"]"#);
    assert_eq!(run.times("ParallelStateStarted"), [0.0, 4.0]);
    assert_eq!((run.count("ParallelStateEntered"), run.count("ParallelStateFailed")), (1, 0));
}

#[test]
fn a_map_state_is_retried_as_a_whole() {
    let machine = states(
        "M: {Type: Map, Retry: [{ErrorEquals: [E], IntervalSeconds: 4, MaxAttempts: 1}], End: true, \
         ItemProcessor: {StartAt: T, States: {T: {Type: Task, Resource: 'arn:aws:states:::lambda:invoke', End: true}}}}",
    );
    let run =
        given(&machine).input("[1,2]").task("T", &[returns("0"), throws("E", "c"), returns("8"), returns("9")]).run();
    assert_eq!(run.output(), "[8,9]");
    assert_eq!(run.times("MapStateStarted"), [0.0, 4.0]);
    assert_eq!((run.count("MapIterationFailed"), run.count("MapStateFailed")), (1, 0));
}
