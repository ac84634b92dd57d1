//! The table says what is true of it.

use std::collections::BTreeSet;

use super::{all, find, whole};
use crate::asl::{Definition, lint};
use crate::text::Diagnostic;

fn told(example: &str) -> Vec<Diagnostic> {
    let (name, text) = whole(example);
    let definition = Definition::read(name, &text);
    let mut diagnostics = definition.diagnostics.clone();
    lint::complete(&definition, &[], &mut diagnostics);
    diagnostics
}

#[test]
fn wrong_examples_have_the_fault_and_right_ones_have_none() {
    for code in all() {
        let Some(examples) = code.examples else { continue };
        let wrong: Vec<&str> = told(examples.wrong).iter().map(|found| found.code).collect();
        assert!(wrong.contains(&code.name), "{} is not told but {wrong:?}:\n{}", code.name, examples.wrong);
        let right = told(examples.right);
        assert!(right.is_empty(), "{}: {right:?}\n{}", code.name, examples.right);
    }
}

#[test]
fn each_warning_has_location_and_help() {
    for code in all().filter(|code| code.name != "UNKNOWN_CODE") {
        for found in code.examples.iter().flat_map(|examples| told(examples.wrong)).filter(|found| !found.is_error()) {
            assert!(found.help.is_some(), "{found:?}");
            assert!(found.location.as_deref().is_some_and(|place| place.starts_with('/')), "{found:?}");
        }
    }
}

#[test]
fn codes_are_in_order_and_found() {
    for table in super::TABLES.iter().skip(2) {
        let names: Vec<&str> = table.iter().map(|code| code.name).collect();
        assert!(names.is_sorted(), "{names:?}");
    }
    let names: BTreeSet<&str> = all().map(|code| code.name).collect();
    assert_eq!(names.len(), all().count(), "each code stands in the table once");
    assert!(names.iter().all(|name| name.chars().all(|c| c.is_ascii_uppercase() || c == '_')));
    assert_eq!(find("no_default").map(|code| code.name), Some("NO_DEFAULT"));
    assert!(find("NO").is_none());
}

#[test]
fn texts_are_sentences() {
    for code in all() {
        assert!(code.title.ends_with('.') && code.title.len() < 100, "{}", code.title);
        assert!(code.explanation.ends_with('.'), "{}", code.explanation);
    }
}
