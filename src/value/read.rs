//! JSON text and nodes to values.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

use super::{Array, Number, Object, Value};
use crate::text::json::{self, Build, JsonError, Node, NodeKind};
use crate::text::span::Span;

/// Reads JSON text; of repeated keys the last one counts.
///
/// # Errors
/// The first fault, with its place.
pub fn read(text: &str) -> Result<Value, JsonError> {
    json::build(text, &mut Values::default())
}

/// Reads one JSON text after the other; equal keys of all of them share their memory.
#[derive(Debug, Default)]
pub struct Reader(Values);

impl Reader {
    /// Reads JSON text; of repeated keys the last one counts.
    ///
    /// # Errors
    /// The first fault, with its place.
    pub fn read(&mut self, text: &str) -> Result<Value, JsonError> {
        json::build(text, &mut self.0)
    }
}

/// The value of a node, without its places.
#[must_use]
pub fn from_node(node: &Node) -> Value {
    match &node.kind {
        NodeKind::Null => Value::Null,
        NodeKind::Bool(value) => Value::Bool(*value),
        NodeKind::Number(text) => Value::Number(Number::parse(text)),
        NodeKind::String(text) => Value::String(text.clone()),
        NodeKind::Array(items) => Value::Array(items.iter().map(from_node).collect()),
        NodeKind::Object(members) => {
            Value::Object(members.iter().map(|member| (member.key.clone(), from_node(&member.value))).collect())
        }
    }
}

/// Builds values; equal keys of one text share their memory, as arrays of like objects repeat them.
#[derive(Debug, Default)]
struct Values {
    keys: HashSet<Arc<str>>,
}

/// An object being read. Small ones are checked for repeated keys by a scan, large ones with the object's own index.
type Members = Vec<(Arc<str>, Value)>;

impl Values {
    fn key(&mut self, key: &str) -> Arc<str> {
        if let Some(known) = self.keys.get(key) {
            return known.clone();
        }
        let new: Arc<str> = key.into();
        // Texts with ever new keys gain nothing from being remembered.
        if self.keys.len() < 4096 {
            self.keys.insert(new.clone());
        }
        new
    }
}

impl Build for Values {
    type Value = Value;
    type Object = Members;

    fn literal(&mut self, value: Option<bool>, _: Span) -> Value {
        value.map_or(Value::Null, Value::Bool)
    }

    fn number(&mut self, text: &str, _: Span) -> Value {
        Value::Number(Number::parse(text))
    }

    fn string(&mut self, text: Cow<'_, str>, _: Span) -> Value {
        Value::String(text.into())
    }

    fn array(&mut self, items: Vec<Value>, _: Span) -> Value {
        Value::Array(Array::new(items))
    }

    fn open_object(&mut self) -> Members {
        Vec::new()
    }

    fn member(&mut self, object: &mut Members, key: Cow<'_, str>, _: Span, value: Value) {
        let key = self.key(&key);
        object.push((key, value));
    }

    fn close_object(&mut self, members: Members, _: Span) -> Value {
        Value::Object(if has_repeated_keys(&members) {
            members.into_iter().collect()
        } else {
            Object::from_distinct(members)
        })
    }
}

fn has_repeated_keys(members: &Members) -> bool {
    if members.len() <= 16 {
        return members.iter().enumerate().any(|(at, (key, _))| members[..at].iter().any(|(other, _)| other == key));
    }
    let mut seen = HashSet::with_capacity(members.len());
    !members.iter().all(|(key, _)| seen.insert(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_repeated_keys_counts() {
        assert_eq!(read(r#"{"a":1,"b":2,"a":3}"#).expect("valid").to_json(), r#"{"a":3,"b":2}"#);
        let many: String = (0..40).map(|n| format!("\"k{}\":{n},", n % 30)).collect();
        let value = read(&format!("{{{}}}", many.trim_end_matches(','))).expect("valid");
        assert_eq!(value.get("k5"), Some(&Value::from(35)));
    }

    #[test]
    fn a_node_and_its_text_give_the_same_value() {
        let text = r#"{"a":[1,2.5,null,true],"a":"x","b":{}}"#;
        assert_eq!(from_node(&json::parse(text).expect("valid")), read(text).expect("valid"));
    }

    #[test]
    fn equal_keys_share_memory() {
        let value = read(r#"[{"name":1},{"name":2}]"#).expect("valid");
        let items = value.as_array().expect("array");
        let key = |at: usize| items[at].as_object().and_then(|o| o.nth(0)).map(|(k, _)| k.clone()).expect("a key");
        assert!(Arc::ptr_eq(&key(0), &key(1)));
    }

    #[test]
    fn equal_keys_of_several_texts_share_memory() {
        let mut reader = Reader::default();
        let mut key = |text: &str| {
            let value = reader.read(text).expect("valid");
            value.as_object().and_then(|object| object.nth(0)).map(|(key, _)| key.clone()).expect("a key")
        };
        assert!(Arc::ptr_eq(&key(r#"{"name":1}"#), &key(r#"{"name":2}"#)));
    }
}
