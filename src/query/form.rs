//! JSON with expressions in it, compiled: what payload templates and the payloads of JSONata states have in common.

use std::sync::Arc;

use super::error::QueryError;
use super::piece::Piece;
use crate::value::diff::Step;
use crate::value::{Object, Value};

/// A part of it. What holds no expression is one shared value.
#[derive(Debug, Clone)]
pub(super) enum Form<E> {
    Fixed(Value),
    Expression(E),
    Array(Arc<[Form<E>]>),
    Object(Arc<[(Arc<str>, Form<E>)]>),
}

impl<E> Form<E> {
    /// The value with that of each expression in its place.
    // Loops, not chains of iterators: these recurse as deep as the text nests, and must fit a thread's stack.
    pub(super) fn fill<F>(&self, evaluate: &mut F) -> Result<Value, QueryError>
    where
        F: FnMut(&E) -> Result<Value, QueryError>,
    {
        match self {
            Self::Fixed(value) => Ok(value.clone()),
            Self::Expression(expression) => evaluate(expression),
            Self::Array(items) => {
                let mut values = Vec::with_capacity(items.len());
                for item in items.iter() {
                    values.push(item.fill(evaluate)?);
                }
                Ok(Value::from(values))
            }
            Self::Object(members) => {
                let mut entries = Vec::with_capacity(members.len());
                for (key, part) in members.iter() {
                    entries.push((key.clone(), part.fill(evaluate)?));
                }
                Ok(Value::Object(Object::from_distinct(entries)))
            }
        }
    }

    /// What makes the part of the value that `steps` lead to; none where there is no such part.
    pub(super) fn piece(&self, steps: &[Step]) -> Option<Piece<&E>> {
        let mut part = self;
        for (used, step) in steps.iter().enumerate() {
            let (items, members) = match part {
                Self::Fixed(_) => return Some(Piece::Fixed),
                Self::Expression(expression) => return Some(Piece::Expression(expression, used)),
                Self::Array(items) => (Some(&items[..]), None),
                Self::Object(members) => (None, Some(&members[..])),
            };
            part = member(items, members, step)?;
        }
        Some(match part {
            Self::Fixed(_) => Piece::Fixed,
            Self::Expression(expression) => Piece::Expression(expression, steps.len()),
            _ => {
                let mut parts = Vec::new();
                part.collect(&mut Vec::new(), &mut parts);
                Piece::Parts(parts)
            }
        })
    }

    /// Adds the expressions with the steps to them; the depth of this recursion is that of the text.
    fn collect<'p>(&'p self, path: &mut Vec<Step>, parts: &mut Vec<(Vec<Step>, &'p E)>) {
        match self {
            Self::Fixed(_) => {}
            Self::Expression(expression) => parts.push((path.clone(), expression)),
            Self::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    path.push(Step::Index(at));
                    item.collect(path, parts);
                    path.pop();
                }
            }
            Self::Object(members) => {
                for (key, part) in members.iter() {
                    path.push(Step::Key(key.clone()));
                    part.collect(path, parts);
                    path.pop();
                }
            }
        }
    }

    /// Calls `visit` with each expression, in the order of the text.
    pub(super) fn for_each<'p>(&'p self, visit: &mut impl FnMut(&'p E)) {
        match self {
            Self::Fixed(_) => {}
            Self::Expression(expression) => visit(expression),
            Self::Array(items) => items.iter().for_each(|item| item.for_each(visit)),
            Self::Object(members) => members.iter().for_each(|(_, part)| part.for_each(visit)),
        }
    }

    /// The array of `items`, fixed if all of them are.
    pub(super) fn array(items: Vec<Self>) -> Self {
        match items.iter().map(Self::fixed).collect::<Option<Vec<Value>>>() {
            Some(values) => Self::Fixed(values.into()),
            None => Self::Array(items.into()),
        }
    }

    /// The object of `members`, whose keys are distinct; fixed if all of them are.
    pub(super) fn object(members: Vec<(Arc<str>, Self)>) -> Self {
        let fixed = members.iter().map(|(key, part)| Some((key.clone(), part.fixed()?)));
        match fixed.collect::<Option<Object>>() {
            Some(object) => Self::Fixed(Value::Object(object)),
            None => Self::Object(members.into()),
        }
    }

    fn fixed(&self) -> Option<Value> {
        match self {
            Self::Fixed(value) => Some(value.clone()),
            _ => None,
        }
    }
}

/// The part of an array or object to which `step` leads.
fn member<'p, P, K: AsRef<str>>(items: Option<&'p [P]>, members: Option<&'p [(K, P)]>, step: &Step) -> Option<&'p P> {
    match step {
        Step::Index(at) => items?.get(*at),
        Step::Key(key) => members?.iter().rev().find(|(known, _)| known.as_ref() == &**key).map(|(_, part)| part),
    }
}
