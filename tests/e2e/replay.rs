//! Histories of AWS in the terminal.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value as Json;

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

/// Recorded executions, one with each of these events, as GetExecutionHistory answers them: with text where they have JSON.
fn recorded() -> Vec<(String, String, String)> {
    let places = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().skip(1);
    let folder = places.map(|place| place.join("shared/conformance/aws")).find(|folder| folder.is_dir());
    let Some(folder) = folder else { return Vec::new() };
    let index = std::fs::read_to_string(folder.join("index.json")).expect("an index");
    let index: Vec<Json> = serde_json::from_str(&index).expect("the index is JSON");
    let cases = index.iter().filter(|entry| entry["kind"] == "standard").map(|entry| {
        let text = std::fs::read_to_string(folder.join(entry["file"].as_str().unwrap_or_default())).expect("a case");
        serde_json::from_str::<Json>(&text).expect("a case is JSON")
    });
    let cases: Vec<Json> = cases.filter(|case| case["definition"].is_object()).collect();
    let wanted = ["TaskScheduled", "MapIterationStarted", "ParallelStateStarted", "EvaluationFailed"];
    let found = wanted.iter().map(|wanted| {
        let has = |case: &&Json| {
            let events = case["expected"]["history"].as_array();
            events.is_some_and(|events| events.len() > 7 && events.iter().any(|event| event["type"] == *wanted))
        };
        cases.iter().find(has).expect("there is one of each")
    });
    found
        .map(|case| {
            let mut events = case["expected"]["history"].clone();
            for (number, event) in events.as_array_mut().into_iter().flatten().enumerate() {
                event["timestamp"] = format!("2024-05-01T12:{:02}:{:02}Z", number / 60 % 60, number % 60).into();
                for details in event.as_object_mut().into_iter().flat_map(|event| event.values_mut()) {
                    for name in ["input", "output", "parameters", "error", "cause"] {
                        let value = details.get_mut(name).filter(|value| !value.is_string());
                        if let Some(value) = value {
                            *value = value.to_string().into();
                        }
                    }
                }
            }
            let history = serde_json::json!({ "events": events }).to_string();
            let status = case["expected"]["status"].as_str().unwrap_or_default().to_owned();
            (case["definition"].to_string(), history, status)
        })
        .collect()
}

#[test]
fn recorded_executions_are_walked_back_and_forth() {
    for (definition, history, status) in recorded() {
        let home = Home::with(&[("x.asl.json", &definition), ("history.json", &history)]);
        for arguments in [&["x.asl.json", "--replay", "history.json"][..], &["--replay", "history.json"]] {
            let mut tty = Tty::start(&home, (120, 40), arguments, &[]);
            tty.wait_header("history 1");
            tty.wait_header(&status);
            tty.keys("N");
            tty.wait_header("looking back at");
            tty.keys("c");
            tty.wait_header(&status);
            tty.quit();
        }
    }
}
