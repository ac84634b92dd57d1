//! What drives machines: performs their effects, keeps their time, runs many at once.
//!
//! The debugger stands between two steps as a [`Gate`]; whoever looks reads published [`View`]s. Neither this room nor
//! the engine knows who that is.

pub mod ask;
pub mod clock;
pub mod driver;
pub mod mock;
pub mod names;
pub mod tasks;

pub use ask::{Asking, Question};
pub use clock::Clock;
pub use driver::{Driver, Gate, Handle, NoGate, Order, Verdict, View};
pub use tasks::{Answer, TaskCall, TaskResult, Tasks};
