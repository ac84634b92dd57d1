//! Files and arguments to definitions and inputs, with messages that say what is wrong where.

use std::io::Read;
use std::path::Path;

use anyhow::{Context, anyhow};

use crate::asl::Definition;
use crate::engine::MAX_PAYLOAD;
use crate::text::diagnostic::excerpt;
use crate::text::{JsonError, LineIndex};
use crate::value::{self, Value};

/// Reads the definition in `path`, faults included.
///
/// # Errors
/// The file cannot be read.
pub fn definition(path: &Path) -> anyhow::Result<Definition> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(Definition::read_bytes(&path.display().to_string(), &bytes))
}

/// Reads an input given as JSON, `@FILE`, or `-` for standard input; none is `{}`.
///
/// # Errors
/// It cannot be read, is no JSON (with the place), or is larger than an input may be.
pub fn input(argument: Option<&str>) -> anyhow::Result<Value> {
    let Some(argument) = argument else { return Ok(Value::empty_object()) };
    let (name, text) = match argument.strip_prefix('@') {
        Some(file) => {
            (file, std::fs::read_to_string(file).with_context(|| format!("cannot read the input file {file}"))?)
        }
        None if argument == "-" => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).context("cannot read the input from standard input")?;
            ("standard input", text)
        }
        None => ("input", argument.to_owned()),
    };
    let value = value::read(&text).map_err(|error| anyhow!(json_error(name, &text, &error)))?;
    if value.size() > MAX_PAYLOAD {
        return Err(anyhow!("{name}: the input has {} bytes; an execution takes {MAX_PAYLOAD} at most", value.size()));
    }
    Ok(value)
}

/// `name:line:column: message` and the line with the place marked.
#[must_use]
pub fn json_error(name: &str, text: &str, error: &JsonError) -> String {
    let lines = LineIndex::new(text);
    let at = lines.position(error.span.start as usize, text);
    format!("{name}:{at}: no JSON: {error}{}", excerpt(error.span, text, &lines))
}
