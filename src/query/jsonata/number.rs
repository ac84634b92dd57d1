//! Numbers as JavaScript computes and prints them.

use crate::value::{Number, Value};

/// The largest whole number up to which doubles tell all whole numbers apart.
const SAFE: f64 = 9_007_199_254_740_991.0;

/// A computed double as a value: whole numbers become whole (2, not 2.0).
pub(super) fn value_of(number: f64) -> Value {
    Value::Number(safe_int(number).map_or(Number::Float(number), Number::Int))
}

/// The whole number that `number` is, if doubles tell it from its neighbours.
fn safe_int(number: f64) -> Option<i64> {
    let int = truncated(number);
    (from_int(int) == number && number.abs() <= SAFE).then_some(int)
}

/// A computed double as a result: what JSON cannot hold is `null`, whole numbers beyond 64 bits keep their digits.
pub(super) fn result_of(number: f64) -> Value {
    if let Some(int) = safe_int(number) {
        return Value::Number(Number::Int(int));
    }
    if !number.is_finite() {
        return Value::Null;
    }
    if number.fract() != 0.0 || number.abs() >= 1e21 {
        return Value::Number(Number::Float(number));
    }
    Value::Number(Number::parse(&js_text(number)))
}

/// The whole part, within 64 bits.
#[expect(clippy::cast_possible_truncation, reason = "the cast saturates, which is what is asked for")]
pub(super) fn truncated(number: f64) -> i64 {
    number as i64
}

/// A count as a double.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
pub(super) fn from_count(count: usize) -> f64 {
    count as f64
}

/// A whole number as a double.
#[expect(clippy::cast_precision_loss, reason = "the nearest double is what is asked for")]
pub(super) fn from_int(int: i64) -> f64 {
    int as f64
}

/// A double as a position from the front; negative and NaN are 0, too large the largest.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates")]
pub(super) fn to_count(number: f64) -> usize {
    number as usize
}

/// The text that JavaScript gives a number: the shortest digits that read back, with an exponent from 1e21 and below
/// 1e-6.
pub(super) fn js_text(number: f64) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    if number == 0.0 {
        return "0".to_owned();
    }
    let (digits, exponent) = digits(number);
    let sign = if number < 0.0 { "-" } else { "" };
    let count = i32::try_from(digits.len()).unwrap_or(i32::MAX);
    let point = exponent + 1;
    if count <= point && point <= 21 {
        format!("{sign}{digits}{}", zeros(point - count))
    } else if 0 < point && point <= 21 {
        let (whole, fraction) = digits.split_at(usize::try_from(point).unwrap_or(0).min(digits.len()));
        format!("{sign}{whole}.{fraction}")
    } else if -6 < point && point <= 0 {
        format!("{sign}0.{}{digits}", zeros(-point))
    } else {
        let (first, rest) = digits.split_at(1);
        let fraction = if rest.is_empty() { String::new() } else { format!(".{rest}") };
        format!("{sign}{first}{fraction}e{}{}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
    }
}

fn zeros(count: i32) -> String {
    "0".repeat(usize::try_from(count).unwrap_or(0))
}

/// The shortest digits that read back as `number`, and the exponent of the first one.
fn digits(number: f64) -> (String, i32) {
    let text = format!("{:e}", number.abs());
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    (mantissa.replace('.', ""), exponent.parse().unwrap_or(0))
}

/// The number rounded to 15 significant digits, as `$string` shows numbers.
pub(super) fn to_precision_15(number: f64) -> f64 {
    if !number.is_finite() || number == 0.0 {
        return number;
    }
    if number.fract() == 0.0 && number.abs() < 1e15 {
        return number;
    }
    let text = format!("{:.40e}", number.abs());
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let digits: Vec<u8> = mantissa.bytes().filter(u8::is_ascii_digit).collect();
    let (kept, rest) = digits.split_at(digits.len().min(15));
    // JavaScript takes the larger number when both are as near, which Rust's own rounding does not.
    let up = rest.first().is_some_and(|digit| *digit >= b'5');
    let kept = kept.iter().fold(0u64, |sum, digit| sum * 10 + u64::from(digit - b'0')) + u64::from(up);
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let rounded: f64 = format!("{kept}e{}", exponent - 14).parse().unwrap_or(number);
    rounded.copysign(number)
}

/// `number` with `places` decimal places, rounded as JavaScript's `toFixed` does.
pub(super) fn to_fixed(number: f64, places: usize) -> String {
    let number = number.abs();
    if number >= 1e21 || !number.is_finite() {
        return js_text(number);
    }
    let text = format!("{number:.*}", places + 40);
    let cut = text.len() - 40;
    let (kept, rest) = text.split_at(cut);
    let kept = kept.trim_end_matches('.');
    if rest.as_bytes().first().is_some_and(|digit| *digit >= b'5') { incremented(kept) } else { kept.to_owned() }
}

