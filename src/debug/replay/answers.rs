//! What a history knows of tasks, and tasks that are answered with it.

use std::collections::HashMap;
use std::sync::Arc;

use super::Replay;
use crate::asl::{StateId, StateMachine};
use crate::engine::event::EventKind;
use crate::engine::{BranchId, Event, EventId, Log};
use crate::runtime::tasks::{Coming, MapCall, TaskFailure, TaskResult};
use crate::runtime::{Answer, TaskCall, Tasks};
use crate::value::{Timestamp, Value};

/// How a task of a history went.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// When that is over.
    pub at: Timestamp,
    /// The event that ended it, or the one that scheduled it.
    pub event: EventId,
    /// Whether it was started, and by which worker.
    pub started: Option<Option<Arc<str>>>,
    /// What its submission answered.
    pub submitted: Option<Value>,
    /// What came of it; none: nothing before it was over, by its timeout or with what was around it.
    pub outcome: Option<Result<Value, TaskFailure>>,
}

/// A state by its name, in a thread by the names and numbers of the branches and iterations around it.
type Place = (Arc<str>, Vec<(Arc<str>, u32)>);

/// The attempts at the tasks of a history.
#[derive(Debug, Default)]
pub struct Attempts {
    by_place: HashMap<Place, Vec<Attempt>>,
}

impl Attempts {
    /// Those of `replay`.
    #[must_use]
    pub fn of(replay: &Replay) -> Self {
        let (log, machine) = (&replay.log, &replay.execution.machine);
        let mut attempts = Self::default();
        let mut places: HashMap<BranchId, Vec<(Arc<str>, u32)>> = HashMap::new();
        let mut open: HashMap<BranchId, (Place, usize)> = HashMap::new();
        for event in log.events.iter() {
            if let (EventKind::TaskScheduled { state, .. }, branch) = (&event.kind, event.branch) {
                let around = places.entry(branch).or_insert_with(|| names(machine, &log.place_of(branch)));
                let place = (Arc::clone(&machine.state(*state).name), around.clone());
                let list = attempts.by_place.entry(place.clone()).or_default();
                list.push(Attempt { at: event.at, event: event.id, started: None, submitted: None, outcome: None });
                open.insert(branch, (place, list.len() - 1));
            } else if let Some((place, at)) = open.get(&event.branch) {
                let attempt = attempts.by_place.get_mut(place).and_then(|list| list.get_mut(*at));
                if attempt.is_some_and(|attempt| attempt.take(event)) {
                    open.remove(&event.branch);
                }
            }
        }
        attempts
    }

    /// The attempt `turn`, from 0, at the task of `state` in the thread at `place`.
    #[must_use]
    pub fn get(&self, machine: &StateMachine, state: StateId, place: &[(StateId, u32)], turn: u32) -> Option<&Attempt> {
        let name = Arc::clone(&machine.states.get(state.0 as usize)?.name);
        self.by_place.get(&(name, names(machine, place)))?.get(turn as usize)
    }
}

impl Attempt {
    /// Takes over what `event` tells of it; whether it is over with that.
    fn take(&mut self, event: &Event) -> bool {
        match &event.kind {
            EventKind::TaskStarted { worker, .. } => self.started = Some(worker.clone()),
            EventKind::TaskSubmitted { output, .. } => self.submitted = Some(output.clone()),
            EventKind::TaskSucceeded { output, .. } => self.outcome = Some(Ok(output.clone())),
            EventKind::TaskFailed { fault, .. } => {
                self.outcome = Some(Err(TaskFailure {
                    error: fault.error.clone(),
                    cause: fault.cause.clone(),
                    hint: fault.hint.clone(),
                }));
            }
            EventKind::Other(other) => {
                // A task that could not even be started.
                let Some(fault) = &other.fault else { return false };
                self.outcome = Some(Err(TaskFailure {
                    error: fault.error.clone(),
                    cause: fault.cause.clone(),
                    hint: fault.hint.clone(),
                }));
            }
            EventKind::TaskTimedOut { .. } => return true,
            _ => return false,
        }
        (self.at, self.event) = (event.at, event.id);
        self.outcome.is_some()
    }
}

fn names(machine: &StateMachine, place: &[(StateId, u32)]) -> Vec<(Arc<str>, u32)> {
    let name = |state: &StateId| {
        machine.states.get(state.0 as usize).map_or_else(Arc::default, |state| Arc::clone(&state.name))
    };
    place.iter().map(|(state, index)| (name(state), *index)).collect()
}

/// Answers tasks with what was recorded, at once; those that a history does not know are left to somebody else.
pub struct RecordedTasks {
    attempts: Attempts,
    fallback: Arc<dyn Tasks>,
}

impl RecordedTasks {
    /// Answers by `replay`, else by `fallback`.
    #[must_use]
    pub fn new(replay: &Replay, fallback: Arc<dyn Tasks>) -> Self {
        Self { attempts: Attempts::of(replay), fallback }
    }
}

impl Tasks for RecordedTasks {
    fn invoke(&self, call: &TaskCall) -> Answer {
        let invocation = &call.invocation;
        let known = self.attempts.get(&call.execution.machine, invocation.state, &invocation.place, call.turn);
        let Some(attempt) = known else { return self.fallback.invoke(call) };
        let submitted = attempt.submitted.clone();
        match &attempt.outcome {
            Some(outcome) => Answer::Now(TaskResult { submitted, outcome: outcome.clone() }),
            None => Answer::Hang { submitted },
        }
    }

    fn cancel(&self, call: &TaskCall) {
        self.fallback.cancel(call);
    }

    fn map_part(&self, call: MapCall) -> Coming {
        self.fallback.map_part(call)
    }
}

/// The visits to states of a history, by their threads: what came of each.
pub(super) struct Visits {
    by_place: HashMap<Place, Vec<(EventId, Option<EventId>)>>,
}

impl Visits {
    pub(super) fn of(log: &Log, machine: &StateMachine) -> Self {
        let mut by_place: HashMap<Place, Vec<(EventId, Option<EventId>)>> = HashMap::new();
        let mut open: HashMap<(BranchId, StateId), (Place, usize)> = HashMap::new();
        for event in log.events.iter() {
            match &event.kind {
                EventKind::StateEntered { state, .. } => {
                    let place = (Arc::clone(&machine.state(*state).name), names(machine, &log.place_of(event.branch)));
                    let list = by_place.entry(place.clone()).or_default();
                    list.push((event.id, None));
                    open.insert((event.branch, *state), (place, list.len() - 1));
                }
                EventKind::StateExited { state, .. } => {
                    let visit = open.remove(&(event.branch, *state));
                    let visit = visit.and_then(|(place, at)| by_place.get_mut(&place)?.get_mut(at));
                    if let Some((_, exit)) = visit {
                        *exit = Some(event.id);
                    }
                }
                _ => {}
            }
        }
        Self { by_place }
    }

    /// Where visit `turn`, from 0, was entered and left.
    pub(super) fn get(
        &self,
        machine: &StateMachine,
        state: StateId,
        place: &[(StateId, u32)],
        turn: usize,
    ) -> Option<(EventId, Option<EventId>)> {
        let name = Arc::clone(&machine.states.get(state.0 as usize)?.name);
        self.by_place.get(&(name, names(machine, place)))?.get(turn).copied()
    }
}
