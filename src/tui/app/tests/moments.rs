//! What is shown of the past is what was shown when the run stood there.

use std::collections::HashMap;

use super::bench::Bench;

const CHILDREN: &str = r#"{
  "StartAt": "Each",
  "States": {
    "Each": {
      "Type": "Map",
      "ItemsPath": "$.items",
      "MaxConcurrency": 2,
      "ItemSelector": { "n.$": "$$.Map.Item.Value", "at.$": "$$.Map.Item.Index" },
      "ItemProcessor": {
        "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
        "StartAt": "Double",
        "States": {
          "Double": { "Type": "Pass", "Assign": { "n.$": "$.n" }, "Next": "Inner" },
          "Inner": {
            "Type": "Map",
            "ItemsPath": "$.n",
            "ItemProcessor": { "StartAt": "Add", "States": {
              "Add": { "Type": "Pass", "Parameters": { "name.$": "$$.State.Name" }, "End": true }
            } },
            "End": true
          }
        }
      },
      "End": true
    }
  }
}"#;

/// Steps through a run stage by stage and back again; the number of moments that were seen both ways.
async fn there_and_back(mut bench: Bench, name: &str) -> usize {
    let mut seen = HashMap::new();
    for _ in 0..400 {
        bench.keys("s").await;
        if let (Some(place), Some(known)) = (bench.place(), bench.known()) {
            seen.insert(place, known);
        }
        if bench.screen().contains("waits until") {
            bench.keys("W").await;
        }
    }
    let (mut met, mut last) = (0, None);
    for _ in 0..800 {
        bench.keys("S").await;
        let place = bench.place().expect("a run");
        if last.as_ref() == Some(&place) {
            break;
        }
        if let Some(then) = seen.get(&place) {
            let now = bench.known();
            assert_eq!(now.as_ref(), Some(then), "{name} at {place:?}");
            met += 1;
        }
        last = Some(place);
    }
    met
}

#[tokio::test]
async fn each_moment_of_the_samples_is_as_it_was() {
    for (name, least) in [
        ("data-flow", 10),
        ("choice", 3),
        ("retry-and-catch", 6),
        ("map", 20),
        ("parallel", 8),
        ("variables", 10),
        ("jsonata", 8),
        ("callback", 4),
        ("order", 20),
    ] {
        let met = there_and_back(Bench::sample(name), name).await;
        assert!(met >= least, "{name}: {met}");
    }
}

#[tokio::test]
async fn so_is_each_moment_inside_of_child_executions() {
    let met = there_and_back(Bench::new(CHILDREN, r#"{"items":[[1,2],[3]]}"#), "children").await;
    assert!(met >= 10, "{met}");
}
