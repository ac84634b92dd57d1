//! The text of a path to steps.

use std::sync::Arc;

use super::filter::{Filter, Operand};
use super::functions::Function;
use crate::query::error::SyntaxError;
use crate::text::Span;

/// Filters, parentheses and literals nested deeper than this are refused; it bounds the recursion over them.
const MAX_DEPTH: usize = 32;

/// One step of a path with its place in the text.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) kind: StepKind,
    pub(super) span: Span,
}

/// What a step selects.
#[derive(Debug, Clone)]
pub(super) enum StepKind {
    /// `.name`, `['name']`
    Name(Arc<str>),
    /// `['a','b']`: at the end of a path an object of these members, before it each of them in turn.
    Names(Vec<Arc<str>>),
    /// `[0]`, `[-1]`
    Index(i64),
    /// `[0,2]`
    Indexes(Vec<i64>),
    /// `[1:]`, `[:2]`, `[1:2]`
    Slice { from: Option<i64>, to: Option<i64> },
    /// `.*`, `[*]`
    Wildcard,
    /// `..`: the step after it applies to everything below.
    Scan,
    /// `[?(…)]`
    Filter(Box<Filter>),
    /// `.length()`
    Function(Box<Call>),
}

/// A function at the end of a path.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) function: &'static Function,
    pub(super) arguments: Vec<Operand>,
}

impl StepKind {
    /// Whether the step selects at most one value.
    pub(super) fn is_definite(&self) -> bool {
        matches!(self, Self::Name(_) | Self::Index(_) | Self::Function(_))
    }
}

/// Reads the part of a text that lies before `end`; all places count from the start of the whole text.
#[derive(Debug)]
pub(super) struct Parser<'t> {
    pub(super) text: &'t str,
    pub(super) at: usize,
    pub(super) end: usize,
    pub(super) depth: usize,
    /// Whether a backslash in a dotted name takes the next character as it is (reference paths, ASL specification).
    pub(super) backslashes: bool,
}

type Parsed<T> = Result<T, SyntaxError>;

impl<'t> Parser<'t> {
    /// A reader of `text` without the blanks at its end, which Jayway ignores.
    pub(super) fn new(text: &'t str, at: usize) -> Self {
        Self { text, at, end: text.trim_end().len(), depth: 0, backslashes: false }
    }

    /// All steps up to the end.
    pub(super) fn steps(&mut self) -> Parsed<Vec<Step>> {
        let mut steps = Vec::new();
        while let Some(next) = self.peek() {
            let start = self.at;
            match next {
                '.' => self.after_dot(&mut steps)?,
                '[' => {
                    let kind = self.bracket()?;
                    steps.push(Step { kind, span: self.since(start) });
                }
                other => return Err(self.wrong(format!("expected `.` or `[`, found {}", shown(other)))),
            }
        }
        self.check_order(&steps)?;
        Ok(steps)
    }

    fn check_order(&self, steps: &[Step]) -> Parsed<()> {
        let early = steps.iter().rev().skip(1).find(|step| matches!(step.kind, StepKind::Function(_)));
        if let Some(step) = early {
            return Err(fault(step.span, "a function must be the last step of a path"));
        }
        let scanned = steps.windows(2).find(|pair| match pair {
            [scan, next] => matches!(scan.kind, StepKind::Scan) && matches!(next.kind, StepKind::Function(_)),
            _ => false,
        });
        scanned.map_or(Ok(()), |pair| {
            let span = pair.iter().map(|step| step.span).reduce(Span::to).unwrap_or_default();
            Err(fault(span, "a function needs a value to work on: `..` must be followed by a name, an index or `*`"))
        })
    }

    fn after_dot(&mut self, steps: &mut Vec<Step>) -> Parsed<()> {
        let start = self.at;
        self.bump();
        if self.eat('.') {
            steps.push(Step { kind: StepKind::Scan, span: self.since(start) });
        }
        let start = if self.peek() == Some('[') { self.at } else { start };
        let kind = match self.peek() {
            None => {
                let dots = fault(self.since(start), "a path must not end with a dot; add a name or remove it");
                return Err(dots);
            }
            Some('.') => return Err(self.wrong("a third dot; `..` searches everything below, `.` goes one step")),
            Some(' ') => return Err(self.wrong("a blank after a dot; write the name right behind it")),
            Some('[') => self.bracket()?,
            Some('*') => {
                self.bump();
                StepKind::Wildcard
            }
            Some(_) => self.name_or_call()?,
        };
        steps.push(Step { kind, span: self.since(start) });
        Ok(())
    }

