//! A run as it stood at a moment: made again from what it was told, from the nearest of the marks set on the way.

use std::sync::{Arc, Mutex, PoisonError};

use super::fork::{ForkError, Origin};
use super::run::Run;
use crate::engine::{Branch, BranchId, EventKind, Execution, Log, Machine, Outcome};
use crate::runtime::Told;

/// Steps between two marks at first, and the marks that are kept before every other one goes.
const STRIDE: u64 = 2048;
const MOST_MARKS: usize = 32;

/// A machine on its way through what a run was told.
#[derive(Debug, Clone)]
struct Mark {
    machine: Machine,
    log: Log,
    /// How much it was told so far.
    told: usize,
}

/// The marks of a run. Clones are the same marks.
#[derive(Debug, Clone, Default)]
pub(super) struct Marks(Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    marks: Vec<Mark>,
    /// Steps between two marks; 0: none was set yet.
    stride: u64,
}

impl Marks {
    /// The last mark that `is_before` holds for.
    fn last(&self, is_before: impl Fn(&Machine) -> bool) -> Option<Mark> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.marks.iter().rev().find(|mark| is_before(&mark.machine)).cloned()
    }

    /// Sets a mark, if the last one is far enough behind.
    fn pass(&self, mark: &Mark) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let last = kept.marks.last().map_or(0, |last| last.machine.steps());
        if mark.machine.steps() < last + kept.stride.max(STRIDE) {
            return;
        }
        kept.marks.push(mark.clone());
        if kept.marks.len() > MOST_MARKS {
            kept.stride = kept.stride.max(STRIDE) * 2;
            let mut at = 0;
            kept.marks.retain(|_| {
                at += 1;
                at % 2 == 0
            });
        }
    }
}

impl Run {
    /// The execution that the branches `inside` lead to (without any: the run itself), as it stood when it had made
    /// `step` steps of its own. Takes the time that the steps since the last mark take: call it where nobody waits.
    ///
    /// # Errors
    /// See [`ForkError`]; [`ForkError::Gone`] where it never stood there.
    pub fn stood(&self, inside: &[BranchId], step: u64) -> Result<Machine, ForkError> {
        if self.is_history {
            return Err(ForkError::History);
        }
        let origin = self.origin();
        if origin.is_partial {
            return Err(ForkError::Partial);
        }
        let is_before = |machine: &Machine| match within(machine, inside) {
            Some(machine) => machine.steps() <= step,
            None => !has_begun(machine, inside),
        };
        let mut mark = self.marks().last(is_before).unwrap_or_else(|| Mark::start(origin));
        loop {
            if let Some(machine) = within(&mark.machine, inside).filter(|machine| machine.steps() >= step) {
                return if machine.steps() == step { Ok(machine.clone()) } else { Err(ForkError::Gone) };
            }
            if !mark.go(origin) {
                return Err(ForkError::Gone);
            }
            self.marks().pass(&mark);
        }
    }
}

impl Mark {
    fn start(origin: &Origin) -> Self {
        let mut log = Log::default();
        let machine = Machine::start(Execution::clone(&origin.execution), origin.started, &mut log);
        Self { machine, log, told: 0 }
    }

    /// One step further, or one word that it was told; false at the end.
    fn go(&mut self, origin: &Origin) -> bool {
        let next = origin.tape.get(self.told);
        if let Some(Told { now, signal, .. }) = next.filter(|next| next.steps <= self.machine.steps()) {
            self.told += 1;
            self.machine.advance(now);
            if let Some(signal) = signal {
                self.machine.signal(signal, &mut self.log);
            }
        } else if !matches!(self.machine.step(&mut self.log), Outcome::Stepped(_)) {
            return false;
        }
        // Nobody performs them: what came of them is on the tape.
        drop(self.machine.take_effects());
        true
    }
}

/// The execution that `inside` leads to, if it is under way.
fn within<'m>(machine: &'m Machine, inside: &[BranchId]) -> Option<&'m Machine> {
    inside.iter().try_fold(machine, |machine, branch| Some(&machine.branch(*branch)?.child()?.machine))
}

/// Whether the outermost of the child executions was started, though it may have ended since.
fn has_begun(machine: &Machine, inside: &[BranchId]) -> bool {
    inside.first().is_some_and(|first| machine.has_started(*first))
}

/// Where `branch` was inside of a state when it had come to `moment`, or was there last: whose branch to ask, and after
/// how many steps; none: at the moment itself. Between two states a branch has no context object of its own.
#[must_use]
pub fn last_inside(log: &Log, branch: BranchId, moment: super::Moment) -> (BranchId, Option<u64>) {
    let own = || log.events.range(0, moment.events).rev().filter(|event| event.branch == branch);
    let entered = own().find(|event| matches!(event.kind, EventKind::StateEntered { .. }));
    if let Some(entered) = entered {
        let exit = log.exit_of(entered.id).filter(|exit| exit.id.0 as usize <= moment.events);
        return (branch, exit.map(|exit| exit.step.saturating_sub(1)));
    }
    if let Some(begun) = own().find(|event| matches!(event.kind, EventKind::IterationStarted { .. })) {
        return (branch, Some(begun.step.saturating_sub(1)));
    }
    match log.branches.get(branch.0 as usize) {
        // A branch that has not begun is in the state that started it.
        Some(origin) if origin.state.is_some() && origin.parent != branch => (origin.parent, None),
        _ => (branch, None),
    }
}

/// The variables that a branch sees, in one object.
#[must_use]
pub fn variables_of(branch: &Branch) -> crate::value::Object {
    let scopes: Vec<_> = branch.variables.scopes().collect();
    let all = scopes.into_iter().rev().flat_map(|own| own.iter());
    all.map(|(name, value)| (name.clone(), value.clone())).collect()
}
