//! Reads recorded on AWS: what the first Map with an `ItemReader` got from its bucket.
//!
//! The recordings are not part of the repository; without them this test says so and passes.

use serde_json::Value as Json;

use super::*;

/// Fewer equal cases than this is a regression.
const FLOOR: usize = 14;

fn cases() -> Option<Vec<Json>> {
    let places = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().skip(1);
    let folder = places.map(|place| place.join("shared/conformance/aws")).find(|folder| folder.is_dir())?;
    let index: Vec<Json> = serde_json::from_str(&std::fs::read_to_string(folder.join("index.json")).ok()?).ok()?;
    let files = index.iter().filter(|entry| entry["kind"] == "standard").filter_map(|entry| entry["file"].as_str());
    let read = |file| serde_json::from_str(&std::fs::read_to_string(folder.join(file)).ok()?).ok();
    Some(files.filter_map(read).collect())
}

/// The Map with an `ItemReader`, where its output is that of its items.
fn map(case: &Json) -> Option<&Json> {
    let states = case["definition"]["States"].as_object()?;
    let map = states.values().find(|state| state.get("ItemReader").is_some())?;
    let is_plain =
        map.get("ItemSelector").is_none() && map.get("ItemBatcher").is_none() && map.get("ResultWriter").is_none();
    is_plain.then_some(map)
}

#[test]
fn recorded_reads_replay() {
    let Some(cases) = cases() else {
        println!("no recordings beside the checkout: nothing replayed");
        return;
    };
    let mut passed = 0;
    for case in &cases {
        let Some(map) = map(case) else { continue };
        // What keeps the Map from starting is no matter of reading.
        if case["expected"]["error"] == "States.Runtime" {
            continue;
        }
        compare(case, map).unwrap_or_else(|why| panic!("{}: {why}", case["id"]));
        passed += 1;
    }
    println!("{passed} passed");
    assert!(passed >= FLOOR, "only {passed} recorded reads replay");
}

fn compare(case: &Json, map: &Json) -> Result<(), String> {
    let dir = TempDir::new().expect("a folder");
    let mut buckets = Buckets::new();
    for call in case["resources"].as_array().into_iter().flatten().filter(|call| call["operation"] == "PutObject") {
        let text = |field: &str| call["params"][field].as_str().unwrap_or_default();
        put(&dir.path().join(text("Bucket")), text("Key"), text("Body").as_bytes());
        drop(buckets.add(text("Bucket"), &dir.path().join(text("Bucket"))));
    }
    let read = request(case, map).and_then(|request| buckets.read(&request));
    let actual = shown(read).map(|text| serde_json::from_str::<Json>(&text).expect("JSON"));
    let expected = match &case["expected"] {
        expected if expected["status"] == "FAILED" => Err(expected["cause"].as_str().unwrap_or_default().to_owned()),
        expected => Ok(expected["output"].clone()),
    };
    let is_same = match (&expected, &actual) {
        (Ok(expected), Ok(actual)) => is_same(expected, actual),
        (expected, actual) => expected == actual,
    };
    if is_same { Ok(()) } else { Err(format!("{actual:?} instead of {expected:?}")) }
}

/// The call, with the simple paths and expressions that are in the recordings looked up.
fn request(case: &Json, map: &Json) -> Result<ReadRequest, ReadFailure> {
    let reader = &map["ItemReader"];
    let arguments = reader.get("Parameters").or_else(|| reader.get("Arguments")).cloned().unwrap_or_default();
    let config = reader.get("ReaderConfig").cloned().unwrap_or_default();
    Ok(ReadRequest {
        resource: reader["Resource"].as_str().unwrap_or_default().into(),
        arguments: json(&evaluated(&arguments, case).to_string()),
        config: ReaderConfig::from_value(&json(&evaluated(&config, case).to_string()))?,
    })
}

fn evaluated(fields: &Json, case: &Json) -> Json {
    let Some(fields) = fields.as_object() else { return Json::Null };
    let value = |(name, value): (&String, &Json)| {
        let text = value.as_str().unwrap_or_default();
        let path = text.strip_prefix("{% $states.input.").and_then(|rest| rest.strip_suffix(" %}"));
        let looked_up = match text.strip_prefix("$.").or(path) {
            Some(field) => case["input"][field].clone(),
            None if text.starts_with('$') => variable(case, &text[1..]),
            None => value.clone(),
        };
        (name.trim_end_matches(".$").trim_end_matches("Path").to_owned(), looked_up)
    };
    Json::Object(fields.iter().map(value).collect())
}

fn variable(case: &Json, name: &str) -> Json {
    let states = case["definition"]["States"].as_object().into_iter().flatten();
    states.map(|(_, state)| state["Assign"][name].clone()).find(|value| !value.is_null()).unwrap_or_default()
}

/// Equal but for what a placeholder stands for.
fn is_same(expected: &Json, actual: &Json) -> bool {
    match (expected, actual) {
        (Json::Array(e), Json::Array(a)) => e.len() == a.len() && e.iter().zip(a).all(|(e, a)| is_same(e, a)),
        (Json::Object(e), Json::Object(a)) => {
            // What children make of the order of keys is part of the recording.
            e.keys().eq(a.keys()) && e.iter().all(|(key, value)| is_same(value, &a[key]))
        }
        (Json::String(e), _) if e.starts_with('<') && e.ends_with('>') => !actual.is_object() && !actual.is_array(),
        _ => expected == actual,
    }
}
