//! The rows of the stages: number, field, expression, and what the stage did to the data.

use ratatui::text::Span;

use super::is_choice;
use crate::asl::StateKind;
use crate::config::Role;
use crate::debug::{Row, RowKind, RowOutcome, Visit};
use crate::tui::look::{Look, RunLook};
use crate::tui::panes::parts::{column, count, name, size, styled};
use crate::tui::widgets::text::{clip, width};
use crate::value::{Object, Value};

/// Cells of the longest label.
const LABEL: usize = 14;
/// Cells of the usual effect.
const EFFECT: usize = 9;
/// Members up to which objects are compared key by key.
const KEYS: usize = 1000;

/// What the stages of a visit did, remembered as long as the values are the same.
#[derive(Debug, Default)]
pub(super) struct Effects(Vec<(Option<Value>, Option<Value>, String)>);

impl Effects {
    /// Brings them up to date.
    pub(super) fn read(&mut self, visit: &Visit, run: &RunLook<'_>) {
        self.0.truncate(visit.rows.len());
        for (at, row) in visit.rows.iter().enumerate() {
            let before = base(visit, at, run);
            let after = row.outcome.value().cloned();
            let known = self.0.get(at).is_some_and(|(old_before, old_after, _)| {
                is_same(old_before.as_ref(), before.as_ref()) && is_same(old_after.as_ref(), after.as_ref())
            });
            // Decisions are numbers, which say nothing without their state.
            if known && !is_choice(run, visit) {
                continue;
            }
            let effect = effect(row, before.as_ref(), visit, run);
            let entry = (before, after, effect);
            match self.0.get_mut(at) {
                Some(old) => *old = entry,
                None => self.0.push(entry),
            }
        }
    }

    /// What stage `at` did.
    pub(super) fn of(&self, at: usize) -> &str {
        self.0.get(at).map_or("", |(_, _, effect)| effect)
    }
}

fn is_same(a: Option<&Value>, b: Option<&Value>) -> bool {
    match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => a.is_same(b),
        _ => false,
    }
}

/// What stage `at` worked on; before the output of the state stands its input. The decision of a Choice is recorded as
/// the number of the rule; the data goes on as it was.
pub(super) fn before(visit: &Visit, at: usize, run: &RunLook<'_>) -> Option<Value> {
    let row = visit.rows.get(at)?;
    if row.kind == RowKind::StateOutput {
        return visit.rows.first()?.outcome.value().cloned();
    }
    let decision = visit.rows.iter().position(|row| row.kind == RowKind::Result);
    let decision = decision.filter(|decision| at > *decision && is_choice(run, visit));
    decision.and_then(|decision| visit.rows.get(decision)).unwrap_or(row).before.clone()
}

/// What the result of stage `at` is compared with: a result that is merged goes into the input of the state.
pub(super) fn base(visit: &Visit, at: usize, run: &RunLook<'_>) -> Option<Value> {
    match visit.rows.get(at)?.kind {
        RowKind::ResultPath | RowKind::Catch => visit.rows.first()?.outcome.value().cloned(),
        // These do not change the data but make something beside it.
        RowKind::Assign | RowKind::ItemSelector => Some(Value::empty_object()),
        _ => before(visit, at, run),
    }
}

fn effect(row: &Row, before: Option<&Value>, visit: &Visit, run: &RunLook<'_>) -> String {
    let RowOutcome::Value(after) = &row.outcome else { return String::new() };
    match row.kind {
        RowKind::StateInput | RowKind::StateOutput => size(after.size()),
        RowKind::Assign => count(after.as_object().map_or(0, Object::len), "variable"),
        RowKind::Result if is_choice(run, visit) => decision(after, visit, run),
        // What a ResultWriter wrote is no list.
        RowKind::Result if is_list(run, visit) => {
            after.as_array().map_or_else(|| new(after), |items| count(items.len(), "result"))
        }
        // These make new data.
        RowKind::Parameters | RowKind::Arguments | RowKind::Items => new(after),
        RowKind::Result | RowKind::ResultSelector | RowKind::Output => new(after),
        _ => before.map_or_else(|| new(after), |before| change(before, after)),
    }
}

