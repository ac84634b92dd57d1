//! Tasks that a person answers: each becomes a question, and the run waits.

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use super::tasks::{Answer, Coming, MapCall, TaskCall, TaskResult, Tasks, no_buckets, no_mock};

/// A task that waits for its answer.
pub struct Question {
    /// The task.
    pub call: TaskCall,
    reply: oneshot::Sender<TaskResult>,
}

impl Question {
    /// Answers it; a run that does not want the answer any more does not mind.
    pub fn answer(self, result: TaskResult) {
        drop(self.reply.send(result));
    }

    /// Whether the run still waits for it.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !self.reply.is_closed()
    }
}

/// Hands tasks to whoever reads the questions.
pub struct Asking {
    questions: mpsc::UnboundedSender<Question>,
    /// Who reads the items and writes the results of Map Runs.
    parts: Option<Arc<dyn Tasks>>,
}

impl Asking {
    /// The asking side, and where the questions arrive.
    #[must_use]
    pub fn new() -> (Arc<Self>, mpsc::UnboundedReceiver<Question>) {
        let (questions, arrive) = mpsc::unbounded_channel();
        (Arc::new(Self { questions, parts: None }), arrive)
    }

    /// The same, with `parts` for the items and results of Map Runs.
    #[must_use]
    pub fn with_parts(parts: Arc<dyn Tasks>) -> (Arc<Self>, mpsc::UnboundedReceiver<Question>) {
        let (questions, arrive) = mpsc::unbounded_channel();
        (Arc::new(Self { questions, parts: Some(parts) }), arrive)
    }
}

impl Tasks for Asking {
    fn invoke(&self, call: &TaskCall) -> Answer {
        let (reply, answer) = oneshot::channel();
        let question = Question { call: call.clone(), reply };
        if self.questions.send(question).is_err() {
            return Answer::Now(no_mock(call));
        }
        let unanswered = no_mock(call);
        Answer::Asked(Box::pin(async move { answer.await.unwrap_or(unanswered) }))
    }

    fn map_part(&self, call: MapCall) -> Coming {
        match &self.parts {
            Some(parts) => parts.map_part(call),
            None => Box::pin(std::future::ready(no_buckets(&call))),
        }
    }
}
