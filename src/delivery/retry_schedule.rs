//! The times at which a failed HTTP delivery is retried.

use std::time::Duration;

use serde::Serialize;

/// No retry starts later than this after the first attempt (SNS: delivery retries, HTTP/S).
const TOTAL: Duration = Duration::from_hours(1);

/// How the delays grow from the shortest to the longest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "AWS's names say it")]
pub enum Backoff {
    Arithmetic,
    Exponential,
    Geometric,
    #[default]
    Linear,
}

/// When to retry: AWS's four phases. It is pure: the same numbers give the same delays, without AWS's jitter, so that
/// tests can predict them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetrySchedule {
    /// The shortest delay, in seconds.
    pub min_delay: u32,
    /// The longest delay, in seconds.
    pub max_delay: u32,
    /// The number of retries, over all phases.
    pub retries: u32,
    /// How many come without a delay, in the first phase.
    pub immediate: u32,
    /// How many come with the shortest delay before the backoff.
    pub pre_backoff: u32,
    /// How many come with the longest delay after it.
    pub post_backoff: u32,
    /// How delays grow during the backoff.
    pub function: Backoff,
}

impl Default for RetrySchedule {
    /// AWS's default: three retries, 20 seconds apart.
    fn default() -> Self {
        Self {
            min_delay: 20,
            max_delay: 20,
            retries: 3,
            immediate: 0,
            pre_backoff: 0,
            post_backoff: 0,
            function: Backoff::Linear,
        }
    }
}

impl RetrySchedule {
    /// How long to wait before the next retry, after `retries` of them, `elapsed` after the first attempt began; `None`
    /// when the retries are used up.
    pub fn next_delay(&self, retries: u32, elapsed: Duration) -> Option<Duration> {
        let delay = self.delay(retries)?;
        (elapsed + delay <= TOTAL).then_some(delay)
    }

    /// The number of retries in the backoff: those that belong to no other phase.
    fn backoff(&self) -> u32 {
        let others = self.immediate + self.pre_backoff + self.post_backoff;
        self.retries.saturating_sub(others)
    }

    fn delay(&self, retries: u32) -> Option<Duration> {
        let seconds = |count: u32| Some(Duration::from_secs(u64::from(count)));
        let mut step = retries;
        if step < self.immediate {
            return Some(Duration::ZERO);
        }
        step -= self.immediate;
        if step < self.pre_backoff {
            return seconds(self.min_delay);
        }
        step -= self.pre_backoff;
        if step < self.backoff() {
            return Some(self.backoff_delay(step));
        }
        step -= self.backoff();
        if step < self.post_backoff {
            return seconds(self.max_delay);
        }
        None
    }

    /// The shapes are AWS's, the formulas a reading of them: from the shortest delay at the first step to the longest at
    /// the last.
    fn backoff_delay(&self, step: u32) -> Duration {
        let (min, max) = (f64::from(self.min_delay), f64::from(self.max_delay));
        if self.backoff() < 2 {
            return Duration::from_secs_f64(min);
        }
        let (step, last) = (f64::from(step), f64::from(self.backoff() - 1));
        let seconds = match self.function {
            Backoff::Linear => min + step * (max - min) / last,
            Backoff::Arithmetic => min + (max - min) * step * (step + 1.0) / (last * (last + 1.0)),
            Backoff::Geometric => min * (max / min).powf(step / last),
            Backoff::Exponential => (min * step.exp2()).min(max),
        };
        // The clock counts in milliseconds.
        Duration::from_secs_f64((seconds * 1000.0).round() / 1000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delays(schedule: &RetrySchedule) -> Vec<f64> {
        let mut elapsed = Duration::ZERO;
        let mut delays = Vec::new();
        while let Some(delay) = schedule.next_delay(u32::try_from(delays.len()).unwrap(), elapsed) {
            delays.push(delay.as_secs_f64());
            elapsed += delay;
        }
        delays
    }

    fn backoff(function: Backoff, min: u32, max: u32, retries: u32) -> RetrySchedule {
        RetrySchedule {
            min_delay: min,
            max_delay: max,
            retries,
            function,
            ..RetrySchedule::default()
        }
    }

    #[test]
    fn default_is_three_retries_twenty_seconds_apart() {
        assert_eq!(delays(&RetrySchedule::default()), [20.0, 20.0, 20.0]);
    }

    #[test]
    fn phases_follow_each_other() {
        let schedule = RetrySchedule {
            min_delay: 5,
            max_delay: 30,
            retries: 9,
            immediate: 2,
            pre_backoff: 1,
            post_backoff: 2,
            function: Backoff::Linear,
        };
        assert_eq!(
            delays(&schedule),
            [0.0, 0.0, 5.0, 5.0, 13.333, 21.667, 30.0, 30.0, 30.0]
        );
    }

    #[test]
    fn linear_delays_grow_by_the_same_each_time() {
        assert_eq!(
            delays(&backoff(Backoff::Linear, 10, 30, 5)),
            [10.0, 15.0, 20.0, 25.0, 30.0]
        );
    }

    #[test]
    fn arithmetic_delays_grow_by_more_each_time() {
        assert_eq!(
            delays(&backoff(Backoff::Arithmetic, 10, 30, 5)),
            [10.0, 12.0, 16.0, 22.0, 30.0]
        );
    }

    #[test]
    fn geometric_delays_grow_by_the_same_factor() {
        assert_eq!(
            delays(&backoff(Backoff::Geometric, 1, 81, 5)),
            [1.0, 3.0, 9.0, 27.0, 81.0]
        );
    }

    #[test]
    fn exponential_delays_double_until_the_longest() {
        assert_eq!(
            delays(&backoff(Backoff::Exponential, 5, 30, 5)),
            [5.0, 10.0, 20.0, 30.0, 30.0]
        );
    }

    #[test]
    fn a_single_backoff_step_takes_the_shortest_delay() {
        for function in [
            Backoff::Linear,
            Backoff::Arithmetic,
            Backoff::Geometric,
            Backoff::Exponential,
        ] {
            assert_eq!(delays(&backoff(function, 4, 9, 1)), [4.0]);
        }
    }

    #[test]
    fn retries_end_an_hour_after_the_first_attempt() {
        assert_eq!(
            delays(&backoff(Backoff::Linear, 1000, 1000, 100)),
            [1000.0; 3]
        );
        let schedule = backoff(Backoff::Linear, 20, 20, 3);
        assert_eq!(schedule.next_delay(0, Duration::from_secs(3581)), None);
    }

    #[test]
    fn no_retries_are_none() {
        assert_eq!(delays(&backoff(Backoff::Linear, 20, 20, 0)), [0.0; 0]);
    }
}
