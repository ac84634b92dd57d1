//! A JSON reader that keeps the place of every key and value.
//!
//! One scanner serves two builders: [`Node`] trees for definitions (with spans), and the data values of
//! [`crate::value`] (without). RFC 8259 exactly, but for the nesting limit.

use std::borrow::Cow;
use std::sync::Arc;

use super::span::Span;

/// The deepest nesting that is read; the same limit AWS's own reader has. Bounds every recursion over a tree.
pub const MAX_DEPTH: usize = 1000;

/// A JSON value with its place in the text.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// From the first to the last byte of the value.
    pub span: Span,
    /// The value.
    pub kind: NodeKind,
}

/// What a [`Node`] holds.
#[derive(Debug, Clone, PartialEq)]
pub enum NodeKind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number as it is spelled.
    Number(Arc<str>),
    /// A string, unescaped.
    String(Arc<str>),
    /// An array.
    Array(Vec<Node>),
    /// An object: members in file order, repeated keys included.
    Object(Vec<Member>),
}

/// A member of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// The key, unescaped.
    pub key: Arc<str>,
    /// The place of the key, quotes included.
    pub key_span: Span,
    /// The value.
    pub value: Node,
}

impl Node {
    /// The string, if it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::String(text) => Some(text),
            _ => None,
        }
    }

    /// The members, if it is an object.
    #[must_use]
    pub fn members(&self) -> Option<&[Member]> {
        match &self.kind {
            NodeKind::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The items, if it is an array.
    #[must_use]
    pub fn items(&self) -> Option<&[Node]> {
        match &self.kind {
            NodeKind::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The last member named `key` (as JSON readers resolve repeated keys), if this is an object that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Member> {
        self.members()?.iter().rev().find(|member| &*member.key == key)
    }

    /// `object`, `array`, `string`, `number`, `boolean` or `null`.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        match self.kind {
            NodeKind::Null => "null",
            NodeKind::Bool(_) => "boolean",
            NodeKind::Number(_) => "number",
            NodeKind::String(_) => "string",
            NodeKind::Array(_) => "array",
            NodeKind::Object(_) => "object",
        }
    }
}

/// Why a text is no JSON, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
pub struct JsonError {
    /// What is wrong.
    pub kind: JsonErrorKind,
    /// The offending part; empty at the end of a text that was cut off.
    pub span: Span,
}

/// The kinds of [`JsonError`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JsonErrorKind {
    /// There is no value at all.
    #[error("the text is empty; a JSON value is expected")]
    Empty,
    /// The text ends inside something.
    #[error("the text ends inside {inside}, which starts at byte {opened}; it seems to be cut off")]
    CutOff {
        /// `an object`, `an array`, `a string`, `a value`.
        inside: &'static str,
        /// Offset where that starts.
        opened: u32,
    },
    /// Something else stands where `expected` should.
    #[error("expected {expected}, found {found}")]
    Unexpected {
        /// What would be right here.
        expected: &'static str,
        /// What is here.
        found: String,
    },
    /// A comma with nothing after it.
    #[error("a comma with nothing after it; remove it")]
    TrailingComma,
    /// A bare word such as `None`, `undefined` or an unquoted text.
    #[error("`{0}` is no JSON value; texts need double quotes")]
    UnknownWord(String),
    /// A number that JSON does not allow.
    #[error("`{0}` is no JSON number")]
    BadNumber(String),
    /// An escape that JSON does not have.
    #[error("`{0}` is no escape of JSON; a backslash itself is written `\\\\`")]
    BadEscape(String),
    /// A line break, tab or other control character inside a string.
    #[error("a string may not hold the control character U+{0:04X}; write it as an escape")]
    ControlCharacter(u32),
    /// Text after the value.
    #[error("nothing may follow the value, found {0}")]
    TrailingText(String),
    /// More nesting than [`MAX_DEPTH`].
    #[error("nested deeper than {MAX_DEPTH} levels")]
    TooDeep,
}

