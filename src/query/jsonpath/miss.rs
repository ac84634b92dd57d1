//! What is said when a path finds nothing: Jayway's words, and a hint at what is there instead.

use super::JsonPath;
use super::eval::{item, walk};
use super::parse::{Step, StepKind};
use crate::query::Scope;
use crate::query::error::QueryError;
use crate::value::{Object, Value};

/// Why a path stopped, and at which step.
#[derive(Debug, Clone, Copy)]
pub(in crate::query) struct Miss {
    /// The position of the step.
    pub(super) at: usize,
    pub(super) reason: Reason,
}

/// Why a step found nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    /// The object lacks the key.
    NoMember,
    /// A name on something that is no object.
    NoObject,
    /// The index is outside of the array.
    NoElement,
    /// An index on something that is no array.
    NoArray,
    /// A filter on something that is neither.
    Primitive,
    /// A function, which the service takes for a name.
    Function,
    /// A function that fails, in its own words.
    Aggregation(&'static str),
    /// There is too much to look at.
    TooMuch,
    /// Nothing more can be said.
    NotFound,
}

/// Keys listed in a hint.
const LISTED: usize = 5;

/// Objects with more keys than this are not searched for near misses.
const COMPARED: usize = 500;

impl Miss {
    /// Whether the last of `steps` was an index outside of an existing array.
    pub(super) fn is_element_at_end(self, steps: &[Step]) -> bool {
        self.reason == Reason::NoElement && self.at + 1 == steps.len()
    }

    /// Whether the evaluation was given up, which is nothing that the service knows.
    pub(in crate::query) fn is_too_much(self) -> bool {
        self.reason == Reason::TooMuch
    }

    /// Whether it was an index on something that is no array, for which the service shows its library's own words.
    pub(in crate::query) fn is_no_array(self) -> bool {
        self.reason == Reason::NoArray
    }
}

impl JsonPath {
    /// The failure of this path on `document` in Jayway's words.
    pub(in crate::query) fn failure(&self, miss: Miss, document: &Value) -> QueryError {
        QueryError {
            cause: self.cause(miss, document),
            expression: self.text().to_owned(),
            span: self.step_span(miss),
            field: String::new(),
            hint: self.hint(miss, document),
        }
    }

    /// Jayway's words for `miss`.
    pub(in crate::query) fn cause(&self, miss: Miss, document: &Value) -> String {
        let steps = self.steps();
        let before = steps.get(..miss.at).unwrap_or_default();
        let step = steps.get(miss.at).map(|step| &step.kind);
        let here = walk(before, document).unwrap_or(&Value::Null);
        let place = normal(before);
        let rest = || normal(steps.get(miss.at..).unwrap_or_default()).split_off(1);
        match miss.reason {
            Reason::NoMember if miss.at + 1 < steps.len() => {
                format!("Missing property in path {}", normal(steps.get(..=miss.at).unwrap_or_default()))
            }
            Reason::NoObject => format!(
                "Expected to find an object with property {} in path {place} but found '{}'. This is not a json object \
                 according to the JsonProvider: 'com.jayway.jsonpath.spi.json.JacksonJsonProvider'.",
                step.map(fragment).unwrap_or_default(),
                java_class(here),
            ),
            Reason::NoArray if here.is_null() => format!("The path {place} is null"),
            Reason::NoArray => {
                format!("Filter: {} can only be applied to arrays. Current context is: {}", rest(), java_text(here))
            }
            Reason::Primitive => {
                format!("Filter: {} can not be applied to primitives. Current context is: {}", rest(), java_text(here))
            }
            Reason::Aggregation(text) => text.to_owned(),
            Reason::TooMuch => format!("The path {} finds too much to be evaluated", normal(steps)),
            Reason::NoMember | Reason::NoElement | Reason::Function | Reason::NotFound => {
                format!("No results for path: {}", normal(steps))
            }
        }
    }

    /// The longest part of the path that matched, and what is there.
    pub(in crate::query) fn hint(&self, miss: Miss, document: &Value) -> Option<String> {
        let step = self.steps().get(miss.at)?;
        if miss.is_too_much() {
            return Some(
                "a path that goes through the same values again and again finds too much; name its steps instead of `..`"
                    .to_owned(),
            );
        }
        let here = walk(self.steps().get(..miss.at)?, document).ok()?;
        let place = self.text().get(..step.span.start as usize).filter(|place| !place.is_empty())?;
        Some(match (miss.reason, &step.kind) {
            (Reason::Function, StepKind::Function(call)) => service_instead(place, call.function.name),
            (Reason::NoMember, StepKind::Name(name)) => missing_key(place, name, here.as_object()?),
            (Reason::NoElement, StepKind::Index(index)) => {
                let items = here.as_array()?;
                debug_assert!(item(items, *index).is_none());
                format!("`{place}` has {}; there is none at index {index}", counted(items.len(), "element"))
            }
            (Reason::NoObject, _) => match here.as_array() {
                Some(items) => format!("`{place}` is an array, no object{}", ways_on(items)),
                None => format!("`{place}` is {}, no object", with_article(here)),
            },
            (Reason::NoArray, _) => format!("`{place}` is {}, no array", with_article(here)),
            (Reason::Primitive, _) => format!("`{place}` is {}; there is nothing to filter", with_article(here)),
            _ => return None,
        })
    }

