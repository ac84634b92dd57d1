//! Reference paths: where ResultPath writes.

use std::sync::Arc;

use super::error::{QueryError, SyntaxError};
use crate::value::Value;

/// A path of names and indexes only, below `$`.
#[derive(Debug, Clone)]
pub struct ReferencePath {
    text: Arc<str>,
}

impl ReferencePath {
    /// Compiles `text`.
    ///
    /// # Errors
    /// What is no reference path (wildcards, slices, filters, `$$`, variables), with its place.
    pub fn compile(text: &str) -> Result<Self, SyntaxError> {
        Ok(Self { text: text.into() })
    }

    /// The path as written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it is just `$`.
    #[must_use]
    pub fn is_root(&self) -> bool {
        &*self.text == "$"
    }

    /// `target` with `value` written at this place; missing objects on the way are made.
    ///
    /// # Errors
    /// A step into something that is no object, or an index that does not exist (States.ResultPathMatchFailure).
    pub fn write(&self, _target: &Value, value: Value) -> Result<Value, QueryError> {
        Ok(value)
    }
}
