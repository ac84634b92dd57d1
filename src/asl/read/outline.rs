//! The first walk over a definition: which scopes and states there are, before anything in them is read.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::asl::fields::Owner;
use crate::asl::model::{ScopeId, StateId};
use crate::text::{Member, Node};

/// All scopes and states of a definition, in file order.
#[derive(Debug, Default)]
pub(in crate::asl) struct Outline<'n> {
    pub(in crate::asl) scopes: Vec<ScopeOutline<'n>>,
    pub(in crate::asl) states: Vec<StateOutline<'n>>,
    /// The names of all states, whatever their scope.
    pub(in crate::asl) names: HashSet<&'n str>,
}

/// An object that holds `StartAt` and `States`, or should.
#[derive(Debug)]
pub(in crate::asl) struct ScopeOutline<'n> {
    pub(in crate::asl) kind: Owner,
    pub(in crate::asl) node: &'n Node,
    pub(in crate::asl) owner: Option<StateId>,
    pub(in crate::asl) branch: usize,
    /// AWS's location of the object; empty for the definition itself.
    pub(in crate::asl) place: String,
    pub(in crate::asl) states: Vec<StateId>,
    pub(in crate::asl) names: HashMap<&'n str, StateId>,
}

/// A member of `States`.
#[derive(Debug)]
pub(in crate::asl) struct StateOutline<'n> {
    pub(in crate::asl) name: Arc<str>,
    pub(in crate::asl) member: &'n Member,
    pub(in crate::asl) scope: ScopeId,
    pub(in crate::asl) place: String,
    /// The scopes inside: branches in order, or the item processor.
    pub(in crate::asl) inner: Vec<ScopeId>,
}

impl<'n> Outline<'n> {
    pub(in crate::asl) fn of(root: &'n Node) -> Self {
        let mut outline = Self::default();
        outline.scope(Owner::Machine, root, None, 0, String::new());
        outline
    }

    pub(in crate::asl) fn state(&self, id: StateId) -> &StateOutline<'n> {
        &self.states[id.0 as usize]
    }

    pub(in crate::asl) fn scope_of(&self, id: ScopeId) -> &ScopeOutline<'n> {
        &self.scopes[id.0 as usize]
    }

    fn scope(&mut self, kind: Owner, node: &'n Node, owner: Option<StateId>, branch: usize, place: String) -> ScopeId {
        let id = ScopeId(index(self.scopes.len()));
        let members = node.get("States").and_then(|states| states.value.members()).unwrap_or_default();
        let prefix = format!("{place}/States/");
        self.scopes.push(ScopeOutline { kind, node, owner, branch, place, states: Vec::new(), names: HashMap::new() });
        for member in last_of_each(members) {
            let state = self.state_of(member, id, format!("{prefix}{}", member.key));
            let scope = &mut self.scopes[id.0 as usize];
            scope.states.push(state);
            scope.names.insert(&member.key, state);
        }
        id
    }

    fn state_of(&mut self, member: &'n Member, scope: ScopeId, place: String) -> StateId {
        let id = StateId(index(self.states.len()));
        let inner_place = place.clone();
        self.names.insert(&member.key);
        self.states.push(StateOutline { name: member.key.clone(), member, scope, place, inner: Vec::new() });
        let mut inner = Vec::new();
        let branches = member.value.get("Branches").and_then(|branches| branches.value.items()).unwrap_or_default();
        for (at, branch) in branches.iter().enumerate() {
            inner.push(self.scope(Owner::Branch, branch, Some(id), at, format!("{inner_place}/Branches[{at}]")));
        }
        for name in ["ItemProcessor", "Iterator"] {
            if let Some(processor) = member.value.get(name) {
                let place = format!("{inner_place}/{name}");
                inner.push(self.scope(Owner::Processor, &processor.value, Some(id), 0, place));
            }
        }
        self.states[id.0 as usize].inner = inner;
        id
    }
}

/// The members that count: of repeated keys the last one, at its own place in the order.
fn last_of_each(members: &[Member]) -> impl Iterator<Item = &Member> {
    let mut last: HashMap<&str, usize> = HashMap::with_capacity(members.len());
    for (at, member) in members.iter().enumerate() {
        last.insert(&member.key, at);
    }
    members.iter().enumerate().filter(move |(at, member)| last.get(&*member.key) == Some(at)).map(|(_, member)| member)
}

fn index(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}
