//! A layer over the panes.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::config::Role;
use crate::tui::glyph::Glyphs;
use crate::tui::style::Styles;
use crate::tui::widgets::text::clip;

/// Less than this many columns of what is under a layer say nothing.
const SLIVER: u16 = 12;

/// A rectangle of `width` × `height` in the middle of `area`, smaller where it does not fit. Where it leaves only slivers
/// at its sides, it takes them; of the rows the first is left, which says what the run does.
#[must_use]
pub fn centred(area: Rect, width: u16, height: u16) -> Rect {
    let width = if area.width.saturating_sub(width) < SLIVER { area.width } else { width };
    let x = area.x + (area.width - width) / 2;
    if area.height.saturating_sub(height) <= 2 && area.height > 2 {
        return Rect { x, y: area.y + 1, width, height: area.height - 1 };
    }
    let height = height.min(area.height);
    Rect { x, y: area.y + (area.height - height) / 2, width, height }
}

/// Covers `area` with an empty framed layer called `title`; the inside, one blank from the frame, is for its content.
pub fn draw(area: Rect, title: &str, buf: &mut Buffer, styles: &Styles, glyphs: &Glyphs) -> Rect {
    let area = area.intersection(buf.area);
    let text = styles.role(Role::Text);
    let border = text.patch(styles.role(Role::FocusedBorder));
    let (left, right) = (area.x, area.right().saturating_sub(1));
    let (top, bottom) = (area.y, area.bottom().saturating_sub(1));
    for position in area.positions() {
        let sign = match ((position.x == left, position.x == right), (position.y == top, position.y == bottom)) {
            ((true, _), (true, _)) => glyphs.down_right,
            ((_, true), (true, _)) => glyphs.down_left,
            ((true, _), (_, true)) => glyphs.up_right,
            ((_, true), (_, true)) => glyphs.up_left,
            ((true, _) | (_, true), _) => glyphs.vertical,
            (_, (true, _) | (_, true)) => glyphs.horizontal,
            _ => " ",
        };
        let style = if sign == " " { text } else { border };
        if let Some(cell) = buf.cell_mut(position) {
            cell.reset();
            cell.set_symbol(sign).set_style(style);
        }
    }
    let room = usize::from(area.width).saturating_sub(6);
    if room > 0 && area.height > 0 && !title.is_empty() {
        buf.set_string(left + 2, top, format!(" {} ", clip(title, room, glyphs)), border);
    }
    Rect {
        x: area.x + 2.min(area.width),
        y: area.y + 1.min(area.height),
        width: area.width.saturating_sub(4),
        height: area.height.saturating_sub(2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Theme;
    use crate::tui::style::Depth;

    fn styles() -> Styles {
        Styles::new(&Theme::load("terminal", None).expect("a theme"), Depth::Sixteen).expect("styles")
    }

    #[test]
    fn covers_what_is_under_it() {
        let mut buf = Buffer::with_lines(["xxxxxxxxxxxxxx"; 5]);
        let inside = draw(Rect::new(1, 1, 12, 3), "Runs", &mut buf, &styles(), &Glyphs::UNICODE);
        assert_eq!(inside, Rect::new(3, 2, 8, 1));
        let rows: Vec<String> = (0..5).map(|y| (0..14).map(|x| buf[(x, y)].symbol()).collect()).collect();
        assert_eq!(rows, ["xxxxxxxxxxxxxx", "x╭─ Runs ───╮x", "x│          │x", "x╰──────────╯x", "xxxxxxxxxxxxxx"]);
    }

    #[test]
    fn stands_in_the_middle_without_slivers_beside_it() {
        let area = Rect::new(0, 0, 80, 24);
        assert_eq!(centred(area, 60, 10), Rect::new(10, 7, 60, 10));
        assert_eq!(centred(area, 76, 10), Rect::new(0, 7, 80, 10));
        assert_eq!(centred(area, 60, 22), Rect::new(10, 1, 60, 23));
        assert_eq!(centred(area, 200, 200), Rect::new(0, 1, 80, 23));
    }

    #[test]
    fn fits_any_screen() {
        for (width, height) in (0..8).flat_map(|w| (0..5).map(move |h| (w, h))) {
            let mut buf = Buffer::empty(Rect::new(0, 0, width, height));
            let area = centred(buf.area, 20, 20);
            let inside = draw(area, "A title", &mut buf, &styles(), &Glyphs::ASCII);
            assert!(inside.is_empty() || inside.intersection(buf.area) == inside, "{width}×{height}");
        }
    }
}
