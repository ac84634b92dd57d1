//! The functions that Jayway allows at the end of a path. The service does not run them.

use crate::value::{Number, Value};

/// A function.
#[derive(Debug)]
pub(super) struct Function {
    /// Its name.
    pub(super) name: &'static str,
    run: fn(&Value, &[Value]) -> Result<Value, &'static str>,
}

const FUNCTIONS: &[Function] = &[
    Function { name: "length", run: |model, _| Ok(length(model)) },
    Function { name: "size", run: |model, _| Ok(length(model)) },
    Function { name: "min", run: |model, more| fold(model, more, |numbers| numbers.reduce(f64::min)) },
    Function { name: "max", run: |model, more| fold(model, more, |numbers| numbers.reduce(f64::max)) },
    Function { name: "sum", run: |model, more| fold(model, more, |numbers| numbers.reduce(|a, b| a + b)) },
    Function { name: "avg", run: |model, more| fold(model, more, |numbers| mean(numbers, |number| number)) },
    Function { name: "stddev", run: |model, more| fold(model, more, deviation) },
    Function { name: "keys", run: |model, _| Ok(keys(model)) },
    Function { name: "concat", run: |model, more| Ok(concat(model, more)) },
    Function { name: "append", run: |model, more| Ok(append(model, more)) },
    Function { name: "first", run: |model, _| item(model, Some(0)) },
    Function { name: "last", run: |model, _| item(model, Some(-1)) },
    Function { name: "index", run: |model, more| item(model, more.first().and_then(whole)) },
];

const NOTHING: &str = "Aggregation function attempted to calculate value using empty array";

impl Function {
    /// The function `name`.
    pub(super) fn named(name: &str) -> Option<&'static Self> {
        FUNCTIONS.iter().find(|function| function.name == name)
    }

    /// All names, for messages.
    pub(super) fn names() -> String {
        FUNCTIONS.iter().map(|function| format!("{}()", function.name)).collect::<Vec<_>>().join(" ")
    }

    /// The result for `model`, the value of the path before the function.
    pub(super) fn call(&self, model: &Value, arguments: &[Value]) -> Result<Value, &'static str> {
        (self.run)(model, arguments)
    }
}

fn length(model: &Value) -> Value {
    match model {
        Value::Array(items) => Value::from(items.len()),
        Value::Object(object) => Value::from(object.len()),
        _ => Value::Null,
    }
}

type Numbers<'v> = &'v mut dyn Iterator<Item = f64>;

fn fold(model: &Value, more: &[Value], fold: impl Fn(Numbers<'_>) -> Option<f64>) -> Result<Value, &'static str> {
    let items = model.as_array().map(|items| &**items).unwrap_or_default();
    let mut numbers = items.iter().chain(more).filter_map(Value::as_number).map(Number::as_f64);
    fold(&mut numbers).map(Value::from).ok_or(NOTHING)
}

fn mean(numbers: Numbers<'_>, of: impl Fn(f64) -> f64) -> Option<f64> {
    let (sum, count) = numbers.fold((0.0, 0.0), |(sum, count), number| (sum + of(number), count + 1.0));
    (count > 0.0).then(|| sum / count)
}

/// The deviation of the whole population, as recorded.
fn deviation(numbers: Numbers<'_>) -> Option<f64> {
    let numbers: Vec<f64> = numbers.collect();
    let middle = mean(&mut numbers.iter().copied(), |number| number)?;
    mean(&mut numbers.iter().copied(), |number| (number - middle).powi(2)).map(f64::sqrt)
}

fn keys(model: &Value) -> Value {
    model.as_object().map_or(Value::Null, |object| object.keys().cloned().map(Value::String).collect::<Vec<_>>().into())
}

fn concat(model: &Value, more: &[Value]) -> Value {
    let items = model.as_array().map(|items| &**items).unwrap_or_default();
    items.iter().chain(more).filter_map(Value::as_str).collect::<String>().into()
}

fn append(model: &Value, more: &[Value]) -> Value {
    match model {
        Value::Array(items) => items.iter().chain(more).cloned().collect::<Vec<_>>().into(),
        other => other.clone(),
    }
}

fn whole(value: &Value) -> Option<i64> {
    value.as_number().and_then(Number::as_i64)
}

fn item(model: &Value, index: Option<i64>) -> Result<Value, &'static str> {
    let (items, index) = model.as_array().zip(index).ok_or(NOTHING)?;
    super::eval::item(items, index).cloned().ok_or(NOTHING)
}
