//! GetExecutionHistory: of ended executions from the store, of running ones from what can be seen of them.

use super::given::Given;
use super::inner::Inner;
use super::page::Page;
use super::parameters::{Answer, Parameters};
use super::{arn, executions};
use crate::api::{Exception, Reply};
use crate::engine::{Event, EventKind, Execution, Log, history};
use crate::store::{Chunk, ExecutionRow};
use crate::value::{self, Object, Value};

/// Events of a chunk in the store, and bytes after which it ends before.
const CHUNK_EVENTS: usize = 256;
const CHUNK_BYTES: usize = 1 << 20;

/// Bytes of payloads after which a page ends before it is full: clients need not take hundreds of megabytes at once.
const PAGE_BYTES: usize = 6 << 20;

impl Inner {
    pub(super) async fn execution_history(&self, parameters: Parameters<'_>) -> Reply {
        let text = parameters.required("executionArn")?;
        arn::execution(text)?;
        let backwards = parameters.flag("reverseOrder");
        let page = Page::read(parameters, format!("history {text} {backwards}"), self.now())?;
        let events = match self.find(text).await? {
            executions::Found::Running(running) => {
                let events = running_page(
                    &running.control.view().log,
                    running.control.execution(),
                    &running.row,
                    &page,
                    backwards,
                );
                self.settled().await?;
                events
            }
            executions::Found::Child(child) => {
                let events = running_page(&child.log, &child.execution, &child.row, &page, backwards);
                self.settled().await?;
                events
            }
            executions::Found::Ended(row) => self.ended_page(&row, &page, backwards).await?,
        };
        let (mut events, next) = cut(events, &page);
        if parameters.get("includeExecutionData").and_then(Value::as_bool) == Some(false) {
            events = events.iter().map(without_data).collect();
        }
        Ok(Answer::new().list("events", events).maybe("nextToken", next).into())
    }

    async fn ended_page(&self, row: &ExecutionRow, page: &Page, backwards: bool) -> Result<Vec<Value>, Exception> {
        let last = row.ending.as_ref().map_or(0, |ending| ending.events);
        let mut ids = ids(page, last, backwards);
        let Some(first) = ids.next() else { return Ok(Vec::new()) };
        let limit = u32::try_from(page.size).unwrap_or(u32::MAX);
        let chunks = self.store.history(row.id, first, backwards, limit).await?;
        let mut found: Vec<Value> = Vec::new();
        let mut chunks: Vec<&Chunk> = chunks.iter().collect();
        if backwards {
            chunks.reverse();
        }
        for chunk in chunks {
            let events = value::read(&chunk.events).map_err(|error| damaged(row, &error))?;
            let events = events.as_array().map_or(&[][..], |events| events);
            let is_wanted = |event: &&Value| {
                let id = event_id(event);
                if backwards { id <= i64::from(first) } else { id >= i64::from(first) }
            };
            let wanted = events.iter().filter(is_wanted).cloned();
            if backwards {
                found.extend(wanted.rev());
            } else {
                found.extend(wanted);
            }
            if found.len() > page.size {
                break;
            }
        }
        found.truncate(page.size.saturating_add(1));
        Ok(found)
    }
}

/// The events of a page of what can be seen and, if there are more, one of them.
fn running_page(log: &Log, execution: &Execution, row: &ExecutionRow, page: &Page, backwards: bool) -> Vec<Value> {
    let shown = |id: usize| Some(event(log.events.get(id.checked_sub(1)?)?, execution, row));
    let last = u32::try_from(log.events.len()).unwrap_or(u32::MAX);
    ids(page, last, backwards).map_while(|id| shown(id as usize)).collect()
}

