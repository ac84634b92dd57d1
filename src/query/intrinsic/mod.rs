//! The 18 intrinsic functions, `States.Format` and its kin.
//!
//! A call is read once into a tree of functions and arguments. What the functions accept and how they fail follows
//! recordings of the service and observations reported from it, which differ from the specification in many corners.

mod arrays;
mod encoding;
mod java;
mod math;
mod parse;
mod strings;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::sync::Arc;

use super::Scope;
use super::error::{QueryError, SyntaxError};
use super::jsonpath::{Failure, JsonPath, Root};
use crate::text::Span;
use crate::value::Value;
use strings::Format;

/// A compiled call with the calls inside it.
#[derive(Debug)]
pub(super) struct Intrinsic {
    text: Arc<str>,
    call: Call,
}

#[derive(Debug)]
struct Call {
    function: &'static Function,
    arguments: Vec<Argument>,
    /// The template of `States.Format` when it is written out.
    format: Option<Format>,
    span: Span,
}

#[derive(Debug)]
enum Argument {
    Literal(Value),
    Path(JsonPath, Span),
    Call(Call),
}

/// A function: its name without `States.`, how many arguments it takes, and what it does.
#[derive(Debug)]
struct Function {
    name: &'static str,
    least: usize,
    most: usize,
    body: Body,
}

#[derive(Debug)]
enum Body {
    /// A function of its arguments alone.
    Pure(fn(&[Value]) -> Outcome),
    /// A function that draws random bits.
    Random(fn(&[Value], &mut dyn Scope) -> Outcome),
    /// `States.Array`
    Array,
    /// `States.Format`
    Format,
}

/// Parts of a call that are told one by one.
const MOST_PARTS: usize = 200;

/// The value, or why there is none.
type Outcome = Result<Value, Refusal>;

/// Why a function refuses its arguments.
#[derive(Debug, Default, PartialEq, Eq)]
struct Refusal {
    /// What the service adds to `Invalid arguments in States.X`, if anything.
    detail: &'static str,
    /// The reason, for people.
    reason: String,
}

fn refuse<T>(reason: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal { detail: "", reason: reason.into() })
}

/// More arguments than any function but `Array` and `Format` takes.
const MOST: usize = 4;

macro_rules! functions {
    ($($name:literal $least:literal..=$most:expr => $body:expr,)*) => {
        const FUNCTIONS: &[(&str, Function)] = &[$(
            (concat!("States.", $name), Function { name: concat!("States.", $name), least: $least, most: $most, body: $body }),
        )*];
    };
}

functions! {
    "Array" 0..=usize::MAX => Body::Array,
    "ArrayContains" 2..=2 => Body::Pure(arrays::contains),
    "ArrayGetItem" 2..=2 => Body::Pure(arrays::get_item),
    "ArrayLength" 1..=1 => Body::Pure(arrays::length),
    "ArrayPartition" 2..=2 => Body::Pure(arrays::partition),
    "ArrayRange" 3..=3 => Body::Pure(arrays::range),
    "ArrayUnique" 1..=1 => Body::Pure(arrays::unique),
    "Base64Decode" 1..=1 => Body::Pure(encoding::base64_decode),
    "Base64Encode" 1..=1 => Body::Pure(encoding::base64_encode),
    "Format" 1..=usize::MAX => Body::Format,
    "Hash" 2..=2 => Body::Pure(encoding::hash),
    "JsonMerge" 3..=3 => Body::Pure(encoding::json_merge),
    "JsonToString" 1..=1 => Body::Pure(encoding::json_to_string),
    "MathAdd" 2..=2 => Body::Pure(math::add),
    "MathRandom" 2..=3 => Body::Random(math::random),
    "StringSplit" 2..=2 => Body::Pure(strings::split),
    "StringToJson" 1..=1 => Body::Pure(encoding::string_to_json),
    "UUID" 0..=0 => Body::Random(math::uuid),
}

/// The names of all intrinsic functions, in alphabetical order.
pub fn names() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.iter().map(|(name, _)| *name)
}

/// The number of arguments of the intrinsic function `name`, in words; none if there is no such function.
#[must_use]
pub fn arity(name: &str) -> Option<String> {
    Function::named(name).map(Function::arity)
}

