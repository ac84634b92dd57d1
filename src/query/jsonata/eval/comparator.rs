//! `$sort` with a function that says which of two items comes first.
//!
//! Such functions mostly compare the same member of both items. Then the member is looked up once for each item, not
//! for each comparison; steps are counted as if it were not so.

use std::rc::Rc;

use super::Evaluator;
use crate::query::jsonata::ast::{Kind, Node, NodeId, Operator, Shape, Sym};
use crate::query::jsonata::error::Outcome;
use crate::query::jsonata::function::{Frame, Function, FunctionKind, Lambda};
use crate::query::jsonata::item::Item;

/// A comparison of `left`, which depends on one item alone, with `right`, which depends on the other.
struct Comparator<'f> {
    lambda: &'f Lambda,
    operator: Operator,
    left: Side,
    right: Side,
    /// Which keys are those of the right side: its own, or those of the left side where both look up the same.
    right_keys: usize,
}

/// A path that begins with a parameter.
#[derive(Clone, Copy)]
struct Side {
    node: NodeId,
    parameter: Sym,
    /// Whether that is the first parameter.
    is_first: bool,
}

/// What a side has for an item.
#[derive(Clone)]
struct Key {
    item: Item,
    /// The item's number, so that most comparisons are one of two numbers.
    number: Option<f64>,
    /// The steps that finding it took.
    steps: usize,
}

type Keys = Vec<Option<Key>>;

