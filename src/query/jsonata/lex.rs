//! Text to tokens.
//!
//! One token at a time: whether `/` divides or begins a regular expression depends on what the parser expects.

use std::sync::Arc;

use super::error::{Fault, Outcome, Token as Shown, fault, quoted};
use super::pattern::Pattern;
use crate::text::Span;
use crate::value::Value;

/// A token and its place.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) span: Span,
}

#[derive(Debug, Clone)]
pub(super) enum TokenKind {
    /// The end of the expression.
    End,
    Operator(&'static str),
    Name(Arc<str>),
    Variable(Arc<str>),
    Text(Arc<str>),
    Number(f64),
    /// `true`, `false`, `null`
    Literal(Value),
    Regex(Arc<Pattern>),
}

impl TokenKind {
    /// The operator, or an empty text.
    pub(super) fn operator(&self) -> &'static str {
        match self {
            Self::Operator(operator) => operator,
            _ => "",
        }
    }

    /// The token as messages show it.
    pub(super) fn shown(&self) -> Shown {
        match self {
            Self::End => "(end)".into(),
            Self::Operator(operator) => (*operator).into(),
            Self::Name(text) | Self::Variable(text) | Self::Text(text) => Shown::Text(text.clone()),
            Self::Number(number) => Shown::Number(*number),
            Self::Literal(Value::Bool(value)) => Shown::Bool(*value),
            Self::Literal(_) => Shown::Null,
            Self::Regex(_) => Shown::Other,
        }
    }
}

/// The operator that begins with `first`; `second` may be part of it.
fn operator(first: u8, second: u8) -> Option<&'static str> {
    Some(match (first, second) {
        (b'.', b'.') => "..",
        (b':', b'=') => ":=",
        (b'!', b'=') => "!=",
        (b'>', b'=') => ">=",
        (b'<', b'=') => "<=",
        (b'*', b'*') => "**",
        (b'~', b'>') => "~>",
        (b'.', _) => ".",
        (b'[', _) => "[",
        (b']', _) => "]",
        (b'{', _) => "{",
        (b'}', _) => "}",
        (b'(', _) => "(",
        (b')', _) => ")",
        (b',', _) => ",",
        (b'@', _) => "@",
        (b'#', _) => "#",
        (b';', _) => ";",
        (b':', _) => ":",
        (b'?', _) => "?",
        (b'+', _) => "+",
        (b'-', _) => "-",
        (b'*', _) => "*",
        (b'/', _) => "/",
        (b'%', _) => "%",
        (b'|', _) => "|",
        (b'=', _) => "=",
        (b'<', _) => "<",
        (b'>', _) => ">",
        (b'^', _) => "^",
        (b'&', _) => "&",
        (b'!', _) => "!",
        (b'~', _) => "~",
        _ => return None,
    })
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0B)
}

fn ends_name(byte: u8) -> bool {
    is_blank(byte) || operator(byte, 0).is_some()
}

/// The text and how far it has been read.
#[derive(Debug)]
pub(super) struct Lexer<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Lexer<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    fn byte(&self, at: usize) -> u8 {
        self.text.as_bytes().get(at).copied().unwrap_or(0)
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn fault(code: &'static str, position: usize, span: Span) -> Box<Fault> {
        fault(code).at(u32::try_from(position).ok()).span(span)
    }

    /// The next token; after an operand (`infix`) a `/` divides.
    pub(super) fn next(&mut self, infix: bool) -> Outcome<Token> {
        self.skip()?;
        let start = self.at;
        let kind = self.token(infix)?;
        Ok(Token { kind, span: Span::new(start, self.at) })
    }

    fn skip(&mut self) -> Outcome<()> {
        loop {
            self.at += self.rest().bytes().take_while(|byte| is_blank(*byte)).count();
            if !self.rest().starts_with("/*") {
                return Ok(());
            }
            let start = self.at;
            let body = self.text.get(start + 2..).unwrap_or("");
            let Some(length) = body.find("*/") else {
                return Err(Self::fault("S0106", start, Span::new(start, start + 2)));
            };
            self.at = start + 2 + length + 2;
        }
    }

    fn token(&mut self, infix: bool) -> Outcome<TokenKind> {
        let rest = self.rest();
        match self.byte(self.at) {
            _ if rest.is_empty() => Ok(TokenKind::End),
            b'/' if !infix => self.regex(),
            quote @ (b'"' | b'\'') => self.string(quote),
            b'0'..=b'9' => self.number(),
            b'`' => self.quoted_name(),
            first => match operator(first, self.byte(self.at + 1)) {
                Some(operator) => {
                    self.at += operator.len();
                    Ok(TokenKind::Operator(operator))
                }
                None => Ok(self.name()),
            },
        }
    }

