//! What the last step did.

use std::sync::Arc;

use super::rules::{Decided, condition, decide, verdict};
use super::{Doing, Point, Sentence, bytes_of, list, preview, seconds, short, size, span_text};
use crate::asl::{Choice, Jitter, PathField, ResultPath, Retrier, State, StateId, StateKind};
use crate::debug::Moment;
use crate::debug::handling::Handling;
use crate::engine::fault::RUNTIME;
use crate::engine::{Blocked, Event, EventId, EventKind, Fault, Stage, StageRecord, Status, longest_delay, retry};
use crate::value::Value;

/// What the last step of the branch did, and which field or rule of the definition made it so.
#[must_use]
pub fn last(point: &Point<'_>) -> Sentence {
    if let Some(end) = point.is_over() {
        return Sentence::new(ended(point, end));
    }
    let Some(step) = point.last_step() else { return Sentence::new("nothing yet") };
    let (events, record) = point.of_step(step);
    Sentence::new(match record {
        Some(record) => match &record.outcome {
            Ok(value) => performed(point, record, value),
            Err(fault) => failed(point, record, fault),
        },
        None => {
            // A task is scheduled and started in one step; what it was given says more.
            let own = || events.iter().rev().filter(|event| event.branch == point.branch);
            let scheduled = own().find(|event| matches!(event.kind, EventKind::TaskScheduled { .. }));
            scheduled
                .or_else(|| own().next())
                .or(events.last())
                .map_or_else(|| "the run went on".to_owned(), |event| told(point, event))
        }
    })
}

fn ended(point: &Point<'_>, end: &Event) -> String {
    match &end.kind {
        EventKind::ExecutionSucceeded { output } => format!("the run succeeded with {} of output", size(output)),
        EventKind::ExecutionTimedOut(_) => "the run took longer than its TimeoutSeconds and is over".to_owned(),
        EventKind::ExecutionAborted(fault) => match &fault.cause {
            Some(cause) => format!("the run was stopped: {}", short(cause)),
            None => "the run was stopped".to_owned(),
        },
        kind => {
            let Some(fault) = kind.fault() else { return format!("the run is over ({})", Status::Running.name()) };
            let Some(state) = fault.state.and_then(|state| point.state(state)) else {
                return format!("the run failed with {}", error(fault));
            };
            format!("the run failed with {} in {}: {}", error(fault), state.name, untaken(state, fault))
        }
    }
}

/// Why nothing took a failure.
fn untaken(state: &State, fault: &Fault) -> String {
    if fault.name() == RUNTIME {
        return format!("{RUNTIME} is never retried or caught");
    }
    if matches!(state.kind, StateKind::Fail(_)) {
        return "that is what a Fail state does".to_owned();
    }
    match (state.retry.is_empty(), state.catch.is_empty()) {
        (true, true) => "it has no Retry and no Catch".to_owned(),
        _ if retry::retrier(&state.retry, fault).is_some() => "its retries were made, and no Catch names it".to_owned(),
        _ => "no Retry and no Catch of it names that".to_owned(),
    }
}

fn error(fault: &Fault) -> String {
    if fault.name().is_empty() { "an error without a name".to_owned() } else { short(fault.name()) }
}

/// A stage that gave a value.
fn performed(point: &Point<'_>, record: &StageRecord, value: &Value) -> String {
    let Some(state) = point.state(record.state) else { return "the run went on".to_owned() };
    let name = &state.name;
    let field = |field| point.field(state, field);
    match record.stage {
        Stage::Enter | Stage::Exit => format!("{name} went on"),
        Stage::ItemSelector => {
            let thread = point.thread(record.branch);
            format!("{thread} began: its input was made {}", selector(point, state, value))
        }
        Stage::InputPath => match &state.input_path {
            PathField::Null => "InputPath is null: {} took the place of the input".to_owned(),
            _ => format!("InputPath {} took {} out of the input", field("InputPath"), size(value)),
        },
        Stage::Parameters => made(point, state, "Parameters", value),
        Stage::Arguments => made(point, state, "Arguments", value),
        Stage::ItemsPath => format!("ItemsPath {} found {}", field("ItemsPath"), items(value)),
        Stage::Items => format!("Items gave {}", items(value)),
        Stage::Work => worked(point, state, record, value),
        Stage::ResultSelector => made(point, state, "ResultSelector", value),
        Stage::ResultPath => match &state.result_path {
            ResultPath::Discard => "ResultPath is null: the result was dropped, the input goes on".to_owned(),
            _ => format!("ResultPath {} put the result into the input: {}", field("ResultPath"), size(value)),
        },
        Stage::Catch => caught(point, state, record),
        Stage::OutputPath => format!("OutputPath {} kept {} as the output", field("OutputPath"), size(value)),
        Stage::Output => format!("Output made {}", preview(value)),
        Stage::Assign => {
            let Value::Object(object) = value else { return "Assign set variables".to_owned() };
            let names: Vec<&str> = object.iter().map(|(name, _)| name.as_ref()).collect();
            let values: Vec<String> = object.iter().take(1).map(|(_, value)| preview(value)).collect();
            match (names.as_slice(), values.as_slice()) {
                ([only], [value]) => format!("Assign set ${only} to {value}"),
                _ => format!("Assign set {}: {}", bytes_of(names.len(), "variable"), list(&names)),
            }
        }
    }
}

