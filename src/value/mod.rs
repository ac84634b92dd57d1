//! JSON values whose subtrees are shared.
//!
//! A clone costs one reference count whatever the size; a change copies only the nodes on the way to it. Objects keep
//! the order of their keys. The size of a value as JSON text and its depth are remembered per node, so checking the
//! payload limit after each state does not walk the data again.

pub mod diff;
mod number;
mod object;
mod print;
mod read;
mod timestamp;

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

pub use number::Number;
pub use object::Object;
pub use print::{escape_into, string_size};
pub use read::{Reader, from_node, read};
pub use timestamp::Timestamp;

/// A JSON value; cheap to clone.
#[derive(Debug, Clone, Default)]
pub enum Value {
    /// `null`
    #[default]
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string.
    String(Arc<str>),
    /// An array.
    Array(Array),
    /// An object.
    Object(Object),
}

impl Value {
    /// An empty object, `{}`.
    #[must_use]
    pub fn empty_object() -> Self {
        Self::Object(Object::new())
    }

    /// A string.
    #[must_use]
    pub fn string(text: impl Into<Arc<str>>) -> Self {
        Self::String(text.into())
    }

    /// The boolean, if it is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The number, if it is one.
    #[must_use]
    pub fn as_number(&self) -> Option<&Number> {
        match self {
            Self::Number(value) => Some(value),
            _ => None,
        }
    }

    /// The string, if it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(value) => Some(value),
            _ => None,
        }
    }

    /// The array, if it is one.
    #[must_use]
    pub fn as_array(&self) -> Option<&Array> {
        match self {
            Self::Array(value) => Some(value),
            _ => None,
        }
    }

    /// The object, if it is one.
    #[must_use]
    pub fn as_object(&self) -> Option<&Object> {
        match self {
            Self::Object(value) => Some(value),
            _ => None,
        }
    }

    /// Whether it is `null`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The value under `key`, if this is an object that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.as_object()?.get(key)
    }

    /// `object`, `array`, `string`, `number`, `boolean` or `null`: the words AWS uses in messages.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "boolean",
            Self::Number(_) => "number",
            Self::String(_) => "string",
            Self::Array(_) => "array",
            Self::Object(_) => "object",
        }
    }

    /// Bytes of the compact JSON text in UTF-8: what AWS's payload limit counts.
    #[must_use]
    pub fn size(&self) -> usize {
        self.measure().size
    }

    /// Levels of arrays and objects: 0 for a scalar, 1 for `[]`.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.measure().depth
    }

    /// Size and depth at once.
    pub(crate) fn extent(&self) -> (usize, usize) {
        let Measure { size, depth } = self.measure();
        (size, depth)
    }

    /// Whether both are the same node in memory (or equal scalars that are free to compare).
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Number(a), Self::Number(b)) => a == b,
            (Self::String(a), Self::String(b)) => Arc::ptr_eq(a, b),
            (Self::Array(a), Self::Array(b)) => Arc::ptr_eq(&a.0, &b.0),
            (Self::Object(a), Self::Object(b)) => a.is_same(b),
            _ => false,
        }
    }

    /// An equal value that is not the same node in memory (equal scalars stay what they are).
    #[must_use]
    pub fn apart(&self) -> Self {
        match self {
            Self::String(text) => Self::string(&**text),
            Self::Array(items) => Self::Array(Array::new(items.to_vec())),
            Self::Object(members) => {
                let members = members.iter().map(|(key, value)| (key.clone(), value.clone()));
                Self::Object(Object::from_distinct(members.collect()))
            }
            other => other.clone(),
        }
    }

    /// The compact JSON text, no blanks.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut out = String::with_capacity(64);
        print::compact(self, &mut out);
        out
    }

    /// The JSON text over several lines, two blanks a level; empty arrays and objects stay `[]` and `{}`.
    #[must_use]
    pub fn to_pretty_json(&self) -> String {
        let mut out = String::with_capacity(64);
        print::pretty(self, 0, &mut out);
        out
    }

    fn measure(&self) -> Measure {
        match self {
            Self::Null => Measure::scalar(4),
            Self::Bool(value) => Measure::scalar(if *value { 4 } else { 5 }),
            Self::Number(number) => Measure::scalar(number.text_len()),
            Self::String(text) => Measure::scalar(string_size(text)),
            Self::Array(array) => array.0.measured.get(|| {
                let items = array.iter().map(Self::measure);
                let inner = items.fold(Measure::default(), Measure::beside);
                inner.enclosed(array.len())
            }),
            Self::Object(object) => object.measure(),
        }
    }
}

/// Structural equality; numbers by value (1 equals 1.0), objects whatever their order.
impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Number(a), Self::Number(b)) => a == b,
            (Self::String(a), Self::String(b)) => a == b,
            (Self::Array(a), Self::Array(b)) => a == b,
            (Self::Object(a), Self::Object(b)) => a == b,
            _ => false,
        }
    }
}

/// The compact JSON text.
impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.to_json())
    }
}

macro_rules! from {
    ($($type:ty => $make:expr),* $(,)?) => {
        $(impl From<$type> for Value {
            fn from(value: $type) -> Self {
                $make(value)
            }
        })*
    };
}

