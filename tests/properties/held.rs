//! A run whose failures are held writes what it would have written.

use asldb::engine::history::event_to_json;
use asldb::engine::{Event, Execution, Log, Machine};
use asldb::value::Value;
use proptest::prelude::*;

use crate::machines::machine;
use crate::runs::{Answers, Run, genes, kinds, run, run_held};

/// What was written, without the numbers of the steps and the times.
pub(crate) fn written(log: &Log, machine: &Machine) -> String {
    let json = |event: &Event, execution: &Execution| {
        let mut json = event_to_json(event, execution);
        if let Value::Object(members) = &mut json {
            members.remove("timestamp");
        }
        json.to_json()
    };
    let events = log.events.iter().map(|event| format!("{:?} {}", event.branch, json(event, machine.execution())));
    let stages = log.stages.iter().map(|record| {
        let outcome = record.outcome.as_ref().map(Value::to_json);
        format!("{:?} {:?} {:?} {outcome:?}", record.branch, record.visit, record.stage)
    });
    let children = log.executions.iter().map(|child| {
        let events = child.log.events.iter().map(|event| json(event, &child.execution));
        format!("{} {}\n{}", child.index, child.status.name(), events.collect::<Vec<_>>().join("\n"))
    });
    events.chain(stages).chain(children).collect::<Vec<_>>().join("\n")
}

fn whole(run: &Run) -> String {
    let times: Vec<i64> = run.log.events.iter().map(|event| event.at.0).collect();
    format!("{}\n{}\n{:?}\n{times:?}", written(&run.log, &run.machine), run.machine.status().name(), run.effects)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn holding_failures_changes_nothing(genes in genes(), kinds in kinds(), seed: u64, pace: u64) {
        let machine = machine(&genes, kinds, None);
        let answers = Answers { seed, pace };
        prop_assert_eq!(whole(&run_held(&machine, answers)), whole(&run(&machine, answers)));
    }
}
