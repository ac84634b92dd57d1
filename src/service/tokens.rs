//! Task tokens: SendTaskSuccess, SendTaskFailure, SendTaskHeartbeat.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::watch;

use super::inner::Inner;
use super::page::invalid_token;
use super::parameters::{Parameters, nothing};
use super::runs::Running;
use crate::api::{Exception, Reply};
use crate::engine::{MAX_PAYLOAD, Signal, TaskId};
use crate::value;

/// Letters of a token.
const LENGTH: usize = 64;

/// The tokens of running executions.
#[derive(Default)]
pub(super) struct Tokens {
    known: Mutex<HashMap<Arc<str>, Token>>,
}

struct Token {
    running: Weak<Running>,
    task: TaskId,
    /// Whether its task still waits.
    open: bool,
    /// Ends when the call that hands the token out has been answered; none where nothing is called.
    submission: Option<watch::Receiver<()>>,
}

/// Keeps what is said with a token until this is dropped: the task was submitted then.
pub(super) struct Submission(#[expect(dead_code, reason = "its end is what counts")] watch::Sender<()>);

/// So long is waited for the answer to the call that handed a token out.
const SUBMISSION: Duration = Duration::from_secs(2);

impl Tokens {
    fn known(&self) -> MutexGuard<'_, HashMap<Arc<str>, Token>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The token of a task that waits from now on.
    pub(super) fn open(&self, token: &Arc<str>, running: &Arc<Running>, task: TaskId) {
        self.insert(token, running, Token { running: Arc::downgrade(running), task, open: true, submission: None });
    }

    /// The same where a call hands the token out: an answer that is faster than that call waits for it, as the task is
    /// submitted before it can end.
    pub(super) fn open_submitted(&self, token: &Arc<str>, running: &Arc<Running>, task: TaskId) -> Submission {
        let (sender, receiver) = watch::channel(());
        let submission = Some(receiver);
        self.insert(token, running, Token { running: Arc::downgrade(running), task, open: true, submission });
        Submission(sender)
    }

    fn insert(&self, token: &Arc<str>, running: &Arc<Running>, entry: Token) {
        if self.known().insert(Arc::clone(token), entry).is_none() {
            running.tokens().push(Arc::clone(token));
        }
    }

    /// The task of this token does not wait any longer.
    pub(super) fn close(&self, token: &str) {
        if let Some(token) = self.known().get_mut(token) {
            token.open = false;
        }
    }

    /// The execution of these tokens has ended; the store knows them from now on.
    pub(super) fn forget(&self, tokens: &[Arc<str>]) {
        let mut known = self.known();
        for token in tokens {
            known.remove(token);
        }
    }

    /// Waits until the task of this token is submitted.
    async fn submitted(&self, token: &str) {
        let submission = self.known().get(token).and_then(|token| token.submission.clone());
        if let Some(mut submission) = submission {
            // It ends with an error when the sender is gone, which is what is waited for.
            drop(tokio::time::timeout(SUBMISSION, submission.changed()).await);
        }
    }

    /// The task that waits with this token; `None` inside: it did once.
    fn find(&self, token: &str) -> Option<Option<(Arc<Running>, TaskId)>> {
        let known = self.known();
        let token = known.get(token)?;
        Some(token.running.upgrade().filter(|_| token.open).map(|running| (running, token.task)))
    }
}

impl Inner {
    pub(super) async fn send_task_success(&self, parameters: Parameters<'_>) -> Reply {
        let text = parameters.required("output")?;
        let refused = |reason: String| Exception::new("InvalidOutput", format!("Invalid Output: '{reason}'"));
        if text.len() > MAX_PAYLOAD {
            return Err(refused(format!("The output has {} bytes; at most {MAX_PAYLOAD} are allowed", text.len())));
        }
        let output = value::read(text).map_err(|error| refused(error.to_string()))?;
        self.end_task(parameters, |task| Signal::TaskSucceeded { task, output }).await
    }

    pub(super) async fn send_task_failure(&self, parameters: Parameters<'_>) -> Reply {
        let (error, cause) = (parameters.text("error").cloned(), parameters.text("cause").cloned());
        self.end_task(parameters, |task| Signal::TaskFailed { task, error, cause, hint: None }).await
    }

    pub(super) async fn send_task_heartbeat(&self, parameters: Parameters<'_>) -> Reply {
        let token = parameters.required("taskToken")?;
        self.tell_task(token, |task| Signal::TaskHeartbeat { task }).await?;
        Ok(nothing())
    }

    async fn end_task(&self, parameters: Parameters<'_>, signal: impl FnOnce(TaskId) -> Signal) -> Reply {
        let token = parameters.required("taskToken")?;
        self.tell_task(token, signal).await?;
        self.tokens.close(token);
        Ok(nothing())
    }

    /// Tells the machine whose task has this token; by the time it returns that is in the store.
    async fn tell_task(&self, token: &str, signal: impl FnOnce(TaskId) -> Signal) -> Result<(), Exception> {
        let (running, task) = self.task(token).await?;
        if !running.tell(signal(task)).await {
            return Err(timed_out());
        }
        self.settled().await
    }

    async fn task(&self, token: &str) -> Result<(Arc<Running>, TaskId), Exception> {
        let is_letter = |c: u8| c.is_ascii_alphanumeric() || c == b'+' || c == b'/';
        if token.len() != LENGTH || !token.bytes().all(is_letter) {
            return Err(invalid_token());
        }
        self.tokens.submitted(token).await;
        match self.tokens.find(token) {
            Some(Some(found)) => Ok(found),
            Some(None) => Err(timed_out()),
            None if self.store.is_closed(token).await? => Err(timed_out()),
            None => Err(Exception::new("TaskDoesNotExist", "Task Does Not Exist: 'Provided task does not exist'")),
        }
    }
}

fn timed_out() -> Exception {
    Exception::new("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'")
}
