//! Moving through what was: to the state, stage or breakpoint before or after a moment.

use super::inspect::Moment;
use crate::asl::StateId;
use crate::engine::{BranchId, EventKind, Log};

/// A direction in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// To what was before.
    Back,
    /// To what came after.
    Forward,
}

/// The entry of a state nearest to `moment`; in `branch` only, if one is given.
#[must_use]
pub fn entry(log: &Log, moment: Moment, direction: Direction, branch: Option<BranchId>) -> Option<Moment> {
    event(log, moment, direction, |event| {
        matches!(event.kind, EventKind::StateEntered { .. }) && branch.is_none_or(|branch| event.branch == branch)
    })
}

/// The nearest entry of `wanted`.
#[must_use]
pub fn entry_of(log: &Log, moment: Moment, direction: Direction, wanted: StateId) -> Option<Moment> {
    event(
        log,
        moment,
        direction,
        |event| matches!(&event.kind, EventKind::StateEntered { state, .. } if *state == wanted),
    )
}

fn event(
    log: &Log,
    moment: Moment,
    direction: Direction,
    wanted: impl Fn(&crate::engine::Event) -> bool,
) -> Option<Moment> {
    let found = match direction {
        // The event that is looked at is the last one of the moment.
        Direction::Back => log.events.range(0, moment.events.saturating_sub(1)).rev().find(|event| wanted(event)),
        Direction::Forward => log.events.range(moment.events, log.events.len()).find(|event| wanted(event)),
    };
    found.map(|event| Moment::after_event(log, event.id.0 as usize))
}

/// The nearest step that left something to see: an event or the value of a stage.
#[must_use]
pub fn step(log: &Log, moment: Moment, direction: Direction) -> Option<Moment> {
    let (event_step, stage_step) = match direction {
        Direction::Back => {
            // At the newest moment the step has no number of its own.
            let newest = [log.events.last().map(|e| e.step), log.stages.last().map(|s| s.step)];
            let step = moment.step.min(newest.into_iter().flatten().max()?);
            let events = log.events.partition_point(|event| event.step < step);
            let stages = log.stages.partition_point(|record| record.step < step);
            let before = |at: usize| at.checked_sub(1);
            (
                before(events).and_then(|at| log.events.get(at)).map(|event| event.step),
                before(stages).and_then(|at| log.stages.get(at)).map(|record| record.step),
            )
        }
        Direction::Forward => {
            let events = log.events.partition_point(|event| event.step <= moment.step);
            let stages = log.stages.partition_point(|record| record.step <= moment.step);
            (log.events.get(events).map(|event| event.step), log.stages.get(stages).map(|record| record.step))
        }
    };
    let step = match direction {
        Direction::Back => event_step.max(stage_step)?,
        Direction::Forward => match (event_step, stage_step) {
            (Some(event), Some(stage)) => event.min(stage),
            (event, stage) => event.or(stage)?,
        },
    };
    Some(Moment { events: log.events_at(step), step })
}

/// Whether `moment` is the newest one.
#[must_use]
pub fn is_newest(log: &Log, moment: Moment) -> bool {
    moment.events >= log.events.len() && log.stages.last().is_none_or(|record| record.step <= moment.step)
}
