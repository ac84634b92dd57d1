//! The machine: time, branches, timers and the order of steps. What a state does is in `states`.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet, VecDeque};
use std::sync::Arc;

use super::branch::{Blocked, Branch};
use super::context::{Surroundings, context};
use super::effect::{Effect, Signal, TaskId};
use super::event::{Event, EventKind};
use super::execution::{Execution, ExecutionType, Redriven, Status};
use super::fault::Fault;
use super::ids::{BranchId, EventId};
use super::log::{Log, Origin, StageRecord};
use super::map_run::MapRun;
use super::random::Random;
use super::stage::{Outcome, Stage, Step};
use crate::asl::{ScopeId, State, StateId};
use crate::value::{Timestamp, Value};

/// A running execution.
#[derive(Debug, Clone)]
pub struct Machine {
    pub(super) execution: Arc<Execution>,
    pub(super) random: Random,
    pub(super) now: Timestamp,
    pub(super) effects: Vec<Effect>,
    pub(super) steps: u64,
    started: Timestamp,
    /// The state machine's `TimeoutSeconds`.
    timeout: Option<u64>,
    pub(super) status: Status,
    pub(super) redriven: Redriven,
    /// The event of the last redrive.
    pub(super) redriven_by: EventId,
    pub(super) branches: Vec<Option<Box<Branch>>>,
    pub(super) ready: VecDeque<BranchId>,
    timers: BinaryHeap<Reverse<Timer>>,
    timer_count: u64,
    tasks: HashMap<TaskId, BranchId>,
    task_count: u64,
    pub(super) map_runs: Vec<MapRun>,
    /// The branch that alone makes steps, with those that it starts.
    only: Option<BranchId>,
    /// Whether failures are held.
    pub(super) holds_failures: bool,
    /// The branches that stand at a failure, in the order in which they failed; some may have been changed since.
    pub(super) failing: VecDeque<BranchId>,
}

/// How a stage ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    /// The branch goes on with this stage.
    Next(Stage),
    /// The branch left its state.
    Left,
    /// The branch waits.
    Blocked,
    /// The branch stands at a failure.
    Held,
    /// The branch is over.
    Ended,
}

/// The result of a stage.
pub(super) type Staged = Result<Flow, Box<Fault>>;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Timer {
    at: Timestamp,
    /// Timers of the same moment fire in the order they were set.
    number: u64,
    branch: BranchId,
    epoch: u32,
    purpose: Purpose,
}

/// What a timer is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Purpose {
    /// The end of a Wait state or of the delay before a retry.
    Resume,
    /// The end of a task's time, or of its heartbeat's.
    TaskTimeout { heartbeat: bool },
    /// The end of the time that an HTTP endpoint has.
    HttpTimeout,
    /// The end of the execution's time.
    ExecutionTimeout,
    /// Something in a child execution.
    Child,
}

/// Express executions live five minutes, Standard ones a year (Step Functions quotas).
const EXPRESS_SECONDS: u64 = 300;
const STANDARD_SECONDS: u64 = 366 * 86_400;

impl Machine {
    /// Starts an execution at `now`; writes its first event.
    #[must_use]
    pub fn start(execution: Execution, now: Timestamp, log: &mut Log) -> Self {
        let top = execution.machine.scope(ScopeId::TOP).start;
        let timeout = execution.machine.timeout_seconds;
        Self::start_with(execution, top, timeout, now, log)
    }

