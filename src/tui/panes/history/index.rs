//! Which events are shown: all of them, or those that a filter found so far.

use std::sync::Arc;

use crate::engine::{Event, EventId, EventKind, Execution, Log, history};
use crate::tui::look::RunLook;
use crate::tui::panes::parts::has;

/// Events that a filter reads at a time, so that a long history does not hold up the screen.
const AT_ONCE: usize = 32_768;

/// The rows: positions in the log, or the ids that passed the filter.
#[derive(Debug, Default)]
pub(super) struct Index {
    filter: String,
    folded: bool,
    run: u32,
    read: usize,
    found: Vec<u32>,
}

impl Index {
    pub(super) fn filter(&self) -> &str {
        &self.filter
    }

    pub(super) fn is_folded(&self) -> bool {
        self.folded
    }

    pub(super) fn set_filter(&mut self, text: &str) {
        if self.filter != text {
            *self = Self { filter: text.to_owned(), folded: self.folded, ..Self::default() };
        }
    }

    /// Shows one row a visit, and what failed; or everything again.
    pub(super) fn set_folded(&mut self, folded: bool) {
        *self = Self { filter: std::mem::take(&mut self.filter), folded, ..Self::default() };
    }

    fn shows_all(&self) -> bool {
        self.filter.is_empty() && !self.folded
    }

    /// Whether every event of `log` was looked at.
    pub(super) fn is_whole(&self, log: &Log) -> bool {
        self.shows_all() || self.read >= log.events.len()
    }

    /// Reads on in the log.
    pub(super) fn read(&mut self, run: &RunLook<'_>) {
        let log = run.log();
        if self.run != run.run.number || self.read > log.events.len() {
            (self.run, self.read) = (run.run.number, 0);
            self.found.clear();
        }
        if self.shows_all() {
            return;
        }
        let matcher = Matcher::new(&self.filter, run);
        let until = log.events.len().min(self.read + AT_ONCE);
        let shown = |event: &&Event| (!self.folded || is_landmark(event)) && matcher.matches(event);
        self.found.extend(log.events.range(self.read, until).filter(shown).map(|event| event.id.0));
        self.read = until;
    }

    /// The number of rows.
    pub(super) fn len(&self, log: &Log) -> usize {
        if self.shows_all() { log.events.len() } else { self.found.len() }
    }

    /// The event of row `row`.
    pub(super) fn id(&self, row: usize, log: &Log) -> Option<EventId> {
        if self.shows_all() {
            return log.events.get(row).map(|event| event.id);
        }
        self.found.get(row).copied().map(EventId)
    }

    /// The row of the last event that is shown among the first `events`.
    pub(super) fn row_of(&self, events: usize) -> usize {
        let before = if self.shows_all() { events } else { self.found.partition_point(|id| *id as usize <= events) };
        before.saturating_sub(1)
    }
}

/// What is left of a visit when it is folded into one row.
fn is_landmark(event: &Event) -> bool {
    use EventKind as E;
    let marks = matches!(
        event.kind,
        E::ExecutionStarted { .. }
            | E::StateEntered { .. }
            | E::ParallelFailed { .. }
            | E::MapFailed { .. }
            | E::IterationFailed { .. }
    );
    marks || event.kind.is_end() || event.kind.fault().is_some()
}

/// Finds events by their type, state, error or cause, whatever the case.
pub(super) struct Matcher {
    wanted: String,
    /// One flag a state: whether its name matches.
    states: Vec<bool>,
    execution: Arc<Execution>,
}

impl Matcher {
    pub(super) fn new(text: &str, run: &RunLook<'_>) -> Self {
        let wanted = text.to_lowercase();
        let execution = run.run.handle().execution().clone();
        let states = execution.machine.states.iter().map(|state| has(&state.name, &wanted)).collect();
        Self { wanted, states, execution }
    }

    pub(super) fn matches(&self, event: &Event) -> bool {
        if self.wanted.is_empty() {
            return true;
        }
        let of_state = event.kind.state().and_then(|state| self.states.get(state.0 as usize));
        of_state.copied().unwrap_or(false)
            || event.kind.fault().is_some_and(|fault| has(&fault.summary(), &self.wanted))
            || has(&history::type_name(&event.kind, &self.execution), &self.wanted)
    }
}
