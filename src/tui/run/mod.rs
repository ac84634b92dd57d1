//! The loop: terminal, files, runs and signals become messages; what the application wants done is done here.

mod files;
mod script;
mod signals;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ratatui::crossterm::event::Event;
use tokio::sync::Notify;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::Instant;

use script::{REST, Script};
use signals::Signals;

use super::app::{Action, AgainOrder, App, CompareOrder, ForkOrder, Message, Setup, Source, Start};
use super::style::Depth;
use super::terminal::{Input, Screen, take_panics};
use crate::asl::Definition;
use crate::config::{Folders, Progress};
use crate::debug::Run;
use crate::runtime::mock::Mocks;
use crate::runtime::{Clock, Question};
use crate::watch::FileWatch;

/// How often a clock that goes is drawn while nothing else happens.
const TICK: Duration = Duration::from_millis(200);

/// How long a started sequence of keys stays unexplained.
const HESITATION: Duration = Duration::from_millis(300);

/// The shortest time between two frames that no key asked for.
const FRAME: Duration = Duration::from_millis(16);

/// Brings up the application for a file, or for the machine of it that is named; with it where the questions of its tasks
/// arrive.
pub type Opener = dyn Fn(&Path, Option<&str>) -> anyhow::Result<(Setup, UnboundedReceiver<Question>)>;

/// What the loop needs beside the application.
pub struct Host {
    /// Where themes, sessions and recent files are kept; none: nothing is kept.
    pub folders: Option<Folders>,
    /// Brings up the application for another file.
    pub open: Box<Opener>,
    /// How many colours the terminal has.
    pub depth: Depth,
    /// Runs that others start, if there is a way for them to do so.
    pub listening: Option<Listening>,
    /// Commands that are run first, one a line.
    pub script: String,
}

/// Runs that others start.
pub struct Listening {
    /// What is said about it at first.
    pub greeting: String,
    /// The runs.
    pub arrivals: UnboundedReceiver<Run>,
    /// Told of each definition that is read.
    pub register: Register,
}

/// Why the loop ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The user quit.
    Quit,
    /// A signal asked for it: its number.
    Signal(i32),
    /// The terminal is gone.
    Hangup,
}

/// Runs the terminal interface until it ends. Must be called on a tokio runtime.
///
/// # Errors
/// The terminal fails.
pub async fn run(setup: Setup, questions: UnboundedReceiver<Question>, host: Host) -> anyhow::Result<End> {
    let (sender, messages) = unbounded_channel();
    let mut looped = Loop::new(setup, questions, host, sender)?;
    let screen = Screen::enter(true)?;
    let end = looped.run(screen, messages).await;
    super::terminal::leave();
    end
}

struct Loop {
    app: App,
    host: Host,
    file: Option<PathBuf>,
    source: Option<Source>,
    /// What was read beside the file last.
    beside: Arc<Mutex<Vec<PathBuf>>>,
    mocks: Option<Arc<Mocks>>,
    mocks_path: Option<PathBuf>,
    sender: UnboundedSender<Message>,
    news: Arc<Notify>,
    watch: Option<FileWatch>,
    mouse: bool,
    register: Option<Register>,
}

/// Tells those who start runs of a definition; what comes back is shown.
pub type Register = Box<dyn Fn(&Arc<Definition>) -> UnboundedReceiver<String>>;

/// Whether the loop goes on.
type Flow = std::ops::ControlFlow<End>;

impl Loop {
    fn new(
        setup: Setup,
        questions: UnboundedReceiver<Question>,
        host: Host,
        sender: UnboundedSender<Message>,
    ) -> anyhow::Result<Self> {
        let (file, mocks_path) = (setup.file.clone(), setup.mocks.as_ref().map(|mocks| mocks.path.clone()));
        let mocks = setup.mocks.as_ref().map(|choice| choice.mocks.clone());
        let source = setup.source.clone();
        let mut looped = Self {
            app: App::new(setup)?,
            host,
            file,
            source,
            beside: Arc::default(),
            mocks,
            mocks_path,
            sender,
            news: Arc::new(Notify::new()),
            watch: None,
            mouse: true,
            register: None,
        };
        looped.listen();
        looped.forward_questions(questions);
        looped.watch_files();
        looped.remember();
        Ok(looped)
    }

