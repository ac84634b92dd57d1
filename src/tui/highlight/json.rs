//! JSON that may be broken anywhere.

use super::place::{Grammar, Place};
use super::{Highlight, Token};

/// The pieces of `text`.
pub(super) fn highlight(text: &str, grammar: Grammar) -> Highlight {
    let place = if grammar == Grammar::Data { Place::Data } else { Place::Language };
    let mut lexer = Lexer { found: Highlight::default(), open: Vec::new(), outside: Frame::new(false, place) };
    for line in text.split('\n') {
        lexer.line(line);
        lexer.found.end_line();
    }
    lexer.found
}

/// An object or array that is open.
struct Frame<'t> {
    object: bool,
    /// What its keys are; an array passes on the place it is in.
    place: Place,
    /// The key whose value comes next; an array keeps the key it stands under.
    key: Option<&'t str>,
}

impl Frame<'_> {
    fn new(object: bool, place: Place) -> Self {
        Self { object, place, key: None }
    }
}

struct Lexer<'t> {
    found: Highlight,
    open: Vec<Frame<'t>>,
    outside: Frame<'t>,
}

impl<'t> Lexer<'t> {
    fn top(&mut self) -> &mut Frame<'t> {
        self.open.last_mut().unwrap_or(&mut self.outside)
    }

    fn line(&mut self, line: &'t str) {
        let mut at = 0;
        while let Some(first) = line.get(at..).and_then(|rest| rest.chars().next()) {
            let end = match first {
                ' ' | '\t' | '\r' => at + 1,
                '"' => self.string(line, at),
                '{' | '[' => self.opening(at, first == '{'),
                '}' | ']' => self.closing(at, first == '}'),
                ',' | ':' => self.separator(at, first == ','),
                '-' | '0'..='9' => self.run(line, at, is_number),
                _ if is_word(first) => self.run(line, at, is_literal),
                _ => {
                    self.found.push(at..at + first.len_utf8(), Token::Error);
                    at + first.len_utf8()
                }
            };
            at = end;
        }
    }

    fn opening(&mut self, at: usize, object: bool) -> usize {
        self.found.push(at..at + 1, Token::Punctuation);
        let top = self.top();
        let (place, key) = match top.key {
            Some(key) if top.object => (top.place.inside(key), (!object).then_some(key)),
            inherited => (top.place, inherited.filter(|_| !object)),
        };
        self.open.push(Frame { object, place, key });
        at + 1
    }

    /// A bracket that closes something else is marked and otherwise ignored: most likely the right one comes later.
    fn closing(&mut self, at: usize, object: bool) -> usize {
        let fits = self.open.last().is_some_and(|frame| frame.object == object);
        if fits {
            self.open.pop();
        }
        self.found.push(at..at + 1, if fits { Token::Punctuation } else { Token::Error });
        at + 1
    }

    fn separator(&mut self, at: usize, comma: bool) -> usize {
        let top = self.top();
        if comma && top.object {
            top.key = None;
        }
        self.found.push(at..at + 1, Token::Punctuation);
        at + 1
    }

    fn run(&mut self, line: &str, at: usize, is_right: fn(&str) -> Option<Token>) -> usize {
        let text = line.get(at..).unwrap_or("");
        let text = &text[..text.find(|c| !is_word(c)).unwrap_or(text.len())];
        self.found.push(at..at + text.len(), is_right(text).unwrap_or(Token::Error));
        at + text.len()
    }

    /// A string ends at its quote or at the end of the line, so that one missing quote spoils one line only.
    fn string(&mut self, line: &'t str, at: usize) -> usize {
        let body = line.get(at + 1..).unwrap_or("");
        let Some(length) = end_of_string(body) else {
            let end = line.trim_end_matches('\r').len();
            self.found.push(at..end, Token::Error);
            return line.len();
        };
        let end = at + 1 + length + 1;
        let text = &body[..length];
        let is_key = line.get(end..).is_some_and(|rest| rest.trim_start().starts_with(':'));
        let top = self.top();
        let token = if top.object && (is_key || top.key.is_none()) {
            top.key = Some(text);
            top.place.key(text)
        } else {
            value(top, text)
        };
        self.found.push(at..end, token);
        end
    }
}

fn value(frame: &Frame<'_>, text: &str) -> Token {
    let key = frame.key.unwrap_or("");
    // The value of a data field is data itself: `"Output": "$.a"` is no path.
    let place = if frame.place == Place::Language { frame.place.inside(key) } else { frame.place };
    place.string(key, text)
}

/// The length of the string up to its closing quote.
pub(super) fn end_of_string(body: &str) -> Option<usize> {
    let mut escaped = false;
    body.bytes().position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    })
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '+' | '.' | '$')
}

fn is_literal(text: &str) -> Option<Token> {
    matches!(text, "true" | "false" | "null").then_some(Token::Constant)
}

/// Whether JSON allows the number `text` (RFC 8259, section 6).
pub(super) fn is_number(text: &str) -> Option<Token> {
    let digits = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let rest = text.strip_prefix('-').unwrap_or(text);
    let whole = digits(rest);
    if whole == 0 || whole > 1 && rest.starts_with('0') {
        return None;
    }
    let mut rest = &rest[whole..];
    if let Some(fraction) = rest.strip_prefix('.') {
        let length = digits(fraction);
        rest = (length > 0).then(|| &fraction[length..])?;
    }
    if let Some(exponent) = rest.strip_prefix(['e', 'E']) {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        let length = digits(exponent);
        rest = (length > 0).then(|| &exponent[length..])?;
    }
    rest.is_empty().then_some(Token::Number)
}
