//! How a run begins: afresh, or where the record of an earlier process leaves it.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::clock::Clock;
use super::driver::Driver;
use super::gate::Gate;
use super::handle::Handle;
use super::tasks::{MapPart, TaskCall, Tasks};
use crate::asl::StateId;
use crate::engine::{Effect, Execution, Log, Machine, Outcome, Signal, TaskId};
use crate::value::Timestamp;

/// Something that a machine was told. Together with what it was started with, all of these make the same run again.
#[derive(Debug, Clone)]
pub struct Told {
    /// The steps it had made by then.
    pub steps: u64,
    /// The time it was told.
    pub now: Timestamp,
    /// What happened, if more than that time passed.
    pub signal: Option<Signal>,
}

/// Keeps what a machine is told.
pub trait Recorder: Send + 'static {
    /// The machine is told something.
    fn told(&mut self, told: Told);

    /// Others are about to see the machine as it is: what it was told so far must not be lost any more.
    fn flush(&mut self, machine: &Machine);
}

/// Two recorders of the same run.
struct Both(Box<dyn Recorder>, Box<dyn Recorder>);

impl Recorder for Both {
    fn told(&mut self, told: Told) {
        self.0.told(told.clone());
        self.1.told(told);
    }

    fn flush(&mut self, machine: &Machine) {
        self.0.flush(machine);
        self.1.flush(machine);
    }
}

/// A machine does not come to where its record says: the record is of another definition or another release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("after {made} steps the run differs from its record, which goes on at step {recorded}")]
pub struct Diverged {
    /// The steps that were made.
    pub made: u64,
    /// Where the record goes on.
    pub recorded: u64,
}

/// A run that can be driven.
pub struct Start {
    pub(super) machine: Machine,
    pub(super) log: Log,
    pub(super) clock: Clock,
    pub(super) tasks: Arc<dyn Tasks>,
    pub(super) recorder: Option<Box<dyn Recorder>>,
    pub(super) calls: Calls,
}

impl Start {
    /// A new execution that starts at `at`; its first event is written at once.
    #[must_use]
    pub fn new(execution: Execution, at: Timestamp, clock: Clock, tasks: Arc<dyn Tasks>) -> Self {
        let mut log = Log::default();
        let machine = Machine::start(execution, at, &mut log);
        Self { machine, log, clock, tasks, recorder: None, calls: Calls::default() }
    }

    /// The same with a recorder.
    #[must_use]
    pub fn recorded(mut self, recorder: Box<dyn Recorder>) -> Self {
        self.recorder = Some(recorder);
        self
    }

    /// The same with one more recorder, which hears of everything first.
    #[must_use]
    pub fn recorded_too(mut self, recorder: Box<dyn Recorder>) -> Self {
        self.recorder = Some(match self.recorder.take() {
            Some(other) => Box::new(Both(recorder, other)),
            None => recorder,
        });
        self
    }

    /// Brings the machine to where it had made `steps` steps after it was told all of `told`, in that order. Tasks that
    /// had no answer by then are invoked again when the run is driven.
    ///
    /// # Errors
    /// The record is not one of this execution; the machine stands where that was noticed.
    pub fn replay(&mut self, told: impl IntoIterator<Item = Told>, steps: u64) -> Result<(), Diverged> {
        for told in told {
            self.step_to(told.steps)?;
            self.machine.advance(told.now);
            if let Some(signal) = told.signal {
                self.calls.told(&signal);
                self.machine.signal(signal, &mut self.log);
                self.take_effects();
            }
        }
        self.step_to(steps)?;
        // The clock may have been ahead; time never goes back.
        let now = self.machine.now();
        self.clock.jump_to(now);
        Ok(())
    }

    /// Lets the clock go on from where the machine is, as if no time had passed since: waits and timeouts that were under
    /// way have as long to go as they had then.
    pub fn keep_time(&mut self) {
        self.clock.go_on_from(self.machine.now());
    }

