//! The definition run on the recorded results of its tasks, in the order and at the times at which they came.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::Replay;
use super::answers::{Attempts, Visits};
use crate::asl::{Definition, StateId, StateKind};
use crate::engine::{
    Change, ChangeKind, Effect, EventId, EventKind, Execution, Fault, Invocation, Log, MAX_EVENTS, Machine, Outcome,
    Signal, Stage, Status, Step, TaskId,
};
use crate::runtime::Told;
use crate::runtime::tasks::TaskFailure;
use crate::value::{Timestamp, Value};

/// The error of a task that the history does not have.
pub const NOT_RECORDED: &str = "Asldb.NotRecorded";

/// A run on recorded results, as far as it came.
#[derive(Debug)]
pub struct Again {
    /// The execution at its end, or where it waits for what was not recorded any more.
    pub machine: Machine,
    /// What happened.
    pub log: Log,
    /// What it was told: with it the run can be made again.
    pub told: Vec<Told>,
}

impl Again {
    /// The run as one side of a comparison.
    #[must_use]
    pub fn side(&self) -> super::Recorded<'_> {
        let is_whole = self.machine.status().is_done();
        super::Recorded { log: &self.log, execution: self.machine.execution(), is_whole }
    }
}

impl Replay {
    /// Runs the definition on what was recorded. Waits take no time. Child executions of a distributed Map have
    /// histories of their own: such a state is left with its recorded output. None if the definition has errors.
    #[must_use]
    pub fn again(&self, definition: &Definition) -> Option<Again> {
        let machine = definition.machine.clone()?;
        let most = u32::try_from(self.log.events.len()).unwrap_or(u32::MAX).saturating_add(1000).max(MAX_EVENTS);
        let execution = Execution { machine, max_events: Some(most), ..Execution::clone(&self.execution) };
        let mut log = Log::default();
        let machine = Machine::start(execution, self.started(), &mut log);
        let mut running = Running {
            replay: self,
            attempts: Attempts::of(self),
            visits: Visits::of(&self.log, &self.execution.machine),
            machine,
            log,
            told: Vec::new(),
            coming: BTreeMap::new(),
            scheduled: HashMap::new(),
            entered: HashMap::new(),
        };
        running.run();
        Some(Again { machine: running.machine, log: running.log, told: running.told })
    }
}

/// How often something happened at a place.
type Turns = HashMap<(StateId, Vec<(StateId, u32)>), u32>;

struct Running<'r> {
    replay: &'r Replay,
    attempts: Attempts,
    visits: Visits,
    machine: Machine,
    log: Log,
    told: Vec<Told>,
    /// Answers on their way, in the order in which they were recorded.
    coming: BTreeMap<(Timestamp, EventId, TaskId), Result<Value, TaskFailure>>,
    scheduled: Turns,
    entered: Turns,
}

fn next_turn(turns: &mut Turns, state: StateId, place: &[(StateId, u32)]) -> u32 {
    let next = turns.entry((state, place.to_vec())).or_default();
    *next += 1;
    *next - 1
}

