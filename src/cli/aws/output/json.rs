//! JSON, indented by four blanks.

use crate::cli::aws::python;
use crate::value::{Value, escape_into};

/// The text, with a line break at its end.
pub(super) fn render(value: &Value) -> String {
    let mut out = String::new();
    write(value, 0, &mut out);
    out.push('\n');
    out
}

fn write(value: &Value, level: usize, out: &mut String) {
    match value {
        Value::Array(items) if !items.is_empty() => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                line(at, level + 1, out);
                write(item, level + 1, out);
            }
            close(']', level, out);
        }
        Value::Object(object) if !object.is_empty() => {
            out.push('{');
            for (at, (key, value)) in object.iter().enumerate() {
                line(at, level + 1, out);
                escape_into(key, out);
                out.push_str(": ");
                write(value, level + 1, out);
            }
            close('}', level, out);
        }
        Value::String(text) => escape_into(text, out),
        Value::Number(number) => out.push_str(&python::number(number)),
        other => out.push_str(&other.to_json()),
    }
}

fn line(at: usize, level: usize, out: &mut String) {
    out.push_str(if at == 0 { "\n" } else { ",\n" });
    out.extend(std::iter::repeat_n("    ", level));
}

fn close(bracket: char, level: usize, out: &mut String) {
    out.push('\n');
    out.extend(std::iter::repeat_n("    ", level));
    out.push(bracket);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::read;

    #[test]
    fn four_blanks_a_level() {
        let value = read(r#"{"a": [1, {"b": "ä\n\u0001"}], "c": [], "d": {}, "e": 0.0, "f": null}"#).expect("JSON");
        assert_eq!(
            render(&value),
            "{\n    \"a\": [\n        1,\n        {\n            \"b\": \"ä\\n\\u0001\"\n        }\n    ],\n    \"c\": [],\n    \
             \"d\": {},\n    \"e\": 0.0,\n    \"f\": null\n}\n"
        );
        assert_eq!(render(&read("\"x\"").expect("JSON")), "\"x\"\n");
    }
}
