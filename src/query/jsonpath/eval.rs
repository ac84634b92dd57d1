//! Steps applied to values.

use std::borrow::Cow;
use std::cell::Cell;

use super::Dialect;
use super::filter::Filter;
use super::miss::{Miss, Reason};
use super::parse::{Call, Step, StepKind};
use crate::value::{Array, Object, Value};

/// The most values that one path may find at any step: 40 times as many as a payload of 256 KiB can hold. Only several
/// `..` one after the other, or indexes named many times, find values more than once.
const MOST_FOUND: usize = 5_000_000;
/// The most values that one path may look at, those in its filters included (a second or so): 400 times as many as such
/// a payload can hold, so that a filter that looks through everything can be asked for thousands of elements.
const MOST_VISITED: usize = 50_000_000;

/// What a path is evaluated in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Document<'v> {
    /// What `$` is inside a filter.
    pub(super) root: &'v Value,
    pub(super) dialect: Dialect,
    work: &'v Work,
}

/// How many values the evaluation of a path may still look at.
#[derive(Debug)]
pub(super) struct Work(Cell<usize>);

impl Work {
    pub(super) fn new(most: usize) -> Self {
        // At 0 there was too much.
        Self(Cell::new(most + 1))
    }
}

impl Default for Work {
    fn default() -> Self {
        Self::new(MOST_VISITED)
    }
}

impl<'v> Document<'v> {
    pub(super) fn new(root: &'v Value, dialect: Dialect, work: &'v Work) -> Self {
        Self { root, dialect, work }
    }

    /// Counts values that are looked at; whether there may be so many.
    pub(super) fn visit(self, count: usize) -> bool {
        let left = self.work.0.get().saturating_sub(count);
        self.work.0.set(left);
        left > 0
    }

    /// The same for the steps back that matching a pattern may take. Up to a thousand are not worth counting.
    pub(super) fn may_take(self, steps: usize) -> bool {
        self.visit(if steps > 1000 { steps.saturating_mul(2) } else { 0 })
    }

    /// The value of what was selected, unless it took too much: filters alone cannot fail.
    pub(super) fn finished(self, selected: Selected<'_>, at: usize) -> Result<Value, Miss> {
        self.check(0, at)?;
        Ok(selected.into_cow().into_owned())
    }

    fn check(self, found: usize, at: usize) -> Result<(), Miss> {
        let too_much = found > MOST_FOUND || self.work.0.get() == 0;
        if too_much { Err(Miss { at, reason: Reason::TooMuch }) } else { Ok(()) }
    }
}

/// What a path found.
#[derive(Debug)]
pub(super) enum Selected<'v> {
    /// The value of a definite path.
    One(Cow<'v, Value>),
    /// The values of any other path.
    List(Vec<Cow<'v, Value>>),
}

impl<'v> Selected<'v> {
    /// One value, or the list as an array.
    pub(super) fn into_cow(self) -> Cow<'v, Value> {
        match self {
            Self::One(value) => value,
            Self::List(values) => Cow::Owned(values.into_iter().map(Cow::into_owned).collect::<Vec<_>>().into()),
        }
    }
}

/// Follows names and indexes; allocates nothing.
pub(super) fn walk<'v>(steps: &[Step], start: &'v Value) -> Result<&'v Value, Miss> {
    let mut value = start;
    for (at, step) in steps.iter().enumerate() {
        let next = match &step.kind {
            StepKind::Name(name) => member(value, name),
            StepKind::Index(index) => element(value, *index),
            _ => Err(Reason::NotFound),
        };
        value = next.map_err(|reason| Miss { at, reason })?;
    }
    Ok(value)
}

fn member<'v>(value: &'v Value, name: &str) -> Result<&'v Value, Reason> {
    value.as_object().ok_or(Reason::NoObject)?.get(name).ok_or(Reason::NoMember)
}

fn element(value: &Value, index: i64) -> Result<&Value, Reason> {
    item(value.as_array().ok_or(Reason::NoArray)?, index).ok_or(Reason::NoElement)
}

