//! The context object of a test: given by the caller, or made up.

use super::Environment;
use super::definition::ALONE;
use super::request::Call;
use crate::api::Exception;
use crate::asl::{StateKind, StateMachine};
use crate::runtime::names::uuid;
use crate::value::{self, Object, Value};

/// The members that a given context object may have (developer guide, context object), and their types.
const SECTIONS: &[(&str, &[(&str, Kind)])] = &[
    (
        "Execution",
        &[
            ("Id", Kind::Text),
            ("Input", Kind::Any),
            ("Name", Kind::Text),
            ("RoleArn", Kind::Text),
            ("StartTime", Kind::Text),
            ("RedriveCount", Kind::Number),
            ("RedriveTime", Kind::Text),
        ],
    ),
    ("State", &[("EnteredTime", Kind::Text), ("Name", Kind::Text), ("RetryCount", Kind::Number)]),
    ("StateMachine", &[("Id", Kind::Text), ("Name", Kind::Text)]),
    ("Task", &[("Token", Kind::Text)]),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    Any,
}

/// Reads a given context object for a state of this kind. The messages are recorded; where a number or an object is
/// expected they are worded after that for strings.
pub(super) fn read(text: &str, kind: &StateKind) -> Result<Value, Exception> {
    let invalid = |what: String| Exception::validation(format!("Invalid Context object provided: {what}"));
    let Ok(Value::Object(context)) = value::read(text) else {
        return Err(invalid("Context object must be a valid JSON object".to_owned()));
    };
    for (name, section) in context.iter() {
        check_section(name, section).map_err(invalid)?;
    }
    let has_token = matches!(kind, StateKind::Task(task) if task.resource.has_token());
    if context.contains_key("Task") && !has_token {
        let what = "Context object contains 'Task' when state is not a Task state with a '.sync' or \
                    '.waitForTaskToken' service integration pattern";
        return Err(invalid(what.to_owned()));
    }
    Ok(Value::Object(context))
}

fn check_section(name: &str, section: &Value) -> Result<(), String> {
    if name == "Map" {
        return Err("'Map' field is not supported when mocking a Context object".to_owned());
    }
    let Some((_, known)) = SECTIONS.iter().find(|(known, _)| *known == name) else {
        return Err(format!("Field '{name}' is not allowed"));
    };
    let Value::Object(members) = section else { return Err(format!("{name} must be an object")) };
    for (key, value) in members.iter() {
        let Some((_, kind)) = known.iter().find(|(known, _)| **known == **key) else {
            return Err(format!("Field '{key}' is not allowed"));
        };
        match (kind, value) {
            (Kind::Any, _) | (Kind::Text, Value::String(_)) | (Kind::Number, Value::Number(_)) => {}
            (Kind::Text, _) => return Err(format!("{name}.{key} must be a string")),
            (Kind::Number, _) => return Err(format!("{name}.{key} must be a number")),
        }
    }
    Ok(())
}

/// The context object that a test sees when none is given: that of an Express execution whose state has always the same
/// name (recorded).
pub(super) fn made_up(call: &Call, environment: &Environment<'_>) -> Value {
    let Environment { account, region, seed, .. } = *environment;
    let (machine, execution) = (uuid(seed), uuid(seed.wrapping_add(1)));
    let now = Value::string(environment.now.to_iso());
    let kind = &call.tested.state().kind;
    let run = object([
        ("Id", Value::string(format!("arn:aws:states:{region}:{account}:express:{machine}:{execution}"))),
        ("Input", call.input.clone()),
        ("StartTime", now.clone()),
        ("Name", Value::string(execution)),
        ("RoleArn", call.role.clone().map_or(Value::Null, Value::String)),
    ]);
    let id = format!("arn:aws:states:{region}:{account}:stateMachine:{machine}");
    let machine = object([("Id", Value::string(id)), ("Name", Value::string(machine))]);
    let mut state = object([("Name", Value::string(ALONE)), ("EnteredTime", now)]);
    if matches!(kind, StateKind::Task(_) | StateKind::Parallel(_) | StateKind::Map(_)) {
        state.insert("RetryCount", Value::from(call.retries()));
    }
    let mut context = object([("Execution", run.into()), ("StateMachine", machine.into()), ("State", state.into())]);
    if matches!(kind, StateKind::Task(task) if task.resource.has_token()) {
        context.insert("Task", object([("Token", Value::string(uuid(seed.wrapping_add(2))))]).into());
    }
    if is_in_map(call) {
        // The first iteration, with the input as its item (developer guide).
        let item = object([("Index", Value::from(0)), ("Value", call.input.clone())]);
        context.insert("Map", object([("Item", item.into())]).into());
    }
    Value::Object(context)
}

fn is_in_map(call: &Call) -> bool {
    let machine: &StateMachine = &call.tested.machine;
    let path = machine.path(call.tested.id);
    path.iter().any(|id| *id != call.tested.id && matches!(machine.state(*id).kind, StateKind::Map(_)))
}

fn object<const N: usize>(members: [(&str, Value); N]) -> Object {
    members.into_iter().collect()
}
