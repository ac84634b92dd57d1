//! Definitions in YAML, line by line: enough for colours, not for reading.

use super::json::{end_of_string, is_number};
use super::place::Place;
use super::{Highlight, Token};

/// The pieces of `text`.
pub(super) fn highlight(text: &str) -> Highlight {
    let mut lexer = Lexer { found: Highlight::default(), open: Vec::new(), block: None };
    for line in text.split('\n') {
        lexer.line(line.trim_end_matches('\r'));
        lexer.found.end_line();
    }
    lexer.found
}

struct Lexer<'t> {
    found: Highlight,
    /// Keys whose value is a block of more lines: their column, their name, what is inside.
    open: Vec<(usize, &'t str, Place)>,
    /// A `|` or `>` text: the column it must be deeper than, and what its lines are once that is known.
    block: Option<(usize, Option<Token>)>,
}

impl<'t> Lexer<'t> {
    fn line(&mut self, line: &'t str) {
        let indent = line.len() - line.trim_start_matches(' ').len();
        if self.block_line(line, indent) {
            return;
        }
        let mut at = indent;
        while line.get(at..).is_some_and(|rest| rest == "-" || rest.starts_with("- ")) {
            self.found.push(at..at + 1, Token::Punctuation);
            let rest = &line[at + 1..];
            at += 1 + rest.len() - rest.trim_start_matches(' ').len();
        }
        let rest = line.get(at..).unwrap_or("");
        if rest.is_empty() || self.comment(line, at) {
            return;
        }
        if at == 0 && matches!(rest, "---" | "...") {
            self.found.push(0..3, Token::Punctuation);
            return;
        }
        self.open.retain(|(column, ..)| *column < at);
        match key_of(rest) {
            Some((key, length)) => self.member(line, at, key, length),
            None => {
                let (key, place) = self.open.last().map_or(("", Place::Language), |(_, key, place)| (*key, *place));
                self.value(line, at, key, place);
            }
        }
    }

    /// A line inside a `|` or `>` text; false when that is over.
    fn block_line(&mut self, line: &str, indent: usize) -> bool {
        let Some((column, kind)) = &mut self.block else {
            return false;
        };
        let text = line.trim();
        if text.is_empty() {
            return true;
        }
        if indent <= *column {
            self.block = None;
            return false;
        }
        let start = if text.starts_with("{%") { Token::Expression } else { Token::String };
        let token = *kind.get_or_insert(start);
        self.found.push(indent..indent + text.len(), token);
        true
    }

    fn comment(&mut self, line: &str, at: usize) -> bool {
        let is_comment = line.get(at..).is_some_and(|rest| rest.starts_with('#'));
        if is_comment {
            self.found.push(at..line.len(), Token::Comment);
        }
        is_comment
    }

    fn member(&mut self, line: &'t str, at: usize, key: &'t str, length: usize) {
        let place = self.open.last().map_or(Place::Language, |(.., place)| *place);
        self.found.push(at..at + length, place.key(key));
        self.found.push(at + length..at + length + 1, Token::Punctuation);
        let inside = if place == Place::States { Place::Language } else { place.inside(key) };
        let rest = line.get(at + length + 1..).unwrap_or("");
        let start = line.len() - rest.trim_start().len();
        let value = line.get(start..).unwrap_or("");
        if value.is_empty() || value.starts_with('#') {
            self.open.push((at, key, inside));
            self.comment(line, start);
        } else if value.starts_with(['|', '>']) {
            self.found.push(start..line.len(), Token::Punctuation);
            self.block = Some((at, None));
        } else {
            self.value(line, start, key, inside);
        }
    }

    /// The rest of a line: one scalar, or a flow value.
    fn value(&mut self, line: &str, at: usize, key: &str, place: Place) {
        let mut at = at;
        while let Some(first) = line.get(at..).and_then(|rest| rest.chars().next()) {
            let rest = &line[at..];
            let length = match first {
                ' ' | '\t' => {
                    at += 1;
                    continue;
                }
                '#' => {
                    self.comment(line, at);
                    return;
                }
                '{' | '}' | '[' | ']' | ',' | ':' if !rest.starts_with("{%") => {
                    self.found.push(at..at + 1, Token::Punctuation);
                    1
                }
                '"' | '\'' => self.quoted(rest, at, key, place),
                _ => self.plain(rest, at, key, place),
            };
            at += length.max(1);
        }
    }

    fn quoted(&mut self, rest: &str, at: usize, key: &str, place: Place) -> usize {
        let Some(length) = end_of_quoted(rest) else {
            // A quoted text may go on in the next line.
            self.found.push(at..at + rest.len(), Token::String);
            return rest.len();
        };
        let text = rest.get(1..length - 1).unwrap_or("");
        self.found.push(at..at + length, place.string(key, text));
        length
    }

    fn plain(&mut self, rest: &str, at: usize, key: &str, place: Place) -> usize {
        let expression = rest.starts_with("{%").then(|| rest.find("%}").map_or(rest.len(), |end| end + 2));
        let length = expression.unwrap_or_else(|| end_of_plain(rest));
        let text = rest.get(..length).unwrap_or("").trim_end();
        let token = match text {
            "true" | "false" | "null" | "~" => Token::Constant,
            _ if expression.is_none() && rest.get(length..).is_some_and(|rest| rest.starts_with(": ")) => {
                place.key(text)
            }
            _ => is_number(text).unwrap_or_else(|| place.string(key, text)),
        };
        self.found.push(at..at + text.len(), token);
        length
    }
}

/// The key at the start of `rest` and the bytes up to its colon.
fn key_of(rest: &str) -> Option<(&str, usize)> {
    if rest.starts_with(['"', '\'']) {
        let length = end_of_quoted(rest)?;
        return rest.get(length..)?.starts_with(':').then(|| (rest.get(1..length - 1).unwrap_or(""), length));
    }
    if rest.starts_with(['{', '[', '#', '|', '>']) {
        return None;
    }
    let colon = rest.match_indices(':').map(|(at, _)| at).find(|at| {
        let after = &rest[at + 1..];
        after.is_empty() || after.starts_with([' ', '\t'])
    })?;
    (!rest[..colon].contains(" #")).then(|| (rest[..colon].trim_end(), colon))
}

/// The bytes of a quoted text with its quotes.
fn end_of_quoted(rest: &str) -> Option<usize> {
    let body = rest.get(1..)?;
    let length = if rest.starts_with('"') {
        end_of_string(body)?
    } else {
        // A doubled quote is a quote.
        let mut bytes = body.bytes().enumerate().peekable();
        loop {
            match bytes.next()? {
                (_, b'\'') if bytes.next_if(|(_, next)| *next == b'\'').is_some() => {}
                (at, b'\'') => break at,
                _ => {}
            }
        }
    };
    Some(length + 2)
}

/// The bytes of a plain scalar: up to a comment, the end of a flow item, or the colon of a flow key.
fn end_of_plain(rest: &str) -> usize {
    let comment = rest.find(" #").unwrap_or(rest.len());
    let flow = rest.find([',', ']', '}']).filter(|_| !rest.starts_with('$') && !rest.contains("States."));
    let colon = rest.find(": ").unwrap_or(rest.len());
    comment.min(colon).min(flow.unwrap_or(rest.len()))
}
