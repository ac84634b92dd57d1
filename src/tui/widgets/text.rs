//! Text that fits its place and does nothing to the terminal: cut at grapheme borders, control characters shown.

use std::borrow::Cow;

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::tui::glyph::Glyphs;
use crate::tui::highlight::Piece;
use crate::tui::style::Styles;

/// Columns from one tab stop to the next.
const TAB: usize = 4;

/// The cells `text` takes where it begins at column 0.
#[must_use]
pub fn width(text: &str, glyphs: &Glyphs) -> usize {
    Cells::new(glyphs).of(text).map(|(_, width)| width).sum()
}

/// `text` without anything that would act on the terminal: tabs become blanks, control characters signs.
#[must_use]
pub fn visible<'t>(text: &'t str, glyphs: &Glyphs) -> Cow<'t, str> {
    if !text.chars().any(needs_sign) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(Cells::new(glyphs).of(text).map(|(cell, _)| cell).collect())
}

/// [`visible`] text in at most `room` cells; what is cut ends with a sign for it.
#[must_use]
pub fn clip(text: &str, room: usize, glyphs: &Glyphs) -> String {
    let line = clip_spans([Span::raw(text)], 0, room, glyphs);
    line.spans.into_iter().map(|span| span.content).collect()
}

/// The spans as one line of at most `room` cells, of which the first `skip` columns are scrolled away. Where something
/// is cut off a sign says so.
#[must_use]
pub fn clip_spans<'t>(
    spans: impl IntoIterator<Item = Span<'t>>,
    skip: usize,
    room: usize,
    glyphs: &Glyphs,
) -> Line<'static> {
    let mut line = Clipped { skip, room, glyphs, column: 0, parts: Vec::new(), cut: false };
    let mut cells = Cells::new(glyphs);
    for span in spans {
        for (cell, width) in cells.of(&span.content) {
            line.push(cell, width, span.style);
            if line.cut {
                return line.finish();
            }
        }
    }
    line.finish()
}

/// A source line in colours.
#[must_use]
pub fn highlighted<'t>(text: &'t str, pieces: &[Piece], plain: Style, styles: &Styles) -> Vec<Span<'t>> {
    let mut spans = Vec::with_capacity(2 * pieces.len() + 1);
    let mut done = 0;
    let mut push = |range: std::ops::Range<usize>, style: Style| {
        if let Some(text) = text.get(range).filter(|text| !text.is_empty()) {
            spans.push(Span::styled(text, style));
        }
    };
    for piece in pieces {
        push(done..piece.range().start, plain);
        push(piece.range(), plain.patch(styles.token(piece.token)));
        done = piece.range().end;
    }
    push(done..text.len(), plain);
    spans
}

struct Clipped<'g> {
    skip: usize,
    room: usize,
    glyphs: &'g Glyphs,
    column: usize,
    /// Text, width, style of each cell group that is kept.
    parts: Vec<(String, usize, Style)>,
    cut: bool,
}

impl Clipped<'_> {
    fn push(&mut self, cell: Cow<'_, str>, width: usize, style: Style) {
        let start = self.column;
        self.column += width;
        if start < self.skip {
            // Half of a wide sign cannot be shown.
            let shown = self.column.saturating_sub(self.skip).min(self.room);
            self.parts.extend((shown > 0).then(|| (" ".repeat(shown), shown, style)));
        } else if self.column > self.skip + self.room {
            self.cut = true;
        } else {
            self.parts.push((cell.into_owned(), width, style));
        }
    }

    fn finish(mut self) -> Line<'static> {
        if self.cut && self.room > 0 {
            self.end_with_ellipsis();
        }
        let mut spans: Vec<Span<'static>> = Vec::new();
        for (text, _, style) in self.parts {
            match spans.last_mut() {
                Some(last) if last.style == style => last.content.to_mut().push_str(&text),
                _ => spans.push(Span::styled(text, style)),
            }
        }
        Line::from(spans)
    }

    fn end_with_ellipsis(&mut self) {
        let mut used: usize = self.parts.iter().map(|(_, width, _)| width).sum();
        let mut style = self.parts.last().map(|(.., style)| *style).unwrap_or_default();
        while used + 1 > self.room {
            let Some((_, width, last)) = self.parts.pop() else {
                break;
            };
            used -= width;
            style = last;
        }
        self.parts.push((self.glyphs.ellipsis.to_owned(), 1, style));
    }
}

/// Text to groups of cells; counts columns for the tab stops.
struct Cells<'g> {
    glyphs: &'g Glyphs,
    column: usize,
}

