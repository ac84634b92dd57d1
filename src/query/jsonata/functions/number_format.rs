//! `$formatNumber`

use super::number_picture::{SubPicture, Symbols, parse};
use super::{argument, number_at, picture_at};
use crate::query::jsonata::error::Outcome;
use crate::query::jsonata::eval::Evaluator;
use crate::query::jsonata::item::Item;
use crate::query::jsonata::number::{from_count, round, to_fixed};

pub(super) fn format_number(evaluator: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    let Some(value) = number_at(arguments, 0) else { return Ok(Item::Undefined) };
    let symbols = Symbols::new(&argument(arguments, 2));
    let (positive, negative) = parse(picture_at(evaluator, arguments, 1)?.unwrap_or(""), &symbols)?;
    let picture = if value >= 0.0 { positive } else { negative };
    evaluator.tick(picture.most_fraction + picture.least_integer)?;
    evaluator.text(format(value, &picture, &symbols))
}

fn format(value: f64, picture: &SubPicture, symbols: &Symbols) -> String {
    let scaled = match (picture.is_percent, picture.is_per_mille) {
        (true, _) => value * 100.0,
        (_, true) => value * 1000.0,
        _ => value,
    };
    let (mantissa, exponent) = scientific(scaled, picture);
    let mut out = picture.prefix.clone();
    out.extend(mantissa_text(mantissa, picture, symbols));
    if let Some(exponent) = exponent {
        out.push(symbols.exponent);
        if exponent < 0 {
            out.push_str(&symbols.minus);
        }
        let digits = exponent.unsigned_abs().to_string();
        let padding = picture.least_exponent.saturating_sub(digits.len());
        out.extend(std::iter::repeat_n('0', padding).chain(digits.chars()).map(|digit| symbols.localized(digit)));
    }
    out.push_str(&picture.suffix);
    out
}

/// Mantissa and exponent, where the picture has one.
fn scientific(value: f64, picture: &SubPicture) -> (f64, Option<i32>) {
    if picture.least_exponent == 0 {
        return (value, None);
    }
    let scaling = i32::try_from(picture.scaling).unwrap_or(i32::MAX);
    let (most, least) = (10f64.powi(scaling), 10f64.powi(scaling.saturating_sub(1)));
    let (mut mantissa, mut exponent) = (value, 0);
    // The reference never ends for 0 and for negative numbers; neither happens to a mantissa with a sign of its own.
    while mantissa != 0.0 && mantissa.abs() < least {
        mantissa *= 10.0;
        exponent -= 1;
    }
    while mantissa.abs() > most && mantissa.is_finite() {
        mantissa /= 10.0;
        exponent += 1;
    }
    (mantissa, Some(exponent))
}

fn mantissa_text(mantissa: f64, picture: &SubPicture, symbols: &Symbols) -> Vec<char> {
    let rounded = round(mantissa, from_count(picture.most_fraction));
    let text = to_fixed(rounded, picture.most_fraction);
    let (integer, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let digits = |text: &str| text.chars().map(|digit| symbols.localized(digit)).collect::<Vec<_>>();
    let integer = digits(integer.trim_start_matches('0'));
    let mut fraction = digits(fraction.trim_end_matches('0'));
    let zeros = |least: usize, length: usize| std::iter::repeat_n(symbols.zero(), least.saturating_sub(length));
    fraction.extend(zeros(picture.least_fraction, fraction.len()));
    let mut out: Vec<char> = zeros(picture.least_integer, integer.len()).chain(integer).collect();
    let point = out.len();
    out.push(symbols.decimal);
    out.extend(fraction);
    group(&mut out, point, picture, symbols.grouping);
    let point = out.iter().position(|character| *character == symbols.decimal).unwrap_or(point);
    for position in &picture.fraction_grouping {
        out.insert((point + 1 + position).min(out.len()), symbols.grouping);
    }
    // Without a decimal separator in the picture the last character goes, whatever it is.
    if !picture.has_decimal || out.last() == Some(&symbols.decimal) {
        out.pop();
    }
    out
}

/// Puts separators between the digits before `point`.
fn group(out: &mut Vec<char>, mut point: usize, picture: &SubPicture, sign: char) {
    if let Some(size) = picture.regular_grouping {
        for group in 1..=point.saturating_sub(1) / size {
            out.insert(point - group * size, sign);
        }
        return;
    }
    for position in &picture.grouping {
        // Where there are not so many digits, JavaScript counts from the end of the text (release 2.0.6).
        let place = match point.checked_sub(*position) {
            Some(place) => place,
            None => out.len().saturating_sub(position - point),
        };
        out.insert(place.min(out.len()), sign);
        point += 1;
    }
}
