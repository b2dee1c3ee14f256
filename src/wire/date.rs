//! Moments as members. Smithy's `timestampFormat` fixes how one is written; without it, the protocol decides: JSON has
//! seconds since the Unix epoch, Query a date.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, Error, Visitor};
use serde::{Serialize, Serializer};

use crate::clock::Timestamp;

/// What [`Moment`] calls itself before serde, so that a codec whose moments are dates knows it.
pub(super) const MOMENT: &str = "topiq::Moment";

const MILLIS_PER_DAY: u64 = 86_400_000;
const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]; // day 0 was a Thursday
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// A moment in the protocol's own format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(pub Timestamp);

/// A moment as a number of seconds since the Unix epoch, in every protocol.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct EpochSeconds(pub Timestamp);

/// A moment as `2014-04-29T18:30:38Z`, in every protocol.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct DateTime(pub Timestamp);

/// A moment as `2014-04-29T18:30:38.000Z`: always with three decimals, as SNS writes it into messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct DateTimeMillis(pub Timestamp);

/// A moment as `Tue, 29 Apr 2014 18:30:38 GMT`, in every protocol.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct HttpDate(pub Timestamp);

impl DateTime {
    /// The moment that `text` names: RFC 3339, with any offset.
    pub fn parse(text: &str) -> Option<Self> {
        let (date, time) = text.split_once(['T', 't'])?;
        let mut date = date.splitn(3, '-').map(digits);
        let days = days_since_epoch(date.next()??, date.next()??, date.next()??)?;
        let zone = time.find(['Z', 'z', '+', '-'])?;
        let (time, zone) = time.split_at(zone);
        let millis = i64::try_from(days * MILLIS_PER_DAY + millis_of_day(time)?).ok()?;
        let millis = millis.checked_sub(offset_millis(zone)?)?;
        Some(Self(Timestamp::from_millis(u64::try_from(millis).ok()?)))
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_millis() % 1000 {
            0 => write!(f, "{}T{}Z", Date(self.0), Clock(self.0)),
            _ => fmt::Display::fmt(&DateTimeMillis(self.0), f),
        }
    }
}

impl fmt::Display for DateTimeMillis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = self.0.as_millis() % 1000;
        write!(f, "{}T{}.{millis:03}Z", Date(self.0), Clock(self.0))
    }
}

impl HttpDate {
    /// The moment that `text` names.
    pub fn parse(text: &str) -> Option<Self> {
        let mut words = text.split_once(", ")?.1.split(' ');
        let day = digits(words.next()?)?;
        let name = words.next()?;
        let month = MONTHS.iter().position(|month| *month == name)? + 1;
        let days = days_since_epoch(digits(words.next()?)?, month as u64, day)?;
        let millis = days * MILLIS_PER_DAY + millis_of_day(words.next()?)?;
        (words.next() == Some("GMT")).then_some(Self(Timestamp::from_millis(millis)))
    }
}

impl fmt::Display for HttpDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days = self.0.as_millis() / MILLIS_PER_DAY;
        let (year, month, day) = date(days);
        let weekday = nth(&DAYS, days % 7);
        let month = nth(&MONTHS, month - 1);
        write!(
            f,
            "{weekday}, {day:02} {month} {year:04} {} GMT",
            Clock(self.0)
        )
    }
}

/// The day, `2014-04-29`.
struct Date(Timestamp);

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = date(self.0.as_millis() / MILLIS_PER_DAY);
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

/// The time of day, `18:30:38`.
struct Clock(Timestamp);

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs() % 86_400;
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
        write!(f, "{hours:02}:{minutes:02}:{:02}", seconds % 60)
    }
}

fn nth(names: &[&'static str], index: u64) -> &'static str {
    names[usize::try_from(index).expect("there are few of them")]
}

fn digits(text: &str) -> Option<u64> {
    let is_number = (1..=9).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

/// `18:30:38` or `18:30:38.123`, whatever the number of decimals.
fn millis_of_day(text: &str) -> Option<u64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let mut parts = whole.splitn(3, ':').map(digits);
    let (hours, minutes, seconds) = (parts.next()??, parts.next()??, parts.next()??);
    if hours > 23 || minutes > 59 || seconds > 60 {
        return None;
    }
    let decimals: String = fraction.chars().chain("00".chars()).take(3).collect();
    Some((hours * 3600 + minutes * 60 + seconds) * 1000 + digits(&decimals)?)
}

/// `Z`, `+01:00`, `-01:00`.
fn offset_millis(zone: &str) -> Option<i64> {
    if zone.eq_ignore_ascii_case("Z") {
        return Some(0);
    }
    let (hours, minutes) = zone[1..].split_once(':')?;
    let minutes = digits(hours)?.checked_mul(60)? + digits(minutes)?;
    let millis = i64::try_from(minutes * 60_000).ok()?;
    Some(if zone.starts_with('-') {
        -millis
    } else {
        millis
    })
}

fn is_leap(year: u64) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

fn days_in(year: u64, month: u64) -> u64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days of all years before `year`, since the year 0.
fn days_before(year: u64) -> u64 {
    let leaps = |years: u64| years.div_ceil(4) - years.div_ceil(100) + years.div_ceil(400);
    year * 365 + leaps(year)
}

/// Days since the Unix epoch; none before it, and none after the year 9999.
fn days_since_epoch(year: u64, month: u64, day: u64) -> Option<u64> {
    if !(1970..=9999).contains(&year) || !(1..=12).contains(&month) {
        return None;
    }
    if !(1..=days_in(year, month)).contains(&day) {
        return None;
    }
    let months: u64 = (1..month).map(|month| days_in(year, month)).sum();
    Some(days_before(year) - days_before(1970) + months + day - 1)
}

/// The date of a day since the Unix epoch.
fn date(days: u64) -> (u64, u64, u64) {
    let day = days + days_before(1970);
    // The mean year is a little shorter than 366 days and longer than 365: the quotient is right or one too high.
    let guess = day * 400 / days_before(400);
    let year = (guess.saturating_sub(1)..=guess + 1)
        .rfind(|year| days_before(*year) <= day)
        .unwrap_or(guess);
    let (mut month, mut left) = (1, day - days_before(year));
    while left >= days_in(year, month) {
        left -= days_in(year, month);
        month += 1;
    }
    (year, month, left + 1)
}

impl Serialize for EpochSeconds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let millis = self.0.as_millis();
        if millis.is_multiple_of(1000) {
            return serializer.serialize_u64(millis / 1000);
        }
        #[expect(
            clippy::cast_precision_loss,
            reason = "exact for the next 280,000 years"
        )]
        serializer.serialize_f64(millis as f64 / 1000.0)
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(MOMENT, &EpochSeconds(self.0))
    }
}

