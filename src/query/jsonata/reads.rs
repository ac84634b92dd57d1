//! Which variables an expression reads, with the keys behind them, and without which of them it has no value.

use std::collections::HashSet;
use std::sync::Arc;

use super::Dialect;
use super::ast::{Kind, Node, NodeId, Operator, Program, Sym};
use super::functions;
use super::references::bound;
use crate::text::Span;

/// A variable that an expression reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// The name of the variable, without `$`, and the keys behind it: `states`, `input`, `order`.
    pub names: Vec<Arc<str>>,
    /// From the variable to the last of these keys.
    pub span: Span,
    /// Whether the expression has no value, or fails, when nothing is there.
    pub is_needed: bool,
}

/// A call of what is no function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownCall {
    /// The name, without `$`.
    pub name: Arc<str>,
    /// The place of the name.
    pub span: Span,
}

/// Functions that give nothing when their first argument is nothing.
const STRICT: [&str; 35] = [
    "abs",
    "average",
    "base64decode",
    "base64encode",
    "ceil",
    "contains",
    "decodeUrl",
    "decodeUrlComponent",
    "encodeUrl",
    "encodeUrlComponent",
    "floor",
    "formatBase",
    "formatInteger",
    "formatNumber",
    "fromMillis",
    "join",
    "length",
    "lowercase",
    "max",
    "min",
    "number",
    "pad",
    "parseInteger",
    "power",
    "replace",
    "round",
    "split",
    "sqrt",
    "string",
    "substring",
    "substringAfter",
    "substringBefore",
    "sum",
    "toMillis",
    "uppercase",
];

/// The variables that `program` reads, in their order; those that it binds itself and functions are left out.
pub(super) fn reads(program: &Program) -> Vec<Read> {
    let mut walk = Walk { program, bound: bound(program), needed: HashSet::new() };
    walk.needed(program.root);
    let inner = inside_of_others(program);
    let mut found: Vec<Read> =
        ids(program).filter(|id| !inner.contains(&id.0)).filter_map(|id| walk.read(id)).collect();
    found.sort_by_key(|read| read.span);
    found
}

/// The calls of names that are neither bound nor built in.
pub(super) fn unknown_calls(program: &Program) -> Vec<UnknownCall> {
    let bound = bound(program);
    let unknown = |id: NodeId| {
        let node = program.node(id);
        let Kind::Variable(name) = node.kind else { return None };
        let text = program.symbol(name);
        let is_known = bound.contains(&name) || functions::named(text, Dialect::StepFunctions).is_some();
        (!is_known).then(|| UnknownCall { name: text.clone(), span: node.span })
    };
    let procedures = program.nodes.iter().filter_map(|node| match node.kind {
        Kind::Call { procedure, .. } | Kind::Partial { procedure, .. } => Some(procedure),
        _ => None,
    });
    let mut found: Vec<UnknownCall> = procedures.filter_map(unknown).collect();
    found.sort_by_key(|call| call.span);
    found
}

fn ids(program: &Program) -> impl Iterator<Item = NodeId> + use<> {
    (0..u32::try_from(program.nodes.len()).unwrap_or(u32::MAX)).map(NodeId)
}

/// Nodes that are no reads of their own: first steps of paths, and what is called.
fn inside_of_others(program: &Program) -> HashSet<u32> {
    let inner = program.nodes.iter().filter_map(|node| match &node.kind {
        Kind::Path { steps, .. } => steps.first().copied(),
        Kind::Call { procedure, .. } | Kind::Partial { procedure, .. } => Some(*procedure),
        _ => None,
    });
    inner.map(|id| id.0).collect()
}

struct Walk<'p> {
    program: &'p Program,
    bound: Vec<Sym>,
    /// The nodes without whose value the program has none.
    needed: HashSet<u32>,
}

impl Walk<'_> {
    /// What node `id` reads, if it is a variable or a path that starts from one.
    fn read(&self, id: NodeId) -> Option<Read> {
        let node = self.program.node(id);
        let steps = match &node.kind {
            Kind::Path { steps, .. } => &steps[..],
            Kind::Variable(_) => &[id][..],
            _ => return None,
        };
        let (first, rest) = steps.split_first()?;
        let start = self.program.node(*first);
        let Kind::Variable(sym) = start.kind else { return None };
        let name = self.program.symbol(sym);
        let is_function = functions::named(name, Dialect::StepFunctions).is_some();
        if self.bound.contains(&sym) || is_function || &**name == "$" {
            return None;
        }
        let mut read = Read { names: vec![name.clone()], span: start.span, is_needed: self.needed.contains(&id.0) };
        let mut before = start;
        for step in rest.iter().map(|id| self.program.node(*id)) {
            let Kind::Name(name) = &step.kind else { break };
            if !is_plain(before) {
                break;
            }
            read.names.push(name.clone());
            read.span = read.span.to(step.span);
            before = step;
        }
        Some(read)
    }

    fn needed(&mut self, id: NodeId) {
        let program = self.program;
        let node = program.node(id);
        if node.group.is_some() {
            return;
        }
        match &node.kind {
            Kind::Variable(_) => drop(self.needed.insert(id.0)),
            Kind::Path { steps, .. } => {
                self.needed.insert(id.0);
                steps.first().into_iter().for_each(|first| self.needed(*first));
            }
            Kind::Binary(operator, left, right) if is_strict(*operator) => {
                self.needed(*left);
                self.needed(*right);
            }
            Kind::Negate(inner) | Kind::Bind(_, inner) | Kind::Condition { condition: inner, otherwise: None, .. } => {
                self.needed(*inner);
            }
            Kind::Block { items, .. } => items.last().into_iter().for_each(|last| self.needed(*last)),
            Kind::Call { procedure, arguments } if self.is_strict_function(*procedure) => {
                arguments.first().into_iter().for_each(|first| self.needed(*first));
            }
            _ => {}
        }
    }

    fn is_strict_function(&self, procedure: NodeId) -> bool {
        match self.program.node(procedure).kind {
            Kind::Variable(name) => !self.bound.contains(&name) && STRICT.contains(&&**self.program.symbol(name)),
            _ => false,
        }
    }
}

