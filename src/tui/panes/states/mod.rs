//! The states pane: the machine as rails, what became of each state, where the run stands.

mod boxes;
mod failures;
mod marks;
mod rail;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

use super::{PaneView, note, parts};
use crate::asl::{StateId, StateMachine};
use crate::config::Role;
use crate::debug::{BreakpointSign, StatePath};
use crate::tui::command::{Command, Focus};
use crate::tui::graph::Mark;
use crate::tui::graph::rail::{Row, mark_sign};
use crate::tui::look::{Look, Request};
use crate::tui::panes::parts::breakpoint_sign;
use crate::tui::widgets::rows::Rows;
use crate::tui::widgets::text::{clip, clip_spans, width};
use boxes::BoxView;
use failures::Failures;
use marks::Marks;
use rail::Rail;

/// Pane 2, the graph of the states.
#[derive(Debug, Default)]
pub struct StatesPane {
    rows: Rows,
    rail: Option<Rail>,
    /// The states whose nested scopes are hidden.
    folded: BTreeSet<StatePath>,
    /// The state in which the run was when it was last looked.
    seen: Option<StateId>,
    /// The state under the cursor of the last machine, while there is none.
    left: Option<StatePath>,
    failures: Failures,
    area: Rect,
    /// Boxes are wished, and why there are none.
    as_boxes: bool,
    no_boxes: Option<&'static str>,
    boxes: BoxView,
    /// The state that was last brought into view among the boxes, and where they were drawn.
    shown: Option<(usize, Rect)>,
}

/// Columns before the rails: the breakpoint, the mark, a blank; where these are words, they have `WORD` columns each.
const GUTTER: usize = 3;
const WORD: usize = 9;
/// Columns of the type.
const KIND: usize = 8;
/// Fewer columns of what became of a state say too little.
const LEAST_DETAIL: usize = 5;
/// Where there is this much room, the type is shown however long the names are.
const ROOMY: usize = 30;

impl StatesPane {
    /// A pane that has shown nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The state of the row under the cursor.
    #[must_use]
    pub fn state_under_cursor(&self, look: &Look<'_>) -> Option<StateId> {
        // The states of an earlier version have other ids.
        look.machine?;
        self.current(look)?.state(self.rows.cursor)
    }

    fn current(&self, look: &Look<'_>) -> Option<&Rail> {
        self.rail
            .as_ref()
            .filter(|rail| shown(look).is_some_and(|machine| std::sync::Arc::ptr_eq(&rail.machine, machine)))
    }

    /// Brings what is kept to what is looked at; goes to where the run stands when it has moved.
    fn sync(&mut self, look: &Look<'_>) {
        self.take_machine(look);
        self.failures.seek(look.run.as_ref());
        let here = look.here();
        let row = here.filter(|_| here != self.seen).and_then(|here| self.rail.as_ref()?.row_of(here));
        self.seen = here;
        if let Some(row) = row {
            self.move_to(row);
        }
    }

    /// Puts the cursor on `state`, or on the folded one that it is in.
    pub fn show(&mut self, state: StateId, look: &Look<'_>) {
        self.sync(look);
        if let Some(row) = self.rail.as_ref().and_then(|rail| rail.row_of(state)) {
            self.move_to(row);
        }
    }

    /// Another machine keeps cursor, folds and what was seen on the states of the same name.
    fn take_machine(&mut self, look: &Look<'_>) {
        let Some(machine) = shown(look) else {
            // Errors are mended; folds and cursor are for then.
            if let Some(rail) = self.rail.take() {
                self.left = rail.state(self.rows.cursor).map(|state| StatePath::of(&rail.machine, state));
            }
            self.seen = None;
            return;
        };
        if self.current(look).is_some() {
            return;
        }
        let new = Rail::new(machine, &self.folded, look.glyphs);
        let old = self.rail.replace(new);
        let moved = |state: StateId| StatePath::of(&old.as_ref()?.machine, state).find(machine);
        let under_cursor = old.as_ref().and_then(|rail| rail.state(self.rows.cursor)).and_then(moved);
        let under_cursor = under_cursor.or_else(|| self.left.take()?.find(machine));
        self.seen = self.seen.and_then(moved);
        let row = under_cursor.and_then(|state| self.rail.as_ref()?.row_of(state));
        // The first row is the start.
        let other = if old.is_some() { self.rows.cursor } else { 1 };
        self.move_to(row.unwrap_or(other));
    }

