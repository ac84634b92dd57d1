//! From a request to a call of the API.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::http::request::Parts;
use hyper::{HeaderMap, Method, Request, StatusCode};
use tokio::sync::watch;

use super::answer::{self, Answer, Refusal};
use super::limits::Limits;
use super::policy::Policy;
use super::stop::{Stage, called_off};
use super::stream::Progress;
use super::{body, cors};
use crate::api::{self, Api, Exception, Operation, Reply};
use crate::value::{Object, Value};

const TARGET: HeaderName = HeaderName::from_static("x-amz-target");
const TRACE_ID: HeaderName = HeaderName::from_static("x-amzn-trace-id");
/// What stands before the operation in the target (service model: `targetPrefix`).
const TARGET_PREFIX: &str = "AWSStepFunctions.";
/// Content types that mean a call. Versions 1.0 and 1.1 of the protocol differ in nothing that matters here.
const CONTENT_TYPES: [&str; 3] = [answer::AWS_JSON, "application/x-amz-json-1.1", "application/json"];

/// What all connections share.
pub(super) struct Desk {
    pub(super) api: Arc<dyn Api>,
    pub(super) policy: Policy,
    pub(super) limits: Limits,
    pub(super) stage: watch::Receiver<Stage>,
}

impl Desk {
    /// Answers a request.
    pub(super) async fn answer(&self, request: Request<Incoming>, progress: &Progress) -> Answer {
        let (head, body) = request.into_parts();
        let origin = match self.policy.check(&head) {
            Ok(origin) => origin,
            Err(refusal) => {
                progress.leave_unread();
                return refusal.answer();
            }
        };
        let answer = match self.route(&head, body).await {
            Ok(answer) => answer,
            Err(refusal) => {
                progress.leave_unread();
                refusal.answer()
            }
        };
        match origin {
            Some(origin) => cors::share(answer, origin),
            None => answer,
        }
    }

    async fn route(&self, head: &Parts, body: Incoming) -> Result<Answer, Refusal> {
        match (head.uri.path(), &head.method) {
            ("/", &Method::POST) => self.perform(head, body).await,
            ("/", &Method::GET | &Method::HEAD) => Ok(self.describe().await),
            (_, &Method::OPTIONS) if head.headers.contains_key(hyper::header::ORIGIN) => {
                Ok(cors::preflight(&head.headers))
            }
            ("/", _) => Ok(answer::wrong_method("GET, HEAD, POST")),
            (path, _) => {
                let message = format!("there is nothing at {path}; calls of the API are POST requests to /");
                Err(Refusal::new(StatusCode::NOT_FOUND, "UnknownOperationException", message))
            }
        }
    }

    async fn perform(&self, head: &Parts, body: Incoming) -> Result<Answer, Refusal> {
        check_content_type(&head.headers)?;
        let operation = operation(&head.headers)?;
        let parameters = body::parameters(head, body, self.limits.body, self.limits.body_time).await?;
        let trace_header = head.headers.get(TRACE_ID).and_then(|trace| trace.to_str().ok()).map(Arc::from);
        Ok(answer::reply(&self.call(api::Request { operation, parameters, trace_header }).await))
    }

    /// Calls the API; a call that is still running when the endpoint ends is called off.
    async fn call(&self, request: api::Request) -> Reply {
        let operation = request.operation;
        tokio::select! {
            biased;
            reply = without_panic(async { self.api.call(request).await }) => reply,
            reply = called_off(self.stage.clone(), operation) => reply,
        }
    }

    /// A few words for people and health checks.
    async fn describe(&self) -> Answer {
        let version = env!("CARGO_PKG_VERSION");
        match self.machines().await {
            Ok(count) => {
                let machines = if count == 1 { "state machine" } else { "state machines" };
                answer::text(
                    StatusCode::OK,
                    format!("asldb {version}: the AWS Step Functions API, on this computer\n{count} {machines}\n"),
                )
            }
            Err(exception) => answer::text(
                StatusCode::SERVICE_UNAVAILABLE,
                format!("asldb {version}: not able to work: {exception}\n"),
            ),
        }
    }

    async fn machines(&self) -> Result<usize, Exception> {
        let (mut count, mut token) = (0, None);
        loop {
            let mut parameters = Object::new();
            parameters.insert("maxResults", Value::from(1000));
            if let Some(token) = token {
                parameters.insert("nextToken", token);
            }
            let parameters = Value::Object(parameters);
            let request = api::Request { operation: Operation::ListStateMachines, parameters, trace_header: None };
            let page = self.call(request).await?;
            count += page.get("stateMachines").and_then(Value::as_array).map_or(0, |machines| machines.len());
            token = page.get("nextToken").filter(|token| !token.is_null()).cloned();
            if token.is_none() {
                return Ok(count);
            }
        }
    }
}

fn check_content_type(headers: &HeaderMap) -> Result<(), Refusal> {
    let Some(given) = headers.get(CONTENT_TYPE) else { return Ok(()) };
    let is_known = |given: &str| {
        let essence = given.split(';').next().unwrap_or(given).trim();
        CONTENT_TYPES.iter().any(|known| known.eq_ignore_ascii_case(essence))
    };
    if given.to_str().is_ok_and(is_known) {
        return Ok(());
    }
    Err(Refusal::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "UnsupportedMediaTypeException",
        format!(
            "content type `{}` is not supported; use {}",
            String::from_utf8_lossy(given.as_bytes()),
            answer::AWS_JSON
        ),
    ))
}

fn operation(headers: &HeaderMap) -> Result<Operation, Refusal> {
    let Some(target) = headers.get(TARGET) else {
        let message = format!("the request has no X-Amz-Target header, as in {TARGET_PREFIX}ListStateMachines");
        return Err(Refusal::new(StatusCode::BAD_REQUEST, "MissingAction", message));
    };
    let named = |target: &HeaderValue| target.to_str().ok()?.strip_prefix(TARGET_PREFIX).and_then(Operation::named);
    named(target).ok_or_else(|| {
        let target = String::from_utf8_lossy(target.as_bytes());
        let message = format!("`{target}` is no operation of the Step Functions API");
        Refusal::new(StatusCode::BAD_REQUEST, "UnknownOperationException", message)
    })
}

/// A fault of ours must not take the connection with it: the client would not know what happened.
async fn without_panic(call: impl Future<Output = Reply>) -> Reply {
    let mut call = pin!(call);
    poll_fn(move |cx| {
        catch_unwind(AssertUnwindSafe(|| call.as_mut().poll(cx))).unwrap_or_else(|_| {
            Poll::Ready(Err(Exception::new("InternalFailure", "the server has a fault; its output tells more")))
        })
    })
    .await
}
