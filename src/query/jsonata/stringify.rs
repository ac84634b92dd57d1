//! Items to JSON text, as JavaScript writes it.

use super::error::{Outcome, fault};
use super::item::Item;
use super::list::js_order;
use super::number::{js_text, to_precision_15};
use crate::value::{Number, Value, escape_into};

/// `$string`: texts as they are, functions empty, everything else as JSON with numbers of 15 digits.
pub(super) fn string(item: &Item, pretty: bool) -> Outcome<Option<String>> {
    match item {
        Item::Undefined => return Ok(None),
        Item::Function(_) => return Ok(Some(String::new())),
        _ => {}
    }
    if let Some(text) = item.as_str() {
        return Ok(Some(text.to_owned()));
    }
    if item.as_f64().is_some_and(|number| !number.is_finite()) {
        return Err(fault("D3001"));
    }
    let mut writer = Writer { out: String::new(), pretty, rounds: true, limit: usize::MAX };
    writer.item(&item.unwrapped(), 0)?;
    Ok(Some(writer.out))
}

/// The most bytes of a value in a message, or not many more: a cause of the service holds 32,768 characters.
const MOST_SHOWN: usize = 1 << 16;

/// JSON with all digits, for messages.
pub(super) fn raw_json(item: &Item) -> String {
    bounded_json(item, MOST_SHOWN)
}

/// JSON that ends soon after `limit` bytes.
pub(super) fn bounded_json(item: &Item, limit: usize) -> String {
    if item.is_undefined() {
        return "undefined".to_owned();
    }
    let mut writer = Writer { out: String::new(), pretty: false, rounds: false, limit };
    drop(writer.item(item, 0));
    writer.out
}

/// JSON in which nothing is `null`.
#[cfg(test)]
pub(super) fn json(item: &Item) -> String {
    if item.is_undefined() { "null".to_owned() } else { raw_json(item) }
}

struct Writer {
    out: String,
    pretty: bool,
    /// To 15 digits; numbers out of range are an error.
    rounds: bool,
    limit: usize,
}

impl Writer {
    fn item(&mut self, item: &Item, level: usize) -> Outcome<()> {
        match item {
            Item::Value(value) => return self.value(value, level),
            Item::Function(_) => self.out.push_str("\"\""),
            Item::Array(list) => self.array(list.items.iter(), level, Self::item)?,
            Item::Object(record) => {
                let members = record.entries.iter().filter(|(_, item)| !item.is_undefined());
                self.object(members.map(|(key, item)| (&**key, item)), level, Self::item)?;
            }
            Item::Tuples(tuples) => self.array(tuples.iter().map(|tuple| &tuple.context), level, Self::item)?,
            Item::Undefined => self.out.push_str("null"),
        }
        Ok(())
    }

    fn value(&mut self, value: &Value, level: usize) -> Outcome<()> {
        match value {
            Value::Null => self.out.push_str("null"),
            Value::Bool(value) => self.out.push_str(if *value { "true" } else { "false" }),
            Value::Number(number) => return self.number(number),
            Value::String(text) => escape_into(text, &mut self.out),
            Value::Array(array) => self.array(array.iter(), level, Self::value)?,
            Value::Object(object) => {
                if let Some(order) = js_order(object) {
                    let members = order.iter().filter_map(|at| object.nth(*at));
                    return self.object(members.map(|(key, value)| (&**key, value)), level, Self::value);
                }
                self.object(object.iter().map(|(key, value)| (&**key, value)), level, Self::value)?;
            }
        }
        Ok(())
    }

    fn number(&mut self, number: &Number) -> Outcome<()> {
        let number = number.as_f64();
        if number.is_infinite() && self.rounds {
            return Err(fault("D1001").value("null"));
        }
        if !number.is_finite() {
            self.out.push_str("null");
        } else if self.rounds {
            self.out.push_str(&js_text(to_precision_15(number)));
        } else {
            self.out.push_str(&js_text(number));
        }
        Ok(())
    }

    fn array<'i, T: 'i>(
        &mut self,
        items: impl Iterator<Item = &'i T>,
        level: usize,
        write: fn(&mut Self, &T, usize) -> Outcome<()>,
    ) -> Outcome<()> {
        self.out.push('[');
        let mut any = false;
        for item in items {
            if self.out.len() > self.limit {
                break;
            }
            self.separate(any, level + 1);
            any = true;
            write(self, item, level + 1)?;
        }
        self.close(any, level, ']');
        Ok(())
    }

    fn object<'i, T: 'i>(
        &mut self,
        members: impl Iterator<Item = (&'i str, &'i T)>,
        level: usize,
        write: fn(&mut Self, &T, usize) -> Outcome<()>,
    ) -> Outcome<()> {
        self.out.push('{');
        let mut any = false;
        for (key, item) in members {
            if self.out.len() > self.limit {
                break;
            }
            self.separate(any, level + 1);
            any = true;
            escape_into(key, &mut self.out);
            self.out.push_str(if self.pretty { ": " } else { ":" });
            write(self, item, level + 1)?;
        }
        self.close(any, level, '}');
        Ok(())
    }

    fn separate(&mut self, any: bool, level: usize) {
        if any {
            self.out.push(',');
        }
        if self.pretty {
            self.line(level);
        }
    }

    fn close(&mut self, any: bool, level: usize, bracket: char) {
        if any && self.pretty {
            self.line(level);
        }
        self.out.push(bracket);
    }

    fn line(&mut self, level: usize) {
        self.out.push('\n');
        self.out.extend(std::iter::repeat_n("  ", level));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::read;

    fn item(json: &str) -> Item {
        Item::Value(read(json).expect("JSON"))
    }

    #[test]
    fn numbers_have_fifteen_digits_and_no_needless_fraction() {
        for (json, text) in [
            ("2.0", "2"),
            ("[1.1,-0.0,1e21]", "[1.1,0,1e+21]"),
            ("0.30000000000000004", "0.3"),
            ("{\"a\":1.0000000000000002}", "{\"a\":1}"),
        ] {
            assert_eq!(string(&item(json), false).expect("in range").as_deref(), Some(text));
        }
        assert!(string(&Item::number(f64::INFINITY), false).is_err());
    }

    #[test]
    fn pretty_text_has_two_blanks_a_level() {
        let text = string(&item(r#"{"a":[1,{}],"b":[]}"#), true).expect("in range").expect("a text");
        assert_eq!(text, "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}");
    }

    #[test]
    fn bounded_text_ends() {
        let long = Item::plain_array(vec![Item::number(1.0); 1000]);
        assert!(bounded_json(&long, 50).len() < 60);
    }
}