fn selector(point: &Point<'_>, state: &State, value: &Value) -> String {
    let field = state.field("ItemSelector").or_else(|| state.field("Parameters"));
    let from = field.map_or_else(|| "of its item".to_owned(), |field| point.made_of(state, &field.name));
    format!("{from}: {}", preview(value))
}

fn made(point: &Point<'_>, state: &State, field: &str, value: &Value) -> String {
    format!("{field} made {} {}", size(value), point.made_of(state, field))
}

fn items(value: &Value) -> String {
    match value {
        Value::Array(items) => bytes_of(items.len(), "item"),
        other => preview(other),
    }
}

fn worked(point: &Point<'_>, state: &State, record: &StageRecord, value: &Value) -> String {
    let name = &state.name;
    match &state.kind {
        StateKind::Choice(choice) => chose(point, state, choice, record, value),
        StateKind::Task(_) => format!("the task of {name} answered {}", preview(value)),
        StateKind::Parallel(parallel) => {
            format!("all {} branches of {name} are done: their outputs are an array", parallel.branches.len())
        }
        StateKind::Map(map) if map.distributed.is_mode => format!("the Map Run of {name} is done: {}", preview(value)),
        StateKind::Map(_) => format!("all iterations of {name} are done: {} in order", items(value)),
        StateKind::Pass { .. } => format!("Result gave {}", preview(value)),
        StateKind::Wait(_) | StateKind::Succeed | StateKind::Fail(_) => format!("{name} did its work"),
    }
}

fn chose(point: &Point<'_>, state: &State, choice: &Choice, record: &StageRecord, value: &Value) -> String {
    let taken = super::index(value);
    let Some(at) = taken else {
        return verdict(point, choice, &Decided::None(choice.rules.len()), "was");
    };
    // The rules are asked again for what they compared; the record says which was true.
    let input = input_of_work(point, record);
    let events = record.visit.0 as usize;
    let decided = input.and_then(|input| decide(point, choice, &input, (record.branch, events)));
    match decided {
        Some(Decided::Rule(again, why)) if again == at => verdict(point, choice, &Decided::Rule(at, why), "was"),
        _ => {
            let why = match condition(choice, at, state.language) {
                text if text.is_empty() => choice.rules.get(at).map(|rule| span_text(point.definition, rule.span)),
                text => Some(text),
            };
            verdict(point, choice, &Decided::Rule(at, why.unwrap_or_default()), "was")
        }
    }
}

/// What the work of a visit was done on: the newest value before it.
fn input_of_work(point: &Point<'_>, record: &StageRecord) -> Option<Value> {
    let stages = point.log.stages_of(record.visit);
    let before = stages.into_iter().rev().find(|other| other.step < record.step && other.stage != Stage::ItemSelector);
    if let Some(Ok(value)) = before.map(|before| &before.outcome) {
        return Some(value.clone());
    }
    match &point.log.event(record.visit)?.kind {
        EventKind::StateEntered { input, .. } => Some(input.clone()),
        _ => None,
    }
}

/// A catcher took an error.
fn caught(point: &Point<'_>, state: &State, record: &StageRecord) -> String {
    let Some((at, fault)) = point.catcher_of(state, record.visit, record.step) else {
        return format!("a catcher of {} took the error", state.name);
    };
    let next = state.catch.get(at).map_or("the next state", |catcher| point.name(catcher.next));
    format!("Catch {} of {} took {}: {next} follows, with the error in its input", at + 1, state.name, error(&fault))
}