    fn len(&self) -> usize {
        self.rail.as_ref().map_or(0, Rail::len)
    }

    fn move_to(&mut self, row: usize) {
        self.rows.move_to(row, self.len());
    }

    fn move_by(&mut self, by: isize) {
        self.move_to(self.rows.cursor.saturating_add_signed(by));
    }

    /// Folds or unfolds row `at`, which has something nested.
    fn set_fold(&mut self, at: usize, folded: bool, look: &Look<'_>) {
        let Some(rail) = &mut self.rail else { return };
        let Some(state) = rail.state(at) else { return };
        let place = StatePath::of(&rail.machine, state);
        if folded {
            self.folded.insert(place);
        } else {
            self.folded.remove(&place);
        }
        rail.set_fold(at, folded, look.glyphs);
        // A cursor on what is hidden now goes to what hides it.
        self.move_to(at);
    }

    /// Folds the row of the cursor, or goes to what it is in.
    fn fold(&mut self, look: &Look<'_>) {
        let at = self.rows.cursor;
        let Some(rail) = &self.rail else { return };
        match (rail.fold(at), rail.parent(at)) {
            (Some(false), _) => self.set_fold(at, true, look),
            (_, Some(parent)) => self.move_to(parent),
            _ => {}
        }
    }

    fn unfold(&mut self, look: &Look<'_>) {
        if self.rail.as_ref().and_then(|rail| rail.fold(self.rows.cursor)) == Some(true) {
            self.set_fold(self.rows.cursor, false, look);
        }
    }

    /// Draws boxes from now on, or rails again; says which.
    pub fn toggle_boxes(&mut self) -> &'static str {
        self.as_boxes = !self.as_boxes;
        (self.shown, self.no_boxes) = (None, None);
        if self.as_boxes { "The states are drawn as boxes." } else { "The states are drawn as rails." }
    }

    fn shows_boxes(&self) -> bool {
        self.as_boxes && self.no_boxes.is_none()
    }

    fn click_box(&mut self, at: Position, double: bool, look: &Look<'_>) -> Vec<Request> {
        let Some(state) = self.boxes.node_at(at).and_then(rail::state_id) else { return Vec::new() };
        if let Some(row) = self.rail.as_ref().and_then(|rail| rail.row_of(state)) {
            self.move_to(row);
        }
        if double { self.open(look) } else { Vec::new() }
    }

    fn open(&self, look: &Look<'_>) -> Vec<Request> {
        if look.machine.is_none() && look.last_good.is_some() {
            let keys = parts::keys(&[(Command::FocusProblems, "lists them")], Focus::States);
            return vec![Request::Say(format!("these states are of the version before the errors; {keys}"))];
        }
        self.state_under_cursor(look).map(Request::LookAtState).into_iter().collect()
    }

    fn toggle_breakpoint(&self, look: &Look<'_>) -> Request {
        let why = match look.machine {
            Some(_) => "no state here: breakpoints are set on states",
            None => "breakpoints can be set when the definition has no errors",
        };
        let say = || Request::Say(why.to_owned());
        self.state_under_cursor(look).map_or_else(say, Request::ToggleBreakpoint)
    }

    fn copy_path(&self, look: &Look<'_>) -> Request {
        let place = self.state_under_cursor(look).zip(look.machine);
        place.map_or_else(
            || Request::Say("no state here: there is no path to copy".to_owned()),
            |(state, machine)| Request::Copy("the path of the state", StatePath::of(machine, state).to_string()),
        )
    }

    fn empty(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        let keys = |pairs: [(Command, &str); 2]| parts::keys(&pairs, Focus::States);
        let sentences = if look.definition.is_none() {
            let keys = keys([(Command::Palette, "lists what can be done"), (Command::Help, "explains it")]);
            ["No definition is loaded. asldb FILE opens one.".to_owned(), format!("{keys}.")]
        } else {
            let keys = keys([(Command::FocusProblems, "lists them"), (Command::Edit, "opens the editor")]);
            ["The definition has errors, so its states cannot be drawn.".to_owned(), format!("{keys}.")]
        };
        note::draw(&sentences, look, area, buffer)
    }
}