    fn step_to(&mut self, steps: u64) -> Result<(), Diverged> {
        while self.machine.steps() < steps {
            if !matches!(self.machine.step(&mut self.log), Outcome::Stepped(_)) {
                break;
            }
            self.take_effects();
        }
        let made = self.machine.steps();
        if made == steps { Ok(()) } else { Err(Diverged { made, recorded: steps }) }
    }

    fn take_effects(&mut self) {
        for effect in self.machine.take_effects() {
            match effect {
                Effect::Invoke(invocation) => {
                    let call = self.calls.number(self.machine.execution(), invocation);
                    self.calls.open.insert(call.invocation.task, call);
                }
                Effect::Cancel(task) => {
                    self.calls.open.remove(&task);
                    self.calls.parts.remove(&task);
                }
                Effect::ReadItems(read) => {
                    self.calls.parts.insert(read.task, MapPart::Read(read));
                }
                Effect::WriteResults(write) => {
                    self.calls.parts.insert(write.task, MapPart::Write(write));
                }
            }
        }
    }

    /// Redrives an execution that has ended without success, at `at`. Gives what the machine was told, for the record;
    /// none: it cannot be redriven.
    pub fn redrive(&mut self, at: Timestamp) -> Option<Told> {
        let steps = self.machine.steps();
        self.machine.advance(at);
        let now = self.machine.now();
        if !self.machine.signal(Signal::Redrive, &mut self.log) {
            return None;
        }
        self.clock.jump_to(now);
        Some(Told { steps, now, signal: Some(Signal::Redrive) })
    }

    /// The record of the execution.
    #[must_use]
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// The execution as it stands.
    #[must_use]
    pub fn machine(&self) -> &Machine {
        &self.machine
    }

    /// The execution and its record, to be looked at instead of driven.
    #[must_use]
    pub fn into_parts(self) -> (Machine, Log) {
        (self.machine, self.log)
    }

    /// Ends it here, as StopExecution does.
    pub fn stop(&mut self, error: &str, cause: &str) {
        let stop = Signal::Stop { error: Some(error.into()), cause: Some(cause.into()) };
        self.machine.signal(stop, &mut self.log);
    }

    /// The driver that makes it go, with `gate` between its steps, and what holds it.
    pub fn drive<G: Gate>(self, gate: G) -> (Driver<G>, Handle<G::Command>) {
        Driver::new(self, gate)
    }
}

/// How often states were invoked, and the calls of an earlier process that nobody answered.
#[derive(Debug, Default)]
pub(super) struct Calls {
    pub(super) open: BTreeMap<TaskId, TaskCall>,
    pub(super) parts: BTreeMap<TaskId, MapPart>,
    invoked: HashMap<StateId, u32>,
    turns: HashMap<(StateId, Vec<(StateId, u32)>), u32>,
}

impl Calls {
    /// The call for `invocation`, numbered within its state.
    pub(super) fn number(&mut self, execution: &Arc<Execution>, invocation: crate::engine::Invocation) -> TaskCall {
        let next = self.invoked.entry(invocation.state).or_default();
        let number = *next;
        *next += 1;
        let turn = if invocation.place.is_empty() {
            number
        } else {
            let next = self.turns.entry((invocation.state, invocation.place.clone())).or_default();
            *next += 1;
            *next - 1
        };
        TaskCall { execution: Arc::clone(execution), invocation, number, turn }
    }

    /// Whether nothing is left to be asked for again.
    pub(super) fn is_answered(&self) -> bool {
        self.open.is_empty() && self.parts.is_empty()
    }

    /// Forgets a call that `signal` ends.
    fn told(&mut self, signal: &Signal) {
        if let Signal::TaskSucceeded { task, .. } | Signal::TaskFailed { task, .. } = signal {
            self.open.remove(task);
            self.parts.remove(task);
        }
    }
}
