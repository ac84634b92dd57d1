//! The states as boxes: which part of the drawing is seen, and what stands in the boxes.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};

use super::Frame;
use crate::asl::StateId;
use crate::config::Role;
use crate::tui::graph::boxes::{Boxes, StateBox, boxes};
use crate::tui::graph::rail::mark_sign;
use crate::tui::graph::{Graph, Mark};
use crate::tui::widgets::text::{clip, width};

/// A smaller pane shows rails.
const LEAST: (u16, u16) = (24, 8);
/// Kept in view around the box that is looked at.
const MARGIN: (usize, usize) = (4, 3);

/// The drawing, and where it was last seen.
#[derive(Debug, Default)]
pub(super) struct BoxView {
    drawing: Option<Boxes>,
    /// Of which graph, and the catchers of which state.
    of: Option<(Graph, Option<usize>)>,
    /// The column and the row of the drawing in the upper left corner.
    corner: (usize, usize),
    area: Rect,
}

impl BoxView {
    /// Draws the machine anew if it or what is selected changed; why it is not drawn.
    pub(super) fn read(&mut self, graph: &Graph, selected: Option<usize>, area: Rect) -> Result<(), &'static str> {
        if area.width < LEAST.0 || area.height < LEAST.1 {
            return Err("no room for boxes: z zooms");
        }
        let is_known = self.of.as_ref().is_some_and(|(known, of)| known == graph && *of == selected);
        if !is_known {
            self.drawing = boxes(graph, selected);
            self.of = Some((graph.clone(), selected));
        }
        self.drawing.as_ref().map(|_| ()).ok_or("too many states for boxes")
    }

    /// The state whose box was drawn at `at`, innermost first.
    pub(super) fn node_at(&self, at: Position) -> Option<usize> {
        let drawing = self.drawing.as_ref().filter(|_| self.area.contains(at))?;
        let (x, y) = (self.corner.0 + usize::from(at.x - self.area.x), self.corner.1 + usize::from(at.y - self.area.y));
        let holds = |state: &&StateBox| {
            (state.at.0..state.at.0 + state.size.0).contains(&x) && (state.at.1..state.at.1 + state.size.1).contains(&y)
        };
        drawing.states.iter().rev().find(holds).map(|state| state.node)
    }

    /// Moves the part that is seen by rows.
    pub(super) fn scroll(&mut self, rows: i32) {
        let by = isize::try_from(rows).unwrap_or(0);
        let most =
            self.drawing.as_ref().map_or(0, |drawing| drawing.size.1.saturating_sub(usize::from(self.area.height)));
        self.corner.1 = self.corner.1.saturating_add_signed(by).min(most);
    }

    /// Brings the box of `node` into view.
    pub(super) fn reveal(&mut self, node: usize, area: Rect) {
        let Some(drawing) = &self.drawing else { return };
        let Some(state) = drawing.states.iter().find(|state| state.node == node) else { return };
        let room = (usize::from(area.width), usize::from(area.height));
        self.corner.0 = shifted(self.corner.0, (state.at.0, state.size.0), MARGIN.0, (room.0, drawing.size.0));
        // Of a state that holds others the upper part is enough.
        let height = state.size.1.min(3);
        self.corner.1 = shifted(self.corner.1, (state.at.1, height), MARGIN.1, (room.1, drawing.size.1));
    }

    /// Draws what is seen; where the name of the selected state stands.
    pub(super) fn draw(
        &mut self,
        frame: &Frame<'_>,
        selected: Option<usize>,
        area: Rect,
        buffer: &mut Buffer,
    ) -> Option<Position> {
        self.area = area;
        let drawing = self.drawing.as_ref()?;
        let mut canvas = Canvas { corner: self.corner, area, buffer };
        let here = frame.here.and_then(|row| frame.rail.state(row)).map(|state| state.0 as usize);
        let mut cursor = None;
        // What is inside is drawn over what it is in, and lines over both.
        for state in &drawing.states {
            let at = state_box(state, frame, (selected, here), &mut canvas);
            if selected == Some(state.node) {
                cursor = at;
            }
        }
        for (y, x) in (0..usize::from(area.height)).flat_map(|y| (0..usize::from(area.width)).map(move |x| (y, x))) {
            let cell = (self.corner.0 + x, self.corner.1 + y);
            if let Some((sign, edges)) = drawing.grid.sign(cell, frame.look.glyphs) {
                let style = line_style(drawing, edges, frame);
                canvas.put(cell, sign, style);
            }
        }
        cursor
    }
}

/// The first column (or row) that is seen, so that a box of `size` at `at` is seen with a margin.
fn shifted(first: usize, (at, size): (usize, usize), margin: usize, (room, all): (usize, usize)) -> usize {
    let lowest = (at + size + margin).saturating_sub(room);
    let highest = at.saturating_sub(margin);
    // The beginning matters more than the end.
    first.max(lowest).min(highest).min(all.saturating_sub(room))
}

/// What is seen of the drawing.
struct Canvas<'b> {
    corner: (usize, usize),
    area: Rect,
    buffer: &'b mut Buffer,
}

