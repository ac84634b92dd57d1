//! What is looked at, brought together once per message: the panes read it, nothing else is asked while drawing.

use std::sync::Arc;

use super::App;
use super::child::child;
use crate::asl::{Definition, StateMachine};
use crate::debug::stood::last_inside;
use crate::debug::{Breakpoints, Moment, Past, Query, Run, Stop, Tally, Visit, timeline};
use crate::engine::{BranchId, EventId, EventKind, Log};
use crate::runtime::{Question, View};
use crate::tui::glyph::Glyphs;
use crate::tui::look::{Look, RunLook, Stood, StoodOf};
use crate::tui::style::Styles;

/// What is looked at.
pub struct Scene {
    pub(super) definition: Option<Arc<Definition>>,
    pub(super) machine: Option<Arc<StateMachine>>,
    pub(super) last_good: Option<Arc<StateMachine>>,
    pub(super) run: Option<RunScene>,
    pub(super) breakpoints: Breakpoints,
    pub(super) watches: Vec<Query>,
    pub(super) styles: Styles,
    pub(super) glyphs: Glyphs,
}

/// The run that is looked at.
pub(super) struct RunScene {
    /// The run, as it was started.
    pub(super) root: Run,
    pub(super) root_view: Arc<View>,
    /// The run that is looked at, or a child execution of it.
    pub(super) run: Run,
    pub(super) view: Arc<View>,
    /// The branches that stand for the child executions that are looked into.
    pub(super) inside: Vec<BranchId>,
    /// Those that the user chose to look into.
    pub(super) chosen_inside: Option<Vec<BranchId>>,
    /// Whether only the branch that is stepped makes steps.
    pub(super) is_locked: bool,
    pub(super) stop: Option<Stop>,
    /// The moment, if it is not the newest.
    pub(super) past: Option<Moment>,
    pub(super) moment: Moment,
    /// A branch that the user chose to look at.
    pub(super) chosen_branch: Option<BranchId>,
    pub(super) focus: BranchId,
    /// A visit that the user chose to look at.
    pub(super) pinned: Option<EventId>,
    pub(super) tally: Tally,
    pub(super) here: Option<crate::asl::StateId>,
    pub(super) visit: Option<Visit>,
    /// The run as it stood, if it was made again.
    pub(super) stood: Option<Box<Stood>>,
    /// Up to which moment it is wanted.
    pub(super) wanted: Option<StoodOf>,
    /// Up to which moment it is being made.
    pub(super) asked: Option<StoodOf>,
    /// What all of this was worked out from.
    seen: Option<Seen>,
}

/// What, beside the view, decides what is looked at.
type Seen = (Option<Moment>, Option<BranchId>, Option<EventId>, Option<Stop>, Vec<BranchId>);

impl Scene {
    pub(super) fn new(breakpoints: Breakpoints, styles: Styles, glyphs: Glyphs) -> Self {
        Self {
            definition: None,
            machine: None,
            last_good: None,
            run: None,
            breakpoints,
            watches: Vec::new(),
            styles,
            glyphs,
        }
    }

    /// What the panes may read.
    pub(super) fn look(&self) -> Look<'_> {
        let run = self.run.as_ref().map(|scene| RunLook {
            run: &scene.run,
            view: &scene.view,
            stop: scene.stop.clone(),
            moment: scene.moment,
            live: scene.past.is_none(),
            tally: &scene.tally,
            focus: scene.focus,
            root: &scene.root_view,
            inside: &scene.inside,
            is_locked: scene.is_locked,
            here: scene.here,
            visit: scene.visit.as_ref(),
            stood: scene.stood.as_deref().filter(|stood| Some(&stood.of) == scene.wanted.as_ref()),
        });
        Look {
            definition: self.definition.as_ref(),
            machine: self.machine.as_ref(),
            last_good: self.last_good.as_ref(),
            run,
            watches: &self.watches,
            breakpoints: &self.breakpoints,
            styles: &self.styles,
            glyphs: &self.glyphs,
        }
    }
}

impl RunScene {
    pub(super) fn new(run: Run) -> Self {
        let view = run.view();
        let mut scene = Self {
            root: run.clone(),
            root_view: view.clone(),
            inside: Vec::new(),
            chosen_inside: None,
            is_locked: false,
            run,
            moment: Moment::newest(&view.log),
            view,
            stop: None,
            past: None,
            chosen_branch: None,
            focus: BranchId::MAIN,
            pinned: None,
            tally: Tally::default(),
            here: None,
            visit: None,
            stood: None,
            wanted: None,
            asked: None,
            seen: None,
        };
        scene.refresh();
        scene
    }

    /// Looks at `moment`; at the newest one, what is shown follows the run again.
    pub(super) fn look_at(&mut self, moment: Moment) {
        self.pinned = None;
        self.chosen_branch = None;
        self.past = (!timeline::is_newest(&self.view.log, moment)).then_some(moment);
    }

