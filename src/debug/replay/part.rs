//! Where a run and a history part: event by event in each thread, on type, state and data. Ids, times and names that
//! were made up do not count, and neither does how threads took turns.

use std::collections::HashMap;
use std::sync::Arc;

use crate::engine::{BranchId, Event, EventId, EventKind, Execution, Log, Names, history};
use crate::value::diff::{self, diff};
use crate::value::{Object, Timestamp, Value};

/// A log and what was started.
#[derive(Debug, Clone, Copy)]
pub struct Recorded<'r> {
    /// What happened.
    pub log: &'r Log,
    /// What was started.
    pub execution: &'r Execution,
    /// Whether the end is told: what comes after an open end says nothing.
    pub is_whole: bool,
}

/// Where they part first.
#[derive(Debug, Clone, PartialEq)]
pub struct Parting {
    /// The event of the history; none: the thread ends there.
    pub recorded: Option<EventId>,
    /// The event of the run; none: the thread ends there.
    pub local: Option<EventId>,
    /// The thread by what is around it; empty for the execution's own.
    pub thread: Arc<str>,
    /// What is different, a line each.
    pub lines: Vec<String>,
}

/// How many differences of data are told.
const SHOWN: usize = 12;

/// The first event of `history`, in its order, that is not as in `run`.
#[must_use]
pub fn part(history: Recorded<'_>, run: Recorded<'_>) -> Option<Parting> {
    let (theirs, own) = (threads(history), threads(run));
    let names = [&history.execution.names, &run.execution.names];
    let by_name: HashMap<&Arc<str>, &Thread<'_>> = own.iter().map(|thread| (&thread.name, thread)).collect();
    let mut first: Option<(u32, Parting)> = None;
    for thread in &theirs {
        let other = by_name.get(&thread.name).map_or(&[][..], |other| &other.events);
        if let Some((at, parting)) = part_thread((history, run), thread, other, names)
            && first.as_ref().is_none_or(|(known, _)| at < *known)
        {
            first = Some((at, parting));
        }
    }
    first.map(|(_, parting)| parting)
}

struct Thread<'l> {
    name: Arc<str>,
    events: Vec<&'l Event>,
}

