//! What can be said about a visit to a state at a moment: its stages, what each worked on and what it gave.

use std::sync::Arc;

use crate::asl::{Definition, Language, PathField, ResultPath, State, StateId, StateKind, StateMachine};
use crate::engine::{BranchId, ChangeKind, EventId, EventKind, Fault, Log, Stage, StageRecord};
use crate::value::{Timestamp, Value};

/// A point in a run: what was written up to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The number of events.
    pub events: usize,
    /// The last step.
    pub step: u64,
}

impl Moment {
    /// The newest moment of `log`.
    #[must_use]
    pub fn newest(log: &Log) -> Self {
        Self { events: log.events.len(), step: u64::MAX }
    }

    /// The moment right after event `events` (from 1) was written.
    #[must_use]
    pub fn after_event(log: &Log, events: usize) -> Self {
        let events = events.clamp(1.min(log.events.len()), log.events.len());
        let step = events.checked_sub(1).and_then(|at| log.events.get(at)).map_or(0, |event| event.step);
        Self { events, step }
    }
}

/// A row of the data pane.
#[derive(Debug, Clone)]
pub struct Row {
    /// Which row.
    pub kind: RowKind,
    /// `InputPath`, `Task result` …
    pub label: &'static str,
    /// What the definition says, as written; empty where there is nothing.
    pub expression: String,
    /// What became of it.
    pub outcome: RowOutcome,
    /// What it worked on, where it did.
    pub before: Option<Value>,
}

/// The rows, in the order of the data flow. Their numbers stay the same whatever a state has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are those of the fields")]
pub enum RowKind {
    StateInput,
    InputPath,
    Parameters,
    Arguments,
    ItemsPath,
    Items,
    ItemSelector,
    Result,
    ResultSelector,
    ResultPath,
    Catch,
    OutputPath,
    Output,
    Assign,
    ByHand,
    StateOutput,
}

impl RowKind {
    /// The stage that the row shows; none for those that are made of events or by hand.
    #[must_use]
    pub fn stage(self) -> Option<Stage> {
        SLOTS.iter().find(|slot| slot.kind == self).map(|slot| slot.stage)
    }
}

/// What became of a row.
#[derive(Debug, Clone)]
pub enum RowOutcome {
    /// The state has no such field.
    Absent,
    /// It was not reached at that moment.
    NotYet,
    /// It gave this value.
    Value(Value),
    /// It failed.
    Failed(Arc<Fault>),
}

impl RowOutcome {
    /// The value, if there is one.
    #[must_use]
    pub fn value(&self) -> Option<&Value> {
        match self {
            Self::Value(value) => Some(value),
            _ => None,
        }
    }
}

/// A visit to a state, as far as it had come at a moment.
#[derive(Debug, Clone)]
pub struct Visit {
    /// The event that entered the state.
    pub entered: EventId,
    /// The state.
    pub state: StateId,
    /// The thread.
    pub branch: BranchId,
    /// Which visit to the state it is, from 1; see [`Visit::numbered`].
    pub number: usize,
    /// Attempts at its task.
    pub attempts: usize,
    /// When it was entered.
    pub entered_at: Timestamp,
    /// When it was left.
    pub left_at: Option<Timestamp>,
    /// The failure it ended in or is retried after, the newest.
    pub fault: Option<Arc<Fault>>,
    /// The stages.
    pub rows: Vec<Row>,
}

