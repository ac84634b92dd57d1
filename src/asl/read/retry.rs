//! `Retry` and `Catch`.

use std::sync::Arc;

use super::Reader;
use super::object::{Object, SCHEMA};
use crate::asl::fields::Owner;
use crate::asl::model::{Catcher, Jitter, Retrier, StateId};
use crate::asl::suggest;
use crate::query::jsonata::StatesFields;
use crate::text::{Diagnostic, Node};

/// The names that the language and the service give to errors (States Language, Appendix A; developer guide).
const ERROR_NAMES: [&str; 17] = [
    "States.ALL",
    "States.BranchFailed",
    "States.DataLimitExceeded",
    "States.ExceedToleratedFailureThreshold",
    "States.HeartbeatTimeout",
    "States.Http.Socket",
    "States.IntrinsicFailure",
    "States.ItemReaderFailed",
    "States.NoChoiceMatched",
    "States.ParameterPathFailure",
    "States.Permissions",
    "States.QueryEvaluationError",
    "States.ResultPathMatchFailure",
    "States.ResultWriterFailed",
    "States.Runtime",
    "States.TaskFailed",
    "States.Timeout",
];

impl<'n> Reader<'n> {
    pub(super) fn retriers(&mut self, state: &Object<'n>) -> Vec<Retrier> {
        let items = state.items("Retry");
        let mut retriers = Vec::with_capacity(items.len());
        for (at, node) in items.iter().enumerate() {
            let place = format!("{}[{at}]", state.at("Retry"));
            let Some(object) = self.object(Owner::Retrier, node, state.language, place) else { continue };
            retriers.push(self.retrier(&object, at + 1 == items.len()));
        }
        retriers
    }

    fn retrier(&mut self, object: &Object<'n>, is_last: bool) -> Retrier {
        Retrier {
            error_equals: self.error_equals(object, is_last),
            // Defaults: States Language, Retrying after error.
            interval_seconds: object.whole("IntervalSeconds").unwrap_or(1),
            max_attempts: object.whole("MaxAttempts").unwrap_or(3),
            backoff_rate: object.number("BackoffRate").map_or(2.0, |rate| rate.as_f64()),
            max_delay_seconds: object.whole("MaxDelaySeconds"),
            jitter: if object.text("JitterStrategy") == Some("FULL") { Jitter::Full } else { Jitter::None },
            span: object.node.span,
        }
    }

    pub(super) fn catchers(&mut self, id: StateId, state: &Object<'n>) -> Vec<Catcher> {
        let items = state.items("Catch");
        let mut catchers = Vec::with_capacity(items.len());
        for (at, node) in items.iter().enumerate() {
            let place = format!("{}[{at}]", state.at("Catch"));
            let Some(object) = self.object(Owner::Catcher, node, state.language, place) else { continue };
            catchers.extend(self.catcher(id, &object, at + 1 == items.len()));
        }
        catchers
    }

    fn catcher(&mut self, id: StateId, object: &Object<'n>, is_last: bool) -> Option<Catcher> {
        let error_equals = self.error_equals(object, is_last);
        let result_path = self.result_path(object);
        let allowed = StatesFields { result: false, error_output: true };
        let output = self.payload(object, "Output", allowed);
        let assign = self.assign(object, allowed);
        let next = self.next(id, object);
        Some(Catcher { error_equals, next: next?, result_path, output, assign, span: object.node.span })
    }

    fn error_equals(&mut self, object: &Object<'n>, is_last: bool) -> Vec<Arc<str>> {
        let names = object.items("ErrorEquals");
        for (at, node) in names.iter().enumerate() {
            let place = format!("{}[{at}]", object.at("ErrorEquals"));
            self.error_name(node, names.len() == 1 && is_last, place);
        }
        names.iter().filter_map(|node| node.as_str().map(Arc::from)).collect()
    }

    /// What AWS refuses is only `States.ALL` with others or before others (reported, with the place of the name).
    fn error_name(&mut self, node: &Node, may_be_all: bool, place: String) {
        let name = node.as_str().unwrap_or_default();
        if name == "States.ALL" && !may_be_all {
            let message = "States.ALL must appear alone and at end of list";
            let help = "put it into a last item of its own";
            self.report(Diagnostic::error(SCHEMA, message, node.span).located(place).with_help(help));
        } else if let Some(meant) = misspelled(name) {
            let message = format!("No error is named {name}; names that begin with `States.` are the service's own");
            let warning = Diagnostic::warning("UNKNOWN_ERROR_NAME", message, node.span).located(place);
            self.report(warning.with_help(format!("did you mean `{meant}`?")));
        }
    }
}

fn misspelled(name: &str) -> Option<&'static str> {
    if !name.starts_with("States.") || ERROR_NAMES.contains(&name) || name.starts_with("States.Http.") {
        return None;
    }
    // The common prefix would make every name look like every other.
    let ends = ERROR_NAMES.iter().filter_map(|known| known.strip_prefix("States."));
    let meant = suggest::nearest(name.strip_prefix("States.")?, ends)?;
    ERROR_NAMES.into_iter().find(|known| known.strip_prefix("States.") == Some(meant))
}
