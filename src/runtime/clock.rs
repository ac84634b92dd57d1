//! What time it is for an execution: the wall clock, put forward by the waits that were skipped.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::value::Timestamp;

/// The clock of one execution.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    ahead: i64,
    skips: bool,
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
        Self { ahead: 0, skips: true }
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

    /// How far it is ahead of the wall clock.
    #[must_use]
    pub fn ahead(&self) -> Duration {
        Duration::from_millis(u64::try_from(self.ahead).unwrap_or(0))
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(wall.as_millis()).unwrap_or(i64::MAX)).plus_millis(self.ahead)
    }

    /// Puts the clock forward to `at`; it never goes back.
    pub fn jump_to(&mut self, at: Timestamp) {
        self.ahead = self.ahead.saturating_add(at.since(self.now()).max(0));
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
}