    /// Starts an execution at `first` that may take `timeout` seconds.
    pub(super) fn start_with(
        execution: Execution,
        first: StateId,
        timeout: Option<u64>,
        now: Timestamp,
        log: &mut Log,
    ) -> Self {
        let main = Branch::new(BranchId::MAIN, None, 0, first, execution.input.clone());
        let mut machine = Self {
            random: Random::new(execution.seed),
            execution: Arc::new(execution),
            now,
            started: now,
            timeout,
            redriven: Redriven::default(),
            redriven_by: EventId::NONE,
            effects: Vec::new(),
            steps: 0,
            status: Status::Running,
            branches: vec![Some(Box::new(main))],
            ready: VecDeque::from([BranchId::MAIN]),
            timers: BinaryHeap::new(),
            timer_count: 0,
            tasks: HashMap::new(),
            task_count: 0,
            map_runs: Vec::new(),
            only: None,
            holds_failures: false,
            failing: VecDeque::new(),
        };
        log.branches.push(Origin { parent: BranchId::MAIN, visit: EventId::NONE, state: None, index: 0 });
        let input = machine.execution.input.clone();
        machine.write(BranchId::MAIN, EventId::NONE, EventKind::ExecutionStarted { input }, log);
        machine.limit_lifetime();
        machine
    }

    /// Sets the clock of the whole execution: it starts anew with a redrive, but a year is the end (developer guide).
    pub(super) fn limit_lifetime(&mut self) {
        let timeout = self.lifetime(self.timeout);
        let at = self.now.plus_millis(timeout).min(self.started.plus_millis(self.lifetime(None)));
        self.set_timer(at, BranchId::MAIN, 0, Purpose::ExecutionTimeout);
    }

