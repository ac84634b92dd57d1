//! Ids of events and branches.

/// The number of an event in its history, from 1; 0 means "none".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct EventId(pub u32);

impl EventId {
    /// No event.
    pub const NONE: Self = Self(0);
}

/// A thread of an execution: the execution itself (0), a branch of a Parallel state, or an iteration of a Map state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct BranchId(pub u32);

impl BranchId {
    /// The execution's own thread.
    pub const MAIN: Self = Self(0);
}
