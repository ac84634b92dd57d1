//! A thread of an execution: where it stands and what it carries.

use std::sync::Arc;

use super::effect::TaskId;
use super::ids::{BranchId, EventId};
use super::items::Items;
use super::map_run::{Child, MapRunId, RunState};
use super::slots::Slots;
use super::stage::Stage;
use super::variables::Variables;
use crate::asl::{StateId, Transition};
use crate::value::{Object, Timestamp, Value};

/// A thread: the execution itself, a branch of a Parallel state, or an iteration of a Map state.
#[derive(Debug, Clone)]
pub struct Branch {
    /// Its id.
    pub id: BranchId,
    /// The branch that started it; none for the execution's own thread.
    pub parent: Option<BranchId>,
    /// Number of the branch or iteration, from 0.
    pub index: u32,
    /// The state it is in, or enters next.
    pub state: StateId,
    /// The stage it performs next.
    pub stage: Stage,
    /// The raw input of the state.
    pub input: Value,
    /// The data at this moment: what the next stage works on.
    pub data: Value,
    /// When the state was entered.
    pub entered_at: Timestamp,
    /// The visit: the event that entered the state.
    pub entered: EventId,
    /// Retries of the state in this visit, over all retriers (`State.RetryCount`).
    pub retry_count: u32,
    /// The variables it sees.
    pub variables: Variables,
    /// What it waits for.
    pub blocked: Blocked,
    /// The item of the innermost Map iteration around it.
    pub item: Option<Arc<Item>>,
    /// The token of the task, in `.waitForTaskToken` states.
    pub token: Option<Arc<str>>,

    /// The context object that the state sees instead of the execution's own; kept for one visit.
    pub(super) given_context: Option<Value>,
    /// The data after InputPath and Parameters: where a retry starts again, and what an iteration's selector reads.
    pub(super) effective: Value,
    /// What `$` means in `Assign`.
    pub(super) result: Value,
    /// What `Assign` gave, for the exit event.
    pub(super) assigned: Option<Object>,
    /// The last event of this thread: what the next one links to.
    pub(super) last: EventId,
    /// The last event before the state was entered.
    pub(super) before: EventId,
    /// Attempts spent, by retrier; empty until the first retry.
    pub(super) retries: Vec<u32>,
    /// The last heartbeat holds until then.
    pub(super) heartbeat_until: Option<Timestamp>,
    /// Where a Choice rule or a catcher sends it, instead of the state's own transition.
    pub(super) chosen: Option<Chosen>,
    /// The branches or iterations it waits for.
    pub(super) children: Option<Box<Children>>,
    /// The Map Run it is in.
    pub(super) run: Option<Box<RunState>>,
    /// The child execution it stands for.
    pub(super) child: Option<Arc<Child>>,
    /// What a redrive finds of its branches or iterations, when one of them failed and nothing caught that.
    pub(super) kept: Option<Arc<Kept>>,
    /// Counts up whenever a wait ends, so that timers set before are void.
    pub(super) epoch: u32,
}

/// What a branch waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blocked {
    /// Nothing: it can go on.
    No,
    /// The result of a task.
    Task(TaskId),
    /// The end of a Wait state.
    Wait(Timestamp),
    /// The end of the delay before a retry.
    Retry(Timestamp),
    /// Its branches or iterations.
    Children,
}

/// The item of a Map iteration (`$$.Map.Item`).
#[derive(Debug, Clone)]
pub struct Item {
    /// `Index`
    pub index: u32,
    /// `Key`, of an entry of an object
    pub key: Option<Arc<str>>,
    /// `Value`
    pub value: Value,
    /// `Source`, in distributed mode
    pub source: Option<Arc<str>>,
}

/// Who decided where a branch goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Chosen {
    /// A rule of a Choice, by number.
    Rule(usize),
    /// The `Default` of a Choice.
    Default(StateId),
    /// A catcher, by number.
    Catcher(usize),
}

/// The branches or iterations of a Parallel or Map state.
#[derive(Debug, Clone)]
pub(super) struct Children {
    /// One slot a branch or item, filled as they end.
    pub(super) results: Slots<Value>,
    /// The items of a Map; none for Parallel.
    pub(super) items: Items,
    /// The number of the next to be started.
    pub(super) next: usize,
    /// Those that have not ended yet.
    pub(super) running: usize,
}

/// The branches or iterations of a state that failed, as they were then.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    /// What those gave that succeeded.
    pub(super) children: Children,
    /// Those that failed or were stopped, and all that they had started.
    pub(super) branches: Vec<Branch>,
}

impl Branch {
    /// The child execution of a Map Run that it stands for.
    #[must_use]
    pub fn child(&self) -> Option<&Child> {
        self.child.as_deref()
    }

    /// The same, to be kept.
    #[must_use]
    pub fn shared_child(&self) -> Option<Arc<Child>> {
        self.child.clone()
    }

    /// The numbers of the child executions of the Map Run `id` that wait to be redriven; none if it is in another.
    pub fn pending_redrive(&self, id: MapRunId) -> impl Iterator<Item = u32> {
        let run = self.run.as_ref().filter(|run| run.id == id);
        run.into_iter().flat_map(|run| run.pending_redrive.keys().copied())
    }

    pub(super) fn new(id: BranchId, parent: Option<BranchId>, index: u32, state: StateId, input: Value) -> Self {
        Self {
            id,
            parent,
            index,
            state,
            stage: Stage::Enter,
            data: input.clone(),
            effective: Value::Null,
            result: Value::Null,
            input,
            entered_at: Timestamp::default(),
            entered: EventId::NONE,
            retry_count: 0,
            variables: Variables::default(),
            blocked: Blocked::No,
            item: None,
            token: None,
            given_context: None,
            assigned: None,
            last: EventId::NONE,
            before: EventId::NONE,
            retries: Vec::new(),
            heartbeat_until: None,
            chosen: None,
            children: None,
            run: None,
            child: None,
            kept: None,
            epoch: 0,
        }
    }

    /// Makes it go to `transition` with `output`; at the end it keeps its state.
    pub(super) fn move_on(&mut self, transition: Transition, output: Value) {
        if let Transition::Next(state) = transition {
            self.state = state;
            self.stage = Stage::Enter;
        }
        self.input = output;
        self.retry_count = 0;
        self.retries.clear();
        self.chosen = None;
        self.token = None;
        self.given_context = None;
    }

    /// What its branches, iterations or child executions left is not gone on with.
    pub(super) fn forget_children(&mut self) {
        self.children = None;
        self.run = None;
        self.kept = None;
    }

    /// It waits for `blocked` from now on.
    pub(super) fn block(&mut self, blocked: Blocked) {
        self.epoch = self.epoch.wrapping_add(1);
        self.heartbeat_until = None;
        self.blocked = blocked;
    }

    /// It can go on; timers that were set for the wait are void.
    pub(super) fn unblock(&mut self) {
        self.block(Blocked::No);
    }
}