/// Receives what the scanner reads; builds one kind of tree.
pub trait Build {
    /// The finished value.
    type Value;
    /// An object being filled.
    type Object;
    /// `null`, `true`, `false`.
    fn literal(&mut self, value: Option<bool>, span: Span) -> Self::Value;
    /// A number as it is spelled.
    fn number(&mut self, text: &str, span: Span) -> Self::Value;
    /// A string, unescaped.
    fn string(&mut self, text: Cow<'_, str>, span: Span) -> Self::Value;
    /// A finished array.
    fn array(&mut self, items: Vec<Self::Value>, span: Span) -> Self::Value;
    /// A new object.
    fn open_object(&mut self) -> Self::Object;
    /// Adds a member.
    fn member(&mut self, object: &mut Self::Object, key: Cow<'_, str>, key_span: Span, value: Self::Value);
    /// A finished object.
    fn close_object(&mut self, object: Self::Object, span: Span) -> Self::Value;
}

/// Reads `text` as a tree that keeps places.
///
/// # Errors
/// The first fault, with its place.
pub fn parse(text: &str) -> Result<Node, JsonError> {
    build(text, &mut Nodes)
}

/// Reads `text` with any builder.
///
/// # Errors
/// The first fault, with its place.
pub fn build<B: Build>(text: &str, builder: &mut B) -> Result<B::Value, JsonError> {
    let mut scanner = Scanner { text, bytes: text.as_bytes(), at: 0, builder };
    scanner.skip_blank();
    if scanner.at == scanner.bytes.len() {
        return Err(JsonError { kind: JsonErrorKind::Empty, span: Span::at(0) });
    }
    let value = scanner.value()?;
    scanner.skip_blank();
    if scanner.at < scanner.bytes.len() {
        let span = scanner.word_span();
        let found = scanner.found();
        return Err(JsonError { kind: JsonErrorKind::TrailingText(found), span });
    }
    Ok(value)
}

struct Nodes;

impl Build for Nodes {
    type Value = Node;
    type Object = Vec<Member>;

    fn literal(&mut self, value: Option<bool>, span: Span) -> Node {
        Node { span, kind: value.map_or(NodeKind::Null, NodeKind::Bool) }
    }

    fn number(&mut self, text: &str, span: Span) -> Node {
        Node { span, kind: NodeKind::Number(text.into()) }
    }

    fn string(&mut self, text: Cow<'_, str>, span: Span) -> Node {
        Node { span, kind: NodeKind::String(text.into()) }
    }

    fn array(&mut self, items: Vec<Node>, span: Span) -> Node {
        Node { span, kind: NodeKind::Array(items) }
    }

    fn open_object(&mut self) -> Vec<Member> {
        Vec::new()
    }

    fn member(&mut self, object: &mut Vec<Member>, key: Cow<'_, str>, key_span: Span, value: Node) {
        object.push(Member { key: key.into(), key_span, value });
    }

    fn close_object(&mut self, object: Vec<Member>, span: Span) -> Node {
        Node { span, kind: NodeKind::Object(object) }
    }
}

/// An array or object that is being read.
enum Open<'t, B: Build> {
    Array { start: usize, items: Vec<B::Value> },
    Object { start: usize, members: B::Object, key: Cow<'t, str>, key_span: Span },
}

impl<B: Build> Open<'_, B> {
    fn name(&self) -> &'static str {
        match self {
            Self::Array { .. } => "an array",
            Self::Object { .. } => "an object",
        }
    }

    fn start(&self) -> usize {
        match self {
            Self::Array { start, .. } | Self::Object { start, .. } => *start,
        }
    }
}

/// What became of an array or object when a value was put into it.
enum Attached<'t, B: Build> {
    /// More follows.
    Open(Open<'t, B>),
    /// It is complete.
    Finished(B::Value),
}

struct Scanner<'t, 'b, B> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    builder: &'b mut B,
}

