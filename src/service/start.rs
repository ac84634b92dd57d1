//! StartExecution: which revision runs, under which name, with which input; and the start itself.

use std::sync::Arc;

use super::inner::Inner;
use super::launch::About;
use super::parameters::{Answer, Parameters};
use super::registry::Target;
use super::{arn, names};
use crate::api::{Exception, Reply};
use crate::engine::{self, Execution, ExecutionType, MAX_EVENTS, MAX_PAYLOAD, Signal};
use crate::runtime::names::{new_seed, uuid};
use crate::runtime::{Clock, Start};
use crate::store::{ExecutionRow, Inserted};
use crate::text::json::{JsonError, JsonErrorKind};
use crate::value::{self, Timestamp, Value};

/// Names of executions are free again after this time (API reference, StartExecution).
const NAMES_MILLIS: i64 = 90 * 86_400_000;

/// What an execution is to be started with, checked.
pub(super) struct Beginning {
    pub(super) target: Target,
    pub(super) name: Arc<str>,
    /// As given.
    pub(super) input: Arc<str>,
    pub(super) value: Value,
    pub(super) trace: Option<Arc<str>>,
    pub(super) case: Option<Arc<str>>,
    /// The task that starts it, in words unique to that task.
    pub(super) starter: Option<Arc<str>>,
}

/// An execution that was started, or that ran already.
pub(super) struct Started {
    pub(super) arn: Arc<str>,
    pub(super) at: Timestamp,
}

impl Started {
    /// What StartExecution answers.
    pub(super) fn answer(&self) -> Value {
        Answer::new().with("executionArn", Arc::clone(&self.arn)).time("startDate", self.at).into()
    }
}

impl Inner {
    pub(super) async fn start_execution(
        self: &Arc<Self>,
        parameters: Parameters<'_>,
        trace: Option<&Arc<str>>,
    ) -> Reply {
        let beginning = self.beginning(parameters, trace)?;
        Ok(self.start(beginning).await?.answer())
    }

    /// Checks the parameters that StartExecution and StartSyncExecution share.
    pub(super) fn beginning(
        &self,
        parameters: Parameters<'_>,
        trace: Option<&Arc<str>>,
    ) -> Result<Beginning, Exception> {
        let (machine, case) = split_case(parameters.required("stateMachineArn")?);
        if let Ok(arn::Arn { resource: arn::Resource::Labelled { .. }, .. }) = arn::Arn::parse(machine) {
            let message = "This operation does not support the ARN of a Map state; executions of its processor are started by its map run";
            return Err(Exception::validation(message).because("API_DOES_NOT_SUPPORT_LABELED_ARNS"));
        }
        let name = parameters.text("name");
        name.map_or(Ok(()), |name| names::check(name))?;
        let target = self.target(machine)?;
        if target.row.deleting {
            return Err(deleting(machine));
        }
        let input = parameters.text("input").cloned().unwrap_or_else(|| "{}".into());
        let value = read_input(&input)?;
        let case = case.map(|case| self.check_case(&target.row.name, case)).transpose()?;
        // The header wins over the parameter.
        let trace = trace.or(parameters.text("traceHeader")).cloned();
        let name = name.cloned().unwrap_or_else(|| names::fresh().into());
        Ok(Beginning { target, name, input, value, trace, case, starter: None })
    }

    /// Starts an execution. One of type STANDARD that runs under the same name with the same input is that execution.
    ///
    /// # Errors
    /// `ExecutionAlreadyExists`; whatever keeps the store from writing it.
    pub(super) async fn start(self: &Arc<Self>, beginning: Beginning) -> Result<Started, Exception> {
        let inner = Arc::clone(self);
        // Whoever asked may be gone before it is written; what is written has to run all the same.
        let start = tokio::spawn(async move { inner.write_and_run(beginning).await });
        start.await.map_err(|error| Exception::new("InternalFailure", error.to_string()))?
    }

    async fn write_and_run(self: &Arc<Self>, beginning: Beginning) -> Result<Started, Exception> {
        let seed = new_seed();
        let row = self.execution_row(&beginning, seed);
        let free = self.now().plus_millis(-NAMES_MILLIS);
        if let Inserted::Exists(known) = self.store.insert_execution(row.clone(), free).committed().await? {
            let same = known.ending.is_none() && known.input == row.input
                || row.starter.is_some() && known.starter == row.starter;
            if same {
                return Ok(Started { arn: known.arn, at: known.started });
            }
            return Err(Exception::new("ExecutionAlreadyExists", format!("Execution Already Exists: '{}'", known.arn)));
        }
        let about = self.about(&beginning.target, false, false);
        let started = Started { arn: Arc::clone(&row.arn), at: row.started };
        let Some(execution) = self.execution(&row, &beginning.target, beginning.value) else {
            self.store.forget_execution(row.id).behind();
            return Err(unreadable(&beginning.target.row.name));
        };
        let tasks = self.tasks_of(&row);
        let start = Start::new(execution, row.started, self.clock(row.started), tasks);
        let machine = row.machine;
        let running = self.run(row, start, 0, &about);
        // Its state machine may have been deleted while it was written.
        if self.registry().machines.get(&machine).is_none_or(|machine| machine.row.deleting) {
            drop(running.control.tell(Signal::Stop { error: None, cause: None }));
        }
        Ok(started)
    }

