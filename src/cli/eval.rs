//! `asldb eval`: one expression, its value or what is wrong with it.

mod batch;

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use anyhow::{Context, anyhow};

use super::args::EvalArgs;
use super::open;
use crate::query::jsonata::{Evaluated, Jsonata, JsonataEnv, JsonataError, StatesFields, Traced};
use crate::query::{Expression, Scope};
use crate::runtime::{Clock, names};
use crate::text::diagnostic::excerpt;
use crate::text::{LineIndex, Span};
use crate::value::{Object, Timestamp, Value};

/// Evaluates an expression, or many from standard input.
///
/// # Errors
/// Arguments that cannot be used.
pub fn eval(args: &EvalArgs) -> anyhow::Result<ExitCode> {
    if args.batch {
        return batch::run();
    }
    let expression =
        args.expression.as_deref().context("an expression is needed: '$.a', 'States.UUID()' or '{% $x %}'")?;
    let world = World::new(args)?;
    let answer = match between_delimiters(expression) {
        Some(jsonata) => evaluate_jsonata(jsonata, world, args.explain),
        None => evaluate_path(expression, world, args.explain),
    };
    match answer {
        Ok(text) => print(&text).map(|()| ExitCode::SUCCESS),
        Err(text) => {
            super::complain(&text);
            Ok(ExitCode::FAILURE)
        }
    }
}

/// The JSONata between `{%` and `%}`.
fn between_delimiters(text: &str) -> Option<&str> {
    Some(text.trim().strip_prefix("{%")?.strip_suffix("%}")?.trim())
}

/// What an expression sees.
struct World {
    input: Value,
    context: Value,
    variables: Object,
    states: Object,
    fields: StatesFields,
    randomness: Randomness,
}

impl World {
    fn new(args: &EvalArgs) -> anyhow::Result<Self> {
        let input = open::input(args.input.as_deref())?;
        let context = open::input(args.context.as_deref()).context("--context")?;
        let object = |argument: &Option<String>, name: &str| match open::input(argument.as_deref()) {
            Ok(Value::Object(object)) => Ok(object),
            Ok(other) => Err(anyhow!("{name} must be an object, not {}", other.type_name())),
            Err(error) => Err(error.context(name.to_owned())),
        };
        let variables = object(&args.variables, "--variables")?;
        let given = object(&args.states, "--states")?;
        let fields =
            StatesFields { result: given.contains_key("result"), error_output: given.contains_key("errorOutput") };
        let mut states: Object = [("input", input.clone()), ("context", context.clone())].into_iter().collect();
        for (key, value) in given.iter() {
            states.insert(key.clone(), value.clone());
        }
        Ok(Self { input, context, variables, states, fields, randomness: Randomness::new() })
    }
}

impl Scope for World {
    fn context(&mut self) -> Value {
        self.context.clone()
    }

    fn variable(&mut self, name: &str) -> Option<Value> {
        self.variables.get(name).cloned()
    }

    fn random(&mut self) -> u64 {
        self.randomness.next()
    }

    fn now(&mut self) -> Timestamp {
        Clock::real().now()
    }
}

impl JsonataEnv for World {
    fn variable(&mut self, name: &str) -> Option<Value> {
        match name {
            "states" => Some(Value::Object(self.states.clone())),
            name => self.variables.get(name).cloned(),
        }
    }

    fn now(&mut self) -> Timestamp {
        Clock::real().now()
    }

    fn random(&mut self) -> u64 {
        self.randomness.next()
    }
}

/// Random bits of which nobody asks for a replay.
struct Randomness(u64);

impl Randomness {
    fn new() -> Self {
        Self(names::new_seed())
    }

