//! Values for placeholders, as they are given on the command line.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::asl::definition::is_yaml;
use crate::text::{Node, NodeKind, json, yaml};
use crate::value;

/// Values for placeholders, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    values: BTreeMap<String, Arc<str>>,
}

impl Settings {
    /// Gives the placeholder `name` a value; a number, a list and so on as JSON.
    pub fn set(&mut self, name: &str, value: &str) {
        self.values.insert(name.trim().to_owned(), value.into());
    }

    /// Takes a value as it is written on the command line: `NAME=VALUE`.
    ///
    /// # Errors
    /// There is no name, or no `=`.
    pub fn set_argument(&mut self, argument: &str) -> Result<(), String> {
        match argument.split_once('=') {
            Some((name, value)) if !name.trim().is_empty() => {
                self.set(name, value);
                Ok(())
            }
            _ => Err(format!("`{argument}` is no value; write NAME=VALUE, or @FILE for a file of names and values")),
        }
    }

    /// Takes the values of the file `name`: an object of names and values in JSON or YAML, or a list of objects with
    /// `ParameterKey` and `ParameterValue` as CloudFormation has them.
    ///
    /// # Errors
    /// The text is neither; the message has the place.
    pub fn set_file(&mut self, name: &str, text: &str) -> Result<(), String> {
        let root = if is_yaml(name) {
            yaml::parse(text).map_err(|fault| fault.message)
        } else {
            json::parse(text).map_err(|fault| fault.to_string())
        };
        let root = root.map_err(|message| format!("{name}: {message}"))?;
        match &root.kind {
            NodeKind::Object(members) => {
                members.iter().for_each(|member| self.set(&member.key, &text_of(&member.value)));
            }
            NodeKind::Array(items) => {
                for item in items {
                    let part = |key| item.get(key).map(|member| &member.value);
                    let (Some(key), Some(value)) =
                        (part("ParameterKey").and_then(Node::as_str), part("ParameterValue"))
                    else {
                        return Err(format!("{name}: an item of the list has no ParameterKey and ParameterValue"));
                    };
                    self.set(key, &text_of(value));
                }
            }
            _ => return Err(format!("{name}: an object of names and values is expected")),
        }
        Ok(())
    }

    /// Whether no value is given.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
}

/// A text as it is, anything else as JSON.
fn text_of(node: &Node) -> String {
    match node.as_str() {
        Some(text) => text.to_owned(),
        None => value::from_node(node).to_json(),
    }
}

/// The settings while a file is loaded: which of them were used is kept.
#[derive(Debug)]
pub(super) struct Given<'s> {
    settings: &'s Settings,
    used: RefCell<BTreeSet<String>>,
}

impl<'s> Given<'s> {
    pub(super) fn new(settings: &'s Settings) -> Self {
        Self { settings, used: RefCell::default() }
    }

    /// The value of the placeholder `name`.
    pub(super) fn value(&self, name: &str) -> Option<Arc<str>> {
        let (known, value) = self.settings.values.get_key_value(name)?;
        if !self.used.borrow().contains(known) {
            self.used.borrow_mut().insert(known.clone());
        }
        Some(value.clone())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.settings.is_empty()
    }

    /// The names that no placeholder has.
    pub(super) fn unused(&self) -> Vec<String> {
        let used = self.used.borrow();
        self.settings.values.keys().filter(|name| !used.contains(*name)).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_from_arguments_and_files() {
        let mut settings = Settings::default();
        settings.set_argument("a=b=c").expect("a value");
        settings.set_file("v.json", r#"{"n": 5, "l": [1, "x"], "t": "text"}"#).expect("values");
        settings.set_file("v.yaml", "y: Yes\nz: ${a}").expect("values");
        settings.set_file("p.json", r#"[{"ParameterKey": "p", "ParameterValue": "q"}]"#).expect("values");
        let given = Given::new(&settings);
        for (name, value) in [("a", "b=c"), ("n", "5"), ("l", "[1,\"x\"]"), ("t", "text"), ("y", "Yes"), ("p", "q")] {
            assert_eq!(given.value(name).as_deref(), Some(value), "{name}");
        }
        assert_eq!((given.value("b"), given.unused()), (None, vec!["z".to_owned()]));
        for wrong in ["a", "=b", " =b"] {
            assert!(settings.clone().set_argument(wrong).is_err(), "{wrong}");
        }
        for (name, wrong) in [("a.json", "5"), ("a.json", "{"), ("a.json", "[{}]"), ("a.yaml", "a: @")] {
            assert!(settings.clone().set_file(name, wrong).expect_err("wrong").starts_with(name), "{wrong}");
        }
    }
}
