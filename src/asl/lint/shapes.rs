//! Paths that find nothing whatever the input is: what they ask for was dropped before, or never there.

use std::sync::Arc;

use super::shape::Shape;
use super::shape_flow::{Stages, inputs};
use super::subject::Subject;
use super::uses::{Use, What};
use crate::asl::model::{StateId, StateKind};
use crate::asl::suggest;
use crate::query::jsonata::Jsonata;
use crate::query::{Expression, JsonPath, Root};
use crate::text::{Diagnostic, Node, Span};

const NEVER: &str = "PATH_NEVER_FOUND";
const UNDEFINED: &str = "ALWAYS_UNDEFINED";

pub(super) fn find(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let inputs = inputs(subject);
    for (id, state) in subject.states() {
        let Some(raw) = inputs.get(&id) else { continue };
        let stages = Stages::of(subject, id, raw);
        if let StateKind::Map(map) = &state.kind {
            found.extend(super::inner::no_items(subject, id, map, &stages));
        }
        let asked = asked_for(subject, id);
        for used in subject.uses(id) {
            match &used.what {
                What::Path(expression) => in_path(subject, used, expression, &stages, &asked, found),
                What::Jsonata(jsonata) => in_jsonata(subject, used, jsonata, &stages, found),
            }
        }
    }
}

fn in_path(
    subject: &Subject<'_>,
    used: &Use<'_>,
    expression: &Expression,
    stages: &Stages,
    asked: &[Vec<Arc<str>>],
    found: &mut Vec<Diagnostic>,
) {
    for (path, start) in expression.paths() {
        let names: Vec<&str> = path.leading_names().map(|name| &**name).collect();
        let is_asked = || used.field == "Choices" && asked.iter().any(|keys| starts_with(&names, keys));
        if *path.root() != Root::Input || !path.is_definite() || is_asked() {
            continue;
        }
        let document = stages.document(used.document);
        let Err((at, lacking)) = document.find(&names) else { continue };
        let span = Span::new(start, start + path.text().len());
        let message = format!("`{}` finds nothing here: {}", path.text(), why("$", &names, at, &lacking));
        found.push(subject.at_use(NEVER, used, span, message).with_help(help("$", names[at], &lacking)));
    }
}

fn in_jsonata(subject: &Subject<'_>, used: &Use<'_>, jsonata: &Jsonata, stages: &Stages, found: &mut Vec<Diagnostic>) {
    for read in jsonata.reads().iter().filter(|read| read.is_needed && &*read.names[0] == "states") {
        let Some((part, keys)) = read.names[1..].split_first() else { continue };
        let document = match &**part {
            "input" => &stages.document(super::uses::Document::Raw),
            "result" => stages.result(),
            _ => continue,
        };
        let keys: Vec<&str> = keys.iter().map(|key| &**key).collect();
        // A key of an array is looked up in each of its items.
        let Err((at, lacking)) = document.find(&keys) else { continue };
        if lacking == Shape::List {
            continue;
        }
        let root = format!("$states.{part}");
        let message = format!("This is always undefined: {}", why(&root, &keys, at, &lacking));
        found.push(subject.at_use(UNDEFINED, used, read.span, message).with_help(help(&root, keys[at], &lacking)));
    }
}

fn why(root: &str, names: &[&str], at: usize, lacking: &Shape) -> String {
    let holder = [&[root], &names[..at]].concat().join(".");
    match lacking {
        Shape::List => format!("`{holder}` is an array"),
        Shape::Leaf => format!("`{holder}` is no object"),
        _ => match keys(lacking).as_slice() {
            [] => format!("`{holder}` is an empty object"),
            keys => format!("`{holder}` has only {}", listed(keys)),
        },
    }
}

fn keys(shape: &Shape) -> Vec<&str> {
    match shape {
        Shape::Object(members) => members.known.keys().map(|key| &**key).collect(),
        _ => Vec::new(),
    }
}

fn listed(keys: &[&str]) -> String {
    let shown: Vec<String> = keys.iter().take(6).map(|key| format!("`{key}`")).collect();
    let more = if keys.len() > shown.len() { " …" } else { "" };
    format!("{}{more}", shown.join(", "))
}

fn help(root: &str, key: &str, lacking: &Shape) -> String {
    let keys = keys(lacking);
    if keys.contains(&"Payload") {
        return format!("what the function returns is in `Payload`: {root}.Payload.{key}");
    }
    match suggest::nearest(key, keys) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None if *lacking == Shape::List => {
            "name an item, as in `$[0]`, or give the state before a `ResultPath`".to_owned()
        }
        None => "a state before replaces the data; give it a `ResultPath` (or `Output`) that keeps what is needed"
            .to_owned(),
    }
}

fn starts_with(names: &[&str], keys: &[Arc<str>]) -> bool {
    names.len() >= keys.len() && names.iter().zip(keys).all(|(name, key)| *name == &**key)
}

/// What a Choice asks for whether it is there: the paths of IsPresent, and what JSONata does not need.
pub(super) fn asked_for(subject: &Subject<'_>, id: StateId) -> Vec<Vec<Arc<str>>> {
    let mut asked = Vec::new();
    for rule in subject.get(id, "Choices").and_then(|rules| rules.value.items()).unwrap_or_default() {
        presence(rule, &mut asked);
    }
    for used in subject.uses(id).iter().filter(|used| used.field == "Choices") {
        let What::Jsonata(jsonata) = &used.what else { continue };
        let reads = jsonata.reads().into_iter().filter(|read| !read.is_needed);
        asked.extend(reads.filter(|read| is_input(&read.names)).map(|read| read.names[2..].to_vec()));
    }
    asked
}

fn is_input(names: &[Arc<str>]) -> bool {
    matches!(names, [states, input, ..] if &**states == "states" && &**input == "input")
}

fn presence(rule: &Node, asked: &mut Vec<Vec<Arc<str>>>) {
    if rule.get("IsPresent").is_some() {
        let path = rule.get("Variable").and_then(|variable| JsonPath::compile(variable.value.as_str()?).ok());
        asked.extend(path.map(|path| path.leading_names().cloned().collect()));
    }
    for name in ["And", "Or"] {
        let items = rule.get(name).and_then(|list| list.value.items()).unwrap_or_default();
        items.iter().for_each(|item| presence(item, asked));
    }
    if let Some(inner) = rule.get("Not") {
        presence(&inner.value, asked);
    }
}
