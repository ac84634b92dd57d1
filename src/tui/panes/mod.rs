//! The panes: each draws itself from a [`Look`] and takes the commands that are about its rows.
//!
//! A pane keeps only what is its own (cursor, scroll, folds); what it shows comes from the look. What it cannot do
//! itself it asks for with a [`Request`].

pub mod context;
pub mod data;
#[cfg(test)]
mod fixture;
mod found;
pub mod history;
mod list;
mod note;
mod parts;
pub mod problems;
pub mod source;
pub mod stack;
pub mod states;
#[cfg(test)]
mod testing;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::command::Command;
use super::look::{Look, Request};

pub use context::ContextPane;
pub use data::DataPane;
pub use history::HistoryPane;
pub(super) use parts::{preview, separator, wrap};
pub use problems::ProblemsPane;
pub use source::SourcePane;
pub use stack::StackPane;
pub use states::StatesPane;

/// What all panes have in common.
pub trait PaneView {
    /// What stands in the rule above it after its number and name; may be empty.
    fn title(&self, look: &Look<'_>) -> String;

    /// Draws the content into `area`; returns where the terminal's cursor belongs when the pane is focused: on the
    /// selected row or character, as screen readers follow it.
    fn draw(&mut self, look: &Look<'_>, area: Rect, focused: bool, buffer: &mut Buffer) -> Option<Position>;

    /// Takes `command` if it is about this pane: movements, folding, opening, copying, toggling under the cursor.
    /// None if it is not.
    fn command(&mut self, command: Command, look: &Look<'_>) -> Option<Vec<Request>>;

    /// A click at `at`, inside the area of the last draw; `double` for the second one at the same place.
    fn click(&mut self, at: Position, double: bool, look: &Look<'_>) -> Vec<Request>;

    /// Scrolls by rows (mouse wheel), without moving the cursor out of sight.
    fn scroll(&mut self, rows: i32, look: &Look<'_>);

    /// Moves to the next (or previous) row that holds `text`, ignoring case, around the end; whether there is one.
    fn search(&mut self, text: &str, forward: bool, look: &Look<'_>) -> bool;

    /// The text of the row under the cursor.
    fn row_text(&self, look: &Look<'_>) -> String;
}
