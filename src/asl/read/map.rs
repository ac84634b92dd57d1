//! Map and Parallel states: what holds scopes.

use std::sync::Arc;

use super::Reader;
use super::jsonata::is_expression;
use super::object::{Object, SCHEMA};
use super::value::PathRule;
use crate::asl::fields::{Language, Owner};
use crate::asl::model::{
    Amount, Distributed, Filling, ItemBatcher, ItemReader, Map, MaxConcurrency, Parallel, ResultWriter, StateId,
};
use crate::asl::{placeholder, unsupported};
use crate::query::Root;
use crate::query::jsonata::StatesFields;
use crate::text::{Diagnostic, Node};
use crate::value::{self, Value};

/// The most characters of a `Label`, and what it may not have (developer guide, Map).
const MAX_LABEL: usize = 40;
const NOT_IN_LABELS: &str = "?*<>{}[]:;,\\|^~$#%&`\"";

/// Numbers whose paths cannot go into the context object (reported).
const NOT_OF_CONTEXT: [&str; 3] = ["MaxItemsPerBatch", "MaxInputBytesPerBatch", "ToleratedFailurePercentage"];

impl<'n> Reader<'n> {
    pub(super) fn parallel(&self, id: StateId) -> Parallel {
        Parallel { branches: self.outline.state(id).inner.clone() }
    }

    pub(super) fn map(&mut self, id: StateId, object: &Object<'n>) -> Option<Map> {
        let processor = self.outline.state(id).inner.first().copied();
        if processor.is_none() {
            let help = "add `ItemProcessor`, a state machine with `StartAt` and `States` that runs for each item";
            self.one_is_needed(&["ItemProcessor", "Iterator"], object, help);
        }
        let distributed = Box::new(self.distributed(object));
        let selector = if object.has("ItemSelector") { "ItemSelector" } else { "Parameters" };
        let items_path = self.path(object, "ItemsPath", PathRule::Reference);
        let items = self.payload(object, "Items", StatesFields::default());
        let item_selector = self.filling(object, selector, StatesFields::default());
        let max_concurrency = self.max_concurrency(object);
        Some(Map { processor: processor?, items_path, items, item_selector, max_concurrency, distributed })
    }

    fn max_concurrency(&mut self, object: &Object<'n>) -> MaxConcurrency {
        if let Some(path) = self.path(object, "MaxConcurrencyPath", PathRule::Reference) {
            return MaxConcurrency::Path(path);
        }
        if let Some(expression) = self.jsonata(object, "MaxConcurrency") {
            return MaxConcurrency::Jsonata(expression);
        }
        let number = object.whole("MaxConcurrency").unwrap_or_default();
        MaxConcurrency::Fixed(u32::try_from(number).unwrap_or(u32::MAX))
    }

    pub(super) fn processor_config(&mut self, processor: &Object<'n>) {
        if let Some(config) = self.part(Owner::ProcessorConfig, processor, "ProcessorConfig") {
            self.mode(&config);
        }
    }

    /// The parts of a distributed Map.
    fn distributed(&mut self, map: &Object<'n>) -> Distributed {
        Distributed {
            is_mode: unsupported::distributed_mode(map.node).is_some(),
            reader: self.item_reader(map),
            batcher: self.item_batcher(map),
            is_express: is_express(map.node),
            label: self.label(map),
            writer: self.result_writer(map),
            tolerated_failure_count: self.amount(map, "ToleratedFailureCount"),
            tolerated_failure_percentage: self.amount(map, "ToleratedFailurePercentage"),
        }
    }

    /// `Label`: names the Map Runs, so it is held to what names may have (developer guide, Map; recorded).
    fn label(&mut self, map: &Object<'n>) -> Option<Arc<str>> {
        let (member, label) = (map.get("Label")?, map.text("Label")?);
        let length = label.chars().count();
        let (message, help) = if label.is_empty() {
            ("Invalid Label name: Label cannot be empty", "write a name, or remove the field".to_owned())
        } else if length > MAX_LABEL {
            let help = format!("it has {length} characters; write {MAX_LABEL} at most");
            ("Invalid Label name: Label exceeds the 40-character limit allowed by the service", help)
        } else if label.chars().any(|c| c.is_whitespace() || c.is_control() || NOT_IN_LABELS.contains(c)) {
            ("Label contains invalid character", "write letters, digits, `-` and `_`".to_owned())
        } else {
            if !self.labels.insert(label.to_owned()) {
                let fault = Diagnostic::error(
                    "DUPLICATE_LABEL_NAME",
                    format!("Duplicate Label name: {label}"),
                    member.value.span,
                );
                let help = "another Map of this state machine has this label, too";
                self.report(fault.located(map.at("Label")).with_help(help));
            }
            return Some(label.into());
        };
        if !placeholder::is_in(label) {
            let fault = Diagnostic::error("INVALID_LABEL_NAME", message, member.value.span);
            self.report(fault.located(map.at("Label")).with_help(help));
        }
        None
    }

