//! An application with its runs, its questions and a screen to read.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ratatui::buffer::Buffer;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};
use tokio::sync::mpsc::UnboundedReceiver;

use crate::asl::Definition;
use crate::config::{Session, Theme};
use crate::debug::{Query, Run};
use crate::engine::{BranchId, Log};
use crate::runtime::mock::{MockFile, Mocks};
use crate::runtime::{Asking, Clock, Question};
use crate::tui::app::{Action, App, ForkOrder, Message, MockChoice, Setup};
use crate::tui::command::Focus;
use crate::tui::glyph::Glyphs;
use crate::tui::learn::{Course, LESSONS};
use crate::tui::look::Look;
use crate::tui::style::{Depth, Styles};
use crate::value::{Timestamp, Value};

/// The longest a run may take to stand or end.
const LIMIT: Duration = Duration::from_secs(20);

/// The child executions looked into, a step and a branch.
pub(super) type Place = (Vec<BranchId>, u64, BranchId);

/// An application, what it asked for, and a screen.
pub(super) struct Bench {
    app: App,
    questions: UnboundedReceiver<Question>,
    runs: Vec<Run>,
    /// What was to be done outside, in words.
    pub(super) done: Vec<String>,
    area: Rect,
}

impl Bench {
    /// The application on `text`, with an input.
    pub(super) fn new(text: &str, input: &str) -> Self {
        Self::with(Setup { input: input.to_owned(), ..setup("x", text) })
    }

    /// The application on `text`, with an input and mocks for the state machine `x`.
    pub(super) fn mocked(text: &str, input: &str, mocks: &str) -> Self {
        Self::with(Setup { input: input.to_owned(), mocks: Some(mock_choice("x", mocks)), ..setup("x", text) })
    }

    /// The application on a sample, with its input and the first case of its mocks.
    pub(super) fn sample(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
        let read = |ending: &str| std::fs::read_to_string(folder.join(format!("{name}.{ending}")));
        let text = read("asl.json").expect("the definition of the sample");
        let input = read("input.json").expect("the input of the sample");
        let mocks = read("mock.json").ok().map(|text| mock_choice(name, &text));
        Self::with(Setup { input, mocks, ..setup(name, &text) })
    }

    /// The application on a lesson of the course.
    pub(super) fn lesson(at: usize) -> Self {
        let lesson = &LESSONS[at];
        let mocks = lesson.mocks.map(|text| mock_choice(lesson.id, text));
        let course = Some(Course::new("lessons".into(), at, crate::config::Progress::default()));
        Self::with(Setup { input: lesson.input.to_owned(), mocks, course, ..setup(lesson.id, lesson.definition) })
    }

    /// The application as screen readers have it.
    pub(super) fn plain(mut self) -> Self {
        self.app.be_plain();
        self
    }

    /// The number of tasks of the lesson that are done.
    pub(super) fn tasks_done(&self) -> usize {
        self.app.course().map_or(0, Course::tasks_done)
    }

    fn with(setup: Setup) -> Self {
        let (asking, questions) = Asking::new();
        let app = App::new(Setup { asking, ..setup }).expect("keys with one meaning each");
        Self { app, questions, runs: Vec::new(), done: Vec::new(), area: Rect::new(0, 0, 80, 24) }
    }

    /// The application on a recorded history, with a definition or without.
    pub(super) fn replaying(definition: &str, history: &str) -> Self {
        let setup = setup("x", definition);
        let definition = setup.definition.clone().filter(|_| !definition.is_empty());
        let history = crate::debug::Replay::read("history.json", history, definition.as_ref()).expect("a history");
        let file = setup.file.clone().filter(|_| definition.is_some());
        let input = history.execution.input.to_json();
        Self::with(Setup { definition, file, input, history: Some(Arc::new(history)), ..setup })
    }

    /// Gives the screen another size.
    pub(super) fn sized(mut self, width: u16, height: u16) -> Self {
        self.area = Rect::new(0, 0, width, height);
        self
    }

    /// What takes the keys.
    pub(super) fn focus(&self) -> Focus {
        self.app.focus()
    }

    /// Presses keys, written as in the help with blanks between them; after each one everything comes to rest. The
    /// screen is drawn in between, as some commands depend on what is to be seen.
    pub(super) async fn keys(&mut self, keys: &str) {
        for key in keys.split_ascii_whitespace() {
            self.give(Message::Key(event(key))).await;
            self.draw();
        }
    }

    /// Runs a line as behind `:`; what was said.
    pub(super) async fn line(&mut self, line: &str) -> String {
        let actions = self.app.run_line(line);
        self.perform(actions);
        self.rest().await;
        self.app.take_said().0.join("\n")
    }

