//! Evaluation of compiled expressions.
//!
//! Follows the reference's evaluator closely, including which nodes count as a level of depth and where failures get
//! their token and position: both show in what users see.

mod apply;
mod comparator;
mod filter;
mod group;
mod names;
mod operators;
mod path;
mod sort;
mod transform;
mod tuple;

use std::rc::Rc;

use super::ast::{Kind, Node, NodeId, Program, Sym};
use super::budget::{Budget, Charge, MAX_DATA_DEPTH};
use super::error::{Fault, Outcome, Spent, Token, fault};
use super::function::{Captured, Frame, Function, FunctionKind, Lambda};
use super::functions;
use super::item::{Flags, Item, List, Record};
use super::trace::Trace;
use super::{Dialect, JsonataEnv, stringify};
use crate::value::{Timestamp, Value};

/// Bytes that are compared, searched or written in about the time that evaluating a node takes.
pub(super) const BYTES_A_STEP: usize = 64;

/// An evaluation under way.
pub(super) struct Evaluator<'e> {
    pub(super) program: &'e Program,
    pub(super) env: &'e mut dyn JsonataEnv,
    pub(super) dialect: Dialect,
    /// The input document, `$$`.
    root: Item,
    /// Variables that are not bound by the expression, once they were asked for.
    globals: Vec<Option<Item>>,
    pub(super) budget: Budget,
    captured: Captured,
    /// Emptied lists of arguments.
    spare: Vec<Vec<Item>>,
    pub(super) trace: Option<Trace>,
    now: Option<Timestamp>,
}

impl<'e> Evaluator<'e> {
    pub(super) fn new(program: &'e Program, env: &'e mut dyn JsonataEnv, trace: Option<Trace>) -> Self {
        let (dialect, limits) = (env.dialect(), env.limits());
        Self {
            program,
            env,
            dialect,
            root: Item::Undefined,
            globals: vec![None; program.symbols.len()],
            budget: Budget::new(limits),
            captured: Captured::default(),
            spare: Vec::new(),
            trace,
            now: None,
        }
    }

    /// Evaluates the whole expression. An array as input is one context item, not many.
    pub(super) fn run(&mut self, input: Option<&Value>) -> Outcome<Item> {
        let input = input.map_or(Item::Undefined, |value| Item::Value(value.clone()));
        self.root = input.clone();
        let input = if input.is_array() {
            let flags = Flags { outer_wrapper: true, ..Flags::SEQUENCE };
            Item::Array(Rc::new(List::new(vec![input], flags, Charge::none())))
        } else {
            input
        };
        let result = self.evaluate(self.program.root, &input, &Rc::new(Frame::default()))?;
        // What shares its parts may be made of little and yet be more than there is room for.
        self.budget.fits(result.extent().weight)?;
        Ok(result)
    }

    /// Whether the item counts as true; nothing counts as false.
    pub(super) fn is_true(&mut self, item: &Item) -> Outcome<bool> {
        Ok(self.truth(item)?.unwrap_or(false))
    }

    /// The effective boolean value; nothing has none.
    pub(super) fn truth(&mut self, item: &Item) -> Outcome<Option<bool>> {
        let mut looked_at = 0;
        let truth = item.truth(&mut looked_at)?;
        if looked_at > 0 {
            self.tick(looked_at / 8)?;
        }
        Ok(truth)
    }

    /// Structural equality.
    pub(super) fn equal(&mut self, left: &Item, right: &Item) -> Outcome<bool> {
        let least = left.extent().weight.min(right.extent().weight);
        if least > BYTES_A_STEP {
            self.tick(least / BYTES_A_STEP)?;
        }
        Ok(left.equals(right))
    }

    /// The text of a value as `$string` has it, or nothing.
    pub(super) fn string(&mut self, item: &Item, pretty: bool) -> Outcome<Option<String>> {
        let weight = item.extent().weight;
        // The weight may be some times the length; what does not fit at all is not begun.
        self.budget.fits(weight / 8)?;
        self.tick(weight / BYTES_A_STEP)?;
        stringify::string(item, pretty)
    }

