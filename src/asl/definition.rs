//! A definition as it is given, a text in JSON or YAML, and what it was read as.

use std::sync::Arc;

use super::model::StateMachine;
use super::places;
use super::read::{self, Reading};
use crate::text::encoding::{self, BYTE_ORDER_MARK as BOM, NotUtf8};
use crate::text::json::{self, JsonError, JsonErrorKind};
use crate::text::{Diagnostic, LineIndex, Node, Position, Span, Tracked, diagnostic, yaml};

/// A definition: its text, the machine it describes, and what is wrong with it.
#[derive(Debug, Clone)]
pub struct Definition {
    /// The name of its file, or `definition`.
    pub name: String,
    /// The text of the file, without a byte order mark; empty when it could not be taken as text.
    pub text: Arc<str>,
    /// The definition as JSON, where that is not the text: made of parts of it, each with its place in the text.
    pub origin: Option<Arc<Tracked>>,
    /// The lines of the text.
    pub lines: LineIndex,
    /// The text as a tree with places; none when it cannot be read as one.
    pub root: Option<Arc<Node>>,
    /// The machine; none when there are errors.
    pub machine: Option<Arc<StateMachine>>,
    /// All faults, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// What is wrong in addition when the machine is an Express one (see [`super::for_type`]).
    pub express: Vec<Diagnostic>,
}

/// The longest definition in characters (AWS API, CreateStateMachine).
pub const MAX_CHARACTERS: usize = 1_048_576;

/// How many diagnostics are rendered: more are never read, and a text of one line takes its time for each.
const MAX_RENDERED: usize = 100;

/// The code of texts that no reader gets to see.
const UNREADABLE: &str = "UNREADABLE_TEXT";

impl Definition {
    /// Reads `text`; a `name` that ends in `.yaml` or `.yml` makes it YAML, any other JSON.
    #[must_use]
    pub fn read(name: &str, text: &str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if let Some(fault) = too_long(text) {
            return Self::faulty(name, "", fault);
        }
        match parse(name, text) {
            Ok(root) => {
                let Reading { machine, diagnostics, express } = read::read(&root, text);
                let root = Some(Arc::new(root));
                Self { root, machine: machine.map(Arc::new), diagnostics, express, ..Self::empty(name, text) }
            }
            Err(fault) => Self::faulty(name, text, fault),
        }
    }

    /// Reads the JSON text `origin`, which is made of parts of the file `name` with the content `text`. All places of the
    /// definition are places in that file. `remarks` is what is known to be wrong with it already.
    #[must_use]
    pub fn read_parts(name: &str, text: &str, origin: Tracked, remarks: Vec<Diagnostic>) -> Self {
        let lines = LineIndex::new(text);
        let position = |at: usize| lines.position(origin.place_at(at), text);
        let fault = match origin.is_cut() {
            true => Some(length_fault(origin.text().len())),
            false => too_long(origin.text()),
        };
        let read_json = || parse_json(origin.text(), &position);
        let Reading { machine, mut diagnostics, mut express } = match fault.map_or_else(read_json, Err) {
            Ok(root) => read::read(&root, origin.text()),
            Err(fault) => Reading { machine: None, diagnostics: vec![fault], express: Vec::new() },
        };
        for diagnostic in diagnostics.iter_mut().chain(&mut express) {
            diagnostic.span = origin.place(diagnostic.span);
        }
        diagnostics.extend(remarks);
        diagnostic::sort(&mut diagnostics);
        let machine = machine.filter(|_| !diagnostics.iter().any(Diagnostic::is_error)).map(|mut machine| {
            places::replace(&mut machine, &|span| origin.place(span));
            Arc::new(machine)
        });
        Self { machine, diagnostics, express, origin: Some(Arc::new(origin)), ..Self::empty(name, text) }
    }

    /// A definition that cannot be read: its file and why.
    #[must_use]
    pub fn unreadable(name: &str, text: &str, diagnostics: Vec<Diagnostic>) -> Self {
        Self { diagnostics, ..Self::empty(name, text) }
    }

