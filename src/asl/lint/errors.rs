//! Retry and Catch: names that cannot match, and retriers that do not retry.

use std::sync::Arc;

use super::subject::Subject;
use crate::asl::fields::Language;
use crate::asl::model::{ResourceKind, Retrier, ScopeId, Seconds, State, StateId, StateKind, Task};
use crate::asl::placeholder;
use crate::text::Diagnostic;

const SHADOWED: &str = "SHADOWED_ERROR";
const IMPOSSIBLE: &str = "IMPOSSIBLE_ERROR";
const NO_RETRY: &str = "RETRIES_NOTHING";
const LONG_DELAY: &str = "LONG_RETRY_DELAY";

/// A day in seconds: who retries does not mean to wait longer.
const DAY: f64 = 86_400.0;

pub(super) fn find(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for (id, state) in subject.states() {
        let retriers: Vec<&[Arc<str>]> = state.retry.iter().map(|retrier| &retrier.error_equals[..]).collect();
        let catchers: Vec<&[Arc<str>]> = state.catch.iter().map(|catcher| &catcher.error_equals[..]).collect();
        for (field, lists) in [("Retry", retriers), ("Catch", catchers)] {
            shadowed(subject, id, field, &lists, found);
            impossible(subject, id, field, &lists, found);
        }
        found.extend(retries_nothing(subject, id, &state.retry));
        long_delays(subject, id, &state.retry, found);
    }
}

/// A warning at name number `name` of item number `item` of `Retry` or `Catch`.
fn at_name(
    subject: &Subject<'_>,
    id: StateId,
    (field, item, name): (&str, usize, usize),
    code: &'static str,
    message: String,
) -> Diagnostic {
    let place = format!("{}/{field}[{item}]/ErrorEquals[{name}]", subject.place(id));
    let names = subject.item(id, field, item).and_then(|item| item.get("ErrorEquals"));
    let span = names.and_then(|names| names.value.items()?.get(name)).map(|node| node.span);
    Diagnostic::warning(code, message, span.unwrap_or(subject.name_span(id))).located(place)
}

/// Names that an item before has, too: the first match counts (States Language, Errors).
fn shadowed(subject: &Subject<'_>, id: StateId, field: &str, lists: &[&[Arc<str>]], found: &mut Vec<Diagnostic>) {
    let mut seen: Vec<&str> = Vec::new();
    for (item, names) in lists.iter().enumerate() {
        for (at, name) in names.iter().enumerate() {
            let Some(earlier) = seen.iter().take(200).find(|earlier| covers(earlier, name)) else { continue };
            let message = match *earlier == &**name {
                true => format!("`{name}` stands here or in an item before already; this one is never looked at"),
                false => format!("`{earlier}` in an item before matches `{name}`, too; this one is never looked at"),
            };
            let warning = at_name(subject, id, (field, item, at), SHADOWED, message);
            found.push(
                warning.with_help("put the item for the special error before the general one, or remove the name"),
            );
        }
        seen.extend(names.iter().map(|name| &**name));
    }
}

/// Whether all that `later` matches is matched by `earlier`. What `States.TaskFailed` does with other names of the
/// service is documented contradictorily; those count as not covered.
fn covers(earlier: &str, later: &str) -> bool {
    earlier == later || earlier == "States.TaskFailed" && !later.starts_with("States.") && !placeholder::is_in(later)
}

fn impossible(subject: &Subject<'_>, id: StateId, field: &str, lists: &[&[Arc<str>]], found: &mut Vec<Diagnostic>) {
    let state = subject.state(id);
    for (item, names) in lists.iter().enumerate() {
        for (at, name) in names.iter().enumerate() {
            let Some((why, help)) = why_never(subject, state, name) else { continue };
            let warning =
                at_name(subject, id, (field, item, at), IMPOSSIBLE, format!("`{name}` never gets here: {why}"));
            found.push(warning.with_help(help));
        }
    }
}

/// Why `state` cannot fail with `name`, and what to do; `None` where it can, or nobody knows.
fn why_never(subject: &Subject<'_>, state: &State, name: &str) -> Option<(&'static str, &'static str)> {
    if name == "States.Runtime" {
        return Some((
            "nothing retries or catches it",
            "it stands for mistakes in the definition, such as paths that find nothing: check the data before, with a \
             Choice and IsPresent",
        ));
    }
    match &state.kind {
        StateKind::Task(task) => task_never(state, task, name),
        StateKind::Map(_) | StateKind::Parallel(_) if !is_distributed_inside(subject, state) => map_run_never(name),
        _ => None,
    }
}

