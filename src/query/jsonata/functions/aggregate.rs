//! Sums and the like.

use super::number_at;
use crate::query::jsonata::error::Outcome;
use crate::query::jsonata::eval::Evaluator;
use crate::query::jsonata::item::Item;
use crate::query::jsonata::number::from_count;

/// The numbers of an array; `None` where there are none.
fn numbers(evaluator: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Option<Vec<f64>>> {
    let Some(elements) = arguments.first().and_then(Item::elements) else {
        return Ok(number_at(arguments, 0).map(|number| vec![number]));
    };
    evaluator.tick(elements.len())?;
    Ok(Some(elements.numbers()))
}

fn total(numbers: &[f64]) -> f64 {
    numbers.iter().fold(0.0, |total, number| total + number)
}

pub(super) fn sum(evaluator: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    let numbers = numbers(evaluator, arguments)?;
    Ok(numbers.map_or(Item::Undefined, |numbers| Item::number(total(&numbers))))
}

/// Nothing counts 0.
pub(super) fn count(_: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    Ok(Item::count(arguments.first().and_then(Item::elements).map_or(0, |elements| elements.len())))
}

fn reduced(evaluator: &mut Evaluator<'_>, arguments: &[Item], reduce: impl FnOnce(&[f64]) -> f64) -> Outcome<Item> {
    let numbers = numbers(evaluator, arguments)?.filter(|numbers| !numbers.is_empty());
    Ok(numbers.map_or(Item::Undefined, |numbers| Item::number(reduce(&numbers))))
}

pub(super) fn max(evaluator: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    reduced(evaluator, arguments, |numbers| numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max))
}

pub(super) fn min(evaluator: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    reduced(evaluator, arguments, |numbers| numbers.iter().copied().fold(f64::INFINITY, f64::min))
}

pub(super) fn average(evaluator: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    reduced(evaluator, arguments, |numbers| total(numbers) / from_count(numbers.len()))
}
