//! Where states, iterations and child executions got their inputs.

use super::made::{Made, Site};
use super::{End, Place, Provenance};
use crate::asl::{Filling, ItemBatcher, ItemReader, Map, StateKind};
use crate::debug::inspect::{RowKind, Visit};
use crate::engine::{BranchId, EventKind, Origin};
use crate::text::Span;
use crate::value::Value;
use crate::value::diff::Step;

impl Provenance<'_> {
    /// Where a state got its input: from the state before, or from what started its branch.
    pub(super) fn entered_with(&mut self, visit: &Visit, path: &[Step]) -> Option<Made> {
        let log = self.log;
        let mut before = log.events.range(0, visit.entered.0 as usize - 1).rev();
        let left =
            before.find(|event| event.branch == visit.branch && matches!(event.kind, EventKind::StateExited { .. }));
        if let Some(exit) = left {
            let entered = self.entry_of(exit.id)?;
            let last = self.visit(entered)?.rows.len().checked_sub(1)?;
            return Some(Made::same(Place::Row(entered, last, path.to_vec())));
        }
        let origin = *log.branches.get(visit.branch.0 as usize)?;
        let Some(state) = origin.state else { return Some(Made::same(Place::Input(path.to_vec()))) };
        let state = self.execution.machine.states.get(state.0 as usize)?;
        Some(match &state.kind {
            StateKind::Map(map) if map.item_selector.is_some() => Made::same(Place::Item(visit.branch, path.to_vec())),
            StateKind::Map(_) => {
                let item = self.item(visit.branch)?;
                // Of an object the iteration gets an object of the one entry.
                match (item.path().last(), path) {
                    (Some(Step::Key(key)), [Step::Key(first), rest @ ..]) if key == first => {
                        Made::same(item.inside(rest))
                    }
                    (Some(Step::Key(_)), _) => {
                        Made::Of { parts: vec![item], how: "an entry of the items".to_owned(), span: None }
                    }
                    _ => Made::same(item.inside(path)),
                }
            }
            _ => {
                let outer = self.visit(origin.visit)?;
                let row = self.data_before(&outer, Self::row(&outer, RowKind::Result)?);
                Made::same(Place::Row(origin.visit, row, path.to_vec()))
            }
        })
    }

    pub(super) fn made_for_iteration(&mut self, branch: BranchId, path: &[Step]) -> Option<Made> {
        let origin = *self.log.branches.get(branch.0 as usize)?;
        let execution = self.execution;
        let state = execution.machine.states.get(origin.state?.0 as usize)?;
        let StateKind::Map(map) = &state.kind else { return None };
        let visit = self.visit(origin.visit)?;
        // The selector reads what the state had before its items were chosen.
        let first = visit.rows.iter().position(|row| matches!(row.kind, RowKind::ItemsPath | RowKind::Items))?;
        let dollar = Place::Row(origin.visit, self.data_before(&visit, first), Vec::new());
        let field = if state.field("ItemSelector").is_some() { "ItemSelector" } else { "Parameters" };
        let site = Site { branch, ..self.site(&visit, dollar.clone(), field) };
        Some(match map.item_selector.as_ref()? {
            Filling::Template(template) => self.template(template, &site, path),
            Filling::Payload(payload) => self.payload(payload, &Site { input: dollar, ..site }, path),
        })
    }

    /// How the part `path` of the input of the execution came to be: from the execution around it, if that is known.
    pub(super) fn given(&mut self, path: &[Step]) -> Made {
        if let Some((outer, branch)) = self.around() {
            let made = self.within(outer, |own| own.given_to_child(branch, path));
            return self.wrapped(made.unwrap_or_else(|| Made::end(End::Unknown)), outer);
        }
        self.nested_input(path).unwrap_or_else(|| Made::end(End::Input))
    }

    /// How the part `path` of the input was made that a Map Run gave to the child execution that `branch` stands for.
    fn given_to_child(&mut self, branch: BranchId, path: &[Step]) -> Option<Made> {
        let execution = self.execution;
        let origin = *self.log.branches.get(branch.0 as usize)?;
        let state = execution.machine.states.get(origin.state?.0 as usize)?;
        let StateKind::Map(map) = &state.kind else { return None };
        let visit = self.visit(origin.visit)?;
        let Some(batcher) = &map.distributed.batcher else {
            return self.chosen_item(&visit, map, (branch, origin.index as usize), path);
        };
        match path {
            [Step::Key(key), Step::Index(at), rest @ ..] if &**key == "Items" => {
                let before = self.batched_before(origin)?;
                self.chosen_item(&visit, map, (branch, before + at), rest)
            }
            [Step::Key(key), rest @ ..] if &**key == "BatchInput" => {
                let site = self.selector_site(&visit, branch, "ItemBatcher");
                Some(self.filled(batcher.input.as_ref()?, &site, rest))
            }
            _ => self.batch(&visit, batcher, branch),
        }
    }

    /// A batch as a whole is put together.
    fn batch(&mut self, visit: &Visit, batcher: &ItemBatcher, branch: BranchId) -> Option<Made> {
        let site = self.selector_site(visit, branch, "ItemBatcher");
        let row = self.data_before(visit, Self::row(visit, RowKind::Result)?);
        let items = Place::Row(visit.entered, row, Vec::new());
        let parts = if batcher.input.is_some() { vec![items, site.dollar] } else { vec![items] };
        Some(Made::Of { parts, how: "ItemBatcher".to_owned(), span: site.span })
    }

    /// How many items the batches before that of a child execution hold, if all of them are known.
    fn batched_before(&self, origin: Origin) -> Option<usize> {
        let run = self.map_run_of(origin.visit)?;
        let children = self.log.children_of(run);
        let items = |index: u32| {
            let child = children.iter().find(|child| child.index == index)?;
            Some(child.execution.input.get("Items")?.as_array()?.len())
        };
        (0..origin.index).map(items).sum()
    }

    /// How the part `path` of item `index` of a Map Run was made, after its `ItemSelector`.
    fn chosen_item(
        &mut self,
        visit: &Visit,
        map: &Map,
        (branch, index): (BranchId, usize),
        path: &[Step],
    ) -> Option<Made> {
        if let Some(selector) = &map.item_selector {
            let site = Site { item: Some(index), ..self.selector_site(visit, branch, "ItemSelector") };
            let made = self.filled(selector, &site, path);
            // What a reader read is in no log.
            let reader = map.distributed.reader.as_ref();
            return Some(match (made, reader) {
                (Made::From { next: Place::RunItem(..), how, span }, Some(reader)) => {
                    self.read_item(visit, (reader, index), &how, span)
                }
                (Made::Of { parts, how, span }, Some(reader))
                    if parts.iter().any(|part| matches!(part, Place::RunItem(..))) =>
                {
                    self.read_item(visit, (reader, index), &how, span)
                }
                (made, _) => made,
            });
        }
        let made = self.item_at(visit, map, index, path)?;
        Some(match made {
            Made::From { next, span, .. } => Made::From { next, how: format!("item {index}"), span },
            other => other,
        })
    }

    /// The value that `how` took of an item that a reader read.
    fn read_item(
        &mut self,
        visit: &Visit,
        (reader, index): (&ItemReader, usize),
        how: &str,
        span: Option<Span>,
    ) -> Made {
        let from = self.read_from(visit, reader);
        Made::End { end: End::Outside, how: format!("item {index} of {from}: {how}"), span }
    }

    /// How the part `path` of item `index` of a Map Run was made, before its `ItemSelector`.
    pub(super) fn item_at(&mut self, visit: &Visit, map: &Map, index: usize, path: &[Step]) -> Option<Made> {
        if let Some(reader) = &map.distributed.reader {
            let from = self.read_from(visit, reader);
            let span = self.field_span(visit, "ItemReader");
            return Some(Made::End { end: End::Outside, how: format!("item {index} of {from}"), span });
        }
        let row = self.data_before(visit, Self::row(visit, RowKind::Result)?);
        let items = Place::Row(visit.entered, row, Vec::new());
        let step = match self.value(&items)? {
            Value::Array(items) => items.get(index).map(|_| Step::Index(index))?,
            Value::Object(entries) => Step::Key(entries.nth(index)?.0.clone()),
            _ => return None,
        };
        // Of an object the child execution gets an object of the one entry.
        match (&step, path) {
            (Step::Key(key), [Step::Key(first), rest @ ..]) if key == first => {
                Some(Made::same(items.inside(&[step]).inside(rest)))
            }
            (Step::Key(_), _) => {
                let parts = vec![items.inside(&[step])];
                Some(Made::Of { parts, how: "an entry of the items".to_owned(), span: None })
            }
            _ => Some(Made::same(items.inside(&[step]).inside(path))),
        }
    }

    /// What an `ItemReader` reads, as far as that can be told: `s3://bucket/key`.
    fn read_from(&mut self, visit: &Visit, reader: &ItemReader) -> String {
        let site = self.selector_site(visit, visit.branch, "ItemReader");
        let arguments = reader.arguments.as_ref().and_then(|arguments| self.evaluated(arguments, &site));
        let text = |key: &str| Some(arguments.as_ref()?.get(key)?.as_str()?.to_owned());
        match (text("Bucket"), text("Key").or_else(|| text("Prefix"))) {
            (Some(bucket), Some(key)) => format!("s3://{bucket}/{key}"),
            (Some(bucket), None) => format!("s3://{bucket}"),
            _ => reader.resource.to_string(),
        }
    }

    /// What `ItemSelector`, `ItemBatcher` and `ItemReader` see: what the state had before its items were chosen.
    fn selector_site(&mut self, visit: &Visit, branch: BranchId, field: &str) -> Site {
        let chosen = visit.rows.iter().position(|row| matches!(row.kind, RowKind::ItemsPath | RowKind::Items));
        let dollar = Place::Row(visit.entered, self.data_before(visit, chosen.unwrap_or(0)), Vec::new());
        let field = if self.field_span(visit, field).is_some() { field } else { "Parameters" };
        Site { branch, ..self.site(visit, dollar, field) }
    }

    /// The part `path` of what a template or payload made.
    fn filled(&mut self, filling: &Filling, site: &Site, path: &[Step]) -> Made {
        match filling {
            Filling::Template(template) => self.template(template, site, path),
            Filling::Payload(payload) => self.payload(payload, site, path),
        }
    }
}
