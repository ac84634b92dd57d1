//! Validation against a JSON schema of draft 7, with the keywords that the schema of SARIF has; any other one panics, so
//! that nothing is passed over.

use std::collections::HashSet;

use serde_json::Value;

/// What in `value` is not as `schema` says; `root` is the whole schema.
pub(crate) fn faults(value: &Value, schema: &Value, root: &Value, at: &str) -> Vec<String> {
    let schema = schema.as_object().expect("a schema is an object");
    let mut out = Vec::new();
    for (keyword, rule) in schema {
        let before = out.len();
        match keyword.as_str() {
            // What explains, and `format`, which is an annotation.
            "$schema" | "$id" | "title" | "description" | "default" | "definitions" | "format" => {}
            "$ref" => out.extend(faults(value, target(rule, root), root, at)),
            "type" => out.extend((!is_type(value, rule)).then(|| format!("{at}: is no {rule}"))),
            "properties" | "additionalProperties" | "required" => out.extend(object(keyword, value, schema, root, at)),
            "items" => {
                let items = value.as_array().into_iter().flatten().enumerate();
                out.extend(items.flat_map(|(n, item)| faults(item, rule, root, &format!("{at}[{n}]"))));
            }
            "minItems" => {
                let least = rule.as_u64().expect("a number");
                out.extend(
                    value.as_array().filter(|items| (items.len() as u64) < least).map(|_| format!("{at}: too few")),
                );
            }
            "uniqueItems" => {
                let mut seen = HashSet::new();
                let mut items = value.as_array().filter(|_| rule == true).into_iter().flatten();
                out.extend(items.find(|item| !seen.insert(item.to_string())).map(|item| format!("{at}: {item} twice")));
            }
            "enum" => {
                let known = rule.as_array().is_some_and(|known| known.contains(value));
                out.extend((!known).then(|| format!("{at}: {value} is none of {rule}")));
            }
            "minimum" | "maximum" => {
                let (number, limit) = (value.as_f64(), rule.as_f64().expect("a number"));
                let is_beyond = |n: f64| if keyword == "minimum" { n < limit } else { n > limit };
                out.extend(number.filter(|n| is_beyond(*n)).map(|n| format!("{at}: {n}, {keyword} {limit}")));
            }
            "pattern" => {
                let pattern = fancy_regex::Regex::new(rule.as_str().expect("a pattern")).expect("a regular expression");
                let text = value.as_str().filter(|text| !pattern.is_match(text).expect("it can be matched"));
                out.extend(text.map(|text| format!("{at}: {text:?} does not match {pattern}")));
            }
            "anyOf" | "oneOf" => {
                let all = rule.as_array().expect("schemas").iter();
                let fitting = all.filter(|schema| faults(value, schema, root, at).is_empty()).count();
                let good = if keyword == "anyOf" { fitting > 0 } else { fitting == 1 };
                out.extend((!good).then(|| format!("{at}: {fitting} of {keyword} fit")));
            }
            other => panic!("keyword {other} at {at}"),
        }
        out[before..].iter().for_each(|fault| assert!(!fault.is_empty()));
    }
    out
}

fn object(
    keyword: &str,
    value: &Value,
    schema: &serde_json::Map<String, Value>,
    root: &Value,
    at: &str,
) -> Vec<String> {
    let Some(object) = value.as_object() else { return Vec::new() };
    let known = schema.get("properties").and_then(Value::as_object);
    let rule = |key: &str| known.and_then(|known| known.get(key));
    match (keyword, &schema[keyword]) {
        ("properties", _) => {
            let known = object.iter().filter_map(|(key, value)| Some((key, value, rule(key)?)));
            known.flat_map(|(key, value, rule)| faults(value, rule, root, &format!("{at}.{key}"))).collect()
        }
        ("additionalProperties", Value::Bool(true)) => Vec::new(),
        ("additionalProperties", Value::Bool(false)) => {
            object.keys().filter(|key| rule(key).is_none()).map(|key| format!("{at}: {key} is not known")).collect()
        }
        ("additionalProperties", more) => {
            let others = object.iter().filter(|(key, _)| rule(key).is_none());
            others.flat_map(|(key, value)| faults(value, more, root, &format!("{at}.{key}"))).collect()
        }
        (_, required) => {
            let keys = required.as_array().expect("keys").iter().filter_map(Value::as_str);
            keys.filter(|key| !object.contains_key(*key)).map(|key| format!("{at}: {key} is missing")).collect()
        }
    }
}

fn target<'s>(reference: &Value, root: &'s Value) -> &'s Value {
    let pointer = reference.as_str().and_then(|text| text.strip_prefix('#')).expect("a reference within the schema");
    root.pointer(pointer).expect("what it refers to")
}

fn is_type(value: &Value, rule: &Value) -> bool {
    let is = |name: &str| match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "null" => value.is_null(),
        other => panic!("type {other}"),
    };
    rule.as_str().is_some_and(is) || rule.as_array().is_some_and(|any| any.iter().filter_map(Value::as_str).any(is))
}
