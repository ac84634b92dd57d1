//! The body of a request, as far as it may be read.

use std::time::Duration;

use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::{Body, Bytes, Incoming};
use hyper::header::CONTENT_ENCODING;
use hyper::http::request::Parts;
use hyper::{HeaderMap, StatusCode};

use super::answer::Refusal;
use crate::value::{self, Value};

/// Reads the parameters of a call.
///
/// # Errors
/// The body is too long (then it is not read to its end), takes too long, or is no JSON object.
pub(super) async fn parameters(head: &Parts, body: Incoming, most: usize, time: Duration) -> Result<Value, Refusal> {
    check_encoding(&head.headers)?;
    let announced = body.size_hint().lower();
    if announced > most as u64 {
        return Err(too_long(most));
    }
    let bytes = tokio::time::timeout(time, Limited::new(body, most).collect()).await;
    let bytes = match bytes {
        Ok(Ok(bytes)) => bytes.to_bytes(),
        Ok(Err(error)) if error.is::<LengthLimitError>() => return Err(too_long(most)),
        Ok(Err(error)) => return Err(Refusal::serialization(format!("the body cannot be read: {error}"))),
        Err(_) => {
            let message = format!("the body did not arrive within {} seconds", time.as_secs_f64());
            return Err(Refusal::new(StatusCode::REQUEST_TIMEOUT, "RequestTimeout", message));
        }
    };
    read(&bytes)
}

fn check_encoding(headers: &HeaderMap) -> Result<(), Refusal> {
    match headers.get(CONTENT_ENCODING) {
        None => Ok(()),
        Some(encoding) if encoding == "identity" => Ok(()),
        Some(_) => Err(Refusal::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "UnsupportedMediaTypeException",
            "compressed requests are not supported; send the body as it is",
        )),
    }
}

fn too_long(most: usize) -> Refusal {
    Refusal::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "RequestEntityTooLargeException",
        format!("the request is too large; a request has {most} bytes at most"),
    )
}

fn read(bytes: &Bytes) -> Result<Value, Refusal> {
    let text = std::str::from_utf8(bytes)
        .map_err(|error| Refusal::serialization(format!("the body is no UTF-8 from byte {}", error.valid_up_to())))?;
    if text.trim_ascii().is_empty() {
        // Calls without parameters.
        return Ok(Value::empty_object());
    }
    let value = value::read(text).map_err(|error| {
        Refusal::serialization(format!("the body is no JSON: {error}, at byte {}", error.span.start))
    })?;
    match value {
        Value::Object(_) => Ok(value),
        other => {
            let message = format!("the body must be a JSON object, not of type {}", other.type_name());
            Err(Refusal::serialization(message))
        }
    }
}
