//! The exceptions of the Step Functions API.

/// How an operation fails: what an SDK raises.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name}: {message}")]
pub struct Exception {
    /// Its name, as the service model has it: `StateMachineDoesNotExist`.
    pub name: &'static str,
    /// What is wrong.
    pub message: String,
    /// `reason` of a `ValidationException`, where one is known.
    pub reason: Option<&'static str>,
}

impl Exception {
    /// The exception `name` with `message`.
    #[must_use]
    pub fn new(name: &'static str, message: impl Into<String>) -> Self {
        Self { name, message: message.into(), reason: None }
    }

    /// A `ValidationException`.
    #[must_use]
    pub fn validation(message: impl Into<String>) -> Self {
        Self::new("ValidationException", message)
    }

    /// The same with a `reason`.
    #[must_use]
    pub fn because(mut self, reason: &'static str) -> Self {
        self.reason = Some(reason);
        self
    }

    /// The status of the HTTP answer that carries it: 400 for all that a client did wrong, whatever the documentation of
    /// single exceptions says (recorded).
    #[must_use]
    pub fn http_status(&self) -> u16 {
        match self.name {
            "InternalFailure" => 500,
            "ServiceUnavailable" => 503,
            _ => 400,
        }
    }
}
