//! Two runs side by side.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::move_in;
use crate::config::Role;
use crate::debug::{Comparison, Difference, Pair, Run};
use crate::engine::{EventId, EventKind, Log};
use crate::tui::command::Command;
use crate::tui::look::Look;
use crate::tui::widgets::popup;
use crate::tui::widgets::rows::{RowHit, Rows};
use crate::tui::widgets::text::{clip, width};
use crate::value::Value;
use crate::value::diff::{self, diff, json_path};

/// Differences of two values that are listed.
const SHOWN: usize = 200;

/// Two runs side by side, aligned by state.
pub struct CompareLayer {
    left: Run,
    right: Run,
    logs: (Log, Log),
    comparison: Comparison,
    rows: Rows,
    hits: Vec<RowHit>,
    /// The differences of the pair under the cursor, by its row.
    details: Option<(usize, Vec<(Role, String)>)>,
}

/// Two runs that were compared.
pub struct Compared {
    /// The first.
    pub left: Run,
    /// The second.
    pub right: Run,
    /// What they had written by then.
    pub logs: (Log, Log),
    /// What came out.
    pub comparison: Comparison,
}

impl CompareLayer {
    /// The comparison with the cursor on the first difference.
    #[must_use]
    pub fn new(compared: Compared) -> Self {
        let Compared { left, right, logs, comparison } = compared;
        let rows = Rows { cursor: comparison.first.unwrap_or(0), top: 0 };
        Self { left, right, logs, comparison, rows, hits: Vec::new(), details: None }
    }

    /// The visit under the cursor: the number of the run, and the event that began it.
    #[must_use]
    pub fn selected(&self) -> Option<(u32, EventId)> {
        let pair = self.comparison.pairs.get(self.rows.cursor)?;
        let right = pair.right.map(|visit| (self.right.number, visit));
        right.or_else(|| pair.left.map(|visit| (self.left.number, visit)))
    }

    pub(super) fn command(&mut self, command: Command) -> bool {
        let count = self.comparison.pairs.len();
        match command {
            Command::NextMatch => self.go_to_difference(true),
            Command::PreviousMatch => self.go_to_difference(false),
            _ => return move_in(&mut self.rows, command, count),
        }
        true
    }

    fn go_to_difference(&mut self, forward: bool) {
        let differs = |at: &usize| self.comparison.pairs[*at].difference != Difference::None;
        let count = self.comparison.pairs.len();
        let found = if forward {
            (self.rows.cursor + 1..count).find(differs)
        } else {
            (0..self.rows.cursor.min(count)).rev().find(differs)
        };
        if let Some(at) = found {
            self.rows.cursor = at;
        }
    }

    pub(super) fn click(&mut self, at: Position) {
        if let Some(hit) = self.hits.iter().find(|hit| hit.area.contains(at)) {
            self.rows.cursor = hit.row;
        }
    }

    pub(super) fn scroll(&mut self, by: isize) {
        self.rows.move_by(by, self.comparison.pairs.len());
    }

    pub(super) fn draw(&mut self, area: Rect, look: &Look<'_>, buffer: &mut Buffer) -> Option<Position> {
        let title = format!("Run {} and run {}", self.left.number, self.right.number);
        let place = popup::centred(area, area.width.saturating_sub(2).min(140), area.height.saturating_sub(2));
        let inside = popup::draw(place, &title, buffer, look.styles, look.glyphs);
        let mut parts = inside.rows();
        if let Some(row) = parts.next() {
            self.summary(look, usize::from(row.width)).render(row, buffer);
        }
        let rest = Rect { y: inside.y + 1.min(inside.height), height: inside.height.saturating_sub(1), ..inside };
        let below = (rest.height / 3).min(10);
        let list = Rect { height: rest.height.saturating_sub(below + 1), ..rest };
        let (pairs, room) = (&self.comparison.pairs, usize::from(list.width));
        let (logs, first) = (&self.logs, self.comparison.first);
        let numbers = (self.left.number, self.right.number);
        let selected = look.styles.role(Role::Selection);
        self.hits = self.rows.draw(list, buffer, pairs.len(), Some(selected), |at| {
            let line = |pair| line_of(pair, (logs, numbers), first == Some(at), room, look);
            pairs.get(at).map_or(Line::default(), line)
        });
        self.read_details(look.glyphs.arrow);
        let rule = Rect { y: list.bottom(), height: 1.min(below), ..rest };
        Line::styled(look.glyphs.horizontal.repeat(usize::from(rule.width)), look.styles.role(Role::Border))
            .render(rule, buffer);
        let details = Rect { y: rule.bottom(), height: below, ..rest };
        let lines = self.details.iter().flat_map(|(_, lines)| lines);
        for ((role, text), row) in lines.zip(details.rows()) {
            let text = clip(text, usize::from(row.width), look.glyphs);
            Line::styled(text, look.styles.role(*role)).render(row, buffer);
        }
        let hit = self.hits.iter().find(|hit| hit.row == self.rows.cursor)?;
        Some(hit.area.as_position())
    }

