//! Where a value comes from: back through stages and states to the execution's input, the definition, or an answer.
//!
//! A step back is told as exact only when the value that it leads to is the same; everything else is computed. Takes
//! time in proportion to what happened before: to be asked away from the screen.

mod expressions;
mod inputs;
mod made;
mod results;
mod values;
mod worlds;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::Arc;

use super::inspect::{Moment, RowKind, Visit};
use crate::asl::{Definition, StateId};
use crate::engine::{BranchId, EventId, Execution, Log};
use crate::text::Span;
use crate::value::diff::{Step, json_path};
use crate::value::{Timestamp, Value};
use made::Made;

pub use worlds::World;

/// Where a value stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Place {
    /// In a row of a visit: the event that began the visit, the number of the row, the steps into its value.
    Row(EventId, usize, Vec<Step>),
    /// In what an `ItemSelector` gave for the iteration that this branch is.
    Item(BranchId, Vec<Step>),
    /// In a variable as a branch saw it after so many events: its name without `$`.
    Variable(BranchId, usize, Arc<str>, Vec<Step>),
    /// In the context object, as the state of a visit saw it in a branch.
    Context(EventId, BranchId, Vec<Step>),
    /// In the context object, as the `ItemSelector` of a distributed Map saw it: the visit of the Map, the item.
    RunItem(EventId, usize, Vec<Step>),
    /// In the input of the execution.
    Input(Vec<Step>),
    /// At a place of another execution that the way leads through: its number.
    Within(usize, Box<Self>),
}

impl Place {
    /// The same, further in.
    #[must_use]
    pub fn inside(&self, more: &[Step]) -> Self {
        if let Self::Within(world, place) = self {
            return Self::Within(*world, Box::new(place.inside(more)));
        }
        let mut place = self.clone();
        if let Self::Row(.., path)
        | Self::Item(_, path)
        | Self::Variable(.., path)
        | Self::Context(.., path)
        | Self::RunItem(.., path)
        | Self::Input(path) = &mut place
        {
            path.extend_from_slice(more);
        }
        place
    }

    /// The steps into the value.
    #[must_use]
    pub fn path(&self) -> &[Step] {
        match self {
            Self::Row(.., path)
            | Self::Item(_, path)
            | Self::Variable(.., path)
            | Self::Context(.., path)
            | Self::RunItem(.., path)
            | Self::Input(path) => path,
            Self::Within(_, place) => place.path(),
        }
    }
}

/// Where a way back ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The execution's input.
    Input,
    /// It is written in the definition.
    Literal,
    /// The answer of a task.
    Answer,
    /// A failure that was caught.
    Error,
    /// The context object, which the service fills.
    Context,
    /// A person changed it.
    ByHand,
    /// What child executions or an `ItemReader` gave.
    Outside,
    /// More is not known.
    Unknown,
}

impl End {
    /// In a few words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Input => "the input of the execution",
            Self::Literal => "written in the definition",
            Self::Answer => "the answer of the task",
            Self::Error => "the error that was caught",
            Self::Context => "the context object",
            Self::ByHand => "changed by hand",
            Self::Outside => "from outside of this execution",
            Self::Unknown => "more is not known",
        }
    }
}

/// What a link says of its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkKind {
    /// It is what the next link at the same depth is.
    From,
    /// It is computed from, or made of, the links one deeper.
    Computed,
    /// Here the way ends.
    End(End),
}

/// A place on the way back.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// How many computations are between this and the value that was asked about.
    pub depth: usize,
    /// The place.
    pub place: Place,
    /// The place in words: `Charge, Parameters $.amount`.
    pub label: String,
    /// How the value was made there: `$.order.total`.
    pub how: String,
    /// What comes next.
    pub kind: LinkKind,
    /// The value.
    pub value: Option<Value>,
    /// States between this link and the one before that left the value as it was.
    pub passed: usize,
    /// The branches that stand for the child execution that the place is in, counted from the run that is debugged; none:
    /// it is in another run.
    pub inside: Option<Vec<BranchId>>,
    /// When it was there.
    pub moment: Option<Moment>,
    /// The state.
    pub state: Option<StateId>,
    /// What made it, in the definition.
    pub span: Option<Span>,
}

