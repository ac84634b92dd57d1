//! The command line: one line of text over the last line of the panes, with what may be meant above it.

use ratatui::buffer::Buffer;
use ratatui::crossterm::event::{KeyCode, KeyEvent};
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};

use crate::config::Role;
use crate::debug::spec::{FAILURES, OPTIONS, STAGES};
use crate::tui::command::{COMMANDS, Command};
use crate::tui::look::Look;
use crate::tui::widgets::line_edit::LineEdit;
use crate::tui::widgets::text::clip;

/// Rows of what may be meant.
const SHOWN: usize = 6;

/// What completion knows of the definition and the run.
#[derive(Debug, Default)]
pub struct Completions {
    /// The names of the states.
    pub states: Vec<String>,
    /// The paths of the data at the moment.
    pub paths: Vec<String>,
}

/// The command line.
pub struct LineLayer {
    line: LineEdit,
    /// What was typed before, the newest last.
    typed: Vec<String>,
    /// Where in it the line is, counted from the newest; 0: the line itself.
    at: usize,
    /// The line, while an older one is shown.
    own: String,
    completions: Completions,
    /// What may stand at the end of the text, with words about it.
    offers: Vec<(String, String)>,
    /// The offer that Tab took, and the text before it.
    taken: Option<(usize, String)>,
}

impl LineLayer {
    /// A line that begins with `text`.
    #[must_use]
    pub fn new(text: &str, typed: Vec<String>, completions: Completions) -> Self {
        let mut line = Self {
            line: LineEdit::new(text),
            typed,
            at: 0,
            own: String::new(),
            completions,
            offers: Vec::new(),
            taken: None,
        };
        line.offer();
        line
    }

    /// What was typed.
    #[must_use]
    pub fn text(&self) -> &str {
        self.line.text()
    }

    pub(super) fn key(&mut self, event: KeyEvent) {
        match event.code {
            KeyCode::Tab => return self.complete(true),
            KeyCode::BackTab => return self.complete(false),
            KeyCode::Up => self.recall(true),
            KeyCode::Down => self.recall(false),
            _ if !self.line.key(event) => return,
            _ => {}
        }
        self.offer();
    }

    pub(super) fn paste(&mut self, text: &str) {
        self.line.insert(text);
        self.offer();
    }

    fn recall(&mut self, older: bool) {
        let at = if older { (self.at + 1).min(self.typed.len()) } else { self.at.saturating_sub(1) };
        if at == self.at {
            return;
        }
        if self.at == 0 {
            self.own = self.text().to_owned();
        }
        self.at = at;
        let line = at.checked_sub(1).and_then(|back| self.typed.iter().rev().nth(back));
        self.line = LineEdit::new(line.unwrap_or(&self.own).as_str());
    }

    /// Takes the next offer, or the one before.
    fn complete(&mut self, forward: bool) {
        let count = self.offers.len();
        let next = match &self.taken {
            _ if count == 0 => return,
            None => 0,
            Some((at, _)) => (at + if forward { 1 } else { count - 1 }) % count,
        };
        let base = match self.taken.take() {
            Some((_, base)) => base,
            None => self.line.around().0.to_owned(),
        };
        let start = token_start(&base, &self.completions);
        let mut head = base[..start].to_owned();
        head.push_str(&self.offers[next].0);
        self.line.set_head(&head);
        self.taken = Some((next, base));
    }

    /// Works out what may be meant.
    fn offer(&mut self) {
        self.taken = None;
        let head = self.line.around().0;
        let token = &head[token_start(head, &self.completions)..];
        self.offers = match head.split_once(' ') {
            None => commands(token),
            Some((word, _)) => {
                self.arguments(Command::typed(if word == "tbreak" { "break" } else { word }), head, token)
            }
        };
    }

