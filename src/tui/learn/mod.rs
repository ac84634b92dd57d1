//! The course: lessons with tasks that are checked against what the user really did.
//!
//! A lesson is a definition, a text, and tasks; a task is a sentence and a check of what can be seen of the session.

mod lessons;

use std::path::PathBuf;

use super::command::{Command, Focus};
use super::look::Look;
use crate::config::Progress;
use crate::debug::{RowKind, RowOutcome, Run};
use crate::engine::{EventKind, Log, Stage, Status};

pub use lessons::LESSONS;

/// After so many keys without success a hint is given unasked.
const PATIENCE: u32 = 30;

/// A lesson.
pub struct Lesson {
    /// Its name, for the command line and the files.
    pub id: &'static str,
    /// Its title.
    pub title: &'static str,
    /// What it teaches, in a few sentences; an empty line between paragraphs.
    pub text: &'static str,
    /// The definition.
    pub definition: &'static str,
    /// The input.
    pub input: &'static str,
    /// The mock file, if tasks are answered by one.
    pub mocks: Option<&'static str>,
    /// The tasks, in their order.
    pub tasks: &'static [Task],
}

/// A task of a lesson.
pub struct Task {
    /// What is to be done.
    pub text: &'static str,
    /// How.
    pub hint: &'static str,
    /// Whether it is done.
    pub check: fn(&Facts<'_>) -> bool,
}

/// The lesson called `name`, or with this number.
#[must_use]
pub fn find(name: &str) -> Option<usize> {
    let number = name.parse().ok().and_then(|number: usize| number.checked_sub(1)).filter(|at| *at < LESSONS.len());
    number.or_else(|| LESSONS.iter().position(|lesson| lesson.id == name))
}

/// What can be seen of a session.
pub struct Facts<'a> {
    /// What the panes see.
    pub look: Look<'a>,
    /// All runs.
    pub runs: &'a [Run],
    /// What takes the keys.
    pub focus: Focus,
    /// The commands that were done since the task began.
    pub commands: &'a [Command],
    /// The test case of the mock file.
    pub mock_case: Option<&'a str>,
    /// The definition as it is in the file.
    pub newest: Option<&'a crate::asl::Definition>,
}

impl Facts<'_> {
    /// Whether `command` was done since the task began.
    #[must_use]
    pub fn did(&self, command: Command) -> bool {
        self.commands.contains(&command)
    }

    fn name(&self, state: crate::asl::StateId) -> &str {
        let machine = self.look.run.as_ref().map(|run| &run.run.handle().execution().machine);
        machine.and_then(|machine| machine.states.get(state.0 as usize)).map_or("", |state| &state.name)
    }

    fn here(&self) -> &str {
        self.look.here().map_or("", |here| self.name(here))
    }

    /// Whether the run stands in this state, and its newest moment is looked at.
    #[must_use]
    pub fn stands_in(&self, name: &str) -> bool {
        let stands = self.look.run.as_ref().is_some_and(|run| run.live && run.view.paused);
        stands && self.here() == name
    }

    /// Whether a moment of the past in this state is looked at.
    #[must_use]
    pub fn looks_back_at(&self, name: &str) -> bool {
        self.look.run.as_ref().is_some_and(|run| !run.live) && self.here() == name
    }

    /// Whether the newest moment is looked at.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.look.run.as_ref().is_some_and(|run| run.live)
    }

    /// Whether the visit that is looked at has a value in this row, and none in that one.
    #[must_use]
    pub fn is_between(&self, done: RowKind, open: RowKind) -> bool {
        let Some(visit) = self.look.run.as_ref().and_then(|run| run.visit) else { return false };
        let is_done = |kind| {
            let row = visit.rows.iter().find(|row| row.kind == kind);
            row.is_some_and(|row| matches!(row.outcome, RowOutcome::Value(_)))
        };
        is_done(done) && !is_done(open)
    }

    /// Whether the run that is looked at ended well.
    #[must_use]
    pub fn succeeded(&self) -> bool {
        self.look.run.as_ref().is_some_and(|run| matches!(run.root.status, Status::Succeeded(_)))
    }

    /// Whether the run that is looked at failed.
    #[must_use]
    pub fn failed(&self) -> bool {
        self.look.run.as_ref().is_some_and(|run| run.root.status.fault().is_some())
    }

    /// The log of the run that is looked at.
    #[must_use]
    pub fn log(&self) -> Option<&Log> {
        self.look.run.as_ref().map(|run| run.log())
    }

    /// How often a state was entered in the run that is looked at.
    #[must_use]
    pub fn visits(&self, name: &str) -> usize {
        let Some(log) = self.log() else { return 0 };
        let is_entry =
            |kind: &EventKind| matches!(kind, EventKind::StateEntered { state, .. } if self.name(*state) == name);
        log.events.iter().filter(|event| is_entry(&event.kind)).count()
    }

    /// How often the tasks of the run that is looked at failed with this error.
    #[must_use]
    pub fn failures(&self, error: &str) -> usize {
        let Some(log) = self.log() else { return 0 };
        let failed = |kind: &EventKind| {
            let is_task = matches!(kind, EventKind::TaskFailed { .. } | EventKind::TaskTimedOut { .. });
            is_task && kind.fault().is_some_and(|fault| fault.name() == error)
        };
        log.events.iter().filter(|event| failed(&event.kind)).count()
    }

    /// How often a task was started in the run that is looked at.
    #[must_use]
    pub fn attempts(&self) -> usize {
        let is_start = |kind: &EventKind| matches!(kind, EventKind::TaskScheduled { .. });
        self.log().map_or(0, |log| log.events.iter().filter(|event| is_start(&event.kind)).count())
    }

    /// Whether a catcher was at work in the run that is looked at.
    #[must_use]
    pub fn has_caught(&self) -> bool {
        self.log().is_some_and(|log| log.stages.iter().any(|record| record.stage == Stage::Catch))
    }

    /// The number of the branch or iteration that is looked at, from 1; 0 for the execution itself.
    #[must_use]
    pub fn branch(&self) -> u32 {
        let Some(run) = &self.look.run else { return 0 };
        let origin = run.log().branches.get(run.focus.0 as usize);
        origin.filter(|origin| origin.state.is_some()).map_or(0, |origin| origin.index + 1)
    }

    /// Whether a run that was made of another one ended well.
    #[must_use]
    pub fn another_succeeded(&self) -> bool {
        let others = self.runs.iter().skip(1);
        others.map(Run::view).any(|view| matches!(view.status, Status::Succeeded(_)))
    }
}

