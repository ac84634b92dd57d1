//! JSONPath in Jayway's dialect, as AWS runs it.
//!
//! A path is read once into steps. A definite path then follows references through shared values and clones the end;
//! nothing is formatted unless it fails.

mod eval;
mod filter;
mod filter_parse;
mod functions;
mod miss;
mod parse;
mod places;
#[cfg(test)]
mod tests;

pub(in crate::query) use miss::missing_in;
use std::sync::Arc;

use super::Scope;
use super::error::{QueryError, SyntaxError};
use crate::text::Span;
use crate::value::Value;
use eval::{Document, Work, walk};
use parse::{Parser, Step, StepKind, fault};

pub(super) use filter_parse::Nesting;
pub(super) use miss::Miss;
pub use places::Places;

/// What a path starts from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Root {
    /// `$`: the input.
    Input,
    /// `$$`: the context object.
    Context,
    /// `$name`: a variable.
    Variable(Arc<str>),
}

/// Whose rules count where the service differs from the library that it uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// AWS Step Functions: no functions; in a filter, a member that is null counts as absent.
    Service,
    /// Jayway JsonPath itself.
    Jayway,
}

/// A compiled path.
#[derive(Debug, Clone)]
pub struct JsonPath {
    text: Arc<str>,
    root: Root,
    steps: Arc<[Step]>,
    shape: Shape,
}

/// How a path is evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// Names and indexes only.
    Plain,
    /// One value, but not by following references: it ends in a function or in several names.
    Definite,
    /// A list.
    Indefinite,
}

/// Why a path has no value.
#[derive(Debug, Clone, Copy)]
pub(super) enum Failure {
    /// The variable that it starts from is not assigned.
    NoVariable,
    /// A step finds nothing.
    Miss(Miss),
}

impl JsonPath {
    /// Compiles `text`.
    ///
    /// # Errors
    /// The place that does not parse, and why.
    pub fn compile(text: &str) -> Result<Self, SyntaxError> {
        Self::parse(text, false)
    }

    /// Compiles a path in whose dotted names a backslash takes the next character as it is (reference paths).
    pub(super) fn compile_reference(text: &str) -> Result<Self, SyntaxError> {
        Self::parse(text, true)
    }

    fn parse(text: &str, backslashes: bool) -> Result<Self, SyntaxError> {
        let (root, start) = root_of(text)?;
        let mut parser = Parser { backslashes, ..Parser::new(text, start) };
        if !matches!(parser.peek(), None | Some('.' | '[')) {
            let root = text.get(..start).unwrap_or("$");
            return Err(parser.unexpected(&format!("`.` or `[` after `{root}`")));
        }
        let steps = parser.steps()?;
        let shape = Shape::of(&steps);
        Ok(Self { text: text.into(), root, steps: steps.into(), shape })
    }

    /// The path as written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What it starts from.
    #[must_use]
    pub fn root(&self) -> &Root {
        &self.root
    }

    /// Whether it is just `$`.
    #[must_use]
    pub fn is_whole_input(&self) -> bool {
        self.root == Root::Input && self.steps.is_empty()
    }

    /// Whether it names at most one value: names and single indexes only.
    #[must_use]
    pub fn is_definite(&self) -> bool {
        self.shape != Shape::Indefinite
    }

    /// The name and place of the function that the path calls; Jayway has such functions, Step Functions has not.
    #[must_use]
    pub fn function(&self) -> Option<(&'static str, Span)> {
        match self.steps.last() {
            Some(Step { kind: StepKind::Function(call), span }) => Some((call.function.name, *span)),
            _ => None,
        }
    }

    /// The value of a definite path, or the list of an indefinite one.
    ///
    /// # Errors
    /// A definite path that finds nothing, or an indefinite one whose definite beginning finds nothing: the cause is
    /// Jayway's own text (`No results for path: $['x']`, `Missing property in path $['no']`); the caller puts its words
    /// around it.
    pub fn select(&self, input: &Value, scope: &mut dyn Scope) -> Result<Value, QueryError> {
        self.select_as(Dialect::Service, input, scope)
    }

    /// As `select`, by the rules of `dialect`.
    ///
    /// # Errors
    /// As `select`.
    pub fn select_as(&self, dialect: Dialect, input: &Value, scope: &mut dyn Scope) -> Result<Value, QueryError> {
        self.with_document(input, scope, |document| {
            self.evaluate(dialect, document).map_err(|miss| self.failure(miss, document))
        })
        .unwrap_or_else(|| Err(self.unassigned()))
    }

    /// As `select`, but nothing found is `None`.
    pub fn find(&self, input: &Value, scope: &mut dyn Scope) -> Option<Value> {
        self.resolve(input, scope).ok()
    }

    /// As `select`, with the failure as data.
    pub(super) fn resolve(&self, input: &Value, scope: &mut dyn Scope) -> Result<Value, Failure> {
        self.with_document(input, scope, |document| self.evaluate(Dialect::Service, document).map_err(Failure::Miss))
            .unwrap_or(Err(Failure::NoVariable))
    }

    /// The value as an argument of an intrinsic function: an indefinite path never fails (recorded).
    pub(super) fn argument(&self, input: &Value, scope: &mut dyn Scope) -> Result<Value, Failure> {
        match self.resolve(input, scope) {
            Err(Failure::Miss(miss)) if !self.is_definite() && self.function().is_none() && !miss.is_too_much() => {
                Ok(Vec::new().into())
            }
            other => other,
        }
    }

