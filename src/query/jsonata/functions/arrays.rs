//! Functions of arrays.

use std::collections::HashSet;
use std::sync::Arc;

use super::argument;
use crate::query::jsonata::error::{Outcome, fault};
use crate::query::jsonata::eval::Evaluator;
use crate::query::jsonata::item::{Flags, Item};
use crate::query::jsonata::number::{from_count, to_count};
use crate::query::jsonata::text::compare_texts;

pub(super) fn append(evaluator: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    let (first, second) = (argument(arguments, 0), argument(arguments, 1));
    if first.is_undefined() {
        return Ok(second);
    }
    if second.is_undefined() {
        return Ok(first);
    }
    let (first, second) = (first.elements_or_self(), second.elements_or_self());
    evaluator.tick(first.len() + second.len())?;
    evaluator.plain(first.iter().chain(second.iter()).collect())
}

pub(super) fn reverse(evaluator: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    match arguments.first().and_then(Item::elements) {
        Some(elements) if elements.len() > 1 => {
            evaluator.tick(elements.len())?;
            let mut items = elements.to_vec();
            items.reverse();
            evaluator.plain(items)
        }
        _ => Ok(argument(arguments, 0)),
    }
}

/// Arrays of the first items, the second items and so on; as many as the shortest argument has.
pub(super) fn zip(evaluator: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    let columns: Vec<_> = arguments.iter().map(Item::elements).collect();
    let length = columns.iter().map(|column| column.as_ref().map_or(0, |column| column.len())).min().unwrap_or(0);
    evaluator.tick(length.saturating_mul(columns.len()))?;
    let mut rows = Vec::with_capacity(length);
    for at in 0..length {
        let row = columns.iter().flatten().filter_map(|column| column.get(at)).collect();
        rows.push(evaluator.plain(row)?);
    }
    evaluator.plain(rows)
}

pub(super) fn sort(evaluator: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    let Some(elements) = arguments.first().and_then(Item::elements).filter(|elements| elements.len() > 1) else {
        return Ok(argument(arguments, 0));
    };
    let items = elements.to_vec();
    evaluator.tick(items.len())?;
    let sorted = match argument(arguments, 1).function() {
        Some(comparator) => evaluator.sort_with(&items, comparator)?,
        None => naturally_sorted(items)?,
    };
    evaluator.plain(sorted)
}

fn naturally_sorted(mut items: Vec<Item>) -> Outcome<Vec<Item>> {
    let mut all_numbers = true;
    for item in &items {
        all_numbers &= item.numeric()?.is_some();
    }
    if all_numbers {
        items.sort_by(|a, b| a.as_f64().unwrap_or(0.0).total_cmp(&b.as_f64().unwrap_or(0.0)));
    } else if items.iter().all(Item::is_string) {
        items.sort_by(|a, b| compare_texts(a.as_str().unwrap_or(""), b.as_str().unwrap_or("")));
    } else {
        return Err(fault("D3070"));
    }
    Ok(items)
}

pub(super) fn shuffle(evaluator: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    let Some(elements) = arguments.first().and_then(Item::elements).filter(|elements| elements.len() > 1) else {
        return Ok(argument(arguments, 0));
    };
    let mut items = elements.to_vec();
    evaluator.tick(items.len())?;
    for at in (1..items.len()).rev() {
        let other = to_count(evaluator.random_fraction() * from_count(at + 1)).min(at);
        items.swap(at, other);
    }
    evaluator.plain(items)
}

/// What tells simple items apart, so that most need not be compared with all others.
#[derive(PartialEq, Eq, Hash)]
enum Simple {
    Null,
    Bool(bool),
    Number(u64),
    Text(Arc<str>),
}

/// The simple items so far. Few are compared with one another.
#[derive(Default)]
struct Seen {
    few: Vec<Simple>,
    many: HashSet<Simple>,
}

impl Seen {
    const FEW: usize = 8;

    /// Whether `simple` is new.
    fn insert(&mut self, simple: Simple) -> bool {
        if self.many.is_empty() {
            if self.few.contains(&simple) {
                return false;
            }
            if self.few.len() < Self::FEW {
                self.few.push(simple);
                return true;
            }
            self.many.extend(self.few.drain(..));
        }
        self.many.insert(simple)
    }
}

fn simple(item: &Item) -> Option<Simple> {
    if item.is_null() {
        return Some(Simple::Null);
    }
    match (item.as_bool(), item.as_f64(), item.as_text()) {
        (Some(value), ..) => Some(Simple::Bool(value)),
        // Minus zero equals zero.
        (_, Some(number), _) => Some(Simple::Number((number + 0.0).to_bits())),
        (_, _, Some(text)) => Some(Simple::Text(text.clone())),
        _ => None,
    }
}

pub(super) fn distinct(evaluator: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    let input = argument(arguments, 0);
    let Some(elements) = input.elements().filter(|elements| elements.len() > 1) else { return Ok(input) };
    let mut seen = Seen::default();
    let mut others: Vec<Item> = Vec::new();
    let mut results = Vec::new();
    for item in elements.iter() {
        let is_new = match simple(&item) {
            Some(simple) => seen.insert(simple),
            None => {
                evaluator.tick(others.len())?;
                let mut is_new = true;
                for other in &others {
                    if evaluator.equal(other, &item)? {
                        is_new = false;
                        break;
                    }
                }
                if is_new {
                    others.push(item.clone());
                }
                is_new
            }
        };
        if is_new {
            results.push(item);
        }
    }
    evaluator.tick(elements.len())?;
    let sequence = input.flags().sequence;
    evaluator.list(results, Flags { sequence, ..Flags::default() })
}