    /// Looks into the child executions that `inside` leads to, at their newest moment.
    pub(super) fn look_inside(&mut self, inside: Vec<BranchId>) {
        self.look_at_newest();
        self.chosen_inside = Some(inside);
    }

    /// The branch that stands for a child execution: the one that is looked at, or the first that it started.
    pub(super) fn child_in_focus(&self) -> Option<BranchId> {
        let children = self.view.branches.iter().filter(|branch| branch.child().is_some());
        let mut own = children.filter(|branch| self.view.log.branch_path(branch.id).contains(&self.focus));
        own.next().map(|branch| branch.id)
    }

    /// The numbers of the child executions that are looked into, outermost first.
    pub(super) fn inside_numbers(&self) -> Vec<u32> {
        let first = self.inside.first().and_then(|branch| self.root_view.log.branches.get(branch.0 as usize));
        // Those further inside are counted in logs of their own; their branch says as much.
        let rest = self.inside.iter().skip(1).map(|branch| branch.0.saturating_sub(1));
        first.map(|origin| origin.index).into_iter().chain(rest).collect()
    }

    /// What was recorded of what is looked at.
    pub(super) fn past(&self) -> Past<'_> {
        Past { log: &self.view.log, execution: self.run.handle().execution(), started: self.view.started }
    }

    /// Looks at the newest moment.
    pub(super) fn look_at_newest(&mut self) {
        self.pinned = None;
        self.chosen_branch = None;
        self.past = None;
    }

    /// Takes the newest view of the run and works out what it means.
    pub(super) fn refresh(&mut self) {
        let was_stopped = self.stop.clone();
        let view = self.root.view();
        let is_same_view = Arc::ptr_eq(&view, &self.root_view);
        self.root_view = view;
        // The gate tells why before the view shows that the run stands.
        self.stop = self.root.stop().filter(|_| self.root_view.paused);
        if self.stop != was_stopped && self.stop.is_some() {
            self.look_at_newest();
            self.chosen_inside = None;
        }
        if let Some(machine) = &self.root_view.machine {
            self.is_locked = machine.only().is_some();
        }
        let inside = self.wanted_inside();
        // Most messages change nothing here, and a long history takes a while to look through.
        let seen = Some((self.past, self.chosen_branch, self.pinned, self.stop.clone(), inside.clone()));
        if is_same_view && self.seen == seen {
            return;
        }
        self.seen = seen;
        self.enter(inside);
        let log = &self.view.log;
        self.moment = self.past.unwrap_or_else(|| Moment::newest(log));
        let machine = self.run.handle().execution().machine.clone();
        self.tally.seek(&machine, log, self.moment.events);
        self.focus = self.chosen_branch.unwrap_or_else(|| self.focused_branch());
        let entered =
            last_entry(log, self.moment.events, Some(self.focus)).or_else(|| last_entry(log, self.moment.events, None));
        self.here = entered.and_then(|entered| log.event(entered)?.kind.state());
        let shown = self.pinned.filter(|pinned| pinned.0 as usize <= self.moment.events).or(entered);
        let visit = shown.and_then(|visit| Visit::at(&self.run.definition, &machine, log, visit, self.moment));
        self.visit = visit.map(|visit| {
            // The newest visit is the last one of those counted.
            let number = match Some(visit.entered) == entered {
                true => self.tally.state(visit.state).visits as usize,
                false => log.visits(visit.state, visit.entered.0 as usize).count(),
            };
            visit.numbered(number)
        });
        self.wanted = self.wanted();
    }

    /// The moment up to which the run has to be made again to know what its branch saw; none where that is known, or
    /// cannot be found out.
    fn wanted(&self) -> Option<StoodOf> {
        let seen = last_inside(&self.view.log, self.focus, self.moment);
        let now = self.past.map(|moment| moment.step);
        // Of a run under way everything would be old at once.
        let stands = self.past.is_some() || self.view.machine.is_some() || self.view.status.is_done();
        let is_needed = !self.run.is_history && stands && (now.is_some() || seen.1.is_some());
        let (run, inside) = (self.root.number, self.inside.clone());
        is_needed.then_some(StoodOf { run, inside, now, seen })
    }

    /// The child executions to be looked into: those that were chosen, those in which the run stands.
    fn wanted_inside(&self) -> Vec<BranchId> {
        let stands = || self.stop.as_ref().map(|stop| stop.thread.inside.clone()).unwrap_or_default();
        match &self.chosen_inside {
            Some(chosen) => chosen.clone(),
            None if self.past.is_some() => self.inside.clone(),
            None => stands(),
        }
    }

    fn enter(&mut self, inside: Vec<BranchId>) {
        let found = if inside.is_empty() { None } else { child(&self.root, &self.root_view, &inside) };
        let (run, view, inside) = match found {
            Some((run, view)) => (run, view, inside),
            None => (self.root.clone(), self.root_view.clone(), Vec::new()),
        };
        if inside != self.inside {
            // Moments, visits and counts are those of one log.
            self.tally = Tally::default();
            self.past = None;
        }
        (self.run, self.view, self.inside) = (run, view, inside);
    }

    /// The branch that matters at the moment: the one that is stepped, the one of the event looked at, the one that
    /// failed.
    fn focused_branch(&self) -> BranchId {
        let log = &self.view.log;
        if self.past.is_none() {
            if let Some(stop) = self.stop.as_ref().filter(|stop| stop.thread.inside == self.inside) {
                return stop.thread.branch;
            }
            if let Some(branch) = self.failed_branch() {
                return branch;
            }
        }
        let event = self.moment.events.checked_sub(1).and_then(|at| log.events.get(at));
        // A stage after the last event may be one of another branch.
        let stages = log.stages.partition_point(|record| record.step <= self.moment.step);
        let stage = stages.checked_sub(1).and_then(|at| log.stages.get(at));
        let stage = stage.filter(|stage| event.is_none_or(|event| event.step < stage.step));
        stage.map(|stage| stage.branch).or(event.map(|event| event.branch)).unwrap_or(BranchId::MAIN)
    }

    /// The branch that started the one that is looked at.
    pub(super) fn parent_of_focus(&self) -> Option<BranchId> {
        let origin = self.view.log.branches.get(self.focus.0 as usize)?;
        origin.state.map(|_| origin.parent)
    }

    /// Where the failure arose that ended the execution.
    fn failed_branch(&self) -> Option<BranchId> {
        let fault = self.view.status.fault()?;
        let visit = self.view.log.last_visit(fault.state?, self.view.log.events.len())?;
        self.view.log.event(visit).map(|event| event.branch)
    }
}

