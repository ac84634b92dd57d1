//! The rooms know each other only in the direction that `docs/architecture.md` gives, and the inner ones know nothing of
//! the world: neither clock nor files nor threads.
//!
//! Reads the table of that document and the paths in the sources. Code under `#[cfg(test)]` may look anywhere.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What neither the engine nor anything before it may use.
const WORLD: [&str; 10] = [
    "std::fs",
    "std::env",
    "std::thread",
    "std::net",
    "std::process",
    "std::io",
    "tokio",
    "ratatui",
    "crossterm",
    "notify",
];
/// The clocks, by whatever path they are reached.
const CLOCKS: [&str; 2] = ["SystemTime", "Instant"];

#[test]
fn rooms_know_only_those_before_them() {
    let rooms = Rooms::read(&std::fs::read_to_string(root().join("docs/architecture.md")).expect("the document"));
    let sources = sources(&root().join("src"));
    let folders: BTreeSet<&str> = sources.iter().filter_map(|source| source.room()).collect();
    let rows: BTreeSet<&str> = rooms.knows.keys().map(String::as_str).collect();
    assert_eq!(folders, rows, "the table of docs/architecture.md has one row a folder of src");
    let broken: Vec<String> = sources.iter().flat_map(|source| rooms.broken(source)).collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn the_check_fails_where_it_should() {
    let rooms = Rooms::read(
        "| room | what | knows |\n| --- | --- | --- |\n| `text` | a | – |\n| `value` | b | text |\n| `engine` | c | value |
        | `tui` | d | engine and all before |\n| `cli` | e | everything |\n",
    );
    let broken = |file: &str, text: &str| rooms.broken(&Source::new(file, text)).len();
    for (file, text, faults) in [
        ("text/a.rs", "use crate::value::Value;", 1),
        ("text/a.rs", "use crate::{span::Span, text::{value, Node}, engine::{Log, Machine}};", 2),
        ("text/a.rs", "fn f() { let x = crate::engine::run(crate::text::Span::at(0)); }", 1),
        ("text/a.rs", "use super::super::value::Value;", 1),
        ("text/mod.rs", "use super::value;", 1),
        ("text/deep/a.rs", "use super::super::value;", 0),
        (
            "text/a.rs",
            "// use crate::value;\n/* crate::value */ const A: &str = \"crate::value\\\"\"; const B: char = '\"';",
            0,
        ),
        ("text/a.rs", "const A: &str = r#\"\"crate::value\"#; fn f<'a>(x: &'a str) { crate::value::x(x) }", 1),
        ("text/a.rs", "#[cfg(test)]\nmod tests {\n    use crate::value::{read};\n}\n", 0),
        ("text/a.rs", "#[cfg(test)]\nmod tests;\nuse crate::value::read;", 1),
        ("text/a.rs", "#[cfg(test)] use crate::value::read; use crate::value::write;", 1),
        ("text/tests.rs", "use crate::value::read;", 0),
        ("text/tests/deep.rs", "use crate::value::read;", 0),
        ("text/contests.rs", "use crate::value::read;", 1),
        ("value/a.rs", "use crate::text::Span; use crate::value::Value;", 0),
        ("engine/a.rs", "use crate::text::Span;", 0),
        ("engine/a.rs", "use std::time::{Duration, Instant};", 1),
        ("engine/a.rs", "use std::{fs, sync::Arc, env::args};", 2),
        ("engine/a.rs", "fn f() { std::thread::sleep(x); tokio::spawn(y); }", 2),
        ("tui/a.rs", "use std::fs; use crate::text; use crate::engine;", 0),
        ("tui/a.rs", "use crate::cli;", 1),
        ("cli/a.rs", "use crate::tui; use crate::text;", 0),
        ("main.rs", "use crate::cli;", 0),
    ] {
        assert_eq!(broken(file, text), faults, "{file}: {text}");
    }
}

#[test]
fn use_trees_are_paths() {
    let found = |text: &str| paths(&stripped(text)).into_iter().map(|path| path.join("::")).collect::<Vec<_>>();
    assert_eq!(found("use a::{b, c::{d, self}, e};"), ["use", "a::b", "a::c::d", "a::c::self", "a::e"]);
    assert_eq!(found("x.y::<Z>(&mut q::r)"), ["x", "y", "Z", "mut", "q::r"]);
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The table of the document.
struct Rooms {
    knows: BTreeMap<String, BTreeSet<String>>,
}

impl Rooms {
    fn read(document: &str) -> Self {
        let mut knows: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for row in document.lines().filter_map(|line| line.trim().strip_prefix("| `")) {
            let cells: Vec<&str> = row.trim_end_matches('|').split('|').map(str::trim).collect();
            let [name, _, known] = cells[..] else { continue };
            let above: BTreeSet<String> = knows.keys().cloned().collect();
            let mut all = BTreeSet::new();
            for known in known.replace(" and ", ", ").split(", ") {
                if known.starts_with("all before") || known == "everything" {
                    all.extend(above.clone());
                } else if let Some(theirs) = knows.get(known) {
                    // Who knows a room knows what that room speaks of.
                    all.extend(theirs.clone());
                    all.insert(known.to_owned());
                }
            }
            knows.insert(name.trim_end_matches('`').to_owned(), all);
        }
        Self { knows }
    }

    /// The paths in `source` that lead where they should not, as messages.
    fn broken(&self, source: &Source) -> Vec<String> {
        let Some((room, known)) = source.room().and_then(|room| self.knows.get_key_value(room)) else {
            return Vec::new();
        };
        let is_pure = self.knows.get("engine").is_some_and(|inner| room == "engine" || inner.contains(room));
        let is_wrong = |path: &Vec<String>| {
            let other = source.target(path).filter(|other| self.knows.contains_key(*other) && *other != room);
            other.is_some_and(|other| !known.contains(other)) || is_pure && is_world(path)
        };
        let wrong = source.paths.iter().filter(|path| is_wrong(path));
        wrong.map(|path| format!("{}: {} is nothing for room {room}", source.file.display(), path.join("::"))).collect()
    }
}

fn is_world(path: &[String]) -> bool {
    let text = path.join("::");
    let is_below = |world: &str| text.strip_prefix(world).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'));
    WORLD.into_iter().any(is_below) || path.iter().any(|part| CLOCKS.contains(&part.as_str()))
}

/// A source file, below `src`.
struct Source {
    file: PathBuf,
    paths: Vec<Vec<String>>,
}

impl Source {
    fn new(file: impl Into<PathBuf>, text: &str) -> Self {
        let file = file.into();
        // Tests in a file or a folder of their own.
        let is_test = file.with_extension("").components().any(|part| part.as_os_str() == "tests");
        let paths = if is_test { Vec::new() } else { paths(&stripped(text)) };
        Self { file, paths }
    }

    /// The folder below `src`; none for the files beside the rooms.
    fn room(&self) -> Option<&str> {
        let mut parts = self.file.components();
        let first = parts.next()?.as_os_str().to_str()?;
        parts.next().map(|_| first)
    }

    /// What follows the crate's root in `path`.
    fn target<'p>(&self, path: &'p [String]) -> Option<&'p str> {
        let supers = path.iter().take_while(|part| *part == "super").count();
        let own_depth = self.file.components().count() - usize::from(self.file.ends_with("mod.rs"));
        let at = match path.first()?.as_str() {
            "crate" | "asldb" => 1,
            "super" if supers >= own_depth => supers,
            _ => return None,
        };
        path.get(at).map(String::as_str)
    }
}