    /// SplitMix64
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

/// What is printed on standard output, or on standard error.
type Answer = Result<String, String>;

fn evaluate_jsonata(text: &str, mut world: World, explain: bool) -> Answer {
    let expression = Jsonata::compile(text).map_err(|error| jsonata_failure(text, &error))?;
    let refused = expression.check_references(world.fields);
    if !refused.is_empty() {
        let shown = refused.iter().map(|reference| underlined(text, reference.span, &reference.message));
        return Err(shown.collect::<Vec<_>>().join("\n"));
    }
    let (result, trace) = if explain {
        expression.evaluate_traced(None, &mut world)
    } else {
        (expression.evaluate(None, &mut world), Vec::new())
    };
    let parts = explained(text, &trace);
    match result {
        Ok(Evaluated::Value(value)) => Ok(parts + &printed(&value)),
        Ok(Evaluated::Undefined) => Err(parts + "The expression returned nothing (undefined)."),
        Ok(Evaluated::Function) => Err(parts + "The expression returned a function, which is no JSON value."),
        Err(error) => Err(parts + &jsonata_failure(text, &error)),
    }
}

fn jsonata_failure(text: &str, error: &JsonataError) -> String {
    let code = if error.is_budget() || error.code.is_empty() { String::new() } else { format!("{}: ", error.code) };
    underlined(text, error.span, &format!("{code}{}", error.message))
}

/// The parts of an expression with their values.
fn explained(text: &str, trace: &[Traced]) -> String {
    let part = |span: Span| span.text(text).split_whitespace().collect::<Vec<_>>().join(" ");
    trace.iter().map(|traced| format!("{} → {}\n", part(traced.span), traced.value)).collect()
}

fn evaluate_path(text: &str, mut world: World, explain: bool) -> Answer {
    let expression = Expression::compile(text).map_err(|error| underlined(text, error.span, &error.message))?;
    let input = world.input.clone();
    expression.evaluate("expression", &input, &mut world).map(|value| printed(&value)).map_err(|error| {
        let mut shown = underlined(text, error.span, &error.cause);
        match error.hint.filter(|_| explain) {
            Some(hint) => shown.push_str(&format!("\n  help: {hint}")),
            None if !explain => shown.push_str("\n  help: --explain says more"),
            None => {}
        }
        shown
    })
}

/// The message and the expression with the part that it is about underlined.
fn underlined(text: &str, span: Span, message: &str) -> String {
    format!("{message}{}", excerpt(span, text, &LineIndex::new(text)))
}

/// Several lines for people, one for programs.
fn printed(value: &Value) -> String {
    if std::io::stdout().is_terminal() { value.to_pretty_json() } else { value.to_json() }
}

fn print(text: &str) -> anyhow::Result<()> {
    let mut stdout = std::io::stdout().lock();
    match writeln!(stdout, "{text}").and_then(|()| stdout.flush()) {
        // Whoever reads has enough, as `head` does.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => other.context("cannot write the value"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn world(input: &str, variables: &str, states: &str) -> World {
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let args =
            EvalArgs { input: given(input), variables: given(variables), states: given(states), ..EvalArgs::default() };
        World::new(&args).expect("usable arguments")
    }

    #[test]
    fn jsonata_stands_between_delimiters() {
        assert_eq!(between_delimiters(" {% $x + 1 %} "), Some("$x + 1"));
        assert_eq!(between_delimiters("$.a"), None);
        assert_eq!(between_delimiters("{% 1"), None);
    }

    #[test]
    fn values_and_failures_are_shown() {
        let jsonata = |text: &str| evaluate_jsonata(text, world(r#"{"a":[1,2]}"#, r#"{"x":3}"#, ""), false);
        assert_eq!(jsonata("$sum($states.input.a) + $x"), Ok("6".to_owned()));
        assert_eq!(
            jsonata("$x + 'a'"),
            Err("T2002: The right side of the \"+\" operator must evaluate to a number\n  1 | $x + 'a'\n    |    ^"
                .to_owned())
        );
        let refused = jsonata("$states.result + phone").expect_err("refused");
        assert!(refused.contains("Field '$states.result' does not exist."), "{refused}");
        assert!(refused.contains("Reference to 'phone' at the top level is not supported."), "{refused}");
        assert_eq!(jsonata("$states.input.b"), Err("The expression returned nothing (undefined).".to_owned()));
        let with_result = world("", "", r#"{"result":{"n":1}}"#);
        assert_eq!(evaluate_jsonata("$states.result.n", with_result, false), Ok("1".to_owned()));
    }

    #[test]
    fn explanations_show_the_parts() {
        let shown = evaluate_jsonata("$x * 2 + 1", world("", r#"{"x":3}"#, ""), true);
        assert_eq!(shown, Ok("$x → 3\n$x * 2 → 6\n$x * 2 + 1 → 7\n7".to_owned()));
        let missing = evaluate_path("$.a.c", world(r#"{"a":{"b":1}}"#, "", ""), true).expect_err("missing");
        assert!(missing.ends_with("help: `$.a` has no key `c`; keys there: b"), "{missing}");
        assert_eq!(evaluate_path("States.MathAdd($.a, 1)", world(r#"{"a":1}"#, "", ""), false), Ok("2".to_owned()));
    }

    #[test]
    fn states_and_variables_must_be_objects() {
        let args = EvalArgs { variables: Some("[1]".to_owned()), ..EvalArgs::default() };
        let error = World::new(&args).err().map(|error| error.to_string());
        assert_eq!(error.as_deref(), Some("--variables must be an object, not array"));
    }
}
