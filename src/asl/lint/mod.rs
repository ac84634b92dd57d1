//! Warnings of our own: what runs, but not as it was meant.
//!
//! Each family of rules has its file. A rule tells only what is nearly always a mistake; where the service warns itself,
//! the warning is its own and stands in [`Definition::diagnostics`].

mod allow;
mod choice;
mod context;
mod errors;
mod fields;
mod inner;
mod jsonata;
mod language;
mod loops;
mod shape;
mod shape_flow;
mod shape_results;
mod shapes;
mod subject;
#[cfg(test)]
mod tests;
mod time;
mod token;
mod uses;
mod variables;

use std::collections::HashSet;

use super::definition::Definition;
use super::read::outline::Outline;
use crate::text::{Diagnostic, Span, diagnostic};
use subject::Subject;

pub use allow::Allowed;

/// A family of rules: adds what it finds.
type Rule = fn(&Subject<'_>, &mut Vec<Diagnostic>);

const RULES: [Rule; 12] = [
    choice::find,
    context::find,
    errors::find,
    fields::find,
    inner::find,
    jsonata::find,
    language::find,
    loops::find,
    shapes::find,
    time::find,
    token::find,
    variables::find,
];

/// The warnings about `definition`, in the order of its text. A definition with errors has none: what it will do is not
/// known yet.
#[must_use]
pub fn warnings(definition: &Definition) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    complete(definition, &[], &mut found);
    found
}

/// Adds the warnings to the `diagnostics` of `definition`, and takes away those, whoever gives them, that a comment in
/// the definition or `codes` switch off. Errors stay.
pub fn complete(definition: &Definition, codes: &[String], diagnostics: &mut Vec<Diagnostic>) {
    let is_off = |code: &str| codes.iter().any(|off| off.eq_ignore_ascii_case(code));
    let (found, allowed) = match &definition.origin {
        None => (all(definition), Allowed::of(definition)),
        Some(origin) => {
            // What stands in parts of a template is looked at as the one text that they make.
            let made = Definition::read("definition.json", origin.text());
            let mut found = all(&made);
            let allowed = Allowed::of(&made);
            found.retain(|warning| !allowed.covers(warning));
            let covered = made.diagnostics.iter().filter(|known| !known.is_error() && allowed.covers(known));
            let covered: Vec<(&str, Span)> = covered.map(|known| (known.code, origin.place(known.span))).collect();
            diagnostics.retain(|known| !covered.contains(&(known.code, known.span)));
            let mut faults = allowed.into_faults();
            found.append(&mut faults);
            found.iter_mut().for_each(|warning| warning.span = origin.place(warning.span));
            (found, Allowed::default())
        }
    };
    diagnostics.extend(found);
    diagnostics.retain(|found| found.is_error() || !is_off(found.code) && !allowed.covers(found));
    diagnostics.extend(allowed.into_faults());
    diagnostic::sort(diagnostics);
}

fn all(definition: &Definition) -> Vec<Diagnostic> {
    let (Some(root), Some(machine)) = (&definition.root, &definition.machine) else { return Vec::new() };
    let outline = Outline::of(root);
    let subject = Subject::new(&definition.text, machine, &outline);
    let mut found = Vec::new();
    for rule in RULES {
        rule(&subject, &mut found);
    }
    // What is told already is not told twice.
    let told: HashSet<Span> = definition.diagnostics.iter().map(|known| known.span).collect();
    found.retain(|warning| !told.contains(&warning.span));
    diagnostic::sort(&mut found);
    found
}