    async fn run(&mut self, mut screen: Screen, mut messages: UnboundedReceiver<Message>) -> anyhow::Result<End> {
        let mut input = Input::start();
        let mut signals = Signals::new()?;
        let mut dirty = true;
        let mut drawn = std::time::Instant::now();
        let mut urgent = true;
        // When the keys that may follow are shown.
        let mut hesitates = None;
        let mut script = Script::new(&self.host.script);
        loop {
            if dirty && (urgent || drawn.elapsed() >= FRAME) {
                self.draw(&mut screen)?;
                drawn = std::time::Instant::now();
                (dirty, urgent) = (self.app.wants_frame(), false);
            }
            // Since the last key: news of a run must not put it off.
            hesitates =
                if self.app.is_key_pending() { hesitates.or_else(|| Some(Instant::now() + HESITATION)) } else { None };
            // Input first: a key must not wait for what a run has to tell.
            let message = tokio::select! {
                biased;
                event = input.next() => match event {
                    Some(Ok(event)) => { (urgent, hesitates) = (true, None); to_message(event) }
                    Some(Err(error)) if error.kind() == io::ErrorKind::Interrupted => None,
                    Some(Err(_)) | None => return Ok(self.finish(End::Hangup)),
                },
                signal = signals.next() => return Ok(self.finish(End::Signal(signal))),
                message = messages.recv() => { urgent = true; message }
                () = tokio::time::sleep_until(hesitates.unwrap_or_else(Instant::now)), if hesitates.is_some() => {
                    urgent = true;
                    Some(Message::KeysPending)
                }
                () = self.news.notified() => Some(Message::News),
                () = tokio::time::sleep(REST), if !script.is_empty() => None,
                () = tokio::time::sleep(FRAME.saturating_sub(drawn.elapsed())), if dirty => None,
                () = tokio::time::sleep(TICK.saturating_sub(drawn.elapsed())), if self.app.is_clock_going() => {
                    dirty = true;
                    None
                }
            };
            for panic in take_panics() {
                drop(self.app.update(Message::Say(format!("internal error: {panic}"))));
                dirty = true;
            }
            if script.is_due(&self.app)
                && let Some(line) = script.next()
            {
                dirty = true;
                for action in self.app.run_line(&line) {
                    if let Flow::Break(end) = self.perform(action, &mut screen, &mut input).await {
                        return Ok(end);
                    }
                }
                let actions = self.app.update(Message::News);
                self.keep_all(actions);
            }
            let Some(message) = message else { continue };
            if let Message::Definition(definition) = &message {
                self.register(definition);
                self.follow_beside();
            }
            dirty = true;
            for action in self.app.update(message) {
                if let Flow::Break(end) = self.perform(action, &mut screen, &mut input).await {
                    return Ok(end);
                }
            }
        }
    }

    fn draw(&mut self, screen: &mut Screen) -> io::Result<()> {
        let app = &mut self.app;
        screen.draw(|frame| {
            if let Some(at) = app.draw(frame.buffer_mut()) {
                frame.set_cursor_position(at);
            }
        })
    }

    /// Keeps what is to be kept before the end.
    fn finish(&mut self, end: End) -> End {
        let actions = self.app.update(Message::Ending);
        self.keep_all(actions);
        end
    }

    /// Does what is to be kept of `actions`: all that there is in answer to messages that no user sent.
    fn keep_all(&mut self, actions: Vec<Action>) {
        for action in actions {
            match action {
                Action::Keep(session) => self.keep(&session),
                Action::KeepProgress(progress) => self.keep_progress(&progress),
                _ => {}
            }
        }
    }

    fn keep_progress(&mut self, progress: &Progress) {
        if let Some(folders) = &self.host.folders
            && let Err(error) = progress.save(&folders.progress())
        {
            self.say(format!("The progress cannot be kept: {error}"));
        }
    }

