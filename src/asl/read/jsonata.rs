//! JSONata in the fields of a definition.
//!
//! What the service refuses when a state machine is created is found here: expressions that do not parse, and
//! references to what is not there (recorded).

use super::Reader;
use super::object::{Object, SCHEMA};
use crate::asl::fields::Language;
use crate::asl::{placeholder, suggest};
use crate::query::jsonata::{self, JsonataError, StatesFields};
use crate::query::jsonata_field::{Delimited, delimited};
use crate::query::payload::Strings;
use crate::query::{JsonataField, Payload};
use crate::text::{Diagnostic, Node, Span};

/// The service's code for expressions that do not parse (reported).
const INVALID: &str = "INVALID_JSONATA_EXPRESSION";

impl<'n> Reader<'n> {
    /// Field `name` of a JSONata object as a payload; `allowed` are the fields of `$states` that exist there besides
    /// `input` and `context`.
    pub(super) fn payload(&mut self, object: &Object<'n>, name: &str, allowed: StatesFields) -> Option<Payload> {
        let member = object.get(name).filter(|_| object.language == Language::Jsonata)?;
        let location = self.within_state(object, name);
        Some(Payload::compile(&member.value, &location, &mut Expressions { reader: self, allowed }))
    }

    /// Field `name` of a JSONata object when it is one expression.
    pub(super) fn jsonata(&mut self, object: &Object<'n>, name: &str) -> Option<JsonataField> {
        let member = object.get(name).filter(|_| object.language == Language::Jsonata)?;
        let location = self.within_state(object, name);
        Expressions { reader: self, allowed: StatesFields::default() }.read(&member.value, &location)
    }

    /// The way from the state that is read to field `name` of `object`, a part of it.
    fn within_state(&self, object: &Object<'n>, name: &str) -> String {
        let location = object.at(name);
        let inner = location.strip_prefix(&self.here).map(|rest| rest.trim_start_matches('/').to_owned());
        inner.unwrap_or(location)
    }
}

/// Whether `node` is a string that JSONata states take for an expression, right or wrong.
pub(super) fn is_expression(node: &Node) -> bool {
    node.as_str().is_some_and(|text| delimited(text) != Delimited::Text)
}

/// Reads the strings of one field.
struct Expressions<'r, 'n> {
    reader: &'r mut Reader<'n>,
    allowed: StatesFields,
}

impl Strings for Expressions<'_, '_> {
    fn read(&mut self, node: &Node, location: &str) -> Option<JsonataField> {
        let text = node.as_str()?;
        let place = format!("{}/{location}", self.reader.here);
        match delimited(text) {
            Delimited::Text => None,
            Delimited::HalfOpen => {
                self.half_open(node, text, place);
                None
            }
            Delimited::Expression(expression, offset) => self.expression(node, expression, offset, location, &place),
        }
    }
}

impl Expressions<'_, '_> {
    fn half_open(&mut self, node: &Node, text: &str, place: String) {
        if placeholder::is_in(text) {
            return;
        }
        // The code and the message are reported.
        let message = "JSONata string must start with {% and end with %}";
        let help = match (text.trim_start().starts_with("{%"), text.trim_end().ends_with("%}")) {
            (true, true) => "remove the blanks outside of the delimiters",
            (true, false) => "add `%}` at the end",
            _ => "a text outside of the delimiters goes into the expression: {% 'text' & $x %}",
        };
        self.reader.report(Diagnostic::error(SCHEMA, message, node.span).located(place).with_help(help));
    }

    fn expression(
        &mut self,
        node: &Node,
        text: &str,
        offset: usize,
        location: &str,
        place: &str,
    ) -> Option<JsonataField> {
        let field = match JsonataField::compile(text, location) {
            Ok(field) => field,
            // The deployed text may be right; what it will be is not known.
            Err(_) if placeholder::is_in(text) => return self.later(node, place),
            Err(error) => {
                self.invalid(node, offset, &error, place);
                return None;
            }
        };
        for reference in field.jsonata().check_references(self.allowed) {
            let span = self.reader.inner_span(node, moved(reference.span, offset));
            let help = help_for(&reference.message);
            let fault = Diagnostic::error(jsonata::UNSUPPORTED, reference.message, span);
            self.reader.report(fault.located(place).with_help(help));
        }
        Some(field)
    }

    fn later(&mut self, node: &Node, place: &str) -> Option<JsonataField> {
        let message =
            "A placeholder stands in an expression that does not parse without its value; it is taken as text";
        let warning = Diagnostic::warning("PLACEHOLDER", message, node.span).located(place);
        self.reader.report(warning.with_help("write the expression itself to have it used here"));
        None
    }

    fn invalid(&mut self, node: &Node, offset: usize, error: &JsonataError, place: &str) {
        let span = self.reader.inner_span(node, moved(error.span, offset));
        let fault = Diagnostic::error(INVALID, error.message.clone(), span).located(place);
        self.reader.report(fault.with_help("the expression between `{%` and `%}` is JSONata"));
    }
}

fn moved(span: Span, offset: usize) -> Span {
    Span::new(span.start as usize + offset, span.end as usize + offset)
}

/// The members of `$states`.
const MEMBERS: [&str; 4] = ["input", "context", "result", "errorOutput"];

fn help_for(message: &str) -> String {
    let named = message.split('\'').nth(1).unwrap_or_default();
    match named.strip_prefix("$states.") {
        Some("result") => "`$states.result` is there in Output and Assign of Task, Parallel and Map states only".into(),
        Some("errorOutput") => "`$states.errorOutput` is there in Output and Assign of a catcher only".into(),
        Some(other) => match suggest::nearest(other, MEMBERS) {
            Some(meant) => format!("did you mean `$states.{meant}`?"),
            None => "`$states` has input, context, result and errorOutput".into(),
        },
        None if named.starts_with('$') => "write `$states.input` for the input of the state".into(),
        None => format!("write `$states.input.{named}` for a part of the input, `${named}` for a variable"),
    }
}

#[cfg(test)]
#[path = "jsonata_tests.rs"]
mod tests;
