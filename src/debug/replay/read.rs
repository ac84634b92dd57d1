//! The answer of GetExecutionHistory as text, read into events that are still as they were recorded.

use std::sync::Arc;

use crate::engine::EventId;
use crate::text::diagnostic::excerpt;
use crate::text::json::{self, Node};
use crate::text::{LineIndex, Span};
use crate::value::{self, Array, Object, Timestamp, Value};

/// A text that is no history. The message has the place, and says what was expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NoHistory(pub String);

/// An event as it was recorded.
#[derive(Debug, Clone)]
pub(super) struct Raw {
    /// Where it stands in the text, from 0.
    pub(super) place: usize,
    /// Its number; those of a part of a history are counted from 1 again.
    pub(super) id: EventId,
    pub(super) previous: EventId,
    pub(super) at: Timestamp,
    /// `type`
    pub(super) name: Arc<str>,
    /// The member with the details, and what is in it.
    pub(super) details: Option<(Arc<str>, Value)>,
}

impl Raw {
    pub(super) fn detail(&self, member: &str) -> Option<&Value> {
        self.details.as_ref()?.1.get(member)
    }

    pub(super) fn text(&self, member: &str) -> Option<&Arc<str>> {
        match self.detail(member)? {
            Value::String(text) => Some(text),
            _ => None,
        }
    }
}

/// What a text says, and what is odd about it.
#[derive(Debug)]
pub(super) struct Recording {
    pub(super) events: Vec<Raw>,
    pub(super) notes: Vec<String>,
}

/// A fault of an event: which (from 0), the member it is about, and what is wrong.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) event: usize,
    pub(super) member: Option<&'static str>,
    pub(super) message: String,
}

/// Members that hold the events: those of the API, and of files around its answer.
const LISTS: [&str; 2] = ["events", "history"];

/// How deep the list is looked for.
const DEPTH: usize = 3;

/// Reads `text`.
pub(super) fn read(name: &str, text: &str) -> Result<Recording, NoHistory> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let root = value::read(text)
        .map_err(|error| NoHistory(placed(name, text, error.span, &format!("no history: no JSON: {error}"))))?;
    let Some(list) = find_list(&root) else {
        let message = "no history: expected what GetExecutionHistory answers, an object with `events`";
        return Err(NoHistory(placed(name, text, Span::at(0), message)));
    };
    let read = events(list).map(|(events, was_reversed)| {
        let mut notes = Vec::new();
        let is_part = root.get("nextToken").or_else(|| root.get("NextToken")).is_some_and(|token| !token.is_null());
        let mut events = events;
        number(&mut events, &mut notes);
        if is_part {
            notes.push("it is a part: the answer has a nextToken, and what follows is not in it".to_owned());
        }
        if was_reversed {
            notes.push("it was recorded newest first".to_owned());
        }
        Recording { events, notes }
    });
    read.map_err(|fault| in_text(name, text, &fault))
}

/// The message of a fault with its place in `text`.
pub(super) fn in_text(name: &str, text: &str, fault: &Fault) -> NoHistory {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let root = json::parse(text).ok();
    let event = root.as_ref().and_then(find_list_node).and_then(|list| list.items()?.get(fault.event));
    let span = event.map_or(Span::at(0), |event| {
        fault.member.and_then(|member| event.get(member)).map_or(event.span, |member| member.value.span)
    });
    NoHistory(placed(name, text, Span::at(span.start as usize), &format!("no history: {}", fault.message)))
}

fn placed(name: &str, text: &str, span: Span, message: &str) -> String {
    let lines = LineIndex::new(text);
    let at = lines.position(span.start as usize, text);
    format!("{name}:{at}: {message}{}", excerpt(span, text, &lines))
}

/// The list of events: the text itself, or the first member that is called so, outermost first.
fn find_list(root: &Value) -> Option<&Array> {
    if let Value::Array(list) = root {
        return Some(list);
    }
    let mut level: Vec<&Object> = root.as_object().into_iter().collect();
    for _ in 0..DEPTH {
        let mut named =
            level.iter().copied().flat_map(|object| LISTS.iter().filter_map(|name| object.get(name)?.as_array()));
        if let Some(list) = named.next() {
            return Some(list);
        }
        level = level.iter().flat_map(|object| object.values().filter_map(Value::as_object)).collect();
    }
    None
}

