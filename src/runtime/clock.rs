//! What time it is for an execution: the wall clock, scaled, put forward by the waits that were skipped, and back by the
//! time that it was held.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::value::Timestamp;

/// How fast the clock of an execution goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rate {
    /// It stands: only skipped waits move it.
    Stands,
    /// So many seconds in a second.
    Times(u32),
    /// As a wall clock, and it jumps whenever an execution could only wait for it.
    Skips,
}

impl Rate {
    /// From slow to fast.
    pub const ALL: [Self; 6] =
        [Self::Stands, Self::Times(1), Self::Times(10), Self::Times(100), Self::Times(1000), Self::Skips];

    /// As the wall clock goes.
    pub const REAL: Self = Self::Times(1);

    fn factor(self) -> i64 {
        match self {
            Self::Stands => 0,
            Self::Times(times) => i64::from(times),
            Self::Skips => 1,
        }
    }
}

/// The clock of one execution.
#[derive(Debug, Clone)]
pub struct Clock {
    /// Milliseconds ahead of the wall clock, without what the rate makes of it; negative after it was held.
    ahead: i64,
    rate: Rate,
    /// The wall time since which it goes at its rate.
    since: i64,
    held_at: Option<Timestamp>,
    /// Never released.
    stands: bool,
}

impl Default for Clock {
    fn default() -> Self {
        Self { ahead: 0, rate: Rate::REAL, since: 0, held_at: None, stands: false }
    }
}

impl Clock {
    /// The wall clock.
    #[must_use]
    pub fn real() -> Self {
        Self::default()
    }

    /// A clock that jumps whenever an execution could only wait for it.
    #[must_use]
    pub fn skipping() -> Self {
        Self { rate: Rate::Skips, ..Self::default() }
    }

    /// A clock that stands at `at` and is moved by skipped waits only: runs that are to be the same each time.
    #[must_use]
    pub fn standing(at: Timestamp) -> Self {
        Self { held_at: Some(at), stands: true, ..Self::default() }
    }

    /// Whether waits are skipped.
    #[must_use]
    pub fn skips(&self) -> bool {
        self.rate == Rate::Skips
    }

    /// From now on waits are skipped, or not.
    pub fn set_skips(&mut self, skips: bool) {
        self.set_rate(if skips { Rate::Skips } else { Rate::REAL });
    }

    /// How fast it goes.
    #[must_use]
    pub fn rate(&self) -> Rate {
        self.rate
    }

    /// Goes at this rate from now on; what time it is does not change.
    pub fn set_rate(&mut self, rate: Rate) {
        let wall = wall();
        self.ahead = self.ahead.saturating_add(self.gained(wall));
        (self.rate, self.since) = (rate, wall);
    }

    /// What the rate has made of the time since it was set.
    fn gained(&self, wall: i64) -> i64 {
        wall.saturating_sub(self.since).saturating_mul(self.rate.factor() - 1)
    }

    /// Stops it: a debugger that stands still must not let timeouts pass. Holding a held clock changes nothing.
    pub fn hold(&mut self) {
        self.held_at.get_or_insert(Self { held_at: None, ..self.clone() }.now());
    }

    /// Lets it go on from where it was stopped.
    pub fn release(&mut self) {
        if self.stands {
            return;
        }
        if let Some(at) = self.held_at.take() {
            self.ahead = self.ahead.saturating_add(at.since(self.now()));
        }
    }

    /// Whether time passes by itself.
    #[must_use]
    pub fn goes(&self) -> bool {
        self.held_at.is_none() && self.rate != Rate::Stands
    }

    /// How far it is ahead of the wall clock.
    #[must_use]
    pub fn ahead(&self) -> Duration {
        Duration::from_millis(u64::try_from(self.now().0.saturating_sub(wall())).unwrap_or(0))
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        if let Some(at) = self.held_at {
            return at;
        }
        let wall = wall();
        Timestamp(wall).plus_millis(self.ahead.saturating_add(self.gained(wall)))
    }

