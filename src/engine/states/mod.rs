//! What the stages of a state do, one file a theme.

pub(super) mod children;
pub(super) mod choice;
mod data;
mod failure;
mod jsonata;
mod map_children;
mod map_ends;
pub(super) mod map_plan;
mod map_redrive;
mod map_run;
mod task;
mod wait;

use super::branch::{Branch, Chosen};
use super::event::EventKind;
use super::execution::Status;
use super::fault::{DATA_LIMIT_EXCEEDED, Fault, QUERY_EVALUATION_ERROR, RUNTIME};
use super::log::Log;
use super::machine::{Flow, Machine, Staged};
use super::stage::Stage;
use super::{MAX_PAYLOAD, branch::Blocked};
use crate::asl::{Fail, Language, PathField, ResultPath, State, StateKind, Text, Transition};
use crate::query::{JsonPath, QueryError};
use crate::text::json::MAX_DEPTH;
use crate::value::Value;

/// The stage after `stage` in the order of the data flow.
pub(super) fn following(stage: Stage) -> Stage {
    match stage {
        Stage::ItemSelector => Stage::Enter,
        Stage::Enter => Stage::InputPath,
        Stage::InputPath => Stage::Parameters,
        Stage::Parameters => Stage::Arguments,
        Stage::Arguments => Stage::ItemsPath,
        Stage::ItemsPath => Stage::Items,
        Stage::Items => Stage::Work,
        Stage::Work => Stage::ResultSelector,
        Stage::ResultSelector => Stage::ResultPath,
        Stage::ResultPath => Stage::OutputPath,
        Stage::OutputPath => Stage::Output,
        Stage::Output | Stage::Catch => Stage::Assign,
        Stage::Assign | Stage::Exit => Stage::Exit,
    }
}

/// The stage that a branch in `state` performs next when it stands before `stage`: the first from there on that the
/// state's fields, type and query language call for.
#[must_use]
pub fn due(state: &State, stage: Stage) -> Stage {
    let mut stage = stage;
    // Ends at the latest with Exit, which every state has.
    while !has_stage(state, stage) {
        stage = following(stage);
    }
    stage
}

/// Whether `state` has anything to do in `stage`.
pub(super) fn has_stage(state: &State, stage: Stage) -> bool {
    match stage {
        Stage::Enter | Stage::Exit | Stage::ItemSelector | Stage::Catch => true,
        Stage::InputPath => !matches!(state.input_path, PathField::Whole),
        // A Pass with a Result does not evaluate its Parameters (recorded).
        Stage::Parameters => state.parameters.is_some() && !matches!(state.kind, StateKind::Pass { result: Some(_) }),
        Stage::Arguments => state.arguments.is_some(),
        Stage::ItemsPath => matches!(&state.kind, StateKind::Map(map) if map.items_path.is_some()),
        Stage::Items => matches!(&state.kind, StateKind::Map(map) if map.items.is_some()),
        Stage::Work => {
            !matches!(state.kind, StateKind::Pass { result: None } | StateKind::Succeed) || state.assign.is_some()
        }
        Stage::ResultSelector => state.result_selector.is_some(),
        Stage::ResultPath => !matches!(state.result_path, ResultPath::Whole),
        Stage::OutputPath => !matches!(state.output_path, PathField::Whole),
        Stage::Output => {
            state.output.is_some()
                || matches!(&state.kind, StateKind::Choice(choice) if choice.rules.iter().any(|rule| rule.output.is_some()))
        }
        Stage::Assign => {
            state.assign.is_some()
                || state.catch.iter().any(|catcher| catcher.assign.is_some())
                || matches!(&state.kind, StateKind::Choice(choice) if choice.rules.iter().any(|rule| rule.assign.is_some()))
        }
    }
}

