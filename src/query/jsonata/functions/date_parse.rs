//! `$toMillis`

use std::collections::HashMap;

use super::calendar::{DAY, Date, clip, utc};
use super::date_format::{DAYS, MONTHS};
use super::date_picture::{Marker, Part, parse};
use super::integer_picture::{Grouping, leading_int};
use super::regex::found_in;
use super::{picture_at, text_at};
use crate::query::jsonata::error::{Outcome, fault, quoted};
use crate::query::jsonata::eval::Evaluator;
use crate::query::jsonata::item::Item;
use crate::query::jsonata::number::{from_count, from_int};
use crate::query::jsonata::pattern::Pattern;

pub(super) fn to_millis(evaluator: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    let Some(text) = text_at(arguments, 0) else { return Ok(Item::Undefined) };
    let millis = match picture_at(evaluator, arguments, 1)? {
        Some(picture) => with_picture(evaluator, text, picture)?,
        None => Some(iso(text).ok_or_else(|| fault("D3110").value(quoted(text)))?),
    };
    Ok(millis.map_or(Item::Undefined, Item::number))
}

/// What is read from the front of a text.
struct Reader<'t>(&'t str);

impl Reader<'_> {
    fn take(&mut self, character: char) -> bool {
        match self.0.strip_prefix(character) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }

    /// A number of exactly `count` digits.
    fn digits(&mut self, count: usize) -> Option<f64> {
        let digits = self.0.get(..count).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
        self.0 = self.0.get(count..)?;
        digits.parse().ok()
    }
}

/// The milliseconds of an ISO 8601 text; NaN where its form is right but no such moment exists.
fn iso(text: &str) -> Option<f64> {
    let mut reader = Reader(text);
    let year = reader.digits(4)?;
    let (mut month, mut day) = (1.0, 1.0);
    let mut has_month = false;
    if !is_zone(reader.0) && reader.take('-') {
        month = reader.digits(2)?;
        has_month = true;
    }
    if has_month && !is_zone(reader.0) && reader.take('-') {
        day = reader.digits(2)?;
    }
    let mut time = 0.0;
    if reader.take('T') {
        time = clock(&mut reader)?;
    }
    if reader.take('.') {
        let digits = reader.0.bytes().take_while(u8::is_ascii_digit).count();
        let fraction: f64 = format!("0.{}", reader.0.get(..digits)?).parse().ok()?;
        if digits == 0 {
            return None;
        }
        time += (fraction * 1000.0).floor();
        reader.0 = reader.0.get(digits..)?;
    }
    let offset = zone(reader.0)?;
    if !(1.0..=12.0).contains(&month) || !(1.0..=31.0).contains(&day) || time > DAY {
        return Some(f64::NAN);
    }
    // `Date.UTC` takes small years for those of the 20th century, texts do not.
    let shift = if year < 100.0 { 400.0 } else { 0.0 };
    let base = utc(year + shift, month - 1.0, day, 0.0) - shift / 400.0 * 146_097.0 * DAY;
    Some(clip(base + time - offset))
}

/// Hours, minutes and seconds.
fn clock(reader: &mut Reader<'_>) -> Option<f64> {
    let hours = reader.digits(2)?;
    let minutes = reader.take(':').then(|| reader.digits(2))??;
    let seconds = reader.take(':').then(|| reader.digits(2))??;
    let in_form = hours < 30.0 && minutes < 60.0 && seconds < 60.0;
    in_form.then_some(hours * 3_600_000.0 + minutes * 60_000.0 + seconds * 1000.0)
}

/// `-0500`, where a month would have a dash after two digits or nothing.
fn is_zone(text: &str) -> bool {
    zone(text).is_some() && !text.is_empty()
}

