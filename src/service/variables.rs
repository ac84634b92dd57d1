//! `variableReferences`: which variables the states of a definition read.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::registry::Revision;
use crate::query::Expression;
use crate::query::jsonata::Jsonata;
use crate::query::jsonata_field::{Delimited, delimited};
use crate::value::{self, Array, Object, Value};

/// The fields of a state that hold payloads: there only keys that end in `.$` are read as expressions.
const PAYLOADS: [&str; 9] = [
    "Parameters",
    "ResultSelector",
    "ItemSelector",
    "Assign",
    "Result",
    "Arguments",
    "BatchInput",
    "Credentials",
    "Output",
];

type References = BTreeMap<Arc<str>, BTreeSet<Arc<str>>>;

/// The variables that each state reads, by name; states that read none are left out, and so is an empty answer
/// (recorded).
pub(super) fn references(revision: &Revision) -> Option<Value> {
    let definition = value::read(&revision.row.definition).ok()?;
    let mut found = References::new();
    let is_jsonata = is_jsonata(&definition, false);
    states(&definition, is_jsonata, &mut found);
    let listed = |names: BTreeSet<Arc<str>>| Value::from(names.into_iter().map(Value::from).collect::<Array>());
    let answer: Object = found.into_iter().map(|(state, names)| (state, listed(names))).collect();
    (!answer.is_empty()).then(|| answer.into())
}

fn is_jsonata(part: &Value, otherwise: bool) -> bool {
    part.get("QueryLanguage").and_then(Value::as_str).map_or(otherwise, |language| language == "JSONata")
}

/// The states of a `States` object of `part`.
fn states(part: &Value, machine_is_jsonata: bool, found: &mut References) {
    let Some(Value::Object(states)) = part.get("States") else { return };
    for (name, state) in states.iter() {
        let mut walk =
            Walk { machine_is_jsonata, is_jsonata: is_jsonata(state, machine_is_jsonata), found: BTreeSet::new() };
        let mut inner = References::new();
        walk.part(state, false, &mut inner);
        if !walk.found.is_empty() {
            found.insert(Arc::clone(name), walk.found);
        }
        found.append(&mut inner);
    }
}

struct Walk {
    machine_is_jsonata: bool,
    is_jsonata: bool,
    found: BTreeSet<Arc<str>>,
}

impl Walk {
    fn part(&mut self, part: &Value, in_payload: bool, inner: &mut References) {
        match part {
            Value::Array(items) => {
                for item in items.iter() {
                    self.part(item, in_payload, inner);
                }
            }
            Value::Object(members) => {
                // States inside are states of their own; they have the language of the machine.
                states(part, self.machine_is_jsonata, inner);
                for (key, value) in members.iter().filter(|(key, _)| &***key != "States") {
                    self.member(key, value, in_payload, inner);
                }
            }
            Value::String(text) if self.is_jsonata => self.jsonata(text),
            _ => {}
        }
    }

    fn member(&mut self, key: &str, value: &Value, in_payload: bool, inner: &mut References) {
        let is_path = key.ends_with(".$") || !in_payload && (key.ends_with("Path") || key == "Variable");
        match value {
            Value::String(text) if !self.is_jsonata && is_path => {
                if let Ok(expression) = Expression::compile(text) {
                    self.found.extend(expression.variables());
                }
            }
            value => self.part(value, in_payload || PAYLOADS.contains(&key), inner),
        }
    }

    fn jsonata(&mut self, text: &str) {
        if let Delimited::Expression(inside, _) = delimited(text)
            && let Ok(expression) = Jsonata::compile(inside)
        {
            // `$states` is no variable.
            self.found.extend(expression.variables().into_iter().filter(|name| &**name != "states"));
        }
    }
}