    /// Reads the bytes of a file.
    #[must_use]
    pub fn read_bytes(name: &str, bytes: &[u8]) -> Self {
        if bytes.len() > 4 * MAX_CHARACTERS + BOM.len() {
            return Self::faulty(name, "", length_fault(bytes.len() / 4));
        }
        let not_utf8 = match encoding::decode(bytes) {
            Ok(text) => return Self::read(name, text),
            Err(not_utf8) => not_utf8,
        };
        let fault =
            |span| Diagnostic::error(UNREADABLE, not_utf8.to_string(), span).with_help("save the file as UTF-8");
        match not_utf8 {
            NotUtf8::Utf16 => Self::faulty(name, "", fault(Span::at(0))),
            NotUtf8::Byte { at, .. } => {
                let content = bytes.strip_prefix(BOM).unwrap_or(bytes);
                let at = at - (bytes.len() - content.len());
                let span = Span::new(at, at + '\u{fffd}'.len_utf8());
                Self::faulty(name, &String::from_utf8_lossy(content), fault(span))
            }
        }
    }

    /// Line and column of byte `offset`.
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        self.lines.position(offset, &self.text)
    }

    /// All diagnostics as plain text, each with its source line; of very many the first ones and the number of the rest.
    #[must_use]
    pub fn render_diagnostics(&self) -> String {
        let render = |diagnostic: &Diagnostic| diagnostic.render(&self.name, &self.text, &self.lines);
        let mut shown: Vec<String> = self.diagnostics.iter().take(MAX_RENDERED).map(render).collect();
        let rest = self.diagnostics.len().saturating_sub(MAX_RENDERED);
        if rest > 0 {
            shown.push(format!("{}: {rest} more errors and warnings", self.name));
        }
        shown.join("\n")
    }

    /// Whether a diagnostic is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }

    fn empty(name: &str, text: &str) -> Self {
        let name = if name.is_empty() { "definition" } else { name };
        Self {
            name: name.to_owned(),
            text: text.into(),
            lines: LineIndex::new(text),
            origin: None,
            root: None,
            machine: None,
            diagnostics: Vec::new(),
            express: Vec::new(),
        }
    }

    fn faulty(name: &str, text: &str, fault: Diagnostic) -> Self {
        Self { diagnostics: vec![fault], ..Self::empty(name, text) }
    }
}

/// Whether a file of this name is YAML.
#[must_use]
pub fn is_yaml(name: &str) -> bool {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    extension.is_some_and(|e| e.eq_ignore_ascii_case("yaml") || e.eq_ignore_ascii_case("yml"))
}

fn parse(name: &str, text: &str) -> Result<Node, Diagnostic> {
    if text.trim().is_empty() {
        return Err(read::not_an_object(Span::at(0)));
    }
    if is_yaml(name) {
        return yaml::parse(text);
    }
    parse_json(text, &|at| LineIndex::new(text).position(at, text))
}

/// `position` tells people where byte `at` is.
fn parse_json(text: &str, position: &dyn Fn(usize) -> Position) -> Result<Node, Diagnostic> {
    json::parse(text).map_err(|error| not_json_at(&error, position))
}

/// Why `text` is no JSON, with its place.
#[must_use]
pub fn not_json(error: &JsonError, text: &str) -> Diagnostic {
    not_json_at(error, &|at| LineIndex::new(text).position(at, text))
}

fn not_json_at(error: &JsonError, position: &dyn Fn(usize) -> Position) -> Diagnostic {
    let message = match &error.kind {
        // The reader gives an offset; people look for lines.
        JsonErrorKind::CutOff { inside, opened } => {
            let opened = position(*opened as usize);
            format!("the text ends inside {inside}, which starts at {opened}; it seems to be cut off")
        }
        kind => kind.to_string(),
    };
    let help = match &error.kind {
        JsonErrorKind::CutOff { .. } => "close what is open: each `{`, `[` and `\"` has its counterpart",
        JsonErrorKind::TrailingComma => "remove the comma, or write what should follow it",
        JsonErrorKind::UnknownWord(_) => "put a text into double quotes; true, false and null are the only bare words",
        JsonErrorKind::TrailingText(_) => "a definition is one JSON object; remove what follows it",
        JsonErrorKind::TooDeep => "move parts of it into state machines of their own",
        _ => "correct it here; a definition is JSON, or YAML in a file that ends in .yaml or .yml",
    };
    Diagnostic::error("INVALID_JSON_DESCRIPTION", message, error.span).with_help(help)
}

