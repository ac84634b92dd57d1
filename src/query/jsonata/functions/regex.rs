//! Matching texts with regular expressions, or with functions that behave like them.

use std::rc::Rc;
use std::sync::Arc;

use super::{argument, number_at, text_at};
use crate::query::jsonata::error::{Fault, Outcome, Spent, fault};
use crate::query::jsonata::eval::Evaluator;
use crate::query::jsonata::function::{Function, FunctionKind};
use crate::query::jsonata::item::Item;
use crate::query::jsonata::number::{from_count, to_count};
use crate::query::jsonata::pattern::{Found, Pattern};
use crate::query::jsonata::text::units;
use crate::value::Value;

/// A match of a regular expression or of a function that stands for one.
pub(super) struct Match {
    pub(super) text: Arc<str>,
    /// Its place in bytes.
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) groups: Vec<Option<Arc<str>>>,
    /// As the functions that receive it see it.
    next: Next,
}

enum Next {
    Pattern(Arc<Pattern>),
    Function(Option<Rc<Function>>),
}

/// The matches of `matcher` in a text, one after the other.
pub(super) struct Matches<'m> {
    matcher: &'m Rc<Function>,
    text: &'m Arc<str>,
}

impl<'m> Matches<'m> {
    pub(super) fn new(matcher: &'m Rc<Function>, text: &'m Arc<str>) -> Self {
        Self { matcher, text }
    }

    pub(super) fn first(&self, evaluator: &mut Evaluator<'_>) -> Outcome<Option<Match>> {
        match &self.matcher.inner().kind {
            FunctionKind::Matcher(pattern) => find(evaluator, pattern, self.text, 0),
            _ => {
                let found = evaluator.invoke(self.matcher, vec![Item::text(self.text.clone())])?;
                self.read(&found)
            }
        }
    }

    pub(super) fn after(&self, evaluator: &mut Evaluator<'_>, last: &Match) -> Outcome<Option<Match>> {
        match &last.next {
            Next::Pattern(pattern) => next(evaluator, pattern, self.text, last.end),
            Next::Function(Some(function)) => {
                let found = evaluator.invoke(function, vec![Item::Undefined])?;
                self.read(&found)
            }
            Next::Function(None) => Err(fault("T1010")),
        }
    }

    /// What a function that stands for a regular expression returned.
    fn read(&self, found: &Item) -> Outcome<Option<Match>> {
        if found.is_undefined() {
            return Ok(None);
        }
        let member = |name: &str| found.members().and_then(|members| members.get(name)).unwrap_or_default();
        let (start, end, groups, next) = (member("start"), member("end"), member("groups"), member("next"));
        let known = start.is_number() || end.is_number() || groups.is_array() || next.function().is_some();
        if !known {
            return Err(fault("T1010"));
        }
        let place = |item: &Item| byte_at(self.text, to_count(item.as_f64().unwrap_or(0.0)));
        let text = member("match").as_text().cloned().unwrap_or_else(|| "".into());
        let group = |item: Item| item.as_text().cloned();
        Ok(Some(Match {
            start: place(&start),
            end: place(&end),
            groups: groups.elements().map(|groups| groups.iter().map(group).collect()).unwrap_or_default(),
            next: Next::Function(next.function().cloned()),
            text,
        }))
    }
}

/// The byte at which UTF-16 unit `unit` begins.
fn byte_at(text: &str, unit: usize) -> usize {
    let mut at = 0;
    for (byte, character) in text.char_indices() {
        if at >= unit {
            return byte;
        }
        at += character.len_utf16();
    }
    text.len()
}

fn find(evaluator: &mut Evaluator<'_>, pattern: &Arc<Pattern>, text: &Arc<str>, from: usize) -> Outcome<Option<Match>> {
    let found = found_in(evaluator, pattern, text, from)?;
    Ok(found.map(|found| matched(pattern, text, &found)))
}