    /// Puts the clock forward to `at`; it never goes back.
    pub fn jump_to(&mut self, at: Timestamp) {
        let by = at.since(self.now()).max(0);
        self.ahead = self.ahead.saturating_add(by);
        self.held_at = self.held_at.map(|held| held.plus_millis(by));
    }

    /// Goes on from `at`, be that later or earlier: for a run that was made again and has a time of its own.
    pub fn go_on_from(&mut self, at: Timestamp) {
        let by = at.since(self.now());
        self.ahead = self.ahead.saturating_add(by);
        self.held_at = self.held_at.map(|_| at);
    }

    /// How long to wait for `at`; none if it does not come by itself.
    #[must_use]
    pub fn until(&self, at: Timestamp) -> Option<Duration> {
        let millis = u64::try_from(at.since(self.now())).unwrap_or(0);
        if millis == 0 {
            return Some(Duration::ZERO);
        }
        let factor = u64::try_from(self.rate.factor()).ok().filter(|factor| *factor > 0)?;
        (!self.stands).then(|| Duration::from_millis(millis.div_ceil(factor)))
    }
}

/// Milliseconds of the wall clock.
fn wall() -> i64 {
    let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(wall.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jump_puts_it_forward_and_never_back() {
        let mut clock = Clock::real();
        let later = clock.now().plus_millis(3_600_000);
        clock.jump_to(later);
        assert!(clock.now() >= later);
        assert_eq!(clock.until(later), Some(Duration::ZERO));
        clock.jump_to(Timestamp(0));
        assert!(clock.now() >= later);
    }

    #[test]
    fn a_standing_clock_is_moved_by_jumps_only() {
        let mut clock = Clock::standing(Timestamp(1_000));
        clock.hold();
        clock.release();
        assert_eq!(clock.now(), Timestamp(1_000));
        clock.jump_to(Timestamp(4_500));
        clock.release();
        assert_eq!((clock.now(), clock.until(Timestamp(5_000))), (Timestamp(4_500), None));
    }

    #[test]
    fn a_clock_goes_on_from_any_time() {
        let mut clock = Clock::real();
        let before = clock.now().plus_millis(-60_000);
        clock.go_on_from(before);
        assert!((0..5_000).contains(&clock.now().since(before)));
        clock.hold();
        clock.go_on_from(Timestamp(7));
        clock.release();
        assert!((0..5_000).contains(&clock.now().since(Timestamp(7))));
    }

    #[test]
    fn a_held_clock_stands_and_goes_on_from_there() {
        let mut clock = Clock::real();
        clock.hold();
        let held = clock.now();
        std::thread::sleep(Duration::from_millis(30));
        assert_eq!(clock.now(), held);
        clock.jump_to(held.plus_millis(5000));
        assert_eq!(clock.now(), held.plus_millis(5000));
        clock.release();
        let after = clock.now().since(held);
        assert!((5000..5030).contains(&after), "{after} ms");
    }

    #[test]
    fn a_rate_scales_what_passes_and_changes_nothing_at_once() {
        let mut clock = Clock::real();
        let begun = clock.now();
        clock.set_rate(Rate::Times(1000));
        assert!((0..2_000).contains(&clock.now().since(begun)), "it does not jump");
        assert!(clock.until(begun.plus_millis(3_600_000)).is_some_and(|wait| wait <= Duration::from_millis(3_600)));
        std::thread::sleep(Duration::from_millis(20));
        assert!(clock.now().since(begun) >= 20_000);
        clock.set_rate(Rate::Stands);
        let stood = clock.now();
        std::thread::sleep(Duration::from_millis(5));
        assert_eq!((clock.now(), clock.until(stood.plus_millis(1))), (stood, None));
        clock.hold();
        clock.jump_to(stood.plus_millis(700));
        clock.release();
        assert_eq!(clock.now(), stood.plus_millis(700));
        clock.set_rate(Rate::REAL);
        assert!((700..2_000).contains(&clock.now().since(stood)));
    }
}
