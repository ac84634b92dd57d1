//! One step back through an expression: templates, paths, JSONata.

use std::sync::Arc;

use super::made::{Made, Site};
use super::{End, MOST_PARTS, Place, Provenance};
use crate::asl::Filling;
use crate::query::jsonata::{Evaluated, Form, Jsonata, JsonataEnv, Outline};
use crate::query::jsonata_field::States;
use crate::query::{self, Expression, JsonPath, JsonataField, Payload, Piece, Root, Template};
use crate::text::{Node, NodeKind, Span};
use crate::value::diff::Step;
use crate::value::{Object, Timestamp, Value};

impl Provenance<'_> {
    /// What a path starts from.
    pub(super) fn root(&self, path: &JsonPath, site: &Site) -> Place {
        match path.root() {
            Root::Input => site.dollar.clone(),
            Root::Context => site.context(),
            Root::Variable(name) => Place::Variable(site.branch, site.events, name.clone(), Vec::new()),
        }
    }

    pub(super) fn templated(&mut self, template: &Template, site: &Site, path: &[Step]) -> Made {
        match template.piece(path) {
            Some(Piece::Fixed) => Made::End { end: End::Literal, how: String::new(), span: site.span },
            Some(Piece::Expression(expression, used)) => self.expression(expression, site, &path[used..]),
            Some(Piece::Parts(parts)) => {
                let paths = parts.iter().flat_map(|(_, expression)| expression.paths());
                let parts = paths.take(MOST_PARTS).map(|(path, _)| self.whole(path, site)).collect();
                Made::Of { parts, how: "put together".to_owned(), span: site.span }
            }
            None => Made::end(End::Unknown),
        }
    }

    fn expression(&mut self, expression: &Expression, site: &Site, rest: &[Step]) -> Made {
        if let Some(path) = expression.path() {
            return self.jsonpath(path, site, rest);
        }
        if let [Step::Index(at), rest @ ..] = rest
            && let Some(path) = expression.element(*at)
        {
            return self.jsonpath(path, site, rest);
        }
        let paths = expression.paths();
        let parts: Vec<Place> = paths.iter().take(MOST_PARTS).map(|(path, _)| self.whole(path, site)).collect();
        let how = expression.text().to_owned();
        match parts.is_empty() {
            // A call without paths is as good as a literal.
            true => Made::End { end: End::Literal, how, span: site.span },
            false => Made::Of { parts, how, span: site.span },
        }
    }

    /// The place that a path leads to, as far as it leads to one.
    fn whole(&mut self, path: &JsonPath, site: &Site) -> Place {
        match self.jsonpath(path, site, &[]) {
            Made::From { next, .. } => next,
            _ => self.root(path, site),
        }
    }

    pub(super) fn paid(&mut self, payload: &Payload, site: &Site, path: &[Step]) -> Made {
        match payload.piece(path) {
            Some(Piece::Fixed) => Made::End { end: End::Literal, how: String::new(), span: site.span },
            Some(Piece::Expression(field, used)) => self.jsonata(field, site, &path[used..]),
            Some(Piece::Parts(parts)) => {
                let references = parts.iter().flat_map(|(_, field)| field.jsonata().references());
                let parts = self.places(references, site);
                Made::Of { parts, how: "put together".to_owned(), span: site.span }
            }
            None => Made::end(End::Unknown),
        }
    }

    fn jsonata(&mut self, field: &JsonataField, site: &Site, rest: &[Step]) -> Made {
        let jsonata = field.jsonata();
        let outline = jsonata.outline();
        if let Some(made) = self.outlined(&outline, jsonata, site, rest) {
            return made;
        }
        let references = jsonata.references();
        let how = format!("{{% {} %}}", jsonata.text());
        if references.iter().any(|reference| names(reference, "errorOutput")) {
            return Made::End { end: End::Error, how, span: site.span };
        }
        let is_fixed = references.is_empty();
        let parts = self.places(references, site);
        match is_fixed {
            true => Made::End { end: End::Literal, how, span: site.span },
            false => Made::Of { parts, how, span: site.span },
        }
    }

    /// How the part `rest` of the value of a part of an expression was made; none where it computes. The depth of this
    /// recursion is bounded by that of the outline.
    fn outlined(&mut self, outline: &Outline, jsonata: &Jsonata, site: &Site, rest: &[Step]) -> Option<Made> {
        let how = || outline.span.text(jsonata.text()).to_owned();
        match (&outline.form, rest) {
            (Form::Literal, _) => Some(Made::End { end: End::Literal, how: how(), span: site.span }),
            (Form::Reference(..), _) if names(outline, "errorOutput") => {
                Some(Made::End { end: End::Error, how: how(), span: site.span })
            }
            (Form::Reference(name, steps), _) => {
                let next = self.reference(name, steps, site)?.inside(rest);
                Some(Made::From { next, how: how(), span: site.span })
            }
            (Form::Object(members), [Step::Key(key), rest @ ..]) => {
                let (_, member) = members.iter().find(|(known, _)| known == key)?;
                let made = self.outlined(member, jsonata, site, rest);
                Some(made.unwrap_or_else(|| self.part(member, jsonata, site)))
            }
            (Form::Array(items), [Step::Index(at), rest @ ..]) => self.outlined(items.get(*at)?, jsonata, site, rest),
            (Form::Condition(condition, then, otherwise), _) => {
                let chosen = match self.evaluate(condition.text(jsonata.text()), site)? {
                    true => Some(then),
                    false => otherwise.as_ref(),
                };
                self.outlined(chosen?, jsonata, site, rest)
            }
            (Form::Merge(items), [Step::Key(key), ..]) => {
                let item = items.iter().rev().map(|item| Some((item, self.has(item, key, site)?)));
                let known = item.collect::<Option<Vec<_>>>()?;
                let (item, _) = known.into_iter().find(|(_, has)| *has)?;
                self.outlined(item, jsonata, site, rest)
            }
            _ => None,
        }
    }

    /// A member of an object that computes: from what it alone reads.
    fn part(&mut self, member: &Outline, jsonata: &Jsonata, site: &Site) -> Made {
        let text = member.span.text(jsonata.text());
        let own = Jsonata::compile(text).map(|own| own.references()).unwrap_or_default();
        // A name that the expression around it binds is no variable of the state.
        let known = jsonata.references();
        let is_known = |reference: &Outline| match &reference.form {
            Form::Reference(name, _) => {
                known.iter().any(|known| matches!(&known.form, Form::Reference(n, _) if n == name))
            }
            _ => false,
        };
        let own = if own.iter().all(is_known) && !own.is_empty() { own } else { known };
        Made::Of { parts: self.places(own, site), how: text.to_owned(), span: site.span }
    }

    /// Whether the value of a part has the key; none where that is not known.
    fn has(&mut self, item: &Outline, key: &Arc<str>, site: &Site) -> Option<bool> {
        match &item.form {
            Form::Object(members) => Some(members.iter().any(|(known, _)| known == key)),
            Form::Reference(name, steps) => {
                let place = self.reference(name, steps, site)?;
                Some(self.value(&place)?.as_object()?.contains_key(key))
            }
            _ => None,
        }
    }

    fn reference(&self, name: &Arc<str>, steps: &[Step], site: &Site) -> Option<Place> {
        if &**name != "states" {
            return Some(Place::Variable(site.branch, site.events, name.clone(), steps.to_vec()));
        }
        let (Step::Key(member), rest) = steps.split_first()? else { return None };
        let place = match &**member {
            "input" => site.input.clone(),
            "context" => site.context(),
            "result" => site.result.clone()?,
            _ => return None,
        };
        Some(place.inside(rest))
    }

    fn places(&mut self, references: impl IntoIterator<Item = Outline>, site: &Site) -> Vec<Place> {
        let place = |outline: Outline| match &outline.form {
            Form::Reference(name, steps) => {
                // An array on the way makes of one path many; what is before it is one place.
                let lengths = (0..=steps.len()).rev();
                let places: Vec<_> =
                    lengths.filter_map(|length| self.reference(name, &steps[..length], site)).collect();
                places.into_iter().find(|place| self.value(place).is_some())
            }
            _ => None,
        };
        references.into_iter().filter_map(place).take(MOST_PARTS).collect()
    }

    /// Whether a condition holds that stands alone; none where it needs what is around it, or fails.
    fn evaluate(&mut self, text: &str, site: &Site) -> Option<bool> {
        let condition = Jsonata::compile(&format!("$boolean({text})")).ok()?;
        let mut sight = Sight { provenance: self, site };
        match condition.evaluate(None, &mut sight).ok()? {
            Evaluated::Value(Value::Bool(holds)) => Some(holds),
            Evaluated::Undefined => Some(false),
            _ => None,
        }
    }

    /// What a template or payload gives as a whole; none where it fails.
    pub(super) fn evaluated(&mut self, filling: &Filling, site: &Site) -> Option<Value> {
        let input = self.value(&site.input).unwrap_or(Value::Null);
        let dollar = self.value(&site.dollar)?;
        let mut sight = Sight { provenance: self, site };
        match filling {
            Filling::Template(template) => template.evaluate(&dollar, &mut sight).ok(),
            Filling::Payload(payload) => payload.evaluate(&States::of(&input), &mut sight).ok(),
        }
    }

    /// The place of the part `path` of the field whose value stands at `field`, as far as it is written out.
    pub(super) fn span_of(&mut self, field: Option<Span>, path: &[Step]) -> Option<Span> {
        let field = field?;
        let definition = self.definition;
        // Of what is made of parts of a template only the places are known.
        let Some(root) = definition.root.as_deref() else { return Some(field) };
        let Some(mut node) = within(root, field) else { return Some(field) };
        for step in path {
            let next = match (&node.kind, step) {
                (NodeKind::Object(_), Step::Key(key)) => {
                    let path = format!("{key}.$");
                    node.get(key).or_else(|| node.get(&path)).map(|member| &member.value)
                }
                (NodeKind::Array(items), Step::Index(at)) => items.get(*at),
                _ => None,
            };
            let Some(next) = next else { break };
            node = next;
        }
        Some(node.span)
    }
}

