//! What the work of states gave: results, and where they were written.

use super::made::Made;
use super::{End, Place, Provenance};
use crate::asl::{ResultPath, State, StateKind};
use crate::debug::inspect::Visit;
use crate::engine::{BranchId, EventId, EventKind};
use crate::query::ReferencePath;
use crate::text::Span;
use crate::value::Value;
use crate::value::diff::Step;

impl Provenance<'_> {
    pub(super) fn work(&mut self, visit: &Visit, state: &State, path: &[Step]) -> Option<Made> {
        match &state.kind {
            StateKind::Pass { .. } => {
                let span = state.field("Result").map(|field| field.value);
                Some(Made::End { end: End::Literal, how: "Result".to_owned(), span })
            }
            StateKind::Task(task) => {
                let span = state.field("Resource").map(|field| field.value);
                if let Some(made) = self.nested_output(visit, path, span) {
                    return Some(made);
                }
                Some(Made::End { end: End::Answer, how: task.resource.text.to_string(), span })
            }
            StateKind::Map(map) if map.distributed.is_mode => self.map_run(visit, state, map, path),
            StateKind::Map(_) | StateKind::Parallel(_) => match path {
                [Step::Index(index), rest @ ..] => {
                    let output = self.output_of(visit.entered, *index)?;
                    let how = format!("output of [{index}]");
                    Some(Made::From { next: output.inside(rest), how, span: Some(state.span) })
                }
                _ => {
                    let parts = (0..super::MOST_PARTS).filter_map(|index| self.output_of(visit.entered, index));
                    Some(Made::Of { parts: parts.collect(), how: "the outputs".to_owned(), span: Some(state.span) })
                }
            },
            _ => None,
        }
    }

    /// The output of branch or iteration `index`, as it ended last.
    fn output_of(&mut self, visit: EventId, index: usize) -> Option<Place> {
        let log = self.log;
        let own = |origin: &&crate::engine::Origin| origin.visit == visit && origin.index as usize == index;
        let count = log.branches.iter().rev().position(|origin| own(&origin) && origin.state.is_some())?;
        let branch = BranchId(u32::try_from(log.branches.len() - 1 - count).ok()?);
        let mut events = log.events.range(visit.0 as usize, self.moment.events).rev();
        let exit =
            events.find(|event| event.branch == branch && matches!(event.kind, EventKind::StateExited { .. }))?;
        let entered = self.entry_of(exit.id)?;
        let last = self.visit(entered)?.rows.len().checked_sub(1)?;
        Some(Place::Row(entered, last, Vec::new()))
    }

    /// A result that was written into the input of the state.
    pub(super) fn merged(
        &mut self,
        field: &ResultPath,
        (result, input): (Place, Place),
        path: &[Step],
        (how, span): (String, Option<Span>),
    ) -> Made {
        let target = match field {
            ResultPath::Whole => return Made::same(result.inside(path)),
            ResultPath::Discard => return Made::same(input.inside(path)),
            ResultPath::Path(target) => target,
        };
        match aimed(target, self.value(&input).as_ref(), path) {
            Aim::Inside(rest) => Made::From { next: result.inside(rest), how, span },
            Aim::Beside => Made::same(input.inside(path)),
            Aim::Around => {
                Made::Of { parts: vec![input.inside(path), result], how: format!("{how} in the input"), span }
            }
        }
    }

    /// An error output that was written into the input of the state.
    pub(super) fn caught(
        &mut self,
        target: &ReferencePath,
        (input, span): (Place, Option<Span>),
        path: &[Step],
    ) -> Made {
        let how = target.text().to_owned();
        match aimed(target, self.value(&input).as_ref(), path) {
            Aim::Inside(_) => Made::End { end: End::Error, how, span },
            Aim::Beside => Made::same(input.inside(path)),
            Aim::Around => Made::Of { parts: vec![input.inside(path)], how: format!("error in {how}"), span },
        }
    }
}

/// How a place in the data lies to the one that was written to.
enum Aim<'p> {
    /// In what was written: the steps from there.
    Inside(&'p [Step]),
    /// Elsewhere.
    Beside,
    /// Around it.
    Around,
}

fn aimed<'p>(target: &ReferencePath, input: Option<&Value>, path: &'p [Step]) -> Aim<'p> {
    let steps = target.steps(input);
    if let Some(rest) = path.strip_prefix(&steps[..]) {
        Aim::Inside(rest)
    } else if steps.starts_with(path) {
        Aim::Around
    } else {
        Aim::Beside
    }
}
