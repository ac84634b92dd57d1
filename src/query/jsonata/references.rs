//! What the service checks about the references of an expression when a state machine is created.

use std::sync::Arc;

use super::ast::{Group, Kind, NodeId, Program, Stage, Sym};
use super::functions;
use crate::text::Span;

/// The fields of `$states` that exist where an expression stands; `input` and `context` always do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StatesFields {
    /// `$states.result`: in the Output and Assign of a Task, Parallel or Map state.
    pub result: bool,
    /// `$states.errorOutput`: in the Output and Assign of a catcher.
    pub error_output: bool,
}

/// A reference that the service refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnsupportedReference {
    /// The service's words.
    pub message: String,
    /// The reference.
    pub span: Span,
}

/// The service's code for such references.
pub const UNSUPPORTED: &str = "UNSUPPORTED_JSONATA_EXPRESSION";

/// Finds the references of `program` that the service refuses, in their order.
pub(super) fn check(program: &Program, allowed: StatesFields) -> Vec<UnsupportedReference> {
    let mut walk = Walk { program, allowed, found: Vec::new() };
    walk.node(program.root, Place::Top);
    walk.found.sort_by_key(|reference| reference.span.start);
    walk.found
}

/// Whether there is a context item where a node stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// The expression itself: there is none.
    Top,
    /// A step of a path behind the first, a predicate, a sort term, the inside of a transformation.
    Inside,
}

struct Walk<'p> {
    program: &'p Program,
    allowed: StatesFields,
    found: Vec<UnsupportedReference>,
}

impl Walk<'_> {
    fn refuse(&mut self, message: String, span: Span) {
        self.found.push(UnsupportedReference { message, span });
    }

    fn top_level(&mut self, name: &str, span: Span) {
        self.refuse(format!("Reference to '{name}' at the top level is not supported."), span);
    }

    fn node(&mut self, id: NodeId, place: Place) {
        let program = self.program;
        let node = program.node(id);
        match &node.kind {
            Kind::Path { steps, .. } => self.path(steps, place),
            Kind::Name(name) if place == Place::Top => self.top_level(name, node.span),
            Kind::Context if place == Place::Top => self.top_level("$", node.span),
            Kind::Variable(sym) if &**program.symbol(*sym) == "$" => {
                self.refuse("Reference to '$$' is not supported.".to_owned(), node.span);
            }
            Kind::Transform { pattern, update, delete } => {
                for part in [Some(*pattern), Some(*update), *delete].into_iter().flatten() {
                    self.node(part, Place::Inside);
                }
            }
            kind => for_each_child(kind, &mut |child| self.node(child, place)),
        }
        for predicate in &node.predicates {
            self.node(*predicate, Place::Inside);
        }
        for stage in node.step.iter().flat_map(|part| &part.stages) {
            if let Stage::Filter(predicate) = stage {
                self.node(*predicate, Place::Inside);
            }
        }
        if let Some(group) = &node.group {
            self.group(group, Place::Inside);
        }
    }

    fn group(&mut self, group: &Group, place: Place) {
        for (key, value) in &group.pairs {
            self.node(*key, place);
            self.node(*value, place);
        }
    }

    fn path(&mut self, steps: &[NodeId], place: Place) {
        for (at, step) in steps.iter().enumerate() {
            self.node(*step, if at == 0 { place } else { Place::Inside });
        }
        let program = self.program;
        let mut kinds = steps.iter().map(|step| (&program.node(*step).kind, program.node(*step).span));
        let Some((Kind::Variable(first), start)) = kinds.next() else { return };
        if let (Some((Kind::Name(field), end)), "states") = (kinds.next(), &**program.symbol(*first)) {
            self.states_field(field, start.to(end));
        }
    }

    fn states_field(&mut self, field: &str, span: Span) {
        let exists = match field {
            "input" | "context" => true,
            "result" => self.allowed.result,
            "errorOutput" => self.allowed.error_output,
            _ => false,
        };
        if !exists {
            self.refuse(format!("Field '$states.{field}' does not exist."), span);
        }
    }
}

