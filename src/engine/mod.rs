//! The step machine: runs a state machine one stage of one branch at a time.
//!
//! Pure: no clock, no randomness of its own, no threads, no environment. It is told the time and what became of its
//! tasks (signals), and says what it wants from the world (effects). Whoever drives it performs those. A clone is a
//! snapshot; the same signals give the same run.

pub mod branch;
pub mod change;
pub mod chunks;
mod context;
pub mod effect;
pub mod event;
pub mod execution;
pub mod fault;
pub mod history;
pub mod ids;
pub mod items;
pub mod log;
pub mod machine;
pub mod map_run;
mod random;
pub mod redrive;
pub mod retry;
mod slots;
pub mod stage;
pub mod start;
mod states;
pub mod variables;

pub use branch::{Blocked, Branch};
pub use change::{Change, ChangeKind, Redefinition, Refused};
pub use effect::{Effect, Invocation, Signal, TaskId};
pub use event::{Event, EventKind, OtherEvent};
pub use execution::{Execution, ExecutionType, Names, Redriven, Status};
pub use fault::Fault;
pub use ids::{BranchId, EventId};
pub use items::Items;
pub use log::{ChangeRecord, Log, Origin, StageRecord};
pub use machine::Machine;
pub use map_run::{Child, ChildExecution, Counts, MapRun, MapRunId, MapRunStatus};
pub use retry::longest_delay;
pub use stage::{Outcome, Stage, Step};
pub use start::Start;
pub use states::choice::{RuleTrace, trace_rules};
pub use states::due;
pub use states::map_plan::MapPlan;
pub use variables::Variables;

/// The largest input, output or result, in bytes of its JSON text (Step Functions quotas).
pub const MAX_PAYLOAD: usize = 262_144;

/// The number of events that ends a Standard execution (Step Functions quotas, recorded).
pub const MAX_EVENTS: u32 = 25_000;
