//! The answer to a task: a result, or an error and a cause; kept as a mock if wished.

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::input::{draw_editor, edit};
use crate::asl::State;
use crate::config::Role;
use crate::engine::TaskId;
use crate::runtime::TaskCall;
use crate::runtime::tasks::{TaskFailure, TaskResult};
use crate::tui::command::Command;
use crate::tui::look::Look;
use crate::tui::panes::wrap;
use crate::tui::widgets::line_edit::LineEdit;
use crate::tui::widgets::popup;
use crate::tui::widgets::text::clip;
use crate::tui::widgets::text_area::JsonEditor;
use crate::value;

/// What is being written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Result,
    Error,
    Cause,
}

/// Lines of errors to choose from.
const KNOWN_LINES: usize = 6;

/// The parts in the order of the Tab key.
const PARTS: [Part; 3] = [Part::Result, Part::Error, Part::Cause];

/// The answer to one task.
pub struct AnswerLayer {
    task: TaskId,
    execution_arn: Arc<str>,
    state: String,
    resource: String,
    attempt: u32,
    part: Part,
    result: JsonEditor,
    error: LineEdit,
    cause: LineEdit,
    /// Errors that this state's retriers and catchers name, and those that any task can have.
    known: Vec<String>,
    keeps: bool,
}

impl AnswerLayer {
    /// The answer to `call`; the result begins as the task's input, which gives way to what is typed.
    #[must_use]
    pub fn new(call: &TaskCall) -> Self {
        let known = known_errors(call.state());
        Self {
            task: call.invocation.task,
            execution_arn: call.execution.names.execution_arn.clone(),
            state: call.state().name.to_string(),
            resource: call.resource().to_owned(),
            attempt: call.invocation.retry_count + 1,
            part: Part::Result,
            result: JsonEditor::suggesting(&call.invocation.input.to_pretty_json()),
            error: LineEdit::suggesting(known.first().map_or("", String::as_str)),
            cause: LineEdit::default(),
            known,
            keeps: false,
        }
    }

    /// The task it is for.
    #[must_use]
    pub fn task(&self) -> TaskId {
        self.task
    }

    /// The execution it is for.
    #[must_use]
    pub fn execution_arn(&self) -> &Arc<str> {
        &self.execution_arn
    }

    /// Whether the answer is to be kept as a mock.
    #[must_use]
    pub fn keeps(&self) -> bool {
        self.keeps
    }

    /// The answer as written.
    ///
    /// # Errors
    /// The result is no JSON.
    pub fn result(&self) -> Result<TaskResult, String> {
        if self.part == Part::Result {
            let text = if self.result.text().trim().is_empty() { "{}" } else { self.result.text() };
            let value = value::read(text).map_err(|error| format!("The result is no JSON: {error}."))?;
            return Ok(TaskResult::ok(value));
        }
        let text = |text: &str| (!text.is_empty()).then(|| Arc::from(text));
        let failure = TaskFailure { error: text(self.error.text()), cause: text(self.cause.text()), hint: None };
        Ok(TaskResult { submitted: None, outcome: Err(failure) })
    }

    pub(super) fn key(&mut self, event: KeyEvent) {
        let control = event.modifiers.contains(KeyModifiers::CONTROL);
        match event.code {
            KeyCode::Tab => self.turn(1),
            KeyCode::BackTab => self.turn(PARTS.len() - 1),
            KeyCode::Char('k') if control => self.keeps = !self.keeps,
            KeyCode::Up if self.part == Part::Error => self.turn_error(self.known.len().saturating_sub(1)),
            KeyCode::Down if self.part == Part::Error => self.turn_error(1),
            _ => self.edit(event),
        }
    }

    /// Takes another one of the known errors.
    fn turn_error(&mut self, by: usize) {
        let at = self.known.iter().position(|known| known == self.error.text());
        let at = at.map_or(0, |at| (at + by) % self.known.len().max(1));
        if let Some(known) = self.known.get(at) {
            self.error = LineEdit::suggesting(known.as_str());
        }
    }

    /// Puts the cursor where the result is no JSON.
    pub fn go_to_error(&mut self) {
        self.result.go_to_error();
    }

    fn turn(&mut self, by: usize) {
        let at = PARTS.iter().position(|part| *part == self.part).unwrap_or(0);
        self.part = PARTS[(at + by) % PARTS.len()];
    }

