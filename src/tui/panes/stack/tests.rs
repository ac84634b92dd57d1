use super::*;
use crate::engine::{Blocked, Machine};
use crate::tui::glyph::Glyphs;
use crate::tui::panes::testing::{Bench, draw, survives};

const NESTED: &str = r#"{"StartAt": "Both", "States": {
    "Both": {"Type": "Parallel", "End": true, "Branches": [
        {"StartAt": "Each", "States": {"Each": {"Type": "Map", "ItemsPath": "$.items", "End": true,
            "ItemProcessor": {"StartAt": "Pack", "States": {
                "Pack": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true}}}}}},
        {"StartAt": "Hold", "States": {"Hold": {"Type": "Wait", "Seconds": 5, "End": true}}}]}}}"#;

/// Everything that can go on has gone on: the iterations wait for tasks, the second branch for its time.
fn nested() -> Bench {
    let waiting = |machine: &Machine| machine.branches().filter(|branch| branch.blocked != Blocked::No).count();
    let mut bench = Bench::new(NESTED, r#"{"items":["a","b"]}"#).until(|machine, _| waiting(machine) == 5);
    bench.look_at_branch(BranchId(4));
    bench
}

#[test]
fn from_the_innermost_state_to_the_run_then_the_others() {
    let (lines, cursor) = nested().draw(&mut StackPane::new(), 70, 12);
    assert_eq!(
        lines[..10],
        [
            "▶ Pack                       order.asl.json:5  waits for its task",
            "  iteration [1] of 2",
            "  Each                       order.asl.json:3",
            "  branch [0] of 2",
            "  Both                       order.asl.json:2",
            "  run 1                      Standard since 12:00:00",
            "  other branches",
            "⧗ Hold [1]                   waits until 12:00:05, 5.000 s",
            "⧗ Pack [0.0]                 waits for its task",
            "",
        ]
    );
    assert_eq!(cursor, Some(Position::new(0, 0)));
}

#[test]
fn a_branch_is_opened() {
    let (mut bench, mut pane) = (nested(), StackPane::new());
    bench.lines(&mut pane, 70, 12);
    assert!(pane.search("0.0", true, &bench.look()));
    let opened = bench.command(&mut pane, Command::Open);
    assert_eq!(opened, Some(vec![Request::LookAtBranch(BranchId(3))]));
    let lines = bench.lines(&mut pane, 70, 12);
    assert_eq!(lines[1], "  iteration [0] of 2");
    assert_eq!(pane.list.cursor(), 0, "another branch, another stack");
    let start = NESTED.find("\"Pack\": {").expect("the state");
    assert_eq!(bench.command(&mut pane, Command::Open), Some(vec![Request::ShowSource(start)]));
    assert_eq!(pane.click(Position::new(3, 2), true, &bench.look())[0], Request::LookAtBranch(BranchId(1)));
}

#[test]
fn an_earlier_moment_shows_the_others_as_they_are_now() {
    let (mut bench, mut pane) = (nested(), StackPane::new());
    bench.look_at(Some(3));
    let lines = bench.lines(&mut pane, 70, 12);
    assert_eq!(lines[0], "  has not entered a state yet");
    assert_eq!(lines[6], "  other branches, as they are now");
}

#[test]
fn an_ended_run_has_no_other_branches() {
    let bench = Bench::new(r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}"#, "{}").finish();
    let mut pane = StackPane::new();
    let lines = bench.lines(&mut pane, 40, 4);
    assert_eq!(lines[..3], ["▶ A                   order.asl.json:1", "  run 1               Standard since 12…", ""]);
    assert_eq!(pane.title(&bench.look()), "");
}

#[test]
fn with_many_branches_the_view_says_how_many_more() {
    let items: Vec<_> = (0..700).map(|n| n.to_string()).collect();
    let text = NESTED.replace(r#""ItemsPath": "$.items","#, r#""ItemsPath": "$.items", "MaxConcurrency": 1000,"#);
    let mut bench = Bench::new(&text, &format!("{{\"items\":[{}]}}", items.join(","))).finish();
    bench.look_at_branch(BranchId(20));
    let mut pane = StackPane::new();
    bench.lines(&mut pane, 60, 10);
    assert!(pane.frames.len() < 530, "{} rows", pane.frames.len());
    bench.command(&mut pane, Command::End);
    let more = bench.view.branch_count - bench.view.branches.len();
    assert_eq!(bench.lines(&mut pane, 60, 10)[9], format!("  and {more} more, not shown"));
    assert!(pane.title(&bench.look()).ends_with(&format!("{} branches", bench.view.branch_count)));
}

#[test]
fn copies_path_text_and_data() {
    let (mut bench, mut pane) = (nested(), StackPane::new());
    bench.lines(&mut pane, 70, 12);
    let path = bench.command(&mut pane, Command::CopyPath);
    assert_eq!(path, Some(vec![Request::Copy("path", "Both / Each / Pack".into())]));
    assert_eq!(bench.command(&mut pane, Command::CopyValue), Some(vec![Request::Copy("value", "\"b\"".into())]));
    bench.command(&mut pane, Command::Down);
    let text = bench.command(&mut pane, Command::CopyText);
    assert_eq!(text, Some(vec![Request::Copy("text", "iteration [1] of 2".into())]));
}

#[test]
fn any_size_and_any_command() {
    let mut bench = nested();
    let mut pane = StackPane::new();
    for glyphs in [Glyphs::UNICODE, Glyphs::ASCII] {
        bench.glyphs = glyphs;
        survives(&bench.look(), &mut pane);
        survives(&bench.look_without_run(), &mut pane);
        survives(&bench.look_at_nothing(), &mut pane);
    }
    assert!(bench.lines(&mut pane, 70, 12).iter().all(|line| line.is_ascii()));
    assert!(draw(&bench.look_without_run(), &mut pane, 60, 2).0[0].starts_with(" No run yet"));
}
