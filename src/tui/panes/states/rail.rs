//! The rows of the states pane: the rail view of a machine, kept until the machine, the folds or the state whose
//! catchers are drawn change.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::asl::{StateId, StateMachine};
use crate::debug::StatePath;
use crate::tui::glyph::Glyphs;
use crate::tui::graph::rail::{Row, rows};
use crate::tui::graph::{Graph, machine};
use crate::tui::widgets::text::width;

/// A machine as rows.
#[derive(Debug)]
pub(super) struct Rail {
    pub(super) machine: Arc<StateMachine>,
    graph: Graph,
    rows: Vec<Row>,
    /// The state whose catchers are drawn.
    selected: Option<usize>,
    /// The width of the widest row, without what is said at its right.
    pub(super) width: usize,
}

impl Rail {
    pub(super) fn new(machine: &Arc<StateMachine>, folded: &BTreeSet<StatePath>, glyphs: &Glyphs) -> Self {
        let is_folded = |id| !folded.is_empty() && folded.contains(&StatePath::of(machine, id));
        let graph = machine::graph(machine, is_folded);
        let mut rail = Self { machine: machine.clone(), graph, rows: Vec::new(), selected: None, width: 0 };
        rail.lay_out(glyphs);
        rail
    }

    fn lay_out(&mut self, glyphs: &Glyphs) {
        self.rows = rows(&self.graph, self.selected, glyphs);
        self.width = self.rows.iter().map(|row| width(&row.text(), glyphs)).max().unwrap_or(0);
    }

    /// The machine as a graph, with what is folded, and the state whose catchers are drawn.
    pub(super) fn graph(&self) -> (&Graph, Option<usize>) {
        (&self.graph, self.selected)
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn row(&self, at: usize) -> Option<&Row> {
        self.rows.get(at)
    }

    /// The state of row `at`; none for the start.
    pub(super) fn state(&self, at: usize) -> Option<StateId> {
        state_id(self.rows.get(at)?.node?)
    }

    /// The row of `state`, or of the folded state that it is in.
    pub(super) fn row_of(&self, state: StateId) -> Option<usize> {
        // A state of another machine has no path here.
        self.machine.states.get(state.0 as usize)?;
        let path = self.machine.path(state);
        let is_shown = |id: &StateId| self.rows.iter().position(|row| row.node == Some(id.0 as usize));
        path.iter().rev().find_map(is_shown)
    }

    /// The row of the state that the state of row `at` is nested in.
    pub(super) fn parent(&self, at: usize) -> Option<usize> {
        let state = self.machine.states.get(self.state(at)?.0 as usize)?;
        self.row_of(self.machine.scopes.get(state.scope.0 as usize)?.owner?)
    }

    /// Whether row `at` has something nested, and whether that is hidden.
    pub(super) fn fold(&self, at: usize) -> Option<bool> {
        let node = self.graph.nodes.get(self.rows.get(at)?.node?)?;
        (!node.scopes.is_empty()).then_some(node.folded)
    }

    /// Folds or unfolds row `at`.
    pub(super) fn set_fold(&mut self, at: usize, folded: bool, glyphs: &Glyphs) {
        let node = self.rows.get(at).and_then(|row| self.graph.nodes.get_mut(row.node?));
        if let Some(node) = node {
            node.folded = folded;
            self.lay_out(glyphs);
        }
    }

    /// Draws the transitions of the catchers of row `at`, if one is given, and of no other.
    pub(super) fn select(&mut self, at: Option<usize>, glyphs: &Glyphs) {
        let state = at.and_then(|at| self.rows.get(at)?.node);
        let selected = state.filter(|id| self.graph.nodes.get(*id).is_some_and(|node| !node.catch.is_empty()));
        if self.selected != selected {
            self.selected = selected;
            self.lay_out(glyphs);
        }
    }
}

pub(super) fn state_id(node: usize) -> Option<StateId> {
    u32::try_from(node).ok().map(StateId)
}
