//! What the retriers and catchers of a state make of a failure, by the engine's rules: the first retrier that matches is
//! the only one, counts for itself, and gives way to the catchers when its attempts are spent.

use std::sync::Arc;

use super::inspect::Moment;
use crate::asl::State;
use crate::engine::fault::{RUNTIME, TIMEOUT};
use crate::engine::{EventId, EventKind, Fault, Log, Stage, retry};

/// Records of other branches that are searched for what failed inside.
const NEAR: usize = 100_000;

/// Who takes a failure of a visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handling {
    /// The first retrier that matches: it alone counts.
    pub retrier: Option<usize>,
    /// The failures that were this retrier's, the newest included.
    pub failures: u64,
    /// Whether it has a retry left.
    pub retries: bool,
    /// The first catcher that matches, unless the state is retried.
    pub catcher: Option<usize>,
    /// The failure arose while a catcher was at work, which nothing of the state takes.
    pub in_catcher: bool,
}

impl Handling {
    /// What becomes of `fault`, the failure in which the visit of `state` that event `entered` began stands at `moment`.
    #[must_use]
    pub fn of(state: &State, fault: &Fault, log: &Log, entered: EventId, moment: Moment) -> Self {
        let none = Self { retrier: None, failures: 0, retries: false, catcher: None, in_catcher: false };
        if fault.name() == RUNTIME {
            return none;
        }
        if is_in_catcher(log, entered, moment) {
            return Self { in_catcher: true, ..none };
        }
        let retrier = retry::retrier(&state.retry, fault);
        let own = |fault: &Arc<Fault>| retry::retrier(&state.retry, fault) == retrier;
        let failures = match retrier {
            None => 0,
            Some(_) => earlier(log, entered, moment).iter().filter(|fault| own(fault)).count() as u64 + 1,
        };
        let most = retrier.and_then(|at| state.retry.get(at)).map_or(0, |retrier| retrier.max_attempts);
        let retries = retrier.is_some() && failures <= most;
        let catcher = retry::catcher(&state.catch, fault).filter(|_| !retries);
        Self { retrier, failures, retries, catcher, in_catcher: false }
    }
}

/// Whether the last failure of the visit came after a catcher had begun.
fn is_in_catcher(log: &Log, entered: EventId, moment: Moment) -> bool {
    let stages = log.stages_of(entered);
    let mut own = stages.iter().rev().filter(|record| record.step <= moment.step);
    match own.next() {
        Some(last) if last.outcome.is_err() => {
            last.stage == Stage::Catch || own.any(|record| record.stage == Stage::Catch)
        }
        _ => false,
    }
}

/// The failures of the attempts of a visit before the newest.
fn earlier(log: &Log, entered: EventId, moment: Moment) -> Vec<Arc<Fault>> {
    let Some(entry) = log.event(entered) else { return Vec::new() };
    let (branch, state) = (entry.branch, entry.kind.state());
    let mut faults: Vec<(u64, Arc<Fault>)> = Vec::new();
    for record in log.stages_of(entered).into_iter().filter(|record| record.step <= moment.step) {
        faults.extend(record.outcome.as_ref().err().map(|fault| (record.step, fault.clone())));
    }
    let events = log.events.range(entered.0 as usize, moment.events.min(log.events.len())).take(NEAR);
    let own: Vec<_> = events.filter(|event| event.branch == branch && event.kind.state() == state).collect();
    if faults.is_empty() {
        faults.extend(own.iter().filter_map(|event| Some((event.step, event.kind.fault()?.clone()))));
    }
    // What fails inside is written down there; each attempt begins anew.
    let begins = |kind: &EventKind| matches!(kind, EventKind::ParallelStarted { .. } | EventKind::MapStarted { .. });
    let begun: Vec<u64> = own.iter().filter(|event| begins(&event.kind)).map(|event| event.step).collect();
    for attempt in begun.windows(2) {
        let (from, until) = (attempt[0], attempt[1]);
        let end = log.stages.partition_point(|record| record.step < until);
        let start = log.stages.partition_point(|record| record.step < from).max(end.saturating_sub(NEAR));
        let inner = log.stages.range(start, end).rev().find_map(|record| {
            let is_inside = record.branch != branch && log.branch_path(record.branch).contains(&branch);
            record.outcome.as_ref().err().filter(|_| is_inside).map(|fault| (record.step, fault.clone()))
        });
        let is_known = faults.iter().any(|(step, _)| (from..until).contains(step));
        faults.extend(inner.filter(|_| !is_known));
    }
    faults.sort_by_key(|(step, _)| *step);
    // The newest failure is the one that is asked about, if it is one of its own.
    let last_begin = begun.last().copied().unwrap_or(0);
    if faults.last().is_some_and(|(step, _)| *step >= last_begin) {
        faults.pop();
    }
    faults.into_iter().map(|(_, fault)| fault).collect()
}

