//! Operators of two sides.

use std::rc::Rc;

use super::{BYTES_A_STEP, Evaluator};
use crate::query::jsonata::ast::{Node, NodeId, Operator};
use crate::query::jsonata::error::{Outcome, fault};
use crate::query::jsonata::function::Frame;
use crate::query::jsonata::item::Item;
use crate::query::jsonata::number::{from_count, from_int, js_text, to_count};
use crate::query::jsonata::stringify::raw_json;
use crate::query::jsonata::text::compare_texts;

/// The largest array that `..` makes.
const LONGEST_RANGE: f64 = 1e7;

impl Evaluator<'_> {
    pub(super) fn binary(
        &mut self,
        node: &Node,
        operator: Operator,
        (left, right): (NodeId, NodeId),
        input: &Item,
        frame: &Rc<Frame>,
    ) -> Outcome<Item> {
        let left = self.evaluate(left, input, frame)?;
        let result = if matches!(operator, Operator::And | Operator::Or) {
            // The reference gives even failures of the right side this place.
            self.logical(operator, &left, right, input, frame)
        } else {
            let right = self.evaluate(right, input, frame)?;
            self.combine(operator, &left, &right)
        };
        result.map_err(|fault| fault.at(node.position).token(operator.text()))
    }

    fn logical(
        &mut self,
        operator: Operator,
        left: &Item,
        right: NodeId,
        input: &Item,
        frame: &Rc<Frame>,
    ) -> Outcome<Item> {
        let left = self.is_true(left)?;
        if left == (operator == Operator::Or) {
            return Ok(Item::bool(left));
        }
        let right = self.evaluate(right, input, frame)?;
        Ok(Item::bool(self.is_true(&right)?))
    }

    fn combine(&mut self, operator: Operator, left: &Item, right: &Item) -> Outcome<Item> {
        match operator {
            Operator::Equal | Operator::NotEqual => {
                let known = !left.is_undefined() && !right.is_undefined();
                Ok(Item::bool(known && self.equal(left, right)? == (operator == Operator::Equal)))
            }
            Operator::Concatenate => self.concatenate(left, right),
            Operator::Range => self.range(left, right),
            Operator::In => self.is_in(left, right),
            Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual => {
                Ok(self.compare(operator, left, right)?.map_or(Item::Undefined, Item::bool))
            }
            _ => arithmetic(operator, left, right),
        }
    }

    /// Whether `left` and `right` compare as `operator` says; nothing where one of them is nothing.
    pub(super) fn compare(&mut self, operator: Operator, left: &Item, right: &Item) -> Outcome<Option<bool>> {
        if let (Some(left), Some(right)) = (left.as_str(), right.as_str()) {
            self.tick(left.len().min(right.len()) / BYTES_A_STEP)?;
        }
        comparison(operator, left, right)
    }

    fn concatenate(&mut self, left: &Item, right: &Item) -> Outcome<Item> {
        let mut text = String::new();
        for side in [left, right] {
            match side.as_str() {
                Some(known) => text.push_str(known),
                None => text.push_str(&self.string(side, false)?.unwrap_or_default()),
            }
        }
        self.text(text)
    }

    fn is_in(&mut self, left: &Item, right: &Item) -> Outcome<Item> {
        if left.is_undefined() || right.is_undefined() {
            return Ok(Item::bool(false));
        }
        let elements = right.elements_or_self();
        self.tick(elements.len())?;
        let found = elements.iter().any(|item| item.is_same(left));
        Ok(Item::bool(found))
    }

    fn range(&mut self, left: &Item, right: &Item) -> Outcome<Item> {
        let (first, last) = (whole(left, "T2003")?, whole(right, "T2004")?);
        let (Some(first), Some(last)) = (first, last) else { return Ok(Item::Undefined) };
        if first > last {
            return Ok(Item::Undefined);
        }
        let size = last - first + 1.0;
        if size > LONGEST_RANGE {
            return Err(fault("D2014").value(js_text(size)));
        }
        let count = to_count(size);
        // Room first: what does not fit is not made.
        drop(self.budget.items(count)?);
        self.tick(count)?;
        self.sequence((0..count).map(|at| Item::number(first + from_count(at))).collect())
    }
}

/// A whole number, if there is one.
fn whole(side: &Item, code: &'static str) -> Outcome<Option<f64>> {
    match (side, side.as_f64()) {
        (Item::Undefined, _) => Ok(None),
        (_, Some(number)) if number.fract() == 0.0 => Ok(Some(number)),
        _ => Err(fault(code)),
    }
}

fn operand(side: &Item, code: &'static str) -> Outcome<Option<f64>> {
    if side.is_undefined() {
        return Ok(None);
    }
    match side.numeric()? {
        Some(number) => Ok(Some(number)),
        None => Err(fault(code)),
    }
}

fn arithmetic(operator: Operator, left: &Item, right: &Item) -> Outcome<Item> {
    let (left, right) = (operand(left, "T2001")?, operand(right, "T2002")?);
    let (Some(left), Some(right)) = (left, right) else { return Ok(Item::Undefined) };
    Ok(Item::number(match operator {
        Operator::Add => left + right,
        Operator::Subtract => left - right,
        Operator::Multiply => left * right,
        Operator::Divide => left / right,
        _ => left % right,
    }))
}

fn comparison(operator: Operator, left: &Item, right: &Item) -> Outcome<Option<bool>> {
    let comparable = |side: &Item| side.is_undefined() || side.is_number() || side.is_string();
    if !comparable(left) || !comparable(right) {
        return Err(fault("T2010"));
    }
    if left.is_undefined() || right.is_undefined() {
        return Ok(None);
    }
    let ordering = match (left.as_f64(), right.as_f64(), left.as_str(), right.as_str()) {
        (Some(left), Some(right), ..) => left.partial_cmp(&right),
        (_, _, Some(left), Some(right)) => Some(compare_texts(left, right)),
        _ => return Err(fault("T2009").value(raw_json(left)).second(raw_json(right))),
    };
    Ok(Some(ordering.is_some_and(|ordering| match operator {
        Operator::Less => ordering.is_lt(),
        Operator::LessOrEqual => ordering.is_le(),
        Operator::Greater => ordering.is_gt(),
        _ => ordering.is_ge(),
    })))
}

impl Evaluator<'_> {
    /// Whole numbers from `first` on, `step` apart, as far as `last`.
    pub(in crate::query::jsonata) fn stepped(&mut self, first: i64, last: i64, step: i64) -> Outcome<Item> {
        let distance = if step > 0 { last.saturating_sub(first) } else { first.saturating_sub(last) };
        let count = if distance < 0 { 0 } else { distance / step.saturating_abs().max(1) + 1 };
        if from_int(count) > LONGEST_RANGE {
            return Err(fault("D2014").value(count.to_string()));
        }
        let count = usize::try_from(count).unwrap_or(0);
        drop(self.budget.items(count)?);
        self.tick(count)?;
        let mut next = first;
        let mut items = Vec::with_capacity(count);
        for _ in 0..count {
            items.push(Item::Value(next.into()));
            next = next.saturating_add(step);
        }
        self.sequence(items)
    }
}
