//! JSONata.

use asldb::query::jsonata::{Dialect, Evaluated, Jsonata, JsonataEnv, JsonataError, Limits, StatesFields, Traced};
use asldb::value::{self, Timestamp, Value};

use super::bytes::spoilt;
use super::{Case, Random, Verdict, data, ensure, ensure_inside, pictures, readers};

const FUNCTIONS: [&str; 70] = [
    "sum",
    "count",
    "max",
    "min",
    "average",
    "string",
    "substring",
    "substringBefore",
    "substringAfter",
    "lowercase",
    "uppercase",
    "length",
    "trim",
    "pad",
    "match",
    "contains",
    "replace",
    "split",
    "join",
    "formatNumber",
    "formatBase",
    "formatInteger",
    "parseInteger",
    "number",
    "floor",
    "ceil",
    "round",
    "abs",
    "sqrt",
    "power",
    "random",
    "boolean",
    "not",
    "map",
    "zip",
    "filter",
    "single",
    "reduce",
    "sift",
    "keys",
    "lookup",
    "append",
    "exists",
    "spread",
    "merge",
    "reverse",
    "each",
    "error",
    "assert",
    "type",
    "sort",
    "shuffle",
    "distinct",
    "base64encode",
    "base64decode",
    "encodeUrlComponent",
    "encodeUrl",
    "decodeUrlComponent",
    "decodeUrl",
    "toMillis",
    "fromMillis",
    "now",
    "millis",
    "clone",
    "partition",
    "range",
    "hash",
    "uuid",
    "parse",
    "eval",
];

/// Programs that make much of little.
const BOMBS: [&str; 34] = [
    "($f := function($x, $n){ $n = 0 ? $x : $f({'a': $x, 'b': $x}, $n - 1) }; $f(1, 60))",
    "($f := function($x, $n){ $n = 0 ? $x : $f([[$x], [$x]], $n - 1) }; $f(0, 60))",
    "($f := function($x, $n){ $n = 0 ? $x : $f({'a': $x, 'b': $x}, $n - 1) }; $string($f(1, 60)))",
    "($f := function($x, $n){ $n = 0 ? $x : $f({'a': $x, 'b': $x}, $n - 1) }; $f(1, 60) = $f(1, 60))",
    "($f := function($x, $n){ $n = 0 ? $x : $f([[$x], [$x]], $n - 1) }; $boolean($f(0, 60)))",
    "($f := function($x, $n){ $n = 0 ? $x : $f([[$x], [$x]], $n - 1) }; $f(0, 60) ? 1 : 2)",
    "($f := function($x, $n){ $n = 0 ? $x : $f({'a': $x, 'b': $x}, $n - 1) }; $distinct([$f(1, 60), $f(1, 60)]))",
    "($f := function($x, $n){ $n = 0 ? $x : $f({'a': $x, 'b': $x}, $n - 1) }; -$f(1, 60))",
    "($f := function($x, $n){ $n = 0 ? $x : $f({'a': $x, 'b': $x}, $n - 1) }; $f(1, 60) < 1)",
    "($f := function($x, $n){ $n = 0 ? $x : $f({'a': $x, 'b': $x}, $n - 1) }; $hash($f(1, 60), 'MD5'))",
    "($f := function($x, $n){ $n = 0 ? $x : $f({'a': $x, 'b': $x}, $n - 1) }; $count($f(1, 60).**))",
    "($f := function($x, $n){ $n = 0 ? $x : $f({'a': $x, 'b': $x}, $n - 1) }; $clone($f(1, 60)))",
    "($f := function($x, $n){ $n = 0 ? $x : $f({'a': $x, 'b': $x}, $n - 1) }; $f(1, 60) ~> |a|{'c': 1}|)",
    "($f := function($x, $n){ $n = 0 ? $x : $f({'a': $x, 'b': $x}, $n - 1) }; $error($f(1, 60)))",
    "($x := [1..800000]; $map([1..1000], function($i){ [$x] })[0][0])",
    "($x := [1..100000]; $x[$x][0])",
    "($s := $pad('', 900000, 'a'); $map([1..5000], function($i){ $length($s) }))",
    "($s := $pad('', 900000, 'a'); $map([1..5000], function($i){ $s = $s & '' }))",
    "($s := $pad('', 900000, 'ä'); $map([1..5000], function($i){ $substringBefore($s, 'b') }))",
    "($s := $pad('', 900000, 'a'); $map([1..5000], function($i){ $contains($s, 'ab') }))",
    "($s := $pad('', 300000, 'a'); $match($s, /(a*)*b/))",
    "($s := $pad('', 300000, 'a'); $replace($s, /(a|aa)+$/, function($m){ $m.match }))",
    "($s := $pad('', 40, 'a'); $map([1..100000], function($i){ $contains($s, /^(a+)+\\1b/) }))",
    "($s := $pad('', 3000, 'ab'); $split($s, /(?=b)|a(?!c)/))",
    "$string([1..800000])",
    "$join($map([1..100000], function($i){ $string($i) }), $pad('', 5000, ','))",
    "$pad('a', 1e12, 'bc')",
    "$formatNumber(1e300, '#' & $pad('', 5000, '0') & '.0')",
    "$power(10, 308) * $power(10, 308)",
    "$formatBase(1e308, 2)",
    "($g := function($x){ $x + 1 }; $f := function($p, $n){ $n = 0 ? $p : $f($p(?), $n - 1) }; $f($g, 60000)(1))",
    "($g := function($x){ $sum([1]) }; $f := function($p, $n){ $n = 0 ? $p : $f($p(?), $n - 1) }; $h := $f($g, 20000); $map([1..2000], $h)[0])",
    "[1..100000]{$string($): $}",
    "[1..3000]@$x.[1..3000]@$y.($x + $y)",
];

