//! Predicates: an index, several, or a condition.

use std::rc::Rc;

use super::Evaluator;
use crate::query::jsonata::ast::{Kind, NodeId};
use crate::query::jsonata::error::Outcome;
use crate::query::jsonata::function::Frame;
use crate::query::jsonata::item::{Elements, Item, Tuple};
use crate::query::jsonata::number::{from_count, to_count};

impl Evaluator<'_> {
    /// The items of `input` that `predicate` selects.
    pub(super) fn filter(&mut self, predicate: NodeId, input: &Item, frame: &Rc<Frame>) -> Outcome<Item> {
        if let Item::Tuples(tuples) = input {
            return Ok(Item::Tuples(self.filter_tuples(predicate, tuples, frame)?.into()));
        }
        let elements = input.elements_or_self();
        if let Kind::Number(index) = self.program.node(predicate).kind {
            let item = position(index, elements.len()).and_then(|at| elements.get(at)).unwrap_or_default();
            return match item {
                Item::Undefined => self.sequence(Vec::new()),
                item if item.is_array() => Ok(item),
                item => self.sequence(vec![item]),
            };
        }
        let selected = self.select(predicate, &elements, frame)?;
        self.sequence(selected)
    }

    fn select(&mut self, predicate: NodeId, elements: &Elements, frame: &Rc<Frame>) -> Outcome<Vec<Item>> {
        let length = elements.len();
        let mut selected = Vec::new();
        for at in 0..length {
            let Some(item) = elements.item(at) else { break };
            let verdict = self.evaluate(predicate, &item, frame)?;
            for _ in 0..self.times(&verdict, at, length)? {
                selected.push(Item::clone(&item));
            }
        }
        Ok(selected)
    }

    pub(super) fn filter_tuples(
        &mut self,
        predicate: NodeId,
        tuples: &[Tuple],
        frame: &Rc<Frame>,
    ) -> Outcome<Vec<Tuple>> {
        if let Kind::Number(index) = self.program.node(predicate).kind {
            let tuple = position(index, tuples.len()).and_then(|at| tuples.get(at));
            return Ok(tuple.cloned().into_iter().collect());
        }
        let mut selected = Vec::new();
        for (at, tuple) in tuples.iter().enumerate() {
            let inner = Frame::with(frame, tuple.names.clone());
            let verdict = self.evaluate(predicate, &tuple.context, &inner)?;
            for _ in 0..self.times(&verdict, at, tuples.len())? {
                selected.push(tuple.clone());
            }
        }
        Ok(selected)
    }

    /// How often the item at `at` is selected: numbers are places, anything else is true or false.
    fn times(&mut self, verdict: &Item, at: usize, length: usize) -> Outcome<usize> {
        if let Some(number) = verdict.numeric()? {
            return Ok(usize::from(position(number, length) == Some(at)));
        }
        let Some(elements) = verdict.elements() else { return Ok(usize::from(self.is_true(verdict)?)) };
        self.tick(elements.len())?;
        let mut times = 0;
        for item in elements.iter() {
            match item.numeric()? {
                Some(number) => times += usize::from(position(number, length) == Some(at)),
                None => return Ok(usize::from(self.is_true(verdict)?)),
            }
        }
        Ok(times)
    }
}

/// The place that `index` names among `length`: rounded down, negative ones count from the end.
fn position(index: f64, length: usize) -> Option<usize> {
    let index = index.floor();
    let index = if index < 0.0 { index + from_count(length) } else { index };
    (index >= 0.0 && index < from_count(length)).then(|| to_count(index))
}
