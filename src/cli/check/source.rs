//! Where a file becomes its definitions, each with what is wrong with it.

use std::path::Path;

use crate::asl::{Definition, lint};
use crate::cli::args::Kind;
use crate::cli::open;
use crate::service;
use crate::text::{Diagnostic, Span};

/// The code of files that cannot be read at all.
const UNREADABLE: &str = "UNREADABLE_FILE";

/// A definition that was checked.
#[derive(Debug)]
pub(super) struct Checked {
    /// The file as it was named.
    pub(super) file: String,
    /// The logical id of a state machine in a template; empty where the file is the definition.
    pub(super) logical_id: String,
    /// Text and lines that the diagnostics are about.
    pub(super) definition: Definition,
    /// What was found, in the order of the text.
    pub(super) diagnostics: Vec<Diagnostic>,
    /// The file cannot be read.
    pub(super) is_unreadable: bool,
}

impl Checked {
    /// Whether a diagnostic is an error.
    pub(super) fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }
}

/// The definitions of a file, checked as machines of this type; warnings with the codes of `allow` are left out.
pub(super) fn read(path: &Path, kind: Kind, allow: &[String]) -> Vec<Checked> {
    let file = path.display().to_string();
    match open::definition(path) {
        Ok(definition) => vec![checked(file, definition, kind, allow)],
        Err(error) => vec![unreadable(file, &error)],
    }
}

fn checked(file: String, definition: Definition, kind: Kind, allow: &[String]) -> Checked {
    let mut diagnostics = service::diagnostics(&definition, kind == Kind::Express);
    lint::complete(&definition, allow, &mut diagnostics);
    Checked { file, logical_id: String::new(), definition, diagnostics, is_unreadable: false }
}

fn unreadable(file: String, error: &anyhow::Error) -> Checked {
    let fault = Diagnostic::error(UNREADABLE, format!("{error:#}"), Span::at(0));
    let definition = Definition::read(&file, "");
    Checked { file, logical_id: String::new(), definition, diagnostics: vec![fault], is_unreadable: true }
}