from! {
    bool => Value::Bool,
    i64 => |n| Value::Number(Number::Int(n)),
    i32 => |n| Value::Number(Number::Int(i64::from(n))),
    u32 => |n| Value::Number(Number::Int(i64::from(n))),
    usize => |n| Value::Number(Number::Int(i64::try_from(n).unwrap_or(i64::MAX))),
    f64 => |n| Value::Number(Number::from(n)),
    Number => Value::Number,
    &str => |text: &str| Value::String(text.into()),
    String => |text: String| Value::String(text.into()),
    Arc<str> => Value::String,
    Vec<Value> => |items| Value::Array(Array::new(items)),
    Array => Value::Array,
    Object => Value::Object,
}

/// A shared array; reads like a slice.
#[derive(Debug, Clone)]
pub struct Array(Arc<ArrayNode>);

#[derive(Debug)]
struct ArrayNode {
    items: Vec<Value>,
    measured: Measured,
}

impl Array {
    /// An array of `items`.
    #[must_use]
    pub fn new(items: Vec<Value>) -> Self {
        Self(Arc::new(ArrayNode { items, measured: Measured::default() }))
    }

    /// The items, to be changed; copied first when somebody else holds them too.
    pub fn make_mut(&mut self) -> &mut Vec<Value> {
        let node = Arc::make_mut(&mut self.0);
        node.measured = Measured::default();
        &mut node.items
    }
}

impl Clone for ArrayNode {
    fn clone(&self) -> Self {
        Self { items: self.items.clone(), measured: Measured::default() }
    }
}

impl Deref for Array {
    type Target = [Value];

    fn deref(&self) -> &[Value] {
        &self.0.items
    }
}

impl PartialEq for Array {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self[..] == other[..]
    }
}

impl FromIterator<Value> for Array {
    fn from_iter<T: IntoIterator<Item = Value>>(items: T) -> Self {
        Self::new(items.into_iter().collect())
    }
}

/// Size and depth of a value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Measure {
    size: usize,
    depth: usize,
}

impl Measure {
    fn scalar(size: usize) -> Self {
        Self { size, depth: 0 }
    }

    fn beside(self, other: Self) -> Self {
        // What is shared many times may be larger than can be counted.
        Self { size: self.size.saturating_add(other.size), depth: self.depth.max(other.depth) }
    }

    /// Brackets and the commas between `count` members around what was summed up.
    fn enclosed(self, count: usize) -> Self {
        Self { size: self.size.saturating_add(2 + count.saturating_sub(1)), depth: self.depth + 1 }
    }
}

/// A remembered [`Measure`]: 0 is "not measured", else the depth in the upper 20 bits and the size below.
#[derive(Debug, Default)]
pub(crate) struct Measured(AtomicU64);

impl Measured {
    const SIZE_BITS: u32 = 44;

    fn get(&self, measure: impl FnOnce() -> Measure) -> Measure {
        // Relaxed: the number depends on nothing else, and everybody computes the same.
        let known = self.0.load(Ordering::Relaxed);
        if known != 0 {
            let size = known & ((1 << Self::SIZE_BITS) - 1);
            let as_usize = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
            return Measure { size: as_usize(size), depth: as_usize(known >> Self::SIZE_BITS) };
        }
        let measure = measure();
        let size = (measure.size as u64).min((1 << Self::SIZE_BITS) - 1);
        let depth = (measure.depth as u64).min((1 << (64 - Self::SIZE_BITS)) - 1);
        self.0.store(depth << Self::SIZE_BITS | size, Ordering::Relaxed);
        measure
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Value {
        read(text).expect("valid JSON")
    }

    #[test]
    fn a_clone_shares_and_a_change_does_not_show_in_it() {
        let first = value(r#"{"a":{"deep":[1,2]},"b":1}"#);
        let mut second = first.clone();
        assert!(first.is_same(&second));
        if let Value::Object(object) = &mut second {
            object.insert("b", Value::from(2));
        }
        assert_eq!(first.to_json(), r#"{"a":{"deep":[1,2]},"b":1}"#);
        assert_eq!(second.to_json(), r#"{"a":{"deep":[1,2]},"b":2}"#);
        assert!(first.get("a").expect("a").is_same(second.get("a").expect("a")), "what did not change is shared");
    }

    #[test]
    fn size_and_depth_are_those_of_the_compact_text() {
        for text in ["null", "[]", "{}", r#"{"a":[1,2.5,"x\n\u0001é"],"b":{"c":{}}}"#, r#"[[],[[]],"\"\\"]"#] {
            assert_eq!(value(text).size(), value(text).to_json().len(), "{text}");
        }
        assert_eq!(value("1").depth(), 0);
        assert_eq!(value(r#"{"a":[1]}"#).depth(), 2);
    }

    #[test]
    fn a_changed_array_is_measured_anew() {
        let mut items = Array::new(vec![Value::from(1)]);
        let before = Value::Array(items.clone()).size();
        items.make_mut().push(Value::from(22));
        assert_eq!((before, Value::Array(items).size()), (3, 6));
    }

    #[test]
    fn equality_is_by_value() {
        assert_eq!(value(r#"{"a":1,"b":[0.5]}"#), value(r#"{"b":[5e-1],"a":1.0}"#));
        assert_ne!(value("[1,2]"), value("[2,1]"));
        assert_ne!(value("\"1\""), value("1"));
        assert_ne!(value("{}"), value(r#"{"a":null}"#));
    }

    #[test]
    fn a_value_is_three_words() {
        assert_eq!(size_of::<Value>(), 24);
    }
}
