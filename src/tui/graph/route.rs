//! Transitions on a grid of cells: each cell knows on which of its four sides lines leave it.

use std::collections::HashMap;

use crate::tui::glyph::Glyphs;

/// A place: column and row.
pub(super) type Cell = (usize, usize);

const NORTH: u8 = 1;
const EAST: u8 = 2;
const SOUTH: u8 = 4;
const WEST: u8 = 8;

/// The lines of a drawing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grid {
    cells: HashMap<Cell, Lines>,
}

/// What passes through a cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Lines {
    sides: u8,
    upright: Vec<usize>,
    level: Vec<usize>,
    /// A line turns here, so that lines meet instead of crossing.
    turns: bool,
    /// A line that is not dashed passes upright, and one on the level.
    solid: (bool, bool),
    /// A line ends here, upwards or downwards.
    head: Option<bool>,
}

impl Grid {
    /// Draws line `edge` along `way`, whose neighbours share a column or a row; it ends with an arrow. Where only dashed
    /// lines pass, the signs are dashed.
    pub(super) fn draw(&mut self, edge: usize, way: &[Cell], is_dashed: bool) {
        let cells = cells_of(way);
        for (at, cell) in cells.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|at| cells.get(at));
            let after = cells.get(at + 1);
            // What leaves a box comes from above or below, like what goes on there.
            let upright = way.first().zip(way.last()).map_or(SOUTH, |(a, b)| if a.1 <= b.1 { SOUTH } else { NORTH });
            let from = before.map_or(opposite(upright), |before| side(*cell, *before));
            let to = after.map_or(upright, |after| side(*cell, *after));
            let lines = self.cells.entry(*cell).or_default();
            lines.sides |= from | to;
            lines.solid.0 |= !is_dashed && (from | to) & (NORTH | SOUTH) != 0;
            lines.solid.1 |= !is_dashed && (from | to) & (EAST | WEST) != 0;
            match from | to {
                sides if sides & (EAST | WEST) == 0 => lines.upright.push(edge),
                sides if sides & (NORTH | SOUTH) == 0 => lines.level.push(edge),
                _ => {
                    lines.turns = true;
                    lines.upright.push(edge);
                    lines.level.push(edge);
                }
            }
            if after.is_none() {
                lines.head = Some(to == NORTH);
            }
        }
    }

    /// The sign at `cell`, and the lines it belongs to.
    #[must_use]
    pub fn sign(&self, cell: Cell, glyphs: &Glyphs) -> Option<(&'static str, &[usize])> {
        let lines = self.cells.get(&cell)?;
        let upright = lines.sides & (NORTH | SOUTH) != 0;
        Some(match lines.head {
            Some(true) => (if lines.solid.0 { glyphs.up } else { glyphs.hollow_up }, &lines.upright),
            Some(false) => (if lines.solid.0 { glyphs.down } else { glyphs.hollow_down }, &lines.upright),
            // A bridge: the level line goes under the upright one.
            None if !lines.turns && upright => {
                (if lines.solid.0 { glyphs.vertical } else { glyphs.dashed_vertical }, &lines.upright)
            }
            None if !lines.turns && !lines.solid.1 => (glyphs.dashed_horizontal, &lines.level),
            None => (sign(lines.sides, glyphs), if upright { &lines.upright } else { &lines.level }),
        })
    }
}

/// All cells of a way, each once.
fn cells_of(way: &[Cell]) -> Vec<Cell> {
    let mut cells: Vec<Cell> = way.first().copied().into_iter().collect();
    for pair in way.windows(2) {
        let (mut at, to) = (pair[0], pair[1]);
        while at != to {
            at.0 = towards(at.0, to.0);
            at.1 = towards(at.1, to.1);
            cells.push(at);
        }
    }
    cells
}

fn towards(from: usize, to: usize) -> usize {
    match from.cmp(&to) {
        std::cmp::Ordering::Less => from + 1,
        std::cmp::Ordering::Equal => from,
        std::cmp::Ordering::Greater => from - 1,
    }
}

fn side(of: Cell, to: Cell) -> u8 {
    match (to.0.cmp(&of.0), to.1.cmp(&of.1)) {
        (std::cmp::Ordering::Greater, _) => EAST,
        (std::cmp::Ordering::Less, _) => WEST,
        (_, std::cmp::Ordering::Greater) => SOUTH,
        _ => NORTH,
    }
}

fn opposite(side: u8) -> u8 {
    if side == NORTH { SOUTH } else { NORTH }
}

fn sign(sides: u8, glyphs: &Glyphs) -> &'static str {
    match (sides & NORTH != 0, sides & EAST != 0, sides & SOUTH != 0, sides & WEST != 0) {
        (true, true, true, true) => glyphs.cross,
        (true, true, true, false) => glyphs.tee_right,
        (true, false, true, true) => glyphs.tee_left,
        (false, true, true, true) => glyphs.tee_down,
        (true, true, false, true) => glyphs.tee_up,
        (false, true, true, false) => glyphs.down_right,
        (false, false, true, true) => glyphs.down_left,
        (true, true, false, false) => glyphs.up_right,
        (true, false, false, true) => glyphs.up_left,
        (_, false, _, false) => glyphs.vertical,
        _ => glyphs.horizontal,
    }
}
