//! The run of the state on the engine, up to the moment at which it is left, failed, or put off until a retry.

use std::sync::Arc;

use super::request::Call;
use super::{Environment, context, reader};
use crate::api::Exception;
use crate::asl::{StateId, StateKind};
use crate::engine::{
    Blocked, BranchId, Effect, EventKind, Execution, ExecutionType, Fault, Invocation, Log, Machine, MapPlan, Names,
    Outcome, Signal, Stage, Start, Status, Variables, retry,
};
use crate::value::{Array, Object, Value};

/// What became of the state.
#[derive(Debug)]
pub(super) enum Ended {
    Succeeded {
        output: Value,
        next: Option<Arc<str>>,
    },
    Caught {
        output: Value,
        next: Option<Arc<str>>,
        catcher: usize,
    },
    Retriable {
        retrier: usize,
        delay_seconds: u64,
    },
    /// With the retrier whose attempts are spent.
    Failed {
        retrier: Option<usize>,
    },
}

impl Ended {
    pub(super) fn output(&self) -> Option<&Value> {
        match self {
            Self::Succeeded { output, .. } | Self::Caught { output, .. } => Some(output),
            Self::Retriable { .. } | Self::Failed { .. } => None,
        }
    }

    pub(super) fn next(&self) -> Option<&Arc<str>> {
        match self {
            Self::Succeeded { next, .. } | Self::Caught { next, .. } => next.as_ref(),
            Self::Retriable { .. } | Self::Failed { .. } => None,
        }
    }
}

/// A visit to the state, and what was seen on it.
#[derive(Debug)]
pub(super) struct Visit {
    pub(super) ended: Ended,
    /// The failure, caught or not.
    pub(super) fault: Option<Fault>,
    /// The stage at which it failed.
    pub(super) failed_at: Option<Stage>,
    /// The data after each stage.
    pub(super) stages: Vec<(Stage, Value)>,
    /// The variables afterwards.
    pub(super) variables: Object,
    /// What a Map state evaluated.
    pub(super) plan: Option<MapPlan>,
}

/// Runs the state.
///
/// # Errors
/// `ValidationException` for what turns out on the way not to be testable.
pub(super) fn run(call: &Call, environment: &Environment<'_>) -> Result<Visit, Exception> {
    let mut run = Run::start(call, environment, call.tested.id);
    while run.step()? {}
    let mut visit = run.into_visit();
    // What nothing in the state handles is for the states around it (developer guide).
    let around = call.tested.machine.path(call.tested.id).into_iter().rev().skip(1);
    for owner in around {
        let Ended::Failed { .. } = visit.ended else { break };
        let Some(fault) = visit.fault.clone() else { break };
        let mut run = Run::start(call, environment, owner);
        run.machine.answer(BranchId::MAIN, Err(Fault { state: None, stage: None, ..fault }), &mut run.log);
        while !run.is_over() && run.step()? {}
        let outer = run.into_visit();
        if !matches!(outer.ended, Ended::Failed { .. }) {
            visit = Visit { ended: outer.ended, variables: outer.variables, ..visit };
        }
    }
    Ok(visit)
}

struct Run<'r> {
    call: &'r Call,
    environment: &'r Environment<'r>,
    state: StateId,
    machine: Machine,
    log: Log,
    plan: Option<MapPlan>,
}

impl<'r> Run<'r> {
    fn start(call: &'r Call, environment: &'r Environment<'r>, state: StateId) -> Self {
        let context = call.context.clone().unwrap_or_else(|| context::made_up(call, environment));
        let mut variables = Variables::default();
        variables.assign(&call.variables);
        let execution = Execution {
            machine: Arc::clone(&call.tested.machine),
            input: call.input.clone(),
            kind: ExecutionType::ExpressSync,
            names: nameless(environment.region),
            seed: environment.seed,
            max_events: None,
            record_stages: true,
        };
        let start = Start { variables, context: Some(context), retries: call.retries(), ..Start::at(state) };
        let mut log = Log::default();
        let machine = Machine::start_at(execution, start, environment.now, &mut log);
        Self { call, environment, state, machine, log, plan: None }
    }

