use super::*;
use crate::engine::{Blocked, EventKind};
use crate::tui::glyph::Glyphs;
use crate::tui::panes::testing::{Bench, draw, survives};

const VARIABLES: &str = r#"{"StartAt": "First", "States": {
    "First": {"Type": "Pass", "Assign": {"total": 1, "name": "x"}, "Next": "Second"},
    "Second": {"Type": "Pass", "Assign": {"total": 2}, "Result": {"a": {"b": 1}}, "ResultPath": "$.made", "Next": "Each"},
    "Each": {"Type": "Map", "ItemsPath": "$.items", "MaxConcurrency": 1, "End": true, "ItemProcessor": {"StartAt": "Own", "States": {
        "Own": {"Type": "Pass", "Assign": {"mine.$": "$"}, "Next": "Ask"},
        "Ask": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true}}}}}}"#;

const INPUT: &str = r#"{"items":["p","q"]}"#;

fn entered(state: &'static str) -> Bench {
    Bench::new(VARIABLES, INPUT).until_in(state)
}

#[test]
fn sections_with_what_is_known() {
    let (lines, cursor) = entered("Second").draw(&mut ContextPane::new(), 50, 12);
    assert_eq!(
        lines[..7],
        [
            " ▾ input { 1 key }",
            "   ▸ items: [ 2 items ]",
            " ▾ variables { 2 keys }",
            "     total: 1",
            "     name: \"x\"",
            " ▸ $$ { 3 keys }",
            " ▸ data { 1 key }",
        ]
    );
    assert_eq!(cursor, Some(Position::new(0, 0)));
    let before = entered("First").lines(&mut ContextPane::new(), 50, 12);
    assert_eq!(before[2], "   variables (none assigned yet)");
}

#[test]
fn what_changed_since_the_last_stop_has_a_star() {
    let (mut bench, mut pane) = (entered("Second"), ContextPane::new());
    assert!(!bench.lines(&mut pane, 50, 12).iter().any(|line| line.contains('*')), "nothing was looked at before");
    bench = bench.until_in("Each");
    let lines = bench.lines(&mut pane, 50, 12);
    let marked: Vec<_> = lines.iter().filter(|line| line.starts_with('*')).map(String::as_str).collect();
    assert_eq!(marked, ["*    total: 2", "*▸ $$ { 3 keys }", "*▸ data { 2 keys }"]);
    bench.lines(&mut pane, 50, 12);
    assert_eq!(bench.lines(&mut pane, 50, 12), lines, "drawing again is no stop");
    pane.search("made", true, &bench.look());
    let unfolded = bench.lines(&mut pane, 50, 12);
    assert!(unfolded.contains(&" ▾ data { 2 keys }".to_owned()), "{unfolded:#?}");
    assert!(unfolded.contains(&"*  ▸ made: { 1 key }".to_owned()), "{unfolded:#?}");
}

#[test]
fn each_scope_has_its_own_variables() {
    let asks = |branch: BranchId| {
        let mut bench = entered("Ask").until(|machine, _| {
            machine.branch(branch).is_some_and(|branch| matches!(branch.blocked, Blocked::Task(_)))
        });
        bench.look_at_branch(branch);
        bench
    };
    let mut bench = asks(BranchId(1));
    let mut pane = ContextPane::new();
    let lines = bench.lines(&mut pane, 50, 14);
    assert_eq!(
        lines[2..5],
        [" ▾ variables of Each [0] { 1 key }", "     mine: \"p\"", " ▾ variables of the execution { 2 keys }"]
    );
    // An earlier moment: the variables are told from what was assigned until then.
    let exited = |event: &&crate::engine::Event| matches!(event.kind, EventKind::StateExited { .. });
    let first = bench.log.events.iter().find(exited).map(|event| event.id.0 as usize);
    bench.look_at_branch(BranchId::MAIN);
    bench.look_at(first);
    let lines = bench.lines(&mut pane, 50, 14);
    assert_eq!(
        lines[2..6],
        [" ▾ variables { 2 keys }", "*    total: 1", "*    name: \"x\"", " ▸ $$ in part { 3 keys }"]
            .map(|line| line.replace('*', " "))
    );
}

#[test]
fn variables_at_a_moment_are_those_of_the_run() {
    let mut bench = Bench::new(VARIABLES, INPUT).answering(|_, _| Some(Ok("1")));
    while bench.step() {
        for branch in bench.machine.branches().filter(|branch| branch.stage == crate::engine::Stage::Enter) {
            let told = crate::debug::facts::variables_at(&bench.log, branch.id, bench.log.events.len());
            for (name, value) in told.iter().flat_map(|(_, own)| own.iter()) {
                assert!(branch.variables.get(name).is_some(), "{name} = {value}");
            }
            let seen: usize = branch.variables.scopes().map(crate::value::Object::len).sum();
            assert_eq!(told.iter().map(|(_, own)| own.len()).sum::<usize>(), seen);
        }
    }
}

