//! Lists to choose from: commands, states, breakpoints, themes, mock cases, files.

use std::path::PathBuf;

use ratatui::buffer::Buffer;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;
use ratatui::widgets::Widget;

use crate::asl::{StateId, StateMachine};
use crate::config::Role;
use crate::debug::Breakpoints;
use crate::tui::app::Offer;
use crate::tui::command::{COMMANDS, Command, Focus, Mode};
use crate::tui::look::Look;
use crate::tui::widgets::picker::{Choice, Picker};
use crate::tui::widgets::popup;
use crate::tui::widgets::rows::RowHit;
use crate::tui::widgets::text::clip;

/// What was chosen.
#[derive(Debug, Clone, PartialEq)]
pub enum Picked {
    /// A command.
    Command(Command),
    /// A state to go to.
    State(StateId),
    /// A breakpoint: its number.
    Breakpoint(u32),
    /// A theme.
    Theme(String),
    /// A test case of the mock file.
    MockCase(String),
    /// A file to open, and the state machine in it.
    File(PathBuf, Option<String>),
}

/// A list to choose from.
pub struct PickerLayer {
    title: &'static str,
    hint: &'static str,
    offers_files: bool,
    picker: Picker<Picked>,
    hits: Vec<RowHit>,
}

impl PickerLayer {
    fn new(title: &'static str, hint: &'static str, choices: Vec<Choice<Picked>>) -> Self {
        Self { title, hint, offers_files: false, picker: Picker::new(choices), hits: Vec::new() }
    }

    /// The commands that do something in `mode`.
    #[must_use]
    pub fn palette(mode: Mode) -> Self {
        let rows = COMMANDS.iter().filter(|row| row.modes.has(mode));
        let choices = rows.map(|row| {
            let keys = row.key_label(Focus::Source).or_else(|| row.keys.first().map(|(keys, _)| (*keys).to_owned()));
            let label = format!("{:<20} {}", row.name, row.doc);
            Choice { label, detail: keys.unwrap_or_default(), value: Picked::Command(row.command) }
        });
        Self::new("Commands", "Enter runs the command", choices.collect())
    }

    /// The states of `machine`.
    #[must_use]
    pub fn states(machine: &StateMachine, look: &Look<'_>) -> Self {
        let choices = machine.ids().map(|id| {
            let state = machine.state(id);
            let tally = look.run.as_ref().map(|run| run.tally.state(id)).unwrap_or_default();
            let visits = if tally.visits > 0 { format!("  visits: {}", tally.visits) } else { String::new() };
            let detail = format!("{}{visits}", state.kind.type_name());
            Choice { label: state.name.to_string(), detail, value: Picked::State(id) }
        });
        Self::new("States", "Enter goes to the state", choices.collect())
    }

    /// The breakpoints.
    #[must_use]
    pub fn breakpoints(breakpoints: &Breakpoints, hits: &[(u32, u64)]) -> Self {
        let hit = |number| hits.iter().find(|(known, _)| *known == number).map(|(_, count)| format!("hit {count}x"));
        let choices = breakpoints.iter().map(|breakpoint| {
            let words = breakpoint.to_string();
            // At the right, where it is not cut.
            let (label, off) = words.strip_suffix(" (off)").map_or((&*words, None), |words| (words, Some("off")));
            let detail = off.map(str::to_owned).or_else(|| hit(breakpoint.number)).unwrap_or_default();
            Choice { label: label.to_owned(), detail, value: Picked::Breakpoint(breakpoint.number) }
        });
        let hint = "Enter goes to the state; b there takes it away, B changes it, :delete NUMBER";
        Self::new("Breakpoints", hint, choices.collect())
    }

    /// The themes.
    #[must_use]
    pub fn themes(themes: &[String], current: &str) -> Self {
        let choices = themes.iter().map(|name| Choice {
            label: name.clone(),
            detail: in_use(name == current),
            value: Picked::Theme(name.clone()),
        });
        Self::new("Themes", "Enter takes the theme", choices.collect())
    }

