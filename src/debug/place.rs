//! Where in a file a failure arose.

use crate::asl::{Definition, StateMachine};
use crate::engine::{Fault, Stage};
use crate::query::QueryError;
use crate::text::{Span, Tracked};

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
        Stage::Failure => &[],
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
        if let Some(origin) = &definition.origin {
            if let Some(place) = in_origin(origin, field.value, key.unwrap_or_default(), query) {
                return Some(place);
            }
            continue;
        }
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

/// The same in a definition that was made of parts of the file: the expression is looked for in its JSON text.
fn in_origin(origin: &Tracked, field: Span, key: &str, query: &QueryError) -> Option<Span> {
    let mut escaped = Tracked::default();
    escaped.push_escaped(&Tracked::exact(&query.expression, 0));
    let expression = escaped.text();
    if expression.is_empty() {
        return None;
    }
    let is_inside = |at: usize, len: usize| {
        let place = origin.place(Span::new(at, at + len));
        field.start <= place.start && place.end <= field.end
    };
    let mut keys = origin.text().match_indices(key).map(|(at, _)| at);
    let after = keys.find(|at| !key.is_empty() && is_inside(*at, key.len())).unwrap_or(0);
    let mut found = origin.text().match_indices(expression).map(|(at, _)| at);
    let at = found.find(|at| *at >= after && is_inside(*at, expression.len()))?;
    let whole = origin.place(Span::new(at, at + expression.len()));
    // The part that failed counts from the start of the expression, before escapes.
    let place = |offset: u32| escaped_offset(&escaped, offset as usize).map(|offset| at + offset);
    match (place(query.span.start), place(query.span.end)) {
        (Some(from), Some(to)) if to > from => Some(origin.place(Span::new(from, to))),
        _ => Some(whole),
    }
}

/// Where byte `at` of a text stands when it is escaped.
fn escaped_offset(escaped: &Tracked, at: usize) -> Option<usize> {
    (0..=escaped.text().len()).find(|offset| escaped.place_at(*offset) >= at)
}
