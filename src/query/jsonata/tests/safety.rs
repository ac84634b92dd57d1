//! Whatever the text and the data, evaluation ends, within its budgets and the stack of any thread.

use proptest::prelude::*;

use super::super::error::BUDGET;
use super::super::{Dialect, Jsonata, Limits};
use super::{TestEnv, evaluate};
use crate::value::Value;

/// The code of the failure, or an empty text.
fn code(text: &str, input: Option<&Value>) -> String {
    let mut env = TestEnv::new(Dialect::Stock);
    let result = Jsonata::compile(text).and_then(|jsonata| jsonata.evaluate(input, &mut env));
    result.err().map_or_else(String::new, |error| error.code.to_owned())
}

/// Runs `test` on a thread with the stack that threads have by default.
fn on_a_usual_stack(test: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(test).expect("a thread");
    assert!(thread.join().is_ok());
}

#[test]
fn recursion_of_functions_ends_before_the_stack() {
    on_a_usual_stack(|| {
        for text in [
            "($f := function($n){ 1 + $f($n) }; $f(1))",
            "($f := function($n){ [$f($n)] }; $f(1))",
            "($f := function($n){ {'a': $f($n)} }; $f(1))",
            "($f := function($n){ $map([1], $f) }; $f(1))",
            "($f := function($n){ $map([1, 2], function($x){ $f($x) })[0] }; $f(1))",
            "($f := function($n){ $reduce([1, 2], function($a, $b){ $f($a) & 1 }) }; $f(1))",
            "($f := function($n){ $sort([1, 2], function($a, $b){ $f($a) > 1 }) }; $f(1))",
            "($f := function($n){ $replace('a', /a/, function($m){ $f($m) & 'x' }) }; $f(1))",
            "($f := function($n){ [1, 2]^($f($)) }; $f(1))",
            "($f := function($n){ [1, 2][$f($)] }; $f(1))",
            "($f := function($n){ [1, 2].{'a': $f($)}.a }; $f(1))",
            "($f := function($n){ [1, 2]{$string(): $f($)} }; $f(1))",
            "($f := function($n){ [[1]]@$x.[$f($x)] }; $f(1))",
            "($f := function($n){ ($n ~> |$|{'a': $f($)}|) & 'x' }; $f({'b': 1}))",
            "($f := function($n){ ($n ? $f($n) : 1) + 1 }; $f(1))",
            "($f := function($n){ $each({'a': 1}, function($v){ $f($v) }) }; $f(1))",
            "($f := function($n){ (($f ~> $string)($n)) & 'x' }; $f(1))",
            "($f := function($g){ $g($g) & 'x' }; $f($f))",
            "($f := $substring(?, 0); $g := function($x){ $f($g($x)) & 'x' }; $g('a'))",
        ] {
            assert_eq!(code(text, None), BUDGET, "{text}");
        }
    });
}

#[test]
fn expressions_may_be_as_high_as_the_parser_allows() {
    on_a_usual_stack(|| {
        for text in [
            format!("{}1", "1+".repeat(450)),
            format!("{}a", "a.".repeat(450)),
            format!("a{}", "[0]".repeat(450)),
            format!("{}1{}", "(".repeat(190), ")".repeat(190)),
            format!("{}1{}", "[".repeat(190), "]".repeat(190)),
            format!("{}1{}", "{'a':".repeat(190), "}".repeat(190)),
            format!("{}1{}", "function($x){".repeat(190), "}".repeat(190)),
            format!("{}1{}", "|a|".repeat(60), "|".repeat(60)),
            format!("{}1", "true?".repeat(190)),
            format!("{}1", "-".repeat(190)),
            format!("$f{}", "(1)".repeat(400)),
            format!("{}1{}", "$string(".repeat(190), ")".repeat(190)),
            format!("a{}", "^(b)".repeat(400)),
            format!("a{}", ".%".repeat(400)),
            format!("a{}", "@$x".repeat(400)),
            format!("{}1", "1&".repeat(450)),
            format!("1{}", " ~> $string".repeat(450)),
        ] {
            code(&text, Some(&Value::from(1)));
        }
    });
}

fn nested(depth: usize) -> Value {
    (0..depth).fold(Value::from(1), |inner, at| match at % 2 {
        0 => Value::from(vec![inner]),
        _ => Value::Object([("a", inner)].into_iter().collect()),
    })
}

fn nested_arrays(depth: usize) -> Value {
    (0..depth).fold(Value::from(1), |inner, _| Value::from(vec![inner]))
}

#[test]
fn deep_data_costs_no_stack() {
    on_a_usual_stack(|| {
        for input in [nested(1000), nested_arrays(1000)] {
            for text in [
                "**",
                "*",
                "$string($)",
                "$keys($)",
                "$ = $$",
                "$spread($)",
                "$boolean($)",
                "a",
                "$distinct([$, $, {}])",
                "$ ~> |a|{'b': 1}|",
                "$ ~> |**|{'b': 1}|",
                "$clone($)",
                "[$]",
                "$append($, 1)",
                "$lookup($, 'a')",
                "$sort([1, $])",
                "**.a",
                "$count(**)",
                "$merge([{'x': $}])",
                "$type($)",
                "$ in [$]",
                "$not($)",
            ] {
                code(text, Some(&input));
            }
        }
    });
}

