//! Who answers the calls: the embedded service, or one that is reached over the network.

use std::future::Future;
use std::pin::Pin;

use super::failure::Failure;
use super::options::{Layout, Local, Options};
#[cfg(feature = "aws")]
use super::remote::Remote;
use crate::api::{Api, Operation, Request};
use crate::cli::complain;
use crate::value::Value;

/// The embedded service.
pub struct Embedded {
    /// Answers the calls.
    pub api: Box<dyn Api>,
    /// Ends when the executions that this process drives have ended; none where another process drives them.
    pub idle: Option<Idle>,
}

/// A future that ends when nothing is left to do.
pub type Idle = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Opens the embedded service: the store of `local`, or a running `asldb serve` for that store.
///
/// # Errors
/// A store or a mock file that cannot be used.
pub fn embedded(local: &Local) -> anyhow::Result<Embedded> {
    let store = local.store.as_deref().map_or_else(String::new, |store| format!(" for {}", store.display()));
    anyhow::bail!("there is no embedded service{store} in this build; name the address of one with --endpoint-url")
}

/// Who answers the calls.
pub enum Target {
    /// The embedded service.
    Embedded(Embedded),
    /// A service elsewhere.
    #[cfg(feature = "aws")]
    Remote(Box<Remote>),
}

impl Target {
    /// Chooses by the options: `--endpoint-url`, `--profile`, or `--region` where there are credentials, mean a service
    /// elsewhere.
    ///
    /// # Errors
    /// A service that cannot be opened, a configuration that is not there.
    pub async fn choose(operation: Operation, options: &Options) -> Result<Self, Failure> {
        let local = &options.local;
        let is_local = local.store.is_some() || local.in_memory || local.mocks.is_some();
        let place = &options.place;
        let named = [("--endpoint-url", place.endpoint.is_some()), ("--profile", place.profile.is_some())];
        if let Some((option, _)) = named.iter().find(|(_, is_given)| *is_given && is_local) {
            let message = "--store, --in-memory and --mocks are for the embedded service";
            return Err(Failure::Usage(format!("argument {option}: {message}")));
        }
        #[cfg(feature = "aws")]
        if !is_local && let Some(remote) = Remote::open(operation, options).await? {
            return Ok(Self::Remote(Box::new(remote)));
        }
        #[cfg(not(feature = "aws"))]
        if named.iter().any(|(_, is_given)| *is_given) {
            return Err(Failure::Other("this build cannot call other services: it lacks the feature 'aws'".to_owned()));
        }
        if options.debug {
            complain(&format!("asldb: {} goes to the embedded service", operation.name()));
        }
        embedded(local).map(Self::Embedded).map_err(|error| Failure::Other(format!("{error:#}")))
    }

    /// The layout of answers that the profile in use asks for.
    #[must_use]
    pub fn layout(&self) -> Option<Layout> {
        match self {
            Self::Embedded(_) => None,
            #[cfg(feature = "aws")]
            Self::Remote(remote) => remote.layout,
        }
    }

    /// Performs a call.
    ///
    /// # Errors
    /// The exception, or why there is no answer.
    pub async fn call(&self, operation: Operation, parameters: Value) -> Result<Value, Failure> {
        match self {
            Self::Embedded(embedded) => {
                let request = Request { operation, parameters, trace_header: None };
                embedded.api.call(request).await.map_err(|exception| Failure::exception(operation, exception))
            }
            #[cfg(feature = "aws")]
            Self::Remote(remote) => remote.call(operation, &parameters).await,
        }
    }

    /// Waits for executions that would end with this process.
    pub async fn finish(self) {
        let Self::Embedded(Embedded { idle: Some(mut idle), .. }) = self else { return };
        let is_done = tokio::time::timeout(std::time::Duration::from_millis(20), &mut idle).await.is_ok();
        if !is_done {
            complain("asldb: waiting for the end of the execution, which runs in this process; Ctrl-c stops it");
            idle.await;
        }
    }
}