    fn name_or_call(&mut self) -> Parsed<StepKind> {
        let start = self.at;
        let mut name = String::new();
        while let Some(next) = self.peek().filter(|next| !matches!(next, '.' | '[' | '(')) {
            if next.is_whitespace() {
                let written = self.text.get(start..self.end).unwrap_or("");
                let message = format!("a name with blanks needs brackets and quotes: `['{written}']`");
                return Err(fault(Span::new(start, self.end), message));
            }
            self.bump();
            match self.peek() {
                Some(escaped) if next == '\\' && self.backslashes => {
                    self.bump();
                    name.push(escaped);
                }
                _ => name.push(next),
            }
        }
        if self.peek() == Some('(') {
            return self.call(&name, start).map(|call| StepKind::Function(Box::new(call)));
        }
        Ok(StepKind::Name(name.into()))
    }

    fn call(&mut self, name: &str, start: usize) -> Parsed<Call> {
        self.bump();
        let mut arguments = Vec::new();
        self.skip_blanks();
        while !self.eat(')') {
            if self.peek().is_none() {
                return Err(fault(self.since(start), format!("the arguments of `{name}(` are not closed; add `)`")));
            }
            arguments.push(self.nested(Self::operand)?);
            self.skip_blanks();
            if !self.eat(',') && !matches!(self.peek(), None | Some(')')) {
                return Err(self.unexpected("`,` or `)`"));
            }
        }
        let function = Function::named(name).ok_or_else(|| {
            let message = format!("there is no function `{name}()`; the functions are {}", Function::names());
            fault(self.since(start), message)
        })?;
        Ok(Call { function, arguments })
    }

    fn bracket(&mut self) -> Parsed<StepKind> {
        let start = self.at;
        self.bump();
        self.skip_blanks();
        let unclosed = |parser: &Self| fault(parser.since(start), "`[` is not closed; add `]`");
        let kind = match self.peek() {
            None => return Err(unclosed(self)),
            Some('\'' | '"') => self.names()?,
            Some('*') => {
                self.bump();
                StepKind::Wildcard
            }
            Some('?') => self.filter_step()?,
            Some('0'..='9' | '-' | ':') => return self.indexes(start),
            Some(other) => {
                let until = self.text.get(self.at..self.end).and_then(|rest| rest.find(']'));
                let end = until.map_or(self.at + other.len_utf8(), |close| (self.at + close).max(self.at + 1));
                let end = if other == ']' { self.at + 1 } else { end };
                return Err(fault(Span::new(self.at, end), expected_in_brackets(other, self.text.get(self.at..end))));
            }
        };
        self.skip_blanks();
        match self.peek() {
            None => Err(unclosed(self)),
            Some(']') => {
                self.bump();
                Ok(kind)
            }
            Some(other) => Err(self.wrong(format!("expected `]`, found {}", shown(other)))),
        }
    }

    fn names(&mut self) -> Parsed<StepKind> {
        let mut names = vec![self.quoted_name()?];
        loop {
            self.skip_blanks();
            if !self.eat(',') {
                break;
            }
            self.skip_blanks();
            match self.peek() {
                Some('\'' | '"') => names.push(self.quoted_name()?),
                _ => return Err(self.wrong("expected a quoted name after the comma")),
            }
        }
        Ok(match <[_; 1]>::try_from(names) {
            Ok([name]) => StepKind::Name(name),
            Err(names) => StepKind::Names(names),
        })
    }

    /// A name in quotes. A backslash escapes the quote and itself; before anything else it is part of the name
    /// (recorded: `['a\"b']` finds the key `a\"b`).
    fn quoted_name(&mut self) -> Parsed<Arc<str>> {
        let start = self.at;
        let quote = self.bump().unwrap_or('\'');
        let mut name = String::new();
        while let Some(next) = self.bump() {
            match next {
                _ if next == quote => return Ok(name.into()),
                '\\' if matches!(self.peek(), Some(escaped) if escaped == quote || escaped == '\\') => {
                    name.extend(self.bump());
                }
                _ => name.push(next),
            }
        }
        Err(fault(self.since(start), format!("the name is not closed; add {quote}]")))
    }

