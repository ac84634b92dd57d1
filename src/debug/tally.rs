//! What became of each state up to a moment: visits, failures, where the run is.

use std::collections::HashMap;

use crate::asl::{StateId, StateMachine};
use crate::engine::{BranchId, EventKind, Log};
use crate::value::Timestamp;

/// What became of one state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StateTally {
    /// Times it was entered.
    pub visits: u32,
    /// Times it was left.
    pub exits: u32,
    /// Attempts that failed, or visits that ended in a failure.
    pub failures: u32,
    /// Attempts at its task in the last visit.
    pub attempts: u32,
    /// An evaluation failed in the last visit, and what that made fail has no event yet.
    evaluation_failed: bool,
    /// When it was last entered.
    pub entered_at: Option<Timestamp>,
    /// When it was last left.
    pub exited_at: Option<Timestamp>,
}

impl StateTally {
    /// Branches that are in it now.
    #[must_use]
    pub fn inside(&self) -> u32 {
        self.visits.saturating_sub(self.exits)
    }
}

/// What became of all states; follows a log that grows, and can be taken back.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    states: Vec<StateTally>,
    events: usize,
    last_entered: Option<(BranchId, StateId)>,
    /// How often one state was entered from another.
    taken: HashMap<(StateId, StateId), u32>,
}

impl Tally {
    /// Brings it to the moment after `events` events of `log`. Going on reads only what is new.
    pub fn seek(&mut self, machine: &StateMachine, log: &Log, events: usize) {
        if events < self.events || self.states.len() != machine.states.len() {
            *self = Self { states: vec![StateTally::default(); machine.states.len()], ..Self::default() };
        }
        for event in log.events.range(self.events, events) {
            let state = event.kind.state();
            if let (EventKind::StateEntered { .. }, Some(state)) = (&event.kind, state) {
                self.last_entered = Some((event.branch, state));
                let before = log.event(event.previous).filter(|before| before.branch == event.branch);
                if let Some(before) = before.and_then(|before| before.kind.state()) {
                    *self.taken.entry((before, state)).or_insert(0) += 1;
                }
            }
            if let Some(tally) = state.and_then(|state| self.states.get_mut(state.0 as usize)) {
                count(tally, &event.kind, event.at);
            }
            if let (EventKind::ExecutionFailed(fault), Some((_, last))) = (&event.kind, self.last_entered) {
                let state = fault.state.unwrap_or(last);
                if let Some(tally) = self.states.get_mut(state.0 as usize) {
                    tally.failures = tally.failures.max(1);
                }
            }
        }
        self.events = events.min(log.events.len());
    }

    /// What became of `state`.
    #[must_use]
    pub fn state(&self, state: StateId) -> StateTally {
        self.states.get(state.0 as usize).copied().unwrap_or_default()
    }

    /// How often the run went from one state to the other.
    #[must_use]
    pub fn taken(&self, from: StateId, to: StateId) -> u32 {
        self.taken.get(&(from, to)).copied().unwrap_or(0)
    }

    /// States that were visited.
    #[must_use]
    pub fn visited(&self) -> usize {
        self.states.iter().filter(|tally| tally.visits > 0).count()
    }
}

fn count(tally: &mut StateTally, kind: &EventKind, at: Timestamp) {
    match kind {
        EventKind::StateEntered { .. } => {
            tally.visits += 1;
            tally.attempts = 0;
            tally.evaluation_failed = false;
            tally.entered_at = Some(at);
        }
        EventKind::StateExited { .. } | EventKind::StateAborted { .. } => {
            tally.exits += 1;
            tally.exited_at = Some(at);
        }
        EventKind::TaskScheduled { .. } => tally.attempts += 1,
        EventKind::TaskFailed { .. } | EventKind::TaskTimedOut { .. } => tally.failures += 1,
        EventKind::EvaluationFailed { .. } => {
            tally.failures += 1;
            tally.evaluation_failed = true;
        }
        EventKind::ParallelFailed { .. } | EventKind::MapFailed { .. } => {
            // What failed before anything was started has told of it already.
            tally.failures += u32::from(!std::mem::take(&mut tally.evaluation_failed));
        }
        _ => {}
    }
}
