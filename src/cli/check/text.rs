//! For people: each finding with its line.

use super::source::Checked;

/// All findings.
pub(super) fn render(checked: &[Checked]) -> String {
    let mut out = String::new();
    for checked in checked {
        for diagnostic in &checked.diagnostics {
            out.push_str(&diagnostic.render(&checked.file, &checked.definition.text, &checked.definition.lines));
            out.push('\n');
        }
    }
    out
}