fn is_list(run: &RunLook<'_>, visit: &Visit) -> bool {
    let states = &run.run.handle().execution().machine.states;
    let kind = states.get(visit.state.0 as usize).map(|state| &state.kind);
    matches!(kind, Some(StateKind::Map(_) | StateKind::Parallel(_)))
}

/// Where a Choice went, of which the number of the rule is known.
fn decision(rule: &Value, visit: &Visit, run: &RunLook<'_>) -> String {
    let machine = &run.run.handle().execution().machine;
    let Some(StateKind::Choice(choice)) = machine.states.get(visit.state.0 as usize).map(|state| &state.kind) else {
        return String::new();
    };
    let at = rule.as_number().and_then(|number| number.to_string().parse::<usize>().ok());
    let rule = at.and_then(|at| choice.rules.get(at)).map(|rule| rule.next);
    rule.or(choice.default).map(|next| format!("→ {}", name(machine, next))).unwrap_or_default()
}

/// `=`, `+ 1 key`, or the size of what is new.
fn change(before: &Value, after: &Value) -> String {
    if before.is_same(after) || before.size() == after.size() && before == after {
        return "=".to_owned();
    }
    let keys = match (before, after) {
        (Value::Object(before), Value::Object(after)) if before.len().max(after.len()) <= KEYS => keys(before, after),
        _ => None,
    };
    keys.unwrap_or_else(|| new(after))
}

fn new(after: &Value) -> String {
    format!("→ {}", size(after.size()))
}

/// What happened to the keys, as long as some stayed.
fn keys(before: &Object, after: &Object) -> Option<String> {
    let kept = after.iter().filter_map(|(key, new)| before.get(key).map(|old| (old, new)));
    let (same, changed): (Vec<_>, Vec<_>) = kept.partition(|(old, new)| old.is_same(new) || old == new);
    let (same, changed) = (same.len(), changed.len());
    let (added, removed) = (after.len() - same - changed, before.len() - same - changed);
    if same == 0 && changed == 0 {
        return None;
    }
    Some(match (added, changed, removed) {
        (added, 0, 0) => format!("+ {}", count(added, "key")),
        (0, changed, 0) => format!("~ {}", count(changed, "key")),
        (0, 0, removed) => format!("- {}", count(removed, "key")),
        (added, changed, removed) => {
            let parts = [('+', added), ('~', changed), ('-', removed)];
            let parts: Vec<_> = parts.iter().filter(|(_, n)| *n > 0).map(|(sign, n)| format!("{sign}{n}")).collect();
            format!("{} keys", parts.join(" "))
        }
    })
}

/// A stage to be shown as a row.
pub(super) struct Stage<'v> {
    pub(super) visit: &'v Visit,
    /// Its place in the visit.
    pub(super) at: usize,
    /// What it did.
    pub(super) effect: &'v str,
    pub(super) selected: bool,
    /// The stage at which the visit failed, and the error name.
    pub(super) failed: Option<(usize, &'v str)>,
}

