//! Calling functions: arguments, tail calls, partial application, chaining.

use std::rc::Rc;

use super::{BYTES_A_STEP, Evaluator, token_of};
use crate::query::jsonata::ast::{Kind, Node, NodeId};
use crate::query::jsonata::error::{Fault, Outcome, fault};
use crate::query::jsonata::function::{Called, Frame, Function, FunctionKind, Lambda};
use crate::query::jsonata::functions::{Builtin, regex};
use crate::query::jsonata::item::Item;
use crate::value::Value;

/// How many emptied lists of arguments are kept for the next calls.
const SPARE: usize = 4;

impl Evaluator<'_> {
    /// A call; `first` is the left side of `~>`.
    pub(super) fn call(&mut self, node: &Node, first: Option<Item>, input: &Item, frame: &Rc<Frame>) -> Outcome<Item> {
        let (function, given) = self.call_parts(node, first, input, frame)?;
        let result = match &function {
            Item::Function(function) => self.apply(function, given, input),
            _ => Err(fault("T1006")),
        };
        if result.is_err() { self.placed(node, result) } else { result }
    }

    /// A failure gets the name and place of the call, unless it has some.
    #[inline(never)]
    fn placed(&self, node: &Node, result: Outcome<Item>) -> Outcome<Item> {
        let Kind::Call { procedure, .. } = &node.kind else { return result };
        result.map_err(|mut fault| {
            fault.position = fault.position.or(node.position);
            fault.token = fault.token.take().or_else(|| token_of(self.program, *procedure));
            fault
        })
    }

    /// The function that is called, which is told so, and its arguments.
    fn call_parts(
        &mut self,
        node: &Node,
        first: Option<Item>,
        input: &Item,
        frame: &Rc<Frame>,
    ) -> Outcome<(Item, Vec<Item>)> {
        let Kind::Call { procedure, arguments } = &node.kind else { return Ok((Item::Undefined, Vec::new())) };
        let function = self.evaluate(*procedure, input, frame)?;
        if function.is_undefined() {
            self.check_forgotten_dollar(node, *procedure, "T1005", frame)?;
        }
        let mut given = Vec::with_capacity(arguments.len() + 1);
        given.extend(first);
        for argument in arguments {
            given.push(as_argument(self.evaluate(*argument, input, frame)?));
        }
        if let Some(function) = function.function().filter(|function| function.remembers_calls()) {
            function.called.set(Called { name: Some(*procedure), position: node.position });
        }
        Ok((function, given))
    }

    /// Somebody who writes `sum(x)` probably means `$sum(x)`.
    fn check_forgotten_dollar(
        &mut self,
        node: &Node,
        procedure: NodeId,
        code: &'static str,
        frame: &Rc<Frame>,
    ) -> Outcome<()> {
        let program = self.program;
        let Kind::Path { steps, .. } = &program.node(procedure).kind else { return Ok(()) };
        let Some(Kind::Name(name)) = steps.first().map(|step| &program.node(*step).kind) else { return Ok(()) };
        if self.is_bound(name, frame)? {
            return Err(fault(code).at(node.position).token(&**name));
        }
        Ok(())
    }

    /// Calls `function` with the context `input`; calls in the last place are made here, one after the other.
    fn apply(&mut self, function: &Rc<Function>, arguments: Vec<Item>, input: &Item) -> Outcome<Item> {
        let mut result = self.apply_once(function, arguments, input)?;
        while let Item::Function(thunk) = &result
            && let FunctionKind::Thunk { call, input: context, frame } = &thunk.kind
        {
            let (next, given) = self.thunk_parts(*call, context, frame)?;
            result = self.apply_once(&next, given, input)?;
        }
        Ok(result)
    }

    /// The function that is called in the last place, and its arguments.
    fn thunk_parts(&mut self, call: NodeId, input: &Item, frame: &Rc<Frame>) -> Outcome<(Rc<Function>, Vec<Item>)> {
        let program = self.program;
        let node = program.node(call);
        let Kind::Call { procedure, arguments } = &node.kind else { return Err(fault("T1006").at(node.position)) };
        let next = self.evaluate(*procedure, input, frame)?;
        let mut given = Vec::with_capacity(arguments.len());
        for argument in arguments {
            given.push(self.evaluate(*argument, input, frame)?);
        }
        match next {
            Item::Function(next) => {
                self.tell_tail_call(*procedure, &next);
                Ok((next, given))
            }
            _ => {
                let token = token_of(program, *procedure);
                Err(Box::new(Fault { token, ..*fault("T1006").at(node.position) }))
            }
        }
    }

    fn tell_tail_call(&self, procedure: NodeId, function: &Function) {
        let node = self.program.node(procedure);
        let names = matches!(node.kind, Kind::Variable(_) | Kind::Context);
        let name = if names { Some(procedure) } else { function.called.get().name };
        function.called.set(Called { name, position: node.position });
    }

    fn apply_once(&mut self, function: &Rc<Function>, arguments: Vec<Item>, input: &Item) -> Outcome<Item> {
        self.budget.check_stack()?;
        // A function that was passed is called without a context, and is not told of calls.
        let (function, input) = match &function.kind {
            FunctionKind::Closure(_) => (function.inner(), &Item::Value(Value::Null)),
            _ => (function, input),
        };
        let result = match &function.kind {
            FunctionKind::Lambda(lambda) => self.apply_lambda(lambda, arguments, input),
            FunctionKind::Builtin(builtin) => self.apply_builtin(builtin, arguments, input),
            _ => self.apply_other(function, arguments, input),
        };
        if result.is_err() { self.told(function, result) } else { result }
    }

    /// A failure gets the name and place of the function's last call, which counts more than its own.
    #[inline(never)]
    fn told(&self, function: &Function, result: Outcome<Item>) -> Outcome<Item> {
        result.map_err(|mut fault| {
            let called = function.called.get();
            if fault.token.is_none() {
                fault.token = called.name.and_then(|name| token_of(self.program, name));
            }
            fault.position = called.position.or(fault.position);
            fault
        })
    }

    fn apply_builtin(&mut self, builtin: &Builtin, arguments: Vec<Item>, input: &Item) -> Outcome<Item> {
        let arguments = builtin.signature().validate(arguments, input)?;
        // Nearly all functions look through the texts they are given.
        let text = |item: &Item| item.as_str().map_or(0, |text| text.len() / BYTES_A_STEP);
        self.tick(1 + arguments.iter().map(text).sum::<usize>())?;
        (builtin.run)(self, &arguments)
    }

    fn apply_other(&mut self, function: &Rc<Function>, arguments: Vec<Item>, input: &Item) -> Outcome<Item> {
        match &function.kind {
            FunctionKind::PartialBuiltin { function, given } => self.apply_partial(function, given, arguments),
            FunctionKind::Composed(first, second) => self.apply_composed(first, second, arguments),
            FunctionKind::Transform { node, frame } => self.apply_transform(*node, arguments, input, frame),
            FunctionKind::Matcher(pattern) => match arguments.first().and_then(Item::as_text) {
                Some(text) => regex::match_object(self, pattern, text, 0),
                None => Ok(Item::Undefined),
            },
            FunctionKind::NextMatch { pattern, text, from } => regex::next_match_object(self, pattern, text, *from),
            _ => Err(fault("T1006")),
        }
    }

    fn apply_lambda(&mut self, lambda: &Lambda, arguments: Vec<Item>, input: &Item) -> Outcome<Item> {
        let frame = self.frame_of(lambda, arguments, input)?;
        self.evaluate(lambda.body, &lambda.input, &frame)
    }

    /// The variables of a call.
    fn frame_of(&mut self, lambda: &Lambda, arguments: Vec<Item>, input: &Item) -> Outcome<Rc<Frame>> {
        let mut arguments = match &lambda.signature {
            Some(signature) => signature.validate(arguments, input)?,
            None => arguments,
        };
        let mut given = arguments.drain(..);
        let bind = |name: &_| (*name, given.next().unwrap_or_default());
        let frame = Frame::with(&lambda.frame, lambda.parameters.iter().map(bind));
        drop(given);
        if self.spare.len() < SPARE {
            self.spare.push(arguments);
        }
        Ok(frame)
    }

    fn apply_composed(&mut self, first: &Rc<Function>, second: &Rc<Function>, arguments: Vec<Item>) -> Outcome<Item> {
        // A chain may be long: every link is a level.
        self.budget.enter()?;
        let null = Item::Value(Value::Null);
        let argument = arguments.into_iter().next().unwrap_or_default();
        let between = self.apply(first, vec![argument], &null)?;
        let result = self.apply(second, vec![between], &null)?;
        self.budget.leave();
        Ok(result)
    }

    /// Arguments given before and now together; no signature is looked at, as in the reference.
    fn apply_partial(
        &mut self,
        function: &Rc<Function>,
        given: &[Option<Item>],
        arguments: Vec<Item>,
    ) -> Outcome<Item> {
        let mut rest = arguments.into_iter();
        let all: Vec<Item> =
            given.iter().map(|given| given.clone().unwrap_or_else(|| rest.next().unwrap_or_default())).collect();
        match &function.kind {
            FunctionKind::Builtin(builtin) => (builtin.run)(self, &all),
            _ => self.apply(function, all, &Item::Value(Value::Null)),
        }
    }

    /// Calls a function that a built-in function was given.
    pub(in crate::query::jsonata) fn invoke(&mut self, function: &Rc<Function>, arguments: Vec<Item>) -> Outcome<Item> {
        self.tick(1)?;
        self.apply(function, arguments, &Item::Value(Value::Null))
    }

    /// An empty list for the arguments of a call.
    pub(in crate::query::jsonata) fn no_arguments(&mut self) -> Vec<Item> {
        self.spare.pop().unwrap_or_default()
    }

    /// Calls `function` with as many of the item, its place and the whole as it takes.
    pub(in crate::query::jsonata) fn invoke_with(
        &mut self,
        function: &Rc<Function>,
        item: Item,
        place: Item,
        whole: &Item,
    ) -> Outcome<Item> {
        let mut arguments = self.no_arguments();
        arguments.push(item);
        let arity = function.arity();
        if arity >= 2 {
            arguments.push(place);
        }
        if arity >= 3 {
            arguments.push(whole.clone());
        }
        self.invoke(function, arguments)
    }

    /// `f(a, ?)`
    pub(super) fn partial(&mut self, node: &Node, input: &Item, frame: &Rc<Frame>) -> Outcome<Item> {
        let Kind::Partial { procedure, arguments } = &node.kind else { return Ok(Item::Undefined) };
        let program = self.program;
        let mut given = Vec::with_capacity(arguments.len());
        for argument in arguments {
            given.push(match program.node(*argument).kind {
                Kind::Placeholder => None,
                _ => Some(self.evaluate(*argument, input, frame)?),
            });
        }
        let function = self.evaluate(*procedure, input, frame)?;
        if function.is_undefined() {
            self.check_forgotten_dollar(node, *procedure, "T1007", frame)?;
        }
        match function.function() {
            Some(function) => Ok(Item::Function(self.partially(function, given))),
            None => {
                let token = token_of(program, *procedure);
                Err(Box::new(Fault { token, ..*fault("T1008").at(node.position) }))
            }
        }
    }

    fn partially(&mut self, function: &Rc<Function>, given: Vec<Option<Item>>) -> Rc<Function> {
        let function = function.inner();
        let mut given = given.into_iter();
        match &function.kind {
            FunctionKind::Lambda(lambda) => {
                let mut open = Vec::new();
                let mut bound = Vec::new();
                for name in lambda.parameters.iter() {
                    match given.next() {
                        Some(None) => open.push(*name),
                        given => bound.push((*name, given.flatten().unwrap_or_default())),
                    }
                }
                let frame = Frame::with(&lambda.frame, bound);
                self.captured.add(&frame);
                Function::new(FunctionKind::Lambda(Lambda {
                    parameters: open.into(),
                    signature: None,
                    body: lambda.body,
                    input: lambda.input.clone(),
                    frame,
                }))
            }
            FunctionKind::PartialBuiltin { function, given: before } => {
                let fill = |known: &Option<Item>| match known {
                    Some(item) => Some(item.clone()),
                    None => given.next().unwrap_or(Some(Item::Undefined)),
                };
                let given = before.iter().map(fill).collect();
                Function::new(FunctionKind::PartialBuiltin { function: function.clone(), given })
            }
            _ => {
                let arity = function.arity();
                let given = (0..arity).map(|_| given.next().unwrap_or(Some(Item::Undefined))).collect();
                Function::new(FunctionKind::PartialBuiltin { function: function.clone(), given })
            }
        }
    }

    /// `a ~> f`
    pub(super) fn apply_operator(
        &mut self,
        node: &Node,
        left: NodeId,
        right: NodeId,
        input: &Item,
        frame: &Rc<Frame>,
    ) -> Outcome<Item> {
        let left = self.evaluate(left, input, frame)?;
        let program = self.program;
        let right_node = program.node(right);
        if let Kind::Call { .. } = right_node.kind {
            return self.call(right_node, Some(left), input, frame);
        }
        let right = self.evaluate(right, input, frame)?;
        let Item::Function(function) = right else { return Err(fault("T2006").at(node.position)) };
        if let Item::Function(first) = left {
            return Ok(Item::Function(Function::new(FunctionKind::Composed(first, function))));
        }
        self.apply(&function, vec![left], &Item::Value(Value::Null))
    }
}

/// Functions are wrapped when they are passed, as in the reference: what they are then told of calls is lost.
fn as_argument(argument: Item) -> Item {
    match argument {
        Item::Function(function) if function.remembers_calls() => {
            Item::Function(Function::new(FunctionKind::Closure(function)))
        }
        other => other,
    }
}
