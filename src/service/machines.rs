//! CreateStateMachine, UpdateStateMachine, DescribeStateMachine, DeleteStateMachine, ListStateMachines.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::arn::{Arn, Resource};
use super::inner::Inner;
use super::page::Page;
use super::parameters::{Answer, Parameters, nothing};
use super::registry::{Machine, Registry, Revision, Target, does_not_exist};
use super::settings::Settings;
use super::start::deleting;
use super::{arn, definition, names, tags, variables};
use crate::api::{Exception, Reply};
use crate::asl::StateKind;
use crate::engine::{Signal, label_of};
use crate::store::{MachineRow, Publication, RevisionRow, VersionRow, Written};
use crate::value::{Timestamp, Value};

impl Inner {
    pub(super) async fn create_state_machine(&self, parameters: Parameters<'_>) -> Reply {
        let name = parameters.required("name")?;
        names::check(name)?;
        check_role(parameters.required("roleArn")?)?;
        check_publication(parameters)?;
        let text = parameters.required("definition")?;
        let express = parameters.text("type").is_some_and(|kind| &**kind == "EXPRESS");
        let settings = Settings::read(parameters)?;
        definition::read(text, express)?;
        let new = New {
            name,
            express,
            role: parameters.required("roleArn")?,
            definition: text,
            settings,
            publication: Publication {
                publish: parameters.flag("publish"),
                description: parameters.text("versionDescription").cloned(),
            },
        };
        let tags = tags::read(parameters.items("tags"), &self.machine_arn(name))?;
        let (created, written) = self.create(&new, tags)?;
        for write in written {
            write.committed().await?;
        }
        Ok(created.into())
    }

    /// The new state machine, or the one that is the same in all that counts.
    fn create(&self, new: &New<'_>, tags: Vec<crate::store::TagRow>) -> Result<(Answer, Vec<Written<()>>), Exception> {
        let arn = self.machine_arn(new.name);
        let now = self.now();
        let mut registry = self.registry();
        let registry = &mut *registry;
        let mut written = Vec::new();
        if let Some(machine) = registry.named(new.name) {
            new.compare(machine, &arn)?;
        } else {
            let machine = new.machine(registry, now);
            written.push(self.store.put_machine(machine.row.clone(), Some(machine.current.row.clone())));
            registry.add(machine);
            if !tags.is_empty() {
                written.push(self.store.put_tags(&arn, tags.clone()));
                registry.set_tags(&arn, tags);
            }
        }
        let machine = registry.named_mut(new.name).ok_or_else(|| does_not_exist(&arn))?;
        let version = new.publication.publish.then(|| machine.publish(new.publication.description.clone(), now));
        let answer = Answer::new()
            .with("stateMachineArn", arn.as_str())
            .time("creationDate", machine.row.created)
            .maybe("stateMachineVersionArn", version.as_ref().map(|(row, _)| format!("{arn}:{}", row.number)));
        written.extend(version.into_iter().flat_map(|version| self.put_version(machine, version)));
        // Who makes the same again waits for what the first one wrote, too.
        if written.is_empty() {
            written.push(self.store.put_machine(machine.row.clone(), None));
        }
        Ok((answer, written))
    }

    /// Writes a version that is new.
    pub(super) fn put_version(&self, machine: &Machine, (row, is_new): (VersionRow, bool)) -> Vec<Written<()>> {
        if !is_new {
            return Vec::new();
        }
        vec![self.store.put_version(row), self.store.put_machine(machine.row.clone(), None)]
    }

    pub(super) async fn update_state_machine(&self, parameters: Parameters<'_>) -> Reply {
        let text = parameters.required("stateMachineArn")?;
        let arn = Arn::parse(text)?;
        let Resource::StateMachine { name, qualifier } = arn.resource else { return Err(arn::misplaced(arn.kind())) };
        parameters.text("roleArn").map_or(Ok(()), |role| check_role(role))?;
        check_publication(parameters)?;
        let express = self
            .registry()
            .named(name)
            .filter(|_| qualifier.is_none() && self.is_ours(&arn))
            .map(|machine| machine.row.express)
            .ok_or_else(|| does_not_exist(text))?;
        check_update(parameters)?;
        if let Some(definition) = parameters.text("definition") {
            definition::read(definition, express)?;
        }
        let (answer, written) = self.update(name, text, parameters)?;
        for write in written {
            write.committed().await?;
        }
        Ok(answer.into())
    }

