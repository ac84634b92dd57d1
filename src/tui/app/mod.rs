//! The application: everything that is on the screen, and how messages change it. No I/O: what is to be done outside
//! comes back as [`Action`]s, so tests drive exactly what users drive.

mod change;
mod child;
mod commands;
mod draw;
mod kept;
mod keys;
mod layers;
mod line;
mod messages;
mod mouse;
mod reload;
mod replay;
mod runs;
mod scene;
mod setup;
mod sight;
mod stand;
mod teach;
#[cfg(test)]
mod tests;
mod time;
mod why;

use std::path::PathBuf;
use std::sync::Arc;

use ratatui::layout::Position;

use super::command::{Focus, Mode};
use super::keymap::{Key, Keymap, KeymapError};
use super::layers::Layer;
use super::layout::{Divider, Layout, Pane, Splits};
use super::panes::{ContextPane, DataPane, HistoryPane, ProblemsPane, SourcePane, StackPane, StatesPane};
use crate::asl::Definition;
use crate::config::Session;
use crate::debug::replay::Replay;
use crate::debug::{Mode as RunMode, Run, SharedBreakpoints, StepSize};
use crate::runtime::{Asking, Question, Rate};

pub use messages::{Action, AgainOrder, CompareOrder, ForkOrder, Message, Rewrite, Start};
pub use scene::Scene;
pub use setup::{MockChoice, Offer, ReadAgain, Setup, Source};

/// Lines that are kept for whoever asks what was said.
const MOST_SAID: usize = 20_000;

/// The panes of the screen.
#[derive(Default)]
pub(super) struct Panes {
    pub(super) source: SourcePane,
    pub(super) states: StatesPane,
    pub(super) data: DataPane,
    pub(super) history: HistoryPane,
    pub(super) context: ContextPane,
    pub(super) stack: StackPane,
    pub(super) problems: ProblemsPane,
}

/// The application.
pub struct App {
    file: Option<PathBuf>,
    machine_name: String,
    /// The definition as it is in the file.
    newest: Option<Arc<Definition>>,
    /// The newest one that can be run.
    good: Option<Arc<Definition>>,
    reloads: u32,
    input: String,
    /// Whether the input was written here; one that stands in a file is read from there again.
    owns_input: bool,
    mocks: Option<MockChoice>,
    asking: Arc<Asking>,
    questions: Vec<Question>,
    runs: Vec<Run>,
    /// The history that is open.
    history: Option<Arc<Replay>>,
    current: Option<usize>,
    run_mode: RunMode,
    /// How fast the clocks of runs go, and how fast before they stood.
    rate: Rate,
    rate_before: Rate,
    seed: u64,
    shared_breakpoints: SharedBreakpoints,
    scene: Scene,
    panes: Panes,
    focus: Pane,
    zoom: bool,
    splits: Splits,
    layout: Option<Layout>,
    /// Where the header has the slider: its first column, and how many cells it has.
    slider: Option<(u16, u16)>,
    layers: Vec<Layer>,
    keymap: Keymap,
    pending: Vec<Key>,
    shows_pending: bool,
    searched: String,
    /// What was typed into the command line, the newest last.
    typed: Vec<String>,
    /// Whether a command could not be done since this was last asked.
    has_failed: bool,
    /// What was said since this was last asked.
    said: Vec<String>,
    /// Whether the last run was started to be stepped.
    was_stepped: bool,
    /// Whether the last change by hand was possible.
    change_was_taken: bool,
    status: Option<String>,
    /// Whether the next run that begins is said in the last line.
    announces: bool,
    offers: Vec<Offer>,
    themes: Vec<String>,
    theme: String,
    plain: bool,
    course: Option<super::learn::Course>,
    /// Whether steps are put into words.
    explains: bool,
    /// What the last step did, and what the next will do.
    sentences: (String, String),
    mouse: bool,
    dragged: Option<(Divider, Position)>,
    last_click: Option<(Position, std::time::Instant)>,
}

