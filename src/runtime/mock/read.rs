//! Mock file text to test cases, with the place of every fault.

use std::collections::HashMap;
use std::sync::Arc;

use super::{MockedAnswer, MockedMachine, MockedResponse, MockedState, MockedStep, TestCase, listed};
use crate::runtime::tasks::{TaskFailure, TaskResult};
use crate::text::diagnostic::sort;
use crate::text::json::{self, Member, Node, NodeKind};
use crate::text::{Diagnostic, Span};
use crate::value::{Value, from_node};

/// The key of the responses, and the one that prose about the format spells instead.
pub(super) const RESPONSES: [&str; 2] = ["MockedResponses", "MockedResponse"];

type Responses = HashMap<Arc<str>, Arc<MockedResponse>>;

/// Reads `text`; gives the machines and the warnings.
pub(super) fn read(text: &str) -> Result<(Vec<MockedMachine>, Vec<Diagnostic>), Vec<Diagnostic>> {
    let root = json::parse(text).map_err(|error| {
        let help = "a mock file is JSON: {\"StateMachines\": {...}, \"MockedResponses\": {...}}";
        vec![Diagnostic::error("INVALID_JSON", error.to_string(), error.span).with_help(help)]
    })?;
    let mut reader = Reader::default();
    let machines = reader.file(&root);
    let mut found = reader.found;
    sort(&mut found);
    if found.iter().any(Diagnostic::is_error) { Err(found) } else { Ok((machines, found)) }
}

/// The members of an object, of repeated keys the last one: the one that counts.
pub(super) fn last_of_each(members: &[Member]) -> Vec<&Member> {
    let last: HashMap<&str, usize> = members.iter().enumerate().map(|(at, member)| (&*member.key, at)).collect();
    let counts = |(at, member): &(usize, &Member)| last.get(&*member.key) == Some(at);
    members.iter().enumerate().filter(counts).map(|(_, member)| member).collect()
}

/// Why a step key is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BadKey {
    /// Neither a number nor a range.
    NoRange,
    /// The range ends before it begins.
    Reversed,
}

/// The first and last invocation of a step key: `0`, or `1-3`.
pub(super) fn step_range(key: &str) -> Result<(u32, u32), BadKey> {
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse().ok()).flatten().ok_or(BadKey::NoRange)
    };
    let (first, last) = key.split_once('-').unwrap_or((key, key));
    let (first, last) = (number(first)?, number(last)?);
    if first <= last { Ok((first, last)) } else { Err(BadKey::Reversed) }
}

#[derive(Default)]
struct Reader {
    found: Vec<Diagnostic>,
}

impl Reader {
    fn file(&mut self, root: &Node) -> Vec<MockedMachine> {
        let known = ["StateMachines", RESPONSES[0], RESPONSES[1]];
        let members = self.fields(root, "A mock file", &known);
        let mut responses = Responses::new();
        for member in members.iter().filter(|member| RESPONSES.contains(&&*member.key)) {
            self.responses(member, &mut responses);
        }
        let Some(machines) = members.iter().find(|member| &*member.key == "StateMachines") else {
            if root.members().is_some() {
                self.missing("StateMachines", "A mock file", root.span);
            }
            return Vec::new();
        };
        let machines = self.entries(&machines.value, "StateMachines");
        machines.into_iter().map(|member| self.machine(member, &responses)).collect()
    }

    fn machine(&mut self, member: &Member, responses: &Responses) -> MockedMachine {
        let what = format!("State machine '{}'", member.key);
        let fields = self.fields(&member.value, &what, &["TestCases"]);
        let cases = match fields.iter().find(|field| &*field.key == "TestCases") {
            Some(cases) => self.entries(&cases.value, "TestCases"),
            None => {
                if member.value.members().is_some() {
                    self.missing("TestCases", &what, member.key_span);
                }
                Vec::new()
            }
        };
        let cases = cases.into_iter().map(|case| self.case(case, responses)).collect();
        MockedMachine { name: Arc::clone(&member.key), cases }
    }

    fn case(&mut self, member: &Member, responses: &Responses) -> TestCase {
        let states = self.entries(&member.value, &format!("Test case '{}'", member.key));
        let states = states.into_iter().filter_map(|state| self.state(state, responses)).collect();
        TestCase { name: Arc::clone(&member.key), states }
    }

