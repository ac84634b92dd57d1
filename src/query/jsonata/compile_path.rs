//! Paths: chains of steps with their predicates, bindings, sorting and grouping.

use std::sync::Arc;

use super::ast::{Group, Kind, NodeId, Stage, Term};
use super::compile::Compiler;
use super::error::{Outcome, fault};
use super::number::js_text;
use super::raw::{Pairs, Raw, RawId};
use crate::value::Value;

impl Compiler<'_> {
    /// `a.b`
    pub(super) fn map(&mut self, left: RawId, right: RawId) -> Outcome<NodeId> {
        let left_raw = self.tree.node(left);
        let first = self.node(left)?;
        let path = if self.is_path(first) { first } else { self.path(vec![first], left_raw) };
        if let Kind::Parent(slot) = self.at(first).kind {
            self.at_mut(path).seeking = vec![slot];
        }
        let rest = self.node(right)?;
        let mut steps = self.steps(path).to_vec();
        if self.is_path(rest) {
            steps.extend_from_slice(self.steps(rest));
        } else {
            self.predicates_to_stages(rest);
            steps.push(rest);
        }
        self.check_steps(&steps)?;
        let keep = steps.iter().any(|step| self.at(*step).keep_array);
        for end in [steps.first(), steps.last()].into_iter().flatten() {
            if matches!(self.at(*end).kind, Kind::Array(_)) {
                self.at_mut(*end).cons_array = true;
            }
        }
        if let Kind::Path { steps: known, .. } = &mut self.at_mut(path).kind {
            *known = steps;
        }
        self.keep_singleton(path, keep);
        self.resolve_ancestry(path)?;
        Ok(path)
    }

    pub(super) fn predicates_to_stages(&mut self, step: NodeId) {
        let predicates = std::mem::take(&mut self.at_mut(step).predicates);
        if !predicates.is_empty() {
            self.step_mut(step).stages = predicates.into_iter().map(Stage::Filter).collect();
        }
    }

    /// Strings are names when they are steps; other literals cannot be steps.
    pub(super) fn check_steps(&mut self, steps: &[NodeId]) -> Outcome<()> {
        for step in steps {
            let node = self.at_mut(*step);
            let value = match &node.kind {
                Kind::Literal(Value::String(text)) => {
                    node.kind = Kind::Name(text.clone());
                    continue;
                }
                Kind::Literal(value) => value.to_json(),
                Kind::Number(number) => js_text(*number),
                _ => continue,
            };
            return Err(fault("S0213").at(node.position).span(node.mark).value(value));
        }
        Ok(())
    }

    /// `a[b]`
    pub(super) fn filter(&mut self, left: RawId, predicate: RawId, raw: &Raw) -> Outcome<NodeId> {
        let result = self.node(left)?;
        let step = self.last_step(result);
        if self.at(step).group.is_some() {
            return Err(fault("S0209").at(raw.mark.end).span(raw.mark));
        }
        let predicate = self.node(predicate)?;
        for slot in self.at(predicate).seeking.clone() {
            if self.slot(slot).level == 1 {
                self.seek_parent(step, slot)?;
            } else {
                self.slot_mut(slot).level -= 1;
            }
        }
        self.push_ancestry_of_predicate(step, predicate);
        if self.is_path(result) {
            self.step_mut(step).stages.push(Stage::Filter(predicate));
        } else {
            self.at_mut(step).predicates.push(predicate);
        }
        Ok(result)
    }

    /// The last step of a path, or the node itself.
    pub(super) fn last_step(&self, id: NodeId) -> NodeId {
        self.steps(id).last().copied().unwrap_or(id)
    }

    pub(super) fn group_by(&mut self, left: RawId, pairs: &Pairs, raw: &Raw) -> Outcome<NodeId> {
        let result = self.node(left)?;
        if self.at(result).group.is_some() {
            return Err(fault("S0210").at(raw.mark.end).span(raw.mark));
        }
        let pairs = self.pairs(pairs)?;
        self.at_mut(result).group = Some(Box::new(Group { pairs, position: raw.mark.end, has_fixed_keys: false }));
        Ok(result)
    }

    pub(super) fn sort(&mut self, left: RawId, terms: &[(RawId, bool)], raw: &Raw) -> Outcome<NodeId> {
        let left_raw = self.tree.node(left);
        let first = self.node(left)?;
        let path = if self.is_path(first) { first } else { self.path(vec![first], left_raw) };
        let step = self.add(Kind::Sort(Vec::new()), raw);
        let mut compiled = Vec::with_capacity(terms.len());
        for (term, descending) in terms {
            let expression = self.node(*term)?;
            self.push_ancestry(step, expression);
            compiled.push(Term { expression, descending: *descending });
        }
        self.at_mut(step).kind = Kind::Sort(compiled);
        if let Kind::Path { steps, .. } = &mut self.at_mut(path).kind {
            steps.push(step);
        }
        self.resolve_ancestry(path)?;
        Ok(path)
    }

    pub(super) fn focus(&mut self, left: RawId, name: &Arc<str>, raw: &Raw) -> Outcome<NodeId> {
        let result = self.node(left)?;
        let step = self.last_step(result);
        let node = self.at(step);
        let has_stages = node.step.as_ref().is_some_and(|part| !part.stages.is_empty());
        if has_stages || !node.predicates.is_empty() {
            return Err(fault("S0215").at(raw.mark.end).span(raw.mark));
        }
        if matches!(node.kind, Kind::Sort(_)) {
            return Err(fault("S0216").at(raw.mark.end).span(raw.mark));
        }
        let name = self.symbols.intern(name);
        self.at_mut(step).keep_array |= raw.keep_array;
        self.step_mut(step).focus = Some(name);
        self.at_mut(step).tuple = true;
        Ok(result)
    }

    pub(super) fn index(&mut self, left: RawId, name: &Arc<str>) -> Outcome<NodeId> {
        let left_raw = self.tree.node(left);
        let first = self.node(left)?;
        let step = self.last_step(first);
        let result = if self.is_path(first) {
            first
        } else {
            self.predicates_to_stages(first);
            self.path(vec![first], left_raw)
        };
        let name = self.symbols.intern(name);
        let part = self.step_mut(step);
        if part.stages.is_empty() {
            part.index = Some(name);
        } else {
            part.stages.push(Stage::Index(name));
        }
        self.at_mut(step).tuple = true;
        Ok(result)
    }
}
