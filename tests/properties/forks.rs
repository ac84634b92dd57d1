//! A run that is made again from one of its moments is the run that it was; so is one whose changes were undone.

use std::sync::Arc;

use asldb::asl::Definition;
use asldb::debug::{Breakpoints, Fork, Mode, Run, RunSpec, StepSize};
use asldb::engine::{BranchId, Change, ChangeKind, Event, Execution, Machine, history};
use asldb::runtime::{Clock, View};
use asldb::value::{Timestamp, Value};
use proptest::prelude::*;

use crate::machines::{Kinds, machine};
use crate::runs::{Answers, execution, genes};

/// No waits: those of the wall clock do not repeat.
const TIMELESS: Kinds = Kinds { time: false, loops: false, faults: true };

async fn ended(run: &Run) -> Arc<View> {
    let mut views = run.handle().views();
    let view = views.wait_for(|view| view.status.is_done()).await.expect("the run is held");
    Arc::clone(&view)
}

fn begin(made: Execution, answers: Answers) -> Run {
    let Execution { machine, input, names, seed, .. } = made;
    let definition = Arc::new(Definition { machine: Some(machine), ..Definition::read("made.json", "{}") });
    let spec = RunSpec { number: 1, definition, input, mode: Mode::Async, size: StepSize::Continue, names, seed };
    Run::start(spec, &Breakpoints::default(), Clock::skipping(), Arc::new(answers)).expect("a machine")
}

fn again(run: &Run, fork: Fork, answers: Answers) -> Run {
    run.fork(fork, &Breakpoints::default(), Clock::skipping(), Arc::new(answers)).expect("the same run")
}

/// The events without the steps: changes add to them, and so does what is said again when a run is made again while a
/// task is being answered.
fn events(view: &View, run: &Execution) -> String {
    let line = |event: &Event| {
        let mut json = history::event_to_json(event, run);
        if let Value::Object(members) = &mut json {
            members.remove("timestamp");
        }
        format!("{:?} {json}\n", event.branch)
    };
    view.log.events.iter().map(line).collect()
}

/// The branch whose turn it is, with those around its child execution, and its data.
fn next(machine: &Machine) -> Option<(Vec<BranchId>, Value)> {
    let branch = machine.next_branch()?;
    let Some(child) = branch.child() else { return Some((vec![branch.id], branch.data.clone())) };
    let (mut place, data) = next(&child.machine)?;
    place.insert(0, branch.id);
    Some((place, data))
}

/// Time that passes for the people who look at a run is none for a run made of it.
#[tokio::test]
async fn a_wait_has_as_long_to_go_as_it_had_at_the_moment() {
    let text = r#"{"StartAt": "Rest", "States": {
        "Rest": {"Type": "Wait", "Seconds": 60, "Next": "Work"}, "Work": {"Type": "Succeed"}}}"#;
    let machine = Definition::read("rest.json", text).machine.expect("a machine");
    let Execution { machine, input, names, seed, .. } = execution(machine, 7);
    let definition = Arc::new(Definition { machine: Some(machine), ..Definition::read("made.json", "{}") });
    let spec = RunSpec { number: 1, definition, input, mode: Mode::Async, size: StepSize::Continue, names, seed };
    let at = |millis: i64| Clock::standing(Timestamp(1_600_000_000_000 + millis));
    let answers = || Arc::new(Answers { seed: 7, pace: 0 });
    let stands = |view: &Arc<View>| view.waiting || view.status.is_done();
    let run = Run::start(spec, &Breakpoints::default(), at(0), answers()).expect("a machine");
    let first = Arc::clone(&*run.handle().views().wait_for(stands).await.expect("the run is held"));
    let fork =
        Fork { number: 2, at: first.steps, changes: Vec::new(), definition: None, size: Some(StepSize::Continue) };
    let other = run.fork(fork, &Breakpoints::default(), at(86_400_000), answers()).expect("the same run");
    let other = Arc::clone(&*other.handle().views().wait_for(stands).await.expect("the run is held"));
    assert!(other.waiting && !other.status.is_done());
    assert_eq!(other.now, first.now);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: crate::cases(80), ..ProptestConfig::default() })]

    #[test]
    fn from_any_moment_on(genes in genes(), seed: u64, picks in prop::collection::vec(any::<u16>(), 1..5)) {
        let made = execution(machine(&genes, TIMELESS, None), seed);
        let answers = Answers { seed, pace: 0 };
        let (first, others) = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(async {
            let run = begin(made.clone(), answers);
            let first = ended(&run).await;
            let mut others = Vec::new();
            let mut last = run.clone();
            for pick in picks {
                let at = u64::from(pick) % first.steps;
                let fork = Fork { number: 2, at, changes: Vec::new(), definition: None, size: Some(StepSize::Continue) };
                // A fork of a fork is as good as one of the first run.
                last = again(&last, fork, answers);
                others.push(ended(&last).await);
            }
            (first, others)
        });
        for other in others {
            prop_assert_eq!(events(&other, &made), events(&first, &made));
        }
    }

    #[test]
    fn changes_that_are_undone(genes in genes(), seed: u64, pick: u16) {
        let made = execution(machine(&genes, TIMELESS, None), seed);
        let answers = Answers { seed, pace: 0 };
        let (first, other) = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(async {
            let run = begin(made.clone(), answers);
            let first = ended(&run).await;
            let at = u64::from(pick) % first.steps;
            let machine = run.machine_at(at, Arc::new(answers)).expect("the same run");
            let set = |branches, value| Change { branches, kind: ChangeKind::Data(value) };
            let branch = next(&machine);
            let changes = branch.map_or_else(Vec::new, |(place, data)| vec![set(place.clone(), Value::from("by hand")), set(place, data)]);
            let definition = Some(Arc::clone(&run.definition));
            let fork = Fork { number: 2, at, changes, definition, size: Some(StepSize::Continue) };
            let other = match run.fork(fork, &Breakpoints::default(), Clock::skipping(), Arc::new(answers)) {
                Ok(fork) => Some(ended(&fork).await),
                Err(refused) => panic!("{refused}"),
            };
            (first, other)
        });
        if let Some(other) = other {
            prop_assert_eq!(events(&other, &made), events(&first, &made));
        }
    }
}
