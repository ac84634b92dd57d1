//! Variables that are read before they can have been assigned, and such as nobody reads.
//!
//! Facts flow along the transitions: which variables are assigned on some way to a state, and which on all. A state sees
//! the variables as they are when it is entered; Map and Parallel give theirs to the states inside, a distributed Map
//! does not (developer guide, Variables).

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use super::subject::Subject;
use super::uses::{Use, What};
use crate::asl::fields::Language;
use crate::asl::graph::{EdgeKind, Target, transitions};
use crate::asl::model::{ScopeId, State, StateId, StateKind};
use crate::asl::{placeholder, suggest};
use crate::query::Root;
use crate::text::{Diagnostic, Member, Node, Span};

const NEVER: &str = "UNASSIGNED_VARIABLE";
const SOMETIMES: &str = "MAYBE_UNASSIGNED_VARIABLE";
const UNUSED: &str = "UNUSED_VARIABLE";

/// The most facts that are kept: more are in no definition that a person wrote.
const MOST_FACTS: usize = 20_000_000;
/// How many names a misspelled one is compared with.
const MOST_NAMES: usize = 500;

pub(super) fn find(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let reads: Vec<Vec<Read<'_>>> = subject.machine.ids().map(|id| reads_of(subject, id)).collect();
    let mut flow = Flow::new(subject, &reads);
    if flow.numbers.len() * subject.machine.states.len() <= MOST_FACTS {
        flow.scope(ScopeId::TOP);
        for (id, _) in subject.states() {
            flow.report(id, &reads[id.0 as usize], found);
        }
    }
    unused(subject, &reads, found);
}

/// A variable that an expression reads.
struct Read<'u> {
    name: Arc<str>,
    used: &'u Use<'u>,
    span: Span,
    /// Whether the expression has no value without it.
    is_needed: bool,
}

fn reads_of<'u>(subject: &'u Subject<'_>, id: StateId) -> Vec<Read<'u>> {
    let mut reads = Vec::new();
    for used in subject.uses(id) {
        match &used.what {
            What::Path(expression) => {
                for (path, start) in expression.paths() {
                    let Root::Variable(name) = path.root() else { continue };
                    let span = Span::new(start, start + name.len() + 1);
                    reads.push(Read { name: name.clone(), used, span, is_needed: !is_presence_test(used) });
                }
            }
            What::Jsonata(jsonata) => {
                let others = jsonata.reads().into_iter().filter(|read| &*read.names[0] != "states");
                reads.extend(others.map(|read| Read {
                    name: read.names[0].clone(),
                    used,
                    span: Span::new(read.span.start as usize, read.span.start as usize + read.names[0].len() + 1),
                    is_needed: read.is_needed,
                }));
            }
        }
    }
    reads
}

/// A Choice can ask whether a variable is there.
fn is_presence_test(used: &Use<'_>) -> bool {
    used.field == "Choices"
}

/// The variables that an `Assign` sets, without the suffix of paths.
fn assigned(node: Option<&Node>, language: Language) -> Vec<&str> {
    let name = |member: &'_ Member| match language {
        Language::JsonPath => member.key.len() - if member.key.ends_with(".$") { 2 } else { 0 },
        Language::Jsonata => member.key.len(),
    };
    let members = node.and_then(|node| node.get("Assign")?.value.members()).unwrap_or_default();
    members.iter().filter_map(|member| member.key.get(..name(member))).collect()
}

/// The variables that state `id` sets on one of its ways out (States Language, Assign: that of a Choice rule or a
/// catcher takes the place of the state's own).
fn assigned_by<'d>(subject: &Subject<'d>, id: StateId, way: EdgeKind) -> Vec<&'d str> {
    let item = |list: &str, at: usize| subject.get(id, list).and_then(|list| list.value.items()?.get(at));
    let holder = match way {
        EdgeKind::Next | EdgeKind::Default => Some(subject.node(id)),
        EdgeKind::Choice(at) => item("Choices", at),
        EdgeKind::Catch(at) => item("Catch", at),
    };
    assigned(holder, subject.state(id).language)
}

/// What is known where a state is entered.
#[derive(Clone, PartialEq, Eq, Default)]
struct Facts {
    /// Assigned on some way.
    some: Bits,
    /// Assigned on all ways.
    all: Bits,
}

