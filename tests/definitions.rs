//! Real definitions must be read without errors, and definitions with a known verdict must get it.
//!
//! The definitions are data beside the repository; without them the tests do nothing.

#![expect(clippy::panic, clippy::print_stdout, reason = "a test says what it found and where it stops")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use asldb::asl::{Definition, MachineType, for_type};
use asldb::load::{self, Settings};
use asldb::text::Diagnostic;
use asldb::value::{self, Value};

fn folder() -> Option<PathBuf> {
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().skip(1);
    above.map(|folder| folder.join("shared/definitions")).find(|folder| folder.is_dir())
}

fn json(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    value::read(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], |array| array)
}

fn text<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key)?.as_str()
}

/// The faults for which the definition is refused as one of this type.
fn errors(definition: &Definition, kind: MachineType) -> Vec<Diagnostic> {
    for_type(definition, kind).into_iter().filter(Diagnostic::is_error).collect()
}

/// The type of machine as which a case is judged.
fn kind_of(case: &Value) -> MachineType {
    if text(case, "type") == Some("EXPRESS") { MachineType::Express } else { MachineType::Standard }
}

/// The definition of a case, written as the case says.
fn read_case(case: &Value) -> Definition {
    let is_yaml = text(case, "text_format") == Some("yaml");
    let written = case.get("definition").map(Value::to_pretty_json);
    let given = text(case, "definition_text").map(str::to_owned).or(written).unwrap_or_default();
    Definition::read(if is_yaml { "case.asl.yaml" } else { "case.asl.json" }, &given)
}

fn verbose() -> bool {
    std::env::var_os("DEFINITIONS_VERBOSE").is_some()
}

#[test]
fn real_definitions_are_read_without_errors() {
    let Some(folder) = folder() else { return };
    let defects = json(&folder.join("real/known_defects.json"));
    let mut counts = BTreeMap::<&str, usize>::new();
    for entry in items(&json(&folder.join("real/index.json"))) {
        let plain = matches!(text(entry, "format"), Some("json" | "yaml"));
        let known = text(entry, "id").is_some_and(|id| defects.get(id).is_some());
        let Some(file) = text(entry, "file").filter(|_| plain && !known) else { continue };
        let bytes = std::fs::read(folder.join("real").join(file)).expect("the file of the entry");
        let definition = Definition::read_bytes(file, &bytes);
        let verdict = if definition.has_errors() { "refused" } else { "read" };
        *counts.entry(verdict).or_default() += 1;
        if verdict == "refused" || verbose() && !definition.diagnostics.is_empty() && verdict == "read" {
            println!("{verdict}: {}", definition.render_diagnostics());
        }
        assert_eq!(definition.machine.is_some(), verdict == "read", "{file}");
    }
    println!("real: {counts:?}");
    assert_eq!(counts.get("refused").copied().unwrap_or_default(), 0);
    assert!(counts.get("read").copied().unwrap_or_default() > 100);
}

#[test]
fn accepted_definitions_are_accepted() {
    let Some(folder) = folder() else { return };
    let mut counts = BTreeMap::<String, usize>::new();
    for case in items(&json(&folder.join("invalid/accepted.json"))) {
        let definition = read_case(case);
        let authority = if text(case, "authority").is_some_and(|a| a.starts_with("aws")) { "AWS" } else { "peers" };
        let refused = !errors(&definition, kind_of(case)).is_empty();
        let verdict = if refused { "refused" } else { "accepted" };
        *counts.entry(format!("{authority} {verdict}")).or_default() += 1;
        if refused {
            println!("{}\n{}", text(case, "id").unwrap_or_default(), definition.render_diagnostics());
        }
    }
    println!("accepted: {counts:?}");
    assert_eq!(counts.get("AWS refused"), None);
    // Peers take some of what AWS refuses: names that are no URIs, states of the same name, JSONPath in JSONata machines.
    assert!(counts.get("peers refused").copied().unwrap_or_default() <= 8);
}

#[test]
fn invalid_definitions_are_refused_in_the_words_of_the_service() {
    let Some(folder) = folder() else { return };
    let mut counts = BTreeMap::<String, usize>::new();
    for case in items(&json(&folder.join("invalid/invalid.json"))) {
        let definition = read_case(case);
        let authority = if text(case, "authority").is_some_and(|a| a.starts_with("aws")) { "AWS" } else { "peers" };
        let id = text(case, "id").unwrap_or_default();
        let found = errors(&definition, kind_of(case));
        let verdict = if found.is_empty() { "taken" } else { "refused" };
        *counts.entry(format!("{authority} {verdict}")).or_default() += 1;
        if verdict == "taken" && verbose() {
            println!("{id}: taken; expected {}", case.get("expected").map(Value::to_json).unwrap_or_default());
        }
        if authority == "AWS" && verdict == "refused" {
            compare(id, items(case.get("expected").unwrap_or(&Value::Null)), &found, &mut counts);
        }
    }
    println!("invalid: {counts:?}");
    let count = |key: &str| counts.get(key).copied().unwrap_or_default();
    assert!(count("AWS taken") == 0 && count("AWS refused") >= 100);
    assert!(count("AWS code same") >= 112 && count("AWS message same") >= 108 && count("AWS location same") >= 89);
    assert!(count("peers taken") <= 2);
}

