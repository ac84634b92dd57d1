//! Functions of values of any type.

use super::{argument, text_at};
use crate::query::jsonata::error::{Outcome, fault};
use crate::query::jsonata::eval::Evaluator;
use crate::query::jsonata::item::Item;

pub(super) fn boolean(evaluator: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    Ok(evaluator.truth(&argument(arguments, 0))?.map_or(Item::Undefined, Item::bool))
}

pub(super) fn not(evaluator: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    Ok(evaluator.truth(&argument(arguments, 0))?.map_or(Item::Undefined, |truth| Item::bool(!truth)))
}

pub(super) fn exists(_: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    Ok(Item::bool(!argument(arguments, 0).is_undefined()))
}

pub(super) fn type_of(_: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    let item = argument(arguments, 0);
    item.numeric()?;
    Ok(item.type_name().map_or(Item::Undefined, Item::text))
}

/// The message, or the default where there is none.
fn message(arguments: &[Item], at: usize, default: &str) -> String {
    text_at(arguments, at).filter(|text| !text.is_empty()).map_or_else(|| default.to_owned(), |text| text.to_string())
}

pub(super) fn error(_: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    Err(fault("D3137").message(message(arguments, 0, "$error() function evaluated")))
}

pub(super) fn assert(_: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    if argument(arguments, 0).as_bool() == Some(true) {
        return Ok(Item::Undefined);
    }
    Err(fault("D3141").message(message(arguments, 1, "$assert() statement failed")))
}

pub(super) fn clone(evaluator: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    match arguments.first() {
        Some(item) if !item.is_undefined() => evaluator.deep_copy(item),
        _ => Ok(Item::Undefined),
    }
}
