//! Functions as values, and the frames that hold variables.

use std::cell::RefCell;
use std::rc::{Rc, Weak};
use std::sync::Arc;

use super::ast::{NodeId, Sym};
use super::error::Token;
use super::functions::Builtin;
use super::item::Item;
use super::pattern::Pattern;
use super::signature::Signature;

/// A function.
#[derive(Debug)]
pub(super) struct Function {
    pub(super) kind: FunctionKind,
    /// Where it was called last: what its failures are reported at.
    pub(super) called: RefCell<Called>,
}

/// The name and place of a call.
#[derive(Debug, Clone, Default)]
pub(super) struct Called {
    pub(super) token: Option<Token>,
    pub(super) position: Option<u32>,
}

#[derive(Debug)]
pub(super) enum FunctionKind {
    Builtin(&'static Builtin),
    Lambda(Lambda),
    /// A call that is still to be made.
    Thunk {
        call: NodeId,
        input: Item,
        frame: Rc<Frame>,
    },
    /// A built-in function some of whose arguments are given.
    PartialBuiltin {
        function: Rc<Function>,
        given: Vec<Option<Item>>,
    },
    /// A function that was passed as an argument.
    Closure(Rc<Function>),
    /// A regular expression.
    Matcher(Arc<Pattern>),
    /// The function `next` of a match.
    NextMatch {
        pattern: Arc<Pattern>,
        text: Arc<str>,
        from: usize,
    },
    /// `f ~> g`
    Composed(Rc<Function>, Rc<Function>),
    /// `|pattern|update|`
    Transform {
        node: NodeId,
        frame: Rc<Frame>,
    },
    /// What is left when the rest is taken away.
    Dropped,
}

/// A function defined by the expression.
#[derive(Debug)]
pub(super) struct Lambda {
    pub(super) parameters: Arc<[Sym]>,
    pub(super) signature: Option<Arc<Signature>>,
    pub(super) body: NodeId,
    /// The context item where it was defined.
    pub(super) input: Item,
    pub(super) frame: Rc<Frame>,
}

impl Function {
    pub(super) fn new(kind: FunctionKind) -> Rc<Self> {
        Rc::new(Self { kind, called: RefCell::default() })
    }

    /// How many arguments it takes, which decides what higher-order functions pass to it.
    pub(super) fn arity(&self) -> usize {
        match &self.kind {
            FunctionKind::Builtin(builtin) => builtin.arity,
            FunctionKind::Lambda(lambda) => lambda.parameters.len(),
            FunctionKind::PartialBuiltin { given, .. } => given.iter().filter(|given| given.is_none()).count(),
            FunctionKind::Closure(inner) => inner.arity(),
            FunctionKind::Matcher(_) => 2,
            FunctionKind::Thunk { .. } | FunctionKind::NextMatch { .. } | FunctionKind::Dropped => 0,
            FunctionKind::Composed(..) | FunctionKind::Transform { .. } => 1,
        }
    }

    /// The function itself, where it was passed as an argument.
    pub(super) fn inner(self: &Rc<Self>) -> &Rc<Self> {
        match &self.kind {
            FunctionKind::Closure(inner) => inner.inner(),
            _ => self,
        }
    }

    /// Whether a call tells the function itself where it is called from, as calls of the reference's objects do.
    pub(super) fn remembers_calls(&self) -> bool {
        !matches!(self.kind, FunctionKind::Closure(_) | FunctionKind::Matcher(_) | FunctionKind::NextMatch { .. })
    }

    fn take(&mut self, garbage: &mut Vec<Garbage>) {
        match std::mem::replace(&mut self.kind, FunctionKind::Dropped) {
            FunctionKind::Lambda(Lambda { input, frame, .. }) | FunctionKind::Thunk { input, frame, .. } => {
                garbage.extend([Garbage::Item(input), Garbage::Frame(frame)]);
            }
            FunctionKind::Transform { frame, .. } => garbage.push(Garbage::Frame(frame)),
            FunctionKind::PartialBuiltin { function, given } => {
                garbage.extend(given.into_iter().flatten().map(Garbage::Item));
                garbage.push(Garbage::Item(Item::Function(function)));
            }
            FunctionKind::Closure(inner) => garbage.push(Garbage::Item(Item::Function(inner))),
            FunctionKind::Composed(first, second) => {
                garbage.extend([first, second].map(|function| Garbage::Item(Item::Function(function))));
            }
            _ => {}
        }
    }
}

/// Variables of a scope.
#[derive(Debug, Default)]
pub(super) struct Frame {
    variables: RefCell<Vec<(Sym, Item)>>,
    parent: RefCell<Option<Rc<Self>>>,
}

impl Frame {
    pub(super) fn new(parent: &Rc<Self>) -> Rc<Self> {
        Rc::new(Self { variables: RefCell::default(), parent: RefCell::new(Some(parent.clone())) })
    }

    pub(super) fn with(parent: &Rc<Self>, variables: Vec<(Sym, Item)>) -> Rc<Self> {
        Rc::new(Self { variables: RefCell::new(variables), parent: RefCell::new(Some(parent.clone())) })
    }

    pub(super) fn bind(&self, name: Sym, item: Item) {
        let mut variables = self.variables.borrow_mut();
        match variables.iter_mut().find(|(known, _)| *known == name) {
            Some(entry) => {
                let old = std::mem::replace(&mut entry.1, item);
                drop(variables);
                bury(vec![Garbage::Item(old)]);
            }
            None => variables.push((name, item)),
        }
    }