/// Milliseconds east of Greenwich.
fn zone(text: &str) -> Option<f64> {
    if text.is_empty() || text == "Z" {
        return Some(0.0);
    }
    let mut reader = Reader(text);
    let sign = if reader.take('-') { -1.0 } else { f64::from(u8::from(reader.take('+'))) };
    let hours = reader.digits(2)?;
    reader.take(':');
    let minutes = reader.digits(2)?;
    let in_form = sign != 0.0 && reader.0.is_empty() && hours < 30.0 && minutes < 60.0;
    in_form.then_some(sign * (hours * 3_600_000.0 + minutes * 60_000.0))
}

/// The value of each component that a picture finds; `None` where what was found means nothing.
type Components = HashMap<char, Option<f64>>;

fn with_picture(evaluator: &mut Evaluator<'_>, text: &str, picture: &str) -> Outcome<Option<f64>> {
    let parts = parse(picture)?;
    let mut pattern = String::from("^");
    for part in &parts {
        pattern.push_str(&format!("({})", part_pattern(part)?));
    }
    pattern.push('$');
    // Every byte of the text may be held against every part of the picture, and each part is remembered.
    evaluator.tick(pattern.len() + text.len().saturating_mul(parts.len()).saturating_mul(1 + parts.len() / 16))?;
    let Ok(pattern) = Pattern::compile(&pattern, "i", 0) else { return Ok(None) };
    let Some(found) = found_in(evaluator, &pattern, text, 0)? else { return Ok(None) };
    let mut components = Components::new();
    for (part, group) in parts.iter().zip(&found.groups) {
        if let (Part::Marker(marker), Some((start, end))) = (part, group) {
            components.insert(marker.component, read(marker, text.get(*start..*end).unwrap_or(""))?);
        }
    }
    if components.is_empty() {
        return Ok(None);
    }
    moment(evaluator, components).map(Some)
}

fn part_pattern(part: &Part) -> Outcome<String> {
    let marker = match part {
        Part::Literal(text) => return Ok(escaped(text)),
        Part::Marker(marker) => marker,
    };
    if matches!(marker.component, 'Z' | 'z') {
        let prefix = if marker.component == 'z' { "GMT" } else { "" };
        let minutes =
            separator(marker).map_or_else(String::new, |sign| format!("{}[0-9]+", escaped(&sign.to_string())));
        return Ok(format!("{prefix}[-+][0-9]+{minutes}"));
    }
    match &marker.integer {
        Some(picture) => picture.pattern(marker.digits),
        None if matches!(marker.component, 'M' | 'x' | 'F' | 'P') => Ok("[a-zA-Z]+".to_owned()),
        None => Err(fault("D3133").value(quoted(&marker.component.to_string()))),
    }
}

fn escaped(text: &str) -> String {
    let special = |character: char| ".*+?^${}()|[]\\".contains(character);
    text.chars().flat_map(|character| special(character).then_some('\\').into_iter().chain([character])).collect()
}

/// What stands between the hours and minutes of a zone.
fn separator(marker: &Marker) -> Option<char> {
    match marker.integer.as_ref()?.digits()?.grouping {
        Grouping::Regular(_, sign) => Some(sign),
        Grouping::At(_) => None,
    }
}

fn read(marker: &Marker, text: &str) -> Outcome<Option<f64>> {
    if matches!(marker.component, 'Z' | 'z') {
        return Ok(Some(zone_minutes(marker, text)));
    }
    if let Some(picture) = &marker.integer {
        return picture.read(text).map(Some);
    }
    let name = |name: &str| match marker.most.filter(|most| *most > 0) {
        Some(most) => name.chars().take(most).eq(text.chars()),
        None => name == text,
    };
    Ok(match marker.component {
        'M' | 'x' => MONTHS.iter().rposition(|month| name(month)).map(|at| from_count(at + 1)),
        'F' => DAYS.iter().skip(1).rposition(|day| name(day)).map(|at| from_count(at + 1)),
        _ => match text {
            "am" | "AM" => Some(0.0),
            "pm" | "PM" => Some(1.0),
            _ => None,
        },
    })
}

