//! Annotations for workflows of GitHub Actions: one command a line (Workflow commands for GitHub Actions).

use super::source::Checked;
use crate::text::Diagnostic;

/// All findings.
pub(super) fn render(checked: &[Checked]) -> String {
    let of = |checked: &Checked| checked.diagnostics.iter().map(|one| annotation(checked, one)).collect::<String>();
    checked.iter().map(of).collect()
}

fn annotation(checked: &Checked, diagnostic: &Diagnostic) -> String {
    let mut properties = vec![("file", checked.definition.name.replace('\\', "/"))];
    if !checked.is_unreadable {
        let position = |offset: u32| checked.definition.position(offset as usize);
        let (start, end) = (position(diagnostic.span.start), position(diagnostic.span.end));
        properties.push(("line", start.line.to_string()));
        properties.push(("endLine", end.line.to_string()));
        // Columns are for places within one line.
        if start.line == end.line {
            properties.push(("col", start.column.to_string()));
            properties.push(("endColumn", end.column.to_string()));
        }
    }
    properties.push(("title", diagnostic.code.to_owned()));
    let properties: Vec<String> =
        properties.iter().map(|(name, value)| format!("{name}={}", property(value))).collect();
    let mut message = diagnostic.message.clone();
    if !checked.logical_id.is_empty() {
        message = format!("{}: {message}", checked.logical_id);
    }
    for (lead, more) in [("\nat ", &diagnostic.location), ("\nhelp: ", &diagnostic.help)] {
        message.extend(more.iter().flat_map(|more| [lead, more.as_str()]));
    }
    format!("::{} {}::{}\n", diagnostic.severity.name(), properties.join(","), data(&message))
}

/// The escapes of messages.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The escapes of properties.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