impl<'g> Cells<'g> {
    fn new(glyphs: &'g Glyphs) -> Self {
        Self { glyphs, column: 0 }
    }

    fn of<'s, 't: 's>(&'s mut self, text: &'t str) -> impl Iterator<Item = (Cow<'t, str>, usize)> + 's {
        text.graphemes(true).map(|grapheme| {
            let cell = self.cell(grapheme);
            let width = cell.width();
            self.column += width;
            (cell, width)
        })
    }

    fn cell<'t>(&self, grapheme: &'t str) -> Cow<'t, str> {
        if grapheme == "\t" {
            return Cow::Owned(" ".repeat(TAB - self.column % TAB));
        }
        if !grapheme.chars().any(needs_sign) {
            return Cow::Borrowed(grapheme);
        }
        Cow::Owned(grapheme.chars().map(|c| self.sign(c)).collect())
    }

    fn sign(&self, c: char) -> String {
        let code = u32::from(c);
        match c {
            '\u{1b}' if self.glyphs.escape.is_ascii() => "^[".to_owned(),
            // The control pictures of Unicode stand in the order of the characters they show.
            '\0'..='\u{1f}' if !self.glyphs.escape.is_ascii() => {
                char::from_u32(0x2400 + code).unwrap_or('?').to_string()
            }
            _ if needs_sign(c) => format!("U+{code:04X}"),
            _ => c.to_string(),
        }
    }
}

/// Control characters, and what changes the direction or the place of the text around it.
fn needs_sign(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const UNICODE: Glyphs = Glyphs::UNICODE;

    #[test]
    fn cut_at_grapheme_borders_with_a_sign() {
        let cases = [
            ("abc", 3, "abc"),
            ("abcd", 3, "ab…"),
            ("abcd", 1, "…"),
            ("abcd", 0, ""),
            ("", 0, ""),
            ("日本語", 6, "日本語"),
            ("日本語", 5, "日本…"),
            ("日本語", 4, "日…"),
            ("日本語", 2, "…"),
            ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…"),
            ("👩‍👩‍👧x", 2, "…"),
            ("👩‍👩‍👧", 2, "👩‍👩‍👧"),
        ];
        for (text, room, expected) in cases {
            assert_eq!(clip(text, room, &UNICODE), expected, "{text} in {room}");
        }
        assert_eq!(clip("abcd", 3, &Glyphs::ASCII), "ab~");
    }

    #[test]
    fn control_characters_are_shown() {
        assert_eq!(visible("a\u{1b}[31m\n\u{7f}\u{9b}\u{202e}", &UNICODE), "a␛[31m␊U+007FU+009BU+202E");
        assert_eq!(visible("\u{1b}\r\n", &Glyphs::ASCII), "^[U+000DU+000A");
        assert!(matches!(visible("plain é 日", &UNICODE), Cow::Borrowed(_)));
    }

    #[test]
    fn tabs_go_to_the_next_stop() {
        assert_eq!(visible("a\tb\t\tc", &UNICODE), "a   b       c");
        assert_eq!(visible("日\tb", &UNICODE), "日  b");
        assert_eq!(width("\ta", &UNICODE), 5);
    }

    #[test]
    fn scrolled_lines_lose_their_start() {
        let text = |skip, room| clip_spans([Span::raw("ab"), Span::raw("日cdef")], skip, room, &UNICODE).to_string();
        assert_eq!(text(0, 20), "ab日cdef");
        assert_eq!(text(1, 20), "b日cdef");
        assert_eq!(text(3, 20), " cdef", "half of a wide sign is a blank");
        assert_eq!(text(4, 3), "cd…");
        assert_eq!(text(50, 3), "");
    }

    #[test]
    fn styles_stay_with_their_text() {
        let bold = Style::new().bold();
        let line = clip_spans([Span::raw("ab"), Span::styled("cd", bold), Span::styled("ef", bold)], 0, 5, &UNICODE);
        assert_eq!(line.spans, [Span::raw("ab"), Span::styled("cd…", bold)]);
    }

    proptest! {
        #[test]
        fn never_wider_than_its_place_and_never_a_control_character(
            text in "[\\PC\\x00-\\x1f\\u{7f}-\\u{9f}\u{202e}日é\u{301}]{0,20}", room in 0usize..12, skip in 0usize..5,
        ) {
            for glyphs in [Glyphs::UNICODE, Glyphs::ASCII] {
                let line = clip_spans([Span::raw(text.as_str())], skip, room, &glyphs).to_string();
                prop_assert!(!line.chars().any(char::is_control));
                prop_assert!(width(&line, &glyphs) <= room, "{:?}", line);
            }
        }
    }
}
