//! The functions of JMESPath.

use std::cmp::Ordering;

use super::{Argument, Found, evaluate};
use crate::cli::aws::python;
use crate::value::{self, Number, Object, Value};

/// What an argument may be; bits, so that they can be joined.
type Kinds = u8;
const NUMBER: Kinds = 1;
const STRING: Kinds = 2;
const BOOLEAN: Kinds = 4;
const ARRAY: Kinds = 8;
const OBJECT: Kinds = 16;
const NULL: Kinds = 32;
const EXPRESSION: Kinds = 64;
const ANY: Kinds = NUMBER | STRING | BOOLEAN | ARRAY | OBJECT | NULL;

const WORDS: [(Kinds, &str); 7] = [
    (STRING, "string"),
    (ARRAY, "array"),
    (OBJECT, "object"),
    (NUMBER, "number"),
    (BOOLEAN, "boolean"),
    (NULL, "null"),
    (EXPRESSION, "expref"),
];

/// Name, what its arguments may be, whether the last may be repeated, what it does.
type Row = (&'static str, &'static [Kinds], bool, fn(&Call<'_>) -> Found);

const FUNCTIONS: &[Row] = &[
    ("abs", &[NUMBER], false, |call| Ok(round(call, f64::abs, i64::checked_abs))),
    ("avg", &[ARRAY], false, average),
    ("ceil", &[NUMBER], false, |call| Ok(round(call, f64::ceil, Some))),
    ("contains", &[ARRAY | STRING, ANY], false, contains),
    ("ends_with", &[STRING, STRING], false, |call| Ok(call.text(0).ends_with(call.text(1)).into())),
    ("floor", &[NUMBER], false, |call| Ok(round(call, f64::floor, Some))),
    ("join", &[STRING, ARRAY], false, join),
    ("keys", &[OBJECT], false, |call| Ok(call.object(0).keys().cloned().map(Value::String).collect::<Vec<_>>().into())),
    ("length", &[STRING | ARRAY | OBJECT], false, |call| Ok(length(call.value(0)).into())),
    ("map", &[EXPRESSION, ARRAY], false, map),
    ("max", &[ARRAY], false, |call| extreme(call, Ordering::is_gt)),
    ("max_by", &[ARRAY, EXPRESSION], false, |call| extreme_by(call, Ordering::is_gt)),
    ("merge", &[OBJECT], true, merge),
    ("min", &[ARRAY], false, |call| extreme(call, Ordering::is_lt)),
    ("min_by", &[ARRAY, EXPRESSION], false, |call| extreme_by(call, Ordering::is_lt)),
    ("not_null", &[ANY], true, not_null),
    ("reverse", &[ARRAY | STRING], false, |call| Ok(reverse(call.value(0)))),
    ("sort", &[ARRAY], false, sort),
    ("sort_by", &[ARRAY, EXPRESSION], false, sort_by),
    ("starts_with", &[STRING, STRING], false, |call| Ok(call.text(0).starts_with(call.text(1)).into())),
    ("sum", &[ARRAY], false, sum),
    ("to_array", &[ANY], false, |call| Ok(to_array(call.value(0)))),
    ("to_number", &[ANY], false, |call| Ok(to_number(call.value(0)))),
    ("to_string", &[ANY], false, |call| Ok(to_string(call.value(0)))),
    ("type", &[ANY], false, |call| Ok(call.value(0).type_name().into())),
    ("values", &[OBJECT], false, |call| Ok(call.object(0).values().cloned().collect::<Vec<_>>().into())),
];

/// A call whose arguments fit.
struct Call<'a> {
    name: &'static str,
    arguments: Vec<Argument<'a>>,
}

/// Calls the function `name`.
pub(super) fn call(name: &str, arguments: Vec<Argument<'_>>) -> Found {
    let row = FUNCTIONS.iter().find(|(known, ..)| *known == name);
    let (name, kinds, is_open, run) = *row.ok_or_else(|| format!("Unknown function: {name}()"))?;
    let given = arguments.len();
    let fits = if is_open { given >= kinds.len() } else { given == kinds.len() };
    if !fits {
        let (least, noun) =
            (if is_open { "at least " } else { "" }, if kinds.len() == 1 { "argument" } else { "arguments" });
        return Err(format!("Expected {least}{} {noun} for function {name}(), received {given}", kinds.len()));
    }
    let last = kinds.last().copied().unwrap_or(ANY);
    for (argument, kinds) in arguments.iter().zip(kinds.iter().copied().chain(std::iter::repeat(last))) {
        check(name, argument, kinds)?;
    }
    run(&Call { name, arguments })
}

fn check(name: &str, argument: &Argument<'_>, kinds: Kinds) -> Result<(), String> {
    let (kind, shown) = match argument {
        Argument::Value(value) => (kind(value), python::text(value)),
        Argument::Expression(_) => (EXPRESSION, "&expression".to_owned()),
    };
    if kinds & kind != 0 {
        return Ok(());
    }
    Err(misfit(name, &shown, kinds, kind))
}

fn misfit(name: &str, shown: &str, wanted: Kinds, found: Kinds) -> String {
    let words = |kinds: Kinds| WORDS.iter().filter(move |(kind, _)| kinds & kind != 0).map(|(_, word)| *word);
    let expected: Vec<String> = words(wanted).map(|word| format!("'{word}'")).collect();
    let received: String = words(found).collect();
    format!(
        "In function {name}(), invalid type for value: {shown}, expected one of: [{}], received: \"{received}\"",
        expected.join(", ")
    )
}

fn kind(value: &Value) -> Kinds {
    match value {
        Value::Null => NULL,
        Value::Bool(_) => BOOLEAN,
        Value::Number(_) => NUMBER,
        Value::String(_) => STRING,
        Value::Array(_) => ARRAY,
        Value::Object(_) => OBJECT,
    }
}

impl<'a> Call<'a> {
    fn value(&self, at: usize) -> &Value {
        match self.arguments.get(at) {
            Some(Argument::Value(value)) => value,
            _ => &Value::Null,
        }
    }

    fn text(&self, at: usize) -> &str {
        self.value(at).as_str().unwrap_or_default()
    }

    fn items(&self, at: usize) -> &[Value] {
        self.value(at).as_array().map_or(&[], |items| items)
    }

    fn object(&self, at: usize) -> Object {
        self.value(at).as_object().cloned().unwrap_or_default()
    }

    fn evaluate(&self, at: usize, item: &Value) -> Found {
        match self.arguments.get(at) {
            Some(Argument::Expression(ast)) => evaluate(ast, item),
            _ => Ok(Value::Null),
        }
    }

    /// The items of the first argument, all of one of `kinds`.
    fn uniform(&self, at: usize, kinds: Kinds) -> Result<&[Value], String> {
        let items = self.items(at);
        let wanted = items.first().map_or(kinds, |first| if kinds & kind(first) == 0 { kinds } else { kind(first) });
        match items.iter().find(|item| wanted & kind(item) == 0) {
            Some(other) => Err(misfit(self.name, &python::text(other), wanted, kind(other))),
            None => Ok(items),
        }
    }

    /// Each item with its key; all keys are numbers or all are strings.
    fn keyed(&self) -> Result<Vec<(Value, &Value)>, String> {
        let keyed = self.items(0).iter().map(|item| Ok((self.evaluate(1, item)?, item)));
        let keyed: Vec<(Value, &Value)> = keyed.collect::<Result<_, String>>()?;
        let wanted = keyed.first().map_or(0, |(key, _)| kind(key) & (NUMBER | STRING));
        match keyed.iter().find(|(key, _)| wanted & kind(key) == 0) {
            Some((key, _)) => {
                let wanted = if wanted == 0 { NUMBER | STRING } else { wanted };
                Err(misfit(self.name, &python::text(key), wanted, kind(key)))
            }
            None => Ok(keyed),
        }
    }
}

fn round(call: &Call<'_>, float: fn(f64) -> f64, int: fn(i64) -> Option<i64>) -> Value {
    let Some(number) = call.value(0).as_number() else { return Value::Null };
    if let Some(rounded) = number.as_i64().filter(|_| number.is_int()).and_then(int) {
        return rounded.into();
    }
    whole_if_possible(float(number.as_f64()))
}

/// Functions that round give whole numbers.
fn whole_if_possible(float: f64) -> Value {
    let number = if float.fract() == 0.0 { Number::parse(&format!("{float:.0}")) } else { Number::from(float) };
    number.into()
}

fn length(value: &Value) -> usize {
    match value {
        Value::String(text) => text.chars().count(),
        Value::Array(items) => items.len(),
        Value::Object(object) => object.len(),
        _ => 0,
    }
}

fn contains(call: &Call<'_>) -> Found {
    Ok(match call.value(0) {
        Value::String(text) => call.value(1).as_str().is_some_and(|part| text.contains(part)).into(),
        _ => call.items(0).contains(call.value(1)).into(),
    })
}

fn join(call: &Call<'_>) -> Found {
    let items = call.uniform(1, STRING)?;
    let texts: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
    Ok(texts.join(call.text(0)).into())
}

fn map(call: &Call<'_>) -> Found {
    let items: Result<Vec<Value>, String> = call.items(1).iter().map(|item| call.evaluate(0, item)).collect();
    items.map(Value::from)
}

fn merge(call: &Call<'_>) -> Found {
    let mut merged = Object::new();
    for at in 0..call.arguments.len() {
        for (key, value) in call.object(at).iter() {
            merged.insert(key.clone(), value.clone());
        }
    }
    Ok(merged.into())
}

fn not_null(call: &Call<'_>) -> Found {
    let mut values = (0..call.arguments.len()).map(|at| call.value(at));
    Ok(values.find(|value| !value.is_null()).cloned().unwrap_or_default())
}

fn reverse(value: &Value) -> Value {
    match value {
        Value::String(text) => text.chars().rev().collect::<String>().into(),
        other => other.as_array().map_or(Value::Null, |items| items.iter().rev().cloned().collect::<Vec<_>>().into()),
    }
}

fn total(call: &Call<'_>) -> Result<Value, String> {
    let items = call.uniform(0, NUMBER)?;
    let whole = items.iter().try_fold(0_i64, |sum, item| {
        let number = item.as_number().filter(|number| number.is_int())?;
        sum.checked_add(number.as_i64()?)
    });
    let float = || items.iter().filter_map(Value::as_number).map(Number::as_f64).sum::<f64>();
    Ok(whole.map_or_else(|| float().into(), Value::from))
}

fn sum(call: &Call<'_>) -> Found {
    total(call)
}

fn average(call: &Call<'_>) -> Found {
    let sum = total(call)?;
    let count = u32::try_from(call.items(0).len()).unwrap_or(u32::MAX);
    let sum = sum.as_number().map(Number::as_f64).filter(|_| count > 0);
    Ok(sum.map_or(Value::Null, |sum| (sum / f64::from(count)).into()))
}

/// Numbers by value, strings by their characters.
fn order(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.partial_cmp(b).unwrap_or(Ordering::Equal),
        (Value::String(a), Value::String(b)) => a.cmp(b),
        _ => Ordering::Equal,
    }
}

