//! Activities and their workers: CreateActivity, DescribeActivity, ListActivities, DeleteActivity, GetActivityTask.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::Instant;

use super::inner::Inner;
use super::page::Page;
use super::parameters::{Answer, Parameters, nothing, seconds};
use super::runs::Running;
use super::settings::encryption;
use super::{arn, names, tags};
use crate::api::{Exception, Reply};
use crate::engine::{Signal, TaskId};
use crate::store::ActivityRow;
use crate::value::Value;

/// How long a worker waits for a task (API reference).
const POLL: Duration = Duration::from_secs(60);

/// The tasks that wait for a worker, and the workers that wait for a task, by activity. Both are served in the order in
/// which they came.
#[derive(Default)]
pub(super) struct Queues {
    queues: Arc<Mutex<HashMap<Arc<str>, Queue>>>,
}

#[derive(Default)]
struct Queue {
    tasks: VecDeque<Waiting>,
    workers: VecDeque<oneshot::Sender<Taken>>,
}

/// A task that waits for a worker.
pub(super) struct Waiting {
    pub(super) running: Arc<Running>,
    pub(super) task: TaskId,
    pub(super) token: Arc<str>,
    pub(super) input: Value,
}

/// A task on its way to a worker. If the worker is gone by then, it goes back to where it stood.
struct Taken {
    waiting: Option<Waiting>,
    activity: Arc<str>,
    queues: Weak<Mutex<HashMap<Arc<str>, Queue>>>,
}

impl Drop for Taken {
    fn drop(&mut self) {
        if let (Some(waiting), Some(queues)) = (self.waiting.take(), self.queues.upgrade()) {
            let queues = Queues { queues };
            queues.hand(&self.activity, waiting, true);
        }
    }
}

impl Queues {
    fn all(&self) -> MutexGuard<'_, HashMap<Arc<str>, Queue>> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A task waits for a worker.
    pub(super) fn offer(&self, activity: &str, waiting: Waiting) {
        self.hand(&activity.into(), waiting, false);
    }

    /// The task does not wait any longer.
    pub(super) fn withdraw(&self, activity: &str, token: &str) {
        if let Some(queue) = self.all().get_mut(activity) {
            queue.tasks.retain(|waiting| *waiting.token != *token);
        }
    }

    /// Gives the task to the first worker that is still there, or lets it wait.
    fn hand(&self, activity: &Arc<str>, mut waiting: Waiting, first: bool) {
        let mut all = self.all();
        let queue = all.entry(Arc::clone(activity)).or_default();
        while let Some(worker) = queue.workers.pop_front() {
            let taken =
                Taken { waiting: Some(waiting), activity: Arc::clone(activity), queues: Arc::downgrade(&self.queues) };
            match worker.send(taken) {
                Ok(()) => return,
                // Emptied before it is dropped: its `Drop` would wait for the lock that is held here.
                Err(mut taken) => match taken.waiting.take() {
                    Some(returned) => waiting = returned,
                    None => return,
                },
            }
        }
        if first { queue.tasks.push_front(waiting) } else { queue.tasks.push_back(waiting) }
    }

    /// The next task, or where it will arrive.
    fn take(&self, activity: &Arc<str>) -> Result<Taken, oneshot::Receiver<Taken>> {
        let mut all = self.all();
        let queue = all.entry(Arc::clone(activity)).or_default();
        match queue.tasks.pop_front() {
            Some(waiting) => Ok(Taken {
                waiting: Some(waiting),
                activity: Arc::clone(activity),
                queues: Arc::downgrade(&self.queues),
            }),
            None => {
                let (worker, arrives) = oneshot::channel();
                queue.workers.retain(|worker| !worker.is_closed());
                queue.workers.push_back(worker);
                Err(arrives)
            }
        }
    }
}

