//! Map in distributed mode: Map Runs and their child executions.

use std::sync::Arc;

use asldb::engine::{Items, MapRunStatus, Signal, Status};

use crate::vocabulary::{Given, Run, given, hangs, has_history, json_value, returns, states, throws};

/// A distributed Map `M` with these fields and inner states, and what follows it.
fn map(fields: &str, inner: &str, rest: &str) -> Given {
    given(&states(&format!(
        "M: {{Type: Map, {fields} ItemProcessor: {{ProcessorConfig: {{Mode: DISTRIBUTED, ExecutionType: STANDARD}}, \
         StartAt: I, States: {{{inner}}}}}, {rest}}}\nC: {{Type: Pass, End: true}}"
    )))
}

/// One that ends there; `C` is only there to be caught in.
const END: &str = "Catch: [{ErrorEquals: [NeverThrown], Next: C}], End: true";
const PASS: &str = "I: {Type: Pass, End: true}";
const TASK: &str = "I: {Type: Task, Resource: 'arn:aws:states:::lambda:invoke', End: true}";

fn children(run: &Run) -> Vec<&'static str> {
    run.log.executions.iter().map(|child| child.status.name()).collect()
}

#[test]
fn children_have_histories_of_their_own() {
    let run = map("MaxConcurrency: 1,", PASS, END).input("[1,2]").run();
    assert_eq!(run.output(), "[1,2]");
    has_history(
        &run,
        "1 ExecutionStarted < 0
         2 MapStateEntered M < 0
         3 MapStateStarted < 2
         4 MapRunStarted < 3
         5 MapRunSucceeded < 4
         6 MapStateSucceeded < 5
         7 MapStateExited M < 4
         8 ExecutionSucceeded < 7",
    );
    assert_eq!(
        run.child(0),
        "1 ExecutionStarted < 0\n2 PassStateEntered I < 0\n3 PassStateExited I < 2\n4 ExecutionSucceeded < 3\n"
    );
    let indexes: Vec<u32> = run.log.executions.iter().map(|child| child.index).collect();
    assert_eq!((indexes, children(&run)), (vec![0, 1], vec!["SUCCEEDED", "SUCCEEDED"]));
}

