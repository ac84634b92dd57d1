//! Expressions of the debugger: conditions, watches, texts of log points.
//!
//! A path or an intrinsic function is JSONPath, as in a definition; `{% … %}` and everything else is JSONata, whose `$`
//! is the data at the moment.

use std::sync::Arc;

use crate::query::jsonata::{Evaluated, Jsonata, JsonataEnv};
use crate::query::{self, Expression, jsonata_field};
use crate::value::{Object, Timestamp, Value};

/// What an expression sees: a branch at a moment.
pub struct Facts<'a> {
    /// The raw input of the state.
    pub input: &'a dyn Fn() -> Value,
    /// The data: what the next stage works on.
    pub data: &'a Value,
    /// The value of a variable, by its name without `$`.
    pub variable: &'a dyn Fn(&str) -> Option<Value>,
    /// The context object.
    pub context: &'a dyn Fn() -> Value,
    /// The time in the run.
    pub now: Timestamp,
}

/// An expression that was compiled; cheap to clone.
#[derive(Debug, Clone)]
pub struct Query {
    text: Arc<str>,
    kind: Kind,
}

#[derive(Debug, Clone)]
enum Kind {
    Path(Expression),
    Jsonata(Jsonata),
}

impl PartialEq for Query {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Query {
    /// Compiles `text`.
    ///
    /// # Errors
    /// What does not parse, in a sentence.
    pub fn compile(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.is_empty() {
            return Err("An expression is needed: $.total, $count($.items) > 3".to_owned());
        }
        let delimited = match jsonata_field::delimited(text) {
            jsonata_field::Delimited::Expression(inner, _) => Some(inner),
            _ => None,
        };
        let kind = match (delimited, Expression::compile(text)) {
            (None, Ok(path)) => Kind::Path(path),
            _ => {
                let compiled = Jsonata::compile(delimited.unwrap_or(text));
                Kind::Jsonata(compiled.map_err(|error| format!("`{text}` is no expression: {}.", error.message))?)
            }
        };
        Ok(Self { text: text.into(), kind })
    }

    /// The expression as written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its value; none where there is none.
    ///
    /// # Errors
    /// Why it cannot be evaluated, in a sentence.
    pub fn evaluate(&self, facts: &Facts<'_>) -> Result<Option<Value>, String> {
        let mut scope = Sight(facts);
        match &self.kind {
            Kind::Path(expression) => match expression.path() {
                Some(path) => Ok(path.find(facts.data, &mut scope)),
                None => {
                    expression.evaluate("expression", facts.data, &mut scope).map(Some).map_err(|error| error.cause)
                }
            },
            Kind::Jsonata(jsonata) => match jsonata.evaluate(Some(facts.data), &mut scope) {
                Ok(Evaluated::Value(value)) => Ok(Some(value)),
                Ok(Evaluated::Undefined) => Ok(None),
                Ok(Evaluated::Function) => Err("it gives a function, which is no value".to_owned()),
                Err(error) => Err(error.message),
            },
        }
    }

    /// Whether it holds, by JSONata's rules: nothing, `null`, `false`, 0 and what is empty do not.
    ///
    /// # Errors
    /// As [`Query::evaluate`].
    pub fn holds(&self, facts: &Facts<'_>) -> Result<bool, String> {
        Ok(self.evaluate(facts)?.is_some_and(|value| is_true(&value)))
    }
}

fn is_true(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(is) => *is,
        Value::Number(_) => !matches!(value.to_json().as_str(), "0" | "0.0" | "-0" | "-0.0"),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => items.iter().any(is_true),
        Value::Object(members) => !members.is_empty(),
    }
}

/// What both languages ask for.
struct Sight<'f, 'a>(&'f Facts<'a>);

impl query::Scope for Sight<'_, '_> {
    fn context(&mut self) -> Value {
        (self.0.context)()
    }

    fn variable(&mut self, name: &str) -> Option<Value> {
        (self.0.variable)(name)
    }

    // Looking must not change the run: the machine's own random numbers are not drawn.
    fn random(&mut self) -> u64 {
        0
    }

    fn now(&mut self) -> Timestamp {
        self.0.now
    }
}

impl JsonataEnv for Sight<'_, '_> {
    fn variable(&mut self, name: &str) -> Option<Value> {
        if name != "states" {
            return (self.0.variable)(name);
        }
        // What `$states` has beside these depends on the field; here the data stands for all of it.
        let members = [
            ("input", (self.0.input)()),
            ("context", (self.0.context)()),
            ("result", self.0.data.clone()),
            ("errorOutput", self.0.data.clone()),
        ];
        Some(Value::Object(members.into_iter().collect::<Object>()))
    }

