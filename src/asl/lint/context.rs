//! The context object: parts of it that do not exist.

use super::subject::Subject;
use super::uses::{Use, What};
use crate::asl::model::{StateId, StateKind};
use crate::asl::suggest;
use crate::query::Root;
use crate::text::{Diagnostic, Span};

const UNKNOWN: &str = "UNKNOWN_CONTEXT_FIELD";

/// What the context object holds (developer guide, Context object).
const FIELDS: [(&str, &[&str]); 5] = [
    ("Execution", &["Id", "Name", "Input", "StartTime", "RoleArn", "RedriveCount", "RedriveTime"]),
    ("State", &["Name", "EnteredTime", "RetryCount"]),
    ("StateMachine", &["Id", "Name"]),
    ("Task", &["Token"]),
    ("Map", &["Item"]),
];

pub(super) fn find(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for (id, _) in subject.states() {
        for used in subject.uses(id) {
            for (names, span) in read_in(used) {
                found.extend(check(subject, id, used, &names, span));
            }
        }
    }
}

/// The ways into the context object that an expression takes.
fn read_in<'u>(used: &'u Use<'_>) -> Vec<(Vec<String>, Span)> {
    match &used.what {
        What::Path(expression) => {
            let paths = expression.paths().into_iter().filter(|(path, _)| *path.root() == Root::Context);
            let names = |path: &'u crate::query::JsonPath| path.leading_names().map(ToString::to_string).collect();
            paths.map(|(path, start)| (names(path), Span::new(start, start + path.text().len()))).collect()
        }
        What::Jsonata(jsonata) => {
            let reads = jsonata.reads().into_iter().filter(|read| {
                read.names.first().is_some_and(|name| &**name == "states")
                    && read.names.get(1).is_some_and(|name| &**name == "context")
            });
            reads.map(|read| (read.names.iter().skip(2).map(ToString::to_string).collect(), read.span)).collect()
        }
    }
}

fn check(subject: &Subject<'_>, id: StateId, used: &Use<'_>, names: &[String], span: Span) -> Option<Diagnostic> {
    let [part, rest @ ..] = names else { return None };
    let message = |what: &str| format!("The context object has no `{what}`: the state fails here");
    let Some((_, fields)) = FIELDS.iter().find(|(known, _)| known == part) else {
        let known = FIELDS.map(|(known, _)| known);
        let warning = subject.at_use(UNKNOWN, used, span, message(part));
        return Some(warning.with_help(meant(part, &known)));
    };
    if let Some(field) = rest.first().filter(|field| !fields.contains(&field.as_str())) {
        let warning = subject.at_use(UNKNOWN, used, span, message(&format!("{part}.{field}")));
        return Some(warning.with_help(meant(field, fields)));
    }
    let (why, help) = absent_here(subject, id, part)?;
    Some(subject.at_use(UNKNOWN, used, span, format!("{} {why}", message(part))).with_help(help))
}

fn meant(word: &str, known: &[&'static str]) -> String {
    match suggest::nearest(word, known.iter().copied()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("there are {}", known.join(", ")),
    }
}

/// Why a part that some states have is not there in this one.
fn absent_here(subject: &Subject<'_>, id: StateId, part: &str) -> Option<(&'static str, &'static str)> {
    let has_token = |id: &StateId| match &subject.state(*id).kind {
        StateKind::Task(task) => task.resource.has_token() || crate::asl::placeholder::is_in(&task.resource.text),
        _ => false,
    };
    let is_map = |id: &StateId| matches!(subject.state(*id).kind, StateKind::Map(_));
    match part {
        "Task" if !has_token(&id) => {
            Some(("(its Resource does not end in .waitForTaskToken)", "let the Resource end in .waitForTaskToken"))
        }
        "Map" if !subject.machine.path(id).iter().any(is_map) => {
            Some(("(it is in no Map)", "the item of a Map is there in its ItemSelector and in the states inside"))
        }
        _ => None,
    }
}
