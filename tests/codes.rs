//! Every code that a diagnostic is given in the sources is explained by `asldb explain`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

#[test]
fn every_code_is_explained() {
    let sources: Vec<String> = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    let used: BTreeSet<String> = sources.iter().flat_map(|source| codes_in(source, &sources)).collect();
    assert!(used.len() > 30, "the codes are found: {used:?}");
    let unexplained: Vec<&String> = used.iter().filter(|code| asldb::asl::codes::find(code).is_none()).collect();
    assert!(unexplained.is_empty(), "add them to src/asl/codes: {unexplained:?}");
    // Some are chosen before the diagnostic is made.
    let is_named = |name: &str| sources.iter().any(|source| source.contains(&format!("\"{name}\"")));
    let unused: Vec<&str> = asldb::asl::codes::all()
        .map(|code| code.name)
        .filter(|name| !used.contains(*name) && !is_named(name))
        .collect();
    assert!(unused.is_empty(), "no source gives these codes any more: {unused:?}");
}

#[test]
fn codes_are_found_in_sources() {
    let one = "const CODE: &str = \"A_B\"; fn f() { Diagnostic::error(CODE, x); Diagnostic::warning(\n  \"C_D\", y); }";
    let all = [one.to_owned()];
    assert_eq!(codes_in(one, &all), ["A_B", "C_D"]);
    assert_eq!(
        codes_in("subject.at_state(E, id, m); const E: &str = \"E_F\";", &["const E: &str = \"E_F\";".to_owned()]),
        ["E_F"]
    );
}

/// The codes that `source` makes diagnostics with.
fn codes_in(source: &str, all: &[String]) -> Vec<String> {
    const MAKERS: [&str; 8] = [
        "Diagnostic::error(",
        "Diagnostic::warning(",
        "self.error(",
        ".at_state(",
        ".at_field(",
        ".at_item(",
        ".at_use(",
        "at_name(subject, id, (field, item, at), ",
    ];
    let starts = MAKERS.iter().flat_map(|maker| source.match_indices(maker).map(|(at, text)| at + text.len()));
    let mut starts: Vec<usize> = starts.collect();
    starts.sort_unstable();
    starts.into_iter().filter_map(|start| code(source.get(start..)?.trim_start(), source, all)).collect()
}

/// The first argument: a text, or a constant of this or another source.
fn code(arguments: &str, source: &str, all: &[String]) -> Option<String> {
    if let Some(text) = arguments.strip_prefix('"') {
        return text.split('"').next().map(str::to_owned);
    }
    let name = arguments.split(|c: char| c != '_' && c != ':' && !c.is_alphanumeric()).next()?;
    let name = name.rsplit("::").next()?;
    let is_constant = !name.is_empty() && name.chars().all(|c| c.is_ascii_uppercase() || c == '_');
    let value = |source: &str| {
        let (_, rest) = source.split_once(&format!("const {name}: &str = \""))?;
        let value = rest.split('"').next()?;
        let is_code = value.chars().all(|c| c.is_ascii_uppercase() || c == '_');
        is_code.then(|| value.to_owned())
    };
    is_constant.then(|| value(source).or_else(|| all.iter().find_map(|source| value(source)))).flatten()
}

/// The sources of all files below `folder`, without tests.
fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut open: Vec<PathBuf> = vec![folder.to_owned()];
    while let Some(path) = open.pop() {
        if path.ends_with("asl/codes") {
            continue;
        }
        if path.is_dir() {
            open.extend(std::fs::read_dir(&path).expect("a folder").map(|entry| entry.expect("an entry").path()));
        } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("tests.rs") {
            let text = std::fs::read_to_string(&path).expect("a source");
            found.push(text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned());
        }
    }
    found
}
