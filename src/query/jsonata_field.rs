//! A JSONata expression in a field of a state, between `{%` and `%}`.

use std::sync::Arc;

use super::Scope;
use super::error::QueryError;
use super::jsonata::{Evaluated, Jsonata, JsonataEnv, JsonataError, StatesUse};
use super::jsonpath::{JsonPath, Root};
use crate::text::Span;
use crate::value::{Object, Timestamp, Value};

/// What stands before and behind an expression (States Language, JSONata).
const DELIMITERS: (&str, &str) = ("{%", "%}");

/// How a text in a JSONata state reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delimited<'t> {
    /// A text that stands for itself.
    Text,
    /// An expression: what is between the delimiters, without blanks around it, and where it starts in the text.
    Expression(&'t str, usize),
    /// One delimiter without the other.
    HalfOpen,
}

/// Tells expressions from texts: an expression begins with `{%` and ends with `%}`, with nothing outside.
#[must_use]
pub fn delimited(text: &str) -> Delimited<'_> {
    match (text.strip_prefix(DELIMITERS.0), text.ends_with(DELIMITERS.1)) {
        (None, false) => Delimited::Text,
        (Some(rest), true) => match rest.strip_suffix(DELIMITERS.1) {
            Some(inner) => {
                let start = inner.len() - inner.trim_start().len();
                Delimited::Expression(inner.trim(), DELIMITERS.0.len() + start)
            }
            // `{%}`: the delimiters need a `%` each.
            None => Delimited::HalfOpen,
        },
        _ => Delimited::HalfOpen,
    }
}

/// What `$states` holds besides the context object.
#[derive(Debug, Clone, Copy)]
pub struct States<'v> {
    /// `$states.input`: the raw input of the state.
    pub input: &'v Value,
    /// `$states.result`: in the Output and Assign of Task, Parallel and Map states.
    pub result: Option<&'v Value>,
    /// `$states.errorOutput`: in the Output and Assign of a catcher.
    pub error_output: Option<&'v Value>,
}

impl<'v> States<'v> {
    /// With an input and nothing else.
    #[must_use]
    pub fn of(input: &'v Value) -> Self {
        Self { input, result: None, error_output: None }
    }
}

/// A compiled expression and the field that it is specified for.
#[derive(Debug, Clone)]
pub struct JsonataField {
    jsonata: Jsonata,
    location: Arc<str>,
    wants: StatesUse,
}

impl JsonataField {
    /// Compiles `text`, which stands between the delimiters at `location`: the way from the state to it
    /// (`Output/total`, `Choices[0]/Condition`).
    ///
    /// # Errors
    /// The first fault, with its place.
    pub fn compile(text: &str, location: &str) -> Result<Self, JsonataError> {
        let jsonata = Jsonata::compile(text)?;
        let wants = jsonata.states_use();
        Ok(Self { jsonata, location: location.into(), wants })
    }

    /// The expression, without delimiters.
    #[must_use]
    pub fn text(&self) -> &str {
        self.jsonata.text()
    }

    /// The way from the state to the field.
    #[must_use]
    pub fn location(&self) -> &str {
        &self.location
    }

    /// The expression itself.
    #[must_use]
    pub fn jsonata(&self) -> &Jsonata {
        &self.jsonata
    }

    /// The value.
    ///
    /// # Errors
    /// In the service's words (recorded): nothing, a function, or what the evaluation says.
    pub fn evaluate(&self, states: &States<'_>, scope: &mut dyn Scope) -> Result<Value, QueryError> {
        let mut env = Env { states, wants: self.wants, scope, built: None };
        match self.jsonata.evaluate(None, &mut env) {
            Ok(Evaluated::Value(value)) => Ok(value),
            Ok(Evaluated::Undefined) => Err(self.nothing(&mut env)),
            Ok(Evaluated::Function) => Err(self.failure("returned an unsupported result type.")),
            Err(error) => {
                let failure = self.failure(&format!("threw an error during evaluation{}", error.service_text()));
                Err(QueryError { span: error.span, ..failure })
            }
        }
    }

    /// What an expression says whose value is no `expected`.
    #[must_use]
    pub fn unexpected(&self, expected: &str, value: &Value) -> QueryError {
        let actual = value.type_name();
        self.failure(&format!(
            "returned an unexpected result type. Expected '{expected}', but was '{actual}' for value: {value}"
        ))
    }

    /// The expression gave nothing. Of one that only names a place, as most do, the path of the same text tells why.
    fn nothing(&self, env: &mut Env<'_>) -> QueryError {
        let failure = self.failure("returned nothing (undefined).");
        let path = JsonPath::compile(self.text()).ok().filter(|path| matches!(path.root(), Root::Variable(_)));
        let found = path.and_then(|path| path.select(&Value::Null, &mut Named(env)).err());
        // JSONata looks into the elements of arrays, which paths do not.
        let Some((span, hint)) = self.jsonata.missing(env) else { return failure };
        match found {
            Some(found) if found.hint.as_ref() == Some(&hint) => {
                QueryError { span: found.span, hint: Some(hint), ..failure }
            }
            _ => QueryError { span, hint: Some(hint), ..failure },
        }
    }

    fn failure(&self, what: &str) -> QueryError {
        let (text, location) = (self.text(), &self.location);
        QueryError {
            cause: format!("The JSONata expression '{text}' specified for the field '{location}' {what}"),
            expression: text.to_owned(),
            span: Span::new(0, text.len()),
            field: location.to_string(),
            hint: None,
        }
    }
}

