//! Expressions tried on the data of a moment: what they come to, what their parts do, why they find nothing.

use crate::asl::Language;
use crate::asl::suggest::nearest;
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
            Ok(value) => {
                let why = self.why_empty(&expression);
                (Ok(Some(value)), None, why)
            }
            Err(error) => {
                let wrong = error.span.text(inner);
                let is_path = expression.path().is_some() || wrong.starts_with('$');
                // The service repeats all of the input.
                let words = match &error.hint {
                    Some(_) if is_path => "nothing is there".to_owned(),
                    _ => error.cause,
                };
                let hint = error.hint.map(|hint| self.with_near(hint, wrong));
                (Err(words), Some(moved(error.span)), hint)
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
            let is_member = refused.span.text(inner).starts_with("$states");
            let known = || match self.states() {
                Value::Object(states) => states.keys().map(|key| &**key).collect::<Vec<_>>().join(", "),
                _ => String::new(),
            };
            let hint = is_member.then(|| format!("`$states` has {} here", known()));
            return Tried { hint, ..failed(text, &refused.message, Some(moved(refused.span))) };
        }
        let mut sight = Sight(self);
        let (outcome, trace) = expression.evaluate_traced(None, &mut sight);
        // All of `$states` says nothing that its members do not.
        let trace_of_nothing: Vec<_> =
            trace.iter().filter(|part| part.value == "undefined").map(|part| part.span).collect();
        let trace = trace.into_iter().filter(|part| part.span.text(inner) != "$states");
        let parts = trace.map(|part| (moved(part.span), part.value)).collect();
        let (value, span, hint) = match outcome {
            // Of nothing some functions make 0, and objects leave it out.
            Ok(Evaluated::Value(value)) if is_hollow(&value) => {
                let why = self.why_nothing(&expression, inner);
                (Ok(Some(value)), None, why.map(|(_, hint)| hint))
            }
            Ok(Evaluated::Value(value)) => (Ok(Some(value)), None, None),
            Ok(Evaluated::Undefined) => {
                let why = self.why_nothing(&expression, inner).or_else(|| first_nothing(inner, &trace_of_nothing));
                (Ok(None), why.as_ref().map(|(span, _)| moved(*span)), why.map(|(_, hint)| hint))
            }
            Ok(Evaluated::Function) => (Err("it gives a function, which is no value".to_owned()), None, None),
            Err(error) => (Err(error.message.clone()), Some(moved(error.span)), None),
        };
        Tried { text: text.to_owned(), value, span, hint, parts }
    }

    /// Of an expression that only names a place, as most do, the path of the same text tells why nothing is there.
    fn why_nothing(&self, expression: &Jsonata, text: &str) -> Option<(Span, String)> {
        let (span, hint) = expression.missing(&mut Sight(self))?;
        let path = query::JsonPath::compile(text).ok();
        let missing = path.and_then(|path| path.select(&Value::Null, &mut Sight(self)).err());
        let step = missing.filter(|missing| missing.hint.as_ref() == Some(&hint)).map(|missing| missing.span);
        Some((step.unwrap_or(span), self.with_near(hint, span.text(text))))
    }

    /// The hint, with what is near a variable that there is none of, and where else there is what is missing.
    fn with_near(&self, hint: String, text: &str) -> String {
        let is_context = hint.starts_with("`$$` has") || hint.starts_with("`$states.context` has");
        if is_context && hint.contains("no key `Task`") {
            return format!("{hint}; a token is only there in states that wait for one (.waitForTaskToken)");
        }
        if is_context && hint.contains("no key `Map`") {
            return format!("{hint}; an item is only there inside of a Map");
        }
        let Some(name) = text.strip_prefix('$').filter(|_| hint.starts_with("no variable")) else { return hint };
        let name = name.split(['.', '[']).next().unwrap_or(name);
        if self.data.get(name).is_some() && self.language == Language::JsonPath {
            return format!("{hint}; the data has a key `{name}`: `$.{name}`");
        }
        match nearest(name, self.variables.keys().map(|key| &**key)) {
            Some(near) => format!("{hint}; did you mean `${near}`?"),
            None => hint,
        }
    }

    /// Why a list is empty that a path gave, or that one of the paths in a call did.
    fn why_empty(&self, expression: &Expression) -> Option<String> {
        let mut sight = Sight(self);
        if let Some(path) = expression.path().filter(|path| path.is_definite()) {
            // An index outside of an array gives null.
            return path.select(&self.data, &mut sight).err()?.hint;
        }
        let paths = expression.path().into_iter().chain(expression.paths().into_iter().map(|(path, _)| path));
        let empty = |path: &query::JsonPath, sight: &mut Sight<'_>| {
            !path.is_definite() && path.find(&self.data, sight).is_none_or(|found| found == Value::from(Vec::new()))
        };
        for path in paths {
            if empty(path, &mut sight)
                && let Some((_, why)) = path.why_nothing(&self.data, &mut sight)
            {
                return Some(why);
            }
        }
        None
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

/// The first part that gives nothing.
fn first_nothing(text: &str, undefined: &[Span]) -> Option<(Span, String)> {
    let span = *undefined.iter().find(|span| span.range() != (0..text.len()))?;
    let part = span.text(text).split_whitespace().collect::<Vec<_>>().join(" ");
    // The trace shows an array after its predicates.
    let rest = text.get(span.end as usize..).unwrap_or_default().trim_start();
    let predicate = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')).map(|(inside, _)| inside);
    let why = match predicate {
        Some(inside) => format!("nothing in `{part}` is `[{}]`", inside.trim()),
        None => format!("`{part}` is the first part that gives nothing"),
    };
    Some((span, why))
}