    /// Where the run stands, in words.
    pub(super) fn position(&self) -> String {
        self.app.position()
    }

    /// What the panes may read.
    pub(super) fn look(&self) -> Look<'_> {
        self.app.scene.look()
    }

    /// The moment and branch that are looked at.
    pub(super) fn place(&self) -> Option<Place> {
        let scene = self.app.scene.run.as_ref()?;
        let step = scene.past.map_or(scene.view.steps, |moment| moment.step);
        Some((scene.inside.clone(), step, scene.focus))
    }

    /// What is known there: the context object, variables and data of the branch, and a watched expression; none if that
    /// is not known exactly.
    pub(super) fn known(&self) -> Option<String> {
        let look = self.app.scene.look();
        let run = look.run.as_ref()?;
        let context = run.exact_context()?;
        let own = run.branch().map(|branch| {
            let scopes: Vec<_> = branch.variables.scopes().map(|own| Value::Object(own.clone()).to_json()).collect();
            format!("{} {} {}", branch.input, branch.data, scopes.join(" "))
        });
        let watch = Query::compile("$$.State").expect("a path");
        let watched = run.with_facts(|facts| watch.evaluate(facts));
        Some(format!("{} {} {watched:?}", context, own.unwrap_or_default()))
    }

    /// The log of the run that was started last.
    pub(super) fn log(&self) -> Log {
        self.runs.last().expect("a run").view().log.clone()
    }

    /// The text of the definition.
    pub(super) fn definition(&self) -> String {
        self.runs.last().expect("a run").definition.text.to_string()
    }

    /// The history of the run that was started last, as the service would answer.
    pub(super) fn history(&self) -> String {
        let run = self.runs.last().expect("a run");
        crate::engine::history::to_json(&run.view().log, run.handle().execution()).to_json()
    }

    /// Another version of the definition.
    pub(super) async fn reload(&mut self, text: &str) {
        self.give(Message::Definition(Arc::new(Definition::read("x.asl.json", text)))).await;
    }

    /// What would be kept now.
    pub(super) fn kept(&mut self) -> Session {
        let kept = self.app.update(Message::Ending).into_iter().find_map(|action| match action {
            Action::Keep(session) => Some(*session),
            _ => None,
        });
        kept.expect("something to keep")
    }

    /// The application on `text` with what was kept.
    pub(super) fn again(text: &str, session: Session) -> Self {
        Self::with(Setup { session, ..setup("x", text) })
    }

    /// Writes `text` into the editor in front instead of what is there.
    pub(super) async fn write(&mut self, text: &str) {
        for _ in 0..400 {
            self.give(Message::Key(event("Backspace"))).await;
            self.give(Message::Key(KeyEvent::new(KeyCode::Delete, KeyModifiers::NONE))).await;
        }
        self.give(Message::Paste(text.to_owned())).await;
        self.draw();
    }

    /// Pastes `text` into what takes text.
    pub(super) async fn paste(&mut self, text: &str) {
        self.give(Message::Paste(text.to_owned())).await;
        self.draw();
    }

    /// The file is saved with this text.
    pub(super) async fn saved(&mut self, text: &str) {
        self.give(Message::Definition(Arc::new(Definition::read("x.asl.json", text)))).await;
        self.draw();
    }

    /// Gives a message and does what the application wants, until everything is at rest.
    pub(super) async fn give(&mut self, message: Message) {
        let actions = self.app.update(message);
        self.perform(actions);
        self.rest().await;
    }

    fn perform(&mut self, actions: Vec<Action>) {
        for action in actions {
            match action {
                Action::Start(start) => {
                    let run = Run::start(start.spec, &start.breakpoints, clock(), start.tasks);
                    let run = run.expect("only definitions without errors are run");
                    self.runs.push(run.clone());
                    let more = self.app.update(Message::Started(run));
                    self.perform(more);
                }
                Action::Fork(order) => {
                    let ForkOrder { run, fork, breakpoints, tasks } = *order;
                    let message = match run.fork(fork, &breakpoints, clock(), tasks) {
                        Ok(forked) => {
                            self.runs.push(forked.clone());
                            Message::Forked(forked, run.number)
                        }
                        Err(error) => Message::Say(format!("Not possible: {error}.")),
                    };
                    let more = self.app.update(message);
                    self.perform(more);
                }
                Action::RunAgain(order) => {
                    let message = order.run();
                    if let Message::RanAgain(Some(run), _) = &message {
                        self.runs.push(run.clone());
                    }
                    let more = self.app.update(message);
                    self.perform(more);
                }
                Action::Compare(order) => {
                    let more = self.app.update(Message::Compared(Box::new(order.compare())));
                    self.perform(more);
                }
                Action::FindOut(find) => {
                    let more = self.app.update(find());
                    self.perform(more);
                }
                Action::LoadTheme(name) => {
                    let theme = Theme::load(&name, None).expect("a theme of the list");
                    let styles = Styles::new(&theme, Depth::True).expect("styles");
                    let more = self.app.update(Message::Theme(Box::new(theme), styles));
                    self.perform(more);
                    self.done.push(format!("theme {name}"));
                }
                other => self.done.push(in_words(&other)),
            }
        }
    }

    /// Waits until every run stands, waits or has ended, and hands over its questions.
    async fn rest(&mut self) {
        let begun = Instant::now();
        let mut quiet = 0;
        // The runs have this thread to themselves while it yields; what an order sets going shows within a few turns.
        while quiet < 8 {
            assert!(begun.elapsed() < LIMIT, "the runs come to rest; the screen is:\n{}", self.screen());
            tokio::task::yield_now().await;
            let rests = |run: &Run| {
                let view = run.view();
                // A view may be old; the gate forgets its stop as soon as it is told to go on.
                view.paused && run.stop().is_some() || view.waiting || view.status.is_done()
            };
            quiet = if self.runs.iter().all(rests) { quiet + 1 } else { 0 };
            while let Ok(question) = self.questions.try_recv() {
                let actions = self.app.update(Message::Question(question));
                self.perform(actions);
            }
        }
        let actions = self.app.update(Message::News);
        self.perform(actions);
    }

    /// The screen with its colours.
    pub(super) fn buffer(&mut self) -> Buffer {
        self.draw().0
    }

    fn draw(&mut self) -> (Buffer, Option<Position>) {
        let mut buffer = Buffer::empty(self.area);
        let cursor = self.app.draw(&mut buffer);
        assert!(cursor.is_none_or(|at| self.area.contains(at)), "the cursor is on the screen: {cursor:?}");
        (buffer, cursor)
    }

    /// The left button at the place where the screen shows `text`, or at another column of that row.
    pub(super) async fn click(&mut self, text: &str, column: Option<u16>) {
        let at = self.place_of(text);
        let column = column.unwrap_or(at.x);
        self.mouse(MouseEventKind::Down(MouseButton::Left), column, at.y).await;
        self.mouse(MouseEventKind::Up(MouseButton::Left), column, at.y).await;
    }

    /// The mouse at a column and a row.
    pub(super) async fn mouse(&mut self, kind: MouseEventKind, column: u16, row: u16) {
        self.give(Message::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE })).await;
        self.draw();
    }

    /// Where the screen shows `text` first.
    pub(super) fn place_of(&mut self, text: &str) -> Position {
        let screen = self.screen();
        let found = screen.lines().zip(0..).find_map(|(line, row)| Some((line, line.find(text)?, row)));
        let (line, byte, row) = found.unwrap_or_else(|| panic!("`{text}` is not on the screen:\n{screen}"));
        Position::new(u16::try_from(line[..byte].chars().count()).expect("a column"), row)
    }

    /// The screen, line by line.
    pub(super) fn screen(&mut self) -> String {
        let (buffer, _) = self.draw();
        let line = |row: Rect| row.positions().map(|at| buffer[at].symbol()).collect::<String>().trim_end().to_owned();
        buffer.area.rows().map(line).collect::<Vec<_>>().join("\n")
    }

    /// Everything that can be seen of the application: the screen, the text from the terminal's cursor on, and what
    /// was to be done outside.
    pub(super) fn report(&mut self) -> String {
        let (buffer, cursor) = self.draw();
        let from = |at: Position| (at.x..self.area.right()).map(|x| buffer[(x, at.y)].symbol()).collect::<String>();
        let cursor = cursor.map_or_else(|| "nowhere".to_owned(), |at| format!("{at}: {}", from(at)));
        format!("{}\ncursor {cursor}\ndone: {}", self.screen(), self.done.join("; "))
    }
}