impl App {
    /// The application at its start.
    ///
    /// # Errors
    /// The command table gives a key two meanings.
    pub fn new(setup: Setup) -> Result<Self, KeymapError> {
        let breakpoints = kept::kept_breakpoints(&setup.session);
        let kept = &setup.session.layout;
        let mut scene = Scene::new(breakpoints, setup.styles, setup.glyphs);
        scene.watches = kept::kept_watches(&setup.session);
        let mut app = Self {
            file: setup.file,
            machine_name: setup.machine_name,
            newest: None,
            good: None,
            reloads: 0,
            input: setup.input,
            owns_input: setup.session.input.is_some(),
            mocks: setup.mocks,
            asking: setup.asking,
            questions: Vec::new(),
            runs: Vec::new(),
            history: None,
            current: None,
            // Most state machines are Standard ones; as an Express one, a long wait would run into its five minutes.
            run_mode: if setup.is_express { RunMode::Sync } else { RunMode::Async },
            rate: Rate::REAL,
            rate_before: Rate::REAL,
            seed: setup.seed,
            shared_breakpoints: setup.shared_breakpoints,
            scene,
            panes: Panes::default(),
            focus: Pane::numbered(kept.focus).unwrap_or(Pane::Source),
            zoom: kept.zoom,
            splits: Splits::kept(&kept.widths, &kept.heights),
            layout: None,
            slider: None,
            layers: Vec::new(),
            keymap: Keymap::new()?,
            pending: Vec::new(),
            shows_pending: false,
            searched: String::new(),
            typed: setup.session.commands,
            has_failed: false,
            said: Vec::new(),
            was_stepped: false,
            change_was_taken: false,
            status: None,
            announces: false,
            offers: setup.offers,
            themes: setup.themes,
            theme: setup.theme,
            explains: setup.session.words || setup.course.is_some(),
            plain: false,
            course: setup.course,
            sentences: (String::new(), String::new()),
            mouse: true,
            dragged: None,
            last_click: None,
        };
        match setup.definition {
            Some(definition) => app.show_definition(definition),
            None if setup.history.is_some() => {}
            None => app.offer_files(),
        }
        app.begin_lesson();
        if let Some(history) = setup.history {
            app.open_history(history);
        }
        app.refresh();
        app.show_first_fault();
        app.put_into_words();
        if setup.plain {
            app.be_plain();
        }
        Ok(app)
    }

    /// Changes the application; what is to be done outside comes back.
    pub fn update(&mut self, message: Message) -> Vec<Action> {
        let mut actions = match message {
            Message::Key(key) => self.key(key),
            Message::Mouse(event) => self.mouse_event(event),
            Message::Paste(text) => self.paste(&text),
            Message::Resized | Message::News => Vec::new(),
            Message::Started(run) => self.started(run),
            Message::Forked(run, from) => self.forked(run, from),
            Message::RanAgain(run, parting) => self.ran_again(run, parting),
            Message::Compared(compared) => self.compared(*compared),
            Message::Found(layer) => self.open_layer(Layer::Findings(layer)),
            Message::Tried(outcome) => {
                self.tried(*outcome);
                Vec::new()
            }
            Message::Sighted(setting) => {
                self.sighted(*setting);
                Vec::new()
            }
            Message::Stood(stood) => {
                self.stood(stood);
                Vec::new()
            }
            Message::Arrived(run) => self.arrived(run),
            Message::Question(question) => self.asked(question),
            Message::Definition(definition) => self.reloaded(&definition),
            Message::DefinitionGone => {
                self.say("The file is gone; what was read last stays. Saving it again loads it.")
            }
            Message::MocksReloaded(faults) => self.mocks_reloaded(&faults),
            Message::MocksAppeared(text) => self.mocks_appeared(&text),
            Message::Theme(theme, styles) => {
                self.theme.clone_from(&theme.name);
                self.scene.styles = styles;
                Vec::new()
            }
            Message::Say(text) => self.say(text),
            Message::Ending => {
                self.take_input();
                vec![self.keep()]
            }
            Message::KeysPending => {
                self.shows_pending = !self.pending.is_empty();
                Vec::new()
            }
        };
        self.refresh();
        actions.extend(self.next_trial());
        actions.extend(self.next_stand());
        actions.extend(self.check_lesson());
        self.put_into_words();
        actions
    }

    /// Whether a sequence of keys is under way that is not explained yet.
    #[must_use]
    pub fn is_key_pending(&self) -> bool {
        !self.pending.is_empty() && !self.shows_pending
    }

    /// Whether a pane that is shown has more to work out and wants another frame.
    #[must_use]
    pub fn wants_frame(&self) -> bool {
        let shown = self.layout.as_ref().is_some_and(|layout| layout.pane(Pane::History).is_some());
        let reads = self.layers.last().is_some_and(|layer| matches!(layer, Layer::Timeline(line) if line.is_reading()));
        reads || shown && self.panes.history.is_reading(&self.scene.look())
    }

    /// How things stand with the run that is looked at.
    #[must_use]
    pub fn mode(&self) -> Mode {
        let Some(run) = &self.scene.run else {
            return if self.good.is_some() || self.newest.is_some() { Mode::Ready } else { Mode::Empty };
        };
        if run.past.is_some() {
            // What was recorded can be stepped through, whatever the run does now.
            Mode::Paused
        } else if run.root_view.status.is_done() {
            Mode::Ended
        } else if run.root_view.paused {
            Mode::Paused
        } else {
            Mode::Running
        }
    }

