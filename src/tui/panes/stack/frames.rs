//! The rows of the stack.

use ratatui::text::{Line, Span};

use crate::asl::{StateId, StateKind};
use crate::config::Role;
use crate::debug::Mode;
use crate::engine::{Blocked, Branch, BranchId, EventKind, Log, Origin};
use crate::tui::look::{Look, RunLook};
use crate::tui::panes::history::branch_label;
use crate::tui::panes::parts::{clock, column, fit, name, place, seconds, styled};

/// Cells of a name.
const NAME: usize = 26;
/// Events among which the start of a Map is looked for: it follows the entry of its state closely.
const NEAR: usize = 4096;

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Frame {
    /// A state that `branch` is in; the first row of all is where the run stands.
    State { branch: BranchId, state: StateId, innermost: bool },
    /// The branch that is looked at has not entered a state.
    Nowhere { branch: BranchId },
    /// A branch of a Parallel state or an iteration of a Map state.
    Branch { branch: BranchId },
    /// The execution.
    Run,
    /// What stands above the other branches.
    Others { live: bool },
    /// A branch beside the one that is looked at, by its place in the view.
    Other { branch: BranchId, at: usize },
    /// An execution around the child execution that is looked into: how many of these there are around it, and the branch
    /// of it that stands for the child execution.
    Outside { depth: usize, branch: BranchId },
    /// A child execution beside the one that is looked into, by its place in the view of the run.
    Sibling { branch: BranchId, at: usize },
    /// A child execution that has ended.
    Ended { branch: BranchId },
    /// As many more that the view does not have.
    More(usize),
}

/// The rows for `run`: what is around the focus from the innermost, then the other branches.
pub(super) fn frames(run: &RunLook<'_>) -> Vec<Frame> {
    let mut frames = around(run);
    for (depth, branch) in run.inside.iter().enumerate().rev() {
        frames.push(Frame::Outside { depth, branch: *branch });
    }
    if run.inside.len() == 1 {
        let all = run.root.branches.iter().enumerate();
        let siblings = all.filter(|(_, branch)| branch.child().is_some() && Some(&branch.id) != run.inside.last());
        let siblings: Vec<_> = siblings.map(|(at, branch)| Frame::Sibling { branch: branch.id, at }).collect();
        if !siblings.is_empty() {
            frames.push(Frame::Others { live: true });
            frames.extend(siblings);
        }
    }
    frames.extend(ended(run).into_iter().map(|branch| Frame::Ended { branch }));
    // At the end the branches are over, whatever is left of them to look at.
    if run.view.status.is_done() {
        return frames;
    }
    let path = run.log().branch_path(run.focus);
    let others = run.view.branches.iter().enumerate().filter(|(_, branch)| !path.contains(&branch.id));
    let others: Vec<_> = others.map(|(at, branch)| Frame::Other { branch: branch.id, at }).collect();
    if !others.is_empty() {
        frames.push(Frame::Others { live: run.live });
        frames.extend(others);
    }
    let more = run.view.branch_count.saturating_sub(run.view.branches.len());
    frames.extend((more > 0).then_some(Frame::More(more)));
    frames
}

/// The branches that stand for child executions that have ended, the newest last, as many as are worth a look.
fn ended(run: &RunLook<'_>) -> Vec<BranchId> {
    const MOST: usize = 100;
    let log = run.log();
    if log.executions.is_empty() {
        return Vec::new();
    }
    let machine = &run.run.handle().execution().machine;
    let is_child = |state: StateId| matches!(machine.states.get(state.0 as usize).map(|state| &state.kind), Some(StateKind::Map(map)) if map.distributed.is_mode);
    let live = |id: BranchId| run.view.branches.iter().any(|branch| branch.id == id);
    let count = log.branches.len();
    let newest = (count.saturating_sub(MOST)..count)
        .filter_map(|at| Some((BranchId(u32::try_from(at).ok()?), log.branches.get(at)?)));
    newest.filter(|(id, origin)| origin.state.is_some_and(is_child) && !live(*id)).map(|(id, _)| id).collect()
}

fn around(run: &RunLook<'_>) -> Vec<Frame> {
    let mut frames = Vec::new();
    let mut state = run.here;
    for (depth, branch) in run.log().branch_path(run.focus).into_iter().rev().enumerate() {
        frames.push(match state {
            Some(state) => Frame::State { branch, state, innermost: depth == 0 },
            None => Frame::Nowhere { branch },
        });
        let origin = run.log().branches.get(branch.0 as usize);
        state = origin.and_then(|origin| origin.state);
        frames.push(if state.is_some() { Frame::Branch { branch } } else { Frame::Run });
    }
    frames
}