impl Running<'_> {
    fn run(&mut self) {
        loop {
            match self.machine.step(&mut self.log) {
                Outcome::Stepped(step) => {
                    self.stepped(&step);
                    self.perform();
                }
                Outcome::Waiting(deadline) => {
                    if !self.wait(deadline) {
                        return;
                    }
                }
                Outcome::Done => return,
            }
        }
    }

    fn tell(&mut self, signal: Signal) {
        let (steps, now) = (self.machine.steps(), self.machine.now());
        self.told.push(Told { steps, now, signal: Some(signal.clone()) });
        self.machine.signal(signal, &mut self.log);
        self.perform();
    }

    fn advance(&mut self, at: Timestamp) {
        self.machine.advance(at);
        self.told.push(Told { steps: self.machine.steps(), now: self.machine.now(), signal: None });
    }

    /// Goes on with what comes first: an answer, a time, or the end of what was stopped. Whether there was any.
    fn wait(&mut self, deadline: Option<Timestamp>) -> bool {
        let stop = self.stop();
        let answer = self.coming.first_key_value().map(|((at, event, _), _)| (*at, *event));
        let time = deadline.map(|at| (at, EventId(u32::MAX)));
        let first = [answer, time, stop.as_ref().map(|(at, event, _)| (*at, *event))].into_iter().flatten().min();
        let Some(first) = first else { return false };
        if let Some((at, event, fault)) = stop
            && first == (at, event)
        {
            self.advance(at);
            self.tell(Signal::Stop { error: fault.error.clone(), cause: fault.cause.clone() });
        } else if answer == Some(first) {
            self.advance(first.0);
            if let Some(((_, _, task), outcome)) = self.coming.pop_first() {
                self.tell(match outcome {
                    Ok(output) => Signal::TaskSucceeded { task, output },
                    Err(TaskFailure { error, cause, hint }) => Signal::TaskFailed { task, error, cause, hint },
                });
            }
        } else if self.is_beyond(first.0) {
            // What was not over when the history was taken does not become so here.
            return false;
        } else {
            self.advance(first.0);
        }
        true
    }

    /// When the execution was stopped by somebody, and how.
    fn stop(&self) -> Option<(Timestamp, EventId, Arc<Fault>)> {
        let Status::Aborted(fault) = &self.replay.status else { return None };
        let last = self.replay.log.events.last()?;
        Some((last.at, last.id, Arc::clone(fault)))
    }

    /// Whether `at` is after the end of a history that does not tell how the execution ended.
    fn is_beyond(&self, at: Timestamp) -> bool {
        !self.replay.status.is_done() && self.replay.log.events.last().is_some_and(|last| last.at < at)
    }

    fn perform(&mut self) {
        for effect in self.machine.take_effects() {
            match effect {
                Effect::Invoke(invocation) => self.invoke(&invocation),
                Effect::Cancel(task) => self.coming.retain(|(_, _, coming), _| *coming != task),
                Effect::ReadItems(read) => self.fail_map_run(read.task),
                Effect::WriteResults(write) => self.fail_map_run(write.task),
            }
        }
    }

    fn invoke(&mut self, invocation: &Invocation) {
        let (task, state) = (invocation.task, invocation.state);
        let turn = next_turn(&mut self.scheduled, state, &invocation.place);
        let execution = Arc::clone(self.machine.execution());
        let known = self.attempts.get(&execution.machine, state, &invocation.place, turn).cloned();
        let Some(attempt) = known else {
            if self.replay.status.is_done() {
                let cause = format!("The history has no attempt {} at this task.", turn + 1);
                self.coming.insert((self.machine.now(), EventId::NONE, task), Err(failure(NOT_RECORDED, &cause)));
            }
            return;
        };
        if let Some(worker) = attempt.started {
            // Only activities wait for that.
            self.tell(Signal::TaskStarted { task, worker });
        }
        if let Some(output) = attempt.submitted {
            self.tell(Signal::TaskSubmitted { task, output });
        }
        if let Some(outcome) = attempt.outcome {
            self.coming.insert((attempt.at.max(self.machine.now()), attempt.event, task), outcome);
        }
    }

    /// The Map Run failed when it was recorded, too; else its state is left before.
    fn fail_map_run(&mut self, task: TaskId) {
        let events = self.replay.log.events.iter();
        let fault = events.rev().find_map(|event| match &event.kind {
            EventKind::MapRunFailed { fault, .. } => Some(Arc::clone(fault)),
            _ => None,
        });
        let failure = match fault {
            Some(fault) => {
                TaskFailure { error: fault.error.clone(), cause: fault.cause.clone(), hint: fault.hint.clone() }
            }
            None => failure(NOT_RECORDED, "The history has no end of this Map Run."),
        };
        self.coming.insert((self.machine.now(), EventId::NONE, task), Err(failure));
    }

    /// A distributed Map is left as it was recorded.
    fn stepped(&mut self, step: &Step) {
        if step.stage != Stage::Enter {
            return;
        }
        let execution = Arc::clone(self.machine.execution());
        let state = execution.machine.state(step.state);
        let StateKind::Map(map) = &state.kind else { return };
        let place = self.log.place_of(step.branch);
        let turn = next_turn(&mut self.entered, step.state, &place);
        if !map.distributed.is_mode {
            return;
        }
        let visit = self.visits.get(&execution.machine, step.state, &place, turn as usize);
        let Some((_, Some(exit))) = visit else { return };
        let recorded = &self.replay.log;
        let Some(EventKind::StateExited { output, assigned, .. }) =
            recorded.event(exit).map(|event| event.kind.clone())
        else {
            return;
        };
        let next = recorded.events.range(exit.0 as usize, recorded.events.len()).find_map(|event| match &event.kind {
            EventKind::StateEntered { state, .. } if event.previous == exit => Some(*state),
            _ => None,
        });
        let next = next.map(|next| &self.replay.execution.machine.state(next).name);
        let to = next.and_then(|name| execution.machine.find(name));
        let change = |kind| Signal::Change(Box::new(Change { branches: vec![step.branch], kind }));
        for (name, value) in assigned.iter().flat_map(|assigned| assigned.iter()) {
            self.tell(change(ChangeKind::Variable { name: Arc::clone(name), value: value.clone() }));
        }
        self.tell(change(ChangeKind::Leave { output, to }));
    }
}

fn failure(error: &str, cause: &str) -> TaskFailure {
    TaskFailure { error: Some(error.into()), cause: Some(cause.into()), hint: None }
}
