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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text;
    use crate::value::{Object, from_node, read};

    fn values() -> impl Strategy<Value = Value> {
        let scalar = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            (-1e9..1e9).prop_map(Value::from),
            any::<String>().prop_map(Value::from),
            "[a-c \n'\":#,\\\\-]{0,120}".prop_map(Value::from),
            "[-+0-9.eExo_:TZ~ ]{0,12}".prop_map(Value::from),
        ];
        scalar.prop_recursive(4, 30, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::btree_map("[a-zA-Z0-9 :'-]{0,20}", inner, 0..5)
                    .prop_map(|members| members.into_iter().collect::<Object>().into()),
            ]
        })
    }

    fn shown(layout: Layout, value: &Value) -> String {
        render(Operation::ListActivities, layout, Screen { width: 80, color: false }, value)
    }

    proptest! {
        #[test]
        fn json_reads_back(value in values()) {
            let text = shown(Layout::Json, &value);
            let is_nothing = value.as_object().is_some_and(|object| object.is_empty());
            prop_assert!(is_nothing && text.is_empty() || read(&text) == Ok(value));
        }

        #[test]
        fn yaml_reads_back(value in values()) {
            let value = Value::from(Object::from_iter([("value", value)]));
            let text = shown(Layout::Yaml, &value);
            let node = text::yaml::parse(&text).map_err(|fault| TestCaseError::fail(format!("{fault:?}\n{text}")))?;
            prop_assert_eq!(from_node(&node), value, "{}", text);
        }

        #[test]
        fn any_value_has_a_text_and_a_table(value in values()) {
            prop_assert!(shown(Layout::Text, &value).ends_with('\n') || shown(Layout::Text, &value).is_empty());
            shown(Layout::Table, &value);
        }
    }
}
