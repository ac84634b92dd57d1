//! Functions as values, and the frames that hold variables.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::sync::Arc;

use super::ast::{NodeId, Sym};
use super::functions::Builtin;
use super::item::Item;
use super::pattern::Pattern;
use super::signature::Signature;

/// A function.
#[derive(Debug)]
pub(super) struct Function {
    pub(super) kind: FunctionKind,
    /// Where it was called last: what its failures are reported at.
    pub(super) called: Cell<Called>,
}

/// A call: the node whose token names the function, and the place.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Called {
    pub(super) name: Option<NodeId>,
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
        Rc::new(Self { kind, called: Cell::default() })
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
                discard(input, garbage);
                discard_frame(frame, garbage);
            }
            FunctionKind::Transform { frame, .. } => discard_frame(frame, garbage),
            FunctionKind::PartialBuiltin { function, given } => {
                given.into_iter().flatten().for_each(|item| discard(item, garbage));
                discard(Item::Function(function), garbage);
            }
            FunctionKind::Closure(inner) => discard(Item::Function(inner), garbage),
            FunctionKind::Composed(first, second) => {
                [first, second].into_iter().for_each(|function| discard(Item::Function(function), garbage));
            }
            _ => {}
        }
    }
}

/// Variables of a scope.
#[derive(Debug, Default)]
pub(super) struct Frame {
    variables: RefCell<Variables>,
    parent: Option<Rc<Self>>,
    /// How many frames are around it.
    depth: u32,
}

/// Names and values. The first ones lie in the frame itself: most functions have no more parameters.
#[derive(Debug, Default)]
struct Variables {
    first: [Option<(Sym, Item)>; 2],
    more: Vec<(Sym, Item)>,
}

impl Variables {
    fn get_mut(&mut self, name: Sym) -> Option<&mut Item> {
        let all = self.first.iter_mut().flatten().chain(&mut self.more);
        all.into_iter().find(|(known, _)| *known == name).map(|(_, item)| item)
    }

    fn get(&self, name: Sym) -> Option<&Item> {
        for (known, item) in self.first.iter().flatten() {
            if *known == name {
                return Some(item);
            }
        }
        self.more.iter().find(|(known, _)| *known == name).map(|(_, item)| item)
    }

    /// Adds a variable that is not there yet.
    fn push(&mut self, name: Sym, item: Item) {
        match self.first.iter_mut().find(|place| place.is_none()) {
            Some(place) => *place = Some((name, item)),
            None => self.more.push((name, item)),
        }
    }

    fn take(&mut self, garbage: &mut Vec<Garbage>) {
        let first = self.first.iter_mut().filter_map(Option::take);
        first.chain(self.more.drain(..)).for_each(|(_, item)| discard(item, garbage));
    }
}

impl FromIterator<(Sym, Item)> for Variables {
    fn from_iter<T: IntoIterator<Item = (Sym, Item)>>(variables: T) -> Self {
        let mut variables = variables.into_iter();
        Self { first: [variables.next(), variables.next()], more: variables.collect() }
    }
}

impl Frame {
    pub(super) fn new(parent: &Rc<Self>) -> Rc<Self> {
        Self::with(parent, [])
    }

    pub(super) fn with(parent: &Rc<Self>, variables: impl IntoIterator<Item = (Sym, Item)>) -> Rc<Self> {
        let variables = RefCell::new(variables.into_iter().collect());
        Rc::new(Self { variables, parent: Some(parent.clone()), depth: parent.depth.saturating_add(1) })
    }

    /// The steps that looking for a name outwards takes: none as long as frames are nested as the text is.
    pub(super) fn steps_outwards(&self) -> usize {
        self.depth as usize / 128
    }

    pub(super) fn bind(&self, name: Sym, item: Item) {
        let mut variables = self.variables.borrow_mut();
        match variables.get_mut(name) {
            Some(known) => {
                let old = std::mem::replace(known, item);
                drop(variables);
                let mut garbage = Vec::new();
                discard(old, &mut garbage);
                bury(garbage);
            }
            None => variables.push(name, item),
        }
    }

    /// The value of `name` here or further out; a parameter without argument is nothing, but is found.
    pub(super) fn lookup(&self, name: Sym) -> Option<Item> {
        let mut frame = self;
        loop {
            if let Some(item) = frame.variables.borrow().get(name) {
                return Some(item.clone());
            }
            frame = frame.parent.as_deref()?;
        }
    }

    fn take(&mut self, garbage: &mut Vec<Garbage>) {
        self.variables.get_mut().take(garbage);
        garbage.extend(self.parent.take().filter(|parent| Rc::strong_count(parent) == 1).map(Garbage::Frame));
    }
}

/// What is to be dropped.
enum Garbage {
    Item(Item),
    Frame(Rc<Frame>),
}

/// Drops `item` at once, or puts it with what is to be dropped one after the other: what may hold functions and is held
/// by nobody else.
fn discard(item: Item, garbage: &mut Vec<Garbage>) {
    let may_lead_on = match &item {
        Item::Function(function) => Rc::strong_count(function) == 1,
        Item::Array(list) => Rc::strong_count(list) == 1,
        Item::Object(record) => Rc::strong_count(record) == 1,
        _ => false,
    };
    if may_lead_on {
        garbage.push(Garbage::Item(item));
    }
}

fn discard_frame(frame: Rc<Frame>, garbage: &mut Vec<Garbage>) {
    if Rc::strong_count(&frame) == 1 {
        garbage.push(Garbage::Frame(frame));
    }
}

/// Drops one thing after the other: functions that hold functions can be chained without end by a tail recursion, and
/// dropping them one inside the other would need as much stack.
fn bury(mut garbage: Vec<Garbage>) {
    while let Some(next) = garbage.pop() {
        match next {
            Garbage::Frame(frame) => {
                if let Some(mut frame) = Rc::into_inner(frame) {
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
                    list.items.into_iter().for_each(|item| discard(item, &mut garbage));
                }
            }
            Garbage::Item(Item::Object(record)) => {
                if let Some(record) = Rc::into_inner(record) {
                    record.entries.into_iter().for_each(|(_, item)| discard(item, &mut garbage));
                }
            }
            Garbage::Item(_) => {}
        }
    }
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
            frame.variables.take().take(&mut garbage);
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
        let inner = Frame::with(&outer, [(Sym(0), Item::Undefined)]);
        assert!(inner.lookup(Sym(0)).expect("bound").is_undefined());
        assert_eq!(inner.lookup(Sym(1)).and_then(|item| item.as_f64()), Some(2.0));
        assert!(inner.lookup(Sym(2)).is_none());
    }

    #[test]
    fn a_long_chain_of_functions_is_dropped_without_recursion() {
        let root = Rc::new(Frame::default());
        let mut last = Item::Undefined;
        for _ in 0..200_000 {
            let frame = Frame::with(&root, [(Sym(0), last)]);
            let lambda =
                Lambda { parameters: Arc::new([]), signature: None, body: NodeId(0), input: Item::Undefined, frame };
            last = Item::Function(Function::new(FunctionKind::Lambda(lambda)));
        }
        let frame = Frame::with(&root, [(Sym(0), last)]);
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
