//! `States.Format` and `States.StringSplit`.

use std::borrow::Cow;
use std::collections::HashSet;

use super::{LARGEST, Outcome, Refusal, refuse, text_of, too_large};
use crate::value::Value;

/// A template of `States.Format`.
#[derive(Debug, Clone)]
pub(super) enum Format {
    /// The texts between the places `{}`, one more than there are places.
    Texts(Vec<Box<str>>),
    /// A brace without its partner; the service finds it when it runs the call (observed).
    Broken(&'static str),
}

impl Format {
    /// Reads a template with its escapes `\{`, `\}`, `\'`, `\\`.
    pub(super) fn parse(template: &str) -> Self {
        let mut texts = Vec::new();
        let mut text = String::new();
        let mut characters = template.chars().peekable();
        while let Some(next) = characters.next() {
            match (next, characters.peek()) {
                ('\\', Some('{' | '}' | '\'' | '\\')) => text.extend(characters.next()),
                ('{', Some('}')) => {
                    characters.next();
                    texts.push(std::mem::take(&mut text).into_boxed_str());
                }
                ('{', _) => return Self::Broken(": matching '}' not found for '{'."),
                ('}', _) => return Self::Broken(": matching '{' not found for '}'."),
                _ => text.push(next),
            }
        }
        texts.push(text.into_boxed_str());
        Self::Texts(texts)
    }

    /// The template with `values` in its places.
    pub(super) fn fill<E>(&self, values: impl ExactSizeIterator<Item = Result<Value, E>>) -> Result<Outcome, E> {
        let texts = match self {
            Self::Texts(texts) => texts,
            Self::Broken(detail) => {
                let reason = "a brace that is part of the text is written `\\{` or `\\}`".to_owned();
                return Ok(Err(Refusal { detail, reason }));
            }
        };
        let places = texts.len().saturating_sub(1);
        if values.len() != places {
            let detail = ": number of arguments do not match the occurrences of {}.";
            let reason = format!("the template has {places} `{{}}`, and there are {} values for them", values.len());
            return Ok(Err(Refusal { detail, reason }));
        }
        let mut filled = String::with_capacity(texts.iter().map(|text| text.len() + 16).sum());
        let mut texts = texts.iter();
        filled.extend(texts.next().map(|text| &**text));
        for (text, value) in texts.zip(values) {
            match value? {
                value @ (Value::Array(_) | Value::Object(_)) => {
                    let kind = value.type_name();
                    return Ok(refuse(format!(
                        "a value to be put into the text is an {kind}; use States.JsonToString"
                    )));
                }
                scalar => filled.push_str(&text_of(&scalar)),
            }
            filled.push_str(text);
            if filled.len() > LARGEST {
                return Ok(too_large());
            }
        }
        Ok(Ok(Value::from(filled)))
    }
}

/// `raw` with its escapes resolved.
pub(super) fn unescape(raw: &str) -> Cow<'_, str> {
    if !raw.contains('\\') {
        return Cow::Borrowed(raw);
    }
    let mut text = String::with_capacity(raw.len());
    let mut characters = raw.chars();
    while let Some(next) = characters.next() {
        match next {
            '\\' => text.extend(characters.next()),
            _ => text.push(next),
        }
    }
    Cow::Owned(text)
}

/// Each character of the second argument separates; empty pieces are dropped (recorded).
pub(super) fn split(arguments: &[Value]) -> Outcome {
    let [Value::String(text), Value::String(separators)] = arguments else {
        return refuse("both arguments must be strings");
    };
    let separators: HashSet<char> = separators.chars().collect();
    let pieces = text.split(|c| separators.contains(&c)).filter(|piece| !piece.is_empty());
    Ok(pieces.map(Value::from).collect::<Vec<_>>().into())
}
