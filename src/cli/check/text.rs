//! For people: each finding with its line, the place underlined, where AWS would say it is, and what to do.

use std::io::IsTerminal;

use unicode_width::UnicodeWidthStr;

use super::source::Checked;
use super::summary::summary;
use crate::text::{Diagnostic, Excerpt};
use crate::tui::style::Depth;

/// The columns where there is no terminal to ask.
const WIDTH: usize = 80;
/// Wider lines are hard to read.
const WIDEST: usize = 120;
/// Narrower terminals break the lines themselves.
const NARROWEST: usize = 40;

/// What is written on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Paper {
    /// Columns for lines of source; messages are broken at them where `wraps`.
    pub(super) width: usize,
    /// Whether messages are broken into lines. For editors and `grep` each is one line.
    pub(super) wraps: bool,
    /// Whether colours are shown.
    pub(super) colour: bool,
}

impl Paper {
    /// Standard output: a terminal has its width and colours, unless `NO_COLOR` or `TERM` forbids these.
    pub(super) fn of_stdout() -> Self {
        if !std::io::stdout().is_terminal() {
            return Self { width: WIDTH, wraps: false, colour: false };
        }
        let columns = ratatui::crossterm::terminal::size().map_or(WIDTH, |(columns, _)| usize::from(columns));
        let width = if columns == 0 { WIDTH } else { columns.clamp(NARROWEST, WIDEST) };
        let depth = Depth::from_environment(|name| std::env::var(name).ok());
        Self { width, wraps: true, colour: depth != Depth::None }
    }

    fn paint(self, code: &str, text: &str) -> String {
        if self.colour && !text.is_empty() { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

const BOLD: &str = "1";
const RED: &str = "1;31";
const YELLOW: &str = "1;33";
const BLUE: &str = "34";
const CYAN: &str = "36";

/// All findings and their number.
pub(super) fn render(checked: &[Checked], paper: Paper) -> String {
    let mut out = String::new();
    for checked in checked {
        for diagnostic in &checked.diagnostics {
            out.push_str(&finding(checked, diagnostic, paper));
            out.push('\n');
        }
    }
    let summary = summary(checked);
    out + &paper.paint(BOLD, &summary) + "\n"
}

fn finding(checked: &Checked, diagnostic: &Diagnostic, paper: Paper) -> String {
    let severity = diagnostic.severity.name();
    let colour = if diagnostic.is_error() { RED } else { YELLOW };
    let place = place(checked, diagnostic);
    let mut out = String::new();
    let mut first = true;
    let code = if checked.is_unreadable { String::new() } else { format!(" {}", diagnostic.code) };
    let head = format!("{place}: {severity}{code}: {}", plain(&diagnostic.message));
    for line in wrapped(&head, paper, paper.width, "  ") {
        // The colours come after the lines were broken: the place and the severity are on the first one, if it has room.
        let coloured = line.strip_prefix(&format!("{place}: {severity}{code}:")).filter(|_| first);
        match coloured {
            Some(rest) => {
                let severity = paper.paint(colour, &format!("{severity}{code}"));
                out.push_str(&format!("{}: {severity}:{}\n", paper.paint(BOLD, &place), paper.paint(BOLD, rest)));
            }
            None => out.push_str(&format!("{}\n", paper.paint(BOLD, &line))),
        }
        first = false;
    }
    let gutter = excerpt(checked, diagnostic, colour, paper, &mut out);
    for (what, text) in notes(checked, diagnostic) {
        let lead = format!("{}{} ", " ".repeat(gutter), paper.paint(BLUE, "="));
        let indent = " ".repeat(what.len());
        let lines = wrapped(&format!("{what}{text}"), paper, paper.width.saturating_sub(gutter + 2), &indent);
        for (at, line) in lines.iter().enumerate() {
            let lead = if at == 0 { lead.clone() } else { " ".repeat(gutter + 2) };
            let text = line.strip_prefix(what).filter(|_| at == 0);
            let shown = text.map_or_else(|| line.clone(), |text| format!("{}{text}", paper.paint(CYAN, what)));
            out.push_str(&format!("{lead}{shown}\n"));
        }
    }
    out
}

/// `file:line:column`; a file that cannot be read has no lines.
fn place(checked: &Checked, diagnostic: &Diagnostic) -> String {
    let file = plain(&checked.definition.name);
    if checked.is_unreadable {
        return file;
    }
    format!("{file}:{}", checked.definition.position(diagnostic.span.start as usize))
}

/// Adds the line with the place underlined; the columns before the rule at its left.
fn excerpt(checked: &Checked, diagnostic: &Diagnostic, colour: &str, paper: Paper, out: &mut String) -> usize {
    let definition = &checked.definition;
    let line = definition.lines.line(diagnostic.span.start as usize);
    let gutter = line.to_string().len() + 3;
    let room = paper.width.saturating_sub(gutter + 2);
    let Some(excerpt) = Excerpt::new(diagnostic.span, &definition.text, &definition.lines, room) else {
        return if checked.is_unreadable { 2 } else { gutter };
    };
    let rule = paper.paint(BLUE, "|");
    let number = paper.paint(BLUE, &excerpt.line.to_string());
    let marker = paper.paint(colour, &"^".repeat(excerpt.marked));
    out.push_str(&format!("  {number} {rule} {}\n", excerpt.text));
    out.push_str(&format!("{}{rule} {}{marker}\n", " ".repeat(gutter), " ".repeat(excerpt.indent)));
    gutter
}

/// Where it is and what to do, each with what stands before it.
fn notes<'c>(checked: &'c Checked, diagnostic: &'c Diagnostic) -> Vec<(&'static str, String)> {
    let mut notes = Vec::new();
    let machine = (!checked.logical_id.is_empty()).then(|| format!("in {}", checked.logical_id));
    let location = diagnostic.location.as_ref().map(|location| format!("at {location}"));
    let place: Vec<String> = machine.into_iter().chain(location).collect();
    notes.extend((!place.is_empty()).then(|| ("", plain(&place.join(", ")))));
    notes.extend(diagnostic.help.as_ref().map(|help| ("help: ", plain(help))));
    notes
}

/// `text` without what would move the cursor or break the line: names and messages hold what people wrote.
fn plain(text: &str) -> String {
    text.chars().map(|sign| if sign.is_control() { '\u{fffd}' } else { sign }).collect()
}

/// `text` in lines of `width` columns, all but the first behind `indent`.
fn wrapped(text: &str, paper: Paper, width: usize, indent: &str) -> Vec<String> {
    if !paper.wraps {
        return vec![text.to_owned()];
    }
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let Some(line) = lines.last_mut() else { continue };
        if line.is_empty() {
            line.push_str(word);
        } else if line.width() + 1 + word.width() <= width {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(format!("{indent}{word}"));
        }
    }
    lines
}

#[cfg(test)]
mod tests;
