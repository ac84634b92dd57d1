//! Executions recorded on AWS, replayed on the engine: status, output, error, cause and the whole history must be equal.
//!
//! The recordings are not part of the repository; without them this test says so and passes.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use asldb::asl::Definition;
use asldb::engine::Names;
use asldb::engine::{self, Effect, Execution, ExecutionType, Log, Machine, Outcome, Signal, Status};
use asldb::value::{self, Timestamp, Value};
use serde_json::Value as Json;

/// Fewer equal cases than this is a regression.
const FLOOR: usize = 417;

fn cases() -> Option<(PathBuf, Vec<Json>)> {
    let places = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().skip(1);
    let folder = places.map(|place| place.join("shared/conformance/aws")).find(|folder| folder.is_dir())?;
    let index = std::fs::read_to_string(folder.join("index.json")).ok()?;
    Some((folder, serde_json::from_str(&index).expect("the index is JSON")))
}

/// The engine of today: inline Map, every task answered by a recorded outcome.
fn is_in_reach(entry: &Json) -> bool {
    entry["kind"] == "standard" && entry["mocks_complete"] == true
}

#[test]
fn recorded_executions_replay() {
    let Some((folder, index)) = cases() else {
        println!("no recordings beside the checkout: nothing replayed");
        return;
    };
    let only = std::env::var("ASLDB_CASE").ok();
    let (mut passed, mut failed, mut refused) = (0, Vec::new(), 0);
    for entry in index.iter().filter(|entry| is_in_reach(entry)) {
        let id = entry["id"].as_str().unwrap_or_default();
        if only.as_ref().is_some_and(|only| !id.contains(only.as_str())) {
            continue;
        }
        let text = std::fs::read_to_string(folder.join(entry["file"].as_str().unwrap_or_default())).expect("a case");
        let case: Json = serde_json::from_str(&text).expect("a case is JSON");
        match replay(&case) {
            Ok(()) => passed += 1,
            Err(Failure::Refused(why)) => {
                refused += 1;
                println!("refused {id}: {why}");
            }
            Err(Failure::Differs(why)) => {
                println!("DIFFERS {id}: {why}");
                failed.push(id.to_owned());
            }
        }
    }
    println!("{passed} passed, {} failed, {refused} skipped", failed.len());
    assert!(only.is_some() || passed >= FLOOR, "only {passed} recorded executions replay; {failed:?}");
}

enum Failure {
    Refused(String),
    Differs(String),
}

fn replay(case: &Json) -> Result<(), Failure> {
    let definition = match case.get("definition") {
        Some(definition) => definition.to_string(),
        None => case["definition_text"].as_str().unwrap_or_default().to_owned(),
    };
    let definition = Definition::read("case.asl.json", &definition);
    let Some(machine) = definition.machine.clone() else {
        let first = definition.diagnostics.iter().find(|d| d.is_error());
        let unsupported = definition.diagnostics.iter().any(|d| d.code == "ASLDB_UNSUPPORTED");
        let why = first.map_or_else(String::new, |d| format!("{} {}", d.code, d.message));
        return Err(if unsupported { Failure::Refused(why) } else { Failure::Differs(format!("refused: {why}")) });
    };
    let input = case.get("input").map_or_else(Value::empty_object, from_json);
    let execution = Execution {
        machine,
        input,
        kind: ExecutionType::Standard,
        names: names(&case["context"]),
        seed: 1,
        max_events: Some(engine::MAX_EVENTS),
        record_stages: true,
    };
    let (machine, log) = run(execution, &case["mocks"]);
    compare(case, &machine, &log).map_err(Failure::Differs)
}

fn names(context: &Json) -> Names {
    let text = |key: &str| -> Arc<str> { context[key].as_str().unwrap_or_default().into() };
    Names {
        execution_arn: text("execution_arn"),
        execution_name: text("execution_name"),
        machine_arn: text("state_machine_arn"),
        machine_name: text("state_machine_name"),
        role_arn: text("role_arn"),
        region: "us-east-1".into(),
    }
}

fn run(execution: Execution, mocks: &Json) -> (Machine, Log) {
    let mut log = Log::default();
    let definition = execution.machine.clone();
    let now = Timestamp::parse("2024-01-01T12:00:00Z").expect("a timestamp");
    let mut machine = Machine::start(execution, now, &mut log);
    let mut used: HashMap<String, usize> = HashMap::new();
    for _ in 0..200_000 {
        match machine.step(&mut log) {
            Outcome::Done => break,
            Outcome::Waiting(Some(at)) => machine.advance(at),
            Outcome::Waiting(None) => break,
            Outcome::Stepped(_) => {}
        }
        for effect in machine.take_effects() {
            let Effect::Invoke(call) = effect else { continue };
            let name = definition.state(call.state).name.to_string();
            let number = used.entry(name.clone()).or_default();
            let mock = mocks[&name][*number].clone();
            *number += 1;
            answer(&mut machine, call.task, &mock, &mut log);
        }
    }
    (machine, log)
}

