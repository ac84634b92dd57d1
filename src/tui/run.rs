//! The loop: terminal, files, runs and signals become messages; what the application wants done is done here.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ratatui::crossterm::event::Event;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{Notify, mpsc};
use tokio::time::Instant;

use super::app::{Action, AgainOrder, App, CompareOrder, ForkOrder, Message, Rewrite, Setup, Source, Start};
use super::style::{Depth, Styles};
use super::terminal::{Editor, Input, Screen, take_panics};
use crate::asl::Definition;
use crate::config::{Folders, Progress, Recent, Theme};
use crate::debug::Run;
use crate::runtime::mock::Mocks;
use crate::runtime::{Clock, Question};
use crate::text::encoding::BYTE_ORDER_MARK;
use crate::watch::{FileEvent, FileWatch};

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

    // ---- files

    fn open(&mut self, path: &Path, machine: Option<&str>) {
        match (self.host.open)(path, machine) {
            Ok((setup, questions)) => {
                self.mocks = setup.mocks.as_ref().map(|choice| choice.mocks.clone());
                self.source.clone_from(&setup.source);
                self.file.clone_from(&setup.file);
                self.mocks_path = setup.mocks.as_ref().map(|choice| choice.path.clone());
                match App::new(setup) {
                    Ok(app) => self.app = app,
                    Err(error) => return self.say(error.to_string()),
                }
                self.forward_questions(questions);
                self.watch_files();
                self.remember();
            }
            Err(error) => self.say(format!("{error:#}")),
        }
    }

    /// Adds the file to the recent ones.
    fn remember(&self) {
        if let (Some(folders), Some(file)) = (&self.host.folders, &self.file) {
            let list = folders.recent();
            let mut recent = Recent::load(&list);
            recent.push(file);
            // A list that cannot be kept is no reason to bother anybody.
            drop(recent.save(&list));
        }
    }

    /// Watches the definition, what was read beside it, and the mock file.
    fn watch_files(&mut self) {
        self.watch = None;
        let beside = self.source.as_ref().map(|source| source.beside.clone()).unwrap_or_default();
        // One that is not there yet may come.
        let mocks_path = self.mocks_path.clone().or_else(|| self.app.mock_path());
        let paths: Vec<PathBuf> = self.file.iter().chain(&beside).chain(&mocks_path).cloned().collect();
        *self.beside.lock().unwrap_or_else(PoisonError::into_inner) = beside;
        if paths.is_empty() {
            return;
        }
        let (sender, file, mocks) = (self.sender.clone(), self.file.clone(), self.mocks.clone());
        let rereader = self.rereader();
        let report = move |event: FileEvent| {
            let message = match event {
                FileEvent::Changed { path, bytes } if Some(&path) == mocks_path.as_ref() => {
                    let text = String::from_utf8_lossy(&bytes).into_owned();
                    Some(match &mocks {
                        Some(mocks) => Message::MocksReloaded(mocks.reload(&text).err().unwrap_or_default()),
                        None => Message::MocksAppeared(text),
                    })
                }
                FileEvent::Gone { path } if Some(&path) == file.as_ref() => Some(Message::DefinitionGone),
                FileEvent::Gone { path } if Some(&path) == mocks_path.as_ref() => None,
                // Read here, on the thread of the watch: the screen does not wait for it.
                FileEvent::Changed { .. } | FileEvent::Gone { .. } => rereader.as_ref().map(|read| read()),
            };
            if let Some(message) = message {
                drop(sender.send(message));
            }
        };
        match FileWatch::start(&paths, report) {
            Ok(watch) => self.watch = Some(watch),
            Err(error) => self.say(format!("{error}; Ctrl-r reads the file again.")),
        }
    }

    /// Watches other files than before, if other ones were read beside the definition.
    fn follow_beside(&mut self) {
        let beside = self.beside.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(source) = self.source.as_mut().filter(|source| source.beside != beside) else { return };
        source.beside = beside;
        self.watch_files();
    }

    /// What reads the definition again, on whatever thread.
    fn rereader(&self) -> Option<impl Fn() -> Message + Send + use<>> {
        let (source, known) = (self.source.clone()?, self.beside.clone());
        Some(move || match (source.read)() {
            Ok((definition, beside)) => {
                *known.lock().unwrap_or_else(PoisonError::into_inner) = beside;
                Message::Definition(Arc::new(definition))
            }
            Err(why) => Message::Say(why),
        })
    }

    fn reload(&self) {
        let Some(read) = self.rereader() else { return };
        let sender: mpsc::UnboundedSender<Message> = self.sender.clone();
        tokio::task::spawn_blocking(move || drop(sender.send(read())));
    }

    fn edit(&mut self, line: usize, column: usize, screen: &mut Screen, input: &mut Input) {
        let Some(file) = self.app.edited_file() else { return };
        let editor = Editor::from_environment(|name| std::env::var(name).ok());
        match screen.run(input, &mut editor.command(&file, line, column)) {
            Ok(status) if status.success() => {}
            Ok(status) => self.say(format!("{} ended with {status}.", editor.program())),
            Err(error) => self.say(format!("{} cannot be started: {error}. Set VISUAL or EDITOR.", editor.program())),
        }
        self.reload();
    }

    fn write_mocks(&mut self, path: &Path, text: &str) {
        match crate::config::replace_file(path, text.as_bytes()) {
            Ok(()) => self.say(format!("Kept in {}.", path.display())),
            Err(error) => self.say(format!("{} cannot be written: {error}", path.display())),
        }
    }

    /// Writes the definition, unless its file says something else by now.
    fn write_definition(&self, rewrite: &Rewrite) {
        match rewritten_file(rewrite) {
            Ok(()) => {
                self.say(format!("Written to {}.", rewrite.path.display()));
                self.reload();
            }
            Err(error) => self.say(format!("{} was not written: {error}", rewrite.path.display())),
        }
    }

    fn keep(&self, session: &crate::config::Session) {
        if let (Some(folders), Some(source)) = (&self.host.folders, &self.source)
            && let Err(error) = session.save(&folders.session(&source.kept_as))
        {
            self.say(format!("Breakpoints and input cannot be kept: {error}"));
        }
    }

    fn load_theme(&self, name: &str) {
        let themes = self.host.folders.as_ref().map(Folders::themes);
        let loaded = Theme::load(name, themes.as_deref());
        let message = loaded.and_then(|theme| {
            let styles = Styles::new(&theme, self.host.depth)?;
            Ok(Message::Theme(Box::new(theme), styles))
        });
        drop(self.sender.send(message.unwrap_or_else(|error| Message::Say(error.to_string()))));
    }
}

