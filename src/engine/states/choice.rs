//! Choice states: which rule is true.

use std::cmp::Ordering;

use super::{Branch, Chosen, Fault, Log, Machine, Stage, query_fault, runtime_fault};
use crate::asl::{Choice, Operand, Operator, State, Test};
use crate::query;
use crate::query::{JsonPath, JsonataField, QueryError, States};
use crate::text::Span;
use crate::value::{Timestamp, Value};

/// Why a Choice went where it went: one entry a rule that was looked at.
#[derive(Debug, Clone)]
pub struct RuleTrace {
    /// Whether the rule was true; the cause if a path found nothing.
    pub outcome: Result<bool, String>,
    /// Each comparison that was made: the variable's path, its value, whether the comparison was true.
    pub comparisons: Vec<(String, Option<Value>, bool)>,
}

impl Machine {
    pub(super) fn choose(
        &mut self,
        branch: &mut Branch,
        state: &State,
        choice: &Choice,
        log: &mut Log,
    ) -> Result<(), Box<Fault>> {
        let mut chosen = None;
        for (at, rule) in choice.rules.iter().enumerate() {
            let mut scope = self.surroundings(branch, state);
            let mut tester = Tester { input: &branch.data, scope: &mut scope, comparisons: None };
            if tester.test(&rule.test).map_err(|error| query_fault(branch, state, error))? {
                chosen = Some((Chosen::Rule(at), Value::from(at)));
                break;
            }
        }
        let chosen = chosen.or_else(|| choice.default.map(|next| (Chosen::Default(next), Value::Null)));
        // The spec's States.NoChoiceMatched is not what AWS reports (recorded).
        let Some((chosen, record)) = chosen else {
            let cause = "Failed to transition out of the state. The state does not point to a next state.";
            return Err(runtime_fault(branch, state, cause));
        };
        branch.chosen = Some(chosen);
        self.record(branch, Stage::Work, &record, log);
        Ok(())
    }
}

/// Evaluates the rules of `choice` on `input` up to the first true one, and tells how.
pub fn trace_rules(choice: &Choice, input: &Value, scope: &mut dyn query::Scope) -> Vec<RuleTrace> {
    let mut traces = Vec::new();
    for rule in &choice.rules {
        let mut tester = Tester { input, scope, comparisons: Some(Vec::new()) };
        let outcome = tester.test(&rule.test).map_err(|error| error.cause);
        let comparisons = tester.comparisons.unwrap_or_default();
        let last = !matches!(outcome, Ok(false));
        traces.push(RuleTrace { outcome, comparisons });
        if last {
            break;
        }
    }
    traces
}

struct Tester<'a> {
    input: &'a Value,
    scope: &'a mut dyn query::Scope,
    comparisons: Option<Vec<(String, Option<Value>, bool)>>,
}

