//! HTTP by hand: what no client library would send, byte by byte.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

use asldb::value::{self, Value};

/// A connection.
pub(crate) struct Client {
    reader: BufReader<TcpStream>,
}

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        value::read(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// `__type` of an error.
    pub(crate) fn error(&self) -> String {
        let body = self.json();
        let name = body.get("__type").and_then(Value::as_str).expect("an error").to_owned();
        assert_eq!(self.header("x-amzn-errortype"), Some(name.as_str()));
        name
    }

    pub(crate) fn message(&self) -> String {
        self.json().get("message").and_then(Value::as_str).expect("a message").to_owned()
    }
}

/// A request for `operation` as an SDK sends it.
pub(crate) fn request(operation: &str, body: &str) -> String {
    request_with(operation, "", body)
}

/// The same with further header lines, each ending in `\r\n`.
pub(crate) fn request_with(operation: &str, headers: &str, body: &str) -> String {
    format!(
        "POST / HTTP/1.1\r\nHost: localhost:8083\r\nContent-Type: application/x-amz-json-1.0\r\n\
         X-Amz-Target: AWSStepFunctions.{operation}\r\nAuthorization: AWS4-HMAC-SHA256 Credential=a/b/c, Signature=0\r\n\
         {headers}Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

impl Client {
    pub(crate) fn connect(address: SocketAddr) -> Self {
        Self::try_connect(address).expect("it listens")
    }

    /// None when nobody listens.
    pub(crate) fn try_connect(address: SocketAddr) -> Option<Self> {
        let stream = TcpStream::connect(address).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a time");
        stream.set_nodelay(true).expect("a socket");
        Some(Self { reader: BufReader::new(stream) })
    }

    pub(crate) fn stream(&self) -> &TcpStream {
        self.reader.get_ref()
    }

    pub(crate) fn send(&mut self, text: &str) -> &mut Self {
        self.reader.get_mut().write_all(text.as_bytes()).expect("it can be sent");
        self
    }

    /// Sends as much as is taken.
    pub(crate) fn try_send(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.reader.get_mut().write_all(bytes)
    }

    /// Sends nothing more.
    pub(crate) fn shut(&mut self) {
        drop(self.stream().shutdown(Shutdown::Write));
    }

    /// The next answer; none if the connection ends before it.
    pub(crate) fn receive(&mut self) -> Option<Answer> {
        let mut line = self.line()?;
        while line.starts_with("HTTP/1.1 100") {
            assert_eq!(self.line().as_deref(), Some(""));
            line = self.line()?;
        }
        let status = line.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_else(|| panic!("{line}"));
        let mut headers = Vec::new();
        loop {
            let line = self.line()?;
            let Some((name, value)) = line.split_once(':') else { break };
            headers.push((name.to_owned(), value.trim().to_owned()));
        }
        let mut answer = Answer { status, headers, body: String::new() };
        let length = answer.header("content-length").map_or(0, |length| length.parse().expect("a number"));
        let mut body = vec![0; length];
        self.reader.read_exact(&mut body).ok()?;
        answer.body = String::from_utf8(body).expect("UTF-8");
        Some(answer)
    }

    fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        match self.reader.read_line(&mut line) {
            Ok(count) if count > 0 => Some(line.trim_end_matches(['\r', '\n']).to_owned()),
            _ => None,
        }
    }

    /// Sends `text` and takes the answer.
    pub(crate) fn ask(&mut self, text: &str) -> Answer {
        self.send(text).receive().expect("an answer")
    }

    /// Calls `operation`.
    pub(crate) fn call(&mut self, operation: &str, body: &str) -> Answer {
        self.ask(&request(operation, body))
    }

    /// Calls `operation`, and waits until the server is at it, but not for the answer.
    pub(crate) fn begin(&mut self, operation: &str, body: &str) {
        let text = request_with(operation, "Expect: 100-continue\r\n", body);
        self.send(text.strip_suffix(body).expect("the body comes last"));
        assert_eq!(self.line().as_deref(), Some("HTTP/1.1 100 Continue"));
        assert_eq!(self.line().as_deref(), Some(""));
        self.send(body);
    }

    /// Whether the other side ends the connection, without sending anything more.
    pub(crate) fn is_closed(&mut self) -> bool {
        match self.reader.fill_buf() {
            Ok(bytes) => bytes.is_empty(),
            Err(error) => error.kind() == std::io::ErrorKind::ConnectionReset,
        }
    }
}
