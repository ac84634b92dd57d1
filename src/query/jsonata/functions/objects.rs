//! Functions of objects.

use std::collections::HashSet;
use std::sync::Arc;

use super::{argument, text_at};
use crate::query::jsonata::error::Outcome;
use crate::query::jsonata::eval::Evaluator;
use crate::query::jsonata::item::Item;
use crate::query::jsonata::list::key_order;

/// The keys of an object, or of all objects in an array.
pub(super) fn keys(evaluator: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    let item = argument(arguments, 0);
    let mut found = Vec::new();
    match item.members() {
        // The keys of one object differ.
        Some(members) => {
            evaluator.tick(members.len())?;
            found.extend(members.iter().map(|(key, _)| key));
        }
        None => collect_keys(evaluator, &item, &mut HashSet::new(), &mut found)?,
    }
    found.sort_by_key(key_order);
    evaluator.sequence(found.into_iter().map(Item::text).collect())
}

fn collect_keys(
    evaluator: &mut Evaluator<'_>,
    item: &Item,
    seen: &mut HashSet<Arc<str>>,
    found: &mut Vec<Arc<str>>,
) -> Outcome<()> {
    evaluator.tick(1)?;
    evaluator.budget.check_stack()?;
    if let Some(elements) = item.elements() {
        for at in 0..elements.len() {
            collect_keys(evaluator, &elements.get(at).unwrap_or_default(), seen, found)?;
        }
        return Ok(());
    }
    let Some(members) = item.members() else { return Ok(()) };
    evaluator.tick(members.len())?;
    for (key, _) in members.iter() {
        if seen.insert(key.clone()) {
            found.push(key);
        }
    }
    Ok(())
}

pub(super) fn lookup(evaluator: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    match text_at(arguments, 1) {
        Some(key) => evaluator.name(key, &argument(arguments, 0)),
        None => Ok(Item::Undefined),
    }
}

/// Objects of one member each.
pub(super) fn spread(evaluator: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    let item = argument(arguments, 0);
    let count = item.elements().map(|elements| elements.len());
    if count.is_none() && item.members().is_none() {
        return Ok(item);
    }
    let mut out = Vec::new();
    spread_into(evaluator, &item, &mut out)?;
    // In the reference what was put together from arrays is no sequence any more.
    if count.unwrap_or(0) == 0 { evaluator.sequence(out) } else { evaluator.plain(out) }
}

fn spread_into(evaluator: &mut Evaluator<'_>, item: &Item, out: &mut Vec<Item>) -> Outcome<()> {
    evaluator.tick(1)?;
    evaluator.budget.check_stack()?;
    if let Some(elements) = item.elements() {
        for at in 0..elements.len() {
            spread_into(evaluator, &elements.get(at).unwrap_or_default(), out)?;
        }
        return Ok(());
    }
    match item.members() {
        Some(members) => {
            evaluator.tick(members.len())?;
            for entry in members.iter() {
                out.push(evaluator.object(vec![entry])?);
            }
        }
        None if item.is_undefined() => {}
        None => out.push(item.clone()),
    }
    Ok(())
}

/// One object of all members; later ones replace earlier ones of the same key.
pub(super) fn merge(evaluator: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    let Some(elements) = arguments.first().and_then(Item::elements) else { return Ok(Item::Undefined) };
    let mut entries: Vec<(Arc<str>, Item)> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for members in elements.iter().filter_map(|item| item.members()) {
        evaluator.tick(members.len())?;
        for (key, item) in members.iter() {
            match places.get(&key).and_then(|at: &usize| entries.get_mut(*at)) {
                Some(entry) => entry.1 = item,
                None => {
                    places.insert(key.clone(), entries.len());
                    entries.push((key, item));
                }
            }
        }
    }
    evaluator.object(entries)
}

pub(super) fn each(evaluator: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    let (object, function) = (argument(arguments, 0), argument(arguments, 1));
    let mut results = Vec::new();
    if let (Some(members), Some(function)) = (object.members(), function.function()) {
        for (key, item) in members.iter() {
            let result = evaluator.invoke_with(function, item, Item::text(key), &object)?;
            if !result.is_undefined() {
                results.push(result);
            }
        }
    }
    evaluator.sequence(results)
}

pub(super) fn sift(evaluator: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    let (object, function) = (argument(arguments, 0), argument(arguments, 1));
    let mut entries = Vec::new();
    if let (Some(members), Some(function)) = (object.members(), function.function()) {
        for (key, item) in members.iter() {
            let verdict = evaluator.invoke_with(function, item.clone(), Item::text(key.clone()), &object)?;
            if evaluator.is_true(&verdict)? {
                entries.push((key, item));
            }
        }
    }
    if entries.is_empty() { Ok(Item::Undefined) } else { evaluator.object(entries) }
}
