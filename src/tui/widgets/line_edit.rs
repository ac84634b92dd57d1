//! A line of text that is typed: what it says, and where the cursor is in it.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::text::{clip, width};
use crate::tui::glyph::Glyphs;

/// A line of text that is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LineEdit {
    text: String,
    /// The byte before which is typed.
    cursor: usize,
    /// Whether the text is a suggestion, which gives way to what is typed.
    is_suggested: bool,
}

impl LineEdit {
    /// A line that says `text`, with the cursor at its end.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { cursor: text.len(), text, is_suggested: false }
    }

    /// A line with a text that gives way to the first character that is typed.
    #[must_use]
    pub fn suggesting(text: impl Into<String>) -> Self {
        Self { is_suggested: true, ..Self::new(text) }
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What stands before the cursor, and what stands behind it.
    #[must_use]
    pub fn around(&self) -> (&str, &str) {
        self.text.split_at(self.cursor)
    }

    /// Replaces what stands before the cursor.
    pub fn set_head(&mut self, head: &str) {
        self.text.replace_range(..self.cursor, head);
        self.cursor = head.len();
        self.is_suggested = false;
    }

    /// Takes a key that moves in the line or changes it; whether it was one.
    pub fn key(&mut self, event: KeyEvent) -> bool {
        let control = event.modifiers.contains(KeyModifiers::CONTROL);
        match event.code {
            KeyCode::Left => self.cursor = before(&self.text, self.cursor),
            KeyCode::Right => self.cursor = after(&self.text, self.cursor),
            KeyCode::Home => self.cursor = 0,
            KeyCode::End => self.cursor = self.text.len(),
            KeyCode::Char('a') if control => self.cursor = 0,
            KeyCode::Char('e') if control => self.cursor = self.text.len(),
            KeyCode::Char('u') if control => self.cut(0, self.cursor),
            KeyCode::Char('w') if control => {
                let head = self.text[..self.cursor].trim_end();
                self.cut(head.rfind(' ').map_or(0, |at| at + 1), self.cursor);
            }
            KeyCode::Char(c) if !event.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) => {
                self.insert(c.encode_utf8(&mut [0; 4]));
            }
            KeyCode::Backspace => self.cut(before(&self.text, self.cursor), self.cursor),
            KeyCode::Delete => self.cut(self.cursor, after(&self.text, self.cursor)),
            _ => return false,
        }
        self.is_suggested = false;
        true
    }

    /// Types `text`, as far as it is one line of characters.
    pub fn insert(&mut self, text: &str) {
        if std::mem::take(&mut self.is_suggested) {
            self.cut(0, self.text.len());
        }
        let text: String = text.lines().next().unwrap_or("").chars().filter(|c| !c.is_control()).collect();
        self.text.insert_str(self.cursor, &text);
        self.cursor += text.len();
    }

    fn cut(&mut self, from: usize, to: usize) {
        self.text.replace_range(from..to, "");
        self.cursor = from;
    }

    /// What fits into `room` columns with the cursor in sight, and the column of the cursor.
    #[must_use]
    pub fn shown(&self, room: usize, glyphs: &Glyphs) -> (String, u16) {
        let (mut head, tail) = self.around();
        while width(head, glyphs) > room {
            head = &head[after(head, 0)..];
        }
        let column = u16::try_from(width(head, glyphs)).unwrap_or(0);
        (clip(&format!("{head}{tail}"), room, glyphs), column)
    }
}

fn before(text: &str, at: usize) -> usize {
    text[..at].char_indices().next_back().map_or(0, |(at, _)| at)
}

fn after(text: &str, at: usize) -> usize {
    text[at..].chars().next().map_or(text.len(), |c| at + c.len_utf8())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn press(line: &mut LineEdit, code: KeyCode) {
        assert!(line.key(KeyEvent::new(code, KeyModifiers::NONE)));
    }

    #[test]
    fn one_types_where_the_cursor_is() {
        let mut line = LineEdit::new("abd");
        press(&mut line, KeyCode::Left);
        press(&mut line, KeyCode::Char('c'));
        assert_eq!(line.around(), ("abc", "d"));
        press(&mut line, KeyCode::Delete);
        press(&mut line, KeyCode::Home);
        press(&mut line, KeyCode::Char('日'));
        assert_eq!((line.text(), line.shown(20, &Glyphs::UNICODE).1), ("日abc", 2));
        line.key(KeyEvent::new(KeyCode::Char('u'), KeyModifiers::CONTROL));
        assert_eq!(line.text(), "abc");
        line.insert("x\ny");
        assert_eq!(line.text(), "xabc");
    }

    #[test]
    fn a_suggestion_gives_way_to_what_is_typed_and_stays_where_it_is_edited() {
        let mut line = LineEdit::suggesting("States.TaskFailed");
        press(&mut line, KeyCode::Char('E'));
        assert_eq!(line.text(), "E");
        let mut line = LineEdit::suggesting("States.TaskFailed");
        press(&mut line, KeyCode::Backspace);
        press(&mut line, KeyCode::Char('x'));
        assert_eq!(line.text(), "States.TaskFailex");
    }

    proptest! {
        #[test]
        fn any_keys_leave_a_line_that_can_be_shown(
            text in "\\PC{0,12}",
            keys in proptest::collection::vec(prop_oneof![
                Just(KeyCode::Left), Just(KeyCode::Right), Just(KeyCode::Home), Just(KeyCode::End),
                Just(KeyCode::Backspace), Just(KeyCode::Delete), Just(KeyCode::Char('é')), Just(KeyCode::Char('日')),
            ], 0..12),
            room in 0..10_usize,
        ) {
            let mut line = LineEdit::new(text);
            for code in keys {
                press(&mut line, code);
                let (shown, column) = line.shown(room, &Glyphs::UNICODE);
                prop_assert!(width(&shown, &Glyphs::UNICODE) <= room && usize::from(column) <= room);
            }
        }
    }
}