    /// Milliseconds that it may take.
    fn lifetime(&self, timeout: Option<u64>) -> i64 {
        let most = match self.execution.kind {
            ExecutionType::Standard => STANDARD_SECONDS,
            ExecutionType::Express | ExecutionType::ExpressSync => EXPRESS_SECONDS,
        };
        let seconds = timeout.unwrap_or(most).min(most);
        i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1000)
    }

    /// What it was started with.
    #[must_use]
    pub fn execution(&self) -> &Arc<Execution> {
        &self.execution
    }

    /// What became of it.
    #[must_use]
    pub fn status(&self) -> &Status {
        &self.status
    }

    /// The steps made so far.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// The time it was last told.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// When it was started.
    #[must_use]
    pub fn started(&self) -> Timestamp {
        self.started
    }

    /// How often it was redriven, and when last.
    #[must_use]
    pub fn redriven(&self) -> Redriven {
        self.redriven
    }

    /// The live branches, oldest first.
    pub fn branches(&self) -> impl Iterator<Item = &Branch> {
        self.branches.iter().filter_map(Option::as_deref)
    }

    /// The live branch `id`.
    #[must_use]
    pub fn branch(&self, id: BranchId) -> Option<&Branch> {
        self.branches.get(id.0 as usize)?.as_deref()
    }

    /// The branch that the next step belongs to, as far as that is known without the time.
    #[must_use]
    pub fn next_branch(&self) -> Option<&Branch> {
        self.next_failing().or_else(|| self.branch(*self.ready.front()?))
    }

    /// The context object as `branch` sees it.
    #[must_use]
    pub fn context(&self, branch: &Branch) -> Value {
        let state = self.execution.machine.state(branch.state);
        context(&self.execution, (self.started, self.redriven), branch, state)
    }

    /// The branch that waits for `task`.
    #[must_use]
    pub fn branch_of(&self, task: TaskId) -> Option<&Branch> {
        self.branch(*self.tasks.get(&task)?)
    }

    /// What it wants from the world since this was last asked, oldest first.
    pub fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    /// Tells it the time; it never goes back.
    pub fn advance(&mut self, now: Timestamp) {
        self.now = self.now.max(now);
    }

    /// The next moment at which something happens by itself.
    pub fn deadline(&mut self) -> Option<Timestamp> {
        while let Some(Reverse(timer)) = self.timers.peek() {
            if self.is_valid(timer) {
                return Some(timer.at);
            }
            self.timers.pop();
        }
        None
    }

    /// The next moment at which a wait or the delay before a retry ends: what "skip the wait" goes to.
    #[must_use]
    pub fn next_resume(&self) -> Option<Timestamp> {
        let waits = self.branches().filter_map(|branch| match branch.blocked {
            Blocked::Wait(at) | Blocked::Retry(at) => Some(at),
            Blocked::No | Blocked::Task(_) | Blocked::Children => None,
        });
        waits.min()
    }

    /// Performs one stage of one branch.
    pub fn step(&mut self, log: &mut Log) -> Outcome {
        if self.status.is_done() {
            return Outcome::Done;
        }
        // Nothing comes between a failure and what becomes of it, as without the step between them.
        if let Some(id) = self.take_failing() {
            return Outcome::Stepped(self.step_branch(id, log));
        }
        if let Some(step) = self.fire_timer(log) {
            return Outcome::Stepped(step);
        }
        if self.only.is_some() && !self.bring_forward() {
            return Outcome::Waiting(self.deadline());
        }
        match self.ready.front().copied() {
            Some(id) => Outcome::Stepped(self.step_branch(id, log)),
            None => Outcome::Waiting(self.deadline()),
        }
    }

    fn step_branch(&mut self, id: BranchId, log: &mut Log) -> Step {
        let mut branch = self.take(id).expect("a branch whose turn it is is alive");
        self.steps += 1;
        let (state, stage, flow) = self.perform(&mut branch, log);
        let step = Step { number: self.steps, branch: id, state, stage };
        // What failed outside its own steps is not among the ready ones.
        if stage == Stage::Failure && !self.ready.contains(&id) {
            self.settle_outside(branch, flow);
        } else {
            self.settle(branch, flow);
        }
        step
    }

    /// The branch that alone makes steps, with those that it starts; none: all take their turns.
    #[must_use]
    pub fn only(&self) -> Option<BranchId> {
        // When it is over, nothing is left that could be stepped alone.
        self.only.filter(|branch| self.branch(*branch).is_some())
    }

    /// Whether somebody could go on who may not.
    #[must_use]
    pub fn is_held_back(&self) -> bool {
        let mut turns = self.ready.iter().chain(&self.failing).peekable();
        self.only().is_some_and(|only| turns.peek().is_some() && !turns.any(|id| self.is_within(*id, only)))
    }

    /// Brings the next branch to the front that may make a step; false if none of those that are ready may.
    fn bring_forward(&mut self) -> bool {
        let Some(only) = self.only() else { return true };
        let Some(at) = self.ready.iter().position(|ready| self.is_within(*ready, only)) else {
            return self.ready.is_empty();
        };
        if let Some(id) = self.ready.remove(at) {
            self.ready.push_front(id);
        }
        true
    }

    pub(super) fn is_within(&self, id: BranchId, branch: BranchId) -> bool {
        std::iter::successors(Some(id), |id| self.branch(*id)?.parent).any(|id| id == branch)
    }

    /// Puts `branch` where its last stage says.
    pub(super) fn settle(&mut self, branch: Box<Branch>, flow: Flow) {
        let id = branch.id;
        if self.status.is_done() {
            // The end of the execution is the end of all its branches; the one in hand stays for whoever looks.
            self.ready.clear();
            self.put(branch);
            return;
        }
        match flow {
            Flow::Next(stage) => {
                self.put(branch).stage = stage;
            }
            // Branches take turns state by state, so that none starves.
            Flow::Left => {
                self.put(branch);
                self.ready.pop_front();
                self.ready.push_back(id);
            }
            Flow::Held => {
                self.put(branch);
                self.failing.push_back(id);
            }
            Flow::Blocked => {
                self.put(branch);
                self.unready(id);
            }
            Flow::Ended => self.unready(id),
        }
    }

    /// Takes `id`, which stands first unless others were woken, out of the queue.
    pub(super) fn unready(&mut self, id: BranchId) {
        if self.ready.front() == Some(&id) {
            self.ready.pop_front();
        } else {
            self.ready.retain(|ready| *ready != id);
        }
    }

    /// Performs the next stage that the branch's state has; a failure goes to retriers and catchers.
    fn perform(&mut self, branch: &mut Branch, log: &mut Log) -> (StateId, Stage, Flow) {
        let execution = Arc::clone(&self.execution);
        let state_id = branch.state;
        if branch.child.is_some() {
            return (state_id, Stage::Work, self.step_child(branch, log));
        }
        let state = execution.machine.state(state_id);
        while !super::states::has_stage(state, branch.stage) {
            branch.stage = super::states::following(branch.stage);
        }
        let stage = branch.stage;
        let flow = match self.perform_stage(branch, state, log) {
            Ok(flow) => flow,
            Err(fault) => {
                let fault = fault.within_limits();
                self.evaluation_failed(branch, &fault, log);
                self.fail(branch, fault, log)
            }
        };
        (state_id, stage, flow)
    }

    /// Tells it what happened. Returns whether that was still of interest.
    pub fn signal(&mut self, signal: Signal, log: &mut Log) -> bool {
        if self.status.is_done() {
            return matches!(signal, Signal::Redrive) && self.redrive(log);
        }
        if let Signal::HoldFailures(holds) = signal {
            // Nothing has happened by this.
            self.hold_failures(holds);
            return true;
        }
        self.steps += 1;
        if let Some(child) = signal.task().and_then(|task| self.child_of(task)) {
            return self.signal_child(child, signal);
        }
        match signal {
            Signal::Stop { error, cause } => {
                let fault = Arc::new(Fault { error, cause, ..Fault::default() }.within_limits());
                self.end(Status::Aborted(fault), EventId::NONE, log);
                true
            }
            Signal::TaskStarted { task, worker } => self.task_started(task, worker, log),
            Signal::TaskSubmitted { task, output } => self.task_submitted(task, output, log),
            Signal::TaskSucceeded { task, output } => self.task_ended(task, Ok(output), log),
            Signal::TaskFailed { task, error, cause } => {
                self.task_ended(task, Err(Fault { error, cause, ..Fault::default() }.within_limits()), log)
            }
            Signal::TaskHeartbeat { task } => self.task_heartbeat(task),
            Signal::Redrive => false,
            Signal::UpdateMapRun { run, max_concurrency, tolerated_failure_count, tolerated_failure_percentage } => {
                let thresholds = (tolerated_failure_count, tolerated_failure_percentage);
                self.update_map_run(run, max_concurrency, thresholds, log)
            }
            Signal::Change(change) => self.change(&change, log),
            Signal::Redefine(redefinition) => self.redefine(&redefinition, log),
            Signal::HoldFailures(_) => true,
            Signal::Only(branch) => {
                self.only = branch;
                true
            }
        }
    }

    // ---- events and records

    /// Writes an event; after the end of the execution nothing is written any more.
    pub(super) fn write(&mut self, branch: BranchId, previous: EventId, kind: EventKind, log: &mut Log) -> EventId {
        if self.status.is_done() {
            return previous;
        }
        let id = EventId(u32::try_from(log.events.len()).unwrap_or(u32::MAX).saturating_add(1));
        if !kind.is_end() && self.execution.max_events.is_some_and(|most| id.0 >= most) {
            self.end(Status::Failed(Arc::new(too_many_events(id))), previous, log);
            return previous;
        }
        log.events.push(Event { id, previous, at: self.now, branch, step: self.steps, kind });
        id
    }

    /// Writes an event at the end of the branch's thread.
    pub(super) fn append(&mut self, branch: &mut Branch, kind: EventKind, log: &mut Log) {
        branch.last = self.write(branch.id, branch.last, kind, log);
    }

    /// Records the value after a stage.
    pub(super) fn record(&self, branch: &Branch, stage: Stage, value: &Value, log: &mut Log) {
        if self.execution.record_stages {
            self.record_outcome(branch, stage, Ok(value.clone()), log);
        }
    }

    pub(super) fn record_fault(&self, branch: &Branch, fault: &Fault, log: &mut Log) {
        if self.execution.record_stages {
            let stage = fault.stage.unwrap_or(branch.stage);
            self.record_outcome(branch, stage, Err(Arc::new(fault.clone())), log);
        }
    }

    fn record_outcome(&self, branch: &Branch, stage: Stage, outcome: Result<Value, Arc<Fault>>, log: &mut Log) {
        let (branch, state, visit) = (branch.id, branch.state, branch.entered);
        log.stages.push(StageRecord { step: self.steps, branch, state, visit, stage, outcome });
    }

    /// Ends the execution.
    pub(super) fn end(&mut self, status: Status, previous: EventId, log: &mut Log) {
        let kind = match &status {
            Status::Running => return,
            Status::Succeeded(output) => EventKind::ExecutionSucceeded { output: output.clone() },
            Status::Failed(fault) => EventKind::ExecutionFailed(fault.clone()),
            Status::TimedOut(fault) => EventKind::ExecutionTimedOut(fault.clone()),
            Status::Aborted(fault) => EventKind::ExecutionAborted(fault.clone()),
        };
        self.abort_map_runs(log);
        // What fails again without an event of its own links to the redrive (reported for Fail).
        let previous = if matches!(status, Status::Failed(_)) { previous.max(self.redriven_by) } else { previous };
        self.write(BranchId::MAIN, previous, kind, log);
        self.status = status;
        let mut waiting: Vec<TaskId> = self.tasks.drain().map(|(task, _)| task).collect();
        waiting.sort_unstable();
        self.effects.extend(waiting.into_iter().map(Effect::Cancel));
        self.ready.clear();
        self.failing.clear();
        self.timers.clear();
    }

    // ---- branches

    pub(super) fn take(&mut self, id: BranchId) -> Option<Box<Branch>> {
        self.branches.get_mut(id.0 as usize)?.take()
    }

    pub(super) fn put(&mut self, branch: Box<Branch>) -> &mut Branch {
        let slot = &mut self.branches[branch.id.0 as usize];
        slot.insert(branch)
    }

    /// Adds a branch that `parent` starts; it is ready at once.
    pub(super) fn spawn(
        &mut self,
        parent: &Branch,
        index: u32,
        state: StateId,
        input: Value,
        log: &mut Log,
    ) -> &mut Branch {
        let id = BranchId(u32::try_from(self.branches.len()).unwrap_or(u32::MAX));
        log.branches.push(Origin { parent: parent.id, visit: parent.entered, state: Some(parent.state), index });
        let mut branch = Branch::new(id, Some(parent.id), index, state, input);
        branch.variables = parent.variables.inner();
        branch.item.clone_from(&parent.item);
        self.branches.push(Some(Box::new(branch)));
        self.ready.push_back(id);
        self.branches.last_mut().and_then(Option::as_deref_mut).expect("it was just pushed")
    }

    /// Takes out all branches that `id` started, and those they started, children before their parents.
    pub(super) fn take_descendants(&mut self, id: BranchId) -> Vec<Branch> {
        let mut stopped = HashSet::from([id]);
        let mut found = Vec::new();
        // Who was started comes after who started it.
        for slot in self.branches.iter_mut().skip(id.0 as usize + 1) {
            let starter = slot.as_ref().and_then(|branch| branch.parent);
            if starter.is_some_and(|starter| stopped.contains(&starter)) {
                found.extend(slot.take().map(|branch| *branch));
                stopped.extend(found.last().map(|branch| branch.id));
            }
        }
        self.ready.retain(|ready| !stopped.contains(ready));
        found.reverse();
        found
    }

    /// What the expressions of `state` see.
    pub(super) fn surroundings<'m>(&'m mut self, branch: &'m Branch, state: &'m State) -> Surroundings<'m> {
        let (started, redriven, now) = (self.started, self.redriven, self.now);
        Surroundings { execution: &self.execution, started, redriven, now, branch, state, random: &mut self.random }
    }

    // ---- tasks and timers

    pub(super) fn new_task(&mut self, branch: BranchId) -> TaskId {
        self.task_count += 1;
        let task = TaskId(self.task_count);
        self.tasks.insert(task, branch);
        task
    }

    /// Forgets the task that `branch` waits for; its answer is no longer wanted.
    pub(super) fn cancel_task(&mut self, branch: &Branch) {
        if let Blocked::Task(task) = branch.blocked
            && self.tasks.remove(&task).is_some()
        {
            self.effects.push(Effect::Cancel(task));
        }
    }

    /// The branch that waits for `task`, taken out.
    pub(super) fn take_waiting(&mut self, task: TaskId) -> Option<Box<Branch>> {
        let branch = *self.tasks.get(&task)?;
        self.take(branch)
    }

    pub(super) fn forget_task(&mut self, task: TaskId) {
        self.tasks.remove(&task);
    }

    pub(super) fn set_timer(&mut self, at: Timestamp, branch: BranchId, epoch: u32, purpose: Purpose) {
        self.timer_count += 1;
        self.timers.push(Reverse(Timer { at, number: self.timer_count, branch, epoch, purpose }));
    }

    fn is_valid(&self, timer: &Timer) -> bool {
        timer.purpose == Purpose::ExecutionTimeout
            || self.branch(timer.branch).is_some_and(|branch| branch.epoch == timer.epoch)
    }

    /// Fires the first timer that is due.
    fn fire_timer(&mut self, log: &mut Log) -> Option<Step> {
        // Without this peek every step would look for dead timers.
        if self.timers.peek().is_none_or(|Reverse(timer)| timer.at > self.now) {
            return None;
        }
        let due = self.deadline()?;
        if due > self.now {
            return None;
        }
        let Reverse(timer) = self.timers.pop()?;
        self.steps += 1;
        let (state, stage) = self.branch(timer.branch).map(|branch| (branch.state, branch.stage))?;
        match timer.purpose {
            Purpose::ExecutionTimeout => self.time_out(timer.at, log),
            Purpose::Resume => self.resume(timer.branch),
            Purpose::Child => self.child_is_due(timer.branch),
            Purpose::TaskTimeout { heartbeat } => self.task_timed_out(timer.branch, heartbeat, log),
            Purpose::HttpTimeout => self.http_timed_out(timer.branch, log),
        }
        Some(Step { number: self.steps, branch: timer.branch, state, stage })
    }

    /// Ends the execution at the moment its time was up, however late the machine is told of it (reported: the stop date
    /// is the start date plus the timeout).
    fn time_out(&mut self, at: Timestamp, log: &mut Log) {
        let now = self.now;
        let last = log.events.last().map_or(at, |event| event.at);
        self.now = at.max(last);
        self.end(Status::TimedOut(Arc::new(Fault::timeout())), EventId::NONE, log);
        self.now = now;
    }

    /// Goes on with a branch after something happened to it outside its own steps.
    pub(super) fn settle_outside(&mut self, branch: Box<Branch>, flow: Flow) {
        let id = branch.id;
        let goes_on = matches!(flow, Flow::Next(_) | Flow::Left) && !self.status.is_done();
        if let Flow::Next(stage) = flow {
            self.put(branch).stage = stage;
        } else if flow != Flow::Ended || self.status.is_done() {
            self.put(branch);
        }
        if flow == Flow::Held && !self.status.is_done() {
            self.failing.push_back(id);
        }
        if goes_on {
            // It waited, so it is not among the ready ones yet.
            self.ready.push_back(id);
        }
    }
}

fn too_many_events(id: EventId) -> Fault {
    let cause = format!("The execution reached the maximum number of history events ({}).", id.0);
    Fault::new(super::fault::RUNTIME, cause)
}
