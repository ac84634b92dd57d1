//! The tree as written.

use std::sync::Arc;

use super::lex::TokenKind;
use super::pattern::Pattern;
use super::signature::Signature;
use crate::text::Span;
use crate::value::Value;

/// The place of a node in its tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RawId(pub(super) u32);

/// A node as written.
#[derive(Debug)]
pub(super) struct Raw {
    pub(super) kind: RawKind,
    /// All of it.
    pub(super) span: Span,
    /// The token that makes it what it is; its end is the node's position in the terms of the reference.
    pub(super) mark: Span,
    /// Followed by `[]`.
    pub(super) keep_array: bool,
    /// Levels of nodes inside it.
    pub(super) height: u16,
}

/// Keys and values.
pub(super) type Pairs = Vec<(RawId, RawId)>;

#[derive(Debug)]
pub(super) enum RawKind {
    End,
    /// `and`, `or`, `in` where an operand is expected.
    Word(&'static str),
    /// `?` among arguments.
    Placeholder,
    Name(Arc<str>),
    Variable(Arc<str>),
    Text(Arc<str>),
    Number(f64),
    Literal(Value),
    Regex(Arc<Pattern>),
    Wildcard,
    Descendants,
    Parent,
    Binary(&'static str, RawId, RawId),
    Filter(RawId, RawId),
    Group(RawId, Pairs),
    Sort(RawId, Vec<(RawId, bool)>),
    Bind(RawId, RawId),
    Focus(RawId, Arc<str>),
    Index(RawId, Arc<str>),
    Negate(RawId),
    Array(Vec<RawId>),
    Object(Pairs),
    Block(Vec<RawId>),
    Call {
        procedure: RawId,
        arguments: Vec<RawId>,
        partial: bool,
    },
    Lambda {
        parameters: Vec<Arc<str>>,
        signature: Option<Arc<Signature>>,
        body: RawId,
    },
    Condition {
        condition: RawId,
        then: RawId,
        otherwise: Option<RawId>,
    },
    Transform {
        pattern: RawId,
        update: RawId,
        delete: Option<RawId>,
    },
}

impl RawKind {
    pub(super) fn for_each_child(&self, visit: &mut dyn FnMut(RawId)) {
        let pairs = |pairs: &Pairs, visit: &mut dyn FnMut(RawId)| {
            pairs.iter().for_each(|(key, value)| {
                visit(*key);
                visit(*value);
            });
        };
        match self {
            Self::Binary(_, left, right) | Self::Filter(left, right) | Self::Bind(left, right) => {
                visit(*left);
                visit(*right);
            }
            Self::Group(left, entries) => {
                visit(*left);
                pairs(entries, visit);
            }
            Self::Object(entries) => pairs(entries, visit),
            Self::Sort(left, terms) => {
                visit(*left);
                terms.iter().for_each(|(term, _)| visit(*term));
            }
            Self::Focus(inner, _) | Self::Index(inner, _) | Self::Negate(inner) => visit(*inner),
            Self::Array(items) | Self::Block(items) => items.iter().copied().for_each(visit),
            Self::Call { procedure, arguments, .. } => {
                visit(*procedure);
                arguments.iter().copied().for_each(visit);
            }
            Self::Lambda { body, .. } => visit(*body),
            Self::Condition { condition: a, then: b, otherwise: c }
            | Self::Transform { pattern: a, update: b, delete: c } => {
                [Some(*a), Some(*b), *c].into_iter().flatten().for_each(visit);
            }
            _ => {}
        }
    }
}

/// A tree as written.
#[derive(Debug)]
pub(super) struct RawTree {
    pub(super) nodes: Vec<Raw>,
    pub(super) root: RawId,
}

impl RawTree {
    pub(super) fn node(&self, id: RawId) -> &Raw {
        self.nodes.get(id.0 as usize).expect("ids come from this tree")
    }
}

impl RawKind {
    /// The token as messages show it.
    pub(super) fn token(&self) -> Option<super::error::Token> {
        let kind = match self {
            Self::Name(text) | Self::Variable(text) | Self::Text(text) => TokenKind::Name(text.clone()),
            Self::Number(number) => TokenKind::Number(*number),
            Self::Literal(value) => TokenKind::Literal(value.clone()),
            Self::End => TokenKind::End,
            other => TokenKind::Operator(other.operator()?),
        };
        Some(kind.shown())
    }

    /// The operator that makes the node what it is.
    pub(super) fn operator(&self) -> Option<&'static str> {
        Some(match self {
            Self::Word(operator) | Self::Binary(operator, ..) => operator,
            Self::Placeholder | Self::Condition { .. } => "?",
            Self::Wildcard => "*",
            Self::Descendants => "**",
            Self::Parent => "%",
            Self::Filter(..) | Self::Array(_) => "[",
            Self::Group(..) | Self::Object(_) => "{",
            Self::Sort(..) => "^",
            Self::Bind(..) => ":=",
            Self::Focus(..) => "@",
            Self::Index(..) => "#",
            Self::Negate(_) => "-",
            Self::Block(_) | Self::Call { .. } | Self::Lambda { .. } => "(",
            Self::Transform { .. } => "|",
            _ => return None,
        })
    }
}