    fn state(&mut self, member: &Member, responses: &Responses) -> Option<MockedState> {
        let name = self.text(&member.value, &format!("The response of state '{}'", member.key))?;
        let Some(response) = responses.get(&name) else {
            let mut known: Vec<_> = responses.keys().collect();
            known.sort();
            let message = format!("there is no response '{name}' in MockedResponses");
            self.error("UNKNOWN_RESPONSE", message, member.value.span, &format!("there are: {}", listed(&known)));
            return None;
        };
        let response = Arc::clone(response);
        Some(MockedState { name: Arc::clone(&member.key), name_span: member.key_span, response })
    }

    fn responses(&mut self, root: &Member, responses: &mut Responses) {
        for member in self.entries(&root.value, &root.key) {
            let steps = self.steps(member);
            let response = MockedResponse { name: Arc::clone(&member.key), steps };
            if responses.insert(Arc::clone(&member.key), Arc::new(response)).is_some() {
                let message = format!("response '{}' is in both {} and {}", member.key, RESPONSES[0], RESPONSES[1]);
                self.error("DUPLICATE_RESPONSE", message, member.key_span, "remove one of them");
            }
        }
    }

    fn steps(&mut self, response: &Member) -> Vec<MockedStep> {
        let members = self.entries(&response.value, &format!("Response '{}'", response.key));
        let mut steps: Vec<(MockedStep, bool)> = members.iter().filter_map(|member| self.step(member)).collect();
        steps.sort_by_key(|(step, _)| (step.first, step.last));
        // A step whose number cannot be read is fault enough: what seems a gap may be its place.
        if steps.len() == members.len() {
            self.check_numbers(steps.iter().map(|(step, _)| step));
        }
        steps.into_iter().filter(|(_, good)| *good).map(|(step, _)| step).collect()
    }

    /// A step, and whether its answer is good: one with a bad answer still takes its numbers, so that no gap is
    /// reported for it.
    fn step(&mut self, member: &Member) -> Option<(MockedStep, bool)> {
        let (first, last) = match step_range(&member.key) {
            Ok(range) => range,
            Err(bad) => {
                self.bad_key(member, bad);
                return None;
            }
        };
        let answer = self.answer(member);
        let good = answer.is_some();
        let answer = answer.unwrap_or(MockedAnswer::Hangs { submitted: None });
        Some((MockedStep { first, last, answer, span: member.key_span }, good))
    }

    fn bad_key(&mut self, member: &Member, bad: BadKey) {
        let message = match bad {
            BadKey::NoRange => format!("'{}' is no step", member.key),
            BadKey::Reversed => format!("the range '{}' ends before it begins", member.key),
        };
        let help = "steps are numbered by invocation from 0: \"0\", or \"1-3\" for several";
        self.error("INVALID_STEP", message, member.key_span, help);
    }

