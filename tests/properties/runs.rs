//! Runs of made machines with made answers, with every call to the machine on record.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use asldb::asl::StateMachine;
use asldb::engine::Names;
use asldb::engine::{self, Effect, Execution, ExecutionType, Invocation, Log, Machine, Outcome, Signal, StageRecord};
use asldb::value::{self, Timestamp, Value};
use proptest::prelude::*;

use crate::machines::Kinds;

/// More calls than any made run needs within its limit of events.
const MANY: usize = 100_000;
/// The limit of events, so that loops end soon.
const MAX_EVENTS: u32 = 300;

/// 2024-01-01T00:00:00Z
const START: Timestamp = Timestamp(1_704_067_200_000);

pub(crate) fn genes() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..160)
}

pub(crate) fn kinds() -> impl Strategy<Value = Kinds> {
    (any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(time, loops, faults)| Kinds { time, loops, faults })
}

/// How tasks are answered: by what they are, never by when they are asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Answers {
    pub(crate) seed: u64,
    /// Decides how long answers take, and nothing else.
    pub(crate) pace: u64,
}

fn hash(parts: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    parts.hash(&mut hasher);
    hasher.finish()
}

impl Answers {
    /// What becomes of the task: a result, an error, or nothing.
    pub(crate) fn outcome(self, name: &str, call: &Invocation) -> Option<Result<Value, &'static str>> {
        let number = hash((self.seed, name, call.retry_count));
        match number % 16 {
            0 | 1 => Some(Err("E0")),
            2 => Some(Err("E1")),
            3 => None,
            4..8 => Some(Ok(call.input.clone())),
            8..12 => Some(Ok(json(&format!(r#"{{"a":{},"b":[]}}"#, number % 3)))),
            _ => Some(Ok(json(&format!(r#"{{"a":"{name}","r":{{}}}}"#)))),
        }
    }

    /// What the machine is told of the task, and when; also what is not for tasks of its kind.
    fn signals(self, name: &str, call: &Invocation, now: Timestamp) -> Vec<(Timestamp, Signal)> {
        let task = call.task;
        let pace = hash((self.pace, name, &call.input.to_json(), call.retry_count));
        let at = |millis: u64| now.plus_millis(i64::try_from(millis).unwrap_or(i64::MAX));
        let mut signals = vec![(now, Signal::TaskStarted { task, worker: None })];
        signals.push((now, Signal::TaskSubmitted { task, output: Value::from("submitted") }));
        if pace.is_multiple_of(3) {
            signals.push((at(600), Signal::TaskHeartbeat { task }));
        }
        let end = match self.outcome(name, call) {
            Some(Ok(output)) => Signal::TaskSucceeded { task, output },
            Some(Err(error)) => Signal::TaskFailed { task, error: Some(error.into()), cause: None, hint: None },
            None => return signals,
        };
        signals.push((at(pace % 4 * 400), end));
        signals
    }
}

fn json(text: &str) -> Value {
    value::read(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// A call to a machine.
#[derive(Debug, Clone)]
pub(crate) enum Call {
    Step,
    Advance(Timestamp),
    Signal(Signal),
}

/// A run that has ended, and how it was driven.
pub(crate) struct Run {
    pub(crate) machine: Machine,
    pub(crate) log: Log,
    pub(crate) calls: Vec<Call>,
    /// What it wanted from the world.
    pub(crate) effects: Vec<String>,
    pub(crate) invoked: usize,
}

pub(crate) fn execution(machine: Arc<StateMachine>, seed: u64) -> Execution {
    let names = ["execution", "run", "machine", "Made", "role", "us-east-1"].map(Arc::from);
    let [execution_arn, execution_name, machine_arn, machine_name, role_arn, region] = names;
    Execution {
        machine,
        input: json(r#"{"a":2,"b":{"c":[1]},"items":[{"a":1},[],"x"]}"#),
        kind: ExecutionType::Standard,
        names: Names { execution_arn, execution_name, machine_arn, machine_name, role_arn, region },
        seed,
        max_events: Some(MAX_EVENTS),
        record_stages: true,
    }
}

pub(crate) fn start(machine: &Arc<StateMachine>, seed: u64) -> (Machine, Log) {
    start_of(execution(machine.clone(), seed))
}

fn start_of(execution: Execution) -> (Machine, Log) {
    let mut log = Log::default();
    (Machine::start(execution, START, &mut log), log)
}

/// Runs `machine` to its end.
pub(crate) fn run(machine: &Arc<StateMachine>, answers: Answers) -> Run {
    run_of(execution(machine.clone(), answers.seed), answers)
}

/// The same with failures held: nothing else is told before it is decided what becomes of one.
pub(crate) fn run_held(machine: &Arc<StateMachine>, answers: Answers) -> Run {
    let (machine, log) = start(machine, answers.seed);
    let mut run = Run { machine, log, calls: Vec::new(), effects: Vec::new(), invoked: 0 };
    run.call(Call::Signal(Signal::HoldFailures(true)));
    run.drive(answers);
    run
}

/// Whether a failure waits for its step, here or in a child execution.
fn stands_at_failure(machine: &Machine) -> bool {
    machine.branches().any(|branch| {
        branch.failure().is_some() || branch.child().is_some_and(|child| stands_at_failure(&child.machine))
    })
}

/// Runs an execution to its end.
pub(crate) fn run_of(execution: Execution, answers: Answers) -> Run {
    let (machine, log) = start_of(execution);
    let mut run = Run { machine, log, calls: Vec::new(), effects: Vec::new(), invoked: 0 };
    run.drive(answers);
    run
}

/// The same, and redrives it up to `times` times, each time with other answers.
pub(crate) fn run_redriven(machine: &Arc<StateMachine>, answers: Answers, times: u32) -> Run {
    let mut run = run(machine, answers);
    for time in 0..times {
        if !run.machine.is_redrivable(&run.log) {
            break;
        }
        run.call(Call::Advance(run.machine.now().plus_millis(1000)));
        run.call(Call::Signal(Signal::Redrive));
        run.drive(Answers { seed: hash((answers.seed, time)), ..answers });
    }
    run
}

impl Run {
    fn drive(&mut self, answers: Answers) {
        let mut agenda: Vec<(Timestamp, Signal)> = Vec::new();
        let begun = self.calls.len();
        while !self.machine.status().is_done() {
            assert!(self.calls.len() - begun < MANY, "no end after {MANY} calls");
            for effect in self.machine.take_effects() {
                self.effects.push(shown_effect(&effect));
                if let Effect::Invoke(call) = effect {
                    self.invoked += 1;
                    let name = self.machine.execution().machine.state(call.state).name.clone();
                    agenda.extend(answers.signals(&name, &call, self.machine.now()));
                }
            }
            agenda.sort_by_key(|(at, _)| *at);
            let due = agenda.first().map(|(at, _)| *at);
            if due.is_some_and(|at| at <= self.machine.now()) && !stands_at_failure(&self.machine) {
                let (_, signal) = agenda.remove(0);
                self.call(Call::Signal(signal));
            } else if let Some(Outcome::Waiting(deadline)) = self.call(Call::Step) {
                self.call(Call::Advance(deadline.into_iter().chain(due).min().expect("an end of time")));
            }
        }
        self.effects.extend(self.machine.take_effects().iter().map(shown_effect));
    }

    fn call(&mut self, call: Call) -> Option<Outcome> {
        let outcome = perform(&call, &mut self.machine, &mut self.log);
        self.calls.push(call);
        outcome
    }
}

/// Makes `call`.
pub(crate) fn perform(call: &Call, machine: &mut Machine, log: &mut Log) -> Option<Outcome> {
    match call {
        Call::Step => return Some(machine.step(log)),
        Call::Advance(at) => machine.advance(*at),
        Call::Signal(signal) => drop(machine.signal(signal.clone(), log)),
    }
    None
}

/// Everything that a log holds but the times, as text.
pub(crate) fn shown(log: &Log, execution: &Execution) -> String {
    let events = log.events.iter().map(|event| {
        let mut json = engine::history::event_to_json(event, execution);
        if let Value::Object(members) = &mut json {
            members.remove("timestamp");
        }
        format!("{:?} step {} {:?} {json}", event.branch, event.step, event.kind.fault())
    });
    let stages = log.stages.iter().map(|record| {
        let outcome = record.outcome.as_ref().map(Value::to_json);
        let StageRecord { step, branch, state, visit, stage, .. } = record;
        format!("{step} {branch:?} {state:?} {visit:?} {stage:?} {outcome:?}")
    });
    let branches = log.branches.iter().map(|origin| format!("{origin:?}"));
    let children = log.executions.iter().map(|child| {
        let (arn, status) = (&child.execution.names.execution_arn, child.status.name());
        format!("{arn} {} {status}\n{}", child.index, shown(&child.log, &child.execution))
    });
    events.chain(stages).chain(branches).chain(children).collect::<Vec<_>>().join("\n")
}

pub(crate) fn shown_effect(effect: &Effect) -> String {
    match effect {
        Effect::Cancel(task) => format!("cancel {task:?}"),
        Effect::Invoke(Invocation { task, branch, state, input, retry_count, token, place }) => {
            format!("invoke {task:?} {branch:?} {state:?} {input} {retry_count} {token:?} {place:?}")
        }
        Effect::ReadItems(_) | Effect::WriteResults(_) => format!("{effect:?}"),
    }
}
