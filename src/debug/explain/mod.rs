//! What a run did last and what it does next, in a sentence each, with the rule of the definition that applies.
//!
//! Pure: reads a machine, a log and a moment. [`last()`] says what happened, with the values it happened to;
//! [`next()`] what the definition calls for. In the past what comes next is what came next.

mod last;
mod next;
mod rules;
#[cfg(test)]
mod tests;

use std::fmt;

use super::inspect::{Moment, Source};
use super::timeline;
use crate::asl::{Definition, State, StateId, StateKind, StateMachine, Transition};
use crate::engine::{Branch, BranchId, Event, EventKind, Log, Stage, StageRecord};
use crate::text::Span;
use crate::value::{Timestamp, Value};

pub use last::last;
pub use next::next;

/// Events and records of other branches that are passed by when the last one of a branch is looked for.
const NEAR: usize = 100_000;
/// Bytes of a value or an expression in a sentence.
const MOST: usize = 40;

/// A sentence about a step: one line, never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence(String);

impl Sentence {
    fn new(text: impl Into<String>) -> Self {
        // Names and values may hold anything; a sentence is one line.
        let text: String = text.into();
        Self(text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect())
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The point in a run that is explained.
pub struct Point<'a> {
    /// The definition of the run.
    pub definition: &'a Definition,
    /// Its machine.
    pub machine: &'a StateMachine,
    /// What was written.
    pub log: &'a Log,
    /// The moment that is looked at.
    pub moment: Moment,
    /// The branch that is looked at.
    pub branch: BranchId,
    /// At the newest moment: the branch that steps next or that waits, as it stands.
    pub live: Option<&'a Branch>,
    /// The context object (`$$`), for those rules that ask for it.
    pub context: &'a dyn Fn() -> Value,
    /// The time in the run.
    pub now: Timestamp,
}

/// A stage of a state that is or was performed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Doing {
    branch: BranchId,
    state: StateId,
    stage: Stage,
}

impl Point<'_> {
    fn state(&self, id: StateId) -> Option<&State> {
        self.machine.states.get(id.0 as usize)
    }

    fn name(&self, id: StateId) -> &str {
        self.state(id).map_or("a state of another definition", |state| &state.name)
    }

    /// The text of a field of `state`, short.
    fn field(&self, state: &State, name: &str) -> String {
        let source = Source { definition: self.definition, state };
        // Quotes of YAML need not be read, either.
        source.text(name).map(|text| short(text.trim_matches('\''))).unwrap_or_default()
    }

    /// How many fields a template or an object of the definition has; none for other values.
    fn fields_of(&self, state: &State, name: &str) -> Option<usize> {
        let field = state.field(name)?;
        let text = field.value.text(&self.definition.text);
        match crate::value::read(text).ok()? {
            Value::Object(object) => Some(object.iter().count()),
            _ => None,
        }
    }

    /// The same in words: `from 3 fields`, or the expression.
    fn made_of(&self, state: &State, name: &str) -> String {
        match self.fields_of(state, name) {
            Some(1) => "from 1 field".to_owned(),
            Some(count) => format!("from {count} fields"),
            None => match self.field(state, name) {
                text if text.is_empty() => "as the definition says".to_owned(),
                text => format!("from {text}"),
            },
        }
    }

    /// The step that was made last in the branch at this moment, with its record, if it left one.
    fn last_step(&self) -> Option<u64> {
        let of = |branch: Option<BranchId>| {
            let event = self.events().rev().take(NEAR).find(|event| branch.is_none_or(|branch| event.branch == branch));
            let record =
                self.records().rev().take(NEAR).find(|record| branch.is_none_or(|branch| record.branch == branch));
            event.map(|event| event.step).max(record.map(|record| record.step))
        };
        of(Some(self.branch)).or_else(|| of(None))
    }

    fn events(&self) -> impl DoubleEndedIterator<Item = &Event> {
        self.log.events.range(0, self.moment.events.min(self.log.events.len()))
    }

    fn records(&self) -> impl DoubleEndedIterator<Item = &StageRecord> {
        let until = self.log.stages.partition_point(|record| record.step <= self.moment.step);
        self.log.stages.range(0, until)
    }

    /// What was written in `step`: its events and its record.
    fn of_step(&self, step: u64) -> (Vec<&Event>, Option<&StageRecord>) {
        let from = self.log.events.partition_point(|event| event.step < step);
        let to = self.log.events.partition_point(|event| event.step <= step);
        let at = self.log.stages.partition_point(|record| record.step < step);
        let record = self.log.stages.get(at).filter(|record| record.step == step);
        (self.log.events.range(from, to).collect(), record)
    }

    /// What the step after this moment did, if it was made already.
    fn recorded(&self) -> Option<Doing> {
        let moment = timeline::step(self.log, self.moment, timeline::Direction::Forward)?;
        let (events, record) = self.of_step(moment.step);
        if let Some(record) = record {
            return Some(Doing { branch: record.branch, state: record.state, stage: record.stage });
        }
        events.into_iter().find_map(|event| {
            let state = event.kind.state()?;
            Some(Doing { branch: event.branch, state, stage: stage_of(&event.kind) })
        })
    }

    /// Whether the run is over at this moment.
    fn is_over(&self) -> Option<&Event> {
        self.events().next_back().filter(|event| event.kind.is_end())
    }

    /// What a branch is called when a sentence is about it: nothing for the execution itself.
    fn thread(&self, branch: BranchId) -> String {
        let Some(origin) = self.log.branches.get(branch.0 as usize) else { return String::new() };
        match origin.state.and_then(|state| self.state(state)) {
            Some(State { name, kind: StateKind::Map(_), .. }) => format!("iteration {} of {name}", origin.index + 1),
            Some(State { name, .. }) => format!("branch {} of {name}", origin.index + 1),
            None => String::new(),
        }
    }

    /// What a transition means, with the field that says so.
    fn transition(&self, transition: Transition, branch: BranchId) -> String {
        match transition {
            Transition::Next(next) => format!("Next names {}", self.name(next)),
            Transition::End => match self.thread(branch) {
                thread if thread.is_empty() => "End is true: the run succeeds with it".to_owned(),
                thread => format!("End is true: {thread} is done"),
            },
        }
    }
}

