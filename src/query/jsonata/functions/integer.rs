//! `$formatInteger`, `$parseInteger`

use super::integer_picture::IntegerPicture;
use super::{number_at, picture_at, text_at};
use crate::query::jsonata::error::Outcome;
use crate::query::jsonata::eval::Evaluator;
use crate::query::jsonata::item::Item;

pub(super) fn format_integer(evaluator: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    let Some(number) = number_at(arguments, 0) else { return Ok(Item::Undefined) };
    let picture = picture_at(evaluator, arguments, 1)?.unwrap_or("");
    let text = IntegerPicture::parse(picture)?.format(number.floor())?;
    evaluator.text(text)
}

pub(super) fn parse_integer(evaluator: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    let Some(text) = text_at(arguments, 0) else { return Ok(Item::Undefined) };
    let picture = picture_at(evaluator, arguments, 1)?.unwrap_or("");
    Ok(Item::number(IntegerPicture::parse(picture)?.read(text)?))
}
