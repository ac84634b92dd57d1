//! What is wrong with a machine as a whole: whether all states can be reached and it can end, and what its type lacks.

use std::collections::{HashMap, HashSet};

use super::definition::Definition;
use super::model::{ResourceKind, ScopeId, StateId};
use crate::text::{Diagnostic, Span, diagnostic};

/// The type of a state machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum MachineType {
    /// `STANDARD`, the default.
    #[default]
    Standard,
    /// `EXPRESS`
    Express,
}

/// All that is wrong with the definition of a machine of this type, in the order of the text.
#[must_use]
pub fn for_type(definition: &Definition, kind: MachineType) -> Vec<Diagnostic> {
    let mut all = definition.diagnostics.clone();
    if kind == MachineType::Express {
        all.extend(definition.express.iter().cloned());
        diagnostic::sort(&mut all);
    }
    all
}

/// What AWS says about an Express machine that waits for a token; in its answers a blank follows (recorded).
pub const NO_TOKENS: &str = "Express state machine does not support '.waitForTaskToken' service integration";

/// An integration that Express machines do not have (recorded).
#[must_use]
pub fn not_for_express(kind: &ResourceKind, place: &str, at: Span) -> Option<Diagnostic> {
    let (message, help) = match kind {
        ResourceKind::Activity => (
            "Express state machine does not support Activity ARN",
            "call a function instead, or make the machine a STANDARD one",
        ),
        ResourceKind::Service { task_token: true, .. } => {
            (NO_TOKENS, "an Express machine cannot wait for a token: make it a STANDARD one")
        }
        ResourceKind::Service { sync: true, .. } => (
            "Express state machine does not support '.sync' service integration",
            "without `.sync` the task only starts the job; make the machine a STANDARD one to wait for it",
        ),
        _ => return None,
    };
    let fault = Diagnostic::error(SCHEMA, message, at);
    Some(fault.located(place).with_help(help))
}

/// A distributed Map, which Express machines do not have (reported).
#[must_use]
pub fn distributed_in_express(place: &str, at: Span) -> Diagnostic {
    let message = "The field 'Mode' with value 'DISTRIBUTED' is not supported inside 'EXPRESS' state machines";
    let fault = Diagnostic::error(SCHEMA, message, at).located(place);
    fault.with_help("write INLINE, or make the machine a STANDARD one")
}

/// AWS's code for all that is wrong with the shape of a definition.
pub(super) const SCHEMA: &str = "SCHEMA_VALIDATION_FAILED";

/// The transitions found while a definition is read.
#[derive(Debug)]
pub struct Links {
    edges: HashMap<StateId, Vec<StateId>>,
    scopes: Vec<ScopeLinks>,
    read: u32,
}

#[derive(Debug, Clone, Copy, Default)]
struct ScopeLinks {
    start: Option<StateId>,
    /// Something is missing that says where it goes on: what is reached cannot be told.
    unsure: bool,
    ends: bool,
}

impl Links {
    /// No links in `scopes` scopes.
    #[must_use]
    pub fn new(scopes: usize) -> Self {
        Self { edges: HashMap::new(), scopes: vec![ScopeLinks::default(); scopes], read: 0 }
    }

    /// The index of the next scope that is read.
    pub fn next_scope(&mut self) -> u32 {
        self.read += 1;
        self.read - 1
    }

    /// `StartAt` of a scope; not `given`: the field is missing.
    pub fn start(&mut self, scope: ScopeId, start: Option<StateId>, given: bool) {
        if let Some(links) = self.scopes.get_mut(scope.0 as usize) {
            links.start = start;
            links.unsure |= !given;
        }
    }

    /// A transition.
    pub fn edge(&mut self, from: StateId, to: StateId) {
        self.edges.entry(from).or_default().push(to);
    }

    /// A state of `scope` that ends it.
    pub fn end(&mut self, scope: ScopeId) {
        if let Some(links) = self.scopes.get_mut(scope.0 as usize) {
            links.ends = true;
        }
    }

    /// A state of `scope` that does not say where it goes on.
    pub fn unsure(&mut self, scope: ScopeId) {
        if let Some(links) = self.scopes.get_mut(scope.0 as usize) {
            links.unsure = true;
        }
    }

    /// Whether a state ends `scope`, or might.
    #[must_use]
    pub fn has_end(&self, scope: ScopeId) -> bool {
        self.scopes.get(scope.0 as usize).is_none_or(|links| links.ends || links.unsure)
    }

    /// Those of `states`, the states of scope number `scope`, that no transition reaches.
    #[must_use]
    pub fn unreachable(&self, scope: usize, states: &[StateId]) -> Vec<StateId> {
        let Some(links) = self.scopes.get(scope).filter(|links| !links.unsure) else { return Vec::new() };
        let mut reached: Vec<StateId> = links.start.into_iter().collect();
        let mut seen: HashSet<StateId> = reached.iter().copied().collect();
        while let Some(state) = reached.pop() {
            let targets = self.edges.get(&state).map(Vec::as_slice).unwrap_or_default();
            reached.extend(targets.iter().filter(|to| seen.insert(**to)));
        }
        states.iter().filter(|state| !seen.contains(state)).copied().collect()
    }
}

/// Nothing ends the top level; AWS looks at no other level, and then not at reachability (reported).
#[must_use]
pub fn no_terminal_state(at: Span) -> Diagnostic {
    let fault = Diagnostic::error("MISSING_END_STATE", "Workflow has no terminal state", at);
    fault.with_help("give one state \"End\": true, or add a state of Type Succeed or Fail")
}

/// A state that no transition reaches (reported).
#[must_use]
pub fn unreachable(name: &str, place: &str, at: Span) -> Diagnostic {
    let message = format!("State \"{name}\" is not reachable.");
    let fault = Diagnostic::error("MISSING_TRANSITION_TARGET", message, at);
    fault.located(place).with_help("let a `Next`, `Default` or `Catch` lead to it, or remove it")
}
