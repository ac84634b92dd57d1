//! Values as Python writes them: the layouts of the AWS CLI show through to it.

use crate::value::{Number, Value};

/// `str(value)`: strings bare, `True`, `None`, numbers, containers as [`repr`].
#[must_use]
pub fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.to_string(),
        other => repr(other),
    }
}

/// `repr(value)`.
#[must_use]
pub fn repr(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Number(number) => self::number(number),
        Value::String(text) => quoted(text),
        Value::Array(items) => format!("[{}]", items.iter().map(repr).collect::<Vec<_>>().join(", ")),
        Value::Object(object) => {
            let members: Vec<String> =
                object.iter().map(|(key, value)| format!("{}: {}", quoted(key), repr(value))).collect();
            format!("{{{}}}", members.join(", "))
        }
    }
}

/// The name of the type in messages: `<class 'str'>`.
#[must_use]
pub fn class(value: &Value) -> &'static str {
    match value {
        Value::Null => "<class 'NoneType'>",
        Value::Bool(_) => "<class 'bool'>",
        Value::Number(number) if number.is_int() => "<class 'int'>",
        Value::Number(_) => "<class 'float'>",
        Value::String(_) => "<class 'str'>",
        Value::Array(_) => "<class 'list'>",
        Value::Object(_) => "<class 'dict'>",
    }
}

/// A number: the shortest digits that read back the same, exponents from 1e16 and below 1e-4.
#[must_use]
pub fn number(number: &Number) -> String {
    if number.is_int() {
        return number.to_string();
    }
    let value = number.as_f64();
    let size = value.abs();
    if value == 0.0 || (1e-4..1e16).contains(&size) {
        return format!("{value:?}");
    }
    let scientific = format!("{value:e}");
    let Some((digits, exponent)) = scientific.split_once('e') else { return scientific };
    let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |rest| ('-', rest));
    format!("{digits}e{sign}{exponent:0>2}")
}

fn quoted(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut out = String::from(quote);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\\' => out.push_str("\\\\"),
            c if c == quote => out.extend(['\\', c]),
            c if c.is_control() => out.push_str(&format!("\\x{:02x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push(quote);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::read;

    #[test]
    fn values_read_as_python_writes_them() {
        for (json, written) in [
            ("null", "None"),
            ("true", "True"),
            (r#""a""#, "a"),
            ("1", "1"),
            ("0.0", "0.0"),
            ("1.5", "1.5"),
            ("1e15", "1000000000000000.0"),
            ("1.5e16", "1.5e+16"),
            ("1e-5", "1e-05"),
            ("0.0001", "0.0001"),
            (r#"[1, "a", null]"#, "[1, 'a', None]"),
            (r#"{"a": {"b": false}}"#, "{'a': {'b': False}}"),
            (r#"["it's", "a\"b", "it's \"b\"", "a\nb\\"]"#, r#"["it's", 'a"b', 'it\'s "b"', 'a\nb\\']"#),
        ] {
            assert_eq!(text(&read(json).expect("JSON")), written, "{json}");
        }
    }
}