    fn check_numbers<'s>(&mut self, steps: impl Iterator<Item = &'s MockedStep>) {
        let mut next = 0_u64;
        for step in steps {
            let (first, last) = (u64::from(step.first), u64::from(step.last));
            if first > next {
                let missing = if first - next == 1 { next.to_string() } else { format!("{next}-{}", first - 1) };
                let message = format!("step {first} comes after a gap: nothing answers invocation {missing}");
                self.error("STEP_GAP", message, step.span, &format!("add a step \"{missing}\", or renumber this one"));
            } else if first < next {
                let message = format!("invocation {first} has two answers");
                self.error("STEP_OVERLAP", message, step.span, &format!("begin this step at {next}"));
            }
            next = next.max(last + 1);
        }
    }

    fn answer(&mut self, member: &Member) -> Option<MockedAnswer> {
        let what = format!("Step '{}'", member.key);
        let fields = self.fields(&member.value, &what, &["Return", "Throw", "Hang", "Submitted"]);
        member.value.members()?;
        let field = |name: &str| fields.iter().find(|field| &*field.key == name).map(|field| &field.value);
        let submitted = field("Submitted").map(from_node);
        let ends = |outcome| MockedAnswer::Ends(TaskResult { submitted: submitted.clone(), outcome });
        match (field("Return"), field("Throw"), field("Hang")) {
            (Some(value), None, None) => Some(ends(Ok(from_node(value)))),
            (None, Some(throw), None) => self.throw(throw).map(|failure| ends(Err(failure))),
            (None, None, Some(hang)) => self.hang(hang).then_some(MockedAnswer::Hangs { submitted }),
            given => {
                let none = matches!(given, (None, None, None));
                let message =
                    format!("{what} needs {} of Return, Throw and Hang", if none { "one" } else { "just one" });
                let help =
                    "for example {\"Return\": {}}, or {\"Throw\": {\"Error\": \"States.Timeout\", \"Cause\": \"\"}}";
                self.error("INVALID_ANSWER", message, member.key_span, help);
                None
            }
        }
    }

    fn throw(&mut self, node: &Node) -> Option<TaskFailure> {
        let fields = self.fields(node, "Throw", &["Error", "Cause"]);
        node.members()?;
        let [error, cause] = ["Error", "Cause"].map(|name| {
            let Some(field) = fields.iter().find(|field| &*field.key == name) else {
                self.missing(name, "Throw", node.span);
                return None;
            };
            // null stands for a failure that names none, as it does in an error output.
            if field.value.kind == NodeKind::Null {
                return Some(None);
            }
            // The published format wants both; a failure without a name is written with an empty one.
            let text = self.text(&field.value, name)?;
            Some(Some(text).filter(|text| name != "Error" || !text.is_empty()))
        });
        Some(TaskFailure { error: error?, cause: cause?, hint: None })
    }

    fn hang(&mut self, node: &Node) -> bool {
        let good = node.kind == NodeKind::Bool(true);
        if !good {
            self.error("INVALID_ANSWER", "Hang must be true".to_owned(), node.span, "write true, or remove it");
        }
        good
    }

    /// The members of an object whose keys are given by the format.
    fn fields<'n>(&mut self, node: &'n Node, what: &str, known: &[&str]) -> Vec<&'n Member> {
        let members = self.entries(node, what);
        for member in members.iter().filter(|member| !known.contains(&&*member.key)) {
            // Other readers of the format ignore what they do not know; comments are the common use of that.
            if !matches!(&*member.key, "Comment" | "$schema") {
                let message = format!("{what} has no field '{}'; it is ignored", member.key);
                let help = format!("its fields: {}", listed(known));
                self.found.push(Diagnostic::warning("UNKNOWN_FIELD", message, member.key_span).with_help(help));
            }
        }
        members
    }

    /// The members of an object whose keys are names.
    fn entries<'n>(&mut self, node: &'n Node, what: &str) -> Vec<&'n Member> {
        let Some(members) = node.members() else {
            self.wrong_type(node, what, "an object");
            return Vec::new();
        };
        let counted = last_of_each(members);
        let mut rest = counted.iter().copied().peekable();
        for member in members {
            if rest.next_if(|last| std::ptr::eq(*last, member)).is_some() {
                continue;
            }
            let message = format!("'{}' is given more than once; the last one counts", member.key);
            let help = "remove this one, or rename it";
            self.found.push(Diagnostic::warning("DUPLICATE_KEY", message, member.key_span).with_help(help));
        }
        counted
    }

    fn text(&mut self, node: &Node, what: &str) -> Option<Arc<str>> {
        if let NodeKind::String(text) = &node.kind {
            return Some(Arc::clone(text));
        }
        self.wrong_type(node, what, "a string");
        None
    }

    fn wrong_type(&mut self, node: &Node, what: &str, wanted: &str) {
        let message = format!("{what} must be {wanted}, not {}", node.type_name());
        self.found.push(Diagnostic::error("WRONG_TYPE", message, node.span));
    }

    fn missing(&mut self, field: &str, what: &str, span: Span) {
        self.error("MISSING_FIELD", format!("{what} needs the field '{field}'"), span, &format!("add \"{field}\""));
    }

    fn error(&mut self, code: &'static str, message: String, span: Span, help: &str) {
        self.found.push(Diagnostic::error(code, message, span).with_help(help));
    }
}

/// The JSON of a step with this answer.
pub(super) fn step_value(result: &TaskResult) -> Value {
    let text = |text: &Option<Arc<str>>| text.clone().map_or(Value::Null, Value::String);
    let answer = match &result.outcome {
        Ok(value) => ("Return", value.clone()),
        Err(failure) => {
            let throw = [("Error", text(&failure.error)), ("Cause", text(&failure.cause))];
            ("Throw", Value::Object(throw.into_iter().collect()))
        }
    };
    let submitted = result.submitted.clone().map(|value| ("Submitted", value));
    Value::Object(submitted.into_iter().chain([answer]).collect())
}
