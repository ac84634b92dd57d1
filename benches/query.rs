//! How fast the query languages are.
//!
//! JSONata is measured beside `jsonata-core`, which compiles to bytecode but has values of its own. `prepared` gives it
//! the data as such values; `converted` counts the way of our values there and back, which a step machine pays at every
//! expression. The way is the shortest there is: its values are built directly, without JSON text between.
//!
//! That both find the same is checked before anything is measured.

#[path = "query/expressions.rs"]
mod expressions;
#[path = "query/jsonata.rs"]
mod jsonata;
#[path = "query/oracle.rs"]
mod oracle;
#[path = "query/orders.rs"]
mod orders;

use asldb::query::{Expression, JsonPath, NoScope, Template};
use asldb::text::json;
use asldb::value::Value;
use divan::{Bencher, black_box};

fn main() {
    jsonata::check();
    divan::main();
}

/// Paths on 200 KB.
const PATHS: [&str; 6] = [
    "$.customer.address.city",
    "$.orders[17].items[0].price",
    "$.orders[*].id",
    "$.orders[?(@.status == 'open' && @.total > 300)].id",
    "$.orders[?(@.items[0].sku =~ /S-1.*/)].id",
    "$..price",
];

#[divan::bench(args = PATHS)]
fn jsonpath_on_200_kb(bencher: Bencher, path: &str) {
    let data = orders::of(orders::LARGE);
    let path = JsonPath::compile(path).expect("a path");
    bencher.bench_local(|| path.select(black_box(&data), &mut NoScope).expect("found"));
}

#[divan::bench(args = PATHS)]
fn jsonpath_compiled(bencher: Bencher, path: &str) {
    bencher.bench_local(|| JsonPath::compile(black_box(path)).expect("a path"));
}

/// Calls of intrinsic functions on 200 KB.
const INTRINSICS: [&str; 6] = [
    "States.Format('{} of {}', $.customer.name, $.customer.address.city)",
    "States.ArrayLength($.orders)",
    "States.JsonToString($)",
    "States.StringToJson($.text)",
    "States.ArrayUnique($.orders[*].status)",
    "States.ArrayPartition($.orders, 10)",
];

#[divan::bench(args = INTRINSICS)]
fn intrinsic_on_200_kb(bencher: Bencher, call: &str) {
    let mut data = orders::of(orders::LARGE);
    if let Value::Object(object) = &mut data {
        let text = object.get("customer").expect("a customer").to_json();
        object.insert("text", text.into());
    }
    let call = Expression::compile(call).expect("a call");
    bencher.bench_local(|| call.evaluate("x.$", black_box(&data), &mut NoScope).expect("a value"));
}

const TEMPLATE: &str = r#"{
    "id.$": "$.orders[0].id",
    "customer": {"name.$": "$.customer.name", "city.$": "$.customer.address.city", "kind": "person"},
    "all.$": "$.orders",
    "label.$": "States.Format('{}: {}', $.region, $.customer.name)",
    "fixed": [1, 2, {"three": [4, 5, 6]}]
}"#;

#[divan::bench]
fn template_on_200_kb(bencher: Bencher) {
    let data = orders::of(orders::LARGE);
    let template = Template::compile(&json::parse(TEMPLATE).expect("JSON")).expect("a template");
    bencher.bench_local(|| template.evaluate(black_box(&data), &mut NoScope).expect("a value"));
}

#[divan::bench]
fn template_compiled(bencher: Bencher) {
    let node = json::parse(TEMPLATE).expect("JSON");
    bencher.bench_local(|| Template::compile(black_box(&node)).expect("a template"));
}
