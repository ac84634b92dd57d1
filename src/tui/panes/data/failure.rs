//! Why a visit failed: error, cause, the part of the expression, and what retriers and catchers made of it.

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::Span;
use ratatui::widgets::Widget;

use super::handlers;
use super::notes::{Note, Target, branch_in, paragraph};
use crate::asl::{StateId, StateMachine};
use crate::config::Role;
use crate::debug::{RowKind, RowOutcome, Visit, fault_span};
use crate::engine::{Blocked, EventKind, Fault, Stage};
use crate::query::QueryError;
use crate::tui::command::{Command, Focus};
use crate::tui::look::{Look, RunLook};
use crate::tui::panes::parts::{fit, fold, keys, name, styled};
use crate::tui::widgets::json_tree::JsonTree;
use crate::value::{Value, read};

/// Lines of a cause and of a hint; the detail has the rest.
const LINES: usize = 6;
/// Cells before what does not fit into the first line.
const INDENT: usize = 4;
/// Bytes of an expression shown before the part that is wrong.
const LEAD: usize = 24;
/// Bytes of a cause that is read as JSON.
const MOST_CAUSE: usize = 4 << 20;
/// Records of stages that are searched for what failed inside.
const NEAR: usize = 100_000;

/// A failure, made ready to be shown.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) fault: Arc<Fault>,
    /// The error output, its cause read as far as it is JSON.
    pub(super) value: Value,
    /// The cause as a tree.
    pub(super) cause: Option<JsonTree>,
}

impl Failure {
    pub(super) fn new(fault: Arc<Fault>) -> Self {
        let text = fault.cause.as_deref().filter(|cause| cause.len() <= MOST_CAUSE);
        let parsed = text.filter(|text| text.trim_start().starts_with(['{', '['])).and_then(|text| read(text).ok());
        let value = match (&parsed, fault.output()) {
            (Some(parsed), Value::Object(mut output)) => {
                output.insert("Cause", parsed.clone());
                Value::Object(output)
            }
            (_, output) => output,
        };
        Self { fault, value, cause: parsed.map(JsonTree::new) }
    }
}

/// The row of `visit` at which it failed ; what came from inside failed at the work of the state.
pub(super) fn row(visit: &Visit) -> Option<usize> {
    let failed = visit.rows.iter().rposition(|row| matches!(row.outcome, RowOutcome::Failed(_)));
    failed.or_else(|| visit.rows.iter().position(|row| row.kind == RowKind::Result))
}

/// The failure that `visit` stands in at the moment; none once another attempt ended well.
pub(super) fn current(run: &RunLook<'_>, visit: &Visit) -> Option<Arc<Fault>> {
    let failed = visit.rows.iter().rev().find_map(|row| match &row.outcome {
        RowOutcome::Failed(fault) => Some(fault.clone()),
        _ => None,
    });
    failed.or_else(|| from_inside(run, visit))
}

/// The failure of a branch or iteration that became the failure of the visit.
fn from_inside(run: &RunLook<'_>, visit: &Visit) -> Option<Arc<Fault>> {
    let log = run.log();
    let machine = &run.run.handle().execution().machine;
    let is_inside = |state: StateId| state != visit.state && machine.path(state).contains(&visit.state);
    if let Some(step) = failed_at(run, visit) {
        let until = log.stages.partition_point(|record| record.step <= step);
        let mut records = log.stages.range(until.saturating_sub(NEAR), until).rev();
        return records.find_map(|record| record.outcome.as_ref().err().filter(|_| is_inside(record.state)).cloned());
    }
    // What nothing catches ends the execution without a word of the states around.
    let ended = run.view.status.fault().filter(|_| run.moment.events >= log.events.len() && visit.left_at.is_none());
    ended.filter(|fault| fault.state.is_some_and(is_inside)).cloned()
}

/// The step at which the branches or iterations of `visit` failed, if that is the last that happened to it.
fn failed_at(run: &RunLook<'_>, visit: &Visit) -> Option<u64> {
    // A retry begins without an event.
    if branch_in(run, visit).is_some_and(|branch| matches!(branch.blocked, Blocked::Retry(_))) {
        return Some(run.moment.step);
    }
    let log = run.log();
    let end = match visit.left_at {
        Some(_) => log.exit_of(visit.entered)?.id.0 as usize - 1,
        None => run.moment.events,
    };
    let mut own = log.events.range(visit.entered.0 as usize, end).rev().take(NEAR);
    let last = own.find(|event| event.branch == visit.branch && event.kind.state() == Some(visit.state))?;
    matches!(last.kind, EventKind::ParallelFailed { .. } | EventKind::MapFailed { .. }).then_some(last.step)
}

/// `try 2 of 4`, for a state that is tried more than once.
pub(super) fn tries(run: &RunLook<'_>, visit: &Visit) -> Option<String> {
    let machine = &run.run.handle().execution().machine;
    let state = machine.states.get(visit.state.0 as usize)?;
    if visit.attempts == 0 || visit.attempts < 2 && visit.fault.is_none() {
        return None;
    }
    let matching = |fault: &Arc<Fault>| {
        state.retry.iter().find(|retrier| retrier.error_equals.iter().any(|name| fault.matches(name)))
    };
    let retrier = visit.fault.as_ref().and_then(matching);
    Some(match retrier {
        Some(retrier) => format!("try {} of {}", visit.attempts, retrier.max_attempts.saturating_add(1)),
        None => format!("try {}", visit.attempts),
    })
}

