//! What can be known of paths and objects before they are evaluated.

use super::ast::{Group, Kind, Node, NodeId, Shape};
use crate::value::Value;

/// Tells each path its shape, and each object constructor whether its keys are known.
pub(super) fn find(nodes: &mut [Node]) {
    for at in 0..nodes.len() {
        if let Some(Kind::Object(group)) = nodes.get(at).map(|node| &node.kind) {
            let fixed = are_fixed(group, nodes);
            if let Some(Kind::Object(group)) = nodes.get_mut(at).map(|node| &mut node.kind) {
                group.has_fixed_keys = fixed;
            }
        }
        let Some(Kind::Path { steps, .. }) = nodes.get(at).map(|node| &node.kind) else { continue };
        let found = shape_of(steps, nodes);
        if let Some(Kind::Path { shape, .. }) = nodes.get_mut(at).map(|node| &mut node.kind) {
            *shape = found;
        }
    }
}

fn are_fixed(group: &Group, nodes: &[Node]) -> bool {
    /// More keys than this are compared when they are evaluated.
    const MOST: usize = 32;
    let text = |key: NodeId| match nodes.get(key.0 as usize) {
        Some(Node { kind: Kind::Literal(Value::String(text)), predicates, group: None, .. })
            if predicates.is_empty() =>
        {
            Some(text)
        }
        _ => None,
    };
    let keys: Option<Vec<_>> = group.pairs.iter().take(MOST + 1).map(|(key, _)| text(*key)).collect();
    keys.is_some_and(|keys| {
        keys.len() <= MOST && keys.iter().enumerate().all(|(at, key)| !keys.iter().take(at).any(|other| other == key))
    })
}

fn shape_of(steps: &[NodeId], nodes: &[Node]) -> Shape {
    let step = |id: &NodeId| nodes.get(id.0 as usize);
    if steps.iter().filter_map(step).any(|node| node.tuple) {
        return Shape::Tuples;
    }
    let names = |steps: &[NodeId]| {
        let count = steps.iter().filter_map(step).take_while(|node| is_plain(node, is_name)).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    };
    match steps.split_first() {
        Some((first, rest)) if step(first).is_some_and(|node| is_plain(node, is_variable)) && !rest.is_empty() => {
            Shape::Variable(names(rest))
        }
        _ if names(steps) > 0 => Shape::Names(names(steps)),
        _ => Shape::Other,
    }
}

fn is_name(kind: &Kind) -> bool {
    matches!(kind, Kind::Name(_))
}

fn is_variable(kind: &Kind) -> bool {
    matches!(kind, Kind::Variable(_) | Kind::Context)
}

/// Whether nothing else is done with the value of the step.
fn is_plain(node: &Node, is_kind: impl Fn(&Kind) -> bool) -> bool {
    is_kind(&node.kind)
        && node.predicates.is_empty()
        && node.group.is_none()
        && !node.keep_array
        && !node.cons_array
        && node.step.as_ref().is_none_or(|step| step.stages.is_empty())
}
