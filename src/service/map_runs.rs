//! DescribeMapRun, ListMapRuns, UpdateMapRun, and the child executions of map runs.
//!
//! Map runs and their children live in the machine of the execution that started them; with its end they go to the store.

use std::collections::HashSet;
use std::sync::Arc;

use super::executions::{Found, listed, status};
use super::inner::Inner;
use super::page::Page;
use super::parameters::{Answer, Parameters, nothing, seconds};
use super::runs::{Running, ending};
use super::{arn, history};
use crate::api::{Exception, Reply};
use crate::engine::{
    ChildExecution, Counts, Execution, ExecutionType, Log, MapRun, MapRunId, MapRunStatus, Redriven, Signal,
};
use crate::runtime::View;
use crate::store::{Chunk, ExecutionRow, Filter, MapRunRow};
use crate::value::{self, Value};

/// A child of a map run whose execution runs.
pub(super) struct Child {
    pub(super) row: ExecutionRow,
    pub(super) execution: Arc<Execution>,
    pub(super) log: Log,
}

/// `ResourceNotFound` (recorded for aliases).
pub(super) fn not_found() -> Exception {
    Exception::new("ResourceNotFound", "Request references a resource that does not exist.")
}

impl Inner {
    pub(super) async fn describe_map_run(&self, parameters: Parameters<'_>) -> Reply {
        self.map_run(parameters.required("mapRunArn")?).await
    }

    pub(super) async fn update_map_run(&self, parameters: Parameters<'_>) -> Reply {
        let text = parameters.required("mapRunArn")?;
        self.map_run(text).await?;
        let whole = |name| parameters.number(name).and_then(|number| u64::try_from(number).ok());
        let share = parameters.get("toleratedFailurePercentage").and_then(Value::as_number).map(value::Number::as_f64);
        let found = self.running_parents(text).into_iter().find_map(|running| {
            let view = running.control.view();
            let at = view.map_runs.iter().position(|run| *run.arn == **text)?;
            Some((running, MapRunId(u32::try_from(at).ok()?)))
        });
        let updated = match found {
            Some((running, run)) => {
                let signal = Signal::UpdateMapRun {
                    run,
                    max_concurrency: whole("maxConcurrency"),
                    tolerated_failure_count: whole("toleratedFailureCount"),
                    tolerated_failure_percentage: share,
                };
                running.tell(signal).await
            }
            None => false,
        };
        if !updated {
            let message = "The map run has ended and cannot be updated";
            return Err(Exception::validation(message).because("CANNOT_UPDATE_COMPLETED_MAP_RUN"));
        }
        self.settled().await?;
        Ok(nothing())
    }

    /// What DescribeMapRun answers.
    async fn map_run(&self, text: &str) -> Reply {
        arn::map_run(text)?;
        let running = self.running_parents(text).into_iter().find_map(|running| {
            let view = running.control.view();
            let run = view.map_runs.iter().find(|run| &*run.arn == text)?;
            Some(description(run, &running.row.arn))
        });
        if let Some(found) = running {
            self.settled().await?;
            return Ok(found);
        }
        let row = self.store.map_run(text).await?.ok_or_else(not_found)?;
        value::read(&row.description).map_err(|error| Exception::new("InternalFailure", error.to_string()))
    }

    pub(super) async fn list_map_runs(&self, parameters: Parameters<'_>) -> Reply {
        let text = parameters.required("executionArn")?;
        arn::execution(text)?;
        let page = Page::read(parameters, format!("map runs {text}"), self.now())?;
        let runs: Vec<Value> = match self.find(text).await? {
            Found::Running(running) => {
                let view = running.control.view();
                self.settled().await?;
                view.map_runs.iter().map(|run| description(run, text)).collect()
            }
            Found::Ended(row) => {
                let rows = self.store.map_runs(row.id).await?;
                rows.iter().filter_map(|row| value::read(&row.description).ok()).collect()
            }
            // Map runs inside children are not kept.
            Found::Child(_) => Vec::new(),
        };
        let numbered = runs.into_iter().zip(1_i64..).skip_while(|(_, number)| Some(*number) <= page.after);
        let (found, next) = page.cut(numbered, |(_, number)| *number);
        let shown = found.iter().map(|(run, _)| {
            let member = |name| run.get(name).cloned();
            let machine = member("mapRunArn").and_then(|arn| labelled_machine(arn.as_str()?));
            Answer::new()
                .with("executionArn", text.as_ref())
                .maybe("mapRunArn", member("mapRunArn"))
                .maybe("stateMachineArn", machine)
                .maybe("startDate", member("startDate"))
                .maybe("stopDate", member("stopDate"))
                .into()
        });
        Ok(Answer::new().list("mapRuns", shown).maybe("nextToken", next).into())
    }

