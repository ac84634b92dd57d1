//! Definitions as the API takes them: JSON, checked for the type of the state machine.

use crate::api::Exception;
use crate::asl::{Definition, ResourceKind, StateId, StateKind, StateMachine, unsupported};
use crate::text::Diagnostic;

/// The code of faults that the schema of definitions tells.
const SCHEMA: &str = "SCHEMA_VALIDATION_FAILED";

/// Reads a definition of a state machine of this type.
///
/// # Errors
/// `InvalidDefinition` with all its errors (the form is recorded).
pub(super) fn read(text: &str, express: bool) -> Result<std::sync::Arc<StateMachine>, Exception> {
    let definition = Definition::read("definition.json", text);
    let faults = diagnostics(&definition, express);
    let errors: Vec<String> = faults.iter().filter(|fault| fault.is_error()).map(shown).collect();
    match definition.machine {
        Some(machine) if errors.is_empty() => Ok(machine),
        _ => Err(Exception::new(
            "InvalidDefinition",
            format!("Invalid State Machine Definition: '{}'", errors.join(", ")),
        )),
    }
}

/// All that is wrong with a definition of this type, errors first.
#[must_use]
pub fn diagnostics(definition: &Definition, express: bool) -> Vec<Diagnostic> {
    let mut all = definition.diagnostics.clone();
    if express && let Some(machine) = &definition.machine {
        all.extend(not_for_express(machine));
    }
    all.sort_by_key(|diagnostic| diagnostic.severity);
    all
}

fn shown(fault: &Diagnostic) -> String {
    let location = fault.location.as_deref().unwrap_or("null");
    // What asldb does not run is no fault of the definition: its reader should know what can be done.
    let help = fault.help.as_deref().filter(|_| fault.code == unsupported::CODE);
    let help = help.map(|help| format!(" ({help})")).unwrap_or_default();
    format!("{}: {}{help} at {location}", fault.code, fault.message)
}

/// The integrations that Express state machines do not have (recorded, with the blank at the end of one of them).
fn not_for_express(machine: &StateMachine) -> impl Iterator<Item = Diagnostic> {
    machine.ids().filter_map(|id| {
        let state = machine.state(id);
        let StateKind::Task(task) = &state.kind else { return None };
        let what = match &task.resource.kind {
            ResourceKind::Activity => "Activity ARN",
            ResourceKind::Service { task_token: true, .. } => "'.waitForTaskToken' service integration ",
            ResourceKind::Service { sync: true, .. } => "'.sync' service integration",
            _ => return None,
        };
        let span = state.field("Resource").map_or(state.span, |field| field.value);
        let place = format!("{}/Resource", place(machine, id));
        Some(Diagnostic::error(SCHEMA, format!("Express state machine does not support {what}"), span).located(place))
    })
}

/// Where a state stands, as the service names places: `/States/M/ItemProcessor/States/P`.
fn place(machine: &StateMachine, id: StateId) -> String {
    let mut place = String::new();
    for id in machine.path(id) {
        let state = machine.state(id);
        let scope = machine.scope(state.scope);
        let owner = scope.owner.map(|owner| machine.state(owner));
        match owner.map(|owner| (&owner.kind, owner.field("Iterator").is_some())) {
            None => {}
            Some((StateKind::Parallel(_), _)) => place.push_str(&format!("/Branches[{}]", scope.branch)),
            Some((_, true)) => place.push_str("/Iterator"),
            Some((_, false)) => place.push_str("/ItemProcessor"),
        }
        place.push_str("/States/");
        place.push_str(&state.name);
    }
    place
}
