//! Why a read or a write failed, in the service's words, and what the user can do.

/// Why the items could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadFailure {
    /// The cause, as the service words it (recorded, or in the style of S3's errors). Never names a folder of this
    /// machine.
    pub cause: String,
    /// Where it was looked and what to do about it: for the person at the screen, not part of the execution.
    pub hint: Option<String>,
}

/// Why the results could not be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WriteFailure {
    /// The cause, in the style of S3's errors. Never names a folder of this machine.
    pub cause: String,
    /// Where it was written and what to do about it.
    pub hint: Option<String>,
}

impl ReadFailure {
    /// The name of the error.
    pub const ERROR: &str = "States.ItemReaderFailed";

    pub(super) fn new(cause: impl Into<String>) -> Self {
        Self { cause: cause.into(), hint: None }
    }

    pub(super) fn with_hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// What was recorded for JSON that is neither an array nor, where those are allowed, an object.
    pub(super) fn not_iterable() -> Self {
        Self::new("Attempting to map over non-iterable node.")
    }
}

impl WriteFailure {
    /// The name of the error.
    pub const ERROR: &str = "States.ResultWriterFailed";

    pub(super) fn new(cause: impl Into<String>) -> Self {
        Self { cause: cause.into(), hint: None }
    }
}

/// What S3 or the folder said no to is worded alike for reads and writes.
impl From<ReadFailure> for WriteFailure {
    fn from(failure: ReadFailure) -> Self {
        Self { cause: failure.cause, hint: failure.hint }
    }
}

macro_rules! display {
    ($($type:ty),*) => {
        $(impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}: {}", Self::ERROR, self.cause)?;
                self.hint.as_ref().map_or(Ok(()), |hint| write!(f, " ({hint})"))
            }
        }

        impl std::error::Error for $type {})*
    };
}

display!(ReadFailure, WriteFailure);
