//! Choice states: rules that cannot apply, and inputs that no rule is for.

use std::collections::HashSet;

use super::subject::Subject;
use crate::asl::model::{Choice, Operand, Operator, StateId, StateKind, Test};
use crate::text::Diagnostic;
use crate::value::Value;

const NO_DEFAULT: &str = "NO_DEFAULT";
const DUPLICATE_RULE: &str = "DUPLICATE_RULE";
const ONE_WAY: &str = "CHOICE_WITHOUT_EFFECT";

pub(super) fn find(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for (id, state) in subject.states() {
        if let StateKind::Choice(choice) = &state.kind {
            repeated(subject, id, choice, found);
            found.extend(without_default(subject, id, choice));
            found.extend(one_way(subject, id, choice));
        }
    }
}

fn repeated(subject: &Subject<'_>, id: StateId, choice: &Choice, found: &mut Vec<Diagnostic>) {
    let mut seen = HashSet::new();
    for (at, rule) in choice.rules.iter().enumerate() {
        let Some(text) = canonical(&rule.test) else { continue };
        if !seen.insert(text) {
            let message = "An earlier rule of this Choice has the same condition; this one never applies";
            let warning = subject.at_item(DUPLICATE_RULE, id, ("Choices", at), message.to_owned());
            found.push(warning.with_help("change its condition, or remove the rule"));
        }
    }
}

fn without_default(subject: &Subject<'_>, id: StateId, choice: &Choice) -> Option<Diagnostic> {
    if choice.default.is_some() || are_exhaustive(choice) {
        return None;
    }
    let message = "This Choice has no `Default`: where no rule applies, the execution fails with States.Runtime, which \
                   nothing catches";
    let help = "add a `Default`, perhaps to a Fail state that says what is wrong";
    Some(subject.at_state(NO_DEFAULT, id, message.to_owned()).with_help(help))
}

/// All rules and the `Default` lead to the same state, and nothing is assigned on the way.
fn one_way(subject: &Subject<'_>, id: StateId, choice: &Choice) -> Option<Diagnostic> {
    let default = choice.default?;
    let is_same =
        |rule: &crate::asl::ChoiceRule| rule.next == default && rule.assign.is_none() && rule.output.is_none();
    if choice.rules.is_empty() || !choice.rules.iter().all(is_same) {
        return None;
    }
    let message = format!("All rules and the `Default` lead to `{}`", subject.state(default).name);
    let help = "let one of them lead elsewhere, or replace the Choice by a Pass";
    Some(subject.at_state(ONE_WAY, id, message).with_help(help))
}

/// Whether for every input one of the rules applies: one has the opposite of another's condition, or is always true.
fn are_exhaustive(choice: &Choice) -> bool {
    let mut texts = HashSet::new();
    choice.rules.iter().for_each(|rule| alternatives(&rule.test, &mut texts));
    let mut tests = Vec::new();
    choice.rules.iter().for_each(|rule| flatten(&rule.test, &mut tests));
    tests.iter().any(|test| is_always(test) || opposites(test).iter().any(|opposite| texts.contains(opposite)))
        || has_all_orders(&tests, &texts)
}

fn flatten<'t>(test: &'t Test, into: &mut Vec<&'t Test>) {
    match test {
        Test::Or(tests) => tests.iter().for_each(|test| flatten(test, into)),
        other => into.push(other),
    }
}

fn alternatives(test: &Test, texts: &mut HashSet<String>) {
    texts.extend(canonical(test));
    if let Test::Or(tests) = test {
        tests.iter().for_each(|test| alternatives(test, texts));
    }
}

fn is_always(test: &Test) -> bool {
    match test {
        Test::Literal(holds) => *holds,
        Test::Condition(condition) => condition.text() == "true",
        _ => false,
    }
}

/// Less, equal and greater are all there.
fn has_all_orders(tests: &[&Test], texts: &HashSet<String>) -> bool {
    use Operator as O;
    const KINDS: [[Operator; 3]; 3] = [
        [O::NumericEquals, O::NumericLessThan, O::NumericGreaterThan],
        [O::StringEquals, O::StringLessThan, O::StringGreaterThan],
        [O::TimestampEquals, O::TimestampLessThan, O::TimestampGreaterThan],
    ];
    tests.iter().any(|test| {
        let Test::Compare { variable, operator, operand, .. } = test else { return false };
        let Some([_, less, greater]) = KINDS.iter().find(|kind| kind[0] == *operator) else { return false };
        let has = |operator: Operator| texts.contains(&comparison(variable.text(), operator, operand));
        has(*less) && has(*greater)
    })
}

