//! Keys to commands, or to the layer that takes text.

use ratatui::crossterm::event::{KeyEvent, KeyEventKind};

use super::{Action, App};
use crate::tui::command::{Command, Focus, Mode};
use crate::tui::keymap::{Key, Lookup};

impl App {
    pub(super) fn key(&mut self, event: KeyEvent) -> Vec<Action> {
        if event.kind == KeyEventKind::Release {
            return Vec::new();
        }
        let Some(key) = Key::from_event(&event) else { return Vec::new() };
        self.status = None;
        if let Some(course) = &mut self.course {
            course.key();
        }
        let begins = self.pending.is_empty();
        self.pending.push(key);
        match self.keymap.lookup(&self.pending, self.focus(), self.mode()) {
            Lookup::Match(command) => {
                self.end_sequence();
                self.run_command(command)
            }
            Lookup::Prefix(_) => Vec::new(),
            Lookup::None if begins && self.focus().takes_text() => {
                self.end_sequence();
                self.text_key(event)
            }
            Lookup::None => {
                let keys = std::mem::take(&mut self.pending);
                self.end_sequence();
                self.say_why_not(&keys)
            }
        }
    }

    /// What may follow the keys that were typed, once the user hesitates.
    pub(super) fn followers(&self) -> Option<Vec<(Key, String)>> {
        if !self.shows_pending {
            return None;
        }
        match self.keymap.lookup(&self.pending, self.focus(), self.mode()) {
            Lookup::Prefix(follow) => Some(follow),
            _ => None,
        }
    }

    pub(super) fn end_sequence(&mut self) {
        self.pending.clear();
        self.shows_pending = false;
    }

    /// A key that is no command: text for the layer that takes it.
    fn text_key(&mut self, event: KeyEvent) -> Vec<Action> {
        if let Some(layer) = self.layers.last_mut() {
            layer.key(event);
        }
        Vec::new()
    }

    /// Says why keys do nothing: at this moment, in this layer, or at all.
    fn say_why_not(&mut self, keys: &[Key]) -> Vec<Action> {
        if let Some(command) = self.keymap.command_of(keys, self.focus()) {
            return self.refuse(self.why_not(command));
        }
        if !self.layers.is_empty() && self.keymap.command_of(keys, Focus::Source).is_some() {
            return self.say("Esc closes this first.");
        }
        let typed: Vec<String> = keys.iter().map(ToString::to_string).collect();
        self.say(format!("{} does nothing here; ? shows what does.", typed.join(" ")))
    }

    /// Why `command` does nothing now.
    pub(super) fn why_not(&self, command: Command) -> String {
        let name = command.row().name;
        match self.mode() {
            Mode::Empty => format!("{name} needs a definition: asldb FILE opens one."),
            Mode::Ready if self.good.is_none() => {
                "The definition has errors and cannot run; 7 lists them, ]d goes to the next.".to_owned()
            }
            Mode::Ready => format!("{name} needs a run: n starts one."),
            Mode::Ended => format!("{name} does nothing now: the run has ended. r runs again, N looks back."),
            Mode::Paused => format!("{name} does nothing now: the run stands."),
            Mode::Running => format!("{name} does nothing now: the run goes on. Space pauses it."),
        }
    }

    pub(super) fn paste(&mut self, text: &str) -> Vec<Action> {
        self.end_sequence();
        if let Some(layer) = self.layers.last_mut().filter(|layer| layer.focus().takes_text()) {
            layer.paste(text);
            return Vec::new();
        }
        // Pasted text is never run as keys; here it can only be meant as an input.
        match self.layers.is_empty() && crate::value::read(text).is_ok() {
            true => {
                self.open_input(Some(text.to_owned()));
                self.say("Pasted as the input of the next run.")
            }
            false => self.say("What was pasted is no JSON; paste it into the input (I)."),
        }
    }
}