/// The nodes directly inside a node, but for predicates and grouping.
fn for_each_child(kind: &Kind, visit: &mut dyn FnMut(NodeId)) {
    match kind {
        Kind::Path { steps: items, .. } | Kind::Array(items) | Kind::Block { items, .. } => {
            items.iter().copied().for_each(visit);
        }
        Kind::Binary(_, left, right) | Kind::Apply(left, right) => [*left, *right].into_iter().for_each(visit),
        Kind::Negate(inner) | Kind::Thunk(inner) | Kind::Bind(_, inner) | Kind::Lambda { body: inner, .. } => {
            visit(*inner);
        }
        Kind::Object(group) => group.pairs.iter().for_each(|(key, value)| {
            visit(*key);
            visit(*value);
        }),
        Kind::Condition { condition: a, then: b, otherwise: c }
        | Kind::Transform { pattern: a, update: b, delete: c } => {
            [Some(*a), Some(*b), *c].into_iter().flatten().for_each(visit);
        }
        Kind::Call { procedure, arguments } | Kind::Partial { procedure, arguments } => {
            visit(*procedure);
            arguments.iter().copied().for_each(visit);
        }
        Kind::Sort(terms) => terms.iter().map(|term| term.expression).for_each(visit),
        _ => {}
    }
}

/// The members of `$states` that an expression may look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "the names are those of the members")]
pub struct StatesUse {
    pub input: bool,
    pub context: bool,
    pub result: bool,
    pub error_output: bool,
}

impl StatesUse {
    const ALL: Self = Self { input: true, context: true, result: true, error_output: true };

    fn note(&mut self, field: &str) {
        match field {
            "input" => self.input = true,
            "context" => self.context = true,
            "result" => self.result = true,
            "errorOutput" => self.error_output = true,
            _ => {}
        }
    }
}

/// The members of `$states` that `program` names; all when it uses `$states` in any other way than to name a member.
pub(super) fn states_use(program: &Program) -> StatesUse {
    let is_states = |id: NodeId| match &program.node(id).kind {
        Kind::Variable(name) => &**program.symbol(*name) == "states",
        _ => false,
    };
    let mut used = StatesUse::default();
    let mut named = 0;
    for node in &program.nodes {
        let Kind::Path { steps, .. } = &node.kind else { continue };
        let [first, second, ..] = steps[..] else { continue };
        let start = program.node(first);
        let is_plain = start.predicates.is_empty() && start.group.is_none() && start.step.is_none();
        if let (true, Kind::Name(field)) = (is_plain && is_states(first), &program.node(second).kind) {
            used.note(field);
            named += 1;
        }
    }
    let count = u32::try_from(program.nodes.len()).unwrap_or(u32::MAX);
    let all = (0..count).filter(|at| is_states(NodeId(*at))).count();
    if all == named { used } else { StatesUse::ALL }
}

/// The names that the program binds itself.
pub(super) fn bound(program: &Program) -> Vec<Sym> {
    let mut bound: Vec<Sym> = Vec::new();
    for node in &program.nodes {
        match &node.kind {
            Kind::Bind(name, _) => bound.push(*name),
            Kind::Lambda { parameters, .. } => bound.extend(parameters.iter()),
            _ => {}
        }
        if let Some(part) = &node.step {
            bound.extend(part.focus.into_iter().chain(part.index));
            bound.extend(part.stages.iter().filter_map(|stage| match stage {
                Stage::Index(name) => Some(*name),
                Stage::Filter(_) => None,
            }));
        }
    }
    bound
}

