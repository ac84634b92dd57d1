//! Definitions as people write them run to an end: with an input in which their paths find something, and answers of the
//! same kind for their tasks.
//!
//! The definitions are data beside the repository; without them the test says so and does nothing.

#![expect(clippy::panic, clippy::print_stdout, reason = "a test says what it found and where it stops")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use asldb::asl::{Definition, StateMachine};
use asldb::engine::{Effect, Execution, ExecutionType, Invocation, Log, Machine, Names, Outcome, Signal, Status};
use asldb::value::{self, Object, Timestamp, Value};

/// 2024-01-01T00:00:00Z
const START: Timestamp = Timestamp(1_704_067_200_000);
/// Runs that loop end here, as on AWS with more.
const MAX_EVENTS: u32 = 3000;
/// Calls of a machine: an event takes less than twenty stages, also of child executions.
const MOST_CALLS: u32 = 400_000;
/// Runs of each definition: with the answers of each, other ways through it are taken.
const RUNS: u64 = 6;

fn folder() -> Option<PathBuf> {
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().skip(1);
    above.map(|folder| folder.join("shared/definitions/real")).find(|folder| folder.is_dir())
}

fn json(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    value::read(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The definitions that are whole files in JSON or YAML, and without known defects.
fn definitions(folder: &Path) -> Vec<(String, Arc<StateMachine>, String)> {
    let defects = json(&folder.join("known_defects.json"));
    let index = json(&folder.join("index.json"));
    let of = |entry: &Value, key: &str| entry.get(key).and_then(Value::as_str).map(str::to_owned);
    let mut found = Vec::new();
    for entry in index.as_array().map_or(&[][..], |array| array) {
        let plain = matches!(of(entry, "format").as_deref(), Some("json" | "yaml"));
        let known = of(entry, "id").is_some_and(|id| defects.get(&id).is_some());
        let Some(file) = of(entry, "file").filter(|_| plain && !known) else { continue };
        let bytes = std::fs::read(folder.join(&file)).expect("the file of the entry");
        let definition = Definition::read_bytes(&file, &bytes);
        let Some(machine) = definition.machine.clone() else {
            println!("not run: {}", definition.render_diagnostics());
            continue;
        };
        found.push((file, machine, definition.text.to_string()));
    }
    found
}

/// Turns that a hash takes: the same for the same parts.
fn turn(parts: &[&dyn std::fmt::Display]) -> u64 {
    let text: String = parts.iter().map(|part| format!("{part}\u{0}")).collect();
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)) >> 7
}

/// The paths of a definition: what stands behind `$.`, `$states.input.` and `$states.result.`, up to where a name ends.
fn paths(text: &str) -> Vec<Vec<String>> {
    let mut paths = Vec::new();
    for (at, _) in text.match_indices('$') {
        let rest = &text[at + 1..];
        let rest = ["states.input", "states.result"].iter().find_map(|root| rest.strip_prefix(root)).unwrap_or(rest);
        let is_part = |c: char| c.is_alphanumeric() || "._[]*-'".contains(c);
        let path: String = rest.chars().take_while(|c| is_part(*c)).collect();
        let Some(path) = path.strip_prefix('.') else { continue };
        let names = path.split(['.', '[', ']', '\'']).filter(|name| !name.is_empty() && *name != "*");
        let mut names: Vec<String> = names.map(str::to_owned).collect();
        if text[..at].trim_end_matches([' ', ':', '"']).ends_with("ItemsPath") {
            names.push("0".to_owned());
        }
        paths.push(names);
    }
    paths
}

