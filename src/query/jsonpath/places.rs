//! Where the values stand that a path finds.

use std::borrow::Cow;
use std::collections::HashMap;

use super::eval::{Document, Selected, Work};
use super::parse::StepKind;
use super::{Dialect, JsonPath};
use crate::value::Value;
use crate::value::diff::Step;

/// Where in a document the values stand that a path finds.
#[derive(Debug, Clone, PartialEq)]
pub enum Places {
    /// The value of a definite path.
    One(Vec<Step>),
    /// The elements of the list that any other path gives, in their order.
    Each(Vec<Vec<Step>>),
}

/// Values that are looked through for those that a path found.
const MOST: usize = 2_000_000;

impl JsonPath {
    /// Where in `document`, which is what the path starts from, the values stand that it finds; none where it finds
    /// nothing, makes new values, or where a value stands in several places.
    #[must_use]
    pub fn places(&self, document: &Value) -> Option<Places> {
        if let Some(place) = self.plain_place(document) {
            return Some(Places::One(place));
        }
        let work = Work::default();
        let found = Document::new(document, Dialect::Service, &work).select(self.steps(), document).ok()?;
        let Selected::List(values) = found else { return None };
        let address = |value: &Cow<'_, Value>| match value {
            Cow::Borrowed(value) => Some(std::ptr::from_ref::<Value>(value)),
            Cow::Owned(_) => None,
        };
        let wanted = values.iter().map(address).collect::<Option<Vec<_>>>()?;
        let mut search = Search { found: wanted.iter().map(|at| (*at, Vec::new())).collect(), left: MOST };
        search.value(document, &mut Vec::new())?;
        let only = |at: &*const Value| match search.found.get(at)?.as_slice() {
            [only] => Some(only.clone()),
            _ => None,
        };
        wanted.iter().map(only).collect::<Option<_>>().map(Places::Each)
    }

    fn plain_place(&self, document: &Value) -> Option<Vec<Step>> {
        let mut here = document;
        let mut place = Vec::new();
        for step in self.steps() {
            let (next, step) = match (&step.kind, here) {
                (StepKind::Name(name), Value::Object(object)) => (object.get(name)?, Step::Key(name.clone())),
                (StepKind::Index(index), Value::Array(items)) => {
                    let length = i64::try_from(items.len()).ok()?;
                    let at = usize::try_from(if *index < 0 { length + index } else { *index }).ok()?;
                    (items.get(at)?, Step::Index(at))
                }
                _ => return None,
            };
            place.push(step);
            here = next;
        }
        Some(place)
    }
}

struct Search {
    /// The values wanted, with the places at which each was met: one in memory may be shared by several.
    found: HashMap<*const Value, Vec<Vec<Step>>>,
    left: usize,
}

impl Search {
    /// Looks through `value`; the depth of this recursion is bounded by that of the value. None: there is too much.
    fn value(&mut self, value: &Value, path: &mut Vec<Step>) -> Option<()> {
        self.left = self.left.checked_sub(1)?;
        if let Some(places) = self.found.get_mut(&std::ptr::from_ref(value)).filter(|places| places.len() < 2) {
            places.push(path.clone());
        }
        match value {
            Value::Object(object) => {
                for (key, member) in object.iter() {
                    path.push(Step::Key(key.clone()));
                    self.value(member, path)?;
                    path.pop();
                }
            }
            Value::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    path.push(Step::Index(at));
                    self.value(item, path)?;
                    path.pop();
                }
            }
            _ => {}
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::testing::json;
    use crate::value::diff::json_path;

    #[test]
    fn places_of_what_is_found() {
        let document = json(r#"{"a":{"b":[1,{"c":2},{"c":3}]},"d e":5}"#);
        for (path, places) in [
            ("$", "$"),
            ("$.a.b[-1].c", "$.a.b[2].c"),
            ("$['d e']", "$['d e']"),
            ("$.a.b[*].c", "$.a.b[1].c $.a.b[2].c"),
            ("$..c", "$.a.b[1].c $.a.b[2].c"),
            ("$.a.b[?(@.c > 2)]", "$.a.b[2]"),
            ("$.a.b[0:2]", "$.a.b[0] $.a.b[1]"),
            ("$.nothing", ""),
        ] {
            let found = JsonPath::compile(path).expect(path).places(&document);
            let shown = match found {
                None => String::new(),
                Some(Places::One(place)) => json_path(&place),
                Some(Places::Each(places)) => places.iter().map(|p| json_path(p)).collect::<Vec<_>>().join(" "),
            };
            assert_eq!(shown, places, "{path}");
        }
    }
}