pub(super) fn text(random: &mut Random) -> Case {
    let text = match random.below(20) {
        0 => random
            .pick(&[
                "(",
                "[",
                "{'a':",
                "function($x){",
                "-",
                "a.",
                "1+",
                "a[",
                "|a|",
                "a?",
                "$f(",
                "a^(",
                "%.",
                "a@$x.",
                "/(/",
                "1~>",
            ])
            .repeat(random.below(3000)),
        1 => random.pick(&BOMBS).to_owned(),
        _ => expression(random, 30),
    };
    vec![spoilt(random, text, |random| expression(random, 12))]
}

/// An expression of about `budget` nodes.
pub(super) fn expression(random: &mut Random, budget: usize) -> String {
    if budget <= 1 {
        return leaf(random);
    }
    let half = budget / 2;
    match random.below(22) {
        0 | 1 => format!("{}.{}", expression(random, half), step(random, half)),
        2 => format!("{}[{}]", expression(random, half), expression(random, half)),
        3 => format!(
            "{}[{}]{}",
            expression(random, half),
            random.pick(&["0", "-1", "", "1.5", "[0, 1]", "$i = 1", "a"]),
            random.pick(&["", "[]", "[0]"])
        ),
        4 => {
            let operator = random.pick(&[
                "+", "-", "*", "/", "%", "=", "!=", "<", "<=", ">", ">=", " and ", " or ", " in ", "&", " ?: ", " ?? ",
            ]);
            format!("{}{operator}{}", expression(random, half), expression(random, half))
        }
        5 => format!(
            "({})",
            (0..random.between(1, 3)).map(|_| expression(random, budget / 3)).collect::<Vec<_>>().join("; ")
        ),
        6 => {
            format!("[{}]", (0..random.below(4)).map(|_| expression(random, budget / 4)).collect::<Vec<_>>().join(", "))
        }
        7 => format!("[{}..{}]", random.below(5), random.below(12)),
        8 | 9 => object(random, budget),
        10 => format!(
            "{} ? {} : {}",
            expression(random, budget / 3),
            expression(random, budget / 3),
            expression(random, budget / 3)
        ),
        11 => format!("({} := {}; {})", variable(random), expression(random, half), expression(random, half)),
        12 => format!(
            "{}^({}{}, {})",
            expression(random, half),
            random.pick(&["", ">", "<"]),
            step(random, half / 2),
            step(random, 1)
        ),
        13 => format!("{}{}", expression(random, half), object(random, half)),
        14 => format!("{} ~> {}", expression(random, half), function(random, half)),
        15 => format!("{}{}.{}", expression(random, half), random.pick(&["@$x", "#$i", "@$x#$i"]), step(random, half)),
        16 => format!(
            "{} ~> |{}|{}{}|",
            expression(random, budget / 3),
            step(random, budget / 3),
            object(random, budget / 3),
            random.pick(&["", ", 'a'", ", ['a', 'b']"])
        ),
        17 => format!("-{}", expression(random, half)),
        _ => call(random, budget),
    }
}