impl<'t, B: Build> Scanner<'t, '_, B> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_blank(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Reads one value. What is open is kept in a list, not on the stack of the thread, so depth costs no stack.
    fn value(&mut self) -> Result<B::Value, JsonError> {
        let mut open: Vec<Open<'t, B>> = Vec::new();
        loop {
            let Some(mut value) = self.begin(&mut open)? else { continue };
            // A finished value may finish what it is in, and so on outwards.
            loop {
                let Some(inner) = open.pop() else { return Ok(value) };
                match self.attach(inner, value)? {
                    Attached::Open(inner) => {
                        open.push(inner);
                        break;
                    }
                    Attached::Finished(outer) => value = outer,
                }
            }
        }
    }

    /// Reads a scalar or an empty array or object, or opens one that has something in it.
    fn begin(&mut self, open: &mut Vec<Open<'t, B>>) -> Result<Option<B::Value>, JsonError> {
        let start = self.at;
        match self.peek() {
            Some(bracket @ (b'{' | b'[')) => {
                if open.len() >= MAX_DEPTH {
                    return Err(JsonError { kind: JsonErrorKind::TooDeep, span: Span::new(start, start + 1) });
                }
                self.at += 1;
                self.skip_blank();
                if bracket == b'{' { self.begin_object(start, open) } else { self.begin_array(start, open) }
            }
            Some(b'"') => {
                let text = self.string()?;
                Ok(Some(self.builder.string(text, Span::new(start, self.at))))
            }
            Some(b'-' | b'0'..=b'9') => {
                let text = self.number()?;
                Ok(Some(self.builder.number(text, Span::new(start, self.at))))
            }
            Some(_) => self.word().map(Some),
            None => match open.last() {
                Some(inner) => Err(self.cut_off(inner.name(), inner.start())),
                None => Err(self.cut_off("a value", start)),
            },
        }
    }

    fn begin_object(&mut self, start: usize, open: &mut Vec<Open<'t, B>>) -> Result<Option<B::Value>, JsonError> {
        let members = self.builder.open_object();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Some(self.builder.close_object(members, Span::new(start, self.at))));
        }
        let (key, key_span) = self.key(start)?;
        open.push(Open::Object { start, members, key, key_span });
        Ok(None)
    }

    fn begin_array(&mut self, start: usize, open: &mut Vec<Open<'t, B>>) -> Result<Option<B::Value>, JsonError> {
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Some(self.builder.array(Vec::new(), Span::new(start, self.at))));
        }
        open.push(Open::Array { start, items: Vec::new() });
        Ok(None)
    }

    /// Puts a finished value into what it is in; after it comes the next one, or the end.
    fn attach(&mut self, inner: Open<'t, B>, value: B::Value) -> Result<Attached<'t, B>, JsonError> {
        match inner {
            Open::Array { start, mut items } => {
                items.push(value);
                if self.comma("an array", "`,` or `]` after the item", b']', start)? {
                    return Ok(Attached::Open(Open::Array { start, items }));
                }
                Ok(Attached::Finished(self.builder.array(items, Span::new(start, self.at))))
            }
            Open::Object { start, mut members, key, key_span } => {
                self.builder.member(&mut members, key, key_span, value);
                if self.comma("an object", "`,` or `}` after the member", b'}', start)? {
                    let (key, key_span) = self.key(start)?;
                    return Ok(Attached::Open(Open::Object { start, members, key, key_span }));
                }
                Ok(Attached::Finished(self.builder.close_object(members, Span::new(start, self.at))))
            }
        }
    }

    /// A key and its colon; the scanner then stands before the value.
    fn key(&mut self, opened: usize) -> Result<(Cow<'t, str>, Span), JsonError> {
        let start = self.at;
        match self.peek() {
            Some(b'"') => {}
            None => return Err(self.cut_off("an object", opened)),
            Some(_) => return Err(self.unexpected("a key in double quotes")),
        }
        let key = self.string()?;
        let span = Span::new(start, self.at);
        self.skip_blank();
        match self.peek() {
            Some(b':') => self.at += 1,
            None => return Err(self.cut_off("an object", opened)),
            Some(_) => return Err(self.unexpected("`:` after the key")),
        }
        self.skip_blank();
        Ok((key, span))
    }

    /// After an item: whether another one follows a comma. The scanner then stands before it, or behind `close`.
    fn comma(
        &mut self,
        inside: &'static str,
        expected: &'static str,
        close: u8,
        opened: usize,
    ) -> Result<bool, JsonError> {
        self.skip_blank();
        match self.peek() {
            Some(b',') => {
                let comma = self.at;
                self.at += 1;
                self.skip_blank();
                if self.peek() == Some(close) { Err(trailing_comma(comma)) } else { Ok(true) }
            }
            Some(byte) if byte == close => {
                self.at += 1;
                Ok(false)
            }
            Some(_) => Err(self.unexpected(expected)),
            None => Err(self.cut_off(inside, opened)),
        }
    }

    fn string(&mut self) -> Result<Cow<'t, str>, JsonError> {
        let start = self.at;
        self.at += 1;
        let body = self.at;
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(Cow::Borrowed(&self.text[body..self.at - 1]));
                }
                Some(b'\\') => return self.escaped_string(start, body),
                Some(byte) if byte < 0x20 => return Err(self.control(byte)),
                Some(_) => self.at += 1,
                None => return Err(self.cut_off("a string", start)),
            }
        }
    }

    /// The rest of a string that has escapes; the scanner stands on the first one.
    fn escaped_string(&mut self, start: usize, body: usize) -> Result<Cow<'t, str>, JsonError> {
        let mut out = String::from(&self.text[body..self.at]);
        let mut plain = self.at;
        loop {
            match self.peek() {
                Some(b'"') => {
                    out.push_str(&self.text[plain..self.at]);
                    self.at += 1;
                    return Ok(Cow::Owned(out));
                }
                Some(b'\\') => {
                    out.push_str(&self.text[plain..self.at]);
                    out.push(self.escape(start)?);
                    plain = self.at;
                }
                Some(byte) if byte < 0x20 => return Err(self.control(byte)),
                Some(_) => self.at += 1,
                None => return Err(self.cut_off("a string", start)),
            }
        }
    }

    fn escape(&mut self, string_start: usize) -> Result<char, JsonError> {
        let start = self.at;
        self.at += 1;
        let Some(byte) = self.peek() else {
            return Err(self.cut_off("a string", string_start));
        };
        self.at += 1;
        let simple = match byte {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode_escape(start),
            _ => return Err(self.bad_escape(start)),
        };
        Ok(simple)
    }

    /// `\uXXXX`, the second half of a surrogate pair included; half a pair becomes U+FFFD, as data must not be lost.
    fn unicode_escape(&mut self, start: usize) -> Result<char, JsonError> {
        let first = self.hex4(start)?;
        if !(0xD800..0xDC00).contains(&first) {
            return Ok(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        let rest = self.at;
        if self.bytes.get(rest..rest + 2) == Some(b"\\u") {
            self.at += 2;
            let second = self.hex4(rest)?;
            if (0xDC00..0xE000).contains(&second) {
                let code = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
                return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.at = rest;
        }
        Ok(char::REPLACEMENT_CHARACTER)
    }

    fn hex4(&mut self, escape_start: usize) -> Result<u32, JsonError> {
        let digits = self.bytes.get(self.at..self.at + 4).filter(|d| d.iter().all(u8::is_ascii_hexdigit));
        let code = digits.and_then(|d| std::str::from_utf8(d).ok()).and_then(|d| u32::from_str_radix(d, 16).ok());
        match code {
            Some(code) => {
                self.at += 4;
                Ok(code)
            }
            None => Err(self.bad_escape(escape_start)),
        }
    }

    fn number(&mut self) -> Result<&'t str, JsonError> {
        let start = self.at;
        while matches!(self.peek(), Some(b'-' | b'+' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'_')) {
            self.at += 1;
        }
        let text = &self.text[start..self.at];
        if is_number(text) {
            return Ok(text);
        }
        Err(JsonError { kind: JsonErrorKind::BadNumber(text.to_owned()), span: Span::new(start, self.at) })
    }

    fn word(&mut self) -> Result<B::Value, JsonError> {
        let span = self.word_span();
        let literal = match span.text(self.text) {
            "null" => None,
            "true" => Some(true),
            "false" => Some(false),
            word if word.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '$' || c == '\'') => {
                let shown: String = word.chars().take(40).collect();
                return Err(JsonError { kind: JsonErrorKind::UnknownWord(shown), span });
            }
            _ => return Err(self.unexpected("a value")),
        };
        self.at = span.end as usize;
        Ok(self.builder.literal(literal, span))
    }

    /// The run of characters at the scanner up to the next blank or structural character, at least one.
    fn word_span(&self) -> Span {
        let rest = &self.text[self.at..];
        let stop = |c: char| c.is_whitespace() || matches!(c, ',' | ':' | '[' | ']' | '{' | '}' | '"');
        let len = rest.find(stop).filter(|len| *len > 0);
        let len = len.unwrap_or_else(|| if rest.starts_with(stop) { first_len(rest) } else { rest.len() });
        Span::new(self.at, self.at + len)
    }

    fn found(&self) -> String {
        match self.text[self.at..].chars().next() {
            None => "the end of the text".to_owned(),
            Some(c) if c.is_control() => format!("the control character U+{:04X}", c as u32),
            Some('\u{feff}') => "a byte order mark".to_owned(),
            Some(_) => {
                let word: String = self.word_span().text(self.text).chars().take(40).collect();
                format!("`{word}`")
            }
        }
    }

    fn unexpected(&self, expected: &'static str) -> JsonError {
        JsonError { kind: JsonErrorKind::Unexpected { expected, found: self.found() }, span: self.word_span() }
    }

    fn cut_off(&self, inside: &'static str, opened: usize) -> JsonError {
        let opened = u32::try_from(opened).unwrap_or(u32::MAX);
        JsonError { kind: JsonErrorKind::CutOff { inside, opened }, span: Span::at(self.bytes.len()) }
    }

    fn control(&self, byte: u8) -> JsonError {
        let span = Span::new(self.at, self.at + 1);
        JsonError { kind: JsonErrorKind::ControlCharacter(u32::from(byte)), span }
    }

    fn bad_escape(&self, start: usize) -> JsonError {
        let len: usize = self.text[start..].chars().take(2).map(char::len_utf8).sum();
        let span = Span::new(start, start + len);
        JsonError { kind: JsonErrorKind::BadEscape(span.text(self.text).to_owned()), span }
    }
}

