//! Object constructors and group-by.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

use super::Evaluator;
use crate::query::jsonata::ast::{Group, Kind};
use crate::query::jsonata::error::{Outcome, fault, quoted};
use crate::query::jsonata::function::Frame;
use crate::query::jsonata::item::{Elements, Item, Tuple};
use crate::query::jsonata::stringify::raw_json;
use crate::value::Value;

/// A key, the pair that made it, and the items it was made from.
struct Slot<T> {
    key: Arc<str>,
    pair: usize,
    data: Vec<T>,
}

impl Evaluator<'_> {
    /// Groups `input` by the keys of `group` and evaluates the values on the groups.
    pub(super) fn group(&mut self, group: &Group, input: &Item, frame: &Rc<Frame>) -> Outcome<Item> {
        if let Item::Tuples(tuples) = input {
            return self.group_tuples(group, tuples, frame);
        }
        if !input.is_array() {
            return self.object_of(group, input, frame);
        }
        let elements = input.elements_or_self();
        // An empty input still makes an object of what does not depend on it.
        let elements = if elements.len() == 0 { Elements::One(Item::Undefined) } else { elements };
        let slots = self.slots(group, elements.iter(), |evaluator, key, item| evaluator.evaluate(key, item, frame))?;
        let mut entries = Vec::with_capacity(slots.len());
        for slot in slots {
            let context = self.gathered(slot.data)?;
            self.add_entry(group, (slot.key, slot.pair), &context, frame, &mut entries)?;
        }
        self.object(entries)
    }

    /// The object that a single item makes: each pair gives one member at most.
    fn object_of(&mut self, group: &Group, input: &Item, frame: &Rc<Frame>) -> Outcome<Item> {
        if group.has_fixed_keys {
            return self.object_with_fixed_keys(group, input, frame);
        }
        let mut keys: Vec<(Arc<str>, usize)> = Vec::with_capacity(group.pairs.len());
        let mut known = HashSet::new();
        for (pair, (key, _)) in group.pairs.iter().enumerate() {
            let key = self.evaluate(*key, input, frame)?;
            let Some(key) = text_of_key(group, &key)? else { continue };
            if is_repeated(&keys, &mut known, &key) {
                return Err(fault("D1009").at(group.position).value(quoted(&key)));
            }
            keys.push((key, pair));
        }
        let mut entries = Vec::with_capacity(keys.len());
        for key in keys {
            self.add_entry(group, key, input, frame, &mut entries)?;
        }
        self.object(entries)
    }

    /// The same where the keys are written out, which counts as if they were evaluated.
    fn object_with_fixed_keys(&mut self, group: &Group, input: &Item, frame: &Rc<Frame>) -> Outcome<Item> {
        let program = self.program;
        if !group.pairs.is_empty() {
            self.budget.enter()?;
            self.tick(group.pairs.len())?;
            self.budget.leave();
        }
        let mut entries = Vec::with_capacity(group.pairs.len());
        for (key, value) in &group.pairs {
            let value = self.evaluate(*value, input, frame)?;
            if let (Kind::Literal(Value::String(key)), false) = (&program.node(*key).kind, value.is_undefined()) {
                entries.push((key.clone(), value));
            }
        }
        self.object(entries)
    }

    fn group_tuples(&mut self, group: &Group, tuples: &[Tuple], frame: &Rc<Frame>) -> Outcome<Item> {
        let nothing = [Tuple::default()];
        let tuples = if tuples.is_empty() { &nothing } else { tuples };
        let slots = self.slots(group, tuples.iter().cloned(), |evaluator, key, tuple| {
            let inner = Frame::with(frame, tuple.names.clone());
            evaluator.evaluate(key, &tuple.context, &inner)
        })?;
        let mut entries = Vec::with_capacity(slots.len());
        for slot in slots {
            let context = self.gathered(slot.data.iter().map(|tuple| tuple.context.clone()).collect())?;
            let names = self.gathered_names(&slot.data)?;
            let inner = Frame::with(frame, names);
            self.add_entry(group, (slot.key, slot.pair), &context, &inner, &mut entries)?;
        }
        self.object(entries)
    }

    fn add_entry(
        &mut self,
        group: &Group,
        (key, pair): (Arc<str>, usize),
        context: &Item,
        frame: &Rc<Frame>,
        entries: &mut Vec<(Arc<str>, Item)>,
    ) -> Outcome<()> {
        if let Some((_, value)) = group.pairs.get(pair) {
            let value = self.evaluate(*value, context, frame)?;
            if !value.is_undefined() {
                entries.push((key, value));
            }
        }
        Ok(())
    }

    /// The keys of all items, in the order in which they come up.
    fn slots<T>(
        &mut self,
        group: &Group,
        items: impl Iterator<Item = T>,
        mut key_of: impl FnMut(&mut Self, crate::query::jsonata::ast::NodeId, &T) -> Outcome<Item>,
    ) -> Outcome<Vec<Slot<T>>>
    where
        T: Clone,
    {
        let mut slots: Vec<Slot<T>> = Vec::new();
        let mut places: HashMap<Arc<str>, usize> = HashMap::new();
        for item in items {
            for (pair, (key, _)) in group.pairs.iter().enumerate() {
                let key = key_of(self, *key, &item)?;
                let Some(key) = text_of_key(group, &key)? else { continue };
                match places.get(&key).and_then(|at| slots.get_mut(*at)) {
                    None => {
                        places.insert(key.clone(), slots.len());
                        slots.push(Slot { key, pair, data: vec![item.clone()] });
                    }
                    Some(slot) if slot.pair == pair => slot.data.push(item.clone()),
                    Some(_) => return Err(fault("D1009").at(group.position).value(quoted(&key))),
                }
            }
        }
        Ok(slots)
    }

    /// Items put together: one stays as it is, of several the arrays are flattened and what is nothing left out.
    fn gathered(&mut self, mut items: Vec<Item>) -> Outcome<Item> {
        if items.len() <= 1 {
            return Ok(items.pop().unwrap_or_default());
        }
        items.retain(|item| !item.is_undefined());
        if items.len() <= 1 {
            return Ok(items.pop().unwrap_or_default());
        }
        let mut out = Vec::with_capacity(items.len());
        for item in items {
            let elements = item.elements_or_self();
            self.tick(elements.len())?;
            elements.append_to(&mut out);
        }
        self.plain(out)
    }

    fn gathered_names(&mut self, tuples: &[Tuple]) -> Outcome<Vec<(crate::query::jsonata::ast::Sym, Item)>> {
        let Some(first) = tuples.first() else { return Ok(Vec::new()) };
        if tuples.len() == 1 {
            return Ok(first.names.clone());
        }
        let mut names = Vec::with_capacity(first.names.len());
        for (name, _) in &first.names {
            let of = |tuple: &Tuple| tuple.names.iter().find(|(known, _)| known == name).map(|(_, item)| item.clone());
            let items = tuples.iter().map(|tuple| of(tuple).unwrap_or_default()).collect();
            names.push((*name, self.gathered(items)?));
        }
        Ok(names)
    }
}

/// The text of a key; nothing is left out.
fn text_of_key(group: &Group, key: &Item) -> Outcome<Option<Arc<str>>> {
    match (key, key.as_text()) {
        (Item::Undefined, _) => Ok(None),
        (_, Some(text)) => Ok(Some(text.clone())),
        _ => Err(fault("T1003").at(group.position).value(raw_json(key))),
    }
}

/// Whether `key` is among `keys`. Few are compared with one another, all of many are `known`.
fn is_repeated(keys: &[(Arc<str>, usize)], known: &mut HashSet<Arc<str>>, key: &Arc<str>) -> bool {
    const FEW: usize = 16;
    if keys.len() <= FEW {
        return keys.iter().any(|(other, _)| other == key);
    }
    if known.is_empty() {
        known.extend(keys.iter().map(|(key, _)| key.clone()));
    }
    !known.insert(key.clone())
}
