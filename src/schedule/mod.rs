//! Schedule expressions: `rate(5 minutes)`, `cron(0 12 ? * MON-FRI *)`, and when they are due.
//!
//! In reading order: [`Schedule`] is what a rule of EventBridge may have, `rate.rs` is one form, `cron/` the other: its six
//! fields, and the next moment that all of them allow. A cron expression is about a wall clock; for rules that shows UTC.
//! EventBridge Scheduler has the same `cron` in a time zone, other plurals in `rate`, and `at`: it has room beside
//! [`Schedule`], not in it, since rules refuse them.
//!
//! Pure: no clock. No answer walks from minute to minute.

mod cron;
mod rate;
#[cfg(test)]
mod tests;

use crate::clock::Timestamp;

pub use cron::Cron;
pub use rate::Rate;

/// A schedule of an EventBridge rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Schedule {
    /// Once every so often.
    Rate(Rate),
    /// Whenever the calendar and the clock show certain values, in UTC.
    Cron(Box<Cron>),
}

/// A text is no schedule expression. AWS never says why, and each of its services has a sentence of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a schedule expression")]
pub struct NotASchedule;

impl Schedule {
    /// Reads an expression as rules take it: in this letter case, without blanks around it or inside the parentheses.
    pub fn parse(text: &str) -> Result<Self, NotASchedule> {
        let (form, rest) = text.split_once('(').ok_or(NotASchedule)?;
        let inner = rest.strip_suffix(')').ok_or(NotASchedule)?;
        if inner.trim() != inner {
            return Err(NotASchedule);
        }
        match form {
            "rate" => Rate::parse(inner).map(Self::Rate),
            "cron" => Cron::parse(inner).map(Box::new).map(Self::Cron),
            _ => None,
        }
        .ok_or(NotASchedule)
    }

    /// When the schedule is due next, later than `moment`; none if never again. A rate counts from `moment`, which is when
    /// it was due last, or when its rule was made or enabled.
    pub fn next_after(&self, moment: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Rate(rate) => rate.next_after(moment),
            Self::Cron(cron) => cron.next_after(moment),
        }
    }
}