impl Visit {
    /// The visit that event `entered` began, as of `moment`.
    #[must_use]
    pub fn at(
        definition: &Definition,
        machine: &StateMachine,
        log: &Log,
        entered: EventId,
        moment: Moment,
    ) -> Option<Self> {
        let event = log.event(entered)?;
        let EventKind::StateEntered { state, input } = &event.kind else { return None };
        let exit = log.exit_of(entered).filter(|exit| exit.id.0 as usize <= moment.events);
        let records: Vec<&StageRecord> =
            log.stages_of(entered).into_iter().filter(|record| record.step <= moment.step).collect();
        let output = exit.and_then(|exit| match &exit.kind {
            EventKind::StateExited { output, .. } => Some(output.clone()),
            _ => None,
        });
        let last = exit.map_or(moment.events, |exit| exit.id.0 as usize);
        let own = || {
            let events = log.events.range(entered.0 as usize, last);
            events.filter(|other| other.branch == event.branch && other.kind.state() == Some(*state))
        };
        let fault = records.iter().rev().find_map(|record| record.outcome.as_ref().err().cloned());
        // Only tasks have failures and attempts among their events; others have many that are not worth a look.
        let is_task = matches!(machine.state(*state).kind, StateKind::Task(_));
        let failures = || own().rev().find_map(|event| event.kind.fault().cloned());
        let fault = fault.or_else(|| is_task.then(failures).flatten());
        let is_attempt = |event: &&crate::engine::Event| matches!(event.kind, EventKind::TaskScheduled { .. });
        let left = exit.map_or(moment.step, |exit| exit.step.min(moment.step));
        let changes = changes_of(log, event.branch, (event.step, left));
        let (records, changes) = in_effect(records, changes, log, (event.branch, event.step, left));
        let source = Source { definition, state: machine.state(*state) };
        Some(Self {
            entered,
            state: *state,
            branch: event.branch,
            number: 1,
            attempts: if is_task { own().filter(is_attempt).count() } else { 0 },
            entered_at: event.at,
            left_at: exit.map(|exit| exit.at),
            fault,
            rows: rows(&source, input, (&records, &changes), output, exit.is_some()),
        })
    }

    /// The same with the number of the visit, which is not read from the log: a long one takes a while.
    #[must_use]
    pub fn numbered(self, number: usize) -> Self {
        Self { number, ..self }
    }

    /// The row a reader wants to see first: the one that failed, else the newest that gave a value.
    #[must_use]
    pub fn newest_row(&self) -> usize {
        let failed = self.rows.iter().rposition(|row| matches!(row.outcome, RowOutcome::Failed(_)));
        let newest = || self.rows.iter().rposition(|row| matches!(row.outcome, RowOutcome::Value(_)));
        failed.or_else(newest).unwrap_or(0)
    }
}

pub(super) struct Source<'a> {
    pub(super) definition: &'a Definition,
    pub(super) state: &'a State,
}

impl Source<'_> {
    /// The text of field `name`, on one line.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        let field = self.state.field(name)?;
        let text = field.value.text(&self.definition.text);
        let mut line = String::with_capacity(text.len().min(256));
        for word in text.split_whitespace().take(64) {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        // A text alone needs no quotes to be read.
        let bare = line.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).filter(|rest| !rest.contains('"'));
        Some(bare.map_or_else(|| line.clone(), str::to_owned))
    }
}

/// What a row shows of a definition: the stage whose records it takes, and the fields that may hold its expression.
struct Slot {
    kind: RowKind,
    label: &'static str,
    stage: Stage,
    fields: &'static [&'static str],
    present: fn(&State) -> bool,
}

/// The rows between a state's input and its output.
const SLOTS: [Slot; 13] = [
    slot(RowKind::InputPath, "InputPath", Stage::InputPath, &["InputPath"], |state| {
        !matches!(state.input_path, PathField::Whole)
    }),
    slot(RowKind::Parameters, "Parameters", Stage::Parameters, &["Parameters"], |state| state.parameters.is_some()),
    slot(RowKind::Arguments, "Arguments", Stage::Arguments, &["Arguments"], |state| state.arguments.is_some()),
    slot(
        RowKind::ItemsPath,
        "ItemsPath",
        Stage::ItemsPath,
        &["ItemsPath"],
        |state| matches!(&state.kind, StateKind::Map(map) if map.items_path.is_some()),
    ),
    slot(
        RowKind::Items,
        "Items",
        Stage::Items,
        &["Items"],
        |state| matches!(&state.kind, StateKind::Map(map) if map.items.is_some()),
    ),
    slot(
        RowKind::ItemSelector,
        "ItemSelector",
        Stage::ItemSelector,
        &["ItemSelector", "Parameters"],
        |state| matches!(&state.kind, StateKind::Map(map) if map.item_selector.is_some()),
    ),
    slot(RowKind::Result, "Result", Stage::Work, &["Result", "Resource"], |state| match &state.kind {
        StateKind::Pass { result } => result.is_some(),
        StateKind::Wait(_) | StateKind::Succeed => false,
        _ => true,
    }),
    slot(RowKind::ResultSelector, "ResultSelector", Stage::ResultSelector, &["ResultSelector"], |state| {
        state.result_selector.is_some()
    }),
    slot(RowKind::ResultPath, "ResultPath", Stage::ResultPath, &["ResultPath"], |state| {
        !matches!(state.result_path, ResultPath::Whole)
    }),
    slot(RowKind::Catch, "Catch", Stage::Catch, &[], |state| !state.catch.is_empty()),
    slot(RowKind::OutputPath, "OutputPath", Stage::OutputPath, &["OutputPath"], |state| {
        !matches!(state.output_path, PathField::Whole)
    }),
    slot(RowKind::Output, "Output", Stage::Output, &["Output"], |state| state.output.is_some()),
    slot(RowKind::Assign, "Assign", Stage::Assign, &["Assign"], |state| state.assign.is_some()),
];

