//! Payload templates: JSON in which each key that ends in `.$` holds an expression.

use std::collections::HashMap;
use std::sync::Arc;

use super::Scope;
use super::error::{QueryError, SyntaxError};
use super::expression::Expression;
use super::form::Form;
use super::piece::Piece;
use crate::text::{Member, Node, NodeKind, Span};
use crate::value::diff::Step;
use crate::value::{self, Value};

/// A compiled payload template.
#[derive(Debug, Clone)]
pub struct Template {
    part: Part,
}

type Part = Form<Named>;

/// An expression and the key that it stands under.
#[derive(Debug, Clone)]
struct Named {
    field: Arc<str>,
    expression: Expression,
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
        self.part.fill(&mut |named| named.expression.evaluate(&named.field, input, scope))
    }

    /// Whether it holds no expressions at all.
    #[must_use]
    pub fn is_fixed(&self) -> bool {
        matches!(self.part, Part::Fixed(_))
    }

    /// What makes the part of its value that `steps` lead to; none where it has no such part.
    #[must_use]
    pub fn piece(&self, steps: &[Step]) -> Option<Piece<&Expression>> {
        self.part.piece(steps).map(|piece| piece.map(|named| &named.expression))
    }

    /// Calls `visit` with each expression and the key it stands under, in the order of the text.
    pub fn for_each_expression<'t>(&'t self, visit: &mut impl FnMut(&'t str, &'t Expression)) {
        self.part.for_each(&mut |named: &Named| visit(&named.field, &named.expression));
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
            NodeKind::Array(items) => self.array(items),
            NodeKind::Object(members) => self.object(members),
            _ => fixed(node),
        }
    }

    fn array(&mut self, items: &[Node]) -> Part {
        let mut parts = Vec::with_capacity(items.len());
        for (at, item) in items.iter().enumerate() {
            let outer = self.enter(&["[", &at.to_string(), "]"]);
            parts.push(self.part(item));
            self.place.truncate(outer);
        }
        Part::array(parts)
    }

    fn object(&mut self, members: &[Member]) -> Part {
        let last = last_of_each_key(members);
        let mut parts = Vec::with_capacity(members.len());
        for (at, member) in members.iter().enumerate() {
            if last.get(&*member.key) != Some(&at) {
                continue;
            }
            let outer = self.enter_key(&member.key);
            let part = match member.key.strip_suffix(".$") {
                Some(_) => self.expression(member, &last),
                None => (member.key.clone(), self.part(&member.value)),
            };
            parts.push(part);
            self.place.truncate(outer);
        }
        Part::object(parts)
    }

    fn expression(&mut self, member: &Member, all: &HashMap<&str, usize>) -> (Arc<str>, Part) {
        let name = member.key.strip_suffix(".$").unwrap_or(&member.key);
        if all.contains_key(name) {
            let message = format!("`{name}` and `{name}.$` give the same key; remove one of them");
            self.fault(member.key_span, SyntaxError { message, span: Span::new(0, member.key.len()) });
        }
        (name.into(), self.value_of(&member.key, &member.value))
    }

    fn value_of(&mut self, field: &Arc<str>, node: &Node) -> Part {
        let Some(text) = node.as_str() else {
            let message = format!(
                "the value of `{field}` must be a string with a path or an intrinsic function, not {}",
                node.type_name()
            );
            self.fault(node.span, SyntaxError { message, span: Span::default() });
            return fixed(node);
        };
        match Expression::compile(text) {
            Ok(expression) => Part::Expression(Named { field: field.clone(), expression }),
            Err(error) => {
                self.fault(in_file(node.span, text, error.span), error);
                fixed(node)
            }
        }
    }

    fn enter_key(&mut self, key: &str) -> usize {
        let slash = if self.place.is_empty() { "" } else { "/" };
        self.enter(&[slash, key])
    }

    /// Adds a step to the place; the length to go back to.
    fn enter(&mut self, step: &[&str]) -> usize {
        let outer = self.place.len();
        self.place.extend(step.iter().copied());
        outer
    }

    fn fault(&mut self, span: Span, error: SyntaxError) {
        self.faults.push(TemplateError { span, place: self.place.clone(), error });
    }
}

/// The position of the member that counts for each key: of equal keys the last one, as for every reader of JSON.
fn last_of_each_key(members: &[Member]) -> HashMap<&str, usize> {
    members.iter().enumerate().map(|(at, member)| (&*member.key, at)).collect()
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
