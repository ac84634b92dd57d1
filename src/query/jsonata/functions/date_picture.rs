//! Pictures of dates and times, as in XPath's `format-dateTime`.

use super::integer_picture::{Case, IntegerPicture};
use crate::query::jsonata::error::{Outcome, fault, quoted};
use crate::query::jsonata::number::to_count;

/// A part of a picture.
#[derive(Debug, Clone)]
pub(super) enum Part {
    Literal(String),
    Marker(Marker),
}

/// `[Y0001]` and its kin.
#[derive(Debug, Clone, Default)]
pub(super) struct Marker {
    pub(super) component: char,
    /// The most characters or digits.
    pub(super) most: Option<usize>,
    pub(super) names: Option<Case>,
    pub(super) integer: Option<IntegerPicture>,
    /// The number of digits, for years, months and days that fix it.
    pub(super) digits: Option<usize>,
    /// `t`: zero offset is `Z`.
    pub(super) traditional: bool,
}

/// ISO 8601 in UTC with milliseconds.
pub(super) const ISO: &str = "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]";

/// The presentation of components that give none.
fn default_presentation(component: char) -> Option<&'static str> {
    Some(match component {
        'Y' | 'M' | 'D' | 'd' | 'W' | 'w' | 'X' | 'x' | 'H' | 'h' | 'f' => "1",
        'F' | 'P' | 'C' | 'E' => "n",
        'm' | 's' => "01",
        'Z' | 'z' => "01:01",
        _ => return None,
    })
}

pub(super) fn parse(picture: &str) -> Outcome<Vec<Part>> {
    let mut parts = Vec::new();
    let mut rest = picture;
    while let Some((literal, after)) = rest.split_once('[') {
        push_literal(literal, &mut parts);
        if let Some(after) = after.strip_prefix('[') {
            parts.push(Part::Literal("[".to_owned()));
            rest = after;
            continue;
        }
        let Some((marker, after)) = after.split_once(']') else { return Err(fault("D3135")) };
        parts.push(Part::Marker(parse_marker(marker)?));
        rest = after;
    }
    push_literal(rest, &mut parts);
    Ok(parts)
}

fn push_literal(literal: &str, parts: &mut Vec<Part>) {
    if !literal.is_empty() {
        parts.push(Part::Literal(literal.replace("]]", "]")));
    }
}

fn parse_marker(text: &str) -> Outcome<Marker> {
    let text: String = text.chars().filter(|character| !character.is_whitespace()).collect();
    let mut characters = text.chars();
    let component = characters.next();
    let rest = characters.as_str();
    let (presentation, width) = match rest.rsplit_once(',') {
        Some((presentation, width)) => (presentation, Some(width)),
        None => (rest, None),
    };
    let (least, most) = width.map_or((None, None), widths);
    let (first, second) = presentation_of(presentation);
    let default = component.and_then(default_presentation);
    let Some(first) = Some(first).filter(|first| !first.is_empty()).or(default) else {
        let component = component.map(String::from).unwrap_or_default();
        return Err(fault("D3132").value(quoted(&component)));
    };
    let component = component.unwrap_or(' ');
    let mut marker =
        Marker { component, most, traditional: second == Some('t'), names: names(first), ..Marker::default() };
    if marker.names.is_none() && "YMDdFWwXxHhmsf".contains(component) {
        let picture = second.map_or_else(|| first.to_owned(), |second| format!("{first};{second}"));
        marker.integer = Some(IntegerPicture::parse(&picture)?);
        fix_digits(&mut marker, least);
    }
    if matches!(component, 'Z' | 'z') {
        marker.integer = Some(IntegerPicture::parse(first)?);
    }
    Ok(marker)
}

/// The presentation without its last letter, and that letter (`o` for ordinal, `t` for traditional).
fn presentation_of(text: &str) -> (&str, Option<char>) {
    let last = text.chars().next_back().filter(|last| matches!(last, 'a' | 't' | 'c' | 'o'));
    match last {
        Some(last) if text.chars().count() > 1 => (text.get(..text.len() - 1).unwrap_or(""), Some(last)),
        _ => (text, None),
    }
}

fn names(presentation: &str) -> Option<Case> {
    match presentation.as_bytes() {
        [b'n', ..] => Some(Case::Lower),
        [b'N', b'n', ..] => Some(Case::Title),
        [b'N', ..] => Some(Case::Upper),
        _ => None,
    }
}

/// `2-4`, `*-3`, `2`
fn widths(text: &str) -> (Option<usize>, Option<usize>) {
    let width = |text: &str| {
        let width = super::integer_picture::leading_int(text);
        if width.is_nan() { None } else { Some(to_count(width).min(1000)) }
    };
    match text.split_once('-') {
        Some((least, most)) => (width(least), width(most)),
        None => (width(text), None),
    }
}

fn fix_digits(marker: &mut Marker, least: Option<usize>) {
    let (component, most) = (marker.component, marker.most);
    let Some(digits) = marker.integer.as_mut().and_then(IntegerPicture::digits_mut) else {
        if "YMD".contains(component) {
            marker.digits = most;
        }
        return;
    };
    digits.mandatory = digits.mandatory.max(least.unwrap_or(0));
    if "YMD".contains(component) {
        if let Some(most) = most {
            digits.mandatory = most;
            marker.digits = Some(most);
        } else {
            marker.digits = Some(digits.mandatory + digits.optional).filter(|width| *width >= 2);
        }
    }
}
