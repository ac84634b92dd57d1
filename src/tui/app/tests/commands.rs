//! Every command of the table does what it says, by each of its keys.

use super::bench::Bench;
use crate::tui::command::Command;
use Expected::{Hidden, Shown};

const TEA: &str = r#"{
  "StartAt": "Boil",
  "States": {
    "Boil": {
      "Type": "Pass",
      "Result": { "celsius": 96 },
      "ResultPath": "$.water",
      "Next": "Steep"
    },
    "Steep": {
      "Type": "Pass",
      "InputPath": "$.leaves",
      "ResultPath": "$.infusion",
      "Next": "Serve"
    },
    "Serve": { "Type": "Succeed" }
  }
}"#;

const DOUGH: &str = r#"{
  "StartAt": "Rise",
  "States": {
    "Rise": { "Type": "Wait", "Seconds": 240, "Next": "Bake" },
    "Bake": { "Type": "Succeed" }
  }
}"#;

const KITCHEN: &str = r#"{
  "StartAt": "Cook",
  "States": {
    "Cook": {
      "Type": "Parallel",
      "Branches": [
        { "StartAt": "Peel", "States": { "Peel": { "Type": "Pass", "End": true } } },
        { "StartAt": "Whisk", "States": { "Whisk": { "Type": "Pass", "End": true } } }
      ],
      "Next": "Eat"
    },
    "Eat": { "Type": "Pass", "End": true }
  }
}"#;

const ERRAND: &str = r#"{
  "StartAt": "Fetch",
  "States": {
    "Fetch": { "Type": "Task", "Resource": "arn:aws:lambda:eu-west-1:123456789012:function:Fetch", "End": true }
  }
}"#;

const ALARM: &str = r#"{
  "StartAt": "Sound",
  "States": { "Sound": { "Type": "Fail", "Error": "Smoke.Detected", "Cause": "in the attic" } }
}"#;

const BROKEN: &str = r#"{
  "StartAt": "One",
  "States": {
    "One": { "Type": "Pass", "Next": "Tow" },
    "Two": { "Type": "Passs", "End": true }
  }
}"#;

