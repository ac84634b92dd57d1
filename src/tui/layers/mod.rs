//! Layers over the panes: editors, lists, help. The front one takes the keys.

mod answer;
mod compare;
mod findings;
mod help;
mod input;
mod lesson;
mod line;
mod picker;
mod playground;
mod prompt;
mod resume;
mod runs;
mod timeline;
mod value;

use ratatui::buffer::Buffer;
use ratatui::crossterm::event::KeyEvent;
use ratatui::layout::{Position, Rect};

pub use answer::AnswerLayer;
pub use compare::{CompareLayer, Compared};
pub use findings::{Finding, FindingsLayer};
pub use help::HelpLayer;
pub use input::InputLayer;
pub use lesson::LessonLayer;
pub use line::{Completions, LineLayer};
pub use picker::{Picked, PickerLayer};
pub use playground::{Outcome, PlaygroundLayer};
pub use prompt::{PromptLayer, PromptPurpose};
pub use resume::ResumeLayer;
pub use runs::RunsLayer;
pub use timeline::TimelineLayer;
pub use value::{ValueLayer, ValuePurpose};

use super::command::{Command, Focus};
use super::look::Look;
use super::widgets::rows::Rows;
use crate::debug::Run;

/// A layer.
pub enum Layer {
    /// The editor of the input.
    Input(Box<InputLayer>),
    /// The answer to a task.
    Answer(Box<AnswerLayer>),
    /// The editor of a value that a run goes on with.
    Value(Box<ValueLayer>),
    /// What going on with another definition means.
    Resume(Box<ResumeLayer>),
    /// Two runs side by side.
    Compare(Box<CompareLayer>),
    /// The run on its clock.
    Timeline(Box<TimelineLayer>),
    /// What was found out.
    Findings(Box<FindingsLayer>),
    /// The playground.
    Playground(Box<PlaygroundLayer>),
    /// The list of runs.
    Runs(RunsLayer),
    /// A list to choose from.
    Picker(Box<PickerLayer>),
    /// A line of text.
    Prompt(PromptLayer),
    /// The command line.
    Line(Box<LineLayer>),
    /// The help.
    Help(HelpLayer),
    /// The text of a lesson.
    Lesson(LessonLayer),
}

impl Layer {
    /// What takes the keys while it is in front.
    #[must_use]
    pub fn focus(&self) -> Focus {
        match self {
            Self::Input(_) => Focus::Input,
            Self::Answer(_) => Focus::Answer,
            Self::Value(_) => Focus::Value,
            Self::Resume(_) => Focus::Resume,
            Self::Compare(_) => Focus::Compare,
            Self::Timeline(_) => Focus::Timeline,
            Self::Findings(_) => Focus::Explain,
            Self::Playground(_) => Focus::Try,
            Self::Runs(_) => Focus::Runs,
            Self::Picker(_) => Focus::Picker,
            Self::Prompt(_) | Self::Line(_) => Focus::Prompt,
            Self::Help(_) => Focus::Help,
            Self::Lesson(_) => Focus::Lesson,
        }
    }

    /// Takes a key that is no command.
    pub fn key(&mut self, event: KeyEvent) {
        match self {
            Self::Input(layer) => layer.key(event),
            Self::Answer(layer) => layer.key(event),
            Self::Value(layer) => layer.key(event),
            Self::Playground(layer) => layer.key(event),
            Self::Picker(layer) => layer.key(event),
            Self::Prompt(layer) => layer.key(event),
            Self::Line(layer) => layer.key(event),
            Self::Runs(_)
            | Self::Help(_)
            | Self::Lesson(_)
            | Self::Resume(_)
            | Self::Compare(_)
            | Self::Findings(_)
            | Self::Timeline(_) => {}
        }
    }

