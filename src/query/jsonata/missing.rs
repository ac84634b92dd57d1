//! Why an expression gives nothing: the first place that it names where nothing is.

use super::{Form, Jsonata, JsonataEnv};
use crate::query::jsonpath::missing_in;
use crate::text::Span;
use crate::value::Value;
use crate::value::diff::Step;

/// Elements of arrays that are looked through.
const MOST: usize = 10_000;

impl Jsonata {
    /// The first place in a variable that the expression names and where nothing is: where it stands in the text, and what
    /// is there instead. None where all of them lead to something, and the expression makes nothing of it.
    pub fn missing(&self, env: &mut dyn JsonataEnv) -> Option<(Span, String)> {
        self.references().into_iter().find_map(|reference| {
            let Form::Reference(name, steps) = &reference.form else { return None };
            let Some(value) = env.variable(name) else {
                return Some((reference.span, format!("no variable `${name}` is assigned at this point")));
            };
            nothing_on(&format!("${name}"), value, steps).map(|why| (reference.span, why))
        })
    }
}

/// Why `steps` lead to nothing from `value`, which stands at `place`; none if they lead somewhere.
fn nothing_on(place: &str, value: Value, steps: &[Step]) -> Option<String> {
    let (mut place, mut here) = (place.to_owned(), value);
    for step in steps {
        let next = match (step, &here) {
            (Step::Key(key), Value::Object(object)) => object.get(key).cloned(),
            (Step::Key(key), Value::Array(_)) => {
                let (mut values, mut found) = (Vec::new(), Vec::new());
                flatten(&here, &mut values);
                for value in &values {
                    found.extend(value.get(key).cloned());
                }
                match (values.is_empty(), found.len()) {
                    (true, _) => return Some(format!("`{place}` is an empty array")),
                    (_, 0) if values.len() > 1 || values[0].as_object().is_none() => {
                        return Some(missing_in(&place, key, &values));
                    }
                    (_, 0) => return Some(missing_in(&format!("{place}[0]"), key, &values)),
                    (_, 1) => found.pop(),
                    _ => Some(Value::from(found)),
                }
            }
            (Step::Index(at), Value::Array(items)) => items.get(*at).cloned(),
            // One value stands for an array of itself.
            (Step::Index(0), _) => Some(here.clone()),
            _ => None,
        };
        let Some(next) = next else { return Some(why(&place, step, &here)) };
        place.push_str(&match step {
            Step::Key(key) => format!(".{key}"),
            Step::Index(at) => format!("[{at}]"),
        });
        here = next;
    }
    None
}

fn why(place: &str, step: &Step, here: &Value) -> String {
    match step {
        Step::Key(key) => missing_in(place, key, std::slice::from_ref(here)),
        Step::Index(at) => {
            let count = here.as_array().map_or(1, |items| items.len());
            let elements = if count == 1 { "element" } else { "elements" };
            format!("`{place}` has {count} {elements}; there is none at index {at}")
        }
    }
}

/// The values in `value`, arrays in arrays taken apart. The depth of this recursion is that of the value.
fn flatten(value: &Value, into: &mut Vec<Value>) {
    match value {
        _ if into.len() >= MOST => {}
        Value::Array(items) => items.iter().for_each(|item| flatten(item, into)),
        other => into.push(other.clone()),
    }
}