impl Evaluator<'_> {
    /// Sorts by a function that is true when the first of two items belongs behind the second.
    pub(in crate::query::jsonata) fn sort_with(
        &mut self,
        items: &[Item],
        function: &Rc<Function>,
    ) -> Outcome<Vec<Item>> {
        // A trace is to show the comparisons.
        let comparator = if self.trace.is_some() { None } else { self.comparator(function) };
        let Some(comparator) = comparator else {
            let order = self.merge_sort(items.len(), &mut |evaluator, a, b| {
                evaluator.is_behind(function, item(items, a), item(items, b))
            })?;
            return Ok(order.into_iter().map(|at| item(items, at).clone()).collect());
        };
        let mut keys: [Keys; 2] = [vec![None; items.len()], vec![None; items.len()]];
        let order = self.merge_sort(items.len(), &mut |evaluator, a, b| {
            let (left, right) = (comparator.left.at(a, b), comparator.right.at(a, b));
            let mark = evaluator.budget.mark();
            let verdict = match evaluator.compared_numbers(&comparator, &keys, (left, right)) {
                Some(verdict) => verdict,
                None => evaluator.compared(&comparator, &mut keys, (left, right), items),
            };
            match verdict {
                Ok(verdict) => Ok(verdict),
                // The failure is that of the call.
                Err(_) => {
                    evaluator.budget.go_back(mark);
                    evaluator.is_behind(function, item(items, a), item(items, b))
                }
            }
        })?;
        Ok(order.into_iter().map(|at| item(items, at).clone()).collect())
    }

    fn is_behind(&mut self, function: &Rc<Function>, a: &Item, b: &Item) -> Outcome<bool> {
        Ok(counts_as_true(&self.invoke(function, vec![a.clone(), b.clone()])?))
    }

    fn compared(
        &mut self,
        comparator: &Comparator<'_>,
        keys: &mut [Keys; 2],
        (left, right): (usize, usize),
        items: &[Item],
    ) -> Outcome<bool> {
        // The call and the comparison itself.
        self.tick(2)?;
        self.budget.enter()?;
        self.find_key_of(comparator, comparator.left, &mut keys[0], left, items)?;
        self.find_key_of(comparator, comparator.right, &mut keys[comparator.right_keys], right, items)?;
        self.budget.leave();
        let Some((left, right)) = comparator.known(keys, (left, right)) else { return Ok(false) };
        Ok(self.compare(comparator.operator, &left.item, &right.item)? == Some(true))
    }

    /// The verdict for keys that are known already and are numbers; the call they were found by had its depth.
    fn compared_numbers(
        &mut self,
        comparator: &Comparator<'_>,
        keys: &[Keys; 2],
        places: (usize, usize),
    ) -> Option<Outcome<bool>> {
        let (left, right) = comparator.known(keys, places)?;
        let (one, other) = (left.number?, right.number?);
        // The call and the comparison itself.
        let taken = self.tick(2 + left.steps + right.steps);
        Some(taken.map(|()| match comparator.operator {
            Operator::Less => one < other,
            Operator::LessOrEqual => one <= other,
            Operator::Greater => one > other,
            _ => one >= other,
        }))
    }

    fn find_key_of(
        &mut self,
        comparator: &Comparator<'_>,
        side: Side,
        keys: &mut Keys,
        at: usize,
        items: &[Item],
    ) -> Outcome<()> {
        if let Some(Some(key)) = keys.get(at) {
            return self.tick(key.steps);
        }
        let before = self.budget.taken();
        let frame = Frame::with(&comparator.lambda.frame, [(side.parameter, item(items, at).clone())]);
        let item = self.evaluate(side.node, &comparator.lambda.input, &frame)?;
        let steps = usize::try_from(self.budget.taken() - before).unwrap_or(usize::MAX);
        if let Some(place) = keys.get_mut(at) {
            *place = Some(Key { number: item.as_f64(), item, steps });
        }
        Ok(())
    }

    /// What `function` compares, if it is of the kind that this is about.
    fn comparator<'f>(&self, function: &'f Rc<Function>) -> Option<Comparator<'f>> {
        let FunctionKind::Lambda(lambda) = &function.inner().kind else { return None };
        let [first, second] = *lambda.parameters else { return None };
        let body = self.program.node(lambda.body);
        let Kind::Binary(operator, left, right) = body.kind else { return None };
        let orders =
            matches!(operator, Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual);
        if first == second || lambda.signature.is_some() || !orders || !is_bare(body) {
            return None;
        }
        let side = |node: NodeId| {
            let parameter = self.parameter_of(node)?;
            let is_known = parameter == first || parameter == second;
            is_known.then_some(Side { node, parameter, is_first: parameter == first })
        };
        let (left, right) = (side(left)?, side(right)?);
        let right_keys = usize::from(!self.is_same_path(left.node, right.node));
        (left.is_first != right.is_first).then_some(Comparator { lambda, operator, left, right, right_keys })
    }

    /// Whether two sides are the same names behind their parameters.
    fn is_same_path(&self, one: NodeId, other: NodeId) -> bool {
        let names = |id: NodeId| -> Option<Vec<&str>> {
            let Kind::Path { steps, .. } = &self.program.node(id).kind else { return None };
            let name = |step: &NodeId| match &self.program.node(*step) {
                node if !is_bare(node) => None,
                Node { kind: Kind::Name(name), .. } => Some(&**name),
                _ => None,
            };
            steps.iter().skip(1).map(name).collect()
        };
        names(one).is_some_and(|one| names(other) == Some(one))
    }

    /// The variable that `id` is, or begins with when it is a path of names.
    fn parameter_of(&self, id: NodeId) -> Option<Sym> {
        let node = self.program.node(id);
        let variable = match &node.kind {
            Kind::Path { steps, keep_singleton: false, shape: Shape::Variable(names) }
                if steps.len() == *names as usize + 1 =>
            {
                self.program.node(*steps.first()?)
            }
            _ => node,
        };
        match variable.kind {
            Kind::Variable(sym) if is_bare(node) && is_bare(variable) => Some(sym),
            _ => None,
        }
    }
}

impl Comparator<'_> {
    /// The keys of the items at `left` and `right`, if both are known.
    fn known<'k>(&self, keys: &'k [Keys; 2], (left, right): (usize, usize)) -> Option<(&'k Key, &'k Key)> {
        let key = |side: usize, at: usize| keys.get(side)?.get(at)?.as_ref();
        Some((key(0, left)?, key(self.right_keys, right)?))
    }
}

impl Side {
    /// Which of two items the side is about.
    fn at(self, a: usize, b: usize) -> usize {
        if self.is_first { a } else { b }
    }
}

fn is_bare(node: &Node) -> bool {
    node.predicates.is_empty() && node.group.is_none() && !node.keep_array
}

fn item(items: &[Item], at: usize) -> &Item {
    items.get(at).unwrap_or(&Item::Undefined)
}

/// What JavaScript takes for true.
fn counts_as_true(item: &Item) -> bool {
    match (item.as_bool(), item.as_f64(), item.as_str()) {
        (Some(value), ..) => value,
        (_, Some(number), _) => number != 0.0 && !number.is_nan(),
        (_, _, Some(text)) => !text.is_empty(),
        _ => !item.is_undefined() && !item.is_null(),
    }
}
