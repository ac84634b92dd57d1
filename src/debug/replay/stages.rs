//! The stages of recorded visits: each state is run again by the engine from what was recorded, alone.

use std::collections::HashMap;
use std::sync::Arc;

use super::events::STRIDE;
use crate::asl::{StateId, StateKind, StateMachine};
use crate::engine::{
    Blocked, BranchId, Effect, Event, EventId, EventKind, Execution, Fault, Log, Machine, Outcome, Signal, Stage,
    StageRecord, Start, Variables,
};
use crate::value::{Array, Object, Timestamp, Value};

/// More steps than a state has in a visit, however often it is retried.
const MOST_STEPS: usize = 1000;

/// What is known of a visit beside its stages.
struct Visit {
    entered: EventId,
    exited: Option<EventId>,
    state: StateId,
    branch: BranchId,
    variables: Variables,
    /// The ends of the attempts at its work, with the events that told of them.
    attempts: Vec<(EventId, Result<Value, Arc<Fault>>)>,
    /// What its task was scheduled with first.
    scheduled: Option<Value>,
    /// The outputs of its branches or iterations, by their numbers.
    outputs: HashMap<u32, Value>,
    failed: bool,
}

/// Adds to `log` what the stages of its visits gave, as far as the definition and the history tell. The first `defined`
/// states of the machine are those of the definition; of others only the input and result of the work are known.
pub(super) fn add(log: &mut Log, execution: &Arc<Execution>, defined: usize) {
    let started = log.events.get(0).map_or(Timestamp(0), |event| event.at);
    let mut items: HashMap<EventId, Value> = HashMap::new();
    let mut records = Vec::new();
    for visit in visits(log, &execution.machine) {
        let has_work = matches!(
            execution.machine.state(visit.state).kind,
            StateKind::Task(_) | StateKind::Parallel(_) | StateKind::Map(_)
        );
        if (visit.state.0 as usize) < defined || has_work {
            Running { log, execution, started, visit: &visit }.run(&mut items, &mut records);
        }
    }
    records.sort_by_key(|record| record.step);
    records.into_iter().for_each(|record| log.stages.push(record));
}

/// All visits, in the order in which the states were entered.
fn visits(log: &Log, machine: &StateMachine) -> Vec<Visit> {
    let mut visits: Vec<Visit> = Vec::new();
    let mut open: HashMap<BranchId, usize> = HashMap::new();
    let mut variables: HashMap<BranchId, Variables> = HashMap::new();
    for event in log.events.iter() {
        match &event.kind {
            EventKind::StateEntered { state, .. } => {
                let seen = match variables.get(&event.branch) {
                    Some(seen) => seen.clone(),
                    None => {
                        let parent = log.branches.get(event.branch.0 as usize).map(|origin| origin.parent);
                        let outer =
                            parent.filter(|parent| *parent != event.branch).and_then(|parent| variables.get(&parent));
                        let seen = outer.map(Variables::inner).unwrap_or_default();
                        variables.insert(event.branch, seen.clone());
                        seen
                    }
                };
                open.insert(event.branch, visits.len());
                visits.push(Visit {
                    entered: event.id,
                    exited: None,
                    state: *state,
                    branch: event.branch,
                    variables: seen,
                    attempts: Vec::new(),
                    scheduled: None,
                    outputs: HashMap::new(),
                    failed: false,
                });
            }
            kind => {
                let Some(at) = open.get(&event.branch).copied() else { continue };
                follow(&mut visits, at, event, machine);
                if let EventKind::StateExited { output, assigned, .. } = kind {
                    open.remove(&event.branch);
                    if let Some(assigned) = assigned {
                        variables.entry(event.branch).or_default().assign(assigned);
                    }
                    give(&mut visits, &open, log, event, output);
                }
            }
        }
    }
    visits
}

/// Takes over what `event` tells of visit `at`.
fn follow(visits: &mut [Visit], at: usize, event: &Event, machine: &StateMachine) {
    let visit = &mut visits[at];
    match &event.kind {
        EventKind::TaskScheduled { scheduled, .. } => {
            visit.scheduled.get_or_insert_with(|| scheduled.input.clone());
        }
        EventKind::TaskSucceeded { output, .. } => visit.attempts.push((event.id, Ok(output.clone()))),
        EventKind::TaskFailed { fault, .. } | EventKind::TaskTimedOut { fault, .. } => {
            visit.attempts.push((event.id, Err(Arc::clone(fault))));
        }
        EventKind::ParallelSucceeded { .. } | EventKind::MapSucceeded { .. } => {
            let count = match &machine.state(visit.state).kind {
                StateKind::Parallel(parallel) => parallel.branches.len(),
                _ => visit.outputs.keys().max().map_or(0, |last| *last as usize + 1),
            };
            let outputs: Option<Vec<Value>> =
                (0..count).map(|index| visit.outputs.get(&u32::try_from(index).ok()?).cloned()).collect();
            // Those of a Map Run are not in the history.
            let is_own = !matches!(&machine.state(visit.state).kind, StateKind::Map(map) if map.distributed.is_mode);
            if let Some(outputs) = outputs.filter(|_| is_own) {
                visit.attempts.push((event.id, Ok(Value::Array(Array::new(outputs)))));
            }
        }
        EventKind::EvaluationFailed { .. } => visit.failed = true,
        EventKind::StateExited { .. } => visit.exited = Some(event.id),
        _ => {}
    }
}

