//! The tree as written to the tree that is evaluated.
//!
//! Follows the reference's second pass step by step, because what it accepts and which fault it reports first depend on
//! the order in which it looks at things.

use std::collections::HashMap;
use std::sync::Arc;

use super::ast::{Group, Kind, Node, NodeId, Operator, Program, Shape, Slot, SlotId, StepPart, Sym};
use super::error::{Outcome, Token, fault};
use super::parse::parse;
use super::raw::{Pairs, Raw, RawId, RawKind, RawTree};
use super::shape;
use crate::text::Span;
use crate::value::Value;

/// Compiles `text`.
pub(super) fn compile(text: &str) -> Outcome<Program> {
    let tree = parse(text)?;
    let mut compiler =
        Compiler { tree: &tree, nodes: Vec::new(), symbols: Symbols::default(), slots: Vec::new(), binds: 0 };
    let root = compiler.node(tree.root)?;
    let top = compiler.at(root);
    if matches!(top.kind, Kind::Parent(_)) || !top.seeking.is_empty() {
        return Err(fault("S0217").token(top.kind.type_name()).at(top.position).span(top.span));
    }
    let mut nodes = compiler.nodes;
    shape::find(&mut nodes);
    Ok(Program { nodes, symbols: compiler.symbols.names, slots: compiler.slots, root })
}

#[derive(Default)]
pub(super) struct Symbols {
    names: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, Sym>,
}

impl Symbols {
    pub(super) fn intern(&mut self, name: &Arc<str>) -> Sym {
        if let Some(sym) = self.numbers.get(name) {
            return *sym;
        }
        let sym = Sym(u32::try_from(self.names.len()).unwrap_or(u32::MAX));
        self.names.push(name.clone());
        self.numbers.insert(name.clone(), sym);
        sym
    }
}

pub(super) struct Compiler<'t> {
    pub(super) tree: &'t RawTree,
    nodes: Vec<Node>,
    pub(super) symbols: Symbols,
    pub(super) slots: Vec<Slot>,
    /// Bindings compiled so far.
    binds: usize,
}

