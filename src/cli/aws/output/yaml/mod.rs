//! YAML as the emitter of the AWS CLI writes it: block style, keys in the order of the alphabet, long texts folded.

mod scalar;

use crate::cli::aws::python;
use crate::value::{Array, Object, Value};

/// The document, with a line break at its end.
pub(super) fn render(value: &Value) -> String {
    let mut writer = Writer::default();
    match value {
        Value::Array(_) | Value::Object(_) => writer.node(value, Place::Root, None),
        scalar => writer.root_scalar(scalar),
    }
    writer.out.push('\n');
    writer.out
}

/// Where a node stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Root,
    /// After `- `.
    Item,
    /// After `key:`.
    Member,
}

#[derive(Default)]
struct Writer {
    out: String,
}

impl Writer {
    fn root_scalar(&mut self, value: &Value) {
        let is_plain = self.scalar(value, 2, false);
        if is_plain {
            // A plain scalar alone has no end that can be seen.
            self.out.push_str("\n...");
        }
    }

    /// `indent`: of what is around it; none at the root.
    fn node(&mut self, value: &Value, place: Place, indent: Option<usize>) {
        match value {
            Value::Array(items) if !items.is_empty() => self.items(items, place, indent),
            Value::Object(object) if !object.is_empty() => self.members(object, place, indent),
            other => {
                self.gap(place);
                self.scalar(other, indent.unwrap_or(0) + 2, false);
            }
        }
    }

    fn gap(&mut self, place: Place) {
        if place != Place::Root {
            self.out.push(' ');
        }
    }

    fn items(&mut self, items: &Array, place: Place, indent: Option<usize>) {
        // The items of a member stand below its key, not to the right of it.
        let own = match (indent, place) {
            (None, _) => 0,
            (Some(indent), Place::Member) => indent,
            (Some(indent), _) => indent + 2,
        };
        for (at, item) in items.iter().enumerate() {
            self.begin(at == 0, place, own);
            self.out.push('-');
            self.node(item, Place::Item, Some(own));
        }
    }

    fn members(&mut self, object: &Object, place: Place, indent: Option<usize>) {
        let own = indent.map_or(0, |indent| indent + 2);
        let mut members: Vec<(&str, &Value)> = object.iter().map(|(key, value)| (&**key, value)).collect();
        members.sort_by_key(|(key, _)| *key);
        for (at, (key, value)) in members.into_iter().enumerate() {
            self.begin(at == 0, place, own);
            self.scalar(&key.into(), own + 2, true);
            self.out.push(':');
            self.node(value, Place::Member, Some(own));
        }
    }

    /// Goes to where an item or a member begins.
    fn begin(&mut self, is_first: bool, place: Place, indent: usize) {
        match (is_first, place) {
            (true, Place::Root) => {}
            (true, Place::Item) => self.out.push(' '),
            _ => self.new_line(indent),
        }
    }

    fn new_line(&mut self, indent: usize) {
        self.out.push('\n');
        self.out.extend(std::iter::repeat_n(' ', indent));
    }

    /// Writes a scalar; says whether it is plain. `indent` is that of the lines after the first.
    fn scalar(&mut self, value: &Value, indent: usize, is_key: bool) -> bool {
        let text = match value {
            Value::String(text) => return scalar::write(text, indent, is_key, &mut self.out),
            Value::Number(number) => python::number(number),
            other => other.to_json(),
        };
        self.out.push_str(&text);
        !matches!(value, Value::Array(_) | Value::Object(_))
    }
}

#[cfg(test)]
mod tests;
