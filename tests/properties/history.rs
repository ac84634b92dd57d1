//! What every history has: numbers without gaps, links that lead back, an exit for no more than was entered, one end.

use std::collections::HashMap;

use asldb::engine::{self, BranchId, EventKind, Log};
use proptest::prelude::*;

use crate::machines::machine;
use crate::runs::{Answers, genes, kinds, run};

proptest! {
    #![proptest_config(ProptestConfig { cases: crate::cases(400), ..ProptestConfig::default() })]

    #[test]
    fn histories_are_whole(genes in genes(), kinds in kinds(), seed: u64, pace: u64) {
        let run = run(&machine(&genes, kinds, None), Answers { seed, pace });
        numbers_and_links(&run.log)?;
        visits(&run.log)?;
        tasks(&run.log)?;
        iterations(&run.log)?;
        records(&run.log)?;
        let (scheduled, full) = scheduled(&run.log);
        // The last one may have been scheduled by the event before the limit.
        prop_assert!(run.invoked <= scheduled && scheduled - run.invoked <= full);
        let json = engine::history::to_json(&run.log, run.machine.execution()).to_json();
        let json: serde_json::Value = serde_json::from_str(&json).expect("the history is JSON");
        prop_assert_eq!(json["events"].as_array().map(Vec::len), Some(run.log.events.len()));
    }
}

/// How many tasks were scheduled, child executions included, and how many histories are full.
fn scheduled(log: &Log) -> (usize, usize) {
    let own = log.events.iter().filter(|event| matches!(event.kind, EventKind::TaskScheduled { .. })).count();
    let full = usize::from(log.events.len() == 300);
    log.executions.iter().fold((own, full), |(tasks, full), child| {
        let inner = scheduled(&child.log);
        (tasks + inner.0, full + inner.1)
    })
}

fn numbers_and_links(log: &Log) -> Result<(), TestCaseError> {
    let mut before = None;
    for (at, event) in log.events.iter().enumerate() {
        prop_assert_eq!(event.id.0 as usize, at + 1);
        prop_assert!(event.previous < event.id, "{:?}", event);
        prop_assert!(before.is_none_or(|(time, step)| time <= event.at && step <= event.step), "{:?}", event);
        before = Some((event.at, event.step));
        prop_assert_eq!(event.kind.is_end(), at + 1 == log.events.len(), "one end, and it is the last: {:?}", event);
        let previous = log.event(event.previous);
        // A thread begins at the events of the thread that started it and ends in those.
        let related = previous.is_none_or(|previous| {
            log.branch_path(event.branch).contains(&previous.branch)
                || log.branch_path(previous.branch).contains(&event.branch)
                || matches!(event.kind, EventKind::IterationStarted { .. })
        });
        prop_assert!(related, "{:?} links to {:?}", event, previous);
    }
    Ok(())
}

/// Of each thread: entries and exits take turns and are of the same state.
fn visits(log: &Log) -> Result<(), TestCaseError> {
    let mut inside = HashMap::new();
    for event in log.events.iter() {
        match &event.kind {
            EventKind::StateEntered { state, .. } => {
                prop_assert_eq!(inside.insert(event.branch, *state), None, "{:?}", event);
            }
            EventKind::StateExited { state, .. } | EventKind::StateAborted { state } => {
                prop_assert_eq!(inside.remove(&event.branch), Some(*state), "{:?}", event);
            }
            EventKind::TaskScheduled { state, .. }
            | EventKind::TaskStarted { state, .. }
            | EventKind::TaskSucceeded { state, .. }
            | EventKind::TaskFailed { state, .. }
            | EventKind::TaskTimedOut { state, .. }
            | EventKind::ParallelStarted { state }
            | EventKind::MapStarted { state, .. } => {
                prop_assert_eq!(inside.get(&event.branch), Some(state), "{:?}", event);
            }
            _ => {}
        }
    }
    Ok(())
}

/// Of each thread: tasks are scheduled, started, perhaps submitted, and ended, in this order and once.
fn tasks(log: &Log) -> Result<(), TestCaseError> {
    let mut reached = HashMap::new();
    for event in log.events.iter() {
        let (stage, may_follow) = match event.kind {
            EventKind::TaskScheduled { .. } => (1, 0..=0),
            EventKind::TaskStarted { .. } => (2, 1..=1),
            EventKind::TaskSubmitted { .. } => (3, 2..=2),
            EventKind::TaskSucceeded { .. } | EventKind::TaskFailed { .. } | EventKind::TaskTimedOut { .. } => {
                (0, 2..=3)
            }
            _ => continue,
        };
        let before = reached.insert(event.branch, stage).unwrap_or(0);
        prop_assert!(may_follow.contains(&before), "{:?}", event);
    }
    Ok(())
}

/// Iterations that end have begun, and end once.
fn iterations(log: &Log) -> Result<(), TestCaseError> {
    let mut running: HashMap<BranchId, u32> = HashMap::new();
    for event in log.events.iter() {
        match event.kind {
            EventKind::IterationStarted { index, .. } => {
                prop_assert_eq!(running.insert(event.branch, index), None);
            }
            EventKind::IterationSucceeded { index, .. }
            | EventKind::IterationFailed { index, .. }
            | EventKind::IterationAborted { index, .. } => {
                prop_assert_eq!(running.remove(&event.branch), Some(index), "{:?}", event);
            }
            _ => {}
        }
    }
    Ok(())
}

/// Stages are those of visits that there are, in the order of steps.
fn records(log: &Log) -> Result<(), TestCaseError> {
    let mut step = 0;
    for record in log.stages.iter() {
        prop_assert!(record.step >= step);
        step = record.step;
        let visit = log.event(record.visit);
        prop_assert!(
            visit.is_some_and(
                |event| matches!(event.kind, EventKind::StateEntered { state, .. } if state == record.state)
            ),
            "{record:?} of {visit:?}"
        );
    }
    Ok(())
}