    fn now(&mut self) -> Timestamp {
        self.0.now
    }

    fn random(&mut self) -> u64 {
        0
    }
}

/// The text of a log point: words with expressions between braces; `{{` and `}}` are braces.
#[derive(Debug, Clone, PartialEq)]
pub struct LogText {
    text: Arc<str>,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq)]
enum Part {
    Words(String),
    Query(Query),
}

impl LogText {
    /// Compiles `text`.
    ///
    /// # Errors
    /// A brace without its partner, or an expression that does not parse.
    pub fn compile(text: &str) -> Result<Self, String> {
        let (mut parts, mut words, mut rest) = (Vec::new(), String::new(), text);
        while let Some(at) = rest.find(['{', '}']) {
            words.push_str(&rest[..at]);
            let brace = &rest[at..at + 1];
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix(brace) {
                words.push_str(brace);
                rest = after;
                continue;
            }
            let end = (brace == "{").then(|| closing(rest)).flatten();
            let end = end.ok_or_else(|| format!("`{text}`: a `{brace}` alone; write `{brace}{brace}` for one."))?;
            parts.push(Part::Words(std::mem::take(&mut words)));
            parts.push(Part::Query(Query::compile(&rest[..end])?));
            rest = &rest[end + 1..];
        }
        words.push_str(rest);
        parts.push(Part::Words(words));
        Ok(Self { text: text.into(), parts })
    }

    /// The text as written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text with the values of its expressions.
    #[must_use]
    pub fn fill(&self, facts: &Facts<'_>) -> String {
        let part = |part: &Part| match part {
            Part::Words(words) => words.clone(),
            Part::Query(query) => shown(&query.evaluate(facts)),
        };
        self.parts.iter().map(part).collect()
    }
}

/// Where the brace is closed that was opened before `text`.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 0 => return Some(at),
            b'}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// What came of an expression, for people: texts without quotes, the rest as JSON.
#[must_use]
pub fn shown(outcome: &Result<Option<Value>, String>) -> String {
    match outcome {
        Ok(Some(Value::String(text))) => text.to_string(),
        Ok(Some(value)) => value.to_json(),
        Ok(None) => "(nothing)".to_owned(),
        Err(why) => format!("({why})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::read;

    fn with<T>(look: impl FnOnce(&Facts<'_>) -> T) -> T {
        let (input, data) =
            (read(r#"{"n":1}"#).expect("JSON"), read(r#"{"n":5,"ok":false,"list":[1,2]}"#).expect("JSON"));
        look(&Facts {
            input: &|| input.clone(),
            data: &data,
            variable: &|name| (name == "limit").then(|| Value::from(4)),
            context: &|| read(r#"{"State":{"Name":"Here"}}"#).expect("JSON"),
            now: Timestamp::default(),
        })
    }

    fn holds(text: &str) -> bool {
        with(|facts| Query::compile(text).expect(text).holds(facts)).expect(text)
    }

    #[test]
    fn both_languages_see_data_variables_and_context() {
        for text in [
            "$.n",
            "$.n > 4",
            "$.n > $limit",
            "{% $states.input.n = 1 %}",
            "$limit",
            "$count($.list) = 2",
            "$$.State.Name",
            "$states.context.State.Name = 'Here'",
            "$.list[?(@ > 1)]",
            "States.ArrayContains($.list, 2)",
        ] {
            assert!(holds(text), "{text}");
        }
        for text in ["$.ok", "$.missing", "$.n > 5", "$other", "$.list[?(@ > 2)]", "n = 4"] {
            assert!(!holds(text), "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        assert!(Query::compile("  ").is_err_and(|why| why.contains("needed")));
        assert!(Query::compile("$.a >").is_err_and(|why| why.starts_with("`$.a >` is no expression: ")));
        let failed = with(|facts| Query::compile("$.n + 'a'").expect("it parses").holds(facts));
        assert!(failed.is_err_and(|why| why.contains("number")));
    }

    #[test]
    fn log_texts() {
        let fill = |text: &str| with(|facts| LogText::compile(text).expect(text).fill(facts));
        assert_eq!(fill("n is {$.n}, {{n}} of {$limit}: {$.gone}"), "n is 5, {n} of 4: (nothing)");
        assert_eq!(fill("{ {'a': $.n} } {$$.State.Name}"), "{\"a\":5} Here");
        assert_eq!(fill("plain"), "plain");
        assert!(LogText::compile("a } b").is_err() && LogText::compile("a {b").is_err());
    }
}
