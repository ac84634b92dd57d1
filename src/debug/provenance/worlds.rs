//! Executions beside the one that is asked about: those around it, child executions of Map Runs, and those that tasks
//! started. Each has a log of its own.

use super::made::Made;
use super::{End, Place, Provenance};
use crate::asl::{Map, State, StateKind};
use crate::debug::inspect::{Moment, RowKind, Visit};
use crate::engine::{BranchId, EventId, EventKind, Execution, Log, MapRunId, Status};
use crate::text::Span;
use crate::value::diff::Step;
use crate::value::{Timestamp, Value};

/// An execution through which the way back may lead.
#[derive(Clone)]
pub struct World<'l> {
    /// What was written in it.
    pub log: &'l Log,
    /// What it was started with.
    pub execution: &'l Execution,
    /// When it was started.
    pub started: Timestamp,
    /// Up to where it is asked.
    pub moment: Moment,
    /// The branches that stand for it, counted from the run that is debugged; none: it is a run of its own.
    pub inside: Vec<BranchId>,
    /// The number of the execution around it, and the branch that stands for it there.
    pub(super) around: Option<(usize, BranchId)>,
}

impl<'l> World<'l> {
    /// An execution as it is now.
    #[must_use]
    pub fn new(log: &'l Log, execution: &'l Execution, started: Timestamp, inside: Vec<BranchId>) -> Self {
        Self { log, execution, started, moment: Moment::newest(log), inside, around: None }
    }
}

/// Executions that a way back may lead through.
const MOST_WORLDS: usize = 1000;
/// Events among which the task is looked for that started an execution.
const NEAR: usize = 100_000;

impl<'l> Provenance<'l> {
    /// The same, if the execution is a child execution of others: those around it, outermost first. `inside` are the
    /// branches that stand for it and them.
    #[must_use]
    pub fn inside_of(mut self, around: Vec<World<'l>>, inside: Vec<BranchId>) -> Self {
        let mut child = 0;
        for (world, branch) in around.into_iter().zip(&inside).rev() {
            let number = self.worlds.len();
            self.worlds[child].around = Some((number, *branch));
            self.worlds.push(world);
            child = number;
        }
        self.worlds[0].inside = inside;
        self
    }

    /// The same, with other runs that tasks of it may have started, or that may have started it.
    #[must_use]
    pub fn beside(mut self, others: Vec<World<'l>>) -> Self {
        self.worlds.extend(others);
        self
    }

    /// Asks about another execution.
    pub(super) fn within<T>(&mut self, world: usize, ask: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.world;
        self.enter(world);
        let answer = ask(self);
        self.enter(before);
        answer
    }

    fn enter(&mut self, world: usize) {
        let Some(known) = self.worlds.get(world) else { return };
        (self.log, self.execution, self.started, self.moment) =
            (known.log, known.execution, known.started, known.moment);
        self.world = world;
    }

    /// The places of `made` are those of another execution.
    pub(super) fn wrapped(&self, made: Made, world: usize) -> Made {
        let wrap = |place: Place| match place {
            within @ Place::Within(..) => within,
            place if world == 0 && self.world == 0 => place,
            place => Place::Within(world, Box::new(place)),
        };
        match made {
            Made::From { next, how, span } => Made::From { next: wrap(next), how, span },
            Made::Of { parts, how, span } => Made::Of { parts: parts.into_iter().map(wrap).collect(), how, span },
            end @ Made::End { .. } => end,
        }
    }

    /// The execution around the one that is asked about, and the branch that stands for this one there.
    pub(super) fn around(&self) -> Option<(usize, BranchId)> {
        self.worlds.get(self.world)?.around
    }

    /// The Map Run that the visit `visit` of a distributed Map started last.
    pub(super) fn map_run_of(&self, visit: EventId) -> Option<MapRunId> {
        let (state, branch) = self.log.event(visit).map(|event| (event.kind.state(), event.branch))?;
        let until = self.log.exit_of(visit).map_or(self.log.events.len(), |exit| exit.id.0 as usize);
        let mut own = self.log.events.range(visit.0 as usize, until).rev();
        let started = own.find(|event| {
            event.branch == branch
                && event.kind.state() == state
                && matches!(event.kind, EventKind::MapRunStarted { .. })
        })?;
        // They are numbered as they were started.
        let before = self.log.events.range(0, started.id.0 as usize - 1);
        let before = before.filter(|event| matches!(event.kind, EventKind::MapRunStarted { .. })).count();
        Some(MapRunId(u32::try_from(before).ok()?))
    }

    /// What a Map Run gave.
    pub(super) fn map_run(&mut self, visit: &Visit, state: &State, map: &Map, path: &[Step]) -> Option<Made> {
        let span = Some(state.span);
        let writes_files = map.distributed.writer.as_ref().is_some_and(|writer| writer.arguments.is_some());
        if writes_files {
            let how = "the ResultWriter wrote the results there".to_owned();
            return Some(Made::End { end: End::Outside, how, span: self.field_span(visit, "ResultWriter") });
        }
        let outputs = self.outputs(visit);
        match path {
            [Step::Index(at), rest @ ..] if *at < outputs.len() => {
                let (number, output) = outputs[*at].clone();
                Some(Made::From { next: output.inside(rest), how: format!("output of child {number}"), span })
            }
            _ => {
                let parts = outputs.into_iter().map(|(_, output)| output).take(super::MOST_PARTS).collect();
                Some(Made::Of { parts, how: "the outputs of the child executions".to_owned(), span })
            }
        }
    }

