//! The problems as lines: one each, and the whole of the selected one.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::asl::Definition;
use crate::config::Role;
use crate::text::{Diagnostic, Severity};
use crate::tui::look::Look;
use crate::tui::panes::parts::wrap;
use crate::tui::widgets::rows::Rows;
use crate::tui::widgets::text::clip_spans;

/// Columns before the message: the sign, the place, the severity.
const PREFIX: usize = 19;
/// Lines of a message or a hint that are shown.
const MOST: usize = 20;

/// Problems, made ready to be drawn line by line.
pub(super) struct List<'a> {
    look: &'a Look<'a>,
    definition: &'a Definition,
    /// The problem that is shown in full, and its lines without what stands before them.
    open: Option<(usize, Vec<String>)>,
    skip: usize,
    width: usize,
}

impl<'a> List<'a> {
    pub(super) fn new(
        look: &'a Look<'a>,
        definition: &'a Definition,
        open: Option<usize>,
        skip: usize,
        width: usize,
    ) -> Self {
        let mut list = Self { look, definition, open: None, skip, width };
        list.open = open.and_then(|at| Some((at, list.in_full(definition.diagnostics.get(at)?))));
        list
    }

    /// The message, its code and place, and what to do, in lines that fit.
    fn in_full(&self, problem: &Diagnostic) -> Vec<String> {
        let room = self.width.saturating_sub(PREFIX).max(10);
        let code = match &problem.location {
            Some(location) => format!("{} at {location}", problem.code),
            None => problem.code.to_owned(),
        };
        let help = problem.help.as_ref().map(|help| format!("help: {help}"));
        let parts = [Some(problem.message.clone()), Some(code), help];
        parts.iter().flatten().flat_map(|part| wrap(part, room, MOST, self.look.glyphs)).collect()
    }

    /// The lines that the open problem takes beside its first.
    fn extra(&self) -> usize {
        self.open.as_ref().map_or(0, |(_, lines)| lines.len().saturating_sub(1))
    }

    pub(super) fn len(&self) -> usize {
        self.definition.diagnostics.len() + self.extra()
    }

    /// The problem that line `at` belongs to.
    pub(super) fn problem_at(&self, at: usize) -> usize {
        match &self.open {
            Some((open, _)) if at > *open => at.saturating_sub(self.extra()).max(*open),
            _ => at,
        }
    }

    /// `rows` scrolled so that problem `selected` is visible in `height` lines, all of it if it fits.
    pub(super) fn reveal(&self, rows: Rows, selected: Option<usize>, height: usize) -> Rows {
        let mut rows = Rows { cursor: selected.unwrap_or(rows.top), ..rows };
        rows.reveal(self.len(), height);
        if selected.is_some() && height > 0 {
            rows.top = rows.top.max((rows.cursor + self.extra() + 1).saturating_sub(height)).min(rows.cursor);
        }
        rows
    }

    /// Line `at`, ready to be drawn.
    pub(super) fn line(&self, at: usize) -> Line<'static> {
        let number = self.problem_at(at);
        let Some(problem) = self.definition.diagnostics.get(number) else { return Line::default() };
        let in_full = self.open.as_ref().filter(|(open, _)| *open == number);
        let spans = match in_full.and_then(|(open, lines)| Some((at - open, lines.get(at - open)?))) {
            Some((0, text)) => self.first(problem, text.clone(), String::new()),
            Some((_, text)) => vec![Span::raw(format!("{}{text}", " ".repeat(PREFIX)))],
            None => self.first(problem, problem.message.clone(), format!("  {}", problem.code)),
        };
        clip_spans(spans, self.skip, self.width, self.look.glyphs)
    }

    fn first(&self, problem: &Diagnostic, message: String, code: String) -> Vec<Span<'static>> {
        let (styles, glyphs) = (self.look.styles, self.look.glyphs);
        let (sign, role) = match problem.severity {
            Severity::Error => (glyphs.error, Role::Failed),
            Severity::Warning => (glyphs.warning, Role::Warning),
        };
        let place = self.definition.position(problem.span.start as usize).to_string();
        let style: Style = styles.role(role);
        vec![
            Span::styled(sign, style),
            Span::styled(format!(" {place:<8}"), styles.role(Role::Gutter)),
            Span::styled(problem.severity.name(), style),
            Span::raw(" ".repeat((PREFIX - 10).saturating_sub(problem.severity.name().len()))),
            Span::raw(message),
            Span::styled(code, styles.role(Role::Muted)),
        ]
    }
}

/// A problem on one line, without its place.
pub(super) fn one_line(problem: &Diagnostic) -> String {
    let help = problem.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
    format!("{} {}: {}{help}", problem.severity.name(), problem.code, problem.message)
}
