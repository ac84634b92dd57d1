//! Another run out of a run: from one of its moments, with changes by hand, and with another definition if it is given.
//!
//! A run is determined by what it was started with and what it was told; the new one is told the same up to the moment.

use std::sync::{Arc, Mutex, PoisonError};

use super::breakpoint::Breakpoints;
use super::gate::StepSize;
use super::run::Run;
use crate::asl::{Changes, Definition, aligned, changes};
use crate::engine::{Change, Execution, Machine, Redefinition, Refused, Signal};
use crate::runtime::{Clock, Diverged, Recorder, Start, Tasks, Told, View};
use crate::value::Timestamp;

/// What a run was told so far. Clones are the same tape.
#[derive(Debug, Clone, Default)]
pub struct Tape(Arc<Mutex<Vec<Told>>>);

impl Tape {
    pub(super) fn holding(told: Vec<Told>) -> Self {
        Self(Arc::new(Mutex::new(told)))
    }

    /// What it was told as number `at`, from 0.
    pub(super) fn get(&self, at: usize) -> Option<Told> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(at).cloned()
    }

    /// What it was told before and at the moment when it had made `steps` steps.
    fn until(&self, steps: u64) -> Vec<Told> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let end = all.partition_point(|told| told.steps < steps);
        all[..end].to_vec()
    }
}

impl Recorder for Tape {
    fn told(&mut self, told: Told) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(told);
    }

    fn flush(&mut self, _: &Machine) {}
}

/// What a run began with, and all that it was told since: enough to make it again.
#[derive(Debug, Clone)]
pub(super) struct Origin {
    pub(super) execution: Arc<Execution>,
    pub(super) started: Timestamp,
    pub(super) tape: Tape,
    /// It had gone on before the tape began.
    pub(super) is_partial: bool,
}

/// A run to be made out of another.
#[derive(Debug, Clone)]
pub struct Fork {
    /// Its number in the list of runs.
    pub number: u32,
    /// The moment, as the number of steps that were made.
    pub at: u64,
    /// What is changed there, in this order.
    pub changes: Vec<Change>,
    /// The definition to go on with; none: the one of the run.
    pub definition: Option<Arc<Definition>>,
    /// How far it goes at first; none: it stands at the moment.
    pub size: Option<StepSize>,
}

/// A run cannot be made out of another.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ForkError {
    /// The other one does not come to that moment again.
    #[error("the run cannot be made again: {0}")]
    Diverged(#[from] Diverged),
    /// A change cannot be made at that moment.
    #[error("{0}")]
    Refused(#[from] Refused),
    /// The definition has errors.
    #[error("the definition has errors: mend them first")]
    NoMachine,
    /// How the other one began is not known any more.
    #[error("the run began before this program did, so that it cannot be made again")]
    Partial,
    /// It did not run here.
    #[error("this is a recorded history: `local` runs it here on the recorded results, and that run can be changed")]
    History,
    /// What is asked about was not under way at that moment.
    #[error("it was not under way at that moment")]
    Gone,
}

impl Run {
    /// Makes the run again up to a moment and goes on differently from there. Takes the time that the steps until then
    /// take: call it where nobody waits. Runs on the current tokio runtime.
    ///
    /// # Errors
    /// See [`ForkError`].
    pub fn fork(
        &self,
        fork: Fork,
        breakpoints: &Breakpoints,
        clock: Clock,
        tasks: Arc<dyn Tasks>,
    ) -> Result<Self, ForkError> {
        if self.is_history {
            return Err(ForkError::History);
        }
        let origin = self.origin();
        let (mut start, mut told) = replayed(origin, fork.at, clock, tasks)?;
        let definition = match &fork.definition {
            None => Arc::clone(&self.definition),
            Some(definition) => {
                let (redefined, redefinition) = redefined(&self.definition, definition).ok_or(ForkError::NoMachine)?;
                start.machine().check_redefinition(&redefinition)?;
                tell(&mut start, Signal::Redefine(Arc::new(redefinition)), &mut told)?;
                Arc::new(redefined)
            }
        };
        for change in fork.changes {
            start.machine().check_change(&change)?;
            tell(&mut start, Signal::Change(Box::new(change)), &mut told)?;
        }
        let origin = Origin { tape: Tape::holding(told), ..origin.clone() };
        Ok(Self::resume((fork.number, self.mode), definition, start, origin, fork.size, breakpoints))
    }

    /// The run as it was when it had made `steps` steps.
    ///
    /// # Errors
    /// See [`ForkError`].
    pub fn machine_at(&self, steps: u64, tasks: Arc<dyn Tasks>) -> Result<Machine, ForkError> {
        if self.is_history {
            return Err(ForkError::History);
        }
        let (start, _) = replayed(self.origin(), steps, Clock::real(), tasks)?;
        Ok(start.into_parts().0)
    }

    /// What going on with `definition` means for this run; none if that has errors.
    #[must_use]
    pub fn changes_to(&self, definition: &Definition) -> Option<Changes> {
        redefined(&self.definition, definition).map(|(_, redefinition)| redefinition.changes)
    }
}

/// The number of steps at which a run can go on: where it is, or right before what ended it.
#[must_use]
pub fn resumable_step(view: &View) -> u64 {
    match view.log.events.last() {
        Some(event) if view.status.is_done() => event.step.saturating_sub(1),
        _ => view.steps,
    }
}

fn replayed(origin: &Origin, at: u64, clock: Clock, tasks: Arc<dyn Tasks>) -> Result<(Start, Vec<Told>), ForkError> {
    if origin.is_partial {
        return Err(ForkError::Partial);
    }
    let mut start = Start::new(Execution::clone(&origin.execution), origin.started, clock, tasks);
    let told = origin.tape.until(at);
    start.replay(told.iter().cloned(), at)?;
    start.keep_time();
    Ok((start, told))
}

/// Tells a machine that stands something, and keeps that.
fn tell(start: &mut Start, signal: Signal, told: &mut Vec<Told>) -> Result<(), Diverged> {
    let machine = start.machine();
    let next = Told { steps: machine.steps(), now: machine.now(), signal: Some(signal) };
    start.replay([next.clone()], next.steps + 1)?;
    told.push(next);
    Ok(())
}

/// `definition` with the ids of `before`, and what a machine is told of it.
fn redefined(before: &Definition, definition: &Definition) -> Option<(Definition, Redefinition)> {
    let (old, new) = (before.machine.as_ref()?, definition.machine.as_ref()?);
    let machine = Arc::new(aligned(new, old));
    let changes = changes(before, definition, &machine);
    let definition = Definition { machine: Some(Arc::clone(&machine)), ..definition.clone() };
    Some((definition, Redefinition { machine, changes }))
}
