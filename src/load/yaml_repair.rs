//! YAML with directives of template engines and bare placeholders in it, and with closing brackets that stand further left
//! than YAML has them, which most readers take.

use super::directive::{Directive, Directives};
use super::fill::next_placeholder;
use crate::text::{Diagnostic, Span, Tracked};

/// The deepest indentation that is given to a bracket.
const MAX_INDENT: usize = 400;

/// `input` as YAML, line by line: lines that are directives are left out, bare placeholders get quotes, closing brackets
/// the indentation that they need.
pub(super) fn repair(input: &Tracked) -> (Tracked, Vec<Diagnostic>) {
    let mut out = Tracked::default();
    let (mut directives, mut remarks) = (Directives::default(), Vec::new());
    let (mut at, mut indent) = (0, 0);
    for line in input.text().split_inclusive('\n') {
        let blank = line.len() - line.trim_start().len();
        let content = line.trim();
        match Directive::at(content).filter(|directive| directive.is_all_of(content)) {
            Some(directive) => {
                let place = input.place(Span::new(at + blank, at + blank + content.len()));
                remarks.extend(directives.meet(&directive, place));
                out.push_part(input, at + line.trim_end_matches(['\r', '\n']).len(), at + line.len());
            }
            None if directives.is_skipping() => {}
            None => {
                let missing = if content.starts_with([']', '}']) { (indent + 1usize).saturating_sub(blank) } else { 0 };
                out.push(&" ".repeat(missing), input.place(Span::at(at)));
                if !content.is_empty() {
                    indent = (blank + missing).min(MAX_INDENT);
                }
                quoted(input, at, line, &mut out);
            }
        }
        at += line.len();
    }
    (out, remarks)
}

/// `line`, which starts at byte `at`, with quotes around placeholders that have none.
fn quoted(input: &Tracked, at: usize, line: &str, out: &mut Tracked) {
    let mut done = 0;
    while let Some(found) = next_placeholder(line, done) {
        let before = line[..found.start].trim_end();
        let after = line[found.end..].trim_start();
        let is_value = before.ends_with([':', '-', '[', ',', '{'])
            && (before.len() < found.start || !before.ends_with([':', '-']));
        let is_alone = after.is_empty() || after.starts_with([',', ']', '}', '#']);
        out.push_part(input, at + done, at + found.start);
        if is_value && is_alone && !line[found.start..found.end].contains('\'') {
            let place = input.place(Span::new(at + found.start, at + found.end));
            out.push("'", Span::at(place.start as usize));
            out.push_part(input, at + found.start, at + found.end);
            out.push("'", Span::at(place.end as usize));
        } else {
            out.push_part(input, at + found.start, at + found.end);
        }
        done = found.end;
    }
    out.push_part(input, at + done, at + line.len());
}
