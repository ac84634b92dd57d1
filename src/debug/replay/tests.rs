//! Histories read, and turned back into what they were.

use std::path::Path;
use std::sync::Arc;

use super::Replay;
use crate::asl::Definition;
use crate::engine::{Log, history};
use crate::value::{self, Timestamp, Value};

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
        // Names that were made up and taken apart.
        if definition.text.contains("$$.StateMachine") && definition.text.contains("States.StringSplit") {
            continue;
        }
        match run_again(&replay).1 {
            None => same += 1,
            Some(parting) => parted.push(format!("{name}: {parting:?}")),
        }
    }
    assert!(parted.is_empty() && same > 250, "{same} same, {} not:\n{}", parted.len(), parted.join("\n"));
}

/// A sample that was run with the first case of its mocks: its definition, what happened, and its history.
async fn sample(name: &str) -> (Arc<Definition>, Log, Arc<crate::engine::Execution>, String) {
    use crate::runtime::mock::{MockFile, MockTasks, Mocks};
    use crate::runtime::tasks::Unanswered;
    use crate::runtime::{Clock, Driver, NoGate, Tasks, names};
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let read = |ending: &str| std::fs::read_to_string(folder.join(format!("{name}.{ending}")));
    let definition = Definition::read("sample.asl.json", &read("asl.json").expect("a definition"));
    let mut tasks: Arc<dyn Tasks> = Arc::new(Unanswered);
    if let Ok(text) = read("mock.json") {
        let file = MockFile::read("mocks", &text).expect("mocks");
        let case = file.cases(name).next().expect("a case").clone();
        tasks = Arc::new(MockTasks::new(Mocks::new(file), name, &case, tasks).expect("the case"));
    }
    let execution = crate::engine::Execution {
        machine: definition.machine.clone().expect("valid"),
        input: value::read(&read("input.json").expect("an input")).expect("JSON"),
        kind: crate::engine::ExecutionType::Standard,
        names: names::names(name, 7, false),
        seed: 7,
        max_events: None,
        record_stages: true,
    };
    let mut clock = Clock::standing(Timestamp(1_700_000_000_000));
    clock.set_skips(true);
    let (driver, _handle) = Driver::start(execution, clock, NoGate, tasks);
    let (machine, log) = driver.run(true).await;
    let text = history::to_json(&log, machine.execution()).to_json();
    (Arc::new(definition), log, Arc::clone(machine.execution()), text)
}

const SAMPLES: [&str; 10] =
    ["callback", "choice", "data-flow", "hello", "jsonata", "loop", "map", "order", "parallel", "retry-and-catch"];

#[tokio::test]
async fn what_is_written_reads_back_with_its_threads() {
    for name in SAMPLES {
        let (definition, log, execution, text) = sample(name).await;
        for given in [None, Some(&definition)] {
            let replay = Replay::read("history.json", &text, given).expect("a history");
            assert_eq!(history::to_json(&replay.log, &replay.execution).to_json(), text, "{name}");
            assert!(replay.notes.is_empty(), "{name}: {:?}", replay.notes);
            let thread = |log: &Log, machine: &crate::asl::StateMachine, at: usize| {
                let event = log.events.get(at).expect("an event");
                let place = log.place_of(event.branch);
                let names = place.iter().map(|(state, index)| format!("{}[{index}]", machine.state(*state).name));
                (names.collect::<Vec<_>>(), event.kind.state().map(|state| machine.state(state).name.clone()), event.at)
            };
            for at in 0..log.events.len() {
                assert_eq!(
                    thread(&replay.log, &replay.execution.machine, at),
                    thread(&log, &execution.machine, at),
                    "{name}: event {}",
                    at + 1
                );
            }
        }
    }
}

/// The rows of the data pane of each visit, those with a value.
fn rows(log: &Log, definition: &Definition, machine: &crate::asl::StateMachine) -> Vec<String> {
    use crate::debug::{Moment, Visit};
    let mut shown = Vec::new();
    for event in log.events.iter() {
        let Some(visit) = Visit::at(definition, machine, log, event.id, Moment::newest(log)) else { continue };
        for row in &visit.rows {
            if let Some(value) = row.outcome.value() {
                shown.push(format!(
                    "{} {}: {} {}",
                    event.id.0,
                    machine.state(visit.state).name,
                    row.label,
                    value.to_json()
                ));
            }
        }
    }
    shown
}

#[tokio::test]
async fn with_the_definition_the_stages_are_those_of_the_run() {
    for name in SAMPLES {
        let (definition, log, execution, text) = sample(name).await;
        let replay = Replay::read("history.json", &text, Some(&definition)).expect("a history");
        let recorded = rows(&replay.log, &replay.definition, &replay.execution.machine);
        let run = rows(&log, &definition, &execution.machine);
        // The inputs of iterations are what their first states are entered with.
        let known: Vec<&String> = run.iter().filter(|row| !row.contains(": ItemSelector ")).collect();
        assert!(recorded.iter().eq(known), "{name}:\n{}\n\n{}", recorded.join("\n"), run.join("\n"));
    }
}

