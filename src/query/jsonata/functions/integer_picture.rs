//! Pictures of whole numbers, as in XPath's `format-integer`.

use super::words;
use crate::query::jsonata::error::{Outcome, fault, quoted};
use crate::query::jsonata::number::js_text;

/// How a whole number is written.
#[derive(Debug, Clone)]
pub(super) struct IntegerPicture {
    pub(super) primary: Primary,
    pub(super) case: Case,
    pub(super) ordinal: bool,
}

#[derive(Debug, Clone)]
pub(super) enum Primary {
    Decimal(Digits),
    Letters,
    Roman,
    Words,
    /// A numbering sequence, of which none is known.
    Sequence(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Case {
    Upper,
    Lower,
    Title,
}

/// The digits of a decimal picture and what stands between them.
#[derive(Debug, Clone)]
pub(super) struct Digits {
    /// The code of the digit zero.
    zero: u32,
    pub(super) mandatory: usize,
    pub(super) optional: usize,
    pub(super) grouping: Grouping,
}

#[derive(Debug, Clone)]
pub(super) enum Grouping {
    /// The same separator after every so many digits.
    Regular(usize, char),
    /// Separators and how many digits are on their right, from the right.
    At(Vec<(usize, char)>),
}

/// Zeros of the decimal digit families of the basic plane.
const ZEROS: [u32; 37] = [
    0x30, 0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6,
    0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40,
    0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10,
];

fn family(character: char) -> Option<u32> {
    let code = u32::from(character);
    ZEROS.into_iter().find(|zero| (*zero..*zero + 10).contains(&code))
}

impl IntegerPicture {
    pub(super) fn parse(picture: &str) -> Outcome<Self> {
        let (main, modifier) = picture.rsplit_once(';').unwrap_or((picture, ""));
        let ordinal = modifier.starts_with('o');
        let (primary, case) = match main {
            "A" => (Primary::Letters, Case::Upper),
            "a" => (Primary::Letters, Case::Lower),
            "I" => (Primary::Roman, Case::Upper),
            "i" => (Primary::Roman, Case::Lower),
            "W" => (Primary::Words, Case::Upper),
            "Ww" => (Primary::Words, Case::Title),
            "w" => (Primary::Words, Case::Lower),
            _ => (digits(main)?, Case::Lower),
        };
        Ok(Self { primary, case, ordinal })
    }

    pub(super) fn digits(&self) -> Option<&Digits> {
        match &self.primary {
            Primary::Decimal(digits) => Some(digits),
            _ => None,
        }
    }

    pub(super) fn digits_mut(&mut self) -> Option<&mut Digits> {
        match &mut self.primary {
            Primary::Decimal(digits) => Some(digits),
            _ => None,
        }
    }

    /// A whole number as the picture shows it.
    pub(super) fn format(&self, number: f64) -> Outcome<String> {
        let value = number.abs();
        let text = match &self.primary {
            Primary::Letters => words::to_letters(value, if self.case == Case::Upper { 'A' } else { 'a' }),
            Primary::Roman => words::to_roman(value),
            Primary::Words => words::to_words(value, self.ordinal),
            Primary::Decimal(digits) => digits.format(value, self.ordinal),
            Primary::Sequence(token) => return Err(fault("D3130").value(quoted(token))),
        };
        let text = match (&self.primary, self.case) {
            (Primary::Roman | Primary::Words, Case::Upper) => text.to_uppercase(),
            (Primary::Words, Case::Lower) => text.to_lowercase(),
            _ => text,
        };
        Ok(if number < 0.0 { format!("-{text}") } else { text })
    }

    /// The number that `text` spells; NaN for none.
    pub(super) fn read(&self, text: &str) -> Outcome<f64> {
        Ok(match &self.primary {
            Primary::Letters => words::from_letters(text, if self.case == Case::Upper { 'A' } else { 'a' }),
            Primary::Roman if self.case == Case::Upper => words::from_roman(text),
            Primary::Roman => words::from_roman(&text.to_uppercase()),
            Primary::Words => words::from_words(&text.to_lowercase()),
            Primary::Decimal(digits) => digits.read(text, self.ordinal),
            Primary::Sequence(token) => return Err(fault("D3130").value(quoted(token))),
        })
    }

    /// A regular expression for such numbers; `width` digits where the picture fixes their number.
    pub(super) fn pattern(&self, width: Option<usize>) -> Outcome<String> {
        let upper = self.case == Case::Upper;
        Ok(match &self.primary {
            Primary::Letters => if upper { "[A-Z]+" } else { "[a-z]+" }.to_owned(),
            Primary::Roman => if upper { "[MDCLXVI]+" } else { "[mdclxvi]+" }.to_owned(),
            Primary::Words => words::pattern(),
            Primary::Decimal(digits) => {
                let count = match width.filter(|width| *width > 0) {
                    Some(width) if digits.optional == 0 => format!("{{{width}}}"),
                    Some(width) => format!("{{{},{width}}}", width.saturating_sub(digits.optional)),
                    None => "+".to_owned(),
                };
                format!("[0-9]{count}{}", if self.ordinal { "(?:th|st|nd|rd)" } else { "" })
            }
            Primary::Sequence(token) => return Err(fault("D3130").value(quoted(token))),
        })
    }
}

/// A decimal picture, if it holds a digit.
fn digits(picture: &str) -> Outcome<Primary> {
    let (mut zero, mut mandatory, mut optional, mut position) = (None, 0, 0, 0);
    let mut separators = Vec::new();
    for character in picture.chars().rev() {
        match family(character) {
            Some(family) if zero.is_some_and(|zero| zero != family) => return Err(fault("D3131")),
            Some(family) => {
                zero = Some(family);
                mandatory += 1;
                position += 1;
            }
            None if character == '#' => {
                optional += 1;
                position += 1;
            }
            None => separators.push((position, character)),
        }
    }
    let Some(zero) = zero else { return Ok(Primary::Sequence(picture.to_owned())) };
    Ok(Primary::Decimal(Digits { zero, mandatory, optional, grouping: grouping(separators) }))
}

fn grouping(separators: Vec<(usize, char)>) -> Grouping {
    let positions: Vec<usize> = separators.iter().map(|(position, _)| *position).collect();
    match separators.first() {
        Some((_, sign)) if separators.iter().all(|(_, other)| other == sign) => match regular(&positions) {
            Some(size) => Grouping::Regular(size, *sign),
            None => Grouping::At(separators),
        },
        _ => Grouping::At(separators),
    }
}

/// The distance between separators, if it is the same everywhere.
pub(super) fn regular(positions: &[usize]) -> Option<usize> {
    let gcd = |mut a: usize, mut b: usize| {
        while b != 0 {
            (a, b) = (b, a % b);
        }
        a
    };
    let factor = positions.iter().copied().reduce(gcd).filter(|factor| *factor > 0)?;
    (1..=positions.len()).all(|index| positions.contains(&(index * factor))).then_some(factor)
}

impl Digits {
    fn format(&self, value: f64, ordinal: bool) -> String {
        let text = js_text(value);
        let padding = "0".repeat(self.mandatory.saturating_sub(text.chars().count()).min(10_000));
        let mut digits: Vec<char> = padding.chars().chain(text.chars()).map(|digit| self.localized(digit)).collect();
        match &self.grouping {
            Grouping::Regular(size, sign) => {
                let count = digits.len();
                let is_group = |at: usize| at > 0 && (count - at).is_multiple_of(*size);
                let sign = |at: usize| is_group(at).then_some(*sign);
                let places = digits.into_iter().enumerate();
                digits = places.flat_map(|(at, digit)| sign(at).into_iter().chain([digit])).collect();
            }
            Grouping::At(separators) => {
                for (position, sign) in separators.iter().rev() {
                    digits = inserted(&digits, *position, *sign);
                }
            }
        }
        let ordinal = if ordinal { ordinal_suffix(&digits) } else { "" };
        digits.into_iter().chain(ordinal.chars()).collect()
    }

    fn localized(&self, digit: char) -> char {
        let code = u32::from(digit).saturating_add(self.zero).saturating_sub(0x30);
        char::from_u32(code).unwrap_or(digit)
    }

    fn read(&self, text: &str, ordinal: bool) -> f64 {
        let text = if ordinal { text.get(..text.len().saturating_sub(2)).unwrap_or("") } else { text };
        let is_separator = |character: char| match &self.grouping {
            Grouping::Regular(..) => character == ',',
            Grouping::At(separators) => separators.iter().any(|(_, sign)| *sign == character),
        };
        let digits: String =
            text.chars().filter(|character| !is_separator(*character)).map(|c| self.plain(c)).collect();
        leading_int(&digits)
    }

    fn plain(&self, digit: char) -> char {
        let code = (u32::from(digit) + 0x30).checked_sub(self.zero);
        code.and_then(char::from_u32).unwrap_or(digit)
    }
}

/// Puts `sign` before the last `position` digits. Where there are not so many, the reference of release 2.0.6 keeps
/// what JavaScript's `substr` gives for a negative start.
fn inserted(digits: &[char], position: usize, sign: char) -> Vec<char> {
    let (before, after) = match digits.len().checked_sub(position) {
        Some(at) => digits.split_at(at),
        None => {
            let start = digits.len().saturating_sub(position - digits.len());
            (&[][..], digits.get(start..).unwrap_or(&[]))
        }
    };
    before.iter().copied().chain([sign]).chain(after.iter().copied()).collect()
}

fn ordinal_suffix(digits: &[char]) -> &'static str {
    let tens = digits.len().checked_sub(2).and_then(|at| digits.get(at));
    match digits.last() {
        _ if tens == Some(&'1') => "th",
        Some('1') => "st",
        Some('2') => "nd",
        Some('3') => "rd",
        _ => "th",
    }
}

/// JavaScript's `parseInt`: blanks, a sign and digits, whatever follows.
pub(super) fn leading_int(text: &str) -> f64 {
    let text = text.trim_start();
    let sign = usize::from(text.starts_with(['+', '-']));
    let digits = text.bytes().skip(sign).take_while(u8::is_ascii_digit).count();
    if digits == 0 {
        f64::NAN
    } else {
        text.get(..sign + digits).and_then(|text| text.parse().ok()).unwrap_or(f64::NAN)
    }
}