/// The events of each thread that are compared, threads in the order of their first events.
fn threads(side: Recorded<'_>) -> Vec<Thread<'_>> {
    let mut threads: Vec<Thread<'_>> = Vec::new();
    let mut by_branch: HashMap<BranchId, usize> = HashMap::new();
    // How often a name was given: branches of a second attempt are others.
    let mut given: HashMap<String, u32> = HashMap::new();
    for event in side.log.events.iter() {
        let at = *by_branch.entry(event.branch).or_insert_with(|| {
            let name = name(event.branch, side);
            let count = given.entry(name.clone()).or_default();
            *count += 1;
            let name = if *count > 1 { format!("{name}, attempt {count}") } else { name };
            threads.push(Thread { name: name.into(), events: Vec::new() });
            threads.len() - 1
        });
        if counts(event, side) {
            threads[at].events.push(event);
        }
    }
    threads
}

fn name(branch: BranchId, side: Recorded<'_>) -> String {
    let place = side.log.place_of(branch);
    let part =
        |(state, index): &(crate::asl::StateId, u32)| format!("{}[{index}]", side.execution.machine.state(*state).name);
    place.iter().map(part).collect::<Vec<_>>().join(" / ")
}

/// Whether an event is compared: of a distributed Map only its entry and its exit, since what is between happens in other
/// executions.
fn counts(event: &Event, side: Recorded<'_>) -> bool {
    match &event.kind {
        EventKind::StateEntered { .. } | EventKind::StateExited { .. } => true,
        kind => !kind.state().is_some_and(|state| is_distributed(side, state)),
    }
}

fn is_distributed(side: Recorded<'_>, state: crate::asl::StateId) -> bool {
    use crate::asl::StateKind;
    matches!(&side.execution.machine.state(state).kind, StateKind::Map(map) if map.distributed.is_mode)
}

type Two<'r> = (Recorded<'r>, Recorded<'r>);

fn part_thread(
    (history, run): Two<'_>,
    thread: &Thread<'_>,
    other: &[&Event],
    names: [&Names; 2],
) -> Option<(u32, Parting)> {
    let parting = |at: EventId, recorded: Option<&Event>, local: Option<&Event>, lines| {
        let ids = (recorded.map(|event| event.id), local.map(|event| event.id));
        Some((at.0, Parting { recorded: ids.0, local: ids.1, thread: Arc::clone(&thread.name), lines }))
    };
    for (at, event) in thread.events.iter().enumerate() {
        let Some(local) = other.get(at) else {
            if !run.is_whole || is_cut(event) {
                return None;
            }
            let line = format!("the run has no {} here", described(event, history));
            return parting(event.id, Some(event), None, vec![line]);
        };
        if is_cut(event) != is_cut(local) {
            // A branch was stopped while another one failed: how far it had come is a matter of time.
            return None;
        }
        let lines = differences((event, history), (local, run), names);
        if !lines.is_empty() {
            return parting(event.id, Some(event), Some(local), lines);
        }
    }
    let more = other.get(thread.events.len()).filter(|local| history.is_whole && !is_cut(local))?;
    let last = thread.events.last().map_or(EventId::NONE, |event| event.id);
    let line = format!("the history has no {} here", described(more, run));
    parting(EventId(last.0.saturating_add(1)), None, Some(more), vec![line])
}

fn is_cut(event: &Event) -> bool {
    matches!(event.kind, EventKind::StateAborted { .. } | EventKind::IterationAborted { .. })
}

/// `7 TaskStateExited Charge`, without the number.
#[must_use]
pub fn described(event: &Event, side: Recorded<'_>) -> String {
    let name = history::type_name(&event.kind, side.execution);
    match event.kind.state() {
        Some(state) => format!("{name} {}", side.execution.machine.state(state).name),
        None => name,
    }
}

/// What differs between two events, a line each.
fn differences(
    (recorded, history): (&Event, Recorded<'_>),
    (local, run): (&Event, Recorded<'_>),
    names: [&Names; 2],
) -> Vec<String> {
    let described = [described(recorded, history), described(local, run)];
    if described[0] != described[1] {
        return vec![format!("the history has {}, the run {}", described[0], described[1])];
    }
    let facts = [facts(&recorded.kind), facts(&local.kind)];
    let is_left_by_hand = recorded.kind.state().is_some_and(|state| is_distributed(history, state));
    let mut lines = Vec::new();
    for (member, theirs) in facts[0].iter() {
        if is_left_by_hand && &**member == "assignedVariables" {
            continue;
        }
        let own = facts[1].get(member).cloned().unwrap_or_default();
        if !same(theirs, &own, names) {
            lines.extend(told(member, theirs, &own, names));
        }
    }
    lines
}

/// The data of an event.
fn facts(kind: &EventKind) -> Object {
    use EventKind as E;
    let mut facts = Object::new();
    match kind {
        E::ExecutionStarted { input } | E::StateEntered { input, .. } => facts.insert("input", input.clone()),
        E::ExecutionSucceeded { output } | E::TaskSubmitted { output, .. } | E::TaskSucceeded { output, .. } => {
            facts.insert("output", output.clone());
        }
        E::StateExited { output, assigned, .. } => {
            facts.insert("output", output.clone());
            let assigned = assigned.as_ref().map_or(Value::Null, |assigned| Value::Object(Object::clone(assigned)));
            facts.insert("assignedVariables", assigned);
        }
        E::MapStarted { length, .. } => facts.insert("length", Value::from(*length)),
        E::TaskScheduled { scheduled, .. } => {
            let seconds = |seconds: Option<u64>| {
                seconds.map_or(Value::Null, |seconds| Value::from(i64::try_from(seconds).unwrap_or(i64::MAX)))
            };
            facts.insert("input", scheduled.input.clone());
            facts.insert("timeoutInSeconds", seconds(scheduled.timeout_seconds));
            facts.insert("heartbeatInSeconds", seconds(scheduled.heartbeat_seconds));
        }
        _ => {
            if let Some(fault) = kind.fault() {
                let text = |text: &Option<Arc<str>>| text.clone().map_or(Value::Null, Value::String);
                facts.insert("error", text(&fault.error));
                facts.insert("cause", text(&fault.cause));
            }
        }
    }
    facts
}

/// Whether two values are the same but for ids, times and names that were made up.
fn same(theirs: &Value, own: &Value, names: [&Names; 2]) -> bool {
    match (theirs, own) {
        (Value::String(theirs), Value::String(own)) => theirs == own || is_stand_in(theirs, own, names),
        (Value::Array(theirs), Value::Array(own)) => {
            theirs.len() == own.len() && theirs.iter().zip(own.iter()).all(|(theirs, own)| same(theirs, own, names))
        }
        (Value::Object(theirs), Value::Object(own)) => {
            theirs.len() == own.len()
                && theirs.iter().all(|(key, value)| own.get(key).is_some_and(|own| same(value, own, names)))
        }
        _ => theirs == own,
    }
}

/// Whether `own` stands for `theirs`: both are times, both are ids, or the names that were made up take the place of
/// others.
fn is_stand_in(theirs: &str, own: &str, names: [&Names; 2]) -> bool {
    if Timestamp::parse(theirs).is_some() && Timestamp::parse(own).is_some() {
        return true;
    }
    if (is_uuid(theirs) && is_uuid(own)) || (is_token(own) && theirs.len() > 16 && !theirs.contains(' ')) {
        return true;
    }
    let made_up = names[1];
    let made_up = [&made_up.execution_arn, &made_up.machine_arn, &made_up.execution_name, &made_up.machine_name];
    made_up.iter().any(|name| {
        own.split_once(&***name).is_some_and(|(before, after)| {
            theirs.len() > before.len() + after.len() && theirs.starts_with(before) && theirs.ends_with(after)
        })
    })
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// Whether it looks like a task token of the engine.
fn is_token(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
}

fn told(member: &str, theirs: &Value, own: &Value, names: [&Names; 2]) -> Vec<String> {
    let found = diff(theirs, own, SHOWN * 4);
    let text = |value: &Option<Value>| value.as_ref().map_or_else(|| "nothing".to_owned(), short);
    let matters = |change: &&diff::Change| match (&change.before, &change.after) {
        (Some(before), Some(after)) => !same(before, after, names),
        _ => true,
    };
    let mut lines: Vec<String> = found
        .changes
        .iter()
        .filter(matters)
        .take(SHOWN)
        .map(|change| {
            let path = crate::value::diff::json_path(&change.path);
            format!("{member} {path}: {} in the history, {} in the run", text(&change.before), text(&change.after))
        })
        .collect();
    if lines.is_empty() {
        lines.push(format!("{member} differs"));
    }
    lines
}

fn short(value: &Value) -> String {
    const MOST: usize = 200;
    if value.size() > MOST { format!("{} of {} bytes", value.type_name(), value.size()) } else { value.to_json() }
}
