//! StopExecution, DescribeExecution, ListExecutions, DescribeStateMachineForExecution.

use std::sync::Arc;
use std::time::Duration;

use super::arn::{Arn, Qualifier, Resource};
use super::inner::Inner;
use super::map_runs::Child;
use super::page::Page;
use super::parameters::{Answer, Parameters, seconds};
use super::registry::{Revision, does_not_exist};
use super::runs::Running;
use super::{arn, machines, redrive, variables};
use crate::api::{Exception, Reply};
use crate::engine::Signal;
use crate::store::{Ending, ExecutionRow, Filter};
use crate::value::Value;

/// An execution that was found.
pub(super) enum Found {
    Running(Arc<Running>),
    Ended(Box<ExecutionRow>),
    /// A child of a map run whose execution runs.
    Child(Box<Child>),
}

/// How long to wait for an execution that is in the store already and about to run.
const PATIENCE: u32 = 2000;

impl Inner {
    /// The execution with this ARN.
    ///
    /// # Errors
    /// `ExecutionDoesNotExist`
    pub(super) async fn find(&self, arn: &str) -> Result<Found, Exception> {
        for _ in 0..PATIENCE {
            if let Some(running) = self.runs.get(arn) {
                if !running.control.view().status.is_done() {
                    return Ok(Found::Running(running));
                }
                // Its end is on its way to the store.
                let ended = running.ending().await.map(|ending| (*ending).clone());
                let ending = ended.ok_or_else(|| Exception::new("InternalFailure", "the service is being closed"))?;
                let row = ExecutionRow { ending: Some(ending), has_journal: true, ..running.row.clone() };
                return Ok(Found::Ended(Box::new(row)));
            }
            if let Some(child) = self.running_child(arn).await {
                return Ok(Found::Child(Box::new(child)));
            }
            match self.store.execution(arn).await? {
                None => break,
                Some(row) if row.ending.is_some() => return Ok(Found::Ended(Box::new(row))),
                Some(_) => tokio::time::sleep(Duration::from_millis(1)).await,
            }
        }
        Err(Exception::new("ExecutionDoesNotExist", format!("Execution Does Not Exist: '{arn}'")))
    }

    pub(super) async fn stop_execution(&self, parameters: Parameters<'_>) -> Reply {
        let text = parameters.required("executionArn")?;
        let arn = arn::execution(text)?;
        let (error, cause) = (parameters.text("error").cloned(), parameters.text("cause").cloned());
        if matches!(arn.resource, Resource::Execution { machine, .. } if machine.contains('/')) {
            self.stop_child(text, error.clone(), cause.clone()).await?;
        }
        let stopped = match self.find(text).await? {
            Found::Running(running) => {
                running.tell(Signal::Stop { error, cause }).await;
                running.ending().await.map(|ending| ending.stopped)
            }
            // An execution that has ended stays as it is.
            Found::Ended(row) => row.ending.map(|ending| ending.stopped),
            Found::Child(child) => child.row.ending.map(|ending| ending.stopped),
        };
        let stopped = stopped.ok_or_else(|| Exception::new("InternalFailure", "the service is being closed"))?;
        Ok(Answer::new().time("stopDate", stopped).into())
    }

    pub(super) async fn describe_execution(&self, parameters: Parameters<'_>) -> Reply {
        let text = parameters.required("executionArn")?;
        arn::described_execution(text)?;
        let row = match self.find(text).await? {
            Found::Running(running) => {
                self.settled().await?;
                Box::new(running.row.clone())
            }
            Found::Ended(row) => row,
            Found::Child(child) => {
                self.settled().await?;
                Box::new(child.row)
            }
        };
        Ok(self.described(*row, parameters.wants_data()).into())
    }

    fn described(&self, row: ExecutionRow, wants_data: bool) -> Answer {
        let machine = machine_arn_of(&row.arn);
        let redrive = redrive::status(&row, self.is_deleting(row.machine), self.now());
        let included = || Answer::new().with("included", wants_data);
        let answer = Answer::new()
            .with("executionArn", Arc::clone(&row.arn))
            .with("stateMachineArn", machine.as_str())
            .with("name", Arc::clone(&row.name))
            .with("status", status(&row))
            .time("startDate", row.started)
            .maybe("stopDate", row.ending.as_ref().map(|ending| seconds(ending.stopped)))
            .maybe("input", wants_data.then_some(row.input))
            .with("inputDetails", included())
            .maybe("traceHeader", row.trace)
            .maybe("mapRunArn", row.map_run)
            .maybe("stateMachineVersionArn", row.version.map(|version| format!("{machine}:{version}")))
            .maybe("stateMachineAliasArn", row.alias.map(|alias| format!("{machine}:{alias}")))
            .with("redriveCount", row.redrives)
            .maybe("redriveDate", row.redriven.map(seconds))
            .with("redriveStatus", redrive.status)
            .maybe("redriveStatusReason", redrive.reason);
        let Some(Ending { output, error, cause, .. }) = row.ending else { return answer };
        let has_output = output.is_some();
        answer
            .maybe("output", output.filter(|_| wants_data))
            .maybe("outputDetails", has_output.then(included))
            .maybe("error", error)
            .maybe("cause", cause)
    }

