//! Payload templates: JSON in which each key that ends in `.$` holds an expression.

use std::collections::HashMap;
use std::sync::Arc;

use super::Scope;
use super::error::{QueryError, SyntaxError};
use super::expression::Expression;
use crate::text::{Member, Node, NodeKind, Span};
use crate::value::{self, Object, Value};

/// A compiled payload template.
#[derive(Debug, Clone)]
pub struct Template {
    part: Part,
}

/// A part of a template. What holds no expression is one shared value.
#[derive(Debug, Clone)]
enum Part {
    Fixed(Value),
    Expression { field: Arc<str>, expression: Expression },
    Array(Arc<[Part]>),
    Object(Arc<[(Arc<str>, Part)]>),
}

/// A fault in a template: where in the file, and what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateError {
    /// The value (or key) at fault, in the file.
    pub span: Span,
    /// Keys and indexes from the template's root to the fault, as AWS writes locations: `a/b[0]`.
    pub place: String,
    /// The fault; its span counts from the start of the expression.
    pub error: SyntaxError,
}

impl Template {
    /// Compiles `node`; finds all its faults.
    ///
    /// # Errors
    /// Values of `.$` keys that are no strings or do not parse, and keys that collide without their suffix.
    pub fn compile(node: &Node) -> Result<Self, Vec<TemplateError>> {
        let mut compiler = Compiler::default();
        let part = compiler.part(node);
        if compiler.faults.is_empty() { Ok(Self { part }) } else { Err(compiler.faults) }
    }

    /// The template filled in. A template without expressions is shared, not copied.
    ///
    /// # Errors
    /// The first expression that fails.
    pub fn evaluate(&self, input: &Value, scope: &mut dyn Scope) -> Result<Value, QueryError> {
        self.part.evaluate(input, scope)
    }

    /// Whether it holds no expressions at all.
    #[must_use]
    pub fn is_fixed(&self) -> bool {
        matches!(self.part, Part::Fixed(_))
    }

    /// Calls `visit` with each expression and the key it stands under, in the order of the text.
    pub fn for_each_expression<'t>(&'t self, visit: &mut impl FnMut(&'t str, &'t Expression)) {
        self.part.for_each_expression(visit);
    }
}

impl Part {
    fn evaluate(&self, input: &Value, scope: &mut dyn Scope) -> Result<Value, QueryError> {
        match self {
            Self::Fixed(value) => Ok(value.clone()),
            Self::Expression { field, expression } => expression.evaluate(field, input, scope),
            Self::Array(items) => {
                let items: Result<Vec<Value>, _> = items.iter().map(|item| item.evaluate(input, scope)).collect();
                items.map(Value::from)
            }
            Self::Object(members) => {
                let mut object = Object::new();
                for (key, part) in members.iter() {
                    object.insert(key.clone(), part.evaluate(input, scope)?);
                }
                Ok(Value::Object(object))
            }
        }
    }

    fn for_each_expression<'t>(&'t self, visit: &mut impl FnMut(&'t str, &'t Expression)) {
        match self {
            Self::Fixed(_) => {}
            Self::Expression { field, expression } => visit(field, expression),
            Self::Array(items) => items.iter().for_each(|item| item.for_each_expression(visit)),
            Self::Object(members) => members.iter().for_each(|(_, part)| part.for_each_expression(visit)),
        }
    }

    fn is_fixed(&self) -> bool {
        matches!(self, Self::Fixed(_))
    }
}

#[derive(Default)]
struct Compiler {
    faults: Vec<TemplateError>,
    place: String,
}

impl Compiler {
    fn part(&mut self, node: &Node) -> Part {
        match &node.kind {
            NodeKind::Array(items) => {
                let items = items.iter().enumerate().map(|(at, item)| {
                    let outer = self.enter(&format!("[{at}]"));
                    let part = self.part(item);
                    self.place.truncate(outer);
                    part
                });
                let items: Vec<Part> = items.collect();
                if items.iter().all(Part::is_fixed) { fixed(node) } else { Part::Array(items.into()) }
            }
            NodeKind::Object(members) => {
                let members = self.members(members);
                let is_fixed = members.iter().all(|(_, part)| part.is_fixed());
                if is_fixed { fixed(node) } else { Part::Object(members.into()) }
            }
            _ => fixed(node),
        }
    }

    fn members(&mut self, members: &[Member]) -> Vec<(Arc<str>, Part)> {
        // Of equal keys the last one counts, as for every reader of JSON; a key and its twin with `.$` collide.
        let last: HashMap<&str, usize> = members.iter().enumerate().map(|(at, member)| (&*member.key, at)).collect();
        let mut parts = Vec::with_capacity(members.len());
        for (at, member) in members.iter().enumerate().filter(|(at, member)| last.get(&*member.key) == Some(at)) {
            let outer = self.enter(if self.place.is_empty() { "" } else { "/" });
            self.enter(&member.key);
            parts.push(self.member(member, at, &last));
            self.place.truncate(outer);
        }
        parts
    }

    fn member(&mut self, member: &Member, at: usize, all: &HashMap<&str, usize>) -> (Arc<str>, Part) {
        let Some(name) = member.key.strip_suffix(".$") else {
            return (member.key.clone(), self.part(&member.value));
        };
        if let Some(twin) = all.get(name) {
            let order = if *twin < at { "above" } else { "below" };
            let message = format!("`{name}` {order} and `{name}.$` give the same key; remove one of them");
            self.fault(member.key_span, SyntaxError { message, span: Span::new(0, member.key.len()) });
        }
        (name.into(), self.expression(&member.key, &member.value))
    }

    fn expression(&mut self, field: &Arc<str>, node: &Node) -> Part {
        let Some(text) = node.as_str() else {
            let message = format!(
                "the value of `{field}` must be a string with a path or an intrinsic function, not {}",
                node.type_name()
            );
            self.fault(node.span, SyntaxError { message, span: Span::default() });
            return fixed(node);
        };
        match Expression::compile(text) {
            Ok(expression) => Part::Expression { field: field.clone(), expression },
            Err(error) => {
                self.fault(in_file(node.span, text, error.span), error);
                fixed(node)
            }
        }
    }

    fn enter(&mut self, step: &str) -> usize {
        let outer = self.place.len();
        self.place.push_str(step);
        outer
    }

    fn fault(&mut self, span: Span, error: SyntaxError) {
        self.faults.push(TemplateError { span, place: self.place.clone(), error });
    }
}

fn fixed(node: &Node) -> Part {
    Part::Fixed(value::from_node(node))
}

/// The part `inner` of the string `text` in the file. A string with escapes is marked as a whole: its bytes in the file
/// are not those of its text.
fn in_file(node: Span, text: &str, inner: Span) -> Span {
    let length = node.range().len();
    let start = node.start as usize;
    let quote = match length.checked_sub(text.len()) {
        Some(0) => 0,
        Some(2) => 1,
        _ => return node,
    };
    Span::new(start + quote + inner.start as usize, start + quote + inner.end as usize)
}

#[cfg(test)]
mod tests;
