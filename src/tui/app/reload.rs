//! The definition and its mocks as they change on disk.

use std::sync::Arc;

use super::{Action, App, MockChoice};
use crate::asl::Definition;
use crate::runtime::mock::{MockFile, Mocks};
use crate::text::Diagnostic;
use crate::tui::layers::{Layer, PickerLayer};

impl App {
    /// Takes a definition over as the newest one.
    pub(super) fn show_definition(&mut self, definition: Arc<Definition>) {
        if definition.machine.is_some() {
            self.good = Some(definition.clone());
        }
        self.panes.problems.set_newest(Some(definition.clone()));
        self.newest = Some(definition);
    }

    /// Of a definition that cannot run the source shows why, before anything else.
    pub(super) fn show_first_fault(&mut self) {
        let Some(newest) = self.newest.as_ref().filter(|_| self.good.is_none()) else { return };
        if let Some(first) = newest.diagnostics.iter().find(|diagnostic| diagnostic.is_error()) {
            let offset = first.span.start as usize;
            self.panes.source.show(offset, &self.scene.look());
        }
    }

    /// The file was saved.
    pub(super) fn reloaded(&mut self, definition: &Arc<Definition>) -> Vec<Action> {
        let is_same = |newest: &Arc<Definition>| {
            let json = |definition: &Definition| definition.origin.as_ref().map(|origin| origin.text().to_owned());
            newest.text == definition.text
                && json(newest) == json(definition)
                && newest.diagnostics == definition.diagnostics
        };
        if self.newest.as_ref().is_some_and(is_same) {
            // Read again on request, or after an editor that changed nothing; what is said already says more.
            return if self.status.is_none() { self.say("The file has not changed.") } else { Vec::new() };
        }
        let is_first = self.newest.is_none();
        let errors = definition.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count();
        let first = definition.diagnostics.iter().find(|diagnostic| diagnostic.is_error()).cloned();
        self.show_definition(definition.clone());
        if is_first {
            self.layers.retain(|layer| !matches!(layer, Layer::Picker(_)));
            return Vec::new();
        }
        self.reloads += 1;
        self.leave_ended_run(definition);
        if let Some(first) = first {
            let place = definition.position(first.span.start as usize);
            let running = if self.good.is_some() { "; the last good version stays in use" } else { "" };
            let count = if errors == 1 { "Error at".to_owned() } else { format!("{errors} errors, the first at") };
            return self.say(format!("{count} {place}: {}{running}", first.message));
        }
        self.breakpoints_changed();
        match &self.scene.run {
            Some(scene) if !scene.view.status.is_done() => self
                .say("The definition changed; this run keeps its own: r restarts with the new one, F goes on with it."),
            Some(scene) if scene.view.status.fault().is_some() => {
                self.say("Reloaded: F goes on from the failure with the new definition, r starts again.")
            }
            _ => self.say("Reloaded."),
        }
    }

    /// A run that is over gives way to a definition on which it cannot be shown; the list of runs still has it.
    fn leave_ended_run(&mut self, definition: &Definition) {
        let Some(scene) = &self.scene.run else { return };
        let old = &scene.run.handle().execution().machine;
        let alike = definition.machine.as_ref().is_some_and(|new| {
            new.states.len() == old.states.len() && new.states.iter().zip(&old.states).all(|(a, b)| a.name == b.name)
        });
        // One that failed can go on with the new definition.
        if scene.view.status.is_done() && scene.view.status.fault().is_none() && !alike {
            self.scene.run = None;
            self.current = None;
        }
    }

    pub(super) fn mocks_reloaded(&mut self, faults: &[Diagnostic]) -> Vec<Action> {
        match faults.first() {
            None => self.say("The mock file was read again."),
            Some(first) => self.say(format!("The mock file has errors, the old answers stay: {}", first.message)),
        }
    }

    /// A mock file beside the definition is used as if it had been there from the start.
    pub(super) fn mocks_appeared(&mut self, text: &str) -> Vec<Action> {
        let Some(path) = self.mock_path().filter(|_| self.mocks.is_none()) else { return Vec::new() };
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let file = match MockFile::read(&name, text) {
            Ok(file) => file,
            Err(faults) => {
                let why = faults.first().map_or(String::new(), |fault| fault.message.clone());
                return self.say(format!("{name} has errors and is not used: {why}"));
            }
        };
        let machine = self.machine_name.clone();
        let Some(case) = file.cases(&machine).next().map(ToString::to_string) else {
            return self.say(format!("{name} has no test case for `{machine}` and is not used."));
        };
        let words = format!("{name} is there: its test case {case} answers from the next run on.");
        let choice = MockChoice { mocks: Mocks::new(file), path, machine, case };
        self.mocks = Some(choice.clone());
        self.say(words);
        vec![Action::UseMocks(choice)]
    }

    /// The file that holds the text of the definition.
    #[must_use]
    pub fn edited_file(&self) -> Option<std::path::PathBuf> {
        self.newest.as_ref().map(|newest| newest.name.as_str().into()).or_else(|| self.file.clone())
    }

    /// Without a file: samples and recent files.
    pub(super) fn offer_files(&mut self) {
        self.layers.push(Layer::Picker(Box::new(PickerLayer::files(&self.offers))));
    }
}
