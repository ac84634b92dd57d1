//! A connection's stream with limits of time.
//!
//! Hyper has one limit for both waiting for a request and receiving its headers, and none for clients that do not read.
//! Here the stream itself fails when its peer takes too long.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep};

use super::limits::Limits;

/// How long a refused client may go on sending before the connection is cut: closing at once would take the answer away
/// from it (RFC 9112, 9.6).
const LINGER: Duration = Duration::from_secs(1);

/// What a connection is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Waiting for a request.
    Idle,
    /// Receiving headers.
    Headers,
    /// A request is being read and answered.
    Busy,
    /// The answer is on its way.
    Answering,
}

/// What the stream and whoever answers the requests know of each other.
#[derive(Debug, Default)]
pub(super) struct Progress {
    phase: AtomicU8,
    left_unread: AtomicBool,
}

impl Progress {
    // Relaxed everywhere: one task reads and writes.
    fn phase(&self) -> Phase {
        match self.phase.load(Ordering::Relaxed) {
            0 => Phase::Headers,
            1 => Phase::Idle,
            2 => Phase::Busy,
            _ => Phase::Answering,
        }
    }

    fn enter(&self, phase: Phase) {
        let number = match phase {
            Phase::Headers => 0,
            Phase::Idle => 1,
            Phase::Busy => 2,
            Phase::Answering => 3,
        };
        self.phase.store(number, Ordering::Relaxed);
    }

    /// A request's headers have been received.
    pub(super) fn begin(&self) {
        self.left_unread.store(false, Ordering::Relaxed);
        self.enter(Phase::Busy);
    }

    /// The answer is ready.
    pub(super) fn end(&self) {
        self.enter(Phase::Answering);
    }

    /// A request was answered without reading it to its end.
    pub(super) fn leave_unread(&self) {
        self.left_unread.store(true, Ordering::Relaxed);
    }
}

/// The stream of a connection.
pub(super) struct TimedStream {
    stream: TcpStream,
    progress: Arc<Progress>,
    /// When the peer must have sent its request.
    receiving: Pin<Box<Sleep>>,
    /// When the peer must have read something, while it does not.
    sending: Option<Pin<Box<Sleep>>>,
    header_time: Duration,
    idle_time: Duration,
    write_time: Duration,
    is_shut: bool,
}

impl TimedStream {
    pub(super) fn new(stream: TcpStream, progress: Arc<Progress>, limits: &Limits) -> Self {
        Self {
            stream,
            progress,
            receiving: Box::pin(sleep(limits.header_time)),
            sending: None,
            header_time: limits.header_time,
            idle_time: limits.idle_time,
            write_time: limits.write_time,
            is_shut: false,
        }
    }

    fn enter(&mut self, phase: Phase, time: Duration) {
        self.progress.enter(phase);
        self.receiving.as_mut().reset(Instant::now() + time);
    }

    /// Fails when a peer that does not read has not done so for too long.
    fn poll_sending<T>(&mut self, cx: &mut Context<'_>, sent: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if sent.is_ready() {
            self.sending = None;
            return sent;
        }
        let time = self.write_time;
        ready!(self.sending.get_or_insert_with(|| Box::pin(sleep(time))).as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    /// Reads and forgets what still comes.
    fn poll_linger(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let mut scratch = [0; 8192];
        loop {
            let mut buffer = ReadBuf::new(&mut scratch);
            if self.receiving.as_mut().poll(cx).is_ready() {
                return Poll::Ready(());
            }
            match ready!(Pin::new(&mut self.stream).poll_read(cx, &mut buffer)) {
                Ok(()) if !buffer.filled().is_empty() => {}
                _ => return Poll::Ready(()),
            }
        }
    }
}

impl AsyncRead for TimedStream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buffer);
        match (&read, self.progress.phase()) {
            (Poll::Pending, Phase::Idle | Phase::Headers) => {
                ready!(self.receiving.as_mut().poll(cx));
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
            (Poll::Ready(Ok(())), Phase::Idle) if buffer.filled().len() > before => {
                let time = self.header_time;
                self.enter(Phase::Headers, time);
            }
            _ => {}
        }
        read
    }
}

impl AsyncWrite for TimedStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let sent = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.poll_sending(cx, sent)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let sent = Pin::new(&mut self.stream).poll_write_vectored(cx, parts);
        self.poll_sending(cx, sent)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(cx);
        // All of an answer is handed over before the first flush after it.
        if matches!(flushed, Poll::Ready(Ok(()))) && self.progress.phase() == Phase::Answering {
            let time = self.idle_time;
            self.enter(Phase::Idle, time);
        }
        flushed
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if !self.is_shut {
            ready!(Pin::new(&mut self.stream).poll_shutdown(cx))?;
            self.is_shut = true;
            self.receiving.as_mut().reset(Instant::now() + LINGER);
        }
        // Headers that were cut off, or could not be read.
        let is_half_read = self.progress.phase() == Phase::Headers;
        if is_half_read || self.progress.left_unread.load(Ordering::Relaxed) {
            ready!(self.poll_linger(cx));
        }
        Poll::Ready(Ok(()))
    }
}
