//! What the source pane keeps of a definition: colours and problems by line, and where the states are named.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use crate::asl::{Definition, StateId};
use crate::debug::StatePath;
use crate::text::{Diagnostic, Severity};
use crate::tui::highlight::{Grammar, Highlight, Piece, Token};

/// A definition, made ready to be drawn line by line; lines count from 0.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) definition: Arc<Definition>,
    highlight: Highlight,
    /// Line and number of each diagnostic, in the order of the text.
    problems: Vec<(usize, usize)>,
    len: usize,
}

impl Document {
    pub(super) fn new(definition: Arc<Definition>) -> Self {
        let highlight = Highlight::new(&definition.text, Grammar::of_file(&definition.name));
        // What follows the last line break is no line, as in editors.
        let is_ended = definition.text.ends_with('\n');
        let len = definition.lines.line_count() - usize::from(is_ended);
        let mut document = Self { definition, highlight, problems: Vec::new(), len };
        let diagnostics = document.definition.diagnostics.iter().enumerate();
        let mut problems: Vec<_> =
            diagnostics.map(|(at, problem)| (document.line_of(problem.span.start as usize), at)).collect();
        problems.sort_by_key(|(_, at)| document.definition.diagnostics.get(*at).map(|d| (d.span.start, d.severity)));
        document.problems = problems;
        document
    }

    /// Whether it was made from this very definition.
    pub(super) fn is(&self, definition: &Arc<Definition>) -> bool {
        Arc::ptr_eq(&self.definition, definition)
    }

    /// The number of lines, at least 1.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn line(&self, at: usize) -> &str {
        self.definition.lines.line_span(at + 1, &self.definition.text).text(&self.definition.text)
    }

    pub(super) fn pieces(&self, at: usize) -> &[Piece] {
        self.highlight.line(at)
    }

    /// The byte of the text at which line `at` starts.
    pub(super) fn start(&self, at: usize) -> usize {
        self.definition.lines.line_span(at + 1, &self.definition.text).start as usize
    }

    /// The line that holds byte `offset`.
    pub(super) fn line_of(&self, offset: usize) -> usize {
        (self.definition.lines.line(offset) - 1).min(self.len - 1)
    }

    /// The first byte of line `at` that is not blank.
    pub(super) fn indent(&self, at: usize) -> usize {
        let line = self.line(at);
        line.len() - line.trim_start().len()
    }

    /// The innermost state whose text holds the byte `column` of line `at`, else the first that is named after it.
    pub(super) fn state_at(&self, at: usize, column: usize) -> Option<StateId> {
        let machine = self.definition.machine.as_ref()?;
        let line = self.line(at);
        let offset = self.start(at) + column;
        let end = self.start(at) + line.len();
        let named = |id: &StateId| (offset..end).contains(&(machine.state(*id).name_span.start as usize));
        machine.state_at(offset).or_else(|| machine.ids().find(named))
    }

    /// The first and the last line of `state`.
    pub(super) fn lines_of(&self, state: StateId) -> Option<(usize, usize)> {
        let state = self.definition.machine.as_ref()?.states.get(state.0 as usize)?;
        let last = (state.span.end as usize).saturating_sub(1);
        Some((self.line_of(state.name_span.start as usize), self.line_of(last)))
    }

    /// The problems of line `at`, those that start first in front.
    pub(super) fn problems(&self, at: usize) -> impl Iterator<Item = &Diagnostic> {
        let from = self.problems.partition_point(|(line, _)| *line < at);
        let here = self.problems.get(from..).unwrap_or_default().iter().take_while(move |(line, _)| *line == at);
        here.filter_map(|(_, number)| self.definition.diagnostics.get(*number))
    }

    /// The worst of the problems of line `at`.
    pub(super) fn severity(&self, at: usize) -> Option<Severity> {
        self.problems(at).map(|problem| problem.severity).min()
    }

    /// The next problem that starts after byte `offset`, or the one that starts before it, around the end. As long as
    /// there are errors, warnings are passed over.
    pub(super) fn next_problem(&self, offset: usize, forward: bool) -> Option<&Diagnostic> {
        let known = || self.problems.iter().filter_map(|(_, number)| self.definition.diagnostics.get(*number));
        let has_errors = known().any(Diagnostic::is_error);
        let all = || known().filter(|problem| !has_errors || problem.is_error());
        let start = |problem: &Diagnostic| problem.span.start as usize;
        if forward {
            all().find(|problem| start(problem) > offset).or_else(|| all().next())
        } else {
            all().rfind(|problem| start(problem) < offset).or_else(|| all().next_back())
        }
    }

    /// The piece of line `at` that names a state to go to: the one at byte `column`, else the first.
    pub(super) fn transition(&self, at: usize, column: usize) -> Option<Cow<'_, str>> {
        let all = || self.pieces(at).iter().filter(|piece| piece.token == Token::Transition);
        let piece = all().find(|piece| piece.range().contains(&column));
        let piece = piece.or_else(|| all().find(|piece| piece.range().end > column)).or_else(|| all().next())?;
        self.line(at).get(piece.range()).map(unquote)
    }

    /// Where the state `name` is defined; also in a definition with errors.
    pub(super) fn named(&self, name: &str) -> Option<usize> {
        if let Some(machine) = &self.definition.machine {
            let state = machine.find(name)?;
            return Some(machine.state(state).name_span.start as usize);
        }
        let is_it = |at: usize, piece: &&Piece| {
            let text = self.line(at).get(piece.range());
            piece.token == Token::StateName && text.map(unquote).as_deref() == Some(name)
        };
        let find =
            |at: usize| self.pieces(at).iter().find(|piece| is_it(at, piece)).map(|piece| (at, piece.range().start));
        (0..self.len).find_map(find).map(|(at, column)| self.start(at) + column)
    }

    /// The next place that holds `lower`, ignoring case, or the one before, around the end. The search begins behind
    /// the byte `from.1` of line `from.0`, or without one in the next line.
    pub(super) fn find(&self, lower: &str, from: (usize, Option<usize>), forward: bool) -> Option<usize> {
        let (at, column) = from;
        let matches = |line: usize| Matches { text: self.line(line), lower, from: 0 };
        let own = |range: &Range<usize>| match column {
            Some(column) if forward => range.start > column,
            Some(column) => range.start < column,
            None => false,
        };
        let first = |line: usize| matches(line).next();
        let last = |line: usize| matches(line).last();
        let place = |line: usize, range: Range<usize>| self.start(line) + range.start;
        if forward {
            let here = matches(at).find(own).map(|range| place(at, range));
            let mut rest = (at + 1..self.len).chain(0..=at.min(self.len - 1));
            here.or_else(|| rest.find_map(|line| Some(place(line, first(line)?))))
        } else {
            let here = matches(at).filter(own).last().map(|range| place(at, range));
            let mut rest = (0..at).rev().chain((at..self.len).rev());
            here.or_else(|| rest.find_map(|line| Some(place(line, last(line)?))))
        }
    }

    /// The line of this document that stands for line `at` of `old`: the same text, else the same place of the same
    /// state, else the same number.
    pub(super) fn follow(&self, old: &Self, at: usize) -> usize {
        let same = |(a, b): &(usize, usize)| old.line(*a) == self.line(*b);
        let shorter = old.len.min(self.len);
        let head = (0..shorter).zip(0..shorter).take_while(same).count();
        if at < head {
            return at;
        }
        let tail = (head..old.len).rev().zip((head..self.len).rev()).take_while(same).count();
        if at + tail >= old.len {
            return (at + self.len).saturating_sub(old.len).min(self.len - 1);
        }
        self.follow_state(old, at).unwrap_or(at).min(self.len - 1)
    }

    fn follow_state(&self, old: &Self, at: usize) -> Option<usize> {
        let state = old.state_at(at, old.indent(at))?;
        let (first, _) = old.lines_of(state)?;
        let place = StatePath::of(old.definition.machine.as_ref()?, state);
        let (start, end) = self.lines_of(place.find(self.definition.machine.as_ref()?)?)?;
        Some((start + at.saturating_sub(first)).min(end))
    }
}

