//! `asldb serve`: the Step Functions API for the AWS CLI, the AWS SDKs and tests.

mod banner;
mod files;
mod follow;
mod listen;
mod machines;
mod signals;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;

use super::args::ServeArgs;
use super::aws::target::default_store;
use super::buckets::with_buckets;
use super::{complain, open, run};
use crate::api::Api;
use crate::endpoint::Limits;
use crate::runtime::mock::Mocks;
use crate::runtime::tasks::Unanswered;
use crate::service::{Recovered, Service, ServiceConfig};
use follow::Follower;
use listen::Listening;
use machines::Registrar;
pub(super) use machines::json_text;

/// Serves the API until a signal ends it.
///
/// # Errors
/// What cannot be used: the address, the store, the definitions, the mock file.
pub fn serve(args: &ServeArgs) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start")?;
    let ended = runtime.block_on(run_server(args));
    // Executions at full speed, and calls that were called off, must not keep the program from ending.
    runtime.shutdown_background();
    ended.map(|()| ExitCode::SUCCESS)
}

async fn run_server(args: &ServeArgs) -> anyhow::Result<()> {
    // First what fails most often, and before anything is written.
    let listening = Listening::start(args).await?;
    let stop = signals::stop()?;
    let mocks = args.mocks.as_deref().map(run::read_mocks).transpose()?.map(Mocks::new);
    let sources = files::Sources::new(&args.definitions)?;
    let settings = open::settings(&args.set)?;
    let store = if args.in_memory { None } else { Some(store(args)?) };
    let service = Arc::new(open_service(args, store.clone(), mocks.clone()).await?);
    tell_recovered(service.recovered());
    let registrar = Registrar::new(Arc::clone(&service), args.kind, settings);
    let follower = Follower::start(registrar, sources, args.mocks.clone().zip(mocks)).await?;
    let url = banner::url(listening.address());
    service.announce(&url).with_context(|| format!("cannot say beside the store that {url} serves it"))?;
    banner::print(args, store.as_deref(), &url, service.recovered().resumed, follower.machines().await)?;
    let following = tokio::spawn(follower.run());
    listening.serve(Arc::clone(&service) as Arc<dyn Api>, Limits::default(), stop).await;
    following.abort();
    close(service).await;
    Ok(())
}

/// The store that is named, else the user's own.
fn store(args: &ServeArgs) -> anyhow::Result<PathBuf> {
    args.store.clone().map_or_else(default_store, Ok)
}

async fn open_service(args: &ServeArgs, store: Option<PathBuf>, mocks: Option<Arc<Mocks>>) -> anyhow::Result<Service> {
    let config = ServiceConfig {
        account: args.account.clone(),
        region: args.region.clone(),
        store: store.clone(),
        mocks,
        skip_waits: args.skip_waits,
        history_limit: !args.no_history_limit,
        tasks: with_buckets(Arc::new(Unanswered), &args.s3, Some(|hint| complain(&format!("asldb: {hint}"))))?,
        ..ServiceConfig::default()
    };
    let store = store.as_deref().unwrap_or(Path::new("in memory"));
    Service::open(config).await.with_context(|| format!("cannot use the store {}", store.display()))
}

/// Tells what did not survive the end of the last server.
fn tell_recovered(recovered: &Recovered) {
    if !recovered.gone.is_empty() {
        let count = recovered.gone.len();
        complain(&format!("asldb: {count} Express executions ended with the last server; they cannot be resumed"));
    }
    for (arn, reason) in &recovered.lost {
        complain(&format!("asldb: {arn} cannot go on and is ABORTED: {reason}"));
    }
}

/// Closes the store once nobody works with it any more.
async fn close(service: Arc<Service>) {
    // Connections and the follower were told to end; they do at their next step.
    for _ in 0..100 {
        if Arc::strong_count(&service) == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    if let Some(service) = Arc::into_inner(service) {
        service.close().await;
    }
}
