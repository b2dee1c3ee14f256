//! `rate(5 minutes)`: once every so often.

use std::time::Duration;

use crate::aws::calendar::digits;
use crate::clock::Timestamp;

/// The units, for a value of 1 and for others, with their seconds. A day always has 24 hours.
const UNITS: [(&str, &str, u64); 3] = [
    ("minute", "minutes", 60),
    ("hour", "hours", 3_600),
    ("day", "days", 86_400),
];

/// Once every so often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    period: Duration,
}

impl Rate {
    /// Reads what stands in the parentheses. The greatest value that AWS takes is not recorded; here it has nine digits.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut words = text.split_ascii_whitespace();
        let (value, word) = (digits::<u64>(words.next()?)?, words.next()?);
        if value == 0 || words.next().is_some() {
            return None;
        }
        let is_named =
            |(one, many, _): &&(&str, &str, u64)| word == if value == 1 { *one } else { *many };
        let (_, _, seconds) = UNITS.iter().find(is_named)?;
        Some(Self {
            period: Duration::from_secs(value * seconds),
        })
    }

    /// How long it is from one time to the next.
    pub fn period(self) -> Duration {
        self.period
    }

    /// One period after `moment`; none at the end of time.
    pub(super) fn next_after(self, moment: Timestamp) -> Option<Timestamp> {
        let next = moment + self.period;
        (next.since(moment) == self.period).then_some(next)
    }
}
