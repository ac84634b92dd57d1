//! The gate: decides after each step whether the run goes on.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use crate::asl::StateId;
use crate::engine::{Blocked, BranchId, Log, Machine, Stage, Step};
use crate::runtime::{Gate, Verdict};

/// How far to go: `Stage` < `Next` < `Finish` < `Continue`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepSize {
    /// The next stage of a state; goes into branches and iterations where they begin.
    Stage,
    /// The next state of this scope; over Map and Parallel states.
    Next,
    /// Out of this branch or iteration; in the execution's own thread to its end.
    Finish,
    /// To the next breakpoint.
    Continue,
    /// To the entry of a state, or the next breakpoint.
    RunTo(StateId),
}

/// What the gate can be told.
#[derive(Debug, Clone)]
pub enum Command {
    /// Go on.
    Go(StepSize),
    /// Stand still.
    Pause,
    /// Step in this branch from now on.
    Focus(BranchId),
    /// Stop at the entry of these states: one flag a state.
    Breakpoints(Arc<[bool]>),
}

/// Why a run stands still.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopReason {
    /// A step is done.
    Step,
    /// A breakpoint on this state.
    Breakpoint(StateId),
    /// The state that was to be run to.
    RunTo(StateId),
    /// It was asked to.
    Pause,
    /// It wrote so many events that its user should look: Express executions have no limit of their own.
    ManyEvents,
}

/// Where and why a run stands still.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop {
    /// Why.
    pub reason: StopReason,
    /// The step after which it stopped; none before the first.
    pub step: Option<Step>,
    /// The branch that is being stepped.
    pub focus: BranchId,
}

/// Where the gate leaves the last stop for whoever looks.
pub type StopCell = Arc<Mutex<Option<Stop>>>;

/// Reads the last stop.
#[must_use]
pub fn last_stop(cell: &StopCell) -> Option<Stop> {
    *cell.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The debugger between two steps of one machine.
#[derive(Debug)]
pub struct DebugGate {
    size: StepSize,
    focus: BranchId,
    /// Steps that were asked for while one was under way: keys that were typed ahead.
    ahead: VecDeque<StepSize>,
    is_going: bool,
    /// The branches around the focus when the step began, innermost first, without the focus itself.
    outer: Vec<BranchId>,
    breakpoints: Arc<[bool]>,
    has_breakpoints: bool,
    /// The number of events at which the run pauses by itself.
    patience: usize,
    stop: StopCell,
}

/// After so many events, and as many more each time it is let go on, a run pauses: most likely a loop has no exit, and
/// every event takes memory.
const PATIENCE: usize = 1_000_000;

/// More steps than this are not typed ahead on purpose.
const MAX_AHEAD: usize = 64;

impl DebugGate {
    /// A gate that begins with `size`, and the cell in which it tells why it stopped.
    #[must_use]
    pub fn new(size: StepSize, breakpoints: Arc<[bool]>) -> (Self, StopCell) {
        let stop = StopCell::default();
        let has_breakpoints = breakpoints.contains(&true);
        let gate = Self {
            size,
            focus: BranchId::MAIN,
            ahead: VecDeque::new(),
            is_going: true,
            outer: Vec::new(),
            breakpoints,
            has_breakpoints,
            patience: PATIENCE,
            stop: stop.clone(),
        };
        (gate, stop)
    }

    fn pause(&mut self, reason: StopReason, step: Option<Step>) -> Verdict {
        let focus = self.focus;
        self.is_going = false;
        self.ahead.clear();
        *self.stop.lock().unwrap_or_else(PoisonError::into_inner) = Some(Stop { reason, step, focus });
        Verdict::Pause
    }

    fn go(&mut self, size: StepSize, log: &Log) -> Verdict {
        *self.stop.lock().unwrap_or_else(PoisonError::into_inner) = None;
        self.size = size;
        self.is_going = true;
        self.outer = log.branch_path(self.focus);
        self.outer.pop();
        self.outer.reverse();
        Verdict::Run
    }

    /// Whether the step that was asked for ends with `step`.
    fn is_reached(&self, step: &Step, machine: &Machine) -> bool {
        let entered = step.stage == Stage::Enter;
        match self.size {
            StepSize::Stage => step.branch == self.focus || !can_move(machine, self.focus),
            StepSize::Next => entered && (step.branch == self.focus || self.outer.contains(&step.branch)),
            StepSize::Finish => entered && self.outer.contains(&step.branch),
            StepSize::RunTo(state) => entered && step.state == state,
            StepSize::Continue => false,
        }
    }
}

/// Whether stepping `branch` alone would get anywhere.
fn can_move(machine: &Machine, branch: BranchId) -> bool {
    machine.branch(branch).is_some_and(|branch| branch.blocked == Blocked::No)
}

impl Gate for DebugGate {
    type Command = Command;

    fn wants_steps(&self) -> bool {
        self.has_breakpoints || self.size != StepSize::Continue
    }

    fn after(&mut self, step: &Step, machine: &Machine, log: &Log) -> Verdict {
        let is_breakpoint =
            step.stage == Stage::Enter && self.breakpoints.get(step.state.0 as usize).copied().unwrap_or(false);
        let reason = if is_breakpoint {
            StopReason::Breakpoint(step.state)
        } else if self.is_reached(step, machine) {
            match self.size {
                StepSize::RunTo(state) => StopReason::RunTo(state),
                _ => StopReason::Step,
            }
        } else {
            return Verdict::Unchanged;
        };
        self.focus = step.branch;
        if reason == StopReason::Step
            && let Some(next) = self.ahead.pop_front()
        {
            self.go(next, log);
            return Verdict::Unchanged;
        }
        self.pause(reason, Some(*step))
    }

    fn after_slice(&mut self, machine: &Machine, log: &Log) -> Verdict {
        if log.events.len() < self.patience {
            return Verdict::Unchanged;
        }
        self.patience = log.events.len() + PATIENCE;
        if let Some(branch) = machine.next_branch() {
            self.focus = branch.id;
        }
        self.pause(StopReason::ManyEvents, None)
    }

    fn command(&mut self, command: Command, machine: &Machine, log: &Log) -> Verdict {
        match command {
            // A step under way is finished first; a run that only goes on stops where the step says.
            Command::Go(size) if self.is_going && self.size != StepSize::Continue => {
                if self.ahead.len() < MAX_AHEAD {
                    self.ahead.push_back(size);
                }
                Verdict::Unchanged
            }
            Command::Go(size) => self.go(size, log),
            Command::Pause => {
                if let Some(branch) = machine.next_branch() {
                    self.focus = branch.id;
                }
                self.pause(StopReason::Pause, None)
            }
            Command::Focus(branch) => {
                self.focus = branch;
                Verdict::Unchanged
            }
            Command::Breakpoints(breakpoints) => {
                self.has_breakpoints = breakpoints.contains(&true);
                self.breakpoints = breakpoints;
                Verdict::Unchanged
            }
        }
    }
}
