//! `--replay`: a definition on what a history recorded.

use crate::command::{HELLO, folder};

const RETRIED: &str = r#"{"StartAt": "T", "States": {
  "T": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f",
        "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 600}], "Next": "W"},
  "W": {"Type": "Wait", "Seconds": 86400, "Next": "P"},
  "P": {"Type": "Pass", "Parameters": {"got.$": "$.n"}, "End": true}}}"#;

const MOCKS: &str = r#"{"StateMachines": {"m": {"TestCases": {"C": {"T": "R"}}}},
  "MockedResponses": {"R": {"0": {"Throw": {"Error": "Busy", "Cause": "wait"}}, "1": {"Return": {"n": 7}}}}}"#;

#[test]
fn a_run_on_its_own_history_is_as_recorded() {
    let folder = folder(&[("m.asl.json", RETRIED), ("mocks.json", MOCKS)]);
    let told = folder.run(&["m.asl.json", "--mocks", "mocks.json", "--skip-waits", "--history", "h.json"]);
    told.puts_out(r#"{"got":7}"#);
    let told = folder.run(&["m.asl.json", "--replay", "h.json", "--history", "again.json"]);
    told.puts_out("The run is as recorded: 14 events, SUCCEEDED.");
    assert!(folder.read("again.json").contains("LambdaFunctionFailed"));
}

#[test]
fn where_they_part_is_told_with_both_sides() {
    let folder = folder(&[("m.asl.json", RETRIED), ("mocks.json", MOCKS)]);
    folder
        .run(&["m.asl.json", "--mocks", "mocks.json", "--skip-waits", "--history", "h.json"])
        .puts_out(r#"{"got":7}"#);
    folder.write("m.asl.json", RETRIED.replace("$.n", "$").as_bytes());
    let told = folder.run(&["m.asl.json", "--replay", "h.json"]);
    assert_eq!(told.status, Some(1), "{told:?}");
    let expected = "The run and the history part:\n  \
        history     13 PassStateExited P\n  \
        run         13 PassStateExited P\n    \
        output $.got: 7 in the history, {\"n\":7} in the run\n";
    assert_eq!(told.stdout, expected);
}

#[test]
fn what_is_no_history() {
    let folder = folder(&[("hello.asl.json", HELLO), ("no.json", "{\n\"events\": 3}"), ("broken.json", "[{]")]);
    folder.run(&["hello.asl.json", "--replay", "no.json"]).says(2, &["no.json:1:1: no history: expected"]);
    folder.run(&["hello.asl.json", "--replay", "broken.json"]).says(2, &["broken.json:1:3: no history: no JSON"]);
    folder.run(&["hello.asl.json", "--replay", "gone.json"]).says(2, &["cannot read gone.json"]);
    folder.run(&["hello.asl.json", "--replay", "no.json", "--input", "1"]).says(2, &["--input"]);
}
