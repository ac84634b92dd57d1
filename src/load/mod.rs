//! The forms in which definitions are kept: files of their own in JSON or YAML, with placeholders, comments and
//! directives of template engines in them; templates of CloudFormation, SAM and the Serverless Framework.
//!
//! Knows no files: what stands beside a file comes through a closure. All places are places in the file that people
//! edit, through escapes, substitutions and strings in strings.

mod directive;
mod emit;
mod fill;
mod functions;
mod lenient;
mod plain;
mod settings;
mod source;
mod template;
mod yaml_repair;

use std::cell::RefCell;

use crate::asl::{Definition, MachineType};

pub use directive::CODE as TEMPLATE_TEXT;
pub use lenient::{COMMENT, TRAILING_COMMA};
pub use settings::Settings;
pub use template::{ELSEWHERE, NO_MACHINE, UNREADABLE_FILE};

/// What a file holds.
#[derive(Debug)]
pub struct Loaded {
    /// The state machines, in the order of the file; at least one, though it may be one that cannot be read.
    pub entries: Vec<Entry>,
    /// The files that were read beside it, or could not be: a change of one changes the entries.
    pub beside: Vec<String>,
    /// The names in the settings that no placeholder of the file has.
    pub unused: Vec<String>,
}

/// A state machine of a file.
#[derive(Debug)]
pub struct Entry {
    /// Its logical id in the template; none where the file is the definition.
    pub logical_id: Option<String>,
    /// The definition, faults included. Its name is that of the file that holds its text.
    pub definition: Definition,
    /// The type that the template gives.
    pub kind: Option<MachineType>,
}

/// The type that `text` names, in whatever case.
fn machine_type(text: &str) -> Option<MachineType> {
    match text {
        _ if text.eq_ignore_ascii_case("EXPRESS") => Some(MachineType::Express),
        _ if text.eq_ignore_ascii_case("STANDARD") => Some(MachineType::Standard),
        _ => None,
    }
}

/// Reads a file beside the one that is loaded, given its path as that of the loaded file is given; or why it cannot.
pub type ReadBeside<'r> = dyn Fn(&str) -> Result<Vec<u8>, String> + 'r;

/// Loads the file `name` with the content `bytes`; `read` reads what it refers to.
#[must_use]
pub fn file(name: &str, bytes: &[u8], settings: &Settings, read: &ReadBeside<'_>) -> Loaded {
    let given = settings::Given::new(settings);
    let beside = RefCell::default();
    let context = Context { name, given: &given, read, beside: &beside };
    let entries = source::entries(bytes, &context);
    let mut beside: Vec<String> = beside.into_inner();
    beside.sort();
    beside.dedup();
    Loaded { entries, beside, unused: given.unused() }
}

/// What is known while a file is loaded.
struct Context<'c> {
    name: &'c str,
    given: &'c settings::Given<'c>,
    read: &'c ReadBeside<'c>,
    beside: &'c RefCell<Vec<String>>,
}

impl Context<'_> {
    /// The name and the content of the file that the loaded one calls `path`.
    fn read_beside(&self, path: &str) -> (String, Result<Vec<u8>, String>) {
        let path = path.strip_prefix("./").unwrap_or(path);
        let name = match self.name.rfind(['/', '\\']) {
            Some(at) if !path.starts_with('/') => format!("{}{path}", &self.name[..=at]),
            _ => path.to_owned(),
        };
        self.beside.borrow_mut().push(name.clone());
        let bytes = (self.read)(&name);
        (name, bytes)
    }
}

#[cfg(test)]
mod tests;
