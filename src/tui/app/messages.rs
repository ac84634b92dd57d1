//! What happens to the application, and what it wants done outside.

use std::path::PathBuf;
use std::sync::Arc;

use super::setup::MockChoice;
use crate::asl::Definition;
use crate::config::{Session, Theme};
use crate::debug::replay::{Parting, Replay};
use crate::debug::run::RunSpec;
use crate::debug::{Breakpoints, Fork, Run, Setting};
use crate::runtime::{Question, Tasks};
use crate::text::Diagnostic;
use crate::tui::layers::{Compared, FindingsLayer, Outcome};
use crate::tui::look::Stood;
use crate::tui::style::Styles;
use ratatui::crossterm::event::{KeyEvent, MouseEvent};

/// What happens to the application.
pub enum Message {
    /// A key was pressed.
    Key(KeyEvent),
    /// The mouse did something.
    Mouse(MouseEvent),
    /// Text was pasted.
    Paste(String),
    /// The terminal has another size; the next frame shows it.
    Resized,
    /// A run has a new view.
    News,
    /// A run that was asked for has begun.
    Started(Run),
    /// A run that was made out of run `.1`.
    Forked(Run, u32),
    /// A history was run here on its recorded results: the run, and where they part.
    RanAgain(Option<Run>, Option<Parting>),
    /// Two runs were compared.
    Compared(Box<Compared>),
    /// What was found out.
    Found(Box<FindingsLayer>),
    /// What came of an expression of the playground.
    Tried(Box<Outcome>),
    /// What the playground sees was found out exactly.
    Sighted(Box<Setting>),
    /// A run was made again up to a moment.
    Stood(Box<Stood>),
    /// A run that somebody else started.
    Arrived(Run),
    /// A task asks for its answer.
    Question(Question),
    /// The definition was read, at first or again; `edited` when the file changed by itself.
    Definition(Arc<Definition>),
    /// The definition's file is gone.
    DefinitionGone,
    /// The mock file was read again: what is wrong with it, if anything.
    MocksReloaded(Vec<Diagnostic>),
    /// A mock file with this text appeared beside the definition.
    MocksAppeared(String),
    /// A theme was loaded.
    Theme(Box<Theme>, Styles),
    /// Something to say in the status line.
    Say(String),
    /// A pending sequence of keys is shown.
    KeysPending,
    /// The program ends: what is to be kept?
    Ending,
}

/// What is to be done outside.
pub enum Action {
    /// Start a run.
    Start(Box<Start>),
    /// Make another run out of a run.
    Fork(Box<ForkOrder>),
    /// Run a history here on its recorded results.
    RunAgain(Box<AgainOrder>),
    /// Compare two runs.
    Compare(Box<CompareOrder>),
    /// Find something out that takes a while; its message says what.
    FindOut(Box<dyn FnOnce() -> Message + Send>),
    /// Write the definition's file.
    WriteDefinition(Box<Rewrite>),
    /// Open another definition.
    Open {
        /// Its path.
        path: PathBuf,
        /// The state machine in it, where it has several.
        machine: Option<String>,
    },
    /// Read the definition again.
    Reload,
    /// Open the file in the user's editor.
    Edit {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// Put text into the clipboard.
    Copy {
        /// What it is, for the status line.
        what: &'static str,
        /// The text.
        text: String,
    },
    /// Keep breakpoints, input and layout for the next time.
    Keep(Box<Session>),
    /// Write a mock file.
    WriteMocks {
        /// Where.
        path: PathBuf,
        /// All of it.
        text: String,
    },
    /// Read these mocks again whenever their file is saved.
    UseMocks(MockChoice),
    /// Keep how far the user is in the course.
    KeepProgress(Box<crate::config::Progress>),
    /// Load a theme.
    LoadTheme(String),
    /// Take the mouse, or leave it to the terminal.
    SetMouse(bool),
    /// Leave the screen to the shell.
    Suspend,
    /// End.
    Quit,
}

/// A change of the definition's file.
pub struct Rewrite {
    /// The file.
    pub path: PathBuf,
    /// What it must say still.
    pub old: Arc<str>,
    /// What it is to say.
    pub new: String,
}

/// A run to be started.
pub struct Start {
    /// What it is started with.
    pub spec: RunSpec,
    /// Where it stops.
    pub breakpoints: Breakpoints,
    /// Who answers its tasks.
    pub tasks: Arc<dyn Tasks>,
}

/// A run to be made out of another.
pub struct ForkOrder {
    /// The other one.
    pub run: Run,
    /// From where, and what is different.
    pub fork: Fork,
    /// Where it stops.
    pub breakpoints: Breakpoints,
    /// Who answers its tasks.
    pub tasks: Arc<dyn Tasks>,
}

/// A history to be run here.
pub struct AgainOrder {
    /// The history.
    pub replay: Arc<Replay>,
    /// The definition to run.
    pub definition: Arc<Definition>,
    /// Where the run stops when it goes on differently.
    pub breakpoints: Breakpoints,
    /// Who answers its tasks then.
    pub tasks: Arc<dyn Tasks>,
}

/// Two runs to be compared.
pub struct CompareOrder {
    /// The first.
    pub left: Run,
    /// The second.
    pub right: Run,
}