fn sources(folder: &Path) -> Vec<Source> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&entry).expect("a source file");
                found.push(Source::new(entry.strip_prefix(folder).expect("below it"), &text));
            }
        }
    }
    found
}

/// The words and signs of Rust source, without comments, literals and what is under `#[cfg(test)]`.
fn stripped(text: &str) -> Vec<String> {
    let words = words(text);
    let mut kept = Vec::new();
    let mut at = 0;
    while let Some(word) = words.get(at) {
        if words[at..].iter().take(7).map(String::as_str).eq(["#", "[", "cfg", "(", "test", ")", "]"]) {
            at = end_of_item(&words, at + 7);
            continue;
        }
        kept.push(word.clone());
        at += 1;
    }
    kept
}

/// Behind the item that begins at `at`: its `;`, or the brace that closes its body.
fn end_of_item(words: &[String], mut at: usize) -> usize {
    let mut depth = 0;
    while let Some(word) = words.get(at) {
        at += 1;
        match word.as_str() {
            "{" => depth += 1,
            "}" if depth == 1 => return at,
            "}" => depth -= 1,
            ";" if depth == 0 => return at,
            _ => {}
        }
    }
    at
}

/// Words, `::`, and single signs.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let taken = match literal_or_comment(rest) {
            0 if first.is_alphanumeric() || first == '_' => {
                let len = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
                words.push(rest[..len].to_owned());
                len
            }
            0 => {
                let len = if rest.starts_with("::") { 2 } else { first.len_utf8() };
                words.extend((!first.is_whitespace()).then(|| rest[..len].to_owned()));
                len
            }
            skipped => skipped,
        };
        rest = &rest[taken..];
    }
    words
}

/// The length of the comment or literal at the start of `text`; 0 if there is none.
fn literal_or_comment(text: &str) -> usize {
    let until = |from: usize, end: &str| text[from..].find(end).map_or(text.len(), |at| from + at + end.len());
    if text.starts_with("//") {
        return until(2, "\n");
    }
    if text.starts_with("/*") {
        return until(2, "*/");
    }
    let hashes = text.strip_prefix('r').map_or(0, |rest| rest.len() - rest.trim_start_matches('#').len());
    if text.starts_with('r') && text[1 + hashes..].starts_with('"') {
        return until(2 + hashes, &format!("\"{}", "#".repeat(hashes)));
    }
    match text.as_bytes() {
        [b'"', ..] => quoted(text, '"'),
        // A lifetime has no second quote where a character has one.
        [b'\'', b'\\', ..] => quoted(text, '\''),
        [b'\'', ..] => text.chars().nth(2).filter(|c| *c == '\'').map_or(0, |_| quoted(text, '\'')),
        _ => 0,
    }
}

fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        if c == quote && !escaped {
            return at + 1;
        }
        escaped = c == '\\' && !escaped;
    }
    text.len()
}

/// All paths, those of use trees written out: `use a::{b, c::d}` holds `a::b` and `a::c::d`.
fn paths(words: &[String]) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    // What stands before each open brace, if that is the brace of a use tree.
    let mut prefixes: Vec<Vec<String>> = Vec::new();
    let mut path: Vec<String> = Vec::new();
    let mut goes_on = false;
    for word in words {
        match word.as_str() {
            "::" => goes_on = !path.is_empty(),
            "{" => {
                prefixes.push(if goes_on { std::mem::take(&mut path) } else { Vec::new() });
                goes_on = false;
            }
            _ => {
                let is_name = word.starts_with(|c: char| c.is_alphanumeric() || c == '_');
                if !(path.is_empty() || is_name && goes_on) {
                    found.push(std::mem::take(&mut path));
                }
                if is_name {
                    if path.is_empty() {
                        path.extend(prefixes.last().into_iter().flatten().cloned());
                    }
                    path.push(word.clone());
                } else if word == "}" {
                    prefixes.pop();
                }
                goes_on = false;
            }
        }
    }
    found.extend((!path.is_empty()).then_some(path));
    found
}
