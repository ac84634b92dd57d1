//! The pieces panes are made of; none of them knows what it shows.

pub mod json_tree;
pub mod line_edit;
pub mod picker;
pub mod popup;
pub mod rows;
pub mod rules;
pub mod text;
pub mod text_area;
