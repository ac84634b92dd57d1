//! All codes of diagnostics: what each means, with an example that has the fault and one that has not.

mod aws;
mod lint;
mod mock;
mod reader;
#[cfg(test)]
mod tests;

/// Who gives a code its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The service: ValidateStateMachineDefinition and CreateStateMachine answer with it.
    Aws,
    /// asldb.
    Asldb,
}

/// A code.
#[derive(Debug)]
pub struct Code {
    /// As diagnostics have it.
    pub name: &'static str,
    /// Who gives it.
    pub origin: Origin,
    /// What it says, in one line.
    pub title: &'static str,
    /// What it means, why it matters, and what to do.
    pub explanation: &'static str,
    /// What is wrong and what is right; none where no text shows it.
    pub examples: Option<Examples>,
}

/// A text that has the fault, and one without it: states in YAML, or a whole definition.
#[derive(Debug, Clone, Copy)]
pub struct Examples {
    /// It has the fault.
    pub wrong: &'static str,
    /// It has not.
    pub right: &'static str,
}

/// All codes, those of the service first.
pub const TABLES: [&[Code]; 4] = [aws::CODES, reader::CODES, lint::CODES, mock::CODES];

/// All codes in their order.
pub fn all() -> impl Iterator<Item = &'static Code> {
    TABLES.into_iter().flatten()
}

/// The code named `name`, whatever the case of its letters.
#[must_use]
pub fn find(name: &str) -> Option<&'static Code> {
    all().find(|code| code.name.eq_ignore_ascii_case(name))
}

/// An example as a whole definition, and the name that a file of it has: states alone get what is around them.
#[must_use]
pub fn whole(example: &str) -> (&'static str, String) {
    if example.starts_with('{') {
        return ("example.asl.json", example.to_owned());
    }
    if example.contains("StartAt:") && !example.starts_with(|c: char| c.is_whitespace()) && has_top_level(example) {
        return ("example.asl.yaml", example.to_owned());
    }
    let first = example.split(':').next().unwrap_or_default();
    let states: String = example.lines().map(|line| format!("  {line}\n")).collect();
    ("example.asl.yaml", format!("StartAt: {first}\nStates:\n{states}"))
}

fn has_top_level(example: &str) -> bool {
    example.lines().any(|line| line.starts_with("StartAt:") || line.starts_with("States:"))
}

const fn code(
    name: &'static str,
    origin: Origin,
    title: &'static str,
    explanation: &'static str,
    (wrong, right): (&'static str, &'static str),
) -> Code {
    Code { name, origin, title, explanation, examples: Some(Examples { wrong, right }) }
}
