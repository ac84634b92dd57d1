//! Starting, stepping and ending runs, and the questions of their tasks.

use std::sync::Arc;

use super::scene::RunScene;
use super::{Action, App, MockChoice, Start};
use crate::asl::StateKind;
use crate::debug::replay::RecordedTasks;
use crate::debug::run::RunSpec;
use crate::debug::{Mode as RunMode, Run, StepSize, StopReason};
use crate::engine::MAX_PAYLOAD;
use crate::runtime::mock::MockTasks;
use crate::runtime::names;
use crate::runtime::tasks::TaskResult;
use crate::runtime::{Question, Tasks};
use crate::text::LineIndex;
use crate::tui::command::Mode;
use crate::tui::layers::{AnswerLayer, InputLayer, Layer, PickerLayer, RunsLayer};
use crate::value::{self, Value};

impl App {
    /// Steps: through what was recorded, in the run that stands, or in a new run.
    pub(super) fn go(&mut self, size: StepSize) -> Vec<Action> {
        if self.replay(size) {
            return Vec::new();
        }
        match self.mode() {
            Mode::Paused if self.scene.run.as_ref().is_some_and(|scene| scene.run.is_history) => {
                self.refuse("The history ends here: N goes back, C to its start.")
            }
            Mode::Paused => {
                if let Some(scene) = &mut self.scene.run {
                    scene.look_at_newest();
                    scene.run.go(size);
                }
                Vec::new()
            }
            Mode::Ended => self.refuse("The run has ended: r runs again, N looks back."),
            // The gate finishes the step that is under way first.
            Mode::Running => {
                if let Some(scene) = &self.scene.run {
                    scene.run.go(size);
                }
                Vec::new()
            }
            Mode::Ready | Mode::Empty => self.start(self.run_mode, Self::size_of_start(size)),
        }
    }

    pub(super) fn pause(&mut self) -> Vec<Action> {
        if let Some(scene) = &self.scene.run {
            scene.run.pause();
        }
        Vec::new()
    }

    /// Starts a run of the newest good definition with the current input.
    pub(super) fn start(&mut self, mode: RunMode, size: StepSize) -> Vec<Action> {
        let Some(definition) = self.good.clone() else {
            if self.newest.is_none() && self.history.is_some() {
                return self.refuse("No definition is given: asldb FILE --replay HISTORY opens a history with one.");
            }
            return self.refuse("The definition has errors and cannot run; 7 lists them, ]d goes to the next.");
        };
        let input = match self.read_input() {
            Ok(input) => input,
            Err(why) => {
                match self.layers.last_mut() {
                    Some(Layer::Input(layer)) => layer.go_to_error(),
                    _ => self.open_input(None),
                }
                return self.say(why);
            }
        };
        self.layers.retain(|layer| !matches!(layer, Layer::Input(_)));
        self.run_mode = mode;
        self.was_stepped = size != StepSize::Continue;
        self.seed = self.seed.wrapping_add(1);
        let number = self.next_number();
        let names = names::names(&self.machine_name, self.seed, mode == RunMode::Sync);
        let spec = RunSpec { number, definition, input, mode, size, names, seed: self.seed };
        match self.tasks() {
            Ok(tasks) => {
                let breakpoints = self.scene.breakpoints.clone();
                vec![self.keep(), Action::Start(Box::new(Start { spec, breakpoints, tasks }))]
            }
            Err(why) => self.say(why),
        }
    }

    fn read_input(&self) -> Result<Value, String> {
        let text = if self.input.trim().is_empty() { "{}" } else { &self.input };
        let value = value::read(text).map_err(|error| {
            let at = LineIndex::new(text).position(error.span.start as usize, text);
            format!("The input is no JSON: {at}: {error}.")
        })?;
        if value.size() > MAX_PAYLOAD {
            return Err(format!("The input has {} bytes; an execution takes {MAX_PAYLOAD} at most.", value.size()));
        }
        Ok(value)
    }

    /// Who answers tasks: the history that is open, the mock case, and the user for what they do not have.
    pub(super) fn tasks(&self) -> Result<Arc<dyn Tasks>, String> {
        let others = self.unrecorded_tasks()?;
        Ok(match &self.history {
            Some(history) => Arc::new(RecordedTasks::new(history, others)),
            None => others,
        })
    }

    fn unrecorded_tasks(&self) -> Result<Arc<dyn Tasks>, String> {
        let asking: Arc<dyn Tasks> = self.asking.clone();
        let Some(MockChoice { mocks, machine, case, path }) = &self.mocks else { return Ok(asking) };
        let tasks = MockTasks::new(mocks.clone(), machine, case, asking);
        tasks.map(|tasks| Arc::new(tasks) as Arc<dyn Tasks>).map_err(|error| format!("{}: {error}", path.display()))
    }

