//! What expressions see at a moment of a run: at first as the log tells it, then, away from the screen, exactly.

use crate::asl::{Language, StateKind};
use crate::debug::facts::variables_at;
use crate::debug::stood::variables_of;
use crate::debug::{Moment, Past, Row, RowKind, Run, Setting, Visit};
use crate::engine::{BranchId, EventId, Machine, Stage, StageRecord};
use crate::tui::look::RunLook;
use crate::tui::panes::context::data_at;
use crate::value::{Object, Value};

/// What an expression sees.
#[derive(Clone)]
pub(super) struct Sight {
    setting: Setting,
    /// Where the run has to be made again to know it exactly; none: that is known.
    open: Option<Open>,
}

/// A branch of a run at a step.
#[derive(Clone)]
struct Open {
    run: Run,
    inside: Vec<BranchId>,
    branch: BranchId,
    step: u64,
    /// The data there is the error output.
    is_caught: bool,
}

impl Sight {
    /// What is seen as far as the log tells.
    pub(super) fn setting(&self) -> &Setting {
        &self.setting
    }

    /// Whether making the run again would tell more.
    pub(super) fn is_open(&self) -> bool {
        self.open.is_some()
    }
}

/// The run as it was made again last: expressions beside each other see the same.
#[derive(Default)]
pub(super) struct Seen(Option<(u64, Option<Machine>)>);

impl Seen {
    /// What `sight` sees exactly. Takes as long as it takes to make the run again up to there. All that are asked one
    /// after the other must be of the same run.
    pub(super) fn exactly(&mut self, sight: Sight) -> Setting {
        let Sight { mut setting, open } = sight;
        let Some(open) = open else { return setting };
        if self.0.as_ref().is_none_or(|(step, _)| *step != open.step) {
            self.0 = Some((open.step, open.run.stood(&open.inside, open.step).ok()));
        }
        let machine = self.0.as_ref().and_then(|(_, machine)| machine.as_ref());
        let Some((machine, branch)) = machine.and_then(|machine| Some((machine, machine.branch(open.branch)?))) else {
            return setting;
        };
        setting.context = machine.context(branch);
        setting.variables = variables_of(branch);
        setting.now = machine.now();
        if open.is_caught {
            setting.data = branch.data.clone();
            setting.error_output = Some(branch.data.clone());
        }
        setting
    }
}

/// What the expressions of row `row` of `visit` see; of none what those see that come next.
pub(super) fn setting_of(run: &RunLook<'_>, visit: &Visit, row: Option<usize>) -> Sight {
    let execution = run.run.handle().execution();
    let state = execution.machine.states.get(visit.state.0 as usize);
    let value =
        |kind: RowKind| visit.rows.iter().find(|row| row.kind == kind).and_then(|row| row.outcome.value()).cloned();
    let input = value(RowKind::StateInput).unwrap_or(Value::Null);
    let has_result = state
        .is_some_and(|state| matches!(state.kind, StateKind::Task(_) | StateKind::Parallel(_) | StateKind::Map(_)));
    let shown = row.and_then(|at| visit.rows.get(at).map(|row| (at, row)));
    let is_caught = value(RowKind::Catch).is_some();
    let is_catcher = shown.is_some_and(|(_, row)| row.kind == RowKind::Catch);
    let result = value(RowKind::Result).filter(|_| has_result && !is_catcher);
    let is_newest = run.visit.is_some_and(|shown| shown.entered == visit.entered);
    let data = match shown {
        // `$` of Assign is the result.
        Some((_, row)) if row.kind == RowKind::Assign && result.is_some() => result.clone(),
        Some((at, row)) => {
            // A selector reads what there was before the items were chosen.
            let chooses = |row: &Row| matches!(row.kind, RowKind::ItemsPath | RowKind::Items);
            let first = visit.rows.iter().position(chooses).filter(|_| row.kind == RowKind::ItemSelector);
            let before = data_row_before(run, visit, first.unwrap_or(at));
            visit.rows.get(before).and_then(|row| row.outcome.value().cloned())
        }
        None if is_newest => data_at(run),
        None => None,
    };
    let error_output = visit.fault.as_ref().filter(|_| is_caught && (is_catcher || row.is_none()));
    let setting = Setting {
        data: data.unwrap_or_else(|| input.clone()),
        input,
        result,
        error_output: error_output.map(|fault| fault.output()),
        variables: variables_before(run, visit),
        context: Value::empty_object(),
        now: run.view.now,
        language: state.map_or(Language::JsonPath, |state| state.language),
    };
    seen(run, visit, shown.map(|(_, row)| row), setting)
}

