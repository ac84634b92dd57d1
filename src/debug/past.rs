//! Breakpoints and watched values in what was recorded: where a run would have stopped, where a value last changed.
//!
//! One walk from the start of the log, as conditions see variables and counts that only the way there tells.

use std::collections::HashMap;

use super::expression::{Facts, Query};
use super::inspect::Moment;
use super::plan::{Counts, Happening, Hit, Plan};
use super::timeline::Direction;
use crate::asl::{StateId, StateKind};
use crate::engine::{BranchId, Event, EventKind, Execution, Log, Stage, StageRecord, Variables};
use crate::value::{Timestamp, Value};

/// A recorded run.
#[derive(Clone, Copy)]
pub struct Past<'l> {
    /// What was written.
    pub log: &'l Log,
    /// What it was started with.
    pub execution: &'l Execution,
    /// When it was started.
    pub started: Timestamp,
}

/// Where a value last became what it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The moment at which it had changed.
    pub moment: Moment,
    /// What it was before.
    pub old: Option<Value>,
    /// What it was then.
    pub new: Option<Value>,
}

/// What a branch had come to.
#[derive(Clone)]
struct Track {
    input: Value,
    data: Value,
    entered_at: Timestamp,
    variables: Variables,
}

/// Something that happened, after which expressions can be asked.
struct Point {
    step: u64,
    branch: BranchId,
    state: StateId,
    happening: Happening,
}

struct Walk<'l> {
    past: Past<'l>,
    /// The step that was taken last.
    step: u64,
    tracks: HashMap<BranchId, Track>,
}

impl Past<'_> {
    /// The nearest moment before or after `moment` at which the breakpoints of `plan` would have stopped the run.
    #[must_use]
    pub fn stop(&self, plan: &Plan, moment: Moment, direction: Direction) -> Option<(Moment, Hit)> {
        if plan.is_empty() {
            return None;
        }
        let now = self.step_of(moment);
        let (mut walk, mut counts, mut found) = (Walk::new(*self), Counts::default(), None);
        self.points(&mut |past, record| {
            let Some(point) = walk.take(past, record, plan) else { return true };
            if direction == Direction::Back && point.step >= now {
                return false;
            }
            let hit = walk.hit(&point, plan, &mut counts);
            let is_after = direction == Direction::Back || point.step > now;
            if let Some(hit) = hit.filter(|_| is_after) {
                found = Some((point.step, hit));
                return direction == Direction::Back;
            }
            true
        });
        let (step, hit) = found?;
        Some((Moment { events: self.log.events_at(step), step }, hit))
    }

    /// Where the value of `query`, as `branch` sees it at the boundaries of its states, last changed before `moment`.
    #[must_use]
    pub fn last_change(&self, query: &Query, branch: BranchId, moment: Moment) -> Option<Change> {
        let path = self.log.branch_path(branch);
        let now = self.step_of(moment);
        let (mut walk, mut found) = (Walk::new(*self), None);
        let mut values: HashMap<BranchId, Option<Value>> = HashMap::new();
        for event in self.log.events.iter() {
            if event.step >= now && moment.step != u64::MAX || event.step > now {
                break;
            }
            let is_first = !values.contains_key(&event.branch);
            let asks = path.contains(&event.branch)
                && match event.kind {
                    EventKind::StateEntered { .. } => is_first,
                    EventKind::StateExited { .. } => true,
                    _ => false,
                };
            walk.event(event);
            walk.step = event.step;
            if !asks {
                continue;
            }
            let context = || walk.context(event.branch);
            let new = walk.with_facts(event.branch, &context, |facts| query.evaluate(facts).unwrap_or(None)).flatten();
            let old = values.insert(event.branch, new.clone());
            if let Some(old) = old.filter(|old| *old != new) {
                let moment = Moment { events: self.log.events_at(event.step), step: event.step };
                found = Some(Change { moment, old, new });
            }
        }
        found
    }

    /// The step that is looked at.
    fn step_of(&self, moment: Moment) -> u64 {
        let newest = [self.log.events.last().map(|event| event.step), self.log.stages.last().map(|stage| stage.step)];
        moment.step.min(newest.into_iter().flatten().max().unwrap_or(0))
    }

    /// Everything that was written in the order of its steps, until `visit` has enough.
    fn points(&self, visit: &mut impl FnMut(Option<&Event>, Option<&StageRecord>) -> bool) {
        let (mut events, mut stages) = (self.log.events.iter().peekable(), self.log.stages.iter().peekable());
        loop {
            let event_first = match (events.peek(), stages.peek()) {
                (Some(event), Some(stage)) => event.step <= stage.step,
                (Some(_), None) => true,
                (None, Some(_)) => false,
                (None, None) => return,
            };
            let goes_on = if event_first { visit(events.next(), None) } else { visit(None, stages.next()) };
            if !goes_on {
                return;
            }
        }
    }
}

impl<'l> Walk<'l> {
    fn new(past: Past<'l>) -> Self {
        Self { past, step: 0, tracks: HashMap::new() }
    }

    /// Takes what was written; what happened, if `plan` may ask for it.
    fn take(&mut self, event: Option<&Event>, record: Option<&StageRecord>, plan: &Plan) -> Option<Point> {
        self.step = event.map(|event| event.step).or(record.map(|record| record.step)).unwrap_or(self.step);
        if let Some(event) = event {
            let (state, stage) = self.event(event)?;
            let happening = Happening::Stage(stage);
            return plan.may_hit(state, stage).then_some(Point {
                step: event.step,
                branch: event.branch,
                state,
                happening,
            });
        }
        let record = record?;
        let happening = match &record.outcome {
            Ok(value) => {
                self.stage(record, value);
                Happening::Stage(record.stage)
            }
            Err(fault) => {
                let timeout = fault.missed_heartbeat || fault.name() == "States.Timeout";
                let (caught, retried) = self.becomes(record);
                Happening::Failure { caught, retried, timeout }
            }
        };
        let asked = match happening {
            Happening::Stage(stage) => plan.may_hit(record.state, stage),
            Happening::Failure { .. } => plan.has_failures(),
        };
        asked.then_some(Point { step: record.step, branch: record.branch, state: record.state, happening })
    }

