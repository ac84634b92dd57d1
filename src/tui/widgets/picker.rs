//! A list narrowed by typing: palette, themes, states.

use std::cmp::Reverse;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_segmentation::UnicodeSegmentation;

use crate::config::Role;
use crate::tui::glyph::Glyphs;
use crate::tui::style::Styles;
use crate::tui::widgets::rows::{RowHit, Rows};
use crate::tui::widgets::text::{clip, clip_spans, width};

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice<T> {
    /// What is matched and shown.
    pub label: String,
    /// What is shown at the right: a key, a place.
    pub detail: String,
    /// What choosing it means.
    pub value: T,
}

/// A list narrowed by typing.
#[derive(Debug, Clone)]
pub struct Picker<T> {
    choices: Vec<Choice<T>>,
    query: String,
    /// Positions of the choices that match, the best first, each with the characters that matched.
    found: Vec<(usize, Vec<usize>)>,
    rows: Rows,
}

impl<T> Picker<T> {
    /// A list of `choices`, in that order until something is typed.
    #[must_use]
    pub fn new(choices: Vec<Choice<T>>) -> Self {
        let mut picker = Self { choices, query: String::new(), found: Vec::new(), rows: Rows::default() };
        picker.narrow();
        picker
    }

    /// What has been typed.
    #[must_use]
    pub fn query(&self) -> &str {
        &self.query
    }

    /// How many choices match.
    #[must_use]
    pub fn len(&self) -> usize {
        self.found.len()
    }

    /// Whether nothing matches.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// The chosen entry.
    #[must_use]
    pub fn selected(&self) -> Option<&Choice<T>> {
        self.found.get(self.rows.cursor).and_then(|(at, _)| self.choices.get(*at))
    }

    /// Types `text`.
    pub fn insert(&mut self, text: &str) {
        self.query.extend(text.chars().filter(|c| !c.is_control()));
        self.narrow();
    }

    /// Takes back the last character.
    pub fn backspace(&mut self) {
        let start = self.query.grapheme_indices(true).next_back().map_or(0, |(at, _)| at);
        self.query.truncate(start);
        self.narrow();
    }

    /// Moves the choice by `by` rows.
    pub fn move_by(&mut self, by: isize) {
        self.rows.move_by(by, self.found.len());
    }

    /// Moves the choice to row `row` of what matches.
    pub fn move_to(&mut self, row: usize) {
        self.rows.move_to(row, self.found.len());
    }

    fn narrow(&mut self) {
        let scored = self.choices.iter().enumerate().filter_map(|(at, choice)| {
            // The name before a description comes first.
            let name = choice.label.find("  ").and_then(|end| score(&self.query, &choice.label[..end]));
            let is_named = name.is_some();
            let (score, matched) = name.or_else(|| score(&self.query, &choice.label))?;
            Some((Reverse((is_named, score)), at, matched))
        });
        let mut scored: Vec<_> = scored.collect();
        scored.sort();
        self.found = scored.into_iter().map(|(_, at, matched)| (at, matched)).collect();
        self.rows = Rows::default();
    }

    /// Draws the line with what was typed and the list under it; says where the rows are and where the cursor goes.
    pub fn draw(
        &mut self,
        area: Rect,
        buf: &mut Buffer,
        styles: &Styles,
        glyphs: &Glyphs,
    ) -> (Vec<RowHit>, (u16, u16)) {
        let room = usize::from(area.width);
        let typed = tail(&self.query, room.saturating_sub(3), glyphs);
        let cells = u16::try_from(width(&typed, glyphs)).unwrap_or(0);
        let line = Line::from(vec![Span::styled("> ", styles.role(Role::Accent)), Span::raw(typed)]);
        buf.set_line(area.x, area.y, &line, area.width);
        let list = Rect { y: area.y + 1.min(area.height), height: area.height.saturating_sub(1), ..area };
        let (choices, found) = (&self.choices, &self.found);
        let selected = Some(styles.role(Role::Selection));
        let hits = self.rows.draw(list, buf, found.len(), selected, |row| {
            let entry = found.get(row).and_then(|(at, matched)| Some((choices.get(*at)?, matched)));
            entry.map_or(Line::default(), |(choice, matched)| line_of(choice, matched, room, styles, glyphs))
        });
        let column = (area.x + 2 + cells).min(area.right().saturating_sub(1));
        (hits, (column, area.y))
    }
}

