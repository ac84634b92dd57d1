//! Pictures of numbers, as in XPath's `format-number`.

use super::integer_picture::regular;
use crate::query::jsonata::error::{Outcome, fault};
use crate::query::jsonata::item::Item;

/// The characters with a meaning in a picture, and the texts that a number is made of.
#[derive(Debug)]
pub(super) struct Symbols {
    pub(super) decimal: char,
    pub(super) grouping: char,
    pub(super) exponent: char,
    pub(super) minus: String,
    pub(super) percent: String,
    pub(super) per_mille: String,
    zero: char,
    digit: char,
    separator: String,
}

impl Symbols {
    /// The usual ones, replaced by those of an options object.
    pub(super) fn new(options: &Item) -> Self {
        let option = |name: &str| options.members().and_then(|members| members.get(name));
        let text = |name: &str, default: &str| {
            option(name).and_then(|item| item.as_str().map(str::to_owned)).unwrap_or_else(|| default.to_owned())
        };
        let character = |name: &str, default: char| {
            option(name).and_then(|item| item.as_str().and_then(|text| text.chars().next())).unwrap_or(default)
        };
        Self {
            decimal: character("decimal-separator", '.'),
            grouping: character("grouping-separator", ','),
            exponent: character("exponent-separator", 'e'),
            minus: text("minus-sign", "-"),
            percent: text("percent", "%"),
            per_mille: text("per-mille", "\u{2030}"),
            zero: character("zero-digit", '0'),
            digit: character("digit", '#'),
            separator: text("pattern-separator", ";"),
        }
    }

    pub(super) fn zero(&self) -> char {
        self.zero
    }

    pub(super) fn is_digit(&self, character: char) -> bool {
        let zero = u32::from(self.zero);
        (zero..zero.saturating_add(10)).contains(&u32::from(character))
    }

    fn is_place(&self, character: char) -> bool {
        self.is_digit(character) || character == self.digit
    }

    fn is_active(&self, character: char) -> bool {
        self.is_place(character)
            || [self.decimal, self.exponent, self.grouping].contains(&character)
            || self.separator.chars().eq([character])
    }

    /// The digit of the family for an ASCII one.
    pub(super) fn localized(&self, digit: char) -> char {
        match digit.to_digit(10) {
            Some(value) => char::from_u32(u32::from(self.zero).saturating_add(value)).unwrap_or(digit),
            None => digit,
        }
    }
}

/// A sub-picture taken apart.
#[derive(Debug, Default)]
struct Parts {
    picture: Vec<char>,
    prefix: Vec<char>,
    suffix: Vec<char>,
    active: Vec<char>,
    mantissa: Vec<char>,
    exponent: Option<Vec<char>>,
    integer: Vec<char>,
    fraction: Vec<char>,
}

/// What a sub-picture says about numbers.
#[derive(Debug, Clone)]
pub(super) struct SubPicture {
    pub(super) prefix: String,
    pub(super) suffix: String,
    pub(super) grouping: Vec<usize>,
    pub(super) regular_grouping: Option<usize>,
    pub(super) fraction_grouping: Vec<usize>,
    pub(super) least_integer: usize,
    pub(super) scaling: usize,
    pub(super) least_fraction: usize,
    pub(super) most_fraction: usize,
    pub(super) least_exponent: usize,
    pub(super) has_decimal: bool,
    pub(super) is_percent: bool,
    pub(super) is_per_mille: bool,
}

/// The sub-picture of numbers from 0 on, and that of negative ones.
pub(super) fn parse(picture: &str, symbols: &Symbols) -> Outcome<(SubPicture, SubPicture)> {
    let pictures: Vec<&str> = picture.split(symbols.separator.as_str()).collect();
    if pictures.len() > 2 {
        return Err(fault("D3080"));
    }
    let parts: Vec<Parts> = pictures.into_iter().map(|picture| split(picture, symbols)).collect();
    for part in &parts {
        validate(part, symbols)?;
    }
    let mut analysed = parts.iter().map(|part| analyse(part, symbols));
    let positive = analysed.next().ok_or_else(|| fault("D3085"))?;
    let negative = analysed.next().unwrap_or_else(|| {
        let prefix = format!("{}{}", symbols.minus, positive.prefix);
        SubPicture { prefix, ..positive.clone() }
    });
    Ok((positive, negative))
}

fn position(text: &[char], character: char) -> Option<usize> {
    text.iter().position(|known| *known == character)
}

fn part(text: &[char], from: usize, to: usize) -> Vec<char> {
    text.get(from..to.min(text.len()).max(from)).unwrap_or(&[]).to_vec()
}

/// A picture without active characters is an active part without prefix and suffix, as the service takes it: the
/// reference gives up there.
fn split(picture: &str, symbols: &Symbols) -> Parts {
    let picture: Vec<char> = picture.chars().collect();
    let is_edge = |character: &char| symbols.is_active(*character) && *character != symbols.exponent;
    let first = picture.iter().position(is_edge).unwrap_or(0);
    let end = picture.iter().rposition(is_edge).map_or(picture.len(), |last| last + 1);
    let active = part(&picture, first, end);
    let mut parts =
        Parts { prefix: part(&picture, 0, first), suffix: part(&picture, end, picture.len()), ..Parts::default() };
    let exponent = picture.iter().skip(first).position(|known| *known == symbols.exponent).map(|at| at + first);
    match exponent.filter(|at| *at <= end) {
        // The place within the picture is used within its active part, as in the reference.
        Some(at) => {
            parts.mantissa = part(&active, 0, at);
            parts.exponent = Some(part(&active, at + 1, active.len()));
        }
        None => parts.mantissa.clone_from(&active),
    }
    match position(&parts.mantissa, symbols.decimal) {
        Some(at) => {
            parts.integer = part(&parts.mantissa, 0, at);
            parts.fraction = part(&parts.mantissa, at + 1, parts.mantissa.len());
        }
        None => {
            parts.integer.clone_from(&parts.mantissa);
            parts.fraction.clone_from(&parts.suffix);
        }
    }
    (parts.picture, parts.active) = (picture, active);
    parts
}