    fn arguments(&self, command: Option<Command>, head: &str, token: &str) -> Vec<(String, String)> {
        let Some(command) = command else { return Vec::new() };
        let plain = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let words = head.split_whitespace().count();
        let before = head[..head.len() - token.len()].trim_end().rsplit(' ').next().unwrap_or_default();
        let mut all: Vec<String> = Vec::new();
        if token.starts_with('$') {
            all.extend(self.completions.paths.iter().cloned());
        } else if before == "at" {
            all.extend(plain(&["entry", "exit"]));
            all.extend(STAGES.iter().map(|(name, _)| (*name).to_owned()));
        } else {
            match command {
                Command::Catch if words <= 1 + usize::from(!token.is_empty()) => {
                    all.extend(FAILURES.iter().map(|(name, _)| (*name).to_owned()));
                }
                Command::Break | Command::Catch if head.contains(" if ") => {
                    all.extend(self.completions.paths.iter().cloned());
                }
                Command::Break | Command::Catch => {
                    let behind = head.split_once(' ').map_or("", |(_, rest)| rest.trim_start());
                    let behind = behind[..behind.len() - token.len().min(behind.len())].trim_end();
                    // One state is enough; what catch has in front of it is none.
                    let is_named = self.completions.states.iter().any(|name| behind.ends_with(name.as_str()));
                    if !is_named {
                        all.extend(self.completions.states.iter().cloned());
                    }
                    all.extend(plain(OPTIONS));
                }
                Command::RunToCursor | Command::GoToState | Command::ToggleBreakpoint => {
                    all.extend(self.completions.states.iter().cloned());
                }
                Command::Print | Command::Watch | Command::Watchpoint | Command::Assert | Command::BackToChange => {
                    all.extend(self.completions.paths.iter().cloned());
                }
                _ => {}
            }
        }
        let wanted = token.to_lowercase();
        let fits = all.into_iter().filter(|word| word.to_lowercase().starts_with(&wanted) && word != token);
        fits.map(|word| (word, String::new())).collect()
    }

    pub(super) fn draw(&mut self, area: Rect, look: &Look<'_>, buffer: &mut Buffer) -> Option<Position> {
        let row = Rect { y: area.bottom().saturating_sub(1), height: 1.min(area.height), ..area };
        let room = usize::from(row.width).saturating_sub(3);
        let (shown, column) = self.line.shown(room, look.glyphs);
        let column = row.x + 2 + column;
        Line::styled(" ".repeat(usize::from(row.width)), look.styles.role(Role::Text)).render(row, buffer);
        Line::from(vec![Span::styled(" :", look.styles.role(Role::Accent)), Span::raw(shown)]).render(row, buffer);
        self.draw_offers(Rect { height: area.height.saturating_sub(1), ..area }, look, buffer);
        Some(Position::new(column.min(row.right().saturating_sub(1)), row.y))
    }

    fn draw_offers(&self, area: Rect, look: &Look<'_>, buffer: &mut Buffer) {
        let mut lines: Vec<Line<'static>> = Vec::new();
        let taken = self.taken.as_ref().map(|(at, _)| *at);
        let first = taken.unwrap_or(0).saturating_sub(SHOWN - 1);
        let room = usize::from(area.width).saturating_sub(2);
        for (at, (word, about)) in self.offers.iter().enumerate().skip(first).take(SHOWN) {
            let style = if taken == Some(at) { look.styles.role(Role::Selection) } else { Style::default() };
            let text = if about.is_empty() { word.clone() } else { format!("{word:<20} {about}") };
            lines.push(Line::styled(clip(&format!(" {text}"), room, look.glyphs), style));
        }
        if self.text().is_empty() {
            let text = " Tab completes, Up recalls what was typed before, Ctrl-p lists all commands";
            lines.push(Line::styled(clip(text, room, look.glyphs), look.styles.role(Role::Muted)));
        }
        let word = self.text().split(' ').next().unwrap_or_default();
        if let Some(usage) = Command::typed(word).and_then(Command::usage).filter(|_| self.text().contains(' ')) {
            let text = clip(&format!(" {word} {}", usage.arguments), room, look.glyphs);
            lines.push(Line::styled(text, look.styles.role(Role::Muted)));
        }
        let height = u16::try_from(lines.len()).unwrap_or(0).min(area.height);
        let place = Rect { y: area.bottom().saturating_sub(height), height, ..area };
        Clear.render(place, buffer);
        buffer.set_style(place, look.styles.role(Role::Text));
        for (line, row) in lines.into_iter().zip(place.rows()) {
            line.render(row, buffer);
        }
    }
}

/// The commands whose names begin with `token`, or have it in them.
fn commands(token: &str) -> Vec<(String, String)> {
    let fits = |row: &&crate::tui::command::CommandRow| row.name.contains(token) && row.name != token;
    let mut rows: Vec<_> = COMMANDS.iter().filter(fits).collect();
    rows.sort_by_key(|row| !row.name.starts_with(token));
    if token.is_empty() {
        return Vec::new();
    }
    rows.into_iter().map(|row| (row.name.to_owned(), row.doc.to_owned())).collect()
}

/// Where the word begins that is being typed: names of states may have blanks in them.
fn token_start(head: &str, completions: &Completions) -> usize {
    let starts = head.match_indices(' ').map(|(at, _)| at + 1);
    let is_name = |at: &usize| {
        let rest = head[*at..].to_lowercase();
        rest.contains(' ') && completions.states.iter().any(|name| name.to_lowercase().starts_with(&rest))
    };
    let last = head.rfind([' ', '(', '{']).map_or(0, |at| at + 1);
    starts.filter(is_name).min().unwrap_or(last)
}
