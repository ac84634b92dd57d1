//! The run on its clock: a row for each visit to a state, with attempts, delays and waits.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span as Text};
use ratatui::widgets::Widget;

use crate::asl::{StateKind, StateMachine};
use crate::config::Role;
use crate::debug::{Span, Spans};
use crate::engine::{EventId, Log};
use crate::tui::command::Command;
use crate::tui::look::{Look, RunLook};
use crate::tui::widgets::popup;
use crate::tui::widgets::rows::{RowHit, Rows};
use crate::tui::widgets::text::{clip, width};
use crate::value::Timestamp;

/// Events that are read for a frame.
const READ: usize = 50_000;
/// The deepest zoom halves the whole so many times.
const DEEPEST: u32 = 40;
/// Levels of branches that are indented.
const LEVELS: usize = 4;

/// The run on its clock.
#[derive(Debug)]
pub struct TimelineLayer {
    run: Option<u32>,
    spans: Spans,
    whole: bool,
    rows: Rows,
    hits: Vec<RowHit>,
    height: usize,
    /// How often the whole time was halved, and the first millisecond that is shown.
    zoom: u32,
    first: i64,
    /// The cursor was put on the moment that is looked at, or moved by the user.
    placed: bool,
    /// The cursor moved since it was last shown.
    moved: bool,
    /// All of the time of the run, in milliseconds.
    all: i64,
}

impl Default for TimelineLayer {
    fn default() -> Self {
        Self::new()
    }
}

/// The milliseconds since the start that are shown.
#[derive(Debug, Clone, Copy)]
struct Window {
    first: i64,
    length: i64,
}

impl TimelineLayer {
    /// A timeline with its cursor on the moment that is looked at.
    #[must_use]
    pub fn new() -> Self {
        Self {
            run: None,
            spans: Spans::default(),
            whole: false,
            rows: Rows::default(),
            hits: Vec::new(),
            height: 0,
            zoom: 0,
            first: 0,
            placed: false,
            moved: false,
            all: 1,
        }
    }

    /// The visit under the cursor.
    #[must_use]
    pub fn selected(&self) -> Option<EventId> {
        self.spans.all().get(self.rows.cursor).map(|span| span.visit)
    }

    /// Whether there are more events to read: it wants to be drawn again.
    #[must_use]
    pub fn is_reading(&self) -> bool {
        self.run.is_some() && !self.whole
    }

    pub(super) fn command(&mut self, command: Command) -> bool {
        let count = self.spans.all().len();
        let half = isize::try_from(self.height / 2).unwrap_or(1).max(1);
        match command {
            Command::Up => self.rows.move_by(-1, count),
            Command::Down => self.rows.move_by(1, count),
            Command::PageUp => self.rows.move_by(-half, count),
            Command::PageDown => self.rows.move_by(half, count),
            Command::Home => self.rows.move_to(0, count),
            Command::End => self.rows.move_to(count.saturating_sub(1), count),
            Command::ZoomIn => return self.zoom_to((self.zoom + 1).min(DEEPEST)),
            Command::ZoomOut => return self.zoom_to(self.zoom.saturating_sub(1)),
            Command::Left => return self.pan(-1),
            Command::Right => return self.pan(1),
            _ => return false,
        }
        (self.placed, self.moved) = (true, true);
        true
    }

    /// Shows more or less time around the beginning of the visit under the cursor.
    fn zoom_to(&mut self, zoom: u32) -> bool {
        self.zoom = zoom;
        let length = self.window().length;
        let start = self.spans.all().first().map_or(Timestamp(0), |span| span.from);
        let at = self.spans.all().get(self.rows.cursor).map_or(0, |span| span.from.since(start));
        self.first = at - length / 4;
        true
    }

    fn pan(&mut self, by: i64) -> bool {
        self.first += by * (self.window().length / 4).max(1);
        true
    }

    fn window(&self) -> Window {
        let length = (self.all >> self.zoom).max(1);
        Window { first: self.first.clamp(0, (self.all - length).max(0)), length }
    }

    pub(super) fn click(&mut self, at: Position) {
        if let Some(hit) = self.hits.iter().find(|hit| hit.area.contains(at)) {
            self.rows.cursor = hit.row;
        }
    }

    pub(super) fn scroll(&mut self, by: isize) {
        self.rows.scroll(by, self.spans.all().len(), self.height);
    }

    /// Takes what is new of the run.
    fn read(&mut self, run: &RunLook<'_>) {
        if self.run != Some(run.run.number) {
            *self = Self { run: Some(run.run.number), ..Self::new() };
        }
        self.whole = self.spans.read(run.log(), READ);
        let now = if run.view.status.is_done() { run.view.now } else { run.view.clock.now().max(run.view.now) };
        self.all = now.since(run.view.started).max(1);
        if !self.placed
            && let Some(at) = self.spans.at(run.moment.events)
        {
            self.rows.cursor = at;
            self.placed = self.whole;
        }
        let start = self.spans.all().get(self.rows.cursor).map(|span| span.from.since(run.view.started));
        if let Some(start) = start.filter(|_| std::mem::take(&mut self.moved)) {
            let Window { first, length } = self.window();
            if !(first..first + length).contains(&start) {
                self.first = start - length / 4;
            }
        }
        self.first = self.window().first;
    }