/// What is asked about the past of a value.
pub struct Provenance<'l> {
    log: &'l Log,
    execution: &'l Execution,
    definition: &'l Definition,
    started: Timestamp,
    moment: Moment,
    /// The executions that the way leads through, the one that is asked about first; and the one that is looked at.
    worlds: Vec<World<'l>>,
    world: usize,
    visits: HashMap<(usize, EventId), Option<Arc<Visit>>>,
    links: Vec<Link>,
    left: usize,
}

/// Links that are told of.
const MOST_LINKS: usize = 200;
/// Steps back, most of which nothing is told of.
const MOST_STEPS: usize = 100_000;
/// What a computed value was made of, told one by one.
const MOST_PARTS: usize = 8;
/// Computations one behind the other.
const DEEPEST: usize = 12;
/// Visits that are remembered.
const KEPT: usize = 256;

impl<'l> Provenance<'l> {
    /// What happened up to `moment` in an execution of `definition`.
    #[must_use]
    pub fn new(
        definition: &'l Definition,
        execution: &'l Execution,
        log: &'l Log,
        started: Timestamp,
        moment: Moment,
    ) -> Self {
        Self {
            log,
            execution,
            definition,
            started,
            moment,
            worlds: vec![World { moment, ..World::new(log, execution, started, Vec::new()) }],
            world: 0,
            visits: HashMap::new(),
            links: Vec::new(),
            left: MOST_STEPS,
        }
    }

    /// The way back from `place`; empty if nothing stands there.
    #[must_use]
    pub fn trace(mut self, place: Place) -> Vec<Link> {
        if self.value(&place).is_some() {
            self.follow(place, 0);
        }
        self.links
    }

    /// Goes back from `place`. The depth of this recursion is that of the links.
    fn follow(&mut self, place: Place, depth: usize) {
        let Some(value) = self.value(&place) else { return };
        let (mut here, mut passed, mut is_first) = (place, 0, true);
        loop {
            self.left = self.left.saturating_sub(1);
            if self.left == 0 || self.links.len() >= MOST_LINKS || depth > DEEPEST {
                return self.link((depth, passed), here, &value, Made::end(End::Unknown));
            }
            match self.made(&here) {
                Made::From { next, how, span } if self.value(&next).is_some_and(|other| other == value) => {
                    let is_silent = how.is_empty() && !is_first;
                    if is_silent {
                        passed += usize::from(self.leaves_state(&here));
                    } else {
                        let made = Made::From { next: next.clone(), how, span };
                        self.link((depth, std::mem::take(&mut passed)), here, &value, made);
                    }
                    (here, is_first) = (next, false);
                }
                Made::From { next, how, span } => {
                    return self.computed((depth, passed), here, &value, (vec![next], how, span));
                }
                Made::Of { parts, how, span } => {
                    return self.computed((depth, passed), here, &value, (parts, how, span));
                }
                made @ Made::End { .. } => return self.link((depth, passed), here, &value, made),
            }
        }
    }

    fn computed(
        &mut self,
        (depth, passed): (usize, usize),
        here: Place,
        value: &Value,
        (mut parts, how, span): (Vec<Place>, String, Option<Span>),
    ) {
        parts.retain(|part| self.value(part).is_some());
        parts.dedup();
        parts.truncate(MOST_PARTS);
        self.link((depth, passed), here, value, Made::Of { parts: Vec::new(), how, span });
        for part in parts {
            if self.links.len() < MOST_LINKS {
                self.follow(part, depth + 1);
            }
        }
    }

    fn link(&mut self, (depth, passed): (usize, usize), place: Place, value: &Value, made: Made) {
        let (kind, how, span) = match made {
            Made::From { how, span, .. } => (LinkKind::From, how, span),
            Made::Of { how, span, .. } => (LinkKind::Computed, how, span),
            Made::End { end, how, span } => (LinkKind::End(end), how, span),
        };
        let (state, label) = self.label(&place);
        let moment = self.moment_of(&place);
        let value = Some(value.clone());
        let inside = self.inside(&place);
        self.links.push(Link { depth, label, how, kind, value, passed, inside, moment, state, span, place });
    }

    /// Where the execution stands that `place` is in. Other runs stand nowhere in this one.
    fn inside(&self, place: &Place) -> Option<Vec<BranchId>> {
        let number = match place {
            Place::Within(world, _) => *world,
            _ => 0,
        };
        let world = self.worlds.get(number)?;
        let is_own = number == 0 || world.around.is_some() || self.is_around(number);
        is_own.then(|| world.inside.clone())
    }

