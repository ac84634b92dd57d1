//! Task states: scheduling, results, timeouts and heartbeats.

use std::sync::Arc;

use super::super::effect::{Effect, Invocation, TaskId};
use super::super::event::Scheduled;
use super::super::fault::RUNTIME;
use super::super::machine::Purpose;
use super::wait::{plain, whole_number};
use super::{Blocked, Branch, EventKind, Fault, Flow, Log, Machine, Staged, check_size, query_fault, runtime_fault};
use crate::asl::{Filling, Resource, ResourceKind, Seconds, State, StateKind, Task};
use crate::value::Value;

/// How long an HTTP endpoint may take, whatever the state's own timeout says (developer guide, HTTP task).
const HTTP_SECONDS: u64 = 60;
const HTTP_SOCKET: &str = "States.Http.Socket";

impl Machine {
    /// Schedules the task; functions and service calls start at once, activities when a worker takes them.
    pub(super) fn schedule(&mut self, branch: &mut Branch, task: &Task, log: &mut Log) -> Staged {
        let execution = Arc::clone(&self.execution);
        let state = execution.machine.state(branch.state);
        let timeout_seconds = self.seconds(&task.timeout, "TimeoutSecondsPath", branch, state)?;
        let heartbeat_seconds = self.seconds(&task.heartbeat, "HeartbeatSecondsPath", branch, state)?;
        let credentials = self.credentials(task, branch, state)?;
        let input = branch.data.clone();
        let scheduled = Scheduled { input: input.clone(), timeout_seconds, heartbeat_seconds, credentials };
        self.append(branch, EventKind::TaskScheduled { state: branch.state, scheduled: Arc::new(scheduled) }, log);
        let id = self.new_task(branch.id);
        branch.block(Blocked::Task(id));
        if task.resource.kind != ResourceKind::Activity {
            self.start_task(branch, None, (timeout_seconds, heartbeat_seconds), log);
        }
        if self.status().is_done() {
            // One of the events was one too many.
            return Ok(Flow::Ended);
        }
        self.effects.push(Effect::Invoke(Invocation {
            task: id,
            branch: branch.id,
            state: branch.state,
            input,
            retry_count: branch.retry_count,
            token: branch.token.clone(),
            place: log.place_of(branch.id),
        }));
        Ok(Flow::Blocked)
    }

    /// Writes the started event; the clocks of timeout and heartbeat start here (developer guide, Task state).
    fn start_task(
        &mut self,
        branch: &mut Branch,
        worker: Option<Arc<str>>,
        limits: (Option<u64>, Option<u64>),
        log: &mut Log,
    ) {
        self.append(branch, EventKind::TaskStarted { state: branch.state, worker }, log);
        let (timeout, heartbeat) = limits;
        for (seconds, heartbeat) in [(timeout, false), (heartbeat, true)] {
            if let Some(seconds) = seconds {
                self.limit_task(branch, seconds, Purpose::TaskTimeout { heartbeat });
            }
        }
        let execution = Arc::clone(&self.execution);
        if is_http(execution.machine.state(branch.state)) {
            self.limit_task(branch, HTTP_SECONDS, Purpose::HttpTimeout);
        }
    }

