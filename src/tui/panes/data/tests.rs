use ratatui::style::Modifier;

use super::*;
use crate::engine::{Blocked, BranchId, EventKind, Invocation, Machine};
use crate::tui::command::Command;
use crate::tui::glyph::Glyphs;
use crate::tui::look::Request;
use crate::tui::panes::PaneView;
use crate::tui::panes::testing::{Bench, TaskEnd, buffer, draw, survives, text};
use crate::value::Value;

const FLOW: &str = r#"{"StartAt": "Validate", "States": {
    "Validate": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
        "InputPath": "$.order", "Parameters": {"FunctionName": "validate", "Payload.$": "$"},
        "ResultSelector": {"ok.$": "$.Payload.ok"}, "ResultPath": "$.validation",
        "Retry": [{"ErrorEquals": ["States.Timeout"]}, {"ErrorEquals": ["Busy", "Slow"], "MaxAttempts": 1},
            {"ErrorEquals": ["States.ALL"], "MaxAttempts": 0}],
        "Catch": [{"ErrorEquals": ["Lambda.Throttled"], "Next": "Failed"}, {"ErrorEquals": ["Busy"], "Next": "Failed"}],
        "Next": "In stock?"},
    "In stock?": {"Type": "Choice", "Default": "Failed", "Choices": [
        {"Variable": "$.validation.ok", "IsNull": true, "Next": "Failed"},
        {"And": [{"Variable": "$.validation.ok", "BooleanEquals": true},
            {"Variable": "$.order.n", "NumericGreaterThanPath": "$.least"}], "Next": "Each"},
        {"Variable": "$.x", "IsPresent": true, "Next": "Failed"}]},
    "Each": {"Type": "Map", "ItemsPath": "$.items", "MaxConcurrency": 2, "End": true,
        "Retry": [{"ErrorEquals": ["Once"], "MaxAttempts": 1}],
        "ItemSelector": {"x.$": "$$.Map.Item.Value"}, "ItemProcessor": {"StartAt": "Pack", "States": {
            "Pack": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true}}}},
    "Failed": {"Type": "Fail", "Error": "OutOfStock"}}}"#;

const INPUT: &str = r#"{"order":{"id":"o-1","n":3},"least":2,"items":["a","b","c"]}"#;

