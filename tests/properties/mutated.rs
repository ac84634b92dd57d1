//! Whatever is done to a definition, its input and the answers of its tasks: a run of it ends, and its history is whole.

use std::sync::Arc;

use asldb::asl::{Definition, StateMachine};
use asldb::engine::{Execution, Log};
use asldb::value::{self, Value};
use serde_json::{Map, Value as Json, json};

use crate::fuzz::Random;
use crate::runs::{Answers, execution, run_of, shown};

const SAMPLES: [&str; 11] = [
    include_str!("../../samples/order.asl.json"),
    include_str!("../../samples/retry-and-catch.asl.json"),
    include_str!("../../samples/map.asl.json"),
    include_str!("../../samples/parallel.asl.json"),
    include_str!("../../samples/choice.asl.json"),
    include_str!("../../samples/variables.asl.json"),
    include_str!("../../samples/callback.asl.json"),
    include_str!("../../samples/data-flow.asl.json"),
    include_str!("../../samples/jsonata.asl.json"),
    include_str!("../../samples/loop.asl.json"),
    include_str!("../../samples/hello.asl.json"),
];

/// Fields that say what a state is and where it leads: changing these makes hardly more than refused definitions.
const KEPT: [&str; 8] = ["Type", "Next", "End", "Choices", "Default", "Branches", "ItemProcessor", "QueryLanguage"];

/// Values that fields may take for others.
const SCRAPS: [&str; 26] = [
    r#""$""#,
    r#""$.a""#,
    r#""$.a.b[0]""#,
    r#""$..*""#,
    r#""$[?(@.a > 1)]""#,
    r#""$$""#,
    r#""$$.Execution.Input""#,
    r#""$v""#,
    "null",
    "0",
    "1",
    "-1",
    "99999999",
    "true",
    "[]",
    "{}",
    r#"{"a.$": "$", "b.$": "$$.State.RetryCount"}"#,
    r#"{"a.$": "States.Format('{} {}', $$.State.Name, $)"}"#,
    r#"{"a.$": "States.ArrayRange(0, 100000, 1)"}"#,
    r#"{"a": ["{% $states.input %}", "{% $states.context %}"]}"#,
    r#""{% $states.input.a %}""#,
    r#""{% [1..100000] %}""#,
    r#""{% ($f := function($n) { $f($n + 1) }; $f(0)) %}""#,
    r#"[{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 99999999, "MaxAttempts": 99999999, "BackoffRate": 9.5}]"#,
    r#""2016-03-14T01:59:00Z""#,
    r#"[{"a": 1}, 2, [3]]"#,
];

/// All states of a definition, those inside of others included.
fn states(json: &Json, found: &mut Vec<Map<String, Json>>) {
    match json {
        Json::Object(object) => {
            if object.get("Type").is_some_and(Json::is_string) {
                found.push(object.clone());
            }
            object.values().for_each(|value| states(value, found));
        }
        Json::Array(items) => items.iter().for_each(|value| states(value, found)),
        _ => {}
    }
}

/// Changes state number `at` of the definition.
fn change(json: &mut Json, at: &mut usize, how: &mut dyn FnMut(&mut Map<String, Json>)) {
    match json {
        Json::Object(object) => {
            if object.get("Type").is_some_and(Json::is_string) {
                if *at == 0 {
                    how(object);
                }
                *at = at.wrapping_sub(1);
            }
            object.values_mut().for_each(|value| change(value, at, how));
        }
        Json::Array(items) => items.iter_mut().for_each(|value| change(value, at, how)),
        _ => {}
    }
}

/// A sample whose states were given fields of other states, or fields with other values.
fn definition(random: &mut Random) -> String {
    let samples = SAMPLES.map(|text| serde_json::from_str::<Json>(text).expect("a sample is JSON"));
    let mut all = Vec::new();
    samples.iter().for_each(|sample| states(sample, &mut all));
    let mut json = samples[random.below(samples.len())].clone();
    let mut own = Vec::new();
    states(&json, &mut own);
    for _ in 0..random.between(1, 3) {
        let mut at = random.below(own.len());
        let other = &all[random.below(all.len())];
        change(&mut json, &mut at, &mut |state| mutate(state, other, random));
    }
    json.to_string()
}

fn mutate(state: &mut Map<String, Json>, other: &Map<String, Json>, random: &mut Random) {
    let key_of = |object: &Map<String, Json>, random: &mut Random| {
        let keys: Vec<&String> = object.keys().filter(|key| !KEPT.contains(&key.as_str())).collect();
        (!keys.is_empty()).then(|| keys[random.below(keys.len())].clone())
    };
    match random.below(4) {
        0 => {
            if let Some(key) = key_of(state, random) {
                state.remove(&key);
            }
        }
        1 => {
            if let Some(key) = key_of(other, random) {
                state.insert(key.clone(), other[&key].clone());
            }
        }
        _ => {
            if let Some(key) = key_of(if random.once_in(2) { other } else { state }, random) {
                let scrap = random.pick(&SCRAPS);
                state.insert(key, serde_json::from_str(scrap).expect("a scrap is JSON"));
            }
        }
    }
}

/// Any JSON, of a few levels, with the members that the samples read.
fn data(random: &mut Random, depth: usize) -> Json {
    const KEYS: [&str; 12] =
        ["a", "items", "order", "id", "total", "name", "n", "status", "amount", "customer", "detail", "retry"];
    match random.below(if depth == 0 { 6 } else { 9 }) {
        0 => Json::Null,
        1 => json!(random.once_in(2)),
        2 => json!(random.below(7)),
        3 => json!(-1.5),
        4 => json!("text"),
        5 => json!("2024-01-01T00:00:01Z"),
        6 => (0..random.below(4)).map(|_| data(random, depth - 1)).collect(),
        _ => (0..random.below(6)).map(|_| (random.pick(&KEYS).to_owned(), data(random, depth - 1))).collect(),
    }
}

fn value_of(json: &Json) -> Value {
    value::read(&json.to_string()).expect("it is JSON")
}

fn run(machine: &Arc<StateMachine>, input: &Value, answers: Answers) -> (Log, String) {
    let execution = Execution { input: input.clone(), ..execution(machine.clone(), answers.seed) };
    let run = run_of(execution, answers);
    let shown = shown(&run.log, run.machine.execution());
    (run.log, shown)
}

/// Ids count up, and events link to earlier ones.
fn is_whole(log: &Log) -> bool {
    log.events.iter().zip(1..).all(|(event, id)| event.id.0 == id && event.previous.0 < id)
}

#[test]
fn runs_of_any_definition_end() {
    let (mut read, mut ended) = (0, std::collections::BTreeMap::<String, usize>::new());
    for number in 0..1500 {
        let mut random = Random::new(7, number);
        let text = definition(&mut random);
        let Some(machine) = Definition::read("mutated.json", &text).machine else { continue };
        read += 1;
        let (input, answers) = (value_of(&data(&mut random, 4)), Answers { seed: number, pace: random.bits() });
        let (log, shown) = run(&machine, &input, answers);
        assert!(is_whole(&log), "{number}: {text}\n{input}\n{shown}");
        assert_eq!(run(&machine, &input, answers).1, shown, "{number}: {text}\n{input}");
        let last = log.events.iter().last().expect("an event");
        *ended.entry(format!("{:?}", std::mem::discriminant(&last.kind))).or_default() += 1;
    }
    // Not only refused definitions, and not only one end.
    assert!(read > 500 && ended.len() > 1, "{read} {ended:?}");
}
