//! How long it takes to open a recorded history: 25,000 events, and 50 MB.

use std::sync::Arc;

use asldb::asl::Definition;
use asldb::debug::Replay;
use divan::Bencher;
use divan::counter::BytesCount;

fn main() {
    divan::main();
}

const DEFINITION: &str = r#"{"StartAt": "Fetch", "States": {
  "Fetch": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f", "Payload.$": "$"},
            "ResultPath": "$.result", "Next": "More?"},
  "More?": {"Type": "Choice", "Choices": [{"Variable": "$.done", "IsPresent": true, "Next": "Done"}], "Default": "Fetch"},
  "Done": {"Type": "Succeed"}}}"#;

/// A history of `events` events, at least, whose payloads have `bytes` bytes each.
fn history(events: usize, bytes: usize) -> String {
    let mut text = String::from("{\"events\": [\n");
    let mut id = 0;
    let mut push = |kind: &str, details: &str| {
        id += 1;
        let comma = if id > 1 { ",\n" } else { "" };
        text.push_str(&format!(
            "{comma}{{\"timestamp\": \"2024-05-01T12:00:00.123000+00:00\", \"type\": \"{kind}\", \"id\": {id}, \"previousEventId\": {}{details}}}",
            id - 1
        ));
        id
    };
    push("ExecutionStarted", ", \"executionStartedEventDetails\": {\"input\": \"{}\", \"roleArn\": \"role\"}");
    for turn in 0.. {
        let payload =
            |what: &str| format!("\"{{\\\"{what}\\\": {turn}, \\\"text\\\": \\\"{}\\\"}}\"", "x".repeat(bytes));
        let (input, result) = (payload("n"), payload("got"));
        let task = "\"resourceType\": \"lambda\", \"resource\": \"invoke\"";
        push(
            "TaskStateEntered",
            &format!(", \"stateEnteredEventDetails\": {{\"name\": \"Fetch\", \"input\": {input}}}"),
        );
        push(
            "TaskScheduled",
            &format!(", \"taskScheduledEventDetails\": {{{task}, \"region\": \"r\", \"parameters\": {input}}}"),
        );
        push("TaskStarted", &format!(", \"taskStartedEventDetails\": {{{task}}}"));
        push("TaskSucceeded", &format!(", \"taskSucceededEventDetails\": {{{task}, \"output\": {result}}}"));
        push(
            "TaskStateExited",
            &format!(", \"stateExitedEventDetails\": {{\"name\": \"Fetch\", \"output\": {result}}}"),
        );
        push(
            "ChoiceStateEntered",
            &format!(", \"stateEnteredEventDetails\": {{\"name\": \"More?\", \"input\": {result}}}"),
        );
        if push(
            "ChoiceStateExited",
            &format!(", \"stateExitedEventDetails\": {{\"name\": \"More?\", \"output\": {result}}}"),
        ) >= events
        {
            break;
        }
    }
    text.push_str("\n]}");
    text
}

fn open(bencher: Bencher<'_, '_>, text: &str, definition: Option<&Arc<Definition>>) {
    bencher
        .counter(BytesCount::new(text.len()))
        .bench(|| Replay::read("history.json", text, definition).expect("a history"));
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn events_25000(bencher: Bencher<'_, '_>) {
    open(bencher, &history(25_000, 100), None);
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn events_25000_with_definition(bencher: Bencher<'_, '_>) {
    let definition = Arc::new(Definition::read("f.asl.json", DEFINITION));
    open(bencher, &history(25_000, 100), Some(&definition));
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn megabytes_50(bencher: Bencher<'_, '_>) {
    open(bencher, &history(25_000, 2_250), None);
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn megabytes_50_with_definition(bencher: Bencher<'_, '_>) {
    let definition = Arc::new(Definition::read("f.asl.json", DEFINITION));
    open(bencher, &history(25_000, 2_250), Some(&definition));
}
