//! How much and how long clients may take.

use std::time::Duration;

/// How much and how long clients may take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Connections at a time; further ones are answered 503 and closed.
    pub connections: usize,
    /// Bytes of a request's body (Step Functions quotas: 1 MB per request).
    pub body: usize,
    /// Bytes of a request's line and headers.
    pub header: usize,
    /// From the first byte of a request, or from the start of a connection, to the end of the request's headers.
    pub header_time: Duration,
    /// From the end of the headers to the end of the body.
    pub body_time: Duration,
    /// How long a connection may stay without a request.
    pub idle_time: Duration,
    /// How long a client may read nothing of an answer.
    pub write_time: Duration,
    /// How long calls in flight may go on once the endpoint stops.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 1000,
            body: 1 << 20,
            header: 64 << 10,
            header_time: Duration::from_secs(15),
            body_time: Duration::from_secs(30),
            // Longer than AWS SDKs keep unused connections, so that it is them who close.
            idle_time: Duration::from_secs(120),
            write_time: Duration::from_secs(30),
            grace: Duration::from_secs(3),
        }
    }
}