fn first_len(text: &str) -> usize {
    text.chars().next().map_or(0, char::len_utf8)
}

fn trailing_comma(at: usize) -> JsonError {
    JsonError { kind: JsonErrorKind::TrailingComma, span: Span::new(at, at + 1) }
}

/// Whether `text` is a number as JSON spells them.
fn is_number(text: &str) -> bool {
    let rest = text.strip_prefix('-').unwrap_or(text).as_bytes();
    let digits = |from: usize| rest[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let whole = digits(0);
    if whole == 0 || whole > 1 && rest[0] == b'0' {
        return false;
    }
    let mut at = whole;
    if rest.get(at) == Some(&b'.') {
        let fraction = digits(at + 1);
        if fraction == 0 {
            return false;
        }
        at += 1 + fraction;
    }
    if matches!(rest.get(at), Some(b'e' | b'E')) {
        at += 1 + usize::from(matches!(rest.get(at + 1), Some(b'+' | b'-')));
        let exponent = digits(at.min(rest.len()));
        if exponent == 0 {
            return false;
        }
        at += exponent;
    }
    at == rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fails(text: &str) -> (JsonErrorKind, &str) {
        let error = parse(text).expect_err("must be refused");
        (error.kind, error.span.text(text))
    }

    #[test]
    fn keeps_the_place_of_keys_and_values() {
        let text = r#"{ "a": [1, "x\n"], "b": null }"#;
        let node = parse(text).expect("valid");
        let a = node.get("a").expect("a");
        assert_eq!(a.key_span.text(text), "\"a\"");
        assert_eq!(a.value.span.text(text), r#"[1, "x\n"]"#);
        let items = a.value.items().expect("array");
        assert_eq!(items[1].span.text(text), r#""x\n""#);
        assert_eq!(items[1].as_str(), Some("x\n"));
    }

    #[test]
    fn repeated_keys_are_kept_and_the_last_one_counts() {
        let node = parse(r#"{"a":1,"a":2}"#).expect("valid");
        assert_eq!(node.members().map(<[_]>::len), Some(2));
        assert_eq!(node.get("a").map(|m| &m.value.kind), Some(&NodeKind::Number("2".into())));
    }

    #[test]
    fn says_what_is_wrong_and_where() {
        assert!(matches!(fails("{\"a\": 1,}"), (JsonErrorKind::TrailingComma, ",")));
        assert!(matches!(fails("[1, 02]"), (JsonErrorKind::BadNumber(n), "02") if n == "02"));
        assert!(matches!(fails("[1 2]"), (JsonErrorKind::Unexpected { .. }, "2")));
        assert!(matches!(fails("{a: 1}"), (JsonErrorKind::Unexpected { .. }, "a")));
        assert!(matches!(fails("{\"a\": ${x}}"), (JsonErrorKind::UnknownWord(w), "$") if w == "$"));
        assert!(matches!(fails("[True]"), (JsonErrorKind::UnknownWord(w), "True") if w == "True"));
        assert!(matches!(fails(r#"["\d"]"#), (JsonErrorKind::BadEscape(_), r"\d")));
        assert!(matches!(fails("[\"a\tb\"]"), (JsonErrorKind::ControlCharacter(9), "\t")));
        assert!(matches!(fails("{} x"), (JsonErrorKind::TrailingText(_), "x")));
        assert!(matches!(fails("  "), (JsonErrorKind::Empty, "")));
    }

    #[test]
    fn a_text_that_was_cut_off_names_what_was_open() {
        for (text, what) in
            [("{\"a\": [1, 2", "an array"), ("{\"a\"", "an object"), ("[\"abc", "a string"), ("{\"a\":", "an object")]
        {
            let (kind, _) = fails(text);
            assert!(matches!(kind, JsonErrorKind::CutOff { inside, .. } if inside == what), "{text}: {kind:?}");
        }
    }

    #[test]
    fn deep_nesting_is_refused_not_overflowed() {
        let deep = "[".repeat(100_000);
        assert!(matches!(fails(&deep), (JsonErrorKind::TooDeep, "[")));
        let fits = format!("{}{}", "[".repeat(MAX_DEPTH), "]".repeat(MAX_DEPTH));
        assert!(parse(&fits).is_ok());
    }

    #[test]
    fn surrogate_pairs_are_joined_and_halves_replaced() {
        assert_eq!(parse(r#""\ud83d\ude00""#).expect("valid").as_str(), Some("😀"));
        assert_eq!(parse(r#""\ud83dx""#).expect("valid").as_str(), Some("\u{fffd}x"));
    }
}