#[test]
fn names_of_map_runs_and_children() {
    let run = map("Label: lot,", "I: {Type: Pass, Parameters: {id.$: $$.Execution.Id, m.$: $$.StateMachine.Id, in.$: $$.Execution.Input}, End: true}", END)
        .input("[7]")
        .run();
    let arn = &run.machine.map_runs()[0].arn;
    assert!(arn.contains(":mapRun:m/lot:"), "{arn}");
    let output = run.output();
    assert!(output.contains(":execution:m/lot:") && output.contains(":stateMachine:m/lot\""), "{output}");
    assert!(output.ends_with(r#""in":7}]"#), "{output}");
    // Without a label one is made, the same each time.
    let label = |seed| map("", PASS, END).input("[]").seed(seed).run().machine.map_runs()[0].label.clone();
    assert!(label(1).len() == 36 && label(1) == label(2), "{}", label(1));
}

#[test]
fn selectors_and_batches_make_the_inputs() {
    for (fields, output) in [
        (
            "ItemSelector: {i.$: $$.Map.Item.Index, v.$: $$.Map.Item.Value},",
            r#"[{"i":0,"v":1},{"i":1,"v":2},{"i":2,"v":3}]"#,
        ),
        ("ItemBatcher: {MaxItemsPerBatch: 2},", r#"[{"Items":[1,2]},{"Items":[3]}]"#),
        (
            "ItemSelector: {v.$: $$.Map.Item.Value}, ItemBatcher: {MaxItemsPerBatch: 2, BatchInput: {b: 1}},",
            r#"[{"BatchInput":{"b":1},"Items":[{"v":1},{"v":2}]},{"BatchInput":{"b":1},"Items":[{"v":3}]}]"#,
        ),
    ] {
        assert_eq!(map(fields, PASS, END).input("[1,2,3]").run().output(), output, "{fields}");
    }
    assert_eq!(map("", PASS, END).input("[]").run().output(), "[]");
}

#[test]
fn failures_are_tolerated_up_to_the_threshold() {
    let tasks = [returns("1"), throws("E", "why"), returns("3"), throws("E", "why")];
    for (fields, output) in [
        ("ToleratedFailureCount: 2,", Some("[1,3]")),
        ("ToleratedFailureCount: 1,", None),
        ("ToleratedFailurePercentage: 50,", Some("[1,3]")),
        ("ToleratedFailurePercentage: 49.9,", None),
        ("ToleratedFailureCount: 9, ToleratedFailurePercentage: 10,", None),
        ("", None),
    ] {
        let run = map(&format!("MaxConcurrency: 1, {fields}"), TASK, END).input("[1,2,3,4]").task("I", &tasks).run();
        match output {
            Some(output) => assert_eq!(run.output(), output, "{fields}"),
            None => assert_eq!(
                run.failure(),
                "FAILED States.ExceedToleratedFailureThreshold: The specified tolerated failure threshold was exceeded",
                "{fields}"
            ),
        }
    }
}

#[test]
fn what_is_over_the_threshold_stops_the_others() {
    let run = map("", TASK, "Catch: [{ErrorEquals: [States.ALL], Next: C}], End: true")
        .input("[1,2,3]")
        .task("I", &[hangs(), throws("E", "why").after(2), hangs()])
        .run();
    has_history(
        &run,
        "1 ExecutionStarted < 0
         2 MapStateEntered M < 0
         3 MapStateStarted < 2
         4 MapRunStarted < 3
         5 MapRunFailed < 4
         6 MapStateFailed < 5
         7 MapStateExited M < 6
         8 PassStateEntered C < 7
         9 PassStateExited C < 8
         10 ExecutionSucceeded < 9",
    );
    assert_eq!(children(&run), ["FAILED", "ABORTED", "ABORTED"]);
    assert_eq!(run.cancelled, [2.0, 2.0]);
    let map_run = &run.machine.map_runs()[0];
    assert_eq!((map_run.status, map_run.executions.failed, map_run.executions.aborted), (MapRunStatus::Failed, 1, 2));
}

#[test]
fn time_passes_in_children_side_by_side() {
    let inner = "I: {Type: Wait, SecondsPath: $, Next: J}, J: {Type: Task, Resource: 'arn:aws:states:::lambda:invoke', TimeoutSeconds: 4, \
        Retry: [{ErrorEquals: [States.Timeout], MaxAttempts: 1}], End: true}";
    let run = map("", inner, END).input("[1,5]").task("J", &[hangs(), returns("9")]).run();
    assert_eq!(run.output(), "[9,9]");
    // Waits of 1 and 5 seconds; the first task runs into its timeout and is tried again a second later.
    assert_eq!(run.times("MapStateExited"), [6.0]);
    let run = map("MaxConcurrency: 1,", "I: {Type: Wait, Seconds: 3, End: true}", END).input("[1,2]").run();
    assert_eq!(run.times("MapStateExited"), [6.0]);
}

#[test]
fn a_retry_starts_another_map_run() {
    let run = map("", TASK, "Retry: [{ErrorEquals: [States.ALL]}], End: true, Catch: [{ErrorEquals: [E], Next: C}]")
        .input("[1]")
        .task("I", &[throws("E", "why"), returns("2")])
        .run();
    assert_eq!((run.output().as_str(), run.count("MapRunStarted"), run.count("MapStateStarted")), ("[2]", 2, 2));
    let statuses: Vec<MapRunStatus> = run.machine.map_runs().iter().map(|run| run.status).collect();
    assert_eq!(statuses, [MapRunStatus::Failed, MapRunStatus::Succeeded]);
}

#[test]
fn stopping_the_execution_stops_the_children() {
    let run = map("", TASK, END).input("[1,2]").task("I", &[hangs()]).stopped(3, None, None).run();
    assert!(matches!(run.machine.status(), Status::Aborted(_)));
    assert_eq!(children(&run), ["ABORTED", "ABORTED"]);
    assert_eq!(run.machine.map_runs()[0].status, MapRunStatus::Aborted);
    assert!(run.child(0).ends_with("5 ExecutionAborted < 0\n"), "{}", run.child(0));
}

fn stop(arn: &Arc<str>) -> Signal {
    Signal::StopChild { execution: Arc::clone(arn), error: Some("E".into()), cause: None }
}

#[test]
fn a_child_is_stopped_alone() {
    let begin = |fields: &str| {
        let tasks = [hangs(), returns("2"), returns("3")];
        map(&format!("MaxConcurrency: 2, {fields}"), TASK, END).input("[1,2,3]").task("I", &tasks)
    };
    let stopped = begin("").stopped(5, None, None).run();
    let first = stopped.log.executions.iter().find(|child| child.index == 0).expect("a child");
    let stop = stop(&first.execution.names.execution_arn);
    let run = begin("ToleratedFailureCount: 1,").outside(3, stop.clone()).outside(4, stop.clone()).run();
    assert_eq!((run.output().as_str(), run.times("MapRunSucceeded")), ("[2,3]", vec![3.0]));
    assert_eq!((children(&run), &run.cancelled[..]), (vec!["SUCCEEDED", "SUCCEEDED", "ABORTED"], &[3.0][..]));
    assert!(run.child(2).ends_with("5 ExecutionAborted < 0\n"), "{}", run.child(2));
    let counts = run.machine.map_runs()[0].executions;
    assert_eq!((counts.aborted, counts.succeeded, counts.running, counts.total()), (1, 2, 0, 3));
    let run = begin("").outside(3, stop).run();
    assert!(run.failure().starts_with("FAILED States.ExceedToleratedFailureThreshold"), "{}", run.failure());
}

#[test]
fn a_child_of_a_child_is_stopped_alone() {
    let inner = "I: {Type: Map, End: true, ItemProcessor: {ProcessorConfig: {Mode: DISTRIBUTED, ExecutionType: STANDARD}, \
        StartAt: J, States: {J: {Type: Task, Resource: 'arn:aws:states:::lambda:invoke', End: true}}}, ToleratedFailureCount: 1}";
    let begin = || map("", inner, END).input("[[1,2]]").task("J", &[hangs(), returns("2").after(9)]);
    let stopped = begin().stopped(5, None, None).run();
    let child = stopped.log.executions.iter().next().expect("a child").clone();
    let inner = child.log.executions.iter().find(|child| child.index == 0).expect("a child of it");
    let run = begin().outside(3, stop(&inner.execution.names.execution_arn)).run();
    assert_eq!((run.output().as_str(), children(&run)), ("[[2]]", vec!["SUCCEEDED"]));
    assert_eq!((run.times("MapStateExited"), &run.cancelled[..]), (vec![9.0], &[3.0][..]));
}

#[test]
fn children_may_have_map_runs_of_their_own() {
    let inner = "I: {Type: Map, ItemsPath: $.l, End: true, ItemProcessor: {ProcessorConfig: {Mode: DISTRIBUTED, ExecutionType: EXPRESS}, \
        StartAt: J, States: {J: {Type: Pass, Parameters: {n.$: $}, End: true}}}}";
    let run = map("", inner, END).input(r#"[{"l":[1]},{"l":[2,3]}]"#).run();
    assert_eq!(run.output(), r#"[[{"n":1}],[{"n":2},{"n":3}]]"#);
    let nested: Vec<usize> = run.log.executions.iter().map(|child| child.log.executions.len()).collect();
    assert_eq!(nested, [1, 2]);
    let arn = &run
        .log
        .executions
        .iter()
        .next()
        .and_then(|child| child.log.executions.get(0))
        .expect("one")
        .execution
        .names
        .execution_arn;
    assert!(arn.contains(":express:m/") && arn.matches('/').count() == 1, "{arn}");
}

#[test]
fn children_do_not_see_the_variables_outside() {
    let machine = states(
        "A: {Type: Pass, Assign: {v: 1}, Next: M}\n\
         M: {Type: Map, ItemsPath: $.l, ItemSelector: {v.$: $v}, End: true, ItemProcessor: {ProcessorConfig: {Mode: DISTRIBUTED, ExecutionType: STANDARD}, \
           StartAt: I, States: {I: {Type: Pass, Parameters: {v.$: $v}, End: true}}}}",
    );
    let run = given(&machine).input(r#"{"l":[0]}"#).run();
    assert_eq!(children(&run), ["FAILED"]);
}

const READER: &str = "ItemReader: {Resource: 'arn:aws:states:::s3:getObject', ReaderConfig: {InputType: JSON, MaxItemsPath: $.most}, \
    Parameters: {Bucket: b, Key.$: $.key}},";

#[test]
fn a_reader_gives_the_items() {
    let run = map(READER, PASS, END).input(r#"{"key":"k","most":2}"#).parts(&[returns("[1,2]").after(1)]).run();
    assert_eq!(
        (run.output().as_str(), run.asked.as_slice()),
        ("[1,2]", &[r#"{"Bucket":"b","Key":"k"}"#.to_owned()][..])
    );
    assert_eq!(run.details("MapStateStarted"), r#"{"length":0}"#);
}

#[test]
fn a_reader_that_fails() {
    for (input, reply, cause) in [
        (r#"{"key":"k","most":1}"#, vec![throws("States.ItemReaderFailed", "no such key")], "no such key"),
        (r#"{"key":"k","most":1}"#, vec![returns(r#"{"a":1}"#)], "Attempting to map over non-iterable node."),
        (r#"{"key":"k","most":-1}"#, vec![], "field MaxItems must be positive"),
    ] {
        let run = map(READER, PASS, END).input(input).parts(&reply).run();
        assert_eq!(run.failure(), format!("FAILED States.ItemReaderFailed: {cause}"));
        assert_eq!((run.count("MapRunFailed"), run.count("MapStateFailed")), (1, 1));
    }
}

#[test]
fn a_writer_gives_the_result() {
    let writer = "ResultWriter: {Resource: 'arn:aws:states:::s3:putObject', Parameters: {Bucket: b, Prefix.$: $$.Execution.Name}},";
    let run = map(writer, PASS, END).input("[1,2,3]").parts(&[returns(r#"{"MapRunArn":"a"}"#)]).run();
    assert_eq!(run.output(), r#"{"MapRunArn":"a"}"#);
    assert_eq!(run.asked, [r#"{"Bucket":"b","Prefix":"e"} 3"#]);
    assert_eq!(run.machine.map_runs()[0].executions.results_written, 3);
    let failed = map(writer, PASS, END).input("[1]").parts(&[throws("States.ResultWriterFailed", "full")]).run();
    assert_eq!(failed.failure(), "FAILED States.ResultWriterFailed: full");
}

#[test]
fn the_entries_of_an_object_are_items() {
    let selector = "ItemSelector: {k.$: $$.Map.Item.Key, v.$: $$.Map.Item.Value, i.$: $$.Map.Item.Index, s.$: $$.Map.Item.Source},";
    for (fields, input, output) in [
        ("", r#"{"b":2,"a":{"c":1}}"#, r#"[{"b":2},{"a":{"c":1}}]"#),
        ("ItemsPath: $.of,", r#"{"of":{"b":2}}"#, r#"[{"b":2}]"#),
        ("", "{}", "[]"),
        (
            selector,
            r#"{"b":2,"a":[]}"#,
            r#"[{"k":"b","v":2,"i":0,"s":"STATE_DATA"},{"k":"a","v":[],"i":1,"s":"STATE_DATA"}]"#,
        ),
        ("ItemBatcher: {MaxItemsPerBatch: 2},", r#"{"b":2,"a":1}"#, r#"[{"Items":[{"b":2},{"a":1}]}]"#),
        ("ItemSelector: {s.$: $$.Map.Item.Source},", "[1]", r#"[{"s":"STATE_DATA"}]"#),
    ] {
        assert_eq!(map(fields, PASS, END).input(input).run().output(), output, "{fields}");
    }
    for (fields, input) in [("", "3"), ("ItemsPath: $.s,", r#"{"s":"text"}"#)] {
        assert!(map(fields, PASS, END).input(input).run().failure().contains("must point to array"), "{fields}");
    }
}

#[test]
fn what_a_reader_tells_of_its_items_is_seen() {
    let reader = "ItemReader: {Resource: 'arn:aws:states:::s3:getObject', ReaderConfig: {InputType: JSON}, Parameters: {Bucket: b, Key: k}}, ItemSelector: {of.$: $$.Map.Item},";
    let items = Items {
        list: [r#"{"a":1}"#, r#"{"b":2}"#].map(json_value).into_iter().collect(),
        are_entries: true,
        sources: vec![(0, "S3://b/k".into()), (1, "S3://b/l".into())],
    };
    let run = map(reader, PASS, END).parts(&[returns(&items.into_value().to_json())]).run();
    assert_eq!(
        run.output(),
        r#"[{"of":{"Index":0,"Key":"a","Value":1,"Source":"S3://b/k"}},{"of":{"Index":1,"Key":"b","Value":2,"Source":"S3://b/l"}}]"#
    );
    let run = map(reader, PASS, END).parts(&[returns("[7]")]).run();
    assert_eq!(run.output(), r#"[{"of":{"Index":0,"Value":7}}]"#);
    let run = map(reader, PASS, END).parts(&[returns(r#"{"a":1}"#)]).run();
    assert_eq!(run.failure(), "FAILED States.ItemReaderFailed: Attempting to map over non-iterable node.");
}
