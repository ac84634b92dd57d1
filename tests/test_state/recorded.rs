//! TestState calls recorded on AWS: answers and errors must be equal.
//!
//! The recordings are not part of the repository; without them this test says so and passes.

use std::path::{Path, PathBuf};

use asldb::api::{Exception, Operation, check};
use asldb::service::test_state::{Environment, test_state};
use asldb::value::{self, Timestamp, Value};
use serde_json::{Value as Json, json};

use super::compare::{Bound, same};

/// Fewer equal cases than this is a regression.
const FLOOR: usize = 143;

fn cases() -> Option<Vec<PathBuf>> {
    let places = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().skip(1);
    let folder = places.map(|place| place.join("shared/conformance/aws/test-state")).find(|folder| folder.is_dir())?;
    let entries = std::fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path());
    let mut files: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|e| e == "json")).collect();
    files.sort();
    Some(files)
}

#[test]
fn recorded_calls_are_answered_as_they_were() {
    let Some(files) = cases() else {
        println!("no recordings beside the checkout: nothing compared");
        return;
    };
    let only = std::env::var("ASLDB_CASE").ok();
    let (mut passed, mut failed) = (0, Vec::new());
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a case");
        let case: Json = serde_json::from_str(&text).expect("a case is JSON");
        let id = case["id"].as_str().unwrap_or_default();
        if only.as_ref().is_some_and(|only| !id.contains(only.as_str())) {
            continue;
        }
        match compare(&case) {
            Ok(()) => passed += 1,
            Err(why) => {
                println!("DIFFERS {id}: {why}");
                failed.push(id.to_owned());
            }
        }
    }
    println!("{passed} passed, {} failed", failed.len());
    assert!(only.is_some() || passed >= FLOOR, "only {passed} recorded calls are answered as they were; {failed:?}");
}

fn compare(case: &Json) -> Result<(), String> {
    let expected = &case["expected"];
    let mut bound = Bound::new();
    match (call(case), expected.get("api_error")) {
        (Err(error), Some(wanted)) => {
            let name = json!(error.name);
            // What clients check themselves was recorded in their own words.
            if wanted["client_side"] == true {
                return same(&json!("ValidationException"), &name, "code", &mut bound);
            }
            same(&wanted["code"], &name, "code", &mut bound)?;
            same(&wanted["message"], &json!(error.message), "message", &mut bound)
        }
        (Ok(answer), None) => {
            let answer = serde_json::from_str(&answer.to_json()).expect("a value writes JSON");
            same(&expected["response"], &answer, "response", &mut bound)
        }
        (Err(error), None) => Err(error.to_string()),
        (Ok(answer), Some(wanted)) => Err(format!("answered {} instead of {wanted}", answer.to_json())),
    }
}

fn call(case: &Json) -> Result<Value, Exception> {
    let parameters = value::read(&parameters(case).to_string()).expect("serde writes JSON");
    check(Operation::TestState, &parameters)?;
    // A task that was really called gives what it gave then.
    let response = &case["expected"]["response"];
    let result = response["inspectionData"].get("result").or_else(|| response.get("output"));
    let result = result.map(|result| match result {
        Json::String(text) => value::read(text).expect("a recorded result is JSON"),
        other => value::read(&other.to_string()).expect("serde writes JSON"),
    });
    let tasks = |_: &asldb::asl::Resource, _: &Value| result.clone().map(Ok);
    test_state(
        &parameters,
        &Environment {
            account: "111111111111",
            region: "us-east-1",
            now: Timestamp::parse("2024-01-01T12:00:00Z").expect("a timestamp"),
            seed: 1,
            tasks: Some(&tasks),
        },
    )
}

fn parameters(case: &Json) -> Json {
    let mut parameters = case.get("request").cloned().unwrap_or_else(|| json!({}));
    parameters["definition"] = match case.get("definition") {
        Some(definition) => json!(definition.to_string()),
        None => case["definition_text"].clone(),
    };
    if let Some(input) = case.get("input") {
        parameters["input"] = json!(input.to_string());
    }
    for key in ["context", "variables"] {
        if let Some(value) = parameters.get(key).filter(|value| !value.is_string()) {
            parameters[key] = json!(value.to_string());
        }
    }
    parameters
}
