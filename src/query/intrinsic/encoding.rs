//! Base64, hashes and JSON texts.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest, Md5};
use sha1::Sha1;
use sha2::{Sha256, Sha384, Sha512};

use super::super::base64::decode;
use super::{Outcome, refuse, text_of};
use crate::value::{self, Value};

/// The most characters that Base64 and hash functions take.
const LONGEST: usize = 10_000;

fn is_too_long(text: &str) -> bool {
    text.len() > LONGEST && text.encode_utf16().count() > LONGEST
}

fn too_long() -> Outcome {
    refuse(format!("the text is longer than {LONGEST} characters"))
}

pub(super) fn base64_encode(arguments: &[Value]) -> Outcome {
    match arguments {
        [Value::String(text)] if is_too_long(text) => too_long(),
        [Value::String(text)] => Ok(Value::from(STANDARD.encode(&**text))),
        _ => refuse("the argument must be a string"),
    }
}

/// Characters that do not belong there are passed over, and missing padding is no fault (observed).
pub(super) fn base64_decode(arguments: &[Value]) -> Outcome {
    match arguments {
        [Value::String(text)] if is_too_long(text) => too_long(),
        [Value::String(text)] => Ok(Value::from(&*String::from_utf8_lossy(&decode(text)))),
        _ => refuse("the argument must be a string"),
    }
}

/// Anything can be hashed: what is no string by its JSON text (observed).
pub(super) fn hash(arguments: &[Value]) -> Outcome {
    let [data, Value::String(algorithm)] = arguments else { return refuse("the algorithm must be a string") };
    let text = text_of(data);
    if is_too_long(&text) {
        return too_long();
    }
    let digest = match &**algorithm {
        "MD5" => hex(&Md5::digest(&*text)),
        "SHA-1" => hex(&Sha1::digest(&*text)),
        "SHA-256" => hex(&Sha256::digest(&*text)),
        "SHA-384" => hex(&Sha384::digest(&*text)),
        "SHA-512" => hex(&Sha512::digest(&*text)),
        _ => return refuse(format!("`{algorithm}` is none of MD5, SHA-1, SHA-256, SHA-384, SHA-512")),
    };
    Ok(Value::from(digest))
}

fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Shallow only: the service refuses `true`, and takes anything else for `false` (observed).
pub(super) fn json_merge(arguments: &[Value]) -> Outcome {
    match arguments {
        [.., Value::Bool(true)] => refuse("a deep merge is not supported; the third argument must be false"),
        [Value::Object(first), Value::Object(second), _] => {
            let mut merged = first.clone();
            for (key, value) in second.iter() {
                merged.insert(key.clone(), value.clone());
            }
            Ok(Value::Object(merged))
        }
        _ => refuse("the first two arguments must be objects"),
    }
}

pub(super) fn json_to_string(arguments: &[Value]) -> Outcome {
    let [value] = arguments else { return refuse("one argument is needed") };
    Ok(Value::from(value.to_json()))
}

/// A blank text gives `null` (recorded).
pub(super) fn string_to_json(arguments: &[Value]) -> Outcome {
    match arguments {
        [Value::String(text)] if text.trim().is_empty() => Ok(Value::Null),
        [Value::String(text)] => value::read(text).or_else(|error| refuse(format!("the text is no JSON: {error}"))),
        [other] => refuse(format!("the argument is of type {}, not a string", other.type_name())),
        _ => refuse("one argument is needed"),
    }
}
