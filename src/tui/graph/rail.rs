//! The rail view: one row for each state, as `git log --graph` draws commits.
//!
//! What follows directly stands below on the same rail. A transition that skips states takes a lane at the left;
//! transitions with the same target share one. A transition back is the sign `↺` and the name of its target, catchers
//! are a number behind `↯`. Nested scopes are indented and fold. It always fits, and reads well aloud.

use std::collections::HashMap;
use std::ops::Range;

use unicode_width::UnicodeWidthStr;

use super::lanes::{Cell, Lanes};
use super::order::order;
use super::{Graph, Kind, Mark, Node, Scope};
use crate::tui::glyph::Glyphs;

/// Levels of nesting that are drawn; definitions have three.
const MAX_DEPTH: usize = 100;

/// A row of the view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The state; none for the start.
    pub node: Option<usize>,
    /// How deep it is nested.
    pub depth: usize,
    /// How far it is.
    pub mark: Mark,
    /// The rails up to the name, with a blank at the end.
    pub rail: String,
    /// The name.
    pub name: String,
    /// Catchers and transitions back, to follow the name.
    pub notes: String,
    /// The type; empty for the start.
    pub kind: &'static str,
    /// What is said at the right.
    pub detail: String,
    /// Columns of `rail` in which a click folds or unfolds; empty where nothing is nested.
    pub fold: Range<usize>,
}

impl Row {
    /// The columns of the name, counted from the start of the rails.
    #[must_use]
    pub fn name_columns(&self) -> Range<usize> {
        let start = self.rail.width();
        start..start + self.name.width()
    }

    /// Rails, name and notes.
    #[must_use]
    pub fn text(&self) -> String {
        if self.notes.is_empty() {
            return format!("{}{}", self.rail, self.name);
        }
        format!("{}{} {}", self.rail, self.name, self.notes)
    }
}

/// The sign for `mark`, and the number of visits where it says more.
#[must_use]
pub fn mark_sign(mark: Mark, glyphs: &Glyphs) -> (&'static str, Option<usize>) {
    match mark {
        Mark::Pending => (glyphs.pending, None),
        Mark::Visited => (glyphs.visited, None),
        Mark::Visits(count) => (glyphs.visits, Some(count)),
        Mark::Here => (glyphs.here, None),
        Mark::Waiting => (glyphs.waiting, None),
        Mark::Failed => (glyphs.failed, None),
    }
}

/// The rows of `graph`; the transitions of the catchers of `selected` are drawn like others.
#[must_use]
pub fn rows(graph: &Graph, selected: Option<usize>, glyphs: &Glyphs) -> Vec<Row> {
    let mut view = View { graph, selected, glyphs, rows: Vec::new() };
    view.rows.push(view.start());
    view.scope(&graph.top, &Lead::default(), 0);
    view.rows
}

/// What stands before the rows of a scope.
#[derive(Debug, Clone, Default)]
struct Lead {
    /// Before its first row.
    first: String,
    /// Before all others.
    rest: String,
    /// Whether the first row hangs on a branch sign at its left.
    hangs: bool,
}

/// How a row is connected.
#[derive(Debug, Clone, Copy, Default)]
struct Ways {
    /// From the row above.
    above: bool,
    /// To the row below.
    below: bool,
    /// Into a lane.
    out: bool,
    /// From a lane, or from a branch sign.
    left: bool,
}

struct View<'g> {
    graph: &'g Graph,
    selected: Option<usize>,
    glyphs: &'g Glyphs,
    rows: Vec<Row>,
}

/// Transitions of a scope by position: skipping ones, and back ones by source.
struct Edges {
    straight: Vec<bool>,
    skipping: Vec<(usize, usize)>,
    back: Vec<Vec<usize>>,
}

