//! What the rules look at: the machine, and beside it the text as it was written.

use super::uses::{self, Use};
use crate::asl::model::{ScopeId, State, StateId, StateMachine};
use crate::asl::read::outline::Outline;
use crate::asl::read::value::inner_span;
use crate::text::{Diagnostic, Member, Node, Span};

/// A definition without errors.
pub(super) struct Subject<'d> {
    source: &'d str,
    pub(super) machine: &'d StateMachine,
    outline: &'d Outline<'d>,
    uses: Vec<Vec<Use<'d>>>,
}

impl<'d> Subject<'d> {
    pub(super) fn new(source: &'d str, machine: &'d StateMachine, outline: &'d Outline<'d>) -> Self {
        let of_state = |id: StateId| {
            let state = outline.state(id);
            uses::of(&state.member.value, &state.place, machine.state(id).language)
        };
        Self { source, machine, outline, uses: machine.ids().map(of_state).collect() }
    }

    /// All states, in the order of the text.
    pub(super) fn states(&self) -> impl Iterator<Item = (StateId, &'d State)> {
        self.machine.ids().zip(&self.machine.states)
    }

    pub(super) fn state(&self, id: StateId) -> &'d State {
        self.machine.state(id)
    }

    /// All scopes, outer ones first.
    pub(super) fn scopes(&self) -> impl Iterator<Item = ScopeId> + use<> {
        (0..u32::try_from(self.machine.scopes.len()).unwrap_or(u32::MAX)).map(ScopeId)
    }

    /// A state as it is written.
    pub(super) fn node(&self, id: StateId) -> &'d Node {
        &self.outline.state(id).member.value
    }

    /// Field `name` of a state.
    pub(super) fn get(&self, id: StateId, name: &str) -> Option<&'d Member> {
        self.node(id).get(name)
    }

    /// Item number `at` of field `list` of a state.
    pub(super) fn item(&self, id: StateId, list: &str, at: usize) -> Option<&'d Node> {
        self.get(id, list)?.value.items()?.get(at)
    }

    /// The key of a state. All places are those of the tree: the machine may have been moved to another text.
    pub(super) fn name_span(&self, id: StateId) -> Span {
        self.outline.state(id).member.key_span
    }

    /// The service's location of a state.
    pub(super) fn place(&self, id: StateId) -> &'d str {
        &self.outline.state(id).place
    }

    /// The expressions in a state.
    pub(super) fn uses(&self, id: StateId) -> &[Use<'d>] {
        self.uses.get(id.0 as usize).map(Vec::as_slice).unwrap_or_default()
    }

    /// The place in the file of `inner`, a part of the expression that `used` is.
    pub(super) fn within(&self, used: &Use<'_>, inner: Span) -> Span {
        let moved = |at: u32| at as usize + used.offset;
        inner_span(self.source, used.node, Span::new(moved(inner.start), moved(inner.end)))
    }

    /// A warning about field `name` of a state, at its key.
    pub(super) fn at_field(&self, code: &'static str, id: StateId, name: &str, message: String) -> Diagnostic {
        let span = self.get(id, name).map_or_else(|| self.name_span(id), |member| member.key_span);
        Diagnostic::warning(code, message, span).located(format!("{}/{name}", self.place(id)))
    }

    /// A warning about a state, at its name.
    pub(super) fn at_state(&self, code: &'static str, id: StateId, message: String) -> Diagnostic {
        Diagnostic::warning(code, message, self.name_span(id)).located(self.place(id))
    }

    /// A warning about item number `at` of field `list` of a state.
    pub(super) fn at_item(
        &self,
        code: &'static str,
        id: StateId,
        (list, at): (&str, usize),
        message: String,
    ) -> Diagnostic {
        let span = self.item(id, list, at).map_or_else(|| self.name_span(id), |item| item.span);
        Diagnostic::warning(code, message, span).located(format!("{}/{list}[{at}]", self.place(id)))
    }

    /// A warning about a part of an expression.
    pub(super) fn at_use(&self, code: &'static str, used: &Use<'_>, inner: Span, message: String) -> Diagnostic {
        Diagnostic::warning(code, message, self.within(used, inner)).located(used.place.as_str())
    }
}
