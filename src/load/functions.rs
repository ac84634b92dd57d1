//! The functions of CloudFormation, as far as a template alone says what they give.
//!
//! What is known only after a deployment stays a placeholder: `Fn::GetAtt` of `Arn` of `Worker` is `${Worker.Arn}`.

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::Arc;

use super::fill::{self, Lookup};
use super::settings::Given;
use crate::text::{Member, Node, NodeKind, Span, Tracked, spelling};

/// How many functions are evaluated for one file: arguments of functions can be functions.
const MAX_CALLS: usize = 100_000;

/// How deep functions are arguments of functions: more than the service takes, and little of the stack.
const MAX_DEPTH: usize = 100;

/// How deep conditions name each other.
const MAX_CONDITIONS: usize = 32;

/// What a function gives.
#[derive(Debug)]
pub(super) enum Outcome<'n> {
    /// A text.
    Text(Tracked),
    /// A number, as it is spelled.
    Number(Tracked),
    /// One of its arguments.
    Node(&'n Node),
    /// `AWS::NoValue`: the property is not there.
    Nothing,
}

/// The values that a template has.
pub(super) struct Template<'n> {
    source: &'n str,
    given: &'n Given<'n>,
    parameters: HashMap<&'n str, &'n Node>,
    mappings: Option<&'n Node>,
    conditions: Option<&'n Node>,
    calls: Cell<usize>,
    depth: Cell<usize>,
}

impl<'n> Template<'n> {
    /// The template `root` of the text `source`.
    pub(super) fn new(root: &'n Node, source: &'n str, given: &'n Given<'n>) -> Self {
        let part = |key| root.get(key).map(|member| &member.value);
        let members = part("Parameters").and_then(Node::members).unwrap_or_default();
        Self {
            source,
            given,
            parameters: members.iter().map(|member| (&*member.key, &member.value)).collect(),
            mappings: part("Mappings"),
            conditions: part("Conditions"),
            calls: Cell::new(0),
            depth: Cell::new(0),
        }
    }

