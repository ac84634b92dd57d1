//! Text that is put together of pieces of a file and knows where each of its bytes comes from.

use std::fmt::Write;

use super::span::Span;

/// How long such a text may become: more than any definition, little enough for the memory.
pub const MAX_LENGTH: usize = 8 << 20;

/// A text and the places of its bytes in a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tracked {
    text: String,
    pieces: Vec<Piece>,
    is_cut: bool,
}

/// A run of bytes that come from one place, in the order of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Piece {
    /// Where it starts in the text.
    at: u32,
    /// The place in the file.
    from: Span,
    /// Whether it stands there byte by byte; else all of it stands for all of that place.
    exact: bool,
}

impl Tracked {
    /// `text` as it stands in the file from byte `start` on.
    #[must_use]
    pub fn exact(text: &str, start: usize) -> Self {
        let mut tracked = Self::default();
        tracked.push_exact(text, start);
        tracked
    }

    /// `text` that the file has at `from` in another spelling.
    #[must_use]
    pub fn standing_for(text: &str, from: Span) -> Self {
        let mut tracked = Self::default();
        tracked.push(text, from);
        tracked
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the text grew beyond [`MAX_LENGTH`] and is not all there.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// Adds `text` as it stands in the file from byte `start` on.
    pub fn push_exact(&mut self, text: &str, start: usize) {
        self.add(text, Span::new(start, start + text.len()), true);
    }

    /// Adds `text`, which stands for what the file has at `from`.
    pub fn push(&mut self, text: &str, from: Span) {
        self.add(text, from, false);
    }

    /// Adds the bytes `start..end` of `other`.
    pub fn push_part(&mut self, other: &Self, start: usize, end: usize) {
        let mut at = other.piece_index(start);
        let mut from = start;
        while let Some(piece) = other.pieces.get(at).filter(|_| from < end) {
            let piece_end = other.piece_end(at).min(end);
            let Some(part) = other.text.get(from..piece_end) else { return };
            let skipped = from - (piece.at as usize).min(from);
            match piece.exact {
                true => self.push_exact(part, piece.from.start as usize + skipped),
                false => self.push(part, piece.from),
            }
            from = piece_end;
            at += 1;
        }
    }

    /// Adds all of `other`.
    pub fn append(&mut self, other: &Self) {
        self.push_part(other, 0, other.text.len());
        self.is_cut |= other.is_cut;
    }

    /// The place in the file of `span`, a part of this text.
    #[must_use]
    pub fn place(&self, span: Span) -> Span {
        let (start, end) = (span.start as usize, span.end as usize);
        let Some(first) = self.pieces.get(self.piece_index(start)) else { return Span::default() };
        // At a seam the place of nothing is where the text before it ends.
        if start >= self.text.len() {
            return self.pieces.last().map_or(Span::default(), |piece| Span::at(piece.from.end as usize));
        }
        let from = start_of(first, start);
        if end <= start {
            return Span::at(from);
        }
        let Some(last) = self.pieces.get(self.piece_index(end - 1)) else { return Span::at(from) };
        let to = if last.exact { last.from.start as usize + end - last.at as usize } else { last.from.end as usize };
        Span::new(from.min(to), to)
    }

    /// The place of byte `at`: where what stands there starts in the file.
    #[must_use]
    pub fn place_at(&self, at: usize) -> usize {
        self.place(Span::at(at)).start as usize
    }

    /// This text, whose places are in the text of `base`, with the places that these have in the file of `base`.
    #[must_use]
    pub fn rebased(&self, base: &Self) -> Self {
        let mut out = Self { is_cut: self.is_cut, ..Self::default() };
        for (index, piece) in self.pieces.iter().enumerate() {
            let text = &self.text[piece.at as usize..self.piece_end(index)];
            if piece.exact {
                out.push_part(base, piece.from.start as usize, piece.from.end as usize);
            } else {
                out.push(text, base.place(piece.from));
            }
        }
        out
    }

    /// Adds `text` as the inside of a JSON string.
    pub fn push_escaped(&mut self, text: &Self) {
        let mut done = 0;
        for (at, c) in text.text.char_indices().filter(|(_, c)| needs_escape(*c)) {
            self.push_part(text, done, at);
            done = at + c.len_utf8();
            self.push(&escape(c), text.place(Span::new(at, done)));
        }
        self.push_part(text, done, text.text.len());
    }

    fn add(&mut self, text: &str, from: Span, exact: bool) {
        if text.is_empty() {
            return;
        }
        if self.text.len() + text.len() > MAX_LENGTH {
            self.is_cut = true;
            return;
        }
        let at = self.text.len();
        let goes_on = |last: &Piece| {
            let length = at - last.at as usize;
            exact && last.exact && last.from.start as usize + length == from.start as usize
        };
        match self.pieces.last_mut().filter(|last| goes_on(last)) {
            Some(last) => last.from.end = from.end,
            None => self.pieces.push(Piece { at: Span::at(at).start, from, exact }),
        }
        self.text.push_str(text);
    }

    /// The index of the piece that holds byte `at`.
    fn piece_index(&self, at: usize) -> usize {
        self.pieces.partition_point(|piece| piece.at as usize <= at).saturating_sub(1)
    }

    fn piece_end(&self, index: usize) -> usize {
        self.pieces.get(index + 1).map_or(self.text.len(), |next| next.at as usize)
    }
}

fn start_of(piece: &Piece, at: usize) -> usize {
    let start = piece.from.start as usize;
    if piece.exact { start + at - (piece.at as usize).min(at) } else { start }
}

fn needs_escape(c: char) -> bool {
    matches!(c, '"' | '\\') || u32::from(c) < 0x20
}

fn escape(c: char) -> String {
    match c {
        '"' => "\\\"".to_owned(),
        '\\' => "\\\\".to_owned(),
        '\n' => "\\n".to_owned(),
        '\r' => "\\r".to_owned(),
        '\t' => "\\t".to_owned(),
        other => {
            let mut out = String::new();
            // Writing to a String cannot fail.
            let _ = write!(out, "\\u{:04x}", u32::from(other));
            out
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn places_go_through_pieces() {
        let file = "key: 'abc' tail";
        let mut text = Tracked::standing_for("\"", Span::new(5, 6));
        text.push_exact("ab", 6);
        text.push_exact("c", 8);
        text.push("VALUE", Span::new(11, 15));
        assert_eq!((text.text(), text.pieces.len()), ("\"abcVALUE", 3));
        let shown = |start, end| text.place(Span::new(start, end)).text(file);
        assert_eq!((shown(1, 4), shown(2, 3), shown(5, 6), shown(0, 9)), ("abc", "b", "tail", "'abc' tail"));
        assert_eq!((text.place_at(3), text.place_at(9), text.place_at(99)), (8, 15, 15));
        assert_eq!(Tracked::default().place(Span::new(3, 4)), Span::default());
    }

    #[test]
    fn escapes_stand_for_what_they_escape() {
        let mut out = Tracked::default();
        out.push_escaped(&Tracked::exact("a\"b\n\u{1}", 10));
        assert_eq!(out.text(), "a\\\"b\\n\\u0001");
        assert_eq!(out.place(Span::new(1, 3)), Span::new(11, 12));
        assert_eq!(out.place(Span::new(3, 4)), Span::new(12, 13));
    }

    #[test]
    fn nothing_grows_without_end() {
        let mut text = Tracked::exact(&"x".repeat(1 << 20), 0);
        for _ in 0..5 {
            let copy = text.clone();
            text.append(&copy);
        }
        assert!(text.is_cut() && text.text().len() <= MAX_LENGTH);
    }

    proptest! {
        #[test]
        fn parts_keep_their_places(
            pieces in prop::collection::vec(("[a-zé]{0,4}", 0usize..50, any::<bool>()), 0..6),
            from in 0usize..20,
            len in 0usize..20,
        ) {
            let mut text = Tracked::default();
            for (part, at, exact) in &pieces {
                if *exact { text.push_exact(part, *at) } else { text.push(part, Span::new(*at, at + 2)) }
            }
            let (from, to) = (from.min(text.text().len()), (from + len).min(text.text().len()));
            let mut part = Tracked::default();
            part.push_part(&text, from, to);
            if text.text().get(from..to).is_some() && text.text().is_ascii() {
                prop_assert_eq!(part.text(), &text.text()[from..to]);
                for at in from..to {
                    prop_assert_eq!(part.place(Span::new(at - from, at - from + 1)), text.place(Span::new(at, at + 1)));
                }
            }
        }
    }
}
