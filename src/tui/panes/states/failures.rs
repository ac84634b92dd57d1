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
    /// The same after each [`KEPT_EVERY`] events.
    kept: Vec<HashMap<StateId, Option<Arc<Fault>>>>,
}

/// Events between two places that are kept, so that going back reads few of them again.
const KEPT_EVERY: usize = 8192;

impl Failures {
    /// Brings it to the moment that is looked at.
    pub(super) fn seek(&mut self, run: Option<&RunLook<'_>>) {
        let Some(run) = run else { return *self = Self::default() };
        let (log, events) = (run.log(), run.moment.events);
        if run.run.number != self.run || self.kept.is_empty() {
            *self = Self { run: run.run.number, kept: vec![HashMap::new()], ..Self::default() };
        }
        if events < self.events {
            let kept = (events / KEPT_EVERY).min(self.kept.len() - 1);
            self.failed = self.kept.get(kept).cloned().unwrap_or_default();
            self.events = kept * KEPT_EVERY;
        }
        for event in log.events.range(self.events, events) {
            self.take(&event.kind);
            self.events += 1;
            if self.events == self.kept.len() * KEPT_EVERY {
                self.kept.push(self.failed.clone());
            }
        }
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