/// Commands that are run one after the other, each when the run has come to rest after the one before.
struct Script {
    lines: std::collections::VecDeque<String>,
    last: Instant,
}

/// How long a run stands before it is taken to be at rest.
const REST: Duration = Duration::from_millis(60);

impl Script {
    fn new(text: &str) -> Self {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        Self { lines: lines.map(str::to_owned).collect(), last: Instant::now() }
    }

    fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    fn is_due(&self, app: &App) -> bool {
        let is_busy = app.mode() == super::command::Mode::Running && !app.is_asked();
        !self.is_empty() && !is_busy && self.last.elapsed() >= REST
    }

    fn next(&mut self) -> Option<String> {
        self.last = Instant::now();
        self.lines.pop_front()
    }
}

/// Replaces what a definition's file says; links, permissions and a byte order mark stay.
fn rewritten_file(rewrite: &Rewrite) -> io::Result<()> {
    let path = std::fs::canonicalize(&rewrite.path)?;
    let (bytes, permissions) = (std::fs::read(&path)?, std::fs::metadata(&path)?.permissions());
    let content = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&bytes);
    if content != rewrite.old.as_bytes() {
        return Err(io::Error::other("the file was changed by somebody else; its newest text is shown"));
    }
    let mark = &bytes[..bytes.len() - content.len()];
    crate::config::replace_file(&path, &[mark, rewrite.new.as_bytes()].concat())?;
    std::fs::set_permissions(&path, permissions)
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

/// The signals that end the program.
#[cfg(unix)]
struct Signals {
    terminate: tokio::signal::unix::Signal,
    hangup: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// The number of the next one.
    async fn next(&mut self) -> i32 {
        tokio::select! {
            _ = self.terminate.recv() => 15,
            _ = self.hangup.recv() => 1,
            _ = self.interrupt.recv() => 2,
        }
    }
}

/// The signals that end the program.
#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    /// The number of the next one.
    async fn next(&mut self) -> i32 {
        drop(tokio::signal::ctrl_c().await);
        2
    }
}
