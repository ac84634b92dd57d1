//! Files and arguments to definitions and inputs, with messages that say what is wrong where.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, anyhow};

use super::args::SourceArgs;
use crate::asl::Definition;
use crate::asl::definition::MAX_CHARACTERS;
use crate::debug::Replay;
use crate::engine::MAX_PAYLOAD;
use crate::load::{self, Entry, Loaded, Settings};
use crate::text::diagnostic::excerpt;
use crate::text::{JsonError, LineIndex, encoding};
use crate::value::{self, Value};

/// The longest text of an input or a mock file: far more than either can use, and still read in a moment.
const MAX_TEXT: usize = 32 << 20;

/// The longest text of a history: 25,000 events with the largest payloads would be far more, but no file has that.
const MAX_HISTORY: usize = 1 << 30;

/// How the names of definitions usually end.
const DEFINITIONS: &[&str] = &[".asl.json", ".asl.yaml", ".asl.yml", "template.yaml", "template.yml", "template.json"];

/// Files of a folder that are named.
const MOST_NAMED: usize = 5;

/// Reads the history in `path` on `definition`, if there is one.
///
/// # Errors
/// The file cannot be read, or is no history.
pub fn history(path: &Path, definition: Option<&Arc<Definition>>) -> anyhow::Result<Replay> {
    let name = path.display().to_string();
    let file = File::open(path).with_context(|| format!("cannot read {name}"))?;
    let bytes = bytes(file, MAX_HISTORY).with_context(|| format!("cannot read {name}"))?;
    let text = encoding::decode(&bytes).map_err(|error| anyhow!("{name}: {error}; save it as UTF-8"))?;
    Ok(Replay::read(&name, text, definition)?)
}

/// All definitions in `path`, faults included: one of its own, or those of the state machines of a template.
///
/// # Errors
/// The file cannot be read.
pub fn entries(path: &Path, settings: &Settings) -> anyhow::Result<Loaded> {
    let name = path.display().to_string();
    if path.is_dir() {
        return Err(anyhow!(about_folder(path)));
    }
    let bytes = definition_bytes(File::open(path), &name)?;
    Ok(load::file(&name, &bytes, settings, &read_beside))
}

/// What to do with a folder where a file is wanted: name one of the definitions in it.
fn about_folder(path: &Path) -> String {
    let files = path.read_dir().into_iter().flatten().flatten();
    let mut found: Vec<String> = files
        .map(|entry| entry.path().display().to_string())
        .filter(|name| DEFINITIONS.iter().any(|ending| name.ends_with(ending)))
        .collect();
    found.sort();
    let more = found.len().saturating_sub(MOST_NAMED);
    found.truncate(MOST_NAMED);
    let name = path.display();
    match (found.as_slice(), more) {
        ([], _) => format!("{name} is a folder: name a file of it; `asldb check {name}` looks through all of them"),
        (found, 0) => format!("{name} is a folder: name a file of it, as {}", found.join(", ")),
        (found, more) => format!("{name} is a folder: name a file of it, as {} ({more} more)", found.join(", ")),
    }
}

/// The file `name` beside the one that is loaded, for [`load::file`].
///
/// # Errors
/// Why it cannot be read.
pub fn read_beside(name: &str) -> Result<Vec<u8>, String> {
    definition_bytes(File::open(name), name).map_err(|error| error.root_cause().to_string())
}

/// The definition in `path` that is meant, faults included, and what names no placeholder.
///
/// # Errors
/// The file cannot be read; it has several state machines, and none or one that is not there is named.
pub fn definition(path: &Path, source: &Source) -> anyhow::Result<Opened> {
    let Loaded { entries, beside, unused } = entries(path, &source.settings)?;
    let entry = pick(entries, source.machine.as_deref()).map_err(|why| anyhow!("{}: {why}", path.display()))?;
    Ok(Opened { entry, beside: beside.into_iter().map(PathBuf::from).collect(), unused })
}

