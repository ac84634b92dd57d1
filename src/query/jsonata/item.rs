//! Values while an expression is evaluated: JSON, shared and never copied, and what JSON has not: nothing at all,
//! functions, sequences with their flags, tuples of bound names.

use std::rc::Rc;
use std::sync::Arc;

use super::budget::Charge;
use super::error::{Fault, Outcome, Spent, fault};
use super::function::{Function, FunctionKind};
use super::number::{result_of, value_of};
use crate::value::{Array, Number, Object, Value};

pub(super) use super::list::{Elements, Extent, Flags, Held, List, Members, Record, Tuple};

/// The most items of arrays that one question for their truth looks at: arrays that share their items can have more
/// than there is time for.
const MOST_LOOKED_AT: usize = 1_000_000;

/// A value of an evaluation.
#[derive(Debug, Clone, Default)]
pub(super) enum Item {
    /// Nothing; not the same as `null`.
    #[default]
    Undefined,
    /// JSON.
    Value(Value),
    /// An array made by the expression.
    Array(Rc<List>),
    /// An object made by the expression.
    Object(Rc<Record>),
    Function(Rc<Function>),
    /// The tuples of a path that binds names.
    Tuples(Rc<[Tuple]>),
}

impl Item {
    pub(super) fn number(number: f64) -> Self {
        Self::Value(value_of(number))
    }

    pub(super) fn count(count: usize) -> Self {
        Self::Value(Value::from(count))
    }

    pub(super) fn text(text: impl Into<Arc<str>>) -> Self {
        Self::Value(Value::String(text.into()))
    }

    pub(super) fn bool(value: bool) -> Self {
        Self::Value(Value::Bool(value))
    }

    /// A small array without flags, which no budget counts.
    pub(super) fn plain_array(items: Vec<Self>) -> Self {
        Self::Array(Rc::new(List::new(items, Flags::default(), Charge::none())))
    }

