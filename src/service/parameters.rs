//! Reading parameters that the front end has checked, and making answers.

use std::sync::Arc;

use crate::api::Exception;
use crate::value::{Array, Object, Timestamp, Value};

/// The parameters of a call.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parameters<'a>(pub(super) &'a Value);

impl<'a> Parameters<'a> {
    /// A member that is there and not `null`.
    #[must_use]
    pub(super) fn get(&self, name: &str) -> Option<&'a Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// A text.
    #[must_use]
    pub(super) fn text(&self, name: &str) -> Option<&'a Arc<str>> {
        match self.get(name) {
            Some(Value::String(text)) => Some(text),
            _ => None,
        }
    }

    /// A text that must be there.
    ///
    /// # Errors
    /// `ValidationException`
    pub(super) fn required(&self, name: &str) -> Result<&'a Arc<str>, Exception> {
        self.text(name).ok_or_else(|| absent(name))
    }

    /// Whether a flag is set.
    #[must_use]
    pub(super) fn flag(&self, name: &str) -> bool {
        self.get(name).and_then(Value::as_bool) == Some(true)
    }

    /// A whole number that is not negative.
    #[must_use]
    pub(super) fn number(&self, name: &str) -> Option<usize> {
        let number = self.get(name)?.as_number()?.as_i64()?;
        usize::try_from(number).ok()
    }

    /// The items of a list.
    #[must_use]
    pub(super) fn items(&self, name: &str) -> &'a [Value] {
        self.get(name).and_then(Value::as_array).map_or(&[], |items| items)
    }

    /// Whether the answer is to hold inputs, outputs and definitions: not with METADATA_ONLY.
    #[must_use]
    pub(super) fn wants_data(&self) -> bool {
        self.text("includedData").is_none_or(|data| &**data != "METADATA_ONLY")
    }
}

/// A required parameter is missing.
#[must_use]
pub(super) fn absent(name: &str) -> Exception {
    Exception::validation(format!(
        "1 validation error detected: Value null at '{name}' failed to satisfy constraint: Member must not be null"
    ))
}

/// An answer, member by member.
#[derive(Debug, Default)]
pub(super) struct Answer(Object);

impl Answer {
    /// An empty one.
    #[must_use]
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// With a member.
    #[must_use]
    pub(super) fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.0.insert(name, value.into());
        self
    }

    /// With a member, if there is one.
    #[must_use]
    pub(super) fn maybe(mut self, name: &'static str, value: Option<impl Into<Value>>) -> Self {
        if let Some(value) = value {
            self.0.insert(name, value.into());
        }
        self
    }

    /// With a time.
    #[must_use]
    pub(super) fn time(self, name: &'static str, at: Timestamp) -> Self {
        self.with(name, seconds(at))
    }

    /// With a list.
    #[must_use]
    pub(super) fn list(self, name: &'static str, items: impl IntoIterator<Item = Value>) -> Self {
        self.with(name, items.into_iter().collect::<Array>())
    }
}

impl From<Answer> for Value {
    fn from(answer: Answer) -> Self {
        Self::Object(answer.0)
    }
}

/// A time as the wire has it: seconds since 1970.
#[must_use]
pub(super) fn seconds(at: Timestamp) -> Value {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of our times fit 2^52")]
    Value::from(at.0 as f64 / 1000.0)
}

/// The empty answer.
#[must_use]
pub(super) fn nothing() -> Value {
    Value::empty_object()
}