fn mock_choice(name: &str, text: &str) -> MockChoice {
    let path = PathBuf::from(format!("{name}.mock.json"));
    let file = MockFile::read("mocks", text).expect("mocks without faults");
    let case = file.cases(name).next().expect("a case").to_string();
    MockChoice { mocks: Mocks::new(file), path, machine: name.to_owned(), case }
}

/// Every run begins at the same time, and takes none.
fn clock() -> Clock {
    Clock::standing(Timestamp::parse("2026-03-14T09:41:07Z").expect("a time"))
}

fn setup(name: &str, text: &str) -> Setup {
    let theme = Theme::load("terminal", None).expect("a theme");
    let (asking, _) = Asking::new();
    Setup {
        history: None,
        shared_breakpoints: Default::default(),
        definition: Some(Arc::new(Definition::read(&format!("{name}.asl.json"), text))),
        file: Some(PathBuf::from(format!("{name}.asl.json"))),
        machine_name: name.to_owned(),
        input: "{}".to_owned(),
        mocks: None,
        asking,
        session: Session::default(),
        offers: Vec::new(),
        source: None,
        is_express: false,
        themes: Theme::known(None),
        theme: theme.name.clone(),
        styles: Styles::new(&theme, Depth::Sixteen).expect("styles"),
        glyphs: Glyphs::UNICODE,
        plain: false,
        course: None,
        seed: 1,
    }
}