    /// Takes pasted text.
    pub fn paste(&mut self, text: &str) {
        match self {
            Self::Input(layer) => layer.paste(text),
            Self::Answer(layer) => layer.paste(text),
            Self::Value(layer) => layer.paste(text),
            Self::Playground(layer) => layer.paste(text),
            Self::Picker(layer) => layer.paste(text),
            Self::Prompt(layer) => layer.paste(text),
            Self::Line(layer) => layer.paste(text),
            Self::Runs(_)
            | Self::Help(_)
            | Self::Lesson(_)
            | Self::Resume(_)
            | Self::Compare(_)
            | Self::Findings(_)
            | Self::Timeline(_) => {}
        }
    }

    /// Takes a movement or an undo; whether it was one. `count` is the number of runs.
    pub fn command(&mut self, command: Command, count: usize) -> bool {
        match self {
            Self::Input(layer) => layer.command(command),
            Self::Answer(layer) => layer.command(command),
            Self::Value(layer) => layer.command(command),
            Self::Resume(layer) => layer.command(command),
            Self::Compare(layer) => layer.command(command),
            Self::Timeline(layer) => layer.command(command),
            Self::Findings(layer) => layer.command(command),
            Self::Playground(layer) => layer.command(command),
            Self::Runs(layer) => layer.command(command, count),
            Self::Picker(layer) => layer.command(command),
            Self::Help(layer) => layer.command(command),
            Self::Lesson(layer) => layer.command(command),
            Self::Prompt(_) | Self::Line(_) => false,
        }
    }

    /// A click.
    pub fn click(&mut self, at: Position) {
        match self {
            Self::Picker(layer) => layer.click(at),
            Self::Runs(layer) => layer.click(at),
            Self::Compare(layer) => layer.click(at),
            Self::Timeline(layer) => layer.click(at),
            Self::Findings(layer) => layer.click(at),
            _ => {}
        }
    }

    /// The wheel.
    pub fn scroll(&mut self, rows: i32) {
        let by = isize::try_from(rows).unwrap_or(0);
        match self {
            Self::Picker(layer) => layer.move_by(by),
            Self::Help(layer) => layer.scroll(by),
            Self::Compare(layer) => layer.scroll(by),
            Self::Timeline(layer) => layer.scroll(by),
            Self::Findings(layer) => layer.scroll(by),
            _ => {}
        }
    }

    /// Draws it over `area`; where the terminal's cursor belongs.
    pub fn draw(
        &mut self,
        area: Rect,
        look: &Look<'_>,
        runs: &[Run],
        current: Option<usize>,
        buffer: &mut Buffer,
    ) -> Option<Position> {
        // The footer stays visible: it says what the keys do here.
        let area = Rect { height: area.height.saturating_sub(1), ..area };
        match self {
            Self::Input(layer) => layer.draw(area, look, buffer),
            Self::Answer(layer) => layer.draw(area, look, buffer),
            Self::Value(layer) => layer.draw(area, look, buffer),
            Self::Resume(layer) => layer.draw(area, look, buffer),
            Self::Compare(layer) => layer.draw(area, look, buffer),
            Self::Timeline(layer) => layer.draw(area, look, buffer),
            Self::Findings(layer) => layer.draw(area, look, buffer),
            Self::Playground(layer) => layer.draw(area, look, buffer),
            Self::Runs(layer) => layer.draw(area, look, runs, current, buffer),
            Self::Picker(layer) => layer.draw(area, look, buffer),
            Self::Prompt(layer) => layer.draw(area, look, buffer),
            Self::Line(layer) => layer.draw(area, look, buffer),
            Self::Help(layer) => layer.draw(area, look, buffer),
            Self::Lesson(layer) => layer.draw(area, look, buffer),
        }
    }
}

/// Moves the cursor in a list of `count` rows; whether `command` is a movement.
fn move_in(rows: &mut Rows, command: Command, count: usize) -> bool {
    match command {
        Command::Up => rows.move_by(-1, count),
        Command::Down => rows.move_by(1, count),
        Command::PageUp => rows.move_by(-10, count),
        Command::PageDown => rows.move_by(10, count),
        Command::Home => rows.move_to(0, count),
        Command::End => rows.move_to(count.saturating_sub(1), count),
        _ => return false,
    }
    true
}
