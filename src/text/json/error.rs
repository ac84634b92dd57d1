//! Why a text is no JSON.

use super::MAX_DEPTH;
use crate::text::span::Span;

/// Why a text is no JSON, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
pub struct JsonError {
    /// What is wrong.
    pub kind: JsonErrorKind,
    /// The offending part; empty at the end of a text that was cut off.
    pub span: Span,
}

/// The kinds of [`JsonError`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JsonErrorKind {
    /// There is no value at all.
    #[error("the text is empty; a JSON value is expected")]
    Empty,
    /// The text ends inside something.
    #[error("the text ends inside {inside}, which starts at byte {opened}; it seems to be cut off")]
    CutOff {
        /// `an object`, `an array`, `a string`, `a value`.
        inside: &'static str,
        /// Offset where that starts.
        opened: u32,
    },
    /// Something else stands where `expected` should.
    #[error("expected {expected}, found {found}")]
    Unexpected {
        /// What would be right here.
        expected: &'static str,
        /// What is here.
        found: String,
    },
    /// A comma with nothing after it.
    #[error("a comma with nothing after it; remove it")]
    TrailingComma,
    /// A bare word such as `None`, `undefined` or an unquoted text.
    #[error("`{0}` is no JSON value; texts need double quotes")]
    UnknownWord(String),
    /// A number that JSON does not allow.
    #[error("`{0}` is no JSON number")]
    BadNumber(String),
    /// An escape that JSON does not have.
    #[error("`{0}` is no escape of JSON; a backslash itself is written `\\\\`")]
    BadEscape(String),
    /// A line break, tab or other control character inside a string.
    #[error("a string may not hold the control character U+{0:04X}; write it as an escape")]
    ControlCharacter(u32),
    /// Text after the value.
    #[error("nothing may follow the value, found {0}")]
    TrailingText(String),
    /// More nesting than [`MAX_DEPTH`].
    #[error("nested deeper than {MAX_DEPTH} levels")]
    TooDeep,
}
