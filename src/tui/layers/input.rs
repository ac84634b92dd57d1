//! The editor of the input: JSON, checked as one types.

use ratatui::buffer::Buffer;
use ratatui::crossterm::event::KeyEvent;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;
use ratatui::widgets::Widget;

use crate::config::Role;
use crate::engine::MAX_PAYLOAD;
use crate::text::LineIndex;
use crate::tui::command::Command;
use crate::tui::look::Look;
use crate::tui::widgets::popup;
use crate::tui::widgets::text::clip;
use crate::tui::widgets::text_area::JsonEditor;

/// The editor of the input.
pub struct InputLayer {
    editor: JsonEditor,
}

impl InputLayer {
    /// An editor of `text`, with the cursor where that is no JSON; an input with nothing in it gives way to what is typed.
    #[must_use]
    pub fn new(text: &str) -> Self {
        if ["", "{}"].contains(&text.trim()) {
            return Self { editor: JsonEditor::suggesting(text) };
        }
        let mut layer = Self { editor: JsonEditor::new(text) };
        layer.go_to_error();
        layer
    }

    /// Puts the cursor where the text is no JSON.
    pub fn go_to_error(&mut self) {
        self.editor.go_to_error();
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        self.editor.text()
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
        let inside = popup::draw(place, "Input of the next run", buffer, look.styles, look.glyphs);
        draw_editor(&mut self.editor, inside, look, buffer)
    }
}

/// Undo and redo.
pub(super) fn edit(editor: &mut JsonEditor, command: Command) -> bool {
    match command {
        Command::Undo => editor.undo(),
        Command::Redo => editor.redo(),
        _ => return false,
    };
    true
}

/// The editor with a line under it that says whether the text is JSON.
pub(super) fn draw_editor(
    editor: &mut JsonEditor,
    area: Rect,
    look: &Look<'_>,
    buffer: &mut Buffer,
) -> Option<Position> {
    let text = Rect { height: area.height.saturating_sub(1), ..area };
    let verdict = Rect { y: area.bottom().saturating_sub(1), height: 1.min(area.height), ..area };
    let cursor = editor.draw(text, buffer, look.styles);
    let (words, role) = verdict_on(editor);
    Line::styled(clip(&words, usize::from(verdict.width), look.glyphs), look.styles.role(role)).render(verdict, buffer);
    cursor
}

fn verdict_on(editor: &JsonEditor) -> (String, Role) {
    let text = editor.text();
    if text.trim().is_empty() {
        // An execution without input gets an empty object.
        return ("empty: stands for {}".to_owned(), Role::Muted);
    }
    match editor.error() {
        Some(error) => {
            let at = LineIndex::new(text).position(error.span.start as usize, text);
            (format!("{at}: {error}"), Role::Failed)
        }
        None if text.len() > MAX_PAYLOAD => (format!("{} bytes; {MAX_PAYLOAD} at most", text.len()), Role::Warning),
        None => (format!("JSON, {} bytes", text.len()), Role::Ok),
    }
}
