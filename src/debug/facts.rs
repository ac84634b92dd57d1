//! What was known at a moment, read from the log.

use std::sync::Arc;

use crate::engine::{BranchId, ChangeKind, EventKind, Execution, Log};
use crate::value::{Object, Timestamp, Value};

/// The variables that `branch` saw after `events` events, scope by scope from the innermost: what its states and, up to
/// the start of the branch, those around it had assigned when they were left.
#[must_use]
pub fn variables_at(log: &Log, branch: BranchId, events: usize) -> Vec<(BranchId, Object)> {
    let mut until = events;
    let mut scopes = Vec::new();
    for id in log.branch_path(branch).into_iter().rev() {
        let mut own = Object::new();
        let mut given = by_hand(log, id, until).peekable();
        for event in log.events.range(0, until).filter(|event| event.branch == id) {
            while let Some((_, name, value)) = given.next_if(|(step, ..)| *step < event.step) {
                own.insert(name.clone(), value.clone());
            }
            if let EventKind::StateExited { assigned: Some(assigned), .. } = &event.kind {
                for (name, value) in assigned.iter() {
                    own.insert(name.clone(), value.clone());
                }
            }
        }
        for (_, name, value) in given {
            own.insert(name.clone(), value.clone());
        }
        scopes.push((id, own));
        until = log.branches.get(id.0 as usize).map_or(0, |origin| until.min(origin.visit.0 as usize));
    }
    scopes
}

/// The variables that `branch` was given by hand while so many events were written, each with its step.
fn by_hand(log: &Log, branch: BranchId, events: usize) -> impl Iterator<Item = (u64, &Arc<str>, &Value)> {
    let own = log.changes.iter().filter(move |change| change.branch == branch && change.events <= events);
    own.filter_map(|change| match &change.kind {
        ChangeKind::Variable { name, value } => Some((change.step, name, value)),
        _ => None,
    })
}

/// The parts of the context object that need no look into a machine: of the execution, and of a state by its name and
/// when it was entered.
#[must_use]
pub fn partial_context(
    execution: &Execution,
    started: Timestamp,
    state: Option<(Arc<str>, Option<Timestamp>)>,
) -> Value {
    let names = &execution.names;
    let object = |members: Vec<(&str, Value)>| Value::Object(members.into_iter().collect());
    let of_run = object(vec![
        ("Id", names.execution_arn.clone().into()),
        ("Input", execution.input.clone()),
        ("StartTime", started.to_iso().into()),
        ("Name", names.execution_name.clone().into()),
        ("RoleArn", names.role_arn.clone().into()),
    ]);
    let machine = object(vec![("Id", names.machine_arn.clone().into()), ("Name", names.machine_name.clone().into())]);
    let mut all = vec![("Execution", of_run), ("StateMachine", machine)];
    if let Some((name, entered)) = state {
        let entered = entered.map(|at| ("EnteredTime", Value::from(at.to_iso())));
        all.push(("State", object([("Name", Value::from(name))].into_iter().chain(entered).collect())));
    }
    object(all)
}