    pub(super) fn started(&mut self, run: Run) -> Vec<Action> {
        let words = match run.mode {
            RunMode::Sync if self.was_stepped => "(Express)",
            RunMode::Async if self.was_stepped => "(Standard)",
            RunMode::Sync => "synchronously (Express)",
            RunMode::Async => "in the background (Standard)",
        };
        let text = format!("Run {} started {words}.", run.number);
        self.current = Some(self.runs.len());
        self.keep_rate(&run);
        self.scene.run = Some(RunScene::new(run.clone()));
        self.runs.push(run);
        // Who asked for a run is told; to others the header says enough.
        if std::mem::take(&mut self.announces) || self.plain { self.say(text) } else { self.note(text) }
    }

    /// A run that somebody else started goes into the list; it is looked at when nothing else is under way.
    pub(super) fn arrived(&mut self, run: Run) -> Vec<Action> {
        let number = self.next_number();
        let run = run.numbered(number);
        let text = format!("Run {number} was started over the API: {}", run.handle().execution().names.execution_name);
        let is_busy = self.scene.run.as_ref().is_some_and(|scene| !scene.view.status.is_done());
        if !is_busy {
            self.current = Some(self.runs.len());
            self.scene.run = Some(RunScene::new(run.clone()));
        }
        self.runs.push(run);
        self.say(text)
    }

    pub(super) fn restart(&mut self) -> Vec<Action> {
        // Whoever was stepping wants to step again, whoever went to a breakpoint to go there again.
        let stop = self.scene.run.as_ref().and_then(|scene| scene.stop.as_ref());
        let is_set = |number| self.scene.breakpoints.get(number).is_some_and(|breakpoint| !breakpoint.disabled);
        let is_break = stop.is_some_and(|stop| matches!(stop.reason, StopReason::Breakpoint(at, _) if is_set(at)));
        let size = match self.mode() {
            Mode::Paused if is_break => StepSize::Continue,
            Mode::Paused => StepSize::Stage,
            _ if self.was_stepped => StepSize::Stage,
            _ => StepSize::Continue,
        };
        // A synchronous run has nobody left who waits for it, and one that was stepped has nobody who steps it.
        let is_left = |scene: &&RunScene| scene.run.mode == RunMode::Sync || scene.view.paused;
        let scene = self.scene.run.as_ref().filter(|scene| !scene.view.status.is_done()).filter(is_left);
        if let Some(scene) = scene {
            scene.run.abort("restarted");
        }
        self.start(self.run_mode, size)
    }

    pub(super) fn stop_run(&mut self) -> Vec<Action> {
        match &self.scene.run {
            Some(scene) if self.is_stoppable() => {
                scene.run.abort("stopped in the debugger");
                Vec::new()
            }
            _ => self.say("No run is under way."),
        }
    }

    /// Ends the run in row `at` of the list; one that has ended goes off the list, and what it took is given back.
    pub(super) fn stop_run_at(&mut self, at: usize) -> Vec<Action> {
        let Some(run) = self.runs.get(at) else { return Vec::new() };
        if !run.view().status.is_done() {
            run.abort("stopped in the debugger");
            return Vec::new();
        }
        let number = run.number;
        self.runs.remove(at);
        match self.current {
            Some(current) if current == at => {
                let next = at.min(self.runs.len().saturating_sub(1));
                (self.current, self.scene.run) = (None, None);
                self.look_at_run(next);
            }
            Some(current) if current > at => self.current = Some(current - 1),
            _ => {}
        }
        match self.layers.last_mut() {
            Some(Layer::Runs(_)) if self.runs.is_empty() => drop(self.layers.pop()),
            Some(Layer::Runs(layer)) => layer.keep_within(self.runs.len()),
            _ => {}
        }
        self.say(format!("Run {number} is off the list."))
    }

    /// The number of the next run: each has one of its own, also after some are off the list.
    pub(super) fn next_number(&self) -> u32 {
        self.runs.iter().map(|run| run.number).max().unwrap_or(0).saturating_add(1)
    }

    // ---- input

    pub(super) fn open_input(&mut self, text: Option<String>) {
        let text = text.unwrap_or_else(|| self.input.clone());
        self.layers.push(Layer::Input(Box::new(InputLayer::new(&text))));
    }

    /// Takes the text of the input layer over.
    pub(super) fn take_input(&mut self) {
        if let Some(Layer::Input(layer)) = self.layers.last() {
            self.owns_input |= self.input != layer.text();
            self.input = layer.text().to_owned();
        }
    }

    // ---- runs

    pub(super) fn open_runs(&mut self) -> Vec<Action> {
        if self.runs.is_empty() {
            return self.say("No runs yet; c starts one, I edits its input.");
        }
        let layer = RunsLayer::new(self.current.unwrap_or(0));
        self.open_layer(Layer::Runs(layer))
    }

    pub(super) fn look_at_run(&mut self, at: usize) -> Vec<Action> {
        if let Some(run) = self.runs.get(at) {
            self.current = Some(at);
            self.scene.run = Some(RunScene::new(run.clone()));
        }
        Vec::new()
    }

    // ---- tasks

