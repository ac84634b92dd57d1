//! A run on its clock: each visit to a state with when it began and ended, and the attempts at its task.

use std::collections::HashMap;

use crate::asl::StateId;
use crate::engine::{BranchId, Event, EventId, EventKind, Log};
use crate::value::Timestamp;

/// A visit to a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The event that began it.
    pub visit: EventId,
    /// The branch or iteration.
    pub branch: BranchId,
    /// The state.
    pub state: StateId,
    /// When it began.
    pub from: Timestamp,
    /// When it ended; none while it goes on.
    pub to: Option<Timestamp>,
    /// Whether it ended in a failure or was stopped.
    pub failed: bool,
    /// The attempts at its task; between two of them it waited.
    pub attempts: Vec<Attempt>,
}

/// An attempt at a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    /// When it was scheduled.
    pub from: Timestamp,
    /// When it ended; none while it goes on.
    pub to: Option<Timestamp>,
    /// Whether it failed.
    pub failed: bool,
}

/// The visits of a log that grows, in the order in which they began.
#[derive(Debug, Clone, Default)]
pub struct Spans {
    spans: Vec<Span>,
    /// The newest visit of each branch, while it goes on.
    open: HashMap<BranchId, usize>,
    events: usize,
}

impl Spans {
    /// Reads at most `most` more events of `log`; whether all are read then.
    pub fn read(&mut self, log: &Log, most: usize) -> bool {
        let to = log.events.len().min(self.events.saturating_add(most));
        for event in log.events.range(self.events, to) {
            self.event(event);
        }
        self.events = self.events.max(to);
        self.events >= log.events.len()
    }

    /// The visits so far.
    #[must_use]
    pub fn all(&self) -> &[Span] {
        &self.spans
    }

    /// The last visit that had begun by event `events`.
    #[must_use]
    pub fn at(&self, events: usize) -> Option<usize> {
        self.spans.partition_point(|span| span.visit.0 as usize <= events).checked_sub(1)
    }

    fn event(&mut self, event: &Event) {
        match &event.kind {
            EventKind::StateEntered { state, .. } => {
                // A failure that was caught ends a visit without an event of its own.
                self.end(event, true);
                self.open.insert(event.branch, self.spans.len());
                self.spans.push(Span {
                    visit: event.id,
                    branch: event.branch,
                    state: *state,
                    from: event.at,
                    to: None,
                    failed: false,
                    attempts: Vec::new(),
                });
            }
            EventKind::StateExited { .. } => self.end(event, false),
            EventKind::StateAborted { .. } => self.end(event, true),
            EventKind::TaskScheduled { .. } => {
                if let Some(span) = self.current(event) {
                    span.attempts.push(Attempt { from: event.at, to: None, failed: false });
                }
            }
            EventKind::TaskSucceeded { .. } => self.end_attempt(event, false),
            EventKind::TaskFailed { .. } | EventKind::TaskTimedOut { .. } => self.end_attempt(event, true),
            kind if kind.is_end() => {
                for at in std::mem::take(&mut self.open).into_values() {
                    if let Some(span) = self.spans.get_mut(at) {
                        (span.to, span.failed) = (Some(event.at), true);
                    }
                }
            }
            _ => {}
        }
    }

    fn current(&mut self, event: &Event) -> Option<&mut Span> {
        self.spans.get_mut(*self.open.get(&event.branch)?)
    }

    fn end(&mut self, event: &Event, failed: bool) {
        let span = self.open.remove(&event.branch).and_then(|at| self.spans.get_mut(at));
        if let Some(span) = span {
            (span.to, span.failed) = (Some(event.at), failed);
        }
    }

    fn end_attempt(&mut self, event: &Event, failed: bool) {
        if let Some(attempt) = self.current(event).and_then(|span| span.attempts.last_mut()) {
            (attempt.to, attempt.failed) = (Some(event.at), failed);
        }
    }
}
