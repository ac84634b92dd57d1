//! The definition of a test: a state, or a machine that has it.

use std::sync::Arc;

use super::super::definition::refused;
use crate::api::Exception;
use crate::asl::{self, State, StateId, StateMachine};
use crate::text::{Member, Node, NodeKind, Span, json};

/// What a state that is given alone is called (recorded).
pub(super) const ALONE: &str = "StateName";

/// The state under test.
#[derive(Debug)]
pub(super) struct Tested {
    pub(super) machine: Arc<StateMachine>,
    pub(super) id: StateId,
}

impl Tested {
    /// Reads `text`: a machine that has a state `name`, or that state alone.
    ///
    /// # Errors
    /// `InvalidDefinition`; `ValidationException` when there is no such state.
    pub(super) fn read(text: &str, name: Option<&str>) -> Result<Self, Exception> {
        let root = match json::parse(text) {
            Ok(root) => root,
            Err(error) => return Err(refused(&[asl::definition::not_json(&error, text)])),
        };
        let root = if name.is_some() { root } else { machine_of(root) };
        let asl::Reading { machine, diagnostics, .. } = asl::read(&root, text);
        let mut machine = machine.ok_or_else(|| refused(&diagnostics))?;
        let id = machine.find(name.unwrap_or(ALONE));
        let id = id.ok_or_else(|| Exception::validation("State not found in definition"))?;
        // A test takes five minutes at most, whatever its machine may take.
        machine.timeout_seconds = None;
        Ok(Self { machine: Arc::new(machine), id })
    }

    pub(super) fn state(&self) -> &State {
        self.machine.state(self.id)
    }
}

/// A machine of `state` and of ends for all its transitions: where they lead is not looked at.
fn machine_of(state: Node) -> Node {
    let span = Span::new(state.span.start as usize, state.span.start as usize);
    let node = |kind: NodeKind| Node { span, kind };
    let text = |text: &str| node(NodeKind::String(text.into()));
    let member = |key: &str, value: Node| Member { key: key.into(), key_span: span, value };
    let ends = targets(&state).into_iter().map(|name| {
        let end = node(NodeKind::Object(vec![member("Type", text("Succeed"))]));
        member(&name, end)
    });
    let mut states: Vec<Member> = ends.collect();
    states.push(member(ALONE, state));
    let states = node(NodeKind::Object(states));
    node(NodeKind::Object(vec![member("StartAt", text(ALONE)), member("States", states)]))
}

/// The names of the states that `state` can go on to, each once.
fn targets(state: &Node) -> Vec<Arc<str>> {
    let name = |part: &Node, field: &str| part.get(field).and_then(|member| member.value.as_str()).map(Arc::from);
    let parts = |field: &str| state.get(field).and_then(|member| member.value.items()).unwrap_or_default();
    let own = ["Next", "Default"].into_iter().filter_map(|field| name(state, field));
    let parts = ["Choices", "Catch"].into_iter().flat_map(parts).filter_map(|part| name(part, "Next"));
    let mut all: Vec<Arc<str>> = own.chain(parts).filter(|name| &**name != ALONE).collect();
    all.sort_unstable();
    all.dedup();
    all
}
