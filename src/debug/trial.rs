//! Expressions tried on the data of a moment: what they come to, what their parts do, why they find nothing.

use crate::asl::Language;
use crate::query::jsonata::{Evaluated, Jsonata, JsonataEnv, StatesFields};
use crate::query::jsonata_field::{Delimited, delimited};
use crate::query::{self, Expression};
use crate::text::Span;
use crate::value::{Object, Timestamp, Value};

/// What expressions see at a moment. Owned, so that they can be evaluated away from the screen.
#[derive(Debug, Clone)]
pub struct Setting {
    /// `$` of a path, or nothing in a state of JSONata.
    pub data: Value,
    /// `$states.input`
    pub input: Value,
    /// `$states.result`, where there is one.
    pub result: Option<Value>,
    /// `$states.errorOutput`, where there is one.
    pub error_output: Option<Value>,
    /// The variables by their names without `$`.
    pub variables: Object,
    /// The context object, as far as it is known.
    pub context: Value,
    /// The time in the run.
    pub now: Timestamp,
    /// The language of the state.
    pub language: Language,
}

/// What came of an expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Tried {
    /// The expression as written.
    pub text: String,
    /// Its value; none where it finds nothing.
    pub value: Result<Option<Value>, String>,
    /// The part that is wrong, in the text.
    pub span: Option<Span>,
    /// What is there instead, or what to do.
    pub hint: Option<String>,
    /// Its parts with their values, inner ones first.
    pub parts: Vec<(Span, String)>,
}

/// Bytes of the value of a part.
const PART: usize = 200;

impl Setting {
    /// Evaluates `text`: JSONata between `{%` and `%}` and in states of JSONata, else a path or an intrinsic call. Time
    /// and memory have the budgets of the engine.
    #[must_use]
    pub fn evaluate(&self, text: &str) -> Tried {
        match (delimited(text.trim()), self.language) {
            (Delimited::Expression(inner, _), _) => {
                let start = text.find(inner).unwrap_or(0);
                self.jsonata(text, inner, start)
            }
            (Delimited::Text, Language::Jsonata) => {
                let inner = text.trim();
                self.jsonata(text, inner, text.len() - text.trim_start().len())
            }
            (Delimited::HalfOpen, _) => {
                failed(text, "JSONata stands between `{%` and `%}`, with nothing outside", None)
            }
            (Delimited::Text, Language::JsonPath) => self.path(text),
        }
    }

    fn path(&self, text: &str) -> Tried {
        let inner = text.trim();
        let start = text.len() - text.trim_start().len();
        let moved = |span: Span| Span::new(start + span.start as usize, start + span.end as usize);
        let expression = match Expression::compile(inner) {
            Ok(expression) => expression,
            Err(error) => return failed(text, &error.message, Some(moved(error.span))),
        };
        let mut sight = Sight(self);
        let parts = expression.parts(&self.data, &mut sight).into_iter();
        let shown = |value: Result<Value, String>| value.map_or_else(|why| format!("({why})"), |value| short(&value));
        let parts = parts.map(|(span, value)| (moved(span), shown(value))).collect();
        let (value, span, hint) = match expression.evaluate("expression", &self.data, &mut sight) {
            Ok(value) => (Ok(Some(value)), None, None),
            Err(error) => {
                let words = match (&error.hint, expression.path()) {
                    (Some(_), Some(_)) => "nothing is there".to_owned(),
                    _ => error.cause,
                };
                (Err(words), Some(moved(error.span)), error.hint)
            }
        };
        Tried { text: text.to_owned(), value, span, hint, parts }
    }

    fn jsonata(&self, text: &str, inner: &str, start: usize) -> Tried {
        let moved = |span: Span| Span::new(start + span.start as usize, start + span.end as usize);
        let expression = match Jsonata::compile(inner) {
            Ok(expression) => expression,
            Err(error) => return failed(text, &error.message, Some(moved(error.span))),
        };
        let fields = StatesFields { result: self.result.is_some(), error_output: self.error_output.is_some() };
        let refused = expression.check_references(fields);
        if let Some(refused) = refused.first() {
            return failed(text, &refused.message, Some(moved(refused.span)));
        }
        let mut sight = Sight(self);
        let (outcome, trace) = expression.evaluate_traced(None, &mut sight);
        // All of `$states` says nothing that its members do not.
        let trace = trace.into_iter().filter(|part| part.span.text(inner) != "$states");
        let parts = trace.map(|part| (moved(part.span), part.value)).collect();
        let (value, span, hint) = match outcome {
            Ok(Evaluated::Value(value)) => (Ok(Some(value)), None, None),
            Ok(Evaluated::Undefined) => {
                let why = self.why_nothing(inner);
                (Ok(None), why.as_ref().map(|(span, _)| moved(*span)), why.map(|(_, hint)| hint))
            }
            Ok(Evaluated::Function) => (Err("it gives a function, which is no value".to_owned()), None, None),
            Err(error) => (Err(error.message.clone()), Some(moved(error.span)), None),
        };
        Tried { text: text.to_owned(), value, span, hint, parts }
    }

    /// Of an expression that only names a place, as most do, the path of the same text tells why nothing is there.
    fn why_nothing(&self, text: &str) -> Option<(Span, String)> {
        let path = query::JsonPath::compile(text).ok()?;
        let missing = path.select(&Value::Null, &mut Sight(self)).err()?;
        Some((missing.span, missing.hint?))
    }

