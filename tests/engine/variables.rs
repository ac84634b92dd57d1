//! Assign: what `$` is, what is seen when, scopes, limits.

use asldb::engine::MAX_PAYLOAD;

use crate::vocabulary::{give, given, machine, returns, states, throws};

#[test]
fn what_the_input_of_assign_is() {
    let show = "V: {Type: Pass, Parameters: {v.$: $v}, End: true}";
    give(&[
        (&format!("A: {{Type: Pass, Result: 1, Assign: {{v.$: $}}, Next: V}}\n{show}"), "0", r#"{"v":1}"#),
        (
            &format!(
                "A: {{Type: Pass, InputPath: $.a, Parameters: {{p.$: $.b}}, ResultPath: $.r, Assign: {{v.$: $}}, Next: V}}\n{show}"
            ),
            r#"{"a":{"b":2}}"#,
            r#"{"v":{"p":2}}"#,
        ),
        (
            &format!("A: {{Type: Wait, Seconds: 0, InputPath: $.a, Assign: {{v.$: $}}, Next: V}}\n{show}"),
            r#"{"a":3}"#,
            r#"{"v":3}"#,
        ),
        (
            &format!(
                "A: {{Type: Choice, InputPath: $.a, Assign: {{v.$: $}}, Choices: [{{Variable: $, IsNull: true, Next: V}}], Default: V}}\n{show}"
            ),
            r#"{"a":4}"#,
            r#"{"v":4}"#,
        ),
        (
            &format!(
                "A: {{Type: Map, ItemsPath: $.l, ResultSelector: {{n: 0}}, ResultPath: null, Assign: {{v.$: $}}, Next: V, \
                 ItemProcessor: {{StartAt: I, States: {{I: {{Type: Pass, End: true}}}}}}}}\n{show}"
            ),
            r#"{"l":[5,6]}"#,
            r#"{"v":[5,6]}"#,
        ),
        (
            &format!(
                "A: {{Type: Parallel, ResultPath: null, Assign: {{v.$: '$[0]'}}, Next: V, \
                 Branches: [{{StartAt: I, States: {{I: {{Type: Pass, Result: 7, End: true}}}}}}]}}\n{show}"
            ),
            "{}",
            r#"{"v":7}"#,
        ),
    ]);
    let task = states(&format!(
        "A: {{Type: Task, Resource: 'arn:aws:states:::lambda:invoke', ResultSelector: {{n: 0}}, Assign: {{v.$: $.raw}}, Next: V}}\n{show}"
    ));
    assert_eq!(given(&task).task("A", &[returns(r#"{"raw":8}"#)]).run().output(), r#"{"v":8}"#);
}

#[test]
fn a_state_sees_the_variables_it_was_entered_with() {
    give(&[(
        "A: {Type: Pass, Assign: {x: 1, y: 2}, Next: B}\n\
         B: {Type: Pass, Assign: {x.$: $y, y.$: $x}, Parameters: {x.$: $x}, ResultPath: $.before, Next: C}\n\
         C: {Type: Pass, Parameters: {before.$: $.before, x.$: $x, y.$: $y}, End: true}",
        "{}",
        r#"{"before":{"x":1},"x":2,"y":1}"#,
    )]);
    let failure = given(&states("A: {Type: Pass, Assign: {x: 1, y.$: $x}, End: true}")).run().failure();
    assert!(failure.starts_with("FAILED States.Runtime: "), "{failure}");
}

#[test]
fn names_and_paths_below_variables() {
    give(&[(
        "A: {Type: Pass, Assign: {v: {l: [1, {a: 2}]}, größe: 3}, Next: B}\n\
         B: {Type: Pass, Parameters: {a.$: '$v.l[1].a', l.$: '$v.l[*]', g.$: $größe, \
         f.$: \"States.Format('{}', $größe)\"}, End: true}",
        "{}",
        r#"{"a":2,"l":[1,{"a":2}],"g":3,"f":"3"}"#,
    )]);
}

#[test]
fn the_exit_event_tells_what_was_assigned() {
    let run = given(&states("A: {Type: Pass, Assign: {n: 42, s: text, o: {a: []}}, End: true}")).run();
    assert_eq!(
        run.details("PassStateExited"),
        r#"{"name":"A","output":"{}","outputDetails":{"truncated":false},"assignedVariables":{"n":"42","s":"\"text\"","o":"{\"a\":[]}"},"assignedVariablesDetails":{"truncated":false}}"#
    );
    let run = given(&states("A: {Type: Pass, End: true}")).run();
    assert!(!run.details("PassStateExited").contains("assigned"));
}

#[test]
fn inner_scopes_read_outer_variables_and_keep_their_own() {
    let branch = |name: &str, value: u32| {
        format!(
            "{{StartAt: {name}, States: {{{name}: {{Type: Pass, Assign: {{inner: {value}}}, Next: {name}2}}, \
             {name}2: {{Type: Pass, Parameters: {{outer.$: $outer, inner.$: $inner}}, End: true}}}}}}"
        )
    };
    give(&[(
        &format!(
            "A: {{Type: Pass, Assign: {{outer: 1}}, Next: P}}\n\
             P: {{Type: Parallel, End: true, Branches: [{}, {}]}}",
            branch("X", 2),
            branch("Y", 3)
        ),
        "{}",
        r#"[{"outer":1,"inner":2},{"outer":1,"inner":3}]"#,
    )]);
    // What a branch assigned is gone when it has ended.
    let after = given(&states(&format!(
        "P: {{Type: Parallel, Next: Z, Branches: [{}]}}\nZ: {{Type: Pass, Parameters: {{v.$: $inner}}, End: true}}",
        branch("X", 2).replace("outer.$: $outer, ", "")
    )));
    let failure = after.run().failure();
    assert!(failure.starts_with("FAILED States.Runtime: "), "{failure}");
}

#[test]
fn iterations_do_not_see_each_other() {
    let machine = states(
        "M: {Type: Map, MaxConcurrency: 1, End: true, ItemProcessor: {StartAt: C, States: {\
         C: {Type: Choice, Choices: [{Variable: $, NumericEquals: 0, Next: A}], Default: R}, \
         A: {Type: Pass, Assign: {v: 1}, End: true}, R: {Type: Pass, Parameters: {v.$: $v}, End: true}}}}",
    );
    assert_eq!(given(&machine).input("[0,0]").run().output(), "[0,0]");
    assert!(given(&machine).input("[0,1]").run().failure().starts_with("FAILED States.Runtime: "));
}

#[test]
fn the_catcher_of_a_parallel_state_assigns_outside() {
    give(&[(
        "P: {Type: Parallel, Catch: [{ErrorEquals: [E], Assign: {why.$: $.Cause}, Next: Z}], End: true, \
         Branches: [{StartAt: F, States: {F: {Type: Fail, Error: E, Cause: because}}}]}\n\
         Z: {Type: Pass, Parameters: {v.$: $why}, End: true}",
        "{}",
        r#"{"v":"because"}"#,
    )]);
}

#[test]
fn a_retry_keeps_the_variables_of_the_entry() {
    let machine = states(
        "A: {Type: Pass, Assign: {v: 1}, Next: T}\n\
         T: {Type: Task, Resource: 'arn:aws:states:::lambda:invoke', Parameters: {v.$: $v}, Assign: {v: 2}, \
         Retry: [{ErrorEquals: [E]}], End: true}",
    );
    let run = given(&machine).task("T", &[throws("E", ""), returns("0")]).run();
    assert_eq!(run.task_inputs(), [r#"{"v":1}"#, r#"{"v":1}"#]);
}

/// A machine that assigns its input to `names`, one after another.
fn assigns(names: impl Iterator<Item = String>) -> String {
    let states: Vec<String> = names
        .enumerate()
        .map(|(at, name)| format!("A{at}: {{Type: Pass, Assign: {{{name}.$: $}}, Next: A{}}}", at + 1))
        .collect();
    format!("{}\nA{}: {{Type: Succeed}}", states.join("\n"), states.len())
}

#[test]
fn limits() {
    let long = format!("\"{}\"", "x".repeat(MAX_PAYLOAD - 2));
    // 40 of them are 10 MiB; one more is too much, unless it takes the place of another.
    let run = |names: Vec<String>| given(&states(&assigns(names.into_iter()))).input(&long).run();
    let many = |count: usize| (0..count).map(|at| format!("v{at}")).collect::<Vec<_>>();
    assert_eq!(run(many(40)).output(), long);
    assert!(run(many(41)).failure().starts_with("FAILED States.DataLimitExceeded: "));
    assert_eq!(run([many(40), many(40)].concat()).output(), long);
    let two = "A: {Type: Pass, Assign: {v.$: $, w.$: $}, End: true}";
    assert!(given(&states(two)).input(&long).run().failure().starts_with("FAILED States.DataLimitExceeded: "));
}

/// Each turn wraps the variable once more. Its size stays far below the limit; its depth must not grow for ever.
#[test]
fn variables_are_as_deep_as_data_may_be() {
    let machine = states(
        "A: {Type: Pass, Assign: {v: 0, n: 0}, Next: B}\n\
         B: {Type: Pass, Assign: {v: ['x'], n.$: 'States.MathAdd($n, 1)'}, Next: C}\n\
         C: {Type: Pass, Assign: {v: {a.$: $v}, n.$: 'States.MathAdd($n, 1)'}, Next: D}\n\
         D: {Type: Choice, Choices: [{Variable: $n, NumericLessThan: 20000, Next: C}], Default: E}\n\
         E: {Type: Succeed}",
    );
    let failure = given(&machine).unlimited().run().failure();
    assert!(failure.starts_with("FAILED States.DataLimitExceeded: "), "{failure}");
}

#[test]
fn what_was_never_assigned_is_a_run_time_fault() {
    for state in [
        "A: {Type: Pass, Parameters: {a.$: $v}, End: true}",
        "A: {Type: Pass, InputPath: $v, End: true}",
        "A: {Type: Pass, Parameters: {a.$: 'States.MathAdd($v, 1)'}, End: true}",
        "A: {Type: Choice, Choices: [{Variable: $v, IsNull: true, Next: B}], Default: B}\nB: {Type: Succeed}",
        "A: {Type: Wait, SecondsPath: $v, End: true}",
        "A: {Type: Fail, ErrorPath: $v}",
    ] {
        let failure = given(&states(state)).run().failure();
        assert!(failure.starts_with("FAILED States.Runtime: "), "{state}: {failure}");
    }
    give(&[(
        "A: {Type: Choice, Choices: [{Variable: $v, IsPresent: true, Next: B}], Default: C}\n\
         B: {Type: Pass, Result: b, End: true}\nC: {Type: Pass, Result: c, End: true}",
        "{}",
        r#""c""#,
    )]);
}

#[test]
fn scopes_nest() {
    let nested = machine(
        r#"{"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[
            {"StartAt":"M","States":{"M":{"Type":"Map","End":true,"Assign":{"m":1},"ItemProcessor":
            {"StartAt":"I","States":{"I":{"Type":"Pass","Assign":{"i":2},"End":true}}}}}}]}}}"#,
    );
    assert_eq!(given(&nested).input("[1,2]").run().output(), "[[1,2]]");
}

#[test]
fn a_state_that_fails_in_the_end_assigns_nothing() {
    let long = "x".repeat(MAX_PAYLOAD - 10);
    let machine = states(
        "A: {Type: Pass, Assign: {v: before}, Next: T}\n\
         T: {Type: Task, Resource: 'arn:aws:states:::lambda:invoke', ResultPath: $.more, Assign: {v: after}, End: true, \
             Catch: [{ErrorEquals: [States.DataLimitExceeded], ResultPath: null, Next: B}]}\n\
         B: {Type: Pass, Parameters: {v.$: $v}, End: true}",
    );
    let run =
        given(&machine).input(&format!("{{\"a\":\"{long}\"}}")).task("T", &[returns("{\"b\":\"long enough\"}")]).run();
    assert_eq!(run.output(), r#"{"v":"before"}"#, "{}", run.history());
    assert!(!run.json().to_json().contains("after"));
}
