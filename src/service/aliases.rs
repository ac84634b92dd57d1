//! CreateStateMachineAlias, DescribeStateMachineAlias, UpdateStateMachineAlias, DeleteStateMachineAlias,
//! ListStateMachineAliases.

use std::sync::Arc;

use super::arn::{self, Arn, Qualifier, Resource};
use super::inner::Inner;
use super::map_runs::not_found;
use super::page::Page;
use super::parameters::{Answer, Parameters, nothing};
use super::registry::{Machine, does_not_exist};
use super::start::deleting;
use crate::api::{Exception, Reply};
use crate::store::AliasRow;
use crate::value::Value;

/// The most aliases of a state machine (API reference).
const MOST: usize = 100;

/// A routing configuration that was checked.
struct Routing<'a> {
    /// The state machine of its versions.
    machine: &'a str,
    /// The versions and their weights.
    routes: Vec<(u32, u32)>,
}

impl Inner {
    pub(super) async fn create_alias(&self, parameters: Parameters<'_>) -> Reply {
        let name = parameters.required("name")?;
        let Routing { machine: machine_name, routes } = self.routing(parameters)?;
        let arn = self.machine_arn(machine_name);
        let now = self.now();
        let (row, written) = {
            let mut registry = self.registry();
            let id = registry.next_id();
            let machine = registry.named_mut(machine_name).ok_or_else(|| does_not_exist(&arn))?;
            if machine.row.deleting {
                return Err(deleting(&arn));
            }
            check_versions(machine, &routes)?;
            let description = parameters.text("description").cloned();
            if let Some(known) = machine.alias(name) {
                (same(known, &routes, description.as_ref())?.clone(), None)
            } else {
                check_count(machine, &arn)?;
                let row = AliasRow {
                    id,
                    machine: machine.row.id,
                    name: Arc::clone(name),
                    created: now,
                    updated: now,
                    description,
                    routes,
                };
                machine.aliases.push(row.clone());
                (row.clone(), Some(self.store.put_alias(row)))
            }
        };
        match written {
            Some(written) => written.committed().await?,
            None => self.settled().await?,
        }
        let answer = Answer::new().with("stateMachineAliasArn", format!("{arn}:{name}"));
        Ok(answer.time("creationDate", row.created).into())
    }

    pub(super) fn describe_alias(&self, parameters: Parameters<'_>) -> Reply {
        let (arn, name) = self.alias_arn(parameters)?;
        let registry = self.registry();
        let machine = registry.named(name.machine).ok_or_else(not_found)?;
        let alias = machine.alias(name.alias).ok_or_else(not_found)?;
        let machine_arn = self.machine_arn(name.machine);
        let routes = alias.routes.iter().map(|(version, weight)| {
            let route = Answer::new().with("stateMachineVersionArn", format!("{machine_arn}:{version}"));
            Value::from(route.with("weight", *weight))
        });
        Ok(Answer::new()
            .with("stateMachineAliasArn", arn)
            .with("name", Arc::clone(&alias.name))
            .maybe("description", alias.description.clone())
            .list("routingConfiguration", routes)
            .time("creationDate", alias.created)
            .time("updateDate", alias.updated)
            .into())
    }

    pub(super) async fn update_alias(&self, parameters: Parameters<'_>) -> Reply {
        let (_, name) = self.alias_arn(parameters)?;
        let routing = match parameters.get("routingConfiguration") {
            Some(_) => Some(self.routing(parameters)?),
            None => None,
        };
        let description = parameters.text("description");
        if routing.is_none() && description.is_none() {
            let message = "Either the description or the routing configuration must be specified";
            return Err(Exception::validation(message).because("MISSING_REQUIRED_PARAMETER"));
        }
        let now = self.now();
        let written = {
            let mut registry = self.registry();
            let machine = registry.named_mut(name.machine).ok_or_else(not_found)?;
            if machine.row.deleting {
                return Err(deleting(&self.machine_arn(name.machine)));
            }
            if let Some(Routing { machine: other, routes }) = &routing {
                check_same_machine(other, name.machine)?;
                check_versions(machine, routes)?;
            }
            let alias = machine.aliases.iter_mut().find(|alias| &*alias.name == name.alias).ok_or_else(not_found)?;
            if let Some(routing) = routing {
                alias.routes = routing.routes;
            }
            if let Some(description) = description {
                alias.description = Some(Arc::clone(description));
            }
            alias.updated = now;
            self.store.put_alias(alias.clone())
        };
        written.committed().await?;
        Ok(Answer::new().time("updateDate", now).into())
    }

    pub(super) async fn delete_alias(&self, parameters: Parameters<'_>) -> Reply {
        let (_, name) = self.alias_arn(parameters)?;
        let written = {
            let mut registry = self.registry();
            let Some(machine) = registry.named_mut(name.machine) else { return Ok(nothing()) };
            let Some(at) = machine.aliases.iter().position(|alias| &*alias.name == name.alias) else {
                return Ok(nothing());
            };
            self.store.remove_alias(machine.aliases.remove(at).id)
        };
        written.committed().await?;
        Ok(nothing())
    }

