//! What a run is, as text that can be compared.

use std::collections::BTreeMap;

use asldb::engine::{Event, EventKind, Execution, Log, history};
use asldb::value::Value;

/// Which of the times and numbers count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Detail {
    /// All of them.
    All,
    /// Not the numbers of steps, to which changes by hand add.
    NoSteps,
    /// Nor the times.
    NoTimes,
}

/// Everything that a log holds, child executions included.
pub(super) fn shown(log: &Log, execution: &Execution, detail: Detail) -> String {
    let step = |step: u64| if detail == Detail::All { step } else { 0 };
    let has_times = detail != Detail::NoTimes;
    let events = log.events.iter().map(|event| {
        let json = without(event, execution, if has_times { &[] } else { &["timestamp"] });
        format!("{:?} step {} {:?} {json}", event.branch, step(event.step), event.kind.fault())
    });
    let stages = log.stages.iter().map(|record| {
        let outcome = record.outcome.as_ref().map(Value::to_json);
        format!(
            "{} {:?} {:?} {:?} {:?} {outcome:?}",
            step(record.step),
            record.branch,
            record.state,
            record.visit,
            record.stage
        )
    });
    let branches = log.branches.iter().map(|origin| format!("{origin:?}"));
    let children = log.executions.iter().map(|child| {
        let (arn, status) = (&child.execution.names.execution_arn, child.status.name());
        let times = has_times.then_some((child.started, child.stopped));
        format!("{arn} {} {status} {times:?}\n{}", child.index, shown(&child.log, &child.execution, detail))
    });
    events.chain(stages).chain(branches).chain(children).collect::<Vec<_>>().join("\n")
}

fn without(event: &Event, execution: &Execution, left_out: &[&str]) -> Value {
    let mut json = history::event_to_json(event, execution);
    if let Value::Object(members) = &mut json {
        for name in left_out {
            members.remove(name);
        }
    }
    json
}

/// What happened in each branch and iteration, by where they are; without what tells of the order among them.
pub(super) fn threads(log: &Log, execution: &Execution) -> String {
    let mut threads: BTreeMap<Vec<_>, Vec<String>> = BTreeMap::new();
    for event in log.events.iter() {
        let json = without(event, execution, &["timestamp", "id", "previousEventId"]).to_json();
        let place = log.place_of(event.branch).into_iter().map(|(state, index)| (state.0, index)).collect();
        threads.entry(place).or_default().push(without_numbers(&json));
    }
    threads.into_iter().map(|(place, events)| format!("{place:?}\n{}\n", events.join("\n"))).collect()
}

/// `text` without the numbers of events, which causes tell.
fn without_numbers(text: &str) -> String {
    let mut parts = text.split("event id #");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.trim_start_matches(|c: char| c.is_ascii_digit()))
}

/// How long the Wait states of `log` took, in milliseconds, with the state each.
pub(super) fn waits(log: &Log) -> Vec<(u32, i64)> {
    let mut waits = Vec::new();
    for event in log.events.iter() {
        let EventKind::StateEntered { state, .. } = event.kind else { continue };
        let left = log.exit_of(event.id).filter(|exit| matches!(exit.kind, EventKind::StateExited { .. }));
        waits.extend(left.map(|exit| (state.0, exit.at.since(event.at))));
    }
    waits
}
