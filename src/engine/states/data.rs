//! The stages that select, shape and merge data.

use super::{Branch, Chosen, DATA_LIMIT_EXCEEDED, Fault, Log, Machine, Stage, check_size, query_fault};
use crate::asl::{Language, PathField, ResultPath, State, StateKind};
use crate::query::JsonPath;
use crate::text::json::MAX_DEPTH;
use crate::value::{Object, Value};

/// A variable and one Assign hold at most 256 KiB, all variables of an execution 10 MiB (Step Functions quotas).
const MAX_VARIABLE: usize = 262_144;
const MAX_VARIABLES: usize = 10 * 1024 * 1024;

type Done = Result<(), Box<Fault>>;

impl Machine {
    pub(super) fn input_path(&mut self, branch: &mut Branch, state: &State, log: &mut Log) -> Done {
        branch.data = self.path_field(&state.input_path, branch, state)?;
        branch.effective = branch.data.clone();
        self.record(branch, Stage::InputPath, &branch.data, log);
        Ok(())
    }

    pub(super) fn output_path(&mut self, branch: &mut Branch, state: &State, log: &mut Log) -> Done {
        branch.data = self.path_field(&state.output_path, branch, state)?;
        self.record(branch, Stage::OutputPath, &branch.data, log);
        Ok(())
    }

    fn path_field(&mut self, field: &PathField, branch: &Branch, state: &State) -> Result<Value, Box<Fault>> {
        match field {
            PathField::Whole => Ok(branch.data.clone()),
            PathField::Null => Ok(Value::empty_object()),
            PathField::Path(path) => self.select(path, &branch.data, branch, state),
        }
    }

    /// The value at `path`, or AWS's words for a miss outside payload templates.
    pub(super) fn select(
        &mut self,
        path: &JsonPath,
        input: &Value,
        branch: &Branch,
        state: &State,
    ) -> Result<Value, Box<Fault>> {
        let selected = path.select(input, &mut self.surroundings(branch, state));
        selected.map_err(|mut error| {
            error.cause = format!("Invalid path '{}' : {}", path.text(), error.cause);
            query_fault(branch, state, error)
        })
    }

    pub(super) fn parameters(&mut self, branch: &mut Branch, state: &State, log: &mut Log) -> Done {
        let Some(template) = &state.parameters else { return Ok(()) };
        let filled = template.evaluate(&branch.data, &mut self.surroundings(branch, state));
        branch.data = filled.map_err(|error| query_fault(branch, state, error))?;
        check_size(&branch.data, &state.name)?;
        self.record(branch, Stage::Parameters, &branch.data, log);
        Ok(())
    }

    pub(super) fn items_path(&mut self, branch: &mut Branch, state: &State, log: &mut Log) -> Done {
        let StateKind::Map(map) = &state.kind else { return Ok(()) };
        let Some(path) = &map.items_path else { return Ok(()) };
        branch.data = self.select(path, &branch.data, branch, state)?;
        self.record(branch, Stage::ItemsPath, &branch.data, log);
        Ok(())
    }

    pub(super) fn result_selector(&mut self, branch: &mut Branch, state: &State, log: &mut Log) -> Done {
        let Some(template) = &state.result_selector else { return Ok(()) };
        let filled = template.evaluate(&branch.data, &mut self.surroundings(branch, state));
        branch.data = filled.map_err(|error| query_fault(branch, state, error))?;
        self.record(branch, Stage::ResultSelector, &branch.data, log);
        Ok(())
    }

    pub(super) fn result_path(&mut self, branch: &mut Branch, state: &State, log: &mut Log) -> Done {
        branch.data = merge(&state.result_path, branch, state, branch.data.clone())?;
        self.record(branch, Stage::ResultPath, &branch.data, log);
        Ok(())
    }

    /// The error output, merged into the raw input or shaped as the chosen catcher says.
    pub(super) fn catch(&mut self, branch: &mut Branch, state: &State, log: &mut Log) -> Done {
        let Some(Chosen::Catcher(at)) = branch.chosen else { return Ok(()) };
        let Some(catcher) = state.catch.get(at) else { return Ok(()) };
        branch.data = match state.language {
            Language::JsonPath => merge(&catcher.result_path, branch, state, branch.result.clone())?,
            Language::Jsonata => self.catcher_output(at, branch, state)?,
        };
        self.record(branch, Stage::Catch, &branch.data, log);
        Ok(())
    }

    /// `Assign` of the state, of the winning rule, or of the chosen catcher.
    pub(super) fn assign(&mut self, branch: &mut Branch, state: &State, log: &mut Log) -> Done {
        let template = match (branch.chosen, &state.kind) {
            (Some(Chosen::Catcher(at)), _) => state.catch.get(at).and_then(|catcher| catcher.assign.as_ref()),
            (Some(Chosen::Rule(at)), StateKind::Choice(choice)) => {
                choice.rules.get(at).and_then(|rule| rule.assign.as_ref())
            }
            _ => state.assign.as_ref(),
        };
        let Some(template) = template else { return Ok(()) };
        // A state that fails assigns nothing, so what could fail behind this is looked at before.
        check_size(&branch.data, &state.name)?;
        let filled = self.fill(template, &branch.result, branch, state)?;
        let Value::Object(assigned) = filled else { return Ok(()) };
        check_variables(branch, &assigned)?;
        branch.variables.assign(&assigned);
        self.record(branch, Stage::Assign, &Value::Object(assigned.clone()), log);
        // Nothing assigned is not told of in the exit event (recorded).
        branch.assigned = Some(assigned).filter(|assigned| !assigned.is_empty());
        Ok(())
    }
}

/// `value` merged into the raw input of the state.
fn merge(path: &ResultPath, branch: &Branch, state: &State, value: Value) -> Result<Value, Box<Fault>> {
    match path {
        ResultPath::Whole => Ok(value),
        ResultPath::Discard => Ok(branch.input.clone()),
        ResultPath::Path(path) => path.write(&branch.input, value).map_err(|error| {
            let fault = query_fault(branch, state, error);
            Box::new(Fault { error: Some("States.ResultPathMatchFailure".into()), ..*fault })
        }),
    }
}

fn check_variables(branch: &Branch, assigned: &Object) -> Done {
    let all: usize = assigned.values().map(Value::size).sum();
    let replaced: usize = assigned.keys().filter_map(|name| branch.variables.get(name)).map(Value::size).sum();
    let fits = all <= MAX_VARIABLE && branch.variables.size() - replaced + all <= MAX_VARIABLES;
    // Variables can be wrapped in each other again and again: their depth grows where their size hardly does.
    if fits && assigned.values().all(|value| value.depth() <= MAX_DEPTH) {
        return Ok(());
    }
    let cause = "The variables assigned by the state exceed the maximum size: 256 KiB a state, 10 MiB an execution.";
    Err(Box::new(Fault::new(DATA_LIMIT_EXCEEDED, cause)))
}
