//! Items in JSON and in JSON Lines.

use std::io::Read;
use std::sync::Arc;

use super::lines::{Ends, Lines, unreadable};
use super::sink::{MEMBER, NODE, Sink};
use super::{ReadFailure, ReaderConfig};
use crate::text::encoding;
use crate::text::json::JsonError;
use crate::text::span::LineIndex;
use crate::value::{self, Reader, Value};

/// The longest `ItemsPointer`, in characters.
const MAX_POINTER: usize = 2000;

/// Reads a JSON document: the items of an array, or the entries of the object that `ItemsPointer` leads to.
pub(super) fn document(source: impl Read, config: &ReaderConfig, sink: &mut Sink) -> Result<(), ReadFailure> {
    let pointer = config.items_pointer.as_deref().unwrap_or_default();
    check_pointer(pointer)?;
    let bytes = all(source, sink)?;
    let text = encoding::decode(&bytes).map_err(|error| ReadFailure::new(format!("Unable to read JSON: {error}.")))?;
    sink.claim(memory(text))?;
    let whole = value::read(text).map_err(|error| no_json(&error, text))?;
    match pointed_at(&whole, pointer) {
        Some(Value::Array(items)) => items.iter().take(sink.wanted()).for_each(|item| sink.push(item.clone())),
        // Recorded: an object that is the whole document is not taken. An object inside is, with the pointer.
        Some(Value::Object(object)) if !pointer.is_empty() => {
            object.iter().take(sink.wanted()).for_each(|(key, value)| sink.push_entry(key, value));
        }
        _ => return Err(ReadFailure::not_iterable()),
    }
    sink.release(bytes.len() as u64);
    Ok(())
}

/// Reads JSON Lines: an item a line, empty lines are none.
pub(super) fn lines(source: impl Read, sink: &mut Sink) -> Result<(), ReadFailure> {
    let mut lines = Lines::new(source, Ends::LineFeed, sink.memory_left());
    let mut reader = Reader::default();
    while sink.wanted() > 0 {
        let Some(line) = lines.next()? else { break };
        if line.trim_ascii().is_empty() {
            continue;
        }
        sink.claim(memory(line))?;
        let item = reader.read(line);
        sink.push(
            item.map_err(|error| {
                ReadFailure::new(format!("Unable to parse JSON in line {}: {error}.", lines.number()))
            })?,
        );
    }
    Ok(())
}

/// All bytes of `source`, which are claimed.
pub(super) fn all(source: impl Read, sink: &mut Sink) -> Result<Vec<u8>, ReadFailure> {
    let mut bytes = Vec::new();
    let most = sink.memory_left();
    source.take(most.saturating_add(1)).read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
    sink.claim(bytes.len() as u64)?;
    Ok(bytes)
}

/// The memory that the value of a JSON text takes, rather too high: known from its punctuation before it is read.
fn memory(text: &str) -> u64 {
    let (mut commas, mut opened) = (0_u64, 0_u64);
    for byte in text.bytes() {
        commas += u64::from(byte == b',');
        opened += u64::from(byte == b'[') + u64::from(byte == b'{');
    }
    NODE + text.len() as u64 + commas * 2 * MEMBER + opened * (NODE + MEMBER)
}

fn no_json(error: &JsonError, text: &str) -> ReadFailure {
    let place = LineIndex::new(text).position(error.span.start as usize, text);
    ReadFailure::new(format!("Unable to parse JSON in line {}, column {}: {error}.", place.line, place.column))
}

fn check_pointer(pointer: &str) -> Result<(), ReadFailure> {
    if !pointer.is_empty() && !pointer.starts_with('/') {
        return Err(ReadFailure::new("field ItemsPointer must be a JSON Pointer, which begins with /"));
    }
    if pointer.chars().count() >= MAX_POINTER {
        return Err(ReadFailure::new("field ItemsPointer must be shorter than 2000 characters"));
    }
    Ok(())
}

/// The value at a JSON Pointer (RFC 6901).
fn pointed_at<'v>(whole: &'v Value, pointer: &str) -> Option<&'v Value> {
    pointer.split('/').skip(1).try_fold(whole, |value, step| match value {
        Value::Array(items) => items.get(index(step)?),
        other => other.get(&step.replace("~1", "/").replace("~0", "~")),
    })
}

/// The index that a step of a pointer spells: digits, without a leading zero.
fn index(step: &str) -> Option<usize> {
    let is_index = step == "0" || !step.starts_with('0') && step.bytes().all(|b| b.is_ascii_digit());
    step.parse().ok().filter(|_| is_index)
}

/// The string under `key` of a manifest.
pub(super) fn text_of(value: &Value, key: &str) -> Option<Arc<str>> {
    match value.get(key)? {
        Value::String(text) => Some(text.clone()),
        _ => None,
    }
}