fn leaf(random: &mut Random) -> String {
    match random.below(8) {
        0 => data::number(random).replace("1e400", "1e300").replace("999999999", "300"),
        1 => random
            .pick(&[
                "'a'",
                "\"b\"",
                "''",
                "'x,y;z'",
                "\"\\u00e4\\n\"",
                "'2024-02-29'",
                "'[1, {\"a\": 2}]'",
                "'😀😀'",
                "true",
                "false",
                "null",
                "`a b`",
            ])
            .to_owned(),
        2 => random
            .pick(&["$", "$$", "%", "%.%", "*", "**", "$x", "$i", "$f", "$nothing", "$states.input.a", "$states"])
            .to_owned(),
        3 => random
            .pick(&["/a/", "/(a+)+$/", "/[a-z]*/i", "/^b|c$/m", "/(?=a)/", "/\\d{1,3}/", "/(.)\\1/", "/./"])
            .to_owned(),
        _ => random.pick(&["a", "b", "c", "items", "price", "id", "a.b", "items.price", "b.a", "items.b"]).to_owned(),
    }
}

fn step(random: &mut Random, budget: usize) -> String {
    match random.below(6) {
        0 => format!("({})", expression(random, budget)),
        1 => object(random, budget),
        2 => format!("[{}]", expression(random, budget)),
        3 => format!("`{}`", random.pick(&["a", "a b", "ä€", ""])),
        _ => random.pick(&["a", "b", "price", "id", "*", "**", "%", "$", "$string()", "'b'", "$x", "%.id"]).to_owned(),
    }
}

fn object(random: &mut Random, budget: usize) -> String {
    let count = random.below(4);
    let keys = ["'a'", "'b'", "\"c\"", "id", "$string(id)", "'0'", "$x", "a", "\"1\""];
    let pairs = (0..count).map(|_| format!("{}: {}", random.pick(&keys), expression(random, budget / (count + 1))));
    format!("{{{}}}", pairs.collect::<Vec<_>>().join(", "))
}

fn variable(random: &mut Random) -> &'static str {
    random.pick(&["$x", "$i", "$f", "$y", "$sum", "$"])
}

fn function(random: &mut Random, budget: usize) -> String {
    let signature =
        random.pick(&["", "", "", "", "<n:n>", "<x-:x>", "<a<n>n?:x>", "<(sn)-b?:s>", "<f<n:n>:f>", "<x+:x>"]);
    match random.below(7) {
        0 => format!("${}", random.pick(&FUNCTIONS)),
        1 => format!(
            "${}({})",
            random.pick(&FUNCTIONS),
            random.pick(&["?", "?, 1", "1, ?", "?, ?", "?, 'a', ?", "$, ?"])
        ),
        2 => format!("function($x, $i){signature}{{ {} }}", expression(random, budget)),
        3 => format!(
            "function($a, $b){{ $a{0} {1} $b{0} }}",
            random.pick(&["", ".a", ".price", ".a.b"]),
            random.pick(&["<", ">", "<=", "=", "+"])
        ),
        4 => format!("({} ~> {})", function(random, budget / 2), function(random, budget / 2)),
        _ => format!("λ($x){signature}{{ {} }}", expression(random, budget)),
    }
}

fn call(random: &mut Random, budget: usize) -> String {
    if random.once_in(12) {
        return pictures::call(random);
    }
    let name = random.pick(&FUNCTIONS);
    let mut given = Vec::new();
    for _ in 0..random.below(4) {
        given.push(match random.below(5) {
            0 if budget > 2 => function(random, budget / 3),
            1 => leaf(random),
            _ => expression(random, budget / 3),
        });
    }
    if matches!(name, "map" | "filter" | "sort" | "reduce" | "single" | "sift" | "each" | "match" | "replace")
        && random.below(4) > 0
    {
        given.truncate(1);
        given.push(function(random, budget / 2));
    }
    format!("${name}({})", given.join(", "))
}