    fn limit_task(&mut self, branch: &Branch, seconds: u64, purpose: Purpose) {
        let millis = i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1000);
        let at = self.now.plus_millis(millis);
        self.set_timer(at, branch.id, branch.epoch, purpose);
    }

    fn seconds(
        &mut self,
        seconds: &Seconds,
        field: &str,
        branch: &Branch,
        state: &State,
    ) -> Result<Option<u64>, Box<Fault>> {
        let path = match seconds {
            Seconds::None => return Ok(None),
            Seconds::Fixed(seconds) => return Ok(Some(*seconds)),
            Seconds::Jsonata(expression) => return self.computed_seconds(expression, branch, state).map(Some),
            Seconds::Path(path) => path,
        };
        let value = self.select(path, &branch.effective, branch, state)?;
        let whole = whole_number(&value).and_then(|seconds| u64::try_from(seconds).ok());
        whole.filter(|seconds| *seconds > 0).map(Some).ok_or_else(|| {
            let shown = plain(&value);
            let cause =
                format!("The {field} parameter cannot be parsed as a positive long value: {} == {shown}", path.text());
            runtime_fault(branch, state, &cause)
        })
    }

    fn credentials(&mut self, task: &Task, branch: &Branch, state: &State) -> Result<Option<Value>, Box<Fault>> {
        let Some(filling) = &task.credentials else { return Ok(None) };
        let credentials = self.fill(filling, &branch.effective, branch, state)?;
        match credentials.get("RoleArn") {
            Some(role) if role.as_str().is_none() => Err(no_role(filling, role, branch, state)),
            _ => Ok(Some(credentials)),
        }
    }

    pub(in super::super) fn task_started(&mut self, task: TaskId, worker: Option<Arc<str>>, log: &mut Log) -> bool {
        let Some(mut branch) = self.take_waiting(task) else { return false };
        let scheduled = match log.event(branch.last).map(|event| &event.kind) {
            Some(EventKind::TaskScheduled { scheduled, .. }) => Some(Arc::clone(scheduled)),
            _ => None,
        };
        if let Some(scheduled) = &scheduled {
            let limits = (scheduled.timeout_seconds, scheduled.heartbeat_seconds);
            self.start_task(&mut branch, worker, limits, log);
        }
        self.put(branch);
        scheduled.is_some()
    }

    pub(in super::super) fn task_submitted(&mut self, task: TaskId, output: Value, log: &mut Log) -> bool {
        let Some(mut branch) = self.take_waiting(task) else { return false };
        let state = branch.state;
        let execution = Arc::clone(&self.execution);
        // Only these are called first and end later.
        let submits =
            matches!(&execution.machine.state(state).kind, StateKind::Task(task) if task.resource.has_token());
        let is_next = log.event(branch.last).is_some_and(|event| matches!(event.kind, EventKind::TaskStarted { .. }));
        if submits && is_next {
            self.append(&mut branch, EventKind::TaskSubmitted { state, output }, log);
        }
        self.put(branch);
        submits && is_next
    }

    /// A sign of life: the heartbeat's clock starts anew. It writes no event (API, SendTaskHeartbeat).
    pub(in super::super) fn task_heartbeat(&mut self, task: TaskId) -> bool {
        let Some(mut branch) = self.take_waiting(task) else { return false };
        let execution = Arc::clone(&self.execution);
        if let StateKind::Task(Task { heartbeat, .. }) = &execution.machine.state(branch.state).kind {
            let state = execution.machine.state(branch.state);
            if let Ok(Some(seconds)) = self.seconds(heartbeat, "HeartbeatSecondsPath", &branch, state) {
                branch.heartbeat_until =
                    Some(self.now.plus_millis(i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1000)));
                self.limit_task(&branch, seconds, Purpose::TaskTimeout { heartbeat: true });
            }
        }
        self.put(branch);
        true
    }

    pub(in super::super) fn task_ended(&mut self, task: TaskId, outcome: Result<Value, Fault>, log: &mut Log) -> bool {
        let Some(mut branch) = self.take_waiting(task) else { return false };
        self.forget_task(task);
        branch.unblock();
        if branch.run.is_some() {
            let flow = self.part_ended(&mut branch, outcome, log);
            self.settle_outside(branch, flow);
            return true;
        }
        let execution = Arc::clone(&self.execution);
        let state = execution.machine.state(branch.state);
        let outcome = outcome.map_err(Box::new).and_then(|output| {
            check_size(&output, resource_name(state))?;
            Ok(output)
        });
        let flow = match outcome {
            Ok(output) => {
                let kind = EventKind::TaskSucceeded { state: branch.state, output: output.clone() };
                self.append(&mut branch, kind, log);
                self.take_result(&mut branch, output, log)
            }
            Err(fault) => self.task_failed(&mut branch, *fault, log),
        };
        self.settle_outside(branch, flow);
        true
    }

    fn task_failed(&mut self, branch: &mut Branch, fault: Fault, log: &mut Log) -> Flow {
        // An activity that does not exist is a fault of the definition, of which no event of the task tells (recorded).
        let has_begun = log.event(branch.last).is_none_or(|last| !matches!(last.kind, EventKind::TaskScheduled { .. }));
        if has_begun || fault.name() != RUNTIME {
            let kind = EventKind::TaskFailed { state: branch.state, fault: Arc::new(fault.clone()) };
            self.append(branch, kind, log);
        }
        self.fail(branch, fault, log)
    }

    /// The endpoint of an HTTP task has not answered in time.
    pub(in super::super) fn http_timed_out(&mut self, id: super::super::BranchId, log: &mut Log) {
        let Some(mut branch) = self.take(id) else { return };
        self.cancel_task(&branch);
        branch.unblock();
        let cause = format!("The HTTP endpoint did not answer within {HTTP_SECONDS} seconds.");
        let flow = self.task_failed(&mut branch, Fault::new(HTTP_SOCKET, cause), log);
        self.settle_outside(branch, flow);
    }

    pub(in super::super) fn task_timed_out(&mut self, id: super::super::BranchId, heartbeat: bool, log: &mut Log) {
        let Some(mut branch) = self.take(id) else { return };
        // A heartbeat that came in the meantime set a later timer.
        if heartbeat && branch.heartbeat_until.is_some_and(|until| until > self.now) {
            self.put(branch);
            return;
        }
        self.cancel_task(&branch);
        branch.unblock();
        let fault = Fault { missed_heartbeat: heartbeat, ..Fault::timeout() };
        let kind = EventKind::TaskTimedOut { state: branch.state, fault: Arc::new(fault.clone()) };
        self.append(&mut branch, kind, log);
        let flow = self.fail(&mut branch, fault, log);
        self.settle_outside(branch, flow);
    }

    /// A new task token: 48 random bytes in the letters of base 64.
    pub(in super::super) fn new_token(&mut self) -> Arc<str> {
        const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mut token = String::with_capacity(64);
        while token.len() < 64 {
            let bits = self.random.next();
            token.extend((0..8).map(|n| char::from(LETTERS[(bits >> (n * 8) & 63) as usize])));
        }
        token.into()
    }
}

/// The fault of a role that is no text.
fn no_role(filling: &Filling, role: &Value, branch: &Branch, state: &State) -> Box<Fault> {
    let mut fault = None;
    if let Filling::Payload(payload) = filling {
        payload.for_each_expression(&mut |expression| {
            if expression.location().ends_with("/RoleArn") {
                fault = Some(query_fault(branch, state, expression.unexpected("string", role)));
            }
        });
    }
    let cause = || format!("The RoleArn of the Credentials must be a string, but was: {role}");
    fault.unwrap_or_else(|| runtime_fault(branch, state, &cause()))
}

/// Whether the state calls an HTTP endpoint.
fn is_http(state: &State) -> bool {
    matches!(&state.kind, StateKind::Task(Task { resource: Resource { kind: ResourceKind::Service { service, .. }, .. }, .. })
        if &**service == "http")
}

/// What AWS calls the task when its result is too large: the service of an integration, else the resource.
fn resource_name(state: &State) -> &str {
    match &state.kind {
        StateKind::Task(Task { resource: Resource { kind: ResourceKind::Service { service, .. }, .. }, .. }) => service,
        StateKind::Task(task) => &task.resource.text,
        _ => &state.name,
    }
}
