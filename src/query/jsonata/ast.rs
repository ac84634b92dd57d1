//! The tree that is evaluated: paths are lists of steps, parents are found, tail calls are marked.

use std::sync::Arc;

use super::pattern::Pattern;
use super::signature::Signature;
use crate::text::Span;
use crate::value::Value;

/// The place of a node in its program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NodeId(pub(super) u32);

/// The number of a variable's name in its program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sym(pub(super) u32);

/// The number of a reference to a parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SlotId(pub(super) u32);

/// Where a `%` finds its value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    /// The name under which the step binds it.
    pub(super) label: Sym,
    /// Steps still to go back; 0 when found. Of use while compiling only.
    pub(super) level: i32,
}

/// A compiled expression.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) nodes: Vec<Node>,
    pub(super) symbols: Vec<Arc<str>>,
    pub(super) slots: Vec<Slot>,
    pub(super) root: NodeId,
}

/// An operator of two sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    And,
    Or,
    In,
    Concatenate,
    Range,
}

/// Operators as they are written.
const OPERATORS: [(&str, Operator); 16] = [
    ("+", Operator::Add),
    ("-", Operator::Subtract),
    ("*", Operator::Multiply),
    ("/", Operator::Divide),
    ("%", Operator::Remainder),
    ("=", Operator::Equal),
    ("!=", Operator::NotEqual),
    ("<", Operator::Less),
    ("<=", Operator::LessOrEqual),
    (">", Operator::Greater),
    (">=", Operator::GreaterOrEqual),
    ("and", Operator::And),
    ("or", Operator::Or),
    ("in", Operator::In),
    ("&", Operator::Concatenate),
    ("..", Operator::Range),
];

impl Operator {
    pub(super) fn of(text: &str) -> Option<Self> {
        let same = |known: &str| known.len() == text.len() && known.bytes().eq(text.bytes());
        OPERATORS.iter().find(|(known, _)| same(known)).map(|(_, operator)| *operator)
    }

    /// As it is written.
    pub(super) fn text(self) -> &'static str {
        OPERATORS.iter().find(|(_, known)| *known == self).map_or("", |(text, _)| text)
    }
}

/// What the steps of a path are, which decides how it is walked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Some step binds names.
    Tuples,
    /// The first steps, at least one, are plain names; how many.
    Names(u32),
    /// A variable or `$`, then plain names; how many.
    Variable(u32),
    Other,
}

impl Program {
    pub(super) fn node(&self, id: NodeId) -> &Node {
        self.nodes.get(id.0 as usize).expect("ids come from this program")
    }

    pub(super) fn symbol(&self, sym: Sym) -> &Arc<str> {
        self.symbols.get(sym.0 as usize).expect("names come from this program")
    }

    pub(super) fn slot(&self, slot: SlotId) -> Slot {
        *self.slots.get(slot.0 as usize).expect("slots come from this program")
    }

    /// The number of `name`, if the program uses it as a variable.
    pub(super) fn find_symbol(&self, name: &str) -> Option<Sym> {
        let at = self.symbols.iter().position(|known| &**known == name)?;
        u32::try_from(at).ok().map(Sym)
    }

    /// The token that ends at `position`.
    pub(super) fn mark_at(&self, position: u32) -> Option<Span> {
        self.nodes.iter().find(|node| node.position == Some(position)).map(|node| match node.kind {
            Kind::Call { procedure, .. } => Span { start: self.node(procedure).span.start, end: node.mark.start },
            _ => node.mark,
        })
    }
}

/// A node and what is done with its value.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) kind: Kind,
    pub(super) span: Span,
    pub(super) mark: Span,
    /// What the reference reports; nodes that it makes itself have none.
    pub(super) position: Option<u32>,
    pub(super) predicates: Vec<NodeId>,
    pub(super) group: Option<Box<Group>>,
    /// `[]`: a single value stays an array.
    pub(super) keep_array: bool,
    /// An array constructor at the beginning or end of a path, which is not flattened.
    pub(super) cons_array: bool,
    /// Carries tuples of bound names, not values alone.
    pub(super) tuple: bool,
    /// What only steps of paths have.
    pub(super) step: Option<Box<StepPart>>,
    /// Parents still to be found further out. Of use while compiling only.
    pub(super) seeking: Vec<SlotId>,
}

