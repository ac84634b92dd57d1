//! How a file spells a string, and so the places of the characters of the string in the file.

use super::tracked::Tracked;
use super::{Node, Span};

/// The string `value` of the file `source`, which spells it at `span`: as JSON, as a YAML scalar of any style.
#[must_use]
pub fn tracked(source: &str, value: &str, span: Span) -> Tracked {
    let raw = span.text(source);
    let start = span.start as usize;
    if raw == value {
        return Tracked::exact(value, start);
    }
    let quote = raw.chars().next().filter(|c| matches!(c, '"' | '\'') && raw.len() > 1 && raw.ends_with(*c));
    let inside = quote.and_then(|_| raw.get(1..raw.len() - 1));
    match inside {
        Some(inside) if inside == value => Tracked::exact(value, start + 1),
        Some(inside) => Walk::new(inside, start + 1, span, quote).follow(value),
        None => Walk::new(raw, start, span, None).follow(value),
    }
}

/// The string that `node` is; empty where it is none.
#[must_use]
pub fn of_node(source: &str, node: &Node) -> Tracked {
    tracked(source, node.as_str().unwrap_or_default(), node.span)
}

/// Goes through a spelling and the string that it spells, side by side.
struct Walk<'s> {
    raw: &'s str,
    at: usize,
    /// Where `raw` starts in the file.
    start: usize,
    whole: Span,
    quote: Option<char>,
}

impl<'s> Walk<'s> {
    fn new(raw: &'s str, start: usize, whole: Span, quote: Option<char>) -> Self {
        Self { raw, at: 0, start, whole, quote }
    }

    fn follow(mut self, value: &str) -> Tracked {
        let mut out = Tracked::default();
        for (at, c) in value.char_indices() {
            let text = &value[at..at + c.len_utf8()];
            match self.next(c) {
                Some((from, true)) => out.push_exact(text, from.start as usize),
                Some((from, false)) => out.push(text, from),
                // What cannot be followed stands for the whole scalar.
                None => {
                    out.push(&value[at..], self.whole);
                    return out;
                }
            }
        }
        out
    }

    /// The place of `c`, and whether it stands there as it is.
    fn next(&mut self, c: char) -> Option<(Span, bool)> {
        self.skip_continuations();
        match (self.peek(), self.quote) {
            (Some('\\'), Some('"')) => {
                let start = self.at;
                self.skip_escape();
                Some((self.from(start), false))
            }
            (Some('\''), Some('\'')) => {
                let start = self.at;
                self.at += if self.rest().starts_with("''") { 2 } else { 1 };
                Some((self.from(start), false))
            }
            (Some(found), _) if found == c => {
                let start = self.at;
                self.at += c.len_utf8();
                Some((self.from(start), true))
            }
            // Indentation and folded line breaks.
            (Some(found), _) if found.is_whitespace() => {
                let start = self.at;
                self.skip_blanks(c);
                if c.is_whitespace() && self.peek() != Some(c) {
                    return Some((self.from(start), false));
                }
                self.next_same(c)
            }
            (_, _) if c.is_whitespace() => Some((self.from(self.at), false)),
            _ => None,
        }
    }

    fn next_same(&mut self, c: char) -> Option<(Span, bool)> {
        let is_same = self.peek() == Some(c) && (c.is_whitespace() || self.quote.is_none_or(|q| q != c && c != '\\'));
        if is_same {
            let start = self.at;
            self.at += c.len_utf8();
            return Some((self.from(start), true));
        }
        // After blanks comes an escape or a doubled quote.
        if self.peek().is_some_and(|found| !found.is_whitespace()) && self.quote.is_some() {
            return self.next(c);
        }
        None
    }

    fn skip_blanks(&mut self, until: char) {
        while let Some(found) = self.peek().filter(|found| found.is_whitespace() && *found != until) {
            self.at += found.len_utf8();
        }
    }

