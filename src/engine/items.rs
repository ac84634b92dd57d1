//! The items of a Map, and what the context object tells of each.

use std::sync::Arc;

use super::branch::Item;
use crate::value::{Array, Number, Object, Value};

/// The items of a Map.
#[derive(Debug, Clone)]
pub struct Items {
    /// In order.
    pub list: Array,
    /// Whether they are the entries of an object, each an object of its own.
    pub are_entries: bool,
    /// From which item on they are of which source, as `Map.Item.Source` names it.
    pub sources: Vec<(usize, Arc<str>)>,
}

/// `Map.Item.Source` of what is in the state's input.
pub(super) const STATE_DATA: &str = "STATE_DATA";

impl Items {
    /// Items of an array.
    #[must_use]
    pub fn of(list: Array) -> Self {
        Self { list, are_entries: false, sources: Vec::new() }
    }

    /// The entries of an object.
    #[must_use]
    pub fn entries(object: &Object) -> Self {
        let entry =
            |(key, value): (&Arc<str>, &Value)| Value::Object([(Arc::clone(key), value.clone())].into_iter().collect());
        Self { list: object.iter().map(entry).collect(), are_entries: true, sources: Vec::new() }
    }

    /// What the context object tells of the item at `index`. Of an entry `Key` and `Value` stand apart (developer guide,
    /// context object).
    pub(super) fn item(&self, index: usize) -> Option<Item> {
        let value = self.list.get(index)?;
        let entry = value.as_object().and_then(|entry| entry.iter().next()).filter(|_| self.are_entries);
        let source = self.sources.iter().rev().find(|(first, _)| *first <= index);
        Some(Item {
            index: u32::try_from(index).unwrap_or(u32::MAX),
            key: entry.map(|(key, _)| Arc::clone(key)),
            value: entry.map_or(value, |(_, value)| value).clone(),
            source: source.map(|(_, source)| Arc::clone(source)),
        })
    }

    /// The answer to an `ItemReader`: the list alone, or an object where there is more to tell.
    #[must_use]
    pub fn into_value(self) -> Value {
        if self.sources.is_empty() && !self.are_entries {
            return Value::Array(self.list);
        }
        let source = |(first, source): &(usize, Arc<str>)| {
            Value::from(vec![Value::from(i64::try_from(*first).unwrap_or(i64::MAX)), Value::from(Arc::clone(source))])
        };
        let sources: Array = self.sources.iter().map(source).collect();
        let members =
            [("Items", Value::Array(self.list)), ("AreEntries", self.are_entries.into()), ("Sources", sources.into())];
        Value::Object(members.into_iter().collect())
    }

    /// Reads what [`Items::into_value`] made; none: these are no items.
    #[must_use]
    pub fn from_value(value: &Value) -> Option<Self> {
        if let Value::Array(list) = value {
            return Some(Self::of(list.clone()));
        }
        let Some(Value::Array(list)) = value.get("Items") else { return None };
        let source = |pair: &Value| {
            let pair = pair.as_array()?;
            let first = pair.first()?.as_number().and_then(Number::as_i64)?;
            let Some(Value::String(source)) = pair.get(1) else { return None };
            Some((usize::try_from(first).ok()?, Arc::clone(source)))
        };
        let sources = value.get("Sources").and_then(Value::as_array).map(|all| all.iter().filter_map(source).collect());
        let are_entries = value.get("AreEntries").and_then(Value::as_bool) == Some(true);
        Some(Self { list: list.clone(), are_entries, sources: sources.unwrap_or_default() })
    }
}
