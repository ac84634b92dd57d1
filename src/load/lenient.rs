//! JSON as people keep it: with comments, trailing commas, bare placeholders, and the directives of template engines.
//!
//! What is not JSON is left out or quoted, and told; what comes out is read by the strict reader.

use super::directive::{Directive, Directives};
use super::fill::{Found, Lookup, placeholder_at};
use crate::text::{Diagnostic, Span, Tracked, json};

/// The code of comments in JSON.
pub const COMMENT: &str = "JSON_COMMENT";
/// The code of commas with nothing after them.
pub const TRAILING_COMMA: &str = "JSON_TRAILING_COMMA";

/// How many of these remarks are made.
const MAX_REMARKS: usize = 100;

/// `input` as JSON, with the values of its placeholders, and what had to be changed for that, with places in the file.
pub(super) fn repair(input: &Tracked, lookup: &Lookup<'_>) -> (Tracked, Vec<Diagnostic>) {
    let mut scan = Scan {
        input,
        text: input.text(),
        at: 0,
        out: Tracked::default(),
        last: None,
        open: Vec::new(),
        directives: Directives::default(),
        remarks: Vec::new(),
        lookup,
    };
    while scan.step() {}
    let Scan { out, directives, mut remarks, .. } = scan;
    let (out, commas) = without_commas(&out);
    // Where alternatives were left out, commas are nobody's fault.
    if !directives.were_met() {
        remarks.extend(commas.into_iter().map(trailing_comma));
    }
    remarks.truncate(MAX_REMARKS);
    (out, remarks)
}

struct Scan<'t, 'l> {
    input: &'t Tracked,
    text: &'t str,
    at: usize,
    out: Tracked,
    /// The last character outside of strings that is no blank.
    last: Option<u8>,
    /// The brackets that are open.
    open: Vec<u8>,
    directives: Directives,
    remarks: Vec<Diagnostic>,
    lookup: &'l Lookup<'l>,
}

