//! What drives machines: performs their effects, keeps their time, runs many at once.
//!
//! The debugger stands between two steps as a [`Gate`]; whoever looks reads published [`View`]s. Neither this room nor
//! the engine knows who that is.

pub mod ask;
pub mod clock;
pub mod driver;
pub mod gate;
pub mod handle;
pub mod mock;
pub mod names;
pub mod start;
pub mod tasks;

pub use ask::{Asking, Question};
pub use clock::{Clock, Rate};
pub use driver::Driver;
pub use gate::{Gate, NoGate, Verdict};
pub use handle::{Control, Handle, Order, View};
pub use start::{Diverged, Recorder, Start, Told};
pub use tasks::{Answer, MapCall, MapPart, TaskCall, TaskResult, Tasks};