/// The place of the first match. Counts what was read and the steps back that the match may have needed.
pub(super) fn found_in(
    evaluator: &mut Evaluator<'_>,
    pattern: &Pattern,
    text: &str,
    from: usize,
) -> Outcome<Option<Found>> {
    /// Steps back, and bytes read, that take about as long as evaluating a node.
    const BACKTRACKS: usize = 16;
    const BYTES: usize = 64;
    /// Bytes read times states of the pattern that take a second at worst.
    const WORST: usize = 100_000_000;
    let states = pattern.states();
    if text.len().saturating_sub(from).saturating_mul(states) > WORST && states > 64 {
        return Err(Fault::spent(Spent::Time));
    }
    let found = pattern.find(text, from, |steps| evaluator.tick(steps / BACKTRACKS).is_ok());
    let found = found.map_err(|_| Fault::spent(Spent::Time))?;
    let end = found.as_ref().map_or(text.len(), |found| found.end);
    evaluator.tick(end.saturating_sub(from).saturating_mul(1 + states / 64) / BYTES)?;
    Ok(found)
}

fn matched(pattern: &Arc<Pattern>, text: &str, found: &Found) -> Match {
    let part = |(start, end): (usize, usize)| text.get(start..end).unwrap_or("").into();
    Match {
        text: part((found.start, found.end)),
        start: found.start,
        end: found.end,
        groups: found.groups.iter().map(|group| group.map(part)).collect(),
        next: Next::Pattern(pattern.clone()),
    }
}

/// The match after one that ends at `from`; an empty one would never get any further.
fn next(evaluator: &mut Evaluator<'_>, pattern: &Arc<Pattern>, text: &Arc<str>, from: usize) -> Outcome<Option<Match>> {
    if from >= text.len() {
        return Ok(None);
    }
    match find(evaluator, pattern, text, from)? {
        Some(found) if found.text.is_empty() => Err(fault("D1004").at(pattern.position)),
        found => Ok(found),
    }
}

/// A match as an object with `match`, `start`, `end`, `groups` and `next`.
pub(super) fn object_of(evaluator: &mut Evaluator<'_>, text: &Arc<str>, found: &Match) -> Outcome<Item> {
    let count = |end: usize| Item::count(units(text.get(..end).unwrap_or("")));
    let next = match &found.next {
        Next::Pattern(pattern) => {
            Function::new(FunctionKind::NextMatch { pattern: pattern.clone(), text: text.clone(), from: found.end })
        }
        Next::Function(Some(function)) => function.clone(),
        Next::Function(None) => return Err(fault("T1010")),
    };
    let entries = vec![
        ("match".into(), Item::text(found.text.clone())),
        ("start".into(), count(found.start)),
        ("end".into(), count(found.end)),
        ("groups".into(), groups_of(evaluator, found)?),
        ("next".into(), Item::Function(next)),
    ];
    evaluator.object(entries)
}

fn groups_of(evaluator: &mut Evaluator<'_>, found: &Match) -> Outcome<Item> {
    let group = |group: &Option<Arc<str>>| group.clone().map_or(Item::Undefined, Item::text);
    evaluator.plain(found.groups.iter().map(group).collect())
}

/// The match object that calling a regular expression gives.
pub(in crate::query::jsonata) fn match_object(
    evaluator: &mut Evaluator<'_>,
    pattern: &Arc<Pattern>,
    text: &Arc<str>,
    from: usize,
) -> Outcome<Item> {
    match find(evaluator, pattern, text, from)? {
        Some(found) => object_of(evaluator, text, &found),
        None => Ok(Item::Undefined),
    }
}

/// The match object that `next` of another one gives.
pub(in crate::query::jsonata) fn next_match_object(
    evaluator: &mut Evaluator<'_>,
    pattern: &Arc<Pattern>,
    text: &Arc<str>,
    from: usize,
) -> Outcome<Item> {
    match next(evaluator, pattern, text, from)? {
        Some(found) => object_of(evaluator, text, &found),
        None => Ok(Item::Undefined),
    }
}

