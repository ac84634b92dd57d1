//! Objects: members in the order they were added, found by key.
//!
//! Large objects keep their members in chunks that copies share, so that a change to one of thousands of members costs
//! about as much as a change to one of some dozens.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use super::{Measure, Measured, Value, string_size};

/// Up to this many members a scan beats a hash table.
const SCAN: usize = 12;

/// Members a chunk.
const CHUNK: usize = 32;

/// A shared object; cheap to clone, copied on the first change when somebody else holds it too.
#[derive(Debug, Clone, Default)]
pub struct Object(Arc<ObjectNode>);

#[derive(Debug, Default)]
struct ObjectNode {
    members: Members,
    index: OnceLock<Arc<Index>>,
    measured: Measured,
}

type Entry = (Arc<str>, Value);

/// Positions of the first `len()` members. Members added later are scanned until there are too many of them, so that
/// a copy of a large object can share the table of the original.
type Index = HashMap<Arc<str>, u32>;

impl Object {
    /// `{}`
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An object of `entries`, whose keys must differ from one another: nobody looks.
    #[must_use]
    pub fn from_distinct(entries: Vec<(Arc<str>, Value)>) -> Self {
        Self(Arc::new(ObjectNode { members: Members::of(entries), ..ObjectNode::default() }))
    }

    /// The number of members.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.members.len()
    }

    /// Whether it has no members.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value under `key`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.position(key).and_then(|at| self.0.members.get(at)).map(|(_, value)| value)
    }

    /// The value under `key`, looked for at position `hint` first, where like objects have it. `hint` becomes the
    /// position found.
    #[must_use]
    pub(crate) fn get_near(&self, key: &str, hint: &mut usize) -> Option<&Value> {
        let (_, value) = match self.0.members.get(*hint) {
            Some(entry) if *entry.0 == *key => entry,
            _ => {
                *hint = self.0.position(key)?;
                self.0.members.get(*hint)?
            }
        };
        Some(value)
    }

    /// Whether there is a member `key`.
    #[must_use]
    pub fn contains_key(&self, key: &str) -> bool {
        self.0.position(key).is_some()
    }

    /// Sets `key`; a new member goes to the end, an old one keeps its place.
    pub fn insert(&mut self, key: impl Into<Arc<str>> + AsRef<str>, value: Value) {
        let position = self.0.position(key.as_ref());
        let node = self.change();
        match position.and_then(|at| node.members.get_mut(at)) {
            Some((_, old)) => *old = value,
            None => node.push(key.into(), value),
        }
    }

    /// The value under `key`, to be changed; inserts `null` where there is none.
    pub fn entry(&mut self, key: &str) -> &mut Value {
        let position = self.0.position(key);
        let node = self.change();
        let at = position.unwrap_or_else(|| {
            node.push(key.into(), Value::Null);
            node.members.len() - 1
        });
        let (_, value) = node.members.get_mut(at).expect("the position was found or just added");
        value
    }

    /// Takes `key` out, keeping the order of the others.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        let at = self.0.position(key)?;
        let node = self.change();
        node.index = OnceLock::new();
        let mut entries: Vec<Entry> = node.members.iter().cloned().collect();
        let (_, value) = entries.remove(at);
        node.members = Members::of(entries);
        Some(value)
    }

    /// The members in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Arc<str>, &Value)> + DoubleEndedIterator {
        (0..self.len()).map(|at| self.nth(at).expect("the position is below the length"))
    }

    /// The member at position `at`.
    #[must_use]
    pub fn nth(&self, at: usize) -> Option<(&Arc<str>, &Value)> {
        self.0.members.get(at).map(|(key, value)| (key, value))
    }

    /// The keys in order.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &Arc<str>> {
        self.iter().map(|(key, _)| key)
    }

    /// The values in order.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &Value> {
        self.iter().map(|(_, value)| value)
    }

    pub(super) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    pub(super) fn measure(&self) -> Measure {
        self.0.measured.get(|| self.0.members.measure().enclosed(self.len()))
    }

    /// The node, to be changed; copied first when somebody else holds it too.
    fn change(&mut self) -> &mut ObjectNode {
        let node = Arc::make_mut(&mut self.0);
        node.measured = Measured::default();
        node
    }
}

impl ObjectNode {
    fn position(&self, key: &str) -> Option<usize> {
        let len = self.members.len();
        if len <= SCAN {
            return self.members.find(key, 0);
        }
        let index = self.index.get_or_init(|| {
            let position = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            Arc::new(self.members.iter().enumerate().map(|(at, (key, _))| (key.clone(), position(at))).collect())
        });
        index.get(key).map(|at| *at as usize).or_else(|| self.members.find(key, index.len().min(len)))
    }

