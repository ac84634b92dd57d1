//! Steps of paths that are plain names, as most are: objects are gone through without sequences between the steps.
//!
//! Finds the same and takes the same steps as one name after the other.

use std::rc::Rc;

use super::Evaluator;
use crate::query::jsonata::ast::{Kind, Node, NodeId, Program, Shape};
use crate::query::jsonata::error::Outcome;
use crate::query::jsonata::function::Frame;
use crate::query::jsonata::item::{Elements, Held, Item};
use crate::value::Value;

impl Evaluator<'_> {
    /// A path that begins with a variable or `$`: its value is the start of the names behind it.
    pub(super) fn steps_from_variable(
        &mut self,
        node: &Node,
        steps: &[NodeId],
        names: u32,
        input: &Item,
        frame: &Rc<Frame>,
    ) -> Outcome<Item> {
        let Some(first) = steps.first() else { return Ok(Item::Undefined) };
        let value = self.evaluate(*first, input, frame)?;
        match &value {
            Item::Undefined => Ok(Item::Undefined),
            Item::Value(Value::Object(_)) | Item::Object(_) => self.named_steps(node, steps, (1, names), &value, frame),
            _ => {
                let current = match value.elements() {
                    Some(elements) if elements.len() == 0 && !value.flags().cons => return Ok(Item::Undefined),
                    Some(elements) if !value.flags().cons => {
                        self.tick(elements.len())?;
                        elements
                    }
                    _ => Elements::One(value),
                };
                self.plain_steps(node, steps, 1, current, frame)
            }
        }
    }

    /// Steps of which `count` from number `from` on are names. As long as one object leads to the next, no sequence is
    /// made between.
    pub(super) fn named_steps(
        &mut self,
        node: &Node,
        steps: &[NodeId],
        (from, count): (usize, u32),
        input: &Item,
        frame: &Rc<Frame>,
    ) -> Outcome<Item> {
        let (at, found) = match input {
            Item::Value(Value::Object(_)) | Item::Object(_) => self.walk_names(node, steps, (from, count), input)?,
            _ => {
                let current = if from == 0 { input.elements_or_self() } else { Elements::One(input.clone()) };
                return self.plain_steps(node, steps, from, current, frame);
            }
        };
        if at == steps.len() || found.is_undefined() {
            return Ok(found);
        }
        self.plain_steps(node, steps, at, Elements::One(found), frame)
    }

    /// Follows names from object to object. Gives the number of the first step that was not taken and what it is to be
    /// applied to, or the value of the last step; nothing where the path ends.
    fn walk_names(
        &mut self,
        node: &Node,
        steps: &[NodeId],
        (from, count): (usize, u32),
        input: &Item,
    ) -> Outcome<(usize, Item)> {
        // A level as the evaluation of each name would be.
        self.budget.enter()?;
        let program = self.program;
        let mut current = Held::of(input);
        let mut at = from;
        for step in steps.iter().skip(from).take(count as usize) {
            let step_node = program.node(*step);
            let Kind::Name(name) = &step_node.kind else { break };
            let next = current.member(name);
            let is_last = at + 1 == steps.len();
            if next.is_some_and(|next| next.is_flattened(is_last)) {
                break;
            }
            self.tick(1)?;
            if self.trace.is_some() {
                let value = next.map(Held::to_item).unwrap_or_default();
                self.record_step(node.span.start..step_node.span.end, &value);
            }
            let Some(next) = next else {
                self.budget.leave();
                return Ok((steps.len(), Item::Undefined));
            };
            current = next;
            at += 1;
        }
        self.budget.leave();
        Ok((at, current.to_item()))
    }

    /// Two or more names in a row from step number `from` on, where nobody wants to see what is between them.
    pub(super) fn names_from<'s>(&self, node: &Node, steps: &'s [NodeId], from: usize) -> Option<&'s [NodeId]> {
        let end = match &node.kind {
            Kind::Path { shape: Shape::Names(count), .. } => *count as usize,
            Kind::Path { shape: Shape::Variable(count), .. } => *count as usize + 1,
            _ => return None,
        };
        let names = steps.get(from..end)?;
        (names.len() > 1 && self.trace.is_none()).then_some(names)
    }

    /// What several names find in data, without sequences between them. Nothing where that is not all data, or arrays
    /// are in arrays: then one name after the other has to be looked for.
    pub(super) fn names_through(&mut self, names: &[NodeId], current: &Elements) -> Outcome<Option<Vec<Item>>> {
        self.budget.enter()?;
        let counts = vec![0; names.len()];
        let mut through = Through { program: self.program, names, hints: [0; 4], counts, steps: 0, found: Vec::new() };
        let is_done = (0..current.len()).all(|at| match current.at(at) {
            Some(Held::Value(value)) => through.take(value, 0),
            _ => false,
        });
        self.budget.leave();
        if !is_done {
            return Ok(None);
        }
        self.tick(through.steps)?;
        // Room as for the sequences that there would be: at each step its own, and the one before it.
        for pair in through.counts.windows(2) {
            drop(self.budget.items(pair.iter().sum())?);
        }
        Ok(Some(through.found))
    }
}

/// A walk through data along several names.
struct Through<'p> {
    program: &'p Program,
    names: &'p [NodeId],
    /// Where the name was found in the object before.
    hints: [usize; 4],
    /// How many values each name finds, those in arrays one by one.
    counts: Vec<usize>,
    /// What looking for one name after the other would take.
    steps: usize,
    found: Vec<Item>,
}

impl Through<'_> {
    /// The most steps that are taken before they are counted.
    const MOST: usize = 1_000_000;

    /// Looks for the names from number `at` on; false where that is not so simple.
    fn take(&mut self, value: &Value, at: usize) -> bool {
        self.steps += 1;
        let object = match value {
            Value::Object(object) => object,
            Value::Array(_) => return false,
            _ => return true,
        };
        let Some(Kind::Name(name)) = self.names.get(at).map(|name| &self.program.node(*name).kind) else {
            return false;
        };
        let found = match self.hints.get_mut(at) {
            Some(hint) => object.get_near(name, hint),
            None => object.get(name),
        };
        if let (Some(count), Some(found)) = (self.counts.get_mut(at), found) {
            *count += found.as_array().map_or(1, |items| items.len());
        }
        match found {
            None => true,
            Some(found) if at + 1 == self.names.len() => {
                self.found.push(Item::Value(found.clone()));
                true
            }
            Some(Value::Array(items)) => {
                self.steps += items.len();
                self.steps < Self::MOST && items.iter().all(|item| self.take(item, at + 1))
            }
            Some(found) => self.take(found, at + 1),
        }
    }
}
