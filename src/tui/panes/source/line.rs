//! One line of the source pane: gutter, text in colours, and what stands beside it.

use std::ops::Range;

use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

use super::document::{Document, Matches};
use super::inline::Inline;
use crate::config::Role;
use crate::debug::BreakpointSign;
use crate::text::Severity;
use crate::tui::glyph::Glyphs;
use crate::tui::look::Look;
use crate::tui::panes::parts::breakpoint_sign;
use crate::tui::widgets::text::{clip, clip_spans, width};

/// Lines longer than this are cut to what is visible before they are looked at any closer.
const LONG_LINE: usize = 2000;
/// The least room for what stands beside a line.
const LEAST_NOTE: usize = 6;

/// The state where the run stands.
#[derive(Debug, Clone)]
pub(super) struct Here {
    /// Its name and its object.
    pub(super) bytes: Range<usize>,
    pub(super) first: usize,
    pub(super) last: usize,
    /// Whether the run ended in it with a failure.
    pub(super) failed: bool,
}

impl Here {
    pub(super) fn of(look: &Look<'_>, document: &Document) -> Option<Self> {
        let run = look.run.as_ref()?;
        let id = run.here?;
        let (first, last) = document.lines_of(id)?;
        let state = look.machine?.states.get(id.0 as usize)?;
        let tally = run.tally.state(id);
        let failed = run.live && run.view.status.fault().is_some() && (tally.failures > 0 || tally.inside() > 0);
        Some(Self { bytes: state.name_span.to(state.span).range(), first, last, failed })
    }
}

/// What all lines of a frame have in common.
pub(super) struct Frame<'a> {
    pub(super) look: &'a Look<'a>,
    pub(super) document: &'a Document,
    pub(super) inline: &'a Inline,
    pub(super) here: Option<Here>,
    /// The lines of the breakpoints.
    pub(super) breakpoints: Vec<(usize, BreakpointSign)>,
    /// What was searched for, in small letters.
    pub(super) found: Option<&'a str>,
    /// The line of the cursor.
    pub(super) cursor: usize,
    pub(super) focused: bool,
    /// Columns that are scrolled away.
    pub(super) skip: usize,
    /// Columns of the pane.
    pub(super) width: usize,
}

/// The lines on which the states with a breakpoint begin.
pub(super) fn breakpoint_lines(look: &Look<'_>, document: &Document) -> Vec<(usize, BreakpointSign)> {
    let line = |offset: usize| document.line_of(offset);
    if let Some(machine) = look.machine {
        let signs = machine.states.iter().zip(look.breakpoints.signs(machine));
        return signs.filter_map(|(state, sign)| Some((line(state.name_span.start as usize), sign?))).collect();
    }
    // A definition with errors has no states; the names still say where they belong.
    let names = look.breakpoints.places().filter_map(|place| place.0.last());
    names.filter_map(|name| Some((line(document.named(name)?), look.breakpoints.sign(name)?))).collect()
}

/// Columns of a sign that is a word.
const WORD: usize = 9;

/// Columns before the text: the sign, the number, a blank, the bar.
pub(super) fn gutter_width(document: &Document, glyphs: &Glyphs) -> usize {
    2 + sign_width(glyphs) + digits(document.len())
}

fn sign_width(glyphs: &Glyphs) -> usize {
    if glyphs.is_plain() { WORD } else { 1 }
}

fn digits(number: usize) -> usize {
    number.checked_ilog10().unwrap_or(0) as usize + 1
}

