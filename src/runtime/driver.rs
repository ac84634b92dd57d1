//! Drives one machine: runs it in slices, performs its effects, waits for what it waits for, and publishes what can be
//! seen of it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, watch};
use tokio::task::AbortHandle;

use super::clock::Clock;
use super::tasks::{Answer, Coming, TaskCall, TaskFailure, TaskResult, Tasks};
use crate::asl::StateId;
use crate::engine::{Branch, Effect, Execution, Log, Machine, Outcome, Signal, Status, Step, TaskId};
use crate::value::Timestamp;

/// The longest a machine runs before the driver looks at its inbox.
const SLICE_STEPS: u32 = 4096;
const SLICE_TIME: Duration = Duration::from_millis(2);

/// The shortest time between two views of a machine that runs.
const VIEW_INTERVAL: Duration = Duration::from_millis(16);

/// Branches shown in a view; a Map with more of them is summed up.
const MAX_SHOWN_BRANCHES: usize = 512;

/// Stands between two steps of a machine: the debugger.
pub trait Gate: Send + 'static {
    /// What it can be told.
    type Command: Send + 'static;

    /// Whether it wants to look at each step; if not, the machine runs at full speed.
    fn wants_steps(&self) -> bool;

    /// Looks at a step that was made.
    fn after(&mut self, step: &Step, machine: &Machine, log: &Log) -> Verdict;

    /// Looks at a run now and then, also when it does not want each step.
    fn after_slice(&mut self, _: &Machine, _: &Log) -> Verdict {
        Verdict::Unchanged
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

    fn after(&mut self, _: &Step, _: &Machine, _: &Log) -> Verdict {
        Verdict::Unchanged
    }

    fn command(&mut self, (): (), _: &Machine, _: &Log) -> Verdict {
        Verdict::Unchanged
    }
}

/// What can be seen of a run at a moment. Cheap to make and to hold, whatever the size of the run.
#[derive(Debug, Clone)]
pub struct View {
    /// Everything that happened.
    pub log: Log,
    /// What became of it.
    pub status: Status,
    /// The time in the run.
    pub now: Timestamp,
    /// When it was started.
    pub started: Timestamp,
    /// Steps made.
    pub steps: u64,
    /// The live branches, oldest first, as many as are shown.
    pub branches: Vec<Branch>,
    /// The number of live branches.
    pub branch_count: usize,
    /// Whether it stands still because the gate said so.
    pub paused: bool,
    /// Nothing happens before this moment, as far as the run itself goes.
    pub deadline: Option<Timestamp>,
    /// Whether nothing can go on without an answer, a signal or the clock.
    pub waiting: bool,
    /// How far the clock of the run is ahead of the wall clock.
    pub ahead: Duration,
    /// Steps a second, while it runs.
    pub steps_per_second: u64,
    /// The machine itself, while it stands still: to look closer.
    pub machine: Option<Arc<Machine>>,
}

/// An order to a driver.
pub enum Order<C> {
    /// Tell the machine something.
    Signal(Signal),
    /// Tell the gate something.
    Command(C),
    /// A task was answered.
    Answer(TaskId, TaskResult),
    /// Go on as if the time of the next wait or retry delay had come.
    SkipWait,
    /// Skip all waits from now on, or stop doing so.
    SkipWaits(bool),
}

/// Holds a run: gives orders and looks.
pub struct Handle<C> {
    orders: mpsc::UnboundedSender<Order<C>>,
    views: watch::Receiver<Arc<View>>,
    execution: Arc<Execution>,
}

impl<C> Clone for Handle<C> {
    fn clone(&self) -> Self {
        Self { orders: self.orders.clone(), views: self.views.clone(), execution: self.execution.clone() }
    }
}

impl<C> Handle<C> {
    /// Gives an order; an execution that is gone does not mind.
    pub fn send(&self, order: Order<C>) {
        drop(self.orders.send(order));
    }

    /// The newest view.
    #[must_use]
    pub fn view(&self) -> Arc<View> {
        self.views.borrow().clone()
    }

    /// Follows the views.
    #[must_use]
    pub fn views(&self) -> watch::Receiver<Arc<View>> {
        self.views.clone()
    }

    /// What the run was started with.
    #[must_use]
    pub fn execution(&self) -> &Arc<Execution> {
        &self.execution
    }
}

/// Drives one machine.
pub struct Driver<G: Gate> {
    machine: Machine,
    log: Log,
    clock: Clock,
    gate: G,
    tasks: Arc<dyn Tasks>,
    calls: HashMap<TaskId, Call>,
    /// Tasks whose answer comes by itself: while there are any, time is not skipped.
    in_flight: usize,
    /// Tasks that a person is asked about.
    asked: usize,
    invoked: HashMap<StateId, u32>,
    paused: bool,
    inbox: mpsc::UnboundedReceiver<Order<G::Command>>,
    // Weak, so that the inbox closes when nobody holds the run any more.
    answers: mpsc::WeakUnboundedSender<Order<G::Command>>,
    views: watch::Sender<Arc<View>>,
    pace: Pace,
}

