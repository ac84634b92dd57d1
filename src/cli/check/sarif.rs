//! SARIF 2.1.0 (OASIS), for code scanning.

use std::path::{Component, Path};

use anyhow::Context;
use serde_json::{Value, json};

use super::rules::rule;
use super::source::Checked;
use crate::text::Diagnostic;

/// Where the schema of the format is kept.
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";
/// What relative addresses are relative to: the folder in which the program runs, as code scanning takes it.
const BASE: &str = "%SRCROOT%";

/// The findings as one run.
///
/// # Errors
/// They cannot be written, which does not happen with what is in them.
pub(super) fn render(checked: &[Checked]) -> anyhow::Result<String> {
    let folder = std::env::current_dir().unwrap_or_default();
    let log = log(checked, &folder);
    Ok(serde_json::to_string_pretty(&log).context("cannot write the answer as JSON")? + "\n")
}

fn log(checked: &[Checked], folder: &Path) -> Value {
    let (unreadable, read): (Vec<&Checked>, Vec<&Checked>) = checked.iter().partition(|checked| checked.is_unreadable);
    let mut codes: Vec<&str> = read.iter().flat_map(|one| &one.diagnostics).map(|diagnostic| diagnostic.code).collect();
    codes.sort_unstable();
    codes.dedup();
    let results: Vec<Value> = read
        .iter()
        .flat_map(|checked| checked.diagnostics.iter().map(|one| result(checked, one, &codes, folder)))
        .collect();
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "asldb",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": codes.iter().map(|code| rule_object(code)).collect::<Vec<_>>(),
            } },
            "columnKind": "utf16CodeUnits",
            "invocations": [{
                "executionSuccessful": unreadable.is_empty(),
                "toolExecutionNotifications": unreadable.iter().flat_map(|one| notifications(one, folder)).collect::<Vec<_>>(),
            }],
            "results": results,
        }],
    })
}

fn rule_object(code: &str) -> Value {
    let rule = rule(code);
    json!({
        "id": code,
        "shortDescription": { "text": rule.short },
        "fullDescription": { "text": rule.short },
        "help": { "text": rule.help },
    })
}

fn result(checked: &Checked, diagnostic: &Diagnostic, codes: &[&str], folder: &Path) -> Value {
    let mut message = diagnostic.message.clone();
    if let Some(help) = &diagnostic.help {
        message = format!("{message}\n{help}");
    }
    let mut location = json!({
        "physicalLocation": { "artifactLocation": artifact(&checked.definition.name, folder), "region": region(checked, diagnostic) },
    });
    let name = [checked.logical_id.as_str(), diagnostic.location.as_deref().unwrap_or_default()].concat();
    if !name.is_empty() {
        location["logicalLocations"] = json!([{ "fullyQualifiedName": name }]);
    }
    json!({
        "ruleId": diagnostic.code,
        "ruleIndex": codes.binary_search(&diagnostic.code).unwrap_or_default(),
        "level": diagnostic.severity.name(),
        "message": { "text": message },
        "locations": [location],
    })
}

/// Lines and columns from 1; columns count UTF-16 code units, as `columnKind` says.
fn region(checked: &Checked, diagnostic: &Diagnostic) -> Value {
    let definition = &checked.definition;
    let place = |offset: u32| {
        let offset = (offset as usize).min(definition.text.len());
        let line = definition.lines.line(offset);
        let start = definition.lines.line_span(line, &definition.text).start as usize;
        let before = definition.text.get(start..offset).unwrap_or_default();
        (line, before.encode_utf16().count() + 1)
    };
    let ((line, column), (end_line, end_column)) = (place(diagnostic.span.start), place(diagnostic.span.end));
    json!({ "startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column })
}

fn notifications(checked: &Checked, folder: &Path) -> Vec<Value> {
    let notification = |diagnostic: &Diagnostic| {
        json!({
            "level": "error",
            "message": { "text": diagnostic.message },
            "descriptor": { "id": diagnostic.code },
            "locations": [{ "physicalLocation": { "artifactLocation": artifact(&checked.definition.name, folder) } }],
        })
    };
    checked.diagnostics.iter().map(notification).collect()
}

/// The address of `file`: relative to `folder` where it lies in it.
fn artifact(file: &str, folder: &Path) -> Value {
    let path = Path::new(file);
    let inside = path.strip_prefix(folder).unwrap_or(path);
    let parts = inside.components().filter_map(|part| match part {
        Component::CurDir | Component::RootDir => None,
        part => Some(encoded(&part.as_os_str().to_string_lossy())),
    });
    let uri = parts.collect::<Vec<_>>().join("/");
    if inside.is_absolute() {
        json!({ "uri": format!("file:///{uri}") })
    } else {
        json!({ "uri": uri, "uriBaseId": BASE })
    }
}

/// `part` of an address, with escapes for all that has a meaning in addresses or is not ASCII.
fn encoded(part: &str) -> String {
    let mut out = String::new();
    for byte in part.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