impl Frame<'_> {
    /// Line `at`, ready to be drawn.
    pub(super) fn row(&self, at: usize) -> Line<'static> {
        let room = self.width.saturating_sub(gutter_width(self.document, self.look.glyphs));
        let note = self.inline.text(at);
        let (text_room, note) = self.share(at, room, note);
        let (text, skip) = self.text(at, text_room);
        let text = clip_spans(text, skip, text_room, self.look.glyphs);
        let used = text.width();
        let mut spans = self.gutter(at);
        spans.extend(text.spans);
        if let Some(note) = note {
            let gap = room.saturating_sub(used + width(&note, self.look.glyphs));
            spans.push(Span::raw(" ".repeat(gap)));
            spans.push(Span::styled(note, self.look.styles.role(Role::InlineValue)));
        }
        let line = Line::from(spans);
        if self.is_current(at) { line.style(self.look.styles.role(Role::CurrentLine)) } else { line }
    }

    /// The columns for the text of line `at`, and what stands beside it, cut to the rest.
    fn share(&self, at: usize, room: usize, note: Option<String>) -> (usize, Option<String>) {
        let Some(note) = note else { return (room, None) };
        let text = self.document.line(at);
        let text = if text.len() > LONG_LINE { room } else { width(text, self.look.glyphs) };
        let left = room.saturating_sub(text.saturating_sub(self.skip) + 3);
        // A blank keeps it from the rule at the right.
        let note = format!("{} ", clip(&note, left.max(room / 3), self.look.glyphs));
        let wide = width(&note, self.look.glyphs);
        if wide < LEAST_NOTE.min(room / 2 + 1) { (room, None) } else { (room.saturating_sub(wide + 2), Some(note)) }
    }

    fn gutter(&self, at: usize) -> Vec<Span<'static>> {
        let styles = self.look.styles;
        let (sign, style) = self.sign(at);
        let number = format!("{:>1$} ", at + 1, digits(self.document.len()));
        let number_role = if at == self.cursor { Role::Accent } else { Role::Gutter };
        let is_here = self.here.as_ref().is_some_and(|here| (here.first..=here.last).contains(&at));
        let bar = if is_here { self.look.glyphs.bar } else { " " };
        // What the sign of the run hides.
        let hidden = self.breakpoints.iter().find(|(line, _)| *line == at).filter(|_| self.is_current(at));
        let (bar, bar_role) = match hidden {
            Some((_, sign)) if !self.look.glyphs.is_plain() => {
                (breakpoint_sign(*sign, self.look.glyphs), Role::Breakpoint)
            }
            _ => (bar, Role::Accent),
        };
        vec![
            Span::styled(format!("{sign:<0$}", sign_width(self.look.glyphs)), style),
            Span::styled(number, styles.role(number_role)),
            Span::styled(bar, styles.role(bar_role)),
        ]
    }

    /// The sign of line `at`: where the run stands before breakpoints before problems.
    fn sign(&self, at: usize) -> (&'static str, Style) {
        let (glyphs, role) = (self.look.glyphs, |role| self.look.styles.role(role));
        let breakpoint = self.breakpoints.iter().find(|(line, _)| *line == at).map(|(_, sign)| *sign);
        match (&self.here, breakpoint, self.document.severity(at)) {
            (Some(here), _, _) if here.first == at && here.failed => (glyphs.failed, role(Role::Failed)),
            // A breakpoint under it shows in its colour.
            (Some(here), Some(_), _) if here.first == at => (glyphs.here, role(Role::Breakpoint)),
            (Some(here), None, _) if here.first == at => (glyphs.here, role(Role::Accent)),
            (_, Some(sign), _) => (breakpoint_sign(sign, glyphs), role(Role::Breakpoint)),
            (_, _, Some(Severity::Error)) => (glyphs.error, role(Role::Failed)),
            (_, _, Some(Severity::Warning)) => (glyphs.warning, role(Role::Warning)),
            _ => (" ", Style::new()),
        }
    }

    /// Whether all of line `at` belongs to the current state and starts it.
    fn is_current(&self, at: usize) -> bool {
        self.here.as_ref().is_some_and(|here| here.first == at) && self.part_of_line(at).is_none()
    }

    /// The bytes of line `at` that the current state takes, where others share the line with it.
    fn part_of_line(&self, at: usize) -> Option<Range<usize>> {
        let here = self.here.as_ref().filter(|here| (here.first..=here.last).contains(&at))?;
        let (start, line) = (self.document.start(at), self.document.line(at));
        let part = here.bytes.start.saturating_sub(start)..here.bytes.end.saturating_sub(start).min(line.len());
        let is_blank = |text: Option<&str>| text.is_none_or(|text| text.trim_matches([' ', '\t', ',']).is_empty());
        let alone = is_blank(line.get(..part.start)) && is_blank(line.get(part.end..));
        (!alone).then_some(part)
    }

    /// The visible text of line `at`, and how many of its columns are still to be scrolled away.
    fn text(&self, at: usize, room: usize) -> (Vec<Span<'_>>, usize) {
        let line = self.document.line(at);
        let (window, skip) = window(line, self.skip, room);
        (styled(line, window.clone(), &self.layers(at, &window)), skip)
    }

    /// The styles of line `at` with the bytes they are for, the later over the earlier.
    fn layers(&self, at: usize, window: &Range<usize>) -> Vec<(Range<usize>, Style)> {
        let (line, styles) = (self.document.line(at), self.look.styles);
        let pieces = self.document.pieces(at);
        let from = pieces.partition_point(|piece| piece.range().end <= window.start);
        let visible = pieces.iter().skip(from).take_while(|piece| piece.range().start < window.end);
        let mut layers = Vec::new();
        // Colours under reversed letters would become a background of patches.
        if !(self.focused
            && at == self.cursor
            && styles.role(Role::Selection).add_modifier.contains(Modifier::REVERSED))
        {
            layers.extend(visible.map(|piece| (piece.range(), styles.token(piece.token))));
        }
        if let Some(part) = self.part_of_line(at).filter(|part| part.start > 0 || part.end < line.len()) {
            layers.push((part, styles.role(Role::CurrentLine)));
        }
        for problem in self.document.problems(at) {
            let role = if problem.is_error() { Role::Failed } else { Role::Warning };
            let style = styles.role(role).add_modifier(Modifier::UNDERLINED);
            layers.push((underlined(line, problem.span.range(), self.document.start(at)), style));
        }
        if let (Some(lower), Some(text)) = (self.found, line.get(..window.end)) {
            let matches = Matches { text, lower, from: window.start };
            layers.extend(matches.map(|range| (range, styles.role(Role::Match))));
        }
        layers
    }
}

