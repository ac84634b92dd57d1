//! The frame: header, panes, footer, layers.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};

use super::App;
use crate::config::Role;
use crate::debug::StopReason;
use crate::engine::{Blocked, Status};
use crate::tui::command::{self, Mode};
use crate::tui::layers::Layer;
use crate::tui::layout::{Kind, Layout, Pane, Slot};
use crate::tui::panes::{PaneView, separator, wrap};
use crate::tui::widgets::text::{clip, width};
use crate::tui::widgets::{popup, rules};

/// Cells of the slider on the timeline.
const SLIDER: u16 = 20;
/// Lines that one line of what was said may take.
const STATUS_LINES: usize = 4;
/// Below this width it is there only while one looks back.
const ROOMY: usize = 100;
/// Cells of the name of a file where it is narrow.
const TIGHT: usize = 18;
/// Cells of the clock with blanks around it.
const CLOCK: usize = 19;
/// A key that may follow, with the name of its command.
const FOLLOWER: usize = 28;
/// The keys that the header names where there is room.
const BACK: &str = "  (Esc: newest)";
const ANSWERS: &str = ": a answers";

impl App {
    /// Draws everything into `buffer`; where the terminal's cursor belongs.
    pub fn draw(&mut self, buffer: &mut Buffer) -> Option<Position> {
        let area = buffer.area;
        buffer.set_style(area, self.scene.styles.role(Role::Text));
        let strip = self.strip(area);
        let lines = u16::try_from(strip.len()).unwrap_or(u16::MAX);
        let layout = Layout::with_strip(area, self.focus, self.zoom || self.plain, &self.splits, lines);
        let header = self.header(usize::from(layout.header.width));
        header.render(layout.header, buffer);
        if layout.kind == Kind::Sentence {
            let text = "asldb needs at least 40 columns and 10 rows; the run goes on.";
            sentence(text, layout.sentence, buffer);
            self.layout = Some(layout);
            return None;
        }
        let cursor = if self.scene.definition.is_some() { self.draw_panes(&layout, buffer) } else { None };
        self.draw_strip(strip, layout.strip, buffer);
        self.footer_line(usize::from(layout.footer.width)).render(layout.footer, buffer);
        // Layers leave the lesson to be read.
        let area = Rect { height: area.height.saturating_sub(layout.strip.height), ..area };
        self.layout = Some(layout);
        let Self { layers, scene, runs, current, .. } = self;
        let mut cursor = cursor;
        for layer in layers.iter_mut() {
            cursor = layer.draw(area, &scene.look(), runs, *current, buffer);
        }
        self.draw_status(area, buffer);
        self.draw_followers(area, buffer);
        cursor
    }

    /// What was said, where one line is not enough for it: over the lines above the footer.
    fn draw_status(&self, area: Rect, buffer: &mut Buffer) {
        let Some(lines) = self.status_lines(usize::from(area.width)) else { return };
        let most = usize::from(area.height / 3).max(1);
        let more = lines.len().saturating_sub(most);
        let height = u16::try_from(lines.len().min(most)).unwrap_or(u16::MAX);
        let place = Rect { y: buffer.area.bottom().saturating_sub(height), height, ..area };
        Clear.render(place, buffer);
        buffer.set_style(place, self.scene.styles.role(Role::Text));
        // The last ones, as those before have gone up out of sight.
        for (text, row) in lines.iter().skip(more).zip(place.rows()) {
            Line::styled(format!(" {text}"), self.scene.styles.role(Role::Accent)).render(row, buffer);
        }
    }

    /// What was said in lines of `room` columns, if these are more than one.
    fn status_lines(&self, room: usize) -> Option<Vec<String>> {
        let text = self.status.as_ref()?;
        let room = room.saturating_sub(2);
        let lines: Vec<String> =
            text.lines().flat_map(|line| wrap(line, room, STATUS_LINES, &self.scene.glyphs)).collect();
        (lines.len() > 1).then_some(lines)
    }

