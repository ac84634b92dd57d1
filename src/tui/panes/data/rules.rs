//! The rules of a Choice: what each compared, and the first that was true.

use ratatui::text::Span;

use super::notes::Note;
use crate::asl::{Choice, Operand, StateId, StateKind, Test};
use crate::config::Role;
use crate::debug::facts::variables_at;
use crate::debug::{RowKind, RowOutcome, Visit};
use crate::engine::{BranchId, RuleTrace, trace_rules};
use crate::query;
use crate::tui::look::{Look, RunLook};
use crate::tui::panes::parts::{name, preview, styled};
use crate::value::{Object, Timestamp, Value};

/// Bytes of a value beside a comparison.
const VALUE: usize = 60;
/// Rules that are told of one by one.
const RULES: usize = 500;

/// What the rules see beside the data: as it was when the state was entered.
struct Surroundings<'r> {
    run: &'r RunLook<'r>,
    variables: Vec<(BranchId, Object)>,
}

impl query::Scope for Surroundings<'_> {
    fn context(&mut self) -> Value {
        self.run.context()
    }

    fn variable(&mut self, name: &str) -> Option<Value> {
        self.variables.iter().find_map(|(_, own)| own.get(name)).cloned()
    }

    fn random(&mut self) -> u64 {
        0
    }

    fn now(&mut self) -> Timestamp {
        self.run.view.now
    }
}

/// A comparison that was made.
struct Comparison {
    text: String,
    holds: bool,
}

/// The lines about the rules of a Choice; none for other states.
pub(super) fn notes(run: &RunLook<'_>, visit: &Visit, look: &Look<'_>) -> Vec<Note> {
    let machine = &run.run.handle().execution().machine;
    let Some(StateKind::Choice(choice)) = machine.states.get(visit.state.0 as usize).map(|state| &state.kind) else {
        return Vec::new();
    };
    // What a history without a definition shows was made of the ways that were taken.
    if run.run.definition.text.is_empty() {
        return Vec::new();
    }
    let Some(row) = visit.rows.iter().find(|row| row.kind == RowKind::Result) else { return Vec::new() };
    let Some(input) = &row.before else { return Vec::new() };
    let variables = variables_at(run.log(), visit.branch, visit.entered.0 as usize);
    let mut scope = Surroundings { run, variables };
    let traces = trace_rules(choice, input, &mut scope);
    let decided = !matches!(row.outcome, RowOutcome::NotYet);
    let title = if decided { "  rules" } else { "  rules, as they will be decided" };
    let mut notes = vec![Note::new(vec![styled(title, Role::Title, look)])];
    for at in 0..choice.rules.len().min(RULES) {
        notes.extend(rule(choice, at, traces.get(at), (input, &mut scope), &|id| name(machine, id).to_owned(), look));
    }
    notes.extend(default(choice, &traces, &|id| name(machine, id).to_owned(), look));
    notes
}

