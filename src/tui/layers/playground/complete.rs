//! What may follow while an expression is typed: paths of the real data, variables, functions with their signatures.

use crate::asl::Language;
use crate::debug::Setting;
use crate::query::{intrinsic, jsonata};
use crate::value::Value;

/// Something that may be meant.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Offer {
    /// What takes the place of the word that was typed.
    pub(super) text: String,
    /// What it is.
    pub(super) about: String,
}

/// Offers that are made.
const MOST: usize = 200;
/// Keys of an object that are looked at.
const KEYS: usize = 5_000;

/// Where the word begins that ends at `cursor`, and what may be meant by it.
#[must_use]
pub(super) fn offers(setting: &Setting, text: &str, cursor: usize) -> (usize, Vec<Offer>) {
    let head = text.get(..cursor).unwrap_or_default();
    let start = word_start(head);
    let word = head.get(start..).unwrap_or_default();
    let is_jsonata = setting.language == Language::Jsonata || text.trim_start().starts_with("{%");
    let mut found = match word.rsplit_once('.') {
        Some(("States", _)) if !is_jsonata => intrinsics(word),
        Some((base, part)) => members(setting, base, part, is_jsonata),
        None if word.starts_with('$') => roots(setting, word, is_jsonata),
        None if !is_jsonata && !word.is_empty() => intrinsics(word),
        None => Vec::new(),
    };
    found.retain(|offer| offer.text != word);
    found.truncate(MOST);
    (start, found)
}

/// Where the word begins with which `head` ends.
fn word_start(head: &str) -> usize {
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '.' | '[' | ']' | '\'' | '`');
    let mut quoted = false;
    let mut start = head.len();
    for (at, c) in head.char_indices().rev() {
        // Inside of quotes everything belongs to the word, if they are those of a key.
        if matches!(c, '\'' | '`') {
            let opens = quoted && (c == '`' || head[..at].ends_with('['));
            let closes = !quoted && (c == '`' || head.get(at + 1..at + 2) == Some("]"));
            if !opens && !closes {
                break;
            }
            quoted = closes;
        } else if !quoted && !is_word(c) {
            break;
        }
        if !quoted {
            start = at;
        }
    }
    start
}

fn members(setting: &Setting, base: &str, part: &str, is_jsonata: bool) -> Vec<Offer> {
    let Some(value) = setting.find(&base.replace('`', "")) else { return Vec::new() };
    // JSONata goes through arrays by itself.
    let value = match (&value, is_jsonata) {
        (Value::Array(items), true) => items.first().cloned().unwrap_or(Value::Null),
        _ => value,
    };
    match &value {
        Value::Object(object) => {
            let wanted = part.to_lowercase();
            let keys = object.iter().take(KEYS).filter(|(key, _)| key.to_lowercase().starts_with(&wanted));
            keys.take(MOST)
                .map(|(key, value)| Offer { text: member(base, key, is_jsonata), about: about(value) })
                .collect()
        }
        Value::Array(items) if part.is_empty() => {
            let offer = |text: &str, about: String| Offer { text: format!("{base}{text}"), about };
            let first = items.first().map(|first| offer("[0]", about(first)));
            first.into_iter().chain([offer("[*]", format!("all {}", items.len()))]).collect()
        }
        _ => Vec::new(),
    }
}

fn member(base: &str, key: &str, is_jsonata: bool) -> String {
    let is_name = key.chars().all(|c| c.is_alphanumeric() || c == '_') && !key.starts_with(|c: char| c.is_numeric());
    match (is_name && !key.is_empty(), is_jsonata) {
        (true, _) => format!("{base}.{key}"),
        (false, true) => format!("{base}.`{key}`"),
        (false, false) => format!("{base}['{}']", key.replace('\\', "\\\\").replace('\'', "\\'")),
    }
}

fn roots(setting: &Setting, word: &str, is_jsonata: bool) -> Vec<Offer> {
    let mut all: Vec<Offer> = Vec::new();
    let mut add = |text: String, about: String| all.push(Offer { text, about });
    if is_jsonata {
        if let Value::Object(states) = setting.states() {
            states.iter().for_each(|(key, value)| add(format!("$states.{key}"), about(value)));
        }
    } else {
        add("$.".to_owned(), about(&setting.data));
        add("$$.".to_owned(), "the context object".to_owned());
    }
    setting.variables.iter().for_each(|(name, value)| add(format!("${name}"), about(value)));
    if is_jsonata {
        jsonata::functions().for_each(|(name, signature)| add(format!("${name}("), signature_words(signature)));
    }
    let wanted = word.to_lowercase();
    all.retain(|offer| offer.text.to_lowercase().starts_with(&wanted));
    all
}

fn intrinsics(word: &str) -> Vec<Offer> {
    let wanted = word.to_lowercase();
    let names = intrinsic::names().filter(|name| name.to_lowercase().starts_with(&wanted));
    names.map(|name| Offer { text: format!("{name}("), about: arguments(name).to_owned() }).collect()
}

/// The arguments of an intrinsic function (States Language, appendix B).
fn arguments(name: &str) -> &'static str {
    match name {
        "States.Array" => "(value, ...): array",
        "States.ArrayContains" => "(array, value): boolean",
        "States.ArrayGetItem" => "(array, index): value",
        "States.ArrayLength" => "(array): number",
        "States.ArrayPartition" => "(array, size): array of arrays",
        "States.ArrayRange" => "(first, last, step): array",
        "States.ArrayUnique" => "(array): array",
        "States.Base64Decode" | "States.Base64Encode" => "(string): string",
        "States.Format" => "('text with {}', value, ...): string",
        "States.Hash" => "(value, 'SHA-256'): string",
        "States.JsonMerge" => "(object, object, false): object",
        "States.JsonToString" => "(value): string",
        "States.MathAdd" => "(number, number): number",
        "States.MathRandom" => "(first, end, seed?): number",
        "States.StringSplit" => "(string, 'separators'): array",
        "States.StringToJson" => "(string): value",
        "States.UUID" => "(): string",
        _ => "",
    }
}

