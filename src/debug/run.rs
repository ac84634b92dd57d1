//! A run under the debugger: its definition as it was, its input, its gate.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::breakpoint::{Breakpoints, SharedBreakpoints};
use super::fork::{Origin, Tape};
use super::gate::{Command, DebugGate, Report, ReportCell, StepSize, Stop, with_report};
use super::plan::Plan;
use super::replay::{Again, Replay};
use super::stood::Marks;
use super::thread::Thread;
use crate::asl::Definition;
use crate::engine::{Change, Execution, ExecutionType, Signal};
use crate::runtime::{Clock, Handle, Order, Rate, Start, Tasks, View};
use crate::value::Value;

/// How a run was started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// StartSyncExecution: an Express execution; its user waits for the result.
    Sync,
    /// StartExecution: a Standard execution that goes on in the background.
    Async,
}

/// What a run is started with.
pub struct RunSpec {
    /// Its number, from 1.
    pub number: u32,
    /// The definition; it must have a machine.
    pub definition: Arc<Definition>,
    /// The input.
    pub input: Value,
    /// Synchronous or not.
    pub mode: Mode,
    /// How far it goes at first.
    pub size: StepSize,
    /// The names of the execution.
    pub names: crate::engine::Names,
    /// The seed of its random numbers.
    pub seed: u64,
}

/// A run under the debugger.
#[derive(Clone)]
pub struct Run {
    /// Its number, from 1.
    pub number: u32,
    /// The definition it was started with; edits of the file do not change it.
    pub definition: Arc<Definition>,
    /// The input.
    pub input: Value,
    /// How it was started.
    pub mode: Mode,
    /// It is a recorded history: there is nothing that could go on.
    pub is_history: bool,
    handle: Handle<Command>,
    report: ReportCell,
    is_detached: Arc<AtomicBool>,
    /// It was told to hold failures: while a breakpoint stops at them, as else each would cost a step.
    holds_failures: Arc<AtomicBool>,
    origin: Arc<Origin>,
    marks: Marks,
}

impl Run {
    /// Starts a run on the current tokio runtime; none if the definition has errors.
    #[must_use]
    pub fn start(spec: RunSpec, breakpoints: &Breakpoints, clock: Clock, tasks: Arc<dyn Tasks>) -> Option<Self> {
        let machine = spec.definition.machine.clone()?;
        let kind = match spec.mode {
            Mode::Sync => ExecutionType::ExpressSync,
            Mode::Async => ExecutionType::Standard,
        };
        let execution = Execution {
            machine,
            input: spec.input,
            kind,
            names: spec.names,
            seed: spec.seed,
            max_events: (kind == ExecutionType::Standard).then_some(crate::engine::MAX_EVENTS),
            record_stages: true,
        };
        let started = clock.now();
        let start = Start::new(execution, started, clock, tasks);
        let origin = Origin {
            execution: Arc::clone(start.machine().execution()),
            started,
            tape: Tape::default(),
            is_partial: false,
        };
        Some(Self::resume((spec.number, spec.mode), spec.definition, start, origin, Some(spec.size), breakpoints))
    }

    /// Drives `start` on the current tokio runtime; without a size it stands where it is.
    pub(super) fn resume(
        (number, mode): (u32, Mode),
        definition: Arc<Definition>,
        start: Start,
        origin: Origin,
        size: Option<StepSize>,
        breakpoints: &Breakpoints,
    ) -> Self {
        let execution = Arc::clone(start.machine().execution());
        let plan = Plan::new(breakpoints, &execution.machine);
        let holds = start.machine().holds_failures();
        let wants = plan.has_failures();
        let (gate, report) = DebugGate::new(size.unwrap_or(StepSize::Continue), plan.into());
        let (driver, handle) = start.recorded(Box::new(origin.tape.clone())).drive(gate);
        if wants != holds {
            handle.send(Order::Signal(Signal::HoldFailures(wants)));
        }
        if size.is_none() {
            handle.send(Order::Command(Command::Pause));
        }
        tokio::spawn(driver.run(false));
        let input = execution.input.clone();
        Self {
            number,
            definition,
            input,
            mode,
            is_history: false,
            handle,
            report,
            is_detached: Arc::default(),
            holds_failures: Arc::new(AtomicBool::new(wants)),
            origin: Arc::new(origin),
            marks: Marks::default(),
        }
    }

