//! Text: a line for each object, the values of its scalar members in the order of their names, separated by tabs; what is
//! inside follows on lines of its own that begin with the name of the member.

use std::collections::BTreeSet;

use crate::cli::aws::python;
use crate::value::{Object, Value};

/// The lines.
pub(super) fn render(value: &Value) -> String {
    let mut out = String::new();
    write(value, None, None, &mut out);
    out
}

/// `columns` are the scalar members of the objects of a list: each line has the same ones.
fn write(value: &Value, name: Option<&str>, columns: Option<&BTreeSet<&str>>, out: &mut String) {
    match value {
        Value::Object(object) => write_object(object, name, columns, out),
        Value::Array(items) => write_list(items, name, out),
        scalar => line(&[python::text(scalar)], out),
    }
}

fn line(cells: &[String], out: &mut String) {
    out.push_str(&cells.join("\t"));
    out.push('\n');
}

fn write_list(items: &[Value], name: Option<&str>, out: &mut String) {
    if items.iter().any(|item| matches!(item, Value::Object(_))) {
        let columns = items.iter().filter_map(Value::as_object).flat_map(scalars).collect();
        items.iter().for_each(|item| write(item, name, Some(&columns), out));
        return;
    }
    let (inner, cells): (Vec<&Value>, Vec<&Value>) = items.iter().partition(|item| matches!(item, Value::Array(_)));
    if !cells.is_empty() {
        let cells: Vec<String> = cells.into_iter().map(python::text).collect();
        match name {
            Some(name) => cells.into_iter().for_each(|cell| line(&[name.to_uppercase(), cell], out)),
            None => line(&cells, out),
        }
    }
    inner.into_iter().for_each(|item| write(item, name, None, out));
}

fn scalars(object: &Object) -> impl Iterator<Item = &str> {
    let is_scalar = |value: &Value| !matches!(value, Value::Array(_) | Value::Object(_));
    object.iter().filter(move |(_, value)| is_scalar(value)).map(|(key, _)| &**key)
}

fn write_object(object: &Object, name: Option<&str>, columns: Option<&BTreeSet<&str>>, out: &mut String) {
    let own: BTreeSet<&str> = scalars(object).collect();
    let columns = columns.unwrap_or(&own);
    let mut cells: Vec<String> = Vec::new();
    cells.extend(columns.iter().map(|key| object.get(key).map_or_else(String::new, python::text)));
    if !cells.is_empty() {
        cells.splice(0..0, name.map(str::to_uppercase));
        line(&cells, out);
    }
    let keys: BTreeSet<&str> = object.keys().map(|key| &**key).collect();
    for key in keys.difference(columns) {
        if let Some(inner) = object.get(key) {
            write(inner, Some(key), None, out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::read;

    #[track_caller]
    fn prints(json: &str, lines: &str) {
        assert_eq!(render(&read(json).expect("JSON")), lines, "{json}");
    }

    /// Compared with the AWS CLI 1.46.
    #[test]
    fn lines() {
        prints(r#"{"b": "x", "a": 1, "c": true, "d": null}"#, "1\tx\tTrue\tNone\n");
        prints(
            r#"{"e": [{"b": 1, "a": {"z": 2, "y": [3, 4]}}, {"c": "x"}], "t": "n"}"#,
            "n\nE\t1\t\nA\t2\nY\t3\nY\t4\nE\t\tx\n",
        );
        prints(r#"[["a", 1], ["b"], "c"]"#, "c\na\t1\nb\n");
        prints("[]", "");
        prints("{}", "");
        prints("null", "None\n");
        prints(r#"["a", 1.5]"#, "a\t1.5\n");
        prints(r#"{"k": ["a", "b"]}"#, "K\ta\nK\tb\n");
        prints(r#"[{"a":{"b":1}},{"a":2,"c":3}]"#, "{'b': 1}\t\n2\t3\n");
    }
}