/// An action that this bench does not perform.
fn in_words(action: &Action) -> String {
    match action {
        Action::RunAgain(_) => "run again".to_owned(),
        Action::Start(_) => "start".to_owned(),
        Action::Fork(_) => "fork".to_owned(),
        Action::Compare(_) => "compare".to_owned(),
        Action::FindOut(_) => "find out".to_owned(),
        Action::WriteDefinition(rewrite) => format!("write {}: {}", rewrite.path.display(), rewrite.new),
        Action::Open { path, .. } => format!("open {}", path.display()),
        Action::Reload => "reload".to_owned(),
        Action::Edit { line, column } => format!("edit {line}:{column}"),
        Action::Copy { what, text } => format!("copy {what}: {text}"),
        Action::Keep(_) => "keep".to_owned(),
        Action::WriteMocks { path, .. } => format!("write {}", path.display()),
        Action::UseMocks(choice) => format!("use {}", choice.path.display()),
        Action::KeepProgress(progress) => format!("progress {}", progress.done.join(" ")),
        Action::LoadTheme(name) => format!("theme {name}"),
        Action::SetMouse(mouse) => format!("mouse {mouse}"),
        Action::Suspend => "suspend".to_owned(),
        Action::Quit => "quit".to_owned(),
    }
}

/// A key as the help writes it: the reverse of what the key map reads.
fn event(text: &str) -> KeyEvent {
    let (text, control) = text.strip_prefix("Ctrl-").map_or((text, false), |rest| (rest, true));
    let (text, shift) = text.strip_prefix("Shift-").map_or((text, false), |rest| (rest, true));
    let code = match text {
        "Enter" => KeyCode::Enter,
        "Esc" => KeyCode::Esc,
        "Space" => KeyCode::Char(' '),
        "Tab" if shift => KeyCode::BackTab,
        "Tab" => KeyCode::Tab,
        "Backspace" => KeyCode::Backspace,
        "Delete" => KeyCode::Delete,
        "Up" => KeyCode::Up,
        "Down" => KeyCode::Down,
        "Left" => KeyCode::Left,
        "Right" => KeyCode::Right,
        "Home" => KeyCode::Home,
        "End" => KeyCode::End,
        "PageUp" => KeyCode::PageUp,
        "PageDown" => KeyCode::PageDown,
        _ => match (text.chars().next(), text.get(1..).filter(|rest| !rest.is_empty())) {
            (Some('F'), Some(number)) => KeyCode::F(number.parse().expect("the number of a function key")),
            (Some(letter), None) => KeyCode::Char(letter),
            _ => panic!("`{text}` is no key"),
        },
    };
    let with = |on: bool, modifier: KeyModifiers| if on { modifier } else { KeyModifiers::NONE };
    KeyEvent::new(code, with(control, KeyModifiers::CONTROL) | with(shift, KeyModifiers::SHIFT))
}

/// Waits, retries, iterations.
pub(super) const TRIES: &str = r#"{
  "StartAt": "Each",
  "States": {
    "Each": {
      "Type": "Map",
      "ItemProcessor": {
        "StartAt": "Rest",
        "States": { "Rest": { "Type": "Wait", "Seconds": 30, "Next": "Ring" }, "Ring": { "Type": "Pass", "End": true } }
      },
      "Next": "Fetch"
    },
    "Fetch": {
      "Type": "Task",
      "Resource": "arn:aws:lambda:eu-west-1:123456789012:function:Fetch",
      "TimeoutSeconds": 20,
      "Retry": [ { "ErrorEquals": [ "States.ALL" ], "IntervalSeconds": 10, "MaxAttempts": 1 } ],
      "Catch": [ { "ErrorEquals": [ "States.ALL" ], "Next": "Sorry" } ],
      "End": true
    },
    "Sorry": { "Type": "Fail", "Error": "Too.Late" }
  }
}"#;
