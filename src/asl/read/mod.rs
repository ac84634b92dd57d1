//! A tree of nodes read into a state machine. All faults are found in one pass; nothing stops at the first.
//!
//! Codes, messages and locations are those of AWS's validation where they were recorded or reported; what the service
//! says in cases nobody recorded is worded after them.

mod call;
mod choice;
mod dataset;
mod hints;
mod jsonata;
mod map;
mod object;
pub(super) mod outline;
mod retry;
mod state;
mod task;
pub(super) mod value;
mod variables;

use std::collections::HashSet;
use std::sync::Arc;

use object::{Object, SCHEMA};
use outline::{Outline, ScopeOutline, StateOutline};

use super::check::{self, Links};
use super::fields::{Language, Owner};
use super::model::{Scope, ScopeId, State, StateId, StateMachine};
use super::{placeholder, suggest};
use crate::text::{Diagnostic, Member, Node, Span, diagnostic};

/// What a tree was read as.
#[derive(Debug)]
pub struct Reading {
    /// The machine; none when there are errors.
    pub machine: Option<StateMachine>,
    /// All faults, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// What is wrong in addition when the machine is an Express one.
    pub express: Vec<Diagnostic>,
}

/// Reads the tree of a definition whose text is `source`.
#[must_use]
pub fn read(root: &Node, source: &str) -> Reading {
    if root.members().is_none() {
        return Reading { machine: None, diagnostics: vec![not_an_object(root.span)], express: Vec::new() };
    }
    let outline = Outline::of(root);
    let mut reader = Reader::new(&outline, root, source);
    let machine = reader.machine(root);
    let Reader { mut diagnostics, express, .. } = reader;
    diagnostic::sort(&mut diagnostics);
    // A part that is no object may be met twice: as a field, and as what it should be.
    diagnostics.dedup();
    let sound = !diagnostics.iter().any(Diagnostic::is_error);
    Reading { machine: machine.filter(|_| sound), diagnostics, express }
}

/// What AWS says about an empty text (recorded) and, so it is taken here, about anything that is no object.
pub(super) fn not_an_object(span: Span) -> Diagnostic {
    let fault = Diagnostic::error(SCHEMA, "Definition must be a valid JSON object", span);
    fault.with_help("a definition is an object with the fields `StartAt` and `States`")
}

struct Reader<'n> {
    source: &'n str,
    outline: &'n Outline<'n>,
    language: Language,
    /// AWS's location of the state that is read.
    here: String,
    /// The labels of the Maps so far.
    labels: HashSet<String>,
    links: Links,
    diagnostics: Vec<Diagnostic>,
    express: Vec<Diagnostic>,
}

