//! State machines made of files.

use std::path::Path;
use std::sync::Arc;

use crate::api::{Api, Exception, Operation, Request};
use crate::asl::Definition;
use crate::asl::definition::is_yaml;
use crate::cli::args::Kind;
use crate::cli::open;
use crate::service::Service;
use crate::text::yaml;
use crate::value::{self, Object, Value};

/// Registers definitions.
pub(super) struct Registrar {
    service: Arc<Service>,
    is_express: bool,
}

/// A state machine, as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Machine {
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) arn: String,
}

impl Registrar {
    pub(super) fn new(service: Arc<Service>, kind: Kind) -> Self {
        Self { service, is_express: kind == Kind::Express }
    }

    /// Registers the definition in `file` as state machine `name`, or updates that machine. What is odd about the
    /// definition is the result.
    ///
    /// # Errors
    /// What is wrong with it, with places; the machine stays as it was.
    pub(super) async fn register(&self, name: &str, file: &Path) -> Result<String, String> {
        let definition = open::definition(file).map_err(|error| format!("{error:#}"))?;
        let notes = definition.render_diagnostics();
        if definition.has_errors() {
            return Err(notes);
        }
        let registered = self.service.register(name, &json_text(&definition), self.is_express).await;
        registered.map(|_| notes).map_err(|exception| format!("{}: {exception}", file.display()))
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
fn json_text(definition: &Definition) -> String {
    match yaml::parse(&definition.text) {
        Ok(root) if is_yaml(&definition.name) => value::from_node(&root).to_pretty_json(),
        _ => definition.text.to_string(),
    }
}
