//! The samples run, each with each of its test cases, and end as they are meant to.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value as Json;

/// The cases that show a failure.
const FAIL: &[(&str, &[&str])] = &[
    ("callback", &["NotSent"]),
    ("data-flow", &["NoSamples"]),
    ("jsonata", &["NoPrice"]),
    ("loop", &["TooSlow"]),
    ("map", &["ServiceDown"]),
    ("order", &["Invalid", "CardDeclined", "NoCarrier", "ReservedBefore"]),
    ("retry-and-catch", &["AlwaysBusy"]),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples")
}

/// The definitions by name.
fn samples() -> BTreeMap<String, PathBuf> {
    let files = std::fs::read_dir(folder()).expect("the samples").map(|entry| entry.expect("a file").path());
    let named = files.filter_map(|file| {
        let name = file.file_name()?.to_str()?.split_once(".asl.")?.0.to_owned();
        Some((name, file))
    });
    named.collect()
}

/// The test cases of the mock file beside the definition; none without one.
fn cases(name: &str) -> Vec<String> {
    let Ok(text) = std::fs::read_to_string(folder().join(format!("{name}.mock.json"))) else { return Vec::new() };
    let mocks: Json = serde_json::from_str(&text).expect("JSON");
    let cases = mocks["StateMachines"][name]["TestCases"].as_object().expect("test cases of the sample");
    cases.keys().cloned().collect()
}

fn run(name: &str, definition: &Path, case: Option<&str>) {
    let beside = |ending: &str| folder().join(format!("{name}.{ending}.json"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_asldb"));
    command.arg("run").arg(definition).arg("--skip-waits");
    command.arg("--input").arg(format!("@{}", beside("input").display()));
    if let Some(case) = case {
        command.arg("--mocks").arg(beside("mock")).args(["--case", case]);
    }
    let output = command.output().expect("it starts");
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let fails = FAIL.iter().any(|(sample, cases)| *sample == name && case.is_some_and(|case| cases.contains(&case)));
    assert_eq!(output.status.code(), Some(i32::from(fails)), "{name} {case:?}: {stdout}{stderr}");
    if fails {
        // At a place of the definition, with an error of the sample, not of asldb.
        assert!(stderr.starts_with(&format!("{}:", definition.display())), "{name} {case:?}: {stderr}");
        assert!(stderr.contains(": FAILED ") && !stderr.contains("Asldb."), "{name} {case:?}: {stderr}");
    } else {
        assert!(stderr.is_empty(), "{name} {case:?}: {stderr}");
        serde_json::from_str::<Json>(&stdout).expect("JSON");
    }
}

#[test]
fn every_case_of_every_sample() {
    let samples = samples();
    assert!(samples.len() >= 12, "{samples:?}");
    for (name, definition) in &samples {
        let cases = cases(name);
        if cases.is_empty() {
            run(name, definition, None);
        }
        cases.iter().for_each(|case| run(name, definition, Some(case)));
    }
    // The table of failures speaks of cases that there are.
    for (name, failing) in FAIL {
        assert!(failing.iter().all(|case| cases(name).iter().any(|known| known == case)), "{name}");
    }
}

#[test]
fn the_readme_names_every_sample_and_case() {
    let readme = std::fs::read_to_string(folder().join("README.md")).expect("the table of the samples");
    for name in samples().keys() {
        let row = readme.lines().find(|line| line.starts_with(&format!("| [{name}]"))).expect(name);
        assert!(cases(name).iter().all(|case| row.contains(case.as_str())), "{row}");
    }
}