/// The variables as they were when the state was entered.
fn variables_before(run: &RunLook<'_>, visit: &Visit) -> Object {
    let mut variables = Object::new();
    for (_, own) in variables_at(run.log(), visit.branch, visit.entered.0 as usize).iter().rev() {
        own.iter().for_each(|(name, value)| variables.insert(name.clone(), value.clone()));
    }
    variables
}

/// The same with the context object as it was when the row was worked on.
fn seen(run: &RunLook<'_>, visit: &Visit, row: Option<&Row>, mut setting: Setting) -> Sight {
    let log = run.log();
    let record = row.and_then(|row| record_of(run, visit, row.kind));
    let exit = || log.exit_of(visit.entered).filter(|exit| exit.id.0 as usize <= run.moment.events);
    let asked = match record {
        Some(record) => Some((record.branch, record.step)),
        None => exit().map(|exit| (visit.branch, exit.step)),
    };
    let step = asked.map_or(run.moment.step, |(_, step)| step.saturating_sub(1));
    let branch = asked.map_or(visit.branch, |(branch, _)| branch);
    let machine = run.view.machine.as_deref().filter(|_| run.live && asked.is_none());
    if let Some((machine, now)) = machine.and_then(|machine| Some((machine, machine.branch(branch)?))) {
        (setting.context, setting.variables) = (machine.context(now), variables_of(now));
    } else {
        let past = Past { log, execution: run.run.handle().execution(), started: run.view.started };
        setting.context = past.context(branch, Moment { events: log.events_at(step), step });
    }
    let is_selector = row.is_some_and(|row| row.kind == RowKind::ItemSelector);
    if is_selector && record.is_none() {
        add_first_item(run, visit.entered, &mut setting.context);
    }
    // Of a run under way that is not stopped, nothing is exact for long.
    let is_known = run.live && asked.is_none() || is_selector && record.is_none();
    let is_open = !(is_known || run.run.is_history);
    let is_caught = row.is_some_and(|row| row.kind == RowKind::Catch) && record.is_some();
    let inside = run.inside.to_vec();
    let open = is_open.then(|| Open { run: run.run.clone(), inside, branch, step, is_caught });
    Sight { setting, open }
}

/// The newest record of what a row shows.
fn record_of<'r>(run: &'r RunLook<'_>, visit: &Visit, kind: RowKind) -> Option<&'r StageRecord> {
    let (log, stage) = (run.log(), kind.stage()?);
    if stage != Stage::ItemSelector {
        let records = log.stages_of(visit.entered).into_iter().rev();
        return records.into_iter().find(|record| record.stage == stage && record.step <= run.moment.step);
    }
    // Each iteration has one of its own: that of the iteration that is looked at, else the newest.
    let from = log.event(visit.entered).map_or(0, |entered| entered.step);
    let until = log.stages.partition_point(|record| record.step <= run.moment.step);
    let from = log.stages.partition_point(|record| record.step < from);
    let all = || log.stages.range(from, until).rev();
    let is_own = |record: &&StageRecord| record.stage == stage && record.visit == visit.entered;
    let path = log.branch_path(run.focus);
    all().filter(is_own).find(|record| path.contains(&record.branch)).or_else(|| all().find(is_own))
}