/// Why a list of error names does not take a failure, beyond their being others; none where that is all.
#[must_use]
pub fn unlike(names: &[Arc<str>], fault: &Fault) -> Option<String> {
    let has = |wanted: &str| names.iter().any(|name| **name == *wanted);
    if has("States.TaskFailed") && fault.name() == TIMEOUT {
        return Some("States.TaskFailed takes all but States.Timeout".to_owned());
    }
    if has("States.HeartbeatTimeout") && fault.name() == TIMEOUT {
        return Some("it was no missed heartbeat".to_owned());
    }
    let other_case = names.iter().find(|name| name.eq_ignore_ascii_case(fault.name()) && ***name != *fault.name());
    if other_case.is_some() {
        return Some(format!("{} is written otherwise: case matters", fault.name()));
    }
    has("States.BranchFailed").then(|| format!("the branch failed with {}, which is what counts", fault.name()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::asl::Definition;
    use crate::engine::{
        Blocked, BranchId, Effect, Execution, ExecutionType, Machine, Names, Outcome, Signal, Stage as S,
    };
    use crate::value::{Timestamp, Value};

    const TASK: &str =
        "T: {Type: Task, Resource: 'arn:aws:lambda:us-east-1:123456789012:function:f', HANDLERS End: true}";
    const AROUND: &str = "P: {Type: Parallel, HANDLERS Branches: [{StartAt: T, States: {T: {Type: Task, Resource: 'arn:aws:lambda:us-east-1:123456789012:function:f', End: true}}}], End: true}";
    const HANDLERS: &str = "Retry: [{ErrorEquals: [A, B], MaxAttempts: 1}, {ErrorEquals: [States.TaskFailed], MaxAttempts: 2, JitterStrategy: FULL}, {ErrorEquals: [States.ALL], MaxAttempts: 1}], Catch: [{ErrorEquals: [a], Next: One}, {ErrorEquals: [States.TaskFailed], Next: Two}, {ErrorEquals: [States.ALL], Next: Three}],";

    fn machine(state: &str) -> (Machine, Log) {
        let state = state.replace("HANDLERS", HANDLERS);
        let start = state.split(':').next().expect("a name");
        let ends = "  One: {Type: Succeed}\n  Two: {Type: Succeed}\n  Three: {Type: Succeed}";
        let text = format!("StartAt: {start}\nStates:\n  {state}\n{ends}\n");
        let definition = Definition::read("x.yaml", &text);
        let machine = definition.machine.clone().unwrap_or_else(|| panic!("{}", definition.render_diagnostics()));
        let names = ["e", "n", "m", "M", "r", "us-east-1"].map(Arc::from);
        let [execution_arn, execution_name, machine_arn, machine_name, role_arn, region] = names;
        let names = Names { execution_arn, execution_name, machine_arn, machine_name, role_arn, region };
        let (input, kind) = (Value::empty_object(), ExecutionType::Standard);
        let execution = Execution { machine, input, kind, names, seed: 1, max_events: None, record_stages: true };
        let mut log = Log::default();
        let machine = Machine::start(execution, Timestamp(0), &mut log);
        (machine, log)
    }

    /// Fails the task with these errors one after the other; what is said of each must be what becomes of it.
    fn compare(state: &str, errors: &[&str]) -> Result<(), TestCaseError> {
        let (mut machine, mut log) = machine(state);
        let execution = Arc::clone(machine.execution());
        let first = execution.machine.state(execution.machine.scope(crate::asl::ScopeId::TOP).start).clone();
        let mut errors = errors.iter();
        loop {
            match machine.step(&mut log) {
                Outcome::Stepped(_) => {}
                Outcome::Done => return Ok(()),
                Outcome::Waiting(until) => {
                    let call = machine.take_effects().into_iter().find_map(|effect| match effect {
                        Effect::Invoke(call) => Some(call),
                        _ => None,
                    });
                    let Some(call) = call else {
                        machine.advance(until.expect("a retry"));
                        continue;
                    };
                    let Some(error) = errors.next() else { return Ok(()) };
                    let fault = Fault::new(error, "c");
                    let signal = Signal::TaskFailed {
                        task: call.task,
                        error: fault.error.clone(),
                        cause: fault.cause.clone(),
                        hint: fault.hint.clone(),
                    };
                    machine.signal(signal, &mut log);
                    let entered = log.last_visit(crate::asl::StateId(0), log.events.len()).expect("a visit");
                    let said = Handling::of(&first, &fault, &log, entered, Moment::newest(&log));
                    let main = machine.branch(BranchId::MAIN).expect("the execution");
                    let retried = matches!(main.blocked, Blocked::Retry(_));
                    prop_assert_eq!(said.retries, retried, "{} {:?}", error, said);
                    let caught = !retried && main.stage == S::Catch;
                    prop_assert_eq!(said.catcher.is_some(), caught, "{} {:?}", error, said);
                    if let Some(at) = said.catcher {
                        machine.step(&mut log);
                        while matches!(machine.step(&mut log), Outcome::Stepped(_)) {}
                        let next = &execution.machine.state(first.catch[at].next).name;
                        let entered = log.events.iter().rev().find_map(|event| match event.kind {
                            EventKind::StateEntered { state, .. } => Some(execution.machine.state(state).name.clone()),
                            _ => None,
                        });
                        prop_assert_eq!(Some(next), entered.as_ref());
                    }
                }
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

        #[test]
        fn what_is_said_is_what_happens(
            errors in prop::collection::vec(
                prop::sample::select(vec!["A", "B", "a", "C", "States.Timeout", "States.Runtime", "States.DataLimitExceeded", "States.TaskFailed", "States.Permissions", ""]),
                1..8,
            ),
        ) {
            compare(TASK, &errors)?;
            compare(AROUND, &errors)?;
        }
    }

    #[test]
    fn why_a_name_does_not_match() {
        let names = |names: &[&str]| names.iter().map(|name| Arc::from(*name)).collect::<Vec<Arc<str>>>();
        let why = |listed: &[&str], fault: &Fault| unlike(&names(listed), fault).unwrap_or_default();
        assert_eq!(why(&["States.TaskFailed"], &Fault::timeout()), "States.TaskFailed takes all but States.Timeout");
        assert_eq!(why(&["States.HeartbeatTimeout"], &Fault::timeout()), "it was no missed heartbeat");
        assert_eq!(why(&["custom"], &Fault::new("Custom", "")), "Custom is written otherwise: case matters");
        assert_eq!(why(&["Other"], &Fault::new("Custom", "")), "");
    }
}
