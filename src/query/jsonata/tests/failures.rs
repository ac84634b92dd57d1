//! How expressions fail: code, position (after the token at fault), token, words.

use super::super::{Dialect, Jsonata};
use super::{TestEnv, evaluate};

/// Code, position and token of the failure.
fn fails(input: &str, rows: &[(&str, &str, Option<usize>, Option<&str>)]) {
    for (text, code, position, token) in rows {
        let error = evaluate(text, input, &mut TestEnv::new(Dialect::Stock)).expect_err(text);
        assert_eq!((error.code, error.position, error.token.as_deref()), (*code, *position, *token), "{text}");
        assert!(!error.message.is_empty(), "{text}");
    }
}

#[test]
fn texts_that_do_not_parse() {
    fails(
        "",
        &[
            ("", "S0207", Some(0), Some("(end)")),
            ("1 +", "S0207", Some(3), Some("(end)")),
            ("[1, 2", "S0203", Some(5), Some("(end)")),
            ("a[1, 2]", "S0202", Some(4), Some(",")),
            ("a b", "S0201", Some(3), Some("b")),
            ("'a", "S0101", Some(2), None),
            ("1 = \"\\x\"", "S0103", Some(6), Some("x")),
            ("a.1.b", "S0213", Some(3), None),
            ("a.b.true", "S0213", Some(8), None),
            ("$x{'a': 1}[0]", "S0209", Some(11), None),
            ("$x{'a': 1}{'b': 2}", "S0210", Some(11), None),
            ("a[0]@$x", "S0215", Some(5), None),
            ("a^(b)@$x", "S0216", Some(6), None),
            ("a#b", "S0214", Some(3), Some("#")),
            ("a.%.%.b", "S0217", None, Some("path")),
            ("%", "S0217", None, Some("parent")),
            ("$x.(%)", "S0217", Some(2), Some("variable")),
            ("/(/", "S0302", Some(3), None),
            ("/+/", "S0303", Some(3), None),
            ("/*/ + 1", "S0106", Some(0), None),
        ],
    );
}

#[test]
fn operators_that_cannot_be_applied() {
    fails(
        r#"{"a":"x","b":[1],"o":{}}"#,
        &[
            ("1 + a", "T2002", Some(3), Some("+")),
            ("a * 2", "T2001", Some(3), Some("*")),
            ("-a", "D1002", Some(1), Some("-")),
            ("1 < a", "T2009", Some(3), Some("<")),
            ("b < 1", "T2010", Some(3), Some("<")),
            ("[1.5..2]", "T2003", Some(6), Some("..")),
            ("[1..a]", "T2004", Some(4), Some("..")),
            ("[0..10000000]", "D2014", Some(4), Some("..")),
            ("1/0 + 1", "D1001", Some(5), Some("+")),
            ("1 ~> a", "T2006", Some(4), None),
            ("{1: 2}", "T1003", Some(1), None),
            ("{'k': 1, 'k': 2}", "D1009", Some(1), None),
            ("[1, 'a']^($)", "T2007", Some(9), None),
            ("[o, 1]^($)", "T2008", Some(7), None),
            ("$ ~> |o|1|", "T2011", Some(9), None),
            ("$ ~> |o|{}, 1|", "T2012", Some(13), None),
            ("($clone := 1; $ ~> |o|{}|)", "T2013", Some(20), None),
        ],
    );
}