/// A stage that failed, and what follows from it.
fn failed(point: &Point<'_>, record: &StageRecord, fault: &Arc<Fault>) -> String {
    let Some(state) = point.state(record.state) else { return format!("the run failed with {}", error(fault)) };
    let where_ = match record.stage {
        Stage::Work => state.name.to_string(),
        stage => format!("{stage:?} of {}", state.name),
    };
    format!("{where_} failed with {}: {}", error(fault), follows(point, state, record, fault))
}

fn follows(point: &Point<'_>, state: &State, record: &StageRecord, fault: &Fault) -> String {
    if fault.name() == RUNTIME {
        return format!("{RUNTIME} is never retried or caught");
    }
    let moment = Moment { events: point.log.events_at(record.step), step: record.step };
    let handling = Handling::of(state, fault, point.log, record.visit, moment);
    let retrier = handling.retrier.filter(|_| handling.retries);
    if let Some((at, retrier)) = retrier.and_then(|at| Some((at, state.retry.get(at)?))) {
        let (tried, most) = (handling.failures, retrier.max_attempts);
        return format!("Retry {} tries again{}, {tried} of {most}", at + 1, delay(point, retrier, tried));
    }
    match handling.catcher.and_then(|at| Some((at, state.catch.get(at)?))) {
        Some((at, catcher)) => format!("Catch {} takes it to {}", at + 1, point.name(catcher.next)),
        None if handling.in_catcher => "a failure in a catcher is not caught by its state".to_owned(),
        None => untaken(state, fault),
    }
}

fn delay(point: &Point<'_>, retrier: &Retrier, attempt: u64) -> String {
    match point.live.map(|branch| branch.blocked) {
        Some(Blocked::Retry(until)) => format!(" in {}", seconds(until.since(point.now))),
        _ => match longest_delay(retrier, u32::try_from(attempt).unwrap_or(u32::MAX)) {
            0 => String::new(),
            millis => {
                let up_to = if retrier.jitter == Jitter::Full { "up to " } else { "" };
                format!(" after {up_to}{}", seconds(i64::try_from(millis).unwrap_or(i64::MAX)))
            }
        },
    }
}

/// An event that no stage's value goes with.
fn told(point: &Point<'_>, event: &Event) -> String {
    let name = event.kind.state().map_or("", |state| point.name(state));
    match &event.kind {
        EventKind::ExecutionStarted { input } => format!("the run began with {} of input", size(input)),
        EventKind::StateEntered { state, input } => {
            format!("{name} was entered with {} of input{}", size(input), why_entered(point, *state, event))
        }
        EventKind::StateExited { state, output, .. } => {
            let doing = Doing { branch: event.branch, state: *state, stage: Stage::Exit };
            let transition = point.state(*state).map(|state| point.transition(state.transition, event.branch));
            let follows = point.chosen(doing).or(transition).unwrap_or_default();
            format!("{name} was left with {} of output: {follows}", size(output))
        }
        EventKind::Other(other) => format!("{} was recorded", other.name),
        EventKind::StateAborted { .. } => format!("{name} was given up, as what is around it failed"),
        EventKind::ParallelStarted { .. } => format!("{name} started its branches"),
        EventKind::MapStarted { length, .. } => format!("{name} started, with {}", bytes_of(*length as usize, "item")),
        EventKind::ParallelSucceeded { .. } => format!("all branches of {name} are done"),
        EventKind::MapSucceeded { .. } => format!("all iterations of {name} are done"),
        EventKind::ParallelFailed { .. } => format!("{name} failed, as one of its branches did"),
        EventKind::MapFailed { .. } => format!("{name} failed, as one of its iterations did"),
        EventKind::IterationStarted { index, .. } => format!("iteration {} of {name} began", index + 1),
        EventKind::IterationSucceeded { index, .. } => format!("iteration {} of {name} is done", index + 1),
        EventKind::IterationFailed { index, .. } => format!("iteration {} of {name} failed", index + 1),
        EventKind::IterationAborted { index, .. } => format!("iteration {} of {name} was given up", index + 1),
        EventKind::MapRunStarted { .. } => format!("the Map Run of {name} started"),
        EventKind::MapRunSucceeded { .. } => format!("the Map Run of {name} is done"),
        EventKind::MapRunFailed { fault, .. } => format!("the Map Run of {name} failed with {}", error(fault)),
        EventKind::MapRunRedriven { .. } => format!("the Map Run of {name} goes on"),
        EventKind::TaskScheduled { scheduled, .. } => {
            format!("the task of {name} was called with {} of input", size(&scheduled.input))
        }
        EventKind::TaskStarted { .. } => format!("the task of {name} was started"),
        EventKind::TaskSubmitted { .. } => format!("the task of {name} was submitted; its end is awaited"),
        EventKind::TaskSucceeded { output, .. } => format!("the task of {name} answered {}", preview(output)),
        EventKind::TaskFailed { fault, .. } => format!("the task of {name} failed with {}", error(fault)),
        EventKind::TaskTimedOut { fault, .. } => format!("the task of {name} ran out of time: {}", error(fault)),
        EventKind::EvaluationFailed { fault, .. } => format!("an expression of {name} failed: {}", error(fault)),
        EventKind::ExecutionRedriven { .. } => "the run goes on after its failure".to_owned(),
        EventKind::ExecutionSucceeded { .. }
        | EventKind::ExecutionFailed(_)
        | EventKind::ExecutionAborted(_)
        | EventKind::ExecutionTimedOut(_) => ended(point, event),
    }
}

