//! A line of source text with a place in it, cut and measured for a terminal.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::span::{LineIndex, Span};

/// Tabs go to the next multiple of this column.
const TAB: usize = 4;
/// What stands for text that was cut off.
const CUT: char = '…';

/// The line in which a span starts, and where in it the span is. All lengths are columns of a terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// The line, from 1.
    pub line: usize,
    /// What is shown of it: tabs as blanks, signs that would move the cursor as others that do not.
    pub text: String,
    /// Columns before the span.
    pub indent: usize,
    /// Columns of the span, at least 1.
    pub marked: usize,
}

/// What is seen of a line: each sign with its columns.
type Cells = Vec<(String, usize)>;

impl Excerpt {
    /// The line of `span` in at most `width` columns, cut around the span where it is longer; none of an empty line.
    #[must_use]
    pub fn new(span: Span, text: &str, lines: &LineIndex, width: usize) -> Option<Self> {
        let line = lines.line(span.start as usize);
        let line_span = lines.line_span(line, text);
        let content = line_span.text(text);
        if content.is_empty() {
            return None;
        }
        let offset = |at: u32| floor(content, at.saturating_sub(line_span.start) as usize);
        let (start, end) = (offset(span.start), offset(span.end.max(span.start)));
        let width = width.max(3);
        // A line may be a whole file: no more of it is looked at than can be shown.
        let first = back(content, start, width + 1);
        let last = forward(content, start, width + 1);
        let mut column = 0;
        let before = cells(content.get(first..start).unwrap_or_default(), &mut column);
        let marked = cells(content.get(start..end.min(last)).unwrap_or_default(), &mut column);
        let after = cells(content.get(end.min(last)..last).unwrap_or_default(), &mut column);
        let is_cut = (first > 0, last < content.len());
        Some(Self { line, ..Self::fit([before, marked, after], is_cut, width) })
    }

    fn fit([before, marked, after]: [Cells; 3], is_cut: (bool, bool), width: usize) -> Self {
        let (left, middle, right) = (columns(&before), columns(&marked), columns(&after));
        if left + middle + right <= width && is_cut == (false, false) {
            let text = [before, marked, after].into_iter().flatten().map(|(sign, _)| sign).collect();
            return Self { line: 0, text, indent: left, marked: middle.max(1) };
        }
        // Two columns are kept for the signs of what was cut off.
        let room = width - 2;
        let middle = middle.min(room);
        let left = left.min((room - middle).div_ceil(2).max((room - middle).saturating_sub(right)));
        let head = tail_of(before, left, is_cut.0);
        let shown = columns(&head);
        let body: Cells = marked.into_iter().chain(after).collect();
        let rest = head_of(body, width - shown, is_cut.1);
        let indent = shown.min(width - 1);
        let text: String = head.into_iter().chain(rest).map(|(sign, _)| sign).collect();
        Self { line: 0, text, indent, marked: middle.clamp(1, width - indent) }
    }
}

/// The last cells that fit into `room` columns, and the sign of a cut where that is not all.
fn tail_of(mut cells: Cells, room: usize, mut is_cut: bool) -> Cells {
    let mut used = 0;
    let mut from = cells.len();
    while let Some((_, wide)) = from.checked_sub(1).and_then(|at| cells.get(at)) {
        if used + wide > room {
            is_cut = true;
            break;
        }
        used += wide;
        from -= 1;
    }
    let mut kept = cells.split_off(from);
    if is_cut {
        kept.insert(0, (CUT.to_string(), 1));
    }
    kept
}

/// The first cells that fit into `room` columns, the sign of a cut included where that is not all.
fn head_of(mut cells: Cells, room: usize, is_cut: bool) -> Cells {
    if columns(&cells) + usize::from(is_cut) <= room {
        cells.extend(is_cut.then(|| (CUT.to_string(), 1)));
        return cells;
    }
    let mut used = 0;
    let fitting = cells.iter().take_while(|(_, wide)| {
        used += wide;
        used < room
    });
    let count = fitting.count();
    cells.truncate(count);
    cells.push((CUT.to_string(), 1));
    cells
}

fn columns(cells: &Cells) -> usize {
    cells.iter().map(|(_, wide)| wide).sum()
}

