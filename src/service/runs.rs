//! The executions that run: what holds them, and how they come to their end in the store.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::inner::Inner;
use super::journal::Journal;
use super::launch::{About, Launched, Run};
use super::{history, map_runs};
use crate::api::Exception;
use crate::engine::{Log, Machine, Signal, Status};
use crate::runtime::{Control, Start, View};
use crate::store::{Ending, ExecutionRow, Finished};
use crate::value::Timestamp;

/// The executions that run, by ARN.
#[derive(Default)]
pub(super) struct Runs {
    running: Mutex<HashMap<Arc<str>, Arc<Running>>>,
}

/// An execution that runs.
pub(super) struct Running {
    pub(super) row: ExecutionRow,
    pub(super) control: Arc<dyn Control>,
    /// The tokens of its tasks, also of those that are over.
    pub(super) tokens: Mutex<Vec<Arc<str>>>,
    ended: watch::Receiver<Option<Arc<Ending>>>,
    work: Mutex<Option<JoinHandle<()>>>,
}

impl Running {
    /// Waits until its end is in the store; none if the service is closed before.
    pub(super) async fn ending(&self) -> Option<Arc<Ending>> {
        let mut ended = self.ended.clone();
        ended.wait_for(Option::is_some).await.ok()?.clone()
    }

    /// Tells its machine something; returns whether that was still of interest.
    pub(super) async fn tell(&self, signal: Signal) -> bool {
        // No answer: the run is over.
        self.control.tell(signal).await.unwrap_or(false)
    }

    /// Its newest view, with all branches: a Map Run may have thousands of children.
    pub(super) async fn full_view(&self) -> Arc<View> {
        let view = self.control.view();
        if view.branches.len() == view.branch_count {
            return view;
        }
        // No answer: it is over by now, and the last view is as good as any.
        self.control.look().await.unwrap_or(view)
    }

    pub(super) fn tokens(&self) -> MutexGuard<'_, Vec<Arc<str>>> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Runs {
    fn all(&self) -> MutexGuard<'_, HashMap<Arc<str>, Arc<Running>>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The running execution with this ARN.
    pub(super) fn get(&self, arn: &str) -> Option<Arc<Running>> {
        self.all().get(arn).cloned()
    }

    /// The running executions of a state machine.
    pub(super) fn of(&self, machine: i64) -> Vec<Arc<Running>> {
        self.all().values().filter(|running| running.row.machine == machine).cloned().collect()
    }

    /// The running execution that a task started.
    pub(super) fn started_by(&self, starter: &str) -> Option<Arc<Running>> {
        self.all().values().find(|running| running.row.starter.as_deref() == Some(starter)).cloned()
    }

    fn remove(&self, running: &Arc<Running>) {
        let mut all = self.all();
        // Another execution may have the same ARN by now, if the state machine was made anew.
        if all.get(&running.row.arn).is_some_and(|known| Arc::ptr_eq(known, running)) {
            all.remove(&running.row.arn);
        }
    }
}

impl Inner {
    /// Makes an execution go that is in the store. `batches`: how much of its journal is there.
    pub(super) fn run(
        self: &Arc<Self>,
        row: ExecutionRow,
        start: Start,
        batches: usize,
        about: &About,
    ) -> Arc<Running> {
        let start = if row.express {
            start
        } else {
            let journal = Journal::new(Arc::clone(&self.store), row.id, batches, start.machine().steps());
            start.recorded(Box::new(journal))
        };
        let Launched { control, run } = self.config.launcher.launch(start, about);
        let (tell, ended) = watch::channel(None);
        let arn = Arc::clone(&row.arn);
        let running = Running { row, control, tokens: Mutex::default(), ended, work: Mutex::default() };
        let running = Arc::new(running);
        self.runs.all().insert(arn, Arc::clone(&running));
        let work = tokio::spawn(run_to_end(Arc::clone(self), Arc::clone(&running), run, tell));
        *running.work.lock().unwrap_or_else(PoisonError::into_inner) = Some(work);
        running
    }

    /// Ends all runs where they are.
    pub(super) fn abort_runs(&self) -> Vec<JoinHandle<()>> {
        let running: Vec<Arc<Running>> = self.runs.all().drain().map(|(_, running)| running).collect();
        let work = running.iter().filter_map(|running| {
            let work = running.work.lock().unwrap_or_else(PoisonError::into_inner).take()?;
            work.abort();
            Some(work)
        });
        work.collect()
    }

    /// The same, and waits for it.
    pub(super) async fn stop_runs(&self) {
        for work in self.abort_runs() {
            // It was aborted, or has ended by itself.
            drop(work.await);
        }
    }

    /// What a client was shown of a running execution must be in the store first.
    pub(super) async fn settled(&self) -> Result<(), Exception> {
        Ok(self.store.settled().await?)
    }
}

async fn run_to_end(inner: Arc<Inner>, running: Arc<Running>, run: Run, tell: watch::Sender<Option<Arc<Ending>>>) {
    let (machine, log) = run.await;
    if !machine.status().is_done() {
        return;
    }
    let ending = ending(machine.status(), &log, machine.now());
    let tokens = std::mem::take(&mut *running.tokens());
    let written = if running.row.express {
        inner.store.forget_execution(running.row.id)
    } else {
        let finished = inner.finished(&machine, &log, &running.row, tokens.clone());
        inner.store.end_execution(running.row.id, finished)
    };
    // A store that fails keeps the execution running: its journal has it, and every call tells of the failure.
    if written.committed().await.is_ok() {
        inner.tokens.forget(&tokens);
        inner.runs.remove(&running);
        tell.send_replace(Some(Arc::new(ending)));
        inner.after_end(running.row.machine).await;
    }
}

impl Inner {
    /// What is kept of an execution that has ended.
    pub(super) fn finished(&self, machine: &Machine, log: &Log, row: &ExecutionRow, tokens: Vec<Arc<str>>) -> Finished {
        Finished {
            ending: ending(machine.status(), log, machine.now()),
            is_redrivable: machine.is_redrivable(log),
            history: history::chunks(log, machine.execution(), row),
            tokens,
            map_runs: map_runs::rows(machine.map_runs(), row),
            children: self.children(machine.map_runs(), log, row),
        }
    }
}

/// How an execution ended, for the store.
pub(super) fn ending(status: &Status, log: &Log, now: Timestamp) -> Ending {
    let output = match status {
        Status::Succeeded(output) => Some(output.to_json().into()),
        _ => None,
    };
    // When the time of the whole execution is up, only the history says why (reported).
    let fault = status.fault().filter(|_| !matches!(status, Status::TimedOut(_)));
    Ending {
        status: status.name().into(),
        stopped: log.events.last().map_or(now, |event| event.at),
        output,
        error: fault.and_then(|fault| fault.error.clone()),
        cause: fault.and_then(|fault| fault.cause.clone()),
        events: u32::try_from(log.events.len()).unwrap_or(u32::MAX),
    }
}