    /// A run on recorded results, at its end or where it waits for what was not recorded. Takes the time that its steps
    /// take: call it where nobody waits. Runs on the current tokio runtime. None if it cannot be made again.
    #[must_use]
    pub fn again(
        number: u32,
        definition: Arc<Definition>,
        again: &Again,
        breakpoints: &Breakpoints,
        tasks: Arc<dyn Tasks>,
    ) -> Option<Self> {
        let execution = Arc::clone(again.machine.execution());
        let started = again.machine.started();
        let mut start = Start::new(Execution::clone(&execution), started, Clock::real(), tasks);
        start.replay(again.told.iter().cloned(), again.machine.steps()).ok()?;
        let tape = Tape::holding(again.told.clone());
        let origin = Origin { execution, started, tape, is_partial: false };
        let size = again.machine.status().is_done().then_some(StepSize::Continue);
        Some(Self::resume((number, Mode::Async), definition, start, origin, size, breakpoints))
    }

    /// A recorded history as a run: it can be looked at like any other.
    #[must_use]
    pub fn recorded(number: u32, replay: &Replay) -> Self {
        let execution = Arc::clone(&replay.execution);
        let origin = Origin {
            execution: Arc::clone(&execution),
            started: replay.started(),
            tape: Tape::default(),
            is_partial: true,
        };
        Self {
            number,
            definition: Arc::clone(&replay.definition),
            input: execution.input.clone(),
            mode: Mode::Async,
            is_history: true,
            handle: Handle::still(replay.view(), execution),
            report: ReportCell::default(),
            is_detached: Arc::default(),
            holds_failures: Arc::default(),
            origin: Arc::new(origin),
            marks: Marks::default(),
        }
    }

    pub(super) fn marks(&self) -> &Marks {
        &self.marks
    }

    /// What the run was started with, also where a child execution of it is looked at.
    #[must_use]
    pub fn execution_of_root(&self) -> &Arc<Execution> {
        &self.origin.execution
    }

    pub(super) fn origin(&self) -> &Origin {
        &self.origin
    }

    /// A run that somebody else starts, under the debugger; with it the driver, which is theirs to run. It goes on until
    /// the first breakpoint. Its number is 0 until it is listed.
    #[must_use]
    pub fn adopt(
        start: Start,
        definition: Arc<Definition>,
        breakpoints: &SharedBreakpoints,
    ) -> (Self, crate::runtime::Driver<DebugGate>) {
        let execution = start.machine().execution().clone();
        let plan = Plan::new(&breakpoints.get(), &execution.machine);
        let wants = plan.has_failures();
        let (gate, report) = DebugGate::new(StepSize::Continue, plan.into());
        let mode = match execution.kind {
            ExecutionType::Express | ExecutionType::ExpressSync => Mode::Sync,
            ExecutionType::Standard => Mode::Async,
        };
        let origin = Origin {
            execution: Arc::clone(&execution),
            started: start.machine().started(),
            tape: Tape::default(),
            is_partial: start.machine().steps() > 0,
        };
        let (driver, handle) = start.recorded_too(Box::new(origin.tape.clone())).drive(gate);
        if wants {
            handle.send(Order::Signal(Signal::HoldFailures(true)));
        }
        let input = execution.input.clone();
        let origin = Arc::new(origin);
        (
            Self {
                number: 0,
                definition,
                input,
                mode,
                is_history: false,
                handle,
                report,
                is_detached: Arc::default(),
                holds_failures: Arc::new(AtomicBool::new(wants)),
                origin,
                marks: Marks::default(),
            },
            driver,
        )
    }