    fn update(
        &self,
        name: &str,
        arn: &str,
        parameters: Parameters<'_>,
    ) -> Result<(Answer, Vec<Written<()>>), Exception> {
        let now = self.now();
        let mut registry = self.registry();
        let id = registry.next_revision();
        let machine = registry.named_mut(name).ok_or_else(|| does_not_exist(arn))?;
        if machine.row.deleting {
            return Err(deleting(arn));
        }
        let mut written = Vec::new();
        if let Some(revision) = changed(machine, id, parameters, now)? {
            machine.row.revision = revision.id;
            machine.current = Arc::new(Revision::new(revision.clone()));
            written.push(self.store.put_machine(machine.row.clone(), Some(revision)));
        }
        let version = parameters.flag("publish").then(|| {
            let description = parameters.text("versionDescription").cloned();
            machine.publish(description, now)
        });
        let answer = Answer::new()
            .time("updateDate", now)
            .maybe("revisionId", machine.current.row.uuid.clone())
            .maybe("stateMachineVersionArn", version.as_ref().map(|(row, _)| format!("{arn}:{}", row.number)));
        written.extend(version.into_iter().flat_map(|version| self.put_version(machine, version)));
        if written.is_empty() {
            written.push(self.store.put_machine(machine.row.clone(), None));
        }
        Ok((answer, written))
    }

    pub(super) async fn describe_state_machine(&self, parameters: Parameters<'_>) -> Reply {
        let text = parameters.required("stateMachineArn")?;
        let (Target { row, revision, version, alias }, label) = self.machine_or_map(text)?;
        let wants_data = parameters.wants_data();
        let definition = if wants_data { Arc::clone(&revision.row.definition) } else { "{}".into() };
        let created = version.as_ref().map_or(row.created, |version| version.created);
        let created = alias.as_ref().map_or(created, |alias| alias.created);
        let references = wants_data.then(|| variables::references(&revision)).flatten();
        self.settled().await?;
        Ok(Answer::new()
            .with("stateMachineArn", Arc::clone(text))
            .with("name", Arc::clone(&row.name))
            .with("status", if row.deleting { "DELETING" } else { "ACTIVE" })
            .with("definition", definition)
            .with("roleArn", Arc::clone(&revision.row.role))
            .with("type", kind(&row))
            .time("creationDate", created)
            .with("loggingConfiguration", revision.settings.logging.clone())
            .with("tracingConfiguration", revision.settings.tracing.clone())
            .with("encryptionConfiguration", revision.settings.encryption.clone())
            .maybe("label", label)
            .maybe("revisionId", revision.row.uuid.clone())
            .maybe("description", version.and_then(|version| version.description))
            .maybe("variableReferences", references)
            .into())
    }

    /// What DescribeStateMachine tells of; the ARN of a labelled Map leads to the state machine it is in (API reference).
    fn machine_or_map(&self, text: &str) -> Result<(Target, Option<Arc<str>>), Exception> {
        let Resource::Labelled { name, label } = Arn::parse(text)?.resource else {
            return Ok((self.target(text)?, None));
        };
        let arn = text.strip_suffix(label).and_then(|arn| arn.strip_suffix('/')).unwrap_or(text);
        let missing = |_| does_not_exist(text);
        let target = self.target(arn).map_err(missing)?;
        let label = map_label(&target.revision, &self.machine_arn(name), label).ok_or_else(|| does_not_exist(text))?;
        Ok((target, Some(label)))
    }

