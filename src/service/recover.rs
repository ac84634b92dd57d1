//! Taking up the executions that an earlier process left running.

use std::sync::Arc;
use std::time::Duration;

use super::executions::machine_arn_of;
use super::inner::Inner;
use super::journal;
use super::launch::About;
use super::registry::{Revision, Target};
use super::runs::Running;
use super::start::read_input;
use crate::engine::Signal;
use crate::runtime::Start;
use crate::store::{Ending, ExecutionRow, Finished, Leftover, MachineRow, StoreError};

/// What became of the executions that an earlier process left running.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recovered {
    /// How many go on.
    pub resumed: usize,
    /// The Express executions that are gone.
    pub gone: Vec<Arc<str>>,
    /// Those that could not be taken up: they are ABORTED, for this reason.
    pub lost: Vec<(Arc<str>, String)>,
}

/// The error of executions that could not be taken up.
const LOST: &str = "Asldb.NotResumed";

/// How long to wait until the executions that go on have come to where they wait: by then their task tokens are known.
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) async fn take_up(inner: &Arc<Inner>, leftovers: Vec<Leftover>) -> Result<Recovered, StoreError> {
    let mut recovered = Recovered::default();
    let mut resumed: Vec<Arc<Running>> = Vec::new();
    for leftover in leftovers {
        let arn = Arc::clone(&leftover.row.arn);
        if leftover.row.express {
            inner.store.forget_execution(leftover.row.id).committed().await?;
            recovered.gone.push(arn);
            continue;
        }
        match resume(inner, leftover).await? {
            Ok(running) => resumed.push(running),
            Err(reason) => recovered.lost.push((arn, reason)),
        }
    }
    recovered.resumed = resumed.len();
    stop_deleted(inner, &resumed).await;
    let all_wait = async {
        for running in &resumed {
            let mut views = running.control.views();
            // An error: it has ended already.
            drop(views.wait_for(|view| view.waiting || view.paused || view.status.is_done()).await);
        }
    };
    drop(tokio::time::timeout(PATIENCE, all_wait).await);
    Ok(recovered)
}

/// Goes on with the deletion of state machines.
async fn stop_deleted(inner: &Arc<Inner>, resumed: &[Arc<Running>]) {
    let deleting: Vec<i64> = inner
        .registry()
        .machines
        .values()
        .filter(|machine| machine.row.deleting)
        .map(|machine| machine.row.id)
        .collect();
    for running in resumed.iter().filter(|running| deleting.contains(&running.row.machine)) {
        drop(running.control.tell(Signal::Stop { error: None, cause: None }));
    }
    for machine in deleting {
        inner.after_end(machine).await;
    }
}

/// Brings an execution to where it was and makes it go on; or ends it and says why.
async fn resume(inner: &Arc<Inner>, leftover: Leftover) -> Result<Result<Arc<Running>, String>, StoreError> {
    match rebuild(inner, leftover).await? {
        Ok(Rebuilt { row, start, about, batches }) => Ok(Ok(inner.run(row, start, batches, &about))),
        Err(unread) => lost(inner, unread.row, unread.start, &unread.reason).await.map(Err),
    }
}

/// An execution brought to where its journal ends.
pub(super) struct Rebuilt {
    pub(super) row: ExecutionRow,
    pub(super) start: Start,
    pub(super) about: About,
    /// How many batches its journal has.
    pub(super) batches: usize,
}

/// An execution that this release cannot bring to where it was.
pub(super) struct Unread {
    row: ExecutionRow,
    start: Option<Start>,
    pub(super) reason: String,
}

/// Makes the machine of an execution again, of its start and its journal.
pub(super) async fn rebuild(
    inner: &Arc<Inner>,
    leftover: Leftover,
) -> Result<Result<Rebuilt, Box<Unread>>, StoreError> {
    let Leftover { row, journal, steps } = leftover;
    let unread = |row, start, reason: &str| Ok(Err(Box::new(Unread { row, start, reason: reason.to_owned() })));
    let Some(target) = target(inner, &row).await? else {
        return unread(row, None, "its definition is not in the store");
    };
    let input = read_input(&row.input).ok();
    let Some(execution) = input.and_then(|input| inner.execution(&row, &target, input)) else {
        return unread(row, None, "this release of asldb does not read its definition");
    };
    let about = inner.about(&target, false, true);
    let mut start = Start::new(execution, row.started, inner.clock(row.started), inner.tasks_of(&row));
    let told: Option<Vec<_>> = journal.iter().map(|lines| journal::read(lines)).collect();
    let Some(told) = told else {
        return unread(row, Some(start), "this release of asldb does not read its journal");
    };
    match start.replay(told.into_iter().flatten(), steps) {
        Ok(()) => Ok(Ok(Rebuilt { row, start, about, batches: journal.len() })),
        Err(diverged) => unread(row, Some(start), &diverged.to_string()),
    }
}

/// Ends an execution that cannot go on.
async fn lost(inner: &Inner, row: ExecutionRow, start: Option<Start>, reason: &str) -> Result<String, StoreError> {
    let cause = format!("asldb could not take it up again: {reason}");
    let finished = match start {
        Some(mut start) => {
            start.stop(LOST, &cause);
            let (machine, log) = start.into_parts();
            // Its journal leads nowhere.
            Finished { is_redrivable: false, ..inner.finished(&machine, &log, &row, Vec::new()) }
        }
        None => {
            let stopped = inner.now();
            let (error, cause) = (Some(LOST.into()), Some(cause.as_str().into()));
            let ending = Ending { status: "ABORTED".into(), stopped, output: None, error, cause, events: 0 };
            let (history, tokens, map_runs, children) = Default::default();
            Finished { ending, is_redrivable: false, history, tokens, map_runs, children }
        }
    };
    inner.store.end_execution(row.id, finished).committed().await?;
    Ok(cause)
}

/// What an execution runs: its state machine may have been updated or deleted since.
async fn target(inner: &Inner, row: &ExecutionRow) -> Result<Option<Target>, StoreError> {
    let known = {
        let registry = inner.registry();
        registry.machines.get(&row.machine).map(|machine| (machine.row.clone(), Arc::clone(&machine.current)))
    };
    let revision = match &known {
        Some((_, current)) if current.row.id == row.revision => Some(Arc::clone(current)),
        _ => inner.store.revision(row.revision).await?.map(|row| Arc::new(Revision::new(row))),
    };
    let Some(revision) = revision else { return Ok(None) };
    let machine = known.map_or_else(
        || {
            let arn = machine_arn_of(&row.arn);
            let name = arn.rsplit(':').next().unwrap_or_default();
            let created = revision.row.created;
            let (id, revision) = (row.machine, row.revision);
            let (deleting, next_version, publication) = (false, 1, None);
            MachineRow { id, name: name.into(), express: false, created, deleting, revision, next_version, publication }
        },
        |(machine, _)| machine,
    );
    Ok(Some(Target { row: machine, revision, version: None, alias: None }))
}
