//! RedriveExecution, and whether an execution can be redriven.

use std::sync::Arc;

use super::arn;
use super::executions::Found;
use super::inner::Inner;
use super::parameters::Parameters;
use crate::api::{Exception, Reply};
use crate::store::ExecutionRow;
use crate::value::Timestamp;

/// An execution that has more events than this cannot be redriven (API reference).
const MOST_EVENTS: u32 = 24_999;
/// Nor one that ended longer ago, or was started longer ago.
const PERIOD_MILLIS: i64 = 14 * 86_400_000;
const LIFETIME_MILLIS: i64 = 365 * 86_400_000;

/// `redriveStatus` and `redriveStatusReason`.
pub(super) struct Redrive {
    pub(super) status: &'static str,
    pub(super) reason: Option<String>,
}

/// Whether an execution can be redriven, and if not why (API reference, DescribeExecution).
pub(super) fn status(row: &ExecutionRow, deleting: bool, now: Timestamp) -> Redrive {
    match obstacle(row, deleting, now) {
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
        _ if ending.events > MOST_EVENTS => "Execution history event limit exceeded",
        _ if now.since(row.started) > LIFETIME_MILLIS => "Execution has exceeded the max execution time",
        _ if now.since(ending.stopped) > PERIOD_MILLIS => "Execution redrivable period exceeded",
        _ => return None,
    };
    Some(reason.to_owned())
}

impl Inner {
    pub(super) async fn redrive_execution(&self, parameters: Parameters<'_>) -> Reply {
        let text = parameters.required("executionArn")?;
        arn::execution(text)?;
        let row = match self.find(text).await? {
            Found::Running(running) => running.row.clone(),
            Found::Ended(row) => *row,
        };
        let deleting = self.registry().machines.get(&row.machine).is_none_or(|machine| machine.row.deleting);
        match obstacle(&row, deleting, self.now()) {
            Some(reason) => Err(Exception::new("ExecutionNotRedrivable", reason)),
            None => Err(super::not_built(&format!("RedriveExecution of {}", Arc::clone(text)))),
        }
    }
}