fn too_long(text: &str) -> Option<Diagnostic> {
    // Characters are counted only where the bytes leave it open.
    let sure = text.len() <= MAX_CHARACTERS;
    let count = if sure { 0 } else { text.chars().count() };
    (count > MAX_CHARACTERS).then(|| length_fault(count))
}

fn length_fault(at_least: usize) -> Diagnostic {
    let message = format!("The definition has {at_least} characters or more; AWS takes {MAX_CHARACTERS} at most");
    let fault = Diagnostic::error(UNREADABLE, message, Span::at(0));
    fault.with_help("move parts of it into state machines of their own, or large data into the input")
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALID: &str = r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}"#;

    fn only_fault(definition: &Definition) -> (&str, &str) {
        assert!(definition.machine.is_none() && definition.diagnostics.len() == 1);
        (definition.diagnostics[0].code, &definition.diagnostics[0].message)
    }

    #[test]
    fn the_extension_decides_the_format() {
        let yaml = "StartAt: A\nStates: {A: {Type: Succeed}}";
        assert!(Definition::read("a.YAML", yaml).machine.is_some());
        assert!(Definition::read("a.yml", VALID).machine.is_some());
        assert!(Definition::read("a.asl.json", VALID).machine.is_some());
        assert_eq!(only_fault(&Definition::read("a.json", yaml)).0, "INVALID_JSON_DESCRIPTION");
        assert_eq!(only_fault(&Definition::read("a.yaml", "a: [")).0, "INVALID_YAML_DESCRIPTION");
        assert_eq!(Definition::read("", VALID).name, "definition");
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_text() {
        let bytes = [BOM, VALID.as_bytes()].concat();
        let definition = Definition::read_bytes("a.json", &bytes);
        assert_eq!((&*definition.text, definition.machine.is_some()), (VALID, true));
        assert!(Definition::read("a.json", &format!("\u{feff}{VALID}")).machine.is_some());
    }

    #[test]
    fn what_is_no_utf8_is_told_with_its_offset() {
        let mut bytes = [BOM, VALID.as_bytes()].concat();
        bytes[5] = 0xE4;
        let definition = Definition::read_bytes("a.json", &bytes);
        assert_eq!(only_fault(&definition), (UNREADABLE, "The byte 0xE4 at offset 5 is no UTF-8"));
        assert_eq!(definition.diagnostics[0].span.text(&definition.text), "\u{fffd}");
        let little: Vec<u8> = VALID.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let marked: Vec<u8> = [0xFE, 0xFF].into_iter().chain(VALID.encode_utf16().flat_map(u16::to_be_bytes)).collect();
        for utf16 in [little, marked] {
            assert!(only_fault(&Definition::read_bytes("a.json", &utf16)).1.contains("UTF-16"));
        }
    }

    #[test]
    fn longer_texts_than_aws_takes_are_not_read() {
        let text = |len: usize| format!("{VALID}{}", " ".repeat(len - VALID.len()));
        assert!(Definition::read("a.json", &text(MAX_CHARACTERS)).machine.is_some());
        let long = text(MAX_CHARACTERS + 1);
        assert_eq!(only_fault(&Definition::read("a.json", &long)).0, UNREADABLE);
        assert_eq!(only_fault(&Definition::read_bytes("a.json", &long.repeat(5).into_bytes())).0, UNREADABLE);
        // Characters count, not bytes.
        let wide = VALID.replace("\"A\"", "\"ä\"") + &" ".repeat(MAX_CHARACTERS - VALID.len());
        assert!(Definition::read("a.json", &wide).machine.is_some());
    }

    #[test]
    fn diagnostics_are_shown_with_their_lines() {
        let definition =
            Definition::read("a.json", "{\n  \"StartAt\": \"B\",\n  \"States\": {\"A\": {\"Type\": \"Succeed\"}}\n}");
        let shown = definition.render_diagnostics();
        assert!(
            shown.starts_with("a.json:2:14: error MISSING_TRANSITION_TARGET: Missing 'Next' target: B at /StartAt\n"),
            "{shown}"
        );
        assert!(shown.contains("\na.json:3:14: error MISSING_TRANSITION_TARGET: "), "{shown}");
        assert_eq!((definition.position(4).line, definition.has_errors()), (2, true));
    }
}
