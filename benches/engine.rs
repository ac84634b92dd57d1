//! How fast the step machine is: transitions a second on small data, and what large data costs.
//!
//! A transition is one state entered and left; the counters of the results count those.

#[path = "table/definitions.rs"]
mod definitions;

use std::sync::Arc;

use asldb::asl::{Definition, StateMachine};
use asldb::engine::Names;
use asldb::engine::{Execution, ExecutionType, Log, Machine, Outcome, Status};
use asldb::value::{self, Timestamp, Value};
use divan::Bencher;
use divan::counter::ItemsCount;

use definitions::Case;

fn main() {
    divan::main();
}

fn machine(json: &str) -> Arc<StateMachine> {
    let definition = Definition::read("bench.json", json);
    definition.machine.expect("the definitions here have no errors")
}

fn execution(machine: &Arc<StateMachine>, input: &Value, record_stages: bool) -> Execution {
    let name: Arc<str> = "bench".into();
    Execution {
        machine: machine.clone(),
        input: input.clone(),
        kind: ExecutionType::Standard,
        names: Names {
            execution_arn: name.clone(),
            execution_name: name.clone(),
            machine_arn: name.clone(),
            machine_name: name.clone(),
            role_arn: name.clone(),
            region: name,
        },
        seed: 1,
        max_events: None,
        record_stages,
    }
}

/// Runs to the end; gives the log, so that taking it down is not measured.
fn run(execution: Execution) -> Log {
    let mut log = Log::default();
    let mut machine = Machine::start(execution, Timestamp(0), &mut log);
    while machine.step(&mut log) != Outcome::Done {}
    assert!(matches!(machine.status(), Status::Succeeded(_)), "{:?}", machine.status());
    log
}

fn bench(bencher: Bencher, case: &Case, transitions: usize, record_stages: bool) {
    let (machine, input) = (machine(&case.definition), value::read(&case.input).expect("JSON"));
    bencher
        .counter(ItemsCount::new(transitions))
        .with_inputs(|| execution(&machine, &input, record_stages))
        .bench_values(run);
}

/// Stages kept for the debugger, or events only.
const STAGES: [bool; 2] = [false, true];

mod small_data {
    use super::{Bencher, STAGES, bench, definitions};

    #[divan::bench(args = STAGES)]
    fn loop_of_10_000(bencher: Bencher, record_stages: bool) {
        bench(bencher, &definitions::counting(10_000), 20_002, record_stages);
    }

    #[divan::bench(args = STAGES)]
    fn jsonata_loop_of_10_000(bencher: Bencher, record_stages: bool) {
        bench(bencher, &definitions::counting_in_jsonata(10_000), 20_002, record_stages);
    }

    /// On a heap that stays: short runs find their memory there, long ones do not. `table` has the growth of both.
    #[divan::bench(args = [1_000, 10_000, 100_000], sample_count = 20)]
    fn growth(bencher: Bencher, most: usize) {
        bench(bencher, &definitions::counting(most), 2 * most + 2, true);
    }

    #[divan::bench(args = STAGES)]
    fn ten_branches_of_100_states(bencher: Bencher, record_stages: bool) {
        bench(bencher, &definitions::parallel(10, 100), 1001, record_stages);
    }
}

mod map {
    use super::{Bencher, bench, definitions};

    /// 0 is 40 at once; the last is all at once.
    #[divan::bench(args = [0, 1, 40, 10_000])]
    fn items_10_000(bencher: Bencher, max_concurrency: usize) {
        bench(bencher, &definitions::map(10_000, max_concurrency), 10_001, false);
    }

    #[divan::bench(args = [1_000, 10_000, 100_000], sample_count = 20)]
    fn growth(bencher: Bencher, items: usize) {
        bench(bencher, &definitions::map(items, 40), items + 1, true);
    }
}

mod data_of_200_kb {
    use super::{Bencher, STAGES, bench, definitions};

    #[divan::bench(args = STAGES)]
    fn in_one_array(bencher: Bencher, record_stages: bool) {
        bench(bencher, &definitions::array_of_200_kb(200), 200, record_stages);
    }

    #[divan::bench(args = STAGES)]
    fn in_4_000_keys(bencher: Bencher, record_stages: bool) {
        bench(bencher, &definitions::keys_of_200_kb(200), 200, record_stages);
    }
}
