//! Numbers in English words, Roman numerals and letters.

use crate::query::jsonata::number::{from_count, from_int, js_text, to_count, truncated};

const SMALL: [&str; 20] = [
    "Zero",
    "One",
    "Two",
    "Three",
    "Four",
    "Five",
    "Six",
    "Seven",
    "Eight",
    "Nine",
    "Ten",
    "Eleven",
    "Twelve",
    "Thirteen",
    "Fourteen",
    "Fifteen",
    "Sixteen",
    "Seventeen",
    "Eighteen",
    "Nineteen",
];
const SMALL_ORDINALS: [&str; 20] = [
    "Zeroth",
    "First",
    "Second",
    "Third",
    "Fourth",
    "Fifth",
    "Sixth",
    "Seventh",
    "Eighth",
    "Ninth",
    "Tenth",
    "Eleventh",
    "Twelfth",
    "Thirteenth",
    "Fourteenth",
    "Fifteenth",
    "Sixteenth",
    "Seventeenth",
    "Eighteenth",
    "Nineteenth",
];
/// The last one has no word with `-ieth` of its own.
const TENS: [&str; 9] = ["Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety", "Hundred"];
const MAGNITUDES: [&str; 4] = ["Thousand", "Million", "Billion", "Trillion"];

fn word(words: &'static [&'static str], at: f64) -> &'static str {
    words.get(to_count(at)).copied().unwrap_or("")
}

/// A number from 0 on in words; the last word is an ordinal where `ordinal` says so.
pub(super) fn to_words(number: f64, ordinal: bool) -> String {
    if number.is_finite() { words(number, "", ordinal) } else { js_text(number) }
}

/// `joint` stands before the words of a rest: ` and ` before less than a hundred, else `, `.
fn words(number: f64, joint: &str, ordinal: bool) -> String {
    let joint = if joint.is_empty() || number < 100.0 { joint } else { ", " };
    if number < 20.0 {
        let table = if ordinal { &SMALL_ORDINALS } else { &SMALL };
        return format!("{joint}{}", word(table, number));
    }
    if number < 100.0 {
        let (tens, rest) = (word(&TENS, (number / 10.0).floor() - 2.0), number % 10.0);
        return match (rest > 0.0, ordinal) {
            (true, _) => format!("{joint}{tens}-{}", words(rest, "", ordinal)),
            (false, true) => format!("{joint}{}ieth", tens.strip_suffix('y').unwrap_or(tens)),
            (false, false) => format!("{joint}{tens}"),
        };
    }
    let (head, rest) = if number < 1000.0 {
        (format!("{} Hundred", word(&SMALL, (number / 100.0).floor())), number % 100.0)
    } else {
        large(number)
    };
    match (rest > 0.0, ordinal) {
        (true, _) => format!("{joint}{head}{}", words(rest, " and ", ordinal)),
        (false, true) => format!("{joint}{head}th"),
        (false, false) => format!("{joint}{head}"),
    }
}

/// The words for the thousands, millions and so on of a number, and what is left.
fn large(number: f64) -> (String, f64) {
    let magnitude = (number.log10() / 3.0).floor().clamp(1.0, from_count(MAGNITUDES.len()));
    let factor = 10f64.powf(magnitude * 3.0);
    let count = (number / factor).floor();
    (format!("{} {}", words(count, "", false), word(&MAGNITUDES, magnitude - 1.0)), number - count * factor)
}

/// All words of numbers, as a regular expression that matches one or more of them.
pub(super) fn pattern() -> String {
    let mut all: Vec<String> = SMALL.iter().chain(&SMALL_ORDINALS).map(|word| word.to_lowercase()).collect();
    for tens in TENS {
        let tens = tens.to_lowercase();
        let ordinal = format!("{}ieth", tens.get(..tens.len() - 1).unwrap_or(""));
        all.extend([tens, ordinal]);
    }
    all.push("hundredth".to_owned());
    for magnitude in MAGNITUDES {
        let magnitude = magnitude.to_lowercase();
        all.extend([magnitude.clone(), format!("{magnitude}th")]);
    }
    format!("(?:{}|and|[\\-, ])+", all.join("|"))
}

fn value_of(word: &str) -> Option<f64> {
    let same = |known: &&str| known.eq_ignore_ascii_case(word);
    if let Some(at) = SMALL.iter().position(same).or(SMALL_ORDINALS.iter().position(same)) {
        return Some(from_count(at));
    }
    let base = word.strip_suffix("th").unwrap_or(word);
    let tens = base.strip_suffix("ie").map(|stem| format!("{stem}y"));
    let tens = tens.as_deref().unwrap_or(base);
    if let Some(at) = TENS.iter().position(|known| known.eq_ignore_ascii_case(tens)) {
        return Some(from_count((at + 2) * 10));
    }
    let at = MAGNITUDES.iter().position(|known| known.eq_ignore_ascii_case(base))?;
    Some(10f64.powf(from_count(at + 1) * 3.0))
}

