//! What shows of the service's Java runtime: its random numbers and the order of its hash sets.

use std::collections::HashMap;

use crate::value::{Number, Value};

/// The generator of `java.util.Random`.
pub(super) struct Random(u64);

impl Random {
    const MASK: u64 = (1 << 48) - 1;

    pub(super) fn new(seed: i64) -> Self {
        Self((seed.cast_unsigned() ^ 0x5_DEEC_E66D) & Self::MASK)
    }

    #[expect(clippy::cast_possible_truncation, reason = "Java takes the upper 32 of 48 bits")]
    fn next(&mut self) -> u32 {
        self.0 = (self.0.wrapping_mul(0x5_DEEC_E66D) + 0xB) & Self::MASK;
        (self.0 >> 16) as u32
    }

    /// A whole number from `start` to below `end`.
    pub(super) fn between(mut self, start: i32, end: i32) -> i32 {
        match end.checked_sub(start).map(i32::cast_unsigned) {
            Some(width) if width > 0 => start.wrapping_add(self.below(width).cast_signed()),
            // A wider interval than a signed number holds: Java draws until a number lies inside.
            _ => loop {
                let drawn = self.next().cast_signed();
                if (start..end).contains(&drawn) {
                    return drawn;
                }
            },
        }
    }

    fn below(&mut self, bound: u32) -> u32 {
        let bits = self.next() >> 1;
        if bound.is_power_of_two() {
            let scaled = (u64::from(bound) * u64::from(bits)) >> 31;
            return u32::try_from(scaled).unwrap_or(0);
        }
        let mut bits = bits;
        // The last, incomplete stretch of numbers would make small results likelier.
        while bits - bits % bound + (bound - 1) > i32::MAX.cast_unsigned() {
            bits = self.next() >> 1;
        }
        bits % bound
    }
}

/// The different ones of `items` in the order of a `java.util.HashSet` made of them.
pub(super) fn hash_set(items: &[Value]) -> Vec<Value> {
    let mut seen: HashMap<i32, Vec<&Value>> = HashMap::with_capacity(items.len());
    let mut unique: Vec<(u32, &Value)> = Vec::new();
    let buckets = u32::try_from((items.len() * 4 / 3 + 1).max(16).next_power_of_two()).unwrap_or(1 << 31);
    for item in items {
        let hash = hash(item);
        let equal = seen.entry(hash).or_default();
        if !equal.contains(&item) {
            equal.push(item);
            let spread = hash.cast_unsigned() ^ (hash.cast_unsigned() >> 16);
            unique.push((spread & (buckets - 1), item));
        }
    }
    // Stable: what shares a bucket keeps the order in which it came.
    unique.sort_by_key(|(bucket, _)| *bucket);
    unique.into_iter().map(|(_, item)| item.clone()).collect()
}

/// `hashCode` of the value as Java holds it: `Integer`, `String`, `List`, `Map` and so on.
fn hash(value: &Value) -> i32 {
    match value {
        Value::Null => 0,
        Value::Bool(true) => 1231,
        Value::Bool(false) => 1237,
        Value::Number(number) => number_hash(number),
        Value::String(text) => text_hash(text),
        Value::Array(items) => items.iter().fold(1, |sum: i32, item| sum.wrapping_mul(31).wrapping_add(hash(item))),
        Value::Object(object) => {
            object.iter().fold(0, |sum: i32, (key, value)| sum.wrapping_add(text_hash(key) ^ hash(value)))
        }
    }
}

fn number_hash(number: &Number) -> i32 {
    match number {
        Number::Int(int) => i32::try_from(*int).unwrap_or_else(|_| folded(int.cast_unsigned())),
        Number::Float(float) => folded(float.to_bits()),
        Number::Big(text) => text_hash(text),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "Java keeps the lower half of both halves combined")]
fn folded(bits: u64) -> i32 {
    ((bits ^ (bits >> 32)) as u32).cast_signed()
}

fn text_hash(text: &str) -> i32 {
    text.encode_utf16().fold(0, |sum: i32, unit| sum.wrapping_mul(31).wrapping_add(i32::from(unit)))
}
