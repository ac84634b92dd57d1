//! Where a run stands at a failure, and what helps there.

use super::bench::Bench;

/// Fails in its Parameters, as a path finds nothing.
const MISSING: &str = r#"{
  "StartAt": "Work",
  "States": {
    "Work": { "Type": "Pass", "Parameters": { "total.$": "$.order.totl" }, "ResultPath": "$.price", "Next": "End" },
    "End": { "Type": "Succeed" }
  }
}"#;

/// Each iteration fails and is caught.
const CAUGHT: &str = r#"{
  "StartAt": "Each",
  "States": {
    "Each": { "Type": "Map", "ItemsPath": "$.items", "MaxConcurrency": 1, "End": true, "ItemProcessor": {
      "StartAt": "Try", "States": {
        "Try": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true,
          "Catch": [ { "ErrorEquals": [ "States.ALL" ], "Next": "Over" } ] },
        "Over": { "Type": "Pass", "End": true } } } }
  }
}"#;

const MOCKS: &str = r#"{
  "StateMachines": { "x": { "TestCases": { "c": { "Try": "tries" } } } },
  "MockedResponses": { "tries": { "0-9": { "Throw": { "Error": "Lost", "Cause": "c" } } } }
}"#;

fn footer(bench: &mut Bench) -> String {
    bench.screen().lines().last().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn what_helps_is_in_the_footer() {
    let mut bench = Bench::new(MISSING, r#"{"order":{"total":3}}"#);
    bench.line("catch error").await;
    bench.keys("c").await;
    // What was said gives way to the next key.
    bench.keys("2 1").await;
    assert!(footer(&mut bench).contains("E mend  A do again  gn leave  c let it fail"), "{}", bench.screen());
    bench.keys("g n").await;
    assert!(bench.screen().contains("The run goes on with this."), "{}", bench.screen());
    bench.keys("Esc N").await;
    assert!(!footer(&mut bench).contains("mend"), "of the past there is nothing to mend: {}", bench.screen());
    bench.keys("Esc c").await;
    assert!(bench.position().contains("FAILED") && !footer(&mut bench).contains("mend"), "{}", bench.screen());
}

#[tokio::test]
async fn what_was_mended_is_still_to_come() {
    let mended = r#"set {"order":{"totl":4}}"#;
    for (line, value) in [(mended, "= 4"), ("do-again", "nothing is there")] {
        let mut bench = Bench::new(MISSING, r#"{"order":{"total":3}}"#).sized(120, 40);
        bench.line("catch error").await;
        bench.keys("c 3").await;
        assert!(bench.screen().contains("✗ States.Runtime  in Parameters"), "{}", bench.screen());
        bench.line(line).await;
        let screen = bench.screen();
        assert!(!screen.contains("✗ States.Runtime"), "{line}: {screen}");
        assert!(
            screen.lines().any(|line| line.contains("Parameters ") && line.contains("not yet")),
            "{line}: {screen}"
        );
        bench.keys("1 K").await;
        assert!(bench.screen().contains(value), "{line}: {}", bench.screen());
    }
}

#[tokio::test]
async fn failures_are_held_only_while_a_breakpoint_stops_at_them() {
    let steps = |bench: &Bench| bench.place().expect("a run").1;
    let items = r#"{"items":[1,2,3]}"#;
    let mut free = Bench::mocked(CAUGHT, items, MOCKS);
    free.line("continue").await;
    for (off, stops) in [("disable 1", 1), ("delete 1", 1), ("delete 1", 2), ("delete all", 2)] {
        let mut bench = Bench::mocked(CAUGHT, items, MOCKS);
        bench.line("catch error").await;
        for _ in 0..stops {
            bench.line("continue").await;
            assert!(bench.position().contains("Try fails: Lost (breakpoint 1)"), "{}", bench.position());
        }
        bench.line(off).await;
        assert!(bench.position().contains("Try fails: Lost"), "it still stands there: {}", bench.position());
        bench.line("continue").await;
        assert!(bench.position().contains("SUCCEEDED"), "{off}: {}", bench.position());
        assert_eq!(steps(&bench), steps(&free) + stops, "{off}: each failure at which it stood is one step");
    }
    let mut bench = Bench::mocked(CAUGHT, items, MOCKS);
    bench.line("catch error").await;
    bench.line("disable 1").await;
    bench.line("continue").await;
    assert_eq!(steps(&bench), steps(&free), "one that is off from the start");
    bench.line("restart").await;
    bench.line("enable 1").await;
    bench.line("restart").await;
    assert!(bench.position().contains("Try fails: Lost (breakpoint 1)"), "{}", bench.position());
}

#[tokio::test]
async fn stepping_goes_over_a_failure() {
    for key in ["s", "n"] {
        let mut bench = Bench::mocked(CAUGHT, r#"{"items":[1,2]}"#, MOCKS);
        bench.line("catch error").await;
        bench.line("continue").await;
        for _ in 0..4 {
            bench.keys(key).await;
            if bench.position().contains("Over") {
                break;
            }
        }
        assert!(bench.position().contains("paused at Over"), "{key}: {}", bench.position());
    }
}

#[tokio::test]
async fn a_stage_that_a_state_does_not_have_is_no_place_to_stop() {
    let mut bench = Bench::new(MISSING, "{}");
    let said = bench.line("break End at ResultPath").await;
    assert_eq!(said, "error: End has no stage ResultPath; `at` takes entry or exit.");
    let said = bench.line("break Work at Assign").await;
    assert_eq!(said, "error: Work has no stage Assign; `at` takes entry, Parameters, ResultPath or exit.");
    assert!(bench.line("break Work at resultpath").await.starts_with("Breakpoint 1: "));
}

#[tokio::test]
async fn what_is_stepped_is_not_in_the_background() {
    for (line, says) in [("next", "Run 1 started (Standard)."), ("continue", "in the background (Standard).")] {
        let mut bench = Bench::new(CAUGHT, r#"{"items":[]}"#);
        assert!(bench.line(line).await.contains(says), "{line}");
    }
}
