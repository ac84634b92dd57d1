//! A changed definition in the terms of the one before, so that a run can go on with it: what a run remembers are state
//! ids, and those stay true.

use std::collections::HashMap;
use std::sync::Arc;

use super::definition::Definition;
use super::model::{Scope, ScopeId, State, StateId, StateKind, StateMachine, Transition};
use crate::text::{Span, json};
use crate::value;

/// `new` with the ids of `old`: a state that has the same name inside of the same states keeps its id, others get new
/// ones behind, and those that are gone stay as [`State::is_former`].
#[must_use]
pub fn aligned(new: &StateMachine, old: &StateMachine) -> StateMachine {
    let ids = new_ids(new, old);
    let mut machine = StateMachine { scopes: new.scopes.clone(), states: Vec::new(), ..shallow(new) };
    for scope in &mut machine.scopes {
        scope.start = ids[&scope.start];
        scope.owner = scope.owner.map(|owner| ids[&owner]);
        scope.states.iter_mut().for_each(|state| *state = ids[state]);
    }
    let offset = u32::try_from(new.scopes.len()).unwrap_or(u32::MAX);
    machine.states = old.states.iter().map(|state| former(state, offset)).collect();
    let mut current: Vec<(StateId, &State)> =
        (0u32..).zip(&new.states).map(|(at, state)| (ids[&StateId(at)], state)).collect();
    current.sort_by_key(|(id, _)| *id);
    for (id, state) in current {
        let state = renumbered(state, &ids);
        match machine.states.get_mut(id.0 as usize) {
            Some(slot) => *slot = state,
            None => machine.states.push(state),
        }
    }
    machine.scopes.extend(old.scopes.iter().map(former_scope));
    machine
}

fn shallow(machine: &StateMachine) -> StateMachine {
    StateMachine {
        comment: machine.comment.clone(),
        timeout_seconds: machine.timeout_seconds,
        scopes: Vec::new(),
        states: Vec::new(),
    }
}

/// The place of a state by names: its own, and those around it with the number of the branch.
type Path = Vec<(Arc<str>, usize)>;

fn path(machine: &StateMachine, id: StateId) -> Path {
    let mut path = vec![(Arc::clone(&machine.state(id).name), 0)];
    let mut inner = id;
    while let scope = machine.scope(machine.state(inner).scope)
        && let Some(owner) = scope.owner
    {
        path.push((Arc::clone(&machine.state(owner).name), scope.branch));
        inner = owner;
    }
    path
}

/// The id of each state of `new`.
fn new_ids(new: &StateMachine, old: &StateMachine) -> HashMap<StateId, StateId> {
    let all = |machine: &StateMachine| (0..u32::try_from(machine.states.len()).unwrap_or(u32::MAX)).map(StateId);
    // Of states that share a path, because one of them is former, the current one is meant.
    let mut known: HashMap<Path, StateId> = all(old).map(|id| (path(old, id), id)).collect();
    known.extend(old.ids().map(|id| (path(old, id), id)));
    let mut next = u32::try_from(old.states.len()).unwrap_or(u32::MAX);
    let mut id_of = |id| {
        known.remove(&path(new, id)).unwrap_or_else(|| {
            next = next.saturating_add(1);
            StateId(next - 1)
        })
    };
    all(new).map(|id| (id, id_of(id))).collect()
}

/// `state` with other ids for the states that it names. Its scopes keep theirs: those of the new definition come first.
fn renumbered(state: &State, ids: &HashMap<StateId, StateId>) -> State {
    let mut state = state.clone();
    if let Transition::Next(next) = &mut state.transition {
        *next = ids[next];
    }
    for catcher in &mut state.catch {
        catcher.next = ids[&catcher.next];
    }
    if let StateKind::Choice(choice) = &mut state.kind {
        choice.rules.iter_mut().for_each(|rule| rule.next = ids[&rule.next]);
        choice.default = choice.default.map(|default| ids[&default]);
    }
    state
}