    pub(super) fn evaluate(&mut self, id: NodeId, input: &Item, frame: &Rc<Frame>) -> Outcome<Item> {
        self.budget.enter()?;
        self.tick(1)?;
        let program = self.program;
        let node = program.node(id);
        let mut result = self.dispatch(node, id, input, frame);
        if !node.predicates.is_empty() || node.group.is_some() {
            result = self.after(node, result, frame);
        }
        if result.is_err() {
            return self.located(node, result);
        }
        if let Ok(item) = &mut result {
            finish(node, item);
        }
        self.budget.leave();
        if self.trace.is_some() {
            self.record(node, &result);
        }
        result
    }

    /// Remembers where a failure arose. The position that the reference reports may later become that of a call around
    /// it; what is shown to people stays.
    #[inline(never)]
    fn located(&self, node: &Node, result: Outcome<Item>) -> Outcome<Item> {
        result.map_err(|mut fault| {
            if fault.span.is_none() {
                let at_position = fault.position.and_then(|position| self.program.mark_at(position));
                fault.span = Some(at_position.unwrap_or(node.span));
            }
            fault
        })
    }

    #[inline(never)]
    fn record(&mut self, node: &Node, result: &Outcome<Item>) {
        if let (Some(trace), Ok(result)) = (&mut self.trace, result) {
            trace.record_node(node, result);
        }
    }

    /// Counts `count` steps, and looks at the clock from time to time.
    pub(super) fn tick(&mut self, count: usize) -> Outcome<()> {
        if self.budget.step(count)? && self.env.is_out_of_time() {
            return Err(Fault::spent(Spent::Time));
        }
        Ok(())
    }

    /// The value of a node by its kind. What goes deeper is called with nothing else on the stack, here and below:
    /// unoptimised builds keep every temporary of a function, and recursion multiplies them.
    fn dispatch(&mut self, node: &Node, id: NodeId, input: &Item, frame: &Rc<Frame>) -> Outcome<Item> {
        match &node.kind {
            Kind::Path { .. } => self.path(node, input, frame),
            Kind::Binary(operator, left, right) => self.binary(node, *operator, (*left, *right), input, frame),
            Kind::Negate(inner) => self.negate(node, *inner, input, frame),
            Kind::Array(items) => self.array(node, items, input, frame),
            Kind::Object(group) => self.group(group, input, frame),
            Kind::Block { items, binds } => self.block(items, *binds, input, frame),
            Kind::Bind(name, right) => self.bind(*name, *right, input, frame),
            Kind::Condition { .. } => self.condition(node, input, frame),
            Kind::Call { .. } => self.call(node, None, input, frame),
            Kind::Partial { .. } => self.partial(node, input, frame),
            Kind::Apply(left, right) => self.apply_operator(node, *left, *right, input, frame),
            _ => self.leaf(node, id, input, frame),
        }
    }

    /// Nodes without nodes inside them.
    fn leaf(&mut self, node: &Node, id: NodeId, input: &Item, frame: &Rc<Frame>) -> Outcome<Item> {
        match &node.kind {
            Kind::Name(name) => self.name(name, input),
            Kind::Literal(value) => Ok(Item::Value(value.clone())),
            Kind::Number(number) => Ok(Item::number(*number)),
            Kind::Context => Ok(input.unwrapped()),
            Kind::Variable(sym) => {
                let outwards = frame.steps_outwards();
                if outwards > 0 {
                    self.tick(outwards)?;
                }
                Ok(self.lookup(*sym, frame))
            }
            Kind::Parent(slot) => Ok(self.lookup(self.program.slot(*slot).label, frame)),
            Kind::Wildcard => self.wildcard(input),
            Kind::Descendants => self.descendants(input),
            _ => Ok(self.function_of(node, id, input, frame)),
        }
    }