    fn step_span(&self, miss: Miss) -> crate::text::Span {
        self.steps().get(miss.at).map_or_else(|| crate::text::Span::new(0, self.text().len()), |step| step.span)
    }
}

impl JsonPath {
    /// Why the list of an indefinite path is empty: the step that finds nothing, and what is there instead.
    pub fn why_nothing(&self, input: &Value, scope: &mut dyn Scope) -> Option<(crate::text::Span, String)> {
        let whole = self.text();
        let mut values = vec![self.with_document(input, scope, Value::clone)?];
        let mut scanned = false;
        for step in self.steps() {
            let Some(text) = whole.get(..step.span.end as usize) else { continue };
            let scans = std::mem::replace(&mut scanned, matches!(step.kind, StepKind::Scan));
            // A scan is no path without what follows it.
            let Ok(path) = Self::compile(text) else { continue };
            let found = match path.find(input, scope) {
                Some(Value::Array(found)) if !path.is_definite() => found.iter().cloned().collect(),
                Some(found) => vec![found],
                None => Vec::new(),
            };
            if found.is_empty() {
                let place = whole.get(..step.span.start as usize).filter(|place| !place.is_empty())?;
                if let (true, StepKind::Name(name)) = (scans, &step.kind) {
                    let place = place.trim_end_matches('.');
                    return Some((step.span, format!("nothing below `{place}` has a key `{name}`")));
                }
                return Some((step.span, nothing_at(place.trim_end_matches('.'), step, &values)?));
            }
            values = found;
        }
        None
    }
}

/// Why a step finds nothing in any of these values.
fn nothing_at(place: &str, step: &Step, values: &[Value]) -> Option<String> {
    let items: Vec<&Value> = values.iter().filter_map(Value::as_array).flat_map(|items| items.iter()).collect();
    let first = values.first()?;
    Some(match &step.kind {
        StepKind::Name(name) => missing_in(place, name, values),
        StepKind::Filter(_) if first.as_array().is_some() && items.is_empty() => format!("`{place}` is empty"),
        StepKind::Filter(_) if !items.is_empty() => {
            format!("none of the {} of `{place}` passes the filter{}", counted(items.len(), "element"), having(&items))
        }
        StepKind::Slice { .. } | StepKind::Indexes(_) | StepKind::Index(_) if first.as_array().is_some() => {
            format!("`{place}` has {}, none of them there", counted(items.len(), "element"))
        }
        StepKind::Wildcard | StepKind::Slice { .. } | StepKind::Filter(_) => match first {
            Value::Array(_) | Value::Object(_) => format!("`{place}` is empty"),
            other => format!("`{place}` is {}", with_article(other)),
        },
        _ => return None,
    })
}

/// The words for a key that none of these values has.
pub(in crate::query) fn missing_in(place: &str, name: &str, values: &[Value]) -> String {
    match values {
        [Value::Object(object)] => missing_key(place, name, object),
        [Value::Array(items)] => format!("`{place}` is an array, no object{}", ways_on(items)),
        [other] => format!("`{place}` is {}, no object", with_article(other)),
        many => {
            let many: Vec<&Value> = many.iter().collect();
            format!("none of the {} at `{place}` has a key `{name}`{}", counted(many.len(), "value"), having(&many))
        }
    }
}

/// `; [0] is its first element, [*] are all; keys there: a, b`
fn ways_on(items: &[Value]) -> String {
    if items.is_empty() {
        return ", and empty".to_owned();
    }
    let items: Vec<&Value> = items.iter().collect();
    format!("; `[0]` is its first element, `[*]` are all{}", having(&items))
}

