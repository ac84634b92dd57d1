//! The machine: its steps and what it is told. What a state does is in `states`.

mod branches;
mod records;
mod timers;
mod turns;

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, VecDeque};
use std::sync::Arc;

use super::branch::Branch;
use super::context::context;
use super::effect::{Effect, Signal, TaskId};
use super::event::EventKind;
use super::execution::{Execution, Redriven, Status};
use super::fault::Fault;
use super::ids::{BranchId, EventId};
use super::log::{Log, Origin};
use super::map_run::MapRun;
use super::random::Random;
use super::stage::{Outcome, Stage, Step};
pub(super) use timers::Purpose;
use timers::Timer;

use crate::asl::{ScopeId, StateId};
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

    /// Whether branch `id` was started, alive or not.
    #[must_use]
    pub fn has_started(&self, id: BranchId) -> bool {
        (id.0 as usize) < self.branches.len()
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
            Signal::StopChild { execution, error, cause } => self.stop_child_named(&execution, (error, cause), log),
            Signal::TaskStarted { task, worker } => self.task_started(task, worker, log),
            Signal::TaskSubmitted { task, output } => self.task_submitted(task, output, log),
            Signal::TaskSucceeded { task, output } => self.task_ended(task, Ok(output), log),
            Signal::TaskFailed { task, error, cause, hint } => {
                self.task_ended(task, Err(Fault { error, cause, hint, ..Fault::default() }.within_limits()), log)
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
}
