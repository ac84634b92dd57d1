//! `|pattern|update|`: a copy of the input with changes at what the pattern finds.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use super::Evaluator;
use crate::query::jsonata::ast::{Kind, NodeId};
use crate::query::jsonata::budget::{Charge, MAX_DATA_DEPTH};
use crate::query::jsonata::error::{Fault, Outcome, Spent, fault};
use crate::query::jsonata::function::{Frame, FunctionKind};
use crate::query::jsonata::item::{Elements, Flags, Item, List, Members, Record};
use crate::query::jsonata::number::to_precision_15;
use crate::query::jsonata::stringify::raw_json;
use crate::value::{Number, Value};

/// A step from a node of the copy to one inside it.
#[derive(Debug, Clone)]
enum Step {
    Key(Arc<str>),
    Index(usize),
}

/// The places of the copy's objects, by their address. Each is on the way to its parent: its number and the step.
#[derive(Default)]
struct Places {
    numbers: HashMap<usize, usize>,
    parents: Vec<(usize, Step)>,
}

impl Evaluator<'_> {
    pub(super) fn apply_transform(
        &mut self,
        id: NodeId,
        arguments: Vec<Item>,
        input: &Item,
        frame: &Rc<Frame>,
    ) -> Outcome<Item> {
        let signature = crate::query::jsonata::functions::transform_signature();
        let arguments = signature.validate(arguments, input)?;
        let object = arguments.into_iter().next().unwrap_or_default();
        if object.is_undefined() {
            return Ok(object);
        }
        let program = self.program;
        let node = program.node(id);
        let Kind::Transform { pattern, update, delete } = &node.kind else { return Ok(Item::Undefined) };
        let mut result = self.cloned(object, node.position, frame)?;
        let matches = self.evaluate(*pattern, &result, frame)?;
        if matches.is_undefined() {
            return Ok(result);
        }
        self.tick(result.extent().weight / 8)?;
        let mut places = Places::default();
        places.visit(&result, 0);
        let ways: Vec<_> = matches.elements_or_self().iter().map(|found| (places.way_to(&found), found)).collect();
        drop(matches);
        for (way, found) in ways {
            // An earlier change may have changed this one or taken it away.
            let current = way.as_ref().and_then(|way| at(&result, way)).unwrap_or(found);
            let changed = self.updated(*update, *delete, &current, frame)?;
            if let (Some(way), Some(changed)) = (way, changed) {
                self.tick(way.len())?;
                replace(&mut result, &way, changed);
            }
        }
        if result.extent().depth > MAX_DATA_DEPTH {
            return Err(Fault::spent(Spent::Depth));
        }
        Ok(result)
    }

    /// A copy of which every array and object is an object of its own, made by `$clone` where that is redefined.
    fn cloned(&mut self, object: Item, position: Option<u32>, frame: &Rc<Frame>) -> Outcome<Item> {
        if let Some(name) = self.program.find_symbol("clone") {
            return match self.lookup(name, frame) {
                Item::Function(clone) if !matches!(clone.kind, FunctionKind::Builtin(_)) => {
                    self.invoke(&clone, vec![object])
                }
                Item::Function(_) => self.deep_copy(&object),
                _ => Err(fault("T2013").at(position)),
            };
        }
        self.deep_copy(&object)
    }

    /// The item as JSON would bring it through: functions become empty texts.
    pub(in crate::query::jsonata) fn deep_copy(&mut self, item: &Item) -> Outcome<Item> {
        self.tick(1)?;
        self.budget.check_stack()?;
        let item = item.unwrapped();
        match (item.elements(), item.members()) {
            (Some(elements), _) => self.copy_array(&elements),
            (_, Some(members)) => self.copy_object(&members),
            _ => Ok(copy_of_scalar(item)),
        }
    }

    fn copy_array(&mut self, elements: &Elements) -> Outcome<Item> {
        let mut items = Vec::with_capacity(elements.len());
        for at in 0..elements.len() {
            let item = elements.get(at).unwrap_or_default();
            items.push(self.deep_copy(&item)?);
        }
        self.plain(items)
    }

    fn copy_object(&mut self, members: &Members) -> Outcome<Item> {
        let mut entries = Vec::with_capacity(members.len());
        for at in 0..members.len() {
            let Some((key, item)) = members.nth(at) else { break };
            if !item.is_undefined() {
                entries.push((key, self.deep_copy(&item)?));
            }
        }
        self.object(entries)
    }

    /// What becomes of a match; `None` where nothing changes.
    fn updated(
        &mut self,
        update: NodeId,
        delete: Option<NodeId>,
        current: &Item,
        frame: &Rc<Frame>,
    ) -> Outcome<Option<Item>> {
        let change = self.evaluate(update, current, frame)?;
        let mut changed = None;
        if !change.is_undefined() {
            let Some(members) = change.members() else {
                return Err(fault("T2011").at(self.program.node(update).position).value(raw_json(&change)));
            };
            changed = entries_of(current).map(|mut entries| {
                for (key, item) in members.iter() {
                    match entries.iter_mut().find(|(known, _)| *known == key) {
                        Some(entry) => entry.1 = item,
                        None => entries.push((key, item)),
                    }
                }
                entries
            });
        }
        if let Some(delete) = delete {
            let now = match &changed {
                Some(entries) => self.object(entries.clone())?,
                None => current.clone(),
            };
            let keys = self.keys_to_delete(delete, &now, frame)?;
            if !keys.is_empty() {
                changed = changed.or_else(|| entries_of(current));
                if let Some(entries) = &mut changed {
                    entries.retain(|(key, _)| !keys.iter().any(|deleted| deleted.as_str() == Some(key)));
                }
            }
        }
        changed.map(|entries| self.object(entries)).transpose()
    }

    fn keys_to_delete(&mut self, delete: NodeId, current: &Item, frame: &Rc<Frame>) -> Outcome<Vec<Item>> {
        let keys = self.evaluate(delete, current, frame)?;
        if keys.is_undefined() {
            return Ok(Vec::new());
        }
        let items = keys.elements_or_self().to_vec();
        if items.iter().all(Item::is_string) {
            return Ok(items);
        }
        Err(fault("T2012").at(self.program.node(delete).position).value(raw_json(&keys)))
    }
}

