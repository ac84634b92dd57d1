//! A scope as a graph: states as nodes, transitions as labelled edges, and the order in which they are drawn.

use std::collections::{HashMap, HashSet};

use super::model::{ScopeId, State, StateId, StateKind, StateMachine, Transition};

/// Where an edge leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Target {
    /// To a state of the same scope.
    State(StateId),
    /// Out of the scope: the execution, branch or iteration ends.
    End,
}

/// What a transition stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EdgeKind {
    /// `StartAt`, `Next`, `End`, or the end that a Succeed or Fail state is.
    Next,
    /// The rule of a Choice state with this index.
    Choice(usize),
    /// `Default` of a Choice state.
    Default,
    /// The catcher with this index.
    Catch(usize),
}

/// A transition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Edge {
    /// The state it starts from; none: the start of the scope.
    pub from: Option<StateId>,
    /// Where it leads.
    pub to: Target,
    /// What it stands for.
    pub kind: EdgeKind,
    /// Whether it leads to the same or an earlier state in [`order`]: a loop.
    pub is_return: bool,
}

/// The edges of `scope`: the start first, then state by state in file order, each state's in file order of their kind.
///
/// # Panics
/// If `scope` comes from another machine.
#[must_use]
pub fn edges(machine: &StateMachine, scope: ScopeId) -> Vec<Edge> {
    let position: HashMap<StateId, usize> = order(machine, scope).into_iter().zip(0..).collect();
    let start = (EdgeKind::Next, Target::State(machine.scope(scope).start));
    let mut edges = vec![edge(None, start, &position)];
    for id in &machine.scope(scope).states {
        edges.extend(transitions(machine.state(*id)).into_iter().map(|to| edge(Some(*id), to, &position)));
    }
    edges
}

/// The states of `scope` from the start on: choices in file order, what several paths lead to after all of them.
/// States that cannot be reached come last.
///
/// # Panics
/// If `scope` comes from another machine.
#[must_use]
pub fn order(machine: &StateMachine, scope: ScopeId) -> Vec<StateId> {
    let scope = machine.scope(scope);
    // The reverse of the order in which a depth-first walk leaves the states, the last transition walked first.
    let mut left = Vec::with_capacity(scope.states.len());
    let mut seen = HashSet::from([scope.start]);
    let mut path = vec![(scope.start, targets(machine, scope.start))];
    while let Some((state, open)) = path.last_mut() {
        match open.pop() {
            Some(next) if seen.insert(next) => path.push((next, targets(machine, next))),
            Some(_) => {}
            None => {
                left.push(*state);
                path.pop();
            }
        }
    }
    left.reverse();
    left.extend(scope.states.iter().filter(|state| !seen.contains(state)));
    left
}

/// The states that `state` leads to, in file order.
fn targets(machine: &StateMachine, state: StateId) -> Vec<StateId> {
    let to_state = |(_, to): (EdgeKind, Target)| match to {
        Target::State(id) => Some(id),
        Target::End => None,
    };
    transitions(machine.state(state)).into_iter().filter_map(to_state).collect()
}

pub(super) fn transitions(state: &State) -> Vec<(EdgeKind, Target)> {
    let mut all = Vec::new();
    match (&state.kind, state.transition) {
        (StateKind::Choice(choice), _) => {
            let rules = choice.rules.iter().enumerate();
            all.extend(rules.map(|(at, rule)| (EdgeKind::Choice(at), Target::State(rule.next))));
            all.extend(choice.default.map(|default| (EdgeKind::Default, Target::State(default))));
        }
        (_, Transition::Next(next)) => all.push((EdgeKind::Next, Target::State(next))),
        (_, Transition::End) => all.push((EdgeKind::Next, Target::End)),
    }
    let catchers = state.catch.iter().enumerate();
    all.extend(catchers.map(|(at, catcher)| (EdgeKind::Catch(at), Target::State(catcher.next))));
    all
}

