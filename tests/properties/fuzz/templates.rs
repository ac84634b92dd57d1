//! Payload templates.

use asldb::query::Template;
use asldb::text::json;
use asldb::value;

use super::bytes::spoilt;
use super::definitions::escaped;
use super::intrinsics::Known;
use super::{Case, Random, Verdict, data, ensure, ensure_inside, intrinsics, jsonpath, readers};

pub(super) fn generate(random: &mut Random) -> Case {
    let text = if random.once_in(40) {
        let depth = random.between(100, 1000);
        format!("{}{{\"a.$\": \"$.a\"}}{}", "{\"a\":".repeat(depth), "}".repeat(depth))
    } else {
        template(random, 16)
    };
    let text = spoilt(random, text, |random| template(random, 6));
    vec![text, data::document(random)]
}

fn template(random: &mut Random, budget: usize) -> String {
    match random.below(if budget > 1 { 6 } else { 1 }) {
        0 => data::value(random, budget),
        1 => {
            let items: Vec<String> = (0..random.below(4)).map(|_| template(random, budget / 3)).collect();
            format!("[{}]", items.join(", "))
        }
        _ => {
            let members: Vec<String> = (0..random.below(5)).map(|_| member(random, budget / 3)).collect();
            format!("{{{}}}", members.join(", "))
        }
    }
}

fn member(random: &mut Random, budget: usize) -> String {
    let key = random.pick(&data::KEYS);
    match random.below(5) {
        0 | 1 => format!("\"{key}.$\": \"{}\"", escaped(&jsonpath::path(random, 4))),
        2 => format!("\"{key}.$\": \"{}\"", escaped(&intrinsics::call(random, 6))),
        3 if random.once_in(6) => format!("\"{key}.$\": {}", data::value(random, 2)),
        _ => format!("\"{key}\": {}", template(random, budget)),
    }
}

pub(super) fn check(case: &[String]) -> Verdict {
    let [text, data] = case else { return Ok(()) };
    let (Ok(node), Ok(input)) = (json::parse(text), value::read(data)) else { return Ok(()) };
    let template = match Template::compile(&node) {
        Ok(template) => template,
        Err(faults) => {
            ensure(!faults.is_empty(), || "refused without a fault".to_owned())?;
            return faults.iter().try_for_each(|fault| ensure_inside("a fault", text, fault.span));
        }
    };
    let first = template.evaluate(&input, &mut Known::default());
    ensure(first == template.evaluate(&input, &mut Known::default()), || "another value the second time".to_owned())?;
    match first {
        Ok(value) if value.size() < 1 << 20 => {
            ensure(!template.is_fixed() || value == value::from_node(&node), || {
                "a fixed template that changed".to_owned()
            })?;
            readers::check_value(&value)
        }
        Ok(_) => Ok(()),
        Err(error) => ensure(!error.cause.is_empty() && !error.field.is_empty(), || format!("{error:?}")),
    }
}
