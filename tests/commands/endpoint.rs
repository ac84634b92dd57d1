//! An endpoint that gives the answers it is told, and keeps the requests.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;

/// A request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    /// Request line and headers, in lower case.
    pub(crate) head: String,
    /// The body.
    pub(crate) body: String,
}

impl Seen {
    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }
}

/// An endpoint on this computer; ends with the value.
pub(crate) struct Endpoint {
    /// Its address.
    pub(crate) url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    _runtime: Runtime,
}

impl Endpoint {
    /// Answers the first request with the first of `answers` (status and body), and so on; the last is for all that follow.
    /// Without any, nothing is answered.
    pub(crate) fn answering(answers: &[(u16, &str)]) -> Self {
        let answers: Arc<Vec<(u16, String)>> =
            Arc::new(answers.iter().map(|(status, body)| (*status, (*body).to_owned())).collect());
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a runtime");
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let seen = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&seen);
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&answers), Arc::clone(&log)));
            }
        });
        Self { url, seen, _runtime: runtime }
    }

    /// The requests so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("no test failed in between").clone()
    }
}

async fn serve(mut stream: TcpStream, answers: Arc<Vec<(u16, String)>>, log: Arc<Mutex<Vec<Seen>>>) {
    while let Some(request) = read(&mut stream).await {
        let count = {
            let mut log = log.lock().expect("no test failed in between");
            log.push(request);
            log.len()
        };
        let Some((status, body)) = answers.get(count - 1).or(answers.last()) else { continue };
        let length = body.len();
        let answer = format!(
            "HTTP/1.1 {status} X\r\ncontent-type: application/x-amz-json-1.0\r\ncontent-length: {length}\r\n\r\n{body}"
        );
        if stream.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

async fn read(stream: &mut TcpStream) -> Option<Seen> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let seen = Seen { head: head.to_lowercase(), body: body.to_owned() };
            let length: usize = seen.header("content-length").map_or(0, |length| length.parse().expect("a length"));
            if body.len() >= length {
                return Some(seen);
            }
        }
        let mut chunk = [0; 4096];
        let read = stream.read(&mut chunk).await.ok().filter(|read| *read > 0)?;
        bytes.extend_from_slice(&chunk[..read]);
    }
}
