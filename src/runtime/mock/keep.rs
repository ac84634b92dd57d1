//! Adds an answer to a mock file: how an answer given by hand becomes a mock.

use super::read::{RESPONSES, last_of_each, step_range, step_value};
use super::{MockFile, MockedState, edit};
use crate::runtime::tasks::TaskResult;
use crate::text::json::{self, JsonError, Node};
use crate::text::{Diagnostic, Span};
use crate::value::{Object, Value, from_node};

/// A step as written: first and last invocation, and its JSON.
type Step = (u32, u32, Value);

impl MockFile {
    /// The file with `result` as the answer to invocation `number` (from 0) of `state` in a test case, which is made if
    /// there is none; the rest of its text stays as it is.
    ///
    /// Steps must be numbered without gaps, so invocations before `number` that have no answer yet get this one, too. A
    /// response that other test cases use is not changed but copied.
    ///
    /// # Errors
    /// If the file would nest deeper than JSON is read.
    pub fn with_answer(
        &self,
        machine: &str,
        case: &str,
        state: &str,
        number: u32,
        result: &TaskResult,
    ) -> Result<Self, Vec<Diagnostic>> {
        let text = self.edited(machine, case, state, number, result);
        let text = text.map_err(|error| vec![Diagnostic::error("INVALID_JSON", error.to_string(), Span::at(0))])?;
        Self::read(&self.name, &text)
    }

    fn edited(
        &self,
        machine: &str,
        case: &str,
        state: &str,
        number: u32,
        result: &TaskResult,
    ) -> Result<String, JsonError> {
        let root = json::parse(&self.text)?;
        let mocked = self.case(machine, case).ok().and_then(|case| case.state(state));
        let steps = mocked.map_or_else(Vec::new, |mocked| written_steps(&root, &mocked.response.name));
        let answer = step_value(result);
        if let Some(mocked) = mocked.filter(|mocked| self.users(mocked) == 1) {
            return self.changed(&root, mocked, steps, number, &answer);
        }
        let name = free_name(&root, state, case);
        let response = response_value(with_step(steps, number, &answer));
        let text = edit::set(&self.text, &[responses_key(&root, ""), &name], &response)?;
        edit::set(&text, &["StateMachines", machine, "TestCases", case, state], &name.into())
    }

    /// The text with the response of `mocked` changed.
    fn changed(
        &self,
        root: &Node,
        mocked: &MockedState,
        steps: Vec<Step>,
        number: u32,
        answer: &Value,
    ) -> Result<String, JsonError> {
        let name = &*mocked.response.name;
        let key = responses_key(root, name);
        let next = mocked.response.len();
        if u64::from(number) < next {
            let response = response_value(with_step(steps, number, answer));
            return edit::set(&self.text, &[key, name], &response);
        }
        // Added behind the others: what is there keeps its layout.
        let first = u32::try_from(next).unwrap_or(number);
        edit::set(&self.text, &[key, name, &step_key(first, number)], answer)
    }

    /// How many states of how many test cases use the response of `mocked`.
    fn users(&self, mocked: &MockedState) -> usize {
        let cases = self.machines.iter().flat_map(|machine| &machine.cases);
        cases.flat_map(|case| &case.states).filter(|other| other.response.name == mocked.response.name).count()
    }
}

/// The root key that holds response `name`; for a new one the key that the file uses.
fn responses_key(root: &Node, name: &str) -> &'static str {
    let [plural, singular] = RESPONSES;
    let holds = |key: &str| root.get(key).is_some_and(|member| member.value.get(name).is_some());
    let only_singular = root.get(plural).is_none() && root.get(singular).is_some();
    if holds(singular) || only_singular { singular } else { plural }
}

fn response<'n>(root: &'n Node, name: &str) -> Option<&'n Node> {
    let responses = RESPONSES.iter().filter_map(|key| root.get(key));
    responses.filter_map(|member| member.value.get(name)).map(|member| &member.value).next()
}

fn written_steps(root: &Node, name: &str) -> Vec<Step> {
    let members = response(root, name).and_then(Node::members).map(last_of_each).unwrap_or_default();
    let step = |(first, last): (u32, u32), node: &Node| (first, last, from_node(node));
    let steps = members.iter().filter_map(|member| Some(step(step_range(&member.key).ok()?, &member.value)));
    let mut steps: Vec<Step> = steps.collect();
    steps.sort_by_key(|(first, ..)| *first);
    steps
}

/// `steps` with `answer` at `number`: ranges are split, gaps before it are filled.
fn with_step(steps: Vec<Step>, number: u32, answer: &Value) -> Vec<Step> {
    let next = steps.last().map_or(0, |(_, last, _)| last.saturating_add(1));
    let mut out = Vec::with_capacity(steps.len() + 2);
    for (first, last, value) in steps {
        if last < number || first > number {
            out.push((first, last, value));
            continue;
        }
        if first < number {
            out.push((first, number - 1, value.clone()));
        }
        if last > number {
            out.push((number + 1, last, value));
        }
    }
    out.push((number.min(next), number, answer.clone()));
    out.sort_by_key(|(first, ..)| *first);
    out
}

fn response_value(steps: Vec<Step>) -> Value {
    Value::Object(steps.into_iter().map(|(first, last, value)| (step_key(first, last), value)).collect::<Object>())
}

fn step_key(first: u32, last: u32) -> String {
    if first == last { first.to_string() } else { format!("{first}-{last}") }
}

/// `State.Case`, or that with a number if it is taken.
fn free_name(root: &Node, state: &str, case: &str) -> String {
    let plain = format!("{state}.{case}");
    let numbered = (2_u32..).map(|n| format!("{plain}-{n}"));
    let mut names = std::iter::once(plain.clone()).chain(numbered);
    names.find(|name| response(root, name).is_none()).unwrap_or(plain)
}