impl Frame {
    /// The branch that the row is about.
    pub(super) fn branch(&self) -> Option<BranchId> {
        match self {
            Self::State { branch, .. }
            | Self::Nowhere { branch }
            | Self::Branch { branch }
            | Self::Other { branch, .. } => Some(*branch),
            Self::Run => Some(BranchId::MAIN),
            Self::Others { .. } | Self::More(_) | Self::Outside { .. } | Self::Sibling { .. } | Self::Ended { .. } => {
                None
            }
        }
    }

    /// The child execution that the row is about, or the one around: the branches that lead to it.
    pub(super) fn inside(&self, run: &RunLook<'_>) -> Option<Vec<BranchId>> {
        let beneath = |branch: BranchId| run.inside.iter().copied().chain([branch]).collect();
        match self {
            Self::Outside { depth, .. } => Some(run.inside.get(..*depth)?.to_vec()),
            Self::Sibling { branch, .. } => Some(vec![*branch]),
            Self::Ended { branch } => Some(beneath(*branch)),
            Self::Other { branch, at } => run.view.branches.get(*at)?.child().map(|_| beneath(*branch)),
            _ => None,
        }
    }

    /// The state that the row is about.
    pub(super) fn state(&self, run: &RunLook<'_>) -> Option<StateId> {
        match self {
            Self::State { state, .. } => Some(*state),
            Self::Branch { branch } => run.log().branches.get(branch.0 as usize)?.state,
            Self::Other { at, .. } => run.view.branches.get(*at).map(|branch| branch.state),
            Self::Ended { branch } => run.log().branches.get(branch.0 as usize)?.state,
            _ => None,
        }
    }

    /// The row in `width` cells.
    pub(super) fn line(&self, run: &RunLook<'_>, look: &Look<'_>, width: u16) -> Line<'static> {
        let room = usize::from(width);
        let muted = |text: String| styled(text, Role::Muted, look);
        let spans = match self {
            Self::State { branch, state, innermost } => self::state(*branch, *state, *innermost, run, look, room),
            Self::Nowhere { .. } => vec![Span::raw("  has not entered a state yet")],
            Self::Branch { branch } => vec![muted(format!("  {}", number(*branch, run)))],
            Self::Run if !run.inside.is_empty() => {
                let name = column("  child execution", name_room(room) + 2, look.glyphs);
                vec![Span::raw(name), muted(format!(" started {}", clock(run.view.started)))]
            }
            Self::Outside { depth, branch } => vec![muted(outside(*depth, *branch, run))],
            Self::Sibling { at, .. } => match run.root.branches.get(*at) {
                Some(branch) => other(branch, run, look, room),
                None => Vec::new(),
            },
            Self::Ended { branch } => {
                let label = branch_label(run.log(), *branch).unwrap_or_default();
                let name =
                    self.state(run).map(|state| name(&run.run.handle().execution().machine, state)).unwrap_or_default();
                vec![muted(format!("{} {name} {label}  child execution, ended", look.glyphs.visited))]
            }
            Self::Run => {
                let kind = match run.run.mode {
                    Mode::Sync => "Express, synchronous",
                    Mode::Async => "Standard",
                };
                let name = column(&format!("  run {}", run.run.number), name_room(room) + 2, look.glyphs);
                vec![Span::raw(name), muted(format!(" {kind} since {}", clock(run.view.started)))]
            }
            Self::Others { live: true } => vec![styled("  other branches", Role::Title, look)],
            Self::Others { live: false } => {
                vec![styled("  other branches, as they are now", Role::Title, look)]
            }
            Self::Other { at, .. } => match run.view.branches.get(*at) {
                Some(branch) => other(branch, run, look, room),
                None => Vec::new(),
            },
            Self::More(more) => vec![muted(format!("  and {more} more, not shown"))],
        };
        fit(spans, room, look)
    }
}

/// The execution around a child execution: the Map that started it, and the run.
fn outside(depth: usize, branch: BranchId, run: &RunLook<'_>) -> String {
    if depth > 0 {
        return "  in another child execution".to_owned();
    }
    let machine = &run.run.handle().execution().machine;
    let origin = run.root.log.branches.get(branch.0 as usize);
    let index = origin.map_or(0, |origin| origin.index);
    let map = origin.and_then(|origin| origin.state).map(|state| name(machine, state)).unwrap_or_default();
    format!("  child [{index}] of {map} in run {}", run.run.number)
}