/// What a step of a path binds, and its predicates.
#[derive(Debug, Default)]
pub(super) struct StepPart {
    pub(super) stages: Vec<Stage>,
    pub(super) focus: Option<Sym>,
    pub(super) index: Option<Sym>,
    pub(super) ancestor: Option<SlotId>,
}

/// What is done with the values of a step.
#[derive(Debug, Clone, Copy)]
pub(super) enum Stage {
    Filter(NodeId),
    Index(Sym),
}

/// Keys and values of an object constructor or a group-by.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) pairs: Vec<(NodeId, NodeId)>,
    pub(super) position: u32,
    /// Whether all keys are texts, each another one. Known when all is compiled.
    pub(super) has_fixed_keys: bool,
}

/// A term of an order-by.
#[derive(Debug)]
pub(super) struct Term {
    pub(super) expression: NodeId,
    pub(super) descending: bool,
}

#[derive(Debug)]
pub(super) enum Kind {
    Path {
        steps: Vec<NodeId>,
        keep_singleton: bool,
        /// Known when all is compiled.
        shape: Shape,
    },
    Name(Arc<str>),
    /// A string, `true`, `false`, `null`.
    Literal(Value),
    Number(f64),
    Wildcard,
    Descendants,
    Parent(SlotId),
    /// `$`
    Context,
    Variable(Sym),
    Regex(Arc<Pattern>),
    Binary(Operator, NodeId, NodeId),
    Negate(NodeId),
    Array(Vec<NodeId>),
    Object(Group),
    Block {
        items: Vec<NodeId>,
        /// Whether something is bound inside, for which a frame is needed.
        binds: bool,
    },
    Bind(Sym, NodeId),
    Condition {
        condition: NodeId,
        then: NodeId,
        otherwise: Option<NodeId>,
    },
    Call {
        procedure: NodeId,
        arguments: Vec<NodeId>,
    },
    Partial {
        procedure: NodeId,
        arguments: Vec<NodeId>,
    },
    /// `?` among the arguments of a partial application.
    Placeholder,
    Lambda {
        parameters: Arc<[Sym]>,
        signature: Option<Arc<Signature>>,
        body: NodeId,
    },
    /// A call in the last place of a function, made after the function has ended.
    Thunk(NodeId),
    Apply(NodeId, NodeId),
    Transform {
        pattern: NodeId,
        update: NodeId,
        delete: Option<NodeId>,
    },
    Sort(Vec<Term>),
}

impl Kind {
    /// The word of the reference for the node, which one of its messages shows as the token.
    pub(super) fn type_name(&self) -> &'static str {
        match self {
            Self::Path { .. } => "path",
            Self::Name(_) => "name",
            Self::Literal(Value::String(_)) => "string",
            Self::Literal(_) => "value",
            Self::Number(_) => "number",
            Self::Wildcard => "wildcard",
            Self::Descendants => "descendant",
            Self::Parent(_) => "parent",
            Self::Context | Self::Variable(_) => "variable",
            Self::Regex(_) => "regex",
            Self::Binary(..) => "binary",
            Self::Negate(_) | Self::Array(_) | Self::Object(_) => "unary",
            Self::Block { .. } => "block",
            Self::Bind(..) => "bind",
            Self::Condition { .. } => "condition",
            Self::Call { .. } => "function",
            Self::Partial { .. } => "partial",
            Self::Placeholder => "operator",
            Self::Lambda { .. } | Self::Thunk(_) => "lambda",
            Self::Apply(..) => "apply",
            Self::Transform { .. } => "transform",
            Self::Sort(_) => "sort",
        }
    }
}
