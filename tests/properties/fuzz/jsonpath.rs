//! Paths.

use asldb::query::{Dialect, JsonPath, NoScope, ReferencePath};
use asldb::value;

use super::bytes::spoilt;
use super::{Case, Random, Verdict, data, ensure, ensure_inside, readers};

const NAMES: [&str; 9] = ["a", "b", "c", "items", "price", "id", "ä€", "no", "a-b_1"];

pub(super) fn text(random: &mut Random) -> Case {
    let text = match random.below(20) {
        0 => format!(
            "${}",
            random
                .pick(&["[?(", "[?(!(", "..", "['a']", "[", ".a", "[?(@.a in [[", "[?(@.a=='"])
                .repeat(random.below(900))
        ),
        _ => path(random, 8),
    };
    vec![spoilt(random, text, |random| path(random, 8))]
}

/// A path that parses, mostly.
pub(super) fn path(random: &mut Random, steps: usize) -> String {
    let mut out = random.pick(&["$", "$", "$", "$", "$$", "$v", "@"]).to_owned();
    for _ in 0..random.below(steps + 1) {
        step(random, 6, &mut out);
    }
    if random.once_in(12) {
        out.push_str(random.pick(&[
            ".length()",
            ".sum()",
            ".max()",
            ".keys()",
            ".concat($.a, 'x')",
            ".append(1)",
            ".index(0)",
        ]));
    }
    out
}

fn step(random: &mut Random, budget: usize, out: &mut String) {
    match random.below(12) {
        0..=3 => out.push_str(&format!(".{}", random.pick(&NAMES))),
        4 => out.push_str(&format!("['{}']", random.pick(&["a", "b.c", "it\\'s", "ä", "", "a\\u0041"]))),
        5 => out.push_str(&format!(
            "[{}]",
            random.pick(&["0", "1", "-1", "99", "0,1", "-1,0,7", "99999999999999999999", "-9223372036854775808"])
        )),
        6 => out.push_str(random.pick(&[".*", "[*]", "..*", "..[*]", "..[0]", "..['a','b']"])),
        7 => out.push_str(&format!("..{}", random.pick(&NAMES))),
        8 => out.push_str(random.pick(&[
            "[1:]",
            "[:2]",
            "[0:1]",
            "[-2:]",
            "[:-1]",
            "[-3:-1]",
            "[9223372036854775807:]",
            "[:]",
        ])),
        9 => out.push_str(&format!("['{}','{}']", random.pick(&NAMES), random.pick(&NAMES))),
        _ => out.push_str(&format!("[?({})]", filter(random, budget))),
    }
}

fn filter(random: &mut Random, budget: usize) -> String {
    if budget > 1 && random.once_in(4) {
        let (left, right) = (filter(random, budget / 2), filter(random, budget / 2));
        return match random.below(3) {
            0 => format!("!({left})"),
            1 => format!("({left}) && {right}"),
            _ => format!("{left} || {right}"),
        };
    }
    let operator = random.pick(&[
        "==",
        "!=",
        "<",
        "<=",
        ">",
        ">=",
        "=~",
        " in ",
        " nin ",
        " subsetof ",
        " size ",
        " empty ",
        " contains ",
        "===",
        " anyof ",
        " noneof ",
        " type ",
    ]);
    match random.below(5) {
        0 => operand(random, budget),
        _ => format!("{}{operator}{}", operand(random, budget), operand(random, budget)),
    }
}

fn operand(random: &mut Random, budget: usize) -> String {
    match random.below(6) {
        0 | 1 => {
            let mut out = "@".to_owned();
            for _ in 0..random.below(3) {
                step(random, budget / 3, &mut out);
            }
            out
        }
        2 => data::number(random),
        3 => random
            .pick(&[
                "'a'",
                "\"b\"",
                "null",
                "true",
                "false",
                "'it\\'s'",
                "''",
                "[1, 'a', null]",
                "{\"a\": 1}",
                "[[1],[2]]",
            ])
            .to_owned(),
        4 => random
            .pick(&["/a+/", "/(a+)+$/", "/^[ab]*$/i", "/(/", "/(a|aa)*b/", "/\\p{L}+/", "/(?=a)a/", "/(.*)*x\\1/"])
            .to_owned(),
        _ => path(random, budget / 2),
    }
}

pub(super) fn generate(random: &mut Random) -> Case {
    let text = match random.below(40) {
        0 => format!(
            "${}",
            random.pick(&["..*", "..[*]", "..a", "[*]", "..['a','b']", "[0,0,0]", "[0,-1]"]).repeat(random.below(7))
        ),
        _ => path(random, 6),
    };
    let text = spoilt(random, text, |random| path(random, 6));
    vec![text, data::document(random)]
}

pub(super) fn check_parse(case: &[String]) -> Verdict {
    let text = &case[0];
    match JsonPath::compile(text) {
        Ok(path) => {
            ensure(path.text() == text, || "another text".to_owned())?;
            if let Some((_, span)) = path.function() {
                ensure_inside("a function", text, span)?;
            }
        }
        Err(error) => {
            ensure(!error.message.is_empty(), || "a fault without words".to_owned())?;
            ensure_inside("a fault", text, error.span)?;
        }
    }
    if let Err(error) = ReferencePath::compile(text) {
        ensure_inside("a fault of a reference path", text, error.span)?;
    }
    Ok(())
}

pub(super) fn check_evaluate(case: &[String]) -> Verdict {
    let [text, data] = case else { return Ok(()) };
    let (Ok(path), Ok(input)) = (JsonPath::compile(text), value::read(data)) else { return Ok(()) };
    for dialect in [Dialect::Service, Dialect::Jayway] {
        let first = path.select_as(dialect, &input, &mut NoScope);
        let second = path.select_as(dialect, &input, &mut NoScope);
        ensure(first == second, || "another value the second time".to_owned())?;
        match first {
            Ok(value) if value.size() < 1 << 20 => readers::check_value(&value)?,
            Ok(_) => {}
            Err(error) => ensure_inside("a failure", text, error.span)?,
        }
    }
    let Ok(reference) = ReferencePath::compile(text) else { return Ok(()) };
    if let Ok(written) = reference.write(&input, value::Value::from(7)) {
        let read = reference.read(&written).map_err(|error| format!("what was written is not there: {error}"))?;
        ensure(read == value::Value::from(7), || "something else is there than was written".to_owned())?;
    }
    Ok(())
}