    fn edit(&mut self, event: KeyEvent) {
        match self.part {
            Part::Result => self.result.input(event),
            Part::Error => self.error.key(event),
            Part::Cause => self.cause.key(event),
        };
    }

    pub(super) fn paste(&mut self, text: &str) {
        match self.part {
            Part::Result => {
                self.result.paste(text);
            }
            Part::Error => self.error.insert(text.trim()),
            Part::Cause => self.cause.insert(&text.replace(['\r', '\n'], " ")),
        }
    }

    pub(super) fn command(&mut self, command: Command) -> bool {
        self.part == Part::Result && edit(&mut self.result, command)
    }

    pub(super) fn draw(&mut self, area: Rect, look: &Look<'_>, buffer: &mut Buffer) -> Option<Position> {
        let place = popup::centred(area, area.width.saturating_sub(4).min(110), area.height.saturating_sub(2));
        let title = format!("Answer for {}", self.state);
        let inside = popup::draw(place, &title, buffer, look.styles, look.glyphs);
        let attempt = if self.attempt > 1 { format!("   attempt {}", self.attempt) } else { String::new() };
        let about = clip(&format!("{}{attempt}", self.resource), usize::from(inside.width), look.glyphs);
        let head = [Line::styled(about, look.styles.role(Role::Muted)), self.choice_line(look)];
        for (line, row) in head.into_iter().zip(inside.rows()) {
            line.render(row, buffer);
        }
        let body = Rect { y: inside.y + 2.min(inside.height), height: inside.height.saturating_sub(2), ..inside };
        if self.part == Part::Result {
            return draw_editor(&mut self.result, body, look, buffer);
        }
        self.draw_failure(body, look, buffer)
    }

    /// Result or failure, and whether it is kept.
    fn choice_line(&self, look: &Look<'_>) -> Line<'static> {
        let (selected, plain) = (look.styles.role(Role::Selection), look.styles.role(Role::Text));
        let style = |on: bool| if on { selected } else { plain };
        let key = look.styles.role(Role::FooterKey);
        let succeeds = self.part == Part::Result;
        let kept = if self.keeps { "[x]" } else { "[ ]" };
        Line::from(vec![
            Span::styled(if succeeds { "(*) result" } else { "( ) result" }, style(succeeds)),
            Span::raw("  "),
            Span::styled(if succeeds { "( ) error and cause" } else { "(*) error and cause" }, style(!succeeds)),
            Span::raw("  "),
            Span::styled("Tab", key),
            Span::raw(" changes  "),
            Span::raw(format!("{kept} keep as mock ")),
            Span::styled("^k", key),
        ])
    }

    fn draw_failure(&self, area: Rect, look: &Look<'_>, buffer: &mut Buffer) -> Option<Position> {
        let mut cursor = None;
        let fields = [("Error", &self.error, Part::Error), ("Cause", &self.cause, Part::Cause)];
        for ((label, text, part), row) in fields.into_iter().zip(area.rows().skip(1)) {
            let (shown, column) = text.shown(usize::from(row.width).saturating_sub(9), look.glyphs);
            let column = row.x + 7 + column;
            let label = Span::styled(format!("{label:<7}"), look.styles.role(Role::Muted));
            let mut line = Line::from(vec![label, Span::raw(shown)]);
            if part == self.part {
                line = line.style(look.styles.role(Role::CurrentLine));
                cursor = Some(Position::new(column.min(row.right().saturating_sub(1)), row.y));
            }
            line.render(row, buffer);
        }
        let known = format!("Up and Down: {}", self.known.join(", "));
        let room = usize::from(area.width);
        for (line, row) in wrap(&known, room, KNOWN_LINES, look.glyphs).into_iter().zip(area.rows().skip(4)) {
            Line::styled(line, look.styles.role(Role::Muted)).render(row, buffer);
        }
        cursor
    }
}

/// The errors that retriers and catchers of `state` name, in the order of the text; behind them those of any task.
fn known_errors(state: &State) -> Vec<String> {
    let retried = state.retry.iter().flat_map(|retrier| &retrier.error_equals);
    let caught = state.catch.iter().flat_map(|catcher| &catcher.error_equals);
    let named = retried.chain(caught).map(ToString::to_string).filter(|name| name != "States.ALL");
    let mut known = vec!["States.TaskFailed".to_owned()];
    for name in named.chain(["States.Timeout".to_owned()]) {
        if !known.contains(&name) {
            known.push(name);
        }
    }
    known
}
