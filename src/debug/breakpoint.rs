//! Breakpoints: places in a definition that survive its being edited.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use crate::asl::{StateId, StateMachine};

/// A state by its name and the names of the Map and Parallel states around it, outermost first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StatePath(pub Vec<Arc<str>>);

impl StatePath {
    /// The path of `state`.
    #[must_use]
    pub fn of(machine: &StateMachine, state: StateId) -> Self {
        Self(machine.path(state).into_iter().map(|id| machine.state(id).name.clone()).collect())
    }

    /// The state at this path; one that moved to another scope is found by its name, which is unique in a machine.
    #[must_use]
    pub fn find(&self, machine: &StateMachine) -> Option<StateId> {
        machine.find(self.0.last()?)
    }
}

impl std::fmt::Display for StatePath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.join(" / "))
    }
}

/// The breakpoints of a definition.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Breakpoints {
    places: BTreeSet<StatePath>,
}

impl Breakpoints {
    /// Sets a breakpoint on `place`, or takes it away; returns whether there is one now.
    pub fn toggle(&mut self, place: StatePath) -> bool {
        if self.places.remove(&place) {
            return false;
        }
        self.places.insert(place);
        true
    }

    /// Takes all away.
    pub fn clear(&mut self) {
        self.places.clear();
    }

    /// All places, in order of their names.
    pub fn places(&self) -> impl Iterator<Item = &StatePath> {
        self.places.iter()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// One flag a state of `machine`. Places that it does not have are kept for when they come back.
    #[must_use]
    pub fn flags(&self, machine: &StateMachine) -> Vec<bool> {
        let mut flags = vec![false; machine.states.len()];
        for state in self.places.iter().filter_map(|place| place.find(machine)) {
            flags[state.0 as usize] = true;
        }
        flags
    }

    /// Whether `state` has one.
    #[must_use]
    pub fn has(&self, machine: &StateMachine, state: StateId) -> bool {
        self.places.iter().any(|place| place.find(machine) == Some(state))
    }
}

/// The breakpoints as they are now, for runs that others start.
#[derive(Debug, Clone, Default)]
pub struct SharedBreakpoints(Arc<Mutex<Breakpoints>>);

impl SharedBreakpoints {
    /// Takes `breakpoints` over.
    pub fn set(&self, breakpoints: &Breakpoints) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone_from(breakpoints);
    }

    /// One flag a state of `machine`.
    #[must_use]
    pub fn flags(&self, machine: &StateMachine) -> Vec<bool> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).flags(machine)
    }
}

impl FromIterator<StatePath> for Breakpoints {
    fn from_iter<T: IntoIterator<Item = StatePath>>(places: T) -> Self {
        Self { places: places.into_iter().collect() }
    }
}