#[test]
fn folding() {
    let (mut bench, mut pane) = (entered("Each"), ContextPane::new());
    bench.lines(&mut pane, 50, 20);
    pane.search("total", true, &bench.look());
    bench.command(&mut pane, Command::Fold);
    assert_eq!(pane.row_text(&bench.look()), "▾ variables { 2 keys }", "first to what it is in");
    bench.command(&mut pane, Command::Open);
    assert_eq!(pane.row_text(&bench.look()), "▸ variables { 2 keys }");
    assert!(!bench.lines(&mut pane, 50, 20).contains(&"     total: 2".to_owned()));
    bench.command(&mut pane, Command::Unfold);
    assert!(bench.lines(&mut pane, 50, 20).contains(&"     total: 2".to_owned()));
    pane.click(Position::new(4, 0), true, &bench.look());
    assert_eq!(bench.lines(&mut pane, 50, 20)[0], " ▸ input { 1 key }");
}

#[test]
fn copies_value_text_and_the_path_that_expressions_use() {
    let (mut bench, mut pane) = (entered("Each"), ContextPane::new());
    bench.lines(&mut pane, 50, 20);
    let mut copied = |pane: &mut ContextPane, text: &str, command| {
        assert!(pane.search(text, true, &bench.look()), "{text}");
        match bench.command(pane, command).as_deref() {
            Some([Request::Copy(_, text)]) => text.clone(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(copied(&mut pane, "total", Command::CopyPath), "$total");
    assert_eq!(copied(&mut pane, "total", Command::CopyValue), "2");
    assert_eq!(copied(&mut pane, "total", Command::CopyText), "total: 2");
    assert_eq!(copied(&mut pane, "EnteredTime", Command::CopyPath), "$$.State.EnteredTime");
    assert_eq!(copied(&mut pane, "made", Command::CopyPath), "$.made");
    // In the input, in the context object that has the input as well, and in the data.
    assert_eq!(copied(&mut pane, "items", Command::CopyPath), "$$.Execution.Input.items");
    assert_eq!(copied(&mut pane, "items", Command::CopyPath), "$$.Execution.Input.items");
    assert_eq!(copied(&mut pane, "items", Command::CopyPath), "$.items");
}

#[test]
fn a_filter_keeps_what_is_around_a_match() {
    let (mut bench, mut pane) = (entered("Each"), ContextPane::new());
    bench.lines(&mut pane, 50, 20);
    pane.set_filter("B");
    let lines = bench.lines(&mut pane, 50, 20);
    assert_eq!(lines[0], " ▾ variables { 2 keys }", "its name matches");
    let data = lines.iter().position(|line| line.contains("data")).expect("the data");
    assert_eq!(
        lines[data..data + 4],
        [" ▾ data { 2 keys }", "   ▾ made: { 1 key }", "     ▾ a: { 1 key }", "         b: 1"]
    );
    assert_eq!(pane.title(&bench.look()), "\"B\"");
    pane.set_filter("no such thing");
    assert!(bench.lines(&mut pane, 60, 3)[0].contains("Nothing has \"no such thing\" in it. Esc shows everything."));
    assert_eq!(bench.command(&mut pane, Command::Close), Some(vec![]));
    assert!(bench.lines(&mut pane, 50, 20).len() > 5 && pane.filter().is_empty());
}

#[test]
fn a_large_value_is_made_into_rows_only_where_it_is_unfolded() {
    let items: Vec<_> = (0..200_000usize).map(Value::from).collect();
    let input = Value::Object(
        [("items", Value::from(items)), ("text", Value::from("x".repeat(5_000_000)))].into_iter().collect(),
    );
    let mut bench = Bench::with(VARIABLES, input).until_in("Second");
    let mut pane = ContextPane::new();
    bench.lines(&mut pane, 50, 10);
    assert!(pane.rows.len() < 20, "{}", pane.rows.len());
    pane.search("text", true, &bench.look());
    bench.lines(&mut pane, 50, 10);
    pane.search("items", true, &bench.look());
    bench.command(&mut pane, Command::Unfold);
    bench.lines(&mut pane, 50, 10);
    assert!(pane.rows.len() < 1100, "{}", pane.rows.len());
}

#[test]
fn any_size_and_any_command() {
    let mut bench = entered("Ask");
    let mut pane = ContextPane::new();
    for glyphs in [Glyphs::UNICODE, Glyphs::ASCII] {
        bench.glyphs = glyphs;
        for (branch, events) in [(0, None), (1, None), (1, Some(4)), (9, Some(1))] {
            bench.look_at_branch(BranchId(branch));
            bench.look_at(events);
            survives(&bench.look(), &mut pane);
        }
        pane.set_filter("a");
        survives(&bench.look(), &mut pane);
        survives(&bench.look_without_run(), &mut pane);
        survives(&bench.look_at_nothing(), &mut pane);
        pane.set_filter("");
    }
    assert!(bench.lines(&mut pane, 70, 12).iter().all(|line| line.is_ascii()));
    assert!(draw(&bench.look_without_run(), &mut pane, 60, 2).0[0].starts_with(" No run yet"));
}
