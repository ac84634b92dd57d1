//! Parallel: order of results, failure of a branch, what is aborted, links.

use crate::vocabulary::{Reply, Run, given, hangs, has_history, returns, states, throws};

/// A Parallel state of these branches, each a few states; its failure is caught by C.
fn parallel(branches: &[&str], fields: &str) -> String {
    let branches: Vec<String> = branches
        .iter()
        .map(|states| {
            let start = states.split(':').next().unwrap_or_default();
            format!("{{StartAt: {start}, States: {{{states}}}}}")
        })
        .collect();
    format!("P: {{Type: Parallel, Branches: [{}]{fields}}}", branches.join(", "))
}

const TASK: &str = "Type: Task, Resource: 'arn:aws:states:::lambda:invoke', End: true";

fn run(branches: &[&str], tasks: &[(&str, Reply)]) -> Run {
    let machine = states(&parallel(branches, ", End: true"));
    tasks.iter().fold(given(&machine), |given, (name, reply)| given.task(name, std::slice::from_ref(reply))).run()
}

#[test]
fn results_are_in_the_order_of_the_branches_whatever_ends_first() {
    let machine = states(&parallel(
        &[
            "A: {Type: Wait, Seconds: 9, Next: A2}, A2: {Type: Pass, Result: a, End: true}",
            "B: {Type: Pass, Result: b, End: true}",
            "C: {Type: Wait, Seconds: 3, OutputPath: $.in, End: true}",
        ],
        ", ResultPath: $.out, ResultSelector: {all.$: $}, End: true",
    ));
    let run = given(&machine).input(r#"{"in":1}"#).run();
    assert_eq!(run.output(), r#"{"in":1,"out":{"all":["a","b",1]}}"#);
    assert_eq!(run.times("ParallelStateExited"), [9.0]);
}

#[test]
fn each_branch_gets_the_effective_input() {
    let machine = states(&parallel(
        &["A: {Type: Pass, Parameters: {a.$: $.v}, End: true}", "B: {Type: Pass, ResultPath: $.me, End: true}"],
        ", InputPath: $.in, Parameters: {v.$: $.x}, End: true",
    ));
    let run = given(&machine).input(r#"{"in":{"x":1}}"#).run();
    assert_eq!(run.output(), r#"[{"a":1},{"v":1,"me":{"v":1}}]"#);
}

#[test]
fn branches_link_to_the_start_and_the_exit_to_the_last_of_them() {
    has_history(
        &run(&["A: {Type: Pass, End: true}", "B: {Type: Wait, Seconds: 1, Next: B2}, B2: {Type: Succeed}"], &[]),
        "1 ExecutionStarted < 0
         2 ParallelStateEntered P < 0
         3 ParallelStateStarted < 2
         4 PassStateEntered A < 3
         5 PassStateExited A < 4
         6 WaitStateEntered B < 3
         7 WaitStateExited B < 6
         8 SucceedStateEntered B2 < 7
         9 SucceedStateExited B2 < 8
         10 ParallelStateSucceeded < 9
         11 ParallelStateExited P < 9
         12 ExecutionSucceeded < 11",
    );
}

#[test]
fn the_first_failure_stops_the_others() {
    let run = run(
        &[
            &format!("A: {{{TASK}}}"),
            "B: {Type: Wait, Seconds: 60, End: true}",
            &format!("C: {{{TASK}}}"),
            "D: {Type: Pass, Next: D2}, D2: {Type: Pass, End: true}",
        ],
        &[("A", throws("E", "why").after(5)), ("C", hangs())],
    );
    assert_eq!(run.failure(), "FAILED E: why");
    assert_eq!(run.times("ExecutionFailed"), [5.0]);
    assert_eq!(run.cancelled.len(), 1, "C's answer is no longer wanted");
    assert_eq!((run.count("WaitStateAborted"), run.count("TaskStateAborted")), (1, 2));
    let history = run.history();
    let end: Vec<&str> = history.lines().rev().take(3).collect();
    assert!(end[0].contains("ExecutionFailed") && end[1].contains("ParallelStateFailed"), "{history}");
    let failed = history.lines().find(|line| line.contains("TaskFailed")).expect("a failure");
    let failed = failed.split(' ').next().expect("an id");
    assert!(end[1].ends_with(&format!("< {failed}")), "{history}");
}

#[test]
fn a_failure_is_caught_with_its_own_name() {
    let machine = states(&format!(
        "{}\nS: {{Type: Pass, End: true}}",
        parallel(
            &["A: {Type: Fail, Error: Mine, Cause: why}", "B: {Type: Wait, Seconds: 60, End: true}"],
            ", Catch: [{ErrorEquals: [Mine], Next: S}], End: true",
        )
    ));
    let run = given(&machine).run();
    assert_eq!(run.output(), r#"{"Error":"Mine","Cause":"why"}"#);
    has_history(
        &run,
        "1 ExecutionStarted < 0
         2 ParallelStateEntered P < 0
         3 ParallelStateStarted < 2
         4 FailStateEntered A < 3
         5 ParallelStateFailed < 4
         6 ParallelStateExited P < 5
         7 PassStateEntered S < 6
         8 PassStateExited S < 7
         9 ExecutionSucceeded < 8",
    );
}

#[test]
fn a_failure_inside_a_branch_can_be_caught_there() {
    let run = run(
        &[
            &format!(
                "A: {{{TASK}, Catch: [{{ErrorEquals: [E], Next: A2}}]}}, A2: {{Type: Pass, Result: saved, End: true}}"
            ),
            "B: {Type: Wait, Seconds: 1, End: true}",
        ],
        &[("A", throws("E", ""))],
    );
    assert_eq!(run.output(), r#"["saved",{}]"#);
}

#[test]
fn nested_failures_go_up_until_they_are_caught() {
    let inner = parallel(&["A: {Type: Fail, Error: E}", "B: {Type: Wait, Seconds: 60, End: true}"], ", End: true");
    let inner = inner.replacen("P:", "Q:", 1);
    let machine = states(&format!(
        "{}\nS: {{Type: Succeed, OutputPath: $.Error}}",
        parallel(
            &[&inner, "C: {Type: Wait, Seconds: 60, End: true}"],
            ", Catch: [{ErrorEquals: [E], Next: S}], End: true"
        )
    ));
    let run = given(&machine).run();
    assert_eq!(run.output(), r#""E""#);
    assert_eq!((run.count("ParallelStateFailed"), run.times("ExecutionSucceeded")), (2, vec![0.0]));
}

#[test]
fn a_run_time_fault_in_a_branch_ends_the_execution() {
    let run = run(&["A: {Type: Pass, InputPath: $.x, End: true}", "B: {Type: Wait, Seconds: 60, End: true}"], &[]);
    assert_eq!(run.failure(), "FAILED States.Runtime: Invalid path '$.x' : No results for path: $['x']");
    has_history(
        &run,
        "1 ExecutionStarted < 0
         2 ParallelStateEntered P < 0
         3 ParallelStateStarted < 2
         4 PassStateEntered A < 3
         5 ExecutionFailed < 4",
    );
}

#[test]
fn branches_take_turns() {
    let machine = states(&parallel(
        &[
            "A: {Type: Pass, Next: A2}, A2: {Type: Pass, Next: A3}, A3: {Type: Pass, End: true}",
            "B: {Type: Pass, Next: B2}, B2: {Type: Pass, Next: B3}, B3: {Type: Pass, End: true}",
        ],
        ", End: true",
    ));
    let run = given(&machine).run();
    let history = run.history();
    let entered: Vec<&str> =
        history.lines().filter_map(|line| line.split_once("PassStateEntered ")).map(|(_, rest)| rest).collect();
    let names: Vec<&str> = entered.iter().filter_map(|rest| rest.split(' ').next()).collect();
    assert_eq!(names, ["A", "B", "A2", "B2", "A3", "B3"]);
}

#[test]
fn a_task_that_answers_after_its_branch_was_stopped_is_not_heard() {
    let run = run(
        &[&format!("A: {{{TASK}}}"), &format!("B: {{{TASK}}}")],
        &[("A", throws("E", "").after(1)), ("B", returns("1").after(2))],
    );
    assert_eq!(run.failure(), "FAILED E: ");
    assert_eq!(run.count("TaskSucceeded"), 0);
}

#[test]
fn tasks_of_stopped_branches_are_called_off_though_the_execution_goes_on() {
    let machine = states(&format!(
        "{}\nS: {{Type: Wait, Seconds: 9, End: true}}",
        parallel(
            &[&format!("A: {{{TASK}}}"), &format!("B: {{{TASK}}}")],
            ", Catch: [{ErrorEquals: [E], Next: S}], End: true"
        )
    ));
    let run = given(&machine).task("A", &[throws("E", "").after(1)]).task("B", &[returns("1").after(2)]).run();
    assert_eq!(run.output(), r#"{"Error":"E","Cause":""}"#);
    assert_eq!((run.cancelled.as_slice(), run.count("TaskSucceeded")), (&[1.0][..], 0));
}