/// The conditions that hold where `test` does not.
fn opposites(test: &Test) -> Vec<String> {
    match test {
        Test::Not(inner) => canonical(inner).into_iter().collect(),
        Test::Compare { variable, operator, operand, .. } => {
            let name = variable.text();
            let opposite = match operand {
                Operand::Value(Value::Bool(value)) => {
                    Some(comparison(name, *operator, &Operand::Value((!value).into())))
                }
                _ => opposite_order(*operator).map(|operator| comparison(name, operator, operand)),
            };
            opposite.into_iter().collect()
        }
        Test::Condition(condition) => opposite_conditions(condition.text()),
        _ => Vec::new(),
    }
}

fn opposite_order(operator: Operator) -> Option<Operator> {
    use Operator as O;
    let pairs = [
        (O::NumericLessThan, O::NumericGreaterThanEquals),
        (O::NumericGreaterThan, O::NumericLessThanEquals),
        (O::StringLessThan, O::StringGreaterThanEquals),
        (O::StringGreaterThan, O::StringLessThanEquals),
        (O::TimestampLessThan, O::TimestampGreaterThanEquals),
        (O::TimestampGreaterThan, O::TimestampLessThanEquals),
    ];
    pairs.iter().find(|(one, _)| *one == operator).map(|(_, other)| *other)
}

/// JSONata that is true where `text`, a single comparison or a negation, is false.
fn opposite_conditions(text: &str) -> Vec<String> {
    let text = squeezed(text);
    let mut found = vec![format!("$not({text})")];
    found.extend(text.strip_prefix("$not(").and_then(|rest| rest.strip_suffix(')')).map(str::to_owned));
    if text.contains(" and ") || text.contains(" or ") {
        return found;
    }
    for (one, other) in [("!=", "="), ("<=", ">"), (">=", "<")] {
        found.extend(text.split_once(one).map(|(left, right)| format!("{left}{other}{right}")));
        let is_other = !text.contains(one) && !text.contains("!=") && !text.contains("<=") && !text.contains(">=");
        found.extend(text.split_once(other).filter(|_| is_other).map(|(left, right)| format!("{left}{one}{right}")));
    }
    for (one, other) in [("true", "false"), ("false", "true")] {
        found.extend(text.strip_suffix(&format!("={one}")).map(|left| format!("{left}={other}")));
    }
    found
}

/// A condition in one spelling; none where a placeholder may stand for its path.
fn canonical(test: &Test) -> Option<String> {
    let all = |tests: &[Test]| tests.iter().map(canonical).collect::<Option<Vec<String>>>().map(|all| all.join(","));
    Some(match test {
        Test::And(tests) => format!("And({})", all(tests)?),
        Test::Or(tests) => format!("Or({})", all(tests)?),
        Test::Not(inner) => format!("Not({})", canonical(inner)?),
        Test::Compare { variable, .. } if variable.is_whole_input() => return None,
        Test::Compare { variable, operator, operand, .. } => comparison(variable.text(), *operator, operand),
        Test::Literal(holds) => holds.to_string(),
        Test::Condition(condition) => squeezed(condition.text()),
    })
}

fn comparison(variable: &str, operator: Operator, operand: &Operand) -> String {
    match operand {
        Operand::Value(value) => format!("{variable} {operator:?} {value}"),
        Operand::Path(path) => format!("{variable} {operator:?}Path {}", path.text()),
    }
}

/// An expression without the blanks that mean nothing: those beside operators and brackets.
fn squeezed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut quote = None;
    let mut chars = text.chars().peekable();
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '"' | '\'' | '`');
    while let Some(c) = chars.next() {
        match quote {
            Some(open) if c == open => quote = None,
            None if matches!(c, '"' | '\'' | '`') => quote = Some(c),
            None if c.is_whitespace() => {
                let parts = out.chars().next_back().is_some_and(is_word) && chars.peek().copied().is_some_and(is_word);
                if parts {
                    out.push(' ');
                }
                continue;
            }
            _ => {}
        }
        out.push(c);
    }
    out
}