fn edge(from: Option<StateId>, (kind, to): (EdgeKind, Target), position: &HashMap<StateId, usize>) -> Edge {
    let is_return = match (from, to) {
        (Some(from), Target::State(to)) => position.get(&to) <= position.get(&from),
        _ => false,
    };
    Edge { from, to, kind, is_return }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::asl::Definition;

    fn machine(text: &str) -> Arc<StateMachine> {
        let definition = Definition::read("test.yaml", text);
        definition.machine.clone().unwrap_or_else(|| panic!("{}", definition.render_diagnostics()))
    }

    fn names(machine: &StateMachine, scope: ScopeId) -> String {
        order(machine, scope).into_iter().map(|id| machine.state(id).name.to_string()).collect::<Vec<_>>().join(" ")
    }

    fn shown(machine: &StateMachine, scope: ScopeId) -> Vec<String> {
        let name = |id: StateId| machine.state(id).name.to_string();
        let show = |edge: Edge| {
            let from = edge.from.map_or("*".to_owned(), name);
            let to = match edge.to {
                Target::State(id) => name(id),
                Target::End => "*".to_owned(),
            };
            format!("{from} {:?} {to}{}", edge.kind, if edge.is_return { " back" } else { "" })
        };
        edges(machine, scope).into_iter().map(show).collect()
    }

    const POLLER: &str = "
StartAt: Submit
States:
  Done: {Type: Succeed}
  Failed: {Type: Fail}
  Submit: {Type: Task, Resource: '${F}', Next: Wait, Catch: [{ErrorEquals: [States.ALL], Next: Failed}]}
  Wait: {Type: Wait, Seconds: 5, Next: Ready}
  Ready:
    Type: Choice
    Choices:
      - {Variable: $.state, StringEquals: DONE, Next: Report}
      - {Variable: $.state, StringEquals: BAD, Next: Failed}
    Default: Wait
  Report: {Type: Pass, Next: Done}
";

    #[test]
    fn loops_are_return_edges_and_what_follows_comes_later() {
        let machine = machine(POLLER);
        assert_eq!(names(&machine, ScopeId::TOP), "Submit Wait Ready Report Done Failed");
        assert_eq!(
            shown(&machine, ScopeId::TOP),
            [
                "* Next Submit",
                "Done Next *",
                "Failed Next *",
                "Submit Next Wait",
                "Submit Catch(0) Failed",
                "Wait Next Ready",
                "Ready Choice(0) Report",
                "Ready Choice(1) Failed",
                "Ready Default Wait back",
                "Report Next Done",
            ]
        );
    }

    #[test]
    fn a_join_comes_after_all_its_branches_and_choices_keep_their_order() {
        let machine = machine(
            "
StartAt: Which
States:
  Join: {Type: Pass, End: true}
  Which:
    Type: Choice
    Choices:
      - {Variable: $.a, IsPresent: true, Next: First}
      - {Variable: $.b, IsPresent: true, Next: Join}
    Default: Other
  Other: {Type: Pass, Next: Join}
  First: {Type: Pass, Next: Second}
  Second: {Type: Pass, Next: Join}
",
        );
        assert_eq!(names(&machine, ScopeId::TOP), "Which First Second Other Join");
    }

    #[test]
    fn each_scope_has_its_own_graph() {
        let machine = machine(
            "
StartAt: Each
States:
  Each:
    Type: Map
    End: true
    ItemProcessor:
      StartAt: Again
      States:
        Again: {Type: Pass, Next: Stop}
        Stop: {Type: Succeed}
",
        );
        assert_eq!(shown(&machine, ScopeId::TOP), ["* Next Each", "Each Next *"]);
        assert_eq!(names(&machine, ScopeId(1)), "Again Stop");
    }

    #[test]
    fn a_very_long_chain_does_not_overflow() {
        let mut text = String::from("StartAt: s0\nStates:\n");
        for n in 0..10_000 {
            text.push_str(&format!("  s{n}: {{Type: Pass, Next: s{}}}\n", n + 1));
        }
        text.push_str("  s10000: {Type: Succeed}\n");
        assert_eq!(order(&machine(&text), ScopeId::TOP).len(), 10_001);
    }
}
