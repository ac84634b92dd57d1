//! A file as text and as a tree, and which form of definition it is.

use super::lenient;
use super::plain;
use super::template;
use super::yaml_repair;
use super::{Context, Entry};
use crate::asl::definition::MAX_CHARACTERS;
use crate::text::{Diagnostic, Node, Tracked, encoding, json, yaml};

/// A file that was read as a tree.
pub(super) struct Source {
    /// The text of the file.
    pub(super) text: String,
    /// The text that the tree was read from: that of the file, but for what was repaired.
    pub(super) origin: Tracked,
    pub(super) root: Node,
    pub(super) is_yaml: bool,
    /// What was repaired.
    pub(super) remarks: Vec<Diagnostic>,
}

/// The state machines in `bytes`.
pub(super) fn entries(bytes: &[u8], context: &Context<'_>) -> Vec<Entry> {
    let Some(text) = text(bytes) else { return vec![plain::unread(context.name, bytes)] };
    let Some(source) = read(context.name, text) else { return vec![plain::text(text, context, None)] };
    let found = template::entries(&source, context);
    if found.is_empty() { vec![plain::source(&source, context, None)] } else { found }
}

/// The text that `bytes` are, if they are text of a bearable length.
pub(super) fn text(bytes: &[u8]) -> Option<&str> {
    if bytes.len() > 4 * MAX_CHARACTERS + encoding::BYTE_ORDER_MARK.len() {
        return None;
    }
    let text = encoding::decode(bytes).ok()?;
    Some(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// Reads `text` as a tree, as the name of its file says; none when it is neither JSON nor YAML, not even with repairs.
pub(super) fn read(name: &str, text: &str) -> Option<Source> {
    let is_yaml = is_yaml(name, text);
    let source = |root, origin, remarks| Source { text: text.to_owned(), origin, root, is_yaml, remarks };
    let strict = |text: &str| if is_yaml { yaml::parse_template(text).ok() } else { json::parse(text).ok() };
    let whole = Tracked::exact(text, 0);
    if let Some(root) = strict(text) {
        return Some(source(root, whole, Vec::new()));
    }
    let (repaired, remarks) = if is_yaml { yaml_repair::repair(&whole) } else { lenient::repair(&whole, &|_| None) };
    let root = strict(repaired.text())?;
    Some(source(root, repaired, remarks))
}

/// Whether a file is YAML: by its extension, that of a template engine taken off; else by how it starts.
pub(super) fn is_yaml(name: &str, text: &str) -> bool {
    let mut name = name.to_ascii_lowercase();
    while let Some(stem) = [".tmpl", ".tpl", ".tftpl", ".j2", ".jinja", ".template", ".hbs"]
        .iter()
        .find_map(|extension| name.strip_suffix(extension))
    {
        name = stem.to_owned();
    }
    match name.rsplit_once('.') {
        Some((_, "yaml" | "yml")) => true,
        Some((_, "json" | "asl")) => false,
        _ => !text.trim_start().starts_with(['{', '[', '"', '%', '/']) && !text.trim().is_empty(),
    }
}
