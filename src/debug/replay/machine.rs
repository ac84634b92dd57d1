//! The machine that a history is shown on: the one of the definition, and states that only the history knows.

use std::collections::HashMap;
use std::sync::Arc;

use super::threads::{Known, KnownState, Threads};
use super::what::{Family, Type};
use crate::asl::{
    Choice, ChoiceRule, Definition, Distributed, Fail, Language, Map, MaxConcurrency, Parallel, PathField,
    ResourceKind, ResultPath, Scope, ScopeId, Seconds, State, StateId, StateKind, StateMachine, Task, Test, Transition,
    Wait, resource,
};
use crate::query::Template;
use crate::text::{Span, json};

/// A machine with all states of a history.
pub(super) struct Ground {
    pub(super) definition: Definition,
    pub(super) machine: Arc<StateMachine>,
    /// The id of each state that the history knows.
    pub(super) ids: Vec<StateId>,
    /// The names of those that the definition does not have, or has as another type.
    pub(super) strangers: Vec<Arc<str>>,
}

/// The states of the history on `definition`, or on a machine that is made of them.
pub(super) fn machine(threads: &Threads, definition: Option<&Definition>, name: &str) -> Ground {
    let given = definition.and_then(|definition| Some((definition, definition.machine.as_ref()?)));
    match given {
        Some((definition, machine)) => on_definition(threads, definition, machine),
        None => made(threads, name),
    }
}

fn on_definition(threads: &Threads, definition: &Definition, machine: &Arc<StateMachine>) -> Ground {
    let by_name: HashMap<&str, StateId> = machine.ids().map(|id| (&*machine.state(id).name, id)).collect();
    let fitting =
        |known: &KnownState| by_name.get(&*known.name).copied().filter(|id| fits(known, &machine.state(*id).kind));
    let mut next = u32::try_from(machine.states.len()).unwrap_or(u32::MAX);
    let ids = threads.states.iter().map(|known| {
        fitting(known).unwrap_or_else(|| {
            next += 1;
            StateId(next - 1)
        })
    });
    let ids: Vec<StateId> = ids.collect();
    let own = machine.states.len();
    let is_stranger = |known: &Known| ids[*known].0 as usize >= own;
    let strangers: Vec<Known> = (0..ids.len()).filter(is_stranger).collect();
    if strangers.is_empty() {
        let definition = definition.clone();
        return Ground { definition, machine: Arc::clone(machine), ids, strangers: Vec::new() };
    }
    let mut whole = StateMachine {
        comment: machine.comment.clone(),
        timeout_seconds: machine.timeout_seconds,
        scopes: machine.scopes.clone(),
        states: machine.states.clone(),
    };
    for known in &strangers {
        let mut scopes = NewScopes(&mut whole.scopes);
        let mut state = state_of(threads, *known, ScopeId::TOP, &ids, &mut |owner, branch| {
            scopes.add(owner, branch, &ids, threads)
        });
        state.is_former = true;
        whole.states.push(state);
    }
    fill(&mut whole.scopes, &mut whole.states, true);
    let machine = Arc::new(whole);
    let definition = Definition { machine: Some(Arc::clone(&machine)), ..definition.clone() };
    let strangers = strangers.into_iter().map(|known| Arc::clone(&threads.states[known].name)).collect();
    Ground { definition, machine, ids, strangers }
}

/// Whether a state of the definition can be the one that the history knows.
fn fits(known: &KnownState, kind: &StateKind) -> bool {
    let family = |task: &Task| match task.resource.kind {
        ResourceKind::LambdaFunction => Family::Function,
        ResourceKind::Activity => Family::Activity,
        ResourceKind::Service { .. } => Family::Service,
    };
    Type::named(kind.type_name()) == Some(known.kind)
        && match kind {
            StateKind::Task(task) => known.family.is_none_or(|known| known == family(task)),
            _ => true,
        }
}

/// The start of a scope of which the history tells nothing.
const UNKNOWN: StateId = StateId(u32::MAX);

/// The name of what stands in such a scope.
const NOT_RECORDED: &str = "(not recorded)";

/// Puts a state into each scope of which the history tells nothing: no scope is empty.
fn fill(scopes: &mut [Scope], states: &mut Vec<State>, is_former: bool) {
    for (at, scope) in (0..).zip(scopes).filter(|(_, scope)| scope.start == UNKNOWN) {
        scope.start = StateId(u32::try_from(states.len()).unwrap_or(u32::MAX));
        if !is_former {
            scope.states.push(scope.start);
        }
        let filler = state(NOT_RECORDED, ScopeId(at), StateKind::Pass { result: None }, Transition::End);
        states.push(State { is_former, ..filler });
    }
}

/// Scopes that are added behind others.
struct NewScopes<'s>(&'s mut Vec<Scope>);

impl NewScopes<'_> {
    fn add(&mut self, owner: Known, branch: u32, ids: &[StateId], threads: &Threads) -> ScopeId {
        let start = threads.starts.get(&Some((owner, branch))).map_or(UNKNOWN, |start| ids[*start]);
        let (owner, branch) = (Some(ids[owner]), branch as usize);
        self.0.push(Scope { start, states: Vec::new(), owner, branch, span: Span::at(0) });
        ScopeId(u32::try_from(self.0.len() - 1).unwrap_or(u32::MAX))
    }
}

