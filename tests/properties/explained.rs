//! Whatever a run does, it can be said in a line: at each of its moments, looking at any of its branches.

use asldb::asl::Definition;
use asldb::debug::explain::{Point, last, next};
use asldb::debug::{Moment, timeline};
use asldb::engine::BranchId;
use asldb::value::Value;
use proptest::prelude::*;

use crate::machines::machine;
use crate::runs::{Answers, genes, kinds, run};

proptest! {
    #![proptest_config(ProptestConfig { cases: crate::cases(120), ..ProptestConfig::default() })]

    #[test]
    fn every_step_of_every_run(genes in genes(), kinds in kinds(), seed: u64, other: u32) {
        let run = run(&machine(&genes, kinds, None), Answers { seed, pace: 0 });
        let machine = &run.machine.execution().machine;
        let definition = Definition { machine: Some(machine.clone()), ..Definition::read("made.json", "{}") };
        let others = u32::try_from(run.log.branches.len()).unwrap_or(1).max(1);
        let mut moment = Some(Moment::after_event(&run.log, 1));
        while let Some(at) = moment {
            let own = at.events.checked_sub(1).and_then(|event| run.log.events.get(event)).map(|event| event.branch);
            for branch in [own.unwrap_or(BranchId::MAIN), BranchId(other % others)] {
                for live in [None, run.machine.next_branch()] {
                    let context = || Value::empty_object();
                    let now = run.machine.now();
                    let point = Point {
                        definition: &definition, machine, log: &run.log, moment: at, branch, live, context: &context, now,
                    };
                    for sentence in [last(&point), next(&point)] {
                        prop_assert!(!sentence.text().trim().is_empty());
                        prop_assert!(!sentence.text().contains(char::is_control), "{}", sentence);
                    }
                }
            }
            moment = timeline::step(&run.log, at, timeline::Direction::Forward);
        }
    }
}