    /// Functions that are written out.
    fn function_of(&mut self, node: &Node, id: NodeId, input: &Item, frame: &Rc<Frame>) -> Item {
        let kind = match &node.kind {
            Kind::Lambda { parameters, signature, body } => {
                self.captured.add(frame);
                let (parameters, signature) = (parameters.clone(), signature.clone());
                FunctionKind::Lambda(Lambda {
                    parameters,
                    signature,
                    body: *body,
                    input: input.clone(),
                    frame: frame.clone(),
                })
            }
            Kind::Transform { .. } => {
                self.captured.add(frame);
                FunctionKind::Transform { node: id, frame: frame.clone() }
            }
            Kind::Regex(pattern) => FunctionKind::Matcher(pattern.clone()),
            Kind::Thunk(call) => FunctionKind::Thunk { call: *call, input: input.clone(), frame: frame.clone() },
            _ => return Item::Undefined,
        };
        Item::Function(Function::new(kind))
    }

    /// Predicates and grouping of a node that is no path.
    fn after(&mut self, node: &Node, result: Outcome<Item>, frame: &Rc<Frame>) -> Outcome<Item> {
        let mut result = result?;
        for predicate in &node.predicates {
            result = self.filter(*predicate, &result, frame)?;
        }
        match &node.group {
            Some(group) if !matches!(node.kind, Kind::Path { .. }) => self.group(group, &result, frame),
            _ => Ok(result),
        }
    }

    /// The value of a variable: of the expression, given from outside, or a built-in function. Always the same object
    /// within an evaluation.
    pub(super) fn lookup(&mut self, name: Sym, frame: &Rc<Frame>) -> Item {
        if let Some(item) = frame.lookup(name) {
            return item;
        }
        if let Some(Some(known)) = self.globals.get(name.0 as usize) {
            return known.clone();
        }
        let text = self.program.symbol(name).clone();
        let item = self.global(&text);
        if let Some(place) = self.globals.get_mut(name.0 as usize) {
            *place = Some(item.clone());
        }
        item
    }

    fn global(&mut self, name: &str) -> Item {
        if name == "$" {
            return self.root.clone();
        }
        if let Some(value) = self.env.variable(name) {
            return Item::Value(value);
        }
        match functions::named(name, self.dialect) {
            Some(builtin) => Item::Function(Function::new(FunctionKind::Builtin(builtin))),
            None => Item::Undefined,
        }
    }

    /// Whether `name` would be found with a `$` before it.
    pub(super) fn is_bound(&mut self, name: &str, frame: &Rc<Frame>) -> Outcome<bool> {
        let item = match self.program.find_symbol(name) {
            Some(sym) => self.lookup(sym, frame),
            None => self.global(name),
        };
        Ok(matches!(item, Item::Function(_)) || self.is_true(&item)? || item.is_array() || item.members().is_some())
    }

    /// The moment of the evaluation, the same throughout.
    pub(super) fn now(&mut self) -> Timestamp {
        let env = &mut self.env;
        *self.now.get_or_insert_with(|| env.now())
    }

    fn condition(&mut self, node: &Node, input: &Item, frame: &Rc<Frame>) -> Outcome<Item> {
        match self.chosen(node, input, frame)? {
            Some(branch) => self.evaluate(branch, input, frame),
            None => Ok(Item::Undefined),
        }
    }

    fn chosen(&mut self, node: &Node, input: &Item, frame: &Rc<Frame>) -> Outcome<Option<NodeId>> {
        let Kind::Condition { condition, then, otherwise } = &node.kind else { return Ok(None) };
        let verdict = self.evaluate(*condition, input, frame)?;
        let holds = self.is_true(&verdict)?;
        Ok(if holds { Some(*then) } else { *otherwise })
    }

    fn block(&mut self, items: &[NodeId], binds: bool, input: &Item, frame: &Rc<Frame>) -> Outcome<Item> {
        let own = binds.then(|| Frame::new(frame));
        let frame = own.as_ref().unwrap_or(frame);
        let mut result = Item::Undefined;
        for item in items {
            result = self.evaluate(*item, input, frame)?;
        }
        Ok(result)
    }

    fn bind(&mut self, name: Sym, right: NodeId, input: &Item, frame: &Rc<Frame>) -> Outcome<Item> {
        let value = self.evaluate(right, input, frame)?;
        frame.bind(name, value.clone());
        Ok(value)
    }