    /// Ends the executions of the state machine at once, and forgets it with the last of them. The service does so at
    /// their next transitions (API reference).
    pub(super) async fn delete_state_machine(self: &Arc<Self>, parameters: Parameters<'_>) -> Reply {
        let text = parameters.required("stateMachineArn")?;
        let arn = Arn::parse(text)?;
        let Resource::StateMachine { name, qualifier: None } = arn.resource else {
            return Err(arn::misplaced(arn.kind()));
        };
        let written = {
            let mut registry = self.registry();
            let Some(machine) = registry.named_mut(name).filter(|_| self.is_ours(&arn)) else { return Ok(nothing()) };
            machine.row.deleting = true;
            let id = machine.row.id;
            (id, self.store.put_machine(machine.row.clone(), None))
        };
        let (id, write) = written;
        let inner = Arc::clone(self);
        // What was begun is brought to its end even if nobody waits for it.
        let stop = tokio::spawn(async move {
            write.committed().await?;
            for running in inner.runs.of(id) {
                drop(running.control.tell(Signal::Stop { error: None, cause: None }));
            }
            inner.after_end(id).await;
            Ok::<(), Exception>(())
        });
        stop.await.map_err(|error| Exception::new("InternalFailure", error.to_string()))??;
        Ok(nothing())
    }

    /// Forgets a state machine that is being deleted when none of its executions runs any more.
    pub(super) async fn after_end(&self, machine: i64) {
        let written = {
            let mut registry = self.registry();
            let is_over = registry.machines.get(&machine).is_some_and(|machine| machine.row.deleting);
            if !is_over || !self.runs.of(machine).is_empty() {
                return;
            }
            let Some(gone) = registry.remove(machine) else { return };
            let arn = self.machine_arn(&gone.row.name);
            registry.set_tags(&arn, Vec::new());
            self.store.remove_machine(machine, &arn)
        };
        // If it cannot be written, the next start of the service finds it DELETING and tries again.
        drop(written.committed().await);
    }

    pub(super) fn list_state_machines(&self, parameters: Parameters<'_>) -> Reply {
        let page = Page::read(parameters, "state machines".to_owned(), self.now())?;
        let registry = self.registry();
        let after = page.after.unwrap_or(0);
        let rest = registry.machines.range(after.saturating_add(1)..).map(|(_, machine)| &machine.row);
        let (found, next) = page.cut(rest, |row| row.id);
        let listed = found.into_iter().map(|row| {
            let answer = Answer::new()
                .with("stateMachineArn", self.machine_arn(&row.name))
                .with("name", Arc::clone(&row.name))
                .with("type", kind(row))
                .time("creationDate", row.created);
            Value::from(answer)
        });
        Ok(Answer::new().list("stateMachines", listed).maybe("nextToken", next).into())
    }

    /// What [`super::Service::register`] does.
    pub(super) async fn register(&self, name: &str, text: &str, express: bool) -> Result<String, Exception> {
        let arn = self.machine_arn(name);
        let known = self.registry().named(name).map(|machine| machine.row.express);
        match known {
            Some(known) if known != express => {
                let message = format!("The type of the state machine {name} cannot be changed; delete it first");
                return Err(Exception::validation(message));
            }
            Some(_) => {
                let parameters = Answer::new().with("stateMachineArn", arn.as_str()).with("definition", text);
                self.update_state_machine(Parameters(&parameters.into())).await?;
            }
            None => {
                let parameters = Answer::new()
                    .with("name", name)
                    .with("definition", text)
                    .with("roleArn", format!("arn:aws:iam::{}:role/asldb", self.config.account))
                    .with("type", if express { "EXPRESS" } else { "STANDARD" });
                self.create_state_machine(Parameters(&parameters.into())).await?;
            }
        }
        Ok(arn)
    }
}

/// What CreateStateMachine makes.
struct New<'a> {
    name: &'a Arc<str>,
    express: bool,
    role: &'a Arc<str>,
    definition: &'a Arc<str>,
    settings: Settings,
    publication: Publication,
}