    /// The value at a path, for looking what is there; none where it is no path, or nothing is there.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<Value> {
        // What looks through everything is too much for each key that is typed.
        let is_plain = !path.contains("..") && !path.contains('*');
        query::JsonPath::compile(path).ok().filter(|_| is_plain)?.find(&self.data, &mut Sight(self))
    }

    /// `$states`
    #[must_use]
    pub fn states(&self) -> Value {
        let mut states = Object::new();
        states.insert("input", self.input.clone());
        states.insert("context", self.context.clone());
        for (key, value) in [("result", &self.result), ("errorOutput", &self.error_output)] {
            if let Some(value) = value {
                states.insert(key, value.clone());
            }
        }
        Value::Object(states)
    }
}

fn failed(text: &str, why: &str, span: Option<Span>) -> Tried {
    Tried { text: text.to_owned(), value: Err(why.to_owned()), span, hint: None, parts: Vec::new() }
}

fn short(value: &Value) -> String {
    if value.size() <= PART {
        return value.to_json();
    }
    match value {
        Value::String(text) => format!("{}…", text.chars().take(PART / 2).collect::<String>()),
        other => format!("{} of {} bytes", other.type_name(), other.size()),
    }
}

/// What both languages ask for.
struct Sight<'s>(&'s Setting);

impl query::Scope for Sight<'_> {
    fn context(&mut self) -> Value {
        self.0.context.clone()
    }

    fn variable(&mut self, name: &str) -> Option<Value> {
        match name {
            // Of use for telling why nothing is there: no variable has this name.
            "states" => Some(self.0.states()),
            _ => self.0.variables.get(name).cloned(),
        }
    }

    // Looking must not draw the machine's own random numbers.
    fn random(&mut self) -> u64 {
        0
    }

    fn now(&mut self) -> Timestamp {
        self.0.now
    }
}

impl JsonataEnv for Sight<'_> {
    fn variable(&mut self, name: &str) -> Option<Value> {
        query::Scope::variable(self, name)
    }

    fn now(&mut self) -> Timestamp {
        self.0.now
    }

    fn random(&mut self) -> u64 {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::read;

    fn setting(language: Language) -> Setting {
        let object = |text: &str| read(text).expect("JSON").as_object().cloned().expect("an object");
        Setting {
            data: read(r#"{"order":{"total":5,"items":[1,2]}}"#).expect("JSON"),
            input: read(r#"{"order":{"total":5}}"#).expect("JSON"),
            result: Some(Value::from(7)),
            error_output: None,
            variables: object(r#"{"limit":3}"#),
            context: read(r#"{"State":{"Name":"S"}}"#).expect("JSON"),
            now: Timestamp::default(),
            language,
        }
    }

    fn told(text: &str, language: Language) -> String {
        let tried = setting(language).evaluate(text);
        let parts = tried.parts.iter().map(|(span, value)| format!("{} → {value}; ", span.text(text)));
        let value = match tried.value {
            Ok(Some(value)) => value.to_json(),
            Ok(None) => "nothing".to_owned(),
            Err(why) => format!("! {why}"),
        };
        let span = tried.span.map(|span| format!(" at `{}`", span.text(text))).unwrap_or_default();
        format!(
            "{}{value}{span}{}",
            parts.collect::<String>(),
            tried.hint.map(|h| format!(" [{h}]")).unwrap_or_default()
        )
    }

    #[test]
    fn both_languages() {
        for (text, language, outcome) in [
            (" $.order.total", Language::JsonPath, "5"),
            ("$$.State.Name", Language::JsonPath, "\"S\""),
            ("$limit", Language::JsonPath, "3"),
            (
                "$.order.totl",
                Language::JsonPath,
                "! nothing is there at `.totl` [`$.order` has no key `totl`; keys there: total, items]",
            ),
            (
                "States.MathAdd($.order.total, States.ArrayLength($.order.items))",
                Language::JsonPath,
                "$.order.total → 5; $.order.items → [1,2]; States.ArrayLength($.order.items) → 2; 7",
            ),
            (
                "{% $states.input.order.total + $limit %}",
                Language::JsonPath,
                "$states.input → {\"order\":{\"total\":5}}; $states.input.order → {\"total\":5}; $states.input.order.total → 5; $limit → 3; $states.input.order.total + $limit → 8; 8",
            ),
            ("$states.result * 2", Language::Jsonata, "$states.result → 7; $states.result * 2 → 14; 14"),
            (
                "$states.input.order.totl",
                Language::Jsonata,
                "$states.input → {\"order\":{\"total\":5}}; $states.input.order → {\"total\":5}; $states.input.order.totl → undefined; nothing at `.totl` [`$states.input.order` has no key `totl`; keys there: total]",
            ),
            (
                "$states.errorOutput",
                Language::Jsonata,
                "! Field '$states.errorOutput' does not exist. at `$states.errorOutput`",
            ),
            ("{% 1", Language::Jsonata, "! JSONata stands between `{%` and `%}`, with nothing outside"),
        ] {
            assert_eq!(told(text, language), outcome, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_typed_is_answered(text in "[$.a-z(){}%'\\[\\]0-9 ä→\n]{0,24}") {
            for language in [Language::JsonPath, Language::Jsonata] {
                let tried = setting(language).evaluate(&text);
                for span in tried.span.iter().chain(tried.parts.iter().map(|(span, _)| span)) {
                    assert!(text.get(span.range()).is_some(), "{span:?} of {text:?}");
                }
            }
        }
    }
}
