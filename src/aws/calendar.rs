//! Moments in texts. The calendar itself is `time`'s; its parsers accept more than AWS does.

use std::str::FromStr;

use time::{Date, Month, UtcDateTime};

use crate::clock::Timestamp;

/// The moment that `text` names: RFC 3339, with any offset.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    let (date, time) = text.split_once(['T', 't'])?;
    let mut date = date.splitn(3, '-');
    let (year, month, day) = (date.next()?, date.next()?, date.next()?);
    let midnight = midnight(digits(year)?, digits(month)?, digits(day)?)?;
    let zone = time.find(['Z', 'z', '+', '-'])?;
    let (time, zone) = time.split_at(zone);
    moment(midnight + millis_of_day(time)? - offset_millis(zone)?)
}

/// The moment so many milliseconds after the Unix epoch; none before it.
pub(crate) fn moment(millis: i64) -> Option<Timestamp> {
    Some(Timestamp::from_millis(u64::try_from(millis).ok()?))
}

/// Milliseconds from the Unix epoch to the beginning of a day.
pub(crate) fn midnight(year: i32, month: u8, day: u8) -> Option<i64> {
    let date = Date::from_calendar_date(year, Month::try_from(month).ok()?, day).ok()?;
    Some(date.midnight().assume_utc().unix_timestamp() * 1000)
}

/// The number written in one to nine digits.
pub(crate) fn digits<T: FromStr>(text: &str) -> Option<T> {
    let is_number = (1..=9).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

/// `18:30:38` or `18:30:38.123`, with any number of decimals.
pub(crate) fn millis_of_day(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let mut parts = whole.splitn(3, ':').map(digits::<i64>);
    let (hours, minutes, seconds) = (parts.next()??, parts.next()??, parts.next()??);
    if hours > 23 || minutes > 59 || seconds > 60 {
        return None;
    }
    let decimals: String = fraction.chars().chain("00".chars()).take(3).collect();
    Some((hours * 3600 + minutes * 60 + seconds) * 1000 + digits::<i64>(&decimals)?)
}

/// `Z`, `+01:00`, `-01:00`.
fn offset_millis(zone: &str) -> Option<i64> {
    if zone.eq_ignore_ascii_case("Z") {
        return Some(0);
    }
    let (hours, minutes) = zone[1..].split_once(':')?;
    let millis = (digits::<i64>(hours)? * 60 + digits::<i64>(minutes)?) * 60_000;
    Some(if zone.starts_with('-') {
        -millis
    } else {
        millis
    })
}

/// Date and time of day in UTC. A moment after the year 9999 is shown as the end of that year.
pub(crate) fn utc(moment: Timestamp) -> UtcDateTime {
    i64::try_from(moment.as_secs())
        .ok()
        .and_then(|seconds| UtcDateTime::from_unix_timestamp(seconds).ok())
        .unwrap_or(UtcDateTime::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_four_centuries_round_trips() {
        for day in 0..150_000 {
            let moment = Timestamp::from_secs(day * 86_400);
            let date = utc(moment).date();
            let text = format!(
                "{:04}-{:02}-{:02}T00:00:00Z",
                date.year(),
                u8::from(date.month()),
                date.day()
            );
            assert_eq!(parse(&text), Some(moment));
        }
    }

    #[test]
    fn moments_after_the_last_year_are_shown_as_its_end() {
        assert_eq!(utc(Timestamp::from_millis(u64::MAX)), UtcDateTime::MAX);
        assert_eq!(UtcDateTime::MAX.year(), 9999);
    }
}