    pub(super) fn draw(&mut self, area: Rect, look: &Look<'_>, buffer: &mut Buffer) -> Option<Position> {
        let place = popup::centred(area, area.width.saturating_sub(2), area.height.saturating_sub(2));
        let Some(run) = &look.run else { return None };
        self.read(run);
        let title = format!("Timeline of run {}", run.run.number);
        let inside = popup::draw(place, &title, buffer, look.styles, look.glyphs);
        let names = usize::from(inside.width / 3).min(34);
        let chart = Chart { run, look, names, room: usize::from(inside.width), window: self.window() };
        let list = Rect { y: inside.y + 1.min(inside.height), height: inside.height.saturating_sub(3), ..inside };
        self.height = usize::from(list.height);
        let spans = self.spans.all();
        let selected = look.styles.role(Role::Selection);
        self.hits = self.rows.draw(list, buffer, spans.len(), Some(selected), |at| {
            spans.get(at).map(|span| chart.line(span)).unwrap_or_default()
        });
        let about = spans.get(self.rows.cursor).map(|span| chart.about(span)).unwrap_or_default();
        let hint = format!("{} Enter looks at it, + - zoom, h l move in time", if self.whole { "" } else { "reading" });
        for (line, y) in [
            (chart.axis(), inside.y),
            (Line::raw(clip(&about, chart.room, look.glyphs)), inside.bottom().saturating_sub(2)),
            (
                Line::styled(clip(hint.trim(), chart.room, look.glyphs), look.styles.role(Role::Muted)),
                inside.bottom().saturating_sub(1),
            ),
        ] {
            line.render(Rect { y, height: 1, ..inside }, buffer);
        }
        let hit = self.hits.iter().find(|hit| hit.row == self.rows.cursor)?;
        Some(hit.area.as_position())
    }
}

/// What the rows of a frame have in common.
struct Chart<'a> {
    run: &'a RunLook<'a>,
    look: &'a Look<'a>,
    /// Cells of the names, and of all.
    names: usize,
    room: usize,
    window: Window,
}