/// Of several faults the last one in the order of their codes is reported.
fn validate(parts: &Parts, symbols: &Symbols) -> Outcome<()> {
    let picture: String = parts.picture.iter().collect();
    let count = |text: &str| if text.is_empty() { 0 } else { picture.matches(text).count() };
    let (percents, per_milles) = (count(&symbols.percent), count(&symbols.per_mille));
    let decimal = position(&parts.picture, symbols.decimal);
    let beside = |at: usize| {
        [at.checked_sub(1), at.checked_add(1)]
            .into_iter()
            .flatten()
            .any(|at| parts.picture.get(at) == Some(&symbols.grouping))
    };
    let has_digit = |text: Option<&[char]>| text.is_some_and(|text| text.iter().any(|c| symbols.is_digit(*c)));
    let optional = position(&parts.integer, symbols.digit);
    let last_optional = parts.fraction.iter().rposition(|character| *character == symbols.digit);
    let exponent = parts.exponent.as_deref();
    let faults = [
        ("D3081", parts.picture.iter().filter(|character| **character == symbols.decimal).count() > 1),
        ("D3082", percents > 1),
        ("D3083", per_milles > 1),
        ("D3084", percents > 0 && per_milles > 0),
        ("D3085", !parts.mantissa.iter().any(|character| symbols.is_place(*character))),
        ("D3086", parts.active.iter().any(|character| !symbols.is_active(*character))),
        ("D3087", decimal.is_some_and(beside)),
        ("D3088", decimal.is_none() && parts.integer.last() == Some(&symbols.grouping)),
        ("D3089", parts.picture.windows(2).any(|pair| pair.iter().all(|character| *character == symbols.grouping))),
        ("D3090", optional.is_some_and(|at| has_digit(parts.integer.get(..at)))),
        ("D3091", last_optional.is_some_and(|at| has_digit(parts.fraction.get(at..)))),
        ("D3092", exponent.is_some_and(|exponent| !exponent.is_empty()) && percents + per_milles > 0),
        (
            "D3093",
            exponent.is_some_and(|exponent| exponent.is_empty() || !exponent.iter().all(|c| symbols.is_digit(*c))),
        ),
    ];
    match faults.iter().rev().find(|(_, found)| *found) {
        Some((code, _)) => Err(fault(code)),
        None => Ok(()),
    }
}

/// How many digits are on the right (or left) of each separator. Where the next one is looked for is always the
/// integer part, as in the reference.
fn grouping_positions(text: &[char], integer: &[char], to_left: bool, symbols: &Symbols) -> Vec<usize> {
    let mut positions = Vec::new();
    let mut next = position(text, symbols.grouping);
    while let Some(at) = next {
        let side = if to_left { text.get(..at) } else { text.get(at..) };
        positions.push(side.unwrap_or(&[]).iter().filter(|character| symbols.is_place(**character)).count());
        let rest = integer.iter().skip(at + 1).position(|character| *character == symbols.grouping);
        next = rest.map(|offset| at + 1 + offset);
    }
    positions
}

fn analyse(parts: &Parts, symbols: &Symbols) -> SubPicture {
    let digits = |text: &[char]| text.iter().filter(|character| symbols.is_digit(**character)).count();
    let places = |text: &[char]| text.iter().filter(|character| symbols.is_place(**character)).count();
    let grouping = grouping_positions(&parts.integer, &parts.integer, false, symbols);
    let scaling = digits(&parts.integer);
    let mut least_integer = scaling;
    let (mut least_fraction, mut most_fraction) = (digits(&parts.fraction), places(&parts.fraction));
    let has_exponent = parts.exponent.is_some();
    if least_integer == 0 && most_fraction == 0 {
        if has_exponent {
            (least_fraction, most_fraction) = (1, 1);
        } else {
            least_integer = 1;
        }
    }
    if has_exponent && least_integer == 0 && parts.integer.contains(&symbols.digit) {
        least_integer = 1;
    }
    if least_integer == 0 && least_fraction == 0 {
        least_fraction = 1;
    }
    let picture: String = parts.picture.iter().collect();
    SubPicture {
        prefix: parts.prefix.iter().collect(),
        suffix: parts.suffix.iter().collect(),
        regular_grouping: regular(&grouping),
        grouping,
        fraction_grouping: grouping_positions(&parts.fraction, &parts.integer, true, symbols),
        least_integer,
        scaling,
        least_fraction,
        most_fraction,
        least_exponent: parts.exponent.as_deref().map_or(0, digits),
        has_decimal: parts.picture.contains(&symbols.decimal),
        is_percent: picture.contains(&symbols.percent),
        is_per_mille: picture.contains(&symbols.per_mille),
    }
}
