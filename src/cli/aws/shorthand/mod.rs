//! The shorthand syntax of the AWS CLI for structures and lists: `key=value,other=[a,b],inner={x=1}`.

use std::fmt;

use crate::api::Shape;
use crate::value::{Number, Object, Value};

/// Why a text is not shorthand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShorthandError(String);

impl fmt::Display for ShorthandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Loads what a `file://` or `fileb://` value of `key@=value` names; other values are themselves.
pub type Load<'a> = &'a dyn Fn(&str) -> Result<String, String>;

/// Reads `text`: an object of strings, lists and objects.
///
/// # Errors
/// The place and what was expected there, in the words of the AWS CLI.
pub fn parse(text: &str, load: Load<'_>) -> Result<Value, ShorthandError> {
    let mut parser = Parser { text: text.chars().collect(), at: 0, loads: false, load, depth: 0 };
    parser.parameter().map_err(|error| error.describe(&parser.text))
}

/// Makes the strings of `value` what `shape` asks for: numbers, booleans, lists of one.
///
/// # Errors
/// A text that is no number where one is needed.
pub fn fit(value: Value, shape: &Shape) -> Result<Value, String> {
    match (shape, value) {
        (Shape::List(list), Value::Array(items)) => {
            let items: Result<Vec<Value>, String> = items.iter().map(|item| fit(item.clone(), list.item)).collect();
            Ok(items?.into())
        }
        (Shape::List(_), value) => Ok(vec![value].into()),
        (Shape::Structure(structure), Value::Object(object)) => {
            let fit_member = |(key, value): (&std::sync::Arc<str>, &Value)| match structure.member(key) {
                Some(member) => fit(value.clone(), member.shape).map(|value| (key.clone(), value)),
                None => Ok((key.clone(), value.clone())),
            };
            Ok(object.iter().map(fit_member).collect::<Result<Object, String>>()?.into())
        }
        (Shape::Map(inner), Value::Object(object)) => {
            let members = object.iter().map(|(key, value)| Ok((key.clone(), fit(value.clone(), inner)?)));
            Ok(members.collect::<Result<Object, String>>()?.into())
        }
        (scalar, Value::String(text)) => fit_scalar(&text, scalar),
        (_, value) => Ok(value),
    }
}

/// A value of a scalar `shape` from its text on the command line.
///
/// # Errors
/// A text that is no number where one is needed, in the words of the AWS CLI.
pub fn fit_scalar(text: &str, shape: &Shape) -> Result<Value, String> {
    match shape {
        Shape::Integer(_) | Shape::Long(_) => whole(text).map(Value::from),
        Shape::Float(_) => {
            let float = text.trim().parse::<f64>().ok().filter(|float| float.is_finite());
            let float = float.ok_or_else(|| format!("could not convert string to float: '{text}'"))?;
            Ok(Value::Number(Number::from(float)))
        }
        Shape::Boolean if text.eq_ignore_ascii_case("true") => Ok(true.into()),
        Shape::Boolean if text.eq_ignore_ascii_case("false") => Ok(false.into()),
        _ => Ok(text.into()),
    }
}

/// A whole number.
///
/// # Errors
/// A text that is none, in the words of the AWS CLI.
pub fn whole(text: &str) -> Result<i64, String> {
    text.trim().parse().map_err(|_| format!("invalid literal for int() with base 10: '{text}'"))
}

enum Fault {
    /// What was expected, what stands there, where.
    Unexpected(String, String, usize),
    /// A key that is there already.
    Repeated(String, usize),
    /// A file that cannot be read, or too many levels.
    Unloadable(String),
}

impl Fault {
    fn describe(self, text: &[char]) -> ShorthandError {
        ShorthandError(match self {
            Self::Unexpected(expected, received, at) => {
                format!("Expected: '{expected}', received: '{received}' for input:\n{}", pointed(text, at))
            }
            Self::Repeated(key, at) => format!(
                "Second instance of key \"{key}\" encountered for input:\n{}\nThis is often because there is a preceding \
                 \",\" instead of a space.",
                pointed(text, at)
            ),
            Self::Unloadable(why) => why,
        })
    }
}

