//! Our values as those of `jsonata-core`, and back.

use asldb::value::{Number, Object, Value};
use jsonata_core::value::{JMap, JValue};

/// The value as one of `jsonata-core`.
pub(crate) fn to_oracle(value: &Value) -> JValue {
    match value {
        Value::Null => JValue::Null,
        Value::Bool(value) => JValue::Bool(*value),
        Value::Number(number) => JValue::Number(number.as_f64()),
        Value::String(text) => JValue::string(&**text),
        Value::Array(items) => JValue::array(items.iter().map(to_oracle).collect()),
        Value::Object(object) => {
            let members = object.iter().map(|(key, value)| (key.to_string(), to_oracle(value)));
            JValue::Object(members.collect::<JMap>().into())
        }
    }
}

/// The value as one of ours; `None` for nothing.
pub(crate) fn from_oracle(value: &JValue) -> Option<Value> {
    Some(match value {
        JValue::Null => Value::Null,
        JValue::Bool(value) => Value::Bool(*value),
        JValue::Number(number) => number_of(*number),
        JValue::String(text) => Value::string(&**text),
        JValue::Array(items) => items.iter().filter_map(from_oracle).collect::<Vec<_>>().into(),
        JValue::Object(members) => {
            let members = members.iter().filter_map(|(key, value)| Some((key.as_str(), from_oracle(value)?)));
            Value::Object(members.collect::<Object>())
        }
        _ => return None,
    })
}

/// Whole numbers become whole, as in our evaluation.
#[expect(clippy::cast_possible_truncation, reason = "checked to be whole and in range")]
fn number_of(number: f64) -> Value {
    Value::Number(if number.fract() == 0.0 && number.abs() < 9.0e15 {
        Number::Int(number as i64)
    } else {
        Number::Float(number)
    })
}