    /// A child execution of a Map Run as a run of its own to look at; it is driven with this one.
    #[must_use]
    pub fn child(&self, execution: Arc<Execution>) -> Self {
        Self { input: execution.input.clone(), handle: self.handle.of_child(execution), ..self.clone() }
    }

    /// The same with its number in the list.
    #[must_use]
    pub fn numbered(self, number: u32) -> Self {
        Self { number, ..self }
    }

    /// What can be seen of it now.
    #[must_use]
    pub fn view(&self) -> Arc<View> {
        self.handle.view()
    }

    /// The run itself: for its views and orders.
    #[must_use]
    pub fn handle(&self) -> &Handle<Command> {
        &self.handle
    }

    /// Where and why it stands still; none while it runs.
    #[must_use]
    pub fn stop(&self) -> Option<Stop> {
        self.with_report(|report| report.stop.clone())
    }

    /// Looks at what the gate has told, or takes from it.
    pub fn with_report<T>(&self, look: impl FnOnce(&mut Report) -> T) -> T {
        with_report(&self.report, look)
    }

    /// Whether it goes on without the debugger.
    #[must_use]
    pub fn is_detached(&self) -> bool {
        self.is_detached.load(Ordering::Relaxed)
    }

    /// Goes on without the debugger, at full speed: breakpoints are for others, until it is attached again.
    pub fn detach(&self) {
        self.is_detached.store(true, Ordering::Relaxed);
        self.handle.send(Order::Command(Command::Detach));
    }

    /// Stops at breakpoints again.
    pub fn attach(&self) {
        self.is_detached.store(false, Ordering::Relaxed);
        self.handle.send(Order::Command(Command::Attach));
    }

    /// Goes on; a detached run is attached again.
    pub fn go(&self, size: StepSize) {
        self.is_detached.store(false, Ordering::Relaxed);
        self.handle.send(Order::Command(Command::Go(size)));
    }

    /// Stands still after the step it is in.
    pub fn pause(&self) {
        self.is_detached.store(false, Ordering::Relaxed);
        self.handle.send(Order::Command(Command::Pause));
    }

    /// Stops at these breakpoints from now on.
    pub fn set_breakpoints(&self, breakpoints: &Breakpoints) {
        let plan = Plan::new(breakpoints, &self.handle.execution().machine);
        let wants = plan.has_failures();
        // What stands at a failure then goes on from there all the same.
        if self.holds_failures.swap(wants, Ordering::Relaxed) != wants {
            self.handle.send(Order::Signal(Signal::HoldFailures(wants)));
        }
        self.handle.send(Order::Command(Command::Breakpoints(plan.into())));
    }

    /// Steps in `thread` from now on.
    pub fn focus(&self, thread: Thread) {
        self.handle.send(Order::Command(Command::Focus(thread)));
    }

    /// Lets only `branch` make steps from now on, with what it starts; without one all take their turns again.
    pub fn lock(&self, branch: Option<crate::engine::BranchId>) {
        self.handle.send(Order::Signal(Signal::Only(branch)));
    }

    /// Lets its clock go at this rate.
    pub fn set_rate(&self, rate: Rate) {
        self.handle.send(Order::Rate(rate));
    }

    /// Goes on as if the next wait, or what ends at the next timeout, were over.
    pub fn skip_wait(&self) {
        self.handle.send(Order::SkipWait);
    }

    /// Changes it by hand where it stands; what cannot be changed any more stays as it is.
    pub fn change(&self, change: Change) {
        self.handle.send(Order::Signal(Signal::Change(Box::new(change))));
    }

    /// Ends it (StopExecution).
    pub fn abort(&self, cause: &str) {
        self.handle.send(Order::Signal(Signal::Stop { error: None, cause: Some(cause.into()) }));
    }
}
