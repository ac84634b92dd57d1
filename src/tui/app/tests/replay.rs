//! Recorded histories, and runs that go on without the debugger.

use super::bench::Bench;

const PASTA: &str = r#"{
  "StartAt": "Boil",
  "States": {
    "Boil": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "Litres.$": "$.litres" }, "ResultPath": "$.water", "Next": "Salt" },
    "Salt": { "Type": "Pass", "Result": 10, "ResultPath": "$.salt", "Next": "Serve" },
    "Serve": { "Type": "Fail", "Error": "Pasta.Soft", "Cause": "too long" }
  }
}"#;

/// What GetExecutionHistory would answer for it.
const COOKED: &str = r#"{"events": [
{"timestamp": "2024-05-01T12:00:00Z", "type": "ExecutionStarted", "id": 1, "previousEventId": 0, "executionStartedEventDetails": {"input": "{\"litres\": 3}", "roleArn": "role"}},
{"timestamp": "2024-05-01T12:00:00Z", "type": "TaskStateEntered", "id": 2, "previousEventId": 0, "stateEnteredEventDetails": {"name": "Boil", "input": "{\"litres\": 3}"}},
{"timestamp": "2024-05-01T12:00:01Z", "type": "TaskScheduled", "id": 3, "previousEventId": 2, "taskScheduledEventDetails": {"resourceType": "lambda", "resource": "invoke", "region": "us-east-1", "parameters": "{\"Litres\": 3}"}},
{"timestamp": "2024-05-01T12:00:01Z", "type": "TaskStarted", "id": 4, "previousEventId": 3, "taskStartedEventDetails": {"resourceType": "lambda", "resource": "invoke"}},
{"timestamp": "2024-05-01T12:00:09Z", "type": "TaskSucceeded", "id": 5, "previousEventId": 4, "taskSucceededEventDetails": {"resourceType": "lambda", "resource": "invoke", "output": "{\"celsius\": 99}"}},
{"timestamp": "2024-05-01T12:00:09Z", "type": "TaskStateExited", "id": 6, "previousEventId": 5, "stateExitedEventDetails": {"name": "Boil", "output": "{\"litres\": 3, \"water\": {\"celsius\": 99}}"}},
{"timestamp": "2024-05-01T12:00:09Z", "type": "PassStateEntered", "id": 7, "previousEventId": 6, "stateEnteredEventDetails": {"name": "Salt", "input": "{\"litres\": 3, \"water\": {\"celsius\": 99}}"}},
{"timestamp": "2024-05-01T12:00:09Z", "type": "PassStateExited", "id": 8, "previousEventId": 7, "stateExitedEventDetails": {"name": "Salt", "output": "{\"litres\": 3, \"water\": {\"celsius\": 99}, \"salt\": 10}"}},
{"timestamp": "2024-05-01T12:00:09Z", "type": "FailStateEntered", "id": 9, "previousEventId": 8, "stateEnteredEventDetails": {"name": "Serve", "input": "{\"litres\": 3, \"water\": {\"celsius\": 99}, \"salt\": 10}"}},
{"timestamp": "2024-05-01T12:00:09Z", "type": "ExecutionFailed", "id": 10, "previousEventId": 9, "executionFailedEventDetails": {"error": "Pasta.Soft", "cause": "too long"}}
]}"#;

#[track_caller]
fn sees(bench: &mut Bench, texts: &[&str]) {
    let screen = bench.screen();
    for text in texts {
        assert!(screen.contains(text), "`{text}` is not on\n{screen}");
    }
}

#[tokio::test]
async fn a_history_without_a_definition_is_walked_through() {
    let mut bench = Bench::replaying("", COOKED).sized(120, 40);
    sees(&mut bench, &["history 1 ✗ FAILED Pasta.Soft", "event 10 of 10", "No definition is given", "10 events"]);
    bench.keys("C").await;
    sees(&mut bench, &["event 1 of 10", "looking back at the start"]);
    bench.keys("n s s s").await;
    sees(&mut bench, &["looking back at Boil", "Task result"]);
    bench.keys("c").await;
    sees(&mut bench, &["history 1 ✗ FAILED"]);
    bench.keys("N N N").await;
    sees(&mut bench, &["looking back at Boil", "event 2 of 10"]);
    // A breakpoint of the past.
    bench.keys("Esc 2 k b C").await;
    sees(&mut bench, &["looking back at Salt", "event 7 of 10"]);
    for (keys, why) in [("Esc r", "No definition is given"), ("g y", "No definition to run"), ("D", "")] {
        bench.keys(keys).await;
        sees(&mut bench, &[why]);
    }
}

