//! Tasks that wait for a token which nobody is given, and calls whose payload is wrapped twice.

use super::subject::Subject;
use super::uses::What;
use crate::asl::model::{ResourceKind, StateId, StateKind, Task};
use crate::query::Root;
use crate::text::{Diagnostic, Node, NodeKind};

const LOST: &str = "LOST_TOKEN";
const WRAPPED: &str = "WRAPPED_PAYLOAD";

pub(super) fn find(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for (id, state) in subject.states() {
        if let StateKind::Task(task) = &state.kind {
            found.extend(lost(subject, id, task));
            found.extend(wrapped(subject, id, task));
        }
    }
}

fn lost(subject: &Subject<'_>, id: StateId, task: &Task) -> Option<Diagnostic> {
    let waits = matches!(task.resource.kind, ResourceKind::Service { task_token: true, .. });
    let payload = ["Parameters", "Arguments"].into_iter().find_map(|name| subject.get(id, name));
    // What a placeholder stands for may pass the token.
    let may_pass = payload.is_some_and(|payload| payload.value.as_str().is_some() || names_token(&payload.value));
    if !waits || may_pass || passes_token(subject, id) {
        return None;
    }
    let name = payload.map_or("Resource", |payload| &*payload.key);
    let message = "This state waits for its token to come back, but does not pass it on".to_owned();
    let help = match subject.state(id).language {
        crate::asl::Language::JsonPath => "pass it: \"TaskToken.$\": \"$$.Task.Token\"",
        crate::asl::Language::Jsonata => "pass it: \"TaskToken\": \"{% $states.context.Task.Token %}\"",
    };
    Some(subject.at_field(LOST, id, name, message).with_help(help))
}

/// Whether the token stands in `node` as a text, where it is told that it should be an expression.
fn names_token(node: &Node) -> bool {
    match &node.kind {
        NodeKind::String(text) => text.contains("Task.Token"),
        NodeKind::Array(items) => items.iter().any(names_token),
        NodeKind::Object(members) => members.iter().any(|member| names_token(&member.value)),
        _ => false,
    }
}

/// Whether an expression of the state reads the token, or more of the context object than other parts.
fn passes_token(subject: &Subject<'_>, id: StateId) -> bool {
    let is_payload = |field: &str| matches!(field, "Parameters" | "Arguments");
    subject.uses(id).iter().filter(|used| is_payload(used.field)).any(|used| match &used.what {
        What::Path(expression) => expression.paths().iter().any(|(path, _)| {
            let first = path.leading_names().next();
            *path.root() == Root::Context && first.is_none_or(|name| &**name == "Task")
        }),
        What::Jsonata(jsonata) => jsonata.reads().iter().any(|read| {
            let names: Vec<&str> = read.names.iter().map(|name| &**name).collect();
            matches!(names[..], ["states"] | ["states", "context"] | ["states", "context", "Task", ..])
        }),
    })
}

/// The arguments of lambda:invoke given to a function that is called by its own ARN, which passes them as they are.
fn wrapped(subject: &Subject<'_>, id: StateId, task: &Task) -> Option<Diagnostic> {
    let is_function = task.resource.kind == ResourceKind::LambdaFunction && task.resource.text.contains(":lambda:");
    let payload = ["Parameters", "Arguments"].into_iter().find_map(|name| subject.get(id, name))?;
    let has = |name: &str| payload.value.get(name).is_some() || payload.value.get(&format!("{name}.$")).is_some();
    if !is_function || !has("FunctionName") || !has("Payload") {
        return None;
    }
    let message = "A function that is called by its own ARN gets all of this as its event: `FunctionName`, `Payload` …";
    let help = "write the payload itself here, or call arn:aws:states:::lambda:invoke";
    Some(subject.at_field(WRAPPED, id, &payload.key, message.to_owned()).with_help(help))
}
