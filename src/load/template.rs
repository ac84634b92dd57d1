//! State machines in templates of CloudFormation, SAM and the Serverless Framework, and in what the API answers.

use super::fill::Lookup;
use super::functions::{Template, substitutions};
use super::source::{self, Source};
use super::{Context, Entry, emit, plain};
use crate::asl::Definition;
use crate::text::{Diagnostic, Member, Node, NodeKind, Span, Tracked};

/// The code of templates without a state machine.
pub const NO_MACHINE: &str = "NO_STATE_MACHINE";
/// The code of definitions that a template keeps where they cannot be read, such as in a bucket.
pub const ELSEWHERE: &str = "DEFINITION_ELSEWHERE";
/// The code of files beside a template that cannot be read.
pub const UNREADABLE_FILE: &str = "UNREADABLE_FILE";

/// The most machines of one file: CloudFormation has 500 resources at most.
const MAX_MACHINES: usize = 500;

const CLOUDFORMATION: &str = "AWS::StepFunctions::StateMachine";
const SAM: &str = "AWS::Serverless::StateMachine";

/// A state machine in a template.
struct Machine<'n> {
    id: &'n str,
    /// The place of its name.
    at: Span,
    properties: &'n Node,
    kind: Option<&'n Node>,
}

/// The state machines of a file that is a template; none when it is no template.
pub(super) fn entries(source: &Source, context: &Context<'_>) -> Vec<Entry> {
    let root = &source.root;
    if root.get("StartAt").is_some() || root.get("States").is_some() {
        return Vec::new();
    }
    let resources = root.get("resources").map(|member| &member.value);
    let template = Template::new(
        resources.filter(|_| root.get("Resources").is_none()).unwrap_or(root),
        source.origin.text(),
        context.given,
    );
    let loader = Loader { source, context, template };
    let mut machines = in_resources(root);
    machines.extend(resources.map(in_resources).unwrap_or_default());
    machines.extend(in_serverless(root));
    if machines.is_empty() {
        return loader.others(root);
    }
    machines.truncate(MAX_MACHINES);
    machines.iter().map(|machine| loader.entry(machine)).collect()
}

/// The machines among the `Resources` of CloudFormation and SAM.
fn in_resources(root: &Node) -> Vec<Machine<'_>> {
    let resources = root.get("Resources").and_then(|member| member.value.members()).unwrap_or_default();
    let machine = |member: &'_ Member| -> Option<()> {
        let kind = member.value.get("Type")?.value.as_str()?;
        matches!(kind, CLOUDFORMATION | SAM).then_some(())
    };
    let found = resources.iter().filter(|member| machine(member).is_some());
    found
        .map(|member| {
            let properties = member.value.get("Properties").map_or(&member.value, |properties| &properties.value);
            let kind = properties.get("StateMachineType").or_else(|| properties.get("Type"));
            let kind = kind
                .map(|kind| &kind.value)
                .filter(|kind| !std::ptr::eq(properties, &member.value) || kind.as_str().is_none());
            Machine { id: &member.key, at: member.key_span, properties, kind }
        })
        .collect()
}

/// The machines of the Serverless Framework: `stepFunctions.stateMachines`.
fn in_serverless(root: &Node) -> Vec<Machine<'_>> {
    let machines = root.get("stepFunctions").and_then(|member| member.value.get("stateMachines"));
    let machines = machines.and_then(|member| member.value.members()).unwrap_or_default();
    let machine = |member: &'_ Member| member.value.members().is_some();
    machines
        .iter()
        .filter(|member| machine(member))
        .map(|member| Machine {
            id: &member.key,
            at: member.key_span,
            properties: &member.value,
            kind: member.value.get("type").map(|kind| &kind.value),
        })
        .collect()
}

struct Loader<'n> {
    source: &'n Source,
    context: &'n Context<'n>,
    template: Template<'n>,
}

impl<'n> Loader<'n> {
    fn entry(&self, machine: &Machine<'n>) -> Entry {
        let kind = machine.kind.and_then(|kind| super::machine_type(self.template.text(kind).text()));
        let lookup = substitutions(&self.template, machine.properties.get("DefinitionSubstitutions").map(|m| &m.value));
        let definition = self.definition(machine, &lookup);
        Entry { logical_id: Some(machine.id.to_owned()), definition, kind }
    }

    fn definition(&self, machine: &Machine<'n>, lookup: &Lookup<'_>) -> Definition {
        let property = |name| machine.properties.get(name).map(|member| &member.value);
        if let Some(node) = property("Definition").or_else(|| property("definition")) {
            return self.written(node, lookup);
        }
        if let Some(node) = property("DefinitionString") {
            return self.string(node, lookup);
        }
        if let Some(node) = property("DefinitionUri").or_else(|| property("DefinitionS3Location")) {
            return self.at(node, lookup);
        }
        let fault =
            Diagnostic::error(NO_MACHINE, format!("`{}` has no definition", machine.id), self.place(machine.at));
        self.faulty(fault.with_help("give it a Definition, a DefinitionString or a DefinitionUri"))
    }

    /// A definition that is written as an object, in a file that is named, or as text after all.
    fn written(&self, node: &'n Node, lookup: &Lookup<'_>) -> Definition {
        if let Some(path) = included(node) {
            return self.file(path, node.span, lookup);
        }
        if let Some(path) = node.as_str().and_then(serverless_file) {
            return self.file(path, node.span, lookup);
        }
        if node.as_str().is_some() || is_text_function(node) {
            return self.string(node, lookup);
        }
        let json = emit::json(node, &self.template, lookup);
        self.parts(&json, self.source.remarks.clone())
    }

