//! What is told, and what is not.

use super::{complete, warnings};
use crate::asl::{Definition, codes};

/// Each warning about these states: its code and the text that it marks. A whole definition may be given as well.
fn told(states: &str) -> Vec<String> {
    let states = states.trim_start_matches('\n');
    let indent = states.len() - states.trim_start().len();
    let states: Vec<&str> = states.lines().map(|line| line.get(indent..).unwrap_or_default()).collect();
    let (name, text) = codes::whole(&states.join("\n"));
    let definition = Definition::read(name, &text);
    assert!(!definition.has_errors(), "{}", definition.render_diagnostics());
    let marked = |warning: &crate::text::Diagnostic| format!("{} {}", warning.code, warning.span.text(&text));
    warnings(&definition).iter().map(marked).collect()
}

fn told_of_task(fields: &str) -> Vec<String> {
    let other = if fields.contains("Next: F") { "\nF: {Type: Fail}" } else { "" };
    told(&format!("S: {{Type: Task, Resource: \"arn:aws:states:::sqs:sendMessage\", End: true, {fields}}}{other}"))
}

fn told_of_rules(rules: &str) -> Vec<String> {
    told(&format!("S: {{Type: Choice, Choices: [{rules}]}}\nT: {{Type: Succeed}}\nU: {{Type: Fail}}"))
}

#[test]
fn choices_that_leave_nothing_out_need_no_default() {
    for (rules, is_told) in [
        ("{Variable: $.a, StringEquals: x, Next: T}, {Variable: $.a, StringEquals: y, Next: U}", true),
        ("{Variable: $.a, BooleanEquals: true, Next: T}, {Variable: $.a, BooleanEquals: false, Next: U}", false),
        ("{Variable: $.a, BooleanEquals: true, Next: T}, {Variable: $.b, BooleanEquals: false, Next: U}", true),
        ("{Variable: $.a, IsPresent: true, Next: T}, {Not: {Variable: $.a, IsPresent: true}, Next: U}", false),
        ("{Variable: $.a, NumericLessThan: 3, Next: T}, {Variable: $.a, NumericGreaterThanEquals: 3, Next: U}", false),
        ("{Variable: $.a, NumericLessThan: 3, Next: T}, {Variable: $.a, NumericGreaterThan: 3, Next: U}", true),
        (
            "{Variable: $.a, NumericLessThan: 3, Next: T}, {Or: [{Variable: $.a, NumericGreaterThan: 3}, {Variable: $.a, NumericEquals: 3}], Next: U}",
            false,
        ),
    ] {
        let expected: &[&str] = if is_told { &["NO_DEFAULT S"] } else { &[] };
        assert_eq!(told_of_rules(rules), expected, "{rules}");
    }
}

#[test]
fn conditions_that_leave_nothing_out_need_no_default() {
    for (one, other, is_told) in [
        ("$states.input.a = 1", "$states.input.a != 1", false),
        ("$states.input.a < 1", "$states.input.a >= 1", false),
        ("$states.input.a > 1", "$states.input.a<=1", false),
        ("$states.input.a > 1", "$states.input.a < 1", true),
        ("$exists($states.input.a)", "$not($exists($states.input.a))", false),
        ("$states.input.a = true", "$states.input.a = false", false),
        ("$states.input.a = 'x y'", "$states.input.a = 'xy'", true),
        ("$states.input.a = 1", "true", false),
        ("$states.input.a = 1 and $states.input.b = 2", "$states.input.a != 1 and $states.input.b = 2", true),
    ] {
        let rule = |condition: &str, next: &str| format!("{{Condition: \"{{% {condition} %}}\", Next: {next}}}");
        let rules = format!("{}, {}", rule(one, "T"), rule(other, "U"));
        let states = format!(
            "S: {{Type: Choice, QueryLanguage: JSONata, Choices: [{rules}]}}\nT: {{Type: Succeed}}\nU: {{Type: Fail}}"
        );
        let expected: &[&str] = if is_told { &["NO_DEFAULT S"] } else { &[] };
        assert_eq!(told(&states), expected, "{one} | {other}");
    }
}

#[test]
fn rules_that_never_apply() {
    let rule = "{Variable: $.a, StringEquals: x, Next: T}";
    let other = "{StringEquals: x, Variable: $.a, Next: U}";
    assert_eq!(told_of_rules(&format!("{rule}, {other}")), ["NO_DEFAULT S", &format!("DUPLICATE_RULE {other}")]);
}