    fn draw_panes(&mut self, layout: &Layout, buffer: &mut Buffer) -> Option<Position> {
        let Self { panes, scene, focus, .. } = self;
        let look = scene.look();
        let details = layout.areas.iter().filter(|area| matches!(area.slot, Slot::Detail(_))).count();
        panes.data.prepare(details, &look);
        let mut cursor = None;
        for area in &layout.areas {
            match area.slot {
                Slot::Pane(pane) => {
                    let focused = pane == *focus;
                    let at = panes.get(pane).draw(&look, area.body, focused, buffer);
                    cursor = if focused { at } else { cursor };
                }
                Slot::Detail(which) => {
                    let focused = *focus == Pane::Data;
                    cursor = panes.data.draw_detail(which, &look, area.body, focused, buffer).or(cursor);
                }
            }
        }
        // Titles last: some of them count what the panes have just found.
        let title = |slot: Slot| match slot {
            Slot::Pane(pane) => {
                let more = panes.title(pane, &look);
                let name = pane_name(pane);
                let number = pane.number();
                if more.is_empty() {
                    format!("{number} {name}")
                } else {
                    format!("{number} {name}{}{more}", separator(look.glyphs))
                }
            }
            Slot::Detail(which) => panes.data.detail_title(which, &look),
        };
        rules::draw(layout, Slot::Pane(*focus), title, buffer, look.styles, look.glyphs);
        cursor
    }

