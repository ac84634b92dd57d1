//! Who answers the tasks of executions: a test case of the mock file, the service itself, or whoever it was set up with.

use std::fmt::Write;
use std::sync::{Arc, Weak};

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use sha2::{Digest, Sha384};

use super::activities::Waiting;
use super::arn::{self, Arn};
use super::inner::Inner;
use super::nested;
use super::runs::Running;
use super::tokens::Submission;
use crate::asl::{ResourceKind, StateKind};
use crate::engine::Signal;
use crate::runtime::mock::MockTasks;
use crate::runtime::tasks::{Answer, TaskCall, TaskResult, Tasks};
use crate::runtime::tasks::{Coming, MapCall};
use crate::store::ExecutionRow;
use crate::value::{Object, Value};

impl Inner {
    /// Who answers the tasks of an execution.
    pub(super) fn tasks_of(self: &Arc<Self>, row: &ExecutionRow) -> Arc<dyn Tasks> {
        let own: Arc<dyn Tasks> = Arc::new(OwnTasks { inner: Arc::downgrade(self) });
        let Some(case) = &row.case else { return own };
        let machine = match Arn::parse(&row.arn).map(|arn| arn.resource) {
            Ok(arn::Resource::Execution { machine, .. } | arn::Resource::Express { machine, .. }) => machine,
            _ => "",
        };
        let Some(mocks) = &self.config.mocks else {
            let cause = format!("The execution uses the test case '{case}', but the service runs without a mock file");
            return Arc::new(Gone(cause));
        };
        match MockTasks::new(Arc::clone(mocks), machine, case, own) {
            Ok(tasks) => Arc::new(tasks),
            Err(gone) => Arc::new(Gone(gone.to_string())),
        }
    }
}

/// The test case of an execution is gone: its tasks fail and say so.
struct Gone(String);

impl Tasks for Gone {
    fn invoke(&self, _: &TaskCall) -> Answer {
        Answer::Now(TaskResult::failed("Asldb.NoMock", &self.0))
    }
}

/// What the service answers by itself: activities, task tokens, executions of its own state machines.
struct OwnTasks {
    inner: Weak<Inner>,
}

impl Tasks for OwnTasks {
    fn map_part(&self, call: MapCall) -> Coming {
        match self.inner.upgrade() {
            Some(inner) => inner.config.tasks.map_part(call),
            None => Box::pin(std::future::pending()),
        }
    }

    fn invoke(&self, call: &TaskCall) -> Answer {
        let nobody = || Answer::Hang { submitted: None };
        let Some(inner) = self.inner.upgrade() else { return nobody() };
        let StateKind::Task(task) = &call.state().kind else { return nobody() };
        match &task.resource.kind {
            ResourceKind::Activity => inner.schedule_activity(call),
            ResourceKind::Service { service, action, .. } if &**service == "states" => {
                match nested::Pattern::of(action) {
                    Some(pattern) => nested::start(&inner, call, pattern),
                    None => inner.config.tasks.invoke(call),
                }
            }
            ResourceKind::Service { service, action, .. } if &**service == "aws-sdk:sfn" => {
                nested::call(&inner, call, action)
            }
            ResourceKind::Service { task_token: true, .. } => {
                inner.open_token(call);
                Answer::Outside { submitted: Some(submission(call)) }
            }
            _ => {
                // Tasks of `.sync` integrations have a token, too.
                inner.open_token(call);
                inner.config.tasks.invoke(call)
            }
        }
    }

    fn cancel(&self, call: &TaskCall) {
        let Some(inner) = self.inner.upgrade() else { return };
        if let Some(token) = &call.invocation.token {
            inner.tokens.close(token);
        }
        match &call.state().kind {
            StateKind::Task(task) if task.resource.kind == ResourceKind::Activity => {
                let token = activity_token(call);
                inner.tokens.close(&token);
                if let Ok((_, name)) = arn::activity(call.resource()) {
                    inner.queues.withdraw(name, &token);
                }
            }
            StateKind::Task(_) => {
                nested::cancel(&inner, call);
                inner.config.tasks.cancel(call);
            }
            _ => {}
        }
    }
}

impl Inner {
    /// The running execution of a task. Express executions whose caller waits are not among them.
    pub(super) fn running_of(&self, call: &TaskCall) -> Option<Arc<Running>> {
        let running = self.runs.get(&call.execution.names.execution_arn)?;
        Arc::ptr_eq(running.control.execution(), &call.execution).then_some(running)
    }

    /// From now on the task can be ended with its token, if it has one.
    pub(super) fn open_token(&self, call: &TaskCall) {
        if let Some(token) = &call.invocation.token
            && let Some(running) = self.running_of(call)
        {
            self.tokens.open(token, &running, call.invocation.task);
        }
    }

    /// The same for a task whose call hands its token out: what is said with it waits until the task is submitted.
    pub(super) fn open_submitted_token(&self, call: &TaskCall) -> Option<Submission> {
        let (token, running) = call.invocation.token.as_ref().zip(self.running_of(call))?;
        Some(self.tokens.open_submitted(token, &running, call.invocation.task))
    }

    /// Lets a task wait for a worker.
    fn schedule_activity(&self, call: &TaskCall) -> Answer {
        let hang = Answer::Outside { submitted: None };
        let Some(running) = self.running_of(call) else { return hang };
        let task = call.invocation.task;
        let resource = call.resource();
        let known = arn::activity(resource)
            .ok()
            .filter(|(arn, name)| self.is_ours(arn) && self.registry().activity(name).is_some());
        let Some((_, name)) = known else {
            // Recorded: nothing catches it.
            let (error, cause) = ("States.Runtime".into(), format!("The activity {resource} does not exist."));
            drop(running.control.tell(Signal::TaskFailed {
                task,
                error: Some(error),
                cause: Some(cause.into()),
                hint: None,
            }));
            return hang;
        };
        let token: Arc<str> = activity_token(call).into();
        self.tokens.open(&token, &running, task);
        self.queues.offer(name, Waiting { running, task, token, input: call.invocation.input.clone() });
        hang
    }
}

/// The token of an activity's task: the same again when an earlier process gave it to a worker already.
fn activity_token(call: &TaskCall) -> String {
    let mut hash = Sha384::new();
    hash.update(call.execution.names.execution_arn.as_bytes());
    hash.update(call.execution.seed.to_be_bytes());
    hash.update(call.invocation.task.0.to_be_bytes());
    BASE64.encode(hash.finalize())
}

/// What the submission of a `.waitForTaskToken` task answers: nothing was called, so only what all answers have.
fn submission(call: &TaskCall) -> Value {
    let metadata = nested::metadata(&request_id(call), None);
    Value::Object(metadata.into_iter().collect::<Object>())
}

/// The id of the request that a task makes: the same whenever the task is invoked again.
pub(super) fn request_id(call: &TaskCall) -> String {
    let mut hash = Sha384::new();
    hash.update(b"request");
    hash.update(activity_token(call));
    let mut id = String::with_capacity(36);
    for (at, byte) in hash.finalize().iter().take(16).enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            id.push('-');
        }
        // Version 4, variant 1, as other ids.
        let byte = match at {
            6 => byte & 0x0F | 0x40,
            8 => byte & 0x3F | 0x80,
            _ => *byte,
        };
        // Writing to a text does not fail.
        let _ = write!(id, "{byte:02x}");
    }
    id
}
