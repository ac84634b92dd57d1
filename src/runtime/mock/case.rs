//! One test case: its answers, and whether it fits a definition.

use super::{EXHAUSTED, MockFile, MockedState, MockedStep, TestCase, listed};
use crate::asl::{ResourceKind, State, StateKind, StateMachine};
use crate::runtime::tasks::{Answer, TaskResult};
use crate::text::Diagnostic;

/// A test case of a [`MockFile`].
#[derive(Debug, Clone, Copy)]
pub struct MockCase<'f> {
    pub(super) file: &'f MockFile,
    pub(super) case: &'f TestCase,
}

impl<'f> MockCase<'f> {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &'f str {
        &self.case.name
    }

    /// The states it answers, in file order.
    #[must_use]
    pub fn states(&self) -> &'f [MockedState] {
        &self.case.states
    }

    /// The state named `name`, if the case answers it.
    #[must_use]
    pub fn state(&self, name: &str) -> Option<&'f MockedState> {
        self.case.states.iter().find(|state| &*state.name == name)
    }

    /// The answer to invocation `number` (from 0) of state `name`: none if the case leaves the state to others.
    ///
    /// A state that is listed never reaches a service, so past the last step the task fails (developer guide, mocked
    /// service integrations).
    #[must_use]
    pub fn answer(&self, name: &str, number: u32) -> Option<Answer> {
        let state = self.state(name)?;
        let answer = state.response.step(number).map(|step| Answer::from(&step.answer));
        Some(answer.unwrap_or_else(|| Answer::Now(self.exhausted(state, number))))
    }

    fn exhausted(&self, state: &MockedState, number: u32) -> TaskResult {
        let MockedState { name, response, .. } = state;
        let cause = format!(
            "State '{name}' is invoked for the {} time in test case '{}', but its response '{}' in {} has {} step{}. Add a step \"{number}\" to '{}', or widen the range of its last step; retries and iterations count, too.",
            ordinal(u64::from(number) + 1),
            self.name(),
            response.name,
            self.file.name,
            response.len(),
            if response.len() == 1 { "" } else { "s" },
            response.name,
        );
        TaskResult::failed(EXHAUSTED, &cause)
    }

    /// What does not fit `machine`: states it does not have or that are no tasks, submissions that nothing reports.
    #[must_use]
    pub fn check(&self, machine: &StateMachine) -> Vec<Diagnostic> {
        let found = self.states().iter().flat_map(|mocked| match machine.find(&mocked.name) {
            None => vec![unknown_state(mocked, machine)],
            Some(id) => misplaced(mocked, machine.state(id)),
        });
        found.collect()
    }
}

fn unknown_state(mocked: &MockedState, machine: &StateMachine) -> Diagnostic {
    let tasks: Vec<_> = machine.states.iter().filter(|state| is_task(state)).map(|state| &state.name).collect();
    let message = format!("the definition has no state '{}'", mocked.name);
    Diagnostic::warning("MOCK_UNKNOWN_STATE", message, mocked.name_span)
        .with_help(format!("its Task states: {}", listed(&tasks)))
}

fn misplaced(mocked: &MockedState, state: &State) -> Vec<Diagnostic> {
    let StateKind::Task(task) = &state.kind else {
        let message =
            format!("'{}' is a {} state; only Task states ask for answers", state.name, state.kind.type_name());
        let help = "mock the Task states inside it, or leave it out";
        return vec![Diagnostic::warning("MOCK_NO_TASK", message, mocked.name_span).with_help(help)];
    };
    if submits(&task.resource.kind) {
        return Vec::new();
    }
    let submitted = mocked.response.steps.iter().filter(|step| step.answer.submitted().is_some());
    let warning = |step: &MockedStep| {
        let message = format!("Submitted has no effect: the resource of '{}' ends with its first answer", state.name);
        Diagnostic::warning("MOCK_NO_SUBMISSION", message, step.span)
            .with_help("only .sync and .waitForTaskToken tasks submit first and end later")
    };
    submitted.map(warning).collect()
}

/// Whether the task is submitted first and ends later.
fn submits(kind: &ResourceKind) -> bool {
    matches!(kind, ResourceKind::Service { sync: true, .. } | ResourceKind::Service { task_token: true, .. })
}

fn is_task(state: &State) -> bool {
    matches!(state.kind, StateKind::Task(_))
}

/// `1st`, `2nd`, `3rd`, `4th` …
fn ordinal(number: u64) -> String {
    let ending = match (number % 10, number % 100) {
        (1, n) if n != 11 => "st",
        (2, n) if n != 12 => "nd",
        (3, n) if n != 13 => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}
