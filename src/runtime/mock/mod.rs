//! Mocks: a file that answers tasks instead of the services.
//!
//! The format is the mock configuration file of AWS Step Functions Local, with two additions: `"Hang": true` for a task
//! that is never answered, and `Submitted` beside the answer of a `.sync` or `.waitForTaskToken` task.

mod case;
mod edit;
mod keep;
mod read;
mod tasks;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use super::tasks::{Answer, TaskResult};
use crate::text::{Diagnostic, Span};
use crate::value::Value;

pub use case::MockCase;
pub use tasks::{MockTasks, Mocks};

/// The error of a task that was invoked more often than its response has steps.
pub const EXHAUSTED: &str = "Asldb.MockExhausted";
/// The error of every task when the file no longer has the test case that is running.
pub const CASE_GONE: &str = "Asldb.MockCaseGone";

/// A mock file, read and checked.
#[derive(Debug, Clone)]
pub struct MockFile {
    name: Arc<str>,
    text: Arc<str>,
    machines: Vec<MockedMachine>,
    warnings: Vec<Diagnostic>,
}

/// An entry of `StateMachines`.
#[derive(Debug, Clone, PartialEq)]
struct MockedMachine {
    name: Arc<str>,
    cases: Vec<TestCase>,
}

/// An entry of `TestCases`.
#[derive(Debug, Clone, PartialEq)]
struct TestCase {
    name: Arc<str>,
    states: Vec<MockedState>,
}

/// A state of a test case and the response it is given.
#[derive(Debug, Clone, PartialEq)]
pub struct MockedState {
    /// The state's name.
    pub name: Arc<str>,
    /// The place of the name in the mock file.
    pub name_span: Span,
    /// What answers it.
    pub response: Arc<MockedResponse>,
}

/// An entry of `MockedResponses`.
#[derive(Debug, Clone, PartialEq)]
pub struct MockedResponse {
    /// Its name.
    pub name: Arc<str>,
    /// The steps in order, without gaps from 0.
    pub steps: Vec<MockedStep>,
}

impl MockedResponse {
    /// How many invocations have an answer.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.steps.last().map_or(0, |step| u64::from(step.last) + 1)
    }

    /// Whether no invocation has an answer.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// The step that answers invocation `number`, counted from 0.
    #[must_use]
    pub fn step(&self, number: u32) -> Option<&MockedStep> {
        self.steps.get(self.steps.partition_point(|step| step.last < number))
    }
}

/// A step of a response: `"0"`, or `"1-3"` for several invocations.
#[derive(Debug, Clone, PartialEq)]
pub struct MockedStep {
    /// The first invocation it answers.
    pub first: u32,
    /// The last one.
    pub last: u32,
    /// The answer.
    pub answer: MockedAnswer,
    /// The place of the step's key in the mock file.
    pub span: Span,
}

/// What a step answers.
#[derive(Debug, Clone, PartialEq)]
pub enum MockedAnswer {
    /// `Return` or `Throw`
    Ends(TaskResult),
    /// `Hang`
    Hangs {
        /// `Submitted`
        submitted: Option<Value>,
    },
}

impl MockedAnswer {
    /// `Submitted`
    #[must_use]
    pub fn submitted(&self) -> Option<&Value> {
        match self {
            Self::Ends(result) => result.submitted.as_ref(),
            Self::Hangs { submitted } => submitted.as_ref(),
        }
    }
}

impl From<&MockedAnswer> for Answer {
    fn from(answer: &MockedAnswer) -> Self {
        match answer {
            MockedAnswer::Ends(result) => Self::Now(result.clone()),
            MockedAnswer::Hangs { submitted } => Self::Hang { submitted: submitted.clone() },
        }
    }
}

/// Why there is no such test case.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoSuchCase {
    /// The file does not know the state machine.
    #[error("{file} has no state machine '{machine}'; it has: {}", listed(known))]
    Machine {
        /// The mock file.
        file: Arc<str>,
        /// What was asked for.
        machine: String,
        /// What there is.
        known: Vec<Arc<str>>,
    },
    /// The state machine has no such test case.
    #[error("{file} has no test case '{case}' for state machine '{machine}'; it has: {}", listed(known))]
    Case {
        /// The mock file.
        file: Arc<str>,
        /// The state machine.
        machine: String,
        /// What was asked for.
        case: String,
        /// What there is.
        known: Vec<Arc<str>>,
    },
}

impl MockFile {
    /// Reads a mock file; `name` is what messages call it.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn read(name: &str, text: &str) -> Result<Self, Vec<Diagnostic>> {
        let (machines, warnings) = read::read(text)?;
        Ok(Self { name: name.into(), text: text.into(), machines, warnings })
    }

    /// A file without any mocks, to be added to.
    #[must_use]
    pub fn empty(name: &str) -> Self {
        let text = "{\n  \"StateMachines\": {},\n  \"MockedResponses\": {}\n}\n";
        Self { name: name.into(), text: text.into(), machines: Vec::new(), warnings: Vec::new() }
    }

    /// What messages call it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What is odd in it but does not keep it from being used.
    #[must_use]
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    /// Its text.
    #[must_use]
    pub fn to_json_text(&self) -> &str {
        &self.text
    }

    /// The state machines it has test cases for, in file order.
    pub fn machines(&self) -> impl ExactSizeIterator<Item = &Arc<str>> {
        self.machines.iter().map(|machine| &machine.name)
    }

    /// The only state machine, if there is just one: files of one definition need not repeat its exact name.
    #[must_use]
    pub fn only_machine(&self) -> Option<&Arc<str>> {
        match self.machines.as_slice() {
            [machine] => Some(&machine.name),
            _ => None,
        }
    }

    /// The test cases of state machine `machine`, in file order; none if it is not known.
    pub fn cases(&self, machine: &str) -> impl Iterator<Item = &Arc<str>> {
        self.machine(machine).into_iter().flat_map(|machine| &machine.cases).map(|case| &case.name)
    }

    /// Test case `case` of state machine `machine`.
    ///
    /// # Errors
    /// Says which there are.
    pub fn case(&self, machine: &str, case: &str) -> Result<MockCase<'_>, NoSuchCase> {
        let file = || Arc::clone(&self.name);
        let Some(found) = self.machine(machine) else {
            let known = self.machines().cloned().collect();
            return Err(NoSuchCase::Machine { file: file(), machine: machine.to_owned(), known });
        };
        let found = found.cases.iter().find(|known| &*known.name == case);
        found.map(|found| MockCase { file: self, case: found }).ok_or_else(|| NoSuchCase::Case {
            file: file(),
            machine: machine.to_owned(),
            case: case.to_owned(),
            known: self.cases(machine).cloned().collect(),
        })
    }

    fn machine(&self, name: &str) -> Option<&MockedMachine> {
        self.machines.iter().find(|machine| &*machine.name == name)
    }
}

/// Names for a message; long lists are cut.
fn listed<T: AsRef<str>>(names: &[T]) -> String {
    const SHOWN: usize = 12;
    if names.is_empty() {
        return "none".to_owned();
    }
    let shown: Vec<&str> = names.iter().take(SHOWN).map(AsRef::as_ref).collect();
    let more = names.len().saturating_sub(SHOWN);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{rest}", shown.join(", "))
}
