//! The Step Functions service, embedded: state machines, executions, activities and all that belongs to them.
//!
//! [`Service`] answers the operations of the API. Everything it acknowledges is in its [`crate::store`] by then. A running
//! execution is there as its start and a journal of what its machine was told; an ended one as its history.

mod activities;
mod aliases;
pub mod arn;
mod billing;
mod config;
mod definition;
mod executions;
mod history;
mod inner;
mod journal;
mod launch;
mod machines;
mod map_runs;
mod names;
mod nested;
mod page;
mod parameters;
mod recover;
mod redrive;
mod registry;
mod runs;
mod settings;
mod start;
mod sync;
mod tags;
mod tasks;
pub mod test_state;
mod tokens;
mod validate;
mod variables;
mod versions;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

pub use config::{Now, ServiceConfig, ServiceError};
pub use definition::diagnostics;
pub use launch::{About, FullSpeed, Launched, Launcher};
pub use recover::Recovered;

use crate::api::{self, Api, Exception, Operation, Reply, Request};
use crate::store::Store;
use crate::value::Value;
use inner::Inner;
use parameters::Parameters;

/// The embedded service.
///
/// Dropping it stops its executions where they are; those of type STANDARD go on when the store is opened again.
pub struct Service {
    inner: Arc<Inner>,
    recovered: Recovered,
}

impl Service {
    /// Opens the store and takes up the executions that were running when it was last open. Needs a tokio runtime.
    ///
    /// # Errors
    /// The store is in use, or cannot be opened or read.
    pub async fn open(config: ServiceConfig) -> Result<Self, ServiceError> {
        let store = Store::open(config.store.as_deref())?;
        let (inner, leftovers) = Inner::load(config, store)?;
        let inner = Arc::new(inner);
        let recovered = recover::take_up(&inner, leftovers).await?;
        Ok(Self { inner, recovered })
    }

    /// What became of the executions that an earlier process left running.
    #[must_use]
    pub fn recovered(&self) -> &Recovered {
        &self.recovered
    }

    /// Leaves word beside the store where this process serves it.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn announce(&self, url: &str) -> std::io::Result<()> {
        self.inner.store.announce(url)
    }

    /// Makes the state machine `name` from `definition` (JSON), or updates the one that there is. Returns its ARN.
    ///
    /// # Errors
    /// The exceptions of CreateStateMachine and UpdateStateMachine; a state machine cannot change its type.
    pub async fn register(&self, name: &str, definition: &str, express: bool) -> Result<String, Exception> {
        self.inner.register(name, definition, express).await
    }

    /// Waits until the execution `arn` runs no more; at once if it does not run.
    pub async fn ended(&self, arn: &str) {
        let running = self.inner.runs.get(arn);
        if let Some(running) = running {
            running.ending().await;
        }
    }

    /// Ends all runs where they are, writes what is queued and closes the store.
    pub async fn close(self) {
        self.inner.stop_runs().await;
        let store = self.inner.store.alive();
        drop(self);
        // The last pieces of work let go of the store on their own, but only after they were told; a call that somebody
        // still holds is not waited for.
        for _ in 0..CLOSING_MILLIS {
            if store.strong_count() == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

/// How long closing waits for work that lets go of the store.
const CLOSING_MILLIS: u32 = 5000;

impl Drop for Service {
    fn drop(&mut self) {
        self.inner.abort_runs();
    }
}

impl Api for Service {
    fn call(&self, request: Request) -> Pin<Box<dyn Future<Output = Reply> + Send + '_>> {
        Box::pin(perform(&self.inner, request))
    }
}

/// Performs a call.
async fn perform(inner: &Arc<Inner>, request: Request) -> Reply {
    api::check(request.operation, &request.parameters)?;
    let parameters = Parameters(&request.parameters);
    let trace = request.trace_header.as_ref();
    match request.operation {
        Operation::CreateStateMachine => inner.create_state_machine(parameters).await,
        Operation::UpdateStateMachine => inner.update_state_machine(parameters).await,
        Operation::DescribeStateMachine => inner.describe_state_machine(parameters).await,
        Operation::DeleteStateMachine => inner.delete_state_machine(parameters).await,
        Operation::ListStateMachines => inner.list_state_machines(parameters),
        Operation::ValidateStateMachineDefinition => validate::perform(parameters),
        Operation::StartExecution => inner.start_execution(parameters, trace).await,
        Operation::StartSyncExecution => inner.start_sync_execution(parameters, trace).await,
        Operation::StopExecution => inner.stop_execution(parameters).await,
        Operation::DescribeExecution => inner.describe_execution(parameters).await,
        Operation::ListExecutions => inner.list_executions(parameters).await,
        Operation::GetExecutionHistory => inner.execution_history(parameters).await,
        Operation::DescribeStateMachineForExecution => inner.describe_state_machine_for_execution(parameters).await,
        Operation::RedriveExecution => inner.redrive_execution(parameters).await,
        Operation::TestState => inner.test_state(&request.parameters).await,
        Operation::SendTaskSuccess => inner.send_task_success(parameters).await,
        Operation::SendTaskFailure => inner.send_task_failure(parameters).await,
        Operation::SendTaskHeartbeat => inner.send_task_heartbeat(parameters).await,
        Operation::CreateActivity => inner.create_activity(parameters).await,
        Operation::DescribeActivity => inner.describe_activity(parameters),
        Operation::ListActivities => inner.list_activities(parameters),
        Operation::DeleteActivity => inner.delete_activity(parameters).await,
        Operation::GetActivityTask => inner.get_activity_task(parameters).await,
        Operation::PublishStateMachineVersion => inner.publish_version(parameters).await,
        Operation::ListStateMachineVersions => inner.list_versions(parameters),
        Operation::DeleteStateMachineVersion => inner.delete_version(parameters).await,
        Operation::CreateStateMachineAlias => inner.create_alias(parameters).await,
        Operation::DescribeStateMachineAlias => inner.describe_alias(parameters),
        Operation::UpdateStateMachineAlias => inner.update_alias(parameters).await,
        Operation::DeleteStateMachineAlias => inner.delete_alias(parameters).await,
        Operation::ListStateMachineAliases => inner.list_aliases(parameters),
        Operation::DescribeMapRun => inner.describe_map_run(parameters).await,
        Operation::ListMapRuns => inner.list_map_runs(parameters).await,
        Operation::UpdateMapRun => inner.update_map_run(parameters).await,
        Operation::TagResource => inner.tag(parameters).await,
        Operation::UntagResource => inner.untag(parameters).await,
        Operation::ListTagsForResource => inner.list_tags(parameters).await,
    }
}

impl Inner {
    /// TestState, apart from the work of others: an expression may take its second, one an item.
    async fn test_state(&self, parameters: &Value) -> Reply {
        let (account, region) = (self.config.account.clone(), self.config.region.clone());
        let (now, parameters) = (self.now(), parameters.clone());
        let work = tokio::task::spawn_blocking(move || {
            let seed = crate::runtime::names::new_seed();
            let environment = test_state::Environment { account: &account, region: &region, now, seed, tasks: None };
            test_state::test_state(&parameters, &environment)
        });
        work.await.unwrap_or_else(|_| Err(Exception::new("InternalFailure", "The state could not be tested.")))
    }
}

/// Performs a call for a task of an execution; boxed, because such calls may start executions themselves.
fn perform_boxed(
    inner: Arc<Inner>,
    operation: Operation,
    parameters: Value,
) -> Pin<Box<dyn Future<Output = Reply> + Send>> {
    Box::pin(async move { perform(&inner, Request { operation, parameters, trace_header: None }).await })
}
