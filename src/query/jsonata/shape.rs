//! What can be known of paths before they are walked.

use super::ast::{Kind, Node, NodeId, Shape};

/// Tells each path its shape.
pub(super) fn find(nodes: &mut [Node]) {
    for at in 0..nodes.len() {
        let Some(Kind::Path { steps, .. }) = nodes.get(at).map(|node| &node.kind) else { continue };
        let found = shape_of(steps, nodes);
        if let Some(Kind::Path { shape, .. }) = nodes.get_mut(at).map(|node| &mut node.kind) {
            *shape = found;
        }
    }
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