#[test]
fn calls_that_fail() {
    fails(
        r#"{"a":"x"}"#,
        &[
            ("foo(1)", "T1006", Some(4), Some("foo")),
            ("sum([1])", "T1005", Some(4), Some("sum")),
            ("sum(?)", "T1007", Some(4), Some("sum")),
            ("foo(?)", "T1008", Some(4), Some("foo")),
            ("$eval('1')", "T1006", Some(6), Some("eval")),
            ("$uppercase(1)", "T0410", Some(11), Some("uppercase")),
            ("$substring('a')", "T0410", Some(11), Some("substring")),
            ("$length()", "T0411", Some(8), Some("length")),
            ("$sum(['a'])", "T0412", Some(5), Some("sum")),
            ("$sum([1], 2)", "T0410", Some(5), Some("sum")),
            ("$number('x')", "D3030", Some(8), Some("number")),
            ("$sqrt(-1)", "D3060", Some(6), Some("sqrt")),
            ("$power(10, 400)", "D3061", Some(7), Some("power")),
            ("$sort([1, 'a'])", "D3070", Some(6), Some("sort")),
            ("$reduce([1], function($a){ 1 })", "D3050", Some(8), Some("reduce")),
            ("$single([1, 1], function($v){ true })", "D3138", Some(8), Some("single")),
            ("$single([], function($v){ true })", "D3139", Some(8), Some("single")),
            ("$replace('a', '', 'b')", "D3010", Some(9), Some("replace")),
            ("$replace('a', /b*/, 'c')", "D1004", Some(9), Some("replace")),
            ("$replace('a', /a/, function(){ 1 })", "D3012", Some(9), Some("replace")),
            ("$split('a', ',', -1)", "D3020", Some(7), Some("split")),
            ("$split('a', function($s){ 1 })", "T1010", Some(7), Some("split")),
            ("$formatBase(1, 40)", "D3100", Some(12), Some("formatBase")),
            ("$formatNumber(1, '0#')", "D3090", Some(14), Some("formatNumber")),
            ("$formatNumber(1, 'x')", "D3086", Some(14), Some("formatNumber")),
            ("$formatNumber(1, '')", "D3085", Some(14), Some("formatNumber")),
            ("$formatNumber(1, '0;x')", "D3086", Some(14), Some("formatNumber")),
            ("$formatInteger(1, 'x')", "D3130", Some(15), Some("formatInteger")),
            ("$fromMillis(0, '[YN]')", "D3133", Some(12), Some("fromMillis")),
            ("$fromMillis(0, '[Y')", "D3135", Some(12), Some("fromMillis")),
            ("$toMillis('yesterday')", "D3110", Some(10), Some("toMillis")),
            ("$toMillis('10 2018', '[H] [Y]')", "D3136", Some(10), Some("toMillis")),
            ("$decodeUrl('%')", "D3140", Some(11), Some("decodeUrl")),
            ("$string(1/0)", "D3001", Some(8), Some("string")),
            ("$error('stop')", "D3137", Some(7), Some("error")),
            ("$assert(false)", "D3141", Some(8), Some("assert")),
        ],
    );
}

#[test]
fn failures_inside_of_functions_are_placed_at_the_call() {
    fails(
        "",
        &[
            ("($f := function($x){ $x + 'a' }; $f(1))", "T2002", Some(36), Some("+")),
            ("$map([1], function($x){ $x + 'a' })", "T2002", Some(5), Some("+")),
            ("$map([1], $uppercase)", "T0410", Some(5), Some("map")),
            ("1 and (2 + 'a')", "T2002", Some(5), Some("and")),
            ("($f := function($x){ $x() }; $f(1))", "T1006", Some(24), Some("x")),
        ],
    );
}

#[test]
fn messages_are_those_of_the_reference() {
    for (text, message) in [
        ("1 +", "Unexpected end of expression"),
        ("a[1,2]", "Expected \"]\", got \",\""),
        ("$sqrt(-2)", "The sqrt function cannot be applied to a negative number: -2"),
        ("$sum('a')", "Argument 1 of function \"sum\" must be an array of \"numbers\""),
        ("$error('stop')", "stop"),
        ("$error()", "$error() function evaluated"),
        ("$number('1 2')", "Unable to cast value to a number: \"1 2\""),
        ("'a' > 1", "The values \"a\" and 1 either side of operator \">\" must be of the same data type"),
        ("$decodeUrlComponent('%x')", "Malformed URL passed to $decodeUrlComponent(): \"%x\""),
        ("average(1)", "Attempted to invoke a non-function. Did you mean $average?"),
        ("function(x){1}", "Parameter 1 of function definition must be a variable name (start with $)"),
    ] {
        let error = evaluate(text, "", &mut TestEnv::new(Dialect::Stock)).expect_err(text);
        assert_eq!(error.message, message, "{text}");
    }
}

#[test]
fn the_offending_part_is_shown() {
    for (text, part) in [
        ("1 + 'a'", "+"),
        ("2 * $uppercase(1)", "$uppercase"),
        ("a.b c", "c"),
        ("[1, 2", ""),
        ("1 = 'open", "'open"),
        ("äöü + $nix(1)", "$nix"),
        ("$map([1], function($v){ $v + 'a' })", "+"),
        ("(1 = 1 ? $sum('a') : 2) & 'x'", "$sum"),
    ] {
        let error = evaluate(text, "{\"äöü\":1}", &mut TestEnv::new(Dialect::Stock)).expect_err(text);
        assert_eq!(error.span.text(text), part, "{text}");
    }
}

#[test]
fn places_in_signatures_lie_between_characters() {
    let text = "function($x)<\u{1F600}n < a><n>>{1}";
    let error = Jsonata::compile(text).expect_err("no signature");
    assert!(error.position.is_some_and(|position| text.is_char_boundary(position)), "{error:?}");
    assert!(text.get(error.span.range()).is_some());
}
