//! Objects: members in the order they were added, found by key.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use super::{Measure, Measured, Value, string_size};

/// Up to this many members a scan beats a hash table.
const SCAN: usize = 12;

/// A shared object; cheap to clone, copied on the first change when somebody else holds it too.
#[derive(Debug, Clone, Default)]
pub struct Object(Arc<ObjectNode>);

#[derive(Debug, Default)]
struct ObjectNode {
    entries: Vec<(Arc<str>, Value)>,
    index: OnceLock<Arc<Index>>,
    measured: Measured,
}

/// Positions of the first `len()` members. Members added later are scanned until there are too many of them, so that
/// a copy of a large object can share the table of the original.
type Index = HashMap<Arc<str>, u32>;

impl Object {
    /// `{}`
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An object of `entries`, whose keys must differ from one another.
    #[must_use]
    pub(super) fn from_distinct(entries: Vec<(Arc<str>, Value)>) -> Self {
        Self(Arc::new(ObjectNode { entries, ..ObjectNode::default() }))
    }

    /// The number of members.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.entries.len()
    }

    /// Whether it has no members.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.entries.is_empty()
    }

    /// The value under `key`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.position(key).map(|at| &self.0.entries[at].1)
    }

    /// Whether there is a member `key`.
    #[must_use]
    pub fn contains_key(&self, key: &str) -> bool {
        self.0.position(key).is_some()
    }

    /// Sets `key`; a new member goes to the end, an old one keeps its place.
    pub fn insert(&mut self, key: impl Into<Arc<str>> + AsRef<str>, value: Value) {
        let position = self.0.position(key.as_ref());
        let node = Arc::make_mut(&mut self.0);
        node.measured = Measured::default();
        match position {
            Some(at) => node.entries[at].1 = value,
            None => node.push(key.into(), value),
        }
    }

    /// The value under `key`, to be changed; inserts `null` where there is none.
    pub fn entry(&mut self, key: &str) -> &mut Value {
        let position = self.0.position(key);
        let node = Arc::make_mut(&mut self.0);
        node.measured = Measured::default();
        let at = position.unwrap_or_else(|| {
            node.push(key.into(), Value::Null);
            node.entries.len() - 1
        });
        &mut node.entries[at].1
    }

    /// Takes `key` out, keeping the order of the others.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        let at = self.0.position(key)?;
        let node = Arc::make_mut(&mut self.0);
        node.measured = Measured::default();
        node.index = OnceLock::new();
        Some(node.entries.remove(at).1)
    }

    /// The members in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Arc<str>, &Value)> + DoubleEndedIterator {
        self.0.entries.iter().map(|(key, value)| (key, value))
    }

    /// The member at position `at`.
    #[must_use]
    pub fn nth(&self, at: usize) -> Option<(&Arc<str>, &Value)> {
        self.0.entries.get(at).map(|(key, value)| (key, value))
    }

    /// The keys in order.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &Arc<str>> {
        self.0.entries.iter().map(|(key, _)| key)
    }

    /// The values in order.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &Value> {
        self.0.entries.iter().map(|(_, value)| value)
    }

    pub(super) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    pub(super) fn measure(&self) -> Measure {
        self.0.measured.get(|| {
            let members = self.iter().map(|(key, value)| {
                let value = value.measure();
                Measure { size: string_size(key) + 1 + value.size, depth: value.depth }
            });
            members.fold(Measure::default(), Measure::beside).enclosed(self.len())
        })
    }
}

impl ObjectNode {
    fn position(&self, key: &str) -> Option<usize> {
        let scan = |from: usize| {
            let at = self.entries[from..].iter().position(|(known, _)| &**known == key);
            at.map(|at| from + at)
        };
        if self.entries.len() <= SCAN {
            return scan(0);
        }
        let index = self.index.get_or_init(|| {
            let position = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            Arc::new(self.entries.iter().enumerate().map(|(at, (key, _))| (key.clone(), position(at))).collect())
        });
        index.get(key).map(|at| *at as usize).or_else(|| scan(index.len().min(self.entries.len())))
    }

    /// Adds a member that is known to be new.
    fn push(&mut self, key: Arc<str>, value: Value) {
        self.entries.push((key, value));
        let unindexed = self.index.get().map_or(0, |index| self.entries.len() - index.len());
        if unindexed > SCAN + self.entries.len() / 8 {
            self.index = OnceLock::new();
        }
    }
}

impl Clone for ObjectNode {
    fn clone(&self) -> Self {
        let mut entries = Vec::with_capacity(self.entries.len() + 1);
        entries.extend(self.entries.iter().cloned());
        Self { entries, index: self.index.clone(), measured: Measured::default() }
    }
}

impl PartialEq for Object {
    fn eq(&self, other: &Self) -> bool {
        self.is_same(other)
            || self.len() == other.len() && self.iter().all(|(key, value)| other.get(key) == Some(value))
    }
}

/// Later members replace earlier ones of the same key.
impl<K: Into<Arc<str>> + AsRef<str>> FromIterator<(K, Value)> for Object {
    fn from_iter<T: IntoIterator<Item = (K, Value)>>(members: T) -> Self {
        let mut object = Self::new();
        for (key, value) in members {
            object.insert(key, value);
        }
        object
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_order_and_replaces_in_place() {
        let mut object: Object = [("b", Value::from(1)), ("a", Value::from(2))].into_iter().collect();
        object.insert("b", Value::from(3));
        object.insert("c", Value::Null);
        assert_eq!(Value::Object(object).to_json(), r#"{"b":3,"a":2,"c":null}"#);
    }

    #[test]
    fn large_objects_find_every_key_also_after_copies_and_removals() {
        let mut object = Object::new();
        for n in 0..1000 {
            object.insert(format!("k{n}"), Value::from(n));
            assert!(object.contains_key(&format!("k{}", n / 2)));
        }
        let original = object.clone();
        for n in 1000..1200 {
            object.insert(format!("k{n}"), Value::from(n));
        }
        assert_eq!(object.remove("k500"), Some(Value::from(500)));
        assert!(original.contains_key("k500") && !original.contains_key("k1000"));
        for n in (0..1200).filter(|n| *n != 500) {
            assert_eq!(object.get(&format!("k{n}")), Some(&Value::from(n)), "k{n}");
        }
        assert_eq!((object.len(), object.get("k500")), (1199, None));
    }

    #[test]
    fn entry_makes_a_member_to_be_filled() {
        let mut object = Object::new();
        *object.entry("a") = Value::from(true);
        *object.entry("a") = Value::from(false);
        assert_eq!(Value::Object(object).to_json(), r#"{"a":false}"#);
    }
}