/// An event as the service shows it: how the state machine was addressed is told with the first one.
fn event(event: &Event, execution: &Execution, row: &ExecutionRow) -> Value {
    let mut json = history::event_to_json(event, execution);
    if let Some((details, member, value)) = payload(&event.kind)
        && let Some(text) = Given::new(execution, row).and_then(|given| given.text_of(value))
        && let Value::Object(members) = &mut json
        && let Value::Object(details) = members.entry(details)
    {
        details.insert(member, Value::String(text));
    }
    if matches!(event.kind, EventKind::ExecutionStarted { .. })
        && let Value::Object(members) = &mut json
        && let Value::Object(details) = members.entry("executionStartedEventDetails")
    {
        let machine = &execution.names.machine_arn;
        if let Some(alias) = &row.alias {
            details.insert("stateMachineAliasArn", format!("{machine}:{alias}").into());
        }
        if let Some(version) = row.version {
            details.insert("stateMachineVersionArn", format!("{machine}:{version}").into());
        }
    }
    json
}

/// What a state or the execution was given or gave, and where the event has it.
fn payload(kind: &EventKind) -> Option<(&'static str, &'static str, &Value)> {
    Some(match kind {
        EventKind::ExecutionStarted { input } => ("executionStartedEventDetails", "input", input),
        EventKind::StateEntered { input, .. } => ("stateEnteredEventDetails", "input", input),
        EventKind::StateExited { output, .. } => ("stateExitedEventDetails", "output", output),
        EventKind::ExecutionSucceeded { output } => ("executionSucceededEventDetails", "output", output),
        _ => return None,
    })
}

/// The ids of the events of a page, and one more.
fn ids(page: &Page, last: u32, backwards: bool) -> Box<dyn Iterator<Item = u32> + Send> {
    let after = page.after.and_then(|after| u32::try_from(after).ok());
    let most = page.size.saturating_add(1);
    if backwards {
        let first = after.map_or(last, |after| after.saturating_sub(1)).min(last);
        Box::new((1..=first).rev().take(most))
    } else {
        let first = after.map_or(1, |after| after.saturating_add(1));
        Box::new((first..=last).take(most))
    }
}

/// Ends the page where it is full.
fn cut(mut events: Vec<Value>, page: &Page) -> (Vec<Value>, Option<String>) {
    let mut bytes = 0;
    let fits = events.iter().take(page.size).take_while(|event| {
        let begun = bytes;
        bytes += event.size();
        begun == 0 || bytes <= PAGE_BYTES
    });
    let count = fits.count();
    let more = events.len() > count;
    events.truncate(count);
    let next = events.last().filter(|_| more).map(|last| page.token(event_id(last)));
    (events, next)
}

fn event_id(event: &Value) -> i64 {
    event.get("id").and_then(Value::as_number).and_then(value::Number::as_i64).unwrap_or(0)
}

/// An event without inputs and outputs (as logs without execution data have them; recorded).
fn without_data(event: &Value) -> Value {
    const DATA: [&str; 6] =
        ["input", "inputDetails", "output", "outputDetails", "assignedVariables", "assignedVariablesDetails"];
    let strip = |value: &Value| match value {
        Value::Object(details) => {
            let kept = details.iter().filter(|(key, _)| !DATA.contains(&&***key));
            Value::Object(kept.map(|(key, value)| (key.clone(), value.clone())).collect())
        }
        other => other.clone(),
    };
    match event {
        Value::Object(members) => {
            members.iter().map(|(key, value)| (key.clone(), strip(value))).collect::<Object>().into()
        }
        other => other.clone(),
    }
}

/// The whole history for the store.
pub(super) fn chunks(log: &Log, execution: &Execution, row: &ExecutionRow) -> Vec<Chunk> {
    let mut chunks: Vec<Chunk> = Vec::new();
    let mut count = 0;
    for written in log.events.iter() {
        let text = event(written, execution, row).to_json();
        match chunks.last_mut().filter(|chunk| count < CHUNK_EVENTS && chunk.events.len() < CHUNK_BYTES) {
            Some(chunk) => {
                chunk.events.push(',');
                chunk.events.push_str(&text);
                count += 1;
            }
            None => {
                chunks.push(Chunk { first: written.id.0, events: format!("[{text}") });
                count = 1;
            }
        }
    }
    chunks.iter_mut().for_each(|chunk| chunk.events.push(']'));
    chunks
}

fn damaged(row: &ExecutionRow, error: &dyn std::fmt::Display) -> Exception {
    Exception::new("InternalFailure", format!("the history of {} in the store is damaged: {error}", row.arn))
}
