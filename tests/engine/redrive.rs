//! Executions that failed, ran over their time or were stopped go on where they stood.

use asldb::engine::{MapRunId, MapRunStatus, Signal, Status};

use crate::vocabulary::{Given, Run, given, hangs, has_history, machine, returns, states, throws};

const TASK: &str = "Type: Task, Resource: 'arn:aws:states:::lambda:invoke'";

fn flow(text: &str) -> Given {
    given(&states(&text.replace("TASK", TASK)))
}

/// The events from id `first` on.
fn has_rest(run: &Run, first: usize, expected: &str) {
    let history = run.history();
    let rest: Vec<&str> = history.lines().skip(first - 1).collect();
    let expected: Vec<&str> = expected.trim().lines().map(str::trim).collect();
    assert_eq!(rest, expected, "\n{history}");
}

#[test]
fn a_failed_task_is_scheduled_again_from_where_its_state_was_entered() {
    let run = flow("A: {Type: Pass, Result: 7, ResultPath: $.a, Next: T}\nT: {TASK, ResultPath: $.t, Next: Z}\nZ: {Type: Pass, End: true}")
        .task("T", &[throws("E", "why"), returns("8")])
        .run();
    assert_eq!(run.failure(), "FAILED E: why");
    let run = run.redriven(60);
    assert_eq!(run.output(), r#"{"a":7,"t":8}"#);
    has_rest(
        &run,
        4,
        "4 TaskStateEntered T < 3
         5 TaskScheduled < 4
         6 TaskStarted < 5
         7 TaskFailed < 6
         8 ExecutionFailed < 7
         9 ExecutionRedriven < 8
         10 TaskScheduled < 4
         11 TaskStarted < 10
         12 TaskSucceeded < 11
         13 TaskStateExited T < 12
         14 PassStateEntered Z < 13
         15 PassStateExited Z < 14
         16 ExecutionSucceeded < 15",
    );
    assert_eq!(run.details("ExecutionRedriven"), r#"{"redriveCount":1}"#);
}

#[test]
fn the_context_knows_of_the_redrive_and_keeps_the_times_of_before() {
    let parameters = "Parameters: {run.$: $$.Execution, at.$: $$.State.EnteredTime, n.$: $$.State.RetryCount}";
    let run = flow(&format!("T: {{TASK, {parameters}, Retry: [{{ErrorEquals: [E], MaxAttempts: 1}}], End: true}}"))
        .task("T", &[throws("E", "1"), throws("E", "2"), throws("E", "3"), throws("E", "4"), returns("1")])
        .run()
        .redriven(60)
        .redriven(60);
    let retries: Vec<u32> = run.invoked.iter().map(|(_, _, retry)| *retry).collect();
    assert_eq!(retries, [0, 1, 0, 1, 0]);
    let inputs = run.task_inputs();
    assert!(inputs[1].contains(r#""RedriveCount":0}"#), "{}", inputs[1]);
    assert!(inputs[2].contains(r#""RedriveCount":1,"RedriveTime":"2024-01-01T00:01:01"#), "{}", inputs[2]);
    assert!(inputs[4].contains(r#""RedriveCount":2,"RedriveTime":"2024-01-01T00:02:02"#), "{}", inputs[4]);
    for input in inputs {
        assert!(
            input.contains(r#""StartTime":"2024-01-01T00:00:00"#) && input.contains(r#""at":"2024-01-01T00:00:00"#)
        );
    }
    assert_eq!(run.output(), "1");
}

#[test]
fn each_type_of_state_goes_on_in_its_way() {
    for (text, failure, rest) in [
        // It fails again, and is not entered again.
        ("F: {Type: Fail, Error: E, Cause: c}", "FAILED E: c", "4 ExecutionRedriven < 3\n5 ExecutionFailed < 4"),
        // Its rules are looked at again.
        (
            "C: {Type: Choice, Choices: [{Variable: $.none, IsNull: true, Next: S}]}\nS: {Type: Succeed}",
            "FAILED States.Runtime: Invalid path '$.none': The choice state's condition path references an invalid value.",
            "4 ExecutionRedriven < 3\n5 ExecutionFailed < 4",
        ),
    ] {
        let run = flow(text).run().redriven(1);
        assert_eq!(run.failure(), failure, "{text}");
        has_rest(&run, 4, rest);
    }
}

#[test]
fn a_wait_begins_anew_unless_its_time_has_come() {
    for (wait, stopped, ends) in
        [("Seconds: 30", 10, 10 + 60 + 30), ("Timestamp: '2024-01-01T00:00:30Z'", 10, 70), ("Seconds: 5", 2, 67)]
    {
        let run = flow(&format!("W: {{Type: Wait, {wait}, Next: Z}}\nZ: {{Type: Pass, End: true}}"))
            .stopped(stopped, None, None)
            .run();
        assert_eq!(run.machine.status().name(), "ABORTED");
        let run = run.redriven(60);
        let exits = run.times("WaitStateExited");
        assert_eq!(exits, [f64::from(ends)], "{wait}\n{}", run.history());
        has_rest(
            &run,
            3,
            "3 ExecutionAborted < 0
             4 ExecutionRedriven < 3
             5 WaitStateExited W < 2
             6 PassStateEntered Z < 5
             7 PassStateExited Z < 6
             8 ExecutionSucceeded < 7",
        );
    }
}

#[test]
fn only_branches_that_failed_or_were_stopped_run_again() {
    let run = flow("P: {Type: Parallel, End: true, Branches: [{StartAt: A, States: {A: {TASK, End: true}}}, {StartAt: B, States: {B: {TASK, End: true}}}, {StartAt: C, States: {C0: {Type: Pass, Next: C1}, C: {Type: Pass, Next: C0}, C1: {TASK, End: true}}}]}")
        .task("A", &[returns("1")])
        .task("B", &[throws("E", "why").after(2), returns("2").after(5)])
        .task("C1", &[hangs(), returns("3")])
        .run();
    assert_eq!(run.failure(), "FAILED E: why");
    let before = run.log.events.len();
    let run = run.redriven(60);
    assert_eq!(run.output(), "[1,2,3]");
    let history = run.history();
    let entered = |name: &str| {
        let line = history.lines().find(|line| line.ends_with(name) || line.contains(&format!("Entered {name} <")));
        line.and_then(|line| line.split(' ').next()).expect("it was entered").to_owned()
    };
    let (b, c) = (entered("B"), entered("C1"));
    has_rest(
        &run,
        before + 1,
        &format!(
            "{n1} ExecutionRedriven < {n0}
             {n2} TaskScheduled < {b}
             {n3} TaskStarted < {n2}
             {n4} TaskScheduled < {c}
             {n5} TaskStarted < {n4}
             {n6} TaskSucceeded < {n5}
             {n7} TaskStateExited C1 < {n6}
             {n8} TaskSucceeded < {n3}
             {n9} TaskStateExited B < {n8}
             {n10} ParallelStateSucceeded < {n9}
             {n11} ParallelStateExited P < {n9}
             {n12} ExecutionSucceeded < {n11}",
            n0 = before,
            n1 = before + 1,
            n2 = before + 2,
            n3 = before + 3,
            n4 = before + 4,
            n5 = before + 5,
            n6 = before + 6,
            n7 = before + 7,
            n8 = before + 8,
            n9 = before + 9,
            n10 = before + 10,
            n11 = before + 11,
            n12 = before + 12,
        ),
    );
}

#[test]
fn iterations_that_had_not_begun_begin() {
    let run = flow(
        "M: {Type: Map, MaxConcurrency: 1, End: true, ItemProcessor: {StartAt: T, States: {T: {TASK, End: true}}}}",
    )
    .input("[0,1,2]")
    .task("T", &[returns("10"), throws("E", "why"), returns("11"), returns("12")])
    .run()
    .redriven(60);
    assert_eq!(run.output(), "[10,11,12]");
    assert_eq!(run.task_inputs(), ["0", "1", "1", "2"]);
    let started: usize = run.count("MapIterationStarted");
    assert_eq!((run.count("MapStateStarted"), started, run.count("MapIterationFailed")), (1, 3, 1));
}

#[test]
fn an_iteration_whose_input_could_not_be_made_is_made_again() {
    let text = "M: {QueryLanguage: JSONata, Type: Map, End: true, ItemSelector: {v: \"{% $states.context.Execution.RedriveCount = 0 ? $error('no') : $states.context.Map.Item.Value %}\"}, ItemProcessor: {StartAt: T, States: {T: {Type: Pass, End: true}}}}";
    let run = flow(text).input("[1]").run();
    assert!(run.failure().contains("QueryEvaluationError"), "{}", run.failure());
    let run = run.redriven(1);
    assert_eq!((run.output().as_str(), run.count("MapIterationStarted")), (r#"[{"v":1}]"#, 1));
}

#[test]
fn nested_states_go_on_at_their_deepest_failure() {
    let inner = "{StartAt: M, States: {M: {Type: Map, End: true, ItemProcessor: {StartAt: T, States: {T: {TASK, End: true}}}}}}";
    let run = flow(&format!(
        "P: {{Type: Parallel, End: true, Branches: [{inner}, {{StartAt: O, States: {{O: {{TASK, End: true}}}}}}]}}"
    ))
    .input("[1,2]")
    .task("T", &[returns("1"), throws("E", "1").after(1), throws("E", "2"), returns("2")])
    .task("O", &[hangs(), hangs(), returns("3")])
    .run()
    .redriven(10)
    .redriven(10);
    assert_eq!(run.output(), "[[1,2],3]");
    let invoked: Vec<&str> = run.invoked.iter().map(|(state, ..)| state.as_str()).collect();
    assert_eq!(invoked.iter().filter(|state| **state == "T").count(), 4, "{invoked:?}");
    assert_eq!((run.count("ParallelStateStarted"), run.count("MapStateStarted")), (1, 1));
}

#[test]
fn what_was_too_large_is_done_again_as_a_whole() {
    let big = "States.Format('{}{}{}{}', $.t, $.t, $.t, $.t)";
    let run = flow(&format!("P: {{Type: Parallel, End: true, ResultSelector: {{b.$: {big:?}}}, Branches: [{{StartAt: A, States: {{A: {{TASK, End: true}}}}}}]}}").replace("$.t", "$[0]"))
        .task("A", &[returns(&format!("{:?}", "x".repeat(100_000))), returns("\"small\"")])
        .run();
    assert!(run.failure().contains("DataLimitExceeded"), "{}", run.failure());
    let run = run.redriven(1);
    assert_eq!(run.output(), r#"{"b":"smallsmallsmallsmall"}"#);
    assert_eq!(run.count("ParallelStateStarted"), 2);
}

#[test]
fn a_failure_that_was_caught_before_leaves_nothing_behind() {
    let run = flow("P: {Type: Parallel, Next: T, Branches: [{StartAt: A, States: {A: {TASK, End: true}}}], Catch: [{ErrorEquals: [E], Next: T}]}\nT: {TASK, End: true}")
        .task("A", &[throws("E", "why")])
        .task("T", &[throws("F", "why"), returns("1")])
        .run()
        .redriven(1);
    assert_eq!((run.output().as_str(), run.invoked.len()), ("1", 3));
}

#[test]
fn the_time_of_the_execution_and_of_tasks_starts_anew() {
    let definition =
        format!("{{StartAt: T, TimeoutSeconds: 10, States: {{T: {{{TASK}, TimeoutSeconds: 8, End: true}}}}}}");
    let run = given(&machine(&definition)).task("T", &[hangs(), hangs(), returns("1").after(7)]).run();
    assert_eq!(run.failure(), "FAILED States.Timeout");
    let run = run.redriven_and(100, vec![(3, Signal::Stop { error: None, cause: None })]);
    assert_eq!(run.machine.status().name(), "ABORTED");
    let run = run.redriven(100);
    assert_eq!(run.output(), "1");
    let definition = format!("{{StartAt: T, TimeoutSeconds: 10, States: {{T: {{{TASK}, End: true}}}}}}");
    let run = given(&machine(&definition)).task("T", &[hangs(), hangs(), returns("1").after(9)]).run();
    assert_eq!(run.machine.status().name(), "TIMED_OUT");
    let run = run.redriven(100);
    assert_eq!((run.machine.status().name(), run.times("ExecutionTimedOut")), ("TIMED_OUT", vec![10.0, 120.0]));
    assert_eq!(run.redriven(1).output(), "1");
}

#[test]
fn who_can_be_redriven() {
    let redrives = |run: &mut Run| run.machine.signal(Signal::Redrive, &mut run.log);
    let mut done = flow("A: {Type: Pass, End: true}").run();
    assert!(!redrives(&mut done), "it succeeded");
    let mut express = flow("A: {Type: Fail}").express().run();
    assert!(!redrives(&mut express), "it is Express");
    let mut full = flow("A: {Type: Pass, Next: B}\nB: {Type: Choice, Choices: [{Variable: $.x, IsPresent: true, Next: C}], Default: A}\nC: {Type: Fail}").run();
    assert!(matches!(full.machine.status(), Status::Failed(_)) && !redrives(&mut full), "there is no room");
    let mut running = flow("F: {Type: Fail}").run().redriven(1);
    assert!(redrives(&mut running) && !redrives(&mut running), "it runs already");
}

#[test]
fn tokens_are_new() {
    let run = flow("T: {Type: Task, Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken', Parameters: {t.$: $$.Task.Token}, End: true}")
        .task("T", &[throws("E", "why"), returns("1")])
        .run()
        .redriven(1);
    let inputs = run.task_inputs();
    assert_ne!(inputs[0], inputs[1]);
}

// ---- Map Runs

fn distributed(kind: &str, fields: &str, inner: &str) -> Given {
    flow(&format!(
        "M: {{Type: Map, {fields} End: true, ItemProcessor: {{ProcessorConfig: {{Mode: DISTRIBUTED, ExecutionType: {kind}}}, StartAt: B, States: {{B: {{Type: Pass, ResultPath: $.b, Parameters: {{n.$: $$.Execution.RedriveCount}}, Next: T}}, {inner}}}}}}}"
    ))
}

const CHILD: &str = "T: {TASK, ResultPath: $.t, Parameters: {n.$: $$.Execution.RedriveCount}, End: true}";
const ITEMS: &str = "[{},{},{},{}]";

#[test]
fn a_map_run_goes_on_with_what_did_not_succeed() {
    let run = distributed("STANDARD", "MaxConcurrency: 2,", CHILD)
        .input(ITEMS)
        .task("T", &[returns("0"), throws("E", "why").after(3), hangs(), returns("1"), returns("2"), returns("3")])
        .run();
    let counts = run.machine.map_runs()[0].executions;
    assert_eq!((counts.succeeded, counts.failed, counts.aborted, counts.pending), (1, 1, 1, 1));
    let arn = run.machine.map_runs()[0].arn.clone();
    let run = run.redriven(60);
    let output = run.output();
    assert_eq!(output, r#"[{"b":{"n":0},"t":0},{"b":{"n":0},"t":1},{"b":{"n":0},"t":2},{"b":{"n":0},"t":3}]"#);
    has_history(
        &run,
        "1 ExecutionStarted < 0
         2 MapStateEntered M < 0
         3 MapStateStarted < 2
         4 MapRunStarted < 3
         5 MapRunFailed < 4
         6 MapStateFailed < 5
         7 ExecutionFailed < 6
         8 ExecutionRedriven < 7
         9 MapRunRedriven < 3
         10 MapRunSucceeded < 9
         11 MapStateSucceeded < 10
         12 MapStateExited M < 9
         13 ExecutionSucceeded < 12",
    );
    let map_run = &run.machine.map_runs()[0];
    assert_eq!((run.machine.map_runs().len(), map_run.arn.clone(), map_run.redriven.count), (1, arn, 1));
    let counts = map_run.executions;
    assert_eq!(
        (map_run.status, counts.succeeded, counts.total(), counts.results_written),
        (MapRunStatus::Succeeded, 4, 4, 4)
    );
    assert!(run.details("MapRunRedriven").ends_with(r#""redriveCount":1}"#));
    let children = run.log.children_of(MapRunId(0));
    let redrives: Vec<(u32, u32)> = {
        let mut all: Vec<_> = children.iter().map(|child| (child.index, child.redriven.count)).collect();
        all.sort_unstable();
        all
    };
    assert_eq!(redrives, [(0, 0), (1, 1), (2, 1), (3, 0)]);
    // The child goes on in its own history, under its own name.
    let names: Vec<_> = run.log.executions.iter().filter(|child| child.index == 1).collect();
    assert_eq!(names[0].execution.names.execution_arn, names[1].execution.names.execution_arn);
    assert!(names[1].log.events.len() > names[0].log.events.len() && names[0].started == names[1].started);
    let inputs = run.task_inputs();
    assert_eq!(inputs, [r#"{"n":0}"#, r#"{"n":0}"#, r#"{"n":0}"#, r#"{"n":1}"#, r#"{"n":1}"#, r#"{"n":0}"#]);
}

#[test]
fn express_children_begin_again_under_their_names() {
    let run = distributed("EXPRESS", "MaxConcurrency: 1,", CHILD)
        .input("[{},{}]")
        .task("T", &[throws("E", "why"), returns("0"), returns("1")])
        .run()
        .redriven(60);
    assert_eq!(run.output(), r#"[{"b":{"n":1},"t":0},{"b":{"n":0},"t":1}]"#);
    let children: Vec<_> = run.log.executions.iter().filter(|child| child.index == 0).collect();
    assert_eq!(children[0].execution.names.execution_arn, children[1].execution.names.execution_arn);
    assert!(children[0].started < children[1].started);
    assert_eq!((children[1].redriven.count, children[1].redriven.at), (1, None));
}

#[test]
fn map_runs_that_were_stopped_or_read_nothing_go_on() {
    let run = distributed("STANDARD", "MaxConcurrency: 1,", CHILD)
        .input("[{},{}]")
        .task("T", &[hangs(), returns("0"), returns("1")])
        .stopped(5, None, None)
        .run();
    assert_eq!(run.machine.map_runs()[0].status, MapRunStatus::Aborted);
    let run = run.redriven(1);
    assert_eq!(run.output(), r#"[{"b":{"n":0},"t":0},{"b":{"n":0},"t":1}]"#);
    let reader = "ItemReader: {Resource: 'arn:aws:states:::s3:getObject', ReaderConfig: {InputType: JSON}, Parameters: {Bucket: b, Key: k}}, ";
    let run = distributed("STANDARD", reader, CHILD)
        .parts(&[throws("States.ItemReaderFailed", "gone"), returns("[{}]")])
        .task("T", &[returns("0")])
        .run()
        .redriven(1);
    assert_eq!(run.output(), r#"[{"b":{"n":0},"t":0}]"#);
    assert_eq!((run.count("MapRunStarted"), run.count("MapRunRedriven"), run.asked.len()), (1, 1, 2));
    let writer = "ResultWriter: {Resource: 'arn:aws:states:::s3:putObject', Parameters: {Bucket: b}}, ";
    let run = distributed("STANDARD", writer, CHILD)
        .input("[{}]")
        .parts(&[throws("States.ResultWriterFailed", "full"), returns("1")])
        .task("T", &[returns("0")])
        .run()
        .redriven(1);
    assert_eq!((run.output().as_str(), run.invoked.len(), run.asked.len()), ("1", 1, 2));
}

#[test]
fn a_map_run_inside_of_a_parallel_goes_on() {
    let map = format!(
        "{{StartAt: M, States: {{M: {{Type: Map, End: true, ItemProcessor: {{ProcessorConfig: {{Mode: DISTRIBUTED, ExecutionType: STANDARD}}, StartAt: T, States: {{{CHILD}}}}}}}}}}}"
    );
    let run = flow(&format!(
        "P: {{Type: Parallel, End: true, Branches: [{map}, {{StartAt: O, States: {{O: {{TASK, End: true}}}}}}]}}"
    ))
    .input("[{},{}]")
    .task("T", &[returns("0"), hangs(), returns("1")])
    .task("O", &[throws("E", "why").after(2), returns("2")])
    .run();
    assert_eq!(run.machine.map_runs()[0].status, MapRunStatus::Aborted);
    let run = run.redriven(1);
    assert_eq!(run.output(), r#"[[{"t":0},{"t":1}],2]"#);
}

#[test]
fn a_map_run_can_be_changed_while_it_runs() {
    let update = |max: Option<u64>, count: Option<u64>| Signal::UpdateMapRun {
        run: MapRunId(0),
        max_concurrency: max,
        tolerated_failure_count: count,
        tolerated_failure_percentage: None,
    };
    let fails = || distributed("STANDARD", "MaxConcurrency: 1, ToleratedFailureCount: 0,", CHILD).input(ITEMS);
    let run = fails().task("T", &[returns("0").after(10)]).outside(1, update(Some(4), None)).run();
    assert_eq!(run.times("ExecutionSucceeded"), [11.0], "{}", run.history());
    assert_eq!(run.machine.map_runs()[0].max_concurrency, 4);
    let replies = [throws("E", "why").after(10), returns("1")];
    assert!(fails().task("T", &replies).run().failure().contains("States.ExceedToleratedFailureThreshold"));
    let run = fails().task("T", &replies).outside(1, update(None, Some(1))).run();
    assert_eq!(run.machine.status().name(), "SUCCEEDED");
    let tolerant = || distributed("STANDARD", "MaxConcurrency: 1, ToleratedFailureCount: 2,", CHILD).input(ITEMS);
    let replies = [throws("E", "why"), returns("1").after(10)];
    let run = tolerant().task("T", &replies).outside(1, update(None, Some(0))).run();
    assert!(run.failure().contains("States.ExceedToleratedFailureThreshold"));
    assert_eq!(run.times("ExecutionFailed"), [1.0]);
}
