//! Recorded histories: what GetExecutionHistory answered becomes a log that all panes can show, with the definition or
//! without it, and a run of the definition on the recorded results.
//!
//! A history names states and numbers events, nothing else: threads are told by what events follow.

pub mod again;
pub mod answers;
mod events;
mod machine;
pub mod part;
mod read;
mod stages;
#[cfg(test)]
mod tests;
mod threads;
mod what;

use std::sync::Arc;

pub use again::Again;
pub use answers::{Attempts, RecordedTasks};
pub use part::{Parting, Recorded, part};
pub use read::NoHistory;

use crate::asl::Definition;
use crate::engine::{EventKind, Execution, ExecutionType, Log, Names, Status};
use crate::runtime::names::names;
use crate::runtime::{Clock, View};
use crate::value::{Timestamp, Value};

/// A history that was opened.
#[derive(Debug, Clone)]
pub struct Replay {
    /// What happened.
    pub log: Log,
    /// The definition that it is shown on: the one that was given, with states added that only the history knows, or one
    /// without a text that is made of the history.
    pub definition: Arc<Definition>,
    /// What was started, as far as that is known.
    pub execution: Arc<Execution>,
    /// What became of it.
    pub status: Status,
    /// The definition that was given.
    pub given: Option<Arc<Definition>>,
    /// What is odd about the history, a sentence each without its full stop.
    pub notes: Vec<String>,
}

impl Replay {
    /// Reads the answer of GetExecutionHistory, as the AWS CLI prints it or as it stands in other files: an object with
    /// `events`, or the bare array. `name` is that of its file. A definition with errors is taken as none.
    ///
    /// # Errors
    /// It is no history; the message says where and why.
    pub fn read(name: &str, text: &str, definition: Option<&Arc<Definition>>) -> Result<Self, NoHistory> {
        let recording = read::read(name, text)?;
        let in_text = |fault: read::Fault| read::in_text(name, text, &fault);
        let threads = threads::Threads::follow(&recording.events).map_err(in_text)?;
        let given = definition.filter(|definition| definition.machine.is_some());
        let ground = machine::machine(&threads, given.map(|given| &**given), name);
        let mut log = events::log(&recording.events, &threads, &ground).map_err(in_text)?;
        let mut notes = recording.notes;
        if !ground.strangers.is_empty() {
            notes.push(format!("the definition does not have these states of it: {}", ground.strangers.join(", ")));
        }
        if log.events.iter().all(|event| !matches!(&event.kind, EventKind::ExecutionStarted { .. })) {
            notes.push("it does not begin with ExecutionStarted".to_owned());
        }
        let execution = Arc::new(execution(&recording.events, &log, &ground));
        let defined = given.and_then(|given| given.machine.as_ref()).map_or(0, |machine| machine.states.len());
        stages::add(&mut log, &execution, defined);
        Ok(Self {
            status: status(&log),
            log,
            definition: Arc::new(ground.definition),
            execution,
            given: given.cloned(),
            notes,
        })
    }

    /// When the execution was started.
    #[must_use]
    pub fn started(&self) -> Timestamp {
        self.log.events.get(0).map_or(Timestamp(0), |event| event.at)
    }

    /// The history as one side of a comparison.
    #[must_use]
    pub fn side(&self) -> Recorded<'_> {
        Recorded { log: &self.log, execution: &self.execution, is_whole: self.status.is_done() }
    }

    /// What can be seen of it.
    #[must_use]
    pub fn view(&self) -> View {
        let last = self.log.events.last();
        View {
            log: self.log.clone(),
            status: self.status.clone(),
            now: last.map_or(Timestamp(0), |event| event.at),
            started: self.started(),
            steps: last.map_or(0, |event| event.step),
            branches: Vec::new(),
            branch_count: 0,
            map_runs: Vec::new(),
            paused: !self.status.is_done(),
            deadline: None,
            waiting: false,
            clock: Clock::standing(last.map_or(Timestamp(0), |event| event.at)),
            steps_per_second: 0,
            machine: None,
        }
    }
}

fn status(log: &Log) -> Status {
    match log.events.last().map(|event| &event.kind) {
        Some(EventKind::ExecutionSucceeded { output }) => Status::Succeeded(output.clone()),
        Some(EventKind::ExecutionFailed(fault)) => Status::Failed(Arc::clone(fault)),
        Some(EventKind::ExecutionTimedOut(fault)) => Status::TimedOut(Arc::clone(fault)),
        Some(EventKind::ExecutionAborted(fault)) => Status::Aborted(Arc::clone(fault)),
        _ => Status::Running,
    }
}

/// What was started. A history has no names; those are made up but for what its events tell.
fn execution(events: &[read::Raw], log: &Log, ground: &machine::Ground) -> Execution {
    let input = log.events.iter().take(2).find_map(|event| match &event.kind {
        EventKind::ExecutionStarted { input } | EventKind::StateEntered { input, .. } => Some(input.clone()),
        _ => None,
    });
    let made_up = names("not-recorded", 0, false);
    let role = events.iter().take(1).find_map(|event| event.text("roleArn"));
    let region = events.iter().find_map(|event| event.text("region"));
    let names = Names {
        role_arn: role.cloned().unwrap_or(made_up.role_arn),
        region: region.cloned().unwrap_or(made_up.region),
        ..made_up
    };
    Execution {
        machine: Arc::clone(&ground.machine),
        input: input.unwrap_or(Value::Null),
        kind: ExecutionType::Standard,
        names,
        seed: 0,
        max_events: None,
        record_stages: true,
    }
}
