//! `asldb serve`: the Step Functions API for the AWS CLI, the AWS SDKs and tests.

mod banner;
mod files;
mod follow;
mod listen;
mod machines;
mod signals;

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;

use super::args::ServeArgs;
use super::run;
use crate::api::Api;
use crate::endpoint::Limits;
use crate::runtime::mock::Mocks;
use follow::Follower;
use listen::Listening;
use machines::Registrar;

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
    let service = open_service(args, mocks.clone())?;
    let registrar = Registrar::new(Arc::clone(&service), args);
    let follower = Follower::start(registrar, sources, args.mocks.clone().zip(mocks)).await?;
    banner::print(args, listening.address(), follower.machines().await)?;
    let following = tokio::spawn(follower.run());
    listening.serve(service, Limits::default(), stop).await;
    following.abort();
    Ok(())
}
