//! Drawings of a state machine as text: pure functions from a small graph of their own to rows, no terminal types.

pub mod boxes;
mod lanes;
pub(crate) mod layered;
pub mod machine;
mod order;
pub mod rail;
mod route;

/// A state machine to be drawn. Positions in `nodes` are the ids; an id that is not there is ignored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Graph {
    /// All states, nested ones included.
    pub nodes: Vec<Node>,
    /// The top level.
    pub top: Scope,
}

/// States that may follow one another: the top level, a branch, the processor of a Map.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    /// Where it starts.
    pub start: usize,
    /// Its states in the order of the file.
    pub states: Vec<usize>,
}

/// A state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Node {
    /// Its name.
    pub name: String,
    /// Its type.
    pub kind: Kind,
    /// What is said at the right.
    pub detail: String,
    /// How far it is.
    pub mark: Mark,
    /// Where its transitions lead, in the order of the file; a Choice has several.
    pub next: Vec<usize>,
    /// Where its catchers lead.
    pub catch: Vec<usize>,
    /// What is nested in it.
    pub scopes: Vec<Scope>,
    /// Whether that is hidden.
    pub folded: bool,
}

/// The types of states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Kind {
    /// Task
    Task,
    /// Pass
    #[default]
    Pass,
    /// Choice
    Choice,
    /// Wait
    Wait,
    /// Parallel
    Parallel,
    /// Map
    Map,
    /// Succeed
    Succeed,
    /// Fail
    Fail,
}

impl Kind {
    /// The name in the language.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Task => "Task",
            Self::Pass => "Pass",
            Self::Choice => "Choice",
            Self::Wait => "Wait",
            Self::Parallel => "Parallel",
            Self::Map => "Map",
            Self::Succeed => "Succeed",
            Self::Fail => "Fail",
        }
    }
}

/// How far a state is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Mark {
    /// Not visited.
    #[default]
    Pending,
    /// Visited once.
    Visited,
    /// Visited so many times.
    Visits(usize),
    /// The run stands here.
    Here,
    /// It waits here.
    Waiting,
    /// It failed here.
    Failed,
}