impl Tester<'_> {
    /// Whether `test` holds; the cause when a path finds nothing. And and Or stop at the first that decides.
    fn test(&mut self, test: &Test) -> Result<bool, QueryError> {
        match test {
            Test::And(tests) => {
                for test in tests {
                    if !self.test(test)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Test::Or(tests) => {
                for test in tests {
                    if self.test(test)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Test::Not(test) => Ok(!self.test(test)?),
            Test::Compare { variable, operator, operand, .. } => self.compare(variable, *operator, operand),
            Test::Literal(holds) => Ok(*holds),
            Test::Condition(condition) => self.condition(condition),
        }
    }

    fn condition(&mut self, condition: &JsonataField) -> Result<bool, QueryError> {
        let value = condition.evaluate(&States::of(self.input), self.scope)?;
        let Some(holds) = value.as_bool() else { return Err(condition.unexpected("boolean", &value)) };
        if let Some(comparisons) = &mut self.comparisons {
            comparisons.push((condition.text().to_owned(), Some(value), holds));
        }
        Ok(holds)
    }

    fn compare(&mut self, variable: &JsonPath, operator: Operator, operand: &Operand) -> Result<bool, QueryError> {
        let value = variable.find(self.input, self.scope);
        let operand = match operand {
            Operand::Value(value) => value.clone(),
            Operand::Path(path) => path.find(self.input, self.scope).ok_or_else(|| miss(path))?,
        };
        let holds = match (&value, operator) {
            (_, Operator::IsPresent) => value.is_some() == (operand == Value::Bool(true)),
            (None, _) => return Err(miss(variable)),
            (Some(value), _) => holds(value, operator, &operand).map_err(|cause| at(variable, cause))?,
        };
        if let Some(comparisons) = &mut self.comparisons {
            comparisons.push((variable.text().to_owned(), value, holds));
        }
        Ok(holds)
    }
}

fn miss(path: &JsonPath) -> QueryError {
    let cause =
        format!("Invalid path '{}': The choice state's condition path references an invalid value.", path.text());
    at(path, cause)
}

/// A failure that is about `path`.
fn at(path: &JsonPath, cause: String) -> QueryError {
    let expression = path.text().to_owned();
    let span = Span::new(0, expression.len());
    QueryError { cause, expression, span, field: String::new(), hint: None }
}

/// Whether the comparison holds; a value of another type makes it false, never an error (recorded).
fn holds(value: &Value, operator: Operator, operand: &Value) -> Result<bool, String> {
    use Operator as O;
    let is = |holds: bool| operand.as_bool() == Some(holds);
    Ok(match operator {
        O::StringEquals
        | O::StringLessThan
        | O::StringGreaterThan
        | O::StringLessThanEquals
        | O::StringGreaterThanEquals => {
            let order = value.as_str().zip(operand.as_str()).map(|(a, b)| a.encode_utf16().cmp(b.encode_utf16()));
            in_order(order, operator)
        }
        O::NumericEquals
        | O::NumericLessThan
        | O::NumericGreaterThan
        | O::NumericLessThanEquals
        | O::NumericGreaterThanEquals => {
            let order = value.as_number().zip(operand.as_number()).and_then(|(a, b)| a.partial_cmp(b));
            in_order(order, operator)
        }
        O::TimestampEquals
        | O::TimestampLessThan
        | O::TimestampGreaterThan
        | O::TimestampLessThanEquals
        | O::TimestampGreaterThanEquals => {
            let order = timestamp(value).zip(timestamp(operand)).map(|(a, b)| a.cmp(&b));
            in_order(order, operator)
        }
        O::StringMatches => match (value.as_str(), operand.as_str()) {
            (Some(text), Some(pattern)) => matches_pattern(text, pattern)?,
            _ => false,
        },
        O::BooleanEquals => value.as_bool().is_some() && value.as_bool() == operand.as_bool(),
        O::IsNull => is(value.is_null()),
        O::IsNumeric => is(value.as_number().is_some()),
        O::IsString => is(value.as_str().is_some()),
        O::IsBoolean => is(value.as_bool().is_some()),
        O::IsTimestamp => is(timestamp(value).is_some()),
        O::IsPresent => is(true),
    })
}

/// The moment that a text stands for, and what its fraction has below a millisecond: digits that compare as texts do.
fn timestamp(value: &Value) -> Option<(Timestamp, &str)> {
    let text = value.as_str()?;
    let moment = Timestamp::parse(text)?;
    let fraction = text.split_once('.').map_or("", |(_, fraction)| fraction);
    let digits = fraction.len() - fraction.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    Some((moment, fraction.get(3..digits).unwrap_or("").trim_end_matches('0')))
}

fn in_order(order: Option<Ordering>, operator: Operator) -> bool {
    use Operator as O;
    let Some(order) = order else { return false };
    match operator {
        O::StringEquals | O::NumericEquals | O::TimestampEquals => order.is_eq(),
        O::StringLessThan | O::NumericLessThan | O::TimestampLessThan => order.is_lt(),
        O::StringGreaterThan | O::NumericGreaterThan | O::TimestampGreaterThan => order.is_gt(),
        O::StringLessThanEquals | O::NumericLessThanEquals | O::TimestampLessThanEquals => order.is_le(),
        O::StringGreaterThanEquals | O::NumericGreaterThanEquals | O::TimestampGreaterThanEquals => order.is_ge(),
        _ => false,
    }
}

/// A part of a StringMatches pattern.
#[derive(Clone, Copy, PartialEq)]
enum Glob {
    Any,
    One(char),
}

/// Whether `text` matches `pattern`, in which `*` stands for any text and a backslash takes the next character's
/// meaning away (States Language, Choice).
fn matches_pattern(text: &str, pattern: &str) -> Result<bool, String> {
    let mut parts = Vec::with_capacity(pattern.len());
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        parts.push(match c {
            '*' => Glob::Any,
            '\\' => match chars.next() {
                Some(literal) => Glob::One(literal),
                None => return Err(format!("The pattern '{pattern}' ends in an escape character.")),
            },
            literal => Glob::One(literal),
        });
    }
    Ok(glob(&text.chars().collect::<Vec<_>>(), &parts))
}

/// Greedy matching that remembers only the last `*`: linear for patterns with one, quadratic at worst.
fn glob(text: &[char], parts: &[Glob]) -> bool {
    let (mut t, mut p) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match parts.get(p) {
            Some(Glob::Any) => {
                star = Some((p, t));
                p += 1;
            }
            Some(Glob::One(c)) if *c == text[t] => {
                p += 1;
                t += 1;
            }
            _ => {
                let Some((at, from)) = star else { return false };
                star = Some((at, from + 1));
                p = at + 1;
                t = from + 1;
            }
        }
    }
    parts[p..].iter().all(|part| *part == Glob::Any)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Operator as O;

    fn value(text: &str) -> Value {
        crate::value::read(text).expect("valid JSON")
    }

    #[test]
    fn operators() {
        for (left, operator, right, expected) in [
            (r#""a""#, O::StringEquals, r#""a""#, true),
            (r#""a""#, O::StringLessThan, r#""B""#, false),
            (r#""1""#, O::NumericEquals, "1", false),
            ("1", O::NumericEquals, "1.0", true),
            ("0", O::NumericGreaterThanEquals, "-0.0", true),
            ("true", O::NumericEquals, "1", false),
            ("null", O::StringEquals, r#""null""#, false),
            ("true", O::BooleanEquals, "true", true),
            (r#""true""#, O::BooleanEquals, "true", false),
            (r#""2020-01-01T00:00:00Z""#, O::TimestampLessThan, r#""2020-01-01T00:00:00-01:00""#, true),
            (r#""2020-01-01""#, O::TimestampEquals, r#""2020-01-01""#, false),
            (r#""2020-01-01T00:00:00.0001Z""#, O::TimestampLessThan, r#""2020-01-01T00:00:00.00015Z""#, true),
            (r#""2020-01-01T00:00:00.000100+01:00""#, O::TimestampEquals, r#""2019-12-31T23:00:00.0001Z""#, true),
            (r#""2020-01-01T00:00:00.12Z""#, O::TimestampGreaterThan, r#""2020-01-01T00:00:00.1200000001Z""#, false),
            ("null", O::IsNull, "true", true),
            ("0", O::IsNull, "false", true),
            ("1.5", O::IsNumeric, "true", true),
            (r#""1""#, O::IsNumeric, "false", true),
            (r#""2012-10-09T19:00:55Z""#, O::IsTimestamp, "true", true),
            (r#""2012-10-09T19:00:55""#, O::IsTimestamp, "true", false),
        ] {
            assert_eq!(holds(&value(left), operator, &value(right)), Ok(expected), "{left} {operator:?} {right}");
        }
    }

    #[test]
    fn patterns() {
        for (text, pattern, expected) in [
            ("log-1.txt", "*.txt", true),
            ("log-1.txt", "log-*.t*", true),
            ("abc", "a*d", false),
            ("", "*", true),
            ("a", "", false),
            ("a*b", r"a\*b", true),
            ("axb", r"a\*b", false),
            (r"a\b", r"a\\b", true),
            ("aXbXc", "*X*", true),
            ("ä→x", "ä*", true),
        ] {
            assert_eq!(matches_pattern(text, pattern), Ok(expected), "{text} {pattern}");
        }
        assert!(matches_pattern("a", "a\\").is_err());
    }

    #[test]
    fn a_pattern_of_many_stars_ends() {
        let text = "a".repeat(2000);
        assert_eq!(matches_pattern(&text, &"*a".repeat(200).replace("*a", "a*")), Ok(true));
        assert_eq!(matches_pattern(&text, "*a*a*a*a*a*a*a*a*b"), Ok(false));
    }
}