    pub(super) fn is_undefined(&self) -> bool {
        matches!(self, Self::Undefined)
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self, Self::Value(Value::Null))
    }

    pub(super) fn is_number(&self) -> bool {
        matches!(self, Self::Value(Value::Number(_)))
    }

    pub(super) fn is_string(&self) -> bool {
        matches!(self, Self::Value(Value::String(_)))
    }

    pub(super) fn is_array(&self) -> bool {
        matches!(self, Self::Array(_) | Self::Value(Value::Array(_)) | Self::Tuples(_))
    }

    pub(super) fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Value(Value::Number(number)) => Some(number.as_f64()),
            _ => None,
        }
    }

    /// The number, if it is one; numbers out of range are an error, NaN is no number.
    pub(super) fn numeric(&self) -> Outcome<Option<f64>> {
        match self.as_f64() {
            Some(number) if number.is_infinite() => Err(fault("D1001").value("null")),
            Some(number) if number.is_nan() => Ok(None),
            number => Ok(number),
        }
    }

    pub(super) fn as_str(&self) -> Option<&str> {
        match self {
            Self::Value(Value::String(text)) => Some(text),
            _ => None,
        }
    }

    pub(super) fn as_text(&self) -> Option<&Arc<str>> {
        match self {
            Self::Value(Value::String(text)) => Some(text),
            _ => None,
        }
    }

    pub(super) fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Value(value) => value.as_bool(),
            _ => None,
        }
    }

    pub(super) fn function(&self) -> Option<&Rc<Function>> {
        match self {
            Self::Function(function) => Some(function),
            _ => None,
        }
    }

    pub(super) fn list(&self) -> Option<&Rc<List>> {
        match self {
            Self::Array(list) => Some(list),
            _ => None,
        }
    }

    pub(super) fn flags(&self) -> Flags {
        self.list().map(|list| list.flags()).unwrap_or_default()
    }

    /// The items, if it is an array.
    pub(super) fn elements(&self) -> Option<Elements> {
        match self {
            Self::Array(list) => Some(Elements::Made(list.clone())),
            Self::Value(Value::Array(array)) => Some(Elements::Data(array.clone())),
            _ => None,
        }
    }

    /// The items of an array, or the item alone; nothing is one item as well.
    pub(super) fn elements_or_self(&self) -> Elements {
        self.elements().unwrap_or_else(|| Elements::One(self.clone()))
    }

    /// The members, if it is an object.
    pub(super) fn members(&self) -> Option<Members> {
        match self {
            Self::Object(record) => Some(Members::Made(record.clone())),
            Self::Value(Value::Object(object)) => Some(Members::Data(object.clone())),
            _ => None,
        }
    }

    /// The one item of an array that holds the input document, or the item itself.
    pub(super) fn unwrapped(&self) -> Self {
        match self.list().filter(|list| list.flags().outer_wrapper).and_then(|list| list.items.first()) {
            Some(inner) => inner.clone(),
            None => self.clone(),
        }
    }

    /// Levels of arrays and objects, and about how many bytes the JSON text has.
    pub(super) fn extent(&self) -> Extent {
        match self {
            Self::Array(list) => list.extent(),
            Self::Object(record) => record.extent(),
            Self::Value(value @ (Value::Array(_) | Value::Object(_))) => {
                let (size, depth) = value.extent();
                Extent { depth: u32::try_from(depth).unwrap_or(u32::MAX), weight: size }
            }
            Self::Value(Value::String(text)) => Extent { depth: 0, weight: text.len() },
            _ => Extent { depth: 0, weight: 8 },
        }
    }

    /// Whether both are the very same, as JavaScript's `===` has it.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Undefined, Self::Undefined) => true,
            (Self::Value(Value::String(a)), Self::Value(Value::String(b))) => a == b,
            (Self::Value(Value::Number(a)), Self::Value(Value::Number(b))) => equal_numbers(a, b),
            (Self::Value(a), Self::Value(b)) => a.is_same(b),
            (Self::Array(a), Self::Array(b)) => Rc::ptr_eq(a, b),
            (Self::Object(a), Self::Object(b)) => Rc::ptr_eq(a, b),
            (Self::Function(a), Self::Function(b)) => Rc::ptr_eq(a, b),
            _ => false,
        }
    }

    /// Structural equality.
    pub(super) fn equals(&self, other: &Self) -> bool {
        if self.is_same(other) {
            return true;
        }
        if let (Self::Value(a), Self::Value(b)) = (self, other) {
            return a == b;
        }
        match (self.elements(), other.elements(), self.members(), other.members()) {
            (Some(a), Some(b), ..) => equal_elements(&a, &b),
            (_, _, Some(a), Some(b)) => equal_members(&a, &b),
            _ => false,
        }
    }

    /// The effective boolean value; nothing has none. Counts the items of arrays that are looked at.
    pub(super) fn truth(&self, looked_at: &mut usize) -> Outcome<Option<bool>> {
        Ok(Some(match self {
            Self::Undefined => return Ok(None),
            Self::Value(Value::Bool(value)) => *value,
            Self::Value(Value::String(text)) => !text.is_empty(),
            Self::Value(Value::Number(_)) => self.numeric()?.is_some_and(|number| number != 0.0),
            Self::Value(Value::Object(object)) => !object.is_empty(),
            Self::Value(Value::Null) => false,
            Self::Object(record) => !record.entries.is_empty(),
            // In the reference some functions are objects, and these are not empty.
            Self::Function(function) => !matches!(
                function.kind,
                FunctionKind::Closure(_) | FunctionKind::Matcher(_) | FunctionKind::NextMatch { .. }
            ),
            Self::Tuples(tuples) => !tuples.is_empty(),
            Self::Array(_) | Self::Value(Value::Array(_)) => {
                let elements = self.elements_or_self();
                for at in 0..elements.len() {
                    *looked_at += 1;
                    if *looked_at > MOST_LOOKED_AT {
                        return Err(Fault::spent(Spent::Time));
                    }
                    if elements.get(at).unwrap_or_default().truth(looked_at)? == Some(true) {
                        return Ok(Some(true));
                    }
                }
                false
            }
        }))
    }

    /// The word for its type as `$type` has it.
    pub(super) fn type_name(&self) -> Option<&'static str> {
        Some(match self {
            Self::Undefined => return None,
            Self::Function(_) => "function",
            Self::Object(_) => "object",
            Self::Array(_) | Self::Tuples(_) => "array",
            Self::Value(Value::Number(Number::Float(number))) if number.is_nan() => "object",
            Self::Value(value) => value.type_name(),
        })
    }

    /// JSON for whoever asked; functions are empty strings, what is nothing in an array is `null`. What nobody else
    /// holds is not copied.
    pub(super) fn into_value(self) -> Option<Value> {
        Some(match self {
            Self::Undefined => return None,
            Self::Value(Value::Number(Number::Float(number))) => result_of(number),
            Self::Value(value) => value,
            Self::Array(list) => array_value(list),
            Self::Object(record) => object_value(record),
            Self::Function(_) => Value::string(""),
            Self::Tuples(tuples) => {
                tuples.iter().filter_map(|tuple| tuple.context.clone().into_value()).collect::<Array>().into()
            }
        })
    }
}

