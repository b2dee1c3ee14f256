//! `cron(0 12 ? * MON-FRI *)`: whenever the calendar and the clock show certain values.
//!
//! In reading order: [`Cron`] has the six fields and finds the next moment, the first matching day and then the time on it;
//! `days.rs` are the two fields that choose days of a month, `field.rs` reads values, names, ranges and steps.

mod days;
mod field;

use std::time::Duration;

use time::{Date, Month, PlainDateTime};

use self::days::Days;
use self::field::{Field, Values};
use crate::aws::calendar;
use crate::clock::Timestamp;

const MINUTES: Field = Field::numbers(0, 59);
const HOURS: Field = Field::numbers(0, 23);
const MONTHS: Field = Field::names(&[
    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
]);
const YEARS: Field = Field::numbers(1970, 2199);

/// Whenever the calendar and the clock show certain values, at the beginning of the minute: AWS leaves open when in the
/// minute it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cron {
    minutes: Values,
    hours: Values,
    days: Days,
    months: Values,
    years: Values,
}

impl Cron {
    /// Reads what stands in the parentheses.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut fields = text.split_ascii_whitespace();
        let mut next = || fields.next();
        let [minutes, hours, of_month, months, of_week, years] =
            [next()?, next()?, next()?, next()?, next()?, next()?];
        if fields.next().is_some() {
            return None;
        }
        Some(Self {
            minutes: MINUTES.parse(minutes)?,
            hours: HOURS.parse(hours)?,
            days: Days::parse(of_month, of_week)?,
            months: MONTHS.parse(months)?,
            years: YEARS.parse(years)?,
        })
    }

    /// The first moment later than `moment` at which UTC shows what is wanted.
    pub(super) fn next_after(&self, moment: Timestamp) -> Option<Timestamp> {
        let from = calendar::utc(moment + Duration::from_mins(1));
        let next = self.at_or_after(PlainDateTime::new(from.date(), from.time()))?;
        calendar::moment(next.assume_utc().unix_timestamp() * 1000)
    }

    /// The first such time on a wall clock, at `from` (whose seconds do not count) or later. Costs a look at each month
    /// until the one that has it, of those that the expression allows.
    fn at_or_after(&self, from: PlainDateTime) -> Option<PlainDateTime> {
        let mut date = self.date_at_or_after(from.date())?;
        if date == from.date() {
            if let Some((hour, minute)) = self.time_at_or_after(from.hour(), from.minute()) {
                return date.with_hms(hour, minute, 0).ok();
            }
            date = self.date_at_or_after(date.next_day()?)?;
        }
        let (hour, minute) = self.time_at_or_after(0, 0)?;
        date.with_hms(hour, minute, 0).ok()
    }

    fn date_at_or_after(&self, from: Date) -> Option<Date> {
        let first_month = i32::from(u8::from(from.month()));
        for year in self.years.at_least(from.year()) {
            let is_first = year == from.year();
            for month in self.months.at_least(if is_first { first_month } else { 1 }) {
                let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
                let is_first = is_first && month == from.month();
                let day = if is_first { from.day() } else { 1 };
                if let Some(date) = self.days.first_of(year, month, day) {
                    return Some(date);
                }
            }
        }
        None
    }

    fn time_at_or_after(&self, hour: u8, minute: u8) -> Option<(u8, u8)> {
        let (hour, minute) = (i32::from(hour), i32::from(minute));
        self.hours.at_least(hour).find_map(|found| {
            let minute = if found == hour { minute } else { 0 };
            let minute = self.minutes.at_least(minute).next()?;
            Some((u8::try_from(found).ok()?, u8::try_from(minute).ok()?))
        })
    }
}
