//! An endpoint inside the test's own process.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;

use asldb::endpoint::{Endpoint, Limits, Policy};
use tokio::sync::oneshot;

use crate::fake::Fake;
use crate::wire::Client;

/// A running endpoint with a [`Fake`] behind it.
pub(crate) struct Served {
    pub(crate) address: SocketAddr,
    pub(crate) fake: Arc<Fake>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// With default limits, for callers on this computer.
pub(crate) fn served() -> Served {
    Served::start(Limits::default(), |policy| policy)
}

/// With other limits.
pub(crate) fn limited(change: impl FnOnce(&mut Limits)) -> Served {
    let mut limits = Limits::default();
    change(&mut limits);
    Served::start(limits, |policy| policy)
}

impl Served {
    pub(crate) fn start(limits: Limits, policy: impl FnOnce(Policy) -> Policy + Send + 'static) -> Self {
        let fake = Arc::new(Fake::default());
        let (stop, stopped) = oneshot::channel::<()>();
        let (tell, told) = mpsc::channel();
        let api = Arc::clone(&fake);
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
            runtime.expect("a runtime").block_on(async move {
                let endpoint = Endpoint::bind((Ipv4Addr::LOCALHOST, 0).into()).await.expect("a free port");
                let address = endpoint.address();
                tell.send(address).expect("the test waits");
                let stop = async move { drop(stopped.await) };
                endpoint.serve(api, policy(Policy::new(address.ip())), limits, stop).await;
            });
        });
        let address = told.recv_timeout(Duration::from_secs(30)).expect("it starts");
        Self { address, fake, stop: Some(stop), thread: Some(thread) }
    }

    pub(crate) fn connect(&self) -> Client {
        Client::connect(self.address)
    }

    /// Tells it to stop.
    pub(crate) fn stop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // Fails when it has ended by itself.
            let _ = stop.send(());
        }
    }

    /// Waits until it has stopped.
    pub(crate) fn join(&mut self) {
        self.stop();
        if let Some(thread) = self.thread.take() {
            thread.join().expect("it does not panic");
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.stop();
    }
}
