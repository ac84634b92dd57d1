//! Drives one machine: runs it in slices, performs its effects, waits for what it waits for, and publishes what can be
//! seen of it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, watch};
use tokio::task::AbortHandle;

use super::clock::Clock;
use super::gate::{Gate, Verdict};
use super::handle::{Handle, Order, View};
use super::start::{Calls, Recorder, Start, Told};
use super::tasks::{Answer, Coming, MapCall, MapPart, TaskCall, TaskFailure, TaskResult, Tasks};
use crate::engine::{Effect, Execution, Log, Machine, Outcome, Signal, Status, TaskId};
use crate::value::{Timestamp, Value};

/// The longest a machine runs before the driver looks at its inbox.
const SLICE_STEPS: u32 = 4096;
const SLICE_TIME: Duration = Duration::from_millis(2);

/// The shortest time between two views of a machine that runs.
const VIEW_INTERVAL: Duration = Duration::from_millis(16);

/// Branches shown in a view; a Map with more of them is summed up.
const MAX_SHOWN_BRANCHES: usize = 512;

/// Drives one machine.
pub struct Driver<G: Gate> {
    machine: Machine,
    log: Log,
    clock: Clock,
    gate: G,
    tasks: Arc<dyn Tasks>,
    calls: HashMap<TaskId, Call>,
    /// Tasks whose answer is to be expected: while there are any, time is not skipped.
    in_flight: usize,
    /// Tasks that a person is asked about.
    asked: usize,
    numbers: Calls,
    recorder: Option<Box<dyn Recorder>>,
    /// The time that was recorded last.
    recorded: Timestamp,
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
    /// None for the items and results of Map Runs.
    call: Option<TaskCall>,
    /// The work that brings the answer, if it comes by itself.
    work: Option<AbortHandle>,
    /// Whether an answer is to be expected: time is not skipped meanwhile.
    awaited: bool,
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
        let now = clock.now();
        Self::new(Start::new(execution, now, clock, tasks), gate)
    }

    pub(super) fn new(start: Start, gate: G) -> (Self, Handle<G::Command>) {
        let Start { machine, log, clock, tasks, recorder, calls } = start;
        let (orders, inbox) = mpsc::unbounded_channel();
        let pace = Pace { at: Instant::now(), steps: 0, per_second: 0 };
        let execution = machine.execution().clone();
        let first = Arc::new(view(&machine, &log, &clock, false, None, &pace));
        let (sender, views) = watch::channel(first);
        let driver = Self {
            recorded: machine.now(),
            machine,
            log,
            clock,
            gate,
            tasks,
            calls: HashMap::new(),
            in_flight: 0,
            asked: 0,
            numbers: calls,
            recorder,
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
            if !self.numbers.is_answered() {
                // Before anything else happens, as it was the first time.
                self.invoke_again();
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
            && !self.machine.is_held_back()
        {
            self.clock.jump_to(at);
            return std::ops::ControlFlow::Continue(());
        }
        self.publish(deadline, true);
        let sleep = deadline.filter(|_| self.asked == 0).and_then(|at| self.clock.until(at));
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
        let steps = self.machine.steps();
        for count in 0..SLICE_STEPS {
            if count % 256 == 255 && begun.elapsed() > SLICE_TIME {
                break;
            }
            match self.machine.step(&mut self.log) {
                Outcome::Stepped(step) => {
                    if count == 0 && self.machine.now() != self.recorded {
                        self.record(steps, None);
                    }
                    self.perform_effects();
                    if wants_steps && self.gate.after(&step, &self.machine, &self.log) == Verdict::Pause {
                        self.paused = true;
                    }
                    if self.paused {
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
                self.signal(signal);
            }
            Order::Tell(signal, heard) => {
                let of_interest = self.signal(signal);
                self.flush();
                // Who was told that it was heard may look at once.
                self.show(None, false);
                // Who asked may be gone.
                let _ = heard.send(of_interest);
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
                let (resume, deadline) = (self.machine.next_resume(), self.machine.deadline());
                // Tasks that are yet to be asked for again may be answered before any timeout.
                let is_asked = self.numbers.is_answered();
                // Not past what happens before: a timeout of the execution, say.
                if let Some(at) =
                    [resume, deadline].into_iter().flatten().min().filter(|_| is_asked || resume.is_some())
                {
                    self.clock.jump_to(at);
                }
            }
            Order::SkipWaits(skips) => self.clock.set_skips(skips),
            Order::Rate(rate) => self.clock.set_rate(rate),
            Order::Look(seen) => {
                self.flush();
                let view = view(&self.machine, &self.log, &self.clock, self.paused, None, &self.pace);
                let branches = self.machine.branches().cloned().collect();
                // Who asked may be gone.
                drop(seen.send(Arc::new(View { branches, ..view })));
            }
        }
    }

    /// Tells the machine what somebody outside says.
    fn signal(&mut self, signal: Signal) -> bool {
        if let Signal::TaskSucceeded { task, .. } | Signal::TaskFailed { task, .. } = &signal {
            self.numbers.open.remove(task);
            self.numbers.parts.remove(task);
            if let Some(call) = self.take_call(*task) {
                call.abort();
            }
        }
        let of_interest = self.tell(signal);
        self.perform_effects();
        of_interest
    }

    /// Tells the machine something; returns whether that was of interest.
    fn tell(&mut self, signal: Signal) -> bool {
        if !self.machine.status().is_done() {
            self.record(self.machine.steps(), Some(&signal));
        }
        let branch = signal.task().filter(|_| self.gate.wants_steps());
        let branch = branch.and_then(|task| self.machine.branch_of(task)).map(|branch| branch.id);
        let of_interest = self.machine.signal(signal, &mut self.log);
        if let Some(branch) = branch {
            self.paused |= self.gate.after_signal(branch, &self.machine, &self.log) == Verdict::Pause;
        }
        of_interest
    }

    fn record(&mut self, steps: u64, signal: Option<&Signal>) {
        let now = self.machine.now();
        self.recorded = now;
        if let Some(recorder) = &mut self.recorder {
            recorder.told(Told { steps, now, signal: signal.cloned() });
        }
    }

    fn flush(&mut self) {
        if let Some(recorder) = &mut self.recorder {
            recorder.flush(&self.machine);
        }
    }

    /// Invokes the tasks that an earlier process left without an answer.
    fn invoke_again(&mut self) {
        self.machine.advance(self.clock.now());
        for part in std::mem::take(&mut self.numbers.parts).into_values() {
            self.map_part(part);
        }
        for call in std::mem::take(&mut self.numbers.open).into_values() {
            self.invoke(call);
        }
        self.perform_effects();
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
                        let call = self.numbers.number(self.machine.execution(), invocation);
                        self.invoke(call);
                    }
                    Effect::Cancel(task) => self.cancel(task),
                    Effect::ReadItems(read) => self.map_part(MapPart::Read(read)),
                    Effect::WriteResults(write) => self.map_part(MapPart::Write(write)),
                }
            }
        }
    }

    fn invoke(&mut self, call: TaskCall) {
        let task = call.invocation.task;
        let answer = self.tasks.invoke(&call);
        if call.is_activity() && !matches!(answer, Answer::Outside { .. }) {
            // Whoever answers is the worker that takes it.
            self.tell(Signal::TaskStarted { task, worker: None });
        }
        match answer {
            Answer::Now(result) => {
                self.calls.insert(task, Call { call: Some(call), work: None, awaited: false, asked: false });
                self.answer(task, result);
            }
            Answer::Later(coming) => self.await_answer(task, Some(call), coming, false),
            Answer::Asked(coming) => self.await_answer(task, Some(call), coming, true),
            Answer::Hang { submitted } => {
                let submitted = submitted.or_else(|| call.submission());
                self.park(call, submitted, false);
            }
            Answer::Outside { submitted } => self.park(call, submitted, true),
        }
    }

    /// Keeps a task that somebody else ends, or nobody.
    fn park(&mut self, call: TaskCall, submitted: Option<Value>, awaited: bool) {
        let task = call.invocation.task;
        if let Some(output) = submitted {
            self.tell(Signal::TaskSubmitted { task, output });
        }
        self.in_flight += usize::from(awaited);
        self.calls.insert(task, Call { call: Some(call), work: None, awaited, asked: false });
    }

    fn map_part(&mut self, part: MapPart) {
        let task = part.task();
        let execution = self.machine.execution().clone();
        let coming = self.tasks.map_part(MapCall { execution, part });
        self.await_answer(task, None, coming, false);
    }

    fn await_answer(&mut self, task: TaskId, call: Option<TaskCall>, coming: Coming, asked: bool) {
        self.in_flight += 1;
        self.asked += usize::from(asked);
        let answers = self.answers.clone();
        let work = tokio::spawn(async move {
            let result = coming.await;
            if let Some(answers) = answers.upgrade() {
                drop(answers.send(Order::Answer(task, result)));
            }
        });
        self.calls.insert(task, Call { call, work: Some(work.abort_handle()), awaited: true, asked });
    }

    /// Forgets a task that is answered or not wanted any more.
    fn take_call(&mut self, task: TaskId) -> Option<Call> {
        let call = self.calls.remove(&task)?;
        self.in_flight -= usize::from(call.awaited);
        self.asked -= usize::from(call.asked);
        Some(call)
    }

    fn answer(&mut self, task: TaskId, result: TaskResult) {
        let Some(Call { call, .. }) = self.take_call(task) else { return };
        // What ended well was submitted before, whether or not the answer tells of it; what failed may not have been.
        let is_silent = result.submitted.is_none() && result.outcome.is_ok();
        let made = call.filter(|_| is_silent).and_then(|call| call.submission());
        if let Some(output) = result.submitted.or(made) {
            self.tell(Signal::TaskSubmitted { task, output });
        }
        let signal = match result.outcome {
            Ok(output) => Signal::TaskSucceeded { task, output },
            Err(TaskFailure { error, cause, hint }) => Signal::TaskFailed { task, error, cause, hint },
        };
        self.tell(signal);
    }

    fn cancel(&mut self, task: TaskId) {
        self.numbers.open.remove(&task);
        self.numbers.parts.remove(&task);
        if let Some(call) = self.take_call(task) {
            call.abort();
            if let Some(call) = &call.call {
                self.tasks.cancel(call);
            }
        }
    }

    /// Shows what can be seen: at once when the machine stands still, else now and then.
    fn publish(&mut self, deadline: Option<Timestamp>, still: bool) {
        if still || self.pace.at.elapsed() >= VIEW_INTERVAL {
            self.show(deadline, still);
        }
    }

    /// Shows what can be seen now.
    fn show(&mut self, deadline: Option<Timestamp>, still: bool) {
        let since = self.pace.at.elapsed();
        // Nobody goes on with what succeeded: that end is for whoever drives the execution to keep.
        if !matches!(self.machine.status(), Status::Succeeded(_)) {
            self.flush();
        }
        let steps = self.machine.steps() - self.pace.steps;
        let millis = u64::try_from(since.as_millis()).unwrap_or(u64::MAX).max(1);
        self.pace =
            Pace { at: Instant::now(), steps: self.machine.steps(), per_second: steps.saturating_mul(1000) / millis };
        let mut view = view(&self.machine, &self.log, &self.clock, self.paused, deadline, &self.pace);
        view.waiting = still && !self.paused && !self.machine.status().is_done();
        if still && self.gate.shows_machine() {
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
        map_runs: machine.map_runs().to_vec(),
        paused,
        deadline,
        waiting: false,
        clock: clock.clone(),
        steps_per_second: pace.per_second,
        machine: None,
    }
}
