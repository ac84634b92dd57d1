//! A JSON reader that keeps the place of every key and value.
//!
//! One scanner serves two builders: [`Node`] trees for definitions (with spans), and the data values of
//! [`crate::value`] (without). RFC 8259 exactly, but for the nesting limit.

mod error;
mod scanner;

use std::borrow::Cow;
use std::sync::Arc;

use super::span::Span;

pub use error::{JsonError, JsonErrorKind};

/// The deepest nesting that is read; the same limit AWS's own reader has. Bounds every recursion over a tree.
pub const MAX_DEPTH: usize = 1000;

/// A JSON value with its place in the text.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// From the first to the last byte of the value.
    pub span: Span,
    /// The value.
    pub kind: NodeKind,
}

/// What a [`Node`] holds.
#[derive(Debug, Clone, PartialEq)]
pub enum NodeKind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number as it is spelled.
    Number(Arc<str>),
    /// A string, unescaped.
    String(Arc<str>),
    /// An array.
    Array(Vec<Node>),
    /// An object: members in file order, repeated keys included.
    Object(Vec<Member>),
}

/// A member of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// The key, unescaped.
    pub key: Arc<str>,
    /// The place of the key, quotes included.
    pub key_span: Span,
    /// The value.
    pub value: Node,
}

impl Node {
    /// The string, if it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::String(text) => Some(text),
            _ => None,
        }
    }

    /// The members, if it is an object.
    #[must_use]
    pub fn members(&self) -> Option<&[Member]> {
        match &self.kind {
            NodeKind::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The items, if it is an array.
    #[must_use]
    pub fn items(&self) -> Option<&[Node]> {
        match &self.kind {
            NodeKind::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The last member named `key` (as JSON readers resolve repeated keys), if this is an object that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Member> {
        self.members()?.iter().rev().find(|member| &*member.key == key)
    }

    /// `object`, `array`, `string`, `number`, `boolean` or `null`.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        match self.kind {
            NodeKind::Null => "null",
            NodeKind::Bool(_) => "boolean",
            NodeKind::Number(_) => "number",
            NodeKind::String(_) => "string",
            NodeKind::Array(_) => "array",
            NodeKind::Object(_) => "object",
        }
    }
}

/// Receives what the scanner reads; builds one kind of tree.
pub trait Build {
    /// The finished value.
    type Value;
    /// An object being filled.
    type Object;
    /// `null`, `true`, `false`.
    fn literal(&mut self, value: Option<bool>, span: Span) -> Self::Value;
    /// A number as it is spelled.
    fn number(&mut self, text: &str, span: Span) -> Self::Value;
    /// A string, unescaped.
    fn string(&mut self, text: Cow<'_, str>, span: Span) -> Self::Value;
    /// A finished array.
    fn array(&mut self, items: Vec<Self::Value>, span: Span) -> Self::Value;
    /// A new object.
    fn open_object(&mut self) -> Self::Object;
    /// Adds a member.
    fn member(&mut self, object: &mut Self::Object, key: Cow<'_, str>, key_span: Span, value: Self::Value);
    /// A finished object.
    fn close_object(&mut self, object: Self::Object, span: Span) -> Self::Value;
}

/// Reads `text` as a tree that keeps places.
///
/// # Errors
/// The first fault, with its place.
pub fn parse(text: &str) -> Result<Node, JsonError> {
    build(text, &mut Nodes)
}

/// Reads `text` with any builder.
///
/// # Errors
/// The first fault, with its place.
pub fn build<B: Build>(text: &str, builder: &mut B) -> Result<B::Value, JsonError> {
    scanner::document(text, builder)
}

struct Nodes;

impl Build for Nodes {
    type Value = Node;
    type Object = Vec<Member>;

    fn literal(&mut self, value: Option<bool>, span: Span) -> Node {
        Node { span, kind: value.map_or(NodeKind::Null, NodeKind::Bool) }
    }

    fn number(&mut self, text: &str, span: Span) -> Node {
        Node { span, kind: NodeKind::Number(text.into()) }
    }

    fn string(&mut self, text: Cow<'_, str>, span: Span) -> Node {
        Node { span, kind: NodeKind::String(text.into()) }
    }

    fn array(&mut self, items: Vec<Node>, span: Span) -> Node {
        Node { span, kind: NodeKind::Array(items) }
    }

    fn open_object(&mut self) -> Vec<Member> {
        Vec::new()
    }

    fn member(&mut self, object: &mut Vec<Member>, key: Cow<'_, str>, key_span: Span, value: Node) {
        object.push(Member { key: key.into(), key_span, value });
    }

    fn close_object(&mut self, object: Vec<Member>, span: Span) -> Node {
        Node { span, kind: NodeKind::Object(object) }
    }
}

#[cfg(test)]
mod tests;