pub(super) fn contains(evaluator: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    let Some(text) = text_at(arguments, 0) else { return Ok(Item::Undefined) };
    let token = argument(arguments, 1);
    if let Some(part) = token.as_str() {
        return Ok(Item::bool(text.contains(part)));
    }
    let Some(matcher) = token.function() else { return Ok(Item::bool(false)) };
    let found = Matches::new(matcher, text).first(evaluator)?;
    Ok(Item::bool(found.is_some()))
}

/// A limit, which must not be negative.
pub(super) fn limit_at(arguments: &[Item], at: usize, code: &'static str) -> Outcome<Option<f64>> {
    match number_at(arguments, at) {
        Some(limit) if limit < 0.0 => Err(fault(code)),
        limit => Ok(limit),
    }
}

/// Whether `count` results are fewer than the limit allows.
pub(super) fn is_below(limit: Option<f64>, count: usize) -> bool {
    limit.is_none_or(|limit| from_count(count) < limit)
}

pub(super) fn matches(evaluator: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    let Some(text) = text_at(arguments, 0) else { return Ok(Item::Undefined) };
    let limit = limit_at(arguments, 2, "D3040")?;
    let pattern = argument(arguments, 1);
    let mut results = Vec::new();
    if let Some(matcher) = pattern.function().filter(|_| is_below(limit, 0)) {
        let matches = Matches::new(matcher, text);
        let mut found = matches.first(evaluator)?;
        let (mut bytes, mut index) = (0, 0);
        while let Some(current) = found.take().filter(|_| is_below(limit, results.len())) {
            // Counted from the match before, not from the start of the text.
            index += units(text.get(bytes..current.start).unwrap_or(""));
            bytes = current.start.max(bytes);
            let entries = vec![
                ("match".into(), Item::text(current.text.clone())),
                ("index".into(), Item::count(index)),
                ("groups".into(), groups_of(evaluator, &current)?),
            ];
            results.push(evaluator.object(entries)?);
            found = matches.after(evaluator, &current)?;
        }
    }
    evaluator.sequence(results)
}

pub(super) fn split(evaluator: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    let Some(text) = text_at(arguments, 0) else { return Ok(Item::Undefined) };
    let limit = limit_at(arguments, 2, "D3020")?;
    let separator = argument(arguments, 1);
    let parts = match (separator.as_str(), separator.function()) {
        _ if !is_below(limit, 0) => Vec::new(),
        (Some(separator), _) => split_at_text(evaluator, text, separator, limit)?,
        (_, Some(matcher)) => split_at_matches(evaluator, text, matcher, limit)?,
        _ => vec![Item::Value(Value::String(text.clone()))],
    };
    evaluator.plain(parts)
}

fn split_at_text(evaluator: &mut Evaluator<'_>, text: &str, separator: &str, limit: Option<f64>) -> Outcome<Vec<Item>> {
    let most = limit.map_or(usize::MAX, to_count);
    // Room first: what does not fit is not made.
    let count = if separator.is_empty() { text.chars().count() } else { text.matches(separator).count() + 1 };
    drop(evaluator.budget.items(count.min(most))?);
    let parts: Vec<Item> = if separator.is_empty() {
        text.chars().take(most).map(|character| Item::text(character.encode_utf8(&mut [0; 4]) as &str)).collect()
    } else {
        text.split(separator).take(most).map(Item::text).collect()
    };
    evaluator.tick(parts.len())?;
    Ok(parts)
}

fn split_at_matches(
    evaluator: &mut Evaluator<'_>,
    text: &Arc<str>,
    matcher: &Rc<Function>,
    limit: Option<f64>,
) -> Outcome<Vec<Item>> {
    let matches = Matches::new(matcher, text);
    let mut parts = Vec::new();
    let mut start = 0;
    let mut found = matches.first(evaluator)?;
    while let Some(current) = found.take().filter(|_| is_below(limit, parts.len())) {
        parts.push(Item::text(text.get(start..current.start).unwrap_or("")));
        start = current.end;
        found = matches.after(evaluator, &current)?;
    }
    if is_below(limit, parts.len()) {
        parts.push(Item::text(text.get(start..).unwrap_or("")));
    }
    Ok(parts)
}
