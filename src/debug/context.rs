//! The context object of a branch at a moment, as far as the log tells of it: for histories that others recorded, and
//! until a run is made again. What the log does not hold is left out.

use std::sync::Arc;

use super::inspect::Moment;
use super::past::Past;
use crate::asl::{State, StateId, StateKind};
use crate::engine::{BranchId, ChangeKind, Event, EventId, EventKind, ExecutionType, Stage};
use crate::query::{Payload, Piece, Template};
use crate::value::diff::Step;
use crate::value::{Object, Timestamp, Value};

/// Parts of what a task was called with that are searched for its token.
const MOST_PARTS: usize = 1000;

/// The visit whose context object is asked for.
struct Here {
    branch: BranchId,
    state: StateId,
    entered: EventId,
    at: Timestamp,
    /// It is being given the input of its first state: the context is that of the Map around it.
    begins: bool,
}

impl Past<'_> {
    /// The context object that `branch` saw at `moment`, or when it was last in a state by then.
    #[must_use]
    pub fn context(&self, branch: BranchId, moment: Moment) -> Value {
        let mut context = Object::new();
        context.insert("Execution", self.execution_part(moment));
        let names = &self.execution.names;
        let machine = [("Id", names.machine_arn.clone().into()), ("Name", names.machine_name.clone().into())];
        context.insert("StateMachine", object(machine));
        if let Some(here) = self.here(branch, moment) {
            context.insert("State", self.state_part(&here, moment));
            if let Some(token) = self.token(&here, moment) {
                context.insert("Task", object([("Token", token)]));
            }
        }
        if let Some(item) = self.item_of(branch) {
            context.insert("Map", object([("Item", item)]));
        }
        Value::Object(context)
    }

    fn execution_part(&self, moment: Moment) -> Value {
        let names = &self.execution.names;
        let mut run: Object = [
            ("Id", Value::from(names.execution_arn.clone())),
            ("Input", self.execution.input.clone()),
            ("StartTime", self.started.to_iso().into()),
            ("Name", names.execution_name.clone().into()),
            ("RoleArn", names.role_arn.clone().into()),
        ]
        .into_iter()
        .collect();
        if self.execution.kind == ExecutionType::ExpressSync {
            return Value::Object(run);
        }
        let redriven = self.log.events.range(0, moment.events).rev().find_map(|event| match event.kind {
            EventKind::ExecutionRedriven { count } => Some((count, event.at)),
            _ => None,
        });
        run.insert("RedriveCount", Value::from(redriven.map_or(0, |(count, _)| count)));
        if let Some((_, at)) = redriven {
            run.insert("RedriveTime", at.to_iso().into());
        }
        Value::Object(run)
    }

    /// The visit in which `branch` is at `moment`, or was last.
    fn here(&self, branch: BranchId, moment: Moment) -> Option<Here> {
        let mut own = self.log.events.range(0, moment.events).rev().filter(|event| event.branch == branch);
        let entry = own.find_map(|event| match &event.kind {
            EventKind::StateEntered { state, .. } => Some((*state, event)),
            _ => None,
        });
        if let Some((state, event)) = entry {
            return Some(Here { branch, state, entered: event.id, at: event.at, begins: false });
        }
        let origin = self.log.branches.get(branch.0 as usize)?;
        let entered = self.log.event(origin.visit)?;
        let (state, at) = (origin.state?, entered.at);
        Some(Here { branch: origin.parent, state, entered: entered.id, at, begins: true })
    }

    fn state(&self, id: StateId) -> Option<&State> {
        self.execution.machine.states.get(id.0 as usize)
    }

    fn state_part(&self, here: &Here, moment: Moment) -> Value {
        let Some(state) = self.state(here.state) else { return Value::empty_object() };
        let mut part: Object =
            [("Name", Value::from(state.name.clone())), ("EnteredTime", here.at.to_iso().into())].into_iter().collect();
        if matches!(state.kind, StateKind::Task(_) | StateKind::Parallel(_) | StateKind::Map(_)) {
            // A new iteration has not been retried, whatever became of its Map.
            let retries = if here.begins { 0 } else { self.retries(here, moment) };
            part.insert("RetryCount", Value::from(retries));
        }
        Value::Object(part)
    }

    /// How often the state was retried by `moment`. A retry has no event of its own: what was begun again tells of it,
    /// and what failed before something else was begun.
    fn retries(&self, here: &Here, moment: Moment) -> u32 {
        let own: Vec<&Event> = self.events_of(here).collect();
        let begins = |event: &Event| {
            matches!(
                event.kind,
                EventKind::TaskScheduled { .. } | EventKind::ParallelStarted { .. } | EventKind::MapStarted { .. }
            )
        };
        let fails = |event: &Event| {
            matches!(
                event.kind,
                EventKind::TaskFailed { .. } | EventKind::TaskTimedOut { .. } | EventKind::EvaluationFailed { .. }
            )
        };
        let by_now = |event: &&&Event| event.id.0 as usize <= moment.events;
        let begun = own.iter().take_while(by_now).filter(|event| begins(event)).count();
        let last_begin = own.iter().rposition(|event| begins(event) || fails(event)).unwrap_or(0);
        let failed = own.iter().enumerate().take(last_begin).filter(|(_, event)| fails(event) && by_now(event)).count();
        u32::try_from(begun.saturating_sub(1).max(failed)).unwrap_or(u32::MAX)
    }

    /// What was written of a visit, itself excluded.
    fn events_of(&self, here: &Here) -> impl Iterator<Item = &Event> {
        let until = self.log.exit_of(here.entered).map_or(self.log.events.len(), |exit| exit.id.0 as usize);
        let (branch, state) = (here.branch, here.state);
        let all = self.log.events.range(here.entered.0 as usize, until);
        all.filter(move |event| event.branch == branch && event.kind.state() == Some(state))
    }

    /// The token of the task, where the definition says which part of what it was called with that is.
    fn token(&self, here: &Here, moment: Moment) -> Option<Value> {
        let state = self.state(here.state)?;
        if here.begins || !matches!(&state.kind, StateKind::Task(task) if task.resource.has_token()) {
            return None;
        }
        // Each attempt has a token of its own.
        let by_now = self.events_of(here).take_while(|event| event.id.0 as usize <= moment.events);
        let mut scheduled = by_now.filter_map(|event| match &event.kind {
            EventKind::TaskScheduled { scheduled, .. } => Some(scheduled),
            _ => None,
        });
        let first = scheduled.next()?;
        let input = &scheduled.last().unwrap_or(first).input;
        let is_token = |path: &[Step]| match (&state.parameters, &state.arguments) {
            (Some(template), _) => is_token_of_template(template, path),
            (None, Some(payload)) => is_token_of_payload(payload, path),
            (None, None) => false,
        };
        let mut left = MOST_PARTS;
        texts(input, &mut Vec::new(), &mut left, &is_token)
    }

    /// The item of the innermost iteration around `branch`, as the context object tells of it.
    fn item_of(&self, branch: BranchId) -> Option<Value> {
        let is_map = |id: &BranchId| {
            let state = self.log.branches.get(id.0 as usize).and_then(|origin| origin.state);
            state.and_then(|state| self.state(state)).is_some_and(|state| {
                // Child executions have context objects of their own, without the item.
                matches!(&state.kind, StateKind::Map(map) if !map.distributed.is_mode)
            })
        };
        let iteration = self.log.branch_path(branch).into_iter().rev().find(is_map)?;
        let origin = self.log.branches.get(iteration.0 as usize)?;
        let begun = self.log.events.range(origin.visit.0 as usize, self.log.events.len());
        let begun = begun.into_iter().find(|event| event.branch == iteration).map_or(u64::MAX, |event| event.step);
        self.item(origin.visit, origin.index, begun)
    }

    /// What the context object tells of item `index` of the Map that event `visit` entered, as its items were at `step`;
    /// none if there is no such item.
    #[must_use]
    pub fn item(&self, visit: EventId, index: u32, step: u64) -> Option<Value> {
        let at = index as usize;
        let mut item: Object = [("Index", Value::from(index))].into_iter().collect();
        match self.items_of(visit, step) {
            Some(Value::Array(items)) => item.insert("Value", items.get(at)?.clone()),
            Some(Value::Object(entries)) => {
                let (key, value) = entries.nth(at)?;
                item.insert("Key", Value::from(Arc::clone(key)));
                item.insert("Value", value.clone());
            }
            _ => {}
        }
        Some(Value::Object(item))
    }

    /// The items of the Map that event `visit` entered, as they were at `step`: what came before its work.
    pub(super) fn items_of(&self, visit: EventId, step: u64) -> Option<Value> {
        let entered = self.log.event(visit)?;
        let stages = self.log.stages_of(visit);
        let own = stages.iter().rev().filter(|record| record.stage < Stage::Work && record.step < step);
        let made = own.filter_map(|record| Some((record.step, record.outcome.as_ref().ok()?.clone()))).next();
        let changes = self.log.changes.iter().filter(|change| change.branch == entered.branch);
        let given = changes.filter(|change| (entered.step..step).contains(&change.step));
        let given = given.filter_map(|change| match &change.kind {
            ChangeKind::Data(value) => Some((change.step, value.clone())),
            _ => None,
        });
        let newest = made.into_iter().chain(given).max_by_key(|(step, _)| *step);
        newest.map(|(_, value)| value).or_else(|| match &entered.kind {
            EventKind::StateEntered { input, .. } => Some(input.clone()),
            _ => None,
        })
    }
}

