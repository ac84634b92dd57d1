//! What a debugger adds to a run: breakpoints, step sizes, and the inspection of any moment.
//!
//! The [`DebugGate`] stands between two steps of a machine; everything else reads published logs.

pub mod breakpoint;
pub mod compare;
mod context;
pub mod explain;
pub mod expression;
pub mod facts;
pub mod fork;
pub mod gate;
pub mod handling;
pub mod inspect;
pub mod past;
pub mod place;
pub mod plan;
pub mod provenance;
pub mod replay;
pub mod run;
pub mod spans;
pub mod spec;
pub mod stood;
pub mod tally;
pub mod thread;
pub mod timeline;
pub mod trial;
pub mod written;

pub use breakpoint::{Breakpoint, BreakpointSign, Breakpoints, On, SharedBreakpoints, StatePath};
pub use compare::{Comparison, Difference, Pair, Side, Turn, compare};
pub use expression::{LogText, Query};
pub use fork::{Fork, ForkError, resumable_step};
pub use gate::{Command, DebugGate, StepSize, Stop, StopReason};
pub use inspect::{Moment, Row, RowKind, RowOutcome, Visit};
pub use past::Past;
pub use place::fault_span;
pub use plan::Plan;
pub use provenance::{End, Link, Place, Provenance};
pub use replay::Replay;
pub use run::{Mode, Run, RunSpec};
pub use spans::{Attempt, Span, Spans};
pub use tally::Tally;
pub use thread::Thread;
pub use trial::{Setting, Tried};
pub use written::Written;
