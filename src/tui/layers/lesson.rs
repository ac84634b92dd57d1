//! The text of a lesson, with its tasks.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::config::Role;
use crate::tui::command::Command;
use crate::tui::learn::{Course, LESSONS};
use crate::tui::look::Look;
use crate::tui::panes::wrap;
use crate::tui::widgets::popup;
use crate::tui::widgets::rows::Rows;

/// Lines of a paragraph at most.
const LINES: usize = 40;

/// The text of a lesson.
pub struct LessonLayer {
    title: String,
    /// Paragraphs, with how far each is indented.
    paragraphs: Vec<(Role, String)>,
    rows: Rows,
    len: usize,
}

impl LessonLayer {
    /// The text of the lesson of `course`, as far as its tasks are done.
    #[must_use]
    pub fn new(course: &Course) -> Self {
        let lesson = course.lesson();
        let mut paragraphs: Vec<_> = lesson.text.split("\n\n").map(|text| (Role::Text, text.to_owned())).collect();
        for (at, task) in lesson.tasks.iter().enumerate() {
            let (role, mark) = match at < course.tasks_done() {
                true => (Role::Ok, "done"),
                false if at == course.tasks_done() => (Role::Accent, "now"),
                false => (Role::Text, "then"),
            };
            paragraphs.push((role, format!("{}. [{mark}] {}", at + 1, task.text)));
        }
        if let Some(hint) = course.hint() {
            paragraphs.push((Role::Text, format!("Hint: {hint}")));
        }
        let done = course.progress().done.len();
        let enter = if course.tasks_done() == 0 { "begins" } else { "goes on" };
        let end =
            format!("Enter {enter}, h gives a hint, Right/Left: other lessons. Done: {done} of {}.", LESSONS.len());
        paragraphs.push((Role::Muted, end));
        let title = format!("Lesson {} of {}: {}", course.number(), LESSONS.len(), lesson.title);
        Self { title, paragraphs, rows: Rows::default(), len: 0 }
    }

    pub(super) fn command(&mut self, command: Command) -> bool {
        match command {
            Command::Up => self.rows.move_by(-1, self.len),
            Command::Down => self.rows.move_by(1, self.len),
            Command::PageUp => self.rows.move_by(-10, self.len),
            Command::PageDown => self.rows.move_by(10, self.len),
            Command::Home => self.rows.move_to(0, self.len),
            Command::End => self.rows.move_to(self.len.saturating_sub(1), self.len),
            _ => return false,
        }
        true
    }

    pub(super) fn draw(&mut self, area: Rect, look: &Look<'_>, buffer: &mut Buffer) -> Option<Position> {
        let wide = area.width.min(84);
        let room = usize::from(wide.saturating_sub(4));
        let mut lines = Vec::new();
        let mut was_task = false;
        for (role, text) in &self.paragraphs {
            // Tasks stand below each other without a line between them.
            let is_task = text.starts_with(|c: char| c.is_ascii_digit());
            if !(lines.is_empty() || is_task && was_task) {
                lines.push((Role::Text, String::new()));
            }
            was_task = is_task;
            lines.extend(wrap(text, room, LINES, look.glyphs).into_iter().map(|line| (*role, line)));
        }
        self.len = lines.len();
        let height = u16::try_from(lines.len() + 2).unwrap_or(u16::MAX).min(area.height);
        let place = popup::centred(area, wide, height);
        let inside = popup::draw(place, &self.title, buffer, look.styles, look.glyphs);
        let hits = self.rows.draw(inside, buffer, lines.len(), None, |at| {
            let (role, text) = lines.get(at).cloned().unwrap_or((Role::Text, String::new()));
            Line::styled(text, look.styles.role(role))
        });
        hits.iter().find(|hit| hit.row == self.rows.cursor).map(|hit| hit.area.as_position())
    }
}
