//! Whether a mocked result has the shape of what the service answers. The messages are recorded for strings, numbers,
//! arrays, required fields and limits; the others are worded after them.

use super::results;
use crate::asl::{Resource, ResourceKind};
use crate::value::{Number, Value};

/// `fieldValidationMode`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Required fields are there, and what is there fits.
    Strict,
    /// What is there fits.
    Present,
    /// Anything goes.
    None,
}

/// What a value of an answer may be. Moments are texts in results of tasks.
#[derive(Debug)]
pub(super) enum Shape {
    /// Any JSON.
    Any,
    /// A string of a least and greatest number of characters; a blob counts as one.
    Text(usize, usize),
    /// One of some strings.
    OneOf(&'static [&'static str]),
    /// A number from a least to a greatest one.
    Number(f64, f64),
    /// `true` or `false`
    Flag,
    /// An array.
    List(&'static Shape),
    /// An object with any keys.
    Map(&'static Shape),
    /// An object with known members; more are let pass (recorded).
    Object(&'static [Field]),
}

/// A member of an object, as Step Functions spells it: in PascalCase.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) is_required: bool,
    pub(super) shape: &'static Shape,
}

/// Holds `result` against what `resource` answers, as far as that is known. HTTP tasks, API Gateway and EKS are not
/// checked (developer guide), nor is what comes back with a task token.
///
/// # Errors
/// What does not fit.
pub(super) fn check(resource: &Resource, result: &Value, mode: Mode) -> Result<(), String> {
    let ResourceKind::Service { service, action, task_token: false, .. } = &resource.kind else { return Ok(()) };
    match results::of(service, action) {
        Some(shape) if mode != Mode::None => check_value(shape, "", result, mode),
        _ => Ok(()),
    }
}

fn check_value(shape: &Shape, name: &str, value: &Value, mode: Mode) -> Result<(), String> {
    let must_be = |what: &str| Err(format!("Field '{name}' must be {what}"));
    match (shape, value) {
        (Shape::Any, _) | (Shape::Flag, Value::Bool(_)) => Ok(()),
        (Shape::Text(min, max), Value::String(text)) => within(name, text.chars().count(), *min, *max),
        (Shape::OneOf(words), Value::String(text)) if words.contains(&&**text) => Ok(()),
        (Shape::OneOf(_), Value::String(_)) => Err(format!("Field '{name}' is not an expected value")),
        (Shape::Number(min, max), Value::Number(number)) => in_range(name, number, *min, *max),
        (Shape::List(item), Value::Array(items)) => {
            items.iter().try_for_each(|value| check_value(item, name, value, mode))
        }
        (Shape::Map(inner), Value::Object(members)) => {
            members.iter().try_for_each(|(key, value)| check_value(inner, key, value, mode))
        }
        (Shape::Object(fields), Value::Object(_)) => check_fields(fields, value, mode),
        (Shape::Object(_), _) if name.is_empty() => Err("Result must be an object".to_owned()),
        (Shape::Text(..) | Shape::OneOf(_), _) => must_be("a string"),
        (Shape::Number(..), _) => must_be("a number"),
        (Shape::Flag, _) => must_be("a boolean"),
        (Shape::List(_), _) => must_be("an array"),
        (Shape::Map(_) | Shape::Object(_), _) => must_be("an object"),
    }
}

fn check_fields(fields: &[Field], value: &Value, mode: Mode) -> Result<(), String> {
    if mode == Mode::Strict
        && let Some(missing) = fields.iter().find(|field| field.is_required && value.get(field.name).is_none())
    {
        return Err(format!("Required field '{}' is missing", missing.name));
    }
    let Value::Object(members) = value else { return Ok(()) };
    members.iter().try_for_each(|(key, value)| match fields.iter().find(|field| field.name == &**key) {
        Some(field) => check_value(field.shape, field.name, value, mode),
        None => Ok(()),
    })
}

fn within(name: &str, length: usize, min: usize, max: usize) -> Result<(), String> {
    match length {
        _ if length < min => Err(format!("Field '{name}' is smaller than the minimum length")),
        _ if length > max => Err(format!("Field '{name}' exceeds the maximum length")),
        _ => Ok(()),
    }
}

fn in_range(name: &str, number: &Number, min: f64, max: f64) -> Result<(), String> {
    match number.as_f64() {
        number if number < min => Err(format!("Field '{name}' is less than the minimum value")),
        number if number > max => Err(format!("Field '{name}' exceeds the maximum value")),
        _ => Ok(()),
    }
}