#[test]
fn errors_that_an_item_before_matches() {
    for (catch, expected) in [
        ("{ErrorEquals: [A], Next: F}, {ErrorEquals: [A, B], Next: F}", &["SHADOWED_ERROR A"][..]),
        ("{ErrorEquals: [States.TaskFailed], Next: F}, {ErrorEquals: [A], Next: F}", &["SHADOWED_ERROR A"]),
        ("{ErrorEquals: [States.TaskFailed], Next: F}, {ErrorEquals: [States.Timeout], Next: F}", &[]),
        ("{ErrorEquals: [A], Next: F}, {ErrorEquals: [States.ALL], Next: F}", &[]),
        ("{ErrorEquals: [States.Runtime], Next: F}", &["IMPOSSIBLE_ERROR States.Runtime"]),
        ("{ErrorEquals: [States.ItemReaderFailed], Next: F}", &["IMPOSSIBLE_ERROR States.ItemReaderFailed"]),
        ("{ErrorEquals: [States.HeartbeatTimeout], Next: F}", &["IMPOSSIBLE_ERROR States.HeartbeatTimeout"]),
        ("{ErrorEquals: [Lambda.Unknown], Next: F}", &["IMPOSSIBLE_ERROR Lambda.Unknown"]),
        ("{ErrorEquals: [SQS.AmazonSQSException, Custom, '${Name}'], Next: F}", &[]),
    ] {
        assert_eq!(told_of_task(&format!("Catch: [{catch}]")), expected, "{catch}");
    }
}

#[test]
fn errors_that_come_from_inside() {
    let states = |mode: &str| {
        format!(
            "P: {{Type: Parallel, End: true, Catch: [{{ErrorEquals: [States.ExceedToleratedFailureThreshold, Any, Lambda.Unknown], Next: F}}], Branches: [\
             {{StartAt: M, States: {{M: {{Type: Map, End: true, ItemProcessor: {{{mode}StartAt: X, States: {{X: {{Type: Succeed}}}}}}}}}}}}]}}\nF: {{Type: Fail}}"
        )
    };
    assert_eq!(told(&states("ProcessorConfig: {Mode: DISTRIBUTED, ExecutionType: STANDARD}, ")), [""; 0]);
    assert_eq!(told(&states("")), ["IMPOSSIBLE_ERROR States.ExceedToleratedFailureThreshold"]);
}

#[test]
fn retriers() {
    for (retry, code) in [
        ("{ErrorEquals: [A], MaxAttempts: 0}", Some("RETRIES_NOTHING")),
        ("{ErrorEquals: [A], MaxAttempts: 0}, {ErrorEquals: [States.ALL]}", None),
        ("{ErrorEquals: [A], IntervalSeconds: 3600, BackoffRate: 2, MaxAttempts: 8}", Some("LONG_RETRY_DELAY")),
        ("{ErrorEquals: [A], IntervalSeconds: 172800, BackoffRate: 1, MaxAttempts: 8}", None),
        ("{ErrorEquals: [A], IntervalSeconds: 5, BackoffRate: 2, MaxAttempts: 8}", None),
        ("{ErrorEquals: [A], MaxAttempts: 99999999, MaxDelaySeconds: 60}", None),
        ("{ErrorEquals: [A], MaxAttempts: 99999999}", Some("LONG_RETRY_DELAY")),
    ] {
        let found = told_of_task(&format!("Retry: [{retry}]"));
        let codes: Vec<&str> = found.iter().filter_map(|told| told.split(' ').next()).collect();
        assert_eq!(codes, code.into_iter().collect::<Vec<_>>(), "{retry}");
    }
}

