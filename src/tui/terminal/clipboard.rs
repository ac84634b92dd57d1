//! Copying text: through the terminal, which works over SSH too, and by a program of the desktop.

use std::fmt;
use std::io::{self, Write};
use std::process::{Command, Stdio};

use ratatui::crossterm::clipboard::CopyToClipboard;
use ratatui::crossterm::execute;

/// The longest text that is sent through the terminal: 100 000 bytes in base64 are what terminals accept.
const TERMINAL_LIMIT: usize = 74_000;

/// How a text was copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Sent to the terminal (OSC 52). Terminals do not say whether they took it.
    Terminal,
    /// By this program.
    Program(&'static str),
}

/// What was copied and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// The length of the text.
    pub bytes: usize,
    /// The ways, at least one.
    pub ways: Vec<Way>,
}

/// `212 bytes copied (terminal, wl-copy)`
impl fmt::Display for Copied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |way: &Way| match way {
            Way::Terminal => "terminal",
            Way::Program(name) => name,
        };
        let ways: Vec<_> = self.ways.iter().map(name).collect();
        write!(f, "{} bytes copied ({})", self.bytes, ways.join(", "))
    }
}

/// Why nothing was copied.
#[derive(Debug, thiserror::Error)]
pub enum ClipboardError {
    /// The text is too long for the terminal, and no program can do it.
    #[error(
        "{bytes} bytes are too many for the terminal's clipboard, and none of wl-copy, xclip, xsel, pbcopy is here"
    )]
    TooLong {
        /// The length of the text.
        bytes: usize,
    },
    /// The terminal is gone.
    #[error("the terminal cannot be written: {0}")]
    Terminal(#[from] io::Error),
}

/// A program that copies what it reads, and the variable without which it has nothing to copy to.
struct Program {
    name: &'static str,
    arguments: &'static [&'static str],
    needs: Option<&'static str>,
}

const PROGRAMS: [Program; 5] = [
    Program { name: "wl-copy", arguments: &[], needs: Some("WAYLAND_DISPLAY") },
    Program { name: "xclip", arguments: &["-selection", "clipboard"], needs: Some("DISPLAY") },
    Program { name: "xsel", arguments: &["--clipboard", "--input"], needs: Some("DISPLAY") },
    Program { name: "clip.exe", arguments: &[], needs: Some("WSL_DISTRO_NAME") },
    Program { name: DESKTOP, arguments: &[], needs: None },
];

/// The program that needs nothing, where there is one.
const DESKTOP: &str = if cfg!(target_os = "macos") {
    "pbcopy"
} else if cfg!(windows) {
    "clip.exe"
} else {
    ""
};

/// Copies `text`: by the terminal behind `out` when it is short enough. On the user's own machine also by a program,
/// as not every terminal obeys; over SSH that would fill the wrong clipboard, so only when there is no other way.
///
/// # Errors
/// When no way works.
pub fn copy(
    text: &str,
    out: &mut impl Write,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Copied, ClipboardError> {
    copy_with(text, out, variable, run)
}

fn copy_with(
    text: &str,
    out: &mut impl Write,
    variable: impl Fn(&str) -> Option<String>,
    run: impl Fn(&Program, &str) -> io::Result<()>,
) -> Result<Copied, ClipboardError> {
    let is_set = |name: &str| variable(name).is_some_and(|value| !value.is_empty());
    let mut ways = Vec::new();
    if text.len() <= TERMINAL_LIMIT {
        execute!(out, CopyToClipboard::to_clipboard_from(text))?;
        ways.push(Way::Terminal);
    }
    let remote = is_set("SSH_CONNECTION") || is_set("SSH_TTY");
    if ways.is_empty() || !remote {
        let usable = PROGRAMS.iter().filter(|program| !program.name.is_empty() && program.needs.is_none_or(is_set));
        ways.extend(
            usable.into_iter().find(|program| run(program, text).is_ok()).map(|program| Way::Program(program.name)),
        );
    }
    let bytes = text.len();
    if ways.is_empty() { Err(ClipboardError::TooLong { bytes }) } else { Ok(Copied { bytes, ways }) }
}

fn run(program: &Program, text: &str) -> io::Result<()> {
    let mut command = Command::new(program.name);
    // Its output would land on the screen; and xclip stays behind and would hold a pipe open for ever.
    let mut child =
        command.args(program.arguments).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let written = child.stdin.take().map_or(Ok(()), |mut input| input.write_all(text.as_bytes()));
    let status = child.wait()?;
    written?;
    if status.success() { Ok(()) } else { Err(io::Error::other(format!("{} failed", program.name))) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;

    /// Copies `length` letters with these variables set; the ways, the programs tried, the bytes the terminal got.
    fn copied(length: usize, set: &[&str], working: &[&str]) -> (Option<Vec<Way>>, Vec<&'static str>, usize) {
        let tried = RefCell::new(Vec::new());
        let mut out = Vec::new();
        let variable = |name: &str| set.contains(&name).then(|| "x".to_owned());
        let run = |program: &Program, _: &str| {
            tried.borrow_mut().push(program.name);
            if working.contains(&program.name) { Ok(()) } else { Err(io::Error::other("not here")) }
        };
        let result = copy_with(&"a".repeat(length), &mut out, variable, run);
        (result.ok().map(|copied| copied.ways), tried.into_inner(), out.len())
    }

    #[test]
    fn the_terminal_gets_the_text_encoded() {
        let mut out = Vec::new();
        let copied = copy_with("hello", &mut out, |_| None, |_, _| Err(io::Error::other("no"))).expect("copied");
        assert_eq!(out, b"\x1b]52;c;aGVsbG8=\x1b\\");
        assert_eq!(copied.to_string(), "5 bytes copied (terminal)");
    }

    #[cfg(all(unix, not(target_os = "macos")))]
    #[test]
    fn programs_help_where_the_terminal_may_not() {
        let terminal = Way::Terminal;
        let (ways, tried, _) = copied(10, &["DISPLAY"], &["xsel"]);
        assert_eq!((ways, tried), (Some(vec![terminal, Way::Program("xsel")]), vec!["xclip", "xsel"]));
        let (ways, tried, _) = copied(10, &["DISPLAY", "SSH_TTY"], &["xclip"]);
        assert_eq!((ways, tried), (Some(vec![terminal]), vec![]));
        let (ways, _, written) = copied(TERMINAL_LIMIT + 1, &["WAYLAND_DISPLAY", "SSH_TTY"], &["wl-copy"]);
        assert_eq!((ways, written), (Some(vec![Way::Program("wl-copy")]), 0));
        assert_eq!(copied(TERMINAL_LIMIT + 1, &[], &["xclip"]).0, None);
    }

    #[cfg(unix)]
    #[test]
    fn a_program_reads_the_text_and_its_failure_is_seen() {
        let works = Program { name: "sh", arguments: &["-c", "test \"$(cat)\" = text"], needs: None };
        assert!(run(&works, "text").is_ok());
        assert!(run(&works, "other").is_err());
        assert!(run(&Program { name: "no-such-program-here", arguments: &[], needs: None }, "x").is_err());
    }
}