/// The text with a sign below the place.
fn pointed(text: &[char], at: usize) -> String {
    let at = at.min(text.len());
    let line_start = text[..at].iter().rposition(|c| *c == '\n').map_or(0, |newline| newline + 1);
    let line_end = text[at..].iter().position(|c| *c == '\n').map_or(text.len(), |newline| at + newline);
    let (before, after): (String, String) = (text[..line_end].iter().collect(), text[line_end..].iter().collect());
    format!("{before}\n{}^{after}", " ".repeat(at - line_start))
}

struct Parser<'a> {
    text: Vec<char>,
    at: usize,
    /// Whether the value belongs to `key@=`.
    loads: bool,
    load: Load<'a>,
    depth: usize,
}

/// Levels of lists and objects.
const DEPTH: usize = 100;

type Parsed<T> = Result<T, Fault>;

impl Parser<'_> {
    /// `keyval *("," keyval)`
    fn parameter(&mut self) -> Parsed<Value> {
        let mut members = Object::new();
        let (key, value) = self.keyval()?;
        members.insert(key, value);
        let mut last = self.at;
        while self.at < self.text.len() {
            self.expect_spaced(',')?;
            let (key, value) = self.keyval()?;
            if members.contains_key(&key) {
                return Err(Fault::Repeated(key, last + 1));
            }
            members.insert(key, value);
            last = self.at;
        }
        Ok(members.into())
    }

    fn keyval(&mut self) -> Parsed<(String, Value)> {
        let key = self.key_and_sign()?;
        Ok((key, self.values()?))
    }

    /// `key "="` or `key "@="`
    fn key_and_sign(&mut self) -> Parsed<String> {
        let start = self.at;
        let is_key = |c: char| c.is_ascii_alphanumeric() || "-_.#/:".contains(c);
        while self.current().is_some_and(is_key) {
            self.at += 1;
        }
        let key = self.text[start..self.at].iter().collect();
        self.loads = self.expect_spaced('@').is_ok();
        self.expect_spaced('=')?;
        Ok(key)
    }

    fn values(&mut self) -> Parsed<Value> {
        match self.current() {
            None => Ok("".into()),
            Some('[' | '{') => self.nested(),
            Some(_) => self.csv(),
        }
    }

    /// `a` is a string, `a,b` a list; `a,b=c` is `a` and another key.
    fn csv(&mut self) -> Parsed<Value> {
        let first = self.first_value()?;
        self.skip_blanks();
        if self.current() != Some(',') {
            return Ok(first.into());
        }
        self.expect_spaced(',')?;
        let mut list = vec![Value::from(first.clone())];
        loop {
            match self.csv_item() {
                Ok((item, is_last)) => {
                    list.push(item.into());
                    if is_last {
                        break;
                    }
                }
                Err(fault) if self.at >= self.text.len() => return Err(fault),
                Err(fault @ Fault::Unloadable(_)) => return Err(fault),
                Err(_) => {
                    self.back_to_comma();
                    break;
                }
            }
        }
        Ok(if list.len() == 1 { first.into() } else { list.into() })
    }

    fn csv_item(&mut self) -> Parsed<(String, bool)> {
        let item = self.second_value()?;
        self.skip_blanks();
        if self.at >= self.text.len() {
            return Ok((item, true));
        }
        self.expect_spaced(',')?;
        Ok((item, false))
    }

    fn back_to_comma(&mut self) {
        while self.at > 0 && self.current() != Some(',') {
            self.at -= 1;
        }
    }

    fn list(&mut self) -> Parsed<Value> {
        self.expect_spaced('[')?;
        let mut items = Vec::new();
        while self.current() != Some(']') {
            items.push(self.explicit_value()?);
            self.separator(']')?;
        }
        self.expect(']')?;
        Ok(items.into())
    }

    fn object(&mut self) -> Parsed<Value> {
        self.expect_spaced('{')?;
        let mut members = Object::new();
        while self.current() != Some('}') {
            let key = self.key_and_sign()?;
            let value = self.explicit_value()?;
            self.separator('}')?;
            members.insert(key, value);
        }
        self.expect('}')?;
        Ok(members.into())
    }

    fn separator(&mut self, close: char) -> Parsed<()> {
        self.skip_blanks();
        if self.current() != Some(close) {
            self.expect(',')?;
            self.skip_blanks();
        }
        Ok(())
    }

    fn explicit_value(&mut self) -> Parsed<Value> {
        match self.current() {
            Some('[' | '{') => self.nested(),
            _ => self.first_value().map(Value::from),
        }
    }

    fn nested(&mut self) -> Parsed<Value> {
        if self.depth == DEPTH {
            return Err(Fault::Unloadable(format!("More than {DEPTH} levels of lists and objects")));
        }
        self.depth += 1;
        let value = if self.current() == Some('[') { self.list() } else { self.object() };
        self.depth -= 1;
        value
    }

    fn first_value(&mut self) -> Parsed<String> {
        match self.current() {
            Some(quote @ ('\'' | '"')) => self.quoted(quote),
            _ => {
                let follows = |c: char| !matches!(c, '"' | '\'' | ',' | ']' | '}');
                let word = self.word(follows);
                self.loaded(word.unwrap_or_default())
            }
        }
    }

    fn second_value(&mut self) -> Parsed<String> {
        match self.current() {
            Some(quote @ ('\'' | '"')) => self.quoted(quote),
            _ => {
                let at = self.at;
                let follows = |c: char| !matches!(c, '"' | '\'' | ',' | '=');
                let word = self.word(follows);
                let word = word.ok_or_else(|| Fault::Unexpected("<second>".into(), "<none>".into(), at))?;
                self.loaded(word)
            }
        }
    }

    /// A bare value without its blanks at the end; `\,` is a comma. None where no value can begin.
    fn word(&mut self, follows: impl Fn(char) -> bool) -> Option<String> {
        let begins = |c: char| !matches!(c, '"' | '\'' | ',' | '=' | '[' | '{') && !c.is_whitespace();
        let mut word = String::new();
        let start = self.at;
        while let Some(c) = self.current() {
            let is_escape = c == '\\' && self.text.get(self.at + 1) == Some(&',');
            if is_escape {
                word.push(',');
                self.at += 2;
            } else if if self.at == start { begins(c) } else { follows(c) } {
                word.push(c);
                self.at += 1;
            } else {
                break;
            }
        }
        (self.at > start).then(|| word.trim_end().to_owned())
    }

    /// Text between quotes; a backslash escapes the quote and itself.
    fn quoted(&mut self, quote: char) -> Parsed<String> {
        let name = if quote == '\'' { "<singled quoted>" } else { "<double quoted>" };
        let end = self.closing(quote).ok_or_else(|| Fault::Unexpected(name.into(), "<none>".into(), self.at))?;
        let inner: String = self.text[self.at + 1..end].iter().collect();
        self.at = end + 1;
        self.loaded(inner.replace(&format!("\\{quote}"), &quote.to_string()).replace("\\\\", "\\"))
    }

    fn closing(&self, quote: char) -> Option<usize> {
        let mut escaped = None;
        let mut at = self.at + 1;
        while let Some(c) = self.text.get(at) {
            if *c == quote {
                return Some(at);
            }
            let is_escape = *c == '\\' && self.text.get(at + 1) == Some(&quote);
            if is_escape {
                escaped = Some(at + 1);
                at += 1;
            }
            at += 1;
        }
        // No other quote follows: the backslash stands for itself.
        escaped
    }

    fn loaded(&self, value: String) -> Parsed<String> {
        if self.loads { (self.load)(&value).map_err(Fault::Unloadable) } else { Ok(value) }
    }

    fn expect_spaced(&mut self, wanted: char) -> Parsed<()> {
        self.skip_blanks();
        self.expect(wanted)?;
        self.skip_blanks();
        Ok(())
    }

    fn expect(&mut self, wanted: char) -> Parsed<()> {
        let found = self.current();
        if found == Some(wanted) {
            self.at += 1;
            return Ok(());
        }
        let found = found.map_or_else(|| "EOF".to_owned(), String::from);
        Err(Fault::Unexpected(wanted.to_string(), found, self.at))
    }

    fn skip_blanks(&mut self) {
        while self.current().is_some_and(|c| c.is_ascii_whitespace() || c == '\u{b}') {
            self.at += 1;
        }
    }

    fn current(&self) -> Option<char> {
        self.text.get(self.at).copied()
    }
}

#[cfg(test)]
mod tests;
