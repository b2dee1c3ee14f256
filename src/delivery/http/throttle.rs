//! `maxReceivesPerSecond`: how many attempts per second there may be, on average. Faster ones wait for their turn.

use std::num::NonZeroU32;
use std::time::Duration;

use crate::clock::Timestamp;

const NANOS_PER_MILLI: u64 = 1_000_000;

/// How far the turns may catch up with time. Timers are late by a millisecond or two, which would slow high rates down
/// below the requested one.
const SLACK: Duration = Duration::from_millis(20);

/// The turns of one lane: evenly spaced, so that no second holds more than the rate.
#[derive(Debug, Default)]
pub(super) struct Throttle {
    /// The next turn, in nanoseconds since the epoch.
    next: u64,
}

impl Throttle {
    /// When the next attempt may begin at the earliest.
    pub(super) fn next_turn(&self, rate: Option<NonZeroU32>) -> Timestamp {
        match rate {
            Some(_) => Timestamp::from_millis(self.next.div_ceil(NANOS_PER_MILLI)),
            None => Timestamp::default(),
        }
    }

    /// An attempt begins at `now`.
    pub(super) fn take(&mut self, now: Timestamp, rate: Option<NonZeroU32>) {
        let Some(rate) = rate else {
            return;
        };
        let interval = Duration::from_secs(1) / rate.get();
        // Slower rates than this are not slowed down noticeably, and keep their exact distance.
        let slack = if interval < SLACK {
            SLACK
        } else {
            Duration::ZERO
        };
        let earliest = (now - slack).as_millis() * NANOS_PER_MILLI;
        self.next = self.next.max(earliest)
            + u64::from(interval.subsec_nanos())
            + interval.as_secs() * 1_000_000_000;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: u64) -> Timestamp {
        Timestamp::from_millis(1_000_000 + millis)
    }

    /// How many attempts begin by `at(end)` when the next turn is checked each millisecond.
    fn attempts(rate: u32, end: u64) -> u64 {
        let rate = NonZeroU32::new(rate);
        let mut throttle = Throttle::default();
        let mut count = 0;
        for now in (0..end).map(at) {
            while throttle.next_turn(rate) <= now {
                throttle.take(now, rate);
                count += 1;
            }
        }
        count
    }

    #[test]
    fn slow_rates_space_their_turns_evenly() {
        let rate = NonZeroU32::new(4);
        let mut throttle = Throttle::default();
        for turn in [0, 250, 500, 750, 1000] {
            assert!(throttle.next_turn(rate) <= at(turn));
            throttle.take(at(turn), rate);
            assert_eq!(throttle.next_turn(rate), at(turn + 250));
        }
    }

    #[test]
    fn rates_hold_on_average() {
        for rate in [1, 3, 7, 1000, 5000] {
            let count = attempts(rate, 10_000);
            let expected = u64::from(rate) * 10;
            assert!(
                (expected..=expected + u64::from(rate) / 40 + 1).contains(&count),
                "{rate}: {count}"
            );
        }
    }

    #[test]
    fn time_without_deliveries_is_not_saved_up() {
        let rate = NonZeroU32::new(2);
        let mut throttle = Throttle::default();
        throttle.take(at(0), rate);
        throttle.take(at(60_000), rate);
        assert_eq!(throttle.next_turn(rate), at(60_500));
    }

    #[test]
    fn without_a_rate_every_moment_is_a_turn() {
        let mut throttle = Throttle::default();
        throttle.take(at(0), None);
        assert!(throttle.next_turn(None) <= at(0));
    }
}
