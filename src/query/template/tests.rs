use proptest::prelude::{prop_assert, proptest};

use super::*;
use crate::query::testing::{TestScope, json, texts, values};
use crate::text::json as reader;

fn compile(text: &str) -> Result<Template, Vec<TemplateError>> {
    Template::compile(&reader::parse(text).expect("valid JSON"))
}

fn fill(template: &str, input: &str) -> Result<Value, QueryError> {
    let mut scope = TestScope::new(r#"{"State":{"Name":"Pay"}}"#, r#"{"limit":5}"#);
    compile(template).expect("a template").evaluate(&json(input), &mut scope)
}

#[test]
fn keys_with_the_suffix_are_filled_in_at_any_depth() {
    for (template, input, expected) in [
        (r#"{"a.$":"$.x"}"#, r#"{"x":[1]}"#, r#"{"a":[1]}"#),
        (
            r#"{"k":1,"a":{"b":[{"c.$":"$.x"},"$.x"]},"z":null}"#,
            r#"{"x":2}"#,
            r#"{"k":1,"a":{"b":[{"c":2},"$.x"]},"z":null}"#,
        ),
        (r#"[{"a.$":"$"},{"b.$":"States.MathAdd($.x, 1)"}]"#, r#"{"x":2}"#, r#"[{"a":{"x":2}},{"b":3}]"#),
        (r#"{"s.$":"$$.State.Name","l.$":"$limit"}"#, "{}", r#"{"s":"Pay","l":5}"#),
        (r#""$.x""#, "{}", r#""$.x""#),
        (r#"{"a":1,"a":{"b.$":"$.x"}}"#, r#"{"x":2}"#, r#"{"a":{"b":2}}"#),
    ] {
        assert_eq!(fill(template, input).expect(template).to_json(), expected);
    }
}

/// Recorded, and observed for the index.
#[test]
fn lists_and_indexes_that_find_nothing_do_not_fail() {
    for path in ["$.items[*]", "$.items[1:]", "$.item.items[1:5].itemValue", "$[*]", "$..x", "$.items[?(@.a)]"] {
        let template = format!(r#"{{"v.$":"{path}"}}"#);
        assert_eq!(fill(&template, "{}").expect(path).to_json(), r#"{"v":[]}"#);
    }
    assert_eq!(fill(r#"{"v.$":"$.items[5]"}"#, r#"{"items":[1]}"#).expect("null").to_json(), r#"{"v":null}"#);
    assert!(fill(r#"{"v.$":"$.items[5].x"}"#, r#"{"items":[1]}"#).is_err());
    assert!(fill(r#"{"v.$":"$.items[5]"}"#, "{}").is_err());
    assert!(fill(r#"{"v.$":"$.items.length()"}"#, r#"{"items":[1]}"#).is_err());
}

#[test]
fn a_failure_names_the_field_the_path_and_the_input() {
    let error = fill(r#"{"a":{"value.$":"$.x.y"}}"#, r#"{"x": 1}"#).expect_err("missing");
    assert_eq!(
        error.cause,
        r#"The JSONPath '$.x.y' specified for the field 'value.$' could not be found in the input '{"x":1}'"#
    );
    assert_eq!((error.field.as_str(), error.span), ("value.$", Span::new(3, 5)));
    assert_eq!(error.hint.as_deref(), Some("`$.x` is a number, no object"));
    let error = fill(r#"{"value.$":"$$.Task.Token"}"#, "{}").expect_err("missing");
    assert_eq!(
        error.cause,
        r#"The JSONPath '$$.Task.Token' specified for the field 'value.$' could not be found in the input '{"State":{"Name":"Pay"}}'"#
    );
    let error = fill(r#"{"value.$":"States.MathAdd('x', 1)"}"#, "{}").expect_err("a refusal");
    assert_eq!(error.field, "value.$");
    assert_eq!(
        error.cause,
        "There was an error while evaluating the intrinsic function: States.MathAdd('x', 1). Invalid arguments in States.MathAdd"
    );
}

#[test]
fn what_is_fixed_is_shared() {
    let template = compile(r#"{"fixed":{"deep":[1,2]},"list":[{"x":1}],"a.$":"$.x"}"#).expect("a template");
    assert!(!template.is_fixed());
    let input = json(r#"{"x":{}}"#);
    let fill = || template.evaluate(&input, &mut TestScope::default()).expect("filled");
    let (first, second) = (fill(), fill());
    for key in ["fixed", "list", "a"] {
        assert!(first.get(key).expect(key).is_same(second.get(key).expect(key)), "{key}");
    }
    assert!(first.get("a").expect("a").is_same(input.get("x").expect("x")));
    let fixed = compile(r#"{"a":["$.x"]}"#).expect("a template");
    let fill = || fixed.evaluate(&input, &mut TestScope::default()).expect("filled");
    assert!(fixed.is_fixed() && fill().is_same(&fill()));
}

#[test]
fn all_faults_are_found_with_their_places() {
    let text = r#"{
        "a.$": "$.x[b]",
        "c": [{"d.$": 22}, {"e.$": "plain"}],
        "f": 1, "f.$": "$.y",
        "escaped.$": "$['x\"].",
        "good.$": "$.y"
    }"#;
    let faults = compile(text).expect_err("faults");
    let shown: Vec<(&str, &str)> = faults.iter().map(|fault| (fault.place.as_str(), fault.span.text(text))).collect();
    assert_eq!(
        shown,
        [("a.$", "b"), ("c[0]/d.$", "22"), ("c[1]/e.$", "plain"), ("f.$", r#""f.$""#), ("escaped.$", r#""$['x\"].""#),]
    );
    assert_eq!(faults[0].error.span, Span::new(4, 5), "counts from the start of the expression");
    assert!(faults[1].error.message.contains("not number"), "{}", faults[1].error);
    assert!(faults[3].error.message.contains("give the same key"), "{}", faults[3].error);
}

/// Runs `work` with a stack of that many bytes.
fn with_stack<T: Send + 'static>(bytes: usize, work: impl FnOnce() -> T + Send + 'static) -> T {
    let thread = std::thread::Builder::new().stack_size(bytes).spawn(work).expect("a thread");
    thread.join().expect("no overflow, no panic")
}

#[test]
fn the_deepest_template_that_can_be_read_fits_the_stack_of_a_thread() {
    let depth = reader::MAX_DEPTH - 1;
    for (open, close) in [("[", "]"), ("{\"k\":", "}")] {
        let text = format!(r#"{}{{"a.$":"$.x"}}{}"#, open.repeat(depth), close.repeat(depth));
        let node = with_stack(16 << 20, move || reader::parse(&text).expect("valid JSON"));
        let filled = with_stack(2 << 20, move || {
            let template = Template::compile(&node).expect("a template");
            template.evaluate(&json(r#"{"x":1}"#), &mut TestScope::default()).expect("filled").depth()
        });
        assert_eq!(filled, depth + 1);
    }
}

#[test]
fn expressions_can_be_listed() {
    let template = compile(r#"{"b.$":"$x.y","a":[{"c.$":"States.Array($y, $x, $.z)"}]}"#).expect("a template");
    let mut seen = Vec::new();
    template.for_each_expression(&mut |field, expression| {
        seen.push(format!("{field} {}", expression.variables().join(",")));
    });
    assert_eq!(seen, ["b.$ x", "c.$ y,x"]);
}

proptest! {
    #[test]
    fn any_json_compiles_or_has_faults_inside_the_text(value in values(), expression in texts(), input in values()) {
        let fields: crate::value::Object = [("x.$", Value::from(expression)), ("rest", value)].into_iter().collect();
        let text = Value::Object(fields).to_pretty_json();
        match compile(&text) {
            Ok(template) => match template.evaluate(&input, &mut TestScope::default()) {
                Ok(filled) => prop_assert!(template.is_fixed() || filled.as_object().is_some()),
                Err(error) => prop_assert!(error.field.ends_with(".$")),
            },
            Err(faults) => for fault in faults {
                prop_assert!(text.get(fault.span.range()).is_some_and(|part| !part.is_empty() || fault.error.span.start == fault.error.span.end), "{fault:?}");
            },
        }
    }
}