/// Nothing is done with the value but to look for a key in it.
fn is_plain(node: &Node) -> bool {
    let has_stages = node.step.as_ref().is_some_and(|part| !part.stages.is_empty());
    node.predicates.is_empty() && node.group.is_none() && !has_stages
}

/// Operators that give nothing when a side is nothing.
fn is_strict(operator: Operator) -> bool {
    use Operator as O;
    matches!(
        operator,
        O::Add
            | O::Subtract
            | O::Multiply
            | O::Divide
            | O::Remainder
            | O::Less
            | O::LessOrEqual
            | O::Greater
            | O::GreaterOrEqual
    )
}

#[cfg(test)]
mod tests {
    use super::super::{Evaluated, Jsonata, JsonataEnv};
    use super::*;
    use crate::value::{Timestamp, Value};

    fn shown(text: &str) -> Vec<String> {
        let reads = Jsonata::compile(text).expect(text).reads();
        let show = |read: &Read| {
            let names = read.names.iter().map(|name| &**name).collect::<Vec<_>>().join(".");
            assert!(read.span.text(text).starts_with('$'), "{text}: {read:?}");
            format!("{names}{}", if read.is_needed { "!" } else { "" })
        };
        reads.iter().map(show).collect()
    }

    #[test]
    fn reads_have_the_keys_behind_the_variable() {
        for (text, expected) in [
            ("$x", &["x!"][..]),
            ("$states.input.a.b", &["states.input.a.b!"]),
            ("$states.input.a[0].b", &["states.input.a!"]),
            ("$x + $y.z", &["x!", "y.z!"]),
            ("$x & 'a'", &["x"]),
            ("$x = 1", &["x"]),
            ("$exists($x.a) ? $x.a : $y", &["x.a", "x.a", "y"]),
            ("$append($all, $states.result)", &["all", "states.result"]),
            ("[$x]", &["x"]),
            ("{'a': $x}", &["x"]),
            ("($y := $x; $y + $z)", &["x", "z!"]),
            ("$map($x, function($v) { $v + $y })", &["x", "y"]),
            ("$uppercase($x)", &["x!"]),
            ("$x[a = $y]", &["x!", "y"]),
            ("$x ? 1", &["x!"]),
            ("-$x", &["x!"]),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    struct Nothing;

    impl JsonataEnv for Nothing {
        fn variable(&mut self, _: &str) -> Option<Value> {
            None
        }

        fn now(&mut self) -> Timestamp {
            Timestamp::default()
        }

        fn random(&mut self) -> u64 {
            0
        }
    }

    #[test]
    fn what_is_needed_is_needed() {
        let calls = STRICT.map(|name| match name {
            "contains" | "split" | "join" | "substringAfter" | "substringBefore" => format!("${name}($x, 'a')"),
            "replace" => "$replace($x, 'a', 'b')".to_owned(),
            "pad" | "power" | "substring" => format!("${name}($x, 2)"),
            "formatInteger" | "formatNumber" | "parseInteger" => format!("${name}($x, '0')"),
            _ => format!("${name}($x)"),
        });
        let operators = ["+", "-", "*", "/", "%", "<", "<=", ">", ">="];
        let binary = operators.iter().flat_map(|operator| [format!("$x {operator} 1"), format!("1 {operator} $x")]);
        for text in calls.into_iter().chain(binary) {
            let expression = Jsonata::compile(&text).expect(&text);
            assert!(expression.reads()[0].is_needed, "{text}");
            let value = expression.evaluate(None, &mut Nothing);
            assert!(matches!(value, Ok(Evaluated::Undefined) | Err(_)), "{text}: {value:?}");
        }
    }

    #[test]
    fn calls_of_what_is_no_function() {
        for (text, expected) in [
            ("$lenght($x)", &["lenght"][..]),
            ("$sum($x) + $uuid()", &[]),
            ("($f := function($a) { $a }; $f($x) + $g(1))", &["g"]),
            ("$map($x, $string)", &[]),
            ("$eval('1')", &["eval"]),
        ] {
            let calls = Jsonata::compile(text).expect(text).unknown_calls();
            assert_eq!(calls.iter().map(|call| &*call.name).collect::<Vec<_>>(), expected, "{text}");
        }
    }
}