    /// ListExecutions for a map run: its children, the last ones first.
    pub(super) async fn list_children(&self, parameters: Parameters<'_>) -> Reply {
        let Some(text) = parameters.text("mapRunArn").filter(|_| parameters.text("stateMachineArn").is_none()) else {
            return Err(Exception::validation("Must specify exactly one of stateMachineArn or mapRunArn"));
        };
        self.map_run(text).await?;
        let wanted = parameters.text("statusFilter");
        let redriven = parameters.text("redriveFilter").map(|filter| &**filter == "REDRIVEN");
        let page = Page::read(parameters, format!("children {text} {wanted:?} {redriven:?}"), self.now())?;
        let mut running = self.running_parents(text).into_iter();
        let children: Vec<(i64, Value)> = match running.find(|running| has_map_run(running, text)) {
            Some(running) => {
                let (parent, view) = (&running.row, running.full_view().await);
                let mut children = children_of(&view, parent, text);
                children.sort_by_key(|(index, _)| std::cmp::Reverse(*index));
                children.retain(|(index, child)| {
                    page.after.is_none_or(|after| *index < after)
                        && wanted.is_none_or(|wanted| status(&child.row) == *wanted)
                        && redriven.is_none_or(|redriven| redriven == (child.row.redrives > 0))
                });
                children.iter().map(|(index, child)| (*index, listed(&child.row))).collect()
            }
            None => {
                let first = self.store.first_child(text).await?.unwrap_or_default();
                let before = page.after.map(|after| first.saturating_add(after));
                let (status, limit) = (wanted.map(ToString::to_string), page.size.saturating_add(1));
                let map_run = Some(text.to_string());
                let filter = Filter { map_run, status, before, redriven, limit, ..Filter::default() };
                let rows = self.store.executions(filter).await?;
                rows.iter().map(|row| (row.id - first, listed(row))).collect()
            }
        };
        self.settled().await?;
        let (found, next) = page.cut(children, |(index, _)| *index);
        let shown = found.into_iter().map(|(_, child)| child);
        Ok(Answer::new().list("executions", shown).maybe("nextToken", next).into())
    }

    /// The child with this ARN, if the execution of its map run runs.
    pub(super) async fn running_child(&self, text: &str) -> Option<Child> {
        for running in self.running_parents(text) {
            let view = running.full_view().await;
            for run in &view.map_runs {
                let mut children = children_of(&view, &running.row, &run.arn).into_iter();
                if let Some((_, child)) = children.find(|(_, child)| *child.row.arn == *text) {
                    return Some(child);
                }
            }
        }
        None
    }

    /// Stops the child with this ARN if it is under way: with its Map Run it goes on to be judged by what is tolerated.
    pub(super) async fn stop_child(
        &self,
        text: &Arc<str>,
        error: Option<Arc<str>>,
        cause: Option<Arc<str>>,
    ) -> Result<(), Exception> {
        let is_open = |run: &MapRun| run.status == MapRunStatus::Running;
        let has_open = |running: &Arc<Running>| running.control.view().map_runs.iter().any(is_open);
        for running in self.running_parents(text).into_iter().filter(has_open) {
            let (execution, error, cause) = (Arc::clone(text), error.clone(), cause.clone());
            if running.tell(Signal::StopChild { execution, error, cause }).await {
                break;
            }
        }
        self.settled().await
    }

    /// The running executions that may have the map run or the child with this ARN: those of its state machine.
    fn running_parents(&self, text: &str) -> Vec<Arc<Running>> {
        let machine = text.split_once('/').and_then(|(before, _)| before.rsplit(':').next());
        let id = machine.and_then(|machine| self.registry().named(machine).map(|machine| machine.row.id));
        id.map_or_else(Vec::new, |id| self.runs.of(id))
    }

    /// The children of map runs for the store, in the order of their numbers.
    pub(super) fn children(
        &self,
        runs: &[MapRun],
        log: &Log,
        parent: &ExecutionRow,
    ) -> Vec<(ExecutionRow, Vec<Chunk>)> {
        let numbers = 0..u32::try_from(runs.len()).unwrap_or(u32::MAX);
        let mut ended: Vec<Arc<ChildExecution>> = numbers.flat_map(|run| log.children_of(MapRunId(run))).collect();
        ended.sort_by_key(|child| (child.run, child.index));
        let first = self.next_executions(i64::try_from(ended.len()).unwrap_or(i64::MAX));
        let kept = ended.into_iter().zip(first..).filter_map(|(child, id)| {
            let run = runs.get(child.run.0 as usize)?;
            let mut row = child_row(&child.execution, &child.log, child.redriven, parent, &run.arn);
            row.id = id;
            row.ending = Some(ending(&child.status, &child.log, child.stopped));
            // Express executions have no history.
            let history = if row.express { Vec::new() } else { history::chunks(&child.log, &child.execution, &row) };
            Some((row, history))
        });
        kept.collect()
    }
}

/// The map runs of an execution for the store.
pub(super) fn rows(runs: &[MapRun], parent: &ExecutionRow) -> Vec<MapRunRow> {
    let row = |(run, number): (&MapRun, u32)| MapRunRow {
        arn: Arc::clone(&run.arn),
        number,
        description: description(run, &parent.arn).to_json(),
    };
    runs.iter().zip(0..).map(row).collect()
}

fn has_map_run(running: &Running, map_run: &str) -> bool {
    running.control.view().map_runs.iter().any(|run| &*run.arn == map_run)
}