#[test]
fn deep_data_in_deep_recursion_costs_no_stack() {
    on_a_usual_stack(|| {
        for input in [nested(1000), nested_arrays(1000)] {
            for step in [
                "$string($)",
                "$count(**)",
                "* & 'x'",
                "$keys($)",
                "$ = $clone($)",
                "$spread($)",
                "$boolean($)",
                "a",
                "$distinct([$, $clone($), {}])",
                "($ ~> |**|{'b': 1}|).a",
                "$merge([{'x': $}])",
                "$lookup($, 'a')",
            ] {
                for depth in [100, 150, 200, 300] {
                    let text = format!(
                        "($d := $; $f := function($n){{ 1 & ($n = 0 ? $d.({step}) : $f($n - 1)) }}; $f({depth}))"
                    );
                    code(&text, Some(&input));
                    let text = format!(
                        "($d := $; $f := function($n){{ [1].{{'a': $n = 0 ? $d.({step}) : $f($n - 1)}} }}; $f({depth}))"
                    );
                    code(&text, Some(&input));
                }
            }
        }
    });
}

#[test]
fn data_cannot_be_nested_without_end() {
    on_a_usual_stack(|| {
        for text in [
            "($f := function($x, $n){ $n = 0 ? $x : $f([[$x]], $n - 1) }; $f(1, 100000))",
            "($f := function($x, $n){ $n = 0 ? $x : $f({'a': $x}, $n - 1) }; $f(1, 100000))",
            "$reduce([1..100000], function($a, $b){ [[$a]] })",
        ] {
            assert_eq!(code(text, None), BUDGET, "{text}");
        }
    });
}

#[test]
fn chains_of_functions_are_dropped_and_not_followed() {
    on_a_usual_stack(|| {
        let chain =
            "($f := function($g, $n){ $n = 0 ? $g : $f(function($x){ $g($x) + 1 }, $n - 1) }; $f($sum, 50000); 1)";
        assert_eq!(code(chain, None), "");
        let composed = "($f := function($g, $n){ $n = 0 ? $g : $f($g ~> $sum, $n - 1) }; $h := $f($sum, 50000); 1)";
        assert_eq!(code(composed, None), "");
        let called = "($f := function($g, $n){ $n = 0 ? $g : $f($g ~> $sum, $n - 1) }; $h := $f($sum, 50000); $h(1))";
        assert_eq!(code(called, None), BUDGET);
    });
}

#[test]
fn tail_calls_need_no_depth() {
    on_a_usual_stack(|| {
        let text = "($f := function($n, $sum){ $n = 0 ? $sum : $f($n - 1, $sum + $n) }; $f(20000, 0))";
        assert_eq!(code(text, None), "");
    });
}

#[test]
fn the_service_gives_up_in_its_own_words() {
    for (text, says) in [
        ("$sum([1..900000])", "Expression evaluation memory limit exceeded"),
        ("[1..900000] ~> $count()", "Expression evaluation memory limit exceeded"),
        ("$pad('', 100000000)", "Expression evaluation memory limit exceeded"),
        ("$range(1, 9000000, 1)", "Expression evaluation memory limit exceeded"),
        ("($f := function($s, $n){ $f($s & $s, $n) }; $f('ab', 1))", "Expression evaluation memory limit exceeded"),
        ("($f := function($s){ $f($append($s, $s)) }; $f([1, 2]))", "Expression evaluation memory limit exceeded"),
        ("($f := function($n){ $f($n) }; $f(1))", "Expression evaluation timeout"),
        (
            "$map([1..3000], function($x){ $map([1..3000], function($y){ $x * $y })[0] })",
            "Expression evaluation timeout",
        ),
        ("$contains($pad('', 40, 'a'), /^(a+)+(?=b)\\1$/)", "Expression evaluation timeout"),
        ("($f := function($n){ $f($n) + 1 }; $f(1))", "Stack overflow error"),
        (&format!("{}1", "1+".repeat(199)), "Stack overflow error"),
    ] {
        let limits = Limits { steps: 3_000_000, ..Limits::SERVICE };
        let mut env = TestEnv { limits, ..TestEnv::new(Dialect::StepFunctions) };
        let error = evaluate(text, "", &mut env).expect_err(text);
        assert!(error.is_budget() && error.message.starts_with(says), "{text}: {error}");
    }
}

