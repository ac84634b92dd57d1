//! The same calls give the same run, from the start and from any moment.

use std::collections::HashMap;

use asldb::engine::history::event_to_json;
use asldb::engine::{BranchId, EventKind, Log, Machine, Status};
use proptest::prelude::*;

use crate::machines::{Kinds, machine};
use crate::runs::{Answers, Call, Run, genes, kinds, perform, run, run_redriven, shown, shown_effect, start};

/// Makes `calls`; gives what the machine wanted from the world meanwhile.
fn make(calls: &[Call], machine: &mut Machine, log: &mut Log) -> Vec<String> {
    let mut effects = Vec::new();
    for call in calls {
        perform(call, machine, log);
        effects.extend(machine.take_effects().iter().map(shown_effect));
    }
    effects
}

/// All that can be told of a run but its effects.
fn end(machine: &Machine, log: &Log) -> String {
    let times: Vec<i64> = log.events.iter().map(|event| event.at.0).collect();
    format!("{}\n{} steps {times:?}", shown(log, machine.execution()), machine.steps())
}

fn shown_events(run: &Run) -> Vec<String> {
    let execution = run.machine.execution();
    run.log.events.iter().map(|event| event_to_json(event, execution).to_json()).collect()
}

/// The output, but for the numbers of events, which causes tell and which depend on the order.
fn output(run: &Run) -> String {
    let Status::Succeeded(output) = run.machine.status() else { return run.machine.status().name().to_owned() };
    let json = output.to_json();
    let mut parts = json.split("entered at the event id #");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.trim_start_matches(|c: char| c.is_ascii_digit()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: crate::cases(400), max_global_rejects: 1024 + 4 * crate::cases(400), ..ProptestConfig::default() })]

    #[test]
    fn a_replay_is_the_run(genes in genes(), kinds in kinds(), seed: u64, pace: u64) {
        let machine = machine(&genes, kinds, None);
        let first = run(&machine, Answers { seed, pace });
        let (mut again, mut log) = start(&machine, seed);
        let effects = make(&first.calls, &mut again, &mut log);
        prop_assert_eq!(effects, first.effects);
        prop_assert_eq!(end(&again, &log), end(&first.machine, &first.log));
    }

    #[test]
    fn a_replay_with_redrives_is_the_run(genes in genes(), kinds in kinds(), seed: u64, pace: u64, times in 1_u32..4) {
        let machine = machine(&genes, kinds, None);
        let first = run_redriven(&machine, Answers { seed, pace }, times);
        let (mut again, mut log) = start(&machine, seed);
        let effects = make(&first.calls, &mut again, &mut log);
        prop_assert_eq!(effects, first.effects);
        prop_assert_eq!(end(&again, &log), end(&first.machine, &first.log));
    }

    /// What was left stays left: no visit to a state ends twice, and what a redrive adds comes behind what was there.
    #[test]
    fn redrives_only_add(genes in genes(), kinds in kinds(), seed: u64, pace: u64) {
        let machine = machine(&genes, kinds, None);
        let plain = run(&machine, Answers { seed, pace });
        let redriven = run_redriven(&machine, Answers { seed, pace }, 3);
        let (before, after) = (shown_events(&plain), shown_events(&redriven));
        prop_assert_eq!(&after[..before.len()], &before[..]);
        let mut open = HashMap::new();
        for event in redriven.log.events.iter() {
            match event.kind {
                EventKind::StateEntered { state, .. } => drop(open.insert(event.branch, state)),
                EventKind::StateExited { state, .. } => prop_assert_eq!(open.remove(&event.branch), Some(state)),
                _ => {}
            }
        }
        if matches!(redriven.machine.status(), Status::Succeeded(_)) {
            prop_assert!(!open.contains_key(&BranchId::MAIN));
        }
    }

    #[test]
    fn a_copy_goes_on_like_the_original(genes in genes(), kinds in kinds(), seed: u64, at: prop::sample::Index) {
        let machine = machine(&genes, kinds, None);
        let first = run(&machine, Answers { seed, pace: seed });
        let (mut original, mut log) = start(&machine, seed);
        let (before, after) = first.calls.split_at(at.index(first.calls.len() + 1));
        let effects = make(before, &mut original, &mut log);
        let (mut copy, mut log_of_copy) = (original.clone(), log.clone());
        // The original goes on first: what it does must not show in the copy.
        for (machine, log) in [(&mut original, &mut log), (&mut copy, &mut log_of_copy)] {
            let rest = make(after, machine, log);
            prop_assert_eq!([effects.clone(), rest].concat(), first.effects.clone());
            prop_assert_eq!(end(machine, log), end(&first.machine, &first.log));
        }
    }

    /// Branches and iterations know nothing of each other, so neither how many run at once nor how long their tasks
    /// take changes what comes out. Only which failure comes first may differ, and what is made of it.
    #[test]
    fn the_order_of_branches_does_not_change_the_output(
        genes in genes(), seed: u64, pace: u64, other_pace: u64, concurrency in 0_u32..4
    ) {
        let kinds = Kinds { time: false, loops: false, faults: false };
        let in_order = run(&machine(&genes, kinds, Some(1)), Answers { seed, pace });
        let other = run(&machine(&genes, kinds, Some(concurrency)), Answers { seed, pace: other_pace });
        // Random numbers are drawn in the order of the steps.
        let text = format!("{:?}", other.machine.execution().machine);
        let is_random = ["States.UUID", "$random", "$uuid"].iter().any(|name| text.contains(name));
        let failed = |run: &Run| run.log.events.iter().any(|event| event.kind.is_failed_scope());
        prop_assume!(!is_random && !failed(&in_order) && !failed(&other));
        prop_assert_eq!(output(&in_order), output(&other));
    }
}

/// Whether a Parallel or Map state failed.
trait IsFailedScope {
    fn is_failed_scope(&self) -> bool;
}

impl IsFailedScope for asldb::engine::EventKind {
    fn is_failed_scope(&self) -> bool {
        matches!(self, Self::ParallelFailed { .. } | Self::MapFailed { .. })
    }
}