/// The children of a map run that can be seen, with their numbers.
fn children_of(view: &View, parent: &ExecutionRow, run: &str) -> Vec<(i64, Child)> {
    let at = view.map_runs.iter().position(|known| &*known.arn == run).and_then(|at| u32::try_from(at).ok());
    let Some(id) = at.map(MapRunId) else { return Vec::new() };
    let arn: Arc<str> = run.into();
    let stand_ins = view.branches.iter().filter(|branch| branch.child().is_some_and(|child| child.run == id));
    let redriven: HashSet<u32> = stand_ins.map(|branch| branch.index).collect();
    let waiting: HashSet<u32> = view.branches.iter().flat_map(|branch| branch.pending_redrive(id)).collect();
    let ended = view.log.children_of(id).into_iter().filter(|child| !redriven.contains(&child.index)).map(|child| {
        let mut row = child_row(&child.execution, &child.log, child.redriven, parent, &arn);
        let mut ending = ending(&child.status, &child.log, child.stopped);
        if waiting.contains(&child.index) {
            ending.status = "PENDING_REDRIVE".into();
        }
        row.ending = Some(ending);
        (i64::from(child.index), Child { row, execution: Arc::clone(&child.execution), log: child.log.clone() })
    });
    let running = view.branches.iter().filter_map(|branch| {
        let child = branch.child().filter(|child| child.run == id)?;
        let (execution, status) = (child.machine.execution(), child.machine.status());
        let mut row = child_row(execution, &child.log, child.machine.redriven(), parent, &arn);
        // It may have ended and not have been counted yet.
        row.ending = status.is_done().then(|| ending(status, &child.log, child.machine.now()));
        Some((i64::from(branch.index), Child { row, execution: Arc::clone(execution), log: child.log.clone() }))
    });
    ended.chain(running).collect()
}

/// The row of a child, but for its id and its end.
fn child_row(
    execution: &Execution,
    log: &Log,
    redriven: Redriven,
    parent: &ExecutionRow,
    run: &Arc<str>,
) -> ExecutionRow {
    let started = log.events.get(0).map_or(parent.started, |event| event.at);
    ExecutionRow {
        id: 0,
        arn: Arc::clone(&execution.names.execution_arn),
        machine: parent.machine,
        revision: parent.revision,
        version: None,
        alias: None,
        name: Arc::clone(&execution.names.execution_name),
        express: execution.kind == ExecutionType::Express,
        started,
        input: execution.input.to_json().into(),
        trace: None,
        seed: execution.seed,
        case: None,
        starter: None,
        map_run: Some(Arc::clone(run)),
        redrives: redriven.count,
        redriven: redriven.at,
        has_journal: false,
        ending: None,
    }
}

/// What DescribeMapRun answers (recorded).
fn description(run: &MapRun, execution: &str) -> Value {
    let status = match run.status {
        MapRunStatus::Running => "RUNNING",
        MapRunStatus::Succeeded => "SUCCEEDED",
        MapRunStatus::Failed => "FAILED",
        MapRunStatus::Aborted => "ABORTED",
    };
    let number = |number: u64| Value::from(i64::try_from(number).unwrap_or(i64::MAX));
    Answer::new()
        .with("mapRunArn", Arc::clone(&run.arn))
        .with("executionArn", execution)
        .with("status", status)
        .time("startDate", run.started)
        .maybe("stopDate", run.stopped.map(seconds))
        .with("maxConcurrency", number(run.max_concurrency))
        .with("toleratedFailurePercentage", run.tolerated_failure_percentage)
        .with("toleratedFailureCount", number(run.tolerated_failure_count))
        .with("itemCounts", counts(&run.items, run.redriven))
        .with("executionCounts", counts(&run.executions, run.redriven))
        .maybe("redriveCount", (run.redriven.count > 0).then_some(run.redriven.count))
        .maybe("redriveDate", run.redriven.at.map(seconds))
        .into()
}

/// Counts; those about redrives where there was one.
fn counts(counts: &Counts, redriven: Redriven) -> Answer {
    let number = |number: u64| Value::from(i64::try_from(number).unwrap_or(i64::MAX));
    Answer::new()
        .with("pending", number(counts.pending))
        .with("running", number(counts.running))
        .with("succeeded", number(counts.succeeded))
        .with("failed", number(counts.failed))
        .with("timedOut", number(counts.timed_out))
        .with("aborted", number(counts.aborted))
        .with("total", number(counts.total()))
        .with("resultsWritten", number(counts.results_written))
        .maybe("failuresNotRedrivable", (redriven.count > 0).then(|| number(counts.failures_not_redrivable)))
        .maybe("pendingRedrive", (redriven.count > 0).then(|| number(counts.pending_redrive)))
}

/// `…:stateMachine:NAME/LABEL`, the state machine of the children of a map run.
fn labelled_machine(run: &str) -> Option<String> {
    let (machine, _) = run.rsplit_once(':')?;
    Some(machine.replacen(":mapRun:", ":stateMachine:", 1))
}
