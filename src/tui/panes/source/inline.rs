//! Values beside the source of the current state: what each path finds, which rule of a Choice is true.
//!
//! A path is only evaluated on data that is known at the moment that is looked at: a stage that has been performed, or
//! the next one.

use crate::asl::{ChoiceRule, Definition, Language, State, StateKind, StateMachine};
use crate::debug::{Row, RowKind, RowOutcome, Visit};
use crate::engine::{Branch, BranchId, EventId, EventKind, Log, Machine, RuleTrace, trace_rules};
use crate::query::jsonata_field::{Delimited, delimited};
use crate::query::{self, Expression, JsonPath, JsonataField, States};
use crate::tui::glyph::Glyphs;
use crate::tui::highlight::Token;
use crate::tui::look::{Look, RunLook};
use crate::tui::panes::parts::count;
use crate::value::{Timestamp, Value};

use super::document::{Document, unquote};

/// What stands beside one line.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Note {
    pub(super) line: usize,
    pub(super) text: String,
    /// The value that the text is short for.
    pub(super) value: Option<Value>,
}

/// The notes of a moment; made anew only when the moment is another one.
#[derive(Debug, Default)]
pub(super) struct Inline {
    key: Option<Key>,
    notes: Vec<Note>,
}

/// What the notes depend on, beside the definition.
#[derive(Debug, PartialEq)]
struct Key {
    run: u32,
    focus: BranchId,
    events: usize,
    steps: u64,
}

/// How much of a value is shown, in bytes of its JSON text.
const SHORT: usize = 40;
/// Notes of one line that are shown.
const MOST: usize = 3;

impl Inline {
    /// Forgets everything: another definition is shown.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Brings the notes to the moment that is looked at.
    pub(super) fn update(&mut self, look: &Look<'_>, document: &Document) {
        let stands = |run: &&RunLook<'_>| !run.live || run.view.machine.is_some();
        let Some(run) = look.run.as_ref().filter(stands) else {
            return self.clear();
        };
        let steps = if run.live { run.view.steps } else { run.moment.step };
        let key = Key { run: run.run.number, focus: run.focus, events: run.moment.events, steps };
        if self.key.as_ref() != Some(&key) {
            self.notes = notes(look, run, document).unwrap_or_default();
            self.key = Some(key);
        }
    }

    /// The notes of line `at`, as one text.
    pub(super) fn text(&self, at: usize) -> Option<String> {
        let texts: Vec<_> = self.line(at).take(MOST).map(|note| note.text.as_str()).collect();
        (!texts.is_empty()).then(|| texts.join("  "))
    }

    /// The first value beside line `at`.
    pub(super) fn value(&self, at: usize) -> Option<&Value> {
        self.line(at).find_map(|note| note.value.as_ref())
    }

    fn line(&self, at: usize) -> impl Iterator<Item = &Note> {
        self.notes.iter().filter(move |note| note.line == at)
    }
}

fn notes(look: &Look<'_>, run: &RunLook<'_>, document: &Document) -> Option<Vec<Note>> {
    let (machine, here) = (look.machine?, run.here?);
    let state = machine.states.get(here.0 as usize)?;
    let entered = entered(run.log(), run.focus, run.moment.events)?;
    let shown = run.visit.filter(|visit| visit.entered == entered).cloned();
    let visit = shown.or_else(|| visit(&document.definition, machine, run, entered)).filter(|v| v.state == here)?;
    let world = World::of(run, entered);
    let moment = Moment { document, state, visit: &visit, world, glyphs: look.glyphs };
    let mut notes = moment.rules();
    notes.extend(moment.paths(document.lines_of(here)?));
    notes.sort_by_key(|note| note.line);
    Some(notes)
}

fn visit(definition: &Definition, machine: &StateMachine, run: &RunLook<'_>, entered: EventId) -> Option<Visit> {
    Visit::at(definition, machine, run.log(), entered, run.moment)
}

/// The event that began the visit in which `branch` was after `events` events.
fn entered(log: &Log, branch: BranchId, events: usize) -> Option<EventId> {
    let is_entry = |kind: &EventKind| matches!(kind, EventKind::StateEntered { .. });
    let mut back = log.events.range(0, events).rev();
    back.find(|event| event.branch == branch && is_entry(&event.kind)).map(|event| event.id)
}

/// What expressions see beside their input; remembers when they ask for what is not known.
#[derive(Clone, Copy)]
struct World<'a> {
    /// The machine and the branch, while it is in the visit.
    branch: Option<(&'a Machine, &'a Branch)>,
    asked_in_vain: bool,
}

impl<'a> World<'a> {
    fn of(run: &'a RunLook<'a>, entered: EventId) -> Self {
        let machine = run.view.machine.as_deref().filter(|_| run.live);
        let branch = machine.and_then(|machine| Some((machine, machine.branch(run.focus)?)));
        Self { branch: branch.filter(|(_, branch)| branch.entered == entered), asked_in_vain: false }
    }
}

