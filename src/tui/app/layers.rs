//! Commands while a layer is in front.

use super::{Action, App};
use crate::tui::command::Command;
use crate::tui::layers::{Layer, Picked, PromptPurpose};
use crate::tui::layout::Pane;
use crate::tui::look::Request;

impl App {
    /// Does `command` for the layer in front; none if there is no layer, or the command is not about it.
    pub(super) fn layer_command(&mut self, command: Command) -> Option<Vec<Action>> {
        let count = self.runs.len();
        let layer = self.layers.last_mut()?;
        if layer.command(command, count) {
            return Some(Vec::new());
        }
        match command {
            Command::Close => Some(self.close_layer()),
            Command::Confirm => Some(self.confirm()),
            Command::StopRun => Some(match layer {
                Layer::Runs(list) => {
                    let at = list.selected();
                    self.stop_run_at(at)
                }
                _ => self.stop_run(),
            }),
            Command::Fork if matches!(layer, Layer::Resume(_)) => Some(self.fork()),
            Command::Compare if matches!(layer, Layer::Runs(_)) => Some(self.compare()),
            Command::RunSync | Command::RunAsync => {
                self.take_input();
                None
            }
            Command::Search if matches!(layer, Layer::Help(_)) => None,
            Command::NextMatch | Command::PreviousMatch => {
                let text = self.searched.clone();
                if let Some(Layer::Help(help)) = self.layers.last_mut() {
                    help.search(&text);
                }
                Some(Vec::new())
            }
            _ => None,
        }
    }

    /// Closes the layer in front; the text of an input is kept for the next run.
    fn close_layer(&mut self) -> Vec<Action> {
        self.take_input();
        let closed = self.layers.pop();
        match closed {
            Some(Layer::Input(_)) => vec![self.keep()],
            // Behind the list of files there is nothing to go back to.
            Some(Layer::Picker(picker)) if picker.offers_files() && self.newest.is_none() => vec![Action::Quit],
            _ => Vec::new(),
        }
    }

    fn confirm(&mut self) -> Vec<Action> {
        match self.layers.last() {
            Some(Layer::Answer(_)) => self.answer(),
            Some(Layer::Value(_)) => self.value_written(),
            Some(Layer::Resume(_)) => self.resume(),
            Some(Layer::Compare(_)) => self.look_at_compared(),
            Some(Layer::Timeline(_)) => self.look_at_span(),
            Some(Layer::Findings(_)) => self.look_at_finding(),
            Some(Layer::Playground(_)) => self.write_back(),
            Some(Layer::Lesson(_)) => {
                self.layers.pop();
                Vec::new()
            }
            Some(Layer::Runs(layer)) => {
                let at = layer.selected();
                self.layers.pop();
                self.look_at_run(at)
            }
            Some(Layer::Picker(layer)) => match layer.selected().cloned() {
                Some(picked) => {
                    self.layers.pop();
                    self.picked(picked)
                }
                None => Vec::new(),
            },
            Some(Layer::Prompt(layer)) => {
                let (purpose, text) = (layer.purpose(), layer.text().to_owned());
                self.layers.pop();
                self.prompted(purpose, text)
            }
            Some(Layer::Line(layer)) => {
                let text = layer.text().to_owned();
                self.layers.pop();
                self.line_typed(&text)
            }
            _ => Vec::new(),
        }
    }

    fn prompted(&mut self, purpose: PromptPurpose, text: String) -> Vec<Action> {
        if let (PromptPurpose::Search, Some(Layer::Help(help))) = (purpose, self.layers.last_mut()) {
            help.search(&text);
            self.searched = text;
            return Vec::new();
        }
        match purpose {
            PromptPurpose::Search => self.search_for(text),
            PromptPurpose::Filter => {
                self.filter_by(&text);
                Vec::new()
            }
        }
    }

    pub(super) fn filter_by(&mut self, text: &str) {
        match self.focus {
            Pane::Context => self.panes.context.set_filter(text),
            _ => self.panes.history.set_filter(text),
        }
    }

    fn picked(&mut self, picked: Picked) -> Vec<Action> {
        match picked {
            Picked::Command(command) => self.run_command(command),
            Picked::State(state) => self.requests(vec![Request::LookAtState(state)]),
            Picked::Breakpoint(number) => {
                let place = self.scene.breakpoints.get(number).and_then(|breakpoint| breakpoint.state.clone());
                let Some(place) = place else { return self.say("This one is about no state in particular.") };
                let state = self.scene.machine.as_ref().and_then(|machine| place.find(machine));
                match state {
                    Some(state) => self.show_state(state),
                    None => self.say(format!("{place} is not in this version of the definition.")),
                }
            }
            Picked::Theme(name) => vec![Action::LoadTheme(name)],
            Picked::MockCase(case) => self.use_mock_case(&case),
            Picked::File(path, machine) => vec![Action::Open { path, machine }],
        }
    }
}
