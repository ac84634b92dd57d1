//! Where in a file a failure arose.

use crate::asl::{Definition, StateMachine};
use crate::engine::{Fault, Stage};
use crate::text::Span;

/// The field whose value a stage evaluates.
fn fields(stage: Stage) -> &'static [&'static str] {
    match stage {
        Stage::InputPath => &["InputPath"],
        Stage::Parameters => &["Parameters"],
        Stage::Arguments => &["Arguments"],
        Stage::ItemsPath => &["ItemsPath"],
        Stage::Items => &["Items"],
        Stage::ItemSelector => &["ItemSelector", "Parameters"],
        Stage::ResultSelector => &["ResultSelector"],
        Stage::ResultPath => &["ResultPath"],
        Stage::OutputPath => &["OutputPath"],
        Stage::Output => &["Output", "Choices"],
        Stage::Assign => &["Assign", "Choices", "Catch"],
        Stage::Catch => &["Catch"],
        Stage::Work => &[
            "Choices",
            "SecondsPath",
            "Seconds",
            "TimestampPath",
            "Timestamp",
            "ItemsPath",
            "Items",
            "MaxConcurrencyPath",
            "MaxConcurrency",
            "TimeoutSecondsPath",
            "TimeoutSeconds",
            "HeartbeatSecondsPath",
            "HeartbeatSeconds",
            "Credentials",
            "ErrorPath",
            "CausePath",
            "Error",
            "Cause",
            "Resource",
        ],
        Stage::Enter | Stage::Exit => &[],
    }
}

/// The narrowest place that can be told: the offending part of the expression, the expression, the field, the state.
#[must_use]
pub fn fault_span(definition: &Definition, machine: &StateMachine, fault: &Fault) -> Option<Span> {
    let state = machine.states.get(fault.state?.0 as usize)?;
    let candidates = || fields(fault.stage?).iter().find_map(|field| state.field(field));
    let Some(query) = &fault.query else {
        return Some(candidates().map_or(state.name_span, |field| field.value));
    };
    // JSONata tells its field: `Output/total`, `Choices[0]/Condition`.
    let (told, key) = (query.field.split(['/', '[']).next(), query.field.rsplit('/').next());
    if let Some(field) = told.and_then(|name| state.field(name)).filter(|_| query.expression.is_empty()) {
        return Some(field.value);
    }
    // The expression stands in one of the fields of the stage, literally unless it has escapes.
    let fields = fault.stage.map_or(&[][..], fields).iter().copied();
    for field in told.into_iter().chain(fields).filter_map(|field| state.field(field)) {
        let text = field.value.text(&definition.text);
        let within = key.filter(|key| !key.is_empty()).and_then(|key| text.find(key)).unwrap_or(0);
        if let Some(at) = text[within..].find(&query.expression).map(|at| within + at) {
            let start = field.value.start as usize + at;
            let whole = Span::new(start, start + query.expression.len());
            let (from, to) = (query.span.start as usize, query.span.end as usize);
            let part = Span::new(start + from, start + to.min(query.expression.len()));
            return Some(if to > from { part } else { whole });
        }
    }
    Some(candidates().map_or(state.name_span, |field| field.value))
}
