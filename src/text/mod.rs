//! Source text: spans, lines and columns, a JSON reader that keeps places, text made of parts of a file, diagnostics.
//!
//! Knows nothing of ASL or of the engine.

pub mod diagnostic;
pub mod encoding;
pub mod excerpt;
pub mod json;
pub mod span;
pub mod spelling;
pub mod tracked;
pub mod yaml;

pub use diagnostic::{Diagnostic, Severity};
pub use encoding::NotUtf8;
pub use excerpt::Excerpt;
pub use json::{JsonError, JsonErrorKind, Member, Node, NodeKind};
pub use span::{LineIndex, Position, Span};
pub use tracked::Tracked;