/// `text` sign by sign; `column` is where it begins, and afterwards where it ends.
fn cells(text: &str, column: &mut usize) -> Cells {
    let mut cells = Vec::new();
    for sign in text.graphemes(true) {
        let shown = match sign {
            "\t" => " ".repeat(TAB - *column % TAB),
            sign if sign.chars().any(is_unseen) => "\u{fffd}".to_owned(),
            sign => sign.to_owned(),
        };
        let wide = shown.width();
        *column += wide;
        cells.push((shown, wide));
    }
    cells
}

/// Control characters, and marks that change the direction of the text around them.
fn is_unseen(sign: char) -> bool {
    sign.is_control() || matches!(sign, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The last boundary of a character at or before byte `at`.
fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// The byte `count` characters before byte `at`.
fn back(text: &str, at: usize, count: usize) -> usize {
    text.get(..at).and_then(|before| before.char_indices().rev().take(count).last()).map_or(at, |(first, _)| first)
}

/// The byte `count` characters behind byte `at`.
fn forward(text: &str, at: usize, count: usize) -> usize {
    text.get(at..).and_then(|rest| rest.char_indices().nth(count)).map_or(text.len(), |(more, _)| at + more)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The text and the marker below it, for the part between « and ».
    fn shown(marked: &str, width: usize) -> (String, String) {
        let start = marked.find('«').expect("a start");
        let text = marked.replace(['«', '»'], "");
        let end = marked.find('»').expect("an end") - '«'.len_utf8();
        let excerpt =
            Excerpt::new(Span::new(start, end), &text, &LineIndex::new(&text), width).expect("the line has text");
        (excerpt.text, format!("{}{}", " ".repeat(excerpt.indent), "^".repeat(excerpt.marked)))
    }

    #[test]
    fn the_span_is_marked_whatever_stands_before_it() {
        let cases = [
            ("  \"Next\": «\"Nowhere\"»,", "  \"Next\": \"Nowhere\",", "          ^^^^^^^^^"),
            ("\t\"a\":\t«1»", "    \"a\":    1", "            ^"),
            ("\"順序\": «\"東京\"»", "\"順序\": \"東京\"", "        ^^^^^^"),
            ("\"e\u{301}\": «x»", "\"e\u{301}\": x", "     ^"),
            ("\"👩‍👩‍👧\": «x»", "\"👩‍👩‍👧\": x", "      ^"),
            ("a\u{202e}b\u{7} «c»", "a\u{fffd}b\u{fffd} c", "     ^"),
            ("at the end«»", "at the end", "          ^"),
            ("«a\nb»", "a", "^"),
        ];
        for (marked, text, marker) in cases {
            assert_eq!(shown(marked, 76), (text.to_owned(), marker.to_owned()), "{marked}");
        }
    }

    #[test]
    fn long_lines_are_cut_around_the_span() {
        let cases = [
            ("aaaaaaaaaaaaaaaaaaaa«X»bbbbbbbbbbbbbbbbbbbb", 11, "…aaaaXbbbb…", "     ^"),
            ("«X»bbbbbbbbbbbbbbbbbbbb", 11, "Xbbbbbbbbb…", "^"),
            ("aaaaaaaaaaaaaaaaaaaa«X»", 11, "…aaaaaaaaX", "         ^"),
            ("aa«XXXXXXXXXXXXXXXXXX»bb", 11, "…XXXXXXXXX…", " ^^^^^^^^^"),
            ("aaaaaaaaaaaaaaaaaaaa«東»", 10, "…aaaaaa東", "       ^^"),
        ];
        for (marked, width, text, marker) in cases {
            assert_eq!(shown(marked, width), (text.to_owned(), marker.to_owned()), "{marked}");
        }
        let huge = format!("{}«X»{}", "a".repeat(1_000_000), "b".repeat(1_000_000));
        assert_eq!(shown(&huge, 7), ("…aaXbb…".to_owned(), "   ^".to_owned()));
    }

    proptest! {
        #[test]
        fn nothing_is_wider_than_allowed(text in "[ -~\tä東👩\u{301}\u{200d}\n]{0,60}", from in 0usize..70, len in 0usize..40, width in 3usize..40) {
            let excerpt = Excerpt::new(Span::new(from, from + len), &text, &LineIndex::new(&text), width);
            if let Some(excerpt) = excerpt {
                prop_assert!(excerpt.text.width() <= width, "{:?}", excerpt);
                prop_assert!(excerpt.indent + excerpt.marked <= width + 1 && excerpt.marked > 0, "{:?}", excerpt);
            }
        }
    }
}