/// The bytes to underline in `line`, which starts at `start`, for a problem at `span`: at least one character.
fn underlined(line: &str, span: Range<usize>, start: usize) -> Range<usize> {
    let (from, to) = (span.start.saturating_sub(start).min(line.len()), span.end.saturating_sub(start).min(line.len()));
    if from < to {
        return from..to;
    }
    let next = line.get(from..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    let before = line.get(..from).and_then(|text| text.chars().next_back()).map_or(0, char::len_utf8);
    if next > 0 { from..from + next } else { from - before..from }
}

/// The bytes of `line` of which something may be visible, and the columns of those that are scrolled away.
fn window(line: &str, skip: usize, room: usize) -> (Range<usize>, usize) {
    if line.len() <= LONG_LINE {
        return (0..line.len(), skip);
    }
    let end = (skip + room + 1).min(line.len());
    // Where every byte is one column nothing needs to be counted.
    if line.bytes().take(end).all(|byte| (b' '..0x7f).contains(&byte)) {
        return (skip.min(end)..end, 0);
    }
    let end = skip.saturating_add(room).saturating_add(1).saturating_mul(4).min(line.len());
    (0..(end..=line.len()).find(|at| line.is_char_boundary(*at)).unwrap_or(line.len()), skip)
}

/// The bytes `window` of `line` as spans of one style each.
fn styled<'t>(line: &'t str, window: Range<usize>, layers: &[(Range<usize>, Style)]) -> Vec<Span<'t>> {
    let ends = layers.iter().flat_map(|(range, _)| [range.start, range.end]);
    let mut cuts: Vec<usize> = ends.filter(|at| window.contains(at) && line.is_char_boundary(*at)).collect();
    cuts.extend([window.start, window.end]);
    cuts.sort_unstable();
    cuts.dedup();
    let style = |at: usize| {
        let over = layers.iter().filter(|(range, _)| range.contains(&at));
        over.fold(Style::new(), |style, (_, layer)| style.patch(*layer))
    };
    let pairs = cuts.iter().zip(cuts.iter().skip(1));
    pairs.filter_map(|(from, to)| Some(Span::styled(line.get(*from..*to)?, style(*from)))).collect()
}