impl Chart<'_> {
    fn machine(&self) -> &StateMachine {
        &self.run.run.handle().execution().machine
    }

    fn role(&self, role: Role) -> Style {
        self.look.styles.role(role)
    }

    fn bar_room(&self) -> usize {
        self.room.saturating_sub(self.names + 1)
    }

    /// Milliseconds since the start of the run.
    fn since(&self, at: Timestamp) -> i64 {
        at.since(self.run.view.started)
    }

    /// The cell of a moment; those outside of what is shown are before or behind all cells.
    fn cell(&self, millis: i64) -> i64 {
        let room = i64::try_from(self.bar_room()).unwrap_or(0);
        if millis == self.window.first + self.window.length {
            return room - 1;
        }
        let shift = i128::from(millis - self.window.first) * i128::from(room);
        let cell = shift.div_euclid(i128::from(self.window.length));
        i64::try_from(cell).unwrap_or(i64::MAX).clamp(-1, room)
    }

    /// The time of the left and the right end, and the moment that is looked at.
    fn axis(&self) -> Line<'static> {
        let Window { first, length } = self.window;
        let (left, right) = (seconds(first), seconds(first + length));
        let room = self.bar_room();
        let mut signs: Vec<char> = self.look.glyphs.horizontal.chars().cycle().take(room).collect();
        let event = self.run.moment.events.checked_sub(1).and_then(|at| self.run.log().events.get(at));
        let now = event.and_then(|event| usize::try_from(self.cell(self.since(event.at))).ok());
        // The moment hides no time.
        let end = now.filter(|now| *now < room && *now + right.len() >= room).unwrap_or(room);
        for (at, text) in [(0, &left), (end.saturating_sub(right.len()), &right)] {
            for (shift, sign) in text.chars().enumerate() {
                if let Some(cell) = signs.get_mut(at + shift) {
                    *cell = sign;
                }
            }
        }
        if let Some(cell) = now.and_then(|now| signs.get_mut(now)) {
            *cell = self.look.glyphs.down.chars().next().unwrap_or('v');
        }
        let names = format!("{:<width$}", "visit", width = self.names + 1);
        let signs: String = signs.into_iter().collect();
        Line::from(vec![Text::styled(names, self.role(Role::Muted)), Text::styled(signs, self.role(Role::Border))])
    }

    fn name(&self, span: &Span) -> String {
        let machine = self.machine();
        let name = machine.states.get(span.state.0 as usize).map_or("", |state| &*state.name);
        let path = self.run.log().branch_path(span.branch);
        let indent = "  ".repeat(path.len().saturating_sub(1).min(LEVELS));
        match numbers(self.run.log(), &path) {
            Some(numbers) => format!("{indent}{name} [{numbers}]"),
            None => format!("{indent}{name}"),
        }
    }

    fn line(&self, span: &Span) -> Line<'static> {
        let glyphs = self.look.glyphs;
        let name = clip(&self.name(span), self.names, glyphs);
        let blanks = (self.names + 1).saturating_sub(width(&name, glyphs));
        let mut spans = vec![Text::raw(format!("{name}{}", " ".repeat(blanks)))];
        let mut run: Option<(&'static str, Role, usize)> = None;
        for cell in self.cells(span) {
            match &mut run {
                Some((sign, role, count)) if (*sign, *role) == cell => *count += 1,
                _ => {
                    spans.extend(
                        run.take().map(|(sign, role, count)| Text::styled(sign.repeat(count), self.role(role))),
                    );
                    run = Some((cell.0, cell.1, 1));
                }
            }
        }
        spans.extend(run.map(|(sign, role, count)| Text::styled(sign.repeat(count), self.role(role))));
        Line::from(spans)
    }

    /// The signs of the bar.
    fn cells(&self, span: &Span) -> Vec<(&'static str, Role)> {
        let glyphs = self.look.glyphs;
        let mut cells = vec![(" ", Role::Text); self.bar_room()];
        let end = |to: Option<Timestamp>| to.map_or(i64::MAX / 4, |to| self.since(to));
        let kind = self.machine().states.get(span.state.0 as usize).map(|state| &state.kind);
        let whole = match kind {
            Some(StateKind::Parallel(_) | StateKind::Map(_)) => (glyphs.horizontal, Role::Muted),
            Some(StateKind::Wait(_)) => (glyphs.light, Role::Waiting),
            // Between its attempts it waits.
            _ if !span.attempts.is_empty() => (glyphs.light, Role::Waiting),
            _ => (glyphs.full, Role::Ok),
        };
        self.fill(&mut cells, (self.since(span.from), end(span.to)), whole);
        for attempt in &span.attempts {
            let role = match (attempt.failed, attempt.to) {
                (true, _) => Role::Failed,
                (false, None) => Role::Running,
                (false, Some(_)) => Role::Ok,
            };
            self.fill(&mut cells, (self.since(attempt.from), end(attempt.to)), (glyphs.full, role));
        }
        let failures = span.attempts.iter().filter(|attempt| attempt.failed).filter_map(|attempt| attempt.to);
        for failed in failures.chain(span.to.filter(|_| span.failed)) {
            let cell = usize::try_from(self.cell(self.since(failed))).ok().and_then(|cell| cells.get_mut(cell));
            if let Some(cell) = cell {
                *cell = (glyphs.failed, Role::Failed);
            }
        }
        cells
    }

    fn fill(&self, cells: &mut [(&'static str, Role)], (from, to): (i64, i64), with: (&'static str, Role)) {
        let (first, last) = (self.cell(from).max(0), self.cell(to));
        let shown = self.cell(from) < i64::try_from(cells.len()).unwrap_or(0) && last >= 0;
        // What took no time is one cell.
        for cell in (first..=last).filter(|_| shown).filter_map(|cell| usize::try_from(cell).ok()) {
            if let Some(cell) = cells.get_mut(cell) {
                *cell = with;
            }
        }
    }

    /// What the line at the bottom says of a visit.
    fn about(&self, span: &Span) -> String {
        let began = self.since(span.from);
        let now = self.since(self.run.view.now);
        let lasted = span.to.map_or(now, |to| self.since(to)) - began;
        let mut words = vec![
            format!("{} from {} for {}", self.name(span).trim_start(), seconds(began), seconds(lasted.max(0))),
            match (span.to.is_some(), span.failed) {
                (false, _) => "goes on".to_owned(),
                (true, true) => "failed or stopped".to_owned(),
                (true, false) => "done".to_owned(),
            },
        ];
        if span.attempts.len() > 1 {
            let end = |to: Option<Timestamp>| to.map_or(now, |to| self.since(to));
            let busy: i64 = span.attempts.iter().map(|one| end(one.to) - self.since(one.from)).sum();
            words.push(format!("{} tries, {} between them", span.attempts.len(), seconds((lasted - busy).max(0))));
        }
        words.join("  ")
    }
}

/// The numbers of branches and iterations, from 0, as the history has them.
fn numbers(log: &Log, path: &[crate::engine::BranchId]) -> Option<String> {
    let numbers = path.iter().skip(1).filter_map(|branch| log.branches.get(branch.0 as usize));
    let numbers: Vec<String> = numbers.map(|origin| origin.index.to_string()).collect();
    (!numbers.is_empty()).then(|| numbers.join("."))
}

/// Milliseconds as seconds.
fn seconds(millis: i64) -> String {
    format!("{}.{:03} s", millis / 1000, millis % 1000)
}