/// A state of the definition before, kept for the past: it has no place in the text any more. What it names keeps its
/// id; its scopes come `offset` later.
fn former(state: &State, offset: u32) -> State {
    let moved = |scope: &mut ScopeId| scope.0 = scope.0.saturating_add(offset);
    let mut state =
        State { is_former: true, name_span: Span::at(0), span: Span::at(0), fields: Vec::new(), ..state.clone() };
    moved(&mut state.scope);
    match &mut state.kind {
        StateKind::Map(map) => moved(&mut map.processor),
        StateKind::Parallel(parallel) => parallel.branches.iter_mut().for_each(moved),
        _ => {}
    }
    state
}

fn former_scope(scope: &Scope) -> Scope {
    Scope { states: Vec::new(), span: Span::at(0), ..scope.clone() }
}

/// What differs between two definitions, for a run of the first that is to go on with the second.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// States that the second adds.
    pub added: Vec<StateId>,
    /// States that only the first has.
    pub removed: Vec<StateId>,
    /// States with other fields, each with the names of the fields. What is inside of a Map or Parallel does not count.
    pub changed: Vec<(StateId, Vec<Arc<str>>)>,
    /// The machine starts elsewhere, or has another `TimeoutSeconds`.
    pub is_start_changed: bool,
}

impl Changes {
    /// Whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether `state` has other fields.
    #[must_use]
    pub fn touches(&self, state: StateId) -> bool {
        self.changed.iter().any(|(changed, _)| *changed == state)
    }
}

/// What differs between the definition `before` and the definition `after`; `machine` is that of the second, aligned
/// with that of the first. Nothing where one of them has no machine.
#[must_use]
pub fn changes(before: &Definition, after: &Definition, machine: &StateMachine) -> Changes {
    let (Some(old), Some(new)) = (&before.machine, &after.machine) else { return Changes::default() };
    let was = |id: &StateId| old.states.get(id.0 as usize).is_some_and(|state| !state.is_former);
    let fields = |id: StateId| changed_fields((old.state(id), &before.text), (machine.state(id), &after.text));
    let (kept, added): (Vec<StateId>, Vec<StateId>) = machine.ids().partition(was);
    Changes {
        added,
        removed: old.ids().filter(|id| machine.state(*id).is_former).collect(),
        changed: kept.into_iter().map(|id| (id, fields(id))).filter(|(_, fields)| !fields.is_empty()).collect(),
        is_start_changed: old.timeout_seconds != new.timeout_seconds
            || old.scope(ScopeId::TOP).start != machine.scope(ScopeId::TOP).start,
    }
}

/// The fields in which two states differ, each read in its own text.
fn changed_fields((old, old_text): (&State, &str), (new, new_text): (&State, &str)) -> Vec<Arc<str>> {
    let find =
        |state: &State, name: &str| state.fields.iter().find(|field| &*field.name == name).map(|field| field.value);
    let differs = |name: &str| match (find(old, name), find(new, name)) {
        (Some(before), Some(after)) => !is_same(&slice(old_text, before), &slice(new_text, after)),
        (before, after) => before.is_some() != after.is_some(),
    };
    let mut names: Vec<Arc<str>> = new.fields.iter().chain(&old.fields).map(|field| Arc::clone(&field.name)).collect();
    let mut seen = std::collections::HashSet::new();
    names.retain(|name| seen.insert(Arc::clone(name)));
    names.retain(|name| match &**name {
        "Comment" => false,
        "Branches" => count_of_branches(old) != count_of_branches(new),
        "ItemProcessor" | "Iterator" => is_distributed(old) != is_distributed(new),
        name => differs(name),
    });
    names
}

fn slice(text: &str, span: Span) -> String {
    text.get(span.start as usize..span.end as usize).unwrap_or_default().to_owned()
}

/// Whether two values are the same but for the way they are written.
fn is_same(one: &str, other: &str) -> bool {
    one == other
        || match (json::parse(one), json::parse(other)) {
            (Ok(one), Ok(other)) => value::from_node(&one) == value::from_node(&other),
            _ => one.split_whitespace().eq(other.split_whitespace()),
        }
}

fn count_of_branches(state: &State) -> usize {
    match &state.kind {
        StateKind::Parallel(parallel) => parallel.branches.len(),
        _ => 0,
    }
}

/// What of the processor of a Map belongs to the Map itself.
fn is_distributed(state: &State) -> Option<(bool, bool)> {
    match &state.kind {
        StateKind::Map(map) => Some((map.distributed.is_mode, map.distributed.is_express)),
        _ => None,
    }
}
