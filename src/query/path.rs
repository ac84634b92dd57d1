//! Reference paths: where ResultPath writes.

use super::NoScope;
use super::error::{QueryError, SyntaxError};
use super::jsonpath::{JsonPath, PlainStep, Root};
use crate::text::Span;
use crate::value::Value;
use crate::value::diff::Step;

/// A path of names and indexes only, below `$`.
#[derive(Debug, Clone)]
pub struct ReferencePath {
    path: JsonPath,
}

impl ReferencePath {
    /// Compiles `text`.
    ///
    /// # Errors
    /// What is no reference path (wildcards, slices, filters, `$$`, variables), with its place.
    pub fn compile(text: &str) -> Result<Self, SyntaxError> {
        let path = JsonPath::compile_reference(text)?;
        let refused = |span, message: &str| Err(SyntaxError { message: message.to_owned(), span });
        match path.root() {
            Root::Input => {}
            Root::Context => return refused(Span::new(0, 2), "a reference path begins with `$`, not with `$$`"),
            Root::Variable(name) => {
                return refused(Span::new(0, name.len() + 1), "a reference path begins with `$`, not with a variable");
            }
        }
        if let Some(span) = path.ambiguous_step() {
            return refused(span, "a reference path names one place: only names (`.a`, `['a']`) and indexes (`[0]`)");
        }
        Ok(Self { path })
    }

    /// The path as written.
    #[must_use]
    pub fn text(&self) -> &str {
        self.path.text()
    }

    /// The steps, when all of them are names.
    #[must_use]
    pub fn names(&self) -> Option<Vec<&std::sync::Arc<str>>> {
        self.path.names()
    }

    /// Whether it is just `$`.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.path.is_whole_input()
    }

    /// The steps to the place, its indexes counted in `target` as it is before something is written.
    #[must_use]
    pub fn steps(&self, target: Option<&Value>) -> Vec<Step> {
        let mut here = target;
        let mut steps = Vec::new();
        for (step, _) in self.path.plain_steps() {
            match step {
                PlainStep::Name(name) => {
                    here = here.and_then(|value| value.get(name));
                    steps.push(Step::Key(name.clone()));
                }
                PlainStep::Index(index) => {
                    let items = here.and_then(Value::as_array);
                    let at = position(index, items.map_or(usize::MAX >> 1, |items| items.len()));
                    here = at.and_then(|at| items?.get(at));
                    steps.extend(at.map(Step::Index));
                }
                PlainStep::Other => {}
            }
        }
        steps
    }

    /// The value at this place.
    ///
    /// # Errors
    /// Nothing there; the cause is in the words that the service uses for `States.ReferencePathConflict` (reported).
    pub fn read(&self, target: &Value) -> Result<Value, QueryError> {
        self.path.select(target, &mut NoScope).map_err(|missing| {
            let step = self.path.plain_steps().find(|(_, span)| *span == missing.span).map(|(step, _)| step);
            QueryError { cause: conflict(step.unwrap_or(PlainStep::Other), target), ..missing }
        })
    }

    /// `target` with `value` written at this place; missing objects on the way are made.
    ///
    /// # Errors
    /// A step into something that is no object, or an index that does not exist (States.ResultPathMatchFailure).
    pub fn write(&self, target: &Value, value: Value) -> Result<Value, QueryError> {
        let mut result = target.clone();
        let mut place = &mut result;
        let mut missing = false;
        for (step, span) in self.path.plain_steps() {
            let here = match (std::mem::take(&mut missing), step) {
                (true, PlainStep::Name(_)) => {
                    *place = Value::empty_object();
                    Place::Other("object")
                }
                (true, _) => Place::Missing,
                (false, _) => describe(place),
            };
            let next = match (step, place) {
                (PlainStep::Name(name), Value::Object(object)) => {
                    missing = !object.contains_key(name);
                    Some(object.entry(name))
                }
                (PlainStep::Index(index), Value::Array(items)) => {
                    let position = position(index, items.len());
                    position.and_then(|position| items.make_mut().get_mut(position))
                }
                _ => None,
            };
            place = next.ok_or_else(|| self.conflict(step, span, here, target))?;
        }
        *place = value;
        Ok(result)
    }

    fn conflict(&self, step: PlainStep<'_>, span: Span, here: Place, target: &Value) -> QueryError {
        let place = self.text().get(..span.start as usize).unwrap_or("$");
        let hint = match (here, step) {
            (Place::Missing, _) => format!("`{place}` does not exist, and only objects are made on the way"),
            (Place::Array(length), PlainStep::Index(index)) => {
                format!("`{place}` has {length} elements; there is none at index {index} to be replaced")
            }
            (Place::Array(_), _) => format!("`{place}` is an array; write an index such as `[0]`"),
            (Place::Other(kind), _) => format!("`{place}` is a value of type {kind}; nothing can be written below it"),
        };
        QueryError {
            cause: conflict(step, target),
            expression: self.text().to_owned(),
            span,
            field: String::new(),
            hint: Some(hint),
        }
    }
}