    pub(super) fn list_aliases(&self, parameters: Parameters<'_>) -> Reply {
        let text = parameters.required("stateMachineArn")?;
        let arn = Arn::parse(text)?;
        let Resource::StateMachine { name, qualifier } = arn.resource else { return Err(arn::misplaced(arn.kind())) };
        let page = Page::read(parameters, format!("aliases {text}"), self.now())?;
        let registry = self.registry();
        let machine = registry.named(name).filter(|_| self.is_ours(&arn)).ok_or_else(|| does_not_exist(text))?;
        let leads_there = |alias: &&AliasRow| match qualifier {
            Some(Qualifier::Version(version)) => alias.routes.iter().any(|(number, _)| *number == version),
            Some(Qualifier::Alias(_)) => false,
            None => true,
        };
        let after = page.after.unwrap_or(0);
        let rest = machine.aliases.iter().filter(leads_there).filter(|alias| alias.id > after);
        let (found, next) = page.cut(rest, |alias| alias.id);
        let machine_arn = self.machine_arn(name);
        let listed = found.into_iter().map(|alias| {
            let answer = Answer::new().with("stateMachineAliasArn", format!("{machine_arn}:{}", alias.name));
            Value::from(answer.time("creationDate", alias.created))
        });
        Ok(Answer::new().list("stateMachineAliases", listed).maybe("nextToken", next).into())
    }

    /// The alias that `stateMachineAliasArn` names.
    fn alias_arn<'a>(&self, parameters: Parameters<'a>) -> Result<(&'a str, AliasName<'a>), Exception> {
        let text = parameters.required("stateMachineAliasArn")?;
        let arn = Arn::parse(text)?;
        match arn.resource {
            Resource::StateMachine { name: machine, qualifier: Some(Qualifier::Alias(alias)) } => {
                if self.is_ours(&arn) { Ok((text, AliasName { machine, alias })) } else { Err(not_found()) }
            }
            Resource::StateMachine { .. } => Err(arn::invalid(format_args!("It is no ARN of an alias: {text}"))),
            _ => Err(arn::misplaced(arn.kind())),
        }
    }

    /// Reads `routingConfiguration` (the messages are recorded).
    fn routing<'a>(&self, parameters: Parameters<'a>) -> Result<Routing<'a>, Exception> {
        let items = parameters.items("routingConfiguration");
        let texts: Vec<&str> = items
            .iter()
            .map(|item| item.get("stateMachineVersionArn").and_then(Value::as_str).unwrap_or_default())
            .collect();
        let weights: Vec<i64> = items
            .iter()
            .map(|item| {
                item.get("weight").and_then(Value::as_number).and_then(crate::value::Number::as_i64).unwrap_or(0)
            })
            .collect();
        let refused = |message: String| Exception::validation(message).because("INVALID_ROUTING_CONFIGURATION");
        let mut routes = Vec::new();
        let mut machines = Vec::new();
        for (text, weight) in texts.iter().zip(&weights) {
            let arn = Arn::parse(text)?;
            let Resource::StateMachine { name, qualifier: Some(Qualifier::Version(version)) } = arn.resource else {
                let message = "Routing configuration must contain state machine version ARNs. Received:";
                return Err(refused(format!("{message} [{}]", texts.join(", "))));
            };
            if !self.is_ours(&arn) {
                return Err(not_found());
            }
            routes.push((version, u32::try_from(*weight).unwrap_or(0)));
            machines.push(name);
        }
        let [machine, others @ ..] = machines.as_slice() else {
            return Err(refused(
                "Routing configuration must contain state machine version ARNs. Received: []".to_owned(),
            ));
        };
        others.iter().try_for_each(|other| check_same_machine(other, machine))?;
        if routes.iter().enumerate().any(|(at, (version, _))| routes[..at].iter().any(|(other, _)| other == version)) {
            let message = "Routing configuration must contain distinct state machine version ARNs. Received:";
            return Err(refused(format!("{message} [{}]", texts.join(", "))));
        }
        if weights.iter().sum::<i64>() != 100 {
            return Err(refused(format!("Sum of routing configuration weights must equal 100. Received: {weights:?}")));
        }
        Ok(Routing { machine, routes })
    }
}

struct AliasName<'a> {
    machine: &'a str,
    alias: &'a str,
}

fn check_same_machine(one: &str, other: &str) -> Result<(), Exception> {
    if one == other {
        return Ok(());
    }
    let message = "Routing configuration must contain versions of the same state machine";
    Err(Exception::validation(message).because("INVALID_ROUTING_CONFIGURATION"))
}

fn check_versions(machine: &Machine, routes: &[(u32, u32)]) -> Result<(), Exception> {
    if routes.iter().all(|(version, _)| machine.versions.contains_key(version)) { Ok(()) } else { Err(not_found()) }
}

/// Whether the alias that there is is the one that is asked for (recorded).
fn same<'a>(
    known: &'a AliasRow,
    routes: &[(u32, u32)],
    description: Option<&Arc<str>>,
) -> Result<&'a AliasRow, Exception> {
    if known.routes == routes && known.description.as_ref() == description {
        return Ok(known);
    }
    let message = "Failed to create alias because an alias with the same name and a different routing configuration already exists.";
    Err(Exception::new("ConflictException", message))
}

fn check_count(machine: &Machine, arn: &str) -> Result<(), Exception> {
    if machine.aliases.len() < MOST {
        return Ok(());
    }
    let message = format!("The state machine has {MOST} aliases, the most that are allowed: '{arn}'");
    Err(Exception::new("ServiceQuotaExceededException", message))
}
