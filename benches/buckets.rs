//! How fast items are read from the formats of an `ItemReader`, and a listing is made; the counters count items.

use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

use asldb::buckets::{Buckets, InputType, ReadRequest, ReaderConfig, items_of};
use asldb::value::Value;
use divan::Bencher;
use divan::counter::ItemsCount;

fn main() {
    divan::main();
}

const ROWS: usize = 1_000_000;

/// Five columns, about 50 bytes a row.
fn csv(rows: usize, quote: &str) -> String {
    let mut text = "id,name,city,amount,note\n".to_owned();
    for n in 0..rows {
        let city = ["Lisbon", "Oslo", "Kyoto"][n / 100 % 3];
        writeln!(text, "{n},{quote}Customer {n}{quote},{city},{}.{:02},", n % 977, n % 100).expect("memory");
    }
    text
}

fn json_lines(rows: usize) -> String {
    let mut text = String::new();
    for n in 0..rows {
        writeln!(text, r#"{{"id":{n},"name":"Customer {n}","city":"Oslo","amount":{}.5}}"#, n % 977).expect("memory");
    }
    text
}

fn bench(bencher: Bencher, input_type: InputType, text: &str, rows: usize) {
    let config = ReaderConfig { input_type: Some(input_type), ..ReaderConfig::default() };
    bencher.counter(ItemsCount::new(rows)).bench_local(|| {
        let read = items_of(text.as_bytes(), &config).expect("the text is in the format");
        assert_eq!(read.items.len(), rows);
        read
    });
}

#[divan::bench(sample_count = 5)]
fn csv_rows(bencher: Bencher) {
    bench(bencher, InputType::Csv, &csv(ROWS, ""), ROWS);
}

#[divan::bench(sample_count = 5)]
fn csv_rows_with_quotes(bencher: Bencher) {
    bench(bencher, InputType::Csv, &csv(ROWS, "\""), ROWS);
}

#[divan::bench(sample_count = 5)]
fn json_lines_of_objects(bencher: Bencher) {
    bench(bencher, InputType::Jsonl, &json_lines(ROWS / 10), ROWS / 10);
}

#[divan::bench(sample_count = 5)]
fn json_array_of_objects(bencher: Bencher) {
    let array = format!("[{}]", json_lines(ROWS / 10).trim_end().replace('\n', ","));
    bench(bencher, InputType::Json, &array, ROWS / 10);
}

/// The listing of this crate's sources, with the tags of their content.
#[divan::bench(sample_count = 5)]
fn listing(bencher: Bencher) {
    let mut buckets = Buckets::new();
    buckets.add("src", &Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).expect("the sources are there");
    let arguments = Value::Object([("Bucket", Value::from("src"))].into_iter().collect());
    let resource: Arc<str> = "arn:aws:states:::s3:listObjectsV2".into();
    let request = ReadRequest { resource, arguments, config: ReaderConfig::default() };
    let count = buckets.read(&request).expect("a listing").items.len();
    bencher.counter(ItemsCount::new(count)).bench_local(|| buckets.read(&request).expect("a listing"));
}