/// What stands at a place, for the words of a failure.
#[derive(Debug, Clone, Copy)]
enum Place {
    Missing,
    Array(usize),
    Other(&'static str),
}

fn describe(value: &Value) -> Place {
    match value {
        Value::Array(items) => Place::Array(items.len()),
        other => Place::Other(other.type_name()),
    }
}

fn conflict(step: PlainStep<'_>, target: &Value) -> String {
    let step = match step {
        PlainStep::Name(name) => name.to_string(),
        PlainStep::Index(index) => index.to_string(),
        PlainStep::Other => "$".to_owned(),
    };
    format!("Unable to apply step \"{step}\" to input {}", target.to_json())
}

fn position(index: i64, length: usize) -> Option<usize> {
    let length = i64::try_from(length).ok()?;
    let position = if index < 0 { length + index } else { index };
    usize::try_from(position).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::proptest;

    use super::*;
    use crate::query::testing::{assert_inside, json, texts, values};

    fn write(path: &str, target: &str) -> Result<Value, QueryError> {
        ReferencePath::compile(path).expect(path).write(&json(target), Value::from("new"))
    }

    #[test]
    fn writes_and_makes_missing_objects() {
        for (path, target, expected) in [
            ("$", r#"{"a":1}"#, r#""new""#),
            ("$", "5", r#""new""#),
            ("$.a", r#"{"a":1,"b":2}"#, r#"{"a":"new","b":2}"#),
            ("$.c", r#"{"a":1}"#, r#"{"a":1,"c":"new"}"#),
            ("$.c.d['e f']", "{}", r#"{"c":{"d":{"e f":"new"}}}"#),
            ("$.a.b", r#"{"a":{"x":1}}"#, r#"{"a":{"x":1,"b":"new"}}"#),
            ("$.a[1].b", r#"{"a":[1,{}]}"#, r#"{"a":[1,{"b":"new"}]}"#),
            ("$[-1]", "[1,2]", r#"[1,"new"]"#),
            (r"$.a\.b", "{}", r#"{"a.b":"new"}"#),
        ] {
            assert_eq!(write(path, target).expect(path).to_json(), expected, "{path}");
        }
    }

    #[test]
    fn what_cannot_be_written_says_why() {
        for (path, target, step, hint) in [
            ("$.a", "5", "a", "`$` is a value of type number; nothing can be written below it"),
            ("$.a", "[1]", "a", "`$` is an array; write an index such as `[0]`"),
            ("$.a.b", r#"{"a":"x"}"#, "b", "`$.a` is a value of type string; nothing can be written below it"),
            ("$.a.b", r#"{"a":null}"#, "b", "`$.a` is a value of type null; nothing can be written below it"),
            ("$.a[1]", r#"{"a":[1]}"#, "1", "`$.a` has 1 elements; there is none at index 1 to be replaced"),
            ("$.a[0]", r#"{"a":{}}"#, "0", "`$.a` is a value of type object; nothing can be written below it"),
            ("$.a[0]", "{}", "0", "`$.a` does not exist, and only objects are made on the way"),
        ] {
            let error = write(path, target).expect_err(path);
            assert_eq!(error.cause, format!("Unable to apply step \"{step}\" to input {}", json(target)), "{path}");
            assert_eq!(error.hint.as_deref(), Some(hint), "{path}");
        }
    }

    #[test]
    fn only_the_way_to_the_place_is_copied() {
        let target = json(r#"{"a":{"b":{"c":1},"d":[1]},"e":[2]}"#);
        let path = ReferencePath::compile("$.a.b.c").expect("a path");
        let written = path.write(&target, Value::Null).expect("written");
        assert_eq!(target.to_json(), r#"{"a":{"b":{"c":1},"d":[1]},"e":[2]}"#, "the original is as it was");
        let part =
            |value: &Value, keys: &[&str]| keys.iter().try_fold(value.clone(), |value, key| value.get(key).cloned());
        for keys in [&["e"][..], &["a", "d"]] {
            assert!(part(&target, keys).expect("there").is_same(&part(&written, keys).expect("there")));
        }
        assert_eq!(path.read(&written), Ok(Value::Null));
    }

    #[test]
    fn reading_what_is_not_there_is_a_conflict() {
        let error =
            ReferencePath::compile("$.a.items").expect("a path").read(&json(r#"{"a":{}}"#)).expect_err("missing");
        assert_eq!(error.cause, r#"Unable to apply step "items" to input {"a":{}}"#);
    }

    #[test]
    fn what_names_no_single_place_is_refused() {
        for (path, at) in [
            ("$.a[*]", "[*]"),
            ("$.a[1:2].b", "[1:2]"),
            ("$..a", ".."),
            ("$.a[?(@.b)]", "[?(@.b)]"),
            ("$['a','b']", "['a','b']"),
            ("$.a.length()", ".length()"),
            ("$$.a", "$$"),
            ("$var.a", "$var"),
            ("a", "a"),
        ] {
            let error = ReferencePath::compile(path).expect_err(path);
            assert_eq!(error.span.text(path), at, "{path}: {error}");
        }
    }

    proptest! {
        #[test]
        fn any_text_compiles_or_shows_a_part_of_itself(text in texts(), target in values()) {
            match ReferencePath::compile(&text) {
                Err(error) => assert_inside(&text, &error),
                Ok(path) => match path.write(&target, Value::from(1)) {
                    Ok(written) => assert_eq!(path.read(&written), Ok(Value::from(1))),
                    Err(error) => assert!(text.get(error.span.range()).is_some()),
                },
            }
        }
    }
}
