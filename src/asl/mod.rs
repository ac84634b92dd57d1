//! State machines as the Amazon States Language describes them: ids resolved, paths compiled, faults placed.

pub mod model;

pub use model::{
    Catcher, Choice, ChoiceRule, Fail, FieldSpan, Jitter, Map, MaxConcurrency, Operand, Operator, Parallel, PathField,
    Resource, ResourceKind, ResultPath, Retrier, Scope, ScopeId, Seconds, State, StateId, StateKind, StateMachine,
    Task, Test, Text, Transition, Wait,
};
