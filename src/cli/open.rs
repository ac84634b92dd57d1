//! Files and arguments to definitions and inputs, with messages that say what is wrong where.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, anyhow};

use crate::asl::Definition;
use crate::asl::definition::MAX_CHARACTERS;
use crate::engine::MAX_PAYLOAD;
use crate::text::diagnostic::excerpt;
use crate::text::{JsonError, LineIndex, encoding};
use crate::value::{self, Value};

/// The longest text of an input or a mock file: far more than either can use, and still read in a moment.
const MAX_TEXT: usize = 32 << 20;

/// Reads the definition in `path`, faults included.
///
/// # Errors
/// The file cannot be read.
pub fn definition(path: &Path) -> anyhow::Result<Definition> {
    let bytes = definition_bytes(File::open(path), &path.display().to_string())?;
    Ok(Definition::read_bytes(&path.display().to_string(), &bytes))
}

/// Reads the definition in `path` if its name and text look like one, faults included.
///
/// # Errors
/// The file cannot be read.
pub fn definition_if(path: &Path, looks_so: fn(&str, &str) -> bool) -> anyhow::Result<Option<Definition>> {
    let name = path.display().to_string();
    let bytes = definition_bytes(File::open(path), &name)?;
    let is_one = looks_so(&name, &String::from_utf8_lossy(&bytes));
    Ok(is_one.then(|| Definition::read_bytes(&name, &bytes)))
}

/// Reads the definition on standard input, faults included: JSON if it begins as an object, else YAML.
///
/// # Errors
/// It cannot be read.
pub fn definition_of_stdin(name: &str) -> anyhow::Result<Definition> {
    let bytes = definition_bytes(Ok(std::io::stdin()), name)?;
    let content = bytes.strip_prefix(encoding::BYTE_ORDER_MARK).unwrap_or(&bytes);
    let is_json = content.trim_ascii_start().first().is_none_or(|first| matches!(first, b'{' | b'['));
    let named = format!("{name}.{}", if is_json { "json" } else { "yaml" });
    Ok(Definition { name: name.to_owned(), ..Definition::read_bytes(&named, &bytes) })
}

/// The bytes of a definition; one more than could be right says enough of one that is too long.
fn definition_bytes(source: std::io::Result<impl Read>, name: &str) -> anyhow::Result<Vec<u8>> {
    let most = 4 * MAX_CHARACTERS + encoding::BYTE_ORDER_MARK.len() + 1;
    source.and_then(|source| bytes(source, most)).with_context(|| format!("cannot read {name}"))
}

/// Reads an input given as JSON, `@FILE`, or `-` for standard input; none is `{}`.
///
/// # Errors
/// It cannot be read, is no JSON (with the place), or is larger than an input may be.
pub fn input(argument: Option<&str>) -> anyhow::Result<Value> {
    let Some(argument) = argument else { return Ok(Value::empty_object()) };
    let (name, text) = match argument.strip_prefix('@') {
        Some(path) => (path, text(Path::new(path))?),
        None if argument == "-" => ("standard input", text_of(std::io::stdin(), "standard input")?),
        None => ("input", argument.to_owned()),
    };
    let value = value::read(&text).map_err(|error| anyhow!(json_error(name, &text, &error)))?;
    if value.size() > MAX_PAYLOAD {
        return Err(anyhow!("{name}: the input has {} bytes; an execution takes {MAX_PAYLOAD} at most", value.size()));
    }
    Ok(value)
}

/// The text of the file in `path`.
///
/// # Errors
/// It cannot be read, is too long, or is no UTF-8.
pub fn text(path: &Path) -> anyhow::Result<String> {
    let name = path.display().to_string();
    text_of(File::open(path).with_context(|| format!("cannot read {name}"))?, &name)
}

fn text_of(source: impl Read, name: &str) -> anyhow::Result<String> {
    let bytes = bytes(source, MAX_TEXT + 1).with_context(|| format!("cannot read {name}"))?;
    if bytes.len() > MAX_TEXT {
        return Err(anyhow!("{name}: the text has more than {} MiB", MAX_TEXT >> 20));
    }
    let text = encoding::decode(&bytes).map_err(|error| anyhow!("{name}: {error}; save it as UTF-8"))?;
    Ok(text.to_owned())
}

/// What `source` holds, `most` bytes of it at most: devices and pipes may have no end.
fn bytes(source: impl Read, most: usize) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(most as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// `name:line:column: message` and the line with the place marked.
#[must_use]
pub fn json_error(name: &str, text: &str, error: &JsonError) -> String {
    let lines = LineIndex::new(text);
    let at = lines.position(error.span.start as usize, text);
    format!("{name}:{at}: no JSON: {error}{}", excerpt(error.span, text, &lines))
}