    /// The value of `name` here or further out; a parameter without argument is nothing, but is found.
    pub(super) fn lookup(self: &Rc<Self>, name: Sym) -> Option<Item> {
        let mut frame = self.clone();
        loop {
            if let Some((_, item)) = frame.variables.borrow().iter().find(|(known, _)| *known == name) {
                return Some(item.clone());
            }
            let parent = frame.parent.borrow().clone()?;
            frame = parent;
        }
    }

    fn take(&self, garbage: &mut Vec<Garbage>) {
        garbage.extend(self.variables.take().into_iter().map(|(_, item)| Garbage::Item(item)));
        garbage.extend(self.parent.take().map(Garbage::Frame));
    }
}

/// What is to be dropped.
enum Garbage {
    Item(Item),
    Frame(Rc<Frame>),
}

/// Drops one thing after the other: functions that hold functions can be chained without end by a tail recursion, and
/// dropping them one inside the other would need as much stack.
fn bury(mut garbage: Vec<Garbage>) {
    while let Some(next) = garbage.pop() {
        match next {
            Garbage::Frame(frame) => {
                if let Some(frame) = Rc::into_inner(frame) {
                    frame.take(&mut garbage);
                }
            }
            Garbage::Item(Item::Function(function)) => {
                if let Some(mut function) = Rc::into_inner(function) {
                    function.take(&mut garbage);
                }
            }
            Garbage::Item(Item::Array(list)) => {
                if let Some(list) = Rc::into_inner(list) {
                    garbage.extend(list.items.into_iter().filter(holds_functions).map(Garbage::Item));
                }
            }
            Garbage::Item(Item::Object(record)) => {
                if let Some(record) = Rc::into_inner(record) {
                    let items = record.entries.into_iter().map(|(_, item)| item);
                    garbage.extend(items.filter(holds_functions).map(Garbage::Item));
                }
            }
            Garbage::Item(_) => {}
        }
    }
}

fn holds_functions(item: &Item) -> bool {
    matches!(item, Item::Function(_) | Item::Array(_) | Item::Object(_))
}

impl Drop for Function {
    fn drop(&mut self) {
        let mut garbage = Vec::new();
        self.take(&mut garbage);
        bury(garbage);
    }
}

impl Drop for Frame {
    fn drop(&mut self) {
        if self.variables.get_mut().is_empty() && self.parent.get_mut().is_none() {
            return;
        }
        let mut garbage = Vec::new();
        self.take(&mut garbage);
        bury(garbage);
    }
}

/// The frames that functions hold. A function kept in a variable of its own frame holds itself; such circles are broken
/// when the evaluation ends.
#[derive(Debug, Default)]
pub(super) struct Captured {
    frames: Vec<Weak<Frame>>,
    prune_at: usize,
}

impl Captured {
    pub(super) fn add(&mut self, frame: &Rc<Frame>) {
        if self.frames.len() >= self.prune_at.max(64) {
            self.frames.retain(|frame| frame.strong_count() > 0);
            self.prune_at = self.frames.len() * 2;
        }
        self.frames.push(Rc::downgrade(frame));
    }
}

impl Drop for Captured {
    fn drop(&mut self) {
        for frame in self.frames.drain(..).filter_map(|frame| frame.upgrade()) {
            let mut garbage = Vec::new();
            frame.take(&mut garbage);
            bury(garbage);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inner_frames_hide_outer_ones() {
        let outer = Rc::new(Frame::default());
        outer.bind(Sym(0), Item::number(1.0));
        outer.bind(Sym(1), Item::number(2.0));
        let inner = Frame::with(&outer, vec![(Sym(0), Item::Undefined)]);
        assert!(inner.lookup(Sym(0)).expect("bound").is_undefined());
        assert_eq!(inner.lookup(Sym(1)).and_then(|item| item.as_f64()), Some(2.0));
        assert!(inner.lookup(Sym(2)).is_none());
    }

    #[test]
    fn a_long_chain_of_functions_is_dropped_without_recursion() {
        let root = Rc::new(Frame::default());
        let mut last = Item::Undefined;
        for _ in 0..200_000 {
            let frame = Frame::with(&root, vec![(Sym(0), last)]);
            let lambda =
                Lambda { parameters: Arc::new([]), signature: None, body: NodeId(0), input: Item::Undefined, frame };
            last = Item::Function(Function::new(FunctionKind::Lambda(lambda)));
        }
        let frame = Frame::with(&root, vec![(Sym(0), last)]);
        let watch = Rc::downgrade(&root);
        drop(root);
        drop(frame);
        assert_eq!(watch.strong_count(), 0);
    }

    #[test]
    fn circles_are_broken_in_the_end() {
        let frame = Rc::new(Frame::default());
        let lambda = Lambda {
            parameters: Arc::new([]),
            signature: None,
            body: NodeId(0),
            input: Item::Undefined,
            frame: frame.clone(),
        };
        frame.bind(Sym(0), Item::Function(Function::new(FunctionKind::Lambda(lambda))));
        let mut captured = Captured::default();
        captured.add(&frame);
        let watch = Rc::downgrade(&frame);
        drop(frame);
        assert_eq!(watch.strong_count(), 1);
        drop(captured);
        assert_eq!(watch.strong_count(), 0);
    }
}
