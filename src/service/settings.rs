//! What a state machine is configured with beside its definition: logging, tracing, encryption. asldb keeps and answers
//! it, and does nothing with it.

use super::parameters::Parameters;
use crate::api::Exception;
use crate::value::{self, Object, Value};

/// `loggingConfiguration`, `tracingConfiguration`, `encryptionConfiguration`, with their defaults filled in.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Settings {
    pub(super) logging: Value,
    pub(super) tracing: Value,
    pub(super) encryption: Value,
}

const LOGGING: &str = "loggingConfiguration";
const TRACING: &str = "tracingConfiguration";
const ENCRYPTION: &str = "encryptionConfiguration";

impl Settings {
    /// Those of a new state machine.
    ///
    /// # Errors
    /// `InvalidLoggingConfiguration`, `InvalidEncryptionConfiguration`
    pub(super) fn read(parameters: Parameters<'_>) -> Result<Self, Exception> {
        let plain = Self {
            logging: logging(&Value::empty_object())?,
            tracing: object([("enabled", false.into())]),
            encryption: encryption(None)?,
        };
        plain.changed(parameters)
    }

    /// The same with what an update names.
    ///
    /// # Errors
    /// `InvalidLoggingConfiguration`, `InvalidEncryptionConfiguration`
    pub(super) fn changed(&self, parameters: Parameters<'_>) -> Result<Self, Exception> {
        let tracing = parameters.get(TRACING).unwrap_or(&self.tracing);
        let enabled = tracing.get("enabled").and_then(Value::as_bool).unwrap_or(false);
        Ok(Self {
            logging: parameters.get(LOGGING).map_or_else(|| Ok(self.logging.clone()), logging)?,
            tracing: object([("enabled", enabled.into())]),
            encryption: match parameters.get(ENCRYPTION) {
                Some(given) => encryption(Some(given))?,
                None => self.encryption.clone(),
            },
        })
    }

    pub(super) fn to_json(&self) -> String {
        let Self { logging, tracing, encryption } = self.clone();
        object([(LOGGING, logging), (TRACING, tracing), (ENCRYPTION, encryption)]).to_json()
    }

    pub(super) fn from_json(text: &str) -> Self {
        let value = value::read(text).unwrap_or_default();
        let member = |name: &str| value.get(name).cloned().unwrap_or_else(Value::empty_object);
        Self { logging: member(LOGGING), tracing: member(TRACING), encryption: member(ENCRYPTION) }
    }
}

/// The encryption of a state machine or an activity; the service's own key is the default (recorded).
///
/// # Errors
/// `InvalidEncryptionConfiguration`: a key of the customer's that is not named (API reference).
pub(super) fn encryption(given: Option<&Value>) -> Result<Value, Exception> {
    let Some(given) = given else { return Ok(object([("type", "AWS_OWNED_KEY".into())])) };
    let text = |name: &str| given.get(name).and_then(Value::as_str);
    if text("type") == Some("CUSTOMER_MANAGED_KMS_KEY") && text("kmsKeyId").is_none() {
        let message = "Invalid Encryption Configuration: kmsKeyId must be specified for CUSTOMER_MANAGED_KMS_KEY.";
        return Err(Exception::new("InvalidEncryptionConfiguration", message));
    }
    Ok(given.clone())
}

/// Logging with its defaults. A level other than OFF needs exactly one destination, and there cannot be more (recorded).
fn logging(given: &Value) -> Result<Value, Exception> {
    let destinations = given.get("destinations").filter(|list| !list.is_null());
    let level = given.get("level").and_then(Value::as_str).unwrap_or("OFF");
    let count = destinations.and_then(Value::as_array).map_or(0, |list| list.len());
    if count > 1 || count == 0 && level != "OFF" {
        let message = "Invalid Logging Configuration: Must specify exactly one Log Destination.";
        return Err(Exception::new("InvalidLoggingConfiguration", message));
    }
    let mut logging = Object::new();
    if let Some(destinations) = destinations {
        logging.insert("destinations", destinations.clone());
    }
    let includes = given.get("includeExecutionData").and_then(Value::as_bool).unwrap_or(false);
    logging.insert("includeExecutionData", includes.into());
    logging.insert("level", level.into());
    Ok(logging.into())
}

fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::Object(members.into_iter().collect())
}
