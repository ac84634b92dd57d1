//! Functions that Step Functions adds, and random numbers.

use md5::{Digest, Md5};
use sha1::Sha1;
use sha2::{Sha256, Sha384, Sha512};

use super::{argument, number_at, text_at};
use crate::query::jsonata::error::{Fault, Outcome, fault};
use crate::query::jsonata::eval::Evaluator;
use crate::query::jsonata::item::Item;
use crate::query::jsonata::number::truncated;
use crate::value;

/// A failure for which JSONata has no code.
fn refuse(message: impl Into<String>) -> Box<Fault> {
    fault("").message(message)
}

/// 53 bits as a number from 0 to below 1.
fn fraction(bits: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "53 bits are what a double holds")]
    let bits = (bits & ((1 << 53) - 1)) as f64;
    bits / f64::from(1u32 << 31) / f64::from(1u32 << 22)
}

impl Evaluator<'_> {
    /// A random number from 0 to below 1.
    pub(super) fn random_fraction(&mut self) -> f64 {
        fraction(self.env.random() >> 11)
    }
}

/// With a seed the first number that Java's generator of that seed draws (observed).
pub(super) fn random(evaluator: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    Ok(Item::number(match number_at(arguments, 0) {
        Some(seed) => java_double(truncated(seed.floor())),
        None => evaluator.random_fraction(),
    }))
}

/// `new java.util.Random(seed).nextDouble()`
fn java_double(seed: i64) -> f64 {
    let step = |state: u64| (state.wrapping_mul(0x5_DEEC_E66D) + 0xB) & ((1 << 48) - 1);
    let first = step((seed.cast_unsigned() ^ 0x5_DEEC_E66D) & ((1 << 48) - 1));
    let second = step(first);
    fraction(((first >> 22) << 27) + (second >> 21))
}

/// Random UUID of version 4.
pub(super) fn uuid(evaluator: &mut Evaluator<'_>, _: &[Item]) -> Outcome<Item> {
    let bits = u128::from(evaluator.env.random()) << 64 | u128::from(evaluator.env.random());
    let bits = bits & !(0xf << 76) & !(0b11 << 62) | (4 << 76) | (0b10 << 62);
    let digits = format!("{bits:032x}");
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or("");
    Ok(Item::text(format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))))
}

/// Arrays of `size` items each, the last one perhaps of fewer.
pub(super) fn partition(evaluator: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    let Some(elements) = arguments.first().and_then(Item::elements) else { return Ok(Item::Undefined) };
    let size = number_at(arguments, 1).map_or(0, |size| truncated(size.floor()));
    let Some(size) = usize::try_from(size).ok().filter(|size| *size > 0) else {
        return Err(refuse("The second argument of the partition function must be a positive number"));
    };
    evaluator.tick(elements.len())?;
    let items = elements.to_vec();
    let mut parts = Vec::with_capacity(items.len() / size + 1);
    for part in items.chunks(size) {
        parts.push(evaluator.plain(part.to_vec())?);
    }
    evaluator.plain(parts)
}

/// The numbers from the first on, as far as the second, which is included when it is hit (observed); a
/// sequence, so that one number alone is that number (recorded).
pub(super) fn range(evaluator: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    let at = |at: usize| number_at(arguments, at).map(|number| truncated(number.floor()));
    let (Some(first), Some(last), Some(step)) = (at(0), at(1), at(2)) else { return Ok(Item::Undefined) };
    if step == 0 {
        return Err(refuse("The third argument of the range function must not be 0"));
    }
    evaluator.stepped(first, last, step)
}

/// Anything can be hashed: what is no text by its JSON.
pub(super) fn hash(evaluator: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    let data = argument(arguments, 0);
    let Some(text) = evaluator.string(&data, false)? else { return Ok(Item::Undefined) };
    let algorithm = text_at(arguments, 1).map_or("", |name| name);
    evaluator.tick(text.len() / 64)?;
    let digest = match algorithm {
        "MD5" => hex(&Md5::digest(&text)),
        "SHA-1" => hex(&Sha1::digest(&text)),
        "SHA-256" => hex(&Sha256::digest(&text)),
        "SHA-384" => hex(&Sha384::digest(&text)),
        "SHA-512" => hex(&Sha512::digest(&text)),
        _ => {
            return Err(refuse(format!(
                "The algorithm of the hash function must be one of MD5, SHA-1, SHA-256, SHA-384, SHA-512, not {algorithm}"
            )));
        }
    };
    Ok(Item::text(digest))
}

fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// The value that a JSON text spells.
pub(super) fn parse(evaluator: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    let Some(text) = text_at(arguments, 0) else { return Ok(Item::Undefined) };
    // Values take many times the room of their text.
    evaluator.tick(text.len() / 2)?;
    match value::read(text) {
        Ok(value) => Ok(Item::Value(value)),
        Err(error) => Err(refuse(format!("The argument of the parse function is no JSON: {error}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeded_numbers_are_those_of_java() {
        assert_eq!(java_double(42), 0.727_563_680_032_868_1);
        assert_eq!(java_double(0), 0.730_967_787_376_657);
    }
}
