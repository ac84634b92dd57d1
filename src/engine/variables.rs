//! Variables: one frame for each `States` object, inner frames read the outer ones.

use std::sync::Arc;

use crate::value::{Object, Value};

/// The variables that a branch sees; cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Variables(Option<Arc<Frame>>);

#[derive(Debug, Clone, Default)]
struct Frame {
    outer: Variables,
    own: Object,
    /// Bytes of all values of `own`: kept, because texts are measured by reading them.
    size: usize,
}

impl Variables {
    /// The value of `name`, innermost first.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.scopes().find_map(|own| own.get(name))
    }

    /// A new scope inside this one: it reads these variables as they are now, and loses its own when it ends.
    #[must_use]
    pub fn inner(&self) -> Self {
        if self.0.is_none() {
            Self::default()
        } else {
            Self(Some(Arc::new(Frame { outer: self.clone(), ..Frame::default() })))
        }
    }

    /// Sets all members of `assigned` in this scope.
    pub fn assign(&mut self, assigned: &Object) {
        if assigned.is_empty() {
            return;
        }
        let frame = Arc::make_mut(self.0.get_or_insert_default());
        for (name, value) in assigned.iter() {
            frame.size = frame.size + value.size() - frame.own.get(name).map_or(0, Value::size);
            frame.own.insert(name.clone(), value.clone());
        }
    }

    /// The scopes from the innermost outwards, each with its variables.
    pub fn scopes(&self) -> impl Iterator<Item = &Object> {
        self.frames().map(|frame| &frame.own)
    }

    fn frames(&self) -> impl Iterator<Item = &Frame> {
        std::iter::successors(self.0.as_deref(), |frame| frame.outer.0.as_deref())
    }

    /// Bytes of all values together: 10 MiB an execution at most (Step Functions quotas).
    #[must_use]
    pub fn size(&self) -> usize {
        self.frames().map(|frame| frame.size).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(members: &[(&str, i64)]) -> Object {
        members.iter().map(|(name, value)| (*name, Value::from(*value))).collect()
    }

    #[test]
    fn inner_scopes_read_outer_variables_as_a_snapshot() {
        let mut outer = Variables::default();
        outer.assign(&object(&[("a", 1)]));
        let mut inner = outer.inner();
        inner.assign(&object(&[("b", 2)]));
        outer.assign(&object(&[("a", 3)]));
        assert_eq!((inner.get("a"), inner.get("b")), (Some(&Value::from(1)), Some(&Value::from(2))));
        assert_eq!((outer.get("a"), outer.get("b")), (Some(&Value::from(3)), None));
        assert_eq!(inner.scopes().count(), 2);
    }

    #[test]
    fn the_size_is_that_of_what_is_there_now() {
        let mut outer = Variables::default();
        outer.assign(&object(&[("a", 1), ("b", 22)]));
        assert_eq!(outer.size(), 3);
        outer.assign(&object(&[("a", 4444)]));
        let mut inner = outer.inner();
        inner.assign(&object(&[("c", 5)]));
        assert_eq!((outer.size(), inner.size()), (6, 7));
    }
}
