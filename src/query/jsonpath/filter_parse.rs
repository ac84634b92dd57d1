//! The text of a filter to its conditions.

use std::sync::Arc;

use super::filter::{Comparison, Filter, Operand, Pattern, SubPath};
use super::parse::{Parser, fault};
use crate::query::error::SyntaxError;
use crate::text::Span;
use crate::value::{self, Object, Value};

type Parsed<T> = Result<T, SyntaxError>;

impl Parser<'_> {
    /// `a || b || …`
    pub(super) fn filter(&mut self) -> Parsed<Filter> {
        let mut choices = vec![self.conjunction()?];
        while self.eat_operator("||") {
            choices.push(self.conjunction()?);
        }
        Ok(single_or(choices, Filter::Any))
    }

    fn conjunction(&mut self) -> Parsed<Filter> {
        let mut conditions = vec![self.condition()?];
        while self.eat_operator("&&") {
            conditions.push(self.condition()?);
        }
        Ok(single_or(conditions, Filter::All))
    }

    fn condition(&mut self) -> Parsed<Filter> {
        self.skip_blanks();
        if self.eat('!') {
            return self.nested(Self::condition).map(|inner| Filter::Not(Box::new(inner)));
        }
        if self.eat('(') {
            let inner = self.nested(Self::filter)?;
            self.skip_blanks();
            return if self.eat(')') { Ok(inner) } else { Err(self.unexpected("`)`")) };
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Parsed<Filter> {
        let start = self.at;
        let left = self.operand()?;
        let Some(operator) = self.operator()? else {
            return match left {
                Operand::Path(path) => Ok(Filter::Exists(path)),
                _ => Err(fault(self.since(start), "a value alone is no condition; compare it: `@.name == 'value'`")),
            };
        };
        let right = self.operand()?;
        Ok(Filter::Compare { left, operator, right })
    }

    fn operator(&mut self) -> Parsed<Option<Comparison>> {
        self.skip_blanks();
        let rest = self.text.get(self.at..self.end).unwrap_or("");
        let is_symbol = |c: char| matches!(c, '<' | '>' | '=' | '~' | '!');
        let symbols = rest.len() - rest.trim_start_matches(is_symbol).len();
        let letters = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_alphabetic()).len();
        let length = symbols.max(letters);
        if length == 0 {
            return Ok(None);
        }
        let (word, span) = (&rest[..length], Span::new(self.at, self.at + length));
        self.at += length;
        Comparison::named(word).map(Some).ok_or_else(|| {
            let message = match word {
                "=" => "`=` is no operator; equality is `==`".to_owned(),
                "<>" => "`<>` is no operator; inequality is `!=`".to_owned(),
                _ => format!("`{word}` is no operator; the operators are {}", Comparison::names()),
            };
            fault(span, message)
        })
    }

    /// A path or a literal.
    pub(super) fn operand(&mut self) -> Parsed<Operand> {
        self.skip_blanks();
        match self.peek() {
            Some('@' | '$') => self.sub_path().map(Operand::Path),
            Some('/') => self.pattern().map(Operand::Pattern),
            Some(_) => self.literal().map(Operand::Literal),
            None => Err(self.unexpected("a path or a value")),
        }
    }

    fn sub_path(&mut self) -> Parsed<SubPath> {
        let start = self.at;
        let from_item = self.peek() == Some('@');
        let end = self.end_of_sub_path();
        let mut parser =
            Parser { text: self.text, at: start + 1, end, depth: self.depth, backslashes: self.backslashes };
        if !from_item && !matches!(parser.peek(), None | Some('.' | '[')) {
            let message = "a filter sees the element `@` and the document `$` only, no context object and no variables";
            return Err(fault(Span::new(start, end), message));
        }
        let steps = parser.nested(Parser::steps)?;
        self.at = end;
        Ok(SubPath { from_item, steps })
    }

    /// A path inside a filter ends at a blank, an operator or the parenthesis or comma that belongs to the filter.
    fn end_of_sub_path(&self) -> usize {
        let rest = self.text.get(self.at..self.end).unwrap_or("");
        let mut nesting = Nesting::default();
        let length = rest.char_indices().skip(1).find(|(_, next)| {
            let outside = nesting.is_outside();
            nesting.take(*next);
            let ends = matches!(next, '<' | '>' | '=' | '!' | '~' | '&' | '|' | ',' | ')' | ']' | '}');
            outside && (ends || next.is_whitespace())
        });
        self.at + length.map_or(rest.len(), |(length, _)| length)
    }

    fn pattern(&mut self) -> Parsed<Arc<Pattern>> {
        let start = self.at;
        self.bump();
        let mut expression = String::new();
        loop {
            match self.bump() {
                None => return Err(fault(self.since(start), "the regular expression is not closed; add `/`")),
                Some('/') => break,
                Some('\\') if self.peek() == Some('/') => expression.extend(self.bump()),
                Some('\\') => {
                    expression.push('\\');
                    expression.extend(self.bump());
                }
                Some(other) => expression.push(other),
            }
        }
        let mut flags = String::new();
        while let Some(flag) = self.peek().filter(char::is_ascii_alphabetic) {
            self.bump();
            flags.push(flag);
        }
        Pattern::compile(&expression, &flags).map(Arc::new).map_err(|message| fault(self.since(start), message))
    }

    fn literal(&mut self) -> Parsed<Value> {
        self.skip_blanks();
        match self.peek() {
            Some('\'' | '"') => self.text_literal().map(Value::from),
            Some('[') => self.nested(Self::array_literal),
            Some('{') => self.nested(Self::object_literal),
            Some('-' | '0'..='9' | '.') => self.number_literal(),
            Some(other) if other.is_alphabetic() || other == '_' => Ok(self.word()),
            _ => Err(self.unexpected("a path or a value")),
        }
    }

    fn text_literal(&mut self) -> Parsed<String> {
        let start = self.at;
        let quote = self.bump();
        let mut text = String::new();
        while let Some(next) = self.bump() {
            match next {
                _ if Some(next) == quote => return Ok(text),
                '\\' => text.extend(self.escaped()),
                _ => text.push(next),
            }
        }
        Err(fault(self.since(start), "the text is not closed; add the quote"))
    }

    fn escaped(&mut self) -> Option<char> {
        Some(match self.bump()? {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'u' => {
                let code = self.text.get(self.at..self.end)?.get(..4)?;
                let character = u32::from_str_radix(code, 16).ok().and_then(char::from_u32)?;
                self.at += 4;
                character
            }
            other => other,
        })
    }

    fn number_literal(&mut self) -> Parsed<Value> {
        let start = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.')) {
            self.bump();
        }
        let text = self.text.get(start..self.at).unwrap_or("");
        // Java also reads numbers that JSON does not have, such as `.5`.
        let lenient = || text.parse::<f64>().ok().filter(|number| number.is_finite()).map(Value::from);
        value::read(text)
            .ok()
            .or_else(lenient)
            .ok_or_else(|| fault(self.since(start), format!("`{text}` is no number; texts need quotes")))
    }

    /// `true`, `false`, `null`; any other word is a text without quotes, which published workflows contain and AWS runs.
    fn word(&mut self) -> Value {
        let start = self.at;
        while self.peek().is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.')) {
            self.bump();
        }
        match self.text.get(start..self.at).unwrap_or("") {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "null" => Value::Null,
            text => Value::from(text),
        }
    }

    fn array_literal(&mut self) -> Parsed<Value> {
        self.bump();
        let mut items = Vec::new();
        self.skip_blanks();
        while !self.eat(']') {
            items.push(self.literal()?);
            self.comma_or(']')?;
        }
        Ok(Value::from(items))
    }

    fn object_literal(&mut self) -> Parsed<Value> {
        self.bump();
        let mut object = Object::new();
        self.skip_blanks();
        while !self.eat('}') {
            let key = match self.peek() {
                Some('\'' | '"') => self.text_literal()?,
                _ => return Err(self.unexpected("a key in quotes")),
            };
            self.skip_blanks();
            if !self.eat(':') {
                return Err(self.unexpected("`:`"));
            }
            object.insert(key, self.literal()?);
            self.comma_or('}')?;
        }
        Ok(Value::Object(object))
    }

    fn comma_or(&mut self, close: char) -> Parsed<()> {
        self.skip_blanks();
        if self.eat(',') {
            self.skip_blanks();
            return if self.peek() == Some(close) { Err(self.unexpected("a value")) } else { Ok(()) };
        }
        if self.peek() == Some(close) { Ok(()) } else { Err(self.unexpected(&format!("`,` or `{close}`"))) }
    }

    fn eat_operator(&mut self, operator: &str) -> bool {
        self.skip_blanks();
        let found = self.text.get(self.at..self.end).is_some_and(|rest| rest.starts_with(operator));
        if found {
            self.at += operator.len();
        }
        found
    }
}

fn single_or(mut parts: Vec<Filter>, join: fn(Vec<Filter>) -> Filter) -> Filter {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        last => {
            parts.extend(last);
            join(parts)
        }
    }
}

/// Brackets, parentheses and quotes that are open while a path is read; quotes count inside brackets only.
#[derive(Debug, Default)]
pub(in crate::query) struct Nesting {
    brackets: usize,
    parentheses: usize,
    quote: Option<char>,
    escaped: bool,
}

impl Nesting {
    /// Whether nothing is open.
    pub(in crate::query) fn is_outside(&self) -> bool {
        self.brackets == 0 && self.parentheses == 0
    }

    /// Takes the next character into account.
    pub(in crate::query) fn take(&mut self, next: char) {
        if std::mem::take(&mut self.escaped) {
            return;
        }
        match (self.quote, next) {
            (Some(_), '\\') => self.escaped = true,
            (Some(quote), _) if quote == next => self.quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') if !self.is_outside() => self.quote = Some(next),
            (None, '[') => self.brackets += 1,
            (None, ']') => self.brackets = self.brackets.saturating_sub(1),
            (None, '(') => self.parentheses += 1,
            (None, ')') => self.parentheses = self.parentheses.saturating_sub(1),
            _ => {}
        }
    }
}