    async fn perform(&mut self, action: Action, screen: &mut Screen, input: &mut Input) -> Flow {
        match action {
            Action::Quit => return Flow::Break(End::Quit),
            Action::Start(start) => self.start(*start),
            Action::Fork(order) => self.fork(*order),
            Action::RunAgain(order) => self.run_again(*order),
            Action::Compare(order) => self.compare(*order),
            Action::FindOut(find) => {
                let sender = self.sender.clone();
                tokio::task::spawn_blocking(move || drop(sender.send(find())));
            }
            Action::WriteDefinition(rewrite) => self.write_definition(&rewrite),
            Action::Open { path, machine } => self.open(&path, machine.as_deref()),
            Action::Reload => self.reload(),
            Action::Edit { line, column } => self.edit(line, column, screen, input),
            Action::Copy { what, text } => match screen.copy(&text) {
                Ok(copied) => self.say(format!("{what}: {copied}")),
                Err(error) => self.say(format!("{what} could not be copied: {error}")),
            },
            Action::Keep(session) => self.keep(&session),
            Action::WriteMocks { path, text } => self.write_mocks(&path, &text),
            Action::KeepProgress(progress) => self.keep_progress(&progress),
            Action::UseMocks(choice) => {
                (self.mocks, self.mocks_path) = (Some(choice.mocks), Some(choice.path));
                self.watch_files();
            }
            Action::LoadTheme(name) => self.load_theme(&name),
            Action::SetMouse(mouse) => {
                self.mouse = mouse;
                if let Err(error) = screen.set_mouse(mouse) {
                    self.say(format!("The mouse: {error}"));
                }
            }
            Action::Suspend => {
                if let Err(error) = screen.suspend(input).await {
                    self.say(format!("asldb could not be suspended: {error}"));
                }
            }
        }
        Flow::Continue(())
    }

    fn say(&self, text: String) {
        drop(self.sender.send(Message::Say(text)));
    }

    fn start(&mut self, start: Start) {
        let Start { spec, breakpoints, tasks } = start;
        let Some(run) = Run::start(spec, &breakpoints, Clock::real(), tasks) else { return };
        follow(&run, &self.news);
        // Not through the channel: a key that was typed meanwhile is about this run and must not start another one.
        let actions = self.app.update(Message::Started(run));
        self.keep_all(actions);
    }

    /// Makes a run out of another; its steps are made again on a thread of their own.
    fn fork(&self, order: ForkOrder) {
        let (sender, news) = (self.sender.clone(), self.news.clone());
        tokio::task::spawn_blocking(move || {
            let ForkOrder { run, fork, breakpoints, tasks } = order;
            let message = match run.fork(fork, &breakpoints, Clock::real(), tasks) {
                Ok(forked) => {
                    follow(&forked, &news);
                    Message::Forked(forked, run.number)
                }
                Err(error) => Message::Say(format!("Not possible: {error}.")),
            };
            drop(sender.send(message));
        });
    }

    /// Runs a history here.
    fn run_again(&self, order: AgainOrder) {
        let (sender, news) = (self.sender.clone(), self.news.clone());
        tokio::task::spawn_blocking(move || {
            let message = order.run();
            if let Message::RanAgain(Some(run), _) = &message {
                follow(run, &news);
            }
            drop(sender.send(message));
        });
    }

    fn compare(&self, order: CompareOrder) {
        let sender = self.sender.clone();
        tokio::task::spawn_blocking(move || drop(sender.send(Message::Compared(Box::new(order.compare())))));
    }

    /// Takes up what others start.
    fn listen(&mut self) {
        let Some(Listening { greeting, mut arrivals, register }) = self.host.listening.take() else { return };
        self.register = Some(register);
        self.say(greeting);
        let (sender, news) = (self.sender.clone(), self.news.clone());
        tokio::spawn(async move {
            while let Some(run) = arrivals.recv().await {
                follow(&run, &news);
                drop(sender.send(Message::Arrived(run)));
            }
        });
    }

    /// Tells those who start runs of a definition; what they say about it is shown.
    fn register(&self, definition: &Arc<Definition>) {
        let Some(register) = &self.register else { return };
        let (mut answers, sender) = (register(definition), self.sender.clone());
        tokio::spawn(async move {
            while let Some(answer) = answers.recv().await {
                drop(sender.send(Message::Say(answer)));
            }
        });
    }

    fn forward_questions(&self, mut questions: UnboundedReceiver<Question>) {
        let sender = self.sender.clone();
        tokio::spawn(async move {
            while let Some(question) = questions.recv().await {
                drop(sender.send(Message::Question(question)));
            }
        });
    }
}

/// Makes the views of `run` known.
fn follow(run: &Run, news: &Arc<Notify>) {
    let (mut views, news) = (run.handle().views(), news.clone());
    tokio::spawn(async move {
        // Many views of a fast run become one piece of news; the newest view is what is looked at.
        while views.changed().await.is_ok() {
            news.notify_one();
        }
    });
}

fn to_message(event: Event) -> Option<Message> {
    match event {
        Event::Key(key) => Some(Message::Key(key)),
        Event::Mouse(mouse) => Some(Message::Mouse(mouse)),
        Event::Paste(text) => Some(Message::Paste(text)),
        Event::Resize(..) => Some(Message::Resized),
        Event::FocusGained | Event::FocusLost => None,
    }
}
