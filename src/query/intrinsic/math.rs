//! `States.MathAdd`, `States.MathRandom` and `States.UUID`.

use super::{Outcome, java, refuse};
use crate::query::Scope;
use crate::value::{Number, Value};

/// The sum of two whole numbers of 32 bits; fractions are rounded first, halves upwards (recorded: -1.5 is -1).
pub(super) fn add(arguments: &[Value]) -> Outcome {
    let [a, b] = arguments else { return refuse("two numbers are needed") };
    let (Some(a), Some(b)) = (rounded(a), rounded(b)) else {
        return refuse("both arguments must be numbers between -2147483648 and 2147483647");
    };
    match a.checked_add(b) {
        Some(sum) => Ok(Value::from(sum)),
        None => refuse("the sum does not fit 32 bits"),
    }
}

fn rounded(value: &Value) -> Option<i32> {
    let number = value.as_number()?;
    let whole = match number.as_i64() {
        Some(whole) => whole,
        None => whole((number.as_f64() + 0.5).floor())?,
    };
    i32::try_from(whole).ok()
}

/// A number without its fraction.
pub(super) fn truncated(value: &Value) -> Option<i64> {
    let number = value.as_number()?;
    number.as_i64().or_else(|| whole(number.as_f64().trunc()))
}

fn whole(float: f64) -> Option<i64> {
    Number::Float(float).as_i64()
}

/// A whole number from the first bound to below the second; fractions of the bounds are cut off (observed). A seed makes
/// it the number that Java's generator of that seed draws (the service's own generator is not known).
pub(super) fn random(arguments: &[Value], scope: &mut dyn Scope) -> Outcome {
    let (start, end) = match arguments {
        [start, end, ..] => (truncated(start), truncated(end)),
        _ => (None, None),
    };
    let as_int = |bound: Option<i64>| bound.and_then(|bound| i32::try_from(bound).ok());
    let (Some(start), Some(end)) = (as_int(start), as_int(end)) else {
        return refuse("the bounds must be numbers between -2147483648 and 2147483647");
    };
    if start >= end {
        return refuse(format!("no whole number is at least {start} and below {end}"));
    }
    let drawn = match arguments.get(2) {
        None => spread(scope.random(), start, end),
        Some(seed) => match truncated(seed) {
            Some(seed) => java::Random::new(seed).between(start, end),
            None => return refuse("the seed must be a number"),
        },
    };
    Ok(Value::from(drawn))
}

/// `bits` spread evenly from `start` to below `end`.
fn spread(bits: u64, start: i32, end: i32) -> i32 {
    let width = u128::from(end.abs_diff(start));
    let offset = (u128::from(bits) * width) >> 64;
    let drawn = i64::from(start) + i64::try_from(offset).unwrap_or(0);
    i32::try_from(drawn).unwrap_or(start)
}

/// A UUID of version 4.
pub(super) fn uuid(_: &[Value], scope: &mut dyn Scope) -> Outcome {
    let bits = u128::from(scope.random()) << 64 | u128::from(scope.random());
    let bits = bits & !(0xf << 76) & !(0b11 << 62) | (4 << 76) | (0b10 << 62);
    let digits = format!("{bits:032x}");
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or("");
    Ok(Value::from(format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))))
}
