//! The rules between panes: shared lines that carry the titles, with the right sign where they meet.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use crate::config::Role;
use crate::tui::glyph::Glyphs;
use crate::tui::layout::{Layout, Slot};
use crate::tui::style::Styles;
use crate::tui::widgets::text::clip;

/// Draws the rules of `layout`; `title` gives the text on the rule above a slot.
pub fn draw(
    layout: &Layout,
    focus: Slot,
    title: impl Fn(Slot) -> String,
    buf: &mut Buffer,
    styles: &Styles,
    glyphs: &Glyphs,
) {
    let plain = styles.role(Role::Text).patch(styles.role(Role::Border));
    let focused = plain.patch(styles.role(Role::FocusedBorder));
    let horizontal: Vec<Rect> = layout.areas.iter().map(|area| area.title).chain([layout.closing]).collect();
    for rule in &layout.rules {
        draw_cells(*rule, &horizontal, &layout.rules, (plain, glyphs), buf);
    }
    draw_cells(layout.closing, &horizontal, &layout.rules, (plain, glyphs), buf);
    for area in &layout.areas {
        let (style, text) = if area.slot == focus { (focused, focused) } else { (plain, styles.role(Role::Title)) };
        draw_cells(area.title, &horizontal, &layout.rules, (style, glyphs), buf);
        let room = usize::from(area.title.width).saturating_sub(4);
        let words = title(area.slot);
        if room > 2 && !words.is_empty() {
            let words = format!(" {} ", clip(&words, room - 2, glyphs));
            // Behind a vertical rule the title follows at once; at the edge of the screen a piece of rule comes first.
            let lead = u16::from(area.column == 0);
            buf.set_string(area.title.x + lead, area.title.y, words, style.patch(text));
        }
    }
}

fn draw_cells(rect: Rect, horizontal: &[Rect], vertical: &[Rect], (style, glyphs): (Style, &Glyphs), buf: &mut Buffer) {
    let on = |rects: &[Rect], x: Option<u16>, y: Option<u16>| {
        x.zip(y).is_some_and(|(x, y)| rects.iter().any(|rect| rect.contains(Position::new(x, y))))
    };
    for Position { x, y } in rect.positions() {
        let upright = on(vertical, Some(x), Some(y));
        let arms = [
            on(vertical, Some(x), y.checked_sub(1)),
            on(vertical, Some(x), y.checked_add(1)),
            on(horizontal, x.checked_sub(1), Some(y)),
            on(horizontal, x.checked_add(1), Some(y)),
        ];
        let sign = match arms {
            [true, true, true, true] => glyphs.cross,
            [true, true, true, false] if upright => glyphs.tee_left,
            [true, true, false, true] if upright => glyphs.tee_right,
            [true, false, true, true] => glyphs.tee_up,
            [false, true, true, true] => glyphs.tee_down,
            _ if upright => glyphs.vertical,
            _ => glyphs.horizontal,
        };
        if let Some(cell) = buf.cell_mut((x, y)) {
            cell.set_symbol(sign).set_style(style);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Theme;
    use crate::tui::layout::{Pane, Splits};
    use crate::tui::style::Depth;

    fn screen(width: u16, height: u16, focus: Pane, glyphs: &Glyphs) -> Vec<String> {
        let area = Rect::new(0, 0, width, height);
        let layout = Layout::new(area, focus, false, &Splits::default());
        let styles = Styles::new(&Theme::load("mono", None).expect("a theme"), Depth::None).expect("styles");
        let mut buf = Buffer::empty(area);
        let title = |slot| match slot {
            Slot::Pane(pane) => format!("{} {pane:?}", pane.number()),
            Slot::Detail(_) => String::new(),
        };
        draw(&layout, Slot::Pane(focus), title, &mut buf, &styles, glyphs);
        let row = |y| (0..width).map(|x| buf[(x, y)].symbol().to_owned()).collect::<String>().trim_end().to_owned();
        (0..height).map(row).collect()
    }

    #[test]
    fn rules_meet_at_60_columns() {
        let rows = screen(60, 16, Pane::Source, &Glyphs::UNICODE);
        assert_eq!(rows[1], "─ 1 Source ─────────────────────┬ 2 States ─────────────────");
        assert_eq!(rows[2], "                                │");
        assert_eq!(rows[10], "─ 3 Data ───────────────────────┼───────────────────────────");
        let one_below = screen(60, 16, Pane::Stack, &Glyphs::UNICODE);
        assert_eq!(one_below[10], "─ 6 Stack ──────────────────────┴───────────────────────────");
    }

    #[test]
    fn rules_meet_at_120_columns_also_in_ascii() {
        let rows = screen(120, 40, Pane::Source, &Glyphs::UNICODE);
        let signs: Vec<char> = rows.iter().filter_map(|row| row.chars().nth(66)).collect();
        let count = |sign| signs.iter().filter(|c| **c == sign).count();
        assert_eq!((count('┬'), count('┤'), count('├'), count('┴')), (1, 2, 3, 1), "{signs:?}");
        assert!(screen(120, 40, Pane::Data, &Glyphs::ASCII).iter().all(|row| row.is_ascii()));
    }
}
