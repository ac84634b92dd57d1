//! The editor of a value that a run goes on with: its data, a variable, the output of a state.

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::crossterm::event::KeyEvent;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;
use ratatui::widgets::Widget;

use super::input::{draw_editor, edit};
use crate::config::Role;
use crate::tui::command::Command;
use crate::tui::look::Look;
use crate::tui::widgets::popup;
use crate::tui::widgets::text::clip;
use crate::tui::widgets::text_area::JsonEditor;
use crate::value::{self, Value};

/// What the value is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ValuePurpose {
    /// The data of the moment.
    Data,
    /// The variable of this name.
    Variable(Arc<str>),
    /// The output of the state, which is left with it.
    Output,
}

/// The editor of a value.
pub struct ValueLayer {
    title: String,
    about: String,
    purpose: ValuePurpose,
    /// Why the last value was not taken.
    refused: Option<String>,
    editor: JsonEditor,
}

impl ValueLayer {
    /// An editor that begins with `value`; `about` says what will happen.
    #[must_use]
    pub fn new(purpose: ValuePurpose, title: String, about: String, value: &Value) -> Self {
        let text = value.to_pretty_json();
        // Of an object or array mostly a part is changed; anything else is written anew.
        let is_whole = value.as_object().is_none() && value.as_array().is_none();
        let editor = if is_whole { JsonEditor::suggesting(&text) } else { JsonEditor::new(&text) };
        Self { title, about, purpose, refused: None, editor }
    }

    /// What the value is for.
    #[must_use]
    pub fn purpose(&self) -> &ValuePurpose {
        &self.purpose
    }

    /// The value as written.
    ///
    /// # Errors
    /// It is no JSON.
    pub fn value(&self) -> Result<Value, String> {
        let text = if self.editor.text().trim().is_empty() { "{}" } else { self.editor.text() };
        value::read(text).map_err(|error| format!("The value is no JSON: {error}."))
    }

    /// Shows why the value is not taken.
    pub fn refuse(&mut self, why: String) {
        self.refused = Some(why);
    }

    pub(super) fn key(&mut self, event: KeyEvent) {
        self.editor.input(event);
    }

    pub(super) fn paste(&mut self, text: &str) {
        self.editor.paste(text);
    }

    pub(super) fn command(&mut self, command: Command) -> bool {
        edit(&mut self.editor, command)
    }

    pub(super) fn draw(&mut self, area: Rect, look: &Look<'_>, buffer: &mut Buffer) -> Option<Position> {
        let place = popup::centred(area, area.width.saturating_sub(4).min(110), area.height.saturating_sub(2));
        let inside = popup::draw(place, &self.title, buffer, look.styles, look.glyphs);
        let (about, role) = match &self.refused {
            Some(why) => (why, Role::Failed),
            None => (&self.about, Role::Muted),
        };
        let about = clip(about, usize::from(inside.width), look.glyphs);
        if let Some(row) = inside.rows().next() {
            Line::styled(about, look.styles.role(role)).render(row, buffer);
        }
        let body = Rect { y: inside.y + 1.min(inside.height), height: inside.height.saturating_sub(1), ..inside };
        draw_editor(&mut self.editor, body, look, buffer)
    }
}
