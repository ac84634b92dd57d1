//! Answers as HTTP responses.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{ALLOW, CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::{Response, StatusCode};

use crate::api::{Exception, Reply};
use crate::value::{Object, Value};

/// What the endpoint answers.
pub(super) type Answer = Response<Full<Bytes>>;

/// The content type of the protocol.
pub(super) const AWS_JSON: &str = "application/x-amz-json-1.0";
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");
pub(super) const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");

/// A call that is refused before it reaches the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    /// What an SDK takes for the name of the exception.
    pub(super) name: &'static str,
    pub(super) message: String,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, name: &'static str, message: impl Into<String>) -> Self {
        Self { status, name, message: message.into() }
    }

    /// A request that makes no sense as a call.
    pub(super) fn serialization(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "SerializationException", message)
    }

    /// A caller that may not call.
    pub(super) fn forbidden(message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "AccessDeniedException", message)
    }

    pub(super) fn answer(&self) -> Answer {
        error(self.status, self.name, &self.message, None)
    }
}

/// The answer that carries `reply`.
pub(super) fn reply(reply: &Reply) -> Answer {
    match reply {
        Ok(value) => json(StatusCode::OK, value),
        Err(exception) => failure(exception),
    }
}

fn failure(exception: &Exception) -> Answer {
    let status = StatusCode::from_u16(exception.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    error(status, exception.name, &exception.message, exception.reason)
}

fn error(status: StatusCode, name: &'static str, message: &str, reason: Option<&str>) -> Answer {
    let mut body = Object::new();
    body.insert("__type", name.into());
    body.insert("message", message.into());
    if let Some(reason) = reason {
        body.insert("reason", reason.into());
    }
    let mut answer = json(status, &Value::Object(body));
    // Names are words; what is none cannot be a header either.
    if let Ok(name) = HeaderValue::from_str(name) {
        answer.headers_mut().insert(ERROR_TYPE, name);
    }
    answer
}

fn json(status: StatusCode, value: &Value) -> Answer {
    with_body(status, AWS_JSON, value.to_json())
}

/// Plain text for people.
pub(super) fn text(status: StatusCode, text: String) -> Answer {
    with_body(status, "text/plain; charset=utf-8", text)
}

/// An answer without a body.
pub(super) fn empty(status: StatusCode) -> Answer {
    let mut answer = Response::new(Full::default());
    *answer.status_mut() = status;
    identify(&mut answer);
    answer
}

/// A method that means nothing here.
pub(super) fn wrong_method(allowed: &'static str) -> Answer {
    let refusal = Refusal::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "UnknownOperationException",
        format!("only {allowed} can be used here; calls of the API are POST requests to /"),
    );
    let mut answer = refusal.answer();
    answer.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
    answer
}

fn with_body(status: StatusCode, content_type: &'static str, body: String) -> Answer {
    let mut answer = Response::new(Full::new(Bytes::from(body)));
    *answer.status_mut() = status;
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    identify(&mut answer);
    answer
}

fn identify(answer: &mut Answer) {
    if let Ok(id) = HeaderValue::from_str(&request_id()) {
        answer.headers_mut().insert(REQUEST_ID, id);
    }
}

/// A random UUID.
pub(super) fn request_id() -> String {
    // The standard library seeds its hashers from the operating system, each differently.
    let hasher = RandomState::new();
    let (high, low) = (hasher.hash_one(0), hasher.hash_one(1));
    format!(
        "{:08x}-{:04x}-4{:03x}-{:x}{:03x}-{:012x}",
        high >> 32,
        high >> 16 & 0xFFFF,
        high & 0xFFF,
        8 + (low >> 62),
        low >> 48 & 0xFFF,
        low & 0xFFFF_FFFF_FFFF
    )
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn request_ids_are_different_uuids() {
        let ids: HashSet<String> = (0..1000).map(|_| request_id()).collect();
        assert_eq!(ids.len(), 1000);
        for id in ids {
            let dashes: Vec<usize> = id.match_indices('-').map(|(at, _)| at).collect();
            assert_eq!((id.len(), dashes.as_slice()), (36, [8, 13, 18, 23].as_slice()), "{id}");
            assert!(id.as_bytes()[14] == b'4' && b"89ab".contains(&id.as_bytes()[19]), "{id}");
        }
    }
}
