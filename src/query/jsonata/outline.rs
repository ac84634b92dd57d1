//! What of an expression only names, builds and chooses, and what computes.

use std::collections::HashMap;
use std::sync::Arc;

use super::ast::{Group, Kind, Node, NodeId, Program, Stage, Sym};
use super::functions::TABLE;
use super::{Dialect, Jsonata};
use crate::text::Span;
use crate::value::Value;
use crate::value::diff::Step;

/// A part of an expression: where it stands, and how it makes its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Outline {
    /// The part.
    pub span: Span,
    /// How it makes its value.
    pub form: Form,
}

/// How a part of an expression makes its value.
#[derive(Debug, Clone, PartialEq)]
pub enum Form {
    /// It is written out.
    Literal,
    /// It names a place in a variable (without `$`). Whether the steps lead to one value only, the data says.
    Reference(Arc<str>, Vec<Step>),
    /// An object with keys that are written out.
    Object(Vec<(Arc<str>, Outline)>),
    /// An array.
    Array(Vec<Outline>),
    /// `a ? b : c`
    Condition(Span, Box<Outline>, Option<Box<Outline>>),
    /// `$merge([…])`
    Merge(Vec<Outline>),
    /// It computes.
    Other,
}

/// The deepest nesting that is looked into.
const DEEPEST: usize = 64;
/// Steps through bindings of a block, which may name each other.
const MOST: usize = 2_000;

impl Jsonata {
    /// What it names, builds and chooses.
    #[must_use]
    pub fn outline(&self) -> Outline {
        let mut reader = Reader { program: &self.program, bound: HashMap::new(), left: MOST };
        reader.outline(self.program.root, 0)
    }

    /// The places in variables that it reads, `$states` among them, in the order of the text.
    #[must_use]
    pub fn references(&self) -> Vec<Outline> {
        let program = &*self.program;
        let known = self.variables();
        let mut reader = Reader { program, bound: HashMap::new(), left: MOST };
        let mut firsts = Vec::new();
        for node in &program.nodes {
            if let Kind::Path { steps, .. } = &node.kind {
                firsts.extend(steps.first().copied());
            }
        }
        let mut found: Vec<Outline> = Vec::new();
        for at in 0..u32::try_from(program.nodes.len()).unwrap_or(u32::MAX) {
            let node = program.node(NodeId(at));
            let outline = match &node.kind {
                Kind::Variable(_) if !firsts.contains(&NodeId(at)) => reader.outline(NodeId(at), 0),
                Kind::Path { steps, .. } => reader.beginning(node, steps),
                _ => continue,
            };
            let is_read = match &outline.form {
                Form::Reference(name, _) => &**name == "states" || known.contains(name),
                _ => false,
            };
            if is_read && !found.iter().any(|other| other.form == outline.form) {
                found.push(outline);
            }
        }
        found.sort_by_key(|outline| outline.span.start);
        found
    }
}

/// The built-in functions of the service: the name without `$`, and the signature in the notation of the reference.
pub fn functions() -> impl Iterator<Item = (&'static str, &'static str)> {
    let own = TABLE.iter().filter(|builtin| builtin.is_in(Dialect::StepFunctions));
    own.map(|builtin| (builtin.name, builtin.signature_text()))
}

struct Reader<'p> {
    program: &'p Program,
    bound: HashMap<u32, Outline>,
    left: usize,
}

