//! Definitions as the API takes them: JSON, checked for the type of the state machine.

use std::sync::Arc;

use crate::api::Exception;
use crate::asl::{self, Definition, MachineType, StateMachine};
use crate::text::Diagnostic;

/// Reads a definition of a state machine of this type.
///
/// # Errors
/// `InvalidDefinition` with all its errors.
pub(super) fn read(text: &str, express: bool) -> Result<Arc<StateMachine>, Exception> {
    let definition = Definition::read("definition.json", text);
    let faults = diagnostics(&definition, express);
    match definition.machine {
        Some(machine) if !faults.iter().any(Diagnostic::is_error) => Ok(machine),
        _ => Err(refused(&faults)),
    }
}

/// All that is wrong with a definition of this type, errors first, as the service orders it.
#[must_use]
pub fn diagnostics(definition: &Definition, express: bool) -> Vec<Diagnostic> {
    let kind = if express { MachineType::Express } else { MachineType::Standard };
    let mut all = asl::for_type(definition, kind);
    all.sort_by_key(|fault| (fault.severity, rank(fault)));
    all
}

/// Transitions come after all else, and the missing end after them (reported).
fn rank(fault: &Diagnostic) -> u8 {
    match fault.code {
        "MISSING_TRANSITION_TARGET" => 1,
        "MISSING_END_STATE" => 2,
        _ => 0,
    }
}

/// `InvalidDefinition` with the errors among `faults`; the form is recorded, `null` for no location reported.
pub(super) fn refused(faults: &[Diagnostic]) -> Exception {
    let shown = |fault: &Diagnostic| {
        format!("{}: {} at {}", fault.code, worded(fault), fault.location.as_deref().unwrap_or("null"))
    };
    let errors: Vec<String> = faults.iter().filter(|fault| fault.is_error()).map(shown).collect();
    Exception::new("InvalidDefinition", format!("Invalid State Machine Definition: '{}'", errors.join(", ")))
}

/// The message of a fault in the service's answers: one of them ends in a blank there (recorded).
pub(super) fn worded(fault: &Diagnostic) -> String {
    let blank = if fault.message == asl::check::NO_TOKENS { " " } else { "" };
    format!("{}{blank}", fault.message)
}
