//! `inspectionData`: the data on its way through the state. Which members there are depends on the type and the language
//! of the state (recorded).

use super::request::Call;
use super::run::{Ended, Visit};
use crate::asl::{Language, StateKind};
use crate::engine::{MapPlan, Stage};
use crate::value::{Array, Number, Object, Value};

/// The members that show the data after a stage, in the order of the data flow.
const STAGES: [(Stage, &str); 6] = [
    (Stage::InputPath, "afterInputPath"),
    (Stage::Parameters, "afterParameters"),
    (Stage::Arguments, "afterArguments"),
    (Stage::Work, "result"),
    (Stage::ResultSelector, "afterResultSelector"),
    (Stage::ResultPath, "afterResultPath"),
];

/// Those that a state of this language and type shows. In JSONata only a Task has stages of its own to show; a Pass
/// with a Result does not look at its input.
fn shown(language: Language, kind: &StateKind) -> &'static [Stage] {
    use Stage::{Arguments, InputPath, Parameters, ResultPath, ResultSelector, Work};
    match (language, kind) {
        (Language::Jsonata, StateKind::Task(_)) => &[Arguments, Work],
        (Language::Jsonata, _) => &[],
        (_, StateKind::Pass { result: Some(_) }) => &[Work, ResultSelector, ResultPath],
        (_, StateKind::Pass { result: None }) => &[InputPath, Parameters, ResultSelector, ResultPath],
        (_, StateKind::Task(_)) => &[InputPath, Parameters, Work, ResultSelector, ResultPath],
        (_, StateKind::Parallel(_)) => &[ResultSelector, ResultPath],
        (_, StateKind::Map(_)) => &[InputPath, ResultSelector, ResultPath],
        _ => &[InputPath],
    }
}

/// The `inspectionData` of `visit`.
pub(super) fn of(call: &Call, visit: &Visit) -> Value {
    let state = call.tested.state();
    let shown = shown(state.language, &state.kind);
    let mut data = Object::new();
    data.insert("input", Value::String(call.input_text.clone()));
    let mut current = call.input.clone();
    for (stage, name) in STAGES {
        if visit.failed_at.is_some_and(|failed| failed <= stage) {
            break;
        }
        if let Some(value) = visit.stages.iter().find(|(at, _)| *at == stage).map(|(_, value)| value) {
            current = value.clone();
        }
        if shown.contains(&stage) {
            data.insert(name, json(&current));
        }
    }
    if let Some(plan) = &visit.plan {
        map(&mut data, call, plan);
    }
    if !visit.variables.is_empty() {
        data.insert("variables", json(&Value::Object(visit.variables.clone())));
    }
    if let Some(details) = error_details(&visit.ended) {
        data.insert("errorDetails", Value::Object(details));
    }
    Value::Object(data)
}

/// What a Map state shows beside.
fn map(data: &mut Object, call: &Call, plan: &MapPlan) {
    let state = call.tested.state();
    let pointer = match &state.kind {
        StateKind::Map(map) => map.distributed.reader.as_ref().map(|reader| reader.items_pointer.is_some()),
        _ => None,
    };
    let after_items = match (pointer, state.language) {
        (Some(true), _) => Some("afterItemsPointer"),
        // Only JSONPath states show these (developer guide; recorded without a reader).
        (None, Language::JsonPath) => Some("afterItemsPath"),
        _ => None,
    };
    let mut array = |name: Option<&str>, array: &Option<Array>| {
        if let (Some(name), Some(array)) = (name, array) {
            data.insert(name, json(&Value::Array(array.clone())));
        }
    };
    array(after_items, &plan.items);
    array(Some("afterItemSelector"), &plan.selected);
    array(Some("afterItemBatcher"), &plan.batches);
    if let Some(count) = plan.tolerated_failure_count {
        data.insert("toleratedFailureCount", whole(count));
    }
    if let Some(share) = plan.tolerated_failure_percentage {
        data.insert("toleratedFailurePercentage", Value::Number(Number::Float(share)));
    }
    if let Some(most) = plan.max_concurrency {
        data.insert("maxConcurrency", whole(most));
    }
}

/// Who handled the error. A retrier whose attempts are spent is named as well (recorded).
fn error_details(ended: &Ended) -> Option<Object> {
    let mut details = Object::new();
    match ended {
        Ended::Caught { catcher, .. } => details.insert("catchIndex", whole(*catcher as u64)),
        Ended::Retriable { retrier, delay_seconds } => {
            details.insert("retryIndex", whole(*retrier as u64));
            details.insert("retryBackoffIntervalSeconds", whole(*delay_seconds));
        }
        Ended::Failed { retrier: Some(retrier) } => details.insert("retryIndex", whole(*retrier as u64)),
        Ended::Failed { retrier: None } | Ended::Succeeded { .. } => return None,
    }
    Some(details)
}

fn whole(number: u64) -> Value {
    Value::Number(Number::Int(i64::try_from(number).unwrap_or(i64::MAX)))
}

fn json(value: &Value) -> Value {
    Value::string(value.to_json())
}