/// The machine whose states are drawn: while the definition has errors, the last one without.
fn shown<'a>(look: &Look<'a>) -> Option<&'a std::sync::Arc<StateMachine>> {
    look.machine.or(look.last_good)
}

/// Says that the states are those of an earlier version; what is left of `area`.
fn below_note(look: &Look<'_>, area: Rect, buffer: &mut Buffer) -> Rect {
    if area.height < 2 {
        return area;
    }
    let text = format!("{} these states are from before them", look.glyphs.error);
    let text = clip(&text, usize::from(area.width), look.glyphs);
    buffer.set_string(area.x, area.y, text, look.styles.role(Role::Warning));
    Rect { y: area.y + 1, height: area.height - 1, ..area }
}

/// What all rows of a frame have in common.
struct Frame<'a> {
    look: &'a Look<'a>,
    rail: &'a Rail,
    marks: Marks<'a>,
    breakpoints: Vec<Option<BreakpointSign>>,
    /// The row where the run stands.
    here: Option<usize>,
    /// The row of the cursor, while another pane is focused.
    cursor: Option<usize>,
    /// Columns before the rails.
    gutter: usize,
    width: usize,
}

/// The columns before the rails: in words, those of breakpoints are there when there are some.
fn gutter(look: &Look<'_>, breakpoints: &[Option<BreakpointSign>]) -> usize {
    match (look.glyphs.is_plain(), breakpoints.iter().any(Option::is_some)) {
        (false, _) => GUTTER,
        (true, false) => WORD,
        (true, true) => 2 * WORD,
    }
}

impl Frame<'_> {
    fn row(&self, at: usize) -> Line<'static> {
        let Some(row) = self.rail.row(at) else { return Line::default() };
        let room = self.width.saturating_sub(self.gutter);
        let least = if room >= ROOMY { room - KIND - 2 } else { room };
        let names = self.rail.width.min(least);
        let name_style = self.name_style(at);
        let rail_style = self.role(Role::Border);
        let text = [
            Span::styled(row.rail.as_str(), rail_style),
            Span::styled(row.name.as_str(), name_style),
            Span::styled(if row.notes.is_empty() { String::new() } else { format!(" {}", row.notes) }, rail_style),
        ];
        let text = clip_spans(text, 0, names, self.look.glyphs);
        let gap = (names + 2).min(room).saturating_sub(text.width());
        let mut spans = self.gutter(at);
        spans.extend(text.spans);
        let right = room.saturating_sub(names + 2);
        spans.push(Span::raw(" ".repeat(gap)));
        spans.push(self.right(row, right));
        let line = Line::from(spans);
        if self.here == Some(at) { line.style(self.role(Role::CurrentLine)) } else { line }
    }

    fn role(&self, role: Role) -> Style {
        self.look.styles.role(role)
    }

    fn name_style(&self, at: usize) -> Style {
        let is_cursor = self.cursor == Some(at);
        if is_cursor { self.role(Role::Accent).add_modifier(Modifier::UNDERLINED) } else { Style::new() }
    }

    fn gutter(&self, at: usize) -> Vec<Span<'static>> {
        let Some(state) = self.rail.state(at) else { return vec![Span::raw(" ".repeat(self.gutter))] };
        let set = self.breakpoints.get(state.0 as usize).copied().flatten();
        let mark = if self.here == Some(at) { self.mark_here(state) } else { self.marks.mark(state) };
        let (sign, _) = mark_sign(mark, self.look.glyphs);
        let (set, style) = self.breakpoint(set);
        let marked = self.mark_style(mark, at);
        match self.gutter {
            GUTTER => vec![Span::styled(set, style), Span::styled(sign, marked), Span::raw(" ")],
            WORD => vec![Span::styled(format!("{sign:<WORD$}"), marked)],
            _ => vec![Span::styled(format!("{set:<WORD$}"), style), Span::styled(format!("{sign:<WORD$}"), marked)],
        }
    }

    /// The sign of a breakpoint; where there is none, a blank that looks like one.
    fn breakpoint(&self, set: Option<BreakpointSign>) -> (&'static str, Style) {
        match set {
            Some(sign) => (breakpoint_sign(sign, self.look.glyphs), self.role(Role::Breakpoint)),
            None => (" ", Style::new()),
        }
    }

    /// The mark of the row where the run stands, which may be that of a folded state around it.
    fn mark_here(&self, state: StateId) -> Mark {
        match self.marks.mark(self.look.here().unwrap_or(state)) {
            Mark::Failed => Mark::Failed,
            _ => Mark::Here,
        }
    }

    fn mark_style(&self, mark: Mark, at: usize) -> Style {
        self.mark_style_of(mark, self.here == Some(at))
    }

    fn mark_style_of(&self, mark: Mark, is_here: bool) -> Style {
        self.role(match mark {
            Mark::Pending => Role::Muted,
            Mark::Visited | Mark::Visits(_) => Role::Ok,
            Mark::Here if is_here => Role::Accent,
            Mark::Here => Role::Running,
            Mark::Waiting => Role::Waiting,
            Mark::Failed => Role::Failed,
        })
    }

    /// How often the run went from one state to the other.
    fn taken(&self, from: usize, to: usize) -> u32 {
        let tally = self.look.run.as_ref().map(|run| run.tally);
        let states = rail::state_id(from).zip(rail::state_id(to));
        tally.zip(states).map_or(0, |(tally, (from, to))| tally.taken(from, to))
    }

    /// Type and detail in `room` columns; where there is no room for both, what became of the state, else its type.
    fn right(&self, row: &Row, room: usize) -> Span<'static> {
        let is_narrow = room < KIND + 1 + LEAST_DETAIL;
        let detail = row.node.and_then(rail::state_id).and_then(|state| {
            let kind = &self.rail.machine.states.get(state.0 as usize)?.kind;
            Some(if is_narrow { self.marks.detail_of_run(state) } else { self.marks.detail(state, kind) })
        });
        let text = match detail.filter(|detail| !detail.is_empty()) {
            None => row.kind.to_owned(),
            Some(detail) if is_narrow => detail,
            Some(detail) => format!("{:<KIND$} {detail}", row.kind),
        };
        Span::styled(clip(&text, room, self.look.glyphs), self.role(Role::Muted))
    }
}

