//! What is drawn: states, the scopes nested in them, and transitions with words.

use crate::asl::graph::{Edge, EdgeKind, Target, edges, order};
use crate::asl::{Operand, Operator, ScopeId, StateId, StateKind, StateMachine, Test};
use crate::tui::graph::machine::{about, inner};

/// The longest words at a transition, in characters.
const LABEL: usize = 48;
/// Conditions are told to this depth of And, Or and Not.
const DEPTH: usize = 4;

/// A state machine as it is drawn.
pub(super) struct Chart<'m> {
    pub(super) machine: &'m StateMachine,
    pub(super) title: &'m str,
}

/// A transition with its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Arrow {
    /// Where it starts; none: the start of the scope.
    pub(super) from: Option<StateId>,
    /// Where it leads; none: out of the scope.
    pub(super) to: Option<StateId>,
    /// The condition or the errors; empty for the usual way.
    pub(super) label: String,
    /// Whether it is that of a catcher.
    pub(super) is_catch: bool,
    /// Whether it leads back.
    pub(super) is_return: bool,
}

impl<'m> Chart<'m> {
    pub(super) fn new(machine: &'m StateMachine, title: &'m str) -> Self {
        Self { machine, title }
    }

    /// The states of a scope, what comes first in front.
    pub(super) fn states(&self, scope: ScopeId) -> Vec<StateId> {
        order(self.machine, scope)
    }

    /// The scopes nested in a state, each with what it is called.
    pub(super) fn scopes(&self, state: StateId) -> Vec<(ScopeId, String)> {
        let kind = &self.machine.state(state).kind;
        let scopes = inner(kind).iter().enumerate();
        let is_parallel = matches!(kind, StateKind::Parallel(_));
        let called = |at: usize| if is_parallel { format!("branch {}", at + 1) } else { "each item".to_owned() };
        scopes.map(|(at, scope)| (*scope, called(at))).collect()
    }

    pub(super) fn name(&self, state: StateId) -> &'m str {
        &self.machine.state(state).name
    }

    /// The type, and in a word what it is about.
    pub(super) fn kind(&self, state: StateId) -> String {
        let kind = &self.machine.state(state).kind;
        let about = about(kind);
        if about.is_empty() { kind.type_name().to_owned() } else { format!("{} {}", kind.type_name(), short(&about)) }
    }

    /// The transitions of a scope. Start and ends belong to the machine's own scope; inside of states they go without
    /// saying.
    pub(super) fn arrows(&self, scope: ScopeId) -> Vec<Arrow> {
        let is_shown = |arrow: &Arrow| scope == ScopeId::TOP || arrow.from.is_some() && arrow.to.is_some();
        edges(self.machine, scope).into_iter().map(|edge| self.arrow(edge)).filter(is_shown).collect()
    }

    fn arrow(&self, edge: Edge) -> Arrow {
        let to = match edge.to {
            Target::State(to) => Some(to),
            Target::End => None,
        };
        Arrow {
            from: edge.from,
            to,
            label: edge.from.map(|from| self.label(from, edge.kind)).unwrap_or_default(),
            is_catch: matches!(edge.kind, EdgeKind::Catch(_)),
            is_return: edge.is_return,
        }
    }

    fn label(&self, from: StateId, kind: EdgeKind) -> String {
        let state = self.machine.state(from);
        match (kind, &state.kind) {
            (EdgeKind::Choice(at), StateKind::Choice(choice)) => {
                choice.rules.get(at).map(|rule| short(&condition(&rule.test, DEPTH))).unwrap_or_default()
            }
            (EdgeKind::Default, _) => "default".to_owned(),
            (EdgeKind::Catch(at), _) => {
                let errors = state.catch.get(at).map(|catcher| catcher.error_equals.join(", "));
                short(&errors.unwrap_or_default())
            }
            _ => String::new(),
        }
    }
}

/// A condition in a few words.
fn condition(test: &Test, depth: usize) -> String {
    if depth == 0 {
        return "…".to_owned();
    }
    let all = |tests: &[Test], word: &str| {
        tests.iter().map(|test| condition(test, depth - 1)).collect::<Vec<_>>().join(&format!(" {word} "))
    };
    match test {
        Test::And(tests) => all(tests, "and"),
        Test::Or(tests) if depth < DEPTH => format!("({})", all(tests, "or")),
        Test::Or(tests) => all(tests, "or"),
        Test::Not(test) => format!("not {}", condition(test, depth - 1)),
        Test::Compare { variable, operator, operand, .. } => comparison(variable.text(), *operator, operand),
        Test::Literal(value) => value.to_string(),
        Test::Condition(expression) => expression.text().trim().to_owned(),
    }
}

fn comparison(variable: &str, operator: Operator, operand: &Operand) -> String {
    let name = format!("{operator:?}");
    let with = match operand {
        Operand::Value(value) => value.to_json(),
        Operand::Path(path) => path.text().to_owned(),
    };
    let sign = match operator {
        Operator::StringMatches => "matches",
        _ if name.starts_with("Is") => {
            let what = name.trim_start_matches("Is").to_lowercase();
            return format!("{variable} is {}{what}", if with == "false" { "not " } else { "" });
        }
        _ if name.ends_with("GreaterThanEquals") => "≥",
        _ if name.ends_with("LessThanEquals") => "≤",
        _ if name.ends_with("GreaterThan") => ">",
        _ if name.ends_with("LessThan") => "<",
        _ => "=",
    };
    format!("{variable} {sign} {with}")
}

/// `text` on one line, cut where it gets long.
fn short(text: &str) -> String {
    let text = plain(text);
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.chars().count() <= LABEL {
        return words;
    }
    words.chars().take(LABEL - 1).chain(['…']).collect()
}

/// `text` with blanks for line breaks and other control characters.
pub(super) fn plain(text: &str) -> String {
    text.chars().map(|sign| if sign.is_control() { ' ' } else { sign }).collect()
}