#[test]
fn what_shares_its_parts_counts_as_often_as_it_is_there() {
    let doubled = "$f := function($x, $n){ $n = 0 ? $x : $f({'a': $x, 'b': $x}, $n - 1) }; $x := $f(1, 60)";
    let nested = "$f := function($x, $n){ $n = 0 ? $x : $f([[$x], [$x]], $n - 1) }; $x := $f(0, 60)";
    for (made, uses) in [
        (
            doubled,
            &["$x", "[$x]", "$string($x)", "$x & ''", "$x = $f(1, 60)", "$distinct([$x, $f(1, 60)])", "$clone($x)"][..],
        ),
        (doubled, &["$count($x.**)", "$hash($x, 'MD5')", "$x ~> |a|{'c': 1}|"]),
        (
            nested,
            &[
                "$x",
                "$boolean($x)",
                "$not($x)",
                "$x ? 1 : 2",
                "$x and true",
                "[1][$x]",
                "$filter([1], function(){ $x })",
            ],
        ),
    ] {
        for using in uses {
            let mut env = TestEnv { limits: Limits::SERVICE, ..TestEnv::new(Dialect::StepFunctions) };
            let error = evaluate(&format!("({made}; {using})"), "", &mut env).expect_err(using);
            assert!(error.is_budget(), "{using}: {error}");
        }
    }
    let text = format!("({doubled}; -$x)");
    let error = evaluate(&text, "", &mut TestEnv::new(Dialect::Stock)).expect_err(&text);
    assert!(error.code == "D1002" && error.message.len() < 100_000, "{}", error.message.len());
    let few = format!("({doubled}; $count($keys($x)))");
    assert_eq!(code(&few, None), "");
}

#[test]
fn long_texts_arrays_and_patterns_take_their_time() {
    for text in [
        "($s := $pad('', 900000, 'a'); $map([1..5000], function(){ $length($s) }))",
        "($s := $pad('', 900000, 'a'); $map([1..5000], function(){ $contains($s, 'b') }))",
        "($s := $pad('', 900000, 'a'); $t := $s & ''; $map([1..5000], function(){ $s < $t }))",
        "($x := [1..100000]; $x[$x])",
        "($x := [1..800000]; $map([1..100], function(){ $count([$x]) }))",
        "$contains($pad('', 900000, 'ab'), /[ab]*a[ab]{1000}$/)",
        "$toMillis($pad('', 100000, 'MD'), $pad('', 800, '[YI]'))",
        "$formatNumber(1, $pad('', 70000, '0'))",
        "$fromMillis(0, $pad('', 70000, '[Y]'))",
        "$split($pad('', 900000, 'a'), '')",
        "($g := function($x){ $x }; $f := function($p, $n){ $n = 0 ? $p : $f($p(?), $n - 1) }; $h := $f($g, 60000); $map([1..20000], $h))",
    ] {
        let limits = Limits { steps: 500_000, ..Limits::SERVICE };
        let mut env = TestEnv { limits, ..TestEnv::new(Dialect::StepFunctions) };
        let error = evaluate(text, "", &mut env).expect_err(text);
        assert!(error.is_budget(), "{text}: {error}");
    }
}

proptest! {
    #[test]
    fn any_text_ends(text in r#"[ab0-2$.\[\]{}()@#;:?+*/%|=<>^&!~"', -]{0,30}"#) {
        let mut env = TestEnv { limits: Limits { steps: 20_000, ..Limits::SERVICE }, ..TestEnv::new(Dialect::Stock) };
        if let Err(error) = evaluate(&text, r#"{"a":[1,{"b":2}],"b":{"a":"x"}}"#, &mut env) {
            prop_assert!(error.span.end as usize <= text.len(), "{text}");
            prop_assert!(text.is_char_boundary(error.span.start as usize), "{text}");
        }
    }

    #[test]
    fn any_pieces_end(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..14)) {
        let text = pieces.concat();
        let mut env = TestEnv { limits: Limits { steps: 50_000, ..Limits::SERVICE }, ..TestEnv::new(Dialect::StepFunctions) };
        if let Err(error) = evaluate(&text, r#"{"a":[1,{"b":[2,{"a":3}]}],"b":{"a":"x"}}"#, &mut env) {
            prop_assert!(error.span.end as usize <= text.len(), "{text}");
        }
    }
}

/// Pieces of expressions that fit together often enough.
const PIECES: &[&str] = &[
    "a",
    "b",
    ".",
    "[0]",
    "[]",
    "[$]",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "$",
    "$$",
    "%",
    "*",
    "**",
    "@$x",
    "#$i",
    "$x",
    "$i",
    "^(",
    "^(>a)",
    "{'k': $}",
    "'s'",
    "1",
    "-1",
    "1.5",
    "+",
    "-",
    "/",
    "&",
    "=",
    "<",
    " in ",
    " and ",
    " or ",
    "..",
    ",",
    ";",
    ":",
    "?",
    ":=",
    "~>",
    "|",
    "|$|{'n': 1}|",
    "function($x){",
    "λ($x, $i){",
    "<n:n>",
    "/a+/",
    "$sum",
    "$map",
    "$string",
    "$count(",
    "$keys(",
    "$reduce(",
    "$append(",
    "$sort(",
    "$replace(",
    "$match(",
    "$split(",
    "$formatNumber(",
    "'#,##0.0#'",
    "$toMillis(",
    "$fromMillis(",
    "'[Y]-[M]'",
    "$formatInteger(",
    "'w'",
    "$parse(",
    "$partition(",
    "$range(",
    "$hash(",
    "true",
    "null",
    "nothing",
    "$spread",
    "$merge",
    "$each(",
    "$sift(",
    "$zip(",
    "$distinct(",
    "$single(",
    "$pad(",
];
