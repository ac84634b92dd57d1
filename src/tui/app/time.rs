//! The clock of the run that is looked at: what it shows, how fast it goes, and waits that are skipped.

use super::scene::RunScene;
use super::{Action, App};
use crate::debug::Run;
use crate::engine::{Blocked, Branch};
use crate::runtime::Rate;
use crate::tui::command::Mode;
use crate::tui::layers::Layer;
use crate::tui::look::Request;
use crate::value::Timestamp;

impl App {
    /// The next wait is over, or else the next timeout has come.
    pub(super) fn skip_wait(&mut self) -> Vec<Action> {
        let Some(scene) = &self.scene.run else { return Vec::new() };
        let waits = |branch: &Branch| matches!(branch.blocked, Blocked::Wait(_) | Blocked::Retry(_));
        let words = match (scene.view.branches.iter().any(waits), scene.root_view.deadline) {
            (true, _) => "Skipped the wait.",
            (false, Some(_)) if scene.root_view.waiting => "The clock was put forward to the next timeout.",
            _ => return self.say("Nothing waits for time to pass."),
        };
        scene.root.skip_wait();
        self.say(words)
    }

    /// Lets the clock go at the next faster or slower rate.
    pub(super) fn change_rate(&mut self, faster: bool) -> Vec<Action> {
        let at = Rate::ALL.iter().position(|rate| *rate == self.rate).unwrap_or(1);
        let next = if faster { at + 1 } else { at.saturating_sub(1) };
        let rate = Rate::ALL.get(next).copied().unwrap_or(self.rate);
        self.set_rate(rate)
    }

    /// Lets the clock stand, or go on as it went.
    pub(super) fn hold_clock(&mut self) -> Vec<Action> {
        let rate = if self.rate == Rate::Stands { self.rate_before } else { Rate::Stands };
        self.set_rate(rate)
    }

    fn set_rate(&mut self, rate: Rate) -> Vec<Action> {
        if self.rate != Rate::Stands {
            self.rate_before = self.rate;
        }
        self.rate = rate;
        if let Some(scene) = &self.scene.run {
            scene.root.set_rate(rate);
        }
        self.say(match rate {
            Rate::Stands => "The clock stands: W goes from wait to wait.".to_owned(),
            Rate::REAL => "The clock goes as time does.".to_owned(),
            Rate::Times(times) => format!("The clock goes {times} times as fast: waits, backoffs and timeouts."),
            Rate::Skips => "Waits and backoffs are skipped as soon as nothing else goes on.".to_owned(),
        })
    }

    /// Gives a new run the rate that was chosen.
    pub(super) fn keep_rate(&self, run: &Run) {
        if self.rate != Rate::REAL {
            run.set_rate(self.rate);
        }
    }

    // ---- the timeline

    pub(super) fn open_timeline(&mut self) -> Vec<Action> {
        if self.scene.run.is_none() {
            return self.say("No run yet: n steps, c runs.");
        }
        self.open_layer(Layer::Timeline(Box::default()))
    }

    /// Goes to the moment of the visit under the cursor.
    pub(super) fn look_at_span(&mut self) -> Vec<Action> {
        let Some(Layer::Timeline(layer)) = self.layers.pop() else { return Vec::new() };
        let Some(visit) = layer.selected() else { return Vec::new() };
        self.request(Request::LookAtEvent(visit.0 as usize))
    }

    /// Whether the clock that is shown goes on by itself.
    #[must_use]
    pub fn is_clock_going(&self) -> bool {
        let shown = self.scene.run.as_ref().filter(|scene| scene.past.is_none() && scene.root_view.waiting);
        self.mode() == Mode::Running && shown.is_some_and(|scene| scene.root_view.clock.goes())
    }

    /// Which event is looked at; what the clock of the run shows, and how it goes.
    pub(super) fn clock_words(&self, scene: &RunScene) -> (String, String) {
        let log = &scene.view.log;
        let events = scene.moment.events.min(log.events.len());
        let now = match events.checked_sub(1).and_then(|at| log.events.get(at)) {
            Some(event) if scene.past.is_some() => event.at,
            _ if self.mode() == Mode::Running => scene.root_view.clock.now(),
            _ => scene.view.now,
        };
        let rate = match scene.root_view.clock.rate() {
            Rate::REAL => String::new(),
            Rate::Times(times) => format!(" {times}x"),
            Rate::Stands => " stands".to_owned(),
            Rate::Skips => " skips waits".to_owned(),
        };
        let clock = format!("clock {}{rate}", elapsed(scene.view.started, now));
        (format!("event {events} of {}", log.events.len()), clock)
    }
}

/// The time since the start as `minutes:seconds.milliseconds`, with hours and days where there are any.
fn elapsed(from: Timestamp, to: Timestamp) -> String {
    let millis = to.since(from).max(0);
    let (seconds, minutes, hours) = (millis / 1000 % 60, millis / 60_000 % 60, millis / 3_600_000);
    let shown = format!("{minutes:02}:{seconds:02}.{:03}", millis % 1000);
    match hours {
        0 => shown,
        1..24 => format!("{hours}:{shown}"),
        _ => format!("{} d {:02}:{shown}", hours / 24, hours % 24),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_in_few_letters() {
        for (millis, shown) in [
            (0, "00:00.000"),
            (61_031, "01:01.031"),
            (3_600_000, "1:00:00.000"),
            (90_061_001, "1 d 01:01:01.001"),
            (-5, "00:00.000"),
        ] {
            assert_eq!(elapsed(Timestamp(0), Timestamp(millis)), shown);
        }
    }
}