impl Reader<'_> {
    fn outline(&mut self, id: NodeId, depth: usize) -> Outline {
        let node = self.program.node(id);
        let form = if depth > DEEPEST || self.left == 0 { Form::Other } else { self.form(node, depth + 1) };
        self.left = self.left.saturating_sub(1);
        Outline { span: node.span, form }
    }

    fn form(&mut self, node: &Node, depth: usize) -> Form {
        if node.group.is_some() || node.step.is_some() || !node.predicates.is_empty() {
            return match (&node.kind, step_index(self.program, node)) {
                (Kind::Variable(sym), Some(Some(index))) => self.variable(*sym, vec![Step::Index(index)]),
                _ => Form::Other,
            };
        }
        match &node.kind {
            Kind::Literal(_) | Kind::Number(_) => Form::Literal,
            Kind::Variable(sym) => self.variable(*sym, Vec::new()),
            Kind::Path { steps, .. } => match self.path(steps) {
                Some((sym, path, used)) if used == steps.len() => self.variable(sym, path),
                _ if steps.len() == 1 => self.outline(steps[0], depth).form,
                _ => Form::Other,
            },
            Kind::Object(group) => self.object(group, depth),
            Kind::Array(items) => Form::Array(items.iter().map(|item| self.outline(*item, depth)).collect()),
            Kind::Condition { condition, then, otherwise } => {
                let condition = self.program.node(*condition).span;
                let then = Box::new(self.outline(*then, depth));
                Form::Condition(condition, then, otherwise.map(|otherwise| Box::new(self.outline(otherwise, depth))))
            }
            Kind::Call { procedure, arguments } => self.call(*procedure, arguments, depth),
            Kind::Block { items, .. } => self.block(items, depth),
            _ => Form::Other,
        }
    }

    fn variable(&self, sym: Sym, path: Vec<Step>) -> Form {
        match self.bound.get(&sym.0) {
            None => Form::Reference(self.program.symbol(sym).clone(), path),
            Some(bound) => inside(bound, path),
        }
    }

    /// The variable and the plain steps that `steps` begin with, and how many steps these are.
    fn path(&self, steps: &[NodeId]) -> Option<(Sym, Vec<Step>, usize)> {
        let mut nodes = steps.iter().map(|step| self.program.node(*step));
        let first = nodes.next()?;
        let Kind::Variable(sym) = first.kind else { return None };
        let mut path = Vec::new();
        let Some(index) = step_index(self.program, first) else { return Some((sym, path, 0)) };
        path.extend(index.map(Step::Index));
        let mut used = 1;
        for node in nodes {
            let name = match &node.kind {
                Kind::Name(name) => name.clone(),
                Kind::Literal(Value::String(name)) => name.clone(),
                _ => break,
            };
            path.push(Step::Key(name));
            let Some(index) = step_index(self.program, node) else { break };
            path.extend(index.map(Step::Index));
            used += 1;
        }
        Some((sym, path, used))
    }

    fn beginning(&self, node: &Node, steps: &[NodeId]) -> Outline {
        let form = match self.path(steps) {
            Some((sym, path, _)) => self.variable(sym, path),
            None => Form::Other,
        };
        Outline { span: node.span, form }
    }

    fn object(&mut self, group: &Group, depth: usize) -> Form {
        let mut members = Vec::new();
        for (key, value) in &group.pairs {
            let Kind::Literal(Value::String(key)) = &self.program.node(*key).kind else { return Form::Other };
            members.push((key.clone(), self.outline(*value, depth)));
        }
        Form::Object(members)
    }

    fn call(&mut self, procedure: NodeId, arguments: &[NodeId], depth: usize) -> Form {
        let procedure = &self.program.node(procedure).kind;
        let Kind::Variable(sym) = procedure else { return Form::Other };
        let is_merge = &**self.program.symbol(*sym) == "merge" && !self.bound.contains_key(&sym.0);
        match arguments {
            [only] if is_merge => match self.outline(*only, depth).form {
                Form::Array(items) => Form::Merge(items),
                _ => Form::Other,
            },
            _ => Form::Other,
        }
    }

    fn block(&mut self, items: &[NodeId], depth: usize) -> Form {
        let Some((last, before)) = items.split_last() else { return Form::Other };
        let outer = self.bound.clone();
        for item in before {
            if let Kind::Bind(sym, value) = &self.program.node(*item).kind {
                let outline = self.outline(*value, depth);
                self.bound.insert(sym.0, outline);
            }
        }
        let form = self.outline(*last, depth).form;
        self.bound = outer;
        form
    }
}