fn is_token_of_template(template: &Template, path: &[Step]) -> bool {
    matches!(template.piece(path), Some(Piece::Expression(expression, used))
        if used == path.len() && expression.text() == "$$.Task.Token")
}

fn is_token_of_payload(payload: &Payload, path: &[Step]) -> bool {
    matches!(payload.piece(path), Some(Piece::Expression(field, used))
        if used == path.len() && field.jsonata().text().trim() == "$states.context.Task.Token")
}

/// The first text in `value` at a path that `is_it` holds for. The depth of this recursion is that of the value.
fn texts(value: &Value, path: &mut Vec<Step>, left: &mut usize, is_it: &dyn Fn(&[Step]) -> bool) -> Option<Value> {
    *left = left.checked_sub(1)?;
    let mut inner = |step: Step, value: &Value, path: &mut Vec<Step>| {
        path.push(step);
        let found = texts(value, path, left, is_it);
        path.pop();
        found
    };
    match value {
        Value::String(_) => is_it(path).then(|| value.clone()),
        Value::Object(members) => members.iter().find_map(|(key, value)| inner(Step::Key(key.clone()), value, path)),
        Value::Array(items) => items.iter().enumerate().find_map(|(at, value)| inner(Step::Index(at), value, path)),
        _ => None,
    }
}

fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::Object(members.into_iter().collect())
}
