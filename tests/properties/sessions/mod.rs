//! Whatever is done with a run in the debugger, it is the run that it would have been alone.

mod deeds;
mod session;
mod shown;

use std::sync::Arc;

use asldb::asl::{Definition, StateKind, Wait};
use asldb::debug::{Fork, Run};
use asldb::engine::{Execution, Log, Machine};
use asldb::runtime::tasks::{Answer, TaskCall, TaskResult, Tasks};
use asldb::runtime::{Clock, NoGate, Rate, Start, View};
use asldb::value::Timestamp;
use proptest::prelude::*;

use crate::machines::{Kinds, definition, definition_in_line, machine_of};
use crate::runs::{Answers, execution, genes, kinds};
use deeds::{Deed, NEUTRAL, WITH_LOCKS, deeds};
use session::Session;
use shown::{Detail, shown, threads, waits};

/// 2024-01-01T00:00:00Z
const START: Timestamp = Timestamp(1_704_067_200_000);

/// A clock that only waits move: runs under it have the same times.
fn standing() -> Clock {
    Clock::standing(START)
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(future)
}

/// A run of `definition`, not yet begun.
fn executed(definition: Definition, seed: u64) -> (Arc<Definition>, Execution) {
    let made = execution(machine_of(&definition), seed);
    (Arc::new(definition), made)
}

async fn alone(made: Execution, tasks: Arc<dyn Tasks>, mut clock: Clock) -> (Machine, Log) {
    clock.set_rate(Rate::Skips);
    let at = clock.now();
    let (driver, _handle) = Start::new(made, at, clock, tasks).drive(NoGate);
    driver.run(true).await
}

/// Answers as they do, some of them a little later.
struct Later(Answers);

impl Tasks for Later {
    fn invoke(&self, call: &TaskCall) -> Answer {
        match self.0.invoke(call) {
            Answer::Now(result) if call.invocation.task.0.is_multiple_of(2) => Answer::Later(Box::pin(later(result))),
            answer => answer,
        }
    }
}

async fn later(result: TaskResult) -> TaskResult {
    for _ in 0..3 {
        tokio::task::yield_now().await;
    }
    result
}

/// All that can be told of a run but what it may do yet.
fn whole(view: &View, execution: &Execution, detail: Detail) -> String {
    format!("{}\n{:?}\n{:?}", shown(&view.log, execution, detail), view.status, view.map_runs)
}

fn text_of(execution: &Execution) -> String {
    format!("{:?}", execution.machine)
}

/// Whether values depend on the order in which they are drawn.
fn is_random(execution: &Execution) -> bool {
    let text = text_of(execution);
    ["States.UUID", "$random", "$uuid"].iter().any(|name| text.contains(name))
}

fn has_failed_scope(log: &Log) -> bool {
    use asldb::engine::EventKind::{MapFailed, ParallelFailed};
    log.events.iter().any(|event| matches!(event.kind, MapFailed { .. } | ParallelFailed { .. }))
}

