//! PublishStateMachineVersion, ListStateMachineVersions, DeleteStateMachineVersion.

use super::arn::{self, Arn, Qualifier, Resource};
use super::inner::Inner;
use super::page::Page;
use super::parameters::{Answer, Parameters, nothing};
use super::registry::{Machine, does_not_exist};
use super::start::deleting;
use crate::api::{Exception, Reply};
use crate::value::Value;

/// The most versions of a state machine (API reference).
const MOST: usize = 1000;

/// What `revisionId` names a revision that was never updated.
const INITIAL: &str = "INITIAL";

impl Inner {
    pub(super) async fn publish_version(&self, parameters: Parameters<'_>) -> Reply {
        let text = parameters.required("stateMachineArn")?;
        let arn = Arn::parse(text)?;
        let Resource::StateMachine { name, qualifier: None } = arn.resource else {
            return Err(if matches!(arn.resource, Resource::StateMachine { .. }) {
                does_not_exist(text)
            } else {
                arn::misplaced(arn.kind())
            });
        };
        let (answer, written) = {
            let mut registry = self.registry();
            let machine =
                registry.named_mut(name).filter(|_| self.is_ours(&arn)).ok_or_else(|| does_not_exist(text))?;
            if machine.row.deleting {
                return Err(deleting(text));
            }
            check_revision(machine, parameters.text("revisionId").map(|id| &**id))?;
            check_count(machine, text)?;
            let version = machine.publish(parameters.text("description").cloned(), self.now());
            let answer = Answer::new()
                .with("stateMachineVersionArn", format!("{text}:{}", version.0.number))
                .time("creationDate", version.0.created);
            (answer, self.put_version(machine, version))
        };
        for write in written {
            write.committed().await?;
        }
        self.settled().await?;
        Ok(answer.into())
    }

    /// The token of the next page may also be the number of versions that were shown before: that is what the service
    /// itself uses here (recorded).
    pub(super) fn list_versions(&self, parameters: Parameters<'_>) -> Reply {
        let text = parameters.required("stateMachineArn")?;
        let arn = Arn::parse(text)?;
        let Resource::StateMachine { name, qualifier: None } = arn.resource else {
            return Err(arn::misplaced(arn.kind()));
        };
        let shown = parameters.text("nextToken").and_then(|token| token.parse::<usize>().ok());
        let list = format!("versions {text}");
        let page = match shown {
            Some(_) => Page::first(parameters, list, self.now()),
            None => Page::read(parameters, list, self.now())?,
        };
        let registry = self.registry();
        let machine = registry.named(name).filter(|_| self.is_ours(&arn)).ok_or_else(|| does_not_exist(text))?;
        let before = page.after.and_then(|after| u32::try_from(after).ok()).unwrap_or(u32::MAX);
        let newest_first = machine.versions.range(..before).rev().map(|(_, version)| &version.row);
        let newest_first = newest_first.skip(shown.unwrap_or(0));
        let (found, next) = page.cut(newest_first, |row| i64::from(row.number));
        let listed = found.into_iter().map(|row| {
            let answer = Answer::new()
                .with("stateMachineVersionArn", format!("{text}:{}", row.number))
                .time("creationDate", row.created);
            Value::from(answer)
        });
        Ok(Answer::new().list("stateMachineVersions", listed).maybe("nextToken", next).into())
    }

    pub(super) async fn delete_version(&self, parameters: Parameters<'_>) -> Reply {
        let text = parameters.required("stateMachineVersionArn")?;
        let arn = Arn::parse(text)?;
        let Resource::StateMachine { name, qualifier: Some(Qualifier::Version(number)) } = arn.resource else {
            return Err(arn::invalid(format_args!("It is no ARN of a version: {text}")));
        };
        let written = {
            let mut registry = self.registry();
            let Some(machine) = registry.named_mut(name).filter(|_| self.is_ours(&arn)) else { return Ok(nothing()) };
            check_unused(machine, number)?;
            if machine.versions.remove(&number).is_none() {
                return Ok(nothing());
            }
            self.store.remove_version(machine.row.id, number)
        };
        written.committed().await?;
        Ok(nothing())
    }
}

/// Whether the current revision is the one that is to be published (recorded).
fn check_revision(machine: &Machine, wanted: Option<&str>) -> Result<(), Exception> {
    let current = machine.current.row.uuid.as_deref().unwrap_or(INITIAL);
    match wanted {
        Some(wanted) if wanted != current => Err(Exception::new(
            "ConflictException",
            format!(
                "Failed to publish the State Machine version for revision {wanted}. The current State Machine revision is {current}."
            ),
        )),
        _ => Ok(()),
    }
}

fn check_count(machine: &Machine, arn: &str) -> Result<(), Exception> {
    if machine.versions.len() < MOST || machine.published().is_some() {
        return Ok(());
    }
    let message = format!("The state machine has {MOST} versions, the most that are allowed: '{arn}'");
    Err(Exception::new("ServiceQuotaExceededException", message))
}

/// A version that an alias leads to stays (recorded).
fn check_unused(machine: &Machine, version: u32) -> Result<(), Exception> {
    let uses = |routes: &[(u32, u32)]| routes.iter().any(|(number, _)| *number == version);
    let users: Vec<&str> =
        machine.aliases.iter().filter(|alias| uses(&alias.routes)).map(|alias| &*alias.name).collect();
    if users.is_empty() {
        return Ok(());
    }
    let message = format!(
        "Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: [{}]",
        users.join(", ")
    );
    Err(Exception::new("ConflictException", message))
}