    /// The outputs of the child executions of a visit that succeeded, in their order, each with its number.
    fn outputs(&mut self, visit: &Visit) -> Vec<(u32, Place)> {
        let Some(run) = self.map_run_of(visit.entered) else { return Vec::new() };
        let log = self.log;
        let last = |index: u32| log.executions.iter().rev().find(|child| child.run == run && child.index == index);
        let mut numbers: Vec<u32> =
            log.executions.iter().filter(|child| child.run == run).map(|child| child.index).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let succeeded = numbers.into_iter().filter_map(last);
        let succeeded = succeeded.filter(|child| matches!(child.status, Status::Succeeded(_)));
        let mut found = Vec::new();
        for child in succeeded.take(MOST_WORLDS) {
            let own = |origin: &crate::engine::Origin| origin.visit == visit.entered && origin.index == child.index;
            let branch = log.branches.iter().enumerate().filter(|(_, origin)| own(origin)).last();
            let Some(branch) = branch.and_then(|(at, _)| Some(BranchId(u32::try_from(at).ok()?))) else { continue };
            let mut inside = self.worlds.get(self.world).map(|world| world.inside.clone()).unwrap_or_default();
            inside.push(branch);
            let world = World::new(&child.log, &child.execution, child.started, inside);
            let number = self.number_of(World { around: Some((self.world, branch)), ..world });
            let output = self.within(number, |own| own.last_output());
            found.extend(output.map(|output| (child.index, Place::Within(number, Box::new(output)))));
        }
        found
    }

    /// The number of an execution, which is new or known already.
    fn number_of(&mut self, world: World<'l>) -> usize {
        let known = self.worlds.iter().position(|known| std::ptr::eq(known.log, world.log));
        known.unwrap_or_else(|| {
            self.worlds.push(world);
            self.worlds.len() - 1
        })
    }

    /// The output of the execution.
    pub(super) fn last_output(&mut self) -> Option<Place> {
        let mut events = self.log.events.range(0, self.moment.events).rev();
        let is_exit = |kind: &EventKind| matches!(kind, EventKind::StateExited { .. });
        let exit = events.find(|event| event.branch == BranchId::MAIN && is_exit(&event.kind))?;
        let entered = self.entry_of(exit.id)?;
        let last = self.visit(entered)?.rows.len().checked_sub(1)?;
        Some(Place::Row(entered, last, Vec::new()))
    }

    // ---- executions that tasks started

    /// The output of the execution that the task of a visit started, if that is known.
    pub(super) fn nested_output(&mut self, visit: &Visit, path: &[Step], span: Option<Span>) -> Option<Made> {
        let (Step::Key(first), rest) = path.split_first()? else { return None };
        if &**first != "Output" {
            return None;
        }
        let row = Self::row(visit, RowKind::Result)?;
        let arn = visit.rows.get(row)?.outcome.value()?.get("ExecutionArn")?.as_str()?.to_owned();
        let is_it = |world: &World<'_>| *world.execution.names.execution_arn == *arn;
        let own = self.world;
        let number = self.worlds.iter().enumerate().position(|(at, world)| at != own && is_it(world))?;
        let output = self.within(number, |own| own.last_output())?;
        let next = Place::Within(number, Box::new(output.inside(rest)));
        Some(Made::From { next, how: "output of the execution that it started".to_owned(), span })
    }

    /// The part of what a task was called with that became the input of this execution.
    pub(super) fn nested_input(&mut self, path: &[Step]) -> Option<Made> {
        let arn = self.execution.names.execution_arn.clone();
        let own = self.world;
        for number in (0..self.worlds.len()).filter(|number| *number != own) {
            let Some(place) = self.within(number, |outer| outer.started_with(&arn)) else { continue };
            let next = Place::Within(number, Box::new(place.inside(path)));
            return Some(Made::From { next, how: "Input of the task that started it".to_owned(), span: None });
        }
        None
    }

    /// Where the input stands that a task gave to the execution `arn`.
    fn started_with(&mut self, arn: &str) -> Option<Place> {
        let log = self.log;
        let names = |output: &Value| output.get("ExecutionArn").and_then(Value::as_str) == Some(arn);
        let mut events = log.events.range(0, log.events.len()).rev().take(NEAR);
        let told = events.find(|event| match &event.kind {
            EventKind::TaskSubmitted { output, .. } | EventKind::TaskSucceeded { output, .. } => names(output),
            _ => false,
        })?;
        let (branch, state) = (told.branch, told.kind.state()?);
        let is_task = |state: Option<&State>| state.is_some_and(|state| matches!(state.kind, StateKind::Task(_)));
        if !is_task(self.execution.machine.states.get(state.0 as usize)) {
            return None;
        }
        let is_entry =
            |kind: &EventKind| matches!(kind, EventKind::StateEntered { state: entered, .. } if *entered == state);
        let mut before = log.events.range(0, told.id.0 as usize).rev();
        let entered = before.find(|event| event.branch == branch && is_entry(&event.kind))?.id;
        let visit = self.visit(entered)?;
        let row = self.data_before(&visit, Self::row(&visit, RowKind::Result)?);
        Some(Place::Row(entered, row, vec![Step::Key("Input".into())]))
    }
}