    fn name(&mut self) -> TokenKind {
        let length = self.rest().bytes().take_while(|byte| !ends_name(*byte)).count();
        let name = self.rest().get(..length).unwrap_or("");
        self.at += length;
        if let Some(variable) = name.strip_prefix('$') {
            return TokenKind::Variable(variable.into());
        }
        match name.as_bytes() {
            b"true" => TokenKind::Literal(Value::Bool(true)),
            b"false" => TokenKind::Literal(Value::Bool(false)),
            b"null" => TokenKind::Literal(Value::Null),
            b"and" => TokenKind::Operator("and"),
            b"or" => TokenKind::Operator("or"),
            b"in" => TokenKind::Operator("in"),
            _ => TokenKind::Name(name.into()),
        }
    }

    fn quoted_name(&mut self) -> Outcome<TokenKind> {
        let start = self.at;
        let body = self.text.get(start + 1..).unwrap_or("");
        let Some(length) = body.find('`') else {
            self.at = self.text.len();
            return Err(Self::fault("S0105", self.at, Span::new(start, self.at)));
        };
        self.at = start + length + 2;
        Ok(TokenKind::Name(body.get(..length).unwrap_or("").into()))
    }

    fn number(&mut self) -> Outcome<TokenKind> {
        let length = number_length(self.rest().as_bytes());
        let text = self.rest().get(..length).unwrap_or("");
        let number: f64 = text.parse().unwrap_or(f64::INFINITY);
        if !number.is_finite() {
            let span = Span::new(self.at, self.at + length);
            return Err(Self::fault("S0102", self.at, span).token(text));
        }
        self.at += length;
        Ok(TokenKind::Number(number))
    }

    fn string(&mut self, quote: u8) -> Outcome<TokenKind> {
        let start = self.at;
        self.at += 1;
        let mut out = Units::default();
        while let Some(character) = self.rest().chars().next() {
            self.at += character.len_utf8();
            match character {
                '\\' => self.escape(&mut out)?,
                _ if character == char::from(quote) => return Ok(TokenKind::Text(out.finish().into())),
                _ => out.push(character),
            }
        }
        self.at = self.text.len();
        Err(Self::fault("S0101", self.at, Span::new(start, self.at)))
    }

    /// What follows a backslash.
    fn escape(&mut self, out: &mut Units) -> Outcome<()> {
        let start = self.at;
        let character = self.rest().chars().next();
        let plain = match character {
            Some(same @ ('"' | '\\' | '/')) => same,
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => return self.unicode_escape(out),
            other => {
                let token = other.map(String::from).unwrap_or_default();
                let span = Span::new(start.saturating_sub(1), start + token.len());
                return Err(Self::fault("S0103", start, span).token(token.as_str()));
            }
        };
        self.at += 1;
        out.push(plain);
        Ok(())
    }

    fn unicode_escape(&mut self, out: &mut Units) -> Outcome<()> {
        let start = self.at;
        let length = self.rest().chars().skip(1).take(4).map(char::len_utf8).sum::<usize>();
        let digits = self.text.get(start + 1..start + 1 + length).unwrap_or("");
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            let span = Span::new(start.saturating_sub(1), start + 1 + length);
            return Err(Self::fault("S0104", start, span));
        }
        self.at += 1 + length;
        out.push_unit(u16::from_str_radix(digits, 16).unwrap_or(0));
        Ok(())
    }

    /// A regular expression from its first slash on. Slashes inside brackets do not end it, as in the reference, which
    /// counts brackets of all kinds together.
    fn regex(&mut self) -> Outcome<TokenKind> {
        let open = self.at;
        let start = open + 1;
        let mut depth = 0i64;
        let mut at = start;
        while at < self.text.len() {
            match self.byte(at) {
                b'/' if depth == 0 && self.backslashes_before(at).is_multiple_of(2) => {
                    return self.regex_until(start, at);
                }
                b'(' | b'[' | b'{' if self.byte(at - 1) != b'\\' => depth += 1,
                b')' | b']' | b'}' if self.byte(at - 1) != b'\\' => depth -= 1,
                _ => {}
            }
            at += 1;
        }
        Err(Self::fault("S0302", self.text.len(), Span::new(open, self.text.len())))
    }

    fn backslashes_before(&self, at: usize) -> usize {
        self.text.as_bytes().iter().take(at).rev().take_while(|byte| **byte == b'\\').count()
    }

    fn regex_until(&mut self, start: usize, end: usize) -> Outcome<TokenKind> {
        let source = self.text.get(start..end).unwrap_or("");
        if source.is_empty() {
            return Err(Self::fault("S0301", end, Span::new(start.saturating_sub(1), end + 1)));
        }
        let flags = self.text.get(end + 1..).unwrap_or("").bytes().take_while(|byte| b"im".contains(byte)).count();
        self.at = end + 1 + flags;
        let flags = self.text.get(end + 1..self.at).unwrap_or("");
        let span = Span::new(start - 1, self.at);
        match Pattern::compile(source, flags, u32::try_from(self.at).unwrap_or(u32::MAX)) {
            Ok(pattern) => Ok(TokenKind::Regex(Arc::new(pattern))),
            Err(reason) => {
                let message = format!("Invalid regular expression: /{source}/: {reason}");
                Err(Self::fault(super::error::BAD_REGEX, self.at, span).value(quoted(source)).message(message))
            }
        }
    }
}