/// Where no iteration tells of its item, the first one stands for all.
fn add_first_item(run: &RunLook<'_>, visit: EventId, context: &mut Value) {
    let past = Past { log: run.log(), execution: run.run.handle().execution(), started: run.view.started };
    if let (Value::Object(context), Some(item)) = (context, past.item(visit, 0, run.moment.step)) {
        context.insert("Map", Value::Object([("Item", item)].into_iter().collect()));
    }
}

/// The row whose value is the data before row `at`.
pub(super) fn data_row_before(run: &RunLook<'_>, visit: &Visit, at: usize) -> usize {
    let states = &run.run.handle().execution().machine.states;
    let is_choice = states.get(visit.state.0 as usize).is_some_and(|state| matches!(state.kind, StateKind::Choice(_)));
    let is_data = |at: &usize| {
        visit.rows.get(*at).is_some_and(|row| {
            let changes = match row.kind {
                RowKind::Assign | RowKind::ItemSelector => false,
                RowKind::Result => !is_choice,
                _ => true,
            };
            changes && row.outcome.value().is_some()
        })
    };
    (0..at).rev().find(is_data).unwrap_or(0)
}

/// The row that shows the data of the moment.
pub(super) fn newest_data(run: &RunLook<'_>, visit: &Visit) -> usize {
    data_row_before(run, visit, visit.rows.len())
}

/// The fields whose expressions make a row.
pub(super) fn fields_of(kind: RowKind, run: &RunLook<'_>, visit: &Visit) -> &'static [&'static str] {
    let states = &run.run.handle().execution().machine.states;
    let kind_of_state = states.get(visit.state.0 as usize).map(|state| &state.kind);
    match kind {
        RowKind::InputPath => &["InputPath"],
        RowKind::Parameters => &["Parameters"],
        RowKind::Arguments => &["Arguments"],
        RowKind::ItemsPath => &["ItemsPath"],
        RowKind::Items => &["Items"],
        RowKind::ItemSelector => &["ItemSelector", "Parameters"],
        RowKind::ResultSelector => &["ResultSelector"],
        RowKind::ResultPath => &["ResultPath"],
        RowKind::Catch => &["Catch"],
        RowKind::OutputPath => &["OutputPath"],
        RowKind::Output | RowKind::Assign if matches!(kind_of_state, Some(StateKind::Choice(_))) => &["Choices"],
        RowKind::Output => &["Output"],
        RowKind::Assign => &["Assign"],
        RowKind::Result => match kind_of_state {
            Some(StateKind::Choice(_)) => &["Choices"],
            Some(StateKind::Fail(_)) => &["ErrorPath", "CausePath", "Error", "Cause"],
            Some(StateKind::Map(_)) => &["ItemSelector", "Parameters"],
            _ => &[],
        },
        RowKind::StateInput | RowKind::StateOutput | RowKind::ByHand => &[],
    }
}

/// The row before which the expressions of a field are evaluated.
pub(super) fn row_of_field(visit: &Visit, field: &str) -> Option<usize> {
    use RowKind as R;
    let kinds: &[R] = match field {
        "InputPath" => &[R::InputPath],
        "Parameters" => &[R::Parameters, R::ItemSelector],
        "Arguments" => &[R::Arguments],
        "Items" => &[R::Items],
        "ItemSelector" => &[R::ItemSelector],
        "ItemsPath" | "MaxConcurrencyPath" | "ItemReader" | "ItemBatcher" => &[R::ItemsPath, R::Items],
        "TimeoutSecondsPath" | "HeartbeatSecondsPath" | "Credentials" => &[R::Parameters],
        "ResultSelector" => &[R::ResultSelector],
        "OutputPath" | "SecondsPath" | "TimestampPath" => &[R::OutputPath],
        "Output" => &[R::Output],
        "Assign" => &[R::Assign],
        "Catch" => &[R::Catch],
        "Choices" | "ErrorPath" | "CausePath" => &[R::Result],
        _ => &[],
    };
    kinds.iter().find_map(|kind| visit.rows.iter().position(|row| row.kind == *kind))
}
