//! Map, inline: items and their selection, order, concurrency, links, failures.

use asldb::engine::MAX_PAYLOAD;

use crate::vocabulary::{Run, fail, give, given, hangs, has_history, returns, states, throws};

/// A Map state over a Pass state, with these fields.
fn pass(fields: &str) -> String {
    format!(
        "M: {{Type: Map, ItemProcessor: {{StartAt: I, States: {{I: {{Type: Pass, End: true}}}}}}, {fields}End: true}}"
    )
}

/// A Map state over a Task state that returns its input after as many seconds as the input says.
fn task(fields: &str) -> String {
    format!(
        "M: {{Type: Map, {fields}ItemProcessor: {{StartAt: I, States: {{\
         I: {{Type: Task, Resource: 'arn:aws:states:::lambda:invoke', End: true}}}}}}, End: true}}"
    )
}

#[test]
fn items() {
    give(&[
        (&pass(""), "[1,{\"a\":2},null]", "[1,{\"a\":2},null]"),
        (&pass(""), "[]", "[]"),
        (&pass("ItemsPath: $.l, "), r#"{"l":[3,4]}"#, "[3,4]"),
        (&pass("ItemsPath: $$.Execution.Input.l, "), r#"{"l":[3,4]}"#, "[3,4]"),
        (
            &pass("InputPath: $.in, ItemsPath: $.l, ResultPath: $.out, "),
            r#"{"in":{"l":[1]}}"#,
            r#"{"in":{"l":[1]},"out":[1]}"#,
        ),
        (&pass("ItemsPath: $.l, ResultSelector: {n.$: 'States.ArrayLength($)'}, "), r#"{"l":[3,4]}"#, r#"{"n":2}"#),
        // The old names.
        ("M: {Type: Map, Iterator: {StartAt: I, States: {I: {Type: Pass, End: true}}}, End: true}", "[1]", "[1]"),
        (&pass("Parameters: {v.$: $$.Map.Item.Value}, "), "[5]", r#"[{"v":5}]"#),
    ]);
    fail(&[
        (&pass(""), "{}", "FAILED States.Runtime: Reference path \"$\" must point to array."),
        (&pass("ItemsPath: $.l, "), r#"{"l":7}"#, "FAILED States.Runtime: Reference path \"$.l\" must point to array."),
    ]);
}

#[test]
fn the_selector_sees_the_item_and_the_input_of_the_map() {
    give(&[
        (
            &pass(
                "ItemsPath: $.l, ItemSelector: {i.$: $$.Map.Item.Index, v.$: $$.Map.Item.Value, k.$: $.k, fixed: 1}, ",
            ),
            r#"{"l":["a","b"],"k":7}"#,
            r#"[{"i":0,"v":"a","k":7,"fixed":1},{"i":1,"v":"b","k":7,"fixed":1}]"#,
        ),
        (
            &pass("InputPath: $.in, ItemsPath: $.l, ItemSelector: {k.$: $.k, s.$: $$.State.Name}, "),
            r#"{"in":{"l":[0],"k":1}}"#,
            r#"[{"k":1,"s":"M"}]"#,
        ),
    ]);
    let miss =
        given(&states(&pass("ItemSelector: {a.$: $$.Map.Item.Value.x}, "))).input(r#"[{"y":1}]"#).run().failure();
    assert!(miss.starts_with("FAILED States.Runtime: The JSONPath '$$.Map.Item.Value.x' specified"), "{miss}");
}

#[test]
fn a_selection_that_is_too_long_fails_the_map() {
    let half = "x".repeat(MAX_PAYLOAD / 2 - 100);
    let input = format!("{{\"l\":[1,2],\"x\":\"{half}\"}}");
    let selector = "ItemsPath: $.l, ItemSelector: {a.$: $.x, b.$: $.x, c: 'more than the limit.................................................................................................................................................................................................'}, ";
    let caught = format!(
        "{}\nS: {{Type: Pass, OutputPath: $.Error, End: true}}",
        pass(&format!("{selector}Catch: [{{ErrorEquals: [States.DataLimitExceeded], Next: S}}], "))
    );
    let run = given(&states(&caught)).input(&input).run();
    assert_eq!(run.output(), r#""States.DataLimitExceeded""#);
    has_history(
        &run,
        "1 ExecutionStarted < 0
         2 MapStateEntered M < 0
         3 MapStateStarted < 2
         4 MapIterationStarted #0 < 3
         5 MapIterationFailed #0 < 4
         6 MapStateFailed < 4
         7 MapStateExited M < 6
         8 PassStateEntered S < 7
         9 PassStateExited S < 8
         10 ExecutionSucceeded < 9",
    );
    let retried = pass(&format!("{selector}Retry: [{{ErrorEquals: [States.ALL], MaxAttempts: 1}}], "));
    let run = given(&states(&retried)).input(&input).run();
    assert!(run.failure().starts_with("FAILED States.DataLimitExceeded: "), "{}", run.failure());
    assert_eq!(run.count("MapStateStarted"), 2);
}

#[test]
fn one_at_a_time_links_each_iteration_to_the_one_before() {
    has_history(
        &given(&states(&pass("MaxConcurrency: 1, "))).input("[0,0]").run(),
        "1 ExecutionStarted < 0
         2 MapStateEntered M < 0
         3 MapStateStarted < 2
         4 MapIterationStarted #0 < 3
         5 PassStateEntered I < 4
         6 PassStateExited I < 5
         7 MapIterationSucceeded #0 < 6
         8 MapIterationStarted #1 < 6
         9 PassStateEntered I < 8
         10 PassStateExited I < 9
         11 MapIterationSucceeded #1 < 10
         12 MapStateSucceeded < 11
         13 MapStateExited M < 11
         14 ExecutionSucceeded < 13",
    );
}

#[test]
fn no_items_no_iterations() {
    let run = given(&states(&pass(""))).input("[]").run();
    has_history(
        &run,
        "1 ExecutionStarted < 0
         2 MapStateEntered M < 0
         3 MapStateStarted < 2
         4 MapStateSucceeded < 3
         5 MapStateExited M < 3
         6 ExecutionSucceeded < 5",
    );
    assert_eq!(run.details("MapStateStarted"), r#"{"length":0}"#);
}

/// The largest number of tasks that wait at once, and the run.
fn most_at_once(fields: &str, items: usize) -> (usize, Run) {
    let input = format!("[{}]", vec!["0"; items].join(","));
    let run = given(&states(&task(fields))).input(&input).task("I", &[returns("1").after(10)]).run();
    let history = run.history();
    let (mut now, mut most) = (0_usize, 0);
    for line in history.lines() {
        now += usize::from(line.contains("TaskScheduled"));
        now -= usize::from(line.contains("TaskSucceeded"));
        most = most.max(now);
    }
    (most, run)
}

#[test]
fn concurrency() {
    for (fields, items, most, seconds) in [
        ("", 30, 30, 10.0),
        ("", 90, 40, 30.0),
        ("MaxConcurrency: 0, ", 90, 40, 30.0),
        ("MaxConcurrency: 1, ", 3, 1, 30.0),
        ("MaxConcurrency: 4, ", 10, 4, 30.0),
        ("MaxConcurrency: 1000, ", 90, 90, 10.0),
        ("MaxConcurrency: 2147483647, ", 3, 3, 10.0),
        ("MaxConcurrencyPath: $$.State.RetryCount, ", 90, 40, 30.0),
    ] {
        let (found, run) = most_at_once(fields, items);
        assert_eq!((found, run.times("MapStateExited")), (most, vec![seconds]), "{fields}{items}");
    }
}

#[test]
fn concurrency_by_path() {
    let map = pass("ItemsPath: $.l, MaxConcurrencyPath: $.c, ");
    for (concurrency, links) in [("1", "< 6"), ("\"1\"", "< 6"), ("2", "< 3"), ("9223372036854775807", "< 3")] {
        let run = given(&states(&map)).input(&format!("{{\"l\":[0,0],\"c\":{concurrency}}}")).run();
        let history = run.history();
        let second = history.lines().find(|line| line.contains("MapIterationStarted #1")).expect("a second iteration");
        assert!(second.ends_with(links), "{concurrency}\n{history}");
    }
    let not = |shown: &str| {
        format!(
            "FAILED States.Runtime: The MaxConcurrencyPath field refers to value \"{shown}\" which is not a valid integer: $.c"
        )
    };
    fail(&[
        (&map, r#"{"l":[],"c":1.5}"#, &not("1.5")),
        (&map, r#"{"l":[],"c":"many"}"#, &not("many")),
        (&map, r#"{"l":[],"c":-1}"#, "FAILED States.Runtime: MaxConcurrency cannot be negative."),
    ]);
}

#[test]
fn results_are_in_the_order_of_the_items_whatever_ends_first() {
    let machine = states(&task(""));
    let replies = [returns("\"a\"").after(9), returns("\"b\"").after(3), returns("\"c\"").after(6)];
    let run = given(&machine).input("[0,0,0]").task("I", &replies).run();
    assert_eq!(run.output(), r#"["a","b","c"]"#);
    let order: Vec<String> = run
        .history()
        .lines()
        .filter_map(|line| line.split_once("MapIterationSucceeded "))
        .map(|(_, rest)| rest[..2].to_owned())
        .collect();
    assert_eq!(order, ["#1", "#2", "#0"]);
}

#[test]
fn the_first_failure_stops_the_others() {
    let machine = states(&task("MaxConcurrency: 3, "));
    let replies = [hangs(), throws("E", "why").after(1), hangs(), hangs()];
    let run = given(&machine).input("[0,0,0,0]").task("I", &replies).run();
    assert_eq!(run.failure(), "FAILED E: why");
    assert_eq!(
        (run.count("MapIterationStarted"), run.count("MapIterationFailed"), run.count("MapIterationAborted")),
        (3, 1, 2)
    );
    assert_eq!(run.cancelled.len(), 2);
    let history = run.history();
    let lines: Vec<&str> = history.lines().collect();
    let find = |what: &str| lines.iter().find(|line| line.contains(what)).expect("the event");
    let failed = find("TaskFailed").split(' ').next().expect("an id");
    // Both link to the event that failed.
    for event in ["MapIterationFailed #1", "MapStateFailed"] {
        assert!(find(event).ends_with(&format!("< {failed}")), "{history}");
    }
}

#[test]
fn a_caught_failure_leaves_the_map() {
    let machine = states(
        "M: {Type: Map, Catch: [{ErrorEquals: [E], ResultPath: $.err, Next: S}], ItemsPath: $.l, \
         ItemProcessor: {StartAt: F, States: {F: {Type: Fail, Error: E, Cause: why}}}, End: true}\nS: {Type: Pass, End: true}",
    );
    let run = given(&machine).input(r#"{"l":[1]}"#).run();
    assert_eq!(run.output(), r#"{"l":[1],"err":{"Error":"E","Cause":"why"}}"#);
    has_history(
        &run,
        "1 ExecutionStarted < 0
         2 MapStateEntered M < 0
         3 MapStateStarted < 2
         4 MapIterationStarted #0 < 3
         5 FailStateEntered F < 4
         6 MapIterationFailed #0 < 5
         7 MapStateFailed < 5
         8 MapStateExited M < 7
         9 PassStateEntered S < 8
         10 PassStateExited S < 9
         11 ExecutionSucceeded < 10",
    );
}

#[test]
fn maps_nest_and_stand_in_branches() {
    let inner = "{Type: Map, End: true, ItemProcessor: {StartAt: I, States: {\
                 I: {Type: Pass, Parameters: {i.$: $$.Map.Item.Index, v.$: $$.Map.Item.Value}, End: true}}}}";
    give(&[
        (
            &format!("O: {{Type: Map, End: true, ItemProcessor: {{StartAt: M, States: {{M: {inner}}}}}}}"),
            "[[1],[2,3],[]]",
            r#"[[{"i":0,"v":1}],[{"i":0,"v":2},{"i":1,"v":3}],[]]"#,
        ),
        (
            &format!(
                "P: {{Type: Parallel, End: true, Branches: [{{StartAt: M, States: {{M: {inner}}}}}, \
                 {{StartAt: Q, States: {{Q: {{Type: Pass, Result: q, End: true}}}}}}]}}"
            ),
            "[7]",
            r#"[[{"i":0,"v":7}],"q"]"#,
        ),
    ]);
}

#[test]
fn branches_inside_an_iteration_see_its_item() {
    give(&[(
        "M: {Type: Map, End: true, ItemProcessor: {StartAt: P, States: {P: {Type: Parallel, End: true, Branches: [\
         {StartAt: A, States: {A: {Type: Pass, InputPath: $$.Map.Item.Index, End: true}}}]}}}}",
        "[7,8]",
        "[[0],[1]]",
    )]);
}

#[test]
fn the_item_of_the_map_around_is_back_when_the_inner_one_is_over() {
    give(&[(
        "O: {Type: Map, End: true, ItemProcessor: {StartAt: M, States: {\
         M: {Type: Map, ResultPath: $.in, ItemsPath: $.l, Next: A, ItemProcessor: {StartAt: I, States: {I: {Type: Pass, InputPath: $$.Map.Item.Value, End: true}}}}, \
         A: {Type: Pass, Parameters: {outer.$: $$.Map.Item.Index, in.$: $.in}, End: true}}}}",
        r#"[{"l":[1,2]},{"l":[3]}]"#,
        r#"[{"outer":0,"in":[1,2]},{"outer":1,"in":[3]}]"#,
    )]);
}

#[test]
fn a_large_map_in_a_failing_branch_is_stopped_as_a_whole() {
    let machine = states(
        "P: {Type: Parallel, End: true, Branches: [\
         {StartAt: M, States: {M: {Type: Map, MaxConcurrency: 500, End: true, ItemProcessor: {StartAt: W, States: {W: {Type: Wait, Seconds: 60, End: true}}}}}}, \
         {StartAt: A, States: {A: {Type: Wait, Seconds: 5, Next: F}, F: {Type: Fail, Error: E}}}]}",
    );
    let run = given(&machine).input(&format!("[{}]", vec!["0"; 700].join(","))).run();
    assert_eq!(run.failure(), "FAILED E");
    assert_eq!(
        (run.count("WaitStateAborted"), run.count("MapIterationAborted"), run.count("MapStateAborted")),
        (500, 500, 1)
    );
}

#[test]
fn a_jsonata_map_takes_the_entries_of_an_object() {
    let map = |items: &str| {
        format!(
            "M: {{QueryLanguage: JSONata, Type: Map, {items} End: true, ItemSelector: {{k: '{{% $states.context.Map.Item.Key %}}', v: '{{% $states.context.Map.Item.Value %}}'}}, ItemProcessor: {{StartAt: P, States: {{P: {{Type: Pass, End: true}}}}}}}}"
        )
    };
    let output = r#"[{"k":"b","v":2},{"k":"a","v":1}]"#;
    give(&[
        (&map(""), r#"{"b":2,"a":1}"#, output),
        (&map("Items: '{% $states.input.of %}',"), r#"{"of":{"b":2,"a":1}}"#, output),
        (&map("Items: {b: 2, a: '{% 1 %}'},"), "{}", output),
    ]);
}