/// When the last view was made, and how fast the machine was since.
struct Pace {
    at: Instant,
    steps: u64,
    per_second: u64,
}

/// A task that was invoked and has no answer yet.
struct Call {
    call: TaskCall,
    /// The work that brings the answer, if it comes by itself.
    work: Option<AbortHandle>,
    /// Whether a person is asked.
    asked: bool,
}

impl Call {
    fn abort(&self) {
        if let Some(work) = &self.work {
            work.abort();
        }
    }
}

/// Why a slice ended.
enum Pause {
    /// It has more to do.
    Slice,
    /// It waits.
    Waiting(Option<Timestamp>),
    /// The gate stopped it, or the execution has ended.
    Stopped,
}

impl<G: Gate> Driver<G> {
    /// Starts an execution, whose first event is written at once; [`Driver::run`] makes it go.
    pub fn start(execution: Execution, clock: Clock, gate: G, tasks: Arc<dyn Tasks>) -> (Self, Handle<G::Command>) {
        let mut log = Log::default();
        let machine = Machine::start(execution, clock.now(), &mut log);
        let (orders, inbox) = mpsc::unbounded_channel();
        let pace = Pace { at: Instant::now(), steps: 0, per_second: 0 };
        let execution = machine.execution().clone();
        let first = Arc::new(view(&machine, &log, &clock, false, None, &pace));
        let (sender, views) = watch::channel(first);
        let driver = Self {
            machine,
            log,
            clock,
            gate,
            tasks,
            calls: HashMap::new(),
            in_flight: 0,
            asked: 0,
            invoked: HashMap::new(),
            paused: false,
            inbox,
            answers: orders.downgrade(),
            views: sender,
            pace,
        };
        (driver, Handle { orders, views, execution })
    }

    /// Runs until nobody holds it any more, or just until the execution has ended if `until_done`. Without a holder it
    /// does not wait: nobody would see what comes of it.
    pub async fn run(mut self, until_done: bool) -> (Machine, Log) {
        loop {
            while let Ok(order) = self.inbox.try_recv() {
                self.order(order);
            }
            let done = self.machine.status().is_done();
            self.hold_clock(done);
            if done && until_done {
                self.publish(None, true);
                break;
            }
            if self.paused || done {
                self.publish(None, true);
                match self.inbox.recv().await {
                    Some(order) => self.order(order),
                    None => break,
                }
                continue;
            }
            match self.slice() {
                Pause::Slice => {
                    self.paused |= self.gate.after_slice(&self.machine, &self.log) == Verdict::Pause;
                    self.publish(None, false);
                    tokio::task::yield_now().await;
                }
                Pause::Stopped => {}
                Pause::Waiting(deadline) => {
                    self.hold_clock(false);
                    if self.wait(deadline).await.is_break() {
                        break;
                    }
                }
            }
        }
        for call in self.calls.into_values() {
            call.abort();
        }
        (self.machine, self.log)
    }

    /// Time stands while the debugger or a person who is asked is thinking.
    fn hold_clock(&mut self, done: bool) {
        if self.paused || done || self.asked > 0 {
            self.clock.hold();
        } else {
            self.clock.release();
        }
    }

    /// Waits for an order or the deadline; breaks when nobody holds the run any more.
    async fn wait(&mut self, deadline: Option<Timestamp>) -> std::ops::ControlFlow<()> {
        if let Some(at) = deadline
            && self.clock.skips()
            && self.in_flight == 0
        {
            self.clock.jump_to(at);
            return std::ops::ControlFlow::Continue(());
        }
        self.publish(deadline, true);
        let sleep = deadline.filter(|_| self.asked == 0).map(|at| self.clock.until(at));
        let order = match sleep {
            None => self.inbox.recv().await.map(Some),
            Some(sleep) => tokio::select! {
                order = self.inbox.recv() => order.map(Some),
                // Rounded up: waking a moment early would only mean to wait again.
                () = tokio::time::sleep(sleep + Duration::from_millis(1)) => Some(None),
            },
        };
        match order {
            None => return std::ops::ControlFlow::Break(()),
            Some(Some(order)) => self.order(order),
            Some(None) => {}
        }
        std::ops::ControlFlow::Continue(())
    }

    /// Runs the machine for a while.
    fn slice(&mut self) -> Pause {
        self.machine.advance(self.clock.now());
        let begun = Instant::now();
        let wants_steps = self.gate.wants_steps();
        for count in 0..SLICE_STEPS {
            if count % 256 == 255 && begun.elapsed() > SLICE_TIME {
                break;
            }
            match self.machine.step(&mut self.log) {
                Outcome::Stepped(step) => {
                    self.perform_effects();
                    if wants_steps && self.gate.after(&step, &self.machine, &self.log) == Verdict::Pause {
                        self.paused = true;
                        return Pause::Stopped;
                    }
                }
                Outcome::Waiting(deadline) => return Pause::Waiting(deadline),
                Outcome::Done => return Pause::Stopped,
            }
        }
        Pause::Slice
    }