/// The output of a state is that of its branch, if none follows: the state around gets it.
fn give(visits: &mut [Visit], open: &HashMap<BranchId, usize>, log: &Log, event: &Event, output: &Value) {
    let Some(origin) = log.branches.get(event.branch.0 as usize).filter(|origin| origin.state.is_some()) else {
        return;
    };
    if let Some(around) = open.get(&origin.parent).and_then(|at| visits.get_mut(*at)) {
        around.outputs.insert(origin.index, output.clone());
    }
}

/// One visit that is run again.
struct Running<'a> {
    log: &'a Log,
    execution: &'a Arc<Execution>,
    started: Timestamp,
    visit: &'a Visit,
}

impl Running<'_> {
    fn run(&self, items: &mut HashMap<EventId, Value>, records: &mut Vec<StageRecord>) {
        let Some(entered) = self.log.event(self.visit.entered) else { return };
        let EventKind::StateEntered { input, .. } = &entered.kind else { return };
        let execution = Execution { input: input.clone(), max_events: None, ..Execution::clone(self.execution) };
        let start = Start {
            variables: self.visit.variables.clone(),
            context: Some(self.context(entered, items)),
            ..Start::at(self.visit.state)
        };
        let mut own = Log::default();
        let mut machine = Machine::start_at(execution, start, entered.at, &mut own);
        let mut anchor = self.visit.entered;
        // The events after which the records come, each with the number of records by then.
        let mut anchors = vec![(anchor, 0)];
        let mut attempts = self.visit.attempts.iter();
        for _ in 0..MOST_STEPS {
            let is_work = self.is_work_of_others(&machine);
            let waits = match is_work {
                true => true,
                false => match machine.step(&mut own) {
                    Outcome::Stepped(step) if step.stage == Stage::Exit || step.state != self.visit.state => break,
                    Outcome::Stepped(_) => false,
                    Outcome::Waiting(Some(deadline)) if is_timed(&machine) => {
                        machine.advance(deadline);
                        false
                    }
                    Outcome::Waiting(_) => true,
                    Outcome::Done => break,
                },
            };
            if !waits {
                continue;
            }
            let Some((event, outcome)) = attempts.next() else { break };
            anchor = *event;
            anchors.push((anchor, own.stages.len()));
            if !tell(&mut machine, outcome, is_work, &mut own) {
                break;
            }
        }
        if let Some(exited) = self.visit.exited.filter(|_| matches!(self.kind(), StateKind::Wait(_))) {
            anchors.push((EventId(exited.0 - 1), own.stages.len()));
        }
        self.take(&own, &anchors, records);
        self.keep_items(&own, input, items);
    }

    fn kind(&self) -> &StateKind {
        &self.execution.machine.state(self.visit.state).kind
    }

    /// Whether the state stands before work that was done by its branches or iterations.
    fn is_work_of_others(&self, machine: &Machine) -> bool {
        matches!(self.kind(), StateKind::Parallel(_) | StateKind::Map(_))
            && machine.branch(BranchId::MAIN).is_some_and(|branch| {
                branch.state == self.visit.state
                    && branch.blocked == Blocked::No
                    && machine.next_stage(branch) == Stage::Work
            })
    }

    /// The context object as the state saw it, as far as it is known.
    fn context(&self, entered: &Event, items: &HashMap<EventId, Value>) -> Value {
        let names = &self.execution.names;
        let object = |members: Vec<(&str, Value)>| Value::Object(members.into_iter().collect::<Object>());
        let execution = object(vec![
            ("Id", names.execution_arn.clone().into()),
            ("Input", self.execution.input.clone()),
            ("StartTime", self.started.to_iso().into()),
            ("Name", names.execution_name.clone().into()),
            ("RoleArn", names.role_arn.clone().into()),
            ("RedriveCount", Value::from(0)),
        ]);
        let machine =
            object(vec![("Id", names.machine_arn.clone().into()), ("Name", names.machine_name.clone().into())]);
        let name = self.execution.machine.state(self.visit.state).name.clone();
        let mut state = vec![("Name", name.into()), ("EnteredTime", entered.at.to_iso().into())];
        if matches!(self.kind(), StateKind::Task(_) | StateKind::Parallel(_) | StateKind::Map(_)) {
            state.push(("RetryCount", Value::from(0)));
        }
        let mut all = vec![("Execution", execution), ("StateMachine", machine), ("State", object(state))];
        if matches!(self.kind(), StateKind::Task(task) if task.resource.has_token()) {
            // Where it went is recorded; the token is not told apart there.
            all.push(("Task", object(vec![("Token", Value::from("(task token)"))])));
        }
        if let Some(item) = self.item(items) {
            all.push(("Map", object(vec![("Item", item)])));
        }
        object(all)
    }

    /// The item of the innermost iteration around.
    fn item(&self, items: &HashMap<EventId, Value>) -> Option<Value> {
        for branch in self.log.branch_path(self.visit.branch).into_iter().rev() {
            let origin = self.log.branches.get(branch.0 as usize)?;
            if matches!(self.execution.machine.state(origin.state?).kind, StateKind::Map(_)) {
                let value = items.get(&origin.visit)?.as_array()?.get(origin.index as usize)?.clone();
                let members = [("Index", Value::from(origin.index)), ("Value", value)];
                return Some(Value::Object(members.into_iter().collect::<Object>()));
            }
        }
        None
    }

    /// Keeps the items of a Map for its iterations.
    fn keep_items(&self, own: &Log, input: &Value, items: &mut HashMap<EventId, Value>) {
        if !matches!(self.kind(), StateKind::Map(_)) {
            return;
        }
        let before = own.stages.iter().take_while(|record| record.stage < Stage::Work && record.outcome.is_ok());
        let list = before.last().and_then(|record| record.outcome.clone().ok());
        items.insert(self.visit.entered, list.unwrap_or_else(|| input.clone()));
    }

    /// Puts the records behind the events after which they came.
    fn take(&self, own: &Log, anchors: &[(EventId, usize)], records: &mut Vec<StageRecord>) {
        for (at, record) in own.stages.iter().enumerate() {
            if record.branch != BranchId::MAIN || record.state != self.visit.state {
                continue;
            }
            let anchor = anchors.iter().rev().find(|(_, from)| *from <= at);
            let Some((event, from)) = anchor else { continue };
            let mut outcome = record.outcome.clone();
            if outcome.is_err() && !self.has_failed(record.stage) {
                // The history went on here: what made it fail now is not what was there then.
                return;
            }
            if matches!(record.stage, Stage::Parameters | Stage::Arguments)
                && let Some(scheduled) = &self.visit.scheduled
            {
                outcome = Ok(scheduled.clone());
            }
            let behind = u64::try_from(at - from + 1).unwrap_or(1).min(STRIDE - 1);
            let step = u64::from(event.0) * STRIDE + behind;
            records.push(StageRecord {
                step,
                branch: self.visit.branch,
                visit: self.visit.entered,
                outcome,
                ..record.clone()
            });
        }
    }

    /// Whether the history has a failure for one at `stage`.
    fn has_failed(&self, stage: Stage) -> bool {
        let attempt_failed = self.visit.attempts.iter().any(|(_, outcome)| outcome.is_err());
        self.visit.failed || self.visit.exited.is_none() || (stage == Stage::Work && attempt_failed)
    }
}

