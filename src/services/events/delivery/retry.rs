//! When a delivery that failed for now is tried again, and when it is given up. Pure.

use std::time::Duration;

use crate::clock::Timestamp;
use crate::services::events::limits;
use crate::services::events::parameters::RetryPolicy;

/// A target's `RetryPolicy`, with AWS's values for what it does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::services::events) struct Policy {
    pub(in crate::services::events) retries: u32,
    pub(in crate::services::events) age: Duration,
}

/// What has become of a delivery so far.
#[derive(Clone, Copy, Debug)]
pub(super) struct History {
    /// When the event was received, from which its age counts.
    pub(super) received_at: Timestamp,
    /// How many attempts there were after the first.
    pub(super) retries: u32,
}

/// What becomes of it now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// Another attempt, then.
    At(Timestamp),
    /// None: this is used up.
    Exhausted(Condition),
}

/// What ends the retries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Condition {
    Retries,
    Age,
}

impl Condition {
    /// Its name in dead letters: that of the member of `RetryPolicy`.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Retries => "MaximumRetryAttempts",
            Self::Age => "MaximumEventAgeInSeconds",
        }
    }
}

impl Policy {
    pub(in crate::services::events) fn of(given: Option<&RetryPolicy>) -> Self {
        let number = |given: Option<i32>, default: u32| {
            given.map_or(default, |number| number.try_into().unwrap_or_default())
        };
        let retries = given.and_then(|given| given.maximum_retry_attempts);
        let age = given.and_then(|given| given.maximum_event_age_in_seconds);
        let age = number(age, limits::EVENT_AGE_SECONDS);
        Self {
            retries: number(retries, limits::RETRIES),
            age: Duration::from_secs(age.into()),
        }
    }

    /// What becomes of a delivery that failed just now and must not be tried again before `not_before`. `random` is any
    /// number: AWS does not publish its delays, so that these are the usual ones, with full jitter.
    ///
    /// The last attempt is made when the event reaches its age, if the number of attempts leaves one.
    pub(super) fn next(
        self,
        history: History,
        now: Timestamp,
        not_before: Option<Timestamp>,
        random: u64,
    ) -> Next {
        if history.retries >= self.retries {
            return Next::Exhausted(Condition::Retries);
        }
        let end = history.received_at + self.age;
        if now >= end || not_before.is_some_and(|moment| moment > end) {
            return Next::Exhausted(Condition::Age);
        }
        let moment = (now + delay(history.retries, random)).min(end);
        Next::At(not_before.map_or(moment, |earliest| moment.max(earliest)))
    }
}

/// A part of the backoff's step, at least a millisecond.
fn delay(retries: u32, random: u64) -> Duration {
    let doubled = limits::FIRST_BACKOFF * 2_u32.saturating_pow(retries.min(16));
    let step = doubled.min(limits::LONGEST_BACKOFF);
    let millis = u64::try_from(step.as_millis()).unwrap_or(u64::MAX);
    Duration::from_millis(1 + random % millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECEIVED: Timestamp = Timestamp::from_secs(1000);

    fn policy(retries: u32, age: u64) -> Policy {
        Policy {
            retries,
            age: Duration::from_secs(age),
        }
    }

    fn history(retries: u32) -> History {
        History {
            received_at: RECEIVED,
            retries,
        }
    }

    fn at(seconds: u64) -> Timestamp {
        RECEIVED + Duration::from_secs(seconds)
    }

    #[test]
    fn what_a_target_does_not_say_is_as_on_aws() {
        assert_eq!(Policy::of(None), policy(185, 86_400));
        let given = |retries, age| RetryPolicy {
            maximum_retry_attempts: retries,
            maximum_event_age_in_seconds: age,
        };
        assert_eq!(Policy::of(Some(&given(None, Some(60)))), policy(185, 60));
        assert_eq!(Policy::of(Some(&given(Some(0), None))), policy(0, 86_400));
    }

    #[test]
    fn whichever_limit_is_reached_first_ends_the_retries() {
        use Condition::{Age, Retries};
        for (policy, retries, now, not_before, expected) in [
            // One attempt, and no retry.
            (policy(0, 60), 0, 0, None, Next::Exhausted(Retries)),
            (policy(3, 60), 2, 10, None, Next::At(at(14))),
            (policy(3, 60), 3, 10, None, Next::Exhausted(Retries)),
            // The last attempt is at the event's age.
            (policy(9, 60), 4, 59, None, Next::At(at(60))),
            (policy(9, 60), 5, 60, None, Next::Exhausted(Age)),
            (policy(9, 60), 5, 99, None, Next::Exhausted(Age)),
            (policy(5, 60), 5, 60, None, Next::Exhausted(Retries)),
            // The target asks for time.
            (policy(9, 60), 0, 10, Some(30), Next::At(at(30))),
            (policy(9, 60), 0, 10, Some(10), Next::At(at(11))),
            (policy(9, 60), 0, 10, Some(60), Next::At(at(60))),
            (policy(9, 60), 0, 10, Some(61), Next::Exhausted(Age)),
        ] {
            let latest = u64::MAX / 60_000 * 60_000 - 1;
            let next = policy.next(history(retries), at(now), not_before.map(at), latest);
            assert_eq!(next, expected, "{policy:?} {retries} {now} {not_before:?}");
        }
    }

    #[test]
    fn delays_double_up_to_a_minute_and_are_a_random_part_of_that() {
        for (retries, longest) in [(0, 1), (1, 2), (2, 4), (5, 32), (6, 60), (184, 60)] {
            let longest = Duration::from_secs(longest);
            let millis = u64::try_from(longest.as_millis()).expect("small");
            assert_eq!(delay(retries, 0), Duration::from_millis(1));
            assert_eq!(delay(retries, millis - 1), longest, "{retries}");
            assert_eq!(delay(retries, millis), Duration::from_millis(1));
        }
    }

    /// However the delays fall: attempts come one after the other, as many as there may be, none after the event's age.
    #[test]
    fn retries_end_within_both_limits() {
        let ids = crate::ids::Ids::seeded(7);
        for (retries, age) in [(185, 86_400), (185, 60), (4, 60), (4, 86_400), (1, 60)] {
            let policy = policy(retries, age);
            let (mut now, mut made) = (RECEIVED, 0);
            let condition = loop {
                match policy.next(history(made), now, None, ids.number()) {
                    Next::At(moment) => {
                        assert!(moment > now && moment <= at(age), "{policy:?}");
                        now = moment;
                        made += 1;
                    }
                    Next::Exhausted(condition) => break condition,
                }
            };
            match condition {
                Condition::Retries => assert_eq!(made, retries),
                Condition::Age => assert_eq!(now, at(age)),
            }
        }
    }
}
