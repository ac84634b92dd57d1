//! The terminal interface.

pub mod glyph;
pub mod highlight;
pub mod style;
