//! The text of an execution's input, wherever the data is still that input.
//!
//! The service hands data on as text: a state that changes nothing gives the text that StartExecution was given, blanks
//! and all, and a Parallel state puts such texts into its array (both recorded).

use std::sync::Arc;

use crate::engine::Execution;
use crate::store::ExecutionRow;
use crate::value::Value;

/// The input of an execution and its text.
#[derive(Debug)]
pub(super) struct Given<'a> {
    input: &'a Value,
    text: &'a Arc<str>,
}

impl<'a> Given<'a> {
    /// Of the execution that `row` tells of; none when its text is the compact one anyway.
    pub(super) fn new(execution: &'a Execution, row: &'a ExecutionRow) -> Option<Self> {
        let given = Self { input: &execution.input, text: &row.input };
        (given.text.len() != given.input.size()).then_some(given)
    }

    /// The text of `value`, if the input is in it.
    pub(super) fn text_of(&self, value: &Value) -> Option<Arc<str>> {
        if self.is_input(value) {
            return Some(Arc::clone(self.text));
        }
        self.is_in(value).then(|| {
            let mut text = String::new();
            self.write(value, &mut text);
            text.into()
        })
    }

    /// Numbers and the like are equal without being the input.
    fn is_input(&self, value: &Value) -> bool {
        matches!(value, Value::String(_) | Value::Array(_) | Value::Object(_)) && value.is_same(self.input)
    }

    fn is_in(&self, value: &Value) -> bool {
        self.is_input(value) || value.as_array().is_some_and(|items| items.iter().any(|item| self.is_in(item)))
    }

    fn write(&self, value: &Value, text: &mut String) {
        match value {
            _ if self.is_input(value) => text.push_str(self.text),
            Value::Array(items) if self.is_in(value) => {
                text.push('[');
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        text.push(',');
                    }
                    self.write(item, text);
                }
                text.push(']');
            }
            other => text.push_str(&other.to_json()),
        }
    }
}
