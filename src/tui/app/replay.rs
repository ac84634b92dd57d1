//! Recorded histories: looked at like runs, and run here on what was recorded. Runs that go on without the debugger.

use std::sync::Arc;

use super::scene::RunScene;
use super::{Action, AgainOrder, App, CompareOrder, Message};
use crate::debug::Run;
use crate::debug::replay::{self, Parting, Replay};

impl App {
    /// Shows a history as the first run.
    pub(super) fn open_history(&mut self, history: Arc<Replay>) {
        let run = Run::recorded(self.next_number(), &history);
        let count = history.log.events.len();
        let status = if history.status.is_done() { history.status.name() } else { "its end is not in it" };
        let local = if history.given.is_some() { "g y runs it here" } else { "no definition is given" };
        let mut text = format!("History of {count} events, {status}: N goes back, C to its start; {local}.");
        for note in &history.notes {
            text.push_str(&format!(" Note: {note}."));
        }
        self.current = Some(self.runs.len());
        self.scene.run = Some(RunScene::new(run.clone()));
        self.runs.push(run);
        self.history = Some(history);
        drop(self.say(text));
    }

    /// Runs the newest good definition on what the history recorded.
    pub(super) fn run_again(&mut self) -> Vec<Action> {
        let Some(history) = self.history.clone() else {
            return self.refuse("No history is open: asldb FILE --replay HISTORY opens one.");
        };
        let Some(definition) = self.good.clone() else {
            return self.refuse("No definition to run: asldb FILE --replay HISTORY opens a history with one.");
        };
        match self.tasks() {
            Ok(tasks) => {
                let breakpoints = self.scene.breakpoints.clone();
                vec![Action::RunAgain(Box::new(AgainOrder { replay: history, definition, breakpoints, tasks }))]
            }
            Err(why) => self.refuse(why),
        }
    }

    /// A history was run here: where the run parts from it, both are shown side by side.
    pub(super) fn ran_again(&mut self, run: Option<Run>, parting: Option<Parting>) -> Vec<Action> {
        let Some(run) = run else { return self.refuse("The run could not be made.") };
        let run = run.numbered(self.next_number());
        let number = run.number;
        self.runs.push(run.clone());
        let Some(parting) = parting else {
            return self.say(format!("Run {number} is as recorded, event by event. g r lists the runs."));
        };
        let at = match (parting.recorded, parting.local) {
            (Some(event), _) => format!("event {} of the history", event.0),
            (None, Some(event)) => format!("event {} of the run", event.0),
            (None, None) => "their ends".to_owned(),
        };
        let thread = if parting.thread.is_empty() { String::new() } else { format!(" in {}", parting.thread) };
        drop(self.say(format!("Run {number} and the history part at {at}{thread}: {}.", parting.lines.join("; "))));
        self.current = Some(self.runs.len() - 1);
        self.scene.run = Some(RunScene::new(run.clone()));
        let history = self.runs.iter().find(|run| run.is_history).cloned();
        history.map(|left| Action::Compare(Box::new(CompareOrder { left, right: run }))).into_iter().collect()
    }

    /// Lets the run go on without the debugger, or attaches to it again.
    pub(super) fn toggle_detached(&mut self) -> Vec<Action> {
        let Some(scene) = &mut self.scene.run else { return Vec::new() };
        let number = scene.run.number;
        if scene.run.is_history || scene.view.status.is_done() {
            return self.refuse("This run has ended: there is nothing to detach from.");
        }
        if scene.run.is_detached() {
            scene.run.attach();
            return self.say(format!("Run {number} stops at breakpoints again."));
        }
        scene.look_at_newest();
        scene.run.detach();
        self.say(format!("Run {number} goes on without the debugger; D attaches again."))
    }
}

impl AgainOrder {
    /// Runs it and compares; takes the time that the steps take. Must be called on a tokio runtime.
    #[must_use]
    pub fn run(self) -> Message {
        let Self { replay, definition, breakpoints, tasks } = self;
        let Some(again) = replay.again(&definition) else { return Message::RanAgain(None, None) };
        let parting = replay::part(replay.side(), again.side());
        Message::RanAgain(Run::again(0, definition, &again, &breakpoints, tasks), parting)
    }
}