fn rule(
    choice: &Choice,
    at: usize,
    trace: Option<&RuleTrace>,
    (input, scope): (&Value, &mut Surroundings<'_>),
    name: &dyn Fn(StateId) -> String,
    look: &Look<'_>,
) -> Vec<Note> {
    let Some(rule) = choice.rules.get(at) else { return Vec::new() };
    let (mark, word, role) = match trace.map(|trace| &trace.outcome) {
        Some(Ok(true)) => (look.glyphs.visited, "true", Role::Ok),
        Some(Ok(false)) => (" ", "false", Role::Text),
        Some(Err(_)) => (look.glyphs.failed, "fails", Role::Failed),
        None => (look.glyphs.pending, "not asked", Role::Muted),
    };
    let start = vec![styled(format!("{mark} {:>2} ", at + 1), role, look), styled(format!("{word:<5} "), role, look)];
    let next = styled(format!(" {} {}", look.glyphs.arrow, name(rule.next)), Role::Muted, look);
    let made = trace.map(|trace| comparisons(&rule.test, trace, input, scope)).unwrap_or_default();
    let offset = Some(rule.span.start as usize);
    let mut notes = Vec::new();
    match made.as_slice() {
        [only] => notes.push([start, vec![Span::raw(only.text.clone()), next]].concat()),
        all => {
            notes.push([start, vec![next]].concat());
            notes.extend(all.iter().map(|comparison| {
                let word = if comparison.holds { "true" } else { "false" };
                vec![Span::raw(format!("       {word:<5} {}", comparison.text))]
            }));
        }
    }
    if let Some(Err(cause)) = trace.map(|trace| &trace.outcome) {
        notes.push(vec![styled(format!("       {cause}"), Role::Failed, look)]);
    }
    notes.into_iter().map(|spans| Note::new(spans).leading_to(offset)).collect()
}

fn default(choice: &Choice, traces: &[RuleTrace], name: &dyn Fn(StateId) -> String, look: &Look<'_>) -> Vec<Note> {
    let taken = traces.len() == choice.rules.len() && traces.iter().all(|trace| matches!(trace.outcome, Ok(false)));
    let spans = match choice.default {
        Some(next) => {
            let (mark, words) =
                if taken { (look.glyphs.visited, "no rule is true") } else { (look.glyphs.pending, "not asked") };
            let role = if taken { Role::Ok } else { Role::Muted };
            vec![
                styled(format!("{mark} Default  {words}"), role, look),
                styled(format!(" {} {}", look.glyphs.arrow, name(next)), Role::Muted, look),
            ]
        }
        None if taken => {
            vec![styled(format!("{} no rule is true, and there is no Default", look.glyphs.failed), Role::Failed, look)]
        }
        None => return Vec::new(),
    };
    vec![Note::new(spans)]
}

/// The comparisons of `test` that were made, with what they were made with.
fn comparisons(test: &Test, trace: &RuleTrace, input: &Value, scope: &mut Surroundings<'_>) -> Vec<Comparison> {
    let mut made = trace.comparisons.iter();
    let mut out = Vec::new();
    walk(test, &mut made, &mut |test, (variable, value, holds)| {
        let Test::Compare { operator, operand, .. } = test else {
            // A JSONata condition is its own variable, and says it all.
            out.push(Comparison { text: variable.clone(), holds: *holds });
            return;
        };
        let found = value.as_ref().map_or_else(|| "nothing".to_owned(), |value| preview(value, VALUE));
        let with = match operand {
            Operand::Value(value) => format!("{operator:?} {}", preview(value, VALUE)),
            Operand::Path(path) => {
                let value = path.find(input, scope);
                let value = value.map_or_else(|| "nothing".to_owned(), |value| preview(&value, VALUE));
                format!("{operator:?}Path {} = {value}", path.text())
            }
        };
        out.push(Comparison { text: format!("{variable} = {found}  {with}"), holds: *holds });
    });
    out
}

type Made = (String, Option<Value>, bool);

/// Goes through `test` as it was evaluated: what decided ends an And or Or. None where the evaluation broke off. The
/// depth of this recursion is bounded by that of the definition.
fn walk(test: &Test, made: &mut std::slice::Iter<'_, Made>, see: &mut dyn FnMut(&Test, &Made)) -> Option<bool> {
    match test {
        Test::And(tests) => {
            for test in tests {
                if !walk(test, made, see)? {
                    return Some(false);
                }
            }
            Some(true)
        }
        Test::Or(tests) => {
            for test in tests {
                if walk(test, made, see)? {
                    return Some(true);
                }
            }
            Some(false)
        }
        Test::Not(test) => Some(!walk(test, made, see)?),
        Test::Literal(holds) => Some(*holds),
        Test::Compare { .. } | Test::Condition(_) => {
            let comparison = made.next()?;
            see(test, comparison);
            Some(comparison.2)
        }
    }
}
