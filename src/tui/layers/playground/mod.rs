//! The playground: an expression on the data of a moment, and what it comes to while one types.

mod complete;

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::{Position, Rect};
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use crate::asl::Definition;
use crate::config::Role;
use crate::debug::{Setting, Tried, Written};
use crate::tui::command::Command;
use crate::tui::look::Look;
use crate::tui::panes::wrap;
use crate::tui::widgets::popup;
use crate::tui::widgets::text::{clip, width};
use crate::value::Value;
use complete::{Offer, offers};

/// Lines of the expression.
const LINES: usize = 5;
/// Rows of what may be meant.
const OFFERS: usize = 5;
/// Lines of the value that are kept.
const VALUE_LINES: usize = 1000;
/// Changes that can be taken back.
const CHANGES: usize = 200;
/// Bytes of a value that are written out.
const LARGE: usize = 1 << 20;

/// What came of an expression, made ready to be shown; made away from the screen.
pub struct Outcome {
    tried: Tried,
    lines: Vec<String>,
    /// What it was evaluated in.
    setting: Arc<Setting>,
}

impl Outcome {
    /// Evaluates `text` in `setting`.
    #[must_use]
    pub fn of(setting: Arc<Setting>, text: &str) -> Self {
        let tried = setting.evaluate(text);
        let lines = match &tried.value {
            Ok(Some(value)) => lines_of(value),
            _ => Vec::new(),
        };
        Self { tried, lines, setting }
    }
}

fn lines_of(value: &Value) -> Vec<String> {
    if value.size() <= LARGE {
        return value.to_pretty_json().lines().take(VALUE_LINES).map(str::to_owned).collect();
    }
    let head = format!("{} of {} bytes", value.type_name(), value.size());
    let keys = value.as_object().map(|object| object.keys().take(100).map(|key| format!("  {key}")).collect());
    [vec![head], keys.unwrap_or_default()].concat()
}

/// The playground.
pub struct PlaygroundLayer {
    setting: Arc<Setting>,
    title: String,
    /// Where the expression may be written to, and the definition that it stands in.
    target: Option<(Written, Arc<Definition>)>,
    text: String,
    cursor: usize,
    done: Vec<(String, usize)>,
    undone: Vec<(String, usize)>,
    outcome: Option<Outcome>,
    /// Whether an evaluation is under way, and of what.
    asked: Option<String>,
    start: usize,
    offers: Vec<Offer>,
    /// The offer that Tab took, with the text and cursor before.
    taken: Option<(usize, String, usize)>,
    skip: usize,
    refused: Option<String>,
}

impl PlaygroundLayer {
    /// A playground that begins with `text`, and the cursor at its end; of JSONata at the end of what is in the delimiters.
    #[must_use]
    pub fn new(setting: Arc<Setting>, title: String, target: Option<(Written, Arc<Definition>)>, text: String) -> Self {
        let mut layer = Self {
            setting,
            title,
            target,
            cursor: text.strip_suffix("%}").map_or(text.len(), |inside| inside.trim_end().len()),
            text,
            done: Vec::new(),
            undone: Vec::new(),
            outcome: None,
            asked: None,
            start: 0,
            offers: Vec::new(),
            taken: None,
            skip: 0,
            refused: None,
        };
        layer.offer();
        layer
    }

    /// What was typed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where it may be written to.
    #[must_use]
    pub fn target(&self) -> Option<&(Written, Arc<Definition>)> {
        self.target.as_ref()
    }

    /// Shows why the expression is not written.
    pub fn refuse(&mut self, why: String) {
        self.refused = Some(why);
    }

    /// What is to be evaluated next: nothing while an evaluation is under way, so that fast typing makes few of them.
    pub fn order(&mut self) -> Option<(Arc<Setting>, String)> {
        let is_known = self.outcome.as_ref().is_some_and(|outcome| outcome.tried.text == self.text);
        if self.asked.is_some() || is_known {
            return None;
        }
        self.asked = Some(self.text.clone());
        Some((self.setting.clone(), self.text.clone()))
    }

    /// Sees this from now on.
    pub fn see(&mut self, setting: Arc<Setting>) {
        self.setting = setting;
        (self.outcome, self.asked) = (None, None);
        if self.taken.is_none() {
            self.offer();
        }
    }

    /// Takes what came of an expression.
    pub fn take(&mut self, outcome: Outcome) {
        let is_of_now = Arc::ptr_eq(&outcome.setting, &self.setting);
        if is_of_now && self.asked.as_deref() == Some(&outcome.tried.text) {
            self.asked = None;
            self.skip = 0;
            self.outcome = Some(outcome);
        }
    }

