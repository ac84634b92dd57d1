//! Recorded answers against those of today, with placeholders.

use std::collections::HashMap;

use serde_json::Value as Json;

/// Texts the numbered placeholders stand for.
pub(crate) type Bound = HashMap<String, String>;

/// Whether `actual` is what was recorded; JSON texts are compared by what they say.
pub(crate) fn same(expected: &Json, actual: &Json, place: &str, bound: &mut Bound) -> Result<(), String> {
    let differs = || Err(format!("{place}: {actual} instead of {expected}"));
    match (expected, actual) {
        (Json::Object(_) | Json::Array(_), Json::String(text)) => match serde_json::from_str(text) {
            Ok(parsed @ (Json::Object(_) | Json::Array(_))) => same(expected, &parsed, place, bound),
            _ => differs(),
        },
        (Json::Object(e), Json::Object(a)) => {
            if let Some(key) = a.keys().find(|key| !e.contains_key(*key)) {
                return Err(format!("{place}: unexpected {key}: {actual}"));
            }
            e.iter().try_for_each(|(key, value)| match a.get(key) {
                Some(found) => same(value, found, &format!("{place}/{key}"), bound),
                None => Err(format!("{place}: {key} is missing: {actual}")),
            })
        }
        (Json::Array(e), Json::Array(a)) if e.len() == a.len() => {
            e.iter().zip(a).enumerate().try_for_each(|(at, (e, a))| same(e, a, &format!("{place}[{at}]"), bound))
        }
        (Json::String(pattern), Json::String(text)) if matches(pattern, text, bound) => Ok(()),
        (Json::String(pattern), Json::String(text)) => {
            // Arrays stay texts; their spacing is not part of the recording.
            match (serde_json::from_str::<Json>(pattern), serde_json::from_str::<Json>(text)) {
                (Ok(e), Ok(a)) if !e.is_string() => same(&e, &a, place, bound),
                _ => differs(),
            }
        }
        (Json::Number(e), Json::Number(a)) if e.as_f64() == a.as_f64() => Ok(()),
        (e, a) if e == a => Ok(()),
        _ => differs(),
    }
}

/// Whether `text` is `pattern` with its `<name>` and `<name:1>` filled in.
fn matches(pattern: &str, text: &str, bound: &mut Bound) -> bool {
    // What a mock gave holds placeholders, too; those come out as they went in.
    if pattern == text {
        return true;
    }
    let Some(start) = pattern.find('<') else { return false };
    let Some(end) = pattern[start..].find('>').map(|len| start + len + 1) else { return false };
    let Some(rest) = text.strip_prefix(&pattern[..start]) else { return false };
    let name = &pattern[start..end];
    if let Some(known) = bound.get(name).cloned() {
        return rest.strip_prefix(known.as_str()).is_some_and(|rest| matches(&pattern[end..], rest, bound));
    }
    let ends = rest.char_indices().map(|(at, _)| at).chain([rest.len()]);
    for at in ends.filter(|at| *at > 0) {
        if matches(&pattern[end..], &rest[at..], bound) {
            if name.contains(':') {
                bound.insert(name.to_owned(), rest[..at].to_owned());
            }
            return true;
        }
    }
    false
}