/// Whether it waits for time alone: a Wait, or the delay before an attempt.
fn is_timed(machine: &Machine) -> bool {
    let branch = machine.branch(BranchId::MAIN);
    branch.is_some_and(|branch| matches!(branch.blocked, Blocked::Wait(_) | Blocked::Retry(_)))
}

/// Tells a machine how an attempt ended; whether it was of interest.
fn tell(machine: &mut Machine, outcome: &Result<Value, Arc<Fault>>, is_work: bool, log: &mut Log) -> bool {
    let failure = |fault: &Arc<Fault>| Fault { state: None, stage: None, ..Fault::clone(fault) };
    if is_work {
        return machine.answer(BranchId::MAIN, outcome.clone().map_err(|fault| failure(&fault)), log);
    }
    let invoked = machine.take_effects().into_iter().rev().find_map(|effect| match effect {
        Effect::Invoke(invocation) => Some(invocation.task),
        _ => None,
    });
    let Some(task) = invoked else { return false };
    machine.signal(Signal::TaskStarted { task, worker: None }, log);
    let signal = match outcome {
        Ok(output) => Signal::TaskSucceeded { task, output: output.clone() },
        Err(fault) => Signal::TaskFailed {
            task,
            error: fault.error.clone(),
            cause: fault.cause.clone(),
            hint: fault.hint.clone(),
        },
    };
    machine.signal(signal, log)
}