    /// The row of an execution that begins now.
    pub(super) fn execution_row(&self, beginning: &Beginning, seed: u64) -> ExecutionRow {
        let Target { row: machine, revision, version, alias } = &beginning.target;
        let name = &beginning.name;
        let arn = if machine.express {
            format!("{}:express:{}:{name}:{}", self.arn_prefix(), machine.name, uuid(seed))
        } else {
            format!("{}:execution:{}:{name}", self.arn_prefix(), machine.name)
        };
        ExecutionRow {
            id: self.next_execution(),
            arn: arn.into(),
            machine: machine.id,
            revision: revision.row.id,
            version: version.as_ref().map(|version| version.number),
            alias: alias.as_ref().map(|alias| Arc::clone(&alias.name)),
            name: Arc::clone(name),
            express: machine.express,
            started: self.now(),
            input: Arc::clone(&beginning.input),
            trace: beginning.trace.clone(),
            seed,
            case: beginning.case.clone(),
            starter: beginning.starter.clone(),
            map_run: None,
            redrives: 0,
            redriven: None,
            has_journal: false,
            ending: None,
        }
    }

    /// What the engine is given; none if this release does not take the definition any more.
    pub(super) fn execution(&self, row: &ExecutionRow, target: &Target, input: Value) -> Option<Execution> {
        let machine = target.revision.machine()?;
        let names = engine::Names {
            execution_arn: Arc::clone(&row.arn),
            execution_name: Arc::clone(&row.name),
            machine_arn: self.machine_arn(&target.row.name).into(),
            machine_name: Arc::clone(&target.row.name),
            role_arn: Arc::clone(&target.revision.row.role),
            region: self.config.region.as_str().into(),
        };
        Some(Execution {
            machine,
            input,
            kind: if row.express { ExecutionType::Express } else { ExecutionType::Standard },
            names,
            seed: row.seed,
            max_events: (!row.express && self.config.history_limit).then_some(MAX_EVENTS),
            record_stages: self.config.launcher.records_stages(),
        })
    }

    /// The clock of an execution whose time is `now`.
    pub(super) fn clock(&self, now: Timestamp) -> Clock {
        let mut clock = if self.config.skip_waits { Clock::skipping() } else { Clock::real() };
        clock.jump_to(now);
        clock
    }

    pub(super) fn about(&self, target: &Target, is_sync: bool, is_taken_up: bool) -> About {
        About { definition: Arc::clone(&target.revision.row.definition), is_sync, is_taken_up }
    }

    /// Whether there is such a test case.
    fn check_case(&self, machine: &str, case: &str) -> Result<Arc<str>, Exception> {
        let Some(mocks) = &self.config.mocks else {
            let message = format!("The ARN names the test case '{case}', but the service runs without a mock file");
            return Err(Exception::validation(message));
        };
        let file = mocks.current();
        file.case(machine, case).map_err(|error| Exception::validation(error.to_string()))?;
        Ok(case.into())
    }
}

/// The ARN, and the test case behind it.
fn split_case(text: &str) -> (&str, Option<&str>) {
    match text.split_once('#') {
        Some((arn, case)) => (arn, Some(case)),
        None => (text, None),
    }
}

/// Reads the input of an execution.
///
/// # Errors
/// `InvalidExecutionInput`: it is no JSON, or more than 256 KiB of UTF-8.
pub(super) fn read_input(text: &str) -> Result<Value, Exception> {
    let refused = |reason: &str| {
        Exception::new("InvalidExecutionInput", format!("Invalid State Machine Execution Input: '{reason}'"))
    };
    if text.trim().is_empty() {
        return Err(refused("Invalid execution input."));
    }
    if text.len() > MAX_PAYLOAD {
        return Err(refused(&format!("The input has {} bytes; at most {MAX_PAYLOAD} are allowed", text.len())));
    }
    value::read(text).map_err(|error| refused(&parser_words(text, &error)))
}

/// What the parser of the service says about `error` (recorded for bare words and for keys without double quotes).
fn parser_words(text: &str, error: &JsonError) -> String {
    let at = &text[error.span.start as usize..];
    match &error.kind {
        JsonErrorKind::UnknownWord(word) => format!(
            "Unrecognized token '{word}': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
        ),
        JsonErrorKind::Unexpected { expected: "a key in double quotes", .. } => match at.chars().next() {
            Some(c) => format!(
                "Unexpected character ('{c}' (code {})): was expecting double-quote to start field name",
                u32::from(c)
            ),
            None => error.to_string(),
        },
        _ => error.to_string(),
    }
}

/// `StateMachineDeleting`
pub(super) fn deleting(arn: &str) -> Exception {
    Exception::new("StateMachineDeleting", format!("State Machine Deleting: '{arn}'"))
}

/// The definition was taken by another release.
pub(super) fn unreadable(machine: &str) -> Exception {
    let message = format!(
        "Invalid State Machine Definition: 'this release of asldb does not read the stored definition of {machine}; update it'"
    );
    Exception::new("InvalidDefinition", message)
}
