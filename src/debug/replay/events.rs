//! Recorded events as events of the engine.

use std::collections::HashMap;
use std::sync::Arc;

use super::machine::Ground;
use super::read::{self, Raw};
use super::threads::{Place, Threads, missing};
use super::what::{Progress, Turn, What};
use crate::asl::StateId;
use crate::engine::event::Scheduled;
use crate::engine::log::Origin;
use crate::engine::{BranchId, Event, EventKind, Fault, Log, OtherEvent};
use crate::query::QueryError;
use crate::text::Span;
use crate::value::{self, Object, Value};

/// Steps from event to event: room for the stages between.
pub(super) const STRIDE: u64 = 64;

/// Payloads below this many bytes are read again each time.
const SHARED: usize = 64;

/// Turns recorded events into a log.
pub(super) fn log(events: &[Raw], threads: &Threads, ground: &Ground) -> Result<Log, read::Fault> {
    let mut log = Log::default();
    for thread in &threads.threads {
        log.branches.push(match thread.origin {
            None => Origin { parent: BranchId::MAIN, visit: crate::engine::EventId::NONE, state: None, index: 0 },
            Some((visit, owner, index)) => {
                Origin { parent: branch(thread.parent), visit, state: Some(ground.ids[owner]), index }
            }
        });
    }
    let mut reader = Payloads::default();
    // The state in which something failed last: what ends an execution does not name it.
    let mut failed = None;
    for (raw, place) in events.iter().zip(&threads.places) {
        let state = place.state.map(|known| ground.ids[known]);
        let kind = Making { raw, state, failed, reader: &mut reader }.kind(*place)?;
        if kind.fault().is_some()
            || matches!((&kind, place.what), (EventKind::StateEntered { .. }, What::Entered(super::what::Type::Fail)))
        {
            failed = kind.state().or(failed);
        }
        let step = u64::from(raw.id.0) * STRIDE;
        log.events.push(Event {
            id: raw.id,
            previous: raw.previous,
            at: raw.at,
            branch: branch(place.thread),
            step,
            kind,
        });
    }
    Ok(log)
}

fn branch(thread: usize) -> BranchId {
    BranchId(u32::try_from(thread).unwrap_or(u32::MAX))
}

/// Reads payloads; what was there before is shared.
#[derive(Default)]
struct Payloads {
    known: HashMap<Arc<str>, Value>,
    reader: value::Reader,
}

impl Payloads {
    /// A payload: JSON text, or in some recordings the JSON itself. What is neither, because it was cut, stays text;
    /// what was not recorded is null.
    fn read(&mut self, payload: Option<&Value>) -> Value {
        let text = match payload {
            None => return Value::Null,
            Some(Value::String(text)) => text,
            Some(other) => return other.clone(),
        };
        if let Some(known) = self.known.get(text) {
            return known.clone();
        }
        let value = self.reader.read(text).unwrap_or_else(|_| Value::String(Arc::clone(text)));
        if text.len() >= SHARED {
            self.known.insert(Arc::clone(text), value.clone());
        }
        value
    }
}

/// One event that is made.
struct Making<'a> {
    raw: &'a Raw,
    state: Option<StateId>,
    failed: Option<StateId>,
    reader: &'a mut Payloads,
}