    /// A backslash at the end of a line joins it with the next.
    fn skip_continuations(&mut self) {
        while self.quote == Some('"') && (self.rest().starts_with("\\\n") || self.rest().starts_with("\\\r\n")) {
            self.at += 1;
            while let Some(found) = self.peek().filter(|found| found.is_whitespace()) {
                self.at += found.len_utf8();
            }
        }
    }

    fn skip_escape(&mut self) {
        let len = |rest: &str| match rest.chars().nth(1) {
            Some('u') => 6,
            Some('x') => 4,
            Some('U') => 10,
            Some(other) => 1 + other.len_utf8(),
            None => 1,
        };
        let high = is_high_surrogate(self.rest());
        self.step(len(self.rest()));
        if high && self.rest().starts_with("\\u") {
            self.step(6);
        }
    }

    fn step(&mut self, len: usize) {
        let end = (self.at + len).min(self.raw.len());
        self.at = (end..=self.raw.len()).find(|at| self.raw.is_char_boundary(*at)).unwrap_or(self.raw.len());
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn rest(&self) -> &'s str {
        self.raw.get(self.at..).unwrap_or_default()
    }

    fn from(&self, start: usize) -> Span {
        Span::new(self.start + start, self.start + self.at)
    }
}

fn is_high_surrogate(escape: &str) -> bool {
    let digits = escape.strip_prefix("\\u").and_then(|rest| rest.get(..4));
    digits.and_then(|d| u32::from_str_radix(d, 16).ok()).is_some_and(|code| (0xD800..0xDC00).contains(&code))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::{json, yaml};

    /// Where the file has `part` of the string that is the value of `a`.
    fn found<'t>(text: &'t str, part: &str) -> &'t str {
        let root = yaml::parse(text).expect("valid");
        let node = &root.get("a").expect("the member").value;
        let tracked = of_node(text, node);
        assert_eq!(Some(tracked.text()), node.as_str());
        let at = tracked.text().find(part).expect("the part");
        tracked.place(Span::new(at, at + part.len())).text(text)
    }

    #[test]
    fn every_style_keeps_the_places_of_words() {
        for text in [
            "a: one two three",
            "a: 'one two three'",
            "a: \"one two three\"",
            "a: 'it''s one two three'",
            "a: \"\\u00e9 \\\"one\\ttwo \\x41 three\"",
            "a: \"one\n   two \\\n   three\"",
            "a: one\n  two\n\n  three",
            "a: |\n  one\n    two\n  three\n",
            "a: >-\n   one\n   two\n\n     three\n",
            "a: |+\r\n  one\r\n  two\r\n  three\r\n\r\n",
            "a: &x !Sub |\n  one two\n  three",
        ] {
            for word in ["one", "two", "three"] {
                assert_eq!(found(text, word), word, "{text}");
            }
        }
        assert_eq!(found("a: 'it''s'", "'"), "''");
        assert_eq!(found("a: \"x\\ny\"", "\n"), "\\n");
        let text = "\"\\ud83d\\ude00!\"";
        let tracked = of_node(text, &json::parse(text).expect("valid"));
        assert_eq!((tracked.text(), tracked.place(Span::new(4, 5)).text(text)), ("\u{1f600}!", "!"));
    }

    proptest! {
        #[test]
        fn no_spelling_makes_it_panic(raw in "[a-c \n\\\\'\"uxé]{0,12}", value in "[a-c \n\\\\'\"é]{0,12}") {
            let tracked = tracked(&raw, &value, Span::new(0, raw.len()));
            prop_assert_eq!(tracked.text(), value);
        }

        #[test]
        fn json_strings_are_followed(value in "[a-c\"\\\\\n\té😀]{0,12}") {
            let text = crate::value::Value::from(value.clone()).to_json();
            let node = json::parse(&text).expect("valid");
            let tracked = of_node(&text, &node);
            for (at, c) in value.char_indices().filter(|(_, c)| c.is_alphabetic()) {
                prop_assert_eq!(tracked.place(Span::new(at, at + c.len_utf8())).text(&text), c.to_string());
            }
        }
    }
}