impl query::Scope for World<'_> {
    fn context(&mut self) -> Value {
        self.asked_in_vain |= self.branch.is_none();
        self.branch.map_or_else(Value::empty_object, |(machine, branch)| machine.context(branch))
    }

    fn variable(&mut self, name: &str) -> Option<Value> {
        self.asked_in_vain |= self.branch.is_none();
        self.branch.and_then(|(_, branch)| branch.variables.get(name).cloned())
    }

    fn random(&mut self) -> u64 {
        // Another draw than the machine's would show another value.
        self.asked_in_vain = true;
        0
    }

    fn now(&mut self) -> Timestamp {
        // As above: each moment has another.
        self.asked_in_vain = true;
        Timestamp::default()
    }
}

/// A field with paths: whether it is a payload template, and the rows of the visit one of which has its data.
struct Field {
    name: &'static str,
    is_template: bool,
    rows: &'static [RowKind],
}

const fn field(name: &'static str, is_template: bool, rows: &'static [RowKind]) -> Field {
    Field { name, is_template, rows }
}

/// Which data the paths of a field select from (States Language, Input and Output Processing).
const FIELDS: [Field; 13] = [
    field("InputPath", false, &[RowKind::InputPath]),
    field("Parameters", true, &[RowKind::Parameters, RowKind::ItemsPath]),
    field("ItemsPath", false, &[RowKind::ItemsPath]),
    field("ItemSelector", true, &[RowKind::ItemsPath]),
    field("ResultSelector", true, &[RowKind::ResultSelector]),
    field("OutputPath", false, &[RowKind::OutputPath]),
    field("SecondsPath", false, &[RowKind::OutputPath]),
    field("TimestampPath", false, &[RowKind::OutputPath]),
    field("ErrorPath", false, &[RowKind::Result]),
    field("CausePath", false, &[RowKind::Result]),
    field("MaxConcurrencyPath", false, &[RowKind::ItemsPath]),
    field("TimeoutSecondsPath", false, &[RowKind::Parameters]),
    field("HeartbeatSecondsPath", false, &[RowKind::Parameters]),
];

/// The fields of a JSONata state with expressions, and whether the result of the state is theirs to use.
const EXPRESSIONS: [(&str, bool); 13] = [
    ("Arguments", false),
    ("Items", false),
    ("ItemSelector", false),
    ("MaxConcurrency", false),
    ("TimeoutSeconds", false),
    ("HeartbeatSeconds", false),
    ("Credentials", false),
    ("Seconds", false),
    ("Timestamp", false),
    ("Error", false),
    ("Cause", false),
    ("Output", true),
    ("Assign", true),
];

struct Moment<'a> {
    document: &'a Document,
    state: &'a State,
    visit: &'a Visit,
    world: World<'a>,
    glyphs: &'a Glyphs,
}