/// The keys of the first values that are objects.
fn having(values: &[&Value]) -> String {
    let mut keys: Vec<&str> = Vec::new();
    for object in values.iter().take(LISTED).filter_map(|value| value.as_object()) {
        for key in object.keys().map(|key| &**key).take(COMPARED) {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
    }
    let listed = keys.iter().take(LISTED).copied().collect::<Vec<_>>().join(", ");
    if listed.is_empty() { String::new() } else { format!("; keys there: {listed}") }
}

fn service_instead(place: &str, function: &str) -> String {
    let instead = match function {
        "length" | "size" => format!("; use `States.ArrayLength({place})`"),
        _ => String::new(),
    };
    format!("Step Functions does not run functions in paths such as `{function}()`{instead}")
}

fn missing_key(place: &str, name: &str, object: &Object) -> String {
    if object.is_empty() {
        return format!("`{place}` is an empty object; it has no key `{name}`");
    }
    let mut keys: Vec<&str> = object.keys().map(|key| &**key).collect();
    if keys.len() <= COMPARED {
        // Stable: keys that are equally far keep the order they have in the data.
        keys.sort_by_cached_key(|key| distance(name, key).min(near(name)));
    }
    let listed = keys.iter().take(LISTED).copied().collect::<Vec<_>>().join(", ");
    let more = keys.len().saturating_sub(LISTED);
    let more = if more > 0 { format!(" ({more} more)") } else { String::new() };
    let other_case = keys.iter().find(|key| key.eq_ignore_ascii_case(name));
    let meant = other_case.map(|key| format!(", but `{key}`: case matters")).unwrap_or_default();
    format!("`{place}` has no key `{name}`{meant}; keys there: {listed}{more}")
}

/// From this distance on a key is no near miss of `name`.
fn near(name: &str) -> usize {
    name.chars().count() / 2 + 1
}

/// Characters to insert, remove or replace to make `a` of `b`; letters in other case differ little.
fn distance(a: &str, b: &str) -> usize {
    if a.eq_ignore_ascii_case(b) {
        return 0;
    }
    let b: Vec<char> = b.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (line, from) in a.chars().take(64).enumerate() {
        let mut diagonal = line;
        let mut left = line + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (cell, to) in row.iter_mut().skip(1).zip(&b) {
            let cost = usize::from(!from.eq_ignore_ascii_case(to));
            left = (diagonal + cost).min(*cell + 1).min(left + 1);
            diagonal = std::mem::replace(cell, left);
        }
    }
    row.last().copied().unwrap_or_default()
}

fn with_article(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Array(_) | Value::Object(_) => format!("an {}", value.type_name()),
        _ => format!("a {}", value.type_name()),
    }
}

fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// The path as Jayway spells it: all steps in brackets.
fn normal(steps: &[Step]) -> String {
    let mut text = "$".to_owned();
    text.extend(steps.iter().map(|step| fragment(&step.kind)));
    text
}

fn fragment(step: &StepKind) -> String {
    let list = |indexes: &[i64]| indexes.iter().map(i64::to_string).collect::<Vec<_>>().join(",");
    match step {
        StepKind::Name(name) => format!("['{name}']"),
        StepKind::Names(names) => {
            format!("[{}]", names.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(","))
        }
        StepKind::Index(index) => format!("[{index}]"),
        StepKind::Indexes(indexes) => format!("[{}]", list(indexes)),
        StepKind::Slice { from, to } => {
            let bound = |bound: &Option<i64>| bound.map(|bound| bound.to_string()).unwrap_or_default();
            format!("[{}:{}]", bound(from), bound(to))
        }
        StepKind::Wildcard => "[*]".to_owned(),
        StepKind::Scan => "..".to_owned(),
        StepKind::Filter(_) => "[?]".to_owned(),
        StepKind::Function(call) => format!("['{}()']", call.function.name),
    }
}

fn java_class(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "java.lang.Boolean",
        Value::Number(number) => match number.as_i64() {
            Some(int) if number.is_int() && i32::try_from(int).is_ok() => "java.lang.Integer",
            Some(_) if number.is_int() => "java.lang.Long",
            None if number.is_int() => "java.math.BigInteger",
            _ => "java.lang.Double",
        },
        Value::String(_) => "java.lang.String",
        Value::Array(_) => "java.util.ArrayList",
        Value::Object(_) => "java.util.LinkedHashMap",
    }
}

/// The value as Java prints it: `{cdr=true}`, `[a, b]`.
fn java_text(value: &Value) -> String {
    let mut text = String::new();
    write_java(value, &mut text);
    text
}

fn write_java(value: &Value, out: &mut String) {
    match value {
        Value::String(text) => out.push_str(text),
        Value::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at > 0 { ", " } else { "" });
                write_java(item, out);
            }
            out.push(']');
        }
        Value::Object(object) => {
            out.push('{');
            for (at, (key, member)) in object.iter().enumerate() {
                out.push_str(if at > 0 { ", " } else { "" });
                out.push_str(key);
                out.push('=');
                write_java(member, out);
            }
            out.push('}');
        }
        scalar => out.push_str(&scalar.to_json()),
    }
}