/// Who sent the branch into a state.
fn why_entered(point: &Point<'_>, state: StateId, event: &Event) -> String {
    let scope = point.state(state).and_then(|state| point.machine.scopes.get(state.scope.0 as usize));
    let before = point.log.event(event.previous).filter(|before| before.branch == event.branch);
    let came = before.and_then(|before| match before.kind {
        EventKind::StateExited { state, .. } => Some(state),
        _ => None,
    });
    match came {
        Some(from) => format!(", after {}", point.name(from)),
        None if scope.is_some_and(|scope| scope.start == state) => ", as StartAt names it".to_owned(),
        None => String::new(),
    }
}

impl Point<'_> {
    /// Which rule or catcher of its state `doing` follows out of it; none for the state's own transition.
    pub(super) fn chosen(&self, doing: Doing) -> Option<String> {
        let state = self.state(doing.state)?;
        let is_own = |record: &&StageRecord| record.branch == doing.branch && record.state == doing.state;
        let entered = self.events().rev().take(super::NEAR).find(|event| {
            event.branch == doing.branch
                && matches!(event.kind, EventKind::StateEntered { state, .. } if state == doing.state)
        })?;
        let visit = entered.id;
        let mut own = self.records().rev().take(super::NEAR).filter(is_own).filter(|record| record.visit == visit);
        let record = own.find(|record| matches!(record.stage, Stage::Catch | Stage::Work) && record.outcome.is_ok())?;
        match (&state.kind, record.stage, &record.outcome) {
            (_, Stage::Catch, _) => {
                let (at, _) = self.catcher_of(state, visit, record.step)?;
                Some(format!("Catch {} names {}", at + 1, self.name(state.catch.get(at)?.next)))
            }
            (StateKind::Choice(choice), _, Ok(value)) => Some(match super::index(value) {
                Some(at) => format!("rule {} names {}", at + 1, self.name(choice.rules.get(at)?.next)),
                None => format!("Default names {}", self.name(choice.default?)),
            }),
            _ => None,
        }
    }

    /// The catcher that took the newest failure of a visit up to `step`, and that failure.
    fn catcher_of(&self, state: &State, visit: EventId, step: u64) -> Option<(usize, Arc<Fault>)> {
        let stages = self.log.stages_of(visit);
        let own = stages.iter().rev().filter(|record| record.step <= step);
        let fault = own.filter_map(|record| record.outcome.as_ref().err()).next().cloned();
        let fault = fault.or_else(|| self.inner_fault(visit, step))?;
        let at = retry::catcher(&state.catch, &fault)?;
        Some((at, fault))
    }

    /// The failure of a branch or iteration that became that of the visit around it.
    fn inner_fault(&self, visit: EventId, step: u64) -> Option<Arc<Fault>> {
        let branch = self.log.event(visit)?.branch;
        let until = self.log.stages.partition_point(|record| record.step <= step);
        let mut records = self.log.stages.range(until.saturating_sub(super::NEAR), until).rev();
        let is_inner = |record: &&StageRecord| {
            record.outcome.is_err() && record.branch != branch && self.log.branch_path(record.branch).contains(&branch)
        };
        records.find(is_inner)?.outcome.as_ref().err().cloned()
    }
}
