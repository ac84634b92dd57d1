//! Breakpoints made ready for one machine: what each step is compared with, and what is counted in a run.

use std::collections::HashMap;
use std::sync::Arc;

use super::breakpoint::{Breakpoint, Breakpoints, On};
use super::expression::{Facts, shown};
use crate::asl::{StateId, StateMachine};
use crate::engine::Stage;
use crate::value::Value;

/// The breakpoints of a machine.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// Those that are switched on and whose state is there, each with it.
    all: Vec<(Breakpoint, Option<StateId>)>,
    /// One flag a state: whether a breakpoint on one of its stages is there.
    flags: Vec<bool>,
    has_states: bool,
    has_failures: bool,
    has_changes: bool,
}

/// What happened in a step, as far as breakpoints ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happening {
    /// A stage was performed.
    Stage(Stage),
    /// Something failed: whether a catcher took it, whether it is tried again, whether it was over its time.
    Failure {
        /// A catcher took it.
        caught: bool,
        /// It is tried again.
        retried: bool,
        /// It was over its time.
        timeout: bool,
    },
}

/// What a run has counted for its breakpoints.
#[derive(Debug, Clone)]
pub struct Counts<T> {
    hits: HashMap<u32, u64>,
    /// The values of watched expressions when they were last looked at, by thread.
    values: HashMap<(u32, T), Option<Value>>,
    /// Those that stop once and have done so.
    spent: Vec<u32>,
}

impl<T> Default for Counts<T> {
    fn default() -> Self {
        Self { hits: HashMap::new(), values: HashMap::new(), spent: Vec::new() }
    }
}

impl<T> Counts<T> {
    /// How often breakpoint `number` was hit.
    #[must_use]
    pub fn hits(&self, number: u32) -> u64 {
        self.hits.get(&number).copied().unwrap_or(0)
    }

    /// Those that are gone because they stop only once.
    #[must_use]
    pub fn spent(&self) -> &[u32] {
        &self.spent
    }
}

/// A breakpoint that was hit.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// Its number.
    pub number: u32,
    /// Whether it only logs.
    pub logs: bool,
    /// What is to be said: the text of a log point, the old and the new value, what is wrong with the condition.
    pub words: Option<Arc<str>>,
}

impl Plan {
    /// The plan of `breakpoints` for `machine`. Those on states that it does not have wait for their coming back.
    #[must_use]
    pub fn new(breakpoints: &Breakpoints, machine: &StateMachine) -> Self {
        let mut plan = Self { flags: vec![false; machine.states.len()], ..Self::default() };
        for breakpoint in breakpoints.iter().filter(|breakpoint| !breakpoint.disabled) {
            let state = match &breakpoint.state {
                Some(path) => match path.find(machine) {
                    Some(state) => Some(state),
                    None => continue,
                },
                None => None,
            };
            match (&breakpoint.on, state) {
                (On::Change(_), _) => plan.has_changes = true,
                (on, _) if on.is_failure() => plan.has_failures = true,
                (_, Some(state)) => {
                    plan.has_states = true;
                    plan.flags[state.0 as usize] = true;
                }
                (_, None) => {
                    plan.has_states = true;
                    plan.flags.fill(true);
                }
            }
            plan.all.push((breakpoint.clone(), state));
        }
        plan
    }

    /// Whether there is nothing to compare with.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Whether failures stop.
    #[must_use]
    pub fn has_failures(&self) -> bool {
        self.has_failures
    }

    /// Whether `stage` of `state` may be of interest: quick, as it is asked after each step.
    #[must_use]
    pub fn may_hit(&self, state: StateId, stage: Stage) -> bool {
        self.flags.get(state.0 as usize).copied().unwrap_or(false)
            || self.has_changes && matches!(stage, Stage::Enter | Stage::Exit)
    }

    /// The breakpoints that `happening` in `state` hits. `thread` is who did it, with the numbers of its iterations and
    /// branches, outermost first.
    pub fn hits<T: Clone + Eq + std::hash::Hash>(
        &self,
        (state, happening): (StateId, Happening),
        (thread, numbers): (&T, &[u32]),
        facts: &Facts<'_>,
        counts: &mut Counts<T>,
    ) -> Vec<Hit> {
        let mut hits = Vec::new();
        for (breakpoint, place) in &self.all {
            let is_here = place.is_none_or(|place| place == state)
                && numbers.ends_with(&breakpoint.only)
                && !counts.spent.contains(&breakpoint.number);
            if !is_here {
                continue;
            }
            let Some(words) = happens(breakpoint, happening, thread, facts, counts) else { continue };
            hits.extend(counted(breakpoint, words, facts, counts));
        }
        hits
    }
}

/// Whether `happening` is what `breakpoint` waits for; with what is to be said of it.
fn happens<T: Clone + Eq + std::hash::Hash>(
    breakpoint: &Breakpoint,
    happening: Happening,
    thread: &T,
    facts: &Facts<'_>,
    counts: &mut Counts<T>,
) -> Option<Option<String>> {
    let is = |is: bool| is.then_some(None);
    match (&breakpoint.on, happening) {
        (On::Entry, Happening::Stage(stage)) => is(stage == Stage::Enter),
        (On::Exit, Happening::Stage(stage)) => is(stage == Stage::Exit),
        (On::Stage(wanted), Happening::Stage(stage)) => is(stage == *wanted),
        (On::Change(query), Happening::Stage(Stage::Enter | Stage::Exit)) => {
            let new = query.evaluate(facts).unwrap_or(None);
            let old = counts.values.insert((breakpoint.number, thread.clone()), new.clone())?;
            let show = |value| shown(&Ok(value));
            (old != new).then(|| Some(format!("{}: {} became {}", query.text(), show(old), show(new))))
        }
        (On::Error, Happening::Failure { .. }) => is(true),
        (On::Caught, Happening::Failure { caught, .. }) => is(caught),
        (On::Retry, Happening::Failure { retried, .. }) => is(retried),
        (On::Timeout, Happening::Failure { timeout, .. }) => is(timeout),
        _ => None,
    }
}

/// Conditions and counts of a breakpoint whose place was reached.
fn counted<T>(
    breakpoint: &Breakpoint,
    words: Option<String>,
    facts: &Facts<'_>,
    counts: &mut Counts<T>,
) -> Option<Hit> {
    let mut words = words;
    match breakpoint.condition.as_ref().map(|condition| (condition, condition.holds(facts))) {
        Some((_, Ok(false))) => return None,
        // A condition that cannot be evaluated stops: who wrote it wants to know.
        Some((condition, Err(why))) => words = Some(format!("the condition {} fails: {why}", condition.text())),
        Some((_, Ok(true))) | None => {}
    }
    let count = counts.hits.entry(breakpoint.number).or_default();
    *count += 1;
    if *count < breakpoint.after {
        return None;
    }
    if let Some(log) = &breakpoint.log {
        words = Some(log.fill(facts));
    }
    if breakpoint.once {
        counts.spent.push(breakpoint.number);
    }
    Some(Hit { number: breakpoint.number, logs: breakpoint.log.is_some(), words: words.map(Into::into) })
}