fn task_never(state: &State, task: &Task, name: &str) -> Option<(&'static str, &'static str)> {
    const REMOVE: &str = "remove the name";
    let service = match &task.resource.kind {
        ResourceKind::Service { service, task_token: false, .. } if !placeholder::is_in(service) => Some(&**service),
        _ => None,
    };
    match name {
        "States.HeartbeatTimeout"
            if matches!(task.heartbeat, Seconds::None) && state.field("HeartbeatSeconds").is_none() =>
        {
            Some(("the state has no `HeartbeatSeconds`", "add `HeartbeatSeconds`, or catch `States.Timeout`"))
        }
        "States.BranchFailed" => Some(("only a Parallel state raises it", REMOVE)),
        "States.NoChoiceMatched" => Some(("only a Choice state raises it", REMOVE)),
        "States.QueryEvaluationError" if state.language == Language::JsonPath => {
            Some(("the state has no JSONata", "remove it; paths that find nothing fail with States.Runtime, uncaught"))
        }
        _ if name.starts_with("States.Http.") && service.is_some_and(|service| service != "http") => {
            Some(("only HTTP Tasks raise it", REMOVE))
        }
        _ if name.starts_with("Lambda.") && service.is_some_and(|service| !is_lambda(service)) => {
            Some(("only Lambda functions raise it", "name the errors of the service that the state calls"))
        }
        _ => map_run_never(name),
    }
}

fn is_lambda(service: &str) -> bool {
    matches!(service, "lambda" | "aws-sdk:lambda")
}

fn map_run_never(name: &str) -> Option<(&'static str, &'static str)> {
    let is_of_map_run = matches!(
        name,
        "States.ExceedToleratedFailureThreshold" | "States.ItemReaderFailed" | "States.ResultWriterFailed"
    );
    is_of_map_run.then_some(("only a distributed Map raises it", "remove the name"))
}

/// Whether `state` is a distributed Map, or one is inside.
fn is_distributed_inside(subject: &Subject<'_>, state: &State) -> bool {
    let holds = |other: &State| {
        let is_map_run = matches!(&other.kind, StateKind::Map(map) if map.distributed.is_mode);
        is_map_run && state.span.start <= other.span.start && other.span.end <= state.span.end
    };
    let inner = subject.machine.scopes.iter().skip(ScopeId::TOP.0 as usize + 1);
    holds(state) || inner.flat_map(|scope| &scope.states).any(|id| holds(subject.state(*id)))
}

/// No attempts, and no later retrier that errors are kept from by it: then it does nothing.
fn retries_nothing(subject: &Subject<'_>, id: StateId, retriers: &[Retrier]) -> Option<Diagnostic> {
    let (last, _) = retriers.split_last().filter(|(last, _)| last.max_attempts == 0)?;
    let message = format!("This retrier never retries: \"MaxAttempts\": {}", last.max_attempts);
    let help = "remove it; \"MaxAttempts\": 0 is of use before a retrier that would match the same errors";
    Some(subject.at_item(NO_RETRY, id, ("Retry", retriers.len() - 1), message).with_help(help))
}

fn long_delays(subject: &Subject<'_>, id: StateId, retriers: &[Retrier], found: &mut Vec<Diagnostic>) {
    for (at, retrier) in retriers.iter().enumerate().filter(|(_, retrier)| retrier.max_attempts > 0) {
        let exponent = i32::try_from(retrier.max_attempts - 1).unwrap_or(i32::MAX);
        #[expect(clippy::cast_precision_loss, reason = "only the size matters")]
        let last = retrier.interval_seconds as f64 * retrier.backoff_rate.powi(exponent);
        if retrier.max_delay_seconds.is_some() || last <= DAY || retrier.backoff_rate <= 1.0 {
            continue;
        }
        let attempts = retrier.max_attempts;
        let wait = if last > 365.0 * DAY { "more than a year".to_owned() } else { format!("{:.1} days", last / DAY) };
        let message = format!("The last of the {attempts} retries comes after a wait of {wait}");
        let help = "limit the waits with `MaxDelaySeconds`, or retry less often";
        found.push(subject.at_item(LONG_DELAY, id, ("Retry", at), message).with_help(help));
    }
}