#[test]
fn tokens_that_are_lost() {
    let task = |fields: &str| {
        told(&format!(
            "S: {{Type: Task, Resource: \"arn:aws:states:::lambda:invoke.waitForTaskToken\", TimeoutSeconds: 9, End: true{fields}}}"
        ))
    };
    let jsonata = |payload: &str| task(&format!(", QueryLanguage: JSONata, Arguments: {{Payload: {payload}}}"));
    let lost = ["LOST_TOKEN Parameters"];
    assert_eq!(task(", Parameters: {Payload: {a: 1}}"), lost);
    assert_eq!(task(", Parameters: {Payload: {a.$: $$.Execution.Id}}"), lost);
    assert_eq!(task(", Parameters: {Payload: {a.$: $$.Task.Token}}"), [""; 0]);
    assert_eq!(task(", Parameters: {Payload: {a.$: \"States.Format('{}', $$.Task.Token)\"}}"), [""; 0]);
    assert_eq!(task(", Parameters: {Payload: {all.$: $$}}"), [""; 0]);
    assert_eq!(task(""), ["LOST_TOKEN Resource"]);
    assert_eq!(jsonata("1"), ["LOST_TOKEN Arguments"]);
    assert_eq!(jsonata("'{% $states.context.Task.Token %}'"), [""; 0]);
    assert_eq!(jsonata("'{% $states.context %}'"), [""; 0]);
    assert_eq!(jsonata("'{% $merge([$states.input, {\"t\": $states.context.Task.Token}]) %}'"), [""; 0]);
}

#[test]
fn the_context_object() {
    for (path, is_told) in [
        ("$$.Execution.Name", false),
        ("$$.Execution.Input.any.thing", false),
        ("$$.Excution.Name", true),
        ("$$.State.Nmae", true),
        ("$$.Task.Token", true),
        ("$$.Map.Item.Value", true),
        ("$$", false),
    ] {
        let found = told(&format!("S: {{Type: Pass, End: true, Parameters: {{a.$: {path}}}}}"));
        let expected = if is_told { vec![format!("UNKNOWN_CONTEXT_FIELD {path}")] } else { vec![] };
        assert_eq!(found, expected, "{path}");
    }
    let inside = "M: {Type: Map, End: true, ItemProcessor: {StartAt: X, States: {X: {Type: Pass, End: true, Parameters: {a.$: $$.Map.Item.Value}}}}}";
    assert_eq!(told(inside), [""; 0]);
    let jsonata = "S: {Type: Pass, QueryLanguage: JSONata, End: true, Output: '{% $uppercase($states.context.Execution.Nmae) %}'}";
    assert_eq!(told(jsonata), ["UNKNOWN_CONTEXT_FIELD $states.context.Execution.Nmae"]);
}

#[test]
fn variables_flow_along_transitions() {
    let states = "
        A: {Type: Task, Resource: '${F}', Assign: {ok: 1}, Catch: [{ErrorEquals: [States.ALL], Assign: {why.$: $.Cause}, Next: Failed}], Next: Use}
        Use: {Type: Pass, Parameters: {a.$: $ok, b.$: $why}, End: true}
        Failed: {Type: Pass, Parameters: {b.$: $why}, Next: Use}";
    assert_eq!(told(states), ["MAYBE_UNASSIGNED_VARIABLE $ok", "MAYBE_UNASSIGNED_VARIABLE $why"]);
}

#[test]
fn variables_have_scopes() {
    let states = |config: &str| {
        format!(
            "
        A: {{Type: Pass, Assign: {{outer: 1}}, Next: M}}
        M: {{Type: Map, ItemProcessor: {{{config}StartAt: X, States: {{X: {{Type: Pass, Parameters: {{a.$: $outer}}, Assign: {{inner: 1}}, Next: Y}}, Y: {{Type: Pass, Parameters: {{a.$: $inner}}, End: true}}}}}}, Next: Use}}
        Use: {{Type: Pass, Parameters: {{a.$: $outer, b.$: $inner}}, End: true}}"
        )
    };
    assert_eq!(told(&states("")), ["UNASSIGNED_VARIABLE $inner"]);
    let distributed = states("ProcessorConfig: {Mode: DISTRIBUTED, ExecutionType: STANDARD}, ");
    assert_eq!(told(&distributed), ["UNASSIGNED_VARIABLE $outer", "UNASSIGNED_VARIABLE $inner"]);
}

#[test]
fn an_assignment_counts_from_the_next_state_on() {
    assert_eq!(told("A: {Type: Pass, Parameters: {a.$: $x}, Assign: {x: 1}, End: true}"), ["UNASSIGNED_VARIABLE $x"]);
    let states = "
        A: {Type: Pass, QueryLanguage: JSONata, Assign: {all: '{% $append($all, 1) %}'}, Next: B}
        B: {Type: Choice, QueryLanguage: JSONata, Choices: [{Condition: '{% $count($all) < 3 %}', Next: A}], Default: C}
        C: {Type: Succeed}";
    assert_eq!(told(states), [""; 0], "what may be missing is not told of an expression that has a value without it");
}

