//! Answers: the result, or the exception that a body and headers tell of.

use super::connection::Answer;
use crate::api::Operation;
use crate::cli::aws::failure::Failure;
use crate::value::{self, Value};

/// Reads an answer.
///
/// # Errors
/// The exception, or a body that is none of the protocol.
pub(super) fn read(operation: Operation, answer: &Answer) -> Result<Value, Failure> {
    let text = std::str::from_utf8(&answer.body).unwrap_or_default();
    let body = value::read(text).ok();
    if !(200..300).contains(&answer.status) {
        return Err(exception(operation, answer, &body.unwrap_or_default()));
    }
    let is_empty = text.trim().is_empty();
    body.or_else(|| is_empty.then(Value::empty_object)).filter(|body| body.as_object().is_some()).ok_or_else(|| {
        let start: String = text.chars().take(200).collect();
        Failure::Other(format!("Unable to parse response, invalid response received from service: {start}"))
    })
}

fn exception(operation: Operation, answer: &Answer, body: &Value) -> Failure {
    let field = |name: &str| body.get(name).and_then(Value::as_str);
    let kind = answer.error_type.as_deref().or_else(|| field("__type")).or_else(|| field("code"));
    let code = kind.map_or_else(|| answer.status.to_string(), |kind| bare(kind).to_owned());
    let message = field("message").or_else(|| field("Message")).or_else(|| field("errorMessage"));
    let message = message.unwrap_or_default().to_owned();
    Failure::Service { operation: operation.name(), code, message, retries: 0 }
}

/// `Name` of `namespace#Name:http://more`.
fn bare(kind: &str) -> &str {
    let kind = kind.split(':').next().unwrap_or(kind);
    kind.rsplit('#').next().unwrap_or(kind)
}

/// Whether the same call may succeed later: the rules of the SDKs' standard mode.
pub(super) fn is_transient(status: u16, code: &str) -> bool {
    const CODES: [&str; 15] = [
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "LimitExceededException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "RequestTimeout",
        "RequestTimeoutException",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "TooManyRequestsException",
    ];
    matches!(status, 500 | 502 | 503 | 504) || CODES.contains(&code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, error_type: Option<&str>, body: &str) -> Answer {
        Answer { status, error_type: error_type.map(str::to_owned), body: body.as_bytes().to_vec() }
    }

    #[track_caller]
    fn fails(status: u16, error_type: Option<&str>, body: &str, code: &str, message: &str) {
        let failure = read(Operation::StartExecution, &answer(status, error_type, body)).expect_err("it fails");
        let (code, message) = (code.to_owned(), message.to_owned());
        assert_eq!(failure, Failure::Service { operation: "StartExecution", code, message, retries: 0 }, "{body}");
    }

    #[test]
    fn exceptions_are_found_wherever_they_stand() {
        fails(400, None, r#"{"__type": "InvalidArn", "message": "m"}"#, "InvalidArn", "m");
        fails(400, None, r#"{"__type": "com.amazonaws.x#InvalidArn", "Message": "m"}"#, "InvalidArn", "m");
        fails(400, Some("InvalidArn:http://x/"), "{}", "InvalidArn", "");
        fails(503, None, "<html>", "503", "");
    }

    #[test]
    fn answers_are_objects() {
        let read = |body: &str| read(Operation::StopExecution, &answer(200, None, body)).map(|value| value.to_json());
        assert_eq!(read(r#"{"stopDate": 1.5}"#), Ok(r#"{"stopDate":1.5}"#.to_owned()));
        assert_eq!(read(""), Ok("{}".to_owned()));
        assert!(read("[]").is_err());
        assert!(read("<html>").is_err());
    }
}