    fn event(&mut self, event: &Event) -> Option<(StateId, Stage)> {
        match &event.kind {
            EventKind::StateEntered { state, input } => {
                let variables = self.variables(event.branch);
                let (input, data) = (input.clone(), input.clone());
                let track = Track { input, data, entered_at: event.at, variables };
                self.tracks.insert(event.branch, track);
                Some((*state, Stage::Enter))
            }
            EventKind::StateExited { state, output, assigned } => {
                let track = self.tracks.get_mut(&event.branch)?;
                track.data = output.clone();
                if let Some(assigned) = assigned {
                    track.variables.assign(assigned);
                }
                Some((*state, Stage::Exit))
            }
            _ => None,
        }
    }

    /// What `branch` sees when it enters a state: its own variables, at first those around it.
    fn variables(&self, branch: BranchId) -> Variables {
        if let Some(track) = self.tracks.get(&branch) {
            return track.variables.clone();
        }
        let origin = self.past.log.branches.get(branch.0 as usize);
        let parent = origin.and_then(|origin| self.tracks.get(&origin.parent));
        parent.map(|track| track.variables.inner()).unwrap_or_default()
    }

    fn stage(&mut self, record: &StageRecord, value: &Value) {
        let machine = &self.past.execution.machine;
        let is_choice = || matches!(machine.state(record.state).kind, StateKind::Choice(_));
        let is_data = match record.stage {
            Stage::Assign | Stage::ItemSelector => false,
            Stage::Work => !is_choice(),
            _ => true,
        };
        if let Some(track) = self.tracks.get_mut(&record.branch).filter(|_| is_data) {
            track.data = value.clone();
        }
    }

    /// Whether a catcher took the failure of `record`, and whether it was tried again: what its visit, or that of a
    /// state around it, did next.
    fn becomes(&self, record: &StageRecord) -> (bool, bool) {
        const NEAR: usize = 4096;
        let log = self.past.log;
        let around = log.branch_path(record.branch);
        let from = log.stages.partition_point(|other| other.step <= record.step);
        let later = log.stages.range(from, from + NEAR).find(|other| around.contains(&other.branch));
        match later {
            Some(later) if later.stage == Stage::Catch => (true, false),
            Some(later) if later.visit == record.visit => (false, true),
            // A state without other stages is tried again when nothing else came of it.
            _ => {
                let until = log.exit_of(record.visit).map(|exit| exit.step);
                let events = log.events.range(log.events_at(record.step), log.events.len()).take(NEAR);
                let mut events = events.take_while(|event| until.is_none_or(|until| event.step <= until));
                let again = events.any(|event| {
                    event.branch == record.branch && matches!(event.kind, EventKind::TaskScheduled { .. })
                });
                (false, again)
            }
        }
    }

    fn hit(&self, point: &Point, plan: &Plan, counts: &mut Counts<BranchId>) -> Option<Hit> {
        let log = self.past.log;
        let path = log.branch_path(point.branch);
        let origins = path.iter().filter_map(|branch| log.branches.get(branch.0 as usize));
        let numbers: Vec<u32> = origins.filter(|origin| origin.state.is_some()).map(|origin| origin.index).collect();
        let happening = (point.state, point.happening);
        let thread = (&point.branch, &numbers[..]);
        let context = || self.context(point.branch);
        let hits = self.with_facts(point.branch, &context, |facts| plan.hits(happening, thread, facts, counts))?;
        hits.into_iter().find(|hit| !hit.logs)
    }

    fn context(&self, branch: BranchId) -> Value {
        self.past.context(branch, Moment { events: self.past.log.events_at(self.step), step: self.step })
    }

    fn with_facts<T>(
        &self,
        branch: BranchId,
        context: &dyn Fn() -> Value,
        look: impl FnOnce(&Facts<'_>) -> T,
    ) -> Option<T> {
        let track = self.tracks.get(&branch)?;
        Some(look(&Facts {
            input: &|| track.input.clone(),
            data: &track.data,
            variable: &|name| track.variables.get(name).cloned(),
            context,
            now: track.entered_at,
        }))
    }
}

/// What expressions of the debugger see in `branch` at `moment`, with this context object.
pub fn with_facts_at<T>(
    past: Past<'_>,
    branch: BranchId,
    moment: Moment,
    context: &dyn Fn() -> Value,
    look: impl FnOnce(&Facts<'_>) -> T,
) -> Option<T> {
    let log = past.log;
    let entered = log
        .events
        .range(0, moment.events)
        .rev()
        .find(|event| event.branch == branch && matches!(event.kind, EventKind::StateEntered { .. }))?;
    let mut walk = Walk::new(past);
    walk.event(entered)?;
    let records = log.stages_of(entered.id);
    for record in records.into_iter().filter(|record| record.step <= moment.step) {
        if let Ok(value) = &record.outcome {
            walk.stage(record, value);
        }
    }
    let exit = log.exit_of(entered.id).filter(|exit| exit.id.0 as usize <= moment.events);
    if let Some(exit) = exit {
        walk.event(exit);
    }
    let scopes = super::facts::variables_at(log, branch, moment.events);
    let mut variables = Variables::default();
    for (_, own) in scopes.iter().rev() {
        variables.assign(own);
    }
    walk.tracks.get_mut(&branch)?.variables = variables;
    walk.with_facts(branch, context, look)
}
