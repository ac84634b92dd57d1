//! Functions of texts. Positions count characters.

use super::{argument, number_at, text_at};
use crate::query::jsonata::error::Outcome;
use crate::query::jsonata::eval::Evaluator;
use crate::query::jsonata::item::Item;
use crate::query::jsonata::number::{from_count, to_count};

pub(super) fn string(evaluator: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    let pretty = argument(arguments, 1).as_bool().unwrap_or(false);
    match arguments.first() {
        Some(text) if text.is_string() => Ok(text.clone()),
        Some(item) => match evaluator.string(item, pretty)? {
            Some(text) => evaluator.text(text),
            None => Ok(Item::Undefined),
        },
        None => Ok(Item::Undefined),
    }
}

/// The place that JavaScript's `slice` makes of an index: negative ones count from the end.
fn place(index: f64, length: usize) -> usize {
    let index = index.trunc();
    let index = if index < 0.0 { index + from_count(length) } else { index };
    to_count(index).min(length)
}

pub(super) fn substring(evaluator: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    let Some(text) = text_at(arguments, 0) else { return Ok(Item::Undefined) };
    let Some(start) = number_at(arguments, 1) else {
        // JavaScript computes with a start that is nothing: no end comes of it.
        let has_count = number_at(arguments, 2).is_some();
        return Ok(if has_count { Item::text("") } else { Item::text(text.clone()) });
    };
    let length = text.chars().count();
    evaluator.tick(length / 16)?;
    let start = if from_count(length) + start < 0.0 { 0.0 } else { start };
    let end = match number_at(arguments, 2) {
        Some(count) if count <= 0.0 => return Ok(Item::text("")),
        Some(count) if start >= 0.0 => place(start + count, length),
        Some(count) => place(from_count(length) + start + count, length),
        None => length,
    };
    let start = place(start, length);
    Ok(Item::text(text.chars().skip(start).take(end.saturating_sub(start)).collect::<String>()))
}

pub(super) fn substring_before(_: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    let (Some(text), Some(part)) = (text_at(arguments, 0), text_at(arguments, 1)) else {
        return Ok(argument(arguments, 0));
    };
    Ok(text.split_once(&**part).map_or_else(|| Item::text(text.clone()), |(before, _)| Item::text(before)))
}

pub(super) fn substring_after(_: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    let (Some(text), Some(part)) = (text_at(arguments, 0), text_at(arguments, 1)) else {
        return Ok(argument(arguments, 0));
    };
    Ok(text.split_once(&**part).map_or_else(|| Item::text(text.clone()), |(_, after)| Item::text(after)))
}

/// A text made of the first argument, if that is one.
fn mapped(evaluator: &mut Evaluator<'_>, arguments: &[Item], map: impl FnOnce(&str) -> String) -> Outcome<Item> {
    match text_at(arguments, 0) {
        Some(text) => evaluator.text(map(text)),
        None => Ok(Item::Undefined),
    }
}

pub(super) fn lowercase(evaluator: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    mapped(evaluator, arguments, str::to_lowercase)
}

pub(super) fn uppercase(evaluator: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    mapped(evaluator, arguments, str::to_uppercase)
}

pub(super) fn length(_: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    Ok(text_at(arguments, 0).map_or(Item::Undefined, |text| Item::count(text.chars().count())))
}

/// Blanks in a row become one, those at the ends none.
pub(super) fn trim(evaluator: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    mapped(evaluator, arguments, |text| {
        let words = text.split([' ', '\t', '\n', '\r']).filter(|word| !word.is_empty());
        words.collect::<Vec<_>>().join(" ")
    })
}

pub(super) fn pad(evaluator: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    let (Some(text), Some(width)) = (text_at(arguments, 0), number_at(arguments, 1)) else {
        return Ok(argument(arguments, 0));
    };
    let filling = text_at(arguments, 2).filter(|filling| !filling.is_empty()).map_or(" ", |filling| filling);
    let missing = to_count(width.abs()).saturating_sub(text.chars().count());
    if missing == 0 {
        return Ok(Item::text(text.clone()));
    }
    evaluator.budget.text(missing.saturating_mul(filling.chars().next().map_or(1, char::len_utf8)))?;
    evaluator.tick(missing)?;
    let padding: String = filling.chars().cycle().take(missing).collect();
    Ok(Item::text(if width > 0.0 { format!("{text}{padding}") } else { format!("{padding}{text}") }))
}

pub(super) fn join(evaluator: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    let Some(elements) = arguments.first().and_then(Item::elements) else { return Ok(argument(arguments, 0)) };
    let separator = text_at(arguments, 1).map_or("", |separator| separator);
    evaluator.tick(elements.len())?;
    let mut out = String::new();
    for (at, item) in elements.iter().enumerate() {
        if at > 0 {
            out.push_str(separator);
        }
        out.push_str(item.as_str().unwrap_or(""));
        evaluator.budget.fits(out.len())?;
    }
    evaluator.text(out)
}
