//! The two fields that choose days: of the month (`15`, `L`, `3W`) or of the week (`MON-FRI`, `6L`, `SAT#3`).

use time::{Date, Month, Weekday};

use super::field::{Field, Values};
use crate::aws::calendar::digits;

const OF_MONTH: Field = Field::numbers(1, 31);

/// 1 is Sunday.
const OF_WEEK: Field = Field::names(&["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]);

const SATURDAY: i32 = 7;

/// A field that says that the other one chooses.
const OTHER: &str = "?";

/// The days that an expression chooses, of the months that it allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Days {
    OfMonth(DaysOfMonth),
    OfWeek(DaysOfWeek),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DaysOfMonth {
    days: Values,
    /// Each stands for the weekday nearest to it, from Monday to Friday and in the same month.
    nearest: Values,
    /// Whether the last day is chosen too.
    last: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DaysOfWeek {
    every: Values,
    /// Those chosen only the last time in a month.
    last: Values,
    /// Those chosen only the first, second, … fifth time in a month.
    nth: [Values; 5],
}

impl Days {
    /// Exactly one of the fields is `?`.
    pub(super) fn parse(of_month: &str, of_week: &str) -> Option<Self> {
        match (of_month, of_week) {
            (OTHER, OTHER) => None,
            (OTHER, text) => DaysOfWeek::parse(text).map(Self::OfWeek),
            (text, OTHER) => DaysOfMonth::parse(text).map(Self::OfMonth),
            _ => None,
        }
    }

    /// The first chosen day of a month that is `from` or a later one. A month may have none.
    pub(super) fn first_of(&self, year: i32, month: Month, from: u8) -> Option<Date> {
        (from..=month.length(year))
            .filter_map(|day| Date::from_calendar_date(year, month, day).ok())
            .find(|&date| match self {
                Self::OfMonth(days) => days.contains(date),
                Self::OfWeek(days) => days.contains(date),
            })
    }
}

impl DaysOfMonth {
    /// `L` and `W` may stand in lists, as AWS's documentation has `,` among the characters of the field.
    fn parse(text: &str) -> Option<Self> {
        let none = Values::none_of(OF_MONTH);
        let mut days = Self {
            days: none,
            nearest: none,
            last: false,
        };
        for item in text.split(',') {
            if item == "L" {
                days.last = true;
            } else if let Some(day) = item.strip_suffix('W') {
                days.nearest.insert(OF_MONTH.value(day)?);
            } else {
                OF_MONTH.add(item, &mut days.days)?;
            }
        }
        Some(days)
    }

    fn contains(&self, date: Date) -> bool {
        let day = i32::from(date.day());
        self.days.contains(day)
            || self.last && day == last_of_month(date)
            || self
                .nearest
                .at_least(1)
                .any(|wanted| nearest_weekday(wanted, date) == Some(day))
    }
}

/// The weekday that is nearest to a day of the month of `date`; none in a month without that day.
fn nearest_weekday(day: i32, date: Date) -> Option<i32> {
    let last = last_of_month(date);
    let wanted = date.replace_day(u8::try_from(day).ok()?).ok()?;
    Some(match wanted.weekday() {
        Weekday::Saturday if day == 1 => 3,
        Weekday::Saturday => day - 1,
        Weekday::Sunday if day == last => day - 2,
        Weekday::Sunday => day + 1,
        _ => day,
    })
}

fn last_of_month(date: Date) -> i32 {
    i32::from(date.month().length(date.year()))
}

impl DaysOfWeek {
    fn parse(text: &str) -> Option<Self> {
        let none = Values::none_of(OF_WEEK);
        let mut days = Self {
            every: none,
            last: none,
            nth: [none; 5],
        };
        for item in text.split(',') {
            if item == "L" {
                days.every.insert(SATURDAY);
            } else if let Some((day, nth)) = item.split_once('#') {
                let nth = digits::<usize>(nth)?.checked_sub(1)?;
                days.nth.get_mut(nth)?.insert(OF_WEEK.value(day)?);
            } else if let Some(day) = item.strip_suffix('L') {
                days.last.insert(OF_WEEK.value(day)?);
            } else if item.contains('/') {
                // Steps are for all fields but this one.
                return None;
            } else {
                OF_WEEK.add(item, &mut days.every)?;
            }
        }
        Some(days)
    }

    fn contains(&self, date: Date) -> bool {
        let weekday = i32::from(date.weekday().number_from_sunday());
        let day = i32::from(date.day());
        let nth = usize::from((date.day() - 1) / 7);
        self.every.contains(weekday)
            || self.last.contains(weekday) && day + 7 > last_of_month(date)
            || self.nth[nth].contains(weekday)
    }
}
