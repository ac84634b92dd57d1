//! The context object, made when an expression asks for it, and the scope expressions are evaluated in.

use super::branch::Branch;
use super::execution::{Execution, ExecutionType, Redriven};
use super::random::Random;
use crate::asl::{State, StateKind};
use crate::query;
use crate::value::{Object, Timestamp, Value};

/// What the expressions of one state see beside their input.
pub(super) struct Surroundings<'m> {
    pub(super) execution: &'m Execution,
    pub(super) started: Timestamp,
    pub(super) redriven: Redriven,
    pub(super) now: Timestamp,
    pub(super) branch: &'m Branch,
    pub(super) state: &'m State,
    pub(super) random: &'m mut Random,
}

impl query::Scope for Surroundings<'_> {
    fn context(&mut self) -> Value {
        context(self.execution, (self.started, self.redriven), self.branch, self.state)
    }

    fn variable(&mut self, name: &str) -> Option<Value> {
        self.branch.variables.get(name).cloned()
    }

    fn random(&mut self) -> u64 {
        self.random.next()
    }

    fn now(&mut self) -> Timestamp {
        self.now
    }
}

/// The context object of `branch` in `state` (developer guide, context object; members and order as recorded).
pub(super) fn context(execution: &Execution, times: (Timestamp, Redriven), branch: &Branch, state: &State) -> Value {
    let mut context = match &branch.given_context {
        Some(Value::Object(given)) => given.clone(),
        Some(other) => return other.clone(),
        None => own_context(execution, times, branch, state),
    };
    if let Some(item) = &branch.item {
        let mut members = object([("Index", Value::from(item.index))]);
        if let Some(key) = &item.key {
            members.insert("Key", key.clone().into());
        }
        members.insert("Value", item.value.clone());
        if let Some(source) = &item.source {
            members.insert("Source", source.clone().into());
        }
        context.insert("Map", object([("Item", members.into())]).into());
    }
    Value::Object(context)
}

fn own_context(
    execution: &Execution,
    (started, redriven): (Timestamp, Redriven),
    branch: &Branch,
    state: &State,
) -> Object {
    let names = &execution.names;
    let mut run = object([
        ("Id", names.execution_arn.clone().into()),
        ("Input", execution.input.clone()),
        ("StartTime", started.to_iso().into()),
        ("Name", names.execution_name.clone().into()),
        ("RoleArn", names.role_arn.clone().into()),
    ]);
    // Only those whose caller waits have none (recorded).
    if execution.kind != ExecutionType::ExpressSync {
        run.insert("RedriveCount", Value::from(redriven.count));
    }
    if let Some(at) = redriven.at {
        run.insert("RedriveTime", at.to_iso().into());
    }
    let machine = object([("Id", names.machine_arn.clone().into()), ("Name", names.machine_name.clone().into())]);
    let mut here = object([("Name", state.name.clone().into()), ("EnteredTime", branch.entered_at.to_iso().into())]);
    if matches!(state.kind, StateKind::Task(_) | StateKind::Parallel(_) | StateKind::Map(_)) {
        here.insert("RetryCount", Value::from(branch.retry_count));
    }
    let mut context = object([("Execution", run.into()), ("StateMachine", machine.into()), ("State", here.into())]);
    if let Some(token) = &branch.token {
        context.insert("Task", object([("Token", token.clone().into())]).into());
    }
    context
}

fn object<const N: usize>(members: [(&str, Value); N]) -> Object {
    members.into_iter().collect()
}