/// Everything ends well but the second item, which is never answered.
fn fine(state: &str, call: &Invocation) -> TaskEnd {
    match state {
        "Validate" => Some(Ok(r#"{"StatusCode":200,"Payload":{"ok":true}}"#)),
        _ if call.branch == BranchId(2) => None,
        _ => Some(Ok("\"packed\"")),
    }
}

fn busy(_: &str, _: &Invocation) -> TaskEnd {
    Some(Err(("Busy", r#"{"errorMessage":"x","trace":[1,2]}"#)))
}

fn flow(answer: fn(&str, &Invocation) -> TaskEnd) -> Bench {
    Bench::new(FLOW, INPUT).answering(answer)
}

fn is_blocked(machine: &Machine, wanted: fn(Blocked) -> bool) -> bool {
    machine.branches().any(|branch| wanted(branch.blocked))
}

/// A pane beside a detail.
fn pane(places: usize) -> DataPane {
    let mut pane = DataPane::new();
    pane.prepare(places, &Bench::new(FLOW, INPUT).look());
    pane
}

/// Detail `which` of `pane`, drawn after the pane itself.
fn detail(bench: &Bench, pane: &mut DataPane, which: u8) -> Vec<String> {
    bench.lines(pane, 60, 20);
    let area = Rect::new(0, 0, 40, 8);
    let mut buffer = Buffer::empty(area);
    pane.draw_detail(which, &bench.look(), area, true, &mut buffer);
    let lines = text(&buffer).into_iter().filter(|line| !line.is_empty());
    std::iter::once(pane.detail_title(which, &bench.look())).chain(lines).collect()
}

/// The moment right after the state called `state` was left.
fn left(bench: &mut Bench, state: &str) {
    let exits = |kind: &EventKind| match kind {
        EventKind::StateExited { state: left, .. } => &*bench.machine.execution().machine.state(*left).name == state,
        _ => false,
    };
    let event = bench.log.events.iter().find(|event| exits(&event.kind)).expect("it was left");
    let id = event.id.0 as usize;
    bench.look_at(Some(id));
}

#[test]
fn stages_as_they_come() {
    let mut bench = flow(fine).until_in("Validate");
    let mut pane = pane(1);
    assert_eq!(
        bench.lines(&mut pane, 60, 11)[..10],
        [
            "▸ 1 State input                                         60 B",
            "  2 InputPath      $.order                           not yet",
            "  3 Parameters     {\"FunctionName\": \"validate\", \"…   not yet",
            "  4 Task result    lambda:invoke                     not yet",
            "  5 ResultSelector {\"ok.$\": \"$.Payload.ok\"}          not yet",
            "  6 ResultPath     $.validation                      not yet",
            "  7 Catch          (none)",
            "  8 OutputPath     (none)",
            "  9 Assign         (none)",
            " 10 State output                                     not yet",
        ]
    );
    let mut selected = Vec::new();
    for _ in 0..6 {
        bench.step();
        bench.refresh();
        bench.lines(&mut pane, 60, 11);
        selected.push(pane.list.cursor());
    }
    assert_eq!(selected, [1, 2, 3, 4, 5, 9], "the newest stage is selected");
    assert_eq!(
        bench.lines(&mut pane, 60, 11)[..10],
        [
            "  1 State input                                         60 B",
            "  2 InputPath      $.order                            → 18 B",
            "  3 Parameters     {\"FunctionName\": \"validate\", \"…    → 56 B",
            "  4 Task result    lambda:invoke                      → 40 B",
            "  5 ResultSelector {\"ok.$\": \"$.Payload.ok\"}           → 11 B",
            "  6 ResultPath     $.validation                      + 1 key",
            "  7 Catch          (none)",
            "  8 OutputPath     (none)",
            "  9 Assign         (none)",
            "▸10 State output                                        85 B",
        ]
    );
    assert_eq!(pane.title(&bench.look()), "Validate · visit 1");
}

#[test]
fn the_users_row_stays_as_long_as_the_visit_does() {
    let (mut bench, mut pane) = (flow(fine).until_in("Validate"), pane(1));
    bench.lines(&mut pane, 60, 11);
    bench.command(&mut pane, Command::Down);
    bench.command(&mut pane, Command::Up);
    bench.step();
    bench.refresh();
    bench.lines(&mut pane, 60, 11);
    assert_eq!(pane.list.cursor(), 0, "the user is there");
    bench = bench.until_in("In stock?");
    bench.step();
    bench.refresh();
    bench.lines(&mut pane, 60, 11);
    assert_eq!(pane.row_text(&bench.look()), "3 Choices → Each");
}

#[test]
fn a_task_that_waits_says_which_key_answers() {
    let bench = flow(|_, _| None).until(|machine, _| is_blocked(machine, |b| matches!(b, Blocked::Task(_))));
    let lines = bench.lines(&mut pane(1), 41, 8);
    assert_eq!(lines[2], "▸ 3 Parameters     {\"FunctionN…    → 56 B");
    assert_eq!(lines[7], "⧗ waits for its task: a answers");
    let mut bench = flow(busy).until(|machine, _| is_blocked(machine, |b| matches!(b, Blocked::Retry(_))));
    assert_eq!(bench.lines(&mut pane(1), 60, 8)[7], "⧗ retry 1 in 1.000 s: W skips the pause");
    bench.look_at(Some(2));
    assert!(!bench.lines(&mut pane(1), 60, 8)[7].contains("retry"), "that is now, not then");
}

#[test]
fn a_failure_and_why_nothing_or_what_caught_it() {
    let (mut bench, mut pane) = (flow(busy).finish(), pane(1));
    left(&mut bench, "Validate");
    let lines = bench.lines(&mut pane, 60, 24);
    assert_eq!(lines[3], "▸ 4 Task result    lambda:invoke                      ✗ Busy");
    assert_eq!(lines[4], "  5 ResultSelector {\"ok.$\": \"$.Payload.ok\"}      not reached");
    assert_eq!(
        lines[11..20],
        [
            "✗ Busy",
            "▾ { 2 keys }",
            "    errorMessage: \"x\"",
            "  ▸ trace: [ 2 items ]",
            "  Retry 1  States.Timeout ≠ Busy",
            "✓ Retry 2  Busy, Slow matches, but its 1 retry is made, aft…",
            "  Retry 3  States.ALL not asked",
            "  Catch 1  Lambda.Throttled ≠ Busy",
            "✓ Catch 2  Busy matches → Failed",
        ]
    );
    assert_eq!(pane.title(&bench.look()), "Validate · visit 1 · try 2 of 2");
    // Beside the rows the same is said; going into it shows the error output as data.
    let beside = detail(&bench, &mut pane, 0);
    assert_eq!(beside[..4], ["why 4 Task result failed", "✗ Busy", "  {", "    \"errorMessage\": \"x\","]);
    assert!(pane.command(Command::Open, &bench.look()).is_some());
    assert_eq!(
        detail(&bench, &mut pane, 0),
        ["after 4 Task result", "▾ { 2 keys }", "    Error: \"Busy\"", "  ▸ Cause: { 2 keys }"]
    );
}

#[test]
fn what_the_person_should_know_stands_below_the_cause() {
    let busy: fn(&str, &Invocation) -> TaskEnd = |_, _| Some(Err(("Busy", "no such key")));
    let mut bench = flow(busy).hinting("looked for items/a.json").finish();
    let mut pane = pane(1);
    left(&mut bench, "Validate");
    let lines = bench.lines(&mut pane, 60, 24);
    assert_eq!(lines[11..14], ["✗ Busy", "  no such key", "  looked for items/a.json"]);
}

#[test]
fn the_tree_of_a_cause_folds_in_its_place() {
    let (mut bench, mut pane) = (flow(busy).finish(), pane(1));
    left(&mut bench, "Validate");
    bench.lines(&mut pane, 60, 24);
    assert!(pane.search("trace", true, &bench.look()));
    bench.command(&mut pane, Command::Unfold);
    assert_eq!(bench.lines(&mut pane, 60, 26)[15..17], ["      0: 1", "      1: 2"]);
    bench.command(&mut pane, Command::Down);
    bench.command(&mut pane, Command::Fold);
    bench.command(&mut pane, Command::Fold);
    assert!(pane.row_text(&bench.look()).starts_with("▸ trace"), "{}", pane.row_text(&bench.look()));
    bench.command(&mut pane, Command::Open);
    assert!(pane.row_text(&bench.look()).starts_with("▾ trace"));
}

#[test]
fn the_part_of_an_expression_that_failed_is_underlined() {
    let bench = flow(|_, _| Some(Ok(r#"{"Payload":{}}"#))).finish();
    let mut pane = pane(1);
    let (buffer, _) = buffer(&bench.look(), &mut pane, 70, 24);
    let lines = text(&buffer);
    assert_eq!(lines[11], "✗ States.Runtime  in ResultSelector");
    assert_eq!(lines[12], "  ok.$: $.Payload.ok");
    assert!(lines[13].contains("`$.Payload`"), "{}", lines[13]);
    assert!(lines.contains(&"  States.Runtime is never retried or caught".to_owned()), "{lines:#?}");
    let underlined: String = (0..70)
        .filter(|x| buffer[(*x, 12)].modifier.contains(Modifier::UNDERLINED))
        .map(|x| buffer[(x, 12)].symbol())
        .collect();
    assert!(!underlined.is_empty() && "$.Payload.ok".contains(&underlined), "{underlined}");
    pane.list.select(12);
    let place = FLOW.find("$.Payload.ok").expect("the expression");
    let requests = pane.command(Command::Open, &bench.look()).unwrap_or_default();
    assert!(
        matches!(requests[..], [Request::ShowSource(at)] if (place..place + 12).contains(&at)),
        "{requests:?} in {place}"
    );
}

#[test]
fn a_long_expression_is_shown_where_it_is_wrong() {
    let long = "x".repeat(200);
    let text = format!(
        r#"{{"StartAt": "A", "States": {{"A": {{"Type": "Pass", "Parameters": {{"v.$": "States.Format('{long} {{}}', $.gone)"}}, "End": true}}}}}}"#
    );
    let bench = Bench::new(&text, "{}").finish();
    let lines = bench.lines(&mut pane(1), 60, 24);
    assert!(lines.iter().any(|line| line.contains("$.gone") && line.contains('…')), "{lines:#?}");
}

#[test]
fn rules_with_what_they_compared() {
    let (mut bench, mut pane) = (flow(fine).until_in("In stock?"), pane(1));
    let before = bench.lines(&mut pane, 70, 15);
    assert_eq!(before[7], "  rules, as they will be decided");
    bench.step();
    bench.refresh();
    assert_eq!(
        bench.lines(&mut pane, 70, 15)[2..14],
        [
            "▸ 3 Choices                                                     → Each",
            "  4 OutputPath     (none)",
            "  5 Assign         (none)",
            "  6 State output                                               not yet",
            "",
            "  rules",
            "   1 false $.validation.ok = true  IsNull true → Failed",
            "✓  2 true   → Each",
            "       true  $.validation.ok = true  BooleanEquals true",
            "       true  $.order.n = 3  NumericGreaterThanPath $.least = 2",
            "·  3 not asked  → Failed",
            "· Default  not asked → Failed",
        ]
    );
    pane.list.select(8);
    let rule = FLOW.find(r#"{"Variable": "$.validation.ok", "IsNull""#).expect("the rule");
    assert_eq!(pane.command(Command::Open, &bench.look()), Some(vec![Request::ShowSource(rule)]));
}

#[test]
fn rules_see_the_variables_as_they_were_then() {
    let text = r#"{"StartAt": "Set", "States": {
        "Set": {"Type": "Pass", "Assign": {"n": 1}, "Next": "Which"},
        "Which": {"Type": "Choice", "Default": "Again", "Choices": [
            {"Variable": "$n", "NumericEquals": 2, "Next": "Done"}, {"Variable": "$.gone", "IsNull": true, "Next": "Done"}]},
        "Again": {"Type": "Pass", "Assign": {"n": 2}, "Next": "Which"},
        "Done": {"Type": "Succeed"}}}"#;
    let mut bench = Bench::new(
        &text.replace(
            r#"{"Variable": "$.gone", "IsNull": true, "Next": "Done"}"#,
            r#"{"Variable": "$n", "IsString": true, "Next": "Done"}"#,
        ),
        "{}",
    )
    .finish();
    let mut pane = pane(1);
    left(&mut bench, "Which");
    let lines = bench.lines(&mut pane, 70, 12);
    assert_eq!(lines[8], "   1 false $n = 1  NumericEquals 2 → Done");
    assert_eq!(lines[10], "✓ Default  no rule is true → Again");
    let bench = Bench::new(text, "{}").finish();
    let lines = bench.lines(&mut pane, 70, 24);
    assert!(lines.iter().any(|line| line.starts_with("✗  2 fails")), "{lines:#?}");
    assert!(lines.iter().any(|line| line.contains("Invalid path '$.gone'")), "{lines:#?}");
}

#[test]
fn iterations_are_rows_with_their_status() {
    let (mut bench, mut pane) = (flow(fine).finish(), pane(1));
    let lines = bench.lines(&mut pane, 60, 20);
    assert_eq!(lines[3], "  4 ItemSelector   {\"x.$\": \"$$.Map.Item.Value\"}    each item");
    assert_eq!(
        lines[12..16],
        [
            "  iterations: 2 of 3 done",
            "✓ [0]   done  \"packed\"",
            "⧗ [1]   in Pack, waits for its task",
            "✓ [2]   done  \"packed\""
        ]
    );
    pane.list.select(14);
    assert_eq!(detail(&bench, &mut pane, 0), ["after iteration [1]", " It has not come to its end."]);
    bench.command(&mut pane, Command::Before);
    assert_eq!(detail(&bench, &mut pane, 0), ["before iteration [1]", "▾ { 1 key }", "    x: \"b\""]);
    assert_eq!(bench.command(&mut pane, Command::Open), Some(vec![Request::LookAtBranch(BranchId(2))]));
    bench.look_at_branch(BranchId::MAIN);
    let started = bench.log.events.iter().find(|event| matches!(event.kind, EventKind::MapStarted { .. }));
    let started = started.map(|event| event.id.0 as usize);
    bench.look_at(started);
    let lines = bench.lines(&mut pane, 60, 20);
    assert_eq!(lines[12..14], ["  iterations: 0 of 3 done", "· [0]   not started"]);
}

#[test]
fn a_failure_inside_is_the_failure_of_the_map() {
    let broken: fn(&str, &Invocation) -> TaskEnd = |state, call| match state {
        "Pack" if call.branch == BranchId(2) => Some(Err(("Broken", "no\u{7}"))),
        _ => fine(state, call),
    };
    let (mut bench, mut pane) = (flow(broken).finish(), pane(1));
    let lines = bench.lines(&mut pane, 60, 24);
    assert_eq!(lines[4], "▸ 5 Iterations                                      ✗ Broken");
    assert_eq!(lines[12..15], ["✗ Broken  from Pack", "  no␇", "  Retry 1  Once ≠ Broken"]);
    assert_eq!(
        lines[16..20],
        ["  iterations: 0 of 3 done, 1 failed", "✗ [0]   stopped", "✗ [1]   failed", "· [2]   not started"]
    );
    let once: fn(&str, &Invocation) -> TaskEnd = |state, call| match state {
        "Pack" if call.branch == BranchId(1) => Some(Err(("Once", "no"))),
        _ => fine(state, call),
    };
    bench = flow(once).until(|machine, _| is_blocked(machine, |b| matches!(b, Blocked::Retry(_))));
    let lines = bench.lines(&mut pane, 60, 24);
    assert_eq!(lines[14], "✓ Retry 1  Once matches: retry 1 of 1 follows, after 1 s");
    bench = bench.finish();
    let lines = bench.lines(&mut pane, 60, 24);
    assert_eq!(lines[12], "  iterations: 3 of 3 done", "the retry started anew");
}

#[test]
fn handlers_around_the_state_are_asked_as_well() {
    let broken: fn(&str, &Invocation) -> TaskEnd = |state, call| match state {
        "Pack" => Some(Err(("Once", "no"))),
        _ => fine(state, call),
    };
    let mut bench = flow(broken).finish();
    let failed = bench.log.events.iter().rev().find_map(|event| match event.kind {
        EventKind::TaskFailed { .. } => Some(event.branch),
        _ => None,
    });
    bench.look_at_branch(failed.expect("a failure"));
    let lines = bench.lines(&mut pane(1), 60, 24);
    let at = lines.iter().position(|line| line == "  around it Each").expect("the Map state");
    assert_eq!(lines[at + 1], "✓ Retry 1  Once matches, but its 1 retry is made, after 1 s");
    let alone = Bench::new(r#"{"StartAt": "A", "States": {"A": {"Type": "Fail", "Error": "E"}}}"#, "{}").finish();
    let lines = alone.lines(&mut pane(1), 60, 24);
    assert!(!lines.iter().any(|line| line.contains("Retry")), "a Fail state cannot have any: {lines:#?}");
}

#[test]
fn branches_are_rows_as_well() {
    let text = r#"{"StartAt": "Both", "States": {"Both": {"Type": "Parallel", "End": true, "Branches": [
        {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": 1, "Next": "B"}, "B": {"Type": "Pass", "End": true}}},
        {"StartAt": "C", "States": {"C": {"Type": "Wait", "Seconds": 5, "End": true}}}]}}}"#;
    let mut bench = Bench::new(text, "{}");
    while bench.machine.next_resume().is_none() || bench.log.events.len() < 8 {
        bench.step();
    }
    bench.refresh();
    let mut pane = pane(1);
    let lines = bench.lines(&mut pane, 60, 20);
    let heading = lines.iter().position(|line| line.starts_with("  branches")).expect("the branches");
    assert_eq!(lines[heading + 1..heading + 3], ["✓ [0]   done  1", "⧗ [1]   in C, waits until 12:00:05, 5.000 s"]);
}

#[test]
fn before_after_and_difference() {
    let (mut bench, mut pane) = (flow(fine).finish(), pane(1));
    left(&mut bench, "Validate");
    bench.lines(&mut pane, 60, 20);
    pane.list.select(5);
    assert_eq!(detail(&bench, &mut pane, 0)[..2], ["after 6 ResultPath", "▾ { 4 keys }"]);
    bench.command(&mut pane, Command::Before);
    assert_eq!(detail(&bench, &mut pane, 0), ["before 6 ResultPath", "▾ { 1 key }", "    ok: true"]);
    bench.command(&mut pane, Command::Difference);
    assert_eq!(
        detail(&bench, &mut pane, 0),
        ["difference of 6 ResultPath", "+ $.validation: {\"ok\":true}"],
        "to the input, into which the result goes"
    );
    pane.list.select(4);
    assert_eq!(
        detail(&bench, &mut pane, 0)[1..],
        ["+ $.ok: true", "- $.StatusCode: 200", "- $.Payload: {\"ok\":true}"]
    );
    pane.list.select(7);
    assert_eq!(detail(&bench, &mut pane, 0)[1], " No difference: the data went on as it");
    bench.command(&mut pane, Command::Difference);
    assert_eq!(detail(&bench, &mut pane, 0)[0], "after 8 OutputPath", "the same key again");
}

#[test]
fn two_details_show_before_and_after() {
    let (mut bench, mut pane) = (flow(fine).finish(), pane(2));
    left(&mut bench, "Validate");
    bench.lines(&mut pane, 60, 20);
    pane.list.select(4);
    assert_eq!(detail(&bench, &mut pane, 0)[..2], ["before 5 ResultSelector", "▾ { 2 keys }"]);
    assert_eq!(detail(&bench, &mut pane, 1), ["after 5 ResultSelector", "▾ { 1 key }", "    ok: true"]);
    bench.command(&mut pane, Command::Open);
    assert_eq!(pane.active, Some(1));
    bench.command(&mut pane, Command::Before);
    assert_eq!(pane.active, Some(0), "the keys go to the other one");
    bench.command(&mut pane, Command::Difference);
    assert_eq!(detail(&bench, &mut pane, 0)[0], "before 5 ResultSelector");
    assert_eq!(detail(&bench, &mut pane, 1)[0], "difference of 5 ResultSelector");
}

#[test]
fn in_a_detail_one_moves_folds_copies_and_goes_back() {
    let (mut bench, mut pane) = (flow(fine).until_in("Validate"), pane(1));
    let (_, cursor) = bench.draw(&mut pane, 60, 20);
    assert_eq!(cursor, Some(Position::new(0, 0)));
    bench.command(&mut pane, Command::Open);
    assert_eq!(bench.draw(&mut pane, 60, 20).1, None, "the cursor is in the detail");
    detail(&bench, &mut pane, 0);
    bench.command(&mut pane, Command::Down);
    bench.command(&mut pane, Command::Unfold);
    bench.command(&mut pane, Command::Down);
    assert_eq!(pane.row_text(&bench.look()), "id: \"o-1\"");
    let copied = |bench: &mut Bench, pane: &mut DataPane, command| match bench.command(pane, command).as_deref() {
        Some([Request::Copy(_, text)]) => text.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(copied(&mut bench, &mut pane, Command::CopyPath), "$.order.id");
    assert_eq!(copied(&mut bench, &mut pane, Command::CopyValue), "\"o-1\"");
    assert_eq!(copied(&mut bench, &mut pane, Command::CopyText), "id: \"o-1\"");
    // What is unfolded stays so in the next value.
    bench = bench.until_in("In stock?");
    assert!(detail(&bench, &mut pane, 0).contains(&"      id: \"o-1\"".to_owned()));
    assert_eq!(pane.row_text(&bench.look()), "id: \"o-1\"", "and the cursor stays on its path");
    // To the object, folded, to the whole, out.
    for active in [Some(0), Some(0), Some(0), None] {
        bench.command(&mut pane, Command::Fold);
        assert_eq!(pane.active, active);
    }
    assert_eq!(copied(&mut bench, &mut pane, Command::CopyPath), "In stock?");
    assert!(copied(&mut bench, &mut pane, Command::CopyValue).starts_with("{\"order\":"));
    assert_eq!(copied(&mut bench, &mut pane, Command::CopyText), "1 State input 85 B");
}

#[test]
fn a_change_leads_to_its_place_in_the_data() {
    let (mut bench, mut pane) = (flow(fine).finish(), pane(1));
    left(&mut bench, "Validate");
    bench.lines(&mut pane, 60, 20);
    bench.command(&mut pane, Command::Difference);
    bench.command(&mut pane, Command::Open);
    detail(&bench, &mut pane, 0);
    assert!(pane.search("validation", true, &bench.look()));
    bench.command(&mut pane, Command::Open);
    detail(&bench, &mut pane, 0);
    assert_eq!((pane.shown, pane.row_text(&bench.look())), (Shown::After, "▸ validation: { 1 key }".to_owned()));
    assert!(pane.search("o-1", true, &bench.look()), "also where it is folded");
    assert_eq!(pane.row_text(&bench.look()), "id: \"o-1\"");
}

#[test]
fn alone_on_the_screen_the_data_stands_under_the_rows() {
    let (bench, mut pane) = (flow(fine).until_in("Validate"), pane(0));
    let lines = bench.lines(&mut pane, 60, 20);
    assert!(lines[11].starts_with("── after 1 State input ──"), "{lines:#?}");
    assert_eq!(lines[12..14], ["▾ { 3 keys }", "  ▸ order: { 2 keys }"]);
    pane.command(Command::Open, &bench.look());
    let (_, cursor) = bench.draw(&mut pane, 60, 20);
    assert_eq!(cursor, Some(Position::new(0, 12)));
    let small = bench.lines(&mut pane, 40, 7);
    assert_eq!(small[0], "▾ { 3 keys }", "in a small place what takes the keys is seen: {small:#?}");
}

#[test]
fn the_mouse_goes_where_it_points() {
    let (mut bench, mut pane) = (flow(fine).finish(), pane(0));
    left(&mut bench, "Validate");
    bench.lines(&mut pane, 60, 24);
    pane.click(Position::new(5, 2), false, &bench.look());
    assert_eq!((pane.list.cursor(), pane.active), (2, None));
    bench.lines(&mut pane, 60, 24);
    pane.click(Position::new(5, 13), false, &bench.look());
    assert_eq!(pane.active, Some(0));
    assert_eq!(pane.row_text(&bench.look()), "FunctionName: \"validate\"");
    pane.click(Position::new(5, 0), true, &bench.look());
    assert_eq!(pane.active, Some(0), "a double click opens");
}

#[test]
fn a_value_of_megabytes_is_made_into_rows_only_where_it_is_unfolded() {
    let item = |n: usize| {
        Value::Object([("id", Value::from(n)), ("text", Value::from("x".repeat(100)))].into_iter().collect())
    };
    let items: Vec<_> = (0..100_000).map(item).collect();
    let input = Value::Object([("all", Value::from(items))].into_iter().collect());
    let text = r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "InputPath": "$.all", "ResultPath": "$.copy", "Next": "B"},
        "B": {"Type": "Wait", "Seconds": 1, "End": true}}}"#;
    let mut bench = Bench::with(text, input).until_in("A");
    let mut pane = pane(1);
    for _ in 0..4 {
        bench.lines(&mut pane, 60, 20);
        let rows = detail(&bench, &mut pane, 0);
        assert!(rows.len() < 10, "{rows:?}");
        bench.step();
        bench.refresh();
    }
    bench.command(&mut pane, Command::Difference);
    assert!(detail(&bench, &mut pane, 0).len() > 1);
    assert!(pane.details[0].len() <= 1001);
}

#[test]
fn what_is_empty_says_what_fills_it() {
    let mut pane = pane(1);
    let bench = Bench::new(FLOW, INPUT);
    assert_eq!(bench.lines(&mut pane, 70, 1), [" The run has not entered a state yet: s steps into the first."]);
    assert!(draw(&bench.look_without_run(), &mut pane, 60, 2).0[0].starts_with(" No run yet: c runs"));
    assert_eq!(pane.title(&bench.look_without_run()), "");
    assert_eq!(pane.detail_title(0, &bench.look()), "");
}

#[test]
fn any_size_and_any_command() {
    let mut benches =
        [flow(busy).finish(), flow(fine).finish(), flow(fine).until_in("In stock?"), Bench::new(FLOW, INPUT)];
    for places in 0..3 {
        let mut pane = pane(places);
        for bench in &mut benches {
            bench.glyphs = if places == 0 { Glyphs::ASCII } else { Glyphs::UNICODE };
            for events in [None, Some(2), Some(7)] {
                bench.look_at(events);
                survives(&bench.look(), &mut pane);
                for (width, height) in [(0, 0), (1, 1), (3, 2), (30, 9)] {
                    let area = Rect::new(0, 0, width, height);
                    let mut buffer = Buffer::empty(area);
                    for which in [0, 1, 9] {
                        pane.draw_detail(which, &bench.look(), area, true, &mut buffer);
                    }
                }
            }
            survives(&bench.look_without_run(), &mut pane);
        }
    }
}

#[test]
fn nothing_but_ascii_where_that_is_asked_for() {
    let (mut bench, mut pane) = (flow(busy).finish(), pane(0));
    left(&mut bench, "Validate");
    bench.lines(&mut pane, 60, 40);
    // Also what was made before with other signs.
    bench.glyphs = Glyphs::ASCII;
    for command in [Command::After, Command::Difference] {
        pane.command(command, &bench.look());
        let lines = bench.lines(&mut pane, 60, 40);
        assert!(lines.iter().all(|line| line.is_ascii()), "{lines:#?}");
    }
    let lines = bench.lines(&mut pane, 60, 40);
    assert!(lines.contains(&"  Retry 1  States.Timeout != Busy".to_owned()), "{lines:#?}");
}
