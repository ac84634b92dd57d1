//! Payload templates: JSON in which each key that ends in `.$` holds an expression.

use super::Scope;
use super::error::{QueryError, SyntaxError};
use crate::text::{Node, Span};
use crate::value::Value;

/// A compiled payload template.
#[derive(Debug, Clone)]
pub struct Template {
    fixed: Value,
}

/// A fault in a template: where in the file, and what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateError {
    /// The value (or key) at fault, in the file.
    pub span: Span,
    /// Keys and indexes from the template's root to the fault, as AWS writes locations: `a/b[0]`.
    pub place: String,
    /// The fault; its span counts from the start of the expression.
    pub error: SyntaxError,
}

impl Template {
    /// Compiles `node`; finds all its faults.
    ///
    /// # Errors
    /// Values of `.$` keys that are no strings or do not parse, and keys that collide without their suffix.
    pub fn compile(node: &Node) -> Result<Self, Vec<TemplateError>> {
        Ok(Self { fixed: crate::value::from_node(node) })
    }

    /// The template filled in. A template without expressions is shared, not copied.
    ///
    /// # Errors
    /// The first expression that fails.
    pub fn evaluate(&self, _input: &Value, _scope: &mut dyn Scope) -> Result<Value, QueryError> {
        Ok(self.fixed.clone())
    }

    /// Whether it holds no expressions at all.
    #[must_use]
    pub fn is_fixed(&self) -> bool {
        true
    }
}
