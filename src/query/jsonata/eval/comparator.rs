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
}

/// A path that begins with a parameter.
#[derive(Clone, Copy)]
struct Side {
    node: NodeId,
    parameter: Sym,
    /// Whether that is the first parameter.
    is_first: bool,
}

/// The values that a side has for the items, and the steps that finding them took.
type Keys = Vec<Option<(Item, usize)>>;

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
            let [left_keys, right_keys] = &mut keys;
            let (left, right) = (comparator.left.at(a, b), comparator.right.at(a, b));
            let mark = evaluator.budget.mark();
            let verdict = evaluator.compared(&comparator, (left_keys, left), (right_keys, right), items);
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
        (left_keys, left): (&mut Keys, usize),
        (right_keys, right): (&mut Keys, usize),
        items: &[Item],
    ) -> Outcome<bool> {
        // The call and the comparison itself.
        self.tick(2)?;
        self.budget.enter()?;
        self.find_key_of(comparator, comparator.left, left_keys, left, items)?;
        self.find_key_of(comparator, comparator.right, right_keys, right, items)?;
        self.budget.leave();
        let (Some(Some((left, _))), Some(Some((right, _)))) = (left_keys.get(left), right_keys.get(right)) else {
            return Ok(false);
        };
        Ok(self.compare(comparator.operator, left, right)? == Some(true))
    }

    fn find_key_of(
        &mut self,
        comparator: &Comparator<'_>,
        side: Side,
        keys: &mut Keys,
        at: usize,
        items: &[Item],
    ) -> Outcome<()> {
        if let Some(Some((_, steps))) = keys.get(at) {
            return self.tick(*steps);
        }
        let before = self.budget.taken();
        let frame = Frame::with(&comparator.lambda.frame, [(side.parameter, item(items, at).clone())]);
        let key = self.evaluate(side.node, &comparator.lambda.input, &frame)?;
        let steps = usize::try_from(self.budget.taken() - before).unwrap_or(usize::MAX);
        if let Some(place) = keys.get_mut(at) {
            *place = Some((key, steps));
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
        (left.is_first != right.is_first).then_some(Comparator { lambda, operator, left, right })
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
