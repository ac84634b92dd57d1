//! The user's editor, opened at a place.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

/// An editor and the arguments it was configured with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Editor {
    program: String,
    arguments: Vec<String>,
}

/// How an editor is told where to put the cursor.
enum Place {
    /// `+12 file`
    Plus,
    /// `+12:5 file`
    PlusColumn,
    /// `+12,5 file`
    PlusComma,
    /// `file:12:5`
    Colon,
    /// `--goto file:12:5 --wait`
    Goto,
    /// `file:12:5 --wait`
    ColonWait,
    /// `--line 12 --column 5 file`
    Options,
}

const KNOWN: [(&[&str], Place); 7] = [
    (&["vi", "vim", "nvim", "view", "ex", "elvis", "nvi", "vis", "joe", "mg", "ne", "jed"], Place::Plus),
    (&["emacs", "emacsclient", "kak"], Place::PlusColumn),
    (&["nano", "pico"], Place::PlusComma),
    (&["hx", "helix"], Place::Colon),
    (&["code", "code-insiders", "codium", "cursor"], Place::Goto),
    (&["subl", "zed"], Place::ColonWait),
    (&["kate"], Place::Options),
];

impl Editor {
    /// `VISUAL`, else `EDITOR`, else `vi`.
    #[must_use]
    pub fn from_environment(variable: impl Fn(&str) -> Option<String>) -> Self {
        let fallback = if cfg!(windows) { "notepad" } else { "vi" };
        let named = ["VISUAL", "EDITOR"].into_iter().filter_map(variable).find(|value| !value.trim().is_empty());
        let mut words = words(named.as_deref().unwrap_or(fallback)).into_iter();
        Self { program: words.next().unwrap_or_else(|| fallback.to_owned()), arguments: words.collect() }
    }

    /// The name of the program, for messages.
    #[must_use]
    pub fn program(&self) -> &str {
        &self.program
    }

    /// The command that opens `path` at `line` and `column` (both from 1); an editor that is not known gets the file
    /// only, as it might take anything else for another file.
    #[must_use]
    pub fn command(&self, path: &Path, line: usize, column: usize) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).args(self.place(path, line, column));
        command
    }

    fn place(&self, path: &Path, line: usize, column: usize) -> Vec<OsString> {
        let name = Path::new(&self.program).file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let known = KNOWN.iter().find(|(names, _)| names.contains(&name.as_str())).map(|(_, place)| place);
        let file = path.as_os_str().to_owned();
        let mut at = file.clone();
        at.push(format!(":{line}:{column}"));
        match known {
            Some(Place::Plus) => vec![format!("+{line}").into(), file],
            Some(Place::PlusColumn) => vec![format!("+{line}:{column}").into(), file],
            Some(Place::PlusComma) => vec![format!("+{line},{column}").into(), file],
            Some(Place::Colon) => vec![at],
            Some(Place::Goto) => vec!["--goto".into(), at, "--wait".into()],
            Some(Place::ColonWait) => vec![at, "--wait".into()],
            Some(Place::Options) => {
                vec!["--line".into(), line.to_string().into(), "--column".into(), column.to_string().into(), file]
            }
            None => vec![file],
        }
    }
}

/// The words of a command line, with quotes and backslashes as a shell reads them.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, quote) {
            ('\\', None | Some('"')) if !cfg!(windows) => {
                word.get_or_insert_default().extend(chars.next());
            }
            ('"' | '\'', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (c, Some(open)) if c == open => quote = None,
            (c, None) if c.is_whitespace() => words.extend(word.take()),
            (c, _) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(editor: &str) -> String {
        let editor = Editor::from_environment(|name| (name == "EDITOR").then(|| editor.to_owned()));
        let command = editor.command(Path::new("a b.json"), 12, 5);
        let words = std::iter::once(command.get_program()).chain(command.get_args());
        words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn known_editors_open_at_the_place() {
        let cases = [
            ("vim", "vim|+12|a b.json"),
            ("/usr/bin/nvim -p", "/usr/bin/nvim|-p|+12|a b.json"),
            ("nano", "nano|+12,5|a b.json"),
            ("emacsclient -t", "emacsclient|-t|+12:5|a b.json"),
            ("hx", "hx|a b.json:12:5"),
            ("code", "code|--goto|a b.json:12:5|--wait"),
            ("kate", "kate|--line|12|--column|5|a b.json"),
            ("my-editor", "my-editor|a b.json"),
        ];
        for (editor, expected) in cases {
            assert_eq!(command(editor), expected);
        }
    }

    #[test]
    fn visual_wins_and_blank_is_not_set() {
        let both = |name: &str| Some(if name == "VISUAL" { "code" } else { "vi" }.to_owned());
        assert_eq!(Editor::from_environment(both).program(), "code");
        let blank = |name: &str| Some(if name == "VISUAL" { " " } else { "nano" }.to_owned());
        assert_eq!(Editor::from_environment(blank).program(), "nano");
        assert_eq!(Editor::from_environment(|_| None).program(), if cfg!(windows) { "notepad" } else { "vi" });
    }

    #[cfg(unix)]
    #[test]
    fn quotes_keep_words_together() {
        assert_eq!(words(r#"'my editor' --a "b \" c" d\ e ''"#), ["my editor", "--a", "b \" c", "d e", ""]);
        assert_eq!(words("  "), Vec::<String>::new());
        assert_eq!(words("\"open"), ["open"]);
    }
}
