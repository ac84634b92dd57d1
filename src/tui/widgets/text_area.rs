//! A JSON editor. Everything asldb knows of the text area crate is in this file.

use ratatui::buffer::Buffer;
use ratatui::crossterm::event::KeyEvent;
use ratatui::layout::{Position, Rect};
use ratatui::style::Modifier;
use ratatui::widgets::Widget;
use tui_textarea::{CursorMove, CursorRenderMode, TextArea};

use crate::config::Role;
use crate::text::json::{self, JsonError};
use crate::text::{LineIndex, Span};
use crate::tui::highlight::{Grammar, Highlight};
use crate::tui::style::Styles;

/// An editor of JSON text that colours it and underlines what is wrong while one types.
#[derive(Debug)]
pub struct JsonEditor {
    area: TextArea<'static>,
    highlight: Highlight,
    error: Option<JsonError>,
    text: String,
    /// The first text gave way as a whole.
    is_suggested: bool,
}

impl JsonEditor {
    /// An editor with `text` in it and the cursor at its start.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut area = TextArea::default();
        area.set_tab_length(2);
        area.set_max_histories(500);
        area.set_undo_coalescing(true);
        // The terminal's own cursor is used: braille lines and input methods follow it.
        area.set_cursor_render_mode(CursorRenderMode::Hidden);
        let mut editor =
            Self { area, highlight: Highlight::default(), error: None, text: String::new(), is_suggested: false };
        editor.set_text(text);
        editor
    }

    /// An editor of a text that is selected, so that it gives way to what is typed or pasted, unless the cursor is
    /// moved first.
    #[must_use]
    pub fn suggesting(text: &str) -> Self {
        let mut editor = Self { is_suggested: true, ..Self::new(text) };
        // The cursor stands at the start, so that one step to the right leads into an empty object.
        editor.area.move_cursor(CursorMove::Bottom);
        editor.area.move_cursor(CursorMove::End);
        editor.area.start_selection();
        editor.area.move_cursor(CursorMove::Jump(0, 0));
        editor
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Replaces the text; the history of changes starts anew.
    pub fn set_text(&mut self, text: &str) {
        let lines = text.split('\n').map(|line| line.trim_end_matches('\r').to_owned()).collect();
        self.area.set_lines(lines, (0, 0));
        self.changed();
    }

    /// Gives the editor a key that is no command; whether the text changed.
    pub fn input(&mut self, key: KeyEvent) -> bool {
        let changed = self.area.input(key);
        self.after(changed)
    }

    /// Inserts `text` at the cursor as one change.
    pub fn paste(&mut self, text: &str) -> bool {
        let changed = self.area.insert_str(text.replace("\r\n", "\n").replace('\r', "\n"));
        self.after(changed)
    }

    /// Takes the last change back; whether there was one.
    pub fn undo(&mut self) -> bool {
        let changed = self.area.undo();
        // What gave way went before something else came: for people that was one change.
        if changed && self.is_suggested && self.area.is_empty() {
            self.area.undo();
        }
        self.after(changed)
    }

    /// Makes the change again that was taken back; whether there was one.
    pub fn redo(&mut self) -> bool {
        let changed = self.area.redo();
        self.after(changed)
    }

    /// Line and column of the cursor in characters, both from 0.
    #[must_use]
    pub fn cursor(&self) -> (usize, usize) {
        self.area.cursor()
    }

    /// Puts the cursor at line and column in characters, both from 0, or as near as there is text.
    pub fn set_cursor(&mut self, line: usize, column: usize) {
        self.area.cancel_selection();
        let clamp = |at: usize| u16::try_from(at).unwrap_or(u16::MAX);
        self.area.move_cursor(CursorMove::Jump(clamp(line), clamp(column)));
    }

    /// What is wrong with the text, if it is no JSON.
    #[must_use]
    pub fn error(&self) -> Option<&JsonError> {
        self.error.as_ref()
    }

    /// Puts the cursor where the text is wrong.
    pub fn go_to_error(&mut self) {
        if let Some(error) = &self.error {
            let index = LineIndex::new(&self.text);
            let place = index.position(error.span.start as usize, &self.text);
            self.set_cursor(place.line - 1, place.column - 1);
        }
    }

    fn after(&mut self, changed: bool) -> bool {
        if changed {
            self.changed();
        }
        changed
    }

    fn changed(&mut self) {
        self.text = self.area.lines().join("\n");
        self.highlight = Highlight::new(&self.text, Grammar::Data);
        self.error = json::parse(&self.text).err();
    }

    /// Draws the text; where the terminal's cursor goes.
    pub fn draw(&mut self, area: Rect, buf: &mut Buffer, styles: &Styles) -> Option<Position> {
        self.area.set_style(styles.role(Role::Text));
        self.area.set_cursor_line_style(styles.role(Role::CurrentLine));
        self.area.set_line_number_style(styles.role(Role::Gutter));
        self.area.set_selection_style(styles.role(Role::Selection));
        self.colour(usize::from(area.height), styles);
        Widget::render(&self.area, area, buf);
        self.area.rendered_cursor_position().filter(|position| area.contains(*position))
    }

    /// Colours the lines that can be visible, as each coloured piece costs something for every line drawn.
    fn colour(&mut self, height: usize, styles: &Styles) {
        self.area.clear_custom_highlight();
        let (line, _) = self.area.cursor();
        for line in line.saturating_sub(height)..=line + height {
            for piece in self.highlight.line(line) {
                let range = piece.range();
                self.area.custom_highlight(((line, range.start), (line, range.end)), styles.token(piece.token), 0);
            }
        }
        let style = styles.role(Role::Failed).add_modifier(Modifier::UNDERLINED);
        if let Some(range) = self.error.as_ref().and_then(|error| self.place_of(error.span)) {
            self.area.custom_highlight(range, style, 1);
        }
    }

    /// Line and byte of both ends of `span`; at the end of a line the character before it is marked, so that one sees
    /// something.
    fn place_of(&self, span: Span) -> Option<((usize, usize), (usize, usize))> {
        let index = LineIndex::new(&self.text);
        let line = index.line(span.start as usize);
        let here = index.line_span(line, &self.text);
        let mut start = (span.start - here.start) as usize;
        let mut end = (span.end.min(here.end).max(here.start) - here.start) as usize;
        let text = here.text(&self.text);
        if start >= text.len() {
            start = text.char_indices().next_back()?.0;
        }
        if end <= start {
            end = start + text.get(start..)?.chars().next()?.len_utf8();
        }
        Some(((line - 1, start), (line - 1, end)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Theme;
    use crate::tui::highlight::Token;
    use crate::tui::style::Depth;
    use proptest::prelude::*;
    use ratatui::crossterm::event::{KeyCode, KeyModifiers};

    fn styles() -> Styles {
        Styles::new(&Theme::load("dark", None).expect("a theme"), Depth::True).expect("styles")
    }

    fn key(code: KeyCode) -> KeyEvent {
        KeyEvent::new(code, KeyModifiers::NONE)
    }

    fn drawn(editor: &mut JsonEditor) -> (Buffer, Option<Position>) {
        let area = Rect::new(0, 0, 30, 6);
        let mut buf = Buffer::empty(area);
        let cursor = editor.draw(area, &mut buf, &styles());
        (buf, cursor)
    }

    #[test]
    fn typing_changes_text_cursor_and_verdict() {
        let mut editor = JsonEditor::new("{}");
        assert!(editor.error().is_none());
        editor.set_cursor(0, 1);
        for c in "\"a\":".chars() {
            assert!(editor.input(key(KeyCode::Char(c))));
        }
        assert_eq!((editor.text(), editor.cursor()), ("{\"a\":}", (0, 5)));
        assert!(editor.error().is_some());
        editor.paste("[1,\r\n2]");
        assert_eq!((editor.text(), editor.error().is_none()), ("{\"a\":[1,\n2]}", true));
        assert!(!editor.input(key(KeyCode::Left)));
        assert!(editor.undo());
        assert_eq!(editor.text(), "{\"a\":}");
        assert!(editor.redo());
        assert_eq!(editor.text(), "{\"a\":[1,\n2]}");
    }

    #[test]
    fn a_suggestion_gives_way_unless_the_cursor_moves_first() {
        let mut editor = JsonEditor::suggesting("{\n}");
        editor.input(key(KeyCode::Char('7')));
        assert_eq!(editor.text(), "7");
        assert!(editor.undo());
        assert_eq!(editor.text(), "{\n}");
        let mut editor = JsonEditor::suggesting("{\n}");
        editor.paste("[1]");
        assert_eq!(editor.text(), "[1]");
        let mut editor = JsonEditor::suggesting("[]");
        editor.input(key(KeyCode::Right));
        editor.input(key(KeyCode::Char('7')));
        assert_eq!(editor.text(), "[7]");
    }

    #[test]
    fn tokens_have_their_colours_and_faults_are_underlined() {
        let mut editor = JsonEditor::new("{\"ä\": 日}");
        let (buf, cursor) = drawn(&mut editor);
        let styles = styles();
        // A blank, the line number, a blank: the text begins in column 3.
        assert_eq!(cursor, Some(Position::new(3, 0)));
        assert_eq!(buf[(5, 0)].symbol(), "ä");
        assert_eq!(Some(buf[(5, 0)].fg), styles.token(Token::Key).fg);
        assert_eq!(buf[(9, 0)].symbol(), "日");
        assert!(buf[(9, 0)].modifier.contains(Modifier::UNDERLINED));
        assert!(!buf[(5, 0)].modifier.contains(Modifier::UNDERLINED));
        editor.go_to_error();
        assert_eq!(editor.cursor(), (0, 6));
    }

    #[test]
    fn a_text_that_is_cut_off_is_marked_at_its_end() {
        let mut editor = JsonEditor::new("{\"a\": 1\n");
        let (_, cursor) = drawn(&mut editor);
        assert!(cursor.is_some());
        assert!(editor.error().is_some());
        editor.go_to_error();
        assert_eq!(editor.cursor(), (1, 0));
        editor.set_text("");
        drawn(&mut editor);
        assert_eq!(editor.text(), "");
    }

    proptest! {
        #[test]
        fn any_text_and_any_keys_can_be_drawn(
            text in "[\\PC\n\\t\\x1b{}\\[\\]\",:é日]{0,30}",
            keys in proptest::collection::vec(prop_oneof![
                Just(KeyCode::Enter), Just(KeyCode::Backspace), Just(KeyCode::Delete), Just(KeyCode::Tab),
                Just(KeyCode::End), Just(KeyCode::Down), Just(KeyCode::Char('"')), Just(KeyCode::Char('日')),
            ], 0..12),
        ) {
            let mut editor = JsonEditor::new(&text);
            for code in keys {
                editor.input(key(code));
                drawn(&mut editor);
                editor.go_to_error();
            }
        }
    }
}