impl Compiler<'_> {
    pub(super) fn at(&self, id: NodeId) -> &Node {
        self.nodes.get(id.0 as usize).expect("ids come from this compiler")
    }

    pub(super) fn at_mut(&mut self, id: NodeId) -> &mut Node {
        self.nodes.get_mut(id.0 as usize).expect("ids come from this compiler")
    }

    pub(super) fn step_mut(&mut self, id: NodeId) -> &mut StepPart {
        self.at_mut(id).step.get_or_insert_default()
    }

    pub(super) fn steps(&self, path: NodeId) -> &[NodeId] {
        match &self.at(path).kind {
            Kind::Path { steps, .. } => steps,
            _ => &[],
        }
    }

    pub(super) fn is_path(&self, id: NodeId) -> bool {
        matches!(self.at(id).kind, Kind::Path { .. })
    }

    fn push(&mut self, kind: Kind, span: Span, mark: Span, position: Option<u32>) -> NodeId {
        let id = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(Node {
            kind,
            span,
            mark,
            position,
            predicates: Vec::new(),
            group: None,
            keep_array: false,
            cons_array: false,
            tuple: false,
            step: None,
            seeking: Vec::new(),
        });
        id
    }

    pub(super) fn add(&mut self, kind: Kind, raw: &Raw) -> NodeId {
        self.push(kind, raw.span, raw.mark, Some(raw.mark.end))
    }

    pub(super) fn path(&mut self, steps: Vec<NodeId>, raw: &Raw) -> NodeId {
        self.push(Kind::Path { steps, keep_singleton: false, shape: Shape::Other }, raw.span, raw.mark, None)
    }

    /// Compiles a node.
    pub(super) fn node(&mut self, id: RawId) -> Outcome<NodeId> {
        let raw = self.tree.node(id);
        let node = self.kind(raw)?;
        if raw.keep_array {
            self.at_mut(node).keep_array = true;
        }
        let compiled = self.at_mut(node);
        compiled.span = compiled.span.to(raw.span);
        Ok(node)
    }

    fn kind(&mut self, raw: &Raw) -> Outcome<NodeId> {
        match &raw.kind {
            RawKind::Binary(".", left, right) => self.map(*left, *right),
            RawKind::Binary("~>", left, right) => self.apply(*left, *right, raw),
            RawKind::Binary(operator, left, right) => self.binary(operator, *left, *right, raw),
            RawKind::Filter(left, predicate) => self.filter(*left, *predicate, raw),
            RawKind::Group(left, pairs) => self.group_by(*left, pairs, raw),
            RawKind::Sort(left, terms) => self.sort(*left, terms, raw),
            RawKind::Bind(left, right) => self.bind(*left, *right, raw),
            RawKind::Focus(left, name) => self.focus(*left, name, raw),
            RawKind::Index(left, name) => self.index(*left, name),
            RawKind::Negate(inner) => self.negate(*inner, raw),
            RawKind::Array(items) => {
                let kind = Kind::Array(Vec::new());
                self.list(items, kind, raw)
            }
            RawKind::Block(items) => self.block(items, raw),
            RawKind::Object(pairs) => self.object(pairs, raw),
            RawKind::Call { .. } => self.call(raw),
            RawKind::Lambda { .. } => self.lambda(raw),
            RawKind::Condition { .. } => self.condition(raw),
            RawKind::Transform { .. } => self.transform(raw),
            RawKind::End => Err(fault("S0207").at(raw.mark.end).span(raw.mark).token("(end)")),
            _ => Ok(self.leaf(raw)),
        }
    }

    fn leaf(&mut self, raw: &Raw) -> NodeId {
        let kind = match &raw.kind {
            RawKind::Word(word) => return self.name(&(*word).into(), raw),
            RawKind::Name(name) => return self.name(name, raw),
            RawKind::Variable(name) if name.is_empty() => Kind::Context,
            RawKind::Variable(name) => Kind::Variable(self.symbols.intern(name)),
            RawKind::Text(text) => Kind::Literal(Value::String(text.clone())),
            RawKind::Number(number) => Kind::Number(*number),
            RawKind::Literal(value) => Kind::Literal(value.clone()),
            RawKind::Regex(pattern) => Kind::Regex(pattern.clone()),
            RawKind::Wildcard => Kind::Wildcard,
            RawKind::Descendants => Kind::Descendants,
            RawKind::Parent => {
                let slot = self.new_slot();
                return self.push(Kind::Parent(slot), raw.span, raw.mark, None);
            }
            _ => Kind::Placeholder,
        };
        self.add(kind, raw)
    }

    fn name(&mut self, name: &Arc<str>, raw: &Raw) -> NodeId {
        let step = self.add(Kind::Name(name.clone()), raw);
        self.at_mut(step).keep_array = raw.keep_array;
        let path = self.path(vec![step], raw);
        self.keep_singleton(path, raw.keep_array);
        path
    }

    pub(super) fn keep_singleton(&mut self, path: NodeId, keep: bool) {
        if let Kind::Path { keep_singleton, .. } = &mut self.at_mut(path).kind {
            *keep_singleton |= keep;
        }
    }

    /// A name that no expression can spell.
    fn new_slot(&mut self) -> SlotId {
        let number = u32::try_from(self.slots.len()).unwrap_or(u32::MAX);
        let label = self.symbols.intern(&format!("!{number}").into());
        self.slots.push(Slot { label, level: 1 });
        SlotId(number)
    }

    fn apply(&mut self, left: RawId, right: RawId, raw: &Raw) -> Outcome<NodeId> {
        let left = self.node(left)?;
        let right = self.node(right)?;
        let keep = self.at(left).keep_array || self.at(right).keep_array;
        let node = self.add(Kind::Apply(left, right), raw);
        self.at_mut(node).keep_array = keep;
        Ok(node)
    }

    fn binary(&mut self, operator: &'static str, left: RawId, right: RawId, raw: &Raw) -> Outcome<NodeId> {
        let left = self.node(left)?;
        let right = self.node(right)?;
        let Some(operator) = Operator::of(operator) else { return Ok(self.leaf(raw)) };
        let node = self.add(Kind::Binary(operator, left, right), raw);
        self.push_ancestry(node, left);
        self.push_ancestry(node, right);
        Ok(node)
    }

    pub(super) fn pairs(&mut self, pairs: &Pairs) -> Outcome<Vec<(NodeId, NodeId)>> {
        pairs.iter().map(|(key, value)| Ok((self.node(*key)?, self.node(*value)?))).collect()
    }

    fn bind(&mut self, left: RawId, right: RawId, raw: &Raw) -> Outcome<NodeId> {
        let name = match &self.tree.node(left).kind {
            RawKind::Variable(name) => self.symbols.intern(name),
            _ => return Err(fault("S0212").at(raw.mark.end).span(raw.mark)),
        };
        let right = self.node(right)?;
        self.binds += 1;
        let node = self.add(Kind::Bind(name, right), raw);
        self.push_ancestry(node, right);
        Ok(node)
    }

    fn negate(&mut self, inner: RawId, raw: &Raw) -> Outcome<NodeId> {
        let inner = self.node(inner)?;
        if let Kind::Number(number) = &mut self.at_mut(inner).kind {
            *number = -*number;
            return Ok(inner);
        }
        let node = self.add(Kind::Negate(inner), raw);
        self.push_ancestry(node, inner);
        Ok(node)
    }

    /// The items of an array or a block.
    fn list(&mut self, items: &[RawId], kind: Kind, raw: &Raw) -> Outcome<NodeId> {
        let node = self.add(kind, raw);
        let mut compiled = Vec::with_capacity(items.len());
        for item in items {
            let item = self.node(*item)?;
            self.push_ancestry(node, item);
            compiled.push(item);
        }
        if let Kind::Array(items) | Kind::Block { items, .. } = &mut self.at_mut(node).kind {
            *items = compiled;
        }
        Ok(node)
    }

    fn block(&mut self, items: &[RawId], raw: &Raw) -> Outcome<NodeId> {
        let before = self.binds;
        let node = self.list(items, Kind::Block { items: Vec::new(), binds: false }, raw)?;
        let has_bound = self.binds > before;
        if let Kind::Block { binds, .. } = &mut self.at_mut(node).kind {
            *binds = has_bound;
        }
        let Kind::Block { items: parts, .. } = &self.at(node).kind else { return Ok(node) };
        let cons_array = parts.iter().any(|part| {
            self.at(*part).cons_array || self.steps(*part).first().is_some_and(|step| self.at(*step).cons_array)
        });
        self.at_mut(node).cons_array = cons_array;
        Ok(node)
    }

    fn object(&mut self, pairs: &Pairs, raw: &Raw) -> Outcome<NodeId> {
        let node = self.add(Kind::Placeholder, raw);
        let mut compiled = Vec::with_capacity(pairs.len());
        for (key, value) in pairs {
            let key = self.node(*key)?;
            self.push_ancestry(node, key);
            let value = self.node(*value)?;
            self.push_ancestry(node, value);
            compiled.push((key, value));
        }
        self.at_mut(node).kind = Kind::Object(Group { pairs: compiled, position: raw.mark.end, has_fixed_keys: false });
        Ok(node)
    }

    fn call(&mut self, raw: &Raw) -> Outcome<NodeId> {
        let RawKind::Call { procedure, arguments, partial } = &raw.kind else { return Ok(self.leaf(raw)) };
        let node = self.add(Kind::Placeholder, raw);
        let mut compiled = Vec::with_capacity(arguments.len());
        for argument in arguments {
            let argument = self.node(*argument)?;
            self.push_ancestry(node, argument);
            compiled.push(argument);
        }
        let procedure = self.node(*procedure)?;
        self.at_mut(node).kind = if *partial {
            Kind::Partial { procedure, arguments: compiled }
        } else {
            Kind::Call { procedure, arguments: compiled }
        };
        Ok(node)
    }

    fn lambda(&mut self, raw: &Raw) -> Outcome<NodeId> {
        let RawKind::Lambda { parameters, signature, body } = &raw.kind else { return Ok(self.leaf(raw)) };
        let parameters = parameters.iter().map(|name| self.symbols.intern(name)).collect();
        let body = self.node(*body)?;
        let body = self.tail_calls(body);
        Ok(self.add(Kind::Lambda { parameters, signature: signature.clone(), body }, raw))
    }

    /// Marks calls in the last place of a function, so that such recursion does not go deeper.
    fn tail_calls(&mut self, id: NodeId) -> NodeId {
        let node = self.at(id);
        match &node.kind {
            Kind::Call { .. } if node.predicates.is_empty() => {
                let (span, mark, position) = (node.span, node.mark, node.position);
                self.push(Kind::Thunk(id), span, mark, position)
            }
            Kind::Condition { then, otherwise, .. } => {
                let (then, otherwise) = (*then, *otherwise);
                let new_then = self.tail_calls(then);
                let new_otherwise = otherwise.map(|otherwise| self.tail_calls(otherwise));
                if let Kind::Condition { then, otherwise, .. } = &mut self.at_mut(id).kind {
                    (*then, *otherwise) = (new_then, new_otherwise);
                }
                id
            }
            Kind::Block { items, .. } => {
                let Some(last) = items.last().copied() else { return id };
                let last = self.tail_calls(last);
                if let Kind::Block { items, .. } = &mut self.at_mut(id).kind {
                    items.pop();
                    items.push(last);
                }
                id
            }
            _ => id,
        }
    }

    fn condition(&mut self, raw: &Raw) -> Outcome<NodeId> {
        let RawKind::Condition { condition, then, otherwise } = &raw.kind else { return Ok(self.leaf(raw)) };
        let node = self.add(Kind::Placeholder, raw);
        let condition = self.node(*condition)?;
        self.push_ancestry(node, condition);
        let then = self.node(*then)?;
        self.push_ancestry(node, then);
        let otherwise = otherwise.map(|otherwise| self.node(otherwise)).transpose()?;
        if let Some(otherwise) = otherwise {
            self.push_ancestry(node, otherwise);
        }
        self.at_mut(node).kind = Kind::Condition { condition, then, otherwise };
        Ok(node)
    }

    fn transform(&mut self, raw: &Raw) -> Outcome<NodeId> {
        let RawKind::Transform { pattern, update, delete } = &raw.kind else { return Ok(self.leaf(raw)) };
        let pattern = self.node(*pattern)?;
        let update = self.node(*update)?;
        let delete = delete.map(|delete| self.node(delete)).transpose()?;
        Ok(self.add(Kind::Transform { pattern, update, delete }, raw))
    }
}

impl Node {
    /// The token as messages show it: the name, the literal or the operator.
    pub(super) fn token(&self, program: &Program) -> Option<Token> {
        Some(match &self.kind {
            Kind::Name(name) => Token::Text(name.clone()),
            Kind::Variable(sym) => Token::Text(program.symbol(*sym).clone()),
            Kind::Context => "".into(),
            Kind::Literal(Value::String(text)) => Token::Text(text.clone()),
            Kind::Literal(Value::Bool(value)) => Token::Bool(*value),
            Kind::Literal(_) => Token::Null,
            Kind::Number(number) => Token::Number(*number),
            Kind::Wildcard => "*".into(),
            Kind::Descendants => "**".into(),
            Kind::Binary(operator, ..) => operator.text().into(),
            Kind::Negate(_) => "-".into(),
            Kind::Array(_) => "[".into(),
            Kind::Object(_) => "{".into(),
            Kind::Bind(..) => ":=".into(),
            Kind::Call { .. } | Kind::Partial { .. } => "(".into(),
            Kind::Apply(..) => "~>".into(),
            Kind::Regex(_) => Token::Other,
            _ => return None,
        })
    }
}
