//! What the retriers and catchers of a state, and of those around it, made of a failure.

use std::sync::Arc;

use ratatui::text::Span;

use super::notes::{Note, branch_in};
use crate::asl::{Jitter, Retrier, State, StateId, StateKind};
use crate::config::Role;
use crate::debug::Visit;
use crate::debug::handling::{self, Handling};
use crate::engine::fault::RUNTIME;
use crate::engine::{Blocked, BranchId, EventId, Fault, longest_delay};
use crate::text::Span as Place;
use crate::tui::look::{Look, RunLook};
use crate::tui::panes::parts::{is_ascii, name, seconds, styled};

/// Pauses of a retrier that are told of.
const DELAYS: u32 = 6;

/// A visit to a state: that which is looked at, or one around it.
#[derive(Clone, Copy)]
struct Around {
    entered: EventId,
    branch: BranchId,
    state: StateId,
}

/// The lines about every handler that was or could have been asked, from the state outwards.
pub(super) fn notes(fault: &Fault, run: &RunLook<'_>, visit: &Visit, look: &Look<'_>) -> Vec<Note> {
    let machine = &run.run.handle().execution().machine;
    let own = Around { entered: visit.entered, branch: visit.branch, state: visit.state };
    let visits = std::iter::successors(Some(own), |inner| outer(*inner, run));
    let with_state = visits.filter_map(|around| Some((around, machine.states.get(around.state.0 as usize)?)));
    let all: Vec<_> = with_state.filter(|(_, state)| may_handle(state)).collect();
    let some: Vec<_> = all.iter().filter(|(_, state)| !(state.retry.is_empty() && state.catch.is_empty())).collect();
    let sentence = |text: String| vec![Note::new(vec![styled(text, Role::Muted, look)])];
    match (all.as_slice(), some.as_slice()) {
        ([], _) => return Vec::new(),
        ([_], []) => return sentence("  no Retry and no Catch in this state".to_owned()),
        (_, []) => return sentence("  no Retry and no Catch in this state and around it".to_owned()),
        _ if fault.name() == RUNTIME => return sentence(format!("  {RUNTIME} is never retried or caught")),
        _ => {}
    }
    let mut notes = Vec::new();
    for (around, state) in some {
        if around.state != visit.state {
            notes.push(Note::new(vec![styled(format!("  around it {}", state.name), Role::Muted, look)]));
        }
        let decision = Decision(Handling::of(state, fault, run.log(), around.entered, run.moment));
        let waits = branch_in(run, visit).is_some_and(|branch| matches!(branch.blocked, Blocked::Retry(_)));
        notes.extend(decision.notes(state, fault, waits && around.state == visit.state, run, look));
        // What was retried or caught goes no further out.
        if decision.0.retries || decision.0.catcher.is_some() {
            break;
        }
    }
    notes
}

/// The visit of the Map or Parallel state that started the branch of `inner`.
fn outer(inner: Around, run: &RunLook<'_>) -> Option<Around> {
    let origin = run.log().branches.get(inner.branch.0 as usize)?;
    Some(Around { entered: origin.visit, branch: origin.parent, state: origin.state? })
}

/// Whether a state of this type may have Retry and Catch (States Language, Errors).
fn may_handle(state: &State) -> bool {
    matches!(state.kind, StateKind::Task(_) | StateKind::Map(_) | StateKind::Parallel(_))
}

/// Who takes a failure, for the screen.
struct Decision(Handling);

impl Decision {
    fn notes(&self, state: &State, fault: &Fault, waits: bool, run: &RunLook<'_>, look: &Look<'_>) -> Vec<Note> {
        let machine = &run.run.handle().execution().machine;
        let retriers = state.retry.iter().enumerate().map(|(at, retrier)| {
            let words = match self.0.retrier {
                Some(chosen) if chosen == at => self.verdict(retrier.max_attempts, waits),
                Some(chosen) if chosen < at => "not asked".to_owned(),
                _ => self.unlike(&retrier.error_equals, fault, look),
            };
            let words = format!(
                "{words}{}",
                if self.0.retrier == Some(at) { self.delays(retrier, look) } else { String::new() }
            );
            note("Retry", at, &retrier.error_equals, &words, self.0.retrier == Some(at), retrier.span, look)
        });
        let catchers = state.catch.iter().enumerate().map(|(at, catcher)| {
            let words = match self.0.catcher {
                Some(chosen) if chosen == at => {
                    format!("matches {} {}", look.glyphs.arrow, name(machine, catcher.next))
                }
                Some(chosen) if chosen < at => "not asked".to_owned(),
                _ if self.0.retries => "not asked while retries are left".to_owned(),
                _ => self.unlike(&catcher.error_equals, fault, look),
            };
            note("Catch", at, &catcher.error_equals, &words, self.0.catcher == Some(at), catcher.span, look)
        });
        retriers.chain(catchers).collect()
    }

    /// The pauses before its retries, those to come as well: `, after 1 s, 2 s, 4 s`.
    fn delays(&self, retrier: &Retrier, look: &Look<'_>) -> String {
        let most = u32::try_from(retrier.max_attempts).unwrap_or(u32::MAX);
        // Long rows of pauses are told around the one that matters.
        let now = u32::try_from(self.0.failures).unwrap_or(u32::MAX).min(most);
        let first = now.saturating_sub(DELAYS / 2).max(1);
        let last = first.saturating_add(DELAYS - 1).min(most);
        let pause = |number| match longest_delay(retrier, number) {
            whole if whole.is_multiple_of(1000) => format!("{} s", whole / 1000),
            millis => format!("{} s", seconds(i64::try_from(millis).unwrap_or(i64::MAX))),
        };
        let pauses: Vec<_> = (first..=last).map(pause).collect();
        let up_to = if retrier.jitter == Jitter::Full { "up to " } else { "" };
        let more = look.glyphs.ellipsis;
        let before = if first > 1 { format!("{more}, ") } else { String::new() };
        let after = if last < most { format!(", {more}") } else { String::new() };
        if pauses.is_empty() { String::new() } else { format!(", after {up_to}{before}{}{after}", pauses.join(", ")) }
    }

    /// Why a handler was passed by.
    fn unlike(&self, names: &[Arc<str>], fault: &Fault, look: &Look<'_>) -> String {
        if self.0.in_catcher {
            return "not asked: a catcher failed".to_owned();
        }
        if let Some(why) = handling::unlike(names, fault) {
            return format!("no: {why}");
        }
        let sign = if is_ascii(look.glyphs) { "!=" } else { "≠" };
        let name = if fault.name().is_empty() { "(no error name)" } else { fault.name() };
        format!("{sign} {name}")
    }

    fn verdict(&self, most: u64, waits: bool) -> String {
        match (self.0.retries, most) {
            (true, _) => format!("matches: retry {} of {most}{}", self.0.failures, if waits { " follows" } else { "" }),
            (false, 0) => "matches, but has no retries".to_owned(),
            (false, 1) => "matches, but its 1 retry is made".to_owned(),
            (false, most) => format!("matches, but its {most} retries are made"),
        }
    }
}

fn note(what: &str, at: usize, names: &[Arc<str>], words: &str, chosen: bool, place: Place, look: &Look<'_>) -> Note {
    let mark = if chosen { look.glyphs.visited } else { " " };
    let spans = vec![
        styled(format!("{mark} "), Role::Accent, look),
        Span::raw(format!("{what} {}  {} {words}", at + 1, names.join(", "))),
    ];
    Note::new(spans).leading_to(Some(place.start as usize))
}
