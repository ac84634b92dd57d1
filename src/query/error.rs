//! What goes wrong when expressions are compiled or evaluated.

use crate::text::Span;

/// An expression that does not parse.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SyntaxError {
    /// What is wrong and what would be right.
    pub message: String,
    /// The offending part, in bytes from the start of the expression.
    pub span: Span,
}

/// An evaluation that failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{cause}")]
pub struct QueryError {
    /// The cause as AWS words it, without the prefix `An error occurred while executing the state …`.
    pub cause: String,
    /// The expression that failed, as written.
    pub expression: String,
    /// The offending part of the expression, in bytes from its start.
    pub span: Span,
    /// The key in the payload template whose value failed, as written (`value.$`); empty outside templates.
    pub field: String,
    /// For "found nothing": the longest part that matched and the keys that exist there, in one sentence.
    pub hint: Option<String>,
}
