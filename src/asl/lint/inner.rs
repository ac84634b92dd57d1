//! Map and Parallel: items that are none, and branches that do the same.

use std::collections::{HashMap, HashSet};

use super::shape::Shape;
use super::shape_flow::Stages;
use super::subject::Subject;
use super::uses::Document;
use crate::asl::fields::Language;
use crate::asl::model::{Map, ScopeId, StateId, StateKind};
use crate::text::{Diagnostic, Node, NodeKind};

const NO_ITEMS: &str = "MAP_WITHOUT_ITEMS";
const SAME_BRANCH: &str = "DUPLICATE_BRANCH";

pub(super) fn find(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for (id, state) in subject.states() {
        if let StateKind::Parallel(parallel) = &state.kind {
            same_branches(subject, id, &parallel.branches, found);
        }
    }
}

/// Branches that do the same, apart from the names of their states. Tasks that are called with nothing are a sketch.
fn same_branches(subject: &Subject<'_>, id: StateId, branches: &[ScopeId], found: &mut Vec<Diagnostic>) {
    let mut seen = HashSet::new();
    for (at, scope) in branches.iter().enumerate() {
        let Some(node) = subject.item(id, "Branches", at) else { continue };
        let names =
            subject.machine.scope(*scope).states.iter().zip(0..).map(|(id, at)| (&*subject.state(*id).name, at));
        let mut text = String::new();
        write(node, &names.collect(), &mut text);
        let calls = ["Parameters:", "Arguments:"].iter().any(|field| text.contains(field));
        if text.contains("\"Task\"") && calls && !seen.insert(text) {
            let message = "This branch does the same as one before, apart from the names of its states";
            let warning = subject.at_item(SAME_BRANCH, id, ("Branches", at), message.to_owned());
            found.push(warning.with_help("change what it does, or remove it"));
        }
    }
}

/// `node` as text, without comments, and with numbers for the names of states.
fn write(node: &Node, names: &HashMap<&str, usize>, out: &mut String) {
    match &node.kind {
        NodeKind::Object(members) => {
            for member in members.iter().filter(|member| &*member.key != "Comment") {
                let name = names.get(&*member.key).map_or_else(|| member.key.to_string(), usize::to_string);
                let is_transition = matches!(&*member.key, "Next" | "Default" | "StartAt");
                let target = member.value.as_str().filter(|_| is_transition).and_then(|target| names.get(target));
                out.push_str(&name);
                out.push(':');
                match target {
                    Some(number) => out.push_str(&number.to_string()),
                    None => write(&member.value, names, out),
                }
                out.push(',');
            }
            out.push('}');
        }
        NodeKind::Array(items) => {
            items.iter().for_each(|item| write(item, names, out));
            out.push(']');
        }
        NodeKind::String(text) => out.push_str(&format!("{text:?}")),
        NodeKind::Number(text) => out.push_str(text),
        NodeKind::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        NodeKind::Null => out.push_str("null"),
    }
}

/// What a Map goes over is known to be neither array nor object.
pub(super) fn no_items(subject: &Subject<'_>, id: StateId, map: &Map, stages: &Stages) -> Option<Diagnostic> {
    let language = subject.state(id).language;
    let (field, items) = match (language, subject.get(id, "Items")) {
        (Language::Jsonata, Some(items)) => ("Items", stages.payload_of(&items.value)),
        (Language::Jsonata, None) => ("Type", stages.document(Document::Raw)),
        (Language::JsonPath, _) => match &map.items_path {
            None => ("Type", stages.document(Document::Effective)),
            Some(path) => ("ItemsPath", super::shape_flow::looked_up(path, &stages.document(Document::Effective))),
        },
    };
    if items != Shape::Leaf || map.distributed.reader.is_some() {
        return None;
    }
    let message = "This Map fails: what it goes over is neither an array nor an object".to_owned();
    let help = match language {
        Language::JsonPath => "let `ItemsPath` point to an array",
        Language::Jsonata => "let `Items` be an array, or an expression between {% and %}",
    };
    Some(subject.at_field(NO_ITEMS, id, field, message).with_help(help))
}
