//! The rules of a Choice, in words.

use super::{Point, preview, short};
use crate::asl::{Choice, Language, Operand, StateId, Test};
use crate::debug::facts::variables_at;
use crate::engine::{BranchId, RuleTrace, trace_rules};
use crate::query;
use crate::value::{Object, Timestamp, Value};

/// What the rules see beside the data. The variables are looked for when one is asked for: the log may be long.
struct Surroundings<'p> {
    point: &'p Point<'p>,
    branch: BranchId,
    events: usize,
    variables: Option<Vec<(BranchId, Object)>>,
}

impl query::Scope for Surroundings<'_> {
    fn context(&mut self) -> Value {
        (self.point.context)()
    }

    fn variable(&mut self, name: &str) -> Option<Value> {
        let known = self.variables.get_or_insert_with(|| variables_at(self.point.log, self.branch, self.events));
        known.iter().find_map(|(_, own)| own.get(name)).cloned()
    }

    fn random(&mut self) -> u64 {
        0
    }

    fn now(&mut self) -> Timestamp {
        self.point.now
    }
}

/// A rule that is or was asked.
pub(super) enum Decided {
    /// This one is true, with what it compared.
    Rule(usize, String),
    /// None of so many is.
    None(usize),
    /// This one fails.
    Fails(usize, String),
}

/// What the rules of `choice` say about `input`; none where that costs an evaluation of JSONata, which may take long.
pub(super) fn decide(
    point: &Point<'_>,
    choice: &Choice,
    input: &Value,
    (branch, events): (BranchId, usize),
) -> Option<Decided> {
    if choice.rules.iter().any(|rule| is_slow(&rule.test)) {
        return None;
    }
    let mut scope = Surroundings { point, branch, events, variables: None };
    let traces = trace_rules(choice, input, &mut scope);
    let at = traces.len().checked_sub(1)?;
    Some(match &traces[at] {
        RuleTrace { outcome: Ok(true), comparisons } => {
            Decided::Rule(at, compared(&choice.rules.get(at)?.test, comparisons, input, &mut scope))
        }
        RuleTrace { outcome: Ok(false), .. } => Decided::None(traces.len()),
        RuleTrace { outcome: Err(cause), .. } => Decided::Fails(at, cause.clone()),
    })
}

fn is_slow(test: &Test) -> bool {
    match test {
        Test::And(tests) | Test::Or(tests) => tests.iter().any(is_slow),
        Test::Not(test) => is_slow(test),
        Test::Condition(_) => true,
        Test::Compare { .. } | Test::Literal(_) => false,
    }
}

/// What rule `at` of `choice` says where it was not traced.
pub(super) fn condition(choice: &Choice, at: usize, language: Language) -> String {
    match choice.rules.get(at).map(|rule| &rule.test) {
        Some(Test::Condition(condition)) if language == Language::Jsonata => short(condition.text().trim()),
        _ => String::new(),
    }
}

/// `$.total = 120 > 100`, for a rule with one comparison; the one that decided of several, with their number.
fn compared(
    test: &Test,
    comparisons: &[(String, Option<Value>, bool)],
    input: &Value,
    scope: &mut dyn query::Scope,
) -> String {
    let one = |(variable, value, _): &(String, Option<Value>, bool)| {
        let value = value.as_ref().map_or_else(|| "nothing".to_owned(), preview);
        format!("{} is {value}", short(variable))
    };
    match (test, comparisons) {
        (_, []) => "always".to_owned(),
        (Test::Compare { operator, operand, .. }, [only]) => {
            let with = match operand {
                Operand::Value(value) => preview(value),
                Operand::Path(path) => match path.find(input, scope) {
                    Some(value) => format!("{} = {}", short(path.text()), preview(&value)),
                    None => short(path.text()),
                },
            };
            format!("{}, {operator:?} {with}", one(only))
        }
        (_, [only]) => one(only),
        (_, [.., last]) => format!("{}, the last of {} comparisons", one(last), comparisons.len()),
    }
}

/// How a Choice goes on: which rule, and why.
pub(super) fn verdict(point: &Point<'_>, choice: &Choice, decided: &Decided, tense: &str) -> String {
    let follows = |id: Option<StateId>| id.map_or("nothing", |id| point.name(id)).to_owned();
    match decided {
        Decided::Rule(at, why) => {
            let next = follows(choice.rules.get(*at).map(|rule| rule.next));
            format!("rule {} of Choices {tense} true ({why}), so {next} follows", at + 1)
        }
        Decided::None(count) => match choice.default {
            Some(next) => {
                format!("none of the {count} rules of Choices {tense} true, so Default names {}", point.name(next))
            }
            None => {
                format!("none of the {count} rules of Choices {tense} true, and there is no Default: the run fails")
            }
        },
        Decided::Fails(at, cause) => format!("rule {} of Choices cannot be asked: {cause}", at + 1),
    }
}