/// A definition that was opened.
#[derive(Debug)]
pub struct Opened {
    /// The definition, its logical id and its type.
    pub entry: Entry,
    /// The files that were read beside the one that was named.
    pub beside: Vec<PathBuf>,
    /// The names with values that no placeholder has.
    pub unused: Vec<String>,
}

impl Opened {
    /// What is odd about the values that were given; empty when nothing is.
    #[must_use]
    pub fn note(&self) -> String {
        match self.unused.as_slice() {
            [] => String::new(),
            unused => format!("asldb: no placeholder takes the value of --set {}", unused.join(", ")),
        }
    }
}

/// Which definition of a file is meant, and the values of its placeholders.
#[derive(Debug, Clone, Default)]
pub struct Source {
    /// Values of placeholders.
    pub settings: Settings,
    /// The logical id of the state machine.
    pub machine: Option<String>,
}

impl Source {
    /// What the arguments say.
    ///
    /// # Errors
    /// A value that is none, or a file of values that cannot be read.
    pub fn of(args: &SourceArgs) -> anyhow::Result<Self> {
        Ok(Self { settings: settings(&args.set)?, machine: args.machine.clone() })
    }
}

/// The values of `--set`: `NAME=VALUE`, or `@FILE` for a JSON or YAML file of names and values.
///
/// # Errors
/// An argument is neither, or its file cannot be read.
pub fn settings(arguments: &[String]) -> anyhow::Result<Settings> {
    let mut settings = Settings::default();
    for argument in arguments {
        match argument.strip_prefix('@') {
            Some(path) => settings.set_file(path, &text(Path::new(path))?),
            None => settings.set_argument(argument),
        }
        .map_err(|why| anyhow!("--set: {why}"))?;
    }
    Ok(settings)
}

/// The one of `entries` that is meant.
///
/// # Errors
/// It is not there, or there are several and none is named.
pub fn pick(mut entries: Vec<Entry>, machine: Option<&str>) -> Result<Entry, String> {
    let ids: Vec<&str> = entries.iter().filter_map(|entry| entry.logical_id.as_deref()).collect();
    let listed = ids.join(", ");
    let at = match machine {
        Some(id) => entries.iter().position(|entry| entry.logical_id.as_deref() == Some(id)),
        None if entries.len() == 1 => Some(0),
        None => return Err(format!("there are several state machines; choose one with --machine: {listed}")),
    };
    match (at, machine) {
        (Some(at), _) => Ok(entries.swap_remove(at)),
        (None, Some(id)) if listed.is_empty() => {
            Err(format!("there is no state machine `{id}`; the file is a definition"))
        }
        (None, id) => Err(format!("there is no state machine `{}`; there are {listed}", id.unwrap_or_default())),
    }
}

/// The definitions in `path` if its name and text look like such a file, faults included.
///
/// # Errors
/// The file cannot be read.
pub fn entries_if(
    path: &Path,
    settings: &Settings,
    looks_so: fn(&str, &str) -> bool,
) -> anyhow::Result<Option<Loaded>> {
    let name = path.display().to_string();
    let bytes = definition_bytes(File::open(path), &name)?;
    let is_one = looks_so(&name, &String::from_utf8_lossy(&bytes));
    Ok(is_one.then(|| load::file(&name, &bytes, settings, &read_beside)))
}

/// The definitions on standard input, faults included: JSON if it begins as an object, else YAML.
///
/// # Errors
/// It cannot be read.
pub fn entries_of_stdin(name: &str, settings: &Settings) -> anyhow::Result<Loaded> {
    let bytes = definition_bytes(Ok(std::io::stdin()), name)?;
    let content = bytes.strip_prefix(encoding::BYTE_ORDER_MARK).unwrap_or(&bytes);
    let is_json = content.trim_ascii_start().first().is_none_or(|first| matches!(first, b'{' | b'['));
    let named = format!("{name}.{}", if is_json { "json" } else { "yaml" });
    let mut loaded = load::file(&named, &bytes, settings, &read_beside);
    for entry in loaded.entries.iter_mut().filter(|entry| entry.definition.name == named) {
        name.clone_into(&mut entry.definition.name);
    }
    Ok(loaded)
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
