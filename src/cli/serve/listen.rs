//! The address that the server listens at.

use std::future::Future;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use anyhow::{Context, anyhow};

use crate::api::Api;
use crate::cli::args::ServeArgs;
use crate::cli::complain;
use crate::endpoint::{Endpoint, Limits, Policy};

/// A server that listens and does not answer yet.
pub(super) struct Listening {
    endpoint: Endpoint,
    policy: Policy,
}

impl Listening {
    /// Listens where `args` say.
    ///
    /// # Errors
    /// The port is taken, the host is none of this computer, or an origin is none.
    pub(super) async fn start(args: &ServeArgs) -> anyhow::Result<Self> {
        raise_file_limit();
        let endpoint = bind(&args.host, args.port).await?;
        let address = endpoint.address().ip();
        let policy = policy(args, address)?;
        warn_of_others(address);
        Ok(Self { endpoint, policy })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.endpoint.address()
    }

    /// Answers until `stop` is ready.
    pub(super) async fn serve(self, api: Arc<dyn Api>, limits: Limits, stop: impl Future<Output = ()>) {
        self.endpoint.serve(api, self.policy, limits, stop).await;
    }
}

async fn bind(host: &str, port: u16) -> anyhow::Result<Endpoint> {
    let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
    let found = tokio::net::lookup_host((bare, port)).await;
    let addresses: Vec<SocketAddr> = found.with_context(|| format!("--host {host}: there is no such host"))?.collect();
    let mut failure = io::Error::from(ErrorKind::AddrNotAvailable);
    for address in addresses {
        match Endpoint::bind(address).await {
            Ok(endpoint) => return Ok(endpoint),
            Err(error) => failure = error,
        }
    }
    Err(explain(&failure, host, port))
}

fn explain(failure: &io::Error, host: &str, port: u16) -> anyhow::Error {
    match failure.kind() {
        ErrorKind::AddrInUse => anyhow!(
            "port {port} of {host} is taken by another program; stop that, or choose another port with --port (0 is any \
             free one)"
        ),
        ErrorKind::AddrNotAvailable => anyhow!("--host {host} is no address of this computer"),
        ErrorKind::PermissionDenied => {
            anyhow!("port {port} of {host} may not be used by this user; choose one from 1024 on with --port")
        }
        _ => anyhow!("cannot listen at {host}, port {port}: {failure}"),
    }
}

fn policy(args: &ServeArgs, address: IpAddr) -> anyhow::Result<Policy> {
    // A name to listen at is also one to be called by.
    let own = Some(&args.host).filter(|host| host.parse::<IpAddr>().is_err());
    let policy =
        own.into_iter().chain(&args.allow_host).fold(Policy::new(address), |policy, name| policy.allow_host(name));
    args.allow_origin.iter().try_fold(policy, |policy, origin| policy.allow_origin(origin)).context("--allow-origin")
}

fn warn_of_others(address: IpAddr) {
    if !address.is_loopback() {
        complain(&format!(
            "asldb: warning: {address} can be reached from other computers; there are no passwords: everyone there can \
             read and change machines and executions"
        ));
    }
}

/// Lets the process have as many files as its connections need; many systems give 1024 unless asked.
#[cfg(unix)]
fn raise_file_limit() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    const WANTED: u64 = 4096;
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current.is_some_and(|current| current < WANTED) {
        let current = Some(maximum.map_or(WANTED, |maximum| maximum.min(WANTED)));
        // With fewer files there are fewer connections.
        let _ = setrlimit(Resource::Nofile, Rlimit { current, maximum });
    }
}

#[cfg(not(unix))]
fn raise_file_limit() {}
