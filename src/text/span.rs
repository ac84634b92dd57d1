//! Byte ranges in a source text and their lines and columns.

/// A half-open range of bytes in a source text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset after the last byte.
    pub end: u32,
}

impl Span {
    /// The span from byte `start` to before byte `end`.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { start: clamp(start), end: clamp(end.max(start)) }
    }

    /// The empty span at byte `offset`.
    #[must_use]
    pub fn at(offset: usize) -> Self {
        Self::new(offset, offset)
    }

    /// The smallest span that holds both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// Whether byte `offset` lies inside, or at the start of an empty span.
    #[must_use]
    pub fn contains(self, offset: usize) -> bool {
        let offset = u32::try_from(offset).unwrap_or(u32::MAX);
        self.start <= offset && (offset < self.end || self.start == self.end && offset == self.start)
    }

    /// The range of bytes, for slicing.
    #[must_use]
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The text of this span in `source`; empty where the span does not fit.
    #[must_use]
    pub fn text(self, source: &str) -> &str {
        source.get(self.range()).unwrap_or("")
    }
}

/// A line and a column, both counted from 1; the column counts characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl std::fmt::Display for Position {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// Where each line of a text starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineIndex {
    starts: Vec<u32>,
    len: u32,
}

impl LineIndex {
    /// Indexes the lines of `text`.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        let starts = std::iter::once(0)
            .chain(text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| clamp(i + 1)))
            .collect();
        Self { starts, len: clamp(text.len()) }
    }

    /// The number of lines, at least 1.
    #[must_use]
    pub fn line_count(&self) -> usize {
        self.starts.len()
    }

    /// The line (from 1) that holds byte `offset`.
    #[must_use]
    pub fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start as usize <= offset).max(1)
    }

    /// The bytes of line `line` (from 1) without its line break; empty past the end.
    #[must_use]
    pub fn line_span(&self, line: usize, text: &str) -> Span {
        let Some(start) = line.checked_sub(1).and_then(|l| self.starts.get(l)) else {
            return Span::at(self.len as usize);
        };
        let end = self.starts.get(line).map_or(self.len, |next| next - 1) as usize;
        let start = *start as usize;
        let cut = text.get(start..end).is_some_and(|line| line.ends_with('\r'));
        Span::new(start, if cut { end - 1 } else { end })
    }

    /// Line and column of byte `offset` in `text`, the text that was indexed.
    #[must_use]
    pub fn position(&self, offset: usize, text: &str) -> Position {
        let offset = offset.min(text.len());
        let line = self.line(offset);
        let start = self.starts.get(line - 1).map_or(0, |s| *s as usize);
        let column = text.as_bytes().get(start..offset).map_or(0, |bytes| {
            // Bytes that begin a character; a span inside a character still counts sensibly.
            bytes.iter().filter(|b| (**b & 0xC0) != 0x80).count()
        });
        Position { line, column: column + 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_not_bytes() {
        let text = "ab\nä→x\r\nlast";
        let index = LineIndex::new(text);
        assert_eq!(index.position(0, text), Position { line: 1, column: 1 });
        assert_eq!(index.position(text.find('x').expect("x is there"), text), Position { line: 2, column: 3 });
        assert_eq!(index.position(text.len(), text), Position { line: 3, column: 5 });
        assert_eq!(index.line_span(2, text).text(text), "ä→x");
        assert_eq!(index.line_span(3, text).text(text), "last");
        assert_eq!(index.line_span(9, text).text(text), "");
    }

    #[test]
    fn an_empty_text_has_one_line() {
        let index = LineIndex::new("");
        assert_eq!(index.line_count(), 1);
        assert_eq!(index.position(5, ""), Position { line: 1, column: 1 });
    }
}
