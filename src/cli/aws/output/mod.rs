//! The layouts of answers, as the AWS CLI prints them.

mod json;
mod table;
mod text;
mod yaml;

use crate::api::Operation;
use crate::value::Value;

use super::options::Layout;

/// How tables are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Screen {
    /// Columns; tables that are wider are turned.
    pub width: usize,
    /// Whether to use colours.
    pub color: bool,
}

/// `value` in `layout`, with a line break at its end; empty where there is nothing to say.
#[must_use]
pub fn render(operation: Operation, layout: Layout, screen: Screen, value: &Value) -> String {
    let is_empty = value.as_object().is_some_and(|object| object.is_empty());
    match layout {
        Layout::Text => text::render(value),
        Layout::Table => table::render(operation.name(), value, screen),
        _ if is_empty => String::new(),
        Layout::Json => json::render(value),
        Layout::Yaml => yaml::render(value),
        Layout::YamlStream => yaml::render(&vec![value.clone()].into()),
    }
}