/// Bytes of the number at the start of `bytes`, which begins with a digit: `0` or digits without leading zero, then
/// perhaps a fraction and an exponent.
fn number_length(bytes: &[u8]) -> usize {
    let digits = |from: usize| bytes.iter().skip(from).take_while(|byte| byte.is_ascii_digit()).count();
    let at = |index: usize| bytes.get(index).copied().unwrap_or(0);
    let mut length = if at(0) == b'0' { 1 } else { digits(0) };
    if at(length) == b'.' && digits(length + 1) > 0 {
        length += 1 + digits(length + 1);
    }
    if matches!(at(length), b'e' | b'E') {
        let sign = usize::from(matches!(at(length + 1), b'+' | b'-'));
        let exponent = digits(length + 1 + sign);
        if exponent > 0 {
            length += 1 + sign + exponent;
        }
    }
    length
}

/// Text that is put together from characters and UTF-16 units, as `\u` escapes spell pairs of them.
#[derive(Default)]
struct Units {
    text: String,
    high: Option<u16>,
}

impl Units {
    fn push(&mut self, character: char) {
        self.flush();
        self.text.push(character);
    }

    fn push_unit(&mut self, unit: u16) {
        if let Some(high) = self.high.take() {
            if let Some(Ok(pair)) = char::decode_utf16([high, unit]).next() {
                self.text.push(pair);
                return;
            }
            self.text.push(char::REPLACEMENT_CHARACTER);
        }
        match char::decode_utf16([unit]).next() {
            Some(Ok(character)) => self.text.push(character),
            _ if (0xD800..0xDC00).contains(&unit) => self.high = Some(unit),
            _ => self.text.push(char::REPLACEMENT_CHARACTER),
        }
    }

    /// Half a pair alone is no character.
    fn flush(&mut self) {
        if self.high.take().is_some() {
            self.text.push(char::REPLACEMENT_CHARACTER);
        }
    }

    fn finish(mut self) -> String {
        self.flush();
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<String> {
        let mut lexer = Lexer::new(text);
        let mut out = Vec::new();
        loop {
            let token = lexer.next(false).expect("a token");
            match token.kind {
                TokenKind::End => return out,
                kind => out.push(format!("{:?}@{}", kind.shown(), token.span.end)),
            }
        }
    }

    #[test]
    fn tokens_and_where_they_end() {
        assert_eq!(
            tokens("a .. $b:=`x y`/* c */ and 1.5e1"),
            [
                "Text(\"a\")@1",
                "Text(\"..\")@4",
                "Text(\"b\")@7",
                "Text(\":=\")@9",
                "Text(\"x y\")@14",
                "Text(\"and\")@25",
                "Number(15.0)@31"
            ]
        );
        assert_eq!(tokens("01"), ["Number(0.0)@1", "Number(1.0)@2"]);
        assert_eq!(tokens("1..2"), ["Number(1.0)@1", "Text(\"..\")@3", "Number(2.0)@4"]);
        assert_eq!(tokens(r#"'\u0041\ud83d\ude00\t\/'"#), ["Text(\"A😀\\t/\")@24"]);
    }

    #[test]
    fn a_slash_begins_a_regular_expression_where_an_operand_is_expected() {
        let mut lexer = Lexer::new("/a[/]b\\//i");
        let token = lexer.next(false).expect("a token");
        assert!(matches!(token.kind, TokenKind::Regex(_)) && token.span.end == 10);
        assert_eq!(Lexer::new("/ 2").next(true).expect("a token").kind.operator(), "/");
    }

    #[test]
    fn faults_and_their_places() {
        for (text, code, position) in [
            ("'abc", "S0101", 4),
            ("1e999", "S0102", 0),
            (r#""a\qb""#, "S0103", 3),
            (r#""\u12G4""#, "S0104", 2),
            ("`ab", "S0105", 3),
            ("/* a", "S0106", 0),
            ("//", "S0301", 1),
            ("/a", "S0302", 2),
            ("/a)/", "S0302", 4),
        ] {
            let error = Lexer::new(text).next(false).expect_err(text);
            assert_eq!((error.code, error.position), (code, Some(position)), "{text}");
        }
    }
}
