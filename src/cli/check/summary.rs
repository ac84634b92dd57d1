//! The counts at the end.

use super::source::Checked;
use crate::text::Diagnostic;

/// How many definitions were checked, and what was found.
pub(super) fn summary(checked: &[Checked]) -> String {
    let read: Vec<&Checked> = checked.iter().filter(|checked| !checked.is_unreadable).collect();
    let mut files: Vec<&str> = read.iter().map(|checked| checked.file.as_str()).collect();
    files.dedup();
    let mut out = count(read.len(), "definition");
    if files.len() != read.len() {
        out.push_str(&format!(" in {}", count(files.len(), "file")));
    }
    let all = read.iter().flat_map(|checked| &checked.diagnostics);
    let (errors, warnings): (Vec<&Diagnostic>, Vec<&Diagnostic>) = all.partition(|diagnostic| diagnostic.is_error());
    let mut parts = Vec::new();
    parts.extend((!errors.is_empty()).then(|| count(errors.len(), "error")));
    parts.extend((!warnings.is_empty()).then(|| count(warnings.len(), "warning")));
    let parts = if parts.is_empty() { "no problems".to_owned() } else { parts.join(", ") };
    out.push_str(&format!(": {parts}"));
    match checked.len() - read.len() {
        0 => {}
        1 => out.push_str("; 1 file or folder cannot be used"),
        more => out.push_str(&format!("; {more} files or folders cannot be used")),
    }
    out
}

fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