/// The expression, the data, and which limits: those of the service, or fewer steps.
pub(super) fn generate(random: &mut Random) -> Case {
    let is_bomb = random.once_in(400);
    let text = if is_bomb { random.pick(&BOMBS).to_owned() } else { expression(random, 40) };
    let text = spoilt(random, text, |random| expression(random, 12));
    let limits = if is_bomb { "service" } else { random.pick(&["few", "few", "few", "shallow"]) };
    vec![text, data::document(random), limits.to_owned()]
}

pub(super) fn check_parse(case: &[String]) -> Verdict {
    let text = &case[0];
    match Jsonata::compile(text) {
        Ok(compiled) => {
            ensure(compiled.text() == text, || "another text".to_owned())?;
            let variables = compiled.variables();
            ensure(variables.iter().all(|name| text.contains(&**name)), || {
                format!("variables of elsewhere: {variables:?}")
            })?;
            let references = compiled.check_references(StatesFields::default());
            references.iter().try_for_each(|reference| ensure_inside("a reference", text, reference.span))
        }
        Err(error) => check_error(text, &error),
    }
}

fn check_error(text: &str, error: &JsonataError) -> Verdict {
    ensure(!error.message.is_empty(), || "a fault without words".to_owned())?;
    ensure_inside("a fault", text, error.span)?;
    let in_text = error.position.is_none_or(|position| text.is_char_boundary(position));
    ensure(in_text, || format!("a position outside of the text: {:?}", error.position))
}

/// An environment in which everything is known.
pub(super) struct Known {
    pub(super) input: Option<Value>,
    pub(super) limits: Limits,
    pub(super) drawn: u64,
}

impl JsonataEnv for Known {
    fn variable(&mut self, name: &str) -> Option<Value> {
        let input = self.input.clone()?;
        (name == "states").then(|| Value::Object([("input", input)].into_iter().collect()))
    }

    fn now(&mut self) -> Timestamp {
        Timestamp(1_709_294_400_123)
    }

    fn random(&mut self) -> u64 {
        self.drawn += 1;
        self.drawn.wrapping_mul(0x9E37_79B9_7F4A_7C15)
    }

    fn dialect(&self) -> Dialect {
        Dialect::StepFunctions
    }

    fn limits(&self) -> Limits {
        self.limits
    }
}

pub(super) fn check_evaluate(case: &[String]) -> Verdict {
    let [text, data, limits] = case else { return Ok(()) };
    let (Ok(compiled), Ok(input)) = (Jsonata::compile(text), value::read(data)) else { return Ok(()) };
    let limits = match limits.as_str() {
        "few" => Limits { steps: 30_000, ..Limits::SERVICE },
        "shallow" => Limits { depth: 20, memory: 20_000, steps: 30_000 },
        _ => Limits::SERVICE,
    };
    let env = || Known { input: Some(input.clone()), limits, drawn: 0 };
    let first = compiled.evaluate(Some(&input), &mut env());
    same(&first, &compiled.evaluate(Some(&input), &mut env()), "the second time")?;
    let (traced, parts) = compiled.evaluate_traced(Some(&input), &mut env());
    same(&first, &traced, "with a trace")?;
    parts.iter().try_for_each(|part: &Traced| ensure_inside("a trace", text, part.span))?;
    match first {
        Ok(Evaluated::Value(value)) if value.size() < 1 << 20 => readers::check_value(&value),
        Ok(_) => Ok(()),
        Err(error) => check_error(text, &error),
    }
}

/// What the memory holds at the limit may differ by what is kept for the trace; all else must be the same.
fn same(first: &Result<Evaluated, JsonataError>, other: &Result<Evaluated, JsonataError>, when: &str) -> Verdict {
    let is_same = match (first, other) {
        (Ok(Evaluated::Value(first)), Ok(Evaluated::Value(other))) => {
            first == other && (first.size() > 1 << 20 || first.to_json() == other.to_json())
        }
        (first, other) => first == other,
    };
    ensure(is_same, || format!("{when} it is different: {first:?} and {other:?}").chars().take(2000).collect())
}
