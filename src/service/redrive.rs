//! RedriveExecution, and whether an execution can be redriven.

use std::sync::Arc;

use super::arn::{self, Resource};
use super::executions::Found;
use super::inner::Inner;
use super::journal;
use super::parameters::{Answer, Parameters};
use super::recover::{self, Rebuilt};
use crate::api::{Exception, Reply};
use crate::engine::Signal;
use crate::store::{ExecutionRow, RedriveRow};
use crate::value::Timestamp;

/// An execution that has so many events cannot be redriven (API reference).
const MOST_EVENTS: u32 = 24_999;
/// Nor one that ended longer ago, or was started longer ago.
pub(super) const PERIOD_MILLIS: i64 = 14 * 86_400_000;
const LIFETIME_MILLIS: i64 = 365 * 86_400_000;

/// So long is a token remembered, and no more than so many (API reference).
const TOKEN_MILLIS: i64 = 15 * 60_000;
const MOST_TOKENS: u32 = 10;

const FULL: &str = "Execution history event limit exceeded";
/// Its journal was not kept.
const OLD: &str = "Execution was started before the launch of RedriveExecution";

/// `redriveStatus` and `redriveStatusReason`.
pub(super) struct Redrive {
    pub(super) status: &'static str,
    pub(super) reason: Option<String>,
}

/// Whether an execution can be redriven, and if not why (API reference, DescribeExecution).
pub(super) fn status(row: &ExecutionRow, deleting: bool, now: Timestamp) -> Redrive {
    match obstacle(row, deleting, now) {
        // Children go on with their map run.
        None if row.map_run.is_some() => Redrive { status: "REDRIVABLE_BY_MAP_RUN", reason: None },
        None => Redrive { status: "REDRIVABLE", reason: None },
        reason => Redrive { status: "NOT_REDRIVABLE", reason },
    }
}

fn obstacle(row: &ExecutionRow, deleting: bool, now: Timestamp) -> Option<String> {
    let Some(ending) = &row.ending else {
        return Some("Execution is RUNNING and cannot be redriven".to_owned());
    };
    let reason = match &*ending.status {
        "SUCCEEDED" => "Execution is SUCCEEDED and cannot be redriven",
        _ if deleting => "State machine is in DELETING status",
        _ if ending.events >= MOST_EVENTS => FULL,
        _ if now.since(row.started) > LIFETIME_MILLIS => "Execution has exceeded the max execution time",
        _ if now.since(ending.stopped) > PERIOD_MILLIS => "Execution redrivable period exceeded",
        // Children go on from the journal of the execution that started them.
        _ if !row.has_journal && row.map_run.is_none() => OLD,
        _ => return None,
    };
    Some(reason.to_owned())
}

impl Inner {
    pub(super) async fn redrive_execution(self: &Arc<Self>, parameters: Parameters<'_>) -> Reply {
        let text = Arc::clone(parameters.required("executionArn")?);
        if let Resource::Execution { machine, .. } = arn::execution(&text)?.resource
            && machine.contains('/')
        {
            // Reported.
            return Err(Exception::validation("Labeled Execution ARNs are not supported for this API."));
        }
        let (inner, token) = (Arc::clone(self), parameters.text("clientToken").cloned());
        // Whoever asked may be gone before it is written; what is written has to run all the same.
        let work = tokio::spawn(async move { inner.redrive(&text, token).await });
        let at = work.await.map_err(|error| Exception::new("InternalFailure", error.to_string()))??;
        Ok(Answer::new().time("redriveDate", at).into())
    }

    /// Redrives an execution; with a token that redrove it before, that redrive counts, whatever became of it (reported).
    async fn redrive(self: &Arc<Self>, arn: &str, token: Option<Arc<str>>) -> Result<Timestamp, Exception> {
        let _one_at_a_time = self.redriving.lock().await;
        let row = match self.find(arn).await? {
            Found::Running(running) => running.row.clone(),
            Found::Ended(row) => *row,
            Found::Child(child) => child.row,
        };
        if let Some(token) = &token {
            let since = self.now().plus_millis(-TOKEN_MILLIS);
            if let Some(at) = self.store.redriven_with(row.id, token, since, MOST_TOKENS).await? {
                return Ok(at);
            }
        }
        let deleting = self.registry().machines.get(&row.machine).is_none_or(|machine| machine.row.deleting);
        if let Some(reason) = obstacle(&row, deleting, self.now()) {
            return Err(not_redrivable(arn, &reason));
        }
        let leftover = self.store.leftover(row.id).await?.ok_or_else(|| not_redrivable(arn, OLD))?;
        let rebuilt = recover::rebuild(self, leftover).await?;
        self.go_on(rebuilt.map_err(|unread| not_redrivable(arn, &unread.reason))?, token).await
    }

    /// Makes an execution that has ended go on from there.
    async fn go_on(self: &Arc<Self>, rebuilt: Rebuilt, token: Option<Arc<str>>) -> Result<Timestamp, Exception> {
        let Rebuilt { row, mut start, about, batches } = rebuilt;
        let told = start.redrive(self.now()).ok_or_else(|| not_redrivable(&row.arn, FULL))?;
        let (at, number) = (told.now, row.redrives + 1);
        let batch = u64::try_from(batches).unwrap_or(u64::MAX);
        let batch = (batch, start.machine().steps(), journal::line(&told));
        let redrive = RedriveRow { number, at, token, batch };
        self.store.redrive_execution(row.id, redrive).committed().await?;
        let row = ExecutionRow { redrives: number, redriven: Some(at), ending: None, ..row };
        let machine = row.machine;
        let running = self.run(row, start, batches.saturating_add(1), &about);
        // Its state machine may have been deleted while it was written.
        if self.registry().machines.get(&machine).is_none_or(|machine| machine.row.deleting) {
            drop(running.control.tell(Signal::Stop { error: None, cause: None }));
        }
        Ok(at)
    }
}

/// `ExecutionNotRedrivable` (reported).
fn not_redrivable(arn: &str, reason: &str) -> Exception {
    Exception::new("ExecutionNotRedrivable", format!("Execution {arn} invalid for redrive as: {reason}"))
}
