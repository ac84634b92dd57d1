//! The gate: decides after each step whether the run goes on.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use super::plan::{Counts, Happening, Hit, Plan};
use super::thread::{Seat, Thread};
use crate::asl::StateId;
use crate::engine::{Blocked, BranchId, Log, Machine, Stage, Step};
use crate::runtime::{Gate, Verdict};

/// How far to go: `Stage` < `Next` < `Finish` < `Continue`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepSize {
    /// The next stage of a state; goes into branches, iterations and child executions where they begin.
    Stage,
    /// The next state of this scope; over Map and Parallel states.
    Next,
    /// Out of this branch, iteration or child execution; in the execution's own thread to its end.
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
    /// Step in this thread from now on.
    Focus(Thread),
    /// Stop at these breakpoints.
    Breakpoints(Arc<Plan>),
}

/// Why a run stands still.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StopReason {
    /// A step is done.
    Step,
    /// The breakpoint with this number; with what is to be said of it.
    Breakpoint(u32, Option<Arc<str>>),
    /// The state that was to be run to.
    RunTo(StateId),
    /// It was asked to.
    Pause,
    /// It wrote so many events that its user should look: Express executions have no limit of their own.
    ManyEvents,
}

/// Where and why a run stands still.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    /// Why.
    pub reason: StopReason,
    /// The step after which it stopped; none before the first.
    pub step: Option<Step>,
    /// The thread that is being stepped.
    pub thread: Thread,
}

/// What the gate tells whoever looks.
#[derive(Debug, Default)]
pub struct Report {
    /// The last stop; none while the run goes on.
    pub stop: Option<Stop>,
    /// What log points said, each with the number of its breakpoint, until it is taken.
    pub said: VecDeque<(u32, Arc<str>)>,
    /// What log points said and nobody took in time.
    pub dropped: u64,
    /// How often breakpoints were hit, by number.
    pub hits: Vec<(u32, u64)>,
    /// Breakpoints that stop once and have done so.
    pub spent: Vec<u32>,
}

/// Lines of log points that wait to be shown; more would only fill the memory.
const MAX_SAID: usize = 10_000;

/// Where the gate leaves its report.
pub type ReportCell = Arc<Mutex<Report>>;

/// Looks at a report, or takes from it.
pub fn with_report<T>(cell: &ReportCell, look: impl FnOnce(&mut Report) -> T) -> T {
    look(&mut cell.lock().unwrap_or_else(PoisonError::into_inner))
}

/// The debugger between two steps of one machine.
#[derive(Debug)]
pub struct DebugGate {
    size: StepSize,
    focus: Thread,
    /// Steps that were asked for while one was under way: keys that were typed ahead.
    ahead: VecDeque<StepSize>,
    is_going: bool,
    /// The threads around the focus when the step began, innermost first.
    outer: Vec<Thread>,
    plan: Arc<Plan>,
    counts: Counts<Thread>,
    /// The number of events at which the run pauses by itself.
    patience: usize,
    report: ReportCell,
}

/// After so many events, and as many more each time it is let go on, a run pauses: most likely a loop has no exit, and
/// every event takes memory.
const PATIENCE: usize = 1_000_000;

/// More steps than this are not typed ahead on purpose.
const MAX_AHEAD: usize = 64;

impl DebugGate {
    /// A gate that begins with `size`, and the cell in which it tells why it stopped.
    #[must_use]
    pub fn new(size: StepSize, plan: Arc<Plan>) -> (Self, ReportCell) {
        let report = ReportCell::default();
        let gate = Self {
            size,
            focus: Thread::MAIN,
            ahead: VecDeque::new(),
            is_going: true,
            outer: Vec::new(),
            plan,
            counts: Counts::default(),
            patience: PATIENCE,
            report: report.clone(),
        };
        (gate, report)
    }

    fn pause(&mut self, reason: StopReason, step: Option<Step>) -> Verdict {
        let thread = self.focus.clone();
        self.is_going = false;
        self.ahead.clear();
        with_report(&self.report, |report| report.stop = Some(Stop { reason, step, thread }));
        Verdict::Pause
    }

    fn go(&mut self, size: StepSize, machine: &Machine, log: &Log) -> Verdict {
        with_report(&self.report, |report| report.stop = None);
        self.size = size;
        self.is_going = true;
        self.outer = self.focus.around(machine, log);
        Verdict::Run
    }

    /// Whether the step that was asked for ends with the one of `seat`.
    fn is_reached(&self, seat: &Seat<'_>, machine: &Machine, log: &Log) -> bool {
        let entered = seat.step.stage == Stage::Enter;
        match self.size {
            StepSize::Continue => false,
            StepSize::RunTo(state) => entered && seat.step.state == state,
            StepSize::Stage => seat.thread() == self.focus && seat.is_seen() || !can_move(machine, log, &self.focus),
            StepSize::Next => {
                let thread = seat.thread();
                entered && (thread == self.focus || self.outer.contains(&thread))
            }
            StepSize::Finish => entered && self.outer.contains(&seat.thread()),
        }
    }

