//! JSONata, beside `jsonata-core`.

use asldb::query::jsonata::{Evaluated, Jsonata, JsonataEnv, Limits};
use asldb::value::{Timestamp, Value};
use divan::{Bencher, black_box};
use jsonata_core::{Expression, parser};

use crate::expressions::{names, text};
use crate::oracle::{from_oracle, to_oracle};
use crate::orders::{self, HUGE, LARGE, SMALL};

/// The service's environment without its limits: what is measured is to end.
struct Env {
    states: Option<Value>,
}

impl JsonataEnv for Env {
    fn variable(&mut self, name: &str) -> Option<Value> {
        if name == "states" { self.states.clone() } else { None }
    }

    fn now(&mut self) -> Timestamp {
        Timestamp(0)
    }

    fn random(&mut self) -> u64 {
        0
    }

    fn limits(&self) -> Limits {
        Limits::STOCK
    }
}

fn evaluate(expression: &Jsonata, data: &Value) -> Evaluated {
    expression.evaluate(Some(data), &mut Env { states: None }).expect("it does not fail")
}

fn oracle(name: &str) -> Expression {
    Expression::compile(text(name)).expect("it compiles")
}

/// Both find the same for each expression.
pub(crate) fn check() {
    for (count, size) in [(SMALL, 900..1_300), (LARGE, 195_000..215_000)] {
        let data = orders::of(count);
        assert!(size.contains(&data.size()), "{}", data.size());
        let converted = to_oracle(&data);
        for name in names() {
            let ours = evaluate(&Jsonata::compile(text(name)).expect("it compiles"), &data).into_value();
            let theirs = from_oracle(&oracle(name).evaluate(&converted).expect("it does not fail"));
            assert!(ours == theirs, "{name}: {ours:?} {theirs:?}");
        }
    }
    assert!(orders::of(HUGE).size() > 1_000_000);
}

mod parse {
    use super::{Bencher, Jsonata, black_box, names, parser, text};

    #[divan::bench(args = names())]
    fn ours(bencher: Bencher, name: &str) {
        bencher.bench_local(|| Jsonata::compile(black_box(text(name))).expect("it compiles"));
    }

    #[divan::bench(args = names())]
    fn jsonata_core(bencher: Bencher, name: &str) {
        bencher.bench_local(|| parser::parse(black_box(text(name))).expect("it compiles"));
    }
}

fn ours_on(bencher: Bencher, name: &str, count: usize) {
    let (data, expression) = (orders::of(count), Jsonata::compile(text(name)).expect("it compiles"));
    bencher.bench_local(|| evaluate(&expression, black_box(&data)));
}

fn prepared_on(bencher: Bencher, name: &str, count: usize) {
    let (data, expression) = (to_oracle(&orders::of(count)), oracle(name));
    bencher.bench_local(|| expression.evaluate(black_box(&data)).expect("it does not fail"));
}

fn converted_on(bencher: Bencher, name: &str, count: usize) {
    let (data, expression) = (orders::of(count), oracle(name));
    bencher.bench_local(|| {
        let found = expression.evaluate(&to_oracle(black_box(&data))).expect("it does not fail");
        from_oracle(&found)
    });
}

mod on_1_kb {
    use super::{Bencher, SMALL, converted_on, names, ours_on, prepared_on};

    #[divan::bench(args = names())]
    fn ours(bencher: Bencher, name: &str) {
        ours_on(bencher, name, SMALL);
    }

    #[divan::bench(args = names())]
    fn jsonata_core_prepared(bencher: Bencher, name: &str) {
        prepared_on(bencher, name, SMALL);
    }

    #[divan::bench(args = names())]
    fn jsonata_core_converted(bencher: Bencher, name: &str) {
        converted_on(bencher, name, SMALL);
    }
}

mod on_200_kb {
    use super::{Bencher, LARGE, converted_on, names, ours_on, prepared_on};

    #[divan::bench(args = names())]
    fn ours(bencher: Bencher, name: &str) {
        ours_on(bencher, name, LARGE);
    }

    #[divan::bench(args = names())]
    fn jsonata_core_prepared(bencher: Bencher, name: &str) {
        prepared_on(bencher, name, LARGE);
    }

    #[divan::bench(args = names())]
    fn jsonata_core_converted(bencher: Bencher, name: &str) {
        converted_on(bencher, name, LARGE);
    }
}

/// A path into `$states` must not cost more for the size of the input.
#[divan::bench(args = [SMALL, LARGE, HUGE])]
fn states_input_of_orders(bencher: Bencher, count: usize) {
    let states = Value::Object([("input", orders::of(count))].into_iter().collect());
    let expression = Jsonata::compile("$states.input.customer.address").expect("it compiles");
    let mut env = Env { states: Some(states) };
    bencher.bench_local(|| expression.evaluate(None, black_box(&mut env)).expect("it does not fail"));
}

/// The trace of the debugger.
#[divan::bench(args = names())]
fn traced_on_200_kb(bencher: Bencher, name: &str) {
    let (data, expression) = (orders::of(LARGE), Jsonata::compile(text(name)).expect("it compiles"));
    bencher.bench_local(|| expression.evaluate_traced(Some(black_box(&data)), &mut Env { states: None }));
}
