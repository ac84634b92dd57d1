//! Paths against recorded answers of Jayway JsonPath. The recordings are not part of the repository: where the folder
//! `shared` is missing beside it, there is nothing to compare and the test says so.

use std::path::{Path, PathBuf};

use asldb::query::NoScope;
use asldb::query::jsonpath::{Dialect, JsonPath, Root};
use asldb::value::{self, Value};

/// Recorded cases that must agree; all do but one, a path that names a variable of Step Functions (`$name`).
const FLOOR: usize = 143;

fn recordings() -> Option<PathBuf> {
    let places = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().skip(1);
    places.map(|place| place.join("shared/conformance/jsonata/jsonpath")).find(|folder| folder.is_dir())
}

fn text<'v>(case: &'v Value, key: &str) -> &'v str {
    case.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// What is wrong with our answer, if anything.
fn differs(case: &Value, documents: &Value) -> Option<String> {
    let path = match JsonPath::compile(text(case, "path")) {
        Err(_) if case.get("invalid").is_some() => return None,
        Err(error) => return Some(format!("does not parse: {error}")),
        Ok(path) if case.get("invalid").is_some() => {
            let is_variable = matches!(path.root(), Root::Variable(_));
            return Some(format!("parses (names a variable: {is_variable})"));
        }
        Ok(path) => path,
    };
    let document = documents.get(text(case, "doc")).expect("a document of that name");
    let expected_error = case.get("error").and_then(Value::as_str);
    match (path.select_as(Dialect::Jayway, document, &mut NoScope), expected_error) {
        (Ok(found), None) if Some(&found) == case.get("value") => definite(case, &path),
        // What follows names classes of the library's JSON provider.
        (Err(error), Some(expected)) if before_class(&error.cause) == before_class(expected) => definite(case, &path),
        (Ok(found), _) => Some(format!("gives {found}")),
        (Err(error), _) => Some(format!("fails: {error}")),
    }
}

fn before_class(message: &str) -> &str {
    message.split("but found").next().unwrap_or(message)
}

fn definite(case: &Value, path: &JsonPath) -> Option<String> {
    let expected = case.get("definite").and_then(Value::as_bool)?;
    (path.is_definite() != expected).then(|| format!("definite should be {expected}"))
}

#[test]
fn answers_are_those_of_jayway() {
    let Some(folder) = recordings() else {
        println!("0 passed, 0 failed: no recordings here");
        return;
    };
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).expect("a readable file");
    let documents = value::read(&read("documents.json")).expect("JSON");
    let cases: Vec<Value> = read("cases.jsonl").lines().map(|line| value::read(line).expect("JSON")).collect();
    let differing: Vec<String> = cases
        .iter()
        .filter_map(|case| differs(case, &documents).map(|how| format!("{} {how}", text(case, "path"))))
        .collect();
    let passed = cases.len() - differing.len();
    println!("{passed} passed, {} failed\n{}", differing.len(), differing.join("\n"));
    assert!(passed >= FLOOR.min(cases.len()), "{passed} of {}:\n{}", cases.len(), differing.join("\n"));
}