/// A machine of nothing but the history.
fn made(threads: &Threads, name: &str) -> Ground {
    let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let ids: Vec<StateId> = (0..threads.states.len()).map(|known| StateId(number(known))).collect();
    let start = threads.starts.get(&None).map_or(UNKNOWN, |start| ids[*start]);
    let mut scopes = vec![Scope { start, states: Vec::new(), owner: None, branch: 0, span: Span::at(0) }];
    let mut places: HashMap<(Known, u32), ScopeId> = HashMap::new();
    let mut states = Vec::with_capacity(ids.len());
    for known in 0..ids.len() {
        let scope =
            threads.states[known].scope.map_or(ScopeId::TOP, |key| places.get(&key).copied().unwrap_or(ScopeId::TOP));
        let mut new = NewScopes(&mut scopes);
        let state = state_of(threads, known, scope, &ids, &mut |owner, branch| {
            let id = new.add(owner, branch, &ids, threads);
            places.insert((owner, branch), id);
            id
        });
        states.push(state);
        scopes[scope.0 as usize].states.push(ids[known]);
    }
    fill(&mut scopes, &mut states, false);
    let machine = Arc::new(StateMachine { comment: None, timeout_seconds: None, scopes, states });
    let definition = Definition { machine: Some(Arc::clone(&machine)), ..Definition::unreadable(name, "", Vec::new()) };
    Ground { definition, machine, ids, strangers: Vec::new() }
}

/// A state with what the history tells of it; `scope_of` makes the scopes of its branches.
fn state_of(
    threads: &Threads,
    known: Known,
    scope: ScopeId,
    ids: &[StateId],
    scope_of: &mut dyn FnMut(Known, u32) -> ScopeId,
) -> State {
    let about = &threads.states[known];
    let nexts: Vec<StateId> = about.nexts.iter().map(|next| ids[*next]).collect();
    let mut branches: Vec<u32> =
        threads.starts.keys().flatten().filter(|(owner, _)| *owner == known).map(|(_, branch)| *branch).collect();
    branches.sort_unstable();
    let kind = match about.kind {
        Type::Pass => StateKind::Pass { result: None },
        Type::Task => StateKind::Task(Task {
            resource: resource_of(about),
            timeout: Seconds::None,
            heartbeat: Seconds::None,
            credentials: None,
        }),
        Type::Choice => StateKind::Choice(choice(&nexts)),
        Type::Wait => StateKind::Wait(Wait::Seconds(0)),
        Type::Succeed => StateKind::Succeed,
        Type::Fail => StateKind::Fail(Fail { error: None, cause: None }),
        Type::Parallel => {
            StateKind::Parallel(Parallel { branches: branches.iter().map(|branch| scope_of(known, *branch)).collect() })
        }
        Type::Map => StateKind::Map(Map {
            processor: scope_of(known, 0),
            items_path: None,
            items: None,
            item_selector: None,
            max_concurrency: MaxConcurrency::Fixed(0),
            distributed: Box::new(Distributed { is_mode: about.is_distributed, ..Distributed::default() }),
        }),
    };
    let transition = nexts.first().map_or(Transition::End, |next| Transition::Next(*next));
    // What a task was scheduled with is known: a field that stands for what made it.
    let parameters = json::parse("{}").ok().filter(|_| about.kind == Type::Task);
    let parameters = parameters.and_then(|node| Template::compile(&node).ok());
    State { parameters, ..state(&about.name, scope, kind, transition) }
}

/// The ways that were taken; what decided is not in a history.
fn choice(nexts: &[StateId]) -> Choice {
    let rule = |next: &StateId| ChoiceRule {
        test: Test::Literal(false),
        next: *next,
        assign: None,
        output: None,
        span: Span::at(0),
    };
    Choice { rules: nexts.iter().skip(1).map(rule).collect(), default: nexts.first().copied() }
}

fn resource_of(about: &KnownState) -> crate::asl::Resource {
    let text = about.resource.as_deref().unwrap_or(match about.family {
        Some(Family::Function) => "function",
        Some(Family::Activity) => "arn:aws:states:us-east-1:123456789012:activity:unknown",
        Some(Family::Service) | None => "arn:aws:states:::unknown:unknown",
    });
    resource::parse(text).0
}

fn state(name: &str, scope: ScopeId, kind: StateKind, transition: Transition) -> State {
    State {
        name: name.into(),
        name_span: Span::at(0),
        span: Span::at(0),
        scope,
        comment: None,
        language: Language::JsonPath,
        kind,
        input_path: PathField::Whole,
        parameters: None,
        result_selector: None,
        result_path: ResultPath::Whole,
        output_path: PathField::Whole,
        arguments: None,
        output: None,
        assign: None,
        retry: Vec::new(),
        catch: Vec::new(),
        transition,
        fields: Vec::new(),
        is_former: false,
    }
}