    /// Adds a member that is known to be new.
    fn push(&mut self, key: Arc<str>, value: Value) {
        self.members.push((key, value));
        let unindexed = self.index.get().map_or(0, |index| self.members.len() - index.len());
        if unindexed > SCAN + self.members.len() / 8 {
            self.index = OnceLock::new();
        }
    }
}

impl Clone for ObjectNode {
    fn clone(&self) -> Self {
        Self { members: self.members.clone(), index: self.index.clone(), measured: Measured::default() }
    }
}

/// The members: in one list, or in chunks of [`CHUNK`] when there are many.
#[derive(Debug, Clone)]
enum Members {
    Few(Vec<Entry>),
    /// All chunks but the last are full.
    Many(Vec<Arc<Chunk>>),
}

#[derive(Debug, Default)]
struct Chunk {
    entries: Vec<Entry>,
    measured: Measured,
}

impl Clone for Chunk {
    fn clone(&self) -> Self {
        Self { entries: self.entries.clone(), measured: Measured::default() }
    }
}

impl Default for Members {
    fn default() -> Self {
        Self::Few(Vec::new())
    }
}

impl Members {
    fn of(entries: Vec<Entry>) -> Self {
        if entries.len() <= CHUNK * 2 {
            return Self::Few(entries);
        }
        let mut chunks = Vec::with_capacity(entries.len() / CHUNK + 1);
        let mut entries = entries.into_iter();
        loop {
            let chunk: Vec<Entry> = entries.by_ref().take(CHUNK).collect();
            if chunk.is_empty() {
                return Self::Many(chunks);
            }
            chunks.push(Arc::new(Chunk { entries: chunk, measured: Measured::default() }));
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Few(entries) => entries.len(),
            Self::Many(chunks) => {
                let last = chunks.last().map_or(0, |chunk| chunk.entries.len());
                chunks.len().saturating_sub(1) * CHUNK + last
            }
        }
    }

    fn get(&self, at: usize) -> Option<&Entry> {
        match self {
            Self::Few(entries) => entries.get(at),
            Self::Many(chunks) => chunks.get(at / CHUNK)?.entries.get(at % CHUNK),
        }
    }

    fn get_mut(&mut self, at: usize) -> Option<&mut Entry> {
        match self {
            Self::Few(entries) => entries.get_mut(at),
            Self::Many(chunks) => {
                let chunk = Arc::make_mut(chunks.get_mut(at / CHUNK)?);
                chunk.measured = Measured::default();
                chunk.entries.get_mut(at % CHUNK)
            }
        }
    }

    fn push(&mut self, entry: Entry) {
        match self {
            Self::Few(entries) => {
                entries.push(entry);
                if entries.len() > CHUNK * 2 {
                    *self = Self::of(std::mem::take(entries));
                }
            }
            Self::Many(chunks) => match chunks.last_mut().filter(|chunk| chunk.entries.len() < CHUNK) {
                Some(chunk) => {
                    let chunk = Arc::make_mut(chunk);
                    chunk.measured = Measured::default();
                    chunk.entries.push(entry);
                }
                None => chunks.push(Arc::new(Chunk { entries: vec![entry], measured: Measured::default() })),
            },
        }
    }

    fn iter(&self) -> impl Iterator<Item = &Entry> {
        let (few, many) = match self {
            Self::Few(entries) => (entries.as_slice(), [].as_slice()),
            Self::Many(chunks) => ([].as_slice(), chunks.as_slice()),
        };
        few.iter().chain(many.iter().flat_map(|chunk| &chunk.entries))
    }

    /// The position of `key` from position `from` on, by a scan.
    fn find(&self, key: &str, from: usize) -> Option<usize> {
        if let Self::Few(entries) = self {
            return entries.iter().skip(from).position(|(known, _)| &**known == key).map(|at| from + at);
        }
        (from..self.len()).find(|at| self.get(*at).is_some_and(|(known, _)| &**known == key))
    }

    /// Size and depth of all members side by side, without the braces and commas.
    fn measure(&self) -> Measure {
        match self {
            Self::Few(entries) => measure(entries),
            Self::Many(chunks) => {
                let parts = chunks.iter().map(|chunk| chunk.measured.get(|| measure(&chunk.entries)));
                parts.fold(Measure::default(), Measure::beside)
            }
        }
    }
}

fn measure(entries: &[Entry]) -> Measure {
    let members = entries.iter().map(|(key, value)| {
        let value = value.measure();
        Measure { size: value.size.saturating_add(string_size(key) + 1), depth: value.depth }
    });
    members.fold(Measure::default(), Measure::beside)
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
