//! Retriers and catchers: which one applies, and how long to wait.

use super::fault::Fault;
use super::random::Random;
use crate::asl::{Catcher, Jitter, Retrier};

/// The first retrier that matches: it is the only one that counts, also when its attempts are spent (recorded).
#[must_use]
pub fn retrier(retriers: &[Retrier], fault: &Fault) -> Option<usize> {
    retriers.iter().position(|retrier| retrier.error_equals.iter().any(|name| fault.matches(name)))
}

/// The first catcher that matches.
#[must_use]
pub fn catcher(catchers: &[Catcher], fault: &Fault) -> Option<usize> {
    catchers.iter().position(|catcher| catcher.error_equals.iter().any(|name| fault.matches(name)))
}

/// Milliseconds before retry number `attempt`, from 1:
/// `min(MaxDelaySeconds, IntervalSeconds × BackoffRate^(attempt-1))`, with FULL jitter a draw from 0 to that.
pub(super) fn delay_millis(retrier: &Retrier, attempt: u32, random: &mut Random) -> i64 {
    let millis = longest_delay(retrier, attempt);
    let drawn = match retrier.jitter {
        Jitter::None => millis,
        Jitter::Full => random.up_to(millis),
    };
    i64::try_from(drawn).unwrap_or(i64::MAX)
}

/// Milliseconds before retry number `attempt`, from 1, without jitter; with it no delay is longer.
#[must_use]
pub fn longest_delay(retrier: &Retrier, attempt: u32) -> u64 {
    let exponent = i32::try_from(attempt.saturating_sub(1)).unwrap_or(i32::MAX);
    #[expect(clippy::cast_precision_loss, reason = "intervals are far below 2^52 seconds")]
    let seconds = retrier.interval_seconds as f64 * retrier.backoff_rate.powi(exponent);
    #[expect(clippy::cast_precision_loss, reason = "delays are far below 2^52 seconds")]
    let most = retrier.max_delay_seconds.map_or(f64::MAX, |most| most as f64);
    // A year is the longest an execution lives; more would overflow the clock.
    let millis = (seconds.min(most).min(366.0 * 86_400.0) * 1000.0).round();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to a year by the line above")]
    let millis = millis as u64;
    millis
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;

    fn retrier(interval_seconds: u64, backoff_rate: f64, max_delay_seconds: Option<u64>, jitter: Jitter) -> Retrier {
        Retrier {
            error_equals: vec!["States.ALL".into()],
            interval_seconds,
            max_attempts: 3,
            backoff_rate,
            max_delay_seconds,
            jitter,
            span: Span::default(),
        }
    }

    #[test]
    fn delays_grow_by_the_rate_up_to_the_maximum() {
        let mut random = Random::new(1);
        let doubling = retrier(1, 2.0, None, Jitter::None);
        let delays: Vec<i64> = (1..=5).map(|n| delay_millis(&doubling, n, &mut random)).collect();
        assert_eq!(delays, [1000, 2000, 4000, 8000, 16_000]);
        let capped = retrier(3, 1.5, Some(5), Jitter::None);
        let delays: Vec<i64> = (1..=3).map(|n| delay_millis(&capped, n, &mut random)).collect();
        assert_eq!(delays, [3000, 4500, 5000]);
    }

    #[test]
    fn absurd_delays_stay_within_a_year() {
        let absurd = retrier(99_999_999, 1000.0, None, Jitter::None);
        assert_eq!(delay_millis(&absurd, u32::MAX, &mut Random::new(1)), 366 * 86_400_000);
    }

    #[test]
    fn full_jitter_draws_up_to_the_delay() {
        let mut random = Random::new(1);
        let jittered = retrier(2, 1.0, None, Jitter::Full);
        let delays: Vec<i64> = (0..200).map(|_| delay_millis(&jittered, 1, &mut random)).collect();
        assert!(delays.iter().all(|delay| (0..=2000).contains(delay)));
        assert!(delays.iter().any(|delay| *delay < 500) && delays.iter().any(|delay| *delay > 1500));
    }
}
