use super::*;
use crate::engine::Invocation;
use crate::tui::glyph::Glyphs;
use crate::tui::panes::testing::{Bench, TaskEnd, buffer, draw, survives};
use ratatui::style::Modifier;

const ORDER: &str = r#"{"StartAt": "Charge", "States": {
    "Charge": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "ResultPath": "$.paid", "Next": "Each",
        "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 1}]},
    "Each": {"Type": "Map", "ItemsPath": "$.items", "End": true, "ItemProcessor": {"StartAt": "Pack",
        "States": {"Pack": {"Type": "Pass", "End": true}}}}}}"#;

/// Counts up until it is as large as `most`.
const LOOP: &str = r#"{"StartAt": "Add", "States": {
    "Add": {"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.n, 1)", "most.$": "$.most"}, "Next": "Enough?"},
    "Enough?": {"Type": "Choice", "Default": "Add",
        "Choices": [{"Variable": "$.n", "NumericEqualsPath": "$.most", "Next": "Done"}]},
    "Done": {"Type": "Succeed"}}}"#;

fn answer(_: &str, call: &Invocation) -> TaskEnd {
    Some(if call.retry_count == 0 { Err(("Busy", "try\u{1b}[31m later")) } else { Ok(r#"{"id":7}"#) })
}

fn order() -> Bench {
    Bench::new(ORDER, r#"{"items":[1,2]}"#).answering(answer).finish()
}

#[test]
fn events_are_rows_with_what_matters() {
    let mut pane = HistoryPane::new();
    let (lines, cursor) = order().draw(&mut pane, 78, 30);
    assert_eq!(
        lines[..22],
        [
            "   1     0.000   ExecutionStarted                         {\"items\":[1,2]}",
            "   2     0.000   TaskStateEntered          Charge         {\"items\":[1,2]}",
            "   3     0.000   TaskScheduled             Charge         {\"items\":[1,2]}",
            "   4     0.000   TaskStarted               Charge",
            "   5     0.010 ✗ TaskFailed                Charge         Busy: try␛[31m later",
            "   6     1.010   TaskScheduled             Charge         retry 1",
            "   7     1.010   TaskStarted               Charge",
            "   8     1.020   TaskSucceeded             Charge         {\"id\":7}",
            "   9     1.020   TaskStateExited           Charge         {\"items\":[1,2],\"pai…",
            "  10     1.020   MapStateEntered           Each           {\"items\":[1,2],\"pai…",
            "  11     1.020   MapStateStarted           Each           2 items",
            "  12     1.020     MapIterationStarted     Each [0]",
            "  13     1.020     PassStateEntered        Pack [0]       1",
            "  14     1.020     PassStateExited         Pack [0]       1",
            "  15     1.020     MapIterationSucceeded   Each [0]",
            "  16     1.020     MapIterationStarted     Each [1]",
            "  17     1.020     PassStateEntered        Pack [1]       2",
            "  18     1.020     PassStateExited         Pack [1]       2",
            "  19     1.020     MapIterationSucceeded   Each [1]",
            "  20     1.020   MapStateSucceeded         Each",
            "  21     1.020   MapStateExited            Each           [1,2]",
            "▶ 22     1.020   ExecutionSucceeded                       [1,2]",
        ]
    );
    assert_eq!(cursor, Some(Position::new(0, 21)));
}

#[test]
fn a_failure_stands_out_by_sign_and_letters_also_in_ascii() {
    let mut bench = order();
    bench.glyphs = Glyphs::ASCII;
    let (buffer, _) = buffer(&bench.look(), &mut HistoryPane::new(), 60, 22);
    let rows = crate::tui::panes::testing::text(&buffer);
    assert!(rows.iter().all(|row| row.is_ascii()), "{rows:#?}");
    assert!(rows[4].starts_with("   5     0.010 x TaskFailed"), "{}", rows[4]);
    assert!(rows[21].starts_with("> 22"));
    let is_marked = |y| buffer[(19, y)].modifier.contains(Modifier::BOLD | Modifier::UNDERLINED);
    assert!(is_marked(4) && !is_marked(5));
}

#[test]
fn moving_is_time_travel() {
    let (mut bench, mut pane) = (order(), HistoryPane::new());
    bench.lines(&mut pane, 60, 10);
    assert_eq!(bench.command(&mut pane, Command::Up), Some(vec![Request::LookAtEvent(21)]));
    let lines = bench.lines(&mut pane, 60, 10);
    assert!(lines[8].starts_with("▶ 21"), "{lines:#?}");
    assert_eq!(pane.title(&bench.look()), "21 of 22");
    assert_eq!(bench.command(&mut pane, Command::Down), Some(vec![Request::LookAtEvent(NEWEST)]));
    assert_eq!(bench.command(&mut pane, Command::Down), Some(vec![]), "there is nothing after the last one");
    assert_eq!(bench.command(&mut pane, Command::Home), Some(vec![Request::LookAtEvent(1)]));
    assert_eq!(bench.command(&mut pane, Command::End), Some(vec![Request::LookAtEvent(NEWEST)]));
    assert_eq!(bench.command(&mut pane, Command::Next), None);
}

#[test]
fn the_cursor_follows_the_moment() {
    let (mut bench, mut pane) = (order(), HistoryPane::new());
    bench.look_at(Some(5));
    let (lines, cursor) = bench.draw(&mut pane, 60, 10);
    assert!(lines[4].starts_with("▶  5"), "{lines:#?}");
    assert_eq!(cursor, Some(Position::new(0, 4)));
    bench.look_at(None);
    bench.lines(&mut pane, 60, 10);
    assert!(pane.row_text(&bench.look()).starts_with("▶ 22"), "what is live is followed again");
}

#[test]
fn who_scrolls_back_is_not_taken_along() {
    let mut bench = Bench::new(LOOP, r#"{"n":0,"most":100}"#).until(|_, log| log.events.len() > 40);
    let mut pane = HistoryPane::new();
    let newest = |bench: &Bench| format!("▶{:>3}", bench.log.events.len());
    assert!(bench.lines(&mut pane, 60, 10)[9].starts_with(&newest(&bench)));
    pane.scroll(-20, &bench.look());
    let before = bench.lines(&mut pane, 60, 10);
    while bench.log.events.len() < 60 {
        bench.step();
    }
    bench.refresh();
    assert_eq!(bench.lines(&mut pane, 60, 10), before);
    bench.command(&mut pane, Command::End);
    assert!(bench.lines(&mut pane, 60, 10)[9].starts_with(&newest(&bench)));
    bench.step();
    bench.step();
    bench.refresh();
    assert!(bench.lines(&mut pane, 60, 10)[9].starts_with(&newest(&bench)));
}

#[test]
fn a_filter_finds_types_states_and_errors() {
    let (mut bench, mut pane) = (order(), HistoryPane::new());
    let ids = |bench: &Bench, pane: &mut HistoryPane, filter: &str| {
        pane.set_filter(filter);
        let lines = bench.lines(pane, 60, 30);
        lines
            .iter()
            .filter_map(|line| line.get(..8)?.trim_start_matches(['▶', ' ']).trim().parse().ok())
            .collect::<Vec<u32>>()
    };
    assert_eq!(ids(&bench, &mut pane, "iterationSTARTED"), [12, 16]);
    assert_eq!(ids(&bench, &mut pane, "pack"), [13, 14, 17, 18]);
    assert_eq!(ids(&bench, &mut pane, "try"), [5], "the cause");
    assert_eq!(pane.title(&bench.look()), "\"try\" 1 of 22");
    assert_eq!(bench.command(&mut pane, Command::Close), Some(vec![]));
    assert_eq!(pane.filter(), "");
    assert_eq!(bench.command(&mut pane, Command::Close), None, "there is nothing left to end");
    pane.set_filter("nothing like it");
    let lines = bench.lines(&mut pane, 70, 3);
    assert!(lines[0].contains("No event has \"nothing like it\" in it. Esc shows all"), "{lines:?}");
}

#[test]
fn moving_in_filtered_rows_goes_from_match_to_match() {
    let (mut bench, mut pane) = (order(), HistoryPane::new());
    pane.set_filter("pack");
    bench.lines(&mut pane, 60, 30);
    assert_eq!(bench.command(&mut pane, Command::Up), Some(vec![Request::LookAtEvent(17)]));
    bench.look_at(Some(15));
    bench.lines(&mut pane, 60, 30);
    assert!(pane.row_text(&bench.look()).starts_with("14 "), "the last match before the moment");
}

#[test]
fn a_long_history_is_filtered_bit_by_bit() {
    let bench = Bench::new(LOOP, r#"{"n":0,"most":9000}"#).finish();
    let mut pane = HistoryPane::new();
    pane.set_filter("done");
    bench.lines(&mut pane, 60, 10);
    assert!(pane.is_reading(&bench.look()) && pane.list.len() == 0);
    let mut frames = 1;
    while pane.is_reading(&bench.look()) {
        bench.lines(&mut pane, 60, 10);
        frames += 1;
    }
    assert!(frames > 1, "{frames} frames for {} events", bench.log.events.len());
    assert!(pane.row_text(&bench.look()).contains("SucceedStateExited"), "{}", pane.row_text(&bench.look()));
}

#[test]
fn folded_it_is_one_row_a_visit_and_what_failed() {
    let (mut bench, mut pane) = (order(), HistoryPane::new());
    bench.lines(&mut pane, 60, 10);
    bench.command(&mut pane, Command::Fold);
    let lines = bench.lines(&mut pane, 60, 10);
    let letters = |word: &&str| word.starts_with(char::is_alphabetic);
    let types: Vec<_> = lines.iter().filter_map(|line| line.split_whitespace().find(letters)).collect();
    let expected = [
        "ExecutionStarted",
        "TaskStateEntered",
        "TaskFailed",
        "MapStateEntered",
        "PassStateEntered",
        "PassStateEntered",
        "ExecutionSucceeded",
    ];
    assert_eq!(types, expected);
    bench.command(&mut pane, Command::Unfold);
    bench.lines(&mut pane, 60, 10);
    assert_eq!(pane.list.len(), 22);
}

#[test]
fn search_goes_round_the_end() {
    let (bench, mut pane) = (order(), HistoryPane::new());
    bench.lines(&mut pane, 60, 10);
    let found = |pane: &mut HistoryPane, text, forward| {
        let found = pane.search(text, forward, &bench.look());
        (found, pane.event(bench.look().run.as_ref().expect("a run")).map(|event| event.id.0))
    };
    assert_eq!(found(&mut pane, "Each", true), (true, Some(10)));
    assert_eq!(found(&mut pane, "Each", true), (true, Some(11)));
    assert_eq!(found(&mut pane, "started", false), (true, Some(7)));
    assert_eq!(found(&mut pane, "no such", false), (false, Some(7)));
}

#[test]
fn what_a_row_gives_to_the_others() {
    let (mut bench, mut pane) = (order(), HistoryPane::new());
    bench.look_at(Some(8));
    bench.lines(&mut pane, 60, 10);
    let state = bench.log.events.get(7).and_then(|event| event.kind.state()).expect("a state");
    let open = bench.command(&mut pane, Command::Open);
    assert_eq!(open, Some(vec![Request::LookAtEvent(8), Request::LookAtState(state)]));
    assert_eq!(pane.state(&bench.look()), Some(state));
    assert_eq!(bench.command(&mut pane, Command::ToggleBreakpoint), Some(vec![Request::ToggleBreakpoint(state)]));
    let copied = |bench: &mut Bench, pane: &mut HistoryPane, command| match bench.command(pane, command).as_deref() {
        Some([Request::Copy(_, text)]) => text.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(copied(&mut bench, &mut pane, Command::CopyValue), r#"{"id":7}"#);
    assert_eq!(copied(&mut bench, &mut pane, Command::CopyPath), "Charge");
    assert!(copied(&mut bench, &mut pane, Command::CopyText).starts_with("▶  8     1.020"));
    bench.look_at(Some(11));
    bench.lines(&mut pane, 60, 10);
    assert!(copied(&mut bench, &mut pane, Command::CopyValue).contains("\"MapStateStarted\""), "no data: the event");
}

#[test]
fn a_click_looks_and_a_second_one_opens() {
    let (bench, mut pane) = (order(), HistoryPane::new());
    bench.lines(&mut pane, 60, 30);
    assert_eq!(pane.click(Position::new(9, 2), false, &bench.look()), [Request::LookAtEvent(3)]);
    assert_eq!(pane.click(Position::new(9, 2), true, &bench.look()).len(), 2);
    assert_eq!(pane.click(Position::new(9, 29), false, &bench.look()), []);
}

#[test]
fn times_of_the_day() {
    let (bench, mut pane) = (order(), HistoryPane::new());
    pane.toggle_times();
    assert!(bench.lines(&mut pane, 60, 30)[5].starts_with("   6 12:00:01.010   TaskScheduled"));
}

#[test]
fn without_a_run_it_says_what_starts_one() {
    let (bench, mut pane) = (order(), HistoryPane::new());
    let (lines, cursor) = draw(&bench.look_without_run(), &mut pane, 40, 4);
    assert_eq!(lines[..2], [" No run yet: c runs, s steps, I edits", " the input."]);
    assert_eq!(cursor, Some(Position::new(0, 0)));
    assert!(draw(&bench.look_at_nothing(), &mut pane, 60, 4).0[0].contains("No definition is loaded"));
}

#[test]
fn any_size_and_any_command() {
    let mut bench = order();
    let mut pane = HistoryPane::new();
    for events in [None, Some(1), Some(5)] {
        bench.look_at(events);
        survives(&bench.look(), &mut pane);
        pane.set_filter("pack");
        survives(&bench.look(), &mut pane);
        survives(&bench.look_without_run(), &mut pane);
        survives(&bench.look_at_nothing(), &mut pane);
    }
}
