//! Finding text in a value, folded or not.

use std::ops::ControlFlow;

use super::JsonTree;
use crate::value::Value;
use crate::value::diff::Step;

/// What takes a match: its positions among siblings, in whose order the rows are, and its path.
type Take<'t> = &'t mut dyn FnMut(&[usize], &[Step]) -> ControlFlow<()>;

impl JsonTree {
    /// The paths of keys and scalars that hold `text`, in the order of the rows, at most `limit`. Capitals matter only
    /// when `text` has some.
    #[must_use]
    pub fn find(&self, text: &str, limit: usize) -> Vec<Vec<Step>> {
        let mut found = Vec::new();
        if limit > 0 {
            let _ = self.each(text, &mut |_, path| {
                found.push(path.to_vec());
                if found.len() < limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            });
        }
        found
    }

    /// Gives each key and scalar that holds `text` to `take`, in the order of the rows, until that breaks.
    ///
    /// # Errors
    /// It broke.
    pub fn each(&self, text: &str, take: Take<'_>) -> ControlFlow<()> {
        if text.is_empty() {
            return ControlFlow::Continue(());
        }
        let needle = Needle::new(text);
        Search { needle, take, places: Vec::new(), path: Vec::new() }.value(&self.value)
    }
}

/// The value at `path` in `value`.
pub(super) fn at<'v>(value: &'v Value, path: &[Step]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, step| match step {
        Step::Key(key) => value.get(key),
        Step::Index(index) => value.as_array()?.get(*index),
    })
}

/// What is looked for.
struct Needle<'t> {
    text: &'t str,
    /// Capitals matter.
    exact: bool,
    /// It may stand in a number.
    is_number: bool,
    /// It may stand in `true`, `false` or `null`.
    is_word: bool,
}

impl<'t> Needle<'t> {
    fn new(text: &'t str) -> Self {
        let exact = text.chars().any(char::is_uppercase);
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
        let is_word = ["true", "false", "null"].iter().any(|word| word.contains(text));
        Self { text, exact, is_number, is_word }
    }

    fn is_in(&self, text: &str) -> bool {
        if self.exact || text.len() < self.text.len() {
            return text.contains(self.text);
        }
        if text.is_ascii() { self.is_in_ascii(text.as_bytes()) } else { text.to_lowercase().contains(self.text) }
    }

    /// Without a copy in small letters: values may be large.
    fn is_in_ascii(&self, text: &[u8]) -> bool {
        let wanted = self.text.as_bytes();
        let Some(first) = wanted.first() else { return true };
        let starts = text.len() + 1 - wanted.len();
        text[..starts].iter().enumerate().any(|(at, byte)| {
            byte.eq_ignore_ascii_case(first) && text[at..at + wanted.len()].eq_ignore_ascii_case(wanted)
        })
    }
}

struct Search<'t> {
    needle: Needle<'t>,
    take: Take<'t>,
    places: Vec<usize>,
    path: Vec<Step>,
}

impl Search<'_> {
    /// The depth of this recursion is bounded by that of the value.
    fn value(&mut self, value: &Value) -> ControlFlow<()> {
        let key = self.path.last().is_some_and(|step| matches!(step, Step::Key(key) if self.needle.is_in(key)));
        let scalar = || match value {
            Value::Object(_) | Value::Array(_) => false,
            Value::String(text) => self.needle.is_in(text),
            Value::Number(number) => self.needle.is_number && self.needle.is_in(&number.to_string()),
            Value::Bool(_) | Value::Null => self.needle.is_word && self.needle.is_in(&value.to_json()),
        };
        if key || scalar() {
            (self.take)(&self.places, &self.path)?;
        }
        match value {
            Value::Object(object) => {
                for (place, (key, member)) in object.iter().enumerate() {
                    self.inside(place, Step::Key(key.clone()), member)?;
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.inside(index, Step::Index(index), item)?;
                }
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }

    fn inside(&mut self, place: usize, step: Step, value: &Value) -> ControlFlow<()> {
        self.path.push(step);
        self.places.push(place);
        let flow = self.value(value);
        self.places.pop();
        self.path.pop();
        flow
    }
}