#[tokio::test]
async fn every_size_has_its_panes() {
    for (width, height) in [(80, 24), (120, 40), (200, 60)] {
        let mut bench = Bench::replaying("", COOKED).sized(width, height);
        bench.keys("N 3").await;
        sees(&mut bench, &["1 Source", "2 States", "3 Data", "Serve"]);
    }
}

#[tokio::test]
async fn with_the_definition_the_data_pane_shows_what_its_fields_gave() {
    let mut bench = Bench::replaying(PASTA, COOKED).sized(120, 40);
    sees(&mut bench, &["history 1 ✗ FAILED", "g y runs it here", "\"StartAt\": \"Boil\""]);
    bench.keys("N N 3").await;
    sees(&mut bench, &["looking back at Salt"]);
    bench.keys("N S").await;
    bench.keys("C n s s s s s").await;
    sees(&mut bench, &["Parameters", "Task result", "celsius"]);
}

#[tokio::test]
async fn run_here_a_history_is_as_it_was_recorded() {
    let mut bench = Bench::replaying(PASTA, COOKED).sized(120, 40);
    bench.keys("g y").await;
    sees(&mut bench, &["Run 2 is as recorded, event by event"]);
    bench.keys("g r").await;
    sees(&mut bench, &["record", "async"]);
    // An ordinary run is answered from the history, too.
    bench.keys("Esc r").await;
    sees(&mut bench, &["run 3 of 3 ✗ FAILED Pasta.Soft"]);
}

#[tokio::test]
async fn where_they_part_both_are_shown_side_by_side() {
    let mut bench = Bench::replaying(&PASTA.replace("\"Result\": 10", "\"Result\": 11"), COOKED).sized(120, 40);
    bench.keys("g y").await;
    sees(&mut bench, &["Run 1 and run 2", "~ Salt", "other output", "$.salt  10 → 11"]);
    bench.keys("Enter").await;
    sees(&mut bench, &["run 2 of 2", "looking back at Salt"]);
    bench.keys("7").await;
    sees(&mut bench, &["part at event 8 of the history"]);
}

#[tokio::test]
async fn a_history_that_is_not_over_says_so() {
    let open = COOKED.split("\n{\"timestamp\": \"2024-05-01T12:00:09Z\", \"type\": \"TaskSucceeded\"").next();
    let open = format!("{}]}}", open.expect("a part").trim_end().trim_end_matches(','));
    let mut bench = Bench::replaying(PASTA, &open).sized(120, 40);
    sees(&mut bench, &["history 1 ‖ ends at Boil", "event 4 of 4", "its end is not in it"]);
    bench.keys("c").await;
    sees(&mut bench, &["The history ends here"]);
    bench.keys("g y").await;
    sees(&mut bench, &["Run 2 is as recorded"]);
}

#[tokio::test]
async fn what_did_not_run_here_cannot_be_changed() {
    let mut bench = Bench::replaying(PASTA, COOKED).sized(120, 40);
    bench.keys("N N F").await;
    sees(&mut bench, &["this is a recorded history"]);
}

const LOOP: &str = r#"{
  "StartAt": "Knead",
  "States": {
    "Knead": { "Type": "Wait", "Seconds": 30, "Next": "Rest" },
    "Rest": { "Type": "Pass", "Next": "Fold" },
    "Fold": { "Type": "Wait", "Seconds": 30, "Next": "Rise" },
    "Rise": { "Type": "Choice", "Choices": [ { "Variable": "$.done", "IsPresent": true, "Next": "Bake" } ], "Default": "Knead" },
    "Bake": { "Type": "Succeed" }
  }
}"#;

#[tokio::test]
async fn a_detached_run_passes_breakpoints_until_it_is_attached() {
    let mut bench = Bench::new(LOOP, "{}");
    bench.keys("@ R e s t Enter b c").await;
    bench.keys("W").await;
    sees(&mut bench, &["paused at Rest"]);
    bench.keys("D").await;
    sees(&mut bench, &["detached"]);
    bench.keys("W W").await;
    sees(&mut bench, &["detached"]);
    bench.keys("g r").await;
    sees(&mut bench, &["DETACHED"]);
    bench.keys("Esc D").await;
    sees(&mut bench, &["stops at breakpoints again"]);
    bench.keys("W").await;
    if !bench.screen().contains("paused at Rest") {
        bench.keys("W").await;
    }
    sees(&mut bench, &["paused at Rest"]);
}
