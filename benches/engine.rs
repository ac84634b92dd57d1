//! How fast the step machine is: transitions a second on small data, and what large data costs.
//!
//! A transition is one state entered and left; the counters of the results count those.

use std::sync::Arc;

use asldb::asl::{Definition, StateMachine};
use asldb::engine::Names;
use asldb::engine::{Execution, ExecutionType, Log, Machine, Outcome, Status};
use asldb::value::{self, Timestamp, Value};
use divan::Bencher;
use divan::counter::ItemsCount;

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

fn bench(bencher: Bencher, machine: &str, input: &str, transitions: usize, record_stages: bool) {
    let (machine, input) = (self::machine(machine), value::read(input).expect("JSON"));
    bencher
        .counter(ItemsCount::new(transitions))
        .with_inputs(|| execution(&machine, &input, record_stages))
        .bench_values(run);
}

/// Stages kept for the debugger, or events only.
const STAGES: [bool; 2] = [false, true];

mod small_data {
    use super::{Bencher, STAGES, bench};

    const LOOP: &str = r#"{"StartAt": "Check", "States": {
        "Check": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericLessThanPath": "$.most", "Next": "Add"}], "Default": "Done"},
        "Add": {"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.n, 1)", "most.$": "$.most"}, "Next": "Check"},
        "Done": {"Type": "Succeed"}}}"#;

    fn count(bencher: Bencher, most: usize, record_stages: bool) {
        bench(bencher, LOOP, &format!("{{\"n\": 0, \"most\": {most}}}"), 2 * most + 2, record_stages);
    }

    #[divan::bench(args = STAGES)]
    fn loop_of_10_000(bencher: Bencher, record_stages: bool) {
        count(bencher, 10_000, record_stages);
    }

    /// The same loop in JSONata: Condition, Assign and Output.
    const JSONATA: &str = r#"{"QueryLanguage": "JSONata", "StartAt": "Check", "States": {
        "Check": {"Type": "Choice", "Choices": [{"Condition": "{% $states.input.n < $states.input.most %}", "Next": "Add"}], "Default": "Done"},
        "Add": {"Type": "Pass", "Assign": {"seen": "{% $states.input.n %}"}, "Output": {"n": "{% $states.input.n + 1 %}", "most": "{% $states.input.most %}"}, "Next": "Check"},
        "Done": {"Type": "Succeed"}}}"#;

    #[divan::bench(args = STAGES)]
    fn jsonata_loop_of_10_000(bencher: Bencher, record_stages: bool) {
        bench(bencher, JSONATA, "{\"n\": 0, \"most\": 10000}", 20_002, record_stages);
    }

    /// Ten times the length should take ten times as long.
    #[divan::bench(args = [1_000, 10_000, 100_000], sample_count = 20)]
    fn growth(bencher: Bencher, most: usize) {
        count(bencher, most, true);
    }

    #[divan::bench(args = STAGES)]
    fn ten_branches_of_100_states(bencher: Bencher, record_stages: bool) {
        let branch = |number: usize| {
            let state = |at: usize| {
                let next =
                    if at == 99 { "\"End\": true".to_owned() } else { format!("\"Next\": \"S{number}-{}\"", at + 1) };
                format!("\"S{number}-{at}\": {{\"Type\": \"Pass\", {next}}}")
            };
            let states: Vec<String> = (0..100).map(state).collect();
            format!("{{\"StartAt\": \"S{number}-0\", \"States\": {{{}}}}}", states.join(", "))
        };
        let branches: Vec<String> = (0..10).map(branch).collect();
        let machine = format!(
            "{{\"StartAt\": \"P\", \"States\": {{\"P\": {{\"Type\": \"Parallel\", \"End\": true, \"Branches\": [{}]}}}}}}",
            branches.join(", ")
        );
        bench(bencher, &machine, r#"{"a": 1}"#, 1001, record_stages);
    }
}

mod map {
    use super::{Bencher, bench};

    /// 0 is 40 at once; the last is all at once.
    #[divan::bench(args = [0, 1, 40, 10_000])]
    fn items_10_000(bencher: Bencher, max_concurrency: usize) {
        map(bencher, 10_000, max_concurrency, false);
    }

    #[divan::bench(args = [1_000, 10_000, 100_000], sample_count = 20)]
    fn growth(bencher: Bencher, items: usize) {
        map(bencher, items, 40, true);
    }

    fn map(bencher: Bencher, items: usize, max_concurrency: usize, record_stages: bool) {
        let machine = format!(
            r#"{{"StartAt": "M", "States": {{"M": {{"Type": "Map", "MaxConcurrency": {max_concurrency}, "ResultSelector": {{"n.$": "States.ArrayLength($)"}},
            "ItemProcessor": {{"StartAt": "I", "States": {{"I": {{"Type": "Pass", "End": true, "Parameters":
            {{"a.$": "States.MathAdd($, 1)", "b.$": "States.Format('item {{}}', $)"}}}}}}}}, "End": true}}}}}}"#
        );
        bench(bencher, &machine, &format!("[{}]", vec!["1"; items].join(",")), items + 1, record_stages);
    }
}

mod data_of_200_kb {
    use super::{Bencher, STAGES, bench};

    /// 200 states, each of which selects, shapes and merges.
    fn states() -> String {
        let state = |at: usize| {
            let next = if at == 199 { "\"End\": true".to_owned() } else { format!("\"Next\": \"S{}\"", at + 1) };
            format!(
                r#""S{at}": {{"Type": "Pass", "InputPath": "$.order", "Parameters": {{"id.$": "$.id", "all.$": "$"}}, "ResultPath": "$.last", {next}}}"#
            )
        };
        let states: Vec<String> = (0..200).map(state).collect();
        format!("{{\"StartAt\": \"S0\", \"States\": {{{}}}}}", states.join(", "))
    }

    #[divan::bench(args = STAGES)]
    fn in_one_array(bencher: Bencher, record_stages: bool) {
        let items: Vec<String> =
            (0..4000).map(|at| format!("{{\"number\": {at}, \"text\": \"{}\"}}", "x".repeat(22))).collect();
        let input = format!(r#"{{"order": {{"id": 7}}, "items": [{}]}}"#, items.join(","));
        bench(bencher, &states(), &input, 200, record_stages);
    }

    #[divan::bench(args = STAGES)]
    fn in_4_000_keys(bencher: Bencher, record_stages: bool) {
        let keys: Vec<String> = (0..4000).map(|at| format!("\"key{at}\": \"{}\"", "x".repeat(36))).collect();
        bench(bencher, &states(), &format!(r#"{{"order": {{"id": 7}}, {}}}"#, keys.join(",")), 200, record_stages);
    }
}
