//! State machines as the Amazon States Language describes them: ids resolved, paths compiled, faults placed.

pub mod align;
pub mod check;
pub mod codes;
pub mod definition;
pub mod fields;
pub mod graph;
pub mod lint;
pub mod model;
pub mod placeholder;
mod places;
pub mod read;
pub mod resource;
pub mod suggest;
pub mod unsupported;

pub use align::{Changes, aligned, changes};
pub use check::{MachineType, for_type};
pub use definition::Definition;
pub use fields::Language;
pub use model::{
    Amount, Catcher, Choice, ChoiceRule, Distributed, Fail, FieldSpan, Filling, ItemBatcher, ItemReader, Jitter, Map,
    MaxConcurrency, Operand, Operator, Parallel, PathField, Resource, ResourceKind, ResultPath, ResultWriter, Retrier,
    Scope, ScopeId, Seconds, State, StateId, StateKind, StateMachine, Task, Test, Text, Transition, Wait,
};
pub use read::{Reading, read};
