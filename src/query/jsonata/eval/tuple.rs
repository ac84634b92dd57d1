//! Paths that bind names on their way: `@$focus`, `#$index`, `%`.

use std::rc::Rc;

use super::Evaluator;
use crate::query::jsonata::ast::{Kind, Node, NodeId, Stage, StepPart, Term};
use crate::query::jsonata::error::Outcome;
use crate::query::jsonata::function::Frame;
use crate::query::jsonata::item::{Elements, Item, Tuple};

impl Evaluator<'_> {
    /// A path of which some step binds names: from that step on tuples are carried instead of values.
    pub(super) fn tuple_path(
        &mut self,
        node: &Node,
        steps: &[NodeId],
        mut current: Elements,
        keep_singleton: bool,
        frame: &Rc<Frame>,
    ) -> Outcome<Item> {
        let mut tuples: Option<Vec<Tuple>> = None;
        for (at, step) in steps.iter().enumerate() {
            let is_tuple = tuples.is_some() || self.program.node(*step).tuple;
            if is_tuple && !(at == 0 && self.program.node(*step).cons_array) {
                tuples = Some(self.tuple_step(*step, &current, tuples, frame)?);
                continue;
            }
            let result = self.first_or_step(*step, &current, frame, (at == 0, at + 1 == steps.len()))?;
            match super::path::iterated(&result) {
                Some(elements) if elements.len() > 0 => current = elements,
                _ => return self.after_tuples(node, Vec::new(), false, keep_singleton, frame),
            }
        }
        self.after_tuples(node, tuples.unwrap_or_default(), true, keep_singleton, frame)
    }

    fn after_tuples(
        &mut self,
        node: &Node,
        tuples: Vec<Tuple>,
        is_stream: bool,
        keep_singleton: bool,
        frame: &Rc<Frame>,
    ) -> Outcome<Item> {
        if let (Some(group), true) = (&node.group, is_stream) {
            return self.group(group, &Item::Tuples(tuples.into()), frame);
        }
        if node.tuple && is_stream {
            return Ok(Item::Tuples(tuples.into()));
        }
        let mut result = self.sequence(tuples.into_iter().map(|tuple| tuple.context).collect())?;
        if keep_singleton {
            result = self.keep_singleton(result)?;
        }
        match &node.group {
            Some(group) => self.group(group, &result, frame),
            None => Ok(result),
        }
    }

    fn tuple_step(
        &mut self,
        id: NodeId,
        current: &Elements,
        tuples: Option<Vec<Tuple>>,
        frame: &Rc<Frame>,
    ) -> Outcome<Vec<Tuple>> {
        let program = self.program;
        let node = program.node(id);
        let none = StepPart::default();
        let part = node.step.as_deref().unwrap_or(&none);
        let mut result = match &node.kind {
            Kind::Sort(terms) => self.sort_tuple_step(node, terms, part, current, tuples, frame)?,
            _ => {
                let bare = |item: Item| Tuple { context: item, names: Vec::new() };
                let tuples = tuples.unwrap_or_else(|| current.iter().map(bare).collect());
                self.bind_step(id, part, &tuples, frame)?
            }
        };
        for stage in &part.stages {
            match stage {
                Stage::Filter(predicate) => result = self.filter_tuples(*predicate, &result, frame)?,
                Stage::Index(name) => {
                    result.iter_mut().enumerate().for_each(|(at, tuple)| tuple.bind(*name, Item::count(at)));
                }
            }
        }
        Ok(result)
    }

    /// For each tuple the values of the step, each with the names of the tuple and those that the step binds.
    fn bind_step(&mut self, id: NodeId, part: &StepPart, tuples: &[Tuple], frame: &Rc<Frame>) -> Outcome<Vec<Tuple>> {
        let mut result = Vec::new();
        for tuple in tuples {
            let inner = Frame::with(frame, tuple.names.clone());
            match self.evaluate(id, &tuple.context, &inner)? {
                Item::Undefined => {}
                Item::Tuples(found) => result.extend(found.iter().map(|found| merged(tuple, found))),
                value => {
                    let elements = value.elements_or_self();
                    self.tick(elements.len())?;
                    for (at, item) in elements.iter().enumerate() {
                        result.push(self.bound(part, tuple, item, at));
                    }
                }
            }
            let room = self.budget.items(result.len().saturating_mul(4))?;
            drop(room);
        }
        Ok(result)
    }

    fn bound(&self, part: &StepPart, from: &Tuple, item: Item, at: usize) -> Tuple {
        let mut tuple = from.clone();
        match part.focus {
            Some(focus) => tuple.bind(focus, item),
            None => tuple.context = item,
        }
        if let Some(index) = part.index {
            tuple.bind(index, Item::count(at));
        }
        if let Some(slot) = part.ancestor {
            tuple.bind(self.program.slot(slot).label, from.context.clone());
        }
        tuple
    }

    fn sort_tuple_step(
        &mut self,
        node: &Node,
        terms: &[Term],
        part: &StepPart,
        current: &Elements,
        tuples: Option<Vec<Tuple>>,
        frame: &Rc<Frame>,
    ) -> Outcome<Vec<Tuple>> {
        if let Some(tuples) = tuples {
            return self.sort_tuples(node, terms, &tuples, frame);
        }
        let sorted = self.sort_items(node, terms, current, frame)?.elements_or_self();
        let tuple = |(at, item): (usize, Item)| {
            let mut tuple = Tuple { context: item, names: Vec::new() };
            if let Some(index) = part.index {
                tuple.bind(index, Item::count(at));
            }
            tuple
        };
        Ok(sorted.iter().enumerate().map(tuple).collect())
    }
}

/// A tuple of an inner path within the one it was evaluated in.
fn merged(outer: &Tuple, inner: &Tuple) -> Tuple {
    let mut tuple = Tuple { context: inner.context.clone(), names: outer.names.clone() };
    for (name, item) in &inner.names {
        tuple.bind(*name, item.clone());
    }
    tuple
}
