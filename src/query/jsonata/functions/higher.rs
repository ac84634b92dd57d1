//! Functions that call a function for each item of an array.

use super::argument;
use crate::query::jsonata::error::{Outcome, fault};
use crate::query::jsonata::eval::Evaluator;
use crate::query::jsonata::item::Item;

pub(super) fn map(evaluator: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    let (array, function) = (argument(arguments, 0), argument(arguments, 1));
    let (Some(elements), Some(function)) = (array.elements(), function.function()) else {
        return Ok(Item::Undefined);
    };
    let mut results = Vec::with_capacity(elements.len());
    for (at, item) in elements.iter().enumerate() {
        let result = evaluator.invoke_with(function, item, Item::count(at), &array)?;
        if !result.is_undefined() {
            results.push(result);
        }
    }
    evaluator.sequence(results)
}

pub(super) fn filter(evaluator: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    let (array, function) = (argument(arguments, 0), argument(arguments, 1));
    let (Some(elements), Some(function)) = (array.elements(), function.function()) else {
        return Ok(Item::Undefined);
    };
    let mut results = Vec::new();
    for (at, item) in elements.iter().enumerate() {
        let verdict = evaluator.invoke_with(function, item.clone(), Item::count(at), &array)?;
        if evaluator.is_true(&verdict)? {
            results.push(item);
        }
    }
    evaluator.sequence(results)
}

/// The one item for which the function is true.
pub(super) fn single(evaluator: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    let (array, function) = (argument(arguments, 0), argument(arguments, 1));
    let Some(elements) = array.elements() else { return Ok(Item::Undefined) };
    let mut found = None;
    for (at, item) in elements.iter().enumerate() {
        let fits = match function.function() {
            Some(function) => {
                let verdict = evaluator.invoke_with(function, item.clone(), Item::count(at), &array)?;
                evaluator.is_true(&verdict)?
            }
            None => true,
        };
        if fits && found.replace(item).is_some() {
            return Err(fault("D3138"));
        }
    }
    found.ok_or_else(|| fault("D3139"))
}

pub(super) fn reduce(evaluator: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    let (array, function, initial) = (argument(arguments, 0), argument(arguments, 1), argument(arguments, 2));
    let (Some(elements), Some(function)) = (array.elements(), function.function()) else {
        return Ok(Item::Undefined);
    };
    let arity = function.arity();
    if arity < 2 {
        return Err(fault("D3050"));
    }
    let mut items = elements.iter().enumerate();
    let mut result = initial;
    if result.is_undefined() {
        result = items.next().map(|(_, item)| item).unwrap_or_default();
    }
    for (at, item) in items {
        let mut given = evaluator.no_arguments();
        given.extend([result, item]);
        if arity >= 3 {
            given.push(Item::count(at));
        }
        if arity >= 4 {
            given.push(array.clone());
        }
        result = evaluator.invoke(function, given)?;
    }
    Ok(result)
}
