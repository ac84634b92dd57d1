//! Two runs side by side, state by state, with the first difference.
//!
//! Visits belong together when they are the same visit of the same state in the same branch: the third time that
//! iteration 2 of a Map enters `X`, say. Names decide, so that the definitions may differ.

use std::collections::HashMap;
use std::sync::Arc;

use super::breakpoint::StatePath;
use crate::asl::{StateId, StateMachine};
use crate::engine::{BranchId, EventId, EventKind, Log};
use crate::value::Value;

/// A run to be compared.
#[derive(Debug, Clone, Copy)]
pub struct Side<'r> {
    /// What happened in it.
    pub log: &'r Log,
    /// Its machine.
    pub machine: &'r StateMachine,
}

/// A line of a comparison: a visit in both runs, or in one.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// The state.
    pub path: StatePath,
    /// The iteration or branch, and how often the state had been entered in it before.
    pub turn: Turn,
    /// The visit in the first run.
    pub left: Option<EventId>,
    /// The visit in the second run.
    pub right: Option<EventId>,
    /// How they differ.
    pub difference: Difference,
}

/// Which visit of a state it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Turn {
    /// The branch by the branches around it; empty for the execution's own thread.
    pub branch: Arc<str>,
    /// How often the state was entered there before.
    pub number: u32,
}

/// How two visits differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Difference {
    /// They do not.
    None,
    /// Only the first run has it.
    Left,
    /// Only the second run has it.
    Right,
    /// They began with other data.
    Input,
    /// They began alike and ended otherwise: with another output, or only one of them ended.
    Output,
}

/// Two runs side by side.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Comparison {
    /// The visits in the order of the first run; those of the second only where they come.
    pub pairs: Vec<Pair>,
    /// Which pair is the first that differs.
    pub first: Option<usize>,
}

/// Compares two runs. Takes time in proportion to their events.
#[must_use]
pub fn compare(left: Side<'_>, right: Side<'_>) -> Comparison {
    let (lefts, rights) = (visits(left), visits(right));
    let places: HashMap<Key, usize> = rights.iter().enumerate().map(|(at, visit)| (visit.key(), at)).collect();
    let partners: Vec<Option<usize>> = lefts.iter().map(|visit| places.get(&visit.key()).copied()).collect();
    let mut has_partner = vec![false; rights.len()];
    partners.iter().flatten().for_each(|at| has_partner[*at] = true);
    let mut pairs = Vec::with_capacity(lefts.len());
    let mut next = 0;
    let only_right = |visit: &Visit<'_>, side: &Side<'_>| visit.pair(side, None, Some(visit.id), Difference::Right);
    for (visit, partner) in lefts.iter().zip(partners) {
        let Some(at) = partner else {
            pairs.push(visit.pair(&left, Some(visit.id), None, Difference::Left));
            continue;
        };
        while next <= at {
            if !has_partner[next] {
                pairs.push(only_right(&rights[next], &right));
            }
            next += 1;
        }
        let other = &rights[at];
        pairs.push(visit.pair(&left, Some(visit.id), Some(other.id), difference(visit, other)));
    }
    let rest = rights.iter().zip(&has_partner).skip(next).filter(|(_, has)| !**has);
    pairs.extend(rest.map(|(visit, _)| only_right(visit, &right)));
    let first = pairs.iter().position(|pair| pair.difference != Difference::None);
    Comparison { pairs, first }
}

fn difference(left: &Visit<'_>, right: &Visit<'_>) -> Difference {
    if left.input != right.input {
        Difference::Input
    } else if left.output != right.output {
        Difference::Output
    } else {
        Difference::None
    }
}

type Key = (Arc<str>, Turn);

struct Visit<'l> {
    id: EventId,
    state: StateId,
    name: Arc<str>,
    turn: Turn,
    input: &'l Value,
    output: Option<&'l Value>,
}

impl Visit<'_> {
    fn key(&self) -> Key {
        (Arc::clone(&self.name), self.turn.clone())
    }

    fn pair(&self, side: &Side<'_>, left: Option<EventId>, right: Option<EventId>, difference: Difference) -> Pair {
        Pair { path: StatePath::of(side.machine, self.state), turn: self.turn.clone(), left, right, difference }
    }
}

fn visits<'l>(side: Side<'l>) -> Vec<Visit<'l>> {
    let mut found: Vec<Visit<'l>> = Vec::new();
    let mut branches: HashMap<BranchId, Arc<str>> = HashMap::new();
    let mut entered: HashMap<(Arc<str>, StateId), u32> = HashMap::new();
    // The visits that are not over, and the turn of each, by their first events.
    let mut open: HashMap<(BranchId, StateId), usize> = HashMap::new();
    let mut turns: HashMap<EventId, u32> = HashMap::new();
    for event in side.log.events.iter() {
        match &event.kind {
            EventKind::StateEntered { state, input } => {
                let branch = branch_name(event.branch, side, &turns, &mut branches);
                let count = entered.entry((Arc::clone(&branch), *state)).or_default();
                let turn = Turn { branch, number: *count };
                turns.insert(event.id, *count);
                *count += 1;
                open.insert((event.branch, *state), found.len());
                let name = Arc::clone(&side.machine.state(*state).name);
                found.push(Visit { id: event.id, state: *state, name, turn, input, output: None });
            }
            EventKind::StateExited { state, output, .. } => {
                if let Some(visit) = open.remove(&(event.branch, *state)).and_then(|at| found.get_mut(at)) {
                    visit.output = Some(output);
                }
            }
            _ => {}
        }
    }
    found
}

