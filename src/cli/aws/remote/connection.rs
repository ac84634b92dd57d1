//! Requests: made, signed, sent.

use std::error::Error;
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign as signature};
use aws_sigv4::sign::v4;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorSettings, SharedHttpClient};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use http::Request;

use super::endpoint::Address;
use crate::api::Operation;
use crate::cli::aws::failure::Failure;
use crate::cli::aws::options::Place;

/// How long to wait for a connection or an answer, as the AWS CLI does.
const TIMEOUT: Duration = Duration::from_secs(60);

/// What was answered.
#[derive(Debug)]
pub(super) struct Answer {
    /// The HTTP status.
    pub(super) status: u16,
    /// The header that names the exception.
    pub(super) error_type: Option<String>,
    /// The body.
    pub(super) body: Vec<u8>,
}

/// What became of a request.
pub(super) enum Sent {
    /// There is an answer.
    Answer(Answer),
    /// There is none, and why.
    Lost(String),
}

/// Connections to a service.
pub(super) struct Connection {
    connector: Connector,
}

impl Connection {
    /// Connections as `place` asks for.
    ///
    /// # Errors
    /// Certificates that cannot be read; what is not supported.
    pub(super) fn new(place: &Place, operation: Operation, address: &Address) -> Result<Self, Failure> {
        let mut settings = HttpConnectorSettings::builder();
        let set = |given: Option<Duration>, default| Some(given.unwrap_or(default)).filter(|time| !time.is_zero());
        settings.set_connect_timeout(set(place.connect_timeout, TIMEOUT));
        settings.set_read_timeout(set(place.read_timeout, patience(operation)));
        // A proxy cannot reach what listens on this computer.
        let proxy = if address.is_loopback { ProxyConfig::disabled() } else { ProxyConfig::from_env() };
        let builder = Connector::builder().connector_settings(settings.build()).proxy_config(proxy);
        if !address.is_encrypted() {
            return Ok(Self { connector: builder.build_http() });
        }
        if place.no_verify {
            let message =
                "argument --no-verify-ssl: certificates are always checked; --ca-bundle FILE lets others be trusted";
            return Err(Failure::Usage(message.to_owned()));
        }
        let builder = builder.tls_provider(Provider::Rustls(CryptoMode::Ring)).tls_context(context(place)?);
        Ok(Self { connector: builder.build() })
    }

    /// Sends `request` to `uri`.
    ///
    /// # Errors
    /// A request that cannot be sent at all.
    pub(super) async fn send(&self, request: Request<SdkBody>, uri: &str) -> Result<Sent, Failure> {
        let request = HttpRequest::try_from(request).map_err(|error| Failure::Other(error.to_string()))?;
        let response = match self.connector.call(request).await {
            Ok(response) => response,
            Err(error) => return Ok(Sent::Lost(lost(&error, uri))),
        };
        let status = response.status().as_u16();
        let error_type = response.headers().get("x-amzn-errortype").map(str::to_owned);
        match ByteStream::new(response.into_body()).collect().await {
            Ok(body) => Ok(Sent::Answer(Answer { status, error_type, body: body.to_vec() })),
            Err(_) => Ok(Sent::Lost(format!(
                "Connection was closed before we received a valid response from endpoint URL: \"{uri}\"."
            ))),
        }
    }
}

/// What providers of credentials ask the network with.
pub(super) fn for_credentials() -> SharedHttpClient {
    Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https()
}

/// The AWS CLI gives up after a minute; some operations take longer by their nature.
fn patience(operation: Operation) -> Duration {
    match operation {
        Operation::GetActivityTask => Duration::from_secs(70),
        Operation::StartSyncExecution | Operation::TestState => Duration::from_secs(310),
        _ => TIMEOUT,
    }
}