    fn negate(&mut self, node: &Node, inner: NodeId, input: &Item, frame: &Rc<Frame>) -> Outcome<Item> {
        let value = self.evaluate(inner, input, frame)?;
        if value.is_undefined() {
            return Ok(value);
        }
        match value.numeric()? {
            Some(number) => Ok(Item::number(-number)),
            None => Err(fault("D1002").at(node.position).token("-").value(stringify::raw_json(&value))),
        }
    }

    fn array(&mut self, node: &Node, items: &[NodeId], input: &Item, frame: &Rc<Frame>) -> Outcome<Item> {
        let mut out = Vec::with_capacity(items.len());
        for id in items {
            let value = self.evaluate(*id, input, frame)?;
            self.append_item(*id, value, &mut out)?;
        }
        self.list(out, Flags { cons: node.cons_array, ..Flags::default() })
    }

    /// Arrays are flattened into the one that is made, unless they are written as arrays within it.
    fn append_item(&mut self, id: NodeId, value: Item, out: &mut Vec<Item>) -> Outcome<()> {
        let nested = matches!(self.program.node(id).kind, Kind::Array(_));
        match value {
            Item::Undefined => {}
            value if nested || !value.is_array() => out.push(value),
            Item::Array(list) if out.is_empty() => {
                self.tick(list.items.len())?;
                *out = into_items(list);
            }
            value => {
                let elements = value.elements_or_self();
                self.tick(elements.len())?;
                elements.append_to(out);
            }
        }
        Ok(())
    }

    /// An array of the expression's own, which its budget counts.
    pub(super) fn list(&mut self, items: Vec<Item>, flags: Flags) -> Outcome<Item> {
        let charge = self.budget.items(items.len())?;
        let list = List::new(items, flags, charge);
        if list.extent().depth > MAX_DATA_DEPTH {
            return Err(Fault::spent(Spent::Depth));
        }
        Ok(Item::Array(Rc::new(list)))
    }

    /// A sequence of the expression's own.
    pub(super) fn sequence(&mut self, items: Vec<Item>) -> Outcome<Item> {
        self.list(items, Flags::SEQUENCE)
    }

    /// An array without flags.
    pub(super) fn plain(&mut self, items: Vec<Item>) -> Outcome<Item> {
        self.list(items, Flags::default())
    }

    /// An object of `entries`, whose keys differ.
    pub(super) fn object(&mut self, entries: Vec<(std::sync::Arc<str>, Item)>) -> Outcome<Item> {
        let charge = self.budget.members(entries.len())?;
        let record = Record::new(entries, charge);
        if record.extent().depth > MAX_DATA_DEPTH {
            return Err(Fault::spent(Spent::Depth));
        }
        Ok(Item::Object(Rc::new(record)))
    }

    /// A text that the expression made.
    pub(super) fn text(&mut self, text: String) -> Outcome<Item> {
        self.budget.text(text.len())?;
        Ok(Item::text(text))
    }
}

/// The items of a list, without a copy when nobody else holds it.
fn into_items(list: Rc<List>) -> Vec<Item> {
    match Rc::try_unwrap(list) {
        Ok(list) => list.items,
        Err(shared) => shared.items.clone(),
    }
}

/// Sequences of one are that one, unless the array is to be kept; empty ones are nothing.
fn finish(node: &Node, result: &mut Item) {
    let Item::Array(list) = &*result else { return };
    let flags = list.flags();
    if !flags.sequence {
        return;
    }
    if node.keep_array {
        list.set_keep_singleton();
    }
    match list.items.as_slice() {
        [] => *result = Item::Undefined,
        [only] if !(flags.keep_singleton || node.keep_array) => *result = only.clone(),
        _ => {}
    }
}

/// The token of `id`, if messages show one.
fn token_of(program: &Program, id: NodeId) -> Option<Token> {
    let node = program.node(id);
    match &node.kind {
        Kind::Path { steps, .. } => steps.first().and_then(|step| program.node(*step).token(program)),
        _ => node.token(program),
    }
}
