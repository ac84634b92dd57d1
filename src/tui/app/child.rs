//! Child executions of distributed Maps as runs to be looked at: each has a log of its own.

use std::sync::Arc;

use crate::debug::Run;
use crate::engine::{Branch, BranchId, Execution, Log, Machine, Status};
use crate::runtime::View;
use crate::value::Timestamp;

/// Branches shown of a child execution; more are summed up.
const MAX_SHOWN_BRANCHES: usize = 512;

/// The child execution that the branches `inside` lead to, seen through the run they belong to; none if it is not known.
pub(super) fn child(root: &Run, view: &View, inside: &[BranchId]) -> Option<(Run, Arc<View>)> {
    let mut found: Option<Found> = None;
    for branch in inside {
        found = Some(match &found {
            None => Found::in_view(view, *branch)?,
            Some(outer) => outer.inner(*branch)?,
        });
    }
    let found = found?;
    let run = root.child(found.execution());
    Some((run, Arc::new(found.view(view))))
}

/// A child execution, under way or ended.
enum Found {
    Live(Arc<crate::engine::Child>),
    Ended(Arc<crate::engine::ChildExecution>),
}

impl Found {
    fn in_view(view: &View, branch: BranchId) -> Option<Self> {
        let live = view.branches.iter().find(|known| known.id == branch);
        let live = live.or_else(|| view.machine.as_ref()?.branch(branch));
        let runs = |run: crate::engine::MapRunId| view.map_runs.get(run.0 as usize).map(|run| run.state);
        of_branch(live).or_else(|| ended(&view.log, branch, runs))
    }

    fn inner(&self, branch: BranchId) -> Option<Self> {
        match self {
            Self::Live(child) => {
                let runs =
                    |run: crate::engine::MapRunId| child.machine.map_runs().get(run.0 as usize).map(|run| run.state);
                of_branch(child.machine.branch(branch)).or_else(|| ended(&child.log, branch, runs))
            }
            Self::Ended(child) => {
                let state = child.log.branches.get(branch.0 as usize)?.state;
                ended(&child.log, branch, |_| state)
            }
        }
    }

    fn execution(&self) -> Arc<Execution> {
        match self {
            Self::Live(child) => child.machine.execution().clone(),
            Self::Ended(child) => child.execution.clone(),
        }
    }

    fn view(&self, outer: &View) -> View {
        let (log, status, now, started, machine): (&Log, Status, Timestamp, Timestamp, Option<&Machine>) = match self {
            Self::Live(child) => {
                let machine = &child.machine;
                (&child.log, machine.status().clone(), machine.now(), machine.started(), Some(machine))
            }
            Self::Ended(child) => (&child.log, child.status.clone(), child.stopped, child.started, None),
        };
        View {
            log: log.clone(),
            status,
            now,
            started,
            steps: machine.map_or(0, Machine::steps),
            branches: machine.iter().flat_map(|machine| machine.branches().take(MAX_SHOWN_BRANCHES).cloned()).collect(),
            branch_count: machine.map_or(0, |machine| machine.branches().count()),
            map_runs: machine.map(|machine| machine.map_runs().to_vec()).unwrap_or_default(),
            deadline: None,
            machine: outer.machine.as_ref().and(machine).map(|machine| Arc::new(machine.clone())),
            ..outer.clone()
        }
    }
}

fn of_branch(branch: Option<&Branch>) -> Option<Found> {
    branch?.shared_child().map(Found::Live)
}

/// The last child execution with the number of `branch` that a Map Run of its state has ended.
fn ended(
    log: &Log,
    branch: BranchId,
    state_of: impl Fn(crate::engine::MapRunId) -> Option<crate::asl::StateId>,
) -> Option<Found> {
    let origin = log.branches.get(branch.0 as usize)?;
    let mut all = log.executions.iter().rev();
    let own = all.find(|child| child.index == origin.index && state_of(child.run) == origin.state);
    own.cloned().map(Found::Ended)
}