/// The number that words (lower case) spell; NaN where one is unknown.
pub(super) fn from_words(text: &str) -> f64 {
    let text = text.replace(", ", " ").replace(" and ", " ");
    let mut segments = vec![0.0];
    for word in text.split([' ', '\t', '\n', '\r', '-', '\\']) {
        let value = value_of(word).unwrap_or(f64::NAN);
        let top: f64 = segments.pop().unwrap_or(0.0);
        if value >= 100.0 || value.is_nan() {
            segments.push(top * value);
        } else if top >= 1000.0 {
            segments.extend([top, value]);
        } else {
            segments.push(top + value);
        }
    }
    segments.iter().sum()
}

const ROMAN: [(f64, &str); 13] = [
    (1000.0, "m"),
    (900.0, "cm"),
    (500.0, "d"),
    (400.0, "cd"),
    (100.0, "c"),
    (90.0, "xc"),
    (50.0, "l"),
    (40.0, "xl"),
    (10.0, "x"),
    (9.0, "ix"),
    (5.0, "v"),
    (4.0, "iv"),
    (1.0, "i"),
];

/// Roman numerals in lower case; numbers that would need too many are cut to what can be written.
pub(super) fn to_roman(number: f64) -> String {
    let mut rest = number.min(1e6);
    let mut out = String::new();
    for (value, numeral) in ROMAN {
        while rest >= value {
            out.push_str(numeral);
            rest -= value;
        }
    }
    out
}

/// The value of Roman numerals in upper case.
pub(super) fn from_roman(text: &str) -> f64 {
    let (mut sum, mut max) = (0.0, 1.0);
    for digit in text.chars().rev() {
        let value = match digit {
            'M' => 1000.0,
            'D' => 500.0,
            'C' => 100.0,
            'L' => 50.0,
            'X' => 10.0,
            'V' => 5.0,
            'I' => 1.0,
            _ => return f64::NAN,
        };
        if value < max {
            sum -= value;
        } else {
            max = value;
            sum += value;
        }
    }
    sum
}

/// `a`, `b`, … `z`, `aa`, as in spreadsheets.
pub(super) fn to_letters(number: f64, first: char) -> String {
    let mut rest = number;
    let mut letters = Vec::new();
    while rest > 0.0 && letters.len() < 300 {
        let offset = u32::try_from(truncated((rest - 1.0) % 26.0)).unwrap_or(0);
        letters.push(char::from_u32(u32::from(first) + offset).unwrap_or(first));
        rest = ((rest - 1.0) / 26.0).floor();
    }
    letters.into_iter().rev().collect()
}

pub(super) fn from_letters(text: &str, first: char) -> f64 {
    let value = |letter: char| from_int(i64::from(u32::from(letter)) - i64::from(u32::from(first)) + 1);
    text.chars().fold(0.0, |sum, letter| sum * 26.0 + value(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_back() {
        for (number, cardinal, ordinal) in [
            (0.0, "Zero", "Zeroth"),
            (12.0, "Twelve", "Twelfth"),
            (20.0, "Twenty", "Twentieth"),
            (42.0, "Forty-Two", "Forty-Second"),
            (100.0, "One Hundred", "One Hundredth"),
            (555.0, "Five Hundred and Fifty-Five", "Five Hundred and Fifty-Fifth"),
            (1919.0, "One Thousand, Nine Hundred and Nineteen", "One Thousand, Nine Hundred and Nineteenth"),
            (3_000_001.0, "Three Million and One", "Three Million and First"),
            (1e15, "One Thousand Trillion", "One Thousand Trillionth"),
        ] {
            assert_eq!(to_words(number, false), cardinal);
            assert_eq!(to_words(number, true), ordinal);
            assert_eq!(from_words(&cardinal.to_lowercase()), number, "{cardinal}");
        }
        assert!(from_words("foo").is_nan());
    }

    #[test]
    fn roman_numerals_and_letters() {
        for (number, roman, letters) in [(1999.0, "mcmxcix", "bxw"), (4.0, "iv", "d"), (27.0, "xxvii", "aa")] {
            assert_eq!(to_roman(number), roman);
            assert_eq!(from_roman(&roman.to_uppercase()), number);
            assert_eq!(to_letters(number, 'a'), letters);
            assert_eq!(from_letters(letters, 'a'), number);
        }
    }
}