/// The row of `stage` in `room` cells.
pub(super) fn spans(stage: &Stage<'_>, run: &RunLook<'_>, look: &Look<'_>, room: usize) -> Vec<Span<'static>> {
    let Some(row) = stage.visit.rows.get(stage.at) else { return Vec::new() };
    let (expression, effect, role) = cells(stage, row, run, look);
    let mark = if stage.selected { look.glyphs.later } else { " " };
    // Mark, number and blank; a blank behind the label; a blank before the effect.
    let rest = room.saturating_sub(width(mark, look.glyphs) + 3 + LABEL + 2);
    let most = if role == Role::Failed { rest * 2 / 3 } else { rest };
    let effect = clip(&effect, most, look.glyphs);
    let right = width(&effect, look.glyphs).max(EFFECT.min(rest));
    let middle = column(&expression, rest.saturating_sub(right), look.glyphs);
    let blanks = " ".repeat(right.saturating_sub(width(&effect, look.glyphs)));
    let label = if role == Role::Muted { Role::Muted } else { Role::Text };
    vec![
        styled(mark, Role::Accent, look),
        styled(format!("{:>2} ", stage.at + 1), Role::Muted, look),
        styled(column(row.label, LABEL, look.glyphs), label, look),
        Span::raw(" "),
        styled(middle, Role::Muted, look),
        Span::raw(format!(" {blanks}")),
        styled(effect, role, look),
    ]
}

/// Expression and effect of `row`, and how the effect looks.
fn cells(stage: &Stage<'_>, row: &Row, run: &RunLook<'_>, look: &Look<'_>) -> (String, String, Role) {
    let expression = expression(row, stage.visit, run);
    if let Some((_, error)) = stage.failed.filter(|(at, _)| *at == stage.at) {
        return (expression, format!("{} {error}", look.glyphs.failed), Role::Failed);
    }
    let is_written = !row.expression.is_empty();
    let muted = |effect: &str| (expression.clone(), effect.to_owned(), Role::Muted);
    match &row.outcome {
        RowOutcome::Value(_) => (expression, stage.effect.replace('→', look.glyphs.arrow), Role::Text),
        // It is made anew for each item, so the state as a whole has no value of it.
        RowOutcome::Absent | RowOutcome::NotYet if row.kind == RowKind::ItemSelector && is_written => {
            muted("each item")
        }
        RowOutcome::NotYet => muted("not yet"),
        RowOutcome::Failed(_) => muted("failed"),
        RowOutcome::Absent if is_written && stage.failed.is_some() => muted("not reached"),
        // What says the same as nothing.
        RowOutcome::Absent if is_written => muted("="),
        RowOutcome::Absent => ("(none)".to_owned(), String::new(), Role::Muted),
    }
}

/// What the definition says, as short as it can be told from other states.
fn expression(row: &Row, visit: &Visit, run: &RunLook<'_>) -> String {
    let states = &run.run.handle().execution().machine.states;
    let task = states.get(visit.state.0 as usize).filter(|_| row.kind == RowKind::Result);
    if let Some(StateKind::Task(task)) = task.map(|state| &state.kind) {
        let text = &task.resource.text;
        let known = ["states:::", "function:", "activity:"];
        let short = known.iter().find_map(|known| text.split_once(known)).map(|(_, rest)| rest);
        return short.filter(|rest| !rest.is_empty()).unwrap_or(text).to_owned();
    }
    row.expression.clone()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::read;

    #[test]
    fn effects_in_a_few_letters() {
        let cases = [
            (r#"{"a":1}"#, r#"{"a":1}"#, "="),
            (r#"{"a":1}"#, r#"{"a":1,"b":2}"#, "+ 1 key"),
            (r#"{"a":1}"#, r#"{"a":1,"b":2,"c":3}"#, "+ 2 keys"),
            (r#"{"a":1,"b":2}"#, r#"{"a":1}"#, "- 1 key"),
            (r#"{"a":1,"b":2}"#, r#"{"a":1,"b":3}"#, "~ 1 key"),
            (r#"{"a":1,"b":2,"x":1}"#, r#"{"a":1,"b":3,"c":1}"#, "+1 ~1 -1 keys"),
            (r#"{"a":1}"#, r#"{"b":1}"#, "→ 7 B"),
            ("1", r#""text""#, "→ 6 B"),
        ];
        for (before, after, expected) in cases {
            let value = |text| read(text).expect("valid JSON");
            assert_eq!(change(&value(before), &value(after)), expected, "{before} to {after}");
        }
    }
}