impl Site {
    /// The context object that is seen there.
    fn context(&self) -> Place {
        match self.item {
            Some(item) => Place::RunItem(self.visit, item, Vec::new()),
            None => Place::Context(self.visit, self.branch, Vec::new()),
        }
    }
}

/// Whether a part names this member of `$states`.
fn names(outline: &Outline, member: &str) -> bool {
    match &outline.form {
        Form::Reference(name, steps) if &**name == "states" => {
            matches!(steps.first(), Some(Step::Key(key)) if &**key == member)
        }
        _ => false,
    }
}

/// The node that stands at `span`.
fn within(root: &Node, span: Span) -> Option<&Node> {
    let mut node = root;
    while node.span != span {
        let children: Box<dyn Iterator<Item = &Node>> = match &node.kind {
            NodeKind::Object(members) => Box::new(members.iter().map(|member| &member.value)),
            NodeKind::Array(items) => Box::new(items.iter()),
            _ => return None,
        };
        let holds = |child: &&Node| child.span.start <= span.start && span.end <= child.span.end;
        node = children.into_iter().find(holds)?;
    }
    Some(node)
}

/// What a condition of an expression sees.
struct Sight<'p, 'l> {
    provenance: &'p mut Provenance<'l>,
    site: &'p Site,
}

impl query::Scope for Sight<'_, '_> {
    fn context(&mut self) -> Value {
        self.provenance.value(&self.site.context()).unwrap_or(Value::Null)
    }

    fn variable(&mut self, name: &str) -> Option<Value> {
        let site = self.site;
        self.provenance.value(&Place::Variable(site.branch, site.events, name.into(), Vec::new()))
    }

    fn random(&mut self) -> u64 {
        0
    }

    fn now(&mut self) -> Timestamp {
        self.provenance.started
    }
}

impl JsonataEnv for Sight<'_, '_> {
    fn variable(&mut self, name: &str) -> Option<Value> {
        let site = self.site;
        if name != "states" {
            let place = Place::Variable(site.branch, site.events, name.into(), Vec::new());
            return self.provenance.value(&place);
        }
        let mut states = Object::new();
        let context = site.context();
        for (key, place) in
            [("input", Some(&site.input)), ("context", Some(&context)), ("result", site.result.as_ref())]
        {
            if let Some(value) = place.and_then(|place| self.provenance.value(place)) {
                states.insert(key, value);
            }
        }
        Some(Value::Object(states))
    }

    fn now(&mut self) -> Timestamp {
        self.provenance.started
    }

    fn random(&mut self) -> u64 {
        0
    }
}