    /// Goes on by one step; returns whether there is another one.
    fn step(&mut self) -> Result<bool, Exception> {
        if self.stands_before_children() {
            let outcome = self.children()?;
            self.machine.answer(BranchId::MAIN, outcome, &mut self.log);
            return Ok(!self.is_over());
        }
        match self.machine.step(&mut self.log) {
            Outcome::Waiting(Some(at)) => self.machine.advance(at),
            Outcome::Waiting(None) | Outcome::Done => return Ok(false),
            Outcome::Stepped(_) => {}
        }
        for effect in self.machine.take_effects() {
            if let Effect::Invoke(invocation) = effect {
                self.invoke(&invocation)?;
            }
        }
        Ok(!self.is_over())
    }

    /// Whether the state was left, failed, or waits for a retry.
    fn is_over(&self) -> bool {
        self.machine.status().is_done() || self.exit().is_some() || self.retry_delay().is_some()
    }

    fn stands_before_children(&self) -> bool {
        let Some(branch) = self.machine.branch(BranchId::MAIN) else { return false };
        let kind = &self.call.tested.machine.state(branch.state).kind;
        branch.state == self.state
            && matches!(kind, StateKind::Map(_) | StateKind::Parallel(_))
            && branch.blocked == Blocked::No
            && self.machine.next_stage(branch) == Stage::Work
    }

    /// What the branches or iterations gave: as mocked, unless the Map does not come as far.
    fn children(&mut self) -> Result<Result<Value, Fault>, Exception> {
        let state = self.call.tested.machine.state(self.state);
        if let StateKind::Map(map) = &state.kind {
            let read = match &map.distributed.reader {
                Some(reader) => self.read_items(reader)?,
                None => Ok(None),
            };
            let items = match read {
                Ok(items) => items,
                Err(fault) => return Ok(Err(fault)),
            };
            let mut plan = MapPlan::default();
            let planned = self.machine.plan_map(BranchId::MAIN, items, &mut plan);
            let plan = self.plan.insert(plan);
            if let Err(fault) = planned {
                return Ok(Err(*fault));
            }
            if let Some(fault) = failed_iterations(self.call, plan, map.distributed.is_mode)? {
                return Ok(Err(fault));
            }
        }
        Ok(match &self.call.mock {
            Some(mock) => mock.outcome(),
            None => Err(Fault::default()),
        })
    }

    /// The items that a reader gives; none: they stand in the input (developer guide).
    fn read_items(&self, of: &crate::asl::ItemReader) -> Result<Result<Option<Array>, Fault>, Exception> {
        let is_in_input = || self.machine.branch(BranchId::MAIN).is_some_and(|branch| branch.data.as_array().is_some());
        match &self.call.configuration.reader_data {
            Some(data) => Ok(reader::items(data, of).map(Some)),
            None if is_in_input() => Ok(Ok(None)),
            // Not recorded.
            None => Err(Exception::validation(
                "MapItemReaderData must be specified when testing a Map state with an ItemReader, unless its input is \
                 an array of items",
            )),
        }
    }

    fn invoke(&mut self, invocation: &Invocation) -> Result<(), Exception> {
        let outcome = match &self.call.mock {
            Some(mock) => mock.outcome(),
            None => self.call_task(invocation)?,
        };
        let task = invocation.task;
        let signal = match outcome {
            Ok(output) => Signal::TaskSucceeded { task, output },
            Err(Fault { error, cause, hint, .. }) => Signal::TaskFailed { task, error, cause, hint },
        };
        self.machine.signal(signal, &mut self.log);
        Ok(())
    }

    fn call_task(&self, invocation: &Invocation) -> Result<Result<Value, Fault>, Exception> {
        let StateKind::Task(task) = &self.call.tested.machine.state(invocation.state).kind else {
            return Ok(Err(Fault::default()));
        };
        let answered = self.environment.tasks.and_then(|tasks| tasks(&task.resource, &invocation.input));
        answered.ok_or_else(|| {
            Exception::validation(format!(
                "There is nothing here that answers '{}': specify a mock to test this state",
                task.resource.text
            ))
        })
    }