fn compare(id: &str, expected: &[Value], found: &[Diagnostic], counts: &mut BTreeMap<String, usize>) {
    for want in expected {
        for field in ["code", "message", "location"] {
            let Some(wanted) = text(want, field) else { continue };
            let said = |d: &Diagnostic| match field {
                "code" => Some(d.code.to_owned()),
                "message" => Some(d.message.clone()),
                _ => d.location.clone(),
            };
            let hit = found.iter().any(|d| said(d).as_deref() == Some(wanted));
            *counts.entry(format!("AWS {field} {}", if hit { "same" } else { "differs" })).or_default() += 1;
            if !hit && verbose() {
                println!("{id}: {field} is not {wanted:?}: {found:?}");
            }
        }
    }
}

/// The machines of a file, as the loader finds them.
fn load(path: &Path) -> load::Loaded {
    let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let read = |name: &str| std::fs::read(name).map_err(|error| error.to_string());
    load::file(&path.display().to_string(), &bytes, &Settings::default(), &read)
}

/// Whether all is well with what is loaded; else it is printed.
fn is_clean(loaded: &load::Loaded) -> bool {
    let faulty = loaded.entries.iter().filter(|entry| {
        let kind = entry.kind.unwrap_or(MachineType::Standard);
        !errors(&entry.definition, kind).is_empty()
    });
    let mut is_clean = !loaded.entries.is_empty();
    for entry in faulty {
        is_clean = false;
        let shown = entry.definition.render_diagnostics();
        let first: Vec<&str> = shown.lines().filter(|line| line.contains(": error ")).take(3).collect();
        println!("{:?}: {}", entry.logical_id, first.join("\n"));
    }
    is_clean
}

#[test]
fn real_files_of_all_forms_are_loaded() {
    let Some(folder) = folder() else { return };
    let defects = json(&folder.join("real/known_defects.json"));
    let (mut clean, mut all) = (0, 0);
    for entry in items(&json(&folder.join("real/index.json"))) {
        let known = text(entry, "id").is_some_and(|id| defects.get(id).is_some());
        let Some(file) = text(entry, "file").filter(|_| !known) else { continue };
        let loaded = load(&folder.join("real").join(file));
        all += 1;
        clean += usize::from(is_clean(&loaded));
        let machines = entry.get("machines").map(items).unwrap_or_default();
        let ids =
            |found: &mut dyn Iterator<Item = &str>| found.map(str::to_owned).collect::<std::collections::BTreeSet<_>>();
        let wanted = ids(&mut machines.iter().filter_map(|machine| text(machine, "logical_id")));
        let found = ids(&mut loaded.entries.iter().filter_map(|entry| entry.logical_id.as_deref()));
        assert!(wanted.is_subset(&found), "{file}: {found:?} lacks some of {wanted:?}");
        for machine in machines.iter().filter(|machine| text(machine, "sfn_type").is_some()) {
            let same = |entry: &&load::Entry| entry.logical_id.as_deref() == text(machine, "logical_id");
            let kind = loaded.entries.iter().find(same).and_then(|entry| entry.kind);
            let wanted = text(machine, "sfn_type").filter(|kind| matches!(*kind, "STANDARD" | "EXPRESS"));
            if wanted.is_some() && kind.map(|kind| format!("{kind:?}").to_uppercase()).as_deref() != wanted {
                println!("{file}: type {kind:?}, not {wanted:?}");
            }
        }
    }
    println!("real: {clean} of {all}");
    assert!(clean * 100 >= all * 98);
}

#[test]
fn projects_are_loaded_with_the_files_beside_their_templates() {
    let Some(folder) = folder() else { return };
    let (mut clean, mut all) = (0, 0);
    for entry in items(&json(&folder.join("projects/index.json"))) {
        let (Some(id), Some(template)) = (text(entry, "id"), text(entry, "template")) else { continue };
        let loaded = load(&folder.join("projects").join(id).join(template));
        all += 1;
        clean += usize::from(is_clean(&loaded));
        for wanted in entry.get("definitions").map(items).unwrap_or_default() {
            let same = |entry: &&load::Entry| entry.logical_id.as_deref() == text(wanted, "logical_id");
            let Some(found) = loaded.entries.iter().find(same) else { panic!("{id}: lacks {wanted:?}") };
            let file = text(wanted, "file").unwrap_or_default();
            assert!(found.definition.name.ends_with(file.rsplit('/').next().unwrap_or(file)), "{id}: {file}");
        }
    }
    println!("projects: {clean} of {all}");
    assert!(clean * 100 >= all * 98);
}