/// The seconds of the Wait states of fixed length.
fn seconds(execution: &Execution, state: u32) -> Option<i64> {
    match &execution.machine.states.get(state as usize)?.kind {
        StateKind::Wait(Wait::Seconds(seconds)) => i64::try_from(*seconds).ok(),
        _ => None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: crate::cases(250), max_global_rejects: 1 << 20, ..ProptestConfig::default() })]

    /// Events, ids, links, values and times; under a clock that only waits move, the times are exact.
    #[test]
    fn it_is_the_run_alone(genes in genes(), kinds in kinds(), seed: u64, deeds in deeds(NEUTRAL, 40)) {
        let run = executed(definition(&genes, kinds, None), seed);
        let made = &run.1;
        let tasks = Arc::new(Answers { seed, pace: 0 });
        let (machine, log) = block_on(alone(made.clone(), tasks.clone(), standing()));
        let (last, has_more_steps) = block_on(async {
            let mut session = Session::begin(&run, tasks, standing).await;
            for (deed, pick) in &deeds {
                let view = session.perform(*deed, *pick).await;
                // What is there is always a beginning of the whole.
                let same = view.log.events.iter().zip(log.events.iter());
                let same = same.take_while(|(a, b)| (a.id, a.previous, a.at, a.branch) == (b.id, b.previous, b.at, b.branch));
                let same = same.count();
                assert!(same == view.log.events.len(), "after {deed:?}: {:?} instead of {:?}", view.log.events.get(same), log.events.get(same));
            }
            (session.finish().await, session.has_more_steps)
        });
        let detail = if has_more_steps { Detail::NoSteps } else { Detail::All };
        let run = format!("{}\n{:?}\n{:?}", shown(&log, made, detail), machine.status(), machine.map_runs());
        same(&whole(&last, made, detail), &run)?;
        prop_assert!(has_more_steps || last.steps == machine.steps());
    }

    /// Under a clock that goes, only the times are others: nothing is over before its time.
    #[test]
    fn rates_change_only_times(genes in genes(), faults: bool, seed: u64, deeds in deeds(NEUTRAL, 40)) {
        let run = executed(definition_in_line(&genes, Kinds { time: true, loops: false, faults }), seed);
        let made = &run.1;
        // The time itself is no value here.
        prop_assume!(!text_of(made).contains("$millis"));
        let tasks = Arc::new(Answers { seed, pace: 0 });
        let (_, log) = block_on(alone(made.clone(), tasks.clone(), Clock::real()));
        let last = block_on(async {
            let mut session = Session::begin(&run, tasks, Clock::real).await;
            for (deed, pick) in &deeds {
                session.perform(*deed, *pick).await;
            }
            session.finish().await
        });
        same(&shown(&last.log, made, Detail::NoTimes), &shown(&log, made, Detail::NoTimes))?;
        for (state, millis) in waits(&last.log) {
            let least = seconds(made, state).unwrap_or(0) * 1000;
            prop_assert!(millis >= least, "{} ms instead of {}", millis, least);
        }
    }

    /// Whoever goes first, each branch and iteration does what it does.
    #[test]
    fn locks_change_only_the_order(genes in genes(), seed: u64, deeds in deeds(WITH_LOCKS, 60)) {
        let run = executed(definition(&genes, Kinds { time: false, loops: false, faults: false }, None), seed);
        let made = &run.1;
        let tasks = Arc::new(Answers { seed, pace: 0 });
        let (_, log) = block_on(alone(made.clone(), tasks.clone(), standing()));
        prop_assume!(!is_random(made) && !has_failed_scope(&log) && log.executions.is_empty());
        // Where the history is full, it ends with whoever came so far.
        prop_assume!(made.max_events.is_none_or(|most| log.events.len() + 1 < most as usize));
        let last = block_on(async {
            let mut session = Session::begin(&run, tasks, standing).await;
            for (deed, pick) in &deeds {
                session.perform(*deed, *pick).await;
            }
            session.finish().await
        });
        same(&threads(&last.log, made), &threads(&log, made))?;
    }

    /// A run that was driven by a clock of any rate, with answers in their own time, with locks and changes by hand, is
    /// made again at another rate as it was, to the millisecond; so is what goes on from one of its moments.
    #[test]
    fn runs_are_made_again_at_any_rate(
        genes in genes(), kinds in kinds(), seed: u64, deeds in deeds(NEUTRAL, 30), locks in deeds(WITH_LOCKS, 8), at: u16
    ) {
        let run = executed(definition(&genes, kinds, None), seed);
        let tasks: Arc<dyn Tasks> = Arc::new(Later(Answers { seed, pace: 0 }));
        block_on(async {
            let mut session = Session::begin(&run, Arc::clone(&tasks), Clock::real).await;
            for (deed, pick) in deeds.iter().chain(&locks) {
                session.perform(*deed, *pick).await;
            }
            is_made_again(&session.run, &tasks, Clock::skipping()).await;
            session.finish().await;
            is_made_again(&session.run, &tasks, Clock::real()).await;
            let steps = session.run.view().steps;
            session.fork(u64::from(at) % (steps + 1), None).await;
            session.perform(Deed::Rate, at).await;
            session.finish().await;
            is_made_again(&session.run, &tasks, Clock::standing(START)).await;
        });
    }
}

/// Whether two runs are the same, with the first line in which they are not.
fn same(run: &str, other: &str) -> Result<(), TestCaseError> {
    let parted = run.lines().zip(other.lines()).find(|(line, other)| line != other);
    prop_assert!(run == other, "{:#?}, {} lines and {}", parted, run.lines().count(), other.lines().count());
    Ok(())
}

/// The run as it is now, made again under `clock`.
async fn is_made_again(run: &Run, tasks: &Arc<dyn Tasks>, clock: Clock) {
    let view = run.view();
    let fork = Fork { number: 2, at: view.steps, changes: Vec::new(), definition: None, size: None };
    let again = run.fork(fork, &Default::default(), clock, Arc::clone(tasks));
    let again = again.unwrap_or_else(|refused| panic!("{refused}"));
    let mut views = again.handle().views();
    let shown = views.wait_for(|view| view.paused || view.status.is_done()).await.expect("the run is held").clone();
    let execution = run.handle().execution();
    same(&whole(&shown, execution, Detail::All), &whole(&view, execution, Detail::All))
        .unwrap_or_else(|parted| panic!("{parted}"));
    assert_eq!(shown.steps, view.steps);
}

/// Sessions do what they are meant to, so that the properties are about something.
#[test]
fn a_session_has_pauses() {
    let run = executed(definition(&[1, 1, 1, 1, 1, 1], Kinds { time: true, loops: false, faults: false }, None), 7);
    block_on(async {
        let mut session = Session::begin(&run, Arc::new(Answers { seed: 7, pace: 0 }), standing).await;
        let before = session.run.view();
        let after = session.perform(Deed::Step, 0).await;
        assert!(before.paused && before.steps == 0 && after.steps > 0);
        let edited = session.perform(Deed::EditData, 0).await;
        assert_eq!(edited.log.changes.len(), 2, "there and back");
        let back = session.perform(Deed::GoBack, 1).await;
        assert!(back.steps <= after.steps);
        assert!(session.finish().await.status.is_done());
    });
}