    /// The test cases of the mock file.
    #[must_use]
    pub fn mock_cases(cases: Vec<String>, current: &str) -> Self {
        let choices = cases.into_iter().map(|case| Choice {
            detail: in_use(case == current),
            label: case.clone(),
            value: Picked::MockCase(case),
        });
        Self::new("Mock test cases", "Enter lets the case answer from the next run on", choices.collect())
    }

    /// Samples and recent files, or the state machines of a template.
    #[must_use]
    pub fn files(offers: &[Offer]) -> Self {
        let widest = offers.iter().map(|offer| offer.name.chars().count()).max().unwrap_or(0).min(30);
        let choices = offers.iter().map(|Offer { name, about, file, machine }| Choice {
            label: format!("{name:<widest$}  {about}"),
            detail: String::new(),
            value: Picked::File(file.clone(), machine.clone()),
        });
        let (title, hint) = match offers.iter().any(|offer| offer.machine.is_some()) {
            true => ("State machines of this template", "Enter opens; --machine LOGICAL_ID does so at once"),
            false => ("asldb: samples and recent files", "Enter opens; asldb FILE opens yours"),
        };
        Self { offers_files: true, ..Self::new(title, hint, choices.collect()) }
    }

    /// What is under the cursor.
    #[must_use]
    pub fn selected(&self) -> Option<&Picked> {
        self.picker.selected().map(|choice| &choice.value)
    }

    /// Whether it offers files to open.
    #[must_use]
    pub fn offers_files(&self) -> bool {
        self.offers_files
    }

    pub(super) fn key(&mut self, event: KeyEvent) {
        match event.code {
            KeyCode::Char(c) if !event.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) => {
                self.picker.insert(c.encode_utf8(&mut [0; 4]));
            }
            KeyCode::Backspace => self.picker.backspace(),
            _ => {}
        }
    }

    pub(super) fn paste(&mut self, text: &str) {
        self.picker.insert(text.lines().next().unwrap_or(""));
    }

    pub(super) fn command(&mut self, command: Command) -> bool {
        match command {
            Command::Up => self.picker.move_by(-1),
            Command::Down => self.picker.move_by(1),
            Command::PageUp => self.picker.move_by(-10),
            Command::PageDown => self.picker.move_by(10),
            _ => return false,
        }
        true
    }

    pub(super) fn move_by(&mut self, by: isize) {
        self.picker.move_by(by);
    }

    pub(super) fn click(&mut self, at: Position) {
        if let Some(hit) = self.hits.iter().find(|hit| hit.area.contains(at)) {
            self.picker.move_to(hit.row);
        }
    }

    pub(super) fn draw(&mut self, area: Rect, look: &Look<'_>, buffer: &mut Buffer) -> Option<Position> {
        let height = u16::try_from(self.picker.len() + 4).unwrap_or(u16::MAX).max(12);
        let place = popup::centred(area, 100, height.min(area.height.saturating_sub(2)));
        let inside = popup::draw(place, self.title, buffer, look.styles, look.glyphs);
        let list = Rect { height: inside.height.saturating_sub(1), ..inside };
        let (hits, (x, y)) = self.picker.draw(list, buffer, look.styles, look.glyphs);
        self.hits = hits;
        let row = Rect { y: inside.bottom().saturating_sub(1), height: 1.min(inside.height), ..inside };
        // What the row has no room for.
        let hint = match self.selected() {
            Some(Picked::Command(command)) => command.row().doc,
            _ => self.hint,
        };
        let hint = clip(hint, usize::from(row.width), look.glyphs);
        Line::styled(hint, look.styles.role(Role::Muted)).render(row, buffer);
        Some(Position::new(x, y))
    }
}

fn in_use(is: bool) -> String {
    if is { "in use".to_owned() } else { String::new() }
}