/// The variables that are read and neither bound in the program nor built-in functions.
pub(super) fn variables(program: &Program) -> Vec<Arc<str>> {
    let bound = bound(program);
    let mut reads: Vec<(u32, Sym)> = program
        .nodes
        .iter()
        .filter_map(|node| match node.kind {
            Kind::Variable(name) if !bound.contains(&name) => Some((node.span.start, name)),
            _ => None,
        })
        .collect();
    reads.sort_by_key(|(start, _)| *start);
    let mut names: Vec<Arc<str>> = Vec::new();
    for (_, name) in reads {
        let name = program.symbol(name);
        let is_function = functions::TABLE.iter().any(|builtin| builtin.name == &**name);
        if !is_function && &**name != "$" && !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::super::Jsonata;
    use super::*;

    fn refused(text: &str, allowed: StatesFields) -> Vec<(String, String)> {
        let expression = Jsonata::compile(text).expect("compiles");
        let found = expression.check_references(allowed).into_iter();
        found.map(|reference| (reference.message, reference.span.text(text).to_owned())).collect()
    }

    #[test]
    fn there_is_no_input_at_the_top_level() {
        for (text, messages) in [
            ("phone", &["Reference to 'phone' at the top level is not supported."][..]),
            ("phone[0].number", &["Reference to 'phone' at the top level is not supported."]),
            (
                "aaa + bbb",
                &[
                    "Reference to 'aaa' at the top level is not supported.",
                    "Reference to 'bbb' at the top level is not supported.",
                ],
            ),
            ("$.phone", &["Reference to '$' at the top level is not supported."]),
            ("$$", &["Reference to '$$' is not supported."]),
            ("$x.($$.a)", &["Reference to '$$' is not supported."]),
            ("{'a': b}", &["Reference to 'b' at the top level is not supported."]),
            ("$map($x, function($v){ $v.a + b })", &["Reference to 'b' at the top level is not supported."]),
        ] {
            let found: Vec<String> =
                refused(text, StatesFields::default()).into_iter().map(|(message, _)| message).collect();
            assert_eq!(found, messages, "{text}");
        }
    }

    #[test]
    fn steps_and_predicates_have_a_context() {
        for text in [
            "$states.input.items[price > 10].(name & $.id)",
            "$x^(>age).name",
            "$x{type: $sum(price)}",
            "$x ~> |account|{'total': price * quantity}, ['price']|",
            "$sum($states.input.order.(price * quantity))",
            "$states.context.Execution.Id",
            "($a := 1; $a)",
        ] {
            assert_eq!(refused(text, StatesFields::default()), [], "{text}");
        }
    }

    #[test]
    fn fields_of_states_depend_on_the_place() {
        let message = |field: &str| format!("Field '$states.{field}' does not exist.");
        let span = |text: &str| text.to_owned();
        let with_result = StatesFields { result: true, error_output: false };
        assert_eq!(refused("1 + $states.result.a", with_result), []);
        assert_eq!(
            refused("1 + $states.result.a", StatesFields::default()),
            [(message("result"), span("$states.result"))]
        );
        assert_eq!(
            refused("$states.errorOutput", with_result),
            [(message("errorOutput"), span("$states.errorOutput"))]
        );
    }

    #[test]
    fn the_members_of_states_that_are_used() {
        let used = |text: &str| {
            let used = Jsonata::compile(text).expect("compiles").states_use();
            let names = [("i", used.input), ("c", used.context), ("r", used.result), ("e", used.error_output)];
            names.into_iter().filter(|(_, used)| *used).map(|(name, _)| name).collect::<String>()
        };
        for (text, names) in [
            ("$states.input.a", "i"),
            ("$states.input", "i"),
            ("$states.result.a[b = $states.context.c]", "cr"),
            ("$states.errorOutput.Cause", "e"),
            ("$states.input.(a + $states.result)", "ir"),
            ("$x.input", ""),
            ("$states", "icre"),
            ("$states.*", "icre"),
            ("$states[input.a].result", "icre"),
            ("($s := $states; $s.input)", "icre"),
            ("$lookup($states, 'input')", "icre"),
            ("$states.(input)", "icre"),
        ] {
            assert_eq!(used(text), names, "{text}");
        }
    }

    #[test]
    fn variables_of_others() {
        let expression = Jsonata::compile("($x := $a; $sum($x.b[c = $d]) + $a + $states.input.e)").expect("compiles");
        let names: Vec<String> = expression.variables().iter().map(ToString::to_string).collect();
        assert_eq!(names, ["a", "d", "states"]);
    }
}