impl View<'_> {
    /// The row above the first state; it stands on the same rail.
    fn start(&self) -> Row {
        let lanes = Lanes::new(self.edges(&order(self.graph, &self.graph.top)).skipping).width;
        Row {
            node: None,
            depth: 0,
            mark: Mark::Pending,
            rail: match self.glyphs.is_plain() {
                true => String::new(),
                false => format!("{}{} ", "  ".repeat(lanes), self.glyphs.start),
            },
            name: "start".to_owned(),
            notes: String::new(),
            kind: "",
            detail: String::new(),
            fold: 0..0,
        }
    }

    fn edges(&self, order: &[usize]) -> Edges {
        let positions: HashMap<usize, usize> = order.iter().enumerate().map(|(at, id)| (*id, at)).collect();
        let mut edges = Edges { straight: vec![false; order.len()], skipping: vec![], back: vec![vec![]; order.len()] };
        for (at, id) in order.iter().enumerate() {
            let Some(node) = self.graph.nodes.get(*id) else { continue };
            let caught = node.catch.iter().filter(|_| self.selected == Some(*id));
            for to in node.next.iter().chain(caught).filter_map(|to| positions.get(to).copied()) {
                if to == at + 1 {
                    edges.straight[at] = true;
                } else if to > at {
                    edges.skipping.push((at, to));
                } else if !edges.back[at].contains(&to) {
                    edges.back[at].push(to);
                }
            }
        }
        edges
    }

    /// Adds the rows of `scope`; the depth of this recursion is bounded by [`MAX_DEPTH`].
    fn scope(&mut self, scope: &Scope, lead: &Lead, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        let order = order(self.graph, scope);
        let edges = self.edges(&order);
        let lanes = Lanes::new(edges.skipping.iter().copied());
        for (at, id) in order.iter().enumerate() {
            let Some(node) = self.graph.nodes.get(*id) else { continue };
            let first = at == 0;
            let cells = lanes.cells(at);
            let ways = Ways {
                above: if first { !lead.hangs } else { edges.straight[at - 1] },
                below: edges.straight[at],
                out: cells.iter().any(|cell| matches!(cell, Cell::Starts | Cell::Joins)),
                left: first && lead.hangs || cells.contains(&Cell::Ends),
            };
            let mut rail = if first { lead.first.clone() } else { lead.rest.clone() };
            rail.push_str(&self.lane_cells(&cells, first && lead.hangs));
            let back = edges.back[at].iter().filter_map(|to| order.get(*to));
            let notes = self.notes(node, back);
            let row = self.row(node, rail, ways, depth);
            self.rows.push(Row { node: Some(*id), notes, ..row });
            if !node.folded {
                self.nested(node, &lead.rest, &lanes.below(at), ways.below, depth);
            }
        }
    }

    fn row(&self, node: &Node, mut rail: String, ways: Ways, depth: usize) -> Row {
        if self.glyphs.is_plain() {
            // Blanks where lines would be say nothing; depth does.
            rail = "  ".repeat(depth);
        }
        let start = rail.width();
        match (self.glyphs.is_plain(), node.folded) {
            (false, _) => rail.push_str(&self.sign(node, ways, depth)),
            (true, true) => rail.push_str(self.glyphs.folded),
            (true, false) => {}
        }
        let fold = if node.scopes.is_empty() { 0..0 } else { start..rail.width() };
        if rail.width() > start {
            rail.push(' ');
        }
        Row {
            node: None,
            depth,
            mark: node.mark,
            rail,
            name: node.name.clone(),
            notes: String::new(),
            kind: node.kind.name(),
            detail: node.detail.clone(),
            fold,
        }
    }

    fn nested(&mut self, node: &Node, lead: &str, lanes: &[bool], below: bool, depth: usize) {
        let glyphs = self.glyphs;
        let rail = |runs: bool| if runs { glyphs.vertical } else { " " };
        let mut outer = lead.to_owned();
        for runs in lanes.iter().chain([&below]) {
            outer.push_str(rail(*runs));
            outer.push(' ');
        }
        for (at, scope) in node.scopes.iter().enumerate() {
            let last = at + 1 == node.scopes.len();
            let lead = if node.kind == Kind::Parallel {
                let sign = if last { glyphs.up_right } else { glyphs.tee_right };
                let first = format!("{outer}{sign}{}", glyphs.horizontal);
                Lead { first, rest: format!("{outer}{} ", rail(!last)), hangs: true }
            } else {
                Lead { first: outer.clone(), rest: outer.clone(), hangs: false }
            };
            self.scope(scope, &lead, depth + 1);
        }
    }

    /// The lanes of a row. From the leftmost lane that begins or ends here a line leads to the state.
    fn lane_cells(&self, cells: &[Cell], hangs: bool) -> String {
        let glyphs = self.glyphs;
        let mut line = hangs;
        let mut out = String::new();
        for (at, cell) in cells.iter().enumerate() {
            let sign = match cell {
                Cell::Empty if line => glyphs.horizontal,
                Cell::Empty => " ",
                Cell::Passes if line => glyphs.cross,
                Cell::Passes => glyphs.vertical,
                Cell::Starts if line => glyphs.tee_down,
                Cell::Starts => glyphs.down_right,
                Cell::Joins if line => glyphs.cross,
                Cell::Joins => glyphs.tee_right,
                Cell::Ends if line => glyphs.tee_up,
                Cell::Ends => glyphs.up_right,
            };
            line |= matches!(cell, Cell::Starts | Cell::Joins | Cell::Ends);
            out.push_str(sign);
            let arrives = at + 1 == cells.len() && cells.contains(&Cell::Ends);
            out.push_str(if arrives {
                if glyphs.is_plain() { " " } else { glyphs.later }
            } else if line {
                glyphs.horizontal
            } else {
                " "
            });
        }
        out
    }

    fn sign(&self, node: &Node, ways: Ways, depth: usize) -> String {
        let glyphs = self.glyphs;
        if !node.scopes.is_empty() {
            let own = match ways {
                Ways { below: true, left: true, above: false, .. } => glyphs.tee_down,
                Ways { below: true, .. } => glyphs.tee_right,
                Ways { above: true, .. } => glyphs.up_right,
                _ => glyphs.horizontal,
            };
            let nested = if node.folded { glyphs.folded } else { glyphs.down_left };
            return format!("{own}{}{nested}", glyphs.horizontal);
        }
        let ends = node.next.is_empty();
        let sign = match node.kind {
            Kind::Choice => glyphs.choice,
            _ if ends && depth == 0 => glyphs.end,
            _ => self.plain_sign(ways),
        };
        sign.to_owned()
    }

    fn plain_sign(&self, ways: Ways) -> &'static str {
        let glyphs = self.glyphs;
        match ways {
            Ways { below: true, out: true, .. } => glyphs.tee_left,
            Ways { below: true, left: true, above: false, .. } => glyphs.tee_down,
            Ways { below: true, .. } => glyphs.vertical,
            Ways { above: true, out: true, .. } => glyphs.up_left,
            Ways { above: true, .. } => glyphs.up_right,
            _ => glyphs.horizontal,
        }
    }

    fn notes<'a>(&self, node: &Node, back: impl Iterator<Item = &'a usize>) -> String {
        if self.glyphs.is_plain() {
            return self.transitions(node);
        }
        let mut notes = Vec::new();
        if !node.catch.is_empty() {
            notes.push(format!("{}{}", self.glyphs.catch, node.catch.len()));
        }
        let names = back.filter_map(|id| self.graph.nodes.get(*id));
        notes.extend(names.map(|target| format!("{} {}", self.glyphs.back_edge, target.name)));
        notes.join(" ")
    }

    /// Where `node` leads, in words: for those who do not see rails.
    fn transitions(&self, node: &Node) -> String {
        let names = |ids: &[usize]| {
            let names = ids.iter().filter_map(|id| self.graph.nodes.get(*id)).map(|node| node.name.as_str());
            names.collect::<Vec<_>>().join(", ")
        };
        let said = [("to", &node.next), ("caught to", &node.catch)];
        let said = said.into_iter().filter(|(_, ids)| !ids.is_empty());
        said.map(|(word, ids)| format!("{word} {}", names(ids))).collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
#[path = "rail_tests.rs"]
mod tests;
