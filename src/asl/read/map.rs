//! Map and Parallel states: what holds scopes.

use super::Reader;
use super::object::Object;
use super::value::PathRule;
use crate::asl::fields::{Language, Owner};
use crate::asl::model::{
    Amount, Distributed, Filling, ItemBatcher, ItemReader, Map, MaxConcurrency, Parallel, ResultWriter, StateId,
};
use crate::asl::unsupported;
use crate::query::jsonata::StatesFields;
use crate::text::Node;

impl<'n> Reader<'n> {
    pub(super) fn parallel(&self, id: StateId) -> Parallel {
        Parallel { branches: self.outline.state(id).inner.clone() }
    }

    pub(super) fn map(&mut self, id: StateId, object: &Object<'n>) -> Option<Map> {
        let processor = self.outline.state(id).inner.first().copied();
        if processor.is_none() {
            self.fields_required(&["ItemProcessor"], object);
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
        self.part(Owner::ProcessorConfig, processor, "ProcessorConfig");
    }

    /// The parts of a distributed Map.
    fn distributed(&mut self, map: &Object<'n>) -> Distributed {
        Distributed {
            is_mode: unsupported::distributed_mode(map.node).is_some(),
            reader: self.item_reader(map),
            batcher: self.item_batcher(map),
            is_express: is_express(map.node),
            label: map.text("Label").map(Into::into),
            writer: self.result_writer(map),
            tolerated_failure_count: self.amount(map, "ToleratedFailureCount"),
            tolerated_failure_percentage: self.amount(map, "ToleratedFailurePercentage"),
        }
    }

    fn item_reader(&mut self, map: &Object<'n>) -> Option<ItemReader> {
        let reader = self.part(Owner::ItemReader, map, "ItemReader")?;
        let config = self.part(Owner::ReaderConfig, &reader, "ReaderConfig");
        let text = |name| config.as_ref().and_then(|config| config.text(name));
        let headers =
            config.as_ref().filter(|config| config.has("CSVHeaders")).map(|config| config.items("CSVHeaders"));
        Some(ItemReader {
            resource: reader.text("Resource").unwrap_or_default().into(),
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
        let config = self.part(Owner::WriterConfig, &writer, "WriterConfig");
        let text = |name| config.as_ref().and_then(|config| config.text(name)).map(Into::into);
        Some(ResultWriter {
            resource: writer.text("Resource").map(Into::into),
            arguments: self.arguments_of(&writer),
            output_type: text("OutputType"),
            transformation: text("Transformation"),
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
        if let Some(path) = self.path(object, &format!("{name}Path"), PathRule::Reference) {
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
