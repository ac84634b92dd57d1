//! A run that is paused, stepped and looked at is the run that it would have been.

use std::sync::Arc;

use asldb::asl::StateMachine;
use asldb::debug::{Breakpoint, Breakpoints, Command, DebugGate, Plan, StatePath, StepSize, Thread};
use asldb::engine::{BranchId, Execution, Log, Machine};
use asldb::runtime::tasks::{Answer, TaskCall, TaskResult, Tasks};
use asldb::runtime::{Clock, Driver, Gate, Handle, NoGate, Order};
use asldb::value::Value;
use proptest::prelude::*;

use crate::machines::{Kinds, machine};
use crate::runs::{Answers, execution, genes, shown};

/// No waits: those of the wall clock do not repeat.
const TIMELESS: Kinds = Kinds { time: false, loops: true, faults: true };

impl Tasks for Answers {
    fn invoke(&self, call: &TaskCall) -> Answer {
        match self.outcome(&call.state().name, &call.invocation) {
            Some(Ok(output)) => Answer::Now(TaskResult { submitted: Some(Value::Null), outcome: Ok(output) }),
            Some(Err(error)) => Answer::Now(TaskResult::failed(error, "")),
            None => Answer::Hang { submitted: None },
        }
    }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(future)
}

fn start<G: Gate>(execution: Execution, gate: G, answers: Answers) -> (Driver<G>, Handle<G::Command>) {
    Driver::start(execution, Clock::skipping(), gate, Arc::new(answers))
}

fn straight(execution: Execution, answers: Answers) -> (Machine, Log) {
    block_on(async {
        let (driver, _handle) = start(execution, NoGate, answers);
        driver.run(true).await
    })
}

/// Goes on with another step size at each pause; gives the logs that were seen then as well.
fn stepped(execution: Execution, answers: Answers, choices: &[u8]) -> (Machine, Log, Vec<Log>) {
    let states = u32::try_from(execution.machine.states.len()).expect("few states");
    let chosen = execution.machine.ids().filter(|id| choices.get(id.0 as usize).is_some_and(|byte| *byte > 200));
    let places = chosen.map(|id| StatePath::of(&execution.machine, id));
    let breakpoints: Breakpoints = places.map(Breakpoint::on_entry).collect();
    let plan = Plan::new(&breakpoints, &execution.machine);
    let (gate, _report) = DebugGate::new(StepSize::Stage, plan.into());
    block_on(async {
        let (driver, handle) = start(execution, gate, answers);
        let (run, seen) = tokio::join!(driver.run(true), steer(handle, choices, states));
        (run.0, run.1, seen)
    })
}

async fn steer(handle: Handle<Command>, choices: &[u8], states: u32) -> Vec<Log> {
    let mut views = handle.views();
    let mut seen = Vec::new();
    let mut choices = choices.iter().cycle();
    while views.changed().await.is_ok() {
        let view = views.borrow_and_update().clone();
        if view.status.is_done() {
            break;
        }
        if !view.paused {
            continue;
        }
        seen.push(view.log.clone());
        let choice = u32::from(choices.next().copied().unwrap_or_default());
        if choice % 11 == 0 {
            let branch =
                view.branches.get(choice as usize % view.branches.len()).map_or(BranchId::MAIN, |branch| branch.id);
            handle.send(Order::Command(Command::Focus(Thread::of(branch))));
        }
        handle.send(Order::Command(Command::Go(match choice % 6 {
            0 | 1 => StepSize::Stage,
            2 => StepSize::Next,
            3 => StepSize::Finish,
            4 => StepSize::RunTo(asldb::asl::StateId(choice % states)),
            _ => StepSize::Continue,
        })));
    }
    seen
}

proptest! {
    #![proptest_config(ProptestConfig { cases: crate::cases(150), ..ProptestConfig::default() })]

    #[test]
    fn stepping_changes_nothing(genes in genes(), seed: u64, choices in prop::collection::vec(any::<u8>(), 1..40)) {
        let made: Arc<StateMachine> = machine(&genes, TIMELESS, None);
        let answers = Answers { seed, pace: 0 };
        let (machine, log) = straight(execution(made.clone(), seed), answers);
        let (stepped_machine, stepped_log, seen) = stepped(execution(made, seed), answers, &choices);
        let whole = shown(&log, machine.execution());
        prop_assert_eq!(shown(&stepped_log, machine.execution()), whole);
        prop_assert_eq!(stepped_machine.steps(), machine.steps());
        // What was published at a pause is still what it was: a beginning of the whole.
        let mut length = 0;
        for log in seen.iter().step_by(7) {
            prop_assert!(log.events.len() >= length);
            length = log.events.len();
            let same = log.events.iter().zip(stepped_log.events.iter()).all(|(a, b)| (a.id, a.at, a.step) == (b.id, b.at, b.step));
            prop_assert!(same);
        }
    }
}