impl Function {
    fn named(name: &str) -> Option<&'static Self> {
        FUNCTIONS.iter().find(|(known, _)| *known == name).map(|(_, function)| function)
    }

    fn takes(&self, count: usize) -> bool {
        (self.least..=self.most).contains(&count)
    }

    fn arity(&self) -> String {
        match (self.least, self.most) {
            (least, usize::MAX) => format!("{least} or more arguments"),
            (0, 0) => "no arguments".to_owned(),
            (1, 1) => "1 argument".to_owned(),
            (least, most) if least == most => format!("{least} arguments"),
            (least, most) => format!("{least} to {most} arguments"),
        }
    }
}

impl Intrinsic {
    /// The call as written.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The outermost function.
    pub(super) fn function(&self) -> &'static str {
        self.call.function.name
    }

    /// The value of the call.
    pub(super) fn evaluate(&self, input: &Value, scope: &mut dyn Scope) -> Result<Value, QueryError> {
        self.call.evaluate(input, scope).map_err(|failed| self.failure(*failed, input, scope))
    }

    /// Calls with a number of arguments that can only fail: the service finds that out when it runs them (observed).
    pub(super) fn arity_faults(&self, faults: &mut Vec<SyntaxError>) {
        self.call.arity_faults(faults);
    }

    /// Calls `visit` with each path and where it begins.
    pub(super) fn for_each_path<'i>(&'i self, visit: &mut impl FnMut(&'i JsonPath, usize)) {
        self.call.for_each_path(visit);
    }

    /// Argument `at` of `States.Array`, if it is a path.
    pub(super) fn element(&self, at: usize) -> Option<&JsonPath> {
        match (&self.call.function.body, self.call.arguments.get(at)?) {
            (Body::Array, Argument::Path(path, _)) => Some(path),
            _ => None,
        }
    }

    /// What the arguments and the calls inside come to.
    pub(super) fn parts(&self, input: &Value, scope: &mut dyn Scope, parts: &mut Vec<(Span, Result<Value, String>)>) {
        self.call.parts(input, scope, parts);
    }

    fn failure(&self, failed: Failed<'_>, input: &Value, scope: &mut dyn Scope) -> QueryError {
        let text = self.text();
        let failure = |cause, span, hint| {
            let expression = text.to_owned();
            QueryError { cause, expression, span, field: String::new(), hint }
        };
        match failed {
            Failed::Refused { call, refusal } => {
                let cause = format!(
                    "There was an error while evaluating the intrinsic function: {text}. Invalid arguments in {}{}",
                    call.function.name, refusal.detail
                );
                failure(cause, call.span, Some(refusal.reason).filter(|reason| !reason.is_empty()))
            }
            Failed::Missing { path, span, why } => {
                let (words, hint) = missing(path, why, input, scope);
                failure(format!("The function '{text}' had the following error: {words}"), span, hint)
            }
        }
    }
}

/// The service's words for an argument that is not there (observed): for the context object it names the path inside
/// that object, and the input all the same.
fn missing(path: &JsonPath, why: Failure, input: &Value, scope: &mut dyn Scope) -> (String, Option<String>) {
    let text = match path.root() {
        Root::Context => path.text().get(1..).unwrap_or_default(),
        _ => path.text(),
    };
    let words = || format!("The JsonPath argument for the field '{text}' could not be found in the input '{input}'");
    let found = match why {
        Failure::NoVariable => None,
        Failure::Miss(miss) => path.with_document(input, scope, |document| {
            let is_own = miss.is_no_array() || miss.is_too_much();
            let words = if is_own { path.cause(miss, document) } else { words() };
            (words, path.hint(miss, document))
        }),
    };
    found.unwrap_or_else(|| (words(), path.unassigned_hint()))
}

