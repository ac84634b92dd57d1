//! JSON texts: what is read, and what is asked.

use super::Random;

pub(super) const KEYS: [&str; 14] =
    ["a", "b", "c", "items", "price", "id", "", "a b", "ä€", "😀", "0", "1", "a.$", "\\u0061"];

const NUMBERS: [&str; 24] = [
    "0",
    "-0",
    "1",
    "-1",
    "2",
    "3",
    "10",
    "100",
    "0.5",
    "1.0",
    "-2.25",
    "1e3",
    "1E-7",
    "12345678901234567890",
    "9007199254740993",
    "-9223372036854775808",
    "9223372036854775808",
    "1e400",
    "-1e999999999",
    "1e-999999999",
    "5e-324",
    "1.7976931348623157e308",
    "0.1000000000000000055511151231257827",
    "3.141592653589793",
];

const TEXTS: [&str; 28] = [
    "",
    "a",
    "b",
    "abc",
    "A1",
    "1",
    "0",
    "-3.5",
    "true",
    "null",
    "x,y;z",
    "2024-02-29T23:59:60Z",
    "2024-03-01T12:00:00.123+05:30",
    "[1, {\\\"a\\\": 2}]",
    "{\\\"a\\\": {\\\"b\\\": 1}}",
    "ä€",
    "😀😀",
    "\\ud83d\\ude00",
    "\\\\",
    "\\n\\t\\u0001",
    "SGVsbG8=",
    "%41%zz",
    "(a+)+$",
    "{}",
    "'{}'",
    "$.a",
    "one hundred and twelve",
    "MCMXC",
];

/// A number as JSON spells it.
pub(super) fn number(random: &mut Random) -> String {
    match random.below(4) {
        0 => random.pick(&NUMBERS).to_owned(),
        1 => format!("{}.{}e{}", random.below(100), random.below(1000), random.below(40)),
        2 => format!("-{}", random.below(100_000)),
        _ => random.below(12).to_string(),
    }
}

/// A value with about `budget` values in it.
pub(super) fn value(random: &mut Random, budget: usize) -> String {
    let mut out = String::new();
    write(random, budget, &mut out);
    out
}

fn write(random: &mut Random, budget: usize, out: &mut String) {
    let kind = if budget <= 1 { random.below(4) } else { random.below(9) };
    match kind {
        0 => out.push_str(&number(random)),
        1 => out.push_str(random.pick(&["null", "true", "false"])),
        2 | 3 => {
            out.push('"');
            out.push_str(random.pick(&TEXTS));
            out.push('"');
        }
        4..=6 => {
            let count = random.below(5);
            out.push('{');
            for at in 0..count {
                separate(random, at, out);
                out.push_str(&format!("\"{}\"", random.pick(&KEYS)));
                out.push_str(random.pick(&[":", ": ", " : "]));
                write(random, budget / count, out);
            }
            out.push('}');
        }
        _ => {
            let count = random.below(6);
            out.push('[');
            for at in 0..count {
                separate(random, at, out);
                write(random, budget / count, out);
            }
            out.push(']');
        }
    }
}

fn separate(random: &mut Random, at: usize, out: &mut String) {
    if at > 0 {
        out.push_str(random.pick(&[",", ", ", ",\n  ", " ,\t"]));
    }
}

/// What expressions are evaluated on: mostly small, now and then wide or deep.
pub(super) fn document(random: &mut Random) -> String {
    match random.below(24) {
        0 => format!("[{}]", vec![value(random, 3); random.between(100, 2000)].join(",")),
        1 => nested(random, 900),
        2 => {
            let members = (0..random.between(20, 300)).map(|at| format!("\"k{at}\":{}", number(random)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        }
        3 => format!("\"{}\"", random.pick(&["a", "ab ", "ä", "0"]).repeat(random.between(100, 20_000))),
        4 => value(random, 1),
        _ => orders(random),
    }
}

/// A value inside up to `most` arrays and objects.
pub(super) fn nested(random: &mut Random, most: usize) -> String {
    let depth = random.between(most / 2, most);
    let (arrays, objects) = (random.once_in(2), random.once_in(2));
    let (mut before, mut after) = (String::new(), String::new());
    for at in 0..depth {
        let is_array = if arrays == objects { at % 2 == 0 } else { arrays };
        before.push_str(if is_array { "[" } else { "{\"a\":" });
        after.insert(0, if is_array { ']' } else { '}' });
    }
    format!("{before}{}{after}", value(random, 3))
}

fn orders(random: &mut Random) -> String {
    let items: Vec<String> = (0..random.below(6))
        .map(|at| {
            format!(r#"{{"id":{at},"price":{},"b":{},"a":{}}}"#, number(random), value(random, 4), value(random, 6))
        })
        .collect();
    format!(r#"{{"a":{},"items":[{}],"b":{}}}"#, value(random, 8), items.join(","), value(random, 8))
}
