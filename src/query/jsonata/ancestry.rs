//! Finding the step that a parent operator (`%`) goes back to.

use super::ast::{Kind, NodeId, Slot, SlotId};
use super::compile::Compiler;
use super::error::{Outcome, fault};

impl Compiler<'_> {
    pub(super) fn slot(&self, id: SlotId) -> Slot {
        *self.slots.get(id.0 as usize).expect("slots come from this compiler")
    }

    pub(super) fn slot_mut(&mut self, id: SlotId) -> &mut Slot {
        self.slots.get_mut(id.0 as usize).expect("slots come from this compiler")
    }

    /// Hands the parents that `inner` looks for on to `outer`.
    pub(super) fn push_ancestry(&mut self, outer: NodeId, inner: NodeId) {
        let mut slots = self.at(inner).seeking.clone();
        if let Kind::Parent(slot) = self.at(inner).kind {
            slots.push(slot);
        }
        self.at_mut(outer).seeking.extend(slots);
    }

    /// The same for a predicate, of which a parent alone is not handed on.
    pub(super) fn push_ancestry_of_predicate(&mut self, step: NodeId, predicate: NodeId) {
        if !self.at(predicate).seeking.is_empty() {
            self.push_ancestry(step, predicate);
        }
    }

    /// Goes back from `node` on behalf of `slot`.
    pub(super) fn seek_parent(&mut self, node: NodeId, slot: SlotId) -> Outcome<()> {
        match &self.at(node).kind {
            Kind::Name(_) | Kind::Wildcard => {
                self.slot_mut(slot).level -= 1;
                if self.slot(slot).level == 0 {
                    self.bind_ancestor(node, slot);
                }
                Ok(())
            }
            Kind::Parent(_) => {
                self.slot_mut(slot).level += 1;
                Ok(())
            }
            Kind::Block { items, .. } => match items.last().copied() {
                Some(last) => {
                    self.at_mut(node).tuple = true;
                    self.seek_parent(last, slot)
                }
                None => Ok(()),
            },
            Kind::Path { steps, .. } => {
                let steps = steps.clone();
                self.at_mut(node).tuple = true;
                for (at, step) in steps.iter().rev().enumerate() {
                    if at > 0 && self.slot(slot).level <= 0 {
                        break;
                    }
                    self.seek_parent(*step, slot)?;
                }
                Ok(())
            }
            kind => {
                let found = self.at(node);
                Err(fault("S0217").token(kind.type_name()).at(found.position).span(found.span))
            }
        }
    }

    /// The step is the one: it binds its context item under the slot's name. Slots of one step share a name.
    fn bind_ancestor(&mut self, node: NodeId, slot: SlotId) {
        let known = self.at(node).step.as_ref().and_then(|part| part.ancestor);
        if let Some(known) = known {
            self.slot_mut(slot).label = self.slot(known).label;
        }
        self.step_mut(node).ancestor = Some(slot);
        self.at_mut(node).tuple = true;
    }

    /// Looks among the steps of a path for the parents that its last step asks for.
    pub(super) fn resolve_ancestry(&mut self, path: NodeId) -> Outcome<()> {
        let steps = self.steps(path).to_vec();
        let Some((last, before)) = steps.split_last() else { return Ok(()) };
        let mut slots = self.at(*last).seeking.clone();
        if let Kind::Parent(slot) = self.at(*last).kind {
            slots.push(slot);
        }
        for slot in slots {
            let mut rest = before;
            while self.slot(slot).level > 0 {
                let Some((mut step, mut earlier)) = rest.split_last() else {
                    self.at_mut(path).seeking.push(slot);
                    break;
                };
                // Steps in a row that bind a focus stay at the same context item.
                while let Some((previous, more)) = earlier.split_last()
                    && self.has_focus(*step)
                    && self.has_focus(*previous)
                {
                    (step, earlier) = (previous, more);
                }
                self.seek_parent(*step, slot)?;
                rest = earlier;
            }
        }
        Ok(())
    }

    fn has_focus(&self, step: NodeId) -> bool {
        self.at(step).step.as_ref().is_some_and(|part| part.focus.is_some())
    }
}
