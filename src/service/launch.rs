//! Who drives the executions of a service.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use crate::engine::{Log, Machine};
use crate::runtime::{Control, Driver, Gate, Handle, NoGate, Start};

/// Drives executions. A debugger keeps the handle of each and stands between its steps.
pub trait Launcher: Send + Sync {
    /// Whether the value after each stage is kept, for whoever looks closer.
    fn records_stages(&self) -> bool {
        false
    }

    /// Makes the run that `start` begins.
    fn launch(&self, start: Start, about: &About) -> Launched;
}

/// What a launcher may want to know of an execution beside the run itself.
#[derive(Debug, Clone)]
pub struct About {
    /// The text of the definition.
    pub definition: Arc<str>,
    /// Whether somebody waits for its result (StartSyncExecution).
    pub is_sync: bool,
    /// Whether an earlier process started it.
    pub is_taken_up: bool,
}

/// An execution that can be driven, and what holds it.
pub struct Launched {
    pub(super) control: Arc<dyn Control>,
    pub(super) run: Run,
}

/// Runs an execution to its end.
pub(super) type Run = Pin<Box<dyn Future<Output = (Machine, Log)> + Send>>;

impl Launched {
    /// The run that `driver` drives.
    #[must_use]
    pub fn new<G: Gate>(driver: Driver<G>, handle: Handle<G::Command>) -> Self {
        Self { control: Arc::new(handle), run: Box::pin(driver.run(true)) }
    }
}

/// Drives executions as fast as they go.
#[derive(Debug, Default)]
pub struct FullSpeed;

impl Launcher for FullSpeed {
    fn launch(&self, start: Start, _: &About) -> Launched {
        let (driver, handle) = start.drive(NoGate);
        Launched::new(driver, handle)
    }
}
