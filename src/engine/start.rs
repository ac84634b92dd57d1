//! Starting in the middle: at a state, in a situation that is given; and answering a state instead of running it.

use super::branch::{Blocked, Branch};
use super::execution::Execution;
use super::fault::Fault;
use super::ids::BranchId;
use super::log::Log;
use super::machine::Machine;
use super::stage::Stage;
use super::variables::Variables;
use crate::asl::StateId;
use crate::value::{Timestamp, Value};

/// Where an execution starts, and what it finds there.
#[derive(Debug, Clone)]
pub struct Start {
    /// The state, in whatever scope. A state inside of a Map or Parallel runs to the end of its own scope.
    pub state: StateId,
    /// The variables it sees.
    pub variables: Variables,
    /// The context object it sees instead of the execution's own, until it is left.
    pub context: Option<Value>,
    /// How often it has been retried: counted for each of its retriers.
    pub retries: u32,
}

impl Start {
    /// At `state`, with nothing.
    #[must_use]
    pub fn at(state: StateId) -> Self {
        Self { state, variables: Variables::default(), context: None, retries: 0 }
    }
}

impl Machine {
    /// Starts an execution at the state that `start` names, whose input is that of the execution.
    #[must_use]
    pub fn start_at(execution: Execution, start: Start, now: Timestamp, log: &mut Log) -> Self {
        let retriers = execution.machine.state(start.state).retry.len();
        let mut machine = Self::start(execution, now, log);
        if let Some(mut branch) = machine.take(BranchId::MAIN) {
            branch.state = start.state;
            branch.variables = start.variables;
            branch.given_context = start.context;
            branch.retry_count = start.retries;
            branch.retries = vec![start.retries; retriers];
            machine.put(branch);
        }
        machine
    }

    /// The stage that `branch` performs next: those that its state does not have are passed over.
    #[must_use]
    pub fn next_stage(&self, branch: &Branch) -> Stage {
        let state = self.execution().machine.state(branch.state);
        let mut stage = branch.stage;
        while !super::states::has_stage(state, stage) {
            stage = super::states::following(stage);
        }
        stage
    }

    /// Takes the work of the state that `branch` stands in for done with this outcome, without doing it. A result is
    /// taken right before the work ([`Stage::Work`]), a failure at any stage. Returns whether it was taken.
    pub fn answer(&mut self, branch: BranchId, outcome: Result<Value, Fault>, log: &mut Log) -> bool {
        if self.status().is_done() {
            return false;
        }
        let Some(mut branch) = self.take(branch) else { return false };
        let stage = self.next_stage(&branch);
        if branch.blocked != Blocked::No || (outcome.is_ok() && stage != Stage::Work) {
            self.put(branch);
            return false;
        }
        branch.stage = stage;
        self.steps += 1;
        let flow = match outcome {
            Ok(result) => self.take_result(&mut branch, result, log),
            Err(fault) => self.fail(&mut branch, fault, log),
        };
        self.settle(branch, flow);
        true
    }
}
