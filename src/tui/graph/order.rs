//! The order of states in a drawing.

use std::collections::HashSet;

use super::{Graph, Scope};

/// The states of `scope`: what comes first stands first, branches of a Choice in the order of the file, a join after
/// all that leads to it. A change of the definition moves only what it concerns. States that nothing leads to come last.
pub(super) fn order(graph: &Graph, scope: &Scope) -> Vec<usize> {
    let inside: HashSet<usize> = scope.states.iter().copied().filter(|id| *id < graph.nodes.len()).collect();
    let mut seen = HashSet::new();
    let mut order = Vec::with_capacity(inside.len());
    for root in std::iter::once(scope.start).chain(scope.states.iter().copied()) {
        let mut found = after(graph, root, &inside, &mut seen);
        // The reverse of the order in which a depth-first search is done with states.
        found.reverse();
        order.extend(found);
    }
    order
}

/// The states reached from `root` and not seen yet, each after all that it leads to. Not recursive, as a scope may
/// have any number of states.
fn after(graph: &Graph, root: usize, inside: &HashSet<usize>, seen: &mut HashSet<usize>) -> Vec<usize> {
    let mut done = Vec::new();
    let mut stack: Vec<(usize, std::vec::IntoIter<usize>)> = Vec::new();
    let enter = |id: usize, seen: &mut HashSet<usize>| {
        let fresh = inside.contains(&id) && seen.insert(id);
        fresh.then(|| (id, successors(graph, id).into_iter()))
    };
    stack.extend(enter(root, seen));
    while let Some((id, rest)) = stack.last_mut() {
        match rest.next() {
            Some(next) => {
                let next = enter(next, seen);
                stack.extend(next);
            }
            None => {
                done.push(*id);
                stack.pop();
            }
        }
    }
    done
}

/// What `id` leads to, last things first: what the search does last stands first in the drawing. Handlers of errors
/// stand behind the normal way.
fn successors(graph: &Graph, id: usize) -> Vec<usize> {
    let Some(node) = graph.nodes.get(id) else {
        return Vec::new();
    };
    node.next.iter().chain(&node.catch).rev().copied().collect()
}