#[tokio::test]
async fn samples_run_again_as_they_were() {
    for name in SAMPLES {
        let (definition, _, _, text) = sample(name).await;
        let replay = Replay::read("history.json", &text, Some(&definition)).expect("a history");
        assert_eq!(run_again(&replay).1, None, "{name}");
    }
}

#[tokio::test]
async fn a_changed_definition_parts_where_it_was_changed() {
    let (definition, _, _, text) = sample("order").await;
    let changed = definition.text.replacen("\"Delivered\": {", "\"Delivered\": { \"OutputPath\": \"$.orderId\",", 1);
    assert_ne!(*definition.text, *changed);
    let changed = Arc::new(Definition::read("order.asl.json", &changed));
    let replay = Replay::read("history.json", &text, Some(&changed)).expect("a history");
    let (again, parting) = run_again(&replay);
    let parting = parting.expect("they part");
    let event = parting.recorded.and_then(|id| replay.log.event(id)).expect("an event");
    assert_eq!(super::part::described(event, replay.side()), "SucceedStateExited Delivered");
    assert!(parting.lines[0].starts_with("output $"), "{:?}", parting.lines);
    assert_eq!(again.machine.status().name(), "SUCCEEDED");
}

/// A history of events, each a type, the event it follows, and its details.
fn history_of(events: &[(&str, u32, &str)]) -> String {
    let events = events.iter().zip(1..).map(|((name, previous, details), id)| {
        let details = if details.is_empty() { String::new() } else { format!(", {details}") };
        format!(
            r#"{{"timestamp": "2024-05-01T12:00:{id:02}.250000+02:00", "type": "{name}", "id": {id}, "previousEventId": {previous}{details}}}"#
        )
    });
    format!("{{\"events\": [\n{}\n]}}", events.collect::<Vec<_>>().join(",\n"))
}

const ENTERED: &str = r#""stateEnteredEventDetails": {"name": "A", "input": "1"}"#;

