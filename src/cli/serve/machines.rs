//! State machines made of files, by way of the API itself.

use std::path::Path;
use std::sync::Arc;

use crate::api::{Api, Exception, Operation, Reply, Request};
use crate::asl::Definition;
use crate::asl::definition::is_yaml;
use crate::cli::args::{Kind, ServeArgs};
use crate::cli::open;
use crate::text::yaml;
use crate::value::{self, Object, Value};

/// Registers definitions.
pub(super) struct Registrar {
    api: Arc<dyn Api>,
    kind: Kind,
    account: String,
    region: String,
}

/// A state machine, as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Machine {
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) arn: String,
}

impl Registrar {
    pub(super) fn new(api: Arc<dyn Api>, args: &ServeArgs) -> Self {
        Self { api, kind: args.kind, account: args.account.clone(), region: args.region.clone() }
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
        let told = |exception: Exception| format!("{}: {exception}", file.display());
        match self.create(name, &json_text(&definition)).await {
            Ok(_) => Ok(notes),
            Err(exception) if exception.name == "StateMachineAlreadyExists" => {
                self.update(name, &json_text(&definition)).await.map(|()| notes).map_err(told)
            }
            Err(exception) => Err(told(exception)),
        }
    }

    async fn create(&self, name: &str, definition: &str) -> Reply {
        let kind = match self.kind {
            Kind::Standard => "STANDARD",
            Kind::Express => "EXPRESS",
        };
        let role = format!("arn:aws:iam::{}:role/asldb", self.account);
        self.call(
            Operation::CreateStateMachine,
            [("name", name), ("definition", definition), ("type", kind), ("roleArn", &role)],
        )
        .await
    }

    async fn update(&self, name: &str, definition: &str) -> Result<(), Exception> {
        let arn = format!("arn:aws:states:{}:{}:stateMachine:{name}", self.region, self.account);
        let known = self.call(Operation::DescribeStateMachine, [("stateMachineArn", arn.as_str())]).await?;
        if known.get("definition").and_then(Value::as_str) != Some(definition) {
            let changed = [("stateMachineArn", arn.as_str()), ("definition", definition)];
            self.call(Operation::UpdateStateMachine, changed).await?;
        }
        Ok(())
    }

    /// All state machines there are, by name; also those that were not made of files.
    pub(super) async fn machines(&self) -> Result<Vec<Machine>, Exception> {
        let (mut machines, mut token) = (Vec::new(), None::<String>);
        loop {
            let page = self.call(Operation::ListStateMachines, token.iter().map(|token| ("nextToken", &**token))).await?;
            machines.extend(page.get("stateMachines").and_then(Value::as_array).into_iter().flat_map(|page| page.iter()).map(machine));
            token = page.get("nextToken").and_then(Value::as_str).map(str::to_owned);
            if token.is_none() {
                machines.sort_by(|a, b| a.name.cmp(&b.name));
                return Ok(machines);
            }
        }
    }

    async fn call<'t>(&self, operation: Operation, texts: impl IntoIterator<Item = (&'t str, &'t str)>) -> Reply {
        let parameters: Object = texts.into_iter().map(|(key, text)| (key.into(), text.into())).collect();
        self.api.call(Request { operation, parameters: Value::Object(parameters), trace_header: None }).await
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