impl Machine {
    /// Performs the stage that `branch` stands before.
    pub(super) fn perform_stage(&mut self, branch: &mut Branch, state: &State, log: &mut Log) -> Staged {
        let stage = branch.stage;
        match stage {
            Stage::ItemSelector => return self.begin_iteration(branch, state, log),
            Stage::Enter => self.enter(branch, state, log),
            Stage::InputPath => self.input_path(branch, state, log)?,
            Stage::Parameters => self.parameters(branch, state, log)?,
            Stage::Arguments => self.arguments(branch, state, log)?,
            Stage::ItemsPath => self.items_path(branch, state, log)?,
            Stage::Items => self.items(branch, state, log)?,
            Stage::Work => return self.work(branch, state, log),
            Stage::ResultSelector => self.result_selector(branch, state, log)?,
            Stage::ResultPath => self.result_path(branch, state, log)?,
            Stage::OutputPath => self.output_path(branch, state, log)?,
            Stage::Output => self.output(branch, state, log)?,
            Stage::Catch => self.catch(branch, state, log)?,
            Stage::Assign => self.assign(branch, state, log)?,
            Stage::Exit => return self.exit(branch, state, log),
        }
        Ok(Flow::Next(following(stage)))
    }

    pub(super) fn enter(&mut self, branch: &mut Branch, state: &State, log: &mut Log) {
        branch.entered_at = self.now;
        branch.data = branch.input.clone();
        branch.effective = branch.input.clone();
        branch.before = branch.last;
        let kind = EventKind::StateEntered { state: branch.state, input: branch.input.clone() };
        self.append(branch, kind, log);
        branch.entered = branch.last;
        self.give_token(branch, state);
    }

    /// A new token for tasks that are answered by one.
    pub(in super::super) fn give_token(&mut self, branch: &mut Branch, state: &State) {
        if matches!(&state.kind, StateKind::Task(task) if task.resource.has_token()) {
            branch.token = Some(self.new_token());
        }
    }

    /// What the type of the state does.
    fn work(&mut self, branch: &mut Branch, state: &State, log: &mut Log) -> Staged {
        branch.result = branch.data.clone();
        match &state.kind {
            StateKind::Pass { result } => {
                if let Some(result) = result {
                    branch.data = result.clone();
                    branch.result = result.clone();
                    self.record(branch, Stage::Work, result, log);
                }
            }
            StateKind::Succeed => {}
            StateKind::Task(task) => return self.schedule(branch, task, log),
            StateKind::Choice(choice) => self.choose(branch, state, choice, log)?,
            StateKind::Wait(wait) => return self.wait(branch, state, wait),
            StateKind::Fail(fail) => return Err(self.fail_state(branch, state, fail)?),
            StateKind::Parallel(parallel) => return self.start_branches(branch, parallel, log),
            StateKind::Map(map) if map.distributed.is_mode => return self.start_map_run(branch, state, map, log),
            StateKind::Map(map) => return self.start_map(branch, state, map, log),
        }
        Ok(Flow::Next(following(Stage::Work)))
    }

    /// Goes on with `result` as what the work gave.
    pub(super) fn take_result(&mut self, branch: &mut Branch, result: Value, log: &mut Log) -> Flow {
        branch.data = result.clone();
        branch.result = result;
        self.record(branch, Stage::Work, &branch.data, log);
        Flow::Next(following(Stage::Work))
    }

    fn fail_state(&mut self, branch: &Branch, state: &State, fail: &Fail) -> Result<Box<Fault>, Box<Fault>> {
        let mut text = |text: &Option<Text>, field: &str| -> Result<Option<_>, Box<Fault>> {
            Ok(match text {
                None => None,
                Some(Text::Fixed(text)) => Some(text.clone()),
                Some(Text::Jsonata(expression)) => Some(self.text(expression, branch, state)?),
                Some(Text::Expression(expression)) => {
                    let value = expression.evaluate(field, &branch.data, &mut self.surroundings(branch, state));
                    match value.map_err(|error| query_fault(branch, state, error))? {
                        Value::String(text) => Some(text),
                        other => {
                            let cause = format!("The {field} field must refer to a string, but was: {other}");
                            return Err(runtime_fault(branch, state, &cause));
                        }
                    }
                }
            })
        };
        let error = text(&fail.error, "ErrorPath")?;
        let cause = text(&fail.cause, "CausePath")?;
        Ok(Box::new(Fault { error, cause, ..Fault::default() }))
    }