fn context(place: &Place) -> Result<TlsContext, Failure> {
    let bundle = place.ca_bundle.clone().or_else(|| std::env::var_os("AWS_CA_BUNDLE").map(Into::into));
    let store = match bundle {
        None => TrustStore::default().with_native_roots(true),
        Some(path) => {
            let pem = std::fs::read(&path).map_err(|error| {
                let path = path.display();
                Failure::Other(format!(
                    "Could not find a suitable TLS CA certificate bundle, invalid path: {path}: {error}"
                ))
            })?;
            TrustStore::empty().with_pem_certificate(pem)
        }
    };
    TlsContext::builder().with_trust_store(store).build().map_err(|error| Failure::Other(error.to_string()))
}

/// Why there is no answer, in the words of the AWS CLI.
fn lost(error: &ConnectorError, uri: &str) -> String {
    let mut causes = vec![error.to_string()];
    let mut source = error.source();
    while let Some(cause) = source {
        causes.push(cause.to_string());
        source = cause.source();
    }
    let all = causes.join(": ");
    if error.is_timeout() {
        let kind = if all.to_ascii_lowercase().contains("connect timeout") { "Connect" } else { "Read" };
        return format!("{kind} timeout on endpoint URL: \"{uri}\"");
    }
    let last = causes.last().map(String::as_str).unwrap_or_default();
    if all.to_ascii_lowercase().contains("certificate") {
        return format!("SSL validation failed for {uri} {last}");
    }
    format!("Could not connect to the endpoint URL: \"{uri}\" ({last})")
}

/// The request of `operation`.
pub(super) fn request(uri: &str, operation: Operation, body: &str) -> Result<Request<SdkBody>, Failure> {
    Request::builder()
        .method("POST")
        .uri(uri)
        .header("content-type", "application/x-amz-json-1.0")
        .header("x-amz-target", format!("AWSStepFunctions.{}", operation.name()))
        .header("user-agent", concat!("asldb/", env!("CARGO_PKG_VERSION")))
        .header("content-length", body.len())
        .body(SdkBody::from(body))
        .map_err(|error| Failure::Other(format!("Invalid endpoint: {uri}: {error}")))
}

/// Signs `request`, whose body is `body`.
pub(super) fn sign(
    request: &mut Request<SdkBody>,
    body: &str,
    credentials: Credentials,
    region: &str,
    time: SystemTime,
) -> Result<(), Failure> {
    let fault = |error: &dyn std::fmt::Display| Failure::Other(format!("the request cannot be signed: {error}"));
    let identity = credentials.into();
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region(region)
        .name("states")
        .time(time)
        .settings(SigningSettings::default())
        .build()
        .map_err(|error| fault(&error))?;
    let uri = request.uri().to_string();
    let headers = request.headers().iter().filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
    let signable = SignableRequest::new("POST", uri, headers, SignableBody::Bytes(body.as_bytes()));
    let signed = signature(signable.map_err(|error| fault(&error))?, &params.into()).map_err(|error| fault(&error))?;
    signed.into_parts().0.apply_to_request_http1x(request);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Compared with the signature that botocore 1.43 makes of the same request.
    #[test]
    fn signatures() {
        let mut request = Request::builder()
            .method("POST")
            .uri("https://states.us-east-1.amazonaws.com/")
            .header("content-type", "application/x-amz-json-1.0")
            .header("x-amz-target", "AWSStepFunctions.ListStateMachines")
            .body(SdkBody::from("{}"))
            .expect("a request");
        let credentials = Credentials::new("AKIDEXAMPLE", "secret", Some("session".to_owned()), None, "test");
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
        sign(&mut request, "{}", credentials, "us-east-1", time).expect("signed");
        let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        assert_eq!(header("x-amz-date"), "20231114T221320Z");
        assert_eq!(header("x-amz-security-token"), "session");
        assert_eq!(
            header("authorization"),
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20231114/us-east-1/states/aws4_request, \
             SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, \
             Signature=75d6ce77cf774b3f74b0cd0724ea40eb4cc8da057fad1736f6047a4b999c45e3"
        );
    }
}