/// Whether a value may come of nothing.
fn is_hollow(value: &Value) -> bool {
    match value {
        Value::Object(members) => members.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Number(_) => value.to_json() == "0",
        _ => false,
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
                "! Field '$states.errorOutput' does not exist. at `$states.errorOutput` [`$states` has input, context, result here]",
            ),
            ("{% 1", Language::Jsonata, "! JSONata stands between `{%` and `%}`, with nothing outside"),
        ] {
            assert_eq!(told(text, language), outcome, "{text}");
        }
    }

    #[test]
    fn mistakes_are_explained() {
        let data = r#"{"order":{"Total":5,"items":[{"sku":"a","qty":1},{"sku":"b","qty":2}]},"empty":[],"none":null,"text":"t"}"#;
        let context = r#"{"Execution":{"Id":"e","Name":"n"},"State":{"Name":"S","RetryCount":0}}"#;
        let result = r#"{"Payload":{"ok":true}}"#;
        let variables = r#"{"limit":3,"config":{"maxRetries":2,"hosts":["a","b"]}}"#;
        let json = |text: &str| read(text).expect("JSON");
        let hint = |text: &str, language| {
            let setting = Setting {
                data: json(data),
                input: json(data),
                result: Some(json(result)),
                variables: json(variables).as_object().cloned().expect("an object"),
                context: json(context),
                ..setting(language)
            };
            setting.evaluate(text).hint.unwrap_or_default()
        };
        for (text, why) in [
            ("$.order.total", "`$.order` has no key `total`, but `Total`: case matters; keys there: Total, items"),
            (
                "$.order.items.sku",
                "`$.order.items` is an array, no object; `[0]` is its first element, `[*]` are all; keys there: sku, qty",
            ),
            ("$.order.items[5].sku", "`$.order.items` has 2 elements; there is none at index 5"),
            ("$.order.items[5]", "`$.order.items` has 2 elements; there is none at index 5"),
            ("$.none.x", "`$.none` is null, no object"),
            ("$.text.length", "`$.text` is a string, no object"),
            (
                "$.order.items[?(@.sku=='z')].qty",
                "none of the 2 elements of `$.order.items` passes the filter; keys there: sku, qty",
            ),
            (
                "$.order.items[*].skuu",
                "none of the 2 values at `$.order.items[*]` has a key `skuu`; keys there: sku, qty",
            ),
            ("$.order.itmes[*].sku", "`$.order` has no key `itmes`; keys there: items, Total"),
            ("$.order.items[5:]", "`$.order.items` has 2 elements, none of them there"),
            ("$.empty[*].sku", "`$.empty` is empty"),
            ("$.text[*]", "`$.text` is a string"),
            ("$..skuu", "nothing below `$` has a key `skuu`"),
            (
                "States.ArrayLength($.order.items[*].skuu)",
                "none of the 2 values at `$.order.items[*]` has a key `skuu`; keys there: sku, qty",
            ),
            ("States.Format('{}', $.order.Totl)", "`$.order` has no key `Totl`; keys there: Total, items"),
            ("$confg.maxRetries", "no variable `$confg` is assigned at this point; did you mean `$config`?"),
            ("$order.Total", "no variable `$order` is assigned at this point; the data has a key `order`: `$.order`"),
            (
                "$config.maxretries",
                "`$config` has no key `maxretries`, but `maxRetries`: case matters; keys there: maxRetries, hosts",
            ),
            ("$$.Execution.name", "`$$.Execution` has no key `name`, but `Name`: case matters; keys there: Name, Id"),
            ("$$.Task.Token", "; a token is only there in states that wait for one (.waitForTaskToken)"),
            ("$$.Map.Item.Value", "; an item is only there inside of a Map"),
        ] {
            let hint = hint(text, Language::JsonPath);
            assert!(hint.ends_with(why), "{text}\n{hint}\n{why}");
        }
        for (text, why) in [
            (
                "$states.input.order.items.skuu",
                "none of the 2 values at `$states.input.order.items` has a key `skuu`; keys there: sku, qty",
            ),
            ("$states.input.order.items[sku='z'].qty", "nothing in `$states.input.order.items` is `[sku='z']`"),
            (
                "$sum($states.input.order.items.quantity)",
                "none of the 2 values at `$states.input.order.items` has a key `quantity`; keys there: sku, qty",
            ),
            (
                "$states.input.order.total + 1",
                "`$states.input.order` has no key `total`, but `Total`: case matters; keys there: Total, items",
            ),
            ("$count($states.input.itms)", "; keys there: order, empty, none, text"),
            (
                "{'a': $states.result.payload}",
                "`$states.result` has no key `payload`, but `Payload`: case matters; keys there: Payload",
            ),
            ("($x := $states.input.order; $x.totl)", "`$x.totl` is the first part that gives nothing"),
            ("$limt", "no variable `$limt` is assigned at this point; did you mean `$limit`?"),
            ("$config.hosts[4]", "`$config.hosts` has 2 elements; there is none at index 4"),
            ("$states.context.Task.Token", "; a token is only there in states that wait for one (.waitForTaskToken)"),
            ("$states.Result", "`$states` has input, context, result here"),
            ("$count($states.input.order.items)", ""),
        ] {
            let hint = hint(text, Language::Jsonata);
            assert!(hint.ends_with(why) && hint.is_empty() == why.is_empty(), "{text}\n{hint}\n{why}");
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
