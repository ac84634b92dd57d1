//! Paths: steps over sequences.

use std::rc::Rc;

use super::Evaluator;
use crate::query::jsonata::ast::{Kind, Node, NodeId, Program, Shape, Stage};
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

    /// A path that begins with a variable or `$`: its value is the start of the names behind it.
    fn steps_from_variable(
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
    fn named_steps(
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

    /// The steps from number `from` on.
    fn plain_steps(
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

    /// Two or more names in a row from step number `from` on, where nobody wants to see what is between them.
    fn names_from<'s>(&self, node: &Node, steps: &'s [NodeId], from: usize) -> Option<&'s [NodeId]> {
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
    fn names_through(&mut self, names: &[NodeId], current: &Elements) -> Outcome<Option<Vec<Item>>> {
        self.budget.enter()?;
        let mut through = Through { program: self.program, names, hints: [0; 4], steps: 0, found: Vec::new() };
        let is_done = (0..current.len()).all(|at| match current.at(at) {
            Some(Held::Value(value)) => through.take(value, 0),
            _ => false,
        });
        self.budget.leave();
        if !is_done {
            return Ok(None);
        }
        self.tick(through.steps)?;
        Ok(Some(through.found))
    }

    fn record_step(&mut self, span: std::ops::Range<u32>, result: &Item) {
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

/// A walk through data along several names.
struct Through<'p> {
    program: &'p Program,
    names: &'p [NodeId],
    /// Where the name was found in the object before.
    hints: [usize; 4],
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