fn copy_of_scalar(item: Item) -> Item {
    match item {
        Item::Undefined => Item::Value(Value::Null),
        Item::Function(_) => Item::text(""),
        Item::Value(Value::Number(Number::Float(number))) => Item::number(to_precision_15(number)),
        other => other,
    }
}

fn entries_of(item: &Item) -> Option<Vec<(Arc<str>, Item)>> {
    item.members().map(|members| members.iter().collect())
}

/// The address that tells a node of the copy from all others.
fn address(item: &Item) -> Option<usize> {
    match item {
        Item::Object(record) => Some(Rc::as_ptr(record).cast::<u8>() as usize),
        Item::Array(list) => Some(Rc::as_ptr(list).cast::<u8>() as usize),
        _ => None,
    }
}

impl Places {
    /// Enters `item`, whose parent and step are entered last, and everything inside it.
    fn visit(&mut self, item: &Item, parent: usize) {
        if self.parents.is_empty() {
            self.parents.push((parent, Step::Index(0)));
        }
        let Some(address) = address(item) else { return };
        let number = self.parents.len() - 1;
        self.numbers.insert(address, number);
        match item {
            Item::Object(record) => {
                for (key, inner) in &record.entries {
                    self.enter(inner, number, Step::Key(key.clone()));
                }
            }
            Item::Array(list) => {
                for (at, inner) in list.items.iter().enumerate() {
                    self.enter(inner, number, Step::Index(at));
                }
            }
            _ => {}
        }
    }

    fn enter(&mut self, inner: &Item, parent: usize, step: Step) {
        if address(inner).is_some() {
            self.parents.push((parent, step));
            self.visit(inner, parent);
        }
    }

    /// The steps from the whole to `item`, if it is part of it.
    fn way_to(&self, item: &Item) -> Option<Vec<Step>> {
        let mut number = *self.numbers.get(&address(item)?)?;
        let mut way = Vec::new();
        while number != 0 {
            let (parent, step) = self.parents.get(number)?;
            way.push(step.clone());
            number = *parent;
        }
        way.reverse();
        Some(way)
    }
}

fn at(item: &Item, way: &[Step]) -> Option<Item> {
    let mut current = item.clone();
    for step in way {
        current = match (&current, step) {
            (Item::Object(record), Step::Key(key)) => record.get(key)?.clone(),
            (Item::Array(list), Step::Index(at)) => list.items.get(*at)?.clone(),
            _ => return None,
        };
    }
    Some(current)
}

/// Puts `changed` in place. The nodes on the way are changed where nobody else holds them, else made anew.
fn replace(item: &mut Item, way: &[Step], changed: Item) {
    let Some((step, rest)) = way.split_first() else {
        *item = changed;
        return;
    };
    match (item, step) {
        (Item::Object(record), Step::Key(key)) => {
            if Rc::get_mut(record).is_none() {
                *record = Rc::new(Record::new(record.entries.clone(), Charge::none()));
            }
            if let Some(record) = Rc::get_mut(record) {
                record.change(key, |inner| replace(inner, rest, changed));
            }
        }
        (Item::Array(list), Step::Index(at)) => {
            if Rc::get_mut(list).is_none() {
                *list = Rc::new(List::new(list.items.clone(), Flags::default(), Charge::none()));
            }
            if let Some(list) = Rc::get_mut(list) {
                list.change(*at, |inner| replace(inner, rest, changed));
            }
        }
        _ => {}
    }
}
