//! State machines made of files.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::api::{Api, Exception, Operation, Request};
use crate::asl::Definition;
use crate::asl::definition::is_yaml;
use crate::cli::args::Kind;
use crate::cli::open;
use crate::load::{Entry, Settings};
use crate::service::Service;
use crate::text::{json, yaml};
use crate::value::{self, Object, Value};

/// Registers definitions.
pub(super) struct Registrar {
    service: Arc<Service>,
    kind: Option<Kind>,
    settings: Settings,
}

/// What came of registering a file.
#[derive(Debug, Default)]
pub(super) struct Registered {
    /// The state machines that are as the file has them now.
    pub(super) machines: Vec<String>,
    /// Those that stay as they were.
    pub(super) failed: Vec<String>,
    /// What is odd or wrong, with places.
    pub(super) notes: Vec<String>,
    /// The files that were read beside it.
    pub(super) beside: Vec<PathBuf>,
}

/// A state machine, as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Machine {
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) arn: String,
}

impl Registrar {
    pub(super) fn new(service: Arc<Service>, kind: Option<Kind>, settings: Settings) -> Self {
        Self { service, kind, settings }
    }

    /// Registers the definition in `file` as state machine `name`, those of a template under their logical ids; or
    /// updates these machines. One that cannot be registered stays as it was.
    pub(super) async fn register(&self, name: &str, file: &Path) -> Registered {
        let mut registered = Registered::default();
        let loaded = match open::entries(file, &self.settings) {
            Ok(loaded) => loaded,
            Err(error) => {
                registered.failed.push(name.to_owned());
                registered.notes.push(format!("{error:#}"));
                return registered;
            }
        };
        registered.beside = loaded.beside.into_iter().map(PathBuf::from).collect();
        for entry in loaded.entries {
            let name = entry.logical_id.as_deref().unwrap_or(name).to_owned();
            let notes = entry.definition.render_diagnostics();
            registered.notes.extend(Some(notes).filter(|notes| !notes.is_empty()));
            match self.register_entry(&name, &entry).await {
                Ok(()) => registered.machines.push(name),
                Err(why) => {
                    registered.notes.extend(why.map(|why| format!("{}: {why}", file.display())));
                    registered.failed.push(name);
                }
            }
        }
        registered
    }

    /// Registers one definition; what is wrong besides its own errors.
    async fn register_entry(&self, name: &str, entry: &Entry) -> Result<(), Option<String>> {
        if entry.definition.machine.is_none() {
            return Err(None);
        }
        let is_express = Kind::or(self.kind, entry.kind) == Kind::Express;
        let registered = self.service.register(name, &json_text(&entry.definition), is_express).await;
        registered.map(drop).map_err(|exception| Some(exception.to_string()))
    }

    /// All state machines there are, by name; also those that were not made of files.
    pub(super) async fn machines(&self) -> Result<Vec<Machine>, Exception> {
        let (mut machines, mut token) = (Vec::new(), None);
        loop {
            let parameters: Object = token.into_iter().map(|token| (Arc::from("nextToken"), token)).collect();
            let (operation, parameters) = (Operation::ListStateMachines, Value::Object(parameters));
            let page = self.service.call(Request { operation, parameters, trace_header: None }).await?;
            let listed = page.get("stateMachines").and_then(Value::as_array);
            machines.extend(listed.into_iter().flat_map(|listed| listed.iter()).map(machine));
            token = page.get("nextToken").filter(|token| !token.is_null()).cloned();
            if token.is_none() {
                machines.sort_by(|a: &Machine, b| a.name.cmp(&b.name));
                return Ok(machines);
            }
        }
    }
}

fn machine(listed: &Value) -> Machine {
    let text = |key| listed.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    Machine { name: text("name"), kind: text("type"), arn: text("stateMachineArn") }
}

/// The definition as the API takes it.
pub(in crate::cli) fn json_text(definition: &Definition) -> String {
    if let Some(origin) = &definition.origin {
        return json::parse(origin.text())
            .map_or_else(|_| origin.text().to_owned(), |root| value::from_node(&root).to_pretty_json());
    }
    match yaml::parse(&definition.text) {
        Ok(root) if is_yaml(&definition.name) => value::from_node(&root).to_pretty_json(),
        _ => definition.text.to_string(),
    }
}