    fn summary(&self, look: &Look<'_>, room: usize) -> Line<'static> {
        let count = self.comparison.pairs.iter().filter(|pair| pair.difference != Difference::None).count();
        let status = |run: &Run| format!("run {} {}", run.number, run.view().status.name());
        let words = match count {
            0 => "no difference".to_owned(),
            1 => "one visit differs".to_owned(),
            count => format!("{count} visits differ, . and , go through them"),
        };
        let text = format!("{}   {}   {words}", status(&self.left), status(&self.right));
        Line::styled(clip(&text, room, look.glyphs), look.styles.role(Role::Muted))
    }

    fn read_details(&mut self, arrow: &str) {
        if self.details.as_ref().is_some_and(|(row, _)| *row == self.rows.cursor) {
            return;
        }
        let lines = self.comparison.pairs.get(self.rows.cursor).map(|pair| details(pair, &self.logs, arrow));
        self.details = Some((self.rows.cursor, lines.unwrap_or_default()));
    }
}

/// The row of a pair; `runs` are the logs and the numbers of the runs.
fn line_of(
    pair: &Pair,
    (logs, numbers): (&(Log, Log), (u32, u32)),
    is_first: bool,
    room: usize,
    look: &Look<'_>,
) -> Line<'static> {
    let (sign, role, words) = match pair.difference {
        Difference::None => (" ", Role::Text, String::new()),
        Difference::Left => ("-", Role::Removed, format!("only in run {}", numbers.0)),
        Difference::Right => ("+", Role::Added, format!("only in run {}", numbers.1)),
        Difference::Input => ("~", Role::Changed, "other input".to_owned()),
        Difference::Output => ("~", Role::Changed, "other output".to_owned()),
    };
    let mark = if is_first { look.glyphs.here } else { " " };
    let mark = format!("{mark:<0$}", width(look.glyphs.here, look.glyphs));
    let place = if pair.turn.branch.is_empty() { String::new() } else { format!("{} / ", pair.turn.branch) };
    let turn = if pair.turn.number > 0 { format!(" #{}", pair.turn.number + 1) } else { String::new() };
    let name = pair.path.0.last().map_or("", |name| &**name);
    let name = clip(&format!("{mark}{sign} {place}{name}{turn}"), room / 2, look.glyphs);
    let blanks = " ".repeat((room / 2 + 1).saturating_sub(width(&name, look.glyphs)));
    let times = [(pair.left, &logs.0), (pair.right, &logs.1)].map(|(visit, log)| duration(visit, log));
    let text = format!("{blanks}{:>9} {:>9}  {words}", times[0], times[1]);
    let left = room.saturating_sub(width(&name, look.glyphs));
    let style = look.styles.role(role);
    Line::from(vec![Span::styled(name, style), Span::styled(clip(&text, left, look.glyphs), style)])
}

/// How long a visit took.
fn duration(visit: Option<EventId>, log: &Log) -> String {
    let Some(visit) = visit else { return String::new() };
    let times = log.event(visit).zip(log.exit_of(visit)).map(|(entered, left)| left.at.since(entered.at).max(0));
    times.map_or_else(|| "open".to_owned(), |millis| format!("{}.{:03}", millis / 1000, millis % 1000))
}

/// What differs in a pair, line by line.
fn details(pair: &Pair, logs: &(Log, Log), arrow: &str) -> Vec<(Role, String)> {
    let value = |visit: Option<EventId>, log: &Log, input: bool| visit.and_then(|visit| value_of(log, visit, input));
    let sides = |input| (value(pair.left, &logs.0, input), value(pair.right, &logs.1, input));
    match pair.difference {
        Difference::None => vec![(Role::Muted, "The same input and the same output.".to_owned())],
        Difference::Left | Difference::Right => {
            let words = "Only one of the runs came here. Its input:".to_owned();
            let (left, right) = sides(true);
            let input = left.or(right).map_or_else(String::new, |input| input.to_json());
            vec![(Role::Muted, words), (Role::Text, input)]
        }
        Difference::Input => differences("input", sides(true), arrow),
        Difference::Output => differences("output", sides(false), arrow),
    }
}

fn value_of(log: &Log, visit: EventId, input: bool) -> Option<Value> {
    let event = if input { log.event(visit)? } else { log.exit_of(visit)? };
    match &event.kind {
        EventKind::StateEntered { input, .. } => Some(input.clone()),
        EventKind::StateExited { output, .. } => Some(output.clone()),
        _ => None,
    }
}

fn differences(what: &str, values: (Option<Value>, Option<Value>), arrow: &str) -> Vec<(Role, String)> {
    let (Some(left), Some(right)) = values else {
        return vec![(Role::Text, format!("Only one of them has an {what}: the other failed, or goes on."))];
    };
    let found = diff(&left, &right, SHOWN);
    let mut lines: Vec<_> = found.changes.iter().map(|change| line_of_change(change, arrow)).collect();
    if found.cut {
        lines.push((Role::Muted, "and more".to_owned()));
    }
    lines
}

fn line_of_change(change: &diff::Change, arrow: &str) -> (Role, String) {
    let path = json_path(&change.path);
    let text = |value: &Option<Value>| value.as_ref().map_or_else(String::new, short);
    match change.kind {
        diff::ChangeKind::Added => (Role::Added, format!("+ {path}  {}", text(&change.after))),
        diff::ChangeKind::Removed => (Role::Removed, format!("- {path}  {}", text(&change.before))),
        diff::ChangeKind::Changed => {
            (Role::Changed, format!("~ {path}  {} {arrow} {}", text(&change.before), text(&change.after)))
        }
    }
}

/// A value as JSON, of a large one only its size.
fn short(value: &Value) -> String {
    const MOST: usize = 4096;
    if value.size() > MOST { format!("{} of {} bytes", value.type_name(), value.size()) } else { value.to_json() }
}
