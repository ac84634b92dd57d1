//! SARIF, held against the schema that OASIS publishes for version 2.1.0.

use serde_json::{Value, json};

use super::command::{BAD, DOUBTFUL, Folder, GOOD, folder};
use super::schema::faults;

/// <https://docs.oasis-open.org/sarif/sarif/v2.1.0/>, as it is.
const SCHEMA: &str = include_str!("sarif-schema-2.1.0.json");

fn schema_faults(log: &Value) -> Vec<String> {
    let schema: Value = serde_json::from_str(SCHEMA).expect("the schema is JSON");
    faults(log, &schema, &schema, "$")
}

fn log(folder: &Folder, args: &[&str]) -> Value {
    let told = folder.check(&[&["--format", "sarif"], args].concat());
    serde_json::from_str(&told.stdout).unwrap_or_else(|error| panic!("{error}: {}", told.stdout))
}

#[test]
fn it_is_valid() {
    let folder = folder(&[("a b/ä#?.asl.json", BAD), ("w.asl.json", DOUBTFUL), ("good.asl.json", GOOD)]);
    for args in [&["."][..], &["good.asl.json"], &["none.json", "w.asl.json"], &["."; 2]] {
        let log = log(&folder, args);
        assert_eq!(schema_faults(&log), [""; 0], "{log:#}");
    }
}

#[test]
fn the_schema_is_looked_at() {
    let folder = folder(&[("a.asl.json", BAD)]);
    let good = log(&folder, &["a.asl.json"]);
    let spoil = |pointer: &str, value: Value| {
        let mut log = good.clone();
        *log.pointer_mut(pointer).expect("it is there") = value;
        schema_faults(&log)
    };
    let region = "/runs/0/results/0/locations/0/physicalLocation/region";
    assert!(spoil("/version", json!("2.0"))[0].contains("none of"));
    assert!(spoil(&format!("{region}/startLine"), json!(0))[0].contains("minimum"));
    assert!(spoil(region, json!({"line": 1}))[0].contains("not known"));
    assert!(spoil("/runs/0/results/0/level", json!("bad"))[0].contains("none of"));
    assert!(spoil("/runs/0/tool/driver", json!({}))[0].contains("name is missing"));
    assert!(spoil("/runs/0/results/0/message", json!({}))[0].contains("anyOf"));
}

#[test]
fn findings_have_rules_places_and_levels() {
    let folder = folder(&[("a b/ä#?.asl.json", BAD), ("w.asl.json", DOUBTFUL)]);
    let log = log(&folder, &["."]);
    let run = &log["runs"][0];
    let results = run["results"].as_array().expect("results");
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    for result in results {
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("small")];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(rule["help"]["text"].as_str().is_some_and(|help| help.len() > 20), "{rule}");
    }
    let warning = results.iter().find(|result| result["level"] == "warning").expect("a warning");
    assert_eq!(warning["ruleId"], "DUPLICATE_KEY");
    let place = &results.iter().find(|result| result["level"] == "error").expect("an error")["locations"][0];
    assert_eq!(place["physicalLocation"]["artifactLocation"]["uri"], "a%20b/%C3%A4%23%3F.asl.json");
    assert_eq!(place["physicalLocation"]["artifactLocation"]["uriBaseId"], "%SRCROOT%");
    assert_eq!(place["logicalLocations"][0]["fullyQualifiedName"], "/States/A/Default");
    let region = &place["physicalLocation"]["region"];
    assert_eq!(*region, json!({"startLine": 3, "startColumn": 19, "endLine": 3, "endColumn": 23}));
}

#[test]
fn columns_count_what_is_stated() {
    let text = r#"{"Comment": "👩🏽‍🚀 ä 東", "StartAt": "A", "States": {"A": {"Type": "Succeed", "Next": "A"}}}"#;
    let folder = folder(&[("a.asl.json", text)]);
    let log = log(&folder, &["a.asl.json"]);
    assert_eq!(log["runs"][0]["columnKind"], "utf16CodeUnits");
    let region = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"];
    let start = usize::try_from(region["startColumn"].as_u64().expect("a column")).expect("small");
    let units: Vec<u16> = text.encode_utf16().skip(start - 1).take(6).collect();
    assert_eq!(String::from_utf16(&units).expect("text"), r#""Next""#);
}

#[test]
fn absolute_names_are_relative_where_they_can_be() {
    let folder = folder(&[("a.asl.json", BAD)]);
    let root = folder.root().canonicalize().expect("it is there");
    let uri = |log: Value| log.pointer("/runs/0/results/0/locations/0/physicalLocation/artifactLocation").cloned();
    let inside = uri(log(&folder, &[root.join("a.asl.json").to_str().expect("text")]));
    assert_eq!(inside, Some(json!({"uri": "a.asl.json", "uriBaseId": "%SRCROOT%"})));
    let elsewhere = self::folder(&[]);
    let outside = uri(log(&elsewhere, &[root.join("a.asl.json").to_str().expect("text")])).expect("a place");
    assert!(outside["uri"].as_str().is_some_and(|uri| uri.starts_with("file:///") && uri.ends_with("/a.asl.json")));
    assert!(outside.get("uriBaseId").is_none());
}

#[test]
fn what_cannot_be_read_is_told_by_the_tool() {
    let folder = folder(&[]);
    let log = log(&folder, &["none.json"]);
    assert_eq!(log["runs"][0]["invocations"][0]["executionSuccessful"], false);
    let notes = &log["runs"][0]["invocations"][0]["toolExecutionNotifications"];
    assert!(notes[0]["message"]["text"].as_str().is_some_and(|text| text.contains("cannot read none.json")), "{notes}");
    assert_eq!(log["runs"][0]["results"], json!([]));
}
