//! Which states failed in their last visit, and with what error.

use std::collections::HashMap;
use std::sync::Arc;

use crate::asl::StateId;
use crate::engine::{EventKind, Fault};
use crate::tui::look::RunLook;

/// The failures of a run up to a moment; follows a log that grows, and begins anew when it is taken back.
#[derive(Debug, Default)]
pub(super) struct Failures {
    run: u32,
    events: usize,
    /// The states whose last visit failed; without a fault where the event has none.
    failed: HashMap<StateId, Option<Arc<Fault>>>,
}

impl Failures {
    /// Brings it to the moment that is looked at.
    pub(super) fn seek(&mut self, run: Option<&RunLook<'_>>) {
        let Some(run) = run else { return *self = Self::default() };
        let (log, events) = (run.log(), run.moment.events);
        if run.run.number != self.run || events < self.events {
            *self = Self { run: run.run.number, ..Self::default() };
        }
        for event in log.events.range(self.events, events) {
            self.take(&event.kind);
        }
        self.events = events.min(log.events.len());
    }

    fn take(&mut self, kind: &EventKind) {
        let Some(state) = kind.state().or_else(|| kind.fault()?.state) else { return };
        match kind {
            // What has begun again, or ended well after all, is not known to fail.
            EventKind::StateEntered { .. }
            | EventKind::TaskScheduled { .. }
            | EventKind::TaskSucceeded { .. }
            | EventKind::ParallelStarted { .. }
            | EventKind::ParallelSucceeded { .. }
            | EventKind::MapStarted { .. }
            | EventKind::MapSucceeded { .. } => drop(self.failed.remove(&state)),
            EventKind::TaskFailed { .. }
            | EventKind::TaskTimedOut { .. }
            | EventKind::EvaluationFailed { .. }
            | EventKind::ParallelFailed { .. }
            | EventKind::MapFailed { .. }
            | EventKind::ExecutionFailed(_) => {
                let fault = self.failed.entry(state).or_default();
                *fault = kind.fault().cloned().or_else(|| fault.take());
            }
            _ => {}
        }
    }

    /// Whether the last visit to `state` failed.
    pub(super) fn has(&self, state: StateId) -> bool {
        self.failed.contains_key(&state)
    }

    /// The name of the error with which it failed.
    pub(super) fn error(&self, state: StateId) -> Option<&str> {
        self.failed.get(&state)?.as_ref()?.error.as_deref()
    }
}
