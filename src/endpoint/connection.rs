//! One connection, from its first request to its end.

use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::answer::request_id;
use super::call::Desk;
use super::stop::Stage;
use super::stream::{Progress, TimedStream};

/// Answers the requests of a connection until its peer or a limit ends it, or the endpoint stops.
pub(super) async fn converse(stream: TcpStream, desk: Arc<Desk>) {
    let mut stage = desk.stage.clone();
    let progress = Arc::new(Progress::default());
    let stream = TokioIo::new(TimedStream::new(stream, Arc::clone(&progress), &desk.limits));
    let service = service_fn(|request| {
        let (desk, progress) = (&desk, &progress);
        progress.begin();
        async move {
            let answer = desk.answer(request, progress).await;
            progress.end();
            Ok::<_, Infallible>(answer)
        }
    });
    let connection = http1::Builder::new()
        // The stream keeps the time.
        .header_read_timeout(None)
        .max_buf_size(desk.limits.header)
        .serve_connection(stream, service);
    let mut connection = pin!(connection);
    let stopping = async move { drop(stage.wait_for(|stage| *stage >= Stage::Stopping).await) };
    tokio::select! {
        // What goes wrong with a connection is its peer's affair; a peer that is gone calls off what it wanted.
        ended = connection.as_mut() => return drop(ended),
        () = stopping => connection.as_mut().graceful_shutdown(),
    }
    drop(connection.await);
}

/// How long a client is given to take a refusal.
const REFUSAL_TIME: Duration = Duration::from_secs(1);

/// Tells a client that there are too many.
pub(super) async fn refuse(mut stream: TcpStream) {
    const BODY: &str = r#"{"__type":"ServiceUnavailable","message":"too many connections; try again later"}"#;
    let answer = format!(
        "HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/x-amz-json-1.0\r\n\
         x-amzn-errortype: ServiceUnavailable\r\nx-amzn-requestid: {}\r\nretry-after: 1\r\nconnection: close\r\n\
         content-length: {}\r\n\r\n{BODY}",
        request_id(),
        BODY.len()
    );
    let told = async {
        stream.write_all(answer.as_bytes()).await?;
        stream.shutdown().await?;
        // Closing before the client has sent its request would take the answer away from it.
        let mut scratch = [0; 4096];
        while stream.read(&mut scratch).await? > 0 {}
        std::io::Result::Ok(())
    };
    drop(tokio::time::timeout(REFUSAL_TIME, told).await);
}
