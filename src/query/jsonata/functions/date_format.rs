//! `$fromMillis`, `$now`, `$millis`

use super::calendar::Date;
use super::date_picture::{ISO, Marker, Part, parse};
use super::integer_picture::{Case, Grouping, IntegerPicture, leading_int};
use super::{number_at, picture_at, text_at};
use crate::query::jsonata::error::{Outcome, fault, quoted};
use crate::query::jsonata::eval::Evaluator;
use crate::query::jsonata::item::Item;
use crate::query::jsonata::number::{from_count, from_int, to_count};

pub(super) const DAYS: [&str; 8] = ["", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

pub(super) fn millis(evaluator: &mut Evaluator<'_>, _: &[Item]) -> Outcome<Item> {
    Ok(Item::Value(evaluator.now().0.into()))
}

pub(super) fn now(evaluator: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    let now = from_int(evaluator.now().0);
    let picture = picture_at(evaluator, arguments, 0)?;
    let zone = text_at(arguments, 1).map(|zone| &**zone);
    let text = format(evaluator, now, picture, zone)?;
    evaluator.text(text)
}

pub(super) fn from_millis(evaluator: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    let Some(millis) = number_at(arguments, 0) else { return Ok(Item::Undefined) };
    let picture = picture_at(evaluator, arguments, 1)?;
    let zone = text_at(arguments, 2).map(|zone| &**zone);
    let text = format(evaluator, millis, picture, zone)?;
    evaluator.text(text)
}

/// Hours and minutes east of Greenwich.
#[derive(Clone, Copy)]
struct Zone {
    hours: f64,
    minutes: f64,
}

impl Zone {
    /// `+0530`, taken apart as the reference does it (which makes nonsense of negative minutes).
    fn parse(text: &str) -> Self {
        let offset = leading_int(text);
        Self { hours: (offset / 100.0).floor(), minutes: offset % 100.0 }
    }
}

fn format(evaluator: &Evaluator<'_>, millis: f64, picture: Option<&str>, zone: Option<&str>) -> Outcome<String> {
    let zone = zone.map_or(Zone { hours: 0.0, minutes: 0.0 }, Zone::parse);
    let date = Date::new(millis + (60.0 * zone.hours + zone.minutes) * 60_000.0);
    let mut out = String::new();
    for part in parse(picture.unwrap_or(ISO))? {
        match part {
            Part::Literal(text) => out.push_str(&text),
            Part::Marker(marker) => out.push_str(&component(&date, zone, &marker)?),
        }
        evaluator.budget.fits(out.len())?;
    }
    Ok(out)
}

fn component(date: &Date, zone: Zone, marker: &Marker) -> Outcome<String> {
    match marker.component {
        'Z' | 'z' => zone_text(zone, marker),
        'P' => {
            let text = if date.hours() >= 12.0 { "pm" } else { "am" };
            Ok(if marker.names == Some(Case::Upper) { text.to_uppercase() } else { text.to_owned() })
        }
        'C' | 'E' => Ok("ISO".to_owned()),
        other => match date.component(other) {
            Some(value) => number(value, marker),
            None => Ok("undefined".to_owned()),
        },
    }
}

fn number(value: f64, marker: &Marker) -> Outcome<String> {
    if let Some(case) = marker.names {
        return name(value, case, marker);
    }
    let value = match marker.digits.filter(|_| marker.component == 'Y') {
        Some(digits) => value % 10f64.powf(from_count(digits)),
        None => value,
    };
    marker.integer.as_ref().map_or(Ok(String::new()), |picture| picture.format(value))
}

fn name(value: f64, case: Case, marker: &Marker) -> Outcome<String> {
    let name = match marker.component {
        'M' | 'x' | 'F' if value.is_nan() => None,
        'M' | 'x' => MONTHS.get(to_count(value - 1.0)),
        'F' => DAYS.get(to_count(value)),
        other => return Err(fault("D3133").value(quoted(&other.to_string()))),
    };
    let name = name.copied().unwrap_or("undefined");
    let name = match case {
        Case::Upper => name.to_uppercase(),
        Case::Lower => name.to_lowercase(),
        Case::Title => name.to_owned(),
    };
    Ok(match marker.most {
        Some(most) => name.chars().take(most).collect(),
        None => name,
    })
}

fn zone_text(zone: Zone, marker: &Marker) -> Outcome<String> {
    let Some(picture) = &marker.integer else { return Ok(String::new()) };
    let offset = zone.hours * 100.0 + zone.minutes;
    let is_regular = picture.digits().is_some_and(|digits| matches!(digits.grouping, Grouping::Regular(..)));
    let mut text = match picture.digits().map_or(0, |digits| digits.mandatory) {
        _ if is_regular => picture.format(offset)?,
        1 | 2 if zone.minutes != 0.0 => {
            format!("{}:{}", picture.format(zone.hours)?, IntegerPicture::parse("00")?.format(zone.minutes)?)
        }
        1 | 2 => picture.format(zone.hours)?,
        3 | 4 => picture.format(offset)?,
        digits => return Err(fault("D3134").value(digits.to_string())),
    };
    if offset >= 0.0 {
        text.insert(0, '+');
    }
    if marker.component == 'z' {
        text.insert_str(0, "GMT");
    }
    Ok(if offset == 0.0 && marker.traditional { "Z".to_owned() } else { text })
}