impl Making<'_> {
    fn kind(mut self, place: Place) -> Result<EventKind, read::Fault> {
        use EventKind as E;
        let own = match place.what {
            What::ExecutionStarted => return Ok(E::ExecutionStarted { input: self.payload("input") }),
            What::ExecutionSucceeded => return Ok(E::ExecutionSucceeded { output: self.payload("output") }),
            What::ExecutionFailed => return Ok(E::ExecutionFailed(self.end())),
            What::ExecutionAborted => return Ok(E::ExecutionAborted(self.end())),
            What::ExecutionTimedOut => return Ok(E::ExecutionTimedOut(self.end())),
            What::ExecutionRedriven => return Ok(E::ExecutionRedriven { count: self.number("redriveCount")? }),
            What::Other => None,
            _ => self.state,
        };
        // What cannot be brought home is shown as it was recorded.
        let Some(state) = own else { return Ok(self.other()) };
        Ok(match place.what {
            What::Entered(_) => E::StateEntered { state, input: self.payload("input") },
            What::Exited(_) => {
                let assigned = self.assigned();
                E::StateExited { state, output: self.payload("output"), assigned }
            }
            What::Aborted(_) => E::StateAborted { state },
            What::Begun(super::what::Type::Map) => E::MapStarted { state, length: self.number("length")? },
            What::Begun(_) => E::ParallelStarted { state },
            What::Done(super::what::Type::Map) => E::MapSucceeded { state },
            What::Done(_) => E::ParallelSucceeded { state },
            What::Broken(super::what::Type::Map) => E::MapFailed { state },
            What::Broken(_) => E::ParallelFailed { state },
            What::Iteration(turn) => {
                let index = self.number("index")?;
                match turn {
                    Turn::Started => E::IterationStarted { state, index },
                    Turn::Succeeded => E::IterationSucceeded { state, index },
                    Turn::Failed => E::IterationFailed { state, index },
                    Turn::Aborted => E::IterationAborted { state, index },
                }
            }
            What::MapRunStarted => E::MapRunStarted { state, arn: self.arn() },
            What::MapRunSucceeded => E::MapRunSucceeded { state },
            What::MapRunFailed => E::MapRunFailed { state, fault: self.fault() },
            What::MapRunRedriven => E::MapRunRedriven { state, arn: self.arn(), count: self.number("redriveCount")? },
            What::Task(_, progress) => self.task(state, progress),
            What::EvaluationFailed => E::EvaluationFailed { state, fault: self.evaluation() },
            _ => self.other(),
        })
    }

    fn task(&mut self, state: StateId, progress: Progress) -> EventKind {
        use EventKind as E;
        match progress {
            Progress::Scheduled => {
                let input = if self.raw.detail("parameters").is_some() { "parameters" } else { "input" };
                let seconds = |member| {
                    let seconds = self.raw.detail(member).and_then(|seconds| seconds.as_number()?.as_i64());
                    seconds.and_then(|seconds| u64::try_from(seconds).ok())
                };
                let role = self.raw.detail("taskCredentials").and_then(|credentials| credentials.get("roleArn"));
                let credentials =
                    role.map(|role| Value::Object([("RoleArn", role.clone())].into_iter().collect::<Object>()));
                let (timeout_seconds, heartbeat_seconds) = (seconds("timeoutInSeconds"), seconds("heartbeatInSeconds"));
                let input = self.payload(input);
                let scheduled = Scheduled { input, timeout_seconds, heartbeat_seconds, credentials };
                E::TaskScheduled { state, scheduled: Arc::new(scheduled) }
            }
            Progress::Started => E::TaskStarted { state, worker: self.raw.text("workerName").cloned() },
            Progress::Submitted => E::TaskSubmitted { state, output: self.payload("output") },
            Progress::Succeeded => E::TaskSucceeded { state, output: self.payload("output") },
            Progress::Failed => E::TaskFailed { state, fault: self.fault() },
            Progress::TimedOut => E::TaskTimedOut { state, fault: self.fault() },
        }
    }

    fn payload(&mut self, member: &str) -> Value {
        self.reader.read(self.raw.detail(member))
    }

    fn assigned(&mut self) -> Option<Box<Object>> {
        let texts = self.raw.detail("assignedVariables")?.as_object()?;
        let read = texts.iter().map(|(name, text)| (Arc::clone(name), self.reader.read(Some(text))));
        Some(Box::new(read.collect()))
    }

    fn number(&self, member: &'static str) -> Result<u32, read::Fault> {
        let number = self.raw.detail(member).and_then(|number| number.as_number()?.as_i64());
        number.and_then(|number| u32::try_from(number).ok()).ok_or_else(|| missing(self.raw, member))
    }

    fn arn(&self) -> Arc<str> {
        self.raw.text("mapRunArn").cloned().unwrap_or_default()
    }

    /// Error and cause; causes that are JSON stand in some recordings as such.
    fn error(&self) -> Fault {
        let text = |member| match self.raw.detail(member)? {
            Value::String(text) => Some(Arc::clone(text)),
            Value::Null => None,
            other => Some(other.to_json().into()),
        };
        Fault { error: text("error"), cause: text("cause"), state: self.state, ..Fault::default() }
    }

    fn fault(&self) -> Arc<Fault> {
        Arc::new(self.error())
    }

    fn end(&self) -> Arc<Fault> {
        Arc::new(Fault { state: self.failed, ..self.error() })
    }

    fn evaluation(&self) -> Arc<Fault> {
        let fault = self.error();
        let query = self.raw.text("location").map(|location| {
            Box::new(QueryError {
                cause: fault.cause.as_deref().unwrap_or_default().to_owned(),
                expression: String::new(),
                span: Span::at(0),
                field: location.to_string(),
                hint: None,
            })
        });
        Arc::new(Fault { query, ..fault })
    }

    fn other(&self) -> EventKind {
        let fault = self.raw.detail("error").or_else(|| self.raw.detail("cause")).map(|_| self.fault());
        EventKind::Other(Arc::new(OtherEvent {
            name: Arc::clone(&self.raw.name),
            state: self.state,
            details: self.raw.details.clone(),
            fault,
        }))
    }
}
