//! A state machine as a graph to be drawn.

use super::{Graph, Kind, Node, Scope};
use crate::asl::graph::{EdgeKind, Target, edges};
use crate::asl::{Map, ResourceKind, ScopeId, StateId, StateKind, StateMachine, Text, Wait};

/// The graph of `machine`; what is nested in states for which `is_folded` holds is hidden. The positions of the nodes are
/// the ids of the states.
#[must_use]
pub fn graph(machine: &StateMachine, is_folded: impl Fn(StateId) -> bool) -> Graph {
    let mut nodes: Vec<Node> = machine.ids().map(|id| node(machine, id, &is_folded)).collect();
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

fn node(machine: &StateMachine, id: StateId, is_folded: &impl Fn(StateId) -> bool) -> Node {
    let state = machine.state(id);
    let inner = inner(&state.kind);
    Node {
        name: state.name.to_string(),
        kind: kind(&state.kind),
        scopes: inner.iter().filter_map(|scope| machine.scopes.get(scope.0 as usize)).map(nested).collect(),
        folded: !inner.is_empty() && is_folded(id),
        ..Node::default()
    }
}

/// The scopes nested in a state.
#[must_use]
pub fn inner(kind: &StateKind) -> &[ScopeId] {
    match kind {
        StateKind::Parallel(parallel) => &parallel.branches,
        StateKind::Map(map) => std::slice::from_ref(&map.processor),
        _ => &[],
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

/// What a state is about, in a word.
#[must_use]
pub fn about(kind: &StateKind) -> String {
    match kind {
        StateKind::Task(task) => match &task.resource.kind {
            ResourceKind::Service { service, action, .. } => format!("{service}:{action}"),
            ResourceKind::LambdaFunction => "function".to_owned(),
            ResourceKind::Activity => "activity".to_owned(),
        },
        StateKind::Wait(Wait::Seconds(seconds)) => format!("{seconds} s"),
        StateKind::Wait(Wait::SecondsPath(path) | Wait::TimestampPath(path)) => path.text().to_owned(),
        StateKind::Wait(Wait::SecondsJsonata(expression) | Wait::TimestampJsonata(expression)) => {
            expression.text().to_owned()
        }
        StateKind::Wait(Wait::Timestamp(at)) => at.to_iso(),
        StateKind::Fail(fail) => match &fail.error {
            Some(Text::Fixed(error)) => error.to_string(),
            Some(Text::Expression(expression)) => expression.text().to_owned(),
            Some(Text::Jsonata(expression)) => expression.text().to_owned(),
            None => String::new(),
        },
        StateKind::Parallel(parallel) => match parallel.branches.len() {
            1 => "1 branch".to_owned(),
            count => format!("{count} branches"),
        },
        StateKind::Map(Map { items: Some(items), .. }) => items.expression().map_or("", |e| e.text()).to_owned(),
        StateKind::Map(Map { items_path, .. }) => items_path.as_ref().map_or("$", |path| path.text()).to_owned(),
        StateKind::Pass { .. } | StateKind::Choice(_) | StateKind::Succeed => String::new(),
    }
}
