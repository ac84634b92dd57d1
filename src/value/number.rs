//! Numbers with the text that AWS gives them.

use std::cmp::Ordering;
use std::sync::Arc;

/// A JSON number.
#[derive(Debug, Clone)]
pub enum Number {
    /// A whole number that fits 64 bits.
    Int(i64),
    /// A finite number with a fraction or an exponent.
    Float(f64),
    /// A number beyond both, as it is spelled.
    Big(Arc<String>),
}

impl Number {
    /// The number that `text`, a JSON number, spells.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        if let Ok(int) = text.parse::<i64>() {
            return Self::Int(int);
        }
        match text.parse::<f64>() {
            Ok(float) if float.is_finite() && text.contains(['.', 'e', 'E']) => Self::Float(float),
            _ => Self::Big(Arc::new(text.to_owned())),
        }
    }

    /// As a double; numbers beyond it become infinite.
    #[must_use]
    pub fn as_f64(&self) -> f64 {
        match self {
            #[expect(clippy::cast_precision_loss, reason = "the nearest double is what is asked for")]
            Self::Int(int) => *int as f64,
            Self::Float(float) => *float,
            Self::Big(text) => text.parse().unwrap_or(f64::NAN),
        }
    }

    /// As a whole number, when it is one that fits; `2.0` counts as 2.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Int(int) => Some(*int),
            #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and in range")]
            Self::Float(float) if float.fract() == 0.0 && float.abs() < 9.0e15 => Some(*float as i64),
            _ => None,
        }
    }

    /// Whether it is spelled as a whole number: `2`, not `2.0`.
    #[must_use]
    pub fn is_int(&self) -> bool {
        match self {
            Self::Int(_) => true,
            Self::Float(_) => false,
            Self::Big(text) => !text.contains(['.', 'e', 'E']),
        }
    }

    /// Bytes of its text.
    #[must_use]
    pub fn text_len(&self) -> usize {
        match self {
            Self::Int(int) => {
                let digits = int.unsigned_abs().checked_ilog10().unwrap_or(0) as usize + 1;
                digits + usize::from(*int < 0)
            }
            Self::Float(_) => self.to_string().len(),
            Self::Big(text) => text.len(),
        }
    }
}

impl From<i64> for Number {
    fn from(int: i64) -> Self {
        Self::Int(int)
    }
}

/// JSON has no infinities and no NaN: those become 0, the caller is to refuse them before.
impl From<f64> for Number {
    fn from(float: f64) -> Self {
        Self::Float(if float.is_finite() { float } else { 0.0 })
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.partial_cmp(other) == Some(Ordering::Equal)
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Int(a), Self::Int(b)) => Some(a.cmp(b)),
            (Self::Big(a), Self::Big(b)) if a == b => Some(Ordering::Equal),
            _ => self.as_f64().partial_cmp(&other.as_f64()),
        }
    }
}

/// The text of the number: doubles as the service's Java runtime writes them (`3.3`, `100.0`, `1.0E10`).
impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Int(int) => write!(f, "{int}"),
            Self::Float(float) => write_double(*float, f),
            Self::Big(text) => f.write_str(text),
        }
    }
}

/// Java's `Double.toString`: plain from 10^-3 to below 10^7, else one digit, a point and an exponent.
fn write_double(value: f64, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
    let magnitude = value.abs();
    if magnitude == 0.0 || (1e-3..1e7).contains(&magnitude) {
        return write!(f, "{value:?}");
    }
    let text = format!("{value:e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let point = if digits.contains('.') { "" } else { ".0" };
    write!(f, "{digits}{point}E{exponent}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_that_of_the_service() {
        for (spelled, printed) in [
            ("0", "0"),
            ("-0.0", "-0.0"),
            ("3.30", "3.3"),
            ("1e2", "100.0"),
            ("1e10", "1.0E10"),
            ("12345678.5", "1.23456785E7"),
            ("0.001", "0.001"),
            ("0.0001", "1.0E-4"),
            ("9999999.0", "9999999.0"),
            ("123456789012345678901234567890", "123456789012345678901234567890"),
            ("-9223372036854775808", "-9223372036854775808"),
        ] {
            let number = Number::parse(spelled);
            assert_eq!(number.to_string(), printed, "{spelled}");
            assert_eq!(number.text_len(), printed.len(), "{spelled}");
        }
    }

    #[test]
    fn compares_by_value() {
        assert_eq!(Number::parse("1"), Number::parse("1.0"));
        assert!(Number::parse("2") < Number::parse("10.5"));
        assert!(Number::parse("99999999999999999999") > Number::Int(i64::MAX));
    }

    #[test]
    fn whole_numbers() {
        assert_eq!(Number::parse("2.0").as_i64(), Some(2));
        assert_eq!(Number::parse("2.5").as_i64(), None);
        assert!(!Number::parse("2.0").is_int() && Number::parse("2").is_int());
    }
}