    pub(super) fn source(&self) -> &'n str {
        self.source
    }

    /// The value of a name: as it is given, else the default of the parameter.
    pub(super) fn value(&self, name: &str) -> Option<Arc<str>> {
        self.given.value(name).or_else(|| self.default(name))
    }

    /// The default of a parameter.
    fn default(&self, name: &str) -> Option<Arc<str>> {
        let text = match &self.parameters.get(name)?.get("Default")?.value.kind {
            NodeKind::String(text) | NodeKind::Number(text) => text.clone(),
            NodeKind::Bool(value) => value.to_string().into(),
            _ => return None,
        };
        // The value of such a parameter is looked up at deployment; the default is its name.
        let is_name = self.parameter_type(name).is_some_and(|kind| kind.starts_with("AWS::SSM::Parameter::Value"));
        (!is_name && !text.is_empty()).then_some(text)
    }

    fn is_number(&self, name: &str) -> bool {
        self.parameter_type(name) == Some("Number")
    }

    fn parameter_type(&self, name: &str) -> Option<&'n str> {
        self.parameters.get(name)?.get("Type")?.value.as_str()
    }

    /// The text that `node` is or gives; a placeholder where that is not known.
    pub(super) fn text(&self, node: &'n Node) -> Tracked {
        match self.resolved(node) {
            Outcome::Text(text) | Outcome::Number(text) => text,
            Outcome::Node(node) => self.plain_text(node),
            Outcome::Nothing => Tracked::default(),
        }
    }

    /// What `node` gives when all functions around a value are gone.
    pub(super) fn resolved(&self, node: &'n Node) -> Outcome<'n> {
        let mut node = node;
        loop {
            match self.call(node) {
                Some(Outcome::Node(inner)) => node = inner,
                Some(other) => return other,
                None => return Outcome::Node(node),
            }
        }
    }

    fn plain_text(&self, node: &Node) -> Tracked {
        match &node.kind {
            NodeKind::String(_) => spelling::of_node(self.source, node),
            NodeKind::Number(text) => Tracked::standing_for(text, node.span),
            NodeKind::Bool(value) => Tracked::standing_for(&value.to_string(), node.span),
            _ => Tracked::standing_for(&crate::value::from_node(node).to_json(), node.span),
        }
    }

    /// What the function `node` gives; none when it is no function.
    pub(super) fn call(&self, node: &'n Node) -> Option<Outcome<'n>> {
        let [Member { key, value, .. }] = node.members()? else { return None };
        if &**key != "Ref" && !key.starts_with("Fn::") {
            return None;
        }
        self.calls.set(self.calls.get() + 1);
        if self.calls.get() > MAX_CALLS || self.depth.get() >= MAX_DEPTH {
            return Some(placeholder(key, node.span));
        }
        self.depth.set(self.depth.get() + 1);
        let outcome = self.outcome(key, value, node.span);
        self.depth.set(self.depth.get() - 1);
        outcome
    }

    fn outcome(&self, name: &str, value: &'n Node, span: Span) -> Option<Outcome<'n>> {
        let known = match name {
            "Ref" => self.reference(value.as_str()?, span),
            "Fn::GetAtt" => self.attribute(value, span),
            "Fn::Sub" => Outcome::Text(self.sub(value)?),
            "Fn::Join" => Outcome::Text(self.join(value, span)?),
            "Fn::If" => self.choose(value)?,
            "Fn::Select" => self.select(value).unwrap_or_else(|| placeholder(name, span)),
            "Fn::FindInMap" => self.find_in_map(value, span),
            "Fn::ImportValue" => {
                let exported = self.text(value);
                self.named(&exported.text().replace(['$', '{', '}'], ""), span)
            }
            "Fn::ToJsonString" => Outcome::Text(super::emit::json(value, self, &|name| self.value(name))),
            _ => placeholder(name, span),
        };
        Some(known)
    }

    fn reference(&self, name: &str, span: Span) -> Outcome<'n> {
        if name == "AWS::NoValue" {
            return Outcome::Nothing;
        }
        let Some(value) = self.value(name) else { return placeholder(name, span) };
        let value = Tracked::standing_for(&value, span);
        if self.is_number(name) { Outcome::Number(value) } else { Outcome::Text(value) }
    }

    /// The value that is given for `name`, or its placeholder.
    fn named(&self, name: &str, span: Span) -> Outcome<'n> {
        match self.given.value(name) {
            Some(value) => Outcome::Text(Tracked::standing_for(&value, span)),
            None => placeholder(name, span),
        }
    }

    fn attribute(&self, value: &'n Node, span: Span) -> Outcome<'n> {
        let name = match value.items() {
            Some(parts) => parts.iter().map(|part| self.text(part).text().to_owned()).collect::<Vec<_>>().join("."),
            None => self.text(value).text().to_owned(),
        };
        self.named(&name, span)
    }

    fn sub(&self, value: &'n Node) -> Option<Tracked> {
        let (text, names) = match value.items() {
            Some([text, names]) => (text, names.members().unwrap_or_default()),
            Some([text]) => (text, &[][..]),
            Some(_) => return None,
            None => (value, &[][..]),
        };
        let values: HashMap<&str, Arc<str>> =
            names.iter().map(|member| (&*member.key, Arc::from(self.text(&member.value).text()))).collect();
        let lookup =
            |name: &str| self.given.value(name).or_else(|| values.get(name).cloned()).or_else(|| self.value(name));
        Some(fill::substitute(&spelling::of_node(self.source, text), &lookup))
    }

    fn join(&self, value: &'n Node, span: Span) -> Option<Tracked> {
        let [delimiter, parts] = value.items()? else { return None };
        let delimiter = self.text(delimiter);
        let Some(parts) = parts.items() else { return Some(Tracked::standing_for("${Fn::Join}", span)) };
        let mut out = Tracked::default();
        for (at, part) in parts.iter().enumerate() {
            let text = self.text(part);
            if at > 0 {
                out.push(delimiter.text(), Span::at(part.span.start as usize));
            }
            out.append(&text);
        }
        Some(out)
    }

    fn select(&self, value: &'n Node) -> Option<Outcome<'n>> {
        let [index, list] = value.items()? else { return None };
        let index: usize = self.text(index).text().parse().ok()?;
        match self.resolved(list) {
            Outcome::Node(list) => list.items()?.get(index).map(Outcome::Node),
            _ => None,
        }
    }

    fn find_in_map(&self, value: &'n Node, span: Span) -> Outcome<'n> {
        let Some([map, first, second, ..]) = value.items() else { return placeholder("Fn::FindInMap", span) };
        let names = [map, first, second].map(|part| self.text(part).text().to_owned());
        let found =
            names.iter().try_fold(self.mappings, |node, name| node.map(|node| node.get(name).map(|m| &m.value)));
        match found.flatten() {
            Some(node) => Outcome::Node(node),
            None => self.named(&names.join(".").replace(['$', '{', '}'], ""), span),
        }
    }

    /// The first value unless the condition is known not to hold.
    fn choose(&self, value: &'n Node) -> Option<Outcome<'n>> {
        let [condition, yes, no] = value.items()? else { return None };
        let holds = self.condition(condition.as_str()?, 0).unwrap_or(true);
        Some(Outcome::Node(if holds { yes } else { no }))
    }

    fn condition(&self, name: &str, depth: usize) -> Option<bool> {
        let node = &self.conditions?.get(name).filter(|_| depth < MAX_CONDITIONS)?.value;
        self.holds(node, depth + 1)
    }

    fn holds(&self, node: &'n Node, depth: usize) -> Option<bool> {
        let [Member { key, value, .. }] = node.members().filter(|_| depth < MAX_CONDITIONS)? else { return None };
        let parts = || value.items().unwrap_or_default().iter();
        match &**key {
            "Condition" => self.condition(value.as_str()?, depth),
            "Fn::Not" => parts().next().and_then(|part| self.holds(part, depth + 1)).map(|holds| !holds),
            "Fn::And" => parts().try_fold(true, |all, part| Some(all & self.holds(part, depth + 1)?)),
            "Fn::Or" => parts().try_fold(false, |any, part| Some(any | self.holds(part, depth + 1)?)),
            "Fn::Equals" => {
                let [left, right] = value.items()? else { return None };
                let (left, right) = (self.text(left), self.text(right));
                let is_known = |text: &Tracked| !text.text().contains("${");
                (is_known(&left) && is_known(&right)).then(|| left.text() == right.text())
            }
            _ => None,
        }
    }
}

fn placeholder<'n>(name: &str, span: Span) -> Outcome<'n> {
    Outcome::Text(Tracked::standing_for(&format!("${{{name}}}"), span))
}

/// Whether `text` is one placeholder and nothing else.
pub(super) fn is_unknown(text: &str) -> bool {
    fill::placeholder_at(text, 0).is_some_and(|found| found.end == text.len())
}

/// The lookup of the substitutions that stand beside a definition, and of what is given.
pub(super) fn substitutions<'t, 'n: 't>(template: &'t Template<'n>, node: Option<&'n Node>) -> Box<Lookup<'t>> {
    let members = node.and_then(Node::members).unwrap_or_default();
    let values: HashMap<&str, Arc<str>> = members
        .iter()
        .map(|member| (&*member.key, template.text(&member.value)))
        // What is not known stays visible under the name that the definition has for it.
        .filter(|(_, text)| !is_unknown(text.text()))
        .map(|(name, text)| (name, Arc::from(text.text())))
        .collect();
    Box::new(move |name| template.given.value(name).or_else(|| values.get(name).cloned()))
}