    /// The value in a payload template: as an argument, but an index outside of an existing array gives `null`
    /// (observed; deeper steps fail).
    pub(super) fn template_value(&self, input: &Value, scope: &mut dyn Scope) -> Result<Value, Failure> {
        match self.argument(input, scope) {
            Err(Failure::Miss(miss)) if miss.is_element_at_end(&self.steps) => Ok(Value::Null),
            other => other,
        }
    }

    /// Runs `use_document` on what the path starts from; `None` when that is a variable without value.
    pub(super) fn with_document<T>(
        &self,
        input: &Value,
        scope: &mut dyn Scope,
        use_document: impl FnOnce(&Value) -> T,
    ) -> Option<T> {
        match &self.root {
            Root::Input => Some(use_document(input)),
            Root::Context => Some(use_document(&scope.context())),
            Root::Variable(name) => scope.variable(name).map(|value| use_document(&value)),
        }
    }

    fn evaluate(&self, dialect: Dialect, document: &Value) -> Result<Value, Miss> {
        self.evaluate_within(&Work::default(), dialect, document)
    }

    fn evaluate_within(&self, work: &Work, dialect: Dialect, document: &Value) -> Result<Value, Miss> {
        if self.shape == Shape::Plain {
            return walk(&self.steps, document).cloned();
        }
        let document = Document::new(document, dialect, work);
        let selected = document.select(&self.steps, document.root)?;
        document.finished(selected, self.steps.len().saturating_sub(1))
    }

    /// The place of its first step that is neither a name nor a single index: with one it is no reference path.
    #[must_use]
    pub fn ambiguous_step(&self) -> Option<Span> {
        self.plain_steps().find(|(step, _)| *step == PlainStep::Other).map(|(_, span)| span)
    }

    /// The names that the path begins with, up to the first step that is none.
    pub fn leading_names(&self) -> impl Iterator<Item = &Arc<str>> {
        self.steps.iter().map_while(|step| match &step.kind {
            StepKind::Name(name) => Some(name),
            _ => None,
        })
    }

    /// The steps, when all of them are names.
    #[must_use]
    pub fn names(&self) -> Option<Vec<&Arc<str>>> {
        let names: Vec<&Arc<str>> = self.leading_names().collect();
        (names.len() == self.steps.len()).then_some(names)
    }

    /// The steps as names and indexes, if there are no others.
    pub(super) fn plain_steps(&self) -> impl Iterator<Item = (PlainStep<'_>, Span)> {
        self.steps.iter().map(|step| {
            let plain = match &step.kind {
                StepKind::Name(name) => PlainStep::Name(name),
                StepKind::Index(index) => PlainStep::Index(*index),
                _ => PlainStep::Other,
            };
            (plain, step.span)
        })
    }

    /// What to say about a variable that is not assigned.
    pub(super) fn unassigned(&self) -> QueryError {
        let steps = if self.steps.is_empty() { "" } else { self.text.get(self.start()..).unwrap_or("") };
        QueryError {
            cause: format!("No results for path: ${steps}"),
            expression: self.text.to_string(),
            span: Span::new(0, self.start()),
            field: String::new(),
            hint: self.unassigned_hint(),
        }
    }

    /// The sentence about a variable that is not assigned.
    pub(super) fn unassigned_hint(&self) -> Option<String> {
        let name = self.text.get(..self.start())?;
        Some(format!("no variable `{name}` is assigned at this point"))
    }

    fn start(&self) -> usize {
        match &self.root {
            Root::Input => 1,
            Root::Context => 2,
            Root::Variable(name) => name.len() + 1,
        }
    }

    fn steps(&self) -> &[Step] {
        &self.steps
    }
}

/// A step of a reference path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PlainStep<'p> {
    Name(&'p Arc<str>),
    Index(i64),
    /// What a reference path may not hold.
    Other,
}

impl Shape {
    fn of(steps: &[Step]) -> Self {
        let Some((last, before)) = steps.split_last() else { return Self::Plain };
        if !before.iter().all(|step| step.kind.is_definite()) {
            return Self::Indefinite;
        }
        match last.kind {
            StepKind::Name(_) | StepKind::Index(_) => Self::Plain,
            StepKind::Names(_) | StepKind::Function(_) => Self::Definite,
            _ => Self::Indefinite,
        }
    }
}

/// What `text` starts from, and where its steps begin.
fn root_of(text: &str) -> Result<(Root, usize), SyntaxError> {
    let Some(rest) = text.strip_prefix('$') else {
        let start = text.len() - text.trim_start().len();
        let length = text.trim_start().chars().next().map_or(0, char::len_utf8);
        let message = match text.trim_start() {
            "" => "the path is empty; `$` is the whole input".to_owned(),
            trimmed if trimmed.starts_with('$') => "a path may not begin with blanks; remove them".to_owned(),
            trimmed => format!("a path begins with `$`: `$.{}`", trimmed.trim_end()),
        };
        return Err(fault(if start > 0 { Span::new(0, start) } else { Span::new(0, length) }, message));
    };
    if rest.starts_with('$') {
        return Ok((Root::Context, 2));
    }
    let name_length = rest.find(|c: char| !is_name_character(c)).unwrap_or(rest.len());
    let name = rest.get(..name_length).unwrap_or("");
    match name.chars().next() {
        None => Ok((Root::Input, 1)),
        Some(first) if first.is_numeric() => {
            Err(fault(Span::new(1, 1 + name_length), format!("`{name}` is no name of a variable; expected `.` or `[`")))
        }
        Some(_) => Ok((Root::Variable(name.into()), 1 + name_length)),
    }
}

/// Characters of a variable's name (near enough to UAX #31; names are checked where they are assigned).
fn is_name_character(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}