    /// The first line: file, run and why it stands, clock.
    fn header(&mut self, room: usize) -> Line<'static> {
        let styles = &self.scene.styles;
        let glyphs = &self.scene.glyphs;
        let base = styles.role(Role::Header);
        let file = self.file.as_ref().and_then(|file| file.file_name()).map(|name| name.to_string_lossy().into_owned());
        // What the run does matters more than the end of a long name.
        let file = clip(&file.unwrap_or_default(), (room / 3).max(12), glyphs);
        let (words, role) = self.run_words();
        let clock = if self.scene.run.is_some() { CLOCK } else { 0 };
        // Where it is narrow, the name of the program gives way to what the run does.
        let is_tight = room < width(&words, glyphs) + width(&file, glyphs) + 12 + clock;
        let file = if is_tight { clip(&file, TIGHT, glyphs) } else { file };
        let name = if is_tight || file.is_empty() { "" } else { "asldb  " };
        let file = if file.is_empty() { "asldb" } else { &file };
        let mut spans = vec![Span::styled(format!(" {name}{file}"), base)];
        let errors = self
            .newest
            .as_ref()
            .map_or(0, |definition| definition.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count());
        if errors > 0 {
            let words = format!("  {} {errors} {}", glyphs.error, if errors == 1 { "error" } else { "errors" });
            spans.push(Span::styled(words, base.patch(styles.role(Role::Failed))));
        }
        let style = role.map_or(base, |role| base.patch(styles.role(role)));
        let (right, slider) = self.right_words(&words, room, &spans);
        let used: usize = spans.iter().map(|span| width(&span.content, glyphs)).sum();
        let right_room = width(&right, glyphs);
        let left = room.saturating_sub(used + 3);
        let shows_right = right_room > 0 && left >= right_room + 3 + width(&words, glyphs).min(22);
        let middle_room = if shows_right { left - right_room - 3 } else { left };
        // The footer says the key, too.
        let is_cut = width(&words, glyphs) > middle_room && self.layers.is_empty();
        let words = if is_cut { words.replace(BACK, "").replace(ANSWERS, "") } else { words };
        let middle = clip(&words, middle_room, glyphs);
        let middle_width = width(&middle, glyphs);
        spans.push(Span::styled("   ", base));
        spans.push(Span::styled(middle, style));
        let blanks = room.saturating_sub(used + 3 + middle_width + if shows_right { right_room + 1 } else { 0 });
        spans.push(Span::styled(" ".repeat(blanks), base));
        self.slider = None;
        if shows_right {
            // The slider is the first thing of the right side.
            let from = room.saturating_sub(right_room + 1);
            self.slider = slider.then(|| (u16::try_from(from).unwrap_or(0), SLIDER));
            spans.push(Span::styled(format!("{right} "), base));
        }
        Line::from(spans)
    }

    /// Where the moment is on the timeline, with a slider where that hides nothing.
    fn right_words(&self, words: &str, room: usize, before: &[Span<'_>]) -> (String, bool) {
        let glyphs = &self.scene.glyphs;
        let Some(scene) = self.scene.run.as_ref() else {
            let reloads = if self.reloads > 0 { format!("reloaded {}x", self.reloads) } else { String::new() };
            return (reloads, false);
        };
        let used: usize = before.iter().map(|span| width(&span.content, glyphs)).sum();
        let left = room.saturating_sub(used + 3);
        let (event, clock) = self.clock_words(scene);
        let both = format!("{event}  {clock}");
        // The words about the run matter more; of the past, which event it is.
        let fits = |right: &String| left >= width(words, glyphs) + width(right, glyphs) + 3;
        let short = if scene.past.is_some() { event } else { clock };
        let plain = Some(both).filter(fits).unwrap_or(short);
        let wanted = usize::from(SLIDER) + 1 + width(&plain, glyphs);
        if self.plain
            || room < ROOMY && scene.past.is_none()
            || left < width(words, glyphs) + wanted + 2
            || left <= wanted + 24
        {
            return (plain, false);
        }
        let (at, all) = (scene.moment.events, scene.view.log.events.len().max(1));
        let last = usize::from(SLIDER) - 1;
        let at = (at.min(all) * last / all).min(last);
        let line: String =
            (0..=last).map(|cell| if cell == at { glyphs.breakpoint } else { glyphs.horizontal }).collect();
        (format!("{line} {plain}"), true)
    }

    pub(super) fn run_words(&self) -> (String, Option<Role>) {
        let glyphs = &self.scene.glyphs;
        let Some(scene) = &self.scene.run else {
            let words = match self.mode() {
                Mode::Empty => String::new(),
                _ if self.good.is_none() => "cannot run: ]d shows why, 7 lists all, e edits".to_owned(),
                _ => "ready: n steps, c runs, I edits the input".to_owned(),
            };
            return (words, None);
        };
        let machine = &scene.run.handle().execution().machine;
        let name = |state: crate::asl::StateId| machine.state(state).name.to_string();
        let here = scene.here.map(name).unwrap_or_default();
        let of = if self.runs.len() > 1 { format!(" of {}", self.next_number() - 1) } else { String::new() };
        let children: Vec<String> = scene.inside_numbers().iter().map(|number| format!("child [{number}] ")).collect();
        let lock = if scene.is_locked { "(one branch) " } else { "" };
        let what = if scene.run.is_history { "history" } else { "run" };
        let run = format!("{what} {}{of} {}{lock}", scene.run.number, children.concat());
        let old = self.good.as_ref().is_some_and(|good| good.text != scene.run.definition.text);
        let old =
            if old && !scene.view.status.is_done() { "  (definition changed: r restarts, F goes on)" } else { "" };
        if scene.past.is_some() {
            let here = if here.is_empty() { "the start" } else { &here };
            let words = format!("{run}{} looking back at {here}{BACK}{old}", glyphs.earlier);
            return (words, Some(Role::Accent));
        }
        let (state, role) = match &scene.view.status {
            Status::Succeeded(_) => (format!("{} SUCCEEDED", glyphs.visited), Role::Ok),
            Status::Running if scene.run.is_history => {
                (format!("{} ends at {here}, before the execution did", glyphs.paused), Role::Running)
            }
            Status::Running if scene.view.paused => {
                let why = match scene.stop.as_ref().map(|stop| &stop.reason) {
                    Some(StopReason::Breakpoint(number, None)) => format!(" (breakpoint {number})"),
                    Some(StopReason::Breakpoint(number, Some(words))) => format!(" (breakpoint {number}: {words})"),
                    Some(StopReason::Pause) => " (on request)".to_owned(),
                    Some(StopReason::ManyEvents) => " (very many events: a loop without an exit?)".to_owned(),
                    _ => String::new(),
                };
                match scene.failure() {
                    Some(fault) => {
                        let error = if fault.name().is_empty() { "without an error name" } else { fault.name() };
                        (format!("{} {here} fails: {error}{why}", glyphs.paused), Role::Failed)
                    }
                    None => (format!("{} paused at {here}{why}", glyphs.paused), Role::Running),
                }
            }
            Status::Running if scene.run.is_detached() => {
                (format!("{} detached  (D attaches)", glyphs.here), Role::Running)
            }
            Status::Running => self.running_words(&here),
            ended => {
                let fault = ended.fault().map(|fault| fault.name().to_owned()).unwrap_or_default();
                (format!("{} {} {fault}", glyphs.failed, ended.name()), Role::Failed)
            }
        };
        let billed = match (&scene.view.status, scene.run.mode) {
            (status, crate::debug::Mode::Sync) if status.is_done() => {
                let millis = scene.view.now.since(scene.view.started).max(0);
                // Express executions are billed in steps of 100 ms (pricing).
                format!("  billed {} ms", (millis.max(1) + 99) / 100 * 100)
            }
            _ => String::new(),
        };
        (format!("{run}{state}{billed}{old}"), Some(role))
    }

    fn running_words(&self, here: &str) -> (String, Role) {
        let glyphs = &self.scene.glyphs;
        let Some(scene) = &self.scene.run else { return (String::new(), Role::Running) };
        if self.open_question().is_some() {
            return (format!("{} {here} waits for its result{ANSWERS}", glyphs.waiting), Role::Waiting);
        }
        let waits = scene.view.branches.iter().find_map(|branch| match branch.blocked {
            Blocked::Wait(until) => Some((branch.state, "waits until", until)),
            Blocked::Retry(until) => Some((branch.state, "retries at", until)),
            _ => None,
        });
        match waits.filter(|_| scene.view.waiting) {
            Some((state, words, until)) => {
                // Of many branches the one that is looked at may be over already.
                let machine = &scene.run.handle().execution().machine;
                let here = machine.states.get(state.0 as usize).map_or(here, |state| &*state.name);
                // The time of day will do, and the key comes before what may be cut.
                let until = until.to_iso().get(11..19).unwrap_or_default().to_owned();
                (format!("{} {here} (W skips) {words} {until} UTC", glyphs.waiting), Role::Waiting)
            }
            None if scene.view.waiting => (format!("{} {here} waits", glyphs.waiting), Role::Waiting),
            None => (format!("{} running  {} steps/s", glyphs.here, scene.view.steps_per_second), Role::Running),
        }
    }

    /// The command that the run asks for, or that leads back to now.
    fn urgent(&self) -> Option<(command::Command, &'static str)> {
        let scene = self.scene.run.as_ref().filter(|_| self.layers.is_empty())?;
        if scene.past.is_some() {
            return Some((command::Command::Close, self.close_word()));
        }
        if scene.view.status.is_done() {
            return None;
        }
        if self.open_question().is_some() {
            return Some((command::Command::AnswerTask, "answer"));
        }
        let is_timed = |branch: &crate::engine::Branch| matches!(branch.blocked, Blocked::Wait(_) | Blocked::Retry(_));
        let waits = scene.view.waiting && scene.view.branches.iter().any(is_timed);
        waits.then_some((command::Command::SkipWait, "skip wait"))
    }

    fn footer_line(&self, room: usize) -> Line<'static> {
        let styles = &self.scene.styles;
        let glyphs = &self.scene.glyphs;
        let words = self.status.clone().or_else(|| {
            let diagnostic =
                (self.focus == Pane::Source).then(|| self.panes.source.diagnostic_here(&self.scene.look()));
            diagnostic.flatten()
        });
        if let Some(words) = words.filter(|_| self.layers.is_empty() || self.status.is_some()) {
            return Line::styled(clip(&format!(" {words}"), room, glyphs), styles.role(Role::Accent));
        }
        let mut spans = vec![Span::raw(" ")];
        let is_blocked = match self.layers.last() {
            Some(Layer::Resume(layer)) => !layer.is_possible(),
            Some(Layer::Playground(layer)) => layer.target().is_none(),
            _ => false,
        };
        let confirm = command::Command::Confirm.row().label_in(self.focus());
        let entries = if self.layers.is_empty() && self.stands_at_failure() {
            command::footer_at_failure(self.focus(), room)
        } else {
            command::footer_after(self.urgent().as_slice(), self.focus(), self.mode(), room)
        };
        for (key, label) in entries {
            if is_blocked && label == confirm {
                continue;
            }
            spans.push(Span::styled(key, styles.role(Role::FooterKey)));
            spans.push(Span::raw(format!(" {label}  ")));
        }
        Line::from(spans)
    }

    /// Whether the run that is looked at stands before a failure spreads.
    fn stands_at_failure(&self) -> bool {
        let stands = |scene: &super::scene::RunScene| scene.past.is_none() && scene.failure().is_some();
        self.mode() == command::Mode::Paused && self.scene.run.as_ref().is_some_and(stands)
    }

    /// What may follow a key that was typed, in a box above the footer.
    fn draw_followers(&self, area: Rect, buffer: &mut Buffer) {
        let Some(follow) = self.followers() else { return };
        let styles = &self.scene.styles;
        // Beside each other what does not fit below each other.
        let most = usize::from(area.height.saturating_sub(3)).max(1);
        let columns = follow.len().div_ceil(most).min(usize::from(area.width) / FOLLOWER).max(1);
        let rows = follow.len().div_ceil(columns);
        let wide = if columns == 1 { 44 } else { columns * FOLLOWER + 4 };
        let wide = u16::try_from(wide).unwrap_or(u16::MAX).min(area.width);
        let height = u16::try_from(rows + 2).unwrap_or(u16::MAX).min(area.height);
        let place = Rect { x: area.right() - wide, y: area.bottom().saturating_sub(height + 1), width: wide, height };
        let inside = popup::draw(place, "what may follow", buffer, styles, &self.scene.glyphs);
        let room = usize::from(inside.width) / columns;
        for (at, (key, label)) in follow.into_iter().enumerate() {
            let (column, row) = (at / rows, at % rows);
            let offset = u16::try_from(column * room).unwrap_or(u16::MAX);
            let Some(line) = inside.rows().nth(row) else { continue };
            let place = Rect { x: line.x.saturating_add(offset), width: u16::try_from(room).unwrap_or(0), ..line };
            let key = format!("{:<6}", key.to_string());
            let label = clip(&label, room.saturating_sub(key.len() + 1), &self.scene.glyphs);
            Line::from(vec![Span::styled(key, styles.role(Role::FooterKey)), Span::raw(label)])
                .render(place.intersection(buffer.area), buffer);
        }
    }
}

