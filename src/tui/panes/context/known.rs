//! What is known at a moment about the data around a state.

use crate::asl::StateKind;
use crate::debug::Query;
use crate::debug::facts::variables_at;
use crate::debug::{RowKind, RowOutcome, Visit};
use crate::engine::{Branch, BranchId};
use crate::tui::look::RunLook;
use crate::tui::panes::history::branch_label;
use crate::tui::panes::parts::name;
use crate::value::Value;

/// What a section is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The input of the execution.
    Input,
    /// The variables of the scope of a branch.
    Variables(BranchId),
    /// The context object.
    Context,
    /// What the next stage works on.
    Data,
    /// A watched expression, by its number.
    Watch(usize),
}

/// A section as it is now.
pub(super) struct Known {
    pub(super) kind: Kind,
    pub(super) label: String,
    pub(super) value: Value,
    /// Why there is no value.
    pub(super) none: Option<String>,
    /// Whether nothing is left out that is known in a moment.
    pub(super) is_whole: bool,
}

impl Known {
    fn new(kind: Kind, label: impl Into<String>, value: Value) -> Self {
        Self { kind, label: label.into(), value, none: None, is_whole: true }
    }

    /// The same value, not named yet.
    pub(super) fn again(&self) -> Self {
        Self { value: self.value.clone(), none: self.none.clone(), ..Self::new(self.kind, "", Value::Null) }
    }

    fn none(kind: Kind, label: &str, why: impl Into<String>) -> Self {
        Self { none: Some(why.into()), ..Self::new(kind, label, Value::empty_object()) }
    }
}

/// All sections.
pub(super) fn known(run: &RunLook<'_>, watches: &[Query]) -> Vec<Known> {
    let branch = run.branch();
    // What somebody asked for comes first.
    let mut all: Vec<_> = watches.iter().enumerate().map(|(number, query)| watched(run, number, query)).collect();
    all.push(Known::new(Kind::Input, "input", run.run.input.clone()));
    all.extend(variables(run, branch));
    all.push(context(run));
    all.push(data(run, branch));
    all
}

fn watched(run: &RunLook<'_>, number: usize, query: &Query) -> Known {
    let kind = Kind::Watch(number);
    match run.with_facts(|facts| query.evaluate(facts)) {
        Some(Ok(Some(value))) => Known::new(kind, query.text(), value),
        Some(Ok(None)) => Known::none(kind, query.text(), "nothing"),
        Some(Err(why)) => Known::none(kind, query.text(), why),
        None => Known::none(kind, query.text(), "no state entered yet"),
    }
}

fn variables(run: &RunLook<'_>, branch: Option<&Branch>) -> Vec<Known> {
    let log = run.log();
    let scopes = match branch {
        Some(branch) => {
            // Scopes begin with the first that has variables, so they are counted from the innermost.
            let path = log.branch_path(branch.id);
            path.into_iter().rev().zip(branch.variables.scopes().cloned()).collect()
        }
        None => variables_at(log, run.focus, run.moment.events),
    };
    let scopes: Vec<_> = scopes.into_iter().filter(|(_, own)| !own.is_empty()).collect();
    if scopes.is_empty() {
        return vec![Known::none(Kind::Variables(run.focus), "variables", "none assigned yet")];
    }
    let only = scopes.len() == 1;
    let label = |id: BranchId| match log.branches.get(id.0 as usize).and_then(|origin| origin.state) {
        _ if only => "variables".to_owned(),
        None => "variables of the execution".to_owned(),
        Some(state) => {
            let machine = &run.run.handle().execution().machine;
            format!("variables of {} {}", name(machine, state), branch_label(log, id).unwrap_or_default())
        }
    };
    scopes.into_iter().map(|(id, own)| Known::new(Kind::Variables(id), label(id), Value::Object(own))).collect()
}

fn context(run: &RunLook<'_>) -> Known {
    match run.exact_context() {
        Some(context) => Known::new(Kind::Context, "$$", context),
        // Of a history, or while the run is made again up to the moment.
        None => Known { is_whole: false, ..Known::new(Kind::Context, "$$ in part", run.context()) },
    }
}

/// The data of the branch that is looked at, at the moment that is looked at.
pub(in crate::tui) fn data_at(run: &RunLook<'_>) -> Option<Value> {
    data_of(run, run.branch())
}

fn data_of(run: &RunLook<'_>, branch: Option<&Branch>) -> Option<Value> {
    match branch {
        Some(branch) => Some(branch.data.clone()),
        None => run.visit.and_then(|visit| newest_data(run, visit)),
    }
}

fn data(run: &RunLook<'_>, branch: Option<&Branch>) -> Known {
    match data_of(run, branch) {
        Some(data) => Known::new(Kind::Data, "data", data),
        None => Known::none(Kind::Data, "data", "no state entered yet"),
    }
}

/// The data that a visit had come to.
fn newest_data(run: &RunLook<'_>, visit: &Visit) -> Option<Value> {
    let states = &run.run.handle().execution().machine.states;
    let is_choice = matches!(states.get(visit.state.0 as usize)?.kind, StateKind::Choice(_));
    let changes_data = |kind| match kind {
        RowKind::Assign | RowKind::ItemSelector => false,
        RowKind::Result => !is_choice,
        _ => true,
    };
    visit.rows.iter().rev().filter(|row| changes_data(row.kind)).find_map(|row| match &row.outcome {
        RowOutcome::Value(value) => Some(value.clone()),
        _ => None,
    })
}
