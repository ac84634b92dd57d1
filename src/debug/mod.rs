//! What a debugger adds to a run: breakpoints, step sizes, and the inspection of any moment.
//!
//! The [`DebugGate`] stands between two steps of a machine; everything else reads published logs.

pub mod breakpoint;
pub mod compare;
pub mod fork;
pub mod gate;
pub mod inspect;
pub mod place;
pub mod replay;
pub mod run;
pub mod tally;
pub mod timeline;

pub use breakpoint::{Breakpoints, SharedBreakpoints, StatePath};
pub use compare::{Comparison, Difference, Pair, Side, Turn, compare};
pub use fork::{Fork, ForkError, resumable_step};
pub use gate::{Command, DebugGate, StepSize, Stop, StopReason};
pub use inspect::{Moment, Row, RowKind, RowOutcome, Visit};
pub use place::fault_span;
pub use replay::Replay;
pub use run::{Mode, Run, RunSpec};
pub use tally::Tally;