    /// The first breakpoint that the step of `seat` hits; what log points say is reported.
    fn breakpoint(&mut self, seat: &Seat<'_>, outer: (&Machine, &Log), only_failures: bool) -> Option<Hit> {
        let step = &seat.step;
        let failure = self.plan.has_failures().then(|| seat.failure()).flatten();
        let stage = (!only_failures && self.plan.may_hit(step.state, step.stage))
            .then_some((step.branch, Happening::Stage(step.stage)));
        if failure.is_none() && stage.is_none() {
            return None;
        }
        let (thread, numbers) = (seat.thread(), seat.numbers(outer));
        let mut hits = Vec::new();
        for (_, happening) in stage.into_iter().chain(failure) {
            let counts = &mut self.counts;
            let plan = &self.plan;
            let found = seat.with_facts(|facts| plan.hits((step.state, happening), (&thread, &numbers), facts, counts));
            hits.extend(found);
        }
        self.tell(&hits);
        hits.into_iter().find(|hit| !hit.logs)
    }

    fn tell(&self, hits: &[Hit]) {
        if hits.is_empty() {
            return;
        }
        let counts = &self.counts;
        with_report(&self.report, |report| {
            for hit in hits {
                let count = counts.hits(hit.number);
                match report.hits.iter_mut().find(|(number, _)| *number == hit.number) {
                    Some(known) => known.1 = count,
                    None => report.hits.push((hit.number, count)),
                }
                if let Some(words) = hit.words.as_ref().filter(|_| hit.logs) {
                    report.said.push_back((hit.number, words.clone()));
                }
            }
            let more = report.said.len().saturating_sub(MAX_SAID);
            report.said.drain(..more);
            report.dropped += more as u64;
            report.spent = counts.spent().to_vec();
        });
    }

    fn focus_on_next(&mut self, machine: &Machine) {
        if let Some(branch) = machine.next_branch() {
            let mut thread = Thread::of(branch.id);
            let mut child = branch.child();
            while let Some(inner) = child {
                thread.inside.push(thread.branch);
                let next = inner.machine.next_branch();
                thread.branch = next.map_or(BranchId::MAIN, |branch| branch.id);
                child = next.and_then(crate::engine::Branch::child);
            }
            self.focus = thread;
        }
    }
}

/// Whether stepping `thread` alone would get anywhere.
fn can_move(machine: &Machine, log: &Log, thread: &Thread) -> bool {
    let branch = thread.execution(machine, log).and_then(|(machine, _)| machine.branch(thread.branch));
    branch.is_some_and(|branch| branch.blocked == Blocked::No)
}

impl Gate for DebugGate {
    type Command = Command;

    fn wants_steps(&self) -> bool {
        !self.plan.is_empty() || self.size != StepSize::Continue
    }

    fn after(&mut self, step: &Step, machine: &Machine, log: &Log) -> Verdict {
        if !self.is_going {
            // What it was told meanwhile stopped it.
            return Verdict::Unchanged;
        }
        let seat = Seat::of(step, machine, log);
        let reason = if let Some(hit) = self.breakpoint(&seat, (machine, log), false) {
            StopReason::Breakpoint(hit.number, hit.words)
        } else if self.is_reached(&seat, machine, log) {
            match self.size {
                StepSize::RunTo(state) => StopReason::RunTo(state),
                _ => StopReason::Step,
            }
        } else {
            return Verdict::Unchanged;
        };
        self.focus = seat.thread();
        if reason == StopReason::Step
            && let Some(next) = self.ahead.pop_front()
        {
            self.go(next, machine, log);
            return Verdict::Unchanged;
        }
        self.pause(reason, Some(seat.step))
    }

    fn after_signal(&mut self, branch: BranchId, machine: &Machine, log: &Log) -> Verdict {
        if !self.plan.has_failures() || !self.is_going {
            return Verdict::Unchanged;
        }
        let Some(mut seat) = Seat::told(branch, machine, log) else { return Verdict::Unchanged };
        let Some((failed, _)) = seat.failure() else { return Verdict::Unchanged };
        seat.step.branch = failed;
        let Some(hit) = self.breakpoint(&seat, (machine, log), true) else { return Verdict::Unchanged };
        self.focus = seat.thread();
        self.pause(StopReason::Breakpoint(hit.number, hit.words), Some(seat.step))
    }

    fn after_slice(&mut self, machine: &Machine, log: &Log) -> Verdict {
        if log.events.len() < self.patience {
            return Verdict::Unchanged;
        }
        self.patience = log.events.len() + PATIENCE;
        self.focus_on_next(machine);
        self.pause(StopReason::ManyEvents, None)
    }

    fn command(&mut self, command: Command, machine: &Machine, log: &Log) -> Verdict {
        match command {
            // A step under way is finished first; a run that only goes on stops where the step says.
            Command::Go(size) if self.is_going && self.size != StepSize::Continue => {
                if self.ahead.len() < MAX_AHEAD {
                    self.ahead.push_back(size);
                }
                return Verdict::Unchanged;
            }
            Command::Go(size) => return self.go(size, machine, log),
            Command::Pause => {
                // Who is stepped alone stays the one.
                if machine.only().is_none() {
                    self.focus_on_next(machine);
                }
                return self.pause(StopReason::Pause, None);
            }
            Command::Focus(thread) => self.focus = thread,
            Command::Breakpoints(plan) => self.plan = plan,
        }
        Verdict::Unchanged
    }
}