/// The stage that wrote an event.
fn stage_of(kind: &EventKind) -> Stage {
    match kind {
        EventKind::StateEntered { .. } => Stage::Enter,
        EventKind::StateExited { .. } => Stage::Exit,
        EventKind::IterationStarted { .. } => Stage::ItemSelector,
        _ => Stage::Work,
    }
}

/// The start of a text, on one line.
fn short(text: &str) -> String {
    if text.len() <= MOST {
        return text.to_owned();
    }
    let end = (0..=MOST - 3).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    format!("{}...", &text[..end])
}

/// A value, short.
fn preview(value: &Value) -> String {
    // The text of a large value is not made for the sake of its start.
    if value.size() > 4096 {
        return match value {
            Value::Object(object) => format!("an object of {}", bytes_of(object.iter().count(), "key")),
            Value::Array(_) => format!("an array of {} bytes", value.size()),
            _ => format!("a value of {} bytes", value.size()),
        };
    }
    short(&value.to_json())
}

fn bytes_of(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// `212 bytes`.
fn size(value: &Value) -> String {
    bytes_of(value.size(), "byte")
}

/// Milliseconds as `2 s` or `0.5 s`.
fn seconds(millis: i64) -> String {
    let millis = millis.max(0);
    match (millis / 1000, millis % 1000) {
        (seconds, 0) => format!("{seconds} s"),
        (seconds, rest) => format!("{seconds}.{rest:03} s"),
    }
}

/// `a, b and c`.
fn list(names: &[&str]) -> String {
    match names {
        [] => "nothing".to_owned(),
        [only] => (*only).to_owned(),
        [most @ .., last] if names.len() <= 4 => format!("{} and {last}", most.join(", ")),
        [first, ..] => format!("{first} and {} others", names.len() - 1),
    }
}

fn span_text(definition: &Definition, span: Span) -> String {
    short(&span.text(&definition.text).split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The number of a rule in the record of a Choice; none for its `Default`.
fn index(value: &Value) -> Option<usize> {
    usize::try_from(value.as_number()?.as_i64()?).ok()
}