/// What the evaluator sees: `$states` made of the members that the expression names.
struct Env<'a> {
    states: &'a States<'a>,
    wants: StatesUse,
    scope: &'a mut dyn Scope,
    built: Option<Value>,
}

impl Env<'_> {
    fn build(&mut self) -> Value {
        let mut object = Object::new();
        if self.wants.input {
            object.insert("input", self.states.input.clone());
        }
        if self.wants.context {
            object.insert("context", self.scope.context());
        }
        for (wanted, key, value) in [
            (self.wants.result, "result", self.states.result),
            (self.wants.error_output, "errorOutput", self.states.error_output),
        ] {
            if let Some(value) = value.filter(|_| wanted) {
                object.insert(key, value.clone());
            }
        }
        Value::Object(object)
    }
}

impl JsonataEnv for Env<'_> {
    fn variable(&mut self, name: &str) -> Option<Value> {
        if name != "states" {
            return self.scope.variable(name);
        }
        if self.built.is_none() {
            self.built = Some(self.build());
        }
        self.built.clone()
    }

    fn now(&mut self) -> Timestamp {
        self.scope.now()
    }

    fn random(&mut self) -> u64 {
        self.scope.random()
    }
}

/// The variables of an evaluation, `states` among them, for a path.
struct Named<'e, 'a>(&'e mut Env<'a>);

impl Scope for Named<'_, '_> {
    fn context(&mut self) -> Value {
        Value::empty_object()
    }

    fn variable(&mut self, name: &str) -> Option<Value> {
        self.0.variable(name)
    }

    fn random(&mut self) -> u64 {
        0
    }

    fn now(&mut self) -> Timestamp {
        Timestamp::default()
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{TestScope, json};
    use super::*;

    #[test]
    fn delimiters() {
        for (text, read) in [
            ("{% $x %}", Delimited::Expression("$x", 3)),
            ("{%$x%}", Delimited::Expression("$x", 2)),
            ("{%\n  $x\n%}", Delimited::Expression("$x", 5)),
            ("{%%}", Delimited::Expression("", 2)),
            ("a {% $x %}", Delimited::HalfOpen),
            ("{% $x %} ", Delimited::HalfOpen),
            ("{%}", Delimited::HalfOpen),
            ("{% $x", Delimited::HalfOpen),
            ("$x %}", Delimited::HalfOpen),
            ("100%", Delimited::Text),
            ("", Delimited::Text),
        ] {
            assert_eq!(delimited(text), read, "{text}");
        }
    }

    fn evaluate(text: &str) -> Result<String, String> {
        let mut scope = TestScope::new(r#"{"State":{"Name":"S"}}"#, r#"{"v":[1,2]}"#);
        let (input, result) = (json(r#"{"a":1}"#), json("7"));
        let states = States { result: Some(&result), ..States::of(&input) };
        let field = JsonataField::compile(text, "Output/x").expect("compiles");
        let value = field.evaluate(&states, &mut scope).map(|value| value.to_json());
        value.map_err(|error| error.cause)
    }

    #[test]
    fn values_come_from_states_and_variables() {
        for (text, value) in [
            ("$states.input", r#"{"a":1}"#),
            ("$states.input.a + $states.result", "8"),
            ("$states.context.State.Name", r#""S""#),
            ("$v[1]", "2"),
            ("$keys($states)", r#"["input","context","result"]"#),
        ] {
            assert_eq!(evaluate(text).as_deref(), Ok(value), "{text}");
        }
    }

    #[test]
    fn failures_in_the_words_of_the_service() {
        for (text, end) in [
            ("$nothing", "returned nothing (undefined)."),
            ("$sum", "returned an unsupported result type."),
            (
                "1 + 'a'",
                "threw an error during evaluation. T2002: The right side of the \"+\" operator must evaluate to a number",
            ),
        ] {
            let cause = format!("The JSONata expression '{text}' specified for the field 'Output/x' {end}");
            assert_eq!(evaluate(text), Err(cause), "{text}");
        }
        let field = JsonataField::compile("1", "Items").expect("compiles");
        assert_eq!(
            field.unexpected("array", &json("1")).cause,
            "The JSONata expression '1' specified for the field 'Items' returned an unexpected result type. Expected 'array', but was 'number' for value: 1"
        );
    }

    #[test]
    fn what_is_there_instead() {
        let hint = |text: &str| {
            let mut scope = TestScope::new("{}", r#"{"v":{"name":1}}"#);
            let input = json(r#"{"order":{"items":[]}}"#);
            let field = JsonataField::compile(text, "Output").expect("compiles");
            let error = field.evaluate(&States::of(&input), &mut scope).expect_err("nothing is there");
            (error.span.text(text).to_owned(), error.hint.unwrap_or_default())
        };
        assert_eq!(
            hint("$states.input.order.item"),
            (".item".to_owned(), "`$states.input.order` has no key `item`; keys there: items".to_owned())
        );
        assert_eq!(hint("$v.nam").1, "`$v` has no key `nam`; keys there: name");
        assert_eq!(hint("$states.input.order[a = 1].b").1, "");
    }

    #[test]
    fn the_context_object_is_made_only_when_it_is_named() {
        let asked = |text: &str| {
            let mut scope = TestScope::new("{}", "{}");
            let input = json("{}");
            let field = JsonataField::compile(text, "Output").expect("compiles");
            drop(field.evaluate(&States::of(&input), &mut scope));
            scope.contexts_asked
        };
        assert_eq!(asked("$states.input.a & $states.input.b"), 0);
        assert_eq!(asked("$states.context.A & $states.context.B"), 1);
        assert_eq!(asked("($s := $states; $s.input)"), 1);
    }
}