    /// Whether another of the executions is a child execution of this one.
    fn is_around(&self, number: usize) -> bool {
        self.worlds.iter().any(|world| world.around.is_some_and(|(around, _)| around == number))
    }

    /// Whether the way back from `place` leaves a state.
    fn leaves_state(&self, place: &Place) -> bool {
        match place {
            Place::Row(_, row, _) => *row == 0,
            Place::Within(_, place) => self.leaves_state(place),
            _ => false,
        }
    }

    /// The state, and the place in words.
    fn label(&mut self, place: &Place) -> (Option<StateId>, String) {
        let path = json_path(place.path());
        match place {
            Place::Row(visit, row, _) => {
                let Some(visit) = self.visit(*visit) else { return (None, path) };
                let label = visit.rows.get(*row).map_or("", |row| row.label);
                (Some(visit.state), format!("{}, {label} {path}", self.name(visit.state)))
            }
            Place::Item(branch, _) => {
                let origin = self.log.branches.get(branch.0 as usize);
                let Some((origin, state)) = origin.and_then(|origin| Some((origin, origin.state?))) else {
                    return (None, path);
                };
                (Some(state), format!("{}, ItemSelector of iteration {} {path}", self.name(state), origin.index))
            }
            Place::Variable(_, _, name, steps) => {
                (None, format!("${name}{}", json_path(steps).strip_prefix('$').unwrap_or_default()))
            }
            Place::Context(..) | Place::RunItem(..) => (None, format!("${path}")),
            Place::Input(_) => (None, format!("Input of the execution {path}")),
            Place::Within(world, place) => {
                let (state, label) = self.within(*world, |own| own.label(place));
                (state, format!("{}{label}", self.prefix(*world)))
            }
        }
    }

    /// Which execution it is: `child 3, `, or its name.
    fn prefix(&self, number: usize) -> String {
        let Some(world) = self.worlds.get(number) else { return String::new() };
        match world.around {
            _ if number == 0 => String::new(),
            Some((outer, branch)) => {
                let origin = self.worlds.get(outer).and_then(|world| world.log.branches.get(branch.0 as usize));
                format!("{}child {}, ", self.prefix(outer), origin.map_or(0, |origin| origin.index))
            }
            None if self.is_around(number) => "the execution around it, ".to_owned(),
            None => format!("execution {}, ", world.execution.names.execution_name),
        }
    }

    fn name(&self, state: StateId) -> &'l str {
        self.execution.machine.states.get(state.0 as usize).map_or("", |state| &*state.name)
    }

    fn moment_of(&mut self, place: &Place) -> Option<Moment> {
        let at = |step: u64| Moment { events: self.log.events_at(step), step };
        match place {
            Place::Row(entered, row, _) => {
                let visit = self.visit(*entered)?;
                let kind = visit.rows.get(*row)?.kind;
                let records = self.log.stages_of(*entered);
                let last = records.iter().rev().filter(|record| record.step <= self.moment.step);
                let stage = kind.stage().and_then(|stage| last.clone().find(|record| record.stage == stage));
                let step = match (kind, stage) {
                    (RowKind::StateOutput, _) => self.log.exit_of(*entered).map(|exit| exit.step),
                    (_, Some(record)) => Some(record.step),
                    _ => None,
                };
                let step = step.or_else(|| self.log.event(*entered).map(|event| event.step))?;
                Some(at(step.min(self.moment.step)))
            }
            Place::Item(branch, _) => {
                self.log.stages.iter().find(|record| record.branch == *branch).map(|record| at(record.step))
            }
            Place::Input(_) => Some(Moment::after_event(self.log, 1)),
            Place::Variable(..) | Place::Context(..) | Place::RunItem(..) => None,
            Place::Within(world, place) => self.within(*world, |own| own.moment_of(place)),
        }
    }

    /// The visit that event `entered` began, as it was at the moment.
    fn visit(&mut self, entered: EventId) -> Option<Arc<Visit>> {
        if self.visits.len() > KEPT {
            self.visits.clear();
        }
        let (definition, machine, log, moment) = (self.definition, &self.execution.machine, self.log, self.moment);
        let read = || Visit::at(definition, machine, log, entered, moment).map(Arc::new);
        self.visits.entry((self.world, entered)).or_insert_with(read).clone()
    }
}