/// A value in a few words.
fn about(value: &Value) -> String {
    match value {
        Value::Object(object) => format!("object of {}", object.len()),
        Value::Array(items) => format!("array of {}", items.len()),
        Value::String(text) => {
            let start: String = text.chars().take(40).collect();
            if start.len() < text.len() { format!("{start}...") } else { start }
        }
        other => other.to_json(),
    }
}

/// `<s-nn?:s>` as `(string, number, number?): string`.
fn signature_words(signature: &str) -> String {
    let inner = signature.trim_start_matches('<').trim_end_matches('>');
    // The colon of the function itself, not those of functions among its arguments.
    let mut depth = 0;
    let colon = inner.char_indices().find(|(_, c)| {
        depth += i32::from(*c == '<') - i32::from(*c == '>');
        *c == ':' && depth == 0
    });
    let (arguments, result) = colon.map_or((inner, "x"), |(at, _)| (&inner[..at], &inner[at + 1..]));
    let result = types(result).join(", ");
    format!("({}): {result}", types(arguments).join(", "))
}

fn types(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '?' => words.last_mut().into_iter().for_each(|word| word.push('?')),
            '+' => words.last_mut().into_iter().for_each(|word| word.push_str("...")),
            '-' | ':' | ')' | '>' => {}
            '(' => {
                let choice: String = rest.by_ref().take_while(|c| *c != ')').collect();
                words.push(types(&choice).join("|"));
            }
            '<' => {
                // What an array is of, or a function takes.
                let mut depth = 1;
                let mut inner = String::new();
                for c in rest.by_ref() {
                    depth += i32::from(c == '<') - i32::from(c == '>');
                    if depth == 0 {
                        break;
                    }
                    inner.push(c);
                }
                if let Some(word) = words.last_mut().filter(|word| *word == "array") {
                    word.push_str(&format!(" of {}s", types(&inner).join("|")));
                }
            }
            letter => words.push(type_name(letter).to_owned()),
        }
    }
    words
}

fn type_name(letter: char) -> &'static str {
    match letter {
        's' => "string",
        'n' => "number",
        'b' => "boolean",
        'o' => "object",
        'a' => "array",
        'f' => "function",
        'l' => "null",
        _ => "value",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{Timestamp, read};

    fn setting(language: Language) -> Setting {
        let data = read(r#"{"order":{"total":5,"items":[{"sku":"a","odd key":1}]},"owner":1}"#).expect("JSON");
        Setting {
            input: data.clone(),
            data,
            result: None,
            error_output: None,
            variables: read(r#"{"limit":3}"#).expect("JSON").as_object().cloned().expect("an object"),
            context: read(r#"{"State":{"Name":"S"}}"#).expect("JSON"),
            now: Timestamp::default(),
            language,
        }
    }

    fn offered(text: &str, language: Language) -> String {
        let (start, offers) = offers(&setting(language), text, text.len());
        let all: Vec<_> = offers.iter().take(4).map(|offer| offer.text.as_str()).collect();
        format!("{start}: {}", all.join(" "))
    }

    #[test]
    fn what_may_follow() {
        for (text, language, offers) in [
            ("$.o", Language::JsonPath, "0: $.order $.owner"),
            ("$.order.", Language::JsonPath, "0: $.order.total $.order.items"),
            ("$.order.items.", Language::JsonPath, "0: $.order.items[0] $.order.items[*]"),
            ("$.order.items[0].", Language::JsonPath, "0: $.order.items[0].sku $.order.items[0]['odd key']"),
            ("$l", Language::JsonPath, "0: $limit"),
            ("$$.St", Language::JsonPath, "0: $$.State"),
            ("States.Math", Language::JsonPath, "0: States.MathAdd( States.MathRandom("),
            ("States.MathAdd($.o", Language::JsonPath, "15: $.order $.owner"),
            ("{% $states.input.order.items.s", Language::JsonPath, "3: $states.input.order.items.sku"),
            ("$states.i", Language::Jsonata, "0: $states.input"),
            ("1 + $su", Language::Jsonata, "4: $sum( $substring( $substringBefore( $substringAfter("),
            ("'text", Language::Jsonata, "1: "),
        ] {
            assert_eq!(offered(text, language), offers, "{text}");
        }
    }

    #[test]
    fn signatures_in_words() {
        for (signature, words) in [
            ("<s-nn?:s>", "(string, number, number?): string"),
            ("<a<n>:n>", "(array of numbers): number"),
            ("<s-(sf)n?:a<s>>", "(string, string|function, number?): array of strings"),
            ("<af>", "(array, function): value"),
            ("<:n>", "(): number"),
            ("<s-f<s:o>n?:a<o>>", "(string, function, number?): array of objects"),
        ] {
            assert_eq!(signature_words(signature), words, "{signature}");
        }
    }

    #[test]
    fn every_intrinsic_function_has_its_arguments() {
        let missing: Vec<_> = intrinsic::names().filter(|name| arguments(name).is_empty()).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    proptest::proptest! {
        #[test]
        fn any_text_has_its_word(text in "[$.a-z(){}%'`\\[\\]0-9 ä→]{0,24}", at in 0usize..30) {
            let at = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            let (start, _) = offers(&setting(Language::JsonPath), &text, at);
            assert!(start <= at && text.is_char_boundary(start));
        }
    }
}
