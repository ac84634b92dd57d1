//! What a pane says when it has nothing to show: what would fill it, and the key for that.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::config::Role;
use crate::tui::command::{Command, Focus};
use crate::tui::look::Look;
use crate::tui::widgets::text::{visible, width};

/// Draws `sentences` one below the other, each broken at blanks where it is too long.
pub(super) fn draw(sentences: &[String], look: &Look<'_>, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    let room = usize::from(area.width).saturating_sub(1);
    let style = look.styles.role(Role::Text).patch(look.styles.role(Role::Muted));
    let lines = sentences.iter().flat_map(|sentence| wrap(&visible(sentence, look.glyphs), room));
    for (place, line) in area.rows().zip(lines) {
        buffer.set_stringn(place.x.saturating_add(1), place.y, line, room, style);
    }
    (!area.is_empty()).then_some(Position::new(area.x, area.y))
}

/// The key of `command` as the footer of `focus` shows it.
pub(super) fn key(command: Command, focus: Focus) -> String {
    let row = command.row();
    row.key_label(focus).unwrap_or_else(|| format!(":{}", row.name))
}

/// `text` in lines of at most `room` cells, broken at blanks where there are any.
pub(super) fn wrap(text: &str, room: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        let glyphs = &crate::tui::glyph::Glyphs::UNICODE;
        match lines.last_mut() {
            Some(line) if width(line, glyphs) + 1 + width(word, glyphs) <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