impl Inner {
    pub(super) async fn create_activity(&self, parameters: Parameters<'_>) -> Reply {
        let name = parameters.required("name")?;
        names::check(name)?;
        let arn = self.activity_arn(name);
        let tags = tags::read(parameters.items("tags"), &arn)?;
        let encryption = encryption(parameters.get("encryptionConfiguration"))?.to_json();
        let now = self.now();
        let (row, written) = {
            let mut registry = self.registry();
            if let Some(known) = registry.activity(name) {
                if known.encryption != encryption {
                    let message = format!("Activity Already Exists: '{arn}'");
                    return Err(Exception::new("ActivityAlreadyExists", message));
                }
                (known.clone(), Vec::new())
            } else {
                let row = ActivityRow { id: registry.next_id(), name: Arc::clone(name), created: now, encryption };
                registry.add_activity(row.clone());
                registry.set_tags(&arn, tags.clone());
                (row.clone(), vec![self.store.put_activity(row), self.store.put_tags(&arn, tags)])
            }
        };
        for write in written {
            write.committed().await?;
        }
        self.settled().await?;
        Ok(Answer::new().with("activityArn", arn).time("creationDate", row.created).into())
    }

    pub(super) fn describe_activity(&self, parameters: Parameters<'_>) -> Reply {
        let text = parameters.required("activityArn")?;
        let row = self.activity(text)?;
        let encryption = crate::value::read(&row.encryption).unwrap_or_default();
        Ok(Answer::new()
            .with("activityArn", Arc::clone(text))
            .with("name", row.name)
            .time("creationDate", row.created)
            .with("encryptionConfiguration", encryption)
            .into())
    }

    pub(super) fn list_activities(&self, parameters: Parameters<'_>) -> Reply {
        let page = Page::read(parameters, "activities".to_owned(), self.now())?;
        let registry = self.registry();
        let after = page.after.unwrap_or(0);
        let rest = registry.activities.range(after.saturating_add(1)..).map(|(_, row)| row);
        let (found, next) = page.cut(rest, |row| row.id);
        let listed = found.into_iter().map(|row| {
            let answer = Answer::new()
                .with("activityArn", self.activity_arn(&row.name))
                .with("name", Arc::clone(&row.name))
                .with("creationDate", seconds(row.created));
            Value::from(answer)
        });
        Ok(Answer::new().list("activities", listed).maybe("nextToken", next).into())
    }

    pub(super) async fn delete_activity(&self, parameters: Parameters<'_>) -> Reply {
        let (arn, name) = arn::activity(parameters.required("activityArn")?)?;
        let written = {
            let mut registry = self.registry();
            if !self.is_ours(&arn) {
                return Ok(nothing());
            }
            let text = arn.to_string();
            let Some(row) = registry.remove_activity(name) else { return Ok(nothing()) };
            registry.set_tags(&text, Vec::new());
            self.store.remove_activity(row.id, &text)
        };
        written.committed().await?;
        Ok(nothing())
    }

    pub(super) async fn get_activity_task(&self, parameters: Parameters<'_>) -> Reply {
        let row = self.activity(parameters.required("activityArn")?)?;
        let deadline = Instant::now() + POLL;
        loop {
            let taken = match self.queues.take(&row.name) {
                Ok(taken) => Some(taken),
                Err(arrives) => tokio::time::timeout_at(deadline, arrives).await.ok().and_then(Result::ok),
            };
            let Some(mut taken) = taken else { return Ok(Answer::new().with("taskToken", Value::Null).into()) };
            let Some(waiting) = &taken.waiting else { continue };
            let worker = parameters.text("workerName").cloned();
            let started = waiting.running.tell(Signal::TaskStarted { task: waiting.task, worker }).await;
            // From here on it is the worker's, whether or not the answer reaches it.
            let Some(waiting) = taken.waiting.take() else { continue };
            if started {
                self.settled().await?;
                return Ok(Answer::new()
                    .with("taskToken", waiting.token)
                    .with("input", waiting.input.to_json())
                    .into());
            }
        }
    }

    /// The activity with this ARN.
    fn activity(&self, text: &str) -> Result<ActivityRow, Exception> {
        let (arn, name) = arn::activity(text)?;
        let found = self.registry().activity(name).filter(|_| self.is_ours(&arn)).cloned();
        found.ok_or_else(|| Exception::new("ActivityDoesNotExist", format!("Activity Does Not Exist: '{text}'")))
    }
}
