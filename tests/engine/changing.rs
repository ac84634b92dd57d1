//! Runs that are changed by hand, and runs that go on with another definition.

use std::sync::Arc;

use asldb::asl::{Definition, StateMachine, aligned, changes};
use asldb::engine::{BranchId, Change, ChangeKind, Redefinition, Signal, Stage, Status};

use crate::vocabulary::{Given, Run, given, hangs, has_history, json_value, returns, states, throws};

const LAMBDA: &str = "arn:aws:states:::lambda:invoke";

fn data(json: &str) -> ChangeKind {
    ChangeKind::Data(json_value(json))
}

fn leave(json: &str) -> ChangeKind {
    ChangeKind::Leave { output: json_value(json), to: None }
}

fn leave_to(machine: &StateMachine, json: &str, to: &str) -> ChangeKind {
    ChangeKind::Leave { output: json_value(json), to: machine.find(to) }
}

#[test]
fn the_data_of_a_moment() {
    let both = states(
        "A: {Type: Pass, InputPath: $.a, Parameters: {p.$: $}, ResultPath: $.r, OutputPath: $.r.p, Next: B}\nB: {Type: Pass, End: true}",
    );
    let rows = [
        // Before the first stage it is the input, which ResultPath keeps.
        (Stage::Enter, r#"{"a":2}"#, "2"),
        (Stage::InputPath, "3", "3"),
        (Stage::Parameters, r#"{"p":4}"#, "4"),
        (Stage::ResultPath, r#"{"r":{"p":5}}"#, "5"),
        (Stage::OutputPath, "6", "6"),
    ];
    for (stage, value, output) in rows {
        let run = given(&both).input(r#"{"a":1}"#).changed("A", stage, data(value)).run();
        assert_eq!((run.output().as_str(), &run.heard[..]), (output, &[true][..]), "{stage:?}");
    }
}

#[test]
fn the_result_of_a_task_is_what_output_and_assign_see() {
    let machine = states(&format!(
        "T: {{Type: Task, QueryLanguage: JSONata, Resource: '{LAMBDA}', Assign: {{v: '{{% $states.result %}}'}}, \
         Output: '{{% [$states.input, $states.result] %}}', Next: P}}\nP: {{Type: Pass, QueryLanguage: JSONata, \
         Output: '{{% [$v, $states.input] %}}', End: true}}"
    ));
    // The work of a task ends outside of any step: the moment is the one before its next stage.
    let run = given(&machine).input("1").task("T", &[returns("2")]).changed("T", Stage::Enter, data("7")).run();
    assert_eq!(run.output(), "[2,7,2]");
}

#[test]
fn a_variable() {
    let machine = states(
        "A: {Type: Pass, Assign: {v: 1}, Next: B}\nB: {Type: Pass, Next: C}\nC: {Type: Pass, Parameters: {v.$: $v, n.$: $n}, End: true}",
    );
    let set = |name: &str, json: &str| ChangeKind::Variable { name: name.into(), value: json_value(json) };
    let run =
        given(&machine).changed("B", Stage::Enter, set("v", "[2]")).changed("B", Stage::Exit, set("n", "3")).run();
    assert_eq!(run.output(), r#"{"v":[2],"n":3}"#);
}

#[test]
fn the_data_that_the_next_attempt_begins_with() {
    let machine = states(&format!(
        "T: {{Type: Task, Resource: '{LAMBDA}', Parameters: {{of.$: $}}, Retry: [{{ErrorEquals: [E], IntervalSeconds: 5}}], End: true}}"
    ));
    let begin = || given(&machine).input("1").task("T", &[throws("E", ""), returns("2")]);
    let set = |json| Signal::Change(Box::new(Change { branches: vec![BranchId::MAIN], kind: data(json) }));
    // Edited while it is waited for, and back to what was seen there.
    let run = begin().outside(2, set("7")).outside(2, set("1")).run();
    assert_eq!(run.task_inputs(), begin().run().task_inputs());
    assert_eq!(begin().outside(2, set("7")).run().task_inputs(), [r#"{"of":1}"#, r#"{"of":7}"#]);
}

#[test]
fn a_state_is_skipped() {
    let machine = states(&format!("T: {{Type: Task, Resource: '{LAMBDA}', Next: P}}\nP: {{Type: Pass, End: true}}"));
    let run = given(&machine).task("T", &[hangs()]).changed("T", Stage::Work, leave("5")).run();
    assert_eq!(run.output(), "5");
    has_history(
        &run,
        "1 ExecutionStarted < 0
         2 TaskStateEntered T < 0
         3 TaskScheduled < 2
         4 TaskStarted < 3
         5 TaskStateExited T < 4
         6 PassStateEntered P < 5
         7 PassStateExited P < 6
         8 ExecutionSucceeded < 7",
    );
    assert_eq!(run.cancelled, [0.0]);
}

#[test]
fn a_jump_goes_to_any_state_beside() {
    let machine = states(
        "A: {Type: Choice, Choices: [{Variable: $, IsNull: true, Next: C}], Default: B}\nB: {Type: Fail, Error: E}\n\
         C: {Type: Choice, Choices: [{Variable: $, IsNull: true, Next: M}], Default: D}\nD: {Type: Succeed}\n\
         M: {Type: Map, ItemProcessor: {StartAt: I, States: {I: {Type: Pass, End: true}}}, End: true}",
    );
    let run = given(&machine).changed("A", Stage::Enter, leave_to(&machine, "1", "C")).run();
    assert_eq!(run.output(), "1");
    let run = given(&machine).changed("A", Stage::Enter, leave_to(&machine, "[1]", "I")).run();
    assert_eq!((run.heard.as_slice(), run.failure().as_str()), (&[false][..], "FAILED E"));
}

#[test]
fn states_without_a_way_are_left_only_where_one_is_named() {
    let machine = states(
        "C: {Type: Choice, Choices: [{Variable: $, IsNull: true, Next: P}], Default: F}\n\
         F: {Type: Fail, Error: E}\nP: {Type: Pass, End: true}",
    );
    assert_eq!(given(&machine).changed("F", Stage::Enter, leave("1")).run().heard, [false]);
    assert_eq!(given(&machine).changed("F", Stage::Enter, leave_to(&machine, "1", "P")).run().output(), "1");
}

#[test]
fn a_parallel_is_left_with_its_branches() {
    let machine = states(&format!(
        "Q: {{Type: Parallel, Branches: [{{StartAt: T, States: {{T: {{Type: Task, Resource: '{LAMBDA}', End: true}}}}}}, \
         {{StartAt: W, States: {{W: {{Type: Wait, Seconds: 9, End: true}}}}}}], Next: P}}\nP: {{Type: Pass, End: true}}"
    ));
    let told = |_| Signal::Change(Box::new(Change { branches: vec![BranchId::MAIN], kind: leave("[]") }));
    let run = given(&machine).task("T", &[hangs()]).told("T", Stage::Work, told).run();
    assert_eq!((run.output().as_str(), run.cancelled.len()), ("[]", 1));
    assert_eq!(run.times("ExecutionSucceeded"), [0.0]);
}

#[test]
fn a_state_is_done_again() {
    let machine = states(&format!(
        "T: {{Type: Task, Resource: '{LAMBDA}', Retry: [{{ErrorEquals: [States.ALL], IntervalSeconds: 60}}], End: true}}"
    ));
    let again = |run: Given| run.changed("T", Stage::Work, ChangeKind::Again).run();
    let run = again(given(&machine).task("T", &[hangs(), returns("2")]));
    assert_eq!((run.output().as_str(), run.invoked.len(), run.cancelled.len()), ("2", 2, 1));
    // It has not begun: there is nothing to do again.
    let run = given(&machine).task("T", &[throws("E", ""), returns("3")]);
    assert_eq!(run.changed("T", Stage::Exit, ChangeKind::Again).run().heard, [false]);
}

#[test]
fn values_beyond_the_limits_are_refused() {
    let machine = states("A: {Type: Pass, Next: B}\nB: {Type: Pass, End: true}");
    let long = format!("\"{}\"", "x".repeat(300_000));
    let run = given(&machine).changed("A", Stage::Enter, data(&long)).run();
    assert_eq!((run.heard.as_slice(), run.output().as_str()), (&[false][..], "{}"));
}

#[test]
fn a_child_execution_is_changed_from_outside() {
    let machine = states(
        "M: {Type: Map, ItemsPath: $, ItemProcessor: {ProcessorConfig: {Mode: DISTRIBUTED, ExecutionType: STANDARD}, \
         StartAt: I, States: {I: {Type: Wait, Seconds: 5, Next: J}, J: {Type: Pass, End: true}}}, End: true}",
    );
    let told = |_| {
        // The first branch that the Map state starts, and in its execution the only one.
        let branches = vec![BranchId(1), BranchId::MAIN];
        Signal::Change(Box::new(Change { branches, kind: leave("\"by hand\"") }))
    };
    let run = given(&machine).input("[1,2]").told("M", Stage::Work, told).run();
    assert_eq!(run.output(), "[\"by hand\",2]");
    assert_eq!(run.log.executions.get(0).map(|child| child.log.changes.len()), Some(1));
}

/// What the machine is told when `text` replaces the definition of `before`.
fn redefinition(before: &str, after: &str) -> Redefinition {
    let read = |text: &str| Definition::read("test.yaml", &definition(text));
    let (before, after) = (read(before), read(after));
    let (old, new) = (before.machine.clone().expect("valid"), after.machine.clone().expect("valid"));
    let machine = Arc::new(aligned(&new, &old));
    let changes = changes(&before, &after, &machine);
    Redefinition { machine, changes }
}

fn definition(text: &str) -> String {
    let start = text.split(':').next().expect("a state").trim();
    format!("StartAt: {start}\nStates:\n{}", text.lines().map(|line| format!("  {line}\n")).collect::<String>())
}

/// Starts with `before`; after `stage` of state `name` the definition is `after`.
fn redefined(before: &str, after: &str, name: &str, stage: Stage, more: impl Fn(Given) -> Given) -> Run {
    let redefinition = Arc::new(redefinition(before, after));
    let told = move |_| Signal::Redefine(Arc::clone(&redefinition));
    more(given(&states(before))).told(name, stage, told).run()
}

#[test]
fn a_run_goes_on_with_another_definition() {
    let before = "A: {Type: Pass, Next: B}\nB: {Type: Pass, Result: 1, Next: C}\nC: {Type: Pass, End: true}";
    let same = |run: Given| run;
    // What comes is done as it is now; what is left out is not come by; what is new is.
    let rows = [
        ("A: {Type: Pass, Next: B}\nB: {Type: Pass, Result: 2, End: true}", "2"),
        (
            "N: {Type: Pass, Next: A}\nA: {Type: Pass, Next: N2}\nN2: {Type: Pass, Result: 3, Next: C}\nC: {Type: Pass, End: true}",
            "3",
        ),
        ("A: {Type: Pass, Next: B}\nX: {Type: Pass, End: true}\nB: {Type: Pass, Result: 4, Next: X}", "4"),
    ];
    for (after, output) in rows {
        let run = redefined(before, after, "A", Stage::Enter, same);
        assert_eq!((run.heard.as_slice(), run.output().as_str()), (&[true][..], output), "{after}");
    }
    // The state that it is about to enter is gone.
    let run = redefined(before, "A: {Type: Pass, Next: C}\nC: {Type: Succeed}", "A", Stage::Exit, same);
    assert_eq!((run.heard.as_slice(), run.output().as_str()), (&[false][..], "1"));
}

#[test]
fn a_state_with_other_fields_is_done_again_from_its_input() {
    let before = format!("T: {{Type: Task, Resource: '{LAMBDA}', Parameters: {{a: 1}}, End: true}}");
    let after = before.replace("a: 1", "b.$: $");
    let answer = |run: Given| run.input("5").task("T", &[hangs(), returns("0")]);
    let run = redefined(&before, &after, "T", Stage::Work, answer);
    assert_eq!(run.task_inputs(), [r#"{"a":1}"#, r#"{"b":5}"#]);
    assert_eq!((run.output().as_str(), run.cancelled.len()), ("0", 1));
    // Another comment is no other field.
    let after = before.replace("End: true", "Comment: slow, End: true");
    let answer = |run: Given| run.task("T", &[returns("0").after(9)]);
    let run = redefined(&before, &after, "T", Stage::Work, answer);
    assert_eq!((run.task_inputs().len(), run.times("ExecutionSucceeded")[0]), (1, 9.0));
}

#[test]
fn iterations_and_branches_go_on_where_they_are() {
    let map = |inner: &str, result: &str| {
        format!(
            "M: {{Type: Map, MaxConcurrency: 1, ItemProcessor: {{StartAt: W, States: {{W: {{Type: Wait, Seconds: 5, \
             Next: {inner}}}, {inner}: {{Type: Pass, Result: {result}, End: true}}}}}}, End: true}}"
        )
    };
    let run = redefined(&map("P", "1"), &map("P", "2"), "W", Stage::Work, |run| run.input("[0,0]"));
    assert_eq!((run.output().as_str(), run.times("MapStateStarted").len()), ("[2,2]", 1));
    // W leads elsewhere, so that it is waited for again; the second iteration waits once.
    let run = redefined(&map("P", "1"), &map("Q", "3"), "P", Stage::Enter, |run| run.input("[0,0]"));
    assert_eq!(run.heard, [false], "an iteration stands in a state that is gone");
    let run = redefined(&map("P", "1"), &map("Q", "3"), "W", Stage::Work, |run| run.input("[0,0]"));
    assert_eq!((run.output().as_str(), run.times("ExecutionSucceeded")[0]), ("[3,3]", 10.0));
}

#[test]
fn ids_stay_true_through_any_number_of_definitions() {
    let texts = [
        "A: {Type: Pass, Next: B}\nB: {Type: Pass, End: true}",
        "B: {Type: Pass, Next: C}\nC: {Type: Choice, Choices: [{Variable: $.x, IsPresent: true, Next: B}], Default: D}\nD: {Type: Succeed}",
        "D: {Type: Pass, Next: A}\nA: {Type: Parallel, Branches: [{StartAt: B, States: {B: {Type: Pass, End: true}}}], End: true}",
    ];
    let mut machine = states(texts[0]);
    for text in texts.into_iter().cycle().skip(1).take(7) {
        let next = aligned(&states(text), &machine);
        for id in (0..machine.states.len()).filter_map(|at| u32::try_from(at).ok()).map(asldb::asl::StateId) {
            assert_eq!(machine.state(id).name, next.state(id).name);
            assert_eq!(machine.path(id).len(), next.path(id).len());
        }
        let plain = states(text);
        let names = |machine: &StateMachine| {
            let mut names: Vec<_> = machine.ids().map(|id| machine.state(id).name.clone()).collect();
            names.sort();
            names
        };
        assert_eq!(names(&next), names(&plain));
        for id in plain.ids() {
            let own = next.find(&plain.state(id).name).expect("it is there");
            let following = |machine: &StateMachine, id| match machine.state(id).transition {
                asldb::asl::Transition::Next(next) => Some(machine.state(next).name.clone()),
                asldb::asl::Transition::End => None,
            };
            assert_eq!(following(&plain, id), following(&next, own));
        }
        machine = Arc::new(next);
    }
}

#[test]
fn what_is_done_by_hand_is_kept() {
    let machine = states("A: {Type: Pass, Next: B}\nB: {Type: Pass, End: true}");
    let run = given(&machine).input("1").changed("A", Stage::Enter, data("2")).run();
    let record = run.log.changes.get(0).expect("a record");
    assert_eq!((record.before.to_json().as_str(), &record.kind, record.events), ("1", &data("2"), 2));
    assert!(matches!(run.machine.status(), Status::Succeeded(_)));
}