fn zone_minutes(marker: &Marker, text: &str) -> f64 {
    let text = if marker.component == 'z' { text.get(3..).unwrap_or("") } else { text };
    let (hours, minutes) = match separator(marker).and_then(|sign| text.split_once(sign)) {
        Some((hours, minutes)) => (leading_int(hours), leading_int(minutes)),
        None if text.len() <= 3 => (leading_int(text), 0.0),
        None => (leading_int(text.get(..3).unwrap_or("")), leading_int(text.get(3..).unwrap_or(""))),
    };
    hours * 60.0 + minutes
}

/// Whether some of `wanted` and nothing else of `all` was found (and is not zero).
fn is_kind(components: &Components, wanted: &str, all: &str) -> bool {
    let has = |component: char| {
        components.get(&component).copied().flatten().is_some_and(|value| value != 0.0 && !value.is_nan())
    };
    wanted.chars().any(has) && all.chars().all(|component| wanted.contains(component) || !has(component))
}

/// The moment that components name: what is left of the first one is taken from now, what is right of the last one is
/// the least possible, and in between none may be missing.
fn moment(evaluator: &mut Evaluator<'_>, mut components: Components) -> Outcome<f64> {
    let (date, time) = ("YXMxWwdD", "PHhmsf");
    let month_and_day = is_kind(&components, "YMD", date);
    let day_of_year = !month_and_day && is_kind(&components, "Yd", date);
    let month_week = is_kind(&components, "XxwF".trim_end_matches('F'), date);
    let year_week = !month_week && is_kind(&components, "XW", date);
    let half_days = !is_kind(&components, "Hmsf", time) && is_kind(&components, "Phmsf", time);
    let order = match (day_of_year, month_week, year_week) {
        (true, ..) => "YD",
        (_, true, _) => "XxwF",
        (_, _, true) => "XWF",
        _ => "YMD",
    };
    let order = order.chars().chain(if half_days { "Phmsf" } else { "Hmsf" }.chars());
    fill_in(evaluator, &mut components, order)?;
    if month_week || year_week {
        return Err(fault("D3136"));
    }
    Ok(assemble(&components, day_of_year, half_days))
}

fn fill_in(
    evaluator: &mut Evaluator<'_>,
    components: &mut Components,
    order: impl Iterator<Item = char>,
) -> Outcome<()> {
    let (mut started, mut ended) = (false, false);
    for component in order {
        if components.get(&component).copied().flatten().is_some() {
            started = true;
            if ended {
                return Err(fault("D3136"));
            }
            continue;
        }
        let default = if started {
            ended = true;
            Some(if "MDd".contains(component) { 1.0 } else { 0.0 })
        } else {
            Date::new(from_int(evaluator.now().0)).component(component)
        };
        components.insert(component, default);
    }
    Ok(())
}

fn assemble(components: &Components, day_of_year: bool, half_days: bool) -> f64 {
    let value = |component: char| components.get(&component).copied().flatten().unwrap_or(f64::NAN);
    let year = value('Y');
    let (month, day) = if day_of_year {
        let date = Date::new(utc(year, 0.0, 1.0, 0.0) + (value('d') - 1.0) * DAY);
        (date.month, date.day)
    } else {
        (if value('M') > 0.0 { value('M') - 1.0 } else { 0.0 }, value('D'))
    };
    let hours = if half_days {
        let hours = if value('h') == 12.0 { 0.0 } else { value('h') };
        if value('P') == 1.0 { hours + 12.0 } else { hours }
    } else {
        value('H')
    };
    let time = hours * 3_600_000.0 + value('m') * 60_000.0 + value('s') * 1000.0 + value('f');
    let zone = |component: char| components.get(&component).copied().flatten().filter(|zone| *zone != 0.0);
    utc(year, month, day, time) - zone('Z').or_else(|| zone('z')).unwrap_or(0.0) * 60_000.0
}
