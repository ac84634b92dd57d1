//! The terminal interface.

pub mod command;
pub mod glyph;
pub mod highlight;
pub mod keymap;
pub mod layout;
pub mod look;
pub mod panes;
pub mod style;
pub mod widgets;