/// What a command works on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum On {
    /// A definition, with an input that suits each of them.
    Text(&'static str),
    /// A sample with its mocks.
    Sample(&'static str),
    /// A lesson of the course, by its number from 0.
    Lesson(usize),
}

/// What can be seen after a command, and could not be seen before, or the other way round.
#[derive(Debug, Clone, Copy)]
enum Expected {
    Shown(&'static str),
    Hidden(&'static str),
}

/// A command, what it works on, the keys before it, and what it changes.
type Case = (Command, On, &'static str, Expected);

const INPUT: &str = r#"{ "leaves": "sencha", "cups": [1, 2] }"#;

const TEA_: On = On::Text(TEA);
const ORDER: On = On::Sample("order");
const KITCHEN_: On = On::Text(KITCHEN);

#[rustfmt::skip]
const CASES: &[Case] = &[
    (Command::Next, TEA_, "n", Shown("paused at Steep")),
    (Command::Step, KITCHEN_, "n s", Shown("paused at Peel")),
    (Command::Continue, TEA_, "n", Shown("SUCCEEDED")),
    (Command::Pause, On::Text(DOUGH), "c", Shown("paused at Rise (on request)")),
    (Command::Back, TEA_, "n n", Shown("looking back at Boil")),
    (Command::ToggleBreakpoint, TEA_, "n", Shown("Breakpoint on Boil set")),
    (Command::ToggleBreakpoint, TEA_, "n b", Shown("Breakpoint on Boil cleared")),
    (Command::ToggleBreakpoint, TEA_, "n 2", Shown("Breakpoint on Boil set")),
    (Command::Finish, KITCHEN_, "n s s", Shown("paused at Eat")),
    (Command::RunToCursor, TEA_, "@ S e r v e Enter", Shown("paused at Serve")),
    (Command::InputEditor, TEA_, "", Shown("Input of the next run")),
    (Command::RunSync, TEA_, "", Shown("Run 1 started synchronously")),
    (Command::RunSync, TEA_, "I", Shown("Run 1 started synchronously")),
    (Command::RunAsync, TEA_, "", Shown("Run 1 started in the background")),
    (Command::RunAsync, TEA_, "I", Shown("Run 1 started in the background")),
    (Command::AnswerTask, On::Text(ERRAND), "c", Shown("Answer for Fetch")),
    (Command::Edit, TEA_, "n", Shown("edit 4:5")),
    (Command::Restart, TEA_, "c", Shown("run 2 of 2 ✓ SUCCEEDED")),
    (Command::RestartEdited, TEA_, "c", Shown("Input of the next run")),
    (Command::StopRun, On::Text(DOUGH), "c", Shown("ABORTED")),
    (Command::SkipWait, On::Text(DOUGH), "c", Shown("SUCCEEDED")),
    (Command::FasterClock, On::Text(DOUGH), "c", Shown("00:00.000 10x")),
    (Command::FasterClock, On::Text(DOUGH), "g . g . g .", Shown("are skipped")),
    (Command::SlowerClock, On::Text(DOUGH), "c", Shown("00:00.000 stands")),
    (Command::HoldClock, On::Text(DOUGH), "c", Shown("00:00.000 stands")),
    (Command::HoldClock, On::Text(DOUGH), "g . c g k", Shown("00:00.000 10x")),
    (Command::Step, ORDER, "n", Shown("after 4 Task result")),
    (Command::Before, ORDER, "n n 3 k", Shown("before 1 State input")),
    (Command::After, ORDER, "n n 3 i", Shown("after 1 State input")),
    (Command::Difference, ORDER, "n s s s 3", Shown("+ $.validation")),
    (Command::StepBack, TEA_, "n n", Shown("looking back at Boil")),
    (Command::ContinueBack, TEA_, "n b n n", Shown("looking back at Boil")),
    (Command::ListBreakpoints, TEA_, "", Shown("No breakpoints")),
    (Command::ListBreakpoints, TEA_, "n b", Shown("1 break Boil")),
    (Command::Break, TEA_, "n", Shown(":break Boil if")),
    (Command::Break, TEA_, "n B $ . l e a v e s Enter", Shown(":break Boil if $.leaves")),
    (Command::Catch, TEA_, "", Shown(":catch error")),
    (Command::Watchpoint, TEA_, "n 5 j", Shown(":watchpoint $$.Execution.Input.leaves")),
    (Command::Delete, TEA_, "n b", Shown(":delete")),
    (Command::Disable, TEA_, "n b", Shown(":disable")),
    (Command::Enable, TEA_, "n b", Shown(":enable")),
    (Command::Watch, TEA_, "n 5 j", Shown(":watch $$.Execution.Input.leaves")),
    (Command::Unwatch, TEA_, "n", Shown(":unwatch")),
    (Command::Print, TEA_, "n", Shown(":print")),
    (Command::Assert, TEA_, "n", Shown(":assert")),
    (Command::Lock, TEA_, "n", Shown("(one branch)")),
    (Command::Lock, TEA_, "n L", Hidden("(one branch)")),
    (Command::BackToChange, TEA_, "n", Shown("Of which value?")),
    (Command::BackToChange, TEA_, "n n n 3 Home Enter j j j", Shown("became")),
    (Command::Earlier, TEA_, "c", Shown("event 7 of 8")),
    (Command::Later, TEA_, "c ( (", Shown("event 7 of 8")),
    (Command::GoToEvent, TEA_, "c", Shown(":go-to-event")),
    (Command::CommandLine, TEA_, "", Shown("cursor (2, 22)")),
    (Command::StackUp, KITCHEN_, "n s s", Shown("paused at Cook")),
    (Command::StackDown, KITCHEN_, "n s s u", Hidden("paused at Cook")),
    (Command::ShowError, TEA_, "n", Shown("The run has no error")),
    (Command::ShowError, On::Text(ALARM), "c 4", Shown("why 3 Error failed")),
    (Command::Explain, TEA_, "n n s s", Shown("InputPath  $.leaves")),
    (Command::Explain, TEA_, "3 n n s", Shown("Why: InputPath of Steep")),
    (Command::Provenance, TEA_, "n n 5 G", Shown("Where from: Steep")),
    (Command::TryOut, TEA_, "n n 5", Shown("Try: the data in Steep")),
    (Command::EditData, TEA_, "n", Shown("Data in Boil")),
    (Command::EditData, TEA_, "c N N", Shown("Another run goes on")),
    (Command::SkipState, TEA_, "n", Shown("Output of Boil")),
    (Command::JumpToCursor, TEA_, "n @ S e r v e Enter", Shown("Boil was left")),
    (Command::DoAgain, TEA_, "n s", Shown("Boil is done again")),
    (Command::Fork, TEA_, "c N N", Shown("Run 2 goes on from here")),
    (Command::UndoChange, TEA_, "n s A", Shown("run 2")),
    (Command::Compare, TEA_, "c r g r g g", Shown("no difference")),
    (Command::Compare, TEA_, "c r", Shown("no difference")),
    (Command::RunAgain, TEA_, "c", Shown("No history is open")),
    (Command::Detach, On::Text(DOUGH), "c", Shown("goes on without the debugger")),
    (Command::Timeline, KITCHEN_, "c", Shown("Peel [0]")),
    (Command::ZoomIn, On::Text(DOUGH), "c W g l k", Shown("─120.000 s")),
    (Command::ZoomOut, On::Text(DOUGH), "c W g l k +", Shown("─240.000 s")),
    (Command::Confirm, KITCHEN_, "c g l k", Shown("looking back")),
    (Command::Left, On::Text(DOUGH), "c W g l j + l", Hidden("─240.000 s")),
    (Command::Right, On::Text(DOUGH), "c W g l k + +", Shown("15.000 s──")),
    (Command::NextDiagnostic, On::Text(BROKEN), "", Shown("SCHEMA_VALIDATION_FAILED")),
    (Command::PreviousDiagnostic, On::Text(BROKEN), "G", Shown("SCHEMA_VALIDATION_FAILED")),
    (Command::Open, TEA_, "c 2 g g j", Shown("    \"Boil\": {")),
    (Command::FollowTransition, TEA_, "n j j j j", Shown("cursor (5, 11)")),
    (Command::Fold, ORDER, "n 5", Shown("▸ input")),
    (Command::Unfold, ORDER, "n 5 h", Shown("orderId")),
    (Command::CopyValue, ORDER, "n 5", Shown("copy value: {\"orderId\":\"A-1042\"")),
    (Command::CopyPath, ORDER, "n 5 j", Shown("copy path: $$.Execution.Input.orderId")),
    (Command::CopyText, TEA_, "", Shown("copy the line: {")),
    (Command::Up, TEA_, "j j", Shown("cursor (5, 3)")),
    (Command::Up, TEA_, "? j", Shown("cursor (2, 2)")),
    (Command::Up, TEA_, "c c 2 G", Shown("cursor (48, 4)")),
    (Command::Down, TEA_, "", Shown("cursor (5, 3)")),
    (Command::Left, TEA_, "j l", Shown("\"StartAt\": \"Boil\"")),
    (Command::Right, TEA_, "j", Hidden("\"StartAt\": \"Boil\"")),
    (Command::PageUp, TEA_, "G", Shown("cursor (5, 7)")),
    (Command::PageDown, TEA_, "", Shown("cursor (5, 8)")),
    (Command::Home, TEA_, "j", Shown("cursor (5, 2)")),
    (Command::End, TEA_, "", Shown(" 18  ")),
    (Command::Search, TEA_, "", Shown("cursor (2, 22)")),
    (Command::NextMatch, TEA_, "/ N e x t Enter", Shown("cursor (5, 11)")),
    (Command::PreviousMatch, TEA_, "/ N e x t Enter", Shown("cursor (5, 11)")),
    (Command::Filter, TEA_, "c 4", Shown("cursor (2, 22)")),
    (Command::GoToState, TEA_, "", Shown("Enter goes to the state")),
    (Command::FocusSource, TEA_, "4", Shown("3 Data")),
    (Command::FocusStates, TEA_, "", Shown("cursor (48, 3)")),
    (Command::Before, TEA_, "3 n s s", Shown("before 5 ResultPath")),
    (Command::After, TEA_, "3 n s s i", Shown("after 5 ResultPath")),
    (Command::Difference, TEA_, "3 n s s", Shown("+ $.water: {\"celsius\":96}")),
    (Command::FocusData, TEA_, "4", Shown("3 Data")),
    (Command::FocusHistory, TEA_, "", Shown("4 History")),
    (Command::FocusContext, TEA_, "", Shown("5 Context")),
    (Command::FocusStack, TEA_, "", Shown("6 Stack")),
    (Command::FocusProblems, TEA_, "", Shown("7 Problems")),
    (Command::NextPane, TEA_, "3", Shown("4 History")),
    (Command::PreviousPane, TEA_, "5", Shown("4 History")),
    (Command::Zoom, TEA_, "", Hidden("2 States")),
    (Command::Zoom, TEA_, "z", Shown("2 States")),
    (Command::Boxes, TEA_, "", Shown("╭───────────────╮")),
    (Command::Boxes, TEA_, "g v", Hidden("╭───────────────╮")),
    (Command::Grow, TEA_, "", Hidden("x.asl.json ──────────────────┬ 2 States")),
    (Command::Shrink, TEA_, "", Hidden("x.asl.json ──────────────────┬ 2 States")),
    (Command::Confirm, TEA_, "/ S t e e p", Shown("cursor (5, 9)")),
    (Command::Confirm, On::Text(ERRAND), "c a", Shown("SUCCEEDED")),
    (Command::Confirm, TEA_, "c c g r", Hidden("─ Runs ─")),
    (Command::Close, TEA_, "?", Hidden("Here: Source")),
    (Command::Close, TEA_, "g t", Hidden("Enter takes the theme")),
    (Command::Close, TEA_, "n n N", Shown("paused at Steep")),
    (Command::Close, TEA_, "z", Shown("2 States")),
    (Command::Undo, TEA_, "I x", Shown("JSON, 38 bytes")),
    (Command::Redo, TEA_, "I x Ctrl-u", Hidden("JSON, 38 bytes")),
    (Command::Runs, TEA_, "c", Shown("─ Runs ─")),
    (Command::Runs, TEA_, "", Shown("No runs yet")),
    (Command::MockCase, ORDER, "", Shown("NoCarrier")),
    (Command::MockCase, TEA_, "", Shown("No mock file")),
    (Command::Reload, TEA_, "", Shown("done: reload")),
    (Command::ThemePicker, TEA_, "", Shown("high-contrast")),
    (Command::Words, TEA_, "n", Shown("Did:  Boil was entered")),
    (Command::Words, TEA_, "n g i", Hidden("Did:")),
    (Command::Lesson, On::Lesson(0), "Enter", Shown("Enter begins")),
    (Command::NextLesson, On::Lesson(0), "Enter", Shown("open lessons/stages.asl.json")),
    (Command::NextLesson, On::Lesson(0), "", Shown("open lessons/stages.asl.json")),
    (Command::PreviousLesson, On::Lesson(1), "Enter", Shown("open lessons/first-steps.asl.json")),
    (Command::PreviousLesson, On::Lesson(1), "", Shown("open lessons/first-steps.asl.json")),
    (Command::Hint, On::Lesson(0), "Enter", Shown("Hint: Press n.")),
    (Command::Hint, On::Lesson(0), "", Shown("Hint: Press n.")),
    (Command::ToggleMouse, TEA_, "", Shown("mouse false")),
    (Command::ToggleMouse, TEA_, "g M", Shown("mouse true")),
    (Command::Palette, TEA_, "", Shown("─ Commands ─")),
    (Command::Palette, TEA_, "I", Shown("─ Commands ─")),
    (Command::Help, TEA_, "3", Shown("Here: Data")),
    (Command::Help, TEA_, "I", Shown("Here: Input")),
    (Command::Suspend, TEA_, "", Shown("done: suspend")),
    (Command::Quit, TEA_, "", Shown("keep; quit")),
    (Command::Quit, TEA_, "I", Shown("keep; quit")),
];

fn bench(on: On) -> Bench {
    match on {
        On::Text(text) => Bench::new(text, INPUT),
        On::Sample(name) => Bench::sample(name),
        On::Lesson(at) => Bench::lesson(at),
    }
}

/// Runs a case with the keys `keys`; what is wrong with it.
async fn check(case: &Case, keys: &str) -> Option<String> {
    let (command, on, before, expected) = case;
    let mut bench = bench(*on);
    bench.keys(before).await;
    let then = bench.report();
    bench.keys(keys).await;
    let now = bench.report();
    let (text, is_new) = match expected {
        Shown(text) => (text, true),
        Hidden(text) => (text, false),
    };
    let wrong =
        |when: &str, report: &str| Some(format!("{command:?}: `{text}` {when} {keys} after `{before}`:\n{report}"));
    if then.contains(text) == is_new {
        return wrong("before", &then);
    }
    if now.contains(text) != is_new { wrong("after", &now) } else { None }
}

#[tokio::test]
async fn every_command_does_what_it_says() {
    let mut wrong = Vec::new();
    for case in CASES {
        let (command, on, before, _) = case;
        let mut bench = bench(*on);
        bench.keys(before).await;
        let keys: Vec<_> = command.row().keys_in(bench.focus()).collect();
        assert!(!keys.is_empty(), "{command:?} has no key after `{before}`");
        for keys in keys {
            wrong.extend(check(case, keys).await);
        }
    }
    assert!(wrong.is_empty(), "{} cases\n{}", wrong.len(), wrong.join("\n\n"));
}

#[test]
fn no_command_is_left_out() {
    let left: Vec<_> = Command::ALL.iter().filter(|command| !CASES.iter().any(|case| case.0 == **command)).collect();
    assert!(left.is_empty(), "{left:?}");
}
