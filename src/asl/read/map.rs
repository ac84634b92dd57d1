//! Map and Parallel states: what holds scopes.

use super::Reader;
use super::object::Object;
use super::value::PathRule;
use crate::asl::fields::{Field, FieldType, Owner, find};
use crate::asl::model::{Map, MaxConcurrency, Parallel, StateId};
use crate::query::jsonata::StatesFields;

impl<'n> Reader<'n> {
    pub(super) fn parallel(&self, id: StateId) -> Parallel {
        Parallel { branches: self.outline.state(id).inner.clone() }
    }

    pub(super) fn map(&mut self, id: StateId, object: &Object<'n>) -> Option<Map> {
        let processor = self.outline.state(id).inner.first().copied();
        if processor.is_none() {
            self.fields_required(&["ItemProcessor"], object);
        }
        self.distributed_fields(object);
        let selector = if object.has("ItemSelector") { "ItemSelector" } else { "Parameters" };
        let items_path = self.path(object, "ItemsPath", PathRule::Reference);
        let items = self.payload(object, "Items", StatesFields::default());
        let item_selector = self.filling(object, selector, StatesFields::default());
        let max_concurrency = self.max_concurrency(object);
        Some(Map { processor: processor?, items_path, items, item_selector, max_concurrency })
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

    /// The parts of a distributed Map, held against the table only: they are not run.
    fn distributed_fields(&mut self, map: &Object<'n>) {
        if let Some(reader) = self.part(Owner::ItemReader, map, "ItemReader") {
            self.part(Owner::ReaderConfig, &reader, "ReaderConfig");
        }
        self.part(Owner::ItemBatcher, map, "ItemBatcher");
        if let Some(writer) = self.part(Owner::ResultWriter, map, "ResultWriter") {
            self.part(Owner::WriterConfig, &writer, "WriterConfig");
        }
        for name in ["ToleratedFailureCount", "ToleratedFailurePercentage"] {
            self.path(map, &format!("{name}Path"), PathRule::Reference);
            self.jsonata(map, name);
        }
    }

    /// Field `name` of `whole`, an object with fields of its own; checks its paths as well.
    fn part(&mut self, owner: Owner, whole: &Object<'n>, name: &str) -> Option<Object<'n>> {
        let member = whole.get(name).filter(|member| member.value.members().is_some())?;
        let part = self.object(owner, &member.value, whole.language, whole.at(name))?;
        for member in part.node.members().unwrap_or_default() {
            match find(owner, &member.key).map(|field| field.kind) {
                Some(FieldType::Path) => {
                    self.path(&part, &member.key, PathRule::Reference);
                }
                Some(FieldType::Template) => {
                    self.filling(&part, &member.key, StatesFields::default());
                }
                Some(FieldType::Json) => {
                    self.payload(&part, &member.key, StatesFields::default());
                }
                _ if find(owner, &member.key).is_some_and(Field::is_computed) => {
                    self.jsonata(&part, &member.key);
                }
                _ => {}
            }
        }
        Some(part)
    }
}