#[test]
fn events_that_are_not_known_are_kept_and_shown() {
    let text = history_of(&[
        ("ExecutionStarted", 0, r#""executionStartedEventDetails": {"input": "{\"a\": 1}"}"#),
        ("TaskStateEntered", 0, ENTERED),
        ("TaskThought", 2, r#""taskThoughtEventDetails": {"of": "cake", "error": "Hungry", "cause": "no cake"}"#),
        ("SomethingElse", 3, ""),
    ]);
    let replay = Replay::read("h.json", &text, None).expect("a history");
    let kinds: Vec<_> =
        replay.log.events.iter().map(|event| history::type_name(&event.kind, &replay.execution)).collect();
    assert_eq!(kinds, ["ExecutionStarted", "TaskStateEntered", "TaskThought", "SomethingElse"]);
    let thought = replay.log.event(crate::engine::EventId(3)).expect("an event");
    let state = thought.kind.state().map(|state| replay.execution.machine.state(state).name.to_string());
    assert_eq!(state.as_deref(), Some("A"));
    assert_eq!(thought.kind.fault().map(|fault| fault.summary()), Some("Hungry: no cake".to_owned()));
    let shown = history::event_to_json(thought, &replay.execution);
    assert_eq!(shown.get("taskThoughtEventDetails").and_then(|details| details.get("of")), Some(&Value::from("cake")));
    assert!(!replay.status.is_done() && replay.view().paused);
    // Half past midday in the zone of the recording.
    assert_eq!(replay.started().to_iso(), "2024-05-01T10:00:01.25Z");
}

#[test]
fn the_other_ways_in_which_histories_are_written() {
    let events = [
        ("ExecutionStarted", 0, r#""executionStartedEventDetails": {"input": "1"}"#),
        ("PassStateEntered", 0, ENTERED),
    ];
    let text = history_of(&events);
    let read = |text: &str| Replay::read("h.json", text, None).expect("a history");
    let whole = value::read(&text).expect("JSON");
    let list = whole.get("events").expect("events").clone();
    let shown = |replay: &Replay| history::to_json(&replay.log, &replay.execution).to_json();
    let expected = shown(&read(&text));
    for other in [list.to_json(), format!(r#"{{"expected": {{"history": {list}}}}}"#), format!("\u{feff}{text}")] {
        assert_eq!(shown(&read(&other)), expected, "{other}");
    }
    let mut reversed: Vec<Value> = list.as_array().expect("a list").to_vec();
    reversed.reverse();
    let reversed = read(&Value::from(reversed).to_json());
    assert_eq!(shown(&reversed), expected);
    let part = read(&Value::from(list.as_array().expect("a list")[1..].to_vec()).to_json());
    assert_eq!((part.log.events.len(), part.notes.len()), (1, 2), "{:?}", part.notes);
    let more = read(&text.replacen('{', "{\"nextToken\": \"x\", ", 1));
    assert!(more.notes[0].contains("nextToken"), "{:?}", more.notes);
}

#[test]
fn what_is_no_history_is_told_with_its_place() {
    for (text, expected) in [
        ("", "h.json:1:1: no history: no JSON"),
        ("{\n  \"events\": [}", "h.json:2:14: no history: no JSON"),
        ("{\"StartAt\": \"A\"}", "h.json:1:1: no history: expected what GetExecutionHistory answers"),
        ("3", "h.json:1:1: no history: expected what GetExecutionHistory answers"),
        ("{\"events\": []}", "h.json:1:1: no history: it has no events"),
        ("{\"events\": [\n  7]}", "h.json:2:3: no history: expected an event, an object, not number"),
        ("[\n {\"id\": 1}]", "h.json:2:2: no history: the event has no `type`"),
        ("[{\"type\": \"X\", \"id\":\n true}]", "h.json:2:2: no history: `id` is the number of an event, not boolean"),
        (
            "[{\"type\":\"A\"},\n{\"type\":\"PassStateEntered\"}]",
            "h.json:2:1: no history: the details of PassStateEntered 2 have no `name`",
        ),
        ("[{\"type\": \"A\", \"xEventDetails\": 1}]", "h.json:1:2: no history: the details of the event are no object"),
    ] {
        let error = Replay::read("h.json", text, None).expect_err(text).to_string();
        assert!(error.starts_with(expected), "{text}:\n{error}");
    }
}

#[test]
fn states_that_the_definition_does_not_have_are_told() {
    let definition = r#"{"StartAt": "B", "States": {"B": {"Type": "Pass", "End": true}}}"#;
    let definition = Arc::new(Definition::read("d.asl.json", definition));
    let text = history_of(&[("ExecutionStarted", 0, ""), ("PassStateEntered", 0, ENTERED)]);
    let replay = Replay::read("h.json", &text, Some(&definition)).expect("a history");
    assert_eq!(replay.notes, ["the definition does not have these states of it: A"]);
    assert_eq!(replay.execution.machine.ids().count(), 1);
    let parting = run_again(&replay).1.expect("they part");
    assert_eq!(parting.lines, ["the history has PassStateEntered A, the run PassStateEntered B"]);
}

mod properties {
    use proptest::prelude::*;

    use super::*;

    /// Any event, right or not.
    fn event() -> impl Strategy<Value = String> {
        let names = [
            "ExecutionStarted",
            "PassStateEntered",
            "PassStateExited",
            "ParallelStateEntered",
            "ParallelStateStarted",
            "ParallelStateSucceeded",
            "ParallelStateFailed",
            "ParallelStateExited",
            "MapStateEntered",
            "MapStateStarted",
            "MapIterationStarted",
            "MapIterationSucceeded",
            "MapIterationAborted",
            "MapStateSucceeded",
            "MapStateExited",
            "MapRunStarted",
            "TaskStateEntered",
            "TaskScheduled",
            "LambdaFunctionFailed",
            "TaskStateAborted",
            "TaskStateExited",
            "EvaluationFailed",
            "ExecutionRedriven",
            "ExecutionFailed",
            "Unheard",
        ];
        let name = prop::sample::select(names.to_vec());
        (name, 0..12u32, prop::sample::select(vec!["A", "B", "C"]), 0..3u32).prop_map(|(name, previous, state, index)| {
            format!(r#"{{"type":"{name}","previousEventId":{previous},"xEventDetails":{{"name":"{state}","state":"{state}","index":{index},"length":2,"redriveCount":1,"input":"{index}","output":"{index}"}}}}"#)
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

        /// However little sense a history makes: it opens, has all its events, and its panes have something to walk on.
        #[test]
        fn any_events_open(events in prop::collection::vec(event(), 1..24)) {
            let text = format!("[{}]", events.join(","));
            let replay = Replay::read("h.json", &text, None).expect("a history");
            prop_assert_eq!(replay.log.events.len(), events.len());
            for event in replay.log.events.iter() {
                prop_assert!((event.branch.0 as usize) < replay.log.branches.len());
                let path = replay.log.branch_path(event.branch);
                prop_assert!(path.len() <= replay.log.branches.len());
                drop(history::event_to_json(event, &replay.execution));
            }
            drop(rows(&replay.log, &replay.definition, &replay.execution.machine));
            for scope in 0..replay.execution.machine.scopes.len() {
                let scope = crate::asl::ScopeId(u32::try_from(scope).expect("few"));
                drop(crate::asl::graph::edges(&replay.execution.machine, scope));
            }
        }
    }
}
