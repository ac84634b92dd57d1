//! Words about steps, lessons, and what a session without pictures says.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Widget;

use super::scene::RunScene;
use super::{Action, App};
use crate::config::Role;
use crate::debug::explain::{self, Point};
use crate::engine::Branch;
use crate::tui::command::Command;
use crate::tui::glyph::Glyphs;
use crate::tui::layers::{Layer, LessonLayer};
use crate::tui::learn::Facts;
use crate::tui::panes::wrap;
use crate::value::Value;

/// Lines that a sentence about a step may take.
const LINES: usize = 2;
/// Lines that a task or a hint may take.
const TASK: usize = 2;
/// The same in a session without pictures.
const PLAIN: usize = 4;
/// From this height on sentences may be broken.
const HIGH: u16 = 30;

impl App {
    /// The lines above the footer.
    pub(super) fn strip(&self, area: Rect) -> Vec<(Role, String)> {
        let (room, glyphs) = (usize::from(area.width).saturating_sub(2), &self.scene.glyphs);
        // Where one pane has the screen to itself, nothing is cut for the sake of the others.
        let most = if self.plain {
            PLAIN
        } else if area.height >= HIGH {
            LINES
        } else {
            1
        };
        let mut lines = Vec::new();
        if let Some(course) = &self.course {
            for (at, text) in course.lines().into_iter().enumerate() {
                let role = if at == 1 { Role::Accent } else { Role::Text };
                lines.extend(wrap(&text, room, TASK, glyphs).into_iter().map(|line| (role, line)));
            }
        }
        if self.explains {
            let (did, next) = &self.sentences;
            for (word, text) in [("Did: ", did), ("Next:", next)] {
                let text = format!("{word} {text}");
                lines.extend(wrap(&text, room, most, glyphs).into_iter().map(|line| (Role::Muted, line)));
            }
        }
        lines
    }

    pub(super) fn draw_strip(&self, lines: Vec<(Role, String)>, area: Rect, buffer: &mut Buffer) {
        for ((role, text), row) in lines.into_iter().zip(area.rows()) {
            Line::styled(format!(" {text}"), self.scene.styles.role(role)).render(row, buffer);
        }
    }

    /// Works out what the last step did and what the next will do.
    pub(super) fn put_into_words(&mut self) {
        if !self.explains {
            return;
        }
        let sentences = match &self.scene.run {
            Some(scene) => sentences(scene),
            None if self.good.is_some() => ("nothing yet".to_owned(), "n starts a run, in its first state".to_owned()),
            None => ("nothing yet".to_owned(), "the definition cannot be run as it is".to_owned()),
        };
        let is_new = sentences.0 != self.sentences.0;
        self.sentences = sentences;
        if is_new && self.plain && self.status.is_none() {
            // Screen readers read what changes; this line is where changes are said.
            self.status = Some(self.run_words().0);
        }
    }

    /// Switches the words about steps on or off.
    pub(super) fn toggle_words(&mut self) -> Vec<Action> {
        self.explains = !self.explains;
        let words = if self.explains { "Steps are put into words." } else { "Steps are not put into words." };
        self.say(words);
        vec![self.keep()]
    }

    /// Commands about the lesson.
    pub(super) fn lesson_command(&mut self, command: Command) -> Vec<Action> {
        let Some(course) = &mut self.course else {
            return self.say("There is no lesson: `asldb learn` starts the course.");
        };
        match command {
            Command::NextLesson | Command::PreviousLesson => {
                let by = if command == Command::NextLesson { 1 } else { -1 };
                match course.file(by) {
                    Some(file) => return vec![Action::Open { path: file, machine: None }],
                    None if by > 0 => return self.say("This is the last lesson."),
                    None => return self.say("This is the first lesson."),
                }
            }
            Command::Hint => course.ask_hint(),
            _ => {}
        }
        let layer = LessonLayer::new(course);
        let is_open = matches!(self.layers.last(), Some(Layer::Lesson(_)));
        if is_open {
            self.layers.pop();
        }
        if command == Command::Lesson || is_open {
            self.layers.push(Layer::Lesson(layer));
        }
        Vec::new()
    }

    /// Shows the text of the lesson at its start.
    pub(super) fn begin_lesson(&mut self) {
        if let Some(course) = &self.course {
            self.layers.push(Layer::Lesson(LessonLayer::new(course)));
        }
    }

    /// Looks whether the task of the lesson is done.
    pub(super) fn check_lesson(&mut self) -> Vec<Action> {
        let Some(course) = &self.course else { return Vec::new() };
        let Some(task) = course.task() else { return Vec::new() };
        let facts = Facts {
            look: self.scene.look(),
            runs: &self.runs,
            focus: self.focus(),
            commands: &course.commands,
            mock_case: self.mocks.as_ref().map(|mocks| mocks.case.as_str()),
            newest: self.newest.as_deref(),
        };
        if !(task.check)(&facts) {
            return Vec::new();
        }
        let Some(course) = &mut self.course else { return Vec::new() };
        let ends = course.advance();
        let progress = course.progress().clone();
        let words =
            if ends { "Well done: that was the last task of this lesson." } else { "Done. On to the next task." };
        self.say(words);
        if ends { vec![Action::KeepProgress(Box::new(progress))] } else { Vec::new() }
    }

    /// Shows everything as screen readers and logs need it.
    pub(super) fn be_plain(&mut self) {
        (self.plain, self.explains) = (true, true);
        self.scene.glyphs = Glyphs::PLAIN;
        self.put_into_words();
        self.status = None;
    }

    /// The lesson under way, if there is one.
    #[must_use]
    pub fn course(&self) -> Option<&crate::tui::learn::Course> {
        self.course.as_ref()
    }
}

/// What the last step of the run that is looked at did, and what the next will do.
fn sentences(scene: &RunScene) -> (String, String) {
    let view = &scene.view;
    let execution = scene.run.handle().execution();
    let live = scene.past.is_none().then(|| next_branch(scene)).flatten();
    let context = || match (&view.machine, live) {
        (Some(machine), Some(branch)) => machine.context(branch),
        _ => scene.past().context(scene.focus, scene.moment),
    };
    let context: &dyn Fn() -> Value = &context;
    let point = Point {
        definition: &scene.run.definition,
        machine: &execution.machine,
        log: &view.log,
        moment: scene.moment,
        branch: scene.focus,
        live,
        context,
        now: view.now,
    };
    (explain::last(&point).to_string(), explain::next(&point).to_string())
}

/// The branch that steps next: the one that is looked at if it can, else the one whose turn it is.
fn next_branch(scene: &RunScene) -> Option<&Branch> {
    use crate::engine::Blocked;
    let view = &scene.view;
    let own = view.branches.iter().find(|branch| branch.id == scene.focus);
    let turn = || view.machine.as_ref().and_then(|machine| machine.next_branch());
    match own {
        Some(branch) if branch.blocked == Blocked::No => Some(branch),
        own => turn().or(own).or_else(|| view.branches.iter().find(|branch| branch.blocked != Blocked::Children)),
    }
}
