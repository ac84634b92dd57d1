//! Numbers, times, and the pictures that numbers and times are written by.

use asldb::query::jsonata::{Jsonata, Limits};
use asldb::value::{Number, Timestamp};

use super::bytes::spoilt;
use super::jsonata::Known;
use super::{Case, Random, Verdict, data, ensure, ensure_inside};

/// A number, a time, and a call with a picture.
pub(super) fn generate(random: &mut Random) -> Case {
    let number = data::number(random);
    let time = format!(
        "{:04}-{:02}-{:02}{}{:02}:{:02}:{:02}{}",
        random.below(11_000),
        random.below(14),
        random.below(33),
        random.pick(&["T", "T", "T", "t", " "]),
        random.below(25),
        random.below(61),
        random.below(61),
        random.pick(&["Z", ".5Z", ".123456789Z", "+05:30", "-23:59", "+24:00", "", ".Z", "z", "+99:99"])
    );
    let time = spoilt(random, time, |_| "2024-03-01T00:00:00Z".to_owned());
    let call = call(random);
    vec![spoilt(random, number, data::number), time, spoilt(random, call, self::call)]
}

/// A call of a function that takes a picture.
pub(super) fn call(random: &mut Random) -> String {
    let number = match random.below(5) {
        0 => random
            .pick(&[
                "0",
                "-1",
                "1e300",
                "-1e-300",
                "0.5",
                "12345678.9876",
                "1/0",
                "9007199254740993",
                "1e15",
                "253402300800000",
            ])
            .to_owned(),
        1 => format!("{}", random.below(5000)),
        2 => format!("-{}", random.below(1_000_000)),
        3 => format!("{}e{}", random.below(100), random.below(25)),
        _ => format!("{}", random.bits() >> random.below(50)),
    };
    match random.below(8) {
        0 => format!("$formatNumber({number}, '{}')", number_picture(random)),
        1 => format!(
            "$formatNumber({number}, '{}', {{'decimal-separator': '{}', 'zero-digit': '{}', 'per-mille': 'o'}})",
            number_picture(random),
            random.pick(&[",", ".", "ä", "", "··"]),
            random.pick(&["0", "٠", "a", "😀"])
        ),
        2 => format!("$formatInteger({number}, '{}')", integer_picture(random)),
        3 => format!("$parseInteger('{}', '{}')", integer_text(random), integer_picture(random)),
        4 => format!(
            "$fromMillis({number}, '{}', '{}')",
            time_picture(random),
            random.pick(&["+0100", "-1200", "+9999", "0530", "Z", "+01:00", "ä"])
        ),
        5 => format!("$toMillis('{}', '{}')", time_text(random), time_picture(random)),
        6 => format!("$toMillis($fromMillis({number}, '{0}'), '{0}')", time_picture(random)),
        _ => format!("$formatBase({number}, {})", random.below(40)),
    }
}

fn pieces(random: &mut Random, pieces: &[&str], most: usize) -> String {
    let mut out = String::new();
    for _ in 0..random.below(most) {
        out.push_str(random.pick(pieces));
    }
    if random.once_in(30) {
        out = out.repeat(random.between(10, 300));
    }
    out
}

fn number_picture(random: &mut Random) -> String {
    const PIECES: [&str; 16] = ["#", "0", "00", ".", ",", ",##0", "%", "‰", "e0", "e", ";", "-", "a", "9", "$", "٠"];
    pieces(random, &PIECES, 10)
}

fn integer_picture(random: &mut Random) -> String {
    const PIECES: [&str; 20] = [
        "w", "W", "Ww", "I", "i", "a", "A", "0", "#", "##0", "#,##0", ";o", ";c", "*", "1", "٠", "一", "aa", ",", "01",
    ];
    pieces(random, &PIECES, 4)
}

fn integer_text(random: &mut Random) -> String {
    const PIECES: [&str; 18] = [
        "one", " ", "hundred", " and ", "twelve", "million", "billion", "trillion", "-", "MCM", "xiv", "z", "1", "0",
        ",", "st", "th", "first",
    ];
    pieces(random, &PIECES, 8)
}

fn time_picture(random: &mut Random) -> String {
    const PIECES: [&str; 36] = [
        "[Y]",
        "[Y0001]",
        "[M]",
        "[M01]",
        "[MNn]",
        "[MN,3-3]",
        "[D]",
        "[D1o]",
        "[d]",
        "[F]",
        "[FNn,*-3]",
        "[W]",
        "[w]",
        "[X]",
        "[x]",
        "[H]",
        "[h]",
        "[P]",
        "[m]",
        "[s]",
        "[f]",
        "[f001]",
        "[Z]",
        "[z]",
        "[Z01:01t]",
        "[C]",
        "[E]",
        "[YI]",
        "[Dwo]",
        "[Y,2-2]",
        "-",
        "[[",
        "]]",
        " ",
        "[q]",
        "[M#1]",
    ];
    pieces(random, &PIECES, 8)
}

fn time_text(random: &mut Random) -> String {
    const PIECES: [&str; 18] = [
        "2024",
        "99999999999",
        "0",
        "12",
        "31",
        "March",
        "Mon",
        "AM",
        "pm",
        "-",
        " ",
        "+01:00",
        "GMT-5",
        "first",
        "MMXX",
        "60",
        "366",
        "53",
    ];
    pieces(random, &PIECES, 8)
}

pub(super) fn check(case: &[String]) -> Verdict {
    let [number, time, call] = case else { return Ok(()) };
    check_number(number)?;
    if let Some(time) = Timestamp::parse(time) {
        let text = time.to_iso();
        ensure(Timestamp::parse(&text) == Some(time), || format!("{text} is read as another time"))?;
    }
    let Ok(compiled) = Jsonata::compile(call) else { return Ok(()) };
    let env = || Known { input: None, limits: Limits::SERVICE, drawn: 0 };
    let first = compiled.evaluate(None, &mut env());
    ensure(first == compiled.evaluate(None, &mut env()), || "another result the second time".to_owned())?;
    match first {
        Err(error) => ensure_inside("a failure", call, error.span),
        Ok(_) => Ok(()),
    }
}

/// Of what is no JSON number nothing is promised but that it ends.
fn check_number(text: &str) -> Verdict {
    let number = Number::parse(text);
    let printed = number.to_string();
    ensure(printed.len() == number.text_len(), || format!("the length of {printed}"))?;
    if asldb::text::json::parse(text).is_ok() && text.starts_with(|first: char| first == '-' || first.is_ascii_digit())
    {
        let again = Number::parse(&printed);
        ensure(again == number && again.to_string() == printed, || {
            format!("{text} is printed as {printed}, read as {again}")
        })?;
        ensure(number.as_i64().is_none_or(|int| Number::from(int) == number), || {
            format!("the whole number of {text}")
        })?;
    }
    Ok(())
}
