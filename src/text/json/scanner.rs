//! The scanner: reads a text once, from the first byte to the last.

use std::borrow::Cow;

use super::{Build, JsonError, JsonErrorKind, MAX_DEPTH};
use crate::text::span::Span;

/// Reads the one value that `text` is.
pub(super) fn document<B: Build>(text: &str, builder: &mut B) -> Result<B::Value, JsonError> {
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
