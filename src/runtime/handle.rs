//! Holding a run: orders to it, and what can be seen of it.

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot, watch};

use super::clock::{Clock, Rate};
use super::tasks::TaskResult;
use crate::engine::{Branch, Execution, Log, Machine, MapRun, Signal, Status, TaskId};
use crate::value::Timestamp;

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
    /// The Map Runs so far.
    pub map_runs: Vec<MapRun>,
    /// Whether it stands still because the gate said so.
    pub paused: bool,
    /// Nothing happens before this moment, as far as the run itself goes.
    pub deadline: Option<Timestamp>,
    /// Whether nothing can go on without an answer, a signal or the clock.
    pub waiting: bool,
    /// The clock of the run, as it goes since then.
    pub clock: Clock,
    /// Steps a second, while it runs.
    pub steps_per_second: u64,
    /// The machine itself, while it stands still and the gate wants it shown: to look closer.
    pub machine: Option<Arc<Machine>>,
}

/// An order to a driver.
pub enum Order<C> {
    /// Tell the machine something.
    Signal(Signal),
    /// The same, and answer whether it was still of interest once it is recorded.
    Tell(Signal, oneshot::Sender<bool>),
    /// Tell the gate something.
    Command(C),
    /// A task was answered.
    Answer(TaskId, TaskResult),
    /// Go on as if the time of the next wait, retry delay or timeout had come.
    SkipWait,
    /// Skip all waits from now on, or stop doing so.
    SkipWaits(bool),
    /// Let the clock go at this rate from now on.
    Rate(Rate),
    /// Show all branches to whoever asks, however many there are.
    Look(oneshot::Sender<Arc<View>>),
}

/// Holds a run: gives orders and looks.
pub struct Handle<C> {
    pub(super) orders: mpsc::UnboundedSender<Order<C>>,
    pub(super) views: watch::Receiver<Arc<View>>,
    pub(super) execution: Arc<Execution>,
}

impl<C> Clone for Handle<C> {
    fn clone(&self) -> Self {
        Self { orders: self.orders.clone(), views: self.views.clone(), execution: self.execution.clone() }
    }
}

impl<C> Handle<C> {
    /// Holds what is over and only looked at: there is nobody to take orders.
    #[must_use]
    pub fn still(view: View, execution: Arc<Execution>) -> Self {
        let (orders, _) = mpsc::unbounded_channel();
        let (_, views) = watch::channel(Arc::new(view));
        Self { orders, views, execution }
    }

    /// The same for a child execution of a Map Run, which takes its orders and shows its views through this run.
    #[must_use]
    pub fn of_child(&self, execution: Arc<Execution>) -> Self {
        Self { execution, ..self.clone() }
    }

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

/// A [`Handle`] for those who need not know what its gate is told.
pub trait Control: Send + Sync {
    /// Tells the machine something. The answer, whether that was still of interest, comes when the recorder has it; no
    /// answer: the run is over.
    fn tell(&self, signal: Signal) -> oneshot::Receiver<bool>;

    /// The newest view.
    fn view(&self) -> Arc<View>;

    /// Asks for a view with all branches. No answer: the run is over.
    fn look(&self) -> oneshot::Receiver<Arc<View>>;

    /// Follows the views.
    fn views(&self) -> watch::Receiver<Arc<View>>;

    /// What the run was started with.
    fn execution(&self) -> &Arc<Execution>;
}

impl<C: Send + 'static> Control for Handle<C> {
    fn tell(&self, signal: Signal) -> oneshot::Receiver<bool> {
        let (heard, answer) = oneshot::channel();
        self.send(Order::Tell(signal, heard));
        answer
    }

    fn view(&self) -> Arc<View> {
        Self::view(self)
    }

    fn look(&self) -> oneshot::Receiver<Arc<View>> {
        let (seen, answer) = oneshot::channel();
        self.send(Order::Look(seen));
        answer
    }

    fn views(&self) -> watch::Receiver<Arc<View>> {
        Self::views(self)
    }

    fn execution(&self) -> &Arc<Execution> {
        Self::execution(self)
    }
}
