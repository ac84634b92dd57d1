//! `asldb eval --batch`: one JSON object a line in, one answer a line out, for comparisons with other implementations.

use std::io::{BufRead, Write};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};

use super::Randomness;
use crate::query::NoScope;
use crate::query::jsonata::{Dialect, Evaluated, Jsonata, JsonataEnv, JsonataError, Limits};
use crate::query::jsonpath::{self, JsonPath, Root};
use crate::runtime::Clock;
use crate::value::{self, Object, Timestamp, Value};

/// Answers the lines of standard input.
///
/// # Errors
/// A line that is no question, or standard output is gone.
pub(super) fn run() -> anyhow::Result<ExitCode> {
    let mut stdout = std::io::BufWriter::new(std::io::stdout().lock());
    for (at, line) in std::io::stdin().lock().lines().enumerate() {
        let line = line.context("cannot read standard input")?;
        let question = value::read(&line).map_err(|error| anyhow!("line {}: no JSON: {error}", at + 1))?;
        let answer = answer(&question).with_context(|| format!("line {}", at + 1))?;
        writeln!(stdout, "{}", answer.to_json()).and_then(|()| stdout.flush()).context("cannot write the answer")?;
    }
    Ok(ExitCode::SUCCESS)
}

fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::Object(members.into_iter().collect())
}

fn answer(question: &Value) -> anyhow::Result<Value> {
    let text = |key: &str| question.get(key).and_then(Value::as_str);
    let expression = text("expression").context("`expression` is missing")?;
    match text("language") {
        Some("jsonata") => Ok(jsonata(expression, question)),
        Some("jsonpath") => Ok(jsonpath(expression, question)),
        _ => Err(anyhow!("`language` must be \"jsonata\" or \"jsonpath\"")),
    }
}

fn jsonpath(expression: &str, question: &Value) -> Value {
    let failure =
        |code: &str, message: &str| object([("error", object([("code", code.into()), ("message", message.into())]))]);
    let path = match JsonPath::compile(expression) {
        Err(error) => return failure("SYNTAX", &error.message),
        Ok(path) if matches!(path.root(), Root::Variable(_)) => {
            return failure("SYNTAX", "variables are no part of JSONPath itself");
        }
        Ok(path) => path,
    };
    let input = question.get("data").cloned().unwrap_or_default();
    match path.select_as(jsonpath::Dialect::Jayway, &input, &mut NoScope) {
        Ok(found) => object([("value", found)]),
        Err(error) => failure("NO_MATCH", &error.cause),
    }
}

fn jsonata(expression: &str, question: &Value) -> Value {
    let mut stock = Stock::new(question);
    let result = Jsonata::compile(expression).and_then(|jsonata| jsonata.evaluate(question.get("data"), &mut stock));
    match result.map(Evaluated::into_value) {
        Ok(Some(found)) => object([("value", found)]),
        Ok(None) => object([("undefined", true.into())]),
        Err(error) => object([("error", failure(expression, &error))]),
    }
}

/// A failure with its position in UTF-16 units, as the reference counts.
fn failure(expression: &str, error: &JsonataError) -> Value {
    let mut members: Object =
        [("code", Value::from(error.code)), ("message", error.message.as_str().into())].into_iter().collect();
    if let Some(position) = error.position {
        let before = expression.get(..position).unwrap_or(expression);
        members.insert("position", before.encode_utf16().count().into());
    }
    if let Some(token) = &error.token {
        members.insert("token", token.as_str().into());
    }
    Value::Object(members)
}

/// Milliseconds for questions that name no limit: no expression runs for ever.
const TIMEOUT: u64 = 5000;

/// Stock JSONata with the limits of a question.
struct Stock {
    bindings: Option<Object>,
    limits: Limits,
    deadline: Option<Instant>,
    randomness: Randomness,
}

impl Stock {
    fn new(question: &Value) -> Self {
        let number = |key: &str| question.get(key).and_then(Value::as_number).and_then(crate::value::Number::as_i64);
        let depth = number("maxDepth").and_then(|depth| usize::try_from(depth).ok()).unwrap_or(Limits::STOCK.depth);
        let timeout = number("timeoutMs").and_then(|millis| u64::try_from(millis).ok()).unwrap_or(TIMEOUT);
        Self {
            bindings: question.get("bindings").and_then(Value::as_object).cloned(),
            limits: Limits { depth, ..Limits::STOCK },
            deadline: Instant::now().checked_add(Duration::from_millis(timeout)),
            randomness: Randomness::new(),
        }
    }
}

impl JsonataEnv for Stock {
    fn variable(&mut self, name: &str) -> Option<Value> {
        self.bindings.as_ref()?.get(name).cloned()
    }

    fn now(&mut self) -> Timestamp {
        Clock::real().now()
    }

    fn random(&mut self) -> u64 {
        self.randomness.next()
    }

    fn dialect(&self) -> Dialect {
        Dialect::Stock
    }

    fn limits(&self) -> Limits {
        self.limits
    }

    fn is_out_of_time(&mut self) -> bool {
        self.deadline.is_some_and(|deadline| Instant::now() > deadline)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(question: &str) -> String {
        answer(&value::read(question).expect("JSON")).expect("an answer").to_json()
    }

    #[test]
    fn answers_in_order_of_what_can_happen() {
        for (question, wanted) in [
            (r#"{"language":"jsonata","expression":"a + $b","data":{"a":1},"bindings":{"b":2}}"#, r#"{"value":3}"#),
            (r#"{"language":"jsonata","expression":"a"}"#, r#"{"undefined":true}"#),
            (r#"{"language":"jsonata","expression":"$sum"}"#, r#"{"value":""}"#),
            (
                r#"{"language":"jsonata","expression":"'ä😀' + 1"}"#,
                r#"{"error":{"code":"T2001","message":"The left side of the \"+\" operator must evaluate to a number","position":7,"token":"+"}}"#,
            ),
            (r#"{"language":"jsonpath","expression":"$.a[*]","data":{"a":[1]}}"#, r#"{"value":[1]}"#),
        ] {
            assert_eq!(answered(question), wanted, "{question}");
        }
        assert!(answered(r#"{"language":"jsonpath","expression":"$.a","data":{}}"#).contains("NO_MATCH"));
        assert!(answered(r#"{"language":"jsonpath","expression":"$x.a","data":{}}"#).contains("SYNTAX"));
    }

    #[test]
    fn limits_of_a_question_hold() {
        let deep = r#"{"language":"jsonata","expression":"($f := function($n){ 1 + $f($n) }; $f(1))","maxDepth":50}"#;
        assert!(answered(deep).contains("U1001"));
        let endless = r#"{"language":"jsonata","expression":"($f := function($n){ $f($n) }; $f(1))","timeoutMs":5}"#;
        assert!(answered(endless).contains("U1001"));
    }
}