    /// Leaves the state: for the next one, or at the end of the branch or execution.
    fn exit(&mut self, branch: &mut Branch, state: &State, log: &mut Log) -> Staged {
        check_size(&branch.data, &state.name)?;
        let transition = match (branch.chosen, &state.kind) {
            (Some(Chosen::Catcher(at)), _) => state.catch.get(at).map(|catcher| Transition::Next(catcher.next)),
            (Some(Chosen::Rule(at)), StateKind::Choice(choice)) => {
                choice.rules.get(at).map(|rule| Transition::Next(rule.next))
            }
            (Some(Chosen::Default(next)), _) => Some(Transition::Next(next)),
            _ => Some(state.transition),
        };
        let transition = transition.expect("a rule or catcher that was chosen exists");
        Ok(self.exit_to(branch, transition, log))
    }

    /// Leaves the state with the branch's data as its output.
    pub(in crate::engine) fn exit_to(&mut self, branch: &mut Branch, transition: Transition, log: &mut Log) -> Flow {
        let output = branch.data.clone();
        let assigned = branch.assigned.take().map(Box::new);
        let kind = EventKind::StateExited { state: branch.state, output: output.clone(), assigned };
        self.append(branch, kind, log);
        branch.forget_children();
        branch.move_on(transition, output);
        if transition == Transition::End {
            return self.finish_branch(branch, log);
        }
        Flow::Left
    }

    /// A branch came to its end with `branch.input` as its output.
    fn finish_branch(&mut self, branch: &mut Branch, log: &mut Log) -> Flow {
        let output = branch.input.clone();
        match branch.parent {
            None => self.end(Status::Succeeded(output), branch.last, log),
            Some(parent) => self.child_succeeded(parent, branch, output, log),
        }
        Flow::Ended
    }

    /// A wait or the delay before a retry is over.
    pub(super) fn resume(&mut self, id: super::BranchId) {
        let Some(mut branch) = self.take(id) else { return };
        let stage = match branch.blocked {
            // A retry evaluates the parameters anew (recorded: State.RetryCount is seen).
            Blocked::Retry(_) => Stage::Parameters,
            _ => following(Stage::Work),
        };
        branch.unblock();
        self.settle_outside(branch, Flow::Next(stage));
    }
}

/// A run-time fault of the definition, in AWS's words.
fn runtime_fault(branch: &Branch, state: &State, cause: &str) -> Box<Fault> {
    let mut text = format!(
        "An error occurred while executing the state '{}' (entered at the event id #{}). ",
        state.name, branch.entered.0
    );
    let prefix = Some(text.len());
    text.push_str(cause);
    Box::new(Fault { state: Some(branch.state), stage: Some(branch.stage), prefix, ..Fault::new(RUNTIME, text) })
}

/// The fault of an expression that failed: a failed evaluation in JSONata states, a fault of the definition in others.
fn query_fault(branch: &Branch, state: &State, error: QueryError) -> Box<Fault> {
    let mut fault = runtime_fault(branch, state, &error.cause);
    if state.language == Language::Jsonata {
        fault.error = Some(QUERY_EVALUATION_ERROR.into());
    }
    fault.query = Some(Box::new(error));
    fault
}

/// Holds a payload to its limit; `what` is the state or the integration that made it (recorded).
fn check_size(value: &Value, what: &str) -> Result<(), Box<Fault>> {
    if value.size() <= MAX_PAYLOAD && value.depth() <= MAX_DEPTH {
        return Ok(());
    }
    let cause = format!(
        "The state/task '{what}' returned a result with a size exceeding the maximum number of bytes service limit."
    );
    Err(Box::new(Fault::new(DATA_LIMIT_EXCEEDED, cause)))
}

/// The value that `path` finds in the effective input, or none; for the fields that word a miss themselves.
fn lookup(machine: &mut Machine, path: &JsonPath, branch: &Branch, state: &State) -> Option<Value> {
    path.find(&branch.data, &mut machine.surroundings(branch, state))
}
