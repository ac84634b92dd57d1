//! The whole screen at the usual sizes. Seeds and clock are the same each time, so nothing has to be taken out.

mod changes;
mod editors;
mod lists;
mod looks;
mod runs;
mod why;

use super::bench::{Bench, TRIES};

/// The sizes at which everything has to be readable.
const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

/// Does `what` with an application of each size, and compares what its screen shows then.
async fn shots(name: &str, new: impl Fn() -> Bench, what: impl AsyncFn(&mut Bench)) {
    let mut wrong = Vec::new();
    for (width, height) in SIZES {
        let mut bench = new().sized(width, height);
        what(&mut bench).await;
        let screen = bench.screen();
        let compare = || insta::assert_snapshot!(format!("{name}-{width}x{height}"), screen);
        wrong.extend(std::panic::catch_unwind(std::panic::AssertUnwindSafe(compare)).err());
    }
    assert!(wrong.is_empty(), "{name}: {} of {} screens differ", wrong.len(), SIZES.len());
}

/// The same, when pressing keys is all there is to do.
async fn pressed(name: &str, new: impl Fn() -> Bench, keys: &str) {
    shots(name, new, async |bench: &mut Bench| bench.keys(keys).await).await;
}

/// A task that nobody answers.
const ERRAND: &str = r#"{
  "StartAt": "Fetch",
  "States": {
    "Fetch": {
      "Type": "Task",
      "Resource": "arn:aws:lambda:eu-west-1:123456789012:function:Fetch",
      "Parameters": { "what.$": "$.wish", "where.$": "$.shop.name" },
      "ResultPath": "$.brought",
      "Next": "Rest"
    },
    "Rest": { "Type": "Succeed" }
  }
}"#;
const WISH: &str = r#"{"wish":"two pounds of flour","shop":{"name":"Miller","street":"Mill Lane 3"}}"#;

/// A choice, a path that may find nothing, and a failure.
const SOUP: &str = r#"{
  "StartAt": "Cut",
  "States": {
    "Cut": { "Type": "Pass", "Result": "cut", "ResultPath": "$.how", "Next": "Salted" },
    "Salted": {
      "Type": "Choice",
      "Choices": [
        { "Variable": "$.salt", "BooleanEquals": true, "Next": "Serve" },
        { "And": [
            { "Variable": "$.guests", "NumericGreaterThan": 4 },
            { "Not": { "Variable": "$.how", "StringMatches": "c*" } }
          ], "Next": "Serve" }
      ],
      "Default": "Complain"
    },
    "Complain": { "Type": "Fail", "Error": "Soup.Bland", "Cause": "no salt" },
    "Serve": { "Type": "Pass", "OutputPath": "$.how", "End": true }
  }
}"#;
const BLAND: &str = r#"{"salt":false,"guests":6,"list":["leek","potato"]}"#;
