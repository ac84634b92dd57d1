//! `$replace`

use std::rc::Rc;
use std::sync::Arc;

use super::regex::{Match, Matches, is_below, limit_at, object_of};
use super::{argument, text_at};
use crate::query::jsonata::error::{Outcome, fault};
use crate::query::jsonata::eval::Evaluator;
use crate::query::jsonata::function::Function;
use crate::query::jsonata::item::Item;
use crate::query::jsonata::stringify::raw_json;

pub(super) fn replace(evaluator: &mut Evaluator<'_>, arguments: &[Item]) -> Outcome<Item> {
    let Some(text) = text_at(arguments, 0) else { return Ok(Item::Undefined) };
    let (pattern, replacement) = (argument(arguments, 1), argument(arguments, 2));
    if pattern.as_str() == Some("") {
        return Err(fault("D3010"));
    }
    let limit = limit_at(arguments, 3, "D3011")?;
    if !is_below(limit, 0) {
        return Ok(Item::text(text.clone()));
    }
    let replaced = match (pattern.as_str(), pattern.function()) {
        (Some(part), _) => replace_text(evaluator, text, part, replacement.as_str().unwrap_or(""), limit)?,
        (_, Some(matcher)) => replace_matches(evaluator, text, matcher, &replacement, limit)?,
        _ => text.to_string(),
    };
    evaluator.text(replaced)
}

fn replace_text(
    evaluator: &mut Evaluator<'_>,
    text: &str,
    part: &str,
    replacement: &str,
    limit: Option<f64>,
) -> Outcome<String> {
    let (mut out, mut rest, mut count) = (String::new(), text, 0);
    while let Some((before, after)) = rest.split_once(part).filter(|_| is_below(limit, count)) {
        out.push_str(before);
        out.push_str(replacement);
        evaluator.tick(1)?;
        evaluator.budget.fits(out.len())?;
        rest = after;
        count += 1;
    }
    out.push_str(rest);
    Ok(out)
}

fn replace_matches(
    evaluator: &mut Evaluator<'_>,
    text: &Arc<str>,
    matcher: &Rc<Function>,
    replacement: &Item,
    limit: Option<f64>,
) -> Outcome<String> {
    let matches = Matches::new(matcher, text);
    let (mut out, mut position, mut count) = (String::new(), 0, 0);
    let mut found = matches.first(evaluator)?;
    while let Some(current) = found.take().filter(|_| is_below(limit, count)) {
        out.push_str(text.get(position..current.start).unwrap_or(""));
        out.push_str(&substitute(evaluator, text, &current, replacement)?);
        evaluator.budget.fits(out.len())?;
        position = current.start + current.text.len();
        count += 1;
        found = matches.after(evaluator, &current)?;
    }
    out.push_str(text.get(position..).unwrap_or(""));
    Ok(out)
}

/// What takes the place of a match.
fn substitute(evaluator: &mut Evaluator<'_>, text: &Arc<str>, found: &Match, replacement: &Item) -> Outcome<String> {
    if let Some(template) = replacement.as_str() {
        return Ok(filled_in(template, found));
    }
    let Some(function) = replacement.function() else { return Ok(String::new()) };
    let argument = object_of(evaluator, text, found)?;
    let replaced = evaluator.invoke(function, vec![argument])?;
    match replaced.as_str() {
        Some(replaced) => Ok(replaced.to_owned()),
        None => Err(fault("D3012").value(raw_json(&replaced))),
    }
}

/// A replacement with `$0`, `$1` and so on replaced by what was matched.
fn filled_in(template: &str, found: &Match) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        rest = match after.bytes().next() {
            Some(b'$') => {
                out.push('$');
                after.get(1..).unwrap_or("")
            }
            Some(b'0') => {
                out.push_str(&found.text);
                after.get(1..).unwrap_or("")
            }
            _ => group_reference(after, found, &mut out),
        };
    }
    out.push_str(rest);
    out
}

/// Appends the group whose number `after` begins with, of no more digits than there are groups; a `$` before anything
/// else is itself.
fn group_reference<'t>(after: &'t str, found: &Match, out: &mut String) -> &'t str {
    let count = found.groups.len();
    let most = count.checked_ilog10().map_or(1, |digits| digits as usize + 1);
    let digits = after.bytes().take(most).take_while(u8::is_ascii_digit).count();
    let number = |digits: usize| after.get(..digits).and_then(|digits| digits.parse::<usize>().ok());
    let mut group = number(digits);
    if most > 1 && group.is_some_and(|group| group > count) {
        group = number(digits.min(most - 1));
    }
    let Some(group) = group else {
        out.push('$');
        return after;
    };
    if let Some(Some(text)) = group.checked_sub(1).and_then(|at| found.groups.get(at)) {
        out.push_str(text);
    }
    after.get(group.to_string().len()..).unwrap_or("")
}
