//! What time it is for an execution: the wall clock, put forward by the waits that were skipped, and back by the time
//! that it was held.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::value::Timestamp;

/// The clock of one execution.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    /// Milliseconds ahead of the wall clock; negative after it was held.
    ahead: i64,
    skips: bool,
    held_at: Option<Timestamp>,
    /// Never released.
    stands: bool,
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
        Self { skips: true, ..Self::default() }
    }

    /// A clock that stands at `at` and is moved by skipped waits only: runs that are to be the same each time.
    #[must_use]
    pub fn standing(at: Timestamp) -> Self {
        Self { held_at: Some(at), stands: true, ..Self::default() }
    }

    /// Whether waits are skipped.
    #[must_use]
    pub fn skips(&self) -> bool {
        self.skips
    }

    /// From now on waits are skipped, or not.
    pub fn set_skips(&mut self, skips: bool) {
        self.skips = skips;
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

    /// How far it is ahead of the wall clock.
    #[must_use]
    pub fn ahead(&self) -> Duration {
        Duration::from_millis(u64::try_from(self.ahead).unwrap_or(0))
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        if let Some(at) = self.held_at {
            return at;
        }
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(wall.as_millis()).unwrap_or(i64::MAX)).plus_millis(self.ahead)
    }

    /// Puts the clock forward to `at`; it never goes back.
    pub fn jump_to(&mut self, at: Timestamp) {
        let by = at.since(self.now()).max(0);
        self.ahead = self.ahead.saturating_add(by);
        self.held_at = self.held_at.map(|held| held.plus_millis(by));
    }

    /// How long to wait for `at`.
    #[must_use]
    pub fn until(&self, at: Timestamp) -> Duration {
        Duration::from_millis(u64::try_from(at.since(self.now())).unwrap_or(0))
    }
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
        assert_eq!(clock.until(later), Duration::ZERO);
        let ahead = clock.ahead();
        clock.jump_to(Timestamp(0));
        assert_eq!(clock.ahead(), ahead);
    }

    #[test]
    fn a_standing_clock_is_moved_by_jumps_only() {
        let mut clock = Clock::standing(Timestamp(1_000));
        clock.hold();
        clock.release();
        assert_eq!(clock.now(), Timestamp(1_000));
        clock.jump_to(Timestamp(4_500));
        clock.release();
        assert_eq!((clock.now(), clock.until(Timestamp(5_000))), (Timestamp(4_500), Duration::from_millis(500)));
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
}
