//! For programs: one array, an element for each definition.

use anyhow::Context;
use serde::Serialize;

use super::source::Checked;
use crate::text::Diagnostic;

#[derive(Serialize)]
struct Element<'c> {
    file: &'c str,
    definition: &'c str,
    result: &'static str,
    diagnostics: Vec<Entry<'c>>,
}

#[derive(Serialize)]
struct Entry<'c> {
    severity: String,
    code: &'static str,
    message: &'c str,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<&'c str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'c str>,
    start: Place,
    end: Place,
}

/// Line and column, both from 1; columns count characters, and the end is after the last one.
#[derive(Serialize)]
struct Place {
    line: usize,
    column: usize,
}

/// The array as text.
///
/// # Errors
/// It cannot be written, which does not happen with what is in it.
pub(super) fn render(checked: &[Checked]) -> anyhow::Result<String> {
    let elements: Vec<Element<'_>> = checked.iter().map(element).collect();
    let text = serde_json::to_string_pretty(&elements).context("cannot write the answer as JSON")?;
    Ok(text + "\n")
}

fn element(checked: &Checked) -> Element<'_> {
    Element {
        file: &checked.file,
        definition: &checked.logical_id,
        result: if checked.has_errors() { "FAIL" } else { "OK" },
        diagnostics: checked.diagnostics.iter().map(|diagnostic| entry(checked, diagnostic)).collect(),
    }
}

fn entry<'c>(checked: &'c Checked, diagnostic: &'c Diagnostic) -> Entry<'c> {
    let place = |offset: u32| {
        let position = checked.definition.position(offset as usize);
        Place { line: position.line, column: position.column }
    };
    Entry {
        severity: diagnostic.severity.name().to_uppercase(),
        code: diagnostic.code,
        message: &diagnostic.message,
        location: diagnostic.location.as_deref(),
        help: diagnostic.help.as_deref(),
        start: place(diagnostic.span.start),
        end: place(diagnostic.span.end),
    }
}
