//! The terminal interface.

pub mod app;
pub mod batch;
pub mod command;
pub mod glyph;
pub mod graph;
pub mod highlight;
pub mod keymap;
pub mod layers;
pub mod layout;
pub mod look;
pub mod panes;
pub mod run;
pub mod style;
pub mod terminal;
pub mod widgets;