/// Which call failed, and why. Boxed where it travels: failing is rare.
enum Failed<'i> {
    Refused { call: &'i Call, refusal: Refusal },
    Missing { path: &'i JsonPath, span: Span, why: Failure },
}

impl Call {
    fn evaluate<'i>(&'i self, input: &Value, scope: &mut dyn Scope) -> Result<Value, Box<Failed<'i>>> {
        let count = self.arguments.len();
        if !self.function.takes(count) {
            let reason = format!("{} takes {}, not {count}", self.function.name, self.function.arity());
            return Err(self.refused(Refusal { detail: "", reason }));
        }
        let outcome = match self.function.body {
            Body::Array => {
                let items = self.arguments.iter().map(|argument| argument.evaluate(input, scope));
                return items.collect::<Result<Vec<_>, _>>().map(Value::from);
            }
            Body::Format => self.format(input, scope)?,
            Body::Pure(run) => {
                let mut room = Default::default();
                let values = self.values(&mut room, input, scope)?;
                if values.iter().any(is_too_large) { too_large() } else { run(values) }
            }
            Body::Random(run) => {
                let mut room = Default::default();
                let values = self.values(&mut room, input, scope)?;
                run(values, scope)
            }
        };
        outcome.map_err(|refusal| self.refused(refusal))
    }

    /// The arguments, in `room`: no function but two takes more than fit there.
    fn values<'r, 'i>(
        &'i self,
        room: &'r mut [Value; MOST],
        input: &Value,
        scope: &mut dyn Scope,
    ) -> Result<&'r [Value], Box<Failed<'i>>> {
        for (value, argument) in room.iter_mut().zip(&self.arguments) {
            *value = argument.evaluate(input, scope)?;
        }
        Ok(room.get(..self.arguments.len()).unwrap_or_default())
    }

    fn format<'i>(&'i self, input: &Value, scope: &mut dyn Scope) -> Result<Outcome, Box<Failed<'i>>> {
        let Some((template, values)) = self.arguments.split_first() else { return Ok(Ok(Value::Null)) };
        let format = match &self.format {
            Some(format) => Cow::Borrowed(format),
            None => match template.evaluate(input, scope)? {
                Value::String(template) => Cow::Owned(Format::parse(&template)),
                other => return Ok(refuse(format!("the template is of type {}, not a string", other.type_name()))),
            },
        };
        let values = values.iter().map(|argument| argument.evaluate(input, scope));
        format.fill(values)
    }

    fn refused(&self, refusal: Refusal) -> Box<Failed<'_>> {
        Box::new(Failed::Refused { call: self, refusal })
    }

    /// Each call is evaluated by itself, with all that is inside it: for looking at it, not for running.
    fn parts(&self, input: &Value, scope: &mut dyn Scope, parts: &mut Vec<(Span, Result<Value, String>)>) {
        for argument in &self.arguments {
            let span = match argument {
                Argument::Literal(_) => continue,
                Argument::Path(_, span) => *span,
                Argument::Call(call) => {
                    call.parts(input, scope, parts);
                    call.span
                }
            };
            if parts.len() >= MOST_PARTS {
                return;
            }
            let value = argument.evaluate(input, scope).map_err(|failed| match *failed {
                Failed::Refused { refusal, .. } => refusal.reason,
                Failed::Missing { path, why, .. } => {
                    let (words, hint) = missing(path, why, input, scope);
                    hint.unwrap_or(words)
                }
            });
            parts.push((span, value));
        }
    }

    fn arity_faults(&self, faults: &mut Vec<SyntaxError>) {
        let count = self.arguments.len();
        if !self.function.takes(count) {
            let message = format!("{} takes {}, not {count}", self.function.name, self.function.arity());
            faults.push(SyntaxError { message, span: self.span });
        }
        for argument in &self.arguments {
            if let Argument::Call(call) = argument {
                call.arity_faults(faults);
            }
        }
    }

    fn for_each_path<'i>(&'i self, visit: &mut impl FnMut(&'i JsonPath, usize)) {
        for argument in &self.arguments {
            match argument {
                Argument::Literal(_) => {}
                Argument::Path(path, span) => visit(path, span.start as usize),
                Argument::Call(call) => call.for_each_path(visit),
            }
        }
    }
}

impl Argument {
    fn evaluate<'i>(&'i self, input: &Value, scope: &mut dyn Scope) -> Result<Value, Box<Failed<'i>>> {
        match self {
            Self::Literal(value) => Ok(value.clone()),
            Self::Call(call) => call.evaluate(input, scope),
            Self::Path(path, span) => {
                path.argument(input, scope).map_err(|why| Box::new(Failed::Missing { path, span: *span, why }))
            }
        }
    }
}

/// The most bytes of a value that a function works on, and of a text that it makes: 16 payloads of 256 KiB. Only calls
/// that name the same value very many times need more.
const LARGEST: usize = 4 << 20;

fn is_too_large(value: &Value) -> bool {
    match value {
        Value::String(text) => text.len() > LARGEST,
        Value::Array(_) | Value::Object(_) => value.size() > LARGEST,
        _ => false,
    }
}

fn too_large() -> Outcome {
    refuse(format!("a value of more than {} MiB comes of this", LARGEST >> 20))
}

/// The text of a value as the service puts it into other texts: a string as it is, anything else as JSON.
fn text_of(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        other => Cow::Owned(other.to_json()),
    }
}