impl<'t> Scan<'t, '_> {
    /// Reads one token; false at the end.
    fn step(&mut self) -> bool {
        let rest = &self.text[self.at..];
        if let Some(directive) = Directive::at(rest) {
            self.directive(&directive);
            return true;
        }
        match rest.as_bytes() {
            [] => return false,
            [b'"', ..] => self.string(),
            [b'/', b'/', ..] | [b'#', ..] => self.comment(rest.find('\n').unwrap_or(rest.len())),
            [b'/', b'*', ..] => self.comment(rest.find("*/").map_or(rest.len(), |end| end + 2)),
            [b'$', b'{', ..] | [b'{', b'{', ..] => match placeholder_at(self.text, self.at) {
                Some(found) => self.bare(found),
                None => self.copy(1),
            },
            [byte, ..] => {
                let byte = *byte;
                self.copy(rest.chars().next().map_or(1, char::len_utf8));
                self.structure(byte);
            }
        }
        true
    }

    fn structure(&mut self, byte: u8) {
        match byte {
            b'{' | b'[' => self.open.push(byte),
            b'}' | b']' => drop(self.open.pop()),
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            self.last = Some(byte);
        }
    }

    fn copy(&mut self, len: usize) {
        if !self.directives.is_skipping() {
            self.out.push_part(self.input, self.at, self.at + len);
        }
        self.at += len;
    }

    fn directive(&mut self, directive: &Directive<'_>) {
        let place = self.input.place(Span::new(self.at, self.at + directive.len));
        self.remarks.extend(self.directives.meet(directive, place));
        self.at += directive.len;
    }

    fn comment(&mut self, len: usize) {
        let place = self.input.place(Span::new(self.at, self.at + len));
        let remark = Diagnostic::warning(COMMENT, "A comment is no JSON; AWS refuses a definition that has one", place);
        self.remarks.push(remark.with_help("write it into a `Comment` field, or keep the definition in YAML"));
        self.at += len;
    }

    /// A string with the values of its placeholders.
    fn string(&mut self) {
        self.last = Some(b'"');
        self.copy(1);
        let mut done = self.at;
        loop {
            match self.text.as_bytes().get(self.at) {
                None => break,
                Some(b'"') => {
                    self.at += 1;
                    break;
                }
                Some(b'\\') => self.at += 1 + self.text[self.at + 1..].chars().next().map_or(0, char::len_utf8),
                Some(b'$' | b'{') => match placeholder_at(self.text, self.at).filter(|found| self.is_one(*found)) {
                    Some(found) => {
                        self.flush(done);
                        self.within_string(found);
                        done = self.at;
                    }
                    None => self.at += 1,
                },
                Some(_) => self.at += 1,
            }
        }
        self.flush(done);
    }

    fn flush(&mut self, done: usize) {
        if !self.directives.is_skipping() {
            self.out.push_part(self.input, done, self.at);
        }
    }

    /// Quotes in a placeholder are its own only where it is an expression; else they end the string before it.
    fn is_one(&self, found: Found<'_>) -> bool {
        match found.name.find('"') {
            None => true,
            Some(_) if found.name.contains("\\\"") => false,
            Some(quote) => found.name[..quote].contains(['?', '(', '=']),
        }
    }

    fn within_string(&mut self, found: Found<'_>) {
        let mut raw = Tracked::default();
        let place = self.input.place(Span::new(found.start, found.end));
        let mut escaped = Tracked::default();
        match (self.lookup)(found.name) {
            Some(value) => escaped.push_escaped(&Tracked::standing_for(&value, place)),
            None if found.name.contains('"') => {
                raw.push_part(self.input, found.start, found.end);
                escaped.push_escaped(&raw);
            }
            None => escaped.push_part(self.input, found.start, found.end),
        }
        if !self.directives.is_skipping() {
            self.out.append(&escaped);
        }
        self.at = found.end;
    }

    /// A placeholder without quotes around it, and what is written together with it.
    fn bare(&mut self, found: Found<'_>) {
        let start = self.at;
        let end = self.end_of_word(found.end);
        let is_single = end == found.end;
        let place = self.input.place(Span::new(start, end));
        let is_key = self.open.last() == Some(&b'{') && matches!(self.last, Some(b'{' | b','));
        self.at = end;
        self.last = Some(b'"');
        if self.directives.is_skipping() {
            return;
        }
        if is_key && !self.text[end..].trim_start().starts_with(':') {
            self.last = Some(b',');
            return self.left_out(found, place);
        }
        let value = (self.lookup)(found.name).filter(|_| is_single);
        if let Some(json) = value.as_deref().filter(|value| !is_key && json::parse(value).is_ok()) {
            self.out.push(json, place);
            return;
        }
        let mut word = Tracked::default();
        match value {
            Some(value) => word.push(&value, place),
            None => word.push_part(self.input, start, end),
        }
        let word = super::fill::fill(&word, self.lookup);
        self.out.push("\"", Span::at(place.start as usize));
        self.out.push_escaped(&word);
        self.out.push("\"", Span::at(place.end as usize));
    }

    /// A placeholder that stands for members: without a value there are none.
    fn left_out(&mut self, found: Found<'_>, place: Span) {
        if let Some(members) = (self.lookup)(found.name) {
            self.out.push(&members, place);
            return;
        }
        let remark = Diagnostic::warning(
            super::directive::CODE,
            format!("Template text here: what `{}` stands for is not known and is left out", found.name),
            place,
        );
        self.remarks.push(remark.with_help(format!("give it a value: --set {}=…", found.name)));
    }

    fn end_of_word(&self, from: usize) -> usize {
        let mut at = from;
        loop {
            if let Some(found) = placeholder_at(self.text, at) {
                at = found.end;
                continue;
            }
            match self.text[at..].chars().next() {
                Some(c) if !c.is_whitespace() && !",:[]{}\"/#".contains(c) => at += c.len_utf8(),
                _ => return at,
            }
        }
    }
}

/// `text` without the commas that have nothing before or after them, and the places of these.
fn without_commas(text: &Tracked) -> (Tracked, Vec<Span>) {
    let bytes = text.text().as_bytes();
    let (mut out, mut places, mut done) = (Tracked::default(), Vec::new(), 0);
    let (mut at, mut last) = (0, 0);
    while let Some(byte) = bytes.get(at).copied() {
        match byte {
            b'"' => at = end_of_string(bytes, at),
            b',' => {
                let next = bytes[at + 1..].iter().find(|byte| !byte.is_ascii_whitespace()).copied();
                if matches!(next, Some(b'}' | b']' | b',')) || matches!(last, b'{' | b'[') && next.is_some() {
                    out.push_part(text, done, at);
                    places.push(text.place(Span::new(at, at + 1)));
                    done = at + 1;
                    at += 1;
                    continue;
                }
            }
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            last = byte;
        }
        at += 1;
    }
    out.push_part(text, done, text.text().len());
    (out, places)
}

/// The quote that ends the string that starts at byte `at`.
fn end_of_string(bytes: &[u8], at: usize) -> usize {
    let mut end = at + 1;
    while let Some(byte) = bytes.get(end) {
        match byte {
            b'"' => return end,
            b'\\' => end += 2,
            _ => end += 1,
        }
    }
    bytes.len()
}

fn trailing_comma(place: Span) -> Diagnostic {
    let message = "A comma with nothing after it is no JSON; AWS refuses a definition that has one";
    Diagnostic::warning(TRAILING_COMMA, message, place).with_help("remove it")
}
