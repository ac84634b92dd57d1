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
        let order = (0..entries.len()).collect();
        self.merge_sort(order, &mut |evaluator, a, b| {
            for (at, term) in terms.iter().enumerate() {
                let left = evaluator.key(&mut entries, *a, at, term)?;
                let right = evaluator.key(&mut entries, *b, at, term)?;
                match compare_keys(&left, &right, node)? {
                    Ordering::Equal => {}
                    ordering if left.is_undefined() || right.is_undefined() => return Ok(ordering.is_gt()),
                    ordering => return Ok((ordering.is_gt()) != term.descending),
                }
            }
            Ok(false)
        })
    }

    fn key(&mut self, entries: &mut [Entry], at: usize, term: usize, expression: &Term) -> Outcome<Item> {
        let Some(entry) = entries.get_mut(at) else { return Ok(Item::Undefined) };
        if entry.keys.len() <= term {
            let (context, frame) = (entry.context.clone(), entry.frame.clone());
            let key = self.evaluate(expression.expression, &context, &frame)?;
            entry.keys.push(key);
        }
        Ok(entry.keys.get(term).cloned().unwrap_or_default())
    }

    /// A stable merge sort: `after` says whether the first of two belongs behind the second. Splits as the reference
    /// does, so that inconsistent comparisons give the same order.
    pub(in crate::query::jsonata) fn merge_sort<T>(
        &mut self,
        mut items: Vec<T>,
        after: &mut dyn FnMut(&mut Self, &T, &T) -> Outcome<bool>,
    ) -> Outcome<Vec<T>> {
        if items.len() <= 1 {
            return Ok(items);
        }
        let right = items.split_off(items.len() / 2);
        let left = self.merge_sort(items, after)?;
        let right = self.merge_sort(right, after)?;
        self.tick(left.len() + right.len())?;
        let mut merged = Vec::with_capacity(left.len() + right.len());
        let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
        while let (Some(first), Some(second)) = (left.peek(), right.peek()) {
            merged.extend(if after(self, first, second)? { right.next() } else { left.next() });
        }
        merged.extend(left);
        merged.extend(right);
        Ok(merged)
    }
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