    pub(super) fn key(&mut self, event: KeyEvent) {
        let control = event.modifiers.contains(KeyModifiers::CONTROL);
        match event.code {
            KeyCode::Tab => return self.complete(true),
            KeyCode::BackTab => return self.complete(false),
            KeyCode::Left => self.cursor = before(&self.text, self.cursor),
            KeyCode::Right => self.cursor = after(&self.text, self.cursor),
            KeyCode::Home => self.cursor = self.line_start(),
            KeyCode::End => self.cursor += self.text[self.cursor..].find('\n').unwrap_or(self.text.len() - self.cursor),
            KeyCode::Up => return self.skip = self.skip.saturating_sub(1),
            KeyCode::Down => return self.skip += 1,
            KeyCode::PageUp => return self.skip = self.skip.saturating_sub(10),
            KeyCode::PageDown => return self.skip += 10,
            KeyCode::Enter => self.insert("\n"),
            KeyCode::Char('w') if control => {
                let head = self.text[..self.cursor].trim_end();
                let from = head.rfind([' ', '.', '(', ',']).unwrap_or(0);
                self.cut(from, self.cursor);
            }
            KeyCode::Char(c) if !event.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) => {
                self.insert(c.encode_utf8(&mut [0; 4]));
            }
            KeyCode::Backspace => self.cut(before(&self.text, self.cursor), self.cursor),
            KeyCode::Delete => self.cut(self.cursor, after(&self.text, self.cursor)),
            _ => return,
        }
        self.refused = None;
        self.offer();
    }

    pub(super) fn paste(&mut self, text: &str) {
        self.insert(text);
        self.offer();
    }

    pub(super) fn command(&mut self, command: Command) -> bool {
        let now = (self.text.clone(), self.cursor);
        let (from, to) = match command {
            Command::Undo => (&mut self.done, &mut self.undone),
            Command::Redo => (&mut self.undone, &mut self.done),
            _ => return false,
        };
        if let Some((text, cursor)) = from.pop() {
            to.push(now);
            (self.text, self.cursor) = (text, cursor);
            self.offer();
        }
        true
    }

    fn line_start(&self) -> usize {
        self.text[..self.cursor].rfind('\n').map_or(0, |at| at + 1)
    }

    fn keep(&mut self) {
        self.undone.clear();
        self.done.push((self.text.clone(), self.cursor));
        if self.done.len() > CHANGES {
            self.done.remove(0);
        }
    }

    fn insert(&mut self, text: &str) {
        let text: String = text.chars().filter(|c| *c == '\n' || !c.is_control()).collect();
        self.keep();
        // What is offered at first gives way to an expression of one's own.
        let is_own = self.done.len() == 1 && self.target.is_none() && text.starts_with(['$', 'S', '{']);
        if is_own {
            self.text.clear();
            self.cursor = 0;
        }
        self.text.insert_str(self.cursor, &text);
        self.cursor += text.len();
    }

    fn cut(&mut self, from: usize, to: usize) {
        if from < to {
            self.keep();
            self.text.replace_range(from..to, "");
            self.cursor = from;
        }
    }

    fn offer(&mut self) {
        self.taken = None;
        (self.start, self.offers) = offers(&self.setting, &self.text, self.cursor);
    }

    fn complete(&mut self, forward: bool) {
        let count = self.offers.len();
        if count == 0 {
            return;
        }
        let (at, text, cursor) = match self.taken.take() {
            None => (0, self.text.clone(), self.cursor),
            Some((at, text, cursor)) => ((at + if forward { 1 } else { count - 1 }) % count, text, cursor),
        };
        let Some(offer) = self.offers.get(at).map(|offer| offer.text.clone()) else { return };
        if self.text == text {
            self.keep();
        }
        self.text = format!("{}{}{}", &text[..self.start], offer, &text[cursor..]);
        self.cursor = self.start + offer.len();
        match count {
            1 => self.offer(),
            _ => self.taken = Some((at, text, cursor)),
        }
    }

    pub(super) fn draw(&mut self, area: Rect, look: &Look<'_>, buffer: &mut Buffer) -> Option<Position> {
        let place = popup::centred(area, area.width.saturating_sub(4).min(110), area.height.saturating_sub(2));
        let inside = popup::draw(place, &self.title, buffer, look.styles, look.glyphs);
        let room = usize::from(inside.width);
        let (about, role) = self.about();
        let mut rows = inside.rows();
        if let Some(row) = rows.next() {
            Line::styled(clip(&about, room, look.glyphs), look.styles.role(role)).render(row, buffer);
        }
        let cursor = self.draw_text(&mut rows, room, look, buffer);
        let rule = look.glyphs.horizontal.repeat(room);
        let mut lines = vec![Line::styled(rule, look.styles.role(Role::Border))];
        lines.extend(self.offer_lines(room, look));
        lines.extend(self.result_lines(room, look));
        for (line, row) in lines.into_iter().zip(rows) {
            line.render(row, buffer);
        }
        cursor
    }

    fn about(&self) -> (String, Role) {
        if let Some(why) = &self.refused {
            return (why.clone(), Role::Failed);
        }
        let what = match &self.target {
            Some((written, _)) => format!("Tab completes. Ctrl-s writes it to {}.", written.label),
            None => "Tab completes. Opened on an expression (1, 3), it can be written back.".to_owned(),
        };
        (what, Role::Muted)
    }

    /// Draws the expression with what is wrong in it underlined; where the cursor is.
    fn draw_text(
        &self,
        rows: &mut impl Iterator<Item = Rect>,
        room: usize,
        look: &Look<'_>,
        buffer: &mut Buffer,
    ) -> Option<Position> {
        let line = self.text[..self.cursor].matches('\n').count();
        let first = line.saturating_sub(LINES - 1);
        let wrong = self.outcome.as_ref().filter(|outcome| outcome.tried.text == self.text);
        let wrong = wrong.and_then(|outcome| outcome.tried.span).map(crate::text::Span::range);
        let (mut start, mut cursor) = (0, None);
        for (at, text) in self.text.split('\n').enumerate() {
            let range = start..start + text.len();
            start = range.end + 1;
            if at < first || at >= first + LINES {
                continue;
            }
            let Some(row) = rows.next() else { break };
            // The cursor stays in sight.
            let mut from = range.start;
            if range.start <= self.cursor && self.cursor <= range.end {
                while width(&self.text[from..self.cursor], look.glyphs) + 1 >= room && from < self.cursor {
                    from = after(&self.text, from);
                }
                let column = width(&self.text[from..self.cursor], look.glyphs);
                cursor = Some(Position::new(row.x + u16::try_from(column).unwrap_or(0), row.y));
            }
            let styled = |range: std::ops::Range<usize>, wrong: bool| {
                let style = look.styles.role(if wrong { Role::Failed } else { Role::Text });
                let style = if wrong { style.add_modifier(Modifier::UNDERLINED) } else { style };
                Span::styled(self.text[range].to_owned(), style)
            };
            let cut = |at: usize| at.clamp(from, range.end);
            let spans = match &wrong {
                Some(wrong) if self.text.get(wrong.clone()).is_some() => vec![
                    styled(from..cut(wrong.start), false),
                    styled(cut(wrong.start)..cut(wrong.end), true),
                    styled(cut(wrong.end)..range.end, false),
                ],
                _ => vec![styled(from..range.end, false)],
            };
            let row = Rect { width: row.width.min(u16::try_from(room).unwrap_or(u16::MAX)), ..row };
            Line::from(spans).render(row, buffer);
        }
        cursor
    }

    fn offer_lines(&self, room: usize, look: &Look<'_>) -> Vec<Line<'static>> {
        let taken = self.taken.as_ref().map(|(at, ..)| *at);
        let first = taken.unwrap_or(0).saturating_sub(OFFERS - 1);
        let shown = self.offers.iter().enumerate().skip(first).take(OFFERS);
        let mut lines: Vec<_> = shown
            .map(|(at, offer)| {
                let role = if taken == Some(at) { Role::Selection } else { Role::Muted };
                let text = clip(&format!("{:<28} {}", offer.text, offer.about), room, look.glyphs);
                Line::styled(text, look.styles.role(role))
            })
            .collect();
        if !lines.is_empty() {
            lines.push(Line::styled(look.glyphs.horizontal.repeat(room), look.styles.role(Role::Border)));
        }
        lines
    }

    fn result_lines(&self, room: usize, look: &Look<'_>) -> Vec<Line<'static>> {
        let role = |role| look.styles.role(role);
        let Some(outcome) = &self.outcome else { return vec![Line::styled("…", role(Role::Muted))] };
        let mut lines = Vec::new();
        match &outcome.tried.value {
            Ok(Some(_)) => {}
            Ok(None) => lines.push(Line::styled("nothing (undefined)", role(Role::Failed))),
            Err(why) => {
                lines.extend(
                    wrap(why, room, 4, look.glyphs).into_iter().map(|line| Line::styled(line, role(Role::Failed))),
                );
            }
        }
        let hint = outcome.tried.hint.iter().flat_map(|hint| wrap(hint, room, 3, look.glyphs));
        lines.extend(hint.map(Line::raw));
        lines.extend(outcome.lines.iter().map(|line| Line::raw(clip(line, room, look.glyphs))));
        // The last part is the whole.
        let parts = outcome.tried.parts.iter().filter(|(span, _)| span.range() != (0..outcome.tried.text.len()));
        let mut parts: Vec<_> =
            parts.map(|(span, value)| part_line(span.text(&outcome.tried.text), value, room, look)).collect();
        if !parts.is_empty() {
            parts.insert(0, Line::styled("its parts", role(Role::Title)));
        }
        lines.extend(parts);
        let most = lines.len().saturating_sub(1);
        lines.split_off(self.skip.min(most))
    }
}

/// A part of an expression and its value.
fn part_line(part: &str, value: &str, room: usize, look: &Look<'_>) -> Line<'static> {
    let part = part.split_whitespace().collect::<Vec<_>>().join(" ");
    let part = clip(&format!("  {part}"), room / 2, look.glyphs);
    let left = room.saturating_sub(width(&part, look.glyphs) + 3);
    let value = clip(value, left, look.glyphs);
    Line::from(vec![
        Span::styled(part, look.styles.role(Role::Accent)),
        Span::raw(format!(" {} {value}", look.glyphs.arrow)),
    ])
}

fn before(text: &str, at: usize) -> usize {
    text[..at].char_indices().next_back().map_or(0, |(at, _)| at)
}

fn after(text: &str, at: usize) -> usize {
    text[at..].chars().next().map_or(text.len(), |c| at + c.len_utf8())
}