    /// What takes the keys.
    #[must_use]
    pub fn focus(&self) -> Focus {
        match (self.layers.last(), self.focus) {
            (Some(layer), _) => layer.focus(),
            (None, Pane::Source) => Focus::Source,
            (None, Pane::States) => Focus::States,
            (None, Pane::Data) => Focus::Data,
            (None, Pane::History) => Focus::History,
            (None, Pane::Context) => Focus::Context,
            (None, Pane::Stack) => Focus::Stack,
            (None, Pane::Problems) => Focus::Problems,
        }
    }

    /// Says something in the status line and the console.
    pub(super) fn say(&mut self, text: impl Into<String>) -> Vec<Action> {
        let text = text.into();
        self.panes.problems.say(text.clone());
        self.said.push(text.clone());
        let more = self.said.len().saturating_sub(MOST_SAID);
        self.said.drain(..more);
        self.status = Some(text);
        Vec::new()
    }

    /// Says in the console what the header shows as well, so that the last line is left to the keys.
    pub(super) fn note(&mut self, text: String) -> Vec<Action> {
        let status = self.status.take();
        let actions = self.say(text);
        self.status = status;
        actions
    }

    /// Says why a command cannot be done.
    pub(super) fn refuse(&mut self, text: impl Into<String>) -> Vec<Action> {
        self.has_failed = true;
        self.say(text);
        if let Some(last) = self.said.last_mut() {
            last.insert_str(0, "error: ");
        }
        Vec::new()
    }

    /// The mock file in use, or the one that would be if it were there.
    #[must_use]
    pub fn mock_path(&self) -> Option<PathBuf> {
        match &self.mocks {
            Some(choice) => Some(choice.path.clone()),
            None => Some(self.file.as_ref()?.with_file_name(format!("{}.mock.json", self.machine_name))),
        }
    }

    /// The file of the definition.
    #[must_use]
    pub fn file(&self) -> Option<&PathBuf> {
        self.file.as_ref()
    }

    /// Whether a task of the run that is looked at waits for an answer.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        self.open_question().is_some()
    }

    /// Whether only one branch of the run makes steps.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        self.scene.run.as_ref().is_some_and(|run| run.is_locked)
    }

    /// Closes whatever is over the panes.
    pub fn close_layers(&mut self) {
        self.layers.clear();
    }

    /// Where the run stands, in words for a transcript; empty without a run.
    #[must_use]
    pub fn position(&self) -> String {
        let Some(scene) = &self.scene.run else { return String::new() };
        let words = self.run_words().0;
        // Signs are for the screen.
        let glyphs = &self.scene.glyphs;
        let signs = [glyphs.paused, glyphs.visited, glyphs.failed, glyphs.earlier, glyphs.waiting, glyphs.here];
        let words: Vec<&str> = words.split_whitespace().filter(|word| !signs.contains(word)).collect();
        let place = || {
            let machine = scene.run.definition.machine.as_ref()?;
            let state = machine.states.get(scene.here?.0 as usize)?;
            let line = scene.run.definition.position(state.name_span.start as usize).line;
            Some(format!(", line {line}"))
        };
        let place = if scene.root_view.status.is_done() && scene.past.is_none() { None } else { place() };
        let (at, all) = (scene.moment.events, scene.view.log.events.len());
        format!("[{}{}, event {} of {all}]", words.join(" "), place.unwrap_or_default(), at.min(all))
    }

    /// What was said since this was last asked, and whether a command could not be done.
    pub fn take_said(&mut self) -> (Vec<String>, bool) {
        (std::mem::take(&mut self.said), std::mem::take(&mut self.has_failed))
    }

    /// What is kept for the next time.
    fn keep(&self) -> Action {
        let mut session = Session {
            definition: self.file.as_ref().map(|file| file.display().to_string()).unwrap_or_default(),
            input: self.owns_input.then(|| self.input.clone()),
            ..Session::default()
        };
        session.breakpoints = self.scene.breakpoints.iter().filter_map(kept::keep).collect();
        session.watches = self.scene.watches.iter().map(|watch| watch.text().to_owned()).collect();
        session.commands.clone_from(&self.typed);
        session.layout.widths = self.splits.widths.to_vec();
        session.layout.heights = self.splits.heights.to_vec();
        session.layout.focus = u8::try_from(self.focus.number()).unwrap_or_default();
        session.layout.zoom = self.zoom;
        session.words = self.explains && !self.plain;
        Action::Keep(Box::new(session))
    }

    /// Steps the run that is looked at, or starts one.
    fn size_of_start(size: StepSize) -> StepSize {
        match size {
            // The first step enters the first state.
            StepSize::Stage | StepSize::Next => StepSize::Stage,
            other => other,
        }
    }
}