impl PaneView for StatesPane {
    fn title(&self, look: &Look<'_>) -> String {
        let Some(machine) = look.machine else {
            return look.last_good.map(|_| "last good version".to_owned()).unwrap_or_default();
        };
        match &look.run {
            Some(run) => format!("{} of {} visited", run.tally.visited(), machine.states.len()),
            None => parts::count(machine.states.len(), "state"),
        }
    }

    fn draw(&mut self, look: &Look<'_>, area: Rect, focused: bool, buffer: &mut Buffer) -> Option<Position> {
        self.area = area.intersection(buffer.area);
        let area = self.area;
        buffer.set_style(area, look.styles.role(Role::Text));
        self.sync(look);
        if let Some(rail) = &mut self.rail {
            // Nobody asked for more rails while the cursor only follows the run.
            rail.select(focused.then_some(self.rows.cursor), look.glyphs);
        }
        let (Some(rail), Some(machine)) = (&self.rail, shown(look)) else { return self.empty(look, area, buffer) };
        if look.machine.is_none() {
            self.area = below_note(look, area, buffer);
        }
        let area = self.area;
        let breakpoints = look.breakpoints.signs(machine);
        let gutter = gutter(look, &breakpoints);
        let frame = Frame {
            look,
            rail,
            marks: Marks::new(look, &self.failures),
            breakpoints,
            gutter,
            here: look.here().and_then(|here| rail.row_of(here)),
            cursor: (!focused).then_some(self.rows.cursor),
            width: usize::from(area.width),
        };
        if self.as_boxes {
            let (graph, selected) = rail.graph();
            let cursor = rail.state(self.rows.cursor).map(|state| state.0 as usize);
            let here = frame.here.and_then(|row| rail.state(row)).map(|state| state.0 as usize);
            let wanted = if focused { cursor.or(here) } else { here.or(cursor) };
            self.no_boxes = self.boxes.read(graph, selected, area).err();
            if self.no_boxes.is_none() {
                let wanted = wanted.map(|node| (node, area));
                if wanted != self.shown {
                    self.shown = wanted;
                    wanted.into_iter().for_each(|(node, area)| self.boxes.reveal(node, area));
                }
                return self.boxes.draw(&frame, cursor.filter(|_| focused), area, buffer);
            }
        }
        let selected = focused.then(|| look.styles.role(Role::Selection));
        let hits = self.rows.draw(area, buffer, rail.len(), None, |at| frame.row(at));
        let hit = hits.iter().find(|hit| hit.row == self.rows.cursor).filter(|hit| !hit.area.is_empty())?;
        let signs = u16::try_from(gutter).unwrap_or(0).min(hit.area.width);
        if let Some(style) = selected {
            // The signs in front keep their own look.
            buffer.set_style(Rect { x: hit.area.x + signs, width: hit.area.width - signs, ..hit.area }, style);
        }
        let rails = rail.row(self.rows.cursor).map_or(0, |row| width(&row.rail, look.glyphs));
        let column = (gutter + rails).min(usize::from(hit.area.width) - 1);
        Some(Position::new(hit.area.x + u16::try_from(column).unwrap_or(0), hit.area.y))
    }