    fn string(&self, node: &'n Node, lookup: &Lookup<'_>) -> Definition {
        let text = match self.template.resolved(node) {
            super::functions::Outcome::Node(inner) if inner.members().is_some() => {
                emit::json(inner, &self.template, lookup)
            }
            _ => self.template.text(node),
        };
        let text = text.rebased(&self.source.origin);
        let (json, remarks) = super::lenient::repair(&text, lookup);
        let mut all = self.source.remarks.clone();
        all.extend(remarks);
        self.read(json, all)
    }

    fn parts(&self, json: &Tracked, remarks: Vec<Diagnostic>) -> Definition {
        self.read(json.rebased(&self.source.origin), remarks)
    }

    fn read(&self, json: Tracked, remarks: Vec<Diagnostic>) -> Definition {
        Definition::read_parts(self.context.name, &self.source.text, json, remarks)
    }

    /// A definition in another file, or in a bucket.
    fn at(&self, node: &'n Node, lookup: &Lookup<'_>) -> Definition {
        let path = self.template.text(node);
        let is_local =
            node.members().is_none_or(|members| members.iter().all(|m| m.key.starts_with("Fn::") || &*m.key == "Ref"));
        let is_known = is_local && !path.text().contains("://") && !path.text().contains("${");
        if is_known && matches!(node.kind, NodeKind::String(_) | NodeKind::Object(_)) {
            return self.file(path.text(), node.span, lookup);
        }
        let shown: String = path.text().chars().take(100).collect();
        let message = format!("The definition is kept elsewhere ({shown}); it is not read");
        let note = Diagnostic::warning(ELSEWHERE, message, self.place(node.span));
        self.faulty(note.with_help("open the file of the definition itself"))
    }

    fn file(&self, path: &str, at: Span, lookup: &Lookup<'_>) -> Definition {
        let (name, bytes) = self.context.read_beside(path);
        let bytes = match bytes {
            Ok(bytes) => bytes,
            Err(why) => {
                let message = format!("The definition cannot be read from {name}: {why}");
                let fault = Diagnostic::error(UNREADABLE_FILE, message, self.place(at));
                return self.faulty(fault.with_help("the path counts from the folder of the template"));
            }
        };
        let context = Context { name: &name, ..*self.context };
        let Some(text) = source::text(&bytes) else { return plain::unread(&name, &bytes).definition };
        match source::read(&name, text) {
            Some(source) => plain::definition(&name, &source, &context, Some(lookup)),
            None => plain::text(text, &context, Some(lookup)).definition,
        }
    }

    fn place(&self, span: Span) -> Span {
        self.source.origin.place(span)
    }

    fn faulty(&self, fault: Diagnostic) -> Definition {
        plain::unreadable(self.context.name, &self.source.text, fault)
    }

    /// What is no template with machines: one without any, or a definition in an envelope.
    fn others(&self, root: &'n Node) -> Vec<Entry> {
        let entry = |definition, kind| vec![Entry { logical_id: None, definition, kind }];
        let part = |name| root.get(name).map(|member| &member.value);
        if let Some(node) = part("definition").or_else(|| part("Definition")) {
            let kind = part("type").and_then(|kind| super::machine_type(kind.as_str()?));
            let lookup = |name: &str| self.context.given.value(name);
            return entry(self.written(node, &lookup), kind);
        }
        if is_text_function(root) {
            let lookup = |name: &str| self.context.given.value(name);
            return entry(self.string(root, &lookup), None);
        }
        let is_template =
            ["Resources", "AWSTemplateFormatVersion", "stepFunctions"].iter().any(|key| part(key).is_some())
                || part("service").is_some() && part("provider").is_some();
        if !is_template {
            return Vec::new();
        }
        let fault = Diagnostic::error(NO_MACHINE, "The template has no state machine", Span::at(0));
        entry(
            self.faulty(fault.with_help(format!(
                "looked for are resources of the types {CLOUDFORMATION} and {SAM}, and stepFunctions.stateMachines"
            ))),
            None,
        )
    }
}

/// Whether `node` is a function that gives a text.
fn is_text_function(node: &Node) -> bool {
    match node.members() {
        Some([only]) => matches!(&*only.key, "Ref" | "Fn::Sub" | "Fn::Join" | "Fn::ToJsonString"),
        _ => false,
    }
}

/// The file that `Fn::Transform` puts here: `AWS::Include` with a path beside the template.
fn included(node: &Node) -> Option<&str> {
    let [only] = node.members()? else { return None };
    let argument = (&*only.key == "Fn::Transform").then_some(&only.value)?;
    let is_include = argument.get("Name")?.value.as_str()? == "AWS::Include";
    let location = argument.get("Parameters")?.value.get("Location")?.value.as_str()?;
    (is_include && !location.contains("://") && !location.contains("${")).then_some(location)
}

/// The path in `${file(PATH)}` of the Serverless Framework.
fn serverless_file(text: &str) -> Option<&str> {
    let path = text.trim().strip_prefix("${file(")?.strip_suffix(")}")?.trim();
    (!path.contains(['$', '(', ')'])).then_some(path)
}
