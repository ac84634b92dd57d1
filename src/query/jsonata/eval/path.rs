//! Paths: steps over sequences.

use std::rc::Rc;

use super::Evaluator;
use crate::query::jsonata::ast::{Kind, Node, NodeId, Shape, Stage};
use crate::query::jsonata::budget::Charge;
use crate::query::jsonata::error::Outcome;
use crate::query::jsonata::function::Frame;
use crate::query::jsonata::item::{Elements, Flags, Held, Item, List, Members};
use crate::value::Value;

impl Evaluator<'_> {
    pub(super) fn path(&mut self, node: &Node, input: &Item, frame: &Rc<Frame>) -> Outcome<Item> {
        let Kind::Path { steps, keep_singleton, shape } = &node.kind else { return Ok(Item::Undefined) };
        let mut result = match shape {
            Shape::Tuples => {
                let current = self.start(steps, input);
                return self.tuple_path(node, steps, current, *keep_singleton, frame);
            }
            Shape::Names(count) => self.named_steps(node, steps, (0, *count), input, frame)?,
            Shape::Variable(count) => self.steps_from_variable(node, steps, *count, input, frame)?,
            Shape::Other => {
                let current = self.start(steps, input);
                self.plain_steps(node, steps, 0, current, frame)?
            }
        };
        if *keep_singleton {
            result = self.keep_singleton(result)?;
        }
        match &node.group {
            Some(group) => self.group(group, &result, frame),
            None => Ok(result),
        }
    }

    /// What the first step is applied to.
    fn start(&self, steps: &[NodeId], input: &Item) -> Elements {
        let first = steps.first().map(|first| &self.program.node(*first).kind);
        match first {
            Some(Kind::Variable(_) | Kind::Context) => Elements::One(input.clone()),
            _ => input.elements_or_self(),
        }
    }

    /// The steps from number `from` on.
    pub(super) fn plain_steps(
        &mut self,
        node: &Node,
        steps: &[NodeId],
        from: usize,
        mut current: Elements,
        frame: &Rc<Frame>,
    ) -> Outcome<Item> {
        let mut result = Item::Undefined;
        let mut from = from;
        if let Some(names) = self.names_from(node, steps, from)
            && let Some(found) = self.names_through(names, &current)?
        {
            from += names.len();
            result = self.flatten(found, from == steps.len())?;
            match iterated(&result) {
                Some(elements) if elements.len() > 0 => current = elements,
                _ => return Ok(result),
            }
        }
        for (at, step) in steps.iter().enumerate().skip(from) {
            result = self.first_or_step(*step, &current, frame, (at == 0, at + 1 == steps.len()))?;
            let is_traced_itself = at == 0 && !matches!(self.program.node(*step).kind, Kind::Name(_));
            if self.trace.is_some() && !is_traced_itself {
                let span = node.span.start..self.program.node(*step).span.end;
                self.record_step(span, &result);
            }
            if let Some(text) = result.as_str() {
                self.tick(text.len())?;
                drop(self.budget.items(text.len())?);
            }
            match iterated(&result) {
                Some(elements) if elements.len() > 0 => current = elements,
                None if at + 1 < steps.len() => return Ok(Item::Undefined),
                _ => break,
            }
        }
        Ok(result)
    }

    pub(super) fn record_step(&mut self, span: std::ops::Range<u32>, result: &Item) {
        if let Some(trace) = &mut self.trace {
            trace.record_step(span, result);
        }
    }

    /// A step; an array constructor in the first place is evaluated once, not for each context item.
    pub(super) fn first_or_step(
        &mut self,
        id: NodeId,
        current: &Elements,
        frame: &Rc<Frame>,
        (first, last): (bool, bool),
    ) -> Outcome<Item> {
        if first && self.program.node(id).cons_array {
            let input = match current {
                Elements::Data(array) => Item::Value(Value::Array(array.clone())),
                Elements::Made(list) => Item::Array(list.clone()),
                Elements::One(item) => self.sequence(vec![item.clone()])?,
            };
            return self.evaluate(id, &input, frame);
        }
        self.step(id, current, frame, last)
    }

    pub(super) fn keep_singleton(&mut self, result: Item) -> Outcome<Item> {
        let flags = result.flags();
        let result = if flags.cons && !flags.sequence { self.sequence(vec![result])? } else { result };
        if let Some(list) = result.list() {
            list.set_keep_singleton();
        }
        Ok(result)
    }

    fn step(&mut self, id: NodeId, current: &Elements, frame: &Rc<Frame>, last: bool) -> Outcome<Item> {
        let program = self.program;
        let node = program.node(id);
        let stages: &[Stage] = node.step.as_ref().map_or(&[], |part| &part.stages);
        if let Kind::Sort(terms) = &node.kind {
            let mut sorted = self.sort_items(node, terms, current, frame)?;
            for stage in stages {
                if let Stage::Filter(predicate) = stage {
                    sorted = self.filter(*predicate, &sorted, frame)?;
                }
            }
            return Ok(sorted);
        }
        let results = match &node.kind {
            Kind::Name(name) if stages.is_empty() && node.predicates.is_empty() && node.group.is_none() => {
                self.names(name, node.keep_array, current)?
            }
            _ => self.values(id, stages, current, frame)?,
        };
        self.flatten(results, last)
    }

    /// The values of a step, one for each context item that gives one.
    fn values(&mut self, id: NodeId, stages: &[Stage], current: &Elements, frame: &Rc<Frame>) -> Outcome<Vec<Item>> {
        let mut results = Vec::new();
        for at in 0..current.len() {
            let Some(item) = current.item(at) else { break };
            let mut value = self.evaluate(id, &item, frame)?;
            for stage in stages {
                if let Stage::Filter(predicate) = stage {
                    value = self.filter(*predicate, &value, frame)?;
                }
            }
            if !value.is_undefined() {
                results.push(value);
            }
        }
        Ok(results)
    }

    /// The same for a plain name, without an evaluation for each item; counts as one level like the evaluation would.
    fn names(&mut self, name: &str, keep_array: bool, current: &Elements) -> Outcome<Vec<Item>> {
        self.budget.enter()?;
        self.tick(current.len())?;
        let mut results = Vec::with_capacity(current.len());
        let mut hint = 0;
        for at in 0..current.len() {
            let value = match current.at(at) {
                Some(Held::Value(Value::Object(object))) => {
                    results.extend(object.get_near(name, &mut hint).cloned().map(Item::Value));
                    continue;
                }
                Some(Held::Value(value @ Value::Array(_))) => self.name(name, &Item::Value(value.clone()))?,
                Some(Held::Item(item)) => self.name(name, item)?,
                _ => continue,
            };
            let value = single(value, keep_array);
            if !value.is_undefined() {
                results.push(value);
            }
        }
        self.budget.leave();
        Ok(results)
    }

    /// The results of a step as one sequence: arrays are flattened into it, unless the last step gives just one.
    fn flatten(&mut self, mut results: Vec<Item>, last: bool) -> Outcome<Item> {
        if let (true, [only]) = (last, results.as_slice())
            && only.is_array()
            && !only.flags().sequence
        {
            return Ok(results.pop().unwrap_or_default());
        }
        if !results.iter().any(Item::is_array) {
            return self.sequence(results);
        }
        let mut flat = Vec::with_capacity(results.len());
        for result in results {
            match result.elements().filter(|_| !result.flags().cons) {
                Some(elements) => {
                    self.tick(elements.len())?;
                    elements.append_to(&mut flat);
                }
                None => flat.push(result),
            }
        }
        self.sequence(flat)
    }

    /// The member `name` of an object, or those of the objects in an array as a sequence.
    pub(crate) fn name(&mut self, name: &str, input: &Item) -> Outcome<Item> {
        match input {
            Item::Value(Value::Object(object)) => Ok(object.get(name).cloned().map_or(Item::Undefined, Item::Value)),
            Item::Object(record) => Ok(record.get(name).cloned().unwrap_or_default()),
            Item::Value(Value::Array(_)) | Item::Array(_) => {
                let mut found = Vec::new();
                self.collect_names(name, &input.elements_or_self(), &mut found)?;
                self.sequence(found)
            }
            _ => Ok(Item::Undefined),
        }
    }

    /// Arrays in arrays are looked into as deep as data may be nested.
    fn collect_names(&mut self, name: &str, elements: &Elements, found: &mut Vec<Item>) -> Outcome<()> {
        self.tick(elements.len())?;
        self.budget.check_stack()?;
        for item in elements.iter() {
            if let Some(inner) = item.elements() {
                self.collect_names(name, &inner, found)?;
                continue;
            }
            match item.members().and_then(|members| members.get(name)) {
                Some(value) if value.is_array() => {
                    let elements = value.elements_or_self();
                    self.tick(elements.len())?;
                    elements.append_to(found);
                }
                Some(value) if !value.is_undefined() => found.push(value),
                _ => {}
            }
        }
        Ok(())
    }

    /// The values of all members, arrays flattened.
    pub(super) fn wildcard(&mut self, input: &Item) -> Outcome<Item> {
        let input = input.unwrapped();
        let values: Vec<Item> = match (input.members(), input.elements()) {
            (Some(members), _) => members.iter().map(|(_, item)| item).collect(),
            (_, Some(elements)) => elements.to_vec(),
            _ => Vec::new(),
        };
        self.tick(values.len())?;
        let mut out = Vec::with_capacity(values.len());
        let mut appended = false;
        for value in values {
            if value.is_array() {
                appended = true;
                self.flat_items(&value, &mut out)?;
            } else {
                out.push(value);
            }
        }
        // In the reference what was put together from arrays is no sequence any more.
        self.list(out, if appended { Flags::default() } else { Flags::SEQUENCE })
    }

    fn flat_items(&mut self, value: &Item, out: &mut Vec<Item>) -> Outcome<()> {
        let Some(elements) = value.elements() else {
            out.push(value.clone());
            return Ok(());
        };
        self.tick(elements.len())?;
        self.budget.check_stack()?;
        for at in 0..elements.len() {
            self.flat_items(&elements.get(at).unwrap_or_default(), out)?;
        }
        Ok(())
    }

    /// Everything inside, the item itself first; arrays themselves do not count.
    pub(super) fn descendants(&mut self, input: &Item) -> Outcome<Item> {
        if input.is_undefined() {
            return Ok(Item::Undefined);
        }
        let mut out = Vec::new();
        self.descend(input, &mut out)?;
        match out.len() {
            1 => Ok(out.pop().unwrap_or_default()),
            _ => self.sequence(out),
        }
    }

    fn descend(&mut self, item: &Item, out: &mut Vec<Item>) -> Outcome<()> {
        self.tick(1)?;
        self.budget.check_stack()?;
        if let Some(elements) = item.elements() {
            for at in 0..elements.len() {
                self.descend(&elements.get(at).unwrap_or_default(), out)?;
            }
            return Ok(());
        }
        out.push(item.clone());
        for (_, inner) in item.members().iter().flat_map(Members::iter) {
            self.descend(&inner, out)?;
        }
        Ok(())
    }
}

/// What the next step sees of a step's result. An array constructor with a predicate may come down to no array; the
/// reference of release 2.0.6 then finds nothing in it, or the characters of a text.
pub(super) fn iterated(result: &Item) -> Option<Elements> {
    match result.as_str() {
        Some(text) => {
            let character = |character: char| Item::text(character.encode_utf8(&mut [0; 4]) as &str);
            Item::plain_array(text.chars().map(character).collect()).elements()
        }
        None if result.is_undefined() => {
            Some(Elements::Made(Rc::new(List::new(Vec::new(), Flags::default(), Charge::none()))))
        }
        None => result.elements(),
    }
}

/// What is left of the sequence that a name gives.
fn single(value: Item, keep_array: bool) -> Item {
    let Item::Array(list) = &value else { return value };
    let flags = list.flags();
    if !flags.sequence {
        return value;
    }
    if keep_array {
        list.set_keep_singleton();
    }
    match list.items.as_slice() {
        [] => Item::Undefined,
        [only] if !(flags.keep_singleton || keep_array) => only.clone(),
        _ => value,
    }
}