    fn command(&mut self, command: Command, look: &Look<'_>) -> Option<Vec<Request>> {
        self.sync(look);
        let half = isize::from(i16::try_from(self.area.height / 2).unwrap_or(i16::MAX)).max(1);
        match command {
            Command::Up => self.move_by(-1),
            Command::Down => self.move_by(1),
            Command::PageUp => self.move_by(-half),
            Command::PageDown => self.move_by(half),
            Command::Home => self.move_to(0),
            Command::End => self.move_to(usize::MAX),
            Command::Fold => self.fold(look),
            Command::Unfold => self.unfold(look),
            Command::Open => return Some(self.open(look)),
            Command::ToggleBreakpoint => return Some(vec![self.toggle_breakpoint(look)]),
            Command::CopyPath => return Some(vec![self.copy_path(look)]),
            Command::CopyText => return Some(vec![Request::Copy("the row", self.row_text(look))]),
            _ => return None,
        }
        Some(Vec::new())
    }

    fn click(&mut self, at: Position, double: bool, look: &Look<'_>) -> Vec<Request> {
        self.sync(look);
        if self.shows_boxes() {
            return self.click_box(at, double, look);
        }
        let row = self.rows.top + usize::from(at.y.saturating_sub(self.area.y));
        if !self.area.contains(at) || row >= self.len() {
            return Vec::new();
        }
        self.move_to(row);
        let column = usize::from(at.x - self.area.x);
        let Some(rail) = &self.rail else { return Vec::new() };
        let on_fold =
            rail.row(row).is_some_and(|row| column.checked_sub(GUTTER).is_some_and(|at| row.fold.contains(&at)));
        match rail.fold(row).filter(|_| on_fold) {
            Some(folded) => self.set_fold(row, !folded, look),
            // The second click of two would undo the first.
            None if column < GUTTER && double => {}
            None if column < GUTTER => return vec![self.toggle_breakpoint(look)],
            None if double => return self.open(look),
            None => {}
        }
        Vec::new()
    }

    fn scroll(&mut self, rows: i32, look: &Look<'_>) {
        self.sync(look);
        if self.shows_boxes() {
            return self.boxes.scroll(rows);
        }
        self.rows.scroll(isize::try_from(rows).unwrap_or(0), self.len(), usize::from(self.area.height));
    }

    fn search(&mut self, text: &str, forward: bool, look: &Look<'_>) -> bool {
        self.sync(look);
        let Some(rail) = &self.rail else { return false };
        let wanted = text.to_lowercase();
        let holds = |at: &usize| rail.row(*at).is_some_and(|row| parts::has(&row.name, &wanted));
        let (at, len) = (self.rows.cursor, rail.len());
        let row = if forward {
            (at + 1..len).chain(0..len.min(at + 1)).find(holds)
        } else {
            (0..at).rev().chain((at..len).rev()).find(holds)
        };
        if let Some(row) = row.filter(|_| !wanted.is_empty()) {
            self.move_to(row);
            return true;
        }
        false
    }

    fn row_text(&self, look: &Look<'_>) -> String {
        let Some(rail) = self.current(look) else { return String::new() };
        let Some(row) = rail.row(self.rows.cursor) else { return String::new() };
        let Some(state) = rail.state(self.rows.cursor) else { return row.name.clone() };
        let kind = &rail.machine.state(state).kind;
        let detail = Marks::new(look, &self.failures).detail(state, kind);
        [row.name.as_str(), row.kind, &detail].join("  ").trim_end().to_owned()
    }
}
