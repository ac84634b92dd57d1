//! The stages of a state, and the steps of a machine through them.

use super::ids::BranchId;
use crate::asl::StateId;
use crate::value::Timestamp;

/// A step inside a state. The order is that of the data flow; a state has those its fields call for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stage {
    /// An iteration of a Map begins: its input is selected.
    ItemSelector,
    /// The state is entered.
    Enter,
    /// `InputPath`
    InputPath,
    /// `Parameters`
    Parameters,
    /// `Arguments`
    Arguments,
    /// `ItemsPath`
    ItemsPath,
    /// `Items`
    Items,
    /// What the type of the state does: the task, the wait, the choice, the branches, the `Result`.
    Work,
    /// `ResultSelector`
    ResultSelector,
    /// `ResultPath`
    ResultPath,
    /// Something failed, and what becomes of that is decided: a retrier, a catcher, the failure of what is around. A
    /// step of its own only where failures are held.
    Failure,
    /// A catcher took the failure.
    Catch,
    /// `OutputPath`
    OutputPath,
    /// `Output`
    Output,
    /// `Assign`
    Assign,
    /// The state is left.
    Exit,
}

/// What [`super::Machine::step`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// One stage of one branch.
    Stepped(Step),
    /// Nothing can go on before a signal or, if there is one, this time.
    Waiting(Option<Timestamp>),
    /// The execution has ended.
    Done,
}

/// A step that was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Its number, from 1.
    pub number: u64,
    /// The branch that made it.
    pub branch: BranchId,
    /// The state it was in.
    pub state: StateId,
    /// The stage that was performed.
    pub stage: Stage,
}