/// A branch by the states and numbers of the branches around it, outermost first: `Map[2] / Inner#1[0]`.
fn branch_name(
    branch: BranchId,
    side: Side<'_>,
    turns: &HashMap<EventId, u32>,
    known: &mut HashMap<BranchId, Arc<str>>,
) -> Arc<str> {
    // From the outermost on, so that nesting needs no stack.
    let mut name: Arc<str> = "".into();
    for branch in side.log.branch_path(branch) {
        if let Some(known) = known.get(&branch) {
            name = Arc::clone(known);
            continue;
        }
        let origin = side.log.branches.get(branch.0 as usize);
        if let Some((origin, state)) = origin.and_then(|origin| Some((origin, origin.state?))) {
            let owner = &side.machine.state(state).name;
            let turn = turns.get(&origin.visit).copied().unwrap_or_default();
            let turn = if turn == 0 { String::new() } else { format!("#{turn}") };
            let outer = if name.is_empty() { String::new() } else { format!("{name} / ") };
            name = format!("{outer}{owner}{turn}[{}]", origin.index).into();
        }
        known.insert(branch, Arc::clone(&name));
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asl::Definition;
    use crate::engine::{Execution, ExecutionType, Machine, Names, Outcome};
    use crate::value::{self, Timestamp};

    struct Ended {
        machine: Arc<StateMachine>,
        log: Log,
    }

    fn ended(states: &str, input: &str) -> Ended {
        let start = states.split(':').next().expect("a state");
        let states: String = states.lines().map(|line| format!("  {line}\n")).collect();
        let definition = Definition::read("test.yaml", &format!("StartAt: {start}\nStates:\n{states}"));
        let machine = definition.machine.expect("valid");
        let names = ["execution", "run", "machine", "Test", "role", "us-east-1"].map(Arc::from);
        let [execution_arn, execution_name, machine_arn, machine_name, role_arn, region] = names;
        let names = Names { execution_arn, execution_name, machine_arn, machine_name, role_arn, region };
        let execution = Execution {
            machine: Arc::clone(&machine),
            input: value::read(input).expect("JSON"),
            kind: ExecutionType::Standard,
            names,
            seed: 1,
            max_events: None,
            record_stages: false,
        };
        let mut log = Log::default();
        let mut run = Machine::start(execution, Timestamp(0), &mut log);
        while matches!(run.step(&mut log), Outcome::Stepped(_)) {}
        Ended { machine, log }
    }

    /// The lines of a comparison, `name branch#number difference`, the first difference marked.
    fn compared(left: &Ended, right: &Ended) -> String {
        let comparison =
            compare(Side { log: &left.log, machine: &left.machine }, Side { log: &right.log, machine: &right.machine });
        let lines = comparison.pairs.iter().enumerate().map(|(at, pair)| {
            let mark = if comparison.first == Some(at) { "! " } else { "" };
            let name = pair.path.0.last().expect("a name");
            format!("{mark}{name} {}#{} {:?}", pair.turn.branch, pair.turn.number, pair.difference)
        });
        lines.collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn the_same_run() {
        let run = ended("A: {Type: Pass, Next: B}\nB: {Type: Pass, End: true}", "1");
        assert_eq!(compared(&run, &run), "A #0 None; B #0 None");
    }

    #[test]
    fn another_way_and_other_data() {
        let text = "C: {Type: Choice, Choices: [{Variable: $, NumericEquals: 1, Next: L}], Default: R}\n\
                    L: {Type: Pass, Next: E}\nR: {Type: Pass, Next: E}\nE: {Type: Pass, Result: 0, End: true}";
        let (left, right) = (ended(text, "1"), ended(text, "2"));
        assert_eq!(compared(&left, &right), "! C #0 Input; L #0 Left; R #0 Right; E #0 Input");
    }

    #[test]
    fn loops_and_iterations_are_counted() {
        let text = "M: {Type: Map, MaxConcurrency: 1, ItemProcessor: {StartAt: I, States: {I: {Type: Pass, End: true}}}, Next: N}\n\
                    N: {Type: Pass, InputPath: '$[1:]', Next: C}\n\
                    C: {Type: Choice, Choices: [{Variable: '$[0]', IsPresent: true, Next: M}], Default: E}\nE: {Type: Succeed}";
        let (left, right) = (ended(text, "[1,2]"), ended(text, "[1,3]"));
        assert_eq!(
            compared(&left, &right),
            "! M #0 Input; I M[0]#0 None; I M[1]#0 Input; N #0 Input; C #0 Input; M #1 Input; I M#1[0]#0 Input; N #1 Input; C #1 None; E #0 None"
        );
    }

    #[test]
    fn another_definition() {
        let left = ended("A: {Type: Pass, Result: 1, Next: B}\nB: {Type: Pass, End: true}", "0");
        let right =
            ended("X: {Type: Pass, Next: A}\nA: {Type: Pass, Result: 2, Next: B}\nB: {Type: Pass, End: true}", "0");
        assert_eq!(compared(&left, &right), "! X #0 Right; A #0 Output; B #0 Input");
        let shorter = ended("A: {Type: Pass, Result: 1, End: true}", "0");
        assert_eq!(compared(&left, &shorter), "A #0 None; ! B #0 Left");
    }
}
