//! Values to JSON text.

use std::fmt::Write;

use super::Value;

/// Appends the compact text of `value`.
pub(super) fn compact(value: &Value, out: &mut String) {
    match value {
        Value::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                compact(item, out);
            }
            out.push(']');
        }
        Value::Object(object) => {
            out.push('{');
            for (at, (key, member)) in object.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                escape_into(key, out);
                out.push(':');
                compact(member, out);
            }
            out.push('}');
        }
        scalar => self::scalar(scalar, out),
    }
}

/// Appends `value` over several lines, starting at `level` of indentation.
pub(super) fn pretty(value: &Value, level: usize, out: &mut String) {
    let line = |level: usize, out: &mut String| {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", level));
    };
    match value {
        Value::Array(items) if !items.is_empty() => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                line(level + 1, out);
                pretty(item, level + 1, out);
            }
            line(level, out);
            out.push(']');
        }
        Value::Object(object) if !object.is_empty() => {
            out.push('{');
            for (at, (key, member)) in object.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                line(level + 1, out);
                escape_into(key, out);
                out.push_str(": ");
                pretty(member, level + 1, out);
            }
            line(level, out);
            out.push('}');
        }
        flat => compact(flat, out),
    }
}

fn scalar(value: &Value, out: &mut String) {
    match value {
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        // Writing to a String cannot fail.
        Value::Number(number) => drop(write!(out, "{number}")),
        Value::String(text) => escape_into(text, out),
        _ => out.push_str("null"),
    }
}

/// Appends `text` as a JSON string, quotes included.
pub fn escape_into(text: &str, out: &mut String) {
    out.push('"');
    let mut plain = 0;
    for (at, byte) in text.bytes().enumerate().filter(|(_, byte)| escaped_len(*byte) > 1) {
        out.push_str(&text[plain..at]);
        plain = at + 1;
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            8 => out.push_str("\\b"),
            12 => out.push_str("\\f"),
            other => drop(write!(out, "\\u{other:04x}")),
        }
    }
    out.push_str(&text[plain..]);
    out.push('"');
}

/// Bytes that `text` takes as a JSON string, quotes included.
#[must_use]
pub fn string_size(text: &str) -> usize {
    // A pass that the compiler can vectorise decides whether anything needs an escape at all.
    let special = text.bytes().filter(|byte| *byte < 0x20 || *byte == b'"' || *byte == b'\\').count();
    if special == 0 {
        return text.len() + 2;
    }
    text.bytes().map(escaped_len).sum::<usize>() + 2
}

fn escaped_len(byte: u8) -> usize {
    match byte {
        b'"' | b'\\' | 8..=10 | 12 | 13 => 2,
        0..0x20 => 6,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::super::read;

    #[test]
    fn compact_and_pretty() {
        let value = read(r#"{ "a" : [ 1 , {} , [ ] ], "b": {"c": "x"} }"#).expect("valid");
        assert_eq!(value.to_json(), r#"{"a":[1,{},[]],"b":{"c":"x"}}"#);
        assert_eq!(
            value.to_pretty_json(),
            "{\n  \"a\": [\n    1,\n    {},\n    []\n  ],\n  \"b\": {\n    \"c\": \"x\"\n  }\n}"
        );
    }

    #[test]
    fn escapes_only_what_must_be() {
        let value = read(r#""\u0001\b\f\n\r\t\"\\\/é€😀\u007f""#).expect("valid");
        assert_eq!(value.to_json(), "\"\\u0001\\b\\f\\n\\r\\t\\\"\\\\/é€😀\u{7f}\"");
    }
}
