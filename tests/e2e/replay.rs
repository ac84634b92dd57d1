//! Histories of AWS in the terminal.

use std::process::{Command, Stdio};

use crate::definitions::TEA;
use crate::home::Home;
use crate::tty::Tty;

const HISTORY: &str = r#"{"events": [
{"timestamp": "2024-05-01T12:00:00.000000+00:00", "type": "ExecutionStarted", "id": 1, "previousEventId": 0,
 "executionStartedEventDetails": {"input": "{\"leaves\":\"sencha\"}", "inputDetails": {"truncated": false}, "roleArn": "role"}},
{"timestamp": "2024-05-01T12:00:00.010000+00:00", "type": "PassStateEntered", "id": 2, "previousEventId": 0,
 "stateEnteredEventDetails": {"name": "Boil", "input": "{\"leaves\":\"sencha\"}", "inputDetails": {"truncated": false}}},
{"timestamp": "2024-05-01T12:00:00.020000+00:00", "type": "PassStateExited", "id": 3, "previousEventId": 2,
 "stateExitedEventDetails": {"name": "Boil", "output": "{\"leaves\":\"sencha\",\"water\":{\"celsius\":80}}", "outputDetails": {"truncated": false}}},
{"timestamp": "2024-05-01T12:00:00.030000+00:00", "type": "PassStateEntered", "id": 4, "previousEventId": 3,
 "stateEnteredEventDetails": {"name": "Steep", "input": "{\"leaves\":\"sencha\",\"water\":{\"celsius\":80}}", "inputDetails": {"truncated": false}}},
{"timestamp": "2024-05-01T12:00:01.500000+00:00", "type": "ExecutionAborted", "id": 5, "previousEventId": 0,
 "executionAbortedEventDetails": {"error": "Mine", "cause": "no tea after all"}}
]}"#;

#[test]
fn a_history_is_opened_without_a_definition_and_walked_back() {
    let home = Home::with(&[("history.json", HISTORY)]);
    let mut tty = Tty::start(&home, (120, 40), &["--replay", "history.json"], &[]);
    tty.wait_header("history 1");
    tty.wait_header("ABORTED Mine");
    tty.wait_text("No definition is given");
    tty.keys("N");
    tty.wait_header("looking back at Steep");
    tty.keys("N");
    tty.wait_header("looking back at Boil");
    tty.keys("c");
    tty.wait_header("ABORTED Mine");
    tty.quit();
}

#[test]
fn with_a_definition_it_is_run_here_and_compared() {
    let home = Home::with(&[("tea.asl.json", TEA), ("history.json", HISTORY)]);
    let mut tty = Tty::start(&home, (120, 40), &["tea.asl.json", "--replay", "history.json"], &[]);
    tty.wait_header("ABORTED Mine");
    tty.keys("g y");
    tty.wait_text("Run 1 and run 2");
    tty.wait_text("$.water.celsius  80 → 96");
    tty.keys("Enter");
    tty.wait_header("looking back at Boil");
    tty.quit();
}

#[test]
fn what_is_no_history_is_told_before_the_screen_is_taken() {
    let home = Home::with(&[("tea.asl.json", TEA)]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_asldb"));
    command.args(["--replay", "tea.asl.json"]).current_dir(home.folder()).env_clear().envs(home.environment());
    let output = command.stdin(Stdio::null()).output().expect("asldb starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("tea.asl.json:1:1: no history: expected what GetExecutionHistory answers"), "{said}");
}