const fn slot(
    kind: RowKind,
    label: &'static str,
    stage: Stage,
    fields: &'static [&'static str],
    present: fn(&State) -> bool,
) -> Slot {
    Slot { kind, label, stage, fields, present }
}

/// Whether a state of this type and language can have the row at all; others do not show it.
fn applies(kind: RowKind, state: &State) -> bool {
    use RowKind as R;
    let of_language = match kind {
        R::Arguments | R::Items | R::Output => state.language == Language::Jsonata,
        R::InputPath | R::Parameters | R::ItemsPath | R::ResultSelector | R::ResultPath | R::OutputPath => {
            state.language == Language::JsonPath
        }
        R::StateInput | R::ItemSelector | R::Result | R::Catch | R::Assign | R::ByHand | R::StateOutput => true,
    };
    of_language && has_row(kind, state)
}

fn has_row(kind: RowKind, state: &State) -> bool {
    use StateKind as S;
    let language = state.language;
    let state = &state.kind;
    match kind {
        RowKind::StateInput | RowKind::StateOutput | RowKind::InputPath | RowKind::ByHand => true,
        RowKind::Parameters => matches!(state, S::Pass { .. } | S::Task(_) | S::Parallel(_)),
        RowKind::Arguments => matches!(state, S::Task(_) | S::Parallel(_)),
        RowKind::ItemsPath | RowKind::Items | RowKind::ItemSelector => matches!(state, S::Map(_)),
        // Without a Result of its own, a Pass only has an Output.
        RowKind::Result if language == Language::Jsonata && matches!(state, S::Pass { .. }) => false,
        RowKind::Result => !matches!(state, S::Wait(_) | S::Succeed),
        RowKind::ResultSelector => matches!(state, S::Task(_) | S::Parallel(_) | S::Map(_)),
        RowKind::ResultPath => matches!(state, S::Pass { .. } | S::Task(_) | S::Parallel(_) | S::Map(_)),
        RowKind::Catch => matches!(state, S::Task(_) | S::Parallel(_) | S::Map(_)),
        RowKind::OutputPath | RowKind::Output => !matches!(state, S::Fail(_)),
        RowKind::Assign => !matches!(state, S::Succeed | S::Fail(_)),
    }
}

/// The data that `branch` was given by hand between two steps, each with its step.
fn changes_of(log: &Log, branch: BranchId, (from, to): (u64, u64)) -> Vec<(u64, Value)> {
    let changes = log.changes.iter().filter(|change| change.branch == branch && (from..=to).contains(&change.step));
    let data = changes.filter_map(|change| match &change.kind {
        ChangeKind::Data(value) => Some((change.step, value.clone())),
        _ => None,
    });
    data.collect()
}

/// The records and the data given by hand that still hold: by a change by hand the stage that failed right before it is
/// done again, and to do a state again is to do all again from its effective input on.
fn in_effect<'r>(
    mut records: Vec<&'r StageRecord>,
    mut changes: Vec<(u64, Value)>,
    log: &Log,
    (branch, from, to): (BranchId, u64, u64),
) -> (Vec<&'r StageRecord>, Vec<(u64, Value)>) {
    for change in log.changes.iter().filter(|change| change.branch == branch && (from..=to).contains(&change.step)) {
        match change.kind {
            ChangeKind::Data(_) | ChangeKind::Variable { .. } => {
                let last = records.iter().rposition(|record| record.step < change.step);
                if let Some(at) = last.filter(|at| records[*at].outcome.is_err()) {
                    records.remove(at);
                }
            }
            ChangeKind::Again => {
                let is_over = |record: &StageRecord| record.stage >= Stage::Parameters;
                changes.retain(|(step, _)| {
                    let last = records.iter().rev().find(|record| record.step < *step);
                    *step > change.step || last.is_none_or(|last| !is_over(last) || last.outcome.is_err())
                });
                records.retain(|record| record.step > change.step || !is_over(record));
            }
            ChangeKind::Leave { .. } => {}
        }
    }
    (records, changes)
}

