//! Calls of intrinsic functions, and what else may stand under a `key.$`.

use asldb::query::{Expression, Scope};
use asldb::value::{self, Object, Value};

use super::bytes::spoilt;
use super::{Case, Random, Verdict, data, ensure, ensure_inside, jsonpath, readers};

pub(super) fn text(random: &mut Random) -> Case {
    let text = match random.below(20) {
        0 => random
            .pick(&["States.Array(", "States.Format('{}',", "States.Array(States.UUID(),", "States.Array('\\\\"])
            .repeat(random.below(300)),
        1 => jsonpath::path(random, 6),
        _ => call(random, 12),
    };
    vec![spoilt(random, text, |random| call(random, 6))]
}

/// A call with about `budget` arguments in all.
pub(super) fn call(random: &mut Random, budget: usize) -> String {
    let names: Vec<&str> = asldb::query::intrinsic::names().collect();
    let name = names[random.below(names.len())];
    let mut given: Vec<String> = match name {
        "States.Format" => {
            let count = random.below(4);
            let template = ["{}", "a {}", "\\\\{}", "{", "\\'{}"].repeat(2);
            let text: String = (0..count).map(|_| template[random.below(template.len())]).collect();
            std::iter::once(format!("'{text}'")).chain((0..count).map(|_| argument(random, budget / 3))).collect()
        }
        "States.ArrayRange" => (0..3).map(|_| data::number(random)).collect(),
        "States.UUID" => Vec::new(),
        "States.Hash" => vec![
            argument(random, budget / 2),
            format!("'{}'", random.pick(&["MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512", "x"])),
        ],
        _ => (0..random.between(1, 3)).map(|_| argument(random, budget / 3)).collect(),
    };
    if random.once_in(12) {
        given.push(argument(random, 1));
    }
    format!("{name}({})", given.join(random.pick(&[",", ", ", " , "])))
}

fn argument(random: &mut Random, budget: usize) -> String {
    match random.below(if budget > 0 { 8 } else { 4 }) {
        0 => data::number(random),
        1 => random
            .pick(&[
                "'a'",
                "'it\\'s'",
                "''",
                "'{}'",
                "'\\\\'",
                "'[1, {\"a\": null}]'",
                "'SGVsbG8='",
                "'x,y;z'",
                "null",
                "true",
                "false",
            ])
            .to_owned(),
        2 | 3 => jsonpath::path(random, 3),
        _ => call(random, budget - 1),
    }
}

pub(super) fn generate(random: &mut Random) -> Case {
    let text = match random.below(60) {
        0 => doubled(random),
        1 => format!(
            "States.StringSplit($.a, '{}')",
            random.pick(&["é", "xyz", "0123456789"]).repeat(random.below(3000))
        ),
        2 => jsonpath::path(random, 5),
        _ => call(random, 10),
    };
    let text = spoilt(random, text, |random| call(random, 6));
    vec![text, data::document(random)]
}

/// Much out of little.
fn doubled(random: &mut Random) -> String {
    let (count, inner) = (random.between(1, 400), random.pick(&["$", "$.a", "$.items", "States.JsonToString($)"]));
    let many = vec![inner; count].join(",");
    match random.below(3) {
        0 => format!("States.JsonToString(States.Array({many}))"),
        1 => format!("States.Format('{}',{many})", "{}".repeat(count)),
        _ => format!("States.ArrayContains(States.Array({many}), States.Array({many}))"),
    }
}

pub(super) fn check_parse(case: &[String]) -> Verdict {
    let text = &case[0];
    match Expression::compile(text) {
        Ok(expression) => {
            ensure(expression.text() == text, || "another text".to_owned())?;
            let variables = expression.variables();
            ensure(variables.iter().all(|name| text.contains(&**name)), || {
                format!("variables of elsewhere: {variables:?}")
            })?;
            expression.remarks().iter().try_for_each(|remark| ensure_inside("a remark", text, remark.span))
        }
        Err(error) => {
            ensure(!error.message.is_empty(), || "a fault without words".to_owned())?;
            ensure_inside("a fault", text, error.span)
        }
    }
}

/// A scope with a context object, one variable, and the same chance each time.
#[derive(Default)]
pub(super) struct Known {
    drawn: u64,
}

impl Scope for Known {
    fn context(&mut self) -> Value {
        Value::Object([("a", Value::from(1)), ("items", Value::from(vec![Value::from("x")]))].into_iter().collect())
    }

    fn variable(&mut self, name: &str) -> Option<Value> {
        (name == "v").then(|| Value::Object([("a", Value::from("variable"))].into_iter().collect::<Object>()))
    }

    fn random(&mut self) -> u64 {
        self.drawn += 1;
        self.drawn.wrapping_mul(0x9E37_79B9_7F4A_7C15)
    }

    fn now(&mut self) -> asldb::value::Timestamp {
        asldb::value::Timestamp::default()
    }
}

pub(super) fn check_evaluate(case: &[String]) -> Verdict {
    let [text, data] = case else { return Ok(()) };
    let (Ok(expression), Ok(input)) = (Expression::compile(text), value::read(data)) else { return Ok(()) };
    let first = expression.evaluate("x.$", &input, &mut Known::default());
    ensure(first == expression.evaluate("x.$", &input, &mut Known::default()), || {
        "another value the second time".to_owned()
    })?;
    match first {
        Ok(value) if value.size() < 1 << 20 => readers::check_value(&value),
        Ok(_) => Ok(()),
        Err(error) => {
            ensure(error.field == "x.$" && !error.cause.is_empty(), || {
                format!("a failure without words or field: {error:?}")
            })?;
            ensure_inside("a failure", text, error.span)
        }
    }
}
