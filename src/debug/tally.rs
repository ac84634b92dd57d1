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

/// Events between two states of the tally that are kept, so that going back counts few of them again.
const KEPT_EVERY: usize = 8192;

/// What became of all states; follows a log that grows, and can be taken back.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    now: Counts,
    /// The same after each [`KEPT_EVERY`] events.
    kept: Vec<Counts>,
}

/// What became of all states by a moment.
#[derive(Debug, Clone, Default)]
struct Counts {
    states: Vec<StateTally>,
    events: usize,
    last_entered: Option<(BranchId, StateId)>,
    /// How often one state was entered from another.
    taken: HashMap<(StateId, StateId), u32>,
}

impl Tally {
    /// Brings it to the moment after `events` events of `log`. Going on reads only what is new, going back only what
    /// came after the last place that was kept.
    pub fn seek(&mut self, machine: &StateMachine, log: &Log, events: usize) {
        if self.now.states.len() != machine.states.len() {
            let states = vec![StateTally::default(); machine.states.len()];
            *self = Self { now: Counts { states, ..Counts::default() }, kept: Vec::new() };
        }
        if self.kept.is_empty() && self.now.events == 0 {
            self.kept.push(self.now.clone());
        }
        if events < self.now.events
            && let Some(kept) = self.kept.get((events / KEPT_EVERY).min(self.kept.len() - 1))
        {
            self.now = kept.clone();
        }
        let events = events.min(log.events.len());
        while self.now.events < events {
            let next = (self.now.events / KEPT_EVERY + 1) * KEPT_EVERY;
            self.now.read(log, next.min(events));
            if self.now.events == next && next / KEPT_EVERY == self.kept.len() {
                self.kept.push(self.now.clone());
            }
        }
    }

    /// What became of `state`.
    #[must_use]
    pub fn state(&self, state: StateId) -> StateTally {
        self.now.states.get(state.0 as usize).copied().unwrap_or_default()
    }

    /// How often the run went from one state to the other.
    #[must_use]
    pub fn taken(&self, from: StateId, to: StateId) -> u32 {
        self.now.taken.get(&(from, to)).copied().unwrap_or(0)
    }

    /// States that were visited.
    #[must_use]
    pub fn visited(&self) -> usize {
        self.now.states.iter().filter(|tally| tally.visits > 0).count()
    }
}

impl Counts {
    /// Goes on to the moment after `events` events.
    fn read(&mut self, log: &Log, events: usize) {
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
        self.events = events;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asl::Definition;
    use crate::engine::{Event, EventId};
    use crate::value::{Timestamp, Value};

    #[test]
    fn going_back_and_forth_counts_as_from_the_start() {
        let text = r#"{"StartAt": "A", "States": {
            "A": {"Type": "Choice", "Choices": [{"Variable": "$.x", "IsPresent": true, "Next": "B"}], "Default": "C"},
            "B": {"Type": "Pass", "Next": "A"}, "C": {"Type": "Succeed"}}}"#;
        let machine = Definition::read("loop.asl.json", text).machine.expect("no errors");
        let mut log = Log::default();
        for id in 0..40_000u32 {
            let state = StateId(id / 2 % 2);
            let kind = match id % 2 {
                0 => EventKind::StateEntered { state, input: Value::Null },
                _ => EventKind::StateExited { state, output: Value::Null, assigned: None },
            };
            log.events.push(Event {
                id: EventId(id + 1),
                previous: EventId(id),
                at: Timestamp(i64::from(id)),
                step: u64::from(id),
                branch: BranchId::MAIN,
                kind,
            });
        }
        let mut tally = Tally::default();
        for events in [40_000, 39_999, 8_192, 8_191, 20_001, 3, 0, 16_384, 50_000] {
            tally.seek(&machine, &log, events);
            let mut fresh = Tally::default();
            fresh.seek(&machine, &log, events);
            for state in [StateId(0), StateId(1)] {
                assert_eq!(tally.state(state), fresh.state(state), "{events}");
                assert_eq!(tally.state(state).visits as usize, (events.min(40_000) + 3 - 2 * state.0 as usize) / 4);
            }
            assert_eq!(tally.taken(StateId(0), StateId(1)), tally.state(StateId(1)).visits);
        }
    }
}