fn name_room(room: usize) -> usize {
    NAME.min(room.saturating_sub(2) / 2)
}

fn state(
    branch: BranchId,
    state: StateId,
    innermost: bool,
    run: &RunLook<'_>,
    look: &Look<'_>,
    room: usize,
) -> Vec<Span<'static>> {
    let machine = &run.run.handle().execution().machine;
    let mark = if innermost { look.glyphs.here } else { " " };
    let role = if innermost { Role::Accent } else { Role::Text };
    let mut spans = vec![
        styled(mark, Role::Accent, look),
        Span::raw(" "),
        styled(column(name(machine, state), name_room(room), look.glyphs), role, look),
        styled(format!(" {}", place(&run.run.definition, machine, state)), Role::Muted, look),
    ];
    let now = run.view.branches.iter().find(|now| now.id == branch && now.state == state);
    if let Some(now) = now.filter(|now| innermost && run.live && now.blocked != Blocked::No) {
        spans.push(styled(format!("  {}", waits_for(now, run)), Role::Waiting, look));
    }
    spans
}

fn other(branch: &Branch, run: &RunLook<'_>, look: &Look<'_>, room: usize) -> Vec<Span<'static>> {
    let machine = &run.run.handle().execution().machine;
    let waits = branch.blocked != Blocked::No;
    let mark = if waits { look.glyphs.waiting } else { look.glyphs.pending };
    let label = branch_label(if branch.child().is_some() { &run.root.log } else { run.log() }, branch.id);
    let label = label.unwrap_or_default();
    // What a child execution is at says more than the Map that it belongs to.
    let inner = branch.child().and_then(|child| child.machine.branches().next());
    if let Some(inner) = inner {
        let name = column(&format!("{} {label}", name(machine, inner.state)), name_room(room), look.glyphs);
        return vec![
            styled(mark, Role::Text, look),
            Span::raw(format!(" {name}")),
            styled(" child execution", Role::Muted, look),
        ];
    }
    let role = if waits { Role::Waiting } else { Role::Text };
    vec![
        styled(mark, role, look),
        Span::raw(" "),
        Span::raw(column(&format!("{} {label}", name(machine, branch.state)), name_room(room), look.glyphs)),
        styled(format!(" {}", waits_for(branch, run)), role, look),
    ]
}

/// What keeps `branch` from going on.
pub(in crate::tui::panes) fn waits_for(branch: &Branch, run: &RunLook<'_>) -> String {
    let left = |at: crate::value::Timestamp| seconds(at.since(run.view.now));
    match branch.blocked {
        Blocked::No => "can go on".to_owned(),
        Blocked::Task(_) => "waits for its task".to_owned(),
        Blocked::Wait(at) => format!("waits until {}, {} s", clock(at), left(at)),
        Blocked::Retry(at) => format!("retries in {} s", left(at)),
        Blocked::Children => match run.run.handle().execution().machine.states.get(branch.state.0 as usize) {
            Some(state) if matches!(state.kind, StateKind::Map(_)) => "waits for its iterations".to_owned(),
            _ => "waits for its branches".to_owned(),
        },
    }
}

/// `iteration [3] of 10`, `branch [0] of 2`: numbers from 0, as in `$$.Map.Item.Index`.
fn number(branch: BranchId, run: &RunLook<'_>) -> String {
    let Some(origin) = run.log().branches.get(branch.0 as usize) else { return String::new() };
    let machine = &run.run.handle().execution().machine;
    let kind = origin.state.and_then(|state| machine.states.get(state.0 as usize)).map(|state| &state.kind);
    let index = origin.index;
    match kind {
        Some(StateKind::Parallel(parallel)) => format!("branch [{index}] of {}", parallel.branches.len()),
        _ => match iterations(origin, run.log()) {
            Some(length) => format!("iteration [{index}] of {length}"),
            None => format!("iteration [{index}]"),
        },
    }
}

fn iterations(origin: &Origin, log: &Log) -> Option<u32> {
    let from = origin.visit.0 as usize;
    log.events.range(from, from + NEAR).find_map(|event| match event.kind {
        EventKind::MapStarted { state, length } if event.branch == origin.parent && Some(state) == origin.state => {
            Some(length)
        }
        _ => None,
    })
}
