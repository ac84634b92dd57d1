//! Time: the timers of branches, and how long an execution lives.

use std::cmp::Reverse;
use std::sync::Arc;

use super::Machine;
use crate::engine::branch::Blocked;
use crate::engine::execution::{ExecutionType, Status};
use crate::engine::fault::Fault;
use crate::engine::ids::{BranchId, EventId};
use crate::engine::log::Log;
use crate::engine::stage::Step;
use crate::value::Timestamp;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Timer {
    at: Timestamp,
    /// Timers of the same moment fire in the order they were set.
    number: u64,
    branch: BranchId,
    epoch: u32,
    purpose: Purpose,
}

/// What a timer is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::engine) enum Purpose {
    /// The end of a Wait state or of the delay before a retry.
    Resume,
    /// The end of a task's time, or of its heartbeat's.
    TaskTimeout { heartbeat: bool },
    /// The end of the time that an HTTP endpoint has.
    HttpTimeout,
    /// The end of the execution's time.
    ExecutionTimeout,
    /// Something in a child execution.
    Child,
}

/// Express executions live five minutes, Standard ones a year (Step Functions quotas).
const EXPRESS_SECONDS: u64 = 300;
const STANDARD_SECONDS: u64 = 366 * 86_400;

impl Machine {
    /// Sets the clock of the whole execution: it starts anew with a redrive, but a year is the end (developer guide).
    pub(in crate::engine) fn limit_lifetime(&mut self) {
        let timeout = self.lifetime(self.timeout);
        let at = self.now.plus_millis(timeout).min(self.started.plus_millis(self.lifetime(None)));
        self.set_timer(at, BranchId::MAIN, 0, Purpose::ExecutionTimeout);
    }

    /// Milliseconds that it may take.
    fn lifetime(&self, timeout: Option<u64>) -> i64 {
        let most = match self.execution.kind {
            ExecutionType::Standard => STANDARD_SECONDS,
            ExecutionType::Express | ExecutionType::ExpressSync => EXPRESS_SECONDS,
        };
        let seconds = timeout.unwrap_or(most).min(most);
        i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1000)
    }

    /// The next moment at which something happens by itself.
    pub fn deadline(&mut self) -> Option<Timestamp> {
        while let Some(Reverse(timer)) = self.timers.peek() {
            if self.is_valid(timer) {
                return Some(timer.at);
            }
            self.timers.pop();
        }
        None
    }

    /// The next moment at which a wait or the delay before a retry ends: what "skip the wait" goes to.
    #[must_use]
    pub fn next_resume(&self) -> Option<Timestamp> {
        let waits = self.branches().filter_map(|branch| match branch.blocked {
            Blocked::Wait(at) | Blocked::Retry(at) => Some(at),
            Blocked::No | Blocked::Task(_) | Blocked::Children => None,
        });
        waits.min()
    }

    pub(in crate::engine) fn set_timer(&mut self, at: Timestamp, branch: BranchId, epoch: u32, purpose: Purpose) {
        self.timer_count += 1;
        self.timers.push(Reverse(Timer { at, number: self.timer_count, branch, epoch, purpose }));
    }

    fn is_valid(&self, timer: &Timer) -> bool {
        timer.purpose == Purpose::ExecutionTimeout
            || self.branch(timer.branch).is_some_and(|branch| branch.epoch == timer.epoch)
    }

    /// Fires the first timer that is due.
    pub(super) fn fire_timer(&mut self, log: &mut Log) -> Option<Step> {
        // Without this peek every step would look for dead timers.
        if self.timers.peek().is_none_or(|Reverse(timer)| timer.at > self.now) {
            return None;
        }
        let due = self.deadline()?;
        if due > self.now {
            return None;
        }
        let Reverse(timer) = self.timers.pop()?;
        self.steps += 1;
        let (state, stage) = self.branch(timer.branch).map(|branch| (branch.state, branch.stage))?;
        match timer.purpose {
            Purpose::ExecutionTimeout => self.time_out(timer.at, log),
            Purpose::Resume => self.resume(timer.branch),
            Purpose::Child => self.child_is_due(timer.branch),
            Purpose::TaskTimeout { heartbeat } => self.task_timed_out(timer.branch, heartbeat, log),
            Purpose::HttpTimeout => self.http_timed_out(timer.branch, log),
        }
        Some(Step { number: self.steps, branch: timer.branch, state, stage })
    }

    /// Ends the execution at the moment its time was up, however late the machine is told of it (reported: the stop date
    /// is the start date plus the timeout).
    fn time_out(&mut self, at: Timestamp, log: &mut Log) {
        let now = self.now;
        let last = log.events.last().map_or(at, |event| event.at);
        self.now = at.max(last);
        self.end(Status::TimedOut(Arc::new(Fault::timeout())), EventId::NONE, log);
        self.now = now;
    }
}