/// What `path` leads to inside of the value of a part.
fn inside(outline: &Outline, path: Vec<Step>) -> Form {
    let Some((first, rest)) = path.split_first() else { return outline.form.clone() };
    match (&outline.form, first) {
        (Form::Reference(name, steps), _) => Form::Reference(name.clone(), [steps.clone(), path].concat()),
        (Form::Object(members), Step::Key(key)) => {
            let found = members.iter().find(|(known, _)| known == key);
            found.map_or(Form::Other, |(_, member)| inside(member, rest.to_vec()))
        }
        _ => Form::Other,
    }
}

/// The index that a step takes of its values, if it takes any; none for all other predicates.
fn step_index(program: &Program, node: &Node) -> Option<Option<usize>> {
    let part = node.step.as_deref();
    let binds = part.is_some_and(|part| part.focus.is_some() || part.index.is_some() || part.ancestor.is_some());
    if node.group.is_some() || binds {
        return None;
    }
    let stages = part.map(|part| &part.stages[..]).unwrap_or_default();
    let filters = stages.iter().map(|stage| match stage {
        Stage::Filter(id) => Some(*id),
        Stage::Index(_) => None,
    });
    let all = filters.chain(node.predicates.iter().map(|id| Some(*id))).collect::<Option<Vec<_>>>()?;
    match all.as_slice() {
        [] => Some(None),
        [only] => match program.node(*only).kind {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked by the guard")]
            Kind::Number(number) if (0.0..1e9).contains(&number) => Some(Some(number as usize)),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::diff::json_path;

    fn shown(outline: &Outline) -> String {
        let all = |items: &[Outline]| items.iter().map(shown).collect::<Vec<_>>().join(", ");
        match &outline.form {
            Form::Literal => "literal".to_owned(),
            Form::Reference(name, steps) => format!("{name}{}", json_path(steps).trim_start_matches('$')),
            Form::Object(members) => {
                let members = members.iter().map(|(key, value)| format!("{key}: {}", shown(value)));
                format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
            }
            Form::Array(items) => format!("[{}]", all(items)),
            Form::Condition(_, then, otherwise) => {
                format!("? {} : {}", shown(then), otherwise.as_deref().map(shown).unwrap_or_default())
            }
            Form::Merge(items) => format!("merge {}", all(items)),
            Form::Other => "other".to_owned(),
        }
    }

    #[test]
    fn what_expressions_are_made_of() {
        for (text, outline) in [
            ("$states.input.a.b", "states.input.a.b"),
            ("$states.input", "states.input"),
            ("$v", "v"),
            ("$states.input.list[0].x", "states.input.list[0].x"),
            ("$v.'a b'", "v['a b']"),
            ("{'x': $v, 'y': {'z': 1}}", "{x: v, y: {z: literal}}"),
            ("[$v, 'a']", "[v, literal]"),
            ("$v > 1 ? $a : $b.c", "? a : b.c"),
            ("$merge([$states.input, {'n': $v}])", "merge states.input, {n: v}"),
            ("( $o := {'k': $v.w}; $o.k )", "v.w"),
            ("( $s := $states.input; {'a': $s.x} )", "{a: states.input.x}"),
            ("$v + 1", "other"),
            ("$v[a = 1]", "other"),
            ("$sum($v.n)", "other"),
            ("($v)", "v"),
        ] {
            assert_eq!(shown(&Jsonata::compile(text).expect(text).outline()), outline, "{text}");
        }
    }

    #[test]
    fn what_expressions_read() {
        for (text, read) in [
            ("$states.input.a + $v.n * $w", "states.input.a v.n w"),
            ("$sum($states.result.items[price > $limit].price)", "states.result.items limit"),
            ("( $o := $v; $o.k & $states.context.State.Name )", "v states.context.State.Name"),
            ("1 + 2", ""),
        ] {
            let references = Jsonata::compile(text).expect(text).references();
            assert_eq!(references.iter().map(shown).collect::<Vec<_>>().join(" "), read, "{text}");
        }
    }

    #[test]
    fn functions_have_signatures() {
        let all: Vec<_> = functions().collect();
        assert!(all.contains(&("sum", "<a<n>:n>")) && all.iter().filter(|(name, _)| *name == "random").count() == 1);
    }
}