/// An object in which all of `paths` find something.
fn filled(paths: &[Vec<String>], salt: u64) -> Value {
    let mut members: BTreeMap<&str, Vec<Vec<String>>> = BTreeMap::new();
    for path in paths {
        if let Some((first, rest)) = path.split_first()
            && first.parse::<u32>().is_err()
        {
            members.entry(first).or_default().push(rest.to_vec());
        }
    }
    let member = |(name, inner): (&str, Vec<Vec<String>>)| {
        let is_list = inner.iter().any(|path| path.first().is_some_and(|name| name.parse::<u32>().is_ok()));
        let inner: Vec<Vec<String>> = inner
            .into_iter()
            .map(|path| path.into_iter().skip_while(|name| name.parse::<u32>().is_ok()).collect())
            .filter(|path: &Vec<String>| !path.is_empty())
            .collect();
        let value = if inner.is_empty() { leaf(name, salt) } else { filled(&inner, salt) };
        let value = if is_list { Value::Array([value.clone(), value].into_iter().collect()) } else { value };
        (name.to_owned(), value)
    };
    Value::Object(members.into_iter().map(member).collect::<Object>())
}

/// A value that a member of this name could have.
fn leaf(name: &str, salt: u64) -> Value {
    let lower = name.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if has(&["items", "list", "array", "keys", "results", "records", "files"]) {
        return value::read(r#"[{"id":"a","Key":"k"},{"id":"b","Key":"l"}]"#).expect("JSON");
    }
    if has(&["count", "index", "step", "seconds", "number", "size", "total", "amount", "price", "wait", "iterator"]) {
        return Value::from(u32::try_from(turn(&[&name, &salt]) % 4).unwrap_or_default());
    }
    if has(&["time", "date", "expir"]) {
        return Value::from("2024-01-01T00:10:00Z");
    }
    match turn(&[&name, &salt]) % 7 {
        // The texts of the first run go into other texts.
        _ if salt == 0 => Value::from(name),
        0 => Value::from(true),
        1 => Value::from(1),
        2 => Value::from("SUCCEEDED"),
        3 => Value::empty_object(),
        4 => value::read("[1,2]").expect("JSON"),
        5 => Value::from("FAILED"),
        _ => Value::from(name),
    }
}

/// What becomes of a task: mostly a result, now and then an error that is caught or retried somewhere, or nothing.
fn answer(machine: &StateMachine, call: &Invocation, data: &Value, salt: u64) -> Option<Signal> {
    let (task, state) = (call.task, machine.state(call.state));
    match turn(&[&state.name, &call.retry_count, &salt]) % 12 {
        // The first run only sees results.
        _ if salt == 0 => Some(Signal::TaskSucceeded { task, output: data.clone() }),
        0 | 1 => {
            let retried = state.retry.iter().flat_map(|it| &it.error_equals);
            let mut listed = retried.chain(state.catch.iter().flat_map(|it| &it.error_equals));
            let error = listed.find(|name| !name.starts_with("States.")).cloned();
            let error = error.unwrap_or_else(|| "Lambda.Unknown".into());
            Some(Signal::TaskFailed {
                task,
                error: Some(error),
                cause: Some(r#"{"errorMessage":"made"}"#.into()),
                hint: None,
            })
        }
        2 => None,
        3 => Some(Signal::TaskSucceeded { task, output: call.input.clone() }),
        _ => Some(Signal::TaskSucceeded { task, output: data.clone() }),
    }
}

fn execution(machine: &Arc<StateMachine>, input: Value, seed: u64) -> Execution {
    let names = ["execution", "run", "machine", "Real", "role", "us-east-1"].map(Arc::from);
    let [execution_arn, execution_name, machine_arn, machine_name, role_arn, region] = names;
    Execution {
        machine: Arc::clone(machine),
        input,
        kind: ExecutionType::Standard,
        names: Names { execution_arn, execution_name, machine_arn, machine_name, role_arn, region },
        seed,
        max_events: Some(MAX_EVENTS),
        record_stages: true,
    }
}

/// Runs to the end; none if there is no end within the budget.
fn run(machine: &Arc<StateMachine>, data: &Value, salt: u64) -> Option<(Status, Log)> {
    let mut log = Log::default();
    let mut run = Machine::start(execution(machine, data.clone(), salt), START, &mut log);
    for _ in 0..MOST_CALLS {
        for effect in run.take_effects() {
            let signal = match effect {
                Effect::Invoke(call) => {
                    let task = call.task;
                    run.signal(Signal::TaskStarted { task, worker: None }, &mut log);
                    run.signal(Signal::TaskSubmitted { task, output: data.clone() }, &mut log);
                    answer(machine, &call, data, salt)
                }
                Effect::ReadItems(read) => {
                    let items = [data.clone(), data.clone(), data.clone()].into_iter().collect();
                    Some(Signal::TaskSucceeded { task: read.task, output: Value::Array(items) })
                }
                Effect::WriteResults(write) => Some(Signal::TaskSucceeded { task: write.task, output: data.clone() }),
                Effect::Cancel(_) => None,
            };
            if let Some(signal) = signal {
                run.signal(signal, &mut log);
            }
        }
        match run.step(&mut log) {
            Outcome::Stepped(_) => {}
            // Nobody else tells it anything, so all that it waits for is its own time.
            Outcome::Waiting(at) => run.advance(at?),
            Outcome::Done => return Some((run.status().clone(), log)),
        }
    }
    None
}

/// What is odd about the end of a run.
fn oddity(status: &Status, log: &Log) -> Option<String> {
    let is_whole = log.events.iter().zip(1..).all(|(event, id)| event.id.0 == id && event.previous.0 < id);
    if !is_whole {
        return Some("the events do not follow each other".to_owned());
    }
    if !log.events.iter().last().is_some_and(|event| event.kind.is_end()) {
        return Some("the last event is not the end".to_owned());
    }
    let fault = status.fault()?;
    let is_unexplained =
        fault.name().starts_with("States.") && fault.name() != "States.Timeout" && fault.cause.is_none();
    let own = fault.error.as_deref().is_some_and(|error| error.starts_with("Asldb."));
    (is_unexplained || own).then(|| fault.summary())
}

#[test]
fn real_definitions_run_to_an_end() {
    let Some(folder) = folder() else {
        println!("skipped: no definitions beside the checkout");
        return;
    };
    let mut counts = BTreeMap::<String, usize>::new();
    let (mut visited, mut all) = (0, 0);
    let definitions = definitions(&folder);
    assert!(definitions.len() > 180, "{} definitions", definitions.len());
    for (file, machine, text) in definitions {
        let paths = paths(&text);
        let mut seen = vec![false; machine.states.len()];
        for salt in 0..RUNS {
            let data = filled(&paths, salt);
            let (status, log) = run(&machine, &data, salt).unwrap_or_else(|| panic!("{file}, run {salt}: no end"));
            assert_eq!(oddity(&status, &log), None, "{file}, run {salt}");
            let logs = std::iter::once(&log).chain(log.executions.iter().map(|child| &child.log));
            for state in logs.flat_map(|log| log.events.iter()).filter_map(|event| event.kind.state()) {
                seen[state.0 as usize] = true;
            }
            let error = status.fault().map_or(String::new(), |fault| format!(" {}", fault.name()));
            *counts
                .entry(format!("{}{}", status.name(), if error.contains("States.") { &error } else { "" }))
                .or_default() += 1;
        }
        visited += seen.iter().filter(|seen| **seen).count();
        all += seen.len();
    }
    println!("real: {counts:?}; {visited} of {all} states visited");
    assert!(counts.get("SUCCEEDED").copied().unwrap_or_default() > 200, "{counts:?}");
    assert!(visited * 2 > all, "{visited} of {all} states visited");
}

#[test]
fn paths_find_something_in_what_is_made_of_them() {
    let text = r#"{"a.$": "$.order.items[0].id", "b": "{% $states.input.detail.total > 1 %}", "c": "$$.State.Name"}"#;
    let found = paths(text);
    let data = filled(&found, 1);
    assert!(data.get("order").and_then(|order| order.get("items")).and_then(Value::as_array).is_some(), "{data}");
    assert!(data.get("detail").and_then(|detail| detail.get("total")).is_some(), "{data}");
}
