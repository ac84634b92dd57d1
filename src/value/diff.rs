//! The structural difference of two values.

use std::fmt;
use std::sync::Arc;

use super::{Array, Object, Value};

/// One step of a path into a value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Step {
    /// A member of an object.
    Key(Arc<str>),
    /// An item of an array, from 0.
    Index(usize),
}

/// What happened at the path of a [`Change`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChangeKind {
    /// Only the second value has something there.
    Added,
    /// Only the first value has something there.
    Removed,
    /// Both have something there, and it differs.
    Changed,
}

/// One difference: the smallest part that differs.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Where it is.
    pub path: Vec<Step>,
    /// What happened.
    pub kind: ChangeKind,
    /// The part of the first value, unless added.
    pub before: Option<Value>,
    /// The part of the second value, unless removed.
    pub after: Option<Value>,
}

/// The differences found, and whether there are more.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Difference {
    /// The changes: members in the order of the second value, then what was removed.
    pub changes: Vec<Change>,
    /// Whether the search ended at the limit.
    pub cut: bool,
}

impl Difference {
    /// Whether both values are equal.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }
}

/// At most `limit` differences between `before` and `after`.
///
/// Parts that both values share in memory are skipped without a look, so the cost follows what changed, not the size.
/// Items of arrays are compared by position, after what is equal at both ends.
#[must_use]
pub fn diff(before: &Value, after: &Value, limit: usize) -> Difference {
    let mut search = Search { limit, path: Vec::new(), found: Difference::default() };
    search.compare(before, after);
    search.found
}

struct Search {
    limit: usize,
    path: Vec<Step>,
    found: Difference,
}

impl Search {
    /// The depth of this recursion is bounded by that of the values.
    fn compare(&mut self, before: &Value, after: &Value) {
        if self.found.cut || before.is_same(after) {
            return;
        }
        match (before, after) {
            (Value::Object(before), Value::Object(after)) => self.objects(before, after),
            (Value::Array(before), Value::Array(after)) => self.arrays(before, after),
            _ if before == after => {}
            _ => self.report(Some(before), Some(after)),
        }
    }

    fn objects(&mut self, before: &Object, after: &Object) {
        for (key, new) in after.iter() {
            let step = Step::Key(key.clone());
            match before.get(key) {
                Some(old) => self.inside(step, |search| search.compare(old, new)),
                None => self.inside(step, |search| search.report(None, Some(new))),
            }
        }
        for (key, old) in before.iter().filter(|(key, _)| !after.contains_key(key)) {
            self.inside(Step::Key(key.clone()), |search| search.report(Some(old), None));
        }
    }

    /// An item put in or taken out in the middle is one change, not a change of every item behind it.
    fn arrays(&mut self, before: &Array, after: &Array) {
        let longest = before.len().min(after.len());
        let same = |(old, new): &(&Value, &Value)| old == new;
        let (head, tail) = if before.len() == after.len() {
            (0, 0)
        } else {
            let head = before.iter().zip(after.iter()).take_while(same).count();
            let tail = before.iter().rev().zip(after.iter().rev()).take(longest - head).take_while(same).count();
            (head, tail)
        };
        let old = before.get(head..before.len() - tail).unwrap_or_default();
        let new = after.get(head..after.len() - tail).unwrap_or_default();
        for (at, (old, new)) in old.iter().zip(new).enumerate() {
            self.inside(Step::Index(head + at), |search| search.compare(old, new));
        }
        let paired = old.len().min(new.len());
        for (at, item) in new.iter().enumerate().skip(paired) {
            self.inside(Step::Index(head + at), |search| search.report(None, Some(item)));
        }
        for (at, item) in old.iter().enumerate().skip(paired) {
            self.inside(Step::Index(head + at), |search| search.report(Some(item), None));
        }
    }

    fn inside(&mut self, step: Step, look: impl FnOnce(&mut Self)) {
        if self.found.cut {
            return;
        }
        self.path.push(step);
        look(self);
        self.path.pop();
    }