impl Moment<'_> {
    /// The rules of a Choice up to the true one.
    fn rules(&self) -> Vec<Note> {
        let StateKind::Choice(choice) = &self.state.kind else { return Vec::new() };
        let Some(input) = self.data(&[RowKind::Result]) else { return Vec::new() };
        let mut world = self.world;
        let traces = trace_rules(choice, input, &mut world);
        if world.asked_in_vain {
            return Vec::new();
        }
        let is_open = traces.iter().all(|trace| matches!(trace.outcome, Ok(false)));
        let default = self.state.field("Default").filter(|_| is_open);
        let mut notes: Vec<_> = choice.rules.iter().zip(&traces).map(|(rule, trace)| self.rule(rule, trace)).collect();
        notes.extend(default.map(|field| self.note(field.key.start as usize, self.came("no rule is true"), None)));
        if self.state.language == Language::JsonPath {
            for (rule, _) in choice.rules.iter().zip(&traces) {
                notes.extend(self.paths_in(rule.span.range(), input, false));
            }
        }
        notes
    }

    fn rule(&self, rule: &ChoiceRule, trace: &RuleTrace) -> Note {
        let text = match &trace.outcome {
            Ok(holds) => self.came(if *holds { "true" } else { "false" }),
            Err(_) => self.came("nothing there"),
        };
        self.note(rule.span.start as usize, text, None)
    }

    fn came(&self, text: &str) -> String {
        format!("{} {text}", self.glyphs.from)
    }

    /// The paths and expressions in the other fields of the state.
    fn paths(&self, (first, last): (usize, usize)) -> Vec<Note> {
        let mut notes = Vec::new();
        let within = self.document.start(first)..self.document.start(last) + self.document.line(last).len();
        let span_of = |name: &str| {
            self.state.field(name).map(|found| found.value).filter(|span| within.contains(&span.range().start))
        };
        if self.state.language == Language::Jsonata {
            for (name, needs_result) in EXPRESSIONS {
                if let Some((span, states)) = span_of(name).zip(self.states(needs_result)) {
                    notes.extend(self.expressions_in(span.range(), &states));
                }
            }
            return notes;
        }
        for field in &FIELDS {
            if let Some((span, data)) = span_of(field.name).zip(self.data(field.rows)) {
                notes.extend(self.paths_in(span.range(), data, field.is_template));
            }
        }
        notes
    }

    /// What `$states` holds, if it is known; `needs_result`: with the result of the state.
    fn states(&self, needs_result: bool) -> Option<States<'_>> {
        let row = |kind| self.visit.rows.iter().find(|row| row.kind == kind).and_then(|row| row.outcome.value());
        let has_result = matches!(self.state.kind, StateKind::Task(_) | StateKind::Parallel(_) | StateKind::Map(_));
        let result = if needs_result && has_result { Some(row(RowKind::Result)?) } else { None };
        Some(States { result, ..States::of(row(RowKind::StateInput)?) })
    }

    /// The JSONata in the bytes `range` of the text.
    fn expressions_in(&self, range: std::ops::Range<usize>, states: &States<'_>) -> Vec<Note> {
        let mut notes = Vec::new();
        self.for_each_piece(range, |token, offset, text| {
            if token == Token::Expression {
                notes.extend(self.expression(offset, &unquote(text), states));
            }
        });
        notes
    }

    fn expression(&self, offset: usize, text: &str, states: &States<'_>) -> Option<Note> {
        let Delimited::Expression(text, _) = delimited(text) else { return None };
        let mut world = self.world;
        let found = JsonataField::compile(text, "").ok()?.evaluate(states, &mut world).ok();
        // The context of an iteration is not that of the Map state around it.
        let is_later = text.contains("$states.context.Map") && found.is_none();
        if world.asked_in_vain || is_later {
            return None;
        }
        let shown =
            found.as_ref().map_or_else(|| "= nothing".to_owned(), |value| format!("= {}", short(value, self.glyphs)));
        Some(self.note(offset, shown, found))
    }

    /// The data before the first of `rows` that the state has, if it is known.
    fn data(&self, rows: &[RowKind]) -> Option<&Value> {
        let all = &self.visit.rows;
        let at = rows.iter().find_map(|kind| all.iter().position(|row| row.kind == *kind))?;
        let (before, row) = (all.get(..at)?, all.get(at)?);
        let is_open = |row: &Row| matches!(row.outcome, RowOutcome::NotYet | RowOutcome::Failed(_));
        let output = all.last().is_some_and(|last| last.outcome.value().is_some());
        let is_performed = matches!(row.outcome, RowOutcome::Value(_) | RowOutcome::Failed(_));
        let is_next = !before.iter().any(is_open) && (self.visit.left_at.is_none() || output);
        row.before.as_ref().filter(|_| is_performed || is_next)
    }

    /// The paths and calls in the bytes `range` of the text.
    fn paths_in(&self, range: std::ops::Range<usize>, data: &Value, is_template: bool) -> Vec<Note> {
        let mut notes = Vec::new();
        self.for_each_piece(range, |token, offset, text| {
            if matches!(token, Token::Path | Token::Intrinsic) {
                notes.extend(self.path(offset, &unquote(text), data, is_template));
            }
        });
        notes
    }

    /// Calls `visit` with each piece of text that starts within the bytes `range`, and where it starts.
    fn for_each_piece(&self, range: std::ops::Range<usize>, mut visit: impl FnMut(Token, usize, &str)) {
        for line in self.document.line_of(range.start)..=self.document.line_of(range.end.saturating_sub(1)) {
            let start = self.document.start(line);
            for piece in self.document.pieces(line) {
                if range.contains(&(start + piece.range().start)) {
                    let text = self.document.line(line).get(piece.range()).unwrap_or_default();
                    visit(piece.token, start + piece.range().start, text);
                }
            }
        }
    }

    fn path(&self, offset: usize, text: &str, data: &Value, is_template: bool) -> Option<Note> {
        let mut world = self.world;
        let found = if is_template {
            Expression::compile(text).ok()?.evaluate("", data, &mut world).ok()
        } else {
            JsonPath::compile(text).ok()?.find(data, &mut world)
        };
        // The context of an iteration is not that of the Map state around it.
        let is_later = text.starts_with("$$.Map") && found.is_none();
        if world.asked_in_vain || is_later {
            return None;
        }
        let shown =
            found.as_ref().map_or_else(|| "= nothing".to_owned(), |value| format!("= {}", short(value, self.glyphs)));
        Some(self.note(offset, shown, found))
    }

    fn note(&self, offset: usize, text: String, value: Option<Value>) -> Note {
        Note { line: self.document.line_of(offset), text, value }
    }
}

/// A value in a few words.
fn short(value: &Value, glyphs: &Glyphs) -> String {
    match value {
        _ if value.size() <= SHORT => value.to_json(),
        Value::Object(object) => format!("{{ {} }}", count(object.len(), "key")),
        Value::Array(items) => format!("[ {} ]", count(items.len(), "item")),
        Value::String(text) => {
            let start: String = text.chars().take(SHORT - 4).collect();
            let start = Value::string(start).to_json();
            format!("{}{}", start.strip_suffix('"').unwrap_or(&start), glyphs.ellipsis)
        }
        other => other.to_json(),
    }
}
