//! Which thread each event belongs to, and which state: the events say so only by what they follow.

use std::collections::HashMap;
use std::sync::Arc;

use super::read::{Fault, Raw};
use super::what::{Family, Progress, Turn, Type, What};
use crate::engine::EventId;

/// A state as far as the history knows it, by its number in [`Threads::states`].
pub(super) type Known = usize;

/// What a history tells of a state.
#[derive(Debug)]
pub(super) struct KnownState {
    pub(super) name: Arc<str>,
    pub(super) kind: Type,
    /// The state that started the thread it ran in, and the number of the branch; iterations share theirs.
    pub(super) scope: Option<(Known, u32)>,
    /// The states that followed it, in the order in which they did so first.
    pub(super) nexts: Vec<Known>,
    /// Of its task.
    pub(super) family: Option<Family>,
    /// `Resource`, as the events have it.
    pub(super) resource: Option<Arc<str>>,
    /// Whether it had a Map Run.
    pub(super) is_distributed: bool,
}

/// Where an event belongs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) what: What,
    pub(super) thread: usize,
    pub(super) state: Option<Known>,
}

/// A thread: the execution's own comes first.
#[derive(Debug)]
pub(super) struct Thread {
    pub(super) parent: usize,
    /// The visit of the state that started it, that state, and its number there.
    pub(super) origin: Option<(EventId, Known, u32)>,
    open: Option<Open>,
    left: Option<Known>,
}

/// The state that a thread is in.
#[derive(Debug)]
struct Open {
    state: Known,
    kind: Type,
    visit: EventId,
    phase: Phase,
    /// Iterations by their numbers.
    iterations: HashMap<u32, usize>,
    /// The first states of the branches that began, in order.
    firsts: Vec<Known>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Entered,
    Started,
    Over,
}

/// What came of it.
#[derive(Debug, Default)]
pub(super) struct Threads {
    pub(super) states: Vec<KnownState>,
    pub(super) threads: Vec<Thread>,
    pub(super) places: Vec<Place>,
    /// The first states of threads: what the scope of a state starts with.
    pub(super) starts: HashMap<Option<(Known, u32)>, Known>,
    by_name: HashMap<(Arc<str>, Type), Known>,
}

impl Threads {
    /// Follows `events`, which are numbered from 1.
    pub(super) fn follow(events: &[Raw]) -> Result<Self, Fault> {
        let mut threads = Self::default();
        threads.threads.push(Thread { parent: 0, origin: None, open: None, left: None });
        for event in events {
            let place = threads.place(event)?;
            threads.places.push(place);
        }
        Ok(threads)
    }

