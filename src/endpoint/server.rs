//! The listener: accepts connections, counts them, stops.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::call::Desk;
use super::connection::{converse, refuse};
use super::stop::Stage;
use super::{Limits, Policy};
use crate::api::Api;

/// How many clients too many are told so; those beyond are just closed.
const REFUSED: usize = 100;
/// How long answers to calls that were called off may take to leave.
const LAST_WORDS: Duration = Duration::from_millis(500);
/// How long to wait when no connection can be accepted, as when the system has no more file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// A Step Functions endpoint that listens and does not answer yet.
#[derive(Debug)]
pub struct Endpoint {
    listener: TcpListener,
    address: SocketAddr,
}

impl Endpoint {
    /// Listens at `address`; port 0 is any free port.
    ///
    /// # Errors
    /// The address cannot be used: the port is taken, or the host is none of this computer.
    pub async fn bind(address: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address })
    }

    /// Where it listens, with the port that was found.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers requests by `api` until `stop` is ready. Then nothing new is accepted, long polls are answered, calls in
    /// flight have `limits.grace` to end, and what is left is called off.
    pub async fn serve(self, api: Arc<dyn Api>, policy: Policy, limits: Limits, stop: impl Future<Output = ()>) {
        let (stage, stage_seen) = watch::channel(Stage::Serving);
        let grace = limits.grace;
        let desk = Arc::new(Desk { api, policy, limits, stage: stage_seen });
        let mut connections = JoinSet::new();
        tokio::select! {
            () = stop => {}
            () = accept(&self.listener, &desk, &mut connections) => {}
        }
        drop(self.listener);
        stage.send_replace(Stage::Stopping);
        if timeout(grace, all(&mut connections)).await.is_err() {
            stage.send_replace(Stage::CallingOff);
            // What has not ended by then is aborted with the set.
            drop(timeout(LAST_WORDS, all(&mut connections)).await);
        }
    }
}

async fn all(tasks: &mut JoinSet<()>) {
    while tasks.join_next().await.is_some() {}
}

/// Accepts connections; never ends.
async fn accept(listener: &TcpListener, desk: &Arc<Desk>, connections: &mut JoinSet<()>) {
    let mut refused = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) if connections.len() < desk.limits.connections => {
                    connections.spawn(converse(prepared(stream), Arc::clone(desk)));
                }
                Ok((stream, _)) if refused.len() < REFUSED => {
                    refused.spawn(refuse(stream));
                }
                Ok(_) => {}
                Err(_) => sleep(ACCEPT_PAUSE).await,
            },
            // Ended tasks stay in their set until they are taken out.
            Some(_) = connections.join_next() => {}
            Some(_) = refused.join_next() => {}
        }
    }
}

fn prepared(stream: TcpStream) -> TcpStream {
    // Answers are written in one piece: waiting for more of them only delays. Works without, too.
    drop(stream.set_nodelay(true));
    stream
}