    /// The output, when the state was left.
    fn exit(&self) -> Option<&Value> {
        self.log.events.range(0, self.log.events.len()).rev().find_map(|event| match &event.kind {
            EventKind::StateExited { output, .. } => Some(output),
            _ => None,
        })
    }

    /// The milliseconds until the next attempt, when there is one.
    fn retry_delay(&self) -> Option<i64> {
        match self.machine.branch(BranchId::MAIN)?.blocked {
            Blocked::Retry(until) => Some(until.since(self.machine.now())),
            _ => None,
        }
    }

    fn into_visit(self) -> Visit {
        let records: Vec<_> = self.log.stages.range(0, self.log.stages.len()).collect();
        let failure =
            records.iter().find_map(|record| record.outcome.as_ref().err().map(|fault| (record.stage, fault)));
        let failed_at = failure.map(|(stage, _)| stage);
        let stages = records.iter().filter_map(|record| Some((record.stage, record.outcome.as_ref().ok()?.clone())));
        let stages: Vec<(Stage, Value)> = stages.collect();
        let is_caught = stages.iter().any(|(stage, _)| *stage == Stage::Catch);
        let recorded = failure.map(|(_, fault)| (**fault).clone());
        let fault = match self.machine.status().fault() {
            Some(fault) => Some((**fault).clone()),
            None => recorded,
        };
        let ended = self.ended(is_caught, fault.as_ref());
        let mut variables = Object::new();
        let own = self.machine.branch(BranchId::MAIN).map(|branch| branch.variables.clone()).unwrap_or_default();
        for (name, value) in own.scopes().flat_map(Object::iter) {
            variables.insert(name.clone(), value.clone());
        }
        let fault = fault.filter(|_| !matches!(ended, Ended::Succeeded { .. }));
        Visit { ended, fault, failed_at, stages, variables, plan: self.plan }
    }

    fn ended(&self, is_caught: bool, fault: Option<&Fault>) -> Ended {
        let state = self.call.tested.machine.state(self.state);
        let fault = || fault.cloned().unwrap_or_default();
        let retrier = || retry::retrier(&state.retry, &fault());
        if let Some(millis) = self.retry_delay() {
            let delay_seconds = u64::try_from(millis / 1000).unwrap_or_default();
            return Ended::Retriable { retrier: retrier().unwrap_or_default(), delay_seconds };
        }
        let Some(output) = self.exit().cloned() else {
            let is_spent = |at: &usize| u64::from(self.call.retries()) >= state.retry[*at].max_attempts;
            return Ended::Failed { retrier: retrier().filter(is_spent) };
        };
        let next = match self.machine.status() {
            Status::Running => self.machine.branch(BranchId::MAIN).map(|branch| branch.state),
            _ => None,
        };
        let next = next.map(|id| Arc::clone(&self.call.tested.machine.state(id).name));
        if is_caught {
            let catcher = retry::catcher(&state.catch, &fault()).unwrap_or_default();
            return Ended::Caught { output, next, catcher };
        }
        Ended::Succeeded { output, next }
    }
}

/// The failure of a distributed Map of which more iterations failed than it tolerates. The messages are recorded.
fn failed_iterations(call: &Call, plan: &MapPlan, is_distributed: bool) -> Result<Option<Fault>, Exception> {
    let Some(failed) = call.configuration.failed_iterations else { return Ok(None) };
    if failed > plan.iterations() as u64 {
        return Err(Exception::validation(
            "Map iteration failure count must be less than or equal to the number of Map iterations",
        ));
    }
    let is_exceeded = is_distributed && plan.is_exceeded_by(failed);
    let fault = || {
        Fault::new("States.ExceedToleratedFailureThreshold", "The specified tolerated failure threshold was exceeded")
    };
    Ok(is_exceeded.then(fault))
}

/// The context object of a test is made by itself; nothing looks at these.
fn nameless(region: &str) -> Names {
    Names {
        execution_arn: "".into(),
        execution_name: "".into(),
        machine_arn: "".into(),
        machine_name: "".into(),
        role_arn: "".into(),
        region: region.into(),
    }
}