/// A string of JSON or YAML as the text it stands for.
pub(super) fn unquote(text: &str) -> Cow<'_, str> {
    let inside = |quote| text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    if let Some(plain) = inside('"') {
        let read = || serde_json::from_str(text).map_or(Cow::Borrowed(plain), Cow::Owned);
        return if plain.contains('\\') { read() } else { Cow::Borrowed(plain) };
    }
    match inside('\'') {
        Some(plain) if plain.contains("''") => Cow::Owned(plain.replace("''", "'")),
        Some(plain) => Cow::Borrowed(plain),
        None => Cow::Borrowed(text),
    }
}

/// The places in a text that hold `lower` (in small letters), ignoring case.
pub(super) struct Matches<'t> {
    pub(super) text: &'t str,
    pub(super) lower: &'t str,
    pub(super) from: usize,
}

impl Iterator for Matches<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let rest = self.text.get(self.from..)?;
        let mut places = rest.char_indices().map(|(at, _)| self.from + at);
        let found = places.find_map(|at| Some(at..at + prefix_ignoring_case(self.text.get(at..)?, self.lower)?))?;
        self.from = found.end;
        Some(found)
    }
}

/// The length of the beginning of `text` that is `lower` when capitals are made small.
fn prefix_ignoring_case(text: &str, lower: &str) -> Option<usize> {
    let mut wanted = lower.chars().peekable();
    wanted.peek()?;
    for (at, found) in text.char_indices() {
        if wanted.peek().is_none() {
            return Some(at);
        }
        for small in found.to_lowercase() {
            if wanted.next() != Some(small) {
                return None;
            }
        }
    }
    wanted.peek().is_none().then_some(text.len())
}