/// A sentence over as many lines as it needs.
fn sentence(text: &str, area: Rect, buffer: &mut Buffer) {
    let mut rows = area.rows();
    let mut line = String::new();
    let room = usize::from(area.width);
    for word in text.split(' ') {
        if !line.is_empty() && line.len() + 1 + word.len() > room {
            if let Some(row) = rows.next() {
                buffer.set_stringn(row.x, row.y, &line, room, Style::default());
            }
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if let Some(row) = rows.next() {
        buffer.set_stringn(row.x, row.y, &line, room, Style::default());
    }
}

fn pane_name(pane: Pane) -> &'static str {
    match pane {
        Pane::Source => "Source",
        Pane::States => "States",
        Pane::Data => "Data",
        Pane::History => "History",
        Pane::Context => "Context",
        Pane::Stack => "Stack",
        Pane::Problems => "Problems",
    }
}

impl super::Panes {
    fn title(&self, pane: Pane, look: &crate::tui::look::Look<'_>) -> String {
        match pane {
            Pane::Source => self.source.title(look),
            Pane::States => self.states.title(look),
            Pane::Data => self.data.title(look),
            Pane::History => self.history.title(look),
            Pane::Context => self.context.title(look),
            Pane::Stack => self.stack.title(look),
            Pane::Problems => self.problems.title(look),
        }
    }
}