impl New<'_> {
    fn machine(&self, registry: &mut Registry, now: Timestamp) -> Machine {
        let revision = RevisionRow {
            id: registry.next_revision(),
            machine: registry.next_id(),
            uuid: None,
            created: now,
            role: Arc::clone(self.role),
            settings: self.settings.to_json(),
            definition: Arc::clone(self.definition),
        };
        let row = MachineRow {
            id: revision.machine,
            name: Arc::clone(self.name),
            express: self.express,
            created: now,
            deleting: false,
            revision: revision.id,
            next_version: 1,
            publication: Some(self.publication.clone()),
        };
        Machine { row, current: Arc::new(Revision::new(revision)), versions: BTreeMap::new(), aliases: Vec::new() }
    }

    /// Whether `known` is what would be made (API reference: the role and the tags do not count, what was published with
    /// it does).
    fn compare(&self, known: &Machine, arn: &str) -> Result<(), Exception> {
        if known.row.deleting {
            return Err(deleting(arn));
        }
        let current = &known.current;
        let same = known.row.express == self.express
            && current.row.definition == *self.definition
            && current.settings == self.settings
            && known.row.publication.as_ref().is_none_or(|publication| *publication == self.publication);
        if same {
            return Ok(());
        }
        Err(Exception::new("StateMachineAlreadyExists", format!("State Machine Already Exists: '{arn}'")))
    }
}

/// The revision that an update makes; none if it changes nothing. A role alone is always a change (recorded).
fn changed(
    machine: &Machine,
    id: i64,
    parameters: Parameters<'_>,
    now: Timestamp,
) -> Result<Option<RevisionRow>, Exception> {
    let current = &machine.current;
    let settings = current.settings.changed(parameters)?;
    let definition = parameters.text("definition").unwrap_or(&current.row.definition);
    let role = parameters.text("roleArn").unwrap_or(&current.row.role);
    let only_role = parameters.text("roleArn").is_some() && parameters.text("definition").is_none();
    let same = *definition == current.row.definition && *role == current.row.role && settings == current.settings;
    let revision = RevisionRow {
        id,
        machine: machine.row.id,
        uuid: Some(names::fresh().into()),
        created: now,
        role: Arc::clone(role),
        settings: settings.to_json(),
        definition: Arc::clone(definition),
    };
    Ok((!same || only_role).then_some(revision))
}

fn check_update(parameters: Parameters<'_>) -> Result<(), Exception> {
    let fields = ["definition", "roleArn", "loggingConfiguration", "tracingConfiguration", "encryptionConfiguration"];
    if fields.iter().any(|field| parameters.get(field).is_some()) {
        return Ok(());
    }
    let message =
        "Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified";
    Err(Exception::new("MissingRequiredParameter", message))
}

fn check_publication(parameters: Parameters<'_>) -> Result<(), Exception> {
    if parameters.text("versionDescription").is_some() && !parameters.flag("publish") {
        return Err(Exception::validation("Version description can only be set when publish is true"));
    }
    Ok(())
}

fn check_role(role: &str) -> Result<(), Exception> {
    if role.starts_with("arn:") {
        return Ok(());
    }
    Err(arn::invalid(format_args!("Invalid ARN prefix: {role}")))
}

/// `label`, if a distributed Map of the state machine has it.
fn map_label(revision: &Revision, machine_arn: &str, label: &str) -> Option<Arc<str>> {
    let machine = revision.machine()?;
    let labels = machine.ids().filter_map(|id| match &machine.state(id).kind {
        StateKind::Map(map) if map.distributed.is_mode => Some(label_of(machine_arn, machine.state(id), map)),
        _ => None,
    });
    labels.into_iter().find(|known| **known == *label)
}

fn kind(row: &MachineRow) -> &'static str {
    if row.express { "EXPRESS" } else { "STANDARD" }
}

/// `StateMachineTypeNotSupported` (recorded).
pub(super) fn type_not_supported() -> Exception {
    let message = "This operation is not supported by this type of state machine";
    Exception::new("StateMachineTypeNotSupported", message)
}