fn find_list_node(root: &Node) -> Option<&Node> {
    if root.items().is_some() {
        return Some(root);
    }
    let mut level = vec![root];
    for _ in 0..DEPTH {
        let mut named = level.iter().copied().flat_map(|node| LISTS.iter().filter_map(|name| list_in(node, name)));
        if let Some(list) = named.next() {
            return Some(list);
        }
        level = level
            .iter()
            .flat_map(|node| node.members().unwrap_or_default().iter().map(|member| &member.value))
            .collect();
    }
    None
}

fn list_in<'n>(node: &'n Node, name: &str) -> Option<&'n Node> {
    node.get(name).map(|member| &member.value).filter(|value| value.items().is_some())
}

/// The events in the order in which they happened, and whether they stood the other way round.
fn events(list: &Array) -> Result<(Vec<Raw>, bool), Fault> {
    if list.is_empty() {
        return Err(Fault { event: 0, member: None, message: "it has no events".to_owned() });
    }
    let mut now = None;
    let mut events = Vec::with_capacity(list.len());
    for (at, event) in list.iter().enumerate() {
        let raw = raw(at, event, &mut now)?;
        events.push(raw);
    }
    let is_reversed = events.len() > 1 && events.windows(2).all(|pair| pair[0].id > pair[1].id);
    if is_reversed {
        events.reverse();
    }
    Ok((events, is_reversed))
}

fn raw(at: usize, event: &Value, now: &mut Option<Timestamp>) -> Result<Raw, Fault> {
    let fault = |member: Option<&'static str>, message: String| Fault { event: at, member, message };
    let Some(members) = event.as_object() else {
        return Err(fault(None, format!("expected an event, an object, not {}", event.type_name())));
    };
    let Some(Value::String(name)) = members.get("type") else {
        return Err(fault(members.get("type").map(|_| "type"), "the event has no `type`".to_owned()));
    };
    let whole = |member: &'static str, otherwise: u32| match members.get(member) {
        None => Ok(otherwise),
        Some(value) => {
            let number = value.as_number().and_then(value::Number::as_i64).and_then(|id| u32::try_from(id).ok());
            // Where order has no meaning, recordings have a list instead.
            number.or_else(|| value.as_array().map(|_| 0)).ok_or_else(|| {
                fault(Some(member), format!("`{member}` is the number of an event, not {}", value.type_name()))
            })
        }
    };
    let place = u32::try_from(at).unwrap_or(u32::MAX);
    let time = match members.get("timestamp").map(time) {
        Some(Some(time)) => time,
        // Without times the order is all there is.
        Some(None) | None => now.unwrap_or(Timestamp(0)),
    };
    *now = Some(time);
    let details = members.iter().find(|(member, _)| member.ends_with("EventDetails"));
    if let Some((_, other)) = details.filter(|(_, details)| details.as_object().is_none()) {
        return Err(fault(None, format!("the details of the event are no object, but {}", other.type_name())));
    }
    Ok(Raw {
        place: at,
        id: EventId(whole("id", place.saturating_add(1))?),
        previous: EventId(whole("previousEventId", place)?),
        at: time,
        name: Arc::clone(name),
        details: details.map(|(member, details)| (Arc::clone(member), details.clone())),
    })
}

/// A time as the AWS CLI prints it (ISO 8601), or as the API answers it (seconds since 1970).
fn time(value: &Value) -> Option<Timestamp> {
    match value {
        #[expect(clippy::cast_possible_truncation, reason = "a cast of a float stays within the range")]
        Value::Number(seconds) => Some(Timestamp((seconds.as_f64() * 1000.0).round() as i64)),
        Value::String(text) => Timestamp::parse(text).or_else(|| Timestamp::parse(&text.replacen(' ', "T", 1))),
        _ => None,
    }
}

/// Counts the events from 1 and lets their links follow.
fn number(events: &mut [Raw], notes: &mut Vec<String>) {
    let is_whole = events.iter().zip(1..).all(|(event, id)| event.id == EventId(id));
    if is_whole {
        return;
    }
    let mut ids = std::collections::HashMap::new();
    for (event, id) in events.iter().zip(1..) {
        ids.insert(event.id, EventId(id));
    }
    if ids.len() == events.len() {
        notes.push(format!(
            "it is a part: its first event is number {}; events are counted from 1 here",
            events[0].id.0
        ));
    } else {
        notes.push("some events share their numbers: what follows what is taken from their order".to_owned());
    }
    let is_unique = ids.len() == events.len();
    for (event, id) in events.iter_mut().zip(1..) {
        event.previous = match ids.get(&event.previous) {
            Some(previous) if is_unique => *previous,
            None if is_unique => EventId::NONE,
            _ => EventId(id - 1),
        };
        event.id = EventId(id);
    }
}