    fn place(&mut self, event: &Raw) -> Result<Place, Fault> {
        let what = What::of(&event.name);
        let before = (event.previous.0 as usize).checked_sub(1).and_then(|at| self.places.get(at)).copied();
        let from = before.map_or(0, |place| place.thread);
        let (thread, state) = match what {
            What::ExecutionStarted
            | What::ExecutionSucceeded
            | What::ExecutionFailed
            | What::ExecutionAborted
            | What::ExecutionTimedOut
            | What::ExecutionRedriven => (0, None),
            What::Entered(kind) => {
                let thread = match before.map(|place| place.what) {
                    Some(What::Begun(Type::Parallel)) => self.branch(from, event, kind)?,
                    _ => from,
                };
                (thread, Some(self.enter(thread, event, kind)?))
            }
            What::Exited(kind) => {
                let name = named(event)?;
                let thread = self.up(from, |open, states| *states[open.state].name == **name).unwrap_or(from);
                let state = self.intern(name, kind, thread);
                self.threads[thread].left = Some(state);
                self.threads[thread].open = None;
                (thread, Some(state))
            }
            What::Aborted(kind) => self.inside(from, |open, _| open.kind == kind && open.phase != Phase::Over),
            What::Begun(kind) => {
                // A retry begins without an end of the attempt before; one that is over begins again by a redrive.
                let goes_on = |open: &Open, _: &[KnownState]| open.kind == kind && open.phase != Phase::Over;
                let found = match self.up(from, goes_on) {
                    Some(_) => self.inside(from, goes_on),
                    None => self.inside(from, |open, _| open.kind == kind),
                };
                self.set_phase(found.0, Phase::Started);
                found
            }
            What::Done(kind) => self.inside(from, |open, _| open.kind == kind),
            What::Broken(kind) => {
                let found = self.inside(from, |open, _| open.kind == kind && open.phase != Phase::Over);
                self.set_phase(found.0, Phase::Over);
                found
            }
            What::Iteration(turn) => self.iteration(from, event, turn)?,
            What::MapRunStarted | What::MapRunSucceeded | What::MapRunFailed | What::MapRunRedriven => {
                let found = self.inside(from, |open, _| open.kind == Type::Map);
                if let Some(state) = found.1 {
                    self.states[state].is_distributed = true;
                }
                found
            }
            What::Task(family, progress) => {
                let found = self.inside(from, |open, _| open.kind == Type::Task);
                self.task(found.1, event, (family, progress));
                found
            }
            What::EvaluationFailed => self.evaluation(from, event),
            What::Other => (from, self.threads[from].open.as_ref().map(|open| open.state)),
        };
        Ok(Place { what, thread, state })
    }

    /// The thread nearest to `from`, outwards, that is in a state of which `holds` is true.
    fn up(&self, from: usize, holds: impl Fn(&Open, &[KnownState]) -> bool) -> Option<usize> {
        let mut thread = from;
        loop {
            let here = &self.threads[thread];
            if here.open.as_ref().is_some_and(|open| holds(open, &self.states)) {
                return Some(thread);
            }
            here.origin?;
            thread = here.parent;
        }
    }

    fn inside(&self, from: usize, holds: impl Fn(&Open, &[KnownState]) -> bool) -> (usize, Option<Known>) {
        let thread = self.up(from, holds).unwrap_or(from);
        (thread, self.threads[thread].open.as_ref().map(|open| open.state))
    }

    fn set_phase(&mut self, thread: usize, phase: Phase) {
        if let Some(open) = &mut self.threads[thread].open {
            open.phase = phase;
            if phase == Phase::Started {
                open.iterations.clear();
            }
        }
    }

    /// The thread of a branch whose first state is entered, which follows the start of the Parallel state in `from`.
    fn branch(&mut self, from: usize, event: &Raw, kind: Type) -> Result<usize, Fault> {
        let name = named(event)?;
        let (thread, Some(open)) = (self.threads.len(), &mut self.threads[from].open) else { return Ok(from) };
        // What branches are called is only known by their first states.
        let known = self.by_name.get(&(Arc::clone(name), kind)).copied();
        let index = open.firsts.iter().position(|first| Some(*first) == known);
        let index = index
            .map_or(u32::try_from(open.firsts.len()).unwrap_or(u32::MAX), |at| u32::try_from(at).unwrap_or(u32::MAX));
        let origin = Some((open.visit, open.state, index));
        self.threads.push(Thread { parent: from, origin, open: None, left: None });
        let first = self.intern(name, kind, thread);
        if let Some(open) = &mut self.threads[from].open
            && !open.firsts.contains(&first)
        {
            open.firsts.push(first);
        }
        Ok(thread)
    }

    fn enter(&mut self, thread: usize, event: &Raw, kind: Type) -> Result<Known, Fault> {
        let state = self.intern(named(event)?, kind, thread);
        match self.threads[thread].left.take() {
            Some(left) if !self.states[left].nexts.contains(&state) => self.states[left].nexts.push(state),
            Some(_) => {}
            None => {
                let scope = self.scope_of(thread);
                self.starts.entry(scope).or_insert(state);
            }
        }
        self.threads[thread].open = Some(Open {
            state,
            kind,
            visit: event.id,
            phase: Phase::Entered,
            iterations: HashMap::new(),
            firsts: Vec::new(),
        });
        Ok(state)
    }