/// The newest entry of a state within `events` events, in `branch` if one is given.
fn last_entry(log: &Log, events: usize, branch: Option<BranchId>) -> Option<EventId> {
    // A branch that has been quiet for this long is found by looking at any branch instead.
    const FAR: usize = 100_000;
    let newest = log.events.range(events.saturating_sub(FAR), events).rev();
    let mut entries = newest.filter(|event| {
        matches!(event.kind, EventKind::StateEntered { .. }) && branch.is_none_or(|branch| event.branch == branch)
    });
    entries.next().map(|event| event.id)
}

impl App {
    /// Brings the scene up to date.
    pub(super) fn refresh(&mut self) {
        if let Some(run) = &mut self.scene.run {
            run.refresh();
        }
        let shown = match &self.scene.run {
            // A run shows the definition it was started with, unless the newest one has the same states.
            Some(run) => Some(
                self.newest.clone().filter(|new| is_alike(new, &run.run)).unwrap_or_else(|| run.run.definition.clone()),
            ),
            None => self.newest.clone(),
        };
        self.scene.machine = shown.as_ref().and_then(|definition| definition.machine.clone());
        let is_broken = shown.is_some() && self.scene.machine.is_none();
        self.scene.last_good =
            self.good.as_ref().filter(|_| is_broken).and_then(|definition| definition.machine.clone());
        self.scene.definition = shown;
        self.take_reports();
        self.questions.retain(Question::is_open);
    }
}

impl App {
    /// Takes what log points said, and forgets breakpoints that stop only once and have done so.
    fn take_reports(&mut self) {
        let reports = self.runs.iter().map(|run| {
            run.with_report(|report| {
                let said: Vec<_> = report.said.drain(..).collect();
                (said, std::mem::take(&mut report.dropped), std::mem::take(&mut report.spent))
            })
        });
        let (mut lines, mut is_spent) = (Vec::new(), false);
        for (said, dropped, spent) in reports {
            if dropped > 0 {
                lines.push(format!("{dropped} lines of log points came too fast to be shown"));
            }
            lines.extend(said.into_iter().map(|(number, words)| format!("log {number}: {words}")));
            for number in spent {
                is_spent |= self.scene.breakpoints.remove(number);
            }
        }
        if !lines.is_empty() {
            drop(self.say(lines.join("\n")));
        }
        if is_spent {
            self.breakpoints_changed();
        }
    }
}

/// Whether what is known of `run` can be shown on `definition`: same states in the same order, and the run is over.
fn is_alike(definition: &Arc<Definition>, run: &Run) -> bool {
    if Arc::ptr_eq(definition, &run.definition) {
        return true;
    }
    if !run.view().status.is_done() {
        return false;
    }
    let (Some(new), old) = (&definition.machine, &run.handle().execution().machine) else { return false };
    new.states.len() == old.states.len() && new.states.iter().zip(&old.states).all(|(a, b)| a.name == b.name)
}
