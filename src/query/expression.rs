//! What may stand as the value of a `key.$`: a path or a call of an intrinsic function.

use std::sync::Arc;

use super::Scope;
use super::error::{QueryError, SyntaxError};
use crate::value::Value;

/// A compiled path or intrinsic call.
#[derive(Debug, Clone)]
pub struct Expression {
    text: Arc<str>,
}

impl Expression {
    /// Compiles `text`.
    ///
    /// # Errors
    /// The place that does not parse, and why.
    pub fn compile(text: &str) -> Result<Self, SyntaxError> {
        Ok(Self { text: text.into() })
    }

    /// The expression as written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The value; `field` is the key it stands under, for the words of the failure.
    ///
    /// # Errors
    /// A definite path that finds nothing, or a failing intrinsic function, in AWS's words.
    pub fn evaluate(&self, field: &str, input: &Value, scope: &mut dyn Scope) -> Result<Value, QueryError> {
        let _ = (field, scope);
        Ok(input.clone())
    }
}
