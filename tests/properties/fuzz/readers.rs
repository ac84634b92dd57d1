//! The readers of JSON and YAML.

use asldb::text::{Node, NodeKind, json, yaml};
use asldb::value::{self, Number, Value, diff};

use super::bytes::spoilt;
use super::{Case, Random, Verdict, data, ensure, ensure_inside};

pub(super) fn json(random: &mut Random) -> Case {
    let text = match random.below(12) {
        0 => data::nested(random, 1100),
        1 => data::document(random),
        2 => format!(
            "{}{}",
            random.pick(&["[", "{\"a\":", "[{\"a\":[", "\"\\"]).repeat(random.below(3000)),
            data::value(random, 2)
        ),
        3 => format!(
            "{}{}",
            random.pick(&["-", "", "[0."]),
            random.pick(&["9", "1.", "e9", "00"]).repeat(random.below(400))
        ),
        _ => data::value(random, 30),
    };
    vec![spoilt(random, text, |random| data::value(random, 10))]
}

pub(super) fn check_json(case: &[String]) -> Verdict {
    let text = &case[0];
    let node = match json::parse(text) {
        Ok(node) => node,
        Err(error) => {
            ensure(value::read(text).is_err(), || "one builder reads what the other refuses".to_owned())?;
            ensure(!error.to_string().is_empty(), || "a fault without words".to_owned())?;
            return ensure_inside("a fault", text, error.span);
        }
    };
    check_places(&node, text)?;
    let read = value::read(text).map_err(|error| format!("one builder refuses what the other reads: {error}"))?;
    ensure(read == value::from_node(&node), || "both builders read different values".to_owned())?;
    check_value(&read)
}

/// Every node lies in its text, and inside what it is part of.
fn check_places(node: &Node, text: &str) -> Verdict {
    let mut waiting = vec![node];
    while let Some(node) = waiting.pop() {
        ensure_inside("a node", text, node.span)?;
        let inside = |inner: asldb::text::Span| {
            ensure(node.span.start <= inner.start && inner.end <= node.span.end, || {
                "a node outside of its own".to_owned()
            })
        };
        match &node.kind {
            NodeKind::Array(items) => {
                items.iter().try_for_each(|item| inside(item.span))?;
                waiting.extend(items);
            }
            NodeKind::Object(members) => {
                members.iter().try_for_each(|member| inside(member.key_span).and(inside(member.value.span)))?;
                waiting.extend(members.iter().map(|member| &member.value));
            }
            _ => {}
        }
    }
    Ok(())
}

/// What is printed is read as the same value, as far as text is read down.
pub(super) fn check_value(value: &Value) -> Verdict {
    let text = value.to_json();
    if value.depth() > json::MAX_DEPTH {
        return ensure(value::read(&text).is_err(), || "read deeper than it should".to_owned());
    }
    ensure(text.len() == value.size(), || format!("size {} of {text}", value.size()))?;
    for text in [&text, &value.to_pretty_json()] {
        let again = value::read(text).map_err(|error| format!("printed is not read: {error}: {text}"))?;
        ensure(again == *value, || format!("printed is read as another value: {text}"))?;
        ensure(again.to_json() == value.to_json(), || format!("printed anew is another text: {text}"))?;
        ensure(again.depth() == value.depth(), || format!("another depth: {text}"))?;
        ensure(diff::diff(value, &again, 10).is_empty(), || format!("a difference to itself: {text}"))?;
    }
    if let Value::Number(number) = value {
        ensure(number.text_len() == number.to_string().len(), || format!("the length of {number}"))?;
        ensure(Number::parse(&number.to_string()) == *number, || format!("another number than {number}"))?;
    }
    Ok(())
}

pub(super) fn yaml(random: &mut Random) -> Case {
    let text = match random.below(10) {
        0 => {
            let levels = random.between(2, 30);
            let alias = |at: usize| format!("a{at}: &a{at} [{}]\n", vec![format!("*a{}", at - 1); 9].join(", "));
            format!("a0: &a0 [1, 2, 3]\n{}", (1..levels).map(alias).collect::<String>())
        }
        1 => random.pick(&["- ", "[", "{a: ", "? ", "&a ", "- - a: ", "!x "]).repeat(random.below(2500)),
        2 => data::document(random),
        3 => (0..random.below(1200)).map(|at| format!("{}- \n", " ".repeat(at))).collect(),
        _ => {
            let mut out = String::new();
            block(random, 24, 0, &mut out);
            out
        }
    };
    vec![spoilt(random, text, |random| data::value(random, 10))]
}

/// A value in block style, with what only YAML has.
fn block(random: &mut Random, budget: usize, indent: usize, out: &mut String) {
    const PLAIN: [&str; 30] = [
        "a",
        "b c",
        "~",
        "null",
        "Null",
        "true",
        "TRUE",
        "yes",
        "0x1f",
        "0o17",
        "0xffffffffffffffff1",
        "1_000",
        ".5",
        "-.inf",
        ".nan",
        "1e999999999",
        "+12",
        "012",
        "2024-01-01",
        "<<",
        "*a",
        "&b x",
        "!Sub x",
        "!!str 1",
        "!!int \"3\"",
        "\"q\\x41\\u00e4\"",
        "'it''s'",
        "[a, *a, {b: 1}]",
        "{a: [1, 2], \"b\": *a}",
        "\"\\uD83D\"",
    ];
    let anchor = random.pick(&["", "", "", "", "&a ", "&b ", "!t "]);
    match if budget <= 1 { 0 } else { random.below(6) } {
        0 | 1 => out.push_str(&format!("{anchor}{}\n", random.pick(&PLAIN))),
        2 => {
            let kind = random.pick(&["|", ">", "|-", ">+", "|2"]);
            out.push_str(&format!("{anchor}{kind}\n{0}  some text\n\n{0}   more\n", " ".repeat(indent)));
        }
        3 => {
            out.push_str(&format!("{anchor}\n"));
            for _ in 0..random.between(1, 4) {
                out.push_str(&format!("{}- ", " ".repeat(indent)));
                block(random, budget / 3, indent + 2, out);
            }
        }
        _ => {
            out.push_str(&format!("{anchor}\n"));
            for at in 0..random.between(1, 4) {
                let key = random.pick(&["a", "b", "\"c d\"", "<<", "? x\n:", "*a ", "ä", "1", "~", "&k k"]);
                let key = if random.once_in(3) { format!("k{at}") } else { key.to_owned() };
                out.push_str(&format!("{}{key}: ", " ".repeat(indent)));
                block(random, budget / 3, indent + 2, out);
            }
        }
    }
}

pub(super) fn check_yaml(case: &[String]) -> Verdict {
    let text = &case[0];
    match yaml::parse(text) {
        Err(fault) => {
            ensure(!fault.message.is_empty(), || "a fault without words".to_owned())?;
            ensure_inside("a fault", text, fault.span)
        }
        Ok(node) => {
            let mut waiting = vec![&node];
            while let Some(node) = waiting.pop() {
                ensure_inside("a node", text, node.span)?;
                for member in node.members().unwrap_or_default() {
                    ensure_inside("a key", text, member.key_span)?;
                    waiting.push(&member.value);
                }
                waiting.extend(node.items().unwrap_or_default());
            }
            check_value(&value::from_node(&node))
        }
    }
}
