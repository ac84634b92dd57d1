//! JSONata in states: payloads, and fields that must give a number, a text, a boolean, a list.

use std::sync::Arc;

use super::{Branch, Chosen, EventKind, Fault, Log, Machine, Stage, check_size, query_fault};
use crate::asl::fields::MAX_SECONDS;
use crate::asl::{Filling, Map, State, StateKind};
use crate::engine::fault::QUERY_EVALUATION_ERROR;
use crate::query::{JsonataField, Payload, QueryError, States};
use crate::text::Span;
use crate::value::{Number, Value};

type Done = Result<(), Box<Fault>>;

impl Machine {
    /// `filling` with `input` as its `$`, or by JSONata.
    pub(super) fn fill(
        &mut self,
        filling: &Filling,
        input: &Value,
        branch: &Branch,
        state: &State,
    ) -> Result<Value, Box<Fault>> {
        match filling {
            Filling::Template(template) => {
                let filled = template.evaluate(input, &mut self.surroundings(branch, state));
                filled.map_err(|error| query_fault(branch, state, error))
            }
            Filling::Payload(payload) => self.payload(payload, branch, state),
        }
    }

    fn payload(&mut self, payload: &Payload, branch: &Branch, state: &State) -> Result<Value, Box<Fault>> {
        let value = payload.evaluate(&states(branch, state), &mut self.surroundings(branch, state));
        value.map_err(|error| query_fault(branch, state, error))
    }

    fn expression(&mut self, field: &JsonataField, branch: &Branch, state: &State) -> Result<Value, Box<Fault>> {
        let value = field.evaluate(&states(branch, state), &mut self.surroundings(branch, state));
        value.map_err(|error| query_fault(branch, state, error))
    }

    pub(super) fn arguments(&mut self, branch: &mut Branch, state: &State, log: &mut Log) -> Done {
        let Some(payload) = &state.arguments else { return Ok(()) };
        branch.data = self.payload(payload, branch, state)?;
        check_size(&branch.data, &state.name)?;
        self.record(branch, Stage::Arguments, &branch.data, log);
        Ok(())
    }

    pub(super) fn items(&mut self, branch: &mut Branch, state: &State, log: &mut Log) -> Done {
        let StateKind::Map(Map { items: Some(payload), .. }) = &state.kind else { return Ok(()) };
        branch.data = self.payload(payload, branch, state)?;
        self.record(branch, Stage::Items, &branch.data, log);
        Ok(())
    }

    /// `Output` of the state, or of the rule that won; a rule without one gives the input (States Language, Choice).
    pub(super) fn output(&mut self, branch: &mut Branch, state: &State, log: &mut Log) -> Done {
        let payload = match (branch.chosen, &state.kind) {
            (Some(Chosen::Catcher(_)), _) => return Ok(()),
            (Some(Chosen::Rule(at)), StateKind::Choice(choice)) => {
                choice.rules.get(at).and_then(|rule| rule.output.as_ref())
            }
            _ => state.output.as_ref(),
        };
        let Some(payload) = payload else { return Ok(()) };
        let output = self.payload(payload, branch, state)?;
        // What an expression gives is made anew, even where it is the input.
        branch.data = if output.is_same(&self.execution.input) { output.apart() } else { output };
        self.record(branch, Stage::Output, &branch.data, log);
        Ok(())
    }

    /// `Output` of catcher `at`; the error output without one.
    pub(super) fn catcher_output(&mut self, at: usize, branch: &Branch, state: &State) -> Result<Value, Box<Fault>> {
        match state.catch.get(at).and_then(|catcher| catcher.output.as_ref()) {
            Some(payload) => self.payload(payload, branch, state),
            None => Ok(branch.result.clone()),
        }
    }