    fn order(&mut self, order: Order<G::Command>) {
        self.machine.advance(self.clock.now());
        match order {
            Order::Signal(signal) => {
                self.machine.signal(signal, &mut self.log);
                self.perform_effects();
            }
            Order::Answer(task, result) => {
                self.answer(task, result);
                self.perform_effects();
            }
            Order::Command(command) => match self.gate.command(command, &self.machine, &self.log) {
                Verdict::Run => self.paused = false,
                Verdict::Pause => self.paused = true,
                Verdict::Unchanged => {}
            },
            Order::SkipWait => {
                // Not past what happens before: a timeout of the execution, say.
                if let Some(at) = self.machine.next_resume().min(self.machine.deadline()) {
                    self.clock.jump_to(at);
                }
            }
            Order::SkipWaits(skips) => self.clock.set_skips(skips),
        }
    }

    fn perform_effects(&mut self) {
        loop {
            let effects = self.machine.take_effects();
            if effects.is_empty() {
                return;
            }
            for effect in effects {
                match effect {
                    Effect::Invoke(invocation) => {
                        let number = self.invoked.entry(invocation.state).or_default();
                        let execution = self.machine.execution().clone();
                        let call = TaskCall { execution, invocation, number: *number };
                        *number += 1;
                        self.invoke(call);
                    }
                    Effect::Cancel(task) => self.cancel(task),
                }
            }
        }
    }

    fn invoke(&mut self, call: TaskCall) {
        let task = call.invocation.task;
        if call.is_activity() {
            // Whoever answers is the worker that takes it.
            self.machine.signal(Signal::TaskStarted { task, worker: None }, &mut self.log);
        }
        match self.tasks.invoke(&call) {
            Answer::Now(result) => {
                self.calls.insert(task, Call { call, work: None, asked: false });
                self.answer(task, result);
            }
            Answer::Later(coming) => self.await_answer(call, coming, false),
            Answer::Asked(coming) => self.await_answer(call, coming, true),
            Answer::Hang { submitted } => {
                if let Some(output) = submitted {
                    self.machine.signal(Signal::TaskSubmitted { task, output }, &mut self.log);
                }
                self.calls.insert(task, Call { call, work: None, asked: false });
            }
        }
    }

    fn await_answer(&mut self, call: TaskCall, coming: Coming, asked: bool) {
        let task = call.invocation.task;
        self.in_flight += 1;
        self.asked += usize::from(asked);
        let answers = self.answers.clone();
        let work = tokio::spawn(async move {
            let result = coming.await;
            if let Some(answers) = answers.upgrade() {
                drop(answers.send(Order::Answer(task, result)));
            }
        });
        self.calls.insert(task, Call { call, work: Some(work.abort_handle()), asked });
    }

    /// Forgets a task that is answered or not wanted any more.
    fn take_call(&mut self, task: TaskId) -> Option<Call> {
        let call = self.calls.remove(&task)?;
        self.in_flight -= usize::from(call.work.is_some());
        self.asked -= usize::from(call.asked);
        Some(call)
    }

    fn answer(&mut self, task: TaskId, result: TaskResult) {
        if self.take_call(task).is_none() {
            return;
        }
        if let Some(output) = result.submitted {
            self.machine.signal(Signal::TaskSubmitted { task, output }, &mut self.log);
        }
        let signal = match result.outcome {
            Ok(output) => Signal::TaskSucceeded { task, output },
            Err(TaskFailure { error, cause }) => Signal::TaskFailed { task, error, cause },
        };
        self.machine.signal(signal, &mut self.log);
    }

    fn cancel(&mut self, task: TaskId) {
        if let Some(call) = self.take_call(task) {
            call.abort();
            self.tasks.cancel(&call.call);
        }
    }

    /// Shows what can be seen: at once when the machine stands still, else now and then.
    fn publish(&mut self, deadline: Option<Timestamp>, still: bool) {
        let since = self.pace.at.elapsed();
        if !still && since < VIEW_INTERVAL {
            return;
        }
        let steps = self.machine.steps() - self.pace.steps;
        let millis = u64::try_from(since.as_millis()).unwrap_or(u64::MAX).max(1);
        self.pace =
            Pace { at: Instant::now(), steps: self.machine.steps(), per_second: steps.saturating_mul(1000) / millis };
        let mut view = view(&self.machine, &self.log, &self.clock, self.paused, deadline, &self.pace);
        view.waiting = still && !self.paused && !self.machine.status().is_done();
        if still {
            view.machine = Some(Arc::new(self.machine.clone()));
        }
        self.views.send_replace(Arc::new(view));
    }
}

fn view(machine: &Machine, log: &Log, clock: &Clock, paused: bool, deadline: Option<Timestamp>, pace: &Pace) -> View {
    View {
        log: log.clone(),
        status: machine.status().clone(),
        now: machine.now(),
        started: machine.started(),
        steps: machine.steps(),
        branches: machine.branches().take(MAX_SHOWN_BRANCHES).cloned().collect(),
        branch_count: machine.branches().count(),
        paused,
        deadline,
        waiting: false,
        ahead: clock.ahead(),
        steps_per_second: pace.per_second,
        machine: None,
    }
}
