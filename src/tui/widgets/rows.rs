//! A list of which only the visible rows are made, however long it is.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;
use ratatui::widgets::Widget;

/// Cursor and scroll position of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rows {
    /// The row of the cursor.
    pub cursor: usize,
    /// The first visible row.
    pub top: usize,
}

/// Where a row was drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowHit {
    /// The row.
    pub row: usize,
    /// Its place.
    pub area: Rect,
}

impl Rows {
    /// Rows kept visible above and below the cursor.
    const MARGIN: usize = 2;

    /// Moves the cursor by `by` rows in a list of `len`.
    pub fn move_by(&mut self, by: isize, len: usize) {
        self.move_to(self.cursor.saturating_add_signed(by), len);
    }

    /// Moves the cursor to `row`, or to the last one.
    pub fn move_to(&mut self, row: usize, len: usize) {
        self.cursor = row.min(len.saturating_sub(1));
    }

    /// Scrolls by `by` rows without moving the cursor further than needed to stay visible (the mouse wheel).
    pub fn scroll(&mut self, by: isize, len: usize, height: usize) {
        self.top = self.top.saturating_add_signed(by).min(len.saturating_sub(height));
        let margin = margin(height);
        let last = (self.top + height).saturating_sub(1 + margin).min(len.saturating_sub(1));
        let first = if self.top == 0 { 0 } else { self.top + margin };
        let last = if self.top + height >= len { len.saturating_sub(1) } else { last };
        self.cursor = self.cursor.clamp(first.min(last), last);
    }

    /// Scrolls so that the cursor is visible, with rows around it where there are any.
    pub fn reveal(&mut self, len: usize, height: usize) {
        self.cursor = self.cursor.min(len.saturating_sub(1));
        let margin = margin(height);
        let lowest = (self.cursor + margin + 1).saturating_sub(height);
        let highest = self.cursor.saturating_sub(margin);
        self.top = self.top.max(lowest).min(highest).min(len.saturating_sub(height));
    }

    /// Draws the rows of a list of `len` that are visible in `area`, made by `row`, with `selected` over that of the
    /// cursor; says where each row is, for the mouse and the terminal's cursor.
    pub fn draw(
        &mut self,
        area: Rect,
        buf: &mut Buffer,
        len: usize,
        selected: Option<Style>,
        mut row: impl FnMut(usize) -> Line<'static>,
    ) -> Vec<RowHit> {
        let height = usize::from(area.height);
        self.reveal(len, height);
        let end = len.min(self.top + height);
        let mut hits = Vec::with_capacity(height);
        for (at, place) in (self.top..end).zip(area.rows()) {
            row(at).render(place, buf);
            if let Some(style) = selected.filter(|_| at == self.cursor) {
                buf.set_style(place, style);
            }
            hits.push(RowHit { row: at, area: place });
        }
        hits
    }
}

fn margin(height: usize) -> usize {
    Rows::MARGIN.min(height.saturating_sub(1) / 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use ratatui::style::Modifier;

    #[test]
    fn only_what_is_visible_is_made() {
        let area = Rect::new(1, 1, 10, 4);
        let mut buf = Buffer::empty(Rect::new(0, 0, 12, 6));
        let mut rows = Rows { cursor: 99_999, top: 0 };
        let mut made = Vec::new();
        let hits = rows.draw(area, &mut buf, 100_000, Some(Modifier::REVERSED.into()), |row| {
            made.push(row);
            Line::from(format!("row {row}"))
        });
        assert_eq!(made, [99_996, 99_997, 99_998, 99_999]);
        assert_eq!(hits[3], RowHit { row: 99_999, area: Rect::new(1, 4, 10, 1) });
        assert!(buf[(5, 4)].modifier.contains(Modifier::REVERSED));
        assert!(!buf[(5, 3)].modifier.contains(Modifier::REVERSED));
        assert_eq!(buf[(5, 4)].symbol(), "9");
    }

    #[test]
    fn the_cursor_keeps_its_margin() {
        let mut rows = Rows::default();
        for (cursor, top) in [(6, 0), (7, 0), (8, 1), (20, 13), (17, 13), (15, 13), (14, 12), (99, 90), (0, 0)] {
            rows.move_to(cursor, 100);
            rows.reveal(100, 10);
            assert_eq!(rows.top, top, "cursor {cursor}");
        }
    }

    #[test]
    fn the_wheel_takes_the_cursor_along() {
        let mut rows = Rows { cursor: 0, top: 0 };
        rows.scroll(3, 100, 10);
        assert_eq!(rows, Rows { cursor: 5, top: 3 });
        rows.scroll(1000, 100, 10);
        assert_eq!(rows, Rows { cursor: 92, top: 90 });
        rows.scroll(-1000, 100, 10);
        assert_eq!(rows, Rows { cursor: 7, top: 0 });
    }

    proptest! {
        #[test]
        fn the_cursor_is_always_visible(
            len in 0usize..50, height in 0usize..12, moves in proptest::collection::vec((0u8..3, -60isize..60), 0..8),
        ) {
            let mut rows = Rows::default();
            for (kind, by) in moves {
                match kind {
                    0 => rows.move_by(by, len),
                    1 => rows.move_to(by.unsigned_abs(), len),
                    _ => rows.scroll(by, len, height),
                }
                let before = rows.top;
                rows.reveal(len, height);
                if kind == 2 && height > 0 {
                    prop_assert_eq!(rows.top, before, "what the wheel shows stays");
                }
                prop_assert!(rows.cursor < len.max(1));
                prop_assert!(height == 0 || (rows.top <= rows.cursor && rows.cursor < rows.top + height));
                prop_assert!(rows.top + height <= len.max(height));
            }
        }
    }
}