    /// The fault of a JSONata Map whose items are none: in what `Items` gave, or in the input of the state.
    pub(super) fn no_items(branch: &Branch, state: &State, map: &Map) -> Box<Fault> {
        let error = match map.items.as_ref().and_then(Payload::expression) {
            Some(expression) => expression.unexpected("array", &branch.data),
            None => failure(&format!("Map state input must be an array but was: {}", branch.data), ""),
        };
        query_fault(branch, state, error)
    }

    /// The number of `field`.
    pub(super) fn number(
        &mut self,
        field: &JsonataField,
        branch: &Branch,
        state: &State,
    ) -> Result<Number, Box<Fault>> {
        match self.expression(field, branch, state)? {
            Value::Number(number) => Ok(number),
            other => Err(query_fault(branch, state, field.unexpected("number", &other))),
        }
    }

    /// The whole number of `field` from 0 to `most`.
    pub(super) fn whole(
        &mut self,
        field: &JsonataField,
        most: i64,
        branch: &Branch,
        state: &State,
    ) -> Result<u64, Box<Fault>> {
        let number = self.number(field, branch, state)?;
        let fail = |error: QueryError| query_fault(branch, state, error);
        let name = field.location();
        let Some(whole) = number.as_i64().filter(|whole| !differs(*whole, number.as_f64())) else {
            return Err(fail(failure(&format!("The {name} field cannot be parsed as an integer: {number}"), name)));
        };
        let is_within = whole <= most;
        u64::try_from(whole)
            .ok()
            .filter(|_| is_within)
            .ok_or_else(|| fail(failure(&format!("{name} must be between 0 and {most} but was: {whole}"), name)))
    }

    /// The seconds of `field`.
    pub(super) fn computed_seconds(
        &mut self,
        field: &JsonataField,
        branch: &Branch,
        state: &State,
    ) -> Result<u64, Box<Fault>> {
        self.whole(field, MAX_SECONDS, branch, state)
    }

    /// The text of `field`.
    pub(super) fn text(
        &mut self,
        field: &JsonataField,
        branch: &Branch,
        state: &State,
    ) -> Result<Arc<str>, Box<Fault>> {
        match self.expression(field, branch, state)? {
            Value::String(text) => Ok(text),
            other => Err(query_fault(branch, state, field.unexpected("string", &other))),
        }
    }

    /// Tells of an evaluation that failed. What fails while a state is being entered links to the event before it, as if
    /// it had not been entered yet; a Wait has been by then (recorded).
    pub(in super::super) fn evaluation_failed(&mut self, branch: &mut Branch, fault: &Fault, log: &mut Log) {
        if fault.name() != QUERY_EVALUATION_ERROR || fault.query.is_none() {
            return;
        }
        let execution = Arc::clone(&self.execution);
        let is_wait = matches!(execution.machine.state(branch.state).kind, StateKind::Wait(_));
        if branch.last == branch.entered && !is_wait {
            branch.last = branch.before;
        }
        let kind = EventKind::EvaluationFailed { state: branch.state, fault: Arc::new(fault.clone()) };
        self.append(branch, kind, log);
    }
}

/// What `$states` holds for the expressions of `state`.
fn states<'b>(branch: &'b Branch, state: &State) -> States<'b> {
    let is_caught = matches!(branch.chosen, Some(Chosen::Catcher(_)));
    let has_result = matches!(state.kind, StateKind::Task(_) | StateKind::Parallel(_) | StateKind::Map(_))
        && matches!(branch.stage, Stage::Output | Stage::Assign)
        && !is_caught;
    States {
        input: &branch.input,
        result: has_result.then_some(&branch.result),
        error_output: is_caught.then_some(&branch.result),
    }
}

#[expect(clippy::cast_precision_loss, reason = "numbers that large are out of every range")]
fn differs(whole: i64, number: f64) -> bool {
    (whole as f64 - number).abs() > 0.0
}

/// A failure that is not about an expression but about its value.
pub(super) fn failure(cause: &str, location: &str) -> QueryError {
    QueryError {
        cause: cause.to_owned(),
        expression: String::new(),
        span: Span::default(),
        field: location.to_owned(),
        hint: None,
    }
}
