//! Dates: days since the Unix epoch to year, month and day and back, and the text of a moment.

use crate::clock::Timestamp;

pub(crate) const MILLIS_PER_DAY: u64 = 86_400_000;

/// The moment that `text` names: RFC 3339, with any offset.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    let (date, time) = text.split_once(['T', 't'])?;
    let mut date = date.splitn(3, '-').map(digits);
    let days = days_since_epoch(date.next()??, date.next()??, date.next()??)?;
    let zone = time.find(['Z', 'z', '+', '-'])?;
    let (time, zone) = time.split_at(zone);
    let millis = i64::try_from(days * MILLIS_PER_DAY + millis_of_day(time)?).ok()?;
    let millis = millis.checked_sub(offset_millis(zone)?)?;
    Some(Timestamp::from_millis(u64::try_from(millis).ok()?))
}

/// The number that one to nine digits are.
pub(crate) fn digits(text: &str) -> Option<u64> {
    let is_number = (1..=9).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

/// `18:30:38` or `18:30:38.123`, whatever the number of decimals.
pub(crate) fn millis_of_day(text: &str) -> Option<u64> {
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
pub(crate) fn days_since_epoch(year: u64, month: u64, day: u64) -> Option<u64> {
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
pub(crate) fn date(days: u64) -> (u64, u64, u64) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_four_centuries_round_trips() {
        for day in 0..150_000 {
            let (year, month, of_month) = date(day);
            assert_eq!(days_since_epoch(year, month, of_month), Some(day));
        }
    }
}
