//! ValidateStateMachineDefinition.

use super::definition;
use super::parameters::{Answer, Parameters};
use crate::api::Reply;
use crate::asl::Definition;
use crate::text::Diagnostic;
use crate::value::Value;

/// The most diagnostics of an answer (API reference).
const MOST: usize = 100;

/// Checks a definition.
pub(super) fn perform(parameters: Parameters<'_>) -> Reply {
    let express = parameters.text("type").is_some_and(|kind| &**kind == "EXPRESS");
    let warnings = parameters.text("severity").is_some_and(|severity| &**severity == "WARNING");
    let most = parameters.number("maxResults").filter(|most| *most > 0).unwrap_or(MOST);
    let definition = Definition::read("definition.json", parameters.required("definition")?);
    let mut found = definition::diagnostics(&definition, express);
    found.retain(|fault| warnings || fault.is_error());
    let result = if found.iter().any(Diagnostic::is_error) { "FAIL" } else { "OK" };
    let truncated = found.len() > most;
    let shown = found.iter().take(most).map(shown);
    Ok(Answer::new().with("result", result).list("diagnostics", shown).with("truncated", truncated).into())
}

fn shown(fault: &Diagnostic) -> Value {
    Answer::new()
        .with("severity", fault.severity.name().to_uppercase())
        .with("code", fault.code)
        .with("message", definition::worded(fault))
        .maybe("location", fault.location.as_deref())
        .into()
}