impl<'n> Reader<'n> {
    fn new(outline: &'n Outline<'n>, root: &Node, source: &'n str) -> Self {
        let named = root.get("QueryLanguage").map(|member| member.value.as_str().unwrap_or_default());
        Self {
            source,
            outline,
            language: named.map_or(Language::default(), language_of),
            here: String::new(),
            labels: HashSet::new(),
            links: Links::new(outline.scopes.len()),
            diagnostics: Vec::new(),
            express: Vec::new(),
        }
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    fn machine(&mut self, root: &'n Node) -> Option<StateMachine> {
        let scopes: Vec<Option<Scope>> = self.outline.scopes.iter().map(|scope| self.scope(scope)).collect();
        let states: Vec<Option<State>> = self.ids().map(|id| self.state(id)).collect();
        self.unique_names();
        self.unique_variables();
        self.way_through(root);
        Some(StateMachine {
            comment: text(root, "Comment"),
            timeout_seconds: root
                .get("TimeoutSeconds")
                .and_then(|m| object::number(&m.value)?.as_i64()?.try_into().ok()),
            scopes: scopes.into_iter().collect::<Option<_>>()?,
            states: states.into_iter().collect::<Option<_>>()?,
        })
    }

    fn ids(&self) -> impl Iterator<Item = StateId> + use<> {
        (0..u32::try_from(self.outline.states.len()).unwrap_or(u32::MAX)).map(StateId)
    }

    fn scope(&mut self, scope: &'n ScopeOutline<'n>) -> Option<Scope> {
        let id = ScopeId(self.links.next_scope());
        let object = self.object(scope.kind, scope.node, self.language, scope.place.clone())?;
        if scope.kind == Owner::Processor {
            self.processor_config(&object);
        }
        // Without states it is their absence that is told (recorded).
        let has_states = object.get("States").is_some_and(|states| states.value.members().is_some());
        let start = has_states.then(|| self.target(id, &object, "StartAt")).flatten();
        self.links.start(id, start, object.text("StartAt").is_some() && has_states);
        Some(Scope {
            start: start?,
            states: scope.states.clone(),
            owner: scope.owner,
            branch: scope.branch,
            span: scope.node.span,
        })
    }

    /// The state that field `name` points to: one of the same `States` (States Language, Transitions).
    fn target(&mut self, scope: ScopeId, object: &Object<'n>, name: &str) -> Option<StateId> {
        let member = object.get(name)?;
        let target = member.value.as_str()?;
        let found = self.outline.scope_of(scope).names.get(target).copied();
        let has_states = !self.outline.scope_of(scope).states.is_empty();
        if found.is_none() && has_states && placeholder::is_in(target) {
            return self.later_target(scope, member, object.at(name));
        }
        if found.is_none() {
            let message = format!("Missing 'Next' target: {target}");
            let fault = Diagnostic::error("MISSING_TRANSITION_TARGET", message, member.value.span);
            self.report(fault.located(object.at(name)).with_help(self.other_target(scope, target)));
        }
        found
    }

    /// A placeholder where the name of a state belongs: the first state that it names between quotes, else the last one.
    fn later_target(&mut self, scope: ScopeId, member: &Member, place: String) -> Option<StateId> {
        let states = self.outline.scope_of(scope);
        let text = member.value.as_str().unwrap_or_default();
        let named = text.split(['"', '\'']).find_map(|word| states.names.get(word).copied());
        let target = named.or_else(|| states.states.last().copied())?;
        let name = &self.outline.state(target).name;
        let message = format!("A placeholder stands where the name of a state is expected; here it counts as `{name}`");
        let warning = Diagnostic::warning("PLACEHOLDER", message, member.value.span).located(place);
        self.report(warning.with_help("write the name itself, or give the placeholder a value"));
        self.links.unsure(scope);
        Some(target)
    }

    fn other_target(&self, scope: ScopeId, target: &str) -> String {
        if self.outline.names.contains(target) {
            return format!("`{target}` stands in another `States`; a transition cannot leave its own");
        }
        let states = &self.outline.scope_of(scope).states;
        let names = states.iter().map(|id| &*self.outline.state(*id).name);
        match self.meant(target, names.clone()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("the states here are {}", listed(names, states.len())),
        }
    }

    /// What was probably meant by `word`. Looked for within bounds: it takes time, and nobody reads hundreds of hints.
    fn meant<'c>(&self, word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
        let worthwhile = self.diagnostics.len() < 100;
        worthwhile.then(|| suggest::nearest(word, candidates.into_iter().take(1000))).flatten()
    }

    /// State names are unique in the whole machine (States Language, States).
    fn unique_names(&mut self) {
        let mut first = std::collections::HashMap::new();
        for state in &self.outline.states {
            let Some(place) = first.insert(&state.name, &state.place) else { continue };
            let message = format!("Duplicate State name: {}", state.name);
            let fault = Diagnostic::error("DUPLICATE_STATE_NAME", message, state.member.key_span);
            let help = format!("{place} has this name, too; names are unique in the whole state machine");
            self.report(fault.located(&*state.place).with_help(help));
        }
    }

    fn way_through(&mut self, root: &Node) {
        let states = root.get("States");
        if let Some(states) = states.filter(|_| !self.links.has_end(ScopeId::TOP)) {
            self.report(check::no_terminal_state(states.key_span));
            return;
        }
        for (at, scope) in self.outline.scopes.iter().enumerate() {
            let unreachable = self.links.unreachable(at, &scope.states);
            for state in unreachable.into_iter().map(|id| self.outline.state(id)) {
                self.diagnostics.push(check::unreachable(&state.name, &state.place, state.member.key_span));
            }
        }
    }

    fn is_downgraded(&self, object: &Object<'_>) -> bool {
        self.language == Language::Jsonata && object.language == Language::JsonPath
    }

    /// Where an object begins: enough to show where something is missing.
    fn head(&self, node: &Node) -> Span {
        let start = node.span.start as usize;
        let len = self.source.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        Span::new(start, start + len)
    }
}

/// A placeholder is taken for the default.
fn language_of(name: &str) -> Language {
    if placeholder::is_in(name) { Language::default() } else { Language::of(name) }
}

fn text(node: &Node, name: &str) -> Option<Arc<str>> {
    node.get(name)?.value.as_str().map(Arc::from)
}

/// The first of `count` names, for a hint.
fn listed<'s>(names: impl Iterator<Item = &'s str>, count: usize) -> String {
    let shown: Vec<String> = names.take(8).map(|name| format!("`{name}`")).collect();
    match count.saturating_sub(shown.len()) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod refusal_tests;