    fn report(&mut self, before: Option<&Value>, after: Option<&Value>) {
        if self.found.changes.len() >= self.limit {
            self.found.cut = true;
            return;
        }
        let kind = match (before, after) {
            (None, _) => ChangeKind::Added,
            (_, None) => ChangeKind::Removed,
            _ => ChangeKind::Changed,
        };
        let (path, before, after) = (self.path.clone(), before.cloned(), after.cloned());
        self.found.changes.push(Change { path, kind, before, after });
    }
}

/// The path of `steps` as JSONPath: `$.a[0]['odd key']`.
#[must_use]
pub fn json_path(steps: &[Step]) -> String {
    let mut out = String::from("$");
    for step in steps {
        out.push_str(&step.to_string());
    }
    out
}

/// The step as JSONPath spells it: `.key`, `['odd key']`, `[0]`.
impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Index(at) => write!(f, "[{at}]"),
            Self::Key(key) if is_plain(key) => write!(f, ".{key}"),
            Self::Key(key) => write!(f, "['{}']", key.replace('\\', "\\\\").replace('\'', "\\'")),
        }
    }
}

fn is_plain(key: &str) -> bool {
    let starts = |c: char| c.is_alphabetic() || c == '_';
    key.starts_with(starts) && key.chars().all(|c| c.is_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;
    use proptest::prelude::*;

    fn value(text: &str) -> Value {
        read(text).expect("valid JSON")
    }

    /// `+path`, `-path`, `~path` for each change.
    fn changes(before: &str, after: &str) -> Vec<String> {
        let found = diff(&value(before), &value(after), 100);
        let sign = |kind| match kind {
            ChangeKind::Added => '+',
            ChangeKind::Removed => '-',
            ChangeKind::Changed => '~',
        };
        found.changes.iter().map(|change| format!("{}{}", sign(change.kind), json_path(&change.path))).collect()
    }

    #[test]
    fn the_smallest_parts_that_differ() {
        let cases: &[(&str, &str, &[&str])] = &[
            ("1", "1.0", &[]),
            ("1", "\"1\"", &["~$"]),
            (r#"{"a":1,"b":2}"#, r#"{"b":2,"a":1}"#, &[]),
            (r#"{"a":1,"b":{"c":[1,2]}}"#, r#"{"b":{"c":[1,3]},"d":null}"#, &["~$.b.c[1]", "+$.d", "-$.a"]),
            ("[1,2,3]", "[1,9,3]", &["~$[1]"]),
            ("[1,2,3]", "[1,2,9,3]", &["+$[2]"]),
            ("[1,2,3]", "[2,3]", &["-$[0]"]),
            ("[1,1]", "[1]", &["-$[1]"]),
            ("[]", "[1,2]", &["+$[0]", "+$[1]"]),
            (r#"{"a":[]}"#, r#"{"a":{}}"#, &["~$.a"]),
            (r#"{"odd key":1,"it's":1}"#, "{}", &["-$['odd key']", "-$['it\\'s']"]),
        ];
        for (before, after, expected) in cases {
            assert_eq!(changes(before, after), *expected, "{before} to {after}");
        }
    }

    #[test]
    fn the_number_of_changes_is_bounded() {
        let before = Value::empty_object();
        let after: Object = (0..50).map(|n| (format!("k{n}"), Value::from(n))).collect();
        let found = diff(&before, &Value::Object(after.clone()), 10);
        assert_eq!((found.changes.len(), found.cut), (10, true));
        let all = diff(&before, &Value::Object(after), 50);
        assert_eq!((all.changes.len(), all.cut), (50, false));
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![Just(Value::Null), (0..3i64).prop_map(Value::from), "[ab]{0,2}".prop_map(Value::from)];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                proptest::collection::vec(("[abc]", inner), 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn no_change_means_equal(before in any_value(), after in any_value()) {
            prop_assert_eq!(diff(&before, &after, 1000).is_empty(), before == after);
        }
    }
}
