//! A file that is the definition.

use super::fill::Lookup;
use super::functions::Template;
use super::lenient;
use super::source::{self, Source};
use super::{Context, Entry, emit};
use crate::asl::Definition;
use crate::asl::definition::is_yaml;
use crate::text::{Diagnostic, Tracked};

/// The definition in bytes that are no text, or too many.
pub(super) fn unread(name: &str, bytes: &[u8]) -> Entry {
    Entry { logical_id: None, definition: Definition::read_bytes(name, bytes), kind: None }
}

/// The definition in a text that is no tree: what is wrong with it.
pub(super) fn text(text: &str, context: &Context<'_>, lookup: Option<&Lookup<'_>>) -> Entry {
    let definition = if source::is_yaml(context.name, text) {
        strict(context.name, text, true)
    } else {
        json(context.name, text, &Tracked::exact(text, 0), lookup.unwrap_or(&|name| context.given.value(name)))
    };
    Entry { logical_id: None, definition, kind: None }
}

/// The definition that the tree `source` is.
pub(super) fn source(source: &Source, context: &Context<'_>, lookup: Option<&Lookup<'_>>) -> Entry {
    Entry { logical_id: None, definition: definition(context.name, source, context, lookup), kind: None }
}

/// The definition that the tree `source` of the file `name` is.
pub(super) fn definition(
    name: &str,
    source: &Source,
    context: &Context<'_>,
    lookup: Option<&Lookup<'_>>,
) -> Definition {
    let own = |name: &str| context.given.value(name);
    let values = lookup.unwrap_or(&own);
    if !source.is_yaml {
        // A file that is JSON already and has nothing to fill in is read as it is.
        let as_it_is = source.origin.text() == source.text && lookup.is_none() && context.given.is_empty();
        return match as_it_is {
            true => strict(name, &source.text, false),
            false => json(name, &source.text, &Tracked::exact(&source.text, 0), values),
        };
    }
    let template = Template::new(&source.root, source.origin.text(), context.given);
    let json = emit::json(&source.root, &template, values).rebased(&source.origin);
    Definition::read_parts(name, &source.text, json, source.remarks.clone())
}

/// The definition in `part`, a JSON text of the file `name` with the content `text`.
pub(super) fn json(name: &str, text: &str, part: &Tracked, lookup: &Lookup<'_>) -> Definition {
    let (json, remarks) = lenient::repair(part, lookup);
    if json.text() == text && remarks.is_empty() {
        return strict(name, text, false);
    }
    Definition::read_parts(name, text, json, remarks)
}

/// The definition in a text, read by the strict reader of its format, whatever the name says.
fn strict(name: &str, text: &str, yaml: bool) -> Definition {
    if is_yaml(name) == yaml {
        return Definition::read(name, text);
    }
    let known = if yaml { "definition.yaml" } else { "definition.json" };
    Definition { name: name.to_owned(), ..Definition::read(known, text) }
}

/// A definition of which nothing can be read but why.
pub(super) fn unreadable(name: &str, text: &str, fault: Diagnostic) -> Definition {
    Definition::unreadable(name, text, vec![fault])
}
