//! What Step Functions adds, and how it sees expressions.

use super::super::{Dialect, Evaluated, Jsonata};
use super::{TestEnv, evaluate};
use crate::value::{Value, read};

fn env() -> TestEnv {
    let mut env = TestEnv::new(Dialect::StepFunctions);
    env.variables.insert("states", read(r#"{"input":{"list":[1,2,3,4,5],"name":"x"},"context":{}}"#).expect("JSON"));
    env.variables.insert("limit", Value::from(3));
    env
}

#[test]
fn a_compiled_expression_goes_from_thread_to_thread() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&Jsonata::compile("$f(/a/, function($x)<n:n>{ $x })").expect("compiles"));
}

#[test]
fn functions_of_the_service() {
    for (text, wanted) in [
        ("$partition($states.input.list, 2)", "[[1,2],[3,4],[5]]"),
        ("$partition([1, 2], 1.9)", "[[1],[2]]"),
        ("$partition([], 2)", "[]"),
        ("$range(0, 6, 2)", "[0,2,4,6]"),
        ("$range(0, 5, 2)", "[0,2,4]"),
        ("$range(3, 1, -1)", "[3,2,1]"),
        ("$range(1, 3, 5)", "1"),
        ("[$range(1, 3, 5)]", "[1]"),
        ("$hash('input data', 'SHA-1')", "\"aaff4a450a104cd177d28d18d74485e8cae074b7\""),
        ("$length($hash('x', 'MD5')) & $length($hash('x', 'SHA-512'))", "\"32128\""),
        ("$random(42)", "0.7275636800328681"),
        ("$random()", "0.5"),
        ("$uuid()", "\"80000000-0000-4000-8000-000000000000\""),
        ("$parse('{\"a\":[1,null]}').a", "[1,null]"),
        ("$states.input.list[$ > $limit]", "[4,5]"),
        ("$states.input.name & $states.context.none", "\"x\""),
    ] {
        let found = evaluate(text, "", &mut env()).expect(text).into_value().map(|value| value.to_json());
        assert_eq!(found.as_deref(), Some(wanted), "{text}");
    }
}

#[test]
fn failures_of_the_service() {
    for (text, says) in [
        ("$partition([1], 0)", ": The second argument of the partition function must be a positive number"),
        ("$range(1, 2, 0)", ": The third argument of the range function must not be 0"),
        ("$hash('a', 'CRC')", ": The algorithm of the hash function must be one of MD5"),
        ("$parse('{')", ": The argument of the parse function is no JSON"),
        ("$eval('1')", ". T1006: Attempted to invoke a non-function"),
        ("$randomSeeded(1)", ". T1006: Attempted to invoke a non-function"),
        ("$states.input.list + 1", ". T2001: The left side of the \"+\" operator must evaluate to a number"),
    ] {
        let error = evaluate(text, "", &mut env()).expect_err(text);
        assert!(error.service_text().starts_with(says), "{text}: {}", error.service_text());
    }
}

#[test]
fn nothing_and_functions_are_told_from_values() {
    for (text, wanted) in [
        ("$states.input.none", Evaluated::Undefined),
        ("$nobody", Evaluated::Undefined),
        ("$sum", Evaluated::Function),
        ("function(){1}", Evaluated::Function),
        ("null", Evaluated::Value(Value::Null)),
        ("1/0", Evaluated::Value(Value::Null)),
    ] {
        assert_eq!(evaluate(text, "", &mut env()), Ok(wanted), "{text}");
    }
}

#[test]
fn a_trace_shows_parts_and_their_values() {
    let text = "$sum($states.input.list[$ > $limit]) & '!'";
    let expression = Jsonata::compile(text).expect("compiles");
    let (result, trace) = expression.evaluate_traced(None, &mut env());
    assert_eq!(result, Ok(Evaluated::Value(Value::string("9!"))));
    let value_of = |part: &str| {
        let found = trace.iter().rev().find(|traced| traced.span.text(text) == part);
        found.map(|traced| traced.value.as_str())
    };
    assert_eq!(value_of("$states.input.list[$ > $limit]"), Some("[4,5]"));
    assert_eq!(value_of("$sum($states.input.list[$ > $limit])"), Some("9"));
    assert_eq!(value_of("$limit"), Some("3"));
    assert_eq!(value_of("$ > $limit"), Some("true"));
    assert_eq!(value_of("'!'"), None);
    assert_eq!(expression.evaluate(None, &mut env()), result);
}

#[test]
fn a_trace_is_bounded_and_shows_how_far_a_failure_came() {
    let long = Jsonata::compile("$map([1..5000], function($x){ $pad('', 400) & $x })").expect("compiles");
    let (_, trace) = long.evaluate_traced(None, &mut env());
    assert!(trace.len() <= 500 && trace.iter().all(|traced| traced.value.chars().count() <= 201));
    let failing = Jsonata::compile("$limit + $states.input.name").expect("compiles");
    let (result, trace) = failing.evaluate_traced(None, &mut env());
    assert!(result.is_err());
    assert_eq!(trace.last().map(|traced| traced.value.as_str()), Some("\"x\""));
}
