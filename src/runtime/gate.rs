//! What stands between two steps of a machine.

use crate::engine::{BranchId, Log, Machine, Step};

/// Stands between two steps of a machine: the debugger.
pub trait Gate: Send + 'static {
    /// What it can be told.
    type Command: Send + 'static;

    /// Whether it wants to look at each step; if not, the machine runs at full speed.
    fn wants_steps(&self) -> bool;

    /// Looks at a step that was made.
    fn after(&mut self, step: &Step, machine: &Machine, log: &Log) -> Verdict;

    /// Looks at a run that was just told something about a task of `branch`.
    fn after_signal(&mut self, _: BranchId, _: &Machine, _: &Log) -> Verdict {
        Verdict::Unchanged
    }

    /// Looks at a run now and then, also when it does not want each step.
    fn after_slice(&mut self, _: &Machine, _: &Log) -> Verdict {
        Verdict::Unchanged
    }

    /// Whether views hold a copy of the machine while it stands still, for those who look closer.
    fn shows_machine(&self) -> bool {
        true
    }

    /// Takes a command while the machine stands still between two steps.
    fn command(&mut self, command: Self::Command, machine: &Machine, log: &Log) -> Verdict;
}

/// Whether a machine goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It runs.
    Run,
    /// It stands still until a command lets it run.
    Pause,
    /// As before.
    Unchanged,
}

/// A gate that lets everything pass.
#[derive(Debug, Default)]
pub struct NoGate;

impl Gate for NoGate {
    type Command = ();

    fn wants_steps(&self) -> bool {
        false
    }

    fn shows_machine(&self) -> bool {
        false
    }

    fn after(&mut self, _: &Step, _: &Machine, _: &Log) -> Verdict {
        Verdict::Unchanged
    }

    fn command(&mut self, (): (), _: &Machine, _: &Log) -> Verdict {
        Verdict::Unchanged
    }
}
