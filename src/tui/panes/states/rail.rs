//! The rows of the states pane: the rail view of a machine, kept until the machine, the folds or the state whose
//! catchers are drawn change.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::asl::graph::{EdgeKind, Target, edges};
use crate::asl::{ScopeId, StateId, StateKind, StateMachine};
use crate::debug::StatePath;
use crate::tui::glyph::Glyphs;
use crate::tui::graph::rail::{Row, rows};
use crate::tui::graph::{Graph, Kind, Node, Scope};
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
        let graph = graph(machine, folded);
        let mut rail = Self { machine: machine.clone(), graph, rows: Vec::new(), selected: None, width: 0 };
        rail.lay_out(glyphs);
        rail
    }

    fn lay_out(&mut self, glyphs: &Glyphs) {
        self.rows = rows(&self.graph, self.selected, glyphs);
        self.width = self.rows.iter().map(|row| width(&row.text(), glyphs)).max().unwrap_or(0);
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

fn graph(machine: &StateMachine, folded: &BTreeSet<StatePath>) -> Graph {
    let mut nodes: Vec<Node> = machine.ids().map(|id| node(machine, id, folded)).collect();
    for scope in (0..machine.scopes.len()).filter_map(|at| u32::try_from(at).ok()) {
        for edge in edges(machine, ScopeId(scope)) {
            let (Some(from), Target::State(to)) = (edge.from, edge.to) else { continue };
            let Some(node) = nodes.get_mut(from.0 as usize) else { continue };
            let list = if matches!(edge.kind, EdgeKind::Catch(_)) { &mut node.catch } else { &mut node.next };
            list.push(to.0 as usize);
        }
    }
    let top = machine.scopes.first().map(nested).unwrap_or_default();
    Graph { nodes, top }
}

fn nested(scope: &crate::asl::Scope) -> Scope {
    Scope { start: scope.start.0 as usize, states: scope.states.iter().map(|id| id.0 as usize).collect() }
}

fn node(machine: &StateMachine, id: StateId, folded: &BTreeSet<StatePath>) -> Node {
    let state = machine.state(id);
    let inner: &[ScopeId] = match &state.kind {
        StateKind::Parallel(parallel) => &parallel.branches,
        StateKind::Map(map) => std::slice::from_ref(&map.processor),
        _ => &[],
    };
    Node {
        name: state.name.to_string(),
        kind: kind(&state.kind),
        scopes: inner.iter().filter_map(|scope| machine.scopes.get(scope.0 as usize)).map(nested).collect(),
        folded: !folded.is_empty() && !inner.is_empty() && folded.contains(&StatePath::of(machine, id)),
        ..Node::default()
    }
}

fn kind(kind: &StateKind) -> Kind {
    match kind {
        StateKind::Pass { .. } => Kind::Pass,
        StateKind::Task(_) => Kind::Task,
        StateKind::Choice(_) => Kind::Choice,
        StateKind::Wait(_) => Kind::Wait,
        StateKind::Succeed => Kind::Succeed,
        StateKind::Fail(_) => Kind::Fail,
        StateKind::Parallel(_) => Kind::Parallel,
        StateKind::Map(_) => Kind::Map,
    }
}