#[test]
fn a_choice_that_asks_is_believed() {
    let states = "
        A: {Type: Task, Resource: '${F}', Assign: {x: 1}, Catch: [{ErrorEquals: [States.ALL], Next: Ask}], Next: Ask}
        Ask: {Type: Choice, Choices: [{Variable: $x, IsPresent: true, Next: Use}], Default: Done}
        Use: {Type: Pass, Parameters: {a.$: $x}, End: true}
        Done: {Type: Succeed}";
    assert_eq!(told(states), [""; 0]);
}

#[test]
fn what_a_state_replaces_is_gone() {
    let call = |fields: &str, path: &str| {
        told(&format!(
            "
        A: {{Type: Task, Resource: \"arn:aws:states:::lambda:invoke\", Parameters: {{FunctionName: f}}, Next: B{fields}}}
        B: {{Type: Pass, Parameters: {{a.$: {path}}}, End: true}}"
        ))
    };
    let never = |path: &str| vec![format!("PATH_NEVER_FOUND {path}")];
    assert_eq!(call("", "$.id"), never("$.id"));
    assert_eq!(call("", "$.Payload.id"), [""; 0]);
    assert_eq!(call(", ResultPath: $.r", "$.id"), [""; 0]);
    assert_eq!(call(", ResultPath: $.r", "$.r.id"), never("$.r.id"));
    assert_eq!(call(", ResultPath: null", "$.id"), [""; 0]);
    assert_eq!(call(", ResultPath: '${Path}'", "$.id"), [""; 0]);
    assert_eq!(call(", OutputPath: $.Payload", "$.id"), [""; 0]);
    assert_eq!(call(", ResultSelector: {id.$: $.Payload.id}", "$.id"), [""; 0]);
    assert_eq!(call(", ResultSelector: {id.$: $.Payload.id}", "$.other"), never("$.other"));
    assert_eq!(call(", ResultSelector: {id.$: $.id}", "$.id"), never("$.id"));
    assert_eq!(call("", "$..id"), [""; 0], "a path that may find nothing gives an empty list");
}

#[test]
fn ways_that_meet_bring_what_either_has() {
    let states = "
        A: {Type: Choice, Choices: [{Variable: $.a, IsPresent: true, Next: B}], Default: C}
        B: {Type: Pass, Result: {b: 1}, Next: D}
        C: {Type: Pass, Result: {c: 1}, Next: D}
        D: {Type: Pass, Parameters: {b.$: $.b, c.$: $.c, d.$: $.d}, End: true}";
    assert_eq!(told(states), ["PATH_NEVER_FOUND $.d"]);
}

#[test]
fn what_a_loop_brings_back_counts() {
    let states = "
        A: {Type: Pass, Result: {n: 1}, Next: B}
        B: {Type: Choice, Choices: [{Variable: $.again, IsPresent: true, Next: D}], Default: C}
        C: {Type: Task, Resource: '${F}', ResultPath: $.again, Next: B}
        D: {Type: Pass, Parameters: {a.$: $.again.x, n.$: $.n}, End: true}";
    assert_eq!(told(states), [""; 0]);
}

#[test]
fn results_of_branches_and_iterations_are_arrays() {
    let parallel = "
        P: {Type: Parallel, Parameters: {x.$: $.x}, Branches: [{StartAt: Q, States: {Q: {Type: Pass, Parameters: {a.$: $.x, b.$: $.y}, End: true}}}], Next: R}
        R: {Type: Pass, Parameters: {a.$: $.a, b.$: '$[0].a'}, End: true}";
    assert_eq!(told(parallel), ["PATH_NEVER_FOUND $.y", "PATH_NEVER_FOUND $.a"]);
    let map = "
        M: {Type: Map, ItemSelector: {v.$: $$.Map.Item.Value}, ItemProcessor: {StartAt: Q, States: {Q: {Type: Pass, Parameters: {a.$: $.v.any, b.$: $.w}, End: true}}}, ResultPath: $.all, Next: R}
        R: {Type: Pass, Parameters: {a.$: $.w, b.$: $.all.w}, End: true}";
    assert_eq!(told(map), ["PATH_NEVER_FOUND $.w", "PATH_NEVER_FOUND $.all.w"]);
}

#[test]
fn errors_replace_the_input_unless_they_are_put_beside_it() {
    let states = |path: &str| {
        format!(
            "
        A: {{Type: Task, Resource: '${{F}}', Catch: [{{ErrorEquals: [States.ALL], Next: B{path}}}], End: true}}
        B: {{Type: Pass, Parameters: {{e.$: $.Cause, id.$: $.id}}, End: true}}"
        )
    };
    assert_eq!(told(&states("")), ["PATH_NEVER_FOUND $.id"]);
    assert_eq!(told(&states(", ResultPath: $.error")), [""; 0]);
}

#[test]
fn jsonata_without_a_value() {
    let states = |output: &str| {
        format!(
            "
        A: {{Type: Pass, QueryLanguage: JSONata, Output: {{a: {{b: 1}}, list: [1]}}, Next: B}}
        B: {{Type: Pass, QueryLanguage: JSONata, Output: \"{{% {output} %}}\", End: true}}"
        )
    };
    for (expression, is_told) in [
        ("$states.input.a.b", false),
        ("$states.input.x", true),
        ("$states.input.a.b.c", true),
        ("$states.input.list.x", false),
        ("$exists($states.input.x)", false),
        ("$states.input.x ? 1 : 2", false),
        ("'x' & $states.input.x", false),
        ("1 + $states.input.x", true),
    ] {
        let path = expression.trim_start_matches("1 + ");
        let expected = if is_told { vec![format!("ALWAYS_UNDEFINED {path}")] } else { vec![] };
        assert_eq!(told(&states(expression)), expected, "{expression}");
    }
    let caught = "
        A: {Type: Task, QueryLanguage: JSONata, Resource: '${F}', Catch: [{ErrorEquals: [States.ALL], Output: '{% $states.errorOutput.message %}', Next: B}], End: true}
        B: {Type: Succeed}";
    assert_eq!(told(caught), ["ALWAYS_UNDEFINED $states.errorOutput.message"]);
}

#[test]
fn the_other_query_language() {
    let jsonata =
        |output: &str| told(&format!("S: {{Type: Pass, QueryLanguage: JSONata, Output: {output}, End: true}}"));
    assert_eq!(jsonata("{a: '$states.input.x'}"), ["WRONG_LANGUAGE '$states.input.x'"]);
    assert_eq!(jsonata("{a.$: $.x}"), ["WRONG_LANGUAGE $.x"]);
    assert_eq!(jsonata("['States.UUID()']"), ["WRONG_LANGUAGE 'States.UUID()'"]);
    assert_eq!(jsonata("{a: '$5.00', b: 'States of mind (all)', c: $}"), [""; 0]);
    let array = "S: {Type: Pass, Parameters: {a: [$.x, '$5', {b.$: $.y}]}, End: true}";
    assert_eq!(told(array), ["PATH_IN_ARRAY $.x"]);
    let path = "S: {Type: Pass, Parameters: {a: '{% $states.input.x %}'}, End: true}";
    assert_eq!(told(path), ["WRONG_LANGUAGE '{% $states.input.x %}'"]);
}

#[test]
fn loops() {
    let states = |last: &str| {
        format!(
            "
        A: {{Type: Choice, Choices: [{{Variable: $.a, IsPresent: true, Next: B}}], Default: D}}
        B: {{Type: Pass, Next: C}}
        C: {{Type: Task, Resource: '${{F}}', Next: B{last}}}
        D: {{Type: Succeed}}"
        )
    };
    assert_eq!(told(&states("")), ["ENDLESS_LOOP B"]);
    assert_eq!(told(&states(", Catch: [{ErrorEquals: [States.ALL], Next: D}]")), [""; 0]);
}

#[test]
fn comments_switch_off() {
    let states = |comment: &str, line: &str, behind: &str| {
        format!(
            "{line}
        S:  # the first{behind}
          Type: Choice
          Comment: '{comment}'
          Choices: [{{Variable: $.a, StringEquals: x, Next: T}}]
        T: {{Type: Succeed}}"
        )
    };
    let told_of = |comment: &str, line: &str, behind: &str| told(&states(comment, line, behind)).len();
    assert_eq!(told_of("", "", ""), 1);
    assert_eq!(told_of("asldb: allow NO_DEFAULT", "", ""), 0);
    assert_eq!(told_of("All kinds are listed. asldb: allow NO_TIMEOUT, NO_DEFAULT since 2020", "", ""), 0);
    assert_eq!(told_of("asldb: allow NO_TIMEOUT", "", ""), 1);
    assert_eq!(told_of("asldb: allow", "", ""), 1);
}

fn codes_of(text: &str, off: &[String]) -> Vec<&'static str> {
    let definition = Definition::read("test.yaml", text);
    let mut diagnostics = definition.diagnostics.clone();
    complete(&definition, off, &mut diagnostics);
    diagnostics.iter().map(|found| found.code).collect()
}

const TWO: &str = "StartAt: A\nStates:\n  A:\n    Type: Choice\n    Choices: [{Variable: $.a, StringEquals: x, Next: B}]\n  B:\n    Type: Choice\n    Choices: [{Variable: $.a, StringEquals: x, Next: C}]\n  C: {Type: Succeed}\n";

#[test]
fn comments_of_yaml_switch_off_what_begins_there() {
    assert_eq!(codes_of(TWO, &[]), ["NO_DEFAULT", "NO_DEFAULT"]);
    for (from, to, left) in [
        ("  A:\n", "  # asldb: allow NO_DEFAULT\n  A:\n", 1),
        ("  A:\n", "  A: # asldb: allow NO_DEFAULT\n", 1),
        ("  A:\n", "  # asldb: allow NO_DEFAULT\n\n  # Which?\n  A:\n", 1),
        ("    Choices", "    # asldb: allow NO_DEFAULT\n    Choices", 2),
        ("States:\n", "States: # asldb: allow NO_DEFAULT\n", 0),
        ("StartAt", "# asldb: allow NO_DEFAULT\nStartAt", 0),
        ("StartAt", "# Two.\n---\n# asldb: allow NO_DEFAULT\nStartAt", 0),
        ("StartAt", "Comment: 'asldb: allow NO_DEFAULT'\nStartAt", 0),
        ("  A:\n", "  A:\n    Comment: 'asldb: allow NO_DEFAULT'\n", 1),
    ] {
        let text = TWO.replacen(from, to, 1);
        assert_eq!(codes_of(&text, &[]).len(), left, "{text}");
    }
}

#[test]
fn a_setting_switches_off_and_errors_stay() {
    assert_eq!(codes_of(TWO, &["no_default".to_owned()]), [""; 0]);
    let broken =
        "# asldb: allow MISSING_TRANSITION_TARGET\nStartAt: A\nStates: {A: {Type: Pass, Next: B}, C: {Type: Succeed}}";
    assert!(codes_of(broken, &["MISSING_TRANSITION_TARGET".to_owned()]).contains(&"MISSING_TRANSITION_TARGET"));
    let unknown = "# asldb: allow NO_DEFALUT\nStartAt: A\nStates: {A: {Type: Succeed}}";
    assert_eq!(codes_of(unknown, &[]), ["UNKNOWN_CODE"]);
}

#[test]
fn waits_in_express_children() {
    let states = |kind: &str| {
        told(&format!(
            "M: {{Type: Map, End: true, ItemProcessor: {{ProcessorConfig: {{Mode: DISTRIBUTED, ExecutionType: {kind}}}, StartAt: W, States: {{W: {{Type: Wait, Seconds: 300, End: true}}}}}}}}"
        ))
    };
    assert_eq!(states("EXPRESS"), ["WAIT_BEYOND_TIMEOUT Seconds"]);
    assert_eq!(states("STANDARD"), [""; 0]);
}

#[test]
fn a_long_machine_takes_no_longer_than_it_should() {
    let mut text = String::from("StartAt: s0\nStates:\n");
    for n in 0..3000 {
        let next = n + 1;
        text.push_str(&format!(
            "  s{n}: {{Type: Pass, Parameters: {{a.$: $v{n}, b.$: $.x}}, ResultPath: $.k{n}, Assign: {{v{next}: 1}}, Next: s{next}}}\n"
        ));
    }
    text.push_str("  s3000: {Type: Succeed}\n");
    let definition = Definition::read("test.yaml", &text);
    let codes: Vec<&str> = warnings(&definition).iter().map(|found| found.code).collect();
    assert_eq!(codes, ["UNASSIGNED_VARIABLE", "UNUSED_VARIABLE"], "the first is read too early, the last not at all");
}
