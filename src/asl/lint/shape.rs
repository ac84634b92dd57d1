//! What is known about data before anything runs: which keys an object can have at all.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::asl::placeholder;
use crate::text::{Node, NodeKind};

/// What is known about a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shape {
    /// Nothing.
    Unknown,
    /// It is neither object nor array.
    Leaf,
    /// It is an array.
    List,
    /// It is an object.
    Object(Arc<Members>),
}

/// The keys of an object. Each may be missing; what matters is which can be there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Members {
    pub(super) known: BTreeMap<Arc<str>, Shape>,
    /// There may be others.
    pub(super) is_open: bool,
}

/// More keys, or deeper ones, are not followed: the analysis must end, and soon.
const MOST_KEYS: usize = 256;
const DEEPEST: usize = 8;

impl Shape {
    /// An object that has no keys but these, of which nothing else is known.
    pub(super) fn closed(keys: &[&str]) -> Self {
        Self::object(keys.iter().map(|key| (Arc::from(*key), Self::Unknown)).collect(), false)
    }

    pub(super) fn object(known: BTreeMap<Arc<str>, Self>, is_open: bool) -> Self {
        if known.len() > MOST_KEYS { Self::Unknown } else { Self::Object(Arc::new(Members { known, is_open })) }
    }

    /// What is known of a value that is written in the definition.
    pub(super) fn of(node: &Node) -> Self {
        match &node.kind {
            NodeKind::String(text) if placeholder::is_in(text) => Self::Unknown,
            NodeKind::Array(_) => Self::List,
            NodeKind::Object(_) if placeholder::is_function(node) => Self::Unknown,
            NodeKind::Object(members) => {
                let is_open = members.iter().any(|member| placeholder::is_in(&member.key));
                let known = members.iter().map(|member| (member.key.clone(), Self::of(&member.value)));
                Self::object(known.collect(), is_open)
            }
            _ => Self::Leaf,
        }
    }

    /// What is behind `key`; `None` when that cannot be there.
    pub(super) fn get(&self, key: &str) -> Option<Self> {
        match self {
            Self::Unknown => Some(Self::Unknown),
            Self::Leaf | Self::List => None,
            Self::Object(members) => match members.known.get(key) {
                Some(shape) => Some(shape.clone()),
                None => members.is_open.then_some(Self::Unknown),
            },
        }
    }

    /// What is behind `keys`; the number of those that can be there, and the shape that lacks the next, when not all.
    pub(super) fn find<K: AsRef<str>>(&self, keys: &[K]) -> Result<Self, (usize, Self)> {
        let mut shape = self.clone();
        for (at, key) in keys.iter().enumerate() {
            match shape.get(key.as_ref()) {
                Some(inner) => shape = inner,
                None => return Err((at, shape)),
            }
        }
        Ok(shape)
    }

    /// With `value` at `keys`; objects on the way are made.
    pub(super) fn with<K: AsRef<str>>(&self, keys: &[K], value: Self) -> Self {
        let Some((first, rest)) = keys.split_first() else { return value };
        if rest.len() >= DEEPEST {
            return Self::Unknown;
        }
        let mut members = match self {
            Self::Object(members) => Members::clone(members),
            Self::Unknown => Members { is_open: true, ..Members::default() },
            Self::Leaf | Self::List => return Self::Unknown,
        };
        let inner = members.known.get(first.as_ref()).cloned();
        let inner = inner.unwrap_or_else(|| if members.is_open { Self::Unknown } else { Self::closed(&[]) });
        members.known.insert(first.as_ref().into(), inner.with(rest, value).within(DEEPEST - 1));
        Self::object(members.known, members.is_open)
    }

    /// With whatever may be at `keys`, where it could not be before.
    pub(super) fn perhaps_with<K: AsRef<str>>(&self, keys: &[K]) -> Self {
        if self.find(keys).is_ok() { self.clone() } else { self.with(keys, Self::Unknown) }
    }

    /// What is known of a value that is one or the other.
    pub(super) fn or(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Object(one), Self::Object(two)) if Arc::ptr_eq(one, two) => self.clone(),
            (Self::Object(one), Self::Object(two)) => {
                let mut known = BTreeMap::new();
                for key in one.known.keys().chain(two.known.keys()) {
                    let both = match (self.get(key), other.get(key)) {
                        (Some(one), Some(two)) => one.or(&two),
                        (Some(only), None) | (None, Some(only)) => only,
                        (None, None) => continue,
                    };
                    known.insert(key.clone(), both);
                }
                Self::object(known, one.is_open || two.is_open)
            }
            _ if self == other => self.clone(),
            _ => Self::Unknown,
        }
    }

    /// What is known of it down to some levels.
    pub(super) fn within(self, levels: usize) -> Self {
        match self {
            Self::Object(_) if levels == 0 => Self::Unknown,
            Self::Object(members) if members.known.values().any(|inner| matches!(inner, Self::Object(_))) => {
                let known = members.known.iter().map(|(key, inner)| (key.clone(), inner.clone().within(levels - 1)));
                Self::object(known.collect(), members.is_open)
            }
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_cannot_be_there_is_told_from_one_that_may() {
        let closed = Shape::closed(&["Error", "Cause"]);
        assert_eq!(closed.find(&["Error", "deep"]), Ok(Shape::Unknown));
        assert_eq!(closed.find(&["order", "id"]), Err((0, closed.clone())));
        let written = Shape::Unknown.with(&["a", "b"], Shape::Leaf);
        assert_eq!(written.find(&["other"]), Ok(Shape::Unknown));
        assert_eq!(written.find(&["a", "b", "c"]), Err((2, Shape::Leaf)));
        assert_eq!(written.find(&["a", "x"]), Ok(Shape::Unknown));
        assert_eq!(closed.with(&["new"], Shape::List).find(&["new", "x"]), Err((1, Shape::List)));
        assert_eq!(Shape::List.with(&["a"], Shape::Leaf), Shape::Unknown);
    }

    #[test]
    fn of_two_ways_what_either_may_have_counts() {
        let (one, two) = (Shape::closed(&["a"]), Shape::closed(&["b"]));
        assert_eq!(one.or(&two), Shape::closed(&["a", "b"]));
        assert_eq!(one.or(&Shape::Unknown), Shape::Unknown);
        assert_eq!(one.or(&Shape::List), Shape::Unknown);
        let open = Shape::Unknown.with(&["a"], Shape::Leaf);
        assert_eq!(open.or(&one).get("other"), Some(Shape::Unknown));
    }

    #[test]
    fn growth_has_an_end() {
        let mut shape = Shape::closed(&[]);
        for _ in 0..100 {
            shape = Shape::closed(&[]).with(&["before"], shape);
        }
        assert_eq!(shape.find(&["before"; 9]), Ok(Shape::Unknown));
        let wide = (0..1000).fold(Shape::closed(&[]), |shape, at| shape.with(&[format!("k{at}")], Shape::Leaf));
        assert_eq!(wide.find(&["nothing"]), Ok(Shape::Unknown));
    }
}