// Loops, not chains of closures: these recurse as deep as data is nested, and unoptimised closures take stack.

fn equal_elements(a: &Elements, b: &Elements) -> bool {
    if a.len() != b.len() {
        return false;
    }
    for at in 0..a.len() {
        if !a.get(at).unwrap_or_default().equals(&b.get(at).unwrap_or_default()) {
            return false;
        }
    }
    true
}

fn equal_members(a: &Members, b: &Members) -> bool {
    if a.len() != b.len() {
        return false;
    }
    for at in 0..a.len() {
        let Some((key, item)) = a.nth(at) else { return false };
        if !b.get(&key).is_some_and(|other| item.equals(&other)) {
            return false;
        }
    }
    true
}

fn array_value(list: Rc<List>) -> Value {
    let items = match Rc::try_unwrap(list) {
        Ok(list) => list.items,
        Err(list) => list.items.clone(),
    };
    let mut values = Vec::with_capacity(items.len());
    for item in items {
        values.push(item.into_value().unwrap_or(Value::Null));
    }
    Value::from(values)
}

fn object_value(record: Rc<Record>) -> Value {
    let entries = match Rc::try_unwrap(record) {
        Ok(record) => record.entries,
        Err(record) => record.entries.clone(),
    };
    let mut members = Vec::with_capacity(entries.len());
    for (key, item) in entries {
        if let Some(value) = item.into_value() {
            members.push((key, value));
        }
    }
    Value::Object(Object::from_distinct(members))
}

/// Whole numbers of the data keep their 64 bits in comparisons with one another.
fn equal_numbers(a: &Number, b: &Number) -> bool {
    match (a, b) {
        (Number::Int(a), Number::Int(b)) => a == b,
        _ => a.as_f64() == b.as_f64(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::read;

    #[test]
    fn an_item_is_three_words() {
        assert_eq!(size_of::<Item>(), 24);
    }

    #[test]
    fn truth_is_that_of_the_language() {
        for (json, truth) in [
            ("0", false),
            ("-1", true),
            ("\"\"", false),
            ("\"0\"", true),
            ("[]", false),
            ("[0]", false),
            ("[0,1]", true),
            ("[[],[[0]]]", false),
            ("{}", false),
            ("{\"a\":0}", true),
            ("null", false),
        ] {
            let item = Item::Value(read(json).expect("JSON"));
            assert_eq!(item.truth(&mut 0).expect("in range"), Some(truth), "{json}");
        }
        assert_eq!(Item::Undefined.truth(&mut 0).expect("in range"), None);
    }

    #[test]
    fn made_and_given_values_are_equal_by_structure() {
        let given = Item::Value(read("[1,{\"a\":[true]}]").expect("JSON"));
        let inner = Item::Value(read("{\"a\":[true]}").expect("JSON"));
        let made = Item::plain_array(vec![Item::number(1.0), inner]);
        assert!(made.equals(&given) && given.equals(&made) && !made.is_same(&given));
        assert_eq!(made.into_value().expect("a value").to_json(), "[1,{\"a\":[true]}]");
    }
}