#[derive(Clone, PartialEq, Eq, Default)]
struct Bits(Vec<u64>);

impl Bits {
    fn has(&self, at: usize) -> bool {
        self.0.get(at / 64).is_some_and(|word| word & (1 << (at % 64)) != 0)
    }

    fn set(&mut self, at: usize) {
        if self.0.len() <= at / 64 {
            self.0.resize(at / 64 + 1, 0);
        }
        self.0[at / 64] |= 1 << (at % 64);
    }

    fn add(&mut self, other: &Self) {
        self.0.resize(self.0.len().max(other.0.len()), 0);
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word |= other);
    }

    fn keep(&mut self, other: &Self) {
        for (at, word) in self.0.iter_mut().enumerate() {
            *word &= other.0.get(at).copied().unwrap_or(0);
        }
    }
}

struct Flow<'s, 'd> {
    subject: &'s Subject<'d>,
    /// The variables that are read somewhere.
    numbers: HashMap<Arc<str>, usize>,
    /// What each Choice asks about: where it leads, the variable is there, or the author knows.
    asked: HashMap<StateId, Vec<Arc<str>>>,
    /// All variables that a state assigns.
    assigned: HashSet<&'d str>,
    entered: HashMap<StateId, Facts>,
}

impl<'s, 'd> Flow<'s, 'd> {
    fn new(subject: &'s Subject<'d>, reads: &[Vec<Read<'_>>]) -> Self {
        let mut numbers = HashMap::new();
        for read in reads.iter().flatten() {
            let next = numbers.len();
            numbers.entry(read.name.clone()).or_insert(next);
        }
        let asked = reads.iter().zip(subject.machine.ids()).map(|(reads, id)| {
            let asking = reads.iter().filter(|read| read.used.field == "Choices" && !read.is_needed);
            (id, asking.map(|read| read.name.clone()).collect())
        });
        let assigned = subject.machine.ids().flat_map(|id| {
            let ways = transitions(subject.state(id)).into_iter().map(|(way, _)| way);
            ways.flat_map(move |way| assigned_by(subject, id, way)).collect::<Vec<_>>()
        });
        Self { subject, numbers, asked: asked.collect(), assigned: assigned.collect(), entered: HashMap::new() }
    }

    /// Follows `scope`, and those inside, outer ones first.
    fn scope(&mut self, scope: ScopeId) {
        let mut open = vec![(scope, Facts::default())];
        while let Some((scope, facts)) = open.pop() {
            self.follow(scope, facts);
            for id in &self.subject.machine.scope(scope).states {
                let Some(facts) = self.entered.get(id) else { continue };
                match &self.subject.state(*id).kind {
                    StateKind::Map(map) if map.distributed.is_mode => open.push((map.processor, Facts::default())),
                    StateKind::Map(map) => open.push((map.processor, facts.clone())),
                    StateKind::Parallel(parallel) => {
                        open.extend(parallel.branches.iter().map(|branch| (*branch, facts.clone())));
                    }
                    _ => {}
                }
            }
        }
    }

    fn follow(&mut self, scope: ScopeId, facts: Facts) {
        let start = self.subject.machine.scope(scope).start;
        self.entered.insert(start, facts);
        let mut open = VecDeque::from([start]);
        let mut waiting = HashSet::from([start]);
        while let Some(id) = open.pop_front() {
            waiting.remove(&id);
            let entered = self.entered.get(&id).cloned().unwrap_or_default();
            for (way, target) in transitions(self.subject.state(id)) {
                let Target::State(next) = target else { continue };
                let left = self.left(id, way, entered.clone());
                if self.arrive(next, left) && waiting.insert(next) {
                    open.push_back(next);
                }
            }
        }
    }

    fn left(&self, id: StateId, way: EdgeKind, mut facts: Facts) -> Facts {
        for number in self.asked.get(&id).into_iter().flatten().filter_map(|name| self.numbers.get(name)) {
            facts.all.set(*number);
        }
        for name in assigned_by(self.subject, id, way) {
            if let Some(number) = self.numbers.get(name) {
                facts.some.set(*number);
                facts.all.set(*number);
            }
        }
        facts
    }

    /// Whether `facts` tell something new about `id`.
    fn arrive(&mut self, id: StateId, facts: Facts) -> bool {
        let Some(known) = self.entered.get_mut(&id) else {
            self.entered.insert(id, facts);
            return true;
        };
        let before = known.clone();
        known.some.add(&facts.some);
        known.all.keep(&facts.all);
        *known != before
    }

    fn report(&self, id: StateId, reads: &[Read<'_>], found: &mut Vec<Diagnostic>) {
        let Some(facts) = self.entered.get(&id) else { return };
        let mut told = HashSet::new();
        for read in reads {
            let number = self.numbers[&read.name];
            if placeholder::is_in(&read.used.place) || !told.insert((&read.name, read.is_needed)) {
                continue;
            }
            if !facts.some.has(number) {
                // What is asked whether it is there need not be there, as long as it may be.
                let is_elsewhere = self.assigned.contains(&*read.name);
                if read.is_needed || !is_elsewhere {
                    found.push(self.never(id, read, is_elsewhere));
                }
            } else if read.is_needed && !facts.all.has(number) {
                found.push(self.sometimes(read));
            }
        }
    }

    fn never(&self, id: StateId, read: &Read<'_>, is_elsewhere: bool) -> Diagnostic {
        let name = &read.name;
        let (message, help) = if !is_elsewhere {
            let help = match suggest::nearest(name, self.assigned.iter().copied().take(MOST_NAMES)) {
                Some(meant) => format!("did you mean `${meant}`?"),
                None => format!("assign it in a state before, with `Assign`: {{\"{name}\": …}}"),
            };
            (format!("No state assigns `${name}`"), help)
        } else if self.is_cut_off(id) {
            let message =
                format!("`${name}` is not seen here: states in a distributed Map have variables of their own");
            (message, "pass it in the `ItemSelector` of the Map".to_owned())
        } else {
            let message = format!("`${name}` is assigned on no way to this state");
            (
                message,
                "assign it in a state before; an `Assign` counts from the next state on, and not outside of its \
              Map or Parallel"
                    .to_owned(),
            )
        };
        self.subject.at_use(NEVER, read.used, read.span, message).with_help(help)
    }

    fn is_cut_off(&self, id: StateId) -> bool {
        let is_map_run = |state: &State| matches!(&state.kind, StateKind::Map(map) if map.distributed.is_mode);
        self.subject.machine.path(id).iter().any(|outer| *outer != id && is_map_run(self.subject.state(*outer)))
    }

    fn sometimes(&self, read: &Read<'_>) -> Diagnostic {
        let name = &read.name;
        let message = format!("`${name}` is not assigned on all ways to this state");
        let help = "assign it before the ways part, too: the state fails where it is missing";
        self.subject.at_use(SOMETIMES, read.used, read.span, message).with_help(help)
    }
}

/// Variables that are assigned and read nowhere in the definition.
fn unused(subject: &Subject<'_>, reads: &[Vec<Read<'_>>], found: &mut Vec<Diagnostic>) {
    let read: HashSet<&str> = reads.iter().flatten().map(|read| &*read.name).collect();
    let mut told = HashSet::new();
    for (id, state) in subject.states() {
        let own = Some((subject.node(id), subject.place(id).to_owned()));
        // What a catcher assigns is often there for people who read the history.
        let rules = subject.get(id, "Choices").and_then(|rules| rules.value.items()).unwrap_or_default();
        let items = rules.iter().enumerate().map(|(at, rule)| (rule, format!("{}/Choices[{at}]", subject.place(id))));
        for (holder, place) in own.into_iter().chain(items) {
            let names = assigned(Some(holder), state.language);
            let members = holder.get("Assign").and_then(|assign| assign.value.members()).unwrap_or_default();
            for (name, member) in names.into_iter().zip(members) {
                if read.contains(name) || placeholder::is_in(name) || !told.insert(name.to_owned()) {
                    continue;
                }
                let message = format!("Nothing reads `${name}`");
                let warning = Diagnostic::warning(UNUSED, message, member.key_span);
                found.push(
                    warning.located(format!("{place}/Assign")).with_help("remove it, or read it in a later state"),
                );
            }
        }
    }
}
