//! What may stand as the value of a `key.$`: a path or a call of an intrinsic function.

use std::sync::Arc;

use super::Scope;
use super::error::{QueryError, SyntaxError};
use super::intrinsic::Intrinsic;
use super::jsonpath::{Failure, JsonPath, Root};
use crate::text::Span;
use crate::value::Value;

/// A compiled path or intrinsic call.
#[derive(Debug, Clone)]
pub struct Expression {
    kind: Kind,
}

#[derive(Debug, Clone)]
enum Kind {
    Path(JsonPath),
    Intrinsic(Arc<Intrinsic>),
}

impl Expression {
    /// Compiles `text`.
    ///
    /// # Errors
    /// The place that does not parse, and why.
    pub fn compile(text: &str) -> Result<Self, SyntaxError> {
        if text.starts_with('$') {
            return JsonPath::compile(text).map(|path| Self { kind: Kind::Path(path) });
        }
        if text.starts_with("States.") {
            return Intrinsic::compile(text).map(|intrinsic| Self { kind: Kind::Intrinsic(Arc::new(intrinsic)) });
        }
        Err(SyntaxError { message: neither(text), span: Span::new(0, text.len()) })
    }

    /// The expression as written.
    #[must_use]
    pub fn text(&self) -> &str {
        match &self.kind {
            Kind::Path(path) => path.text(),
            Kind::Intrinsic(intrinsic) => intrinsic.text(),
        }
    }

    /// The path, if it is one.
    #[must_use]
    pub fn path(&self) -> Option<&JsonPath> {
        match &self.kind {
            Kind::Path(path) => Some(path),
            Kind::Intrinsic(_) => None,
        }
    }

    /// The name of the outermost intrinsic function (`States.Format`), if it is a call.
    #[must_use]
    pub fn function(&self) -> Option<&'static str> {
        match &self.kind {
            Kind::Path(_) => None,
            Kind::Intrinsic(intrinsic) => Some(intrinsic.function()),
        }
    }

    /// The names of the variables it reads, in the order of their first use.
    #[must_use]
    pub fn variables(&self) -> Vec<Arc<str>> {
        let mut names: Vec<Arc<str>> = Vec::new();
        self.for_each_path(&mut |path, _| match path.root() {
            Root::Variable(name) if !names.contains(name) => names.push(name.clone()),
            _ => {}
        });
        names
    }

    /// The paths in it, each with the place where it begins.
    #[must_use]
    pub fn paths(&self) -> Vec<(&JsonPath, usize)> {
        let mut paths = Vec::new();
        self.for_each_path(&mut |path, start| paths.push((path, start)));
        paths
    }

    /// What parses but is bound to fail when it is evaluated: functions in paths, calls with a wrong number of arguments.
    #[must_use]
    pub fn remarks(&self) -> Vec<SyntaxError> {
        let mut remarks = Vec::new();
        self.for_each_path(&mut |path, start| {
            if let Some((name, span)) = path.function() {
                let span = Span::new(start + span.start as usize, start + span.end as usize);
                let message = format!("Step Functions does not run functions in paths; `{name}()` finds nothing");
                remarks.push(SyntaxError { message, span });
            }
        });
        if let Kind::Intrinsic(intrinsic) = &self.kind {
            intrinsic.arity_faults(&mut remarks);
        }
        remarks.sort_by_key(|remark| remark.span);
        remarks
    }

    /// The value; `field` is the key it stands under, for the words of the failure.
    ///
    /// # Errors
    /// A definite path that finds nothing, or a failing intrinsic function, in AWS's words.
    pub fn evaluate(&self, field: &str, input: &Value, scope: &mut dyn Scope) -> Result<Value, QueryError> {
        match &self.kind {
            Kind::Path(path) => {
                path.template_value(input, scope).map_err(|failure| not_found(path, failure, field, input, scope))
            }
            Kind::Intrinsic(intrinsic) => {
                intrinsic.evaluate(input, scope).map_err(|failure| QueryError { field: field.to_owned(), ..failure })
            }
        }
    }

    /// Argument `at` of `States.Array`, if it is a path: it is an element of the value as it is.
    #[must_use]
    pub fn element(&self, at: usize) -> Option<&JsonPath> {
        match &self.kind {
            Kind::Path(_) => None,
            Kind::Intrinsic(intrinsic) => intrinsic.element(at),
        }
    }

    /// The parts of a call with what each comes to: its arguments and the calls inside it, inner ones first. Bounded in
    /// number.
    pub fn parts(&self, input: &Value, scope: &mut dyn Scope) -> Vec<(Span, Result<Value, String>)> {
        let mut parts = Vec::new();
        if let Kind::Intrinsic(intrinsic) = &self.kind {
            intrinsic.parts(input, scope, &mut parts);
        }
        parts
    }

    fn for_each_path<'e>(&'e self, visit: &mut impl FnMut(&'e JsonPath, usize)) {
        match &self.kind {
            Kind::Path(path) => visit(path, 0),
            Kind::Intrinsic(intrinsic) => intrinsic.for_each_path(visit),
        }
    }
}

