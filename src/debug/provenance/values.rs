//! The value that stands at a place.

use std::sync::Arc;

use super::{Place, Provenance};
use crate::asl::StateKind;
use crate::debug::inspect::{Moment, RowKind, Visit};
use crate::debug::past::Past;
use crate::engine::{BranchId, EventId, EventKind, Stage};
use crate::text::Span;
use crate::value::Value;
use crate::value::diff::Step;

impl Provenance<'_> {
    /// The value at `place`.
    pub(super) fn value(&mut self, place: &Place) -> Option<Value> {
        let path = place.path();
        match place {
            Place::Row(visit, row, _) => {
                let visit = self.visit(*visit)?;
                at(visit.rows.get(*row)?.outcome.value()?, path)
            }
            Place::Item(branch, _) => {
                let mut given = self.log.stages.iter().filter(|record| {
                    record.branch == *branch && record.stage == Stage::ItemSelector && record.step <= self.moment.step
                });
                at(given.next_back()?.outcome.as_ref().ok()?, path)
            }
            Place::Variable(branch, events, name, _) => {
                let (visit, row) = self.assigned(*branch, *events, name)?;
                let visit = self.visit(visit)?;
                at(visit.rows.get(row)?.outcome.value()?.get(name)?, path)
            }
            Place::Context(visit, branch, _) => at(&self.context(*visit, *branch)?, path),
            Place::RunItem(visit, item, _) => at(&self.run_item(*visit, *item)?, path),
            Place::Input(_) => at(&self.execution.input, path),
            Place::Within(world, place) => self.within(*world, |own| own.value(place)),
        }
    }

    /// The visit of `branch`, or of a branch around it, that assigned the variable as it was after `events` events: its
    /// entry, and its row.
    pub(super) fn assigned(&mut self, branch: BranchId, events: usize, name: &Arc<str>) -> Option<(EventId, usize)> {
        let (mut until, log) = (events, self.log);
        for id in log.branch_path(branch).into_iter().rev() {
            let mut own = log.events.range(0, until).rev().filter(|event| event.branch == id);
            let exit = own.find(|event| match &event.kind {
                EventKind::StateExited { assigned: Some(assigned), .. } => assigned.contains_key(name),
                _ => false,
            });
            if let Some(exit) = exit {
                let entered = self.entry_of(exit.id)?;
                let visit = self.visit(entered)?;
                return Some((entered, visit.rows.iter().position(|row| row.kind == RowKind::Assign)?));
            }
            until = log.branches.get(id.0 as usize).map_or(0, |origin| until.min(origin.visit.0 as usize));
        }
        None
    }

    /// The entry of the visit that event `exit` ended.
    pub(super) fn entry_of(&self, exit: EventId) -> Option<EventId> {
        let (branch, state) = self.log.event(exit).map(|event| (event.branch, event.kind.state()))?;
        let mut before = self.log.events.range(0, exit.0 as usize - 1).rev();
        let is_entry =
            |kind: &EventKind| matches!(kind, EventKind::StateEntered { state: own, .. } if Some(*own) == state);
        before.find(|event| event.branch == branch && is_entry(&event.kind)).map(|event| event.id)
    }

    /// The last row before row `row` of `visit` whose value is the data.
    pub(super) fn data_before(&self, visit: &Visit, row: usize) -> usize {
        let is_choice = matches!(self.execution.machine.states.get(visit.state.0 as usize), Some(state)
            if matches!(state.kind, StateKind::Choice(_)));
        let is_data = |at: &usize| {
            let row = &visit.rows[*at];
            let is_data = match row.kind {
                RowKind::Assign | RowKind::ItemSelector => false,
                RowKind::Result => !is_choice,
                _ => true,
            };
            is_data && row.outcome.value().is_some()
        };
        (0..row.min(visit.rows.len())).rev().find(is_data).unwrap_or(0)
    }

    /// The row of `visit` of this kind, whatever became of it.
    pub(super) fn row(visit: &Visit, kind: RowKind) -> Option<usize> {
        visit.rows.iter().position(|row| row.kind == kind)
    }

    /// The branch around `branch`, itself included, that is an iteration of a Map.
    pub(super) fn iteration(&self, branch: BranchId) -> Option<BranchId> {
        let is_map = |id: &BranchId| {
            let state = self.log.branches.get(id.0 as usize).and_then(|origin| origin.state);
            let state = state.and_then(|state| self.execution.machine.states.get(state.0 as usize));
            state.is_some_and(|state| matches!(state.kind, StateKind::Map(_)))
        };
        self.log.branch_path(branch).into_iter().rev().find(is_map)
    }

    /// Where the item of an iteration stands in the data of its Map.
    pub(super) fn item(&mut self, iteration: BranchId) -> Option<Place> {
        let origin = *self.log.branches.get(iteration.0 as usize)?;
        let visit = self.visit(origin.visit)?;
        let row = self.data_before(&visit, Self::row(&visit, RowKind::Result)?);
        let index = origin.index as usize;
        let step = match visit.rows.get(row)?.outcome.value()? {
            Value::Array(items) => items.get(index).map(|_| Step::Index(index))?,
            Value::Object(entries) => Step::Key(entries.nth(index)?.0.clone()),
            _ => return None,
        };
        Some(Place::Row(origin.visit, row, vec![step]))
    }

    /// The context object that the `ItemSelector` of a distributed Map saw for item `item`.
    fn run_item(&mut self, visit: EventId, item: usize) -> Option<Value> {
        let branch = self.log.event(visit)?.branch;
        let mut context = self.context(visit, branch)?;
        let step = self.visit(visit)?.left_at.and(self.log.exit_of(visit)).map_or(self.moment.step, |exit| exit.step);
        let past = Past { log: self.log, execution: self.execution, started: self.started };
        let index = u32::try_from(item).ok()?;
        let own = self.visit(visit)?;
        let is_read = self.field_span(&own, "ItemReader").is_some();
        let item = match is_read {
            // The log does not hold what was read.
            true => Value::Object([("Index", Value::from(index))].into_iter().collect()),
            false => past.item(visit, index, step)?,
        };
        if let Value::Object(members) = &mut context {
            members.insert("Map", Value::Object([("Item", item)].into_iter().collect()));
        }
        Some(context)
    }

    /// The place of a field of the state of a visit.
    pub(super) fn field_span(&self, visit: &Visit, field: &str) -> Option<Span> {
        let state = self.execution.machine.states.get(visit.state.0 as usize)?;
        state.field(field).map(|field| field.value)
    }

    /// What is known of the context object that the state of a visit saw.
    fn context(&mut self, visit: EventId, branch: BranchId) -> Option<Value> {
        let left = self.log.exit_of(visit).map_or(usize::MAX, |exit| exit.id.0 as usize - 1);
        let events = left.min(self.moment.events);
        let moment = Moment { events, step: self.moment.step };
        let past = Past { log: self.log, execution: self.execution, started: self.started };
        Some(past.context(branch, moment))
    }
}

/// The value that `path` leads to inside of `value`.
pub(super) fn at(value: &Value, path: &[Step]) -> Option<Value> {
    let mut here = value;
    for step in path {
        here = match (here, step) {
            (Value::Object(object), Step::Key(key)) => object.get(key)?,
            (Value::Array(items), Step::Index(index)) => items.get(*index)?,
            _ => return None,
        };
    }
    Some(here.clone())
}