    fn scope_of(&self, thread: usize) -> Option<(Known, u32)> {
        let (_, owner, index) = self.threads[thread].origin?;
        let is_map = self.states[owner].kind == Type::Map;
        Some((owner, if is_map { 0 } else { index }))
    }

    fn intern(&mut self, name: &Arc<str>, kind: Type, thread: usize) -> Known {
        if let Some(known) = self.by_name.get(&(Arc::clone(name), kind)) {
            return *known;
        }
        let scope = self.scope_of(thread);
        self.states.push(KnownState {
            name: Arc::clone(name),
            kind,
            scope,
            nexts: Vec::new(),
            family: None,
            resource: None,
            is_distributed: false,
        });
        let known = self.states.len() - 1;
        self.by_name.insert((Arc::clone(name), kind), known);
        known
    }

    fn iteration(&mut self, from: usize, event: &Raw, turn: Turn) -> Result<(usize, Option<Known>), Fault> {
        let name = named(event)?;
        let index = event.detail("index").and_then(|index| index.as_number()?.as_i64());
        let index = index.and_then(|index| u32::try_from(index).ok()).ok_or_else(|| missing(event, "index"))?;
        let is_owner =
            |open: &Open, states: &[KnownState]| open.kind == Type::Map && *states[open.state].name == **name;
        let next = self.threads.len();
        let Some(owner) = self.up(from, is_owner) else { return Ok((from, None)) };
        let Some(open) = &mut self.threads[owner].open else { return Ok((from, None)) };
        let state = open.state;
        let known = open.iterations.get(&index).copied();
        let thread = match known {
            Some(thread) if turn != Turn::Started => thread,
            // One that is told of by its end only has no events between.
            _ => {
                open.iterations.insert(index, next);
                let origin = Some((open.visit, state, index));
                self.threads.push(Thread { parent: owner, origin, open: None, left: None });
                next
            }
        };
        Ok((thread, Some(state)))
    }

    fn task(&mut self, state: Option<Known>, event: &Raw, (family, progress): (Family, Progress)) {
        let Some(state) = state.map(|state| &mut self.states[state]) else { return };
        state.family.get_or_insert(family);
        if progress != Progress::Scheduled || state.resource.is_some() {
            return;
        }
        state.resource = match (event.text("resourceType"), event.text("resource")) {
            (Some(service), Some(action)) => Some(format!("arn:aws:states:::{service}:{action}").into()),
            (None, resource) => resource.cloned(),
            (Some(_), None) => None,
        };
    }

    /// A failed evaluation names its state, but may link to what came before it.
    fn evaluation(&mut self, from: usize, event: &Raw) -> (usize, Option<Known>) {
        let Some(name) = event.text("state") else {
            return self.inside(from, |_, _| true);
        };
        let is_it = |thread: &Thread| {
            let open = thread.open.as_ref();
            open.is_some_and(|open| *self.states[open.state].name == **name)
        };
        if let Some(thread) = self.up(from, |open, states| *states[open.state].name == **name) {
            return (thread, self.threads[thread].open.as_ref().map(|open| open.state));
        }
        // The newest thread that is in it.
        let thread = self.threads.iter().rposition(is_it).unwrap_or(from);
        let known = self.states.iter().position(|state| state.name == *name);
        (thread, known)
    }
}

/// The state that an event names.
fn named(event: &Raw) -> Result<&Arc<str>, Fault> {
    event.text("name").ok_or_else(|| missing(event, "name"))
}

pub(super) fn missing(event: &Raw, member: &'static str) -> Fault {
    let message = format!("the details of {} {} have no `{member}`", event.name, event.id.0);
    Fault { event: event.place, member: None, message }
}
