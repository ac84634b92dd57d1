//! Loops that nothing leads out of.

use std::collections::{HashMap, HashSet};

use super::subject::Subject;
use crate::asl::graph::{Target, transitions};
use crate::asl::model::{ScopeId, StateId};
use crate::text::Diagnostic;

const ENDLESS: &str = "ENDLESS_LOOP";

pub(super) fn find(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for scope in subject.scopes() {
        found.extend(endless(subject, scope));
    }
}

fn endless(subject: &Subject<'_>, scope: ScopeId) -> Option<Diagnostic> {
    let states = &subject.machine.scope(scope).states;
    let leaving = with_way_out(subject, states);
    let stuck = states.iter().copied().find(|id| !leaving.contains(id))?;
    let cycle = cycle_from(subject, stuck, &leaving)?;
    let names: Vec<&str> = cycle.iter().take(6).map(|id| &*subject.state(*id).name).collect();
    let first = *cycle.first()?;
    let message = match cycle.len() {
        1 => format!("`{}` leads to nothing but itself", names.join("")),
        _ => format!("Nothing leads out of the loop of {}", quoted(&names, cycle.len())),
    };
    let help = "let a Choice in the loop lead to a state that ends, or it runs until the execution times out or its \
                history is full";
    Some(subject.at_state(ENDLESS, first, message).with_help(help))
}

fn quoted(names: &[&str], count: usize) -> String {
    let all: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let more = if count > names.len() { " …" } else { "" };
    format!("{}{more}", all.join(", "))
}

/// The states from which an end can be reached.
fn with_way_out(subject: &Subject<'_>, states: &[StateId]) -> HashSet<StateId> {
    let mut before: HashMap<StateId, Vec<StateId>> = HashMap::new();
    let mut open = Vec::new();
    for id in states {
        for (_, target) in transitions(subject.state(*id)) {
            match target {
                Target::State(next) => before.entry(next).or_default().push(*id),
                Target::End => open.push(*id),
            }
        }
    }
    let mut leaving: HashSet<StateId> = open.iter().copied().collect();
    while let Some(id) = open.pop() {
        let earlier = before.get(&id).map(Vec::as_slice).unwrap_or_default();
        open.extend(earlier.iter().filter(|id| leaving.insert(**id)));
    }
    leaving
}

/// A loop that is reached from `start`, which no way leads out of.
fn cycle_from(subject: &Subject<'_>, start: StateId, leaving: &HashSet<StateId>) -> Option<Vec<StateId>> {
    let mut walked: Vec<StateId> = Vec::new();
    let mut places: HashMap<StateId, usize> = HashMap::new();
    let mut at = start;
    loop {
        if let Some(place) = places.insert(at, walked.len()) {
            return Some(walked.split_off(place));
        }
        walked.push(at);
        let next = transitions(subject.state(at)).into_iter().find_map(|(_, target)| match target {
            Target::State(next) if !leaving.contains(&next) => Some(next),
            _ => None,
        });
        at = next?;
    }
}
