//! The text of a call to its tree.

use std::sync::Arc;

use super::strings::{Format, unescape};
use super::{Argument, Call, Function, Intrinsic, names};
use crate::query::error::SyntaxError;
use crate::query::jsonpath::{JsonPath, Nesting};
use crate::text::Span;
use crate::value::{self, Value};

/// Calls nested deeper than this are refused; it bounds the recursion over them.
const MAX_DEPTH: usize = 64;

type Parsed<T> = Result<T, SyntaxError>;

impl Intrinsic {
    /// Compiles `text`.
    ///
    /// # Errors
    /// The place that does not parse, and why.
    pub(in crate::query) fn compile(text: &str) -> Parsed<Self> {
        let mut parser = Parser { text, at: 0 };
        let call = parser.call(0)?;
        parser.skip_blanks();
        if parser.at < text.len() {
            return Err(fault(Span::new(parser.at, text.len()), "nothing may follow the closing parenthesis"));
        }
        Ok(Self { text: Arc::from(text), call })
    }
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Parser<'t> {
    fn call(&mut self, depth: usize) -> Parsed<Call> {
        let start = self.at;
        if depth >= MAX_DEPTH {
            return Err(fault(
                Span::new(start, self.text.len()),
                format!("calls nested deeper than {MAX_DEPTH} levels"),
            ));
        }
        let function = self.function()?;
        let open = self.at;
        if !self.eat('(') {
            return Err(self.wrong(&format!("`(` after `{}`", function.name)));
        }
        let (arguments, format) = self.arguments(function, depth, open)?;
        Ok(Call { function, arguments, format, span: Span::new(start, self.at) })
    }

    fn function(&mut self) -> Parsed<&'static Function> {
        let name = self.take_while(|c| c.is_alphanumeric() || matches!(c, '.' | '_'));
        let span = Span::new(self.at - name.len(), self.at);
        Function::named(name).ok_or_else(|| fault(span, unknown(name)))
    }

    fn arguments(&mut self, function: &Function, depth: usize, open: usize) -> Parsed<(Vec<Argument>, Option<Format>)> {
        let mut arguments = Vec::new();
        let mut format = None;
        self.skip_blanks();
        if self.eat(')') {
            return Ok((arguments, format));
        }
        loop {
            let start = self.at;
            arguments.push(self.argument(depth)?);
            if function.name == "States.Format" && arguments.len() == 1 {
                format = self.written_template(start);
            }
            self.skip_blanks();
            match self.peek() {
                Some(')') => {
                    self.at += 1;
                    return Ok((arguments, format));
                }
                Some(',') => self.at += 1,
                None => return Err(fault(Span::new(open, self.at), "the call is not closed; add `)`")),
                Some(_) => return Err(self.wrong("`,` or `)`")),
            }
            self.skip_blanks();
        }
    }

    fn written_template(&self, start: usize) -> Option<Format> {
        let literal = self.text.get(start..self.at)?;
        Some(Format::parse(literal.strip_prefix('\'')?.strip_suffix('\'')?))
    }

    fn argument(&mut self, depth: usize) -> Parsed<Argument> {
        match self.peek() {
            Some('\'') => self.string().map(Argument::Literal),
            Some('$') => self.path(),
            Some('-' | '0'..='9') => self.number().map(Argument::Literal),
            Some(c) if c.is_alphabetic() => self.word(depth),
            Some('"') => Err(self.here("texts stand in single quotes here: `'text'`")),
            _ => Err(self.wrong("an argument: a path, `'text'`, a number, `true`, `false`, `null` or a call")),
        }
    }

    fn word(&mut self, depth: usize) -> Parsed<Argument> {
        let start = self.at;
        let word = self.take_while(|c| c.is_alphanumeric() || matches!(c, '.' | '_'));
        let value = match word {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "null" => Value::Null,
            _ if word.starts_with("States.") => {
                self.at = start;
                return self.call(depth + 1).map(Argument::Call);
            }
            _ => {
                let message = format!("`{word}` is no argument; a text needs single quotes, a path begins with `$`");
                return Err(fault(Span::new(start, self.at), message));
            }
        };
        Ok(Argument::Literal(value))
    }

    /// A text in single quotes. The service refuses any escape but `\'`, `\{`, `\}` and `\\` (recorded).
    fn string(&mut self) -> Parsed<Value> {
        let start = self.at;
        self.at += 1;
        loop {
            let from = self.at;
            match self.bump() {
                None => return Err(fault(Span::new(start, from), "the text is not closed; add `'`")),
                Some('\'') => break,
                Some('\\') => match self.bump() {
                    Some('\'' | '{' | '}' | '\\') => {}
                    Some(other) => {
                        let message = format!("`\\{other}` is no escape here; only `\\'` `\\{{` `\\}}` and `\\\\` are");
                        return Err(fault(Span::new(from, self.at), message));
                    }
                    None => {}
                },
                Some(_) => {}
            }
        }
        let raw = self.text.get(start + 1..self.at - 1).unwrap_or("");
        Ok(Value::from(&*unescape(raw)))
    }

    fn path(&mut self) -> Parsed<Argument> {
        let start = self.at;
        let mut nesting = Nesting::default();
        while let Some(next) = self.peek() {
            if nesting.is_outside() && (matches!(next, ',' | ')') || next.is_whitespace()) {
                break;
            }
            nesting.take(next);
            self.bump();
        }
        let span = Span::new(start, self.at);
        let path = JsonPath::compile(span.text(self.text)).map_err(|error| {
            let inner = Span::new(start + error.span.start as usize, start + error.span.end as usize);
            SyntaxError { span: inner, ..error }
        })?;
        Ok(Argument::Path(path, span))
    }

    fn number(&mut self) -> Parsed<Value> {
        let text = self.take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
        value::read(text).map_err(|_| {
            let span = Span::new(self.at - text.len(), self.at);
            fault(span, format!("`{text}` is no number; texts need single quotes"))
        })
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'t str {
        let rest = self.text.get(self.at..).unwrap_or("");
        let length = rest.find(|c| !wanted(c)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    fn peek(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    fn eat(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += if found { wanted.len_utf8() } else { 0 };
        found
    }

    fn skip_blanks(&mut self) {
        self.take_while(char::is_whitespace);
    }

    fn here(&self, message: impl Into<String>) -> SyntaxError {
        fault(Span::new(self.at, self.at + self.peek().map_or(0, char::len_utf8)), message)
    }

    fn wrong(&self, expected: &str) -> SyntaxError {
        let found = self.peek().map_or_else(|| "the end".to_owned(), |next| format!("`{}`", next.escape_debug()));
        self.here(format!("expected {expected}, found {found}"))
    }
}

fn fault(span: Span, message: impl Into<String>) -> SyntaxError {
    SyntaxError { message: message.into(), span }
}

fn unknown(name: &str) -> String {
    let wanted = name.trim_start_matches("States.");
    let same = names().find(|known| known.trim_start_matches("States.").eq_ignore_ascii_case(wanted));
    match same {
        Some(known) => format!("there is no function `{name}`; it is spelled `{known}`"),
        None => format!("there is no function `{name}`; the functions are {}", names().collect::<Vec<_>>().join(", ")),
    }
}
