//! Functions of numbers.

use super::{argument, number_at};
use crate::query::jsonata::error::{Outcome, fault};
use crate::query::jsonata::eval::Evaluator;
use crate::query::jsonata::item::Item;
use crate::query::jsonata::number::{self, js_text};
use crate::query::jsonata::stringify::raw_json;

/// A number made of the first argument, if that is one.
fn mapped(arguments: &[Item], map: impl FnOnce(f64) -> f64) -> Outcome<Item> {
    Ok(number_at(arguments, 0).map_or(Item::Undefined, |number| Item::number(map(number))))
}

pub(super) fn abs(_: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    mapped(arguments, f64::abs)
}

pub(super) fn floor(_: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    mapped(arguments, f64::floor)
}

pub(super) fn ceil(_: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    mapped(arguments, f64::ceil)
}

pub(super) fn round(_: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    let precision = number_at(arguments, 1).unwrap_or(0.0);
    mapped(arguments, |value| number::round(value, precision))
}

pub(super) fn sqrt(_: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    match number_at(arguments, 0) {
        Some(number) if number < 0.0 => Err(fault("D3060").value(js_text(number))),
        _ => mapped(arguments, f64::sqrt),
    }
}

pub(super) fn power(_: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    let Some(base) = number_at(arguments, 0) else { return Ok(Item::Undefined) };
    let exponent = number_at(arguments, 1);
    let result = exponent.map_or(f64::NAN, |exponent| base.powf(exponent));
    if result.is_finite() {
        return Ok(Item::number(result));
    }
    Err(fault("D3061").value(js_text(base)).second(raw_json(&argument(arguments, 1))))
}

pub(super) fn format_base(_: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    let Some(value) = number_at(arguments, 0) else { return Ok(Item::Undefined) };
    let radix = number_at(arguments, 1).map_or(10.0, |radix| number::round(radix, 0.0));
    if !(2.0..=36.0).contains(&radix) {
        return Err(fault("D3100").value(js_text(radix)));
    }
    let radix = u32::try_from(number::truncated(radix)).unwrap_or(10);
    Ok(Item::text(number::in_radix(number::round(value, 0.0), radix)))
}

pub(super) fn number(_: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    let item = argument(arguments, 0);
    if item.is_undefined() || item.is_number() {
        return Ok(item);
    }
    let known = match (item.as_bool(), item.as_str()) {
        (Some(value), _) => Some(f64::from(u8::from(value))),
        (_, Some(text)) => decimal(text).or_else(|| prefixed(text)),
        _ => None,
    };
    known.map(Item::number).ok_or_else(|| fault("D3030").value(raw_json(&item)))
}

/// A number as JSON spells it, but leading zeros do no harm.
fn decimal(text: &str) -> Option<f64> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let is_exponent = |exponent: &str| digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent));
    let is_mantissa = match mantissa.split_once('.') {
        Some((whole, fraction)) => digits(whole) && digits(fraction),
        None => digits(mantissa),
    };
    if !is_mantissa || !exponent.is_none_or(is_exponent) {
        return None;
    }
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// `0x1F`, `0o17`, `0b11`
fn prefixed(text: &str) -> Option<f64> {
    let (prefix, digits) = text.split_at_checked(2)?;
    let radix = match prefix {
        "0x" | "0X" => 16,
        "0o" | "0O" => 8,
        "0b" | "0B" => 2,
        _ => return None,
    };
    let add = |sum: f64, digit: char| Some(sum * f64::from(radix) + f64::from(digit.to_digit(radix)?));
    if digits.is_empty() { None } else { digits.chars().try_fold(0.0, add) }
}