/// A row for data that was given by hand.
fn by_hand(value: &Value, before: &Value) -> Row {
    Row {
        kind: RowKind::ByHand,
        label: "by hand",
        expression: String::new(),
        outcome: RowOutcome::Value(value.clone()),
        before: Some(before.clone()),
    }
}

fn rows(
    source: &Source<'_>,
    input: &Value,
    (records, changes): (&[&StageRecord], &[(u64, Value)]),
    output: Option<Value>,
    left: bool,
) -> Vec<Row> {
    let mut changes = changes.iter().peekable();
    let state = source.state;
    let first = Row {
        kind: RowKind::StateInput,
        label: "State input",
        expression: String::new(),
        outcome: RowOutcome::Value(input.clone()),
        before: None,
    };
    let mut rows = vec![first];
    let mut data = input.clone();
    for slot in SLOTS.iter().filter(|slot| applies(slot.kind, state)) {
        // Of several attempts the last one counts.
        let record = records.iter().rev().find(|record| record.stage == slot.stage);
        while let Some((_, value)) = record.and_then(|record| changes.next_if(|(step, _)| *step < record.step)) {
            rows.push(by_hand(value, &data));
            data = value.clone();
        }
        let before = Some(data.clone());
        let outcome = match record.map(|record| &record.outcome) {
            Some(Ok(value)) => {
                // What a Choice decides is no data; neither are variables and the inputs of iterations.
                let is_decision = slot.kind == RowKind::Result && matches!(state.kind, StateKind::Choice(_));
                if !is_decision && !matches!(slot.kind, RowKind::Assign | RowKind::ItemSelector) {
                    data = value.clone();
                }
                RowOutcome::Value(value.clone())
            }
            Some(Err(fault)) => RowOutcome::Failed(fault.clone()),
            None if (slot.present)(state) && !left && slot.kind != RowKind::Catch => RowOutcome::NotYet,
            None => RowOutcome::Absent,
        };
        let expression = slot.fields.iter().find_map(|field| source.text(field)).unwrap_or_default();
        rows.push(Row { kind: slot.kind, label: label(slot, &state.kind), expression, outcome, before });
    }
    if changes.len() > 0 {
        // Those after the last stage that was performed stand before the stages that are still to come.
        let at = rows.iter().rposition(|row| matches!(row.outcome, RowOutcome::Value(_) | RowOutcome::Failed(_)));
        let at = at.map_or(rows.len(), |at| at + 1);
        for (offset, (_, value)) in changes.enumerate() {
            rows.insert(at + offset, by_hand(value, &data));
            data = value.clone();
        }
        // What is still to come works on them.
        for row in rows.iter_mut().rev().take_while(|row| row.kind != RowKind::ByHand) {
            row.before = Some(data.clone());
        }
    }
    let outcome = match output {
        Some(output) => RowOutcome::Value(output),
        None if left => RowOutcome::Absent,
        None => RowOutcome::NotYet,
    };
    rows.push(Row {
        kind: RowKind::StateOutput,
        label: "State output",
        expression: String::new(),
        outcome,
        before: Some(data),
    });
    rows
}

fn label(slot: &Slot, kind: &StateKind) -> &'static str {
    match (slot.kind, kind) {
        (RowKind::Result, StateKind::Task(_)) => "Task result",
        (RowKind::Result, StateKind::Choice(_)) => "Choices",
        (RowKind::Result, StateKind::Parallel(_)) => "Branches",
        (RowKind::Result, StateKind::Map(_)) => "Iterations",
        (RowKind::Result, StateKind::Fail(_)) => "Error",
        _ => slot.label,
    }
}
