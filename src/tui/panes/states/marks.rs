//! How far each state is at the moment that is looked at.

use std::collections::HashMap;

use super::failures::Failures;
use crate::asl::{StateId, StateKind};
use crate::debug::tally::StateTally;
use crate::engine::{Blocked, Stage};
use crate::tui::glyph::Glyphs;
use crate::tui::graph::Mark;
use crate::tui::graph::machine::about;
use crate::tui::look::{Look, RunLook};
use crate::value::Timestamp;

/// The states as a run left them.
pub(super) struct Marks<'a> {
    run: Option<&'a RunLook<'a>>,
    failures: &'a Failures,
    glyphs: &'a Glyphs,
    /// The states of the live branches: how many are in it, and what one of them waits for.
    inside: HashMap<StateId, (usize, Blocked)>,
}

impl<'a> Marks<'a> {
    /// The marks for `look`; `failures` are those of its moment.
    pub(super) fn new(look: &'a Look<'a>, failures: &'a Failures) -> Self {
        let mut inside = HashMap::new();
        let run = look.run.as_ref();
        let goes_on = |run: &&RunLook<'_>| run.live && !run.view.status.is_done();
        for branch in run.filter(goes_on).iter().flat_map(|run| &run.view.branches) {
            // A branch that is about to enter a state is not in it yet.
            if branch.stage != Stage::Enter {
                let (count, blocked) = inside.entry(branch.state).or_insert((0, branch.blocked));
                *count += 1;
                *blocked = if *blocked == Blocked::No { Blocked::No } else { branch.blocked };
            }
        }
        Self { run, failures, glyphs: look.glyphs, inside }
    }

    /// The sign of `state`.
    pub(super) fn mark(&self, state: StateId) -> Mark {
        let Some(run) = self.run else { return Mark::Pending };
        let tally = run.tally.state(state);
        match self.inside.get(&state) {
            None if self.failures.has(state) => Mark::Failed,
            // A run that was stopped or ran out of time ends inside its states.
            None if run.live && run.view.status.fault().is_some() && tally.inside() > 0 => Mark::Failed,
            _ if run.here == Some(state) => Mark::Here,
            Some((_, Blocked::No)) => Mark::Here,
            Some(_) => Mark::Waiting,
            None if !run.live && tally.inside() > 0 => Mark::Here,
            None => match tally.visits {
                0 => Mark::Pending,
                1 => Mark::Visited,
                visits => Mark::Visits(visits as usize),
            },
        }
    }

    /// What is to be said at the right of `state`: what became of it, or before that what it is about.
    pub(super) fn detail(&self, state: StateId, kind: &StateKind) -> String {
        let said = self.run.map(|run| self.said(run, state)).unwrap_or_default();
        if said.is_empty() { about(kind) } else { said.join("  ") }
    }

    /// What became of `state`, without what it is about.
    pub(super) fn detail_of_run(&self, state: StateId) -> String {
        self.run.map(|run| self.said(run, state).join("  ")).unwrap_or_default()
    }

    fn said(&self, run: &RunLook<'_>, state: StateId) -> Vec<String> {
        let tally = run.tally.state(state);
        let mut said = Vec::new();
        if let Some((count, blocked)) = self.inside.get(&state) {
            said.extend(waits(*blocked, run.view.now));
            said.extend((*count > 1).then(|| format!("{count} inside")));
        }
        said.extend(self.failures.error(state).map(str::to_owned));
        if tally.attempts > 1 {
            said.push(format!("{} tries", tally.attempts));
        } else if tally.failures > 0 && !self.failures.has(state) {
            said.push(format!("{} failed", tally.failures));
        }
        said.extend(lasted(tally).map(duration));
        if tally.visits > 1 {
            said.push(format!("{}{}", self.glyphs.visits, tally.visits));
        }
        said
    }
}

fn waits(blocked: Blocked, now: Timestamp) -> Option<String> {
    match blocked {
        Blocked::No | Blocked::Children => None,
        Blocked::Task(_) => Some("waits for its task".to_owned()),
        Blocked::Wait(until) => Some(format!("waits {}", duration(until.since(now).max(0)))),
        Blocked::Retry(until) => Some(format!("retries in {}", duration(until.since(now).max(0)))),
    }
}

/// Milliseconds that the last visit took, once it is over; none when it took no time worth mentioning.
fn lasted(tally: StateTally) -> Option<i64> {
    let (from, to) = tally.entered_at.zip(tally.exited_at)?;
    Some(to.since(from)).filter(|millis| tally.inside() == 0 && *millis > 0)
}

/// Milliseconds in a few letters.
pub(super) fn duration(millis: i64) -> String {
    match millis {
        ..1000 => format!("{millis} ms"),
        1000..60_000 => format!("{}.{} s", millis / 1000, millis % 1000 / 100),
        60_000..3_600_000 => format!("{} min {} s", millis / 60_000, millis % 60_000 / 1000),
        _ => format!("{} h {} min", millis / 3_600_000, millis % 3_600_000 / 60_000),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn durations_in_a_few_letters() {
        let cases =
            [(31, "31 ms"), (1_040, "1.0 s"), (59_999, "59.9 s"), (61_000, "1 min 1 s"), (7_260_000, "2 h 1 min")];
        for (millis, expected) in cases {
            assert_eq!(super::duration(millis), expected);
        }
    }
}