    fn item_reader(&mut self, map: &Object<'n>) -> Option<ItemReader> {
        let reader = self.part(Owner::ItemReader, map, "ItemReader")?;
        let config = self.part(Owner::ReaderConfig, &reader, "ReaderConfig");
        self.dataset(&reader, config.as_ref());
        let text = |name| config.as_ref().and_then(|config| config.text(name));
        let headers =
            config.as_ref().filter(|config| config.has("CSVHeaders")).map(|config| config.items("CSVHeaders"));
        Some(ItemReader {
            resource: reader.text("Resource").unwrap_or_default().into(),
            config: config_of(&reader, "ReaderConfig"),
            input_type: text("InputType").map(Into::into),
            items_pointer: text("ItemsPointer").map(Into::into),
            csv_headers: headers.map(|all| all.iter().filter_map(Node::as_str).map(Into::into).collect()),
            csv_delimiter: delimiter(text("CSVDelimiter")),
            arguments: self.arguments_of(&reader),
            max_items: config.and_then(|config| self.amount(&config, "MaxItems")),
        })
    }

    fn item_batcher(&mut self, map: &Object<'n>) -> Option<ItemBatcher> {
        let batcher = self.part(Owner::ItemBatcher, map, "ItemBatcher")?;
        Some(ItemBatcher {
            max_items: self.amount(&batcher, "MaxItemsPerBatch"),
            max_bytes: self.amount(&batcher, "MaxInputBytesPerBatch"),
            input: self.filling(&batcher, "BatchInput", StatesFields::default()),
        })
    }

    fn result_writer(&mut self, map: &Object<'n>) -> Option<ResultWriter> {
        let writer = self.part(Owner::ResultWriter, map, "ResultWriter")?;
        self.part(Owner::WriterConfig, &writer, "WriterConfig");
        self.results(&writer);
        Some(ResultWriter {
            resource: writer.text("Resource").map(Into::into),
            arguments: self.arguments_of(&writer),
            config: config_of(&writer, "WriterConfig"),
        })
    }

    /// `Parameters` or `Arguments`, as the language has it.
    fn arguments_of(&mut self, object: &Object<'n>) -> Option<Filling> {
        let name = match object.language {
            Language::JsonPath => "Parameters",
            Language::Jsonata => "Arguments",
        };
        self.filling(object, name, StatesFields::default())
    }

    /// The number of field `name`, the path to it, or an expression.
    fn amount(&mut self, object: &Object<'n>, name: &str) -> Option<Amount> {
        let path_name = format!("{name}Path");
        if let Some(path) = self.path(object, &path_name, PathRule::Reference) {
            if let (Root::Context, true, Some(member)) =
                (path.root(), NOT_OF_CONTEXT.contains(&name), object.get(&path_name))
            {
                let fault = Diagnostic::error(SCHEMA, "Value is not a Reference Path", member.value.span);
                let help = "the context object cannot be read here; pass the number on in the input";
                self.report(fault.located(object.at(&path_name)).with_help(help));
            }
            return Some(Amount::Path(path));
        }
        if let Some(expression) = self.jsonata(object, name) {
            return Some(Amount::Jsonata(expression));
        }
        object.number(name).map(Amount::Fixed)
    }

    /// Field `name` of `whole`, an object with fields of its own, held against the table.
    fn part(&mut self, owner: Owner, whole: &Object<'n>, name: &str) -> Option<Object<'n>> {
        let member = whole.get(name).filter(|member| member.value.members().is_some())?;
        self.object(owner, &member.value, whole.language, whole.at(name))
    }
}

/// The literal fields of a config: what is looked up when the Map runs is left out.
fn config_of(object: &Object<'_>, name: &str) -> Value {
    let members = object.get(name).and_then(|member| member.value.members()).unwrap_or_default();
    let literal = members.iter().filter(|member| !is_expression(&member.value) && !member.key.ends_with("Path"));
    Value::Object(literal.map(|member| (member.key.clone(), value::from_node(&member.value))).collect())
}

/// Whether the child executions of a Map are Express ones.
fn is_express(map: &Node) -> bool {
    let processor = ["ItemProcessor", "Iterator"].into_iter().find_map(|name| map.get(name));
    let config = processor.and_then(|processor| processor.value.get("ProcessorConfig"));
    config.and_then(|config| config.value.get("ExecutionType")?.value.as_str()) == Some("EXPRESS")
}

/// The character that a `CSVDelimiter` names.
fn delimiter(name: Option<&str>) -> char {
    match name {
        Some("PIPE") => '|',
        Some("SEMICOLON") => ';',
        Some("SPACE") => ' ',
        Some("TAB") => '\t',
        _ => ',',
    }
}