/// A decimal text with one more in its last place.
fn incremented(text: &str) -> String {
    let mut out: Vec<u8> = text.bytes().collect();
    for digit in out.iter_mut().rev().filter(|byte| **byte != b'.') {
        if *digit < b'9' {
            *digit += 1;
            return String::from_utf8(out).unwrap_or_default();
        }
        *digit = b'0';
    }
    format!("1{}", String::from_utf8(out).unwrap_or_default())
}

/// `number` moved by `places` decimal places through its text, so that no error of multiplication comes in.
fn shifted(number: f64, places: f64) -> f64 {
    let text = js_text(number);
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent = exponent.parse::<f64>().unwrap_or(0.0) + places;
    if exponent.fract() != 0.0 {
        return f64::NAN;
    }
    format!("{mantissa}e{}", truncated(exponent)).parse().unwrap_or(f64::NAN)
}

/// Half to even, at `precision` decimal places.
pub(super) fn round(number: f64, precision: f64) -> f64 {
    let moved = if precision == 0.0 { number } else { shifted(number, precision) };
    let mut result = (moved + 0.5).floor();
    // The sum may itself be rounded; JavaScript's rounding is exact.
    if result - moved > 0.5 {
        result -= 1.0;
    }
    if (result - moved).abs() == 0.5 && (result % 2.0).abs() == 1.0 {
        result -= 1.0;
    }
    let result = if precision == 0.0 { result } else { shifted(result, -precision) };
    if result == 0.0 { 0.0 } else { result }
}

/// The digits of a number in `radix`, as `Number.prototype.toString(radix)` has them for whole numbers.
pub(super) fn in_radix(number: f64, radix: u32) -> String {
    if radix == 10 || !number.is_finite() {
        return js_text(number);
    }
    let (mut rest, base) = (number.abs().trunc(), f64::from(radix));
    let mut digits = Vec::new();
    while rest >= 1.0 {
        let digit = u32::try_from(truncated(rest % base)).unwrap_or(0);
        digits.push(char::from_digit(digit, radix).unwrap_or('0'));
        rest = (rest / base).trunc();
    }
    if digits.is_empty() {
        digits.push('0');
    }
    let sign = if number < 0.0 { "-" } else { "" };
    sign.chars().chain(digits.into_iter().rev()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_that_of_javascript() {
        for (number, text) in [
            (0.0, "0"),
            (-0.0, "0"),
            (100.0, "100"),
            (-1.5, "-1.5"),
            (1e21, "1e+21"),
            (123_456_789_012_345_680_000.0, "123456789012345680000"),
            (1e-6, "0.000001"),
            (1.5e-7, "1.5e-7"),
            (0.1 + 0.2, "0.30000000000000004"),
            (f64::MAX, "1.7976931348623157e+308"),
            (f64::INFINITY, "Infinity"),
        ] {
            assert_eq!(js_text(number), text);
        }
    }

    #[test]
    fn fifteen_digits_round_up_when_in_doubt() {
        assert_eq!(to_precision_15(0.1 + 0.2), 0.3);
        assert_eq!(to_precision_15(100_000_000_000_000.5), 100_000_000_000_001.0);
        assert_eq!(to_precision_15(-22.0 / 7.0), -3.142_857_142_857_14);
        assert_eq!(to_precision_15(9.999_999_999_999_999_5), 10.0);
    }

    #[test]
    fn halves_go_to_the_even_neighbour() {
        for (number, precision, rounded) in [
            (0.5, 0.0, 0.0),
            (1.5, 0.0, 2.0),
            (-0.5, 0.0, 0.0),
            (-1.5, 0.0, -2.0),
            (4.525, 2.0, 4.52),
            (4.515, 2.0, 4.52),
            (125.0, -1.0, 120.0),
            (0.499_999_999_999_999_94, 0.0, 0.0),
        ] {
            assert_eq!(round(number, precision), rounded, "{number} {precision}");
        }
    }

    #[test]
    fn fixed_places() {
        for (number, places, text) in
            [(1.005, 2, "1.00"), (0.5, 0, "1"), (9.995, 1, "10.0"), (99.5, 0, "100"), (12.0, 3, "12.000")]
        {
            assert_eq!(to_fixed(number, places), text);
        }
    }

    #[test]
    fn other_radices() {
        assert_eq!(in_radix(255.0, 16), "ff");
        assert_eq!(in_radix(-5.0, 2), "-101");
        assert_eq!(in_radix(0.0, 3), "0");
    }

    #[test]
    fn whole_results_are_whole_numbers() {
        assert_eq!(value_of(2.0).to_json(), "2");
        assert_eq!(value_of(2.5).to_json(), "2.5");
        assert_eq!(result_of(1e20).to_json(), "100000000000000000000");
        assert_eq!(result_of(f64::NAN), Value::Null);
    }
}