/// The lines about `failure`.
pub(super) fn notes(failure: &Failure, run: &RunLook<'_>, visit: &Visit, look: &Look<'_>, room: usize) -> Vec<Note> {
    let execution = run.run.handle().execution();
    let machine = &execution.machine;
    let fault = &failure.fault;
    let offset = fault_span(&run.run.definition, machine, fault).map(|span| span.start as usize);
    let mut notes = vec![Note::new(heading(fault, visit, machine, look)).leading_to(offset)];
    if let Some(query) = &fault.query {
        notes.push(Note::new(expression(query, look)).leading_to(offset));
        notes.extend(query.hint.iter().flat_map(|hint| paragraph(hint, 2, LINES, Role::Text, look, room)));
    }
    match (&failure.cause, &fault.cause) {
        (Some(_), _) => notes.push(Note { spans: Vec::new(), target: Target::Cause }),
        (None, Some(cause)) => notes.extend(paragraph(cause, 2, LINES, Role::Text, look, room)),
        (None, None) => {}
    }
    notes.extend(fault.hint.iter().flat_map(|hint| paragraph(hint, 2, LINES, Role::Text, look, room)));
    notes.extend(handlers::notes(fault, run, visit, look));
    if is_held(run, visit) {
        let helps = [
            (Command::EditData, "mends the data"),
            (Command::DoAgain, "does the state again"),
            (Command::SkipState, "gives its output"),
            (Command::Continue, "lets it fail"),
        ];
        notes.extend(helpful(&helps, look, room));
    }
    notes
}

/// Whether the run stands at the failure, before it is decided what becomes of it.
fn is_held(run: &RunLook<'_>, visit: &Visit) -> bool {
    branch_in(run, visit).is_some_and(|branch| branch.failure().is_some())
}

/// What may be done about a failure that the run ended with.
fn helps(look: &Look<'_>, room: usize) -> Vec<Note> {
    let helps = [
        (Command::Restart, "runs again"),
        (Command::RestartEdited, "with another input"),
        (Command::Edit, "edits"),
        (Command::Back, "goes back"),
    ];
    helpful(&helps, look, room)
}

fn helpful(helps: &[(Command, &str)], look: &Look<'_>, room: usize) -> Vec<Note> {
    paragraph(&keys(helps, Focus::Data), 2, LINES, Role::Muted, look, room).collect()
}

/// Draws the lines about `failure` where they have a place of their own.
pub(super) fn draw(
    failure: &Failure,
    run: &RunLook<'_>,
    visit: &Visit,
    look: &Look<'_>,
    area: Rect,
    buffer: &mut Buffer,
) {
    let room = usize::from(area.width);
    let cause = failure.value.get("Cause").map_or_else(String::new, Value::to_pretty_json);
    let lines = notes(failure, run, visit, look, room).into_iter().flat_map(|note| match note.target {
        // There is no tree here that could stand in its place.
        Target::Cause => {
            cause.lines().take(LINES).flat_map(|line| paragraph(line, 2, 1, Role::Text, look, room)).collect::<Vec<_>>()
        }
        _ => fold(note.spans, room, INDENT, look).into_iter().map(Note::new).collect(),
    });
    let helps = if is_held(run, visit) { Vec::new() } else { helps(look, room) };
    for (note, row) in lines.chain(helps).zip(area.rows()) {
        fit(note.spans, room, look).render(row, buffer);
    }
}

fn heading(fault: &Fault, visit: &Visit, machine: &StateMachine, look: &Look<'_>) -> Vec<Span<'static>> {
    let error = if fault.name().is_empty() { "failed without an error name" } else { fault.name() };
    let mut spans = vec![styled(format!("{} {error}", look.glyphs.failed), Role::Failed, look)];
    if let Some(state) = fault.state.filter(|state| *state != visit.state) {
        spans.push(Span::raw(format!("  from {}", name(machine, state))));
    } else if let Some(stage) = fault.stage.and_then(stage_name) {
        spans.push(Span::raw(format!("  in {stage}")));
    }
    spans
}

/// The field of a stage; what a state does has none.
fn stage_name(stage: Stage) -> Option<&'static str> {
    Some(match stage {
        Stage::Enter | Stage::Work | Stage::Failure | Stage::Exit => return None,
        Stage::ItemSelector => "ItemSelector",
        Stage::InputPath => "InputPath",
        Stage::Parameters => "Parameters",
        Stage::Arguments => "Arguments",
        Stage::ItemsPath => "ItemsPath",
        Stage::Items => "Items",
        Stage::ResultSelector => "ResultSelector",
        Stage::ResultPath => "ResultPath",
        Stage::Catch => "Catch",
        Stage::OutputPath => "OutputPath",
        Stage::Output => "Output",
        Stage::Assign => "Assign",
    })
}

/// The expression with the part underlined that is wrong.
fn expression(query: &QueryError, look: &Look<'_>) -> Vec<Span<'static>> {
    let text = &query.expression;
    let whole = 0..text.len();
    let range = query.span.range();
    let wrong = if range.is_empty() || text.get(range.clone()).is_none() { whole } else { range };
    let lead = (0..=wrong.start.saturating_sub(LEAD)).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let style = look.styles.role(Role::Failed).add_modifier(Modifier::UNDERLINED);
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default().to_owned();
    let mut spans = vec![Span::raw("  ")];
    if !query.field.is_empty() {
        spans.push(styled(format!("{}: ", query.field), Role::Muted, look));
    }
    spans.push(Span::raw(if lead > 0 { look.glyphs.ellipsis } else { "" }));
    spans.push(Span::raw(part(lead, wrong.start)));
    spans.push(Span::styled(part(wrong.start, wrong.end), style));
    spans.push(Span::raw(part(wrong.end, text.len())));
    spans
}