/// A lesson under way.
pub struct Course {
    /// Where the files of the lessons are.
    folder: PathBuf,
    /// The number of the lesson, from 0.
    lesson: usize,
    /// Tasks done.
    done: usize,
    /// Keys pressed since the task began.
    keys: u32,
    /// Whether a hint was asked for.
    hinted: bool,
    /// Commands done since the task began.
    pub(super) commands: Vec<Command>,
    progress: Progress,
}

impl Course {
    /// Lesson `lesson` of the course, whose files are in `folder`.
    #[must_use]
    pub fn new(folder: PathBuf, lesson: usize, progress: Progress) -> Self {
        let lesson = lesson.min(LESSONS.len().saturating_sub(1));
        Self { folder, lesson, done: 0, keys: 0, hinted: false, commands: Vec::new(), progress }
    }

    /// The lesson.
    #[must_use]
    pub fn lesson(&self) -> &'static Lesson {
        &LESSONS[self.lesson]
    }

    /// Its number, from 1.
    #[must_use]
    pub fn number(&self) -> usize {
        self.lesson + 1
    }

    /// The number of its tasks that are done.
    #[must_use]
    pub fn tasks_done(&self) -> usize {
        self.done
    }

    /// The task that is to be done now; none when all are.
    #[must_use]
    pub fn task(&self) -> Option<&'static Task> {
        self.lesson().tasks.get(self.done)
    }

    /// The hint, if it was asked for or the user has tried for a while.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        self.task().filter(|_| self.hinted || self.keys >= PATIENCE).map(|task| task.hint)
    }

    /// Asks for the hint.
    pub fn ask_hint(&mut self) {
        self.hinted = true;
    }

    /// A key was pressed.
    pub fn key(&mut self) {
        self.keys = self.keys.saturating_add(1);
    }

    /// The file of the lesson `by` places further; none behind the ends.
    #[must_use]
    pub fn file(&self, by: isize) -> Option<PathBuf> {
        let lesson = LESSONS.get(self.lesson.checked_add_signed(by)?)?;
        Some(self.folder.join(format!("{}.asl.json", lesson.id)))
    }

    /// How far the user is.
    #[must_use]
    pub fn progress(&self) -> &Progress {
        &self.progress
    }

    /// A task was done: the next one begins. Whether it was the last of the lesson.
    pub fn advance(&mut self) -> bool {
        self.done += 1;
        (self.keys, self.hinted) = (0, false);
        self.commands.clear();
        let ends = self.task().is_none();
        let id = self.lesson().id;
        if ends && !self.progress.done.iter().any(|done| done == id) {
            self.progress.done.push(id.to_owned());
        }
        ends
    }

    /// The lines above the footer: the lesson, its task, a hint.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let lesson = self.lesson();
        let (all, done) = (lesson.tasks.len(), self.done);
        let mut lines = vec![format!(
            "Lesson {} of {}: {}.  Tasks done: {done} of {all}.",
            self.number(),
            LESSONS.len(),
            lesson.title
        )];
        match (self.task(), self.hint()) {
            (Some(task), hint) => {
                lines.push(format!("Task {}: {}", done + 1, task.text));
                lines.push(hint.map_or_else(
                    || "g H gives a hint, g L the text of the lesson.".to_owned(),
                    |hint| format!("Hint: {hint}"),
                ));
            }
            (None, _) if self.number() == LESSONS.len() => {
                lines.push("Done! That was the last lesson: asldb FILE opens a definition of yours.".to_owned());
            }
            (None, _) => lines.push("Done! ]l goes on to the next lesson.".to_owned()),
        }
        lines
    }
}