fn neither(text: &str) -> String {
    let trimmed = text.trim_start();
    if trimmed.is_empty() {
        return "the expression is empty; write a path (`$.name`) or a call (`States.UUID()`)".to_owned();
    }
    if trimmed.len() < text.len() && (trimmed.starts_with('$') || trimmed.starts_with("States.")) {
        return "an expression may not begin with blanks; remove them".to_owned();
    }
    if trimmed.starts_with("{%") {
        return "a JSONata expression does not work in a JSONPath state; write a path (`$.name`), or set the state's \
                `QueryLanguage` to `JSONata`"
            .to_owned();
    }
    "neither a path nor an intrinsic function: write `$.name`, or `States.Format(…)`; to pass a constant, remove `.$` \
     from the key"
        .to_owned()
}

/// The service's words (recorded). It shows the input that the path was looked up in.
fn not_found(path: &JsonPath, failure: Failure, field: &str, input: &Value, scope: &mut dyn Scope) -> QueryError {
    let cause = |input: &Value| {
        let path = path.text();
        format!("The JSONPath '{path}' specified for the field '{field}' could not be found in the input '{input}'")
    };
    let found = match failure {
        Failure::NoVariable => None,
        Failure::Miss(miss) => path.with_document(input, scope, |document| {
            let failure = path.failure(miss, document);
            if miss.is_too_much() { failure } else { QueryError { cause: cause(document), ..failure } }
        }),
    };
    let failure = found.unwrap_or_else(|| QueryError { cause: cause(input), ..path.unassigned() });
    QueryError { field: field.to_owned(), ..failure }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::proptest;

    use super::*;
    use crate::query::testing::{TestScope, assert_inside, json, texts, values};

    #[test]
    fn an_expression_is_a_path_or_a_call() {
        let path = Expression::compile("$.a").expect("a path");
        assert!(path.path().is_some() && path.function().is_none());
        let call = Expression::compile("States.UUID()").expect("a call");
        assert_eq!((call.text(), call.function()), ("States.UUID()", Some("States.UUID")));
        for (text, says) in [
            ("", "the expression is empty"),
            ("name", "to pass a constant, remove `.$` from the key"),
            ("  States.UUID()", "may not begin with blanks"),
            ("{% $x %}", "JSONata"),
        ] {
            let error = Expression::compile(text).expect_err(text);
            assert!(error.message.contains(says), "{text}: {error}");
            assert_eq!(error.span, Span::new(0, text.len()));
        }
    }

    #[test]
    fn fields_outside_of_templates_are_named_as_they_are() {
        let path = Expression::compile("$.why").expect("a path");
        let error = path.evaluate("CausePath", &json("{}"), &mut TestScope::default()).expect_err("missing");
        assert_eq!(
            error.cause,
            "The JSONPath '$.why' specified for the field 'CausePath' could not be found in the input '{}'"
        );
        assert_eq!(error.hint.as_deref(), Some("`$` is an empty object; it has no key `why`"));
    }

    #[test]
    fn a_variable_that_is_not_assigned() {
        let path = Expression::compile("$limit.max").expect("a path");
        let error = path.evaluate("v.$", &json("{}"), &mut TestScope::default()).expect_err("missing");
        assert_eq!(
            error.cause,
            "The JSONPath '$limit.max' specified for the field 'v.$' could not be found in the input '{}'"
        );
        assert_eq!(error.hint.as_deref(), Some("no variable `$limit` is assigned at this point"));
    }

    #[test]
    fn variables_are_listed_once_in_order() {
        let call = Expression::compile("States.Array($b, States.Format('{}{}', $a.x, $b), $.c, $$.d)").expect("a call");
        assert_eq!(call.variables().iter().map(|name| &**name).collect::<Vec<_>>(), ["b", "a"]);
    }

    #[test]
    fn what_is_bound_to_fail_is_remarked() {
        for (text, places) in [
            ("$.list.length()", &[".length()"][..]),
            ("States.Array($.a.sum(), States.MathAdd(1), States.UUID())", &[".sum()", "States.MathAdd(1)"]),
            ("States.MathRandom(1, 2, 3)", &[]),
            ("$.list[*]", &[]),
        ] {
            let remarks = Expression::compile(text).expect(text).remarks();
            assert_eq!(remarks.iter().map(|remark| remark.span.text(text)).collect::<Vec<_>>(), places, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_compiles_or_shows_a_part_of_itself(text in texts(), input in values()) {
            match Expression::compile(&text) {
                Err(error) => assert_inside(&text, &error),
                Ok(expression) => {
                    expression.remarks().iter().for_each(|remark| assert_inside(&text, remark));
                    if let Err(error) = expression.evaluate("x.$", &input, &mut TestScope::default()) {
                        assert_eq!(error.field, "x.$");
                    }
                }
            }
        }
    }
}
