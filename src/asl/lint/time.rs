//! Timeouts and waits that do not do what they say.

use super::subject::Subject;
use crate::asl::model::{ResourceKind, Seconds, State, StateId, StateKind, Task, Wait};
use crate::text::Diagnostic;
use crate::value::Timestamp;

const NO_TIMEOUT: &str = "NO_TIMEOUT";
const UNREACHED: &str = "UNREACHED_TIMEOUT";
const PAST: &str = "WAIT_IN_THE_PAST";
const TOO_LONG: &str = "WAIT_BEYOND_TIMEOUT";

/// Every execution is later than this: the rules have no clock.
const LONG_AGO: &str = "2026-01-01T00:00:00Z";
/// The longest an HTTP Task waits (developer guide, HTTP Task).
const HTTP_SECONDS: u64 = 60;
/// The longest an Express execution runs (Step Functions quotas).
const EXPRESS_SECONDS: u64 = 300;

pub(super) fn find(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for (id, state) in subject.states() {
        match &state.kind {
            StateKind::Task(task) => {
                found.extend(no_timeout(subject, id, state, task));
                found.extend(unreached(subject, id, task));
            }
            StateKind::Wait(Wait::Timestamp(at)) => found.extend(past(subject, id, *at)),
            StateKind::Wait(Wait::Seconds(seconds)) => found.extend(too_long(subject, id, *seconds)),
            _ => {}
        }
    }
}

/// Somebody else must answer, and nothing ends the wait but the end of the year.
fn no_timeout(subject: &Subject<'_>, id: StateId, state: &State, task: &Task) -> Option<Diagnostic> {
    let who = match task.resource.kind {
        ResourceKind::Service { task_token: true, .. } => "the task's token to be sent back",
        ResourceKind::Activity => "a worker of the activity",
        _ => return None,
    };
    let names = ["TimeoutSeconds", "TimeoutSecondsPath", "HeartbeatSeconds", "HeartbeatSecondsPath"];
    let is_limited = names.iter().any(|name| state.field(name).is_some());
    if is_limited || subject.machine.timeout_seconds.is_some() {
        return None;
    }
    let message = format!("Without a timeout this state waits for {who} for up to a year");
    let help = "add `TimeoutSeconds`, and catch `States.Timeout`";
    Some(subject.at_state(NO_TIMEOUT, id, message).with_help(help))
}

/// The time is up before: for the execution, or for what the task calls.
fn unreached(subject: &Subject<'_>, id: StateId, task: &Task) -> Option<Diagnostic> {
    let Seconds::Fixed(seconds) = task.timeout else { return None };
    let (limit, what) = limits(subject, task).into_iter().find(|(limit, _)| seconds > *limit)?;
    let message = format!("This timeout never comes: {what} after {limit} seconds");
    let help = format!("write {limit} or less, or remove it");
    Some(subject.at_field(UNREACHED, id, "TimeoutSeconds", message).with_help(help))
}

fn limits(subject: &Subject<'_>, task: &Task) -> Vec<(u64, &'static str)> {
    let mut limits: Vec<(u64, &'static str)> = Vec::new();
    limits
        .extend(subject.machine.timeout_seconds.filter(|seconds| *seconds > 0).map(|s| (s, "the execution times out")));
    if matches!(&task.resource.kind, ResourceKind::Service { service, .. } if &**service == "http") {
        limits.push((HTTP_SECONDS, "an HTTP Task fails"));
    }
    limits
}

fn past(subject: &Subject<'_>, id: StateId, at: Timestamp) -> Option<Diagnostic> {
    let is_placeholder = at == Timestamp::default();
    let long_ago = Timestamp::parse(LONG_AGO)?;
    if is_placeholder || at >= long_ago {
        return None;
    }
    let message = "This moment is past: the state does not wait at all".to_owned();
    let help = "wait for `Seconds`, or until a moment of the input with `TimestampPath`";
    Some(subject.at_field(PAST, id, "Timestamp", message).with_help(help))
}

fn too_long(subject: &Subject<'_>, id: StateId, seconds: u64) -> Option<Diagnostic> {
    let own = subject.machine.timeout_seconds.filter(|limit| *limit > 0).map(|limit| (limit, "The execution"));
    let express = is_express(subject, id).then_some((EXPRESS_SECONDS, "A child execution of type EXPRESS"));
    let (limit, what) = own.into_iter().chain(express).find(|(limit, _)| seconds >= *limit)?;
    let message = format!("{what} times out after {limit} seconds, before this wait is over");
    let help = match express {
        Some(_) => "wait less, or let the child executions be of type STANDARD",
        None => "wait less, or raise the `TimeoutSeconds` of the state machine",
    };
    Some(subject.at_field(TOO_LONG, id, "Seconds", message).with_help(help))
}

/// Whether a state runs in child executions of type EXPRESS.
fn is_express(subject: &Subject<'_>, id: StateId) -> bool {
    let starts_express = |outer: &StateId| match &subject.state(*outer).kind {
        StateKind::Map(map) => map.distributed.is_mode && map.distributed.is_express,
        _ => false,
    };
    subject.machine.path(id).iter().any(|outer| *outer != id && starts_express(outer))
}