impl<'de> Deserialize<'de> for EpochSeconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let seconds = f64::deserialize(deserializer)?;
        if !(0.0..1e15).contains(&seconds) {
            return Err(D::Error::custom("the moment lies outside of time"));
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the range was checked above"
        )]
        let millis = (seconds * 1000.0).round() as u64;
        Ok(Self(Timestamp::from_millis(millis)))
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MomentVisitor;

        impl<'de> Visitor<'de> for MomentVisitor {
            type Value = Moment;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a moment")
            }

            fn visit_newtype_struct<D: Deserializer<'de>>(
                self,
                deserializer: D,
            ) -> Result<Moment, D::Error> {
                EpochSeconds::deserialize(deserializer).map(|seconds| Moment(seconds.0))
            }
        }

        deserializer.deserialize_newtype_struct(MOMENT, MomentVisitor)
    }
}

macro_rules! as_text {
    ($($type:ident)*) => {$(
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                Self::parse(&text).ok_or_else(|| de::Error::custom("the text is not a date"))
            }
        }
    )*};
}

as_text! { DateTime HttpDate }

#[cfg(test)]
mod tests {
    use super::*;

    fn check(millis: u64, date_time: &str, http_date: &str) {
        let moment = Timestamp::from_millis(millis);
        assert_eq!(DateTime(moment).to_string(), date_time);
        assert_eq!(HttpDate(moment).to_string(), http_date);
        assert_eq!(DateTime::parse(date_time), Some(DateTime(moment)));
        let seconds = Timestamp::from_secs(moment.as_secs());
        assert_eq!(HttpDate::parse(http_date), Some(HttpDate(seconds)));
    }

    #[test]
    fn moments_round_trip_through_both_texts() {
        check(0, "1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT");
        check(
            1_398_796_238_000,
            "2014-04-29T18:30:38Z",
            "Tue, 29 Apr 2014 18:30:38 GMT",
        );
        check(
            951_827_696_123,
            "2000-02-29T12:34:56.123Z",
            "Tue, 29 Feb 2000 12:34:56 GMT",
        );
        check(
            4_107_542_399_000,
            "2100-02-28T23:59:59Z",
            "Sun, 28 Feb 2100 23:59:59 GMT",
        );
    }

    #[test]
    fn three_decimals_stand_even_where_they_are_zeros() {
        for (millis, text) in [
            (1_398_796_238_000, "2014-04-29T18:30:38.000Z"),
            (1_398_796_238_007, "2014-04-29T18:30:38.007Z"),
        ] {
            let moment = DateTimeMillis(Timestamp::from_millis(millis));
            assert_eq!(moment.to_string(), text);
        }
    }

    #[test]
    fn every_day_of_four_centuries_round_trips() {
        for day in 0..150_000 {
            let (year, month, of_month) = date(day);
            assert_eq!(days_since_epoch(year, month, of_month), Some(day));
        }
    }

    #[test]
    fn offsets_are_taken_into_account() {
        let moment = DateTime::parse("2019-12-16T23:48:18Z");
        assert!(moment.is_some());
        assert_eq!(DateTime::parse("2019-12-16T22:48:18-01:00"), moment);
        assert_eq!(DateTime::parse("2019-12-17T00:48:18+01:00"), moment);
    }

    #[test]
    fn other_texts_are_refused() {
        for wrong in [
            "",
            "2019-12-16",
            "2019-02-29T00:00:00Z",
            "2019-13-01T00:00:00Z",
            "2019-12-16T24:00:00Z",
            "2019-12-16T00:00:00",
            "2019-12-16T00:00:00+",
            "1969-12-31T23:59:59Z",
        ] {
            assert_eq!(DateTime::parse(wrong), None, "{wrong}");
        }
        for wrong in [
            "",
            "Tue, 29 Apr 2014 18:30:38",
            "Tue, 31 Apr 2014 18:30:38 GMT",
        ] {
            assert_eq!(HttpDate::parse(wrong), None, "{wrong}");
        }
    }
}
