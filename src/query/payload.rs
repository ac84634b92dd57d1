//! Payloads of JSONata states: JSON in which each string between `{%` and `%}` is an expression.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use super::Scope;
use super::error::QueryError;
use super::form::Form;
use super::jsonata_field::{JsonataField, States};
use super::piece::Piece;
use crate::text::{Node, NodeKind};
use crate::value::diff::Step;
use crate::value::{self, Value};

/// A compiled payload.
#[derive(Debug, Clone)]
pub struct Payload {
    part: Part,
}

type Part = Form<Arc<JsonataField>>;

/// Reads the strings of a payload.
pub trait Strings {
    /// What string `node` at `location` stands for: an expression, or itself. Faults are told elsewhere.
    fn read(&mut self, node: &Node, location: &str) -> Option<JsonataField>;
}

impl Payload {
    /// Compiles `node`, which stands at `location` in its state (`Output`, `Catch[0]/Assign`).
    pub fn compile(node: &Node, location: &str, strings: &mut dyn Strings) -> Self {
        let mut compiler = Compiler { strings, location: location.to_owned() };
        Self { part: compiler.part(node) }
    }

    /// A payload that is this expression alone.
    #[must_use]
    pub fn of(expression: JsonataField) -> Self {
        Self { part: Part::Expression(Arc::new(expression)) }
    }

    /// The payload filled in. A payload without expressions is shared, not copied.
    ///
    /// # Errors
    /// The first expression that fails.
    pub fn evaluate(&self, states: &States<'_>, scope: &mut dyn Scope) -> Result<Value, QueryError> {
        self.part.fill(&mut |expression| expression.evaluate(states, scope))
    }

    /// The expression, when the payload is one and nothing else.
    #[must_use]
    pub fn expression(&self) -> Option<&JsonataField> {
        match &self.part {
            Part::Expression(expression) => Some(expression),
            _ => None,
        }
    }

    /// What makes the part of its value that `steps` lead to; none where it has no such part.
    #[must_use]
    pub fn piece(&self, steps: &[Step]) -> Option<Piece<&JsonataField>> {
        self.part.piece(steps).map(|piece| piece.map(|expression| &**expression))
    }

    /// Calls `visit` with each expression, in the order of the text.
    pub fn for_each_expression<'p>(&'p self, visit: &mut impl FnMut(&'p JsonataField)) {
        self.part.for_each(&mut |expression| visit(expression));
    }
}

struct Compiler<'s> {
    strings: &'s mut dyn Strings,
    location: String,
}

impl Compiler<'_> {
    fn part(&mut self, node: &Node) -> Part {
        match &node.kind {
            NodeKind::String(_) => match self.strings.read(node, &self.location) {
                Some(expression) => Part::Expression(Arc::new(expression)),
                None => fixed(node),
            },
            NodeKind::Array(items) => {
                let mut parts = Vec::with_capacity(items.len());
                for (at, item) in items.iter().enumerate() {
                    parts.push(self.inside(&format!("[{at}]"), item));
                }
                Part::array(parts)
            }
            NodeKind::Object(members) => {
                let mut parts: Vec<(Arc<str>, Part)> = Vec::with_capacity(members.len());
                let mut places: HashMap<&str, usize> = HashMap::with_capacity(members.len());
                for member in members {
                    let part = self.inside(&format!("/{}", member.key), &member.value);
                    // Of equal keys the last one counts, at the place of the first.
                    match places.entry(&*member.key) {
                        Entry::Occupied(place) => parts[*place.get()].1 = part,
                        Entry::Vacant(place) => {
                            place.insert(parts.len());
                            parts.push((member.key.clone(), part));
                        }
                    }
                }
                Part::object(parts)
            }
            _ => fixed(node),
        }
    }

    fn inside(&mut self, step: &str, node: &Node) -> Part {
        let outer = self.location.len();
        self.location.push_str(step);
        let part = self.part(node);
        self.location.truncate(outer);
        part
    }
}

fn fixed(node: &Node) -> Part {
    Part::Fixed(value::from_node(node))
}

#[cfg(test)]
mod tests {
    use super::super::jsonata_field::{Delimited, delimited};
    use super::super::testing::{TestScope, json};
    use super::*;
    use crate::text::json::parse;

    struct All;

    impl Strings for All {
        fn read(&mut self, node: &Node, location: &str) -> Option<JsonataField> {
            let Delimited::Expression(text, _) = delimited(node.as_str()?) else { return None };
            Some(JsonataField::compile(text, location).expect("compiles"))
        }
    }

    fn compile(text: &str) -> Payload {
        Payload::compile(&parse(text).expect("valid JSON"), "Output", &mut All)
    }

    #[test]
    fn strings_between_delimiters_are_evaluated_wherever_they_stand() {
        let mut scope = TestScope::new("{}", r#"{"n":5}"#);
        let input = json(r#"{"a":[1,2]}"#);
        for (payload, value) in [
            (r#""{% $n %}""#, "5"),
            (r#"{"a":{"b":["{% $n %}","x"]},"c":null}"#, r#"{"a":{"b":[5,"x"]},"c":null}"#),
            (r#"["{% $states.input.a %}"]"#, "[[1,2]]"),
            (r#"{"{% $n %}":1}"#, r#"{"{% $n %}":1}"#),
            (r#""$n""#, r#""$n""#),
            ("12.5", "12.5"),
        ] {
            let filled = compile(payload).evaluate(&States::of(&input), &mut scope).expect("evaluates");
            assert_eq!(filled.to_json(), value, "{payload}");
        }
    }

    #[test]
    fn each_expression_knows_its_place() {
        let payload = compile(r#"{"a":{"b":["x","{% $n %}"]},"c":"{% $m %}"}"#);
        let mut places = Vec::new();
        payload.for_each_expression(&mut |field| places.push(format!("{} {}", field.location(), field.text())));
        assert_eq!(places, ["Output/a/b[1] $n", "Output/c $m"]);
    }

    #[test]
    fn what_holds_no_expression_is_shared() {
        let payload = compile(r#"{"a":[1,{"b":2}]}"#);
        let mut scope = TestScope::new("{}", "{}");
        let input = json("1");
        let first = payload.evaluate(&States::of(&input), &mut scope).expect("evaluates");
        let again = payload.evaluate(&States::of(&input), &mut scope).expect("evaluates");
        assert!(first.is_same(&again));
    }
}
