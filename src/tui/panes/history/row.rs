//! An event as a row.

use ratatui::text::{Line, Span};

use crate::config::Role;
use crate::engine::{BranchId, Event, EventKind, Log, history};
use crate::tui::look::{Look, RunLook};
use crate::tui::panes::parts::{column, count, fit, name, preview, since, styled};

/// Cells of the longest usual type.
const KIND: usize = 25;
/// Cells of a time since the start, and of one of the day.
const RELATIVE: usize = 9;
const ABSOLUTE: usize = 12;
/// Levels of branches that are indented.
const LEVELS: usize = 3;
/// Links that are followed to count retries.
const LINKS: usize = 400;

/// How wide the parts of a row are.
pub(super) struct Columns {
    room: usize,
    number: usize,
    kind: usize,
    /// 0: the state is as wide as its name.
    state: usize,
    absolute: bool,
}

impl Columns {
    pub(super) fn new(width: u16, run: &RunLook<'_>, absolute: bool) -> Self {
        let room = usize::from(width);
        let number = run.log().events.len().to_string().len().max(3);
        let time = if absolute { ABSOLUTE } else { RELATIVE };
        // Mark, number, blank, time, blank, sign of a failure, blank; and one blank behind the type.
        let rest = room.saturating_sub(number + time + 6);
        let kind = KIND.min(rest * 2 / 3);
        let rest = rest.saturating_sub(kind);
        let state = if rest < 24 { 0 } else { (rest * 2 / 5).min(24) };
        Self { room, number, kind, state, absolute }
    }

    pub(super) fn line(&self, event: &Event, run: &RunLook<'_>, look: &Look<'_>) -> Line<'static> {
        let id = event.id.0 as usize;
        let is_here = id == run.moment.events;
        let failed = is_failure(&event.kind);
        let mark = if is_here { look.glyphs.here } else { " " };
        let sign = if failed { look.glyphs.failed } else { " " };
        let kind_role = if failed { Role::Failed } else { Role::Text };
        let state = self.state(event, run);
        let state = if self.state == 0 { state } else { column(&state, self.state, look.glyphs) };
        let mut spans = vec![
            styled(mark, Role::Accent, look),
            styled(format!("{id:>width$} ", width = self.number), Role::Muted, look),
            styled(format!("{} ", self.time(event, run)), Role::Muted, look),
            styled(sign, Role::Failed, look),
            Span::raw(" "),
            styled(column(&self.kind(event, run), self.kind, look.glyphs), kind_role, look),
            Span::raw(" "),
            Span::raw(state),
            Span::raw(" "),
            styled(detail(event, run, self.room), if failed { Role::Failed } else { Role::Muted }, look),
        ];
        if id > run.moment.events {
            // What has not happened yet at the moment looked at.
            let muted = look.styles.role(Role::Muted);
            spans = spans.into_iter().map(|span| span.patch_style(muted)).collect();
        }
        fit(spans, self.room, look)
    }

    fn time(&self, event: &Event, run: &RunLook<'_>) -> String {
        if self.absolute {
            let iso = event.at.to_iso();
            let millis = event.at.0.rem_euclid(1000);
            return format!("{}.{millis:03}", iso.get(11..19).unwrap_or_default());
        }
        format!("{:>RELATIVE$}", since(run.view.started, event.at))
    }

    fn kind(&self, event: &Event, run: &RunLook<'_>) -> String {
        let depth = run.log().branch_path(event.branch).len().saturating_sub(1).min(LEVELS);
        format!("{}{}", "  ".repeat(depth), history::type_name(&event.kind, run.run.handle().execution()))
    }

    fn state(&self, event: &Event, run: &RunLook<'_>) -> String {
        let machine = &run.run.handle().execution().machine;
        let state = event.kind.state().map(|state| name(machine, state)).unwrap_or_default();
        match branch_label(run.log(), event.branch) {
            Some(label) => format!("{state} {label}"),
            None => state.to_owned(),
        }
    }
}

/// The numbers of the branches and iterations that lead to `branch`, from 0 as in `$$.Map.Item.Index`: `[3.1]`.
pub(in crate::tui::panes) fn branch_label(log: &Log, branch: BranchId) -> Option<String> {
    let path = log.branch_path(branch);
    let numbers = path.iter().skip(1).filter_map(|branch| log.branches.get(branch.0 as usize));
    let numbers: Vec<_> = numbers.map(|origin| origin.index.to_string()).collect();
    (!numbers.is_empty()).then(|| format!("[{}]", numbers.join(".")))
}

fn is_failure(kind: &EventKind) -> bool {
    let failed = matches!(
        kind,
        EventKind::ParallelFailed { .. } | EventKind::MapFailed { .. } | EventKind::IterationFailed { .. }
    );
    failed || kind.fault().is_some()
}

/// A short piece of what matters; `room` cells of it can be seen at most.
fn detail(event: &Event, run: &RunLook<'_>, room: usize) -> String {
    match &event.kind {
        EventKind::MapStarted { length, .. } => count(*length as usize, "item"),
        EventKind::TaskScheduled { scheduled, .. } => match retries(event, run.log()) {
            0 => preview(&scheduled.input, room),
            retry => format!("retry {retry}"),
        },
        EventKind::TaskStarted { worker: Some(worker), .. } => format!("by {worker}"),
        kind => match (kind.fault(), super::payload(event)) {
            (Some(fault), _) => fault.summary(),
            (None, Some(value)) => preview(value, room),
            (None, None) => String::new(),
        },
    }
}

/// Which retry of its visit a `TaskScheduled` event is.
fn retries(scheduled: &Event, log: &Log) -> usize {
    let before = |event: &&Event| log.event(event.previous);
    let visit = std::iter::successors(Some(scheduled), |event| before(event)).take(LINKS);
    let visit = visit.take_while(|event| !matches!(event.kind, EventKind::StateEntered { .. }));
    visit.filter(|event| matches!(event.kind, EventKind::TaskScheduled { .. })).count().saturating_sub(1)
}
