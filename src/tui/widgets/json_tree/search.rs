//! Finding text in a value, folded or not.

use super::JsonTree;
use crate::value::Value;
use crate::value::diff::Step;

impl JsonTree {
    /// The paths of keys and scalars that hold `text`, in the order of the rows, at most `limit`. Capitals matter only
    /// when `text` has some.
    #[must_use]
    pub fn find(&self, text: &str, limit: usize) -> Vec<Vec<Step>> {
        let exact = text.chars().any(char::is_uppercase);
        let mut search = Search { text, exact, limit, path: Vec::new(), found: Vec::new() };
        if !text.is_empty() {
            search.value(&self.value);
        }
        search.found
    }
}

/// The value at `path` in `value`.
pub(super) fn at<'v>(value: &'v Value, path: &[Step]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, step| match step {
        Step::Key(key) => value.get(key),
        Step::Index(index) => value.as_array()?.get(*index),
    })
}

struct Search<'t> {
    text: &'t str,
    exact: bool,
    limit: usize,
    path: Vec<Step>,
    found: Vec<Vec<Step>>,
}

impl Search<'_> {
    fn matches(&self, text: &str) -> bool {
        if self.exact { text.contains(self.text) } else { text.to_lowercase().contains(self.text) }
    }

    /// The depth of this recursion is bounded by that of the value.
    fn value(&mut self, value: &Value) {
        if self.found.len() >= self.limit {
            return;
        }
        let key = self.path.last().is_some_and(|step| matches!(step, Step::Key(key) if self.matches(key)));
        let scalar = match value {
            Value::Object(_) | Value::Array(_) => false,
            Value::String(text) => self.matches(text),
            other => self.matches(&other.to_json()),
        };
        if key || scalar {
            self.found.push(self.path.clone());
        }
        match value {
            Value::Object(object) => {
                for (key, member) in object.iter() {
                    self.inside(Step::Key(key.clone()), member);
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.inside(Step::Index(index), item);
                }
            }
            _ => {}
        }
    }

    fn inside(&mut self, step: Step, value: &Value) {
        if self.found.len() < self.limit {
            self.path.push(step);
            self.value(value);
            self.path.pop();
        }
    }
}