fn extreme(call: &Call<'_>, wins: fn(Ordering) -> bool) -> Found {
    let items = call.uniform(0, NUMBER | STRING)?;
    let best = items.iter().reduce(|best, item| if wins(order(item, best)) { item } else { best });
    Ok(best.cloned().unwrap_or_default())
}

fn extreme_by(call: &Call<'_>, wins: fn(Ordering) -> bool) -> Found {
    let best = call.keyed()?.into_iter().reduce(|best, item| if wins(order(&item.0, &best.0)) { item } else { best });
    Ok(best.map(|(_, item)| item.clone()).unwrap_or_default())
}

fn sort(call: &Call<'_>) -> Found {
    let mut items = call.uniform(0, NUMBER | STRING)?.to_vec();
    items.sort_by(order);
    Ok(items.into())
}

fn sort_by(call: &Call<'_>) -> Found {
    let mut keyed = call.keyed()?;
    keyed.sort_by(|(a, _), (b, _)| order(a, b));
    Ok(keyed.into_iter().map(|(_, item)| item.clone()).collect::<Vec<_>>().into())
}

fn to_array(value: &Value) -> Value {
    match value {
        Value::Array(_) => value.clone(),
        other => vec![other.clone()].into(),
    }
}

fn to_number(value: &Value) -> Value {
    match value {
        Value::Number(_) => value.clone(),
        Value::String(text) => {
            let is_number = text.parse::<f64>().is_ok_and(f64::is_finite);
            if is_number {
                value::read(text).ok().filter(|value| value.as_number().is_some()).unwrap_or_default()
            } else {
                Value::Null
            }
        }
        _ => Value::Null,
    }
}

fn to_string(value: &Value) -> Value {
    match value {
        Value::String(_) => value.clone(),
        other => other.to_json().into(),
    }
}
