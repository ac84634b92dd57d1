//! Breakpoints: places in a definition that survive its being edited.

use std::sync::{Arc, Mutex, PoisonError};

use super::expression::{LogText, Query};
use crate::asl::{StateId, StateMachine};
use crate::engine::Stage;

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

/// What stops a run.
#[derive(Debug, Clone, PartialEq)]
pub enum On {
    /// A state is entered.
    Entry,
    /// A state is left.
    Exit,
    /// A stage of a state was performed.
    Stage(Stage),
    /// Something failed, whatever becomes of it.
    Error,
    /// Something failed and a catcher took it.
    Caught,
    /// Something failed and is tried again.
    Retry,
    /// A task, heartbeat or execution was over its time.
    Timeout,
    /// The value of an expression is another one than when the state was entered.
    Change(Query),
}

impl On {
    /// Whether it is about a failure.
    #[must_use]
    pub fn is_failure(&self) -> bool {
        matches!(self, Self::Error | Self::Caught | Self::Retry | Self::Timeout)
    }
}

/// Where a run stops, or logs, and when.
#[derive(Debug, Clone, PartialEq)]
pub struct Breakpoint {
    /// Its number, from 1; stays the same while it exists.
    pub number: u32,
    /// What stops.
    pub on: On,
    /// The state; none: any.
    pub state: Option<StatePath>,
    /// Only in these branches: the numbers of Map iterations and Parallel branches, innermost last; empty: in all.
    pub only: Vec<u32>,
    /// Only when this holds.
    pub condition: Option<Query>,
    /// The first time at which it stops, counted in each run; 0 and 1: always.
    pub after: u64,
    /// Says this and goes on instead of stopping.
    pub log: Option<LogText>,
    /// Stops once and is gone.
    pub once: bool,
    /// Whether it is switched off.
    pub disabled: bool,
}

impl Breakpoint {
    /// One without conditions.
    #[must_use]
    pub fn new(on: On, state: Option<StatePath>) -> Self {
        Self {
            number: 0,
            on,
            state,
            only: Vec::new(),
            condition: None,
            after: 0,
            log: None,
            once: false,
            disabled: false,
        }
    }

    /// One on the entry of `state`.
    #[must_use]
    pub fn on_entry(state: StatePath) -> Self {
        Self::new(On::Entry, Some(state))
    }

    /// Whether it stops at each visit.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.only.is_empty() && self.condition.is_none() && self.after <= 1 && self.log.is_none()
    }
}

/// What a state's line shows of its breakpoints, the strongest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BreakpointSign {
    /// All are switched off.
    Off,
    /// It only logs.
    Log,
    /// It stops under a condition.
    Conditional,
    /// It stops.
    Stop,
}

/// The breakpoints of a definition.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Breakpoints {
    list: Vec<Breakpoint>,
    /// The last number that was given: what a run has counted for a number is never taken for another one.
    last: u32,
}

impl Breakpoints {
    /// Adds `breakpoint` under the next number, in place of one that only differs in its number; returns the number.
    pub fn add(&mut self, mut breakpoint: Breakpoint) -> u32 {
        if let Some(old) = self.list.iter().find(|old| Breakpoint { number: 0, ..(*old).clone() } == breakpoint) {
            return old.number;
        }
        self.last += 1;
        breakpoint.number = self.last;
        self.list.push(breakpoint);
        self.last
    }

    /// Sets a breakpoint on the entry of `place`, or takes all of that state away; returns whether there is one now.
    pub fn toggle(&mut self, place: StatePath) -> bool {
        if self.of(&place).next().is_some() {
            self.list.retain(|breakpoint| breakpoint.state.as_ref() != Some(&place) || breakpoint.on.is_failure());
            return false;
        }
        self.add(Breakpoint::on_entry(place));
        true
    }

    /// Those on a stage of `place`.
    pub fn of<'a>(&'a self, place: &'a StatePath) -> impl Iterator<Item = &'a Breakpoint> {
        self.list
            .iter()
            .filter(move |breakpoint| breakpoint.state.as_ref() == Some(place) && !breakpoint.on.is_failure())
    }

    /// Takes number `number` away; whether there was one.
    pub fn remove(&mut self, number: u32) -> bool {
        let before = self.list.len();
        self.list.retain(|breakpoint| breakpoint.number != number);
        before != self.list.len()
    }

    /// Switches number `number` off or on; whether there is one.
    pub fn set_disabled(&mut self, number: u32, disabled: bool) -> bool {
        let found = self.list.iter_mut().find(|breakpoint| breakpoint.number == number);
        found.map(|breakpoint| breakpoint.disabled = disabled).is_some()
    }

    /// The one with number `number`.
    #[must_use]
    pub fn get(&self, number: u32) -> Option<&Breakpoint> {
        self.list.iter().find(|breakpoint| breakpoint.number == number)
    }

    /// Takes all away.
    pub fn clear(&mut self) {
        self.list.clear();
    }

    /// All, in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = &Breakpoint> {
        self.list.iter()
    }

    /// The states of all that are about one.
    pub fn places(&self) -> impl Iterator<Item = &StatePath> {
        self.list.iter().filter_map(|breakpoint| breakpoint.state.as_ref())
    }

    /// One sign a state of `machine`.
    #[must_use]
    pub fn signs(&self, machine: &StateMachine) -> Vec<Option<BreakpointSign>> {
        machine.states.iter().map(|state| self.sign(&state.name)).collect()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// What is to be seen at a state of this name.
    #[must_use]
    pub fn sign(&self, name: &str) -> Option<BreakpointSign> {
        let is_here = |breakpoint: &&Breakpoint| {
            let last = breakpoint.state.as_ref().and_then(|state| state.0.last());
            last.is_some_and(|last| &**last == name)
        };
        let sign = |breakpoint: &Breakpoint| match breakpoint {
            Breakpoint { disabled: true, .. } => BreakpointSign::Off,
            Breakpoint { log: Some(_), .. } => BreakpointSign::Log,
            breakpoint if breakpoint.is_plain() && !breakpoint.on.is_failure() => BreakpointSign::Stop,
            _ => BreakpointSign::Conditional,
        };
        self.list.iter().filter(is_here).map(sign).max()
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

    /// The breakpoints as they are now.
    #[must_use]
    pub fn get(&self) -> Breakpoints {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl FromIterator<Breakpoint> for Breakpoints {
    fn from_iter<T: IntoIterator<Item = Breakpoint>>(all: T) -> Self {
        let mut breakpoints = Self::default();
        for breakpoint in all {
            breakpoints.add(breakpoint);
        }
        breakpoints
    }
}
