//! How a command of the API fails: what it prints and its exit status, both as the AWS CLI has them.

use std::process::ExitCode;

use crate::api::{Exception, Operation};
use crate::cli::complain;

/// Why a command failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// Arguments that cannot be read: exit status 252, with the usage.
    #[error("{0}")]
    Usage(String),
    /// Parameters that cannot be right: exit status 252.
    #[error("{0}")]
    Parameters(String),
    /// No region, no credentials, no such profile: exit status 253.
    #[error("{0}")]
    Configuration(String),
    /// The service answered with an exception: exit status 254.
    #[error("An error occurred ({code}) when calling the {operation} operation{}: {message}", retried(*.retries))]
    Service {
        /// Name of the operation.
        operation: &'static str,
        /// Name of the exception.
        code: String,
        /// What is wrong.
        message: String,
        /// How often the call was repeated before.
        retries: u32,
    },
    /// Anything else: exit status 255.
    #[error("{0}")]
    Other(String),
    /// Ctrl-c: exit status 130.
    #[error("interrupted")]
    Interrupted,
}

fn retried(retries: u32) -> String {
    if retries == 0 { String::new() } else { format!(" (reached max retries: {retries})") }
}

impl Failure {
    /// The exception of an operation.
    #[must_use]
    pub fn exception(operation: Operation, exception: Exception) -> Self {
        let Exception { name, message, .. } = exception;
        Self::Service { operation: operation.name(), code: name.to_owned(), message, retries: 0 }
    }

    /// A value of the option `name` that cannot be read.
    #[must_use]
    pub fn option(name: &str, why: impl std::fmt::Display) -> Self {
        Self::Parameters(format!("Error parsing parameter '{name}': {why}"))
    }

    /// The exit status.
    #[must_use]
    pub fn status(&self) -> u8 {
        match self {
            Self::Usage(_) | Self::Parameters(_) => 252,
            Self::Configuration(_) => 253,
            Self::Service { .. } => 254,
            Self::Other(_) => 255,
            Self::Interrupted => 130,
        }
    }

    /// Writes it to standard error.
    #[must_use]
    pub fn report(&self) -> ExitCode {
        match self {
            Self::Usage(message) => complain(&format!("\n{USAGE}\n\nasldb: error: {message}")),
            Self::Interrupted => complain(""),
            other => complain(&format!("\n{other}")),
        }
        ExitCode::from(self.status())
    }
}

/// How to call the commands, above each usage error.
pub const USAGE: &str = "usage: asldb [options] <command> [parameters]\n\
    To see help text, you can run:\n\n  asldb --help\n  asldb <command> help";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exceptions_read_as_the_aws_cli_prints_them() {
        let exception = Exception::new("StateMachineDoesNotExist", "State Machine Does Not Exist: 'x'");
        let failure = Failure::exception(Operation::StartExecution, exception);
        assert_eq!(
            failure.to_string(),
            "An error occurred (StateMachineDoesNotExist) when calling the StartExecution operation: State Machine Does \
             Not Exist: 'x'"
        );
        assert_eq!(failure.status(), 254);
        let busy = Failure::Service {
            operation: "ListExecutions",
            code: "ThrottlingException".into(),
            message: "Rate exceeded".into(),
            retries: 2,
        };
        assert_eq!(
            busy.to_string(),
            "An error occurred (ThrottlingException) when calling the ListExecutions operation (reached max retries: \
             2): Rate exceeded"
        );
    }
}
