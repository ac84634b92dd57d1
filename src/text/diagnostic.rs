//! What is wrong with a text, where, and what to do: one type, one plain-text rendering.

use super::excerpt::Excerpt;
use super::span::{LineIndex, Span};

/// How much a diagnostic matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// AWS would refuse the definition, or asldb cannot run it.
    Error,
    /// It runs, but probably not as meant.
    Warning,
}

impl Severity {
    /// `error` or `warning`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// One finding about a source text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Error or warning.
    pub severity: Severity,
    /// AWS's code where the service has one (`SCHEMA_VALIDATION_FAILED`, `MISSING_TRANSITION_TARGET` …), else our own.
    pub code: &'static str,
    /// What is wrong, in the words of the service where they are known.
    pub message: String,
    /// Where in the file.
    pub span: Span,
    /// AWS's location (`/States/X/Next`), if the service gives one.
    pub location: Option<String>,
    /// What to do about it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error at `span`.
    #[must_use]
    pub fn error(code: &'static str, message: impl Into<String>, span: Span) -> Self {
        Self { severity: Severity::Error, code, message: message.into(), span, location: None, help: None }
    }

    /// A warning at `span`.
    #[must_use]
    pub fn warning(code: &'static str, message: impl Into<String>, span: Span) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message, span) }
    }

    /// The same with AWS's location.
    #[must_use]
    pub fn located(mut self, location: impl Into<String>) -> Self {
        self.location = Some(location.into());
        self
    }

    /// The same with a hint.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Whether it is an error.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// `file:line:column: severity CODE message`, the source line with the span underlined, and the hint.
    #[must_use]
    pub fn render(&self, file: &str, text: &str, lines: &LineIndex) -> String {
        let start = lines.position(self.span.start as usize, text);
        let mut out = format!("{file}:{start}: {} {}: {}", self.severity.name(), self.code, self.message);
        if let Some(location) = &self.location {
            out.push_str(" at ");
            out.push_str(location);
        }
        out.push_str(&excerpt(self.span, text, lines));
        if let Some(help) = &self.help {
            out.push_str("\n  help: ");
            out.push_str(help);
        }
        out
    }
}

/// The widest source excerpt that is shown, in columns: with line numbers of four digits it fits into 80.
const EXCERPT_WIDTH: usize = 71;

/// The line of `span` with a marker under it, each on its own line behind a line number; empty for an empty line.
#[must_use]
pub fn excerpt(span: Span, text: &str, lines: &LineIndex) -> String {
    let Some(excerpt) = Excerpt::new(span, text, lines, EXCERPT_WIDTH) else { return String::new() };
    let number = excerpt.line.to_string();
    let (gutter, pad) = (" ".repeat(number.len()), " ".repeat(excerpt.indent));
    format!("\n  {number} | {}\n  {gutter} | {pad}{}", excerpt.text, "^".repeat(excerpt.marked))
}

/// Orders diagnostics by place, errors before warnings at the same place.
pub fn sort(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by_key(|diagnostic| (diagnostic.span, diagnostic.severity));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renders_place_excerpt_and_help() {
        let text = "{\n  \"Next\": \"Nowhere\"\n}";
        let at = text.find("\"Nowhere\"").expect("present");
        let diagnostic = Diagnostic::error("MISSING_TRANSITION_TARGET", "no such state", Span::new(at, at + 9))
            .located("/States/A/Next")
            .with_help("use one of: A, B");
        let shown = diagnostic.render("f.json", text, &LineIndex::new(text));
        assert_eq!(
            shown,
            "f.json:2:11: error MISSING_TRANSITION_TARGET: no such state at /States/A/Next\n  2 |   \"Next\": \"Nowhere\"\n    |           ^^^^^^^^^\n  help: use one of: A, B"
        );
    }

    #[test]
    fn a_very_long_line_is_cut_around_the_span() {
        let text = format!("{}X{}", "a".repeat(500), "b".repeat(500));
        let shown = excerpt(Span::new(500, 501), &text, &LineIndex::new(&text));
        let mut rows = shown.lines().skip(1);
        let (source, marker) = (rows.next().unwrap_or(""), rows.next().unwrap_or(""));
        assert_eq!(source.chars().position(|c| c == 'X'), marker.chars().position(|c| c == '^'));
        assert!(source.chars().count() < 90);
    }
}
