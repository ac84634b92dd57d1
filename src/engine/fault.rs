//! Why a state, a branch or an execution failed.

use std::sync::Arc;

use super::stage::Stage;
use crate::asl::StateId;
use crate::query::QueryError;
use crate::value::{Object, Value};

/// A failure: the error and cause that AWS reports, and where it came from.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Fault {
    /// The error name; absent when neither a Fail state nor a task gave one.
    pub error: Option<Arc<str>>,
    /// The cause.
    pub cause: Option<Arc<str>>,
    /// A missed heartbeat: reported as `States.Timeout` (recorded), matched as `States.HeartbeatTimeout`, too.
    pub missed_heartbeat: bool,
    /// The state in which it arose.
    pub state: Option<StateId>,
    /// The stage in which it arose.
    pub stage: Option<Stage>,
    /// The expression that failed.
    pub query: Option<Box<QueryError>>,
    /// How many bytes of the cause say where it arose: `An error occurred while executing the state … `.
    pub prefix: Option<usize>,
    /// What the person at the screen should know, such as the file that was read; no part of the execution.
    pub hint: Option<Arc<str>>,
}

/// A run-time fault of the definition; nothing catches it.
pub const RUNTIME: &str = "States.Runtime";
/// A task, heartbeat or execution over its time.
pub const TIMEOUT: &str = "States.Timeout";
/// A JSONata evaluation that failed.
pub const QUERY_EVALUATION_ERROR: &str = "States.QueryEvaluationError";
/// More failures in a Map Run than it tolerates.
pub const EXCEED_TOLERATED_FAILURE_THRESHOLD: &str = "States.ExceedToleratedFailureThreshold";
/// Items that could not be read.
pub const ITEM_READER_FAILED: &str = "States.ItemReaderFailed";
/// Results that could not be written.
pub const RESULT_WRITER_FAILED: &str = "States.ResultWriterFailed";
/// A payload over the limit.
pub const DATA_LIMIT_EXCEEDED: &str = "States.DataLimitExceeded";

/// Characters of an error and of a cause (API reference).
const MAX_ERROR: usize = 256;
const MAX_CAUSE: usize = 32_768;

impl Fault {
    /// A fault with an error and a cause.
    #[must_use]
    pub fn new(error: &str, cause: impl Into<Arc<str>>) -> Self {
        Self { error: Some(error.into()), cause: Some(cause.into()), ..Self::default() }
    }

    /// A timeout; it has no cause (recorded).
    #[must_use]
    pub fn timeout() -> Self {
        Self { error: Some(TIMEOUT.into()), ..Self::default() }
    }

    /// The fault with an error and a cause as long as the API allows them to be: 256 and 32,768 characters (API
    /// reference). What is longer is cut.
    #[must_use]
    pub fn within_limits(mut self) -> Self {
        for (text, most) in [(&mut self.error, MAX_ERROR), (&mut self.cause, MAX_CAUSE)] {
            if let Some(long) = text.as_deref().filter(|text| text.len() > most)
                && let Some((end, _)) = long.char_indices().nth(most)
            {
                *text = Some(Arc::from(&long[..end]));
            }
        }
        self
    }

    /// The error name, or an empty text.
    #[must_use]
    pub fn name(&self) -> &str {
        self.error.as_deref().unwrap_or_default()
    }

    /// Whether a retrier or catcher that lists `name` matches this fault.
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        match name {
            _ if self.name() == RUNTIME => false,
            "States.ALL" => true,
            "States.HeartbeatTimeout" if self.missed_heartbeat => true,
            _ if self.error.as_deref() == Some(name) => true,
            // A wildcard for all but timeouts (developer guide, error names).
            "States.TaskFailed" => self.name() != TIMEOUT,
            _ => false,
        }
    }

    /// What helps the person at the screen: about the expression that failed, or about what stands in for a service.
    #[must_use]
    pub fn help(&self) -> Option<&str> {
        self.query.as_ref().and_then(|query| query.hint.as_deref()).or(self.hint.as_deref())
    }

    /// The error output that a catcher passes on; what is absent is null (recorded).
    #[must_use]
    pub fn output(&self) -> Value {
        let text = |text: &Option<Arc<str>>| text.clone().map_or(Value::Null, Value::String);
        let members = [("Error", text(&self.error)), ("Cause", text(&self.cause))];
        Value::Object(members.into_iter().collect::<Object>())
    }

    /// The cause without what is put before those that arise inside a state: which state, entered when.
    #[must_use]
    pub fn bare_cause(&self) -> Option<&str> {
        let cause = self.cause.as_deref()?;
        Some(self.prefix.map_or(cause, |prefix| cause.get(prefix..).unwrap_or(cause)))
    }

    /// `Error: Cause`, as far as there is any.
    #[must_use]
    pub fn summary(&self) -> String {
        match (&self.error, &self.cause) {
            (Some(error), Some(cause)) => format!("{error}: {cause}"),
            (Some(text), None) | (None, Some(text)) => text.to_string(),
            (None, None) => "failed without error and cause".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards() {
        let failed = Fault::new("Custom", "x");
        assert!(failed.matches("Custom") && failed.matches("States.ALL") && failed.matches("States.TaskFailed"));
        assert!(!failed.matches("custom"));
        let runtime = Fault::new(RUNTIME, "x");
        assert!(!runtime.matches("States.ALL") && !runtime.matches(RUNTIME) && !runtime.matches("States.TaskFailed"));
        let timeout = Fault::timeout();
        assert!(timeout.matches(TIMEOUT) && timeout.matches("States.ALL") && !timeout.matches("States.TaskFailed"));
        assert!(!timeout.matches("States.HeartbeatTimeout"));
        assert!(Fault { missed_heartbeat: true, ..timeout }.matches("States.HeartbeatTimeout"));
        assert!(Fault::default().matches("States.ALL") && Fault::default().matches("States.TaskFailed"));
    }

    #[test]
    fn the_error_output_has_both_members() {
        assert_eq!(Fault::timeout().output().to_json(), r#"{"Error":"States.Timeout","Cause":null}"#);
    }
}