impl Canvas<'_> {
    fn place(&self, (x, y): (usize, usize)) -> Option<Position> {
        let (x, y) = (x.checked_sub(self.corner.0)?, y.checked_sub(self.corner.1)?);
        let seen = x < usize::from(self.area.width) && y < usize::from(self.area.height);
        let shift = |from: u16, by: usize| u16::try_from(by).ok().map(|by| from + by);
        Some(Position::new(shift(self.area.x, x)?, shift(self.area.y, y)?)).filter(|_| seen)
    }

    fn put(&mut self, cell: (usize, usize), sign: &str, style: Style) {
        if let Some(cell) = self.place(cell).and_then(|at| self.buffer.cell_mut(at)) {
            cell.set_symbol(sign).set_style(style);
        }
    }

    /// Text from `cell` on, as far as it is seen; where it begins.
    fn text(&mut self, (x, y): (usize, usize), text: &str, style: Style) -> Option<Position> {
        let mut column = x;
        for sign in text.chars() {
            let mut letters = [0; 4];
            self.put((column, y), sign.encode_utf8(&mut letters), style);
            column += unicode_width::UnicodeWidthChar::width(sign).unwrap_or(0);
        }
        self.place((x, y))
    }
}

fn line_style(drawing: &Boxes, edges: &[usize], frame: &Frame<'_>) -> Style {
    let known = |edge: &usize| drawing.edges.get(*edge);
    let is_taken = edges.iter().filter_map(known).any(|edge| frame.taken(edge.from, edge.to) > 0);
    let is_catch = !edges.is_empty() && edges.iter().filter_map(known).all(|edge| edge.is_catch);
    match (is_taken, is_catch) {
        (true, _) => frame.role(Role::Ok).add_modifier(Modifier::BOLD),
        (_, true) => frame.role(Role::Failed),
        _ => frame.role(Role::Border),
    }
}

/// Draws a state; where its name stands.
fn state_box(
    state: &StateBox,
    frame: &Frame<'_>,
    (selected, here): (Option<usize>, Option<usize>),
    canvas: &mut Canvas<'_>,
) -> Option<Position> {
    let id = super::rail::state_id(state.node)?;
    let known = frame.rail.machine.states.get(id.0 as usize)?;
    let glyphs = frame.look.glyphs;
    let mark = if here == Some(state.node) { frame.mark_here(id) } else { frame.marks.mark(id) };
    let border = match mark {
        Mark::Pending => frame.role(Role::Border),
        _ => frame.mark_style_of(mark, here == Some(state.node)),
    };
    let border = if here == Some(state.node) { border.add_modifier(Modifier::BOLD) } else { border };
    frame_of(state, border, frame, canvas);
    let ((x, y), (wide, height)) = (state.at, state.size);
    // What holds others has its name in the upper border, where that is seen.
    let holds = height > 3;
    let most = wide.saturating_sub(width(&known.name, glyphs).min(wide) + 8);
    let left = canvas.corner.0.saturating_sub(x).min(if holds { most } else { 0 });
    let (x, row) = if holds { (x + left, y) } else { (x, y + 1) };
    let set = frame.breakpoints.get(state.node).copied().flatten();
    let (set, set_style) = frame.breakpoint(set);
    canvas.text((x + 1, row), set, set_style);
    canvas.text((x + 2, row), mark_sign(mark, glyphs).0, border);
    let name = clip(&known.name, wide.saturating_sub(6), glyphs);
    let mut style = if selected == Some(state.node) { frame.role(Role::Selection) } else { Style::new() };
    if frame.cursor.and_then(|row| frame.rail.state(row)) == Some(id) {
        style = frame.role(Role::Accent).add_modifier(Modifier::UNDERLINED);
    }
    canvas.text((x + 3, row), " ", Style::new());
    let at = canvas.text((x + 4, row), &name, style);
    canvas.text((x + 4 + width(&name, glyphs), row), " ", Style::new());
    let said = said(id, state, frame);
    if !said.is_empty() {
        // The sign of an end keeps its place.
        let said = clip(&format!(" {said} "), wide.saturating_sub(if state.ends { 5 } else { 2 }), glyphs);
        let left = state.at.0 + wide.saturating_sub(1 + width(&said, glyphs));
        canvas.text((left, y + height - 1), &said, frame.role(Role::Muted));
    }
    at
}

/// Type or what became of it: the lower border has room for a few words.
fn said(id: StateId, state: &StateBox, frame: &Frame<'_>) -> String {
    let known = &frame.rail.machine.state(id).kind;
    let detail = if frame.look.run.is_some() { frame.marks.detail_of_run(id) } else { String::new() };
    let detail = if detail.is_empty() { known.type_name().to_owned() } else { detail };
    let glyphs = frame.look.glyphs;
    let repeats = if state.repeats { format!("{} ", glyphs.back_edge) } else { String::new() };
    let catchers = if state.catchers > 0 { format!("{}{} ", glyphs.catch, state.catchers) } else { String::new() };
    format!("{repeats}{catchers}{detail}")
}

fn frame_of(state: &StateBox, style: Style, frame: &Frame<'_>, canvas: &mut Canvas<'_>) {
    let glyphs = frame.look.glyphs;
    let ((x, y), (wide, height)) = (state.at, state.size);
    let (right, bottom) = (x + wide - 1, y + height - 1);
    for column in x + 1..right {
        let below = if state.leaves.contains(&column) { glyphs.tee_down } else { glyphs.horizontal };
        canvas.put((column, y), glyphs.horizontal, style);
        canvas.put((column, bottom), below, style);
    }
    for row in y + 1..bottom {
        canvas.put((x, row), glyphs.vertical, style);
        canvas.put((right, row), glyphs.vertical, style);
    }
    for (cell, sign) in [
        ((x, y), glyphs.down_right),
        ((right, y), glyphs.down_left),
        ((x, bottom), glyphs.up_right),
        ((right, bottom), glyphs.up_left),
    ] {
        canvas.put(cell, sign, style);
    }
    if state.starts {
        canvas.put((right.saturating_sub(2), y), glyphs.start, style);
    }
    if state.ends {
        canvas.put((x + 2, bottom), glyphs.end, style);
    }
}