fn line_of<T>(choice: &Choice<T>, matched: &[usize], room: usize, styles: &Styles, glyphs: &Glyphs) -> Line<'static> {
    let detail = clip(&choice.detail, room / 2, glyphs);
    let right = width(&detail, glyphs);
    let left = room.saturating_sub(right + usize::from(right > 0));
    let accent = styles.role(Role::Accent);
    let spans = choice.label.chars().enumerate().map(|(at, c)| {
        let style = if matched.contains(&at) { accent } else { Style::new() };
        Span::styled(c.to_string(), style)
    });
    let mut line = clip_spans(merge(spans), 0, left, glyphs);
    let blanks = room.saturating_sub(line.width() + right);
    line.push_span(Span::raw(" ".repeat(blanks)));
    line.push_span(Span::styled(detail, styles.role(Role::Muted)));
    line
}

/// Joins neighbours of one style, as a character alone may be half of what is shown.
fn merge(spans: impl Iterator<Item = Span<'static>>) -> Vec<Span<'static>> {
    let mut out: Vec<Span<'static>> = Vec::new();
    for span in spans {
        match out.last_mut() {
            Some(last) if last.style == span.style => last.content.to_mut().push_str(&span.content),
            _ => out.push(span),
        }
    }
    out
}

/// The end of `text` that fits.
fn tail(text: &str, room: usize, glyphs: &Glyphs) -> String {
    let mut start = text;
    while width(start, glyphs) > room {
        let mut graphemes = start.graphemes(true);
        if graphemes.next().is_none() {
            break;
        }
        start = graphemes.as_str();
    }
    start.to_owned()
}

/// How well `text` matches: every character of `query` in order, whatever the case; better at the starts of words,
/// without gaps, and in short texts. With the positions of the characters that matched; none where it does not match.
#[must_use]
pub fn score(query: &str, text: &str) -> Option<(i32, Vec<usize>)> {
    if query.trim().is_empty() {
        return Some((0, Vec::new()));
    }
    let lower = |c: char| c.to_lowercase().next().unwrap_or(c);
    let letters: Vec<char> = text.chars().collect();
    let mut matched: Vec<usize> = Vec::new();
    let mut total = 0;
    for wanted in query.chars().filter(|c| !c.is_whitespace()).map(lower) {
        let from = matched.last().map_or(0, |last| last + 1);
        let rest = letters.iter().enumerate().skip(from).filter(|(_, c)| lower(**c) == wanted);
        let value = |at: usize| (i32::from(starts_word(&letters, at)) * 8) + (i32::from(at == from && from > 0) * 10);
        // Of all places the one that is worth most; of those the first.
        let (at, worth) = rest.map(|(at, _)| (at, value(at))).max_by_key(|(at, worth)| (*worth, Reverse(*at)))?;
        // What jumps ahead to a better place must leave the rest to be found.
        let first = letters.iter().skip(from).position(|c| lower(*c) == wanted).map_or(at, |gap| from + gap);
        let keeps = can_follow(query, matched.len() + 1, &letters, at + 1);
        let (at, worth) = if keeps { (at, worth) } else { (first, value(first)) };
        total += 4 + worth - i32::try_from((at - from).min(3)).unwrap_or(3);
        matched.push(at);
    }
    let length = i32::try_from(letters.len().min(100)).unwrap_or(100);
    Some((total * 4 - length, matched))
}

fn can_follow(query: &str, done: usize, letters: &[char], from: usize) -> bool {
    let lower = |c: char| c.to_lowercase().next().unwrap_or(c);
    let mut rest = letters.iter().skip(from);
    query.chars().filter(|c| !c.is_whitespace()).skip(done).all(|wanted| rest.any(|c| lower(*c) == lower(wanted)))
}

fn starts_word(letters: &[char], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).and_then(|before| letters.get(before)) else {
        return true;
    };
    !before.is_alphanumeric() || before.is_lowercase() && letters.get(at).is_some_and(|c| c.is_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Theme;
    use crate::tui::style::Depth;

    fn picker(labels: &[&str]) -> Picker<usize> {
        let choice =
            |(value, label): (usize, &&str)| Choice { label: (*label).to_owned(), detail: format!("k{value}"), value };
        Picker::new(labels.iter().enumerate().map(choice).collect())
    }

    fn best(query: &str, labels: &[&str]) -> Vec<String> {
        let mut picker = picker(labels);
        picker.insert(query);
        picker.found.iter().map(|(at, _)| labels[*at].to_owned()).collect()
    }

    #[test]
    fn the_best_match_is_first() {
        assert_eq!(best("", &["b", "a"]), ["b", "a"]);
        assert_eq!(best("sb", &["subset", "step-back", "absb"])[0], "step-back");
        assert_eq!(best("next", &["next-match", "next", "n-e-x-t"]), ["next", "next-match", "n-e-x-t"]);
        assert_eq!(best("NS", &["in stock", "NotifySent"])[0], "NotifySent");
        assert_eq!(best("xyz", &["next"]), Vec::<String>::new());
        assert_eq!(best("éc", &["Éclair"]), ["Éclair"]);
        let described =
            ["enable   Switch a breakpoint on.", "toggle-breakpoint   Set it.", "break   Set one somewhere."];
        assert_eq!(
            best("break", &described),
            ["break   Set one somewhere.", "toggle-breakpoint   Set it.", described[0]]
        );
    }

    #[test]
    fn a_better_place_is_taken_only_when_the_rest_still_matches() {
        assert_eq!(score("ab", "ab-a").map(|(_, at)| at), Some(vec![0, 1]));
        assert_eq!(score("ba", "xba b").map(|(_, at)| at), Some(vec![1, 2]));
        assert_eq!(score("tb", "toggle-breakpoint").map(|(_, at)| at), Some(vec![0, 7]));
    }

    #[test]
    fn typing_and_choosing() {
        let mut picker = picker(&["next", "step", "stop"]);
        picker.insert("st");
        assert_eq!((picker.len(), picker.selected().map(|choice| choice.value)), (2, Some(1)));
        picker.move_by(5);
        assert_eq!(picker.selected().map(|choice| choice.value), Some(2));
        picker.insert("zz\n");
        assert!(picker.is_empty() && picker.selected().is_none() && picker.query() == "stzz");
        picker.backspace();
        picker.backspace();
        picker.backspace();
        assert_eq!((picker.query(), picker.len()), ("s", 2));
    }

    #[test]
    fn drawn_with_the_detail_at_the_right() {
        let styles = Styles::new(&Theme::load("mono", None).expect("a theme"), Depth::None).expect("styles");
        let mut picker = picker(&["a very long name of a state", "b"]);
        let area = Rect::new(0, 0, 14, 4);
        let mut buf = Buffer::empty(area);
        let (hits, cursor) = picker.draw(area, &mut buf, &styles, &Glyphs::UNICODE);
        let rows: Vec<String> = (0..4).map(|y| (0..14).map(|x| buf[(x, y)].symbol()).collect()).collect();
        assert_eq!(rows, [">             ", "a very lon… k0", "b           k1", "              "]);
        assert_eq!((hits.len(), cursor), (2, (2, 0)));
    }
}
