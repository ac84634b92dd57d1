//! What is shown of the past is what was shown when the run stood there.

use std::collections::HashMap;

use super::bench::Bench;
use crate::debug::written::expressions;
use crate::debug::{Moment, RowKind, Visit};
use crate::engine::EventKind;
use crate::tui::app::sight::{Seen, fields_of, setting_of};
use crate::value::Value;

const SAMPLES: [&str; 9] =
    ["data-flow", "choice", "retry-and-catch", "map", "parallel", "variables", "jsonata", "callback", "order"];

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

/// Steps through a run stage by stage and back again; the number of moments that were seen both ways, and of those
/// that were seen on the way there.
async fn there_and_back(mut bench: Bench, name: &str) -> (usize, usize) {
    let mut seen = HashMap::new();
    for _ in 0..400 {
        bench.keys("s").await;
        if let (Some(place), Some(known)) = (bench.place(), bench.known()) {
            seen.insert(place, known);
        }
        if bench.position().contains("waiting") {
            bench.keys("W").await;
        }
        if ["SUCCEEDED", "FAILED"].iter().any(|end| bench.position().contains(end)) {
            break;
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
    (met, seen.len())
}

#[tokio::test]
async fn each_moment_of_the_samples_is_as_it_was() {
    for name in SAMPLES {
        let (met, seen) = there_and_back(Bench::sample(name), name).await;
        // The end is where the way back begins.
        assert!(met + 3 >= seen && met >= 5, "{name}: {met} of {seen}");
    }
}

#[tokio::test]
async fn so_is_each_moment_inside_of_child_executions() {
    let (met, _) = there_and_back(Bench::new(CHILDREN, r#"{"items":[[1,2],[3]]}"#), "children").await;
    assert!(met >= 6, "{met}");
}

/// What a stage of a past visit gave is what its expressions give when they are asked now, one by one; the number of those
/// that were asked.
fn asked_again(bench: &Bench, name: &str) -> usize {
    let look = bench.look();
    let run = look.run.as_ref().expect("a run");
    let (log, definition) = (run.log(), &run.run.definition);
    let machine = &run.run.handle().execution().machine;
    let mut count = 0;
    let entered = log.events.iter().filter(|event| matches!(event.kind, EventKind::StateEntered { .. }));
    for visit in entered.filter_map(|event| Visit::at(definition, machine, log, event.id, Moment::newest(log))) {
        let records: Vec<_> = log.stages.iter().filter(|record| record.visit == visit.entered).collect();
        for (at, row) in visit.rows.iter().enumerate() {
            let last = records.iter().rev().find(|record| Some(record.stage) == row.kind.stage());
            let Some(Ok(value)) = last.map(|record| &record.outcome) else { continue };
            if matches!(row.kind, RowKind::Result | RowKind::ResultPath | RowKind::Catch) {
                continue;
            }
            let setting = Seen::default().exactly(setting_of(run, &visit, Some(at)));
            for field in fields_of(row.kind, run, &visit) {
                for written in expressions(definition, visit.state, Some(field)) {
                    let Some(there) = member(value, &written.label) else { continue };
                    let tried = setting.evaluate(&written.text);
                    let shown = format!("{name}: {} {} of event {}", written.label, written.text, visit.entered.0);
                    assert_eq!(tried.value, Ok(Some(there)), "{shown}");
                    count += 1;
                }
            }
        }
    }
    count
}

/// The part of what a field gave that a label names: `Parameters/a/b.$`.
fn member(value: &Value, label: &str) -> Option<Value> {
    let Some((_, path)) = label.split_once('/') else { return Some(value.clone()) };
    let path = path.strip_suffix(".$").unwrap_or(path);
    path.split('/').try_fold(value.clone(), |value, key| value.get(key).cloned())
}

#[tokio::test]
async fn each_expression_gives_what_it_gave() {
    for name in SAMPLES {
        let mut bench = Bench::sample(name);
        bench.keys("c").await;
        for _ in 0..40 {
            if bench.position().contains("waiting") {
                bench.keys("W").await;
            }
        }
        let count = asked_again(&bench, name);
        assert!(count > 0 || ["choice", "retry-and-catch"].contains(&name), "{name}: {count}");
    }
}

/// A Map whose iterations call back, each at the second attempt.
const CALLS: &str = r#"{
  "StartAt": "Set",
  "States": {
    "Set": { "Type": "Pass", "Assign": { "unit": "kg" }, "Next": "Each" },
    "Each": {
      "Type": "Map",
      "ItemsPath": "$.items",
      "MaxConcurrency": 1,
      "ItemSelector": { "v.$": "$$.Map.Item.Value", "i.$": "$$.Map.Item.Index", "all.$": "$.items", "unit.$": "$unit" },
      "ItemProcessor": { "StartAt": "Call", "States": {
        "Call": {
          "Type": "Task",
          "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
          "Parameters": {
            "QueueUrl": "q",
            "MessageBody": {
              "token.$": "$$.Task.Token",
              "tries.$": "$$.State.RetryCount",
              "since.$": "$$.State.EnteredTime",
              "item.$": "$$.Map.Item.Index"
            }
          },
          "ResultSelector": { "got.$": "$.ok", "token.$": "$$.Task.Token", "tries.$": "$$.State.RetryCount" },
          "Retry": [ { "ErrorEquals": [ "Busy" ], "IntervalSeconds": 1 } ],
          "Catch": [ { "ErrorEquals": [ "States.ALL" ], "ResultPath": "$.error", "Next": "Over" } ],
          "End": true
        },
        "Over": { "Type": "Pass", "Parameters": { "why.$": "$.error.Error", "at.$": "$$.Map.Item.Index" }, "End": true }
      } },
      "End": true
    }
  }
}"#;

#[tokio::test]
async fn tokens_retries_and_items_are_those_of_the_attempt() {
    let mocks = r#"{
        "StateMachines": { "x": { "TestCases": { "c": { "Call": "calls" } } } },
        "MockedResponses": { "calls": {
            "0": { "Throw": { "Error": "Busy", "Cause": "c" } },
            "1": { "Return": { "ok": 1 } },
            "2": { "Throw": { "Error": "Busy", "Cause": "c" } },
            "3": { "Throw": { "Error": "Worse", "Cause": "c" } }
        } }
    }"#;
    let mut bench = Bench::mocked(CALLS, r#"{"items":["p","q"]}"#, mocks).sized(120, 40);
    bench.keys("c W W W W").await;
    assert!(bench.position().contains("SUCCEEDED"), "{}", bench.screen());
    assert!(asked_again(&bench, "calls") >= 16, "{}", asked_again(&bench, "calls"));
}
