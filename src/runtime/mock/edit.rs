//! Sets one member in a JSON text and leaves every other byte as it is.

use crate::text::json::{self, JsonError, Node};
use crate::value::{Object, Value, escape_into};

/// `text` with `value` at the keys `path`; objects on the way are made where they are missing.
///
/// # Errors
/// If `text` is no JSON.
pub(super) fn set(text: &str, path: &[&str], value: &Value) -> Result<String, JsonError> {
    let root = json::parse(text)?;
    let layout = Layout::of(text, &root);
    let mut node = &root;
    let mut rest = path;
    while let [key, below @ ..] = rest {
        let Some(member) = node.get(key) else { break };
        node = &member.value;
        rest = below;
    }
    Ok(match (rest, node.members()) {
        ([key, below @ ..], Some(_)) => layout.insert(text, node, key, &nested(below, value)),
        _ => layout.replace(text, node, &nested(rest, value)),
    })
}

/// `value` below the keys `path`.
fn nested(path: &[&str], value: &Value) -> Value {
    path.iter().rev().fold(value.clone(), |inner, key| Value::Object(Object::from_iter([(*key, inner)])))
}

/// How a text is laid out.
struct Layout<'t> {
    newline: &'t str,
    unit: &'t str,
}

impl<'t> Layout<'t> {
    fn of(text: &'t str, root: &Node) -> Self {
        let first = root.members().and_then(|members| members.first());
        let unit = first.map_or("", |member| indent_at(text, member.key_span.start as usize));
        let unit = if unit.is_empty() { "  " } else { unit };
        Self { newline: if text.contains("\r\n") { "\r\n" } else { "\n" }, unit }
    }

    /// Adds a member to the end of the object `node`.
    fn insert(&self, text: &str, node: &Node, key: &str, value: &Value) -> String {
        let (start, end) = (node.span.start as usize, node.span.end as usize);
        let mut member = String::new();
        escape_into(key, &mut member);
        member.push_str(": ");
        let last = node.members().and_then(|members| members.last());
        let one_line = !node.span.text(text).contains('\n');
        match last {
            Some(last) if one_line => {
                member.push_str(&value.to_json());
                splice(text, last.value.span.end as usize, last.value.span.end as usize, &format!(", {member}"))
            }
            Some(last) => {
                let indent = indent_at(text, last.key_span.start as usize);
                member.push_str(&self.print(value, indent));
                let at = last.value.span.end as usize;
                splice(text, at, at, &format!(",{}{indent}{member}", self.newline))
            }
            // A text without line breaks gets none.
            None if !text.trim_end().contains('\n') => {
                member.push_str(&value.to_json());
                splice(text, start, end, &format!("{{{member}}}"))
            }
            None => {
                let outer = indent_at(text, start);
                let indent = format!("{outer}{}", self.unit);
                member.push_str(&self.print(value, &indent));
                let newline = self.newline;
                splice(text, start, end, &format!("{{{newline}{indent}{member}{newline}{outer}}}"))
            }
        }
    }

    fn replace(&self, text: &str, node: &Node, value: &Value) -> String {
        let (start, end) = (node.span.start as usize, node.span.end as usize);
        splice(text, start, end, &self.print(value, indent_at(text, start)))
    }

    /// `value` over several lines, those after the first behind `indent`.
    fn print(&self, value: &Value, indent: &str) -> String {
        let pretty = value.to_pretty_json();
        let mut lines = pretty.lines();
        let mut out = lines.next().unwrap_or_default().to_owned();
        for line in lines {
            let inner = line.trim_start_matches(' ');
            out.push_str(self.newline);
            out.push_str(indent);
            out.extend(std::iter::repeat_n(self.unit, (line.len() - inner.len()) / 2));
            out.push_str(inner);
        }
        out
    }
}

fn splice(text: &str, start: usize, end: usize, new: &str) -> String {
    let (before, after) = (text.get(..start).unwrap_or_default(), text.get(end..).unwrap_or_default());
    format!("{before}{new}{after}")
}

/// The blanks that begin the line of byte `at`.
fn indent_at(text: &str, at: usize) -> &str {
    let before = text.get(..at).unwrap_or_default();
    let line = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = text.get(line..).unwrap_or_default();
    let blanks = line.len() - line.trim_start_matches([' ', '\t']).len();
    line.get(..blanks).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::read;

    fn edited(text: &str, path: &[&str], value: &str) -> String {
        set(text, path, &read(value).expect("JSON")).expect("JSON")
    }

    #[test]
    fn the_text_around_keeps_its_layout() {
        for (text, path, value, wanted) in [
            ("{ \"a\":1 , \"b\" : [ 2 ] }", &["a"][..], "3", "{ \"a\":3 , \"b\" : [ 2 ] }"),
            ("{ \"a\":1 }\n", &["b"], "{\"c\":2}", "{ \"a\":1, \"b\": {\"c\":2} }\n"),
            (
                "{\n    \"a\": {}\n}",
                &["a", "b"],
                "{\"c\":2}",
                "{\n    \"a\": {\n        \"b\": {\n            \"c\": 2\n        }\n    }\n}",
            ),
            (
                "{\n\t\"a\": 1\n}\n",
                &["b", "c"],
                "[2]",
                "{\n\t\"a\": 1,\n\t\"b\": {\n\t\t\"c\": [\n\t\t\t2\n\t\t]\n\t}\n}\n",
            ),
            ("{\r\n  \"a\": 1\r\n}", &["b"], "{\"c\":2}", "{\r\n  \"a\": 1,\r\n  \"b\": {\r\n    \"c\": 2\r\n  }\r\n}"),
            ("{\"a\":{}}", &["a", "b", "c"], "1", "{\"a\":{\"b\": {\"c\":1}}}"),
            ("{}\n", &["a"], "1", "{\"a\": 1}\n"),
            ("{\"a\":1,\"a\":2}", &["a"], "3", "{\"a\":1,\"a\":3}"),
            ("[ 1 ]", &["a"], "2", "{\n  \"a\": 2\n}"),
        ] {
            assert_eq!(edited(text, path, value), wanted, "{text} {path:?}");
        }
    }
}