/// The element at `index`; negative ones count from the end.
pub(super) fn item(items: &Array, index: i64) -> Option<&Value> {
    let length = i64::try_from(items.len()).ok()?;
    let position = if index < 0 { length + index } else { index };
    items.get(usize::try_from(position).ok()?)
}

impl<'v> Document<'v> {
    /// The values that `steps` select below `start`.
    pub(super) fn select(self, steps: &[Step], start: &'v Value) -> Result<Selected<'v>, Miss> {
        self.visit(steps.len());
        let Some((last, before)) = steps.split_last() else {
            return Ok(Selected::One(Cow::Borrowed(start)));
        };
        let at = before.len();
        if !before.iter().all(|step| step.kind.is_definite()) {
            return self.select_many(steps, last, start);
        }
        match &last.kind {
            StepKind::Name(_) | StepKind::Index(_) => {
                walk(steps, start).map(|value| Selected::One(Cow::Borrowed(value)))
            }
            StepKind::Names(names) => {
                let object = walk(before, start)?.as_object().ok_or(Miss { at, reason: Reason::NoObject })?;
                Ok(Selected::One(Cow::Owned(members(object, names))))
            }
            StepKind::Function(call) => {
                let value = self.call(call, walk(before, start)?, at)?;
                Ok(Selected::One(Cow::Owned(value)))
            }
            _ => self.select_many(steps, last, start),
        }
    }

    fn select_many(self, steps: &[Step], last: &Step, start: &'v Value) -> Result<Selected<'v>, Miss> {
        let at = steps.len() - 1;
        let values = match &last.kind {
            StepKind::Names(names) => {
                let found = self.gather(&steps[..at], steps, start)?;
                let objects = found.into_iter().filter_map(Value::as_object);
                objects.map(|object| Cow::Owned(members(object, names))).collect()
            }
            StepKind::Function(call) => {
                let found = self.gather(&steps[..at], steps, start)?;
                // Jayway turns a function after `..` into one over all that was found.
                if steps.iter().any(|step| matches!(step.kind, StepKind::Scan)) {
                    let all = Value::from(found.into_iter().cloned().collect::<Vec<_>>());
                    return self.call(call, &all, at).map(|value| Selected::One(Cow::Owned(value)));
                }
                found.into_iter().map(|value| self.call(call, value, at).map(Cow::Owned)).collect::<Result<_, _>>()?
            }
            _ => self.gather(steps, steps, start)?.into_iter().map(Cow::Borrowed).collect(),
        };
        Ok(Selected::List(values))
    }

    /// The values after `steps`, the first ones of `all`. Step by step over all values found so far: the order is the
    /// same as depth first, and no text can make it recurse deeply.
    fn gather(self, steps: &[Step], all: &[Step], start: &'v Value) -> Result<Vec<&'v Value>, Miss> {
        let mut found = vec![start];
        let mut definite = true;
        let mut at = 0;
        while let Some(step) = steps.get(at) {
            let mut next = Vec::new();
            if matches!(step.kind, StepKind::Scan) {
                definite = false;
                at += 1;
                let target = all.get(at).map(|step| &step.kind);
                for value in found {
                    self.scan(value, target, at, &mut next)?;
                }
                // The names at the end of a path build objects; those are left to the caller.
                at += usize::from(at < steps.len());
            } else {
                for value in found {
                    let before = next.len();
                    let applied = self.apply(&step.kind, value, &mut next);
                    self.visit(1 + next.len() - before);
                    self.check(next.len(), at)?;
                    if let (Err(reason), true) = (applied, definite) {
                        return Err(Miss { at, reason });
                    }
                }
                definite &= step.kind.is_definite();
                at += 1;
            }
            found = next;
        }
        Ok(found)
    }

    /// Applies a step to one value. A reason comes back where Jayway fails while the path is definite so far.
    fn apply(self, step: &StepKind, value: &'v Value, out: &mut Vec<&'v Value>) -> Result<(), Reason> {
        match step {
            StepKind::Name(name) => out.push(member(value, name)?),
            StepKind::Names(names) => {
                let object = value.as_object().ok_or(Reason::NoObject)?;
                out.extend(names.iter().filter_map(|name| object.get(name)));
            }
            StepKind::Index(index) => out.extend(item(value.as_array().ok_or(Reason::NoArray)?, *index)),
            StepKind::Indexes(indexes) => {
                let items = value.as_array().ok_or(Reason::NoArray)?;
                out.extend(indexes.iter().filter_map(|index| item(items, *index)));
            }
            StepKind::Slice { from, to } => {
                let items = value.as_array().ok_or(Reason::NoArray)?;
                out.extend(slice(items.len(), *from, *to).filter_map(|index| item(items, index)));
            }
            StepKind::Wildcard => out.extend(children(value)),
            StepKind::Filter(filter) => self.keep(filter, value, out)?,
            StepKind::Scan | StepKind::Function(_) => return Err(Reason::NotFound),
        }
        Ok(())
    }

    /// A filter asks the elements of an array, and an object itself.
    fn keep(self, filter: &Filter, value: &'v Value, out: &mut Vec<&'v Value>) -> Result<(), Reason> {
        match value {
            Value::Array(items) => out.extend(items.iter().filter(|item| filter.accepts(item, self))),
            Value::Object(_) => out.extend(filter.accepts(value, self).then_some(value)),
            _ => return Err(Reason::Primitive),
        }
        Ok(())
    }

    /// Applies `target`, the step at `at`, to `value` and everything below it, outermost first.
    fn scan(
        self,
        value: &'v Value,
        target: Option<&StepKind>,
        at: usize,
        out: &mut Vec<&'v Value>,
    ) -> Result<(), Miss> {
        let mut waiting = vec![value];
        while let Some(value) = waiting.pop() {
            let before = out.len();
            match target {
                Some(StepKind::Names(names)) => {
                    let has_all = |object: &Object| names.iter().all(|name| object.contains_key(name));
                    out.extend(value.as_object().is_some_and(has_all).then_some(value));
                }
                // The elements of an array are asked when their turn comes, not twice.
                Some(StepKind::Filter(filter)) if !filter.accepts(value, self) => {}
                // A value that the step does not fit is passed over.
                Some(step) => drop(self.apply(step, value, out)),
                None => {}
            }
            let below = waiting.len();
            waiting.extend(children(value).filter(|child| matches!(child, Value::Array(_) | Value::Object(_))));
            waiting[below..].reverse();
            self.visit(1 + waiting.len() - below + out.len() - before);
            self.check(out.len(), at)?;
        }
        Ok(())
    }

    fn call(self, call: &Call, model: &Value, at: usize) -> Result<Value, Miss> {
        let miss = |reason| Miss { at, reason };
        if self.dialect == Dialect::Service {
            return Err(miss(Reason::Function));
        }
        let argument = |operand: &super::filter::Operand| {
            operand.value(model, self).map(Cow::into_owned).ok_or(miss(Reason::NotFound))
        };
        let arguments = call.arguments.iter().map(argument).collect::<Result<Vec<_>, _>>()?;
        call.function.call(model, &arguments).map_err(|text| miss(Reason::Aggregation(text)))
    }
}

fn members(object: &Object, names: &[std::sync::Arc<str>]) -> Value {
    let known = names.iter().filter_map(|name| Some((name.clone(), object.get(name)?.clone())));
    Value::Object(known.collect())
}

fn children(value: &Value) -> impl Iterator<Item = &Value> {
    let items = value.as_array().into_iter().flat_map(|items| items.iter());
    items.chain(value.as_object().into_iter().flat_map(Object::values))
}

/// The indexes of a slice by Jayway's rules: only an open end or start counts negative bounds from the end, a slice
/// with both bounds takes the indexes between them as they are.
fn slice(length: usize, from: Option<i64>, to: Option<i64>) -> std::ops::Range<i64> {
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    let from_end = |bound: i64| if bound < 0 { length + bound } else { bound };
    match (from, to) {
        (Some(from), Some(to)) => from.max(-length)..to.min(length),
        (Some(from), None) => from_end(from).max(0)..length,
        (None, to) => 0..from_end(to.unwrap_or(length)).min(length),
    }
}