    fn indexes(&mut self, start: usize) -> Parsed<StepKind> {
        let rest = self.text.get(self.at..self.end).unwrap_or("");
        let Some(length) = rest.find(']') else {
            return Err(fault(Span::new(start, self.end), "`[` is not closed; add `]`"));
        };
        let (inner, span) = (&rest[..length], Span::new(self.at, self.at + length));
        self.at += length + 1;
        if inner.contains(':') {
            return slice(inner).ok_or_else(|| {
                let message =
                    format!("`{inner}` is no slice; write `[from:to]`, `[from:]` or `[:to]` with whole numbers");
                fault(span, message)
            });
        }
        let indexes: Option<Vec<i64>> = inner.split(',').map(index).collect();
        match indexes.as_deref() {
            Some([single]) => Ok(StepKind::Index(*single)),
            Some(several) => Ok(StepKind::Indexes(several.to_vec())),
            None => {
                Err(fault(span, format!("`{inner}` is no index; write whole numbers such as `[0]`, `[-1]`, `[0,2]`")))
            }
        }
    }

    fn filter_step(&mut self) -> Parsed<StepKind> {
        self.bump();
        self.skip_blanks();
        if !self.eat('(') {
            return Err(self.wrong("a filter needs parentheses: `[?(@.price < 10)]`"));
        }
        let filter = self.nested(Self::filter)?;
        self.skip_blanks();
        if !self.eat(')') {
            return Err(self.unexpected("`)`, `&&` or `||`"));
        }
        Ok(StepKind::Filter(Box::new(filter)))
    }

    /// Runs `parse` one level deeper.
    pub(super) fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= MAX_DEPTH {
            return Err(self.wrong(format!("nested deeper than {MAX_DEPTH} levels")));
        }
        self.depth += 1;
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.text.get(self.at..self.end)?.chars().next()
    }

    pub(super) fn bump(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    pub(super) fn eat(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.at += wanted.len_utf8();
        }
        found
    }

    pub(super) fn skip_blanks(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.bump();
        }
    }

    pub(super) fn since(&self, start: usize) -> Span {
        Span::new(start, self.at)
    }

    /// A fault at the next character.
    pub(super) fn wrong(&self, message: impl Into<String>) -> SyntaxError {
        let length = self.peek().map_or(0, char::len_utf8);
        fault(Span::new(self.at, self.at + length), message)
    }

    pub(super) fn unexpected(&self, expected: &str) -> SyntaxError {
        let found = self.peek().map_or_else(|| "the end of the path".to_owned(), shown);
        self.wrong(format!("expected {expected}, found {found}"))
    }
}

pub(super) fn fault(span: Span, message: impl Into<String>) -> SyntaxError {
    SyntaxError { message: message.into(), span }
}

fn shown(character: char) -> String {
    if character.is_whitespace() { "a blank".to_owned() } else { format!("`{character}`") }
}

fn expected_in_brackets(found: char, inner: Option<&str>) -> String {
    let inner = inner.unwrap_or("").trim();
    match found {
        ']' => "`[]` is empty; write an index `[0]`, all elements `[*]` or a quoted name `['name']`".to_owned(),
        '(' => "script expressions are not part of this dialect; the last element is `[-1]`".to_owned(),
        '$' | '@' => "an index cannot be computed; to search by a value use a filter: `[?(@.id == $.id)]`".to_owned(),
        _ if found.is_alphabetic() || found == '_' => format!("a name in brackets needs quotes: `['{inner}']`"),
        _ => format!("expected an index, a quoted name, `*` or `?(…)`, found {}", shown(found)),
    }
}

fn index(text: &str) -> Option<i64> {
    text.trim().parse::<i32>().ok().map(i64::from)
}

/// Jayway reads a third part of a slice and does not use it; a slice with neither bound is an error there.
fn slice(text: &str) -> Option<StepKind> {
    let bound = |part: Option<&str>| match part.map(str::trim) {
        None | Some("") => Some(None),
        Some(number) => index(number).map(Some),
    };
    let mut parts = text.split(':');
    let (from, to) = (bound(parts.next())?, bound(parts.next())?);
    bound(parts.next())?;
    (parts.next().is_none() && (from.is_some() || to.is_some())).then_some(StepKind::Slice { from, to })
}
