//! GetExecutionHistory.

use std::sync::Arc;

use asldb::value::Value;

use crate::support::{Fixture, object, text, with_service};

/// Pass states in a row.
fn row(count: usize) -> String {
    (0..count).map(|n| format!("P{n}: {{Type: Pass, Next: P{}}}\n", n + 1)).collect::<String>()
        + &format!("P{count}: {{Type: Succeed}}")
}

async fn ids(f: &Arc<Fixture>, execution: &str, size: i64, backwards: bool) -> Vec<Vec<i64>> {
    let mut pages = Vec::new();
    let mut next = Value::Null;
    loop {
        let parameters = object(&[
            ("executionArn", execution.into()),
            ("maxResults", size.into()),
            ("reverseOrder", backwards.into()),
            ("nextToken", next),
        ]);
        let page = f.ok("GetExecutionHistory", &parameters).await;
        let events = page.get("events").and_then(Value::as_array).expect("events");
        let id = |event: &Value| event.get("id").and_then(Value::as_number).and_then(asldb::value::Number::as_i64);
        pages.push(events.iter().filter_map(id).collect());
        next = page.get("nextToken").cloned().unwrap_or_default();
        if next.is_null() {
            return pages;
        }
    }
}

#[test]
fn pages_in_both_directions() {
    with_service(|f| async move {
        let machine = f.machine("m", "STANDARD", &row(400)).await;
        let waiting = f
            .machine(
                "w",
                "STANDARD",
                &row(398).replace("P398: {Type: Succeed}", "P398: {Type: Wait, Seconds: 1000, End: true}"),
            )
            .await;
        let ended = f.start(&machine, "{}").await;
        f.ended(&ended).await;
        let running = f.start(&waiting, "{}").await;
        while f.history(&running).await.len() < 798 {
            tokio::task::yield_now().await;
        }
        for (execution, count) in [(&ended, 804), (&running, 798)] {
            for size in [7, 100, 256, 257, 1000] {
                let forwards = ids(&f, execution, size, false).await;
                assert!(forwards.iter().rev().skip(1).all(|page| i64::try_from(page.len()) == Ok(size)));
                assert_eq!(forwards.concat(), (1..=count).collect::<Vec<i64>>(), "{size}");
                let backwards = ids(&f, execution, size, true).await;
                assert_eq!(backwards.concat(), (1..=count).rev().collect::<Vec<i64>>(), "{size}");
            }
        }
    });
}

#[test]
fn large_payloads_make_short_pages() {
    with_service(|f| async move {
        let machine = f.machine("m", "STANDARD", &row(30)).await;
        let input = format!("\"{}\"", "x".repeat(262_142));
        let execution = f.start(&machine, &input).await;
        f.ended(&execution).await;
        let pages = ids(&f, &execution, 1000, false).await;
        assert!(pages.len() > 2 && pages.iter().all(|page| !page.is_empty()));
        assert_eq!(pages.concat(), (1..=64).collect::<Vec<i64>>());
    });
}

#[test]
fn events_can_come_without_their_data() {
    with_service(|f| async move {
        let states = "A: {Type: Pass, Assign: {x: 1}, Next: B}\nB: {Type: Succeed}";
        let machine = f.machine("m", "STANDARD", states).await;
        let execution = f.start(&machine, r#"{"secret":1}"#).await;
        f.ended(&execution).await;
        let parameters = object(&[("executionArn", execution.as_str().into()), ("includeExecutionData", false.into())]);
        let page = f.ok("GetExecutionHistory", &parameters).await;
        assert!(!page.to_json().contains("secret") && !page.to_json().contains("assigned"), "{page}");
        let events = page.get("events").and_then(Value::as_array).expect("events");
        assert_eq!(events[1].get("stateEnteredEventDetails").map(Value::to_json).as_deref(), Some(r#"{"name":"A"}"#));
        let whole = f.history(&execution).await;
        assert_eq!(text(whole[2].get("stateExitedEventDetails").expect("details"), "output"), r#"{"secret":1}"#);
    });
}

/// The texts of inputs and outputs in the history of `execution`.
async fn payloads(f: &Arc<Fixture>, execution: &str) -> Vec<String> {
    let mut texts = Vec::new();
    for event in f.history(execution).await {
        for details in event.as_object().into_iter().flat_map(|event| event.values()) {
            texts.extend(["input", "output"].iter().filter_map(|name| details.get(name)?.as_str().map(str::to_owned)));
        }
    }
    texts
}

#[test]
fn an_input_keeps_its_text_until_a_state_changes_it() {
    const GIVEN: &str = "{ \"a\" : [1,\n2] }";
    const WRITTEN: &str = r#"{"a":[1,2]}"#;
    with_service(|f| async move {
        for (at, (states, output)) in [
            ("A: {Type: Pass, End: true}", GIVEN.to_owned()),
            ("A: {Type: Wait, Seconds: 0, Assign: {v: 1}, Next: B}\nB: {Type: Succeed}", GIVEN.to_owned()),
            ("A: {Type: Pass, Result: 1, ResultPath: null, End: true}", GIVEN.to_owned()),
            ("A: {Type: Pass, QueryLanguage: JSONata, End: true}", GIVEN.to_owned()),
            (
                "A: {Type: Parallel, Branches: [{StartAt: B, States: {B: {Type: Succeed}}}, \
                 {StartAt: C, States: {C: {Type: Pass, Result: 1, End: true}}}], End: true}",
                format!("[{GIVEN},1]"),
            ),
            ("A: {Type: Pass, InputPath: $.a, End: true}", "[1,2]".to_owned()),
            ("A: {Type: Pass, Parameters: {x.$: $}, End: true}", format!(r#"{{"x":{WRITTEN}}}"#)),
            ("A: {Type: Pass, QueryLanguage: JSONata, Output: '{% $states.input %}', End: true}", WRITTEN.to_owned()),
        ]
        .into_iter()
        .enumerate()
        {
            let standard = f.machine(&format!("s{at}"), "STANDARD", states).await;
            let execution = f.start(&standard, GIVEN).await;
            let described = f.ended(&execution).await;
            assert_eq!((text(&described, "input"), text(&described, "output")), (GIVEN.to_owned(), output.clone()));
            let texts = payloads(&f, &execution).await;
            // The input of the execution, that of its first state; the output of its last state, and its own.
            assert_eq!((&*texts[0], &*texts[1]), (GIVEN, GIVEN), "{states}");
            assert!(texts.iter().rev().take(2).all(|text| *text == output), "{states}\n{texts:?}");

            let express = f.machine(&format!("e{at}"), "EXPRESS", states).await;
            let call = object(&[("stateMachineArn", express.into()), ("input", GIVEN.into())]);
            assert_eq!(text(&f.ok("StartSyncExecution", &call).await, "output"), output);
        }
        // What waits is shown alike.
        let machine = f.machine("w", "STANDARD", "A: {Type: Wait, Seconds: 1000, End: true}").await;
        let execution = f.start(&machine, GIVEN).await;
        while f.history(&execution).await.len() < 2 {
            tokio::task::yield_now().await;
        }
        assert_eq!(payloads(&f, &execution).await, [GIVEN, GIVEN]);
    });
}