    pub(super) async fn list_executions(&self, parameters: Parameters<'_>) -> Reply {
        let (Some(text), None) = (parameters.text("stateMachineArn"), parameters.text("mapRunArn")) else {
            return self.list_children(parameters).await;
        };
        let (machine, express, version, alias) = self.listed(text)?;
        if express {
            return Err(machines::type_not_supported());
        }
        let status = parameters.text("statusFilter").map(ToString::to_string);
        if parameters.text("redriveFilter").is_some() {
            // Reported; only the children of a map run can be told apart like this.
            let message = "RedriveFilter cannot be applied to ListExecutions call with StateMachine ARN";
            return Err(Exception::validation(message));
        }
        let list = format!("executions {text} {status:?}");
        let page = Page::read(parameters, list, self.now())?;
        let (before, limit) = (page.after, page.size.saturating_add(1));
        let filter = Filter { machine, version, alias, status, before, limit, ..Filter::default() };
        let found = self.store.executions(filter).await?;
        let (rows, next) = page.cut(found, |row| row.id);
        Ok(Answer::new().list("executions", rows.iter().map(listed)).maybe("nextToken", next).into())
    }

    /// Which executions an ARN stands for.
    fn listed(&self, text: &str) -> Result<(i64, bool, Option<u32>, Option<String>), Exception> {
        let arn = Arn::parse(text)?;
        let Resource::StateMachine { name, qualifier } = arn.resource else { return Err(arn::misplaced(arn.kind())) };
        let registry = self.registry();
        let machine = registry.named(name).filter(|_| self.is_ours(&arn)).ok_or_else(|| does_not_exist(text))?;
        let (version, alias) = match qualifier {
            Some(Qualifier::Version(version)) => (Some(version), None),
            Some(Qualifier::Alias(alias)) => (None, Some(alias.to_owned())),
            None => (None, None),
        };
        Ok((machine.row.id, machine.row.express, version, alias))
    }

    pub(super) async fn describe_state_machine_for_execution(&self, parameters: Parameters<'_>) -> Reply {
        let text = parameters.required("executionArn")?;
        let arn = arn::execution(text)?;
        let Resource::Execution { machine: name, .. } = arn.resource else { return Err(arn::misplaced(arn.kind())) };
        let row = match self.find(text).await? {
            Found::Running(running) => running.row.clone(),
            Found::Ended(row) => *row,
            Found::Child(child) => child.row,
        };
        let (name, label) = name.split_once('/').map_or((name, None), |(name, label)| (name, Some(label)));
        let revision = self.store.revision(row.revision).await?.map(Revision::new);
        let revision = revision.ok_or_else(|| Exception::new("InternalFailure", "its revision is gone"))?;
        let wants_data = parameters.wants_data();
        let definition = if wants_data { Arc::clone(&revision.row.definition) } else { "{}".into() };
        let references = wants_data.then(|| variables::references(&revision)).flatten();
        Ok(Answer::new()
            .with("stateMachineArn", machine_arn_of(&row.arn))
            .with("name", name)
            .with("definition", definition)
            .with("roleArn", Arc::clone(&revision.row.role))
            .time("updateDate", revision.row.created)
            .with("loggingConfiguration", revision.settings.logging.clone())
            .with("tracingConfiguration", revision.settings.tracing.clone())
            .with("encryptionConfiguration", revision.settings.encryption.clone())
            .maybe("revisionId", revision.row.uuid.clone())
            .maybe("label", label)
            .maybe("mapRunArn", row.map_run)
            .maybe("variableReferences", references)
            .into())
    }

    fn is_deleting(&self, machine: i64) -> bool {
        self.registry().machines.get(&machine).is_some_and(|machine| machine.row.deleting)
    }
}

pub(super) fn status(row: &ExecutionRow) -> Arc<str> {
    row.ending.as_ref().map_or_else(|| "RUNNING".into(), |ending| Arc::clone(&ending.status))
}

pub(super) fn listed(row: &ExecutionRow) -> Value {
    let machine = machine_arn_of(&row.arn);
    Answer::new()
        .with("executionArn", Arc::clone(&row.arn))
        .with("stateMachineArn", machine.as_str())
        .with("name", Arc::clone(&row.name))
        .with("status", status(row))
        .time("startDate", row.started)
        .maybe("stopDate", row.ending.as_ref().map(|ending| seconds(ending.stopped)))
        .maybe("stateMachineVersionArn", row.version.map(|version| format!("{machine}:{version}")))
        .maybe("stateMachineAliasArn", row.alias.as_ref().map(|alias| format!("{machine}:{alias}")))
        .maybe("mapRunArn", row.map_run.clone())
        .with("redriveCount", row.redrives)
        .maybe("redriveDate", row.redriven.map(seconds))
        .into()
}

/// The ARN of the state machine of an execution.
pub(super) fn machine_arn_of(execution: &str) -> String {
    match Arn::parse(execution) {
        Ok(Arn { prefix, resource: Resource::Execution { machine, .. } | Resource::Express { machine, .. } }) => {
            format!("{prefix}:stateMachine:{machine}")
        }
        _ => String::new(),
    }
}