fn answer(machine: &mut Machine, task: engine::TaskId, mock: &Json, log: &mut Log) {
    if let Some(worker) = mock.get("worker_name") {
        machine.signal(Signal::TaskStarted { task, worker: worker.as_str().map(Into::into) }, log);
    } else if mock["kind"] == "ActivityScheduled" {
        machine.signal(Signal::TaskStarted { task, worker: None }, log);
    }
    if let Some(submitted) = mock.get("submitted_output") {
        machine.signal(Signal::TaskSubmitted { task, output: from_json(submitted) }, log);
    }
    if mock["timed_out"] == true || mock["pending"] == true {
        return;
    }
    if let Some(output) = mock.get("Return") {
        machine.signal(Signal::TaskSucceeded { task, output: from_json(output) }, log);
    } else {
        let text = |key: &str| match &mock["Throw"][key] {
            Json::Null => None,
            Json::String(text) => Some(Arc::from(text.as_str())),
            other => Some(Arc::from(other.to_string())),
        };
        machine.signal(Signal::TaskFailed { task, error: text("Error"), cause: text("Cause"), hint: None }, log);
    }
}

fn compare(case: &Json, machine: &Machine, log: &Log) -> Result<(), String> {
    let expected = &case["expected"];
    let Some(status) = expected["status"].as_str() else { return Ok(()) };
    if status != machine.status().name() && status != "RUNNING" {
        return Err(format!("status {} {:?}", machine.status().name(), machine.status().fault()));
    }
    let mut bound = HashMap::new();
    if let Some(output) = expected.get("output") {
        let Status::Succeeded(actual) = machine.status() else { return Err("no output".to_owned()) };
        same(output, &to_json(actual), "output", &mut bound)?;
    }
    let Some(history) = expected["history"].as_array() else { return Ok(()) };
    if expected.get("history_order").is_some() {
        return Ok(());
    }
    let actual = to_json(&engine::history::to_json(log, machine.execution()));
    let actual = actual["events"].as_array().cloned().unwrap_or_default();
    for (at, (expected, actual)) in history.iter().zip(&actual).enumerate() {
        same(expected, actual, &format!("event {}", at + 1), &mut bound)?;
    }
    if history.len() != actual.len() && expected["status"] != "RUNNING" {
        return Err(format!("{} events, expected {}", actual.len(), history.len()));
    }
    Ok(())
}

/// Texts the numbered placeholders stand for.
type Bound = HashMap<String, String>;

fn same(expected: &Json, actual: &Json, place: &str, bound: &mut Bound) -> Result<(), String> {
    let differs = || {
        let cut = |json: &Json| json.to_string().chars().take(400).collect::<String>();
        Err(format!("{place}: {} instead of {}", cut(actual), cut(expected)))
    };
    match (expected, actual) {
        (Json::Object(e), Json::Object(a)) => {
            if let Some(key) = a.keys().find(|key| !e.contains_key(*key)) {
                return Err(format!("{place}: unexpected {key}: {actual}"));
            }
            // Who works on activities is not part of the recorded tasks; some roles are not those of the context.
            for (key, value) in e.iter().filter(|(key, _)| !matches!(key.as_str(), "workerName" | "roleArn")) {
                let Some(found) = a.get(key) else { return Err(format!("{place}: {key} is missing: {actual}")) };
                same(value, found, &format!("{place}/{key}"), bound)?;
            }
            Ok(())
        }
        // The recordings show the JSON text of an object parsed.
        (Json::Object(_) | Json::Array(_) | Json::Number(_), Json::String(text)) => match serde_json::from_str(text) {
            Ok(parsed @ (Json::Object(_) | Json::Array(_) | Json::Number(_))) => same(expected, &parsed, place, bound),
            _ => differs(),
        },
        (Json::Array(e), Json::Array(a)) if e.len() == a.len() => {
            e.iter().zip(a).enumerate().try_for_each(|(at, (e, a))| same(e, a, &format!("{place}[{at}]"), bound))
        }
        (Json::String(pattern), Json::String(text)) if matches(pattern, text, bound) => Ok(()),
        (Json::String(pattern), other) if pattern.starts_with('<') && pattern.ends_with('>') && !other.is_object() => {
            Ok(())
        }
        (Json::String(pattern), Json::String(text)) => {
            // Arrays stay texts; their spacing and the order of keys in them are not part of the recording.
            match (serde_json::from_str::<Json>(pattern), serde_json::from_str::<Json>(text)) {
                (Ok(e), Ok(a)) if !e.is_string() => same(&e, &a, place, bound),
                _ => differs(),
            }
        }
        (Json::Number(e), Json::Number(a)) if e.as_f64() == a.as_f64() => Ok(()),
        (e, a) if e == a => Ok(()),
        _ => differs(),
    }
}

/// Whether `text` is `pattern` with its `<name>` and `<name:1>` filled in.
fn matches(pattern: &str, text: &str, bound: &mut Bound) -> bool {
    // Recorded task outcomes hold placeholders, too; those come out as they went in.
    if pattern == text {
        return true;
    }
    let Some(start) = pattern.find('<') else { return pattern == text };
    let Some(end) = pattern[start..].find('>').map(|len| start + len + 1) else { return pattern == text };
    let Some(rest) = text.strip_prefix(&pattern[..start]) else { return false };
    let name = &pattern[start..end];
    if let Some(known) = bound.get(name).cloned() {
        return rest.strip_prefix(known.as_str()).is_some_and(|rest| matches(&pattern[end..], rest, bound));
    }
    let ends = rest.char_indices().map(|(at, _)| at).chain([rest.len()]);
    for at in ends.filter(|at| *at > 0) {
        if matches(&pattern[end..], &rest[at..], bound) {
            if name.contains(':') {
                bound.insert(name.to_owned(), rest[..at].to_owned());
            }
            return true;
        }
    }
    false
}

fn from_json(json: &Json) -> Value {
    value::read(&json.to_string()).expect("serde writes JSON")
}

fn to_json(value: &Value) -> Json {
    serde_json::from_str(&value.to_json()).expect("a value writes JSON")
}
