//! Where in a file a failure arose.

use crate::asl::{Definition, StateMachine};
use crate::engine::{Fault, Stage};
use crate::text::Span;

/// The field whose value a stage evaluates.
fn fields(stage: Stage) -> &'static [&'static str] {
    match stage {
        Stage::InputPath => &["InputPath"],
        Stage::Parameters => &["Parameters"],
        Stage::ItemsPath => &["ItemsPath"],
        Stage::ItemSelector => &["ItemSelector", "Parameters"],
        Stage::ResultSelector => &["ResultSelector"],
        Stage::ResultPath => &["ResultPath"],
        Stage::OutputPath => &["OutputPath"],
        Stage::Assign => &["Assign"],
        Stage::Catch => &["Catch"],
        Stage::Work => &[
            "Choices",
            "SecondsPath",
            "TimestampPath",
            "ItemsPath",
            "MaxConcurrencyPath",
            "TimeoutSecondsPath",
            "HeartbeatSecondsPath",
            "ErrorPath",
            "CausePath",
            "Error",
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
    // The expression stands in one of the fields of the stage, literally unless it has escapes.
    let fields = fault.stage.map_or(&[][..], fields).iter().filter_map(|field| state.field(field));
    for field in fields {
        let text = field.value.text(&definition.text);
        let within = text.find(&query.field).filter(|_| !query.field.is_empty()).unwrap_or(0);
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