    pub(super) fn asked(&mut self, question: Question) -> Vec<Action> {
        let name = question.call.state().name.clone();
        self.questions.push(question);
        self.say(format!("{name} waits for its result: a answers."))
    }

    /// The question to be answered first: of the run that is looked at, of the branch that is looked at.
    pub(super) fn open_question(&self) -> Option<usize> {
        let scene = self.scene.run.as_ref()?;
        let execution = scene.run.handle().execution();
        let of_run = |question: &Question| {
            question.is_open() && question.call.execution.names.execution_arn == execution.names.execution_arn
        };
        let of_branch = |question: &&Question| question.call.invocation.branch == scene.focus;
        let own = self.questions.iter().position(|question| of_run(question) && of_branch(&question));
        own.or_else(|| self.questions.iter().position(of_run))
    }

    pub(super) fn open_answer(&mut self) -> Vec<Action> {
        let Some(at) = self.open_question() else {
            return self.say(self.no_question());
        };
        let call = &self.questions[at].call;
        let layer = AnswerLayer::new(call);
        self.open_layer(Layer::Answer(Box::new(layer)))
    }

    /// Why there is nothing to answer.
    pub(super) fn no_question(&self) -> String {
        let here = self.scene.run.as_ref().filter(|_| self.mode() == Mode::Paused).and_then(|scene| scene.here);
        let state = here.zip(self.scene.machine.as_ref()).and_then(|(id, machine)| machine.states.get(id.0 as usize));
        match state.filter(|state| matches!(state.kind, StateKind::Task(_))) {
            Some(state) => {
                format!("{} does not wait for an answer at this moment: n or s steps on to its task.", state.name)
            }
            None => "No task waits for an answer.".to_owned(),
        }
    }

    /// Gives the answer of the layer to its task, and keeps it as a mock if that was wished.
    pub(super) fn answer(&mut self) -> Vec<Action> {
        let Some(Layer::Answer(layer)) = self.layers.last() else { return Vec::new() };
        let result = match layer.result() {
            Ok(result) => result,
            Err(why) => {
                if let Some(Layer::Answer(layer)) = self.layers.last_mut() {
                    layer.go_to_error();
                }
                return self.say(why);
            }
        };
        let (task, arn, keeps) = (layer.task(), layer.execution_arn().clone(), layer.keeps());
        self.layers.pop();
        let at = self.questions.iter().position(|question| {
            question.call.invocation.task == task && question.call.execution.names.execution_arn == arn
        });
        let Some(at) = at else {
            return self.say("The run does not wait for this answer any more.");
        };
        let question = self.questions.remove(at);
        let mut actions = if keeps { self.keep_answer(&question, &result) } else { Vec::new() };
        question.answer(result);
        if let Some(scene) = &mut self.scene.run {
            scene.look_at_newest();
        }
        actions.extend(self.say("Answered."));
        actions
    }

    /// Adds an answer to the mock file, or to a new one beside the definition.
    fn keep_answer(&mut self, question: &Question, result: &TaskResult) -> Vec<Action> {
        let is_new = self.mocks.is_none();
        let choice = self.mocks.clone().or_else(|| self.new_mocks());
        let Some(choice) = choice else { return self.say("There is no file to keep the answer in.") };
        let (state, number) = (&question.call.state().name, question.call.number);
        let file = choice.mocks.current();
        match file.with_answer(&choice.machine, &choice.case, state, number, result) {
            Ok(file) => {
                let text = file.to_json_text().to_owned();
                let path = choice.path.clone();
                choice.mocks.replace(file);
                self.mocks = Some(choice.clone());
                let used = is_new.then_some(Action::UseMocks(choice));
                [Action::WriteMocks { path, text }].into_iter().chain(used).collect()
            }
            Err(faults) => {
                let why = faults.first().map_or(String::new(), |fault| fault.message.clone());
                self.say(format!("The answer could not be kept: {why}"))
            }
        }
    }

    fn new_mocks(&self) -> Option<MockChoice> {
        let path = self.mock_path()?;
        let mocks =
            crate::runtime::mock::Mocks::new(crate::runtime::mock::MockFile::empty(&path.display().to_string()));
        Some(MockChoice { mocks, path, machine: self.machine_name.clone(), case: "Kept".to_owned() })
    }

    pub(super) fn choose_mock_case(&mut self) -> Vec<Action> {
        let Some(choice) = &self.mocks else {
            return self.say("No mock file: start with --mocks FILE, or keep an answer of yours.");
        };
        let file = choice.mocks.current();
        let cases: Vec<String> = file.cases(&choice.machine).map(ToString::to_string).collect();
        let picker = PickerLayer::mock_cases(cases, &choice.case);
        self.open_layer(Layer::Picker(Box::new(picker)))
    }

    pub(super) fn use_mock_case(&mut self, case: &str) -> Vec<Action> {
        if let Some(choice) = &mut self.mocks {
            choice.case = case.to_owned();
        }
        self.say(format!("Test case {case} answers from the next run on."))
    }
}
