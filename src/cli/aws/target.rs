//! Who answers the calls: the embedded service, or one that is reached over the network.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;

use super::failure::Failure;
use super::options::{Layout, Local, Options};
#[cfg(feature = "aws")]
use super::remote::Remote;
use crate::api::{Api, Operation, Request};
use crate::cli::{complain, run};
use crate::config::Folders;
use crate::runtime::mock::Mocks;
use crate::service::{Service, ServiceConfig, ServiceError};
use crate::store::OpenError;
use crate::value::Value;

/// The embedded service.
pub struct Embedded {
    /// Answers the calls.
    pub api: Arc<dyn Api>,
    /// The same, where this process drives its executions.
    pub service: Option<Arc<Service>>,
}

/// What became of opening the embedded service.
pub enum Opened {
    /// It is in this process.
    Here(Embedded),
    /// Another process has the store open and serves it at this address.
    There(String),
}

/// Opens the embedded service: the store of `local`, or a running `asldb serve` for that store.
///
/// # Errors
/// A store or a mock file that cannot be used.
pub async fn embedded(local: &Local) -> anyhow::Result<Opened> {
    let store = store(local)?;
    let mut config = ServiceConfig { store: store.clone(), ..ServiceConfig::default() };
    if let Some(region) = &local.region {
        config.region.clone_from(region);
    }
    config.mocks = local.mocks.as_deref().map(run::read_mocks).transpose()?.map(Mocks::new);
    match Service::open(config).await {
        Ok(service) => {
            let service = Arc::new(service);
            let api = Arc::clone(&service) as Arc<dyn Api>;
            Ok(Opened::Here(Embedded { api, service: Some(service) }))
        }
        Err(ServiceError::Open(OpenError::InUse { url: Some(url) })) if local.mocks.is_none() => Ok(Opened::There(url)),
        Err(error) => {
            let name = store.map_or_else(|| "in memory".to_owned(), |store| store.display().to_string());
            Err(error).with_context(|| format!("cannot use the store {name}"))
        }
    }
}

/// The file of the store: the one that is named, else the user's own; none for memory.
fn store(local: &Local) -> anyhow::Result<Option<PathBuf>> {
    if local.in_memory {
        anyhow::ensure!(local.store.is_none(), "--in-memory and --store contradict each other");
        return Ok(None);
    }
    if let Some(store) = &local.store {
        return Ok(Some(store.clone()));
    }
    default_store().map(Some)
}

/// The user's own store; its folder is made.
pub(in crate::cli) fn default_store() -> anyhow::Result<PathBuf> {
    let folders = Folders::from_environment()?;
    std::fs::create_dir_all(&folders.state).with_context(|| folders.state.display().to_string())?;
    Ok(folders.store())
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
        match embedded(local).await.map_err(|error| Failure::Other(format!("{error:#}")))? {
            Opened::Here(embedded) => Ok(Self::Embedded(embedded)),
            Opened::There(url) => Self::at(operation, options, url).await,
        }
    }

    /// The service of another process on this computer.
    #[cfg(feature = "aws")]
    async fn at(operation: Operation, options: &Options, url: String) -> Result<Self, Failure> {
        let mut options = options.clone();
        options.place.endpoint = Some(url);
        let remote = Remote::open(operation, &options).await?;
        let remote = remote.ok_or_else(|| Failure::Other("the store is in use by another process".to_owned()))?;
        Ok(Self::Remote(Box::new(remote)))
    }

    #[cfg(not(feature = "aws"))]
    async fn at(_: Operation, _: &Options, url: String) -> Result<Self, Failure> {
        Err(Failure::Other(format!("the store is served at {url}, and this build cannot call other services")))
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

    /// Waits for the end of what `answer` says was begun in this process, then closes the store.
    pub async fn finish(self, operation: Operation, parameters: &Value, answer: &Value) {
        let Self::Embedded(Embedded { api, service: Some(service) }) = self else { return };
        drop(api);
        let begun = match operation {
            Operation::StartExecution => answer.get("executionArn"),
            Operation::RedriveExecution => parameters.get("executionArn"),
            _ => None,
        };
        if let Some(arn) = begun.and_then(Value::as_str) {
            let ended = service.ended(arn);
            tokio::pin!(ended);
            if tokio::time::timeout(SOON, &mut ended).await.is_err() {
                complain(&format!("asldb: waiting for the end of {arn}, which runs in this process"));
                ended.await;
            }
        }
        if let Some(service) = Arc::into_inner(service) {
            service.close().await;
        }
    }
}

/// Executions that end so soon need no message.
const SOON: Duration = Duration::from_millis(50);
