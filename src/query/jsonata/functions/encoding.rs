//! Base64 and URLs.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::text_at;
use crate::query::base64::decode;
use crate::query::jsonata::error::{Outcome, fault, quoted};
use crate::query::jsonata::eval::Evaluator;
use crate::query::jsonata::item::Item;

/// One byte a UTF-16 unit, as the reference does it on Node.js.
pub(super) fn base64_encode(evaluator: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    let Some(text) = text_at(arguments, 0) else { return Ok(Item::Undefined) };
    let bytes: Vec<u8> = text.encode_utf16().map(|unit| unit.to_le_bytes()[0]).collect();
    evaluator.text(STANDARD.encode(bytes))
}

/// Characters that do not belong there are passed over; each byte is a character.
pub(super) fn base64_decode(evaluator: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    let Some(text) = text_at(arguments, 0) else { return Ok(Item::Undefined) };
    let out: String = decode(text).into_iter().map(char::from).collect();
    evaluator.text(out)
}

/// What has a meaning in a URL and stays as it is when a whole one is encoded.
const RESERVED: &[u8] = b";/?:@&=+$,#";
const UNRESERVED: &[u8] = b"-_.!~*'()";

fn encoded(evaluator: &mut Evaluator<'_>, arguments: &[Item], kept: &[u8]) -> Outcome<Item> {
    let Some(text) = text_at(arguments, 0) else { return Ok(Item::Undefined) };
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || UNRESERVED.contains(&byte) || kept.contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    evaluator.text(out)
}

pub(super) fn encode_url_component(evaluator: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    encoded(evaluator, arguments, b"")
}

pub(super) fn encode_url(evaluator: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    encoded(evaluator, arguments, RESERVED)
}

fn decoded(evaluator: &mut Evaluator<'_>, arguments: &[Item], kept: &[u8], function: &'static str) -> Outcome<Item> {
    let Some(text) = text_at(arguments, 0) else { return Ok(Item::Undefined) };
    match percent_decoded(text, kept) {
        Some(decoded) => evaluator.text(decoded),
        None => Err(fault("D3140").value(quoted(text)).name(function)),
    }
}

/// `None` where a `%` is not followed by two digits or the bytes are no UTF-8.
fn percent_decoded(text: &str, kept: &[u8]) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        if *byte != b'%' {
            out.push(*byte);
            rest = after;
            continue;
        }
        let digit = |at: usize| char::from(*after.get(at)?).to_digit(16);
        let byte = u8::try_from(digit(0)? * 16 + digit(1)?).ok()?;
        if kept.contains(&byte) {
            out.extend(rest.iter().take(3));
        } else {
            out.push(byte);
        }
        rest = after.get(2..)?;
    }
    String::from_utf8(out).ok()
}

pub(super) fn decode_url_component(evaluator: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    decoded(evaluator, arguments, b"", "decodeUrlComponent")
}

pub(super) fn decode_url(evaluator: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    decoded(evaluator, arguments, RESERVED, "decodeUrl")
}
