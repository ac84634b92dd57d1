//! Order-by.

use std::cmp::Ordering;
use std::rc::Rc;

use super::Evaluator;
use crate::query::jsonata::ast::{Node, Term};
use crate::query::jsonata::error::{Outcome, fault};
use crate::query::jsonata::function::Frame;
use crate::query::jsonata::item::{Elements, Item, Tuple};
use crate::query::jsonata::stringify::raw_json;
use crate::query::jsonata::text::compare_texts;

/// What is sorted: an item, or a tuple with its names.
struct Entry {
    context: Item,
    frame: Rc<Frame>,
    /// The values of the terms so far; each is evaluated once at most.
    keys: Vec<Item>,
}

impl Evaluator<'_> {
    pub(super) fn sort_items(
        &mut self,
        node: &Node,
        terms: &[Term],
        current: &Elements,
        frame: &Rc<Frame>,
    ) -> Outcome<Item> {
        if current.len() <= 1 {
            return match current {
                Elements::One(item) => self.sequence(vec![item.clone()]),
                Elements::Made(list) => Ok(Item::Array(list.clone())),
                Elements::Data(array) => Ok(Item::Value(array.clone().into())),
            };
        }
        let entry = |item| Entry { context: item, frame: frame.clone(), keys: Vec::new() };
        let order = self.order(node, terms, current.iter().map(entry).collect())?;
        self.plain(order.into_iter().filter_map(|at| current.get(at)).collect())
    }

    pub(super) fn sort_tuples(
        &mut self,
        node: &Node,
        terms: &[Term],
        tuples: &[Tuple],
        frame: &Rc<Frame>,
    ) -> Outcome<Vec<Tuple>> {
        let entry = |tuple: &Tuple| Entry {
            context: tuple.context.clone(),
            frame: Frame::with(frame, tuple.names.clone()),
            keys: Vec::new(),
        };
        let order = self.order(node, terms, tuples.iter().map(entry).collect())?;
        Ok(order.into_iter().filter_map(|at| tuples.get(at).cloned()).collect())
    }

    fn order(&mut self, node: &Node, terms: &[Term], mut entries: Vec<Entry>) -> Outcome<Vec<usize>> {
        self.merge_sort(entries.len(), &mut |evaluator, a, b| {
            for (at, term) in terms.iter().enumerate() {
                evaluator.find_key(&mut entries, a, at, term)?;
                evaluator.find_key(&mut entries, b, at, term)?;
                let [left, right] = [a, b].map(|entry| key(&entries, entry, at));
                match compare_keys(left, right, node)? {
                    Ordering::Equal => {}
                    ordering if left.is_undefined() || right.is_undefined() => return Ok(ordering.is_gt()),
                    ordering => return Ok((ordering.is_gt()) != term.descending),
                }
            }
            Ok(false)
        })
    }

    /// Evaluates a term for an entry, unless that was done.
    fn find_key(&mut self, entries: &mut [Entry], at: usize, term: usize, expression: &Term) -> Outcome<()> {
        if let Some(entry) = entries.get_mut(at).filter(|entry| entry.keys.len() <= term) {
            let key = self.evaluate(expression.expression, &entry.context, &entry.frame)?;
            entry.keys.push(key);
        }
        Ok(())
    }

    /// The order of `count` items by a stable merge sort: `after` says whether the first of two belongs behind the
    /// second. Splits as the reference does, so that inconsistent comparisons give the same order.
    pub(super) fn merge_sort(
        &mut self,
        count: usize,
        after: &mut dyn FnMut(&mut Self, usize, usize) -> Outcome<bool>,
    ) -> Outcome<Vec<usize>> {
        let mut order: Vec<usize> = (0..count).collect();
        self.sort_part(&mut order, &mut Vec::with_capacity(count), after)?;
        Ok(order)
    }

    fn sort_part(
        &mut self,
        part: &mut [usize],
        merged: &mut Vec<usize>,
        after: &mut dyn FnMut(&mut Self, usize, usize) -> Outcome<bool>,
    ) -> Outcome<()> {
        if part.len() <= 1 {
            return Ok(());
        }
        let (left, right) = part.split_at_mut(part.len() / 2);
        self.sort_part(left, merged, after)?;
        self.sort_part(right, merged, after)?;
        self.tick(left.len() + right.len())?;
        merged.clear();
        let (mut first, mut second) = (left.iter().copied().peekable(), right.iter().copied().peekable());
        while let (Some(one), Some(other)) = (first.peek(), second.peek()) {
            merged.extend(if after(self, *one, *other)? { second.next() } else { first.next() });
        }
        merged.extend(first.chain(second));
        part.copy_from_slice(merged);
        Ok(())
    }
}

fn key(entries: &[Entry], at: usize, term: usize) -> &Item {
    entries.get(at).and_then(|entry| entry.keys.get(term)).unwrap_or(&Item::Undefined)
}

/// What is nothing comes last; numbers and texts compare with their like.
fn compare_keys(left: &Item, right: &Item, node: &Node) -> Outcome<Ordering> {
    match (left.is_undefined(), right.is_undefined()) {
        (true, true) => return Ok(Ordering::Equal),
        (true, false) => return Ok(Ordering::Greater),
        (false, true) => return Ok(Ordering::Less),
        _ => {}
    }
    if let (Some(left), Some(right)) = (left.as_f64(), right.as_f64()) {
        // Like JavaScript's `<`: what cannot be compared counts as greater.
        return Ok(left.partial_cmp(&right).unwrap_or(Ordering::Greater));
    }
    if let (Some(left), Some(right)) = (left.as_str(), right.as_str()) {
        return Ok(compare_texts(left, right));
    }
    let sortable = |item: &Item| item.is_number() || item.is_string();
    if sortable(left) && sortable(right) {
        return Err(fault("T2007").at(node.position).value(raw_json(left)).second(raw_json(right)));
    }
    Err(fault("T2008").at(node.position))
}
