//! Ways back of values: each begins with the value that was asked about, and one that computes nothing ends at an equal
//! value in the input of the execution or in the answer of a task.

use asldb::asl::Definition;
use asldb::debug::provenance::LinkKind;
use asldb::debug::{End, Link, Moment, Place, Provenance, Visit};
use asldb::engine::{EventId, EventKind};
use asldb::value::diff::Step;
use asldb::value::{Timestamp, Value};
use proptest::prelude::*;

use crate::machines::machine;
use crate::runs::{Answers, Run, genes, kinds, run};

/// Visits and places in each that are asked about.
const VISITS: usize = 12;
const PLACES: usize = 6;

proptest! {
    #![proptest_config(ProptestConfig { cases: crate::cases(200), ..ProptestConfig::default() })]

    #[test]
    fn ways_end_where_the_value_is(genes in genes(), kinds in kinds(), seed: u64, pace: u64) {
        let machine = machine(&genes, kinds, None);
        let run = run(&machine, Answers { seed, pace });
        let definition = Definition { machine: Some(machine), ..Definition::read("made.json", "{}") };
        let exits = run.log.events.iter().rev().filter(|event| matches!(event.kind, EventKind::StateExited { .. }));
        for exit in exits.take(VISITS) {
            let entered = run.log.events.range(0, exit.id.0 as usize).rev().find(|event| {
                event.branch == exit.branch
                    && matches!(event.kind, EventKind::StateEntered { state, .. } if Some(state) == exit.kind.state())
            });
            visit(&definition, &run, entered.expect("an entry").id)?;
        }
    }
}

fn visit(definition: &Definition, run: &Run, entered: EventId) -> Result<(), TestCaseError> {
    let (execution, moment) = (run.machine.execution(), Moment::newest(&run.log));
    let visit = Visit::at(definition, &execution.machine, &run.log, entered, moment).expect("a visit");
    for (at, row) in visit.rows.iter().enumerate() {
        let Some(value) = row.outcome.value() else { continue };
        let mut places = vec![Vec::new()];
        paths(value, &mut Vec::new(), &mut places);
        for path in places.into_iter().take(PLACES) {
            let provenance = Provenance::new(definition, execution, &run.log, Timestamp(0), moment);
            let links = provenance.trace(Place::Row(entered, at, path.clone()));
            way(run, &links, inside(value, &path).expect("a place in the value"))?;
        }
    }
    Ok(())
}

fn way(run: &Run, links: &[Link], value: &Value) -> Result<(), TestCaseError> {
    prop_assert_eq!(links.first().and_then(|link| link.value.as_ref()), Some(value));
    for link in links.iter().take_while(|link| link.depth == 0) {
        prop_assert_eq!(link.value.as_ref(), Some(value), "{:?}", links);
    }
    for link in links {
        let (Some(value), path) = (&link.value, link.place.path()) else { continue };
        match (link.kind, &link.place) {
            (LinkKind::End(End::Input), Place::Input(_)) => {
                prop_assert_eq!(inside(&run.machine.execution().input, path), Some(value));
            }
            (LinkKind::End(End::Input), place) => prop_assert!(false, "{:?} is no input", place),
            (LinkKind::End(End::Answer), Place::Row(..)) => {
                let is_in = |output: &Value| inside(output, path) == Some(value);
                let answered = run.log.events.iter().any(|event| match &event.kind {
                    EventKind::TaskSucceeded { output, state } => Some(*state) == link.state && is_in(output),
                    _ => false,
                });
                prop_assert!(answered, "{:?}", link);
            }
            _ => {}
        }
    }
    Ok(())
}

fn inside<'v>(value: &'v Value, path: &[Step]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, step| match step {
        Step::Key(key) => value.get(key),
        Step::Index(at) => value.as_array()?.get(*at),
    })
}

/// The paths of all parts of `value`.
fn paths(value: &Value, here: &mut Vec<Step>, all: &mut Vec<Vec<Step>>) {
    let mut part = |step: Step, value: &Value| {
        here.push(step);
        all.push(here.clone());
        paths(value, here, all);
        here.pop();
    };
    match value {
        Value::Object(object) => object.iter().for_each(|(key, member)| part(Step::Key(key.clone()), member)),
        Value::Array(items) => items.iter().enumerate().for_each(|(at, item)| part(Step::Index(at), item)),
        _ => {}
    }
}
