//! Histories read, and turned back into what they were.

use std::path::Path;
use std::sync::Arc;

use super::Replay;
use crate::asl::Definition;
use crate::engine::history;
use crate::value::{self, Value};

/// Files below the folder of recorded cases; none where it is absent.
pub(super) fn recorded() -> Vec<(String, Value)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/conformance/aws");
    let mut folders = vec![root];
    let mut cases = Vec::new();
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for path in entries.flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "json") {
                let text = std::fs::read_to_string(&path).expect("readable");
                cases.push((path.display().to_string(), value::read(&text).expect("JSON")));
            }
        }
    }
    cases
}

/// The recorded cases that have complete histories.
pub(super) fn complete() -> Vec<(String, Value)> {
    let is_complete = |case: &Value| {
        let expected = case.get("expected");
        case.get("kind").and_then(Value::as_str) == Some("standard")
            && expected.and_then(|expected| expected.get("history")).is_some()
            && expected.and_then(|expected| expected.get("history_order")).is_none()
    };
    recorded().into_iter().filter(|(_, case)| is_complete(case)).collect()
}

#[expect(clippy::print_stderr, reason = "says why nothing was tested")]
pub(super) fn skip() {
    eprintln!("skipped: the recorded cases are not beside the repository");
}

/// An event without what recordings write otherwise than the API: texts of objects as objects, times, sorted keys.
fn plain(value: &Value) -> Value {
    match value {
        Value::String(text) => value::read(text).map_or_else(|_| value.clone(), |read| plain(&read)),
        Value::Array(items) => Value::Array(items.iter().map(plain).collect()),
        Value::Object(object) => {
            let mut members: Vec<_> = object
                .iter()
                .filter(|(key, _)| &***key != "timestamp")
                .map(|(key, value)| (key.clone(), plain(value)))
                .collect();
            members.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(members.into_iter().collect())
        }
        other => other.clone(),
    }
}

#[test]
fn every_event_of_recorded_histories_is_shown_as_it_was() {
    let cases = complete();
    if cases.is_empty() {
        return skip();
    }
    let mut count = 0;
    for (name, case) in &cases {
        let text = case.get("expected").and_then(|expected| expected.get("history")).expect("a history").to_json();
        let recorded = value::read(&text).expect("JSON");
        let text_of = |member| match case.get(member) {
            Some(Value::String(text)) => Some(text.to_string()),
            Some(other) => Some(other.to_json()),
            None => None,
        };
        let definition = text_of("definition").or_else(|| text_of("definition_text")).expect("a definition");
        let definition = Arc::new(Definition::read("case.asl.json", &definition));
        for given in [None, Some(&definition)] {
            let replay = Replay::read(name, &text, given).expect("a history");
            let shown = history::to_json(&replay.log, &replay.execution);
            let shown = shown.get("events").and_then(Value::as_array).expect("events").clone();
            let events = recorded.as_array().expect("events");
            assert_eq!(shown.len(), events.len(), "{name}");
            for (shown, event) in shown.iter().zip(events.iter()) {
                assert_eq!(plain(shown).to_json(), plain(event).to_json(), "{name}");
            }
            count += 1;
        }
    }
    assert!(count > 800, "{count}");
}

fn definition_of(case: &Value) -> Arc<Definition> {
    let text = match case.get("definition").or_else(|| case.get("definition_text")).expect("a definition") {
        Value::String(text) => text.to_string(),
        other => other.to_json(),
    };
    Arc::new(Definition::read("case.asl.json", &text))
}

/// The local run of `replay` and where it parts from the history.
pub(super) fn run_again(replay: &Replay) -> (super::Again, Option<super::Parting>) {
    let again = replay.given.as_ref().and_then(|given| replay.again(given)).expect("a definition");
    let parting = super::part(replay.side(), again.side());
    (again, parting)
}

#[test]
fn recorded_executions_run_again_as_they_were() {
    let cases = complete();
    if cases.is_empty() {
        return skip();
    }
    let (mut same, mut parted) = (0, Vec::new());
    for (name, case) in &cases {
        let text = case.get("expected").and_then(|expected| expected.get("history")).expect("a history").to_json();
        let definition = definition_of(case);
        let replay = Replay::read(name, &text, Some(&definition)).expect("a history");
        if replay.given.is_none() {
            continue;
        }
        // Texts that stand for others, and times that are not told.
        if text.replace("<timestamp>", "").contains('<') || definition.text.contains("Timestamp") {
            continue;
        }
        match run_again(&replay).1 {
            None => same += 1,
            Some(parting) => parted.push(format!("{name}: {parting:?}")),
        }
    }
    assert!(parted.len() < 2, "{same} same, {} not:\n{}", parted.len(), parted.join("\n"));
}
